// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: a thread that queues copies, and accounts for each of them
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>

#include "netdma_test.h"

static struct nt_copy *nt_at(struct nt_thread *thread, unsigned int index)
{
	return &thread->copies[index % NT_WINDOW];
}

/**
 * nt_thread_init() - memory of a thread
 * @thread: the thread, zeroed
 * @chan: its channel
 * @number: which one of it
 *
 * Return: 0 or -ENOMEM.
 */
int nt_thread_init(struct nt_thread *thread, struct nt_channel *chan, unsigned int number)
{
	unsigned int i;
	int err;

	thread->chan = chan;
	thread->number = number;
	thread->oldest = S64_MAX;
	prandom_seed_state(&thread->rnd, prandom_u32_state(&chan->rnd));
	INIT_WORK(&thread->work, nt_thread);
	init_waitqueue_head(&thread->wait);
	thread->copies = kvcalloc(NT_WINDOW, sizeof(*thread->copies), GFP_KERNEL);
	if (!thread->copies)
		return -ENOMEM;
	for (i = 0; i < NT_WINDOW; i++) {
		err = nt_copy_init(&thread->copies[i], thread);
		if (err) {
			while (i--)
				nt_copy_exit(&thread->copies[i]);
			kvfree(thread->copies);
			return err;
		}
	}
	return 0;
}

/* Another call of the callback can come as long as the channel is allocated. */
static void nt_count_duplicates(struct nt_copy *copy)
{
	int more = atomic_xchg(&copy->calls, 0) - copy->by_callback;

	if (more <= 0)
		return;
	copy->thread->counts.duplicated += more;
	nt_complain(copy->thread->chan, "%d more callbacks for token %lld", more, copy->last);
}

/**
 * nt_thread_exit() - give the memory back, and look at it for the last time
 * @thread: one that has ended, of a channel that is free
 */
void nt_thread_exit(struct nt_thread *thread)
{
	unsigned int i;

	for (i = 0; i < NT_WINDOW; i++) {
		struct nt_copy *copy = &thread->copies[i];

		if (copy->lost)
			nt_copy_unmap(copy);
		nt_count_duplicates(copy);
		nt_copy_exit(copy);
	}
	kvfree(thread->copies);
}

/* --- queueing ------------------------------------------------------------- */

/*
 * What became of a copy can be asked only until as many more have been queued as
 * the ring has descriptors. So nobody goes on while somebody, on another CPU, has
 * not yet asked for much older ones.
 *
 * Until the token of a new copy is known, its place is taken by a lower one. Others
 * that have not seen it can queue one call each meanwhile, for which max_batch
 * leaves room.
 */
static bool nt_claim(struct nt_thread *thread)
{
	struct nt_channel *chan = thread->chan;
	netdma_token_t oldest = S64_MAX;
	unsigned int i;

	if (thread->head == thread->tail)
		WRITE_ONCE(thread->oldest, atomic64_read(&chan->last) + 1);
	/* The claim is seen by whoever reads a higher chan->last: see nt_publish(). */
	smp_mb();
	for (i = 0; i < chan->num_threads; i++)
		oldest = min(oldest, READ_ONCE(chan->threads[i].oldest));
	return atomic64_read(&chan->last) - oldest < chan->info.capacity / 2;
}

/* With nothing outstanding there is nothing to wait for. */
static void nt_unclaim(struct nt_thread *thread)
{
	if (thread->head == thread->tail)
		WRITE_ONCE(thread->oldest, S64_MAX);
}

static void nt_publish(struct nt_thread *thread, netdma_token_t token)
{
	struct nt_channel *chan = thread->chan;
	s64 last = atomic64_read(&chan->last);

	while (last < token && !atomic64_try_cmpxchg(&chan->last, &last, token))
		;
}

/* Those of a channel come one at a time, in order, and may do what any context may. */
static void nt_callback(void *context, netdma_token_t token, enum netdma_copy_status status)
{
	struct nt_copy *copy = context;
	struct nt_thread *thread = copy->thread;
	struct nt_channel *chan = thread->chan;

	if (atomic_inc_return(&chan->callbacks) != 1 || token <= chan->called || !in_softirq())
		atomic_inc(&chan->disorder);
	chan->called = token;
	if (token % 2)
		netdma_flush(chan->channel);
	atomic_dec_return(&chan->callbacks);

	copy->told = token;
	copy->told_status = status;
	/* Pairs with nt_called() */
	smp_mb__before_atomic();
	atomic_inc(&copy->calls);
	wake_up(&thread->wait);
}

static bool nt_called(const struct nt_copy *copy)
{
	/* Pairs with nt_callback() */
	return atomic_read_acquire(&copy->calls);
}

/* Returns 0, -EBUSY if it is to be tried again, or why the thread ends. */
static int nt_queue(struct nt_thread *thread)
{
	struct nt_copy *copy = nt_at(thread, thread->head);
	struct nt_channel *chan = thread->chan;
	struct netdma_callback callback = { .fn = nt_callback, .context = copy };
	unsigned long mode = chan->provider->parameters.mode;
	netdma_token_t token;
	u32 flags = 0;
	int err;

	nt_count_duplicates(copy);
	nt_copy_plan(copy);
	copy->by_callback = nt_pick(&thread->rnd, mode & NT_WAITS) == NT_CALLBACK;
	err = nt_copy_map(copy);
	if (err)
		return err;
	if (!nt_roll(&thread->rnd, 4))
		flags |= NETDMA_COPY_FLUSH;
	if (!nt_roll(&thread->rnd, 16))
		flags |= NETDMA_COPY_FENCE;
	netdma_prefetch_next_descriptor(chan->channel);

	token = -EBUSY;
	if (nt_claim(thread)) {
		copy->aborts = atomic_read(&chan->aborts_ended);
		/* An abort that has ended by now is not one of this copy. */
		smp_mb();
		token = nt_copy_queue(copy, flags, copy->by_callback ? &callback : NULL);
	}
	if (token <= 0) {
		nt_unclaim(thread);
		nt_copy_unmap(copy);
		return token ?: -EPROTO;
	}

	copy->last = token;
	copy->first = token - nt_copy_tokens(copy) + 1;
	nt_publish(thread, token);
	if (thread->head == thread->tail)
		WRITE_ONCE(thread->oldest, copy->first);
	thread->head++;
	thread->counts.queued += nt_copy_tokens(copy);
	return 0;
}

/* --- accounting ----------------------------------------------------------- */

/* By the control work, or by the stop of the provider */
static bool nt_was_aborted(const struct nt_copy *copy)
{
	struct nt_channel *chan = copy->thread->chan;

	return atomic_read(&chan->aborts_begun) > copy->aborts ||
	       READ_ONCE(chan->provider->removed);
}

static void nt_count(struct nt_copy *copy, enum netdma_copy_status status)
{
	struct nt_counts *counts = &copy->thread->counts;
	struct nt_channel *chan = copy->thread->chan;

	switch (status) {
	case NETDMA_COPY_DONE:
		counts->done++;
		return;
	case NETDMA_COPY_ABORTED:
		if (nt_was_aborted(copy)) {
			counts->aborted++;
			return;
		}
		counts->failed++;
		break;
	case NETDMA_COPY_READ_FAILED:
		counts->read_failed++;
		counts->failed++;
		break;
	case NETDMA_COPY_WRITE_FAILED:
		counts->write_failed++;
		counts->failed++;
		break;
	case NETDMA_COPY_FAILED:
		counts->other_failed++;
		counts->failed++;
		break;
	default:
		counts->lost++;
		break;
	}
	nt_complain(chan, "a copy of %lld to %lld has status %d", copy->first, copy->last, status);
}

/* Is what the callback told what can be asked? */
static bool nt_told_right(const struct nt_copy *copy, enum netdma_copy_status status)
{
	if (copy->told == copy->last && copy->told_status == status)
		return true;
	nt_complain(copy->thread->chan, "callback of %lld said %lld: %d, not %d", copy->last,
		    copy->told, copy->told_status, status);
	return false;
}

static void nt_silent(struct nt_times *times, u64 from, u64 to)
{
	unsigned int i = NT_SILENCES;

	while (i && to - from > times->silences[i - 1].to - times->silences[i - 1].from) {
		i--;
		if (i + 1 < NT_SILENCES)
			times->silences[i + 1] = times->silences[i];
		times->silences[i].from = from;
		times->silences[i].to = to;
	}
}

static void nt_reported(struct nt_channel *chan, enum netdma_copy_status status)
{
	struct nt_times *times = &chan->times;
	u64 now = local_clock();

	spin_lock(&chan->times_lock);
	if (times->reported)
		nt_silent(times, times->reported, now);
	times->reported = now;
	if (status == NETDMA_COPY_DONE) {
		if (times->failed && !times->served)
			times->served = now;
	} else if (status != NETDMA_COPY_ABORTED && !times->failed) {
		times->failed = now;
	}
	spin_unlock(&chan->times_lock);
}

/* The oldest copy is asked for no more. */
static void nt_pass(struct nt_thread *thread)
{
	netdma_token_t oldest = S64_MAX;

	thread->tail++;
	if (thread->tail != thread->head)
		oldest = nt_at(thread, thread->tail)->first;
	/* After the last question; others then queue what makes it forgotten. */
	smp_store_release(&thread->oldest, oldest);
}

/* The oldest copy is complete: count what it was, and be ready for the next. */
static void nt_account(struct nt_thread *thread)
{
	struct nt_copy *copy = nt_at(thread, thread->tail);
	enum netdma_copy_status whole = NETDMA_COPY_DONE;
	unsigned int i, tokens = nt_copy_tokens(copy);
	struct nt_counts *counts = &thread->counts;

	nt_copy_unmap(copy);
	for (i = 0; i < tokens; i++) {
		enum netdma_copy_status status;

		status = netdma_get_copy_status(thread->chan->channel, copy->first + i);
		nt_count(copy, status);
		if (whole == NETDMA_COPY_DONE)
			whole = status;
		/* In a batch each piece is a copy. */
		if (status != NETDMA_COPY_DONE)
			copy->pieces[i].done = false;
	}
	nt_reported(thread->chan, whole);
	if (tokens == 1 && whole != NETDMA_COPY_DONE)
		for (i = 0; i < copy->n; i++)
			copy->pieces[i].done = false;
	for (i = 0; i < copy->n; i++)
		if (copy->pieces[i].done)
			counts->bytes += copy->pieces[i].len;

	if (copy->by_callback && !nt_told_right(copy, whole))
		counts->wrong++;
	if (!nt_copy_verify(copy))
		counts->wrong++;
	nt_pass(thread);
}

/* Its memory may still be written: it stays mapped, and is not used again. */
static void nt_lose(struct nt_thread *thread)
{
	struct nt_copy *copy = nt_at(thread, thread->tail);

	nt_complain(thread->chan, "token %lld is lost", copy->last);
	thread->counts.lost += nt_copy_tokens(copy);
	copy->lost = true;
	thread->err = -ETIMEDOUT;
	nt_pass(thread);
}

static bool nt_complete(const struct nt_thread *thread, const struct nt_copy *copy)
{
	if (copy->by_callback)
		return nt_called(copy);
	return netdma_is_copy_complete(thread->chan->channel, copy->last);
}

/* Wait for the oldest copy; after one that does not come, with less patience. */
static void nt_settle(struct nt_thread *thread)
{
	unsigned long timeout = msecs_to_jiffies(thread->chan->provider->parameters.timeout);
	struct nt_copy *copy = nt_at(thread, thread->tail);
	unsigned long deadline;

	if (thread->err == -ETIMEDOUT)
		timeout /= NT_WINDOW;
	deadline = jiffies + timeout;

	netdma_flush(thread->chan->channel);
	if (copy->by_callback)
		wait_event_timeout(thread->wait, nt_called(copy), timeout);
	while (!nt_complete(thread, copy)) {
		if (time_after(jiffies, deadline)) {
			nt_lose(thread);
			return;
		}
		usleep_range(10, 50);
	}
	nt_account(thread);
}

static void nt_settle_all(struct nt_thread *thread)
{
	while (thread->tail != thread->head)
		nt_settle(thread);
}

/* --- the thread ----------------------------------------------------------- */

static bool nt_finished(const struct nt_thread *thread)
{
	const struct nt_provider *provider = thread->chan->provider;

	if (READ_ONCE(provider->removed) && !provider->parameters.hold)
		return true;
	return READ_ONCE(provider->stop) ||
	       (provider->parameters.iterations &&
		thread->counts.queued >= provider->parameters.iterations);
}

/* One more call, and what is complete by then */
static void nt_step(struct nt_thread *thread)
{
	int err = -EBUSY;

	if (thread->head - thread->tail < thread->chan->provider->parameters.window)
		err = nt_queue(thread);
	if (err == -ENOMEM && thread->chan->provider->parameters.starve)
		err = -EBUSY;

	if (err == -EBUSY && thread->head != thread->tail)
		nt_settle(thread);
	else if (err == -EBUSY)
		usleep_range(10, 50);		/* others have it all */
	else if (err)
		thread->err = err;
	while (thread->head != thread->tail && nt_complete(thread, nt_at(thread, thread->tail)))
		nt_account(thread);
}

/**
 * nt_thread() - queue copies until there were enough
 * @work: of &struct nt_thread
 */
void nt_thread(struct work_struct *work)
{
	struct nt_thread *thread = container_of(work, struct nt_thread, work);
	struct nt_provider *provider = thread->chan->provider;
	ktime_t start = ktime_get();

	nt_enter(provider);
	while (!thread->err && !nt_finished(thread)) {
		nt_step(thread);
		if (READ_ONCE(provider->asleep)) {
			nt_settle_all(thread);
			nt_leave(provider);
			nt_enter(provider);
		}
		cond_resched();
	}
	nt_settle_all(thread);
	nt_leave(provider);

	/* A provider that is about to stop refuses, as one that is gone: not a fault */
	if (thread->err && !(thread->err == -ESHUTDOWN &&
			     (READ_ONCE(provider->removed) || provider->parameters.vanish))) {
		nt_complain(thread->chan, "thread %u ends with %d", thread->number, thread->err);
		thread->counts.wrong++;
	}
	thread->runtime = ktime_to_ns(ktime_sub(ktime_get(), start));
}
