// SPDX-License-Identifier: GPL-2.0-only
/*
 * The channel state machine: every operation in every state
 *
 * A dmaengine client operates the channel, a fake provider sees what becomes of
 * it. Section numbers and "R-..." are those of the NetDMA interface specification.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "fake_provider.h"

#define COPY_SIZE	64
#define MAX_COPIES	64

/**
 * struct states_copy - a copy that was submitted
 * @st: the test
 * @cookie: its cookie
 * @calls: how often it was called back
 * @result: what the callback was told
 */
struct states_copy {
	struct states_test *st;
	dma_cookie_t cookie;
	unsigned int calls;
	enum dmaengine_tx_result result;
};

/**
 * struct states_test - what a case works with
 * @test: the case
 * @fake: the provider
 * @chan: its channel 0 as a client has it
 * @fc: the same as the provider has it
 * @channel: the same in the core; gone after release and stop
 * @buf: memory
 * @dma: where it is mapped
 * @copies: what was submitted, in order
 * @num_copies: how much
 * @held: a callback that is held up has been reached
 * @go_on: it may go on
 * @hold: which one that is
 * @hold_up: hold it up, once
 * @execute: while this callback runs, the engine executes ...
 * @execute_count: ... so many descriptors, once
 * @grace_period: the one to wait for after the channel was given back
 */
struct states_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct dma_chan *chan;
	struct fake_channel *fc;
	struct netdma_channel *channel;
	u8 *buf;
	dma_addr_t dma;
	struct states_copy copies[MAX_COPIES];
	unsigned int num_copies;
	struct completion held;
	struct completion go_on;
	enum fake_op hold;
	bool hold_up;
	enum fake_op execute;
	u32 execute_count;
	unsigned long grace_period;
};

/* --- helpers -------------------------------------------------------------- */

static void states_during(struct fake_channel *fc, enum fake_op op)
{
	struct states_test *st = fc->fake->priv;
	u32 count = st->execute_count;

	if (op == FAKE_FREE)
		st->grace_period = get_state_synchronize_rcu();
	if (count && op == st->execute) {
		st->execute_count = 0;
		KUNIT_EXPECT_EQ(st->test, fake_execute(fc, count), count);
	}
	if (!st->hold_up || op != st->hold)
		return;
	st->hold_up = false;
	complete(&st->held);
	wait_for_completion(&st->go_on);
}

static int states_test_init(struct kunit *test)
{
	struct states_test *st = kunit_kzalloc(test, sizeof(*st), GFP_KERNEL);

	if (!st)
		return -ENOMEM;
	test->priv = st;
	st->test = test;
	init_completion(&st->held);
	init_completion(&st->go_on);
	st->fake = fake_provider_create(test);
	st->fake->priv = st;
	st->fake->during = states_during;
	/* What a reset of the engine changes is in watch_test.c. */
	st->fake->characteristics.reset_engine = NULL;
	st->buf = kzalloc(2 * COPY_SIZE, GFP_KERNEL);
	if (!st->buf)
		return -ENOMEM;
	st->dma = dma_map_single(st->fake->dev, st->buf, 2 * COPY_SIZE, DMA_BIDIRECTIONAL);
	return dma_mapping_error(st->fake->dev, st->dma);
}

/* R-VER-1, R-START-6: a provider of 1.1, whose chains are terminated */
static int states_test_init_1_1(struct kunit *test)
{
	struct states_test *st;
	int err;

	err = states_test_init(test);
	if (err)
		return err;
	st = test->priv;
	st->fake->characteristics.major_version = 1;
	return 0;
}

static void states_release(struct states_test *st)
{
	if (st->chan)
		dma_release_channel(st->chan);
	st->chan = NULL;
}

static void states_test_exit(struct kunit *test)
{
	struct states_test *st = test->priv;

	if (!st || !st->fake)
		return;
	complete_all(&st->go_on);
	states_release(st);
	if (st->buf && st->dma)
		dma_unmap_single(st->fake->dev, st->dma, 2 * COPY_SIZE, DMA_BIDIRECTIONAL);
	fake_provider_destroy(test, st->fake);
	kfree(st->buf);
}

static void states_open(struct states_test *st)
{
	struct kunit *test = st->test;

	fake_provider_start(test, st->fake);
	st->chan = fake_request(st->fake);
	KUNIT_ASSERT_NOT_NULL(test, st->chan);
	st->fc = &st->fake->channels[0];
	st->channel = st->fc->channel;
	KUNIT_ASSERT_NOT_NULL(test, st->channel);
}

static void states_called_back(void *param, const struct dmaengine_result *result)
{
	struct states_copy *copy = param;

	copy->calls++;
	copy->result = result->result;
}

static struct dma_async_tx_descriptor *states_prep(struct states_test *st)
{
	struct dma_async_tx_descriptor *txd;
	struct states_copy *copy;

	txd = dmaengine_prep_dma_memcpy(st->chan, st->dma + COPY_SIZE, st->dma, COPY_SIZE,
					DMA_PREP_INTERRUPT);
	if (!txd || st->num_copies == MAX_COPIES)
		return NULL;
	copy = &st->copies[st->num_copies++];
	copy->st = st;
	txd->callback_result = states_called_back;
	txd->callback_param = copy;
	return txd;
}

/* Submit a copy; a negative errno if that is refused. */
static int states_submit(struct states_test *st)
{
	struct dma_async_tx_descriptor *txd = states_prep(st);
	struct states_copy *copy;

	if (!txd)
		return -ENOBUFS;
	copy = txd->callback_param;
	copy->cookie = dmaengine_submit(txd);
	return copy->cookie < 0 ? copy->cookie : 0;
}

static void states_submit_and_issue(struct states_test *st, unsigned int count)
{
	while (count--)
		KUNIT_ASSERT_EQ(st->test, states_submit(st), 0);
	dma_async_issue_pending(st->chan);
}

static void states_execute(struct states_test *st, u32 count)
{
	KUNIT_ASSERT_EQ(st->test, fake_execute(st->fc, count), count);
	fake_interrupt(st->fc);
}

static enum dma_status states_status(struct states_test *st, unsigned int n)
{
	return dmaengine_tx_status(st->chan, st->copies[n].cookie, NULL);
}

/* --- states --------------------------------------------------------------- */

static void states_enter_ready(struct states_test *st)
{
	states_open(st);
}

static void states_enter_running(struct states_test *st)
{
	states_open(st);
	states_submit_and_issue(st, 2);
}

static void states_enter_drained(struct states_test *st)
{
	states_enter_running(st);
	states_execute(st, 2);
}

static void states_enter_suspended(struct states_test *st)
{
	states_enter_running(st);
	states_execute(st, 1);
	KUNIT_ASSERT_EQ(st->test, dmaengine_pause(st->chan), 0);
}

static void states_enter_paused_ready(struct states_test *st)
{
	states_open(st);
	KUNIT_ASSERT_EQ(st->test, dmaengine_pause(st->chan), 0);
}

static void states_enter_paused_drained(struct states_test *st)
{
	states_enter_drained(st);
	KUNIT_ASSERT_EQ(st->test, dmaengine_pause(st->chan), 0);
}

/* Terminated, and the engine has not stopped yet */
static void states_enter_stopping(struct states_test *st)
{
	states_enter_running(st);
	st->hold = FAKE_ABORT;
	st->hold_up = true;
	KUNIT_ASSERT_EQ(st->test, dmaengine_terminate_async(st->chan), 0);
	wait_for_completion(&st->held);
}

/* Terminated and stopped: section 7's HALTED */
static void states_enter_halted(struct states_test *st)
{
	states_enter_running(st);
	KUNIT_ASSERT_EQ(st->test, dmaengine_terminate_sync(st->chan), 0);
}

/* Halted by an error, and no reset helps */
static void states_enter_dead(struct states_test *st)
{
	states_enter_running(st);
	st->fake->answer[FAKE_RESET] = -EIO;
	fake_halt(st->fc, NETDMA_FAILURE_OTHER);
	st->fake->answer[FAKE_RESET] = 0;
}

/* The provider has stopped, the client has not let go */
static void states_enter_closed(struct states_test *st)
{
	states_open(st);
	fake_provider_stop(st->fake);
}

/* --- operations ----------------------------------------------------------- */

static int states_do_submit(struct states_test *st)
{
	int err = states_submit(st);

	if (!err)
		dma_async_issue_pending(st->chan);
	return err;
}

static int states_do_issue(struct states_test *st)
{
	dma_async_issue_pending(st->chan);
	return 0;
}

static int states_do_pause(struct states_test *st)
{
	return dmaengine_pause(st->chan);
}

static int states_do_resume(struct states_test *st)
{
	return dmaengine_resume(st->chan);
}

static int states_do_terminate(struct states_test *st)
{
	int err = dmaengine_terminate_async(st->chan);

	complete_all(&st->go_on);
	dmaengine_synchronize(st->chan);
	return err;
}

static int states_do_fail(struct states_test *st)
{
	fake_halt(st->fc, NETDMA_FAILURE_READ);
	return 0;
}

static int states_do_interrupt(struct states_test *st)
{
	fake_interrupt(st->fc);
	return 0;
}

static int states_do_release(struct states_test *st)
{
	complete_all(&st->go_on);
	states_release(st);
	return 0;
}

static int states_do_stop(struct states_test *st)
{
	complete_all(&st->go_on);
	fake_provider_stop(st->fake);
	return 0;
}

/* --- the table ------------------------------------------------------------ */

struct states_state {
	const char *name;
	void (*enter)(struct states_test *st);
};

static const struct states_state ready = { "ready", states_enter_ready };
static const struct states_state running = { "running", states_enter_running };
static const struct states_state drained = { "drained", states_enter_drained };
static const struct states_state suspended = { "suspended", states_enter_suspended };
static const struct states_state paused_ready = { "paused, ready", states_enter_paused_ready };
static const struct states_state paused_drained = { "paused, drained",
						    states_enter_paused_drained };
static const struct states_state stopping = { "stopping", states_enter_stopping };
static const struct states_state halted = { "halted", states_enter_halted };
static const struct states_state dead = { "dead", states_enter_dead };
static const struct states_state closed = { "closed", states_enter_closed };

struct states_op {
	const char *name;
	int (*run)(struct states_test *st);
};

static const struct states_op submit = { "submit", states_do_submit };
static const struct states_op issue = { "issue nothing", states_do_issue };
static const struct states_op pause = { "pause", states_do_pause };
static const struct states_op resume = { "resume", states_do_resume };
static const struct states_op terminate = { "terminate", states_do_terminate };
static const struct states_op fail = { "halt by error", states_do_fail };
static const struct states_op interrupt = { "interrupt", states_do_interrupt };
static const struct states_op release = { "release", states_do_release };
static const struct states_op stop = { "stop", states_do_stop };

#define GONE	(-1)	/* no state to look at any more */

/**
 * struct states_row - an operation in a state
 * @state: the state
 * @op: the operation
 * @ret: what it answers
 * @history: the provider's callbacks that it leads to
 * @end: the core's state afterwards, or GONE
 */
struct states_row {
	const struct states_state *state;
	const struct states_op *op;
	int ret;
	const char *history;
	int end;
};

static const struct states_row states_rows[] = {
	/* READY: start required (R-START-2); suspending nothing succeeds trivially. */
	{ &ready, &submit, 0, "start 0+1", NETDMA_CHANNEL_RUNNING },
	{ &ready, &issue, 0, "", NETDMA_CHANNEL_READY },
	{ &ready, &pause, 0, "", NETDMA_CHANNEL_READY },
	{ &ready, &resume, -EINVAL, "", NETDMA_CHANNEL_READY },
	{ &ready, &terminate, 0, "", NETDMA_CHANNEL_READY },
	{ &ready, &fail, 0, "", NETDMA_CHANNEL_READY },
	{ &ready, &interrupt, 0, "", NETDMA_CHANNEL_READY },
	{ &ready, &release, 0, "reset, free", GONE },
	{ &ready, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* RUNNING: append (R-APP-1); an error fails one copy, the next is started anew. */
	{ &running, &submit, 0, "append 2+1", NETDMA_CHANNEL_RUNNING },
	{ &running, &issue, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &running, &pause, 0, "suspend", NETDMA_CHANNEL_SUSPENDED },
	{ &running, &resume, -EINVAL, "", NETDMA_CHANNEL_RUNNING },
	{ &running, &terminate, 0, "reason, abort", NETDMA_CHANNEL_READY },
	{ &running, &fail, 0, "reason, reset, start 1+1", NETDMA_CHANNEL_RUNNING },
	{ &running, &interrupt, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &running, &release, 0, "reason, abort, reset, free", GONE },
	/* An engine that does nothing meanwhile is started once more. */
	{ &running, &stop, 0, "reason, reset, start 0+2, reset, free", NETDMA_CHANNEL_DEAD },

	/* DRAINED: append continues it (R-APP-1); nothing there to suspend or abort. */
	{ &drained, &submit, 0, "append 2+1", NETDMA_CHANNEL_RUNNING },
	{ &drained, &issue, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &drained, &pause, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &drained, &resume, -EINVAL, "", NETDMA_CHANNEL_RUNNING },
	{ &drained, &terminate, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &drained, &fail, 0, "reason, reset", NETDMA_CHANNEL_READY },
	{ &drained, &interrupt, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &drained, &release, 0, "reset, free", GONE },
	{ &drained, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* SUSPENDED: what is submitted queues; resume goes on with what is left. */
	{ &suspended, &submit, 0, "", NETDMA_CHANNEL_SUSPENDED },
	{ &suspended, &issue, 0, "", NETDMA_CHANNEL_SUSPENDED },
	{ &suspended, &pause, 0, "", NETDMA_CHANNEL_SUSPENDED },
	{ &suspended, &resume, 0, "resume 1+1", NETDMA_CHANNEL_RUNNING },
	{ &suspended, &terminate, 0, "reason, abort", NETDMA_CHANNEL_READY },
	{ &suspended, &fail, 0, "reason, reset", NETDMA_CHANNEL_READY },
	{ &suspended, &interrupt, 0, "", NETDMA_CHANNEL_SUSPENDED },
	{ &suspended, &release, 0, "reason, abort, reset, free", GONE },
	{ &suspended, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* Paused without anything to suspend: the same for the client. */
	{ &paused_ready, &submit, 0, "", NETDMA_CHANNEL_READY },
	{ &paused_ready, &pause, 0, "", NETDMA_CHANNEL_READY },
	{ &paused_ready, &resume, 0, "", NETDMA_CHANNEL_READY },
	{ &paused_ready, &terminate, 0, "", NETDMA_CHANNEL_READY },
	{ &paused_ready, &fail, 0, "", NETDMA_CHANNEL_READY },
	{ &paused_ready, &release, 0, "reset, free", GONE },
	{ &paused_ready, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },
	{ &paused_drained, &submit, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &paused_drained, &pause, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &paused_drained, &resume, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &paused_drained, &terminate, 0, "", NETDMA_CHANNEL_RUNNING },
	{ &paused_drained, &fail, 0, "reason, reset", NETDMA_CHANNEL_READY },
	{ &paused_drained, &release, 0, "reset, free", GONE },
	{ &paused_drained, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* The engine is being stopped: nobody else calls the provider. */
	{ &stopping, &submit, 0, "", NETDMA_CHANNEL_STOPPING },
	{ &stopping, &issue, 0, "", NETDMA_CHANNEL_STOPPING },
	{ &stopping, &pause, 0, "", NETDMA_CHANNEL_STOPPING },
	{ &stopping, &resume, -EINVAL, "", NETDMA_CHANNEL_STOPPING },
	{ &stopping, &terminate, 0, "", NETDMA_CHANNEL_READY },
	{ &stopping, &interrupt, 0, "", NETDMA_CHANNEL_STOPPING },
	{ &stopping, &release, 0, "reset, free", GONE },
	{ &stopping, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* HALTED: start required, and no append (R-ABORT-3). */
	{ &halted, &submit, 0, "start 2+1", NETDMA_CHANNEL_RUNNING },
	{ &halted, &issue, 0, "", NETDMA_CHANNEL_READY },
	{ &halted, &pause, 0, "", NETDMA_CHANNEL_READY },
	{ &halted, &resume, -EINVAL, "", NETDMA_CHANNEL_READY },
	{ &halted, &terminate, 0, "", NETDMA_CHANNEL_READY },
	{ &halted, &fail, 0, "", NETDMA_CHANNEL_READY },
	{ &halted, &release, 0, "reset, free", GONE },
	{ &halted, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* Given up: every answer is that it is gone. */
	{ &dead, &submit, -ENOBUFS, "", NETDMA_CHANNEL_DEAD },
	{ &dead, &issue, 0, "", NETDMA_CHANNEL_DEAD },
	{ &dead, &pause, -ESHUTDOWN, "", NETDMA_CHANNEL_DEAD },
	{ &dead, &resume, -ESHUTDOWN, "", NETDMA_CHANNEL_DEAD },
	{ &dead, &terminate, 0, "", NETDMA_CHANNEL_DEAD },
	{ &dead, &fail, 0, "", NETDMA_CHANNEL_DEAD },
	{ &dead, &release, 0, "reset, free", GONE },
	{ &dead, &stop, 0, "reset, free", NETDMA_CHANNEL_DEAD },

	/* A shell without a provider: the same answers, and no callback (R-FREE-2). */
	{ &closed, &submit, -ENOBUFS, "", NETDMA_CHANNEL_DEAD },
	{ &closed, &issue, 0, "", NETDMA_CHANNEL_DEAD },
	{ &closed, &pause, -ESHUTDOWN, "", NETDMA_CHANNEL_DEAD },
	{ &closed, &resume, -ESHUTDOWN, "", NETDMA_CHANNEL_DEAD },
	{ &closed, &terminate, 0, "", NETDMA_CHANNEL_DEAD },
	{ &closed, &release, 0, "", GONE },
	{ &closed, &stop, 0, "", NETDMA_CHANNEL_DEAD },
};

static void states_row_describe(const struct states_row *row, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%s: %s", row->state->name, row->op->name);
}

KUNIT_ARRAY_PARAM(states_row, states_rows, states_row_describe);

/*
 * Section 7, with R-START-2, R-APP-1, R-RES-1, R-ABORT-3, R-DPC-2, R-FREE-1 and R-FREE-2:
 * which callback an operation leads to in each state, if any.
 */
static void states_operation(struct kunit *test)
{
	const struct states_row *row = test->param_value;
	struct states_test *st = test->priv;

	row->state->enter(st);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, row->op->run(st), row->ret);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), row->history);
	if (row->end != GONE)
		KUNIT_EXPECT_EQ(test, (int)st->channel->state, row->end);
}

/* --- more than one operation ---------------------------------------------- */

/* What was submitted while suspended is executed with the rest. */
static void states_resume_with_more(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_suspended(st);
	states_submit_and_issue(st, 3);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "resume 1+4");
	states_execute(st, 4);
	KUNIT_EXPECT_EQ(test, st->copies[4].calls, 1);
}

/* What was submitted while an idle channel was paused starts with the resumption. */
static void states_resume_starts(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_paused_ready(st);
	states_submit_and_issue(st, 2);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 0+2");
}

static void states_resume_appends(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_paused_drained(st);
	states_submit_and_issue(st, 2);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "append 2+2");
}

/* What is submitted after a terminate starts when the engine has stopped. */
static void states_submit_while_stopping(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_stopping(st);
	states_submit_and_issue(st, 3);
	fake_forget(st->fake);
	complete_all(&st->go_on);
	dmaengine_synchronize(st->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 2+3");
	states_execute(st, 3);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls + st->copies[1].calls, 0);
	KUNIT_EXPECT_EQ(test, st->copies[4].calls, 1);
}

/* An engine that does not stop on a boundary is reset, and nothing is lost. */
static void states_pause_fails(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->fake->answer[FAKE_SUSPEND] = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend, reason, reset");
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_READY);

	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 0+2");
	states_execute(st, 2);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_NOERROR);
}

/* ... and if it cannot be reset either, it is given up. */
static void states_pause_fails_for_good(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	st->fake->answer[FAKE_SUSPEND] = -ETIMEDOUT;
	st->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_DEAD);
	st->fake->answer[FAKE_RESET] = 0;
	dmaengine_synchronize(st->chan);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_ABORTED);
}

/* An abort that fails is made up for by a reset. */
static void states_abort_fails(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->fake->answer[FAKE_ABORT] = -EIO;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, abort, reset");
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_READY);
}

/* Section 3: a provider that can only reset */
static void states_terminate_without_abort(struct kunit *test)
{
	struct states_test *st = test->priv;

	st->fake->characteristics.abort = NULL;
	states_enter_running(st);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, reset");
}

/* Section 3: a provider that can only abort is stopped by that, in all cases. */
static void states_halt_without_reset(struct kunit *test)
{
	struct states_test *st = test->priv;

	st->fake->characteristics.reset_channel = NULL;
	states_enter_running(st);
	fake_forget(st->fake);
	fake_halt(st->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, abort, start 1+1");
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_RUNNING);
}

static void states_release_without_reset(struct kunit *test)
{
	struct states_test *st = test->priv;

	st->fake->characteristics.reset_channel = NULL;
	states_enter_drained(st);
	fake_forget(st->fake);
	states_release(st);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "abort, free");
}

/* Section 3: without suspend there is no pause. */
static void states_pause_without_suspend(struct kunit *test)
{
	struct states_test *st = test->priv;

	st->fake->characteristics.suspend = NULL;
	st->fake->characteristics.resume = NULL;
	states_enter_running(st);
	KUNIT_EXPECT_LT(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_LT(test, dmaengine_resume(st->chan), 0);
}

/* A start or an append that fails is followed by a reset, and tried again. */
static void states_start_fails(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_open(st);
	st->fake->answer[FAKE_START] = -EIO;
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	dma_async_issue_pending(st->chan);
	st->fake->answer[FAKE_START] = 0;
	fake_settle(st->fc);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake),
			   "allocate, start 0+1, reason, reset, start 0+1");
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
}

static void states_append_fails(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->fake->answer[FAKE_APPEND] = -EIO;
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	dma_async_issue_pending(st->chan);
	fake_settle(st->fc);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "append 2+1, reason, reset, start 0+3");
	states_execute(st, 3);
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 1);
}

static void states_resume_fails(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_suspended(st);
	fake_forget(st->fake);
	st->fake->answer[FAKE_RESUME] = -EIO;
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	fake_settle(st->fc);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "resume 1+1, reason, reset, start 1+1");
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
}

/* Twice in a row, and the channel is given up: no endless recovery. */
static void states_start_fails_for_good(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_open(st);
	st->fake->answer[FAKE_START] = -EIO;
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	dma_async_issue_pending(st->chan);
	fake_settle(st->fc);
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_DEAD);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[0].result, DMA_TRANS_ABORTED);
}

/* What the engine completes while it is suspended is complete, and called back. */
static void states_pause_completes(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->execute = FAKE_SUSPEND;
	st->execute_count = 1;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend, resume 1+1");
	msleep(20);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
}

/* The same for what it completes until it is reset: nothing is executed twice. */
static void states_reset_completes(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->fake->answer[FAKE_SUSPEND] = -ETIMEDOUT;
	st->execute = FAKE_HALT_REASON;
	st->execute_count = 1;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend, reason, reset, start 1+1");
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
}

/* Section 6: -ENODEV says that there is nothing to reset; what was aborted stays aborted. */
static void states_abort_finds_nothing(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->fake->answer[FAKE_ABORT] = -ENODEV;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, abort");
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_DEAD);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 0);
}

/* Section 7: out of a halt by an error only a reset leads, also if all is void. */
static void states_terminate_of_halted(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	fake_forget(st->fake);
	st->fake->failure = NETDMA_FAILURE_READ;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, reset");
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 0);
}

/* An error with nothing outstanding is nobody's. */
static void states_error_of_drained(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_drained(st);
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	fake_forget(st->fake);
	fake_halt(st->fc, NETDMA_FAILURE_READ);
	dma_async_issue_pending(st->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, reset, start 2+1");
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[2].result, DMA_TRANS_NOERROR);
}

/* A terminated channel is not paused any more. */
static void states_terminate_unpauses(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_paused_ready(st);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	fake_forget(st->fake);
	states_submit_and_issue(st, 1);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 0+1");
}

/* What was not issued is void as well, and is not executed with what comes later. */
static void states_terminate_of_unissued(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_open(st);
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	fake_forget(st->fake);
	states_submit_and_issue(st, 1);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 0+1");
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls + st->copies[1].calls, 0);
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 1);
}

/* What was issued while paused is void as well, and a resumption does not start it. */
static void states_terminate_of_issued(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_paused_ready(st);
	states_submit_and_issue(st, 2);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
}

/* Terminated after its completion, though before anybody has asked: it is complete. */
static void states_terminate_keeps_completed(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	KUNIT_ASSERT_EQ(test, fake_execute(st->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[0].result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
}

/* Handlers that have found a channel are waited for before its memory goes. */
static void states_release_waits_for_handlers(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_drained(st);
	states_release(st);
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(st->grace_period));
}

/* --- interrupts ------------------------------------------------------------- */

/* R-ISR-1, R-ISR-2: in a hard interrupt, the answer is the CPU for the bottom half. */
static void states_isr_answers(struct kunit *test)
{
	struct states_test *st = test->priv;
	unsigned int cpu = UINT_MAX, here;
	unsigned long flags;

	states_enter_running(st);
	fake_forget(st->fake);
	st->channel->cpu = 99;
	local_irq_save(flags);
	here = smp_processor_id();
	netdma_isr(st->channel, st->channel->ring.dma, &cpu);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, cpu, here);
	/* Somebody may have moved the interrupt. */
	KUNIT_EXPECT_EQ(test, st->channel->cpu, here);
	/* All the rest is the bottom half's. */
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
}

/* R-ISR-3: the address is a hint; the completion word says how far the engine is. */
static void states_dpc_takes_a_hint(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct netdma_ring *ring;

	states_open(st);
	ring = &st->channel->ring;
	states_submit_and_issue(st, 3);
	KUNIT_ASSERT_EQ(test, fake_execute(st->fc, 2), 2);
	local_bh_disable();
	/* One that is behind ... */
	netdma_interrupt_dpc(st->channel, netdma_ring_addr(ring, 0));
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	/* ... and one that is ahead */
	netdma_interrupt_dpc(st->channel, netdma_ring_addr(ring, 2));
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 2), DMA_IN_PROGRESS);
}

/* --- what the engine writes when it is stopped ------------------------------- */

static void states_write_word(struct states_test *st, u32 slot, enum netdma_transfer_status status)
{
	u64 word = netdma_ring_addr(&st->channel->ring, slot) | status;

	WRITE_ONCE(*st->fc->completion, cpu_to_le64(word));
}

static void states_write_suspended(struct fake_channel *fc, enum fake_op op)
{
	if (op == FAKE_SUSPEND)
		states_write_word(fc->fake->priv, 0, NETDMA_STATUS_SUSPENDED);
}

/* R-SUSP-3: what the word of a suspension names is complete, as by any other word. */
static void states_suspend_writes(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	st->fake->during = states_write_suspended;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_PAUSED);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "resume 1+1");
}

static void states_write_halted(struct fake_channel *fc, enum fake_op op)
{
	if (op == FAKE_ABORT || op == FAKE_RESET)
		states_write_word(fc->fake->priv, 1, NETDMA_STATUS_HALTED);
}

static const bool states_has_abort[] = { true, false };

static void states_has_abort_describe(const bool *has_abort, char *text)
{
	strscpy(text, *has_abort ? "abort" : "reset", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(states_has_abort, states_has_abort, states_has_abort_describe);

/*
 * R-ABORT-2, R-RESET-1, R-CW-3: the word of an abort or a reset may name what was cut
 * off. It completes nothing, and is not there any more at the next start.
 */
static void states_halt_writes(struct kunit *test)
{
	const bool *has_abort = test->param_value;
	struct states_test *st = test->priv;

	if (!*has_abort)
		st->fake->characteristics.abort = NULL;
	states_enter_running(st);
	st->fake->during = states_write_halted;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls + st->copies[1].calls, 0);

	states_submit_and_issue(st, 1);
	KUNIT_EXPECT_EQ(test, *st->fc->completion, 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 2), DMA_IN_PROGRESS);
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 1);
}

/* In another thread */
struct states_pause_work {
	struct work_struct work;
	struct states_test *st;
	int ret;
};

static void states_pause_fn(struct work_struct *work)
{
	struct states_pause_work *pw = container_of(work, struct states_pause_work, work);

	pw->ret = dmaengine_pause(pw->st->chan);
}

static const int states_suspensions[] = { 0, -ETIMEDOUT };

static void states_suspension_describe(const int *answer, char *text)
{
	strscpy(text, *answer ? "it fails" : "it succeeds", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(states_suspension, states_suspensions, states_suspension_describe);

/* Terminated while the provider suspends: the suspension ends, then the abort comes. */
static void states_terminate_while_suspending(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pw = { .st = st, .ret = 1 };

	st->fake->answer[FAKE_SUSPEND] = *(const int *)test->param_value;
	states_enter_running(st);
	fake_forget(st->fake);
	st->hold = FAKE_SUSPEND;
	st->hold_up = true;
	INIT_WORK_ONSTACK(&pw.work, states_pause_fn);
	schedule_work(&pw.work);
	wait_for_completion(&st->held);

	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_SUSPENDING);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), -EBUSY);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), -EBUSY);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend");

	complete_all(&st->go_on);
	flush_work(&pw.work);
	destroy_work_on_stack(&pw.work);
	dmaengine_synchronize(st->chan);
	KUNIT_EXPECT_EQ(test, pw.ret, 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend, reason, abort");
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_READY);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 0);
}

static int states_power(struct states_test *st, bool up)
{
	return netdma_pnp_event_notify(st->fake->provider, up ? NETDMA_PROVIDER_POWER_UP :
							    NETDMA_PROVIDER_POWER_DOWN);
}

/* The engine halts, and is held up in the reset that follows. */
static void states_halt_and_hold(struct states_test *st)
{
	st->hold = FAKE_RESET;
	st->hold_up = true;
	local_bh_disable();
	netdma_interrupt_dpc(st->channel, 0);
	local_bh_enable();
	wait_for_completion(&st->held);
}

/* The engine completes one of two copies after a pause that came while it was stopped. */
static void states_complete_unseen(struct states_test *st)
{
	struct kunit *test = st->test;

	states_enter_running(st);
	states_halt_and_hold(st);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);

	KUNIT_EXPECT_EQ(test, fake_execute(st->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_PAUSED);
	complete_all(&st->go_on);
	flush_work(&st->channel->work);
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_READY);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_PAUSED);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 0);
	fake_forget(st->fake);
}

/*
 * Paused while the engine is being stopped: what it completes until then is pending all
 * the same, and complete after the resumption. It is not executed twice: a later copy may
 * have changed what it reads.
 */
static void states_pause_while_stopping(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_complete_unseen(st);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 1+1");
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
}

/* ... also if the power goes meanwhile; */
static void states_pause_while_stopping_sleeps(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_complete_unseen(st);
	KUNIT_EXPECT_EQ(test, states_power(st, false), 0);
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_PAUSED);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 1+1");
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
}

/* ... and it is complete if what is behind it is aborted, or the device is gone; */
static void states_pause_while_stopping_ends(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_complete_unseen(st);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 0);
}

static void states_pause_while_stopping_dies(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_complete_unseen(st);
	netdma_provider_gone(st->fake->provider);
	dmaengine_synchronize(st->chan);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
}

/* ... nothing of what was aborted is. */
static void states_pause_while_aborting(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	st->hold = FAKE_ABORT;
	st->hold_up = true;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(st->chan), 0);
	wait_for_completion(&st->held);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	complete_all(&st->go_on);
	flush_work(&st->channel->work);
	KUNIT_EXPECT_EQ(test, st->channel->ring.done, st->channel->ring.head);

	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
}

/* ... but what has failed is what it did not get over. */
static void states_pause_while_failing(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	st->fake->failure = NETDMA_FAILURE_READ;
	states_halt_and_hold(st);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), 0);
	KUNIT_EXPECT_EQ(test, fake_execute(st->fc, 1), 1);
	complete_all(&st->go_on);
	fake_settle(st->fc);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_READ_FAILED);
}

/* --- power ---------------------------------------------------------------- */

/**
 * struct states_sleep - what loss of power does to a channel in a state
 * @state: the state
 * @down: the provider's callbacks until the power is gone
 * @up: and those after it is back
 */
struct states_sleep {
	const struct states_state *state;
	const char *down;
	const char *up;
};

static const struct states_sleep states_sleeps[] = {
	{ &ready, "reason, reset", "reason, reset" },
	/* The first reset is that of an engine that does nothing meanwhile. */
	{ &running, "reason, reset, reason, reset", "reason, reset, start 0+2" },
	{ &drained, "reason, reset", "reason, reset" },
	{ &suspended, "reason, reset", "reason, reset" },
	{ &paused_drained, "reason, reset", "reason, reset" },
	{ &halted, "reason, reset", "reason, reset" },
	{ &dead, "", "" },
};

static void states_sleep_describe(const struct states_sleep *sleep, char *text)
{
	strscpy(text, sleep->state->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(states_sleep, states_sleeps, states_sleep_describe);

/* R-PM10-3, R-PM11-2, R-PM11-3: allocated channels are reset, and go on with what is left. */
static void states_sleep_in_state(struct kunit *test)
{
	const struct states_sleep *sleep = test->param_value;
	struct states_test *st = test->priv;

	sleep->state->enter(st);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, states_power(st, false), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), sleep->down);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), sleep->up);
}

/* R-PM11-1: what is issued meanwhile queues. */
static void states_sleep_queues(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_drained(st);
	KUNIT_EXPECT_EQ(test, states_power(st, false), 0);
	fake_forget(st->fake);
	states_submit_and_issue(st, 2);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reason, reset, start 2+2");
	states_execute(st, 2);
	KUNIT_EXPECT_EQ(test, st->copies[3].calls, 1);
}

/* A client that has paused its channel finds it paused. */
static void states_sleep_stays_paused(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_suspended(st);
	KUNIT_EXPECT_EQ(test, states_power(st, false), 0);
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_PAUSED);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "start 1+1");
}

/* R-ALLOC-1: nobody's channel, and a provider that is not started, are left alone. */
static void states_sleep_of_nothing(struct kunit *test)
{
	struct states_test *st = test->priv;

	fake_provider_register(test, st->fake);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, states_power(st, false), 0);
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	fake_provider_start(test, st->fake);
	KUNIT_EXPECT_EQ(test, states_power(st, false), 0);
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(st->fake->provider, 99), -EINVAL);
}

/* --- what becomes of the work ---------------------------------------------- */

/* R-DPC-2, section 7.2: an error fails the copy that it happened to, no other. */
static void states_error_fails_one(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_open(st);
	states_submit_and_issue(st, 3);
	states_execute(st, 1);
	fake_halt(st->fc, NETDMA_FAILURE_READ);
	states_execute(st, 1);

	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[0].result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_READ_FAILED);
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[2].result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 2), DMA_COMPLETE);
}

/* R-ABORT-1: no callback for what was terminated, and its status is an error for good. */
static void states_terminate_voids(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_open(st);
	states_submit_and_issue(st, 2);
	states_execute(st, 1);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(st->chan), 0);

	KUNIT_EXPECT_EQ(test, st->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 0);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
}

static void states_drain_fn(struct work_struct *work)
{
	struct states_pause_work *pw = container_of(work, struct states_pause_work, work);

	fake_provider_stop(pw->st->fake);
}

/* R-PSTOP-2: a stop lets the engine finish what it has. */
static void states_stop_drains(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pw = { .st = st };

	states_enter_running(st);
	fake_forget(st->fake);
	INIT_WORK_ONSTACK(&pw.work, states_drain_fn);
	schedule_work(&pw.work);
	msleep(100);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
	states_execute(st, 2);
	flush_work(&pw.work);
	destroy_work_on_stack(&pw.work);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reset, free");
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_NOERROR);
}

/* What was not issued is not executed by the stop, either. */
static void states_stop_issues_nothing(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_drained(st);
	KUNIT_ASSERT_EQ(test, states_submit(st), 0);
	fake_forget(st->fake);
	fake_provider_stop(st->fake);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "reset, free");
	KUNIT_EXPECT_EQ(test, st->copies[2].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[2].result, DMA_TRANS_ABORTED);
}

/* R-PSTOP-2: while a stop drains, nothing new is taken, on no channel. */
static void states_stop_refuses(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pw = { .st = st };
	struct dma_async_tx_descriptor *txd;

	states_enter_running(st);
	txd = states_prep(st);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	fake_forget(st->fake);
	INIT_WORK_ONSTACK(&pw.work, states_drain_fn);
	schedule_work(&pw.work);
	msleep(100);

	KUNIT_EXPECT_EQ(test, states_submit(st), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, dmaengine_submit(txd), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(st->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(st->chan), -ESHUTDOWN);
	KUNIT_EXPECT_NULL(test, fake_request(st->fake));
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");

	states_execute(st, 2);
	flush_work(&pw.work);
	destroy_work_on_stack(&pw.work);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
}

/* Completions that nobody interrupts for are noticed by a stop. */
static void states_stop_looks(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pw = { .st = st };
	unsigned long start = jiffies;

	states_enter_running(st);
	INIT_WORK_ONSTACK(&pw.work, states_drain_fn);
	schedule_work(&pw.work);
	msleep(100);
	KUNIT_EXPECT_EQ(test, fake_execute(st->fc, 2), 2);
	flush_work(&pw.work);
	destroy_work_on_stack(&pw.work);
	/* Before the watchdog looks */
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + 3 * HZ / 10));
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_NOERROR);
}

/* A stop does not wait for what cannot come to an end. */
static void states_stop_does_not_wait(struct kunit *test)
{
	struct states_test *st = test->priv;
	unsigned long start;

	states_enter_suspended(st);
	start = jiffies;
	fake_provider_stop(st->fake);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_ABORTED);
}

static void states_sleep_fn(struct work_struct *work)
{
	struct states_pause_work *pw = container_of(work, struct states_pause_work, work);

	pw->ret = states_power(pw->st, false);
}

/* The engine may finish what it has before the power goes; more is not given to it. */
static void states_sleep_drains(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pw = { .st = st, .ret = 1 };
	unsigned long start = jiffies;

	states_enter_running(st);
	fake_forget(st->fake);
	INIT_WORK_ONSTACK(&pw.work, states_sleep_fn);
	schedule_work(&pw.work);
	msleep(100);
	states_submit_and_issue(st, 1);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
	states_execute(st, 2);
	flush_work(&pw.work);
	destroy_work_on_stack(&pw.work);
	KUNIT_EXPECT_EQ(test, pw.ret, 0);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake),
			   "reason, reset, reason, reset, start 2+1");
}

/* A channel that dies while the power goes stays dead: what has failed is not executed. */
static void states_sleep_of_dying(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pw = { .st = st, .ret = 1 };

	states_enter_running(st);
	st->hold = FAKE_RESET;
	st->hold_up = true;
	st->fake->answer[FAKE_RESET] = -EIO;
	st->fake->failure = NETDMA_FAILURE_READ;
	st->fc->state = FAKE_IS_HALTED;
	local_bh_disable();
	netdma_interrupt_dpc(st->channel, 0);
	local_bh_enable();
	wait_for_completion(&st->held);

	INIT_WORK_ONSTACK(&pw.work, states_sleep_fn);
	schedule_work(&pw.work);
	msleep(3000);
	complete_all(&st->go_on);
	flush_work(&st->channel->work);
	st->fake->answer[FAKE_RESET] = 0;
	flush_work(&pw.work);
	destroy_work_on_stack(&pw.work);
	fake_forget(st->fake);
	KUNIT_EXPECT_EQ(test, states_power(st, true), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "");
	KUNIT_EXPECT_EQ(test, (int)st->channel->state, NETDMA_CHANNEL_DEAD);
	KUNIT_EXPECT_EQ(test, (int)st->copies[0].result, DMA_TRANS_ABORTED);
}

/* A stop waits for a suspension that is under way; nobody else calls the provider then. */
static void states_stop_while_suspending(struct kunit *test)
{
	struct states_test *st = test->priv;
	struct states_pause_work pause_work = { .st = st }, stop_work = { .st = st };

	states_enter_running(st);
	fake_forget(st->fake);
	st->hold = FAKE_SUSPEND;
	st->hold_up = true;
	INIT_WORK_ONSTACK(&pause_work.work, states_pause_fn);
	INIT_WORK_ONSTACK(&stop_work.work, states_drain_fn);
	schedule_work(&pause_work.work);
	wait_for_completion(&st->held);
	schedule_work(&stop_work.work);
	msleep(3000);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend");

	complete_all(&st->go_on);
	flush_work(&pause_work.work);
	flush_work(&stop_work.work);
	destroy_work_on_stack(&pause_work.work);
	destroy_work_on_stack(&stop_work.work);
	KUNIT_EXPECT_STREQ(test, fake_history(st->fake), "suspend, reset, free");
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_ABORTED);
}

/* ... and what it does not finish fails, with a callback. */
static void states_stop_fails_the_rest(struct kunit *test)
{
	struct states_test *st = test->priv;

	states_enter_running(st);
	states_execute(st, 1);
	fake_provider_stop(st->fake);
	KUNIT_EXPECT_EQ(test, (int)st->copies[0].result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, st->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)st->copies[1].result, DMA_TRANS_ABORTED);
	KUNIT_EXPECT_EQ(test, (int)states_status(st, 1), DMA_ERROR);
}

static struct kunit_case states_test_cases[] = {
	KUNIT_CASE_PARAM(states_operation, states_row_gen_params),
	KUNIT_CASE(states_resume_with_more),
	KUNIT_CASE(states_resume_starts),
	KUNIT_CASE(states_resume_appends),
	KUNIT_CASE(states_submit_while_stopping),
	KUNIT_CASE(states_pause_fails),
	KUNIT_CASE(states_pause_fails_for_good),
	KUNIT_CASE(states_abort_fails),
	KUNIT_CASE(states_terminate_without_abort),
	KUNIT_CASE(states_halt_without_reset),
	KUNIT_CASE(states_release_without_reset),
	KUNIT_CASE(states_pause_without_suspend),
	KUNIT_CASE(states_start_fails),
	KUNIT_CASE(states_append_fails),
	KUNIT_CASE(states_resume_fails),
	KUNIT_CASE(states_start_fails_for_good),
	KUNIT_CASE(states_pause_completes),
	KUNIT_CASE(states_reset_completes),
	KUNIT_CASE(states_abort_finds_nothing),
	KUNIT_CASE(states_terminate_of_halted),
	KUNIT_CASE(states_error_of_drained),
	KUNIT_CASE(states_terminate_unpauses),
	KUNIT_CASE(states_terminate_of_unissued),
	KUNIT_CASE(states_terminate_of_issued),
	KUNIT_CASE(states_terminate_keeps_completed),
	KUNIT_CASE(states_release_waits_for_handlers),
	KUNIT_CASE(states_isr_answers),
	KUNIT_CASE(states_dpc_takes_a_hint),
	KUNIT_CASE(states_suspend_writes),
	KUNIT_CASE_PARAM(states_halt_writes, states_has_abort_gen_params),
	KUNIT_CASE_PARAM(states_terminate_while_suspending, states_suspension_gen_params),
	KUNIT_CASE(states_pause_while_stopping),
	KUNIT_CASE(states_pause_while_stopping_sleeps),
	KUNIT_CASE(states_pause_while_stopping_ends),
	KUNIT_CASE(states_pause_while_stopping_dies),
	KUNIT_CASE(states_pause_while_aborting),
	KUNIT_CASE(states_pause_while_failing),
	KUNIT_CASE_PARAM(states_sleep_in_state, states_sleep_gen_params),
	KUNIT_CASE(states_sleep_queues),
	KUNIT_CASE(states_sleep_stays_paused),
	KUNIT_CASE(states_sleep_of_nothing),
	KUNIT_CASE(states_sleep_drains),
	KUNIT_CASE(states_sleep_of_dying),
	KUNIT_CASE(states_error_fails_one),
	KUNIT_CASE(states_terminate_voids),
	KUNIT_CASE(states_stop_drains),
	KUNIT_CASE(states_stop_issues_nothing),
	KUNIT_CASE(states_stop_refuses),
	KUNIT_CASE(states_stop_looks),
	KUNIT_CASE(states_stop_does_not_wait),
	KUNIT_CASE(states_stop_fails_the_rest),
	KUNIT_CASE(states_stop_while_suspending),
	{ }
};

static struct kunit_suite states_test_suite = {
	.name = "netdma_states",
	.init = states_test_init,
	.exit = states_test_exit,
	.test_cases = states_test_cases,
};

/* What holds for counted chains holds for terminated ones. */
static struct kunit_suite states_terminated_test_suite = {
	.name = "netdma_states_1_1",
	.init = states_test_init_1_1,
	.exit = states_test_exit,
	.test_cases = states_test_cases,
};

kunit_test_suites(&states_test_suite, &states_terminated_test_suite);
