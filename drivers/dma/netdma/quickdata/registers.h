/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of Intel QuickData engines, version 3.0 and later
 */
#ifndef _NETDMA_QUICKDATA_REGISTERS_H
#define _NETDMA_QUICKDATA_REGISTERS_H

#include <linux/bits.h>

#define QUICKDATA_BAR			0

/* Global registers */
#define QUICKDATA_CHANCNT		0x00	/* 8 */
#define   QUICKDATA_CHANCNT_MASK	GENMASK(4, 0)
#define QUICKDATA_XFERCAP		0x01	/* 8 */
#define   QUICKDATA_XFERCAP_MASK	GENMASK(4, 0)	/* log2 of bytes */
#define QUICKDATA_INTRCTRL		0x03	/* 8, reading clears MASTER_INT_EN */
#define   QUICKDATA_MASTER_INT_EN	BIT(0)
#define   QUICKDATA_INT_STATUS		BIT(1)
#define   QUICKDATA_MSIX_VECTOR_CONTROL	BIT(3)
#define QUICKDATA_ATTNSTATUS		0x04	/* 32, bit n: channel n */
#define QUICKDATA_CBVER			0x08	/* 8 */
#define   QUICKDATA_CBVER_MAJOR		GENMASK(7, 4)
#define   QUICKDATA_CBVER_MINOR		GENMASK(3, 0)
#define   QUICKDATA_VER_3_0		0x30
#define   QUICKDATA_VER_3_2		0x32
#define   QUICKDATA_VER_3_3		0x33
#define   QUICKDATA_VER_3_4		0x34
#define QUICKDATA_DMACAP		0x10	/* 32 */
#define   QUICKDATA_CAP_PAGE_BREAK	BIT(0)
#define   QUICKDATA_CAP_FILL		BIT(6)
#define   QUICKDATA_CAP_PREFETCH	BIT(23)
#define QUICKDATA_CHWPREFLMT		0x4c	/* 8, descriptors */

/* Channel registers */
#define QUICKDATA_CHANNEL(n)		(0x80 * ((n) + 1))
#define QUICKDATA_CHANCTRL		0x00	/* 16 */
#define   QUICKDATA_INT_REARM		BIT(0)	/* set by hardware, cleared by writing 1 */
#define   QUICKDATA_ERR_COMPLETION_EN	BIT(2)
#define   QUICKDATA_ANY_ERR_ABORT_EN	BIT(3)
#define   QUICKDATA_ERR_INT_EN		BIT(4)
#define QUICKDATA_CHANCMD		0x04	/* 8 */
#define   QUICKDATA_SUSPEND		BIT(2)
#define   QUICKDATA_RESET		BIT(5)
#define QUICKDATA_DMACOUNT		0x06	/* 16, absolute, modulo 65536 */
#define QUICKDATA_CHANSTS		0x08	/* 64; before 3.3 only the low half is sure */
#define   QUICKDATA_CHANSTS_STATE	GENMASK(2, 0)
#define   QUICKDATA_CHANSTS_LOW		GENMASK(31, 6)	/* of the last descriptor's address */
#define QUICKDATA_CHAINADDR		0x10	/* 64, low half first */
#define QUICKDATA_CHANCMP		0x18	/* 64, low half first */
#define QUICKDATA_CHANERR		0x28	/* 32, write 1 to clear */
#define   QUICKDATA_ERR_SRC_ADDR	BIT(0)
#define   QUICKDATA_ERR_DST_ADDR	BIT(1)
#define   QUICKDATA_ERR_READ_DATA	BIT(8)
#define   QUICKDATA_ERR_WRITE_DATA	BIT(9)
#define   QUICKDATA_ERR_UNAFFILIATED	BIT(15)	/* read-only */
#define QUICKDATA_CHANERRMSK		0x2c	/* 32, 1: neither halts nor interrupts */
#define QUICKDATA_DRSCTL		0xb6	/* 16, with descriptor prefetch */
#define   QUICKDATA_DRS_4K		0	/* a ring of this size, aligned to it */
#define   QUICKDATA_DRS_EN		BIT(8)
/* Tolerated latency, from 3.4 on: 9:0 value, 12:10 scale (2: us), 15 valid */
#define QUICKDATA_LTR_SWSEL		0xbc	/* 8 */
#define   QUICKDATA_LTR_SEL_ACTIVE	0
#define   QUICKDATA_LTR_SEL_IDLE	1
#define QUICKDATA_LTR_ACTIVE		0xc0	/* 32 */
#define   QUICKDATA_LTR_NONE		0x8800	/* 0 us */
#define QUICKDATA_LTR_IDLE		0xc4	/* 32 */
#define   QUICKDATA_LTR_600_US		0x8a58

/* Configuration space */
#define QUICKDATA_CFG_DMAUNCERRSTS	0x148	/* 32, write 1 to clear */
#define   QUICKDATA_CFG_PARITY		BIT(4)
#define QUICKDATA_CFG_CHANERR_INT	0x180	/* 32, write 1 to clear */
#define QUICKDATA_CFG_CHANERRMSK_INT	0x184	/* 32, 1: masked */
#define   QUICKDATA_UNSTABLE_ERRORS	0x3e07

#endif /* _NETDMA_QUICKDATA_REGISTERS_H */
