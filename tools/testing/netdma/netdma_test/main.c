// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdma_test: dmatest for the NetDMA interface, and a client to learn from
 *
 * Each thread queues random copies on its channel, and accounts for each: it has
 * to be reported exactly once, and right. Other work suspends, resumes, aborts and
 * resets the channel meanwhile, if the parameter "mode" says so; providers may stop
 * and start, and go to sleep and wake. Every thread ends with a line
 *
 *	netdma_test: PROVIDER channel N thread N: summary N copies, N failures, N aborted,
 *	N.NN iops N KB/s (0)
 *
 * and the run with one of totals.
 *
 * Read sample.c for the least that a client does; then test.c, which runs the test
 * on a provider, thread.c, and copy.c for each kind of copy.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "netdma_test.h"

#define NT_COMPLAINTS	20

static struct nt_parameters nt_parameters = {
	.threads_per_chan = 1,
	.iterations = 1000,
	.test_buf_size = SZ_16K,
	.window = NT_WINDOW,
	.max_batch = 16,
	.timeout = 10000,
	.mode = NT_COPIES | NT_WAITS,
};

static char nt_wanted_provider[64];
module_param_string(provider, nt_wanted_provider, sizeof(nt_wanted_provider), 0644);
MODULE_PARM_DESC(provider,
		 "Friendly name of the provider to test, or name of its device (default: any)");

module_param_named(channels, nt_parameters.channels, uint, 0644);
MODULE_PARM_DESC(channels, "Most channels of each provider to test (default: 0, all)");

module_param_named(threads_per_chan, nt_parameters.threads_per_chan, uint, 0644);
MODULE_PARM_DESC(threads_per_chan, "Threads per channel (default: 1)");

module_param_named(iterations, nt_parameters.iterations, uint, 0644);
MODULE_PARM_DESC(iterations, "Copies of each thread, 0 for no end (default: 1000)");

module_param_named(test_buf_size, nt_parameters.test_buf_size, uint, 0644);
MODULE_PARM_DESC(test_buf_size, "Size of a buffer, and of the longest copy, 32 to 2097152 (default: 16384)");

module_param_named(window, nt_parameters.window, uint, 0644);
MODULE_PARM_DESC(window, "Most calls of a thread that are outstanding, 1 to 16 (default: 16)");

module_param_named(max_batch, nt_parameters.max_batch, uint, 0644);
MODULE_PARM_DESC(max_batch, "Most copies of a batch or entries of a list, 1 to 32 (default: 16)");

module_param_named(timeout, nt_parameters.timeout, uint, 0644);
MODULE_PARM_DESC(timeout, "Milliseconds after which a copy counts as lost (default: 10000)");

module_param_named(seed, nt_parameters.seed, uint, 0644);
MODULE_PARM_DESC(seed, "Seed of the random numbers (default: 0, another one each time)");

module_param_named(norandom, nt_parameters.norandom, bool, 0644);
MODULE_PARM_DESC(norandom, "Copy whole buffers only (default: random lengths and offsets)");

module_param_named(noverify, nt_parameters.noverify, bool, 0644);
MODULE_PARM_DESC(noverify, "Do not compare data (default: compare)");

module_param_named(hold, nt_parameters.hold, bool, 0644);
MODULE_PARM_DESC(hold,
		 "When a provider is about to stop, go on until it refuses (default: give its channels back)");

module_param_named(vanish, nt_parameters.vanish, bool, 0644);
MODULE_PARM_DESC(vanish, "The engine may be pulled out: what it refuses then is no fault (default: it is)");

module_param_named(starve, nt_parameters.starve, bool, 0644);
MODULE_PARM_DESC(starve, "Allocations are made to fail: what is refused for want of memory is tried again (default: it is a fault)");

static const char * const nt_mode_names[NT_MODES] = {
	[NT_DMA] = "dma",
	[NT_BATCH] = "batch",
	[NT_PAGE] = "page",
	[NT_VIRT] = "virt",
	[NT_VMALLOC] = "vmalloc",
	[NT_SG] = "sg",
	[NT_NULL] = "null",
	[NT_CALLBACK] = "callback",
	[NT_POLL] = "poll",
	[NT_SUSPEND] = "suspend",
	[NT_ABORT] = "abort",
	[NT_RESET] = "reset",
	[NT_LIMIT] = "limit",
};

/* What is left out of copies and of ways to wait is all of them. */
static int nt_mode_set(const char *val, const struct kernel_param *kp)
{
	char *names, *next, *name;
	unsigned long mode = 0;
	int bit = 0;

	names = kstrdup(val, GFP_KERNEL);
	if (!names)
		return -ENOMEM;
	next = strim(names);
	if (!*next)
		next = NULL;
	while (bit >= 0 && (name = strsep(&next, ","))) {
		bit = match_string(nt_mode_names, NT_MODES, name);
		if (bit >= 0)
			mode |= BIT(bit);
	}
	kfree(names);
	if (bit < 0)
		return bit;

	if (!(mode & NT_COPIES))
		mode |= NT_COPIES;
	if (!(mode & NT_WAITS))
		mode |= NT_WAITS;
	nt_parameters.mode = mode;
	return 0;
}

static int nt_mode_get(char *buffer, const struct kernel_param *kp)
{
	const char *comma = "";
	unsigned int bit;
	int len = 0;

	for_each_set_bit(bit, &nt_parameters.mode, NT_MODES) {
		len += scnprintf(buffer + len, PAGE_SIZE - len, "%s%s", comma, nt_mode_names[bit]);
		comma = ",";
	}
	return len + scnprintf(buffer + len, PAGE_SIZE - len, "\n");
}

static const struct kernel_param_ops nt_mode_ops = {
	.set = nt_mode_set,
	.get = nt_mode_get,
};
module_param_cb(mode, &nt_mode_ops, NULL, 0644);
MODULE_PARM_DESC(mode,
		 "What to mix: dma,batch,page,virt,vmalloc,sg,null (default: all), callback,poll (default: both), suspend,abort,reset,limit (default: none)");

/* --- what is used everywhere ---------------------------------------------- */

struct netdma_client *nt_client;
struct workqueue_struct *nt_wq;

static atomic_t nt_complaints;

/**
 * nt_complain() - say what is wrong, a few times
 * @chan: where
 * @format: what
 */
void nt_complain(const struct nt_channel *chan, const char *format, ...)
{
	struct va_format vaf = { .fmt = format };
	va_list args;

	if (atomic_inc_return(&nt_complaints) > NT_COMPLAINTS)
		return;
	va_start(args, format);
	vaf.va = &args;
	pr_err("%s channel %u: result: %pV\n", chan->provider->name, chan->info.id, &vaf);
	va_end(args);
}

/* A number below @limit */
u32 nt_roll(struct rnd_state *rnd, u32 limit)
{
	return prandom_u32_state(rnd) % limit;
}

/* One of the bits of @mode, which has some */
unsigned int nt_pick(struct rnd_state *rnd, unsigned long mode)
{
	unsigned int n = nt_roll(rnd, hweight_long(mode));
	unsigned int bit = __ffs(mode);

	while (n--)
		bit = find_next_bit(&mode, NT_MODES, bit + 1);
	return bit;
}

/* --- runs ----------------------------------------------------------------- */

/* Guards the list of providers, theirs of channels, nt_enabled, nt_total, who starts runs */
static DEFINE_MUTEX(nt_lock);
static LIST_HEAD(nt_providers);
static bool nt_enabled;
static struct nt_counts nt_total;
static atomic_t nt_running = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(nt_idle);

static void nt_start(struct nt_provider *p)
{
	if (p->running || p->removed)
		return;
	p->parameters = nt_parameters;
	p->parameters.threads_per_chan = max(p->parameters.threads_per_chan, 1U);
	p->parameters.test_buf_size = clamp_t(unsigned int, p->parameters.test_buf_size,
					      NT_MAX_BATCH, SZ_2M);
	p->parameters.window = clamp(p->parameters.window, 1U, (unsigned int)NT_WINDOW);
	p->parameters.max_batch = clamp(p->parameters.max_batch, 1U, (unsigned int)NT_MAX_BATCH);
	if (!p->parameters.seed)
		p->parameters.seed = get_random_u32();
	p->stop = false;
	p->running = true;
	atomic_inc(&nt_running);
	queue_work(nt_wq, &p->work);
}

static void nt_start_all(void)
{
	struct nt_provider *p;

	mutex_lock(&nt_lock);
	nt_enabled = true;
	list_for_each_entry(p, &nt_providers, list)
		nt_start(p);
	mutex_unlock(&nt_lock);
}

static void nt_stop_all(void)
{
	struct nt_provider *p;

	mutex_lock(&nt_lock);
	nt_enabled = false;
	list_for_each_entry(p, &nt_providers, list) {
		WRITE_ONCE(p->stop, true);
		wake_up_all(&p->wait);
	}
	mutex_unlock(&nt_lock);
	wait_event(nt_idle, !atomic_read(&nt_running));
}

/**
 * nt_ended() - a run has ended: add up, and tell all if it was the last one
 * @p: its provider
 */
void nt_ended(struct nt_provider *p)
{
	mutex_lock(&nt_lock);
	nt_add_up(&nt_total, &p->counts);
	p->running = false;
	if (atomic_dec_and_test(&nt_running)) {
		pr_info("total %llu queued, %llu done, %llu failed, %llu aborted, %llu lost, %llu duplicated, %llu wrong; of the failures %llu to read, %llu to write, %llu other\n",
			nt_total.queued, nt_total.done, nt_total.failed, nt_total.aborted,
			nt_total.lost, nt_total.duplicated, nt_total.wrong,
			nt_total.read_failed, nt_total.write_failed, nt_total.other_failed);
		memset(&nt_total, 0, sizeof(nt_total));
	}
	mutex_unlock(&nt_lock);
	wake_up_all(&nt_idle);
}

/* Only the run itself changes the list of its channels, and may look at it without the lock. */
void nt_link(struct nt_channel *chan)
{
	mutex_lock(&nt_lock);
	list_add_tail(&chan->list, &chan->provider->channels);
	mutex_unlock(&nt_lock);
}

void nt_unlink(struct nt_channel *chan)
{
	mutex_lock(&nt_lock);
	list_del(&chan->list);
	mutex_unlock(&nt_lock);
}

static int nt_time_put(char *buffer, int len, u64 time)
{
	return scnprintf(buffer + len, PAGE_SIZE - len, " %llu", div_u64(time, NSEC_PER_USEC));
}

/* What was reported last stays: the next silence begins there. */
static int nt_times_put(char *buffer, int len, struct nt_channel *chan)
{
	struct nt_times times;
	unsigned int i;

	spin_lock(&chan->times_lock);
	times = chan->times;
	chan->times = (struct nt_times){ .reported = times.reported };
	spin_unlock(&chan->times_lock);

	len += scnprintf(buffer + len, PAGE_SIZE - len, "%u", chan->info.id);
	len += nt_time_put(buffer, len, times.failed);
	len += nt_time_put(buffer, len, times.served);
	for (i = 0; i < NT_SILENCES; i++) {
		len += nt_time_put(buffer, len, times.silences[i].from);
		len += nt_time_put(buffer, len, times.silences[i].to);
	}
	return len + scnprintf(buffer + len, PAGE_SIZE - len, "\n");
}

static int nt_times_get(char *buffer, const struct kernel_param *kp)
{
	struct nt_channel *chan;
	struct nt_provider *p;
	int len = 0;

	mutex_lock(&nt_lock);
	list_for_each_entry(p, &nt_providers, list)
		list_for_each_entry(chan, &p->channels, list)
			len = nt_times_put(buffer, len, chan);
	mutex_unlock(&nt_lock);
	return len;
}

static const struct kernel_param_ops nt_times_ops = {
	.get = nt_times_get,
};
module_param_cb(times, &nt_times_ops, NULL, 0444);
MODULE_PARM_DESC(times,
		 "Of each channel, since this was read, in microseconds of the kernel log's clock: the first report of a failure, the first of a success after it, and from and to of the longest times without a report");

/* --- what NetDMA says ----------------------------------------------------- */

static bool nt_wanted(const struct netdma_provider_info *info)
{
	return !*nt_wanted_provider || !strcmp(nt_wanted_provider, info->name) ||
	       !strcmp(nt_wanted_provider, dev_name(info->dev));
}

static struct nt_provider *nt_find(struct netdma_provider *provider)
{
	struct nt_provider *p;

	list_for_each_entry(p, &nt_providers, list)
		if (p->provider == provider)
			return p;
	return NULL;
}

static struct nt_provider *nt_add(struct netdma_provider *provider)
{
	struct nt_provider *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	p->provider = provider;
	INIT_LIST_HEAD(&p->channels);
	INIT_WORK(&p->work, nt_test);
	init_waitqueue_head(&p->wait);
	list_add_tail(&p->list, &nt_providers);
	return p;
}

/* A run of before its last stop may still be giving back its channels. */
static void nt_arrival(struct netdma_provider *provider, const char *name)
{
	struct nt_provider *p;

	mutex_lock(&nt_lock);
	p = nt_find(provider);
	mutex_unlock(&nt_lock);
	if (p)
		flush_work(&p->work);

	mutex_lock(&nt_lock);
	if (!p)
		p = nt_add(provider);
	if (p) {
		strscpy(p->name, name, sizeof(p->name));
		p->removed = false;
		p->asleep = false;
		if (nt_enabled)
			nt_start(p);
	}
	mutex_unlock(&nt_lock);
}

/* Post nothing more, and wait for what is outstanding (R-PM11-1). */
static void nt_power_down(struct nt_provider *p)
{
	WRITE_ONCE(p->asleep, true);
	/* Pairs with the barrier in nt_enter(): either is seen. */
	smp_mb();
	if (!wait_event_timeout(p->wait, !atomic_read(&p->active),
				msecs_to_jiffies(p->parameters.timeout)))
		pr_err("%s: result: still busy when it should not be\n", p->name);
}

static void nt_power_up(struct nt_provider *p)
{
	/* Pairs with nt_enter() */
	smp_store_release(&p->asleep, false);
	wake_up_all(&p->wait);
}

/*
 * Once this returns, the device may go: nothing is mapped for it any more. With
 * the parameter "hold", what NetDMA maps is copied until the channels refuse.
 */
static void nt_removal(struct nt_provider *p)
{
	if (p->parameters.hold)
		nt_power_down(p);
	WRITE_ONCE(p->removed, true);
	nt_power_up(p);
	if (!p->parameters.hold)
		flush_work(&p->work);
}

/* Providers are never taken off the list before the client is deregistered. */
static void nt_event(void *context, enum netdma_pnp_event event,
		     const struct netdma_provider_info *info)
{
	struct nt_provider *p;

	if (event == NETDMA_PROVIDER_ARRIVAL) {
		if (nt_wanted(info))
			nt_arrival(info->provider, info->name);
		return;
	}

	mutex_lock(&nt_lock);
	p = nt_find(info->provider);
	mutex_unlock(&nt_lock);
	if (!p)
		return;

	switch (event) {
	case NETDMA_PROVIDER_REMOVAL:
		nt_removal(p);
		break;
	case NETDMA_PROVIDER_POWER_DOWN:
		pr_info("%s: power down\n", p->name);
		nt_power_down(p);
		break;
	case NETDMA_PROVIDER_POWER_UP:
		pr_info("%s: power up\n", p->name);
		nt_power_up(p);
		break;
	default:
		break;
	}
}

/* --- module --------------------------------------------------------------- */

static bool nt_run;

static int nt_run_set(const char *val, const struct kernel_param *kp)
{
	bool run;
	int err;

	err = kstrtobool(val, &run);
	if (err)
		return err;
	nt_run = run;
	if (!nt_client)		/* not yet initialised */
		return 0;
	if (run)
		nt_start_all();
	else
		nt_stop_all();
	return 0;
}

static int nt_run_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n", atomic_read(&nt_running) ? 'Y' : 'N');
}

static const struct kernel_param_ops nt_run_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = nt_run_set,
	.get = nt_run_get,
};
module_param_cb(run, &nt_run_ops, NULL, 0644);
MODULE_PARM_DESC(run,
		 "Test the providers that are there, and those that arrive; 0 ends it (default: false)");

static bool nt_wait;

static int nt_wait_get(char *buffer, const struct kernel_param *kp)
{
	if (wait_event_interruptible(nt_idle, !atomic_read(&nt_running)))
		return -ERESTARTSYS;
	return param_get_bool(buffer, kp);
}

static const struct kernel_param_ops nt_wait_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool,
	.get = nt_wait_get,
};
module_param_cb(wait, &nt_wait_ops, &nt_wait, 0444);
MODULE_PARM_DESC(wait, "Loading, and reading this, waits until the run has ended (default: false)");

static int __init nt_init(void)
{
	struct netdma_client *client;

	/* Long runs of threads that compute: not on the queue of a CPU */
	nt_wq = alloc_workqueue("netdma_test", WQ_UNBOUND, 0);
	if (!nt_wq)
		return -ENOMEM;

	/* Tells what providers there are; they are tested once the client is known. */
	client = netdma_register_client(KBUILD_MODNAME, nt_event, NULL);
	if (IS_ERR(client)) {
		destroy_workqueue(nt_wq);
		return PTR_ERR(client);
	}
	nt_client = client;
	if (nt_run)
		nt_start_all();
	if (nt_wait)
		wait_event_interruptible(nt_idle, !atomic_read(&nt_running));
	return 0;
}

static void __exit nt_exit(void)
{
	struct nt_provider *p, *next;

	nt_stop_all();
	netdma_deregister_client(nt_client);
	list_for_each_entry_safe(p, next, &nt_providers, list) {
		list_del(&p->list);
		flush_work(&p->work);
		kfree(p);
	}
	destroy_workqueue(nt_wq);
}

module_init(nt_init);
module_exit(nt_exit);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("Test of NetDMA providers by a client of the NetDMA interface");
MODULE_LICENSE("GPL");
