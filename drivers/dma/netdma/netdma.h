/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA core, private part: rings, channels, and what a front end gives to
 * the channel that it owns.
 */
#ifndef _NETDMA_CORE_H
#define _NETDMA_CORE_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/dmaengine.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/netdma.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct dentry;
struct seq_file;

/* DMACOUNT of the hardware is 16 bits wide: never more than 65535 outstanding */
#define NETDMA_RING_MIN		16
#define NETDMA_RING_MAX		32768
#define NETDMA_RING_DEFAULT	1024	/* 64 KiB */

/**
 * struct netdma_ring - descriptors, linked to a ring
 * @desc: the descriptors; written once per submission, never read back: this
 *	memory is the device's to write as well
 * @dma: address of @desc for the engine
 * @mask: number of slots - 1
 * @terminated: the list ends with a link of 0, which is replaced when it goes on
 *	(R-CH1-3); else the links are fixed and descriptors are counted (R-CH2-3)
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
	bool terminated;

	u32 head ____cacheline_aligned;
	u32 issued;
	u32 posted;

	u32 done ____cacheline_aligned;
	u64 word;
	__le64 *completion;
	dma_addr_t completion_dma;
};

int netdma_ring_alloc(struct netdma_ring *ring, struct device *dev, u32 size,
		      bool terminated);
void netdma_ring_free(struct netdma_ring *ring, struct device *dev);
void netdma_ring_prime(struct netdma_ring *ring);
void netdma_ring_publish_terminated(struct netdma_ring *ring);

static inline struct netdma_descriptor *
netdma_ring_slot(const struct netdma_ring *ring, u32 index)
{
	return &ring->desc[index & ring->mask];
}

static inline dma_addr_t netdma_ring_addr(const struct netdma_ring *ring, u32 index)
{
	return ring->dma + (index & ring->mask) * sizeof(*ring->desc);
}

/* Is index @end reached at @done? Both run freely. */
static inline bool netdma_ring_reached(u32 done, u32 end)
{
	return (s32)(done - end) >= 0;
}

static inline void netdma_descriptor_write(struct netdma_descriptor *desc, u32 size,
					   u32 control, u64 src, u64 dst)
{
	desc->size = cpu_to_le32(size);
	desc->control = cpu_to_le32(control);
	desc->src = cpu_to_le64(src);
	desc->dst = cpu_to_le64(dst);
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
 * Return: the index after it.
 */
static inline u32 netdma_ring_fill(struct netdma_ring *ring, u32 size, u32 control, u64 src,
				   u64 dst)
{
	u32 head = ring->head;

	ring->head = head + 1;
	netdma_descriptor_write(netdma_ring_slot(ring, head), size, control, src, dst);
	return head + 1;
}

/**
 * netdma_ring_publish() - post what is issued
 * @ring: the ring
 *
 * The index moves before the engine is told, so whoever sees a completion word
 * sees that it was posted; the provider's register write is the barrier.
 *
 * Context: The channel's lock.
 */
static inline void netdma_ring_publish(struct netdma_ring *ring)
{
	if (unlikely(ring->terminated))
		netdma_ring_publish_terminated(ring);
	else
		WRITE_ONCE(ring->posted, ring->issued);
}

/**
 * netdma_ring_update() - see how far the engine has come
 * @ring: the ring
 *
 * The word comes from the device, so it is believed only as far as it can be
 * true: an aligned address inside the ring, of a descriptor that was posted
 * and not yet known to be done. A word that names the last descriptor known to
 * be done, or none, is an old one.
 *
 * Context: The channel's reap_lock.
 * Return: 1 if there is progress, 0 if not, -EIO if the word cannot be true.
 */
static inline int netdma_ring_update(struct netdma_ring *ring)
{
	u64 word = le64_to_cpu(READ_ONCE(*ring->completion));
	u32 ahead, posted, mask = ring->mask;
	u64 slot;

	if (word == ring->word)
		return 0;
	ring->word = word;

	word &= NETDMA_WORD_ADDRESS;
	if (!word)
		return 0;

	/* The address's low bits, and so those of the difference, are 0. */
	slot = (word - ring->dma) / sizeof(*ring->desc);
	if (unlikely(slot > mask))
		return -EIO;

	/* What the word names was posted before: look at the index only now. */
	dma_rmb();
	posted = READ_ONCE(ring->posted);

	ahead = (slot - ring->done) & mask;
	if (likely(ahead < posted - ring->done)) {
		ring->done += ahead + 1;
		return 1;
	}

	return ahead == mask ? 0 : -EIO;
}

/**
 * enum netdma_state - what the engine's channel is doing
 * @NETDMA_CHANNEL_FREE: not allocated
 * @NETDMA_CHANNEL_READY: stopped, no list: start required
 * @NETDMA_CHANNEL_RUNNING: started; append continues, also when drained
 * @NETDMA_CHANNEL_SUSPENDING: the provider is stopping it on a boundary
 * @NETDMA_CHANNEL_SUSPENDED: stopped on a boundary
 * @NETDMA_CHANNEL_STOPPING: being aborted, or recovered from an error
 * @NETDMA_CHANNEL_BROKEN: could not be stopped, or does not get on; it has no
 *	access to memory until the whole engine is reset
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
	NETDMA_CHANNEL_BROKEN,
	NETDMA_CHANNEL_DEAD,
};

/**
 * enum netdma_error - what has gone wrong with a channel
 * @NETDMA_ERROR_NONE: nothing
 * @NETDMA_ERROR_READ: the engine has halted: NETDMA_FAILURE_READ
 * @NETDMA_ERROR_WRITE: the engine has halted: NETDMA_FAILURE_WRITE
 * @NETDMA_ERROR_OTHER: it has halted for another reason, or does not get over a copy
 * @NETDMA_ERROR_WORD: the completion word cannot be true
 * @NETDMA_ERROR_STALL: the engine does not get on
 * @NETDMA_ERROR_BROKEN: that is beyond the channel: all of the engine is reset
 * @NETDMA_ERROR_DEAD: the hardware is gone, or given up
 * @NETDMA_ERRORS: how many there are
 */
enum netdma_error {
	NETDMA_ERROR_NONE	= NETDMA_FAILURE_NONE,
	NETDMA_ERROR_READ	= NETDMA_FAILURE_READ,
	NETDMA_ERROR_WRITE	= NETDMA_FAILURE_WRITE,
	NETDMA_ERROR_OTHER	= NETDMA_FAILURE_OTHER,
	NETDMA_ERROR_WORD,
	NETDMA_ERROR_STALL,
	NETDMA_ERROR_BROKEN,
	NETDMA_ERROR_DEAD,
	NETDMA_ERRORS
};

/**
 * struct netdma_owner_ops - what a channel asks of the front end that owns it
 * @reap: take finished work off the ring and run its callbacks. Softirq or
 *	bottom halves off, no lock held; one at a time.
 * @abort: all unfinished work is void, and finished for the ring once it is done
 *	up to @end. Both locks.
 * @fail: the oldest unfinished work has failed; returns the index after its
 *	last slot, and stores its number. Both locks.
 * @fail_all: all unfinished work has failed, and its slots are not waited for:
 *	the engine has no access to memory any more. Both locks.
 * @progress: stores the numbers of what was submitted last, and of the last that is
 *	known to be finished. Both locks.
 */
struct netdma_owner_ops {
	void (*reap)(struct netdma_channel *chan);
	void (*abort)(struct netdma_channel *chan, u32 end);
	u32 (*fail)(struct netdma_channel *chan, enum netdma_failure failure, s64 *copy);
	void (*fail_all)(struct netdma_channel *chan);
	void (*progress)(struct netdma_channel *chan, s64 *last, s64 *finished);
};

struct netdma_copies;
struct netdma_engine;

/**
 * enum netdma_unseen - why what the engine completes is not looked at while it is stopped
 * @NETDMA_UNSEEN_NONE: it is
 * @NETDMA_UNSEEN_PAUSED: the channel was paused meanwhile: what is complete up to
 *	&netdma_channel.unseen_to is told after the resumption
 * @NETDMA_UNSEEN_ABORTED: work up to &netdma_channel.unseen_to is void, and waits for the
 *	engine to stop
 */
enum netdma_unseen {
	NETDMA_UNSEEN_NONE,
	NETDMA_UNSEEN_PAUSED,
	NETDMA_UNSEEN_ABORTED,
};

/**
 * struct netdma_channel - a channel of a provider, and its owner
 * @engine: what it is a channel of
 * @ops: the provider's callbacks
 * @provider: the provider's context
 * @context: the provider's context for this channel
 * @dev: the engine's device
 * @id: number within the provider
 * @cpu: CPU of the channel's last interrupt, before the first one where that should go
 * @max_transfer: bytes of one descriptor
 * @flags: NETDMA_PROVIDER_*
 * @owner: the front end, from allocation on
 * @copies: what a NetDMA client has queued; NULL without one
 * @setup_lock: serialises allocation, release and the provider's stop
 * @work: stops and recovers the engine where a caller may not wait
 * @watch_work: looks after an engine that has work, now and then
 * @wait: for the end of @suspending
 * @reap_task: runs callbacks where no interrupt will
 * @reaps: requests to reap; whoever makes it non-zero serves all of them
 * @resets: how often the engine was stopped; changed by who calls the provider
 * @errors: how often each error has happened; changes under the reap_lock
 * @last_error: the last one; likewise
 * @error_time: when that was, as in the log; likewise
 * @ring: descriptors
 * @lock: guards the submitting side of @ring, @state and the flags below it,
 *	and the order of the provider's start, append and resume. Held for a few
 *	register writes at most. Outer to @reap_lock.
 * @state: what the engine is doing
 * @suspending: the provider's suspend is being called, without a lock
 * @paused: the owner wants nothing executed
 * @powered_down: the provider can execute nothing
 * @unwatched: @watch_work will not look after the engine
 * @unseen: &enum netdma_unseen
 * @closing: no new work is taken any more
 * @shut: no new work is taken: it is closing, or dead
 * @stalled: it has found that the engine does not get on
 * @suspect: the engine has reported what cannot be, or a halt; changes under the reap_lock
 * @escalated: all of the engine was reset since it last got on
 * @idle_periods: how often @watch_work has found the engine where it was
 * @stalls: how often the engine has stalled since it last got on
 * @suspects: how often the engine was suspect since then
 * @watch_mark: how far the engine was at the last look
 * @closed: the provider has the channel back for good; @setup_lock
 * @unseen_to: see @unseen
 * @reap_lock: guards the reaping side of @ring and of the owner. Never held
 *	over a callback.
 *
 * The spinlocks are taken with interrupts off: submission, issue and status may
 * come from any context. What changes under both may be read under either:
 * @unseen and @unseen_to. Where it makes no difference that something may change
 * at once, it is read without.
 */
struct netdma_channel {
	spinlock_t lock;	/* see above */
	enum netdma_state state;
	bool paused;
	bool powered_down;
	bool unwatched;
	bool suspending;
	bool closing;
	bool shut;
	bool closed;
	bool stalled;
	bool suspect;
	bool escalated;
	u8 unseen;
	u8 idle_periods;
	u8 stalls;
	u8 suspects;
	u32 watch_mark;
	u32 unseen_to;

	struct netdma_engine *engine;
	const struct netdma_provider_characteristics *ops;
	void *provider;
	void *context;
	struct device *dev;
	u32 id;
	unsigned int cpu;
	u32 max_transfer;
	u32 flags;
	const struct netdma_owner_ops *owner;
	struct netdma_copies *copies;
	struct mutex setup_lock;	/* see above */
	struct work_struct work;
	struct delayed_work watch_work;
	wait_queue_head_t wait;
	struct tasklet_struct reap_task;
	atomic_t reaps;
	u32 resets;
	u32 errors[NETDMA_ERRORS];
	enum netdma_error last_error;
	u64 error_time;
	struct netdma_ring ring;

	spinlock_t reap_lock ____cacheline_aligned;
};

void netdma_channel_init(struct netdma_channel *chan, struct netdma_engine *engine, u32 id,
			 unsigned int cpu);
int netdma_channel_alloc(struct netdma_channel *chan, u32 ring_size,
			 const struct netdma_owner_ops *owner, u32 priority, int cpu);
void netdma_channel_free(struct netdma_channel *chan);
void netdma_channel_issue_locked(struct netdma_channel *chan);
void netdma_channel_issue(struct netdma_channel *chan);
void netdma_channel_suspect(struct netdma_channel *chan);
int netdma_channel_pause(struct netdma_channel *chan);
int netdma_channel_resume(struct netdma_channel *chan);
void netdma_channel_terminate(struct netdma_channel *chan);
void netdma_channel_synchronize(struct netdma_channel *chan);
int netdma_channel_reset(struct netdma_channel *chan);
void netdma_channel_gone(struct netdma_channel *chan);
void netdma_channel_refuse(struct netdma_channel *chan);
void netdma_channel_close(struct netdma_channel *chan, unsigned long deadline);
void netdma_channel_hold(struct netdma_channel *chan);
void netdma_channel_power_down(struct netdma_channel *chan, unsigned long deadline);
void netdma_channel_power_up(struct netdma_channel *chan);

/**
 * netdma_channel_update() - see how far the engine has come
 * @chan: the channel
 *
 * Context: The channel's reap_lock.
 */
static inline void netdma_channel_update(struct netdma_channel *chan)
{
	lockdep_assert_held(&chan->reap_lock);

	/* No ring after the provider's stop; what is void does not complete. */
	if (likely(chan->ring.desc && !chan->unseen) &&
	    unlikely(netdma_ring_update(&chan->ring) < 0))
		netdma_channel_suspect(chan);
}

/* --- dmaengine.c: transactions -------------------------------------------- */

struct netdma_tx;

/**
 * struct netdma_dma_chan - a channel as a dma_chan
 * @channel: the channel
 * @chan: what dmaengine sees; its cookie changes under the channel's lock, its
 *	completed_cookie under the reap_lock
 * @generation: changes at every terminate, never 0; both locks. What was prepared
 *	in an earlier generation is stale: it is not submitted any more.
 * @mask: number of places in each of the arrays - 1
 * @txs: all transactions; NULL while no client of dmaengine has the channel
 * @queue: where they go round: submitted, in cookie order, then those that are
 *	prepared, then free ones
 * @failed: cookies that failed or were aborted, each at the place of its low
 *	bits, until a later one of the same place; written under the reap_lock
 * @claimed: a NetDMA client has the channel of an engine that is not offered to
 *	dmaengine
 * @queue_head: where the next submitted one goes; the channel's lock
 * @marked: after the last submitted one that needs a follow-up; the channel's lock
 * @prepared: the next free one; prep moves it without a lock
 * @queue_tail: the oldest submitted one; the reap_lock
 */
struct netdma_dma_chan {
	struct netdma_channel channel;
	struct dma_chan chan;
	u32 generation;
	u32 mask;
	struct netdma_tx *txs;
	struct netdma_tx **queue;
	dma_cookie_t *failed;
	atomic_t claimed;

	u32 queue_head ____cacheline_aligned;
	u32 marked;
	atomic_t prepared ____cacheline_aligned;
	u32 queue_tail ____cacheline_aligned;
};

int netdma_dma_register(struct netdma_engine *engine);

/* --- engine.c: what one start of a provider makes --------------------------- */

/**
 * struct netdma_engine - a started provider, with its channels
 * @dma: dmaengine's device, unless NETDMA_PROVIDER_PRIVATE. Never registered
 *	twice: dmaengine counts references in it from the first registration to
 *	the release.
 * @ops: copy of the provider's callbacks, for channels outlive the provider
 * @attributes: what it was started with
 * @context: the provider's
 * @provider: valid while @node is in the list of engines
 * @dev: the engine's device, referenced
 * @numa_node: where that is
 * @owner: the module of its driver, which is kept while a client has a channel
 * @gone: it is not there any more
 * @broken: a channel of it is, and waits for its reset
 * @ref: of the provider while it is started, of dmaengine until the release,
 *	and of each client that has a channel other than through dmaengine
 * @node: in the list of engines while clients can ask for channels
 * @claim_lock: serialises claims through dmaengine
 * @claimant: the task that claims a channel through dmaengine for a NetDMA client
 * @arrival_work: tells clients that a channel has become free
 * @free_work: frees this
 * @debugfs: its folder
 * @chans: the channels
 */
struct netdma_engine {
	struct dma_device dma;
	struct netdma_provider_characteristics ops;
	struct netdma_provider_attributes attributes;
	void *context;
	struct netdma_provider *provider;
	struct device *dev;
	int numa_node;
	struct module *owner;
	bool gone;
	bool broken;
	struct kref ref;
	struct list_head node;
	struct mutex claim_lock;	/* see above */
	struct task_struct *claimant;
	struct work_struct arrival_work;
	struct work_struct free_work;
	struct dentry *debugfs;
	struct netdma_dma_chan chans[];
};

struct netdma_engine *
netdma_engine_start(struct netdma_provider *provider, void *context,
		    const struct netdma_provider_characteristics *ops,
		    const struct netdma_provider_attributes *attributes,
		    const struct netdma_channel_cpu_affinity *affinity);
void netdma_engine_withdraw(struct netdma_engine *engine);
void netdma_engine_stop(struct netdma_engine *engine);
void netdma_engine_power_down(struct netdma_engine *engine);
void netdma_engine_power_up(struct netdma_engine *engine);
void netdma_engine_gone(struct netdma_engine *engine);
void netdma_engine_put(struct netdma_engine *engine);
void netdma_engine_channel_freed(struct netdma_engine *engine);
struct netdma_channel *netdma_engine_claim(const struct netdma_channel_request *request);
void netdma_engine_unclaim(struct netdma_channel *chan, bool arrival);

/* The device that memory is mapped for, NULL if addresses are physical */
static inline struct device *netdma_channel_dma_dev(const struct netdma_channel *chan)
{
	return chan->flags & NETDMA_PROVIDER_PHYSICAL ? NULL : chan->dev;
}

/* --- provider.c, client.c: who is told what ---------------------------------- */

/**
 * struct netdma_announcement - what clients have been told of a provider
 * @node: in the list of providers
 * @info: what they are told
 * @attributes: of the started provider, from its arrival on
 * @state: the last of NETDMA_PROVIDER_REGISTERED, _ARRIVAL and _POWER_DOWN that
 *	holds
 */
struct netdma_announcement {
	struct list_head node;
	struct netdma_provider_info info;
	const struct netdma_provider_attributes *attributes;
	enum netdma_pnp_event state;
};

void netdma_clients_notify(struct netdma_announcement *announcement,
			   enum netdma_pnp_event event);
void netdma_clients_forget(struct netdma_announcement *announcement);
void netdma_provider_channel_arrival(struct work_struct *work);

/* --- debugfs.c: what people can see ------------------------------------------- */

void netdma_debugfs_add(struct netdma_engine *engine);
void netdma_debugfs_remove(struct netdma_engine *engine);
void netdma_debugfs_summary(struct seq_file *m, struct dma_device *dd);
void netdma_debugfs_init(void);
void netdma_debugfs_exit(void);

/* --- copy.c: what clients queue ---------------------------------------------- */

extern const struct netdma_owner_ops netdma_copies_owner_ops;

int netdma_copies_alloc(struct netdma_channel *chan, u32 ring_size);
void netdma_copies_free(struct netdma_channel *chan);

extern struct workqueue_struct *netdma_wq;
extern struct workqueue_struct *netdma_free_wq;
extern unsigned int netdma_ring_size;

#endif /* _NETDMA_CORE_H */
