/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations that fail, one after the other
 */
#ifndef _NETDMA_TESTS_FAILING_H
#define _NETDMA_TESTS_FAILING_H

#include <kunit/test.h>

#include <linux/radix-tree.h>
#include <linux/sched.h>

#ifdef CONFIG_FAULT_INJECTION

/*
 * Let the @nth allocation of this thread fail. What checks DMA mappings gives up
 * for good when it has no memory for its tree: it gets some in advance.
 */
static inline void failing_arm(unsigned int nth)
{
	if (!radix_tree_preload(GFP_KERNEL))
		radix_tree_preload_end();
	WRITE_ONCE(current->fail_nth, nth);
}

/* Returns whether it came to that. */
static inline bool failing_disarm(void)
{
	bool failed = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return failed;
}

#else

static inline void failing_arm(unsigned int nth) {}
static inline bool failing_disarm(void) { return false; }

#endif

static inline void failing_require(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "no CONFIG_FAILSLAB");
}

#endif /* _NETDMA_TESTS_FAILING_H */
