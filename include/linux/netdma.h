/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA: a hardware-neutral interface to memory-to-memory copy engines.
 *
 * A provider driver registers each of its engines, starts it when the hardware
 * is ready and stops it before the hardware goes. NetDMA owns the descriptors
 * and decides what is submitted when; the provider only starts, extends and
 * stops lists that the hardware reads as they are.
 *
 * A client is told which providers there are, allocates a channel of one, and
 * has memory copied.
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
struct netdma_client;
struct netdma_provider;
struct page;
struct scatterlist;

#define NETDMA_MAJOR_VERSION	2
#define NETDMA_MINOR_VERSION	1

/**
 * struct netdma_descriptor - one element of the list that an engine reads
 * @size: bytes to transfer
 * @control: NETDMA_DESC_* flags and the operation
 * @src: source address; the 64-bit pattern of a fill
 * @dst: destination address
 * @next: address of the next descriptor; always valid in a counted chain
 *	(R-CH2-1), 0 in the last one of a terminated chain (R-CH1-1)
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
 * @priority: relative to other channels of the engine, larger is more important;
 *	more than the hardware knows means its maximum, 0 is the default
 * @affinity: CPUs that may handle the channel's completions
 * @cpu: written by the provider: the CPU of the channel's interrupt (R-ALLOC-4)
 */
struct netdma_channel_parameters {
	__le64 *completion;
	dma_addr_t completion_dma;
	u32 channel;
	u32 priority;
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
 * @major_version: NetDMA version that the provider implements (R-VER-1): 1.0,
 *	1.1, 2.0 or 2.1. It selects the chain format: terminated chains for 1.x
 *	(R-CH1-1), counted ones from 2.0 on (R-CH2-1).
 * @minor_version: as above
 * @name: friendly name, mandatory from 2.0 on; copied
 * @dev: the engine's device, bound to a driver; addresses in descriptors are
 *	mapped for it, unless it has NETDMA_PROVIDER_PHYSICAL
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
 *	current descriptor is finished and the rest dropped (R-START-3). -EINVAL
 *	for a @first_dma that is not 64-byte aligned, or a @count that cannot be;
 *	-EBUSY while suspended. Atomic.
 * @append: mandatory; run @count more descriptors. @first is where the last
 *	one points to (R-APP-2, R-APP-4). -EINVAL as for @start, and before the
 *	first start (R-APP-1). While suspended, they are executed after the
 *	resumption. Atomic.
 * @suspend: optional, with @resume; stop on a descriptor boundary within a
 *	bounded time and store the address of the last descriptor processed, 0
 *	for none (R-SUSP-1, R-SUSP-2). One that is suspended, or has no list,
 *	stays as it is, and 0 is the answer. Atomic, polls.
 * @resume: optional, with @suspend; go on after @suspend with @count
 *	descriptors from @next on, those appended meanwhile included; 0 for none
 *	yet. NetDMA 2.0 leaves open how an edited list and its count reach the
 *	provider; here they are passed. -EINVAL if it is not suspended (R-RES-1).
 *	Atomic.
 * @abort: optional if there is @reset_channel; cancel everything, ready for
 *	@start (R-ABORT-3). Returns when the engine has stopped. Atomic, polls a
 *	bounded time.
 * @reset_channel: optional if there is @abort; as after allocation, and no
 *	earlier descriptor is accessed any more (R-RESET-2, R-RESET-3). Atomic,
 *	polls a bounded time.
 * @halt_reason: optional; whether, and why, the channel has halted by itself.
 *	Asked before every @abort or @reset_channel that ends an execution. Atomic.
 * @poll: optional; an interrupt may have been lost: look as after one, and let the
 *	channel interrupt again. Called now and then while the engine has work.
 *	Atomic, and does not call NetDMA itself.
 * @reset_engine: optional; a channel cannot be stopped, or does not get on: begin
 *	a reset of all of the engine, and return. It is announced by
 *	netdma_pnp_event_notify(), or netdma_provider_gone() if it fails. Atomic,
 *	and does not call NetDMA itself. Gets the provider's context.
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
	void (*poll)(void *context);
	int (*reset_engine)(void *provider);
};

#define NETDMA_PROVIDER_FILL		BIT(0)	/* executes NETDMA_OP_FILL */
#define NETDMA_PROVIDER_PAGE_BREAK	BIT(1)	/* follows NETDMA_DESC_*_BREAK */
#define NETDMA_PROVIDER_PHYSICAL	BIT(2)	/* takes physical addresses: nothing is mapped */
#define NETDMA_PROVIDER_PRIVATE		BIT(3)	/* not offered to dmaengine */

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
 * enum netdma_pnp_event - what happens to a provider
 * @NETDMA_PROVIDER_REGISTERED: it is known, but has not been started
 * @NETDMA_PROVIDER_ARRIVAL: it is started: its channels can be allocated
 * @NETDMA_PROVIDER_REMOVAL: it is about to stop. Channels that clients still
 *	hold complete what is outstanding, for a bounded time, and then answer
 *	-ESHUTDOWN until they are freed.
 * @NETDMA_CHANNEL_ARRIVAL: a channel that was in use can be allocated
 * @NETDMA_PROVIDER_POWER_DOWN: its engine is about to lose its state. A client
 *	posts nothing more and waits for its copies (R-PM11-1), for a bounded time:
 *	if the engine breaks meanwhile, they are executed, or fail, after the
 *	power-up only, for which this event must have returned. Of the reset of an
 *	engine that is broken clients are not told.
 * @NETDMA_PROVIDER_POWER_UP: it is ready again (R-PM11-2)
 *
 * The values are those of the NetDMA notification codes. A provider issues only
 * the two power events, with netdma_pnp_event_notify(); clients get all of them.
 */
enum netdma_pnp_event {
	NETDMA_PROVIDER_REGISTERED	= 1,
	NETDMA_PROVIDER_ARRIVAL		= 2,
	NETDMA_PROVIDER_REMOVAL		= 3,
	NETDMA_CHANNEL_ARRIVAL		= 4,
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
void netdma_provider_gone(struct netdma_provider *provider);
int netdma_pnp_event_notify(struct netdma_provider *provider, enum netdma_pnp_event event);
void netdma_isr(struct netdma_channel *channel, dma_addr_t last, unsigned int *cpu);
void netdma_interrupt_dpc(struct netdma_channel *channel, dma_addr_t last);

/* --- clients -------------------------------------------------------------- */

/**
 * struct netdma_provider_info - a provider, as clients see it
 * @provider: names it in &struct netdma_channel_request
 * @name: friendly name
 * @dev: the engine's device
 * @attributes: what the started engine is like; NULL while it is not started
 */
struct netdma_provider_info {
	struct netdma_provider *provider;
	const char *name;
	struct device *dev;
	const struct netdma_provider_attributes *attributes;
};

/**
 * typedef netdma_event_fn - a client's event callback
 * @context: the client's
 * @event: what happens
 * @info: to which provider; valid during the call
 *
 * Events of one provider come one after the other, those of different ones can
 * be concurrent.
 *
 * Context: May sleep. May allocate, use and free channels; may neither register
 * nor deregister a client or a provider.
 */
typedef void (*netdma_event_fn)(void *context, enum netdma_pnp_event event,
				const struct netdma_provider_info *info);

/**
 * struct netdma_channel_request - which channel is wanted
 * @provider: of this provider only; NULL for any
 * @node: of a provider on this NUMA node only; NUMA_NO_NODE for any
 * @cpu: preferably one whose interrupt goes to this CPU, else one on its NUMA node;
 *	-1 for one on the caller's node, if there is one
 * @priority: see &struct netdma_channel_parameters
 */
struct netdma_channel_request {
	struct netdma_provider *provider;
	int node;
	int cpu;
	u32 priority;
};

/**
 * struct netdma_channel_info - a client's channel
 * @provider: friendly name of its provider
 * @dev: the device to map memory for; NULL if addresses are physical
 * @id: its number within the provider
 * @cpu: CPU of its last interrupt, before the first one where that should go
 * @capacity: most copies of up to @max_transfer bytes that can be outstanding
 * @max_transfer: bytes of one descriptor; longer copies are split
 */
struct netdma_channel_info {
	const char *provider;
	struct device *dev;
	u32 id;
	unsigned int cpu;
	u32 capacity;
	u32 max_transfer;
};

/**
 * typedef netdma_token_t - names a copy of a channel
 *
 * Tokens count the copies of a channel, from 1 on: those of a batch follow each
 * other. What became of a copy can be asked until as many more have been queued
 * as the channel's ring has descriptors (parameter ring_size); then its token is
 * forgotten. Functions that return one return a negative errno on failure.
 */
typedef s64 netdma_token_t;

/**
 * enum netdma_copy_status - what has become of a copy
 * @NETDMA_COPY_PENDING: nothing yet
 * @NETDMA_COPY_DONE: it is complete
 * @NETDMA_COPY_READ_FAILED: its source could not be read
 * @NETDMA_COPY_WRITE_FAILED: its destination could not be written
 * @NETDMA_COPY_FAILED: it has failed for another reason, or with its channel
 * @NETDMA_COPY_ABORTED: it was aborted by its owner
 * @NETDMA_COPY_UNKNOWN: there is no such copy, or it is forgotten
 *
 * Of a copy that failed or was aborted, any part may have been written.
 */
enum netdma_copy_status {
	NETDMA_COPY_PENDING,
	NETDMA_COPY_DONE,
	NETDMA_COPY_READ_FAILED,
	NETDMA_COPY_WRITE_FAILED,
	NETDMA_COPY_FAILED,
	NETDMA_COPY_ABORTED,
	NETDMA_COPY_UNKNOWN,
};

/**
 * struct netdma_callback - what to call when a copy is complete
 * @fn: called once for each copy, or batch, that was queued with it: with the
 *	token of the (last) copy, and its status. For a batch, the status is that
 *	of its first copy that is not done, if there is one.
 * @context: passed to @fn
 *
 * Copied when the copy is queued.
 *
 * Context of @fn: Softirq, or bottom halves disabled; no lock held; those of one
 * channel one at a time and in the order of their tokens. It may do all that can
 * be done in any context: queue copies, flush, abort, suspend, resume.
 */
struct netdma_callback {
	void (*fn)(void *context, netdma_token_t token, enum netdma_copy_status status);
	void *context;
};

/**
 * struct netdma_copy - one copy of a batch
 * @dst: where to, mapped for the channel's device
 * @src: where from, likewise
 * @len: bytes
 */
struct netdma_copy {
	dma_addr_t dst;
	dma_addr_t src;
	size_t len;
};

#define NETDMA_COPY_FLUSH	BIT(0)	/* and netdma_flush() */
#define NETDMA_COPY_FENCE	BIT(1)	/* done before the next one starts */

struct netdma_client *netdma_register_client(const char *name, netdma_event_fn event,
					     void *context);
void netdma_deregister_client(struct netdma_client *client);
struct netdma_channel *
netdma_allocate_channel(struct netdma_client *client,
			const struct netdma_channel_request *request);
int netdma_free_channel(struct netdma_channel *channel);
void netdma_get_channel_info(struct netdma_channel *channel, struct netdma_channel_info *info);

netdma_token_t netdma_chain_copy_dma(struct netdma_channel *channel, dma_addr_t dst,
				     dma_addr_t src, size_t len, u32 flags,
				     const struct netdma_callback *callback);
netdma_token_t netdma_chain_copy_dma_batch(struct netdma_channel *channel,
					   const struct netdma_copy *copies, unsigned int n,
					   u32 flags, const struct netdma_callback *callback);
netdma_token_t netdma_chain_copy_page(struct netdma_channel *channel, struct page *dst,
				      size_t dst_offset, struct page *src, size_t src_offset,
				      size_t len, u32 flags,
				      const struct netdma_callback *callback);
netdma_token_t netdma_chain_copy_virt(struct netdma_channel *channel, void *dst,
				      const void *src, size_t len, u32 flags,
				      const struct netdma_callback *callback);
netdma_token_t netdma_chain_copy_sg(struct netdma_channel *channel, struct scatterlist *dst,
				    unsigned int dst_nents, struct scatterlist *src,
				    unsigned int src_nents, u32 flags,
				    const struct netdma_callback *callback);
netdma_token_t netdma_null_transfer(struct netdma_channel *channel, u32 flags,
				    const struct netdma_callback *callback);
void netdma_flush(struct netdma_channel *channel);
int netdma_is_copy_complete(struct netdma_channel *channel, netdma_token_t token);
enum netdma_copy_status netdma_get_copy_status(struct netdma_channel *channel,
					       netdma_token_t token);
void netdma_prefetch_next_descriptor(struct netdma_channel *channel);
int netdma_set_max_pending_descriptors(struct netdma_channel *channel, u32 max);
u32 netdma_get_max_pending_descriptors(struct netdma_channel *channel);
int netdma_suspend(struct netdma_channel *channel, netdma_token_t *last);
int netdma_resume(struct netdma_channel *channel);
int netdma_abort(struct netdma_channel *channel);
int netdma_reset(struct netdma_channel *channel);

#endif /* _LINUX_NETDMA_H */
