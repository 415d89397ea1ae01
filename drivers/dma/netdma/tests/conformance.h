/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every provider has to do
 *
 * Cases that call a provider's callbacks and nothing else, with lists of their
 * own: what NetDMA's core does with a ring is a part of what a provider is to
 * expect. A suite per provider says which one it is.
 */
#ifndef _NETDMA_CONFORMANCE_H
#define _NETDMA_CONFORMANCE_H

#include <kunit/test.h>

#include <linux/netdma.h>

#define CONFORMANCE_MAX_CHANNELS	8

/* What a provider may leave out */
#define CONFORMANCE_ZERO_SIZE	BIT(0)	/* a size of 0 needs no NETDMA_DESC_NULL */
#define CONFORMANCE_STOP_WORD	BIT(1)	/* the completion word says that it has stopped */

struct conformance_channel;

/**
 * struct conformance - a provider, and what a case has of it
 * @ops: its callbacks
 * @provider: its context
 * @dev: the device to map memory for, NULL for physical addresses
 * @channels: channels that it has
 * @max_transfer: bytes of a descriptor
 * @flags: NETDMA_PROVIDER_*
 * @features: CONFORMANCE_*
 * @priv: the suite's
 * @channel: what a case has allocated
 */
struct conformance {
	const struct netdma_provider_characteristics *ops;
	void *provider;
	struct device *dev;
	u32 channels;
	u32 max_transfer;
	u32 flags;
	u32 features;
	void *priv;
	struct conformance_channel *channel[CONFORMANCE_MAX_CHANNELS];
};

struct conformance *conformance_create(struct kunit *test);
void conformance_take(struct kunit *test, struct conformance *conf, const char *name,
		      struct device *dev);
void conformance_exit(struct conformance *conf);

/* The cases, of which conformance_cases.h has the table */
void conformance_allocate_is_ready(struct kunit *test);
void conformance_allocate_answers_cpu(struct kunit *test);
void conformance_allocate_takes_each(struct kunit *test);
void conformance_allocate_takes_any(struct kunit *test);
void conformance_free_and_allocate(struct kunit *test);
void conformance_start_follows_links(struct kunit *test);
void conformance_start_leaves_list(struct kunit *test);
void conformance_start_counts(struct kunit *test);
void conformance_start_ends_with_zero(struct kunit *test);
void conformance_start_replaces(struct kunit *test);
void conformance_start_over_drained(struct kunit *test);
void conformance_start_refuses(struct kunit *test);
void conformance_append_in_time(struct kunit *test);
void conformance_append_late(struct kunit *test);
void conformance_append_often(struct kunit *test);
void conformance_append_from_interrupt(struct kunit *test);
void conformance_append_before_start(struct kunit *test);
void conformance_append_refuses(struct kunit *test);
void conformance_word_names_last(struct kunit *test);
void conformance_word_active_and_idle(struct kunit *test);
void conformance_word_after_data(struct kunit *test);
void conformance_signal_silent(struct kunit *test);
void conformance_signal_status(struct kunit *test);
void conformance_signal_interrupt(struct kunit *test);
void conformance_signal_both(struct kunit *test);
void conformance_null_signals(struct kunit *test);
void conformance_null_without_size(struct kunit *test);
void conformance_null_looks_at_nothing(struct kunit *test);
void conformance_null_closes_batch(struct kunit *test);
void conformance_copy_sizes(struct kunit *test);
void conformance_copy_longest(struct kunit *test);
void conformance_copy_with_hint(struct kunit *test);
void conformance_fill_pattern(struct kunit *test);
void conformance_page_break_source(struct kunit *test);
void conformance_page_break_destination(struct kunit *test);
void conformance_page_break_both(struct kunit *test);
void conformance_suspend_on_boundary(struct kunit *test);
void conformance_suspend_keeps_queue(struct kunit *test);
void conformance_suspend_writes_word(struct kunit *test);
void conformance_suspend_ready(struct kunit *test);
void conformance_suspend_drained(struct kunit *test);
void conformance_suspend_twice(struct kunit *test);
void conformance_suspend_edit_insert(struct kunit *test);
void conformance_suspend_edit_delete(struct kunit *test);
void conformance_suspend_append(struct kunit *test);
void conformance_suspend_start(struct kunit *test);
void conformance_resume_nothing(struct kunit *test);
void conformance_resume_not_suspended(struct kunit *test);
void conformance_abort_cancels(struct kunit *test);
void conformance_abort_needs_start(struct kunit *test);
void conformance_abort_suspended(struct kunit *test);
void conformance_reset_cancels(struct kunit *test);
void conformance_reset_forgets(struct kunit *test);
void conformance_reset_ready(struct kunit *test);
void conformance_reset_suspended(struct kunit *test);
void conformance_stop_writes_word(struct kunit *test);
void conformance_error_read(struct kunit *test);
void conformance_error_write(struct kunit *test);
void conformance_error_descriptor(struct kunit *test);
void conformance_error_recovers(struct kunit *test);
void conformance_channels_at_once(struct kunit *test);

#endif /* _NETDMA_CONFORMANCE_H */
