// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the engine's model, against a hostile guest.
 *
 * The input is a part, and then a program of what a guest can do to it, in any order and
 * with any values: accesses of all kinds, faults, time, descriptors. Accesses can come
 * while the model is at an access to memory of its own, as from another processor.
 *
 * Besides what the sanitizers see, it is expected that
 *
 * - only qd_channel_step() touches memory, only as a bus master, a bounded piece at a
 *   time, and no more once software has seen that the channel has stopped;
 * - what it reads and writes is what the descriptor that it has fetched says, byte by byte,
 *   or the completion word;
 * - interrupts come as they are enabled, and none that is due is held back;
 * - a channel that has work has been announced, and time that has come is not waited for;
 * - states, counters and statistics agree with each other.
 */
#include "input.h"
#include "model.h"

#define MEMORY		0x100000ULL
#define MEMORY_SIZE	0x40000ULL
/* The same memory is there once more. */
#define MIRROR		BIT_ULL(32)
#define RING		MEMORY
#define DESCRIPTORS	64
#define WORDS		(MEMORY + 0x2000)
#define SRC		(MEMORY + 0x4000)
#define DST		(MEMORY + 0x20000)
/* Accesses to memory of one step: far more than one piece of one descriptor needs */
#define MOST_ACCESSES	16
/* Those of a fault that looks through the list, for each of two completion words */
#define MOST_LINKS	(2 * 0x10000 + MOST_ACCESSES)
/* Those of an input: one that does nothing but look through lists is cut short. */
#define MOST_OF_ALL	1000000

/* What is known of a channel from outside */
struct shadow {
	bool announced;			/* it has work */
	bool stopped;			/* software has seen that */
	bool fetched;			/* this descriptor is in hand: */
	struct qd_descriptor desc;
	u32 done;
	u32 read;			/* bytes of it that were read, and not yet written */
};

static struct qd_model model;
static struct qd_options options;
static struct input program;
static u8 memory[MEMORY_SIZE], pristine[MEMORY_SIZE];
static u8 on_the_way[QD_SLICE];
static struct shadow shadow[QD_MAX_CHANNELS];
static int stepping;			/* the channel, negative for none */
static unsigned int accesses, all_accesses;
static unsigned int interfere_after, fail_after;
static bool words_lie, registers_lie, data_lies;
static bool intx;
static u64 now;

static void act(bool inside);

static u16 config16(u16 offset)
{
	if (options.version == 0x33 && offset == QD_CFG_MSIX_CONTROL)
		offset += QD_CFG_MSIX_3_3 - QD_CFG_MSIX;
	return model.config[offset] | model.config[offset + 1] << 8;
}

static bool bus_master(void)
{
	return !model.gone && (config16(QD_CFG_COMMAND) & QD_COMMAND_MASTER) &&
	       !(config16(QD_CFG_PMCSR) & QD_PMCSR_STATE);
}

static bool has_work(const struct qd_channel *chan)
{
	return !model.gone &&
	       ((chan->state == QD_ACTIVE && !chan->stalled) || chan->error_pending);
}

/*
 * The surroundings of the model
 */

/* Returns NULL if it is not there. */
static u8 *find_memory(u64 addr, u32 len)
{
	u64 offset = (addr & ~MIRROR) - MEMORY;

	return offset < MEMORY_SIZE && len <= MEMORY_SIZE - offset ? &memory[offset] : NULL;
}

/* Where the rest of a buffer is, and how much of it is there */
static u64 place(u64 first, u64 second, bool broken, u32 done, u32 *most)
{
	u32 head = QD_PAGE_SIZE - first % QD_PAGE_SIZE;

	*most = ~0U;
	if (!broken)
		return first + done;
	if (done >= head)
		return second + (done - head);
	*most = head - done;
	return first + done;
}

static void expect_access(void)
{
	EXPECT(stepping >= 0);
	EXPECT(bus_master());
	EXPECT(!shadow[stepping].stopped);
	EXPECT(++accesses <= (words_lie ? MOST_LINKS : MOST_ACCESSES));
	if (++all_accesses > MOST_OF_ALL)
		program.size = 0;
}

/* The rest of an access: it fails, and other processors do something meanwhile. */
static int end_access(bool there)
{
	bool fails = fail_after && !--fail_after;

	if (interfere_after && !--interfere_after) {
		unsigned int n = 1 + take_below(&program, 4);

		while (n--)
			act(true);
	}
	return fails || !there ? -EFAULT : 0;
}

static bool reads_source(const struct shadow *known, u64 addr, u32 len)
{
	const struct qd_descriptor *desc = &known->desc;
	u32 most;

	return known->fetched && desc->control >> QD_DESC_OP_SHIFT == QD_OP_COPY &&
	       addr == place(desc->src, desc->next_src, desc->control & QD_DESC_SRC_BREAK,
			     known->done, &most) &&
	       len <= most && len <= desc->size - known->done;
}

static int read_memory(void *context, u64 addr, void *buf, u32 len)
{
	const struct qd_channel *chan = &model.channel[stepping];
	struct shadow *known = &shadow[stepping];
	const u8 *there = find_memory(addr, len);

	(void)context;
	expect_access();
	if (there)
		memcpy(buf, there, len);

	if (chan->busy && !known->fetched) {
		EXPECT(len == sizeof(known->desc));
		EXPECT(addr == chan->current_addr);
		if (there)
			memcpy(&known->desc, there, len);
		known->fetched = true;
		known->done = 0;
		known->read = 0;
	} else if (reads_source(known, addr, len)) {
		if (there)
			memcpy(on_the_way, there, len);
		known->read = len;
	} else {
		/* A wrong word may need a look at the list. */
		EXPECT(words_lie && len == sizeof(known->desc));
	}
	return end_access(there);
}

static void expect_data(struct shadow *known, u64 addr, const u8 *data, u32 len)
{
	const struct qd_descriptor *desc = &known->desc;
	bool fill = desc->control >> QD_DESC_OP_SHIFT == QD_OP_FILL;
	u32 most, i;

	EXPECT(known->fetched);
	EXPECT(addr == place(desc->dest, desc->next_dest, desc->control & QD_DESC_DEST_BREAK,
			     known->done, &most));
	EXPECT(len <= most && len <= desc->size - known->done);
	EXPECT(!options.xfercap || desc->size <= 1U << options.xfercap);
	if (fill) {
		EXPECT(!(desc->control & (QD_DESC_NULL | QD_DESC_SRC_BREAK)));
		for (i = 0; i < len && !data_lies; i++)
			EXPECT(data[i] == (u8)(desc->src >> (8 * ((known->done + i) % 8))));
	} else {
		EXPECT(desc->control >> QD_DESC_OP_SHIFT == QD_OP_COPY);
		EXPECT(!(desc->control & QD_DESC_NULL));
		EXPECT(len == known->read);
		EXPECT(data_lies || !memcmp(data, on_the_way, len));
	}
	known->done += len;
	known->read = 0;
}

static int write_memory(void *context, u64 addr, const void *buf, u32 len)
{
	const struct qd_channel *chan = &model.channel[stepping];
	u8 *there = find_memory(addr, len);

	(void)context;
	expect_access();
	if (addr != chan->cmpaddr || len != sizeof(u64))
		expect_data(&shadow[stepping], addr, buf, len);
	if (there)
		memcpy(there, buf, len);
	return end_access(there);
}

static void raise_msix(void *context, unsigned int vector)
{
	(void)context;
	EXPECT(vector < options.msix_vectors);
	EXPECT(bus_master());
	EXPECT((config16(QD_CFG_MSIX_CONTROL) & (QD_MSIX_ENABLE | QD_MSIX_MASK_ALL)) ==
	       QD_MSIX_ENABLE);
	EXPECT(!(model.msix_table[vector * QD_MSIX_ENTRY_SIZE + QD_MSIX_VECTOR_CONTROL] &
		 QD_MSIX_VECTOR_MASKED));
}

static void raise_msi(void *context)
{
	(void)context;
	EXPECT(options.msi);
	EXPECT(bus_master());
	EXPECT(config16(QD_CFG_MSI_CONTROL) & QD_MSI_ENABLE);
}

static void set_intx(void *context, bool level)
{
	(void)context;
	EXPECT(options.intx);
	EXPECT(level != intx);
	EXPECT(!level || !(config16(QD_CFG_COMMAND) & QD_COMMAND_INTX_DISABLE));
	intx = level;
}

static void kick(void *context, unsigned int channel)
{
	(void)context;
	EXPECT(channel < options.channels);
	shadow[channel].announced = true;
}

static u64 get_now(void *context)
{
	(void)context;
	return now;
}

static const struct qd_ops ops = {
	.dma_read = read_memory,
	.dma_write = write_memory,
	.raise_msix = raise_msix,
	.raise_msi = raise_msi,
	.set_intx = set_intx,
	.kick = kick,
	.now = get_now,
};

/*
 * What holds between any two actions
 */

static void check_interrupts(void)
{
	u16 msix = config16(QD_CFG_MSIX_CONTROL);
	bool due = (model.intrctrl & QD_INTRCTRL_MASTER) && model.attnstatus &&
		   !(msix & QD_MSIX_ENABLE);
	unsigned int i;

	EXPECT(intx == (due && options.intx && !model.gone &&
			!(config16(QD_CFG_MSI_CONTROL) & QD_MSI_ENABLE) &&
			!(config16(QD_CFG_COMMAND) & QD_COMMAND_INTX_DISABLE)));
	EXPECT(!(model.attnstatus >> options.channels));
	EXPECT(!(model.pba >> options.msix_vectors));
	if (!(msix & QD_MSIX_ENABLE) || (msix & QD_MSIX_MASK_ALL) || !bus_master())
		return;
	for (i = 0; i < options.msix_vectors; i++)
		EXPECT(!(model.pba >> i & 1) ||
		       model.msix_table[i * QD_MSIX_ENTRY_SIZE + QD_MSIX_VECTOR_CONTROL] &
		       QD_MSIX_VECTOR_MASKED);
}

static void check_channel(const struct qd_channel *chan, struct shadow *known)
{
	EXPECT(chan->state <= QD_ARMED);
	EXPECT(!(chan->last % QD_DESC_SIZE));
	EXPECT(!chan->busy || chan->state == QD_ACTIVE);
	EXPECT(chan->busy || !(chan->suspending || chan->rearming || chan->stalled));
	EXPECT(chan->state != QD_IDLE || chan->processed == chan->count);
	EXPECT(chan->stats.nulls + chan->stats.fills <= chan->stats.descriptors);
	EXPECT(!has_work(chan) || known->announced);
}

static void check(void)
{
	unsigned int i;
	u32 sum = 0;

	check_interrupts();
	for (i = 0; i < options.channels; i++) {
		check_channel(&model.channel[i], &shadow[i]);
		sum += qd_in_flight(&model, i);
	}
	EXPECT(sum == qd_in_flight(&model, QD_ALL_CHANNELS));
}

/*
 * What a guest does
 */

static const u64 places[] = { RING, WORDS, SRC, DST, MEMORY + MEMORY_SIZE - 64, 0 };

/* An address that makes sense, or any */
static u64 take_address(void)
{
	u8 how = take_u8(&program);
	u64 mirror = how & 0x80 ? MIRROR : 0;

	if (how == 0xff)
		return take_u64(&program);
	if (how & 1)
		return mirror + RING + (how >> 1) % DESCRIPTORS * QD_DESC_SIZE;
	return mirror + places[(how & 0x7f) / 2 % ARRAY_SIZE(places)] + take_u16(&program);
}

static void write_descriptor(void)
{
	unsigned int i = take_u8(&program) % DESCRIPTORS;
	struct qd_descriptor desc = { };

	desc.control = take_u16(&program);
	if (desc.control >> 15)
		desc.control = take_u32(&program);
	else if (desc.control & BIT(14))
		desc.control = (desc.control & 0xff) | QD_OP_FILL << QD_DESC_OP_SHIFT;
	else
		desc.control &= 0xff;
	desc.size = take(&program, 3);
	desc.src = take_address();
	desc.dest = take_address();
	desc.next = take_address();
	if (desc.control & (QD_DESC_SRC_BREAK | QD_DESC_DEST_BREAK)) {
		desc.next_src = take_address();
		desc.next_dest = take_address();
	}
	memcpy(&memory[RING - MEMORY + i * QD_DESC_SIZE], &desc, sizeof(desc));
}

static void arm_fault(void)
{
	struct qd_fault fault = {
		.kind = take_u8(&program) % (QD_FAULT_KINDS + 1),
		.channel = take_u8(&program),
	};
	u8 given = take_u8(&program);

	if (fault.channel & 0x80)
		fault.channel = QD_ALL_CHANNELS;
	fault.count = given & 1 ? take_u8(&program) : 1;
	fault.after = given & 2 ? take_u8(&program) : 0;
	fault.gap = given & 4 ? take_u8(&program) : 0;
	fault.odds = given & 8 ? take_u8(&program) : 0;
	fault.time_ns = given & 16 ? take_u16(&program) : QD_NEVER;
	fault.bytes = given & 32 ? take_u16(&program) : QD_FAULT_HALF;
	if (fault.kind == QD_FAULT_CHANERR)
		fault.errors = take_u32(&program);
	if (fault.kind == QD_FAULT_WORD)
		fault.word = take_u8(&program) % (QD_WORD_STALE + 2);
	if (fault.kind == QD_FAULT_REGISTER) {
		fault.reg = take_u8(&program) | (given & 64 ? QD_GLOBAL : 0);
		fault.value = take_u64(&program);
	}
	/* As with the control socket */
	if (fault.kind == QD_FAULT_INTERRUPT_SPURIOUS && fault.time_ns == QD_NEVER)
		fault.time_ns = 0;

	if (qd_arm_fault(&model, &fault) < 0)
		return;
	words_lie |= fault.kind == QD_FAULT_WORD || fault.kind == QD_FAULT_HOSTILE_WORD;
	registers_lie |= fault.kind == QD_FAULT_REGISTER ||
			 fault.kind == QD_FAULT_HOSTILE_REGISTER;
	data_lies |= fault.kind == QD_FAULT_CORRUPT;
}

/* What is read is what the document says, as far as that does not depend on the past. */
static void expect_value(u32 offset, u32 size, u64 value)
{
	bool aligned = size && size <= 8 && !(size & (size - 1)) && !(offset % size);
	u32 reg = offset % QD_CHANNEL_STRIDE;

	if (model.gone || !aligned || offset >= model.version->bar_size) {
		EXPECT(value == ~0ULL);
		return;
	}
	EXPECT(size == 8 || !(value >> (8 * size)));
	if (registers_lie)
		return;
	if (offset == QD_CHANCNT && size == 1)
		EXPECT(value == options.chancnt);
	if (offset == QD_CBVER && size == 1)
		EXPECT(value == options.version);
	/* Beyond the last register of a channel, or of the channels */
	if (offset >= QD_CHANNEL_BASE && offset < 0x1000 &&
	    (reg >= QD_DCACTRL + 4 || offset >= QD_CHANNEL_BASE * (1U + options.channels)) &&
	    (options.version != 0x34 || options.channels > 1))
		EXPECT(!value);
}

/* What it says of its channel, once it has said that it has stopped, stays so. */
static void note_status(u32 offset, u32 size, u64 value)
{
	u32 n = offset / QD_CHANNEL_STRIDE - 1;
	struct qd_channel *chan;

	if (offset < QD_CHANNEL_BASE || n >= options.channels ||
	    offset % QD_CHANNEL_STRIDE != QD_CHANSTS || size < 1 || registers_lie || model.gone)
		return;
	chan = &model.channel[n];
	EXPECT((value & 0x3f) == chan->state);
	if (chan->state != QD_ACTIVE && !chan->error_pending)
		shadow[n].stopped = true;
}

static void read_bar(u32 offset, u32 size)
{
	u64 value = qd_bar_read(&model, offset, size);

	expect_value(offset, size, value);
	if (value != ~0ULL)
		note_status(offset, size, value);
}

/* Whatever is written, the channel may start again; but a RESET stops it for sure. */
static void write_bar(u32 offset, u32 size, u64 value)
{
	u32 n = offset / QD_CHANNEL_STRIDE - 1;
	bool faulty = model.faults.kinds & BIT(QD_FAULT_RESET);
	unsigned int i;

	qd_bar_write(&model, offset, size, value);
	/* It is not only one channel that a wide access reaches. */
	for (i = 0; i < options.channels; i++)
		shadow[i].stopped = false;
	if (offset >= QD_CHANNEL_BASE && n < options.channels &&
	    offset % QD_CHANNEL_STRIDE == QD_CHANCMD && size == 1 &&
	    (u8)value == QD_CHANCMD_RESET && !faulty && !model.gone) {
		EXPECT(model.channel[n].state == QD_HALTED);
		shadow[n].stopped = true;
	}
}

static void reset(void)
{
	unsigned int i;

	qd_reset(&model);
	for (i = 0; i < options.channels; i++) {
		EXPECT(model.channel[i].state == QD_HALTED);
		EXPECT(!qd_in_flight(&model, i));
		shadow[i].stopped = true;
	}
}

/* A register of a channel, with a value that makes sense there as often as not */
static void write_register(void)
{
	static const struct {
		u16 offset;
		u8 size;
	} registers[] = {
		{ QD_CHANCTRL, 2 }, { QD_CHANCMD, 1 }, { QD_DMACOUNT, 2 }, { QD_CHAINADDR, 8 },
		{ QD_CHANCMP, 8 }, { QD_CHAINADDR, 4 }, { QD_CHANERR, 4 }, { QD_CHANERRMSK, 4 },
	};
	u8 which = take_u8(&program);
	unsigned int i = which % ARRAY_SIZE(registers);
	unsigned int n = which / ARRAY_SIZE(registers) % options.channels;
	u32 offset = QD_CHANNEL_BASE + n * QD_CHANNEL_STRIDE + registers[i].offset;
	u64 value;

	switch (registers[i].offset) {
	case QD_CHANCMD:
		value = which & 0x80 ? take_u8(&program) : BIT(take_below(&program, 6));
		break;
	case QD_DMACOUNT:
		value = which & 0x80 ? take_u16(&program) :
			(u16)(model.channel[n].count + take_u8(&program));
		break;
	case QD_CHAINADDR:
	case QD_CHANCMP:
		value = take_address();
		if (!(which & 0x80))
			value &= ~63ULL;
		break;
	default:
		value = take(&program, registers[i].size);
	}
	write_bar(offset, registers[i].size, value);
}

/* As drivers do it */
static void submit(void)
{
	unsigned int n = take_below(&program, options.channels);
	u32 base = QD_CHANNEL_BASE + n * QD_CHANNEL_STRIDE;

	write_bar(base + QD_CHANCTRL, 2, take_u8(&program));
	write_bar(base + QD_CHAINADDR, 8, RING + take_below(&program, DESCRIPTORS) * QD_DESC_SIZE);
	write_bar(base + QD_DMACOUNT, 2, take_u8(&program));
}

static void step(void)
{
	unsigned int n = take_below(&program, options.channels);
	unsigned int times = 1 + take_below(&program, 16);
	struct qd_channel *chan = &model.channel[n];
	struct shadow *known = &shadow[n];

	while (times-- && known->announced) {
		struct qd_channel_stats before = chan->stats;

		accesses = 0;
		stepping = n;
		known->announced = false;
		known->fetched = known->fetched && chan->busy;
		known->announced |= qd_channel_step(&model, n);
		known->fetched = chan->busy;
		stepping = -1;

		EXPECT(chan->stats.descriptors - before.descriptors <= 1);
		EXPECT(chan->stats.bytes - before.bytes <= QD_SLICE);
		EXPECT(chan->stats.completions - before.completions <= 2);
		check();
	}
}

static void pass_time(void)
{
	unsigned int i;
	u64 deadline;

	now += take_u16(&program);
	qd_expire(&model);
	deadline = qd_deadline(&model);
	for (i = 0; i < QD_MAX_FAULTS; i++)
		if (!model.faults.fault[i].time_ns)
			return;
	EXPECT(deadline > now);
}

/* One action; @inside: while the model is at an access to memory */
static void act(bool inside)
{
	u8 what = take_u8(&program);
	u32 offset, size = 1U << (what >> 4) % 4;

	switch (what % 16) {
	case 0:
		offset = take_u16(&program);
		read_bar(offset, what & 0x80 ? take_u8(&program) : size);
		break;
	case 1:
		offset = take_u16(&program);
		if (what & 0x80)
			size = take_u8(&program);
		write_bar(offset, size, take_u64(&program));
		break;
	case 2:
		/* The status of a channel, or the registers next to it */
		offset = take_below(&program, options.channels) * QD_CHANNEL_STRIDE;
		offset += what & 0x80 ? QD_CHANSTS : take_u8(&program) & -size;
		read_bar(QD_CHANNEL_BASE + offset, size);
		break;
	case 3:
		offset = take_u16(&program) % (QD_CFG_SIZE + 16);
		qd_config_read(&model, offset, what & 0x80 ? take_u8(&program) : size);
		break;
	case 4:
		offset = take_u16(&program) % (what & 0x80 ? QD_CFG_SIZE + 16 : 0x100);
		qd_config_write(&model, offset & -size, size, take_u64(&program));
		break;
	case 5:
		size = take_u8(&program);
		qd_config_write(&model, QD_CFG_COMMAND, 2,
				size & 7 ? QD_COMMAND_MEMORY | QD_COMMAND_MASTER : size << 8);
		break;
	case 6:
		write_register();
		break;
	case 7:
		if (what & 0x80)
			submit();
		else
			write_register();
		break;
	case 8:
		qd_bar_write(&model, QD_INTRCTRL, 1, what >> 4);
		qd_config_write(&model, config16(QD_CFG_CAP_POINTER) + 2, 2, take_u16(&program));
		break;
	case 9:
		qd_msix_set_mask(&model, take_u8(&program) % 10, what & 0x80);
		break;
	case 10:
		write_descriptor();
		break;
	case 11:
		offset = take_u32(&program) % MEMORY_SIZE;
		memory[offset] = take_u8(&program);
		break;
	case 12:
		if (what & 0x80)
			interfere_after = 1 + (what >> 4 & 7);
		else
			fail_after = 1 + (what >> 4 & 7);
		break;
	case 13:
		if (!inside || (what & 0x40))
			reset();
		break;
	case 14:
		if (inside)
			break;
		if (what & 0xc0) {
			arm_fault();
		} else {
			qd_clear_faults(&model);
			qd_faults_seed(&model.faults, take_u8(&program));
		}
		break;
	case 15:
		if (inside)
			break;
		if (what & 0xe0)
			step();
		else
			pass_time();
		break;
	}
	if (!inside)
		check();
}

static const struct {
	u8 version;
	u16 device_id;
} parts[] = {
	{ 0x32, 0x2021 }, { 0x30, 0x3430 }, { 0x33, 0x6f50 }, { 0x34, 0x0b00 }, { 0x32, 0x3710 },
	{ 0x33, 0x0c53 }, { 0x32, 0x1234 }, { 0x32, 0x3c22 },
};

static void power_on(void)
{
	u8 part = take_u8(&program), features = take_u8(&program);
	unsigned int i;

	options = (struct qd_options){
		.device_id = parts[part % ARRAY_SIZE(parts)].device_id,
		.version = parts[part % ARRAY_SIZE(parts)].version,
		.channels = 1 + (part >> 3) % QD_MAX_CHANNELS,
		.chancnt = part >> 3,
		.xfercap = features >> 3,
		.intx = features & 1,
		.msi = features & 2,
	};
	options.msix_vectors = features & 4 ? take_u8(&program) % (QD_MAX_CHANNELS + 1) :
			       options.channels;

	intx = false;
	now = 1;
	stepping = -1;
	all_accesses = 0;
	interfere_after = 0;
	fail_after = 0;
	words_lie = false;
	registers_lie = false;
	data_lies = false;
	memset(shadow, 0, sizeof(shadow));
	EXPECT(!qd_init(&model, &options, &ops, NULL));
	check();

	memcpy(memory, pristine, sizeof(memory));
	/* What every driver does first */
	qd_config_write(&model, QD_CFG_COMMAND, 2, QD_COMMAND_MEMORY | QD_COMMAND_MASTER);
	for (i = 0; i < options.channels; i++)
		write_bar(QD_CHANNEL_BASE + i * QD_CHANNEL_STRIDE + QD_CHANCMP, 8, WORDS + 64 * i);
}

/* Copies, each of which is followed by the next one */
int fuzz_set_up(int *argc, char ***argv)
{
	unsigned int i;

	(void)argc;
	(void)argv;
	for (i = 0; i < MEMORY_SIZE; i++)
		pristine[i] = i * 7 + i / 256;
	for (i = 0; i < DESCRIPTORS; i++) {
		struct qd_descriptor desc = {
			.size = 64 * i + 1,
			.control = QD_DESC_COMPLETION | (i % 4 ? 0 : QD_DESC_INT),
			.src = SRC + 0x400 * i,
			.dest = DST + 0x400 * i,
			.next = RING + (i + 1) % DESCRIPTORS * QD_DESC_SIZE,
		};

		memcpy(&pristine[RING - MEMORY + i * QD_DESC_SIZE], &desc, sizeof(desc));
	}
	return 0;
}

int fuzz_input(const uint8_t *data, size_t size)
{
	program = (struct input){ data, size };
	power_on();
	while (program.size)
		act(false);
	return 0;
}
