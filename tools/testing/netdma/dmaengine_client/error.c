// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: copies that fail
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "client.h"

#define DC_LEN		6000
#define DC_STRIDE	8192
#define DC_MIXED	64

/* Number @i of a queue: good, or with an address that nothing answers */
static int dc_mixed_copy(struct dc_test *t, struct dc_op *op, unsigned int i,
			 enum dmaengine_tx_result expected)
{
	size_t offset = i * DC_STRIDE;

	switch (expected) {
	case DMA_TRANS_READ_FAILED:
		return dc_prep_outside(t, op, t->dst_dma + offset, dc_bad_address, DC_LEN,
				       expected) ?:
		       dc_submit(t, op);
	case DMA_TRANS_WRITE_FAILED:
		return dc_prep_outside(t, op, dc_bad_address, t->src_dma + offset, DC_LEN,
				       expected) ?:
		       dc_submit(t, op);
	default:
		return dc_copy(t, op, offset, offset, DC_LEN, DC_NOTIFY);
	}
}

/*
 * A queue of DC_MIXED copies of which those in @read and @write are bad. Exactly
 * they fail, with their kind of failure; all callbacks come, in order.
 */
static int dc_mixed_queue(struct dc_test *t, struct dc_op *ops, u64 read, u64 write)
{
	unsigned int i;

	for (i = 0; i < DC_MIXED; i++) {
		enum dmaengine_tx_result expected = DMA_TRANS_NOERROR;

		if (read & BIT_ULL(i))
			expected = DMA_TRANS_READ_FAILED;
		else if (write & BIT_ULL(i))
			expected = DMA_TRANS_WRITE_FAILED;
		if (dc_mixed_copy(t, &ops[i], i, expected))
			return -EIO;
	}
	return 0;
}

static int dc_mixed(struct dc_test *t, u64 read, u64 write)
{
	struct dc_op *ops = dc_ops(t, DC_MIXED);

	if (!ops || dc_mixed_queue(t, ops, read, write))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, DC_MIXED) ?: dc_data(t) ?: dc_works(t);
}

/* Exactly the copy with the bad source fails, and says that reading did. */
static int dc_bad_source(struct dc_test *t)
{
	return dc_mixed(t, BIT_ULL(20), 0);
}

static int dc_bad_destination(struct dc_test *t)
{
	return dc_mixed(t, 0, BIT_ULL(20));
}

static int dc_bad_first(struct dc_test *t)
{
	return dc_mixed(t, BIT_ULL(0), 0);
}

static int dc_bad_last(struct dc_test *t)
{
	return dc_mixed(t, 0, BIT_ULL(DC_MIXED - 1));
}

static int dc_bad_back_to_back(struct dc_test *t)
{
	return dc_mixed(t, BIT_ULL(20) | BIT_ULL(22), BIT_ULL(21) | BIT_ULL(23));
}

static int dc_bad_every_other(struct dc_test *t)
{
	return dc_mixed(t, 0x1111111111111111, 0x4444444444444444);
}

static int dc_bad_all(struct dc_test *t)
{
	return dc_mixed(t, GENMASK_ULL(31, 0), GENMASK_ULL(63, 32));
}

/* A bad one with nothing before or behind it; the channel goes on. */
static int dc_bad_alone(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 20);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 20; i++) {
		if (dc_mixed_copy(t, &ops[i], i, i % 2 ? DMA_TRANS_READ_FAILED :
							DMA_TRANS_WRITE_FAILED))
			return -EIO;
		dma_async_issue_pending(t->chan);
		if (dc_done(t, &ops[i]))
			return -EIO;
		if (i % 3 == 0 && dc_works(t))
			return -EIO;
	}
	return dc_data(t);
}

/* Without an interrupt of its own and without a callback, the cookie says it. */
static int dc_bad_silent(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 3);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 3; i++) {
		if (i == 1) {
			ops[1].outside = true;
			ops[1].txd = dmaengine_prep_dma_memcpy(t->chan, t->dst_dma, dc_bad_address,
							       DC_LEN, 0);
			if (!ops[1].txd)
				return dc_fail(t, "prep refused");
			if (dc_submit(t, &ops[1]))
				return -EIO;
		} else if (dc_copy(t, &ops[i], i * DC_STRIDE, 0, DC_LEN, 0)) {
			return -EIO;
		}
	}
	dma_async_issue_pending(t->chan);
	if (dc_poll(t, ops[2].cookie))
		return -EIO;
	for (i = 0; i < 3; i++)
		if (dc_expect_status(t, ops[i].cookie, i == 1 ? DMA_ERROR : DMA_COMPLETE))
			return -EIO;
	return dc_data(t);
}

/* All that comes in while the channel recovers is executed. */
static int dc_bad_while_submitting(struct dc_test *t)
{
	const unsigned int n = 2000;
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		if (i % 100 == 50) {
			if (dc_mixed_copy(t, &ops[i], 0, DMA_TRANS_READ_FAILED))
				return -EIO;
		} else if (dc_push(t, &ops[i], i * 1000, i * 900, 900, DC_NOTIFY)) {
			return -EIO;
		}
		if (i % 8 == 0)
			dma_async_issue_pending(t->chan);
		/* Room for the bad ones, which do not wait for it. */
		if (i % 100 == 49 && dc_wait(t, &ops[i - 40]))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, n) ?: dc_data(t);
}

/* Bad ones that were issued while paused fail after the resumption. */
static int dc_bad_paused(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_MIXED);

	if (!ops || dmaengine_pause(t->chan) ||
	    dc_mixed_queue(t, ops, BIT_ULL(0) | BIT_ULL(10), BIT_ULL(11)))
		return dc_fail(t, "not paused");
	dma_async_issue_pending(t->chan);
	if (dc_no_callbacks(t, 10))
		return -EIO;
	if (dmaengine_resume(t->chan))
		return dc_fail(t, "not resumed");
	return dc_all_done(t, ops, DC_MIXED) ?: dc_data(t) ?: dc_works(t);
}

/* Pause and resume while errors are recovered from lose nothing. */
static int dc_bad_pausing(struct dc_test *t)
{
	unsigned int round, i;
	struct dc_op *ops;
	int err;

	ops = dc_ops(t, 20 * DC_MIXED);
	if (!ops)
		return -EIO;
	for (round = 0; round < 20; round++, ops += DC_MIXED) {
		if (dc_mixed_queue(t, ops, 0x0000010001010101, 0x0100000010000000))
			return -EIO;
		dma_async_issue_pending(t->chan);
		for (i = 0; i < 10; i++) {
			udelay(dc_random(t, 200));
			err = dmaengine_pause(t->chan);
			if (err)
				return dc_fail(t, "pause answers %d", err);
			udelay(dc_random(t, 200));
			err = dmaengine_resume(t->chan);
			if (err)
				return dc_fail(t, "resume answers %d", err);
		}
		if (dc_all_done(t, ops, DC_MIXED) || dc_data(t))
			return -EIO;
	}
	return dc_works(t);
}

/* A pause that begins while an error is recovered from holds. */
static int dc_bad_then_pause(struct dc_test *t)
{
	unsigned int i, waiting;
	struct dc_op *ops;

	ops = dc_ops(t, 20 * DC_MIXED);
	if (!ops)
		return -EIO;
	for (i = 0; i < 20; i++, ops += DC_MIXED) {
		if (dc_mixed_queue(t, ops, BIT_ULL(0), 0))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(dc_random(t, 300));
		if (dmaengine_pause(t->chan))
			return dc_fail(t, "not paused");
		/* The failure itself, of the first one, may be found while paused. */
		waiting = dc_waiting(t, ops + 1, DC_MIXED - 1);
		usleep_range(5000, 6000);
		if (dc_waiting(t, ops + 1, DC_MIXED - 1) != waiting)
			return dc_fail(t, "%u copies waited in the pause, then %u", waiting,
				       dc_waiting(t, ops + 1, DC_MIXED - 1));
		if (dmaengine_resume(t->chan))
			return dc_fail(t, "not resumed");
		if (dc_all_done(t, ops, DC_MIXED) || dc_data(t))
			return -EIO;
	}
	return dc_works(t);
}

/* A copy of several descriptors of which the first one fails */
static int dc_bad_split(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 3);

	if (!ops || dc_copy(t, &ops[0], 0, 0, DC_LEN, DC_NOTIFY) ||
	    dc_prep_outside(t, &ops[1], t->dst_dma + DC_STRIDE, dc_bad_address,
			    2 * t->limit + 5, DMA_TRANS_READ_FAILED) ||
	    dc_submit(t, &ops[1]) ||
	    dc_copy(t, &ops[2], 3 * t->limit, 0, DC_LEN, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, 3) ?: dc_data(t) ?: dc_works(t);
}

/*
 * A copy of three descriptors of which the second fails: it fails as a whole,
 * and what it has left undone is not done.
 */
static int dc_bad_split_middle(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 3);

	if (!ops || dc_copy(t, &ops[0], 0, 0, DC_LEN, DC_NOTIFY) ||
	    dc_prep_outside(t, &ops[1], t->dst_dma + DC_STRIDE, dc_memory_end - t->limit,
			    2 * t->limit + 5, DMA_TRANS_READ_FAILED) ||
	    dc_submit(t, &ops[1]) ||
	    dc_copy(t, &ops[2], 3 * t->limit, 0, DC_LEN, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_all_done(t, ops, 3))
		return -EIO;
	/* The first part is in place; what it is nobody knows. */
	dc_adopt(t, DC_STRIDE, t->limit);
	return dc_data(t) ?: dc_works(t);
}

/*
 * Terminate at any moment of the recovery from an error. What was done, what
 * failed and what was aborted is told apart; what comes later is executed.
 */
static int dc_bad_terminate(struct dc_test *t)
{
	struct dc_op *ops;
	unsigned int i;

	ops = dc_ops(t, 60 * DC_MIXED);
	if (!ops)
		return -EIO;
	for (i = 0; i < 60; i++, ops += DC_MIXED) {
		if (dc_mixed_queue(t, ops, BIT_ULL(0) | BIT_ULL(12), BIT_ULL(40)))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(dc_random(t, 400));
		dmaengine_terminate_async(t->chan);
		if (i % 3 == 0 && dc_works(t))
			return -EIO;
		dmaengine_synchronize(t->chan);
		if (dc_done_or_aborted(t, ops, DC_MIXED, NULL))
			return -EIO;
		dc_adopt(t, 0, DC_MIXED * DC_STRIDE);
	}
	return dc_works(t) ?: dc_no_callbacks(t, 20) ?: dc_data(t);
}

static void dc_error_hook(struct dc_op *op)
{
	dmaengine_terminate_async(op->t->chan);
}

/* What many clients do: the callback of a failed copy terminates all. */
static int dc_bad_terminate_in_callback(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_MIXED);

	if (!ops)
		return -EIO;
	ops[5].hook = dc_error_hook;
	if (dc_mixed_queue(t, ops, BIT_ULL(5) | BIT_ULL(6), 0))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_wait(t, &ops[5]))
		return -EIO;
	dmaengine_synchronize(t->chan);
	if (dc_done_or_aborted(t, ops, DC_MIXED, NULL))
		return -EIO;
	dc_adopt(t, 0, DC_MIXED * DC_STRIDE);
	return dc_works(t) ?: dc_data(t);
}

/* Release while an error is recovered from. */
static int dc_bad_release(struct dc_test *t)
{
	struct dc_op *ops;
	unsigned int i;

	ops = dc_ops(t, 20 * DC_MIXED);
	if (!ops)
		return -EIO;
	for (i = 0; i < 20; i++, ops += DC_MIXED) {
		if (dc_mixed_queue(t, ops, BIT_ULL(0) | BIT_ULL(12), BIT_ULL(40)))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(dc_random(t, 400));
		dmaengine_terminate_sync(t->chan);
		dma_release_channel(t->chan);
		t->chan = dc_request();
		if (!t->chan)
			return dc_fail(t, "no channel to be had again");
		dc_adopt(t, 0, DC_MIXED * DC_STRIDE);
	}
	return dc_works(t) ?: dc_no_callbacks(t, 20) ?: dc_data(t);
}

const struct dc_case dc_error_cases[] = {
	{ "bad_source", "a bad source fails as READ_FAILED, all others are done",
	  dc_bad_source, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_destination", "a bad destination fails as WRITE_FAILED, all others are done",
	  dc_bad_destination, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_first", "the first copy after the start is bad",
	  dc_bad_first, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_last", "the last copy is bad", dc_bad_last, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_back_to_back", "several bad ones in a row",
	  dc_bad_back_to_back, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_every_other", "every other one is bad",
	  dc_bad_every_other, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_all", "all are bad", dc_bad_all, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_alone", "bad ones with nothing behind them", dc_bad_alone, DC_NEEDS_BAD_ADDRESS },
	{ "bad_silent", "the cookie of a silent bad copy says DMA_ERROR",
	  dc_bad_silent, DC_NEEDS_BAD_ADDRESS },
	{ "bad_while_submitting", "work comes in during recoveries",
	  dc_bad_while_submitting, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_paused", "bad ones issued while paused fail after resume",
	  dc_bad_paused, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "bad_pausing", "pause and resume during recoveries lose nothing",
	  dc_bad_pausing, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "bad_then_pause", "a pause during a recovery holds",
	  dc_bad_then_pause, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "bad_split", "a bad copy of several descriptors", dc_bad_split, DC_NEEDS_BAD_ADDRESS },
	{ "bad_split_middle", "a copy whose second descriptor is bad",
	  dc_bad_split_middle, DC_NEEDS_MEMORY_END },
	{ "bad_terminate", "terminate during recoveries",
	  dc_bad_terminate, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_terminate_in_callback", "the callback of a failed copy terminates",
	  dc_bad_terminate_in_callback, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ "bad_release", "release during recoveries",
	  dc_bad_release, DC_NEEDS_BAD_ADDRESS | DC_NEEDS_ROOM },
	{ }
};
