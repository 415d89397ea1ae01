// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: random operations by two threads, and the account of each copy
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "netdma_test.h"

#define NT_THREADS	2
#define NT_OPS		200		/* copies of a thread in a round */
#define NT_SLICE	(NT_BUFFER / (NT_THREADS * NT_OPS))

/**
 * struct nt_stress - a round
 * @t: the fixture
 * @begun: terminations that have begun
 * @ended: terminations that have returned
 * @refused: submissions refused, which only a termination explains
 */
struct nt_stress {
	struct netdma_test *t;
	atomic_t begun;
	atomic_t ended;
	atomic_t refused;
};

struct nt_stress_thread {
	struct work_struct work;
	struct nt_stress *stress;
	struct nt_op *ops;
	unsigned int number;
	unsigned int submitted;
	bool terminates;
	struct rnd_state rnd;
};

static u32 nt_roll(struct nt_stress_thread *thread, u32 limit)
{
	return prandom_u32_state(&thread->rnd) % limit;
}

/* Prepare and submit one copy into its own slice, with a byte of guard. */
static void nt_stress_copy(struct nt_stress_thread *thread)
{
	struct nt_op *op = &thread->ops[thread->submitted];
	struct nt_stress *stress = thread->stress;
	struct netdma_test *t = stress->t;
	dma_addr_t src, dst;
	int ended;

	op->dst = (thread->number * NT_OPS + thread->submitted) * NT_SLICE + 1;
	op->src = nt_roll(thread, NT_BUFFER - NT_SLICE);
	op->len = 1 + nt_roll(thread, NT_SLICE - 2);
	op->outside = false;
	op->expected = DMA_TRANS_NOERROR;
	src = t->src_dma + op->src;
	dst = t->dst_dma + op->dst;
	if (nt_bad_address && !nt_roll(thread, 25)) {
		op->outside = true;
		if (nt_roll(thread, 2)) {
			src = nt_bad_address;
			op->expected = DMA_TRANS_READ_FAILED;
		} else {
			dst = nt_bad_address;
			op->expected = DMA_TRANS_WRITE_FAILED;
		}
	}

	/* A termination that has returned by now is for older ones only. */
	ended = atomic_read(&stress->ended);
	/* Counted before the copy exists; pairs with the increments that order fully */
	smp_rmb();
	nt_attach(t, op, dmaengine_prep_dma_memcpy(t->chan, dst, src, op->len,
						   nt_roll(thread, 4) ? DMA_PREP_INTERRUPT : 0));
	if (!op->txd)
		return;
	if (!nt_roll(thread, 10))
		udelay(nt_roll(thread, 50));
	op->cookie = dmaengine_submit(op->txd);
	if (dma_submit_error(op->cookie)) {
		if (atomic_read(&stress->begun) == ended)
			nt_fail(t, "submit answers %d without a reason", op->cookie);
		atomic_inc(&stress->refused);
		return;
	}
	op->generation = ended;
	thread->submitted++;
}

static void nt_stress_step(struct nt_stress_thread *thread)
{
	struct nt_stress *stress = thread->stress;
	struct dma_chan *chan = stress->t->chan;
	int err;

	switch (nt_roll(thread, 40)) {
	case 0:
	case 1:
		if (!chan->device->device_pause)
			break;
		err = dmaengine_pause(chan);
		if (err && err != -EBUSY)
			nt_fail(stress->t, "pause answers %d", err);
		break;
	case 2:
	case 3:
	case 4:
		if (!chan->device->device_resume)
			break;
		err = dmaengine_resume(chan);
		if (err && err != -EBUSY && err != -EINVAL)
			nt_fail(stress->t, "resume answers %d", err);
		break;
	case 5:
		if (!thread->terminates || nt_roll(thread, 4))
			break;
		atomic_inc_return(&stress->begun);
		dmaengine_terminate_async(chan);
		atomic_inc_return(&stress->ended);
		break;
	case 6:
		if (!nt_roll(thread, 4))
			dmaengine_synchronize(chan);
		break;
	case 7:
	case 8:
	case 9:
	case 10:
		if (thread->submitted)
			nt_status(stress->t,
				  thread->ops[nt_roll(thread, thread->submitted)].cookie);
		break;
	case 11:
		udelay(nt_roll(thread, 300));
		break;
	case 12:
	case 13:
	case 14:
	case 15:
	case 16:
		dma_async_issue_pending(chan);
		break;
	default:
		nt_stress_copy(thread);
	}
}

static void nt_stress_work(struct work_struct *work)
{
	struct nt_stress_thread *thread = container_of(work, struct nt_stress_thread, work);
	unsigned long deadline = jiffies + NT_TIMEOUT;

	while (thread->submitted < NT_OPS) {
		nt_stress_step(thread);
		if (time_after(jiffies, deadline)) {
			nt_fail(thread->stress->t, "a thread got no further than %u copies",
				thread->submitted);
			return;
		}
	}
}

/* Nothing is left to happen. */
static int nt_stress_settle(struct netdma_test *t, struct nt_stress_thread *thread)
{
	unsigned long deadline = jiffies + NT_TIMEOUT;
	enum dma_status status;
	unsigned int i;

	for (i = 0; i < thread->submitted; i++) {
		for (;;) {
			status = nt_status(t, thread->ops[i].cookie);
			if (status == DMA_COMPLETE || status == DMA_ERROR)
				break;
			if (time_after(jiffies, deadline))
				return nt_fail(t, "cookie %d is still in state %d",
					       thread->ops[i].cookie, status);
			usleep_range(20, 100);
		}
	}
	return 0;
}

/* Done, failed or aborted: each copy is exactly one of these, with reason. */
static int nt_stress_account(struct netdma_test *t, struct nt_stress *stress,
			     struct nt_stress_thread *thread, unsigned int *counts)
{
	int terminations = atomic_read(&stress->begun);
	unsigned int i;

	for (i = 0; i < thread->submitted; i++) {
		struct nt_op *op = &thread->ops[i];
		int calls = atomic_read(&op->calls);

		if (calls) {
			if (calls > 1)
				return nt_fail(t, "cookie %d had %d callbacks", op->cookie, calls);
			if (op->result != op->expected)
				return nt_fail(t, "callback of cookie %d said %d, not %d",
					       op->cookie, op->result, op->expected);
			if (nt_expect_status(t, op->cookie,
					     op->expected ? DMA_ERROR : DMA_COMPLETE))
				return -EIO;
			counts[op->expected ? 1 : 0]++;
			if (!op->outside)
				memcpy(t->image + op->dst, t->src_image + op->src, op->len);
			continue;
		}
		if (nt_expect_status(t, op->cookie, DMA_ERROR))
			return -EIO;
		if (op->generation == terminations)
			return nt_fail(t, "cookie %d was lost, no termination explains it",
				       op->cookie);
		counts[2]++;
		/* It may have been executed, or half of it. */
		if (!op->outside)
			nt_adopt(t, op->dst, op->len);
	}
	return 0;
}

static int nt_stress_round(struct netdma_test *t, bool terminates, unsigned int *counts)
{
	struct nt_stress_thread threads[NT_THREADS];
	struct nt_stress stress = { .t = t };
	unsigned int i;

	memset(t->ops, 0, t->num_ops * sizeof(*t->ops));
	memset(t->dst, t->poison, NT_BUFFER);
	memset(t->image, t->poison, NT_BUFFER);

	for (i = 0; i < NT_THREADS; i++) {
		threads[i].stress = &stress;
		threads[i].ops = t->ops + i * NT_OPS;
		threads[i].number = i;
		threads[i].submitted = 0;
		threads[i].terminates = terminates;
		prandom_seed_state(&threads[i].rnd, prandom_u32_state(&t->rnd));
		INIT_WORK_ONSTACK(&threads[i].work, nt_stress_work);
		queue_work(t->wq, &threads[i].work);
	}
	for (i = 0; i < NT_THREADS; i++) {
		flush_work(&threads[i].work);
		destroy_work_on_stack(&threads[i].work);
	}

	dmaengine_resume(t->chan);
	dma_async_issue_pending(t->chan);
	for (i = 0; i < NT_THREADS; i++)
		if (nt_stress_settle(t, &threads[i]))
			return -EIO;
	dmaengine_synchronize(t->chan);
	for (i = 0; i < NT_THREADS; i++)
		if (nt_stress_account(t, &stress, &threads[i], counts))
			return -EIO;
	counts[3] += atomic_read(&stress.refused);
	return nt_data(t);
}

/*
 * Two threads prepare, submit, issue, poll, pause, resume, terminate and
 * synchronize at random, one copy in 25 being bad.
 */
static int nt_stress(struct netdma_test *t)
{
	unsigned long deadline = jiffies + nt_seconds * HZ;
	unsigned int counts[4] = { }, rounds = 0;

	if (!nt_ops(t, NT_THREADS * NT_OPS))
		return -EIO;
	while (time_before(jiffies, deadline)) {
		if (nt_stress_round(t, rounds % 3, counts) || t->reason[0])
			return nt_fail(t, "see round %u", rounds);
		rounds++;
	}
	pr_info("netdma_test: # %u rounds: %u done, %u failed, %u aborted, %u refused\n", rounds,
		counts[0], counts[1], counts[2], counts[3]);
	return nt_works(t);
}

const struct nt_case nt_stress_cases[] = {
	{ "stress", "random operations by two threads: every copy is accounted for",
	  nt_stress, NT_NEEDS_ROOM },
	{ }
};
