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
#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/slab.h>

#include "netdma.h"

/* Callbacks that one reap takes off the ring in one locked section */
#define NETDMA_REAP_BATCH	16

enum netdma_tx_state {
	NETDMA_TX_FREE,
	NETDMA_TX_PREPARED,
	NETDMA_TX_SUBMITTED,
	NETDMA_TX_ABORTED,	/* submitted, then terminated: no callback */
};

/**
 * struct netdma_tx - a transaction
 * @txd: what the client sees
 * @state: enum netdma_tx_state
 * @result: what callback_result is told
 * @generation: &netdma_dma_chan.generation when it was prepared
 * @end: index after the last ring slot, set at submission
 * @slots: ring slots needed
 * @control: NETDMA_DESC_* of the last slot
 * @len: bytes
 * @src: source address, or fill pattern
 * @dst: destination address
 * @more: further entries of the free ring that a transaction of several slots
 *	holds
 *
 * There is one for each usable ring slot, and a transaction holds as many as it
 * needs slots: who has one may submit without looking for room.
 */
struct netdma_tx {
	struct dma_async_tx_descriptor txd;
	u8 state;
	u8 result;
	u32 generation;
	u32 end;
	u32 slots;
	u32 control;
	u32 len;
	u64 src;
	dma_addr_t dst;
	struct netdma_tx *more;
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

/* Is index @end of the ring reached at @done? Both run freely. */
static inline bool netdma_tx_finished(u32 done, u32 end)
{
	return (s32)(done - end) >= 0;
}

/* --- free transactions ---------------------------------------------------- */

/* The reap_lock. Not visible to prep before netdma_free_publish(). */
static void netdma_free_put(struct netdma_dma_chan *dc, struct netdma_tx *tx, u32 *tail)
{
	while (tx) {
		struct netdma_tx *more = tx->more;

		WRITE_ONCE(tx->state, NETDMA_TX_FREE);
		WRITE_ONCE(dc->free[(*tail)++ & dc->mask], tx);
		tx = more;
	}
}

static inline void netdma_free_publish(struct netdma_dma_chan *dc, u32 tail)
{
	/* Entries before the index; pairs with netdma_free_get() */
	smp_store_release(&dc->free_tail, tail);
}

/*
 * Take an entry, without a lock. It is read before the exchange: afterwards its
 * place may be given to another, while the exchange proves that it was not yet.
 */
static struct netdma_tx *netdma_free_get(struct netdma_dma_chan *dc)
{
	int head = atomic_read(&dc->free_head);
	struct netdma_tx *tx;

	do {
		/* The index before the entry; pairs with netdma_free_publish() */
		if (smp_load_acquire(&dc->free_tail) == (u32)head)
			return NULL;
		tx = READ_ONCE(dc->free[head & dc->mask]);
	} while (!atomic_try_cmpxchg(&dc->free_head, &head, head + 1));

	tx->more = NULL;
	return tx;
}

/* Take @n entries, all or none. The reap_lock. */
static struct netdma_tx *netdma_free_get_many(struct netdma_dma_chan *dc, u32 n)
{
	u32 tail = dc->free_tail;
	struct netdma_tx *tx, *next;

	tx = netdma_free_get(dc);
	while (tx && --n) {
		next = netdma_free_get(dc);
		if (!next) {
			netdma_free_put(dc, tx, &tail);
			netdma_free_publish(dc, tail);
			return NULL;
		}
		next->more = tx->more;
		tx->more = next;
	}
	return tx;
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

static void netdma_follow_up(const struct netdma_finished *done)
{
	if (done->unmap)
		dmaengine_unmap_put(done->unmap);
	if (done->callback_result)
		done->callback_result(done->param, &done->result);
	else if (done->callback)
		done->callback(done->param);
}

/*
 * Take finished transactions off the queue: with @finished at most @max that
 * need a follow-up, which is stored there; without it, those up to the first
 * that needs one. Returns how many were stored, or would have to be.
 */
static unsigned int netdma_pop(struct netdma_dma_chan *dc,
			       struct netdma_finished *finished, unsigned int max)
{
	u32 done, head, tail, free_tail;
	struct netdma_tx *tx = NULL;
	unsigned int n = 0;

	lockdep_assert_held(&dc->channel.reap_lock);

	netdma_channel_update(&dc->channel);
	done = dc->channel.ring.done;
	/* The index before the entries; pairs with netdma_tx_submit() */
	head = smp_load_acquire(&dc->queue_head);
	tail = dc->queue_tail;
	free_tail = dc->free_tail;

	while (tail != head) {
		tx = dc->queue[tail & dc->mask];
		if (!netdma_tx_finished(done, tx->end))
			break;
		if (netdma_tx_has_follow_up(tx)) {
			if (n == max)
				break;
			finished[n].unmap = tx->txd.unmap;
			finished[n].callback = NULL;
			finished[n].callback_result = NULL;
			if (tx->state != NETDMA_TX_ABORTED) {
				finished[n].callback = tx->txd.callback;
				finished[n].callback_result = tx->txd.callback_result;
			}
			finished[n].param = tx->txd.callback_param;
			finished[n].result.result = tx->result;
			finished[n].result.residue = tx->result ? tx->len : 0;
			n++;
		}
		/* After its failure was noted; pairs with netdma_tx_status() */
		smp_store_release(&dc->chan.completed_cookie, tx->txd.cookie);
		netdma_free_put(dc, tx, &free_tail);
		tail++;
	}
	if (tail != dc->queue_tail) {
		dc->queue_tail = tail;
		netdma_free_publish(dc, free_tail);
	}

	if (!finished)
		n = tail != head && netdma_tx_finished(done, tx->end);
	return n;
}

/* Reap where callbacks may not run; leave those that have one to the tasklet. */
static void netdma_reap_silent(struct netdma_dma_chan *dc)
{
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
	       netdma_tx_finished(dc->channel.ring.done, dc->queue[i & dc->mask]->end))
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
	WRITE_ONCE(dc->generation, dc->generation + 1);
}

static u32 netdma_dma_fail(struct netdma_channel *channel, enum netdma_failure failure)
{
	struct netdma_dma_chan *dc = owner_of(channel);
	u32 i = netdma_first_unfinished(dc);
	struct netdma_tx *tx;

	if (i == dc->queue_head)
		return channel->ring.done;

	tx = dc->queue[i & dc->mask];
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
	netdma_note_failure(dc, tx);
	return tx->end;
}

static void netdma_dma_fail_all(struct netdma_channel *channel)
{
	struct netdma_dma_chan *dc = owner_of(channel);
	u32 i;

	for (i = netdma_first_unfinished(dc); i != dc->queue_head; i++) {
		struct netdma_tx *tx = dc->queue[i & dc->mask];

		if (tx->state == NETDMA_TX_SUBMITTED) {
			tx->result = DMA_TRANS_ABORTED;
			netdma_note_failure(dc, tx);
		}
		tx->end = channel->ring.done;
	}
}

static const struct netdma_owner_ops netdma_dma_owner_ops = {
	.reap = netdma_dma_reap,
	.abort = netdma_dma_abort,
	.fail = netdma_dma_fail,
	.fail_all = netdma_dma_fail_all,
};

/* --- submission ----------------------------------------------------------- */

/* Several entries, or one when there is none in sight: reap first. */
static struct netdma_tx *netdma_free_get_slow(struct netdma_dma_chan *dc, u32 n)
{
	struct netdma_channel *channel = &dc->channel;
	struct netdma_tx *tx;
	unsigned long flags;

	spin_lock_irqsave(&channel->reap_lock, flags);
	netdma_reap_silent(dc);
	tx = netdma_free_get_many(dc, n);
	spin_unlock_irqrestore(&channel->reap_lock, flags);

	return tx;
}

static dma_cookie_t netdma_tx_submit(struct dma_async_tx_descriptor *txd);

/* Any context, no lock. */
static struct netdma_tx *netdma_prep(struct dma_chan *chan, u32 slots, u32 control,
				     u64 src, dma_addr_t dst, size_t len,
				     unsigned long flags)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(chan);
	struct netdma_tx *tx;

	if (unlikely(READ_ONCE(dc->channel.closing)))
		return NULL;

	tx = likely(slots == 1) ? netdma_free_get(dc) : NULL;
	if (unlikely(!tx)) {
		tx = netdma_free_get_slow(dc, slots);
		if (!tx)
			return NULL;
	}

	if (flags & DMA_PREP_INTERRUPT)
		control |= NETDMA_DESC_INTERRUPT;
	if (flags & DMA_PREP_FENCE)
		control |= NETDMA_DESC_FENCE;

	tx->txd.flags = flags;
	tx->txd.cookie = -EBUSY;
	tx->txd.callback = NULL;
	tx->txd.callback_result = NULL;
	tx->txd.unmap = NULL;
	tx->result = DMA_TRANS_NOERROR;
	tx->slots = slots;
	tx->control = control | NETDMA_DESC_STATUS;
	tx->src = src;
	tx->dst = dst;
	tx->len = len;
	tx->generation = READ_ONCE(dc->generation);
	/* The generation before the state; pairs with netdma_reclaim_stale() */
	smp_store_release(&tx->state, NETDMA_TX_PREPARED);

	return tx;
}

/* How many slots do @len bytes take? 0 for a length that no ring can hold. */
static u32 netdma_slots(struct netdma_dma_chan *dc, size_t len)
{
	size_t slots;

	if (likely(len - 1 < dc->channel.max_transfer))
		return 1;

	slots = DIV_ROUND_UP(len, dc->channel.max_transfer);
	if (!len || len > U32_MAX || slots > dc->mask) {
		dev_warn_once(dc->channel.dev, "a transfer of %zu bytes cannot be done\n", len);
		return 0;
	}
	return slots;
}

static struct dma_async_tx_descriptor *
netdma_prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
		   unsigned long flags)
{
	u32 slots = netdma_slots(to_netdma_dma_chan(chan), len);
	struct netdma_tx *tx;

	if (unlikely(!slots))
		return NULL;

	tx = netdma_prep(chan, slots, FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_COPY),
			 src, dst, len, flags);
	return tx ? &tx->txd : NULL;
}

static struct dma_async_tx_descriptor *
netdma_prep_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len,
		   unsigned long flags)
{
	u32 slots = netdma_slots(to_netdma_dma_chan(chan), len);
	u64 pattern = (u8)value * 0x0101010101010101ULL;
	struct netdma_tx *tx;

	if (unlikely(!slots))
		return NULL;

	tx = netdma_prep(chan, slots, FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_FILL),
			 pattern, dst, len, flags);
	return tx ? &tx->txd : NULL;
}

static struct dma_async_tx_descriptor *
netdma_prep_interrupt(struct dma_chan *chan, unsigned long flags)
{
	struct netdma_ring *ring = &to_netdma_dma_chan(chan)->channel.ring;
	dma_addr_t spare = ring->completion_dma + sizeof(*ring->completion);
	struct netdma_tx *tx;

	/* R-NULL-4: addresses that are valid, of memory that is nobody's */
	tx = netdma_prep(chan, 1, NETDMA_DESC_NULL, spare, spare, 0, flags);
	return tx ? &tx->txd : NULL;
}

/*
 * Write a transaction of several slots. Only the last one reports, and has the
 * fence: it speaks for everything before it.
 */
static void netdma_fill_split(struct netdma_dma_chan *dc, struct netdma_tx *tx)
{
	u32 op = tx->control & NETDMA_DESC_OP;
	bool copy = op == FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_COPY);
	struct netdma_ring *ring = &dc->channel.ring;
	dma_addr_t dst = tx->dst;
	u32 len = tx->len;
	u64 src = tx->src;

	while (len > dc->channel.max_transfer) {
		netdma_ring_fill(ring, dc->channel.max_transfer, op, src, dst);
		if (copy)
			src += dc->channel.max_transfer;
		dst += dc->channel.max_transfer;
		len -= dc->channel.max_transfer;
	}
	netdma_ring_fill(ring, len, tx->control, src, dst);
}

/* Not submitted: give its entries back. The channel's lock. */
static dma_cookie_t netdma_tx_refuse(struct netdma_dma_chan *dc, struct netdma_tx *tx)
{
	dma_cookie_t err = -ESHUTDOWN;
	u32 tail;

	if (tx->state != NETDMA_TX_PREPARED) {
		dev_warn_once(dc->channel.dev, "a descriptor was submitted twice\n");
		return -EINVAL;
	}
	if (tx->generation != dc->generation)
		err = -ECANCELED;

	spin_lock(&dc->channel.reap_lock);
	tail = dc->free_tail;
	netdma_free_put(dc, tx, &tail);
	netdma_free_publish(dc, tail);
	spin_unlock(&dc->channel.reap_lock);

	return err;
}

static dma_cookie_t netdma_tx_submit(struct dma_async_tx_descriptor *txd)
{
	struct netdma_dma_chan *dc = to_netdma_dma_chan(txd->chan);
	struct netdma_channel *channel = &dc->channel;
	struct netdma_tx *tx = to_netdma_tx(txd);
	dma_cookie_t cookie;
	unsigned long flags;

	spin_lock_irqsave(&channel->lock, flags);
	if (unlikely(tx->state != NETDMA_TX_PREPARED ||
		     tx->generation != dc->generation || channel->closing ||
		     channel->state == NETDMA_CHANNEL_DEAD)) {
		cookie = netdma_tx_refuse(dc, tx);
		goto unlock;
	}

	cookie = dc->chan.cookie + 1;
	if (unlikely(cookie < DMA_MIN_COOKIE)) {
		/* Wrapped: an old failure must not speak for a new copy. */
		memset(dc->failed, 0, (dc->mask + 1) * sizeof(*dc->failed));
		cookie = DMA_MIN_COOKIE;
	}
	txd->cookie = cookie;
	WRITE_ONCE(dc->chan.cookie, cookie);

	if (likely(tx->slots == 1))
		netdma_ring_fill(&channel->ring, tx->len ?: 1, tx->control, tx->src,
				 tx->dst);
	else
		netdma_fill_split(dc, tx);

	tx->end = channel->ring.head;
	tx->state = NETDMA_TX_SUBMITTED;
	dc->queue[dc->queue_head & dc->mask] = tx;
	/* The entry before the index; pairs with netdma_pop(), netdma_find() */
	smp_store_release(&dc->queue_head, dc->queue_head + 1);
unlock:
	spin_unlock_irqrestore(&channel->lock, flags);
	return cookie;
}

static void netdma_issue_pending(struct dma_chan *chan)
{
	netdma_channel_issue(&to_netdma_dma_chan(chan)->channel);
}

/* --- status and control --------------------------------------------------- */

/* The transaction of a cookie that is in the queue. The reap_lock. */
static struct netdma_tx *netdma_find(struct netdma_dma_chan *dc, dma_cookie_t cookie)
{
	dma_cookie_t oldest;
	u32 i, n;

	/* The index before the entries; pairs with netdma_tx_submit() */
	n = smp_load_acquire(&dc->queue_head) - dc->queue_tail;
	if (!n)
		return NULL;

	/* Cookies are consecutive; the last one, INT_MAX, is followed by 1. */
	oldest = dc->queue[dc->queue_tail & dc->mask]->txd.cookie;
	i = cookie - oldest;
	if (cookie < oldest)
		i += INT_MAX;
	return i < n ? dc->queue[(dc->queue_tail + i) & dc->mask] : NULL;
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

	/* Before the note of a failure; pairs with netdma_pop() */
	last = smp_load_acquire(&chan->completed_cookie);
	status = dma_async_is_complete(cookie, last, READ_ONCE(chan->cookie));
	if (status != DMA_COMPLETE) {
		spin_lock_irqsave(&channel->reap_lock, flags);
		netdma_reap_silent(dc);
		status = DMA_COMPLETE;
		tx = netdma_find(dc, cookie);
		if (tx && !netdma_tx_finished(channel->ring.done, tx->end)) {
			status = READ_ONCE(channel->paused) ? DMA_PAUSED : DMA_IN_PROGRESS;
			residue = tx->len;
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
	u32 tail, i;

	for (i = 0; i < dc->mask; i++) {
		tx = &dc->txs[i];

		/* The state before the generation; pairs with netdma_prep() */
		if (smp_load_acquire(&tx->state) != NETDMA_TX_PREPARED ||
		    tx->generation == READ_ONCE(dc->generation))
			continue;

		/* A submission, which would be refused, does the same. */
		spin_lock_irqsave(&dc->channel.lock, flags);
		spin_lock(&dc->channel.reap_lock);
		if (tx->state == NETDMA_TX_PREPARED && tx->generation != dc->generation) {
			tail = dc->free_tail;
			netdma_free_put(dc, tx, &tail);
			netdma_free_publish(dc, tail);
		}
		spin_unlock(&dc->channel.reap_lock);
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
	kvfree(dc->free);
	dc->txs = NULL;
	dc->queue = NULL;
	dc->failed = NULL;
	dc->free = NULL;
}

static int netdma_alloc_memory(struct netdma_dma_chan *dc, u32 size)
{
	u32 i;

	dc->mask = size - 1;
	dc->txs = kvcalloc(dc->mask, sizeof(*dc->txs), GFP_KERNEL);
	dc->queue = kvcalloc(size, sizeof(*dc->queue), GFP_KERNEL);
	dc->failed = kvcalloc(size, sizeof(*dc->failed), GFP_KERNEL);
	dc->free = kvcalloc(size, sizeof(*dc->free), GFP_KERNEL);
	if (!dc->txs || !dc->queue || !dc->failed || !dc->free) {
		netdma_free_memory(dc);
		return -ENOMEM;
	}

	for (i = 0; i < dc->mask; i++) {
		dma_async_tx_descriptor_init(&dc->txs[i].txd, &dc->chan);
		dc->txs[i].txd.tx_submit = netdma_tx_submit;
		dc->free[i] = &dc->txs[i];
	}
	dc->queue_head = 0;
	dc->queue_tail = 0;
	atomic_set(&dc->free_head, 0);
	dc->free_tail = dc->mask;
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
