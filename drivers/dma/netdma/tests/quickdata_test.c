// SPDX-License-Identifier: GPL-2.0-only
/*
 * The QuickData provider with an emulated engine
 *
 * "R-..." names a rule of the NetDMA interface specification, "QD ..." a section
 * of the QuickData hardware reference.
 */
#include <kunit/test.h>

#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/irqflags.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../netdma.h"
#include "../quickdata/quickdata.h"
#include "failing.h"
#include "model_device.h"

#define TIMEOUT		msecs_to_jiffies(5000)

#define MAX_WAITS	16

struct quickdata_wait {
	struct completion done;
	dma_cookie_t cookie;
	enum dmaengine_tx_result result;
	unsigned int calls;
};

/**
 * struct quickdata_test - what a case works with
 * @model: the function
 * @chan: its channel 0, if a case has asked for it
 * @dev: the function's device
 * @src: memory
 * @dst: memory
 * @src_dma: where @src is mapped
 * @dst_dma: where @dst is mapped
 * @size: of each of the two
 * @hidden: they are not mapped, see quickdata_test_hide_mappings()
 * @wait: copies that were submitted
 */
struct quickdata_test {
	struct netdma_model *model;
	struct dma_chan *chan;
	struct device *dev;
	u8 *src;
	u8 *dst;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
	size_t size;
	bool hidden;
	struct quickdata_wait wait[MAX_WAITS];
};

static bool quickdata_test_is_ours(struct dma_chan *chan, void *dev)
{
	return chan->device->dev == dev;
}

static struct dma_chan *quickdata_test_request(struct netdma_model *model)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	return dma_request_channel(mask, quickdata_test_is_ours,
				   &netdma_model_pci_dev(model)->dev);
}

static void quickdata_test_plug(struct kunit *test, const struct qd_options *options)
{
	struct quickdata_test *qt = test->priv;

	qt->model = netdma_model_create(options);
	KUNIT_ASSERT_NOT_NULL(test, qt->model);
	qt->dev = &netdma_model_pci_dev(qt->model)->dev;
}

/* A function of a part as it is */
static struct quickdata_test *quickdata_test_plug_part(struct kunit *test, u16 device_id,
						       u8 version)
{
	struct qd_options options = netdma_model_defaults;

	options.device_id = device_id;
	options.version = version;
	options.channels = 1;
	options.chancnt = 1;
	options.msix_vectors = 1;
	quickdata_test_plug(test, &options);
	return test->priv;
}

/* Where a channel's register is */
static u16 quickdata_test_reg(unsigned int channel, u16 reg)
{
	return QD_CHANNEL_BASE + channel * QD_CHANNEL_STRIDE + reg;
}

/* A function with its driver, channel 0, and memory to copy from and to */
static struct quickdata_test *quickdata_test_start(struct kunit *test, size_t size)
{
	struct quickdata_test *qt = test->priv;

	if (!qt->model)
		quickdata_test_plug(test, &netdma_model_defaults);
	KUNIT_ASSERT_TRUE(test, netdma_model_is_bound(qt->model));

	qt->chan = quickdata_test_request(qt->model);
	KUNIT_ASSERT_NOT_NULL(test, qt->chan);

	qt->size = size;
	qt->src = kmalloc(size, GFP_KERNEL);
	qt->dst = kzalloc(size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, qt->src);
	KUNIT_ASSERT_NOT_NULL(test, qt->dst);
	get_random_bytes(qt->src, size);
	qt->src_dma = dma_map_single(qt->dev, qt->src, size, DMA_TO_DEVICE);
	KUNIT_ASSERT_FALSE(test, dma_mapping_error(qt->dev, qt->src_dma));
	qt->dst_dma = dma_map_single(qt->dev, qt->dst, size, DMA_FROM_DEVICE);
	KUNIT_ASSERT_FALSE(test, dma_mapping_error(qt->dev, qt->dst_dma));
	return qt;
}

/* A function of a part as it is, with its one channel in use */
static struct quickdata_test *quickdata_test_part(struct kunit *test, u16 device_id, u8 version)
{
	quickdata_test_plug_part(test, device_id, version);
	return quickdata_test_start(test, 2 * PAGE_SIZE);
}

static void quickdata_test_unmap(struct quickdata_test *qt)
{
	if (qt->hidden)
		return;
	if (qt->dst_dma)
		dma_unmap_single(qt->dev, qt->dst_dma, qt->size, DMA_FROM_DEVICE);
	if (qt->src_dma)
		dma_unmap_single(qt->dev, qt->src_dma, qt->size, DMA_TO_DEVICE);
	qt->src_dma = 0;
	qt->dst_dma = 0;
}

/*
 * The kernel complains about mappings that outlive the driver. A client that
 * is surprised by its removal cannot help having some: here a bus address is a
 * physical address, which works without.
 */
static void quickdata_test_hide_mappings(struct quickdata_test *qt)
{
	dma_addr_t src = qt->src_dma, dst = qt->dst_dma;

	quickdata_test_unmap(qt);
	qt->src_dma = src;
	qt->dst_dma = dst;
	qt->hidden = true;
}

/* NetDMA's channel 0 */
static struct netdma_channel *quickdata_test_channel(struct quickdata_test *qt)
{
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));

	return rcu_dereference_raw(qd->channels[0].channel);
}

static int quickdata_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct quickdata_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void quickdata_test_exit(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;

	if (!qt)
		return;
	if (qt->model)
		netdma_model_stall(qt->model, false);
	if (qt->chan)
		dma_release_channel(qt->chan);
	if (qt->model) {
		quickdata_test_unmap(qt);
		KUNIT_EXPECT_EQ(test, netdma_model_bad_accesses(qt->model), 0);
		if (netdma_model_violation(qt->model))
			KUNIT_FAIL(test, "the driver breaks a rule: %s",
				   netdma_model_violation(qt->model));
	}
	netdma_model_remove(qt->model);
	kfree(qt->src);
	kfree(qt->dst);
}

static void quickdata_test_done(void *param, const struct dmaengine_result *result)
{
	struct quickdata_wait *wait = param;

	wait->result = result->result;
	wait->calls++;
	complete(&wait->done);
}

/* Submit a copy of @len bytes at @offset; @n says which place keeps its end. */
static void quickdata_test_submit(struct kunit *test, unsigned int n, size_t offset, size_t len)
{
	struct quickdata_test *qt = test->priv;
	struct quickdata_wait *wait = &qt->wait[n];
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memcpy(qt->chan, qt->dst_dma + offset, qt->src_dma + offset, len,
					DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	memset(wait, 0, sizeof(*wait));
	init_completion(&wait->done);
	txd->callback_result = quickdata_test_done;
	txd->callback_param = wait;
	wait->cookie = dmaengine_submit(txd);
	KUNIT_ASSERT_GT(test, wait->cookie, 0);
}

/* Submit @n copies of a page each, and ask for their execution. */
static void quickdata_test_submit_pages(struct kunit *test, unsigned int n)
{
	struct quickdata_test *qt = test->priv;
	unsigned int i;

	for (i = 0; i < n; i++)
		quickdata_test_submit(test, i, i * PAGE_SIZE, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
}

static void quickdata_test_expect(struct kunit *test, unsigned int n,
				  enum dmaengine_tx_result result)
{
	struct quickdata_test *qt = test->priv;
	struct quickdata_wait *wait = &qt->wait[n];

	KUNIT_EXPECT_NE_MSG(test, wait_for_completion_timeout(&wait->done, TIMEOUT), 0,
			    "copy %u is not called back", n);
	KUNIT_EXPECT_EQ_MSG(test, (int)wait->result, (int)result, "copy %u", n);
	KUNIT_EXPECT_EQ_MSG(test, wait->calls, 1, "copy %u", n);
	KUNIT_EXPECT_EQ_MSG(test, (int)dmaengine_tx_status(qt->chan, wait->cookie, NULL),
			    result == DMA_TRANS_NOERROR ? DMA_COMPLETE : DMA_ERROR,
			    "copy %u", n);
}

/* The first @len bytes have arrived, and no others. */
static void quickdata_test_expect_data(struct kunit *test, size_t len)
{
	struct quickdata_test *qt = test->priv;

	quickdata_test_unmap(qt);
	KUNIT_EXPECT_EQ(test, memcmp(qt->dst, qt->src, len), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(qt->dst + len, 0, qt->size - len));
}

/* --- probe ---------------------------------------------------------------- */

/* The driver binds to a function that it knows, and offers all its channels. */
static void quickdata_probe_binds(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	struct dma_chan *chans[4];
	unsigned int i;

	quickdata_test_plug(test, &netdma_model_defaults);
	KUNIT_EXPECT_TRUE(test, netdma_model_is_bound(qt->model));

	for (i = 0; i < ARRAY_SIZE(chans); i++) {
		chans[i] = quickdata_test_request(qt->model);
		KUNIT_EXPECT_NOT_NULL(test, chans[i]);
	}
	KUNIT_EXPECT_NULL(test, quickdata_test_request(qt->model));

	for (i = 0; i < ARRAY_SIZE(chans); i++)
		if (chans[i])
			dma_release_channel(chans[i]);
}

/* R-REG-1: each function is a provider of its own. */
static void quickdata_probe_functions(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	struct quickdata *one, *two;
	struct netdma_model *other;

	quickdata_test_plug(test, &netdma_model_defaults);
	other = netdma_model_create(&netdma_model_defaults);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_ASSERT_TRUE(test, netdma_model_is_bound(qt->model) && netdma_model_is_bound(other));
	one = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	two = pci_get_drvdata(netdma_model_pci_dev(other));
	KUNIT_EXPECT_PTR_NE(test, one->provider, two->provider);

	/* The end of one is not that of the other. */
	netdma_model_remove(other);
	quickdata_test_start(test, PAGE_SIZE);
	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
}

struct quickdata_candidate {
	const char *what;
	void (*change)(struct qd_options *options);
	bool binds;
};

#define PART(name, statement) \
	static void quickdata_part_##name(struct qd_options *o) { statement; }

PART(v30, (o->version = 0x30, o->device_id = 0x3431))
PART(v33, (o->version = 0x33, o->device_id = 0x0c51))
PART(v34, (o->version = 0x34, o->device_id = 0x0b00))
PART(v33_in_name, o->cbver = 0x33)
PART(v20, o->cbver = 0x20)
PART(v12, o->cbver = 0x12)
PART(one, (o->channels = 1, o->chancnt = 1, o->msix_vectors = 1))
PART(eight, (o->channels = 8, o->chancnt = 8, o->msix_vectors = 8))
PART(none, o->chancnt = 0)
PART(nine, o->chancnt = 9)
PART(many, o->chancnt = 31)
PART(small, o->xfercap = 12)
PART(too_small, o->xfercap = 11)
PART(too_large, o->xfercap = 21)
PART(no_limit, o->xfercap = 0)
PART(msi, (o->msix_vectors = 0, o->msi = true))
PART(intx, o->msix_vectors = 0)
PART(few_vectors, o->msix_vectors = 1)
PART(no_interrupt, (o->msix_vectors = 0, o->intx = false))
PART(device, o->device_id = 0x402f)

static const struct quickdata_candidate quickdata_parts[] = {
	{ "version 3.0", quickdata_part_v30, true },
	{ "version 3.3", quickdata_part_v33, true },
	{ "version 3.4", quickdata_part_v34, true },
	{ "a Xeon that says 3.3", quickdata_part_v33_in_name, true },
	{ "version 2.0", quickdata_part_v20, false },
	{ "version 1.2", quickdata_part_v12, false },
	{ "one channel", quickdata_part_one, true },
	{ "eight channels", quickdata_part_eight, true },
	{ "no channel", quickdata_part_none, false },
	{ "nine channels", quickdata_part_nine, false },
	{ "31 channels", quickdata_part_many, false },
	{ "transfers of 4 KiB", quickdata_part_small, true },
	{ "transfers of 2 KiB", quickdata_part_too_small, false },
	{ "transfers of 2 MiB", quickdata_part_too_large, false },
	{ "transfers without a limit", quickdata_part_no_limit, false },
	{ "MSI only", quickdata_part_msi, true },
	{ "INTx only", quickdata_part_intx, true },
	{ "too few MSI-X vectors", quickdata_part_few_vectors, true },
	{ "no interrupt at all", quickdata_part_no_interrupt, false },
	{ "another device", quickdata_part_device, false },
};

static void quickdata_part_describe(const struct quickdata_candidate *part, char *text)
{
	strscpy(text, part->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quickdata_part, quickdata_parts, quickdata_part_describe);

/*
 * A part that can be works; one that cannot is left alone. R-INT-1: MSI-X is used where
 * there is a vector for each channel, and only there another interrupt.
 */
static void quickdata_probe_part(struct kunit *test)
{
	const struct quickdata_candidate *part = test->param_value;
	struct qd_options options = netdma_model_defaults;
	struct quickdata_test *qt = test->priv;

	part->change(&options);
	quickdata_test_plug(test, &options);
	KUNIT_EXPECT_EQ(test, netdma_model_is_bound(qt->model), part->binds);
	if (!part->binds)
		return;

	KUNIT_EXPECT_EQ(test, (bool)netdma_model_pci_dev(qt->model)->msix_enabled,
			options.msix_vectors >= options.chancnt);
	KUNIT_EXPECT_EQ(test, dma_get_max_seg_size(qt->dev), BIT(options.xfercap));
	quickdata_test_start(test, 2 * PAGE_SIZE);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
}

/* QD 1.2: the device IDs that there are, and some that are none, or older */
struct quickdata_ids {
	u16 first;
	u16 last;
	u8 version;
	bool binds;
};

static const struct quickdata_ids quickdata_id_ranges[] = {
	{ 0x3429, 0x342c, 0x30, true }, { 0x3430, 0x3433, 0x30, true },
	{ 0x3710, 0x3719, 0x32, true },
	{ 0x3c20, 0x3c27, 0x32, true }, { 0x3c2e, 0x3c2f, 0x32, true },
	{ 0x0e20, 0x0e27, 0x32, true }, { 0x0e2e, 0x0e2f, 0x32, true },
	{ 0x2f20, 0x2f27, 0x32, true }, { 0x2f2e, 0x2f2f, 0x32, true },
	{ 0x6f20, 0x6f27, 0x32, true }, { 0x6f2e, 0x6f2f, 0x32, true },
	{ 0x2021, 0x2021, 0x32, true },
	{ 0x0c50, 0x0c53, 0x33, true }, { 0x6f50, 0x6f53, 0x33, true },
	{ 0x0b00, 0x0b00, 0x34, true },
	{ 0x1a38, 0x1a38, 0x30, false }, { 0x360b, 0x360b, 0x30, false },
	{ 0x65ff, 0x65ff, 0x30, false }, { 0x402f, 0x402f, 0x30, false },
	{ 0x3c28, 0x3c2d, 0x32, false }, { 0x6f54, 0x6f57, 0x33, false },
};

static void quickdata_ids_describe(const struct quickdata_ids *ids, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%04x-%04x", ids->first, ids->last);
}

KUNIT_ARRAY_PARAM(quickdata_ids, quickdata_id_ranges, quickdata_ids_describe);

/* QD 1.4: it binds to each, and gives it no address that it cannot reach. */
static void quickdata_probe_id(struct kunit *test)
{
	const struct quickdata_ids *ids = test->param_value;
	struct quickdata_test *qt;
	unsigned int id;

	for (id = ids->first; id <= ids->last; id++) {
		qt = quickdata_test_plug_part(test, id, ids->version);
		KUNIT_EXPECT_EQ_MSG(test, netdma_model_is_bound(qt->model), ids->binds, "%04x", id);
		if (ids->binds)
			KUNIT_EXPECT_EQ_MSG(test, dma_get_mask(qt->dev),
					    netdma_model_address_limit(qt->model) - 1, "%04x", id);
		netdma_model_remove(qt->model);
		qt->model = NULL;
	}
}

/* Bind and unbind, again and again, leave nothing behind. */
static void quickdata_probe_again(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	unsigned int i;

	quickdata_test_plug(test, &netdma_model_defaults);
	for (i = 0; i < 3; i++) {
		netdma_model_unbind(qt->model);
		KUNIT_ASSERT_FALSE(test, netdma_model_is_bound(qt->model));
		KUNIT_ASSERT_EQ(test, netdma_model_bind(qt->model), 1);
	}
	quickdata_test_start(test, PAGE_SIZE);
	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
}

/* What is wrong with a part that identifies itself well */
struct quickdata_sick {
	const char *what;
	void (*infect)(struct netdma_model *model);
};

static void quickdata_sick_gone(struct netdma_model *model)
{
	netdma_model_vanish(model, true);
}

static void quickdata_sick_reset(struct netdma_model *model)
{
	netdma_model_hang(model, QD_CHANCMD);
}

static void quickdata_sick_runs(struct netdma_model *model)
{
	netdma_model_hang(model, QD_CHANSTS);
}

static void quickdata_sick_no_interrupt(struct netdma_model *model)
{
	netdma_model_lose_interrupts(model, 1000);
}

static void quickdata_sick_no_copy(struct netdma_model *model)
{
	netdma_model_stall(model, true);
}

static void quickdata_sick_read(struct netdma_model *model)
{
	netdma_model_fail(model, 0, 1, QD_ERR_READ);
}

static void quickdata_sick_last_channel(struct netdma_model *model)
{
	netdma_model_fail(model, 3, 1, QD_ERR_WRITE);
}

static void quickdata_sick_word(struct netdma_model *model)
{
	netdma_model_fail(model, 0, 1, QD_ERR_COMPLETION);
}

static const struct quickdata_sick quickdata_sicknesses[] = {
	{ "does not answer", quickdata_sick_gone },
	{ "a reset does not end", quickdata_sick_reset },
	{ "runs for ever", quickdata_sick_runs },
	{ "does not interrupt", quickdata_sick_no_interrupt },
	{ "does not copy", quickdata_sick_no_copy },
	{ "cannot read memory", quickdata_sick_read },
	{ "the last channel cannot write", quickdata_sick_last_channel },
	{ "cannot write the completion word", quickdata_sick_word },
};

static void quickdata_sick_describe(const struct quickdata_sick *sick, char *text)
{
	strscpy(text, sick->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quickdata_sick, quickdata_sicknesses, quickdata_sick_describe);

static void quickdata_count_provider(void *context, enum netdma_pnp_event event,
				     const struct netdma_provider_info *info)
{
	unsigned int *count = context;

	*count += event == NETDMA_PROVIDER_REGISTERED && !strcmp(info->name, "Intel QuickData");
}

/* How many functions does NetDMA know? */
static unsigned int quickdata_count_providers(struct kunit *test)
{
	struct netdma_client *client;
	unsigned int count = 0;

	client = netdma_register_client("test", quickdata_count_provider, &count);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, client);
	netdma_deregister_client(client);
	return count;
}

/*
 * R-PSTART-1: what does not work on all channels is not started; nothing is left behind,
 * and a healthy part binds.
 */
static void quickdata_probe_sick(struct kunit *test)
{
	const struct quickdata_sick *sick = test->param_value;
	struct quickdata_test *qt = test->priv;
	unsigned int i;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);

	sick->infect(qt->model);
	KUNIT_EXPECT_NE(test, netdma_model_bind(qt->model), 1);
	KUNIT_EXPECT_FALSE(test, netdma_model_is_bound(qt->model));
	KUNIT_EXPECT_EQ(test, quickdata_count_providers(test), 0U);

	netdma_model_vanish(qt->model, false);
	netdma_model_hang(qt->model, 0);
	netdma_model_lose_interrupts(qt->model, 0);
	for (i = 0; i < 4; i++)
		netdma_model_fail(qt->model, i, 0, 0);
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 1);
}

/* Every allocation of probe can fail; nothing is left behind. */
static void quickdata_probe_without_memory(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	unsigned int n, failures = 0;
	bool bound, failed;

	failing_require(test);
	quickdata_test_plug(test, &netdma_model_defaults);
	/* What is cached differs from one probe to the next: each number has two turns. */
	for (n = 2; n < 4000; n++) {
		netdma_model_unbind(qt->model);
		failing_arm(n / 2);
		netdma_model_bind(qt->model);
		failed = failing_disarm();
		bound = netdma_model_is_bound(qt->model);
		failures += !bound;
		if (!failed)
			break;
	}
	KUNIT_EXPECT_LT(test, n, 4000);
	KUNIT_EXPECT_TRUE(test, bound);
	KUNIT_EXPECT_GE(test, failures, 10);
}

/* QD 4.6: a kernel that has crashed may have left the engine armed: the model objects. */
static void quickdata_probe_resets_before_mastering(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	unsigned int i;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);
	for (i = 0; i < 4; i++) {
		netdma_model_poke(qt->model, quickdata_test_reg(i, QD_CHAINADDR), 8, 0x1000);
		KUNIT_ASSERT_EQ(test, (int)netdma_model_channel(qt->model, i)->state, QD_ARMED);
	}
	KUNIT_ASSERT_EQ(test, netdma_model_bind(qt->model), 1);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, i)->state, QD_HALTED);
}

/* A channel that cannot be reset is given nothing to do, not even by the self test. */
static void quickdata_probe_leaves_hung_alone(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	u64 doorbells;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);
	doorbells = netdma_model_channel(qt->model, 0)->stats.doorbells;
	netdma_model_hang(qt->model, QD_CHANCMD);
	KUNIT_EXPECT_NE(test, netdma_model_bind(qt->model), 1);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.doorbells, doorbells);
	netdma_model_hang(qt->model, 0);
}

/* QD 7.1: errors that an earlier driver has masked are noticed again. */
static void quickdata_probe_unmasks_errors(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);
	netdma_model_poke(qt->model, quickdata_test_reg(0, QD_CHANERRMSK), 4, ~0U);
	KUNIT_ASSERT_EQ(test, netdma_model_bind(qt->model), 1);
	quickdata_test_start(test, PAGE_SIZE);
	netdma_model_fail(qt->model, 0, 1, QD_ERR_WRITE);
	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_WRITE_FAILED);
}

/* QD Q18: a relaxed write could let the completion word overtake the data. */
static void quickdata_probe_disables_relaxed_ordering(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	u16 control;

	quickdata_test_plug(test, &netdma_model_defaults);
	pcie_capability_read_word(netdma_model_pci_dev(qt->model), PCI_EXP_DEVCTL, &control);
	KUNIT_EXPECT_EQ(test, control & PCI_EXP_DEVCTL_RELAX_EN, 0);
}

/* What the PCI core does not give to the driver */
struct quickdata_denial {
	const char *what;
	void (*deny)(struct pci_dev *pdev);
	void (*grant)(struct pci_dev *pdev);
};

static void quickdata_deny_bar(struct pci_dev *pdev)
{
	pdev->resource[0].flags |= IORESOURCE_UNSET;
}

static void quickdata_grant_bar(struct pci_dev *pdev)
{
	pdev->resource[0].flags &= ~IORESOURCE_UNSET;
}

static void quickdata_deny_regions(struct pci_dev *pdev)
{
	request_mem_region(pci_resource_start(pdev, 0), pci_resource_len(pdev, 0), "another");
}

static void quickdata_grant_regions(struct pci_dev *pdev)
{
	release_mem_region(pci_resource_start(pdev, 0), pci_resource_len(pdev, 0));
}

/* One channel's registers do not fit. */
static void quickdata_deny_size(struct pci_dev *pdev)
{
	pdev->resource[0].end = pdev->resource[0].start + QD_CHANNEL_BASE +
				QD_MAX_CHANNELS * QD_CHANNEL_STRIDE - 2;
}

static void quickdata_grant_size(struct pci_dev *pdev)
{
	pdev->resource[0].end = pdev->resource[0].start + QD_BAR_SIZE - 1;
}

static void quickdata_deny_dma(struct pci_dev *pdev)
{
	pdev->dev.dma_mask = NULL;
}

static void quickdata_grant_dma(struct pci_dev *pdev)
{
	pdev->dev.dma_mask = &pdev->dma_mask;
}

static const struct quickdata_denial quickdata_denials[] = {
	{ "no BAR", quickdata_deny_bar, quickdata_grant_bar },
	{ "a BAR in use", quickdata_deny_regions, quickdata_grant_regions },
	{ "a small BAR", quickdata_deny_size, quickdata_grant_size },
	{ "no DMA", quickdata_deny_dma, quickdata_grant_dma },
};

static void quickdata_denial_describe(const struct quickdata_denial *denial, char *text)
{
	strscpy(text, denial->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quickdata_denial, quickdata_denials, quickdata_denial_describe);

/* The driver does without the function then, and takes it when it can. */
static void quickdata_probe_denied(struct kunit *test)
{
	const struct quickdata_denial *denial = test->param_value;
	struct quickdata_test *qt = test->priv;
	struct pci_dev *pdev;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);
	pdev = netdma_model_pci_dev(qt->model);

	denial->deny(pdev);
	KUNIT_EXPECT_NE(test, netdma_model_bind(qt->model), 1);
	KUNIT_EXPECT_FALSE(test, netdma_model_is_bound(qt->model));
	denial->grant(pdev);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 1);
}

/* --- self test ------------------------------------------------------------ */

static bool quickdata_test_fills(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	struct dma_chan *chan = quickdata_test_request(qt->model);
	bool fills;

	KUNIT_ASSERT_NOT_NULL(test, chan);
	fills = dma_has_cap(DMA_MEMSET, chan->device->cap_mask);
	dma_release_channel(chan);
	return fills;
}

struct quickdata_selftest {
	const char *what;
	enum netdma_model_kind corrupt;
	bool binds;
	bool fills;
};

static const struct quickdata_selftest quickdata_selftests[] = {
	{ "all is well", NETDMA_MODEL_NOTHING, true, true },
	{ "wrong copies", NETDMA_MODEL_COPY, false, false },
	{ "wrong fills", NETDMA_MODEL_FILL, true, false },
	{ "wrong page breaks", NETDMA_MODEL_PAGE_BREAK, true, true },
};

static void quickdata_selftest_describe(const struct quickdata_selftest *selftest, char *text)
{
	strscpy(text, selftest->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quickdata_selftest, quickdata_selftests, quickdata_selftest_describe);

/* What the part promises is offered if it works; without copies nothing is. */
static void quickdata_selftest_offers(struct kunit *test)
{
	const struct quickdata_selftest *selftest = test->param_value;
	struct quickdata_test *qt = test->priv;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);
	netdma_model_corrupt(qt->model, selftest->corrupt);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model) == 1, selftest->binds);
	if (selftest->binds)
		KUNIT_EXPECT_EQ(test, quickdata_test_fills(test), selftest->fills);
}

/* QD 3.2: what the part does not promise is not tried. */
static void quickdata_selftest_believes_capabilities(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;
	u64 fills;

	quickdata_test_plug(test, &netdma_model_defaults);
	netdma_model_unbind(qt->model);
	fills = netdma_model_channel(qt->model, 0)->stats.fills;
	netdma_model_override(qt->model, QD_DMACAPABILITY, 0, 0);
	KUNIT_ASSERT_EQ(test, netdma_model_bind(qt->model), 1);
	KUNIT_EXPECT_FALSE(test, quickdata_test_fills(test));
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.fills, fills);
}

/* --- copies --------------------------------------------------------------- */

/* R-ALLOC-5: a channel copies as soon as it is there. The copy is called back about. */
static void quickdata_copy_copies(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);

	quickdata_test_submit(test, 0, 0, 1000);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 1000);
}

/* Nothing is executed before it is issued. */
static void quickdata_copy_waits_for_issue(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);

	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, qt->wait[0].calls, 0);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[0].cookie, NULL),
			DMA_IN_PROGRESS);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
}

/* R-CW-1: a copy that is split is one copy, with one completion word. */
static void quickdata_copy_is_split(struct kunit *test)
{
	struct qd_options options = netdma_model_defaults;
	struct quickdata_test *qt = test->priv;
	u64 before, words;

	options.xfercap = 12;
	quickdata_test_plug(test, &options);
	quickdata_test_start(test, 5 * PAGE_SIZE);
	before = netdma_model_channel(qt->model, 0)->stats.descriptors;
	words = netdma_model_channel(qt->model, 0)->stats.completions;
	quickdata_test_submit(test, 0, 0, 4 * PAGE_SIZE + 1);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.descriptors - before, 5);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.completions - words, 1);
	quickdata_test_expect_data(test, 4 * PAGE_SIZE + 1);
}

/* Design: one doorbell for all that is issued at once, and no register read. */
static void quickdata_copy_takes_one_doorbell(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 8 * PAGE_SIZE);
	u64 accesses, status_reads;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	status_reads = netdma_model_reads(qt->model, 0, "CHANSTS");

	accesses = netdma_model_accesses(qt->model);
	quickdata_test_submit_pages(test, 8);
	KUNIT_EXPECT_EQ(test, netdma_model_accesses(qt->model) - accesses, 1);

	accesses = netdma_model_accesses(qt->model);
	netdma_model_step(qt->model, 0, 1000);
	quickdata_test_expect(test, 7, DMA_TRANS_NOERROR);
	/* Nine copies with an interrupt each: it is armed again, and that is all. */
	KUNIT_EXPECT_EQ(test, netdma_model_reads(qt->model, 0, "CHANSTS"), status_reads);
	KUNIT_EXPECT_LE(test, netdma_model_accesses(qt->model) - accesses, 9);
}

/* R-DESC-2: a descriptor is NetDMA's, all of it: the provider leaves it as it is. */
static void quickdata_copy_leaves_descriptors(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct netdma_descriptor before[2];
	struct netdma_ring *ring;

	ring = &quickdata_test_channel(qt)->ring;
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	quickdata_test_submit(test, 1, PAGE_SIZE, PAGE_SIZE);
	ring->desc[0].next_src = cpu_to_le64(~0ULL);
	ring->desc[1].next_dst = cpu_to_le64(~0ULL);
	memcpy(before, ring->desc, sizeof(before));
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, memcmp(before, ring->desc, sizeof(before)), 0);
}

/* R-CH2-2, R-CH2-4: what the last link leads to is not executed before it is counted in. */
static void quickdata_copy_stops_at_count(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 3 * PAGE_SIZE);

	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	quickdata_test_submit(test, 1, PAGE_SIZE, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_submit(test, 2, 2 * PAGE_SIZE, PAGE_SIZE);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_IDLE);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[2].cookie, NULL),
			DMA_IN_PROGRESS);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 3 * PAGE_SIZE);
}

/* R-CH2-3, R-APP-4: a start sets the count, an append adds to it. */
static void quickdata_append_adds(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 6 * PAGE_SIZE);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->count, 1);
	quickdata_test_submit_pages(test, 2);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->count, 3);
	quickdata_test_submit_pages(test, 3);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->count, 6);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 3 * PAGE_SIZE);
}

/* --- interrupts ----------------------------------------------------------- */

/*
 * R-ISR-4, R-DPC-1: the interrupt handler leaves the work to the bottom half. With MSI-X
 * it touches no register either.
 */
static void quickdata_interrupt_defers(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	unsigned int interrupts = READ_ONCE(qd->channels[0].interrupts);
	unsigned int tries = 100000;
	u64 accesses;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	netdma_model_stall(qt->model, false);
	accesses = netdma_model_accesses(qt->model);
	local_bh_disable();
	while (READ_ONCE(qd->channels[0].interrupts) == interrupts && --tries)
		udelay(5);
	KUNIT_EXPECT_EQ(test, READ_ONCE(qd->channels[0].interrupts), interrupts + 1);
	KUNIT_EXPECT_EQ(test, netdma_model_accesses(qt->model), accesses);
	KUNIT_EXPECT_EQ(test, qt->wait[0].calls, 0);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, qt->wait[0].calls, 1);
}

/* R-INT-2: every channel has an interrupt of its own. */
static void quickdata_interrupt_per_channel(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	unsigned int before[4];
	unsigned int i;

	for (i = 0; i < 4; i++)
		before[i] = READ_ONCE(qd->channels[i].interrupts);
	for (i = 0; i < 4; i++) {
		netdma_model_interrupt(qt->model, i);
		before[i]++;
		KUNIT_EXPECT_EQ(test, READ_ONCE(qd->channels[0].interrupts), before[0]);
		KUNIT_EXPECT_EQ(test, READ_ONCE(qd->channels[1].interrupts), before[1]);
		KUNIT_EXPECT_EQ(test, READ_ONCE(qd->channels[2].interrupts), before[2]);
		KUNIT_EXPECT_EQ(test, READ_ONCE(qd->channels[3].interrupts), before[3]);
	}
}

/* The CPU of a channel is the one that has taken its last interrupt. */
static void quickdata_interrupt_moved(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));

	qd->channels[0].cpu = UINT_MAX;
	netdma_model_interrupt(qt->model, 0);
	KUNIT_EXPECT_EQ(test, qd->channels[0].cpu, 0);
}

/* A message that means nothing does no harm. */
static void quickdata_interrupt_spurious(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	unsigned int i;

	for (i = 0; i < 4; i++)
		netdma_model_interrupt(qt->model, i);
	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	for (i = 0; i < 4; i++)
		netdma_model_interrupt(qt->model, i);
}

/* A lost message delays the callback, not the status; the next one makes up for it. */
static void quickdata_interrupt_lost(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);

	netdma_model_lose_interrupts(qt->model, 1);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[0].cookie, NULL),
			DMA_COMPLETE);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
}

/*
 * Where one interrupt is for all, reading whose it is disables it. If the answer is wrong,
 * the watchdog enables it again.
 */
static void quickdata_interrupt_denied(struct kunit *test)
{
	struct qd_options options = netdma_model_defaults;
	struct quickdata_test *qt = test->priv;
	unsigned long start;
	unsigned int i;

	options.msix_vectors = 0;
	quickdata_test_plug(test, &options);
	quickdata_test_start(test, 4 * PAGE_SIZE);
	netdma_model_override(qt->model, QD_INTRCTRL, 0, 1);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);

	start = jiffies;
	for (i = 1; i < 4; i++) {
		quickdata_test_submit(test, i, i * PAGE_SIZE, PAGE_SIZE);
		dma_async_issue_pending(qt->chan);
		quickdata_test_expect(test, i, DMA_TRANS_NOERROR);
	}
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 4));
}

/* A channel whose interrupt was lost interrupts again, once the watchdog has seen to it. */
static void quickdata_interrupt_comes_again(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	unsigned long start;
	unsigned int i;

	netdma_model_lose_interrupts(qt->model, 1);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);

	start = jiffies;
	for (i = 1; i < 4; i++) {
		quickdata_test_submit(test, i, i * PAGE_SIZE, PAGE_SIZE);
		dma_async_issue_pending(qt->chan);
		quickdata_test_expect(test, i, DMA_TRANS_NOERROR);
	}
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 4));
}

/* Messages that come after the release find nothing, and touch nothing. */
static void quickdata_interrupt_after_release(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);

	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	dma_release_channel(qt->chan);
	qt->chan = NULL;
	netdma_model_interrupt(qt->model, 0);
}

/* --- errors --------------------------------------------------------------- */

struct quickdata_error {
	const char *what;
	enum qd_error error;
	enum dmaengine_tx_result result;
	unsigned int victim;		/* of three, the second being the bad one */
};

static const struct quickdata_error quickdata_errors[] = {
	{ "source address", QD_ERR_SRC_ADDR, DMA_TRANS_READ_FAILED, 1 },
	{ "destination address", QD_ERR_DEST_ADDR, DMA_TRANS_WRITE_FAILED, 1 },
	{ "read", QD_ERR_READ, DMA_TRANS_READ_FAILED, 1 },
	{ "write", QD_ERR_WRITE, DMA_TRANS_WRITE_FAILED, 1 },
	{ "control", QD_ERR_CONTROL, DMA_TRANS_ABORTED, 1 },
	{ "next address", QD_ERR_NEXT_ADDR, DMA_TRANS_ABORTED, 2 },
	{ "next alignment", QD_ERR_NEXT_ALIGN, DMA_TRANS_ABORTED, 2 },
	{ "completion address", QD_ERR_COMPLETION, DMA_TRANS_ABORTED, 1 },
};

static void quickdata_error_describe(const struct quickdata_error *error, char *text)
{
	strscpy(text, error->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quickdata_error, quickdata_errors, quickdata_error_describe);

/* QD 5: each error halts the channel and fails the copy that it is about, no other. */
static void quickdata_error_fails_one(struct kunit *test)
{
	const struct quickdata_error *error = test->param_value;
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	unsigned int i;

	netdma_model_fail(qt->model, 0, 2, error->error);
	quickdata_test_submit_pages(test, 3);
	for (i = 0; i < 3; i++)
		quickdata_test_expect(test, i, i == error->victim ? error->result :
				      DMA_TRANS_NOERROR);

	/* The channel goes on. */
	quickdata_test_submit(test, 3, 3 * PAGE_SIZE, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 3, DMA_TRANS_NOERROR);
}

/* What CHANERR can say: each bit, some pairs, and all of it */
static const u32 quickdata_reasons[] = {
	BIT(0), BIT(1), BIT(2), BIT(3), BIT(4), BIT(5), BIT(6), BIT(7), BIT(8), BIT(9),
	BIT(10), BIT(11), BIT(12), BIT(13), BIT(14), BIT(15), BIT(16), BIT(17), BIT(18),
	BIT(19), BIT(20), BIT(21), BIT(22), BIT(23), BIT(24), BIT(25), BIT(26), BIT(27),
	BIT(0) | BIT(1), BIT(8) | BIT(9), BIT(9) | BIT(10), BIT(8) | BIT(15),
	BIT(16) | BIT(17), GENMASK(27, 0),
};

static void quickdata_reason_describe(const u32 *errors, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%#x", *errors);
}

KUNIT_ARRAY_PARAM(quickdata_reason, quickdata_reasons, quickdata_reason_describe);

/* QD 7.1: whatever CHANERR says of a copy, the copy has failed and no other has. */
static void quickdata_error_any_reason(struct kunit *test)
{
	const u32 *errors = test->param_value;
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	struct qd_fault fault = {
		.kind = QD_FAULT_CHANERR,
		.channel = 0,
		.after = 1,
		.count = 1,
		.errors = *errors,
		.bytes = QD_FAULT_HALF,
	};

	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &fault), 0);
	quickdata_test_submit_pages(test, 3);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, qt->wait[1].calls, 1);
	KUNIT_EXPECT_NE(test, (int)qt->wait[1].result, (int)DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[1].cookie, NULL),
			DMA_ERROR);
}

/* A copy that takes its time is a good copy. */
static void quickdata_error_not_late(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct qd_fault fault = {
		.kind = QD_FAULT_STALL,
		.channel = 0,
		.count = 1,
		.time_ns = 20 * NSEC_PER_MSEC,
	};
	ktime_t start = ktime_get();

	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &fault), 0);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start), 20);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
}

/* A completion word that cannot be true completes nothing, and fails nothing. */
static void quickdata_error_bogus_word(struct kunit *test)
{
	static const u64 words[] = { ~0ULL, 0x40, QD_IDLE, 1ULL << 63, 0x12345678 };
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	unsigned int i;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		netdma_model_write_word(qt->model, 0, words[i]);
		netdma_model_interrupt(qt->model, 0);
		KUNIT_EXPECT_EQ(test, qt->wait[0].calls, 0);
		KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[0].cookie, NULL),
				DMA_IN_PROGRESS);
	}
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, PAGE_SIZE);
}

/* One that names no descriptor says nothing, and is no error. */
static void quickdata_error_empty_word(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	u64 commands = netdma_model_writes(qt->model, 0, "CHANCMD");

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	netdma_model_write_word(qt->model, 0, QD_IDLE);
	netdma_model_interrupt(qt->model, 0);
	msleep(20);
	KUNIT_EXPECT_EQ(test, netdma_model_writes(qt->model, 0, "CHANCMD"), commands);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
}

/* One that names a descriptor to come must not speak for it when it has come. */
static void quickdata_error_early_word(struct kunit *test)
{
	const struct qd_fault fault = {
		.kind = QD_FAULT_WORD, .word = QD_WORD_UNISSUED, .count = 1,
	};
	struct quickdata_test *qt = quickdata_test_start(test, 3 * PAGE_SIZE);
	unsigned int i;

	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &fault), 0);
	for (i = 0; i < 3; i++) {
		quickdata_test_submit(test, i, i * PAGE_SIZE, PAGE_SIZE);
		dma_async_issue_pending(qt->chan);
		quickdata_test_expect(test, i, DMA_TRANS_NOERROR);
	}
	quickdata_test_expect_data(test, 3 * PAGE_SIZE);
}

/* The same error again, with the same completion word, is another error. */
static void quickdata_error_twice(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	unsigned long start = jiffies;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
		quickdata_test_submit(test, i, 0, PAGE_SIZE);
		dma_async_issue_pending(qt->chan);
		quickdata_test_expect(test, i, DMA_TRANS_READ_FAILED);
	}
	/* By interrupts, not by the watchdog */
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 4));
}

/* QD Q4: before 3.3 the copy of CHANERR in configuration space is cleared as well. */
static void quickdata_error_clears_config(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	u32 errors;

	netdma_model_fail(qt->model, 0, 1, QD_ERR_WRITE);
	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_WRITE_FAILED);
	pci_read_config_dword(netdma_model_pci_dev(qt->model), QD_CFG_CHANERR_INT, &errors);
	KUNIT_EXPECT_EQ(test, errors, 0);
}

/* QD Q13: a halt that the completion word does not tell of is found by the watchdog. */
static void quickdata_error_without_word(struct kunit *test)
{
	const struct qd_fault fault = {
		.kind = QD_FAULT_WORD, .word = QD_WORD_LOST, .count = 1,
	};
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	ktime_t start = ktime_get();

	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &fault), 0);
	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_READ_FAILED);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	/* Not by the time that it takes: time does not pass here but by sleeping. */
	KUNIT_EXPECT_LT(test, ktime_ms_delta(ktime_get(), start), 1000);
}

/* QD 7.1: bit 15 cannot be cleared, and is not about the channel. */
static void quickdata_error_unaffiliated(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, SZ_256K);

	netdma_model_stall(qt->model, true);
	netdma_model_override(qt->model, quickdata_test_reg(0, QD_CHANERR), BIT(15), 0);
	quickdata_test_submit(test, 0, 0, SZ_256K);
	dma_async_issue_pending(qt->chan);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
}

/* Halted, with the interrupt lost: who pauses the channel finds out. */
static void quickdata_error_found_by_pause(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);

	netdma_model_stall(qt->model, true);
	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	netdma_model_lose_interrupts(qt->model, 1);
	quickdata_test_submit_pages(test, 2);
	netdma_model_step(qt->model, 0, 2);
	KUNIT_ASSERT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_READ_FAILED);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
}

/*
 * A channel that does not stop may write anywhere: the function loses its access
 * to memory, all that it has to do fails, and its channels are given to nobody.
 */
static void quickdata_error_without_end(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	u16 command;

	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	netdma_model_hang(qt->model, QD_CHANCMD);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);

	pci_read_config_word(netdma_model_pci_dev(qt->model), PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
	KUNIT_EXPECT_NULL(test, quickdata_test_request(qt->model));

	/* A driver that begins anew with a part that has recovered can use it. */
	netdma_model_hang(qt->model, 0);
	quickdata_test_hide_mappings(qt);
	netdma_model_unbind(qt->model);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 1);
}

/* --- an engine that does not get on ---------------------------------------- */

/* A channel that cannot be reset has the function reset: nothing is lost but the bad copy. */
static void quickdata_trouble_resets_function(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	struct dma_chan *other = quickdata_test_request(qt->model);
	u16 command;

	KUNIT_ASSERT_NOT_NULL(test, other);
	netdma_model_fail(qt->model, 0, 2, QD_ERR_READ);
	netdma_model_hang(qt->model, QD_CHANCMD);
	netdma_model_heal(qt->model);
	quickdata_test_submit_pages(test, 4);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	/* The reset has taken the reason with it, and the engine can read now. */
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 3, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 4 * PAGE_SIZE);

	pci_read_config_word(netdma_model_pci_dev(qt->model), PCI_COMMAND, &command);
	KUNIT_EXPECT_NE(test, command & PCI_COMMAND_MASTER, 0);
	dma_release_channel(other);
}

/* What other channels are given while the function waits for its reset is not lost. */
static void quickdata_trouble_spares_others(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	struct dma_chan *first = qt->chan;
	u64 doorbells;
	u16 command;

	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	netdma_model_hang(qt->model, QD_CHANCMD);
	netdma_model_heal(qt->model);
	/* The reset is only tried, and cannot be had. */
	device_lock(qt->dev);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(first);
	msleep(50);
	qt->chan = quickdata_test_request(qt->model);
	KUNIT_EXPECT_NOT_NULL(test, qt->chan);
	doorbells = netdma_model_writes(qt->model, 1, "DMACOUNT");
	if (qt->chan) {
		quickdata_test_submit(test, 1, PAGE_SIZE, PAGE_SIZE);
		dma_async_issue_pending(qt->chan);
	}
	msleep(250);
	KUNIT_EXPECT_EQ(test, qt->wait[0].calls + qt->wait[1].calls, 0);
	pci_read_config_word(netdma_model_pci_dev(qt->model), PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
	/* An engine that cannot read what it is to do makes an error of it. */
	KUNIT_EXPECT_EQ(test, netdma_model_writes(qt->model, 1, "DMACOUNT"), doorbells);
	device_unlock(qt->dev);

	if (qt->chan) {
		quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
		dma_release_channel(qt->chan);
	}
	qt->chan = first;
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
}

/* Nor do copies fail that others had under way when the function lost its access to memory. */
static void quickdata_trouble_spares_what_runs(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	struct dma_chan *other = quickdata_test_request(qt->model), *first = qt->chan;
	const struct qd_fault never = {
		.kind = QD_FAULT_RESET,
		.channel = 0,
		.count = 1,
		.time_ns = QD_NEVER,
	};

	KUNIT_ASSERT_NOT_NULL(test, other);
	netdma_model_stall(qt->model, true);
	qt->chan = other;
	quickdata_test_submit(test, 1, PAGE_SIZE, PAGE_SIZE);
	qt->chan = first;
	dma_async_issue_pending(other);

	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	KUNIT_EXPECT_GT(test, netdma_model_arm(qt->model, &never), 0);
	/* The reset is only tried, and cannot be had. */
	device_lock(qt->dev);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(first);
	netdma_model_step(qt->model, 0, 1);
	msleep(500);
	netdma_model_step(qt->model, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 1)->state, QD_HALTED);
	msleep(1200);
	device_unlock(qt->dev);
	netdma_model_stall(qt->model, false);

	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
	dma_release_channel(other);
}

/* How long a time-out takes does not depend on how long a read of the device takes. */
static void quickdata_trouble_slow(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	const struct qd_fault never = {
		.kind = QD_FAULT_RESET,
		.channel = 0,
		.count = 1,
		.time_ns = QD_NEVER,
	};

	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	KUNIT_EXPECT_GT(test, netdma_model_arm(qt->model, &never), 0);
	netdma_model_slow(qt->model, 1000);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
	netdma_model_slow(qt->model, 0);
}

/* An engine that does not move is reset, and does it then. */
static void quickdata_trouble_stalled(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 4);
	netdma_model_step(qt->model, 0, 1);
	msleep(1700);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 3, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 4 * PAGE_SIZE);
}

/* One that never moves again is given up in the end, with all of its copies. */
static void quickdata_trouble_without_end(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 4);
	msleep(6000);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 3, DMA_TRANS_ABORTED);
}

/*
 * A device that does not answer: the first who sees that is the last who asks, on all
 * channels.
 */
static void quickdata_trouble_gone(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct dma_chan *other = quickdata_test_request(qt->model);
	unsigned long start;
	u64 accesses;

	KUNIT_ASSERT_NOT_NULL(test, other);
	quickdata_test_hide_mappings(qt);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	netdma_model_vanish(qt->model, true);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(other), 0);
	msleep(1200);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);

	accesses = netdma_model_accesses(qt->model);
	dma_release_channel(other);
	KUNIT_EXPECT_EQ(test, netdma_model_accesses(qt->model), accesses);

	start = jiffies;
	netdma_model_unbind(qt->model);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ));
	netdma_model_vanish(qt->model, false);
}

/*
 * One that answers with all ones once may be there all the same, and at work: it is stopped,
 * and loses its access to memory, before anybody is told that his copy has failed.
 */
static void quickdata_trouble_gone_for_a_moment(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	const struct qd_fault ones = {
		.kind = QD_FAULT_REGISTER,
		.reg = netdma_model_register(0, "CHANSTS"),
		.count = 1,
		.value = ~0ULL,
	};
	u16 command;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &ones), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), -ESHUTDOWN);
	pci_read_config_word(netdma_model_pci_dev(qt->model), PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	quickdata_test_expect_data(test, 0);
}

/* The same, only when it has been reset, which then says nothing */
static void quickdata_trouble_gone_by_reset(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	const struct qd_fault ones = {
		.kind = QD_FAULT_REGISTER,
		.reg = netdma_model_register(0, "CHANSTS"),
		.after = 1,
		.count = 1,
		.value = ~0ULL,
	};
	struct netdma_channel *channel = quickdata_test_channel(qt);

	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &ones), 0);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	/* There is nothing to be reset. */
	KUNIT_EXPECT_EQ(test, channel->ops->reset_engine(channel->provider), -ENODEV);
	KUNIT_EXPECT_NULL(test, quickdata_test_request(qt->model));
}

/* A function that has no reset is given up, with all of its copies. */
static void quickdata_trouble_without_reset(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);
	u16 command;

	memset(pdev->reset_methods, 0, sizeof(pdev->reset_methods));
	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	netdma_model_hang(qt->model, QD_CHANCMD);
	quickdata_test_submit_pages(test, 2);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
	KUNIT_EXPECT_NULL(test, quickdata_test_request(qt->model));
}

/* --- PCI errors ------------------------------------------------------------- */

static const struct pci_error_handlers *quickdata_test_errors(struct quickdata_test *qt)
{
	return to_pci_driver(qt->dev->driver)->err_handler;
}

/* The link was reset: what was queued is done afterwards. */
static void quickdata_pci_error_frozen(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 4);
	netdma_model_step(qt->model, 0, 1);
	netdma_model_vanish(qt->model, true);
	KUNIT_EXPECT_EQ(test, (int)errors->error_detected(pdev, pci_channel_io_frozen),
			PCI_ERS_RESULT_NEED_RESET);
	netdma_model_vanish(qt->model, false);
	/* As the port above does it */
	pci_write_config_word(pdev, pdev->pcie_cap + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR);
	KUNIT_EXPECT_EQ(test, (int)errors->slot_reset(pdev), PCI_ERS_RESULT_RECOVERED);
	errors->resume(pdev);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 3, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 4 * PAGE_SIZE);
}

/* So does one that was given up after a reset: the next driver needs the registers again. */
static void quickdata_pci_error_of_given_up(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);

	quickdata_test_hide_mappings(qt);
	netdma_model_hang(qt->model, QD_CHANCMD);
	KUNIT_ASSERT_EQ(test, pci_reset_function(pdev), 0);
	KUNIT_EXPECT_NULL(test, quickdata_test_request(qt->model));

	errors->error_detected(pdev, pci_channel_io_frozen);
	pci_write_config_word(pdev, pdev->pcie_cap + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR);
	KUNIT_EXPECT_EQ(test, (int)errors->slot_reset(pdev), PCI_ERS_RESULT_DISCONNECT);
	netdma_model_hang(qt->model, 0);
	netdma_model_unbind(qt->model);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 1);
}

/* A device that does not answer after the link's reset has not recovered. */
static void quickdata_pci_error_stays(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);

	quickdata_test_hide_mappings(qt);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	netdma_model_vanish(qt->model, true);
	KUNIT_EXPECT_EQ(test, (int)errors->error_detected(pdev, pci_channel_io_frozen),
			PCI_ERS_RESULT_NEED_RESET);
	KUNIT_EXPECT_EQ(test, (int)errors->slot_reset(pdev), PCI_ERS_RESULT_DISCONNECT);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	netdma_model_unbind(qt->model);
	netdma_model_vanish(qt->model, false);
}

/* What PCI restores after a link's reset is there whatever has happened before. */
static void quickdata_pci_error_finds_state(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);

	KUNIT_EXPECT_TRUE(test, pdev->state_saved);
	KUNIT_ASSERT_EQ(test, pci_reset_function(pdev), 0);
	KUNIT_EXPECT_TRUE(test, pdev->state_saved);
	errors->error_detected(pdev, pci_channel_io_frozen);
	errors->slot_reset(pdev);
	KUNIT_EXPECT_TRUE(test, pdev->state_saved);
	errors->resume(pdev);
	KUNIT_EXPECT_TRUE(test, pdev->state_saved);
}

/* While PCI has cut the engine off, it has no access to memory. */
static void quickdata_pci_error_ends_mastering(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);
	u16 command;

	errors->error_detected(pdev, pci_channel_io_frozen);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
	errors->slot_reset(pdev);
	errors->resume(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	KUNIT_EXPECT_NE(test, command & PCI_COMMAND_MASTER, 0);
}

/* An error that PCI has corrected changes nothing. */
static void quickdata_pci_error_normal(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	KUNIT_EXPECT_EQ(test, (int)errors->error_detected(pdev, pci_channel_io_normal),
			PCI_ERS_RESULT_CAN_RECOVER);
	errors->resume(pdev);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
}

/* The device is lost: all fails at once. */
static void quickdata_pci_error_for_good(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	const struct pci_error_handlers *errors = quickdata_test_errors(qt);

	quickdata_test_hide_mappings(qt);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	netdma_model_vanish(qt->model, true);
	KUNIT_EXPECT_EQ(test, (int)errors->error_detected(netdma_model_pci_dev(qt->model),
							  pci_channel_io_perm_failure),
			PCI_ERS_RESULT_DISCONNECT);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	netdma_model_unbind(qt->model);
	netdma_model_vanish(qt->model, false);
}

/* --- pause, resume, terminate --------------------------------------------- */

/*
 * R-SUSP-5, R-RES-2: nothing is executed between pause and resume, and all that is left
 * afterwards, nothing of it twice.
 */
static void quickdata_pause_and_resume(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 4 * PAGE_SIZE);
	unsigned long start;
	u64 before;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 4);
	netdma_model_step(qt->model, 0, 2);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[3].cookie, NULL),
			DMA_PAUSED);

	before = netdma_model_channel(qt->model, 0)->stats.descriptors;
	netdma_model_stall(qt->model, false);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.descriptors, before);

	start = jiffies;
	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 3, DMA_TRANS_NOERROR);
	/* All of it by the resumption, none by the watchdog */
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 4));
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.descriptors, before + 2);
	quickdata_test_expect_data(test, 4 * PAGE_SIZE);
}

/* R-SUSP-1: a descriptor in hand is finished before the suspension. */
static void quickdata_pause_in_the_middle(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, SZ_256K);
	u64 before;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit(test, 0, 0, SZ_256K);
	dma_async_issue_pending(qt->chan);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_ASSERT_TRUE(test, netdma_model_channel(qt->model, 0)->busy);
	before = netdma_model_channel(qt->model, 0)->stats.descriptors;
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.descriptors, before + 1);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, SZ_256K);
}

/* QD 4.2: told to run, but ARMED still, it would run after a suspension: that is waited for. */
static void quickdata_pause_of_armed(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	netdma_model_override(qt->model, quickdata_test_reg(0, QD_CHANSTS), QD_ARMED, 10);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
}

/* A channel that has halted, about which nobody was told, cannot be paused any more. */
static void quickdata_pause_of_halted(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	const struct qd_fault lost = {
		.kind = QD_FAULT_WORD,
		.word = QD_WORD_LOST,
		.channel = QD_ALL_CHANNELS,
		.count = 1,
	};

	netdma_model_stall(qt->model, true);
	netdma_model_fail(qt->model, 0, 1, QD_ERR_READ);
	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &lost), 0);
	netdma_model_lose_interrupts(qt->model, 1);
	quickdata_test_submit_pages(test, 1);
	netdma_model_step(qt->model, 0, 10);
	KUNIT_ASSERT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_READ_FAILED);
}

/* Which looks at CHANSTS are deceived: so many, after so many */
static const struct quickdata_lie {
	u32 after;
	u32 count;
} quickdata_lies[] = { { 0, 1 }, { 1, 1 }, { 0, 3 } };

static void quickdata_lie_describe(const struct quickdata_lie *lie, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%u after %u", lie->count, lie->after);
}

KUNIT_ARRAY_PARAM(quickdata_lie, quickdata_lies, quickdata_lie_describe);

/*
 * A channel that is said to be suspended, and is not: nothing is executed between pause
 * and resume all the same, and nothing twice that was reported.
 */
static void quickdata_pause_deceived(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, SZ_256K + PAGE_SIZE);
	const struct quickdata_lie *looks = test->param_value;
	const struct qd_fault lie = {
		.kind = QD_FAULT_REGISTER,
		.reg = netdma_model_register(0, "CHANSTS"),
		.after = looks->after,
		.count = looks->count,
		.value = QD_SUSPENDED,
	};
	u64 before;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit(test, 0, 0, SZ_256K);
	quickdata_test_submit(test, 1, SZ_256K, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_ASSERT_TRUE(test, netdma_model_channel(qt->model, 0)->busy);
	KUNIT_ASSERT_GT(test, netdma_model_arm(qt->model, &lie), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	before = netdma_model_channel(qt->model, 0)->stats.descriptors;
	netdma_model_stall(qt->model, false);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.descriptors, before);
	KUNIT_EXPECT_EQ(test, qt->wait[0].calls, 0);

	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.descriptors, before + 2);
	quickdata_test_expect_data(test, SZ_256K + PAGE_SIZE);
}

/* An engine that does not suspend is reset; after the resumption all is copied. */
static void quickdata_pause_times_out(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, SZ_256K);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit(test, 0, 0, SZ_256K);
	dma_async_issue_pending(qt->chan);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, SZ_256K);
}

/*
 * R-ABORT-1, R-RESET-1: the descriptor in hand is cut off, what is behind it is cancelled.
 * R-RESET-3: none of it is looked at again. R-RESET-2: the channel is as new.
 */
static void quickdata_terminate_stops(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, SZ_256K);
	u64 bytes, word;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit(test, 0, 0, SZ_128K);
	quickdata_test_submit(test, 1, SZ_128K, SZ_128K);
	dma_async_issue_pending(qt->chan);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
	bytes = netdma_model_channel(qt->model, 0)->stats.bytes;
	netdma_model_stall(qt->model, false);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.bytes, bytes);
	KUNIT_EXPECT_EQ(test, qt->wait[0].calls + qt->wait[1].calls, 0);
	KUNIT_EXPECT_EQ(test, (int)dmaengine_tx_status(qt->chan, qt->wait[1].cookie, NULL),
			DMA_ERROR);

	word = netdma_model_channel(qt->model, 0)->cmpaddr;
	KUNIT_EXPECT_EQ(test, word, quickdata_test_channel(qt)->ring.completion_dma);
	quickdata_test_submit(test, 2, SZ_64K, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
}

/* The same before a reset: nothing runs after it. */
static void quickdata_terminate_of_armed(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	u64 reads;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 1);
	reads = netdma_model_reads(qt->model, 0, "CHANSTS");
	netdma_model_override(qt->model, quickdata_test_reg(0, QD_CHANSTS), QD_ARMED, 10);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);
	KUNIT_EXPECT_GT(test, netdma_model_reads(qt->model, 0, "CHANSTS") - reads, 10);
	KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, 0)->state, QD_HALTED);
}

/* Design: no register is touched to terminate a drained channel. */
static void quickdata_terminate_of_drained(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	u64 accesses;

	quickdata_test_submit_pages(test, 1);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	netdma_model_settle(qt->model);
	accesses = netdma_model_accesses(qt->model);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);
	KUNIT_EXPECT_EQ(test, netdma_model_accesses(qt->model), accesses);
}

/* --- loss of state -------------------------------------------------------- */

static const u8 quickdata_vectors[] = { 4, 0 };

static void quickdata_vectors_describe(const u8 *vectors, char *text)
{
	strscpy(text, *vectors ? "MSI-X" : "INTx", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(quickdata_vectors, quickdata_vectors, quickdata_vectors_describe);

/* R-PM11-2, R-PM11-4: a function level reset takes everything away, and nothing is lost. */
static void quickdata_reset_function(struct kunit *test)
{
	struct qd_options options = netdma_model_defaults;
	struct quickdata_test *qt = test->priv;
	struct pci_dev *pdev;
	unsigned long start;
	unsigned int i;

	options.msix_vectors = *(const u8 *)test->param_value;
	quickdata_test_plug(test, &options);
	quickdata_test_start(test, 4 * PAGE_SIZE);
	pdev = netdma_model_pci_dev(qt->model);
	for (i = 0; i < 2; i++) {
		netdma_model_stall(qt->model, true);
		quickdata_test_submit_pages(test, 4);
		netdma_model_step(qt->model, 0, 1);
		KUNIT_ASSERT_EQ(test, pci_reset_function(pdev), 0);
		netdma_model_stall(qt->model, false);
		start = jiffies;
		quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
		quickdata_test_expect(test, 3, DMA_TRANS_NOERROR);
		/* By interrupts, not by the watchdog */
		KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 4));
	}
	quickdata_test_expect_data(test, 4 * PAGE_SIZE);
}

/* R-PM11-1: asleep, the engine is left alone and does not interrupt. */
static void quickdata_sleep(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct device *dev = &netdma_model_pci_dev(qt->model)->dev;
	u64 accesses;

	KUNIT_ASSERT_EQ(test, dev->driver->pm->suspend(dev), 0);
	accesses = netdma_model_accesses(qt->model);
	quickdata_test_submit_pages(test, 2);
	netdma_model_settle(qt->model);
	KUNIT_EXPECT_EQ(test, netdma_model_accesses(qt->model), accesses);
	KUNIT_EXPECT_EQ(test, dev->driver->pm->resume(dev), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
}

/* A client may come and go meanwhile: a device that sleeps is not one that is gone. */
static void quickdata_sleep_under_client(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct device *dev = &netdma_model_pci_dev(qt->model)->dev;

	KUNIT_ASSERT_EQ(test, dev->driver->pm->suspend(dev), 0);
	netdma_model_vanish(qt->model, true);
	dma_release_channel(qt->chan);
	qt->chan = quickdata_test_request(qt->model);
	KUNIT_ASSERT_NOT_NULL(test, qt->chan);
	quickdata_test_submit_pages(test, 2);
	KUNIT_EXPECT_EQ(test, netdma_reset(quickdata_test_channel(qt)), 0);
	quickdata_test_submit_pages(test, 2);
	msleep(20);
	netdma_model_vanish(qt->model, false);
	KUNIT_EXPECT_EQ(test, dev->driver->pm->resume(dev), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
}

/* A device that does not come back from its sleep is gone. */
static void quickdata_sleep_for_good(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct device *dev = &netdma_model_pci_dev(qt->model)->dev;

	quickdata_test_hide_mappings(qt);
	KUNIT_ASSERT_EQ(test, dev->driver->pm->suspend(dev), 0);
	quickdata_test_submit_pages(test, 2);
	netdma_model_vanish(qt->model, true);
	KUNIT_EXPECT_EQ(test, dev->driver->pm->resume(dev), 0);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	netdma_model_unbind(qt->model);
	netdma_model_vanish(qt->model, false);
}

/* --- remove --------------------------------------------------------------- */

/* R-PSTOP-2: what is running is finished before the driver lets go. */
static void quickdata_remove_drains(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 8 * PAGE_SIZE);
	unsigned int i;

	quickdata_test_hide_mappings(qt);
	quickdata_test_submit_pages(test, 8);
	netdma_model_unbind(qt->model);
	for (i = 0; i < 8; i++)
		quickdata_test_expect(test, i, DMA_TRANS_NOERROR);
}

/* R-PSTOP-3: until then interrupts are delivered, or an error would be the end of it. */
static void quickdata_remove_recovers(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 3 * PAGE_SIZE);
	unsigned long start = jiffies;

	quickdata_test_hide_mappings(qt);
	netdma_model_fail(qt->model, 0, 2, QD_ERR_WRITE);
	quickdata_test_submit_pages(test, 3);
	netdma_model_unbind(qt->model);
	/* By interrupts, not by the watchdog */
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + HZ / 2));
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	quickdata_test_expect(test, 1, DMA_TRANS_WRITE_FAILED);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
}

/* R-PSTOP-1: a client that has not let go at the removal gets errors, and may let go later. */
static void quickdata_remove_under_client(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);

	quickdata_test_hide_mappings(qt);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	netdma_model_unbind(qt->model);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	KUNIT_EXPECT_NULL(test, dmaengine_prep_dma_memcpy(qt->chan, qt->dst_dma, qt->src_dma,
							  PAGE_SIZE, 0));
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);

	/* Another life meanwhile */
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 0);
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 1);
}

/* Pulled out while it works: everything ends, with errors. */
static void quickdata_remove_by_surprise(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);

	quickdata_test_hide_mappings(qt);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	netdma_model_vanish(qt->model, true);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);
	netdma_model_unbind(qt->model);
	KUNIT_EXPECT_FALSE(test, netdma_model_is_bound(qt->model));
	netdma_model_vanish(qt->model, false);
}

/* No DMA after the driver has gone: not even the permission for it */
static void quickdata_remove_ends_mastering(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	u16 command;

	quickdata_test_hide_mappings(qt);
	netdma_model_unbind(qt->model);
	pci_read_config_word(netdma_model_pci_dev(qt->model), PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
}

/* The kernel goes down: no DMA into the next one, and no interrupt. */
static void quickdata_shutdown_stops(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 2 * PAGE_SIZE);
	struct pci_dev *pdev = netdma_model_pci_dev(qt->model);
	struct pci_driver *driver = to_pci_driver(pdev->dev.driver);
	struct quickdata *qd = pci_get_drvdata(pdev);
	void (*remove)(struct pci_dev *pdev) = driver->remove;
	unsigned int i;
	u16 command;

	quickdata_test_hide_mappings(qt);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 2);
	driver->shutdown(pdev);
	quickdata_test_expect(test, 0, DMA_TRANS_ABORTED);
	quickdata_test_expect(test, 1, DMA_TRANS_ABORTED);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	KUNIT_EXPECT_EQ(test, command & PCI_COMMAND_MASTER, 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, (int)netdma_model_channel(qt->model, i)->state, QD_HALTED);
	KUNIT_EXPECT_FALSE(test, pdev->msix_enabled);

	/* Nothing comes after a shutdown. Here the rest of the removal has to. */
	driver->remove = NULL;
	netdma_model_unbind(qt->model);
	driver->remove = remove;
	netdma_deregister_provider(qd->provider);
	pci_iounmap(pdev, qd->regs);
	pci_release_mem_regions(pdev);
	pci_disable_device(pdev);
	kfree(qd);
}

/* --- the callbacks -------------------------------------------------------- */

/* What NetDMA calls, from the channel that it has */
static const struct netdma_provider_characteristics *quickdata_test_ops(struct quickdata *qd)
{
	return rcu_dereference_raw(qd->channels[0].channel)->ops;
}

/* R-AFF-3: the wishes for CPUs are kept, each for its channel. */
static void quickdata_affinity_is_kept(struct kunit *test)
{
	static const struct netdma_channel_cpu_affinity wishes[] = { { 2, 1 }, { 0, 3 } };
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	unsigned int cpus[4];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		cpus[i] = qd->channels[i].cpu;
		qd->channels[i].cpu = UINT_MAX;
	}
	KUNIT_EXPECT_EQ(test, quickdata_test_ops(qd)->set_channel_cpu_affinity(qd, wishes, 2), 0);
	KUNIT_EXPECT_EQ(test, qd->channels[0].cpu, 3);
	KUNIT_EXPECT_EQ(test, qd->channels[1].cpu, UINT_MAX);
	KUNIT_EXPECT_EQ(test, qd->channels[2].cpu, 1);
	KUNIT_EXPECT_EQ(test, qd->channels[3].cpu, UINT_MAX);
	for (i = 0; i < 4; i++)
		qd->channels[i].cpu = cpus[i];
}

/*
 * R-ALLOC-2, R-ALLOC-3: the channel that is asked for, or any, preferably near the CPU.
 * R-ALLOC-4: NetDMA is told which CPU that is.
 */
static void quickdata_allocate_picks(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	const struct netdma_provider_characteristics *ops = quickdata_test_ops(qd);
	struct netdma_channel_parameters parameters = { .channel = 0 };
	unsigned int cpus[4];
	cpumask_var_t mask;
	void *context[3];
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, zalloc_cpumask_var(&mask, GFP_KERNEL));
	parameters.affinity = mask;
	parameters.completion_dma = qt->dst_dma;
	KUNIT_EXPECT_EQ(test, ops->allocate_channel(qd, &parameters, NULL, &context[0]), -EBUSY);

	/* Channel 0 is in use. Pretend that of the others only 2 is near the first CPU. */
	parameters.channel = NETDMA_CHANNEL_ANY;
	for (i = 0; i < 4; i++) {
		cpus[i] = qd->channels[i].cpu;
		qd->channels[i].cpu = i != 2;
	}
	parameters.cpu = UINT_MAX;
	cpumask_set_cpu(0, mask);
	KUNIT_ASSERT_EQ(test, ops->allocate_channel(qd, &parameters, NULL, &context[0]), 0);
	KUNIT_EXPECT_PTR_EQ(test, context[0], (void *)&qd->channels[2]);
	KUNIT_EXPECT_EQ(test, parameters.cpu, 0);
	KUNIT_ASSERT_EQ(test, ops->allocate_channel(qd, &parameters, NULL, &context[1]), 0);
	KUNIT_EXPECT_EQ(test, parameters.cpu, 1);
	KUNIT_ASSERT_EQ(test, ops->allocate_channel(qd, &parameters, NULL, &context[2]), 0);
	KUNIT_EXPECT_EQ(test, ops->allocate_channel(qd, &parameters, NULL, &context[2]), -EBUSY);
	for (i = 0; i < ARRAY_SIZE(context); i++)
		ops->free_channel(context[i]);
	for (i = 0; i < 4; i++)
		qd->channels[i].cpu = cpus[i];
	free_cpumask_var(mask);
}

/* DMACOUNT has 16 bits: what it cannot hold is not begun. */
static void quickdata_start_refuses_count(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	u64 accesses = netdma_model_accesses(qt->model);

	KUNIT_EXPECT_EQ(test, quickdata_test_ops(qd)->start(&qd->channels[0], NULL, 0, 65536),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_model_accesses(qt->model), accesses);
}

/* R-SUSP-2: the last descriptor that was processed is named, and before the first none. */
static void quickdata_suspend_names_last(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 3 * PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	struct netdma_channel *channel = quickdata_test_channel(qt);
	dma_addr_t last = ~0ULL;

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 3);
	KUNIT_EXPECT_EQ(test, channel->ops->suspend(&qd->channels[0], &last), 0);
	KUNIT_EXPECT_EQ(test, last, 0);
	KUNIT_EXPECT_EQ(test, channel->ops->resume(&qd->channels[0], channel->ring.desc,
						   channel->ring.dma, 3), 0);
	netdma_model_step(qt->model, 0, 2);
	KUNIT_EXPECT_EQ(test, channel->ops->suspend(&qd->channels[0], &last), 0);
	KUNIT_EXPECT_EQ(test, last, netdma_ring_addr(&channel->ring, 1));
	KUNIT_EXPECT_EQ(test, channel->ops->resume(&qd->channels[0], &channel->ring.desc[2],
						   netdma_ring_addr(&channel->ring, 2), 1), 0);
	netdma_model_stall(qt->model, false);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
}

/* R-SUSP-4: what is changed in the list while it is suspended holds after the resumption. */
static void quickdata_suspend_allows_edits(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, 3 * PAGE_SIZE);
	struct netdma_channel *channel = quickdata_test_channel(qt);

	netdma_model_stall(qt->model, true);
	quickdata_test_submit_pages(test, 3);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(qt->chan), 0);
	/* Half of the second page, and the third not at all */
	channel->ring.desc[1].size = cpu_to_le32(PAGE_SIZE / 2);
	channel->ring.desc[2].control |= cpu_to_le32(NETDMA_DESC_NULL);
	netdma_model_stall(qt->model, false);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(qt->chan), 0);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, PAGE_SIZE + PAGE_SIZE / 2);
}

/*
 * R-START-1, R-START-3: another list takes the place of one that runs: the descriptor in
 * hand is finished. R-START-4: the rest is neither executed nor reported.
 */
static void quickdata_start_over(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_start(test, SZ_256K + 2 * PAGE_SIZE);
	struct quickdata *qd = pci_get_drvdata(netdma_model_pci_dev(qt->model));
	struct netdma_channel *channel = quickdata_test_channel(qt);
	unsigned long flags;
	u64 words;
	int err;

	netdma_model_stall(qt->model, true);
	words = netdma_model_channel(qt->model, 0)->stats.completions;
	quickdata_test_submit(test, 0, 0, SZ_256K);
	quickdata_test_submit(test, 1, SZ_256K + PAGE_SIZE, PAGE_SIZE);
	quickdata_test_submit(test, 2, SZ_256K, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	netdma_model_step(qt->model, 0, 1);
	KUNIT_ASSERT_TRUE(test, netdma_model_channel(qt->model, 0)->busy);
	local_irq_save(flags);
	netdma_model_stall(qt->model, false);
	err = channel->ops->start(&qd->channels[0], &channel->ring.desc[2],
				  netdma_ring_addr(&channel->ring, 2), 1);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, err, 0);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.completions, words + 2);
	quickdata_test_expect_data(test, SZ_256K + PAGE_SIZE);
}

/* --- what is peculiar to some parts ---------------------------------------- */

static u32 quickdata_test_config(struct quickdata_test *qt, int where)
{
	u32 value;

	pci_read_config_dword(netdma_model_pci_dev(qt->model), where, &value);
	return value;
}

static void quickdata_test_reset_function(struct kunit *test)
{
	struct quickdata_test *qt = test->priv;

	KUNIT_ASSERT_EQ(test, pci_reset_function(netdma_model_pci_dev(qt->model)), 0);
}

/* QD Q1: on 3.0 a NULL descriptor without a size is an error. */
static void quickdata_quirk_null(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_part(test, 0x3430, 0x30);
	struct quickdata_wait *wait = &qt->wait[0];
	struct dma_async_tx_descriptor *txd;

	txd = qt->chan->device->device_prep_dma_interrupt(qt->chan,
							  DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	KUNIT_ASSERT_NOT_NULL(test, txd);
	init_completion(&wait->done);
	txd->callback_result = quickdata_test_done;
	txd->callback_param = wait;
	wait->cookie = dmaengine_submit(txd);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->stats.nulls, 1ULL);
}

/* QD Q2: the parity error that 3430 reports after a reset is none, and is cleared. */
static void quickdata_quirk_parity(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_part(test, 0x3430, 0x30);

	KUNIT_EXPECT_EQ(test, quickdata_test_config(qt, QD_CFG_DMAUNCERRSTS), 0U);
	quickdata_test_reset_function(test);
	KUNIT_EXPECT_EQ(test, quickdata_test_config(qt, QD_CFG_DMAUNCERRSTS), 0U);
}

struct quickdata_version {
	u16 device_id;
	u8 version;
	u32 masked;
};

static const struct quickdata_version quickdata_versions[] = {
	{ 0x3430, 0x30, 0x3e07 },
	{ 0x3429, 0x30, 0x3e07 },
	{ 0x3710, 0x32, 0x3e07 },
	{ 0x2021, 0x32, 0x3e07 },
	{ 0x0c50, 0x33, 0 },
	{ 0x6f50, 0x33, 0 },
	{ 0x0b00, 0x34, 0 },
};

static void quickdata_version_describe(const struct quickdata_version *version, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%04x", version->device_id);
}

KUNIT_ARRAY_PARAM(quickdata_version, quickdata_versions, quickdata_version_describe);

/* QD Q3: before 3.3 the engine's own errors are masked, whatever resets the function. */
static void quickdata_quirk_masks(struct kunit *test)
{
	const struct quickdata_version *version = test->param_value;
	struct quickdata_test *qt = quickdata_test_part(test, version->device_id,
							version->version);

	KUNIT_EXPECT_EQ(test, quickdata_test_config(qt, QD_CFG_CHANERRMSK_INT), version->masked);
	quickdata_test_reset_function(test);
	KUNIT_EXPECT_EQ(test, quickdata_test_config(qt, QD_CFG_CHANERRMSK_INT), version->masked);
}

/* A channel of each part interrupts, also after it has been reset (QD Q8). */
static void quickdata_quirk_interrupts(struct kunit *test)
{
	const struct quickdata_version *version = test->param_value;
	struct quickdata_test *qt = quickdata_test_part(test, version->device_id,
							version->version);
	ktime_t start = ktime_get();

	netdma_model_stall(qt->model, true);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);
	netdma_model_stall(qt->model, false);
	quickdata_test_submit(test, 1, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);

	quickdata_test_reset_function(test);
	quickdata_test_submit(test, 2, PAGE_SIZE, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 2, DMA_TRANS_NOERROR);
	quickdata_test_expect_data(test, 2 * PAGE_SIZE);
	/* The watchdog would have to come otherwise. */
	KUNIT_EXPECT_LT(test, ktime_ms_delta(ktime_get(), start), 400);
}

/* It is restored to what the kernel makes of it at the same time (QD Q8). */
static void quickdata_quirk_retargeted(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_part(test, 0x6f50, 0x33);
	int irq = pci_irq_vector(netdma_model_pci_dev(qt->model), 0);
	struct msi_msg before, after;

	get_cached_msi_msg(irq, &before);
	netdma_model_retarget(qt->model);
	netdma_model_stall(qt->model, true);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(qt->chan), 0);
	netdma_model_stall(qt->model, false);

	get_cached_msi_msg(irq, &after);
	KUNIT_EXPECT_NE(test, after.address_lo, before.address_lo);
	KUNIT_EXPECT_EQ(test, netdma_model_peek(qt->model, QD_MSIX_TABLE_3_3, 4),
			(u64)after.address_lo);
}

/* QD Q11: the high half of CHANSTS may be of another moment, but it is not needed. */
static void quickdata_quirk_torn(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, quickdata_last(0x10000, 0x10040 | QD_ACTIVE), 0x10040ULL);
	KUNIT_EXPECT_EQ(test, quickdata_last(0x10040, 0x10000 | QD_IDLE), 0x10000ULL);
	KUNIT_EXPECT_EQ(test, quickdata_last(0x2ffffff00, 0x40 | QD_IDLE), 0x300000040ULL);
	KUNIT_EXPECT_EQ(test, quickdata_last(0x300000040, 0xffffff00 | QD_IDLE), 0x2ffffff00ULL);
	KUNIT_EXPECT_EQ(test, quickdata_last(0x2ffffff00, 0 | QD_IDLE), 0x300000000ULL);
	/* Nothing yet, as far as one can tell */
	KUNIT_EXPECT_EQ(test, quickdata_last(0x2ffffff00, QD_ACTIVE), 0ULL);
	KUNIT_EXPECT_EQ(test, quickdata_last(0x2ffffff00, QD_ARMED), 0ULL);
	KUNIT_EXPECT_EQ(test, quickdata_last(0x2ffffff00, QD_HALTED), 0ULL);
}

/* QD Q17: from 3.4 on the platform is told when it may take its time to answer. */
static void quickdata_quirk_latency(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_part(test, 0x0b00, 0x34);
	const struct qd_channel *chan = netdma_model_channel(qt->model, 0);

	KUNIT_EXPECT_EQ(test, chan->ltr_active, 0x8800U);
	KUNIT_EXPECT_EQ(test, chan->ltr_idle, 0x8a58U);
	KUNIT_EXPECT_EQ(test, chan->ltr_swsel, 0);

	quickdata_test_reset_function(test);
	KUNIT_EXPECT_EQ(test, chan->ltr_active, 0x8800U);
	KUNIT_EXPECT_EQ(test, chan->ltr_idle, 0x8a58U);
	KUNIT_EXPECT_EQ(test, chan->ltr_swsel, 0);

	dma_release_channel(qt->chan);
	qt->chan = NULL;
	KUNIT_EXPECT_EQ(test, chan->ltr_swsel, 1);
	quickdata_test_reset_function(test);
	KUNIT_EXPECT_EQ(test, chan->ltr_swsel, 1);
}

/* QD 3.1: descriptors are prefetched where the engine can, within a page. */
static void quickdata_quirk_prefetch(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_part(test, 0x0b00, 0x34);

	KUNIT_EXPECT_EQ(test, netdma_model_peek(qt->model, QD_CHWPREFLMT, 1), 8ULL);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->drsctl, 0x100);
	quickdata_test_reset_function(test);
	KUNIT_EXPECT_EQ(test, netdma_model_peek(qt->model, QD_CHWPREFLMT, 1), 8ULL);
	KUNIT_EXPECT_EQ(test, netdma_model_channel(qt->model, 0)->drsctl, 0x100);
}

/* The capability says whether it can, not the version. */
static void quickdata_quirk_no_prefetch(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_plug_part(test, 0x0b00, 0x34);
	u64 writes;

	netdma_model_unbind(qt->model);
	writes = netdma_model_writes(qt->model, 0, "DRSCTL");
	netdma_model_override(qt->model, QD_DMACAPABILITY, QD_CAPABILITY_PAGE_BREAK, 0);
	KUNIT_ASSERT_EQ(test, netdma_model_bind(qt->model), 1);
	KUNIT_EXPECT_EQ(test, netdma_model_writes(qt->model, 0, "DRSCTL"), writes);
}

/* QD Q19: on some boards extended configuration space cannot be reached. */
static void quickdata_quirk_hidden_config(struct kunit *test)
{
	struct quickdata_test *qt = quickdata_test_plug_part(test, 0x3430, 0x30);

	netdma_model_unbind(qt->model);
	netdma_model_hide_config(qt->model, true);
	KUNIT_EXPECT_EQ(test, netdma_model_bind(qt->model), 1);
	quickdata_test_start(test, PAGE_SIZE);
	netdma_model_fail(qt->model, 0, 1, QD_ERR_WRITE);
	quickdata_test_submit(test, 0, 0, PAGE_SIZE);
	quickdata_test_submit(test, 1, 0, PAGE_SIZE);
	dma_async_issue_pending(qt->chan);
	quickdata_test_expect(test, 0, DMA_TRANS_WRITE_FAILED);
	quickdata_test_expect(test, 1, DMA_TRANS_NOERROR);
	netdma_model_hide_config(qt->model, false);
}

static struct kunit_case quickdata_test_cases[] = {
	KUNIT_CASE(quickdata_probe_binds),
	KUNIT_CASE(quickdata_probe_functions),
	KUNIT_CASE_PARAM(quickdata_probe_part, quickdata_part_gen_params),
	KUNIT_CASE_PARAM(quickdata_probe_id, quickdata_ids_gen_params),
	KUNIT_CASE(quickdata_probe_again),
	KUNIT_CASE_PARAM(quickdata_probe_sick, quickdata_sick_gen_params),
	KUNIT_CASE(quickdata_probe_without_memory),
	KUNIT_CASE(quickdata_probe_resets_before_mastering),
	KUNIT_CASE(quickdata_probe_leaves_hung_alone),
	KUNIT_CASE(quickdata_probe_unmasks_errors),
	KUNIT_CASE(quickdata_probe_disables_relaxed_ordering),
	KUNIT_CASE_PARAM(quickdata_probe_denied, quickdata_denial_gen_params),
	KUNIT_CASE_PARAM(quickdata_selftest_offers, quickdata_selftest_gen_params),
	KUNIT_CASE(quickdata_selftest_believes_capabilities),
	KUNIT_CASE(quickdata_copy_copies),
	KUNIT_CASE(quickdata_copy_waits_for_issue),
	KUNIT_CASE(quickdata_copy_is_split),
	KUNIT_CASE(quickdata_copy_takes_one_doorbell),
	KUNIT_CASE(quickdata_copy_leaves_descriptors),
	KUNIT_CASE(quickdata_copy_stops_at_count),
	KUNIT_CASE(quickdata_append_adds),
	KUNIT_CASE(quickdata_interrupt_defers),
	KUNIT_CASE(quickdata_interrupt_per_channel),
	KUNIT_CASE(quickdata_interrupt_moved),
	KUNIT_CASE(quickdata_interrupt_spurious),
	KUNIT_CASE(quickdata_interrupt_lost),
	KUNIT_CASE(quickdata_interrupt_denied),
	KUNIT_CASE(quickdata_interrupt_comes_again),
	KUNIT_CASE(quickdata_interrupt_after_release),
	KUNIT_CASE_PARAM(quickdata_error_fails_one, quickdata_error_gen_params),
	KUNIT_CASE_PARAM(quickdata_error_any_reason, quickdata_reason_gen_params),
	KUNIT_CASE(quickdata_error_not_late),
	KUNIT_CASE(quickdata_error_bogus_word),
	KUNIT_CASE(quickdata_error_empty_word),
	KUNIT_CASE(quickdata_error_early_word),
	KUNIT_CASE(quickdata_error_twice),
	KUNIT_CASE(quickdata_error_clears_config),
	KUNIT_CASE(quickdata_error_without_word),
	KUNIT_CASE(quickdata_error_unaffiliated),
	KUNIT_CASE(quickdata_error_found_by_pause),
	KUNIT_CASE(quickdata_error_without_end),
	KUNIT_CASE(quickdata_trouble_resets_function),
	KUNIT_CASE(quickdata_trouble_spares_others),
	KUNIT_CASE(quickdata_trouble_spares_what_runs),
	KUNIT_CASE(quickdata_trouble_slow),
	KUNIT_CASE(quickdata_trouble_stalled),
	KUNIT_CASE(quickdata_trouble_without_end),
	KUNIT_CASE(quickdata_trouble_gone),
	KUNIT_CASE(quickdata_trouble_gone_for_a_moment),
	KUNIT_CASE(quickdata_trouble_gone_by_reset),
	KUNIT_CASE(quickdata_trouble_without_reset),
	KUNIT_CASE(quickdata_pci_error_frozen),
	KUNIT_CASE(quickdata_pci_error_stays),
	KUNIT_CASE(quickdata_pci_error_finds_state),
	KUNIT_CASE(quickdata_pci_error_of_given_up),
	KUNIT_CASE(quickdata_pci_error_ends_mastering),
	KUNIT_CASE(quickdata_pci_error_normal),
	KUNIT_CASE(quickdata_pci_error_for_good),
	KUNIT_CASE(quickdata_pause_and_resume),
	KUNIT_CASE(quickdata_pause_in_the_middle),
	KUNIT_CASE(quickdata_pause_of_armed),
	KUNIT_CASE(quickdata_pause_of_halted),
	KUNIT_CASE_PARAM(quickdata_pause_deceived, quickdata_lie_gen_params),
	KUNIT_CASE(quickdata_pause_times_out),
	KUNIT_CASE(quickdata_terminate_stops),
	KUNIT_CASE(quickdata_terminate_of_armed),
	KUNIT_CASE(quickdata_terminate_of_drained),
	KUNIT_CASE_PARAM(quickdata_reset_function, quickdata_vectors_gen_params),
	KUNIT_CASE(quickdata_sleep),
	KUNIT_CASE(quickdata_sleep_under_client),
	KUNIT_CASE(quickdata_sleep_for_good),
	KUNIT_CASE(quickdata_remove_drains),
	KUNIT_CASE(quickdata_remove_recovers),
	KUNIT_CASE(quickdata_remove_under_client),
	KUNIT_CASE(quickdata_remove_by_surprise),
	KUNIT_CASE(quickdata_remove_ends_mastering),
	KUNIT_CASE(quickdata_shutdown_stops),
	KUNIT_CASE(quickdata_affinity_is_kept),
	KUNIT_CASE(quickdata_allocate_picks),
	KUNIT_CASE(quickdata_start_refuses_count),
	KUNIT_CASE(quickdata_suspend_names_last),
	KUNIT_CASE(quickdata_suspend_allows_edits),
	KUNIT_CASE(quickdata_start_over),
	KUNIT_CASE(quickdata_quirk_null),
	KUNIT_CASE(quickdata_quirk_parity),
	KUNIT_CASE_PARAM(quickdata_quirk_masks, quickdata_version_gen_params),
	KUNIT_CASE_PARAM(quickdata_quirk_interrupts, quickdata_version_gen_params),
	KUNIT_CASE(quickdata_quirk_retargeted),
	KUNIT_CASE(quickdata_quirk_torn),
	KUNIT_CASE(quickdata_quirk_latency),
	KUNIT_CASE(quickdata_quirk_prefetch),
	KUNIT_CASE(quickdata_quirk_no_prefetch),
	KUNIT_CASE(quickdata_quirk_hidden_config),
	{ }
};

static struct kunit_suite quickdata_test_suite = {
	.name = "netdma_quickdata",
	.init = quickdata_test_init,
	.exit = quickdata_test_exit,
	.test_cases = quickdata_test_cases,
};

kunit_test_suite(quickdata_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for the QuickData NetDMA provider");
MODULE_LICENSE("GPL");
