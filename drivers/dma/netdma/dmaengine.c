// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: the dmaengine front end
 *
 * prep takes a software descriptor and nothing else: it touches no ring slot
 * and takes no lock. tx_submit writes the hardware descriptors and assigns the
 * cookie under one short lock, so ring order is cookie order whatever threads
 * do in between. Callbacks run in softirq context, in that order, with no lock
 * held.
 */
#include <linux/atomic.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/slab.h>

#include "netdma.h"
#include "trace.h"

/* Callbacks that one reap takes off the ring in one locked section */
#define NETDMA_REAP_BATCH	16

/* Cookies go from 1 to INT_MAX, and round. */
#define NETDMA_HALF_LAP		BIT(30)

enum netdma_tx_state {
	NETDMA_TX_SUBMITTED,
	NETDMA_TX_FAILED,
	NETDMA_TX_ABORTED,	/* submitted, then terminated: no callback */
	NETDMA_TX_PART,		/* stands for a slot of the next one that is none */
	NETDMA_TX_VOID,		/* never submitted */
};

/**
 * struct netdma_tx - a transaction
 * @txd: what the client sees
 * @size: bytes
 * @control: NETDMA_DESC_* of the last slot
 * @src: source address, or fill pattern
 * @dst: destination address
 * @generation: &netdma_dma_chan.generation when it was prepared, 0 if it is not
 * @more: while it is prepared: for several slots, its parts, one for each other slot
 * @end: once it is submitted: index after its last ring slot
 * @state: likewise, enum netdma_tx_state
 * @result: likewise, for callback_result if it has failed
 *
 * There is one for each ring slot, and a transaction has as many as it needs slots:
 * who has one may submit without looking for room. All of a ring of 1024 are 128 KiB.
 */
struct netdma_tx {
	struct dma_async_tx_descriptor txd;
	u32 size;
	u32 control;
	u64 src;
	dma_addr_t dst;
	union {
		struct netdma_tx *more;
		struct {
			u32 end;
			u8 state;
			u8 result;
		};
	};
	u32 generation;
};

static inline struct netdma_dma_chan *to_netdma_dma_chan(struct dma_chan *chan)
{
	return container_of(chan, struct netdma_dma_chan, chan);
}

static inline struct netdma_dma_chan *owner_of(struct netdma_channel *channel)
{
	return container_of(channel, struct netdma_dma_chan, channel);
}

static inline struct netdma_tx *to_netdma_tx(struct dma_async_tx_descriptor *txd)
{
	return container_of(txd, struct netdma_tx, txd);
}

/* --- the queue ------------------------------------------------------------ */

/*
 * All transactions go round in one array. From queue_tail on they are submitted, in
 * the order of the ring; from queue_head on they are being prepared, and their places
 * wait for whatever is submitted next; from prepared on they are free. What is reaped
 * is free where it is.
 */

/* How many can be taken; a ring has one slot less than it has transactions. */
static inline u32 netdma_free_count(struct netdma_dma_chan *dc, u32 prepared)
{
	/* Pairs with netdma_pass() */
	return dc->mask - (prepared - smp_load_acquire(&dc->queue_tail));
}

/*
 * Take one, without a lock. It is read before the exchange: afterwards its place may
 * be given to another, while the exchange proves that it was not yet.
 */
static inline struct netdma_tx *netdma_get(struct netdma_dma_chan *dc)
{
	int prepared = atomic_read(&dc->prepared);
	struct netdma_tx *tx;

	do {
		if (unlikely(!netdma_free_count(dc, prepared)))
			return NULL;
		tx = READ_ONCE(dc->queue[prepared & dc->mask]);
	} while (!atomic_try_cmpxchg(&dc->prepared, &prepared, prepared + 1));

	tx->more = NULL;
	return tx;
}

/* Submitted, into the next place that waits. The channel's lock. */
static inline void netdma_put(struct netdma_dma_chan *dc, struct netdma_tx *tx, u32 end)
{
	u32 head = dc->queue_head;

	tx->end = end;
	WRITE_ONCE(dc->queue[head & dc->mask], tx);
	/* The entry before the index; pairs with netdma_skip(), netdma_pop(), netdma_find() */
	smp_store_release(&dc->queue_head, head + 1);
}

/* --- reaping -------------------------------------------------------------- */

/**
 * struct netdma_finished - what is left to do for a transaction off the ring
 * @unmap: the client's mappings
 * @callback: the client's callback
 * @callback_result: the client's callback that takes a result
 * @param: for either
 * @result: for the latter
 */
struct netdma_finished {
	struct dmaengine_unmap_data *unmap;
	dma_async_tx_callback callback;
	dma_async_tx_callback_result callback_result;
	void *param;
	struct dmaengine_result result;
};

static inline bool netdma_tx_has_follow_up(const struct netdma_tx *tx)
{
	return tx->txd.callback || tx->txd.callback_result || tx->txd.unmap;
}

/* A NULL descriptor has a size, and copies nothing. */
static inline u32 netdma_tx_len(const struct netdma_tx *tx)
{
	return tx->control & NETDMA_DESC_NULL ? 0 : tx->size;
}

/* What is left to do for @tx, which is free afterwards. */
static void netdma_finish(const struct netdma_tx *tx, struct netdma_finished *finished)
{
	bool failed = tx->state == NETDMA_TX_FAILED;

	finished->unmap = tx->txd.unmap;
	finished->callback = NULL;
	finished->callback_result = NULL;
	if (tx->state != NETDMA_TX_ABORTED) {
		finished->callback = tx->txd.callback;
		finished->callback_result = tx->txd.callback_result;
	}
	finished->param = tx->txd.callback_param;
	finished->result.result = failed ? tx->result : DMA_TRANS_NOERROR;
	finished->result.residue = failed ? netdma_tx_len(tx) : 0;
}

static void netdma_follow_up(const struct netdma_finished *done)
{
	if (done->unmap)
		dmaengine_unmap_put(done->unmap);
	if (done->callback_result)
		done->callback_result(done->param, &done->result);
	else if (done->callback)
		done->callback(done->param);
}

/* How far is @cookie after @first? They count from 1 to INT_MAX. */
static u32 netdma_cookies_between(dma_cookie_t first, dma_cookie_t cookie)
{
	return cookie < first ? cookie - first + INT_MAX : cookie - first;
}

/* All before @tail is complete, and free. */
static inline void netdma_pass(struct netdma_dma_chan *dc, u32 tail)
{
	const struct netdma_tx *tx = dc->queue[(tail - 1) & dc->mask];

	/* After its failure was noted; pairs with netdma_tx_status() */
	smp_store_release(&dc->chan.completed_cookie, tx->txd.cookie);
	/* After the last look at them; pairs with netdma_free_count() */
	smp_store_release(&dc->queue_tail, tail);
}

/*
 * If nothing in the queue needs a follow-up, all that is finished is passed in one
 * step: where each transaction has one slot, that of the last one says how many are
 * not finished. Returns whether that was so, and all are passed. What is traced is not
 * passed here. The reap_lock.
 */
static inline bool netdma_skip(struct netdma_dma_chan *dc, u32 done)
{
	u32 tail = dc->queue_tail, head, ahead;

	/* The index before the entries; pairs with netdma_put() */
	head = smp_load_acquire(&dc->queue_head);
	/* The mark is among what was submitted since, or old, by any distance. */
	if (READ_ONCE(dc->marked) - tail - 1 < dc->mask || trace_netdma_complete_enabled())
		return false;
	if (tail == head)
		return true;

	ahead = dc->queue[(head - 1) & dc->mask]->end - done;
	if ((s32)ahead > 0) {
		if (ahead >= head - tail ||
		    !netdma_ring_reached(done, dc->queue[(head - ahead - 1) & dc->mask]->end))
			return false;
		head -= ahead;
	}
	netdma_pass(dc, head);
	return true;
}

/*
 * Take finished transactions off the queue: with @finished at most @max that
 * need a follow-up, which is stored there; without it, those up to the first
 * that needs one. Returns how many were stored, or whether there is one.
 */
static unsigned int netdma_pop(struct netdma_dma_chan *dc,
			       struct netdma_finished *finished, unsigned int max)
{
	u32 done, head, tail;
	struct netdma_tx *tx;
	dma_cookie_t cookie;
	unsigned int n = 0;
	bool more = false;

	lockdep_assert_held(&dc->channel.reap_lock);

	netdma_channel_update(&dc->channel);
	done = dc->channel.ring.done;
	netdma_skip(dc, done);
	tail = dc->queue_tail;
	/* The index before the entries; pairs with netdma_put() */
	head = smp_load_acquire(&dc->queue_head);

	for (; tail != head; tail++) {
		tx = dc->queue[tail & dc->mask];
		if (!netdma_ring_reached(done, tx->end))
			break;
		/* What is not submitted has none, whatever its client thinks. */
		if (tx->state > NETDMA_TX_ABORTED || !netdma_tx_has_follow_up(tx))
			continue;
		more = n == max;
		if (more)
			break;
		netdma_finish(tx, &finished[n++]);
	}
	if (tail != dc->queue_tail) {
		cookie = dc->queue[(tail - 1) & dc->mask]->txd.cookie;
		trace_netdma_complete(&dc->channel, cookie,
				      netdma_cookies_between(dc->chan.completed_cookie,
							     cookie));
		netdma_pass(dc, tail);
	}
	return finished ? n : more;
}

/*
 * Reap where callbacks may not run; leave those that have one to the tasklet. The
 * reap_lock.
 */
static inline void netdma_reap_silent(struct netdma_dma_chan *dc)
{
	netdma_channel_update(&dc->channel);
	if (likely(netdma_skip(dc, dc->channel.ring.done)))
		return;
	if (netdma_pop(dc, NULL, 0))
		tasklet_schedule(&dc->channel.reap_task);
}

static void netdma_dma_reap(struct netdma_channel *channel)
{
	struct netdma_finished finished[NETDMA_REAP_BATCH];
	struct netdma_dma_chan *dc = owner_of(channel);
	unsigned long flags;
	unsigned int i, n;

	do {
		spin_lock_irqsave(&channel->reap_lock, flags);
		n = netdma_pop(dc, finished, ARRAY_SIZE(finished));
		spin_unlock_irqrestore(&channel->reap_lock, flags);

		for (i = 0; i < n; i++)
			netdma_follow_up(&finished[i]);
	} while (n == ARRAY_SIZE(finished));
}

/* --- failures ------------------------------------------------------------- */

static void netdma_note_failure(struct netdma_dma_chan *dc, struct netdma_tx *tx)
{
	dma_cookie_t cookie = tx->txd.cookie;

	WRITE_ONCE(dc->failed[cookie & dc->mask], cookie);
}

static bool netdma_has_failed(struct netdma_dma_chan *dc, dma_cookie_t cookie)
{
	return READ_ONCE(dc->failed[cookie & dc->mask]) == cookie;
}

/* The oldest transaction in the queue that is not finished. Both locks. */
static u32 netdma_first_unfinished(struct netdma_dma_chan *dc)
{
	u32 i = dc->queue_tail;

	while (i != dc->queue_head &&
	       netdma_ring_reached(dc->channel.ring.done, dc->queue[i & dc->mask]->end))
		i++;
	return i;
}

/* What is prepared and not submitted is stale from now on. */
static void netdma_dma_abort(struct netdma_channel *channel, u32 end)
{
	struct netdma_dma_chan *dc = owner_of(channel);
	u32 i;

	for (i = netdma_first_unfinished(dc); i != dc->queue_head; i++) {
		struct netdma_tx *tx = dc->queue[i & dc->mask];

		if (tx->state == NETDMA_TX_SUBMITTED) {
			tx->state = NETDMA_TX_ABORTED;
			netdma_note_failure(dc, tx);
		}
		tx->end = end;
	}
	/* 0 is nobody's. */
	WRITE_ONCE(dc->generation, dc->generation + 1 ?: 1);
}

/* The transaction that entry @i is a part of */
static struct netdma_tx *netdma_whole(struct netdma_dma_chan *dc, u32 i)
{
	while (dc->queue[i & dc->mask]->state == NETDMA_TX_PART)
		i++;
	return dc->queue[i & dc->mask];
}

static u32 netdma_dma_fail(struct netdma_channel *channel, enum netdma_failure failure, s64 *copy)
{
	struct netdma_dma_chan *dc = owner_of(channel);
	u32 i = netdma_first_unfinished(dc);
	struct netdma_tx *tx;

	if (i == dc->queue_head)
		return channel->ring.done;

	tx = netdma_whole(dc, i);
	switch (failure) {
	case NETDMA_FAILURE_READ:
		tx->result = DMA_TRANS_READ_FAILED;
		break;
	case NETDMA_FAILURE_WRITE:
		tx->result = DMA_TRANS_WRITE_FAILED;
		break;
	default:
		tx->result = DMA_TRANS_ABORTED;
	}
	tx->state = NETDMA_TX_FAILED;
	netdma_note_failure(dc, tx);
	*copy = tx->txd.cookie;
	return tx->end;
}

static void netdma_dma_fail_all(struct netdma_channel *channel)
{
	struct netdma_dma_chan *dc = owner_of(channel);
	u32 i;

	for (i = netdma_first_unfinished(dc); i != dc->queue_head; i++) {
		struct netdma_tx *tx = dc->queue[i & dc->mask];

		if (tx->state == NETDMA_TX_SUBMITTED) {
			tx->state = NETDMA_TX_FAILED;
			tx->result = DMA_TRANS_ABORTED;
			netdma_note_failure(dc, tx);
		}
		tx->end = channel->ring.done;
	}
}

static void netdma_dma_progress(struct netdma_channel *channel, s64 *last, s64 *finished)
{
	struct netdma_dma_chan *dc = owner_of(channel);

	*last = dc->chan.cookie;
	*finished = dc->chan.completed_cookie;
}

static const struct netdma_owner_ops netdma_dma_owner_ops = {
	.reap = netdma_dma_reap,
	.abort = netdma_dma_abort,
	.fail = netdma_dma_fail,
	.fail_all = netdma_dma_fail_all,
	.progress = netdma_dma_progress,
};

/* --- submission ----------------------------------------------------------- */

/*
 * A transaction of @n slots, or of one when none is in sight: reap first. Nobody puts
 * what they have taken into the places of these under the channel's lock.
 */
static struct netdma_tx *netdma_get_slow(struct netdma_dma_chan *dc, u32 n)
{
	struct netdma_channel *channel = &dc->channel;
	struct netdma_tx *tx = NULL;
	unsigned long flags;
	int prepared;

	spin_lock_irqsave(&channel->lock, flags);
	spin_lock(&channel->reap_lock);
	netdma_reap_silent(dc);
	spin_unlock(&channel->reap_lock);

	prepared = atomic_read(&dc->prepared);
	do {
		if (netdma_free_count(dc, prepared) < n)
			goto unlock;
	} while (!atomic_try_cmpxchg(&dc->prepared, &prepared, prepared + n));

	while (n--) {
		struct netdma_tx *part = tx;

		tx = dc->queue[prepared++ & dc->mask];
		tx->more = part;
	}
unlock:
	spin_unlock_irqrestore(&channel->lock, flags);
	return tx;
}

static inline struct dma_async_tx_descriptor *
netdma_prepare(struct netdma_dma_chan *dc, struct netdma_tx *tx, u32 control, u64 src,
	       dma_addr_t dst, u32 size, unsigned long flags)
{
	control |= NETDMA_DESC_STATUS;
	if (flags & DMA_PREP_INTERRUPT)
		control |= NETDMA_DESC_INTERRUPT;
	if (flags & DMA_PREP_FENCE)
		control |= NETDMA_DESC_FENCE;

	tx->txd.flags = flags;
	tx->txd.cookie = -EBUSY;
	/* Whoever had it before may have left something there at any time. */
	tx->txd.callback = NULL;
	tx->txd.callback_result = NULL;
	tx->txd.unmap = NULL;
	tx->size = size;
	tx->control = control;
	tx->src = src;
	tx->dst = dst;
	/* All else before; pairs with netdma_reclaim_stale() */
	smp_store_release(&tx->generation, READ_ONCE(dc->generation));
	return &tx->txd;
}

static noinline struct dma_async_tx_descriptor *
netdma_prep_slow(struct netdma_dma_chan *dc, u32 control, u64 src, dma_addr_t dst, size_t len,
		 unsigned long flags)
{
	size_t slots = DIV_ROUND_UP(len, dc->channel.max_transfer);
	struct netdma_tx *tx;

	if (!len || len > U32_MAX || slots > dc->mask) {
		dev_warn_once(dc->channel.dev, "a transfer of %zu bytes cannot be done\n", len);
		return NULL;
	}
	tx = netdma_get_slow(dc, slots);
	return tx ? netdma_prepare(dc, tx, control, src, dst, len, flags) : NULL;
}

/* Any context, no lock. Inlined: the common case has nothing to save around a call. */
static __always_inline struct dma_async_tx_descriptor *
netdma_prep(struct dma_chan *chan, u32 control, u64 src, dma_addr_t dst, size_t len,
	    unsigned long flags)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(chan);
	struct netdma_tx *tx = NULL;

	if (unlikely(READ_ONCE(dc->channel.shut)))
		return NULL;

	if (likely(len - 1 < dc->channel.max_transfer))
		tx = netdma_get(dc);
	if (unlikely(!tx))
		return netdma_prep_slow(dc, control, src, dst, len, flags);
	return netdma_prepare(dc, tx, control, src, dst, len, flags);
}

static struct dma_async_tx_descriptor *
netdma_prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
		   unsigned long flags)
{
	return netdma_prep(chan, FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_COPY), src, dst, len,
			   flags);
}

static struct dma_async_tx_descriptor *
netdma_prep_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len,
		   unsigned long flags)
{
	return netdma_prep(chan, FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_FILL),
			   (u8)value * 0x0101010101010101ULL, dst, len, flags);
}

static struct dma_async_tx_descriptor *
netdma_prep_interrupt(struct dma_chan *chan, unsigned long flags)
{
	struct netdma_ring *ring = &to_netdma_dma_chan(chan)->channel.ring;
	dma_addr_t spare = ring->completion_dma + sizeof(*ring->completion);

	/* R-NULL-4: addresses that are valid, of memory that is nobody's */
	return netdma_prep(chan, NETDMA_DESC_NULL, spare, spare, 1, flags);
}

/* The parts of a transaction go before it. The channel's lock. */
static void netdma_put_parts(struct netdma_dma_chan *dc, struct netdma_tx *tx,
			     enum netdma_tx_state state, u32 end)
{
	struct netdma_tx *part;

	while ((part = tx->more)) {
		tx->more = part->more;
		part->txd.cookie = tx->txd.cookie;
		part->state = state;
		netdma_put(dc, part, end);
	}
}

/*
 * Write a transaction of several slots. Only the last one reports, and has the
 * fence: it speaks for everything before it.
 */
static u32 netdma_fill_split(struct netdma_dma_chan *dc, struct netdma_tx *tx)
{
	u32 op = tx->control & NETDMA_DESC_OP;
	bool copy = op == FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_COPY);
	struct netdma_ring *ring = &dc->channel.ring;
	u32 max = dc->channel.max_transfer;
	dma_addr_t dst = tx->dst;
	u32 size = tx->size;
	u64 src = tx->src;
	u32 end;

	for (; size > max; size -= max) {
		netdma_ring_fill(ring, max, op, src, dst);
		if (copy)
			src += max;
		dst += max;
	}
	end = netdma_ring_fill(ring, size, tx->control, src, dst);
	netdma_put_parts(dc, tx, NETDMA_TX_PART, end);
	return end;
}

/* Not submitted: it is free when all before it is. The channel's lock. */
static void netdma_void(struct netdma_dma_chan *dc, struct netdma_tx *tx)
{
	u32 end = dc->channel.ring.head;

	WRITE_ONCE(tx->generation, 0);
	tx->txd.cookie = dc->chan.cookie;
	netdma_put_parts(dc, tx, NETDMA_TX_VOID, end);
	tx->state = NETDMA_TX_VOID;
	netdma_put(dc, tx, end);
}

/* The channel's lock */
static dma_cookie_t netdma_tx_refuse(struct netdma_dma_chan *dc, struct netdma_tx *tx)
{
	bool stale = tx->generation != dc->generation;

	if (!tx->generation) {
		dev_warn_once(dc->channel.dev, "a descriptor was submitted twice\n");
		return -EINVAL;
	}
	netdma_void(dc, tx);
	return stale ? -ECANCELED : -ESHUTDOWN;
}

/*
 * The cookies begin a half of their lap. A failure in the same half is of the lap
 * before, and must not speak for a new copy; one in the other half may be of just
 * now. The channel's lock.
 */
static noinline dma_cookie_t netdma_half_lap(struct netdma_dma_chan *dc, dma_cookie_t cookie)
{
	bool wrapped = cookie < DMA_MIN_COOKIE;
	u32 i;

	for (i = 0; i <= dc->mask; i++) {
		bool first = dc->failed[i] < NETDMA_HALF_LAP;

		if (first == wrapped)
			WRITE_ONCE(dc->failed[i], 0);
	}
	return wrapped ? DMA_MIN_COOKIE : cookie;
}

static dma_cookie_t netdma_tx_submit(struct dma_async_tx_descriptor *txd)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(txd->chan);
	struct netdma_channel *channel = &dc->channel;
	struct netdma_tx *tx = to_netdma_tx(txd);
	dma_cookie_t cookie;
	unsigned long flags;
	u32 end;

	spin_lock_irqsave(&channel->lock, flags);
	if (unlikely(tx->generation != dc->generation || channel->shut)) {
		cookie = netdma_tx_refuse(dc, tx);
		goto unlock;
	}

	cookie = dc->chan.cookie + 1;
	if (unlikely(!(cookie & (NETDMA_HALF_LAP - 1))))
		cookie = netdma_half_lap(dc, cookie);
	txd->cookie = cookie;
	WRITE_ONCE(dc->chan.cookie, cookie);
	WRITE_ONCE(tx->generation, 0);

	if (likely(!tx->more))
		end = netdma_ring_fill(&channel->ring, tx->size, tx->control, tx->src, tx->dst);
	else
		end = netdma_fill_split(dc, tx);

	tx->state = NETDMA_TX_SUBMITTED;
	if (netdma_tx_has_follow_up(tx))
		WRITE_ONCE(dc->marked, dc->queue_head + 1);
	netdma_put(dc, tx, end);
	trace_netdma_submit(channel, cookie, 1);
unlock:
	spin_unlock_irqrestore(&channel->lock, flags);
	return cookie;
}

static void netdma_issue_pending(struct dma_chan *chan)
{
	netdma_channel_issue(&to_netdma_dma_chan(chan)->channel);
}

/* --- status and control --------------------------------------------------- */

/*
 * The transaction of a cookie that is not complete, NULL if it was never given. Each
 * in the queue has the cookie of the one before, or the next. The reap_lock.
 */
static noinline struct netdma_tx *netdma_find(struct netdma_dma_chan *dc, dma_cookie_t cookie)
{
	u32 tail = dc->queue_tail, low = tail, high, i, n;
	dma_cookie_t oldest;

	/* The index before the entries; pairs with netdma_put() */
	high = smp_load_acquire(&dc->queue_head);
	if (low == high)
		return NULL;

	oldest = dc->queue[tail & dc->mask]->txd.cookie;
	n = netdma_cookies_between(oldest, cookie);
	if (n > netdma_cookies_between(oldest, dc->queue[(high - 1) & dc->mask]->txd.cookie))
		return NULL;

	while (low != high) {
		i = low + (high - low) / 2;
		if (netdma_cookies_between(oldest, dc->queue[i & dc->mask]->txd.cookie) < n)
			low = i + 1;
		else
			high = i;
	}
	return netdma_whole(dc, low);
}

static enum dma_status netdma_tx_status(struct dma_chan *chan, dma_cookie_t cookie,
					struct dma_tx_state *state)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(chan);
	struct netdma_channel *channel = &dc->channel;
	enum dma_status status;
	unsigned long flags;
	struct netdma_tx *tx;
	dma_cookie_t last;
	u32 residue = 0;

	/* Before the note of a failure; pairs with netdma_pass() */
	last = smp_load_acquire(&chan->completed_cookie);
	status = dma_async_is_complete(cookie, last, READ_ONCE(chan->cookie));
	if (status != DMA_COMPLETE) {
		spin_lock_irqsave(&channel->reap_lock, flags);
		netdma_reap_silent(dc);
		status = dma_async_is_complete(cookie, chan->completed_cookie,
					       READ_ONCE(chan->cookie));
		if (status != DMA_COMPLETE) {
			status = DMA_COMPLETE;
			tx = netdma_find(dc, cookie);
			if (tx && !netdma_ring_reached(channel->ring.done, tx->end)) {
				status = READ_ONCE(channel->paused) ? DMA_PAUSED : DMA_IN_PROGRESS;
				residue = netdma_tx_len(tx);
			}
		}
		spin_unlock_irqrestore(&channel->reap_lock, flags);
	}
	if (unlikely(netdma_has_failed(dc, cookie))) {
		status = DMA_ERROR;
		residue = 0;
	}

	if (state) {
		state->last = READ_ONCE(chan->completed_cookie);
		state->used = READ_ONCE(chan->cookie);
		state->residue = residue;
		state->in_flight_bytes = 0;
	}
	return status;
}

static int netdma_dma_pause(struct dma_chan *chan)
{
	return netdma_channel_pause(&to_netdma_dma_chan(chan)->channel);
}

static int netdma_dma_resume(struct dma_chan *chan)
{
	return netdma_channel_resume(&to_netdma_dma_chan(chan)->channel);
}

static int netdma_dma_terminate_all(struct dma_chan *chan)
{
	netdma_channel_terminate(&to_netdma_dma_chan(chan)->channel);
	return 0;
}

/* Stale transactions that no one has submitted come back. */
static void netdma_reclaim_stale(struct netdma_dma_chan *dc)
{
	struct netdma_tx *tx;
	unsigned long flags;
	u32 generation, i;

	for (i = 0; i <= dc->mask; i++) {
		tx = &dc->txs[i];

		/* Before all else; pairs with netdma_prepare() */
		generation = smp_load_acquire(&tx->generation);
		if (!generation || generation == READ_ONCE(dc->generation))
			continue;

		/* A submission, which would be refused, does the same. */
		spin_lock_irqsave(&dc->channel.lock, flags);
		if (tx->generation && tx->generation != dc->generation)
			netdma_void(dc, tx);
		spin_unlock_irqrestore(&dc->channel.lock, flags);
	}
}

static void netdma_dma_synchronize(struct dma_chan *chan)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(chan);

	/* dmaengine synchronizes at every release, also that of a claim. */
	if (!dc->txs)
		return;

	netdma_channel_synchronize(&dc->channel);
	netdma_reclaim_stale(dc);
}

/* --- channels ------------------------------------------------------------- */

static void netdma_free_memory(struct netdma_dma_chan *dc)
{
	kvfree(dc->txs);
	kvfree(dc->queue);
	kvfree(dc->failed);
	dc->txs = NULL;
	dc->queue = NULL;
	dc->failed = NULL;
}

static int netdma_alloc_memory(struct netdma_dma_chan *dc, u32 size)
{
	u32 i;

	dc->mask = size - 1;
	dc->txs = kvcalloc(size, sizeof(*dc->txs), GFP_KERNEL);
	dc->queue = kvcalloc(size, sizeof(*dc->queue), GFP_KERNEL);
	dc->failed = kvcalloc(size, sizeof(*dc->failed), GFP_KERNEL);
	if (!dc->txs || !dc->queue || !dc->failed) {
		netdma_free_memory(dc);
		return -ENOMEM;
	}

	for (i = 0; i < size; i++) {
		dma_async_tx_descriptor_init(&dc->txs[i].txd, &dc->chan);
		dc->txs[i].txd.tx_submit = netdma_tx_submit;
		dc->queue[i] = &dc->txs[i];
	}
	dc->generation = 1;
	dc->marked = 0;
	dc->queue_head = 0;
	dc->queue_tail = 0;
	atomic_set(&dc->prepared, 0);
	dc->chan.cookie = DMA_MIN_COOKIE;
	dc->chan.completed_cookie = DMA_MIN_COOKIE;
	return 0;
}

/* May sleep; dmaengine holds its list mutex. */
static int netdma_alloc_chan_resources(struct dma_chan *chan)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(chan);
	int err;

	/* Claimed for a NetDMA client, which sees to the rest itself */
	if (READ_ONCE(dc->channel.engine->claimant) == current)
		return 1;

	err = netdma_alloc_memory(dc, netdma_ring_size);
	if (err)
		return err;

	err = netdma_channel_alloc(&dc->channel, netdma_ring_size, &netdma_dma_owner_ops, 0, -1);
	if (err) {
		netdma_free_memory(dc);
		return err;
	}
	return dc->mask;
}

/* May sleep. Can run after the provider has stopped, and after its removal. */
static void netdma_free_chan_resources(struct dma_chan *chan)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(chan);

	/* A claim, whose owner sees to the rest */
	if (!dc->txs)
		return;

	netdma_channel_free(&dc->channel);
	netdma_free_memory(dc);
	netdma_engine_channel_freed(dc->channel.engine);
}

/* Runs under dmaengine's list mutex: nothing of dmaengine may be called. */
static void netdma_dma_release(struct dma_device *dd)
{
	netdma_engine_put(container_of(dd, struct netdma_engine, dma));
}

/**
 * netdma_dma_register() - offer a started provider to dmaengine
 * @engine: the engine, which dmaengine references from now on
 *
 * Context: May sleep.
 * Return: 0, or what dmaengine answers.
 */
int netdma_dma_register(struct netdma_engine *engine)
{
	struct dma_device *dd = &engine->dma;
	u32 i;
	int err;

	dd->dev = engine->dev;
	INIT_LIST_HEAD(&dd->channels);
	dma_cap_set(DMA_MEMCPY, dd->cap_mask);
	dma_cap_set(DMA_INTERRUPT, dd->cap_mask);
	/* Without it dmaengine keeps every channel allocated once one client is there. */
	dma_cap_set(DMA_PRIVATE, dd->cap_mask);
	dd->residue_granularity = DMA_RESIDUE_GRANULARITY_DESCRIPTOR;
	dd->device_alloc_chan_resources = netdma_alloc_chan_resources;
	dd->device_free_chan_resources = netdma_free_chan_resources;
	dd->device_prep_dma_memcpy = netdma_prep_memcpy;
	dd->device_prep_dma_interrupt = netdma_prep_interrupt;
	dd->device_issue_pending = netdma_issue_pending;
	dd->device_tx_status = netdma_tx_status;
	dd->device_terminate_all = netdma_dma_terminate_all;
	dd->device_synchronize = netdma_dma_synchronize;
	dd->device_release = netdma_dma_release;
	dd->dbg_summary_show = netdma_debugfs_summary;
	if (engine->attributes.flags & NETDMA_PROVIDER_FILL) {
		dma_cap_set(DMA_MEMSET, dd->cap_mask);
		dd->device_prep_dma_memset = netdma_prep_memset;
	}
	if (engine->ops.suspend) {
		dd->device_pause = netdma_dma_pause;
		dd->device_resume = netdma_dma_resume;
	}

	for (i = 0; i < engine->attributes.channels; i++) {
		struct netdma_dma_chan *dc = &engine->chans[i];

		dc->chan.device = dd;
		list_add_tail(&dc->chan.device_node, &dd->channels);
	}

	kref_get(&engine->ref);
	err = dma_async_device_register(dd);
	if (err)
		netdma_engine_put(engine);
	return err;
}
