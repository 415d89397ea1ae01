/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A provider without hardware
 *
 * Its callbacks write down that they were called and answer what a test wants;
 * its engine executes when a test says so. What the core may not do by the NetDMA
 * specification is noted as a violation.
 */
#ifndef _NETDMA_FAKE_PROVIDER_H
#define _NETDMA_FAKE_PROVIDER_H

#include <kunit/test.h>

#include <linux/dmaengine.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>

#include "../netdma.h"

#define FAKE_CHANNELS	4
#define FAKE_MAX_CALLS	64

enum fake_op {
	FAKE_AFFINITY,
	FAKE_ALLOCATE,
	FAKE_FREE,
	FAKE_START,
	FAKE_APPEND,
	FAKE_SUSPEND,
	FAKE_RESUME,
	FAKE_ABORT,
	FAKE_RESET,
	FAKE_HALT_REASON,
	FAKE_RESET_ENGINE,
	FAKE_OPS
};

/* Section 7 of the specification, as the provider sees it */
enum fake_state {
	FAKE_IS_FREE,
	FAKE_IS_READY,
	FAKE_IS_RUNNING,	/* or drained, if nothing is outstanding */
	FAKE_IS_SUSPENDED,
	FAKE_IS_HALTED,
};

/**
 * struct fake_call - a callback that was called
 * @op: which
 * @channel: for which channel
 * @first: ring slot of the first descriptor
 * @count: number of descriptors
 */
struct fake_call {
	enum fake_op op;
	u32 channel;
	u32 first;
	u32 count;
};

/**
 * struct fake_channel - a channel of the engine
 * @fake: the provider
 * @id: its number
 * @channel: the core's, from allocation on
 * @completion: the completion word
 * @state: what the engine is doing
 * @next: address of the next descriptor to execute, 0 at the end of a terminated
 *	list
 * @left: how many are to be executed; a provider of version 1.x does not count
 * @last: address of the last one executed
 * @priority: as asked for
 * @affinity: the first CPU asked for
 * @stuck: the engine does not get over its next descriptor
 */
struct fake_channel {
	struct fake_provider *fake;
	u32 id;
	struct netdma_channel *channel;
	__le64 *completion;
	enum fake_state state;
	dma_addr_t next;
	u32 left;
	dma_addr_t last;
	u32 priority;
	unsigned int affinity;
	bool stuck;
};

/**
 * struct fake_provider - the provider
 * @characteristics: for the registration
 * @attributes: for the start
 * @dev: its device, bound to a driver
 * @provider: the core's handle
 * @channels: its channels
 * @calls: the calls so far
 * @num_calls: how many
 * @answer: what a callback answers, from the next call on
 * @failure: what halt_reason answers, once
 * @during: called from inside a callback
 * @priv: the test's, for @during
 * @violation: the first rule that the core has broken
 */
struct fake_provider {
	struct netdma_provider_characteristics characteristics;
	struct netdma_provider_attributes attributes;
	struct device *dev;
	struct netdma_provider *provider;
	struct fake_channel channels[FAKE_CHANNELS];
	struct fake_call calls[FAKE_MAX_CALLS];
	unsigned int num_calls;
	int answer[FAKE_OPS];
	enum netdma_failure failure;
	void (*during)(struct fake_channel *fc, enum fake_op op);
	void *priv;
	const char *violation;
};

struct fake_provider *fake_provider_create(struct kunit *test);
void fake_provider_destroy(struct kunit *test, struct fake_provider *fake);
void fake_provider_register(struct kunit *test, struct fake_provider *fake);
void fake_provider_start(struct kunit *test, struct fake_provider *fake);
void fake_provider_stop(struct fake_provider *fake);

u32 fake_execute(struct fake_channel *fc, u32 count);
void fake_interrupt(struct fake_channel *fc);
void fake_halt(struct fake_channel *fc, enum netdma_failure failure);
void fake_settle(struct fake_channel *fc);

unsigned int fake_calls(const struct fake_provider *fake, enum fake_op op);
const char *fake_history(const struct fake_provider *fake);
void fake_forget(struct fake_provider *fake);

struct dma_chan *fake_request(struct fake_provider *fake);
const struct kernel_param *fake_ring_size(struct kunit *test);

#endif /* _NETDMA_FAKE_PROVIDER_H */
