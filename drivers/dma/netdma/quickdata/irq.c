// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider for Intel QuickData engines: interrupts
 *
 * With MSI-X every channel has a vector of its own and its handler touches no
 * register. MSI and INTx are one line for all channels, with ATTNSTATUS.
 */
#include <linux/bitfield.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "../compat.h"
#include "quickdata.h"
#include "registers.h"

/*
 * Tell NetDMA what is new in the completion word, a halt once for each start; and of
 * an interrupt even if nothing is: its descriptor may not have asked for the word.
 */
static void quickdata_look(struct quickdata_channel *qc, struct netdma_channel *channel,
			   bool interrupted)
{
	u64 word = le64_to_cpu(READ_ONCE(*qc->completion));
	u64 last = word & NETDMA_WORD_ADDRESS;
	bool news = word != READ_ONCE(qc->word);

	if (READ_ONCE(qc->halted)) {
		WRITE_ONCE(qc->halted, false);
		netdma_interrupt_dpc(channel, 0);
		return;
	}
	if (!news && !interrupted)
		return;
	WRITE_ONCE(qc->word, word);

	if (FIELD_GET(NETDMA_WORD_STATUS, word) == NETDMA_STATUS_HALTED) {
		if (news)
			netdma_interrupt_dpc(channel, 0);
		return;
	}
	if (!last && interrupted)
		last = quickdata_last(qc->first_dma, readl(qc->regs + QUICKDATA_CHANSTS));
	if (last)
		netdma_interrupt_dpc(channel, last);
}

/*
 * The channel is armed again after its completions have been seen, so that those
 * which come meanwhile share an interrupt. The engine remembers what happens
 * before the arming; the second look does not depend on that.
 *
 * Where ATTNSTATUS says which channel interrupts, arming clears its bit. If the
 * channel has been reset, and so armed, just before, that can be an interrupt
 * which no handler has seen: then the second look must come after the arming.
 */
static void quickdata_dpc(struct tasklet_struct *t)
{
	struct quickdata_channel *qc = from_tasklet(qc, t, dpc);
	struct netdma_channel *channel;

	rcu_read_lock();
	channel = rcu_dereference(qc->channel);
	if (channel) {
		quickdata_look(qc, channel, true);
		quickdata_rearm(qc);
		if (!qc->qd->msix)
			readl(qc->regs + QUICKDATA_CHANSTS);
		quickdata_look(qc, channel, false);
	}
	rcu_read_unlock();
}

static void quickdata_isr(struct quickdata_channel *qc)
{
	struct netdma_channel *channel;
	unsigned int cpu;
	u64 word;

	qc->interrupts++;

	rcu_read_lock();
	channel = rcu_dereference(qc->channel);
	if (channel) {
		word = le64_to_cpu(READ_ONCE(*qc->completion));
		/* The answer is this CPU, which is where a tasklet runs (R-ISR-2). */
		netdma_isr(channel, word & NETDMA_WORD_ADDRESS, &cpu);
		WRITE_ONCE(qc->cpu, cpu);
		tasklet_schedule(&qc->dpc);
	}
	rcu_read_unlock();
}

static irqreturn_t quickdata_msix(int irq, void *data)
{
	quickdata_isr(data);
	return IRQ_HANDLED;
}

static irqreturn_t quickdata_shared(int irq, void *data)
{
	struct quickdata *qd = data;
	unsigned long attn;
	unsigned int i;
	u8 ctrl;

	/* Reading disables interrupts, writing it back enables them. */
	ctrl = readb(qd->regs + QUICKDATA_INTRCTRL);
	if (!(ctrl & QUICKDATA_MASTER_INT_EN))
		return IRQ_NONE;

	attn = 0;
	if (ctrl & QUICKDATA_INT_STATUS) {
		attn = readl(qd->regs + QUICKDATA_ATTNSTATUS);
		if (attn == U32_MAX)	/* the device is gone */
			return IRQ_NONE;
		attn &= GENMASK(qd->num_channels - 1, 0);
	}
	for_each_set_bit(i, &attn, qd->num_channels)
		quickdata_isr(&qd->channels[i]);

	writeb(READ_ONCE(qd->intrctrl), qd->regs + QUICKDATA_INTRCTRL);
	return attn ? IRQ_HANDLED : IRQ_NONE;
}

static void quickdata_free_msix(struct quickdata *qd, unsigned int n)
{
	while (n--) {
		struct quickdata_channel *qc = &qd->channels[n];

		irq_update_affinity_hint(qc->irq, NULL);
		free_irq(qc->irq, qc);
	}
}

static int quickdata_request_msix(struct quickdata *qd)
{
	unsigned int i;
	int err;

	for (i = 0; i < qd->num_channels; i++) {
		struct quickdata_channel *qc = &qd->channels[i];

		snprintf(qc->irq_name, sizeof(qc->irq_name), "netdma-%s-ch%u",
			 pci_name(qd->pdev), i);
		qc->irq = pci_irq_vector(qd->pdev, i);
		err = request_irq(qc->irq, quickdata_msix, 0, qc->irq_name, qc);
		if (err) {
			quickdata_free_msix(qd, i);
			return err;
		}
		/* A hint that users may change: the vectors are not managed. */
		irq_set_affinity_and_hint(qc->irq, cpumask_of(qc->cpu));
	}
	return 0;
}

/*
 * Another CPU may be changing the interrupt's affinity. Under a lock that
 * synchronize_hardirq() takes as well, it writes the table first and what the kernel
 * remembers after that: who has written an old message, or half of a new one, sees the
 * new one then.
 *
 * PCI wants a vector to be masked while its message changes. And where a hypervisor
 * keeps the real table, unmasking is what makes it write the message again.
 */
static void quickdata_restore_vector(unsigned int irq, void __iomem *entry)
{
	struct msi_msg msg, written;

	get_cached_msi_msg(irq, &msg);
	do {
		written = msg;
		writel(PCI_MSIX_ENTRY_CTRL_MASKBIT, entry + PCI_MSIX_ENTRY_VECTOR_CTRL);
		writel(msg.address_lo, entry + PCI_MSIX_ENTRY_LOWER_ADDR);
		writel(msg.address_hi, entry + PCI_MSIX_ENTRY_UPPER_ADDR);
		writel(msg.data, entry + PCI_MSIX_ENTRY_DATA);
		writel(0, entry + PCI_MSIX_ENTRY_VECTOR_CTRL);
		synchronize_hardirq(irq);
		get_cached_msi_msg(irq, &msg);
	} while (memcmp(&msg, &written, sizeof(msg)));
}

/**
 * quickdata_irq_before_reset() - a channel is about to be reset
 * @qd: the function
 *
 * Context: Any.
 */
void quickdata_irq_before_reset(struct quickdata *qd)
{
	unsigned long flags;

	spin_lock_irqsave(&qd->lock, flags);
	qd->resetting++;
	spin_unlock_irqrestore(&qd->lock, flags);
}

/**
 * quickdata_irq_restore() - put back what the reset of a channel has cleared
 * @qd: the function, after quickdata_irq_before_reset()
 *
 * The kernel knows what belongs into the table, of which nothing is masked for longer
 * than it takes to handle an interrupt. While MSI-X is off there is no table.
 *
 * The reset of another channel could clear a message just before it is unmasked: then
 * that one's end sees to all.
 *
 * Context: Any, but the handlers of its interrupts.
 */
void quickdata_irq_restore(struct quickdata *qd)
{
	void __iomem *table = qd->pdev->msix_base;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&qd->lock, flags);
	if (!--qd->resetting && table && quickdata_is(qd, QUICKDATA_RESTORES_MSIX))
		for (i = 0; i < qd->num_channels; i++)
			quickdata_restore_vector(qd->channels[i].irq,
						 table + i * PCI_MSIX_ENTRY_SIZE);
	spin_unlock_irqrestore(&qd->lock, flags);
}

/**
 * quickdata_irq_enable() - let the function interrupt
 * @qd: the function
 *
 * Context: Any.
 */
void quickdata_irq_enable(struct quickdata *qd)
{
	u8 ctrl = QUICKDATA_MASTER_INT_EN | (qd->msix ? QUICKDATA_MSIX_VECTOR_CONTROL : 0);

	WRITE_ONCE(qd->intrctrl, ctrl);
	writeb(ctrl, qd->regs + QUICKDATA_INTRCTRL);
}

/**
 * quickdata_irq_disable() - keep the function from interrupting
 * @qd: the function
 *
 * Context: May sleep.
 */
void quickdata_irq_disable(struct quickdata *qd)
{
	WRITE_ONCE(qd->intrctrl, 0);
	writeb(0, qd->regs + QUICKDATA_INTRCTRL);
	/* A shared handler that runs just now may enable them once more. */
	synchronize_irq(pci_irq_vector(qd->pdev, 0));
	writeb(0, qd->regs + QUICKDATA_INTRCTRL);
}

/**
 * quickdata_irq_init() - allocate, request and enable interrupts
 * @qd: the function, with its channels reset
 *
 * MSI-X with a vector for each channel, else one MSI, else INTx.
 *
 * Context: May sleep.
 * Return: 0, or a negative errno if there is no interrupt to be had.
 */
int quickdata_irq_init(struct quickdata *qd)
{
	struct pci_dev *pdev = qd->pdev;
	unsigned int i;
	int err;

	for (i = 0; i < qd->num_channels; i++)
		tasklet_setup(&qd->channels[i].dpc, quickdata_dpc);

	qd->msix = false;
	err = pci_alloc_irq_vectors(pdev, qd->num_channels, qd->num_channels, PCI_IRQ_MSIX);
	if (err > 0) {
		qd->msix = true;
		err = quickdata_request_msix(qd);
	} else {
		err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);
		if (err < 0) {
			dev_err(&pdev->dev, "no usable interrupt: %d\n", err);
			return err;
		}
		dev_warn(&pdev->dev, "no MSI-X vector for each of %u channels, using %s\n",
			 qd->num_channels, pdev->msi_enabled ? "MSI" : "INTx");
		snprintf(qd->channels[0].irq_name, sizeof(qd->channels[0].irq_name),
			 "netdma-%s", pci_name(pdev));
		err = request_irq(pci_irq_vector(pdev, 0), quickdata_shared, IRQF_SHARED,
				  qd->channels[0].irq_name, qd);
	}
	if (err) {
		dev_err(&pdev->dev, "interrupt not available: %d\n", err);
		pci_free_irq_vectors(pdev);
		return err;
	}

	quickdata_irq_enable(qd);
	return 0;
}

/**
 * quickdata_irq_exit() - disable, free and wait for interrupts
 * @qd: the function
 *
 * Context: May sleep.
 */
void quickdata_irq_exit(struct quickdata *qd)
{
	unsigned int i;

	quickdata_irq_disable(qd);
	if (qd->msix)
		quickdata_free_msix(qd, qd->num_channels);
	else
		free_irq(pci_irq_vector(qd->pdev, 0), qd);
	pci_free_irq_vectors(qd->pdev);

	for (i = 0; i < qd->num_channels; i++)
		tasklet_kill(&qd->channels[i].dpc);
}
