// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Both block drivers joined, while operations fail under them: each of the
 * door's at several calls, with requests under way, and everything that can
 * happen to the two ends in random order.  A request may fail; none is lost,
 * and afterwards the disk serves again.  Vectors M03 to M05, M11, X07, X08.
 */
#include <linux/delay.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/blk/load.h"

/**
 * struct bench - what the tests of this file use
 * @base: what was held before
 * @duo: the device
 * @load: a load on it
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_load load;
};

static int fault_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	blk_baseline_note(&b->base);
	blk_duo_make(test, &b->duo, 512);
	return 0;
}

static void fault_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_fail_none();
	pvio_loop_unplug(&b->duo.pair.front);
	blk_load_stop(&b->load);
	blk_duo_drop(&b->duo);
	blk_baseline_expect(test, &b->base);
}

static void start_load(struct kunit *test)
{
	struct bench *b = test->priv;

	memset(&b->load, 0, sizeof(b->load));
	blk_duo_start(test, &b->duo, true);
	KUNIT_ASSERT_EQ(test, blk_load_start(&b->load, b->duo.bdev.bdev), 0);
}

/* The frontend first: without a disk no request waits for ever. */
static void expect_nothing_lost(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_fail_none();
	pvio_loop_unplug(&b->duo.pair.front);
	blk_load_stop(&b->load);
	KUNIT_EXPECT_EQ(test, blk_load_lost(&b->load), 0);
	blk_duo_stop(&b->duo);
}

static void expect_heals(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	blk_duo_expect_serves(test, &b->duo);
	blk_duo_stop(&b->duo);
}

static const unsigned int nths[] = { 1, 9 };

static void reload_failing(struct kunit *test, enum loop_op op)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nths); i++) {
		start_load(test);
		KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 1));
		pvio_loop_unplug(&b->duo.pair.back);
		pvio_loop_fail(op, nths[i], 1);
		pvio_loop_plug(&b->duo.pair.back);
		pvio_loop_settle();
		msleep(50);
		expect_nothing_lost(test);
	}
	expect_heals(test);
}

static void x08_reload_with_reads_failing(struct kunit *test)
{
	reload_failing(test, LOOP_READ);
}

static void x08_reload_with_writes_failing(struct kunit *test)
{
	reload_failing(test, LOOP_WRITE);
}

static void x08_reload_with_rings_failing(struct kunit *test)
{
	reload_failing(test, LOOP_RING_GRANT);
	reload_failing(test, LOOP_RING_MAP);
}

static void x08_reload_with_channels_failing(struct kunit *test)
{
	reload_failing(test, LOOP_EVENT_OPEN);
	reload_failing(test, LOOP_EVENT_BIND);
}

static void x08_reload_with_grants_failing(struct kunit *test)
{
	reload_failing(test, LOOP_GREFS);
	reload_failing(test, LOOP_GRANT);
}

/* A collision is not a failure: the load goes on unharmed. */
static void x11_reload_with_collisions(struct kunit *test)
{
	struct bench *b = test->priv;

	start_load(test);
	pvio_loop_unplug(&b->duo.pair.back);
	pvio_loop_fail(LOOP_TXN_END, 1, 5);
	blk_duo_plug_back(test, &b->duo);
	KUNIT_EXPECT_TRUE(test, blk_duo_connected(&b->duo));
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 2));
	KUNIT_EXPECT_EQ(test, blk_load_failed(&b->load), 0);
	expect_nothing_lost(test);
}

/* Returns how many requests failed. */
static unsigned int load_failing(struct kunit *test, enum loop_op op)
{
	struct bench *b = test->priv;
	unsigned int i, failed;

	start_load(test);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 1));
	for (i = 0; i < ARRAY_SIZE(nths); i++) {
		pvio_loop_fail(op, nths[i], 3);
		KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 2));
	}
	pvio_loop_fail_none();
	failed = blk_load_failed(&b->load);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 2));
	expect_nothing_lost(test);
	expect_heals(test);
	return failed;
}

/* The disk's cache of mappings is empty at first, so maps are needed. */
static void m04_maps_fail_under_load(struct kunit *test)
{
	struct bench *b = test->priv;

	start_load(test);
	pvio_loop_fail(LOOP_MAP, 5, 1);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 3));
	KUNIT_EXPECT_GT(test, blk_load_failed(&b->load), 0);
	expect_nothing_lost(test);
	expect_heals(test);
}

static void m03_pages_are_short_under_load(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_fail(LOOP_PAGES, 1, 1000000);
	start_load(test);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 3));
	KUNIT_EXPECT_EQ(test, blk_load_failed(&b->load), 0);
	expect_nothing_lost(test);
	expect_heals(test);
}

static void m05_copies_fail_under_load(struct kunit *test)
{
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "0");
	KUNIT_EXPECT_GE(test, load_failing(test, LOOP_COPY), 2);
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
}

/* Without a reference a request waits for the next completion. */
static void grants_run_out_under_load(struct kunit *test)
{
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
	KUNIT_EXPECT_EQ(test, load_failing(test, LOOP_GRANT), 0);
}

/* M11: the grant of an answered request does not end: a broken backend. */
static void m11_grant_that_does_not_end_under_load(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "0");
	start_load(test);
	pvio_loop_fail(LOOP_UNGRANT, 20, 1);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->duo.pair.front,
					       XenbusStateClosed,
					       BENCH_WAIT_MS));
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 2));
	expect_nothing_lost(test);
	expect_heals(test);
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
}

static void plug(struct loop_end *end)
{
	if (!READ_ONCE(end->pdev))
		pvio_loop_plug(end);
}

static void fault(struct loop_end *end)
{
	if (READ_ONCE(end->pdev))
		pvio_device_fault(end->pdev, "test: said to be broken");
}

static void resume(struct loop_end *end)
{
	if (READ_ONCE(end->pdev))
		pvio_loop_resume(end);
}

/* What can happen to a device. */
static void do_something(struct loop_pair *pair, unsigned int what)
{
	switch (what) {
	case 0:
		return pvio_loop_unplug(&pair->back);
	case 1:
	case 2:
		return plug(&pair->back);
	case 3:
		return pvio_loop_unplug(&pair->front);
	case 4:
	case 5:
		return plug(&pair->front);
	case 6:
		return fault(&pair->front);
	case 7:
		return fault(&pair->back);
	case 8:
		return resume(&pair->front);
	default:
		return pvio_loop_settle();
	}
}

static void x07_everything_in_any_order(struct kunit *test)
{
	struct bench *b = test->priv;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 7007);
	for (i = 0; i < 120; i++) {
		do_something(&b->duo.pair, prandom_u32_state(&rnd) % 12);
		if (i % 40 == 39) {
			blk_duo_stop(&b->duo);
			expect_heals(test);
		}
	}
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(x08_reload_with_reads_failing),
	KUNIT_CASE(x08_reload_with_writes_failing),
	KUNIT_CASE(x08_reload_with_rings_failing),
	KUNIT_CASE(x08_reload_with_channels_failing),
	KUNIT_CASE(x08_reload_with_grants_failing),
	KUNIT_CASE(x11_reload_with_collisions),
	KUNIT_CASE(m04_maps_fail_under_load),
	KUNIT_CASE(m03_pages_are_short_under_load),
	KUNIT_CASE(m05_copies_fail_under_load),
	KUNIT_CASE(grants_run_out_under_load),
	KUNIT_CASE(m11_grant_that_does_not_end_under_load),
	KUNIT_CASE(x07_everything_in_any_order),
	{}
};

static struct kunit_suite fault_suite = {
	.name = "pvio_blk_pair_fault",
	.init = fault_init,
	.exit = fault_exit,
	.test_cases = fault_cases,
};

kunit_test_suite(fault_suite);
