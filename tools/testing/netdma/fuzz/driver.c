// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the driver, on an engine that says what the input wants.
 *
 * The driver's own sources run in user space, on kernel.c, from probe to remove. The
 * device is the engine's model. The input is a program: what clients do, what the
 * device does, when interrupts and works run, what time it is, and what registers and
 * completion words say instead of the truth.
 *
 * What must hold, besides what the sanitizers and kernel.c see to:
 * - a copy is finished once, and said to be done only if its data is there;
 * - the engine accesses nothing of what is finished, or given back;
 * - no operation reads registers without end, or fills the log;
 * - the driver can always be unbound, nothing is left then, and on a device that says
 *   the truth again it works.
 *
 * One lie cannot be told from the truth: a completion word that names a descriptor
 * which is issued and not executed. After that the first half of this is not asked for.
 */
#include "kernel.h"

#include "../../../../drivers/dma/netdma/netdma.h"
#include "input.h"
#include "model.h"

#define SLOTS		2
#define MAX_COPIES	64
#define MAX_LIES	8
#define MAX_OPS		1024

#define BAR		((u8 *)0x200000000)
#define INTX_IRQ	30
#define MSI_IRQ		31
#define MSIX_IRQ	32
#define IRQS		(MSIX_IRQ + QD_MAX_CHANNELS)

/* Reads of registers that one operation may take: a few that time out */
#define MAX_READS	20000

/* What an occasion to write something to the log may take */
#define MESSAGES	(QD_MAX_CHANNELS + 4)

void netdma_debugfs_add(struct netdma_engine *engine) { }
void netdma_debugfs_remove(struct netdma_engine *engine) { }
void netdma_debugfs_summary(struct seq_file *m, struct dma_device *dd) { }
void netdma_debugfs_init(void) { }
void netdma_debugfs_exit(void) { }

static struct input input;

/* --- lies ---------------------------------------------------------------- */

enum lie_kind {
	LIE_ANY,
	LIE_FLIP,
	LIE_ONES,
	LIE_ZERO,
	LIE_SMALL,
	LIE_STATE,
	LIE_NEIGHBOUR,
	LIE_STALE,
	LIE_KINDS
};

/**
 * struct lies - what is said instead of the truth, about registers or words
 * @lie: the next ones: after how many true answers, how, and with which value
 * @n: how many there are
 * @odds: besides, one answer in so many is a lie, 0 for none
 * @random: which ones
 * @stale: the last truth
 */
struct lies {
	struct {
		u8 after;
		u8 kind;
		u64 value;
	} lie[MAX_LIES];
	unsigned int n;
	unsigned int odds;
	u32 random;
	u64 stale;
};

static struct lies register_lies, word_lies;

/* Nothing that depends on what is executed holds any more: see above. */
static bool fooled;

static u32 draw(struct lies *lies)
{
	lies->random ^= lies->random << 13;
	lies->random ^= lies->random >> 17;
	lies->random ^= lies->random << 5;
	return lies->random;
}

static u64 lie(u64 truth, unsigned int kind, u64 value, u64 stale)
{
	switch (kind % LIE_KINDS) {
	case LIE_ANY:
		return value;
	case LIE_FLIP:
		return truth ^ BIT_ULL(value % 64);
	case LIE_ONES:
		return ~0ULL;
	case LIE_ZERO:
		return 0;
	case LIE_SMALL:
		return value & 0xff;
	case LIE_STATE:
		return (truth & ~7ULL) | (value & 7);
	case LIE_NEIGHBOUR:
		return truth + (s8)value * (u64)QD_DESC_SIZE;
	default:
		return stale;
	}
}

/* What is said, which may be the truth */
static u64 answer(struct lies *lies, u64 truth)
{
	u64 said = truth;

	if (lies->n && !lies->lie[0].after--) {
		said = lie(truth, lies->lie[0].kind, lies->lie[0].value, lies->stale);
		memmove(&lies->lie[0], &lies->lie[1], --lies->n * sizeof(lies->lie[0]));
	} else if (lies->odds && !(draw(lies) % lies->odds)) {
		u32 kind = draw(lies), high = draw(lies);

		said = lie(truth, kind, (u64)high << 32 | draw(lies), lies->stale);
	}
	lies->stale = truth;
	return said;
}

static void arm_lie(struct lies *lies)
{
	u8 after = take_u8(&input), kind = take_u8(&input);
	u64 value = take(&input, kind % LIE_KINDS == LIE_ANY ? 8 : 1);

	if (lies->n == MAX_LIES)
		return;
	lies->lie[lies->n].after = after;
	lies->lie[lies->n].kind = kind;
	lies->lie[lies->n].value = value;
	lies->n++;
}

static void arm_lies(struct lies *lies)
{
	lies->odds = take_u8(&input);
	lies->random = take_u8(&input) * 0x01000193u + 1;
}

/* --- clients, see below -------------------------------------------------- */

enum owner { NOBODY, NETDMA_CLIENT, DMA_CLIENT };

struct copy;

/**
 * struct slot - a client's channel
 * @owner: whose
 * @channel: the channel
 * @chan: the same, of a client of dmaengine
 * @copy: what is not known to be finished, or is still to be called back
 * @copies: how many of them
 * @last: token of the last one
 * @aborted: of a client of dmaengine: cookie of the last one that was terminated
 * @last_word: a completion word that was not the truth, 0 for none
 */
struct slot {
	enum owner owner;
	struct netdma_channel *channel;
	struct dma_chan *chan;
	struct copy *copy[MAX_COPIES];
	unsigned int copies;
	s64 last;
	s64 aborted;
	u64 last_word;
};

static struct slot slots[SLOTS];

/* Does a word that is no truth name what the driver has to take for one? */
static void check_words(void)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		struct netdma_channel *channel = slots[i].channel;
		struct netdma_ring *ring;
		u64 word, slot;

		if (slots[i].owner == NOBODY || !slots[i].last_word)
			continue;
		ring = &channel->ring;
		if (!ring->desc || le64_to_cpu(*ring->completion) != slots[i].last_word)
			continue;
		word = slots[i].last_word & NETDMA_WORD_ADDRESS;
		slot = (word - ring->dma) / sizeof(*ring->desc);
		if (slot <= ring->mask &&
		    (((u32)slot - ring->done) & ring->mask) < ring->posted - ring->done)
			fooled = true;
	}
}

static struct slot *slot_of_word(dma_addr_t dma)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		if (slots[i].owner != NOBODY && slots[i].channel->ring.desc &&
		    slots[i].channel->ring.completion_dma == dma)
			return &slots[i];
	return NULL;
}

/* --- the device ---------------------------------------------------------- */

/**
 * struct function - the PCI function
 * @model: what it is
 * @pdev: how the kernel knows it
 * @lock: that of the device
 * @bound: it has the driver
 * @cut_off: nothing gets through to it
 * @unplugged: for good
 * @runnable: channels that have work
 * @vectors: interrupts to be delivered
 * @msi: likewise
 * @intx: level of its pin
 * @reset_fails: how often a reset cannot be done
 * @saved_command: as pci_save_state() has found it
 * @reads: reads of registers by this operation
 * @stepping: the channel at work
 * @irq: who handles its interrupts
 */
static struct function {
	struct qd_model model;
	struct pci_dev pdev;
	struct mutex lock;	/* see above */
	bool bound;
	bool cut_off;
	bool unplugged;
	unsigned long runnable;
	unsigned long vectors;
	bool msi;
	bool intx;
	u8 reset_fails;
	u16 saved_command;
	unsigned int reads;
	unsigned int stepping;
	struct {
		irq_handler_t handler;
		void *data;
	} irq[IRQS];
} fn;

/* How many messages are enough for all that has happened */
static unsigned int messages;

static void *engine_memory(u64 addr, u32 len)
{
	void *memory = kernel_mapped(addr, len);

	if (!memory && !fooled)
		kernel_bug("the engine accesses %u bytes at %#llx", len, addr);
	return memory;
}

static int engine_read(void *context, u64 addr, void *buf, u32 len)
{
	void *memory = fn.cut_off ? NULL : engine_memory(addr, len);

	if (!memory)
		return -EFAULT;
	memcpy(buf, memory, len);
	return 0;
}

static int engine_write(void *context, u64 addr, const void *buf, u32 len)
{
	struct qd_channel *chan = &fn.model.channel[fn.stepping];
	void *memory = fn.cut_off ? NULL : engine_memory(addr, len);
	struct slot *slot;
	u64 word, said;

	if (!memory)
		return -EFAULT;
	if (addr != chan->cmpaddr || len != sizeof(u64)) {
		memcpy(memory, buf, len);
		return 0;
	}

	/* The model itself has wrong words, too. */
	memcpy(&word, buf, sizeof(word));
	said = answer(&word_lies, word);
	memcpy(memory, &said, sizeof(said));
	slot = slot_of_word(addr);
	if (slot) {
		u64 named = word & NETDMA_WORD_ADDRESS;
		bool truth = said == word && (named == chan->current_addr || named == chan->last);

		slot->last_word = truth ? 0 : said;
		check_words();
	}
	return 0;
}

static void engine_raise_msix(void *context, unsigned int vector)
{
	u32 entry = fn.model.version->msix_table + vector * QD_MSIX_ENTRY_SIZE;

	if (qd_bar_read(&fn.model, entry + PCI_MSIX_ENTRY_DATA, 4) != MSIX_IRQ + vector)
		kernel_bug("vector %u has a wrong message", vector);
	fn.vectors |= BIT(vector);
}

static void engine_raise_msi(void *context)
{
	fn.msi = true;
}

static void engine_set_intx(void *context, bool level)
{
	fn.intx = level;
}

static void engine_kick(void *context, unsigned int channel)
{
	fn.runnable |= BIT(channel);
}

static u64 engine_now(void *context)
{
	return kernel_clock;
}

static const struct qd_ops engine_ops = {
	.dma_read = engine_read,
	.dma_write = engine_write,
	.raise_msix = engine_raise_msix,
	.raise_msi = engine_raise_msi,
	.set_intx = engine_set_intx,
	.kick = engine_kick,
	.now = engine_now,
};

static bool engine_step(unsigned int channel)
{
	if (fn.cut_off || !(fn.runnable & BIT(channel)))
		return false;
	fn.stepping = channel;
	if (!qd_channel_step(&fn.model, channel))
		fn.runnable &= ~BIT(channel);
	return true;
}

bool device_work(void)
{
	bool progress = false;
	unsigned int i;

	if (qd_deadline(&fn.model) <= kernel_clock)
		qd_expire(&fn.model);
	for (i = 0; i < QD_MAX_CHANNELS; i++)
		progress |= engine_step(i);
	return progress;
}

u64 device_deadline(void)
{
	return max(qd_deadline(&fn.model), kernel_clock + 1);
}

static irqreturn_t interrupt(unsigned int irq)
{
	irqreturn_t ret = IRQ_NONE;

	kernel_enter_irq();
	if (fn.irq[irq].handler)
		ret = fn.irq[irq].handler(irq, fn.irq[irq].data);
	kernel_leave_irq();
	return ret;
}

bool device_interrupt(void)
{
	unsigned int vector;

	if (fn.cut_off)
		return false;
	if (fn.vectors) {
		vector = __builtin_ctzl(fn.vectors);
		fn.vectors &= ~BIT(vector);
		interrupt(MSIX_IRQ + vector);
		return true;
	}
	if (fn.msi) {
		fn.msi = false;
		interrupt(MSI_IRQ);
		return true;
	}
	return fn.intx && interrupt(INTX_IRQ) == IRQ_HANDLED;
}

u64 device_read(const void __iomem *addr, unsigned int size)
{
	u64 value = ~0ULL, said;
	unsigned int i;

	kernel_preempt_point();
	if (++fn.reads > MAX_READS)
		kernel_bug("no end of reads");
	kernel_clock += NSEC_PER_USEC;
	if (fn.cut_off)
		return value;

	value = qd_bar_read(&fn.model, (const u8 *)addr - BAR, size);
	said = answer(&register_lies, value);
	if (said == value)
		return value;
	/* That it has stopped, and does not, nobody can tell. */
	for (i = 0; i < QD_MAX_CHANNELS; i++)
		if (fn.model.channel[i].resetting || fn.model.channel[i].suspend_late)
			fooled = true;
	return said;
}

void device_write(void __iomem *addr, unsigned int size, u64 value)
{
	kernel_preempt_point();
	if (fn.cut_off)
		return;
	qd_bar_write(&fn.model, (u8 *)addr - BAR, size, value);
	check_words();
}

/* --- the function, as PCI has it ----------------------------------------- */

u64 pci_resource_len(struct pci_dev *pdev, int bar)
{
	return fn.model.version->bar_size;
}

void __iomem *pci_iomap(struct pci_dev *pdev, int bar, unsigned long max)
{
	return BAR;
}

static void set_command(u16 mask, u16 bits)
{
	u16 command = qd_config_read(&fn.model, QD_CFG_COMMAND, 2);

	qd_config_write(&fn.model, QD_CFG_COMMAND, 2, (command & ~mask) | bits);
}

void pci_set_master(struct pci_dev *pdev)
{
	set_command(0, QD_COMMAND_MASTER);
}

void pci_clear_master(struct pci_dev *pdev)
{
	set_command(QD_COMMAND_MASTER, 0);
}

int pci_read_config_dword(struct pci_dev *pdev, int where, u32 *value)
{
	*value = qd_config_read(&fn.model, where, 4);
	return 0;
}

int pci_write_config_dword(struct pci_dev *pdev, int where, u32 value)
{
	qd_config_write(&fn.model, where, 4, value);
	return 0;
}

/* What the kernel writes into configuration space, and into the table of MSI-X */
static void set_up_interrupts(void)
{
	struct qd_model *model = &fn.model;
	unsigned int i;

	qd_config_write(model, model->version->msix + 2, 2,
			fn.pdev.msix_enabled ? QD_MSIX_ENABLE : 0);
	qd_config_write(model, QD_CFG_MSI_CONTROL, 2, fn.pdev.msi_enabled ? QD_MSI_ENABLE : 0);
	for (i = 0; fn.pdev.msix_enabled && i < model->options.msix_vectors; i++) {
		u32 entry = model->version->msix_table + i * QD_MSIX_ENTRY_SIZE;

		qd_bar_write(model, entry + PCI_MSIX_ENTRY_DATA, 4, MSIX_IRQ + i);
		qd_bar_write(model, entry + PCI_MSIX_ENTRY_VECTOR_CTRL, 4, 0);
	}
}

int pci_save_state(struct pci_dev *pdev)
{
	fn.saved_command = qd_config_read(&fn.model, QD_CFG_COMMAND, 2);
	return 0;
}

void pci_restore_state(struct pci_dev *pdev)
{
	set_up_interrupts();
	set_command(0xffff, fn.saved_command);
}

int pci_alloc_irq_vectors(struct pci_dev *pdev, unsigned int least, unsigned int most,
			  unsigned int flags)
{
	if (flags & PCI_IRQ_MSIX) {
		if (fn.model.options.msix_vectors < least)
			return -ENOSPC;
		pdev->msix_enabled = true;
		pdev->msix_base = BAR + fn.model.version->msix_table;
		set_up_interrupts();
		return most;
	}
	if (fn.model.options.msi) {
		pdev->msi_enabled = true;
		set_up_interrupts();
		return 1;
	}
	return fn.model.options.intx ? 1 : -ENOSPC;
}

void pci_free_irq_vectors(struct pci_dev *pdev)
{
	pdev->msix_enabled = false;
	pdev->msi_enabled = false;
	pdev->msix_base = NULL;
	set_up_interrupts();
}

int pci_irq_vector(struct pci_dev *pdev, unsigned int n)
{
	if (pdev->msix_enabled)
		return MSIX_IRQ + n;
	return pdev->msi_enabled ? MSI_IRQ : INTX_IRQ;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *data)
{
	fn.irq[irq].handler = handler;
	fn.irq[irq].data = data;
	return 0;
}

void free_irq(unsigned int irq, void *data)
{
	if (fn.irq[irq].data != data)
		kernel_bug("an interrupt is freed that is not requested");
	fn.irq[irq].handler = NULL;
	fn.irq[irq].data = NULL;
}

void get_cached_msi_msg(unsigned int irq, struct msi_msg *msg)
{
	*msg = (struct msi_msg){ .data = irq };
}

static void power_on(void)
{
	qd_reset(&fn.model);
	fn.runnable = 0;
	fn.vectors = 0;
	fn.msi = false;
}

static int reset_function(void)
{
	const struct pci_error_handlers *handlers = kernel_pci_driver->err_handler;

	messages += MESSAGES;
	if (fn.reset_fails) {
		fn.reset_fails--;
		return -ENOTTY;
	}
	if (fn.bound)
		handlers->reset_prepare(&fn.pdev);
	pci_save_state(&fn.pdev);
	set_command(QD_COMMAND_MASTER, QD_COMMAND_INTX_DISABLE);
	power_on();
	pci_restore_state(&fn.pdev);
	if (fn.bound)
		handlers->reset_done(&fn.pdev);
	return 0;
}

int pci_try_reset_function(struct pci_dev *pdev)
{
	int err;

	messages += MESSAGES;
	if (fn.lock.owner)
		return -EAGAIN;
	mutex_lock(&fn.lock);
	err = reset_function();
	mutex_unlock(&fn.lock);
	return err;
}

static void sleep_and_wake(void)
{
	const struct dev_pm_ops *pm = kernel_pci_driver->driver.pm;

	kernel_freeze(true);
	mutex_lock(&fn.lock);
	if (fn.bound)
		pm->suspend(&fn.pdev.dev);
	pci_save_state(&fn.pdev);
	power_on();
	pci_restore_state(&fn.pdev);
	if (fn.bound)
		pm->resume(&fn.pdev.dev);
	mutex_unlock(&fn.lock);
	kernel_freeze(false);
}

static void pci_error(bool permanent)
{
	const struct pci_error_handlers *handlers = kernel_pci_driver->err_handler;

	mutex_lock(&fn.lock);
	fn.cut_off = true;
	if (fn.bound)
		handlers->error_detected(&fn.pdev, permanent ? pci_channel_io_perm_failure :
							       pci_channel_io_frozen);
	power_on();
	fn.cut_off = fn.unplugged;
	if (fn.bound && !permanent &&
	    handlers->slot_reset(&fn.pdev) == PCI_ERS_RESULT_RECOVERED)
		handlers->resume(&fn.pdev);
	mutex_unlock(&fn.lock);
}

static int bind(void)
{
	const struct pci_device_id *id = kernel_pci_driver->id_table;
	int err;

	messages += MESSAGES;
	while (id->device && id->device != fn.pdev.device)
		id++;
	mutex_lock(&fn.lock);
	fn.pdev.dev.driver = &kernel_pci_driver->driver;
	set_command(0xffff, QD_COMMAND_MEMORY);
	err = kernel_pci_driver->probe(&fn.pdev, id);
	fn.bound = !err;
	if (err)
		fn.pdev.dev.driver = NULL;
	mutex_unlock(&fn.lock);
	return err;
}

static void unbind(void)
{
	messages += MESSAGES;
	mutex_lock(&fn.lock);
	kernel_pci_driver->remove(&fn.pdev);
	fn.pdev.dev.driver = NULL;
	fn.bound = false;
	mutex_unlock(&fn.lock);
}

/* --- copies -------------------------------------------------------------- */

/**
 * struct copy - a copy, and what is known of it
 * @slot: whose
 * @token: names it, or its cookie
 * @src: what is copied, NULL for nothing
 * @dst: where to
 * @len: bytes
 * @src_dma: mapped by the client, 0 if it is not
 * @dst_dma: likewise
 * @status: what has become of it
 * @callback: it has one
 * @called: and that has been called
 * @aborted: of a client of dmaengine, who terminated it
 * @awaited: and he waits for the end of that
 * @action: what the callback does
 */
struct copy {
	struct slot *slot;
	s64 token;
	u8 *src;
	u8 *dst;
	size_t len;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
	enum netdma_copy_status status;
	bool callback;
	bool called;
	bool aborted;
	bool awaited;
	u8 action;
};

static struct netdma_client *client;
static u8 pattern;

static u8 *buffer(size_t len, u8 byte)
{
	void *memory = NULL;

	if (posix_memalign(&memory, PAGE_SIZE, len))
		abort();
	memset(memory, byte, len);
	return memory;
}

static struct copy *copy_new(struct slot *slot, size_t len)
{
	struct copy *copy = calloc(1, sizeof(*copy));

	copy->slot = slot;
	copy->len = len;
	copy->token = -1;
	if (len) {
		copy->src = buffer(len, ++pattern ?: ++pattern);
		copy->dst = buffer(len, 0);
	}
	return copy;
}

static void copy_map(struct copy *copy)
{
	copy->src_dma = kernel_map(copy->src, copy->len);
	copy->dst_dma = kernel_map(copy->dst, copy->len);
}

/* From now on the engine has nothing to do with its memory. */
static void copy_release(struct copy *copy)
{
	if (copy->src_dma) {
		kernel_unmap(copy->src_dma);
		kernel_unmap(copy->dst_dma);
	}
	copy->src_dma = 0;
	free(copy->src);
	free(copy->dst);
	copy->src = NULL;
	copy->dst = NULL;
}

static void copy_settle(struct copy *copy, enum netdma_copy_status status)
{
	if (copy->status == status)
		return;
	if (copy->status != NETDMA_COPY_PENDING) {
		if (status != NETDMA_COPY_UNKNOWN)
			kernel_bug("copy %lld was %d, and is %d", copy->token, copy->status,
				   status);
		return;
	}
	copy->status = status;
	if (status == NETDMA_COPY_DONE && copy->src && !fooled &&
	    memcmp(copy->src, copy->dst, copy->len))
		kernel_bug("copy %lld is done, and its data is not there", copy->token);
	copy_release(copy);
}

static void copy_free(struct copy *copy)
{
	copy_release(copy);
	free(copy);
}

static void control(struct slot *slot, u8 what);

static void copy_called(struct copy *copy, enum netdma_copy_status status)
{
	if (copy->called)
		kernel_bug("copy %lld is called back twice", copy->token);
	copy->called = true;
	copy_settle(copy, status);
	if (copy->action)
		control(copy->slot, copy->action);
}

static void netdma_called(void *context, netdma_token_t token, enum netdma_copy_status status)
{
	struct copy *copy = context;

	if (status == NETDMA_COPY_PENDING || status == NETDMA_COPY_UNKNOWN)
		kernel_bug("copy %lld is called back with %d", token, status);
	copy_called(copy, status);
}

static void dma_called(void *context, const struct dmaengine_result *result)
{
	copy_called(context, result->result == DMA_TRANS_NOERROR ? NETDMA_COPY_DONE :
								   NETDMA_COPY_FAILED);
}

static enum netdma_copy_status copy_status(struct copy *copy)
{
	struct slot *slot = copy->slot;

	if (slot->owner == NETDMA_CLIENT)
		return netdma_get_copy_status(slot->channel, copy->token);

	/* Forgotten: then its place in the ring is another one's. */
	if (slot->last - copy->token >= netdma_ring_size - 1)
		return NETDMA_COPY_UNKNOWN;
	switch (slot->chan->device->device_tx_status(slot->chan, copy->token, NULL)) {
	case DMA_COMPLETE:
		return NETDMA_COPY_DONE;
	case DMA_ERROR:
		/* Of one that was terminated that says nothing of its memory. */
		return copy->aborted ? copy->status : NETDMA_COPY_FAILED;
	default:
		return NETDMA_COPY_PENDING;
	}
}

static void drop(struct slot *slot, struct copy *copy)
{
	unsigned int i = 0;

	while (slot->copy[i] != copy)
		i++;
	copy_free(copy);
	memmove(&slot->copy[i], &slot->copy[i + 1], (--slot->copies - i) * sizeof(slot->copy[0]));
}

/* See what has become of all, and forget what nothing is left to be known of. */
static void poll_slot(struct slot *slot)
{
	unsigned int i = 0;

	while (i < slot->copies) {
		struct copy *copy = slot->copy[i];
		enum netdma_copy_status before = copy->status, now = copy_status(copy);

		/* It may have been finished just after it was asked. */
		if (before != NETDMA_COPY_PENDING || now != NETDMA_COPY_PENDING)
			copy_settle(copy, now);
		if (copy->status != NETDMA_COPY_PENDING && (!copy->callback || copy->called))
			drop(slot, copy);
		else
			i++;
	}
}

/* Nothing of them goes on any more: of all, or of what was waited for. */
static void forget(struct slot *slot, bool awaited_only)
{
	unsigned int i = 0;

	while (i < slot->copies) {
		struct copy *copy = slot->copy[i];

		if (awaited_only && !copy->awaited) {
			i++;
			continue;
		}
		if (slot->owner == NETDMA_CLIENT && copy->callback && !copy->called)
			kernel_bug("copy %lld is not called back", copy->token);
		drop(slot, copy);
	}
}

enum { COPY_DMA, COPY_VIRT, COPY_NULL, COPY_FILL };

static s64 queue_netdma(struct copy *copy, u8 kind, u32 flags)
{
	const struct netdma_callback callback = { netdma_called, copy };
	const struct netdma_callback *cb = copy->callback ? &callback : NULL;
	struct netdma_channel *channel = copy->slot->channel;

	if (kind == COPY_NULL)
		return netdma_null_transfer(channel, flags, cb);
	if (kind == COPY_VIRT)
		return netdma_chain_copy_virt(channel, copy->dst, copy->src, copy->len, flags, cb);
	copy_map(copy);
	return netdma_chain_copy_dma(channel, copy->dst_dma, copy->src_dma, copy->len, flags, cb);
}

static s64 queue_dma(struct copy *copy, u8 kind, u32 flags)
{
	struct dma_chan *chan = copy->slot->chan;
	struct dma_device *dd = chan->device;
	struct dma_async_tx_descriptor *tx;
	s64 token;

	if (copy->len)
		copy_map(copy);
	if (!copy->len)
		tx = dd->device_prep_dma_interrupt(chan, DMA_PREP_INTERRUPT);
	else if (kind == COPY_FILL && dd->device_prep_dma_memset)
		tx = dd->device_prep_dma_memset(chan, copy->dst_dma, copy->src[0], copy->len,
						DMA_PREP_INTERRUPT);
	else
		tx = dd->device_prep_dma_memcpy(chan, copy->dst_dma, copy->src_dma, copy->len,
						copy->callback ? DMA_PREP_INTERRUPT : 0);
	if (!tx)
		return -EBUSY;
	if (copy->callback)
		tx->callback_result = dma_called;
	tx->callback_param = copy;
	token = tx->tx_submit(tx);
	/* A callback may have terminated it before its cookie was known. */
	copy->aborted = token <= copy->slot->aborted;
	return token;
}

static void queue_copy(struct slot *slot, u8 how, u16 len)
{
	u8 kind = how & 3;
	struct copy *copy;

	if (slot->copies == MAX_COPIES)
		return;
	copy = copy_new(slot, kind == COPY_NULL ? 0 : len);
	copy->callback = how & 4;
	copy->action = how & 8 ? how >> 5 : 0;
	/* It may be called back before its token is known. */
	slot->copy[slot->copies++] = copy;
	copy->token = slot->owner == NETDMA_CLIENT ?
		      queue_netdma(copy, kind, how & 16 ? NETDMA_COPY_FLUSH : 0) :
		      queue_dma(copy, kind, how);
	if (copy->token < 0)
		drop(slot, copy);
	else
		slot->last = max(slot->last, copy->token);
	if (how & 16 && slot->owner == DMA_CLIENT)
		slot->chan->device->device_issue_pending(slot->chan);
}

/* What a client does with a channel, in any context */
enum { CONTROL_NONE, CONTROL_FLUSH, CONTROL_COPY, CONTROL_PAUSE, CONTROL_RESUME, CONTROL_ABORT };

static void control(struct slot *slot, u8 what)
{
	struct dma_chan *chan = slot->chan;
	bool netdma = slot->owner == NETDMA_CLIENT;
	unsigned int i;

	switch (what) {
	case CONTROL_FLUSH:
		if (netdma)
			netdma_flush(slot->channel);
		else
			chan->device->device_issue_pending(chan);
		break;
	case CONTROL_COPY:
		queue_copy(slot, COPY_DMA | 16, 64);
		break;
	case CONTROL_PAUSE:
		if (netdma)
			netdma_suspend(slot->channel, NULL);
		else
			chan->device->device_pause(chan);
		break;
	case CONTROL_RESUME:
		if (netdma)
			netdma_resume(slot->channel);
		else
			chan->device->device_resume(chan);
		break;
	case CONTROL_ABORT:
		if (netdma) {
			netdma_abort(slot->channel);
			break;
		}
		for (i = 0; i < slot->copies; i++) {
			struct copy *copy = slot->copy[i];

			/* One that has no cookie yet may not have been submitted. */
			if (copy->token >= 0 && copy->status == NETDMA_COPY_PENDING)
				copy->aborted = true;
		}
		slot->aborted = chan->cookie;
		chan->device->device_terminate_all(chan);
		break;
	}
}

static bool any_channel(struct dma_chan *chan, void *param)
{
	return true;
}

static void take_channel(struct slot *slot, bool netdma)
{
	dma_cap_mask_t mask = { 0 };

	if (netdma) {
		slot->channel = netdma_allocate_channel(client, NULL);
		if (!IS_ERR(slot->channel))
			slot->owner = NETDMA_CLIENT;
		return;
	}
	dma_cap_set(DMA_MEMCPY, mask);
	slot->chan = dma_request_channel(mask, any_channel, NULL);
	if (slot->chan) {
		slot->channel = &container_of(slot->chan, struct netdma_dma_chan, chan)->channel;
		slot->owner = DMA_CLIENT;
		slot->last = slot->chan->cookie;
	}
}

static void give_back(struct slot *slot)
{
	if (slot->owner == NETDMA_CLIENT) {
		netdma_free_channel(slot->channel);
	} else {
		control(slot, CONTROL_ABORT);
		dma_release_channel(slot->chan);
	}
	forget(slot, false);
	memset(slot, 0, sizeof(*slot));
}

static void settle_slot(struct slot *slot)
{
	s64 last = slot->last;
	unsigned int i;

	if (slot->owner == NETDMA_CLIENT) {
		netdma_reset(slot->channel);
		poll_slot(slot);
		/* Callbacks may have queued more. */
		if (slot->copies && slot->copy[0]->token <= last)
			kernel_bug("copy %lld is not finished after a reset",
				   slot->copy[0]->token);
	} else {
		/* Callbacks may terminate more meanwhile. */
		for (i = 0; i < slot->copies; i++)
			slot->copy[i]->awaited = slot->copy[i]->aborted;
		slot->chan->device->device_synchronize(slot->chan);
		forget(slot, true);
	}
}

/* --- the program --------------------------------------------------------- */

static void wait_a_bit(void)
{
	u64 end = kernel_clock + 10 * NSEC_PER_SEC;
	unsigned int i;

	for (i = 0; i < 1000 && kernel_clock < end; i++)
		usleep_range(1000, 10000);
}

static void arm_fault(void)
{
	static const u64 times[] = { 10000, 1000000, 300000000, QD_NEVER };
	u8 what = take_u8(&input), how = take_u8(&input), after = take_u8(&input);
	struct qd_fault fault = {
		.kind = what % QD_FAULT_REGISTER,
		.channel = QD_ALL_CHANNELS,
		.after = after,
		.count = 1 + (how >> 6),
		.time_ns = times[how & 3],
		.errors = BIT(how % 13),
		.bytes = QD_FAULT_HALF,
		/* The other ones are lies of neighbours. */
		.word = how % QD_WORD_UNISSUED,
	};

	/* Wrong data that is said to be right is right; the other is OP_UNPLUG. */
	if (fault.kind == QD_FAULT_CORRUPT || fault.kind == QD_FAULT_GONE)
		return;
	if (fault.kind == QD_FAULT_INTERRUPT_SPURIOUS)
		fault.time_ns = times[1];
	qd_arm_fault(&fn.model, &fault);
}

/* The memory is the device's to write at any time. */
static void write_word(struct slot *slot)
{
	struct netdma_ring *ring = &slot->channel->ring;
	u8 kind = take_u8(&input);
	u64 value = take(&input, kind % LIE_KINDS == LIE_ANY ? 8 : 1);

	if (!ring->desc)
		return;
	value = lie(le64_to_cpu(*ring->completion), kind, value, word_lies.stale);
	*ring->completion = cpu_to_le64(value);
	slot->last_word = value;
	check_words();
}

/* The operations of the program */
enum {
	OP_TAKE, OP_GIVE_BACK, OP_COPY, OP_CONTROL, OP_SETTLE, OP_POLL, OP_MAX_PENDING,
	OP_ENGINE, OP_INTERRUPT, OP_SOFTIRQ, OP_WORKS, OP_TIME, OP_WAIT,
	OP_REGISTER_LIE, OP_WORD_LIE, OP_WORD, OP_REGISTER_LIES, OP_WORD_LIES, OP_FAULT,
	OP_CLEAR, OP_PREEMPT, OP_NO_MEMORY, OP_SPURIOUS,
	OP_RESET, OP_RESET_FAILS, OP_SLEEP, OP_PCI_ERROR, OP_REBIND, OP_UNPLUG,
	OPS
};

/* As they are called in the log */
static const char * const op_names[OPS] = {
	[OP_TAKE] = "take",
	[OP_GIVE_BACK] = "give back",
	[OP_COPY] = "copy",
	[OP_CONTROL] = "control",
	[OP_SETTLE] = "settle",
	[OP_POLL] = "poll",
	[OP_MAX_PENDING] = "max pending",
	[OP_ENGINE] = "engine",
	[OP_INTERRUPT] = "interrupt",
	[OP_SOFTIRQ] = "softirq",
	[OP_WORKS] = "works",
	[OP_TIME] = "time",
	[OP_WAIT] = "wait",
	[OP_REGISTER_LIE] = "register lie",
	[OP_WORD_LIE] = "word lie",
	[OP_WORD] = "word",
	[OP_REGISTER_LIES] = "register lies",
	[OP_WORD_LIES] = "word lies",
	[OP_FAULT] = "fault",
	[OP_CLEAR] = "clear",
	[OP_PREEMPT] = "preempt",
	[OP_NO_MEMORY] = "no memory",
	[OP_SPURIOUS] = "spurious",
	[OP_RESET] = "reset",
	[OP_RESET_FAILS] = "reset fails",
	[OP_SLEEP] = "sleep",
	[OP_PCI_ERROR] = "pci error",
	[OP_REBIND] = "rebind",
	[OP_UNPLUG] = "unplug",
};

static void rebind(void)
{
	if (fn.bound)
		unbind();
	bind();
}

static void run_op(u8 op, u8 arg)
{
	struct slot *slot = &slots[arg % SLOTS];
	bool owned = slot->owner != NOBODY;
	unsigned int i;

	arg /= SLOTS;
	switch (op) {
	case OP_TAKE:
		if (!owned)
			take_channel(slot, arg & 1);
		break;
	case OP_GIVE_BACK:
		if (owned)
			give_back(slot);
		break;
	case OP_COPY: {
		u8 how = take_u8(&input), len = take_u8(&input);

		/* From a byte to some pages */
		if (owned)
			queue_copy(slot, how, arg & 7 ? len + 1 : (len + 1) * 61);
		break;
	}
	case OP_CONTROL:
		if (owned)
			control(slot, arg % 6);
		break;
	case OP_SETTLE:
		if (owned)
			settle_slot(slot);
		break;
	case OP_POLL:
		if (owned)
			poll_slot(slot);
		break;
	case OP_MAX_PENDING:
		if (slot->owner == NETDMA_CLIENT)
			netdma_set_max_pending_descriptors(slot->channel, arg);
		break;
	case OP_ENGINE:
		for (i = 0; i <= arg / 4; i++)
			engine_step(arg % 4);
		break;
	case OP_INTERRUPT:
		device_interrupt();
		break;
	case OP_SOFTIRQ:
		kernel_run_softirqs();
		break;
	case OP_WORKS:
		kernel_run_works();
		break;
	case OP_TIME:
		kernel_advance((arg + 1) * 50 * NSEC_PER_MSEC);
		if (qd_deadline(&fn.model) <= kernel_clock)
			qd_expire(&fn.model);
		break;
	case OP_WAIT:
		usleep_range(1, 1 << (arg % 24));
		break;
	case OP_REGISTER_LIE:
		arm_lie(&register_lies);
		break;
	case OP_WORD_LIE:
		arm_lie(&word_lies);
		break;
	case OP_WORD:
		if (owned)
			write_word(slot);
		break;
	case OP_REGISTER_LIES:
		arm_lies(&register_lies);
		break;
	case OP_WORD_LIES:
		arm_lies(&word_lies);
		break;
	case OP_FAULT:
		arm_fault();
		break;
	case OP_CLEAR:
		register_lies = (struct lies){};
		word_lies = (struct lies){};
		qd_clear_faults(&fn.model);
		kernel_allocations_until_failure = -1;
		kernel_preempt_each(0);
		break;
	case OP_PREEMPT:
		kernel_preempt_each(arg);
		break;
	case OP_NO_MEMORY:
		kernel_allocations_until_failure = arg;
		break;
	case OP_SPURIOUS:
		interrupt(INTX_IRQ + arg % (IRQS - INTX_IRQ));
		break;
	case OP_RESET:
		mutex_lock(&fn.lock);
		reset_function();
		mutex_unlock(&fn.lock);
		break;
	case OP_RESET_FAILS:
		fn.reset_fails = arg;
		break;
	case OP_SLEEP:
		sleep_and_wake();
		break;
	case OP_PCI_ERROR:
		pci_error(!(arg & 7));
		break;
	case OP_REBIND:
		rebind();
		break;
	case OP_UNPLUG:
		fn.unplugged = fn.unplugged || !arg;
		fn.cut_off = fn.unplugged;
		break;
	}
}

/* The parts that differ for the driver: by their IDs */
static const struct qd_options parts[] = {
	{ .device_id = 0x2021, .version = 0x32, .channels = 2, .chancnt = 2, .xfercap = 13,
	  .msix_vectors = 2, .intx = true },
	{ .device_id = 0x3430, .version = 0x30, .channels = 2, .chancnt = 2, .xfercap = 20,
	  .intx = true },
	{ .device_id = 0x6f50, .version = 0x33, .channels = 2, .chancnt = 2, .xfercap = 12,
	  .msix_vectors = 2, .intx = true },
	{ .device_id = 0x0b00, .version = 0x34, .channels = 1, .chancnt = 1, .xfercap = 13,
	  .msi = true },
};

static void plug_in(const struct qd_options *part)
{
	memset(&fn, 0, sizeof(fn));
	fn.pdev.vendor = PCI_VENDOR_ID_INTEL;
	fn.pdev.device = part->device_id;
	if (qd_init(&fn.model, part, &engine_ops, NULL))
		kernel_bug("no such part");
	memset(slots, 0, sizeof(slots));
	register_lies = (struct lies){};
	word_lies = (struct lies){};
	fooled = false;
	messages = 0;
	pattern = 0;
}

/* The device says the truth again: does all go well? */
static void check_service(void)
{
	struct slot *slot = &slots[0];
	int err;

	err = bind();
	if (err)
		kernel_bug("the device does not come back: %d", err);
	fooled = false;
	take_channel(slot, true);
	if (slot->owner == NOBODY)
		kernel_bug("no channel: %ld", PTR_ERR(slot->channel));
	queue_copy(slot, COPY_VIRT | 4 | 16, 100);
	wait_a_bit();
	if (slot->copies != 1 || slot->copy[0]->status != NETDMA_COPY_DONE)
		kernel_bug("no copy any more");
	poll_slot(slot);
	give_back(slot);
	unbind();
}

int fuzz_set_up(int *argc, char ***argv)
{
	netdma_ring_size = NETDMA_RING_MIN;
	if (kernel_module_init())
		abort();
	kernel_allocations = 0;
	return 0;
}

int fuzz_input(const u8 *data, size_t size)
{
	unsigned int i;
	u8 op, arg;

	input = (struct input){ data, size };
	plug_in(&parts[take_u8(&input) % ARRAY_SIZE(parts)]);
	client = netdma_register_client("fuzz", NULL, NULL);
	/* What comes before OP_REBIND sees to the probe. */
	bind();

	for (i = 0; i < MAX_OPS && input.size; i++) {
		fn.reads = 0;
		op = take_u8(&input) % OPS;
		arg = take_u8(&input);
		kernel_log(true, "%s %u %u\n", op_names[op], arg % SLOTS, arg / SLOTS);
		run_op(op, arg);
		if (kernel_messages > messages)
			kernel_bug("%u messages", kernel_messages);
	}

	fn.reads = 0;
	run_op(OP_CLEAR, 0);
	for (i = 0; i < SLOTS; i++)
		if (slots[i].owner != NOBODY)
			give_back(&slots[i]);
	if (fn.bound)
		unbind();
	if (!fn.unplugged)
		check_service();
	netdma_deregister_client(client);
	kernel_check_idle();
	return 0;
}
