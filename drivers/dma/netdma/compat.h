/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the supported kernels, all of it in one place. The code
 * itself is written for the newest one.
 */
#ifndef _NETDMA_COMPAT_H
#define _NETDMA_COMPAT_H

#include <linux/pci.h>

/* Before 6.10 */
#ifndef PCI_IRQ_INTX
#define PCI_IRQ_INTX	PCI_IRQ_LEGACY
#endif

#endif /* _NETDMA_COMPAT_H */
