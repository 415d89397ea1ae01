// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every provider has to do, see conformance.h
 *
 * "R-..." and section numbers are those of the NetDMA interface specification.
 */
#include <linux/bitfield.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../netdma.h"
#include "conformance.h"

#define TIMEOUT_MS	5000
#define QUIET_MS	20		/* what does not happen for so long never does */

#define SLOTS		32
#define SLICE		SZ_64K		/* of memory, for each of them */
#define UNTOUCHED	0xa5

/* What most descriptors copy: more than two pages, aligned to nothing */
#define LEN		(2 * SZ_4K + 5)
#define SRC_OFFSET	7
#define DST_OFFSET	3

/* The control bit for direct cache access at the destination */
#define HINT		BIT(9)

/* Nothing is there, on any machine, for any engine. */
#define NOWHERE		BIT_ULL(62)

/**
 * struct conformance_channel - a channel that a case has allocated
 * @conf: its provider
 * @handle: what the provider is given for NetDMA's channel
 * @context: the provider's
 * @desc: memory of descriptors, scattered over it
 * @desc_dma: where that is for the provider
 * @word: the completion word
 * @word_dma: where that is
 * @src: a slice for each descriptor
 * @src_dma: where that is
 * @dst: likewise
 * @dst_dma: where that is
 * @interrupts: how often the provider has called
 * @hook: called from inside its call
 * @hook_at: and that from which
 * @hooked: the hook has been called
 * @err: what the callback answered that was called by the hook
 * @last: the descriptor that a suspension named
 * @seen: the completion word at that time
 */
struct conformance_channel {
	struct conformance *conf;
	struct netdma_channel handle;
	void *context;
	struct netdma_descriptor *desc;
	dma_addr_t desc_dma;
	__le64 *word;
	dma_addr_t word_dma;
	u8 *src;
	dma_addr_t src_dma;
	u8 *dst;
	dma_addr_t dst_dma;
	unsigned int interrupts;
	void (*hook)(struct conformance_channel *cc);
	unsigned int hook_at;
	struct completion hooked;
	int err;
	dma_addr_t last;
	u64 seen;
};

/* --- memory --------------------------------------------------------------- */

static void *memory_get(struct conformance *conf, size_t size, dma_addr_t *dma)
{
	void *memory;

	if (conf->dev)
		return dma_alloc_coherent(conf->dev, size, dma, GFP_KERNEL);
	memory = kzalloc(size, GFP_KERNEL);
	if (memory)
		*dma = virt_to_phys(memory);
	return memory;
}

static void memory_put(struct conformance *conf, size_t size, void *memory, dma_addr_t dma)
{
	if (!conf->dev)
		kfree(memory);
	else if (memory)
		dma_free_coherent(conf->dev, size, memory, dma);
}

/* --- channels ------------------------------------------------------------- */

static void reap(struct netdma_channel *handle)
{
	struct conformance_channel *cc =
		container_of(handle, struct conformance_channel, handle);

	WRITE_ONCE(cc->interrupts, cc->interrupts + 1);
	if (cc->hook && cc->interrupts == cc->hook_at) {
		unsigned long flags;

		/* As the core does it: under a spinlock, interrupts off */
		local_irq_save(flags);
		cc->seen = le64_to_cpu(READ_ONCE(*cc->word));
		cc->hook(cc);
		local_irq_restore(flags);
		complete(&cc->hooked);
	}
}

/* What the core does about an error (R-DPC-2), the cases do themselves. */
static void recover(struct work_struct *work)
{
}

static const struct netdma_owner_ops owner_ops = {
	.reap = reap,
};

/* Slots are in an order of their own, with holes between them (R-START-5). */
static unsigned int place(u32 index)
{
	return 2 * ((13 * index + 5) % SLOTS);
}

static struct netdma_descriptor *slot(struct conformance_channel *cc, u32 index)
{
	return &cc->desc[place(index)];
}

static dma_addr_t address(struct conformance_channel *cc, u32 index)
{
	return cc->desc_dma + place(index) * sizeof(*cc->desc);
}

static bool counts(const struct conformance *conf)
{
	return conf->ops->major_version >= 2;
}

/* What must not be executed: the engine halts if it does. */
static void spoil(struct conformance_channel *cc, u32 index)
{
	struct netdma_descriptor *desc = slot(cc, index);

	desc->size = cpu_to_le32(LEN);
	desc->control = cpu_to_le32(BIT(23) | NETDMA_DESC_INTERRUPT | NETDMA_DESC_STATUS);
	desc->src = cpu_to_le64(NOWHERE);
	desc->dst = cpu_to_le64(NOWHERE);
}

static void channel_free_memory(struct conformance_channel *cc)
{
	struct conformance *conf = cc->conf;

	memory_put(conf, SLOTS * SLICE, cc->dst, cc->dst_dma);
	memory_put(conf, SLOTS * SLICE, cc->src, cc->src_dma);
	memory_put(conf, 64, cc->word, cc->word_dma);
	memory_put(conf, 2 * SLOTS * sizeof(*cc->desc), cc->desc, cc->desc_dma);
	kfree(cc);
}

static struct conformance_channel *channel_create(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	u32 i;

	cc = kzalloc(sizeof(*cc), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cc);
	cc->conf = conf;
	cc->handle.owner = &owner_ops;
	cc->handle.state = NETDMA_CHANNEL_RUNNING;
	INIT_WORK(&cc->handle.work, recover);
	spin_lock_init(&cc->handle.lock);
	spin_lock_init(&cc->handle.reap_lock);
	init_completion(&cc->hooked);

	cc->desc = memory_get(conf, 2 * SLOTS * sizeof(*cc->desc), &cc->desc_dma);
	cc->word = memory_get(conf, 64, &cc->word_dma);
	cc->src = memory_get(conf, SLOTS * SLICE, &cc->src_dma);
	cc->dst = memory_get(conf, SLOTS * SLICE, &cc->dst_dma);
	if (!cc->desc || !cc->word || !cc->src || !cc->dst) {
		channel_free_memory(cc);
		KUNIT_FAIL(test, "no memory");
		return NULL;
	}
	get_random_bytes(cc->src, SLOTS * SLICE);
	memset(cc->dst, UNTOUCHED, SLOTS * SLICE);
	for (i = 0; i < SLOTS; i++) {
		spoil(cc, i);
		/* Counted chains: always valid (R-CH2-1) */
		slot(cc, i)->next = cpu_to_le64(counts(conf) ? address(cc, i + 1) : 0);
	}
	return cc;
}

/* Section 5.5: a priority beyond what the hardware knows means its highest. */
static int channel_allocate(struct conformance_channel *cc, u32 id,
			    const struct cpumask *affinity, unsigned int *cpu)
{
	struct netdma_channel_parameters parameters = {
		.completion = cc->word,
		.completion_dma = cc->word_dma,
		.channel = id,
		.priority = U32_MAX,
		.affinity = affinity,
		.cpu = nr_cpu_ids,
	};
	int err;

	err = cc->conf->ops->allocate_channel(cc->conf->provider, &parameters, &cc->handle,
					      &cc->context);
	if (err)
		cc->context = NULL;
	else if (cpu)
		*cpu = parameters.cpu;
	return err;
}

static int channel_stop(struct conformance_channel *cc)
{
	const struct netdma_provider_characteristics *ops = cc->conf->ops;

	return ops->reset_channel ? ops->reset_channel(cc->context) : ops->abort(cc->context);
}

static void channel_release(struct conformance_channel *cc)
{
	if (!cc->context)
		return;
	channel_stop(cc);
	cc->conf->ops->free_channel(cc->context);
	cc->context = NULL;
	synchronize_rcu();
	cancel_work_sync(&cc->handle.work);
}

static struct conformance_channel *channel_get(struct kunit *test, u32 id)
{
	struct conformance *conf = test->priv;

	conf->channel[id] = channel_create(test);
	KUNIT_ASSERT_NOT_NULL(test, conf->channel[id]);
	KUNIT_ASSERT_EQ(test, channel_allocate(conf->channel[id], id, cpu_online_mask, NULL), 0);
	return conf->channel[id];
}

/**
 * conformance_exit() - give back what a case has allocated
 * @conf: the provider, or NULL
 */
void conformance_exit(struct conformance *conf)
{
	unsigned int i;

	for (i = 0; conf && i < CONFORMANCE_MAX_CHANNELS; i++) {
		if (!conf->channel[i])
			continue;
		channel_release(conf->channel[i]);
		channel_free_memory(conf->channel[i]);
	}
}

/**
 * conformance_create() - prepare for a provider
 * @test: the case
 *
 * Return: to be filled in; a case that cannot have it ends.
 */
struct conformance *conformance_create(struct kunit *test)
{
	struct conformance *conf = kunit_kzalloc(test, sizeof(*conf), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, conf);
	test->priv = conf;
	return conf;
}

struct search {
	struct conformance *conf;
	const char *name;
	struct device *dev;
};

/* What clients are told of a provider is a part of what the core knows of it. */
static void look(void *context, enum netdma_pnp_event event,
		 const struct netdma_provider_info *info)
{
	struct search *search = context;
	struct conformance *conf = search->conf;
	const struct netdma_engine *engine;

	if (event != NETDMA_PROVIDER_ARRIVAL || (search->dev && info->dev != search->dev) ||
	    strcmp(info->name, search->name))
		return;
	engine = container_of(info->attributes, struct netdma_engine, attributes);
	conf->ops = &engine->ops;
	conf->provider = engine->context;
	conf->dev = info->attributes->flags & NETDMA_PROVIDER_PHYSICAL ? NULL : info->dev;
	conf->channels = info->attributes->channels;
	conf->max_transfer = info->attributes->max_transfer;
	conf->flags = info->attributes->flags;
}

/**
 * conformance_take() - take a provider that is registered with the core
 * @test: the case
 * @conf: filled in
 * @name: its friendly name
 * @dev: its device, NULL for any
 */
void conformance_take(struct kunit *test, struct conformance *conf, const char *name,
		      struct device *dev)
{
	struct search search = { .conf = conf, .name = name, .dev = dev };
	struct netdma_client *client;

	client = netdma_register_client("conformance", look, &search);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, client);
	netdma_deregister_client(client);
	KUNIT_ASSERT_NOT_NULL_MSG(test, conf->ops, "there is no provider %s", name);
}

/* --- lists ---------------------------------------------------------------- */

static u8 *src_slice(struct conformance_channel *cc, u32 index)
{
	return cc->src + index % SLOTS * SLICE;
}

static u8 *dst_slice(struct conformance_channel *cc, u32 index)
{
	return cc->dst + index % SLOTS * SLICE;
}

static dma_addr_t src_address(struct conformance_channel *cc, u32 index)
{
	return cc->src_dma + index % SLOTS * SLICE;
}

static dma_addr_t dst_address(struct conformance_channel *cc, u32 index)
{
	return cc->dst_dma + index % SLOTS * SLICE;
}

/* Write a descriptor, but not its link. */
static void put(struct conformance_channel *cc, u32 index, u32 control, u32 size, u64 src,
		u64 dst)
{
	struct netdma_descriptor *desc = slot(cc, index);

	desc->size = cpu_to_le32(size);
	desc->control = cpu_to_le32(control);
	desc->src = cpu_to_le64(src);
	desc->dst = cpu_to_le64(dst);
	desc->next_src = 0;
	desc->next_dst = 0;
}

/* One that copies from its slice to its slice */
static void put_copy(struct conformance_channel *cc, u32 index, u32 control)
{
	put(cc, index, control, LEN, src_address(cc, index) + SRC_OFFSET,
	    dst_address(cc, index) + DST_OFFSET);
}

/* @count copies from @first on; the last one signals by the word. */
static void put_copies(struct conformance_channel *cc, u32 first, u32 count, u32 control)
{
	u32 i;

	for (i = 0; i < count; i++)
		put_copy(cc, first + i, control | (i + 1 == count ? NETDMA_DESC_STATUS : 0));
}

static void link_to(struct conformance_channel *cc, u32 index, u64 next)
{
	WRITE_ONCE(slot(cc, index)->next, cpu_to_le64(next));
}

/* Terminated chains: to each other, and to nothing (R-CH1-1) */
static void link_list(struct conformance_channel *cc, u32 first, u32 count)
{
	u32 i;

	if (counts(cc->conf))
		return;
	for (i = 0; i + 1 < count; i++)
		link_to(cc, first + i, address(cc, first + i + 1));
	link_to(cc, first + i, 0);
}

static int start(struct conformance_channel *cc, u32 first, u32 count)
{
	link_list(cc, first, count);
	return cc->conf->ops->start(cc->context, slot(cc, first), address(cc, first), count);
}

static int append(struct conformance_channel *cc, u32 first, u32 count)
{
	link_list(cc, first, count);
	if (!counts(cc->conf))
		link_to(cc, first - 1, address(cc, first));	/* R-APP-2 */
	return cc->conf->ops->append(cc->context, slot(cc, first), address(cc, first), count);
}

static int suspend(struct conformance_channel *cc)
{
	cc->last = NOWHERE;
	return cc->conf->ops->suspend(cc->context, &cc->last);
}

static int resume(struct conformance_channel *cc, u32 first, u32 count)
{
	return cc->conf->ops->resume(cc->context, slot(cc, first), address(cc, first), count);
}

/* --- what has come of it -------------------------------------------------- */

static u64 word(struct conformance_channel *cc)
{
	return le64_to_cpu(READ_ONCE(*cc->word));
}

static u64 word_address(struct conformance_channel *cc)
{
	/* The data after the word that speaks for it */
	u64 addr = word(cc) & NETDMA_WORD_ADDRESS;

	dma_rmb();

	return addr;
}

static unsigned int word_status(struct conformance_channel *cc)
{
	return FIELD_GET(NETDMA_WORD_STATUS, word(cc));
}

/* The word names the descriptor. */
static void wait_for(struct kunit *test, struct conformance_channel *cc, u32 index)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(TIMEOUT_MS);

	while (word_address(cc) != address(cc, index) && time_before(jiffies, deadline))
		usleep_range(20, 40);
	KUNIT_ASSERT_EQ_MSG(test, word_address(cc), (u64)address(cc, index),
			    "descriptor %u is not named", index);
}

static void wait_for_interrupts(struct kunit *test, struct conformance_channel *cc,
				unsigned int count)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(TIMEOUT_MS);

	while (READ_ONCE(cc->interrupts) < count && time_before(jiffies, deadline))
		usleep_range(20, 40);
	KUNIT_ASSERT_GE(test, READ_ONCE(cc->interrupts), count);
}

static void wait_for_hook(struct kunit *test, struct conformance_channel *cc)
{
	KUNIT_ASSERT_NE_MSG(test, wait_for_completion_timeout(&cc->hooked,
							      msecs_to_jiffies(TIMEOUT_MS)),
			    0, "no interrupt");
	cc->hook = NULL;
}

static bool is_told_of_error(struct conformance_channel *cc)
{
	return READ_ONCE(cc->handle.state) == NETDMA_CHANNEL_STOPPING;
}

static bool is_copied(struct conformance_channel *cc, u32 index)
{
	u8 *dst = dst_slice(cc, index);

	return !memcmp(dst + DST_OFFSET, src_slice(cc, index) + SRC_OFFSET, LEN) &&
	       !memchr_inv(dst, UNTOUCHED, DST_OFFSET) &&
	       !memchr_inv(dst + DST_OFFSET + LEN, UNTOUCHED, SLICE - DST_OFFSET - LEN);
}

static bool is_untouched(struct conformance_channel *cc, u32 index)
{
	return !memchr_inv(dst_slice(cc, index), UNTOUCHED, SLICE);
}

static void expect_copied(struct kunit *test, struct conformance_channel *cc, u32 first,
			  u32 count)
{
	u32 i;

	for (i = first; i < first + count; i++)
		KUNIT_EXPECT_TRUE_MSG(test, is_copied(cc, i), "descriptor %u is not executed", i);
}

static void expect_untouched(struct kunit *test, struct conformance_channel *cc, u32 first,
			     u32 count)
{
	u32 i;

	for (i = first; i < first + count; i++)
		KUNIT_EXPECT_TRUE_MSG(test, is_untouched(cc, i), "descriptor %u is executed", i);
}

/* Those up to some place are executed and those from there on are not; which is it? */
static u32 expect_prefix(struct kunit *test, struct conformance_channel *cc, u32 count)
{
	u32 done = 0;

	while (done < count && is_copied(cc, done))
		done++;
	expect_untouched(test, cc, done, count - done);
	return done;
}

static void require(struct kunit *test, bool condition, const char *what)
{
	if (!condition)
		kunit_skip(test, "the provider has no %s", what);
}

static void require_suspend(struct kunit *test)
{
	struct conformance *conf = test->priv;

	require(test, conf->ops->suspend, "suspension");
}

/*
 * Run a list of @count, and call @hook when its descriptor @at has interrupted.
 * The engine may be further by then (R-ISR-3).
 */
static struct conformance_channel *run_until(struct kunit *test, u32 count, u32 at,
					     void (*hook)(struct conformance_channel *cc))
{
	struct conformance_channel *cc = channel_get(test, 0);

	cc->hook = hook;
	cc->hook_at = 1;
	put_copies(cc, 0, count, 0);
	put_copy(cc, at, NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, count), 0);
	wait_for_hook(test, cc);
	return cc;
}

/* --- allocate, free ------------------------------------------------------- */

/* R-ALLOC-5: a channel that is allocated copies at once. */
void conformance_allocate_is_ready(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 1, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	expect_copied(test, cc, 0, 1);
}

/* R-ALLOC-4: the provider says which CPU is told of completions. */
void conformance_allocate_answers_cpu(struct kunit *test)
{
	struct conformance *conf = test->priv;
	unsigned int cpu = nr_cpu_ids;

	conf->channel[0] = channel_create(test);
	KUNIT_ASSERT_NOT_NULL(test, conf->channel[0]);
	KUNIT_ASSERT_EQ(test, channel_allocate(conf->channel[0], 0, cpu_online_mask, &cpu), 0);
	KUNIT_ASSERT_LT(test, cpu, nr_cpu_ids);
	KUNIT_EXPECT_TRUE(test, cpu_online(cpu));
}

/* R-ALLOC-1: each channel can be asked for, and had once. */
void conformance_allocate_takes_each(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *other;
	u32 i;

	for (i = 0; i < min_t(u32, conf->channels, CONFORMANCE_MAX_CHANNELS); i++)
		channel_get(test, i);
	other = channel_create(test);
	KUNIT_ASSERT_NOT_NULL(test, other);
	for (i = 0; i < min_t(u32, conf->channels, CONFORMANCE_MAX_CHANNELS); i++)
		KUNIT_EXPECT_EQ(test, channel_allocate(other, i, cpu_online_mask, NULL), -EBUSY);
	channel_free_memory(other);
}

/* R-ALLOC-3: one that wants any channel gets one while there is one. */
void conformance_allocate_takes_any(struct kunit *test)
{
	struct conformance *conf = test->priv;
	u32 i;

	for (i = 0; i < min_t(u32, conf->channels, CONFORMANCE_MAX_CHANNELS); i++) {
		conf->channel[i] = channel_create(test);
		KUNIT_ASSERT_NOT_NULL(test, conf->channel[i]);
		KUNIT_ASSERT_EQ(test, channel_allocate(conf->channel[i], NETDMA_CHANNEL_ANY,
						       cpu_online_mask, NULL), 0);
		put_copies(conf->channel[i], 0, 1, 0);
		KUNIT_ASSERT_EQ(test, start(conf->channel[i], 0, 1), 0);
	}
	while (i--) {
		wait_for(test, conf->channel[i], 0);
		expect_copied(test, conf->channel[i], 0, 1);
	}
}

/* R-FREE-2: after the free nothing is heard of it, until it is allocated and started. */
void conformance_free_and_allocate(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	unsigned int interrupts;
	u64 before;

	put_copies(cc, 0, 2, NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 2), 0);
	wait_for(test, cc, 1);
	channel_release(cc);
	interrupts = READ_ONCE(cc->interrupts);
	before = word(cc);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(cc->interrupts), interrupts);
	KUNIT_EXPECT_EQ(test, word(cc), before);

	KUNIT_ASSERT_EQ(test, channel_allocate(cc, 0, cpu_online_mask, NULL), 0);
	KUNIT_EXPECT_EQ(test, append(cc, 2, 1), -EINVAL);
	put_copies(cc, 2, 1, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 2, 1), 0);
	wait_for(test, cc, 2);
	expect_copied(test, cc, 0, 3);
}

/* --- start ---------------------------------------------------------------- */

/*
 * R-START-5: a list is where its links lead, in that order: each descriptor copies
 * what the one before it has copied.
 */
void conformance_start_follows_links(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 i;

	for (i = 0; i < 8; i++)
		put(cc, i, NETDMA_DESC_FENCE | (i == 7 ? NETDMA_DESC_STATUS : 0), LEN,
		    i ? dst_address(cc, i - 1) : src_address(cc, 0), dst_address(cc, i));
	KUNIT_ASSERT_EQ(test, start(cc, 0, 8), 0);
	wait_for(test, cc, 7);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, memcmp(dst_slice(cc, i), src_slice(cc, 0), LEN), 0);
}

/* R-DESC-2, R-CH2-3: the list is NetDMA's; a provider writes nothing to it. */
void conformance_start_leaves_list(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	const size_t size = 2 * SLOTS * sizeof(*cc->desc);
	void *before;
	u32 i;

	for (i = 0; i < SLOTS; i++) {
		slot(cc, i)->user1 = cpu_to_le64(0x1111111111111111 * i);
		slot(cc, i)->user2 = ~slot(cc, i)->user1;
	}
	put_copies(cc, 0, 8, NETDMA_DESC_INTERRUPT);
	link_list(cc, 0, 8);
	before = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, before);
	memcpy(before, cc->desc, size);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 8), 0);
	wait_for(test, cc, 7);
	KUNIT_EXPECT_EQ(test, memcmp(before, cc->desc, size), 0);
}

/* R-CH2-2, R-CH2-3, R-CH2-5: as many are executed as were counted in; no link ends it. */
void conformance_start_counts(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;

	require(test, counts(conf), "counted chains");
	cc = channel_get(test, 0);
	put_copies(cc, 0, 6, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 3), 0);
	wait_for(test, cc, 2);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, word(cc), address(cc, 2) | NETDMA_STATUS_IDLE);
	expect_copied(test, cc, 0, 3);
	expect_untouched(test, cc, 3, 3);
}

/* R-CH1-1, R-CH1-2, R-START-6: a link of 0 ends the list, whatever the count. */
void conformance_start_ends_with_zero(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;

	require(test, !counts(conf), "terminated chains");
	cc = channel_get(test, 0);
	put_copies(cc, 0, 6, NETDMA_DESC_STATUS);
	link_list(cc, 0, 3);
	KUNIT_ASSERT_EQ(test, conf->ops->start(cc->context, slot(cc, 0), address(cc, 0), 1), 0);
	wait_for(test, cc, 2);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, word(cc), address(cc, 2) | NETDMA_STATUS_IDLE);
	expect_copied(test, cc, 0, 3);
	expect_untouched(test, cc, 3, 3);
}

static void start_another(struct conformance_channel *cc)
{
	cc->err = start(cc, 12, 4);
}

/*
 * R-START-1, R-START-3, R-START-4: a start while a list runs lets its current
 * descriptor finish, drops the rest, and goes on with the new list.
 */
void conformance_start_replaces(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 done;

	put_copies(cc, 12, 4, 0);
	cc->hook = start_another;
	cc->hook_at = 1;
	put_copies(cc, 0, 12, 0);
	put_copy(cc, 1, NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 12), 0);
	wait_for_hook(test, cc);
	KUNIT_ASSERT_EQ(test, cc->err, 0);

	wait_for(test, cc, 15);
	msleep(QUIET_MS);
	done = expect_prefix(test, cc, 12);
	KUNIT_EXPECT_GE(test, done, 2);
	KUNIT_EXPECT_LT(test, done, 12);
	expect_copied(test, cc, 12, 4);
	KUNIT_EXPECT_EQ(test, word(cc), address(cc, 15) | NETDMA_STATUS_IDLE);
}

/* R-START-1: a list that has run dry can be followed by another one. */
void conformance_start_over_drained(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 2, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 2), 0);
	wait_for(test, cc, 1);
	put_copies(cc, 8, 3, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 8, 3), 0);
	wait_for(test, cc, 10);
	expect_copied(test, cc, 0, 2);
	expect_untouched(test, cc, 2, 6);
	expect_copied(test, cc, 8, 3);
}

/* R-DESC-1: a list that is not aligned, or none, is refused, and nothing happens. */
void conformance_start_refuses(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 1, 0);
	link_list(cc, 0, 1);
	KUNIT_EXPECT_EQ(test, conf->ops->start(cc->context, slot(cc, 0), address(cc, 0) + 8, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, conf->ops->start(cc->context, slot(cc, 0), address(cc, 0) + 32, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, conf->ops->start(cc->context, slot(cc, 0), address(cc, 0), 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, append(cc, 1, 1), -EINVAL);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 0, 1);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	expect_copied(test, cc, 0, 1);
}

/* --- append --------------------------------------------------------------- */

/* R-APP-1, R-APP-2, R-APP-4: what is appended to a running list is executed after it. */
void conformance_append_in_time(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 8, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 4), 0);
	KUNIT_ASSERT_EQ(test, append(cc, 4, 1), 0);
	KUNIT_ASSERT_EQ(test, append(cc, 5, 3), 0);
	wait_for(test, cc, 7);
	expect_copied(test, cc, 0, 8);
	KUNIT_EXPECT_EQ(test, word_status(cc), NETDMA_STATUS_IDLE);
}

/* R-APP-1, R-APP-3: a list that has run dry goes on with what is appended. */
void conformance_append_late(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 i;

	put_copies(cc, 0, 6, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 2), 0);
	for (i = 2; i < 6; i++) {
		wait_for(test, cc, i - 1);
		msleep(QUIET_MS);
		expect_untouched(test, cc, i, 6 - i);
		KUNIT_ASSERT_EQ(test, append(cc, i, 1), 0);
	}
	wait_for(test, cc, 5);
	expect_copied(test, cc, 0, 6);
}

/* R-APP-1, R-APP-5: any number of times, and memory is used again. */
void conformance_append_often(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 first, count, n, i;

	put_copies(cc, 0, 1, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	for (first = 1, n = 0; n < 100; first += count, n++) {
		count = 1 + n % 5;
		for (i = first; i < first + count; i++)
			memset(dst_slice(cc, i), UNTOUCHED, SLICE);
		put_copies(cc, first, count, 0);
		KUNIT_ASSERT_EQ(test, append(cc, first, count), 0);
		wait_for(test, cc, first + count - 1);
		expect_copied(test, cc, first, count);
	}
}

static void append_more(struct conformance_channel *cc)
{
	cc->err = append(cc, 4, 4);
}

/* R-APP-1: appended while the provider tells of a completion */
void conformance_append_from_interrupt(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 4, 4, 0);
	cc->hook = append_more;
	cc->hook_at = 1;
	put_copies(cc, 0, 4, 0);
	put_copy(cc, 3, NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 4), 0);
	wait_for_hook(test, cc);
	KUNIT_ASSERT_EQ(test, cc->err, 0);
	wait_for(test, cc, 7);
	expect_copied(test, cc, 0, 8);
}

/* R-APP-1, R-START-2: the first call after the allocation is a start. */
void conformance_append_before_start(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 2, 0);
	link_list(cc, 0, 2);
	KUNIT_EXPECT_EQ(test, cc->conf->ops->append(cc->context, slot(cc, 0), address(cc, 0), 2),
			-EINVAL);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 0, 2);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 2), 0);
	wait_for(test, cc, 1);
	expect_copied(test, cc, 0, 2);
}

/* R-DESC-1: nothing to append, or nothing aligned, is refused; the list goes on. */
void conformance_append_refuses(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 2, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, conf->ops->append(cc->context, slot(cc, 1), address(cc, 1), 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, conf->ops->append(cc->context, slot(cc, 1), address(cc, 1) + 16, 1),
			-EINVAL);
	wait_for(test, cc, 0);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 1, 1);
	KUNIT_ASSERT_EQ(test, append(cc, 1, 1), 0);
	wait_for(test, cc, 1);
	expect_copied(test, cc, 0, 2);
}

/* --- the completion word -------------------------------------------------- */

/* R-CW-2: it names the latest descriptor that asks for it, however many there are. */
void conformance_word_names_last(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 5, 0);
	put_copy(cc, 2, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 5), 0);
	wait_for(test, cc, 4);
	KUNIT_EXPECT_EQ(test, word(cc), address(cc, 4) | NETDMA_STATUS_IDLE);
	expect_copied(test, cc, 0, 5);
}

static void watch(struct conformance_channel *cc)
{
}

/* Section 5.3: Active while there is more to come, Idle with the last one. */
void conformance_word_active_and_idle(struct kunit *test)
{
	struct conformance_channel *cc = run_until(test, 12, 1, watch);
	u64 named = cc->seen & NETDMA_WORD_ADDRESS;

	KUNIT_EXPECT_EQ(test, named, (u64)address(cc, 1));
	KUNIT_EXPECT_EQ(test, FIELD_GET(NETDMA_WORD_STATUS, cc->seen), NETDMA_STATUS_ACTIVE);
	wait_for(test, cc, 11);
	KUNIT_EXPECT_EQ(test, word(cc), address(cc, 11) | NETDMA_STATUS_IDLE);
}

/* R-CW-2, section 8.2: what the word speaks for has been written before it. */
void conformance_word_after_data(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 named, i;

	put_copies(cc, 0, 16, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 16), 0);
	do {
		u64 addr = word_address(cc);

		for (named = 0; named < 16 && address(cc, named) != addr; named++)
			;
		for (i = 0; named < 16 && i <= named; i++)
			KUNIT_ASSERT_TRUE_MSG(test, is_copied(cc, i), "descriptor %u", i);
		usleep_range(5, 10);
	} while (named != 15);
}

static u32 signalling(struct kunit *test, struct conformance_channel *cc, u32 control)
{
	u64 before;

	/* The state from which to see a difference */
	put_copies(cc, 0, 1, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	before = word(cc);

	put_copy(cc, 1, control);
	KUNIT_ASSERT_EQ(test, append(cc, 1, 1), 0);
	if (control & NETDMA_DESC_STATUS)
		wait_for(test, cc, 1);
	if (control & NETDMA_DESC_INTERRUPT)
		wait_for_interrupts(test, cc, 1);
	msleep(QUIET_MS);
	expect_copied(test, cc, 0, 2);

	return (word(cc) == before ? 0 : NETDMA_DESC_STATUS) |
	       (cc->interrupts ? NETDMA_DESC_INTERRUPT : 0);
}

/* Section 8.1: neither */
void conformance_signal_silent(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, signalling(test, channel_get(test, 0), 0), 0);
}

/* Section 8.1: the word only (R-CW-1) */
void conformance_signal_status(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, signalling(test, channel_get(test, 0), NETDMA_DESC_STATUS),
			NETDMA_DESC_STATUS);
}

/* Section 8.1: the interrupt only, with a word that has never been written (R-ISR-1, R-DPC-1) */
void conformance_signal_interrupt(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put_copy(cc, 0, NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for_interrupts(test, cc, 1);
	put_copy(cc, 1, NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, append(cc, 1, 1), 0);
	wait_for_interrupts(test, cc, 2);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, cc->interrupts, 2);
	KUNIT_EXPECT_FALSE(test, is_told_of_error(cc));
	KUNIT_EXPECT_EQ(test, word_address(cc), 0);
	expect_copied(test, cc, 0, 2);
}

/* Section 8.1: both */
void conformance_signal_both(struct kunit *test)
{
	u32 both = NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT;

	KUNIT_EXPECT_EQ(test, signalling(test, channel_get(test, 0), both), both);
}

/* --- NULL transfers ------------------------------------------------------- */

/* Each way to signal; the NULL descriptor is in between two that are silent. */
static void null_transfers(struct kunit *test, u32 control, u32 size)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 first;

	for (first = 0; first < 12; first += 3) {
		u32 signal = (first & 1 ? NETDMA_DESC_STATUS : 0) |
			     (first & 2 ? NETDMA_DESC_INTERRUPT : 0);
		unsigned int interrupts = cc->interrupts;
		u64 before = word(cc);

		put_copy(cc, first, 0);
		put(cc, first + 1, control | signal, size, src_address(cc, first + 1),
		    dst_address(cc, first + 1));
		KUNIT_ASSERT_EQ(test, first ? append(cc, first, 2) : start(cc, first, 2), 0);
		if (signal & NETDMA_DESC_STATUS)
			wait_for(test, cc, first + 1);
		else if (signal)
			wait_for_interrupts(test, cc, interrupts + 1);
		msleep(QUIET_MS);
		if (first && !(signal & NETDMA_DESC_STATUS))
			KUNIT_EXPECT_EQ(test, word(cc), before);
		KUNIT_EXPECT_EQ(test, cc->interrupts - interrupts,
				signal & NETDMA_DESC_INTERRUPT ? 1 : 0);

		put_copies(cc, first + 2, 1, 0);
		KUNIT_ASSERT_EQ(test, append(cc, first + 2, 1), 0);
		wait_for(test, cc, first + 2);
		expect_copied(test, cc, first, 1);
		expect_untouched(test, cc, first + 1, 1);
		expect_copied(test, cc, first + 2, 1);
	}
}

/* R-NULL-1, R-NULL-2: a flagged descriptor moves nothing, and signals as any other. */
void conformance_null_signals(struct kunit *test)
{
	null_transfers(test, NETDMA_DESC_NULL, 1);
}

/* R-NULL-1, R-NULL-2: so does one that just has no size. */
void conformance_null_without_size(struct kunit *test)
{
	struct conformance *conf = test->priv;

	require(test, conf->features & CONFORMANCE_ZERO_SIZE, "transfers of size 0");
	null_transfers(test, 0, 0);
}

/* R-NULL-1: flagged, its size may be 0, and its addresses are not looked at. */
void conformance_null_looks_at_nothing(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	put(cc, 0, NETDMA_DESC_NULL, 0, NOWHERE, NOWHERE);
	put(cc, 1, NETDMA_DESC_NULL, LEN, NOWHERE, NOWHERE);
	put_copies(cc, 2, 1, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 3), 0);
	wait_for(test, cc, 2);
	expect_copied(test, cc, 2, 1);
}

/* R-NULL-3: one that signals closes a silent batch, and proves that it is done. */
void conformance_null_closes_batch(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);
	u32 i;

	for (i = 0; i < 10; i++)
		put_copy(cc, i, 0);
	put(cc, 10, NETDMA_DESC_NULL | NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT, 1,
	    src_address(cc, 10), dst_address(cc, 10));
	KUNIT_ASSERT_EQ(test, start(cc, 0, 11), 0);
	wait_for(test, cc, 10);
	expect_copied(test, cc, 0, 10);
	wait_for_interrupts(test, cc, 1);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, cc->interrupts, 1);
}

/* --- data ----------------------------------------------------------------- */

static void expect_data(struct kunit *test, const u8 *dst, const u8 *src, u32 len, u32 before)
{
	KUNIT_EXPECT_EQ_MSG(test, memcmp(dst, src, len), 0, "%u bytes are wrong", len);
	KUNIT_EXPECT_NULL_MSG(test, memchr_inv(dst - before, UNTOUCHED, before),
			      "%u bytes: something before them", len);
	KUNIT_EXPECT_NULL_MSG(test, memchr_inv(dst + len, UNTOUCHED, 64),
			      "%u bytes: something after them", len);
}

/* Section 5.1: sizes and addresses of all alignments, and not a byte besides */
void conformance_copy_sizes(struct kunit *test)
{
	static const u32 sizes[] = {
		1, 2, 3, 7, 8, 9, 63, 64, 65, 511, 4095, 4096, 4097, 8191, 8192, 12289
	};
	struct conformance_channel *cc = channel_get(test, 0);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		put(cc, i, NETDMA_DESC_STATUS, sizes[i], src_address(cc, i) + 5 * i,
		    dst_address(cc, i) + 64 + 3 * i);
	KUNIT_ASSERT_EQ(test, start(cc, 0, i), 0);
	wait_for(test, cc, i - 1);
	while (i--)
		expect_data(test, dst_slice(cc, i) + 64 + 3 * i, src_slice(cc, i) + 5 * i,
			    sizes[i], 64 + 3 * i);
}

/* R-DESC-4: as much as one descriptor can transfer */
void conformance_copy_longest(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc = channel_get(test, 0);
	u32 size = min_t(u32, conf->max_transfer, (SLOTS - 1) * SLICE);

	put(cc, 0, NETDMA_DESC_STATUS, size, cc->src_dma + 1, cc->dst_dma + 64);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	expect_data(test, cc->dst + 64, cc->src + 1, size, 64);
}

/* R-DCA-4: a hint for the cache of a CPU does not matter to who has no use for it. */
void conformance_copy_with_hint(struct kunit *test)
{
	struct conformance_channel *cc = channel_get(test, 0);

	require(test, counts(cc->conf), "bit for it, which came with 2.0");
	put_copies(cc, 0, 2, HINT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 2), 0);
	wait_for(test, cc, 1);
	expect_copied(test, cc, 0, 2);
}

/* NETDMA_PROVIDER_FILL: the pattern begins with the destination, whatever it is. */
void conformance_fill_pattern(struct kunit *test)
{
	static const u32 sizes[] = { 1, 5, 8, 4093, 4096, 9001 };
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	u64 pattern = 0xefcdab8967452301;
	u32 i, byte;
	u8 *dst;

	require(test, conf->flags & NETDMA_PROVIDER_FILL, "fill");
	cc = channel_get(test, 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		put(cc, i, NETDMA_DESC_STATUS | FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_FILL),
		    sizes[i], pattern, dst_address(cc, i) + 67 + i);
	KUNIT_ASSERT_EQ(test, start(cc, 0, i), 0);
	wait_for(test, cc, i - 1);
	while (i--) {
		dst = dst_slice(cc, i) + 67 + i;
		for (byte = 0; byte < sizes[i]; byte++)
			if (dst[byte] != (u8)(pattern >> (8 * (byte % 8))))
				break;
		KUNIT_EXPECT_EQ_MSG(test, byte, sizes[i], "byte %u of %u", byte, sizes[i]);
		expect_data(test, dst, dst, sizes[i], 67 + i);
	}
}

/*
 * R-PB-2, R-PB-4: the copy begins @src and @dst bytes before the end of a page, and
 * goes on at the beginning of one that is elsewhere, if @control says so.
 */
static void page_break(struct kunit *test, u32 control, u32 src, u32 dst, u32 size)
{
	struct conformance *conf = test->priv;
	u32 src_head = control & NETDMA_DESC_SRC_BREAK ? min(src, size) : size;
	u32 dst_head = control & NETDMA_DESC_DST_BREAK ? min(dst, size) : size;
	struct conformance_channel *cc;
	u8 *expected, *actual;

	require(test, conf->flags & NETDMA_PROVIDER_PAGE_BREAK, "page break");
	expected = kunit_kzalloc(test, 2 * size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, expected);
	actual = expected + size;

	cc = channel_get(test, 0);
	put(cc, 0, control | NETDMA_DESC_STATUS, size, src_address(cc, 1) - src,
	    dst_address(cc, 1) - dst);
	/* Elsewhere: slice 4; where it would go on by itself: slice 1 */
	slot(cc, 0)->next_src = cpu_to_le64(src_address(cc, 4));
	slot(cc, 0)->next_dst = cpu_to_le64(dst_address(cc, 4));
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);

	memcpy(expected, src_slice(cc, 1) - src, src_head);
	memcpy(expected + src_head, src_slice(cc, 4), size - src_head);
	memcpy(actual, dst_slice(cc, 1) - dst, dst_head);
	memcpy(actual + dst_head, dst_slice(cc, 4), size - dst_head);
	KUNIT_EXPECT_EQ(test, memcmp(actual, expected, size), 0);

	KUNIT_EXPECT_NULL(test, memchr_inv(cc->dst, UNTOUCHED, SLICE - dst));
	if (control & NETDMA_DESC_DST_BREAK)
		expect_untouched(test, cc, 1, 3);
	KUNIT_EXPECT_NULL(test, memchr_inv(dst_slice(cc, 4) + size - dst_head, UNTOUCHED,
					   SLICE - size + dst_head));
}

/* R-PB-1, R-PB-2, R-PB-3: the source only */
void conformance_page_break_source(struct kunit *test)
{
	page_break(test, NETDMA_DESC_SRC_BREAK, 1000, 5000, 4000);
}

/* R-PB-1, R-PB-2, R-PB-3: the destination only */
void conformance_page_break_destination(struct kunit *test)
{
	page_break(test, NETDMA_DESC_DST_BREAK, 5000, 1001, 4000);
}

/* R-PB-2: both, at different places */
void conformance_page_break_both(struct kunit *test)
{
	page_break(test, NETDMA_DESC_SRC_BREAK | NETDMA_DESC_DST_BREAK, 3001, 777, 4096);
}

/* --- suspend and resume --------------------------------------------------- */

static void suspend_now(struct conformance_channel *cc)
{
	cc->err = suspend(cc);
	cc->seen = word(cc);
}

/* A list of 12 that is suspended after the second, or later; *@done are executed. */
static struct conformance_channel *run_and_suspend(struct kunit *test, u32 *done)
{
	struct conformance_channel *cc;

	require_suspend(test);
	cc = run_until(test, 12, 1, suspend_now);
	KUNIT_ASSERT_EQ(test, cc->err, 0);
	*done = expect_prefix(test, cc, 12);
	KUNIT_ASSERT_GE(test, *done, 2);
	KUNIT_ASSERT_LT(test, *done, 12);
	return cc;
}

/*
 * R-SUSP-1, R-SUSP-2: the current descriptor is complete when the callback returns,
 * which names the last one that is known to be.
 */
void conformance_suspend_on_boundary(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	u32 done, named;

	cc = run_and_suspend(test, &done);
	for (named = 0; named < 12 && address(cc, named) != cc->last; named++)
		;
	KUNIT_EXPECT_LT(test, named, done);
	if (conf->features & CONFORMANCE_STOP_WORD)
		KUNIT_EXPECT_EQ(test, named, done - 1);
	else
		KUNIT_EXPECT_GE(test, named, 1);
}

/* R-SUSP-5, R-RES-1: nothing more is executed, until the resumption; then all is. */
void conformance_suspend_keeps_queue(struct kunit *test)
{
	struct conformance_channel *cc;
	u32 done;

	cc = run_and_suspend(test, &done);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, expect_prefix(test, cc, 12), done);
	KUNIT_ASSERT_EQ(test, resume(cc, done, 12 - done), 0);
	wait_for(test, cc, 11);
	expect_copied(test, cc, 0, 12);
	KUNIT_EXPECT_EQ(test, word_status(cc), NETDMA_STATUS_IDLE);
}

/* R-SUSP-3, R-CW-1: the word says that it is suspended, and after which descriptor. */
void conformance_suspend_writes_word(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	u32 done;

	require(test, conf->features & CONFORMANCE_STOP_WORD, "word for a stop");
	cc = run_and_suspend(test, &done);
	KUNIT_EXPECT_EQ(test, cc->seen, address(cc, done - 1) | NETDMA_STATUS_SUSPENDED);
	KUNIT_EXPECT_EQ(test, word(cc), cc->seen);
}

/* Section 7: suspension of a channel without a list succeeds, and changes nothing. */
void conformance_suspend_ready(struct kunit *test)
{
	struct conformance_channel *cc;

	require_suspend(test);
	cc = channel_get(test, 0);
	KUNIT_EXPECT_EQ(test, suspend(cc), 0);
	KUNIT_EXPECT_EQ(test, cc->last, 0);
	put_copies(cc, 0, 1, 0);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	expect_copied(test, cc, 0, 1);
}

/* Section 7: suspension of a list that has run dry succeeds, and names its end. */
void conformance_suspend_drained(struct kunit *test)
{
	struct conformance_channel *cc;

	require_suspend(test);
	cc = channel_get(test, 0);
	put_copies(cc, 0, 3, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 2), 0);
	wait_for(test, cc, 1);
	KUNIT_EXPECT_EQ(test, suspend(cc), 0);
	KUNIT_EXPECT_EQ(test, cc->last, address(cc, 1));
	link_list(cc, 2, 1);
	KUNIT_ASSERT_EQ(test, resume(cc, 2, 1), 0);
	wait_for(test, cc, 2);
	expect_copied(test, cc, 0, 3);
}

/* Section 7: a second suspension succeeds, and says the same. */
void conformance_suspend_twice(struct kunit *test)
{
	struct conformance_channel *cc;
	dma_addr_t last;
	u32 done;

	cc = run_and_suspend(test, &done);
	last = cc->last;
	KUNIT_EXPECT_EQ(test, suspend(cc), 0);
	KUNIT_EXPECT_EQ(test, cc->last, last);
	KUNIT_ASSERT_EQ(test, resume(cc, done, 12 - done), 0);
	wait_for(test, cc, 11);
	expect_copied(test, cc, 0, 12);
}

/* R-SUSP-4, R-RES-2: a descriptor is inserted after the last one processed. */
void conformance_suspend_edit_insert(struct kunit *test)
{
	struct conformance_channel *cc;
	u32 done;

	cc = run_and_suspend(test, &done);
	put_copy(cc, 20, 0);
	link_to(cc, 20, address(cc, done));
	link_to(cc, done - 1, address(cc, 20));
	KUNIT_ASSERT_EQ(test, resume(cc, 20, 12 - done + 1), 0);
	wait_for(test, cc, 11);
	expect_copied(test, cc, 0, 12);
	expect_copied(test, cc, 20, 1);
}

/* R-SUSP-4: descriptors are deleted, and others changed: none was read in advance. */
void conformance_suspend_edit_delete(struct kunit *test)
{
	struct conformance_channel *cc;
	u32 done;

	cc = run_and_suspend(test, &done);
	KUNIT_ASSERT_LT(test, done, 10);
	link_to(cc, done - 1, address(cc, done + 1));
	put(cc, done + 1, 0, LEN, src_address(cc, 20) + SRC_OFFSET,
	    dst_address(cc, 20) + DST_OFFSET);
	KUNIT_ASSERT_EQ(test, resume(cc, done + 1, 12 - done - 1), 0);
	wait_for(test, cc, 11);
	expect_untouched(test, cc, done, 2);
	expect_copied(test, cc, 20, 1);
	expect_copied(test, cc, done + 2, 12 - done - 2);
}

/* Section 7: what is appended while suspended is executed after the resumption. */
void conformance_suspend_append(struct kunit *test)
{
	struct conformance_channel *cc;
	u32 done;

	cc = run_and_suspend(test, &done);
	put_copies(cc, 12, 4, 0);
	KUNIT_ASSERT_EQ(test, append(cc, 12, 4), 0);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, expect_prefix(test, cc, 16), done);
	KUNIT_ASSERT_EQ(test, resume(cc, done, 16 - done), 0);
	wait_for(test, cc, 15);
	expect_copied(test, cc, 0, 16);
}

/* Section 7: a start while suspended is refused, and the list is still there. */
void conformance_suspend_start(struct kunit *test)
{
	struct conformance_channel *cc;
	u32 done;

	cc = run_and_suspend(test, &done);
	put_copies(cc, 20, 2, 0);
	KUNIT_EXPECT_EQ(test, start(cc, 20, 2), -EBUSY);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, expect_prefix(test, cc, 12), done);
	KUNIT_ASSERT_EQ(test, resume(cc, done, 12 - done), 0);
	wait_for(test, cc, 11);
	expect_copied(test, cc, 0, 12);
	expect_untouched(test, cc, 20, 2);
}

/* R-RES-1: with nothing left it is resumed to be drained, and can be appended to. */
void conformance_resume_nothing(struct kunit *test)
{
	struct conformance_channel *cc;

	require_suspend(test);
	cc = channel_get(test, 0);
	put_copies(cc, 0, 2, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	KUNIT_ASSERT_EQ(test, suspend(cc), 0);
	KUNIT_ASSERT_EQ(test, resume(cc, 1, 0), 0);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 1, 1);
	KUNIT_ASSERT_EQ(test, append(cc, 1, 1), 0);
	wait_for(test, cc, 1);
	expect_copied(test, cc, 0, 2);
}

/* R-RES-1: only after a suspension */
void conformance_resume_not_suspended(struct kunit *test)
{
	struct conformance_channel *cc;

	require_suspend(test);
	cc = channel_get(test, 0);
	put_copies(cc, 0, 3, NETDMA_DESC_STATUS);
	link_list(cc, 0, 1);
	KUNIT_EXPECT_EQ(test, resume(cc, 0, 1), -EINVAL);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	link_list(cc, 1, 1);
	KUNIT_EXPECT_EQ(test, resume(cc, 1, 1), -EINVAL);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 1, 1);

	KUNIT_ASSERT_EQ(test, suspend(cc), 0);
	KUNIT_ASSERT_EQ(test, resume(cc, 1, 1), 0);
	wait_for(test, cc, 1);
	KUNIT_EXPECT_EQ(test, resume(cc, 2, 1), -EINVAL);
	expect_untouched(test, cc, 2, 1);
}

/* --- abort and reset ------------------------------------------------------ */

static void abort_now(struct conformance_channel *cc)
{
	cc->err = cc->conf->ops->abort(cc->context);
}

static void reset_now(struct conformance_channel *cc)
{
	cc->err = cc->conf->ops->reset_channel(cc->context);
}

/* Nothing of the stopped list is executed; the channel starts, and only starts. */
static void expect_stopped(struct kunit *test, struct conformance_channel *cc, u32 count)
{
	u32 done = 0;

	KUNIT_ASSERT_EQ(test, cc->err, 0);
	while (done < count && is_copied(cc, done))
		done++;
	KUNIT_EXPECT_LT(test, done, count);
	msleep(QUIET_MS);
	/* The current one may have been cut off. */
	if (done + 1 < count)
		expect_untouched(test, cc, done + 1, count - done - 1);

	put_copies(cc, 20, 2, 0);
	link_list(cc, 20, 2);
	KUNIT_EXPECT_EQ(test, cc->conf->ops->append(cc->context, slot(cc, 20), address(cc, 20), 2),
			-EINVAL);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 20, 2);
	KUNIT_ASSERT_EQ(test, start(cc, 20, 2), 0);
	wait_for(test, cc, 21);
	expect_copied(test, cc, 20, 2);
	if (done + 1 < count)
		expect_untouched(test, cc, done + 1, count - done - 1);
}

/* R-ABORT-1: everything that is scheduled is cancelled. */
void conformance_abort_cancels(struct kunit *test)
{
	struct conformance *conf = test->priv;

	require(test, conf->ops->abort, "abort");
	expect_stopped(test, run_until(test, 12, 1, abort_now), 12);
}

/* R-ABORT-3, R-START-2: an append is refused until the next start. */
void conformance_abort_needs_start(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;

	require(test, conf->ops->abort, "abort");
	cc = channel_get(test, 0);
	put_copies(cc, 0, 2, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	KUNIT_ASSERT_EQ(test, conf->ops->abort(cc->context), 0);
	KUNIT_EXPECT_EQ(test, append(cc, 1, 1), -EINVAL);
	msleep(QUIET_MS);
	expect_untouched(test, cc, 1, 1);
	KUNIT_ASSERT_EQ(test, start(cc, 1, 1), 0);
	wait_for(test, cc, 1);
	expect_copied(test, cc, 0, 2);
}

/* R-ABORT-1, section 7: a suspended channel as well, which is not suspended any more */
void conformance_abort_suspended(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	u32 done;

	require(test, conf->ops->abort, "abort");
	cc = run_and_suspend(test, &done);
	KUNIT_ASSERT_EQ(test, conf->ops->abort(cc->context), 0);
	KUNIT_EXPECT_EQ(test, resume(cc, done, 12 - done), -EINVAL);
	expect_stopped(test, cc, 12);
}

/* R-RESET-1, R-RESET-2: as an abort does; afterwards it is as after the allocation. */
void conformance_reset_cancels(struct kunit *test)
{
	struct conformance *conf = test->priv;

	require(test, conf->ops->reset_channel, "reset");
	expect_stopped(test, run_until(test, 12, 1, reset_now), 12);
}

/*
 * R-RESET-3: no descriptor that was submitted before is read, nor anything done
 * that it asked for. One that were read now would halt the channel, and that
 * would be told.
 */
void conformance_reset_forgets(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	unsigned int interrupts;
	u64 before;
	u32 i;

	require(test, conf->ops->reset_channel, "reset");
	cc = run_until(test, 12, 1, reset_now);
	KUNIT_ASSERT_EQ(test, cc->err, 0);
	for (i = 0; i < SLOTS; i++) {
		spoil(cc, i);
		link_to(cc, i, NOWHERE);
	}
	memset(cc->dst, UNTOUCHED, SLOTS * SLICE);
	interrupts = cc->interrupts;
	before = word(cc);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, READ_ONCE(cc->interrupts), interrupts);
	KUNIT_EXPECT_EQ(test, word(cc), before);
	expect_untouched(test, cc, 0, SLOTS);
	if (conf->ops->halt_reason)
		KUNIT_EXPECT_EQ(test, (int)conf->ops->halt_reason(cc->context),
				NETDMA_FAILURE_NONE);
}

/* R-RESET-2: a channel without a list stays ready. */
void conformance_reset_ready(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;

	require(test, conf->ops->reset_channel, "reset");
	cc = channel_get(test, 0);
	KUNIT_EXPECT_EQ(test, conf->ops->reset_channel(cc->context), 0);
	KUNIT_EXPECT_EQ(test, conf->ops->reset_channel(cc->context), 0);
	put_copies(cc, 0, 1, NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 1), 0);
	wait_for(test, cc, 0);
	wait_for_interrupts(test, cc, 1);
	expect_copied(test, cc, 0, 1);
}

/* R-RESET-2: a suspended channel is not suspended any more. */
void conformance_reset_suspended(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;
	u32 done;

	require(test, conf->ops->reset_channel, "reset");
	cc = run_and_suspend(test, &done);
	KUNIT_ASSERT_EQ(test, conf->ops->reset_channel(cc->context), 0);
	KUNIT_EXPECT_EQ(test, resume(cc, done, 12 - done), -EINVAL);
	expect_stopped(test, cc, 12);
}

static void stop_now(struct conformance_channel *cc)
{
	cc->err = channel_stop(cc);
	cc->seen = word(cc);
}

/* R-ABORT-2, R-RESET-1, R-CW-1: the word says that the channel has halted. */
void conformance_stop_writes_word(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc;

	require(test, conf->features & CONFORMANCE_STOP_WORD, "word for a stop");
	cc = run_until(test, 12, 1, stop_now);
	KUNIT_EXPECT_EQ(test, FIELD_GET(NETDMA_WORD_STATUS, cc->seen), NETDMA_STATUS_HALTED);
	if (!conf->ops->abort)
		return;
	KUNIT_ASSERT_EQ(test, start(cc, 0, 12), 0);
	KUNIT_ASSERT_EQ(test, conf->ops->abort(cc->context), 0);
	KUNIT_EXPECT_EQ(test, word_status(cc), NETDMA_STATUS_HALTED);
}

/* --- errors --------------------------------------------------------------- */

/* Descriptor 2 of 5 is bad: the channel halts there, tells it, and knows why. */
static struct conformance_channel *run_into_error(struct kunit *test, u64 src, u64 dst)
{
	struct conformance *conf = test->priv;
	struct conformance_channel *cc = channel_get(test, 0);

	put_copies(cc, 0, 5, NETDMA_DESC_STATUS);
	if (src || dst)
		put(cc, 2, NETDMA_DESC_STATUS, LEN, src ?: src_address(cc, 2),
		    dst ?: dst_address(cc, 2));
	else
		spoil(cc, 2);
	KUNIT_ASSERT_EQ(test, start(cc, 0, 5), 0);
	wait_for_interrupts(test, cc, 1);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, cc->interrupts, 1);
	KUNIT_EXPECT_TRUE(test, is_told_of_error(cc));
	KUNIT_EXPECT_EQ(test, word(cc), address(cc, 1) | NETDMA_STATUS_HALTED);
	expect_copied(test, cc, 0, 2);
	expect_untouched(test, cc, 2, 3);
	require(test, conf->ops->halt_reason, "reason for a halt");
	return cc;
}

/* Section 7.2, R-DPC-2: the source cannot be read. */
void conformance_error_read(struct kunit *test)
{
	struct conformance_channel *cc = run_into_error(test, NOWHERE, 0);

	KUNIT_EXPECT_EQ(test, (int)cc->conf->ops->halt_reason(cc->context), NETDMA_FAILURE_READ);
}

/* Section 7.2: the destination cannot be written. */
void conformance_error_write(struct kunit *test)
{
	struct conformance_channel *cc = run_into_error(test, 0, NOWHERE);

	KUNIT_EXPECT_EQ(test, (int)cc->conf->ops->halt_reason(cc->context), NETDMA_FAILURE_WRITE);
}

/* Section 5.2: a reserved bit of the control field is set. */
void conformance_error_descriptor(struct kunit *test)
{
	struct conformance_channel *cc = run_into_error(test, 0, 0);

	KUNIT_EXPECT_EQ(test, (int)cc->conf->ops->halt_reason(cc->context), NETDMA_FAILURE_OTHER);
}

/* Section 7.2, R-RESET-2: after a reset, or an abort, the channel can be started. */
void conformance_error_recovers(struct kunit *test)
{
	struct conformance_channel *cc = run_into_error(test, NOWHERE, 0);

	KUNIT_ASSERT_EQ(test, channel_stop(cc), 0);
	KUNIT_EXPECT_EQ(test, (int)cc->conf->ops->halt_reason(cc->context), NETDMA_FAILURE_NONE);
	KUNIT_ASSERT_EQ(test, start(cc, 3, 2), 0);
	wait_for(test, cc, 4);
	expect_copied(test, cc, 3, 2);
	expect_untouched(test, cc, 2, 1);
	KUNIT_EXPECT_EQ(test, cc->interrupts, 1);
}

/* --- several channels ----------------------------------------------------- */

/* Section 1.2: channels work at the same time, each on its list and for its owner. */
void conformance_channels_at_once(struct kunit *test)
{
	struct conformance *conf = test->priv;
	u32 n = min_t(u32, conf->channels, CONFORMANCE_MAX_CHANNELS);
	u32 i;

	for (i = 0; i < n; i++)
		put_copies(channel_get(test, i), 0, 8 + i, 0);
	for (i = 0; i < n; i++) {
		put_copy(conf->channel[i], 0, NETDMA_DESC_INTERRUPT);
		KUNIT_ASSERT_EQ(test, start(conf->channel[i], 0, 4), 0);
	}
	for (i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, append(conf->channel[i], 4, 4 + i), 0);
	for (i = 0; i < n; i++) {
		wait_for(test, conf->channel[i], 7 + i);
		expect_copied(test, conf->channel[i], 0, 8 + i);
		wait_for_interrupts(test, conf->channel[i], 1);
	}
}
