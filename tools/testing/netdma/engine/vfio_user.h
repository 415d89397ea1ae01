/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vfio-user protocol, as far as the engine speaks it.
 *
 * Everything is in host byte order. The structures follow the message header
 * and match those of <linux/vfio.h>, from which flags and indices come.
 */
#ifndef QUICKDATA_ENGINE_VFIO_USER_H
#define QUICKDATA_ENGINE_VFIO_USER_H

#include "compat.h"

enum vfio_user_command {
	VFIO_USER_VERSION		= 1,
	VFIO_USER_DMA_MAP		= 2,
	VFIO_USER_DMA_UNMAP		= 3,
	VFIO_USER_DEVICE_GET_INFO	= 4,
	VFIO_USER_DEVICE_GET_REGION_INFO = 5,
	VFIO_USER_DEVICE_GET_IRQ_INFO	= 7,
	VFIO_USER_DEVICE_SET_IRQS	= 8,
	VFIO_USER_REGION_READ		= 9,
	VFIO_USER_REGION_WRITE		= 10,
	VFIO_USER_DMA_READ		= 11,
	VFIO_USER_DMA_WRITE		= 12,
	VFIO_USER_DEVICE_RESET		= 13,
};

#define VFIO_USER_TYPE_MASK		0xf
#define VFIO_USER_TYPE_COMMAND		0
#define VFIO_USER_TYPE_REPLY		1
#define VFIO_USER_NO_REPLY		0x10
#define VFIO_USER_ERROR			0x20

/* What a peer may assume that says nothing else */
#define VFIO_USER_DEFAULT_MAX_TRANSFER	(1024 * 1024)

struct vfio_user_header {
	u16 id;
	u16 command;
	u32 size;			/* of the whole message */
	u32 flags;
	u32 error;
};

struct vfio_user_version {
	u16 major;
	u16 minor;
	char data[];			/* JSON, terminated */
};

struct vfio_user_dma_map {
	u32 argsz;
	u32 flags;
	u64 offset;
	u64 addr;
	u64 size;
};

struct vfio_user_dma_unmap {
	u32 argsz;
	u32 flags;
	u64 addr;
	u64 size;
};

struct vfio_user_region_access {
	u64 offset;
	u32 region;
	u32 count;
	u8 data[];
};

struct vfio_user_dma_access {
	u64 addr;
	u64 count;
};

#endif /* QUICKDATA_ENGINE_VFIO_USER_H */
