// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider without an engine: channels
 *
 * Lists are followed by address, as hardware does it. A descriptor is executed in
 * pieces of a page at most, each under the channel's lock, and all that is known
 * about it is in the channel. So whoever stops the channel, in whatever context,
 * waits for a piece at most, and finishes the descriptor himself if he has to.
 */
#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/interrupt.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/pfn.h>
#include <linux/string.h>

#include "soft.h"

#define SOFT_PIECE	SZ_4K
/* What a page break breaks (R-DESC-3) */
#define SOFT_BREAK	SZ_4K

/*
 * What NetDMA keeps zero. The hint for direct cache access is ignored where there
 * is none (R-DCA-4).
 */
#define SOFT_RESERVED	(GENMASK(23, 8) & ~BIT(9))

/* --- execution ------------------------------------------------------------ */

static void soft_report(struct soft_channel *sc, enum netdma_transfer_status status)
{
	/* After the data that it speaks for; pairs with whoever looks at the word */
	smp_store_release(sc->completion, cpu_to_le64(sc->last | status));
}

static bool soft_fail(struct soft_channel *sc, enum netdma_failure failure)
{
	sc->state = SOFT_HALTED;
	sc->failure = failure;
	sc->left = 0;
	sc->busy = false;
	sc->interrupt = true;
	sc->interrupt_last = 0;
	soft_report(sc, NETDMA_STATUS_HALTED);
	return false;
}

/* Where an address can be accessed, up to the end of its page; NULL if it is not RAM */
static void *soft_map(u64 addr)
{
	struct page *page = pfn_to_online_page(PHYS_PFN(addr));

	return page ? kmap_local_page(page) + offset_in_page(addr) : NULL;
}

static bool soft_is_valid(const struct netdma_descriptor *desc)
{
	u32 control = le32_to_cpu(desc->control);

	if (FIELD_GET(NETDMA_DESC_OP, control) > NETDMA_OP_FILL || control & SOFT_RESERVED)
		return false;
	if (control & NETDMA_DESC_NULL)
		return true;
	if (control & NETDMA_DESC_SRC_BREAK &&
	    !IS_ALIGNED(le64_to_cpu(desc->next_src), SOFT_BREAK))
		return false;
	if (control & NETDMA_DESC_DST_BREAK &&
	    !IS_ALIGNED(le64_to_cpu(desc->next_dst), SOFT_BREAK))
		return false;
	return le32_to_cpu(desc->size) <= SOFT_MAX_TRANSFER;
}

static bool soft_fetch(struct soft_channel *sc)
{
	struct netdma_descriptor *desc;

	if (!IS_ALIGNED(sc->next, sizeof(*desc)))
		return soft_fail(sc, NETDMA_FAILURE_OTHER);
	desc = soft_map(sc->next);
	if (!desc)
		return soft_fail(sc, NETDMA_FAILURE_READ);
	sc->desc = *desc;
	kunmap_local(desc);

	if (!soft_is_valid(&sc->desc))
		return soft_fail(sc, NETDMA_FAILURE_OTHER);
	/* Addresses may be anything then: do not look at them. */
	if (sc->desc.control & cpu_to_le32(NETDMA_DESC_NULL))
		sc->desc.size = 0;
	sc->done = 0;
	sc->busy = true;
	return true;
}

/*
 * Where the next byte of a buffer is, which may go on at @second after the end of
 * its first page (R-PB-2); limits *@len to what is within a page from there.
 */
static u64 soft_locate(const struct soft_channel *sc, __le64 first, __le64 second,
		       u32 broken, u32 *len)
{
	u64 addr = le64_to_cpu(first);
	u32 head = SOFT_BREAK - addr % SOFT_BREAK;

	addr += sc->done;
	if (sc->desc.control & cpu_to_le32(broken)) {
		if (sc->done < head)
			*len = min(*len, head - sc->done);
		else
			addr = le64_to_cpu(second) + sc->done - head;
	}
	*len = min_t(u32, *len, PAGE_SIZE - offset_in_page(addr));
	return addr;
}

static bool soft_copy_piece(struct soft_channel *sc, u64 dst_addr, u64 src_addr, u32 len)
{
	void *dst, *src;

	src = soft_map(src_addr);
	if (!src)
		return soft_fail(sc, NETDMA_FAILURE_READ);
	dst = soft_map(dst_addr);
	if (!dst) {
		kunmap_local(src);
		return soft_fail(sc, NETDMA_FAILURE_WRITE);
	}
	memcpy(dst, src, len);
	kunmap_local(dst);
	kunmap_local(src);
	return true;
}

static bool soft_fill_piece(struct soft_channel *sc, u64 dst_addr, u32 len)
{
	__le64 pattern = cpu_to_le64(ror64(le64_to_cpu(sc->desc.src), 8 * (sc->done % 8)));
	u32 i;
	u8 *dst;

	dst = soft_map(dst_addr);
	if (!dst)
		return soft_fail(sc, NETDMA_FAILURE_WRITE);
	for (i = 0; i < len; i += sizeof(pattern))
		memcpy(dst + i, &pattern, min_t(u32, sizeof(pattern), len - i));
	kunmap_local(dst);
	return true;
}

/* Move a piece of the descriptor in hand. */
static bool soft_move(struct soft_channel *sc)
{
	const struct netdma_descriptor *desc = &sc->desc;
	u32 len = min_t(u32, le32_to_cpu(desc->size) - sc->done, SOFT_PIECE);
	u64 dst, src;
	bool moved;

	dst = soft_locate(sc, desc->dst, desc->next_dst, NETDMA_DESC_DST_BREAK, &len);
	if (le32_get_bits(desc->control, NETDMA_DESC_OP) == NETDMA_OP_FILL) {
		moved = soft_fill_piece(sc, dst, len);
	} else {
		src = soft_locate(sc, desc->src, desc->next_src, NETDMA_DESC_SRC_BREAK, &len);
		moved = soft_copy_piece(sc, dst, src, len);
	}
	sc->done += len;
	return moved;
}

/* The descriptor in hand is done with. */
static void soft_retire(struct soft_channel *sc)
{
	u32 control = le32_to_cpu(sc->desc.control);

	sc->busy = false;
	sc->last = sc->next;
	sc->next = le64_to_cpu(sc->desc.next);
	sc->left--;
	if (control & NETDMA_DESC_STATUS)
		soft_report(sc, sc->left ? NETDMA_STATUS_ACTIVE : NETDMA_STATUS_IDLE);
	if (control & NETDMA_DESC_INTERRUPT) {
		sc->interrupt = true;
		sc->interrupt_last = sc->last;
	}
}

/* Execute a piece of a descriptor, which may be the last of it. */
static void soft_execute(struct soft_channel *sc)
{
	if (!sc->busy && !soft_fetch(sc))
		return;
	if (sc->done < le32_to_cpu(sc->desc.size) && !soft_move(sc))
		return;
	if (sc->done >= le32_to_cpu(sc->desc.size))
		soft_retire(sc);
}

/* Execute the descriptor in hand to its end, or to its failure. */
static void soft_finish(struct soft_channel *sc)
{
	while (sc->busy)
		soft_execute(sc);
}

/**
 * soft_step() - execute a piece of what there is, and tell NetDMA of it
 * @sc: the channel
 *
 * Context: May be preempted.
 * Return: whether there is more to execute.
 */
bool soft_step(struct soft_channel *sc)
{
	struct netdma_channel *channel = NULL;
	unsigned long flags;
	unsigned int cpu;
	u64 last;
	bool more;

	local_bh_disable();
	rcu_read_lock();
	spin_lock_irqsave(&sc->lock, flags);
	if (sc->state == SOFT_RUNNING && sc->left)
		soft_execute(sc);
	more = sc->state == SOFT_RUNNING && sc->left;
	if (sc->interrupt)
		channel = rcu_dereference(sc->channel);
	last = sc->interrupt_last;
	sc->interrupt = false;
	spin_unlock_irqrestore(&sc->lock, flags);

	if (channel) {
		local_irq_save(flags);
		netdma_isr(channel, last, &cpu);
		local_irq_restore(flags);
		/* The answer is this CPU (R-ISR-2). */
		netdma_interrupt_dpc(channel, last);
	}
	rcu_read_unlock();
	local_bh_enable();

	return more;
}

static void soft_work(struct work_struct *work)
{
	struct soft_channel *sc = container_of(work, struct soft_channel, work);

	while (soft_step(sc))
		cond_resched();
}

/* After the lock was held: there is something to execute, or to be told. */
static void soft_kick(struct soft_channel *sc)
{
	queue_work_on(sc->cpu, sc->soft->wq, &sc->work);
}

/**
 * soft_channel_init() - initialise a channel that is not allocated
 * @soft: the provider
 * @sc: the channel
 */
void soft_channel_init(struct soft *soft, struct soft_channel *sc)
{
	sc->soft = soft;
	spin_lock_init(&sc->lock);
	INIT_WORK(&sc->work, soft_work);
}

/* --- callbacks ------------------------------------------------------------ */

static struct soft_channel *soft_take_channel(struct soft *soft, u32 wanted)
{
	unsigned int i;

	for (i = 0; i < soft->num_channels; i++)
		if ((wanted == i || wanted == NETDMA_CHANNEL_ANY) &&
		    !test_and_set_bit(i, soft->allocated))
			return &soft->channels[i];
	return NULL;
}

/**
 * soft_allocate_channel() - take a free channel into use
 * @provider: the provider
 * @parameters: which channel, and its completion word
 * @channel: NetDMA's channel
 * @context: where the channel is stored
 *
 * Any channel can work near any CPU (R-ALLOC-3).
 *
 * Context: Any.
 * Return: 0; -EBUSY if no such channel is free.
 */
int soft_allocate_channel(void *provider, struct netdma_channel_parameters *parameters,
			  struct netdma_channel *channel, void **context)
{
	struct soft *soft = provider;
	struct soft_channel *sc;
	unsigned long flags;
	unsigned int cpu;

	sc = soft_take_channel(soft, parameters->channel);
	if (!sc)
		return -EBUSY;

	cpu = cpumask_any_and(parameters->affinity, cpu_online_mask);
	if (cpu >= nr_cpu_ids)
		cpu = cpumask_any(cpu_online_mask);
	parameters->cpu = cpu;

	spin_lock_irqsave(&sc->lock, flags);
	sc->cpu = cpu;
	sc->completion = parameters->completion;
	sc->state = SOFT_READY;
	sc->failure = NETDMA_FAILURE_NONE;
	sc->left = 0;
	sc->last = 0;
	sc->busy = false;
	sc->interrupt = false;
	rcu_assign_pointer(sc->channel, channel);
	spin_unlock_irqrestore(&sc->lock, flags);

	*context = sc;
	return 0;
}

/**
 * soft_free_channel() - a channel is used no more
 * @context: the channel, with nothing outstanding (R-FREE-1)
 *
 * Context: Any.
 */
void soft_free_channel(void *context)
{
	struct soft_channel *sc = context;
	struct soft *soft = sc->soft;
	unsigned long flags;

	spin_lock_irqsave(&sc->lock, flags);
	RCU_INIT_POINTER(sc->channel, NULL);
	sc->state = SOFT_READY;
	spin_unlock_irqrestore(&sc->lock, flags);
	clear_bit_unlock(sc - soft->channels, soft->allocated);
}

/**
 * soft_start() - run a list
 * @context: the channel
 * @first: its first descriptor
 * @first_dma: its address
 * @count: number of descriptors
 *
 * Of a list that is running, the current descriptor is finished here (R-START-3).
 *
 * Context: Any.
 * Return: 0; -EINVAL for a list that cannot be; -EBUSY while suspended; -EIO if the
 * current descriptor of the old list has failed.
 */
int soft_start(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
	       u32 count)
{
	struct soft_channel *sc = context;
	unsigned long flags;
	int err = 0;

	if (!count || !IS_ALIGNED(first_dma, sizeof(*first)))
		return -EINVAL;

	spin_lock_irqsave(&sc->lock, flags);
	if (sc->state == SOFT_SUSPENDED) {
		err = -EBUSY;
	} else if (sc->busy) {
		soft_finish(sc);
		if (sc->state == SOFT_HALTED)
			err = -EIO;
	}
	if (!err) {
		sc->state = SOFT_RUNNING;
		sc->failure = NETDMA_FAILURE_NONE;
		sc->next = first_dma;
		sc->left = count;
		sc->last = 0;
		soft_report(sc, NETDMA_STATUS_ARMED);
	}
	spin_unlock_irqrestore(&sc->lock, flags);

	soft_kick(sc);
	return err;
}

/**
 * soft_append() - run more of the list (R-APP-4)
 * @context: the channel, started
 * @first: first of the additional descriptors
 * @first_dma: its address
 * @count: how many
 *
 * Context: Any.
 * Return: 0; -EINVAL for a list that cannot be, and if there is none to append to.
 */
int soft_append(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		u32 count)
{
	struct soft_channel *sc = context;
	unsigned long flags;
	int err = 0;
	u32 left;

	if (!count || !IS_ALIGNED(first_dma, sizeof(*first)))
		return -EINVAL;

	spin_lock_irqsave(&sc->lock, flags);
	if ((sc->state == SOFT_RUNNING || sc->state == SOFT_SUSPENDED) &&
	    !check_add_overflow(sc->left, count, &left))
		sc->left = left;
	else
		err = -EINVAL;
	spin_unlock_irqrestore(&sc->lock, flags);

	soft_kick(sc);
	return err;
}

/**
 * soft_suspend() - stop after the current descriptor (R-SUSP-1)
 * @context: the channel; one without a list is stopped already, and stays as it is
 * @last: set to the address of the last descriptor executed, 0 for none
 *
 * Context: Any.
 * Return: 0, or -EIO if the channel has halted by an error instead.
 */
int soft_suspend(void *context, dma_addr_t *last)
{
	struct soft_channel *sc = context;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&sc->lock, flags);
	soft_finish(sc);
	if (sc->state == SOFT_RUNNING) {
		sc->state = SOFT_SUSPENDED;
		soft_report(sc, NETDMA_STATUS_SUSPENDED);
	}
	if (sc->failure)
		err = -EIO;
	else
		*last = sc->last;
	spin_unlock_irqrestore(&sc->lock, flags);

	soft_kick(sc);
	return err;
}

/**
 * soft_resume() - go on after soft_suspend()
 * @context: the channel
 * @next: the descriptor to go on with
 * @next_dma: its address
 * @count: how many, those appended meanwhile included; 0 for none yet
 *
 * Context: Any.
 * Return: 0; -EINVAL if the channel is not suspended, and for a list that cannot be.
 */
int soft_resume(void *context, struct netdma_descriptor *next, dma_addr_t next_dma,
		u32 count)
{
	struct soft_channel *sc = context;
	unsigned long flags;
	int err = 0;

	if (!IS_ALIGNED(next_dma, sizeof(*next)))
		return -EINVAL;

	spin_lock_irqsave(&sc->lock, flags);
	if (sc->state == SOFT_SUSPENDED) {
		sc->state = SOFT_RUNNING;
		sc->next = next_dma;
		sc->left = count;
	} else {
		err = -EINVAL;
	}
	spin_unlock_irqrestore(&sc->lock, flags);

	soft_kick(sc);
	return err;
}

/* Between two pieces; what is not executed never is (R-RESET-3). */
static void soft_stop(struct soft_channel *sc, enum soft_state state)
{
	unsigned long flags;

	spin_lock_irqsave(&sc->lock, flags);
	soft_report(sc, NETDMA_STATUS_HALTED);
	sc->state = state;
	sc->failure = NETDMA_FAILURE_NONE;
	sc->left = 0;
	sc->last = 0;
	sc->busy = false;
	sc->interrupt = false;
	spin_unlock_irqrestore(&sc->lock, flags);
}

/**
 * soft_abort() - cancel everything (R-ABORT-1)
 * @context: the channel
 *
 * Context: Any.
 * Return: 0.
 */
int soft_abort(void *context)
{
	soft_stop(context, SOFT_HALTED);
	return 0;
}

/**
 * soft_reset_channel() - back to the state after allocation (R-RESET-2)
 * @context: the channel
 *
 * Context: Any.
 * Return: 0.
 */
int soft_reset_channel(void *context)
{
	soft_stop(context, SOFT_READY);
	return 0;
}

/**
 * soft_halt_reason() - why the channel has halted
 * @context: the channel
 *
 * Context: Any.
 * Return: the kind of failure; none if the channel has not halted by an error.
 */
enum netdma_failure soft_halt_reason(void *context)
{
	struct soft_channel *sc = context;

	return READ_ONCE(sc->failure);
}
