// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people can see: tracepoints and debugfs
 *
 * Probes write down what is traced, with a channel of a fake provider whose engine
 * executes when it is told to.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/scatterlist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../trace.h"
#include "fake_provider.h"

#define COPY_SIZE	64
#define LOG_SIZE	512
#define FILE_SIZE	2048
/* Two periods of the watchdog, and the one that has begun, with a margin */
#define WATCH_MS	1200

/**
 * struct trace_test - what a case works with
 * @test: the case
 * @fake: the provider
 * @fc: its channel 0
 * @dma_chan: the same, of a client of dmaengine
 * @client: the other client
 * @chan: the same, of that one
 * @src: memory
 * @dst: memory
 * @src_dma: where @src is mapped
 * @dst_dma: where @dst is mapped
 * @registered: the probes are
 * @log: what was traced
 * @text: what was read
 */
struct trace_test {
	struct kunit *test;
	struct fake_provider *fake;
	struct fake_channel *fc;
	struct dma_chan *dma_chan;
	struct netdma_client *client;
	struct netdma_channel *chan;
	void *src;
	void *dst;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
	bool registered;
	char log[LOG_SIZE];
	char text[FILE_SIZE];
};

/* --- probes --------------------------------------------------------------- */

static __printf(2, 3) void trace_note(struct trace_test *tt, const char *format, ...)
{
	size_t len = strlen(tt->log);
	va_list args;

	if (len)
		len += scnprintf(tt->log + len, LOG_SIZE - len, ", ");
	va_start(args, format);
	vscnprintf(tt->log + len, LOG_SIZE - len, format, args);
	va_end(args);
}

static void trace_on_submit(void *data, const struct netdma_channel *chan, s64 copy, u32 count)
{
	trace_note(data, "submit %lld of %u", copy, count);
}

static void trace_on_doorbell(void *data, const struct netdma_channel *chan, u32 first,
			      u32 count, bool start)
{
	trace_note(data, "%s %u+%u", start ? "start" : "append", first, count);
}

static void trace_on_complete(void *data, const struct netdma_channel *chan, s64 copy, u32 count)
{
	trace_note(data, "complete %lld of %u", copy, count);
}

static void trace_on_error(void *data, const struct netdma_channel *chan,
			   enum netdma_error error, s64 copy)
{
	trace_note(data, "error %d of %lld", error, copy);
}

static void trace_on_reset(void *data, const struct netdma_channel *chan, bool engine, int result)
{
	trace_note(data, "reset %s %d", engine ? "engine" : "channel", result);
}

static void trace_on_state(void *data, const struct netdma_channel *chan,
			   enum netdma_state from, enum netdma_state to)
{
	trace_note(data, "%d>%d", from, to);
}

static void trace_register(struct trace_test *tt)
{
	struct kunit *test = tt->test;

	KUNIT_ASSERT_EQ(test, register_trace_netdma_submit(trace_on_submit, tt), 0);
	KUNIT_ASSERT_EQ(test, register_trace_netdma_doorbell(trace_on_doorbell, tt), 0);
	KUNIT_ASSERT_EQ(test, register_trace_netdma_complete(trace_on_complete, tt), 0);
	KUNIT_ASSERT_EQ(test, register_trace_netdma_error(trace_on_error, tt), 0);
	KUNIT_ASSERT_EQ(test, register_trace_netdma_reset(trace_on_reset, tt), 0);
	KUNIT_ASSERT_EQ(test, register_trace_netdma_state(trace_on_state, tt), 0);
	tt->registered = true;
}

static void trace_unregister(struct trace_test *tt)
{
	if (!tt->registered)
		return;
	unregister_trace_netdma_submit(trace_on_submit, tt);
	unregister_trace_netdma_doorbell(trace_on_doorbell, tt);
	unregister_trace_netdma_complete(trace_on_complete, tt);
	unregister_trace_netdma_error(trace_on_error, tt);
	unregister_trace_netdma_reset(trace_on_reset, tt);
	unregister_trace_netdma_state(trace_on_state, tt);
	tracepoint_synchronize_unregister();
}

/* What was traced since the last time */
static void trace_expect(struct trace_test *tt, const char *expected)
{
	KUNIT_EXPECT_STREQ(tt->test, (const char *)tt->log, expected);
	tt->log[0] = '\0';
}

/* --- helpers -------------------------------------------------------------- */

static int trace_test_init(struct kunit *test)
{
	struct trace_test *tt;

	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "no CONFIG_TRACEPOINTS");

	tt = kunit_kzalloc(test, sizeof(*tt), GFP_KERNEL);
	if (!tt)
		return -ENOMEM;
	test->priv = tt;
	tt->test = test;
	tt->fake = fake_provider_create(test);
	tt->fc = &tt->fake->channels[0];
	tt->src = kzalloc(COPY_SIZE, GFP_KERNEL);
	tt->dst = kzalloc(COPY_SIZE, GFP_KERNEL);
	if (!tt->src || !tt->dst)
		return -ENOMEM;
	tt->src_dma = dma_map_single(tt->fake->dev, tt->src, COPY_SIZE, DMA_TO_DEVICE);
	if (dma_mapping_error(tt->fake->dev, tt->src_dma))
		return -ENOMEM;
	tt->dst_dma = dma_map_single(tt->fake->dev, tt->dst, COPY_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(tt->fake->dev, tt->dst_dma))
		return -ENOMEM;
	tt->client = netdma_register_client("trace test", NULL, NULL);
	if (IS_ERR(tt->client))
		return PTR_ERR(tt->client);
	fake_provider_start(test, tt->fake);
	trace_register(tt);
	return 0;
}

static void trace_test_exit(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	if (!tt || !tt->fake)
		return;
	trace_unregister(tt);
	memset(tt->fake->answer, 0, sizeof(tt->fake->answer));
	if (tt->dma_chan)
		dma_release_channel(tt->dma_chan);
	if (tt->chan)
		netdma_free_channel(tt->chan);
	if (!IS_ERR_OR_NULL(tt->client))
		netdma_deregister_client(tt->client);
	if (tt->src_dma)
		dma_unmap_single(tt->fake->dev, tt->src_dma, COPY_SIZE, DMA_TO_DEVICE);
	if (tt->dst_dma)
		dma_unmap_single(tt->fake->dev, tt->dst_dma, COPY_SIZE, DMA_FROM_DEVICE);
	fake_provider_destroy(test, tt->fake);
	kfree(tt->src);
	kfree(tt->dst);
}

static void trace_open_dma(struct trace_test *tt)
{
	tt->dma_chan = fake_request(tt->fake);
	KUNIT_ASSERT_NOT_NULL(tt->test, tt->dma_chan);
	trace_expect(tt, "0>1");
}

static void trace_open(struct trace_test *tt)
{
	struct netdma_channel_request request = {
		.provider = tt->fake->provider,
		.node = NUMA_NO_NODE,
		.cpu = -1,
	};

	tt->chan = netdma_allocate_channel(tt->client, &request);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(tt->test, tt->chan);
	trace_expect(tt, "0>1");
}

static void trace_called_back(void *param)
{
}

/* Submit and issue copies, with callbacks */
static void trace_queue_dma(struct trace_test *tt, unsigned int count)
{
	struct dma_async_tx_descriptor *txd;

	while (count--) {
		txd = dmaengine_prep_dma_memcpy(tt->dma_chan, tt->dst_dma, tt->src_dma, COPY_SIZE,
						DMA_PREP_INTERRUPT);
		KUNIT_ASSERT_NOT_NULL(tt->test, txd);
		txd->callback = trace_called_back;
		KUNIT_ASSERT_GT(tt->test, dmaengine_submit(txd), 0);
	}
	dma_async_issue_pending(tt->dma_chan);
}

static netdma_token_t trace_copy(struct trace_test *tt, u32 flags)
{
	return netdma_chain_copy_dma(tt->chan, tt->dst_dma, tt->src_dma, COPY_SIZE, flags, NULL);
}

static void trace_execute(struct trace_test *tt, u32 count)
{
	KUNIT_ASSERT_EQ(tt->test, fake_execute(tt->fc, count), count);
	fake_interrupt(tt->fc);
}

/*
 * Read a file of debugfs, mounted or not, as seq_read() would do; a negative errno if
 * it cannot be opened. The file system is never a module: its type needs not be put.
 */
static int trace_read(struct trace_test *tt, const char *path)
{
	struct file_system_type *type = get_fs_type("debugfs");
	struct seq_file *m;
	struct vfsmount *mnt;
	struct file *file;
	int err;

	if (!type)
		kunit_skip(tt->test, "no CONFIG_DEBUG_FS");
	mnt = kern_mount(type);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(tt->test, mnt);
	file = file_open_root_mnt(mnt, path, O_RDONLY, 0);
	err = PTR_ERR_OR_ZERO(file);
	if (!err) {
		m = file->private_data;
		m->size = FILE_SIZE;
		m->buf = kvzalloc(FILE_SIZE, GFP_KERNEL);
		KUNIT_EXPECT_NOT_NULL(tt->test, m->buf);
		if (m->buf)
			KUNIT_EXPECT_EQ(tt->test, m->op->show(m, NULL), 0);
		KUNIT_EXPECT_FALSE(tt->test, seq_has_overflowed(m));
		strscpy(tt->text, m->buf ?: "", FILE_SIZE);
		fput(file);
		flush_delayed_fput();
	}
	kern_unmount(mnt);
	return err;
}

static int trace_read_channel(struct trace_test *tt, unsigned int id)
{
	char path[64];

	snprintf(path, sizeof(path), "netdma/%s/channel%u", dev_name(tt->fake->dev), id);
	return trace_read(tt, path);
}

/* The file of channel 0 has these lines. */
static void trace_expect_lines(struct trace_test *tt, const char * const *lines)
{
	KUNIT_ASSERT_EQ(tt->test, trace_read_channel(tt, 0), 0);
	for (; *lines; lines++)
		KUNIT_EXPECT_TRUE_MSG(tt->test, strstr(tt->text, *lines), "no %sin\n%s", *lines,
				      tt->text);
}

#define trace_expect_file(tt, ...)					\
	trace_expect_lines(tt, (const char * const []){ __VA_ARGS__, NULL })

/* --- tracepoints ---------------------------------------------------------- */

/* A copy of dmaengine has its cookie; what is reaped at once is one event. */
static void trace_of_dmaengine(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_queue_dma(tt, 2);
	trace_expect(tt, "submit 2 of 1, submit 3 of 1, 1>2, start 0+2");
	trace_execute(tt, 2);
	trace_expect(tt, "complete 3 of 2");
	trace_queue_dma(tt, 3);
	trace_expect(tt, "submit 4 of 1, submit 5 of 1, submit 6 of 1, append 2+3");
	trace_execute(tt, 1);
	trace_execute(tt, 2);
	trace_expect(tt, "complete 4 of 1, complete 6 of 2");
	fake_interrupt(tt->fc);
	trace_expect(tt, "");
}

/* The same if the status is asked for, and nobody called back */
static void trace_of_polled(struct kunit *test)
{
	struct trace_test *tt = test->priv;
	struct dma_async_tx_descriptor *txd;
	dma_cookie_t cookie = 0;
	unsigned int i;

	trace_open_dma(tt);
	for (i = 0; i < 3; i++) {
		txd = dmaengine_prep_dma_memcpy(tt->dma_chan, tt->dst_dma, tt->src_dma, COPY_SIZE,
						0);
		KUNIT_ASSERT_NOT_NULL(test, txd);
		cookie = dmaengine_submit(txd);
	}
	dma_async_issue_pending(tt->dma_chan);
	KUNIT_EXPECT_EQ(test, fake_execute(tt->fc, 3), 3U);
	tt->log[0] = '\0';
	KUNIT_EXPECT_EQ(test, (int)dma_async_is_tx_complete(tt->dma_chan, cookie, NULL, NULL),
			DMA_COMPLETE);
	trace_expect(tt, "complete 4 of 3");
}

/* A copy of a NetDMA client has its token, and a batch is one event. */
static void trace_of_client(struct kunit *test)
{
	struct trace_test *tt = test->priv;
	struct netdma_copy batch[3];
	unsigned int i;

	trace_open(tt);
	for (i = 0; i < ARRAY_SIZE(batch); i++)
		batch[i] = (struct netdma_copy){ tt->dst_dma, tt->src_dma, COPY_SIZE };
	KUNIT_EXPECT_EQ(test, trace_copy(tt, 0), 1);
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(tt->chan, batch, 3, 0, NULL), 4);
	trace_expect(tt, "submit 1 of 1, submit 4 of 3");
	KUNIT_EXPECT_EQ(test, netdma_null_transfer(tt->chan, NETDMA_COPY_FLUSH, NULL), 5);
	trace_expect(tt, "submit 5 of 1, 1>2, start 0+5");
	KUNIT_EXPECT_EQ(test, trace_copy(tt, NETDMA_COPY_FLUSH), 6);
	trace_expect(tt, "submit 6 of 1, append 5+1");
	KUNIT_EXPECT_EQ(test, fake_execute(tt->fc, 4), 4U);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(tt->chan, 4), 1);
	KUNIT_EXPECT_EQ(test, netdma_is_copy_complete(tt->chan, 6), 0);
	trace_expect(tt, "complete 4 of 4");
	trace_execute(tt, 2);
	trace_expect(tt, "complete 6 of 2");
}

/* One copy of several descriptors, or of several segments, is one copy. */
static void trace_of_split(struct kunit *test)
{
	struct trace_test *tt = test->priv;
	struct scatterlist dst, src;
	struct netdma_copy batch[2];

	tt->fake->attributes.max_transfer = SZ_4K;
	fake_provider_stop(tt->fake);
	fake_provider_start(test, tt->fake);
	trace_open(tt);
	batch[0] = (struct netdma_copy){ tt->dst_dma, tt->src_dma, COPY_SIZE };
	batch[1] = (struct netdma_copy){ tt->dst_dma, tt->src_dma, 2 * SZ_4K };
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_dma_batch(tt->chan, batch, 2, 0, NULL), 2);
	sg_init_one(&dst, tt->dst, COPY_SIZE);
	sg_init_one(&src, tt->src, COPY_SIZE);
	sg_dma_address(&dst) = tt->dst_dma;
	sg_dma_address(&src) = tt->src_dma;
	sg_dma_len(&dst) = COPY_SIZE;
	sg_dma_len(&src) = COPY_SIZE;
	KUNIT_EXPECT_EQ(test, netdma_chain_copy_sg(tt->chan, &dst, 1, &src, 1, 0, NULL), 3);
	trace_expect(tt, "submit 2 of 2, submit 3 of 1");
	KUNIT_EXPECT_EQ(test, netdma_abort(tt->chan), 0);
	fake_settle(tt->fc);
	trace_expect(tt, "complete 3 of 3");
}

/* Tracing flushes nothing before its time. */
static void trace_of_limit(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open(tt);
	KUNIT_EXPECT_EQ(test, netdma_set_max_pending_descriptors(tt->chan, 3), 0);
	trace_expect(tt, "");
	trace_copy(tt, 0);
	trace_copy(tt, 0);
	trace_expect(tt, "submit 1 of 1, submit 2 of 1");
	trace_copy(tt, 0);
	trace_expect(tt, "submit 3 of 1, 1>2, start 0+3");
}

/* An error is reported with the copy that fails by it. */
static void trace_of_error(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_queue_dma(tt, 3);
	trace_execute(tt, 1);
	tt->log[0] = '\0';
	fake_halt(tt->fc, NETDMA_FAILURE_READ);
	trace_expect(tt,
		     "2>5, reset channel 0, error 1 of 3, 5>1, 1>2, start 2+1, complete 3 of 1");
}

static void trace_of_client_error(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open(tt);
	trace_copy(tt, 0);
	trace_copy(tt, NETDMA_COPY_FLUSH);
	trace_execute(tt, 1);
	tt->log[0] = '\0';
	fake_halt(tt->fc, NETDMA_FAILURE_WRITE);
	trace_expect(tt, "2>5, reset channel 0, error 2 of 2, 5>1, complete 2 of 1");
}

/* An error of an engine that has done all is no copy's. */
static void trace_of_idle_error(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_queue_dma(tt, 1);
	trace_execute(tt, 1);
	tt->log[0] = '\0';
	fake_halt(tt->fc, NETDMA_FAILURE_OTHER);
	trace_expect(tt, "2>5, reset channel 0, error 3 of 0, 5>1");
}

/* Pause and resume; a new list begins where the old one was stopped. */
static void trace_of_pause(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_queue_dma(tt, 3);
	trace_execute(tt, 1);
	tt->log[0] = '\0';
	KUNIT_EXPECT_EQ(test, dmaengine_pause(tt->dma_chan), 0);
	trace_expect(tt, "2>3, 3>4");
	KUNIT_EXPECT_EQ(test, dmaengine_resume(tt->dma_chan), 0);
	trace_expect(tt, "4>2, start 1+2");
}

/* A stall, another one, which fails the copy, and the reset of the engine */
static void trace_of_stall(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_queue_dma(tt, 1);
	tt->fc->stuck = true;
	tt->log[0] = '\0';
	msleep(WATCH_MS);
	trace_expect(tt, "error 5 of 0, 2>5, reset channel 0, 5>1, 1>2, start 0+1");
	tt->fake->answer[FAKE_RESET] = -ETIMEDOUT;
	msleep(WATCH_MS);
	trace_expect(tt,
		     "error 5 of 0, 2>5, reset channel -110, error 6 of 0, reset engine 0, 5>6");
}

/* What is dead changes no more, until it is given back. */
static void trace_of_gone(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open(tt);
	netdma_provider_gone(tt->fake->provider);
	trace_expect(tt, "error 7 of 0, 1>7");
	netdma_free_channel(tt->chan);
	tt->chan = NULL;
	trace_expect(tt, "reset channel 0, 7>0");
}

/* --- debugfs -------------------------------------------------------------- */

static void trace_file_of_free(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	KUNIT_ASSERT_EQ(test, trace_read_channel(tt, 0), 0);
	KUNIT_EXPECT_STREQ(test, (const char *)tt->text,
			   "state         free\n"
			   "owner         none\n"
			   "cpu           0\n"
			   "resets        0\n"
			   "error_read    0\n"
			   "error_write   0\n"
			   "error_other   0\n"
			   "error_word    0\n"
			   "error_stall   0\n"
			   "error_broken  0\n"
			   "error_dead    0\n"
			   "last_error    none\n");
}

/* One for each channel, while the provider is started */
static void trace_files(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	KUNIT_EXPECT_EQ(test, trace_read_channel(tt, tt->fake->attributes.channels - 1), 0);
	KUNIT_EXPECT_EQ(test, trace_read_channel(tt, tt->fake->attributes.channels), -ENOENT);
	trace_open(tt);
	fake_provider_stop(tt->fake);
	KUNIT_EXPECT_EQ(test, trace_read_channel(tt, 0), -ENOENT);
	trace_expect(tt, "1>5, reset channel 0, 5>7");
	netdma_free_channel(tt->chan);
	tt->chan = NULL;
	trace_expect(tt, "7>0");
	fake_provider_start(test, tt->fake);
	KUNIT_EXPECT_EQ(test, trace_read_channel(tt, 0), 0);
}

static void trace_file_in_use(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_expect_file(tt, "state         ready\n", "owner         dmaengine\n",
			  "ring_size     1024\n", "in_flight     0\n", "submitted     1\n",
			  "finished      1\n");
	trace_queue_dma(tt, 3);
	trace_execute(tt, 1);
	trace_expect_file(tt, "state         running\n", "head          3\n",
			  "issued        3\n", "posted        3\n", "done          1\n",
			  "in_flight     2\n", "submitted     4\n", "finished      2\n");
	KUNIT_EXPECT_EQ(test, dmaengine_pause(tt->dma_chan), 0);
	trace_expect_file(tt, "state         suspended paused\n");
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(tt->dma_chan), 0);
	trace_expect_file(tt, "state         ready\n", "in_flight     0\n", "resets        1\n");
	dma_release_channel(tt->dma_chan);
	tt->dma_chan = NULL;
	trace_expect_file(tt, "state         free\n", "resets        2\n");
}

static void trace_file_of_client(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open(tt);
	trace_copy(tt, NETDMA_COPY_FLUSH);
	trace_copy(tt, 0);
	trace_execute(tt, 1);
	trace_expect_file(tt, "state         running\n", "owner         netdma\n",
			  "head          2\n", "issued        1\n", "done          1\n",
			  "submitted     2\n", "finished      1\n");
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(tt->fake->provider,
						      NETDMA_PROVIDER_POWER_DOWN), 0);
	trace_expect_file(tt, " powered-down\n");
	KUNIT_EXPECT_EQ(test, netdma_pnp_event_notify(tt->fake->provider,
						      NETDMA_PROVIDER_POWER_UP), 0);
}

/* Errors are counted by their kind, and the last one is named. */
static void trace_file_of_errors(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open_dma(tt);
	trace_queue_dma(tt, 4);
	fake_halt(tt->fc, NETDMA_FAILURE_READ);
	fake_halt(tt->fc, NETDMA_FAILURE_WRITE);
	fake_halt(tt->fc, NETDMA_FAILURE_READ);
	trace_expect_file(tt, "resets        3\n", "error_read    2\n", "error_write   1\n",
			  "error_stall   0\n", "last_error    read ");
	/* What cannot be true, of a ring that has one descriptor more */
	*tt->fc->completion = cpu_to_le64(1024);
	fake_interrupt(tt->fc);
	trace_expect_file(tt, "error_word    1\n", "last_error    word ");
	fake_settle(tt->fc);

	/* They are there when the client has gone. */
	dma_release_channel(tt->dma_chan);
	tt->dma_chan = NULL;
	trace_expect_file(tt, "state         free\n", "error_read    2\n");
}

/* What the engine was told it does not do any more. */
static void trace_file_of_dead(struct kunit *test)
{
	struct trace_test *tt = test->priv;

	trace_open(tt);
	trace_copy(tt, NETDMA_COPY_FLUSH);
	trace_expect_file(tt, "in_flight     1\n");
	netdma_provider_gone(tt->fake->provider);
	trace_expect_file(tt, "state         dead\n", "in_flight     0\n", "error_dead    1\n",
			  "last_error    dead ");
}

/*
 * dmaengine's summary, also while a client has a channel of a device that is not
 * registered any more: its name has been freed.
 */
static void trace_summary(struct kunit *test)
{
	struct trace_test *tt = test->priv;
	char line[64];

	trace_open_dma(tt);
	trace_queue_dma(tt, 2);
	snprintf(line, sizeof(line), " %-13s| dmaengine, running, 2 in flight\n",
		 dma_chan_name(tt->dma_chan));
	KUNIT_ASSERT_EQ(test, trace_read(tt, "dmaengine/summary"), 0);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(tt->text, line), "no %sin\n%s", line, tt->text);
	trace_execute(tt, 2);
	snprintf(line, sizeof(line), " %-13s| dmaengine, dead, 0 in flight\n",
		 dma_chan_name(tt->dma_chan));
	fake_provider_stop(tt->fake);
	KUNIT_ASSERT_EQ(test, trace_read(tt, "dmaengine/summary"), 0);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(tt->text, line), "no %sin\n%s", line, tt->text);
}

static struct kunit_case trace_test_cases[] = {
	KUNIT_CASE(trace_of_dmaengine),
	KUNIT_CASE(trace_of_polled),
	KUNIT_CASE(trace_of_client),
	KUNIT_CASE(trace_of_split),
	KUNIT_CASE(trace_of_limit),
	KUNIT_CASE(trace_of_error),
	KUNIT_CASE(trace_of_client_error),
	KUNIT_CASE(trace_of_idle_error),
	KUNIT_CASE(trace_of_pause),
	KUNIT_CASE(trace_of_stall),
	KUNIT_CASE(trace_of_gone),
	KUNIT_CASE(trace_file_of_free),
	KUNIT_CASE(trace_files),
	KUNIT_CASE(trace_file_in_use),
	KUNIT_CASE(trace_file_of_client),
	KUNIT_CASE(trace_file_of_errors),
	KUNIT_CASE(trace_file_of_dead),
	KUNIT_CASE(trace_summary),
	{ }
};

static struct kunit_suite trace_test_suite = {
	.name = "netdma_trace",
	.init = trace_test_init,
	.exit = trace_test_exit,
	.test_cases = trace_test_cases,
};

kunit_test_suite(trace_test_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests for NetDMA's tracepoints and debugfs");
MODULE_LICENSE("GPL");
