// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the model, as KTAP.
 *
 * They are written from the hardware reference: the table of states, what an
 * error does, how interrupts are held back, and then each known driver's way of
 * using the device, register access by register access.
 */
#include <stdio.h>

#include "model.h"

/*
 * The surroundings: a few megabytes of memory, and a log of what comes out.
 */

#define MEMORY		0x10000000ULL
#define MEMORY_SIZE	0x400000ULL
#define RING		MEMORY
#define WORD		(MEMORY + 0x20000)
#define SRC		(MEMORY + 0x100000)
#define DST		(MEMORY + 0x240000)
#define OTHER		(MEMORY + 0x380000)
#define NOWHERE		(MEMORY + MEMORY_SIZE)
/* The engine reads the same there. */
#define MIRROR		BIT_ULL(32)

#define CH(n, reg)	(QD_CHANNEL_BASE + (n) * QD_CHANNEL_STRIDE + (reg))
#define CH0(reg)	CH(0, reg)

/* What drivers call RUN: re-arm, report errors and halt on them */
#define RUN		0x1d
#define COPY		QD_DESC_COMPLETION
#define NULL_DESC	(QD_DESC_NULL | QD_DESC_COMPLETION | QD_DESC_INT)

static u64 memory[MEMORY_SIZE / sizeof(u64)];
static struct qd_model model;
static unsigned int msix[QD_MAX_CHANNELS];
static unsigned int msi, kicks, fetches;
static u64 highest_fetch;
static u64 word_at_interrupt;
static unsigned int edges;
static bool intx;
static u64 now;
static u64 fail_reads_from, fail_writes_from;
static void (*during_fetch)(void), (*during_read)(void), (*during_completion)(void);
static unsigned int failures;

#define CHECK(condition) do {						\
	if (!(condition)) {						\
		printf("# %s:%d: %s\n", __func__, __LINE__, #condition);	\
		failures++;						\
	}								\
} while (0)

#define CHECK_EQ(a, b) do {						\
	u64 a_ = (a), b_ = (b);						\
	if (a_ != b_) {							\
		printf("# %s:%d: %s is %#llx, not %#llx\n", __func__, __LINE__, #a,	\
		       (unsigned long long)a_, (unsigned long long)b_);	\
		failures++;						\
	}								\
} while (0)

static u8 *at(u64 addr)
{
	return (u8 *)memory + (addr - MEMORY);
}

static bool inside(u64 addr, u32 len)
{
	return addr >= MEMORY && addr < NOWHERE && len <= NOWHERE - addr;
}

static u64 get64(u64 addr)
{
	u64 value;

	memcpy(&value, at(addr), sizeof(value));
	return le64_to_cpu(value);
}

static void set64(u64 addr, u64 value)
{
	value = cpu_to_le64(value);
	memcpy(at(addr), &value, sizeof(value));
}

/* Software does something while an access to memory is under way, once. */
static void interfere(void (**hook)(void))
{
	void (*run)(void) = *hook;

	*hook = NULL;
	if (run)
		run();
}

static int test_dma_read(void *context, u64 addr, void *buf, u32 len)
{
	bool fetch;

	(void)context;
	addr &= ~MIRROR;
	fetch = addr < WORD;
	if (fetch) {
		fetches++;
		if (addr > highest_fetch)
			highest_fetch = addr;
	}
	if (!inside(addr, len) || (fail_reads_from && addr + len > fail_reads_from))
		return -EFAULT;
	memcpy(buf, at(addr), len);
	interfere(fetch ? &during_fetch : &during_read);
	return 0;
}

static int test_dma_write(void *context, u64 addr, const void *buf, u32 len)
{
	(void)context;
	if (!inside(addr, len) || (fail_writes_from && addr + len > fail_writes_from))
		return -EFAULT;
	memcpy(at(addr), buf, len);
	if (addr == WORD)
		interfere(&during_completion);
	return 0;
}

static void test_raise_msix(void *context, unsigned int vector)
{
	(void)context;
	msix[vector]++;
	word_at_interrupt = get64(WORD);
}

static void test_raise_msi(void *context)
{
	(void)context;
	msi++;
}

static void test_set_intx(void *context, bool level)
{
	(void)context;
	CHECK(level != intx);
	intx = level;
	edges += level;
	word_at_interrupt = get64(WORD);
}

static void test_kick(void *context, unsigned int channel)
{
	(void)context;
	(void)channel;
	kicks++;
}

static u64 test_now(void *context)
{
	(void)context;
	return now;
}

static const struct qd_ops ops = {
	.dma_read = test_dma_read,
	.dma_write = test_dma_write,
	.raise_msix = test_raise_msix,
	.raise_msi = test_raise_msi,
	.set_intx = test_set_intx,
	.kick = test_kick,
	.now = test_now,
};

/*
 * Shorthand
 */

#define R(size, offset)		qd_bar_read(&model, offset, (size) / 8)
#define W(size, offset, value)	qd_bar_write(&model, offset, (size) / 8, value)
#define CR(size, offset)	qd_config_read(&model, offset, (size) / 8)
#define CW(size, offset, value)	qd_config_write(&model, offset, (size) / 8, value)

#define STATUS			R(64, CH0(QD_CHANSTS))
#define STATE			(STATUS & 7)

static const struct qd_options standard = {
	.device_id = 0x2021,
	.version = 0x32,
	.channels = 1,
	.chancnt = 1,
	.xfercap = 20,
	.msix_vectors = 1,
	.intx = true,
};

static void power_on(const struct qd_options *options)
{
	u64 i;

	memset(memory, 0, sizeof(memory));
	for (i = 0; i < 0x100000; i++)
		*at(SRC + i) = i * 7 + i / 256;
	memset(msix, 0, sizeof(msix));
	msi = 0;
	edges = 0;
	now = 1000;
	kicks = 0;
	fetches = 0;
	highest_fetch = 0;
	intx = false;
	fail_reads_from = 0;
	fail_writes_from = 0;
	during_fetch = NULL;
	during_read = NULL;
	during_completion = NULL;
	CHECK_EQ(qd_init(&model, options, &ops, NULL), 0);
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MEMORY | QD_COMMAND_MASTER);
}

static void enable_msix(unsigned int vectors)
{
	unsigned int i;

	for (i = 0; i < vectors; i++)
		W(32, QD_MSIX_TABLE + 16 * i + QD_MSIX_VECTOR_CONTROL, 0);
	CW(16, QD_CFG_MSIX_CONTROL, QD_MSIX_ENABLE);
}

static u64 slot(unsigned int i)
{
	return RING + i * QD_DESC_SIZE;
}

static void put(unsigned int i, u32 size, u32 control, u64 src, u64 dest)
{
	struct qd_descriptor desc = {
		.size = cpu_to_le32(size),
		.control = cpu_to_le32(control),
		.src = cpu_to_le64(src),
		.dest = cpu_to_le64(dest),
		.next = cpu_to_le64(slot(i + 1)),
	};

	memcpy(at(slot(i)), &desc, sizeof(desc));
}

static struct qd_descriptor *desc(unsigned int i)
{
	return (struct qd_descriptor *)at(slot(i));
}

/* Let every channel run until none has work left. */
static void run(void)
{
	unsigned int i, busy, steps = 0;

	do {
		busy = 0;
		for (i = 0; i < model.options.channels; i++)
			busy += qd_channel_step(&model, i);
	} while (busy && ++steps < 1000000);
	CHECK(!busy);
}

static void chain(u64 addr)
{
	W(64, CH0(QD_CHAINADDR), addr);
}

static void doorbell(u16 count)
{
	W(16, CH0(QD_DMACOUNT), count);
}

static void command(u8 value)
{
	W(8, CH0(QD_CHANCMD), value);
}

/* A channel with the usual settings and four 64-byte copies at the ring's start. */
static void set_up(void)
{
	unsigned int i;

	power_on(&standard);
	enable_msix(1);
	for (i = 0; i < 4; i++)
		put(i, 64, COPY, SRC + 64 * i, DST + 64 * i);
	W(16, CH0(QD_CHANCTRL), RUN);
	W(64, CH0(QD_CHANCMP), WORD);
	set64(WORD, ~0ULL);
}

/*
 * States (§4.2): each state, then each stimulus.
 */

/* ACTIVE comes in two kinds: not started yet, and with a descriptor in hand. */
#define IN_HAND		8

static void enter(unsigned int state)
{
	set_up();
	switch (state) {
	case QD_HALTED:
		break;
	case QD_ARMED:
		chain(slot(0));
		break;
	case QD_ACTIVE:
		chain(slot(0));
		doorbell(1);
		break;
	case QD_ACTIVE | IN_HAND:
		put(0, 0x100000, COPY, SRC, DST);
		chain(slot(0));
		doorbell(1);
		CHECK(qd_channel_step(&model, 0));
		break;
	case QD_IDLE:
		chain(slot(0));
		doorbell(1);
		run();
		break;
	case QD_SUSPENDED:
		chain(slot(0));
		doorbell(1);
		run();
		command(QD_CHANCMD_SUSPEND);
		break;
	}
	CHECK_EQ(STATE, state & 7);
}

static void test_power_on(void)
{
	power_on(&standard);
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)), 0);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	CHECK_EQ(R(8, QD_CHANCNT), 1);
	CHECK_EQ(R(8, QD_XFERCAP), 20);
	CHECK_EQ(R(8, QD_CBVER), 0x32);
	CHECK_EQ(R(16, QD_INTRDELAY), 0x8000);
	CHECK_EQ(R(32, QD_DMACAPABILITY), 0x41);
	CHECK_EQ(R(16, QD_DCAOFFSET), 0);
	CHECK_EQ(R(16, CH0(QD_DMA_COMP)), 6);
}

static void test_chainaddr(void)
{
	static const unsigned int from[] = { QD_HALTED, QD_ARMED, QD_ACTIVE, QD_IDLE,
					     QD_SUSPENDED };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		enter(from[i]);
		chain(slot(2));
		CHECK_EQ(STATUS, QD_ARMED);
		CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 0);
		doorbell(1);
		run();
		CHECK_EQ(STATUS, slot(2) | QD_IDLE);
	}
}

static void test_chainaddr_in_hand(void)
{
	enter(QD_ACTIVE | IN_HAND);
	chain(slot(2));
	CHECK_EQ(STATE, QD_ACTIVE);
	while (qd_channel_step(&model, 0))
		;
	CHECK_EQ(STATUS, QD_ARMED);
	CHECK(!memcmp(at(SRC), at(DST), 0x100000));
	CHECK_EQ(get64(WORD) & ~7ULL, slot(0));

	/* A doorbell that comes before that counts for the new chain. */
	enter(QD_ACTIVE | IN_HAND);
	chain(slot(2));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(3) | QD_IDLE);
}

static void test_dmacount(void)
{
	enter(QD_HALTED);
	doorbell(1);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 1);
	CHECK_EQ(fetches, 0);

	enter(QD_ARMED);
	doorbell(0);
	CHECK_EQ(STATUS, QD_ARMED);
	doorbell(1);
	CHECK_EQ(STATUS, QD_ACTIVE);
	CHECK(kicks);

	enter(QD_ACTIVE);
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);

	/* Taken back before anything has started */
	enter(QD_ACTIVE);
	doorbell(0);
	CHECK_EQ(STATUS, QD_IDLE);
	run();
	CHECK_EQ(fetches, 0);

	enter(QD_ACTIVE | IN_HAND);
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);

	enter(QD_IDLE);
	doorbell(1);
	CHECK_EQ(STATE, QD_IDLE);
	doorbell(3);
	CHECK_EQ(STATE, QD_ACTIVE);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);

	enter(QD_SUSPENDED);
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_SUSPENDED);
}

static void test_suspend(void)
{
	enter(QD_HALTED);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATUS, QD_HALTED);

	enter(QD_ARMED);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATUS, QD_SUSPENDED);

	enter(QD_ACTIVE);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATUS, QD_SUSPENDED);
	run();
	CHECK_EQ(fetches, 0);

	enter(QD_IDLE);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATUS, slot(0) | QD_SUSPENDED);

	enter(QD_SUSPENDED);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATUS, slot(0) | QD_SUSPENDED);
}

static void test_suspend_in_hand(void)
{
	enter(QD_ACTIVE | IN_HAND);
	doorbell(3);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATE, QD_ACTIVE);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_SUSPENDED);
	CHECK(!memcmp(at(SRC), at(DST), 0x100000));
	CHECK_EQ(get64(WORD), slot(0) | QD_ACTIVE);
	CHECK_EQ(highest_fetch, slot(0));
}

static void test_reset(void)
{
	static const unsigned int from[] = { QD_HALTED, QD_ARMED, QD_ACTIVE,
					     QD_ACTIVE | IN_HAND, QD_IDLE, QD_SUSPENDED };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		enter(from[i]);
		memset(at(DST), 0, 0x100000);
		command(QD_CHANCMD_RESET);
		CHECK_EQ(STATUS, QD_HALTED);
		CHECK_EQ(R(8, CH0(QD_CHANCMD)), 0);
		CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 0);
		run();
		CHECK_EQ(STATUS, QD_HALTED);
		CHECK_EQ(*at(DST + 0x20001), 0);
	}
}

static void test_resume(void)
{
	static const unsigned int from[] = { QD_HALTED, QD_ARMED, QD_ACTIVE, QD_IDLE };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		enter(from[i]);
		command(QD_CHANCMD_RESUME);
		CHECK_EQ(STATE, from[i]);
	}

	enter(QD_SUSPENDED);
	command(QD_CHANCMD_RESUME);
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);

	enter(QD_SUSPENDED);
	doorbell(3);
	command(QD_CHANCMD_RESUME);
	CHECK_EQ(STATUS, slot(0) | QD_ACTIVE);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);
}

static void test_abort(void)
{
	static const unsigned int from[] = { QD_HALTED, QD_ARMED, QD_ACTIVE,
					     QD_ACTIVE | IN_HAND, QD_IDLE, QD_SUSPENDED };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		enter(from[i]);
		command(QD_CHANCMD_ABORT);
		CHECK_EQ(STATE, QD_HALTED);
		CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
		run();
		CHECK_EQ(STATE, QD_HALTED);
	}
}

static void test_start_append(void)
{
	enter(QD_ARMED);
	command(QD_CHANCMD_START);
	command(QD_CHANCMD_APPEND);
	run();
	CHECK_EQ(STATUS, QD_ARMED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
}

static void test_halted_until_cleared(void)
{
	enter(QD_ARMED);
	put(0, 0, COPY, SRC, DST);
	doorbell(1);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	chain(slot(1));
	CHECK_EQ(STATUS, QD_HALTED);
	W(32, CH0(QD_CHANERR), ~0U);
	chain(slot(1));
	CHECK_EQ(STATUS, QD_ARMED);
}

/*
 * Counting (§4.3)
 */

static void test_count_wraps(void)
{
	unsigned int i;
	u16 count = 0;

	set_up();
	put(0, 1, QD_DESC_NULL, 0, 0);
	desc(0)->next = cpu_to_le64(slot(0));
	chain(slot(0));
	for (i = 0; i < 5; i++) {
		count += 40000;
		doorbell(count);
		run();
		CHECK_EQ(model.channel[0].stats.descriptors, 40000 * (i + 1));
		CHECK_EQ(R(16, CH0(QD_DMACOUNT)), count);
		CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	}
}

static void test_self_link(void)
{
	set_up();
	put(0, 64, 0, SRC, DST);
	desc(0)->next = cpu_to_le64(slot(0));
	chain(slot(0));
	doorbell(65535);
	run();
	CHECK_EQ(model.channel[0].stats.bytes, 64 * 65535);
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
}

static void test_never_beyond_count(void)
{
	set_up();
	memset(at(slot(2)), 0xff, 2 * QD_DESC_SIZE);
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(1) | QD_IDLE);
	CHECK_EQ(highest_fetch, slot(1));
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);

	/* Written after its predecessor has run, before the doorbell. */
	put(2, 64, COPY, SRC, DST + 0x1000);
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);
	CHECK(!memcmp(at(SRC), at(DST + 0x1000), 64));
}

/*
 * Descriptors (§5)
 */

static void check_copy(u32 size, u64 src, u64 dest)
{
	set_up();
	put(0, size, COPY, src, dest);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	CHECK(!memcmp(at(src), at(dest), size));
	CHECK_EQ(*at(dest + size), 0);
	CHECK_EQ(*at(dest - 1), 0);
	CHECK_EQ(get64(WORD), slot(0) | QD_IDLE);
}

static void test_copy(void)
{
	check_copy(1, SRC, DST);
	check_copy(2000, SRC, DST);
	check_copy(4097, SRC + 3, DST + 1);
	check_copy(QD_SLICE, SRC + 1, DST);
	check_copy(QD_SLICE + 1, SRC, DST + 5);
	check_copy(0x100000 - 7, SRC + 7, DST + 9);
	check_copy(0x100000, SRC, DST);
}

static void test_null(void)
{
	static const u32 sizes[] = { 1, 8, 0, ~0U };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		set_up();
		put(0, sizes[i], NULL_DESC, 0, 0);
		chain(slot(0));
		doorbell(1);
		run();
		CHECK_EQ(STATUS, slot(0) | QD_IDLE);
		CHECK_EQ(get64(WORD), slot(0) | QD_IDLE);
		CHECK_EQ(msix[0], 1);
		CHECK_EQ(model.channel[0].stats.bytes, 0);
	}
}

static void check_page_break(u32 size, u32 control, u64 src, u64 dest)
{
	u64 src2 = control & QD_DESC_SRC_BREAK ? SRC + 0x40000 : 0;
	u64 dest2 = control & QD_DESC_DEST_BREAK ? OTHER : 0;
	u32 i, src_head = 4096 - src % 4096, dest_head = 4096 - dest % 4096;

	set_up();
	put(0, size, COPY | control, src, dest);
	desc(0)->next_src = cpu_to_le64(src2);
	desc(0)->next_dest = cpu_to_le64(dest2);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	for (i = 0; i < size; i++) {
		u64 s = src2 && i >= src_head ? src2 + i - src_head : src + i;
		u64 d = dest2 && i >= dest_head ? dest2 + i - dest_head : dest + i;

		if (*at(s) != *at(d))
			break;
	}
	CHECK_EQ(i, size);
	if (dest2)
		CHECK_EQ(*at(dest + dest_head), 0);
}

static void test_page_break(void)
{
	static const u32 both = QD_DESC_SRC_BREAK | QD_DESC_DEST_BREAK;

	check_page_break(8192, QD_DESC_SRC_BREAK, SRC, DST);
	check_page_break(8192, QD_DESC_DEST_BREAK, SRC, DST);
	check_page_break(8192, both, SRC, DST);
	/* Not at the same byte, not at a page's start, not even reached. */
	check_page_break(8000, both, SRC + 100, DST + 200);
	check_page_break(5000, both, SRC + 4000, DST + 1);
	check_page_break(4096 + 1, both, SRC + 4095, DST + 4095);
	check_page_break(0x20000, both, SRC + 5, DST + 6);
	check_page_break(100, both, SRC, DST);
}

static void test_fill(void)
{
	static const u32 sizes[] = { 1, 7, 8, 9, 4096, 4099, QD_SLICE + 3 };
	u64 pattern = 0x8877665544332211;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		set_up();
		put(0, sizes[i], COPY | QD_OP_FILL << QD_DESC_OP_SHIFT, pattern, DST + 3);
		chain(slot(0));
		doorbell(1);
		run();
		CHECK_EQ(STATUS, slot(0) | QD_IDLE);
		for (j = 0; j < sizes[i]; j++)
			if (*at(DST + 3 + j) != (u8)(pattern >> (8 * (j % 8))))
				break;
		CHECK_EQ(j, sizes[i]);
		CHECK_EQ(*at(DST + 3 + j), 0);
		CHECK_EQ(*at(DST + 2), 0);
	}
}

static void test_fill_page_break(void)
{
	unsigned int i;

	set_up();
	put(0, 6000, COPY | QD_DESC_DEST_BREAK | QD_OP_FILL << QD_DESC_OP_SHIFT,
	    0x0807060504030201, DST + 1001);
	desc(0)->next_dest = cpu_to_le64(OTHER);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	for (i = 0; i < 6000; i++)
		if (*at(i < 3095 ? DST + 1001 + i : OTHER + i - 3095) != 1 + i % 8)
			break;
	CHECK_EQ(i, 6000);
	CHECK_EQ(*at(DST + 4096), 0);
}

static void test_fence(void)
{
	set_up();
	desc(0)->control |= cpu_to_le32(QD_DESC_FENCE);
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(1) | QD_IDLE);
}

static void test_completion_word(void)
{
	set_up();
	chain(slot(0));
	doorbell(3);
	qd_channel_step(&model, 0);
	CHECK_EQ(get64(WORD), slot(0) | QD_ACTIVE);
	qd_channel_step(&model, 0);
	CHECK_EQ(get64(WORD), slot(1) | QD_ACTIVE);
	qd_channel_step(&model, 0);
	CHECK_EQ(get64(WORD), slot(2) | QD_IDLE);

	/* Nobody asked for it. */
	set_up();
	put(0, 64, 0, SRC, DST);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(get64(WORD), ~0ULL);
	CHECK_EQ(model.channel[0].stats.completions, 0);
}

static void test_slices(void)
{
	unsigned int steps = 1;

	set_up();
	put(0, 0x100000, COPY, SRC, DST);
	chain(slot(0));
	doorbell(1);
	while (qd_channel_step(&model, 0)) {
		CHECK_EQ(STATUS, QD_ACTIVE);
		CHECK_EQ(get64(WORD), ~0ULL);
		steps++;
	}
	CHECK_EQ(steps, 0x100000 / QD_SLICE);
}

/*
 * Errors (§7)
 */

/* The second of three descriptors fails; returns CHANERR. */
static u32 fail_second(void)
{
	chain(slot(0));
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_HALTED);
	CHECK_EQ(get64(WORD), slot(0) | QD_HALTED);
	CHECK_EQ(msix[0], 1);
	CHECK_EQ(word_at_interrupt, slot(0) | QD_HALTED);
	CHECK_EQ(CR(32, QD_CFG_CHANERR_INT), R(32, CH0(QD_CHANERR)));
	CHECK_EQ(model.channel[0].stats.descriptors, 1);
	return R(32, CH0(QD_CHANERR));
}

static void test_error_addresses(void)
{
	set_up();
	put(1, 64, COPY, 1ULL << 46, DST);
	CHECK_EQ(fail_second(), BIT(QD_ERR_SRC_ADDR));

	set_up();
	put(1, 64, COPY, SRC, (1ULL << 46) - 63);
	CHECK_EQ(fail_second(), BIT(QD_ERR_DEST_ADDR));

	set_up();
	desc(0)->next = cpu_to_le64(1ULL << 46);
	CHECK_EQ(fail_second(), BIT(QD_ERR_NEXT_ADDR));

	set_up();
	desc(0)->next = cpu_to_le64(slot(1) + 8);
	CHECK_EQ(fail_second(), BIT(QD_ERR_NEXT_ALIGN));
}

static void test_error_memory(void)
{
	set_up();
	put(1, 64, COPY, NOWHERE, DST);
	CHECK_EQ(fail_second(), BIT(QD_ERR_READ));

	set_up();
	put(1, 64, COPY, SRC, NOWHERE);
	CHECK_EQ(fail_second(), BIT(QD_ERR_WRITE));

	set_up();
	desc(0)->next = cpu_to_le64(NOWHERE);
	CHECK_EQ(fail_second(), BIT(QD_ERR_READ));

	set_up();
	put(1, 64, COPY | QD_DESC_SRC_BREAK, SRC + 4064, DST);
	desc(1)->next_src = cpu_to_le64(NOWHERE);
	CHECK_EQ(fail_second(), BIT(QD_ERR_READ));

	set_up();
	put(1, 64, COPY | QD_OP_FILL << QD_DESC_OP_SHIFT, 0, NOWHERE - 32);
	CHECK_EQ(fail_second(), BIT(QD_ERR_WRITE));
}

static void test_error_memory_late(void)
{
	set_up();
	put(1, 0x100000, COPY, SRC, DST);
	fail_reads_from = SRC + 0xfffff;
	CHECK_EQ(fail_second(), BIT(QD_ERR_READ));
	CHECK(!memcmp(at(SRC), at(DST), QD_SLICE));
}

static void test_error_control(void)
{
	static const u8 opcodes[] = { 0x02, 0x41, 0x42, 0x43, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86,
				      0x87, 0x88, 0x89, 0x8a, 0x8b, 0xa0, 0xa1, 0xff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++) {
		set_up();
		put(1, 64, COPY | (u32)opcodes[i] << QD_DESC_OP_SHIFT, SRC, DST);
		CHECK_EQ(fail_second(), BIT(QD_ERR_CONTROL));
	}

	/* Reserved bits of a copy, and what a fill has no use for */
	set_up();
	put(1, 64, COPY | BIT(11), SRC, DST);
	CHECK_EQ(fail_second(), BIT(QD_ERR_CONTROL));
	set_up();
	put(1, 64, COPY | QD_DESC_SRC_BREAK | QD_OP_FILL << QD_DESC_OP_SHIFT, 0, DST);
	CHECK_EQ(fail_second(), BIT(QD_ERR_CONTROL));
}

static void test_error_size(void)
{
	struct qd_options options = standard;

	set_up();
	put(1, 0, COPY, SRC, DST);
	CHECK_EQ(fail_second(), BIT(QD_ERR_CONTROL));

	set_up();
	put(1, 0x100001, COPY, SRC, DST);
	CHECK_EQ(fail_second(), BIT(QD_ERR_CONTROL));

	/* The limit is what XFERCAP says. */
	options.xfercap = 12;
	power_on(&options);
	W(16, CH0(QD_CHANCTRL), RUN);
	put(0, 4097, COPY, SRC, DST);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CONTROL));

	/* Version 3.0 rejects even an empty null descriptor. */
	options = standard;
	options.version = 0x30;
	power_on(&options);
	W(16, CH0(QD_CHANCTRL), RUN);
	put(0, 0, QD_DESC_NULL, 0, 0);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CONTROL));
}

static void test_error_chainaddr(void)
{
	set_up();
	chain(slot(0) + 32);
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CHAINADDR));
	CHECK_EQ(get64(WORD), ~0ULL);
	CHECK_EQ(kicks, 1);
	run();
	CHECK_EQ(get64(WORD), QD_HALTED);
	CHECK_EQ(msix[0], 1);

	set_up();
	chain(1ULL << 46);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CHAINADDR));

	/* Masked, it is as if nothing had been written: one is done, and none is left. */
	enter(QD_IDLE);
	W(32, CH0(QD_CHANERRMSK), BIT(QD_ERR_CHAINADDR));
	chain(slot(0) + 32);
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 1);
	CHECK_EQ(qd_in_flight(&model, 0), 0);
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(1) | QD_IDLE);
}

static void test_error_chancmd(void)
{
	static const u8 commands[] = { 0x24, 0x06, 0x3f, 0x40, 0xff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		enter(QD_IDLE);
		command(commands[i]);
		CHECK_EQ(STATUS, slot(0) | QD_HALTED);
		CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CHANCMD));
		CHECK_EQ(msix[0], 0);
		run();
		CHECK_EQ(get64(WORD), slot(0) | QD_HALTED);
		CHECK_EQ(msix[0], 1);
	}

	/* Fatal without ANY_ERR_ABORT_EN, too */
	enter(QD_IDLE);
	W(16, CH0(QD_CHANCTRL), 0);
	command(0x24);
	CHECK_EQ(STATE, QD_HALTED);
}

static void test_error_completion(void)
{
	static const u64 words[] = { WORD + 4, NOWHERE, 1ULL << 46 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		set_up();
		W(64, CH0(QD_CHANCMP), words[i]);
		chain(slot(0));
		doorbell(2);
		run();
		CHECK_EQ(STATUS, QD_HALTED);
		CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_COMPLETION));
		CHECK_EQ(msix[0], 1);
	}

	/* A null descriptor that has not finished is not counted as one either. */
	set_up();
	put(0, 1, NULL_DESC, 0, 0);
	W(64, CH0(QD_CHANCMP), NOWHERE);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(model.channel[0].stats.descriptors, 0);
	CHECK_EQ(model.channel[0].stats.nulls, 0);
}

static void test_error_first(void)
{
	set_up();
	put(0, 0, COPY, SRC, DST);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(get64(WORD), QD_HALTED);
}

static void test_error_enables(void)
{
	/* No error completion, no error interrupt. */
	set_up();
	W(16, CH0(QD_CHANCTRL), QD_CHANCTRL_ANY_ERR_ABORT);
	put(0, 0, COPY, SRC, DST);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(get64(WORD), ~0ULL);
	CHECK_EQ(msix[0], 0);

	/* Not halting: the bad descriptor is skipped. */
	set_up();
	W(16, CH0(QD_CHANCTRL), QD_CHANCTRL_ERR_INT);
	put(0, 0, 0, SRC, DST);
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(1) | QD_IDLE);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CONTROL));
	CHECK_EQ(msix[0], 1);
}

static void test_error_masked(void)
{
	set_up();
	W(32, CH0(QD_CHANERRMSK), BIT(QD_ERR_CONTROL));
	put(1, 0, COPY, SRC, DST);
	chain(slot(0));
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CONTROL));
	CHECK_EQ(get64(WORD), slot(2) | QD_IDLE);
	CHECK_EQ(msix[0], 0);

	/* A bad command does nothing. */
	enter(QD_IDLE);
	W(32, CH0(QD_CHANERRMSK), BIT(QD_ERR_CHANCMD));
	command(0x24);
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CHANCMD));

	/* Without a next descriptor there is nothing to go on with. */
	set_up();
	W(32, CH0(QD_CHANERRMSK), BIT(QD_ERR_NEXT_ALIGN));
	desc(0)->next = cpu_to_le64(slot(1) + 8);
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_HALTED);
	CHECK_EQ(msix[0], 0);
}

static void test_error_clear(void)
{
	set_up();
	put(0, 0, COPY, SRC, DST);
	chain(slot(0));
	doorbell(1);
	run();
	W(32, CH0(QD_CHANERR), ~BIT(QD_ERR_CONTROL));
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CONTROL));
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CONTROL));
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	CHECK_EQ(CR(32, QD_CFG_CHANERR_INT), BIT(QD_ERR_CONTROL));
	CW(32, QD_CFG_CHANERR_INT, CR(32, QD_CFG_CHANERR_INT));
	CHECK_EQ(CR(32, QD_CFG_CHANERR_INT), 0);
}

static void test_bus_master_off(void)
{
	set_up();
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MEMORY);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_READ));
	CHECK_EQ(fetches, 0);
	CHECK_EQ(get64(WORD), ~0ULL);
	CHECK_EQ(msix[0], 0);
	/* A message is a memory write, too: it waits. */
	CHECK_EQ(R(64, QD_MSIX_PBA), 1);
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MEMORY | QD_COMMAND_MASTER);
	CHECK_EQ(msix[0], 1);

	/* Half way through a copy */
	enter(QD_ACTIVE | IN_HAND);
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MEMORY);
	run();
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_READ));
}

/*
 * Interrupts (§6)
 */

static void copy_with_interrupt(unsigned int i)
{
	put(i, 64, COPY | QD_DESC_INT, SRC, DST);
}

static void test_interrupt_order(void)
{
	set_up();
	copy_with_interrupt(0);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(msix[0], 1);
	CHECK_EQ(word_at_interrupt, slot(0) | QD_IDLE);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & 1, 1);
}

static void test_interrupt_remembered(void)
{
	set_up();
	copy_with_interrupt(0);
	copy_with_interrupt(1);
	copy_with_interrupt(2);
	chain(slot(0));
	doorbell(3);
	run();
	CHECK_EQ(msix[0], 1);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK_EQ(msix[0], 2);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & 1, 1);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK_EQ(msix[0], 2);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & 1, 0);

	/* Re-arming is writing a one; other writes are not. */
	copy_with_interrupt(3);
	doorbell(4);
	run();
	CHECK_EQ(msix[0], 3);
	W(16, CH0(QD_CHANCTRL), RUN & ~1);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & 1, 1);
}

static void test_interrupt_without_intrctrl(void)
{
	set_up();
	CHECK_EQ(R(8, QD_INTRCTRL), 0);
	copy_with_interrupt(0);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(msix[0], 1);
	CHECK(!intx);
}

static void test_msix_masking(void)
{
	/* Vector masked: pending, then sent. */
	set_up();
	W(32, QD_MSIX_TABLE + QD_MSIX_VECTOR_CONTROL, 1);
	copy_with_interrupt(0);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(msix[0], 0);
	CHECK_EQ(R(64, QD_MSIX_PBA), 1);
	W(32, QD_MSIX_TABLE + QD_MSIX_VECTOR_CONTROL, 0);
	CHECK_EQ(msix[0], 1);
	CHECK_EQ(R(64, QD_MSIX_PBA), 0);

	/* Function masked: pending, then taken back by re-arming. */
	W(16, CH0(QD_CHANCTRL), RUN);
	CW(16, QD_CFG_MSIX_CONTROL, QD_MSIX_ENABLE | QD_MSIX_MASK_ALL);
	copy_with_interrupt(1);
	doorbell(2);
	run();
	CHECK_EQ(R(64, QD_MSIX_PBA), 1);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK_EQ(R(64, QD_MSIX_PBA), 0);
	CW(16, QD_CFG_MSIX_CONTROL, QD_MSIX_ENABLE);
	CHECK_EQ(msix[0], 1);

	/* While INT_DISABLE is set nothing becomes pending. */
	copy_with_interrupt(2);
	copy_with_interrupt(3);
	doorbell(4);
	run();
	CHECK_EQ(msix[0], 2);
	CHECK_EQ(R(64, QD_MSIX_PBA), 0);
}

static void test_msix_table(void)
{
	struct qd_options options = standard;

	options.channels = 4;
	options.chancnt = 4;
	options.msix_vectors = 4;
	power_on(&options);
	CHECK_EQ(CR(8, QD_CFG_CAP_POINTER), QD_CFG_MSIX);
	CHECK_EQ(CR(16, QD_CFG_MSIX_CONTROL), 3);
	CHECK_EQ(R(32, QD_MSIX_TABLE + 12), 1);
	W(64, QD_MSIX_TABLE + 48, 0xfee00000);
	W(32, QD_MSIX_TABLE + 56, 0x4021);
	CHECK_EQ(R(64, QD_MSIX_TABLE + 48), 0xfee00000);
	CHECK_EQ(R(32, QD_MSIX_TABLE + 56), 0x4021);
	W(64, QD_MSIX_TABLE + 64, ~0ULL);
	CHECK_EQ(R(64, QD_MSIX_TABLE + 64), 0);
	W(64, QD_MSIX_PBA, ~0ULL);
	CHECK_EQ(R(64, QD_MSIX_PBA), 0);
}

static void test_intx(void)
{
	set_up();
	CW(16, QD_CFG_MSIX_CONTROL, 0);
	copy_with_interrupt(0);
	copy_with_interrupt(1);
	chain(slot(0));

	/* Without the master enable only the status shows it. */
	doorbell(1);
	run();
	CHECK(!intx);
	W(8, QD_INTRCTRL, 1);
	CHECK(intx);
	CHECK_EQ(CR(16, QD_CFG_STATUS) & QD_STATUS_INTERRUPT, QD_STATUS_INTERRUPT);

	/* As a handler does it. */
	CHECK_EQ(R(8, QD_INTRCTRL), 7);
	CHECK(!intx);
	CHECK_EQ(R(8, QD_INTRCTRL), 2);
	CHECK_EQ(R(32, QD_ATTNSTATUS), 1);
	CHECK_EQ(R(32, QD_ATTNSTATUS), 0);
	W(8, QD_INTRCTRL, 7);
	CHECK(!intx);
	CHECK_EQ(R(8, QD_INTRCTRL), 1);
	W(8, QD_INTRCTRL, 1);

	/* Held back until re-armed, and lowered by re-arming. */
	doorbell(2);
	run();
	CHECK(!intx);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK(intx);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK(!intx);

	/* ATTNSTATUS is write-one-to-clear, and INTX_DISABLE gates the pin. */
	copy_with_interrupt(2);
	doorbell(3);
	run();
	CHECK(intx);
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MEMORY | QD_COMMAND_MASTER | QD_COMMAND_INTX_DISABLE);
	CHECK(!intx);
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MEMORY | QD_COMMAND_MASTER);
	CHECK(intx);
	W(32, QD_ATTNSTATUS, 1);
	CHECK(!intx);
}

static void test_msi(void)
{
	struct qd_options options = standard;

	options.msix_vectors = 0;
	options.msi = true;
	power_on(&options);
	CHECK_EQ(CR(8, QD_CFG_CAP_POINTER), QD_CFG_PCIE);
	CHECK_EQ(CR(8, QD_CFG_PCIE + 1), QD_CFG_MSI);
	CW(16, QD_CFG_MSI_CONTROL, QD_MSI_ENABLE);
	W(8, QD_INTRCTRL, 1);
	W(16, CH0(QD_CHANCTRL), RUN);
	W(64, CH0(QD_CHANCMP), WORD);
	copy_with_interrupt(0);
	copy_with_interrupt(1);
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(msi, 1);
	CHECK(!intx);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK_EQ(msi, 2);
	CHECK_EQ(R(8, QD_INTRCTRL), 7);
	W(8, QD_INTRCTRL, 1);
	CHECK_EQ(msi, 3);
}

/*
 * Registers and configuration space
 */

static void test_widths(void)
{
	unsigned int i;

	set_up();
	/* Halves, low first or high first, and bytes */
	W(32, CH0(QD_CHANCMP), (u32)WORD);
	W(32, CH0(QD_CHANCMP) + 4, 0x12);
	CHECK_EQ(R(64, CH0(QD_CHANCMP)), 0x1200000000ULL | WORD);
	for (i = 0; i < 8; i++)
		W(8, CH0(QD_CHANCMP) + i, WORD >> (8 * i));
	CHECK_EQ(R(64, CH0(QD_CHANCMP)), WORD);
	for (i = 0; i < 8; i++)
		CHECK_EQ(R(8, CH0(QD_CHANCMP) + i), (u8)(WORD >> (8 * i)));
	CHECK_EQ(R(32, CH0(QD_CHANCMP) + 4), WORD >> 32);

	/* Either half of CHAINADDR arms. */
	chain(slot(0));
	doorbell(1);
	run();
	W(32, CH0(QD_CHAINADDR), (u32)slot(0));
	CHECK_EQ(STATUS, QD_ARMED);
	doorbell(1);
	run();
	CHECK_EQ(STATE, QD_IDLE);
	W(32, CH0(QD_CHAINADDR) + 4, 0);
	CHECK_EQ(STATUS, QD_ARMED);

	/* Several registers in one access: CHANCTRL, DMA_COMP, CHANCMD, DMACOUNT */
	CHECK_EQ(R(64, CH0(QD_CHANCTRL)), 0x6001c);
	CHECK_EQ(R(32, QD_CHANCNT), 0x1401);
	W(8, CH0(QD_DMACOUNT), 0x34);
	W(8, CH0(QD_DMACOUNT) + 1, 0x12);
	CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 0x1234);

	/* The parts of CHANSTS */
	command(QD_CHANCMD_RESET);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(R(32, CH0(QD_CHANSTS)), (u32)slot(0) | QD_IDLE);
	CHECK_EQ(R(32, CH0(QD_CHANSTS) + 4), slot(0) >> 32);
}

static void test_nonsense_accesses(void)
{
	set_up();
	CHECK_EQ(qd_bar_read(&model, 1, 2), ~0ULL);
	CHECK_EQ(qd_bar_read(&model, 0, 3), ~0ULL);
	CHECK_EQ(qd_bar_read(&model, 0, 0), ~0ULL);
	CHECK_EQ(qd_bar_read(&model, 0, 16), ~0ULL);
	CHECK_EQ(qd_bar_read(&model, QD_BAR_SIZE, 4), ~0ULL);
	CHECK_EQ(qd_bar_read(&model, 0xfffffffc, 4), ~0ULL);
	qd_bar_write(&model, CH0(QD_CHANCMD) + 1, 2, ~0ULL);
	qd_bar_write(&model, QD_BAR_SIZE, 8, ~0ULL);
	CHECK_EQ(qd_config_read(&model, QD_CFG_SIZE, 4), ~0ULL);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);

	/* What is not there reads as zero. */
	CHECK_EQ(R(64, CH(1, QD_CHANSTS)), 0);
	W(64, CH(1, QD_CHAINADDR), ~0ULL);
	CHECK_EQ(R(32, 0x1000), 0);
	CHECK_EQ(R(32, 0x3ffc), 0);
}

static void test_read_only(void)
{
	unsigned int i;

	power_on(&standard);
	for (i = 0; i < QD_CHANNEL_BASE; i += 8)
		W(64, i, ~0ULL);
	CHECK_EQ(R(8, QD_CHANCNT), 1);
	CHECK_EQ(R(8, QD_XFERCAP), 20);
	CHECK_EQ(R(8, QD_CBVER), 0x32);
	CHECK_EQ(R(16, QD_INTRDELAY), 0xbfff);
	CHECK_EQ(R(32, QD_DMACAPABILITY), 0x41);
	W(64, CH0(QD_CHANSTS), ~0ULL);
	CHECK_EQ(STATUS, QD_HALTED);
	W(16, QD_INTRDELAY, 5);
	CHECK_EQ(R(16, QD_INTRDELAY), 0x8005);
}

static void test_storage(void)
{
	power_on(&standard);
	W(32, CH0(QD_DCACTRL), 0xffffffff);
	CHECK_EQ(R(32, CH0(QD_DCACTRL)), 0xffffffff);
	W(32, CH0(QD_CHANERRMSK), 0x30000);
	CHECK_EQ(R(32, CH0(QD_CHANERRMSK)), 0x30000);
	W(8, QD_INTRCTRL, 0xff);
	CHECK_EQ(R(8, QD_INTRCTRL), 9);
	CHECK_EQ(R(8, QD_INTRCTRL), 8);

	enter(QD_ACTIVE | IN_HAND);
	CHECK_EQ(R(64, CH0(QD_CDAR)), slot(0));
}

static void test_in_use(void)
{
	set_up();
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_IN_USE, 0);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_IN_USE, QD_CHANCTRL_IN_USE);
	W(16, CH0(QD_CHANCTRL), QD_CHANCTRL_IN_USE);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_IN_USE, QD_CHANCTRL_IN_USE);
	W(8, CH0(QD_CHANCTRL), 0);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_IN_USE, QD_CHANCTRL_IN_USE);
	W(16, CH0(QD_CHANCTRL), 0);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_IN_USE, 0);
}

static void test_config(void)
{
	power_on(&standard);
	CHECK_EQ(CR(32, 0), 0x20218086);
	CHECK_EQ(CR(32, QD_CFG_CLASS_REVISION), QD_CLASS << 8);
	CHECK_EQ(CR(8, QD_CFG_INTERRUPT_PIN), 1);

	/* Sizing a 64-bit BAR of 16 KiB */
	CW(32, QD_CFG_BAR0, ~0U);
	CW(32, QD_CFG_BAR0 + 4, ~0U);
	CHECK_EQ(CR(32, QD_CFG_BAR0), 0xffffc004);
	CHECK_EQ(CR(32, QD_CFG_BAR0 + 4), 0xffffffff);
	CW(32, QD_CFG_BAR0 + 8, ~0U);
	CHECK_EQ(CR(32, QD_CFG_BAR0 + 8), 0);

	CHECK_EQ(CR(8, QD_CFG_CAP_POINTER), QD_CFG_MSIX);
	CHECK_EQ(CR(16, QD_CFG_MSIX), QD_CFG_PCIE << 8 | QD_CAP_ID_MSIX);
	CHECK_EQ(CR(16, QD_CFG_PCIE), QD_CFG_PM << 8 | QD_CAP_ID_PCIE);
	CHECK_EQ(CR(16, QD_CFG_PM), QD_CAP_ID_PM);
	CHECK_EQ(CR(16, QD_CFG_DEVCTL), 0x810);
	CW(16, QD_CFG_DEVCTL, 0);
	CHECK_EQ(CR(16, QD_CFG_DEVCTL), 0);

	CHECK_EQ(CR(32, QD_CFG_DMAUNCERRSTS), 0);
	CW(32, QD_CFG_CHANERRMSK_INT, 0x3e07);
	CHECK_EQ(CR(32, QD_CFG_CHANERRMSK_INT), 0x3e07);
	CW(8, QD_CFG_CHANERRMSK_INT + 1, 0);
	CHECK_EQ(CR(32, QD_CFG_CHANERRMSK_INT), 7);
	CW(32, 0, 0);
	CHECK_EQ(CR(32, 0), 0x20218086);
}

static void check_power_on_state(void)
{
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)), 0);
	CHECK_EQ(R(64, CH0(QD_CHANCMP)), 0);
	CHECK_EQ(R(64, CH0(QD_CHAINADDR)), 0);
	CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 0);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	CHECK_EQ(R(32, CH0(QD_CHANERRMSK)), 0);
	CHECK_EQ(R(16, QD_INTRDELAY), 0x8000);
	CHECK_EQ(R(8, QD_INTRCTRL), 0);
	CHECK_EQ(R(32, QD_ATTNSTATUS), 0);
	CHECK_EQ(R(32, QD_MSIX_TABLE + QD_MSIX_VECTOR_CONTROL), 1);
	CHECK_EQ(CR(16, QD_CFG_COMMAND), 0);
	CHECK_EQ(CR(16, QD_CFG_MSIX_CONTROL), 0);
	CHECK_EQ(CR(32, QD_CFG_CHANERR_INT), 0);
	CHECK_EQ(CR(16, QD_CFG_DEVCTL), 0x810);
	CHECK(!intx);
}

static void make_a_mess(void)
{
	set_up();
	CW(16, QD_CFG_MSIX_CONTROL, 0);
	W(8, QD_INTRCTRL, 1);
	W(16, QD_INTRDELAY, 100);
	W(32, CH0(QD_CHANERRMSK), BIT(20));
	put(0, 0, COPY, SRC, DST);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK(intx);
	CHECK_EQ(STATE, QD_HALTED);
}

static void test_flr(void)
{
	make_a_mess();
	CW(16, QD_CFG_DEVCTL, QD_DEVCTL_FLR);
	check_power_on_state();

	enter(QD_ACTIVE | IN_HAND);
	CW(16, QD_CFG_DEVCTL, QD_DEVCTL_FLR);
	check_power_on_state();
	run();
	CHECK_EQ(get64(WORD), ~0ULL);
}

static void test_d3hot(void)
{
	make_a_mess();
	CW(16, QD_CFG_PMCSR, 3);
	CHECK_EQ(CR(16, QD_CFG_PMCSR), 3);
	CW(16, QD_CFG_PMCSR, 0);
	check_power_on_state();

	/* No bus mastering in between. */
	enter(QD_ACTIVE);
	CW(16, QD_CFG_PMCSR, 3);
	run();
	CHECK_EQ(fetches, 0);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_READ));
}

static void test_options(void)
{
	struct qd_options options = standard;

	options.chancnt = 9;
	options.xfercap = 0;
	options.cbver = 0x12;
	options.msix_vectors = 0;
	options.intx = false;
	power_on(&options);
	CHECK_EQ(R(8, QD_CHANCNT), 9);
	CHECK_EQ(R(8, QD_XFERCAP), 0);
	CHECK_EQ(R(8, QD_CBVER), 0x12);
	CHECK_EQ(CR(8, QD_CFG_CAP_POINTER), QD_CFG_PCIE);
	CHECK_EQ(CR(8, QD_CFG_INTERRUPT_PIN), 0);
	CW(16, QD_CFG_MSIX_CONTROL, QD_MSIX_ENABLE);
	CHECK_EQ(CR(16, QD_CFG_MSIX_CONTROL), 0);
	CW(16, QD_CFG_MSI_CONTROL, QD_MSI_ENABLE);
	CHECK_EQ(CR(16, QD_CFG_MSI_CONTROL), 0);
	W(8, QD_INTRCTRL, 1);
	copy_with_interrupt(0);
	W(64, CH0(QD_CHANCMP), WORD);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATE, QD_IDLE);
	CHECK(!intx);

	options.channels = 9;
	CHECK_EQ(qd_init(&model, &options, &ops, NULL), -EINVAL);
	options.channels = 0;
	CHECK_EQ(qd_init(&model, &options, &ops, NULL), -EINVAL);
	options.channels = 1;
	options.chancnt = 32;
	CHECK_EQ(qd_init(&model, &options, &ops, NULL), -EINVAL);
	options.chancnt = 1;
	options.version = 0x20;
	CHECK_EQ(qd_init(&model, &options, &ops, NULL), -EINVAL);
}

/*
 * Versions and device IDs (§1)
 */

static void power_on_as(u16 device_id)
{
	struct qd_options options = standard;

	options.device_id = device_id;
	options.version = qd_version_of(device_id);
	power_on(&options);
	W(16, CH0(QD_CHANCTRL), RUN);
}

static void test_version_layout(void)
{
	static const struct {
		u16 device_id;
		u8 version, msix;
		u32 bar, table, pba, capability;
	} parts[] = {
		{ 0x3430, 0x30, 0x80, 0x4000, 0x2000, 0x3000, 0x41 },
		{ 0x2021, 0x32, 0x80, 0x4000, 0x2000, 0x3000, 0x41 },
		{ 0x6f50, 0x33, 0xac, 0x2000, 0x1000, 0x1800, 0x41 },
		{ 0x0b00, 0x34, 0x80, 0x4000, 0x2000, 0x3000, 0x800041 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		CHECK_EQ(qd_find_version(parts[i].version)->device_id, parts[i].device_id);
		power_on_as(parts[i].device_id);
		CHECK_EQ(R(8, QD_CBVER), parts[i].version);
		CHECK_EQ(R(32, QD_DMACAPABILITY), parts[i].capability);
		CHECK_EQ(CR(16, 2), parts[i].device_id);

		CW(32, QD_CFG_BAR0, ~0U);
		CHECK_EQ(CR(32, QD_CFG_BAR0), ~(parts[i].bar - 1) | QD_BAR_64BIT);
		CHECK_EQ(R(32, parts[i].bar - 4), 0);
		CHECK_EQ(R(32, parts[i].bar), ~0ULL);

		CHECK_EQ(CR(8, QD_CFG_CAP_POINTER), parts[i].msix);
		CHECK_EQ(CR(8, parts[i].msix), QD_CAP_ID_MSIX);
		CHECK_EQ(CR(32, parts[i].msix + 4), parts[i].table);
		CHECK_EQ(CR(32, parts[i].msix + 8), parts[i].pba);
		CW(16, parts[i].msix + 2, QD_MSIX_ENABLE | QD_MSIX_MASK_ALL);
		CHECK_EQ(CR(16, parts[i].msix + 2), QD_MSIX_ENABLE | QD_MSIX_MASK_ALL);

		W(32, parts[i].table + QD_MSIX_VECTOR_CONTROL, 0);
		CHECK_EQ(R(32, parts[i].table + QD_MSIX_VECTOR_CONTROL), 0);
		copy_with_interrupt(0);
		W(64, CH0(QD_CHANCMP), WORD);
		chain(slot(0));
		doorbell(1);
		run();
		CHECK_EQ(R(64, parts[i].pba), 1);
		CW(16, parts[i].msix + 2, QD_MSIX_ENABLE);
		CHECK_EQ(msix[0], 1);
	}
	CHECK(!qd_find_version(0x31));
	CHECK(!qd_find_version(0x20));
}

/* The capabilities do not lie on one another where they are in another place. */
static void test_version_capabilities(void)
{
	u32 devctl = QD_CFG_PCIE_3_3 + QD_CFG_DEVCTL - QD_CFG_PCIE;

	power_on_as(0x6f50);
	CHECK_EQ(CR(16, QD_CFG_MSIX_3_3), QD_CFG_PCIE_3_3 << 8 | QD_CAP_ID_MSIX);
	CHECK_EQ(CR(16, QD_CFG_PCIE_3_3), QD_CFG_PM << 8 | QD_CAP_ID_PCIE);
	CHECK_EQ(CR(16, devctl), 0x810);
	CW(16, devctl, 0);
	CHECK_EQ(CR(16, devctl), 0);
	CW(16, QD_CFG_DEVCFG, 0x1234);
	CHECK_EQ(CR(16, QD_CFG_DEVCFG), 0x1234);
	CHECK_EQ(CR(32, QD_CFG_PCIE), 0);

	/* Neither does a reset where the Xeons have it. */
	CW(16, QD_CFG_DEVCTL, QD_DEVCTL_FLR);
	CHECK_EQ(CR(16, QD_CFG_DEVCFG), 0x1234);
	CW(16, devctl, QD_DEVCTL_FLR);
	CHECK_EQ(CR(16, QD_CFG_DEVCFG), 0);
	CHECK_EQ(CR(16, devctl), 0x810);
}

static void test_version_ids(void)
{
	static const struct {
		u16 device_id;
		u8 version, pin;
	} ids[] = {
		{ 0x3430, 0x30, 1 }, { 0x3433, 0x30, 4 }, { 0x3429, 0x30, 1 },
		{ 0x342c, 0x30, 4 }, { 0x3710, 0x32, 1 }, { 0x3719, 0x32, 2 },
		{ 0x3c25, 0x32, 2 }, { 0x3c2f, 0x32, 2 }, { 0x0e27, 0x32, 4 },
		{ 0x2f2e, 0x32, 1 }, { 0x6f22, 0x32, 3 }, { 0x2021, 0x32, 1 },
		{ 0x0c53, 0x33, 4 }, { 0x6f51, 0x33, 2 }, { 0x0b00, 0x34, 1 },
	};
	static const u16 others[] = {
		0x1a38, 0x360b, 0x65ff, 0x402f, 0x342d, 0x371a, 0x3c28, 0x3c2d, 0x6f54, 0x0b01,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		CHECK_EQ(qd_version_of(ids[i].device_id), ids[i].version);
		power_on_as(ids[i].device_id);
		CHECK_EQ(CR(8, QD_CFG_INTERRUPT_PIN), ids[i].pin);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		CHECK_EQ(qd_version_of(others[i]), 0);
}

/* Those of the functions behind one, as far as the parts have them */
static void test_version_siblings(void)
{
	static const struct {
		u16 first, last;
		unsigned int distance;
	} ids[] = {
		{ 0x3c20, 0x3c20, 0 }, { 0x3c20, 0x3c27, 7 }, { 0x3c21, 0x3c27, 6 },
		{ 0x3c21, 0x3c21, 7 }, { 0x3c2e, 0x3c2f, 1 }, { 0x3c2e, 0x3c2e, 2 },
		{ 0x3430, 0x3433, 3 }, { 0x3430, 0x3429, 4 }, { 0x3432, 0x342c, 5 },
		{ 0x3430, 0x3430, 8 }, { 0x3429, 0x342c, 3 }, { 0x3429, 0x3429, 4 },
		{ 0x2021, 0x2021, 7 }, { 0x0c50, 0x0c53, 3 }, { 0x0c50, 0x0c50, 4 },
		{ 0x0b00, 0x0b00, 1 }, { 0x1234, 0x1234, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		CHECK_EQ(qd_sibling(ids[i].first, ids[i].distance), ids[i].last);
}

static void test_version_addresses(void)
{
	static const struct {
		u16 device_id;
		unsigned int bits;
	} parts[] = {
		{ 0x3433, 40 }, { 0x3715, 40 }, { 0x3c20, 46 }, { 0x2021, 46 }, { 0x0c50, 48 },
		{ 0x6f50, 48 }, { 0x0b00, 48 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		power_on_as(parts[i].device_id);
		chain(BIT_ULL(parts[i].bits) - QD_DESC_SIZE);
		CHECK_EQ(STATUS, QD_ARMED);
		chain(BIT_ULL(parts[i].bits));
		CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(QD_ERR_CHAINADDR));
	}
}

static void test_version_torn(void)
{
	static const struct {
		u16 device_id;
		bool torn;
	} parts[] = {
		{ 0x3430, true }, { 0x2021, true }, { 0x6f50, false }, { 0x0b00, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		power_on_as(parts[i].device_id);
		put(0, 64, 0, SRC, DST);
		put(1, 64, 0, SRC, DST);
		put(2, 64, 0, SRC, DST);
		desc(0)->next = cpu_to_le64(slot(1) + MIRROR);

		chain(slot(0));
		doorbell(1);
		run();
		CHECK_EQ(STATUS, slot(0) | QD_IDLE);
		doorbell(2);
		run();
		CHECK_EQ(R(32, CH0(QD_CHANSTS)), slot(1) | QD_IDLE);
		CHECK_EQ(STATUS, (slot(1) | QD_IDLE) + (parts[i].torn ? 0 : MIRROR));
		CHECK_EQ(STATUS, (slot(1) | QD_IDLE) + MIRROR);

		/* Low first makes it no better. */
		doorbell(3);
		run();
		CHECK_EQ(R(32, CH0(QD_CHANSTS)), slot(2) | QD_IDLE);
		CHECK_EQ(R(32, CH0(QD_CHANSTS) + 4), parts[i].torn);
		CHECK_EQ(R(32, CH0(QD_CHANSTS) + 4), 0);

		/* A new start is seen as a whole. */
		chain(slot(1) + MIRROR);
		doorbell(1);
		run();
		chain(slot(0));
		CHECK_EQ(STATUS, QD_ARMED);
	}
}

static void test_version_reset_msix(void)
{
	struct qd_fault late = {
		.kind = QD_FAULT_RESET, .channel = QD_ALL_CHANNELS, .count = 1, .time_ns = 100,
	};
	const struct qd_version *version;

	power_on_as(0x2021);
	enable_msix(1);
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(32, QD_MSIX_TABLE + QD_MSIX_VECTOR_CONTROL), 0);

	power_on_as(0x6f50);
	version = model.version;
	W(64, version->msix_table, 0xfee01000);
	W(64, version->msix_table + 8, 0x4021);
	CW(16, version->msix + 2, QD_MSIX_ENABLE | QD_MSIX_MASK_ALL);
	copy_with_interrupt(0);
	W(64, CH0(QD_CHANCMP), WORD);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(R(64, version->msix_pba), 1);
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(64, version->msix_table), 0);
	CHECK_EQ(R(64, version->msix_table + 8), (u64)QD_MSIX_VECTOR_MASKED << 32);
	CHECK_EQ(R(64, version->msix_pba), 0);
	/* The capability is not touched. */
	CHECK_EQ(CR(16, version->msix + 2), QD_MSIX_ENABLE | QD_MSIX_MASK_ALL);

	W(64, version->msix_table + 8, 0x4021);
	CHECK_EQ(qd_arm_fault(&model, &late), 1);
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(64, version->msix_table + 8), 0x4021);
	now += 100;
	qd_expire(&model);
	CHECK_EQ(R(64, version->msix_table + 8), (u64)QD_MSIX_VECTOR_MASKED << 32);
}

static void test_version_prefetch(void)
{
	power_on_as(0x0b00);
	W(8, QD_CHWPREFLMT, 8);
	W(16, CH0(QD_DRSCTL), 0xffff);
	W(32, CH0(QD_LTR_ACTIVE), 0x8800);
	W(32, CH0(QD_LTR_IDLE), 0x8a58);
	W(8, CH0(QD_LTR_SWSEL), 1);
	CHECK_EQ(R(8, 0x4c), 8);
	CHECK_EQ(R(16, 0x136), 0x30f);
	CHECK_EQ(R(8, 0x13c), 1);
	CHECK_EQ(R(64, 0x140), 0x8a5800008800ULL);
	/* There is still but one channel. */
	CHECK_EQ(R(64, CH(1, QD_CHANSTS)), 0);
	CHECK_EQ(R(64, CH(2, QD_CHANSTS)), 0);

	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(32, 0x144), 0x8a58);
	qd_reset(&model);
	CHECK_EQ(R(8, 0x4c), 0);
	CHECK_EQ(R(16, 0x136), 0);
	CHECK_EQ(R(8, 0x13c), 0);
	CHECK_EQ(R(64, 0x140), 0);

	/* Older parts have none of it. */
	power_on_as(0x6f50);
	W(8, QD_CHWPREFLMT, 8);
	W(16, CH0(QD_DRSCTL), 0x109);
	W(64, CH0(QD_LTR_ACTIVE), ~0ULL);
	CHECK_EQ(R(8, 0x4c), 0);
	CHECK_EQ(R(16, 0x136), 0);
	CHECK_EQ(R(64, 0x140), 0);
}

static void test_version_parity(void)
{
	power_on_as(0x3431);
	CHECK_EQ(CR(32, QD_CFG_DMAUNCERRSTS), 0);
	power_on_as(0x3429);
	CHECK_EQ(CR(32, QD_CFG_DMAUNCERRSTS), 0);

	power_on_as(0x3430);
	CHECK_EQ(CR(32, QD_CFG_DMAUNCERRSTS), 0x10);
	CW(32, QD_CFG_DMAUNCERRSTS, 0x10);
	CHECK_EQ(CR(32, QD_CFG_DMAUNCERRSTS), 0);
	qd_reset(&model);
	CHECK_EQ(CR(32, QD_CFG_DMAUNCERRSTS), 0x10);
}

/*
 * Several channels
 */

static void test_channels(void)
{
	struct qd_options options = standard;
	unsigned int n;

	options.channels = 8;
	options.chancnt = 8;
	options.msix_vectors = 8;
	power_on(&options);
	enable_msix(8);
	CHECK_EQ(R(8, QD_CHANCNT), 8);
	for (n = 0; n < 8; n++) {
		put(16 * n, 1000 + n, COPY | QD_DESC_INT, SRC + n, DST + 0x1000 * n);
		put(16 * n + 1, 1000 + n, COPY | QD_DESC_INT, SRC + n, DST + 0x1000 * n + 0x800);
		W(16, CH(n, QD_CHANCTRL), RUN);
		W(64, CH(n, QD_CHANCMP), WORD + 64 * n);
		W(64, CH(n, QD_CHAINADDR), slot(16 * n));
	}
	/* One fails, one is suspended, one is reset; the others do not notice. */
	put(16 * 3, 0, COPY, SRC, DST);
	for (n = 0; n < 8; n++)
		W(16, CH(n, QD_DMACOUNT), 2);
	W(8, CH(4, QD_CHANCMD), QD_CHANCMD_SUSPEND);
	W(8, CH(5, QD_CHANCMD), QD_CHANCMD_RESET);
	run();

	for (n = 0; n < 8; n++) {
		u64 status = R(64, CH(n, QD_CHANSTS));

		switch (n) {
		case 3:
			CHECK_EQ(status, QD_HALTED);
			CHECK_EQ(R(32, CH(n, QD_CHANERR)), BIT(QD_ERR_CONTROL));
			CHECK_EQ(msix[n], 1);
			break;
		case 4:
			CHECK_EQ(status, QD_SUSPENDED);
			CHECK_EQ(msix[n], 0);
			break;
		case 5:
			CHECK_EQ(status, QD_HALTED);
			CHECK_EQ(R(32, CH(n, QD_CHANERR)), 0);
			CHECK_EQ(msix[n], 0);
			break;
		default:
			CHECK_EQ(status, slot(16 * n + 1) | QD_IDLE);
			CHECK_EQ(get64(WORD + 64 * n), slot(16 * n + 1) | QD_IDLE);
			CHECK(!memcmp(at(SRC + n), at(DST + 0x1000 * n + 0x800), 1000 + n));
			CHECK_EQ(msix[n], 1);
		}
	}
	CHECK_EQ(R(32, QD_ATTNSTATUS), 0xcf);
}

static void test_shared_vectors(void)
{
	struct qd_options options = standard;
	unsigned int n;

	options.channels = 4;
	options.chancnt = 4;
	options.msix_vectors = 2;
	power_on(&options);
	enable_msix(2);
	for (n = 0; n < 4; n++) {
		copy_with_interrupt(16 * n);
		W(16, CH(n, QD_CHANCTRL), RUN);
		W(64, CH(n, QD_CHANCMP), WORD);
		W(64, CH(n, QD_CHAINADDR), slot(16 * n));
		W(16, CH(n, QD_DMACOUNT), 1);
	}
	run();
	CHECK_EQ(msix[0], 2);
	CHECK_EQ(msix[1], 2);

	/* A held back message stays as long as one of its channels stands behind it. */
	for (n = 0; n < 4; n++) {
		W(16, CH(n, QD_CHANCTRL), RUN);
		copy_with_interrupt(16 * n + 1);
	}
	CW(16, QD_CFG_MSIX_CONTROL, QD_MSIX_ENABLE | QD_MSIX_MASK_ALL);
	W(16, CH(0, QD_DMACOUNT), 2);
	W(16, CH(2, QD_DMACOUNT), 2);
	run();
	CHECK_EQ(R(64, QD_MSIX_PBA), 1);
	W(16, CH(0, QD_CHANCTRL), RUN);
	CHECK_EQ(R(64, QD_MSIX_PBA), 1);
	W(16, CH(2, QD_CHANCTRL), RUN);
	CHECK_EQ(R(64, QD_MSIX_PBA), 0);
}

/*
 * Register accesses while memory is slow
 */

static void reset_now(void)
{
	command(QD_CHANCMD_RESET);
}

static void suspend_now(void)
{
	command(QD_CHANCMD_SUSPEND);
}

static void flr_now(void)
{
	CW(16, QD_CFG_DEVCTL, QD_DEVCTL_FLR);
}

static void restart_now(void)
{
	command(QD_CHANCMD_RESET);
	chain(slot(2));
	doorbell(1);
}

static void test_access_during_dma(void)
{
	set_up();
	during_read = reset_now;
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(*at(DST + 1), 0);
	CHECK_EQ(get64(WORD), ~0ULL);

	set_up();
	during_read = flr_now;
	chain(slot(0));
	doorbell(2);
	run();
	check_power_on_state();
	CHECK_EQ(*at(DST + 1), 0);

	set_up();
	during_fetch = reset_now;
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(*at(DST + 1), 0);

	set_up();
	during_completion = reset_now;
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(model.channel[0].stats.descriptors, 0);

	set_up();
	during_read = suspend_now;
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_SUSPENDED);
	CHECK_EQ(*at(DST + 1), *at(SRC + 1));

	set_up();
	during_read = restart_now;
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);
	CHECK_EQ(*at(DST + 1), 0);
	CHECK_EQ(*at(DST + 129), *at(SRC + 129));
}

/*
 * Other people's drivers (§8.2 to §8.5), access by access
 */

static void reset_like_linux(void)
{
	u32 polls = 0;

	if (R(64, CH0(QD_CHANSTS)) % 8 <= QD_IDLE) {
		W(8, CH0(QD_CHANCMD), 0x04);
		while (R(64, CH0(QD_CHANSTS)) % 8 <= QD_IDLE && ++polls < 1000)
			qd_channel_step(&model, 0);
	}
	CHECK(polls < 1000);
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	CW(32, 0x180, CR(32, 0x180));
	W(8, CH0(QD_CHANCMD), 0x20);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)) & 0x20, 0);
}

static void test_linux(void)
{
	power_on(&standard);
	enable_msix(1);
	CHECK(R(8, QD_CBVER) >= 0x30);
	CHECK_EQ(R(8, QD_CHANCNT) & 0x1f, 1);
	CHECK_EQ(R(8, QD_XFERCAP) & 0x1f, 20);
	reset_like_linux();
	W(8, QD_INTRCTRL, 0x09);

	/* Allocate: the first descriptor is a null one. */
	W(16, CH0(QD_CHANCTRL), 0x1d);
	W(32, CH0(QD_CHANCMP), (u32)WORD);
	W(32, CH0(QD_CHANCMP) + 4, WORD >> 32);
	put(0, 1, 0x29, 0, 0);
	W(32, CH0(QD_CHAINADDR), (u32)slot(0));
	W(32, CH0(QD_CHAINADDR) + 4, slot(0) >> 32);
	W(16, CH0(QD_DMACOUNT), 1);
	CHECK(R(64, CH0(QD_CHANSTS)) % 8 <= QD_IDLE);
	run();
	CHECK_EQ(get64(WORD), slot(0) | QD_IDLE);
	CHECK_EQ(msix[0], 1);
	W(16, CH0(QD_CHANCTRL), 0x1d);

	/* The self test, then a copy in two descriptors */
	put(1, 2000, 0x09, SRC, DST);
	W(16, CH0(QD_DMACOUNT), 2);
	run();
	CHECK(!memcmp(at(SRC), at(DST), 2000));
	CHECK_EQ(msix[0], 2);
	put(2, 4096, 0x00, SRC, DST + 4096);
	put(3, 4096, 0x19, SRC + 4096, DST + 8192);
	W(16, CH0(QD_DMACOUNT), 4);
	run();
	CHECK_EQ(get64(WORD), slot(3) | QD_IDLE);
	CHECK_EQ(msix[0], 2);
	W(16, CH0(QD_CHANCTRL), 0x1d);
	CHECK_EQ(msix[0], 3);

	/* A read error, and its way out of it */
	put(4, 4096, 0x09, NOWHERE, DST);
	W(16, CH0(QD_DMACOUNT), 5);
	run();
	CHECK_EQ(get64(WORD), slot(3) | QD_HALTED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(8));
	reset_like_linux();
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	W(32, CH0(QD_CHANCMP), (u32)WORD);
	W(32, CH0(QD_CHANCMP) + 4, WORD >> 32);
	put(5, 1, 0x29, 0, 0);
	W(32, CH0(QD_CHAINADDR), (u32)slot(5));
	W(32, CH0(QD_CHAINADDR) + 4, slot(5) >> 32);
	W(16, CH0(QD_DMACOUNT), 1);
	run();
	CHECK_EQ(get64(WORD), slot(5) | QD_IDLE);
	reset_like_linux();
	CHECK_EQ(STATUS, QD_HALTED);
}

static void test_linux_validate_error(void)
{
	/* Leaving HALTED without a RESET: clear the error, then CHAINADDR. */
	set_up();
	put(0, 64, 0xff000008, SRC, DST);
	chain(slot(0));
	doorbell(2);
	run();
	CHECK_EQ(STATE, QD_HALTED);
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	CW(32, 0x180, CR(32, 0x180));
	W(32, CH0(QD_CHANCMP), (u32)WORD);
	W(32, CH0(QD_CHANCMP) + 4, WORD >> 32);
	W(32, CH0(QD_CHAINADDR), (u32)slot(1));
	W(32, CH0(QD_CHAINADDR) + 4, slot(1) >> 32);
	W(16, CH0(QD_DMACOUNT), 1);
	run();
	CHECK_EQ(get64(WORD), slot(1) | QD_IDLE);
}

static void test_spdk(void)
{
	unsigned int i;

	power_on(&standard);
	CW(32, QD_CFG_COMMAND, CR(32, QD_CFG_COMMAND) | 4);
	CHECK(R(8, QD_CBVER) >= 0x30);
	CHECK_EQ(R(32, QD_DMACAPABILITY) & BIT(6), BIT(6));
	CHECK_EQ(R(8, QD_XFERCAP), 20);
	reset_like_linux();
	W(16, CH0(QD_CHANCTRL), 0x08);
	W(64, CH0(QD_CHANCMP), WORD);
	W(64, CH0(QD_CHAINADDR), slot(0));
	put(0, 8, 0x28, 0, 0);
	W(16, CH0(QD_DMACOUNT), 1);
	run();
	CHECK_EQ(R(64, CH0(QD_CHANSTS)) % 8, QD_IDLE);
	CHECK_EQ(get64(WORD), slot(0) | QD_IDLE);

	/* A batch whose last one alone writes the word */
	for (i = 1; i < 8; i++)
		put(i, 512, i == 7 ? 0x08 : 0, SRC + 512 * i, DST + 512 * i);
	put(4, 512, 0x01000000, 0x5a5a5a5a5a5a5a5a, DST + 512 * 4);
	W(16, CH0(QD_DMACOUNT), 8);
	run();
	CHECK_EQ(get64(WORD), slot(7) | QD_IDLE);
	CHECK_EQ(model.channel[0].stats.completions, 2);
	CHECK_EQ(*at(DST + 512 * 4 + 17), 0x5a);
	CHECK_EQ(msix[0], 0);
	CHECK_EQ(model.channel[0].stats.interrupts, 0);
}

static void test_dpdk(void)
{
	unsigned int i, tries = 0;

	power_on(&standard);
	CHECK_EQ(R(8, QD_CHANCNT), 1);
	if (R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_IN_USE)
		CHECK(0);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	W(8, CH0(QD_CHANCMD), 0x04);
	CHECK_EQ(STATUS, QD_HALTED);
	W(8, CH0(QD_CHANCMD), 0x20);
	while (R(8, CH0(QD_CHANCMD)) & 0x20 && tries++ < 200)
		W(64, CH0(QD_CHAINADDR), 0);

	W(64, CH0(QD_CHAINADDR), slot(0));
	W(64, CH0(QD_CHANCMP), WORD);
	W(16, CH0(QD_CHANCTRL), 0x0c);
	set64(WORD, slot(7));
	CHECK_EQ(R(64, CH0(QD_CHANSTS)), 4);

	/* The third of eight fails: skip it and go on. */
	for (i = 0; i < 8; i++)
		put(i, 100, 0x08, SRC + 100 * i, DST + 100 * i);
	put(2, 0x100001, 0x08, SRC, DST);
	W(16, CH0(QD_DMACOUNT), 8);
	run();
	CHECK_EQ(get64(WORD), slot(1) | QD_HALTED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), BIT(10));
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	W(8, CH0(QD_CHANCMD), 0x20);
	W(64, CH0(QD_CHAINADDR), slot(3));
	W(16, CH0(QD_CHANCTRL), 0x0c);
	W(64, CH0(QD_CHANCMP), WORD);
	CHECK_EQ(R(64, CH0(QD_CHANSTS)), 4);
	set64(WORD, slot(2));
	W(16, CH0(QD_DMACOUNT), 5);
	run();
	CHECK_EQ(get64(WORD), slot(7) | QD_IDLE);
	CHECK(!memcmp(at(SRC + 300), at(DST + 300), 500));

	/* Stop, and start again */
	CHECK_EQ(STATE, QD_IDLE);
	W(8, CH0(QD_CHANCMD), 0x04);
	CHECK_EQ(STATE, QD_SUSPENDED);
	W(64, CH0(QD_CHAINADDR), slot(0));
	W(64, CH0(QD_CHANCMP), WORD);
	W(16, CH0(QD_CHANCTRL), 0x0c);
	CHECK_EQ(R(64, CH0(QD_CHANSTS)), 4);
}

static void reset_like_freebsd(void)
{
	u32 low;

	low = R(32, CH0(QD_CHANSTS));
	R(32, CH0(QD_CHANSTS) + 4);
	if (low % 8 <= QD_IDLE) {
		W(8, CH0(QD_CHANCMD), 0x04);
		CHECK((R(32, CH0(QD_CHANSTS)) & 7) > QD_IDLE);
	}
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	CW(32, 0x184, 0x3e07);
	CW(32, 0x180, CR(32, 0x180));
	W(8, CH0(QD_CHANCMD), 0x20);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)) & 0x20, 0);
	CHECK_EQ(R(32, CH0(QD_CHANSTS)) & 7, QD_HALTED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	set64(WORD, slot(7));
	W(16, CH0(QD_CHANCTRL), 0x1d);
	W(32, CH0(QD_CHANCMP), (u32)WORD);
	W(32, CH0(QD_CHANCMP) + 4, WORD >> 32);
	W(32, CH0(QD_CHAINADDR), (u32)slot(0));
	W(32, CH0(QD_CHAINADDR) + 4, slot(0) >> 32);
	put(0, 8, 0x28, 0, 0);
	W(16, CH0(QD_DMACOUNT), 1);
	qd_channel_step(&model, 0);
	CHECK_EQ(R(32, CH0(QD_CHANSTS)) & 7, QD_IDLE);
	CHECK_EQ(get64(WORD), slot(0) | QD_IDLE);
}

static void test_freebsd(void)
{
	power_on(&standard);
	enable_msix(1);
	CHECK_EQ(R(16, QD_INTRDELAY) & 0x8000, 0x8000);
	W(8, QD_INTRCTRL, 1);
	reset_like_freebsd();
	W(16, QD_INTRDELAY, 40);
	CHECK_EQ(R(16, QD_INTRDELAY) & 0x3fff, 40);

	/* Page break: two pages each way; then a fill */
	put(1, 8192, 0xc9, SRC, DST);
	desc(1)->next_src = cpu_to_le64(SRC + 0x3000);
	desc(1)->next_dest = cpu_to_le64(DST + 0x5000);
	put(2, 4100, 0x01000009, 0xfeedfacedeadbeef, DST + 0x8000);
	W(16, CH0(QD_DMACOUNT), 3);
	run();
	CHECK(!memcmp(at(SRC), at(DST), 4096));
	CHECK(!memcmp(at(SRC + 0x3000), at(DST + 0x5000), 4096));
	CHECK_EQ(get64(DST + 0x8000), 0xfeedfacedeadbeef);
	CHECK_EQ(*at(DST + 0x8000 + 4096), 0xef);
	CHECK_EQ(get64(WORD), slot(2) | QD_IDLE);
	CHECK_EQ(msix[0], 1);
	W(16, CH0(QD_CHANCTRL), 0x1d);
	CHECK_EQ(msix[0], 2);

	put(3, 64, 0x09, SRC, NOWHERE);
	W(16, CH0(QD_DMACOUNT), 4);
	run();
	CHECK_EQ(get64(WORD), slot(2) | QD_HALTED);
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	reset_like_freebsd();
}

static void test_freebsd_intx(void)
{
	/* Its handler touches neither INTRCTRL nor ATTNSTATUS. */
	set_up();
	CW(16, QD_CFG_MSIX_CONTROL, 0);
	W(8, QD_INTRCTRL, 1);
	copy_with_interrupt(0);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK(intx);
	W(16, CH0(QD_CHANCTRL), 0x1d);
	CHECK(!intx);
}

static void test_vfio(void)
{
	unsigned int polls = 0;
	u64 status;

	power_on(&standard);
	CW(16, QD_CFG_COMMAND, 0x406);
	CW(32, 0x180, CR(32, 0x180));
	CW(32, 0x180, CR(32, 0x148));
	W(32, CH0(QD_CHANERR), R(32, CH0(QD_CHANERR)));
	W(8, CH0(QD_CHANCMD), 0x20);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)) & 0x20, 0);
	CHECK_EQ(R(64, CH0(QD_CHANSTS)) & 7, QD_HALTED);
	W(8, QD_INTRCTRL, 0x08);
	enable_msix(1);

	/* One descriptor, again and again; CHANCMP is never programmed. */
	put(0, 0x8000, 0, SRC, DST);
	desc(0)->next = cpu_to_le64(slot(0));
	W(64, CH0(QD_CHAINADDR), slot(0));
	W(16, CH0(QD_CHANCTRL), 0x09);
	W(16, CH0(QD_DMACOUNT), 1000);
	while (status = R(64, CH0(QD_CHANSTS)) & 7,
	       status != QD_IDLE && status != QD_HALTED && ++polls < 1000000)
		qd_channel_step(&model, 0);
	CHECK_EQ(status, QD_IDLE);
	CHECK_EQ(model.channel[0].stats.bytes, 0x8000 * 1000);
	W(8, CH0(QD_CHANCMD), 0x04);
	CHECK_EQ(R(64, CH0(QD_CHANSTS)) & 7, QD_SUSPENDED);

	/* The same again with an interrupt, from SUSPENDED */
	put(0, 64, 0x01, SRC, DST);
	W(64, CH0(QD_CHAINADDR), slot(0));
	W(16, CH0(QD_CHANCTRL), 0x09);
	W(16, CH0(QD_DMACOUNT), 1);
	run();
	CHECK_EQ(msix[0], 1);
	CHECK_EQ(get64(WORD), 0);
}

static void test_any_order(void)
{
	static const u8 orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					 { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		set_up();
		command(QD_CHANCMD_RESET);
		for (j = 0; j < 3; j++) {
			switch (orders[i][j]) {
			case 0:
				W(16, CH0(QD_CHANCTRL), RUN);
				break;
			case 1:
				W(64, CH0(QD_CHANCMP), WORD);
				break;
			case 2:
				chain(slot(0));
			}
		}
		doorbell(1);
		run();
		CHECK_EQ(get64(WORD), slot(0) | QD_IDLE);
	}
}

/* The rows of §8.5 that no other test is about */
static void test_strictest(void)
{
	struct qd_options options = standard;

	/* Writes to where other parts have their MSI-X table and PBA */
	set_up();
	W(64, 0x1000, ~0ULL);
	W(64, 0x1008, ~0ULL);
	W(64, 0x1800, ~0ULL);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);

	/* An old part looks like one. */
	options.cbver = 0x12;
	power_on(&options);
	CHECK(R(8, QD_CBVER) < 0x30);
}

/*
 * Faults
 */

static struct qd_fault fault(enum qd_fault_kind kind)
{
	return (struct qd_fault){
		.kind = kind,
		.channel = QD_ALL_CHANNELS,
		.count = 1,
		.time_ns = QD_NEVER,
		.bytes = QD_FAULT_HALF,
	};
}

/* Returns what is remembered of it. */
static const struct qd_fault *arm(const struct qd_fault *fault)
{
	int id = qd_arm_fault(&model, fault);
	unsigned int i;

	for (i = 0; i < QD_MAX_FAULTS; i++)
		if (id > 0 && model.faults.fault[i].id == (u32)id)
			return &model.faults.fault[i];
	CHECK(!"armed");
	return &model.faults.fault[0];
}

static bool copied(unsigned int i, u32 size)
{
	return !memcmp(at(DST + 64 * i), at(SRC + 64 * i), size);
}

static bool untouched(u64 addr, u32 size)
{
	while (size--)
		if (*at(addr + size))
			return false;
	return true;
}

static void start_four(void)
{
	chain(slot(0));
	doorbell(4);
	run();
}

/* The third of four descriptors fails with these errors, and the fourth goes on. */
static void fail_with(u32 errors)
{
	struct qd_fault chanerr = fault(QD_FAULT_CHANERR);
	unsigned int bit;

	set_up();
	chanerr.errors = errors;
	chanerr.after = 2;
	arm(&chanerr);
	start_four();
	CHECK_EQ(STATUS, slot(1) | QD_HALTED);
	CHECK_EQ(get64(WORD), slot(1) | QD_HALTED);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), errors);
	CHECK_EQ(CR(32, QD_CFG_CHANERR_INT), errors);
	CHECK_EQ(msix[0], 1);
	CHECK(copied(1, 64) && copied(2, 32));
	CHECK(untouched(DST + 128 + 32, 32 + 64));
	for (bit = 0; bit < QD_ERR_BITS; bit++)
		CHECK_EQ(model.channel[0].stats.errors[bit], errors >> bit & 1);

	W(32, CH0(QD_CHANERR), errors);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	chain(slot(3));
	doorbell(1);
	run();
	CHECK_EQ(get64(WORD), slot(3) | QD_IDLE);
}

static void test_fault_chanerr(void)
{
	unsigned int bit;

	for (bit = 0; bit < QD_ERR_BITS; bit++)
		fail_with(BIT(bit));
}

static void test_fault_chanerr_pairs(void)
{
	unsigned int bit;

	for (bit = 1; bit < QD_ERR_BITS; bit++)
		fail_with(BIT(bit) | BIT(bit / 2));
}

/* A failing descriptor of any kind has done just what it was told to do. */
static void test_fault_chanerr_bytes(void)
{
	static const u32 bytes[] = { 0, 1, 63, 64, 1000 };
	struct qd_fault chanerr = fault(QD_FAULT_CHANERR);
	unsigned int i;

	chanerr.errors = BIT(QD_ERR_WRITE);
	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		u32 right = bytes[i] < 64 ? bytes[i] : 64;

		set_up();
		chanerr.bytes = bytes[i];
		arm(&chanerr);
		start_four();
		CHECK_EQ(STATUS, QD_HALTED);
		CHECK(copied(0, right));
		CHECK(untouched(DST + right, 64 - right));
		CHECK_EQ(model.channel[0].stats.bytes, right);
	}

	/* Larger than a slice, a fill, and nothing at all */
	set_up();
	chanerr.bytes = QD_FAULT_HALF;
	put(0, 0x80000, COPY, SRC, DST);
	arm(&chanerr);
	start_four();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK(copied(0, 0x40000));
	CHECK(untouched(DST + 0x40000, 0x40000));

	set_up();
	put(0, 64, COPY | QD_OP_FILL << QD_DESC_OP_SHIFT, ~0ULL, DST);
	arm(&chanerr);
	start_four();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(get64(DST + 24), ~0ULL);
	CHECK(untouched(DST + 32, 32));
	CHECK_EQ(model.channel[0].stats.fills, 0);

	set_up();
	put(0, 64, NULL_DESC, 0, 0);
	arm(&chanerr);
	start_four();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(model.channel[0].stats.nulls, 0);
}

/* Masked errors do not halt, as with those that are not made. */
static void test_fault_chanerr_masked(void)
{
	struct qd_fault chanerr = fault(QD_FAULT_CHANERR);

	set_up();
	chanerr.errors = BIT(8) | BIT(9);
	arm(&chanerr);
	W(32, CH0(QD_CHANERRMSK), BIT(8) | BIT(9));
	start_four();
	CHECK_EQ(STATUS, slot(3) | QD_IDLE);
	CHECK(!copied(0, 64) && copied(1, 64));

	set_up();
	arm(&chanerr);
	W(32, CH0(QD_CHANERRMSK), BIT(8));
	start_four();
	CHECK_EQ(STATUS, QD_HALTED);
}

/* Which events a fault hits, and what it remembers of them */
static void test_fault_when(void)
{
	struct qd_fault corrupt = fault(QD_FAULT_CORRUPT);
	const struct qd_fault *armed;

	set_up();
	corrupt.after = 1;
	corrupt.count = 2;
	armed = arm(&corrupt);
	CHECK(armed->armed);
	start_four();
	CHECK(copied(0, 64) && !copied(1, 64) && !copied(2, 64) && copied(3, 64));
	CHECK(!armed->armed);
	CHECK_EQ(armed->fired, 2);
	CHECK_EQ(armed->in_flight, 2);
	CHECK_EQ(armed->when_ns, 1000);

	/* Every other one */
	set_up();
	corrupt.gap = 1;
	armed = arm(&corrupt);
	start_four();
	CHECK(copied(0, 64) && !copied(1, 64) && copied(2, 64) && !copied(3, 64));
	CHECK(!armed->armed);

	/* For ever */
	set_up();
	corrupt.after = 1;
	corrupt.gap = 0;
	corrupt.count = 0;
	armed = arm(&corrupt);
	start_four();
	CHECK(copied(0, 64) && !copied(1, 64) && !copied(2, 64) && !copied(3, 64));
	CHECK(armed->armed);
	qd_clear_faults(&model);
	start_four();
	CHECK(copied(3, 64));

	/* Two of a kind: both count, one hits. */
	set_up();
	corrupt.after = 0;
	corrupt.count = 1;
	arm(&corrupt);
	armed = arm(&corrupt);
	corrupt.after = 2;
	arm(&corrupt);
	start_four();
	CHECK(!copied(0, 64) && !copied(1, 64) && !copied(2, 64) && copied(3, 64));
	CHECK_EQ(armed->in_flight, 3);
}

static void test_fault_channel(void)
{
	struct qd_options options = standard;
	struct qd_fault corrupt = fault(QD_FAULT_CORRUPT);
	unsigned int n;

	options.channels = 3;
	power_on(&options);
	corrupt.channel = 1;
	corrupt.count = 0;
	arm(&corrupt);
	for (n = 0; n < 3; n++) {
		put(n, 64, COPY, SRC, DST + 64 * n);
		W(64, CH(n, QD_CHANCMP), WORD);
		W(64, CH(n, QD_CHAINADDR), slot(n));
		W(16, CH(n, QD_DMACOUNT), 1);
	}
	CHECK_EQ(qd_in_flight(&model, 1), 1);
	CHECK_EQ(qd_in_flight(&model, QD_ALL_CHANNELS), 3);
	run();
	CHECK_EQ(*at(DST), *at(SRC));
	CHECK(*at(DST + 64) != *at(SRC));
	CHECK_EQ(*at(DST + 128), *at(SRC));
	CHECK_EQ(qd_in_flight(&model, QD_ALL_CHANNELS), 0);
}

/* One long list of descriptors, one in four of them hit: which ones? */
static u64 hits_of_seed(u64 seed)
{
	struct qd_fault corrupt = fault(QD_FAULT_CORRUPT);
	u64 hits = 0;
	unsigned int i;

	set_up();
	qd_faults_seed(&model.faults, seed);
	for (i = 0; i < 64; i++)
		put(i, 64, COPY, SRC, DST + 64 * i);
	corrupt.odds = 4;
	corrupt.count = 0;
	arm(&corrupt);
	chain(slot(0));
	doorbell(64);
	run();
	for (i = 0; i < 64; i++)
		if (*at(DST + 64 * i) != *at(SRC))
			hits |= BIT_ULL(i);
	return hits;
}

static void test_fault_seed(void)
{
	unsigned int i, bit, count = 0;

	for (i = 0; i < 16; i++) {
		u64 hits = hits_of_seed(i);

		CHECK_EQ(hits_of_seed(i), hits);
		CHECK(hits_of_seed(i + 1) != hits);
		for (bit = 0; bit < 64; bit++)
			count += hits >> bit & 1;
	}
	/* 256 of 1024 are expected: five standard deviations are 70. */
	CHECK(count > 186 && count < 326);

	for (i = 0; i < 100; i++)
		CHECK(qd_faults_random(&model.faults, 3) < 3);
}

/* A stalled descriptor holds up all but RESET. */
static void test_fault_stall(void)
{
	struct qd_fault stall = fault(QD_FAULT_STALL);

	set_up();
	stall.after = 1;
	arm(&stall);
	start_four();
	CHECK_EQ(STATUS, slot(0) | QD_ACTIVE);
	CHECK_EQ(R(64, CH0(QD_CDAR)), slot(1));
	CHECK(untouched(DST + 64, 64));
	CHECK_EQ(qd_deadline(&model), QD_NEVER);
	doorbell(3);
	command(QD_CHANCMD_SUSPEND);
	run();
	CHECK_EQ(STATE, QD_ACTIVE);
	command(QD_CHANCMD_RESET);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	start_four();
	CHECK_EQ(get64(WORD), slot(3) | QD_IDLE);

	/* For some time */
	set_up();
	stall.time_ns = 500;
	arm(&stall);
	start_four();
	CHECK_EQ(qd_deadline(&model), 1500);
	now = 1499;
	qd_expire(&model);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_ACTIVE);
	now = 1500;
	kicks = 0;
	qd_expire(&model);
	CHECK_EQ(kicks, 1);
	run();
	CHECK_EQ(STATUS, slot(3) | QD_IDLE);
	CHECK(copied(1, 64));

	/* Until the fault is cleared */
	set_up();
	stall.time_ns = QD_NEVER;
	arm(&stall);
	start_four();
	kicks = 0;
	qd_clear_faults(&model);
	CHECK_EQ(kicks, 1);
	run();
	CHECK_EQ(STATUS, slot(3) | QD_IDLE);
}

/* All reads are ones, nothing is done or signalled; it comes back with nothing to do. */
static void test_fault_gone(void)
{
	struct qd_fault gone = fault(QD_FAULT_GONE);
	unsigned int interrupts;

	set_up();
	put(2, 64, COPY | QD_DESC_INT, SRC, DST + 128);
	gone.after = 2;
	arm(&gone);
	start_four();
	CHECK_EQ(R(64, CH0(QD_CHANSTS)), ~0ULL);
	CHECK_EQ(R(32, QD_MSIX_TABLE), ~0ULL);
	CHECK_EQ(CR(32, 0), ~0ULL);
	CHECK(copied(1, 64) && untouched(DST + 128, 128));
	CHECK_EQ(get64(WORD), slot(1));
	command(QD_CHANCMD_RESET);
	CW(16, QD_CFG_DEVCTL, QD_DEVCTL_FLR);
	CHECK(!qd_channel_step(&model, 0));
	interrupts = msix[0];
	kicks = 0;
	qd_clear_faults(&model);
	CHECK_EQ(kicks, 0);
	CHECK_EQ(CR(16, 0), QD_VENDOR_ID);
	run();
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK(untouched(DST + 128, 128));
	CHECK_EQ(msix[0], interrupts);

	/* At once; the pin falls, and rises again. */
	set_up();
	CW(16, QD_CFG_MSIX_CONTROL, 0);
	W(8, QD_INTRCTRL, QD_INTRCTRL_MASTER);
	put(0, 64, NULL_DESC, 0, 0);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK(intx);
	gone.after = 0;
	CHECK_EQ(arm(&gone)->fired, 1);
	CHECK(!intx);
	qd_clear_faults(&model);
	CHECK(intx);
}

/* The word of the second of three descriptors is wrong, that of the third right. */
static void word_is(enum qd_word kind, u64 wrong)
{
	struct qd_fault word = fault(QD_FAULT_WORD);

	set_up();
	word.word = kind;
	word.after = 1;
	arm(&word);
	chain(slot(0));
	doorbell(3);
	CHECK(qd_channel_step(&model, 0));
	CHECK_EQ(get64(WORD), slot(0));
	CHECK(qd_channel_step(&model, 0));
	CHECK_EQ(get64(WORD), wrong);
	CHECK_EQ(STATUS, slot(1) | QD_ACTIVE);
	run();
	CHECK_EQ(get64(WORD), slot(2) | QD_IDLE);
}

static void test_fault_word(void)
{
	struct qd_fault word = fault(QD_FAULT_WORD);

	word_is(QD_WORD_LOST, slot(0));
	word_is(QD_WORD_ZERO, 0);
	word_is(QD_WORD_ONES, ~0ULL);
	word_is(QD_WORD_OUTSIDE, slot(1) + BIT_ULL(38));
	word_is(QD_WORD_MISALIGNED, slot(1) + 32);
	word_is(QD_WORD_UNISSUED, slot(3));

	/* The last one of all, and that of an error */
	set_up();
	word.word = QD_WORD_UNISSUED;
	word.after = 3;
	arm(&word);
	start_four();
	CHECK_EQ(get64(WORD), slot(4) | QD_IDLE);

	set_up();
	put(1, 0, COPY, SRC, DST);
	word.after = 1;
	arm(&word);
	start_four();
	CHECK_EQ(get64(WORD), slot(4) | QD_HALTED);

	/* Four words back, in an earlier list if need be */
	set_up();
	start_four();
	word.word = QD_WORD_STALE;
	word.after = 0;
	arm(&word);
	chain(slot(2));
	doorbell(2);
	CHECK(qd_channel_step(&model, 0));
	CHECK_EQ(get64(WORD), slot(0));
}

/* What was finished before a RESET is forgotten: its memory may be anybody's. */
static void test_fault_word_forgotten(void)
{
	struct qd_fault word = fault(QD_FAULT_WORD);

	set_up();
	start_four();
	command(QD_CHANCMD_RESET);
	word.word = QD_WORD_STALE;
	arm(&word);
	chain(slot(0));
	doorbell(1);
	run();
	CHECK_EQ(get64(WORD), 0);
}

static void reset_at_fetch(void)
{
	during_fetch = reset_now;
}

/* Software resets the channel while the wrong word is being looked for. */
static void test_fault_word_reset(void)
{
	struct qd_fault word = fault(QD_FAULT_WORD);

	set_up();
	word.word = QD_WORD_UNISSUED;
	arm(&word);
	chain(slot(0));
	doorbell(4);
	during_read = reset_at_fetch;
	CHECK(!qd_channel_step(&model, 0));
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(get64(WORD), ~0ULL);
}

static void interrupting_list(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		desc(i)->control |= cpu_to_le32(QD_DESC_INT);
}

/* To software it looks as if there had been one: nothing comes until it re-arms. */
static void test_fault_interrupt_lost(void)
{
	struct qd_fault lost = fault(QD_FAULT_INTERRUPT_LOST);

	set_up();
	interrupting_list();
	arm(&lost);
	start_four();
	CHECK_EQ(msix[0], 0);
	CHECK_EQ(R(16, CH0(QD_CHANCTRL)) & QD_CHANCTRL_INT_DISABLE, QD_CHANCTRL_INT_DISABLE);
	CHECK_EQ(model.channel[0].stats.interrupts, 0);
	W(16, CH0(QD_CHANCTRL), RUN);
	CHECK_EQ(msix[0], 1);

	set_up();
	CW(16, QD_CFG_MSIX_CONTROL, 0);
	W(8, QD_INTRCTRL, QD_INTRCTRL_MASTER);
	interrupting_list();
	arm(&lost);
	start_four();
	CHECK(!intx);
}

static void test_fault_interrupt_spurious(void)
{
	struct qd_fault spurious = fault(QD_FAULT_INTERRUPT_SPURIOUS);
	struct qd_options options = standard;
	const struct qd_fault *armed;
	unsigned int i;

	/* A storm from the second descriptor on */
	set_up();
	spurious.after = 1;
	spurious.count = 5;
	spurious.time_ns = 100;
	armed = arm(&spurious);
	CHECK_EQ(qd_deadline(&model), QD_NEVER);
	chain(slot(0));
	doorbell(2);
	run();
	for (i = 0; i < 8; i++) {
		qd_expire(&model);
		now += 100;
	}
	CHECK_EQ(msix[0], 5);
	CHECK_EQ(armed->fired, 5);
	CHECK_EQ(qd_deadline(&model), QD_NEVER);
	CHECK_EQ(R(32, QD_ATTNSTATUS), 0);
	CHECK_EQ(model.channel[0].stats.interrupts, 0);

	/* At once, on a pin and as an MSI; not if these are switched off */
	set_up();
	spurious.after = 0;
	spurious.count = 1;
	CW(16, QD_CFG_MSIX_CONTROL, 0);
	arm(&spurious);
	qd_expire(&model);
	CHECK_EQ(edges, 1);
	CHECK(!intx);
	CW(16, QD_CFG_COMMAND, QD_COMMAND_MASTER | QD_COMMAND_INTX_DISABLE);
	arm(&spurious);
	qd_expire(&model);
	CHECK_EQ(edges, 1);

	options.msi = true;
	power_on(&options);
	CW(16, QD_CFG_MSI_CONTROL, QD_MSI_ENABLE);
	arm(&spurious);
	qd_expire(&model);
	CHECK_EQ(msi, 1);
	CW(16, QD_CFG_COMMAND, 0);
	arm(&spurious);
	qd_expire(&model);
	CHECK_EQ(msi, 1);
}

/* The next doorbell makes up for it. */
static void test_fault_doorbell(void)
{
	struct qd_fault lost = fault(QD_FAULT_DOORBELL);

	set_up();
	lost.after = 1;
	arm(&lost);
	chain(slot(0));
	doorbell(1);
	run();
	doorbell(2);
	run();
	CHECK_EQ(STATUS, slot(0) | QD_IDLE);
	CHECK_EQ(R(16, CH0(QD_DMACOUNT)), 1);
	doorbell(3);
	run();
	CHECK_EQ(STATUS, slot(2) | QD_IDLE);
	CHECK_EQ(model.channel[0].stats.doorbells, 3);
}

static void test_fault_suspend(void)
{
	struct qd_fault suspend = fault(QD_FAULT_SUSPEND);

	/* Never: the channel works on. */
	set_up();
	arm(&suspend);
	chain(slot(0));
	doorbell(1);
	run();
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATE, QD_IDLE);
	doorbell(4);
	run();
	CHECK_EQ(STATUS, slot(3) | QD_IDLE);
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATE, QD_SUSPENDED);

	/* Late */
	set_up();
	suspend.time_ns = 500;
	arm(&suspend);
	start_four();
	command(QD_CHANCMD_SUSPEND);
	CHECK_EQ(STATE, QD_IDLE);
	CHECK_EQ(qd_deadline(&model), 1500);
	now = 1500;
	qd_expire(&model);
	CHECK_EQ(STATE, QD_SUSPENDED);
	CHECK_EQ(qd_deadline(&model), QD_NEVER);

	/* Not after a reset */
	set_up();
	arm(&suspend);
	start_four();
	command(QD_CHANCMD_SUSPEND);
	command(QD_CHANCMD_RESET);
	start_four();
	now = 2000;
	qd_expire(&model);
	CHECK_EQ(STATE, QD_IDLE);
}

static void test_fault_reset(void)
{
	struct qd_fault reset = fault(QD_FAULT_RESET);

	/* Never: the channel works on, and CHANCMD says so. */
	set_up();
	reset.count = 2;
	arm(&reset);
	chain(slot(0));
	doorbell(1);
	run();
	command(QD_CHANCMD_RESET);
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)), QD_CHANCMD_RESET);
	doorbell(4);
	run();
	CHECK_EQ(STATUS, slot(3) | QD_IDLE);
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)), 0);
	CHECK_EQ(STATUS, QD_HALTED);

	/* Late */
	set_up();
	reset.count = 1;
	reset.time_ns = 500;
	arm(&reset);
	start_four();
	command(QD_CHANCMD_RESET);
	CHECK_EQ(qd_deadline(&model), 1500);
	now = 1500;
	qd_expire(&model);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)), 0);
	CHECK_EQ(STATUS, QD_HALTED);
	CHECK_EQ(qd_deadline(&model), QD_NEVER);

	/* A reset of the function helps, and the fault waits for the next one. */
	set_up();
	reset.count = 0;
	reset.time_ns = QD_NEVER;
	arm(&reset);
	start_four();
	command(QD_CHANCMD_RESET);
	CW(16, QD_CFG_DEVCTL, QD_DEVCTL_FLR);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)), 0);
	CHECK_EQ(STATUS, QD_HALTED);
	command(QD_CHANCMD_RESET);
	CHECK_EQ(R(8, CH0(QD_CHANCMD)), QD_CHANCMD_RESET);
}

static u16 register_named(const char *name)
{
	unsigned int i;

	for (i = 0; qd_global_register_name(i); i++)
		if (!strcmp(qd_global_register_name(i), name))
			return i | QD_GLOBAL;
	for (i = 0; qd_channel_register_name(i); i++)
		if (!strcmp(qd_channel_register_name(i), name))
			return i;
	CHECK(!"a register");
	return 0;
}

static void test_fault_register(void)
{
	struct qd_fault reg = fault(QD_FAULT_REGISTER);

	set_up();
	reg.reg = register_named("CHANCNT");
	reg.value = 31;
	reg.count = 0;
	arm(&reg);
	CHECK_EQ(R(8, QD_CHANCNT), 31);
	CHECK_EQ(R(16, QD_CHANCNT), 31 | 20 << 8);
	CHECK_EQ(R(8, QD_XFERCAP), 20);

	/* Of the right width, of one channel, and as often as wanted */
	reg.reg = register_named("CHANERR");
	reg.value = ~0ULL;
	reg.channel = 0;
	reg.count = 2;
	reg.after = 1;
	arm(&reg);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
	CHECK_EQ(R(64, CH0(QD_CHANERR)), 0xffffffff);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0xffffffff);
	CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
}

/* A digest of what some reads give */
static u64 hostile_reads(u64 seed)
{
	u64 digest = 0;
	unsigned int i;

	qd_faults_seed(&model.faults, seed);
	for (i = 0; i < 100; i++)
		digest = digest * 31 + R(32, CH0(QD_CHANERR));
	return digest;
}

/* Any register says anything that it can hold, until it is over. */
static void test_hostile_registers(void)
{
	static const struct {
		u32 offset, size;
		u64 truth;
	} registers[] = {
		{ QD_CHANCNT, 1, 1 }, { QD_INTRDELAY, 2, QD_INTRDELAY_SUPPORTED },
		{ QD_ATTNSTATUS, 4, 0 }, { CH0(QD_CHANCMP), 8, WORD },
	};
	struct qd_fault hostile = fault(QD_FAULT_HOSTILE_REGISTER);
	struct qd_options options = standard;
	const struct qd_fault *armed;
	unsigned int i, n, lies = 0;

	set_up();
	hostile.count = 0;
	armed = arm(&hostile);
	for (i = 0; i < ARRAY_SIZE(registers); i++) {
		u64 bits = ~0ULL >> (64 - 8 * registers[i].size);
		u64 zeros = 0, ones = 0, all = 0;

		for (n = 0; n < 1000; n++) {
			u64 value = qd_bar_read(&model, registers[i].offset, registers[i].size);

			CHECK(!(value & ~bits));
			all |= value ^ registers[i].truth;
			zeros += !value;
			ones += value == bits;
			lies += value != registers[i].truth;
		}
		CHECK_EQ(all, bits);
		CHECK(zeros && ones);
	}
	CHECK_EQ(armed->fired, lies);
	CHECK(lies > 3000 && lies < 4000);

	CHECK_EQ(hostile_reads(1), hostile_reads(1));
	CHECK(hostile_reads(1) != hostile_reads(2));
	qd_clear_faults(&model);
	CHECK_EQ(R(8, QD_CHANCNT), 1);
	CHECK_EQ(R(64, CH0(QD_CHANCMP)), WORD);

	/* Of one channel, now and then; a lie is one even if the next one is not. */
	options.channels = 2;
	power_on(&options);
	hostile.channel = 1;
	hostile.odds = 10;
	armed = arm(&hostile);
	for (n = 0, lies = 0; n < 1000; n++) {
		CHECK_EQ(R(8, QD_CHANCNT), 1);
		CHECK_EQ(R(32, CH0(QD_CHANERR)), 0);
		lies += !!R(32, CH(1, QD_CHANERR));
	}
	CHECK_EQ(armed->fired, lies);
	CHECK(lies > 50 && lies < 150);
}

/* CHANSTS names nothing that is not finished, whatever part of it is read. */
static void test_hostile_status(void)
{
	struct qd_fault hostile = fault(QD_FAULT_HOSTILE_REGISTER);
	struct qd_fault stall = fault(QD_FAULT_STALL);
	unsigned int states = 0, far = 0, true_ones = 0, n;

	set_up();
	stall.after = 2;
	arm(&stall);
	start_four();
	hostile.count = 0;
	arm(&hostile);
	for (n = 0; n < 10000; n++) {
		u64 value = STATUS;
		u64 named = value & ~63ULL;
		u32 low = R(32, CH0(QD_CHANSTS)) & ~63U;

		CHECK(named == slot(1) || named + 0x400000 < RING || named > RING + 0x400000);
		CHECK(low == (u32)slot(1) || low + 0x400000 < (u32)RING ||
		      low > (u32)RING + 0x400000);
		states |= BIT(value & 7);
		true_ones += named == slot(1);
		far += named != slot(1);
	}
	CHECK_EQ(states, 0xff);
	CHECK(true_ones > 1000 && far > 1000);
}

/* The last slot leads to the first. */
#define LOOP		64

static void set_up_loop(void)
{
	unsigned int i;

	set_up();
	for (i = 0; i < LOOP; i++)
		put(i, 64, COPY, SRC + 64 * i, DST + 64 * i);
	desc(LOOP - 1)->next = cpu_to_le64(slot(0));
	chain(slot(0));
}

/* Any word may come, but none that names what is not finished. The data are right. */
static void test_hostile_words(void)
{
	unsigned int lies = 0, zero = 0, ones = 0, stale = 0, states = 0, outside = 0, edge = 0;
	struct qd_fault hostile = fault(QD_FAULT_HOSTILE_WORD);
	const struct qd_fault *armed;
	unsigned int n;

	set_up_loop();
	hostile.count = 0;
	hostile.odds = 2;
	armed = arm(&hostile);
	for (n = 0; n < 20000; n++) {
		u64 truth = slot(n % LOOP), word, named;
		unsigned int i;

		memset(at(DST + n % LOOP * 64), 0, 64);
		/* Up to a quarter of them is in flight, and then none. */
		if (n % 16 == 0)
			doorbell(n + 16);
		qd_channel_step(&model, 0);
		CHECK(copied(n % LOOP, 64));

		word = get64(WORD);
		named = word & ~63ULL;
		lies += word != (truth | (n % 16 == 15 ? QD_IDLE : QD_ACTIVE));
		zero += !word;
		ones += word == ~0ULL;
		if (named == truth) {
			states |= BIT(word & 7);
		} else if (named >= slot(0) && named < slot(LOOP)) {
			stale++;
			i = (truth - named) / 64 % LOOP;
			CHECK(i < LOOP / 2);
		} else {
			outside++;
			edge += named == slot(LOOP) || named == slot(0) - 64;
		}
	}
	CHECK_EQ(armed->fired, lies);
	CHECK(lies > 5000 && lies < 15000);
	CHECK(zero && ones && stale && outside && edge);
	CHECK_EQ(states, 0xff);
}

/* The look at the list ends, whatever it is. */
static void test_hostile_words_garbage(void)
{
	struct qd_fault hostile = fault(QD_FAULT_HOSTILE_WORD);
	static const u64 ends[] = { 0, ~0ULL, NOWHERE, RING + 2 * 64, RING + 3 * 64, OTHER };
	unsigned int i, seed;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		for (seed = 0; seed < 100; seed++) {
			set_up();
			qd_faults_seed(&model.faults, seed);
			desc(3)->next = cpu_to_le64(ends[i]);
			hostile.count = 0;
			arm(&hostile);
			start_four();
			CHECK(fetches <= 4 + 4 * 65536);
			CHECK_EQ(model.channel[0].stats.descriptors, 4);
		}
	}
}

/* Software resets the channel meanwhile: no word, and none is counted. */
static void test_hostile_words_reset(void)
{
	struct qd_fault hostile = fault(QD_FAULT_HOSTILE_WORD);
	unsigned int seed, looked = 0;

	for (seed = 0; seed < 100; seed++) {
		const struct qd_fault *armed;

		set_up_loop();
		qd_faults_seed(&model.faults, seed);
		armed = arm(&hostile);
		doorbell(4);
		during_read = reset_at_fetch;
		qd_channel_step(&model, 0);
		if (STATE != QD_HALTED)
			continue;
		looked++;
		CHECK_EQ(get64(WORD), ~0ULL);
		CHECK_EQ(armed->fired, 0);
	}
	CHECK(looked);
}

static void test_fault_nonsense(void)
{
	struct qd_ops timeless = ops;
	struct qd_fault bad;
	unsigned int i;

	set_up();
	bad = fault(QD_FAULT_KINDS);
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad = fault(QD_FAULT_STALL);
	bad.channel = 1;
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad = fault(QD_FAULT_STALL);
	bad.reg = 1;
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad = fault(QD_FAULT_CHANERR);
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad.errors = BIT(QD_ERR_BITS);
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad = fault(QD_FAULT_REGISTER);
	bad.reg = QD_MAX_REGISTERS;
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad.reg = QD_GLOBAL;
	bad.channel = 0;
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);

	/* Spent ones make room, the oldest first. */
	bad = fault(QD_FAULT_CORRUPT);
	for (i = 1; i <= QD_MAX_FAULTS; i++)
		CHECK_EQ(qd_arm_fault(&model, &bad), i);
	CHECK_EQ(qd_arm_fault(&model, &bad), -ENOSPC);
	start_four();
	CHECK_EQ(qd_arm_fault(&model, &bad), QD_MAX_FAULTS + 1);
	CHECK_EQ(model.faults.fault[0].id, QD_MAX_FAULTS + 1);

	/* Without a clock, only what takes none */
	timeless.now = NULL;
	CHECK_EQ(qd_init(&model, &standard, &timeless, NULL), 0);
	bad = fault(QD_FAULT_STALL);
	CHECK_EQ(qd_arm_fault(&model, &bad), 1);
	bad.time_ns = 1;
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
	bad = fault(QD_FAULT_INTERRUPT_SPURIOUS);
	CHECK_EQ(qd_arm_fault(&model, &bad), -EINVAL);
}

static const struct test {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "power-on values", test_power_on },
	{ "states: CHAINADDR arms from every state", test_chainaddr },
	{ "states: CHAINADDR with a descriptor in hand", test_chainaddr_in_hand },
	{ "states: DMACOUNT in every state", test_dmacount },
	{ "states: SUSPEND in every state", test_suspend },
	{ "states: SUSPEND waits for the descriptor in hand", test_suspend_in_hand },
	{ "states: RESET in every state", test_reset },
	{ "states: RESUME in every state", test_resume },
	{ "states: ABORT in every state", test_abort },
	{ "states: START and APPEND do nothing", test_start_append },
	{ "states: HALTED until the error is cleared", test_halted_until_cleared },
	{ "count: wraps at 65536", test_count_wraps },
	{ "count: a descriptor linked to itself", test_self_link },
	{ "count: nothing beyond it is looked at", test_never_beyond_count },
	{ "copy: sizes and alignments", test_copy },
	{ "copy: null descriptors", test_null },
	{ "copy: page break on either side and on both", test_page_break },
	{ "copy: fence", test_fence },
	{ "copy: large ones go in slices", test_slices },
	{ "fill: sizes, with a tail", test_fill },
	{ "fill: page break", test_fill_page_break },
	{ "completion: address and state, only when asked for", test_completion_word },
	{ "error: unreachable and misaligned addresses", test_error_addresses },
	{ "error: memory that is not there", test_error_memory },
	{ "error: half way through a copy", test_error_memory_late },
	{ "error: opcodes and control bits", test_error_control },
	{ "error: sizes", test_error_size },
	{ "error: CHAINADDR", test_error_chainaddr },
	{ "error: CHANCMD", test_error_chancmd },
	{ "error: CHANCMP", test_error_completion },
	{ "error: on the first descriptor", test_error_first },
	{ "error: enable bits of CHANCTRL", test_error_enables },
	{ "error: masked", test_error_masked },
	{ "error: CHANERR and its copy are cleared by writing ones", test_error_clear },
	{ "error: bus master off", test_bus_master_off },
	{ "interrupt: the completion word comes first", test_interrupt_order },
	{ "interrupt: remembered until re-armed", test_interrupt_remembered },
	{ "interrupt: MSI-X ignores INTRCTRL", test_interrupt_without_intrctrl },
	{ "interrupt: MSI-X masks and the PBA", test_msix_masking },
	{ "interrupt: the MSI-X table", test_msix_table },
	{ "interrupt: INTx, INTRCTRL and ATTNSTATUS", test_intx },
	{ "interrupt: MSI", test_msi },
	{ "registers: every width", test_widths },
	{ "registers: accesses that make no sense", test_nonsense_accesses },
	{ "registers: read-only ones", test_read_only },
	{ "registers: those that only store", test_storage },
	{ "registers: IN_USE is set by reading", test_in_use },
	{ "config: header and capabilities", test_config },
	{ "config: function-level reset", test_flr },
	{ "config: D3hot loses state", test_d3hot },
	{ "options: a part that promises too much", test_options },
	{ "version: BAR, MSI-X and capabilities of each", test_version_layout },
	{ "version: configuration space of 3.3", test_version_capabilities },
	{ "version: device IDs and pins", test_version_ids },
	{ "version: device IDs of the functions behind one", test_version_siblings },
	{ "version: how wide addresses are", test_version_addresses },
	{ "version: before 3.3, CHANSTS can be torn", test_version_torn },
	{ "version: on 3.3, RESET clears the MSI-X table", test_version_reset_msix },
	{ "version: on 3.4, prefetch and LTR", test_version_prefetch },
	{ "version: a parity error that is none, of 3430", test_version_parity },
	{ "channels: eight, independent of each other", test_channels },
	{ "channels: fewer vectors than channels", test_shared_vectors },
	{ "transport: register accesses while DMA waits", test_access_during_dma },
	{ "fault: each bit of CHANERR", test_fault_chanerr },
	{ "fault: pairs of them", test_fault_chanerr_pairs },
	{ "fault: how much a failing descriptor does", test_fault_chanerr_bytes },
	{ "fault: errors that are masked", test_fault_chanerr_masked },
	{ "fault: after some events, so many of them", test_fault_when },
	{ "fault: of one channel", test_fault_channel },
	{ "fault: by chance, the same for the same seed", test_fault_seed },
	{ "fault: a stalled descriptor", test_fault_stall },
	{ "fault: the function leaves the bus and comes back", test_fault_gone },
	{ "fault: wrong completion words", test_fault_word },
	{ "fault: no completion word after a reset", test_fault_word_reset },
	{ "fault: words from before a reset are forgotten", test_fault_word_forgotten },
	{ "fault: a lost interrupt", test_fault_interrupt_lost },
	{ "fault: interrupts without a cause", test_fault_interrupt_spurious },
	{ "fault: a lost doorbell", test_fault_doorbell },
	{ "fault: SUSPEND late and never", test_fault_suspend },
	{ "fault: RESET late and never", test_fault_reset },
	{ "fault: a register reads wrong", test_fault_register },
	{ "hostile: any register reads as anything", test_hostile_registers },
	{ "hostile: CHANSTS names nothing unfinished", test_hostile_status },
	{ "hostile: words name nothing unfinished", test_hostile_words },
	{ "hostile: words, and a list of garbage", test_hostile_words_garbage },
	{ "hostile: no word after a reset", test_hostile_words_reset },
	{ "fault: those that make no sense, and too many", test_fault_nonsense },
	{ "driver: Linux ioatdma", test_linux },
	{ "driver: Linux ioatdma, error without a reset", test_linux_validate_error },
	{ "driver: SPDK", test_spdk },
	{ "driver: DPDK", test_dpdk },
	{ "driver: FreeBSD", test_freebsd },
	{ "driver: FreeBSD with INTx", test_freebsd_intx },
	{ "driver: VFIO self test", test_vfio },
	{ "driver: CHANCTRL, CHANCMP and CHAINADDR in any order", test_any_order },
	{ "driver: what else the strictest one asks for", test_strictest },
};

int main(void)
{
	unsigned int i, failed = 0;

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		failures = 0;
		tests[i].run();
		failed += failures != 0;
		printf("%sok %u - %s\n", failures ? "not " : "", i + 1, tests[i].name);
	}
	return failed != 0;
}
