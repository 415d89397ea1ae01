// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider without an engine: the module
 *
 * For the development of clients, on any machine: what they do with it, they can
 * do with an engine. It is not made to be fast.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "soft.h"

#define SOFT_DEFAULT_CHANNELS	4

static unsigned int soft_channels = SOFT_DEFAULT_CHANNELS;

static int soft_set_channels(const char *val, const struct kernel_param *kp)
{
	int err = param_set_uint_minmax(val, kp, 1, SOFT_MAX_CHANNELS);

	if (err)
		pr_err("channels must be 1 to %u\n", SOFT_MAX_CHANNELS);
	return err;
}

static const struct kernel_param_ops soft_channels_ops = {
	.set = soft_set_channels,
	.get = param_get_uint,
};

module_param_cb(channels, &soft_channels_ops, &soft_channels, 0444);
__MODULE_PARM_TYPE(channels, "uint");
MODULE_PARM_DESC(channels,
		 "Channels, each of which can copy on a CPU of its own: 1 to 64 (default 4)");

static bool soft_dmaengine;
module_param_named(dmaengine, soft_dmaengine, bool, 0444);
MODULE_PARM_DESC(dmaengine,
		 "Offer the channels to dmaengine as well, where copying by the CPU helps nobody: for tests (default N)");

static struct netdma_provider *soft_register(struct soft *soft, struct device *dev)
{
	const struct netdma_provider_characteristics characteristics = {
		.major_version = 2,
		.minor_version = 1,
		.name = "NetDMA soft",
		.dev = dev,
		.max_channels = soft->num_channels,
		.allocate_channel = soft_allocate_channel,
		.free_channel = soft_free_channel,
		.start = soft_start,
		.append = soft_append,
		.suspend = soft_suspend,
		.resume = soft_resume,
		.abort = soft_abort,
		.reset_channel = soft_reset_channel,
		.halt_reason = soft_halt_reason,
	};

	return netdma_register_provider(soft, &characteristics);
}

/*
 * Addresses are physical. dmaengine's clients map memory for the device all the
 * same: without an IOMMU that gives them physical addresses.
 */
static int soft_start_provider(struct soft *soft)
{
	const struct netdma_provider_attributes attributes = {
		.flags = NETDMA_PROVIDER_PHYSICAL | NETDMA_PROVIDER_FILL |
			 NETDMA_PROVIDER_PAGE_BREAK |
			 (soft_dmaengine ? 0 : NETDMA_PROVIDER_PRIVATE),
		.channels = soft->num_channels,
		.max_transfer = SOFT_MAX_TRANSFER,
		.max_address = U64_MAX,
	};

	return netdma_provider_start(soft->provider, &attributes);
}

static void soft_remove(void *data)
{
	struct soft *soft = data;

	netdma_provider_stop(soft->provider);
	netdma_deregister_provider(soft->provider);
	/* A work may still be about to find that it has nothing to do. */
	destroy_workqueue(soft->wq);
}

static int soft_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct soft *soft;
	unsigned int i;
	int err;

	soft = devm_kzalloc(dev, struct_size(soft, channels, soft_channels), GFP_KERNEL);
	if (!soft)
		return -ENOMEM;

	soft->num_channels = soft_channels;
	for (i = 0; i < soft->num_channels; i++)
		soft_channel_init(soft, &soft->channels[i]);

	soft->wq = alloc_workqueue("netdma_soft", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!soft->wq)
		return -ENOMEM;

	soft->provider = soft_register(soft, dev);
	if (IS_ERR(soft->provider)) {
		destroy_workqueue(soft->wq);
		return PTR_ERR(soft->provider);
	}

	/* Stopping a provider that was not started is fine. */
	err = soft_start_provider(soft);
	if (err) {
		soft_remove(soft);
		return err;
	}
	return devm_add_action_or_reset(dev, soft_remove, soft);
}

static struct platform_driver soft_driver = {
	.driver.name = KBUILD_MODNAME,
	.probe = soft_probe,
};

static struct platform_device *soft_device;

/* A driver that is there already, so the provider is there when this returns. */
static int __init soft_init(void)
{
	const struct platform_device_info info = {
		.name = KBUILD_MODNAME,
		.id = PLATFORM_DEVID_NONE,
		.dma_mask = DMA_BIT_MASK(64),
	};
	int err;

	err = platform_driver_register(&soft_driver);
	if (err)
		return err;

	soft_device = platform_device_register_full(&info);
	if (IS_ERR(soft_device)) {
		platform_driver_unregister(&soft_driver);
		return PTR_ERR(soft_device);
	}
	return 0;
}

static void __exit soft_exit(void)
{
	platform_device_unregister(soft_device);
	platform_driver_unregister(&soft_driver);
}

module_init(soft_init);
module_exit(soft_exit);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("NetDMA provider without an engine: the CPU copies");
MODULE_LICENSE("GPL");
#ifdef NETDMA_VERSION
MODULE_VERSION(NETDMA_VERSION);
#endif
