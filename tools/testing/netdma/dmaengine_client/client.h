/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netdma_dmaengine_client: what the public interface of dmaengine promises, tried
 * on a channel. Nothing of a provider is used, so any provider can be tested that
 * lets a client prepare and not submit.
 */
#ifndef _NETDMA_DMAENGINE_CLIENT_H
#define _NETDMA_DMAENGINE_CLIENT_H

#include <linux/atomic.h>
#include <linux/dmaengine.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define DC_BUFFER	SZ_4M
#define DC_TIMEOUT	(10 * HZ)
#define DC_NOTIFY	DMA_PREP_INTERRUPT

/**
 * struct dc_op - a transaction, and what became of it
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
struct dc_op {
	struct dc_test *t;
	struct dma_async_tx_descriptor *txd;
	dma_cookie_t cookie;
	size_t dst;
	size_t src;
	size_t len;
	bool outside;
	void (*hook)(struct dc_op *op);
	atomic_t calls;
	unsigned int order;
	bool softirq;
	enum dmaengine_tx_result result;
	u32 residue;
	enum dmaengine_tx_result expected;
	int generation;
};

/**
 * struct dc_test - the fixture: a fresh channel for each case
 * @chan: the channel
 * @dev: the device to map for
 * @src: source buffer, %DC_BUFFER random bytes
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
struct dc_test {
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
	struct dc_op *ops;
	unsigned int num_ops;
	atomic_t callbacks;
	wait_queue_head_t wait;
	struct rnd_state rnd;
	struct workqueue_struct *wq;
	char reason[200];
};

/* What a case needs; without it, it is skipped. */
#define DC_NEEDS_PAUSE		BIT(0)
#define DC_NEEDS_MEMSET		BIT(1)
#define DC_NEEDS_INTERRUPT	BIT(2)
#define DC_NEEDS_BAD_ADDRESS	BIT(3)
#define DC_NEEDS_MEMORY_END	BIT(4)
#define DC_NEEDS_ROOM		BIT(5)	/* for a queue of DC_ROOM transactions */
#define DC_NEEDS_REQUEST	BIT(6)	/* runs only if the parameter "only" names it */

#define DC_ROOM			450

/**
 * struct dc_case - one behaviour
 * @id: for the parameter "only"
 * @name: the behaviour
 * @run: returns 0, or what dc_fail() returned
 * @needs: DC_NEEDS_*
 */
struct dc_case {
	const char *id;
	const char *name;
	int (*run)(struct dc_test *t);
	unsigned int needs;
};

extern const struct dc_case dc_copy_cases[];
extern const struct dc_case dc_queue_cases[];
extern const struct dc_case dc_control_cases[];
extern const struct dc_case dc_error_cases[];
extern const struct dc_case dc_stress_cases[];
extern const struct dc_case dc_unbind_cases[];

/* main.c: parameters */
extern unsigned long long dc_bad_address;
extern unsigned long long dc_memory_end;
extern unsigned int dc_seconds;

struct dma_chan *dc_request(void);

/* fixture.c */
int dc_setup(struct dc_test *t);
void dc_teardown(struct dc_test *t);
int dc_begin(struct dc_test *t, u8 poison);
void dc_end(struct dc_test *t);

__printf(2, 3)
int dc_fail(struct dc_test *t, const char *format, ...);

u32 dc_random(struct dc_test *t, u32 limit);
struct dc_op *dc_ops(struct dc_test *t, unsigned int n);
unsigned int dc_measure(struct dc_test *t);

bool dc_try_prep(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
		 unsigned long flags);
int dc_prep(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags);
int dc_prep_outside(struct dc_test *t, struct dc_op *op, dma_addr_t dst, dma_addr_t src,
		    size_t len, enum dmaengine_tx_result expected);
void dc_attach(struct dc_test *t, struct dc_op *op, struct dma_async_tx_descriptor *txd);
int dc_submit(struct dc_test *t, struct dc_op *op);
int dc_copy(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags);
int dc_push(struct dc_test *t, struct dc_op *op, size_t dst, size_t src, size_t len,
	    unsigned long flags);
int dc_flood(struct dc_test *t, struct dc_op *ops, unsigned int n);

enum dma_status dc_status(struct dc_test *t, dma_cookie_t cookie);
int dc_expect_status(struct dc_test *t, dma_cookie_t cookie, enum dma_status wanted);
unsigned int dc_waiting(struct dc_test *t, struct dc_op *ops, unsigned int n);
int dc_wait(struct dc_test *t, struct dc_op *op);
int dc_poll(struct dc_test *t, dma_cookie_t cookie);
int dc_done(struct dc_test *t, struct dc_op *op);
int dc_all_done(struct dc_test *t, struct dc_op *ops, unsigned int n);
int dc_done_or_aborted(struct dc_test *t, struct dc_op *ops, unsigned int n,
		       unsigned int *aborted);
int dc_no_callbacks(struct dc_test *t, unsigned int ms);
int dc_works(struct dc_test *t);

int dc_data(struct dc_test *t);
void dc_adopt(struct dc_test *t, size_t dst, size_t len);

#endif /* _NETDMA_DMAENGINE_CLIENT_H */
