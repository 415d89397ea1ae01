// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider for Intel QuickData engines: channels
 *
 * Only what drivers are known to do with the hardware is done here: it is
 * started by CHAINADDR and DMACOUNT, extended by DMACOUNT, and stopped by
 * SUSPEND and RESET. ABORT and RESUME have no known user.
 */
#include <linux/align.h>
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/pci.h>

#include "quickdata.h"
#include "registers.h"

/* The longest descriptor takes a millisecond at the slowest bus. */
#define QUICKDATA_SUSPEND_US	100000
#define QUICKDATA_RESET_US	200000
#define QUICKDATA_ARMED_US	1000
#define QUICKDATA_POLL_US	20

/* As many descriptors as ioatdma lets the engine prefetch */
#define QUICKDATA_PREFETCH	8

/*
 * As readx_poll_timeout_atomic(), which in newer kernels counts the delays, and not the
 * reads between them. Those take long when the device is in trouble.
 */
#define quickdata_poll_timeout(read, addr, val, cond, timeout_us)		\
({										\
	ktime_t __end = ktime_add_us(ktime_get(), timeout_us);			\
	bool __done, __late;							\
										\
	for (;;) {								\
		__late = ktime_after(ktime_get(), __end);			\
		(val) = read(addr);						\
		__done = cond;							\
		if (__done || __late)						\
			break;							\
		udelay(QUICKDATA_POLL_US);					\
	}									\
	__done ? 0 : -ETIMEDOUT;						\
})

/* An error halts the channel, is written to the completion word and interrupts. */
#define QUICKDATA_RUN	(QUICKDATA_ANY_ERR_ABORT_EN | QUICKDATA_ERR_COMPLETION_EN | \
			 QUICKDATA_ERR_INT_EN | QUICKDATA_INT_REARM)

static u32 quickdata_state(u32 chansts)
{
	return FIELD_GET(QUICKDATA_CHANSTS_STATE, chansts);
}

static bool quickdata_is_running(u32 chansts)
{
	u32 state = quickdata_state(chansts);

	return state == NETDMA_STATUS_ACTIVE || state == NETDMA_STATUS_IDLE;
}

static bool quickdata_has_halted(struct quickdata_channel *qc)
{
	u32 sts = readl(qc->regs + QUICKDATA_CHANSTS);

	return quickdata_state(sts) == NETDMA_STATUS_HALTED;
}

/* Two halves, low first: one 64-bit write does not take before version 3.3. */
static void quickdata_write_address(struct quickdata_channel *qc, u32 reg, dma_addr_t addr)
{
	writel(lower_32_bits(addr), qc->regs + reg);
	writel(upper_32_bits(addr), qc->regs + reg + 4);
}

/**
 * quickdata_cut_off() - keep a device from memory that does not answer, or not well
 * @qd: the function
 *
 * It may be there all the same. What runs then comes to its end, and nothing of it is left
 * for the next driver, which may not be told of all channels.
 *
 * Context: Any. Reads nothing.
 */
void quickdata_cut_off(struct quickdata *qd)
{
	unsigned int i;

	pci_clear_master(qd->pdev);
	for (i = 0; i < qd->num_channels; i++) {
		writeb(QUICKDATA_SUSPEND, qd->channels[i].regs + QUICKDATA_CHANCMD);
		writeb(QUICKDATA_RESET, qd->channels[i].regs + QUICKDATA_CHANCMD);
	}
}

/* Registers read as all ones: no one else need find out, with a time-out of his own. */
static int quickdata_has_gone(struct quickdata_channel *qc)
{
	struct quickdata *qd = qc->qd;

	/* Copies are failed from now on: it must not write there any more. */
	quickdata_cut_off(qd);
	if (READ_ONCE(qd->started) && !READ_ONCE(qd->gone)) {
		WRITE_ONCE(qd->gone, true);
		schedule_work(&qd->gone_work);
	}
	return -ENODEV;
}

/* Stop on a descriptor boundary. A halted channel stays as it is. */
static int quickdata_stop(struct quickdata_channel *qc)
{
	u32 sts;
	int err;

	if (READ_ONCE(qc->qd->gone))
		return -ENODEV;

	sts = readl(qc->regs + QUICKDATA_CHANSTS);
	/* Told to run, but not there yet: it would run after having been stopped. */
	if (quickdata_state(sts) == NETDMA_STATUS_ARMED && qc->started && qc->count) {
		err = quickdata_poll_timeout(readl, qc->regs + QUICKDATA_CHANSTS, sts,
					     quickdata_state(sts) != NETDMA_STATUS_ARMED,
					     QUICKDATA_ARMED_US);
		if (err)
			return err;
	}
	if (sts == U32_MAX)
		return quickdata_has_gone(qc);
	if (!quickdata_is_running(sts))
		return 0;

	writeb(QUICKDATA_SUSPEND, qc->regs + QUICKDATA_CHANCMD);
	err = quickdata_poll_timeout(readl, qc->regs + QUICKDATA_CHANSTS, sts,
				     !quickdata_is_running(sts), QUICKDATA_SUSPEND_US);
	return sts == U32_MAX ? quickdata_has_gone(qc) : err;
}

static void quickdata_clear_errors(struct quickdata_channel *qc)
{
	struct quickdata *qd = qc->qd;
	struct pci_dev *pdev = qd->pdev;
	u32 err;

	err = readl(qc->regs + QUICKDATA_CHANERR);
	writel(err, qc->regs + QUICKDATA_CHANERR);

	/* Where extended configuration space is out of reach nothing can be done. */
	if (quickdata_is(qd, QUICKDATA_MASKS_CHANERR_INT))
		pci_write_config_dword(pdev, QUICKDATA_CFG_CHANERRMSK_INT,
				       QUICKDATA_UNSTABLE_ERRORS);
	if (quickdata_is(qd, QUICKDATA_CLEARS_CHANERR_INT) &&
	    !pci_read_config_dword(pdev, QUICKDATA_CFG_CHANERR_INT, &err))
		pci_write_config_dword(pdev, QUICKDATA_CFG_CHANERR_INT, err);
	if (quickdata_is(qd, QUICKDATA_CLEARS_PARITY))
		pci_write_config_dword(pdev, QUICKDATA_CFG_DMAUNCERRSTS, QUICKDATA_CFG_PARITY);
}

/**
 * quickdata_reset() - bring a channel to HALTED, whatever it is doing
 * @qc: the channel
 *
 * Context: Any; polls for a bounded time.
 * Return: 0; -ENODEV if the device is gone; -ETIMEDOUT or -EIO if the channel
 * does not stop.
 */
int quickdata_reset(struct quickdata_channel *qc)
{
	u32 sts;
	u8 cmd;
	int err;

	qc->suspended = false;
	/* A channel that cannot be suspended is reset all the same. */
	err = quickdata_stop(qc);
	qc->started = false;
	if (err == -ENODEV)
		return err;

	quickdata_clear_errors(qc);
	quickdata_irq_before_reset(qc->qd);
	writeb(QUICKDATA_RESET, qc->regs + QUICKDATA_CHANCMD);
	err = quickdata_poll_timeout(readb, qc->regs + QUICKDATA_CHANCMD, cmd,
				     !(cmd & QUICKDATA_RESET), QUICKDATA_RESET_US);
	quickdata_irq_restore(qc->qd);
	sts = readl(qc->regs + QUICKDATA_CHANSTS);
	if (sts == U32_MAX)
		return quickdata_has_gone(qc);
	if (err)
		return err;
	return quickdata_state(sts) == NETDMA_STATUS_HALTED ? 0 : -EIO;
}

/* Does the platform have to answer quickly? That costs power. */
static void quickdata_tell_latency(struct quickdata_channel *qc, bool idle)
{
	if (quickdata_is(qc->qd, QUICKDATA_TELLS_LATENCY))
		writeb(idle ? QUICKDATA_LTR_SEL_IDLE : QUICKDATA_LTR_SEL_ACTIVE,
		       qc->regs + QUICKDATA_LTR_SWSEL);
}

/**
 * quickdata_set_up() - what a reset of the function clears, and channels do not use
 * @qd: the function, with its channels reset
 *
 * Descriptors are prefetched within a page: what lies beyond may be anybody's.
 *
 * Context: Any.
 */
void quickdata_set_up(struct quickdata *qd)
{
	bool prefetch = qd->caps & QUICKDATA_CAP_PREFETCH;
	unsigned int i;

	if (prefetch)
		writeb(QUICKDATA_PREFETCH, qd->regs + QUICKDATA_CHWPREFLMT);

	for (i = 0; i < qd->num_channels; i++) {
		struct quickdata_channel *qc = &qd->channels[i];

		if (prefetch)
			writew(QUICKDATA_DRS_EN | QUICKDATA_DRS_4K, qc->regs + QUICKDATA_DRSCTL);
		if (quickdata_is(qd, QUICKDATA_TELLS_LATENCY)) {
			writel(QUICKDATA_LTR_NONE, qc->regs + QUICKDATA_LTR_ACTIVE);
			writel(QUICKDATA_LTR_600_US, qc->regs + QUICKDATA_LTR_IDLE);
		}
		quickdata_tell_latency(qc, true);
	}
}

/*
 * What a reset may have cleared, and what an earlier owner may have left: a masked
 * error would let a failed copy pass for a good one.
 */
static void quickdata_program(struct quickdata_channel *qc)
{
	writel(0, qc->regs + QUICKDATA_CHANERRMSK);
	writew(QUICKDATA_RUN, qc->regs + QUICKDATA_CHANCTRL);
	quickdata_write_address(qc, QUICKDATA_CHANCMP, qc->completion_dma);
	quickdata_tell_latency(qc, false);
}

static struct quickdata_channel *
quickdata_pick_channel(struct quickdata *qd, const struct netdma_channel_parameters *parameters)
{
	struct quickdata_channel *qc, *any = NULL;
	unsigned int i;

	for (i = 0; i < qd->num_channels; i++) {
		qc = &qd->channels[i];
		if (qc->allocated)
			continue;
		if (parameters->channel == i)
			return qc;
		if (parameters->channel != NETDMA_CHANNEL_ANY)
			continue;
		if (cpumask_test_cpu(READ_ONCE(qc->cpu), parameters->affinity))
			return qc;
		if (!any)
			any = qc;
	}
	return any;
}

/**
 * quickdata_allocate_channel() - take a free channel into use
 * @provider: the function
 * @parameters: which channel, and its completion word
 * @channel: NetDMA's channel, NULL in the self test
 * @context: where the hardware channel is stored
 *
 * Implements R-ALLOC-2 to R-ALLOC-5.
 *
 * Context: Any.
 * Return: 0; -EBUSY if no such channel is free; -ENODEV if the device is gone.
 */
int quickdata_allocate_channel(void *provider, struct netdma_channel_parameters *parameters,
			       struct netdma_channel *channel, void **context)
{
	struct quickdata *qd = provider;
	struct quickdata_channel *qc;
	unsigned long flags;

	if (READ_ONCE(qd->gone))
		return -ENODEV;

	spin_lock_irqsave(&qd->lock, flags);
	qc = quickdata_pick_channel(qd, parameters);
	if (qc)
		qc->allocated = true;
	spin_unlock_irqrestore(&qd->lock, flags);
	if (!qc)
		return -EBUSY;

	qc->completion = parameters->completion;
	qc->completion_dma = parameters->completion_dma;
	qc->started = false;
	qc->suspended = false;
	/* Else at the power-up */
	if (!READ_ONCE(qd->frozen))
		quickdata_program(qc);
	rcu_assign_pointer(qc->channel, channel);

	parameters->cpu = READ_ONCE(qc->cpu);
	*context = qc;
	return 0;
}

/**
 * quickdata_free_channel() - a channel is used no more
 * @context: the channel, with nothing outstanding (R-FREE-1)
 *
 * Handlers that have seen NetDMA's channel may be running still: the caller
 * waits for them by RCU.
 *
 * Context: Any.
 */
void quickdata_free_channel(void *context)
{
	struct quickdata_channel *qc = context;
	unsigned long flags;

	RCU_INIT_POINTER(qc->channel, NULL);
	if (!READ_ONCE(qc->qd->frozen) && !READ_ONCE(qc->qd->gone))
		quickdata_tell_latency(qc, true);

	spin_lock_irqsave(&qc->qd->lock, flags);
	qc->allocated = false;
	spin_unlock_irqrestore(&qc->qd->lock, flags);
}

/* Leave what is running behind after its current descriptor. */
static int quickdata_run(struct quickdata_channel *qc, dma_addr_t first_dma, u32 count)
{
	int err;

	/* It could not write a thing. */
	if (READ_ONCE(qc->qd->dead))
		return -EIO;
	if (qc->started) {
		err = quickdata_stop(qc);
		if (err)
			return err;
	}

	qc->first_dma = first_dma;
	qc->count = count;
	qc->started = true;
	/* Whatever the word says from now on is news. */
	WRITE_ONCE(qc->word, 0);
	WRITE_ONCE(qc->halted, false);
	quickdata_write_address(qc, QUICKDATA_CHAINADDR, first_dma);
	/* After the descriptors, which writew() sees to */
	writew(qc->count, qc->regs + QUICKDATA_DMACOUNT);
	return 0;
}

/**
 * quickdata_start() - run a list
 * @context: the channel
 * @first: its first descriptor
 * @first_dma: the same for the engine
 * @count: number of descriptors, 1 to 65535
 *
 * A list that is running is left behind after its current descriptor
 * (R-START-3).
 *
 * Context: Any; polls if a list is running.
 * Return: 0; -EINVAL for an address or a count that the engine cannot hold; -EBUSY
 * while suspended; or what stopping the old list failed with.
 */
int quickdata_start(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		    u32 count)
{
	struct quickdata_channel *qc = context;

	if (!count || count > U16_MAX || !IS_ALIGNED(first_dma, sizeof(*first)))
		return -EINVAL;
	if (qc->suspended)
		return -EBUSY;
	return quickdata_run(qc, first_dma, count);
}

/**
 * quickdata_append() - run more of the list (R-APP-4)
 * @context: the channel, started
 * @first: first of the additional descriptors
 * @first_dma: the same for the engine
 * @count: how many; never more than 65535 unfinished in all
 *
 * Context: Any.
 * Return: 0; -EINVAL for an address or a count that cannot be, and if there is no
 * list to append to.
 */
int quickdata_append(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		     u32 count)
{
	struct quickdata_channel *qc = context;

	if (unlikely(!qc->started || !count || !IS_ALIGNED(first_dma, sizeof(*first))))
		return -EINVAL;

	qc->count += count;
	writew(qc->count, qc->regs + QUICKDATA_DMACOUNT);
	return 0;
}

/**
 * quickdata_suspend() - stop after the current descriptor (R-SUSP-1)
 * @context: the channel; one without a list is stopped already, and stays as it is
 * @last: set to the address of the last descriptor known to be processed, 0 for
 *	none. It comes from the completion word, for the register may be torn.
 *
 * The channel is reset as well: whatever CHANSTS says, nothing is executed before the
 * resumption. One that went on would execute once more then what has been reported as done.
 *
 * Context: Any; polls for a bounded time.
 * Return: 0, -EIO if the channel has halted instead, or as quickdata_reset().
 */
int quickdata_suspend(void *context, dma_addr_t *last)
{
	struct quickdata_channel *qc = context;
	int err;

	*last = 0;
	if (!qc->started)
		return 0;

	if (!qc->suspended) {
		err = quickdata_stop(qc);
		if (!err && quickdata_has_halted(qc))
			err = -EIO;
		if (!err)
			err = quickdata_reset(qc);
		if (err)
			return err;
		quickdata_program(qc);
		/* There is a list to append to, still. */
		qc->started = true;
		qc->suspended = true;
	}
	*last = le64_to_cpu(READ_ONCE(*qc->completion)) & NETDMA_WORD_ADDRESS;
	return 0;
}

/**
 * quickdata_resume() - go on after quickdata_suspend()
 * @context: the channel
 * @next: the descriptor to go on with
 * @next_dma: the same for the engine
 * @count: how many, 0 for none yet
 *
 * Context: Any.
 * Return: 0; -EINVAL for an address or a count that the engine cannot hold, and if
 * the channel is not suspended; -ENODEV.
 */
int quickdata_resume(void *context, struct netdma_descriptor *next, dma_addr_t next_dma,
		     u32 count)
{
	struct quickdata_channel *qc = context;

	if (!qc->suspended || count > U16_MAX || !IS_ALIGNED(next_dma, sizeof(*next)))
		return -EINVAL;

	qc->suspended = false;
	return quickdata_run(qc, next_dma, count);
}

/**
 * quickdata_reset_channel() - back to the state after allocation (R-RESET-2)
 * @context: the channel
 *
 * Nothing less is known to stop the current descriptor, so this is abort as well.
 * If it fails, the whole function loses its access to memory, other channels
 * included. A function that cannot be talked to has none, and is not asked.
 *
 * Context: Any; polls for a bounded time.
 * Return: as quickdata_reset().
 */
int quickdata_reset_channel(void *context)
{
	struct quickdata_channel *qc = context;
	struct quickdata *qd = qc->qd;
	int err;

	if (READ_ONCE(qd->frozen)) {
		qc->started = false;
		qc->suspended = false;
		return 0;
	}

	err = quickdata_reset(qc);
	if (!err) {
		quickdata_program(qc);
	} else if (err != -ENODEV) {
		pci_clear_master(qd->pdev);
		WRITE_ONCE(qd->dead, true);
		dev_err_ratelimited(&qd->pdev->dev,
				    "channel %u: does not stop (%d), bus mastering disabled\n",
				    qc->id, err);
	}
	return err;
}

/**
 * quickdata_halt_reason() - why the channel has halted
 * @context: the channel
 *
 * Reads CHANERR, which the following reset clears.
 *
 * Context: Any.
 * Return: the kind of failure; none if the channel has not halted by an error.
 */
enum netdma_failure quickdata_halt_reason(void *context)
{
	struct quickdata_channel *qc = context;
	u32 err;

	if (READ_ONCE(qc->qd->gone) || READ_ONCE(qc->qd->frozen))
		return NETDMA_FAILURE_NONE;

	err = readl(qc->regs + QUICKDATA_CHANERR);
	if (err == U32_MAX)
		return NETDMA_FAILURE_NONE;
	/* The error may be that the function has lost its access to memory: try again. */
	if (READ_ONCE(qc->qd->dead))
		return NETDMA_FAILURE_NONE;
	/* Cannot be cleared, and is not about this channel */
	err &= ~QUICKDATA_ERR_UNAFFILIATED;
	if (!err && !(qc->started && !qc->suspended && quickdata_has_halted(qc)))
		return NETDMA_FAILURE_NONE;

	dev_err_ratelimited(&qc->qd->pdev->dev, "channel %u: halted with error %#x\n",
			    qc->id, err);

	if (err & (QUICKDATA_ERR_READ_DATA | QUICKDATA_ERR_SRC_ADDR))
		return NETDMA_FAILURE_READ;
	if (err & (QUICKDATA_ERR_WRITE_DATA | QUICKDATA_ERR_DST_ADDR))
		return NETDMA_FAILURE_WRITE;
	return NETDMA_FAILURE_OTHER;
}

/**
 * quickdata_poll() - see to a channel whose interrupt may have been lost
 * @context: the channel
 *
 * After an interrupt the channel waits to be armed again, which it would do for ever,
 * and a shared handler that took it for another's has left all of them disabled. That
 * the channel has halted may not have got into the completion word.
 *
 * Context: Any.
 */
void quickdata_poll(void *context)
{
	struct quickdata_channel *qc = context;

	if (qc->started && quickdata_has_halted(qc))
		WRITE_ONCE(qc->halted, true);
	if (!qc->qd->msix)
		writeb(READ_ONCE(qc->qd->intrctrl), qc->qd->regs + QUICKDATA_INTRCTRL);
	tasklet_schedule(&qc->dpc);
}

/**
 * quickdata_reset_engine() - begin a reset of the function
 * @provider: the function
 *
 * Context: Any.
 * Return: 0, or -ENODEV if the device is gone, or about to be taken away.
 */
int quickdata_reset_engine(void *provider)
{
	struct quickdata *qd = provider;

	if (READ_ONCE(qd->gone) || !READ_ONCE(qd->started))
		return -ENODEV;

	/* Not while the machine sleeps: waking up resets everything as well. */
	if (!atomic_xchg(&qd->recovering, 1))
		queue_delayed_work(system_freezable_wq, &qd->reset_work, 0);
	return 0;
}

/**
 * quickdata_rearm() - allow the channel's next interrupt
 * @qc: the channel
 *
 * Context: Any.
 */
void quickdata_rearm(struct quickdata_channel *qc)
{
	writew(QUICKDATA_RUN, qc->regs + QUICKDATA_CHANCTRL);
}
