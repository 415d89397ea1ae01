// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: providers, and the module
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "netdma.h"

#define NETDMA_MAX_CHANNELS	256

/**
 * struct netdma_provider - a registered provider
 * @context: the provider's
 * @ops: copy of the characteristics, with @name
 * @name: friendly name
 * @lock: serialises start, stop and power events
 * @engine: its channels, while the provider is started
 * @announcement: what clients have been told
 * @affinity: CPU wished for each channel's interrupt
 */
struct netdma_provider {
	void *context;
	struct netdma_provider_characteristics ops;
	const char *name;
	struct mutex lock;	/* see above */
	struct netdma_engine *engine;
	struct netdma_announcement announcement;
	struct netdma_channel_cpu_affinity affinity[];
};

/*
 * Stops and recoveries, for which dma_release_channel() waits under dmaengine's
 * list mutex; and what takes that mutex itself, which must not be ahead of them.
 */
struct workqueue_struct *netdma_wq;
struct workqueue_struct *netdma_free_wq;

unsigned int netdma_ring_size = NETDMA_RING_DEFAULT;

static int netdma_set_ring_size(const char *val, const struct kernel_param *kp)
{
	unsigned int size;
	int err;

	err = kstrtouint(val, 0, &size);
	if (!err && (!is_power_of_2(size) || size < NETDMA_RING_MIN || size > NETDMA_RING_MAX))
		err = -EINVAL;
	if (err) {
		pr_err("ring_size must be a power of two from %u to %u\n",
		       NETDMA_RING_MIN, NETDMA_RING_MAX);
		return err;
	}

	*(unsigned int *)kp->arg = size;
	return 0;
}

static const struct kernel_param_ops netdma_ring_size_ops = {
	.set = netdma_set_ring_size,
	.get = param_get_uint,
};

module_param_cb(ring_size, &netdma_ring_size_ops, &netdma_ring_size, 0444);
__MODULE_PARM_TYPE(ring_size, "uint");
MODULE_PARM_DESC(ring_size,
		 "Descriptors of a channel in use, 64 bytes each: a power of two from 16 to 32768 (default 1024)");

/* --- CPU affinity --------------------------------------------------------- */

/* More than there are functions: so many first channels weigh less than another one. */
#define NETDMA_WEIGHT		SZ_64K

/* How many channels wish to interrupt a CPU, weighed; guarded by netdma_load_lock */
static DEFINE_PER_CPU(unsigned int, netdma_load);
static DEFINE_MUTEX(netdma_load_lock);

static unsigned int netdma_weight(unsigned int channel)
{
	return channel ? NETDMA_WEIGHT : NETDMA_WEIGHT + 1;
}

/*
 * Spread channels over the CPUs near the device. What other providers wish
 * counts, so the functions of one package do not all start at the same CPU.
 * Clients that take one channel take the first: where the numbers are equal,
 * the CPU with the fewest of those is next.
 */
static void netdma_spread(struct netdma_provider *provider)
{
	int node = dev_to_node(provider->ops.dev);
	const struct cpumask *near = cpu_online_mask;
	unsigned int i, cpu, best;

	cpus_read_lock();
	mutex_lock(&netdma_load_lock);
	if (node != NUMA_NO_NODE && cpumask_intersects(cpumask_of_node(node), cpu_online_mask))
		near = cpumask_of_node(node);

	for (i = 0; i < provider->ops.max_channels; i++) {
		best = cpumask_first_and(near, cpu_online_mask);
		for_each_cpu_and(cpu, near, cpu_online_mask)
			if (per_cpu(netdma_load, cpu) < per_cpu(netdma_load, best))
				best = cpu;
		per_cpu(netdma_load, best) += netdma_weight(i);
		provider->affinity[i].channel = i;
		provider->affinity[i].cpu = best;
	}
	mutex_unlock(&netdma_load_lock);
	cpus_read_unlock();
}

static void netdma_unspread(struct netdma_provider *provider)
{
	unsigned int i;

	mutex_lock(&netdma_load_lock);
	for (i = 0; i < provider->ops.max_channels; i++)
		per_cpu(netdma_load, provider->affinity[i].cpu) -= netdma_weight(i);
	mutex_unlock(&netdma_load_lock);
}

/* --- providers ------------------------------------------------------------ */

/**
 * netdma_get_version() - the version of this NetDMA interface
 *
 * Context: Any.
 * Return: Major version in bits 31 to 16, minor in 15 to 0.
 */
u32 netdma_get_version(void)
{
	return NETDMA_MAJOR_VERSION << 16 | NETDMA_MINOR_VERSION;
}
EXPORT_SYMBOL_GPL(netdma_get_version);

static int netdma_check_characteristics(const struct netdma_provider_characteristics *c)
{
	const char *what = NULL;

	if (!c->dev || !c->dev->driver) {
		pr_err("a provider needs a device that is bound to a driver\n");
		return -EINVAL;
	}

	if (c->major_version < 1 || c->major_version > NETDMA_MAJOR_VERSION ||
	    c->minor_version > 1) {
		dev_err(c->dev, "NetDMA version %u.%u is not supported, 1.0, 1.1, 2.0 and 2.1 are\n",
			c->major_version, c->minor_version);
		return -EINVAL;
	}

	/* The friendly name came with 2.0. */
	if (c->major_version >= 2 && (!c->name || !*c->name))
		what = "no name";
	else if (!c->max_channels || c->max_channels > NETDMA_MAX_CHANNELS)
		what = "a wrong number of channels";
	else if (!c->allocate_channel || !c->free_channel || !c->start || !c->append)
		what = "no callback for allocate, free, start or append";
	else if (!c->suspend != !c->resume)
		what = "only one of suspend and resume";
	else if (!c->abort && !c->reset_channel)
		what = "neither abort nor reset";
	if (what) {
		dev_err(c->dev, "NetDMA provider with %s\n", what);
		return -EINVAL;
	}
	return 0;
}

/**
 * netdma_register_provider() - make an engine known
 * @context: passed to set_channel_cpu_affinity and allocate_channel
 * @characteristics: what the provider is; copied
 *
 * The CPU affinity callback comes from inside this call, before the provider
 * knows its handle (R-REG-3); no other comes before netdma_provider_start()
 * (R-REG-4).
 *
 * Context: May sleep.
 * Return: a handle; ERR_PTR(-EINVAL) for characteristics that cannot be used,
 * ERR_PTR(-ENOMEM), or what the callback answers.
 */
struct netdma_provider *
netdma_register_provider(void *context,
			 const struct netdma_provider_characteristics *characteristics)
{
	struct netdma_provider *provider;
	int err;

	err = netdma_check_characteristics(characteristics);
	if (err)
		return ERR_PTR(err);

	provider = kzalloc(struct_size(provider, affinity, characteristics->max_channels),
			   GFP_KERNEL);
	if (!provider)
		return ERR_PTR(-ENOMEM);

	provider->name = kstrdup(characteristics->name ?: dev_name(characteristics->dev),
				 GFP_KERNEL);
	if (!provider->name) {
		kfree(provider);
		return ERR_PTR(-ENOMEM);
	}
	provider->context = context;
	provider->ops = *characteristics;
	provider->ops.name = provider->name;
	mutex_init(&provider->lock);
	INIT_LIST_HEAD(&provider->announcement.node);
	provider->announcement.info.provider = provider;
	provider->announcement.info.name = provider->name;
	provider->announcement.info.dev = provider->ops.dev;
	netdma_spread(provider);

	if (provider->ops.set_channel_cpu_affinity) {
		err = provider->ops.set_channel_cpu_affinity(context, provider->affinity,
							     provider->ops.max_channels);
		if (err) {
			netdma_deregister_provider(provider);
			return ERR_PTR(err);
		}
	}

	netdma_clients_notify(&provider->announcement, NETDMA_PROVIDER_REGISTERED);
	return provider;
}
EXPORT_SYMBOL_GPL(netdma_register_provider);

/**
 * netdma_deregister_provider() - undo netdma_register_provider()
 * @provider: a provider that is stopped (R-DEREG-1)
 *
 * Context: May sleep.
 */
void netdma_deregister_provider(struct netdma_provider *provider)
{
	if (WARN_ON_ONCE(provider->engine))
		netdma_provider_stop(provider);

	netdma_clients_forget(&provider->announcement);
	netdma_unspread(provider);
	mutex_destroy(&provider->lock);
	kfree(provider->name);
	kfree(provider);
}
EXPORT_SYMBOL_GPL(netdma_deregister_provider);

static int netdma_check_attributes(const struct netdma_provider *provider,
				   const struct netdma_provider_attributes *a)
{
	struct device *dev = provider->ops.dev;
	bool mapped = !(a->flags & NETDMA_PROVIDER_PHYSICAL);

	if (!a->channels || a->channels > provider->ops.max_channels)
		dev_err(dev, "%u channels, of %u at most\n", a->channels,
			provider->ops.max_channels);
	else if (a->max_transfer < SZ_4K)
		dev_err(dev, "transfers of %u bytes, 4096 are the least\n", a->max_transfer);
	else if (a->flags & NETDMA_PROVIDER_PAGE_BREAK && provider->ops.major_version < 2)
		dev_err(dev, "page breaks need NetDMA 2.0\n");
	else if (mapped && dma_get_mask(dev) > a->max_address)
		dev_err(dev, "DMA mask %#llx is beyond the engine's %#llx\n",
			dma_get_mask(dev), a->max_address);
	else
		return 0;
	return -EINVAL;
}

/**
 * netdma_provider_start() - offer the engine to clients
 * @provider: a registered provider that is not started
 * @attributes: what the engine is like; may differ from start to start
 *	(R-PSTART-3)
 *
 * Clients are told of its arrival. Channels can be allocated and used before this
 * returns (R-PSTART-2).
 *
 * Context: May sleep.
 * Return: 0; -EINVAL for attributes that cannot be, -EBUSY if the provider is
 * started already, or what dmaengine answers.
 */
int netdma_provider_start(struct netdma_provider *provider,
			  const struct netdma_provider_attributes *attributes)
{
	struct netdma_engine *engine;
	int err;

	err = netdma_check_attributes(provider, attributes);
	if (err)
		return err;

	mutex_lock(&provider->lock);
	if (provider->engine) {
		err = -EBUSY;
		goto unlock;
	}

	engine = netdma_engine_start(provider, provider->context, &provider->ops, attributes,
				     provider->affinity);
	if (IS_ERR(engine)) {
		err = PTR_ERR(engine);
		goto unlock;
	}

	provider->engine = engine;
	provider->announcement.attributes = &engine->attributes;
	netdma_clients_notify(&provider->announcement, NETDMA_PROVIDER_ARRIVAL);
unlock:
	mutex_unlock(&provider->lock);
	return err;
}
EXPORT_SYMBOL_GPL(netdma_provider_start);

/**
 * netdma_provider_stop() - withdraw the engine from clients
 * @provider: a registered provider; one that is not started is left alone
 *
 * Clients are told of its removal. Outstanding work completes, as far as it does
 * so within a bounded time, and every channel is freed (R-PSTOP-2). The provider
 * keeps the engine running and delivers interrupts until this returns, and holds
 * no lock that its callbacks need (R-PSTOP-3). It is not called afterwards.
 *
 * Context: May sleep, and waits.
 */
void netdma_provider_stop(struct netdma_provider *provider)
{
	mutex_lock(&provider->lock);
	if (provider->engine) {
		netdma_engine_withdraw(provider->engine);
		netdma_clients_notify(&provider->announcement, NETDMA_PROVIDER_REMOVAL);
		netdma_engine_stop(provider->engine);
		provider->engine = NULL;
	}
	mutex_unlock(&provider->lock);
}
EXPORT_SYMBOL_GPL(netdma_provider_stop);

/**
 * netdma_provider_gone() - the engine is gone, and does not come back
 * @provider: a registered provider; one that is not started is left alone
 *
 * All that is outstanding on any of its channels fails at once. For a provider
 * that finds its device unplugged, or beyond help: the engine has no access to
 * memory any more. netdma_provider_stop() follows as usual.
 *
 * Context: May sleep; waits for a stop or a power event that is under way.
 */
void netdma_provider_gone(struct netdma_provider *provider)
{
	mutex_lock(&provider->lock);
	if (provider->engine)
		netdma_engine_gone(provider->engine);
	mutex_unlock(&provider->lock);
}
EXPORT_SYMBOL_GPL(netdma_provider_gone);

/**
 * netdma_pnp_event_notify() - announce that the engine's power goes, or is back
 * @provider: a registered provider; one that is not started is left alone
 * @event: which of the two
 *
 * Power-down is passed to clients, who wait for their copies (R-PM11-1), unless
 * they would wait in vain: a broken engine executes them after its reset. This
 * returns when the engine is stopped: it has drained, as far as it does so
 * within a bounded time, and what it has not completed is executed after the
 * power-up. Until then nothing but reset_channel is called. Channels stay
 * allocated (R-PM11-3), and nothing of their hardware needs to survive: at
 * power-up each is reset, and started if there is work (R-PM11-2, R-PM11-4);
 * then clients are told.
 *
 * Context: May sleep, and waits. The provider's interrupts still run while this
 * announces the power-down, and run again before it announces the power-up.
 * Return: 0, or -EINVAL for another event, or from a provider of version 1.0,
 * which has none (R-PM10-1).
 */
int netdma_pnp_event_notify(struct netdma_provider *provider, enum netdma_pnp_event event)
{
	struct netdma_engine *engine;

	if ((event != NETDMA_PROVIDER_POWER_DOWN && event != NETDMA_PROVIDER_POWER_UP) ||
	    (provider->ops.major_version == 1 && provider->ops.minor_version == 0)) {
		dev_err(provider->ops.dev, "NetDMA event %d is not one of a provider of %u.%u\n",
			event, provider->ops.major_version, provider->ops.minor_version);
		return -EINVAL;
	}

	mutex_lock(&provider->lock);
	engine = provider->engine;
	if (engine && event == NETDMA_PROVIDER_POWER_DOWN) {
		/* What a broken engine has not done is done after its reset: no use to wait. */
		if (!READ_ONCE(engine->broken))
			netdma_clients_notify(&provider->announcement, event);
		netdma_engine_power_down(engine);
	} else if (engine) {
		netdma_engine_power_up(engine);
		if (provider->announcement.state == NETDMA_PROVIDER_POWER_DOWN)
			netdma_clients_notify(&provider->announcement, event);
	}
	mutex_unlock(&provider->lock);

	return 0;
}
EXPORT_SYMBOL_GPL(netdma_pnp_event_notify);

/* The work of an engine, which its stop waits for */
void netdma_provider_channel_arrival(struct work_struct *work)
{
	struct netdma_engine *engine = container_of(work, struct netdma_engine, arrival_work);

	netdma_clients_notify(&engine->provider->announcement, NETDMA_CHANNEL_ARRIVAL);
}

/* --- module --------------------------------------------------------------- */

static int __init netdma_init(void)
{
	/* Unbound: recovery polls, and must not keep a CPU's other work waiting. */
	netdma_wq = alloc_workqueue("netdma", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!netdma_wq)
		return -ENOMEM;

	netdma_free_wq = alloc_workqueue("netdma_free", WQ_UNBOUND, 0);
	if (!netdma_free_wq) {
		destroy_workqueue(netdma_wq);
		return -ENOMEM;
	}

	netdma_debugfs_init();
	return 0;
}

static void __exit netdma_exit(void)
{
	netdma_debugfs_exit();
	destroy_workqueue(netdma_free_wq);
	destroy_workqueue(netdma_wq);
}

module_init(netdma_init);
module_exit(netdma_exit);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("NetDMA interface to memory-to-memory copy engines");
MODULE_LICENSE("GPL");
#ifdef NETDMA_VERSION
MODULE_VERSION(NETDMA_VERSION);
#endif
