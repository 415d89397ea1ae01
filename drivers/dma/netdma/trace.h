/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NetDMA core: tracepoints
 *
 * Each names the engine's device and the channel. "copy" is a copy's number: the
 * token of a NetDMA client, the cookie of one of dmaengine. Ring indices run freely,
 * as in &struct netdma_ring. Documentation/ABI/testing/tracefs-netdma describes them
 * for who reads them.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netdma

#if !defined(_NETDMA_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _NETDMA_TRACE_H

#include <linux/device.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "netdma.h"

/* Longer names of devices are cut. */
#define NETDMA_TRACE_DEVICE	32

TRACE_DEFINE_ENUM(NETDMA_CHANNEL_FREE);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_READY);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_RUNNING);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_SUSPENDING);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_SUSPENDED);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_STOPPING);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_BROKEN);
TRACE_DEFINE_ENUM(NETDMA_CHANNEL_DEAD);

#define netdma_show_state(state)				\
	__print_symbolic(state,					\
		{ NETDMA_CHANNEL_FREE,		"free" },	\
		{ NETDMA_CHANNEL_READY,		"ready" },	\
		{ NETDMA_CHANNEL_RUNNING,	"running" },	\
		{ NETDMA_CHANNEL_SUSPENDING,	"suspending" },	\
		{ NETDMA_CHANNEL_SUSPENDED,	"suspended" },	\
		{ NETDMA_CHANNEL_STOPPING,	"stopping" },	\
		{ NETDMA_CHANNEL_BROKEN,	"broken" },	\
		{ NETDMA_CHANNEL_DEAD,		"dead" })

TRACE_DEFINE_ENUM(NETDMA_ERROR_READ);
TRACE_DEFINE_ENUM(NETDMA_ERROR_WRITE);
TRACE_DEFINE_ENUM(NETDMA_ERROR_OTHER);
TRACE_DEFINE_ENUM(NETDMA_ERROR_WORD);
TRACE_DEFINE_ENUM(NETDMA_ERROR_STALL);
TRACE_DEFINE_ENUM(NETDMA_ERROR_BROKEN);
TRACE_DEFINE_ENUM(NETDMA_ERROR_DEAD);

#define netdma_show_error(error)				\
	__print_symbolic(error,					\
		{ NETDMA_ERROR_READ,	"read" },		\
		{ NETDMA_ERROR_WRITE,	"write" },		\
		{ NETDMA_ERROR_OTHER,	"other" },		\
		{ NETDMA_ERROR_WORD,	"word" },		\
		{ NETDMA_ERROR_STALL,	"stall" },		\
		{ NETDMA_ERROR_BROKEN,	"broken" },		\
		{ NETDMA_ERROR_DEAD,	"dead" })

/* A client has queued @count copies, up to the one of this number. */
TRACE_EVENT_CONDITION(netdma_submit,
		      TP_PROTO(const struct netdma_channel *chan, s64 copy, u32 count),
		      TP_ARGS(chan, copy, count),
		      TP_CONDITION(count),
		      TP_STRUCT__entry(__array(char, device, NETDMA_TRACE_DEVICE)
				       __field(u32, channel)
				       __field(s64, copy)
				       __field(u32, count)
				       __field(u32, head)),
		      TP_fast_assign(strscpy(__entry->device, dev_name(chan->dev),
					     NETDMA_TRACE_DEVICE);
				     __entry->channel = chan->id;
				     __entry->copy = copy;
				     __entry->count = count;
				     __entry->head = chan->ring.head;),
		      TP_printk("device=%s channel=%u copy=%lld count=%u head=%u",
				__entry->device, __entry->channel, __entry->copy, __entry->count,
				__entry->head)
);

/* The provider is given @count descriptors from @first on. */
TRACE_EVENT(netdma_doorbell,
	    TP_PROTO(const struct netdma_channel *chan, u32 first, u32 count, bool start),
	    TP_ARGS(chan, first, count, start),
	    TP_STRUCT__entry(__array(char, device, NETDMA_TRACE_DEVICE)
			     __field(u32, channel)
			     __field(u32, first)
			     __field(u32, count)
			     __field(bool, start)),
	    TP_fast_assign(strscpy(__entry->device, dev_name(chan->dev),
				   NETDMA_TRACE_DEVICE);
			   __entry->channel = chan->id;
			   __entry->first = first;
			   __entry->count = count;
			   __entry->start = start;),
	    TP_printk("device=%s channel=%u first=%u count=%u start=%d",
		      __entry->device, __entry->channel, __entry->first, __entry->count,
		      __entry->start)
);

/* @count more copies are finished, up to the one of this number, well or not. */
TRACE_EVENT_CONDITION(netdma_complete,
		      TP_PROTO(const struct netdma_channel *chan, s64 copy, u32 count),
		      TP_ARGS(chan, copy, count),
		      TP_CONDITION(count),
		      TP_STRUCT__entry(__array(char, device, NETDMA_TRACE_DEVICE)
				       __field(u32, channel)
				       __field(s64, copy)
				       __field(u32, count)
				       __field(u32, done)),
		      TP_fast_assign(strscpy(__entry->device, dev_name(chan->dev),
					     NETDMA_TRACE_DEVICE);
				     __entry->channel = chan->id;
				     __entry->copy = copy;
				     __entry->count = count;
				     __entry->done = chan->ring.done;),
		      TP_printk("device=%s channel=%u copy=%lld count=%u done=%u",
				__entry->device, __entry->channel, __entry->copy, __entry->count,
				__entry->done)
);

/* @copy is the one that fails by it, 0 for none. */
TRACE_EVENT(netdma_error,
	    TP_PROTO(const struct netdma_channel *chan, enum netdma_error error, s64 copy),
	    TP_ARGS(chan, error, copy),
	    TP_STRUCT__entry(__array(char, device, NETDMA_TRACE_DEVICE)
			     __field(u32, channel)
			     __field(u32, error)
			     __field(s64, copy)
			     __field(u32, done)),
	    TP_fast_assign(strscpy(__entry->device, dev_name(chan->dev),
				   NETDMA_TRACE_DEVICE);
			   __entry->channel = chan->id;
			   __entry->error = error;
			   __entry->copy = copy;
			   __entry->done = chan->ring.done;),
	    TP_printk("device=%s channel=%u error=%s copy=%lld done=%u",
		      __entry->device, __entry->channel, netdma_show_error(__entry->error),
		      __entry->copy, __entry->done)
);

/* The provider was asked to stop the channel by a reset, or an abort. */
TRACE_EVENT(netdma_reset,
	    TP_PROTO(const struct netdma_channel *chan, bool engine, int result),
	    TP_ARGS(chan, engine, result),
	    TP_STRUCT__entry(__array(char, device, NETDMA_TRACE_DEVICE)
			     __field(u32, channel)
			     __field(bool, engine)
			     __field(int, result)),
	    TP_fast_assign(strscpy(__entry->device, dev_name(chan->dev),
				   NETDMA_TRACE_DEVICE);
			   __entry->channel = chan->id;
			   __entry->engine = engine;
			   __entry->result = result;),
	    TP_printk("device=%s channel=%u of=%s result=%d",
		      __entry->device, __entry->channel, __entry->engine ? "engine" : "channel",
		      __entry->result)
);

/* A channel that is dead already may be found so once more. */
TRACE_EVENT_CONDITION(netdma_state,
		      TP_PROTO(const struct netdma_channel *chan, enum netdma_state from,
			       enum netdma_state to),
		      TP_ARGS(chan, from, to),
		      TP_CONDITION(from != to),
		      TP_STRUCT__entry(__array(char, device, NETDMA_TRACE_DEVICE)
				       __field(u32, channel)
				       __field(u32, from)
				       __field(u32, to)),
		      TP_fast_assign(strscpy(__entry->device, dev_name(chan->dev),
					     NETDMA_TRACE_DEVICE);
				     __entry->channel = chan->id;
				     __entry->from = from;
				     __entry->to = to;),
		      TP_printk("device=%s channel=%u from=%s to=%s",
				__entry->device, __entry->channel,
				netdma_show_state(__entry->from), netdma_show_state(__entry->to))
);

#endif /* _NETDMA_TRACE_H */

/* This part is read again and again. */
#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
