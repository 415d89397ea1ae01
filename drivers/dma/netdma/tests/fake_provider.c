// SPDX-License-Identifier: GPL-2.0-only
/*
 * A provider without hardware, see fake_provider.h
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_provider.h"

#define FAKE_MAX_TRANSFER	SZ_64K

static const char * const fake_op_names[FAKE_OPS] = {
	[FAKE_AFFINITY] = "affinity",
	[FAKE_ALLOCATE] = "allocate",
	[FAKE_FREE] = "free",
	[FAKE_START] = "start",
	[FAKE_APPEND] = "append",
	[FAKE_SUSPEND] = "suspend",
	[FAKE_RESUME] = "resume",
	[FAKE_ABORT] = "abort",
	[FAKE_RESET] = "reset",
	[FAKE_HALT_REASON] = "reason",
	[FAKE_RESET_ENGINE] = "reset engine",
};

/* --- what was called ------------------------------------------------------ */

static void fake_violation(struct fake_provider *fake, const char *rule)
{
	if (!fake->violation)
		fake->violation = rule;
}

static int fake_called(struct fake_channel *fc, enum fake_op op, dma_addr_t first, u32 count)
{
	struct fake_provider *fake = fc->fake;
	struct fake_call *call;

	if (op != FAKE_ALLOCATE && fc->state == FAKE_IS_FREE)
		fake_violation(fake, "R-FREE-2: a callback for a free channel");

	if (fake->num_calls < FAKE_MAX_CALLS) {
		call = &fake->calls[fake->num_calls++];
		call->op = op;
		call->channel = fc->id;
		call->first = first ? (first - fc->channel->ring.dma) / 64 : 0;
		call->count = count;
	}
	if (fake->during)
		fake->during(fc, op);
	return fake->answer[op];
}

/**
 * fake_calls() - how often a callback was called
 * @fake: the provider
 * @op: the callback
 *
 * Return: how often since fake_forget().
 */
unsigned int fake_calls(const struct fake_provider *fake, enum fake_op op)
{
	unsigned int i, n = 0;

	for (i = 0; i < fake->num_calls; i++)
		n += fake->calls[i].op == op;
	return n;
}
EXPORT_SYMBOL_GPL(fake_calls);

/**
 * fake_history() - the calls in their order, as text
 * @fake: the provider
 *
 * Return: for example "start 0+2, append 2+1, suspend"; valid until the next call.
 */
const char *fake_history(const struct fake_provider *fake)
{
	static char text[512];
	unsigned int i;
	size_t len = 0;

	text[0] = '\0';
	for (i = 0; i < fake->num_calls; i++) {
		const struct fake_call *call = &fake->calls[i];

		len += scnprintf(text + len, sizeof(text) - len, "%s%s", i ? ", " : "",
				 fake_op_names[call->op]);
		if (call->op == FAKE_START || call->op == FAKE_APPEND || call->op == FAKE_RESUME)
			len += scnprintf(text + len, sizeof(text) - len, " %u+%u", call->first,
					 call->count);
	}
	return text;
}
EXPORT_SYMBOL_GPL(fake_history);

/**
 * fake_forget() - begin a new history
 * @fake: the provider
 */
void fake_forget(struct fake_provider *fake)
{
	fake->num_calls = 0;
}
EXPORT_SYMBOL_GPL(fake_forget);

/* --- callbacks ------------------------------------------------------------ */

static bool fake_counts(const struct fake_provider *fake)
{
	return fake->characteristics.major_version >= 2;
}

/* Is there something to execute? */
static bool fake_has_more(const struct fake_channel *fc)
{
	return fake_counts(fc->fake) ? fc->left : fc->next;
}

static int fake_set_affinity(void *provider, const struct netdma_channel_cpu_affinity *affinity,
			     unsigned int count)
{
	struct fake_provider *fake = provider;
	unsigned int i;

	if (count != fake->characteristics.max_channels)
		fake_violation(fake, "R-AFF-2: not the maximum number of channels");
	for (i = 0; i < count; i++)
		if (affinity[i].channel != i || !cpu_online(affinity[i].cpu))
			fake_violation(fake, "R-AFF-2: not each channel once, or no such CPU");
	if (fake->provider)
		fake_violation(fake, "R-REG-3: affinity after the registration");

	if (fake->num_calls < FAKE_MAX_CALLS)
		fake->calls[fake->num_calls++].op = FAKE_AFFINITY;
	return fake->answer[FAKE_AFFINITY];
}

static int fake_allocate(void *provider, struct netdma_channel_parameters *parameters,
			 struct netdma_channel *channel, void **context)
{
	struct fake_provider *fake = provider;
	struct fake_channel *fc;
	int err;

	if (parameters->channel >= fake->attributes.channels) {
		fake_violation(fake, "there is no such channel");
		return -EINVAL;
	}
	fc = &fake->channels[parameters->channel];
	if (fc->state != FAKE_IS_FREE)
		fake_violation(fake, "R-ALLOC-1: allocated twice");
	if (!parameters->completion || !IS_ALIGNED(parameters->completion_dma, 64))
		fake_violation(fake, "no completion word, or none of a cache line");
	if (*parameters->completion)
		fake_violation(fake, "the completion word is not clear");

	err = fake_called(fc, FAKE_ALLOCATE, 0, 0);
	if (err)
		return err;
	fc->channel = channel;
	fc->completion = parameters->completion;
	fc->state = FAKE_IS_READY;
	fc->next = 0;
	fc->left = 0;
	fc->last = 0;
	fc->priority = parameters->priority;
	fc->affinity = cpumask_first(parameters->affinity);
	parameters->cpu = cpumask_first(parameters->affinity);
	*context = fc;
	return 0;
}

static void fake_free(void *context)
{
	struct fake_channel *fc = context;

	fake_called(fc, FAKE_FREE, 0, 0);
	if (fake_has_more(fc) && fc->state != FAKE_IS_READY && fc->state != FAKE_IS_HALTED)
		fake_violation(fc->fake, "R-FREE-1: freed with work outstanding");
	fc->state = FAKE_IS_FREE;
	fc->channel = NULL;
	fc->completion = NULL;
}

/* What each list must be like */
static void fake_check_list(struct fake_channel *fc, struct netdma_descriptor *first,
			    dma_addr_t first_dma, u32 count)
{
	if (!IS_ALIGNED(first_dma, 64))
		fake_violation(fc->fake, "R-DESC-1: a descriptor is not aligned");
	if (phys_to_virt(first_dma) != first)
		fake_violation(fc->fake, "two addresses of different descriptors");
	if (fc->left + count > U16_MAX)
		fake_violation(fc->fake, "more descriptors than the counter holds");
	if (!fake_counts(fc->fake)) {
		while (--count)
			first = phys_to_virt(le64_to_cpu(first->next));
		if (first->next)
			fake_violation(fc->fake, "R-CH1-1: the last one leads on");
	}
}

/* A completion word that comes right now has to be believed. */
static void fake_check_posted(struct fake_channel *fc, dma_addr_t first_dma, u32 count)
{
	struct netdma_ring *ring = &fc->channel->ring;

	if (netdma_ring_addr(ring, ring->posted - count) != first_dma)
		fake_violation(fc->fake, "the engine is told before the core knows of it");
}

static int fake_start(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		      u32 count)
{
	struct fake_channel *fc = context;
	int err = fake_called(fc, FAKE_START, first_dma, count);

	fake_check_list(fc, first, first_dma, count);
	fake_check_posted(fc, first_dma, count);
	if (*fc->completion)
		fake_violation(fc->fake, "a start with an old completion word");
	if (!count)
		fake_violation(fc->fake, "R-CH2-3: a start with nothing");
	if (fc->state == FAKE_IS_SUSPENDED)
		fake_violation(fc->fake, "section 7: a start while suspended");
	if (err)
		return err;
	fc->state = FAKE_IS_RUNNING;
	fc->next = first_dma;
	fc->left = fake_counts(fc->fake) ? count : 0;
	return 0;
}

static int fake_append(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		       u32 count)
{
	struct fake_channel *fc = context;
	int err = fake_called(fc, FAKE_APPEND, first_dma, count);
	struct netdma_descriptor *tail;
	struct netdma_ring *ring;

	fake_check_list(fc, first, first_dma, count);
	fake_check_posted(fc, first_dma, count);
	if (fc->state != FAKE_IS_RUNNING)
		fake_violation(fc->fake, "R-APP-1: an append without a start");
	if (!fake_counts(fc->fake)) {
		ring = &fc->channel->ring;
		tail = netdma_ring_slot(ring, ring->posted - count - 1);
		if (le64_to_cpu(tail->next) != first_dma)
			fake_violation(fc->fake, "R-APP-2: the old end does not lead here");
		/* R-APP-3: an engine that stands at the end reads it again. */
		tail = phys_to_virt(fc->last);
		if (!fc->next)
			fc->next = le64_to_cpu(tail->next);
	} else if (!fc->left && first_dma != fc->next) {
		fake_violation(fc->fake, "R-APP-4: the last one does not point here");
	}
	if (err)
		return err;
	if (fake_counts(fc->fake))
		fc->left += count;
	return 0;
}

static int fake_suspend(void *context, dma_addr_t *last)
{
	struct fake_channel *fc = context;
	int err = fake_called(fc, FAKE_SUSPEND, 0, 0);

	if (fc->state != FAKE_IS_RUNNING)
		fake_violation(fc->fake, "section 7: a suspension of what does not run");
	if (err)
		return err;
	fc->state = FAKE_IS_SUSPENDED;
	*last = fc->last;
	return 0;
}

static int fake_resume(void *context, struct netdma_descriptor *next, dma_addr_t next_dma,
		       u32 count)
{
	struct fake_channel *fc = context;
	int err = fake_called(fc, FAKE_RESUME, next_dma, count);

	if (count || fake_counts(fc->fake))
		fake_check_list(fc, next, next_dma, fake_counts(fc->fake) ? 0 : count);
	fake_check_posted(fc, next_dma, count);
	if (fc->state != FAKE_IS_SUSPENDED)
		fake_violation(fc->fake, "R-RES-1: resumed without a suspension");
	if (err)
		return err;
	fc->state = FAKE_IS_RUNNING;
	fc->next = count ? next_dma : 0;
	fc->left = fake_counts(fc->fake) ? count : 0;
	return 0;
}

static int fake_abort(void *context)
{
	struct fake_channel *fc = context;
	int err = fake_called(fc, FAKE_ABORT, 0, 0);

	if (err)
		return err;
	fc->state = FAKE_IS_HALTED;
	fc->next = 0;
	fc->left = 0;
	return 0;
}

static int fake_reset(void *context)
{
	struct fake_channel *fc = context;
	int err = fake_called(fc, FAKE_RESET, 0, 0);

	if (err)
		return err;
	fc->state = FAKE_IS_READY;
	fc->next = 0;
	fc->left = 0;
	return 0;
}

static enum netdma_failure fake_halt_reason(void *context)
{
	struct fake_channel *fc = context;
	enum netdma_failure failure = fc->fake->failure;

	fake_called(fc, FAKE_HALT_REASON, 0, 0);
	fc->fake->failure = NETDMA_FAILURE_NONE;
	return failure;
}

static int fake_reset_engine(void *provider)
{
	struct fake_provider *fake = provider;

	if (fake->num_calls < FAKE_MAX_CALLS)
		fake->calls[fake->num_calls++].op = FAKE_RESET_ENGINE;
	return fake->answer[FAKE_RESET_ENGINE];
}

static const struct netdma_provider_characteristics fake_characteristics = {
	.major_version = 2,
	.minor_version = 1,
	.name = "Fake",
	.max_channels = FAKE_CHANNELS,
	.set_channel_cpu_affinity = fake_set_affinity,
	.allocate_channel = fake_allocate,
	.free_channel = fake_free,
	.start = fake_start,
	.append = fake_append,
	.suspend = fake_suspend,
	.resume = fake_resume,
	.abort = fake_abort,
	.reset_channel = fake_reset,
	.halt_reason = fake_halt_reason,
	.reset_engine = fake_reset_engine,
};

static const struct netdma_provider_attributes fake_attributes = {
	.major_hw_version = 1,
	.vendor = 0x8086,
	.flags = NETDMA_PROVIDER_FILL,
	.channels = FAKE_CHANNELS,
	.max_transfer = FAKE_MAX_TRANSFER,
	.max_address = DMA_BIT_MASK(64),
};

/* --- the engine ----------------------------------------------------------- */

static void fake_write_word(struct fake_channel *fc, enum netdma_transfer_status status)
{
	WRITE_ONCE(*fc->completion, cpu_to_le64(fc->last | status));
}

/* Two pages, of which one side's at least are not neighbours */
static void fake_copy_pages(struct fake_channel *fc, const struct netdma_descriptor *desc)
{
	u32 control = le32_to_cpu(desc->control);
	u64 src[2] = { le64_to_cpu(desc->src), le64_to_cpu(desc->src) + SZ_4K };
	u64 dst[2] = { le64_to_cpu(desc->dst), le64_to_cpu(desc->dst) + SZ_4K };
	unsigned int i;

	if (!fake_counts(fc->fake) ||
	    !(fc->fake->attributes.flags & NETDMA_PROVIDER_PAGE_BREAK))
		fake_violation(fc->fake, "R-PB-1: a page break for an engine without");
	if (le32_to_cpu(desc->size) != 2 * SZ_4K)
		fake_violation(fc->fake, "R-PB-2: a page break in other than two whole pages");
	if (control & NETDMA_DESC_SRC_BREAK)
		src[1] = le64_to_cpu(desc->next_src);
	if (control & NETDMA_DESC_DST_BREAK)
		dst[1] = le64_to_cpu(desc->next_dst);
	if ((control & NETDMA_DESC_SRC_BREAK && src[1] == src[0] + SZ_4K) ||
	    (control & NETDMA_DESC_DST_BREAK && dst[1] == dst[0] + SZ_4K))
		fake_violation(fc->fake, "R-PB-1: a page break between neighbours");

	for (i = 0; i < 2; i++) {
		if (!IS_ALIGNED(src[i] | dst[i], SZ_4K))
			fake_violation(fc->fake, "R-PB-3: a page break inside a page");
		memcpy(phys_to_virt(dst[i]), phys_to_virt(src[i]), SZ_4K);
	}
}

static void fake_execute_one(struct fake_channel *fc)
{
	struct netdma_descriptor *desc = phys_to_virt(fc->next);
	u32 control = le32_to_cpu(desc->control);
	u32 size = le32_to_cpu(desc->size);
	u8 *dst = phys_to_virt(le64_to_cpu(desc->dst));
	u64 src = le64_to_cpu(desc->src);
	u32 i;

	if (control & GENMASK(23, 8))
		fake_violation(fc->fake, "a reserved control bit is set");
	if (!size || size > fc->fake->attributes.max_transfer)
		fake_violation(fc->fake, "R-DESC-4: nothing to transfer, or too much");

	if (FIELD_GET(NETDMA_DESC_OP, control) == NETDMA_OP_FILL)
		for (i = 0; i < size; i++)
			dst[i] = src >> (8 * (i % 8));
	else if (control & (NETDMA_DESC_SRC_BREAK | NETDMA_DESC_DST_BREAK))
		fake_copy_pages(fc, desc);
	else if (!(control & NETDMA_DESC_NULL))
		memcpy(dst, phys_to_virt(src), size);

	fc->last = fc->next;
	fc->next = le64_to_cpu(desc->next);
	if (fake_counts(fc->fake))
		fc->left--;
	if (control & NETDMA_DESC_STATUS)
		fake_write_word(fc, fake_has_more(fc) ? NETDMA_STATUS_ACTIVE : NETDMA_STATUS_IDLE);
}

/**
 * fake_execute() - have the engine execute descriptors, without an interrupt
 * @fc: the channel
 * @count: how many at most
 *
 * Return: how many there were.
 */
u32 fake_execute(struct fake_channel *fc, u32 count)
{
	u32 n;

	for (n = 0; n < count && fake_has_more(fc) && fc->state == FAKE_IS_RUNNING && !fc->stuck;
	     n++)
		fake_execute_one(fc);
	return n;
}
EXPORT_SYMBOL_GPL(fake_execute);

/**
 * fake_interrupt() - tell the core about completions
 * @fc: the channel
 */
void fake_interrupt(struct fake_channel *fc)
{
	local_bh_disable();
	netdma_interrupt_dpc(fc->channel, fc->last ?: fc->next);
	local_bh_enable();
}
EXPORT_SYMBOL_GPL(fake_interrupt);

/**
 * fake_halt() - let the engine halt by an error of the next descriptor
 * @fc: the channel
 * @failure: the error
 *
 * The core is told, and the recovery has ended when this returns.
 */
void fake_halt(struct fake_channel *fc, enum netdma_failure failure)
{
	fc->fake->failure = failure;
	fc->state = FAKE_IS_HALTED;
	fake_write_word(fc, NETDMA_STATUS_HALTED);
	local_bh_disable();
	netdma_interrupt_dpc(fc->channel, 0);
	local_bh_enable();
	fake_settle(fc);
}
EXPORT_SYMBOL_GPL(fake_halt);

/**
 * fake_settle() - wait for the core's work on a channel
 * @fc: the channel
 */
void fake_settle(struct fake_channel *fc)
{
	flush_work(&fc->channel->work);
	msleep(20);
}
EXPORT_SYMBOL_GPL(fake_settle);

/* --- the device ----------------------------------------------------------- */

static int fake_probe(struct platform_device *pdev)
{
	return dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
}

/* Not in the module of a suite: the cases of that run before it is complete in 6.1. */
static struct platform_driver fake_driver = {
	.driver.name = "netdma_fake",
	.probe = fake_probe,
};
module_platform_driver(fake_driver);

static bool fake_is_ours(struct dma_chan *chan, void *dev)
{
	return chan->device->dev == dev;
}

/**
 * fake_request() - get a channel as a dmaengine client
 * @fake: the provider, started
 *
 * Return: the channel, or NULL.
 */
struct dma_chan *fake_request(struct fake_provider *fake)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	return dma_request_channel(mask, fake_is_ours, fake->dev);
}
EXPORT_SYMBOL_GPL(fake_request);

static unsigned int fake_providers;

/*
 * What is built in is there from the beginning: clients would hear of netdma_soft, and be
 * given its channels.
 */
static struct device *fake_rival(void)
{
	return bus_find_device_by_name(&platform_bus_type, NULL, "netdma_soft");
}

/* The first of the providers sends it away, the last one lets it come back. */
static void fake_be_alone(void)
{
	struct device *rival = fake_providers++ ? NULL : fake_rival();

	if (!rival)
		return;
	device_release_driver(rival);
	put_device(rival);
}

static void fake_be_gone(void)
{
	struct device *rival = --fake_providers ? NULL : fake_rival();

	if (!rival)
		return;
	WARN_ON(device_attach(rival) < 0);
	put_device(rival);
}

/**
 * fake_provider_create() - make a provider, not registered yet
 * @test: the test
 *
 * Its characteristics and attributes are as they should be.
 *
 * Return: the provider; a case that cannot have one ends.
 */
struct fake_provider *fake_provider_create(struct kunit *test)
{
	struct platform_device_info info = {
		.name = "netdma_fake",
		.id = PLATFORM_DEVID_AUTO,
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *pdev;
	struct fake_provider *fake;
	unsigned int i;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	pdev = platform_device_register_full(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);

	fake_be_alone();
	fake->dev = &pdev->dev;
	fake->characteristics = fake_characteristics;
	fake->characteristics.dev = fake->dev;
	fake->attributes = fake_attributes;
	for (i = 0; i < FAKE_CHANNELS; i++) {
		fake->channels[i].fake = fake;
		fake->channels[i].id = i;
	}
	return fake;
}
EXPORT_SYMBOL_GPL(fake_provider_create);

/**
 * fake_provider_destroy() - take it away, with a look back at its life
 * @test: the test
 * @fake: the provider, or NULL
 */
void fake_provider_destroy(struct kunit *test, struct fake_provider *fake)
{
	if (!fake)
		return;
	memset(fake->answer, 0, sizeof(fake->answer));
	fake->during = NULL;
	if (fake->provider) {
		netdma_provider_stop(fake->provider);
		netdma_deregister_provider(fake->provider);
	}
	platform_device_unregister(to_platform_device(fake->dev));
	fake_be_gone();
	if (fake->violation)
		KUNIT_FAIL(test, "the core breaks a rule: %s", fake->violation);
}
EXPORT_SYMBOL_GPL(fake_provider_destroy);

/**
 * fake_provider_register() - register it with the core
 * @test: the test
 * @fake: the provider
 */
void fake_provider_register(struct kunit *test, struct fake_provider *fake)
{
	struct netdma_provider *provider;

	provider = netdma_register_provider(fake, &fake->characteristics);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, provider);
	fake->provider = provider;
}
EXPORT_SYMBOL_GPL(fake_provider_register);

/**
 * fake_provider_start() - register and start it
 * @test: the test
 * @fake: the provider
 */
void fake_provider_start(struct kunit *test, struct fake_provider *fake)
{
	if (!fake->provider)
		fake_provider_register(test, fake);
	KUNIT_ASSERT_EQ(test, netdma_provider_start(fake->provider, &fake->attributes), 0);
	fake_forget(fake);
}
EXPORT_SYMBOL_GPL(fake_provider_start);

/**
 * fake_provider_stop() - stop it
 * @fake: the provider
 */
void fake_provider_stop(struct fake_provider *fake)
{
	netdma_provider_stop(fake->provider);
}
EXPORT_SYMBOL_GPL(fake_provider_stop);

/**
 * fake_ring_size() - netdma's parameter ring_size, whose file in sysfs is read-only
 * @test: the test; skipped if netdma is not a module
 *
 * Modules are in a list, the youngest first: what this one needs comes after it.
 *
 * Return: the parameter.
 */
const struct kernel_param *fake_ring_size(struct kunit *test)
{
	const struct kernel_param *found = NULL;
#ifdef MODULE
	const struct module *mod = THIS_MODULE;
	unsigned int i;

	list_for_each_entry_continue(mod, &THIS_MODULE->list, list) {
		if (strcmp(mod->name, "netdma"))
			continue;
		for (i = 0; i < mod->num_kp; i++)
			if (!strcmp(mod->kp[i].name, "ring_size"))
				found = &mod->kp[i];
		break;
	}
#else
	kunit_skip(test, "not a module");
#endif
	KUNIT_ASSERT_NOT_NULL(test, found);
	return found;
}
EXPORT_SYMBOL_GPL(fake_ring_size);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("A NetDMA provider for KUnit");
MODULE_LICENSE("GPL");
