// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies by the CPU do what every provider has to do
 */
#include <kunit/test.h>

#include "conformance.h"

static int soft_init(struct kunit *test)
{
	struct conformance *conf = conformance_create(test);

	conformance_take(test, conf, "NetDMA soft", NULL);
	conf->features = CONFORMANCE_ZERO_SIZE | CONFORMANCE_STOP_WORD;
	return 0;
}

static void soft_exit(struct kunit *test)
{
	conformance_exit(test->priv);
}

static struct kunit_case soft_cases[] = {
#include "conformance_cases.h"
	{ }
};

static struct kunit_suite soft_suite = {
	.name = "netdma_soft_conformance",
	.init = soft_init,
	.exit = soft_exit,
	.test_cases = soft_cases,
};

kunit_test_suite(soft_suite);
