// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: what is moved, and how the client hears of it
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "client.h"

/* One copy, its callback, and every byte of both buffers. */
static int dc_one_copy(struct dc_test *t, size_t dst, size_t src, size_t len)
{
	struct dc_op *op = dc_ops(t, 1);

	if (!op || dc_copy(t, op, dst, src, len, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_done(t, op) ?: dc_data(t);
}

/* The shortest copy there is. */
static int dc_copy_byte(struct dc_test *t)
{
	return dc_one_copy(t, 4097, 1234567, 1);
}

/* copy_align is 0: no address and no length needs an alignment. */
static int dc_copy_unaligned(struct dc_test *t)
{
	static const unsigned int offsets[] = { 0, 1, 3, 7, 63 };
	static const unsigned int lengths[] = { 1, 2, 63, 64, 65, 4095, 4097 };
	const unsigned int n = ARRAY_SIZE(offsets) * ARRAY_SIZE(offsets) * ARRAY_SIZE(lengths);
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		size_t dst = i * SZ_8K + offsets[i % 5];
		size_t src = i * SZ_4K + offsets[i / 5 % 5];

		if (dc_push(t, &ops[i], dst, src, lengths[i / 25], DC_NOTIFY))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, n) ?: dc_data(t);
}

static int dc_copy_page(struct dc_test *t)
{
	return dc_one_copy(t, SZ_1M, SZ_2M, SZ_4K);
}

/* As much as the hardware moves at once. */
static int dc_copy_limit(struct dc_test *t)
{
	return dc_one_copy(t, SZ_64K, SZ_64K + 64, t->limit);
}

/* One byte more than that needs a second descriptor. */
static int dc_copy_limit_and_one(struct dc_test *t)
{
	return dc_one_copy(t, 1, 0, t->limit + 1);
}

/* A copy of any length is one transaction with one callback. */
static int dc_copy_long(struct dc_test *t)
{
	return dc_one_copy(t, 777, 333, DC_BUFFER - 1000);
}

/* One dma_async_issue_pending() is for all that was submitted. */
static int dc_copy_several(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 10);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 10; i++)
		if (dc_copy(t, &ops[i], i * 20000, i * 30000, 10000 + i, i == 9 ? DC_NOTIFY : 0))
			return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_done(t, &ops[9]))
		return -EIO;
	/* What completes the last one completes all before it. */
	for (i = 0; i < 10; i++)
		if (dc_expect_status(t, ops[i].cookie, DMA_COMPLETE))
			return -EIO;
	return dc_data(t);
}

/* Nothing is executed before dma_async_issue_pending(). */
static int dc_copy_not_issued(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 2);

	if (!ops || dc_prep(t, &ops[0], 0, 0, 4096, DC_NOTIFY))
		return -EIO;
	/* Submitted without dc_submit(), which would expect the data. */
	ops[0].cookie = dmaengine_submit(ops[0].txd);
	if (dc_no_callbacks(t, 20) || dc_data(t) ||
	    dc_expect_status(t, ops[0].cookie, DMA_IN_PROGRESS))
		return -EIO;
	memcpy(t->image, t->src_image, 4096);
	dma_async_issue_pending(t->chan);
	return dc_done(t, &ops[0]) ?: dc_data(t);
}

/* Callbacks: in the order of the cookies, once each, in softirq, no error. */
static int dc_callback_order(struct dc_test *t)
{
	const unsigned int n = 400;
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		if (dc_push(t, &ops[i], i * 8192, i * 4096, 1 + dc_random(t, 8191), DC_NOTIFY))
			return -EIO;
		if (!dc_random(t, 5))
			dma_async_issue_pending(t->chan);
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, n) ?: dc_data(t);
}

/* The same while the client polls: that makes callbacks come, too. */
static int dc_callback_order_polled(struct dc_test *t)
{
	const unsigned int n = 10000;
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		if (dc_push(t, &ops[i], i * 400, i * 300, 400, DC_NOTIFY))
			return -EIO;
		if (i % 32 == 0)
			dma_async_issue_pending(t->chan);
		dc_status(t, ops[i].cookie);
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, n) ?: dc_data(t);
}

/* A callback without DMA_PREP_INTERRUPT comes with that of a later copy. */
static int dc_callback_later(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 3);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 3; i++) {
		if (dc_prep(t, &ops[i], i * 8192, i * 8192, 5000, i == 2 ? DMA_PREP_INTERRUPT : 0))
			return -EIO;
		dc_attach(t, &ops[i], ops[i].txd);
		if (dc_submit(t, &ops[i]))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, 3) ?: dc_data(t);
}

/* A client that only polls makes the callbacks of what it has seen done come. */
static int dc_callback_polled(struct dc_test *t)
{
	struct dc_op *op = dc_ops(t, 1);

	if (!op || dc_prep(t, op, 0, 0, 5000, 0))
		return -EIO;
	dc_attach(t, op, op->txd);
	if (dc_submit(t, op))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_poll(t, op->cookie) ?: dc_done(t, op) ?: dc_data(t);
}

static void dc_submit_next(struct dc_op *op)
{
	struct dc_test *t = op->t;
	struct dc_op *next = op + 1;

	if (dc_copy(t, next, next->dst, next->src, next->len, DC_NOTIFY) == 0)
		dma_async_issue_pending(t->chan);
}

/* A callback may prepare, submit and issue. */
static int dc_callback_submits(struct dc_test *t)
{
	const unsigned int n = 100;
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		ops[i].dst = i * 10000;
		ops[i].src = i * 9000;
		ops[i].len = 8000 + i;
		ops[i].hook = i + 1 < n ? dc_submit_next : NULL;
	}
	if (dc_copy(t, ops, ops->dst, ops->src, ops->len, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_wait(t, &ops[n - 1]) ?: dc_all_done(t, ops, n) ?: dc_data(t);
}

/* DMA_PREP_FENCE: the next copy may depend on this one's result. */
static int dc_fence(struct dc_test *t)
{
	const unsigned int n = 64;
	struct dc_op *ops = dc_ops(t, n + 1);
	unsigned int i;

	if (!ops || dc_copy(t, &ops[0], 0, 0, 20000, DMA_PREP_FENCE))
		return -EIO;
	for (i = 1; i <= n; i++) {
		size_t dst = i * 20480;

		dc_attach(t, &ops[i],
			  dmaengine_prep_dma_memcpy(t->chan, t->dst_dma + dst,
						    t->dst_dma + dst - 20480, 20000,
						    DMA_PREP_FENCE | DMA_PREP_INTERRUPT));
		if (!ops[i].txd)
			return dc_fail(t, "prep refused");
		ops[i].dst = dst;
		ops[i].src = 0;
		ops[i].len = 20000;
		if (dc_submit(t, &ops[i]))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops + 1, n) ?: dc_data(t);
}

/* A NULL descriptor is done when all before it is. */
static int dc_interrupt(struct dc_test *t)
{
	const unsigned int n = 50;
	struct dc_op *ops = dc_ops(t, n + 1);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++)
		if (dc_copy(t, &ops[i], i * 65536, i * 65536, 65000, 0))
			return -EIO;
	dc_attach(t, &ops[n],
		  t->chan->device->device_prep_dma_interrupt(t->chan, DMA_PREP_INTERRUPT));
	if (!ops[n].txd)
		return dc_fail(t, "prep of an interrupt refused");
	ops[n].outside = true;
	if (dc_submit(t, &ops[n]))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_done(t, &ops[n]))
		return -EIO;
	for (i = 0; i < n; i++)
		if (dc_expect_status(t, ops[i].cookie, DMA_COMPLETE))
			return -EIO;
	return dc_data(t);
}

static int dc_set(struct dc_test *t, size_t dst, int value, size_t len)
{
	struct dc_op *op = dc_ops(t, 1);

	if (!op)
		return -EIO;
	dc_attach(t, op, dmaengine_prep_dma_memset(t->chan, t->dst_dma + dst, value, len,
						   DC_NOTIFY));
	if (!op->txd)
		return dc_fail(t, "prep of a memset refused");
	op->outside = true;
	if (dc_submit(t, op))
		return -EIO;
	memset(t->image + dst, value, len);
	dma_async_issue_pending(t->chan);
	return dc_done(t, op) ?: dc_data(t);
}

/* memset: the low byte of the value, at any address and for any length. */
static int dc_memset_low_byte(struct dc_test *t)
{
	return dc_set(t, 4099, 0x12345a7, 10001);
}

/* memset beyond the limit is one transaction, too. */
static int dc_memset_long(struct dc_test *t)
{
	return dc_set(t, 5, 0x3c, 2 * t->limit + 3);
}

const struct dc_case dc_copy_cases[] = {
	{ "copy_byte", "one byte", dc_copy_byte },
	{ "copy_unaligned", "all alignments of both addresses and the length", dc_copy_unaligned },
	{ "copy_page", "4 KiB", dc_copy_page },
	{ "copy_limit", "as much as the hardware moves at once", dc_copy_limit },
	{ "copy_limit_and_one", "one byte more than that", dc_copy_limit_and_one },
	{ "copy_long", "several times as much is one transaction", dc_copy_long },
	{ "copy_several", "one issue is for all that is submitted", dc_copy_several },
	{ "copy_not_issued", "nothing happens before the issue", dc_copy_not_issued },
	{ "callback_order", "callbacks in cookie order, once each, in softirq", dc_callback_order },
	{ "callback_order_polled", "the same while the client polls",
	  dc_callback_order_polled },
	{ "callback_later", "a callback without DMA_PREP_INTERRUPT comes with a later one",
	  dc_callback_later },
	{ "callback_polled", "a callback without DMA_PREP_INTERRUPT comes after polling",
	  dc_callback_polled },
	{ "callback_submits", "a callback may prepare, submit and issue", dc_callback_submits },
	{ "fence", "after DMA_PREP_FENCE a copy sees the result of the one before",
	  dc_fence, DC_NEEDS_ROOM },
	{ "interrupt", "an interrupt descriptor completes after all before it",
	  dc_interrupt, DC_NEEDS_INTERRUPT | DC_NEEDS_ROOM },
	{ "memset_low_byte", "memset takes the low byte of its value",
	  dc_memset_low_byte, DC_NEEDS_MEMSET },
	{ "memset_long", "memset of more than the hardware does at once",
	  dc_memset_long, DC_NEEDS_MEMSET },
	{ }
};
