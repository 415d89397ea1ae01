// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA core: the descriptor ring and its completion word
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "netdma.h"

/* The word has a cache line of its own: the engine writes it all the time. */
#define NETDMA_COMPLETION_SIZE	64

/* Memory for an engine that takes physical addresses is not mapped for it. */
static void *netdma_ring_get(struct device *dev, size_t size, dma_addr_t *dma)
{
	void *memory;

	if (dev)
		return dma_alloc_coherent(dev, size, dma, GFP_KERNEL);

	memory = kzalloc(size, GFP_KERNEL);
	if (memory)
		*dma = virt_to_phys(memory);
	return memory;
}

static void netdma_ring_put(struct device *dev, size_t size, void *memory, dma_addr_t dma)
{
	if (dev)
		dma_free_coherent(dev, size, memory, dma);
	else
		kfree(memory);
}

/**
 * netdma_ring_alloc() - allocate a ring and link its descriptors
 * @ring: the ring
 * @dev: the device that reads it, NULL if it takes physical addresses
 * @size: number of slots, a power of two
 * @terminated: for a provider of version 1.x
 *
 * In counted chains the links are written here and never again: the successor
 * of every descriptor is final when it is submitted (R-CH2-1, R-CH2-4).
 *
 * Context: May sleep.
 * Return: 0, or -ENOMEM.
 */
int netdma_ring_alloc(struct netdma_ring *ring, struct device *dev, u32 size,
		      bool terminated)
{
	u32 i;

	memset(ring, 0, sizeof(*ring));
	ring->mask = size - 1;
	ring->terminated = terminated;
	ring->desc = netdma_ring_get(dev, size * sizeof(*ring->desc), &ring->dma);
	if (!ring->desc)
		return -ENOMEM;

	ring->completion = netdma_ring_get(dev, NETDMA_COMPLETION_SIZE,
					   &ring->completion_dma);
	if (!ring->completion) {
		netdma_ring_put(dev, size * sizeof(*ring->desc), ring->desc, ring->dma);
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
 * @dev: as for the allocation
 *
 * Context: May sleep.
 */
void netdma_ring_free(struct netdma_ring *ring, struct device *dev)
{
	netdma_ring_put(dev, NETDMA_COMPLETION_SIZE, ring->completion,
			ring->completion_dma);
	netdma_ring_put(dev, (ring->mask + 1) * sizeof(*ring->desc), ring->desc,
			ring->dma);
	ring->desc = NULL;
	ring->completion = NULL;
}

/**
 * netdma_ring_prime() - make ready for a start that follows what is done
 * @ring: the ring of a stopped channel
 *
 * The completion word says that nothing is complete, and nothing is posted.
 *
 * Context: Both locks of the channel.
 */
void netdma_ring_prime(struct netdma_ring *ring)
{
	ring->word = 0;
	WRITE_ONCE(*ring->completion, 0);

	/* The end of the old list may be in the middle of the next one. */
	if (ring->terminated)
		netdma_ring_slot(ring, ring->posted - 1)->next =
			cpu_to_le64(netdma_ring_addr(ring, ring->posted));
	ring->posted = ring->done;
}

/**
 * netdma_ring_publish_terminated() - post what is issued, in a terminated chain
 * @ring: the ring of a provider of version 1.x
 *
 * The new list gets its end, and the old one leads to it (R-CH1-1, R-CH1-3,
 * R-APP-2). An engine that has not come to the old end needs nothing more, so
 * it may be past the new one before it is told: what it does is posted by then.
 *
 * Context: The channel's lock.
 */
void netdma_ring_publish_terminated(struct netdma_ring *ring)
{
	u32 first = ring->posted;

	if (first == ring->issued)
		return;

	WRITE_ONCE(netdma_ring_slot(ring, ring->issued - 1)->next, 0);
	WRITE_ONCE(ring->posted, ring->issued);
	/* The descriptors, their end, and the index before the way to them */
	dma_wmb();
	WRITE_ONCE(netdma_ring_slot(ring, first - 1)->next,
		   cpu_to_le64(netdma_ring_addr(ring, first)));
}
