/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA: a hardware-neutral interface to memory-to-memory copy engines.
 *
 * A provider driver registers each of its engines, starts it when the hardware
 * is ready and stops it before the hardware goes. NetDMA owns the descriptors
 * and decides what is submitted when; the provider only starts, extends and
 * stops lists that the hardware reads as they are.
 *
 * "R-..." names a rule of the NetDMA interface specification.
 */
#ifndef _LINUX_NETDMA_H
#define _LINUX_NETDMA_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/cpumask.h>
#include <linux/limits.h>
#include <linux/types.h>

struct device;
struct netdma_channel;
struct netdma_provider;

#define NETDMA_MAJOR_VERSION	2
#define NETDMA_MINOR_VERSION	1

/**
 * struct netdma_descriptor - one element of the list that an engine reads
 * @size: bytes to transfer
 * @control: NETDMA_DESC_* flags and the operation
 * @src: source address; the 64-bit pattern of a fill
 * @dst: destination address
 * @next: address of the next descriptor; always valid (R-CH2-1)
 * @next_src: where the source goes on after a page break
 * @next_dst: where the destination goes on after a page break
 * @user1: not for the provider, not read by the engine
 * @user2: not for the provider, not read by the engine
 *
 * NET_DMA_DESCRIPTOR and the QuickData descriptor at once: both have the same
 * layout, so what the core writes is what the engine executes. Descriptors are
 * 64-byte aligned (R-DESC-1).
 */
struct netdma_descriptor {
	__le32 size;
	__le32 control;
	__le64 src;
	__le64 dst;
	__le64 next;
	__le64 next_src;
	__le64 next_dst;
	__le64 user1;
	__le64 user2;
};

static_assert(sizeof(struct netdma_descriptor) == 64);

#define NETDMA_DESC_INTERRUPT		BIT(0)	/* interrupt when completed */
#define NETDMA_DESC_SRC_NO_SNOOP	BIT(1)
#define NETDMA_DESC_DST_NO_SNOOP	BIT(2)
#define NETDMA_DESC_STATUS		BIT(3)	/* write the completion word */
#define NETDMA_DESC_FENCE		BIT(4)	/* done before the next one starts */
#define NETDMA_DESC_NULL		BIT(5)	/* move nothing */
#define NETDMA_DESC_SRC_BREAK		BIT(6)	/* source goes on at next_src */
#define NETDMA_DESC_DST_BREAK		BIT(7)	/* destination goes on at next_dst */
#define NETDMA_DESC_OP			GENMASK(31, 24)
#define NETDMA_OP_COPY			0x00
#define NETDMA_OP_FILL			0x01	/* only with NETDMA_PROVIDER_FILL */

/**
 * enum netdma_transfer_status - channel state in the low bits of the completion word
 * @NETDMA_STATUS_ACTIVE: the named descriptor is complete, more follow
 * @NETDMA_STATUS_IDLE: the named descriptor is complete and was the last
 * @NETDMA_STATUS_SUSPENDED: stopped on a descriptor boundary
 * @NETDMA_STATUS_HALTED: stopped by an error, an abort or a reset
 * @NETDMA_STATUS_ARMED: started, nothing complete yet; the address is not valid
 */
enum netdma_transfer_status {
	NETDMA_STATUS_ACTIVE	= 0,
	NETDMA_STATUS_IDLE	= 1,
	NETDMA_STATUS_SUSPENDED	= 2,
	NETDMA_STATUS_HALTED	= 3,
	NETDMA_STATUS_ARMED	= 4,
};

#define NETDMA_WORD_STATUS	GENMASK_ULL(2, 0)
#define NETDMA_WORD_ADDRESS	GENMASK_ULL(63, 6)

/**
 * enum netdma_failure - why a channel has halted
 * @NETDMA_FAILURE_NONE: it has not, or was told to
 * @NETDMA_FAILURE_READ: the source, or a descriptor, could not be read
 * @NETDMA_FAILURE_WRITE: the destination could not be written
 * @NETDMA_FAILURE_OTHER: anything else that the engine reports
 */
enum netdma_failure {
	NETDMA_FAILURE_NONE,
	NETDMA_FAILURE_READ,
	NETDMA_FAILURE_WRITE,
	NETDMA_FAILURE_OTHER,
};

#define NETDMA_CHANNEL_ANY	U32_MAX

/**
 * struct netdma_channel_parameters - how a channel is to be set up
 * @completion: kernel address of the completion word, owned by NetDMA
 * @completion_dma: its address for the engine, 64-byte aligned
 * @channel: the hardware channel wanted, or %NETDMA_CHANNEL_ANY
 * @affinity: CPUs that may handle the channel's completions
 * @cpu: written by the provider: the CPU of the channel's interrupt (R-ALLOC-4)
 */
struct netdma_channel_parameters {
	__le64 *completion;
	dma_addr_t completion_dma;
	u32 channel;
	const struct cpumask *affinity;
	unsigned int cpu;
};

/**
 * struct netdma_channel_cpu_affinity - the CPU wished for a channel's interrupt
 * @channel: 0 to max_channels - 1
 * @cpu: CPU number
 */
struct netdma_channel_cpu_affinity {
	u32 channel;
	unsigned int cpu;
};

/**
 * struct netdma_provider_characteristics - what a provider is and can do
 * @major_version: NetDMA version that the provider implements (R-VER-1);
 *	this core takes 2.0 and 2.1
 * @minor_version: as above
 * @name: friendly name, mandatory; copied
 * @dev: the engine's device, bound to a driver; addresses in descriptors are
 *	mapped for it
 * @max_channels: most channels that this provider can have
 * @set_channel_cpu_affinity: optional; takes the CPUs wished for all channels.
 *	Called once, from inside netdma_register_provider() (R-REG-3). May sleep.
 * @allocate_channel: mandatory; readies a channel for transfers (R-ALLOC-5) and
 *	returns its context, which all later callbacks get. Atomic.
 * @free_channel: mandatory; nothing is outstanding, no callback follows
 *	(R-FREE-1, R-FREE-2). No new call of netdma_isr() or
 *	netdma_interrupt_dpc() may begin afterwards; for those under way NetDMA
 *	waits by RCU, so a provider publishes its pointer to the channel by RCU,
 *	and its handlers are readers. Atomic.
 * @start: mandatory; run @count descriptors from @first on. If a list runs, its
 *	current descriptor is finished and the rest dropped (R-START-3). Atomic.
 * @append: mandatory; run @count more descriptors. @first is where the last
 *	one pointed to (R-APP-4). Atomic.
 * @suspend: optional, with @resume; stop on a descriptor boundary within a
 *	bounded time and store the address of the last descriptor processed, 0
 *	for none (R-SUSP-1, R-SUSP-2). Atomic, polls.
 * @resume: optional, with @suspend; go on after @suspend with @count
 *	descriptors from @next on. NetDMA 2.0 leaves open how an edited list and
 *	its count reach the provider; here they are passed. Atomic.
 * @abort: optional if there is @reset_channel; cancel everything, ready for
 *	@start (R-ABORT-3). Returns when the engine has stopped. Atomic, polls a
 *	bounded time.
 * @reset_channel: optional if there is @abort; as after allocation, and no
 *	earlier descriptor is accessed any more (R-RESET-2, R-RESET-3). Atomic,
 *	polls a bounded time.
 * @halt_reason: optional; whether, and why, the channel has halted by itself.
 *	Asked before every @abort or @reset_channel that ends an execution. Atomic.
 *
 * "Atomic" callbacks may be called from any context with interrupts off and
 * must not sleep. All return 0 or a negative errno: -ENODEV says that the
 * device is gone. When abort, or if there is one reset_channel, has failed, all
 * work of the channel fails and its memory is given back: the provider sees to
 * it that the engine has no access to memory from then on. NetDMA serialises the
 * callbacks of one channel; those of different channels run concurrently.
 */
struct netdma_provider_characteristics {
	u8 major_version;
	u8 minor_version;
	const char *name;
	struct device *dev;
	u32 max_channels;

	int (*set_channel_cpu_affinity)(void *provider,
					const struct netdma_channel_cpu_affinity *affinity,
					unsigned int count);
	int (*allocate_channel)(void *provider,
				struct netdma_channel_parameters *parameters,
				struct netdma_channel *channel, void **context);
	void (*free_channel)(void *context);
	int (*start)(void *context, struct netdma_descriptor *first,
		     dma_addr_t first_dma, u32 count);
	int (*append)(void *context, struct netdma_descriptor *first,
		      dma_addr_t first_dma, u32 count);
	int (*suspend)(void *context, dma_addr_t *last);
	int (*resume)(void *context, struct netdma_descriptor *next,
		      dma_addr_t next_dma, u32 count);
	int (*abort)(void *context);
	int (*reset_channel)(void *context);
	enum netdma_failure (*halt_reason)(void *context);
};

#define NETDMA_PROVIDER_FILL		BIT(0)	/* executes NETDMA_OP_FILL */
#define NETDMA_PROVIDER_PAGE_BREAK	BIT(1)	/* follows NETDMA_DESC_*_BREAK */

/**
 * struct netdma_provider_attributes - what a started engine is like
 * @major_hw_version: hardware version
 * @minor_hw_version: hardware version
 * @vendor: PCI vendor ID
 * @flags: NETDMA_PROVIDER_*, only what has been seen to work
 * @channels: channels present, 1 to max_channels
 * @max_transfer: largest transfer of one descriptor in bytes, at least 4096
 * @max_address: highest address that the engine reaches
 */
struct netdma_provider_attributes {
	u8 major_hw_version;
	u8 minor_hw_version;
	u16 vendor;
	u32 flags;
	u32 channels;
	u32 max_transfer;
	u64 max_address;
};

/**
 * enum netdma_pnp_event - what a provider announces
 * @NETDMA_PROVIDER_POWER_DOWN: the engine is about to lose its state
 * @NETDMA_PROVIDER_POWER_UP: it is ready again, and knows nothing
 *
 * The values are those of the NetDMA notification codes, of which a provider
 * issues only these two.
 */
enum netdma_pnp_event {
	NETDMA_PROVIDER_POWER_DOWN	= 5,
	NETDMA_PROVIDER_POWER_UP	= 6,
};

u32 netdma_get_version(void);
struct netdma_provider *
netdma_register_provider(void *context,
			 const struct netdma_provider_characteristics *characteristics);
void netdma_deregister_provider(struct netdma_provider *provider);
int netdma_provider_start(struct netdma_provider *provider,
			  const struct netdma_provider_attributes *attributes);
void netdma_provider_stop(struct netdma_provider *provider);
int netdma_pnp_event_notify(struct netdma_provider *provider, enum netdma_pnp_event event);
void netdma_isr(struct netdma_channel *channel, dma_addr_t last, unsigned int *cpu);
void netdma_interrupt_dpc(struct netdma_channel *channel, dma_addr_t last);

#endif /* _LINUX_NETDMA_H */
