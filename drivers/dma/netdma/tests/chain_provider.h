/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A provider of NetDMA 1.x
 *
 * Its engine follows terminated chains by itself, as the one did that they were
 * made for: it stops at a link of 0, and reads that link again when it is told of
 * more (R-APP-3).
 */
#ifndef _NETDMA_CHAIN_PROVIDER_H
#define _NETDMA_CHAIN_PROVIDER_H

#include <linux/netdma.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#define CHAIN_CHANNELS		2
#define CHAIN_MAX_TRANSFER	SZ_64K

enum chain_state {
	CHAIN_FREE,
	CHAIN_READY,
	CHAIN_RUNNING,		/* or drained, if there is no next descriptor */
	CHAIN_SUSPENDED,
	CHAIN_HALTED,
};

/**
 * struct chain_channel - a channel
 * @lock: the right to execute, and guards all that follows
 * @work: the engine
 * @channel: NetDMA's
 * @completion: the completion word
 * @state: what it is doing
 * @failure: why it is halted
 * @next: address of the next descriptor, 0 at the end of the list
 * @last: address of the last one executed
 * @interrupt: NetDMA is to be told
 */
struct chain_channel {
	spinlock_t lock;	/* see above */
	struct work_struct work;
	struct netdma_channel __rcu *channel;
	__le64 *completion;
	enum chain_state state;
	enum netdma_failure failure;
	u64 next;
	u64 last;
	bool interrupt;
};

/**
 * struct chain_provider - the provider
 * @channels: its channels
 */
struct chain_provider {
	struct chain_channel channels[CHAIN_CHANNELS];
};

/* All but the device */
extern const struct netdma_provider_characteristics chain_characteristics;
extern const struct netdma_provider_attributes chain_attributes;

void chain_provider_init(struct chain_provider *chain);
void chain_provider_exit(struct chain_provider *chain);

#endif /* _NETDMA_CHAIN_PROVIDER_H */
