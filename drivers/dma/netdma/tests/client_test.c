// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients: what they are told, and which channels they get
 *
 * What they do with a channel is in copy_test.c. "R-..." names a rule of the NetDMA
 * interface specification.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "failing.h"
#include "fake_provider.h"

#define CLIENT_MAX_EVENTS	64

/**
 * struct client_event - what a client was told
 * @event: what happened
 * @provider: to which provider
 * @started: its attributes were there
 */
struct client_event {
	enum netdma_pnp_event event;
	struct netdma_provider *provider;
	bool started;
};

/**
 * struct client_test - a provider, and a client that writes down what it is told
 * @test: the test
 * @fake: the provider
 * @client: the client, from client_register() on
 * @events: what it was told
 * @num_events: how often
 * @during: called from inside the event
 * @channel: for @during
 * @err: for @during
 */
struct client_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct netdma_client *client;
	struct client_event events[CLIENT_MAX_EVENTS];
	unsigned int num_events;
	void (*during)(struct client_test *ct, enum netdma_pnp_event event,
		       const struct netdma_provider_info *info);
	struct netdma_channel *channel;
	int err;
};

static void client_told(void *context, enum netdma_pnp_event event,
			const struct netdma_provider_info *info)
{
	struct client_test *ct = context;
	struct client_event *e;

	if (ct->num_events < CLIENT_MAX_EVENTS) {
		e = &ct->events[ct->num_events++];
		e->event = event;
		e->provider = info->provider;
		e->started = info->attributes;
	}
	if (ct->during)
		ct->during(ct, event, info);
}

/* The events so far, as their numbers: "1 2" is registered, arrival. */
static const char *client_history(struct client_test *ct)
{
	static char text[128];
	unsigned int i;
	size_t len = 0;

	text[0] = '\0';
	for (i = 0; i < ct->num_events; i++)
		len += scnprintf(text + len, sizeof(text) - len, "%s%d", i ? " " : "",
				 ct->events[i].event);
	return text;
}

static int client_test_init(struct kunit *test)
{
	struct client_test *ct = kunit_kzalloc(test, sizeof(*ct), GFP_KERNEL);

	if (!ct)
		return -ENOMEM;
	test->priv = ct;
	ct->test = test;
	ct->fake = fake_provider_create(test);
	return 0;
}

static void client_test_exit(struct kunit *test)
{
	struct client_test *ct = test->priv;

	if (!ct)
		return;
	ct->during = NULL;
	if (ct->client)
		netdma_deregister_client(ct->client);
	fake_provider_destroy(test, ct->fake);
}

static void client_register(struct client_test *ct)
{
	struct netdma_client *client = netdma_register_client("test", client_told, ct);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(ct->test, client);
	ct->client = client;
}

/* A started provider and a registered client, who has forgotten what it was told */
static void client_open(struct client_test *ct)
{
	fake_provider_start(ct->test, ct->fake);
	client_register(ct);
	ct->num_events = 0;
}

/* The same with a second provider, and one channel of each; returns the second one */
static struct fake_provider *client_open_two(struct client_test *ct)
{
	struct fake_provider *other;

	ct->fake->attributes.channels = 1;
	client_open(ct);
	other = fake_provider_create(ct->test);
	other->attributes.channels = 1;
	fake_provider_start(ct->test, other);
	return other;
}

static struct netdma_channel *client_allocate(struct client_test *ct)
{
	return netdma_allocate_channel(ct->client, NULL);
}

static struct netdma_channel *client_must_allocate(struct client_test *ct)
{
	struct netdma_channel *channel = client_allocate(ct);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(ct->test, channel);
	return channel;
}

/* The channel of the provider that is the client's */
static struct fake_channel *client_fake(struct client_test *ct, struct netdma_channel *channel)
{
	struct netdma_channel_info info;

	netdma_get_channel_info(channel, &info);
	KUNIT_ASSERT_LT(ct->test, info.id, (u32)FAKE_CHANNELS);
	return &ct->fake->channels[info.id];
}

/* What a channel that is given back leads to comes from a work item. */
static void client_settle(void)
{
	msleep(20);
}

/* --- events ---------------------------------------------------------------- */

/* Section 4.2: registered, arrival, removal, each once and in this order */
static void client_is_told(struct kunit *test)
{
	struct client_test *ct = test->priv;

	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "");
	fake_provider_register(test, ct->fake);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1");
	fake_provider_start(test, ct->fake);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1 2");
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1 2 3");
	KUNIT_EXPECT_PTR_EQ(test, ct->events[1].provider, ct->fake->provider);
	KUNIT_EXPECT_FALSE(test, ct->events[0].started);
	KUNIT_EXPECT_TRUE(test, ct->events[1].started);
	KUNIT_EXPECT_TRUE(test, ct->events[2].started);
}

/* A provider that is stopped twice is removed once. */
static void client_is_told_once(struct kunit *test)
{
	struct client_test *ct = test->priv;

	client_open(ct);
	fake_provider_stop(ct->fake);
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "3");
}

/* Who comes later is told what was before. */
static void client_is_told_the_past(struct kunit *test)
{
	struct client_test *ct = test->priv;

	fake_provider_register(test, ct->fake);
	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1");
	netdma_deregister_client(ct->client);
	ct->client = NULL;

	fake_provider_start(test, ct->fake);
	ct->num_events = 0;
	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1 2");
	KUNIT_EXPECT_FALSE(test, !ct->events[1].started);
	netdma_deregister_client(ct->client);
	ct->client = NULL;

	netdma_pnp_event_notify(ct->fake->provider, NETDMA_PROVIDER_POWER_DOWN);
	ct->num_events = 0;
	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1 2 5");
	netdma_pnp_event_notify(ct->fake->provider, NETDMA_PROVIDER_POWER_UP);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1 2 5 6");
	netdma_deregister_client(ct->client);
	ct->client = NULL;

	ct->num_events = 0;
	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1 2");
	netdma_deregister_client(ct->client);
	ct->client = NULL;

	fake_provider_stop(ct->fake);
	ct->num_events = 0;
	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "1");
	KUNIT_EXPECT_FALSE(test, ct->events[0].started);
}

/* A provider that has gone is not told of. */
static void client_is_not_told_of_the_dead(struct kunit *test)
{
	struct client_test *ct = test->priv;

	fake_provider_register(test, ct->fake);
	netdma_deregister_provider(ct->fake->provider);
	ct->fake->provider = NULL;
	client_register(ct);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "");
}

/* Without a callback one is a client all the same. */
static void client_without_event(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;

	fake_provider_start(test, ct->fake);
	ct->client = netdma_register_client("deaf", NULL, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ct->client);
	channel = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* Without a name one is not. */
static void client_without_name(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_register_client(NULL, NULL, NULL)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_register_client("", NULL, NULL)), -EINVAL);
}

/* Who has left is not told any more. */
static void client_has_left(struct kunit *test)
{
	struct client_test *ct = test->priv;

	client_open(ct);
	netdma_deregister_client(ct->client);
	ct->client = NULL;
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "");
}

static void client_take_on_arrival(struct client_test *ct, enum netdma_pnp_event event,
				   const struct netdma_provider_info *info)
{
	if (event == NETDMA_PROVIDER_ARRIVAL)
		ct->channel = client_allocate(ct);
}

/* R-PSTART-2: a channel can be had before the start has returned. */
static void client_allocates_on_arrival(struct kunit *test)
{
	struct client_test *ct = test->priv;

	client_register(ct);
	ct->during = client_take_on_arrival;
	fake_provider_start(test, ct->fake);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ct->channel);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(ct->channel), 0);
}

static void client_free_on_removal(struct client_test *ct, enum netdma_pnp_event event,
				   const struct netdma_provider_info *info)
{
	if (event != NETDMA_PROVIDER_REMOVAL)
		return;
	ct->err = netdma_free_channel(ct->channel);
	ct->channel = client_allocate(ct);
}

/* At the removal a channel can be given back, and none can be had any more. */
static void client_frees_on_removal(struct kunit *test)
{
	struct client_test *ct = test->priv;

	client_open(ct);
	ct->channel = client_must_allocate(ct);
	ct->err = -1;
	ct->during = client_free_on_removal;
	fake_forget(ct->fake);
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_EQ(test, ct->err, 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(ct->channel), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_FREE), 1U);
}

static void client_note_calls(struct client_test *ct, enum netdma_pnp_event event,
			      const struct netdma_provider_info *info)
{
	ct->err = ct->fake->num_calls;
}

/* R-PM11-1, R-PM11-2: told before the engine is stopped, and after it is started. */
static void client_is_told_of_power(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;

	client_open(ct);
	channel = client_must_allocate(ct);
	ct->during = client_note_calls;
	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(ct->fake->provider,
						      NETDMA_PROVIDER_POWER_DOWN), 0);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "5");
	KUNIT_EXPECT_EQ(test, ct->err, 0);
	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(ct->fake->provider,
						      NETDMA_PROVIDER_POWER_UP), 0);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "5 6");
	KUNIT_EXPECT_EQ(test, ct->err, (int)ct->fake->num_calls);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_RESET), 1U);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/*
 * An engine that is broken does what it has to do after its reset: clients are not told
 * to wait for that, which they would do in vain.
 */
static void client_is_not_told_of_repair(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;
	netdma_token_t token;

	client_open(ct);
	channel = client_must_allocate(ct);
	token = netdma_null_transfer(channel, NETDMA_COPY_FLUSH, NULL);
	KUNIT_EXPECT_GT(test, token, 0LL);
	ct->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	fake_halt(client_fake(ct, channel), NETDMA_FAILURE_NONE);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_RESET_ENGINE), 1U);

	netdma_pnp_event_notify(ct->fake->provider, NETDMA_PROVIDER_POWER_DOWN);
	ct->fake->answer[FAKE_RESET] = 0;
	netdma_pnp_event_notify(ct->fake->provider, NETDMA_PROVIDER_POWER_UP);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "");
	KUNIT_EXPECT_EQ(test, (int)netdma_get_copy_status(channel, token),
			(int)NETDMA_COPY_PENDING);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* What is not started has no power, for its clients. */
static void client_is_not_told_of_power(struct kunit *test)
{
	struct client_test *ct = test->priv;

	fake_provider_register(test, ct->fake);
	client_register(ct);
	ct->num_events = 0;
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(ct->fake->provider,
						      NETDMA_PROVIDER_POWER_DOWN), 0);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "");
}

/* Section 5.9: what comes from NetDMA cannot come from a provider. */
static void client_events_are_not_forged(struct kunit *test)
{
	const int events[] = { 0, NETDMA_PROVIDER_REGISTERED, NETDMA_PROVIDER_ARRIVAL,
			       NETDMA_PROVIDER_REMOVAL, NETDMA_CHANNEL_ARRIVAL, 7 };
	struct client_test *ct = test->priv;
	unsigned int i;

	client_open(ct);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(ct->fake->provider, events[i]),
				-EINVAL);
	KUNIT_EXPECT_STREQ(test, client_history(ct), "");
}

/* A channel that a client gives back has arrived. */
static void client_is_told_of_channel(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;

	client_open(ct);
	channel = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
	client_settle();
	KUNIT_EXPECT_STREQ(test, client_history(ct), "4");
}

/* So has one that a client of dmaengine gives back. */
static void client_is_told_of_dma_chan(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct dma_chan *chan;

	client_open(ct);
	chan = fake_request(ct->fake);
	KUNIT_ASSERT_NOT_NULL(test, chan);
	dma_release_channel(chan);
	client_settle();
	KUNIT_EXPECT_STREQ(test, client_history(ct), "4");
}

/* A channel that could not be allocated has not arrived: asking again would not end. */
static void client_is_not_told_of_refusal(struct kunit *test)
{
	struct client_test *ct = test->priv;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		ct->fake->attributes.flags = i ? NETDMA_PROVIDER_PRIVATE : 0;
		fake_provider_start(test, ct->fake);
		if (!i)
			client_register(ct);
		ct->num_events = 0;
		ct->fake->answer[FAKE_ALLOCATE] = -EIO;
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -EIO);
		client_settle();
		KUNIT_EXPECT_STREQ(test, client_history(ct), "");
		ct->fake->answer[FAKE_ALLOCATE] = 0;
		fake_provider_stop(ct->fake);
	}
}

/* --- channels -------------------------------------------------------------- */

/* R-ALLOC-1, R-FREE-2: the provider's channel is allocated, and freed, once. */
static void client_allocates_and_frees(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel_info info;
	struct netdma_channel *channel;

	client_open(ct);
	channel = client_must_allocate(ct);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "allocate");
	netdma_get_channel_info(channel, &info);
	KUNIT_EXPECT_STREQ(test, info.provider, "Fake");
	KUNIT_EXPECT_PTR_EQ(test, info.dev, ct->fake->dev);
	KUNIT_EXPECT_EQ(test, info.capacity, 1023U);
	KUNIT_EXPECT_EQ(test, info.max_transfer, ct->fake->attributes.max_transfer);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_FREE), 1U);
}

/* Section 1.2: a channel is not shared. Each is had once, then there is none. */
static void client_channels_are_exclusive(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channels[FAKE_CHANNELS];
	unsigned int i, seen = 0;

	client_open(ct);
	for (i = 0; i < FAKE_CHANNELS; i++) {
		channels[i] = client_must_allocate(ct);
		seen |= BIT(channels[i]->id);
	}
	KUNIT_EXPECT_EQ(test, seen, (unsigned int)BIT(FAKE_CHANNELS) - 1);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -EBUSY);

	KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[2]), 0);
	channels[2] = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, channels[2]->id, 2U);
	for (i = 0; i < FAKE_CHANNELS; i++)
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[i]), 0);
}

/* Nor is it shared with a client of dmaengine. */
static void client_channels_are_not_dmaengines(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channels[2];
	struct dma_chan *chans[2];
	unsigned int i;

	client_open(ct);
	for (i = 0; i < 2; i++) {
		channels[i] = client_must_allocate(ct);
		chans[i] = fake_request(ct->fake);
		KUNIT_ASSERT_NOT_NULL(test, chans[i]);
	}
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -EBUSY);
	KUNIT_EXPECT_NULL(test, fake_request(ct->fake));
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[i]), 0);
		dma_release_channel(chans[i]);
	}
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_ALLOCATE), 4U);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_FREE), 4U);
}

/* What a client has had, dmaengine's can have, and the other way round. */
static void client_channels_change_hands(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;
	struct dma_async_tx_descriptor *txd;
	struct dma_chan *chan;
	unsigned int i;

	ct->fake->attributes.channels = 1;
	client_open(ct);
	for (i = 0; i < 3; i++) {
		channel = client_must_allocate(ct);
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
		chan = fake_request(ct->fake);
		KUNIT_ASSERT_NOT_NULL(test, chan);
		txd = dmaengine_prep_dma_memcpy(chan, 0, 0, 64, 0);
		KUNIT_EXPECT_NOT_NULL(test, txd);
		dma_release_channel(chan);
	}
}

/* Without a started provider there is no channel. */
static void client_finds_no_provider(struct kunit *test)
{
	struct client_test *ct = test->priv;

	client_register(ct);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -ENODEV);
	fake_provider_register(test, ct->fake);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -ENODEV);
	fake_provider_start(test, ct->fake);
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -ENODEV);
}

/* A provider that is asked for is the one, or there is none. */
static void client_asks_for_provider(struct kunit *test)
{
	struct netdma_channel_request request = { .node = NUMA_NO_NODE, .cpu = -1 };
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;
	struct fake_provider *other;

	client_open(ct);
	other = fake_provider_create(test);
	fake_provider_start(test, other);

	request.provider = other->provider;
	channel = netdma_allocate_channel(ct->client, &request);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, channel);
	KUNIT_EXPECT_EQ(test, fake_calls(other, FAKE_ALLOCATE), 1U);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_ALLOCATE), 0U);
	if (!IS_ERR_OR_NULL(channel))
		netdma_free_channel(channel);

	/* The handle of one that has gone is not looked at. */
	fake_provider_destroy(test, other);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_allocate_channel(ct->client, &request)),
			-ENODEV);
}

/* If the first provider is busy, the next one is asked. */
static void client_goes_on_to_next_provider(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channels[2];
	struct fake_provider *other;

	other = client_open_two(ct);

	channels[0] = client_must_allocate(ct);
	channels[1] = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, fake_calls(other, FAKE_ALLOCATE), 1U);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -EBUSY);
	netdma_free_channel(channels[0]);
	netdma_free_channel(channels[1]);
	fake_provider_destroy(test, other);
}

/* A node that is asked for is the one, or there is no channel. */
static void client_asks_for_node(struct kunit *test)
{
	struct netdma_channel_request request = { .cpu = -1 };
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;

	client_open(ct);
	request.node = 1;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_allocate_channel(ct->client, &request)),
			-ENODEV);
	request.node = dev_to_node(ct->fake->dev);
	channel = netdma_allocate_channel(ct->client, &request);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, channel);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* R-ALLOC-2: a channel of the CPU that is asked for comes first. */
static void client_asks_for_cpu(struct kunit *test)
{
	struct netdma_channel_request request = { .node = NUMA_NO_NODE };
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;
	unsigned int i;

	client_open(ct);
	channel = client_must_allocate(ct);
	/* There is one CPU here: let the other channels belong to one that is not. */
	for (i = 0; i < FAKE_CHANNELS; i++)
		channel->engine->chans[i].channel.cpu = i == 2 ? 0 : 99;
	netdma_free_channel(channel);

	channel = netdma_allocate_channel(ct->client, &request);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, channel);
	KUNIT_EXPECT_EQ(test, channel->id, 2U);
	KUNIT_EXPECT_EQ(test, client_fake(ct, channel)->affinity, 0U);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* R-ALLOC-3, R-ALLOC-4: without one any will do; the provider says which CPU it is. */
static void client_gets_another_cpu(struct kunit *test)
{
	struct netdma_channel_request request = { .node = NUMA_NO_NODE };
	struct client_test *ct = test->priv;
	struct netdma_channel_info info;
	struct netdma_channel *channel;
	unsigned int i;

	client_open(ct);
	channel = client_must_allocate(ct);
	for (i = 0; i < FAKE_CHANNELS; i++)
		channel->engine->chans[i].channel.cpu = 99;
	netdma_free_channel(channel);

	channel = netdma_allocate_channel(ct->client, &request);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, channel);
	netdma_get_channel_info(channel, &info);
	KUNIT_EXPECT_EQ(test, info.cpu, 0U);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

static struct netdma_channel *client_must_allocate_for(struct client_test *ct, int cpu)
{
	const struct netdma_channel_request request = { .node = NUMA_NO_NODE, .cpu = cpu };
	struct netdma_channel *channel = netdma_allocate_channel(ct->client, &request);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(ct->test, channel);
	return channel;
}

/*
 * A channel on the node of the CPU, or of the caller, comes before others, but after one
 * of the CPU itself. There is one node here, 0: let the first provider be far from it.
 */
static void client_gets_near_channel(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *far, *near;
	struct fake_provider *other;

	other = client_open_two(ct);

	far = client_must_allocate(ct);
	near = client_must_allocate(ct);
	far->engine->numa_node = 1;
	near->engine->numa_node = 0;
	netdma_free_channel(far);
	netdma_free_channel(near);

	KUNIT_EXPECT_PTR_EQ(test, client_must_allocate(ct), near);
	KUNIT_EXPECT_PTR_EQ(test, client_must_allocate(ct), far);
	netdma_free_channel(far);
	netdma_free_channel(near);

	KUNIT_EXPECT_PTR_EQ(test, client_must_allocate_for(ct, -1), near);
	netdma_free_channel(near);

	far->cpu = 0;
	near->cpu = 99;
	KUNIT_EXPECT_PTR_EQ(test, client_must_allocate_for(ct, 0), far);
	netdma_free_channel(far);

	far->cpu = 99;
	near->cpu = 99;
	KUNIT_EXPECT_PTR_EQ(test, client_must_allocate_for(ct, 0), near);
	netdma_free_channel(near);
	fake_provider_destroy(test, other);
}

/* A CPU that cannot be is an error, and so is no client. */
static void client_asks_for_nonsense(struct kunit *test)
{
	struct netdma_channel_request request = { .node = NUMA_NO_NODE, .cpu = INT_MAX };
	struct client_test *ct = test->priv;

	client_open(ct);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_allocate_channel(ct->client, &request)),
			-EINVAL);
	request.cpu = nr_cpu_ids;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_allocate_channel(ct->client, &request)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(netdma_allocate_channel(NULL, NULL)), -EINVAL);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
}

/* Section 5.5: the provider is told the priority; a client of dmaengine has none. */
static void client_asks_for_priority(struct kunit *test)
{
	struct netdma_channel_request request = {
		.node = NUMA_NO_NODE, .cpu = -1, .priority = 7,
	};
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;
	struct dma_chan *chan;

	ct->fake->attributes.channels = 1;
	client_open(ct);
	channel = netdma_allocate_channel(ct->client, &request);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, channel);
	KUNIT_EXPECT_EQ(test, ct->fake->channels[0].priority, 7U);
	netdma_free_channel(channel);
	chan = fake_request(ct->fake);
	KUNIT_ASSERT_NOT_NULL(test, chan);
	KUNIT_EXPECT_EQ(test, ct->fake->channels[0].priority, 0U);
	dma_release_channel(chan);
}

/* R-ALLOC-6: what the provider answers is the answer, and nothing is left behind. */
static void client_is_refused(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;

	client_open(ct);
	ct->fake->answer[FAKE_ALLOCATE] = -ENOSPC;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -ENOSPC);
	ct->fake->answer[FAKE_ALLOCATE] = 0;
	channel = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, channel->id, 0U);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* A channel is given back once. */
static void client_frees_twice(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel;

	client_open(ct);
	channel = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), -EINVAL);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(NULL), -EINVAL);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
}

/* A client that goes leaves no channel behind; others keep theirs. */
static void client_goes_with_channels(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_client *other;
	struct netdma_channel *channel;

	client_open(ct);
	channel = client_must_allocate(ct);
	other = netdma_register_client("other", NULL, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, netdma_allocate_channel(other, NULL));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, netdma_allocate_channel(other, NULL));
	netdma_deregister_client(other);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_FREE), 2U);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* Each allocation of memory fails once: -ENOMEM, and nothing is lost. */
static void client_without_memory(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channel = NULL;
	unsigned int nth;
	bool failed;

	failing_require(test);
	client_open(ct);
	for (nth = 1; nth < 64; nth++) {
		fake_forget(ct->fake);
		failing_arm(nth);
		channel = client_allocate(ct);
		failed = failing_disarm();
		if (!IS_ERR(channel))
			netdma_free_channel(channel);
		else
			KUNIT_EXPECT_EQ(test, PTR_ERR(channel), -ENOMEM);
		KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_ALLOCATE),
				fake_calls(ct->fake, FAKE_FREE));
		if (!failed)
			break;
	}
	KUNIT_EXPECT_GT(test, nth, 3U);
	KUNIT_EXPECT_FALSE(test, IS_ERR(channel));
}

/* --- removal ---------------------------------------------------------------- */

/* R-PSTOP-2, R-FREE-3: the provider has its channel back; the client has a shell. */
static void client_keeps_a_shell(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel_info info;
	struct netdma_channel *channel;

	client_open(ct);
	channel = client_must_allocate(ct);
	fake_provider_stop(ct->fake);
	KUNIT_EXPECT_EQ(test, fake_calls(ct->fake, FAKE_FREE), 1U);
	netdma_deregister_provider(ct->fake->provider);
	ct->fake->provider = NULL;

	netdma_get_channel_info(channel, &info);
	KUNIT_EXPECT_STREQ(test, info.provider, "Fake");
	fake_forget(ct->fake);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
	KUNIT_EXPECT_STREQ(test, fake_history(ct->fake), "");
}

/* R-PSTART-3: started again with other attributes, beside what is left of before */
static void client_gets_new_attributes(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *old, *channel;
	struct netdma_channel_info info;
	unsigned int i;

	client_open(ct);
	old = client_must_allocate(ct);
	for (i = 1; i <= 3; i++) {
		fake_provider_stop(ct->fake);
		ct->fake->attributes.channels = i;
		ct->fake->attributes.max_transfer = SZ_4K * i;
		fake_provider_start(test, ct->fake);
		channel = client_must_allocate(ct);
		netdma_get_channel_info(channel, &info);
		KUNIT_EXPECT_EQ(test, info.max_transfer, SZ_4K * i);
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
	}
	KUNIT_EXPECT_EQ(test, netdma_free_channel(old), 0);
}

/* --- providers that are not offered to dmaengine ----------------------------- */

/* Its channels are the clients' alone. */
static void client_of_private_provider(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channels[FAKE_CHANNELS];
	unsigned int i;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PRIVATE;
	client_open(ct);
	KUNIT_EXPECT_NULL(test, fake_request(ct->fake));
	for (i = 0; i < FAKE_CHANNELS; i++)
		channels[i] = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -EBUSY);
	for (i = 0; i < FAKE_CHANNELS; i++)
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[i]), 0);
	client_settle();
	KUNIT_EXPECT_EQ(test, ct->events[0].event, NETDMA_CHANNEL_ARRIVAL);
	channels[0] = client_must_allocate(ct);
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[0]), 0);
}

/* Its shells live as long as they are held. */
static void client_keeps_a_private_shell(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel_info info;
	struct netdma_channel *channel;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PRIVATE;
	client_open(ct);
	channel = client_must_allocate(ct);
	fake_provider_stop(ct->fake);
	netdma_deregister_provider(ct->fake->provider);
	ct->fake->provider = NULL;
	client_settle();
	netdma_get_channel_info(channel, &info);
	KUNIT_EXPECT_STREQ(test, info.provider, "Fake");
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

/* A driver that is being unloaded gets no more clients, and loses nothing by those who ask. */
static void client_of_leaving_driver(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel *channels[FAKE_CHANNELS];
	struct module *owner, *leaving;
	struct netdma_engine *engine;
	unsigned int i;

	/* Nothing refers to it, and so nothing can any more. */
	leaving = kunit_kzalloc(test, sizeof(*leaving), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, leaving);
	ct->fake->attributes.flags |= NETDMA_PROVIDER_PRIVATE;
	client_open(ct);
	channels[0] = client_must_allocate(ct);
	engine = channels[0]->engine;
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[0]), 0);

	owner = engine->owner;
	engine->owner = leaving;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client_allocate(ct)), -EBUSY);
	engine->owner = owner;
	for (i = 0; i < FAKE_CHANNELS; i++)
		channels[i] = client_must_allocate(ct);
	for (i = 0; i < FAKE_CHANNELS; i++)
		KUNIT_EXPECT_EQ(test, netdma_free_channel(channels[i]), 0);
}

/* For one that takes physical addresses nothing is mapped, the ring included. */
static void client_of_physical_provider(struct kunit *test)
{
	struct client_test *ct = test->priv;
	struct netdma_channel_info info;
	struct netdma_channel *channel;

	ct->fake->attributes.flags |= NETDMA_PROVIDER_PHYSICAL;
	/* An engine whose reach is no matter for the mapping */
	ct->fake->attributes.max_address = DMA_BIT_MASK(40);
	client_open(ct);
	channel = client_must_allocate(ct);
	netdma_get_channel_info(channel, &info);
	KUNIT_EXPECT_NULL(test, info.dev);
	KUNIT_EXPECT_PTR_EQ(test, phys_to_virt(channel->ring.dma), (void *)channel->ring.desc);
	KUNIT_EXPECT_PTR_EQ(test, phys_to_virt(channel->ring.completion_dma),
			    (void *)channel->ring.completion);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(channel->ring.dma, 64));
	KUNIT_EXPECT_EQ(test, netdma_free_channel(channel), 0);
}

static struct kunit_case client_test_cases[] = {
	KUNIT_CASE(client_is_told),
	KUNIT_CASE(client_is_told_once),
	KUNIT_CASE(client_is_told_the_past),
	KUNIT_CASE(client_is_not_told_of_the_dead),
	KUNIT_CASE(client_without_event),
	KUNIT_CASE(client_without_name),
	KUNIT_CASE(client_has_left),
	KUNIT_CASE(client_allocates_on_arrival),
	KUNIT_CASE(client_frees_on_removal),
	KUNIT_CASE(client_is_told_of_power),
	KUNIT_CASE(client_is_not_told_of_repair),
	KUNIT_CASE(client_is_not_told_of_power),
	KUNIT_CASE(client_events_are_not_forged),
	KUNIT_CASE(client_is_told_of_channel),
	KUNIT_CASE(client_is_told_of_dma_chan),
	KUNIT_CASE(client_is_not_told_of_refusal),
	KUNIT_CASE(client_allocates_and_frees),
	KUNIT_CASE(client_channels_are_exclusive),
	KUNIT_CASE(client_channels_are_not_dmaengines),
	KUNIT_CASE(client_channels_change_hands),
	KUNIT_CASE(client_finds_no_provider),
	KUNIT_CASE(client_asks_for_provider),
	KUNIT_CASE(client_goes_on_to_next_provider),
	KUNIT_CASE(client_asks_for_node),
	KUNIT_CASE(client_asks_for_cpu),
	KUNIT_CASE(client_gets_another_cpu),
	KUNIT_CASE(client_gets_near_channel),
	KUNIT_CASE(client_asks_for_nonsense),
	KUNIT_CASE(client_asks_for_priority),
	KUNIT_CASE(client_is_refused),
	KUNIT_CASE(client_frees_twice),
	KUNIT_CASE(client_goes_with_channels),
	KUNIT_CASE(client_without_memory),
	KUNIT_CASE(client_keeps_a_shell),
	KUNIT_CASE(client_gets_new_attributes),
	KUNIT_CASE(client_of_private_provider),
	KUNIT_CASE(client_keeps_a_private_shell),
	KUNIT_CASE(client_of_leaving_driver),
	KUNIT_CASE(client_of_physical_provider),
	{ }
};

static struct kunit_suite client_test_suite = {
	.name = "netdma_client",
	.init = client_test_init,
	.exit = client_test_exit,
	.test_cases = client_test_cases,
};

kunit_test_suite(client_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests of NetDMA clients");
MODULE_LICENSE("GPL");
