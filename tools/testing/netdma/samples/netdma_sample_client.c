// SPDX-License-Identifier: GPL-2.0-only
/* A NetDMA client, which has a page copied when it is loaded */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/netdma.h>
#include <linux/slab.h>
#include <linux/string.h>

static int sample_copy(struct netdma_channel *channel, void *dst, const void *src)
{
	netdma_token_t token;
	int complete = 0;

	token = netdma_chain_copy_virt(channel, dst, src, PAGE_SIZE, NETDMA_COPY_FLUSH, NULL);
	if (token < 0)
		return token;
	while (!complete) {		/* 1 if it is, or a negative errno */
		usleep_range(10, 100);
		complete = netdma_is_copy_complete(channel, token);
	}
	return complete < 0 ? complete : memcmp(dst, src, PAGE_SIZE) ? -EILSEQ : 0;
}

static int __init sample_init(void)
{
	struct netdma_client *client = netdma_register_client("sample", NULL, NULL);
	u8 *pages = kzalloc(2 * PAGE_SIZE, GFP_KERNEL);
	struct netdma_channel *channel;
	int err = -ENOMEM;

	if (pages && !IS_ERR(client)) {
		memset(pages, 0xa5, PAGE_SIZE);
		channel = netdma_allocate_channel(client, NULL);
		err = PTR_ERR_OR_ZERO(channel);
		if (!err) {
			err = sample_copy(channel, pages + PAGE_SIZE, pages);
			netdma_free_channel(channel);
		}
	}
	if (!IS_ERR(client))
		netdma_deregister_client(client);
	kfree(pages);
	pr_info("netdma_sample_client: %s (%d)\n", err ? "failed" : "copied", err);
	return err;
}
module_init(sample_init);

static void __exit sample_exit(void)
{
}
module_exit(sample_exit);

MODULE_DESCRIPTION("A NetDMA client to learn from");
MODULE_LICENSE("GPL");
