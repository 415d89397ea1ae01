// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines that do not get on, do not stop, or are gone
 *
 * Sleeping costs nothing here, so the periods are the real ones.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "fake_provider.h"

#define COPY_SIZE	64
#define MAX_COPIES	16
/* Two periods of the watchdog, and the one that has begun, with a margin */
#define WATCH_MS	1200

/**
 * struct watch_test - two channels of a provider, for two clients of dmaengine
 * @test: the test
 * @fake: the provider
 * @fc: its first two channels
 * @chan: the same for dmaengine
 * @buf: source, and destination behind it
 * @dma: its address
 * @calls: callbacks, of each copy
 * @results: enum dmaengine_tx_result of each copy
 * @queued: copies so far
 */
struct watch_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct fake_channel *fc[2];
	struct dma_chan *chan[2];
	u8 *buf;
	dma_addr_t dma;
	unsigned int calls[MAX_COPIES];
	enum dmaengine_tx_result results[MAX_COPIES];
	unsigned int queued;
};

static int watch_test_init(struct kunit *test)
{
	struct watch_test *wt = kunit_kzalloc(test, sizeof(*wt), GFP_KERNEL);
	unsigned int i;

	if (!wt)
		return -ENOMEM;
	test->priv = wt;
	wt->test = test;
	wt->fake = fake_provider_create(test);
	wt->buf = kzalloc(2 * COPY_SIZE, GFP_KERNEL);
	if (!wt->buf)
		return -ENOMEM;
	wt->dma = dma_map_single(wt->fake->dev, wt->buf, 2 * COPY_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(wt->fake->dev, wt->dma))
		return -ENOMEM;

	fake_provider_start(test, wt->fake);
	for (i = 0; i < 2; i++) {
		wt->chan[i] = fake_request(wt->fake);
		KUNIT_ASSERT_NOT_NULL(test, wt->chan[i]);
		wt->fc[i] = &wt->fake->channels[i];
	}
	fake_forget(wt->fake);
	return 0;
}

static void watch_test_exit(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned int i;

	if (!wt || !wt->fake)
		return;
	memset(wt->fake->answer, 0, sizeof(wt->fake->answer));
	for (i = 0; i < 2; i++)
		if (wt->chan[i])
			dma_release_channel(wt->chan[i]);
	if (wt->dma)
		dma_unmap_single(wt->fake->dev, wt->dma, 2 * COPY_SIZE, DMA_BIDIRECTIONAL);
	fake_provider_destroy(test, wt->fake);
	kfree(wt->buf);
}

struct watch_copy {
	struct watch_test *wt;
	unsigned int n;
};

static void watch_called_back(void *param, const struct dmaengine_result *result)
{
	struct watch_copy *copy = param;

	copy->wt->calls[copy->n]++;
	copy->wt->results[copy->n] = result->result;
}

static void watch_queue(struct watch_test *wt, unsigned int channel, unsigned int count)
{
	struct dma_async_tx_descriptor *txd;
	struct watch_copy *copy;

	while (count--) {
		KUNIT_ASSERT_LT(wt->test, wt->queued, (unsigned int)MAX_COPIES);
		copy = kunit_kzalloc(wt->test, sizeof(*copy), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(wt->test, copy);
		copy->wt = wt;
		copy->n = wt->queued++;
		txd = dmaengine_prep_dma_memcpy(wt->chan[channel], wt->dma + COPY_SIZE, wt->dma,
						COPY_SIZE, DMA_PREP_INTERRUPT);
		KUNIT_ASSERT_NOT_NULL(wt->test, txd);
		txd->callback_result = watch_called_back;
		txd->callback_param = copy;
		KUNIT_ASSERT_GT(wt->test, dmaengine_submit(txd), 0);
	}
	dma_async_issue_pending(wt->chan[channel]);
}

static void watch_execute(struct watch_test *wt, unsigned int channel)
{
	fake_execute(wt->fc[channel], U32_MAX);
	fake_interrupt(wt->fc[channel]);
}

/* Copy @n was called back once, with @result. */
static void watch_expect(struct watch_test *wt, unsigned int n, enum dmaengine_tx_result result)
{
	KUNIT_EXPECT_EQ_MSG(wt->test, wt->calls[n], 1U, "copy %u", n);
	KUNIT_EXPECT_EQ_MSG(wt->test, wt->results[n], result, "copy %u", n);
}

/* What a function reset looks like from here */
static void watch_reset_engine(struct watch_test *wt)
{
	struct netdma_provider *provider = wt->fake->provider;

	KUNIT_EXPECT_EQ(wt->test, netdma_pnp_event_notify(provider, NETDMA_PROVIDER_POWER_DOWN),
			0);
	memset(wt->fake->answer, 0, sizeof(wt->fake->answer));
	KUNIT_EXPECT_EQ(wt->test, netdma_pnp_event_notify(provider, NETDMA_PROVIDER_POWER_UP),
			0);
}

/* --- watching -------------------------------------------------------------- */

/* An engine that has nothing to do is left alone. */
static void watch_of_nothing(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	watch_execute(wt, 0);
	fake_forget(wt->fake);
	msleep(5 * WATCH_MS);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&wt->fc[0]->channel->watch_work));
}

/* One that gets on, however slowly, is left alone. */
static void watch_of_slow_engine(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned int i;

	watch_queue(wt, 0, 8);
	fake_forget(wt->fake);
	for (i = 0; i < 8; i++) {
		msleep(900);
		fake_execute(wt->fc[0], 1);
	}
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
	fake_interrupt(wt->fc[0]);
	watch_expect(wt, 7, DMA_TRANS_NOERROR);
}

/* A paused engine does nothing because it should. */
static void watch_of_paused_engine(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	KUNIT_ASSERT_EQ(test, dmaengine_pause(wt->chan[0]), 0);
	fake_forget(wt->fake);
	msleep(5 * WATCH_MS);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
	KUNIT_EXPECT_EQ(test, dmaengine_resume(wt->chan[0]), 0);
	msleep(900);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "resume 0+2");
	watch_execute(wt, 0);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
}

/* Who has the channel next is watched over as well. */
static void watch_of_next_owner(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 1);
	watch_execute(wt, 0);
	dma_release_channel(wt->chan[0]);
	wt->chan[0] = fake_request(wt->fake);
	KUNIT_ASSERT_NOT_NULL(test, wt->chan[0]);

	watch_queue(wt, 0, 1);
	wt->fc[0]->stuck = true;
	fake_forget(wt->fake);
	msleep(WATCH_MS);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset, start 0+1");
	wt->fc[0]->stuck = false;
	watch_execute(wt, 0);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
}

/* So is an engine that gets more to do after it had nothing for long. */
static void watch_after_a_rest(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 1);
	watch_execute(wt, 0);
	msleep(WATCH_MS);
	watch_queue(wt, 0, 1);
	wt->fc[0]->stuck = true;
	fake_forget(wt->fake);
	msleep(WATCH_MS);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset, start 1+1");
	wt->fc[0]->stuck = false;
	watch_execute(wt, 0);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
}

/* A long list may take its time: only its end reports if it is one copy. */
static void watch_of_long_list(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	struct dma_async_tx_descriptor *txd;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		txd = dmaengine_prep_dma_memcpy(wt->chan[0], wt->dma + COPY_SIZE, wt->dma,
						COPY_SIZE, 0);
		KUNIT_ASSERT_NOT_NULL(test, txd);
		KUNIT_ASSERT_GT(test, dmaengine_submit(txd), 0);
	}
	wt->fc[0]->stuck = true;
	dma_async_issue_pending(wt->chan[0]);
	fake_forget(wt->fake);
	msleep(1800);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
	msleep(1200);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset, start 0+1000");
}

/* A lost interrupt costs a period, and nothing else. */
static void watch_lost_interrupt(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	fake_forget(wt->fake);
	fake_execute(wt->fc[0], 2);
	msleep(600);
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
}

/* An engine that has not heard of its work is started again: nothing is lost. */
static void watch_lost_doorbell(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 3);
	fake_execute(wt->fc[0], 1);
	wt->fc[0]->stuck = true;
	fake_forget(wt->fake);
	/* In the first period it has got on. */
	msleep(WATCH_MS + 500);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset, start 1+2");
	wt->fc[0]->stuck = false;
	watch_execute(wt, 0);
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
	watch_expect(wt, 2, DMA_TRANS_NOERROR);
}

static const u64 watch_words[] = { 0x1000, 64, -64ULL, U64_MAX };

static void watch_word_describe(const u64 *word, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%#llx", *word);
}

KUNIT_ARRAY_PARAM(watch_word, watch_words, watch_word_describe);

/*
 * An engine that says what cannot be is started anew: what it said may become true, and
 * would be no news then.
 */
static void watch_bogus_word(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	struct fake_channel *fc = wt->fc[0];
	u64 word = *(const u64 *)test->param_value;

	watch_queue(wt, 0, 1);
	fake_forget(wt->fake);
	/* A slot that is not issued yet, and an address within a slot, and others */
	WRITE_ONCE(*fc->completion, cpu_to_le64(fc->channel->ring.dma + word));
	fake_interrupt(fc);
	fake_settle(fc);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset, start 0+1");
	KUNIT_EXPECT_EQ(test, wt->calls[0], 0U);
	watch_queue(wt, 0, 1);
	watch_execute(wt, 0);
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
}

/* The engine is asked to be reset as a whole, once; then both copies are done. */
static void watch_reset_helps_both(struct watch_test *wt)
{
	KUNIT_EXPECT_EQ(wt->test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 1U);
	KUNIT_EXPECT_EQ(wt->test, wt->calls[0] + wt->calls[1], 0U);
	watch_reset_engine(wt);
	watch_execute(wt, 0);
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
}

/* One that says nothing else is reset as a whole, and given up in the end. */
static void watch_bogus_words(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	struct fake_channel *fc = wt->fc[0];
	unsigned int i;

	watch_queue(wt, 0, 2);
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 0U);
		WRITE_ONCE(*fc->completion, cpu_to_le64(fc->channel->ring.dma + 0x1000 + 64 * i));
		fake_interrupt(fc);
		fake_settle(fc);
	}
	watch_reset_helps_both(wt);
}

/* The same with one that says again and again that it has halted, and not why */
static void watch_halts_for_no_reason(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned int i;

	watch_queue(wt, 0, 2);
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 0U);
		fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	}
	watch_reset_helps_both(wt);
}

/* Work that comes all the time does not hide that none is done. */
static void watch_under_load(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned int i;

	wt->fc[0]->stuck = true;
	for (i = 0; i < 8; i++) {
		watch_queue(wt, 0, 1);
		msleep(200);
	}
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET), 1U);
	wt->fc[0]->stuck = false;
	watch_execute(wt, 0);
	watch_expect(wt, 7, DMA_TRANS_NOERROR);
}

/* A copy that the engine does not get over twice fails; those behind it are done. */
static void watch_stalled_copy(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 3);
	wt->fc[0]->stuck = true;
	fake_forget(wt->fake);
	msleep(2 * WATCH_MS);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake),
			   "reason, reset, start 0+3, reason, reset, start 1+2");
	wt->fc[0]->stuck = false;
	watch_execute(wt, 0);
	watch_expect(wt, 0, DMA_TRANS_ABORTED);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
	watch_expect(wt, 2, DMA_TRANS_NOERROR);
}

/* Once it has got on, it is helped again as often. */
static void watch_forgives(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		watch_queue(wt, 0, 1);
		wt->fc[0]->stuck = true;
		msleep(WATCH_MS);
		wt->fc[0]->stuck = false;
		watch_execute(wt, 0);
		msleep(WATCH_MS);
		watch_expect(wt, i, DMA_TRANS_NOERROR);
	}
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 0U);
}

/* --- escalation ------------------------------------------------------------ */

/* A channel that gets on with nothing has the engine reset, and then given up. */
static void watch_escalates(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 4);
	wt->fc[0]->stuck = true;
	msleep(3 * WATCH_MS);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 1U);
	watch_expect(wt, 0, DMA_TRANS_ABORTED);
	KUNIT_EXPECT_EQ(test, wt->calls[1], 0U);

	fake_forget(wt->fake);
	watch_reset_engine(wt);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake),
			   "reason, reset, reason, reset, start 1+3, reason, reset");
	msleep(WATCH_MS);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 0U);
	watch_expect(wt, 1, DMA_TRANS_ABORTED);
	watch_expect(wt, 2, DMA_TRANS_ABORTED);
	watch_expect(wt, 3, DMA_TRANS_ABORTED);
	KUNIT_EXPECT_NULL(test, dmaengine_prep_dma_memcpy(wt->chan[0], 0, 0, 0, 0));
}

/* A reset of the engine that helps: what was queued is done, in order. */
static void watch_reset_helps(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 3);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 1U);
	watch_queue(wt, 0, 1);
	KUNIT_EXPECT_EQ(test, wt->calls[0], 0U);

	fake_forget(wt->fake);
	watch_reset_engine(wt);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_START), 1U);
	watch_execute(wt, 0);
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 3, DMA_TRANS_NOERROR);
}

/* Before its power-down nobody waits for a broken engine, or asks it again. */
static void watch_broken_is_not_asked(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned long start;

	watch_queue(wt, 0, 1);
	watch_queue(wt, 1, 1);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	wt->fake->answer[FAKE_RESET] = 0;
	fake_forget(wt->fake);
	start = jiffies;
	netdma_pnp_event_notify(wt->fake->provider, NETDMA_PROVIDER_POWER_DOWN);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 10));
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset");
	netdma_pnp_event_notify(wt->fake->provider, NETDMA_PROVIDER_POWER_UP);
	watch_execute(wt, 0);
	watch_execute(wt, 1);
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 1, DMA_TRANS_NOERROR);
}

/* Without a reset of the engine there is nothing left to try. */
static void watch_without_reset_engine(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	wt->fake->answer[FAKE_RESET_ENGINE] = -ENODEV;
	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_READ);
	watch_expect(wt, 0, DMA_TRANS_ABORTED);
	watch_expect(wt, 1, DMA_TRANS_ABORTED);
}

/* A terminate while the engine waits for its reset does not wait for it. */
static void watch_terminate_of_broken(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(wt->chan[0]), 0);
	KUNIT_EXPECT_EQ(test, wt->calls[0], 0U);
	watch_queue(wt, 0, 1);
	watch_reset_engine(wt);
	watch_execute(wt, 0);
	KUNIT_EXPECT_EQ(test, wt->calls[0] + wt->calls[1], 0U);
	watch_expect(wt, 2, DMA_TRANS_NOERROR);
}

/* A terminate that the engine does not follow voids all the same. */
static void watch_terminate_breaks(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_ABORT] = -ETIMEDOUT;
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(wt->chan[0]), 0);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 1U);
	watch_queue(wt, 0, 1);
	watch_reset_engine(wt);
	watch_execute(wt, 0);
	KUNIT_EXPECT_EQ(test, wt->calls[0] + wt->calls[1], 0U);
	watch_expect(wt, 2, DMA_TRANS_NOERROR);
}

/* A client's reset does not ask what is broken, and takes it no chance. */
static void watch_reset_of_broken(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	fake_forget(wt->fake);
	KUNIT_EXPECT_EQ(test, netdma_reset(wt->fc[0]->channel), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
	watch_queue(wt, 0, 1);
	watch_reset_engine(wt);
	watch_execute(wt, 0);
	KUNIT_EXPECT_EQ(test, wt->calls[0] + wt->calls[1], 0U);
	watch_expect(wt, 2, DMA_TRANS_NOERROR);
}

/* Nor does one that finds it broken, and the work of others waits. */
static void watch_reset_breaks(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_ABORT] = -ETIMEDOUT;
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, netdma_reset(wt->fc[0]->channel), 0);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 1U);
	watch_queue(wt, 0, 1);
	watch_reset_engine(wt);
	watch_execute(wt, 0);
	KUNIT_EXPECT_EQ(test, wt->calls[0] + wt->calls[1], 0U);
	watch_expect(wt, 2, DMA_TRANS_NOERROR);
}

/* An engine that has got on since its reset may have another, however soon. */
static void watch_escalates_again(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		watch_queue(wt, 0, 2);
		fake_execute(wt->fc[0], 1);
		wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
		fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
		KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), i + 1);
		watch_reset_engine(wt);
		watch_execute(wt, 0);
		watch_expect(wt, 2 * i, DMA_TRANS_NOERROR);
		watch_expect(wt, 2 * i + 1, DMA_TRANS_NOERROR);
	}
}

/* An engine that is found broken when a channel is given back is reset, too. */
static void watch_release_breaks(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	dma_release_channel(wt->chan[0]);
	wt->chan[0] = NULL;
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_FREE), 1U);
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_RESET_ENGINE), 1U);
	watch_reset_engine(wt);
}

/* What is broken can be given back. */
static void watch_release_of_broken(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	dma_release_channel(wt->chan[0]);
	wt->chan[0] = NULL;
	KUNIT_EXPECT_EQ(test, fake_calls(wt->fake, FAKE_FREE), 1U);
	watch_reset_engine(wt);
}

/* So can its provider be stopped, without a wait. */
static void watch_stop_of_broken(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned long start;

	watch_queue(wt, 0, 2);
	wt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(wt->fc[0], NETDMA_FAILURE_NONE);
	start = jiffies;
	fake_provider_stop(wt->fake);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	watch_expect(wt, 0, DMA_TRANS_ABORTED);
	watch_expect(wt, 1, DMA_TRANS_ABORTED);
}

/* --- gone ------------------------------------------------------------------ */

/* All that is outstanding fails, on all channels, and no one is asked. */
static void watch_gone(struct kunit *test)
{
	struct watch_test *wt = test->priv;
	unsigned long start = jiffies;

	watch_queue(wt, 0, 2);
	watch_queue(wt, 1, 2);
	fake_execute(wt->fc[0], 1);
	fake_forget(wt->fake);
	netdma_provider_gone(wt->fake->provider);
	msleep(20);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "");
	watch_expect(wt, 0, DMA_TRANS_NOERROR);
	watch_expect(wt, 1, DMA_TRANS_ABORTED);
	watch_expect(wt, 2, DMA_TRANS_ABORTED);
	watch_expect(wt, 3, DMA_TRANS_ABORTED);
	fake_provider_stop(wt->fake);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
}

/* A provider that is not started has nothing that could be gone. */
static void watch_gone_before_start(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	fake_provider_stop(wt->fake);
	netdma_provider_gone(wt->fake->provider);
	KUNIT_EXPECT_EQ(test, netdma_provider_start(wt->fake->provider, &wt->fake->attributes), 0);
}

/* Whoever is about to recover a channel does not start it any more. */
static void watch_gone_during(struct fake_channel *fc, enum fake_op op)
{
	if (op == FAKE_RESET)
		WRITE_ONCE(fc->channel->engine->gone, true);
}

static void watch_gone_while_recovering(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->during = watch_gone_during;
	fake_forget(wt->fake);
	fake_halt(wt->fc[0], NETDMA_FAILURE_READ);
	KUNIT_EXPECT_STREQ(test, fake_history(wt->fake), "reason, reset");
	watch_expect(wt, 0, DMA_TRANS_ABORTED);
	watch_expect(wt, 1, DMA_TRANS_ABORTED);
}

/* Whoever is about to suspend a channel finds it dead. */
static void watch_gone_during_suspend(struct fake_channel *fc, enum fake_op op)
{
	if (op == FAKE_SUSPEND)
		netdma_provider_gone(fc->fake->provider);
}

static void watch_gone_while_suspending(struct kunit *test)
{
	struct watch_test *wt = test->priv;

	watch_queue(wt, 0, 2);
	wt->fake->during = watch_gone_during_suspend;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(wt->chan[0]), -ESHUTDOWN);
	msleep(20);
	watch_expect(wt, 0, DMA_TRANS_ABORTED);
	watch_expect(wt, 1, DMA_TRANS_ABORTED);
}

static struct kunit_case watch_test_cases[] = {
	KUNIT_CASE(watch_of_nothing),
	KUNIT_CASE(watch_of_slow_engine),
	KUNIT_CASE(watch_of_paused_engine),
	KUNIT_CASE(watch_of_next_owner),
	KUNIT_CASE(watch_after_a_rest),
	KUNIT_CASE(watch_of_long_list),
	KUNIT_CASE(watch_lost_interrupt),
	KUNIT_CASE(watch_lost_doorbell),
	KUNIT_CASE_PARAM(watch_bogus_word, watch_word_gen_params),
	KUNIT_CASE(watch_bogus_words),
	KUNIT_CASE(watch_halts_for_no_reason),
	KUNIT_CASE(watch_under_load),
	KUNIT_CASE(watch_stalled_copy),
	KUNIT_CASE(watch_forgives),
	KUNIT_CASE(watch_escalates),
	KUNIT_CASE(watch_reset_helps),
	KUNIT_CASE(watch_broken_is_not_asked),
	KUNIT_CASE(watch_without_reset_engine),
	KUNIT_CASE(watch_terminate_of_broken),
	KUNIT_CASE(watch_terminate_breaks),
	KUNIT_CASE(watch_reset_of_broken),
	KUNIT_CASE(watch_reset_breaks),
	KUNIT_CASE(watch_escalates_again),
	KUNIT_CASE(watch_release_breaks),
	KUNIT_CASE(watch_release_of_broken),
	KUNIT_CASE(watch_stop_of_broken),
	KUNIT_CASE(watch_gone),
	KUNIT_CASE(watch_gone_before_start),
	KUNIT_CASE(watch_gone_while_recovering),
	KUNIT_CASE(watch_gone_while_suspending),
	{ }
};

static struct kunit_suite watch_test_suite = {
	.name = "netdma_watch",
	.init = watch_test_init,
	.exit = watch_test_exit,
	.test_cases = watch_test_cases,
};

kunit_test_suite(watch_test_suite);
