// SPDX-License-Identifier: GPL-2.0-only
/* What a function has done, as names and numbers. */
#include "stats.h"

#include <stdio.h>

struct sink {
	stats_emit emit;
	void *context;
	const char *prefix;
};

static void put(const struct sink *sink, const char *group, const char *name, u64 value)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%s%s", sink->prefix, group, name);
	sink->emit(sink->context, text, value);
}

static void put_access(const struct sink *sink, const char *name, u64 reads, u64 writes)
{
	if (reads)
		put(sink, "reads.", name, reads);
	if (writes)
		put(sink, "writes.", name, writes);
}

void stats_channel(const struct qd_channel *chan, const char *prefix, stats_emit emit,
		   void *context)
{
	const struct sink sink = { emit, context, prefix };
	const struct qd_channel_stats *stats = &chan->stats;
	char bit[16];
	unsigned int i;

	put(&sink, "", "doorbells", stats->doorbells);
	put(&sink, "", "descriptors", stats->descriptors);
	put(&sink, "", "nulls", stats->nulls);
	put(&sink, "", "fills", stats->fills);
	put(&sink, "", "bytes", stats->bytes);
	put(&sink, "", "completions", stats->completions);
	put(&sink, "", "interrupts", stats->interrupts);
	put(&sink, "", "deferred", stats->deferred);
	for (i = 0; i < QD_ERR_BITS; i++) {
		if (!stats->errors[i])
			continue;
		snprintf(bit, sizeof(bit), "%u", i);
		put(&sink, "errors.", bit, stats->errors[i]);
	}
	for (i = 0; qd_channel_register_name(i); i++)
		put_access(&sink, qd_channel_register_name(i),
			   chan->access.reads[i], chan->access.writes[i]);
}

void stats_all(const struct qd_model *model, stats_emit emit, void *context)
{
	const struct sink sink = { emit, context, "" };
	char prefix[16];
	unsigned int i;

	put(&sink, "", "resets", model->resets);
	put_access(&sink, "config", model->config_reads, model->config_writes);
	for (i = 0; qd_global_register_name(i); i++)
		put_access(&sink, qd_global_register_name(i),
			   model->access.reads[i], model->access.writes[i]);
	for (i = 0; i < model->options.channels; i++) {
		snprintf(prefix, sizeof(prefix), "channel%u.", i);
		stats_channel(&model->channel[i], prefix, emit, context);
	}
}
