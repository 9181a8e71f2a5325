// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a guest can make the block backend spend, with requests that a disk
 * does not end: no more than the budget, and another guest goes on.
 */
#include <linux/delay.h>

#include "tests/loopback/blk/blkback_bench.h"

#define SETTLE_MS	300
#define BUDGET		2048
#define BUDGET_TEXT	"2048"

static int budget_init(struct kunit *test)
{
	blk_param_set(test, "pvio_blkback/parameters/budget_pages",
		      BUDGET_TEXT);
	return blk_back_init(test);
}

static void budget_exit(struct kunit *test)
{
	blk_back_exit(test);
	blk_param_set(test, "pvio_blkback/parameters/budget_pages", "0");
}

static void begin(struct kunit *test, unsigned int queues, bool persistent)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.order = 4;
	blk_guest_plan.queues = queues;
	blk_guest_plan.persistent = persistent;
	blk_back_begin_planned(test);
}

static void put_large(unsigned int q, unsigned int nr)
{
	struct blkif_request req = blk_guest_indirect(BLKIF_OP_READ, 8, 256);

	while (nr--)
		blk_guest_put(q, &req);
	blk_guest_push(q);
}

static void expect_answers(struct kunit *test, unsigned int q, unsigned int nr)
{
	struct blkif_response rsp;

	while (nr--) {
		KUNIT_ASSERT_TRUE(test, blk_guest_take(q, &rsp));
		KUNIT_EXPECT_EQ(test, rsp.status, BLKIF_RSP_OKAY);
	}
}

/* Two rings full of large reads, and a disk that ends none of them. */
static void large_reads_stay_within(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blk_disk *disk = &b->duo.disk;
	s64 pages = pvio_outstanding(PVIO_RES_PAGE);

	begin(test, 2, false);
	blk_disk_hold(disk);
	put_large(0, 200);
	put_large(1, 200);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 2));
	msleep(SETTLE_MS);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_PAGE) - pages,
			BUDGET / 2 + 2);
	blk_duo_expect_serves(test, &b->other);
	blk_disk_release(disk);
	expect_answers(test, 0, 200);
	expect_answers(test, 1, 200);
	blk_back_end(test);
}

/* Pages that stay mapped cost none here, but each request costs memory. */
static void requests_stay_within(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blk_disk *disk = &b->duo.disk;
	s64 before = pvio_outstanding(PVIO_RES_REQUEST);

	begin(test, 1, true);
	blk_disk_hold(disk);
	put_large(0, 500);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 32));
	msleep(SETTLE_MS);
	/* Two pages for each; one batch is at hand besides. */
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_REQUEST) - before,
			BUDGET / 4 + 32);
	KUNIT_EXPECT_LT(test, blk_disk_held(disk), 500);
	blk_duo_expect_serves(test, &b->other);
	blk_disk_release(disk);
	expect_answers(test, 0, 500);
	blk_back_end(test);
}

/* One batch of more large requests than there is room for at a time. */
static void batch_is_carried_out_in_parts(struct kunit *test)
{
	blk_param_set(test, "pvio_blkback/parameters/budget_pages", "1");
	begin(test, 1, false);
	put_large(0, 32);
	expect_answers(test, 0, 32);
	blk_back_end(test);
}

/* A disk's queues share what it may have; the large one gets its turn. */
static void queues_share_and_take_turns(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blk_disk *disk = &b->duo.disk;
	struct blkif_request small = blk_guest_direct(BLKIF_OP_READ, 8, 11);
	unsigned int i;

	blk_param_set(test, "pvio_blkback/parameters/max_buffer_pages", "256");
	disk->later = true;
	begin(test, 2, false);
	blk_param_set(test, "pvio_blkback/parameters/max_buffer_pages", "4096");
	for (i = 0; i < 400; i++)
		blk_guest_put(0, &small);
	blk_guest_push(0);
	put_large(1, 20);
	expect_answers(test, 1, 20);
	expect_answers(test, 0, 400);
	blk_back_end(test);
}

static struct kunit_case budget_cases[] = {
	KUNIT_CASE(large_reads_stay_within),
	KUNIT_CASE(requests_stay_within),
	KUNIT_CASE(batch_is_carried_out_in_parts),
	KUNIT_CASE(queues_share_and_take_turns),
	{}
};

static struct kunit_suite budget_suite = {
	.name = "pvio_blkback_budget",
	.init = budget_init,
	.exit = budget_exit,
	.test_cases = budget_cases,
};

kunit_test_suite(budget_suite);
