/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA provider without an engine: the CPU copies
 */
#ifndef _NETDMA_SOFT_H
#define _NETDMA_SOFT_H

#include <linux/netdma.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct soft;

#define SOFT_MAX_CHANNELS	64
#define SOFT_MAX_TRANSFER	SZ_64K

/**
 * enum soft_state - what a channel is doing
 * @SOFT_READY: allocated or reset
 * @SOFT_RUNNING: has a list, which may be drained
 * @SOFT_SUSPENDED: stopped on a descriptor boundary
 * @SOFT_HALTED: stopped by an abort or an error
 */
enum soft_state {
	SOFT_READY,
	SOFT_RUNNING,
	SOFT_SUSPENDED,
	SOFT_HALTED,
};

/**
 * struct soft_channel - a channel
 * @soft: the provider
 * @cpu: near which it works
 * @work: executes the list
 * @lock: the right to execute, and guards all that follows. Interrupts are off
 *	while it is held, for a piece of a descriptor; a suspension holds it to
 *	the end of the descriptor.
 * @channel: NetDMA's, or NULL
 * @completion: the completion word
 * @state: what it is doing
 * @failure: why it is halted
 * @next: address of the descriptor in hand, or of the next one
 * @left: descriptors to execute
 * @last: address of the last descriptor executed, 0 for none
 * @busy: a descriptor is in hand
 * @desc: that descriptor
 * @done: bytes of it that are done with
 * @interrupt: NetDMA is to be told
 * @interrupt_last: what: the address of a descriptor, or 0 for an error
 */
struct soft_channel {
	struct soft *soft;
	unsigned int cpu;
	struct work_struct work;
	spinlock_t lock;	/* see above */
	struct netdma_channel __rcu *channel;
	__le64 *completion;
	enum soft_state state;
	enum netdma_failure failure;
	u64 next;
	u32 left;
	u64 last;
	bool busy;
	struct netdma_descriptor desc;
	u32 done;
	bool interrupt;
	u64 interrupt_last;
};

/**
 * struct soft - the provider
 * @wq: where channels work
 * @provider: NetDMA's
 * @allocated: a bit for each channel
 * @num_channels: channels present
 * @channels: the channels
 */
struct soft {
	struct workqueue_struct *wq;
	struct netdma_provider *provider;
	DECLARE_BITMAP(allocated, SOFT_MAX_CHANNELS);
	unsigned int num_channels;
	struct soft_channel channels[];
};

/* channel.c */
void soft_channel_init(struct soft *soft, struct soft_channel *sc);
bool soft_step(struct soft_channel *sc);
int soft_allocate_channel(void *provider, struct netdma_channel_parameters *parameters,
			  struct netdma_channel *channel, void **context);
void soft_free_channel(void *context);
int soft_start(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
	       u32 count);
int soft_append(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		u32 count);
int soft_suspend(void *context, dma_addr_t *last);
int soft_resume(void *context, struct netdma_descriptor *next, dma_addr_t next_dma,
		u32 count);
int soft_abort(void *context);
int soft_reset_channel(void *context);
enum netdma_failure soft_halt_reason(void *context);

#endif /* _NETDMA_SOFT_H */
