// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: a run on the channels of a provider
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include "netdma_test.h"

/* --- power ---------------------------------------------------------------- */

static bool nt_awake(struct nt_provider *provider)
{
	/* Pairs with nt_power_up(): what was told before is seen. */
	return !smp_load_acquire(&provider->asleep);
}

static bool nt_ends(struct nt_provider *provider)
{
	return READ_ONCE(provider->stop) || READ_ONCE(provider->removed);
}

/**
 * nt_enter() - wait until copies may be queued, or the run ends
 * @provider: where
 *
 * Return: whether they may.
 */
bool nt_enter(struct nt_provider *provider)
{
	for (;;) {
		wait_event(provider->wait, nt_awake(provider) || nt_ends(provider));
		atomic_inc(&provider->active);
		/* Pairs with the barrier in nt_power_down(): either is seen. */
		smp_mb__after_atomic();
		if (nt_awake(provider))
			return true;
		if (nt_ends(provider))
			return false;
		nt_leave(provider);
	}
}

/**
 * nt_leave() - nothing is outstanding
 * @provider: where
 */
void nt_leave(struct nt_provider *provider)
{
	if (atomic_dec_and_test(&provider->active))
		wake_up_all(&provider->wait);
}

/* --- channels ------------------------------------------------------------- */

static int nt_add_threads(struct nt_channel *chan)
{
	unsigned int n = chan->provider->parameters.threads_per_chan;
	int err;

	chan->threads = kcalloc(n, sizeof(*chan->threads), GFP_KERNEL);
	if (!chan->threads)
		return -ENOMEM;
	while (chan->num_threads < n) {
		err = nt_thread_init(&chan->threads[chan->num_threads], chan, chan->num_threads);
		if (err)
			return err;
		chan->num_threads++;
	}
	return 0;
}

/* Allocate a channel, and see that it copies. False if there is no other one. */
static bool nt_open(struct nt_provider *provider)
{
	struct netdma_channel_request request = {
		.provider = provider->provider,
		.node = NUMA_NO_NODE,
		.cpu = -1,
	};
	struct netdma_channel *channel;
	struct nt_channel *chan;
	int err;

	channel = netdma_allocate_channel(nt_client, &request);
	if (IS_ERR(channel))
		return false;

	chan = kzalloc(sizeof(*chan), GFP_KERNEL);
	if (!chan) {
		netdma_free_channel(channel);
		return false;
	}
	chan->provider = provider;
	chan->channel = channel;
	netdma_get_channel_info(channel, &chan->info);
	get_device(chan->info.dev);	/* of a provider that stops, too */
	/* Threads know of each other's copies with a delay of one batch: see nt_claim(). */
	chan->max_batch = clamp(chan->info.capacity / (4 * provider->parameters.threads_per_chan),
				1U, provider->parameters.max_batch);
	prandom_seed_state(&chan->rnd, provider->parameters.seed + chan->info.id);
	INIT_WORK(&chan->control, nt_control);
	spin_lock_init(&chan->times_lock);
	nt_link(chan);

	err = nt_enter(provider) && !nt_ends(provider) ? nt_sample(channel) : -ESHUTDOWN;
	nt_leave(provider);
	if (!err)
		err = nt_add_threads(chan);
	if (err && !nt_ends(provider) &&
	    !(err == -ENOMEM && provider->parameters.starve)) {
		nt_complain(chan, "cannot be tested: %d", err);
		chan->wrong++;
	}
	return true;
}

static u64 nt_per_second(u64 n, s64 runtime)
{
	return runtime > 0 ? mul_u64_u64_div_u64(n, NSEC_PER_SEC, runtime) : 0;
}

/* One line, in dmatest's manner */
static void nt_summary(struct nt_thread *thread)
{
	const struct nt_counts *counts = &thread->counts;
	u64 iops = nt_per_second(counts->done * 100, thread->runtime);

	pr_info("%s channel %u thread %u: summary %llu copies, %llu failures, %llu aborted, %llu.%02llu iops %llu KB/s (%d)\n",
		thread->chan->provider->name, thread->chan->info.id, thread->number,
		counts->queued, counts->failed + counts->lost + counts->duplicated + counts->wrong,
		counts->aborted, iops / 100, iops % 100,
		nt_per_second(counts->bytes, thread->runtime) >> 10, thread->err);
}

/**
 * nt_add_up() - add @counts to @sum
 * @sum: of several
 * @counts: of one
 */
void nt_add_up(struct nt_counts *sum, const struct nt_counts *counts)
{
	sum->queued += counts->queued;
	sum->done += counts->done;
	sum->failed += counts->failed;
	sum->read_failed += counts->read_failed;
	sum->write_failed += counts->write_failed;
	sum->other_failed += counts->other_failed;
	sum->aborted += counts->aborted;
	sum->lost += counts->lost;
	sum->duplicated += counts->duplicated;
	sum->wrong += counts->wrong;
	sum->bytes += counts->bytes;
}

/* Once the channel is free, nothing is written and nobody called any more. */
static void nt_close(struct nt_channel *chan)
{
	struct nt_provider *provider = chan->provider;
	unsigned int i;

	netdma_free_channel(chan->channel);
	if (atomic_read(&chan->disorder)) {
		nt_complain(chan, "%d callbacks out of order", atomic_read(&chan->disorder));
		chan->wrong++;
	}
	for (i = 0; i < chan->num_threads; i++) {
		nt_thread_exit(&chan->threads[i]);
		nt_summary(&chan->threads[i]);
		nt_add_up(&provider->counts, &chan->threads[i].counts);
	}
	provider->counts.wrong += chan->wrong;
	if (chan->controls)
		pr_info("%s channel %u: %u controls, %u aborts and resets\n", provider->name,
			chan->info.id, chan->controls, atomic_read(&chan->aborts_ended));
	nt_unlink(chan);
	put_device(chan->info.dev);
	kfree(chan->threads);
	kfree(chan);
}

/* --- a run ---------------------------------------------------------------- */

static void nt_launch(struct nt_channel *chan)
{
	unsigned int i;

	for (i = 0; i < chan->num_threads; i++)
		queue_work(nt_wq, &chan->threads[i].work);
	if (chan->provider->parameters.mode & NT_CONTROLS)
		queue_work(nt_wq, &chan->control);
}

static void nt_await(struct nt_channel *chan)
{
	unsigned int i;

	for (i = 0; i < chan->num_threads; i++)
		flush_work(&chan->threads[i].work);
	WRITE_ONCE(chan->idle, true);
	flush_work(&chan->control);
}

/**
 * nt_test() - test all channels of a provider that can be had
 * @work: of &struct nt_provider
 */
void nt_test(struct work_struct *work)
{
	struct nt_provider *provider = container_of(work, struct nt_provider, work);
	const struct nt_parameters *parameters = &provider->parameters;
	struct nt_channel *chan, *next;
	unsigned int n = 0;

	memset(&provider->counts, 0, sizeof(provider->counts));
	while ((!parameters->channels || n < parameters->channels) && nt_open(provider))
		n++;
	pr_info("%s: %u channels, %u threads each, seed %u\n", provider->name, n,
		parameters->threads_per_chan, parameters->seed);

	list_for_each_entry(chan, &provider->channels, list)
		nt_launch(chan);
	list_for_each_entry(chan, &provider->channels, list)
		nt_await(chan);
	list_for_each_entry_safe(chan, next, &provider->channels, list)
		nt_close(chan);

	nt_ended(provider);
}
