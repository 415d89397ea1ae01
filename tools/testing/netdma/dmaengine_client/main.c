// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: an in-kernel client of dmaengine that tests its provider
 *
 * Loading the module runs the cases; each one prints a line
 *
 *	netdma_dmaengine_client: ok N - NAME
 *	netdma_dmaengine_client: not ok N - NAME: REASON
 *
 * and the last line is the summary. The load succeeds in any case, so that the
 * log can be read. Every case starts with a fresh channel.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/string.h>

#include "client.h"

static char *device = "netdma_quickdata";
module_param(device, charp, 0444);
MODULE_PARM_DESC(device,
		 "What to test: a device such as 0000:00:04.0, a channel such as dma0chan1, a driver, or any (default netdma_quickdata)");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "Run only the cases whose identifier contains this");

static unsigned int seed;
module_param(seed, uint, 0444);
MODULE_PARM_DESC(seed, "Seed of the random numbers, 0 for another one each time (default)");

unsigned int dc_seconds = 2;
module_param_named(seconds, dc_seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "How long the stress case runs (default 2)");

/* A real machine may not survive an access to nowhere: only on request. */
unsigned long long dc_bad_address;
module_param_named(bad_address, dc_bad_address, ullong, 0444);
MODULE_PARM_DESC(bad_address,
		 "Bus address from where on nothing answers, for the error cases (default none)");

unsigned long long dc_memory_end;
module_param_named(memory_end, dc_memory_end, ullong, 0444);
MODULE_PARM_DESC(memory_end,
		 "Bus address below which memory can be read and above which nothing answers (default none)");

static struct dc_test dc_fixture;

static const struct dc_case * const dc_suites[] = {
	dc_copy_cases,
	dc_queue_cases,
	dc_control_cases,
	dc_error_cases,
	dc_stress_cases,
	dc_unbind_cases,
};

static bool dc_filter(struct dma_chan *chan, void *param)
{
	struct device *dev = chan->device->dev;

	return !strcmp(device, "any") || !strcmp(device, dev_name(dev)) ||
	       !strcmp(device, dma_chan_name(chan)) ||
	       (dev->driver && !strcmp(device, dev->driver->name));
}

/* A channel that the parameter "device" allows, or NULL */
struct dma_chan *dc_request(void)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	return dma_request_channel(mask, dc_filter, NULL);
}

static bool dc_wanted(const struct dc_case *c)
{
	if (*only)
		return strstr(c->id, only);
	return !(c->needs & DC_NEEDS_REQUEST);
}

/* How many cases will run, and do they need @buffers? */
static unsigned int dc_plan(bool *buffers)
{
	const struct dc_case *c;
	unsigned int suite, n = 0;

	*buffers = false;
	for (suite = 0; suite < ARRAY_SIZE(dc_suites); suite++) {
		for (c = dc_suites[suite]; c->run; c++) {
			if (!dc_wanted(c))
				continue;
			n++;
			/* Memory of a device that goes has no place to be given back. */
			if (!(c->needs & DC_NEEDS_REQUEST))
				*buffers = true;
		}
	}
	return n;
}

static const char *dc_missing(struct dc_test *t, const struct dc_case *c)
{
	struct dma_device *dma = t->chan->device;

	if (c->needs & DC_NEEDS_PAUSE && !(dma->device_pause && dma->device_resume))
		return "no pause";
	if (c->needs & DC_NEEDS_MEMSET && !dma_has_cap(DMA_MEMSET, dma->cap_mask))
		return "no memset";
	if (c->needs & DC_NEEDS_INTERRUPT && !dma_has_cap(DMA_INTERRUPT, dma->cap_mask))
		return "no interrupt descriptors";
	if (c->needs & DC_NEEDS_BAD_ADDRESS && !dc_bad_address)
		return "no bad_address given";
	if (c->needs & DC_NEEDS_MEMORY_END && !dc_memory_end)
		return "no memory_end given";
	if (c->needs & DC_NEEDS_ROOM && t->capacity < DC_ROOM)
		return "no room for its queue";
	return NULL;
}

/* Returns whether it failed. */
static bool dc_run(struct dc_test *t, const struct dc_case *c, unsigned int number)
{
	const char *missing = NULL;
	int err;

	pr_debug("case %s\n", c->id);
	err = dc_begin(t, 0x80 + number);
	if (!err) {
		missing = dc_missing(t, c);
		if (!missing)
			err = c->run(t);
	}
	dc_end(t);

	if (err || t->reason[0])
		pr_info("not ok %u - %s: %s: %s\n", number, c->id, c->name, t->reason);
	else if (missing)
		pr_info("ok %u - %s: %s # SKIP %s\n", number, c->id, c->name, missing);
	else
		pr_info("ok %u - %s: %s\n", number, c->id, c->name);
	return err || t->reason[0];
}

static void dc_run_all(struct dc_test *t)
{
	unsigned int suite, number = 0, failed = 0;
	const struct dc_case *c;

	for (suite = 0; suite < ARRAY_SIZE(dc_suites); suite++)
		for (c = dc_suites[suite]; c->run; c++)
			if (dc_wanted(c))
				failed += dc_run(t, c, ++number);

	pr_info("%u passed, %u failed, seed %u\n", number - failed, failed, seed);
}

static int __init dc_init(void)
{
	struct dc_test *t = &dc_fixture;
	bool buffers;
	int err;

	if (!seed)
		seed = get_random_u32();
	prandom_seed_state(&t->rnd, seed);
	init_waitqueue_head(&t->wait);

	t->chan = dc_request();
	if (!t->chan) {
		pr_err("no free channel of %s\n", device);
		return -ENODEV;
	}
	t->dev = get_device(t->chan->device->dev);
	t->capacity = dc_measure(t);
	pr_info("device %s, seed %u, %u transactions can be prepared\n", dev_name(t->dev), seed,
		t->capacity);

	pr_info("1..%u\n", dc_plan(&buffers));
	t->wq = alloc_workqueue("netdma_dmaengine_client", WQ_UNBOUND, 0);
	err = t->wq ? 0 : -ENOMEM;
	if (!err && buffers)
		err = dc_setup(t);
	dma_release_channel(t->chan);
	t->chan = NULL;

	if (!err) {
		dc_run_all(t);
		if (buffers)
			dc_teardown(t);
	}
	if (t->wq)
		destroy_workqueue(t->wq);
	put_device(t->dev);
	return err;
}

static void __exit dc_exit(void)
{
}

module_init(dc_init);
module_exit(dc_exit);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("Tests of a dmaengine provider by an in-kernel client");
MODULE_LICENSE("GPL");
