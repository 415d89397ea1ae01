/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmarks of both interfaces have in common: rounds
 *
 * A round queues a batch of copies on each channel, hands them to the engine, sleeps
 * until that has long finished, and asks for the last copy once, which reaps the
 * batch. Only the calls of the interface are timed. A round into which a timer tick
 * has fallen is done again; what is left is the same in each run where time is a
 * count of instructions, see QEMU's option -icount.
 *
 * With callbacks, these are timed instead, from the first to the last one of a batch.
 * Softirqs wait until all copies are done, so that one reap finds them all. In
 * parallel, a CPU for each channel queues its batch, all at the same time; no
 * instructions can be counted then, and the fastest round is what counts.
 *
 * The channels are those of the module's lifetime, unless a run fails. Write "HOW BATCH
 * SIZE ROUNDS" to the parameter "run", and read from it what that took, in nanoseconds.
 */
#ifndef NETDMA_BENCH_ROUNDS_H
#define NETDMA_BENCH_ROUNDS_H

#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#define BENCH_CHANNELS	8
#define BENCH_BATCH	8192
#define BENCH_WARM_UP	2		/* rounds */
#define BENCH_SIZE	SZ_1M
#define BENCH_DST	(2 * BENCH_SIZE)
#define BENCH_TIMEOUT	(10 * HZ)
#define BENCH_REST_US	4000		/* until the engine has long finished */

enum bench_how {
	BENCH_POLLED,
	BENCH_CALLBACK,
	BENCH_BATCHED,		/* polled, and queued with one call */
	BENCH_PARALLEL,		/* polled, and queued by several CPUs */
};

static const char * const bench_hows[] = {
	[BENCH_POLLED] = "polled",
	[BENCH_CALLBACK] = "callback",
	[BENCH_BATCHED] = "batched",
	[BENCH_PARALLEL] = "parallel",
};

/* What is to be done */
struct bench_run {
	enum bench_how how;
	unsigned int batch;
	unsigned int size;
	unsigned int rounds;
};

/* What it took */
struct bench_times {
	u64 submit;
	u64 issue;
	u64 reap;
	u64 callbacks;
};

static inline u64 bench_total(const struct bench_times *times)
{
	return times->submit + times->issue + times->reap;
}

/**
 * struct bench_channel - a channel, and its memory during a run
 * @chan: the interface's channel
 * @dev: the device to map memory for
 * @src: BENCH_SIZE bytes
 * @src_dma: their address
 * @dst: BENCH_DST bytes
 * @dst_dma: their address
 * @to: where each copy of a batch goes
 * @last: the place of the last one, which no other goes to
 * @id: of the last one: cookie or token
 * @called: callbacks in this round
 * @first_ns: time of the first one
 * @last_ns: time of the last one
 * @first_jiffies: the first one's tick
 * @last_jiffies: the last one's
 * @work: in parallel, queues a batch
 * @run: for it
 * @times: of it
 * @err: whether it was queued
 */
struct bench_channel {
	void *chan;
	struct device *dev;
	u8 *src;
	dma_addr_t src_dma;
	u8 *dst;
	dma_addr_t dst_dma;
	dma_addr_t *to;
	u8 *last;
	s64 id;
	unsigned int called;
	u64 first_ns;
	u64 last_ns;
	unsigned long first_jiffies;
	unsigned long last_jiffies;
	struct work_struct work;
	const struct bench_run *run;
	struct bench_times times;
	int err;
};

/**
 * struct bench_interface - how copies are made
 * @hows: bits of enum bench_how
 * @open: get a channel
 * @close: give it back; nothing is copied any more
 * @submit: queue a batch; adds to the time, returns 0 or a negative errno
 * @issue: hand it to the engine; returns the time
 * @reap: ask for the last copy; adds to the time, returns 0, -EINPROGRESS, or another
 *	negative errno if it has failed
 */
struct bench_interface {
	unsigned long hows;
	int (*open)(struct bench_channel *bc);
	void (*close)(struct bench_channel *bc);
	int (*submit)(struct bench_channel *bc, const struct bench_run *run, u64 *ns);
	u64 (*issue)(struct bench_channel *bc);
	int (*reap)(struct bench_channel *bc, u64 *ns);
};

static const struct bench_interface bench_interface;

static char bench_device[64];
module_param_string(device, bench_device, sizeof(bench_device), 0444);
MODULE_PARM_DESC(device, "Name of the device whose channels are used (default: any)");

static unsigned int bench_wanted = 1;
module_param_named(channels, bench_wanted, uint, 0444);
MODULE_PARM_DESC(channels, "Channels to use at once, 1 to 8 (default: 1)");

static bool bench_shared;
module_param_named(shared, bench_shared, bool, 0444);
MODULE_PARM_DESC(shared, "Use one channel, as if it were so many (default: N)");

static struct bench_channel bench_channels[BENCH_CHANNELS];
static struct bench_channel *bench_end = bench_channels;
static char bench_answer[256] = "no run\n";

static inline void bench_called(struct bench_channel *bc, unsigned int batch)
{
	if (!bc->called++) {
		bc->first_jiffies = jiffies;
		bc->first_ns = ktime_get_ns();
	} else if (bc->called == batch) {
		bc->last_ns = ktime_get_ns();
		bc->last_jiffies = jiffies;
	}
}

/* --- memory --------------------------------------------------------------- */

static void bench_memory_free(struct bench_channel *bc)
{
	kvfree(bc->to);
	if (bc->dst)
		dma_free_coherent(bc->dev, BENCH_DST, bc->dst, bc->dst_dma);
	if (bc->src)
		dma_free_coherent(bc->dev, BENCH_SIZE, bc->src, bc->src_dma);
	bc->to = NULL;
	bc->dst = NULL;
	bc->src = NULL;
}

static unsigned int bench_places(const struct bench_run *run)
{
	return BENCH_DST / run->size - 1;	/* and one for the last copy */
}

static int bench_memory_alloc(struct bench_channel *bc, const struct bench_run *run)
{
	unsigned int i, places = bench_places(run);

	bc->src = dma_alloc_coherent(bc->dev, BENCH_SIZE, &bc->src_dma, GFP_KERNEL);
	bc->dst = dma_alloc_coherent(bc->dev, BENCH_DST, &bc->dst_dma, GFP_KERNEL);
	bc->to = kvmalloc_array(run->batch, sizeof(*bc->to), GFP_KERNEL);
	if (!bc->src || !bc->dst || !bc->to)
		return -ENOMEM;

	memset(bc->dst, 0, BENCH_DST);
	for (i = 0; i < run->batch; i++)
		bc->to[i] = bc->dst_dma + i % places * run->size;
	bc->to[run->batch - 1] = bc->dst_dma + places * run->size;
	bc->last = bc->dst + places * run->size;
	return 0;
}

/* --- channels ------------------------------------------------------------- */

static void bench_close_all(void)
{
	while (bench_end != bench_channels)
		if (--bench_end == bench_channels || !bench_shared)
			bench_interface.close(bench_end);
}

static int bench_open_all(void)
{
	int err;

	if (!bench_wanted || bench_wanted > BENCH_CHANNELS)
		return -EINVAL;

	while (bench_end < bench_channels + bench_wanted) {
		if (bench_shared && bench_end != bench_channels) {
			*bench_end++ = *bench_channels;
			continue;
		}
		err = bench_interface.open(bench_end);
		if (err) {
			bench_close_all();
			return err;
		}
		bench_end++;
	}
	return 0;
}

/* --- rounds --------------------------------------------------------------- */

static void bench_rest(void)
{
	usleep_range(BENCH_REST_US, BENCH_REST_US + 1000);
}

/* What is written last is the last byte; with softirqs held up, no sleep. */
static int bench_wait(const struct bench_run *run, u8 pattern)
{
	unsigned long end = jiffies + BENCH_TIMEOUT;
	struct bench_channel *bc;

	for (bc = bench_channels; bc < bench_end; bc++) {
		while (READ_ONCE(bc->last[run->size - 1]) != pattern) {
			if (time_after(jiffies, end))
				return -ETIMEDOUT;
			if (run->how == BENCH_CALLBACK)
				cpu_relax();
			else
				bench_rest();
		}
	}
	if (run->how == BENCH_CALLBACK)
		udelay(BENCH_REST_US);
	else
		bench_rest();
	return 0;
}

static bool bench_all_called(const struct bench_run *run)
{
	struct bench_channel *bc;

	for (bc = bench_channels; bc < bench_end; bc++)
		if (READ_ONCE(bc->called) != run->batch)
			return false;
	return true;
}

static int bench_wait_for_callbacks(const struct bench_run *run)
{
	unsigned long end = jiffies + BENCH_TIMEOUT;

	while (!bench_all_called(run)) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		bench_rest();
	}
	return 0;
}

static bool bench_right(const struct bench_channel *bc, const struct bench_run *run, u8 pattern)
{
	unsigned int places = min(run->batch - 1, bench_places(run));

	return !memchr_inv(bc->dst, pattern, places * run->size) &&
	       !memchr_inv(bc->last, pattern, run->size);
}

static atomic_t bench_ready;

/* On the channel's CPU */
static void bench_copy_one(struct work_struct *work)
{
	struct bench_channel *bc = container_of(work, struct bench_channel, work);

	atomic_inc(&bench_ready);
	while (atomic_read(&bench_ready) < bench_end - bench_channels)
		cpu_relax();
	bc->err = bench_interface.submit(bc, bc->run, &bc->times.submit);
	bc->times.issue += bench_interface.issue(bc);
}

static int bench_copy_parallel(const struct bench_run *run, struct bench_times *times)
{
	int cpu = cpumask_first(cpu_online_mask), err = 0;
	struct bench_channel *bc;

	atomic_set(&bench_ready, 0);
	for (bc = bench_channels; bc < bench_end; bc++) {
		bc->run = run;
		memset(&bc->times, 0, sizeof(bc->times));
		INIT_WORK(&bc->work, bench_copy_one);
		queue_work_on(cpu, system_highpri_wq, &bc->work);
		cpu = cpumask_next(cpu, cpu_online_mask);
	}
	for (bc = bench_channels; bc < bench_end; bc++) {
		flush_work(&bc->work);
		times->submit += bc->times.submit;
		times->issue += bc->times.issue;
		err = err ?: bc->err;
	}
	return err;
}

/* Queue a batch on each channel, and have it copied. */
static int bench_copy(const struct bench_run *run, struct bench_times *times)
{
	struct bench_channel *bc;
	int err;

	if (run->how == BENCH_PARALLEL)
		return bench_copy_parallel(run, times);

	for (bc = bench_channels; bc < bench_end; bc++) {
		err = bench_interface.submit(bc, run, &times->submit);
		if (err)
			return err;
	}
	for (bc = bench_channels; bc < bench_end; bc++)
		times->issue += bench_interface.issue(bc);
	return 0;
}

static int bench_reap(struct bench_times *times, bool *disturbed)
{
	struct bench_channel *bc;
	int err;

	for (bc = bench_channels; bc < bench_end; bc++) {
		while ((err = bench_interface.reap(bc, &times->reap)) == -EINPROGRESS) {
			*disturbed = true;
			bench_rest();
		}
		if (err)
			return err;
	}
	return 0;
}

/* 0 if it counts, -EAGAIN if it was disturbed, or another negative errno */
static int bench_round(const struct bench_run *run, u8 pattern, struct bench_times *times)
{
	struct bench_channel *bc;
	bool disturbed = false;
	unsigned long tick;
	int err;

	for (bc = bench_channels; bc < bench_end; bc++) {
		memset(bc->src, pattern, run->size);
		bc->called = 0;
	}

	if (run->how == BENCH_CALLBACK)
		local_bh_disable();
	tick = jiffies;
	err = bench_copy(run, times);
	disturbed |= time_after(jiffies, tick);
	if (!err)
		err = bench_wait(run, pattern);
	if (run->how == BENCH_CALLBACK)
		local_bh_enable();
	if (!err && run->how == BENCH_CALLBACK)
		err = bench_wait_for_callbacks(run);
	if (err)
		return err;

	tick = jiffies;
	err = bench_reap(times, &disturbed);
	disturbed |= time_after(jiffies, tick);
	if (err)
		return err;

	for (bc = bench_channels; bc < bench_end; bc++) {
		if (!bench_right(bc, run, pattern)) {
			pr_err("%s: a copy is wrong\n", KBUILD_MODNAME);
			return -EILSEQ;
		}
		if (run->how == BENCH_CALLBACK) {
			times->callbacks += bc->last_ns - bc->first_ns;
			disturbed |= time_after(bc->last_jiffies, bc->first_jiffies);
		}
	}
	return disturbed && run->how != BENCH_PARALLEL ? -EAGAIN : 0;
}

static void bench_add(struct bench_times *sum, const struct bench_times *times)
{
	sum->submit += times->submit;
	sum->issue += times->issue;
	sum->reap += times->reap;
	sum->callbacks += times->callbacks;
}

static int bench_rounds(const struct bench_run *run)
{
	unsigned int copies = run->batch * (bench_end - bench_channels);
	unsigned int again = 0, counted = 0, i = 0;
	struct bench_times sum = { };
	u8 pattern = 0;
	int err;

	while (i < BENCH_WARM_UP + run->rounds) {
		struct bench_times times = { };

		pattern = pattern % U8_MAX + 1;
		err = bench_round(run, pattern, &times);
		if (err == -EAGAIN && again++ < BENCH_WARM_UP + run->rounds)
			continue;
		if (err)
			return err;
		if (i++ < BENCH_WARM_UP)
			continue;
		if (run->how != BENCH_PARALLEL || !counted) {
			bench_add(&sum, &times);
			counted++;
		} else if (bench_total(&times) < bench_total(&sum)) {
			sum = times;
		}
	}

	scnprintf(bench_answer, sizeof(bench_answer),
		  "rounds=%u again=%u copies=%u queued=%u submit=%llu issue=%llu reap=%llu callbacks=%llu\n",
		  counted, again, counted * copies,
		  (BENCH_WARM_UP + run->rounds + again) * copies,
		  sum.submit, sum.issue, sum.reap, sum.callbacks);
	return 0;
}

/* --- runs ----------------------------------------------------------------- */

/* After a failure the engine may have work that it must not do any more. */
static int bench_run(const struct bench_run *run)
{
	struct bench_channel *bc;
	int err = 0;

	for (bc = bench_channels; bc < bench_end; bc++) {
		err = bench_memory_alloc(bc, run);
		if (err)
			break;
	}
	if (!err)
		err = bench_rounds(run);
	if (err)
		bench_close_all();
	for (bc = bench_channels; bc < bench_channels + BENCH_CHANNELS; bc++)
		bench_memory_free(bc);
	return err;
}

static int bench_set_run(const char *val, const struct kernel_param *kp)
{
	struct bench_run run;
	char how[16];

	if (sscanf(val, "%15s %u %u %u", how, &run.batch, &run.size, &run.rounds) != 4)
		return -EINVAL;
	run.how = match_string(bench_hows, ARRAY_SIZE(bench_hows), how);
	if (run.how >= ARRAY_SIZE(bench_hows) || !(bench_interface.hows & BIT(run.how)))
		return -EINVAL;
	if (!run.batch || run.batch > BENCH_BATCH || !run.size || run.size > BENCH_SIZE ||
	    !run.rounds || (run.how == BENCH_CALLBACK && run.batch < 2))
		return -EINVAL;
	if (bench_end == bench_channels)
		return -ENODEV;
	if (run.how == BENCH_PARALLEL && bench_end - bench_channels > num_online_cpus())
		return -EINVAL;
	return bench_run(&run);
}

static int bench_get_run(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s", bench_answer);
}

static const struct kernel_param_ops bench_run_ops = {
	.set = bench_set_run,
	.get = bench_get_run,
};
module_param_cb(run, &bench_run_ops, NULL, 0644);
MODULE_PARM_DESC(run, "Write \"HOW BATCH SIZE ROUNDS\", and read what it took");

#endif /* NETDMA_BENCH_ROUNDS_H */
