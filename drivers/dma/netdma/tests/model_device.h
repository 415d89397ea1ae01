/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QuickData functions that exist only inside a User Mode Linux kernel
 *
 * The engine is the model that the virtual machine tests have as well; here it
 * sits on a PCI bus of its own, so that the real driver binds to it. It works
 * from a timer interrupt, unless a test stalls it and turns the crank itself.
 */
#ifndef _NETDMA_MODEL_DEVICE_H
#define _NETDMA_MODEL_DEVICE_H

#include <linux/types.h>

#include "../../../../tools/testing/netdma/engine/model.h"

struct netdma_model;
struct pci_dev;

/* Instead of a channel number: the registers that all channels share */
#define NETDMA_MODEL_GLOBAL	(~0U)

/* What a descriptor does */
enum netdma_model_kind {
	NETDMA_MODEL_NOTHING,
	NETDMA_MODEL_COPY,
	NETDMA_MODEL_FILL,
	NETDMA_MODEL_PAGE_BREAK,
};

/* A part as it should be: 3.2, four channels of 2^20 bytes, MSI-X */
extern const struct qd_options netdma_model_defaults;

/* Parameters of tests that draw what they do: the seed of the first round, and how many */
extern unsigned long long netdma_model_first_seed;
extern unsigned int netdma_model_rounds;

struct netdma_model *netdma_model_create(const struct qd_options *options);
void netdma_model_remove(struct netdma_model *model);

struct pci_dev *netdma_model_pci_dev(struct netdma_model *model);
bool netdma_model_is_bound(struct netdma_model *model);
int netdma_model_bind(struct netdma_model *model);
void netdma_model_unbind(struct netdma_model *model);

void netdma_model_stall(struct netdma_model *model, bool stalled);
unsigned int netdma_model_step(struct netdma_model *model, unsigned int channel,
			       unsigned int steps);
void netdma_model_settle(struct netdma_model *model);

int netdma_model_arm(struct netdma_model *model, const struct qd_fault *fault);
void netdma_model_seed(struct netdma_model *model, u64 seed);
u32 netdma_model_fired(struct netdma_model *model, int id);
void netdma_model_disarm(struct netdma_model *model);
void netdma_model_fail(struct netdma_model *model, unsigned int channel, unsigned int nth,
		       enum qd_error error);
void netdma_model_write_word(struct netdma_model *model, unsigned int channel, u64 word);
u64 netdma_model_read_word(struct netdma_model *model, unsigned int channel);
void netdma_model_lose_interrupts(struct netdma_model *model, unsigned int count);
void netdma_model_interrupt(struct netdma_model *model, unsigned int channel);
void netdma_model_retarget(struct netdma_model *model);
void netdma_model_hide_config(struct netdma_model *model, bool hidden);
void netdma_model_vanish(struct netdma_model *model, bool gone);
void netdma_model_hang(struct netdma_model *model, u16 offset);
void netdma_model_heal(struct netdma_model *model);
void netdma_model_slow(struct netdma_model *model, unsigned int us);
void netdma_model_override(struct netdma_model *model, u16 offset, u64 value,
			   unsigned int reads);
void netdma_model_corrupt(struct netdma_model *model, enum netdma_model_kind kind);
void netdma_model_poke(struct netdma_model *model, u16 offset, unsigned int size, u64 value);
u64 netdma_model_peek(struct netdma_model *model, u16 offset, unsigned int size);

u16 netdma_model_register(unsigned int channel, const char *name);
u64 netdma_model_accesses(struct netdma_model *model);
u64 netdma_model_reads(struct netdma_model *model, unsigned int channel, const char *name);
u64 netdma_model_writes(struct netdma_model *model, unsigned int channel, const char *name);
u64 netdma_model_address_limit(struct netdma_model *model);
const struct qd_channel *
netdma_model_channel(struct netdma_model *model, unsigned int channel);
unsigned int netdma_model_bad_accesses(struct netdma_model *model);
const char *netdma_model_violation(struct netdma_model *model);

#endif /* _NETDMA_MODEL_DEVICE_H */
