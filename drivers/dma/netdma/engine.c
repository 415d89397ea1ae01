// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: what one start of a provider makes
 *
 * An engine lives as long as someone has a channel of it, which may be longer
 * than the provider. On one that is offered to dmaengine every channel is taken
 * through dmaengine, so that there is one who knows what is taken.
 */
#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/topology.h>

#include "netdma.h"

/* How long a stopping provider lets its channels drain, all together (R-PSTOP-2) */
#define NETDMA_DRAIN_MS		2000

/* Engines with channels to be had; its lock guards &netdma_engine.node as well */
static LIST_HEAD(netdma_engines);
static DEFINE_SPINLOCK(netdma_engines_lock);

/* --- lifetime ------------------------------------------------------------- */

static bool netdma_no_channel(struct dma_chan *chan, void *param)
{
	return false;
}

static void netdma_engine_free(struct work_struct *work)
{
	struct netdma_engine *engine = container_of(work, struct netdma_engine, free_work);
	dma_cap_mask_t none;

	/*
	 * dma_release_channel() looks at the channel once more after the release,
	 * until it drops the list mutex. A request that no channel satisfies
	 * takes that mutex, and does nothing else.
	 */
	dma_cap_zero(none);
	dma_request_channel(none, netdma_no_channel, NULL);

	put_device(engine->dev);
	kfree(engine->ops.name);
	kfree(engine);
}

static void netdma_engine_release(struct kref *ref)
{
	struct netdma_engine *engine = container_of(ref, struct netdma_engine, ref);

	queue_work(netdma_free_wq, &engine->free_work);
}

/**
 * netdma_engine_put() - one use of the engine less
 * @engine: the engine
 *
 * Context: Any.
 */
void netdma_engine_put(struct netdma_engine *engine)
{
	kref_put(&engine->ref, netdma_engine_release);
}

/**
 * netdma_engine_start() - make the channels of a started provider
 * @provider: the provider
 * @context: the provider's
 * @ops: its callbacks
 * @attributes: what it is started with
 * @affinity: CPUs wished for the channels
 *
 * Context: May sleep.
 * Return: the engine, or an ERR_PTR().
 */
struct netdma_engine *
netdma_engine_start(struct netdma_provider *provider, void *context,
		    const struct netdma_provider_characteristics *ops,
		    const struct netdma_provider_attributes *attributes,
		    const struct netdma_channel_cpu_affinity *affinity)
{
	struct netdma_engine *engine;
	u32 i;
	int err;

	engine = kzalloc(struct_size(engine, chans, attributes->channels), GFP_KERNEL);
	if (!engine)
		return ERR_PTR(-ENOMEM);

	engine->ops = *ops;
	engine->ops.name = kstrdup(ops->name, GFP_KERNEL);
	if (!engine->ops.name) {
		kfree(engine);
		return ERR_PTR(-ENOMEM);
	}
	engine->attributes = *attributes;
	engine->context = context;
	engine->provider = provider;
	engine->dev = get_device(ops->dev);
	engine->numa_node = dev_to_node(ops->dev);
	engine->owner = ops->dev->driver->owner;
	kref_init(&engine->ref);
	mutex_init(&engine->claim_lock);
	INIT_WORK(&engine->arrival_work, netdma_provider_channel_arrival);
	INIT_WORK(&engine->free_work, netdma_engine_free);
	for (i = 0; i < attributes->channels; i++)
		netdma_channel_init(&engine->chans[i].channel, engine, i, affinity[i].cpu);

	if (!(attributes->flags & NETDMA_PROVIDER_PRIVATE)) {
		err = netdma_dma_register(engine);
		if (err) {
			netdma_engine_put(engine);
			return ERR_PTR(err);
		}
	}

	netdma_debugfs_add(engine);
	spin_lock(&netdma_engines_lock);
	list_add_tail(&engine->node, &netdma_engines);
	spin_unlock(&netdma_engines_lock);
	return engine;
}

/**
 * netdma_engine_withdraw() - offer its channels to NetDMA clients no more
 * @engine: from netdma_engine_start()
 *
 * Context: May sleep.
 */
void netdma_engine_withdraw(struct netdma_engine *engine)
{
	spin_lock(&netdma_engines_lock);
	list_del_init(&engine->node);
	spin_unlock(&netdma_engines_lock);
	cancel_work_sync(&engine->arrival_work);
}

/**
 * netdma_engine_stop() - end the use of a provider's channels
 * @engine: withdrawn
 *
 * Channels drain for a bounded time and are given back to the provider. What
 * clients still hold answers errors until they release it.
 *
 * Context: May sleep. The provider still completes work and interrupts.
 */
void netdma_engine_stop(struct netdma_engine *engine)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(NETDMA_DRAIN_MS);
	u32 i;

	for (i = 0; i < engine->attributes.channels; i++)
		netdma_channel_refuse(&engine->chans[i].channel);
	for (i = 0; i < engine->attributes.channels; i++)
		netdma_channel_close(&engine->chans[i].channel, deadline);
	netdma_debugfs_remove(engine);

	/* Not before: it may be the last who uses this. New clients are refused already. */
	if (!(engine->attributes.flags & NETDMA_PROVIDER_PRIVATE))
		dma_async_device_unregister(&engine->dma);
	netdma_engine_put(engine);
}

/**
 * netdma_engine_power_down() - stop all channels of an engine that loses its state
 * @engine: from netdma_engine_start()
 *
 * What clients issue meanwhile queues: those of dmaengine cannot be asked to
 * stop (R-PM11-1).
 *
 * Context: May sleep. The provider still completes work and interrupts.
 */
void netdma_engine_power_down(struct netdma_engine *engine)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(NETDMA_DRAIN_MS);
	u32 i;

	for (i = 0; i < engine->attributes.channels; i++)
		netdma_channel_hold(&engine->chans[i].channel);
	for (i = 0; i < engine->attributes.channels; i++)
		netdma_channel_power_down(&engine->chans[i].channel, deadline);
}

/**
 * netdma_engine_power_up() - go on after netdma_engine_power_down()
 * @engine: from netdma_engine_start()
 *
 * Context: May sleep.
 */
void netdma_engine_power_up(struct netdma_engine *engine)
{
	u32 i;

	WRITE_ONCE(engine->broken, false);
	for (i = 0; i < engine->attributes.channels; i++)
		netdma_channel_power_up(&engine->chans[i].channel);
}

/**
 * netdma_engine_gone() - the hardware is gone: all that is outstanding fails
 * @engine: from netdma_engine_start()
 *
 * Context: May sleep.
 */
void netdma_engine_gone(struct netdma_engine *engine)
{
	u32 i;

	WRITE_ONCE(engine->gone, true);
	for (i = 0; i < engine->attributes.channels; i++)
		netdma_channel_gone(&engine->chans[i].channel);
}

/* --- channels for NetDMA clients ------------------------------------------- */

/**
 * netdma_engine_channel_freed() - let clients know that a channel can be had
 * @engine: its engine
 *
 * Context: May sleep; dmaengine may hold its list mutex.
 */
void netdma_engine_channel_freed(struct netdma_engine *engine)
{
	spin_lock(&netdma_engines_lock);
	if (!list_empty(&engine->node))
		queue_work(netdma_free_wq, &engine->arrival_work);
	spin_unlock(&netdma_engines_lock);
}

static bool netdma_is_chan(struct dma_chan *chan, void *param)
{
	return chan == param;
}

/* Take the channel, if nobody has it. */
static bool netdma_engine_take(struct netdma_engine *engine, struct netdma_dma_chan *dc)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	if (engine->attributes.flags & NETDMA_PROVIDER_PRIVATE) {
		if (atomic_xchg(&dc->claimed, 1))
			return false;
		if (!try_module_get(engine->owner)) {
			atomic_set(&dc->claimed, 0);
			return false;
		}
		kref_get(&engine->ref);
		return true;
	}

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	mutex_lock(&engine->claim_lock);
	WRITE_ONCE(engine->claimant, current);
	chan = dma_request_channel(mask, netdma_is_chan, &dc->chan);
	WRITE_ONCE(engine->claimant, NULL);
	mutex_unlock(&engine->claim_lock);
	return chan;
}

/**
 * netdma_engine_unclaim() - give a channel back
 * @chan: from netdma_engine_claim(), and free; it may be gone afterwards
 * @arrival: clients are told: it was in use, and not refused by the provider
 *
 * Context: May sleep.
 */
void netdma_engine_unclaim(struct netdma_channel *chan, bool arrival)
{
	struct netdma_dma_chan *dc = container_of(chan, struct netdma_dma_chan, channel);
	struct netdma_engine *engine = chan->engine;

	if (engine->attributes.flags & NETDMA_PROVIDER_PRIVATE) {
		/* What the next one who has the channel finds there */
		atomic_set_release(&dc->claimed, 0);
		module_put(engine->owner);
	} else {
		kref_get(&engine->ref);
		dma_release_channel(&dc->chan);
	}
	if (arrival)
		netdma_engine_channel_freed(engine);
	netdma_engine_put(engine);
}

static bool netdma_engine_suits(const struct netdma_engine *engine,
				const struct netdma_channel_request *request)
{
	return (!request->provider || request->provider == engine->provider) &&
	       (request->node == NUMA_NO_NODE || request->node == engine->numa_node);
}

/* Take a channel of the engine, one of @cpu unless that is -1. */
static struct netdma_channel *netdma_engine_take_any(struct netdma_engine *engine, int cpu)
{
	u32 i;

	for (i = 0; i < engine->attributes.channels; i++) {
		struct netdma_dma_chan *dc = &engine->chans[i];

		if ((cpu < 0 || READ_ONCE(dc->channel.cpu) == cpu) &&
		    netdma_engine_take(engine, dc))
			return &dc->channel;
	}
	return NULL;
}

/* The next engine that suits, referenced; @last is not any more. */
static struct netdma_engine *netdma_engine_next(struct netdma_engine *last,
						const struct netdma_channel_request *request)
{
	struct netdma_engine *engine, *next = NULL;
	bool found;

	spin_lock(&netdma_engines_lock);
	/* One that was withdrawn does not say where it was: begin again. */
	found = !last || list_empty(&last->node);
	list_for_each_entry(engine, &netdma_engines, node) {
		if (found && netdma_engine_suits(engine, request)) {
			kref_get(&engine->ref);
			next = engine;
			break;
		}
		if (engine == last)
			found = true;
	}
	spin_unlock(&netdma_engines_lock);

	if (last)
		netdma_engine_put(last);
	return next;
}

/* Take a channel of an engine that suits, of one on @node and of @cpu unless they are -1. */
static struct netdma_channel *
netdma_engine_claim_near(const struct netdma_channel_request *request, int node, int cpu)
{
	struct netdma_engine *engine = NULL;
	struct netdma_channel *chan;
	int err = -ENODEV;

	while ((engine = netdma_engine_next(engine, request))) {
		err = -EBUSY;
		if (node != NUMA_NO_NODE && engine->numa_node != node)
			continue;
		chan = netdma_engine_take_any(engine, cpu);
		if (chan) {
			netdma_engine_put(engine);
			return chan;
		}
	}
	return ERR_PTR(err);
}

/**
 * netdma_engine_claim() - take a channel for a NetDMA client
 * @request: which
 *
 * Implements R-ALLOC-2 and R-ALLOC-3 for the client: first one whose interrupt
 * goes to the CPU that is asked for, then one on the node of that CPU, or of the
 * caller if none is asked for, then any.
 *
 * Context: May sleep.
 * Return: a channel that is not allocated; ERR_PTR(-EBUSY) if all are taken,
 * ERR_PTR(-ENODEV) if no engine suits.
 */
struct netdma_channel *netdma_engine_claim(const struct netdma_channel_request *request)
{
	int node = request->cpu < 0 ? numa_node_id() : cpu_to_node(request->cpu);
	struct netdma_channel *chan = ERR_PTR(-ENODEV);

	if (request->cpu >= 0)
		chan = netdma_engine_claim_near(request, NUMA_NO_NODE, request->cpu);
	if (IS_ERR(chan))
		chan = netdma_engine_claim_near(request, node, -1);
	if (IS_ERR(chan))
		chan = netdma_engine_claim_near(request, NUMA_NO_NODE, -1);
	return chan;
}
