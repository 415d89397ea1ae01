// SPDX-License-Identifier: GPL-2.0-only
/*
 * The QuickData provider, with an emulated engine, does what every provider has to do
 */
#include <kunit/test.h>

#include <linux/pci.h>

#include "conformance.h"
#include "model_device.h"

static int quickdata_init(struct kunit *test)
{
	struct conformance *conf = conformance_create(test);
	struct netdma_model *model = netdma_model_create(&netdma_model_defaults);

	KUNIT_ASSERT_NOT_NULL(test, model);
	conf->priv = model;
	conformance_take(test, conf, "Intel QuickData", &netdma_model_pci_dev(model)->dev);
	return 0;
}

static void quickdata_exit(struct kunit *test)
{
	struct conformance *conf = test->priv;
	struct netdma_model *model;

	if (!conf)
		return;
	conformance_exit(conf);
	model = conf->priv;
	if (!model)
		return;
	KUNIT_EXPECT_EQ(test, netdma_model_bad_accesses(model), 0);
	if (netdma_model_violation(model))
		KUNIT_FAIL(test, "the driver breaks a rule: %s", netdma_model_violation(model));
	netdma_model_remove(model);
}

static struct kunit_case quickdata_cases[] = {
#include "conformance_cases.h"
	{ }
};

static struct kunit_suite quickdata_suite = {
	.name = "netdma_quickdata_conformance",
	.init = quickdata_init,
	.exit = quickdata_exit,
	.test_cases = quickdata_cases,
};

kunit_test_suite(quickdata_suite);
