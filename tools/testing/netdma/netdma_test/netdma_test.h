/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netdma_test: copies by clients of the NetDMA interface, and the account of them
 */
#ifndef _NETDMA_TEST_H
#define _NETDMA_TEST_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdma.h>
#include <linux/prandom.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define NT_WINDOW	16	/* most calls of a thread that are outstanding */
#define NT_MAX_BATCH	32

/**
 * enum nt_mode - what is mixed in a run: bits of the parameter "mode"
 * @NT_DMA: copies of mapped memory
 * @NT_BATCH: batches of them
 * @NT_PAGE: copies of pages
 * @NT_VIRT: copies of the linear map
 * @NT_VMALLOC: copies of vmalloc memory
 * @NT_SG: copies of scatterlists
 * @NT_NULL: NULL transfers
 * @NT_CALLBACK: calls that are waited for by callback
 * @NT_POLL: calls that are waited for by status
 * @NT_SUSPEND: suspend and resume
 * @NT_ABORT: abort
 * @NT_RESET: reset
 * @NT_LIMIT: changes of the pending limit
 * @NT_MODES: how many there are
 */
enum nt_mode {
	NT_DMA,
	NT_BATCH,
	NT_PAGE,
	NT_VIRT,
	NT_VMALLOC,
	NT_SG,
	NT_NULL,
	NT_CALLBACK,
	NT_POLL,
	NT_SUSPEND,
	NT_ABORT,
	NT_RESET,
	NT_LIMIT,
	NT_MODES,
};

#define NT_COPIES	GENMASK(NT_NULL, NT_DMA)
#define NT_MAPPED	(BIT(NT_DMA) | BIT(NT_BATCH) | BIT(NT_SG))
#define NT_WAITS	GENMASK(NT_POLL, NT_CALLBACK)
#define NT_CONTROLS	GENMASK(NT_LIMIT, NT_SUSPEND)

/**
 * struct nt_parameters - of a run
 * @channels: most channels of a provider
 * @threads_per_chan: threads of each
 * @iterations: copies that a thread queues
 * @test_buf_size: bytes of a buffer
 * @window: most calls of a thread that are outstanding
 * @max_batch: most copies of a batch
 * @timeout: milliseconds for a copy
 * @seed: of the random numbers
 * @mode: bits of enum nt_mode
 * @norandom: whole buffers, always
 * @noverify: data are not compared
 * @hold: channels are kept when their provider is about to stop
 * @vanish: the engine may be pulled out: refusals are no fault
 * @starve: want of memory is no fault
 */
struct nt_parameters {
	unsigned int channels;
	unsigned int threads_per_chan;
	unsigned int iterations;
	unsigned int test_buf_size;
	unsigned int window;
	unsigned int max_batch;
	unsigned int timeout;
	unsigned int seed;
	unsigned long mode;
	bool norandom;
	bool noverify;
	bool hold;
	bool vanish;
	bool starve;
};

/**
 * struct nt_counts - what has become of the copies
 * @queued: copies that were accepted
 * @done: reported as done
 * @failed: reported as failed, or as aborted when nobody had aborted them
 * @read_failed: those of @failed whose source could not be read
 * @write_failed: those of @failed whose destination could not be written
 * @other_failed: those of @failed with another reason
 * @aborted: aborted
 * @lost: not reported in time, or forgotten
 * @duplicated: reported more than once
 * @wrong: data or reports that are not right
 * @bytes: of those that are done
 *
 * @queued is the sum of @done, @failed, @aborted and @lost.
 */
struct nt_counts {
	u64 queued;
	u64 done;
	u64 failed;
	u64 read_failed;
	u64 write_failed;
	u64 other_failed;
	u64 aborted;
	u64 lost;
	u64 duplicated;
	u64 wrong;
	u64 bytes;
};

/**
 * struct nt_provider - a provider that has arrived, and the run on it
 * @list: in nt_providers
 * @provider: NetDMA's
 * @name: friendly name
 * @parameters: of this run
 * @channels: that the run has
 * @work: the run
 * @running: @work has been queued and has not ended
 * @stop: the run is to end early
 * @removed: the provider is about to stop, or has; threads then end, or copy only
 *	what is not mapped by them
 * @asleep: the provider's power goes, or has gone
 * @active: threads that may have copies outstanding
 * @wait: for changes of @stop, @removed, @asleep, @active
 * @counts: of all channels of the run
 */
struct nt_provider {
	struct list_head list;
	struct netdma_provider *provider;
	char name[32];
	struct nt_parameters parameters;
	struct list_head channels;
	struct work_struct work;
	bool running;
	bool stop;
	bool removed;
	bool asleep;
	atomic_t active;
	wait_queue_head_t wait;
	struct nt_counts counts;
};

#define NT_SILENCES	8

/**
 * struct nt_times - when a channel's copies were accounted for, in nanoseconds of
 *	the kernel log's clock
 * @reported: one, the last time
 * @silences: the longest times without a report, the longest first
 * @silences.from: when it began
 * @silences.to: when it ended
 * @failed: one that had failed, the first time
 * @served: one that was done, the first time after that
 */
struct nt_times {
	u64 reported;
	struct {
		u64 from;
		u64 to;
	} silences[NT_SILENCES];
	u64 failed;
	u64 served;
};

/**
 * struct nt_channel - a channel and its threads
 * @list: in the provider's, added and removed under a lock of main.c
 * @provider: whose it is
 * @channel: NetDMA's
 * @info: what it is like
 * @max_batch: copies of a batch: a fraction of the capacity
 * @last: highest token that is known
 * @aborts_begun: calls of abort and reset
 * @aborts_ended: those that have returned
 * @callbacks: that run at the moment
 * @called: token of the last one
 * @disorder: how many were not alone, not in order, or where they could sleep
 * @controls: suspensions and other calls of the control work
 * @control: suspends, resumes, aborts and resets
 * @idle: the threads have ended, and so does @control
 * @rnd: random numbers of @control
 * @times_lock: guards @times
 * @times: of reports
 * @wrong: what @control found
 * @threads: an array
 * @num_threads: its length
 */
struct nt_channel {
	struct list_head list;
	struct nt_provider *provider;
	struct netdma_channel *channel;
	struct netdma_channel_info info;
	unsigned int max_batch;
	atomic64_t last;
	atomic_t aborts_begun;
	atomic_t aborts_ended;
	atomic_t callbacks;
	netdma_token_t called;
	atomic_t disorder;
	unsigned int controls;
	struct work_struct control;
	bool idle;
	struct rnd_state rnd;
	spinlock_t times_lock;	/* see above */
	struct nt_times times;
	u64 wrong;
	struct nt_thread *threads;
	unsigned int num_threads;
};

/**
 * struct nt_piece - a part of the destination, and where it comes from
 * @dst: offset in the destination buffer; pieces ascend and do not overlap
 * @src: offset in the source buffer
 * @len: bytes
 * @done: it has to be there
 */
struct nt_piece {
	unsigned int dst;
	unsigned int src;
	unsigned int len;
	bool done;
};

/**
 * struct nt_memory - two buffers
 * @dst: all NT_POISON between the calls
 * @src: random bytes of which none is NT_POISON
 */
struct nt_memory {
	u8 *dst;
	u8 *src;
};

/**
 * struct nt_copy - a call: a copy, a batch or a NULL transfer
 * @thread: whose it is
 * @linear: memory of the linear map
 * @vmalloc: memory of vmalloc, if the mode has it
 * @kind: NT_DMA to NT_NULL
 * @n: pieces; those of a batch have a token each
 * @pieces: what is copied
 * @dst: destination, in @linear or @vmalloc
 * @src: source, likewise
 * @dst_dma: address of @dst, if mapped
 * @src_dma: address of @src, if mapped
 * @dst_sg: destination of a scatterlist copy
 * @src_sg: its source, cut differently
 * @dst_nents: mapped entries of @dst_sg
 * @src_nents: mapped entries of @src_sg
 * @by_callback: waited for by callback
 * @first: token of its first copy
 * @last: token of its last copy
 * @aborts: those that had ended before it was queued
 * @calls: how often the callback came
 * @told: the token that the callback told
 * @told_status: and the status
 * @lost: it was not reported in time
 */
struct nt_copy {
	struct nt_thread *thread;
	struct nt_memory linear;
	struct nt_memory vmalloc;
	enum nt_mode kind;
	unsigned int n;
	struct nt_piece pieces[NT_MAX_BATCH];
	u8 *dst;
	u8 *src;
	dma_addr_t dst_dma;
	dma_addr_t src_dma;
	struct scatterlist dst_sg[NT_MAX_BATCH];
	struct scatterlist src_sg[2 * NT_MAX_BATCH];
	unsigned int dst_nents;
	unsigned int src_nents;
	bool by_callback;
	netdma_token_t first;
	netdma_token_t last;
	int aborts;
	atomic_t calls;
	netdma_token_t told;
	enum netdma_copy_status told_status;
	bool lost;
};

#define NT_POISON	0x2a

/**
 * struct nt_thread - queues copies on a channel and accounts for them
 * @chan: the channel
 * @number: within the channel
 * @work: runs it
 * @rnd: random numbers
 * @copies: NT_WINDOW of them, used in turn
 * @head: next one to queue
 * @tail: oldest one that is outstanding
 * @oldest: its token, or a lower one; S64_MAX without one. Read by others.
 * @wait: for callbacks
 * @counts: what has become of its copies
 * @runtime: nanoseconds
 * @err: why it has ended early
 */
struct nt_thread {
	struct nt_channel *chan;
	unsigned int number;
	struct work_struct work;
	struct rnd_state rnd;
	struct nt_copy *copies;
	unsigned int head;
	unsigned int tail;
	netdma_token_t oldest;
	wait_queue_head_t wait;
	struct nt_counts counts;
	s64 runtime;
	int err;
};

/* main.c: the module, and providers that come and go */
extern struct netdma_client *nt_client;
extern struct workqueue_struct *nt_wq;

void nt_ended(struct nt_provider *provider);
void nt_link(struct nt_channel *chan);
void nt_unlink(struct nt_channel *chan);
__printf(2, 3)
void nt_complain(const struct nt_channel *chan, const char *format, ...);
u32 nt_roll(struct rnd_state *rnd, u32 limit);
unsigned int nt_pick(struct rnd_state *rnd, unsigned long mode);

/* test.c: a run */
void nt_test(struct work_struct *work);
bool nt_enter(struct nt_provider *provider);
void nt_leave(struct nt_provider *provider);
void nt_add_up(struct nt_counts *sum, const struct nt_counts *counts);

/* sample.c */
int nt_sample(struct netdma_channel *channel);

/* thread.c */
int nt_thread_init(struct nt_thread *thread, struct nt_channel *chan, unsigned int number);
void nt_thread_exit(struct nt_thread *thread);
void nt_thread(struct work_struct *work);

/* copy.c: calls, and their memory */
int nt_copy_init(struct nt_copy *copy, struct nt_thread *thread);
void nt_copy_exit(struct nt_copy *copy);
void nt_copy_plan(struct nt_copy *copy);
int nt_copy_map(struct nt_copy *copy);
void nt_copy_unmap(struct nt_copy *copy);
netdma_token_t nt_copy_queue(struct nt_copy *copy, u32 flags,
			     const struct netdma_callback *callback);
unsigned int nt_copy_tokens(const struct nt_copy *copy);
bool nt_copy_verify(struct nt_copy *copy);

/* control.c */
void nt_control(struct work_struct *work);

#endif /* _NETDMA_TEST_H */
