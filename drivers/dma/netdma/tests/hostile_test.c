// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver on hardware whose registers and completion words say anything
 *
 * What the engine does is right, what it says need not be. Whatever that is: each copy
 * ends once, as done only if the data is there, and nothing is written after its end;
 * all waits and messages are bounded; and when the hostility ends, so does the trouble.
 *
 * All that is drawn follows from the seed of its round, which is repeated with that seed
 * and rounds=1. Both are parameters of netdma_model: a module's own are not read before
 * its tests have run, up to Linux 6.1.
 */
#include <kunit/test.h>

#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/dmaengine.h>
#include <linux/io.h>
#include <linux/kmsg_dump.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../netdma.h"
#include "model_device.h"

#define HOSTILE_CHANNELS	4
#define HOSTILE_COPIES		32	/* of a channel; a ring has many more places */
#define HOSTILE_SIZE		512
#define HOSTILE_STEPS		200	/* of a round */
#define HOSTILE_PROBES		8	/* of a round */
#define HOSTILE_POISON		0xa5

/* Until the driver has given up what does not get on, copy by copy */
#define HOSTILE_END_MS		60000

/*
 * Registers that one operation may read: two time-outs, of 100 and 200 ms, at a read every
 * 20 us make a reset, and no operation leads to more of them than this.
 */
#define HOSTILE_RESETS		8
#define HOSTILE_ACCESSES	(HOSTILE_RESETS * 300000 / 20)

/* The driver's messages: each kind ten times in 5 s; those of a probe, or another event */
#define HOSTILE_KINDS		8
#define HOSTILE_EVENT_LINES	16

/**
 * struct hostile_copy - a copy
 * @channel: where it is queued
 * @src: where from
 * @dst: where to
 * @len: bytes
 * @queued: it has not ended
 * @called: it ends by a callback; else it is asked
 * @name: token or cookie
 */
struct hostile_copy {
	struct hostile_channel *channel;
	u8 src[HOSTILE_SIZE];
	u8 dst[HOSTILE_SIZE];
	u32 len;
	bool queued;
	bool called;
	s64 name;
};

/**
 * struct hostile_channel - a channel, and what it has to do
 * @test: the test
 * @netdma: the channel of a NetDMA client, or NULL
 * @dma: that of a client of dmaengine, or NULL
 * @copies: what is queued there
 */
struct hostile_channel {
	struct hostile_test *test;
	struct netdma_channel *netdma;
	struct dma_chan *dma;
	struct hostile_copy *copies;
};

/**
 * struct hostile_test - what a round works with
 * @test: the case
 * @random: what is drawn follows from it
 * @model: the function
 * @client: NetDMA client
 * @channels: what is in use
 * @log: how far the kernel's log was read
 * @start: when the round began
 * @register_odds: one register in so many is hostile, 0 for none
 * @word_odds: likewise
 * @register_id: of the model's fault
 * @word_id: likewise
 * @registers: hostile values
 * @words: hostile values
 * @dead: there is nothing to be had of the function as it is
 * @accesses: most registers accessed by one operation
 * @events: bindings, and what else may say more in the log
 * @queued: copies
 * @done: of them
 * @failed: of them
 * @aborted: of them
 * @twice: ends of copies that had ended
 * @wrong: done without the data
 * @late: written after their end
 * @lost: not ended
 */
struct hostile_test {
	struct kunit *test;
	struct rnd_state random;
	struct netdma_model *model;
	struct netdma_client *client;
	struct hostile_channel channels[HOSTILE_CHANNELS];
	struct kmsg_dump_iter log;
	unsigned long start;
	unsigned int register_odds;
	unsigned int word_odds;
	int register_id;
	int word_id;
	u64 registers;
	u64 words;
	bool dead;
	u64 accesses;
	unsigned int events;
	u64 queued;
	u64 done;
	u64 failed;
	u64 aborted;
	u64 twice;
	u64 wrong;
	u64 late;
	u64 lost;
};

static const unsigned int hostile_odds[] = { 1, 2, 3, 5, 10, 100 };

static u32 hostile_draw(struct hostile_test *ht, u32 below)
{
	return prandom_u32_state(&ht->random) % below;
}

static bool hostile_is_bound(struct hostile_test *ht)
{
	return netdma_model_is_bound(ht->model);
}

/* --- copies ----------------------------------------------------------------- */

static void hostile_poison(struct hostile_copy *copy)
{
	memset(copy->dst, HOSTILE_POISON, sizeof(copy->dst));
}

static bool hostile_is_intact(struct hostile_copy *copy)
{
	return !memchr_inv(copy->dst, HOSTILE_POISON, sizeof(copy->dst));
}

/* It has ended; what becomes of its memory from now on is the engine's no more. */
static void hostile_end(struct hostile_copy *copy, enum netdma_copy_status status)
{
	struct hostile_test *ht = copy->channel->test;

	local_bh_disable();
	if (!copy->queued) {
		ht->twice++;
		goto unlock;
	}
	switch (status) {
	case NETDMA_COPY_DONE:
		ht->done++;
		ht->wrong += !!memcmp(copy->dst, copy->src, copy->len);
		break;
	case NETDMA_COPY_ABORTED:
		ht->aborted++;
		break;
	default:
		ht->failed++;
	}
	hostile_poison(copy);
	copy->queued = false;
unlock:
	local_bh_enable();
}

static void hostile_netdma_end(void *context, netdma_token_t token, enum netdma_copy_status status)
{
	hostile_end(context, status);
}

static void hostile_dma_end(void *context, const struct dmaengine_result *result)
{
	hostile_end(context, result->result == DMA_TRANS_NOERROR ? NETDMA_COPY_DONE :
								   NETDMA_COPY_FAILED);
}

static s64 hostile_submit_netdma(struct hostile_copy *copy)
{
	const struct netdma_callback callback = { hostile_netdma_end, copy };
	struct hostile_test *ht = copy->channel->test;

	return netdma_chain_copy_dma(copy->channel->netdma, virt_to_phys(copy->dst),
				     virt_to_phys(copy->src), copy->len,
				     hostile_draw(ht, 4) ? 0 : NETDMA_COPY_FLUSH,
				     copy->called ? &callback : NULL);
}

static s64 hostile_submit_dma(struct hostile_copy *copy)
{
	struct dma_async_tx_descriptor *txd;

	txd = dmaengine_prep_dma_memcpy(copy->channel->dma, virt_to_phys(copy->dst),
					virt_to_phys(copy->src), copy->len,
					DMA_CTRL_ACK | (copy->called ? DMA_PREP_INTERRUPT : 0));
	if (!txd)
		return -ENOMEM;
	if (copy->called) {
		txd->callback_result = hostile_dma_end;
		txd->callback_param = copy;
	}
	return dmaengine_submit(txd);
}

/* Bus addresses are physical ones here; what is not mapped can outlive the driver. */
static bool hostile_queue_copy(struct hostile_copy *copy)
{
	struct hostile_test *ht = copy->channel->test;
	s64 name;

	ht->late += !hostile_is_intact(copy);
	copy->len = 1 + hostile_draw(ht, HOSTILE_SIZE);
	copy->called = hostile_draw(ht, 2);
	prandom_bytes_state(&ht->random, copy->src, copy->len);
	memset(copy->dst, 0, sizeof(copy->dst));
	/* It may have ended before this is known to have begun. */
	copy->name = 0;
	copy->queued = true;
	name = copy->channel->netdma ? hostile_submit_netdma(copy) : hostile_submit_dma(copy);
	if (name <= 0) {
		ht->dead = true;
		hostile_poison(copy);
		copy->queued = false;
		return false;
	}
	ht->queued++;
	copy->name = name;
	return true;
}

static void hostile_flush(struct hostile_channel *hc)
{
	if (hc->netdma)
		netdma_flush(hc->netdma);
	else
		dma_async_issue_pending(hc->dma);
}

static void hostile_queue(struct hostile_channel *hc, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < HOSTILE_COPIES && n; i++) {
		if (hc->copies[i].queued)
			continue;
		if (!hostile_queue_copy(&hc->copies[i]))
			break;
		n--;
	}
	hostile_flush(hc);
}

/* What has become of a copy that is not called back? */
static enum netdma_copy_status hostile_status(struct hostile_copy *copy)
{
	if (copy->channel->netdma)
		return netdma_get_copy_status(copy->channel->netdma, copy->name);

	switch (dmaengine_tx_status(copy->channel->dma, copy->name, NULL)) {
	case DMA_COMPLETE:
		return NETDMA_COPY_DONE;
	case DMA_ERROR:
		return NETDMA_COPY_FAILED;
	default:
		return NETDMA_COPY_PENDING;
	}
}

/* Ask for those that are not called back; returns how many are still pending. */
static unsigned int hostile_ask(struct hostile_channel *hc)
{
	enum netdma_copy_status status;
	struct hostile_copy *copy;
	unsigned int i, n = 0;

	for (i = 0; i < HOSTILE_COPIES; i++) {
		copy = &hc->copies[i];
		if (copy->queued && !copy->called) {
			status = hostile_status(copy);
			if (status != NETDMA_COPY_PENDING)
				hostile_end(copy, status);
		}
		n += copy->queued;
	}
	return n;
}

/* Each of them ends by itself; what does not is lost. */
static void hostile_wait(struct hostile_channel *hc)
{
	unsigned int i, ms;

	for (ms = 0; hostile_ask(hc) && ms < HOSTILE_END_MS; ms += 20)
		msleep(20);
	for (i = 0; i < HOSTILE_COPIES; i++) {
		hc->test->lost += hc->copies[i].queued;
		hc->copies[i].queued = false;
	}
}

/* --- channels --------------------------------------------------------------- */

static bool hostile_is_ours(struct dma_chan *chan, void *dev)
{
	return chan->device->dev == dev;
}

static struct dma_chan *hostile_request(struct hostile_test *ht)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	return dma_request_channel(mask, hostile_is_ours, &netdma_model_pci_dev(ht->model)->dev);
}

static void hostile_take(struct hostile_channel *hc)
{
	struct hostile_test *ht = hc->test;
	struct netdma_channel *channel;

	if (hc->netdma || hc->dma)
		return;
	if (hostile_draw(ht, 2)) {
		hc->dma = hostile_request(ht);
	} else {
		channel = netdma_allocate_channel(ht->client, NULL);
		hc->netdma = IS_ERR(channel) ? NULL : channel;
	}
	ht->dead = !hc->netdma && !hc->dma;
}

/* What dmaengine has not called back, or finished, until it is synchronised was aborted. */
static void hostile_terminate(struct hostile_channel *hc)
{
	struct hostile_copy *copy;
	unsigned int i;

	dmaengine_terminate_sync(hc->dma);
	for (i = 0; i < HOSTILE_COPIES; i++) {
		copy = &hc->copies[i];
		if (copy->queued && !copy->called && hostile_status(copy) == NETDMA_COPY_DONE)
			hostile_end(copy, NETDMA_COPY_DONE);
		else if (copy->queued)
			hostile_end(copy, NETDMA_COPY_ABORTED);
	}
}

/* All that a channel was given ends before it is let go. */
static void hostile_release(struct hostile_channel *hc)
{
	if (hc->netdma) {
		netdma_abort(hc->netdma);
		hostile_wait(hc);
		netdma_free_channel(hc->netdma);
		hc->netdma = NULL;
	} else if (hc->dma) {
		hostile_terminate(hc);
		dma_release_channel(hc->dma);
		hc->dma = NULL;
	}
}

static void hostile_resume(struct hostile_channel *hc)
{
	if (hc->netdma)
		netdma_resume(hc->netdma);
	else
		dmaengine_resume(hc->dma);
}

/* Something that clients do */
static void hostile_step(struct hostile_channel *hc)
{
	struct hostile_test *ht = hc->test;

	hostile_take(hc);
	if (!hc->netdma && !hc->dma)
		return;

	switch (hostile_draw(ht, 16)) {
	case 0:
		if (hc->netdma)
			netdma_suspend(hc->netdma, NULL);
		else
			dmaengine_pause(hc->dma);
		break;
	case 1:
	case 2:
		hostile_resume(hc);
		break;
	case 3:
		if (hc->netdma)
			netdma_abort(hc->netdma);
		else
			hostile_terminate(hc);
		break;
	case 4:
		if (hc->netdma)
			netdma_reset(hc->netdma);
		break;
	case 5:
		hostile_release(hc);
		break;
	case 6:
		if (netdma_model_pci_dev(ht->model)->msix_enabled)
			netdma_model_interrupt(ht->model, hostile_draw(ht, HOSTILE_CHANNELS));
		break;
	case 7:
	case 8:
		hostile_ask(hc);
		break;
	default:
		hostile_queue(hc, 1 + hostile_draw(ht, HOSTILE_COPIES));
	}
}

/* --- the function ----------------------------------------------------------- */

static void hostile_sleep(struct device *dev)
{
	device_lock(dev);
	if (dev->driver) {
		dev->driver->pm->suspend(dev);
		msleep(20);
		dev->driver->pm->resume(dev);
	}
	device_unlock(dev);
}

/* The link fails, and the port above resets what is behind it. */
static void hostile_pci_error(struct pci_dev *pdev)
{
	const struct pci_error_handlers *errors;

	device_lock(&pdev->dev);
	if (pdev->dev.driver) {
		errors = to_pci_driver(pdev->dev.driver)->err_handler;
		errors->error_detected(pdev, pci_channel_io_frozen);
		pci_write_config_word(pdev, pdev->pcie_cap + PCI_EXP_DEVCTL,
				      PCI_EXP_DEVCTL_BCR_FLR);
		if (errors->slot_reset(pdev) == PCI_ERS_RESULT_RECOVERED)
			errors->resume(pdev);
	}
	device_unlock(&pdev->dev);
}

static void hostile_release_all(struct hostile_test *ht)
{
	unsigned int i;

	for (i = 0; i < HOSTILE_CHANNELS; i++)
		hostile_release(&ht->channels[i]);
}

static int hostile_arm_one(struct hostile_test *ht, enum qd_fault_kind kind, u32 odds)
{
	const struct qd_fault fault = {
		.kind = kind,
		.channel = QD_ALL_CHANNELS,
		.odds = odds,
	};
	int id = odds ? netdma_model_arm(ht->model, &fault) : 0;

	KUNIT_EXPECT_GE(ht->test, id, 0);
	return id;
}

static void hostile_arm(struct hostile_test *ht)
{
	ht->register_id = hostile_arm_one(ht, QD_FAULT_HOSTILE_REGISTER, ht->register_odds);
	ht->word_id = hostile_arm_one(ht, QD_FAULT_HOSTILE_WORD, ht->word_odds);
}

static void hostile_disarm(struct hostile_test *ht)
{
	netdma_model_disarm(ht->model);
	if (ht->register_odds)
		ht->registers += netdma_model_fired(ht->model, ht->register_id);
	if (ht->word_odds)
		ht->words += netdma_model_fired(ht->model, ht->word_id);
}

/* A driver that begins anew, on hardware that is right while it looks around */
static void hostile_begin_anew(struct hostile_test *ht)
{
	ht->events++;
	netdma_model_unbind(ht->model);
	hostile_release_all(ht);
	hostile_disarm(ht);
	KUNIT_EXPECT_EQ(ht->test, netdma_model_bind(ht->model), 1);
	hostile_arm(ht);
	ht->dead = false;
}

/* Something that happens to all channels */
static void hostile_happening(struct hostile_test *ht)
{
	struct pci_dev *pdev = netdma_model_pci_dev(ht->model);

	ht->events++;
	switch (hostile_draw(ht, 4)) {
	case 0:
		pci_try_reset_function(pdev);
		break;
	case 1:
		hostile_sleep(&pdev->dev);
		break;
	case 2:
		hostile_pci_error(pdev);
		break;
	default:
		/* The clients have shells then. */
		netdma_model_unbind(ht->model);
		hostile_release_all(ht);
		ht->dead = netdma_model_bind(ht->model) != 1;
	}
}

/* Run @operation, and see how much it had to do with the registers. */
static void hostile_bounded(struct hostile_test *ht, void (*operation)(struct hostile_test *ht))
{
	u64 accesses = netdma_model_accesses(ht->model);

	operation(ht);
	ht->accesses = max(ht->accesses, netdma_model_accesses(ht->model) - accesses);
}

static void hostile_any_step(struct hostile_test *ht)
{
	hostile_step(&ht->channels[hostile_draw(ht, HOSTILE_CHANNELS)]);
}

static void hostile_pass_time(struct hostile_test *ht)
{
	if (!hostile_draw(ht, 20))
		msleep(700);
	else
		usleep_range(1, 1 + hostile_draw(ht, 500));
}

/* --- rounds ----------------------------------------------------------------- */

/* What the driver has written into the kernel's log since the last look */
static unsigned int hostile_log_lines(struct hostile_test *ht)
{
	static char line[1024];
	unsigned int lines = 0;
	size_t len;

	while (kmsg_dump_get_line(&ht->log, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		lines += !!strstr(line, "netdma_quickdata 0000:");
	}
	return lines;
}

static const struct qd_options *hostile_part(struct hostile_test *ht, struct qd_options *options)
{
	*options = netdma_model_defaults;
	switch (hostile_draw(ht, 4)) {
	case 0:
		options->msix_vectors = 0;
		break;
	case 1:
		options->device_id = 0x3430;
		options->version = 0x30;
		break;
	case 2:
		options->device_id = 0x0c51;
		options->version = 0x33;
		break;
	default:
		break;
	}
	return options;
}

static void hostile_begin(struct hostile_test *ht, u64 round)
{
	struct qd_options options;

	/* Neighbouring seeds begin alike. */
	prandom_seed_state(&ht->random, round * 0x9e3779b97f4a7c15ULL);
	ht->model = netdma_model_create(hostile_part(ht, &options));
	KUNIT_ASSERT_NOT_NULL(ht->test, ht->model);
	netdma_model_seed(ht->model, round);
	hostile_log_lines(ht);
	ht->start = jiffies;
	ht->events = 1;
}

static unsigned int hostile_draw_odds(struct hostile_test *ht)
{
	return hostile_odds[hostile_draw(ht, ARRAY_SIZE(hostile_odds))];
}

/* Whatever has been said: no rule is broken, no memory touched that is nobody's. */
static void hostile_judge(struct hostile_test *ht)
{
	unsigned int i, n, lines = hostile_log_lines(ht);

	for (i = 0; i < HOSTILE_CHANNELS; i++)
		for (n = 0; n < HOSTILE_COPIES; n++)
			ht->late += !hostile_is_intact(&ht->channels[i].copies[n]);

	KUNIT_EXPECT_EQ(ht->test, ht->queued, ht->done + ht->failed + ht->aborted);
	KUNIT_EXPECT_EQ(ht->test, ht->lost, 0ULL);
	KUNIT_EXPECT_EQ(ht->test, ht->twice, 0ULL);
	KUNIT_EXPECT_EQ(ht->test, ht->wrong, 0ULL);
	KUNIT_EXPECT_EQ(ht->test, ht->late, 0ULL);
	KUNIT_EXPECT_LE(ht->test, ht->accesses, HOSTILE_ACCESSES);
	KUNIT_EXPECT_LE(ht->test, lines, ht->events * HOSTILE_EVENT_LINES +
			HOSTILE_KINDS * 10 * (1 + (jiffies - ht->start) / (5 * HZ)));
	KUNIT_EXPECT_EQ(ht->test, netdma_model_bad_accesses(ht->model), 0);
	if (netdma_model_violation(ht->model))
		KUNIT_FAIL(ht->test, "the driver breaks a rule: %s",
			   netdma_model_violation(ht->model));
}

/* All channels copy, each for a client of dmaengine. */
static bool hostile_serves(struct hostile_test *ht)
{
	unsigned int i;
	u64 done;

	for (i = 0; i < HOSTILE_CHANNELS; i++) {
		ht->channels[i].dma = hostile_request(ht);
		if (ht->channels[i].dma)
			hostile_queue(&ht->channels[i], HOSTILE_COPIES);
	}
	done = ht->done;
	for (i = 0; i < HOSTILE_CHANNELS; i++)
		if (ht->channels[i].dma)
			hostile_wait(&ht->channels[i]);
	hostile_release_all(ht);
	return ht->done - done == HOSTILE_CHANNELS * HOSTILE_COPIES;
}

/* Without the hostility a reset of the function brings it back, or a driver that starts anew. */
static void hostile_recover(struct hostile_test *ht)
{
	if (hostile_is_bound(ht)) {
		KUNIT_EXPECT_EQ(ht->test, pci_reset_function(netdma_model_pci_dev(ht->model)), 0);
		if (hostile_serves(ht))
			return;
	}
	netdma_model_unbind(ht->model);
	KUNIT_EXPECT_EQ(ht->test, netdma_model_bind(ht->model), 1);
	KUNIT_EXPECT_TRUE(ht->test, hostile_serves(ht));
}

static void hostile_clients(struct hostile_test *ht)
{
	unsigned int i;

	for (i = 0; i < HOSTILE_STEPS; i++) {
		hostile_bounded(ht, hostile_draw(ht, 50) ? hostile_any_step : hostile_happening);
		if (ht->dead)
			hostile_begin_anew(ht);
		if (hostile_draw(ht, 2))
			hostile_bounded(ht, hostile_pass_time);
	}

	/* All ends without any help, or if it is aborted. */
	for (i = 0; i < HOSTILE_CHANNELS; i++) {
		struct hostile_channel *hc = &ht->channels[i];

		if ((hc->netdma || hc->dma) && hostile_draw(ht, 4)) {
			hostile_resume(hc);
			hostile_flush(hc);
			hostile_wait(hc);
		}
	}
	hostile_release_all(ht);
}

static void hostile_bind(struct hostile_test *ht)
{
	netdma_model_bind(ht->model);
}

static void hostile_unbind(struct hostile_test *ht)
{
	netdma_model_unbind(ht->model);
}

/* It binds or it does not, and is gone afterwards. */
static void hostile_probes(struct hostile_test *ht)
{
	unsigned int i;

	for (i = 0; i < HOSTILE_PROBES; i++) {
		hostile_bounded(ht, hostile_unbind);
		hostile_bounded(ht, hostile_bind);
		ht->events++;
	}
}

/* --- cases ------------------------------------------------------------------ */

/*
 * Each round is a parameter, and so has a thread and a time limit of its own. What makes
 * the parameters knows the test since Linux 6.18.
 */
#ifdef HAVE_PARAMETERS_OF_TEST
static const void *hostile_next(struct kunit *test, const void *prev, char *text)
#else
static const void *hostile_next(const void *prev, char *text)
#endif
{
	static u64 next;

	next = prev ? next + 1 : netdma_model_first_seed;
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "seed=%llu", next);
	return next - netdma_model_first_seed < netdma_model_rounds ? &next : NULL;
}

/* What all rounds have seen */
static struct {
	u64 registers;
	u64 words;
	u64 queued;
	u64 done;
	u64 failed;
	u64 aborted;
} hostile_total;

static void hostile_run(struct kunit *test, void (*round)(struct hostile_test *ht),
			bool registers, bool words)
{
	struct hostile_test *ht = test->priv;

	hostile_begin(ht, *(const u64 *)test->param_value);
	ht->register_odds = registers ? hostile_draw_odds(ht) : 0;
	ht->word_odds = words ? hostile_draw_odds(ht) : 0;
	hostile_arm(ht);
	round(ht);
	hostile_disarm(ht);
	kunit_info(test,
		   "%llu registers, 1 in %u; %llu words, 1 in %u; copies: %llu done, %llu failed, %llu aborted; at most %llu accesses\n",
		   ht->registers, ht->register_odds, ht->words, ht->word_odds, ht->done,
		   ht->failed, ht->aborted, ht->accesses);
	hostile_recover(ht);
	hostile_judge(ht);

	hostile_total.registers += ht->registers;
	hostile_total.words += ht->words;
	hostile_total.queued += ht->queued;
	hostile_total.done += ht->done;
	hostile_total.failed += ht->failed;
	hostile_total.aborted += ht->aborted;
}

static void hostile_registers(struct kunit *test)
{
	hostile_run(test, hostile_clients, true, false);
}

static void hostile_words(struct kunit *test)
{
	hostile_run(test, hostile_clients, false, true);
}

static void hostile_both(struct kunit *test)
{
	hostile_run(test, hostile_clients, true, true);
}

static void hostile_probe(struct kunit *test)
{
	hostile_run(test, hostile_probes, true, true);
}

static void hostile_suite_exit(struct kunit_suite *suite)
{
	kunit_log(KERN_INFO, suite,
		  "# %s: %llu hostile registers, %llu hostile words; %llu copies: %llu done, %llu failed, %llu aborted",
		  suite->name, hostile_total.registers, hostile_total.words, hostile_total.queued,
		  hostile_total.done, hostile_total.failed, hostile_total.aborted);
}

static int hostile_test_init(struct kunit *test)
{
	struct hostile_test *ht = kunit_kzalloc(test, sizeof(*ht), GFP_KERNEL);
	unsigned int i, n;

	KUNIT_ASSERT_NOT_NULL(test, ht);
	test->priv = ht;
	ht->test = test;
	for (i = 0; i < HOSTILE_CHANNELS; i++) {
		struct hostile_channel *hc = &ht->channels[i];

		hc->test = ht;
		hc->copies = kunit_kcalloc(test, HOSTILE_COPIES, sizeof(*hc->copies), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, hc->copies);
		for (n = 0; n < HOSTILE_COPIES; n++) {
			hc->copies[n].channel = hc;
			hostile_poison(&hc->copies[n]);
		}
	}
	ht->client = netdma_register_client("hostile_test", NULL, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ht->client);
	kmsg_dump_rewind(&ht->log);
	return 0;
}

static void hostile_test_exit(struct kunit *test)
{
	struct hostile_test *ht = test->priv;

	if (!ht)
		return;
	if (ht->model) {
		netdma_model_disarm(ht->model);
		hostile_release_all(ht);
		netdma_model_remove(ht->model);
	}
	if (!IS_ERR_OR_NULL(ht->client))
		netdma_deregister_client(ht->client);
}

static struct kunit_case hostile_test_cases[] = {
	KUNIT_CASE_PARAM(hostile_registers, hostile_next),
	KUNIT_CASE_PARAM(hostile_words, hostile_next),
	KUNIT_CASE_PARAM(hostile_both, hostile_next),
	KUNIT_CASE_PARAM(hostile_probe, hostile_next),
	{ }
};

static struct kunit_suite hostile_test_suite = {
	.name = "netdma_hostile",
	.init = hostile_test_init,
	.exit = hostile_test_exit,
	.suite_exit = hostile_suite_exit,
	.test_cases = hostile_test_cases,
};

kunit_test_suite(hostile_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests on hostile hardware");
MODULE_LICENSE("GPL");
