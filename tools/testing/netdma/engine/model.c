// SPDX-License-Identifier: GPL-2.0-only
/*
 * A QuickData PCI function in plain C, see model.h.
 *
 * In this file, after the parts that there are, from the bottom of the machine to
 * its surface: errors and interrupts, descriptor execution, channel registers,
 * function registers, configuration space, faults that take time.
 */
#include "model.h"

/* Only what the model executes is in the capabilities. */
#define COPY_AND_FILL	(QD_CAPABILITY_PAGE_BREAK | QD_CAPABILITY_FILL)

#define XEON_LAYOUT							\
	.msix = QD_CFG_MSIX, .pcie = QD_CFG_PCIE, .bar_size = QD_BAR_SIZE,	\
	.msix_table = QD_MSIX_TABLE, .msix_pba = QD_MSIX_PBA

static const struct qd_version versions[] = {
	{
		.version = 0x30, .device_id = 0x3430, .address_bits = 40, XEON_LAYOUT,
		.capability = COPY_AND_FILL, .quirks = QD_NULL_NEEDS_SIZE | QD_TORN_STATUS,
	}, {
		.version = 0x32, .device_id = 0x2021, .address_bits = 46, XEON_LAYOUT,
		.capability = COPY_AND_FILL, .quirks = QD_TORN_STATUS,
	}, {
		.version = 0x33, .device_id = 0x6f50, .address_bits = 48,
		.msix = QD_CFG_MSIX_3_3, .pcie = QD_CFG_PCIE_3_3, .bar_size = QD_BAR_SIZE_3_3,
		.msix_table = QD_MSIX_TABLE_3_3, .msix_pba = QD_MSIX_PBA_3_3,
		.capability = COPY_AND_FILL, .quirks = QD_RESET_CLEARS_MSIX,
	}, {
		.version = 0x34, .device_id = 0x0b00, .address_bits = 48, XEON_LAYOUT,
		.capability = COPY_AND_FILL | QD_CAPABILITY_PREFETCH, .quirks = QD_PREFETCH_LTR,
	},
};

/* Device IDs that follow one another, as do the numbers of their functions */
struct device_ids {
	u16 first;
	u8 count;
	u8 function;			/* of the first */
	u8 version;
	u8 address_bits;		/* if not those of the version */
	u32 spurious;			/* DMAUNCERRSTS after a reset, of function 0 */
};

static const struct device_ids device_ids[] = {
	{ 0x3430, 4, 0, 0x30, .spurious = QD_DMAUNCERR_PARITY },	/* 5500/5520 */
	{ 0x3429, 4, 4, 0x30 },
	{ 0x3710, 8, 0, 0x32, .address_bits = 40 },			/* C5500 */
	{ 0x3718, 2, 0, 0x32, .address_bits = 40 },
	{ 0x3c20, 8, 0, 0x32 }, { 0x3c2e, 2, 0, 0x32 },			/* E5 */
	{ 0x0e20, 8, 0, 0x32 }, { 0x0e2e, 2, 0, 0x32 },			/* E5 v2 */
	{ 0x2f20, 8, 0, 0x32 }, { 0x2f2e, 2, 0, 0x32 },			/* E5 v3 */
	{ 0x6f20, 8, 0, 0x32 }, { 0x6f2e, 2, 0, 0x32 },			/* E5 v4 */
	{ 0x2021, 1, 0, 0x32 },						/* Skylake-SP */
	{ 0x0c50, 4, 0, 0x33 },						/* Atom S1200 */
	{ 0x6f50, 4, 0, 0x33 },						/* Xeon D-1500 */
	{ 0x0b00, 1, 0, 0x34 },						/* Ice Lake-SP */
	{ }
};

const struct qd_version *qd_find_version(u8 version)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(versions); i++)
		if (versions[i].version == version)
			return &versions[i];
	return NULL;
}

static const struct device_ids *find_device(u16 device_id)
{
	const struct device_ids *ids;

	for (ids = device_ids; ids->count; ids++)
		if (device_id >= ids->first && device_id - ids->first < ids->count)
			break;
	return ids;
}

u8 qd_version_of(u16 device_id)
{
	return find_device(device_id)->version;
}

static unsigned int function_number(u16 device_id)
{
	const struct device_ids *ids = find_device(device_id);

	return ids->count ? device_id - ids->first + ids->function : 0;
}

u16 qd_sibling(u16 device_id, unsigned int distance)
{
	const struct device_ids *ids = find_device(device_id);
	unsigned int number = function_number(device_id) + distance;

	/* The 5500 has two rows of them. */
	if (ids->count && ids[1].function && number >= ids[1].function)
		ids++;
	if (number >= ids->function + ids->count)
		return device_id;
	return ids->first + number - ids->function;
}

static bool is(const struct qd_model *model, u32 quirk)
{
	return model->version->quirks & quirk;
}

struct qd_register {
	const char *name;
	u16 offset;
	u8 size;
};

static const struct qd_register global_registers[] = {
	{ "CHANCNT",		QD_CHANCNT,		1 },
	{ "XFERCAP",		QD_XFERCAP,		1 },
	{ "GENCTRL",		QD_GENCTRL,		1 },
	{ "INTRCTRL",		QD_INTRCTRL,		1 },
	{ "ATTNSTATUS",		QD_ATTNSTATUS,		4 },
	{ "CBVER",		QD_CBVER,		1 },
	{ "PERPORTOFFSET",	QD_PERPORTOFFSET,	2 },
	{ "INTRDELAY",		QD_INTRDELAY,		2 },
	{ "CS_STATUS",		QD_CS_STATUS,		2 },
	{ "DMACAPABILITY",	QD_DMACAPABILITY,	4 },
	{ "DCAOFFSET",		QD_DCAOFFSET,		2 },
	{ "CBPRIO",		QD_CBPRIO,		1 },
	{ "CHWPREFLMT",		QD_CHWPREFLMT,		1 },
};

static const struct qd_register channel_registers[] = {
	{ "CHANCTRL",		QD_CHANCTRL,		2 },
	{ "DMA_COMP",		QD_DMA_COMP,		2 },
	{ "CHANCMD",		QD_CHANCMD,		1 },
	{ "DMACOUNT",		QD_DMACOUNT,		2 },
	{ "CHANSTS",		QD_CHANSTS,		8 },
	{ "CHAINADDR",		QD_CHAINADDR,		8 },
	{ "CHANCMP",		QD_CHANCMP,		8 },
	{ "CDAR",		QD_CDAR,		8 },
	{ "CHANERR",		QD_CHANERR,		4 },
	{ "CHANERRMSK",		QD_CHANERRMSK,		4 },
	{ "DCACTRL",		QD_DCACTRL,		4 },
	{ "DRSCTL",		QD_DRSCTL,		2 },
	{ "LTR_SWSEL",		QD_LTR_SWSEL,		1 },
	{ "LTR_ACTIVE",		QD_LTR_ACTIVE,		4 },
	{ "LTR_IDLE",		QD_LTR_IDLE,		4 },
};

static_assert(ARRAY_SIZE(global_registers) <= QD_MAX_REGISTERS, "global registers");
static_assert(ARRAY_SIZE(channel_registers) <= QD_MAX_REGISTERS, "channel registers");

const char *qd_global_register_name(unsigned int index)
{
	return index < ARRAY_SIZE(global_registers) ? global_registers[index].name : NULL;
}

const char *qd_channel_register_name(unsigned int index)
{
	return index < ARRAY_SIZE(channel_registers) ? channel_registers[index].name : NULL;
}

static u64 get_le(const u8 *bytes, unsigned int size)
{
	u64 value = 0;

	while (size--)
		value = value << 8 | bytes[size];
	return value;
}

static void put_le(u8 *bytes, unsigned int size, u64 value)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		bytes[i] = value >> (8 * i);
}

/* A mask of the low @size bytes, 1 to 8. */
static u64 low_bytes(unsigned int size)
{
	return ~0ULL >> (64 - 8 * size);
}

static u64 merge(u64 old, u64 value, u64 mask)
{
	return (old & ~mask) | (value & mask);
}

static unsigned int channel_number(const struct qd_model *model, const struct qd_channel *chan)
{
	return chan - model->channel;
}

/*
 * Faults: what they hit. When they do is in fault.c.
 */

static u64 now_ns(const struct qd_model *model)
{
	return model->ops->now ? model->ops->now(model->context) : 0;
}

u32 qd_in_flight(const struct qd_model *model, unsigned int channel)
{
	u32 in_flight = 0;
	unsigned int i;

	for (i = 0; i < model->options.channels; i++) {
		const struct qd_channel *chan = &model->channel[i];

		if (channel == QD_ALL_CHANNELS || channel == i)
			in_flight += (u16)(chan->count - chan->processed);
	}
	return in_flight;
}

static void fault_fires(struct qd_model *model, struct qd_fault *fault, unsigned int channel)
{
	fault->when_ns = now_ns(model);
	fault->in_flight = qd_in_flight(model, channel);
	qd_faults_fired(&model->faults, fault);
}

/* Returns the fault that hits an event of a channel, or NULL. */
static struct qd_fault *hit(struct qd_model *model, const struct qd_channel *chan,
			    enum qd_fault_kind kind)
{
	unsigned int n = channel_number(model, chan);
	struct qd_fault *fault = qd_faults_event(&model->faults, kind, n, 0);

	if (fault)
		fault_fires(model, fault, n);
	return fault;
}

/* When what a fault holds up goes on */
static u64 fault_end(const struct qd_model *model, const struct qd_fault *fault)
{
	return fault->time_ns == QD_NEVER ? QD_NEVER : now_ns(model) + fault->time_ns;
}

/* A field of configuration space, by the place that it has on the Xeons */
static u8 *config_at(struct qd_model *model, u16 offset)
{
	if (offset >= QD_CFG_MSIX && offset < QD_CFG_MSIX_END)
		offset += model->version->msix - QD_CFG_MSIX;
	else if (offset >= QD_CFG_PCIE && offset < QD_CFG_PCIE_END)
		offset += model->version->pcie - QD_CFG_PCIE;
	return &model->config[offset];
}

static u16 msix_control(struct qd_model *model)
{
	return get_le(config_at(model, QD_CFG_MSIX_CONTROL), 2);
}

/*
 * Interrupts
 */

static bool bus_master(const struct qd_model *model)
{
	return !model->gone && (get_le(&model->config[QD_CFG_COMMAND], 2) & QD_COMMAND_MASTER) &&
	       !(model->config[QD_CFG_PMCSR] & QD_PMCSR_STATE);
}

/* The interrupt condition that INTx and MSI share, whether or not it gets out. */
static bool interrupt_condition(const struct qd_model *model)
{
	return (model->intrctrl & QD_INTRCTRL_MASTER) && model->attnstatus;
}

static void update_lines(struct qd_model *model)
{
	u16 command = get_le(&model->config[QD_CFG_COMMAND], 2);
	u16 msi = get_le(&model->config[QD_CFG_MSI_CONTROL], 2);
	bool condition = interrupt_condition(model) && !(msix_control(model) & QD_MSIX_ENABLE);
	bool msi_level = condition && (msi & QD_MSI_ENABLE) && bus_master(model);
	bool intx_level = condition && !(msi & QD_MSI_ENABLE) && model->options.intx &&
			  !model->gone && !(command & QD_COMMAND_INTX_DISABLE);

	if (intx_level != model->intx_level) {
		model->intx_level = intx_level;
		model->ops->set_intx(model->context, intx_level);
	}
	/* A message stands for the rising edge. */
	if (msi_level != model->msi_level) {
		model->msi_level = msi_level;
		if (msi_level)
			model->ops->raise_msi(model->context);
	}
}

static void send_pending_messages(struct qd_model *model)
{
	u16 control = msix_control(model);
	unsigned int vector;

	if (!(control & QD_MSIX_ENABLE) || (control & QD_MSIX_MASK_ALL) || !bus_master(model))
		return;

	for (vector = 0; vector < model->options.msix_vectors; vector++) {
		const u8 *entry = &model->msix_table[vector * QD_MSIX_ENTRY_SIZE];

		if (!(model->pba & BIT_ULL(vector)) ||
		    (entry[QD_MSIX_VECTOR_CONTROL] & QD_MSIX_VECTOR_MASKED))
			continue;
		model->pba &= ~BIT_ULL(vector);
		model->ops->raise_msix(model->context, vector);
	}
}

static void reset_msix(struct qd_model *model)
{
	unsigned int i;

	model->pba = 0;
	memset(model->msix_table, 0, sizeof(model->msix_table));
	for (i = 0; i < model->options.msix_vectors; i++)
		model->msix_table[i * QD_MSIX_ENTRY_SIZE + QD_MSIX_VECTOR_CONTROL] =
			QD_MSIX_VECTOR_MASKED;
}

void qd_msix_set_mask(struct qd_model *model, unsigned int vector, bool masked)
{
	if (vector >= model->options.msix_vectors)
		return;

	model->msix_table[vector * QD_MSIX_ENTRY_SIZE + QD_MSIX_VECTOR_CONTROL] =
		masked ? QD_MSIX_VECTOR_MASKED : 0;
	send_pending_messages(model);
}

static void interrupt_event(struct qd_model *model, struct qd_channel *chan)
{
	unsigned int n = channel_number(model, chan);

	if (chan->ctrl & QD_CHANCTRL_INT_DISABLE) {
		chan->event = true;
		chan->stats.deferred++;
		return;
	}

	chan->ctrl |= QD_CHANCTRL_INT_DISABLE;
	if (hit(model, chan, QD_FAULT_INTERRUPT_LOST))
		return;

	chan->stats.interrupts++;
	model->attnstatus |= BIT(n);
	if (msix_control(model) & QD_MSIX_ENABLE)
		model->pba |= BIT_ULL(n % model->options.msix_vectors);
	send_pending_messages(model);
	update_lines(model);
}

/* No event, no status bit: just the signal, as it is set up. */
static void spurious_interrupt(struct qd_model *model, unsigned int n)
{
	u16 command = get_le(&model->config[QD_CFG_COMMAND], 2);
	u16 msi = get_le(&model->config[QD_CFG_MSI_CONTROL], 2);

	if (msix_control(model) & QD_MSIX_ENABLE) {
		model->pba |= BIT_ULL(n % model->options.msix_vectors);
		send_pending_messages(model);
	} else if (msi & QD_MSI_ENABLE) {
		if (bus_master(model))
			model->ops->raise_msi(model->context);
	} else if (model->options.intx && !(command & QD_COMMAND_INTX_DISABLE) &&
		   !model->intx_level) {
		model->ops->set_intx(model->context, true);
		model->ops->set_intx(model->context, false);
	}
}

static void rearm_interrupt(struct qd_model *model, struct qd_channel *chan)
{
	unsigned int n = channel_number(model, chan);
	unsigned int i;

	chan->ctrl &= ~QD_CHANCTRL_INT_DISABLE;
	model->attnstatus &= ~BIT(n);
	update_lines(model);

	/* A message still held back is dropped if nobody else stands behind it. */
	if (model->options.msix_vectors) {
		u64 wanted = 0;

		for (i = 0; i < model->options.channels; i++)
			if (model->attnstatus & BIT(i))
				wanted |= BIT_ULL(i % model->options.msix_vectors);
		model->pba &= wanted;
	}

	if (chan->event) {
		chan->event = false;
		interrupt_event(model, chan);
	}
}

/*
 * Memory
 */

/* Returns whether there can be an access; the transport may ask whether it is still wanted. */
static bool begin_access(struct qd_model *model, const struct qd_channel *chan)
{
	model->accessing = chan;
	model->access_epoch = chan->epoch;
	return bus_master(model);
}

bool qd_access_wanted(const struct qd_model *model)
{
	return bus_master(model) && model->accessing->epoch == model->access_epoch;
}

static int dma_read(struct qd_model *model, const struct qd_channel *chan, u64 addr, void *buf,
		    u32 len)
{
	if (!begin_access(model, chan))
		return -EPERM;
	return model->ops->dma_read(model->context, addr, buf, len);
}

static int dma_write(struct qd_model *model, const struct qd_channel *chan, u64 addr,
		     const void *buf, u32 len)
{
	if (!begin_access(model, chan))
		return -EPERM;
	return model->ops->dma_write(model->context, addr, buf, len);
}

static bool reachable(const struct qd_model *model, u64 addr, u32 len)
{
	return addr < model->address_limit && len <= model->address_limit - addr;
}

/* The first descriptor that was not issued, seen from the one in hand or the last good one */
static u64 unissued_descriptor(struct qd_model *model, struct qd_channel *chan, u64 addr)
{
	u32 links = (u16)(chan->count - chan->processed) + !chan->busy;
	struct qd_descriptor desc;
	u32 epoch = chan->epoch;

	while (links-- && !dma_read(model, chan, addr, &desc, sizeof(desc)) && chan->epoch == epoch)
		addr = le64_to_cpu(desc.next);
	return addr;
}

static u64 wrong_word(struct qd_model *model, struct qd_channel *chan, enum qd_word kind,
		      u64 addr, enum qd_state state)
{
	switch (kind) {
	case QD_WORD_ONES:
		return ~0ULL;
	case QD_WORD_OUTSIDE:
		return (addr ^ BIT_ULL(38)) | state;
	case QD_WORD_MISALIGNED:
		return addr | BIT(5) | state;
	case QD_WORD_UNISSUED:
		return unissued_descriptor(model, chan, addr) | state;
	case QD_WORD_STALE:
		return chan->words[(chan->last_word + 1) % QD_WORDS];
	default:
		return 0;
	}
}

/*
 * Hostile values: what is said is arbitrary, what is done stays right.
 *
 * One lie is left out, since nothing tells it from the truth: that a descriptor is
 * finished which is not. A completion word stays in memory, and what was not issued
 * when it was written may be so when it is read. So it names nothing of the list but
 * what was finished lately, even if that is not in flight. To be reported once more
 * that has to be issued again: the client must not fill the ring to the last few.
 */

static bool finished_lately(const struct qd_channel *chan, u64 addr)
{
	unsigned int i;

	for (i = 0; i < QD_WORDS; i++)
		if ((chan->words[i] & QD_STATUS_ADDRESS) == addr)
			return true;
	return false;
}

/* Is that lie in a completion word? The list is a ring, or ends somewhere. */
static bool word_deceives(struct qd_model *model, struct qd_channel *chan, u64 addr)
{
	u64 first = chan->busy ? chan->current_addr : chan->next;
	u32 in_flight = (u16)(chan->count - chan->processed);
	struct qd_descriptor desc;
	u32 epoch = chan->epoch;
	u64 next = first;
	u32 i;

	if (!addr || !reachable(model, addr, sizeof(desc)))
		return false;

	for (i = 0; i <= QD_MAX_COUNT; i++) {
		if (next == addr)
			return i < in_flight || !finished_lately(chan, addr);
		if (dma_read(model, chan, next, &desc, sizeof(desc)) || chan->epoch != epoch)
			break;
		next = le64_to_cpu(desc.next);
		if (next == first)
			break;
	}
	return false;
}

/* Is it in CHANSTS, or in a part of it? The list is taken to be near: nobody can look. */
static bool status_deceives(const struct qd_channel *chan, u64 value, u64 mask)
{
	u64 reach = (QD_MAX_COUNT + 1) * QD_DESC_SIZE;
	u64 distance = (value & mask) - (chan->next & mask) + reach;

	return ((value ^ chan->last) & mask & QD_STATUS_ADDRESS) && (distance & mask) < 2 * reach;
}

/* Anything, but more often what is almost true. */
static u64 arbitrary(struct qd_faults *faults, u64 truth, unsigned int bits)
{
	unsigned int kind = qd_faults_random(faults, 32);
	unsigned int flips;

	if (!kind)
		return ~0ULL;
	if (kind < 4)
		return 0;
	if (kind < 8)
		return qd_faults_random(faults, 64);
	if (kind < 16)
		return qd_faults_random_bits(faults);
	/* Low bits are those that mean most. */
	for (flips = 1 + qd_faults_random(faults, 3); flips; flips--)
		truth ^= BIT_ULL(qd_faults_random(faults, 1 + qd_faults_random(faults, bits)));
	return truth;
}

static u64 arbitrary_word(struct qd_model *model, struct qd_channel *chan, u64 addr,
			  enum qd_state state)
{
	struct qd_faults *faults = &model->faults;
	u64 offset = 1 + qd_faults_random(faults, BIT(qd_faults_random(faults, 17)));

	switch (qd_faults_random(faults, 8)) {
	case 0:
		return addr | qd_faults_random(faults, 8);
	case 1:
		return (addr + offset * QD_DESC_SIZE) | state;
	case 2:
		return (addr - offset * QD_DESC_SIZE) | state;
	case 3:
		return chan->words[qd_faults_random(faults, QD_WORDS)];
	case 4:
		return (qd_faults_random_bits(faults) & QD_STATUS_ADDRESS &
			(model->address_limit - 1)) | state;
	default:
		return arbitrary(faults, addr | state, 64);
	}
}

/* The completion word, or a hostile one if that is still wanted when it is found */
static u64 hostile_word(struct qd_model *model, struct qd_channel *chan, u64 addr,
			enum qd_state state)
{
	unsigned int n = channel_number(model, chan);
	u64 truth = addr | state, value;
	u32 epoch = chan->epoch;
	struct qd_fault *fault;

	fault = qd_faults_event(&model->faults, QD_FAULT_HOSTILE_WORD, n, 0);
	if (!fault)
		return truth;

	value = arbitrary_word(model, chan, addr, state);
	if ((value & QD_STATUS_ADDRESS) != addr &&
	    word_deceives(model, chan, value & QD_STATUS_ADDRESS))
		value = addr | (value & ~QD_STATUS_ADDRESS);
	if (value != truth && chan->epoch == epoch)
		fault_fires(model, fault, n);
	return value;
}

/* What a read of these bits of a register gives instead */
static u64 hostile_register(struct qd_model *model, struct qd_channel *chan,
			    const struct qd_register *reg, u64 truth, u64 mask)
{
	unsigned int n = chan ? channel_number(model, chan) : QD_ALL_CHANNELS;
	struct qd_fault *fault;
	u64 value;

	fault = qd_faults_event(&model->faults, QD_FAULT_HOSTILE_REGISTER, n, 0);
	if (!fault)
		return truth;

	value = arbitrary(&model->faults, truth, 8 * reg->size);
	if (chan && reg->offset == QD_CHANSTS && status_deceives(chan, value, mask))
		value = merge(value, chan->last, QD_STATUS_ADDRESS);
	if ((value ^ truth) & mask)
		fault_fires(model, fault, n);
	return value;
}

static int write_completion_word(struct qd_model *model, struct qd_channel *chan, u64 addr,
				 enum qd_state state)
{
	struct qd_fault *fault = hit(model, chan, QD_FAULT_WORD);
	u32 epoch = chan->epoch;
	u64 value;
	__le64 word;
	int ret;

	if (fault && fault->word == QD_WORD_LOST)
		return 0;
	if (fault)
		value = wrong_word(model, chan, fault->word, addr, state);
	else
		value = hostile_word(model, chan, addr, state);
	if (chan->epoch != epoch)
		return 0;
	if (value == (addr | state)) {
		chan->last_word = (chan->last_word + 1) % QD_WORDS;
		chan->words[chan->last_word] = value;
	}
	word = cpu_to_le64(value);

	if ((chan->cmpaddr & QD_CHANCMP_RESERVED) ||
	    !reachable(model, chan->cmpaddr, sizeof(word)))
		return -EFAULT;

	ret = dma_write(model, chan, chan->cmpaddr, &word, sizeof(word));
	if (!ret)
		chan->stats.completions++;
	return ret;
}

/*
 * Errors
 */

/* Drop what the channel is doing; a DMA access under way notices by the epoch. */
static void stop(struct qd_channel *chan, enum qd_state state)
{
	chan->state = state;
	chan->busy = false;
	chan->suspending = false;
	chan->rearming = false;
	chan->error_pending = false;
	chan->stalled = false;
	chan->suspend_late = false;
	chan->epoch++;
}

static bool channel_runnable(const struct qd_model *model, const struct qd_channel *chan)
{
	return !model->gone &&
	       ((chan->state == QD_ACTIVE && !chan->stalled) || chan->error_pending);
}

static void kick(struct qd_model *model, struct qd_channel *chan)
{
	if (channel_runnable(model, chan))
		model->ops->kick(model->context, channel_number(model, chan));
}

/* Returns whether the errors are masked. */
static bool record_errors(struct qd_model *model, struct qd_channel *chan, u32 errors)
{
	u8 *chanerr_int = &model->config[QD_CFG_CHANERR_INT];
	unsigned int i;

	for (i = 0; i < QD_ERR_BITS; i++)
		chan->stats.errors[i] += errors >> i & 1;
	chan->chanerr |= errors;
	put_le(chanerr_int, 4, get_le(chanerr_int, 4) | errors);
	return !(errors & ~chan->chanerrmsk);
}

/* The register access that caused it must not touch memory: report it later. */
static void register_error(struct qd_model *model, struct qd_channel *chan, enum qd_error error)
{
	if (record_errors(model, chan, BIT(error)))
		return;

	stop(chan, QD_HALTED);
	chan->error_pending = true;
	kick(model, chan);
}

/*
 * Errors of the descriptor in hand. @can_skip: the one after it is known.
 * Returns whether to carry on with that one.
 */
static bool descriptor_errors(struct qd_model *model, struct qd_channel *chan, u32 errors,
			      bool can_skip)
{
	bool masked = record_errors(model, chan, errors);
	bool skip = can_skip && (masked || !(chan->ctrl & QD_CHANCTRL_ANY_ERR_ABORT));

	if (!skip)
		stop(chan, QD_HALTED);
	chan->error_pending = !masked;
	return skip;
}

static bool descriptor_error(struct qd_model *model, struct qd_channel *chan,
			     enum qd_error error, bool can_skip)
{
	return descriptor_errors(model, chan, BIT(error), can_skip);
}

static void report_error(struct qd_model *model, struct qd_channel *chan)
{
	u32 epoch = chan->epoch;

	chan->error_pending = false;
	/* There is nobody to tell if this write fails, too. */
	if (chan->ctrl & QD_CHANCTRL_ERR_COMPLETION)
		write_completion_word(model, chan, chan->last, chan->state);
	if (chan->epoch == epoch && (chan->ctrl & QD_CHANCTRL_ERR_INT))
		interrupt_event(model, chan);
}

/*
 * Descriptors
 */

static void arm(struct qd_channel *chan)
{
	chan->rearming = false;
	chan->processed = 0;
	chan->last = 0;
	chan->torn = false;
	chan->next = chan->chainaddr;
	chan->state = QD_ARMED;
}

/* The descriptor in hand is done with, its completion word written. */
static void retire(struct qd_model *model, struct qd_channel *chan)
{
	u32 control = le32_to_cpu(chan->desc.control);
	u32 op = control >> QD_DESC_OP_SHIFT;

	chan->busy = false;
	chan->processed++;
	if (is(model, QD_TORN_STATUS) && chan->last >> 32 != chan->current_addr >> 32) {
		chan->torn = true;
		chan->old_high = chan->last >> 32;
	}
	chan->last = chan->current_addr;
	chan->next = le64_to_cpu(chan->desc.next);
	chan->stats.descriptors++;
	chan->stats.fills += op == QD_OP_FILL;
	chan->stats.nulls += op == QD_OP_COPY && (control & QD_DESC_NULL);

	chan->state = QD_IDLE;
	if (chan->rearming)
		arm(chan);
	if (chan->suspending)
		chan->state = QD_SUSPENDED;
	else if (chan->processed != chan->count)
		chan->state = QD_ACTIVE;
	chan->suspending = false;

	if (control & QD_DESC_INT)
		interrupt_event(model, chan);
}

static void finish(struct qd_model *model, struct qd_channel *chan)
{
	bool more = (u16)(chan->processed + 1) != chan->count;
	u32 epoch = chan->epoch;

	if (le32_to_cpu(chan->desc.control) & QD_DESC_COMPLETION) {
		int ret = write_completion_word(model, chan, chan->current_addr,
						more ? QD_ACTIVE : QD_IDLE);

		if (chan->epoch != epoch)
			return;
		if (ret && !descriptor_error(model, chan, QD_ERR_COMPLETION, true))
			return;
	}
	retire(model, chan);
}

static bool size_valid(const struct qd_model *model, u32 size)
{
	u8 xfercap = model->options.xfercap;

	return size && (!xfercap || size <= BIT_ULL(xfercap));
}

static bool descriptor_valid(const struct qd_model *model, const struct qd_descriptor *desc)
{
	u32 control = le32_to_cpu(desc->control);
	u32 size = le32_to_cpu(desc->size);

	switch (control >> QD_DESC_OP_SHIFT) {
	case QD_OP_COPY:
		if (control & GENMASK(23, 11))
			return false;
		if (control & QD_DESC_NULL)
			return size || !is(model, QD_NULL_NEEDS_SIZE);
		return size_valid(model, size);
	case QD_OP_FILL:
		if (control & GENMASK(23, 0) &
		    ~(QD_DESC_INT | QD_DESC_DEST_NO_SNOOP | QD_DESC_COMPLETION |
		      QD_DESC_FENCE | QD_DESC_DEST_BREAK | QD_DESC_BUNDLE))
			return false;
		return size_valid(model, size);
	default:
		return false;
	}
}

static void leave_bus(struct qd_model *model)
{
	model->gone = true;
	update_lines(model);
}

/* A descriptor is in hand: which faults hit it? */
static void hit_descriptor(struct qd_model *model, struct qd_channel *chan)
{
	u32 size = le32_to_cpu(chan->desc.size);
	struct qd_fault *fault;

	fault = hit(model, chan, QD_FAULT_CHANERR);
	if (fault) {
		chan->spoil = fault->errors;
		chan->spoil_at = fault->bytes == QD_FAULT_HALF ? size / 2 : fault->bytes;
	}
	if (hit(model, chan, QD_FAULT_CORRUPT))
		chan->corrupt = true;
	fault = hit(model, chan, QD_FAULT_STALL);
	if (fault) {
		chan->stalled = true;
		chan->stall_ns = fault_end(model, fault);
	}
	if (hit(model, chan, QD_FAULT_GONE))
		leave_bus(model);
	/* It has not fired yet: qd_expire() does that. */
	fault = qd_faults_event(&model->faults, QD_FAULT_INTERRUPT_SPURIOUS,
				channel_number(model, chan), 0);
	if (fault && fault->due_ns == QD_NEVER)
		fault->due_ns = now_ns(model);
}

/* Returns whether there is now a descriptor to work on. */
static bool fetch(struct qd_model *model, struct qd_channel *chan)
{
	struct qd_descriptor desc;
	u32 epoch = chan->epoch;
	int ret;

	chan->busy = true;
	chan->done = 0;
	chan->spoil = 0;
	chan->corrupt = false;
	chan->current_addr = chan->next;

	if (chan->next & QD_CHAINADDR_RESERVED) {
		descriptor_error(model, chan, QD_ERR_NEXT_ALIGN, false);
		return false;
	}
	if (!reachable(model, chan->next, sizeof(desc))) {
		descriptor_error(model, chan, QD_ERR_NEXT_ADDR, false);
		return false;
	}

	ret = dma_read(model, chan, chan->next, &desc, sizeof(desc));
	if (chan->epoch != epoch)
		return false;
	if (ret) {
		descriptor_error(model, chan, QD_ERR_READ, false);
		return false;
	}

	chan->desc = desc;
	if (!descriptor_valid(model, &desc)) {
		if (descriptor_error(model, chan, QD_ERR_CONTROL, true))
			finish(model, chan);
		return false;
	}

	if (model->faults.kinds)
		hit_descriptor(model, chan);
	return channel_runnable(model, chan);
}

/*
 * Where byte @done of a buffer is that may continue at @second after the end of
 * its first page; limits *@run to what is contiguous from there.
 */
static u64 locate(u64 first, u64 second, bool broken, u32 done, u32 *run)
{
	u32 head = QD_PAGE_SIZE - (first & (QD_PAGE_SIZE - 1));

	if (!broken)
		return first + done;
	if (done >= head)
		return second + (done - head);
	*run = min_t(u32, *run, head - done);
	return first + done;
}

/* Returns whether it worked; if not, @error says what did not. */
static bool move_run(struct qd_model *model, struct qd_channel *chan, u64 src, u64 dest, u32 run,
		     enum qd_error *error)
{
	u32 epoch = chan->epoch;
	u32 i;

	if (le32_to_cpu(chan->desc.control) >> QD_DESC_OP_SHIFT == QD_OP_FILL) {
		u64 pattern = le64_to_cpu(chan->desc.src);

		for (i = 0; i < run; i++)
			model->buffer[i] = pattern >> (8 * ((chan->done + i) % 8));
	} else {
		*error = QD_ERR_SRC_ADDR;
		if (!reachable(model, src, run))
			return false;
		*error = QD_ERR_READ;
		if (dma_read(model, chan, src, model->buffer, run))
			return false;
		/* Software that has stopped the channel must see no more writes. */
		if (chan->epoch != epoch)
			return false;
	}

	if (chan->corrupt && !chan->done)
		model->buffer[0] ^= 1;

	*error = QD_ERR_DEST_ADDR;
	if (!reachable(model, dest, run))
		return false;
	*error = QD_ERR_WRITE;
	return !dma_write(model, chan, dest, model->buffer, run);
}

/* Move at most one slice. Returns whether the descriptor's work is done. */
static bool move(struct qd_model *model, struct qd_channel *chan)
{
	const struct qd_descriptor *desc = &chan->desc;
	u32 control = le32_to_cpu(desc->control);
	bool fill = control >> QD_DESC_OP_SHIFT == QD_OP_FILL;
	u32 size = le32_to_cpu(desc->size);
	u32 epoch = chan->epoch;
	u32 budget = QD_SLICE;

	if (!fill && (control & QD_DESC_NULL))
		size = 0;
	if (chan->spoil)
		size = min_t(u32, size, chan->spoil_at);

	while (budget && chan->done < size) {
		u32 run = min_t(u32, budget, size - chan->done);
		enum qd_error error;
		u64 src, dest;
		bool moved;

		dest = locate(le64_to_cpu(desc->dest), le64_to_cpu(desc->next_dest),
			      control & QD_DESC_DEST_BREAK, chan->done, &run);
		src = locate(le64_to_cpu(desc->src), le64_to_cpu(desc->next_src),
			     control & QD_DESC_SRC_BREAK, chan->done, &run);

		moved = move_run(model, chan, src, dest, run, &error);
		if (chan->epoch != epoch)
			return false;
		if (!moved)
			return descriptor_error(model, chan, error, true);

		chan->stats.bytes += run;
		chan->done += run;
		budget -= run;
	}

	if (chan->done < size)
		return false;
	if (chan->spoil)
		return descriptor_errors(model, chan, chan->spoil, true);
	return true;
}

bool qd_channel_step(struct qd_model *model, unsigned int channel)
{
	struct qd_channel *chan = &model->channel[channel];

	if (!channel_runnable(model, chan))
		return false;

	if (!chan->error_pending) {
		if ((chan->busy || fetch(model, chan)) && move(model, chan))
			finish(model, chan);
	}
	if (chan->error_pending)
		report_error(model, chan);

	return channel_runnable(model, chan);
}

/*
 * Channel registers
 */

static void reset_channel(struct qd_channel *chan)
{
	stop(chan, QD_HALTED);
	chan->resetting = false;
	chan->count = 0;
	chan->processed = 0;
	chan->last = 0;
	chan->torn = false;
	chan->event = false;
	/* The memory of the list may have another use from now on. */
	memset(chan->words, 0, sizeof(chan->words));
	chan->last_word = 0;
}

/* What comes with the RESET of any channel */
static void reset_side_effects(struct qd_model *model)
{
	if (is(model, QD_RESET_CLEARS_MSIX))
		reset_msix(model);
}

static void write_chanctrl(struct qd_model *model, struct qd_channel *chan, u16 value, u16 mask)
{
	u16 stored = QD_CHANCTRL_ERR_COMPLETION | QD_CHANCTRL_ANY_ERR_ABORT |
		     QD_CHANCTRL_ERR_INT | QD_CHANCTRL_NO_SNOOP | QD_CHANCTRL_DCA;

	chan->ctrl = merge(chan->ctrl, value, stored & mask);
	if (~value & mask & QD_CHANCTRL_IN_USE)
		chan->ctrl &= ~QD_CHANCTRL_IN_USE;
	if (value & mask & QD_CHANCTRL_INT_DISABLE)
		rearm_interrupt(model, chan);
}

static void suspend_channel(struct qd_channel *chan)
{
	chan->suspend_late = false;
	if (chan->busy)
		chan->suspending = true;
	else if (chan->state != QD_HALTED)
		chan->state = QD_SUSPENDED;
}

static void write_chancmd(struct qd_model *model, struct qd_channel *chan, u8 command)
{
	struct qd_fault *fault;

	switch (command) {
	case 0:
	case QD_CHANCMD_START:
	case QD_CHANCMD_APPEND:
		/* DMACOUNT has taken their place. */
		break;
	case QD_CHANCMD_SUSPEND:
		fault = hit(model, chan, QD_FAULT_SUSPEND);
		if (fault) {
			chan->suspend_late = true;
			chan->suspend_ns = fault_end(model, fault);
			break;
		}
		suspend_channel(chan);
		break;
	case QD_CHANCMD_ABORT:
		if (chan->state != QD_HALTED)
			stop(chan, QD_HALTED);
		break;
	case QD_CHANCMD_RESUME:
		if (chan->state == QD_SUSPENDED) {
			chan->state = chan->processed == chan->count ? QD_IDLE : QD_ACTIVE;
			kick(model, chan);
		}
		break;
	case QD_CHANCMD_RESET:
		fault = hit(model, chan, QD_FAULT_RESET);
		if (fault) {
			chan->resetting = true;
			chan->reset_ns = fault_end(model, fault);
			break;
		}
		reset_channel(chan);
		reset_side_effects(model);
		break;
	default:
		register_error(model, chan, QD_ERR_CHANCMD);
	}
}

static void write_dmacount(struct qd_model *model, struct qd_channel *chan, u16 count)
{
	chan->stats.doorbells++;
	if (hit(model, chan, QD_FAULT_DOORBELL))
		return;
	chan->count = count;

	/* With a descriptor in hand, retire() compares the counters. */
	if (chan->busy || chan->state == QD_HALTED || chan->state == QD_SUSPENDED)
		return;

	if (chan->processed != chan->count)
		chan->state = QD_ACTIVE;
	else if (chan->state == QD_ACTIVE)
		chan->state = QD_IDLE;
	kick(model, chan);
}

static void write_chainaddr(struct qd_model *model, struct qd_channel *chan, u64 addr)
{
	bool halted;

	chan->chainaddr = addr;

	if ((addr & QD_CHAINADDR_RESERVED) || !reachable(model, addr, QD_DESC_SIZE)) {
		register_error(model, chan, QD_ERR_CHAINADDR);
		return;
	}

	chan->count = 0;
	if (chan->busy) {
		chan->rearming = true;
		chan->suspending = false;
		return;
	}

	/* An error that nobody has cleared keeps a halted channel halted. */
	halted = chan->state == QD_HALTED && (chan->chanerr & ~chan->chanerrmsk);
	arm(chan);
	if (halted)
		chan->state = QD_HALTED;
}

/* Whoever reads the high half may get that of a moment ago, even after the low one. */
static u64 read_chansts(struct qd_channel *chan, u64 mask)
{
	u64 value = chan->last | chan->state;

	if (!chan->torn || !(mask >> 32))
		return value;
	chan->torn = false;
	return (u64)chan->old_high << 32 | (u32)value;
}

static u64 read_channel(struct qd_channel *chan, u16 offset, u64 mask)
{
	u16 ctrl = chan->ctrl;

	switch (offset) {
	case QD_CHANCTRL:
		if (mask & QD_CHANCTRL_IN_USE)
			chan->ctrl |= QD_CHANCTRL_IN_USE;
		return ctrl;
	case QD_DMA_COMP:
		return QD_DMA_COMP_V2_V3;
	case QD_DMACOUNT:
		return chan->count;
	case QD_CHANSTS:
		return read_chansts(chan, mask);
	case QD_CHAINADDR:
		return chan->chainaddr;
	case QD_CHANCMP:
		return chan->cmpaddr;
	case QD_CDAR:
		return chan->busy ? chan->current_addr : chan->last;
	case QD_CHANERR:
		return chan->chanerr;
	case QD_CHANERRMSK:
		return chan->chanerrmsk;
	case QD_DCACTRL:
		return chan->dcactrl;
	case QD_DRSCTL:
		return chan->drsctl;
	case QD_LTR_SWSEL:
		return chan->ltr_swsel;
	case QD_LTR_ACTIVE:
		return chan->ltr_active;
	case QD_LTR_IDLE:
		return chan->ltr_idle;
	default:
		/* CHANCMD: a command is over when its write is, unless a fault says no. */
		return chan->resetting ? QD_CHANCMD_RESET : 0;
	}
}

static void write_channel(struct qd_model *model, struct qd_channel *chan, u16 offset,
			  u64 value, u64 mask)
{
	switch (offset) {
	case QD_CHANCTRL:
		write_chanctrl(model, chan, value, mask);
		break;
	case QD_CHANCMD:
		write_chancmd(model, chan, value);
		break;
	case QD_DMACOUNT:
		write_dmacount(model, chan, merge(chan->count, value, mask));
		break;
	case QD_CHAINADDR:
		write_chainaddr(model, chan, merge(chan->chainaddr, value, mask));
		break;
	case QD_CHANCMP:
		chan->cmpaddr = merge(chan->cmpaddr, value, mask);
		break;
	case QD_CHANERR:
		chan->chanerr &= ~(value & mask);
		break;
	case QD_CHANERRMSK:
		chan->chanerrmsk = merge(chan->chanerrmsk, value, mask);
		break;
	case QD_DCACTRL:
		chan->dcactrl = merge(chan->dcactrl, value, mask);
		break;
	case QD_DRSCTL:
		chan->drsctl = merge(chan->drsctl, value, mask & QD_DRSCTL_MASK);
		break;
	case QD_LTR_SWSEL:
		chan->ltr_swsel = value;
		break;
	case QD_LTR_ACTIVE:
		chan->ltr_active = merge(chan->ltr_active, value, mask);
		break;
	case QD_LTR_IDLE:
		chan->ltr_idle = merge(chan->ltr_idle, value, mask);
		break;
	}
}

/*
 * Function registers
 */

static u64 read_global(struct qd_model *model, u16 offset, u64 mask)
{
	u64 value;

	switch (offset) {
	case QD_CHANCNT:
		return model->options.chancnt;
	case QD_XFERCAP:
		return model->options.xfercap;
	case QD_GENCTRL:
		return model->genctrl;
	case QD_INTRCTRL:
		value = model->intrctrl;
		if (model->attnstatus)
			value |= QD_INTRCTRL_STATUS;
		if (interrupt_condition(model))
			value |= QD_INTRCTRL_INT;
		model->intrctrl &= ~QD_INTRCTRL_MASTER;
		update_lines(model);
		return value;
	case QD_ATTNSTATUS:
		value = model->attnstatus;
		model->attnstatus &= ~mask;
		update_lines(model);
		return value;
	case QD_CBVER:
		return model->options.cbver;
	case QD_INTRDELAY:
		return model->intrdelay | QD_INTRDELAY_SUPPORTED;
	case QD_DMACAPABILITY:
		return model->version->capability;
	case QD_CHWPREFLMT:
		return model->chwpreflmt;
	default:
		/* No ports, no degraded modes, no direct cache access, no priorities. */
		return 0;
	}
}

static void write_global(struct qd_model *model, u16 offset, u64 value, u64 mask)
{
	switch (offset) {
	case QD_GENCTRL:
		model->genctrl = value & QD_GENCTRL_DEBUG;
		break;
	case QD_INTRCTRL:
		model->intrctrl = value & (QD_INTRCTRL_MASTER | QD_INTRCTRL_MSIX);
		update_lines(model);
		break;
	case QD_ATTNSTATUS:
		model->attnstatus &= ~(value & mask);
		update_lines(model);
		break;
	case QD_INTRDELAY:
		model->intrdelay = merge(model->intrdelay, value, mask & QD_INTRDELAY_MASK);
		break;
	case QD_CHWPREFLMT:
		if (is(model, QD_PREFETCH_LTR))
			model->chwpreflmt = value;
		break;
	}
}

/* A naturally aligned piece of the BAR, and the registers that it may touch. */
struct access {
	struct qd_channel *chan;	/* NULL: global */
	const struct qd_register *registers;
	unsigned int count;
	struct qd_access_stats *stats;
	u32 offset;			/* from the start of the global or channel block */
	u32 size;
};

static bool aligned(u32 offset, u32 size, u32 limit)
{
	return size && size <= 8 && !(size & (size - 1)) && !(offset % size) && offset < limit;
}

static struct access find_registers(struct qd_model *model, u32 offset, u32 size)
{
	u32 n = offset / QD_CHANNEL_STRIDE - 1;
	struct access access = {
		.registers = global_registers,
		.count = offset < QD_CHANNEL_BASE ? ARRAY_SIZE(global_registers) : 0,
		.stats = &model->access,
		.offset = offset,
		.size = size,
	};

	/* The registers of an only channel go on where a second one would have its own. */
	if (n == 1 && model->options.channels == 1 && is(model, QD_PREFETCH_LTR))
		n = 0;
	if (offset >= QD_CHANNEL_BASE && n < model->options.channels) {
		access.chan = &model->channel[n];
		access.registers = channel_registers;
		access.count = ARRAY_SIZE(channel_registers);
		access.stats = &access.chan->access;
		access.offset = offset - QD_CHANNEL_BASE - n * QD_CHANNEL_STRIDE;
	}
	return access;
}

/* The bytes of a register that an access covers, as a mask on its value; 0 if none. */
static u64 overlap(const struct access *access, const struct qd_register *reg)
{
	u32 start = access->offset > reg->offset ? access->offset : reg->offset;
	u32 end = min_t(u32, access->offset + access->size, reg->offset + reg->size);

	if (start >= end)
		return 0;
	return low_bytes(end - start) << (8 * (start - reg->offset));
}

/* Move a value from a register's place to the access's place, or back. */
static u64 shift_to_access(const struct access *access, const struct qd_register *reg, u64 value)
{
	if (access->offset > reg->offset)
		return value >> (8 * (access->offset - reg->offset));
	return value << (8 * (reg->offset - access->offset));
}

static u64 shift_to_register(const struct access *access, const struct qd_register *reg,
			     u64 value)
{
	if (access->offset > reg->offset)
		return value << (8 * (access->offset - reg->offset));
	return value >> (8 * (reg->offset - access->offset));
}

static bool in_msix_table(const struct qd_model *model, u32 offset)
{
	u32 size = model->options.msix_vectors * QD_MSIX_ENTRY_SIZE;

	return offset - model->version->msix_table < size;
}

/* The value of a register, or what a fault makes of it */
static u64 fault_value(struct qd_model *model, const struct access *access, unsigned int i,
		       u64 value, u64 mask)
{
	unsigned int n = access->chan ? channel_number(model, access->chan) : QD_ALL_CHANNELS;
	struct qd_fault *fault = qd_faults_event(&model->faults, QD_FAULT_REGISTER, n,
						 access->chan ? i : i | QD_GLOBAL);

	if (!fault)
		return hostile_register(model, access->chan, &access->registers[i], value, mask);
	fault_fires(model, fault, n);
	return fault->value;
}

u64 qd_bar_read(struct qd_model *model, u32 offset, u32 size)
{
	struct access access;
	unsigned int i;
	u64 value = 0;

	if (model->gone || !aligned(offset, size, model->version->bar_size))
		return ~0ULL;

	if (in_msix_table(model, offset))
		return get_le(&model->msix_table[offset - model->version->msix_table], size);
	if (offset - model->version->msix_pba < sizeof(model->pba))
		return model->pba >> (8 * (offset - model->version->msix_pba)) & low_bytes(size);

	access = find_registers(model, offset, size);
	for (i = 0; i < access.count; i++) {
		const struct qd_register *reg = &access.registers[i];
		u64 mask = overlap(&access, reg);
		u64 part;

		if (!mask)
			continue;
		access.stats->reads[i]++;
		part = access.chan ? read_channel(access.chan, reg->offset, mask) :
				     read_global(model, reg->offset, mask);
		part = fault_value(model, &access, i, part, mask);
		value |= shift_to_access(&access, reg, part & mask);
	}
	return value;
}

void qd_bar_write(struct qd_model *model, u32 offset, u32 size, u64 value)
{
	struct access access;
	unsigned int i;

	if (model->gone || !aligned(offset, size, model->version->bar_size))
		return;

	if (in_msix_table(model, offset)) {
		put_le(&model->msix_table[offset - model->version->msix_table], size, value);
		send_pending_messages(model);
		return;
	}

	access = find_registers(model, offset, size);
	for (i = 0; i < access.count; i++) {
		const struct qd_register *reg = &access.registers[i];
		u64 mask = overlap(&access, reg);
		u64 part;

		if (!mask)
			continue;
		access.stats->writes[i]++;
		part = shift_to_register(&access, reg, value) & mask;
		if (access.chan)
			write_channel(model, access.chan, reg->offset, part, mask);
		else
			write_global(model, reg->offset, part, mask);
	}
}

/*
 * Configuration space
 */

/* What software can change; all else is read-only. */
static const struct config_field {
	u16 offset;
	u8 size;
	u32 writable;
	u32 write_1_to_clear;
	u16 capability;			/* only there if this one is */
} config_fields[] = {
	{ QD_CFG_COMMAND, 2, QD_COMMAND_MEMORY | QD_COMMAND_MASTER | QD_COMMAND_INTX_DISABLE },
	{ QD_CFG_CACHE_LINE, 1, 0xff },
	{ QD_CFG_BAR0, 4, ~0U },				/* as far as its size allows */
	{ QD_CFG_BAR0 + 4, 4, ~0U },
	{ QD_CFG_INTERRUPT_LINE, 1, 0xff },
	{ QD_CFG_DEVCFG, 2, 0xffff },
	{ QD_CFG_MSIX_CONTROL, 2, QD_MSIX_ENABLE | QD_MSIX_MASK_ALL, 0, QD_CFG_MSIX },
	{ QD_CFG_DEVCTL, 2, QD_DEVCTL_RELAXED_ORDERING | QD_DEVCTL_NO_SNOOP },
	{ QD_CFG_MSI_CONTROL, 2, QD_MSI_ENABLE, 0, QD_CFG_MSI },
	{ QD_CFG_MSI_ADDRESS, 4, ~3U, 0, QD_CFG_MSI },
	{ QD_CFG_MSI_ADDRESS + 4, 4, ~0U, 0, QD_CFG_MSI },
	{ QD_CFG_MSI_DATA, 2, 0xffff, 0, QD_CFG_MSI },
	{ QD_CFG_PMCSR, 2, QD_PMCSR_STATE },
	{ QD_CFG_AER_UNCOR_STATUS, 4, 0, ~0U },
	{ QD_CFG_AER_UNCOR_MASK, 4, ~0U },
	{ QD_CFG_AER_UNCOR_SEVERITY, 4, ~0U },
	{ QD_CFG_AER_COR_STATUS, 4, 0, ~0U },
	{ QD_CFG_AER_COR_MASK, 4, ~0U },
	{ QD_CFG_DMAUNCERRSTS, 4, 0, ~0U },
	{ QD_CFG_DMAUNCERRMSK, 4, ~0U },
	{ QD_CFG_DMAUNCERRSEV, 4, ~0U },
	{ QD_CFG_CHANERR_INT, 4, 0, ~0U },
	{ QD_CFG_CHANERRMSK_INT, 4, ~0U },
	{ QD_CFG_CHANERRSEV_INT, 4, ~0U },
};

static void config_write_byte(struct qd_model *model, u32 offset, u8 value)
{
	u8 *byte = &model->config[offset];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(config_fields); i++) {
		const struct config_field *field = &config_fields[i];
		unsigned int n = byte - config_at(model, field->offset);

		if (n >= field->size)
			continue;
		if (field->capability && !*config_at(model, field->capability))
			continue;
		*byte = merge(*byte, value, field->writable >> (8 * n));
		*byte &= ~(value & (u8)(field->write_1_to_clear >> (8 * n)));
	}
	if (offset == QD_CFG_BAR0 || offset == QD_CFG_BAR0 + 1)
		put_le(&model->config[QD_CFG_BAR0], 2, QD_BAR_64BIT |
		       (get_le(&model->config[QD_CFG_BAR0], 2) & ~(model->version->bar_size - 1)));
}

u64 qd_config_read(struct qd_model *model, u32 offset, u32 size)
{
	u64 value;

	if (model->gone || !aligned(offset, size, QD_CFG_SIZE))
		return ~0ULL;

	model->config_reads++;
	value = get_le(&model->config[offset], size);
	/* The only bit that is computed. */
	if (offset <= QD_CFG_STATUS && QD_CFG_STATUS < offset + size && interrupt_condition(model))
		value |= (u64)QD_STATUS_INTERRUPT << (8 * (QD_CFG_STATUS - offset));
	return value;
}

void qd_config_write(struct qd_model *model, u32 offset, u32 size, u64 value)
{
	u8 power = model->config[QD_CFG_PMCSR] & QD_PMCSR_STATE;
	u32 flr = config_at(model, QD_CFG_DEVCTL) + 1 - model->config;
	u32 i;

	if (model->gone || !aligned(offset, size, QD_CFG_SIZE))
		return;

	model->config_writes++;
	for (i = 0; i < size; i++)
		config_write_byte(model, offset + i, value >> (8 * i));

	/* Leaving D3hot loses all state: No_Soft_Reset is clear. */
	if ((offset <= flr && flr < offset + size &&
	     value >> (8 * (flr - offset)) & (QD_DEVCTL_FLR >> 8)) ||
	    (power && !(model->config[QD_CFG_PMCSR] & QD_PMCSR_STATE))) {
		qd_reset(model);
		return;
	}

	send_pending_messages(model);
	update_lines(model);
}

static void add_capability(struct qd_model *model, u8 *link, u8 offset, u8 id)
{
	model->config[offset] = id;
	model->config[offset + 1] = *link;
	*link = offset;
}

static void reset_config(struct qd_model *model)
{
	const struct qd_options *options = &model->options;
	u8 *config = model->config;
	u8 *link = &config[QD_CFG_CAP_POINTER];

	memset(config, 0, sizeof(model->config));
	put_le(&config[0], 2, QD_VENDOR_ID);
	put_le(&config[2], 2, options->device_id);
	put_le(&config[QD_CFG_STATUS], 2, QD_STATUS_CAP_LIST);
	put_le(&config[QD_CFG_CLASS_REVISION], 4, QD_CLASS << 8);
	config[QD_CFG_BAR0] = QD_BAR_64BIT;
	put_le(&config[QD_CFG_SUBSYSTEM_VENDOR], 2, QD_VENDOR_ID);
	put_le(&config[QD_CFG_SUBSYSTEM_ID], 2, options->device_id);
	if (options->intx)
		config[QD_CFG_INTERRUPT_PIN] = 1 + function_number(options->device_id) % 4;

	/* Each one goes to the head of the list. */
	add_capability(model, link, QD_CFG_PM, QD_CAP_ID_PM);
	put_le(&config[QD_CFG_PMC], 2, QD_PM_VERSION);

	if (options->msi) {
		add_capability(model, link, QD_CFG_MSI, QD_CAP_ID_MSI);
		put_le(&config[QD_CFG_MSI_CONTROL], 2, QD_MSI_64BIT);
	}

	add_capability(model, link, model->version->pcie, QD_CAP_ID_PCIE);
	put_le(config_at(model, QD_CFG_PCIE_FLAGS), 2, QD_PCIE_VERSION);
	put_le(config_at(model, QD_CFG_DEVCAP), 4, QD_DEVCAP_FLR | QD_DEVCAP_ROLE_BASED_ERRORS);
	put_le(config_at(model, QD_CFG_DEVCTL), 2,
	       QD_DEVCTL_RELAXED_ORDERING | QD_DEVCTL_NO_SNOOP);
	put_le(config_at(model, QD_CFG_LNKCAP), 4, QD_LINK_GEN1_X1);
	put_le(config_at(model, QD_CFG_LNKSTA), 2, QD_LINK_GEN1_X1);

	if (options->msix_vectors) {
		add_capability(model, link, model->version->msix, QD_CAP_ID_MSIX);
		put_le(config_at(model, QD_CFG_MSIX_CONTROL), 2, options->msix_vectors - 1);
		put_le(config_at(model, QD_CFG_MSIX_TABLE), 4, model->version->msix_table);
		put_le(config_at(model, QD_CFG_MSIX_PBA), 4, model->version->msix_pba);
	}

	put_le(&config[QD_CFG_AER], 4, QD_AER_HEADER);
	if (!function_number(options->device_id))
		put_le(&config[QD_CFG_DMAUNCERRSTS], 4, find_device(options->device_id)->spurious);
}

static void reset_channel_registers(struct qd_channel *chan)
{
	reset_channel(chan);
	chan->ctrl = 0;
	chan->chainaddr = 0;
	chan->cmpaddr = 0;
	chan->next = 0;
	chan->chanerr = 0;
	chan->chanerrmsk = 0;
	chan->dcactrl = 0;
	chan->drsctl = 0;
	chan->ltr_swsel = 0;
	chan->ltr_active = 0;
	chan->ltr_idle = 0;
}

void qd_reset(struct qd_model *model)
{
	unsigned int i;

	model->resets++;
	for (i = 0; i < model->options.channels; i++)
		reset_channel_registers(&model->channel[i]);

	model->genctrl = 0;
	model->intrctrl = 0;
	model->attnstatus = 0;
	model->intrdelay = 0;
	model->chwpreflmt = 0;
	reset_msix(model);
	reset_config(model);
	update_lines(model);
}

/*
 * Faults that take time
 */

static bool takes_time(const struct qd_fault *fault)
{
	switch (fault->kind) {
	case QD_FAULT_STALL:
	case QD_FAULT_SUSPEND:
	case QD_FAULT_RESET:
		return fault->time_ns != QD_NEVER;
	case QD_FAULT_INTERRUPT_SPURIOUS:
		return true;
	default:
		return false;
	}
}

static bool register_exists(const struct qd_fault *fault)
{
	if (fault->kind != QD_FAULT_REGISTER)
		return !fault->reg;
	if (fault->reg & QD_GLOBAL)
		return fault->channel == QD_ALL_CHANNELS &&
		       qd_global_register_name(fault->reg & ~QD_GLOBAL);
	return qd_channel_register_name(fault->reg);
}

int qd_arm_fault(struct qd_model *model, const struct qd_fault *fault)
{
	struct qd_fault *armed;

	if (fault->kind >= QD_FAULT_KINDS ||
	    (fault->channel != QD_ALL_CHANNELS && fault->channel >= model->options.channels) ||
	    (fault->kind == QD_FAULT_CHANERR &&
	     (!fault->errors || fault->errors >> QD_ERR_BITS)) ||
	    !register_exists(fault) || (takes_time(fault) && !model->ops->now))
		return -EINVAL;

	armed = qd_faults_add(&model->faults, fault);
	if (!armed)
		return -ENOSPC;

	/* These two need no descriptor. */
	if (!armed->after && armed->kind == QD_FAULT_INTERRUPT_SPURIOUS) {
		armed->due_ns = now_ns(model);
	} else if (!armed->after && armed->kind == QD_FAULT_GONE) {
		fault_fires(model, armed, armed->channel);
		leave_bus(model);
	}
	return armed->id;
}

void qd_clear_faults(struct qd_model *model)
{
	unsigned int i;

	for (i = 0; i < QD_MAX_FAULTS; i++)
		qd_faults_disarm(&model->faults, &model->faults.fault[i]);

	/* It does not go on where it was: that memory has other users now. */
	for (i = 0; model->gone && i < model->options.channels; i++)
		reset_channel_registers(&model->channel[i]);
	model->gone = false;
	send_pending_messages(model);
	update_lines(model);
	for (i = 0; i < model->options.channels; i++) {
		struct qd_channel *chan = &model->channel[i];

		chan->stall_ns = 0;
		chan->suspend_ns = 0;
		chan->reset_ns = 0;
		kick(model, chan);
	}
	qd_expire(model);
}

u64 qd_deadline(const struct qd_model *model)
{
	u64 deadline = QD_NEVER;
	unsigned int i;

	if (model->gone)
		return QD_NEVER;

	for (i = 0; i < model->options.channels; i++) {
		const struct qd_channel *chan = &model->channel[i];

		if (chan->stalled)
			deadline = min_t(u64, deadline, chan->stall_ns);
		if (chan->suspend_late)
			deadline = min_t(u64, deadline, chan->suspend_ns);
		if (chan->resetting)
			deadline = min_t(u64, deadline, chan->reset_ns);
	}
	for (i = 0; i < QD_MAX_FAULTS; i++)
		deadline = min_t(u64, deadline, model->faults.fault[i].due_ns);
	return deadline;
}

static void expire_channel(struct qd_model *model, struct qd_channel *chan, u64 now)
{
	if (chan->stalled && chan->stall_ns <= now) {
		chan->stalled = false;
		kick(model, chan);
	}
	if (chan->suspend_late && chan->suspend_ns <= now)
		suspend_channel(chan);
	if (chan->resetting && chan->reset_ns <= now) {
		reset_channel(chan);
		reset_side_effects(model);
	}
}

void qd_expire(struct qd_model *model)
{
	u64 now = now_ns(model);
	unsigned int i, n;

	if (model->gone)
		return;

	for (i = 0; i < model->options.channels; i++)
		expire_channel(model, &model->channel[i], now);

	for (i = 0; i < QD_MAX_FAULTS; i++) {
		struct qd_fault *fault = &model->faults.fault[i];

		if (fault->due_ns > now)
			continue;
		fault->due_ns = now + fault->time_ns;
		for (n = 0; n < model->options.channels; n++)
			if (fault->channel == QD_ALL_CHANNELS || fault->channel == n)
				spurious_interrupt(model, n);
		fault_fires(model, fault, fault->channel);
	}
}

int qd_init(struct qd_model *model, const struct qd_options *options,
	    const struct qd_ops *ops, void *context)
{
	const struct qd_version *version = qd_find_version(options->version);
	unsigned int address_bits;

	if (!version || !options->channels || options->channels > QD_MAX_CHANNELS ||
	    options->chancnt > 31 || options->xfercap > 31 ||
	    options->msix_vectors > QD_MAX_CHANNELS)
		return -EINVAL;

	memset(model, 0, sizeof(*model));
	model->options = *options;
	if (!options->cbver)
		model->options.cbver = options->version;
	model->version = version;
	model->ops = ops;
	model->context = context;
	qd_faults_init(&model->faults);
	address_bits = find_device(options->device_id)->address_bits;
	model->address_limit = BIT_ULL(address_bits ? address_bits : version->address_bits);
	qd_reset(model);
	model->resets = 0;
	return 0;
}
