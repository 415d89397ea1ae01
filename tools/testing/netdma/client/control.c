// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: pause, resume, terminate, synchronize, release
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "netdma_test.h"

/* Copies of a megabyte: an engine needs many milliseconds for these. */
#define NT_FLOOD	300
#define NT_ATTEMPTS	10

static int nt_pause(struct netdma_test *t)
{
	int err = dmaengine_pause(t->chan);

	return err ? nt_fail(t, "pause answers %d", err) : 0;
}

static int nt_resume(struct netdma_test *t)
{
	int err = dmaengine_resume(t->chan);

	return err ? nt_fail(t, "resume answers %d", err) : 0;
}

/* What is issued on a paused channel waits for its resumption. */
static int nt_pause_idle(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 2);

	if (!ops || nt_pause(t) || nt_prep(t, &ops[0], 0, 0, 4096, NT_NOTIFY))
		return -EIO;
	/* Submitted without nt_submit(), which would expect the data. */
	ops[0].cookie = dmaengine_submit(ops[0].txd);
	dma_async_issue_pending(t->chan);
	if (nt_expect_status(t, ops[0].cookie, DMA_PAUSED) || nt_no_callbacks(t, 20) ||
	    nt_expect_status(t, ops[0].cookie, DMA_PAUSED) || nt_data(t))
		return -EIO;
	memcpy(t->image, t->src_image, 4096);
	if (nt_resume(t) || nt_done(t, &ops[0]) || nt_data(t))
		return -EIO;
	return nt_works(t);
}

/* The same on a channel that was in use. */
static int nt_pause_drained(struct netdma_test *t)
{
	return nt_works(t) ?: nt_pause_idle(t);
}

/* Ten pauses in a flood. Returns whether one of them found the channel busy. */
static int nt_pause_flood(struct netdma_test *t, struct nt_op *ops)
{
	unsigned int i, waiting, busy = 0;

	for (i = 0; i < 10; i++) {
		if (nt_pause(t))
			return -EIO;
		waiting = nt_waiting(t, ops, NT_FLOOD);
		usleep_range(5000, 6000);
		if (nt_waiting(t, ops, NT_FLOOD) != waiting)
			return nt_fail(t, "%u copies waited in the pause, then %u", waiting,
				       nt_waiting(t, ops, NT_FLOOD));
		busy += waiting;
		if (nt_resume(t))
			return -EIO;
		udelay(nt_random(t, 500));
	}
	return busy;
}

/* A paused channel does not move; resumed, it does everything, in order. */
static int nt_pause_busy(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_ATTEMPTS * NT_FLOOD);
	unsigned int attempt;
	int busy = 0;

	if (!ops)
		return -EIO;
	for (attempt = 0; attempt < NT_ATTEMPTS && !busy; attempt++, ops += NT_FLOOD) {
		if (nt_flood(t, ops, NT_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		busy = nt_pause_flood(t, ops);
		if (busy < 0 || nt_all_done(t, ops, NT_FLOOD) || nt_data(t))
			return -EIO;
	}
	return busy ? 0 : nt_fail(t, "the engine was too fast to be paused");
}

/*
 * Pauses at many places of a queue: nothing is left out and nothing is done to
 * the wrong place, for each copy has its own.
 */
static int nt_pause_often(struct netdma_test *t)
{
	const unsigned int n = 400, size = 10000;
	struct nt_op *ops;
	unsigned int round, i;

	ops = nt_ops(t, 10 * n);
	if (!ops)
		return -EIO;
	for (round = 0; round < 10; round++, ops += n) {
		memset(t->dst, t->poison, NT_BUFFER);
		memset(t->image, t->poison, NT_BUFFER);
		for (i = 0; i < n; i++)
			if (nt_copy(t, &ops[i], i * size, nt_random(t, NT_BUFFER - size),
				    size - 1, NT_NOTIFY))
				return -EIO;
		dma_async_issue_pending(t->chan);
		for (i = 0; i < 20; i++) {
			udelay(nt_random(t, 50));
			if (nt_pause(t) || nt_resume(t))
				return -EIO;
		}
		if (nt_all_done(t, ops, n) || nt_data(t))
			return -EIO;
	}
	return 0;
}

/* Work can be added to a channel that was stopped with work in it. */
static int nt_pause_append(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_FLOOD + 100);
	unsigned int i;

	if (!ops || nt_flood(t, ops, NT_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_pause(t))
		return -EIO;
	for (i = 0; i < 100; i++) {
		size_t offset = NT_BUFFER / 2 + i * 8192;

		if (nt_copy(t, &ops[NT_FLOOD + i], offset, offset, 8000, NT_NOTIFY))
			return -EIO;
		dma_async_issue_pending(t->chan);
	}
	if (nt_resume(t))
		return -EIO;
	return nt_all_done(t, ops, NT_FLOOD + 100) ?: nt_data(t);
}

/* A second pause changes nothing. */
static int nt_pause_twice(struct netdma_test *t)
{
	return nt_pause(t) ?: nt_pause(t) ?: nt_resume(t) ?: nt_works(t);
}

/* Resume is an error when there is nothing to resume. */
static int nt_resume_running(struct netdma_test *t)
{
	int err = dmaengine_resume(t->chan);

	if (err != -EINVAL)
		return nt_fail(t, "resume of a fresh channel answers %d", err);
	if (nt_works(t) || nt_pause(t) || nt_resume(t))
		return -EIO;
	err = dmaengine_resume(t->chan);
	if (err != -EINVAL)
		return nt_fail(t, "a second resume answers %d", err);
	return nt_works(t);
}

/*
 * Terminate with a full queue. Called back and complete, or never called back
 * and DMA_ERROR: there is no third way. @during is done before the
 * synchronisation.
 */
static int nt_terminate_busy(struct netdma_test *t, int (*during)(struct netdma_test *t))
{
	unsigned int attempt, aborted = 0;
	struct nt_op *ops;

	ops = nt_ops(t, NT_ATTEMPTS * NT_FLOOD + 1);
	if (!ops)
		return -EIO;
	for (attempt = 0; attempt < NT_ATTEMPTS && !aborted; attempt++, ops += NT_FLOOD) {
		if (nt_flood(t, ops, NT_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		if (attempt % 2)
			udelay(nt_random(t, 1000));
		else if (nt_wait(t, ops))
			return -EIO;
		dmaengine_terminate_async(t->chan);
		if (during && during(t))
			return -EIO;
		dmaengine_synchronize(t->chan);
		if (nt_done_or_aborted(t, ops, NT_FLOOD, &aborted) || nt_no_callbacks(t, 20))
			return -EIO;
		nt_adopt(t, 0, NT_BUFFER / 2);
		if (nt_works(t) || nt_data(t))
			return -EIO;
	}
	return aborted ? 0 : nt_fail(t, "the engine was too fast to be terminated");
}

static int nt_terminate_in_flight(struct netdma_test *t)
{
	return nt_terminate_busy(t, NULL);
}

/* Terminate is for what was submitted before it, not for what comes after. */
static int nt_terminate_then_submit(struct netdma_test *t)
{
	return nt_terminate_busy(t, nt_works);
}

static int nt_terminate_again(struct netdma_test *t)
{
	dmaengine_terminate_async(t->chan);
	dmaengine_terminate_async(t->chan);
	return 0;
}

static int nt_terminate_repeatedly(struct netdma_test *t)
{
	return nt_terminate_busy(t, nt_terminate_again);
}

/* Pause and resume work on a channel whose termination is not yet over. */
static int nt_pause_and_submit(struct netdma_test *t)
{
	struct nt_op *op = &t->ops[t->num_ops - 1];
	size_t offset = NT_BUFFER / 2;

	if (op->txd)	/* only in the first attempt */
		return 0;
	if (nt_pause(t) || nt_copy(t, op, offset, offset, 100, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_expect_status(t, op->cookie, DMA_PAUSED) || nt_resume(t))
		return -EIO;
	return nt_done(t, op);
}

static int nt_terminate_then_pause(struct netdma_test *t)
{
	return nt_terminate_busy(t, nt_pause_and_submit);
}

/* What was terminated does not touch its buffers once synchronize returns. */
static int nt_synchronize(struct netdma_test *t)
{
	struct nt_op *ops;
	unsigned int i;

	ops = nt_ops(t, 5 * NT_FLOOD);
	if (!ops)
		return -EIO;
	for (i = 0; i < 5; i++, ops += NT_FLOOD) {
		if (nt_flood(t, ops, NT_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(nt_random(t, 1000));
		dmaengine_terminate_sync(t->chan);
		memset(t->dst, ~t->poison, NT_BUFFER / 2);
		memset(t->image, ~t->poison, NT_BUFFER / 2);
		if (nt_no_callbacks(t, 30) || nt_data(t))
			return -EIO;
	}
	return nt_works(t);
}

static void nt_terminate_hook(struct nt_op *op)
{
	dmaengine_terminate_async(op->t->chan);
}

/* Terminate may be called from a callback. */
static int nt_terminate_in_callback(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_FLOOD);
	unsigned int aborted;

	if (!ops)
		return -EIO;
	ops[2].hook = nt_terminate_hook;
	if (nt_flood(t, ops, NT_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_wait(t, &ops[2]))
		return -EIO;
	dmaengine_synchronize(t->chan);
	if (nt_done_or_aborted(t, ops, NT_FLOOD, &aborted) || nt_no_callbacks(t, 20))
		return -EIO;
	nt_adopt(t, 0, NT_BUFFER / 2);
	return nt_works(t) ?: nt_data(t);
}

/* Terminate ends a pause, with what waited in it. */
static int nt_terminate_paused(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_FLOOD);
	int err;

	if (!ops || nt_flood(t, ops, NT_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	usleep_range(100, 300);
	if (nt_pause(t))
		return -EIO;
	dmaengine_terminate_sync(t->chan);
	if (nt_done_or_aborted(t, ops, NT_FLOOD, NULL))
		return -EIO;
	nt_adopt(t, 0, NT_BUFFER / 2);
	err = dmaengine_resume(t->chan);
	if (err != -EINVAL)
		return nt_fail(t, "resume after terminate answers %d", err);
	return nt_works(t) ?: nt_data(t);
}

/* The same when nothing was running when the pause began. */
static int nt_terminate_paused_idle(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 1);

	if (!ops || nt_works(t) || nt_pause(t) || nt_copy(t, ops, 0, 0, 4096, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	dmaengine_terminate_sync(t->chan);
	if (nt_expect_status(t, ops->cookie, DMA_ERROR) || nt_no_callbacks(t, 20))
		return -EIO;
	memset(t->image, t->poison, 4096);
	return nt_data(t) ?: nt_works(t);
}

/* Submitted and not issued is aborted, too, and is not issued by a later one. */
static int nt_terminate_not_issued(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 1);

	if (!ops || nt_works(t) || nt_copy(t, ops, 0, 0, 4096, NT_NOTIFY))
		return -EIO;
	dmaengine_terminate_sync(t->chan);
	if (nt_expect_status(t, ops->cookie, DMA_ERROR))
		return -EIO;
	memset(t->image, t->poison, 4096);
	return nt_works(t) ?: nt_no_callbacks(t, 10) ?: nt_data(t);
}

static int nt_terminate_idle(struct netdma_test *t)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		dmaengine_terminate_sync(t->chan);
	if (nt_works(t))
		return -EIO;
	for (i = 0; i < 100; i++)
		dmaengine_terminate_sync(t->chan);
	return nt_works(t) ?: nt_data(t);
}

/*
 * What was prepared before terminate cannot be submitted after it, and nothing
 * is lost, whether that is tried or synchronize gives up on it.
 */
static int nt_terminate_prepared(struct netdma_test *t)
{
	struct nt_op *op = nt_ops(t, 1);
	unsigned int i, n;

	if (!op)
		return -EIO;
	for (i = 0; i < 2 * t->capacity; i++) {
		size_t len = i % 5 ? 64 : t->limit + 1;

		if (nt_prep(t, op, 0, 0, len, NT_NOTIFY))
			return -EIO;
		dmaengine_terminate_async(t->chan);
		if (i % 2) {
			dmaengine_synchronize(t->chan);
			continue;
		}
		op->cookie = dmaengine_submit(op->txd);
		if (!dma_submit_error(op->cookie))
			return nt_fail(t, "cookie %d for what was terminated", op->cookie);
	}
	n = nt_measure(t);
	if (n != t->capacity)
		return nt_fail(t, "%u can be prepared, not %u", n, t->capacity);
	return nt_works(t) ?: nt_data(t);
}

/* A channel can be released after terminate_sync, and then is as good as new. */
static int nt_release(struct netdma_test *t)
{
	struct nt_op *ops;
	unsigned int i;

	ops = nt_ops(t, 5 * NT_FLOOD);
	if (!ops)
		return -EIO;
	for (i = 0; i < 5; i++, ops += NT_FLOOD) {
		if (nt_flood(t, ops, NT_FLOOD))
			return -EIO;
		dma_async_issue_pending(t->chan);
		udelay(nt_random(t, 1000));
		dmaengine_terminate_sync(t->chan);
		dma_release_channel(t->chan);
		memset(t->dst, t->poison, NT_BUFFER / 2);
		memset(t->image, t->poison, NT_BUFFER / 2);
		if (nt_no_callbacks(t, 20))
			return -EIO;
		t->chan = nt_request();
		if (!t->chan)
			return nt_fail(t, "no channel to be had again");
		if (nt_works(t) || nt_data(t))
			return -EIO;
	}
	return 0;
}

/* A client that forgets to terminate does no harm to others either. */
static int nt_release_busy(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, NT_FLOOD);

	if (!ops || nt_flood(t, ops, NT_FLOOD))
		return -EIO;
	dma_async_issue_pending(t->chan);
	usleep_range(100, 300);
	dma_release_channel(t->chan);
	memset(t->dst, t->poison, NT_BUFFER / 2);
	memset(t->image, t->poison, NT_BUFFER / 2);
	t->chan = NULL;
	if (nt_no_callbacks(t, 20))
		return -EIO;
	t->chan = nt_request();
	if (!t->chan)
		return nt_fail(t, "no channel to be had again");
	return nt_works(t) ?: nt_data(t);
}

/* A paused channel can be released. */
static int nt_release_paused(struct netdma_test *t)
{
	if (nt_pause(t))
		return -EIO;
	dma_release_channel(t->chan);
	t->chan = nt_request();
	if (!t->chan)
		return nt_fail(t, "no channel to be had again");
	return nt_works(t) ?: nt_data(t);
}

const struct nt_case nt_control_cases[] = {
	{ "pause_idle", "a paused fresh channel executes nothing, a resumed one does",
	  nt_pause_idle, NT_NEEDS_PAUSE },
	{ "pause_drained", "a paused idle channel executes nothing, a resumed one does",
	  nt_pause_drained, NT_NEEDS_PAUSE },
	{ "pause_busy", "pauses in a long queue: it stands still, then all is done in order",
	  nt_pause_busy, NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "pause_often", "pauses at many places of a queue: every copy is done",
	  nt_pause_often, NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "pause_append", "work is added while paused in a long queue",
	  nt_pause_append, NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "pause_twice", "a second pause is no error", nt_pause_twice, NT_NEEDS_PAUSE },
	{ "resume_running", "resume of what is not paused is -EINVAL",
	  nt_resume_running, NT_NEEDS_PAUSE },
	{ "terminate_in_flight", "terminated: either called back or DMA_ERROR",
	  nt_terminate_in_flight, NT_NEEDS_ROOM },
	{ "terminate_then_submit", "what is submitted after terminate is executed",
	  nt_terminate_then_submit, NT_NEEDS_ROOM },
	{ "terminate_repeatedly", "terminate before the last one is over",
	  nt_terminate_repeatedly, NT_NEEDS_ROOM },
	{ "terminate_then_pause", "pause and resume before terminate is over",
	  nt_terminate_then_pause, NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "terminate_in_callback", "terminate from a callback",
	  nt_terminate_in_callback, NT_NEEDS_ROOM },
	{ "terminate_paused", "terminate ends a pause in a long queue",
	  nt_terminate_paused, NT_NEEDS_PAUSE | NT_NEEDS_ROOM },
	{ "terminate_paused_idle", "terminate aborts what was issued while paused",
	  nt_terminate_paused_idle, NT_NEEDS_PAUSE },
	{ "terminate_not_issued", "terminate aborts what was not issued", nt_terminate_not_issued },
	{ "terminate_idle", "terminate of nothing, often", nt_terminate_idle },
	{ "terminate_prepared", "what is prepared before terminate is refused after it",
	  nt_terminate_prepared },
	{ "synchronize", "buffers are left alone after synchronize",
	  nt_synchronize, NT_NEEDS_ROOM },
	{ "release", "release after terminate, with work in flight", nt_release, NT_NEEDS_ROOM },
	{ "release_busy", "release without terminate", nt_release_busy, NT_NEEDS_ROOM },
	{ "release_paused", "release of a paused channel", nt_release_paused, NT_NEEDS_PAUSE },
	{ }
};
