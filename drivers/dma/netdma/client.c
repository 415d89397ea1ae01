// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: clients, what they are told, and their channels
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include "netdma.h"

/**
 * struct netdma_client - a registered client
 * @node: in the list of clients
 * @name: for messages
 * @event: its callback, or NULL
 * @context: for @event
 */
struct netdma_client {
	struct list_head node;
	const char *name;
	netdma_event_fn event;
	void *context;
};

/**
 * struct netdma_lease - a channel that a client has
 * @node: in the list of leases
 * @client: the client
 * @channel: the channel
 */
struct netdma_lease {
	struct list_head node;
	struct netdma_client *client;
	struct netdma_channel *channel;
};

/*
 * Guards the lists of clients and of providers, and what clients have been told.
 * Held while a client is told, so each is told the truth, in order.
 */
static DEFINE_MUTEX(netdma_clients_lock);
static LIST_HEAD(netdma_clients);
static LIST_HEAD(netdma_announcements);

/* A channel is found here before it is looked at: it may have been freed before. */
static DEFINE_MUTEX(netdma_leases_lock);
static LIST_HEAD(netdma_leases);

/* --- events --------------------------------------------------------------- */

static void netdma_client_tell(const struct netdma_client *client,
			       const struct netdma_announcement *announcement,
			       enum netdma_pnp_event event)
{
	if (client->event)
		client->event(client->context, event, &announcement->info);
}

/**
 * netdma_clients_notify() - tell all clients what happens to a provider
 * @announcement: the provider's
 * @event: what happens
 *
 * Context: May sleep; clients do.
 */
void netdma_clients_notify(struct netdma_announcement *announcement,
			   enum netdma_pnp_event event)
{
	const struct netdma_client *client;

	mutex_lock(&netdma_clients_lock);
	switch (event) {
	case NETDMA_PROVIDER_REGISTERED:
		list_add_tail(&announcement->node, &netdma_announcements);
		announcement->state = event;
		break;
	case NETDMA_PROVIDER_ARRIVAL:
		announcement->info.attributes = announcement->attributes;
		announcement->state = event;
		break;
	case NETDMA_PROVIDER_POWER_DOWN:
		announcement->state = event;
		break;
	case NETDMA_PROVIDER_POWER_UP:
		announcement->state = NETDMA_PROVIDER_ARRIVAL;
		break;
	case NETDMA_PROVIDER_REMOVAL:
		announcement->state = NETDMA_PROVIDER_REGISTERED;
		break;
	case NETDMA_CHANNEL_ARRIVAL:
		break;
	}

	list_for_each_entry(client, &netdma_clients, node)
		netdma_client_tell(client, announcement, event);

	if (event == NETDMA_PROVIDER_REMOVAL)
		announcement->info.attributes = NULL;
	mutex_unlock(&netdma_clients_lock);
}

/**
 * netdma_clients_forget() - a provider is deregistered
 * @announcement: the provider's
 *
 * Context: May sleep.
 */
void netdma_clients_forget(struct netdma_announcement *announcement)
{
	mutex_lock(&netdma_clients_lock);
	list_del(&announcement->node);
	mutex_unlock(&netdma_clients_lock);
}

/**
 * netdma_register_client() - become a client of NetDMA
 * @name: for messages; not copied
 * @event: told about providers, or NULL
 * @context: passed to @event
 *
 * @event is told about the providers that are there already from inside this
 * call, so it makes no difference who comes first.
 *
 * Context: May sleep. Any thread, but not from @event.
 * Return: a handle; ERR_PTR(-EINVAL) without a name; ERR_PTR(-ENOMEM).
 */
struct netdma_client *netdma_register_client(const char *name, netdma_event_fn event,
					     void *context)
{
	const struct netdma_announcement *announcement;
	struct netdma_client *client;

	if (!name || !*name) {
		pr_err("a client needs a name\n");
		return ERR_PTR(-EINVAL);
	}

	client = kzalloc(sizeof(*client), GFP_KERNEL);
	if (!client)
		return ERR_PTR(-ENOMEM);
	client->name = name;
	client->event = event;
	client->context = context;

	mutex_lock(&netdma_clients_lock);
	list_for_each_entry(announcement, &netdma_announcements, node) {
		netdma_client_tell(client, announcement, NETDMA_PROVIDER_REGISTERED);
		if (announcement->state != NETDMA_PROVIDER_REGISTERED)
			netdma_client_tell(client, announcement, NETDMA_PROVIDER_ARRIVAL);
		if (announcement->state == NETDMA_PROVIDER_POWER_DOWN)
			netdma_client_tell(client, announcement, NETDMA_PROVIDER_POWER_DOWN);
	}
	list_add_tail(&client->node, &netdma_clients);
	mutex_unlock(&netdma_clients_lock);
	return client;
}
EXPORT_SYMBOL_GPL(netdma_register_client);

/**
 * netdma_deregister_client() - undo netdma_register_client()
 * @client: a client that has no channels any more; those that it has are freed
 *
 * No event is under way when this returns.
 *
 * Context: May sleep. Any thread, but not from an event.
 */
void netdma_deregister_client(struct netdma_client *client)
{
	struct netdma_lease *lease;
	struct netdma_channel *channel;

	mutex_lock(&netdma_clients_lock);
	list_del(&client->node);
	mutex_unlock(&netdma_clients_lock);

	do {
		channel = NULL;
		mutex_lock(&netdma_leases_lock);
		list_for_each_entry(lease, &netdma_leases, node) {
			if (lease->client == client) {
				channel = lease->channel;
				break;
			}
		}
		mutex_unlock(&netdma_leases_lock);
		if (channel) {
			pr_warn("client %s goes, and leaves a channel\n", client->name);
			netdma_free_channel(channel);
		}
	} while (channel);

	kfree(client);
}
EXPORT_SYMBOL_GPL(netdma_deregister_client);

/* --- channels ------------------------------------------------------------- */

static const struct netdma_channel_request netdma_any_channel = {
	.node = NUMA_NO_NODE,
	.cpu = -1,
};

/**
 * netdma_allocate_channel() - get a channel that no one else has
 * @client: the client
 * @request: which, or NULL for any
 *
 * Several threads may use the channel. Its memory is allocated here: the ring,
 * of the parameter ring_size, and what is remembered of copies.
 *
 * Context: May sleep. Any thread, also from an event.
 * Return: a channel, ready for copies (R-ALLOC-5); ERR_PTR(-ENODEV) if no started
 * provider is as requested; ERR_PTR(-EBUSY) if all of their channels are taken,
 * see %NETDMA_CHANNEL_ARRIVAL; ERR_PTR(-EINVAL) for a CPU that cannot be;
 * ERR_PTR(-ESHUTDOWN) if the provider is being stopped; ERR_PTR(-ENOMEM), or what
 * the provider answers.
 */
struct netdma_channel *
netdma_allocate_channel(struct netdma_client *client,
			const struct netdma_channel_request *request)
{
	struct netdma_channel *channel;
	struct netdma_lease *lease;
	int err;

	if (!request)
		request = &netdma_any_channel;
	if (!client || (request->cpu >= 0 && (request->cpu >= nr_cpu_ids ||
					      !cpu_possible(request->cpu)))) {
		pr_err_once("a channel needs a client, and a CPU that can be\n");
		return ERR_PTR(-EINVAL);
	}

	lease = kzalloc(sizeof(*lease), GFP_KERNEL);
	if (!lease)
		return ERR_PTR(-ENOMEM);

	channel = netdma_engine_claim(request);
	if (IS_ERR(channel)) {
		err = PTR_ERR(channel);
		goto err_free;
	}

	err = netdma_copies_alloc(channel, netdma_ring_size);
	if (err)
		goto err_unclaim;

	err = netdma_channel_alloc(channel, netdma_ring_size, &netdma_copies_owner_ops,
				   request->priority, request->cpu);
	if (err)
		goto err_copies;

	lease->client = client;
	lease->channel = channel;
	mutex_lock(&netdma_leases_lock);
	list_add_tail(&lease->node, &netdma_leases);
	mutex_unlock(&netdma_leases_lock);
	return channel;

err_copies:
	netdma_copies_free(channel);
err_unclaim:
	netdma_engine_unclaim(channel, false);
err_free:
	kfree(lease);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(netdma_allocate_channel);

/**
 * netdma_free_channel() - give a channel back
 * @channel: the channel, which nobody uses any more
 *
 * Copies that are not complete are aborted; the callbacks of all have run when
 * this returns, and the engine accesses nothing of them.
 *
 * Context: May sleep. Any thread, also from an event, but not from a callback of
 * the channel.
 * Return: 0; -EINVAL if no client has this channel, as after an earlier free.
 */
int netdma_free_channel(struct netdma_channel *channel)
{
	struct netdma_lease *lease = NULL, *each;

	mutex_lock(&netdma_leases_lock);
	list_for_each_entry(each, &netdma_leases, node) {
		if (each->channel == channel) {
			list_del(&each->node);
			lease = each;
			break;
		}
	}
	mutex_unlock(&netdma_leases_lock);
	if (!lease) {
		pr_err_once("a channel was freed that no client has\n");
		return -EINVAL;
	}

	netdma_channel_free(channel);
	netdma_copies_free(channel);
	netdma_engine_unclaim(channel, true);
	kfree(lease);
	return 0;
}
EXPORT_SYMBOL_GPL(netdma_free_channel);

/**
 * netdma_get_channel_info() - learn about a channel
 * @channel: a client's channel
 * @info: filled in
 *
 * Context: Any. The provider's name and the device are valid while the client has
 * the channel.
 */
void netdma_get_channel_info(struct netdma_channel *channel, struct netdma_channel_info *info)
{
	*info = (struct netdma_channel_info) {
		.provider = channel->ops->name,
		.dev = netdma_channel_dma_dev(channel),
		.id = channel->id,
		.cpu = READ_ONCE(channel->cpu),
		.capacity = channel->ring.mask,
		.max_transfer = channel->max_transfer,
	};
}
EXPORT_SYMBOL_GPL(netdma_get_channel_info);
