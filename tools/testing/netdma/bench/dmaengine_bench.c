// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmaengine_bench: what a copy costs a client of dmaengine, with any provider
 */
#include <linux/device.h>
#include <linux/dmaengine.h>

#include "rounds.h"

static bool bench_filter(struct dma_chan *chan, void *unused)
{
	return !*bench_device || !strcmp(dev_name(chan->device->dev), bench_device);
}

static int bench_open(struct bench_channel *bc)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_channel(mask, bench_filter, NULL);
	if (!chan)
		return -ENODEV;
	bc->chan = chan;
	bc->dev = dmaengine_get_dma_device(chan);
	return 0;
}

static void bench_close(struct bench_channel *bc)
{
	dma_release_channel(bc->chan);
}

static int bench_submit_polled(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	struct dma_async_tx_descriptor *txd;
	struct dma_chan *chan = bc->chan;
	dma_cookie_t cookie = 0;
	unsigned int i;
	u64 start;

	start = ktime_get_ns();
	for (i = 0; i < run->batch; i++) {
		txd = chan->device->device_prep_dma_memcpy(chan, bc->to[i], bc->src_dma,
							   run->size, DMA_CTRL_ACK);
		if (!txd)
			return -EBUSY;
		cookie = dmaengine_submit(txd);
	}
	*ns += ktime_get_ns() - start;

	bc->id = cookie;
	return dma_submit_error(cookie) ? -EIO : 0;
}

static unsigned int bench_batch;

static void bench_callback(void *param)
{
	bench_called(param, bench_batch);
}

/* The last copy interrupts. */
static int bench_submit_callback(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	struct dma_async_tx_descriptor *txd;
	struct dma_chan *chan = bc->chan;
	unsigned long flags = DMA_CTRL_ACK;
	dma_cookie_t cookie = 0;
	unsigned int i;
	u64 start;

	bench_batch = run->batch;
	start = ktime_get_ns();
	for (i = 0; i < run->batch; i++) {
		if (i + 1 == run->batch)
			flags |= DMA_PREP_INTERRUPT;
		txd = chan->device->device_prep_dma_memcpy(chan, bc->to[i], bc->src_dma,
							   run->size, flags);
		if (!txd)
			return -EBUSY;
		txd->callback = bench_callback;
		txd->callback_param = bc;
		cookie = dmaengine_submit(txd);
	}
	*ns += ktime_get_ns() - start;

	bc->id = cookie;
	return dma_submit_error(cookie) ? -EIO : 0;
}

static int bench_submit(struct bench_channel *bc, const struct bench_run *run, u64 *ns)
{
	if (run->how == BENCH_CALLBACK)
		return bench_submit_callback(bc, run, ns);
	return bench_submit_polled(bc, run, ns);
}

static u64 bench_issue(struct bench_channel *bc)
{
	struct dma_chan *chan = bc->chan;
	u64 start;

	start = ktime_get_ns();
	dma_async_issue_pending(chan);
	return ktime_get_ns() - start;
}

static int bench_reap_last(struct bench_channel *bc, u64 *ns)
{
	struct dma_chan *chan = bc->chan;
	dma_cookie_t cookie = bc->id;
	enum dma_status status;
	u64 start;

	start = ktime_get_ns();
	status = dma_async_is_tx_complete(chan, cookie, NULL, NULL);
	*ns += ktime_get_ns() - start;

	switch (status) {
	case DMA_COMPLETE:
		return 0;
	case DMA_IN_PROGRESS:
		return -EINPROGRESS;
	default:
		return -EIO;
	}
}

static const struct bench_interface bench_interface = {
	.hows = BIT(BENCH_POLLED) | BIT(BENCH_CALLBACK) | BIT(BENCH_PARALLEL),
	.open = bench_open,
	.close = bench_close,
	.submit = bench_submit,
	.issue = bench_issue,
	.reap = bench_reap_last,
};

static int __init dmaengine_bench_init(void)
{
	return bench_open_all();
}
module_init(dmaengine_bench_init);

static void __exit dmaengine_bench_exit(void)
{
	bench_close_all();
}
module_exit(dmaengine_bench_exit);

MODULE_DESCRIPTION("What a copy costs a client of dmaengine");
MODULE_LICENSE("GPL");
