// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: random operations by two threads, and the account of each copy
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "client.h"

#define DC_THREADS	2
#define DC_OPS		200		/* copies of a thread in a round */
#define DC_SLICE	(DC_BUFFER / (DC_THREADS * DC_OPS))

/**
 * struct dc_stress - a round
 * @t: the fixture
 * @begun: terminations that have begun
 * @ended: terminations that have returned
 * @refused: submissions refused, which only a termination explains
 */
struct dc_stress {
	struct dc_test *t;
	atomic_t begun;
	atomic_t ended;
	atomic_t refused;
};

struct dc_stress_thread {
	struct work_struct work;
	struct dc_stress *stress;
	struct dc_op *ops;
	unsigned int number;
	unsigned int submitted;
	bool terminates;
	struct rnd_state rnd;
};

static u32 dc_roll(struct dc_stress_thread *thread, u32 limit)
{
	return prandom_u32_state(&thread->rnd) % limit;
}

/* Prepare and submit one copy into its own slice, with a byte of guard. */
static void dc_stress_copy(struct dc_stress_thread *thread)
{
	struct dc_op *op = &thread->ops[thread->submitted];
	struct dc_stress *stress = thread->stress;
	struct dc_test *t = stress->t;
	dma_addr_t src, dst;
	int ended;

	op->dst = (thread->number * DC_OPS + thread->submitted) * DC_SLICE + 1;
	op->src = dc_roll(thread, DC_BUFFER - DC_SLICE);
	op->len = 1 + dc_roll(thread, DC_SLICE - 2);
	op->outside = false;
	op->expected = DMA_TRANS_NOERROR;
	src = t->src_dma + op->src;
	dst = t->dst_dma + op->dst;
	if (dc_bad_address && !dc_roll(thread, 25)) {
		op->outside = true;
		if (dc_roll(thread, 2)) {
			src = dc_bad_address;
			op->expected = DMA_TRANS_READ_FAILED;
		} else {
			dst = dc_bad_address;
			op->expected = DMA_TRANS_WRITE_FAILED;
		}
	}

	/* A termination that has returned by now is for older ones only. */
	ended = atomic_read(&stress->ended);
	/* Counted before the copy exists; pairs with the increments that order fully */
	smp_rmb();
	dc_attach(t, op, dmaengine_prep_dma_memcpy(t->chan, dst, src, op->len,
						   dc_roll(thread, 4) ? DMA_PREP_INTERRUPT : 0));
	if (!op->txd)
		return;
	if (!dc_roll(thread, 10))
		udelay(dc_roll(thread, 50));
	op->cookie = dmaengine_submit(op->txd);
	if (dma_submit_error(op->cookie)) {
		if (atomic_read(&stress->begun) == ended)
			dc_fail(t, "submit answers %d without a reason", op->cookie);
		atomic_inc(&stress->refused);
		return;
	}
	op->generation = ended;
	thread->submitted++;
}

static void dc_stress_step(struct dc_stress_thread *thread)
{
	struct dc_stress *stress = thread->stress;
	struct dma_chan *chan = stress->t->chan;
	int err;

	switch (dc_roll(thread, 40)) {
	case 0:
	case 1:
		if (!chan->device->device_pause)
			break;
		err = dmaengine_pause(chan);
		if (err && err != -EBUSY)
			dc_fail(stress->t, "pause answers %d", err);
		break;
	case 2:
	case 3:
	case 4:
		if (!chan->device->device_resume)
			break;
		err = dmaengine_resume(chan);
		if (err && err != -EBUSY && err != -EINVAL)
			dc_fail(stress->t, "resume answers %d", err);
		break;
	case 5:
		if (!thread->terminates || dc_roll(thread, 4))
			break;
		atomic_inc_return(&stress->begun);
		dmaengine_terminate_async(chan);
		atomic_inc_return(&stress->ended);
		break;
	case 6:
		if (!dc_roll(thread, 4))
			dmaengine_synchronize(chan);
		break;
	case 7:
	case 8:
	case 9:
	case 10:
		if (thread->submitted)
			dc_status(stress->t,
				  thread->ops[dc_roll(thread, thread->submitted)].cookie);
		break;
	case 11:
		udelay(dc_roll(thread, 300));
		break;
	case 12:
	case 13:
	case 14:
	case 15:
	case 16:
		dma_async_issue_pending(chan);
		break;
	default:
		dc_stress_copy(thread);
	}
}

static void dc_stress_work(struct work_struct *work)
{
	struct dc_stress_thread *thread = container_of(work, struct dc_stress_thread, work);
	unsigned long deadline = jiffies + DC_TIMEOUT;

	while (thread->submitted < DC_OPS) {
		dc_stress_step(thread);
		if (time_after(jiffies, deadline)) {
			dc_fail(thread->stress->t, "a thread got no further than %u copies",
				thread->submitted);
			return;
		}
	}
}

/* Nothing is left to happen. */
static int dc_stress_settle(struct dc_test *t, struct dc_stress_thread *thread)
{
	unsigned long deadline = jiffies + DC_TIMEOUT;
	enum dma_status status;
	unsigned int i;

	for (i = 0; i < thread->submitted; i++) {
		for (;;) {
			status = dc_status(t, thread->ops[i].cookie);
			if (status == DMA_COMPLETE || status == DMA_ERROR)
				break;
			if (time_after(jiffies, deadline))
				return dc_fail(t, "cookie %d is still in state %d",
					       thread->ops[i].cookie, status);
			usleep_range(20, 100);
		}
	}
	return 0;
}

/* Done, failed or aborted: each copy is exactly one of these, with reason. */
static int dc_stress_account(struct dc_test *t, struct dc_stress *stress,
			     struct dc_stress_thread *thread, unsigned int *counts)
{
	int terminations = atomic_read(&stress->begun);
	unsigned int i;

	for (i = 0; i < thread->submitted; i++) {
		struct dc_op *op = &thread->ops[i];
		int calls = atomic_read(&op->calls);

		if (calls) {
			if (calls > 1)
				return dc_fail(t, "cookie %d had %d callbacks", op->cookie, calls);
			if (op->result != op->expected)
				return dc_fail(t, "callback of cookie %d said %d, not %d",
					       op->cookie, op->result, op->expected);
			if (dc_expect_status(t, op->cookie,
					     op->expected ? DMA_ERROR : DMA_COMPLETE))
				return -EIO;
			counts[op->expected ? 1 : 0]++;
			if (!op->outside)
				memcpy(t->image + op->dst, t->src_image + op->src, op->len);
			continue;
		}
		if (dc_expect_status(t, op->cookie, DMA_ERROR))
			return -EIO;
		if (op->generation == terminations)
			return dc_fail(t, "cookie %d was lost, no termination explains it",
				       op->cookie);
		counts[2]++;
		/* It may have been executed, or half of it. */
		if (!op->outside)
			dc_adopt(t, op->dst, op->len);
	}
	return 0;
}

static int dc_stress_round(struct dc_test *t, bool terminates, unsigned int *counts)
{
	struct dc_stress_thread threads[DC_THREADS];
	struct dc_stress stress = { .t = t };
	unsigned int i;

	memset(t->ops, 0, t->num_ops * sizeof(*t->ops));
	memset(t->dst, t->poison, DC_BUFFER);
	memset(t->image, t->poison, DC_BUFFER);

	for (i = 0; i < DC_THREADS; i++) {
		threads[i].stress = &stress;
		threads[i].ops = t->ops + i * DC_OPS;
		threads[i].number = i;
		threads[i].submitted = 0;
		threads[i].terminates = terminates;
		prandom_seed_state(&threads[i].rnd, prandom_u32_state(&t->rnd));
		INIT_WORK_ONSTACK(&threads[i].work, dc_stress_work);
		queue_work(t->wq, &threads[i].work);
	}
	for (i = 0; i < DC_THREADS; i++) {
		flush_work(&threads[i].work);
		destroy_work_on_stack(&threads[i].work);
	}

	dmaengine_resume(t->chan);
	dma_async_issue_pending(t->chan);
	for (i = 0; i < DC_THREADS; i++)
		if (dc_stress_settle(t, &threads[i]))
			return -EIO;
	dmaengine_synchronize(t->chan);
	for (i = 0; i < DC_THREADS; i++)
		if (dc_stress_account(t, &stress, &threads[i], counts))
			return -EIO;
	counts[3] += atomic_read(&stress.refused);
	return dc_data(t);
}

/*
 * Two threads prepare, submit, issue, poll, pause, resume, terminate and
 * synchronize at random, one copy in 25 being bad.
 */
static int dc_stress(struct dc_test *t)
{
	unsigned long deadline = jiffies + dc_seconds * HZ;
	unsigned int counts[4] = { }, rounds = 0;

	if (!dc_ops(t, DC_THREADS * DC_OPS))
		return -EIO;
	while (time_before(jiffies, deadline)) {
		if (dc_stress_round(t, rounds % 3, counts) || t->reason[0])
			return dc_fail(t, "see round %u", rounds);
		rounds++;
	}
	pr_info("netdma_dmaengine_client: # %u rounds: %u done, %u failed, %u aborted, %u refused\n",
		rounds, counts[0], counts[1], counts[2], counts[3]);
	return dc_works(t);
}

const struct dc_case dc_stress_cases[] = {
	{ "stress", "random operations by two threads: every copy is accounted for",
	  dc_stress, DC_NEEDS_ROOM },
	{ }
};
