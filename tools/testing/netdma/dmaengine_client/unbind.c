// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_dmaengine_client: the device goes while a client holds channels
 *
 * Whoever loads the module with only=unbind takes the device away when the log
 * says "ready for unbind".
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "client.h"

#define DC_ORDER	4
#define DC_BYTES	(PAGE_SIZE << DC_ORDER)
#define DC_BUSY		32	/* copies in flight on the busy channel */
#define DC_WAITING	20	/* copies that wait on each of the others */
#define DC_PATIENCE	(30 * HZ)

enum { DC_RUNS, DC_PAUSED, DC_NOT_ISSUED, DC_CHANNELS };

struct dc_unbind {
	struct dma_chan *chans[DC_CHANNELS];
	struct page *pages[2];
	struct dmaengine_unmap_data *unmap;
	struct dma_async_tx_descriptor *prepared;
	unsigned int done;
};

/* Mapped by the client, unmapped by whoever puts the last reference. */
static int dc_map(struct dc_test *t, struct dc_unbind *u)
{
	struct dmaengine_unmap_data *unmap;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		u->pages[i] = alloc_pages(GFP_KERNEL | __GFP_ZERO, DC_ORDER);
		if (!u->pages[i])
			return dc_fail(t, "no memory");
	}
	unmap = dmaengine_get_unmap_data(t->dev, 2, GFP_KERNEL);
	if (!unmap)
		return dc_fail(t, "no memory");
	u->unmap = unmap;
	unmap->len = DC_BYTES;
	unmap->to_cnt = 1;
	unmap->addr[0] = dma_map_page(t->dev, u->pages[0], 0, DC_BYTES, DMA_TO_DEVICE);
	if (dma_mapping_error(t->dev, unmap->addr[0])) {
		unmap->to_cnt = 0;
		return dc_fail(t, "cannot be mapped");
	}
	unmap->from_cnt = 1;
	unmap->addr[1] = dma_map_page(t->dev, u->pages[1], 0, DC_BYTES, DMA_FROM_DEVICE);
	if (dma_mapping_error(t->dev, unmap->addr[1])) {
		unmap->from_cnt = 0;
		return dc_fail(t, "cannot be mapped");
	}
	return 0;
}

/* False if the channel takes nothing any more. */
static bool dc_unbind_copy(struct dc_test *t, struct dc_unbind *u, struct dma_chan *chan,
			   struct dc_op *op)
{
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memcpy(chan, u->unmap->addr[1], u->unmap->addr[0], DC_BYTES,
					DC_NOTIFY);
	if (!txd)
		return false;
	atomic_set(&op->calls, 0);
	op->outside = true;
	dc_attach(t, op, txd);
	dma_set_unmap(txd, u->unmap);
	op->cookie = dmaengine_submit(txd);
	if (dma_submit_error(op->cookie)) {
		op->txd = NULL;
		return false;
	}
	return true;
}

/* Keep the channel busy until it takes nothing any more. */
static int dc_unbind_busy(struct dc_test *t, struct dc_unbind *u, struct dc_op *ops)
{
	unsigned long deadline = jiffies + DC_PATIENCE;
	struct dma_chan *chan = u->chans[DC_RUNS];
	unsigned int i = 0;

	for (;;) {
		struct dc_op *op = &ops[i++ % DC_BUSY];

		if (op->txd) {
			if (dc_wait(t, op))
				return -EIO;
			if (op->result == DMA_TRANS_NOERROR)
				u->done++;
		}
		if (!dc_unbind_copy(t, u, chan, op)) {
			op->txd = NULL;
			return 0;
		}
		dma_async_issue_pending(chan);
		if (time_after(jiffies, deadline))
			return dc_fail(t, "nobody has taken the device away");
	}
}

/* The callback came, and the cookie says the same. */
static int dc_unbind_outcome(struct dc_test *t, struct dma_chan *chan, struct dc_op *op,
			     bool may_be_done)
{
	enum dma_status status;
	bool done;

	if (dc_wait(t, op))
		return -EIO;
	done = op->result == DMA_TRANS_NOERROR;
	if (done && !may_be_done)
		return dc_fail(t, "cookie %d was executed", op->cookie);
	status = dma_async_is_tx_complete(chan, op->cookie, NULL, NULL);
	if (status != (done ? DMA_COMPLETE : DMA_ERROR))
		return dc_fail(t, "callback said %d, status %d", op->result, status);
	return 0;
}

/* Nothing works any more, and all calls answer. */
static int dc_unbind_shell(struct dc_test *t, struct dma_chan *chan, unsigned int i)
{
	int err;

	if (dmaengine_prep_dma_memcpy(chan, 0, 0, 64, 0))
		return dc_fail(t, "channel %u prepares without a device", i);
	dma_async_issue_pending(chan);
	err = dmaengine_pause(chan);
	if (!err)
		return dc_fail(t, "channel %u pauses without a device", i);
	err = dmaengine_resume(chan);
	if (!err)
		return dc_fail(t, "channel %u resumes without a device", i);
	dmaengine_terminate_async(chan);
	dmaengine_synchronize(chan);
	return 0;
}

static int dc_unbind_run(struct dc_test *t, struct dc_unbind *u, struct dc_op *ops)
{
	struct dc_op *waiting = ops + DC_BUSY;
	unsigned int i;

	u->chans[DC_RUNS] = t->chan;
	for (i = 1; i < DC_CHANNELS; i++) {
		u->chans[i] = dc_request();
		if (!u->chans[i])
			return dc_fail(t, "%u channels are needed", DC_CHANNELS);
	}
	if (dc_map(t, u))
		return -EIO;

	if (dmaengine_pause(u->chans[DC_PAUSED]))
		return dc_fail(t, "not paused");
	for (i = 0; i < 2 * DC_WAITING; i++)
		if (!dc_unbind_copy(t, u, u->chans[i < DC_WAITING ? DC_PAUSED : DC_NOT_ISSUED],
				    &waiting[i]))
			return dc_fail(t, "prep or submit refused");
	dma_async_issue_pending(u->chans[DC_PAUSED]);
	u->prepared = dmaengine_prep_dma_memcpy(u->chans[DC_PAUSED], u->unmap->addr[1],
						u->unmap->addr[0], 64, 0);
	if (!u->prepared)
		return dc_fail(t, "prep refused");

	pr_info("netdma_dmaengine_client: # ready for unbind\n");
	if (dc_unbind_busy(t, u, ops))
		return -EIO;
	pr_info("netdma_dmaengine_client: # unbound after %u copies\n", u->done);

	for (i = 0; i < DC_BUSY; i++)
		if (ops[i].txd && dc_unbind_outcome(t, u->chans[DC_RUNS], &ops[i], true))
			return -EIO;
	for (i = 0; i < 2 * DC_WAITING; i++)
		if (dc_unbind_outcome(t, u->chans[i < DC_WAITING ? DC_PAUSED : DC_NOT_ISSUED],
				      &waiting[i], false))
			return -EIO;
	if (!dma_submit_error(dmaengine_submit(u->prepared)))
		return dc_fail(t, "submit succeeds without a device");
	for (i = 0; i < DC_CHANNELS; i++)
		if (dc_unbind_shell(t, u->chans[i], i))
			return -EIO;
	return dc_no_callbacks(t, 500);
}

/*
 * Every pending copy gets its callback, with an error if it was not executed;
 * later calls answer errors, and channels are released later.
 */
static int dc_unbind(struct dc_test *t)
{
	struct dc_op *ops = dc_ops(t, DC_BUSY + 2 * DC_WAITING);
	struct dc_unbind u = { };
	unsigned int i;
	int err;

	err = ops ? dc_unbind_run(t, &u, ops) : -EIO;

	for (i = 1; i < DC_CHANNELS; i++) {
		if (!u.chans[i])
			continue;
		dmaengine_terminate_sync(u.chans[i]);
		dma_release_channel(u.chans[i]);
	}
	dmaengine_terminate_sync(t->chan);
	if (u.unmap)
		dmaengine_unmap_put(u.unmap);
	for (i = 0; i < 2; i++)
		if (u.pages[i])
			__free_pages(u.pages[i], DC_ORDER);
	return err;
}

const struct dc_case dc_unbind_cases[] = {
	{ "unbind", "the device goes, the client stays", dc_unbind,
	  DC_NEEDS_REQUEST | DC_NEEDS_ROOM },
	{ }
};
