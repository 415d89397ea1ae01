/* SPDX-License-Identifier: GPL-2.0-only */
/* What a function has done, as names and numbers. */
#ifndef QUICKDATA_ENGINE_STATS_H
#define QUICKDATA_ENGINE_STATS_H

#include "model.h"

typedef void (*stats_emit)(void *context, const char *name, u64 value);

/*
 * All that there is to tell; registers and errors that have not occurred are left
 * out. Or only one channel, without the channel in its names.
 */
void stats_all(const struct qd_model *model, stats_emit emit, void *context);
void stats_channel(const struct qd_channel *chan, const char *prefix, stats_emit emit,
		   void *context);

#endif /* QUICKDATA_ENGINE_STATS_H */
