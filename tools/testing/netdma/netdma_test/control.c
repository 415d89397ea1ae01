// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: suspend, resume, abort and reset while threads copy
 */
#include <linux/delay.h>
#include <linux/errno.h>

#include "netdma_test.h"

/* A provider that is about to stop refuses, as one that is gone; all else is a fault. */
static bool nt_refused(struct nt_channel *chan, const char *what, int err)
{
	if (!err)
		return false;
	if (err != -ESHUTDOWN || !(READ_ONCE(chan->provider->removed) ||
				   chan->provider->parameters.vanish)) {
		nt_complain(chan, "%s answers %d", what, err);
		chan->wrong++;
	}
	return true;
}

static void nt_nap(struct nt_channel *chan)
{
	unsigned int us = nt_roll(&chan->rnd, 1000);

	usleep_range(us, us + 100);
}

/*
 * The last one is finished, and what is behind it waits. An abort that had begun
 * before may still end it.
 */
static void nt_check_suspended(struct nt_channel *chan, netdma_token_t last)
{
	enum netdma_copy_status status;

	status = netdma_get_copy_status(chan->channel, last);
	if (last && status == NETDMA_COPY_PENDING && !READ_ONCE(chan->provider->removed)) {
		nt_complain(chan, "suspended after %lld, which is pending", last);
		chan->wrong++;
	}
	status = netdma_get_copy_status(chan->channel, last + 1);
	if (status == NETDMA_COPY_FAILED && chan->provider->parameters.vanish)
		return;
	if (status != NETDMA_COPY_PENDING && status != NETDMA_COPY_UNKNOWN &&
	    status != NETDMA_COPY_ABORTED && !READ_ONCE(chan->provider->removed)) {
		nt_complain(chan, "%lld has status %d while suspended after %lld", last + 1,
			    status, last);
		chan->wrong++;
	}
}

static void nt_abort(struct nt_channel *chan)
{
	atomic_inc_return(&chan->aborts_begun);
	nt_refused(chan, "abort", netdma_abort(chan->channel));
	atomic_inc_return(&chan->aborts_ended);
}

/* What was queued before is finished. */
static void nt_reset(struct nt_channel *chan)
{
	netdma_token_t last = atomic64_read(&chan->last);

	atomic_inc_return(&chan->aborts_begun);
	nt_refused(chan, "reset", netdma_reset(chan->channel));
	atomic_inc_return(&chan->aborts_ended);
	if (netdma_get_copy_status(chan->channel, last) == NETDMA_COPY_PENDING) {
		nt_complain(chan, "%lld is pending after a reset", last);
		chan->wrong++;
	}
}

/* One time in four, what has piled up is aborted. */
static void nt_suspend(struct nt_channel *chan)
{
	netdma_token_t last;

	if (nt_refused(chan, "suspend", netdma_suspend(chan->channel, &last)))
		return;
	nt_check_suspended(chan, last);
	nt_nap(chan);
	nt_check_suspended(chan, last);
	if (chan->provider->parameters.mode & BIT(NT_ABORT) && !nt_roll(&chan->rnd, 4))
		nt_abort(chan);		/* which ends the suspension */
	else
		nt_refused(chan, "resume", netdma_resume(chan->channel));
}

static void nt_limit(struct nt_channel *chan)
{
	u32 limit = 1 + nt_roll(&chan->rnd, chan->info.capacity);

	if (nt_refused(chan, "limit", netdma_set_max_pending_descriptors(chan->channel, limit)))
		return;
	if (netdma_get_max_pending_descriptors(chan->channel) != limit) {
		nt_complain(chan, "the limit is not %u", limit);
		chan->wrong++;
	}
}

static void nt_disturb(struct nt_channel *chan, unsigned long mode)
{
	switch (nt_pick(&chan->rnd, mode)) {
	case NT_SUSPEND:
		nt_suspend(chan);
		break;
	case NT_ABORT:
		nt_abort(chan);
		break;
	case NT_RESET:
		nt_reset(chan);
		break;
	default:
		nt_limit(chan);
		break;
	}
}

/**
 * nt_control() - disturb the threads of a channel until they have ended
 * @work: of &struct nt_channel
 */
void nt_control(struct work_struct *work)
{
	struct nt_channel *chan = container_of(work, struct nt_channel, control);
	unsigned long mode = chan->provider->parameters.mode & NT_CONTROLS;

	while (!READ_ONCE(chan->idle)) {
		nt_nap(chan);
		if (nt_enter(chan->provider)) {
			nt_disturb(chan, mode);
			chan->controls++;
		}
		nt_leave(chan->provider);
	}
}
