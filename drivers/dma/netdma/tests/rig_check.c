// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the test rig notice?
 *
 * Not a test of the drivers: the only case makes the mistake that the parameter
 * of netdma_rig_mistake names, and the run is expected to fail.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/processor.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "rig_mistake.h"

static DEFINE_MUTEX(rig_a);
static DEFINE_MUTEX(rig_b);
static DEFINE_SPINLOCK(rig_lock);

static void rig_none(struct kunit *test)
{
}

static void rig_expectation(struct kunit *test)
{
	KUNIT_FAIL(test, "as ordered");
}

static void rig_warning(struct kunit *test)
{
	WARN(1, "as ordered\n");
}

static void rig_overflow(struct kunit *test)
{
	char *buf = kmalloc(100, GFP_KERNEL);

	if (!buf)
		return;
	OPTIMIZER_HIDE_VAR(buf);
	buf[100] = 1;
	kfree(buf);
}

static void rig_use_after_free(struct kunit *test)
{
	char *buf = kmalloc(100, GFP_KERNEL);

	if (!buf)
		return;
	kfree(buf);
	OPTIMIZER_HIDE_VAR(buf);
	buf[50] = 1;
}

static void rig_shift(struct kunit *test)
{
	unsigned int n = 40;

	OPTIMIZER_HIDE_VAR(n);
	kunit_info(test, "%d\n", 1 << n);
}

static void rig_lock_order(struct kunit *test)
{
	mutex_lock(&rig_a);
	mutex_lock(&rig_b);
	mutex_unlock(&rig_b);
	mutex_unlock(&rig_a);
	mutex_lock(&rig_b);
	mutex_lock(&rig_a);
	mutex_unlock(&rig_a);
	mutex_unlock(&rig_b);
}

static void rig_sleep(struct kunit *test)
{
	spin_lock(&rig_lock);
	msleep(20);
	spin_unlock(&rig_lock);
}

static struct platform_device *rig_device(struct kunit *test)
{
	struct platform_device_info info = {
		.name = "netdma_rig",
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *pdev = platform_device_register_full(&info);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	return pdev;
}

static void rig_mapping(struct kunit *test)
{
	struct platform_device *pdev = rig_device(test);
	char *buf = kmalloc(100, GFP_KERNEL);
	dma_addr_t dma;

	dma = dma_map_single(&pdev->dev, buf, 100, DMA_TO_DEVICE);
	if (!dma_mapping_error(&pdev->dev, dma))
		dma_unmap_single(&pdev->dev, dma, 50, DMA_TO_DEVICE);
	platform_device_unregister(pdev);
	kfree(buf);
}

static void rig_leak(struct kunit *test)
{
	static unsigned long hidden;
	unsigned int i;

	for (i = 0; i < 16; i++)
		hidden = ~(unsigned long)kmalloc(64, GFP_KERNEL);
	OPTIMIZER_HIDE_VAR(hidden);
}

static void rig_list(struct kunit *test)
{
	LIST_HEAD(list);
	struct list_head entry;

	list_add(&entry, &list);
	list_del(&entry);
	list_del(&entry);
}

static void rig_rcu(struct kunit *test)
{
	static int __rcu *pointer;

	kunit_info(test, "%p\n", rcu_dereference(pointer));
}

static void rig_nothing_to_do(struct work_struct *work)
{
}

static void rig_freed_work(struct kunit *test)
{
	struct delayed_work *work = kmalloc(sizeof(*work), GFP_KERNEL);

	if (!work)
		return;
	INIT_DELAYED_WORK(work, rig_nothing_to_do);
	schedule_delayed_work(work, HZ);
	kfree(work);
}

static unsigned long rig_shared;

static int rig_racer(void *unused)
{
	while (!kthread_should_stop()) {
		rig_shared++;
		cpu_relax();
	}
	return 0;
}

static void rig_race(struct kunit *test)
{
	struct task_struct *racer = kthread_run(rig_racer, NULL, "netdma_rig");
	unsigned long end = jiffies + 5 * HZ;

	KUNIT_ASSERT_FALSE(test, IS_ERR(racer));
	while (time_before(jiffies, end)) {
		rig_shared++;
		cpu_relax();
	}
	kthread_stop(racer);
}

static void rig_null(struct kunit *test)
{
	int *nowhere = NULL;

	OPTIMIZER_HIDE_VAR(nowhere);
	WRITE_ONCE(*nowhere, 1);
}

static void rig_hang(struct kunit *test)
{
	for (;;)
		cpu_relax();
}

static void rig_wait(struct kunit *test)
{
	struct completion never;

	init_completion(&never);
	wait_for_completion(&never);
}

static const struct {
	const char *name;
	void (*make)(struct kunit *test);
} rig_mistakes[] = {
	{ "none", rig_none },
	{ "expectation", rig_expectation },
	{ "warning", rig_warning },
	{ "overflow", rig_overflow },
	{ "use-after-free", rig_use_after_free },
	{ "shift", rig_shift },
	{ "lock-order", rig_lock_order },
	{ "sleep", rig_sleep },
	{ "mapping", rig_mapping },
	{ "leak", rig_leak },
	{ "list", rig_list },
	{ "rcu", rig_rcu },
	{ "freed-work", rig_freed_work },
	{ "race", rig_race },
	{ "null", rig_null },
	{ "hang", rig_hang },
	{ "wait", rig_wait },
};

static void rig_case(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rig_mistakes); i++) {
		if (!strcmp(rig_mistakes[i].name, netdma_rig_mistake)) {
			rig_mistakes[i].make(test);
			return;
		}
	}
	KUNIT_FAIL(test, "there is no mistake %s", netdma_rig_mistake);
}

static struct kunit_case rig_cases[] = {
	KUNIT_CASE(rig_case),
	{ }
};

static struct kunit_suite rig_suite = {
	.name = "netdma_rig",
	.test_cases = rig_cases,
};

kunit_test_suite(rig_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("Mistakes for the KUnit rig to notice");
MODULE_LICENSE("GPL");
