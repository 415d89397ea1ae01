// SPDX-License-Identifier: GPL-2.0-only
/*
 * A provider with terminated chains does what every provider has to do
 */
#include <kunit/test.h>

#include <linux/module.h>

#include "chain_provider.h"
#include "conformance.h"

static int chain_init(struct kunit *test)
{
	struct conformance *conf = conformance_create(test);
	struct chain_provider *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, chain);
	chain_provider_init(chain);
	conf->priv = chain;
	conf->ops = &chain_characteristics;
	conf->provider = chain;
	conf->channels = CHAIN_CHANNELS;
	conf->max_transfer = CHAIN_MAX_TRANSFER;
	conf->features = CONFORMANCE_ZERO_SIZE | CONFORMANCE_STOP_WORD;
	return 0;
}

static void chain_exit(struct kunit *test)
{
	struct conformance *conf = test->priv;

	conformance_exit(conf);
	if (conf && conf->priv)
		chain_provider_exit(conf->priv);
}

static struct kunit_case chain_cases[] = {
#include "conformance_cases.h"
	{ }
};

static struct kunit_suite chain_suite = {
	.name = "netdma_chain_conformance",
	.init = chain_init,
	.exit = chain_exit,
	.test_cases = chain_cases,
};

kunit_test_suite(chain_suite);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("KUnit tests of what every NetDMA provider has to do");
MODULE_LICENSE("GPL");
