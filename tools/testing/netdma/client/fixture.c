// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: buffers, transactions, and what is asked of every case
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

#include "netdma_test.h"

#define NT_MAX_CAPACITY		65536
#define NT_DEFAULT_LIMIT	SZ_1M

/**
 * nt_fail() - the case has failed
 * @t: the fixture
 * @format: why; only the first reason is kept
 */
int nt_fail(struct netdma_test *t, const char *format, ...)
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
u32 nt_random(struct netdma_test *t, u32 limit)
{
	return prandom_u32_state(&t->rnd) % limit;
}

/* --- buffers -------------------------------------------------------------- */

/**
 * nt_setup() - buffers for the device of the channel
 * @t: the fixture, with its channel
 */
int nt_setup(struct netdma_test *t)
{
	unsigned int limit = dma_get_max_seg_size(t->dev);

	/* A provider that does not say has the default, which says nothing. */
	t->limit = limit > SZ_64K && limit <= NT_BUFFER / 4 ? limit : NT_DEFAULT_LIMIT;

	t->src = dma_alloc_coherent(t->dev, NT_BUFFER, &t->src_dma, GFP_KERNEL);
	t->dst = dma_alloc_coherent(t->dev, NT_BUFFER, &t->dst_dma, GFP_KERNEL);
	t->src_image = vmalloc(NT_BUFFER);
	t->image = vmalloc(NT_BUFFER);
	if (!t->src || !t->dst || !t->src_image || !t->image) {
		nt_teardown(t);
		return -ENOMEM;
	}
	prandom_bytes_state(&t->rnd, t->src, NT_BUFFER);
	memcpy(t->src_image, t->src, NT_BUFFER);
	return 0;
}

void nt_teardown(struct netdma_test *t)
{
	if (t->src)
		dma_free_coherent(t->dev, NT_BUFFER, t->src, t->src_dma);
	if (t->dst)
		dma_free_coherent(t->dev, NT_BUFFER, t->dst, t->dst_dma);
	vfree(t->src_image);
	vfree(t->image);
}

/* Everything outside of what was copied is a guard: all is compared. */
int nt_data(struct netdma_test *t)
{
	size_t i;

	if (!memcmp(t->dst, t->image, NT_BUFFER) && !memcmp(t->src, t->src_image, NT_BUFFER))
		return 0;

	for (i = 0; i < NT_BUFFER; i++) {
		if (t->dst[i] != t->image[i])
			return nt_fail(t, "destination %#zx is %#x, not %#x (source %#x)", i,
				       t->dst[i], t->image[i], t->src_image[i]);
		if (t->src[i] != t->src_image[i])
			return nt_fail(t, "source %#zx has changed to %#x", i, t->src[i]);
	}
	return nt_fail(t, "the buffers are still changing");
}

/* Aborted copies leave what they leave: take it as it is. */
void nt_adopt(struct netdma_test *t, size_t dst, size_t len)
{
	memcpy(t->image + dst, t->dst + dst, len);
}

/* --- cases ---------------------------------------------------------------- */

/**
 * nt_begin() - a fresh channel and a poisoned destination
 * @t: the fixture
 * @poison: the byte to fill with
 */
int nt_begin(struct netdma_test *t, u8 poison)
{
	t->reason[0] = '\0';
	atomic_set(&t->callbacks, 0);
	t->poison = poison;
	if (t->dst) {
		memset(t->dst, poison, NT_BUFFER);
		memset(t->image, poison, NT_BUFFER);
	}

	t->chan = nt_request();
	if (!t->chan)
		return nt_fail(t, "no channel to be had");
	return 0;
}

/* Exactly once is for all cases. After the release there is no callback. */
void nt_end(struct netdma_test *t)
{
	unsigned int i;

	if (t->chan) {
		dmaengine_terminate_sync(t->chan);
		dma_release_channel(t->chan);
		t->chan = NULL;
	}

	for (i = 0; i < t->num_ops; i++)
		if (atomic_read(&t->ops[i].calls) > 1)
			nt_fail(t, "callback %u came %d times", i,
				atomic_read(&t->ops[i].calls));
	kvfree(t->ops);
	t->ops = NULL;
	t->num_ops = 0;
}

/**
 * nt_ops() - transactions for the case, NULL after nt_fail()
 * @t: the fixture
 * @n: how many
 */
struct nt_op *nt_ops(struct netdma_test *t, unsigned int n)
{
	t->ops = kvcalloc(n, sizeof(*t->ops), GFP_KERNEL);
	if (t->ops)
		t->num_ops = n;
	else
		nt_fail(t, "no memory for %u transactions", n);
	return t->ops;
}

/* How many can be prepared? Those of this count are given up. */
unsigned int nt_measure(struct netdma_test *t)
{
	unsigned int n = 0;

	while (n < NT_MAX_CAPACITY && dmaengine_prep_dma_memcpy(t->chan, t->dst_dma,
								t->src_dma, 64, 0))
		n++;
	dmaengine_terminate_sync(t->chan);
	return n;
}

/* --- transactions --------------------------------------------------------- */

static void nt_callback(void *param, const struct dmaengine_result *result)
{
	struct nt_op *op = param;
	struct netdma_test *t = op->t;

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
void nt_attach(struct netdma_test *t, struct nt_op *op, struct dma_async_tx_descriptor *txd)
{
	op->t = t;
	op->txd = txd;
	if (txd) {
		txd->callback_result = nt_callback;
		txd->callback_param = op;
	}
}

/* A transaction without NT_NOTIFY has no callback either. */
bool nt_try_prep(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
		 unsigned long flags)
{
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memcpy(t->chan, t->dst_dma + dst, t->src_dma + src, len, flags);
	op->t = t;
	op->txd = txd;
	op->dst = dst;
	op->src = src;
	op->len = len;
	if (flags & NT_NOTIFY)
		nt_attach(t, op, txd);
	return txd;
}

int nt_prep(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags)
{
	if (nt_try_prep(t, op, dst, src, len, flags))
		return 0;
	return nt_fail(t, "prep of %zu bytes refused", len);
}

/* A copy to or from an address that is not in the buffers; expected to fail */
int nt_prep_outside(struct netdma_test *t, struct nt_op *op, dma_addr_t dst, dma_addr_t src,
		    size_t len, enum dmaengine_tx_result expected)
{
	nt_attach(t, op, dmaengine_prep_dma_memcpy(t->chan, dst, src, len, NT_NOTIFY));
	op->len = len;
	op->outside = true;
	op->expected = expected;
	return op->txd ? 0 : nt_fail(t, "prep of a bad copy of %zu bytes refused", len);
}

/* The image is kept in the order of submission, which is that of execution. */
int nt_submit(struct netdma_test *t, struct nt_op *op)
{
	op->cookie = dmaengine_submit(op->txd);
	if (dma_submit_error(op->cookie))
		return nt_fail(t, "submit answers %d", op->cookie);
	if (!op->outside)
		memcpy(t->image + op->dst, t->src_image + op->src, op->len);
	return 0;
}

int nt_copy(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags)
{
	return nt_prep(t, op, dst, src, len, flags) ?: nt_submit(t, op);
}

/* Like nt_copy(), but waits for room, with all issued that is there. */
int nt_push(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags)
{
	unsigned long deadline = jiffies + NT_TIMEOUT;

	while (!nt_try_prep(t, op, dst, src, len, flags)) {
		if (time_after(jiffies, deadline))
			return nt_fail(t, "still no room after %u s", NT_TIMEOUT / HZ);
		dma_async_issue_pending(t->chan);
		usleep_range(20, 100);
	}
	return nt_submit(t, op);
}

/*
 * Work that takes a while: copies as large as can be, of the first half of the
 * source to the first half of the destination, over and over.
 */
int nt_flood(struct netdma_test *t, struct nt_op *ops, unsigned int n)
{
	unsigned int slots = NT_BUFFER / 2 / t->limit;
	unsigned int i;

	for (i = 0; i < n; i++) {
		size_t offset = i % slots * t->limit;

		if (nt_copy(t, &ops[i], offset, offset, t->limit, NT_NOTIFY))
			return -EIO;
	}
	return 0;
}

/* --- outcomes ------------------------------------------------------------- */

enum dma_status nt_status(struct netdma_test *t, dma_cookie_t cookie)
{
	return dma_async_is_tx_complete(t->chan, cookie, NULL, NULL);
}

int nt_expect_status(struct netdma_test *t, dma_cookie_t cookie, enum dma_status wanted)
{
	enum dma_status status = nt_status(t, cookie);

	if (status != wanted)
		return nt_fail(t, "status of cookie %d is %d, not %d", cookie, status, wanted);
	return 0;
}

/* How many are not done? Not the cookie in dma_tx_state: callbacks move that. */
unsigned int nt_waiting(struct netdma_test *t, struct nt_op *ops, unsigned int n)
{
	unsigned int i, waiting = 0;

	for (i = 0; i < n; i++)
		waiting += nt_status(t, ops[i].cookie) == DMA_PAUSED;
	return waiting;
}

/* Wait for the callback, a bounded time. */
int nt_wait(struct netdma_test *t, struct nt_op *op)
{
	if (wait_event_timeout(t->wait, atomic_read(&op->calls), NT_TIMEOUT))
		return 0;
	return nt_fail(t, "no callback of cookie %d within %u s, its status is %d", op->cookie,
		       NT_TIMEOUT / HZ, nt_status(t, op->cookie));
}

/* Wait for the cookie by asking, a bounded time. */
int nt_poll(struct netdma_test *t, dma_cookie_t cookie)
{
	unsigned long deadline = jiffies + NT_TIMEOUT;

	while (nt_status(t, cookie) == DMA_IN_PROGRESS) {
		if (time_after(jiffies, deadline))
			return nt_fail(t, "cookie %d is not done within %u s", cookie,
				       NT_TIMEOUT / HZ);
		usleep_range(20, 100);
	}
	return 0;
}

static int nt_check_callback(struct netdma_test *t, struct nt_op *op)
{
	if (atomic_read(&op->calls) != 1)
		return nt_fail(t, "cookie %d had %d callbacks", op->cookie,
			       atomic_read(&op->calls));
	if (!op->softirq)
		return nt_fail(t, "callback of cookie %d was not in softirq", op->cookie);
	if (op->result != op->expected)
		return nt_fail(t, "callback of cookie %d said %d, not %d", op->cookie,
			       op->result, op->expected);
	if (op->expected == DMA_TRANS_NOERROR && op->residue)
		return nt_fail(t, "residue of cookie %d is %u", op->cookie, op->residue);
	return nt_expect_status(t, op->cookie, op->expected ? DMA_ERROR : DMA_COMPLETE);
}

/* Wait for the callback: it came once, in softirq, with the expected result. */
int nt_done(struct netdma_test *t, struct nt_op *op)
{
	return nt_wait(t, op) ?: nt_check_callback(t, op);
}

/* nt_done() for all, and the callbacks came in the order of the cookies. */
int nt_all_done(struct netdma_test *t, struct nt_op *ops, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (nt_done(t, &ops[i]))
			return -EIO;
		if (i && ops[i].order <= ops[i - 1].order)
			return nt_fail(t, "callback of cookie %d came before that of %d",
				       ops[i].cookie, ops[i - 1].cookie);
	}
	return 0;
}

/*
 * After a termination and its synchronisation: each one either is done and was
 * called back, or was aborted and answers so, and it is the later ones that
 * were aborted.
 */
int nt_done_or_aborted(struct netdma_test *t, struct nt_op *ops, unsigned int n,
		       unsigned int *aborted)
{
	unsigned int i, missing = 0;

	for (i = 0; i < n; i++) {
		if (!atomic_read(&ops[i].calls)) {
			if (nt_expect_status(t, ops[i].cookie, DMA_ERROR))
				return -EIO;
			missing++;
			continue;
		}
		if (nt_check_callback(t, &ops[i]))
			return -EIO;
		if (missing)
			return nt_fail(t, "cookie %d is done after an aborted one",
				       ops[i].cookie);
	}
	if (aborted)
		*aborted = missing;
	return 0;
}

/* No callback for a while. */
int nt_no_callbacks(struct netdma_test *t, unsigned int ms)
{
	int before = atomic_read(&t->callbacks);

	msleep(ms);
	if (atomic_read(&t->callbacks) != before)
		return nt_fail(t, "%d callbacks that should not be",
			       atomic_read(&t->callbacks) - before);
	return 0;
}

/* The channel works: a copy in the last eighth of the buffer. */
int nt_works(struct netdma_test *t)
{
	size_t offset = NT_BUFFER / 8 * 7 + nt_random(t, SZ_64K);
	struct nt_op *op;
	int err;

	op = kzalloc(sizeof(*op), GFP_KERNEL);
	if (!op)
		return nt_fail(t, "no memory");

	err = nt_copy(t, op, offset, offset + 1, 5000, NT_NOTIFY);
	if (!err) {
		dma_async_issue_pending(t->chan);
		err = nt_done(t, op);
		if (err)	/* it may come yet */
			dmaengine_terminate_sync(t->chan);
	}
	kfree(op);
	return err;
}
