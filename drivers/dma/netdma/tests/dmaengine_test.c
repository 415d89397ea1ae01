// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dmaengine front end
 *
 * What Documentation/driver-api/dmaengine/{provider,client}.rst ask of it, with a
 * fake provider whose engine executes when it is told to.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "failing.h"
#include "fake_provider.h"

#define BUF_SIZE	SZ_1M
#define MAX_COPIES	32

struct front_test;

/**
 * struct front_copy - a transaction
 * @ft: the test
 * @txd: as dmaengine has it, until it is complete
 * @cookie: its cookie
 * @calls: how often it was called back
 * @order: the how many-th callback it was
 * @result: what the callback was told
 * @then: done in the callback
 */
struct front_copy {
	struct front_test *ft;
	struct dma_async_tx_descriptor *txd;
	dma_cookie_t cookie;
	unsigned int calls;
	unsigned int order;
	struct dmaengine_result result;
	void (*then)(struct front_copy *copy);
};

/**
 * struct front_test - what a case works with
 * @test: the case
 * @fake: the provider
 * @chan: its channel 0 as a client has it
 * @fc: the same as the provider has it
 * @src: memory
 * @dst: memory
 * @src_dma: where @src is mapped
 * @dst_dma: where @dst is mapped
 * @copies: the transactions
 * @callbacks: how many there were
 */
struct front_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct dma_chan *chan;
	struct fake_channel *fc;
	u8 *src;
	u8 *dst;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
	struct front_copy copies[MAX_COPIES];
	unsigned int callbacks;
};

static int front_test_init(struct kunit *test)
{
	struct front_test *ft = kunit_kzalloc(test, sizeof(*ft), GFP_KERNEL);
	unsigned int i;

	if (!ft)
		return -ENOMEM;
	test->priv = ft;
	ft->test = test;
	for (i = 0; i < MAX_COPIES; i++)
		ft->copies[i].ft = ft;
	ft->fake = fake_provider_create(test);
	ft->src = kmalloc(BUF_SIZE, GFP_KERNEL);
	ft->dst = kzalloc(BUF_SIZE, GFP_KERNEL);
	if (!ft->src || !ft->dst)
		return -ENOMEM;
	for (i = 0; i < BUF_SIZE; i++)
		ft->src[i] = i * 7 + i / 251;
	ft->src_dma = dma_map_single(ft->fake->dev, ft->src, BUF_SIZE, DMA_TO_DEVICE);
	if (dma_mapping_error(ft->fake->dev, ft->src_dma))
		return -ENOMEM;
	ft->dst_dma = dma_map_single(ft->fake->dev, ft->dst, BUF_SIZE, DMA_FROM_DEVICE);
	return dma_mapping_error(ft->fake->dev, ft->dst_dma);
}

static void front_release(struct front_test *ft)
{
	if (ft->chan)
		dma_release_channel(ft->chan);
	ft->chan = NULL;
}

static void front_test_exit(struct kunit *test)
{
	struct front_test *ft = test->priv;

	if (!ft || !ft->fake)
		return;
	front_release(ft);
	if (ft->src_dma)
		dma_unmap_single(ft->fake->dev, ft->src_dma, BUF_SIZE, DMA_TO_DEVICE);
	if (ft->dst_dma)
		dma_unmap_single(ft->fake->dev, ft->dst_dma, BUF_SIZE, DMA_FROM_DEVICE);
	fake_provider_destroy(test, ft->fake);
	kfree(ft->src);
	kfree(ft->dst);
}

static struct front_test *front_open(struct kunit *test)
{
	struct front_test *ft = test->priv;

	fake_provider_start(test, ft->fake);
	ft->chan = fake_request(ft->fake);
	KUNIT_ASSERT_NOT_NULL(test, ft->chan);
	ft->fc = &ft->fake->channels[0];
	fake_forget(ft->fake);
	return ft;
}

static void front_called_back(void *param, const struct dmaengine_result *result)
{
	struct front_copy *copy = param;

	copy->calls++;
	copy->order = ++copy->ft->callbacks;
	copy->result = *result;
	if (copy->then)
		copy->then(copy);
}

static struct front_copy *front_prep(struct front_test *ft, unsigned int n, size_t len,
				     unsigned long flags)
{
	struct front_copy *copy = &ft->copies[n];

	copy->txd = dmaengine_prep_dma_memcpy(ft->chan, ft->dst_dma, ft->src_dma, len, flags);
	if (!copy->txd)
		return NULL;
	copy->txd->callback_result = front_called_back;
	copy->txd->callback_param = copy;
	return copy;
}

static void front_submit(struct front_test *ft, unsigned int n, size_t len)
{
	struct front_copy *copy = front_prep(ft, n, len, DMA_PREP_INTERRUPT);

	KUNIT_ASSERT_NOT_NULL(ft->test, copy);
	copy->cookie = dmaengine_submit(copy->txd);
	KUNIT_ASSERT_GT(ft->test, copy->cookie, 0);
}

static void front_execute(struct front_test *ft, u32 count)
{
	KUNIT_ASSERT_EQ(ft->test, fake_execute(ft->fc, count), count);
	fake_interrupt(ft->fc);
}

/* Copies without anything that a transaction could have kept of an earlier use */
static void front_run(struct front_test *ft, unsigned int n)
{
	struct dma_async_tx_descriptor *txd;

	while (n--) {
		txd = dmaengine_prep_dma_memcpy(ft->chan, ft->dst_dma, ft->src_dma, 8, 0);
		KUNIT_ASSERT_NOT_NULL(ft->test, txd);
		KUNIT_ASSERT_GT(ft->test, dmaengine_submit(txd), 0);
		dma_async_issue_pending(ft->chan);
		front_execute(ft, 1);
	}
}

static enum dma_status front_status(struct front_test *ft, unsigned int n)
{
	return dmaengine_tx_status(ft->chan, ft->copies[n].cookie, NULL);
}

/* A control word as the engine sees it */
static u32 front_control(struct front_test *ft, u32 slot)
{
	return le32_to_cpu(ft->fc->channel->ring.desc[slot].control);
}

/* --- capabilities --------------------------------------------------------- */

/* provider.rst: what is offered, and nothing else */
static void front_capabilities(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dma_device *dd = ft->chan->device;

	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_MEMCPY, dd->cap_mask));
	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_INTERRUPT, dd->cap_mask));
	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_MEMSET, dd->cap_mask));
	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_PRIVATE, dd->cap_mask));
	KUNIT_EXPECT_FALSE(test, dma_has_cap(DMA_XOR, dd->cap_mask));
	KUNIT_EXPECT_FALSE(test, dma_has_cap(DMA_SLAVE, dd->cap_mask));
	KUNIT_EXPECT_FALSE(test, dma_has_cap(DMA_CYCLIC, dd->cap_mask));
}

/* --- prep and submit ------------------------------------------------------ */

/* Cookies and execution are in the order of submission, not of preparation. */
static void front_order_is_of_submission(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	for (i = 0; i < 4; i++)
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, i, 100, DMA_PREP_INTERRUPT));
	for (i = 4; i-- > 0;)
		ft->copies[i].cookie = dmaengine_submit(ft->copies[i].txd);
	for (i = 1; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ft->copies[i - 1].cookie, ft->copies[i].cookie + 1);

	dma_async_issue_pending(ft->chan);
	front_execute(ft, 4);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ft->copies[i].order, 4 - i);
}

/* What is prepared and never submitted holds nobody up. */
static void front_prep_without_submit(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, 100, 0));
	front_submit(ft, 1, 100);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+1");
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 0);
}

/* Every entry but one slot of the ring can be taken; then prep says no, until ... */
static void front_prep_until_full(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int n = 0;

	while (front_prep(ft, 0, 100, 0))
		n++;
	KUNIT_EXPECT_EQ(test, n, NETDMA_RING_DEFAULT - 1);

	/* ... a terminate makes what was not submitted void, all of it. */
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(ft->chan), 0);
	for (; n; n--)
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, 100, 0));
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, 100, 0));
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(ft->chan), 0);
	front_submit(ft, 1, 100);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[1].calls, 1);
}

/* The same with all submitted: what is complete makes room. */
static void front_submit_until_full(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	for (i = 0; i < NETDMA_RING_DEFAULT - 1; i++)
		front_submit(ft, 0, 8);
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, 8, 0));
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+1023");
	KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 10), 10);
	fake_interrupt(ft->fc);
	for (i = 0; i < 10; i++)
		front_submit(ft, 0, 8);
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, 8, 0));
}

/* Without a callback, nobody has to be told: prep finds the room by itself. */
static void front_prep_reaps(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dma_async_tx_descriptor *txd;
	unsigned int i;

	for (i = 0; i < 3 * NETDMA_RING_DEFAULT; i++) {
		txd = dmaengine_prep_dma_memcpy(ft->chan, ft->dst_dma, ft->src_dma, 8, 0);
		KUNIT_ASSERT_NOT_NULL(test, txd);
		KUNIT_ASSERT_GT(test, dmaengine_submit(txd), 0);
		dma_async_issue_pending(ft->chan);
		KUNIT_ASSERT_EQ(test, fake_execute(ft->fc, 1), 1);
	}
}

/* A copy of several slots takes all of its entries, or none. */
static void front_prep_all_or_none(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;
	unsigned int i;

	for (i = 0; i < NETDMA_RING_DEFAULT - 1 - 2; i++)
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, 8, 0));
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, 3 * max, 0));
	KUNIT_EXPECT_NOT_NULL(test, front_prep(ft, 0, 8, 0));
	KUNIT_EXPECT_NOT_NULL(test, front_prep(ft, 0, 8, 0));
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, 8, 0));
}

/* An entry keeps nothing of the copy that had it before: callback, mappings, result. */
static void front_prep_forgets(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dmaengine_unmap_data *unmap;
	unsigned int i;

	unmap = dmaengine_get_unmap_data(ft->fake->dev, 2, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, unmap);
	KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, 8, 0));
	dma_set_unmap(ft->copies[0].txd, unmap);
	dmaengine_submit(ft->copies[0].txd);
	dma_async_issue_pending(ft->chan);
	fake_halt(ft->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 1);

	front_run(ft, NETDMA_RING_DEFAULT);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, kref_read(&unmap->kref), 1);

	for (i = 0; i < NETDMA_RING_DEFAULT; i++) {
		front_submit(ft, 1, 8);
		dma_async_issue_pending(ft->chan);
		front_execute(ft, 1);
		KUNIT_ASSERT_EQ(test, (int)ft->copies[1].result.result, DMA_TRANS_NOERROR);
	}
	dmaengine_unmap_put(unmap);
}

/* Prepared before a terminate, submitted after it: -ECANCELED, and its room comes back. */
static void front_submit_of_cancelled(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;
	unsigned int i;

	for (i = 0; i < 2 * NETDMA_RING_DEFAULT; i++) {
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, i % 2 ? 100 : 2 * max, 0));
		KUNIT_ASSERT_EQ(test, dmaengine_terminate_async(ft->chan), 0);
		KUNIT_ASSERT_EQ(test, dmaengine_submit(ft->copies[0].txd), -ECANCELED);
	}
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "");
	front_run(ft, NETDMA_RING_DEFAULT);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 0);
}

/* What is cancelled waits for what was submitted before, and says nothing about it. */
static void front_cancelled_is_no_news(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dma_async_tx_descriptor *txd;
	struct dma_tx_state state;
	dma_cookie_t cookie;

	KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, 100, 0));
	KUNIT_ASSERT_EQ(test, dmaengine_terminate_async(ft->chan), 0);
	txd = dmaengine_prep_dma_memcpy(ft->chan, ft->dst_dma, ft->src_dma, 8, 0);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	cookie = dmaengine_submit(txd);
	KUNIT_EXPECT_EQ(test, dmaengine_submit(ft->copies[0].txd), -ECANCELED);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, cookie, NULL), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, cookie, &state), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, state.last, cookie);
}

/* The same after it was reclaimed */
static void front_submit_of_stale(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, 0, 100, 0));
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(ft->chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_submit(ft->copies[0].txd), -EINVAL);
	/* What it is asked to call now, it does not. */
	ft->copies[0].txd->callback_result = front_called_back;
	ft->copies[0].txd->callback_param = &ft->copies[0];
	front_submit(ft, 1, 100);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+1");
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[1].calls, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 0);
}

/* The same after so many terminates that their count begins anew */
static void front_submit_after_many_terminates(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	container_of(ft->chan, struct netdma_dma_chan, chan)->generation = U32_MAX;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(ft->chan), 0);
	front_submit(ft, 0, 100);
	KUNIT_EXPECT_EQ(test, dmaengine_submit(ft->copies[0].txd), -EINVAL);
}

/* A descriptor is submitted once. */
static void front_submit_twice(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	front_submit(ft, 0, 100);
	KUNIT_EXPECT_EQ(test, dmaengine_submit(ft->copies[0].txd), -EINVAL);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+1");
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 1);
}

/* Nothing to do, and more than can be done */
static void front_prep_refuses_lengths(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;

	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, 0, 0));
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, (size_t)max * NETDMA_RING_DEFAULT, 0));
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, (size_t)U32_MAX + 2, 0));
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, SIZE_MAX, 0));
	KUNIT_EXPECT_NULL(test, dmaengine_prep_dma_memset(ft->chan, ft->dst_dma, 0, 0, 0));
	KUNIT_EXPECT_NOT_NULL(test, front_prep(ft, 0, 1, 0));
	KUNIT_EXPECT_NOT_NULL(test, front_prep(ft, 0, (size_t)max * (NETDMA_RING_DEFAULT - 2), 0));
}

/* A length has 32 bits: more is refused, however large a transfer can be. */
static void front_prep_refuses_more_than_4_gib(struct kunit *test)
{
	struct front_test *ft = test->priv;

	ft->fake->attributes.max_transfer = SZ_1G;
	front_open(test);
	KUNIT_EXPECT_NULL(test, front_prep(ft, 0, (size_t)U32_MAX + 2, 0));
	KUNIT_EXPECT_NOT_NULL(test, front_prep(ft, 0, U32_MAX, 0));
}

/* --- what the engine gets --------------------------------------------------- */

/* One slot, which reports; interrupt and fence if they were asked for */
static void front_control_flags(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	dmaengine_submit(front_prep(ft, 0, 100, 0)->txd);
	dmaengine_submit(front_prep(ft, 1, 100, DMA_PREP_INTERRUPT)->txd);
	dmaengine_submit(front_prep(ft, 2, 100, DMA_PREP_FENCE)->txd);
	KUNIT_EXPECT_EQ(test, front_control(ft, 0), NETDMA_DESC_STATUS);
	KUNIT_EXPECT_EQ(test, front_control(ft, 1), NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	KUNIT_EXPECT_EQ(test, front_control(ft, 2), NETDMA_DESC_STATUS | NETDMA_DESC_FENCE);
}

/* R-DESC-4, R-CW-1: split at the largest transfer; only the last slot reports and interrupts. */
static void front_split(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;
	struct dma_tx_state state;
	u32 i;

	front_submit(ft, 0, 3 * max + 5);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+4");
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, front_control(ft, i), 0);
	KUNIT_EXPECT_EQ(test, front_control(ft, 3), NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);

	KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 3), 3);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, ft->copies[0].cookie, &state),
			DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, state.residue, 3 * max + 5);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 1);
	dma_sync_single_for_cpu(ft->fake->dev, ft->dst_dma, BUF_SIZE, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, memcmp(ft->dst, ft->src, 3 * max + 5), 0);
	KUNIT_EXPECT_EQ(test, ft->dst[3 * max + 5], 0);
}

/* The entries of a copy of several slots come back with it. */
static void front_split_comes_back(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;
	unsigned int i;

	for (i = 0; i < NETDMA_RING_DEFAULT; i++) {
		front_submit(ft, 0, max + 1);
		dma_async_issue_pending(ft->chan);
		front_execute(ft, 2);
	}
}

/* An error in one part fails the whole copy: the rest of it is not executed. */
static void front_split_fails(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;

	front_submit(ft, 0, 3 * max + 5);
	front_submit(ft, 1, 8);
	dma_async_issue_pending(ft->chan);
	fake_halt(ft->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+5, reason, reset, start 4+1");
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 1);
	KUNIT_EXPECT_EQ(test, (int)ft->copies[0].result.result, DMA_TRANS_READ_FAILED);
	KUNIT_EXPECT_EQ(test, ft->copies[0].result.residue, 3 * max + 5);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 1), DMA_COMPLETE);
}

/* Exactly the largest transfer is one slot, a byte more is two, and so is twice of it. */
static void front_split_at_the_limit(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 max = ft->fake->attributes.max_transfer;

	front_submit(ft, 0, max);
	front_submit(ft, 1, max + 1);
	front_submit(ft, 2, 2 * max);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+5");
	front_execute(ft, 5);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 3);
}

static void front_memset(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memset(ft->chan, ft->dst_dma + 3, 0x1a5, 1001, 0);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	dmaengine_submit(txd);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	dma_sync_single_for_cpu(ft->fake->dev, ft->dst_dma, BUF_SIZE, DMA_FROM_DEVICE);
	/* The low byte of the value, and nothing around it */
	KUNIT_EXPECT_NULL(test, memchr_inv(ft->dst + 3, 0xa5, 1001));
	KUNIT_EXPECT_EQ(test, ft->dst[2] | ft->dst[1004], 0);
}

/* A fill that is split goes on with the same pattern. */
static void front_memset_split(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	u32 len = ft->fake->attributes.max_transfer + 9;
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memset(ft->chan, ft->dst_dma, 0x77, len, 0);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	dmaengine_submit(txd);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 2);
	dma_sync_single_for_cpu(ft->fake->dev, ft->dst_dma, BUF_SIZE, DMA_FROM_DEVICE);
	KUNIT_EXPECT_NULL(test, memchr_inv(ft->dst, 0x77, len));
	KUNIT_EXPECT_EQ(test, ft->dst[len], 0);
}

/* R-NULL-1, R-NULL-2: moves nothing, and completes after what was before. */
static void front_interrupt(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct front_copy *copy = &ft->copies[1];
	struct dma_tx_state state;

	front_submit(ft, 0, 100);
	copy->txd = ft->chan->device->device_prep_dma_interrupt(ft->chan, DMA_PREP_INTERRUPT);
	KUNIT_ASSERT_NOT_NULL(test, copy->txd);
	copy->txd->callback_result = front_called_back;
	copy->txd->callback_param = copy;
	copy->cookie = dmaengine_submit(copy->txd);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_EQ(test, front_control(ft, 1),
			NETDMA_DESC_NULL | NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, copy->cookie, &state),
			DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, state.residue, 0);
	front_execute(ft, 2);
	KUNIT_EXPECT_EQ(test, copy->order, 2);
}

/* R-NULL-4: an engine that does not know the flag finds a size and addresses that it can use. */
static void front_interrupt_is_valid(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct netdma_ring *ring = &ft->fc->channel->ring;
	struct front_copy *copy = &ft->copies[0];
	u64 src, dst;

	copy->txd = ft->chan->device->device_prep_dma_interrupt(ft->chan, 0);
	KUNIT_ASSERT_NOT_NULL(test, copy->txd);
	copy->cookie = dmaengine_submit(copy->txd);
	src = le64_to_cpu(ring->desc[0].src);
	dst = le64_to_cpu(ring->desc[0].dst);
	/* The line of the completion word, but not the word */
	KUNIT_ASSERT_GE(test, src, ring->completion_dma + 8);
	KUNIT_ASSERT_LT(test, src, ring->completion_dma + 64);
	KUNIT_ASSERT_EQ(test, dst, src);

	ring->desc[0].control &= ~cpu_to_le32(NETDMA_DESC_NULL);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_COMPLETE);
}

/* R-NULL-3: copies without a word to anybody, and a NULL that speaks for all of them. */
static void front_interrupt_closes_batch(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct front_copy *copy = &ft->copies[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, i, 100, 0));
		ft->copies[i].txd->callback_result = NULL;
		ft->copies[i].cookie = dmaengine_submit(ft->copies[i].txd);
	}
	copy->txd = ft->chan->device->device_prep_dma_interrupt(ft->chan, DMA_PREP_INTERRUPT);
	KUNIT_ASSERT_NOT_NULL(test, copy->txd);
	copy->txd->callback_result = front_called_back;
	copy->txd->callback_param = copy;
	copy->cookie = dmaengine_submit(copy->txd);
	dma_async_issue_pending(ft->chan);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, front_control(ft, i) & NETDMA_DESC_INTERRUPT, 0);
	front_execute(ft, 4);
	KUNIT_EXPECT_EQ(test, copy->calls, 1);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, (int)front_status(ft, i), DMA_COMPLETE);
}

/* The links are final: descriptor n points to n + 1, the last to the first (R-CH2-1). */
static void front_links(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct netdma_ring *ring = &ft->fc->channel->ring;
	u32 i;

	for (i = 0; i <= ring->mask; i++)
		KUNIT_ASSERT_EQ(test, le64_to_cpu(ring->desc[i].next),
				netdma_ring_addr(ring, i + 1));
}

/*
 * R-APP-4, R-APP-5, R-CH2-3, R-CH2-5: an append begins where the last link leads, counts
 * what is new and no more, and changes nothing of what was submitted before.
 */
static void front_append_continues(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct netdma_descriptor before[2];
	struct netdma_ring *ring = &ft->fc->channel->ring;

	front_submit(ft, 0, 100);
	front_submit(ft, 1, 200);
	dma_async_issue_pending(ft->chan);
	memcpy(before, ring->desc, sizeof(before));
	front_submit(ft, 2, 300);
	front_submit(ft, 3, 400);
	front_submit(ft, 4, 500);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+2, append 2+3");
	KUNIT_EXPECT_EQ(test, memcmp(before, ring->desc, sizeof(before)), 0);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(before[1].next), netdma_ring_addr(ring, 2));
	front_execute(ft, 5);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 5);
}

/* --- status --------------------------------------------------------------- */

static void front_status_of_each_stage(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dma_tx_state state;

	front_submit(ft, 0, 1000);
	front_submit(ft, 1, 500);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, ft->copies[0].cookie, &state),
			DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, state.residue, 1000);
	KUNIT_EXPECT_EQ(test, state.used, ft->copies[1].cookie);

	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, ft->copies[0].cookie, &state),
			DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, state.residue, 0);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, ft->copies[1].cookie, &state),
			DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, state.residue, 500);
	/* Asking runs no callback. */
	KUNIT_EXPECT_EQ(test, ft->callbacks, 0);
	fake_interrupt(ft->fc);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 1);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, ft->copies[1].cookie, &state),
			DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, state.last, ft->copies[0].cookie);
}

/* Of copies without callbacks, those that are finished are complete, and no more. */
static void front_status_without_callbacks(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	dma_cookie_t last = ft->chan->cookie;
	struct dma_tx_state state;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, i, 8, 0));
		ft->copies[i].txd->callback_result = NULL;
		ft->copies[i].cookie = dmaengine_submit(ft->copies[i].txd);
	}
	dma_async_issue_pending(ft->chan);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, ft->copies[i].cookie,
							       &state), DMA_IN_PROGRESS);
		KUNIT_EXPECT_EQ(test, state.last, last);
		KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 1), 1);
		last = ft->copies[i].cookie;
		KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(ft->chan, last, &state),
				DMA_COMPLETE);
		KUNIT_EXPECT_EQ(test, state.last, last);
	}
}

/* INT_MAX is followed by 1. */
static void front_status_of_wrapped_cookies(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	ft->chan->cookie = INT_MAX - 2;
	ft->chan->completed_cookie = INT_MAX - 2;
	for (i = 0; i < 5; i++)
		front_submit(ft, i, 8);
	KUNIT_EXPECT_EQ(test, ft->copies[1].cookie, INT_MAX);
	KUNIT_EXPECT_EQ(test, ft->copies[2].cookie, DMA_MIN_COOKIE);
	dma_async_issue_pending(ft->chan);
	local_bh_disable();
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, (int)front_status(ft, i), DMA_IN_PROGRESS);
		KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 1), 1);
		KUNIT_EXPECT_EQ(test, (int)front_status(ft, i), DMA_COMPLETE);
	}
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 4), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 0);
	local_bh_enable();
	fake_interrupt(ft->fc);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 4);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 4), DMA_IN_PROGRESS);
}

/* As if copies up to @cookie had been made */
static void front_set_cookie(struct front_test *ft, dma_cookie_t cookie)
{
	ft->chan->cookie = cookie;
	ft->chan->completed_cookie = cookie;
}

/* A failure from before the cookies wrapped is not that of the copy after it. */
static void front_status_after_wrap(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	front_submit(ft, 0, 8);
	dma_async_issue_pending(ft->chan);
	fake_halt(ft->fc, NETDMA_FAILURE_WRITE);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_ERROR);

	front_set_cookie(ft, INT_MAX - 1);
	for (i = 1; i <= 3; i++)
		front_submit(ft, i, 8);
	KUNIT_EXPECT_EQ(test, ft->copies[3].cookie, ft->copies[0].cookie);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 3);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 3), DMA_COMPLETE);
}

/* A failure is still known when the cookies have wrapped, and not when its own comes again. */
static void front_status_over_wrap(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	front_set_cookie(ft, INT_MAX - 1);
	front_submit(ft, 0, 8);
	dma_async_issue_pending(ft->chan);
	fake_halt(ft->fc, NETDMA_FAILURE_WRITE);
	front_submit(ft, 1, 8);
	KUNIT_EXPECT_EQ(test, ft->copies[1].cookie, DMA_MIN_COOKIE);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_ERROR);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);

	front_set_cookie(ft, INT_MAX / 2);
	front_submit(ft, 1, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	front_set_cookie(ft, INT_MAX - 1);
	front_submit(ft, 0, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[0].cookie, INT_MAX);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_COMPLETE);
}

/* The ring's indices wrap as well, after 2^32 descriptors. */
static void front_status_of_wrapped_indices(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct netdma_ring *ring = &ft->fc->channel->ring;
	unsigned int i;

	ring->head = U32_MAX - 1;
	ring->issued = ring->head;
	ring->posted = ring->head;
	ring->done = ring->head;
	for (i = 0; i < 4; i++)
		front_submit(ft, i, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 1);
	front_execute(ft, 2);
	KUNIT_EXPECT_EQ(test, ft->callbacks, 3);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 3), DMA_IN_PROGRESS);
}

/* Who asks before the interrupt does not run callbacks, but has them run soon. */
static void front_status_causes_callbacks(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	front_submit(ft, 0, 8);
	dma_async_issue_pending(ft->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ft->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_COMPLETE);
	msleep(20);
	KUNIT_EXPECT_EQ(test, ft->copies[0].calls, 1);
}

/* A failure is remembered, though later copies succeed. */
static void front_status_of_failed_stays(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	front_submit(ft, 0, 100);
	dma_async_issue_pending(ft->chan);
	fake_halt(ft->fc, NETDMA_FAILURE_WRITE);
	for (i = 0; i < NETDMA_RING_DEFAULT / 2; i++) {
		front_submit(ft, 1, 8);
		dma_async_issue_pending(ft->chan);
		front_execute(ft, 1);
	}
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 0), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, (int)ft->copies[0].result.result, DMA_TRANS_WRITE_FAILED);
	KUNIT_EXPECT_EQ(test, ft->copies[0].result.residue, 100);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 1), DMA_COMPLETE);
}

/* Every kind of failure has its result. */
static void front_failure_results(struct kunit *test)
{
	static const struct {
		enum netdma_failure failure;
		enum dmaengine_tx_result result;
	} rows[] = {
		{ NETDMA_FAILURE_READ, DMA_TRANS_READ_FAILED },
		{ NETDMA_FAILURE_WRITE, DMA_TRANS_WRITE_FAILED },
		{ NETDMA_FAILURE_OTHER, DMA_TRANS_ABORTED },
	};
	struct front_test *ft = front_open(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		front_submit(ft, i, 100);
		dma_async_issue_pending(ft->chan);
		fake_halt(ft->fc, rows[i].failure);
		KUNIT_EXPECT_EQ(test, ft->copies[i].calls, 1);
		KUNIT_EXPECT_EQ(test, (int)ft->copies[i].result.result, (int)rows[i].result);
	}
}

/* --- callbacks ------------------------------------------------------------ */

/* More than one reap takes at once, in order, each once */
static void front_callbacks_in_order(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	for (i = 0; i < MAX_COPIES; i++)
		front_submit(ft, i, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, MAX_COPIES);
	for (i = 0; i < MAX_COPIES; i++) {
		KUNIT_EXPECT_EQ(test, ft->copies[i].calls, 1);
		KUNIT_EXPECT_EQ(test, ft->copies[i].order, i + 1);
	}
}

static void front_plain(void *param)
{
	++*(unsigned int *)param;
}

/* The older kind of callback: once as well */
static void front_callback_without_result(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dma_async_tx_descriptor *txd;
	unsigned int calls = 0;

	txd = dmaengine_prep_dma_memcpy(ft->chan, ft->dst_dma, ft->src_dma, 8, 0);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	txd->callback = front_plain;
	txd->callback_param = &calls;
	dmaengine_submit(txd);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, calls, 1);
	front_run(ft, NETDMA_RING_DEFAULT);
	KUNIT_EXPECT_EQ(test, calls, 1);
}

static void front_then_submit(struct front_copy *copy)
{
	front_submit(copy->ft, 1, 8);
	dma_async_issue_pending(copy->ft->chan);
}

/* client.rst: a callback may submit and issue. */
static void front_callback_submits(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	ft->copies[0].then = front_then_submit;
	front_submit(ft, 0, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+1, append 1+1");
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, ft->copies[1].calls, 1);
}

static void front_then_complete(struct front_copy *copy)
{
	KUNIT_EXPECT_EQ(copy->ft->test, fake_execute(copy->ft->fc, 1), 1);
	fake_interrupt(copy->ft->fc);
}

/* An interrupt inside of a callback: the others keep their order. */
static void front_callbacks_are_not_nested(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	ft->copies[0].then = front_then_complete;
	for (i = 0; i < 4; i++)
		front_submit(ft, i, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 3);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ft->copies[i].order, i + 1);
}

static void front_then_terminate(struct front_copy *copy)
{
	dmaengine_terminate_async(copy->ft->chan);
}

/* client.rst: terminate_async may come from a callback. */
static void front_callback_terminates(struct kunit *test)
{
	struct front_test *ft = front_open(test);

	ft->copies[0].then = front_then_terminate;
	front_submit(ft, 0, 8);
	front_submit(ft, 1, 8);
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	dmaengine_synchronize(ft->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+2, reason, abort");
	KUNIT_EXPECT_EQ(test, ft->copies[1].calls, 0);
	KUNIT_EXPECT_EQ(test, (int)front_status(ft, 1), DMA_ERROR);
}

/* The client's mappings are given back, without a callback, and for what was terminated. */
static void front_unmaps(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	struct dmaengine_unmap_data *unmap[2];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		unmap[i] = dmaengine_get_unmap_data(ft->fake->dev, 2, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, unmap[i]);
		KUNIT_ASSERT_NOT_NULL(test, front_prep(ft, i, 8, DMA_PREP_INTERRUPT));
		ft->copies[i].txd->callback_result = NULL;
		dma_set_unmap(ft->copies[i].txd, unmap[i]);
		dmaengine_submit(ft->copies[i].txd);
		KUNIT_EXPECT_EQ(test, kref_read(&unmap[i]->kref), 2);
	}
	dma_async_issue_pending(ft->chan);
	front_execute(ft, 1);
	KUNIT_EXPECT_EQ(test, kref_read(&unmap[0]->kref), 1);
	KUNIT_EXPECT_EQ(test, kref_read(&unmap[1]->kref), 2);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(ft->chan), 0);
	KUNIT_EXPECT_EQ(test, kref_read(&unmap[1]->kref), 1);
	for (i = 0; i < 2; i++)
		dmaengine_unmap_put(unmap[i]);
}

/* --- channels ------------------------------------------------------------- */

/* A channel that is released and requested again is as new. */
static void front_request_again(struct kunit *test)
{
	struct front_test *ft = front_open(test);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		front_submit(ft, 0, 8);
		front_submit(ft, 1, 8);
		dma_async_issue_pending(ft->chan);
		KUNIT_EXPECT_STREQ(test, fake_history(ft->fake), "start 0+2");
		front_execute(ft, 1);
		front_release(ft);
		ft->chan = fake_request(ft->fake);
		KUNIT_ASSERT_NOT_NULL(test, ft->chan);
		fake_forget(ft->fake);
	}
}

/* Every allocation of a request can fail: no channel then, and nothing is left behind. */
static void front_request_without_memory(struct kunit *test)
{
	struct front_test *ft = test->priv;
	unsigned int n, round, failures = 0;
	struct dma_chan *chan;
	bool failed;

	failing_require(test);
	fake_provider_start(test, ft->fake);
	/* The kernel allocates for itself in between, not the same each time. */
	for (round = 0; round < 5; round++) {
		for (n = 1, failed = true; failed && n < 1000; n++) {
			failing_arm(n);
			chan = fake_request(ft->fake);
			failed = failing_disarm();
			failures += !chan;
			if (chan)
				dma_release_channel(chan);
		}
		KUNIT_EXPECT_FALSE(test, failed);
		KUNIT_EXPECT_NOT_NULL(test, chan);
	}
	/* The arrays have a second source of memory, the ring has not. */
	KUNIT_EXPECT_GE(test, failures, 1);
}

/* The same for registration and start */
static void front_start_without_memory(struct kunit *test)
{
	struct front_test *ft = test->priv;
	unsigned int n, failures = 0;
	struct netdma_provider *provider;
	bool failed;
	int err;

	failing_require(test);
	for (n = 1; n < 1000; n++) {
		failing_arm(n);
		provider = netdma_register_provider(ft->fake, &ft->fake->characteristics);
		err = PTR_ERR_OR_ZERO(provider);
		if (!err)
			err = netdma_provider_start(provider, &ft->fake->attributes);
		failed = failing_disarm();
		failures += !!err;
		if (!IS_ERR(provider)) {
			netdma_provider_stop(provider);
			netdma_deregister_provider(provider);
		}
		if (!failed)
			break;
	}
	KUNIT_EXPECT_LT(test, n, 1000);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_GE(test, failures, 4);
}

static struct kunit_case front_test_cases[] = {
	KUNIT_CASE(front_capabilities),
	KUNIT_CASE(front_order_is_of_submission),
	KUNIT_CASE(front_prep_without_submit),
	KUNIT_CASE(front_prep_until_full),
	KUNIT_CASE(front_submit_until_full),
	KUNIT_CASE(front_prep_reaps),
	KUNIT_CASE(front_prep_all_or_none),
	KUNIT_CASE(front_prep_forgets),
	KUNIT_CASE(front_submit_of_cancelled),
	KUNIT_CASE(front_cancelled_is_no_news),
	KUNIT_CASE(front_submit_of_stale),
	KUNIT_CASE(front_submit_after_many_terminates),
	KUNIT_CASE(front_submit_twice),
	KUNIT_CASE(front_prep_refuses_lengths),
	KUNIT_CASE(front_prep_refuses_more_than_4_gib),
	KUNIT_CASE(front_control_flags),
	KUNIT_CASE(front_split),
	KUNIT_CASE(front_split_comes_back),
	KUNIT_CASE(front_split_fails),
	KUNIT_CASE(front_split_at_the_limit),
	KUNIT_CASE(front_memset),
	KUNIT_CASE(front_memset_split),
	KUNIT_CASE(front_interrupt),
	KUNIT_CASE(front_interrupt_is_valid),
	KUNIT_CASE(front_interrupt_closes_batch),
	KUNIT_CASE(front_links),
	KUNIT_CASE(front_append_continues),
	KUNIT_CASE(front_status_of_each_stage),
	KUNIT_CASE(front_status_without_callbacks),
	KUNIT_CASE(front_status_of_wrapped_cookies),
	KUNIT_CASE(front_status_after_wrap),
	KUNIT_CASE(front_status_over_wrap),
	KUNIT_CASE(front_status_of_wrapped_indices),
	KUNIT_CASE(front_status_causes_callbacks),
	KUNIT_CASE(front_status_of_failed_stays),
	KUNIT_CASE(front_failure_results),
	KUNIT_CASE(front_callbacks_in_order),
	KUNIT_CASE(front_callbacks_are_not_nested),
	KUNIT_CASE(front_callback_without_result),
	KUNIT_CASE(front_callback_submits),
	KUNIT_CASE(front_callback_terminates),
	KUNIT_CASE(front_unmaps),
	KUNIT_CASE(front_request_again),
	KUNIT_CASE(front_request_without_memory),
	KUNIT_CASE(front_start_without_memory),
	{ }
};

static struct kunit_suite front_test_suite = {
	.name = "netdma_dmaengine",
	.init = front_test_init,
	.exit = front_test_exit,
	.test_cases = front_test_cases,
};

kunit_test_suite(front_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for the dmaengine front end of NetDMA");
MODULE_LICENSE("GPL");
