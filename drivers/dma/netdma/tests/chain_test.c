// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminated chains, for providers of version 1.x
 *
 * The states suite runs with such a provider as well. Here is what is special to
 * them: where the list ends, and how it goes on.
 *
 * "R-..." names a rule of the NetDMA interface specification.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "fake_provider.h"

#define COPY_SIZE	64
#define MAX_COPIES	64

/**
 * struct chain_test - a channel of a provider of version 1.x
 * @test: the test
 * @fake: the provider
 * @fc: its channel
 * @chan: the same for dmaengine's client, which the test is
 * @buf: source, and destination behind it
 * @dma: its address
 * @calls: callbacks that came
 * @results: enum dmaengine_tx_result that were told, one bit each
 * @execute: have the engine execute before it is told of a list
 * @seen: what the old end of the list said at that moment
 */
struct chain_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct fake_channel *fc;
	struct dma_chan *chan;
	u8 *buf;
	dma_addr_t dma;
	unsigned int calls;
	unsigned int results;
	bool execute;
	u64 seen;
};

static struct netdma_ring *chain_ring(struct chain_test *ct)
{
	return &ct->fc->channel->ring;
}

static u64 chain_next(struct chain_test *ct, u32 slot)
{
	return le64_to_cpu(READ_ONCE(netdma_ring_slot(chain_ring(ct), slot)->next));
}

static void chain_during(struct fake_channel *fc, enum fake_op op)
{
	struct chain_test *ct = fc->fake->priv;

	if (op != FAKE_APPEND)
		return;
	ct->seen = fc->last ? le64_to_cpu(((struct netdma_descriptor *)
					   phys_to_virt(fc->last))->next) : 0;
	if (ct->execute)
		fake_execute(fc, MAX_COPIES);
}

static int chain_test_init(struct kunit *test)
{
	struct chain_test *ct = kunit_kzalloc(test, sizeof(*ct), GFP_KERNEL);

	if (!ct)
		return -ENOMEM;
	test->priv = ct;
	ct->test = test;
	ct->fake = fake_provider_create(test);
	ct->fake->characteristics.major_version = 1;
	ct->fake->priv = ct;
	ct->buf = kzalloc(2 * COPY_SIZE, GFP_KERNEL);
	if (!ct->buf)
		return -ENOMEM;
	ct->dma = dma_map_single(ct->fake->dev, ct->buf, 2 * COPY_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(ct->fake->dev, ct->dma))
		return -ENOMEM;

	fake_provider_start(test, ct->fake);
	ct->chan = fake_request(ct->fake);
	KUNIT_ASSERT_NOT_NULL(test, ct->chan);
	ct->fc = &ct->fake->channels[0];
	ct->fake->during = chain_during;
	fake_forget(ct->fake);
	return 0;
}

static void chain_test_exit(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	if (!ct || !ct->fake)
		return;
	if (ct->chan)
		dma_release_channel(ct->chan);
	if (ct->dma)
		dma_unmap_single(ct->fake->dev, ct->dma, 2 * COPY_SIZE, DMA_BIDIRECTIONAL);
	fake_provider_destroy(test, ct->fake);
	kfree(ct->buf);
}

static void chain_called_back(void *param, const struct dmaengine_result *result)
{
	struct chain_test *ct = param;

	ct->calls++;
	ct->results |= BIT(result->result);
}

static void chain_queue(struct chain_test *ct, unsigned int count)
{
	struct dma_async_tx_descriptor *txd;

	while (count--) {
		txd = dmaengine_prep_dma_memcpy(ct->chan, ct->dma + COPY_SIZE, ct->dma,
						COPY_SIZE, DMA_PREP_INTERRUPT);
		KUNIT_ASSERT_NOT_NULL(ct->test, txd);
		txd->callback_result = chain_called_back;
		txd->callback_param = ct;
		KUNIT_ASSERT_GT(ct->test, dmaengine_submit(txd), 0);
	}
}

static void chain_issue(struct chain_test *ct, unsigned int count)
{
	chain_queue(ct, count);
	dma_async_issue_pending(ct->chan);
}

/* Everything that can be executed is, and there are @calls callbacks in all. */
static void chain_expect(struct chain_test *ct, unsigned int calls)
{
	fake_execute(ct->fc, MAX_COPIES);
	fake_interrupt(ct->fc);
	KUNIT_EXPECT_EQ(ct->test, ct->calls, calls);
}

/* --- the end of a list ----------------------------------------------------- */

/* R-CH1-1, R-START-6: the last descriptor leads nowhere, those before it to the next. */
static void chain_ends(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 3);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+3");
	KUNIT_EXPECT_EQ(test, chain_next(ct, 0), netdma_ring_addr(chain_ring(ct), 1));
	KUNIT_EXPECT_EQ(test, chain_next(ct, 1), netdma_ring_addr(chain_ring(ct), 2));
	KUNIT_EXPECT_EQ(test, chain_next(ct, 2), 0ULL);
	chain_expect(ct, 3);
}

/* R-CH1-2: nobody counts; the engine follows the links to the end. */
static void chain_is_followed(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 5);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, MAX_COPIES), 5U);
	KUNIT_EXPECT_EQ(test, ct->fc->left, 0U);
	chain_expect(ct, 5);
}

/*
 * R-CH2-1, R-START-6, R-CH2-6: to the same callbacks, of a provider of 2.x, the last
 * descriptor leads on.
 */
static void chain_of_2_0_never_ends(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	dma_release_channel(ct->chan);
	ct->chan = NULL;
	netdma_provider_stop(ct->fake->provider);
	netdma_deregister_provider(ct->fake->provider);
	ct->fake->provider = NULL;
	ct->fake->characteristics.major_version = 2;
	fake_provider_start(test, ct->fake);
	ct->chan = fake_request(ct->fake);
	KUNIT_ASSERT_NOT_NULL(test, ct->chan);

	chain_issue(ct, 3);
	KUNIT_EXPECT_EQ(test, chain_next(ct, 2), netdma_ring_addr(chain_ring(ct), 3));
	chain_expect(ct, 3);
}

/* --- how it goes on -------------------------------------------------------- */

/* R-APP-2, R-CH1-3: the old end leads to the new list before append is called. */
static void chain_links_before_append(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 2);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, MAX_COPIES), 2U);
	chain_issue(ct, 2);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+2, append 2+2");
	KUNIT_EXPECT_EQ(test, ct->seen, netdma_ring_addr(chain_ring(ct), 2));
	KUNIT_EXPECT_EQ(test, chain_next(ct, 3), 0ULL);
	chain_expect(ct, 4);
}

/* R-APP-3: an engine that stopped at the end reads it again, and goes on. */
static void chain_goes_on_when_dry(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 1);
	chain_expect(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->fc->next, 0ULL);
	chain_issue(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->fc->next, netdma_ring_addr(chain_ring(ct), 1));
	chain_expect(ct, 2);
}

/* R-APP-3: an engine that has not come to the end meets the new link by itself. */
static void chain_goes_on_in_flight(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 3);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1U);
	chain_issue(ct, 2);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, MAX_COPIES), 4U);
	chain_expect(ct, 5);
}

/* It may do so before it is told: that is believed. */
static void chain_runs_ahead(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 2);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1U);
	ct->execute = true;
	chain_issue(ct, 2);
	fake_interrupt(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->calls, 4U);
}

/* Around the ring, where every slot has been an end before. */
static void chain_goes_around(struct kunit *test)
{
	struct chain_test *ct = test->priv;
	u32 size = chain_ring(ct)->mask + 1;
	unsigned int done = 0, n;

	while (done < 2 * size) {
		n = 1 + done % 7;
		chain_issue(ct, n);
		if (n % 2)
			chain_issue(ct, n);
		done += n % 2 ? 2 * n : n;
		fake_forget(ct->fake);
		chain_expect(ct, done);
	}
	KUNIT_EXPECT_EQ(test, ct->results, (unsigned int)BIT(DMA_TRANS_NOERROR));
}

/* An issue with nothing new leaves the end alone. */
static void chain_issue_of_nothing(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 2);
	dma_async_issue_pending(ct->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+2");
	KUNIT_EXPECT_EQ(test, chain_next(ct, 1), 0ULL);
	chain_expect(ct, 2);
}

/* --- interruptions --------------------------------------------------------- */

/* R-RES-2: what was queued while it was suspended is in the list that goes on. */
static void chain_resumes_with_more(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 2);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1U);
	KUNIT_ASSERT_EQ(test, dmaengine_pause(ct->chan), 0);
	chain_issue(ct, 2);
	KUNIT_EXPECT_EQ(test, chain_next(ct, 1), 0ULL);
	KUNIT_ASSERT_EQ(test, dmaengine_resume(ct->chan), 0);
	KUNIT_EXPECT_EQ(test, chain_next(ct, 1), netdma_ring_addr(chain_ring(ct), 2));
	chain_expect(ct, 4);
}

/* With nothing new the end stays where it is. */
static void chain_resumes_with_the_same(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 3);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1U);
	KUNIT_ASSERT_EQ(test, dmaengine_pause(ct->chan), 0);
	KUNIT_ASSERT_EQ(test, dmaengine_resume(ct->chan), 0);
	KUNIT_EXPECT_EQ(test, chain_next(ct, 2), 0ULL);
	chain_expect(ct, 3);
}

/* After an error the new list goes over the old end, which was in its middle. */
static void chain_goes_over_the_old_end(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 4);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1U);
	KUNIT_ASSERT_EQ(test, dmaengine_pause(ct->chan), 0);
	chain_issue(ct, 2);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	fake_forget(ct->fake);
	KUNIT_ASSERT_EQ(test, dmaengine_resume(ct->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 2+4");
	KUNIT_EXPECT_EQ(test, chain_next(ct, 3), netdma_ring_addr(chain_ring(ct), 4));
	chain_expect(ct, 6);
	KUNIT_EXPECT_EQ(test, ct->results,
			(unsigned int)(BIT(DMA_TRANS_NOERROR) | BIT(DMA_TRANS_READ_FAILED)));
}

/* R-ABORT-3, R-START-2: after an abort a new list starts behind the old one. */
static void chain_starts_after_abort(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 4);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1U);
	KUNIT_ASSERT_EQ(test, dmaengine_terminate_sync(ct->chan), 0);
	fake_forget(ct->fake);
	chain_issue(ct, 2);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 4+2");
	chain_expect(ct, 3);
}

/* --- versions -------------------------------------------------------------- */

/* R-PM10-2, R-PM10-3: by reporting a halt without a reason a provider of 1.0 has its engine
 * started again, with the right descriptor.
 */
static void chain_restarts_on_request(struct kunit *test)
{
	struct chain_test *ct = test->priv;

	chain_issue(ct, 4);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 2), 2U);
	fake_forget(ct->fake);
	fake_halt(ct->fc, NETDMA_FAILURE_NONE);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "reason, reset, start 2+2");
	chain_expect(ct, 4);
	KUNIT_EXPECT_EQ(test, ct->results, (unsigned int)BIT(DMA_TRANS_NOERROR));
}

/* R-PM10-1: a provider of 1.0 has no power events. */
static void chain_no_power_events_in_1_0(struct kunit *test)
{
	struct fake_provider *fake = fake_provider_create(test);

	fake->characteristics.major_version = 1;
	fake->characteristics.minor_version = 0;
	fake_provider_start(test, fake);
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(fake->provider, NETDMA_PROVIDER_POWER_DOWN),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(fake->provider, NETDMA_PROVIDER_POWER_UP),
			-EINVAL);
	fake_provider_destroy(test, fake);
}

/* R-PB-1: page breaks came with 2.0; an engine that offers them there is refused. */
static void chain_no_page_breaks(struct kunit *test)
{
	struct fake_provider *fake = fake_provider_create(test);

	fake->characteristics.major_version = 1;
	fake_provider_register(test, fake);
	fake->attributes.flags |= NETDMA_PROVIDER_PAGE_BREAK;
	KUNIT_EXPECT_EQ(test, netdma_provider_start(fake->provider, &fake->attributes), -EINVAL);
	fake_provider_destroy(test, fake);
}

static struct kunit_case chain_test_cases[] = {
	KUNIT_CASE(chain_ends),
	KUNIT_CASE(chain_is_followed),
	KUNIT_CASE(chain_of_2_0_never_ends),
	KUNIT_CASE(chain_links_before_append),
	KUNIT_CASE(chain_goes_on_when_dry),
	KUNIT_CASE(chain_goes_on_in_flight),
	KUNIT_CASE(chain_runs_ahead),
	KUNIT_CASE(chain_goes_around),
	KUNIT_CASE(chain_issue_of_nothing),
	KUNIT_CASE(chain_resumes_with_more),
	KUNIT_CASE(chain_resumes_with_the_same),
	KUNIT_CASE(chain_goes_over_the_old_end),
	KUNIT_CASE(chain_starts_after_abort),
	KUNIT_CASE(chain_restarts_on_request),
	KUNIT_CASE(chain_no_power_events_in_1_0),
	KUNIT_CASE(chain_no_page_breaks),
	{ }
};

static struct kunit_suite chain_test_suite = {
	.name = "netdma_chains",
	.init = chain_test_init,
	.exit = chain_test_exit,
	.test_cases = chain_test_cases,
};

kunit_test_suite(chain_test_suite);
