// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of a NetDMA client
 *
 * What include/linux/netdma.h promises to clients about copies, with a fake provider
 * whose engine executes when it is told to.
 *
 * "R-..." names a rule of the NetDMA interface specification.
 */
#include <linux/dma-mapping.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/prandom.h>
#include <linux/preempt.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "failing.h"
#include "fake_provider.h"

#define BUF_SIZE	SZ_1M
#define RING		NETDMA_RING_DEFAULT
#define CAPACITY	(RING - 1)
#define MAX_CALLS	64
#define PAGES		4
#define MAX_SEGMENTS	8

/**
 * struct copy_call - a callback that came
 * @token: as told
 * @status: as told
 */
struct copy_call {
	netdma_token_t token;
	enum netdma_copy_status status;
};

/**
 * struct copy_test - what a case works with
 * @test: the case
 * @fake: the provider
 * @client: the client
 * @chan: its channel, number 0
 * @fc: the same as the provider has it
 * @info: what the client knows of it
 * @src: memory, mapped
 * @dst: memory, mapped
 * @src_dma: where @src is mapped
 * @dst_dma: where @dst is mapped
 * @from: PAGES pages in one
 * @to: likewise
 * @vfrom_pages: likewise
 * @vto_pages: likewise
 * @vfrom: @vfrom_pages, of which no two neighbours are neighbours
 * @vto: likewise
 * @to_page: which page of these is the next destination: what checks mappings wants
 *	no two for one cache line
 * @calls: the callbacks
 * @num_calls: how many there were
 * @depth: callbacks that are under way
 * @then: done in the callback
 * @work: the engine, when it runs beside the case
 * @answer: of what @then did
 */
struct copy_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct netdma_client *client;
	struct netdma_channel *chan;
	struct fake_channel *fc;
	struct netdma_channel_info info;
	u8 *src;
	u8 *dst;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
	struct page *from;
	struct page *to;
	struct page *vfrom_pages;
	struct page *vto_pages;
	u8 *vfrom;
	u8 *vto;
	unsigned int to_page;
	struct copy_call calls[MAX_CALLS];
	unsigned int num_calls;
	unsigned int depth;
	void (*then)(struct copy_test *ct, netdma_token_t token);
	struct delayed_work work;
	s64 answer;
};

/* The engine executes all that it has; something more is tried to be queued. */
static void copy_work(struct work_struct *work)
{
	struct copy_test *ct = container_of(to_delayed_work(work), struct copy_test, work);

	ct->answer = netdma_null_transfer(ct->chan, 0, NULL);
	fake_execute(ct->fc, U32_MAX);
	fake_interrupt(ct->fc);
}

static void copy_pattern(u8 *memory, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		memory[i] = i * 7 + i / 251;
}

static struct page *copy_pages(void)
{
	return alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, ilog2(PAGES));
}

/* As vmalloc() does if memory is in pieces */
static u8 *copy_vmap(struct page *page)
{
	struct page *pages[PAGES] = { page + 2, page, page + 3, page + 1 };

	return vmap(pages, PAGES, VM_MAP, PAGE_KERNEL);
}

static int copy_test_init(struct kunit *test)
{
	struct copy_test *ct = kunit_kzalloc(test, sizeof(*ct), GFP_KERNEL);

	if (!ct)
		return -ENOMEM;
	test->priv = ct;
	ct->test = test;
	INIT_DELAYED_WORK(&ct->work, copy_work);
	ct->fake = fake_provider_create(test);
	ct->src = kmalloc(BUF_SIZE, GFP_KERNEL);
	ct->dst = kzalloc(BUF_SIZE, GFP_KERNEL);
	ct->from = copy_pages();
	ct->to = copy_pages();
	ct->vfrom_pages = copy_pages();
	ct->vto_pages = copy_pages();
	if (!ct->src || !ct->dst || !ct->from || !ct->to || !ct->vfrom_pages || !ct->vto_pages)
		return -ENOMEM;
	ct->vfrom = copy_vmap(ct->vfrom_pages);
	ct->vto = copy_vmap(ct->vto_pages);
	if (!ct->vfrom || !ct->vto)
		return -ENOMEM;
	copy_pattern(ct->src, BUF_SIZE);
	copy_pattern(page_address(ct->from), PAGES * PAGE_SIZE);
	copy_pattern(ct->vfrom, PAGES * PAGE_SIZE);

	ct->src_dma = dma_map_single(ct->fake->dev, ct->src, BUF_SIZE, DMA_TO_DEVICE);
	if (dma_mapping_error(ct->fake->dev, ct->src_dma))
		return -ENOMEM;
	ct->dst_dma = dma_map_single(ct->fake->dev, ct->dst, BUF_SIZE, DMA_FROM_DEVICE);
	return dma_mapping_error(ct->fake->dev, ct->dst_dma);
}

static void copy_close(struct copy_test *ct)
{
	if (ct->chan)
		KUNIT_EXPECT_EQ(ct->test, netdma_free_channel(ct->chan), 0);
	ct->chan = NULL;
}

static void copy_free_pages(struct page *pages)
{
	if (pages)
		__free_pages(pages, ilog2(PAGES));
}

static void copy_test_exit(struct kunit *test)
{
	struct copy_test *ct = test->priv;

	if (!ct || !ct->fake)
		return;
	memset(ct->fake->answer, 0, sizeof(ct->fake->answer));
	copy_close(ct);
	if (ct->client)
		netdma_deregister_client(ct->client);
	if (ct->src_dma)
		dma_unmap_single(ct->fake->dev, ct->src_dma, BUF_SIZE, DMA_TO_DEVICE);
	if (ct->dst_dma)
		dma_unmap_single(ct->fake->dev, ct->dst_dma, BUF_SIZE, DMA_FROM_DEVICE);
	fake_provider_destroy(test, ct->fake);
	kfree(ct->src);
	kfree(ct->dst);
	vunmap(ct->vfrom);
	vunmap(ct->vto);
	copy_free_pages(ct->from);
	copy_free_pages(ct->to);
	copy_free_pages(ct->vfrom_pages);
	copy_free_pages(ct->vto_pages);
}

static struct netdma_channel *copy_allocate(struct copy_test *ct)
{
	struct netdma_channel_request request = {
		.provider = ct->fake->provider,
		.node = NUMA_NO_NODE,
		.cpu = -1,
	};

	return netdma_allocate_channel(ct->client, &request);
}

/* Start the provider, and allocate a channel. */
static struct copy_test *copy_open(struct kunit *test)
{
	struct copy_test *ct = test->priv;
	struct netdma_client *client;
	struct netdma_channel *chan;

	fake_provider_start(test, ct->fake);
	client = netdma_register_client("copy test", NULL, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, client);
	ct->client = client;
	chan = copy_allocate(ct);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, chan);
	ct->chan = chan;
	ct->fc = &ct->fake->channels[0];
	netdma_get_channel_info(ct->chan, &ct->info);
	fake_forget(ct->fake);
	return ct;
}

static void copy_called(void *context, netdma_token_t token, enum netdma_copy_status status)
{
	struct copy_test *ct = context;

	KUNIT_EXPECT_EQ(ct->test, ct->depth++, 0);
	KUNIT_EXPECT_TRUE(ct->test, in_softirq());
	KUNIT_EXPECT_FALSE(ct->test, irqs_disabled());
	KUNIT_EXPECT_NE(ct->test, (int)netdma_get_copy_status(ct->chan, token),
			NETDMA_COPY_PENDING);
	if (ct->num_calls < MAX_CALLS)
		ct->calls[ct->num_calls] = (struct copy_call) { token, status };
	ct->num_calls++;
	if (ct->then)
		ct->then(ct, token);
	ct->depth--;
}

static struct netdma_callback copy_callback(struct copy_test *ct)
{
	return (struct netdma_callback) { .fn = copy_called, .context = ct };
}

/* Queue one, with or without a callback. */
static netdma_token_t copy_queue(struct copy_test *ct, size_t len, u32 flags, bool call)
{
	struct netdma_callback callback = copy_callback(ct);

	return netdma_chain_copy_dma(ct->chan, ct->dst_dma, ct->src_dma, len, flags,
				     call ? &callback : NULL);
}

/* Queue @n small ones, which are expected to have the tokens from @first on. */
static void copy_queue_some(struct copy_test *ct, netdma_token_t first, unsigned int n, bool call)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(ct->test, copy_queue(ct, 8, 0, call), first + i);
}

static void copy_execute(struct copy_test *ct, u32 count)
{
	KUNIT_ASSERT_EQ(ct->test, fake_execute(ct->fc, count), count);
	fake_interrupt(ct->fc);
}

/* Queue and execute @n, with nobody asking. */
static void copy_run(struct copy_test *ct, unsigned int n)
{
	while (n--) {
		KUNIT_ASSERT_GT(ct->test, copy_queue(ct, 8, NETDMA_COPY_FLUSH, false), 0);
		KUNIT_ASSERT_EQ(ct->test, fake_execute(ct->fc, 1), 1);
	}
}

#define copy_expect_status(which, token, status) do {				\
	struct copy_test *_ct = which;							\
											\
	KUNIT_EXPECT_EQ(_ct->test, (int)netdma_get_copy_status(_ct->chan, token),		\
			(int)(status));							\
} while (0)

/* The @n-th callback was for @token. */
static void copy_expect_call(struct copy_test *ct, unsigned int n, netdma_token_t token,
			     enum netdma_copy_status status)
{
	KUNIT_ASSERT_LT(ct->test, n, ct->num_calls);
	KUNIT_EXPECT_EQ(ct->test, ct->calls[n].token, token);
	KUNIT_EXPECT_EQ(ct->test, (int)ct->calls[n].status, (int)status);
}

static const struct netdma_descriptor *copy_desc(struct copy_test *ct, u32 slot)
{
	return netdma_ring_slot(&ct->chan->ring, slot);
}

static u32 copy_control(struct copy_test *ct, u32 slot)
{
	return le32_to_cpu(copy_desc(ct, slot)->control);
}

static u32 copy_size(struct copy_test *ct, u32 slot)
{
	return le32_to_cpu(copy_desc(ct, slot)->size);
}

/* How many descriptors have been written? */
static u32 copy_written(struct copy_test *ct)
{
	return ct->chan->ring.head;
}

/* --- every way to queue something ----------------------------------------- */

/**
 * struct copy_way - a function that queues
 * @name: of it
 * @queue: calls it
 * @sized: it takes a length
 */
struct copy_way {
	const char *name;
	netdma_token_t (*queue)(struct copy_test *ct, size_t len, u32 flags,
				const struct netdma_callback *callback);
	bool sized;
};

static netdma_token_t copy_by_dma(struct copy_test *ct, size_t len, u32 flags,
				  const struct netdma_callback *callback)
{
	return netdma_chain_copy_dma(ct->chan, ct->dst_dma, ct->src_dma, len, flags, callback);
}

static netdma_token_t copy_by_batch(struct copy_test *ct, size_t len, u32 flags,
				    const struct netdma_callback *callback)
{
	struct netdma_copy copy = { ct->dst_dma, ct->src_dma, len };

	return netdma_chain_copy_dma_batch(ct->chan, &copy, 1, flags, callback);
}

static netdma_token_t copy_by_page(struct copy_test *ct, size_t len, u32 flags,
				   const struct netdma_callback *callback)
{
	return netdma_chain_copy_page(ct->chan, ct->to + ct->to_page++ % PAGES, 0, ct->from, 0,
				      len, flags, callback);
}

static netdma_token_t copy_by_virt(struct copy_test *ct, size_t len, u32 flags,
				   const struct netdma_callback *callback)
{
	return netdma_chain_copy_virt(ct->chan, ct->vto + ct->to_page++ % PAGES * PAGE_SIZE,
				      ct->vfrom, len, flags, callback);
}

static netdma_token_t copy_by_sg(struct copy_test *ct, size_t len, u32 flags,
				 const struct netdma_callback *callback)
{
	struct scatterlist dst, src;

	sg_init_one(&dst, ct->dst, len);
	sg_init_one(&src, ct->src, len);
	sg_dma_address(&dst) = ct->dst_dma;
	sg_dma_address(&src) = ct->src_dma;
	sg_dma_len(&dst) = len;
	sg_dma_len(&src) = len;
	return netdma_chain_copy_sg(ct->chan, &dst, 1, &src, 1, flags, callback);
}

static netdma_token_t copy_by_null(struct copy_test *ct, size_t len, u32 flags,
				   const struct netdma_callback *callback)
{
	return netdma_null_transfer(ct->chan, flags, callback);
}

static const struct copy_way copy_ways[] = {
	{ "dma", copy_by_dma, true },
	{ "batch", copy_by_batch, true },
	{ "page", copy_by_page, true },
	{ "virt", copy_by_virt, true },
	{ "sg", copy_by_sg, true },
	{ "null", copy_by_null, false },
};

static void copy_way_describe(const struct copy_way *way, char *desc)
{
	strscpy(desc, way->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(copy_way, copy_ways, copy_way_describe);

/* A token, nothing executed before a flush, one callback, the status. */
static void copy_way_works(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);

	KUNIT_EXPECT_EQ(test, way->queue(ct, 100, 0, NULL), 1);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 100, 0, NULL), 2);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 100, 0, &callback), 3);
	memset(&callback, 0, sizeof(callback));
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	copy_expect_status(ct, 1, NETDMA_COPY_PENDING);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+3");
	copy_execute(ct, 2);
	copy_expect_status(ct, 2, NETDMA_COPY_DONE);
	copy_expect_status(ct, 3, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 0);
	copy_execute(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 3, NETDMA_COPY_DONE);
	KUNIT_EXPECT_EQ(test, copy_size(ct, 0), way->sized ? 100 : 1);
}

/* NETDMA_COPY_FLUSH is netdma_flush(); only what has a callback interrupts; fences. */
static void copy_way_flags(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);
	u32 null = way->sized ? 0 : NETDMA_DESC_NULL;

	way->queue(ct, 100, NETDMA_COPY_FLUSH, NULL);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1");
	way->queue(ct, 100, NETDMA_COPY_FENCE, NULL);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1");
	way->queue(ct, 100, NETDMA_COPY_FLUSH, &callback);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1, append 1+2");
	KUNIT_EXPECT_EQ(test, copy_control(ct, 0), null | NETDMA_DESC_STATUS);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 1),
			null | NETDMA_DESC_STATUS | NETDMA_DESC_FENCE);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 2),
			null | NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	copy_execute(ct, 3);
}

/* Misuse: -EINVAL, and nothing has happened. */
static void copy_way_refuses(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);
	struct netdma_callback nothing = { .context = ct };

	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, BIT(2), NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, BIT(2), &callback), -EINVAL);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, BIT(31) | NETDMA_COPY_FLUSH, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, NETDMA_COPY_FLUSH, &nothing), -EINVAL);
	if (way->sized)
		KUNIT_EXPECT_EQ(test, way->queue(ct, 0, NETDMA_COPY_FLUSH, NULL), -EINVAL);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	KUNIT_EXPECT_EQ(test, copy_written(ct), 0);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, 0, NULL), 1);
}

/* No room: -EBUSY, and nothing has happened. */
static void copy_way_without_room(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, CAPACITY, false);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, 0, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, copy_written(ct), CAPACITY);
	copy_expect_status(ct, RING, NETDMA_COPY_UNKNOWN);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, 0, NULL), RING);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, 0, NULL), -EBUSY);
}

/* After the provider's stop: -ESHUTDOWN, and nothing of the provider is called. */
static void copy_way_after_stop(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);

	fake_provider_stop(ct->fake);
	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, NETDMA_COPY_FLUSH, &callback), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 0);
	copy_expect_status(ct, 1, NETDMA_COPY_UNKNOWN);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
}

/* Of an aborted and of a failed copy, the callback is told once as well. */
static void copy_way_fails(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);

	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, 0, &callback), 1);
	KUNIT_EXPECT_EQ(test, way->queue(ct, 8, NETDMA_COPY_FLUSH, &callback), 2);
	fake_halt(ct->fc, NETDMA_FAILURE_WRITE);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_WRITE_FAILED);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
}

/* --- tokens and lengths --------------------------------------------------- */

/* Tokens count the copies from 1 on, whatever they are; those of a batch are in a row. */
static void copy_tokens_count(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_copy copies[3] = {
		{ ct->dst_dma, ct->src_dma, 1 },
		{ ct->dst_dma, ct->src_dma, ct->info.max_transfer + 1 },
		{ ct->dst_dma, ct->src_dma, 1 },
	};

	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), 1);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 2 * ct->info.max_transfer, 0, false), 2);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 3, 0, NULL), 5);
	KUNIT_EXPECT_EQ(test, netdma_null_transfer(ct->chan, NETDMA_COPY_FLUSH, NULL), 6);

	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 4), 4);
	copy_expect_status(ct, 3, NETDMA_COPY_DONE);
	copy_expect_status(ct, 4, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	copy_expect_status(ct, 4, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	copy_expect_status(ct, 4, NETDMA_COPY_DONE);
	copy_expect_status(ct, 5, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 2), 2);
	copy_expect_status(ct, 6, NETDMA_COPY_DONE);
}

/* What is copied is there, and nothing beside it. */
static void copy_moves_data(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma(ct->chan, ct->dst_dma + 5, ct->src_dma + 3,
						    1000, NETDMA_COPY_FLUSH, NULL), 1);
	copy_execute(ct, 1);
	KUNIT_EXPECT_EQ(test, memcmp(ct->dst + 5, ct->src + 3, 1000), 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(ct->dst, 0, 5), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(ct->dst + 1005, 0, 1000), NULL);
}

/* R-DESC-4: split at the largest transfer; only the last descriptor has flags. */
static void copy_is_split(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u32 max = ct->info.max_transfer;

	KUNIT_EXPECT_EQ(test, copy_queue(ct, max, 0, true), 1);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 1);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 2 * max + 5, NETDMA_COPY_FENCE, true), 2);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 4);
	KUNIT_EXPECT_EQ(test, copy_size(ct, 1), max);
	KUNIT_EXPECT_EQ(test, copy_size(ct, 2), max);
	KUNIT_EXPECT_EQ(test, copy_size(ct, 3), 5);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 1), 0);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 2), 0);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 3),
			NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT | NETDMA_DESC_FENCE);
	netdma_flush(ct->chan);
	copy_execute(ct, 4);
	KUNIT_EXPECT_EQ(test, memcmp(ct->dst, ct->src, 2 * max + 5), 0);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
}

/* A copy that fits into the ring is taken; one byte more is not. */
static void copy_largest(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	size_t largest = (size_t)CAPACITY * ct->info.max_transfer;

	KUNIT_EXPECT_EQ(test, copy_queue(ct, largest + 1, 0, false), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, SIZE_MAX, 0, false), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, BIT_ULL(48), 0, false), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, largest, 0, false), 1);
	KUNIT_EXPECT_EQ(test, copy_written(ct), CAPACITY);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 1, 0, false), -EBUSY);
}

/* A range may end where the addresses end, but not go around. */
static void copy_refuses_to_wrap(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_copy copy = { ct->dst_dma, U64_MAX - 6, 8 };
	dma_addr_t end = U64_MAX - 6;

	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma(ct->chan, end, ct->src_dma, 8, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma(ct->chan, ct->dst_dma, end, 8, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, &copy, 1, 0, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma(ct->chan, end, ct->src_dma, 7, 0, NULL), 1);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma(ct->chan, ct->dst_dma, end, 7, 0, NULL), 2);
}

/* R-NULL-1, R-NULL-2, R-NULL-4: an ordinary descriptor that moves nothing */
static void copy_null_transfer(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);
	const struct netdma_descriptor *desc = copy_desc(ct, 1);
	struct netdma_ring *ring = &ct->chan->ring;

	copy_queue(ct, 8, 0, false);
	KUNIT_EXPECT_EQ(test, netdma_null_transfer(ct->chan, NETDMA_COPY_FLUSH, &callback), 2);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 1),
			NETDMA_DESC_NULL | NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	KUNIT_EXPECT_EQ(test, copy_size(ct, 1), 1);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(desc->src), netdma_ring_addr(ring, 1) + 48);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(desc->dst), netdma_ring_addr(ring, 1) + 56);
	copy_execute(ct, 2);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 0, 2, NETDMA_COPY_DONE);
}

/* --- batches -------------------------------------------------------------- */

/* Every copy reports and is fenced if asked for; the last one interrupts. */
static void copy_batch_flags(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);
	struct netdma_copy copies[3] = {
		{ ct->dst_dma, ct->src_dma, 10 },
		{ ct->dst_dma + 20, ct->src_dma + 30, 11 },
		{ ct->dst_dma + 40, ct->src_dma + 60, 12 },
	};
	u32 each = NETDMA_DESC_STATUS | NETDMA_DESC_FENCE;

	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 3,
							  NETDMA_COPY_FENCE | NETDMA_COPY_FLUSH,
							  &callback), 3);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+3");
	KUNIT_EXPECT_EQ(test, copy_control(ct, 0), each);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 1), each);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 2), each | NETDMA_DESC_INTERRUPT);
	copy_execute(ct, 2);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 0);
	copy_execute(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 3, NETDMA_COPY_DONE);
	KUNIT_EXPECT_EQ(test, memcmp(ct->dst, ct->src, 10), 0);
	KUNIT_EXPECT_EQ(test, memcmp(ct->dst + 20, ct->src + 30, 11), 0);
	KUNIT_EXPECT_EQ(test, memcmp(ct->dst + 40, ct->src + 60, 12), 0);
}

/* The same if one of them takes more than one descriptor */
static void copy_batch_with_split(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);
	struct netdma_copy copies[3] = {
		{ ct->dst_dma, ct->src_dma, 10 },
		{ ct->dst_dma, ct->src_dma, ct->info.max_transfer + 1 },
		{ ct->dst_dma, ct->src_dma, 12 },
	};
	u32 each = NETDMA_DESC_STATUS | NETDMA_DESC_FENCE;

	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 3,
							  NETDMA_COPY_FENCE | NETDMA_COPY_FLUSH,
							  &callback), 3);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+4");
	KUNIT_EXPECT_EQ(test, copy_control(ct, 0), each);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 1), 0);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 2), each);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 3), each | NETDMA_DESC_INTERRUPT);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	copy_execute(ct, 3);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 3, NETDMA_COPY_READ_FAILED);
	copy_expect_status(ct, 2, NETDMA_COPY_DONE);
}

/* All or none: what there is no room for now, and what there never is */
static void copy_batch_all_or_none(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_callback callback = copy_callback(ct);
	struct netdma_copy *copies;
	unsigned int i;

	copies = kunit_kcalloc(test, RING, sizeof(*copies), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copies);
	for (i = 0; i < RING; i++)
		copies[i] = (struct netdma_copy) { ct->dst_dma, ct->src_dma, 8 };

	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 0, 0, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 0, 0, &callback),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, RING, 0, NULL),
			-EINVAL);
	copies[1].len = 0;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 3, 0, NULL), -EINVAL);
	copies[1].len = ct->info.max_transfer + 1;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, CAPACITY, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 0);

	copy_queue_some(ct, 1, CAPACITY - 3, false);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 3, 0, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, copy_written(ct), CAPACITY - 3);
	copies[1].len = 8;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, 3, 0, NULL), CAPACITY);
	KUNIT_EXPECT_EQ(test, copy_written(ct), CAPACITY);
}

/* A batch may fill the whole ring. */
static void copy_batch_largest(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_copy *copies;
	unsigned int i;

	copies = kunit_kcalloc(test, CAPACITY, sizeof(*copies), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copies);
	for (i = 0; i < CAPACITY; i++)
		copies[i] = (struct netdma_copy) { ct->dst_dma, ct->src_dma, 8 };
	for (i = 1; i <= 3; i++) {
		KUNIT_ASSERT_EQ(test, netdma_chain_copy_dma_batch(ct->chan, copies, CAPACITY, 0,
								  NULL), i * CAPACITY);
		KUNIT_ASSERT_EQ(test, fake_execute(ct->fc, CAPACITY), CAPACITY);
		copy_expect_status(ct, i * CAPACITY, NETDMA_COPY_DONE);
	}
}

static netdma_token_t copy_batch_of(struct copy_test *ct, unsigned int n)
{
	struct netdma_callback callback = copy_callback(ct);
	struct netdma_copy copies[8];
	unsigned int i;

	for (i = 0; i < n; i++)
		copies[i] = (struct netdma_copy) { ct->dst_dma, ct->src_dma, 8 };
	return netdma_chain_copy_dma_batch(ct->chan, copies, n, NETDMA_COPY_FLUSH, &callback);
}

/* The callback is told of the first copy that is not done; each has its own status. */
static void copy_batch_fails(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, copy_batch_of(ct, 5), 5);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	fake_halt(ct->fc, NETDMA_FAILURE_WRITE);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 0);
	copy_execute(ct, 1);

	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 5, NETDMA_COPY_WRITE_FAILED);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_expect_status(ct, 2, NETDMA_COPY_WRITE_FAILED);
	copy_expect_status(ct, 3, NETDMA_COPY_DONE);
	copy_expect_status(ct, 4, NETDMA_COPY_READ_FAILED);
	copy_expect_status(ct, 5, NETDMA_COPY_DONE);
}

/* What failed before the batch, or after it, is not the batch's. */
static void copy_batch_among_failures(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), 1);
	KUNIT_EXPECT_EQ(test, copy_batch_of(ct, 2), 3);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, NETDMA_COPY_FLUSH, false), 4);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 2), 2);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 3, NETDMA_COPY_DONE);
	copy_expect_status(ct, 1, NETDMA_COPY_READ_FAILED);
	copy_expect_status(ct, 4, NETDMA_COPY_READ_FAILED);
}

/* --- room and the pending limit ------------------------------------------- */

/* Without a callback, nobody has to be told: queueing finds the room by itself. */
static void copy_queue_reaps(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_run(ct, 3 * RING);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), 3 * RING + 1);
	copy_expect_status(ct, 3 * RING, NETDMA_COPY_DONE);
}

/* The same in front of a copy that is not finished, and takes many descriptors */
static void copy_queue_reaps_before_split(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u32 max = ct->info.max_transfer;

	copy_queue_some(ct, 1, CAPACITY - 500, false);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 500 * max, NETDMA_COPY_FLUSH, false), CAPACITY - 499);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, CAPACITY - 500), CAPACITY - 500);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, (CAPACITY - 500) * max, 0, false), CAPACITY - 498);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 2 * CAPACITY - 500);
}

/* What has to be called back keeps its room until it is; it is made to happen. */
static void copy_room_after_callback(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 1, true);
	copy_queue_some(ct, 2, CAPACITY - 1, false);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, CAPACITY), CAPACITY);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), -EBUSY);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_queue_some(ct, RING, CAPACITY, false);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), -EBUSY);
}

/* Aborted copies that no one has flushed give their slots back, but not their places. */
static void copy_room_after_abort(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, CAPACITY), 0);
	copy_queue_some(ct, 1, 1, true);
	copy_queue_some(ct, 2, CAPACITY - 2, false);
	local_bh_disable();
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 0);
	copy_queue_some(ct, CAPACITY, 1, true);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), -EBUSY);
	copy_expect_status(ct, 1, NETDMA_COPY_ABORTED);
	copy_expect_status(ct, CAPACITY - 1, NETDMA_COPY_ABORTED);
	copy_expect_status(ct, CAPACITY, NETDMA_COPY_PENDING);
	local_bh_enable();
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_queue_some(ct, RING, CAPACITY - 1, false);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), -EBUSY);
}

/* Section 4.1: as many descriptors as the limit says are flushed, at first half of the ring. */
static void copy_limit_flushes(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u32 max = netdma_get_max_pending_descriptors(ct->chan);

	KUNIT_EXPECT_EQ(test, ct->info.capacity, CAPACITY);
	KUNIT_EXPECT_EQ(test, max, CAPACITY / 2);
	copy_queue_some(ct, 1, max - 1, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	copy_queue_some(ct, max, 1, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+511");
	copy_queue_some(ct, max + 1, max - 1, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+511");
	copy_queue_some(ct, 2 * max, 1, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+511, append 511+511");
}

/* A flush begins the count anew; the descriptors of a split copy and of a batch count. */
static void copy_limit_counts(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 3), 0);
	copy_queue_some(ct, 1, 2, false);
	netdma_flush(ct->chan);
	copy_queue_some(ct, 3, 1, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+2");
	copy_queue(ct, 2 * ct->info.max_transfer, 0, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+2, append 2+3");
	fake_forget(ct->fake);
	copy_batch_of(ct, 7);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "append 5+7");
}

/* The limit is from 1, when every copy is flushed, to the capacity. */
static void copy_limit_is_set(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, CAPACITY + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_get_max_pending_descriptors(ct->chan), CAPACITY / 2);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 1), 0);
	KUNIT_EXPECT_EQ(test, netdma_get_max_pending_descriptors(ct->chan), 1);
	copy_queue_some(ct, 1, 2, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1, append 1+1");
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, CAPACITY), 0);
	KUNIT_EXPECT_EQ(test, netdma_get_max_pending_descriptors(ct->chan), CAPACITY);
	fake_forget(ct->fake);
	copy_queue_some(ct, 3, 5, false);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 6), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	/* Lowered: what waits is too much already. */
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 5), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "append 2+5");
}

/* Whoever only queues, and never flushes, is not stuck: a full ring flushes itself. */
static void copy_full_ring_flushes(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, CAPACITY), 0);
	copy_queue_some(ct, 1, CAPACITY - 1, false);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 2 * ct->info.max_transfer, 0, false), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1022");
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 2 * ct->info.max_transfer, 0, false), CAPACITY);
}

/* Nothing queued: a flush does not touch the engine. */
static void copy_flush_of_nothing(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	netdma_flush(ct->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	copy_run(ct, 1);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1");
}

/* --- status --------------------------------------------------------------- */

/* No copy has such a token: none, an error, one of the future. */
static void copy_status_of_unknown(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	static const s64 tokens[] = { 0, -1, -EBUSY, S64_MIN, S64_MAX, 2, RING + 1 };
	unsigned int i;

	copy_run(ct, 1);
	for (i = 0; i < ARRAY_SIZE(tokens); i++) {
		copy_expect_status(ct, tokens[i], NETDMA_COPY_UNKNOWN);
		KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, tokens[i]), -EINVAL);
	}
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
}

/* A copy is remembered until as many more were queued as the ring has descriptors. */
static void copy_status_is_forgotten(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_run(ct, 1);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	copy_run(ct, RING - 2);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_queue(ct, 8, 0, false);
	copy_expect_status(ct, 1, NETDMA_COPY_UNKNOWN);
	copy_expect_status(ct, 2, NETDMA_COPY_READ_FAILED);
	copy_queue(ct, 8, 0, false);
	copy_expect_status(ct, 2, NETDMA_COPY_UNKNOWN);
	copy_expect_status(ct, 3, NETDMA_COPY_DONE);
}

/* The failure of a copy is not that of the next one in its place. */
static void copy_status_of_reused_place(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	copy_run(ct, RING);
	copy_expect_status(ct, RING + 1, NETDMA_COPY_DONE);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	copy_expect_status(ct, RING + 1, NETDMA_COPY_DONE);
	copy_expect_status(ct, RING + 2, NETDMA_COPY_READ_FAILED);
	copy_run(ct, RING - 2);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	fake_halt(ct->fc, NETDMA_FAILURE_WRITE);
	copy_expect_status(ct, 2 * RING + 1, NETDMA_COPY_WRITE_FAILED);
}

/* A status is known without an interrupt, and asking runs no callback at once. */
static void copy_status_by_polling(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 1, true);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 1), 0);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 2), 2);
	local_bh_disable();
	copy_expect_status(ct, 2, NETDMA_COPY_DONE);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 1), 1);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 2), 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 0);
	local_bh_enable();
	/* It is made to be called, and once only. */
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	fake_interrupt(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
}

struct copy_failure {
	const char *name;
	enum netdma_failure failure;
	enum netdma_copy_status status;
};

static const struct copy_failure copy_failures[] = {
	{ "read", NETDMA_FAILURE_READ, NETDMA_COPY_READ_FAILED },
	{ "write", NETDMA_FAILURE_WRITE, NETDMA_COPY_WRITE_FAILED },
	{ "other", NETDMA_FAILURE_OTHER, NETDMA_COPY_FAILED },
};

static void copy_failure_describe(const struct copy_failure *failure, char *desc)
{
	strscpy(desc, failure->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(copy_failure, copy_failures, copy_failure_describe);

/* Section 7.2: the copy that failed has failed, with its reason; the others are done. */
static void copy_fails(struct kunit *test)
{
	const struct copy_failure *failure = test->param_value;
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 4, true);
	netdma_flush(ct->chan);
	copy_execute(ct, 1);
	fake_halt(ct->fc, failure->failure);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+4, reason, reset, start 2+2");
	copy_expect_status(ct, 2, failure->status);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 2), -EIO);
	copy_expect_status(ct, 3, NETDMA_COPY_PENDING);
	copy_execute(ct, 2);

	KUNIT_EXPECT_EQ(test, ct->num_calls, 4);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, failure->status);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_DONE);
	copy_expect_call(ct, 3, 4, NETDMA_COPY_DONE);
}

/* Of a split copy that fails, the rest is not executed; the next copy is. */
static void copy_split_fails(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue(ct, 3 * ct->info.max_transfer, 0, true);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	fake_halt(ct->fc, NETDMA_FAILURE_WRITE);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+4, reason, reset, start 3+1");
	copy_execute(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_WRITE_FAILED);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_DONE);
}

/* The engine has completed one more before it halted, and nobody was told. */
static void copy_during_reason(struct fake_channel *fc, enum fake_op op)
{
	if (op != FAKE_HALT_REASON)
		return;
	fc->state = FAKE_IS_RUNNING;
	fake_execute(fc, 1);
	fc->state = FAKE_IS_HALTED;
}

/* What was complete before the error is done: the first that is not complete has failed. */
static void copy_fails_behind_completed(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	ct->fake->during = copy_during_reason;
	copy_queue_some(ct, 1, 3, true);
	netdma_flush(ct->chan);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	ct->fake->during = NULL;
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_READ_FAILED);
	copy_execute(ct, 1);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_DONE);
}

/* An error of an engine that has nothing to do fails nobody. */
static void copy_fails_when_idle(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	copy_execute(ct, 1);
	copy_queue(ct, 8, 0, true);
	fake_halt(ct->fc, NETDMA_FAILURE_OTHER);
	copy_expect_status(ct, 2, NETDMA_COPY_PENDING);
	netdma_flush(ct->chan);
	copy_execute(ct, 1);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_DONE);
}

/* The engine is gone: everything has failed, once, and nothing is taken any more. */
static void copy_channel_dies(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 3, true);
	netdma_flush(ct->chan);
	copy_execute(ct, 1);
	ct->fake->answer[FAKE_RESET] = -ENODEV;
	ct->fake->answer[FAKE_ABORT] = -ENODEV;
	fake_halt(ct->fc, NETDMA_FAILURE_READ);

	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_FAILED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_FAILED);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_expect_status(ct, 3, NETDMA_COPY_FAILED);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_reset(ct->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, NULL), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 1), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
}

/* It is gone in the middle of an abort: what was aborted stays so. */
static void copy_channel_dies_aborting(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 2, true);
	netdma_flush(ct->chan);
	ct->fake->answer[FAKE_RESET] = -ENODEV;
	ct->fake->answer[FAKE_ABORT] = -ENODEV;
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	copy_queue_some(ct, 3, 1, true);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_FAILED);
}

/* --- callbacks ------------------------------------------------------------ */

/* Once each, in the order of the tokens, however many there are at once. */
static void copy_callbacks_in_order(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	unsigned int i;

	copy_queue_some(ct, 1, 50, true);
	netdma_flush(ct->chan);
	copy_execute(ct, 50);
	fake_interrupt(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 50);
	for (i = 0; i < 50; i++)
		copy_expect_call(ct, i, i + 1, NETDMA_COPY_DONE);
}

/* Not of copies without one, in between */
static void copy_callbacks_of_some(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	unsigned int i;

	for (i = 0; i < 3 * 32; i++)
		copy_queue(ct, 8, 0, i % 3 == 1);
	netdma_flush(ct->chan);
	copy_execute(ct, 3 * 32);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 32);
	for (i = 0; i < 32; i++)
		copy_expect_call(ct, i, 3 * i + 2, NETDMA_COPY_DONE);
}

/* A place's next copy has no callback because the last one had. */
static void copy_callbacks_are_forgotten(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	copy_execute(ct, 1);
	copy_run(ct, RING - 1);
	copy_queue_some(ct, RING + 1, 1, false);
	copy_queue_some(ct, RING + 2, 1, true);
	netdma_flush(ct->chan);
	copy_execute(ct, 2);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 1, RING + 2, NETDMA_COPY_DONE);
}

static void copy_then_goes_on(struct copy_test *ct, netdma_token_t token)
{
	struct netdma_callback callback = copy_callback(ct);
	netdma_token_t last;

	if (token > 3)
		return;
	/* Even what is complete by now is called back later, not from inside here. */
	ct->answer = netdma_chain_copy_dma(ct->chan, ct->dst_dma, ct->src_dma, 8,
					   NETDMA_COPY_FLUSH, &callback);
	fake_execute(ct->fc, 1);
	netdma_interrupt_dpc(ct->chan, ct->fc->last);
	KUNIT_EXPECT_EQ(ct->test, (int)netdma_get_copy_status(ct->chan, ct->answer),
			NETDMA_COPY_DONE);
	KUNIT_EXPECT_EQ(ct->test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(ct->test, last, ct->answer);
	KUNIT_EXPECT_EQ(ct->test, netdma_resume(ct->chan), 0);
}

/* A callback may queue, flush, suspend and resume; callbacks do not nest. */
static void copy_callback_goes_on(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	ct->then = copy_then_goes_on;
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	copy_execute(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 4);
	KUNIT_EXPECT_EQ(test, ct->answer, 4);
}

static void copy_then_aborts(struct copy_test *ct, netdma_token_t token)
{
	if (token != 1)
		return;
	KUNIT_EXPECT_EQ(ct->test, netdma_abort(ct->chan), 0);
	ct->answer = copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
}

/* A callback may abort, and queue more behind that. */
static void copy_callback_aborts(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	ct->then = copy_then_aborts;
	copy_queue_some(ct, 1, 3, true);
	netdma_flush(ct->chan);
	copy_execute(ct, 1);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->answer, 4);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_execute(ct, 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 4);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 3, 4, NETDMA_COPY_DONE);
}

/* --- memory that is mapped ------------------------------------------------ */

/* From page to page, at any place in them, and beyond one as far as the folio goes. */
static void copy_page_moves_data(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u8 *from = page_address(ct->from), *to = page_address(ct->to);
	size_t len = 2 * PAGE_SIZE + 100;

	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to + 1, 50, ct->from,
						     PAGE_SIZE + 7, len, NETDMA_COPY_FLUSH, NULL),
			1);
	/* Neighbours: one descriptor */
	KUNIT_EXPECT_EQ(test, copy_size(ct, 0), len);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	KUNIT_EXPECT_EQ(test, memcmp(to + PAGE_SIZE + 50, from + PAGE_SIZE + 7, len), 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(to, 0, PAGE_SIZE + 50), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(to + PAGE_SIZE + 50 + len, 0, PAGE_SIZE - 150), NULL);
}

/* Not beyond the folio, on either side */
static void copy_page_refuses(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	size_t all = PAGES * PAGE_SIZE;
	static const size_t offsets[] = { 1, PAGES * PAGE_SIZE, PAGES * PAGE_SIZE + 1, SIZE_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to, offsets[i], ct->from,
							     0, all, 0, NULL), -EINVAL);
		KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to, 0, ct->from,
							     offsets[i], all, 0, NULL), -EINVAL);
	}
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to + 1, 0, ct->from, 0, all, 0,
						     NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to, 0, ct->from, 0, SIZE_MAX, 0,
						     NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to, 0, ct->from, 0, all, 0,
						     NULL), 1);
}

/* The linear map and vmalloc's, in any combination, across pages, at any offset */
static void copy_virt_moves_data(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u8 *from[] = { page_address(ct->from), ct->vfrom };
	u8 *to[] = { page_address(ct->to), ct->vto };
	size_t len = 2 * PAGE_SIZE + 300;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		u8 *dst = to[i / 2] + 77, *src = from[i % 2] + PAGE_SIZE - 5;

		memset(to[i / 2], 0, PAGES * PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, netdma_chain_copy_virt(ct->chan, dst, src, len,
							     NETDMA_COPY_FLUSH, NULL), i + 1);
		fake_execute(ct->fc, U32_MAX);
		copy_expect_status(ct, i + 1, NETDMA_COPY_DONE);
		KUNIT_EXPECT_EQ(test, memcmp(dst, src, len), 0);
		KUNIT_EXPECT_PTR_EQ(test, memchr_inv(to[i / 2], 0, 77), NULL);
		KUNIT_EXPECT_PTR_EQ(test, memchr_inv(dst + len, 0, PAGE_SIZE), NULL);
	}
	/* Nothing, the source, the destination, both in pieces */
	KUNIT_EXPECT_EQ(test, copy_written(ct), 1 + 4 + 3 + 6);
}

/* Neither the stack, nor what is no memory, nor memory with something else behind it */
static void copy_virt_refuses(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u8 *good = page_address(ct->from);
	u8 stack[64] = { 1 };
	void *bad[] = { stack, NULL, (void *)8, (void *)SZ_1M, (void *)ULONG_MAX - 7,
			ct->vfrom + PAGES * PAGE_SIZE - 4 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, netdma_chain_copy_virt(ct->chan, bad[i], good, 8, 0, NULL),
				-EINVAL);
		KUNIT_EXPECT_EQ(test, netdma_chain_copy_virt(ct->chan, good, bad[i], 8, 0, NULL),
				-EINVAL);
	}
	KUNIT_EXPECT_EQ(test, stack[0], 1);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_virt(ct->chan, good, good, SIZE_MAX, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 0);
}

/* Is there no mapping of it any more? What checks mappings complains if there is. */
static void copy_expect_unmapped(struct copy_test *ct, struct page *page)
{
	struct device *dev = ct->fake->dev;
	dma_addr_t dma = dma_map_page(dev, page, 0, 64, DMA_FROM_DEVICE);

	KUNIT_EXPECT_FALSE(ct->test, dma_mapping_error(dev, dma));
	dma_unmap_page(dev, dma, 64, DMA_FROM_DEVICE);
}

/* Queue a copy into a page of its own. */
static netdma_token_t copy_into_page(struct copy_test *ct, unsigned int n, bool call)
{
	struct netdma_callback callback = copy_callback(ct);

	return netdma_chain_copy_page(ct->chan, ct->to + n, 0, ct->from, 0, 64, 0,
				      call ? &callback : NULL);
}

static void copy_then_expects_unmapped(struct copy_test *ct, netdma_token_t token)
{
	copy_expect_unmapped(ct, ct->to + token - 1);
}

/* Unmapped before the callback: done, failed, aborted */
static void copy_unmaps_before_callback(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	ct->then = copy_then_expects_unmapped;
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 0, true), 1);
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 1, true), 2);
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 2, true), 3);
	netdma_flush(ct->chan);
	copy_execute(ct, 1);
	fake_halt(ct->fc, NETDMA_FAILURE_READ);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_ABORTED);
}

/* Unmapped before a status says that it is finished, also behind one to be called back */
static void copy_unmaps_before_status(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 1, true);
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 1, true), 2);
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 2, false), 3);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 3), 3);
	local_bh_disable();
	copy_expect_status(ct, 3, NETDMA_COPY_DONE);
	copy_expect_unmapped(ct, ct->to + 2);
	copy_expect_status(ct, 2, NETDMA_COPY_DONE);
	copy_expect_unmapped(ct, ct->to + 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 0);
	local_bh_enable();
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
}

/* Freeing the channel, or the provider's stop, unmaps what is left. */
static void copy_unmaps_at_the_end(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_into_page(ct, 0, false);
	netdma_flush(ct->chan);
	copy_into_page(ct, 1, true);
	copy_close(ct);
	copy_expect_unmapped(ct, ct->to);
	copy_expect_unmapped(ct, ct->to + 1);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	copy_expect_call(ct, 0, 2, NETDMA_COPY_ABORTED);

	ct->chan = copy_allocate(ct);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ct->chan);
	copy_into_page(ct, 2, false);
	netdma_flush(ct->chan);
	copy_into_page(ct, 3, false);
	fake_provider_stop(ct->fake);
	copy_expect_unmapped(ct, ct->to + 2);
	copy_expect_unmapped(ct, ct->to + 3);
}

/* Not taken: not mapped either */
static void copy_unmaps_what_is_refused(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, CAPACITY, false);
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 0, false), -EBUSY);
	copy_expect_unmapped(ct, ct->to);
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_EQ(test, copy_into_page(ct, 0, false), -ESHUTDOWN);
	copy_expect_unmapped(ct, ct->to);
}

/* A place's next copy is not unmapped because the last one was mapped. */
static void copy_mapping_is_forgotten(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_into_page(ct, 0, false);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	copy_run(ct, RING - 1);
	copy_queue_some(ct, RING + 1, 1, false);
	copy_queue_some(ct, RING + 2, 1, true);
	netdma_flush(ct->chan);
	copy_execute(ct, 2);
	copy_expect_unmapped(ct, ct->to);
}

/* No memory for the lists: -ENOMEM, and nothing has happened. */
static void copy_without_memory(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	netdma_token_t token;

	failing_require(test);
	failing_arm(1);
	token = copy_by_page(ct, 64, 0, NULL);
	KUNIT_EXPECT_TRUE(test, failing_disarm());
	KUNIT_EXPECT_EQ(test, token, -ENOMEM);
	failing_arm(1);
	token = copy_by_virt(ct, 64, 0, NULL);
	KUNIT_EXPECT_TRUE(test, failing_disarm());
	KUNIT_EXPECT_EQ(test, token, -ENOMEM);
	KUNIT_EXPECT_EQ(test, copy_by_virt(ct, 64, 0, NULL), 1);
}

/* After the provider's stop nothing is mapped: the device may have no driver. */
static void copy_maps_nothing_after_stop(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u64 *mask = ct->fake->dev->dma_mask;

	fake_provider_stop(ct->fake);
	ct->fake->dev->dma_mask = NULL;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, ct->to, 0, ct->from, 0, 8, 0, NULL),
			-ESHUTDOWN);
	ct->fake->dev->dma_mask = mask;
}

/* The destination, or the source, cannot be mapped: -ENOMEM, and nothing has happened. */
static void copy_without_mapping(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	u64 *mask = ct->fake->dev->dma_mask;
	struct page *low = ct->from, *high = ct->to;
	u64 all = *mask;

	if (page_to_phys(low) > page_to_phys(high))
		swap(low, high);
	*mask = page_to_phys(low) + PAGE_SIZE - 1;
	pr_info("rig: complaints follow\n");
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, high, 0, low, 0, 64, 0, NULL),
			-ENOMEM);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, low, 0, high, 0, 64, 0, NULL),
			-ENOMEM);
	pr_info("rig: complaints end\n");
	*mask = all;
	copy_expect_unmapped(ct, low);
	copy_expect_unmapped(ct, high);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_page(ct->chan, low, 0, high, 0, 64, 0, NULL), 1);
}

/* A provider of physical addresses: nothing is mapped, in no way to queue. */
static void copy_way_physical(struct kunit *test)
{
	const struct copy_way *way = test->param_value;
	struct copy_test *ct = test->priv;
	struct netdma_callback callback = copy_callback(ct);
	struct scatterlist dst, src;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PHYSICAL | NETDMA_PROVIDER_PRIVATE;
	copy_open(test);
	KUNIT_EXPECT_NULL(test, ct->info.dev);
	if (way->queue == copy_by_sg) {
		sg_init_one(&dst, ct->dst, 100);
		sg_init_one(&src, ct->src, 100);
		KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, &dst, 1, &src, 1, 0,
							   &callback), 1);
	} else {
		KUNIT_EXPECT_EQ(test, way->queue(ct, 100, 0, &callback), 1);
	}
	copy_expect_unmapped(ct, ct->to);
	netdma_flush(ct->chan);
	copy_execute(ct, 1);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	KUNIT_EXPECT_TRUE(test, !way->sized || !memcmp(ct->dst, ct->src, 100) ||
			  !memcmp(page_address(ct->to), page_address(ct->from), 100) ||
			  !memcmp(ct->vto, ct->vfrom, 100));
}

/* --- scattered memory ----------------------------------------------------- */

/**
 * struct copy_segment - of a list
 * @offset: into the memory
 * @len: bytes
 */
struct copy_segment {
	u32 offset;
	u32 len;
};

/* A list of @segments up to one without length, mapped at @dma. Returns how many. */
static unsigned int copy_list(struct scatterlist *sg, const struct copy_segment *segments,
			      u8 *memory, dma_addr_t dma)
{
	unsigned int n = 0, i;

	while (n < MAX_SEGMENTS && segments[n].len)
		n++;
	if (n)
		sg_init_table(sg, n);
	for (i = 0; i < n; i++) {
		sg_set_buf(&sg[i], memory + segments[i].offset, segments[i].len);
		sg_dma_address(&sg[i]) = dma + segments[i].offset;
		sg_dma_len(&sg[i]) = segments[i].len;
	}
	return n;
}

static netdma_token_t copy_scattered(struct copy_test *ct, const struct copy_segment *dst,
				     const struct copy_segment *src)
{
	struct scatterlist dst_sg[MAX_SEGMENTS], src_sg[MAX_SEGMENTS];
	unsigned int dst_nents = copy_list(dst_sg, dst, ct->dst, ct->dst_dma);
	unsigned int src_nents = copy_list(src_sg, src, ct->src, ct->src_dma);

	return netdma_chain_copy_sg(ct->chan, dst_sg, dst_nents, src_sg, src_nents,
				    NETDMA_COPY_FLUSH, NULL);
}

/* Is every byte of the lists where it should be? */
static bool copy_scattered_right(struct copy_test *ct, const struct copy_segment *dst,
				 const struct copy_segment *src)
{
	u32 i = 0, at = 0;

	for (; dst->len; dst++) {
		for (i = 0; i < dst->len; i++) {
			if (ct->dst[dst->offset + i] != ct->src[src->offset + at])
				return false;
			if (++at == src->len) {
				at = 0;
				src++;
			}
		}
	}
	return !src->len && !at;
}

#define BREAK_SRC	NETDMA_DESC_SRC_BREAK
#define BREAK_DST	NETDMA_DESC_DST_BREAK
#define PAGE(n)		((n) * SZ_4K)

/**
 * struct copy_scatter - two lists
 * @name: what is special
 * @dst: where to
 * @src: where from
 * @plain: descriptors that it takes
 * @broken: the same, with page breaks
 * @breaks: the breaks of the first one
 */
struct copy_scatter {
	const char *name;
	struct copy_segment dst[MAX_SEGMENTS];
	struct copy_segment src[MAX_SEGMENTS];
	u32 plain;
	u32 broken;
	u32 breaks;
};

static const struct copy_scatter copy_scatters[] = {
	{ "one segment each", { { 8, 100 } }, { { 16, 100 } }, 1, 1, 0 },
	{ "gaps on one side", { { 0, 100 }, { 200, 50 } }, { { 0, 150 } }, 2, 2, 0 },
	{ "gaps on both sides", { { 0, 100 }, { 200, 50 } }, { { 7, 30 }, { 50, 120 } }, 3, 3, 0 },
	{ "neighbours", { { 0, 100 }, { 100, 50 }, { 150, 1 } }, { { 9, 75 }, { 84, 76 } }, 1, 1,
	  0 },
	{ "more than a transfer", { { 0, SZ_64K }, { SZ_64K, SZ_64K } },
	  { { 0, 10 }, { 20, SZ_128K - 10 } }, 3, 3, 0 },
	{ "a break of the source", { { PAGE(1), PAGE(2) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7), PAGE(1) } }, 2, 1, BREAK_SRC },
	{ "a break of the destination", { { PAGE(9), PAGE(1) }, { PAGE(2), PAGE(1) } },
	  { { PAGE(1), PAGE(2) } }, 2, 1, BREAK_DST },
	{ "breaks of both", { { PAGE(9), PAGE(1) }, { PAGE(2), PAGE(1) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7), PAGE(1) } }, 2, 1, BREAK_SRC | BREAK_DST },
	{ "a break in larger segments", { { PAGE(9), PAGE(3) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7), PAGE(2) } }, 2, 2, BREAK_SRC },
	{ "four pages", { { PAGE(9), PAGE(1) }, { PAGE(2), PAGE(1) }, { PAGE(5), PAGE(1) },
			  { PAGE(7), PAGE(1) } }, { { PAGE(1), PAGE(4) } }, 4, 2, BREAK_DST },
	{ "pages in small segments", { { PAGE(9), SZ_2K }, { PAGE(9) + SZ_2K, SZ_2K },
				       { PAGE(2), SZ_1K }, { PAGE(2) + SZ_1K, SZ_1K + SZ_2K } },
	  { { PAGE(1), PAGE(2) } }, 2, 1, BREAK_DST },
	{ "pages that are neighbours", { { PAGE(1), PAGE(1) }, { PAGE(2), PAGE(1) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(2), PAGE(1) } }, 1, 1, 0 },
	{ "one page", { { PAGE(1), PAGE(1) } }, { { PAGE(1), PAGE(1) } }, 1, 1, 0 },
	{ "a page and a part", { { PAGE(1), PAGE(2) - 1 } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7), PAGE(1) - 1 } }, 2, 2, 0 },
	{ "a part and a page", { { PAGE(1), PAGE(2) - 1 } },
	  { { PAGE(1) + 1, PAGE(1) - 1 }, { PAGE(7), PAGE(1) } }, 2, 2, 0 },
	{ "pages on one side only", { { PAGE(1) + 8, PAGE(2) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7), PAGE(1) } }, 2, 2, 0 },
	{ "the first not aligned", { { PAGE(1), PAGE(2) } },
	  { { PAGE(1) + 8, PAGE(1) }, { PAGE(7), PAGE(1) } }, 2, 2, 0 },
	{ "the second not aligned", { { PAGE(1), PAGE(2) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7) + 8, PAGE(1) } }, 2, 2, 0 },
	{ "a second of two parts", { { PAGE(1), PAGE(2) } },
	  { { PAGE(1), PAGE(1) }, { PAGE(7), SZ_2K }, { PAGE(9) + SZ_2K, SZ_2K } }, 3, 3, 0 },
};

static void copy_scatter_describe(const struct copy_scatter *scatter, char *desc)
{
	strscpy(desc, scatter->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(copy_scatter, copy_scatters, copy_scatter_describe);

static void copy_expect_scattered(struct copy_test *ct, u32 descriptors, u32 breaks)
{
	const struct copy_scatter *scatter = ct->test->param_value;

	KUNIT_EXPECT_EQ(ct->test, copy_scattered(ct, scatter->dst, scatter->src), 1);
	KUNIT_EXPECT_EQ(ct->test, copy_written(ct), descriptors);
	KUNIT_EXPECT_EQ(ct->test, copy_control(ct, 0) & (BREAK_SRC | BREAK_DST), breaks);
	KUNIT_EXPECT_EQ(ct->test, fake_execute(ct->fc, descriptors - 1), descriptors - 1);
	copy_expect_status(ct, 1, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(ct->test, fake_execute(ct->fc, 2), 1);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	KUNIT_EXPECT_TRUE(ct->test, copy_scattered_right(ct, scatter->dst, scatter->src));
}

/* One copy for all segments, with no more descriptors than it needs */
static void copy_sg(struct kunit *test)
{
	const struct copy_scatter *scatter = test->param_value;

	copy_expect_scattered(copy_open(test), scatter->plain, 0);
}

/* R-PB-1, R-PB-2, R-PB-3, R-PB-4: with page breaks, in the one shape that is known to work */
static void copy_sg_breaks(struct kunit *test)
{
	const struct copy_scatter *scatter = test->param_value;
	struct copy_test *ct = test->priv;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PAGE_BREAK;
	copy_expect_scattered(copy_open(test), scatter->broken, scatter->breaks);
}

static const struct copy_segment copy_two_pages[] = { { PAGE(1), PAGE(2) }, {} };
static const struct copy_segment copy_two_apart[] = { { PAGE(1), PAGE(1) },
						      { PAGE(7), PAGE(1) }, {} };

/* R-DESC-4: not for an engine that does not transfer two pages at once */
static void copy_sg_breaks_not_if_too_large(struct kunit *test)
{
	struct copy_test *ct = test->priv;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PAGE_BREAK;
	ct->fake->attributes.max_transfer = SZ_8K - 1;
	copy_open(test);
	copy_scattered(ct, copy_two_pages, copy_two_apart);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 2);
	KUNIT_EXPECT_EQ(test, copy_control(ct, 0), 0);
}

/* Page breaks save descriptors of vmalloc memory as well. */
static void copy_virt_breaks(struct kunit *test)
{
	struct copy_test *ct = test->priv;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PAGE_BREAK;
	copy_open(test);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_virt(ct->chan, ct->vto, ct->vfrom,
						     PAGES * PAGE_SIZE, NETDMA_COPY_FLUSH, NULL),
			1);
	KUNIT_EXPECT_EQ(test, copy_written(ct), PAGES / 2);
	fake_execute(ct->fc, U32_MAX);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	KUNIT_EXPECT_EQ(test, memcmp(ct->vto, ct->vfrom, PAGES * PAGE_SIZE), 0);
}

/* Lists of different lengths, empty ones, empty segments, too few, and around the end */
static void copy_sg_refuses(struct kunit *test)
{
	static const struct copy_segment hundred[] = { { 0, 60 }, { 100, 40 }, {} };
	static const struct copy_segment less[] = { { 0, 60 }, { 100, 39 }, {} };
	static const struct copy_segment none[] = { {} };
	struct copy_test *ct = copy_open(test);
	struct scatterlist dst[2], src[2];

	KUNIT_EXPECT_EQ(test, copy_scattered(ct, hundred, less), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_scattered(ct, less, hundred), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_scattered(ct, none, none), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_scattered(ct, hundred, none), -EINVAL);

	copy_list(dst, hundred, ct->dst, ct->dst_dma);
	copy_list(src, hundred, ct->src, ct->src_dma);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, 3, src, 3, 0, NULL), -EINVAL);
	sg_dma_len(&dst[1]) = 0;
	sg_dma_len(&dst[0]) = 100;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, 2, src, 2, 0, NULL), -EINVAL);
	copy_list(dst, hundred, ct->dst, ct->dst_dma);
	sg_dma_address(&src[1]) = U64_MAX - 38;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, 2, src, 2, 0, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 0);
	sg_dma_address(&src[1]) = ct->src_dma;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, 2, src, 2, 0, NULL), 1);
}

/* More descriptors than the ring has: -EINVAL; just as many: taken, all or none */
static void copy_sg_largest(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct scatterlist *dst, src;
	unsigned int i;

	dst = kunit_kcalloc(test, RING, sizeof(*dst), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dst);
	sg_init_table(dst, RING);
	sg_init_one(&src, ct->src, RING);
	sg_dma_address(&src) = ct->src_dma;
	for (i = 0; i < RING; i++) {
		sg_set_buf(&dst[i], ct->dst + 2 * i, 1);
		sg_dma_address(&dst[i]) = ct->dst_dma + 2 * i;
		sg_dma_len(&dst[i]) = 1;
	}

	sg_dma_len(&src) = RING;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, RING, &src, 1, 0, NULL), -EINVAL);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	sg_dma_len(&src) = CAPACITY;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, CAPACITY, &src, 1, 0, NULL),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, copy_written(ct), 1);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(ct->chan, dst, CAPACITY, &src, 1, 0, NULL), 2);
	KUNIT_EXPECT_EQ(test, copy_written(ct), RING);
}

/* --- suspend, abort, reset ------------------------------------------------ */

/* R-SUSP-5: the last finished token; what is left, and what comes, waits for the resumption. */
static void copy_suspends(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	netdma_token_t last = -1;

	copy_queue_some(ct, 1, 4, true);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 2), 2);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(test, last, 2);
	copy_expect_status(ct, 2, NETDMA_COPY_DONE);
	copy_expect_status(ct, 3, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, NETDMA_COPY_FLUSH, true), 5);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+4, suspend");
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(test, last, 2);

	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+4, suspend, resume 2+3");
	copy_execute(ct, 3);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 5);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), -EINVAL);
}

/* The last token: 0 without any, that of an idle channel; not of a copy in its middle */
static void copy_suspend_tells_last(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	netdma_token_t last = -1;

	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(test, last, 0);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, NULL), 0);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), 0);

	copy_run(ct, 1);
	copy_queue(ct, 2 * ct->info.max_transfer, NETDMA_COPY_FLUSH, false);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(test, last, 1);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), 0);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 2), 2);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(test, last, 2);
}

/* A provider without suspend says so, for both. */
static void copy_suspend_is_optional(struct kunit *test)
{
	struct copy_test *ct = test->priv;

	ct->fake->characteristics.suspend = NULL;
	ct->fake->characteristics.resume = NULL;
	copy_open(test);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, false);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, NULL), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), -EOPNOTSUPP);
	copy_execute(ct, 1);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
}

static void copy_during_suspend(struct fake_channel *fc, enum fake_op op)
{
	struct copy_test *ct = fc->fake->priv;

	if (op != FAKE_SUSPEND)
		return;
	ct->answer = copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	KUNIT_EXPECT_EQ(ct->test, netdma_suspend(ct->chan, NULL), -EBUSY);
	KUNIT_EXPECT_EQ(ct->test, netdma_resume(ct->chan), -EBUSY);
}

/* While it is being suspended: a second suspension and a resumption are told to wait. */
static void copy_suspend_is_under_way(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	netdma_token_t last;

	ct->fake->priv = ct;
	ct->fake->during = copy_during_suspend;
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), 0);
	KUNIT_EXPECT_EQ(test, last, 0);
	KUNIT_EXPECT_EQ(test, ct->answer, 2);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), 0);
	copy_execute(ct, 2);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
}

static void copy_during_abort(struct fake_channel *fc, enum fake_op op)
{
	struct copy_test *ct = fc->fake->priv;

	if (op != FAKE_ABORT)
		return;
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_expect_status(ct, 2, NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(ct->test, netdma_is_copy_complete(ct->chan, 3), 0);
	/* Even what the engine completes now does not count. */
	fake_execute(fc, 1);
	copy_expect_status(ct, 2, NETDMA_COPY_PENDING);
	ct->answer = copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
}

/* Aborted is what is known to have stopped; what is queued meanwhile is executed. */
static void copy_aborts(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	ct->fake->priv = ct;
	ct->fake->during = copy_during_abort;
	copy_queue_some(ct, 1, 3, true);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, true), 4);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->answer, 5);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+3, reason, abort, start 4+1");
	KUNIT_EXPECT_EQ(test, ct->num_calls, 4);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 3, 4, NETDMA_COPY_ABORTED);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 3), -ECANCELED);
	copy_execute(ct, 1);
	copy_expect_call(ct, 4, 5, NETDMA_COPY_DONE);
}

/* The same without callbacks, for who asks only */
static void copy_aborts_silently(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	ct->fake->priv = ct;
	ct->fake->during = copy_during_abort;
	copy_queue_some(ct, 1, 3, false);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, copy_queue(ct, 8, 0, false), 4);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	fake_settle(ct->fc);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_expect_status(ct, 2, NETDMA_COPY_ABORTED);
	copy_expect_status(ct, 4, NETDMA_COPY_ABORTED);
	copy_expect_status(ct, 5, NETDMA_COPY_PENDING);
	copy_execute(ct, 1);
	copy_expect_status(ct, 5, NETDMA_COPY_DONE);
}

/* What no engine has is aborted at once, and no engine is touched. */
static void copy_aborts_unflushed(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 2, true);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	copy_expect_status(ct, 1, NETDMA_COPY_ABORTED);
	copy_queue_some(ct, 3, 1, true);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 0+1");
	copy_execute(ct, 1);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_DONE);
}

/* Nothing there, twice, and while suspended, which ends with it */
static void copy_aborts_anyway(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, NULL), 0);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), 0);
	fake_settle(ct->fc);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), -EINVAL);
	copy_run(ct, 1);
	copy_expect_status(ct, 3, NETDMA_COPY_DONE);
}

/* R-RESET-2, R-RESET-3: all is finished and called back on return; tokens count on. */
static void copy_resets(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 3, true);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, netdma_reset(ct->chan), 0);
	KUNIT_EXPECT_GE(test, fake_calls(ct->fake, FAKE_RESET), 1);
	KUNIT_EXPECT_EQ(test, (int)ct->fc->state, FAKE_IS_READY);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_ABORTED);
	fake_forget(ct->fake);
	copy_queue_some(ct, 4, 1, true);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "start 3+1");
	copy_execute(ct, 1);
	copy_expect_call(ct, 3, 4, NETDMA_COPY_DONE);
}

/* An idle channel is reset as well, and a suspended one. */
static void copy_resets_anyway(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	KUNIT_EXPECT_EQ(test, netdma_reset(ct->chan), 0);
	KUNIT_EXPECT_GE(test, fake_calls(ct->fake, FAKE_RESET), 1);
	copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, NULL), 0);
	KUNIT_EXPECT_EQ(test, netdma_reset(ct->chan), 0);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 1);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), -EINVAL);
	copy_run(ct, 1);
	copy_expect_status(ct, 2, NETDMA_COPY_DONE);
}

/* --- the end -------------------------------------------------------------- */

/* R-PSTOP-2: what is queued is completed, and nothing taken; what is known stays so. */
static void copy_provider_stops(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	netdma_token_t last = -1;

	copy_queue_some(ct, 1, 2, true);
	netdma_flush(ct->chan);
	/* Its flush would come too late. */
	copy_queue_some(ct, 3, 1, true);
	schedule_delayed_work(&ct->work, msecs_to_jiffies(50));
	fake_provider_stop(ct->fake);
	flush_delayed_work(&ct->work);

	KUNIT_EXPECT_EQ(test, ct->answer, -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_DONE);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
	copy_expect_status(ct, 4, NETDMA_COPY_UNKNOWN);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 3), 1);

	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, netdma_suspend(ct->chan, &last), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, last, -1);
	KUNIT_EXPECT_EQ(test, netdma_resume(ct->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_abort(ct->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_reset(ct->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(ct->chan, 1), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, netdma_get_max_pending_descriptors(ct->chan), CAPACITY / 2);
	netdma_flush(ct->chan);
	netdma_prefetch_next_descriptor(ct->chan);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
}

/* What does not complete in time fails: once. */
static void copy_provider_stops_in_vain(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	copy_queue_some(ct, 1, 2, true);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	copy_queue_some(ct, 3, 1, true);
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_FAILED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_FAILED);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(ct->chan, 3), -EIO);
	copy_close(ct);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
}

/* A channel that is freed is done with: what it had is aborted and called back. */
static void copy_free_aborts(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_channel *chan = ct->chan;

	copy_queue_some(ct, 1, 2, true);
	netdma_flush(ct->chan);
	copy_queue_some(ct, 3, 1, true);
	KUNIT_EXPECT_EQ(test, fake_execute(ct->fc, 1), 1);
	/* Still there for its callbacks */
	KUNIT_EXPECT_EQ(test, netdma_free_channel(chan), 0);
	ct->chan = NULL;
	KUNIT_EXPECT_EQ(test, ct->num_calls, 3);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_DONE);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 2, 3, NETDMA_COPY_ABORTED);
}

/* What a callback queues while its channel is freed is called back, or refused. */
static void copy_free_queue_again(struct copy_test *ct, netdma_token_t token)
{
	ct->answer = copy_queue(ct, 8, NETDMA_COPY_FLUSH, true);
}

static void copy_free_refuses(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct netdma_channel *chan = ct->chan;

	ct->then = copy_free_queue_again;
	copy_queue_some(ct, 1, 1, true);
	netdma_flush(ct->chan);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(chan), 0);
	ct->chan = NULL;
	KUNIT_EXPECT_EQ(test, ct->answer, -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, ct->num_calls, 2);
	copy_expect_call(ct, 0, 1, NETDMA_COPY_ABORTED);
	copy_expect_call(ct, 1, 2, NETDMA_COPY_FAILED);
}

/* The next client of a channel begins with token 1, and knows nothing of the last one. */
static void copy_allocated_again(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);

	netdma_set_max_pending_descriptors(ct->chan, 1);
	copy_queue_some(ct, 1, 3, true);
	copy_close(ct);
	ct->chan = copy_allocate(ct);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ct->chan);
	KUNIT_EXPECT_EQ(test, netdma_get_max_pending_descriptors(ct->chan), CAPACITY / 2);
	copy_expect_status(ct, 1, NETDMA_COPY_UNKNOWN);
	copy_run(ct, 1);
	copy_expect_status(ct, 1, NETDMA_COPY_DONE);
}

/*
 * No memory for a channel: -ENOMEM, nothing is lost, and the next try succeeds. The
 * ring is small, for what is large has a second way to get its memory.
 */
static void copy_allocate_without_memory(struct kunit *test)
{
	const struct kernel_param *ring_size = fake_ring_size(test);
	struct copy_test *ct = copy_open(test);
	struct netdma_channel *chan;
	unsigned int nth;
	bool failed;

	failing_require(test);
	copy_close(ct);
	KUNIT_EXPECT_EQ(test, ring_size->ops->set("16", ring_size), 0);
	for (nth = 1; !ct->chan; nth++) {
		failing_arm(nth);
		chan = copy_allocate(ct);
		failed = failing_disarm();
		if (!failed)
			ct->chan = chan;
		else if (!IS_ERR(chan))
			KUNIT_EXPECT_EQ(test, netdma_free_channel(chan), 0);
		else
			KUNIT_EXPECT_EQ(test, PTR_ERR(chan), -ENOMEM);
		if (nth > 100)
			break;
	}
	*(unsigned int *)ring_size->arg = RING;
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ct->chan);
	KUNIT_EXPECT_GT(test, nth, 5);
	netdma_get_channel_info(ct->chan, &ct->info);
	KUNIT_EXPECT_EQ(test, ct->info.capacity, 15);
	KUNIT_EXPECT_EQ(test, netdma_get_max_pending_descriptors(ct->chan), 7);
	copy_run(ct, 100);
	copy_expect_status(ct, 85, NETDMA_COPY_DONE);
	copy_expect_status(ct, 84, NETDMA_COPY_UNKNOWN);
}

/* Prefetching changes nothing. */
static void copy_prefetches(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	unsigned int i;

	for (i = 0; i < 2 * RING; i++) {
		netdma_prefetch_next_descriptor(ct->chan);
		copy_run(ct, 1);
	}
	KUNIT_EXPECT_EQ(test, copy_written(ct), 2 * RING);
}

/* --- everything at once --------------------------------------------------- */

#define STORM_STEPS	30000

/**
 * struct copy_account - an account of copies
 * @ct: the test
 * @done: callbacks so far
 * @count: of each status
 */
struct copy_account {
	struct copy_test *ct;
	netdma_token_t done;
	unsigned int count[NETDMA_COPY_UNKNOWN + 1];
};

static void copy_accounted(void *context, netdma_token_t token, enum netdma_copy_status status)
{
	struct copy_account *account = context;
	struct copy_test *ct = account->ct;

	KUNIT_EXPECT_EQ(ct->test, token, ++account->done);
	copy_expect_status(ct, token, status);
	account->count[status]++;
}

/* Whatever happens in whatever order, every copy ends once, in order, with its status. */
static void copy_storm(struct kunit *test)
{
	struct copy_test *ct = copy_open(test);
	struct copy_account account = { .ct = ct };
	struct netdma_callback callback = { copy_accounted, &account };
	netdma_token_t token, queued = 0;
	const struct copy_way *way;
	unsigned int step, busy = 0;
	struct rnd_state rnd;
	u32 action, choice;

	prandom_seed_state(&rnd, 4);
	for (step = 0; step < STORM_STEPS; step++) {
		action = prandom_u32_state(&rnd) % 10000;
		choice = prandom_u32_state(&rnd);

		if (action < 6000) {
			way = &copy_ways[choice % ARRAY_SIZE(copy_ways)];
			/* What checks mappings wants no two for one cache line. */
			if (way->queue == copy_by_page || way->queue == copy_by_virt)
				way = &copy_ways[0];
			token = way->queue(ct, action % 50 ? 1 + action : SZ_256K,
					   action % 7 ? 0 : NETDMA_COPY_FLUSH, &callback);
			if (token == -EBUSY)
				busy++;
			else
				KUNIT_ASSERT_EQ(test, token, ++queued);
		} else if (action < 9000) {
			/* In turn slower and faster than what is queued */
			fake_execute(ct->fc, choice % (step & BIT(12) ? 20 : 3));
		} else if (action < 9500) {
			fake_interrupt(ct->fc);
		} else if (action < 9700) {
			netdma_suspend(ct->chan, NULL);
		} else if (action < 9930) {
			netdma_resume(ct->chan);
		} else if (action < 9990) {
			if (ct->fc->state == FAKE_IS_RUNNING && ct->fc->left)
				fake_halt(ct->fc, NETDMA_FAILURE_READ + choice % 3);
		} else if (action < 9996) {
			netdma_abort(ct->chan);
		} else {
			netdma_reset(ct->chan);
			KUNIT_ASSERT_EQ(test, account.done, queued);
		}
	}
	netdma_reset(ct->chan);
	KUNIT_EXPECT_EQ(test, account.done, queued);
	KUNIT_EXPECT_GT(test, busy, 100);
	KUNIT_EXPECT_GT(test, account.count[NETDMA_COPY_DONE], 1000);
	KUNIT_EXPECT_GT(test, account.count[NETDMA_COPY_ABORTED], 100);
	KUNIT_EXPECT_GT(test, account.count[NETDMA_COPY_READ_FAILED], 10);
	KUNIT_EXPECT_GT(test, account.count[NETDMA_COPY_WRITE_FAILED], 10);
	KUNIT_EXPECT_GT(test, account.count[NETDMA_COPY_FAILED], 10);
	kunit_info(test, "%u done, %u aborted, %u without room\n",
		   account.count[NETDMA_COPY_DONE], account.count[NETDMA_COPY_ABORTED], busy);
}

static struct kunit_case copy_test_cases[] = {
	KUNIT_CASE_PARAM(copy_way_works, copy_way_gen_params),
	KUNIT_CASE_PARAM(copy_way_flags, copy_way_gen_params),
	KUNIT_CASE_PARAM(copy_way_refuses, copy_way_gen_params),
	KUNIT_CASE_PARAM(copy_way_without_room, copy_way_gen_params),
	KUNIT_CASE_PARAM(copy_way_after_stop, copy_way_gen_params),
	KUNIT_CASE_PARAM(copy_way_fails, copy_way_gen_params),
	KUNIT_CASE(copy_tokens_count),
	KUNIT_CASE(copy_moves_data),
	KUNIT_CASE(copy_is_split),
	KUNIT_CASE(copy_largest),
	KUNIT_CASE(copy_refuses_to_wrap),
	KUNIT_CASE(copy_null_transfer),
	KUNIT_CASE(copy_batch_flags),
	KUNIT_CASE(copy_batch_with_split),
	KUNIT_CASE(copy_batch_all_or_none),
	KUNIT_CASE(copy_batch_largest),
	KUNIT_CASE(copy_batch_fails),
	KUNIT_CASE(copy_batch_among_failures),
	KUNIT_CASE(copy_queue_reaps),
	KUNIT_CASE(copy_queue_reaps_before_split),
	KUNIT_CASE(copy_room_after_callback),
	KUNIT_CASE(copy_room_after_abort),
	KUNIT_CASE(copy_limit_flushes),
	KUNIT_CASE(copy_limit_counts),
	KUNIT_CASE(copy_limit_is_set),
	KUNIT_CASE(copy_full_ring_flushes),
	KUNIT_CASE(copy_flush_of_nothing),
	KUNIT_CASE(copy_status_of_unknown),
	KUNIT_CASE(copy_status_is_forgotten),
	KUNIT_CASE(copy_status_of_reused_place),
	KUNIT_CASE(copy_status_by_polling),
	KUNIT_CASE_PARAM(copy_fails, copy_failure_gen_params),
	KUNIT_CASE(copy_split_fails),
	KUNIT_CASE(copy_fails_behind_completed),
	KUNIT_CASE(copy_fails_when_idle),
	KUNIT_CASE(copy_channel_dies),
	KUNIT_CASE(copy_channel_dies_aborting),
	KUNIT_CASE(copy_callbacks_in_order),
	KUNIT_CASE(copy_callbacks_of_some),
	KUNIT_CASE(copy_callbacks_are_forgotten),
	KUNIT_CASE(copy_callback_goes_on),
	KUNIT_CASE(copy_callback_aborts),
	KUNIT_CASE(copy_page_moves_data),
	KUNIT_CASE(copy_page_refuses),
	KUNIT_CASE(copy_virt_moves_data),
	KUNIT_CASE(copy_virt_refuses),
	KUNIT_CASE(copy_unmaps_before_callback),
	KUNIT_CASE(copy_unmaps_before_status),
	KUNIT_CASE(copy_unmaps_at_the_end),
	KUNIT_CASE(copy_unmaps_what_is_refused),
	KUNIT_CASE(copy_mapping_is_forgotten),
	KUNIT_CASE(copy_without_memory),
	KUNIT_CASE(copy_maps_nothing_after_stop),
	KUNIT_CASE(copy_without_mapping),
	KUNIT_CASE_PARAM(copy_way_physical, copy_way_gen_params),
	KUNIT_CASE_PARAM(copy_sg, copy_scatter_gen_params),
	KUNIT_CASE_PARAM(copy_sg_breaks, copy_scatter_gen_params),
	KUNIT_CASE(copy_sg_breaks_not_if_too_large),
	KUNIT_CASE(copy_virt_breaks),
	KUNIT_CASE(copy_sg_refuses),
	KUNIT_CASE(copy_sg_largest),
	KUNIT_CASE(copy_suspends),
	KUNIT_CASE(copy_suspend_tells_last),
	KUNIT_CASE(copy_suspend_is_optional),
	KUNIT_CASE(copy_suspend_is_under_way),
	KUNIT_CASE(copy_aborts),
	KUNIT_CASE(copy_aborts_silently),
	KUNIT_CASE(copy_aborts_unflushed),
	KUNIT_CASE(copy_aborts_anyway),
	KUNIT_CASE(copy_resets),
	KUNIT_CASE(copy_resets_anyway),
	KUNIT_CASE(copy_provider_stops),
	KUNIT_CASE(copy_provider_stops_in_vain),
	KUNIT_CASE(copy_free_aborts),
	KUNIT_CASE(copy_free_refuses),
	KUNIT_CASE(copy_allocated_again),
	KUNIT_CASE(copy_allocate_without_memory),
	KUNIT_CASE(copy_prefetches),
	KUNIT_CASE(copy_storm),
	{ }
};

static struct kunit_suite copy_test_suite = {
	.name = "netdma_copy",
	.init = copy_test_init,
	.exit = copy_test_exit,
	.test_cases = copy_test_cases,
};

kunit_test_suite(copy_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for copies of NetDMA clients");
MODULE_LICENSE("GPL");
