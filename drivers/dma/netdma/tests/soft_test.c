// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies by the CPU: what is special to them
 *
 * What they have in common with all providers is in the conformance suite. Here a
 * channel's source is compiled into the module, to turn the crank by hand: nobody
 * but the test executes.
 *
 * "R-..." names a rule of the NetDMA interface specification.
 */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/platform_device.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../netdma.h"
#include "failing.h"

/* Built in, both copies are in the same kernel. */
#define soft_channel_init	soft_test_channel_init
#define soft_step		soft_test_step
#define soft_allocate_channel	soft_test_allocate_channel
#define soft_free_channel	soft_test_free_channel
#define soft_start		soft_test_start
#define soft_append		soft_test_append
#define soft_suspend		soft_test_suspend
#define soft_resume		soft_test_resume
#define soft_abort		soft_test_abort
#define soft_reset_channel	soft_test_reset_channel
#define soft_halt_reason	soft_test_halt_reason

#include "../soft/channel.c"

#define PIECES		16	/* of a descriptor of the longest kind */
#define NOWHERE		BIT_ULL(62)

/**
 * struct soft_test - what a case works with
 * @soft: a provider that the core knows nothing of
 * @sc: its channel
 * @handle: what stands for NetDMA's
 * @interrupts: how often it was called
 * @desc: a ring of descriptors
 * @word: the completion word
 * @src: memory
 * @dst: memory
 */
struct soft_test {
	struct soft *soft;
	struct soft_channel *sc;
	struct netdma_channel *handle;
	unsigned int interrupts;
	struct netdma_descriptor *desc;
	__le64 *word;
	u8 *src;
	u8 *dst;
};

#define DESCRIPTORS	8

static void soft_test_reap(struct netdma_channel *handle)
{
	struct soft_test *st = (struct soft_test *)handle->copies;

	st->interrupts++;
}

static const struct netdma_owner_ops soft_test_owner_ops = {
	.reap = soft_test_reap,
};

/* Nobody but the test executes. */
static void soft_test_work(struct work_struct *work)
{
}

static dma_addr_t soft_test_address(struct soft_test *st, u32 index)
{
	return virt_to_phys(&st->desc[index % DESCRIPTORS]);
}

static void soft_test_put(struct soft_test *st, u32 index, u32 control, u32 size, u64 src,
			  u64 dst)
{
	struct netdma_descriptor *desc = &st->desc[index % DESCRIPTORS];

	desc->size = cpu_to_le32(size);
	desc->control = cpu_to_le32(control);
	desc->src = cpu_to_le64(src);
	desc->dst = cpu_to_le64(dst);
}

/* A descriptor of the longest kind: @index is its half of the memory. */
static void soft_test_put_long(struct soft_test *st, u32 index, u32 control)
{
	soft_test_put(st, index, control, SOFT_MAX_TRANSFER,
		      virt_to_phys(st->src + index * SOFT_MAX_TRANSFER),
		      virt_to_phys(st->dst + index * SOFT_MAX_TRANSFER));
}

static int soft_test_run(struct soft_test *st, u32 first, u32 count)
{
	return soft_start(st->sc, &st->desc[first], soft_test_address(st, first), count);
}

/* Bytes of the memory that have been copied, from its beginning; none after them has. */
static size_t soft_test_copied(struct kunit *test)
{
	struct soft_test *st = test->priv;
	size_t done = 0;

	while (done < 2 * SOFT_MAX_TRANSFER && st->dst[done] == st->src[done])
		done++;
	KUNIT_EXPECT_NULL(test, memchr_inv(st->dst + done, 0, 2 * SOFT_MAX_TRANSFER - done));
	return done;
}

static u64 soft_test_word(struct soft_test *st)
{
	return le64_to_cpu(*st->word);
}

static int soft_test_init(struct kunit *test)
{
	struct netdma_channel_parameters parameters = {
		.affinity = cpu_online_mask,
	};
	struct soft_test *st = kunit_kzalloc(test, sizeof(*st), GFP_KERNEL);
	void *context;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, st);
	st->soft = kunit_kzalloc(test, struct_size(st->soft, channels, 1), GFP_KERNEL);
	st->handle = kunit_kzalloc(test, sizeof(*st->handle), GFP_KERNEL);
	st->desc = kunit_kzalloc(test, DESCRIPTORS * sizeof(*st->desc), GFP_KERNEL);
	st->src = kunit_kzalloc(test, 2 * SOFT_MAX_TRANSFER, GFP_KERNEL);
	st->dst = kunit_kzalloc(test, 2 * SOFT_MAX_TRANSFER, GFP_KERNEL);
	st->word = kunit_kzalloc(test, 64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, st->soft);
	KUNIT_ASSERT_NOT_NULL(test, st->handle);
	KUNIT_ASSERT_NOT_NULL(test, st->desc);
	KUNIT_ASSERT_NOT_NULL(test, st->src);
	KUNIT_ASSERT_NOT_NULL(test, st->dst);
	KUNIT_ASSERT_NOT_NULL(test, st->word);
	memset(st->src, 0x5a, 2 * SOFT_MAX_TRANSFER);
	for (i = 0; i < DESCRIPTORS; i++)
		st->desc[i].next = cpu_to_le64(soft_test_address(st, i + 1));

	spin_lock_init(&st->handle->lock);
	spin_lock_init(&st->handle->reap_lock);
	st->handle->owner = &soft_test_owner_ops;
	st->handle->copies = (struct netdma_copies *)st;
	parameters.completion = st->word;
	st->soft->num_channels = 1;
	st->soft->wq = system_unbound_wq;
	st->sc = &st->soft->channels[0];
	soft_channel_init(st->soft, st->sc);
	INIT_WORK(&st->sc->work, soft_test_work);
	KUNIT_ASSERT_EQ(test, soft_allocate_channel(st->soft, &parameters, st->handle, &context),
			0);
	KUNIT_ASSERT_PTR_EQ(test, context, (void *)st->sc);
	test->priv = st;
	return 0;
}

static void soft_test_exit(struct kunit *test)
{
	struct soft_test *st = test->priv;

	if (!st)
		return;
	soft_free_channel(st->sc);
	cancel_work_sync(&st->sc->work);
}

/* A descriptor is executed in pieces of a page: nobody waits for more than one. */
static void soft_step_is_a_page(struct kunit *test)
{
	struct soft_test *st = test->priv;
	unsigned int i;

	soft_test_put_long(st, 0, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 1), 0);
	for (i = 1; i < PIECES; i++) {
		KUNIT_ASSERT_TRUE(test, soft_step(st->sc));
		KUNIT_ASSERT_EQ(test, soft_test_copied(test), i * SZ_4K);
		KUNIT_ASSERT_EQ(test, soft_test_word(st), NETDMA_STATUS_ARMED);
	}
	KUNIT_EXPECT_FALSE(test, soft_step(st->sc));
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SOFT_MAX_TRANSFER);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), soft_test_address(st, 0) | NETDMA_STATUS_IDLE);
}

/* Section 5.3: Armed from the start to the first completion */
static void soft_start_arms(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, 0);
	soft_test_put_long(st, 1, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 2), 0);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), NETDMA_STATUS_ARMED);
	while (soft_step(st->sc))
		;
	KUNIT_EXPECT_EQ(test, soft_test_word(st), soft_test_address(st, 1) | NETDMA_STATUS_IDLE);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 2), 0);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), NETDMA_STATUS_ARMED);
}

/*
 * R-START-3, R-START-4: the start of another list finishes the descriptor that it finds
 * half done, and the rest of the old one is neither executed nor reported.
 */
static void soft_start_finishes_current(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, NETDMA_DESC_INTERRUPT);
	soft_test_put_long(st, 1, 0);
	soft_test_put(st, 4, NETDMA_DESC_NULL | NETDMA_DESC_STATUS, 1, 0, 0);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 2), 0);
	soft_step(st->sc);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 4, 1), 0);
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SOFT_MAX_TRANSFER);

	/* What it asked for comes, but not to him who starts. */
	KUNIT_EXPECT_EQ(test, st->interrupts, 0);
	while (soft_step(st->sc))
		;
	KUNIT_EXPECT_EQ(test, st->interrupts, 1);
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SOFT_MAX_TRANSFER);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), soft_test_address(st, 4) | NETDMA_STATUS_IDLE);
}

/* R-START-3: if that fails the start does, and the channel halts. */
static void soft_start_after_failure(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, 0);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 1), 0);
	soft_step(st->sc);
	st->sc->desc.dst = cpu_to_le64(NOWHERE);
	KUNIT_EXPECT_EQ(test, soft_test_run(st, 0, 1), -EIO);
	KUNIT_EXPECT_EQ(test, (int)soft_halt_reason(st->sc), NETDMA_FAILURE_WRITE);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), NETDMA_STATUS_HALTED);
	KUNIT_EXPECT_FALSE(test, soft_step(st->sc));
	KUNIT_EXPECT_EQ(test, st->interrupts, 1);
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SZ_4K);

	/* Section 7: from there it can be started. */
	KUNIT_EXPECT_EQ(test, soft_test_run(st, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, (int)soft_halt_reason(st->sc), NETDMA_FAILURE_NONE);
}

/*
 * R-SUSP-1: a suspension finishes the descriptor that it finds half done, and tells
 * nobody meanwhile: its caller holds locks, with interrupts off.
 */
static void soft_suspend_finishes_current(struct kunit *test)
{
	struct soft_test *st = test->priv;
	unsigned long flags;
	dma_addr_t last;
	int err;

	soft_test_put_long(st, 0, NETDMA_DESC_INTERRUPT);
	soft_test_put_long(st, 1, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 2), 0);
	soft_step(st->sc);
	soft_step(st->sc);

	local_irq_save(flags);
	err = soft_suspend(st->sc, &last);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, last, soft_test_address(st, 0));
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SOFT_MAX_TRANSFER);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), last | NETDMA_STATUS_SUSPENDED);
	KUNIT_EXPECT_EQ(test, st->interrupts, 0);

	KUNIT_EXPECT_FALSE(test, soft_step(st->sc));
	KUNIT_EXPECT_EQ(test, st->interrupts, 1);
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SOFT_MAX_TRANSFER);
}

/* R-SUSP-2: what fails then has not been suspended. */
static void soft_suspend_fails(struct kunit *test)
{
	struct soft_test *st = test->priv;
	dma_addr_t last;

	soft_test_put_long(st, 0, 0);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 1), 0);
	soft_step(st->sc);
	st->sc->desc.src = cpu_to_le64(NOWHERE);
	KUNIT_EXPECT_EQ(test, soft_suspend(st->sc, &last), -EIO);
	KUNIT_EXPECT_EQ(test, (int)soft_halt_reason(st->sc), NETDMA_FAILURE_READ);
	KUNIT_EXPECT_EQ(test, soft_resume(st->sc, st->desc, soft_test_address(st, 0), 1), -EINVAL);
	soft_step(st->sc);
	KUNIT_EXPECT_EQ(test, st->interrupts, 1);
}

/* R-ABORT-1: an abort cuts the descriptor off, between two pieces. */
static void soft_abort_cuts(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, NETDMA_DESC_INTERRUPT | NETDMA_DESC_STATUS);
	soft_test_put_long(st, 1, NETDMA_DESC_INTERRUPT | NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 2), 0);
	soft_step(st->sc);
	soft_step(st->sc);
	KUNIT_ASSERT_EQ(test, soft_abort(st->sc), 0);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), NETDMA_STATUS_HALTED);
	KUNIT_EXPECT_FALSE(test, soft_step(st->sc));
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), 2 * SZ_4K);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), NETDMA_STATUS_HALTED);
	KUNIT_EXPECT_EQ(test, st->interrupts, 0);
}

/* R-RESET-3: nor does a reset leave anything in hand; the next list begins at its first. */
static void soft_reset_forgets_current(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, 0);
	soft_test_put_long(st, 1, NETDMA_DESC_STATUS);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 2), 0);
	soft_step(st->sc);
	KUNIT_ASSERT_EQ(test, soft_reset_channel(st->sc), 0);
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SZ_4K);

	memset(st->dst, 0, SZ_4K);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 1, 1), 0);
	while (soft_step(st->sc))
		;
	KUNIT_EXPECT_NULL(test, memchr_inv(st->dst, 0, SOFT_MAX_TRANSFER));
	KUNIT_EXPECT_EQ(test, memcmp(st->dst + SOFT_MAX_TRANSFER, st->src + SOFT_MAX_TRANSFER,
				     SOFT_MAX_TRANSFER), 0);
}

/* R-FREE-2: an interrupt that is not told yet when the channel is freed never is. */
static void soft_free_is_silent(struct kunit *test)
{
	struct soft_test *st = test->priv;
	dma_addr_t last;

	soft_test_put_long(st, 0, NETDMA_DESC_INTERRUPT);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 1), 0);
	soft_step(st->sc);
	KUNIT_ASSERT_EQ(test, soft_suspend(st->sc, &last), 0);
	soft_free_channel(st->sc);
	KUNIT_EXPECT_FALSE(test, soft_step(st->sc));
	KUNIT_EXPECT_EQ(test, st->interrupts, 0);
}

/* R-CH2-2: more can be queued than a page of descriptors, but not than can be counted. */
static void soft_append_overflow(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, 0);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, U32_MAX), 0);
	KUNIT_EXPECT_EQ(test, soft_append(st->sc, st->desc, soft_test_address(st, 0), 1), -EINVAL);
}

struct soft_bad {
	const char *what;
	u64 next;
	u32 control;
	u32 size;
	u64 src;
	u64 dst;
	u64 next_src;
	u64 next_dst;
	enum netdma_failure failure;
};

static const struct soft_bad soft_bads[] = {
	{ "no memory at the link", .next = NOWHERE, .failure = NETDMA_FAILURE_READ },
	/* What is there would be a good NULL descriptor. */
	{ "a link that is not aligned", .next = 32, .next_src = (u64)NETDMA_DESC_NULL << 32 | 1,
	  .failure = NETDMA_FAILURE_OTHER },
	{ "an unknown operation", .control = BIT(25),
	  .failure = NETDMA_FAILURE_OTHER },
	{ "a context change", .control = NETDMA_DESC_OP, .failure = NETDMA_FAILURE_OTHER },
	{ "a reserved bit", .control = BIT(8), .failure = NETDMA_FAILURE_OTHER },
	{ "another reserved bit", .control = BIT(23), .failure = NETDMA_FAILURE_OTHER },
	{ "too long", .size = SOFT_MAX_TRANSFER + 1, .failure = NETDMA_FAILURE_OTHER },
	{ "a source page that is none", .control = NETDMA_DESC_SRC_BREAK, .next_src = 64,
	  .failure = NETDMA_FAILURE_OTHER },
	{ "a destination page that is none", .control = NETDMA_DESC_DST_BREAK, .next_dst = 2048,
	  .failure = NETDMA_FAILURE_OTHER },
	{ "a source page that is not memory", .control = NETDMA_DESC_SRC_BREAK,
	  .next_src = NOWHERE, .failure = NETDMA_FAILURE_READ },
	{ "a destination page that is not memory", .control = NETDMA_DESC_DST_BREAK,
	  .next_dst = NOWHERE, .failure = NETDMA_FAILURE_WRITE },
	{ "a fill of what is not memory", .control = NETDMA_OP_FILL << 24, .dst = NOWHERE,
	  .failure = NETDMA_FAILURE_WRITE },
	{ "a source at the end of all addresses", .src = U64_MAX - 1,
	  .failure = NETDMA_FAILURE_READ },
};

static void soft_bad_describe(const struct soft_bad *bad, char *text)
{
	strscpy(text, bad->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(soft_bad, soft_bads, soft_bad_describe);

/* Section 7.2, R-DESC-1, R-DESC-4, R-PB-3: what cannot be executed halts the channel. */
static void soft_bad_halts(struct kunit *test)
{
	const struct soft_bad *bad = test->param_value;
	struct soft_test *st = test->priv;

	soft_test_put(st, 0, NETDMA_DESC_STATUS, 1, virt_to_phys(st->src), virt_to_phys(st->dst));
	soft_test_put_long(st, 1, bad->control | NETDMA_DESC_STATUS);
	if (bad->size)
		st->desc[1].size = cpu_to_le32(bad->size);
	if (bad->src)
		st->desc[1].src = cpu_to_le64(bad->src);
	if (bad->dst)
		st->desc[1].dst = cpu_to_le64(bad->dst);
	st->desc[1].next_src = cpu_to_le64(bad->next_src ?: virt_to_phys(st->src));
	st->desc[1].next_dst = cpu_to_le64(bad->next_dst ?: virt_to_phys(st->dst));
	if (bad->next == NOWHERE)
		st->desc[0].next = cpu_to_le64(NOWHERE);
	else
		le64_add_cpu(&st->desc[0].next, bad->next);

	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 3), 0);
	while (soft_step(st->sc))
		;
	KUNIT_EXPECT_EQ(test, (int)soft_halt_reason(st->sc), (int)bad->failure);
	KUNIT_EXPECT_EQ(test, soft_test_word(st), soft_test_address(st, 0) | NETDMA_STATUS_HALTED);
	KUNIT_EXPECT_EQ(test, st->interrupts, 1);
}

/* R-DCA-4: a hint for direct cache access is ignored. */
static void soft_ignores_dca(struct kunit *test)
{
	struct soft_test *st = test->priv;

	soft_test_put_long(st, 0, BIT(9) | NETDMA_DESC_SRC_NO_SNOOP | NETDMA_DESC_DST_NO_SNOOP |
				  NETDMA_DESC_FENCE);
	KUNIT_ASSERT_EQ(test, soft_test_run(st, 0, 1), 0);
	while (soft_step(st->sc))
		;
	KUNIT_EXPECT_EQ(test, soft_test_copied(test), SOFT_MAX_TRANSFER);
}

/* R-ALLOC-3: with no CPU that is online to choose from, any will do (R-ALLOC-4). */
static void soft_allocate_without_cpu(struct kunit *test)
{
	struct soft_test *st = test->priv;
	struct netdma_channel_parameters parameters = {
		.completion = st->word,
		.channel = NETDMA_CHANNEL_ANY,
		.affinity = cpu_none_mask,
		.cpu = nr_cpu_ids,
	};
	void *context;

	KUNIT_EXPECT_EQ(test, soft_allocate_channel(st->soft, &parameters, st->handle, &context),
			-EBUSY);
	soft_free_channel(st->sc);
	KUNIT_ASSERT_EQ(test, soft_allocate_channel(st->soft, &parameters, st->handle, &context),
			0);
	KUNIT_ASSERT_LT(test, parameters.cpu, nr_cpu_ids);
	KUNIT_EXPECT_TRUE(test, cpu_online(parameters.cpu));
}

static struct kunit_case soft_test_cases[] = {
	KUNIT_CASE(soft_step_is_a_page),
	KUNIT_CASE(soft_start_arms),
	KUNIT_CASE(soft_start_finishes_current),
	KUNIT_CASE(soft_start_after_failure),
	KUNIT_CASE(soft_suspend_finishes_current),
	KUNIT_CASE(soft_suspend_fails),
	KUNIT_CASE(soft_abort_cuts),
	KUNIT_CASE(soft_reset_forgets_current),
	KUNIT_CASE(soft_free_is_silent),
	KUNIT_CASE(soft_append_overflow),
	KUNIT_CASE_PARAM(soft_bad_halts, soft_bad_gen_params),
	KUNIT_CASE(soft_ignores_dca),
	KUNIT_CASE(soft_allocate_without_cpu),
	{ }
};

static struct kunit_suite soft_test_suite = {
	.name = "netdma_soft",
	.init = soft_test_init,
	.exit = soft_test_exit,
	.test_cases = soft_test_cases,
};

kunit_test_suite(soft_test_suite);

/* --- the module, as clients see it ---------------------------------------- */

/**
 * struct soft_module_test - a client of all providers
 * @client: the client
 * @provider: the module's
 * @dev: its device
 * @attributes: what its provider is like
 * @arrivals: of providers with its name
 * @removals: likewise
 */
struct soft_module_test {
	struct netdma_client *client;
	struct netdma_provider *provider;
	struct device *dev;
	struct netdma_provider_attributes attributes;
	unsigned int arrivals;
	unsigned int removals;
};

static void soft_module_event(void *context, enum netdma_pnp_event event,
			      const struct netdma_provider_info *info)
{
	struct soft_module_test *mt = context;

	if (strcmp(info->name, "NetDMA soft"))
		return;
	if (event == NETDMA_PROVIDER_ARRIVAL) {
		mt->provider = info->provider;
		mt->dev = info->dev;
		mt->attributes = *info->attributes;
		mt->arrivals++;
	} else if (event == NETDMA_PROVIDER_REMOVAL) {
		mt->removals++;
	}
}

static int soft_module_init(struct kunit *test)
{
	struct soft_module_test *mt = kunit_kzalloc(test, sizeof(*mt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mt);
	test->priv = mt;
	mt->client = netdma_register_client("soft_test", soft_module_event, mt);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mt->client);
	if (!mt->arrivals)
		kunit_skip(test, "netdma_soft is not there");
	return 0;
}

static void soft_module_exit(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;

	if (mt && !IS_ERR_OR_NULL(mt->client))
		netdma_deregister_client(mt->client);
}

/* Section 5.7: what clients are told, with the parameters as they are by default */
static void soft_module_attributes(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;

	KUNIT_EXPECT_EQ(test, mt->arrivals, 1);
	KUNIT_EXPECT_EQ(test, mt->attributes.channels, 4);
	KUNIT_EXPECT_EQ(test, mt->attributes.max_transfer, SOFT_MAX_TRANSFER);
	KUNIT_EXPECT_EQ(test, mt->attributes.max_address, U64_MAX);
	KUNIT_EXPECT_EQ(test, mt->attributes.flags,
			NETDMA_PROVIDER_PHYSICAL | NETDMA_PROVIDER_PRIVATE | NETDMA_PROVIDER_FILL |
			NETDMA_PROVIDER_PAGE_BREAK);
}

/* A number of channels that cannot be is refused. */
static void soft_module_parameter(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;
	struct module *module = mt->dev->driver->owner;
	const struct kernel_param *channels = NULL;
	unsigned int i;

	if (!module)
		kunit_skip(test, "netdma_soft is built in");
	for (i = 0; i < module->num_kp; i++)
		if (!strcmp(module->kp[i].name, "channels"))
			channels = &module->kp[i];
	KUNIT_ASSERT_NOT_NULL(test, channels);
	KUNIT_EXPECT_EQ(test, channels->ops->set("0", channels), -EINVAL);
	KUNIT_EXPECT_EQ(test, channels->ops->set("65", channels), -EINVAL);
	KUNIT_EXPECT_EQ(test, channels->ops->set("64", channels), 0);
	KUNIT_EXPECT_EQ(test, channels->ops->set("4", channels), 0);
}

static bool soft_module_is_ours(struct dma_chan *chan, void *dev)
{
	return chan->device->dev == dev;
}

/* Copies by the CPU help nobody who has asked dmaengine for an engine. */
static void soft_module_is_private(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	KUNIT_EXPECT_NULL(test, dma_request_channel(mask, soft_module_is_ours, mt->dev));
}

/* R-PSTOP-1, R-DEREG-1: without its device there is no provider. */
static void soft_module_unbind(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;
	struct device *dev = get_device(mt->dev);

	device_release_driver(dev);
	KUNIT_EXPECT_EQ(test, mt->removals, 1);
	KUNIT_EXPECT_EQ(test, device_attach(dev), 1);
	KUNIT_EXPECT_EQ(test, mt->arrivals, 2);
	put_device(dev);
}

/* Section 1.2: one provider for each device */
static void soft_module_second(struct kunit *test)
{
	const struct platform_device_info info = {
		.name = "netdma_soft",
		.id = PLATFORM_DEVID_AUTO,
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct soft_module_test *mt = test->priv;
	struct device *first = mt->dev;
	struct platform_device *pdev;

	pdev = platform_device_register_full(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, mt->arrivals, 2);
	KUNIT_EXPECT_PTR_EQ(test, mt->dev, &pdev->dev);
	KUNIT_EXPECT_PTR_NE(test, mt->dev, first);
	platform_device_unregister(pdev);
	KUNIT_EXPECT_EQ(test, mt->removals, 1);
}

static struct netdma_channel *soft_module_channel(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;
	const struct netdma_channel_request request = {
		.provider = mt->provider,
		.node = NUMA_NO_NODE,
		.cpu = -1,
	};
	struct netdma_channel *channel = netdma_allocate_channel(mt->client, &request);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, channel);
	return channel;
}

/* R-ALLOC-5, R-PB-1: a client's copy, from pages that are not contiguous to others */
static void soft_module_copies(struct kunit *test)
{
	struct netdma_channel *channel = soft_module_channel(test);
	const size_t len = 16 * SOFT_MAX_TRANSFER;
	unsigned int tries = 1000;
	netdma_token_t token;
	u8 *src, *dst;

	src = vmalloc(len);
	dst = vzalloc(len);
	if (src && dst) {
		get_random_bytes(src, len);
		token = netdma_chain_copy_virt(channel, dst, src, len, NETDMA_COPY_FLUSH, NULL);
		KUNIT_EXPECT_GT(test, token, 0);
		while (netdma_get_copy_status(channel, token) == NETDMA_COPY_PENDING && --tries)
			usleep_range(100, 200);
		KUNIT_EXPECT_EQ(test, (int)netdma_get_copy_status(channel, token),
				NETDMA_COPY_DONE);
		KUNIT_EXPECT_EQ(test, memcmp(dst, src, len), 0);
	}
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
	KUNIT_EXPECT_NOT_NULL(test, src);
	KUNIT_EXPECT_NOT_NULL(test, dst);
	vfree(src);
	vfree(dst);
}

#define SOFT_LOAD	64

/*
 * R-PSTOP-2, R-PSTOP-3: the driver is unbound while all channels have work. All of
 * it is done, and the channels answer that they are gone.
 */
static void soft_module_unbind_under_load(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;
	struct device *dev = get_device(mt->dev);
	struct netdma_channel *channels[4];
	netdma_token_t token;
	unsigned int i, n;
	u8 *src, *dst;

	src = kunit_kzalloc(test, SOFT_MAX_TRANSFER, GFP_KERNEL);
	dst = kunit_kzalloc(test, 4 * SOFT_MAX_TRANSFER, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, src);
	KUNIT_ASSERT_NOT_NULL(test, dst);
	memset(src, 0x5a, SOFT_MAX_TRANSFER);

	for (i = 0; i < 4; i++) {
		channels[i] = soft_module_channel(test);
		for (n = 0; n < SOFT_LOAD; n++) {
			token = netdma_chain_copy_dma(channels[i],
						      virt_to_phys(dst + i * SOFT_MAX_TRANSFER),
						      virt_to_phys(src), SOFT_MAX_TRANSFER,
						      NETDMA_COPY_FLUSH, NULL);
			KUNIT_EXPECT_EQ(test, token, n + 1);
		}
	}

	device_release_driver(dev);
	KUNIT_EXPECT_EQ(test, mt->removals, 1);
	for (i = 0; i < 4; i++) {
		for (n = 0; n < SOFT_LOAD; n++)
			KUNIT_EXPECT_EQ(test, (int)netdma_get_copy_status(channels[i], n + 1),
					NETDMA_COPY_DONE);
		KUNIT_EXPECT_EQ(test, netdma_null_transfer(channels[i], NETDMA_COPY_FLUSH, NULL),
				-ESHUTDOWN);
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[i]), 0);
	}
	KUNIT_EXPECT_NULL(test, memchr_inv(dst, 0x5a, 4 * SOFT_MAX_TRANSFER));
	KUNIT_EXPECT_EQ(test, device_attach(dev), 1);
	put_device(dev);
}

/* What cannot be allocated makes the probe fail, and nothing is left of it. */
static void soft_module_without_memory(struct kunit *test)
{
	struct soft_module_test *mt = test->priv;
	struct device *dev = get_device(mt->dev);
	unsigned int nth;
	bool failed;
	int ret;

	failing_require(test);
	device_release_driver(dev);
	for (nth = 1; nth < 100; nth++) {
		failing_arm(nth);
		ret = device_attach(dev);
		failed = failing_disarm();
		KUNIT_EXPECT_EQ(test, mt->arrivals - mt->removals, ret == 1 ? 1 : 0);
		if (!failed)
			break;
		if (ret == 1)
			device_release_driver(dev);
	}
	KUNIT_EXPECT_EQ(test, ret, 1);
	put_device(dev);
}

static struct kunit_case soft_module_cases[] = {
	KUNIT_CASE(soft_module_attributes),
	KUNIT_CASE(soft_module_parameter),
	KUNIT_CASE(soft_module_is_private),
	KUNIT_CASE(soft_module_unbind),
	KUNIT_CASE(soft_module_second),
	KUNIT_CASE(soft_module_copies),
	KUNIT_CASE(soft_module_unbind_under_load),
	KUNIT_CASE(soft_module_without_memory),
	{ }
};

static struct kunit_suite soft_module_suite = {
	.name = "netdma_soft_module",
	.init = soft_module_init,
	.exit = soft_module_exit,
	.test_cases = soft_module_cases,
};

kunit_test_suite(soft_module_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for copies by the CPU");
MODULE_LICENSE("GPL");
