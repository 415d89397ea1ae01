// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mistake that rig_check is to make
 *
 * In a module of its own: in 6.1 a module's suites run before it has its
 * parameters.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "rig_mistake.h"

char *netdma_rig_mistake = "none";
EXPORT_SYMBOL_GPL(netdma_rig_mistake);
module_param_named(mistake, netdma_rig_mistake, charp, 0444);
MODULE_PARM_DESC(mistake, "The mistake to make");

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("The mistake that the KUnit rig is to notice");
MODULE_LICENSE("GPL");
