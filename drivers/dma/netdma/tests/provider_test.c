// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration, start and stop of providers
 *
 * "R-..." names a rule of the NetDMA interface specification.
 */
#include <linux/dma-mapping.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>

#include "fake_provider.h"

static int provider_test_init(struct kunit *test)
{
	test->priv = fake_provider_create(test);
	return 0;
}

static void provider_test_exit(struct kunit *test)
{
	fake_provider_destroy(test, test->priv);
}

/* --- registration --------------------------------------------------------- */

struct provider_refusal {
	const char *what;
	void (*spoil)(struct netdma_provider_characteristics *c);
};

#define REFUSAL(name, statement)						\
	static void provider_spoil_##name(struct netdma_provider_characteristics *c) \
	{ statement; }

REFUSAL(version_0_1, (c->major_version = 0, c->minor_version = 1))
REFUSAL(version_1_2, (c->major_version = 1, c->minor_version = 2))
REFUSAL(version_2_2, c->minor_version = 2)
REFUSAL(version_3_0, (c->major_version = 3, c->minor_version = 0))
REFUSAL(name_null, c->name = NULL)
REFUSAL(name_empty, c->name = "")
REFUSAL(device, c->dev = NULL)
REFUSAL(no_channels, c->max_channels = 0)
REFUSAL(many_channels, c->max_channels = 257)
REFUSAL(endless_channels, c->max_channels = U32_MAX)
REFUSAL(allocate, c->allocate_channel = NULL)
REFUSAL(free, c->free_channel = NULL)
REFUSAL(start, c->start = NULL)
REFUSAL(append, c->append = NULL)
REFUSAL(suspend, c->suspend = NULL)
REFUSAL(resume, c->resume = NULL)
REFUSAL(abort_and_reset, (c->abort = NULL, c->reset_channel = NULL))

static const struct provider_refusal provider_refusals[] = {
	{ "version 0.1", provider_spoil_version_0_1 },
	{ "version 1.2", provider_spoil_version_1_2 },
	{ "version 2.2", provider_spoil_version_2_2 },
	{ "version 3.0", provider_spoil_version_3_0 },
	{ "no name", provider_spoil_name_null },
	{ "an empty name", provider_spoil_name_empty },
	{ "no device", provider_spoil_device },
	{ "no channels", provider_spoil_no_channels },
	{ "257 channels", provider_spoil_many_channels },
	{ "2^32 - 1 channels", provider_spoil_endless_channels },
	{ "no allocate_channel", provider_spoil_allocate },
	{ "no free_channel", provider_spoil_free },
	{ "no start", provider_spoil_start },
	{ "no append", provider_spoil_append },
	{ "resume without suspend", provider_spoil_suspend },
	{ "suspend without resume", provider_spoil_resume },
	{ "neither abort nor reset", provider_spoil_abort_and_reset },
};

static void provider_refusal_describe(const struct provider_refusal *refusal, char *text)
{
	strscpy(text, refusal->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(provider_refusal, provider_refusals, provider_refusal_describe);

/* R-VER-1 and section 3: what cannot work is refused, and no callback is called. */
static void provider_register_refuses(struct kunit *test)
{
	const struct provider_refusal *refusal = test->param_value;
	struct fake_provider *fake = test->priv;
	struct netdma_provider *provider;

	refusal->spoil(&fake->characteristics);
	provider = netdma_register_provider(fake, &fake->characteristics);
	KUNIT_EXPECT_TRUE(test, IS_ERR(provider));
	if (IS_ERR(provider))
		KUNIT_EXPECT_EQ(test, PTR_ERR(provider), -EINVAL);
	else
		netdma_deregister_provider(provider);
	KUNIT_EXPECT_STREQ(test, fake_history(fake), "");
}

/* dmaengine reads the device's driver: one without is refused. */
static void provider_register_refuses_unbound_device(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct netdma_provider *provider;

	device_release_driver(fake->dev);
	provider = netdma_register_provider(fake, &fake->characteristics);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(provider), -EINVAL);
}

REFUSAL(to_1_0, (c->major_version = 1, c->minor_version = 0))
REFUSAL(to_1_1_without_name, (c->major_version = 1, c->name = NULL))
REFUSAL(to_2_0, c->minor_version = 0)
REFUSAL(to_no_affinity, c->set_channel_cpu_affinity = NULL)
REFUSAL(to_no_suspend, (c->suspend = NULL, c->resume = NULL))
REFUSAL(to_no_abort, c->abort = NULL)
REFUSAL(to_no_reset, c->reset_channel = NULL)
REFUSAL(to_no_reason, c->halt_reason = NULL)
REFUSAL(to_256_channels, c->max_channels = 256)

static const struct provider_refusal provider_acceptances[] = {
	{ "version 1.0", provider_spoil_to_1_0 },
	{ "version 1.1 without a name", provider_spoil_to_1_1_without_name },
	{ "version 2.0", provider_spoil_to_2_0 },
	{ "no affinity callback", provider_spoil_to_no_affinity },
	{ "neither suspend nor resume", provider_spoil_to_no_suspend },
	{ "no abort", provider_spoil_to_no_abort },
	{ "no reset", provider_spoil_to_no_reset },
	{ "no halt_reason", provider_spoil_to_no_reason },
	{ "256 channels", provider_spoil_to_256_channels },
};

KUNIT_ARRAY_PARAM(provider_acceptance, provider_acceptances, provider_refusal_describe);

/* Section 3: what is optional can be missing. */
static void provider_register_accepts(struct kunit *test)
{
	const struct provider_refusal *acceptance = test->param_value;
	struct fake_provider *fake = test->priv;

	acceptance->spoil(&fake->characteristics);
	fake_provider_start(test, fake);
}

/*
 * R-REG-3, R-REG-4, R-AFF-2: the affinity callback and no other comes from inside,
 * with a CPU for each channel that there could be.
 */
static void provider_register_calls_affinity(struct kunit *test)
{
	struct fake_provider *fake = test->priv;

	fake_provider_register(test, fake);
	KUNIT_EXPECT_STREQ(test, fake_history(fake), "affinity");
}

/* What the affinity callback answers is the answer of the registration. */
static void provider_register_fails_with_affinity(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct netdma_provider *provider;

	fake->answer[FAKE_AFFINITY] = -ENOSPC;
	provider = netdma_register_provider(fake, &fake->characteristics);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(provider), -ENOSPC);
}

/* The characteristics are copied, the name with them. */
static void provider_register_copies(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct dma_chan *chan;

	fake_provider_register(test, fake);
	fake->characteristics.allocate_channel = NULL;
	fake_provider_start(test, fake);
	chan = fake_request(fake);
	KUNIT_ASSERT_NOT_NULL(test, chan);
	KUNIT_EXPECT_STREQ(test, fake_history(fake), "allocate");
	dma_release_channel(chan);
}

/* Section 2.5 */
static void provider_version_is_2_1(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, netdma_get_version(), 0x00020001);
}

/* --- start and stop ------------------------------------------------------- */

struct provider_attribute_refusal {
	const char *what;
	u32 channels;
	u32 max_transfer;
	u64 max_address;
};

static const struct provider_attribute_refusal provider_attribute_refusals[] = {
	{ "no channels", 0, SZ_64K, U64_MAX },
	{ "more channels than registered", FAKE_CHANNELS + 1, SZ_64K, U64_MAX },
	{ "2^32 - 1 channels", U32_MAX, SZ_64K, U64_MAX },
	{ "transfers of 4095 bytes", FAKE_CHANNELS, SZ_4K - 1, U64_MAX },
	{ "transfers of 0 bytes", FAKE_CHANNELS, 0, U64_MAX },
	{ "addresses beyond the engine", FAKE_CHANNELS, SZ_64K, DMA_BIT_MASK(40) },
};

static void provider_attribute_describe(const struct provider_attribute_refusal *refusal,
					char *text)
{
	strscpy(text, refusal->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(provider_attribute, provider_attribute_refusals, provider_attribute_describe);

/* Section 5.7 */
static void provider_start_refuses(struct kunit *test)
{
	const struct provider_attribute_refusal *refusal = test->param_value;
	struct fake_provider *fake = test->priv;

	fake_provider_register(test, fake);
	fake->attributes.channels = refusal->channels;
	fake->attributes.max_transfer = refusal->max_transfer;
	fake->attributes.max_address = refusal->max_address;
	KUNIT_EXPECT_EQ(test, netdma_provider_start(fake->provider, &fake->attributes), -EINVAL);
	KUNIT_EXPECT_NULL(test, fake_request(fake));
}

/* R-REG-5: the channels that are there are offered, not those that could be. */
static void provider_start_offers_channels(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct dma_chan *chans[2];

	fake->attributes.channels = 2;
	fake_provider_start(test, fake);
	chans[0] = fake_request(fake);
	chans[1] = fake_request(fake);
	KUNIT_EXPECT_NOT_NULL(test, chans[0]);
	KUNIT_EXPECT_NOT_NULL(test, chans[1]);
	KUNIT_EXPECT_NULL(test, fake_request(fake));
	if (chans[0])
		dma_release_channel(chans[0]);
	if (chans[1])
		dma_release_channel(chans[1]);
}

/* Clients of dmaengine's common pool take no channel: each belongs to who requests it. */
static void provider_start_is_private(struct kunit *test)
{
	struct fake_provider *fake = test->priv;

	dmaengine_get();
	fake_provider_start(test, fake);
	KUNIT_EXPECT_EQ(test, (int)fake->channels[0].state, FAKE_IS_FREE);
	dmaengine_put();
}

/* A second start without a stop */
static void provider_start_twice(struct kunit *test)
{
	struct fake_provider *fake = test->priv;

	fake_provider_start(test, fake);
	KUNIT_EXPECT_EQ(test, netdma_provider_start(fake->provider, &fake->attributes), -EBUSY);
}

/* R-PSTART-3: starts and stops alternate, with other attributes each time. */
static void provider_starts_and_stops(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct dma_chan *chan;
	unsigned int i;

	for (i = 1; i <= FAKE_CHANNELS; i++) {
		fake->attributes.channels = i;
		fake->attributes.flags = i & 1 ? NETDMA_PROVIDER_FILL : 0;
		fake_provider_start(test, fake);
		chan = fake_request(fake);
		KUNIT_ASSERT_NOT_NULL(test, chan);
		KUNIT_EXPECT_EQ(test, dma_has_cap(DMA_MEMSET, chan->device->cap_mask), i & 1);
		dma_release_channel(chan);
		fake_provider_stop(fake);
		KUNIT_EXPECT_NULL(test, fake_request(fake));
	}
}

/* A stop without a start is nothing. */
static void provider_stop_of_stopped(struct kunit *test)
{
	struct fake_provider *fake = test->priv;

	fake_provider_register(test, fake);
	fake_provider_stop(fake);
	fake_provider_start(test, fake);
	fake_provider_stop(fake);
	fake_provider_stop(fake);
}

/*
 * R-PSTOP-2, R-FREE-3: a stop frees all that clients still have. R-FREE-2: the
 * shells can be given back, and nothing is called for them.
 */
static void provider_stop_frees_channels(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct dma_chan *chans[FAKE_CHANNELS];
	unsigned int i;

	fake_provider_start(test, fake);
	for (i = 0; i < FAKE_CHANNELS; i++) {
		chans[i] = fake_request(fake);
		KUNIT_ASSERT_NOT_NULL(test, chans[i]);
	}
	fake_forget(fake);
	fake_provider_stop(fake);
	KUNIT_EXPECT_EQ(test, fake_calls(fake, FAKE_FREE), FAKE_CHANNELS);
	for (i = 0; i < FAKE_CHANNELS; i++)
		KUNIT_EXPECT_EQ(test, (int)fake->channels[i].state, FAKE_IS_FREE);

	fake_forget(fake);
	for (i = 0; i < FAKE_CHANNELS; i++)
		dma_release_channel(chans[i]);
	KUNIT_EXPECT_STREQ(test, fake_history(fake), "");
}

/* R-DEREG-1: who deregisters without a stop is told so, and stopped. */
static void provider_deregister_without_stop(struct kunit *test)
{
	struct fake_provider *fake = test->priv;

	fake_provider_start(test, fake);
	pr_info("rig: complaints follow\n");
	netdma_deregister_provider(fake->provider);
	pr_info("rig: complaints end\n");
	fake->provider = NULL;
	KUNIT_EXPECT_NULL(test, fake_request(fake));
}

/* R-ALLOC-6: a channel that the provider does not give is not given to a client. */
static void provider_allocate_fails(struct kunit *test)
{
	static const int errors[] = { -ENOMEM, -EBUSY, -ENODEV, -EIO };
	struct fake_provider *fake = test->priv;
	struct dma_chan *chan;
	unsigned int i;

	fake_provider_start(test, fake);
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		fake->answer[FAKE_ALLOCATE] = errors[i];
		KUNIT_EXPECT_NULL(test, fake_request(fake));
	}

	fake->answer[FAKE_ALLOCATE] = 0;
	chan = fake_request(fake);
	KUNIT_EXPECT_NOT_NULL(test, chan);
	if (chan)
		dma_release_channel(chan);
}

/* Not one that is online here: it can only be this answer that comes back. */
#define PROVIDER_CPU	4711

static int (*provider_allocate)(void *provider, struct netdma_channel_parameters *parameters,
				struct netdma_channel *channel, void **context);

static int provider_allocate_elsewhere(void *provider,
				       struct netdma_channel_parameters *parameters,
				       struct netdma_channel *channel, void **context)
{
	struct fake_provider *fake = provider;
	int err;

	if (!cpumask_equal(parameters->affinity, cpumask_of(channel->cpu)))
		fake->violation = "R-INT-4: not the CPU that was wished at the registration";
	err = provider_allocate(provider, parameters, channel, context);
	parameters->cpu = PROVIDER_CPU;
	return err;
}

/* R-INT-4, R-ALLOC-4: the CPU wished earlier is offered, and what the provider says holds. */
static void provider_allocate_tells_cpu(struct kunit *test)
{
	struct fake_provider *fake = test->priv;
	struct dma_chan *chan;

	provider_allocate = fake->characteristics.allocate_channel;
	fake->characteristics.allocate_channel = provider_allocate_elsewhere;
	fake_provider_start(test, fake);
	chan = fake_request(fake);
	KUNIT_ASSERT_NOT_NULL(test, chan);
	KUNIT_EXPECT_EQ(test, fake->channels[0].channel->cpu, PROVIDER_CPU);
	dma_release_channel(chan);
}

/* --- the module parameter ------------------------------------------------- */

static unsigned int provider_ring_size_now(const struct kernel_param *kp)
{
	return *(unsigned int *)kp->arg;
}

static const char * const provider_bad_ring_sizes[] = {
	"0", "1", "8", "15", "17", "1000", "65536", "4294967296", "-16", "many", "", "16 32",
};

static void provider_bad_ring_size_describe(const char * const *value, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "'%s'", *value);
}

KUNIT_ARRAY_PARAM(provider_bad_ring_size, provider_bad_ring_sizes,
		  provider_bad_ring_size_describe);

/* A power of two from 16 to 32768; everything else is refused and changes nothing. */
static void provider_ring_size_refuses(struct kunit *test)
{
	const char * const *value = test->param_value;
	const struct kernel_param *kp = fake_ring_size(test);

	KUNIT_EXPECT_LT(test, kp->ops->set(*value, kp), 0);
	KUNIT_EXPECT_EQ(test, provider_ring_size_now(kp), NETDMA_RING_DEFAULT);
}

/* A ring has as many slots as the parameter says, and one of them stays unused. */
static void provider_ring_size_is_used(struct kunit *test)
{
	static const char * const values[] = { "16", "0x80", "32768" };
	static const unsigned int sizes[] = { 16, 128, 32768 };
	const struct kernel_param *kp = fake_ring_size(test);
	struct fake_provider *fake = test->priv;
	struct dma_chan *chan;
	unsigned int i, n;

	fake_provider_start(test, fake);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		KUNIT_EXPECT_EQ(test, kp->ops->set(values[i], kp), 0);
		KUNIT_EXPECT_EQ(test, provider_ring_size_now(kp), sizes[i]);
		chan = fake_request(fake);
		KUNIT_ASSERT_NOT_NULL(test, chan);
		for (n = 0; dmaengine_prep_dma_memcpy(chan, 0, 0, 8, 0); n++)
			;
		KUNIT_EXPECT_EQ(test, n, sizes[i] - 1);
		dma_release_channel(chan);
	}
	*(unsigned int *)kp->arg = NETDMA_RING_DEFAULT;
}

static struct kunit_case provider_test_cases[] = {
	KUNIT_CASE_PARAM(provider_register_refuses, provider_refusal_gen_params),
	KUNIT_CASE(provider_register_refuses_unbound_device),
	KUNIT_CASE_PARAM(provider_register_accepts, provider_acceptance_gen_params),
	KUNIT_CASE(provider_register_calls_affinity),
	KUNIT_CASE(provider_register_fails_with_affinity),
	KUNIT_CASE(provider_register_copies),
	KUNIT_CASE(provider_version_is_2_1),
	KUNIT_CASE_PARAM(provider_start_refuses, provider_attribute_gen_params),
	KUNIT_CASE(provider_start_offers_channels),
	KUNIT_CASE(provider_start_is_private),
	KUNIT_CASE(provider_start_twice),
	KUNIT_CASE(provider_starts_and_stops),
	KUNIT_CASE(provider_stop_of_stopped),
	KUNIT_CASE(provider_stop_frees_channels),
	KUNIT_CASE(provider_deregister_without_stop),
	KUNIT_CASE(provider_allocate_fails),
	KUNIT_CASE(provider_allocate_tells_cpu),
	KUNIT_CASE_PARAM(provider_ring_size_refuses, provider_bad_ring_size_gen_params),
	KUNIT_CASE(provider_ring_size_is_used),
	{ }
};

static struct kunit_suite provider_test_suite = {
	.name = "netdma_provider",
	.init = provider_test_init,
	.exit = provider_test_exit,
	.test_cases = provider_test_cases,
};

kunit_test_suite(provider_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for the NetDMA core");
MODULE_LICENSE("GPL");
