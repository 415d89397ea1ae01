/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model needs from its surroundings.
 *
 * The model is also built into a kernel module, so it speaks the kernel's
 * types; this header supplies them in user space.
 */
#ifndef QUICKDATA_ENGINE_COMPAT_H
#define QUICKDATA_ENGINE_COMPAT_H

#ifdef __KERNEL__

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#else /* !__KERNEL__ */

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define le32_to_cpu(x)	(x)
#define le64_to_cpu(x)	(x)
#define cpu_to_le32(x)	(x)
#define cpu_to_le64(x)	(x)
#else
#define le32_to_cpu(x)	__builtin_bswap32(x)
#define le64_to_cpu(x)	__builtin_bswap64(x)
#define cpu_to_le32(x)	__builtin_bswap32(x)
#define cpu_to_le64(x)	__builtin_bswap64(x)
#endif

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK(h, l)		((~0UL << (l)) & (~0UL >> (8 * sizeof(long) - 1 - (h))))
#define GENMASK_ULL(h, l)	((~0ULL << (l)) & (~0ULL >> (63 - (h))))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define min_t(type, a, b) ({		\
	type a_ = (a), b_ = (b);	\
					\
	a_ < b_ ? a_ : b_;		\
})

#endif /* __KERNEL__ */

#endif /* QUICKDATA_ENGINE_COMPAT_H */
