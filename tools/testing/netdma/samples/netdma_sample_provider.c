// SPDX-License-Identifier: GPL-2.0-only
/* A NetDMA provider of one channel, which copies as soon as it is told to */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdma.h>
#include <linux/platform_device.h>
#include <linux/string.h>

static struct netdma_channel __rcu *sample_channel;	/* NULL: not allocated */
static __le64 *sample_completion;
static dma_addr_t sample_last;
static bool sample_started;

/* The bottom half of the interrupt that an engine would raise */
static void sample_done(struct tasklet_struct *unused)
{
	struct netdma_channel *channel;

	rcu_read_lock();
	channel = rcu_dereference(sample_channel);
	if (channel)
		netdma_interrupt_dpc(channel, sample_last);
	rcu_read_unlock();
}

static DECLARE_TASKLET(sample_tasklet, sample_done);

static int sample_allocate(void *provider, struct netdma_channel_parameters *parameters,
			   struct netdma_channel *channel, void **context)
{
	sample_completion = parameters->completion;
	sample_started = false;
	rcu_assign_pointer(sample_channel, channel);
	parameters->cpu = cpumask_first(parameters->affinity);
	*context = NULL;
	return 0;
}

static void sample_free(void *context)
{
	RCU_INIT_POINTER(sample_channel, NULL);
}

static int sample_append(void *context, struct netdma_descriptor *desc, dma_addr_t dma, u32 count)
{
	if (!sample_started || !count || !IS_ALIGNED(dma, sizeof(*desc)))
		return -EINVAL;

	for (; count; count--, desc = phys_to_virt(dma)) {
		if (!(desc->control & cpu_to_le32(NETDMA_DESC_NULL)))
			memcpy(phys_to_virt(le64_to_cpu(desc->dst)),
			       phys_to_virt(le64_to_cpu(desc->src)), le32_to_cpu(desc->size));
		sample_last = dma;
		dma = le64_to_cpu(desc->next);
	}
	WRITE_ONCE(*sample_completion, cpu_to_le64(sample_last | NETDMA_STATUS_IDLE));
	tasklet_schedule(&sample_tasklet);
	return 0;
}

static int sample_start(void *context, struct netdma_descriptor *desc, dma_addr_t dma, u32 count)
{
	sample_started = true;
	return sample_append(context, desc, dma, count);
}

static int sample_reset(void *context)
{
	sample_started = false;
	return 0;
}

static const struct netdma_provider_attributes sample_attributes = {
	.flags = NETDMA_PROVIDER_PHYSICAL | NETDMA_PROVIDER_PRIVATE,
	.channels = 1, .max_transfer = SZ_4K, .max_address = U64_MAX,
};

static int sample_probe(struct platform_device *pdev)
{
	const struct netdma_provider_characteristics characteristics = {
		.major_version = 2, .name = "Sample", .dev = &pdev->dev, .max_channels = 1,
		.allocate_channel = sample_allocate, .free_channel = sample_free,
		.start = sample_start, .append = sample_append, .reset_channel = sample_reset,
	};
	struct netdma_provider *provider = netdma_register_provider(NULL, &characteristics);
	int err;

	if (IS_ERR(provider))
		return PTR_ERR(provider);
	platform_set_drvdata(pdev, provider);
	err = netdma_provider_start(provider, &sample_attributes);
	if (err)
		netdma_deregister_provider(provider);
	return err;
}

static struct platform_driver sample_driver = { .driver.name = "netdma_sample_provider" };
static struct platform_device *sample_device;

static int __init sample_init(void)
{
	sample_device = platform_create_bundle(&sample_driver, sample_probe, NULL, 0, NULL, 0);
	return PTR_ERR_OR_ZERO(sample_device);
}
module_init(sample_init);

static void __exit sample_exit(void)
{
	struct netdma_provider *provider = platform_get_drvdata(sample_device);

	netdma_provider_stop(provider);
	netdma_deregister_provider(provider);
	tasklet_kill(&sample_tasklet);
	platform_device_unregister(sample_device);
	platform_driver_unregister(&sample_driver);
}
module_exit(sample_exit);

MODULE_DESCRIPTION("A NetDMA provider to learn from");
MODULE_LICENSE("GPL");
