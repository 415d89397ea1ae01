/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NETDMA_RIG_MISTAKE_H
#define _NETDMA_RIG_MISTAKE_H

extern char *netdma_rig_mistake;

#endif /* _NETDMA_RIG_MISTAKE_H */
