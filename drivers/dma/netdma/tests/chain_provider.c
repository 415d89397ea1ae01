// SPDX-License-Identifier: GPL-2.0-only
/*
 * A provider of NetDMA 1.x, see chain_provider.h
 */
#include <linux/bitfield.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/string.h>

#include "chain_provider.h"

static void chain_report(struct chain_channel *cc, enum netdma_transfer_status status)
{
	/* After the data that it speaks for */
	smp_store_release(cc->completion, cpu_to_le64(cc->last | status));
}

static void *chain_memory(u64 addr)
{
	return pfn_valid(PHYS_PFN(addr)) ? phys_to_virt(addr) : NULL;
}

/* Execute a descriptor. What is wrong with it? */
static enum netdma_failure chain_execute(struct chain_channel *cc)
{
	struct netdma_descriptor *desc = chain_memory(cc->next);
	u32 control, size;
	void *src, *dst;

	if (!desc)
		return NETDMA_FAILURE_READ;
	control = le32_to_cpu(desc->control);
	size = le32_to_cpu(desc->size);
	/* Fills and page breaks came with 2.0. */
	if (control & GENMASK(31, 6) || size > CHAIN_MAX_TRANSFER)
		return NETDMA_FAILURE_OTHER;

	if (size && !(control & NETDMA_DESC_NULL)) {
		src = chain_memory(le64_to_cpu(desc->src));
		if (!src)
			return NETDMA_FAILURE_READ;
		dst = chain_memory(le64_to_cpu(desc->dst));
		if (!dst)
			return NETDMA_FAILURE_WRITE;
		memcpy(dst, src, size);
	}

	cc->last = cc->next;
	/* The link when the rest is done: it may be replaced until then (R-APP-2). */
	cc->next = le64_to_cpu(READ_ONCE(desc->next));
	if (control & NETDMA_DESC_STATUS)
		chain_report(cc, cc->next ? NETDMA_STATUS_ACTIVE : NETDMA_STATUS_IDLE);
	cc->interrupt = control & NETDMA_DESC_INTERRUPT;
	return NETDMA_FAILURE_NONE;
}

/* Returns whether there was something to do. */
static bool chain_step(struct chain_channel *cc)
{
	struct netdma_channel *channel = NULL;
	unsigned long flags;
	unsigned int cpu;
	bool busy;
	u64 last;

	local_bh_disable();
	rcu_read_lock();
	spin_lock_irqsave(&cc->lock, flags);
	busy = cc->state == CHAIN_RUNNING && cc->next;
	if (busy) {
		cc->failure = chain_execute(cc);
		if (cc->failure) {
			cc->state = CHAIN_HALTED;
			cc->interrupt = true;
			chain_report(cc, NETDMA_STATUS_HALTED);
		}
	}
	if (cc->interrupt)
		channel = rcu_dereference(cc->channel);
	last = cc->failure ? 0 : cc->last;
	cc->interrupt = false;
	spin_unlock_irqrestore(&cc->lock, flags);

	if (channel) {
		local_irq_save(flags);
		netdma_isr(channel, last, &cpu);
		local_irq_restore(flags);
		netdma_interrupt_dpc(channel, last);
	}
	rcu_read_unlock();
	local_bh_enable();

	return busy;
}

static void chain_work(struct work_struct *work)
{
	struct chain_channel *cc = container_of(work, struct chain_channel, work);

	while (chain_step(cc))
		cond_resched();
}

/* --- callbacks ------------------------------------------------------------ */

static int chain_allocate(void *provider, struct netdma_channel_parameters *parameters,
			  struct netdma_channel *channel, void **context)
{
	struct chain_provider *chain = provider;
	struct chain_channel *cc;
	unsigned int i;

	for (i = 0; i < CHAIN_CHANNELS; i++) {
		cc = &chain->channels[i];
		if (cc->state == CHAIN_FREE &&
		    (parameters->channel == i || parameters->channel == NETDMA_CHANNEL_ANY))
			break;
	}
	if (i == CHAIN_CHANNELS)
		return -EBUSY;

	cc->completion = parameters->completion;
	cc->state = CHAIN_READY;
	cc->failure = NETDMA_FAILURE_NONE;
	cc->next = 0;
	cc->last = 0;
	cc->interrupt = false;
	rcu_assign_pointer(cc->channel, channel);
	parameters->cpu = cpumask_first(parameters->affinity);
	*context = cc;
	return 0;
}

static void chain_free(void *context)
{
	struct chain_channel *cc = context;
	unsigned long flags;

	spin_lock_irqsave(&cc->lock, flags);
	RCU_INIT_POINTER(cc->channel, NULL);
	cc->state = CHAIN_FREE;
	spin_unlock_irqrestore(&cc->lock, flags);
}

/* R-CH1-2: the count says nothing but that there is something. */
static int chain_start(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		       u32 count)
{
	struct chain_channel *cc = context;
	unsigned long flags;
	int err = 0;

	if (!count || !IS_ALIGNED(first_dma, sizeof(*first)))
		return -EINVAL;

	spin_lock_irqsave(&cc->lock, flags);
	if (cc->state == CHAIN_SUSPENDED) {
		err = -EBUSY;
	} else {
		cc->state = CHAIN_RUNNING;
		cc->failure = NETDMA_FAILURE_NONE;
		cc->next = first_dma;
		cc->last = 0;
	}
	spin_unlock_irqrestore(&cc->lock, flags);
	schedule_work(&cc->work);
	return err;
}

static int chain_append(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
			u32 count)
{
	struct chain_channel *cc = context;
	struct netdma_descriptor *tail;
	unsigned long flags;
	int err = 0;

	if (!count || !IS_ALIGNED(first_dma, sizeof(*first)))
		return -EINVAL;

	spin_lock_irqsave(&cc->lock, flags);
	if (cc->state != CHAIN_RUNNING && cc->state != CHAIN_SUSPENDED) {
		err = -EINVAL;
	} else if (!cc->next) {
		/* R-APP-3: it stands at the tail, which leads on by now. */
		tail = chain_memory(cc->last);
		cc->next = le64_to_cpu(READ_ONCE(tail->next));
	}
	spin_unlock_irqrestore(&cc->lock, flags);
	schedule_work(&cc->work);
	return err;
}

static int chain_suspend(void *context, dma_addr_t *last)
{
	struct chain_channel *cc = context;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&cc->lock, flags);
	if (cc->state == CHAIN_RUNNING) {
		cc->state = CHAIN_SUSPENDED;
		chain_report(cc, NETDMA_STATUS_SUSPENDED);
	}
	if (cc->failure)
		err = -EIO;
	else
		*last = cc->last;
	spin_unlock_irqrestore(&cc->lock, flags);
	return err;
}

static int chain_resume(void *context, struct netdma_descriptor *next, dma_addr_t next_dma,
			u32 count)
{
	struct chain_channel *cc = context;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&cc->lock, flags);
	if (cc->state == CHAIN_SUSPENDED) {
		cc->state = CHAIN_RUNNING;
		cc->next = count ? next_dma : 0;
	} else {
		err = -EINVAL;
	}
	spin_unlock_irqrestore(&cc->lock, flags);
	schedule_work(&cc->work);
	return err;
}

static int chain_stop(struct chain_channel *cc, enum chain_state state)
{
	unsigned long flags;

	spin_lock_irqsave(&cc->lock, flags);
	chain_report(cc, NETDMA_STATUS_HALTED);
	cc->state = state;
	cc->failure = NETDMA_FAILURE_NONE;
	cc->next = 0;
	cc->last = 0;
	cc->interrupt = false;
	spin_unlock_irqrestore(&cc->lock, flags);
	return 0;
}

static int chain_abort(void *context)
{
	return chain_stop(context, CHAIN_HALTED);
}

static int chain_reset(void *context)
{
	return chain_stop(context, CHAIN_READY);
}

static enum netdma_failure chain_halt_reason(void *context)
{
	struct chain_channel *cc = context;

	return READ_ONCE(cc->failure);
}

const struct netdma_provider_characteristics chain_characteristics = {
	.major_version = 1,
	.minor_version = 1,
	.name = "Terminated chains",
	.max_channels = CHAIN_CHANNELS,
	.allocate_channel = chain_allocate,
	.free_channel = chain_free,
	.start = chain_start,
	.append = chain_append,
	.suspend = chain_suspend,
	.resume = chain_resume,
	.abort = chain_abort,
	.reset_channel = chain_reset,
	.halt_reason = chain_halt_reason,
};

const struct netdma_provider_attributes chain_attributes = {
	.flags = NETDMA_PROVIDER_PHYSICAL,
	.channels = CHAIN_CHANNELS,
	.max_transfer = CHAIN_MAX_TRANSFER,
	.max_address = U64_MAX,
};

/**
 * chain_provider_init() - initialise a provider
 * @chain: the provider
 */
void chain_provider_init(struct chain_provider *chain)
{
	unsigned int i;

	memset(chain, 0, sizeof(*chain));
	for (i = 0; i < CHAIN_CHANNELS; i++) {
		spin_lock_init(&chain->channels[i].lock);
		INIT_WORK(&chain->channels[i].work, chain_work);
	}
}

/**
 * chain_provider_exit() - wait until a provider works no more
 * @chain: the provider, with all channels free
 */
void chain_provider_exit(struct chain_provider *chain)
{
	unsigned int i;

	for (i = 0; i < CHAIN_CHANNELS; i++)
		cancel_work_sync(&chain->channels[i].work);
}
