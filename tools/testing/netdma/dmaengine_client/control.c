// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: pause, resume, terminate, synchronize, release
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "client.h"

/* Copies of a megabyte: an engine needs many milliseconds for these. */
#define DC_FLOOD	300
#define DC_ATTEMPTS	10

static int dc_pause(struct dc_test *t)
{
	int err = dmaengine_pause(t->chan);

	return err ? dc_fail(t, "pause answers %d", err) : 0;
}

static int dc_resume(struct dc_test *t)
{
	int err = dmaengine_resume(t->chan);

	return err ? dc_fail(t, "resume answers %d", err) : 0;
}

/* What is issued on a paused channel waits for its resumption. */
static int dc_pause_idle(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 2);

	if (!ops || dc_pause(t) || dc_prep(t, &ops[0], 0, 0, 4096, DC_NOTIFY))
		return -EIO;
	/* Submitted without dc_submit(), which would expect the data. */
	ops[0].cookie = dmaengine_submit(ops[0].txd);
	dma_async_issue_pending(t->chan);
	if (dc_expect_status(t, ops[0].cookie, DMA_PAUSED) || dc_no_callbacks(t, 20) ||
	    dc_expect_status(t, ops[0].cookie, DMA_PAUSED) || dc_data(t))
		return -EIO;
	memcpy(t->image, t->src_image, 4096);
	if (dc_resume(t) || dc_done(t, &ops[0]) || dc_data(t))
		return -EIO;
	return dc_works(t);
}

/* The same on a channel that was in use. */
static int dc_pause_drained(struct dc_test *t)
{
	return dc_works(t) ?: dc_pause_idle(t);
}

/* Ten pauses in a flood. Returns whether one of them found the channel busy. */
static int dc_pause_flood(struct dc_test *t, struct dc_op *ops)
{
	unsigned int i, waiting, busy = 0;

	for (i = 0; i < 10; i++) {
		if (dc_pause(t))
			return -EIO;
		waiting = dc_waiting(t, ops, DC_FLOOD);
		usleep_range(5000, 6000);
		if (dc_waiting(t, ops, DC_FLOOD) != waiting)
			return dc_fail(t, "%u copies waited in the pause, then %u", waiting,
				       dc_waiting(t, ops, DC_FLOOD));
		busy += waiting;
		if (dc_resume(t))
			return -EIO;
		udelay(dc_random(t, 500));
	}
	return busy;
}

/* A paused channel does not move; resumed, it does everything, in order. */
static int dc_pause_busy(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_ATTEMPTS * DC_FLOOD);
	unsigned int attempt;
	int busy = 0;

	if (!ops)
		return -EIO;
	for (attempt = 0; attempt < DC_ATTEMPTS && !busy; attempt++, ops += DC_FLOOD) {
		if (dc_flood(t, ops, DC_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		busy = dc_pause_flood(t, ops);
		if (busy < 0 || dc_all_done(t, ops, DC_FLOOD) || dc_data(t))
			return -EIO;
	}
	return busy ? 0 : dc_fail(t, "the engine was too fast to be paused");
}

/*
 * Pauses at many places of a queue: nothing is left out and nothing is done to
 * the wrong place, for each copy has its own.
 */
static int dc_pause_often(struct dc_test *t)
{
	const unsigned int n = 400, size = 10000;
	struct dc_op *ops;
	unsigned int round, i;

	ops = dc_ops(t, 10 * n);
	if (!ops)
		return -EIO;
	for (round = 0; round < 10; round++, ops += n) {
		memset(t->dst, t->poison, DC_BUFFER);
		memset(t->image, t->poison, DC_BUFFER);
		for (i = 0; i < n; i++)
			if (dc_copy(t, &ops[i], i * size, dc_random(t, DC_BUFFER - size),
				    size - 1, DC_NOTIFY))
				return -EIO;
		dma_async_issue_pending(t->chan);
		for (i = 0; i < 20; i++) {
			udelay(dc_random(t, 50));
			if (dc_pause(t) || dc_resume(t))
				return -EIO;
		}
		if (dc_all_done(t, ops, n) || dc_data(t))
			return -EIO;
	}
	return 0;
}

/* Work can be added to a channel that was stopped with work in it. */
static int dc_pause_append(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_FLOOD + 100);
	unsigned int i;

	if (!ops || dc_flood(t, ops, DC_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_pause(t))
		return -EIO;
	for (i = 0; i < 100; i++) {
		size_t offset = DC_BUFFER / 2 + i * 8192;

		if (dc_copy(t, &ops[DC_FLOOD + i], offset, offset, 8000, DC_NOTIFY))
			return -EIO;
		dma_async_issue_pending(t->chan);
	}
	if (dc_resume(t))
		return -EIO;
	return dc_all_done(t, ops, DC_FLOOD + 100) ?: dc_data(t);
}

/* A second pause changes nothing. */
static int dc_pause_twice(struct dc_test *t)
{
	return dc_pause(t) ?: dc_pause(t) ?: dc_resume(t) ?: dc_works(t);
}

/* Resume is an error when there is nothing to resume. */
static int dc_resume_running(struct dc_test *t)
{
	int err = dmaengine_resume(t->chan);

	if (err != -EINVAL)
		return dc_fail(t, "resume of a fresh channel answers %d", err);
	if (dc_works(t) || dc_pause(t) || dc_resume(t))
		return -EIO;
	err = dmaengine_resume(t->chan);
	if (err != -EINVAL)
		return dc_fail(t, "a second resume answers %d", err);
	return dc_works(t);
}

/*
 * Terminate with a full queue. Called back and complete, or never called back
 * and DMA_ERROR: there is no third way. @during is done before the
 * synchronisation.
 */
static int dc_terminate_busy(struct dc_test *t, int (*during)(struct dc_test *t))
{
	unsigned int attempt, aborted = 0;
	struct dc_op *ops;

	ops = dc_ops(t, DC_ATTEMPTS * DC_FLOOD + 1);
	if (!ops)
		return -EIO;
	for (attempt = 0; attempt < DC_ATTEMPTS && !aborted; attempt++, ops += DC_FLOOD) {
		if (dc_flood(t, ops, DC_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		if (attempt % 2)
			udelay(dc_random(t, 1000));
		else if (dc_wait(t, ops))
			return -EIO;
		dmaengine_terminate_async(t->chan);
		if (during && during(t))
			return -EIO;
		dmaengine_synchronize(t->chan);
		if (dc_done_or_aborted(t, ops, DC_FLOOD, &aborted) || dc_no_callbacks(t, 20))
			return -EIO;
		dc_adopt(t, 0, DC_BUFFER / 2);
		if (dc_works(t) || dc_data(t))
			return -EIO;
	}
	return aborted ? 0 : dc_fail(t, "the engine was too fast to be terminated");
}

static int dc_terminate_in_flight(struct dc_test *t)
{
	return dc_terminate_busy(t, NULL);
}

/* Terminate is for what was submitted before it, not for what comes after. */
static int dc_terminate_then_submit(struct dc_test *t)
{
	return dc_terminate_busy(t, dc_works);
}

static int dc_terminate_again(struct dc_test *t)
{
	dmaengine_terminate_async(t->chan);
	dmaengine_terminate_async(t->chan);
	return 0;
}

static int dc_terminate_repeatedly(struct dc_test *t)
{
	return dc_terminate_busy(t, dc_terminate_again);
}

/* Pause and resume work on a channel whose termination is not yet over. */
static int dc_pause_and_submit(struct dc_test *t)
{
	struct dc_op *op = &t->ops[t->num_ops - 1];
	size_t offset = DC_BUFFER / 2;

	if (op->txd)	/* only in the first attempt */
		return 0;
	if (dc_pause(t) || dc_copy(t, op, offset, offset, 100, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_expect_status(t, op->cookie, DMA_PAUSED) || dc_resume(t))
		return -EIO;
	return dc_done(t, op);
}

static int dc_terminate_then_pause(struct dc_test *t)
{
	return dc_terminate_busy(t, dc_pause_and_submit);
}

/* What was terminated does not touch its buffers once synchronize returns. */
static int dc_synchronize(struct dc_test *t)
{
	struct dc_op *ops;
	unsigned int i;

	ops = dc_ops(t, 5 * DC_FLOOD);
	if (!ops)
		return -EIO;
	for (i = 0; i < 5; i++, ops += DC_FLOOD) {
		if (dc_flood(t, ops, DC_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(dc_random(t, 1000));
		dmaengine_terminate_sync(t->chan);
		memset(t->dst, ~t->poison, DC_BUFFER / 2);
		memset(t->image, ~t->poison, DC_BUFFER / 2);
		if (dc_no_callbacks(t, 30) || dc_data(t))
			return -EIO;
	}
	return dc_works(t);
}

static void dc_terminate_hook(struct dc_op *op)
{
	dmaengine_terminate_async(op->t->chan);
}

/* Terminate may be called from a callback. */
static int dc_terminate_in_callback(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_FLOOD);
	unsigned int aborted;

	if (!ops)
		return -EIO;
	ops[2].hook = dc_terminate_hook;
	if (dc_flood(t, ops, DC_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_wait(t, &ops[2]))
		return -EIO;
	dmaengine_synchronize(t->chan);
	if (dc_done_or_aborted(t, ops, DC_FLOOD, &aborted) || dc_no_callbacks(t, 20))
		return -EIO;
	dc_adopt(t, 0, DC_BUFFER / 2);
	return dc_works(t) ?: dc_data(t);
}

/* Terminate ends a pause, with what waited in it. */
static int dc_terminate_paused(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_FLOOD);
	int err;

	if (!ops || dc_flood(t, ops, DC_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	usleep_range(100, 300);
	if (dc_pause(t))
		return -EIO;
	dmaengine_terminate_sync(t->chan);
	if (dc_done_or_aborted(t, ops, DC_FLOOD, NULL))
		return -EIO;
	dc_adopt(t, 0, DC_BUFFER / 2);
	err = dmaengine_resume(t->chan);
	if (err != -EINVAL)
		return dc_fail(t, "resume after terminate answers %d", err);
	return dc_works(t) ?: dc_data(t);
}

/* The same when nothing was running when the pause began. */
static int dc_terminate_paused_idle(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 1);

	if (!ops || dc_works(t) || dc_pause(t) || dc_copy(t, ops, 0, 0, 4096, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	dmaengine_terminate_sync(t->chan);
	if (dc_expect_status(t, ops->cookie, DMA_ERROR) || dc_no_callbacks(t, 20))
		return -EIO;
	memset(t->image, t->poison, 4096);
	return dc_data(t) ?: dc_works(t);
}

/* Submitted and not issued is aborted, too, and is not issued by a later one. */
static int dc_terminate_not_issued(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 1);

	if (!ops || dc_works(t) || dc_copy(t, ops, 0, 0, 4096, DC_NOTIFY))
		return -EIO;
	dmaengine_terminate_sync(t->chan);
	if (dc_expect_status(t, ops->cookie, DMA_ERROR))
		return -EIO;
	memset(t->image, t->poison, 4096);
	return dc_works(t) ?: dc_no_callbacks(t, 10) ?: dc_data(t);
}

static int dc_terminate_idle(struct dc_test *t)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		dmaengine_terminate_sync(t->chan);
	if (dc_works(t))
		return -EIO;
	for (i = 0; i < 100; i++)
		dmaengine_terminate_sync(t->chan);
	return dc_works(t) ?: dc_data(t);
}

/*
 * What was prepared before terminate cannot be submitted after it, and nothing
 * is lost, whether that is tried or synchronize gives up on it.
 */
static int dc_terminate_prepared(struct dc_test *t)
{
	struct dc_op *op = dc_ops(t, 1);
	unsigned int i, n;

	if (!op)
		return -EIO;
	for (i = 0; i < 2 * t->capacity; i++) {
		size_t len = i % 5 ? 64 : t->limit + 1;

		if (dc_prep(t, op, 0, 0, len, DC_NOTIFY))
			return -EIO;
		dmaengine_terminate_async(t->chan);
		if (i % 2) {
			dmaengine_synchronize(t->chan);
			continue;
		}
		op->cookie = dmaengine_submit(op->txd);
		if (!dma_submit_error(op->cookie))
			return dc_fail(t, "cookie %d for what was terminated", op->cookie);
	}
	n = dc_measure(t);
	if (n != t->capacity)
		return dc_fail(t, "%u can be prepared, not %u", n, t->capacity);
	return dc_works(t) ?: dc_data(t);
}

/* A channel can be released after terminate_sync, and then is as good as new. */
static int dc_release(struct dc_test *t)
{
	struct dc_op *ops;
	unsigned int i;

	ops = dc_ops(t, 5 * DC_FLOOD);
	if (!ops)
		return -EIO;
	for (i = 0; i < 5; i++, ops += DC_FLOOD) {
		if (dc_flood(t, ops, DC_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(dc_random(t, 1000));
		dmaengine_terminate_sync(t->chan);
		dma_release_channel(t->chan);
		memset(t->dst, t->poison, DC_BUFFER / 2);
		memset(t->image, t->poison, DC_BUFFER / 2);
		if (dc_no_callbacks(t, 20))
			return -EIO;
		t->chan = dc_request();
		if (!t->chan)
			return dc_fail(t, "no channel to be had again");
		if (dc_works(t) || dc_data(t))
			return -EIO;
	}
	return 0;
}

/* A client that forgets to terminate does no harm to others either. */
static int dc_release_busy(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_FLOOD);

	if (!ops || dc_flood(t, ops, DC_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	usleep_range(100, 300);
	dma_release_channel(t->chan);
	memset(t->dst, t->poison, DC_BUFFER / 2);
	memset(t->image, t->poison, DC_BUFFER / 2);
	t->chan = NULL;
	if (dc_no_callbacks(t, 20))
		return -EIO;
	t->chan = dc_request();
	if (!t->chan)
		return dc_fail(t, "no channel to be had again");
	return dc_works(t) ?: dc_data(t);
}

/* A paused channel can be released. */
static int dc_release_paused(struct dc_test *t)
{
	if (dc_pause(t))
		return -EIO;
	dma_release_channel(t->chan);
	t->chan = dc_request();
	if (!t->chan)
		return dc_fail(t, "no channel to be had again");
	return dc_works(t) ?: dc_data(t);
}

const struct dc_case dc_control_cases[] = {
	{ "pause_idle", "a paused fresh channel executes nothing, a resumed one does",
	  dc_pause_idle, DC_NEEDS_PAUSE },
	{ "pause_drained", "a paused idle channel executes nothing, a resumed one does",
	  dc_pause_drained, DC_NEEDS_PAUSE },
	{ "pause_busy", "pauses in a long queue: it stands still, then all is done in order",
	  dc_pause_busy, DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "pause_often", "pauses at many places of a queue: every copy is done",
	  dc_pause_often, DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "pause_append", "work is added while paused in a long queue",
	  dc_pause_append, DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "pause_twice", "a second pause is no error", dc_pause_twice, DC_NEEDS_PAUSE },
	{ "resume_running", "resume of what is not paused is -EINVAL",
	  dc_resume_running, DC_NEEDS_PAUSE },
	{ "terminate_in_flight", "terminated: either called back or DMA_ERROR",
	  dc_terminate_in_flight, DC_NEEDS_ROOM },
	{ "terminate_then_submit", "what is submitted after terminate is executed",
	  dc_terminate_then_submit, DC_NEEDS_ROOM },
	{ "terminate_repeatedly", "terminate before the last one is over",
	  dc_terminate_repeatedly, DC_NEEDS_ROOM },
	{ "terminate_then_pause", "pause and resume before terminate is over",
	  dc_terminate_then_pause, DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "terminate_in_callback", "terminate from a callback",
	  dc_terminate_in_callback, DC_NEEDS_ROOM },
	{ "terminate_paused", "terminate ends a pause in a long queue",
	  dc_terminate_paused, DC_NEEDS_PAUSE | DC_NEEDS_ROOM },
	{ "terminate_paused_idle", "terminate aborts what was issued while paused",
	  dc_terminate_paused_idle, DC_NEEDS_PAUSE },
	{ "terminate_not_issued", "terminate aborts what was not issued", dc_terminate_not_issued },
	{ "terminate_idle", "terminate of nothing, often", dc_terminate_idle },
	{ "terminate_prepared", "what is prepared before terminate is refused after it",
	  dc_terminate_prepared },
	{ "synchronize", "buffers are left alone after synchronize",
	  dc_synchronize, DC_NEEDS_ROOM },
	{ "release", "release after terminate, with work in flight", dc_release, DC_NEEDS_ROOM },
	{ "release_busy", "release without terminate", dc_release_busy, DC_NEEDS_ROOM },
	{ "release_paused", "release of a paused channel", dc_release_paused, DC_NEEDS_PAUSE },
	{ }
};
