// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: prep, submit, cookies and status
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include "netdma_test.h"

/* What is prepared and not submitted is in nobody's way. */
static int nt_prep_blocks_nobody(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 2);

	if (!ops || nt_prep(t, &ops[0], 0, 0, 4096, NT_NOTIFY) ||
	    nt_copy(t, &ops[1], 8192, 0, 4096, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_done(t, &ops[1]) || nt_data(t))
		return -EIO;
	/* And it can be submitted at any later time. */
	if (nt_submit(t, &ops[0]))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_done(t, &ops[0]) ?: nt_data(t);
}

/*
 * Cookies, and with them execution and callbacks, are in the order of
 * submission. All three copies go to one place: the last one is seen.
 */
static int nt_submit_order(struct netdma_test *t)
{
	static const unsigned int order[] = { 2, 0, 1 };
	struct nt_op *ops = nt_ops(t, 3);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < 3; i++)
		if (nt_prep(t, &ops[i], 4096, i * 8192, 6000, NT_NOTIFY))
			return -EIO;
	for (i = 0; i < 3; i++) {
		if (nt_submit(t, &ops[order[i]]))
			return -EIO;
		if (i && ops[order[i]].cookie <= ops[order[i - 1]].cookie)
			return nt_fail(t, "cookie %d after %d", ops[order[i]].cookie,
				       ops[order[i - 1]].cookie);
	}
	dma_async_issue_pending(t->chan);
	for (i = 0; i < 3; i++) {
		if (nt_done(t, &ops[order[i]]))
			return -EIO;
		if (ops[order[i]].order != i + 1)
			return nt_fail(t, "callback %u came as number %u", i + 1,
				       ops[order[i]].order);
	}
	return nt_data(t);
}

#define NT_THREADS	2
#define NT_PER_THREAD	3000

struct nt_thread {
	struct work_struct work;
	struct netdma_test *t;
	struct nt_op *ops;
	unsigned int number;
	int err;
};

static void nt_submit_thread(struct work_struct *work)
{
	struct nt_thread *thread = container_of(work, struct nt_thread, work);
	struct netdma_test *t = thread->t;
	unsigned int i;

	for (i = 0; i < NT_PER_THREAD && !thread->err; i++) {
		size_t offset = (2 * i + thread->number) * 256;

		thread->err = nt_push(t, &thread->ops[i], offset, offset, 200, NT_NOTIFY);
		if (i % 7 == 0)
			dma_async_issue_pending(t->chan);
	}
	dma_async_issue_pending(t->chan);
}

/* Two threads prepare and submit: each one's cookies increase, none is double. */
static int nt_submit_threads(struct netdma_test *t)
{
	struct nt_thread threads[NT_THREADS];
	struct nt_op *ops = nt_ops(t, NT_THREADS * NT_PER_THREAD);
	struct dma_tx_state state;
	dma_cookie_t first;
	unsigned int i, j;

	if (!ops)
		return -EIO;
	dmaengine_tx_status(t->chan, 1, &state);
	first = state.used;

	for (i = 0; i < NT_THREADS; i++) {
		threads[i].t = t;
		threads[i].ops = ops + i * NT_PER_THREAD;
		threads[i].number = i;
		threads[i].err = 0;
		INIT_WORK_ONSTACK(&threads[i].work, nt_submit_thread);
		queue_work(t->wq, &threads[i].work);
	}
	for (i = 0; i < NT_THREADS; i++) {
		flush_work(&threads[i].work);
		destroy_work_on_stack(&threads[i].work);
	}

	for (i = 0; i < NT_THREADS; i++)
		if (threads[i].err || nt_all_done(t, threads[i].ops, NT_PER_THREAD))
			return -EIO;
	for (i = 0; i < NT_THREADS; i++)
		for (j = 1; j < NT_PER_THREAD; j++)
			if (threads[i].ops[j].cookie <= threads[i].ops[j - 1].cookie)
				return nt_fail(t, "cookie %d after %d", threads[i].ops[j].cookie,
					       threads[i].ops[j - 1].cookie);
	dmaengine_tx_status(t->chan, first, &state);
	if (state.used - first != NT_THREADS * NT_PER_THREAD)
		return nt_fail(t, "%d cookies for %d copies", state.used - first,
			       NT_THREADS * NT_PER_THREAD);
	return nt_data(t);
}

/* Prep answers NULL when all is in use, and completion makes room again. */
static int nt_full(struct netdma_test *t)
{
	const unsigned int n = t->capacity;
	struct nt_op *ops = nt_ops(t, 2 * n + 1);
	unsigned int i, round;

	if (!ops)
		return -EIO;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < n; i++)
			if (nt_copy(t, &ops[round * n + i], i * 64 % NT_BUFFER, i * 60 % SZ_1M,
				    40 + round, NT_NOTIFY))
				return -EIO;
		if (nt_try_prep(t, &ops[2 * n], 0, 0, 1, 0))
			return nt_fail(t, "more than %u prepared", n);
		dma_async_issue_pending(t->chan);
		if (nt_all_done(t, &ops[round * n], n))
			return -EIO;
	}
	return nt_data(t);
}

/* Many times round the ring, with a queue that is nearly always full. */
static int nt_wrap(struct netdma_test *t)
{
	const unsigned int n = min(8 * t->capacity, 60000U);
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++)
		if (nt_push(t, &ops[i], i * 64, i * 60, 1 + nt_random(t, 64), NT_NOTIFY))
			return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, n) ?: nt_data(t);
}

/* Copies of several descriptors each fill the ring as well. */
static int nt_wrap_long(struct netdma_test *t)
{
	const unsigned int n = t->capacity;
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++) {
		size_t len = nt_random(t, 3) ? 100 : t->limit + 1 + nt_random(t, t->limit);

		if (nt_push(t, &ops[i], i * 1000, i * 900, len, NT_NOTIFY))
			return -EIO;
	}
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, n) ?: nt_data(t);
}

/*
 * Copies without interrupt and callback that nobody polls: prep takes back by
 * itself what is done.
 */
static int nt_silent(struct netdma_test *t)
{
	const unsigned int n = min(5 * t->capacity, 50000U);
	struct nt_op *ops = nt_ops(t, n);
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < n; i++)
		if (nt_push(t, &ops[i], i * 64, i * 32, 50, 0))
			return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_poll(t, ops[n - 1].cookie) ?: nt_expect_status(t, ops[0].cookie, DMA_COMPLETE) ?:
	       nt_data(t);
}

/* Status is found by polling alone: neither interrupt nor softirq is needed. */
static int nt_polled_irqs_off(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 64);
	enum dma_status status = DMA_IN_PROGRESS;
	unsigned int i, notify;
	unsigned long flags;
	ktime_t deadline;

	if (!ops)
		return -EIO;
	for (i = 0; i < 64; i++) {
		notify = i % 2 ? NT_NOTIFY : 0;
		if (nt_copy(t, &ops[i], i * 40000, i * 30000, 30000, notify))
			return -EIO;
		local_irq_save(flags);
		dma_async_issue_pending(t->chan);
		deadline = ktime_add_ms(ktime_get(), 5000);
		do {
			status = nt_status(t, ops[i].cookie);
			cpu_relax();
		} while (status == DMA_IN_PROGRESS && ktime_before(ktime_get(), deadline));
		local_irq_restore(flags);
		if (status != DMA_COMPLETE)
			return nt_fail(t, "status %d with interrupts off", status);
		if (notify && nt_done(t, &ops[i]))
			return -EIO;
	}
	return nt_data(t);
}

/* The state that is filled in may be absent. */
static int nt_status_null(struct netdma_test *t)
{
	struct nt_op *op = nt_ops(t, 1);
	enum dma_status status;

	if (!op || nt_copy(t, op, 0, 0, 4096, NT_NOTIFY))
		return -EIO;
	status = t->chan->device->device_tx_status(t->chan, op->cookie, NULL);
	if (status != DMA_IN_PROGRESS)
		return nt_fail(t, "status %d before the issue", status);
	dma_async_issue_pending(t->chan);
	if (nt_done(t, op))
		return -EIO;
	status = t->chan->device->device_tx_status(t->chan, op->cookie, NULL);
	if (status != DMA_COMPLETE)
		return nt_fail(t, "status %d after the callback", status);
	return 0;
}

/* The residue is the length until the copy is done, and then 0. */
static int nt_residue(struct netdma_test *t)
{
	static const size_t lengths[] = { 1, 4096, SZ_1M, NT_BUFFER };
	struct nt_op *ops = nt_ops(t, ARRAY_SIZE(lengths));
	struct dma_tx_state state;
	unsigned int i;

	if (!ops)
		return -EIO;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (nt_copy(t, &ops[i], 0, 0, lengths[i], NT_NOTIFY))
			return -EIO;
		dmaengine_tx_status(t->chan, ops[i].cookie, &state);
		if (state.residue != lengths[i])
			return nt_fail(t, "residue %u of %zu before the issue", state.residue,
				       lengths[i]);
	}
	dma_async_issue_pending(t->chan);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (nt_done(t, &ops[i]))
			return -EIO;
		dmaengine_tx_status(t->chan, ops[i].cookie, &state);
		if (state.residue)
			return nt_fail(t, "residue %u after the callback", state.residue);
	}
	return nt_data(t);
}

/* last: the last cookie that is complete; used: the last one that was given. */
static int nt_last_and_used(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 3);
	struct dma_tx_state state;
	dma_cookie_t last;
	unsigned int i;

	if (!ops || nt_copy(t, &ops[0], 0, 0, 100, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	if (nt_done(t, &ops[0]))
		return -EIO;
	last = ops[0].cookie;

	for (i = 1; i < 3; i++) {
		if (nt_copy(t, &ops[i], i * 200, 0, 100, NT_NOTIFY))
			return -EIO;
		dmaengine_tx_status(t->chan, ops[i].cookie, &state);
		if (state.last != last || state.used != ops[i].cookie)
			return nt_fail(t, "last %d used %d, not %d and %d", state.last,
				       state.used, last, ops[i].cookie);
	}
	dma_async_issue_pending(t->chan);
	if (nt_done(t, &ops[2]))
		return -EIO;
	dmaengine_tx_status(t->chan, ops[2].cookie, &state);
	if (state.last != ops[2].cookie || state.used != ops[2].cookie)
		return nt_fail(t, "last %d used %d, not %d", state.last, state.used,
			       ops[2].cookie);
	return 0;
}

/* Submitting twice is an error that harms neither the copy nor the others. */
static int nt_double_submit(struct netdma_test *t)
{
	struct nt_op *ops = nt_ops(t, 2);
	dma_cookie_t again;

	if (!ops || nt_copy(t, &ops[0], 0, 0, 5000, NT_NOTIFY))
		return -EIO;
	again = dmaengine_submit(ops[0].txd);
	if (!dma_submit_error(again))
		return nt_fail(t, "cookie %d for a second submission", again);
	if (nt_copy(t, &ops[1], 8192, 0, 5000, NT_NOTIFY))
		return -EIO;
	dma_async_issue_pending(t->chan);
	return nt_all_done(t, ops, 2) ?: nt_data(t);
}

/* There is no copy of nothing. */
static int nt_zero_length(struct netdma_test *t)
{
	if (dmaengine_prep_dma_memcpy(t->chan, t->dst_dma, t->src_dma, 0, 0))
		return nt_fail(t, "a copy of no bytes was prepared");
	return nt_works(t);
}

/* A length that can never fit is refused, and nothing is lost by it. */
static int nt_too_long(struct netdma_test *t)
{
	unsigned int i, n;

	for (i = 0; i < 2 * t->capacity; i++)
		if (dmaengine_prep_dma_memcpy(t->chan, t->dst_dma, t->src_dma, SIZE_MAX - i, 0))
			return nt_fail(t, "a copy of %zu bytes was prepared", SIZE_MAX - i);
	n = nt_measure(t);
	if (n != t->capacity)
		return nt_fail(t, "%u can be prepared, not %u", n, t->capacity);
	return nt_works(t);
}

/* An issue with nothing to issue does nothing. */
static int nt_empty_issue(struct netdma_test *t)
{
	unsigned int i;

	for (i = 0; i < 100; i++)
		dma_async_issue_pending(t->chan);
	return nt_works(t);
}

const struct nt_case nt_queue_cases[] = {
	{ "prep_blocks_nobody", "what is prepared and not submitted blocks nobody",
	  nt_prep_blocks_nobody },
	{ "submit_order", "cookies, execution and callbacks are in the order of submission",
	  nt_submit_order },
	{ "submit_threads", "two threads prepare and submit, and cookies increase",
	  nt_submit_threads },
	{ "full", "prep answers NULL when all is in use, completion makes room", nt_full },
	{ "wrap", "a full queue, many times round", nt_wrap },
	{ "wrap_long", "a full queue with long copies in it", nt_wrap_long },
	{ "silent", "copies without interrupt and callback that nobody polls", nt_silent },
	{ "polled_irqs_off", "status is found with interrupts off", nt_polled_irqs_off },
	{ "status_null", "status without a state to fill in", nt_status_null },
	{ "residue", "the residue is the length, then 0", nt_residue },
	{ "last_and_used", "the last complete and the last given cookie", nt_last_and_used },
	{ "double_submit", "a second submission is refused", nt_double_submit },
	{ "zero_length", "no bytes are refused", nt_zero_length },
	{ "too_long", "more bytes than there can be are refused", nt_too_long },
	{ "empty_issue", "an issue of nothing does nothing", nt_empty_issue },
	{ }
};
