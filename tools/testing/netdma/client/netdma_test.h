/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netdma_test: what the public interface of dmaengine promises, tried on a
 * channel. Nothing of a provider is used, so any provider can be tested that
 * lets a client prepare and not submit.
 */
#ifndef _NETDMA_TEST_H
#define _NETDMA_TEST_H

#include <linux/atomic.h>
#include <linux/dmaengine.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define NT_BUFFER	SZ_4M
#define NT_TIMEOUT	(10 * HZ)
#define NT_NOTIFY	DMA_PREP_INTERRUPT

/**
 * struct nt_op - a transaction, and what became of it
 * @t: the fixture
 * @txd: from prep
 * @cookie: from submission
 * @dst: offset in the destination buffer
 * @src: offset in the source buffer
 * @len: bytes
 * @outside: an address is not that of the buffers: moves nothing in them
 * @hook: called from the callback
 * @calls: how often the callback came
 * @order: which callback of the case it was, from 1
 * @softirq: the callback came in softirq context
 * @result: what the callback was told
 * @residue: what the callback was told
 * @expected: enum dmaengine_tx_result
 * @generation: stress: terminations begun when it had been submitted
 */
struct nt_op {
	struct netdma_test *t;
	struct dma_async_tx_descriptor *txd;
	dma_cookie_t cookie;
	size_t dst;
	size_t src;
	size_t len;
	bool outside;
	void (*hook)(struct nt_op *op);
	atomic_t calls;
	unsigned int order;
	bool softirq;
	enum dmaengine_tx_result result;
	u32 residue;
	enum dmaengine_tx_result expected;
	int generation;
};

/**
 * struct netdma_test - the fixture: a fresh channel for each case
 * @chan: the channel
 * @dev: the device to map for
 * @src: source buffer, %NT_BUFFER random bytes
 * @src_dma: its address
 * @src_image: what it has to hold
 * @dst: destination buffer, filled with @poison before each case
 * @dst_dma: its address
 * @image: what the destination has to hold after all that was submitted
 * @poison: one byte, another one for each case
 * @limit: bytes that the hardware moves at once
 * @capacity: transactions that can be prepared at a time
 * @ops: of the running case
 * @num_ops: length of @ops
 * @callbacks: how many came in this case
 * @wait: woken by each
 * @rnd: random numbers, from the seed
 * @wq: for cases that need threads
 * @reason: of the first failure in this case
 */
struct netdma_test {
	struct dma_chan *chan;
	struct device *dev;
	u8 *src;
	dma_addr_t src_dma;
	u8 *src_image;
	u8 *dst;
	dma_addr_t dst_dma;
	u8 *image;
	u8 poison;
	size_t limit;
	unsigned int capacity;
	struct nt_op *ops;
	unsigned int num_ops;
	atomic_t callbacks;
	wait_queue_head_t wait;
	struct rnd_state rnd;
	struct workqueue_struct *wq;
	char reason[200];
};

/* What a case needs; without it, it is skipped. */
#define NT_NEEDS_PAUSE		BIT(0)
#define NT_NEEDS_MEMSET		BIT(1)
#define NT_NEEDS_INTERRUPT	BIT(2)
#define NT_NEEDS_BAD_ADDRESS	BIT(3)
#define NT_NEEDS_MEMORY_END	BIT(4)
#define NT_NEEDS_ROOM		BIT(5)	/* for a queue of NT_ROOM transactions */
#define NT_NEEDS_REQUEST	BIT(6)	/* runs only if the parameter "only" names it */

#define NT_ROOM			450

/**
 * struct nt_case - one behaviour
 * @id: for the parameter "only"
 * @name: the behaviour
 * @run: returns 0, or what nt_fail() returned
 * @needs: NT_NEEDS_*
 */
struct nt_case {
	const char *id;
	const char *name;
	int (*run)(struct netdma_test *t);
	unsigned int needs;
};

extern const struct nt_case nt_copy_cases[];
extern const struct nt_case nt_queue_cases[];
extern const struct nt_case nt_control_cases[];
extern const struct nt_case nt_error_cases[];
extern const struct nt_case nt_stress_cases[];
extern const struct nt_case nt_unbind_cases[];

/* main.c: parameters */
extern unsigned long long nt_bad_address;
extern unsigned long long nt_memory_end;
extern unsigned int nt_seconds;

struct dma_chan *nt_request(void);

/* fixture.c */
int nt_setup(struct netdma_test *t);
void nt_teardown(struct netdma_test *t);
int nt_begin(struct netdma_test *t, u8 poison);
void nt_end(struct netdma_test *t);

__printf(2, 3)
int nt_fail(struct netdma_test *t, const char *format, ...);

u32 nt_random(struct netdma_test *t, u32 limit);
struct nt_op *nt_ops(struct netdma_test *t, unsigned int n);
unsigned int nt_measure(struct netdma_test *t);

bool nt_try_prep(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
		 unsigned long flags);
int nt_prep(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags);
int nt_prep_outside(struct netdma_test *t, struct nt_op *op, dma_addr_t dst, dma_addr_t src,
		    size_t len, enum dmaengine_tx_result expected);
void nt_attach(struct netdma_test *t, struct nt_op *op, struct dma_async_tx_descriptor *txd);
int nt_submit(struct netdma_test *t, struct nt_op *op);
int nt_copy(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags);
int nt_push(struct netdma_test *t, struct nt_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags);
int nt_flood(struct netdma_test *t, struct nt_op *ops, unsigned int n);

enum dma_status nt_status(struct netdma_test *t, dma_cookie_t cookie);
int nt_expect_status(struct netdma_test *t, dma_cookie_t cookie, enum dma_status wanted);
unsigned int nt_waiting(struct netdma_test *t, struct nt_op *ops, unsigned int n);
int nt_wait(struct netdma_test *t, struct nt_op *op);
int nt_poll(struct netdma_test *t, dma_cookie_t cookie);
int nt_done(struct netdma_test *t, struct nt_op *op);
int nt_all_done(struct netdma_test *t, struct nt_op *ops, unsigned int n);
int nt_done_or_aborted(struct netdma_test *t, struct nt_op *ops, unsigned int n,
		       unsigned int *aborted);
int nt_no_callbacks(struct netdma_test *t, unsigned int ms);
int nt_works(struct netdma_test *t);

int nt_data(struct netdma_test *t);
void nt_adopt(struct netdma_test *t, size_t dst, size_t len);

#endif /* _NETDMA_TEST_H */
