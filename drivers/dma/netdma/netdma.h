/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA core, private part: rings, channels, and what a front end gives to
 * the channel that it owns.
 */
#ifndef _NETDMA_CORE_H
#define _NETDMA_CORE_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/netdma.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* DMACOUNT of the hardware is 16 bits wide: never more than 65535 outstanding */
#define NETDMA_RING_MIN		16
#define NETDMA_RING_MAX		32768
#define NETDMA_RING_DEFAULT	1024	/* 64 KiB */

/**
 * struct netdma_ring - counted descriptors with fixed links
 * @desc: the descriptors; written once per submission, never read back: this
 *	memory is the device's to write as well
 * @dma: address of @desc for the engine
 * @mask: number of slots - 1
 * @head: next slot to fill
 * @issued: the owner has asked for execution up to here
 * @posted: the engine has been told to execute up to here
 * @done: the engine has executed up to here
 * @completion: the word that the engine writes
 * @completion_dma: address of @completion for the engine
 * @word: the last completion word that was looked at
 *
 * Indices run freely; done <= posted <= issued <= head <= done + @mask. One slot
 * stays unused, so that a completion word naming the slot before @done can only
 * be an old one.
 *
 * @head, @issued and @posted belong to the submitting side and change under
 * the channel's lock; @done and @word belong to the reaping side and change
 * under its reap_lock. Each side has cache lines of its own.
 */
struct netdma_ring {
	struct netdma_descriptor *desc;
	dma_addr_t dma;
	u32 mask;

	u32 head ____cacheline_aligned;
	u32 issued;
	u32 posted;

	u32 done ____cacheline_aligned;
	u64 word;
	__le64 *completion;
	dma_addr_t completion_dma;
};

int netdma_ring_alloc(struct netdma_ring *ring, struct device *dev, u32 size);
void netdma_ring_free(struct netdma_ring *ring, struct device *dev);
void netdma_ring_prime(struct netdma_ring *ring);
int netdma_ring_update(struct netdma_ring *ring);

static inline struct netdma_descriptor *
netdma_ring_slot(const struct netdma_ring *ring, u32 index)
{
	return &ring->desc[index & ring->mask];
}

static inline dma_addr_t netdma_ring_addr(const struct netdma_ring *ring, u32 index)
{
	return ring->dma + (index & ring->mask) * sizeof(*ring->desc);
}

/**
 * netdma_ring_fill() - write one descriptor at the head
 * @ring: the ring; the caller has made sure of a free slot
 * @size: bytes, not 0 even for a NULL descriptor, which QuickData 3.0 refuses
 * @control: NETDMA_DESC_*
 * @src: source address or fill pattern
 * @dst: destination address
 *
 * Context: the channel's lock.
 */
static inline void netdma_ring_fill(struct netdma_ring *ring, u32 size,
				    u32 control, u64 src, u64 dst)
{
	struct netdma_descriptor *desc = netdma_ring_slot(ring, ring->head++);

	desc->size = cpu_to_le32(size);
	desc->control = cpu_to_le32(control);
	desc->src = cpu_to_le64(src);
	desc->dst = cpu_to_le64(dst);
}

/**
 * enum netdma_state - what the engine's channel is doing
 * @NETDMA_CHANNEL_FREE: not allocated
 * @NETDMA_CHANNEL_READY: stopped, no list: start required
 * @NETDMA_CHANNEL_RUNNING: started; append continues, also when drained
 * @NETDMA_CHANNEL_SUSPENDING: the provider is stopping it on a boundary
 * @NETDMA_CHANNEL_SUSPENDED: stopped on a boundary
 * @NETDMA_CHANNEL_STOPPING: being aborted, or recovered from an error
 * @NETDMA_CHANNEL_DEAD: the hardware is gone or given up; nothing runs again
 *
 * RUNNING and DRAINED of the specification's section 7 differ only by the
 * ring's indices, READY and HALTED only by the way there.
 */
enum netdma_state {
	NETDMA_CHANNEL_FREE,
	NETDMA_CHANNEL_READY,
	NETDMA_CHANNEL_RUNNING,
	NETDMA_CHANNEL_SUSPENDING,
	NETDMA_CHANNEL_SUSPENDED,
	NETDMA_CHANNEL_STOPPING,
	NETDMA_CHANNEL_DEAD,
};

/**
 * struct netdma_owner_ops - what a channel asks of the front end that owns it
 * @reap: take finished work off the ring and run its callbacks. Softirq or
 *	bottom halves off, no lock held; one at a time.
 * @abort: all unfinished work is void: no callback, and finished for the ring
 *	once it is done up to @end. Both locks.
 * @fail: the oldest unfinished work has failed; returns the index after its
 *	last slot. Both locks.
 * @fail_all: all unfinished work has failed, and its slots are not waited for:
 *	the engine has no access to memory any more. Both locks.
 */
struct netdma_owner_ops {
	void (*reap)(struct netdma_channel *chan);
	void (*abort)(struct netdma_channel *chan, u32 end);
	u32 (*fail)(struct netdma_channel *chan, enum netdma_failure failure);
	void (*fail_all)(struct netdma_channel *chan);
};

/**
 * struct netdma_channel - a channel of a provider, and its owner
 * @ops: the provider's callbacks
 * @provider: the provider's context
 * @context: the provider's context for this channel
 * @dev: the engine's device
 * @id: number within the provider
 * @cpu: CPU of the channel's interrupt
 * @owner: the front end
 * @setup_lock: serialises allocation, release and the provider's stop
 * @work: stops and recovers the engine where a caller may not wait
 * @wait: for the end of @suspending
 * @reap_task: runs callbacks where no interrupt will
 * @reaps: requests to reap; whoever makes it non-zero serves all of them
 * @ring: descriptors
 * @lock: guards the submitting side of @ring, @state and the flags below it,
 *	and the order of the provider's start, append and resume. Held for a few
 *	register writes at most. Outer to @reap_lock.
 * @state: what the engine is doing
 * @suspending: the provider's suspend is being called, without a lock
 * @paused: the owner wants nothing executed
 * @powered_down: the provider can execute nothing
 * @aborting: work up to @abort_to is void and waits for the engine to stop
 * @closing: no new work is taken
 * @closed: the provider has the channel back for good; @setup_lock
 * @abort_to: see @aborting
 * @reap_lock: guards the reaping side of @ring and of the owner. Never held
 *	over a callback.
 *
 * The spinlocks are taken with interrupts off: submission, issue and status may
 * come from any context. What changes under both may be read under either:
 * @aborting and @abort_to.
 */
struct netdma_channel {
	const struct netdma_provider_characteristics *ops;
	void *provider;
	void *context;
	struct device *dev;
	u32 id;
	unsigned int cpu;
	const struct netdma_owner_ops *owner;
	struct mutex setup_lock;	/* see above */
	struct work_struct work;
	wait_queue_head_t wait;
	struct tasklet_struct reap_task;
	atomic_t reaps;
	struct netdma_ring ring;

	spinlock_t lock ____cacheline_aligned;
	enum netdma_state state;
	bool suspending;
	bool paused;
	bool powered_down;
	bool aborting;
	bool closing;
	bool closed;
	u32 abort_to;

	spinlock_t reap_lock ____cacheline_aligned;
};

void netdma_channel_init(struct netdma_channel *chan, struct device *dev,
			 const struct netdma_provider_characteristics *ops,
			 void *provider, u32 id, unsigned int cpu,
			 const struct netdma_owner_ops *owner);
int netdma_channel_alloc(struct netdma_channel *chan, u32 ring_size);
void netdma_channel_free(struct netdma_channel *chan);
void netdma_channel_issue(struct netdma_channel *chan);
bool netdma_channel_update(struct netdma_channel *chan);
int netdma_channel_pause(struct netdma_channel *chan);
int netdma_channel_resume(struct netdma_channel *chan);
void netdma_channel_terminate(struct netdma_channel *chan);
void netdma_channel_synchronize(struct netdma_channel *chan);
void netdma_channel_refuse(struct netdma_channel *chan);
void netdma_channel_close(struct netdma_channel *chan, unsigned long deadline);
void netdma_channel_hold(struct netdma_channel *chan);
void netdma_channel_power_down(struct netdma_channel *chan, unsigned long deadline);
void netdma_channel_power_up(struct netdma_channel *chan);

struct netdma_dma_device;

struct netdma_dma_device *
netdma_dma_register(void *provider,
		    const struct netdma_provider_characteristics *ops,
		    const struct netdma_provider_attributes *attributes,
		    const struct netdma_channel_cpu_affinity *affinity);
void netdma_dma_unregister(struct netdma_dma_device *dma);
void netdma_dma_power_down(struct netdma_dma_device *dma);
void netdma_dma_power_up(struct netdma_dma_device *dma);

extern struct workqueue_struct *netdma_wq;
extern struct workqueue_struct *netdma_free_wq;
extern unsigned int netdma_ring_size;

#endif /* _NETDMA_CORE_H */
