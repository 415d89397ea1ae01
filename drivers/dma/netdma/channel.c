// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: channels
 *
 * The state machine between a front end, which fills the ring, and a provider,
 * whose callbacks run the engine. Section numbers are those of the NetDMA
 * interface specification.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/sched/clock.h>
#include <linux/wait_bit.h>

#include "netdma.h"
#include "trace.h"

/*
 * An engine that has work and completes nothing for two periods has stalled. The
 * longest descriptor takes a millisecond, and of a long list of them only the last
 * may report: there are as many more periods as all that is posted may take.
 */
#define NETDMA_WATCH_MS		500

/* The stall in a row that fails a copy, and the one that is beyond the channel */
#define NETDMA_STALLS_FAIL	2
#define NETDMA_STALLS_END	3

/* How many reports in a row that cannot be, or halts for no reason, are */
#define NETDMA_SUSPECTS_END	8

static void netdma_channel_work(struct work_struct *work);
static void netdma_channel_watch_work(struct work_struct *work);

/*
 * Run the owner's reap, one at a time, so that callbacks run in order. A request
 * that finds another reap under way leaves the work to it.
 */
static void netdma_channel_reap(struct netdma_channel *chan)
{
	int requests = 1;

	if (atomic_inc_return(&chan->reaps) > 1)
		return;

	do {
		chan->owner->reap(chan);
		requests = atomic_sub_return(requests, &chan->reaps);
	} while (requests);
	wake_up_var(&chan->reaps);
}

static void netdma_channel_reap_task(struct tasklet_struct *t)
{
	struct netdma_channel *chan = from_tasklet(chan, t, reap_task);

	netdma_channel_reap(chan);
}

/**
 * netdma_channel_init() - initialise a channel that is not allocated
 * @chan: the channel
 * @engine: what it is a channel of
 * @id: number within the provider
 * @cpu: CPU wished for the channel's interrupt
 */
void netdma_channel_init(struct netdma_channel *chan, struct netdma_engine *engine, u32 id,
			 unsigned int cpu)
{
	chan->engine = engine;
	chan->dev = engine->dev;
	chan->ops = &engine->ops;
	chan->provider = engine->context;
	chan->id = id;
	chan->cpu = cpu;
	chan->max_transfer = engine->attributes.max_transfer;
	chan->flags = engine->attributes.flags;
	chan->state = NETDMA_CHANNEL_FREE;
	spin_lock_init(&chan->lock);
	spin_lock_init(&chan->reap_lock);
	mutex_init(&chan->setup_lock);
	init_waitqueue_head(&chan->wait);
	INIT_WORK(&chan->work, netdma_channel_work);
	INIT_DELAYED_WORK(&chan->watch_work, netdma_channel_watch_work);
	tasklet_setup(&chan->reap_task, netdma_channel_reap_task);
}

static void netdma_channel_lock(struct netdma_channel *chan, unsigned long *flags)
	__acquires(&chan->lock) __acquires(&chan->reap_lock)
{
	spin_lock_irqsave(&chan->lock, *flags);
	spin_lock(&chan->reap_lock);
}

static void netdma_channel_unlock(struct netdma_channel *chan, unsigned long flags)
	__releases(&chan->reap_lock) __releases(&chan->lock)
{
	spin_unlock(&chan->reap_lock);
	spin_unlock_irqrestore(&chan->lock, flags);
}

/* The channel's lock */
static void netdma_channel_set_state(struct netdma_channel *chan, enum netdma_state state)
{
	trace_netdma_state(chan, chan->state, state);
	WRITE_ONCE(chan->state, state);
}

/* By which @copy fails, if that is not 0. The reap_lock. */
static void netdma_channel_error(struct netdma_channel *chan, enum netdma_error error, s64 copy)
{
	lockdep_assert_held(&chan->reap_lock);

	chan->errors[error]++;
	chan->last_error = error;
	chan->error_time = local_clock();
	trace_netdma_error(chan, error, copy);
}

static bool netdma_channel_is_aborting(struct netdma_channel *chan)
{
	return READ_ONCE(chan->unseen) == NETDMA_UNSEEN_ABORTED;
}

/* What is complete behind @done is pending until the resumption. Both locks. */
static void netdma_channel_hide(struct netdma_channel *chan, u32 done)
{
	chan->unseen_to = chan->ring.done;
	chan->ring.done = done;
	WRITE_ONCE(chan->unseen, NETDMA_UNSEEN_PAUSED);
}

/* The end of that. Both locks; who does it for good sees to it that somebody reaps. */
static void netdma_channel_show(struct netdma_channel *chan)
{
	if (chan->unseen != NETDMA_UNSEEN_PAUSED)
		return;
	chan->ring.done = chan->unseen_to;
	WRITE_ONCE(chan->unseen, NETDMA_UNSEEN_NONE);
}

/* Nothing runs any more: whoever waits gets an answer. Both locks. */
static void netdma_channel_die(struct netdma_channel *chan)
{
	netdma_channel_show(chan);
	netdma_channel_set_state(chan, NETDMA_CHANNEL_DEAD);
	WRITE_ONCE(chan->shut, true);
	WRITE_ONCE(chan->unseen, NETDMA_UNSEEN_NONE);
	chan->owner->fail_all(chan);
	tasklet_schedule(&chan->reap_task);
}

/* The engine has halted, or does not take commands: leave it to the work. */
static void netdma_channel_halt(struct netdma_channel *chan)
{
	lockdep_assert_held(&chan->lock);

	netdma_channel_set_state(chan, NETDMA_CHANNEL_STOPPING);
	queue_work(netdma_wq, &chan->work);
}

/* The engine has work: see to it that it gets done. */
static void netdma_channel_watch(struct netdma_channel *chan)
{
	lockdep_assert_held(&chan->lock);

	if (!chan->unwatched)
		return;
	chan->unwatched = false;
	chan->idle_periods = 0;
	queue_delayed_work(netdma_wq, &chan->watch_work, msecs_to_jiffies(NETDMA_WATCH_MS));
}

/*
 * Hand what is issued to the engine: start after allocation, abort or reset
 * (R-START-2), append afterwards, also if the list has run dry (R-APP-1).
 */
static noinline int netdma_channel_post_slow(struct netdma_channel *chan)
{
	struct netdma_ring *ring = &chan->ring;
	u32 first = ring->posted;
	u32 count = ring->issued - first;

	if (!count || chan->paused || chan->powered_down)
		return 0;

	switch (chan->state) {
	case NETDMA_CHANNEL_RUNNING:
		netdma_channel_watch(chan);
		netdma_ring_publish(ring);
		trace_netdma_doorbell(chan, first, count, false);
		return chan->ops->append(chan->context, netdma_ring_slot(ring, first),
					 netdma_ring_addr(ring, first), count);
	case NETDMA_CHANNEL_READY:
		netdma_channel_set_state(chan, NETDMA_CHANNEL_RUNNING);
		chan->idle_periods = 0;
		netdma_channel_watch(chan);
		netdma_ring_publish(ring);
		trace_netdma_doorbell(chan, first, count, true);
		return chan->ops->start(chan->context, netdma_ring_slot(ring, first),
					netdma_ring_addr(ring, first), count);
	default:
		return 0;
	}
}

/* The common case: more of a list that is running, and watched; nobody traces */
static __always_inline int netdma_channel_post(struct netdma_channel *chan)
{
	struct netdma_ring *ring = &chan->ring;
	u32 first = ring->posted;
	u32 count = ring->issued - first;

	lockdep_assert_held(&chan->lock);

	if (unlikely(!count || chan->state != NETDMA_CHANNEL_RUNNING || chan->paused ||
		     chan->powered_down || chan->unwatched || ring->terminated ||
		     trace_netdma_doorbell_enabled()))
		return netdma_channel_post_slow(chan);

	WRITE_ONCE(ring->posted, ring->issued);
	return chan->ops->append(chan->context, netdma_ring_slot(ring, first),
				 netdma_ring_addr(ring, first), count);
}

static __always_inline void netdma_channel_issue_all(struct netdma_channel *chan)
{
	chan->ring.issued = chan->ring.head;
	if (unlikely(netdma_channel_post(chan)))
		netdma_channel_halt(chan);
}

/**
 * netdma_channel_issue_locked() - ask for the execution of all that is on the ring
 * @chan: an allocated channel
 *
 * While the channel is suspended or stops, the request is kept.
 *
 * Context: The channel's lock.
 */
void netdma_channel_issue_locked(struct netdma_channel *chan)
{
	netdma_channel_issue_all(chan);
}

/**
 * netdma_channel_issue() - the same for who does not have the lock
 * @chan: an allocated channel
 *
 * Context: Any.
 */
void netdma_channel_issue(struct netdma_channel *chan)
{
	unsigned long flags;

	spin_lock_irqsave(&chan->lock, flags);
	netdma_channel_issue_all(chan);
	spin_unlock_irqrestore(&chan->lock, flags);
}

/**
 * netdma_channel_suspect() - the completion word cannot be true
 * @chan: the channel
 *
 * It may become true, and would then be no news: only a new start makes sure. Once
 * seized a channel does not run, so nobody waits in vain.
 *
 * Context: The channel's reap_lock.
 */
void netdma_channel_suspect(struct netdma_channel *chan)
{
	dev_warn_ratelimited(chan->dev, "channel %u: completion word %#llx ignored\n",
			     chan->id, chan->ring.word);
	netdma_channel_error(chan, NETDMA_ERROR_WORD, 0);
	if (READ_ONCE(chan->state) == NETDMA_CHANNEL_RUNNING) {
		chan->suspect = true;
		mod_delayed_work(netdma_wq, &chan->watch_work, 0);
	}
}

/*
 * An engine that does not get on is started again where it stands, then without
 * what it does not get on with. What helps then is a reset of all of it, if that.
 * Returns what to do about it: 0 or -EIO; both locks.
 */
static int netdma_channel_help(struct netdma_channel *chan, enum netdma_failure *failure)
{
	bool suspect = chan->suspect, stalled = chan->stalled;

	chan->suspect = false;
	chan->stalled = false;
	if (chan->ring.done == chan->ring.posted)
		return 0;

	/* That is no fault of the copy. */
	if (suspect && (stalled || !*failure))
		return ++chan->suspects >= NETDMA_SUSPECTS_END ? -EIO : 0;
	if (!stalled)
		return 0;

	if (++chan->stalls == NETDMA_STALLS_FAIL && !*failure)
		*failure = NETDMA_FAILURE_OTHER;
	return chan->stalls >= NETDMA_STALLS_END ? -EIO : 0;
}

/* Has the engine got on since the last look? Then all is forgiven. Both locks. */
static bool netdma_channel_gets_on(struct netdma_channel *chan)
{
	netdma_channel_update(chan);
	if (chan->ring.done == chan->watch_mark)
		return false;

	chan->watch_mark = chan->ring.done;
	chan->idle_periods = 0;
	chan->stalls = 0;
	chan->suspects = 0;
	chan->escalated = false;
	return true;
}

/* The next look at an engine that has work. Both locks. */
static bool netdma_channel_has_stalled(struct netdma_channel *chan)
{
	u32 posted = chan->ring.posted - chan->ring.done;

	if (!netdma_channel_gets_on(chan) && posted)
		chan->idle_periods++;
	return chan->suspect || chan->idle_periods >= 2 + posted / NETDMA_WATCH_MS;
}

static void netdma_channel_watch_work(struct work_struct *work)
{
	struct netdma_channel *chan = container_of(to_delayed_work(work),
						   struct netdma_channel, watch_work);
	unsigned long flags;

	netdma_channel_lock(chan, &flags);
	chan->unwatched = true;
	if (chan->state == NETDMA_CHANNEL_RUNNING) {
		if (chan->ops->poll)
			chan->ops->poll(chan->context);
		if (netdma_channel_has_stalled(chan)) {
			if (!chan->suspect) {
				dev_warn_ratelimited(chan->dev, "channel %u: stalled\n",
						     chan->id);
				netdma_channel_error(chan, NETDMA_ERROR_STALL, 0);
			}
			chan->stalled = true;
			netdma_channel_halt(chan);
		} else if (chan->ring.done != chan->ring.posted) {
			chan->unwatched = false;
			queue_delayed_work(netdma_wq, &chan->watch_work,
					   msecs_to_jiffies(NETDMA_WATCH_MS));
		}
	}
	netdma_channel_unlock(chan, flags);

	/* An interrupt may have been lost. */
	tasklet_schedule(&chan->reap_task);
}

/* Bring the engine to a stop from which it can be started. */
static int netdma_channel_stop_engine(struct netdma_channel *chan, bool abort)
{
	int err = -EOPNOTSUPP;

	if (chan->ops->abort && (abort || !chan->ops->reset_channel))
		err = chan->ops->abort(chan->context);
	if (err && err != -ENODEV && chan->ops->reset_channel)
		err = chan->ops->reset_channel(chan->context);
	WRITE_ONCE(chan->resets, chan->resets + 1);
	trace_netdma_reset(chan, false, err);
	return err;
}

/*
 * What is wrong with the channel is beyond it. If the provider can reset all of the
 * engine, it announces that as a loss of power: until the power-up, work waits.
 * Both locks.
 */
static bool netdma_channel_escalate(struct netdma_channel *chan, int err)
{
	if (err == -ENODEV || chan->closing || !chan->ops->reset_engine)
		return false;
	/* All that could be asked for is under way. */
	if (chan->powered_down)
		return true;
	if (chan->escalated || chan->ops->reset_engine(chan->provider))
		return false;

	chan->escalated = true;
	WRITE_ONCE(chan->engine->broken, true);
	dev_warn_ratelimited(chan->dev, "channel %u: the engine is reset: %d\n", chan->id, err);
	netdma_channel_error(chan, NETDMA_ERROR_BROKEN, 0);
	trace_netdma_reset(chan, true, 0);
	return true;
}

/* Both locks */
static void netdma_channel_give_up(struct netdma_channel *chan, int err)
{
	if (netdma_channel_escalate(chan, err)) {
		netdma_channel_set_state(chan, NETDMA_CHANNEL_BROKEN);
		return;
	}

	netdma_channel_error(chan, NETDMA_ERROR_DEAD, 0);
	netdma_channel_die(chan);
	dev_err_ratelimited(chan->dev, "channel %u: cannot be recovered: %d\n", chan->id, err);
}

/*
 * Stop the engine, then settle what it was stopped for: an abort voids the
 * work, an error fails the copy that it happened to and the rest goes on, and
 * a suspension that did not succeed loses nothing.
 *
 * The state is STOPPING, so no one else calls the provider. Does not sleep.
 */
static void netdma_channel_recover(struct netdma_channel *chan)
{
	enum netdma_failure failure = NETDMA_FAILURE_NONE;
	struct netdma_ring *ring = &chan->ring;
	unsigned long flags;
	bool aborting, hidden;
	s64 copy = 0;
	u32 done;
	int err;

	if (chan->ops->halt_reason)
		failure = chan->ops->halt_reason(chan->context);
	err = netdma_channel_stop_engine(chan, !failure && netdma_channel_is_aborting(chan));

	netdma_channel_lock(chan, &flags);
	/* Under the lock: after this, netdma_channel_gone() sees the new state. */
	if (READ_ONCE(chan->engine->gone))
		err = -ENODEV;
	aborting = netdma_channel_is_aborting(chan);
	hidden = chan->unseen == NETDMA_UNSEEN_PAUSED;
	done = ring->done;
	netdma_channel_show(chan);
	netdma_channel_gets_on(chan);
	if (err != -ENODEV && aborting) {
		/* An engine that does not stop has no access to memory any more. */
		ring->done = chan->unseen_to;
		WRITE_ONCE(chan->unseen, NETDMA_UNSEEN_NONE);
		chan->stalled = false;
		chan->suspect = false;
		netdma_ring_prime(ring);
	} else if (!err) {
		err = netdma_channel_help(chan, &failure);
		if (failure && ring->done != ring->posted)
			ring->done = chan->owner->fail(chan, failure, &copy);
		netdma_ring_prime(ring);
	}
	if (failure)
		netdma_channel_error(chan, (enum netdma_error)failure, copy);
	chan->watch_mark = ring->done;
	/* What has failed is the first that is not complete: that must be seen. */
	if (hidden && !failure)
		netdma_channel_hide(chan, done);
	if (!err) {
		netdma_channel_set_state(chan, NETDMA_CHANNEL_READY);
		err = netdma_channel_post(chan);
	}
	if (err)
		netdma_channel_give_up(chan, err);

	netdma_channel_unlock(chan, flags);
	tasklet_schedule(&chan->reap_task);
}

/*
 * The engine is being stopped, and nobody knows when it will have: what is known to be
 * complete now is all until the resumption. Both locks.
 */
static void netdma_channel_freeze(struct netdma_channel *chan)
{
	if (chan->state != NETDMA_CHANNEL_STOPPING || !chan->paused || chan->unseen)
		return;
	netdma_channel_update(chan);
	netdma_channel_hide(chan, chan->ring.done);
}

static void netdma_channel_work(struct work_struct *work)
{
	struct netdma_channel *chan = container_of(work, struct netdma_channel, work);

	wait_event(chan->wait, !READ_ONCE(chan->suspending));
	netdma_channel_recover(chan);
}

/**
 * netdma_channel_pause() - stop executing on a descriptor boundary
 * @chan: an allocated channel
 *
 * An idle channel is not touched (section 7: suspension of it succeeds
 * trivially). An engine that does not stop in time is reset; what it had not
 * completed is executed after the resumption.
 *
 * Context: Any; polls for the end of the current descriptor, without a lock.
 * Return: 0, also if the channel was paused before; -EBUSY while another caller
 * pauses it; -ESHUTDOWN if the channel is gone; -EOPNOTSUPP if the provider
 * cannot suspend.
 */
int netdma_channel_pause(struct netdma_channel *chan)
{
	struct netdma_ring *ring = &chan->ring;
	unsigned long flags;
	dma_addr_t last;
	int err = 0;

	if (!chan->ops->suspend)
		return -EOPNOTSUPP;

	netdma_channel_lock(chan, &flags);
	if (chan->shut)
		err = -ESHUTDOWN;
	else if (chan->suspending)
		err = -EBUSY;
	if (err)
		goto unlock;

	WRITE_ONCE(chan->paused, true);
	netdma_channel_freeze(chan);
	if (chan->state != NETDMA_CHANNEL_RUNNING)
		goto unlock;
	netdma_channel_update(chan);
	if (ring->done == ring->posted)
		goto unlock;

	netdma_channel_set_state(chan, NETDMA_CHANNEL_SUSPENDING);
	WRITE_ONCE(chan->suspending, true);
	netdma_channel_unlock(chan, flags);

	err = chan->ops->suspend(chan->context, &last);

	netdma_channel_lock(chan, &flags);
	if (READ_ONCE(chan->engine->gone))
		err = -ENODEV;
	if (chan->state == NETDMA_CHANNEL_SUSPENDING) {
		netdma_channel_update(chan);
		netdma_channel_set_state(chan, err ? NETDMA_CHANNEL_STOPPING :
						     NETDMA_CHANNEL_SUSPENDED);
	} else {
		err = 0;	/* terminated or halted: the work sees to it */
		netdma_channel_freeze(chan);
	}
	if (err) {
		netdma_channel_unlock(chan, flags);
		netdma_channel_recover(chan);
		netdma_channel_lock(chan, &flags);
		err = chan->state == NETDMA_CHANNEL_DEAD ? -ESHUTDOWN : 0;
	}
	WRITE_ONCE(chan->suspending, false);
	netdma_channel_unlock(chan, flags);
	wake_up(&chan->wait);
	tasklet_schedule(&chan->reap_task);
	return err;

unlock:
	netdma_channel_unlock(chan, flags);
	return err;
}

/**
 * netdma_channel_resume() - go on after netdma_channel_pause()
 * @chan: an allocated channel
 *
 * The engine is given the first descriptor that is not known to be complete. Of
 * a copy split into several, some may be executed again; none whose completion
 * was reported.
 *
 * Context: Any.
 * Return: 0; -EINVAL if the channel is not paused; -EBUSY while it is being
 * paused; -ESHUTDOWN if the channel is gone.
 */
int netdma_channel_resume(struct netdma_channel *chan)
{
	struct netdma_ring *ring = &chan->ring;
	unsigned long flags;
	int err = 0;
	u32 first;

	netdma_channel_lock(chan, &flags);
	if (chan->shut)
		err = -ESHUTDOWN;
	else if (chan->suspending)
		err = -EBUSY;
	else if (!chan->paused)
		err = -EINVAL;
	if (err)
		goto unlock;

	WRITE_ONCE(chan->paused, false);
	if (chan->unseen == NETDMA_UNSEEN_PAUSED) {
		netdma_channel_show(chan);
		tasklet_schedule(&chan->reap_task);
	}
	if (chan->state == NETDMA_CHANNEL_SUSPENDED) {
		netdma_channel_set_state(chan, NETDMA_CHANNEL_RUNNING);
		first = ring->done;
		chan->idle_periods = 0;
		netdma_channel_watch(chan);
		netdma_ring_publish(ring);
		trace_netdma_doorbell(chan, first, ring->issued - first, true);
		err = chan->ops->resume(chan->context, netdma_ring_slot(ring, first),
					netdma_ring_addr(ring, first),
					ring->issued - first);
	} else {
		err = netdma_channel_post(chan);
	}
	if (err) {
		netdma_channel_halt(chan);
		err = 0;
	}
unlock:
	netdma_channel_unlock(chan, flags);
	return err;
}

/**
 * netdma_channel_terminate() - void all work that is not complete
 * @chan: an allocated channel
 *
 * What it is told is up to its owner. The engine may go on for a moment: see
 * netdma_channel_synchronize(). Work submitted meanwhile queues, in slots that
 * the engine has not been given, and starts when the engine has stopped. On a
 * drained channel the engine is not touched.
 *
 * Context: Any, callbacks included. Does not wait.
 */
void netdma_channel_terminate(struct netdma_channel *chan)
{
	struct netdma_ring *ring = &chan->ring;
	unsigned long flags;

	netdma_channel_lock(chan, &flags);
	if (chan->state == NETDMA_CHANNEL_DEAD)
		goto unlock;

	netdma_channel_show(chan);
	netdma_channel_update(chan);
	WRITE_ONCE(chan->paused, false);

	switch (chan->state) {
	case NETDMA_CHANNEL_BROKEN:
		/* It has no access to memory: nothing to wait for */
		chan->owner->abort(chan, ring->head);
		ring->issued = ring->head;
		ring->done = ring->head;
		chan->watch_mark = ring->done;
		netdma_ring_prime(ring);
		tasklet_schedule(&chan->reap_task);
		break;
	case NETDMA_CHANNEL_READY:
	case NETDMA_CHANNEL_RUNNING:
		if (ring->done == ring->posted) {
			chan->owner->abort(chan, ring->done);
			ring->head = ring->posted;
			ring->issued = ring->posted;
			tasklet_schedule(&chan->reap_task);
			break;
		}
		fallthrough;
	default:
		chan->owner->abort(chan, ring->head);
		ring->issued = ring->head;
		chan->unseen_to = ring->head;
		WRITE_ONCE(chan->unseen, NETDMA_UNSEEN_ABORTED);
		if (chan->state != NETDMA_CHANNEL_STOPPING)
			netdma_channel_halt(chan);
	}
unlock:
	netdma_channel_unlock(chan, flags);
}

/**
 * netdma_channel_synchronize() - wait for the end of what was terminated
 * @chan: an allocated channel
 *
 * Afterwards the engine accesses nothing that was terminated before, and no
 * callback of the channel is running.
 *
 * Context: May sleep. Not from a callback of the channel.
 */
void netdma_channel_synchronize(struct netdma_channel *chan)
{
	/* A pause may be recovering the channel, the work in its place. */
	wait_event(chan->wait, !READ_ONCE(chan->suspending));
	flush_work(&chan->work);
	tasklet_kill(&chan->reap_task);
	local_bh_disable();
	netdma_channel_reap(chan);
	local_bh_enable();
	wait_var_event(&chan->reaps, !atomic_read(&chan->reaps));
}

/**
 * netdma_channel_alloc() - take the channel from the provider
 * @chan: a channel that is not allocated
 * @ring_size: slots of the ring, a power of two
 * @owner: the front end
 * @priority: see &struct netdma_channel_parameters
 * @cpu: CPU wished for its completions, -1 for that of its interrupt
 *
 * Context: May sleep.
 * Return: 0; -ENOMEM; -ESHUTDOWN after the provider's stop; what the provider
 * answers otherwise, but never -ENODEV, on which dmaengine would take the whole
 * device off its list, and later once more.
 */
int netdma_channel_alloc(struct netdma_channel *chan, u32 ring_size,
			 const struct netdma_owner_ops *owner, u32 priority, int cpu)
{
	struct netdma_channel_parameters parameters = {
		.channel = chan->id,
		.priority = priority,
		.affinity = cpumask_of(cpu < 0 ? chan->cpu : cpu),
	};
	unsigned long flags;
	int err;

	mutex_lock(&chan->setup_lock);
	if (READ_ONCE(chan->closing)) {
		err = -ESHUTDOWN;
		goto unlock;
	}

	err = netdma_ring_alloc(&chan->ring, netdma_channel_dma_dev(chan), ring_size,
				chan->ops->major_version < 2);
	if (err)
		goto unlock;

	chan->owner = owner;

	parameters.completion = chan->ring.completion;
	parameters.completion_dma = chan->ring.completion_dma;
	err = chan->ops->allocate_channel(chan->provider, &parameters, chan,
					  &chan->context);
	if (err) {
		netdma_ring_free(&chan->ring, netdma_channel_dma_dev(chan));
		if (err == -ENODEV)
			err = -ESHUTDOWN;
		goto unlock;
	}

	WRITE_ONCE(chan->cpu, parameters.cpu);
	/* A watch of before, or the loss of the device, may be looking at it. */
	netdma_channel_lock(chan, &flags);
	chan->unwatched = true;
	WRITE_ONCE(chan->shut, chan->closing);
	WRITE_ONCE(chan->paused, false);
	WRITE_ONCE(chan->unseen, NETDMA_UNSEEN_NONE);
	chan->stalled = false;
	chan->suspect = false;
	chan->escalated = false;
	chan->stalls = 0;
	chan->suspects = 0;
	chan->watch_mark = 0;
	netdma_channel_set_state(chan, NETDMA_CHANNEL_READY);
	netdma_channel_unlock(chan, flags);
unlock:
	mutex_unlock(&chan->setup_lock);
	return err;
}

/*
 * Become the only one who calls the provider for this channel. What is dead stays
 * dead: nobody else calls the provider for it, either. Whether one that is broken is
 * asked once more is up to the caller.
 */
static bool netdma_channel_seize(struct netdma_channel *chan, bool broken)
{
	unsigned long flags;
	bool seized;

	netdma_channel_lock(chan, &flags);
	while (chan->suspending || chan->state == NETDMA_CHANNEL_STOPPING) {
		netdma_channel_unlock(chan, flags);
		wait_event(chan->wait, !READ_ONCE(chan->suspending));
		flush_work(&chan->work);
		netdma_channel_lock(chan, &flags);
	}
	seized = chan->state != NETDMA_CHANNEL_DEAD &&
		 (broken || chan->state != NETDMA_CHANNEL_BROKEN);
	if (seized)
		netdma_channel_set_state(chan, NETDMA_CHANNEL_STOPPING);
	netdma_channel_unlock(chan, flags);
	return seized;
}

/*
 * Stop the channel for good, and give it back to the provider, and its memory. What
 * callbacks have queued up to the last moment fails; from then on they are refused.
 */
static void netdma_channel_shut(struct netdma_channel *chan)
{
	struct netdma_ring ring = chan->ring;
	unsigned long flags;
	int err;

	netdma_channel_seize(chan, true);
	err = netdma_channel_stop_engine(chan, false);

	netdma_channel_lock(chan, &flags);
	/* Nobody else will have it reset. */
	if (err && chan->state != NETDMA_CHANNEL_DEAD)
		netdma_channel_escalate(chan, err);
	netdma_channel_update(chan);
	netdma_channel_die(chan);
	netdma_channel_unlock(chan, flags);

	netdma_channel_synchronize(chan);
	cancel_delayed_work_sync(&chan->watch_work);
	chan->ops->free_channel(chan->context);
	/* Who still has found it: interrupt handlers, and those who map memory for it */
	synchronize_rcu();

	netdma_channel_lock(chan, &flags);
	chan->ring.desc = NULL;
	netdma_channel_unlock(chan, flags);

	netdma_ring_free(&ring, netdma_channel_dma_dev(chan));
}

/**
 * netdma_channel_free() - give the channel back to the provider
 * @chan: an allocated channel, or one closed by netdma_channel_close()
 *
 * Context: May sleep.
 */
void netdma_channel_free(struct netdma_channel *chan)
{
	unsigned long flags;

	netdma_channel_terminate(chan);
	netdma_channel_synchronize(chan);

	mutex_lock(&chan->setup_lock);
	if (!chan->closed)
		netdma_channel_shut(chan);
	/* From now on nobody asks the owner for anything. */
	spin_lock_irqsave(&chan->lock, flags);
	netdma_channel_set_state(chan, NETDMA_CHANNEL_FREE);
	spin_unlock_irqrestore(&chan->lock, flags);
	mutex_unlock(&chan->setup_lock);

	tasklet_kill(&chan->reap_task);
}

/* Does the engine have nothing left to execute, or no way to do so? */
static bool netdma_channel_drained(struct netdma_channel *chan)
{
	unsigned long flags;
	bool drained;

	netdma_channel_lock(chan, &flags);
	netdma_channel_update(chan);
	drained = chan->state == NETDMA_CHANNEL_DEAD || chan->paused ||
		  READ_ONCE(chan->engine->broken) ||
		  (chan->state != NETDMA_CHANNEL_STOPPING &&
		   chan->ring.done == chan->ring.posted);
	netdma_channel_unlock(chan, flags);

	return drained;
}

static void netdma_channel_drain(struct netdma_channel *chan, unsigned long deadline)
{
	while (!netdma_channel_drained(chan) && time_before(jiffies, deadline))
		usleep_range(100, 1000);
}

/**
 * netdma_channel_refuse() - take no new work, for good
 * @chan: any channel
 *
 * Context: Any.
 */
void netdma_channel_refuse(struct netdma_channel *chan)
{
	unsigned long flags;

	spin_lock_irqsave(&chan->lock, flags);
	WRITE_ONCE(chan->closing, true);
	WRITE_ONCE(chan->shut, true);
	spin_unlock_irqrestore(&chan->lock, flags);
}

/**
 * netdma_channel_close() - end the use of a channel that refuses new work
 * @chan: any channel
 * @deadline: how long it may drain, in jiffies
 *
 * A paused channel is aborted, a running one drains; what is then left fails.
 * The owner keeps a shell that answers errors (R-PSTOP-2).
 *
 * Context: May sleep. Interrupts of the channel still run.
 */
void netdma_channel_close(struct netdma_channel *chan, unsigned long deadline)
{
	mutex_lock(&chan->setup_lock);
	chan->closed = true;
	if (READ_ONCE(chan->state) == NETDMA_CHANNEL_FREE)
		goto unlock;

	/*
	 * What a NetDMA client has queued is flushed sooner or later, and may be just now;
	 * what a client of dmaengine does not issue is never executed.
	 */
	if (chan->copies)
		netdma_channel_issue(chan);
	netdma_channel_drain(chan, deadline);
	netdma_channel_shut(chan);
unlock:
	mutex_unlock(&chan->setup_lock);
}

/**
 * netdma_channel_hold() - give the engine no new work
 * @chan: any channel
 *
 * What is issued queues until netdma_channel_power_up().
 *
 * Context: Any.
 */
void netdma_channel_hold(struct netdma_channel *chan)
{
	unsigned long flags;

	spin_lock_irqsave(&chan->lock, flags);
	WRITE_ONCE(chan->powered_down, true);
	spin_unlock_irqrestore(&chan->lock, flags);
}

/*
 * Stop the engine and, unless it is powered down, start it where it was. After a
 * @power_up nobody starts it before it is reset: it has lost what it needs to know.
 * Before that, one that is broken is not asked again.
 */
static void netdma_channel_restart(struct netdma_channel *chan, bool power_up)
{
	unsigned long flags;
	bool seized;

	seized = READ_ONCE(chan->state) != NETDMA_CHANNEL_FREE &&
		 netdma_channel_seize(chan, power_up);
	if (power_up) {
		spin_lock_irqsave(&chan->lock, flags);
		WRITE_ONCE(chan->powered_down, false);
		spin_unlock_irqrestore(&chan->lock, flags);
	}
	if (seized)
		netdma_channel_recover(chan);
}

/**
 * netdma_channel_power_down() - stop an engine that is about to lose its state
 * @chan: any channel, held
 * @deadline: how long it may drain, in jiffies
 *
 * What it does not complete until then is executed after the power-up.
 *
 * Context: May sleep. Interrupts of the channel still run.
 */
void netdma_channel_power_down(struct netdma_channel *chan, unsigned long deadline)
{
	mutex_lock(&chan->setup_lock);
	if (READ_ONCE(chan->state) != NETDMA_CHANNEL_FREE)
		netdma_channel_drain(chan, deadline);
	netdma_channel_restart(chan, false);
	mutex_unlock(&chan->setup_lock);
}

/**
 * netdma_channel_power_up() - go on with an engine that has lost its state
 * @chan: any channel
 *
 * The channel is reset, which gives the provider the occasion to set it up, and
 * started if there is work (R-PM11-2).
 *
 * Context: May sleep.
 */
void netdma_channel_power_up(struct netdma_channel *chan)
{
	mutex_lock(&chan->setup_lock);
	netdma_channel_restart(chan, true);
	mutex_unlock(&chan->setup_lock);
}

/**
 * netdma_channel_gone() - the hardware is gone
 * @chan: any channel
 *
 * Context: Any.
 */
void netdma_channel_gone(struct netdma_channel *chan)
{
	unsigned long flags;

	netdma_channel_lock(chan, &flags);
	switch (chan->state) {
	case NETDMA_CHANNEL_FREE:
	case NETDMA_CHANNEL_SUSPENDING:
	case NETDMA_CHANNEL_STOPPING:
	case NETDMA_CHANNEL_DEAD:
		/* Whoever is in a callback of the provider hears of it there. */
		break;
	default:
		netdma_channel_update(chan);
		netdma_channel_error(chan, NETDMA_ERROR_DEAD, 0);
		netdma_channel_die(chan);
	}
	netdma_channel_unlock(chan, flags);
}

/**
 * netdma_channel_reset() - abort, and bring the engine back to where it began
 * @chan: an allocated channel
 *
 * Afterwards the engine accesses nothing that was submitted before (R-RESET-3),
 * no callback of it is running, and the channel is ready (R-RESET-2), with the
 * work that others have submitted meanwhile.
 *
 * Context: May sleep. Not from a callback of the channel.
 * Return: 0; -ESHUTDOWN if the channel is gone.
 */
int netdma_channel_reset(struct netdma_channel *chan)
{
	int err = 0;

	netdma_channel_terminate(chan);

	mutex_lock(&chan->setup_lock);
	if (!chan->closed)
		netdma_channel_restart(chan, false);
	if (READ_ONCE(chan->state) == NETDMA_CHANNEL_DEAD)
		err = -ESHUTDOWN;
	mutex_unlock(&chan->setup_lock);

	netdma_channel_synchronize(chan);
	return err;
}

/**
 * netdma_isr() - a channel has interrupted
 * @channel: as given to the provider's allocate_channel
 * @last: address of the last completed descriptor; a hint, for the engine may
 *	be further by now (R-ISR-3)
 * @cpu: where to run the bottom half, which calls netdma_interrupt_dpc()
 *
 * The interrupt's affinity has settled where the work is done, so the answer is
 * the CPU that asks (R-ISR-2).
 *
 * Context: Hard interrupt, in an RCU read-side section in which @channel was
 * found.
 */
void netdma_isr(struct netdma_channel *channel, dma_addr_t last, unsigned int *cpu)
{
	*cpu = smp_processor_id();
	/* Users and CPU hotplug move interrupts. */
	if (READ_ONCE(channel->cpu) != *cpu)
		WRITE_ONCE(channel->cpu, *cpu);
}
EXPORT_SYMBOL_GPL(netdma_isr);

/**
 * netdma_interrupt_dpc() - a channel has completed work, or halted
 * @channel: as given to the provider's allocate_channel
 * @last: address of the last completed descriptor, 0 for an error (R-DPC-2)
 *
 * The address is a hint: the completion word says how far the engine is. After
 * an error the provider's halt_reason and reset_channel are called.
 *
 * Context: Softirq, or bottom halves disabled, in an RCU read-side section in
 * which @channel was found. Runs callbacks.
 */
void netdma_interrupt_dpc(struct netdma_channel *channel, dma_addr_t last)
{
	unsigned long flags;

	if (!last) {
		netdma_channel_lock(channel, &flags);
		switch (channel->state) {
		case NETDMA_CHANNEL_RUNNING:
		case NETDMA_CHANNEL_SUSPENDING:
		case NETDMA_CHANNEL_SUSPENDED:
			channel->suspect = true;
			netdma_channel_halt(channel);
			break;
		default:
			break;
		}
		netdma_channel_unlock(channel, flags);
	}

	netdma_channel_reap(channel);
}
EXPORT_SYMBOL_GPL(netdma_interrupt_dpc);
