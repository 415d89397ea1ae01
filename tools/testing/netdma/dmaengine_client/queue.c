// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: prep, submit, cookies and status
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include "client.h"

/* What is prepared and not submitted is in nobody's way. */
static int dc_prep_blocks_nobody(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 2);

	if (!ops || dc_prep(t, &ops[0], 0, 0, 4096, DC_NOTIFY) ||
	    dc_copy(t, &ops[1], 8192, 0, 4096, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_done(t, &ops[1]) || dc_data(t))
		return -EIO;
	/* And it can be submitted at any later time. */
	if (dc_submit(t, &ops[0]))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_done(t, &ops[0]) ?: dc_data(t);
}

/*
 * Cookies, and with them execution and callbacks, are in the order of
 * submission. All three copies go to one place: the last one is seen.
 */
static int dc_submit_order(struct dc_test *t)
{
	static const unsigned int order[] = { 2, 0, 1 };
	struct dc_op *ops = dc_ops(t, 3);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 3; i++)
		if (dc_prep(t, &ops[i], 4096, i * 8192, 6000, DC_NOTIFY))
			return -EIO;
	for (i = 0; i < 3; i++) {
		if (dc_submit(t, &ops[order[i]]))
			return -EIO;
		if (i && ops[order[i]].cookie <= ops[order[i - 1]].cookie)
			return dc_fail(t, "cookie %d after %d", ops[order[i]].cookie,
				       ops[order[i - 1]].cookie);
	}
	dma_async_issue_pending(t->chan);
	for (i = 0; i < 3; i++) {
		if (dc_done(t, &ops[order[i]]))
			return -EIO;
		if (ops[order[i]].order != i + 1)
			return dc_fail(t, "callback %u came as number %u", i + 1,
				       ops[order[i]].order);
	}
	return dc_data(t);
}

#define DC_THREADS	2
#define DC_PER_THREAD	3000

struct dc_thread {
	struct work_struct work;
	struct dc_test *t;
	struct dc_op *ops;
	unsigned int number;
	int err;
};

static void dc_submit_thread(struct work_struct *work)
{
	struct dc_thread *thread = container_of(work, struct dc_thread, work);
	struct dc_test *t = thread->t;
	unsigned int i;

	for (i = 0; i < DC_PER_THREAD && !thread->err; i++) {
		size_t offset = (2 * i + thread->number) * 256;

		thread->err = dc_push(t, &thread->ops[i], offset, offset, 200, DC_NOTIFY);
		if (i % 7 == 0)
			dma_async_issue_pending(t->chan);
	}
	dma_async_issue_pending(t->chan);
}

/* Two threads prepare and submit: each one's cookies increase, none is double. */
static int dc_submit_threads(struct dc_test *t)
{
	struct dc_thread threads[DC_THREADS];
	struct dc_op *ops = dc_ops(t, DC_THREADS * DC_PER_THREAD);
	struct dma_tx_state state;
	dma_cookie_t first;
	unsigned int i, j;

	if (!ops)
		return -EIO;
	dmaengine_tx_status(t->chan, 1, &state);
	first = state.used;

	for (i = 0; i < DC_THREADS; i++) {
		threads[i].t = t;
		threads[i].ops = ops + i * DC_PER_THREAD;
		threads[i].number = i;
		threads[i].err = 0;
		INIT_WORK_ONSTACK(&threads[i].work, dc_submit_thread);
		queue_work(t->wq, &threads[i].work);
	}
	for (i = 0; i < DC_THREADS; i++) {
		flush_work(&threads[i].work);
		destroy_work_on_stack(&threads[i].work);
	}

	for (i = 0; i < DC_THREADS; i++)
		if (threads[i].err || dc_all_done(t, threads[i].ops, DC_PER_THREAD))
			return -EIO;
	for (i = 0; i < DC_THREADS; i++)
		for (j = 1; j < DC_PER_THREAD; j++)
			if (threads[i].ops[j].cookie <= threads[i].ops[j - 1].cookie)
				return dc_fail(t, "cookie %d after %d", threads[i].ops[j].cookie,
					       threads[i].ops[j - 1].cookie);
	dmaengine_tx_status(t->chan, first, &state);
	if (state.used - first != DC_THREADS * DC_PER_THREAD)
		return dc_fail(t, "%d cookies for %d copies", state.used - first,
			       DC_THREADS * DC_PER_THREAD);
	return dc_data(t);
}

/* Prep answers NULL when all is in use, and completion makes room again. */
static int dc_full(struct dc_test *t)
{
	const unsigned int n = t->capacity;
	struct dc_op *ops = dc_ops(t, 2 * n + 1);
	unsigned int i, round;

	if (!ops)
		return -EIO;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < n; i++)
			if (dc_copy(t, &ops[round * n + i], i * 64 % DC_BUFFER, i * 60 % SZ_1M,
				    40 + round, DC_NOTIFY))
				return -EIO;
		if (dc_try_prep(t, &ops[2 * n], 0, 0, 1, 0))
			return dc_fail(t, "more than %u prepared", n);
		dma_async_issue_pending(t->chan);
		if (dc_all_done(t, &ops[round * n], n))
			return -EIO;
	}
	return dc_data(t);
}

/* Many times round the ring, with a queue that is nearly always full. */
static int dc_wrap(struct dc_test *t)
{
	const unsigned int n = min(8 * t->capacity, 60000U);
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++)
		if (dc_push(t, &ops[i], i * 64, i * 60, 1 + dc_random(t, 64), DC_NOTIFY))
			return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, n) ?: dc_data(t);
}

/* Copies of several descriptors each fill the ring as well. */
static int dc_wrap_long(struct dc_test *t)
{
	const unsigned int n = t->capacity;
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		size_t len = dc_random(t, 3) ? 100 : t->limit + 1 + dc_random(t, t->limit);

		if (dc_push(t, &ops[i], i * 1000, i * 900, len, DC_NOTIFY))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, n) ?: dc_data(t);
}

/*
 * Copies without interrupt and callback that nobody polls: prep takes back by
 * itself what is done.
 */
static int dc_silent(struct dc_test *t)
{
	const unsigned int n = min(5 * t->capacity, 50000U);
	struct dc_op *ops = dc_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++)
		if (dc_push(t, &ops[i], i * 64, i * 32, 50, 0))
			return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_poll(t, ops[n - 1].cookie) ?: dc_expect_status(t, ops[0].cookie, DMA_COMPLETE) ?:
	       dc_data(t);
}

/* Status is found by polling alone: neither interrupt nor softirq is needed. */
static int dc_polled_irqs_off(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 64);
	enum dma_status status = DMA_IN_PROGRESS;
	unsigned int i, notify;
	unsigned long flags;
	ktime_t deadline;

	if (!ops)
		return -EIO;
	for (i = 0; i < 64; i++) {
		notify = i % 2 ? DC_NOTIFY : 0;
		if (dc_copy(t, &ops[i], i * 40000, i * 30000, 30000, notify))
			return -EIO;
		local_irq_save(flags);
		dma_async_issue_pending(t->chan);
		deadline = ktime_add_ms(ktime_get(), 5000);
		do {
			status = dc_status(t, ops[i].cookie);
			cpu_relax();
		} while (status == DMA_IN_PROGRESS && ktime_before(ktime_get(), deadline));
		local_irq_restore(flags);
		if (status != DMA_COMPLETE)
			return dc_fail(t, "status %d with interrupts off", status);
		if (notify && dc_done(t, &ops[i]))
			return -EIO;
	}
	return dc_data(t);
}

/* The state that is filled in may be absent. */
static int dc_status_null(struct dc_test *t)
{
	struct dc_op *op = dc_ops(t, 1);
	enum dma_status status;

	if (!op || dc_copy(t, op, 0, 0, 4096, DC_NOTIFY))
		return -EIO;
	status = t->chan->device->device_tx_status(t->chan, op->cookie, NULL);
	if (status != DMA_IN_PROGRESS)
		return dc_fail(t, "status %d before the issue", status);
	dma_async_issue_pending(t->chan);
	if (dc_done(t, op))
		return -EIO;
	status = t->chan->device->device_tx_status(t->chan, op->cookie, NULL);
	if (status != DMA_COMPLETE)
		return dc_fail(t, "status %d after the callback", status);
	return 0;
}

/* The residue is the length until the copy is done, and then 0. */
static int dc_residue(struct dc_test *t)
{
	static const size_t lengths[] = { 1, 4096, SZ_1M, DC_BUFFER };
	struct dc_op *ops = dc_ops(t, ARRAY_SIZE(lengths));
	struct dma_tx_state state;
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (dc_copy(t, &ops[i], 0, 0, lengths[i], DC_NOTIFY))
			return -EIO;
		dmaengine_tx_status(t->chan, ops[i].cookie, &state);
		if (state.residue != lengths[i])
			return dc_fail(t, "residue %u of %zu before the issue", state.residue,
				       lengths[i]);
	}
	dma_async_issue_pending(t->chan);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (dc_done(t, &ops[i]))
			return -EIO;
		dmaengine_tx_status(t->chan, ops[i].cookie, &state);
		if (state.residue)
			return dc_fail(t, "residue %u after the callback", state.residue);
	}
	return dc_data(t);
}

/* last: the last cookie that is complete; used: the last one that was given. */
static int dc_last_and_used(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 3);
	struct dma_tx_state state;
	dma_cookie_t last;
	unsigned int i;

	if (!ops || dc_copy(t, &ops[0], 0, 0, 100, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (dc_done(t, &ops[0]))
		return -EIO;
	last = ops[0].cookie;

	for (i = 1; i < 3; i++) {
		if (dc_copy(t, &ops[i], i * 200, 0, 100, DC_NOTIFY))
			return -EIO;
		dmaengine_tx_status(t->chan, ops[i].cookie, &state);
		if (state.last != last || state.used != ops[i].cookie)
			return dc_fail(t, "last %d used %d, not %d and %d", state.last,
				       state.used, last, ops[i].cookie);
	}
	dma_async_issue_pending(t->chan);
	if (dc_done(t, &ops[2]))
		return -EIO;
	dmaengine_tx_status(t->chan, ops[2].cookie, &state);
	if (state.last != ops[2].cookie || state.used != ops[2].cookie)
		return dc_fail(t, "last %d used %d, not %d", state.last, state.used,
			       ops[2].cookie);
	return 0;
}

/* Submitting twice is an error that harms neither the copy nor the others. */
static int dc_double_submit(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, 2);
	dma_cookie_t again;

	if (!ops || dc_copy(t, &ops[0], 0, 0, 5000, DC_NOTIFY))
		return -EIO;
	again = dmaengine_submit(ops[0].txd);
	if (!dma_submit_error(again))
		return dc_fail(t, "cookie %d for a second submission", again);
	if (dc_copy(t, &ops[1], 8192, 0, 5000, DC_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return dc_all_done(t, ops, 2) ?: dc_data(t);
}

/* There is no copy of nothing. */
static int dc_zero_length(struct dc_test *t)
{
	if (dmaengine_prep_dma_memcpy(t->chan, t->dst_dma, t->src_dma, 0, 0))
		return dc_fail(t, "a copy of no bytes was prepared");
	return dc_works(t);
}

/* A length that can never fit is refused, and nothing is lost by it. */
static int dc_too_long(struct dc_test *t)
{
	unsigned int i, n;

	for (i = 0; i < 2 * t->capacity; i++)
		if (dmaengine_prep_dma_memcpy(t->chan, t->dst_dma, t->src_dma, SIZE_MAX - i, 0))
			return dc_fail(t, "a copy of %zu bytes was prepared", SIZE_MAX - i);
	n = dc_measure(t);
	if (n != t->capacity)
		return dc_fail(t, "%u can be prepared, not %u", n, t->capacity);
	return dc_works(t);
}

/* An issue with nothing to issue does nothing. */
static int dc_empty_issue(struct dc_test *t)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		dma_async_issue_pending(t->chan);
	return dc_works(t);
}

const struct dc_case dc_queue_cases[] = {
	{ "prep_blocks_nobody", "what is prepared and not submitted blocks nobody",
	  dc_prep_blocks_nobody },
	{ "submit_order", "cookies, execution and callbacks are in the order of submission",
	  dc_submit_order },
	{ "submit_threads", "two threads prepare and submit, and cookies increase",
	  dc_submit_threads },
	{ "full", "prep answers NULL when all is in use, completion makes room", dc_full },
	{ "wrap", "a full queue, many times round", dc_wrap },
	{ "wrap_long", "a full queue with long copies in it", dc_wrap_long },
	{ "silent", "copies without interrupt and callback that nobody polls", dc_silent },
	{ "polled_irqs_off", "status is found with interrupts off", dc_polled_irqs_off },
	{ "status_null", "status without a state to fill in", dc_status_null },
	{ "residue", "the residue is the length, then 0", dc_residue },
	{ "last_and_used", "the last complete and the last given cookie", dc_last_and_used },
	{ "double_submit", "a second submission is refused", dc_double_submit },
	{ "zero_length", "no bytes are refused", dc_zero_length },
	{ "too_long", "more bytes than there can be are refused", dc_too_long },
	{ "empty_issue", "an issue of nothing does nothing", dc_empty_issue },
	{ }
};
