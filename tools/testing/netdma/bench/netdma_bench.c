// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_bench: what a copy costs a client of NetDMA
 */
#include <linux/device.h>
#include <linux/netdma.h>

#include "rounds.h"

static struct netdma_client *bench_client;
static struct netdma_provider *bench_provider;
static struct netdma_copy *bench_copies;

/* Told of all providers while the client registers */
static void bench_event(void *context, enum netdma_pnp_event event,
			const struct netdma_provider_info *info)
{
	if (event == NETDMA_PROVIDER_ARRIVAL &&
	    (!*bench_device || !strcmp(dev_name(info->dev), bench_device)))
		WRITE_ONCE(bench_provider, info->provider);
	else if (event == NETDMA_PROVIDER_REMOVAL && info->provider == bench_provider)
		WRITE_ONCE(bench_provider, NULL);
}

static int bench_open(struct bench_channel *bc)
{
	struct netdma_channel_request request = { .node = NUMA_NO_NODE, .cpu = -1 };
	struct netdma_channel_info info;
	struct netdma_channel *channel;

	request.provider = READ_ONCE(bench_provider);
	if (!request.provider)
		return -ENODEV;
	channel = netdma_allocate_channel(bench_client, &request);
	if (IS_ERR(channel))
		return PTR_ERR(channel);

	/* Flushes are the benchmark's own. */
	netdma_get_channel_info(channel, &info);
	netdma_set_max_pending_descriptors(channel, info.capacity);
	bc->chan = channel;
	bc->dev = info.dev;
	if (!bc->dev) {
		netdma_free_channel(channel);
		return -EOPNOTSUPP;
	}
	return 0;
}

static void bench_close(struct bench_channel *bc)
{
	netdma_free_channel(bc->chan);
}

static int bench_submit_polled(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	struct netdma_channel *channel = bc->chan;
	netdma_token_t token = 0;
	unsigned int i;
	u64 start;

	start = ktime_get_ns();
	for (i = 0; i < run->batch; i++) {
		token = netdma_chain_copy_dma(channel, bc->to[i], bc->src_dma, run->size, 0, NULL);
		if (token < 0)
			return token;
	}
	*ns += ktime_get_ns() - start;

	bc->id = token;
	return 0;
}

static unsigned int bench_batch;

static void bench_callback(void *context, netdma_token_t token, enum netdma_copy_status status)
{
	bench_called(context, bench_batch);
}

static int bench_submit_callback(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	struct netdma_callback callback = { .fn = bench_callback, .context = bc };
	struct netdma_channel *channel = bc->chan;
	netdma_token_t token = 0;
	unsigned int i;
	u64 start;

	bench_batch = run->batch;
	start = ktime_get_ns();
	for (i = 0; i < run->batch; i++) {
		token = netdma_chain_copy_dma(channel, bc->to[i], bc->src_dma, run->size, 0,
					      &callback);
		if (token < 0)
			return token;
	}
	*ns += ktime_get_ns() - start;

	bc->id = token;
	return 0;
}

static int bench_submit_batch(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	netdma_token_t token;
	unsigned int i;
	u64 start;

	for (i = 0; i < run->batch; i++) {
		bench_copies[i].dst = bc->to[i];
		bench_copies[i].src = bc->src_dma;
		bench_copies[i].len = run->size;
	}

	start = ktime_get_ns();
	token = netdma_chain_copy_dma_batch(bc->chan, bench_copies, run->batch, 0, NULL);
	*ns += ktime_get_ns() - start;

	bc->id = token;
	return token < 0 ? token : 0;
}

static int bench_submit(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	switch (run->how) {
	case BENCH_CALLBACK:
		return bench_submit_callback(bc, run, ns);
	case BENCH_BATCHED:
		return bench_submit_batch(bc, run, ns);
	default:
		return bench_submit_polled(bc, run, ns);
	}
}

static u64 bench_issue(struct bench_channel *bc)
{
	struct netdma_channel *channel = bc->chan;
	u64 start;

	start = ktime_get_ns();
	netdma_flush(channel);
	return ktime_get_ns() - start;
}

static int bench_reap_last(struct bench_channel *bc, u64 *ns)
{
	struct netdma_channel *channel = bc->chan;
	netdma_token_t token = bc->id;
	int complete;
	u64 start;

	start = ktime_get_ns();
	complete = netdma_is_copy_complete(channel, token);
	*ns += ktime_get_ns() - start;

	if (complete < 0)
		return complete;
	return complete ? 0 : -EINPROGRESS;
}

static const struct bench_interface bench_interface = {
	.hows = BIT(BENCH_POLLED) | BIT(BENCH_CALLBACK) | BIT(BENCH_BATCHED) |
		BIT(BENCH_PARALLEL),
	.open = bench_open,
	.close = bench_close,
	.submit = bench_submit,
	.issue = bench_issue,
	.reap = bench_reap_last,
};

static int __init netdma_bench_init(void)
{
	int err;

	bench_copies = kvmalloc_array(BENCH_BATCH, sizeof(*bench_copies), GFP_KERNEL);
	if (!bench_copies)
		return -ENOMEM;

	bench_client = netdma_register_client(KBUILD_MODNAME, bench_event, NULL);
	if (IS_ERR(bench_client)) {
		err = PTR_ERR(bench_client);
		goto err_free;
	}
	err = bench_open_all();
	if (err)
		goto err_deregister;
	return 0;

err_deregister:
	netdma_deregister_client(bench_client);
err_free:
	kvfree(bench_copies);
	return err;
}
module_init(netdma_bench_init);

static void __exit netdma_bench_exit(void)
{
	bench_close_all();
	netdma_deregister_client(bench_client);
	kvfree(bench_copies);
}
module_exit(netdma_bench_exit);

MODULE_DESCRIPTION("What a copy costs a client of NetDMA");
MODULE_LICENSE("GPL");
