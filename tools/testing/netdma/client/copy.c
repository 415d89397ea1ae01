// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: what is moved, and how the client hears of it
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "netdma_test.h"

/* One copy, its callback, and every byte of both buffers. */
static int nt_one_copy(struct netdma_test *t, size_t dst, size_t src, size_t len)
{
	struct nt_op *op = nt_ops(t, 1);

	if (!op || nt_copy(t, op, dst, src, len, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_done(t, op) ?: nt_data(t);
}

/* The shortest copy there is. */
static int nt_copy_byte(struct netdma_test *t)
{
	return nt_one_copy(t, 4097, 1234567, 1);
}

/* copy_align is 0: no address and no length needs an alignment. */
static int nt_copy_unaligned(struct netdma_test *t)
{
	static const unsigned int offsets[] = { 0, 1, 3, 7, 63 };
	static const unsigned int lengths[] = { 1, 2, 63, 64, 65, 4095, 4097 };
	const unsigned int n = ARRAY_SIZE(offsets) * ARRAY_SIZE(offsets) * ARRAY_SIZE(lengths);
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		size_t dst = i * SZ_8K + offsets[i % 5];
		size_t src = i * SZ_4K + offsets[i / 5 % 5];

		if (nt_push(t, &ops[i], dst, src, lengths[i / 25], NT_NOTIFY))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, n) ?: nt_data(t);
}

static int nt_copy_page(struct netdma_test *t)
{
	return nt_one_copy(t, SZ_1M, SZ_2M, SZ_4K);
}

/* As much as the hardware moves at once. */
static int nt_copy_limit(struct netdma_test *t)
{
	return nt_one_copy(t, SZ_64K, SZ_64K + 64, t->limit);
}

/* One byte more than that needs a second descriptor. */
static int nt_copy_limit_and_one(struct netdma_test *t)
{
	return nt_one_copy(t, 1, 0, t->limit + 1);
}

/* A copy of any length is one transaction with one callback. */
static int nt_copy_long(struct netdma_test *t)
{
	return nt_one_copy(t, 777, 333, NT_BUFFER - 1000);
}

/* One dma_async_issue_pending() is for all that was submitted. */
static int nt_copy_several(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 10);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 10; i++)
		if (nt_copy(t, &ops[i], i * 20000, i * 30000, 10000 + i, i == 9 ? NT_NOTIFY : 0))
			return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_done(t, &ops[9]))
		return -EIO;
	/* What completes the last one completes all before it. */
	for (i = 0; i < 10; i++)
		if (nt_expect_status(t, ops[i].cookie, DMA_COMPLETE))
			return -EIO;
	return nt_data(t);
}

/* Nothing is executed before dma_async_issue_pending(). */
static int nt_copy_not_issued(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 2);

	if (!ops || nt_prep(t, &ops[0], 0, 0, 4096, NT_NOTIFY))
		return -EIO;
	/* Submitted without nt_submit(), which would expect the data. */
	ops[0].cookie = dmaengine_submit(ops[0].txd);
	if (nt_no_callbacks(t, 20) || nt_data(t) ||
	    nt_expect_status(t, ops[0].cookie, DMA_IN_PROGRESS))
		return -EIO;
	memcpy(t->image, t->src_image, 4096);
	dma_async_issue_pending(t->chan);
	return nt_done(t, &ops[0]) ?: nt_data(t);
}

/* Callbacks: in the order of the cookies, once each, in softirq, no error. */
static int nt_callback_order(struct netdma_test *t)
{
	const unsigned int n = 400;
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		if (nt_push(t, &ops[i], i * 8192, i * 4096, 1 + nt_random(t, 8191), NT_NOTIFY))
			return -EIO;
		if (!nt_random(t, 5))
			dma_async_issue_pending(t->chan);
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, n) ?: nt_data(t);
}

/* The same while the client polls: that makes callbacks come, too. */
static int nt_callback_order_polled(struct netdma_test *t)
{
	const unsigned int n = 10000;
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		if (nt_push(t, &ops[i], i * 400, i * 300, 400, NT_NOTIFY))
			return -EIO;
		if (i % 32 == 0)
			dma_async_issue_pending(t->chan);
		nt_status(t, ops[i].cookie);
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, n) ?: nt_data(t);
}

/* A callback without DMA_PREP_INTERRUPT comes with that of a later copy. */
static int nt_callback_later(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 3);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 3; i++) {
		if (nt_prep(t, &ops[i], i * 8192, i * 8192, 5000, i == 2 ? DMA_PREP_INTERRUPT : 0))
			return -EIO;
		nt_attach(t, &ops[i], ops[i].txd);
		if (nt_submit(t, &ops[i]))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, 3) ?: nt_data(t);
}

/* A client that only polls makes the callbacks of what it has seen done come. */
static int nt_callback_polled(struct netdma_test *t)
{
	struct nt_op *op = nt_ops(t, 1);

	if (!op || nt_prep(t, op, 0, 0, 5000, 0))
		return -EIO;
	nt_attach(t, op, op->txd);
	if (nt_submit(t, op))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_poll(t, op->cookie) ?: nt_done(t, op) ?: nt_data(t);
}

static void nt_submit_next(struct nt_op *op)
{
	struct netdma_test *t = op->t;
	struct nt_op *next = op + 1;

	if (nt_copy(t, next, next->dst, next->src, next->len, NT_NOTIFY) == 0)
		dma_async_issue_pending(t->chan);
}

/* A callback may prepare, submit and issue. */
static int nt_callback_submits(struct netdma_test *t)
{
	const unsigned int n = 100;
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		ops[i].dst = i * 10000;
		ops[i].src = i * 9000;
		ops[i].len = 8000 + i;
		ops[i].hook = i + 1 < n ? nt_submit_next : NULL;
	}
	if (nt_copy(t, ops, ops->dst, ops->src, ops->len, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_wait(t, &ops[n - 1]) ?: nt_all_done(t, ops, n) ?: nt_data(t);
}

/* DMA_PREP_FENCE: the next copy may depend on this one's result. */
static int nt_fence(struct netdma_test *t)
{
	const unsigned int n = 64;
	struct nt_op *ops = nt_ops(t, n + 1);
	unsigned int i;

	if (!ops || nt_copy(t, &ops[0], 0, 0, 20000, DMA_PREP_FENCE))
		return -EIO;
	for (i = 1; i <= n; i++) {
		size_t dst = i * 20480;

		nt_attach(t, &ops[i],
			  dmaengine_prep_dma_memcpy(t->chan, t->dst_dma + dst,
						    t->dst_dma + dst - 20480, 20000,
						    DMA_PREP_FENCE | DMA_PREP_INTERRUPT));
		if (!ops[i].txd)
			return nt_fail(t, "prep refused");
		ops[i].dst = dst;
		ops[i].src = 0;
		ops[i].len = 20000;
		if (nt_submit(t, &ops[i]))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops + 1, n) ?: nt_data(t);
}

/* A NULL descriptor is done when all before it is. */
static int nt_interrupt(struct netdma_test *t)
{
	const unsigned int n = 50;
	struct nt_op *ops = nt_ops(t, n + 1);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++)
		if (nt_copy(t, &ops[i], i * 65536, i * 65536, 65000, 0))
			return -EIO;
	nt_attach(t, &ops[n],
		  t->chan->device->device_prep_dma_interrupt(t->chan, DMA_PREP_INTERRUPT));
	if (!ops[n].txd)
		return nt_fail(t, "prep of an interrupt refused");
	ops[n].outside = true;
	if (nt_submit(t, &ops[n]))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_done(t, &ops[n]))
		return -EIO;
	for (i = 0; i < n; i++)
		if (nt_expect_status(t, ops[i].cookie, DMA_COMPLETE))
			return -EIO;
	return nt_data(t);
}

static int nt_set(struct netdma_test *t, size_t dst, int value, size_t len)
{
	struct nt_op *op = nt_ops(t, 1);

	if (!op)
		return -EIO;
	nt_attach(t, op, dmaengine_prep_dma_memset(t->chan, t->dst_dma + dst, value, len,
						   NT_NOTIFY));
	if (!op->txd)
		return nt_fail(t, "prep of a memset refused");
	op->outside = true;
	if (nt_submit(t, op))
		return -EIO;
	memset(t->image + dst, value, len);
	dma_async_issue_pending(t->chan);
	return nt_done(t, op) ?: nt_data(t);
}

/* memset: the low byte of the value, at any address and for any length. */
static int nt_memset_low_byte(struct netdma_test *t)
{
	return nt_set(t, 4099, 0x12345a7, 10001);
}

/* memset beyond the limit is one transaction, too. */
static int nt_memset_long(struct netdma_test *t)
{
	return nt_set(t, 5, 0x3c, 2 * t->limit + 3);
}

const struct nt_case nt_copy_cases[] = {
	{ "copy_byte", "one byte", nt_copy_byte },
	{ "copy_unaligned", "all alignments of both addresses and the length", nt_copy_unaligned },
	{ "copy_page", "4 KiB", nt_copy_page },
	{ "copy_limit", "as much as the hardware moves at once", nt_copy_limit },
	{ "copy_limit_and_one", "one byte more than that", nt_copy_limit_and_one },
	{ "copy_long", "several times as much is one transaction", nt_copy_long },
	{ "copy_several", "one issue is for all that is submitted", nt_copy_several },
	{ "copy_not_issued", "nothing happens before the issue", nt_copy_not_issued },
	{ "callback_order", "callbacks in cookie order, once each, in softirq", nt_callback_order },
	{ "callback_order_polled", "the same while the client polls",
	  nt_callback_order_polled },
	{ "callback_later", "a callback without DMA_PREP_INTERRUPT comes with a later one",
	  nt_callback_later },
	{ "callback_polled", "a callback without DMA_PREP_INTERRUPT comes after polling",
	  nt_callback_polled },
	{ "callback_submits", "a callback may prepare, submit and issue", nt_callback_submits },
	{ "fence", "after DMA_PREP_FENCE a copy sees the result of the one before",
	  nt_fence, NT_NEEDS_ROOM },
	{ "interrupt", "an interrupt descriptor completes after all before it",
	  nt_interrupt, NT_NEEDS_INTERRUPT | NT_NEEDS_ROOM },
	{ "memset_low_byte", "memset takes the low byte of its value",
	  nt_memset_low_byte, NT_NEEDS_MEMSET },
	{ "memset_long", "memset of more than the hardware does at once",
	  nt_memset_long, NT_NEEDS_MEMSET },
	{ }
};
