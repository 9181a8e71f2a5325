// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What waits for what at the block backend, and what is given back when nobody
 * uses it.
 */
#include <linux/delay.h>
#include <linux/fs.h>

#include "tests/loopback/blk/blkback_bench.h"

/* Long enough for a request to get to the disk, if nothing is in its way. */
#define SETTLE_MS	200

static void put(unsigned int q, struct blkif_request req, u64 id)
{
	if (req.operation == BLKIF_OP_DISCARD)
		req.u.discard.id = id;
	else
		req.u.rw.id = id;
	blk_guest_put(q, &req);
	blk_guest_push(q);
}

static void expect_answer(struct kunit *test, unsigned int q, u64 id)
{
	struct blkif_response rsp;

	KUNIT_ASSERT_TRUE(test, blk_guest_take(q, &rsp));
	KUNIT_EXPECT_EQ(test, rsp.id, id);
	KUNIT_EXPECT_EQ(test, rsp.status, BLKIF_RSP_OKAY);
}

static void begin_with_two_queues(struct kunit *test)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.queues = 2;
	blk_back_begin_planned(test);
}

/* What came before it on either ring is done, what came after is not begun. */
static void barrier_waits_for_every_ring(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);

	begin_with_two_queues(test);
	blk_disk_hold(disk);
	put(0, blk_guest_direct(BLKIF_OP_WRITE, 8, 1), 1);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	put(1, blk_guest_direct(BLKIF_OP_WRITE_BARRIER, 0, 0), 2);
	msleep(SETTLE_MS);
	put(0, blk_guest_direct(BLKIF_OP_WRITE, 16, 1), 3);
	msleep(SETTLE_MS);
	KUNIT_EXPECT_EQ(test, blk_disk_held(disk), 1);
	blk_disk_release(disk);
	expect_answer(test, 0, 1);
	expect_answer(test, 1, 2);
	expect_answer(test, 0, 3);
	KUNIT_EXPECT_EQ(test, disk->flushed_after, 1);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_WRITE], 2);
	blk_back_end(test);
}

static void slow_discard_is_in_nobodys_way(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);

	blk_back_begin(test, PVIO_BLK_ABI_64);
	disk->hold_discards = true;
	put(0, blk_guest_discard(64, 64, 0), 1);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	put(0, blk_guest_direct(BLKIF_OP_WRITE, 8, 1), 2);
	expect_answer(test, 0, 2);
	put(0, blk_guest_direct(BLKIF_OP_FLUSH_DISKCACHE, 0, 0), 3);
	expect_answer(test, 0, 3);
	disk->hold_discards = false;
	blk_disk_release(disk);
	expect_answer(test, 0, 1);
	blk_back_end(test);
}

static void begin_with_kept_pages(struct kunit *test)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.persistent = true;
	blk_back_begin_planned(test);
	blk_back_expect_serves(test);
}

static void idle_pages_are_unmapped(struct kunit *test)
{
	s64 before = pvio_outstanding(PVIO_RES_MAP);
	unsigned int waited;

	blk_param_set(test,
		      "pvio_blkback/parameters/persistent_grant_unused_seconds",
		      "1");
	begin_with_kept_pages(test);
	KUNIT_EXPECT_GT(test, pvio_outstanding(PVIO_RES_MAP), before + 11);
	for (waited = 0; waited < 20000; waited += 100) {
		/* What stays is the ring. */
		if (pvio_outstanding(PVIO_RES_MAP) <= before + 1)
			break;
		msleep(100);
	}
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_MAP), before + 1);
	blk_back_expect_serves(test);
	blk_param_set(test,
		      "pvio_blkback/parameters/persistent_grant_unused_seconds",
		      "60");
	blk_back_end(test);
}

/* As an administrator does; a kernel short of memory asks the same way. */
static void want_memory(struct kunit *test)
{
	struct file *file = pvio_loop_open("/proc/sys/vm/drop_caches", O_WRONLY);
	loff_t pos = 0;

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	KUNIT_EXPECT_EQ(test, kernel_write(file, "2", 1, &pos), 1);
	filp_close(file, NULL);
}

static void spare_pages_are_given_back(struct kunit *test)
{
	s64 before;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_back_expect_serves(test);
	before = pvio_outstanding(PVIO_RES_PAGE);
	want_memory(test);
	KUNIT_EXPECT_LT(test, pvio_outstanding(PVIO_RES_PAGE), before);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(barrier_waits_for_every_ring),
	KUNIT_CASE(slow_discard_is_in_nobodys_way),
	KUNIT_CASE(idle_pages_are_unmapped),
	KUNIT_CASE(spare_pages_are_given_back),
	{}
};

static struct kunit_suite order_suite = {
	.name = "pvio_blkback_order",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = order_cases,
};

kunit_test_suite(order_suite);
