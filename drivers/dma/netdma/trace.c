// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: tracepoints
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

/* For those who count what happens: tests */
EXPORT_TRACEPOINT_SYMBOL_GPL(netdma_submit);
EXPORT_TRACEPOINT_SYMBOL_GPL(netdma_doorbell);
EXPORT_TRACEPOINT_SYMBOL_GPL(netdma_complete);
EXPORT_TRACEPOINT_SYMBOL_GPL(netdma_error);
EXPORT_TRACEPOINT_SYMBOL_GPL(netdma_reset);
EXPORT_TRACEPOINT_SYMBOL_GPL(netdma_state);
