// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: what channels are doing, for people
 *
 * A file for each channel in netdma/DEVICE/ of debugfs, whoever has the channel; and
 * our part of dmaengine's summary. Of what is shown nothing is asked of a device.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "netdma.h"

static const char * const netdma_state_names[] = {
	[NETDMA_CHANNEL_FREE] = "free",
	[NETDMA_CHANNEL_READY] = "ready",
	[NETDMA_CHANNEL_RUNNING] = "running",
	[NETDMA_CHANNEL_SUSPENDING] = "suspending",
	[NETDMA_CHANNEL_SUSPENDED] = "suspended",
	[NETDMA_CHANNEL_STOPPING] = "stopping",
	[NETDMA_CHANNEL_BROKEN] = "broken",
	[NETDMA_CHANNEL_DEAD] = "dead",
};

static const char * const netdma_error_names[NETDMA_ERRORS] = {
	[NETDMA_ERROR_READ] = "read",
	[NETDMA_ERROR_WRITE] = "write",
	[NETDMA_ERROR_OTHER] = "other",
	[NETDMA_ERROR_WORD] = "word",
	[NETDMA_ERROR_STALL] = "stall",
	[NETDMA_ERROR_BROKEN] = "broken",
	[NETDMA_ERROR_DEAD] = "dead",
};

static struct dentry *netdma_debugfs_root;

/**
 * struct netdma_snapshot - a channel at one moment
 * @state: what the engine is doing
 * @copies: the owner is a client of NetDMA, not of dmaengine
 * @paused: the owner wants nothing executed
 * @powered_down: the provider can execute nothing
 * @closing: the provider stops
 * @cpu: CPU of the channel's last interrupt, before the first one where that should go
 * @size: slots of the ring
 * @head: indices, as in &struct netdma_ring
 * @issued: likewise
 * @posted: likewise
 * @done: likewise
 * @last: number of the copy submitted last
 * @finished: number of the last one that is finished
 * @resets: how often the channel was stopped
 * @errors: how often each error has happened
 * @last_error: the last one, NETDMA_ERROR_NONE for none
 * @error_time: when that was
 *
 * From @size to @finished only of a channel that is allocated.
 */
struct netdma_snapshot {
	enum netdma_state state;
	bool copies;
	bool paused;
	bool powered_down;
	bool closing;
	unsigned int cpu;
	u32 size;
	u32 head;
	u32 issued;
	u32 posted;
	u32 done;
	s64 last;
	s64 finished;
	u32 resets;
	u32 errors[NETDMA_ERRORS];
	enum netdma_error last_error;
	u64 error_time;
};

/* While it is allocated, its owner has what it needs. */
static void netdma_snapshot(struct netdma_channel *chan, struct netdma_snapshot *s)
{
	const struct netdma_ring *ring = &chan->ring;
	unsigned long flags;

	spin_lock_irqsave(&chan->lock, flags);
	spin_lock(&chan->reap_lock);
	s->state = chan->state;
	s->paused = chan->paused;
	s->powered_down = chan->powered_down;
	s->closing = chan->closing;
	s->cpu = READ_ONCE(chan->cpu);
	s->resets = READ_ONCE(chan->resets);
	memcpy(s->errors, chan->errors, sizeof(s->errors));
	s->last_error = chan->last_error;
	s->error_time = chan->error_time;
	if (s->state != NETDMA_CHANNEL_FREE) {
		s->copies = chan->owner == &netdma_copies_owner_ops;
		s->size = ring->mask + 1;
		s->head = ring->head;
		s->issued = ring->issued;
		s->posted = ring->posted;
		s->done = ring->done;
		chan->owner->progress(chan, &s->last, &s->finished);
	}
	spin_unlock(&chan->reap_lock);
	spin_unlock_irqrestore(&chan->lock, flags);
}

static const char *netdma_owner_name(const struct netdma_snapshot *s)
{
	if (s->state == NETDMA_CHANNEL_FREE)
		return "none";
	return s->copies ? "netdma" : "dmaengine";
}

/* Descriptors that the engine has to execute. One that is dead executes none. */
static u32 netdma_in_flight(const struct netdma_snapshot *s)
{
	return s->state == NETDMA_CHANNEL_DEAD ? 0 : s->posted - s->done;
}

static int netdma_channel_show(struct seq_file *m, void *unused)
{
	struct netdma_snapshot s;
	unsigned int i;

	netdma_snapshot(m->private, &s);

	seq_printf(m, "state         %s%s%s%s\n", netdma_state_names[s.state],
		   s.paused ? " paused" : "", s.powered_down ? " powered-down" : "",
		   s.closing ? " closing" : "");
	seq_printf(m, "owner         %s\n", netdma_owner_name(&s));
	seq_printf(m, "cpu           %u\n", s.cpu);
	if (s.state != NETDMA_CHANNEL_FREE) {
		seq_printf(m, "ring_size     %u\n", s.size);
		seq_printf(m, "head          %u\n", s.head);
		seq_printf(m, "issued        %u\n", s.issued);
		seq_printf(m, "posted        %u\n", s.posted);
		seq_printf(m, "done          %u\n", s.done);
		seq_printf(m, "in_flight     %u\n", netdma_in_flight(&s));
		seq_printf(m, "submitted     %lld\n", s.last);
		seq_printf(m, "finished      %lld\n", s.finished);
	}
	seq_printf(m, "resets        %u\n", s.resets);
	for (i = NETDMA_ERROR_NONE + 1; i < NETDMA_ERRORS; i++)
		seq_printf(m, "error_%-7s %u\n", netdma_error_names[i], s.errors[i]);
	if (s.last_error) {
		/* As the log has it */
		seq_printf(m, "last_error    %s %llu.%06llu\n", netdma_error_names[s.last_error],
			   s.error_time / NSEC_PER_SEC,
			   s.error_time % NSEC_PER_SEC / NSEC_PER_USEC);
	} else {
		seq_puts(m, "last_error    none\n");
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(netdma_channel);

/**
 * netdma_debugfs_summary() - our lines of dmaengine's summary
 * @m: the file
 * @dd: our device
 *
 * A device that clients have channels of is there still when it is unregistered, but
 * the names of its channels are not: those are made here.
 *
 * Context: dmaengine's list mutex.
 */
void netdma_debugfs_summary(struct seq_file *m, struct dma_device *dd)
{
	struct netdma_snapshot s;
	struct dma_chan *chan;

	list_for_each_entry(chan, &dd->channels, device_node) {
		struct netdma_dma_chan *dc = container_of(chan, struct netdma_dma_chan, chan);
		char name[32];

		if (!chan->client_count)
			continue;
		netdma_snapshot(&dc->channel, &s);
		snprintf(name, sizeof(name), "dma%dchan%d", dd->dev_id, chan->chan_id);
		seq_printf(m, " %-13s| %s, %s", name, netdma_owner_name(&s),
			   netdma_state_names[s.state]);
		if (s.state != NETDMA_CHANNEL_FREE)
			seq_printf(m, ", %u in flight", netdma_in_flight(&s));
		seq_puts(m, "\n");
	}
}

/**
 * netdma_debugfs_add() - show the channels of an engine
 * @engine: the engine
 *
 * Context: May sleep.
 */
void netdma_debugfs_add(struct netdma_engine *engine)
{
	char name[24];
	u32 i;

	engine->debugfs = debugfs_create_dir(dev_name(engine->dev), netdma_debugfs_root);
	for (i = 0; i < engine->attributes.channels; i++) {
		snprintf(name, sizeof(name), "channel%u", i);
		debugfs_create_file(name, 0444, engine->debugfs, &engine->chans[i].channel,
				    &netdma_channel_fops);
	}
}

/**
 * netdma_debugfs_remove() - undo netdma_debugfs_add()
 * @engine: the engine; when this returns, nobody is looking at its channels
 *
 * Context: May sleep, and waits for readers.
 */
void netdma_debugfs_remove(struct netdma_engine *engine)
{
	debugfs_remove_recursive(engine->debugfs);
}

/**
 * netdma_debugfs_init() - make the folder that engines are in
 *
 * Context: May sleep.
 */
void __init netdma_debugfs_init(void)
{
	netdma_debugfs_root = debugfs_create_dir("netdma", NULL);
}

/**
 * netdma_debugfs_exit() - undo netdma_debugfs_init()
 *
 * Context: May sleep. No engine is left.
 */
void netdma_debugfs_exit(void)
{
	debugfs_remove_recursive(netdma_debugfs_root);
}
