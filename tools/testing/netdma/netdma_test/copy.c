// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: the calls that copy, the memory that they copy, and its comparison
 */
#include <linux/cache.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "netdma_test.h"

static const struct nt_parameters *nt_parameters_of(const struct nt_copy *copy)
{
	return &copy->thread->chan->provider->parameters;
}

/* --- memory --------------------------------------------------------------- */

static void *nt_allocate(const struct nt_copy *copy, bool linear)
{
	size_t size = nt_parameters_of(copy)->test_buf_size;

	/* One folio, for copies of pages go no further */
	if (linear)
		return (void *)__get_free_pages(GFP_KERNEL | __GFP_COMP, get_order(size));
	return vmalloc(size);
}

/* Two buffers; no byte of the source is that of the destination. */
static int nt_memory_init(struct nt_memory *memory, struct nt_copy *copy, bool linear)
{
	size_t i, size = nt_parameters_of(copy)->test_buf_size;

	memory->dst = nt_allocate(copy, linear);
	memory->src = nt_allocate(copy, linear);
	if (!memory->dst || !memory->src)
		return -ENOMEM;
	memset(memory->dst, NT_POISON, size);
	prandom_bytes_state(&copy->thread->rnd, memory->src, size);
	for (i = 0; i < size; i++)
		memory->src[i] |= 0x80;
	return 0;
}

/**
 * nt_copy_init() - memory for a call
 * @copy: the call, zeroed
 * @thread: whose it is
 *
 * Return: 0 or -ENOMEM.
 */
int nt_copy_init(struct nt_copy *copy, struct nt_thread *thread)
{
	int err;

	copy->thread = thread;
	err = nt_memory_init(&copy->linear, copy, true);
	if (!err && nt_parameters_of(copy)->mode & BIT(NT_VMALLOC))
		err = nt_memory_init(&copy->vmalloc, copy, false);
	if (err)
		nt_copy_exit(copy);
	return err;
}

void nt_copy_exit(struct nt_copy *copy)
{
	unsigned int order = get_order(nt_parameters_of(copy)->test_buf_size);

	free_pages((unsigned long)copy->linear.dst, order);
	free_pages((unsigned long)copy->linear.src, order);
	vfree(copy->vmalloc.dst);
	vfree(copy->vmalloc.src);
}

/* --- what to copy --------------------------------------------------------- */

/*
 * Each piece has a region of the destination of its own, and goes somewhere into
 * it. One time in eight all regions are filled: whole pages are cases of their own.
 * The pieces of a list are mapped one by one, each in cache lines of its own.
 */
static void nt_plan_pieces(struct nt_copy *copy)
{
	const struct nt_parameters *parameters = nt_parameters_of(copy);
	unsigned int region = parameters->test_buf_size / copy->n;
	struct rnd_state *rnd = &copy->thread->rnd;
	unsigned int i, shift;
	bool whole;

	if (copy->kind == NT_SG && copy->n > 1)
		region = round_down(region, L1_CACHE_BYTES);
	whole = parameters->norandom || !nt_roll(rnd, 8);
	shift = nt_roll(rnd, copy->n);
	for (i = 0; i < copy->n; i++) {
		struct nt_piece *piece = &copy->pieces[i];

		piece->len = whole ? region : 1 + nt_roll(rnd, region);
		piece->dst = i * region + nt_roll(rnd, region - piece->len + 1);
		piece->src = (i + shift) % copy->n * region +
			     nt_roll(rnd, region - piece->len + 1);
		piece->done = true;
	}
}

/* How many pieces: in a list often pages, which the interface may join. */
static unsigned int nt_plan_number(struct nt_copy *copy)
{
	const struct nt_parameters *parameters = nt_parameters_of(copy);
	unsigned int pages = parameters->test_buf_size / PAGE_SIZE;
	unsigned int most = copy->thread->chan->max_batch;
	struct rnd_state *rnd = &copy->thread->rnd;

	switch (copy->kind) {
	case NT_NULL:
		return 0;
	case NT_SG:
		if (pages && pages <= most && nt_roll(rnd, 2))
			return pages;
		most = clamp_t(unsigned int, parameters->test_buf_size / L1_CACHE_BYTES, 1, most);
		fallthrough;
	case NT_BATCH:
		/* Not more than are left to do */
		if (parameters->iterations)
			most = min_t(u64, most,
				     parameters->iterations - copy->thread->counts.queued);
		return 1 + nt_roll(rnd, most);
	default:
		return 1;
	}
}

/**
 * nt_copy_plan() - decide what to copy next
 * @copy: the call
 */
void nt_copy_plan(struct nt_copy *copy)
{
	unsigned long kinds = nt_parameters_of(copy)->mode & NT_COPIES;
	struct rnd_state *rnd = &copy->thread->rnd;

	/* Who maps memory for a device unmaps it before the device goes. */
	if (READ_ONCE(copy->thread->chan->provider->removed))
		kinds = (kinds & ~NT_MAPPED) ?: BIT(NT_NULL);
	copy->kind = nt_pick(rnd, kinds);
	copy->dst = copy->linear.dst;
	copy->src = copy->linear.src;
	if (copy->kind == NT_VMALLOC) {
		copy->dst = copy->vmalloc.dst;
		if (nt_roll(rnd, 2))
			copy->src = copy->vmalloc.src;
	}
	copy->n = nt_plan_number(copy);
	if (copy->n)
		nt_plan_pieces(copy);
}

/* --- mapping, which is the client's for copies of addresses ---------------- */

static int nt_map_single(struct nt_copy *copy, struct device *dev, size_t size)
{
	copy->src_dma = dma_map_single(dev, copy->src, size, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, copy->src_dma))
		return -ENOMEM;
	/* What is not written keeps its poison. */
	copy->dst_dma = dma_map_single(dev, copy->dst, size, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, copy->dst_dma)) {
		dma_unmap_single(dev, copy->src_dma, size, DMA_TO_DEVICE);
		return -ENOMEM;
	}
	return 0;
}

static void nt_set_sg(struct scatterlist *sg, void *addr, unsigned int len)
{
	sg_set_buf(sg, addr, len);
	/* For providers that take physical addresses */
	sg_dma_address(sg) = virt_to_phys(addr);
	sg_dma_len(sg) = len;
}

/* The source is cut once more: entries of the two sides need not correspond. */
static void nt_fill_sg(struct nt_copy *copy)
{
	struct scatterlist *src = copy->src_sg;
	unsigned int i;

	copy->dst_nents = copy->n;
	copy->src_nents = 0;
	sg_init_table(copy->dst_sg, copy->n);
	sg_init_table(copy->src_sg, ARRAY_SIZE(copy->src_sg));
	for (i = 0; i < copy->n; i++) {
		struct nt_piece *piece = &copy->pieces[i];
		unsigned int cut = nt_roll(&copy->thread->rnd, piece->len);

		nt_set_sg(&copy->dst_sg[i], copy->dst + piece->dst, piece->len);
		if (cut)
			nt_set_sg(&src[copy->src_nents++], copy->src + piece->src, cut);
		nt_set_sg(&src[copy->src_nents++], copy->src + piece->src + cut,
			  piece->len - cut);
	}
	sg_mark_end(&src[copy->src_nents - 1]);
}

static int nt_map_sg(struct nt_copy *copy, struct device *dev)
{
	unsigned int entries = copy->src_nents;

	copy->src_nents = dma_map_sg(dev, copy->src_sg, entries, DMA_TO_DEVICE);
	if (!copy->src_nents)
		return -ENOMEM;
	copy->dst_nents = dma_map_sg(dev, copy->dst_sg, copy->n, DMA_BIDIRECTIONAL);
	if (!copy->dst_nents) {
		dma_unmap_sg(dev, copy->src_sg, entries, DMA_TO_DEVICE);
		return -ENOMEM;
	}
	return 0;
}

/**
 * nt_copy_map() - addresses for the device, where the call wants such
 * @copy: the call, planned
 *
 * Return: 0, or -ENOMEM if there is no mapping to be had.
 */
int nt_copy_map(struct nt_copy *copy)
{
	struct device *dev = copy->thread->chan->info.dev;

	switch (copy->kind) {
	case NT_DMA:
	case NT_BATCH:
		if (dev)
			return nt_map_single(copy, dev, nt_parameters_of(copy)->test_buf_size);
		copy->dst_dma = virt_to_phys(copy->dst);
		copy->src_dma = virt_to_phys(copy->src);
		return 0;
	case NT_SG:
		nt_fill_sg(copy);
		return dev ? nt_map_sg(copy, dev) : 0;
	default:
		return 0;
	}
}

void nt_copy_unmap(struct nt_copy *copy)
{
	size_t size = nt_parameters_of(copy)->test_buf_size;
	struct device *dev = copy->thread->chan->info.dev;

	if (!dev)
		return;
	switch (copy->kind) {
	case NT_DMA:
	case NT_BATCH:
		dma_unmap_single(dev, copy->dst_dma, size, DMA_BIDIRECTIONAL);
		dma_unmap_single(dev, copy->src_dma, size, DMA_TO_DEVICE);
		break;
	case NT_SG:
		dma_unmap_sg(dev, copy->dst_sg, copy->n, DMA_BIDIRECTIONAL);
		dma_unmap_sg(dev, copy->src_sg, sg_nents(copy->src_sg), DMA_TO_DEVICE);
		break;
	default:
		break;
	}
}

/* --- calls ---------------------------------------------------------------- */

static netdma_token_t nt_queue_batch(struct nt_copy *copy, u32 flags,
				     const struct netdma_callback *callback)
{
	struct netdma_copy batch[NT_MAX_BATCH];
	unsigned int i;

	for (i = 0; i < copy->n; i++) {
		batch[i].dst = copy->dst_dma + copy->pieces[i].dst;
		batch[i].src = copy->src_dma + copy->pieces[i].src;
		batch[i].len = copy->pieces[i].len;
	}
	return netdma_chain_copy_dma_batch(copy->thread->chan->channel, batch, copy->n, flags,
					   callback);
}

/**
 * nt_copy_queue() - hand it to NetDMA
 * @copy: the call, planned and mapped
 * @flags: NETDMA_COPY_*
 * @callback: or NULL
 *
 * Return: what NetDMA answers.
 */
netdma_token_t nt_copy_queue(struct nt_copy *copy, u32 flags,
			     const struct netdma_callback *callback)
{
	struct netdma_channel *channel = copy->thread->chan->channel;
	const struct nt_piece *piece = &copy->pieces[0];
	u8 *dst = copy->dst + piece->dst;
	u8 *src = copy->src + piece->src;

	switch (copy->kind) {
	case NT_DMA:
		return netdma_chain_copy_dma(channel, copy->dst_dma + piece->dst,
					     copy->src_dma + piece->src, piece->len, flags,
					     callback);
	case NT_BATCH:
		return nt_queue_batch(copy, flags, callback);
	case NT_PAGE:
		return netdma_chain_copy_page(channel, virt_to_page(dst), offset_in_page(dst),
					      virt_to_page(src), offset_in_page(src), piece->len,
					      flags, callback);
	case NT_VIRT:
	case NT_VMALLOC:
		return netdma_chain_copy_virt(channel, dst, src, piece->len, flags, callback);
	case NT_SG:
		return netdma_chain_copy_sg(channel, copy->dst_sg, copy->dst_nents, copy->src_sg,
					    copy->src_nents, flags, callback);
	default:
		return netdma_null_transfer(channel, flags, callback);
	}
}

/* How many tokens the call takes */
unsigned int nt_copy_tokens(const struct nt_copy *copy)
{
	return copy->kind == NT_BATCH ? copy->n : 1;
}

/* --- comparison ----------------------------------------------------------- */

static bool nt_verify_piece(struct nt_copy *copy, const struct nt_piece *piece)
{
	if (!piece->done || !memcmp(copy->dst + piece->dst, copy->src + piece->src, piece->len))
		return true;
	nt_complain(copy->thread->chan, "token %lld: wrong data in %u bytes from %u to %u",
		    copy->last, piece->len, piece->src, piece->dst);
	return false;
}

static bool nt_verify_gap(struct nt_copy *copy, unsigned int from, unsigned int to)
{
	u8 *bad = memchr_inv(copy->dst + from, NT_POISON, to - from);

	if (!bad)
		return true;
	nt_complain(copy->thread->chan, "token %lld: byte %zu was written, outside of the copies",
		    copy->last, (size_t)(bad - copy->dst));
	memset(copy->dst + from, NT_POISON, to - from);
	return false;
}

/**
 * nt_copy_verify() - is what was copied there, and nothing else?
 * @copy: a call that is complete
 *
 * Of pieces that failed or were aborted, any part may have been written. The
 * destination is all poison afterwards.
 *
 * Return: whether it is.
 */
bool nt_copy_verify(struct nt_copy *copy)
{
	unsigned int i, end = 0;
	bool right = true;

	if (nt_parameters_of(copy)->noverify || !copy->n)
		return true;
	for (i = 0; i < copy->n; i++) {
		struct nt_piece *piece = &copy->pieces[i];

		right &= nt_verify_gap(copy, end, piece->dst);
		right &= nt_verify_piece(copy, piece);
		memset(copy->dst + piece->dst, NT_POISON, piece->len);
		end = piece->dst + piece->len;
	}
	return nt_verify_gap(copy, end, nt_parameters_of(copy)->test_buf_size) && right;
}
