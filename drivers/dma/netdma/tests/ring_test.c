// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descriptor ring and its completion word
 *
 * The ring's source is compiled into this module: its functions are not
 * exported, and need nothing else of the core.
 *
 * "R-..." names a rule of the NetDMA interface specification.
 */
#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

/* The memory of a ring: bytes allocated, and which allocation from now on is to fail */
static size_t ring_test_allocated;
static unsigned int ring_test_failing;

static void *ring_test_alloc(struct device *dev, size_t size, dma_addr_t *dma, gfp_t gfp)
{
	void *memory;

	if (ring_test_failing && !--ring_test_failing)
		return NULL;
	memory = kzalloc(size, gfp);
	if (memory)
		ring_test_allocated += size;
	*dma = (uintptr_t)memory;
	return memory;
}

static void ring_test_free(struct device *dev, size_t size, void *memory, dma_addr_t dma)
{
	ring_test_allocated -= size;
	kfree(memory);
}

/* Only its address matters. */
static struct device *ring_test_device = (struct device *)&ring_test_allocated;

#undef dma_alloc_coherent
#undef dma_free_coherent
#define dma_alloc_coherent	ring_test_alloc
#define dma_free_coherent	ring_test_free

/* Built in, both copies are in the same kernel. */
#define netdma_ring_alloc	ring_test_ring_alloc
#define netdma_ring_free	ring_test_ring_free
#define netdma_ring_prime	ring_test_ring_prime
#define netdma_ring_publish_terminated	ring_test_ring_publish_terminated
#define netdma_ring_update	ring_test_ring_update

#include "../ring.c"

#define RING_DMA	0x123456789000ULL

static int ring_test_alloc_ring(struct netdma_ring *ring)
{
	return netdma_ring_alloc(ring, ring_test_device, 1024, false);
}

/* A ring without a device; its words come from the test. */
struct ring_test {
	struct netdma_ring ring;
	__le64 word;
};

static struct netdma_ring *ring_test_create(struct kunit *test, u32 size)
{
	struct ring_test *rt = test->priv;
	struct netdma_ring *ring = &rt->ring;

	memset(rt, 0, sizeof(*rt));
	ring->desc = kunit_kzalloc(test, size * sizeof(*ring->desc), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring->desc);
	ring->dma = RING_DMA;
	ring->mask = size - 1;
	ring->completion = &rt->word;
	return ring;
}

/* Fill and post @count descriptors. */
static void ring_test_post(struct netdma_ring *ring, u32 count)
{
	while (count--)
		netdma_ring_fill(ring, 64, NETDMA_DESC_STATUS, 0, 0);
	ring->issued = ring->head;
	ring->posted = ring->head;
}

static int ring_test_word(struct kunit *test, u64 word)
{
	struct ring_test *rt = test->priv;

	rt->word = cpu_to_le64(word);
	return netdma_ring_update(&rt->ring);
}

static int ring_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct ring_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* --- layout --------------------------------------------------------------- */

/* R-DESC-1: slots are 64 bytes apart, and slot n + size is slot n again. */
static void ring_slots_are_a_ring(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	KUNIT_EXPECT_EQ(test, netdma_ring_addr(ring, 0), RING_DMA);
	KUNIT_EXPECT_EQ(test, netdma_ring_addr(ring, 15), RING_DMA + 15 * 64);
	KUNIT_EXPECT_EQ(test, netdma_ring_addr(ring, 16), RING_DMA);
	KUNIT_EXPECT_EQ(test, netdma_ring_addr(ring, U32_MAX), RING_DMA + 15 * 64);
	KUNIT_EXPECT_PTR_EQ(test, netdma_ring_slot(ring, 17), &ring->desc[1]);
}

/* The bytes are those of section 5.1. R-CH2-4: the link is final, filling leaves it alone. */
static void ring_fill_writes_the_descriptor(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);
	const u8 *bytes = (u8 *)&ring->desc[0];

	ring->desc[0].next = cpu_to_le64(0x1122334455667788);
	netdma_ring_fill(ring, 0x01020304, 0x05060708, 0x1112131415161718, 0x2122232425262728);

	KUNIT_EXPECT_EQ(test, ring->head, 1);
	KUNIT_EXPECT_EQ(test, bytes[0x00], 0x04);
	KUNIT_EXPECT_EQ(test, bytes[0x04], 0x08);
	KUNIT_EXPECT_EQ(test, bytes[0x08], 0x18);
	KUNIT_EXPECT_EQ(test, bytes[0x10], 0x28);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(ring->desc[0].next), 0x1122334455667788);
}

/*
 * R-DESC-3: all 64 bytes are spoken for, as section 5.1 says: no status is among them,
 * and no size of a page.
 */
static void ring_descriptor_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, size), 0x00);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, control), 0x04);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, src), 0x08);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, dst), 0x10);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, next), 0x18);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, next_src), 0x20);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, next_dst), 0x28);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, user1), 0x30);
	KUNIT_EXPECT_EQ(test, offsetof(struct netdma_descriptor, user2), 0x38);
	KUNIT_EXPECT_EQ(test, sizeof(struct netdma_descriptor), 0x40);
}

/* The head runs freely; the slot is the index modulo the size. */
static void ring_fill_wraps(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring->head = U32_MAX;
	netdma_ring_fill(ring, 1, 0, 0, 0);
	netdma_ring_fill(ring, 2, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, ring->head, 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ring->desc[15].size), 1);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ring->desc[0].size), 2);
}

/* --- words that can be true ----------------------------------------------- */

/* A word that has not changed is no progress. */
static void ring_update_without_news(struct kunit *test)
{
	ring_test_post(ring_test_create(test, 16), 1);

	KUNIT_EXPECT_EQ(test, ring_test_word(test, 0), 0);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA), 1);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA), 0);
}

/* R-CW-2: a word speaks for all descriptors before the one that it names. */
static void ring_update_speaks_for_earlier_ones(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 10);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 3 * 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 4);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 9 * 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 10);
}

/* Section 5.3: the status changes nothing about which descriptor is done. */
static void ring_update_with_each_status(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);
	u32 status;

	ring_test_post(ring, 8);
	for (status = 0; status < 8; status++) {
		KUNIT_EXPECT_EQ(test, ring_test_word(test, (RING_DMA + status * 64) | status), 1);
		KUNIT_EXPECT_EQ(test, ring->done, status + 1);
	}
}

/* Section 5.4: bits 5 to 3 mean nothing. */
static void ring_update_ignores_free_bits(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 2);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA | 0x38), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 1);
}

/* A status alone, as after a start or a halt, names no descriptor. */
static void ring_update_without_address(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);
	u32 status;

	ring_test_post(ring, 2);
	for (status = 1; status < 64; status++)
		KUNIT_EXPECT_EQ(test, ring_test_word(test, status), 0);
	KUNIT_EXPECT_EQ(test, ring->done, 0);
}

/* The same descriptor with another status: it is known to be done already. */
static void ring_update_with_old_descriptor(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 3);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 64), 1);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, (RING_DMA + 64) | NETDMA_STATUS_HALTED), 0);
	KUNIT_EXPECT_EQ(test, ring->done, 2);
}

/* All slots but one can be outstanding, and done with one word. */
static void ring_update_of_full_ring(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 15);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 14 * 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 15);
}

/* Across the end of the ring */
static void ring_update_wraps(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 12);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 11 * 64), 1);
	ring_test_post(ring, 15);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 15 * 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 16);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 17);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 10 * 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 27);
}

/* Indices run over 2^32. */
static void ring_update_wraps_indices(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring->done = U32_MAX - 2;
	ring->head = U32_MAX - 2;
	ring_test_post(ring, 6);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, netdma_ring_addr(ring, 1)), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 2);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, netdma_ring_addr(ring, 2)), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 3);
}

/* The smallest and the largest ring, each around several times, with each step */
static void ring_update_goes_around(struct kunit *test)
{
	static const u32 sizes[] = { NETDMA_RING_MIN, NETDMA_RING_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct netdma_ring *ring = ring_test_create(test, sizes[i]);
		dma_addr_t last;
		u32 step = 1;

		while (ring->head < 5 * sizes[i]) {
			ring_test_post(ring, step);
			last = netdma_ring_addr(ring, ring->head - 1);
			KUNIT_ASSERT_EQ(test, ring_test_word(test, last), 1);
			KUNIT_ASSERT_EQ(test, ring->done, ring->head);
			step = step % (sizes[i] - 1) + 1;
		}
	}
}

/* --- words that cannot be true --------------------------------------------- */

struct ring_bogus {
	const char *what;
	u64 word;
};

/* With 16 slots, descriptors 2 to 4 outstanding */
static const struct ring_bogus ring_bogus_words[] = {
	{ "all ones", ~0ULL },
	{ "far below the ring", 64 },
	{ "just below the ring", RING_DMA - 64 },
	{ "just above the ring", RING_DMA + 16 * 64 },
	{ "the completion word itself", RING_DMA + 16 * 64 + NETDMA_STATUS_IDLE },
	{ "far above the ring", RING_DMA + (1ULL << 32) },
	{ "another ring, the same offset", RING_DMA + (1ULL << 48) + 2 * 64 },
	{ "only the low half right", (RING_DMA & U32_MAX) + 2 * 64 },
	{ "only the high half right", (RING_DMA >> 32 << 32) },
	{ "completed long ago", RING_DMA },
	{ "not posted yet", RING_DMA + 5 * 64 },
	{ "the last slot, not posted", RING_DMA + 15 * 64 },
};

static void ring_bogus_describe(const struct ring_bogus *bogus, char *text)
{
	strscpy(text, bogus->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ring_bogus, ring_bogus_words, ring_bogus_describe);

/* The word is the device's: what cannot be true is refused and changes nothing. */
static void ring_update_refuses(struct kunit *test)
{
	const struct ring_bogus *bogus = test->param_value;
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 5);
	KUNIT_ASSERT_EQ(test, ring_test_word(test, RING_DMA + 64), 1);
	KUNIT_ASSERT_EQ(test, ring->done, 2);

	KUNIT_EXPECT_EQ(test, ring_test_word(test, bogus->word), -EIO);
	KUNIT_EXPECT_EQ(test, ring->done, 2);
	/* Once, not for ever */
	KUNIT_EXPECT_EQ(test, ring_test_word(test, bogus->word), 0);
	/* The next true word is believed. */
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 4 * 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 5);
}

/* Just above the ring, where it would be the first slot again if the ring went on */
static void ring_update_refuses_alias(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 5);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 16 * 64), -EIO);
	KUNIT_EXPECT_EQ(test, ring->done, 0);
}

/* With nothing outstanding no word is progress. */
static void ring_update_of_idle_ring(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);
	u32 i;

	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_LE(test, ring_test_word(test, netdma_ring_addr(ring, i)), 0);
	KUNIT_EXPECT_EQ(test, ring->done, 0);
}

/* What is filled but not posted cannot be done. */
static void ring_update_believes_posted_only(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 4);
	ring->posted = 2;
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 2 * 64), -EIO);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA + 64), 1);
	KUNIT_EXPECT_EQ(test, ring->done, 2);
}

/* --- priming -------------------------------------------------------------- */

/* R-CW-3: the core clears the word, and what was last seen in it is news again. */
static void ring_prime_forgets(struct kunit *test)
{
	struct netdma_ring *ring = ring_test_create(test, 16);

	ring_test_post(ring, 1);
	KUNIT_ASSERT_EQ(test, ring_test_word(test, RING_DMA), 1);
	netdma_ring_prime(ring);
	KUNIT_EXPECT_EQ(test, *ring->completion, 0);

	ring->done = 16;
	ring->head = 16;
	ring_test_post(ring, 1);
	KUNIT_EXPECT_EQ(test, ring_test_word(test, RING_DMA), 1);
}

/* --- memory --------------------------------------------------------------- */

/* Everything that was allocated is given back, with its size. */
static void ring_alloc_and_free(struct kunit *test)
{
	struct ring_test *rt = test->priv;

	ring_test_failing = 0;
	KUNIT_ASSERT_EQ(test, ring_test_alloc_ring(&rt->ring), 0);
	KUNIT_EXPECT_EQ(test, ring_test_allocated, 1024 * 64 + 64);
	KUNIT_EXPECT_EQ(test, *rt->ring.completion, 0);
	netdma_ring_free(&rt->ring, ring_test_device);
	KUNIT_EXPECT_EQ(test, ring_test_allocated, 0);
}

/* Either allocation can fail, and the other one is undone. */
static void ring_alloc_without_memory(struct kunit *test)
{
	struct ring_test *rt = test->priv;
	unsigned int n;

	for (n = 1; n <= 2; n++) {
		ring_test_failing = n;
		KUNIT_EXPECT_EQ(test, ring_test_alloc_ring(&rt->ring), -ENOMEM);
		KUNIT_EXPECT_EQ(test, ring_test_failing, 0);
		KUNIT_EXPECT_EQ(test, ring_test_allocated, 0);
		KUNIT_EXPECT_NULL(test, rt->ring.desc);
	}
}

static struct kunit_case ring_test_cases[] = {
	KUNIT_CASE(ring_slots_are_a_ring),
	KUNIT_CASE(ring_fill_writes_the_descriptor),
	KUNIT_CASE(ring_descriptor_layout),
	KUNIT_CASE(ring_fill_wraps),
	KUNIT_CASE(ring_update_without_news),
	KUNIT_CASE(ring_update_speaks_for_earlier_ones),
	KUNIT_CASE(ring_update_with_each_status),
	KUNIT_CASE(ring_update_ignores_free_bits),
	KUNIT_CASE(ring_update_without_address),
	KUNIT_CASE(ring_update_with_old_descriptor),
	KUNIT_CASE(ring_update_of_full_ring),
	KUNIT_CASE(ring_update_wraps),
	KUNIT_CASE(ring_update_wraps_indices),
	KUNIT_CASE(ring_update_goes_around),
	KUNIT_CASE_PARAM(ring_update_refuses, ring_bogus_gen_params),
	KUNIT_CASE(ring_update_refuses_alias),
	KUNIT_CASE(ring_update_of_idle_ring),
	KUNIT_CASE(ring_update_believes_posted_only),
	KUNIT_CASE(ring_prime_forgets),
	KUNIT_CASE(ring_alloc_and_free),
	KUNIT_CASE(ring_alloc_without_memory),
	{ }
};

static struct kunit_suite ring_test_suite = {
	.name = "netdma_ring",
	.init = ring_test_init,
	.test_cases = ring_test_cases,
};

kunit_test_suite(ring_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for the NetDMA descriptor ring");
MODULE_LICENSE("GPL");
