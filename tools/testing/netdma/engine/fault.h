/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults: what a part does that it should not do, and when.
 *
 * A fault waits for events of its kind: descriptors, completion words, interrupt
 * events, doorbells, commands, register reads. It lets some of them pass and
 * then hits one, or several. The same seed and the same events make the same
 * faults.
 */
#ifndef QUICKDATA_ENGINE_FAULT_H
#define QUICKDATA_ENGINE_FAULT_H

#include "compat.h"

#define QD_MAX_FAULTS		16
#define QD_ALL_CHANNELS		(~0U)
#define QD_FAULT_HALF		(~0U)
#define QD_NEVER		(~0ULL)
#define QD_GLOBAL		0x100

/**
 * enum qd_fault_kind - what goes wrong
 * @QD_FAULT_CHANERR: a descriptor fails half way
 * @QD_FAULT_CORRUPT: a descriptor writes wrong data and says that all is well
 * @QD_FAULT_STALL: a descriptor is not finished
 * @QD_FAULT_GONE: from a descriptor on, the function has left the bus
 * @QD_FAULT_WORD: a completion word is wrong
 * @QD_FAULT_INTERRUPT_LOST: an interrupt is signalled, and does not arrive
 * @QD_FAULT_INTERRUPT_SPURIOUS: from a descriptor on, interrupts without a cause
 * @QD_FAULT_DOORBELL: a write of DMACOUNT is lost
 * @QD_FAULT_SUSPEND: SUSPEND takes effect late or never
 * @QD_FAULT_RESET: RESET does
 * @QD_FAULT_REGISTER: a register reads as something else
 * @QD_FAULT_HOSTILE_REGISTER: any register reads as anything
 * @QD_FAULT_HOSTILE_WORD: a completion word is anything
 * @QD_FAULT_KINDS: how many there are
 */
enum qd_fault_kind {
	QD_FAULT_CHANERR,
	QD_FAULT_CORRUPT,
	QD_FAULT_STALL,
	QD_FAULT_GONE,
	QD_FAULT_WORD,
	QD_FAULT_INTERRUPT_LOST,
	QD_FAULT_INTERRUPT_SPURIOUS,
	QD_FAULT_DOORBELL,
	QD_FAULT_SUSPEND,
	QD_FAULT_RESET,
	QD_FAULT_REGISTER,
	QD_FAULT_HOSTILE_REGISTER,
	QD_FAULT_HOSTILE_WORD,
	QD_FAULT_KINDS,
};

/**
 * enum qd_word - how a completion word is wrong
 * @QD_WORD_LOST: it is not written
 * @QD_WORD_ZERO: all zeros
 * @QD_WORD_ONES: all ones
 * @QD_WORD_OUTSIDE: an address far from the list
 * @QD_WORD_MISALIGNED: an address between two descriptors
 * @QD_WORD_UNISSUED: the first descriptor that was not issued
 * @QD_WORD_STALE: one that was written before
 */
enum qd_word {
	QD_WORD_LOST,
	QD_WORD_ZERO,
	QD_WORD_ONES,
	QD_WORD_OUTSIDE,
	QD_WORD_MISALIGNED,
	QD_WORD_UNISSUED,
	QD_WORD_STALE,
};

/**
 * struct qd_fault - a fault, and what has become of it
 * @kind: what goes wrong
 * @channel: where, or QD_ALL_CHANNELS
 * @after: events still to pass
 * @count: events still to hit, 0 for all
 * @gap: events to pass between two hits
 * @odds: hit one event in so many, by the seed; 0 and 1: each
 * @time_ns: how long a stall, a suspension or a reset takes, QD_NEVER for ever; the
 *	time between two spurious interrupts
 * @errors: bits of CHANERR
 * @bytes: how much of the descriptor's data is right, or QD_FAULT_HALF
 * @word: which completion word
 * @reg: which register: its index, with QD_GLOBAL if it is one of the function's
 * @value: what it reads
 * @id: tells it from all others
 * @armed: it still waits for events
 * @fired: how many events it has hit
 * @when_ns: when it last did
 * @in_flight: descriptors issued and not finished then
 * @due_ns: time of the next spurious interrupt
 */
struct qd_fault {
	enum qd_fault_kind kind;
	unsigned int channel;
	u32 after;
	u32 count;
	u32 gap;
	u32 odds;
	u64 time_ns;
	u32 errors;
	u32 bytes;
	enum qd_word word;
	u16 reg;
	u64 value;

	u32 id;
	bool armed;
	u32 fired;
	u64 when_ns;
	u32 in_flight;
	u64 due_ns;
};

/**
 * struct qd_faults - all faults of a function
 * @fault: the armed ones, and as many of the spent ones as there is room for
 * @kinds: kinds of which one is armed, as bits
 * @last_id: of the fault that was armed last
 * @random: state of the random numbers
 */
struct qd_faults {
	struct qd_fault fault[QD_MAX_FAULTS];
	u32 kinds;
	u32 last_id;
	u64 random;
};

void qd_faults_init(struct qd_faults *faults);

/* What is left to chance follows from the seed. */
void qd_faults_seed(struct qd_faults *faults, u64 seed);
u32 qd_faults_random(struct qd_faults *faults, u32 below);
u64 qd_faults_random_bits(struct qd_faults *faults);

/* Returns the fault's place among the others, NULL if there are too many. */
struct qd_fault *qd_faults_add(struct qd_faults *faults, const struct qd_fault *fault);
void qd_faults_disarm(struct qd_faults *faults, struct qd_fault *fault);

/* An event on a channel; returns the fault that hits it, NULL if none does. */
struct qd_fault *qd_faults_event(struct qd_faults *faults, enum qd_fault_kind kind,
				 unsigned int channel, u16 reg);

/* It has hit, which may have been the last time. */
void qd_faults_fired(struct qd_faults *faults, struct qd_fault *fault);

#endif /* QUICKDATA_ENGINE_FAULT_H */
