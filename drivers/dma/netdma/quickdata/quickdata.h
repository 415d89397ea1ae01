/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA provider for Intel QuickData engines
 */
#ifndef _NETDMA_QUICKDATA_H
#define _NETDMA_QUICKDATA_H

#include <linux/atomic.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/netdma.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "registers.h"

struct pci_dev;
struct pci_device_id;
struct quickdata;

#define QUICKDATA_MAX_CHANNELS	8

/* What is to be done for some parts */
#define QUICKDATA_CLEARS_CHANERR_INT	BIT(0)	/* stale bits there disturb a reset */
#define QUICKDATA_MASKS_CHANERR_INT	BIT(1)	/* internal errors unsettle the channel */
#define QUICKDATA_CLEARS_PARITY		BIT(2)	/* an error that none was, after a reset */
#define QUICKDATA_RESTORES_MSIX		BIT(3)	/* a channel's reset clears the table */
#define QUICKDATA_TELLS_LATENCY		BIT(4)	/* there are registers for it */

/**
 * struct quickdata_part - what a part is like
 * @address_bits: address bits that the engine drives; what is beyond is an error
 * @quirks: what is to be done for it
 */
struct quickdata_part {
	unsigned int address_bits;
	u32 quirks;
};

/**
 * struct quickdata_channel - a hardware channel
 * @qd: the function
 * @regs: its registers
 * @id: its number
 * @cpu: wished for its interrupt, or where the last one was
 * @allocated: by NetDMA or by the self test; guarded by &quickdata.lock
 * @channel: NetDMA's, or NULL
 * @completion: the word that the engine writes
 * @completion_dma: its address for the engine
 * @first_dma: what was written to CHAINADDR
 * @count: descriptors given since then, as in DMACOUNT
 * @started: it has a list, which can be appended to
 * @suspended: stopped by quickdata_suspend(), with a list
 * @word: the completion word as the bottom half has seen it since the start
 * @halted: the watchdog has found it halted since the start
 * @irq: its MSI-X interrupt, if there is one
 * @interrupts: how many there were
 * @dpc: bottom half
 * @irq_name: as in /proc/interrupts
 */
struct quickdata_channel {
	struct quickdata *qd;
	void __iomem *regs;
	unsigned int id;
	unsigned int cpu;
	bool allocated;
	struct netdma_channel __rcu *channel;
	__le64 *completion;
	dma_addr_t completion_dma;
	dma_addr_t first_dma;
	u16 count;
	bool started;
	bool suspended;
	u64 word;
	bool halted;
	int irq;
	unsigned int interrupts;
	struct tasklet_struct dpc;
	char irq_name[48];
};

/**
 * struct quickdata - a PCI function
 * @pdev: the function
 * @part: which part it is
 * @regs: BAR 0
 * @version: CBVER
 * @caps: DMACAPABILITY
 * @num_channels: channels present
 * @max_transfer: bytes of one descriptor
 * @dead: a channel could not be stopped, so bus mastering is off
 * @gone: the device does not answer, and is not asked any more
 * @frozen: it sleeps, is being reset, or PCI has cut it off because of an error: it
 *	has no access to memory, and does not answer
 * @started: NetDMA's provider is started, and the works below may be queued
 * @recovering: a reset of the function is under way
 * @reset_tries: how often it could not be begun
 * @reset_work: resets the function
 * @gone_work: tells NetDMA that the device is gone
 * @msix: a vector for each channel, and not one interrupt for all
 * @intrctrl: what enables interrupts in INTRCTRL, 0 while they are disabled
 * @resetting: resets of channels that are under way
 * @lock: guards the allocation of channels, and @resetting
 * @provider: NetDMA's
 * @channels: the channels
 */
struct quickdata {
	struct pci_dev *pdev;
	const struct quickdata_part *part;
	void __iomem *regs;
	u8 version;
	u32 caps;
	unsigned int num_channels;
	u32 max_transfer;
	bool dead;
	bool gone;
	bool frozen;
	bool started;
	atomic_t recovering;
	unsigned int reset_tries;
	struct delayed_work reset_work;
	struct work_struct gone_work;
	bool msix;
	u8 intrctrl;
	unsigned int resetting;
	spinlock_t lock;	/* see above */
	struct netdma_provider *provider;
	struct quickdata_channel channels[QUICKDATA_MAX_CHANNELS];
};

static inline bool quickdata_is(const struct quickdata *qd, u32 quirk)
{
	return qd->part->quirks & quirk;
}

/**
 * quickdata_last() - the last descriptor that a channel has completed
 * @first: address of some descriptor of its ring
 * @chansts: low half of CHANSTS
 *
 * A ring is much smaller than what the low half can tell apart. An address that is 0
 * there is none unless the list has come to its end.
 *
 * Return: its address, 0 if there is none yet.
 */
static inline dma_addr_t quickdata_last(dma_addr_t first, u32 chansts)
{
	u32 low = chansts & QUICKDATA_CHANSTS_LOW;

	if (!low && FIELD_GET(QUICKDATA_CHANSTS_STATE, chansts) != NETDMA_STATUS_IDLE)
		return 0;
	return first + (s32)(low - lower_32_bits(first));
}

/* channel.c */
void quickdata_cut_off(struct quickdata *qd);
int quickdata_reset(struct quickdata_channel *qc);
int quickdata_allocate_channel(void *provider, struct netdma_channel_parameters *parameters,
			       struct netdma_channel *channel, void **context);
void quickdata_free_channel(void *context);
int quickdata_start(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		    u32 count);
int quickdata_append(void *context, struct netdma_descriptor *first, dma_addr_t first_dma,
		     u32 count);
int quickdata_suspend(void *context, dma_addr_t *last);
int quickdata_resume(void *context, struct netdma_descriptor *next, dma_addr_t next_dma,
		     u32 count);
int quickdata_reset_channel(void *context);
enum netdma_failure quickdata_halt_reason(void *context);
void quickdata_poll(void *context);
int quickdata_reset_engine(void *provider);
void quickdata_rearm(struct quickdata_channel *qc);
void quickdata_set_up(struct quickdata *qd);

/* irq.c */
int quickdata_irq_init(struct quickdata *qd);
void quickdata_irq_exit(struct quickdata *qd);
void quickdata_irq_enable(struct quickdata *qd);
void quickdata_irq_disable(struct quickdata *qd);
void quickdata_irq_before_reset(struct quickdata *qd);
void quickdata_irq_restore(struct quickdata *qd);

/* parts.c */
extern const struct pci_device_id quickdata_ids[];
const struct quickdata_part *quickdata_find_part(const struct pci_device_id *id);

/* selftest.c */
int quickdata_selftest(struct quickdata *qd, u32 *flags);

#endif /* _NETDMA_QUICKDATA_H */
