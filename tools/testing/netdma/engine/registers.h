/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QuickData registers and descriptors, as the hardware reference has them.
 *
 * Written independently of the driver's header: a wrong constant in one of the
 * two shows up as a failed test instead of agreeing with itself.
 */
#ifndef QUICKDATA_ENGINE_REGISTERS_H
#define QUICKDATA_ENGINE_REGISTERS_H

#include "compat.h"

#define QD_VENDOR_ID			0x8086
#define QD_CLASS			0x088000

/* Standard configuration space */
#define QD_CFG_SIZE			0x1000
#define QD_CFG_COMMAND			0x04
#define   QD_COMMAND_MEMORY		BIT(1)
#define   QD_COMMAND_MASTER		BIT(2)
#define   QD_COMMAND_INTX_DISABLE	BIT(10)
#define QD_CFG_STATUS			0x06
#define   QD_STATUS_INTERRUPT		BIT(3)
#define   QD_STATUS_CAP_LIST		BIT(4)
#define QD_CFG_CLASS_REVISION		0x08
#define QD_CFG_CACHE_LINE		0x0c
#define QD_CFG_BAR0			0x10
#define   QD_BAR_64BIT			0x4
#define QD_CFG_SUBSYSTEM_VENDOR		0x2c
#define QD_CFG_SUBSYSTEM_ID		0x2e
#define QD_CFG_CAP_POINTER		0x34
#define QD_CFG_INTERRUPT_LINE		0x3c
#define QD_CFG_INTERRUPT_PIN		0x3d

/* Capabilities; MSI-X and PCI Express are somewhere else on version 3.3 */
#define QD_CAP_ID_PM			0x01
#define QD_CAP_ID_MSI			0x05
#define QD_CAP_ID_PCIE			0x10
#define QD_CAP_ID_MSIX			0x11

#define QD_CFG_MSIX			0x80
#define QD_CFG_MSIX_CONTROL		0x82
#define   QD_MSIX_ENABLE		BIT(15)
#define   QD_MSIX_MASK_ALL		BIT(14)
#define QD_CFG_MSIX_TABLE		0x84
#define QD_CFG_MSIX_PBA			0x88
#define QD_CFG_MSIX_END			0x8c

#define QD_CFG_PCIE			0x90
#define QD_CFG_PCIE_FLAGS		0x92
#define   QD_PCIE_VERSION		2
#define QD_CFG_DEVCAP			0x94
#define   QD_DEVCAP_ROLE_BASED_ERRORS	BIT(15)
#define   QD_DEVCAP_FLR			BIT(28)
#define QD_CFG_DEVCTL			0x98
#define   QD_DEVCTL_RELAXED_ORDERING	BIT(4)
#define   QD_DEVCTL_NO_SNOOP		BIT(11)
#define   QD_DEVCTL_FLR			BIT(15)
#define QD_CFG_LNKCAP			0x9c
#define QD_CFG_LNKSTA			0xa2
#define   QD_LINK_GEN1_X1		0x11
#define QD_CFG_PCIE_END			0xcc

#define QD_CFG_MSIX_3_3			0xac
#define QD_CFG_PCIE_3_3			0x64

#define QD_CFG_MSI			0xd0
#define QD_CFG_MSI_CONTROL		0xd2
#define   QD_MSI_ENABLE			BIT(0)
#define   QD_MSI_64BIT			BIT(7)
#define QD_CFG_MSI_ADDRESS		0xd4
#define QD_CFG_MSI_DATA			0xdc

#define QD_CFG_PM			0xe0
#define QD_CFG_PMC			0xe2
#define   QD_PM_VERSION			3
#define QD_CFG_PMCSR			0xe4
#define   QD_PMCSR_STATE		0x3

/* The device's own configuration registers */
#define QD_CFG_DEVCFG			0x60
#define QD_CFG_AER			0x100
#define   QD_AER_HEADER			0x00010001
#define QD_CFG_AER_UNCOR_STATUS		0x104
#define QD_CFG_AER_UNCOR_MASK		0x108
#define QD_CFG_AER_UNCOR_SEVERITY	0x10c
#define QD_CFG_AER_COR_STATUS		0x110
#define QD_CFG_AER_COR_MASK		0x114
#define QD_CFG_DMAUNCERRSTS		0x148
#define   QD_DMAUNCERR_PARITY		BIT(4)
#define QD_CFG_DMAUNCERRMSK		0x14c
#define QD_CFG_DMAUNCERRSEV		0x150
#define QD_CFG_CHANERR_INT		0x180
#define QD_CFG_CHANERRMSK_INT		0x184
#define QD_CFG_CHANERRSEV_INT		0x188

/* BAR 0; it is smaller on version 3.3 */
#define QD_BAR_SIZE			0x4000
#define QD_MSIX_TABLE			0x2000
#define QD_MSIX_PBA			0x3000
#define QD_BAR_SIZE_3_3			0x2000
#define QD_MSIX_TABLE_3_3		0x1000
#define QD_MSIX_PBA_3_3			0x1800
#define   QD_MSIX_ENTRY_SIZE		16
#define   QD_MSIX_VECTOR_CONTROL	12
#define   QD_MSIX_VECTOR_MASKED		BIT(0)

#define QD_CHANCNT			0x00
#define QD_XFERCAP			0x01
#define QD_GENCTRL			0x02
#define   QD_GENCTRL_DEBUG		BIT(0)
#define QD_INTRCTRL			0x03
#define   QD_INTRCTRL_MASTER		BIT(0)
#define   QD_INTRCTRL_STATUS		BIT(1)
#define   QD_INTRCTRL_INT		BIT(2)
#define   QD_INTRCTRL_MSIX		BIT(3)
#define QD_ATTNSTATUS			0x04
#define QD_CBVER			0x08
#define QD_PERPORTOFFSET		0x0a
#define QD_INTRDELAY			0x0c
#define   QD_INTRDELAY_SUPPORTED	BIT(15)
#define   QD_INTRDELAY_MASK		GENMASK(13, 0)
#define QD_CS_STATUS			0x0e
#define QD_DMACAPABILITY		0x10
#define   QD_CAPABILITY_PAGE_BREAK	BIT(0)
#define   QD_CAPABILITY_FILL		BIT(6)
#define   QD_CAPABILITY_PREFETCH	BIT(23)
#define QD_DCAOFFSET			0x14
#define QD_CBPRIO			0x40
#define QD_CHWPREFLMT			0x4c

#define QD_CHANNEL_BASE			0x80
#define QD_CHANNEL_STRIDE		0x80

/* Relative to a channel's base */
#define QD_CHANCTRL			0x00
#define   QD_CHANCTRL_INT_DISABLE	BIT(0)
#define   QD_CHANCTRL_ERR_COMPLETION	BIT(2)
#define   QD_CHANCTRL_ANY_ERR_ABORT	BIT(3)
#define   QD_CHANCTRL_ERR_INT		BIT(4)
#define   QD_CHANCTRL_NO_SNOOP		BIT(5)
#define   QD_CHANCTRL_IN_USE		BIT(8)
#define   QD_CHANCTRL_DCA		BIT(9)
#define QD_DMA_COMP			0x02
#define   QD_DMA_COMP_V2_V3		0x6
#define QD_CHANCMD			0x04
#define   QD_CHANCMD_START		BIT(0)
#define   QD_CHANCMD_APPEND		BIT(1)
#define   QD_CHANCMD_SUSPEND		BIT(2)
#define   QD_CHANCMD_ABORT		BIT(3)
#define   QD_CHANCMD_RESUME		BIT(4)
#define   QD_CHANCMD_RESET		BIT(5)
#define QD_DMACOUNT			0x06
#define   QD_MAX_COUNT			0xffff
#define QD_CHANSTS			0x08
#define QD_CHAINADDR			0x10
#define   QD_CHAINADDR_RESERVED		GENMASK_ULL(5, 0)
#define QD_CHANCMP			0x18
#define   QD_CHANCMP_RESERVED		GENMASK_ULL(2, 0)
#define QD_CDAR				0x20
#define QD_CHANERR			0x28
#define QD_CHANERRMSK			0x2c
#define QD_DCACTRL			0x30
/* From version 3.4 on, beyond the channel's stride */
#define QD_DRSCTL			0xb6
#define   QD_DRSCTL_MASK		(GENMASK(9, 8) | GENMASK(3, 0))
#define QD_LTR_SWSEL			0xbc
#define QD_LTR_ACTIVE			0xc0
#define QD_LTR_IDLE			0xc4

/* CHANSTS and completion word: an address in [63:6], a state in [2:0] */
#define QD_STATUS_ADDRESS		GENMASK_ULL(63, 6)

enum qd_state {
	QD_ACTIVE	= 0,
	QD_IDLE		= 1,
	QD_SUSPENDED	= 2,
	QD_HALTED	= 3,
	QD_ARMED	= 4,
};

/* Bit numbers in CHANERR, CHANERRMSK and their copies in configuration space */
enum qd_error {
	QD_ERR_SRC_ADDR		= 0,
	QD_ERR_DEST_ADDR	= 1,
	QD_ERR_NEXT_ADDR	= 2,
	QD_ERR_NEXT_ALIGN	= 3,
	QD_ERR_CHAINADDR	= 4,
	QD_ERR_CHANCMD		= 5,
	QD_ERR_READ		= 8,
	QD_ERR_WRITE		= 9,
	QD_ERR_CONTROL		= 10,
	QD_ERR_COMPLETION	= 12,
};

#define QD_ERR_BITS			28

/* Descriptors */
#define QD_DESC_SIZE			64
#define QD_PAGE_SIZE			4096

#define QD_DESC_INT			BIT(0)
#define QD_DESC_DEST_NO_SNOOP		BIT(2)
#define QD_DESC_COMPLETION		BIT(3)
#define QD_DESC_FENCE			BIT(4)
#define QD_DESC_NULL			BIT(5)
#define QD_DESC_SRC_BREAK		BIT(6)
#define QD_DESC_DEST_BREAK		BIT(7)
#define QD_DESC_BUNDLE			BIT(8)
#define QD_DESC_OP_SHIFT		24

#define QD_OP_COPY			0x00
#define QD_OP_FILL			0x01

struct qd_descriptor {
	__le32 size;
	__le32 control;
	__le64 src;		/* the pattern of a fill */
	__le64 dest;
	__le64 next;
	__le64 next_src;
	__le64 next_dest;
	__le64 user[2];
};

static_assert(sizeof(struct qd_descriptor) == QD_DESC_SIZE, "descriptor size");

#endif /* QUICKDATA_ENGINE_REGISTERS_H */
