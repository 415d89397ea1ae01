// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: buffers, transactions, and what is asked of every case
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "client.h"

#define DC_MAX_CAPACITY		65536
#define DC_DEFAULT_LIMIT	SZ_1M

/**
 * dc_fail() - the case has failed
 * @t: the fixture
 * @format: why; only the first reason is kept
 */
int dc_fail(struct dc_test *t, const char *format, ...)
{
	va_list args;

	if (!t->reason[0]) {
		va_start(args, format);
		vscnprintf(t->reason, sizeof(t->reason), format, args);
		va_end(args);
	}
	return -EIO;
}

/* A number below @limit */
u32 dc_random(struct dc_test *t, u32 limit)
{
	return prandom_u32_state(&t->rnd) % limit;
}

/* --- buffers -------------------------------------------------------------- */

/**
 * dc_setup() - buffers for the device of the channel
 * @t: the fixture, with its channel
 */
int dc_setup(struct dc_test *t)
{
	unsigned int limit = dma_get_max_seg_size(t->dev);

	/* A provider that does not say has the default, which says nothing. */
	t->limit = limit > SZ_64K && limit <= DC_BUFFER / 4 ? limit : DC_DEFAULT_LIMIT;

	t->src = dma_alloc_coherent(t->dev, DC_BUFFER, &t->src_dma, GFP_KERNEL);
	t->dst = dma_alloc_coherent(t->dev, DC_BUFFER, &t->dst_dma, GFP_KERNEL);
	t->src_image = vmalloc(DC_BUFFER);
	t->image = vmalloc(DC_BUFFER);
	if (!t->src || !t->dst || !t->src_image || !t->image) {
		dc_teardown(t);
		return -ENOMEM;
	}
	prandom_bytes_state(&t->rnd, t->src, DC_BUFFER);
	memcpy(t->src_image, t->src, DC_BUFFER);
	return 0;
}

void dc_teardown(struct dc_test *t)
{
	if (t->src)
		dma_free_coherent(t->dev, DC_BUFFER, t->src, t->src_dma);
	if (t->dst)
		dma_free_coherent(t->dev, DC_BUFFER, t->dst, t->dst_dma);
	vfree(t->src_image);
	vfree(t->image);
}

/* Everything outside of what was copied is a guard: all is compared. */
int dc_data(struct dc_test *t)
{
	size_t i;

	if (!memcmp(t->dst, t->image, DC_BUFFER) && !memcmp(t->src, t->src_image, DC_BUFFER))
		return 0;

	for (i = 0; i < DC_BUFFER; i++) {
		if (t->dst[i] != t->image[i])
			return dc_fail(t, "destination %#zx is %#x, not %#x (source %#x)", i,
				       t->dst[i], t->image[i], t->src_image[i]);
		if (t->src[i] != t->src_image[i])
			return dc_fail(t, "source %#zx has changed to %#x", i, t->src[i]);
	}
	return dc_fail(t, "the buffers are still changing");
}

/* Aborted copies leave what they leave: take it as it is. */
void dc_adopt(struct dc_test *t, size_t dst, size_t len)
{
	memcpy(t->image + dst, t->dst + dst, len);
}

/* --- cases ---------------------------------------------------------------- */

/**
 * dc_begin() - a fresh channel and a poisoned destination
 * @t: the fixture
 * @poison: the byte to fill with
 */
int dc_begin(struct dc_test *t, u8 poison)
{
	t->reason[0] = '\0';
	atomic_set(&t->callbacks, 0);
	t->poison = poison;
	if (t->dst) {
		memset(t->dst, poison, DC_BUFFER);
		memset(t->image, poison, DC_BUFFER);
	}

	t->chan = dc_request();
	if (!t->chan)
		return dc_fail(t, "no channel to be had");
	return 0;
}

/* Exactly once is for all cases. After the release there is no callback. */
void dc_end(struct dc_test *t)
{
	unsigned int i;

	if (t->chan) {
		dmaengine_terminate_sync(t->chan);
		dma_release_channel(t->chan);
		t->chan = NULL;
	}

	for (i = 0; i < t->num_ops; i++)
		if (atomic_read(&t->ops[i].calls) > 1)
			dc_fail(t, "callback %u came %d times", i,
				atomic_read(&t->ops[i].calls));
	kvfree(t->ops);
	t->ops = NULL;
	t->num_ops = 0;
}

/**
 * dc_ops() - transactions for the case, NULL after dc_fail()
 * @t: the fixture
 * @n: how many
 */
struct dc_op *dc_ops(struct dc_test *t, unsigned int n)
{
	t->ops = kvcalloc(n, sizeof(*t->ops), GFP_KERNEL);
	if (t->ops)
		t->num_ops = n;
	else
		dc_fail(t, "no memory for %u transactions", n);
	return t->ops;
}

/* How many can be prepared? Those of this count are given up. */
unsigned int dc_measure(struct dc_test *t)
{
	unsigned int n = 0;

	while (n < DC_MAX_CAPACITY && dmaengine_prep_dma_memcpy(t->chan, t->dst_dma,
								t->src_dma, 64, 0))
		n++;
	dmaengine_terminate_sync(t->chan);
	return n;
}

/* --- transactions --------------------------------------------------------- */

static void dc_callback(void *param, const struct dmaengine_result *result)
{
	struct dc_op *op = param;
	struct dc_test *t = op->t;

	op->softirq = in_softirq() && !in_hardirq();
	op->result = result->result;
	op->residue = result->residue;
	op->order = atomic_inc_return(&t->callbacks);
	if (op->hook)
		op->hook(op);
	/* Ordered: who sees the call sees all of the above. */
	atomic_inc_return(&op->calls);
	wake_up(&t->wait);
}

/* From here on the transaction is known by its callback. */
void dc_attach(struct dc_test *t, struct dc_op *op, struct dma_async_tx_descriptor *txd)
{
	op->t = t;
	op->txd = txd;
	if (txd) {
		txd->callback_result = dc_callback;
		txd->callback_param = op;
	}
}

/* A transaction without DC_NOTIFY has no callback either. */
bool dc_try_prep(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
		 unsigned long flags)
{
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memcpy(t->chan, t->dst_dma + dst, t->src_dma + src, len, flags);
	op->t = t;
	op->txd = txd;
	op->dst = dst;
	op->src = src;
	op->len = len;
	if (flags & DC_NOTIFY)
		dc_attach(t, op, txd);
	return txd;
}

int dc_prep(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags)
{
	if (dc_try_prep(t, op, dst, src, len, flags))
		return 0;
	return dc_fail(t, "prep of %zu bytes refused", len);
}

/* A copy to or from an address that is not in the buffers; expected to fail */
int dc_prep_outside(struct dc_test *t, struct dc_op *op, dma_addr_t dst, dma_addr_t src,
		    size_t len, enum dmaengine_tx_result expected)
{
	dc_attach(t, op, dmaengine_prep_dma_memcpy(t->chan, dst, src, len, DC_NOTIFY));
	op->len = len;
	op->outside = true;
	op->expected = expected;
	return op->txd ? 0 : dc_fail(t, "prep of a bad copy of %zu bytes refused", len);
}

/* The image is kept in the order of submission, which is that of execution. */
int dc_submit(struct dc_test *t, struct dc_op *op)
{
	op->cookie = dmaengine_submit(op->txd);
	if (dma_submit_error(op->cookie))
		return dc_fail(t, "submit answers %d", op->cookie);
	if (!op->outside)
		memcpy(t->image + op->dst, t->src_image + op->src, op->len);
	return 0;
}

int dc_copy(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags)
{
	return dc_prep(t, op, dst, src, len, flags) ?: dc_submit(t, op);
}

/* Like dc_copy(), but waits for room, with all issued that is there. */
int dc_push(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags)
{
	unsigned long deadline = jiffies + DC_TIMEOUT;

	while (!dc_try_prep(t, op, dst, src, len, flags)) {
		if (time_after(jiffies, deadline))
			return dc_fail(t, "still no room after %u s", DC_TIMEOUT / HZ);
		dma_async_issue_pending(t->chan);
		usleep_range(20, 100);
	}
	return dc_submit(t, op);
}

/*
 * Work that takes a while: copies as large as can be, of the first half of the
 * source to the first half of the destination, over and over.
 */
int dc_flood(struct dc_test *t, struct dc_op *ops, unsigned int n)
{
	unsigned int slots = DC_BUFFER / 2 / t->limit;
	unsigned int i;

	for (i = 0; i < n; i++) {
		size_t offset = i % slots * t->limit;

		if (dc_copy(t, &ops[i], offset, offset, t->limit, DC_NOTIFY))
			return -EIO;
	}
	return 0;
}

/* --- outcomes ------------------------------------------------------------- */

enum dma_status dc_status(struct dc_test *t, dma_cookie_t cookie)
{
	return dma_async_is_tx_complete(t->chan, cookie, NULL, NULL);
}

int dc_expect_status(struct dc_test *t, dma_cookie_t cookie, enum dma_status wanted)
{
	enum dma_status status = dc_status(t, cookie);

	if (status != wanted)
		return dc_fail(t, "status of cookie %d is %d, not %d", cookie, status, wanted);
	return 0;
}

/* How many are not done? Not the cookie in dma_tx_state: callbacks move that. */
unsigned int dc_waiting(struct dc_test *t, struct dc_op *ops, unsigned int n)
{
	unsigned int i, waiting = 0;

	for (i = 0; i < n; i++)
		waiting += dc_status(t, ops[i].cookie) == DMA_PAUSED;
	return waiting;
}

/* Wait for the callback, a bounded time. */
int dc_wait(struct dc_test *t, struct dc_op *op)
{
	if (wait_event_timeout(t->wait, atomic_read(&op->calls), DC_TIMEOUT))
		return 0;
	return dc_fail(t, "no callback of cookie %d within %u s, its status is %d", op->cookie,
		       DC_TIMEOUT / HZ, dc_status(t, op->cookie));
}

/* Wait for the cookie by asking, a bounded time. */
int dc_poll(struct dc_test *t, dma_cookie_t cookie)
{
	unsigned long deadline = jiffies + DC_TIMEOUT;

	while (dc_status(t, cookie) == DMA_IN_PROGRESS) {
		if (time_after(jiffies, deadline))
			return dc_fail(t, "cookie %d is not done within %u s", cookie,
				       DC_TIMEOUT / HZ);
		usleep_range(20, 100);
	}
	return 0;
}

static int dc_check_callback(struct dc_test *t, struct dc_op *op)
{
	if (atomic_read(&op->calls) != 1)
		return dc_fail(t, "cookie %d had %d callbacks", op->cookie,
			       atomic_read(&op->calls));
	if (!op->softirq)
		return dc_fail(t, "callback of cookie %d was not in softirq", op->cookie);
	if (op->result != op->expected)
		return dc_fail(t, "callback of cookie %d said %d, not %d", op->cookie,
			       op->result, op->expected);
	if (op->expected == DMA_TRANS_NOERROR && op->residue)
		return dc_fail(t, "residue of cookie %d is %u", op->cookie, op->residue);
	return dc_expect_status(t, op->cookie, op->expected ? DMA_ERROR : DMA_COMPLETE);
}

/* Wait for the callback: it came once, in softirq, with the expected result. */
int dc_done(struct dc_test *t, struct dc_op *op)
{
	return dc_wait(t, op) ?: dc_check_callback(t, op);
}

/* dc_done() for all, and the callbacks came in the order of the cookies. */
int dc_all_done(struct dc_test *t, struct dc_op *ops, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (dc_done(t, &ops[i]))
			return -EIO;
		if (i && ops[i].order <= ops[i - 1].order)
			return dc_fail(t, "callback of cookie %d came before that of %d",
				       ops[i].cookie, ops[i - 1].cookie);
	}
	return 0;
}

/*
 * After a termination and its synchronisation: each one either is done and was
 * called back, or was aborted and answers so, and it is the later ones that
 * were aborted.
 */
int dc_done_or_aborted(struct dc_test *t, struct dc_op *ops, unsigned int n,
		       unsigned int *aborted)
{
	unsigned int i, missing = 0;

	for (i = 0; i < n; i++) {
		if (!atomic_read(&ops[i].calls)) {
			if (dc_expect_status(t, ops[i].cookie, DMA_ERROR))
				return -EIO;
			missing++;
			continue;
		}
		if (dc_check_callback(t, &ops[i]))
			return -EIO;
		if (missing)
			return dc_fail(t, "cookie %d is done after an aborted one",
				       ops[i].cookie);
	}
	if (aborted)
		*aborted = missing;
	return 0;
}

/* No callback for a while. */
int dc_no_callbacks(struct dc_test *t, unsigned int ms)
{
	int before = atomic_read(&t->callbacks);

	msleep(ms);
	if (atomic_read(&t->callbacks) != before)
		return dc_fail(t, "%d callbacks that should not be",
			       atomic_read(&t->callbacks) - before);
	return 0;
}

/* The channel works: a copy in the last eighth of the buffer. */
int dc_works(struct dc_test *t)
{
	size_t offset = DC_BUFFER / 8 * 7 + dc_random(t, SZ_64K);
	struct dc_op *op;
	int err;

	op = kzalloc(sizeof(*op), GFP_KERNEL);
	if (!op)
		return dc_fail(t, "no memory");

	err = dc_copy(t, op, offset, offset + 1, 5000, DC_NOTIFY);
	if (!err) {
		dma_async_issue_pending(t->chan);
		err = dc_done(t, op);
		if (err)	/* it may come yet */
			dmaengine_terminate_sync(t->chan);
	}
	kfree(op);
	return err;
}
