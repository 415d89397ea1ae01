// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider for Intel QuickData engines: self test at probe
 *
 * A channel that does not copy, or does not interrupt, is found here and not by
 * a client. What the capability register promises beyond copies is offered only
 * if the result is right to the bit.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/random.h>
#include <linux/string.h>

#include "quickdata.h"
#include "registers.h"

#define QUICKDATA_TEST_MS	1000
#define QUICKDATA_TEST_PAGE	SZ_4K

/**
 * struct quickdata_test - memory of the self test, all of it coherent
 * @src: two pages
 * @dst: two pages
 * @desc: the descriptor, linked to itself
 * @completion: the completion word, in a cache line of its own
 */
struct quickdata_test {
	u8 src[2][QUICKDATA_TEST_PAGE];
	u8 dst[2][QUICKDATA_TEST_PAGE];
	struct netdma_descriptor desc;
	__le64 completion;
};

/*
 * Execute one descriptor, and wait for its interrupt if it asks for one. The
 * engine is reset afterwards, whatever happens, and not before: arming the
 * channel takes back an interrupt that a shared handler has not seen yet.
 */
static int quickdata_test_run(struct quickdata_channel *qc, struct quickdata_test *test,
			      dma_addr_t dma, const struct netdma_descriptor *desc)
{
	dma_addr_t desc_dma = dma + offsetof(struct quickdata_test, desc);
	bool interrupt = desc->control & cpu_to_le32(NETDMA_DESC_INTERRUPT);
	unsigned int interrupts = READ_ONCE(qc->interrupts);
	unsigned int tries = QUICKDATA_TEST_MS;
	int err, reset;
	u64 word;

	test->desc = *desc;
	test->desc.next = cpu_to_le64(desc_dma);
	WRITE_ONCE(test->completion, 0);
	memset(test->dst, 0, sizeof(test->dst));

	err = quickdata_start(qc, &test->desc, desc_dma, 1);
	if (err)
		return err;

	do {
		usleep_range(100, 1000);
		word = le64_to_cpu(READ_ONCE(test->completion));
	} while (!word && --tries);

	if (!word)
		err = -ETIMEDOUT;
	else if (word != (desc_dma | NETDMA_STATUS_IDLE))
		err = -EIO;

	/* The word comes before the interrupt, so that may be on its way still. */
	while (interrupt && !err && READ_ONCE(qc->interrupts) == interrupts) {
		if (!tries--)
			err = -ENOLINK;
		else
			usleep_range(100, 1000);
	}

	reset = quickdata_reset_channel(qc);
	return err ?: reset;
}

static int quickdata_test_copy(struct quickdata_channel *qc, struct quickdata_test *test,
			       dma_addr_t dma)
{
	const struct netdma_descriptor desc = {
		.size = cpu_to_le32(QUICKDATA_TEST_PAGE),
		.control = cpu_to_le32(NETDMA_DESC_STATUS | NETDMA_DESC_INTERRUPT),
		.src = cpu_to_le64(dma + offsetof(struct quickdata_test, src)),
		.dst = cpu_to_le64(dma + offsetof(struct quickdata_test, dst)),
	};
	int err;

	err = quickdata_test_run(qc, test, dma, &desc);
	if (err)
		return err;

	if (memcmp(test->dst[0], test->src[0], QUICKDATA_TEST_PAGE) ||
	    memchr_inv(test->dst[1], 0, QUICKDATA_TEST_PAGE))
		return -EILSEQ;
	return 0;
}

/* 8 KiB from two pages to two pages, each pair in the order 1, 0 */
static int quickdata_test_page_break(struct quickdata_channel *qc,
				     struct quickdata_test *test, dma_addr_t dma)
{
	const struct netdma_descriptor desc = {
		.size = cpu_to_le32(2 * QUICKDATA_TEST_PAGE),
		.control = cpu_to_le32(NETDMA_DESC_STATUS | NETDMA_DESC_SRC_BREAK |
				       NETDMA_DESC_DST_BREAK),
		.src = cpu_to_le64(dma + offsetof(struct quickdata_test, src[1])),
		.next_src = cpu_to_le64(dma + offsetof(struct quickdata_test, src[0])),
		.dst = cpu_to_le64(dma + offsetof(struct quickdata_test, dst[1])),
		.next_dst = cpu_to_le64(dma + offsetof(struct quickdata_test, dst[0])),
	};
	int err;

	err = quickdata_test_run(qc, test, dma, &desc);
	if (err)
		return err;
	return memcmp(test->dst, test->src, sizeof(test->src)) ? -EILSEQ : 0;
}

/* A length that ends within the pattern */
static int quickdata_test_fill(struct quickdata_channel *qc, struct quickdata_test *test,
			       dma_addr_t dma)
{
	const u8 pattern[8] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
	const unsigned int len = QUICKDATA_TEST_PAGE / 2 + 5;
	struct netdma_descriptor desc = {
		.size = cpu_to_le32(len),
		.control = cpu_to_le32(NETDMA_DESC_STATUS |
				       FIELD_PREP(NETDMA_DESC_OP, NETDMA_OP_FILL)),
		.dst = cpu_to_le64(dma + offsetof(struct quickdata_test, dst)),
	};
	unsigned int i;
	int err;

	memcpy(&desc.src, pattern, sizeof(pattern));
	err = quickdata_test_run(qc, test, dma, &desc);
	if (err)
		return err;

	for (i = 0; i < len; i++)
		if (test->dst[0][i] != pattern[i % sizeof(pattern)])
			return -EILSEQ;
	return memchr_inv(&test->dst[0][len], 0, QUICKDATA_TEST_PAGE - len) ? -EILSEQ : 0;
}

static int quickdata_test_channel(struct quickdata_channel *qc, struct quickdata_test *test,
				  dma_addr_t dma, u32 *flags)
{
	struct netdma_channel_parameters parameters = {
		.completion = &test->completion,
		.completion_dma = dma + offsetof(struct quickdata_test, completion),
		.channel = qc->id,
	};
	struct device *dev = &qc->qd->pdev->dev;
	void *context;
	int err;

	err = quickdata_allocate_channel(qc->qd, &parameters, NULL, &context);
	if (err)
		return err;

	err = quickdata_test_copy(qc, test, dma);
	if (err) {
		dev_err(dev, "channel %u: self test failed: %s (%d)\n", qc->id,
			err == -ENOLINK ? "no interrupt" : "no copy", err);
		goto free;
	}

	if (*flags & NETDMA_PROVIDER_FILL) {
		err = quickdata_test_fill(qc, test, dma);
		if (err) {
			dev_warn(dev, "channel %u: fill does not work: %d\n", qc->id, err);
			*flags &= ~NETDMA_PROVIDER_FILL;
		}
	}
	if (*flags & NETDMA_PROVIDER_PAGE_BREAK) {
		err = quickdata_test_page_break(qc, test, dma);
		if (err) {
			dev_warn(dev, "channel %u: page break does not work: %d\n", qc->id, err);
			*flags &= ~NETDMA_PROVIDER_PAGE_BREAK;
		}
	}
	/* Right results are not enough: it has to stop as well. */
	err = READ_ONCE(qc->qd->dead) ? -EIO : 0;
free:
	quickdata_free_channel(context);
	return err;
}

/**
 * quickdata_selftest() - see what every channel can do
 * @qd: the function, with interrupts enabled and no channel in use
 * @flags: set to the NETDMA_PROVIDER_* that work on all channels
 *
 * Context: May sleep; every wait is bounded.
 * Return: 0, -ENOMEM, or why a channel does not copy.
 */
int quickdata_selftest(struct quickdata *qd, u32 *flags)
{
	struct device *dev = &qd->pdev->dev;
	struct quickdata_test *test;
	dma_addr_t dma;
	unsigned int i;
	int err = 0;

	test = dma_alloc_coherent(dev, sizeof(*test), &dma, GFP_KERNEL);
	if (!test)
		return -ENOMEM;
	get_random_bytes(test->src, sizeof(test->src));

	*flags = 0;
	if (qd->caps & QUICKDATA_CAP_FILL)
		*flags |= NETDMA_PROVIDER_FILL;
	if (qd->caps & QUICKDATA_CAP_PAGE_BREAK)
		*flags |= NETDMA_PROVIDER_PAGE_BREAK;

	for (i = 0; i < qd->num_channels && !err; i++)
		err = quickdata_test_channel(&qd->channels[i], test, dma, flags);

	dma_free_coherent(dev, sizeof(*test), test, dma);
	return err;
}
