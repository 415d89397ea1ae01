// SPDX-License-Identifier: GPL-2.0-only
/*
 * QuickData functions that exist only inside a User Mode Linux kernel
 *
 * A host bridge with a bus of its own, and a range of bus addresses that traps.
 * What the model asks of its transport is answered from the kernel's memory; an
 * interrupt is the handler of the Linux interrupt whose number is in the MSI
 * message.
 *
 * The engine runs in a timer interrupt, like hardware between any two
 * instructions of a driver that has interrupts enabled. A driver that polls with
 * interrupts off sees it go on as well: a read of the channel's status is worth
 * a step. Nothing ever happens inside a register write.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqflags.h>
#include <linux/logic_iomem.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "model_device.h"

#define MODEL_BUS		0x42
#define MODEL_SLOTS		8
#define MODEL_IOMEM		0xe0000000
#define MODEL_IOMEM_SIZE	SZ_16M
#define MODEL_LATENCY_NS	1000

/* A bit of an MSI address that is no concern of the handler */
#define MODEL_OTHER_CPU		BIT(12)

/* Messages of a line that nobody acknowledges */
#define MODEL_INTX_TRIES	16

/**
 * struct netdma_model - a function on the bus
 * @slot: its place there
 * @lock: serialises the model, and guards everything here
 * @timer: works and interrupts
 * @due: when @timer is going to look at all that follows, QD_NEVER if it is not
 * @vectors: MSI-X messages to be sent
 * @message: what they say
 * @msi: an MSI message is to be sent
 * @intx: level of the interrupt pin
 * @runnable: channels that have work
 * @stalled: channels work only when a test says so
 * @gone: the function does not answer any more
 * @config_hidden: nor does its extended configuration space
 * @retarget: the interrupt whose message is to change while the driver writes it
 * @lose: messages to be lost from now on
 * @stepping: the channel at work
 * @fail: for each channel: which descriptor from now on is to fail, and how
 * @hang_offset: a channel register that never changes any more, 0 for none
 * @hang_value: what it reads
 * @hang_heals: a reset of the function ends that
 * @overridden: a register reads as something else
 * @override_offset: the register
 * @override_value: what it reads
 * @override_reads: how often still, 0 for ever
 * @read_us: how long the read of a register takes
 * @corrupt: descriptors of this kind write something else than they should
 * @halves: for each channel: the low halves of CHAINADDR and CHANCMP, BIT(0) and
 *	BIT(1), were written and the high ones not yet
 * @misled: for each channel: CHANSTS was last read as that of one that does not run, and
 *	it does
 * @violation: the first thing that no driver may do
 * @mappings: how often BAR 0 is mapped
 * @accesses: register accesses
 * @bad_accesses: accesses to memory that the engine has no business with
 * @pdev: what the kernel has found
 * @qd: the model
 */
struct netdma_model {
	unsigned int slot;
	spinlock_t lock;	/* see above */
	struct hrtimer timer;
	u64 due;
	unsigned long vectors;
	u32 message[QD_MAX_CHANNELS];
	bool msi;
	bool intx;
	unsigned long runnable;
	bool stalled;
	bool gone;
	bool config_hidden;
	unsigned int retarget;
	unsigned int lose;
	unsigned int stepping;
	struct {
		unsigned int nth;
		enum qd_error error;
		bool now;
	} fail[QD_MAX_CHANNELS];
	u16 hang_offset;
	u64 hang_value;
	bool hang_heals;
	bool overridden;
	u16 override_offset;
	u64 override_value;
	unsigned int override_reads;
	unsigned int read_us;
	enum netdma_model_kind corrupt;
	u8 halves[QD_MAX_CHANNELS];
	bool misled[QD_MAX_CHANNELS];
	const char *violation;
	int mappings;
	u64 accesses;
	unsigned int bad_accesses;
	struct pci_dev *pdev;
	struct qd_model qd;
};

const struct qd_options netdma_model_defaults = {
	.device_id = 0x2021,
	.version = 0x32,
	.channels = 4,
	.chancnt = 4,
	.xfercap = 20,
	.msix_vectors = 4,
	.intx = true,
};
EXPORT_SYMBOL_GPL(netdma_model_defaults);

unsigned long long netdma_model_first_seed = 1;
EXPORT_SYMBOL_GPL(netdma_model_first_seed);
module_param_named(seed, netdma_model_first_seed, ullong, 0444);
MODULE_PARM_DESC(seed, "Seed of a test's first round; those of others follow (default 1)");

unsigned int netdma_model_rounds = 8;
EXPORT_SYMBOL_GPL(netdma_model_rounds);
module_param_named(rounds, netdma_model_rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "Rounds of each of the tests that have some (default 8)");

static struct pci_bus *model_bus;
static int model_intx_irq;
static DEFINE_MUTEX(model_slots_lock);
static struct netdma_model *model_slots[MODEL_SLOTS];

/* --- memory --------------------------------------------------------------- */

/*
 * Memory that the page allocator can give to somebody, so not the kernel itself.
 * Whether it has, KASAN knows when it is touched.
 */
static void *model_memory(struct netdma_model *model, u64 addr, u32 len)
{
	unsigned long first = PHYS_PFN(addr), last = PHYS_PFN(addr + len - 1);
	unsigned long pfn;

	for (pfn = first; pfn <= last; pfn++) {
		if (!pfn_valid(pfn) || PageReserved(pfn_to_page(pfn))) {
			model->bad_accesses++;
			return NULL;
		}
	}
	return phys_to_virt(addr);
}

/* Make a descriptor one that fails, in the eyes of the engine only. */
static void model_spoil(struct qd_descriptor *desc, enum qd_error error)
{
	switch (error) {
	case QD_ERR_SRC_ADDR:
		desc->src = cpu_to_le64(BIT_ULL(63));
		break;
	case QD_ERR_DEST_ADDR:
		desc->dest = cpu_to_le64(BIT_ULL(63));
		break;
	case QD_ERR_NEXT_ADDR:
		desc->next = cpu_to_le64(BIT_ULL(63));
		break;
	case QD_ERR_NEXT_ALIGN:
		desc->next |= cpu_to_le64(8);
		break;
	case QD_ERR_CONTROL:
		desc->control |= cpu_to_le32(BIT(20));
		break;
	default:
		break;
	}
}

static bool model_fails(struct netdma_model *model, enum qd_error error)
{
	if (!model->fail[model->stepping].now || model->fail[model->stepping].error != error)
		return false;
	model->fail[model->stepping].now = false;
	return true;
}

static int model_dma_read(void *context, u64 addr, void *buf, u32 len)
{
	struct netdma_model *model = context;
	struct qd_channel *chan = &model->qd.channel[model->stepping];
	bool fetch = addr == chan->current_addr && len == sizeof(struct qd_descriptor);
	void *memory;

	if (!fetch && model_fails(model, QD_ERR_READ))
		return -EIO;

	memory = model_memory(model, addr, len);
	if (!memory)
		return -EFAULT;
	memcpy(buf, memory, len);

	if (fetch && model->fail[model->stepping].nth && !--model->fail[model->stepping].nth) {
		model->fail[model->stepping].now = true;
		model_spoil(buf, model->fail[model->stepping].error);
	}
	return 0;
}

static enum netdma_model_kind model_kind(const struct qd_descriptor *desc)
{
	u32 control = le32_to_cpu(desc->control);

	if (control >> QD_DESC_OP_SHIFT == QD_OP_FILL)
		return NETDMA_MODEL_FILL;
	if (control & (QD_DESC_SRC_BREAK | QD_DESC_DEST_BREAK))
		return NETDMA_MODEL_PAGE_BREAK;
	return NETDMA_MODEL_COPY;
}

static int model_dma_write(void *context, u64 addr, const void *buf, u32 len)
{
	struct netdma_model *model = context;
	struct qd_channel *chan = &model->qd.channel[model->stepping];
	bool completion = addr == chan->cmpaddr && len == sizeof(u64);
	void *memory;

	if (model_fails(model, completion ? QD_ERR_COMPLETION : QD_ERR_WRITE))
		return -EIO;

	memory = model_memory(model, addr, len);
	if (!memory)
		return -EFAULT;
	if (len == sizeof(u64) && IS_ALIGNED(addr, sizeof(u64)))
		WRITE_ONCE(*(u64 *)memory, *(const u64 *)buf);
	else
		memcpy(memory, buf, len);
	if (!completion && model->corrupt == model_kind(&chan->desc))
		*(u8 *)memory ^= 1;
	return 0;
}

/* --- work and interrupts -------------------------------------------------- */

static bool model_lost(struct netdma_model *model)
{
	if (!model->lose)
		return false;
	model->lose--;
	return true;
}

static void model_send_msix(struct netdma_model *model, unsigned int vector)
{
	u32 entry = model->qd.version->msix_table + vector * QD_MSIX_ENTRY_SIZE;

	model->message[vector] = qd_bar_read(&model->qd, entry + 8, 4);
	__set_bit(vector, &model->vectors);
}

static void model_raise_msix(void *context, unsigned int vector)
{
	struct netdma_model *model = context;

	if (!model_lost(model))
		model_send_msix(model, vector);
}

static void model_raise_msi(void *context)
{
	struct netdma_model *model = context;

	if (!model_lost(model))
		model->msi = true;
}

static void model_set_intx(void *context, bool level)
{
	struct netdma_model *model = context;

	model->intx = level;
}

static void model_kick(void *context, unsigned int channel)
{
	struct netdma_model *model = context;

	__set_bit(channel, &model->runnable);
}

static u64 model_now(void *context)
{
	return ktime_get_ns();
}

static const struct qd_ops model_ops = {
	.dma_read = model_dma_read,
	.dma_write = model_dma_write,
	.raise_msix = model_raise_msix,
	.raise_msi = model_raise_msi,
	.set_intx = model_set_intx,
	.kick = model_kick,
	.now = model_now,
};

static bool model_has_interrupts(const struct netdma_model *model)
{
	return !model->gone && (model->vectors || model->msi || model->intx);
}

static bool model_is_busy(const struct netdma_model *model)
{
	return model_has_interrupts(model) ||
	       (!model->gone && !model->stalled && model->runnable);
}

static bool model_step_channel(struct netdma_model *model, unsigned int channel)
{
	lockdep_assert_held(&model->lock);

	model->stepping = channel;
	if (qd_channel_step(&model->qd, channel))
		return true;
	__clear_bit(channel, &model->runnable);
	return false;
}

/* After the lock was held, in any context: see to what has come up. */
static void model_schedule(struct netdma_model *model)
{
	u64 soon, due;

	lockdep_assert_held(&model->lock);

	soon = ktime_get_ns() + MODEL_LATENCY_NS;
	due = model_is_busy(model) ? soon : qd_deadline(&model->qd);
	if (due >= model->due)
		return;
	model->due = max(due, soon);
	hrtimer_start(&model->timer, ns_to_ktime(model->due), HRTIMER_MODE_ABS_HARD);
}

/* Takes what is to be sent; returns whether there was something. */
static bool model_next_interrupt(struct netdma_model *model, unsigned int *irq)
{
	unsigned int vector;
	unsigned long flags;
	bool found = true;

	spin_lock_irqsave(&model->lock, flags);
	if (model->gone) {
		found = false;
	} else if (model->vectors) {
		vector = __ffs(model->vectors);
		__clear_bit(vector, &model->vectors);
		*irq = model->message[vector];
	} else if (model->msi) {
		model->msi = false;
		*irq = qd_config_read(&model->qd, QD_CFG_MSI_DATA, 2);
	} else if (model->intx) {
		*irq = model_intx_irq;
	} else {
		found = false;
	}
	spin_unlock_irqrestore(&model->lock, flags);

	return found;
}

static enum hrtimer_restart model_timer(struct hrtimer *timer)
{
	struct netdma_model *model = container_of(timer, struct netdma_model, timer);
	unsigned int tries = MODEL_INTX_TRIES;
	unsigned int channel, irq;
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->due = 0;
	qd_expire(&model->qd);
	if (!model->stalled && !model->gone)
		for_each_set_bit(channel, &model->runnable, QD_MAX_CHANNELS)
			model_step_channel(model, channel);
	spin_unlock_irqrestore(&model->lock, flags);

	while (tries-- && model_next_interrupt(model, &irq))
		generic_handle_irq(irq);

	spin_lock_irqsave(&model->lock, flags);
	model->due = QD_NEVER;
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
	return HRTIMER_NORESTART;
}

/* --- registers ------------------------------------------------------------ */

static bool model_is_channel_register(unsigned int offset, unsigned int reg)
{
	return offset >= QD_CHANNEL_BASE &&
	       offset < QD_CHANNEL_BASE + QD_MAX_CHANNELS * QD_CHANNEL_STRIDE &&
	       (offset - QD_CHANNEL_BASE) % QD_CHANNEL_STRIDE == reg;
}

static void model_violation(struct netdma_model *model, const char *rule)
{
	if (!model->violation)
		model->violation = rule;
}

static void model_check_read(struct netdma_model *model, unsigned int offset, int size)
{
	if (!(model->qd.version->quirks & QD_TORN_STATUS))
		return;
	if (model_is_channel_register(offset, QD_CHANSTS + 4) ||
	    (size == 8 && model_is_channel_register(offset, QD_CHANSTS)))
		model_violation(model, "Q11: the high half of CHANSTS is read");
}

static bool model_runs(enum qd_state state)
{
	return state == QD_ACTIVE || state == QD_IDLE;
}

/* A driver cannot know better than what it is told. */
static void model_tell(struct netdma_model *model, unsigned int offset, u64 value)
{
	unsigned int channel = (offset - QD_CHANNEL_BASE) / QD_CHANNEL_STRIDE;

	if (!model_is_channel_register(offset, QD_CHANSTS))
		return;
	model->misled[channel] = model_runs(model->qd.channel[channel].state) &&
				 !model_runs(value & GENMASK(2, 0));
}

static unsigned long model_bar_read(void *priv, unsigned int offset, int size)
{
	struct netdma_model *model = priv;
	unsigned long flags;
	u64 value = ~0ULL;

	udelay(READ_ONCE(model->read_us));
	spin_lock_irqsave(&model->lock, flags);
	model->accesses++;
	if (model->gone)
		goto unlock;
	model_check_read(model, offset, size);

	/* Time passes while a processor polls. */
	if (irqs_disabled_flags(flags) && !model->stalled &&
	    model_is_channel_register(offset, QD_CHANSTS)) {
		unsigned int channel = (offset - QD_CHANNEL_BASE) / QD_CHANNEL_STRIDE;

		if (test_bit(channel, &model->runnable))
			model_step_channel(model, channel);
	}

	value = qd_bar_read(&model->qd, offset, size);
	if (model->hang_offset && model_is_channel_register(offset, model->hang_offset))
		value = model->hang_value;
	if (model->overridden && offset == model->override_offset) {
		value = model->override_value;
		if (model->override_reads && !--model->override_reads)
			model->overridden = false;
	}
	model_tell(model, offset, value);
unlock:
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);

	return value;
}

/* Is this a half of a 64-bit register, and the wrong one? (QD Q12) */
static void model_check_half(struct netdma_model *model, unsigned int channel, unsigned int offset,
			     unsigned int reg, u8 bit)
{
	if (offset == reg)
		model->halves[channel] |= bit;
	else if (offset == reg + 4 && !(model->halves[channel] & bit))
		model_violation(model, "Q12: the high half of an address before the low one");
	else if (offset == reg + 4)
		model->halves[channel] &= ~bit;
}

static void model_check_message(struct netdma_model *model, unsigned int offset)
{
	u32 table = model->qd.version->msix_table;
	u32 entry = round_down(offset, PCI_MSIX_ENTRY_SIZE);

	if (offset - table >= model->qd.options.msix_vectors * PCI_MSIX_ENTRY_SIZE ||
	    offset - entry == PCI_MSIX_ENTRY_VECTOR_CTRL)
		return;
	if (!(qd_bar_read(&model->qd, entry + PCI_MSIX_ENTRY_VECTOR_CTRL, 4) &
	      PCI_MSIX_ENTRY_CTRL_MASKBIT))
		model_violation(model, "PCI: a message changed while its vector is not masked");
}

static void model_check_write(struct netdma_model *model, unsigned int offset, int size, u64 value)
{
	unsigned int channel = (offset - QD_CHANNEL_BASE) / QD_CHANNEL_STRIDE;
	unsigned int reg = offset % QD_CHANNEL_STRIDE;
	struct qd_channel *chan;

	if (offset < QD_CHANNEL_BASE || channel >= model->qd.options.channels)
		return;

	if (size == 8)
		model_violation(model, "Q12: an address written at once");
	model_check_half(model, channel, reg, QD_CHAINADDR, BIT(0));
	model_check_half(model, channel, reg, QD_CHANCMP, BIT(1));

	chan = &model->qd.channel[channel];
	if (chan->suspending || model->misled[channel])
		return;
	if (reg == QD_CHANCMD && value == QD_CHANCMD_RESET && model_runs(chan->state))
		model_violation(model, "QD 4.6: a reset without a suspension");
	if (reg == QD_CHAINADDR && chan->state == QD_ACTIVE)
		model_violation(model, "QD 4.3: a list started while another one runs");
}

/* As the kernel does: the table first, then what it remembers. Here the driver comes between. */
static void model_retarget(struct netdma_model *model, unsigned int offset)
{
	if (!model->retarget ||
	    offset != model->qd.version->msix_table + PCI_MSIX_ENTRY_DATA)
		return;
	irq_get_msi_desc(model->retarget)->msg.address_lo ^= MODEL_OTHER_CPU;
	model->retarget = 0;
}

static void model_bar_write(void *priv, unsigned int offset, int size, unsigned long value)
{
	struct netdma_model *model = priv;
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->accesses++;
	if (!model->gone) {
		model_check_write(model, offset, size, value);
		model_check_message(model, offset);
		qd_bar_write(&model->qd, offset, size, value);
		model_retarget(model, offset);
	}
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
}

static void model_bar_unmap(void *priv)
{
	struct netdma_model *model = priv;

	model->mappings--;
}

static const struct logic_iomem_ops model_bar_ops = {
	.read = model_bar_read,
	.write = model_bar_write,
	.unmap = model_bar_unmap,
};

static long model_map(unsigned long offset, size_t size, const struct logic_iomem_ops **ops,
		      void **priv)
{
	unsigned int slot;

	for (slot = 0; slot < MODEL_SLOTS; slot++) {
		struct netdma_model *model = model_slots[slot];
		u64 bar, bar_size;

		if (!model)
			continue;
		bar_size = model->qd.version->bar_size;
		bar = qd_config_read(&model->qd, QD_CFG_BAR0, 8) & ~(bar_size - 1);
		if (offset + MODEL_IOMEM < bar || offset + MODEL_IOMEM + size > bar + bar_size)
			continue;
		model->mappings++;
		*ops = &model_bar_ops;
		*priv = model;
		return offset + MODEL_IOMEM - bar;
	}
	return -ENOENT;
}

static const struct logic_iomem_region_ops model_region_ops = {
	.map = model_map,
};

static int model_config_read(struct pci_bus *bus, unsigned int devfn, int where, int size,
			     u32 *value)
{
	struct netdma_model *model = NULL;
	unsigned long flags;

	if (PCI_SLOT(devfn) < MODEL_SLOTS && !PCI_FUNC(devfn))
		model = model_slots[PCI_SLOT(devfn)];
	if (!model) {
		*value = ~0;
		return PCIBIOS_DEVICE_NOT_FOUND;
	}

	*value = ~0;
	if (READ_ONCE(model->config_hidden) && where >= PCI_CFG_SPACE_SIZE)
		return PCIBIOS_BAD_REGISTER_NUMBER;

	spin_lock_irqsave(&model->lock, flags);
	if (!model->gone)
		*value = qd_config_read(&model->qd, where, size);
	spin_unlock_irqrestore(&model->lock, flags);
	return PCIBIOS_SUCCESSFUL;
}

/* Whoever lets the engine access memory has to know what it is doing. */
static void model_check_mastering(struct netdma_model *model, int where, u32 value)
{
	u32 command = qd_config_read(&model->qd, QD_CFG_COMMAND, 2);
	unsigned int i;

	if (where != QD_CFG_COMMAND || !(value & QD_COMMAND_MASTER) ||
	    (command & QD_COMMAND_MASTER))
		return;
	for (i = 0; i < model->qd.options.channels; i++)
		if (model->qd.channel[i].state != QD_HALTED)
			model_violation(model, "QD 4.6: mastering enabled before the reset");
}

static int model_config_write(struct pci_bus *bus, unsigned int devfn, int where, int size,
			      u32 value)
{
	struct netdma_model *model = NULL;
	unsigned long flags;
	u64 resets;

	if (PCI_SLOT(devfn) < MODEL_SLOTS && !PCI_FUNC(devfn))
		model = model_slots[PCI_SLOT(devfn)];
	if (!model)
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (READ_ONCE(model->config_hidden) && where >= PCI_CFG_SPACE_SIZE)
		return PCIBIOS_BAD_REGISTER_NUMBER;

	spin_lock_irqsave(&model->lock, flags);
	if (!model->gone) {
		model_check_mastering(model, where, value);
		resets = model->qd.resets;
		qd_config_write(&model->qd, where, size, value);
		if (model->qd.resets != resets && model->hang_heals)
			model->hang_offset = 0;
	}
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops model_config_ops = {
	.read = model_config_read,
	.write = model_config_write,
};

/* --- functions that come and go ------------------------------------------- */

/**
 * netdma_model_create() - plug a function in
 * @options: what it is like
 *
 * Drivers that know it bind to it before this returns.
 *
 * Return: the function, or NULL.
 */
struct netdma_model *netdma_model_create(const struct qd_options *options)
{
	struct netdma_model *model;
	unsigned int slot;

	model = kvzalloc(sizeof(*model), GFP_KERNEL);
	if (!model)
		return NULL;
	spin_lock_init(&model->lock);
	model->due = QD_NEVER;
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(&model->timer, model_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
#else
	hrtimer_init(&model->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	model->timer.function = model_timer;
#endif
	if (qd_init(&model->qd, options, &model_ops, model)) {
		kvfree(model);
		return NULL;
	}

	mutex_lock(&model_slots_lock);
	for (slot = 0; slot < MODEL_SLOTS && model_slots[slot]; slot++)
		;
	if (slot < MODEL_SLOTS) {
		model->slot = slot;
		model_slots[slot] = model;
	}
	mutex_unlock(&model_slots_lock);
	if (slot == MODEL_SLOTS) {
		kvfree(model);
		return NULL;
	}

	pci_lock_rescan_remove();
	pci_rescan_bus(model_bus);
	pci_unlock_rescan_remove();

	model->pdev = pci_get_slot(model_bus, PCI_DEVFN(slot, 0));
	if (!model->pdev) {
		netdma_model_remove(model);
		return NULL;
	}
	return model;
}
EXPORT_SYMBOL_GPL(netdma_model_create);

/**
 * netdma_model_remove() - unplug a function
 * @model: the function, or NULL
 *
 * Its driver is asked to let go first. A driver that keeps the registers mapped
 * is reported.
 */
void netdma_model_remove(struct netdma_model *model)
{
	if (!model)
		return;

	if (model->pdev) {
		pci_stop_and_remove_bus_device_locked(model->pdev);
		pci_dev_put(model->pdev);
	}
	WARN(model->mappings, "the registers are still mapped\n");

	mutex_lock(&model_slots_lock);
	model_slots[model->slot] = NULL;
	mutex_unlock(&model_slots_lock);

	hrtimer_cancel(&model->timer);
	kvfree(model);
}
EXPORT_SYMBOL_GPL(netdma_model_remove);

/**
 * netdma_model_pci_dev() - the function as the kernel sees it
 * @model: the function
 *
 * Return: the device, not referenced.
 */
struct pci_dev *netdma_model_pci_dev(struct netdma_model *model)
{
	return model->pdev;
}
EXPORT_SYMBOL_GPL(netdma_model_pci_dev);

/**
 * netdma_model_is_bound() - has a driver bound to it?
 * @model: the function
 *
 * Return: true if so.
 */
bool netdma_model_is_bound(struct netdma_model *model)
{
	return READ_ONCE(model->pdev->dev.driver);
}
EXPORT_SYMBOL_GPL(netdma_model_is_bound);

/**
 * netdma_model_bind() - have a driver bind to it again
 * @model: the function, without a driver
 *
 * Return: 1 if one did, 0 or a negative errno if not.
 */
int netdma_model_bind(struct netdma_model *model)
{
	return device_attach(&model->pdev->dev);
}
EXPORT_SYMBOL_GPL(netdma_model_bind);

/**
 * netdma_model_unbind() - take the driver away
 * @model: the function
 */
void netdma_model_unbind(struct netdma_model *model)
{
	device_release_driver(&model->pdev->dev);
}
EXPORT_SYMBOL_GPL(netdma_model_unbind);

/* --- the crank ------------------------------------------------------------ */

/**
 * netdma_model_stall() - let channels work only when told to, or no longer so
 * @model: the function
 * @stalled: which of the two
 *
 * Registers and interrupts go on either way.
 */
void netdma_model_stall(struct netdma_model *model, bool stalled)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->stalled = stalled;
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_stall);

/**
 * netdma_model_step() - have a stalled channel do some work
 * @model: the function
 * @channel: the channel
 * @steps: how much at most: a step is a descriptor, or 64 KiB of it
 *
 * Interrupts are delivered and handled before this returns.
 *
 * Context: May sleep.
 * Return: how many steps there were to do.
 */
unsigned int netdma_model_step(struct netdma_model *model, unsigned int channel,
			       unsigned int steps)
{
	unsigned long flags;
	unsigned int n = 0;

	spin_lock_irqsave(&model->lock, flags);
	while (n < steps && test_bit(channel, &model->runnable)) {
		model_step_channel(model, channel);
		n++;
	}
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);

	netdma_model_settle(model);
	return n;
}
EXPORT_SYMBOL_GPL(netdma_model_step);

/**
 * netdma_model_settle() - wait until there is nothing to do
 * @model: the function
 *
 * Interrupts have been handled, and the bottom halves that they asked for.
 */
void netdma_model_settle(struct netdma_model *model)
{
	do
		usleep_range(20, 40);
	while (READ_ONCE(model->due) != QD_NEVER);
}
EXPORT_SYMBOL_GPL(netdma_model_settle);

/* --- faults --------------------------------------------------------------- */

/**
 * netdma_model_arm() - arm one of the model's own faults
 * @model: the function
 * @fault: the fault
 *
 * Return: its ID, or a negative errno.
 */
int netdma_model_arm(struct netdma_model *model, const struct qd_fault *fault)
{
	unsigned long flags;
	int id;

	spin_lock_irqsave(&model->lock, flags);
	id = qd_arm_fault(&model->qd, fault);
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
	return id;
}
EXPORT_SYMBOL_GPL(netdma_model_arm);

/**
 * netdma_model_disarm() - disarm the model's own faults, and end what they hold up
 * @model: the function
 */
void netdma_model_disarm(struct netdma_model *model)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	qd_clear_faults(&model->qd);
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_disarm);

/**
 * netdma_model_seed() - let what is left to chance follow from a seed
 * @model: the function
 * @seed: the seed
 */
void netdma_model_seed(struct netdma_model *model, u64 seed)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	qd_faults_seed(&model->qd.faults, seed);
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_seed);

/**
 * netdma_model_fired() - how often one of the model's faults has hit
 * @model: the function
 * @id: from netdma_model_arm(), which has armed few others since then
 *
 * Return: the number.
 */
u32 netdma_model_fired(struct netdma_model *model, int id)
{
	unsigned long flags;
	unsigned int i;
	u32 fired = 0;

	spin_lock_irqsave(&model->lock, flags);
	for (i = 0; i < QD_MAX_FAULTS; i++)
		if (model->qd.faults.fault[i].id == id)
			fired = model->qd.faults.fault[i].fired;
	spin_unlock_irqrestore(&model->lock, flags);
	return fired;
}
EXPORT_SYMBOL_GPL(netdma_model_fired);

/**
 * netdma_model_fail() - let a descriptor fail
 * @model: the function
 * @channel: the channel
 * @nth: which of those that are fetched from now on, 1 for the next
 * @error: what is wrong with it, or for NEXT_*: with the one after it
 */
void netdma_model_fail(struct netdma_model *model, unsigned int channel, unsigned int nth,
		       enum qd_error error)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->fail[channel].nth = nth;
	model->fail[channel].error = error;
	model->fail[channel].now = false;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_fail);

/* Where the engine writes the channel's completion word, NULL if nowhere. */
static u64 *model_word(struct netdma_model *model, unsigned int channel)
{
	u64 addr = model->qd.channel[channel].cmpaddr;

	return addr ? model_memory(model, addr, sizeof(u64)) : NULL;
}

/**
 * netdma_model_write_word() - write a completion word that means nothing
 * @model: the function
 * @channel: the channel
 * @word: the word
 */
void netdma_model_write_word(struct netdma_model *model, unsigned int channel, u64 word)
{
	unsigned long flags;
	u64 *place;

	spin_lock_irqsave(&model->lock, flags);
	place = model_word(model, channel);
	if (!WARN_ON(!place))
		WRITE_ONCE(*place, (__force u64)cpu_to_le64(word));
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_write_word);

/**
 * netdma_model_read_word() - what the completion word is
 * @model: the function
 * @channel: the channel
 *
 * Return: the word.
 */
u64 netdma_model_read_word(struct netdma_model *model, unsigned int channel)
{
	unsigned long flags;
	u64 *place, word;

	spin_lock_irqsave(&model->lock, flags);
	place = model_word(model, channel);
	word = WARN_ON(!place) ? 0 : le64_to_cpu((__force __le64)READ_ONCE(*place));
	spin_unlock_irqrestore(&model->lock, flags);
	return word;
}
EXPORT_SYMBOL_GPL(netdma_model_read_word);

/**
 * netdma_model_lose_interrupts() - lose messages
 * @model: the function
 * @count: how many of those to come
 */
void netdma_model_lose_interrupts(struct netdma_model *model, unsigned int count)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->lose = count;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_lose_interrupts);

/**
 * netdma_model_interrupt() - send an MSI-X message for no reason
 * @model: the function
 * @channel: whose
 */
void netdma_model_interrupt(struct netdma_model *model, unsigned int channel)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model_send_msix(model, channel % model->qd.options.msix_vectors);
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
	netdma_model_settle(model);
}
EXPORT_SYMBOL_GPL(netdma_model_interrupt);

/**
 * netdma_model_retarget() - let the message of vector 0 change the next time it is written
 * @model: the function
 */
void netdma_model_retarget(struct netdma_model *model)
{
	unsigned int irq = pci_irq_vector(model->pdev, 0);
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->retarget = irq;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_retarget);

/**
 * netdma_model_hide_config() - put extended configuration space out of reach, or back
 * @model: the function
 * @hidden: which of the two
 */
void netdma_model_hide_config(struct netdma_model *model, bool hidden)
{
	WRITE_ONCE(model->config_hidden, hidden);
}
EXPORT_SYMBOL_GPL(netdma_model_hide_config);

/**
 * netdma_model_vanish() - pull the function out without asking, or put it back
 * @model: the function
 * @gone: everything reads as ones, nothing else happens
 */
void netdma_model_vanish(struct netdma_model *model, bool gone)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->gone = gone;
	model_schedule(model);
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_vanish);

/**
 * netdma_model_hang() - let a channel register never change again
 * @model: the function
 * @offset: QD_CHANSTS: the channels run for ever; QD_CHANCMD: a reset does not
 *	end; 0: all is well
 *
 * Nothing helps but netdma_model_heal().
 */
void netdma_model_hang(struct netdma_model *model, u16 offset)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->hang_offset = offset;
	model->hang_value = offset == QD_CHANCMD ? QD_CHANCMD_RESET : QD_ACTIVE;
	model->hang_heals = false;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_hang);

/**
 * netdma_model_heal() - let the next reset of the function end a hang
 * @model: the function
 */
void netdma_model_heal(struct netdma_model *model)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->hang_heals = true;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_heal);

/**
 * netdma_model_slow() - let reads of registers take their time
 * @model: the function
 * @us: how long, 0 as before
 */
void netdma_model_slow(struct netdma_model *model, unsigned int us)
{
	WRITE_ONCE(model->read_us, us);
}
EXPORT_SYMBOL_GPL(netdma_model_slow);

/**
 * netdma_model_override() - let a register read as something else
 * @model: the function
 * @offset: the register
 * @value: what it reads
 * @reads: how often, 0 for ever
 */
void netdma_model_override(struct netdma_model *model, u16 offset, u64 value, unsigned int reads)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->overridden = true;
	model->override_offset = offset;
	model->override_value = value;
	model->override_reads = reads;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_override);

/**
 * netdma_model_corrupt() - let the engine write wrong data
 * @model: the function
 * @kind: with which descriptors
 */
void netdma_model_corrupt(struct netdma_model *model, enum netdma_model_kind kind)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	model->corrupt = kind;
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_corrupt);

/**
 * netdma_model_poke() - write a register, as somebody did before the driver came
 * @model: the function
 * @offset: the register
 * @size: of it
 * @value: what is written
 */
void netdma_model_poke(struct netdma_model *model, u16 offset, unsigned int size, u64 value)
{
	unsigned long flags;

	spin_lock_irqsave(&model->lock, flags);
	qd_bar_write(&model->qd, offset, size, value);
	spin_unlock_irqrestore(&model->lock, flags);
}
EXPORT_SYMBOL_GPL(netdma_model_poke);

/**
 * netdma_model_peek() - read a register behind the driver's back
 * @model: the function
 * @offset: the register
 * @size: of it
 *
 * Return: what it reads.
 */
u64 netdma_model_peek(struct netdma_model *model, u16 offset, unsigned int size)
{
	unsigned long flags;
	u64 value;

	spin_lock_irqsave(&model->lock, flags);
	value = qd_bar_read(&model->qd, offset, size);
	spin_unlock_irqrestore(&model->lock, flags);
	return value;
}
EXPORT_SYMBOL_GPL(netdma_model_peek);

/* --- what has happened ---------------------------------------------------- */

/**
 * netdma_model_register() - the number of a register, as faults want it
 * @channel: any channel, or %NETDMA_MODEL_GLOBAL
 * @name: as in the model's table
 *
 * Return: its place in that table.
 */
u16 netdma_model_register(unsigned int channel, const char *name)
{
	const char *(*register_name)(unsigned int index) =
		channel == NETDMA_MODEL_GLOBAL ? qd_global_register_name :
						 qd_channel_register_name;
	unsigned int i;

	for (i = 0; register_name(i); i++)
		if (!strcmp(register_name(i), name))
			return i;
	WARN(1, "there is no register %s\n", name);
	return 0;
}
EXPORT_SYMBOL_GPL(netdma_model_register);

static const struct qd_access_stats *model_stats(struct netdma_model *model, unsigned int channel)
{
	return channel == NETDMA_MODEL_GLOBAL ? &model->qd.access :
						&model->qd.channel[channel].access;
}

/**
 * netdma_model_accesses() - how often the registers have been accessed
 * @model: the function
 *
 * Return: the number, reads and writes.
 */
u64 netdma_model_accesses(struct netdma_model *model)
{
	return model->accesses;
}
EXPORT_SYMBOL_GPL(netdma_model_accesses);

/**
 * netdma_model_reads() - how often a register has been read
 * @model: the function
 * @channel: of which channel, or %NETDMA_MODEL_GLOBAL
 * @name: as in the model's table
 *
 * Return: the number.
 */
u64 netdma_model_reads(struct netdma_model *model, unsigned int channel, const char *name)
{
	return model_stats(model, channel)->reads[netdma_model_register(channel, name)];
}
EXPORT_SYMBOL_GPL(netdma_model_reads);

/**
 * netdma_model_writes() - how often a register has been written
 * @model: the function
 * @channel: of which channel, or %NETDMA_MODEL_GLOBAL
 * @name: as in the model's table
 *
 * Return: the number.
 */
u64 netdma_model_writes(struct netdma_model *model, unsigned int channel, const char *name)
{
	return model_stats(model, channel)->writes[netdma_model_register(channel, name)];
}
EXPORT_SYMBOL_GPL(netdma_model_writes);

/**
 * netdma_model_address_limit() - what the engine cannot reach any more
 * @model: the function
 *
 * Return: the first such address.
 */
u64 netdma_model_address_limit(struct netdma_model *model)
{
	return model->qd.address_limit;
}
EXPORT_SYMBOL_GPL(netdma_model_address_limit);

/**
 * netdma_model_channel() - the state of a channel
 * @model: the function
 * @channel: the channel
 *
 * Return: the model's channel, which changes.
 */
const struct qd_channel *netdma_model_channel(struct netdma_model *model, unsigned int channel)
{
	return &model->qd.channel[channel];
}
EXPORT_SYMBOL_GPL(netdma_model_channel);

/**
 * netdma_model_bad_accesses() - accesses to memory that is nobody's
 * @model: the function
 *
 * Return: the number.
 */
unsigned int netdma_model_bad_accesses(struct netdma_model *model)
{
	return model->bad_accesses;
}
EXPORT_SYMBOL_GPL(netdma_model_bad_accesses);

/**
 * netdma_model_violation() - what a driver did that it may not
 * @model: the function
 *
 * Return: the first rule that was broken, or NULL.
 */
const char *netdma_model_violation(struct netdma_model *model)
{
	return model->violation;
}
EXPORT_SYMBOL_GPL(netdma_model_violation);

/* --- the bus -------------------------------------------------------------- */

static struct resource model_iomem = {
	.name = "QuickData models",
	.start = MODEL_IOMEM,
	.end = MODEL_IOMEM + MODEL_IOMEM_SIZE - 1,
	.flags = IORESOURCE_MEM,
};

static struct resource model_busn = {
	.name = "QuickData models",
	.start = MODEL_BUS,
	.end = MODEL_BUS,
	.flags = IORESOURCE_BUS,
};

static int model_map_irq(const struct pci_dev *pdev, u8 slot, u8 pin)
{
	return model_intx_irq;
}

/* A trapping region has no way to be withdrawn: there is no exit. */
static int __init model_init(void)
{
	struct pci_host_bridge *bridge;
	int err;

	model_intx_irq = irq_alloc_desc(NUMA_NO_NODE);
	if (model_intx_irq < 0)
		return model_intx_irq;
	irq_set_chip_and_handler(model_intx_irq, &dummy_irq_chip, handle_simple_irq);
	irq_modify_status(model_intx_irq, IRQ_NOREQUEST | IRQ_NOPROBE, 0);

	bridge = pci_alloc_host_bridge(0);
	if (!bridge)
		return -ENOMEM;

	err = logic_iomem_add_region(&model_iomem, &model_region_ops);
	if (err)
		goto err_free;

	pci_add_resource(&bridge->windows, &model_iomem);
	pci_add_resource(&bridge->windows, &model_busn);
	bridge->busnr = MODEL_BUS;
	bridge->ops = &model_config_ops;
	bridge->map_irq = model_map_irq;
	err = pci_host_probe(bridge);
	if (err) {
		pr_err("no PCI bus: %d\n", err);
		return err;
	}
	model_bus = bridge->bus;
	return 0;

err_free:
	pci_free_host_bridge(bridge);
	return err;
}
module_init(model_init);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("QuickData engines for KUnit");
MODULE_LICENSE("GPL");
