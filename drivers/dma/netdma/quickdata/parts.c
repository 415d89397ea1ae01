// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider for Intel QuickData engines: the parts that there are
 *
 * What is peculiar to some of them is a flag in the table, and looked at in one
 * place. What does no harm to the others is done for all of them and has no flag:
 *
 * - NULL descriptors have a size: version 3.0 wants one;
 * - 64-bit registers are written as two halves, low first: before 3.3, one write
 *   does not take;
 * - the high half of CHANSTS is not read: before 3.3, it may be of another moment;
 * - the watchdog looks at CHANSTS: a halt does not always reach the completion word;
 * - relaxed ordering is off: the completion word could overtake the data;
 * - what is out of reach in extended configuration space is left alone: boards have
 *   been seen where all of it is;
 * - direct cache access stays off, as it has to from 3.4 on.
 *
 * RAID is not offered, whatever the capabilities say: below 3.3 its completions can
 * overtake those of copies, on most parts it is broken or absent, and an extended
 * descriptor takes two slots of the ring.
 */
#include <linux/module.h>
#include <linux/pci.h>

#include "quickdata.h"
#include "registers.h"

enum {
	QUICKDATA_XEON,		/* and what sysfs adds or overrides */
	QUICKDATA_TBG,
	QUICKDATA_TBG0,
	QUICKDATA_JSF,
	QUICKDATA_BWD,
	QUICKDATA_ICX,
};

#define QUICKDATA_OLD	(QUICKDATA_CLEARS_CHANERR_INT | QUICKDATA_MASKS_CHANERR_INT)
#define QUICKDATA_FIRST	(QUICKDATA_OLD | QUICKDATA_CLEARS_PARITY)

static const struct quickdata_part quickdata_parts[] = {
	[QUICKDATA_XEON] = { .address_bits = 46, .quirks = QUICKDATA_OLD },
	[QUICKDATA_TBG] = { .address_bits = 40, .quirks = QUICKDATA_OLD },
	[QUICKDATA_TBG0] = { .address_bits = 40, .quirks = QUICKDATA_FIRST },
	[QUICKDATA_JSF] = { .address_bits = 40, .quirks = QUICKDATA_OLD },
	[QUICKDATA_BWD] = { .address_bits = 48, .quirks = QUICKDATA_RESTORES_MSIX },
	[QUICKDATA_ICX] = { .address_bits = 48, .quirks = QUICKDATA_TELLS_LATENCY },
};

/* By function number; two of some, for functions 0 and 1 that can do RAID */
const struct pci_device_id quickdata_ids[] = {
	/* 5500, 5520 and X58: version 3.0 */
	{ PCI_VDEVICE(INTEL, 0x3430), QUICKDATA_TBG0 },
	{ PCI_VDEVICE(INTEL, 0x3431), QUICKDATA_TBG },
	{ PCI_VDEVICE(INTEL, 0x3432), QUICKDATA_TBG },
	{ PCI_VDEVICE(INTEL, 0x3433), QUICKDATA_TBG },
	{ PCI_VDEVICE(INTEL, 0x3429), QUICKDATA_TBG },
	{ PCI_VDEVICE(INTEL, 0x342a), QUICKDATA_TBG },
	{ PCI_VDEVICE(INTEL, 0x342b), QUICKDATA_TBG },
	{ PCI_VDEVICE(INTEL, 0x342c), QUICKDATA_TBG },

	/* Xeon C5500 and C3500: from here on 3.2 */
	{ PCI_VDEVICE(INTEL, 0x3710), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3711), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3712), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3713), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3714), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3715), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3716), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3717), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3718), QUICKDATA_JSF },
	{ PCI_VDEVICE(INTEL, 0x3719), QUICKDATA_JSF },

	/* Xeon E5 */
	{ PCI_VDEVICE(INTEL, 0x3c20), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c21), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c22), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c23), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c24), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c25), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c26), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c27), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c2e), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x3c2f), QUICKDATA_XEON },

	/* Xeon E5 and E7 v2 */
	{ PCI_VDEVICE(INTEL, 0x0e20), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e21), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e22), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e23), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e24), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e25), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e26), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e27), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e2e), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x0e2f), QUICKDATA_XEON },

	/* Xeon E5 and E7 v3 */
	{ PCI_VDEVICE(INTEL, 0x2f20), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f21), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f22), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f23), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f24), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f25), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f26), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f27), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f2e), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x2f2f), QUICKDATA_XEON },

	/* Xeon E5 and E7 v4 */
	{ PCI_VDEVICE(INTEL, 0x6f20), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f21), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f22), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f23), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f24), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f25), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f26), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f27), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f2e), QUICKDATA_XEON },
	{ PCI_VDEVICE(INTEL, 0x6f2f), QUICKDATA_XEON },

	/* Skylake-SP and Cascade Lake, all functions; some may say that they are 3.3 */
	{ PCI_VDEVICE(INTEL, 0x2021), QUICKDATA_XEON },

	/* Atom S1200: 3.3 */
	{ PCI_VDEVICE(INTEL, 0x0c50), QUICKDATA_BWD },
	{ PCI_VDEVICE(INTEL, 0x0c51), QUICKDATA_BWD },
	{ PCI_VDEVICE(INTEL, 0x0c52), QUICKDATA_BWD },
	{ PCI_VDEVICE(INTEL, 0x0c53), QUICKDATA_BWD },

	/* Xeon D-1500: the same block */
	{ PCI_VDEVICE(INTEL, 0x6f50), QUICKDATA_BWD },
	{ PCI_VDEVICE(INTEL, 0x6f51), QUICKDATA_BWD },
	{ PCI_VDEVICE(INTEL, 0x6f52), QUICKDATA_BWD },
	{ PCI_VDEVICE(INTEL, 0x6f53), QUICKDATA_BWD },

	/* Ice Lake-SP, all functions: 3.4 */
	{ PCI_VDEVICE(INTEL, 0x0b00), QUICKDATA_ICX },
	{ }
};
MODULE_DEVICE_TABLE(pci, quickdata_ids);

/**
 * quickdata_find_part() - what a part is like
 * @id: what it was found by
 *
 * Return: its place in the table.
 */
const struct quickdata_part *quickdata_find_part(const struct pci_device_id *id)
{
	return &quickdata_parts[id->driver_data];
}
