// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: copies that fail
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "netdma_test.h"

#define NT_LEN		6000
#define NT_STRIDE	8192
#define NT_MIXED	64

/* Number @i of a queue: good, or with an address that nothing answers */
static int nt_mixed_copy(struct netdma_test *t, struct nt_op *op, unsigned int i,
			 enum dmaengine_tx_result expected)
{
	size_t offset = i * NT_STRIDE;

	switch (expected) {
	case DMA_TRANS_READ_FAILED:
		return nt_prep_outside(t, op, t->dst_dma + offset, nt_bad_address, NT_LEN,
				       expected) ?:
		       nt_submit(t, op);
	case DMA_TRANS_WRITE_FAILED:
		return nt_prep_outside(t, op, nt_bad_address, t->src_dma + offset, NT_LEN,
				       expected) ?:
		       nt_submit(t, op);
	default:
		return nt_copy(t, op, offset, offset, NT_LEN, NT_NOTIFY);
	}
}

/*
 * A queue of NT_MIXED copies of which those in @read and @write are bad. Exactly
 * they fail, with their kind of failure; all callbacks come, in order.
 */
static int nt_mixed_queue(struct netdma_test *t, struct nt_op *ops, u64 read, u64 write)
{
	unsigned int i;

	for (i = 0; i < NT_MIXED; i++) {
		enum dmaengine_tx_result expected = DMA_TRANS_NOERROR;

		if (read & BIT_ULL(i))
			expected = DMA_TRANS_READ_FAILED;
		else if (write & BIT_ULL(i))
			expected = DMA_TRANS_WRITE_FAILED;
		if (nt_mixed_copy(t, &ops[i], i, expected))
			return -EIO;
	}
	return 0;
}

static int nt_mixed(struct netdma_test *t, u64 read, u64 write)
{
	struct nt_op *ops = nt_ops(t, NT_MIXED);

	if (!ops || nt_mixed_queue(t, ops, read, write))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, NT_MIXED) ?: nt_data(t) ?: nt_works(t);
}

/* Exactly the copy with the bad source fails, and says that reading did. */
static int nt_bad_source(struct netdma_test *t)
{
	return nt_mixed(t, BIT_ULL(20), 0);
}

static int nt_bad_destination(struct netdma_test *t)
{
	return nt_mixed(t, 0, BIT_ULL(20));
}

static int nt_bad_first(struct netdma_test *t)
{
	return nt_mixed(t, BIT_ULL(0), 0);
}

static int nt_bad_last(struct netdma_test *t)
{
	return nt_mixed(t, 0, BIT_ULL(NT_MIXED - 1));
}

static int nt_bad_back_to_back(struct netdma_test *t)
{
	return nt_mixed(t, BIT_ULL(20) | BIT_ULL(22), BIT_ULL(21) | BIT_ULL(23));
}

static int nt_bad_every_other(struct netdma_test *t)
{
	return nt_mixed(t, 0x1111111111111111, 0x4444444444444444);
}

static int nt_bad_all(struct netdma_test *t)
{
	return nt_mixed(t, GENMASK_ULL(31, 0), GENMASK_ULL(63, 32));
}

/* A bad one with nothing before or behind it; the channel goes on. */
static int nt_bad_alone(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 20);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 20; i++) {
		if (nt_mixed_copy(t, &ops[i], i, i % 2 ? DMA_TRANS_READ_FAILED :
							DMA_TRANS_WRITE_FAILED))
			return -EIO;
		dma_async_issue_pending(t->chan);
		if (nt_done(t, &ops[i]))
			return -EIO;
		if (i % 3 == 0 && nt_works(t))
			return -EIO;
	}
	return nt_data(t);
}

/* Without an interrupt of its own and without a callback, the cookie says it. */
static int nt_bad_silent(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 3);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 3; i++) {
		if (i == 1) {
			ops[1].outside = true;
			ops[1].txd = dmaengine_prep_dma_memcpy(t->chan, t->dst_dma, nt_bad_address,
							       NT_LEN, 0);
			if (!ops[1].txd)
				return nt_fail(t, "prep refused");
			if (nt_submit(t, &ops[1]))
				return -EIO;
		} else if (nt_copy(t, &ops[i], i * NT_STRIDE, 0, NT_LEN, 0)) {
			return -EIO;
		}
	}
	dma_async_issue_pending(t->chan);
	if (nt_poll(t, ops[2].cookie))
		return -EIO;
	for (i = 0; i < 3; i++)
		if (nt_expect_status(t, ops[i].cookie, i == 1 ? DMA_ERROR : DMA_COMPLETE))
			return -EIO;
	return nt_data(t);
}

/* All that comes in while the channel recovers is executed. */
static int nt_bad_while_submitting(struct netdma_test *t)
{
	const unsigned int n = 2000;
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		if (i % 100 == 50) {
			if (nt_mixed_copy(t, &ops[i], 0, DMA_TRANS_READ_FAILED))
				return -EIO;
		} else if (nt_push(t, &ops[i], i * 1000, i * 900, 900, NT_NOTIFY)) {
			return -EIO;
		}
		if (i % 8 == 0)
			dma_async_issue_pending(t->chan);
		/* Room for the bad ones, which do not wait for it. */
		if (i % 100 == 49 && nt_wait(t, &ops[i - 40]))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, n) ?: nt_data(t);
}

/* Bad ones that were issued while paused fail after the resumption. */
static int nt_bad_paused(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_MIXED);

	if (!ops || dmaengine_pause(t->chan) ||
	    nt_mixed_queue(t, ops, BIT_ULL(0) | BIT_ULL(10), BIT_ULL(11)))
		return nt_fail(t, "not paused");
	dma_async_issue_pending(t->chan);
	if (nt_no_callbacks(t, 10))
		return -EIO;
	if (dmaengine_resume(t->chan))
		return nt_fail(t, "not resumed");
	return nt_all_done(t, ops, NT_MIXED) ?: nt_data(t) ?: nt_works(t);
}

/* Pause and resume while errors are recovered from lose nothing. */
static int nt_bad_pausing(struct netdma_test *t)
{
	unsigned int round, i;
	struct nt_op *ops;
	int err;

	ops = nt_ops(t, 20 * NT_MIXED);
	if (!ops)
		return -EIO;
	for (round = 0; round < 20; round++, ops += NT_MIXED) {
		if (nt_mixed_queue(t, ops, 0x0000010001010101, 0x0100000010000000))
			return -EIO;
		dma_async_issue_pending(t->chan);
		for (i = 0; i < 10; i++) {
			udelay(nt_random(t, 200));
			err = dmaengine_pause(t->chan);
			if (err)
				return nt_fail(t, "pause answers %d", err);
			udelay(nt_random(t, 200));
			err = dmaengine_resume(t->chan);
			if (err)
				return nt_fail(t, "resume answers %d", err);
		}
		if (nt_all_done(t, ops, NT_MIXED) || nt_data(t))
			return -EIO;
	}
	return nt_works(t);
}

/* A pause that begins while an error is recovered from holds. */
static int nt_bad_then_pause(struct netdma_test *t)
{
	unsigned int i, waiting;
	struct nt_op *ops;

	ops = nt_ops(t, 20 * NT_MIXED);
	if (!ops)
		return -EIO;
	for (i = 0; i < 20; i++, ops += NT_MIXED) {
		if (nt_mixed_queue(t, ops, BIT_ULL(0), 0))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(nt_random(t, 300));
		if (dmaengine_pause(t->chan))
			return nt_fail(t, "not paused");
		/* The failure itself, of the first one, may be found while paused. */
		waiting = nt_waiting(t, ops + 1, NT_MIXED - 1);
		usleep_range(5000, 6000);
		if (nt_waiting(t, ops + 1, NT_MIXED - 1) != waiting)
			return nt_fail(t, "%u copies waited in the pause, then %u", waiting,
				       nt_waiting(t, ops + 1, NT_MIXED - 1));
		if (dmaengine_resume(t->chan))
			return nt_fail(t, "not resumed");
		if (nt_all_done(t, ops, NT_MIXED) || nt_data(t))
			return -EIO;
	}
	return nt_works(t);
}

/* A copy of several descriptors of which the first one fails */
static int nt_bad_split(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 3);

	if (!ops || nt_copy(t, &ops[0], 0, 0, NT_LEN, NT_NOTIFY) ||
	    nt_prep_outside(t, &ops[1], t->dst_dma + NT_STRIDE, nt_bad_address,
			    2 * t->limit + 5, DMA_TRANS_READ_FAILED) ||
	    nt_submit(t, &ops[1]) ||
	    nt_copy(t, &ops[2], 3 * t->limit, 0, NT_LEN, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, 3) ?: nt_data(t) ?: nt_works(t);
}

/*
 * A copy of three descriptors of which the second fails: it fails as a whole,
 * and what it has left undone is not done.
 */
static int nt_bad_split_middle(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 3);

	if (!ops || nt_copy(t, &ops[0], 0, 0, NT_LEN, NT_NOTIFY) ||
	    nt_prep_outside(t, &ops[1], t->dst_dma + NT_STRIDE, nt_memory_end - t->limit,
			    2 * t->limit + 5, DMA_TRANS_READ_FAILED) ||
	    nt_submit(t, &ops[1]) ||
	    nt_copy(t, &ops[2], 3 * t->limit, 0, NT_LEN, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_all_done(t, ops, 3))
		return -EIO;
	/* The first part is in place; what it is nobody knows. */
	nt_adopt(t, NT_STRIDE, t->limit);
	return nt_data(t) ?: nt_works(t);
}

/*
 * Terminate at any moment of the recovery from an error. What was done, what
 * failed and what was aborted is told apart; what comes later is executed.
 */
static int nt_bad_terminate(struct netdma_test *t)
{
	struct nt_op *ops;
	unsigned int i;

	ops = nt_ops(t, 60 * NT_MIXED);
	if (!ops)
		return -EIO;
	for (i = 0; i < 60; i++, ops += NT_MIXED) {
		if (nt_mixed_queue(t, ops, BIT_ULL(0) | BIT_ULL(12), BIT_ULL(40)))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(nt_random(t, 400));
		dmaengine_terminate_async(t->chan);
		if (i % 3 == 0 && nt_works(t))
			return -EIO;
		dmaengine_synchronize(t->chan);
		if (nt_done_or_aborted(t, ops, NT_MIXED, NULL))
			return -EIO;
		nt_adopt(t, 0, NT_MIXED * NT_STRIDE);
	}
	return nt_works(t) ?: nt_no_callbacks(t, 20) ?: nt_data(t);
}

static void nt_error_hook(struct nt_op *op)
{
	dmaengine_terminate_async(op->t->chan);
}

/* What many clients do: the callback of a failed copy terminates all. */
static int nt_bad_terminate_in_callback(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_MIXED);

	if (!ops)
		return -EIO;
	ops[5].hook = nt_error_hook;
	if (nt_mixed_queue(t, ops, BIT_ULL(5) | BIT_ULL(6), 0))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_wait(t, &ops[5]))
		return -EIO;
	dmaengine_synchronize(t->chan);
	if (nt_done_or_aborted(t, ops, NT_MIXED, NULL))
		return -EIO;
	nt_adopt(t, 0, NT_MIXED * NT_STRIDE);
	return nt_works(t) ?: nt_data(t);
}

/* Release while an error is recovered from. */
static int nt_bad_release(struct netdma_test *t)
{
	struct nt_op *ops;
	unsigned int i;

	ops = nt_ops(t, 20 * NT_MIXED);
	if (!ops)
		return -EIO;
	for (i = 0; i < 20; i++, ops += NT_MIXED) {
		if (nt_mixed_queue(t, ops, BIT_ULL(0) | BIT_ULL(12), BIT_ULL(40)))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(nt_random(t, 400));
		dmaengine_terminate_sync(t->chan);
		dma_release_channel(t->chan);
		t->chan = nt_request();
		if (!t->chan)
			return nt_fail(t, "no channel to be had again");
		nt_adopt(t, 0, NT_MIXED * NT_STRIDE);
	}
	return nt_works(t) ?: nt_no_callbacks(t, 20) ?: nt_data(t);
}

const struct nt_case nt_error_cases[] = {
	{ "bad_source", "a bad source fails as READ_FAILED, all others are done",
	  nt_bad_source, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_destination", "a bad destination fails as WRITE_FAILED, all others are done",
	  nt_bad_destination, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_first", "the first copy after the start is bad",
	  nt_bad_first, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_last", "the last copy is bad", nt_bad_last, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_back_to_back", "several bad ones in a row",
	  nt_bad_back_to_back, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_every_other", "every other one is bad",
	  nt_bad_every_other, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_all", "all are bad", nt_bad_all, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_alone", "bad ones with nothing behind them", nt_bad_alone, NT_NEEDS_BAD_ADDRESS },
	{ "bad_silent", "the cookie of a silent bad copy says DMA_ERROR",
	  nt_bad_silent, NT_NEEDS_BAD_ADDRESS },
	{ "bad_while_submitting", "work comes in during recoveries",
	  nt_bad_while_submitting, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_paused", "bad ones issued while paused fail after resume",
	  nt_bad_paused, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "bad_pausing", "pause and resume during recoveries lose nothing",
	  nt_bad_pausing, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "bad_then_pause", "a pause during a recovery holds",
	  nt_bad_then_pause, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "bad_split", "a bad copy of several descriptors", nt_bad_split, NT_NEEDS_BAD_ADDRESS },
	{ "bad_split_middle", "a copy whose second descriptor is bad",
	  nt_bad_split_middle, NT_NEEDS_MEMORY_END },
	{ "bad_terminate", "terminate during recoveries",
	  nt_bad_terminate, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_terminate_in_callback", "the callback of a failed copy terminates",
	  nt_bad_terminate_in_callback, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ "bad_release", "release during recoveries",
	  nt_bad_release, NT_NEEDS_BAD_ADDRESS | NT_NEEDS_ROOM },
	{ }
};
