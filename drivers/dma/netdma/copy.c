// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: copies that a client queues on its channel
 *
 * Copies are numbered in the order of their descriptors, so how far the engine is
 * says how far the numbers are complete. Of a copy nothing is stored but where its
 * descriptors end, unless it has a callback, mappings, or bad luck.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/prefetch.h>
#include <linux/rcupdate.h>
#include <linux/scatterlist.h>
#include <linux/sched/task_stack.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "netdma.h"
#include "trace.h"

#define NETDMA_COPY_FLAGS	(NETDMA_COPY_FLUSH | NETDMA_COPY_FENCE)

/* Callbacks that one reap takes off the ring in one locked section */
#define NETDMA_REAP_BATCH	16

/* Page breaks are known to work for two whole pages of this size (R-PB-2, R-DESC-3). */
#define NETDMA_PAGE		SZ_4K

/* A note is a token and, in this many bits, its status. */
#define NETDMA_NOTE_STATUS	3

/**
 * struct netdma_copy_entry - a copy
 * @end: index after its last ring slot
 * @flags: NETDMA_ENTRY_*, none of a place that is free
 */
struct netdma_copy_entry {
	u32 end;
	u32 flags;
};

#define NETDMA_ENTRY_CALLBACK	BIT(0)
#define NETDMA_ENTRY_MAPPED	BIT(1)

/**
 * struct netdma_mapping - memory that was mapped for a copy
 * @dst_nents: length of the destination's list
 * @src_nents: length of the source's list
 * @sg: the destination's list, then the source's
 */
struct netdma_mapping {
	unsigned int dst_nents;
	unsigned int src_nents;
	struct scatterlist sg[];
};

/**
 * struct netdma_copy_extra - what only some copies have
 * @callback: with NETDMA_ENTRY_CALLBACK
 * @first: the first token that @callback speaks for
 * @mapping: with NETDMA_ENTRY_MAPPED
 */
struct netdma_copy_extra {
	struct netdma_callback callback;
	u64 first;
	struct netdma_mapping *mapping;
};

/**
 * struct netdma_copies - what a client has queued
 * @mask: number of places in each of the arrays - 1; a token's place is in its
 *	low bits
 * @page_break: descriptors may have page breaks
 * @entries: the copies
 * @extras: their callbacks and mappings
 * @notes: what has failed or was aborted, until a later copy of the same place
 *	has; written under both locks
 * @last: token of the copy queued last; the channel's lock
 * @marked: token of the last one that has a callback or mappings; the channel's lock
 * @limit: how far the ring's head may go until there is something to do: flush, or
 *	make room; the channel's lock
 * @max_pending: descriptors that may wait for a flush; the channel's lock
 * @completed: all tokens up to here are finished, their memory unmapped and
 *	their callbacks taken; the reap_lock
 * @noted: the highest token noted; both locks
 */
struct netdma_copies {
	u32 mask;
	bool page_break;
	struct netdma_copy_entry *entries;
	struct netdma_copy_extra *extras;
	u64 *notes;

	u64 last ____cacheline_aligned;
	u64 marked;
	u32 limit;
	u32 max_pending;

	u64 completed ____cacheline_aligned;
	u64 noted;
};

static inline struct netdma_copy_entry *netdma_entry(struct netdma_copies *copies, u64 token)
{
	return &copies->entries[token & copies->mask];
}

static inline struct netdma_copy_extra *netdma_extra(struct netdma_copies *copies, u64 token)
{
	return &copies->extras[token & copies->mask];
}

/* --- notes ---------------------------------------------------------------- */

/* What befalls a copy first is its status. Both locks. */
static void netdma_note(struct netdma_copies *copies, u64 token, enum netdma_copy_status status)
{
	u64 *note = &copies->notes[token & copies->mask];

	if (*note >> NETDMA_NOTE_STATUS == token)
		return;

	WRITE_ONCE(*note, token << NETDMA_NOTE_STATUS | status);
	WRITE_ONCE(copies->noted, max(copies->noted, token));
}

/* The status of a finished copy; none any more if its place has a later one's. */
static inline enum netdma_copy_status netdma_look_up(struct netdma_copies *copies, u64 token)
{
	u64 note;

	if (likely(token > READ_ONCE(copies->noted)))
		return NETDMA_COPY_DONE;

	note = READ_ONCE(copies->notes[token & copies->mask]);
	if (note >> NETDMA_NOTE_STATUS > token)
		return NETDMA_COPY_UNKNOWN;
	if (note >> NETDMA_NOTE_STATUS < token)
		return NETDMA_COPY_DONE;
	return note & GENMASK(NETDMA_NOTE_STATUS - 1, 0);
}

/* That of the first one that is not done, if there is one. The reap_lock. */
static enum netdma_copy_status netdma_look_up_first(struct netdma_copies *copies, u64 first,
						    u64 last)
{
	enum netdma_copy_status status = NETDMA_COPY_DONE;

	if (likely(copies->noted < first))
		return NETDMA_COPY_DONE;

	for (; first <= last && status == NETDMA_COPY_DONE; first++)
		status = netdma_look_up(copies, first);
	return status;
}

/* --- reaping -------------------------------------------------------------- */

static void netdma_unmap(struct netdma_channel *chan, struct netdma_mapping *mapping)
{
	struct device *dev = netdma_channel_dma_dev(chan);

	dma_unmap_sg(dev, mapping->sg, mapping->dst_nents, DMA_FROM_DEVICE);
	dma_unmap_sg(dev, mapping->sg + mapping->dst_nents, mapping->src_nents, DMA_TO_DEVICE);
	kfree(mapping);
}

/*
 * Is a copy finished that was not reaped yet? Who learns it may look at its data,
 * which can need the unmapping to get there. The reap_lock.
 */
static inline bool netdma_finished(struct netdma_channel *chan, u64 token)
{
	struct netdma_copies *copies = chan->copies;
	struct netdma_copy_entry *entry = netdma_entry(copies, token);

	if (!netdma_ring_reached(chan->ring.done, entry->end))
		return false;

	if (unlikely(entry->flags & NETDMA_ENTRY_MAPPED)) {
		netdma_unmap(chan, netdma_extra(copies, token)->mapping);
		entry->flags &= ~NETDMA_ENTRY_MAPPED;
	}
	return true;
}

/**
 * struct netdma_called - a callback to be made
 * @callback: which
 * @token: its copy, or the last one of its batch
 * @status: what to tell it
 */
struct netdma_called {
	struct netdma_callback callback;
	netdma_token_t token;
	enum netdma_copy_status status;
};

/*
 * If no copy in the queue has a callback or mappings, all that are finished are passed
 * in one step: where each of the others has one descriptor, that of the last one says
 * how many they are. Returns whether that was so, and all are taken. What is traced
 * is not passed here. The reap_lock.
 */
static inline bool netdma_skip(struct netdma_copies *copies, u32 done)
{
	u64 token = copies->completed, last;
	u32 ahead;

	/* The token before the entries; pairs with netdma_commit() */
	last = smp_load_acquire(&copies->last);
	if (unlikely(READ_ONCE(copies->marked) > token || trace_netdma_complete_enabled()))
		return false;

	ahead = netdma_entry(copies, last)->end - done;
	if ((s32)ahead > 0) {
		/* If one has more, they are fewer: what comes next is finished as well. */
		if (ahead >= last - token ||
		    netdma_ring_reached(done, netdma_entry(copies, last - ahead + 1)->end))
			return false;
		last -= ahead;
	}
	/* After the notes; pairs with netdma_status() */
	smp_store_release(&copies->completed, last);
	return true;
}

/*
 * Take finished copies off the queue: with @called up to @max that have a callback,
 * which is stored there; without it, those up to the first that has one. Returns how
 * many were stored, or whether there is one.
 */
static unsigned int netdma_take(struct netdma_channel *chan, struct netdma_called *called,
				unsigned int max)
{
	struct netdma_copies *copies = chan->copies;
	struct netdma_copy_extra *extra;
	unsigned int n = 0;
	bool more = false;
	u64 token, last;

	lockdep_assert_held(&chan->reap_lock);

	netdma_channel_update(chan);
	netdma_skip(copies, chan->ring.done);
	token = copies->completed;
	/* The token before the entries; pairs with netdma_commit() */
	last = smp_load_acquire(&copies->last);

	while (token != last && netdma_finished(chan, token + 1)) {
		if (netdma_entry(copies, token + 1)->flags & NETDMA_ENTRY_CALLBACK) {
			more = n == max;
			if (more)
				break;
			netdma_entry(copies, token + 1)->flags = 0;
			extra = netdma_extra(copies, token + 1);
			called[n].callback = extra->callback;
			called[n].token = token + 1;
			called[n].status = netdma_look_up_first(copies, extra->first, token + 1);
			n++;
		}
		token++;
	}

	trace_netdma_complete(chan, token, token - copies->completed);
	/* After the notes and the unmapping; pairs with netdma_status() */
	smp_store_release(&copies->completed, token);
	return called ? n : more;
}

/* Reap where callbacks may not run; leave those to the tasklet. The reap_lock. */
static __always_inline void netdma_take_silent(struct netdma_channel *chan)
{
	netdma_channel_update(chan);
	if (likely(netdma_skip(chan->copies, chan->ring.done)))
		return;
	if (netdma_take(chan, NULL, 0))
		tasklet_schedule(&chan->reap_task);
}

static void netdma_copies_reap(struct netdma_channel *chan)
{
	struct netdma_called called[NETDMA_REAP_BATCH];
	unsigned long flags;
	unsigned int i, n;

	do {
		spin_lock_irqsave(&chan->reap_lock, flags);
		n = netdma_take(chan, called, ARRAY_SIZE(called));
		spin_unlock_irqrestore(&chan->reap_lock, flags);

		for (i = 0; i < n; i++)
			called[i].callback.fn(called[i].callback.context, called[i].token,
					      called[i].status);
	} while (n == ARRAY_SIZE(called));
}

/* The first copy that is not finished, or the one that will be queued next. */
static u64 netdma_first_pending(struct netdma_channel *chan)
{
	struct netdma_copies *copies = chan->copies;
	u64 token = copies->completed + 1;
	u64 last;

	lockdep_assert_held(&chan->reap_lock);

	/* The token before the entries; pairs with netdma_commit() */
	last = smp_load_acquire(&copies->last);
	while (token <= last && netdma_finished(chan, token))
		token++;
	return token;
}

/* All that is pending ends with @status when the ring is done up to @end. Both locks. */
static void netdma_void(struct netdma_channel *chan, u32 end, enum netdma_copy_status status)
{
	struct netdma_copies *copies = chan->copies;
	u64 token;

	for (token = netdma_first_pending(chan); token <= copies->last; token++) {
		netdma_entry(copies, token)->end = end;
		netdma_note(copies, token, status);
	}
}

static void netdma_copies_abort(struct netdma_channel *chan, u32 end)
{
	netdma_void(chan, end, NETDMA_COPY_ABORTED);
	/* The head may go back there, and the places of the copies are not free yet. */
	chan->copies->limit = end;
}

static u32 netdma_copies_fail(struct netdma_channel *chan, enum netdma_failure failure,
			      s64 *copy)
{
	struct netdma_copies *copies = chan->copies;
	u64 token = netdma_first_pending(chan);
	enum netdma_copy_status status;

	if (token > copies->last)
		return chan->ring.done;

	switch (failure) {
	case NETDMA_FAILURE_READ:
		status = NETDMA_COPY_READ_FAILED;
		break;
	case NETDMA_FAILURE_WRITE:
		status = NETDMA_COPY_WRITE_FAILED;
		break;
	default:
		status = NETDMA_COPY_FAILED;
	}
	netdma_note(copies, token, status);
	*copy = token;
	return netdma_entry(copies, token)->end;
}

static void netdma_copies_fail_all(struct netdma_channel *chan)
{
	netdma_void(chan, chan->ring.done, NETDMA_COPY_FAILED);
}

static void netdma_copies_progress(struct netdma_channel *chan, s64 *last, s64 *finished)
{
	*last = chan->copies->last;
	*finished = chan->copies->completed;
}

const struct netdma_owner_ops netdma_copies_owner_ops = {
	.reap = netdma_copies_reap,
	.abort = netdma_copies_abort,
	.fail = netdma_copies_fail,
	.fail_all = netdma_copies_fail_all,
	.progress = netdma_copies_progress,
};

/* --- queueing ------------------------------------------------------------- */

static noinline int netdma_misuse(struct netdma_channel *chan, const char *what)
{
	dev_warn_ratelimited(chan->dev, "channel %u: a copy with %s\n", chan->id, what);
	return -EINVAL;
}

static inline bool netdma_wraps(dma_addr_t address, size_t len)
{
	return address + (len - 1) < address;
}

/* The same for every way to queue something */
static inline int netdma_check(struct netdma_channel *chan, u32 flags,
			       const struct netdma_callback *callback)
{
	if (unlikely(flags & ~NETDMA_COPY_FLAGS))
		return netdma_misuse(chan, "unknown flags");
	if (unlikely(callback && !callback->fn))
		return netdma_misuse(chan, "no function to call back");
	return 0;
}

/*
 * Is it one descriptor's, for sure? Nothing wraps around from the lower half of all
 * addresses.
 */
static inline bool netdma_is_single(const struct netdma_channel *chan, dma_addr_t dst,
				    dma_addr_t src, size_t len)
{
	return len - 1 < chan->max_transfer && !((dst | src) >> (BITS_PER_TYPE(dst) - 1));
}

/* How many slots does a copy take? 0 if it cannot be done. */
static u32 netdma_slots(struct netdma_channel *chan, dma_addr_t dst, dma_addr_t src, size_t len)
{
	size_t slots = DIV_ROUND_UP(len, chan->max_transfer);

	if (!len || netdma_wraps(dst, len) || netdma_wraps(src, len))
		return 0;
	return slots <= chan->copies->mask ? slots : 0;
}

/*
 * Every copy reports its completion, so one that fails is the first that has not
 * reported.
 */
static inline u32 netdma_control(u32 flags, const struct netdma_callback *callback)
{
	return NETDMA_DESC_STATUS | (callback ? NETDMA_DESC_INTERRUPT : 0) |
	       (flags & NETDMA_COPY_FENCE) * (NETDMA_DESC_FENCE / NETDMA_COPY_FENCE);
}

/* Set the limit. Returns how many slots are free, of those with a place for a copy. */
static u32 netdma_look_ahead(struct netdma_channel *chan)
{
	struct netdma_copies *copies = chan->copies;
	u64 completed = READ_ONCE(copies->completed);
	struct netdma_ring *ring = &chan->ring;
	u32 room;

	room = min_t(u64, copies->mask - (ring->head - netdma_entry(copies, completed)->end),
		     copies->mask - (copies->last - completed));
	copies->limit = ring->head +
			min(room, copies->max_pending - (ring->head - ring->issued));
	return room;
}

static int netdma_make_room(struct netdma_channel *chan, u32 slots)
{
	spin_lock(&chan->reap_lock);
	netdma_take_silent(chan);
	spin_unlock(&chan->reap_lock);
	if (slots <= netdma_look_ahead(chan))
		return 0;

	/* What waits for a flush would make room never. */
	netdma_channel_issue_locked(chan);
	return -EBUSY;
}

/*
 * May @slots descriptors be written, for that many copies or fewer? The channel's
 * lock.
 */
static inline int netdma_reserve(struct netdma_channel *chan, u32 slots)
{
	struct netdma_copies *copies = chan->copies;

	lockdep_assert_held(&chan->lock);

	if (unlikely(chan->shut))
		return -ESHUTDOWN;
	if (unlikely(copies->limit - chan->ring.head < slots))
		return netdma_make_room(chan, slots);
	return 0;
}

static inline void netdma_add(struct netdma_copies *copies, u64 token, u32 end)
{
	netdma_entry(copies, token)->end = end;
}

static void netdma_add_mapping(struct netdma_copies *copies, u64 token,
			       struct netdma_mapping *mapping)
{
	netdma_extra(copies, token)->mapping = mapping;
	netdma_entry(copies, token)->flags |= NETDMA_ENTRY_MAPPED;
	WRITE_ONCE(copies->marked, token);
}

/* For the copies from @first to @token */
static void netdma_add_callback(struct netdma_copies *copies, u64 first, u64 token,
				const struct netdma_callback *callback)
{
	struct netdma_copy_extra *extra = netdma_extra(copies, token);

	extra->callback = *callback;
	extra->first = first;
	netdma_entry(copies, token)->flags |= NETDMA_ENTRY_CALLBACK;
	WRITE_ONCE(copies->marked, token);
}

/* Also after each submission of @n copies that is traced */
static noinline void netdma_at_limit(struct netdma_channel *chan, u32 n)
{
	trace_netdma_submit(chan, chan->copies->last, n);
	if (chan->ring.head - chan->ring.issued >= chan->copies->max_pending)
		netdma_channel_issue_locked(chan);
	netdma_look_ahead(chan);
}

/*
 * The descriptors up to @end are written, and the @n copies up to @token in their
 * places. The channel's lock.
 */
static inline void netdma_commit(struct netdma_channel *chan, struct netdma_copies *copies,
				 u32 end, u64 token, u32 n, u32 flags)
{
	/* The entries before the token; pairs with netdma_skip(), netdma_take() */
	smp_store_release(&copies->last, token);

	if (unlikely((s32)(copies->limit - end) <= 0 || trace_netdma_submit_enabled()))
		netdma_at_limit(chan, n);
	if (flags & NETDMA_COPY_FLUSH)
		netdma_channel_issue_locked(chan);
}

/* How many slots do they take? 0 if they cannot be done. */
static u32 netdma_batch_slots(struct netdma_channel *chan, const struct netdma_copy *copy,
			      const struct netdma_copy *end)
{
	u32 slots, total = 0;

	for (; copy != end; copy++) {
		slots = netdma_slots(chan, copy->dst, copy->src, copy->len);
		total += slots;
		if (!slots || total > chan->copies->mask)
			return 0;
	}
	return total;
}

/* Write the descriptors of a copy; only the last one has the flags in @control. */
static u32 netdma_fill(struct netdma_channel *chan, struct netdma_copy copy, u32 control)
{
	u32 max = chan->max_transfer;

	for (; copy.len > max; copy.len -= max) {
		netdma_ring_fill(&chan->ring, max, 0, copy.src, copy.dst);
		copy.dst += max;
		copy.src += max;
	}
	return netdma_ring_fill(&chan->ring, copy.len, control, copy.src, copy.dst);
}

/* Copies of which some take more than one descriptor, or that cannot be done */
static noinline netdma_token_t
netdma_chain_odd(struct netdma_channel *chan, const struct netdma_copy *copies, unsigned int n,
		 u32 flags, const struct netdma_callback *callback)
{
	u32 slots = netdma_batch_slots(chan, copies, copies + n);
	netdma_token_t token;
	unsigned int i;
	unsigned long irq;
	u32 end;
	int err;

	err = netdma_check(chan, flags, callback);
	if (err)
		return err;
	if (!slots)
		return netdma_misuse(chan, n ? "a length that cannot be" : "nothing in its batch");

	spin_lock_irqsave(&chan->lock, irq);
	token = netdma_reserve(chan, slots);
	if (!token) {
		token = chan->copies->last;
		for (i = 0; i < n; i++) {
			end = netdma_fill(chan, copies[i],
					  netdma_control(flags, i == n - 1 ? callback : NULL));
			netdma_add(chan->copies, ++token, end);
		}
		if (callback)
			netdma_add_callback(chan->copies, token - n + 1, token, callback);
		netdma_commit(chan, chan->copies, end, token, n, flags);
	}
	spin_unlock_irqrestore(&chan->lock, irq);

	return token;
}

/*
 * The common cases: one descriptor for each copy. Inlined twice, for what has no
 * callback needs not keep one over the lock.
 */

static __always_inline netdma_token_t
netdma_chain_single(struct netdma_channel *chan, dma_addr_t dst, dma_addr_t src, size_t len,
		    u32 flags, const struct netdma_callback *callback)
{
	struct netdma_copies *copies;
	netdma_token_t token;
	unsigned long irq;
	u32 end;

	spin_lock_irqsave(&chan->lock, irq);
	token = netdma_reserve(chan, 1);
	if (likely(!token)) {
		copies = chan->copies;
		token = copies->last + 1;
		end = netdma_ring_fill(&chan->ring, len, netdma_control(flags, callback), src, dst);
		netdma_add(copies, token, end);
		if (callback)
			netdma_add_callback(copies, token, token, callback);
		netdma_commit(chan, copies, end, token, 1, flags);
	}
	spin_unlock_irqrestore(&chan->lock, irq);

	return token;
}

/* One that has a callback, or is not of one descriptor */
static noinline netdma_token_t
netdma_chain_called(struct netdma_channel *chan, dma_addr_t dst, dma_addr_t src, size_t len,
		    u32 flags, const struct netdma_callback *callback)
{
	const struct netdma_copy copy = { .dst = dst, .src = src, .len = len };

	if (unlikely(!callback || !callback->fn || flags & ~NETDMA_COPY_FLAGS ||
		     !netdma_is_single(chan, dst, src, len)))
		return netdma_chain_odd(chan, &copy, 1, flags, callback);
	return netdma_chain_single(chan, dst, src, len, flags, callback);
}

/*
 * 0 or less if there is one among them that is not, too many, or no room: then the
 * answer is netdma_chain_odd()'s.
 */
static __always_inline netdma_token_t
netdma_chain_singles(struct netdma_channel *chan, const struct netdma_copy *copy,
		     unsigned int n, u32 flags, const struct netdma_callback *callback)
{
	u32 control = netdma_control(flags, NULL);
	struct netdma_copy_entry *entries;
	struct netdma_descriptor *desc;
	struct netdma_copies *copies;
	netdma_token_t token;
	unsigned long irq;
	u32 head, end, mask;

	spin_lock_irqsave(&chan->lock, irq);
	token = netdma_reserve(chan, n);
	if (unlikely(token))
		goto unlock;

	copies = chan->copies;
	entries = copies->entries;
	mask = copies->mask;
	token = copies->last;
	desc = chan->ring.desc;
	head = chan->ring.head;
	end = head + n;
	do {
		if (unlikely(!netdma_is_single(chan, copy->dst, copy->src, copy->len))) {
			/* Nothing of it counts: the head is where it was. */
			token = 0;
			goto unlock;
		}
		netdma_descriptor_write(&desc[head++ & mask], copy->len, control, copy->src,
					copy->dst);
		token++;
		entries[(u32)token & mask].end = head;
		copy++;
	} while (head != end);
	chan->ring.head = end;

	if (callback) {
		desc[(end - 1) & mask].control = cpu_to_le32(netdma_control(flags, callback));
		netdma_add_callback(copies, token - n + 1, token, callback);
	}
	netdma_commit(chan, copies, end, token, n, flags);
unlock:
	spin_unlock_irqrestore(&chan->lock, irq);
	return token;
}

/* A batch that has a callback, or cannot be */
static noinline netdma_token_t
netdma_chain_batch_called(struct netdma_channel *chan, const struct netdma_copy *copies,
			  unsigned int n, u32 flags, const struct netdma_callback *callback)
{
	netdma_token_t token = 0;

	if (likely(callback && callback->fn && n && !(flags & ~NETDMA_COPY_FLAGS)))
		token = netdma_chain_singles(chan, copies, n, flags, callback);
	if (unlikely(token <= 0))
		return netdma_chain_odd(chan, copies, n, flags, callback);
	return token;
}

/**
 * netdma_chain_copy_dma() - queue a copy
 * @channel: the channel
 * @dst: where to, mapped for the channel's device (&struct netdma_channel_info)
 * @src: where from, likewise
 * @len: bytes; more than the engine does at once is split (R-DESC-4)
 * @flags: NETDMA_COPY_*
 * @callback: what to call when it is finished, or NULL
 *
 * Copies are begun in the order of their tokens, and finished in it as well. They
 * are handed to the engine by a flush, or when as many descriptors wait for one as
 * netdma_set_max_pending_descriptors() says. A failed copy fails alone.
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: the token of the copy; -EBUSY if there is no room now, when what waited
 * for a flush is flushed; -EINVAL for a copy that cannot be: no length, more than
 * the ring holds, a range that wraps around, an unknown flag, a callback without
 * function; -ESHUTDOWN after the provider's stop, or if the engine is gone.
 */
netdma_token_t netdma_chain_copy_dma(struct netdma_channel *channel, dma_addr_t dst,
				     dma_addr_t src, size_t len, u32 flags,
				     const struct netdma_callback *callback)
{
	if (callback || unlikely(flags & ~NETDMA_COPY_FLAGS ||
				 !netdma_is_single(channel, dst, src, len)))
		return netdma_chain_called(channel, dst, src, len, flags, callback);
	return netdma_chain_single(channel, dst, src, len, flags, NULL);
}
EXPORT_SYMBOL_GPL(netdma_chain_copy_dma);

/**
 * netdma_chain_copy_dma_batch() - queue copies, all or none
 * @channel: the channel
 * @copies: the copies
 * @n: how many
 * @flags: NETDMA_COPY_*; a fence is one of each copy
 * @callback: what to call, once, when all are finished, or NULL
 *
 * As that many calls of netdma_chain_copy_dma(), of which the last has the callback.
 * Each has a token and a status of its own.
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: the token of the last copy, the others have those before it; otherwise as
 * netdma_chain_copy_dma(), -EINVAL also for an empty batch.
 */
netdma_token_t netdma_chain_copy_dma_batch(struct netdma_channel *channel,
					   const struct netdma_copy *copies, unsigned int n,
					   u32 flags, const struct netdma_callback *callback)
{
	netdma_token_t token;

	if (callback || unlikely(!n || flags & ~NETDMA_COPY_FLAGS))
		return netdma_chain_batch_called(channel, copies, n, flags, callback);

	token = netdma_chain_singles(channel, copies, n, flags, NULL);
	if (unlikely(token <= 0))
		return netdma_chain_odd(channel, copies, n, flags, NULL);
	return token;
}
EXPORT_SYMBOL_GPL(netdma_chain_copy_dma_batch);

/**
 * netdma_null_transfer() - queue a copy of nothing
 * @channel: the channel
 * @flags: NETDMA_COPY_*
 * @callback: what to call when it is finished, or NULL
 *
 * It is finished when all before it is (R-NULL-2).
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: as netdma_chain_copy_dma().
 */
netdma_token_t netdma_null_transfer(struct netdma_channel *channel, u32 flags,
				    const struct netdma_callback *callback)
{
	u32 control = netdma_control(flags, callback) | NETDMA_DESC_NULL;
	struct netdma_ring *ring = &channel->ring;
	netdma_token_t token;
	unsigned long irq;
	dma_addr_t slot;
	u32 end;
	int err;

	err = netdma_check(channel, flags, callback);
	if (unlikely(err))
		return err;

	spin_lock_irqsave(&channel->lock, irq);
	token = netdma_reserve(channel, 1);
	if (likely(!token)) {
		token = channel->copies->last + 1;
		/* R-NULL-4: addresses that are valid, of memory that is nobody's */
		slot = netdma_ring_addr(ring, ring->head);
		end = netdma_ring_fill(ring, 1, control,
				       slot + offsetof(struct netdma_descriptor, user1),
				       slot + offsetof(struct netdma_descriptor, user2));
		netdma_add(channel->copies, token, end);
		if (callback)
			netdma_add_callback(channel->copies, token, token, callback);
		netdma_commit(channel, channel->copies, end, token, 1, flags);
	}
	spin_unlock_irqrestore(&channel->lock, irq);

	return token;
}
EXPORT_SYMBOL_GPL(netdma_null_transfer);

/* --- scattered memory ----------------------------------------------------- */

/**
 * struct netdma_cursor - a place in a scatterlist
 * @sg: the segment
 * @left: segments that are left, with this one
 * @offset: into the segment
 * @physical: the list is not mapped
 */
struct netdma_cursor {
	struct scatterlist *sg;
	unsigned int left;
	unsigned int offset;
	bool physical;
};

/**
 * struct netdma_piece - what one descriptor copies
 * @src: source address
 * @dst: destination address
 * @next_src: with NETDMA_DESC_SRC_BREAK
 * @next_dst: with NETDMA_DESC_DST_BREAK
 * @size: bytes
 * @control: the breaks
 */
struct netdma_piece {
	dma_addr_t src;
	dma_addr_t dst;
	dma_addr_t next_src;
	dma_addr_t next_dst;
	u32 size;
	u32 control;
};

static inline dma_addr_t netdma_cursor_addr(const struct netdma_cursor *at)
{
	return (at->physical ? sg_phys(at->sg) : sg_dma_address(at->sg)) + at->offset;
}

static inline unsigned int netdma_cursor_len(const struct netdma_cursor *at)
{
	return (at->physical ? at->sg->length : sg_dma_len(at->sg)) - at->offset;
}

static void netdma_cursor_next(struct netdma_cursor *at)
{
	at->sg = sg_next(at->sg);
	at->left--;
	at->offset = 0;
}

/* Go on by @size bytes, which are in this segment. */
static void netdma_cursor_advance(struct netdma_cursor *at, unsigned int size)
{
	if (size == netdma_cursor_len(at))
		netdma_cursor_next(at);
	else
		at->offset += size;
}

/* Length of a list; 0 if there is something wrong with it. */
static size_t netdma_cursor_total(struct netdma_cursor at)
{
	size_t total = 0;

	for (; at.left; netdma_cursor_next(&at)) {
		if (!at.sg)
			return 0;
		if (!netdma_cursor_len(&at) ||
		    netdma_wraps(netdma_cursor_addr(&at), netdma_cursor_len(&at)))
			return 0;
		total += netdma_cursor_len(&at);
	}
	return total;
}

/* Go on up to the first gap of either side, by @max at most. Returns how far. */
static u32 netdma_cursors_run(struct netdma_cursor *dst, struct netdma_cursor *src, u32 max)
{
	dma_addr_t dst_end = netdma_cursor_addr(dst);
	dma_addr_t src_end = netdma_cursor_addr(src);
	u32 run = 0;

	while (dst->left && run < max && netdma_cursor_addr(dst) == dst_end &&
	       netdma_cursor_addr(src) == src_end) {
		u32 part = min3(netdma_cursor_len(dst), netdma_cursor_len(src), max - run);

		netdma_cursor_advance(dst, part);
		netdma_cursor_advance(src, part);
		dst_end += part;
		src_end += part;
		run += part;
	}
	return run;
}

/*
 * A page was all that could go into a descriptor. If another one follows, on both
 * sides, page breaks take it in (R-PB-1): only whole pages are known to work.
 */
static void netdma_break_page(struct netdma_piece *piece, struct netdma_cursor *dst,
			      struct netdma_cursor *src)
{
	struct netdma_cursor dst_after = *dst, src_after = *src;

	piece->next_dst = netdma_cursor_addr(dst);
	piece->next_src = netdma_cursor_addr(src);
	if (!IS_ALIGNED(piece->dst | piece->src | piece->next_dst | piece->next_src, NETDMA_PAGE))
		return;
	if (netdma_cursors_run(&dst_after, &src_after, NETDMA_PAGE) != NETDMA_PAGE)
		return;

	*dst = dst_after;
	*src = src_after;
	piece->size += NETDMA_PAGE;
	if (piece->next_dst != piece->dst + NETDMA_PAGE)
		piece->control |= NETDMA_DESC_DST_BREAK;
	if (piece->next_src != piece->src + NETDMA_PAGE)
		piece->control |= NETDMA_DESC_SRC_BREAK;
}

/* The next descriptor's part, as large as it can be. */
static void netdma_next_piece(struct netdma_channel *chan, struct netdma_cursor *dst,
			      struct netdma_cursor *src, struct netdma_piece *piece)
{
	piece->dst = netdma_cursor_addr(dst);
	piece->src = netdma_cursor_addr(src);
	piece->size = netdma_cursors_run(dst, src, chan->max_transfer);
	piece->control = 0;
	if (chan->copies->page_break && piece->size == NETDMA_PAGE && dst->left)
		netdma_break_page(piece, dst, src);
}

/* How many slots does it take? 0 if it cannot be done. */
static u32 netdma_scattered_slots(struct netdma_channel *chan, struct netdma_cursor dst,
				  struct netdma_cursor src)
{
	size_t total = netdma_cursor_total(dst);
	struct netdma_piece piece;
	u32 slots = 0;

	if (!total || total != netdma_cursor_total(src))
		return 0;

	while (dst.left) {
		if (slots++ == chan->copies->mask)
			return 0;
		netdma_next_piece(chan, &dst, &src, &piece);
	}
	return slots;
}

static void netdma_fill_piece(struct netdma_ring *ring, const struct netdma_piece *piece,
			      u32 control)
{
	struct netdma_descriptor *desc = netdma_ring_slot(ring, ring->head);

	if (piece->control & NETDMA_DESC_SRC_BREAK)
		desc->next_src = cpu_to_le64(piece->next_src);
	if (piece->control & NETDMA_DESC_DST_BREAK)
		desc->next_dst = cpu_to_le64(piece->next_dst);
	netdma_ring_fill(ring, piece->size, piece->control | control, piece->src, piece->dst);
}

/* @mapping is the copy's if it is queued. */
static netdma_token_t netdma_chain_scattered(struct netdma_channel *chan,
					     struct netdma_cursor dst, struct netdma_cursor src,
					     u32 flags, const struct netdma_callback *callback,
					     struct netdma_mapping *mapping)
{
	u32 control = netdma_control(flags, callback);
	struct netdma_piece piece;
	netdma_token_t token;
	unsigned long irq;
	u32 slots;
	int err;

	err = netdma_check(chan, flags, callback);
	if (err)
		return err;
	slots = netdma_scattered_slots(chan, dst, src);
	if (!slots)
		return netdma_misuse(chan, "a length that cannot be");

	spin_lock_irqsave(&chan->lock, irq);
	token = netdma_reserve(chan, slots);
	if (!token) {
		token = chan->copies->last + 1;
		while (slots--) {
			netdma_next_piece(chan, &dst, &src, &piece);
			netdma_fill_piece(&chan->ring, &piece, slots ? 0 : control);
		}
		netdma_add(chan->copies, token, chan->ring.head);
		if (mapping)
			netdma_add_mapping(chan->copies, token, mapping);
		if (callback)
			netdma_add_callback(chan->copies, token, token, callback);
		netdma_commit(chan, chan->copies, chan->ring.head, token, 1, flags);
	}
	spin_unlock_irqrestore(&chan->lock, irq);

	return token;
}

/**
 * netdma_chain_copy_sg() - queue a copy of scattered memory
 * @channel: the channel
 * @dst: where to, mapped for the channel's device
 * @dst_nents: segments of it, as dma_map_sg() answered
 * @src: where from, likewise
 * @src_nents: likewise
 * @flags: NETDMA_COPY_*
 * @callback: what to call when it is finished, or NULL
 *
 * It is one copy, with one token, for any number of segments. Both lists have the
 * same length in bytes. They are not used after the call. If addresses of the
 * channel are physical, the lists need not be mapped: their pages are used.
 *
 * Where the provider can, two whole pages take one descriptor also if they are not
 * neighbours (R-PB-1).
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: as netdma_chain_copy_dma(), -EINVAL also for lengths that differ.
 */
netdma_token_t netdma_chain_copy_sg(struct netdma_channel *channel, struct scatterlist *dst,
				    unsigned int dst_nents, struct scatterlist *src,
				    unsigned int src_nents, u32 flags,
				    const struct netdma_callback *callback)
{
	bool physical = !netdma_channel_dma_dev(channel);
	struct netdma_cursor to = { .sg = dst, .left = dst_nents, .physical = physical };
	struct netdma_cursor from = { .sg = src, .left = src_nents, .physical = physical };

	return netdma_chain_scattered(channel, to, from, flags, callback, NULL);
}
EXPORT_SYMBOL_GPL(netdma_chain_copy_sg);

/* --- memory that is mapped here ------------------------------------------- */

/* Two lists, of a page in each segment. Only those of lengths that can be. */
static struct netdma_mapping *netdma_mapping_alloc(struct netdma_channel *chan,
						   size_t dst_offset, size_t src_offset,
						   size_t len)
{
	struct netdma_mapping *mapping;
	unsigned int dst_nents, src_nents;

	if (!netdma_slots(chan, 0, 0, len))
		return ERR_PTR(netdma_misuse(chan, "a length that cannot be"));

	dst_nents = PFN_UP(offset_in_page(dst_offset) + len);
	src_nents = PFN_UP(offset_in_page(src_offset) + len);
	mapping = kmalloc(struct_size(mapping, sg, (size_t)dst_nents + src_nents),
			  GFP_ATOMIC | __GFP_NOWARN);
	if (!mapping)
		return ERR_PTR(-ENOMEM);

	mapping->dst_nents = dst_nents;
	mapping->src_nents = src_nents;
	sg_init_table(mapping->sg, dst_nents);
	sg_init_table(mapping->sg + dst_nents, src_nents);
	return mapping;
}

/*
 * Map the lists, and queue their copy. The provider's stop waits by RCU for who has
 * found it here: nothing is mapped for a device that may have lost its driver.
 */
static netdma_token_t netdma_map_and_queue(struct netdma_channel *chan,
					   struct netdma_mapping *mapping, u32 flags,
					   const struct netdma_callback *callback)
{
	struct netdma_cursor dst = { .sg = mapping->sg, .left = mapping->dst_nents };
	struct netdma_cursor src = { .sg = mapping->sg + mapping->dst_nents,
				     .left = mapping->src_nents };
	struct device *dev = netdma_channel_dma_dev(chan);
	netdma_token_t token;

	if (READ_ONCE(chan->closing)) {
		kfree(mapping);
		return -ESHUTDOWN;
	}
	if (!dev) {
		dst.physical = true;
		src.physical = true;
		token = netdma_chain_scattered(chan, dst, src, flags, callback, NULL);
		kfree(mapping);
		return token;
	}

	dst.left = dma_map_sg(dev, dst.sg, mapping->dst_nents, DMA_FROM_DEVICE);
	if (!dst.left) {
		kfree(mapping);
		return -ENOMEM;
	}
	src.left = dma_map_sg(dev, src.sg, mapping->src_nents, DMA_TO_DEVICE);
	if (!src.left) {
		dma_unmap_sg(dev, dst.sg, mapping->dst_nents, DMA_FROM_DEVICE);
		kfree(mapping);
		return -ENOMEM;
	}

	token = netdma_chain_scattered(chan, dst, src, flags, callback, mapping);
	if (token < 0)
		netdma_unmap(chan, mapping);
	return token;
}

static netdma_token_t netdma_chain_mapping(struct netdma_channel *chan,
					   struct netdma_mapping *mapping, u32 flags,
					   const struct netdma_callback *callback)
{
	netdma_token_t token;

	rcu_read_lock();
	token = netdma_map_and_queue(chan, mapping, flags, callback);
	rcu_read_unlock();
	return token;
}

/* What goes beyond a page has to be in its folio. */
static bool netdma_page_holds(struct page *page, size_t offset, size_t len)
{
	struct folio *folio = page_folio(page);
	size_t size = folio_size(folio) - PAGE_SIZE * (page_to_pfn(page) - folio_pfn(folio));

	return offset <= size && len <= size - offset;
}

static void netdma_list_pages(struct scatterlist *sg, struct page *page, size_t offset,
			      size_t len)
{
	unsigned long pfn = page_to_pfn(page) + (offset >> PAGE_SHIFT);

	for (offset = offset_in_page(offset); len; offset = 0) {
		unsigned int part = min_t(size_t, len, PAGE_SIZE - offset);

		sg_set_page(sg++, pfn_to_page(pfn++), part, offset);
		len -= part;
	}
}

/**
 * netdma_chain_copy_page() - queue a copy from page to page
 * @channel: the channel
 * @dst: where to
 * @dst_offset: in bytes, into @dst
 * @src: where from
 * @src_offset: in bytes, into @src
 * @len: bytes; beyond a page only as far as its folio goes
 * @flags: NETDMA_COPY_*
 * @callback: what to call when it is finished, or NULL
 *
 * The pages are mapped for the copy, and unmapped when it is finished, before its
 * status says so and before its callback. That is noticed, without a callback, when
 * a status is asked, room is needed, or the channel is freed.
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: as netdma_chain_copy_dma(); -EINVAL also for what is not in the pages;
 * -ENOMEM if there is no memory, or no mapping to be had.
 */
netdma_token_t netdma_chain_copy_page(struct netdma_channel *channel, struct page *dst,
				      size_t dst_offset, struct page *src, size_t src_offset,
				      size_t len, u32 flags,
				      const struct netdma_callback *callback)
{
	struct netdma_mapping *mapping;

	if (!netdma_page_holds(dst, dst_offset, len) || !netdma_page_holds(src, src_offset, len))
		return netdma_misuse(channel, "memory beyond its page");

	mapping = netdma_mapping_alloc(channel, dst_offset, src_offset, len);
	if (IS_ERR(mapping))
		return PTR_ERR(mapping);

	netdma_list_pages(mapping->sg, dst, dst_offset, len);
	netdma_list_pages(mapping->sg + mapping->dst_nents, src, src_offset, len);
	return netdma_chain_mapping(channel, mapping, flags, callback);
}
EXPORT_SYMBOL_GPL(netdma_chain_copy_page);

/* The page of memory that can be mapped: neither this stack nor a device's. */
static struct page *netdma_virt_page(const void *address)
{
	struct page *page;

	if (object_is_on_stack(address))
		return NULL;
	if (!is_vmalloc_addr(address))
		return virt_addr_valid(address) ? virt_to_page(address) : NULL;

	page = vmalloc_to_page(address);
	return page && pfn_valid(page_to_pfn(page)) ? page : NULL;
}

static bool netdma_list_virt(struct scatterlist *sg, const void *address, size_t len)
{
	while (len) {
		unsigned int offset = offset_in_page(address);
		unsigned int part = min_t(size_t, len, PAGE_SIZE - offset);
		struct page *page = netdma_virt_page(address);

		if (!page)
			return false;
		sg_set_page(sg++, page, part, offset);
		address += part;
		len -= part;
	}
	return true;
}

/**
 * netdma_chain_copy_virt() - queue a copy from memory to memory of the kernel
 * @channel: the channel
 * @dst: where to: of the linear map, or vmalloc; not the stack
 * @src: where from, likewise
 * @len: bytes
 * @flags: NETDMA_COPY_*
 * @callback: what to call when it is finished, or NULL
 *
 * As netdma_chain_copy_page(), for addresses. Memory that shares a cache line with
 * @dst must not be written meanwhile.
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: as netdma_chain_copy_page(); -EINVAL also for other addresses.
 */
netdma_token_t netdma_chain_copy_virt(struct netdma_channel *channel, void *dst,
				      const void *src, size_t len, u32 flags,
				      const struct netdma_callback *callback)
{
	struct netdma_mapping *mapping;

	mapping = netdma_mapping_alloc(channel, offset_in_page(dst), offset_in_page(src), len);
	if (IS_ERR(mapping))
		return PTR_ERR(mapping);

	if (!netdma_list_virt(mapping->sg, dst, len) ||
	    !netdma_list_virt(mapping->sg + mapping->dst_nents, src, len)) {
		kfree(mapping);
		return netdma_misuse(channel, "memory that cannot be mapped");
	}
	return netdma_chain_mapping(channel, mapping, flags, callback);
}
EXPORT_SYMBOL_GPL(netdma_chain_copy_virt);

/* --- flushing ------------------------------------------------------------- */

/**
 * netdma_flush() - hand to the engine what is queued
 * @channel: the channel
 *
 * While the channel is suspended, or is being aborted, the request is kept.
 *
 * Context: Any. Concurrent calls are serialised.
 */
void netdma_flush(struct netdma_channel *channel)
{
	netdma_channel_issue(channel);
}
EXPORT_SYMBOL_GPL(netdma_flush);

/**
 * netdma_set_max_pending_descriptors() - set how many may wait for a flush
 * @channel: the channel
 * @max: descriptors, 1 to the channel's capacity; half of that after allocation
 *
 * When there are as many, they are flushed.
 *
 * Context: Any. Concurrent calls are serialised.
 * Return: 0; -EINVAL for another number; -ESHUTDOWN as netdma_chain_copy_dma().
 */
int netdma_set_max_pending_descriptors(struct netdma_channel *channel, u32 max)
{
	struct netdma_copies *copies = channel->copies;
	int err = -ESHUTDOWN;
	unsigned long irq;

	if (!max || max > copies->mask)
		return -EINVAL;

	spin_lock_irqsave(&channel->lock, irq);
	if (!channel->shut) {
		WRITE_ONCE(copies->max_pending, max);
		netdma_at_limit(channel, 0);
		err = 0;
	}
	spin_unlock_irqrestore(&channel->lock, irq);

	return err;
}
EXPORT_SYMBOL_GPL(netdma_set_max_pending_descriptors);

/**
 * netdma_get_max_pending_descriptors() - get how many may wait for a flush
 * @channel: the channel
 *
 * Context: Any.
 * Return: the number.
 */
u32 netdma_get_max_pending_descriptors(struct netdma_channel *channel)
{
	return READ_ONCE(channel->copies->max_pending);
}
EXPORT_SYMBOL_GPL(netdma_get_max_pending_descriptors);

/**
 * netdma_prefetch_next_descriptor() - get ready for the next copy
 * @channel: the channel
 *
 * Brings into the cache what queueing a copy writes. Worth it some time before.
 *
 * Context: Any.
 */
void netdma_prefetch_next_descriptor(struct netdma_channel *channel)
{
	struct netdma_copies *copies = channel->copies;
	struct netdma_ring *ring = &channel->ring;

	/* Somebody may be queueing: any slot will do. */
	prefetchw(netdma_ring_slot(ring, data_race(ring->head)));
	prefetchw(netdma_entry(copies, READ_ONCE(copies->last) + 1));
}
EXPORT_SYMBOL_GPL(netdma_prefetch_next_descriptor);

/* --- status --------------------------------------------------------------- */

/* Of a copy that is not known to be finished, or has never been queued */
static __always_inline enum netdma_copy_status
netdma_look_again(struct netdma_channel *chan, u64 token)
{
	enum netdma_copy_status status = NETDMA_COPY_PENDING;
	struct netdma_copies *copies = chan->copies;
	unsigned long irq;

	spin_lock_irqsave(&chan->reap_lock, irq);
	netdma_take_silent(chan);
	/* It is finished, too, if only callbacks of others are waited for. */
	if (likely(token <= copies->completed) || token < netdma_first_pending(chan))
		status = netdma_look_up(copies, token);
	else if (token > READ_ONCE(copies->last))
		status = NETDMA_COPY_UNKNOWN;
	spin_unlock_irqrestore(&chan->reap_lock, irq);

	return status;
}

static __always_inline enum netdma_copy_status
netdma_status(struct netdma_channel *chan, netdma_token_t token)
{
	struct netdma_copies *copies = chan->copies;
	enum netdma_copy_status status;

	if (unlikely(token <= 0))
		return NETDMA_COPY_UNKNOWN;
	/* Before the notes; pairs with netdma_skip(), netdma_take() */
	if (token > smp_load_acquire(&copies->completed))
		return netdma_look_again(chan, token);

	status = netdma_look_up(copies, token);
	/* A note of the place's next copy comes after the token of that. */
	smp_rmb();
	if (unlikely((u64)READ_ONCE(copies->last) - token > copies->mask))
		return NETDMA_COPY_UNKNOWN;
	return status;
}

/**
 * netdma_get_copy_status() - what has become of a copy
 * @channel: the channel
 * @token: the copy
 *
 * All but NETDMA_COPY_PENDING is final: the engine does not access the copy's
 * memory any more, and what was mapped for it is unmapped. Of an aborted copy that
 * is so when the engine is known to have stopped. Callbacks are not run from here.
 *
 * Works after the provider's stop, too.
 *
 * Context: Any. Takes no lock for a copy that is known to be finished.
 * Return: the status; NETDMA_COPY_UNKNOWN if no copy has that token, or as many
 * have been queued after it as the ring has descriptors.
 */
enum netdma_copy_status netdma_get_copy_status(struct netdma_channel *channel,
					       netdma_token_t token)
{
	return netdma_status(channel, token);
}
EXPORT_SYMBOL_GPL(netdma_get_copy_status);

/**
 * netdma_is_copy_complete() - is a copy complete?
 * @channel: the channel
 * @token: the copy
 *
 * Context: Any. Takes no lock for a copy that is known to be finished.
 * Return: 1 if it is, 0 if it is pending; -EIO if it has failed, -ECANCELED if it
 * was aborted, -EINVAL if it is not known: see netdma_get_copy_status().
 */
int netdma_is_copy_complete(struct netdma_channel *channel, netdma_token_t token)
{
	switch (netdma_status(channel, token)) {
	case NETDMA_COPY_PENDING:
		return 0;
	case NETDMA_COPY_DONE:
		return 1;
	case NETDMA_COPY_ABORTED:
		return -ECANCELED;
	case NETDMA_COPY_UNKNOWN:
		return -EINVAL;
	default:
		return -EIO;
	}
}
EXPORT_SYMBOL_GPL(netdma_is_copy_complete);

/* --- control -------------------------------------------------------------- */

/**
 * netdma_suspend() - stop executing between two descriptors
 * @channel: the channel
 * @last: stores the token of the last finished copy, 0 if there is none; or NULL
 *
 * Copies up to @last are finished, and those after it are pending until
 * netdma_resume(), unless they were aborted. Copies can be queued and flushed
 * meanwhile.
 *
 * Context: Any; polls for the end of the current descriptor. Concurrent calls are
 * allowed.
 * Return: 0, also if the channel is suspended; -EBUSY while another caller suspends
 * it; -EOPNOTSUPP if the provider cannot; -ESHUTDOWN as netdma_chain_copy_dma().
 */
int netdma_suspend(struct netdma_channel *channel, netdma_token_t *last)
{
	unsigned long irq;
	int err;

	err = netdma_channel_pause(channel);
	if (err || !last)
		return err;

	spin_lock_irqsave(&channel->reap_lock, irq);
	netdma_channel_update(channel);
	*last = netdma_first_pending(channel) - 1;
	spin_unlock_irqrestore(&channel->reap_lock, irq);

	return 0;
}
EXPORT_SYMBOL_GPL(netdma_suspend);

/**
 * netdma_resume() - go on after netdma_suspend()
 * @channel: the channel
 *
 * Context: Any. Concurrent calls are allowed.
 * Return: 0; -EINVAL if the channel is not suspended; -EBUSY while it is being
 * suspended; -EOPNOTSUPP and -ESHUTDOWN as netdma_suspend().
 */
int netdma_resume(struct netdma_channel *channel)
{
	if (!channel->ops->resume)
		return -EOPNOTSUPP;
	return netdma_channel_resume(channel);
}
EXPORT_SYMBOL_GPL(netdma_resume);

/**
 * netdma_abort() - have nothing more of what is queued executed
 * @channel: the channel
 *
 * Does not wait: the engine may go on for a moment. What it has not completed ends
 * as NETDMA_COPY_ABORTED once it is known to have stopped, which is when the memory
 * can be used again: then the status says so, and callbacks are made. A suspension
 * ends. Copies queued from now on are executed after that.
 *
 * Context: Any, callbacks included. Concurrent calls are allowed.
 * Return: 0; -ESHUTDOWN after the provider's stop, or if the engine is gone, when
 * all is finished anyway.
 */
int netdma_abort(struct netdma_channel *channel)
{
	netdma_channel_terminate(channel);
	return READ_ONCE(channel->state) == NETDMA_CHANNEL_DEAD ? -ESHUTDOWN : 0;
}
EXPORT_SYMBOL_GPL(netdma_abort);

/**
 * netdma_reset() - abort, and bring the engine back to where it began
 * @channel: the channel
 *
 * When this returns, all that was queued before is finished and called back, the
 * engine does not access anything of it any more (R-RESET-3), and the channel is as
 * after its allocation (R-RESET-2). Tokens count on.
 *
 * Context: May sleep. Not from a callback of the channel. Concurrent calls are
 * allowed.
 * Return: 0; -ESHUTDOWN as netdma_abort().
 */
int netdma_reset(struct netdma_channel *channel)
{
	return netdma_channel_reset(channel);
}
EXPORT_SYMBOL_GPL(netdma_reset);

/* --- channels ------------------------------------------------------------- */

/**
 * netdma_copies_alloc() - get ready for the copies of a client
 * @chan: a channel that is not allocated yet
 * @ring_size: slots that its ring is going to have
 *
 * Context: May sleep.
 * Return: 0, or -ENOMEM.
 */
int netdma_copies_alloc(struct netdma_channel *chan, u32 ring_size)
{
	struct netdma_copies *copies;

	copies = kzalloc(sizeof(*copies), GFP_KERNEL);
	if (!copies)
		return -ENOMEM;

	chan->copies = copies;
	copies->mask = ring_size - 1;
	copies->max_pending = copies->mask / 2;
	copies->page_break = chan->flags & NETDMA_PROVIDER_PAGE_BREAK &&
			     chan->max_transfer >= 2 * NETDMA_PAGE;
	copies->entries = kvcalloc(ring_size, sizeof(*copies->entries), GFP_KERNEL);
	copies->extras = kvcalloc(ring_size, sizeof(*copies->extras), GFP_KERNEL);
	copies->notes = kvcalloc(ring_size, sizeof(*copies->notes), GFP_KERNEL);
	if (!copies->entries || !copies->extras || !copies->notes) {
		netdma_copies_free(chan);
		return -ENOMEM;
	}
	return 0;
}

/**
 * netdma_copies_free() - undo netdma_copies_alloc()
 * @chan: a channel that is free, or was not allocated
 *
 * Context: May sleep.
 */
void netdma_copies_free(struct netdma_channel *chan)
{
	struct netdma_copies *copies = chan->copies;

	chan->copies = NULL;
	kvfree(copies->entries);
	kvfree(copies->extras);
	kvfree(copies->notes);
	kfree(copies);
}
