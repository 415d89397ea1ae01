// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: the least that a client does to have memory copied
 *
 * Client and channel come from netdma_register_client() and
 * netdma_allocate_channel(): see nt_init() in main.c and nt_open() in test.c.
 */
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "netdma_test.h"

#define NT_SAMPLE_SIZE		1000
#define NT_SAMPLE_TIMEOUT	msecs_to_jiffies(10000)

struct nt_sample {
	struct completion complete;
	enum netdma_copy_status status;
};

/* Softirq: no sleep here */
static void nt_sample_callback(void *context, netdma_token_t token,
			       enum netdma_copy_status status)
{
	struct nt_sample *sample = context;

	sample->status = status;
	complete(&sample->complete);
}

/* Copy, and wait: @dst and @src are addresses for the device. */
static int nt_sample_copy(struct netdma_channel *channel, dma_addr_t dst, dma_addr_t src,
			  size_t len)
{
	struct nt_sample sample = {
		.complete = COMPLETION_INITIALIZER_ONSTACK(sample.complete),
	};
	struct netdma_callback callback = { .fn = nt_sample_callback, .context = &sample };
	netdma_token_t token;

	token = netdma_chain_copy_dma(channel, dst, src, len, NETDMA_COPY_FLUSH, &callback);
	if (token < 0)
		return token;

	if (!wait_for_completion_timeout(&sample.complete, NT_SAMPLE_TIMEOUT)) {
		/* The callback must not find the stack gone; after a reset none comes. */
		netdma_reset(channel);
		return -ETIMEDOUT;
	}
	return sample.status == NETDMA_COPY_DONE ? 0 : -EIO;
}

/* Map two buffers for the device, copy one to the other, and give them back. */
static int nt_sample_mapped(struct netdma_channel *channel, void *dst, void *src, size_t len)
{
	struct netdma_channel_info info;
	dma_addr_t dst_dma, src_dma;
	int err;

	netdma_get_channel_info(channel, &info);
	if (!info.dev)		/* it takes physical addresses */
		return nt_sample_copy(channel, virt_to_phys(dst), virt_to_phys(src), len);

	src_dma = dma_map_single(info.dev, src, len, DMA_TO_DEVICE);
	if (dma_mapping_error(info.dev, src_dma))
		return -ENOMEM;
	dst_dma = dma_map_single(info.dev, dst, len, DMA_FROM_DEVICE);
	if (dma_mapping_error(info.dev, dst_dma)) {
		err = -ENOMEM;
		goto unmap_src;
	}

	err = nt_sample_copy(channel, dst_dma, src_dma, len);

	dma_unmap_single(info.dev, dst_dma, len, DMA_FROM_DEVICE);
unmap_src:
	dma_unmap_single(info.dev, src_dma, len, DMA_TO_DEVICE);
	return err;
}

/**
 * nt_sample() - copy one buffer to another, and compare
 * @channel: a channel of this client
 *
 * Return: 0, -EILSEQ if the data are not the same, or another errno.
 */
int nt_sample(struct netdma_channel *channel)
{
	u8 *dst, *src;
	int err;

	src = kmalloc(NT_SAMPLE_SIZE, GFP_KERNEL);
	dst = kzalloc(NT_SAMPLE_SIZE, GFP_KERNEL);
	if (!src || !dst) {
		err = -ENOMEM;
		goto free;
	}
	memset(src, 0xa5, NT_SAMPLE_SIZE);

	err = nt_sample_mapped(channel, dst, src, NT_SAMPLE_SIZE);
	if (!err && memcmp(dst, src, NT_SAMPLE_SIZE))
		err = -EILSEQ;
free:
	kfree(dst);
	kfree(src);
	return err;
}
