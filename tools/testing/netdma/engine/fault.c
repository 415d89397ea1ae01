// SPDX-License-Identifier: GPL-2.0-only
/* Which event a fault hits, see fault.h; what it then does is in model.c. */
#include "fault.h"

void qd_faults_seed(struct qd_faults *faults, u64 seed)
{
	/* Neighbouring seeds begin alike, and a zero would stay one. */
	faults->random = seed * 0x9e3779b97f4a7c15ULL;
	if (!faults->random)
		faults->random = 1;
}

/* xorshift64*; the upper half is the better one. */
static u32 next_random(struct qd_faults *faults)
{
	u64 x = faults->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	faults->random = x;
	return (x * 0x2545f4914f6cdd1dULL) >> 32;
}

u32 qd_faults_random(struct qd_faults *faults, u32 below)
{
	return (u64)next_random(faults) * below >> 32;
}

u64 qd_faults_random_bits(struct qd_faults *faults)
{
	u64 high = next_random(faults);

	return high << 32 | next_random(faults);
}

static void update_kinds(struct qd_faults *faults)
{
	unsigned int i;

	faults->kinds = 0;
	for (i = 0; i < QD_MAX_FAULTS; i++)
		if (faults->fault[i].armed)
			faults->kinds |= BIT(faults->fault[i].kind);
}

void qd_faults_init(struct qd_faults *faults)
{
	unsigned int i;

	memset(faults, 0, sizeof(*faults));
	for (i = 0; i < QD_MAX_FAULTS; i++)
		faults->fault[i].due_ns = QD_NEVER;
	qd_faults_seed(faults, 1);
}

struct qd_fault *qd_faults_add(struct qd_faults *faults, const struct qd_fault *fault)
{
	struct qd_fault *oldest = NULL;
	unsigned int i;

	for (i = 0; i < QD_MAX_FAULTS; i++) {
		struct qd_fault *place = &faults->fault[i];

		if (!place->armed && (!oldest || place->id < oldest->id))
			oldest = place;
	}
	if (!oldest)
		return NULL;

	*oldest = *fault;
	oldest->id = ++faults->last_id;
	oldest->armed = true;
	oldest->fired = 0;
	oldest->when_ns = 0;
	oldest->in_flight = 0;
	oldest->due_ns = QD_NEVER;
	update_kinds(faults);
	return oldest;
}

void qd_faults_disarm(struct qd_faults *faults, struct qd_fault *fault)
{
	fault->armed = false;
	fault->due_ns = QD_NEVER;
	update_kinds(faults);
}

struct qd_fault *qd_faults_event(struct qd_faults *faults, enum qd_fault_kind kind,
				 unsigned int channel, u16 reg)
{
	struct qd_fault *hit = NULL;
	unsigned int i;

	if (!(faults->kinds & BIT(kind)))
		return NULL;

	/* Every one of them counts the event; one of them gets it. */
	for (i = 0; i < QD_MAX_FAULTS; i++) {
		struct qd_fault *fault = &faults->fault[i];

		if (!fault->armed || fault->kind != kind || fault->reg != reg ||
		    (fault->channel != QD_ALL_CHANNELS && fault->channel != channel))
			continue;
		if (fault->after)
			fault->after--;
		else if (!hit && (fault->odds <= 1 || !qd_faults_random(faults, fault->odds)))
			hit = fault;
	}
	return hit;
}

void qd_faults_fired(struct qd_faults *faults, struct qd_fault *fault)
{
	fault->fired++;
	fault->after = fault->gap;
	if (fault->count && !--fault->count)
		qd_faults_disarm(faults, fault);
}
