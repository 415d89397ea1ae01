// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: the counted descriptor ring and its completion word
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>

#include "netdma.h"

/* The word has a cache line of its own: the engine writes it all the time. */
#define NETDMA_COMPLETION_SIZE	64

/**
 * netdma_ring_alloc() - allocate a ring and link its descriptors
 * @ring: the ring
 * @dev: the engine's device
 * @size: number of slots, a power of two
 *
 * The links are written here and never again: the successor of every
 * descriptor is final when it is submitted (R-CH2-1, R-CH2-4).
 *
 * Context: May sleep.
 * Return: 0, or -ENOMEM.
 */
int netdma_ring_alloc(struct netdma_ring *ring, struct device *dev, u32 size)
{
	u32 i;

	memset(ring, 0, sizeof(*ring));
	ring->mask = size - 1;
	ring->desc = dma_alloc_coherent(dev, size * sizeof(*ring->desc), &ring->dma,
					GFP_KERNEL);
	if (!ring->desc)
		return -ENOMEM;

	ring->completion = dma_alloc_coherent(dev, NETDMA_COMPLETION_SIZE,
					      &ring->completion_dma, GFP_KERNEL);
	if (!ring->completion) {
		dma_free_coherent(dev, size * sizeof(*ring->desc), ring->desc, ring->dma);
		ring->desc = NULL;
		return -ENOMEM;
	}

	for (i = 0; i < size; i++)
		ring->desc[i].next = cpu_to_le64(netdma_ring_addr(ring, i + 1));

	return 0;
}

/**
 * netdma_ring_free() - undo netdma_ring_alloc()
 * @ring: the ring, which the engine must not use any more (R-RESET-3)
 * @dev: the engine's device
 *
 * Context: May sleep.
 */
void netdma_ring_free(struct netdma_ring *ring, struct device *dev)
{
	dma_free_coherent(dev, NETDMA_COMPLETION_SIZE, ring->completion,
			  ring->completion_dma);
	dma_free_coherent(dev, (ring->mask + 1) * sizeof(*ring->desc), ring->desc,
			  ring->dma);
	ring->desc = NULL;
	ring->completion = NULL;
}

/**
 * netdma_ring_prime() - make the completion word say that nothing is complete
 * @ring: the ring of a stopped channel
 *
 * Context: The channel's reap_lock.
 */
void netdma_ring_prime(struct netdma_ring *ring)
{
	ring->word = 0;
	WRITE_ONCE(*ring->completion, 0);
}

/**
 * netdma_ring_update() - see how far the engine has come
 * @ring: the ring
 *
 * The word comes from the device, so it is believed only as far as it can be
 * true: an aligned address inside the ring, of a descriptor that was posted
 * and not yet known to be done. A word that names the last descriptor known to
 * be done, or none, is an old one.
 *
 * Context: The channel's reap_lock.
 * Return: 1 if there is progress, 0 if not, -EIO if the word cannot be true.
 */
int netdma_ring_update(struct netdma_ring *ring)
{
	u64 word = le64_to_cpu(READ_ONCE(*ring->completion));
	u32 ahead, posted;
	u64 offset;

	if (word == ring->word)
		return 0;
	ring->word = word;

	word &= NETDMA_WORD_ADDRESS;
	if (!word)
		return 0;

	offset = word - ring->dma;
	if (offset > ring->mask * sizeof(*ring->desc) || offset % sizeof(*ring->desc))
		return -EIO;

	/* What the word names was posted before: look at the index only now. */
	dma_rmb();
	posted = READ_ONCE(ring->posted);

	ahead = (offset / sizeof(*ring->desc) - ring->done) & ring->mask;
	if (ahead < posted - ring->done) {
		ring->done += ahead + 1;
		return 1;
	}

	return ahead == ring->mask ? 0 : -EIO;
}
