// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the block backend waits for, which is nothing: a disk that hangs, its
 * opening and writing back included, holds up neither the engine nor another
 * device, and what a guest granted is not touched after it has left.
 */
#include <linux/buffer_head.h>
#include <linux/delay.h>
#include <linux/ktime.h>

#include "tests/loopback/blk/blkback_bench.h"

/* The longest that the engine may have a device for itself. */
#define AT_ONCE_MS	50
/* Long enough for what should not happen to happen. */
#define SETTLE_MS	200

static struct loop_pair *pair_of(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	return &b->duo.pair;
}

static void put(struct blkif_request req, unsigned int nr)
{
	while (nr--)
		blk_guest_put(0, &req);
	blk_guest_push(0);
}

/* A run of the engine holds the lock.  Returns how long, in milliseconds. */
static s64 wait_for_lock(struct pvio_device *pdev)
{
	ktime_t start = ktime_get();
	s64 ms;

	do {
		if (mutex_trylock(&pdev->lock)) {
			mutex_unlock(&pdev->lock);
			return ktime_ms_delta(ktime_get(), start);
		}
		usleep_range(500, 1000);
		ms = ktime_ms_delta(ktime_get(), start);
	} while (ms < 10 * AT_ONCE_MS);
	return ms;
}

static void expect_engine_idle(struct kunit *test)
{
	struct pvio_device *pdev = pair_of(test)->back.pdev;
	s64 longest = 0;
	int i;

	for (i = 0; i < 20; i++) {
		longest = max(longest, wait_for_lock(pdev));
		usleep_range(5000, 10000);
	}
	KUNIT_EXPECT_LT(test, longest, AT_ONCE_MS);
}

/* Its backend goes and comes again, as far as others let it. */
static void expect_other_reconnects(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	pvio_loop_unplug(&b->other.pair.back);
	blk_duo_plug_back(test, &b->other);
	KUNIT_EXPECT_TRUE(test, blk_duo_connected(&b->other));
	blk_duo_expect_serves(test, &b->other);
}

static bool requests_are_gone(void)
{
	unsigned int try;

	for (try = 0; try < 200; try++) {
		if (!pvio_outstanding(PVIO_RES_REQUEST))
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

static const enum xenbus_state leaving[] = {
	XenbusStateClosing, XenbusStateClosed, XenbusStateInitialising,
	XenbusStateUnknown,
};

static void disk_that_hangs_holds_up_nobody(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	struct loop_pair *pair = pair_of(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(leaving); i++) {
		blk_guest_plan_anew(PVIO_BLK_ABI_64);
		blk_guest_plan.persistent = i & 1;
		blk_back_begin_planned(test);
		blk_disk_hold(disk);
		put(blk_guest_direct(BLKIF_OP_WRITE, 8, 3), 8);
		put(blk_guest_direct(BLKIF_OP_READ, 8, 3), 8);
		KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 16));
		pvio_loop_set_state(&pair->front, leaving[i]);
		expect_engine_idle(test);
		expect_other_reconnects(test);
		blk_disk_release(disk);
		KUNIT_EXPECT_TRUE(test, requests_are_gone());
		blk_duo_stop(&((struct blk_back_bench *)test->priv)->duo);
	}
	blk_back_expect_heals(test);
}

/* The state goes on when the last request has come back. */
static void state_goes_on_when_it_does(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	struct loop_pair *pair = pair_of(test);

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_disk_hold(disk);
	put(blk_guest_direct(BLKIF_OP_WRITE, 8, 3), 4);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 4));
	pvio_loop_set_state(&pair->front, XenbusStateClosed);
	msleep(SETTLE_MS);
	KUNIT_EXPECT_NE(test, pvio_loop_state(&pair->back), XenbusStateClosed);
	blk_disk_release(disk);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&pair->back, XenbusStateClosed,
					       BENCH_WAIT_MS));
	blk_back_expect_heals(test);
}

static void mark_pages(unsigned int nr)
{
	while (nr--)
		memset(blk_guest_page(nr), 0xa5, 4096);
}

static bool are_marked(unsigned int nr)
{
	bool ok = true;

	while (nr--)
		ok &= !memchr_inv(blk_guest_page(nr), 0xa5, 4096);
	return ok;
}

/* The references name something else by the time that the data is there. */
static void data_is_not_copied_to_who_left(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(leaving); i++) {
		blk_back_begin(test, PVIO_BLK_ABI_64);
		blk_disk_hold(disk);
		put(blk_guest_direct(BLKIF_OP_READ, 8, 11), 1);
		KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
		pvio_loop_set_state(&pair_of(test)->front, leaving[i]);
		msleep(SETTLE_MS);
		mark_pages(11);
		blk_disk_release(disk);
		KUNIT_EXPECT_TRUE(test, requests_are_gone());
		KUNIT_EXPECT_TRUE(test, are_marked(11));
		blk_duo_stop(&((struct blk_back_bench *)test->priv)->duo);
	}
	blk_back_expect_heals(test);
}

static void set_pages(struct kunit *test, const char *most)
{
	blk_param_set(test, "pvio_blkback/parameters/max_buffer_pages", most);
}

/* A write that waits for pages would fetch its data when the guest has left. */
static void data_is_not_taken_from_who_left(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);

	set_pages(test, "256");
	blk_back_begin(test, PVIO_BLK_ABI_64);
	set_pages(test, "4096");
	blk_disk_hold(disk);
	put(blk_guest_indirect(BLKIF_OP_READ, 8, 250), 1);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	put(blk_guest_direct(BLKIF_OP_WRITE, 8, 11), 1);
	msleep(SETTLE_MS);
	KUNIT_EXPECT_EQ(test, blk_disk_held(disk), 1);
	pvio_loop_set_state(&pair_of(test)->front, XenbusStateClosed);
	msleep(SETTLE_MS);
	blk_disk_release(disk);
	KUNIT_EXPECT_TRUE(test, requests_are_gone());
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_WRITE], 0);
	blk_back_expect_heals(test);
}

static void disk_that_does_not_open_holds_up_nobody(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_disk_hold_open(&b->duo.disk);
	blk_back_plug(test);
	expect_engine_idle(test);
	expect_other_reconnects(test);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->duo.pair.back),
			XenbusStateInitWait);
	blk_disk_release(&b->duo.disk);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	blk_back_expect_serves(test);
	blk_back_end(test);
	/* It may even be taken away meanwhile. */
	blk_disk_hold_open(&b->duo.disk);
	blk_back_plug(test);
	expect_engine_idle(test);
	blk_duo_stop(&b->duo);
	blk_disk_release(&b->duo.disk);
	blk_back_expect_heals(test);
}

static bool backend_opens(struct kunit *test)
{
	s64 before = pvio_outstanding(PVIO_RES_DISK);
	unsigned int try;

	if (pvio_loop_plug(&pair_of(test)->back))
		return false;
	for (try = 0; try < 200; try++) {
		if (pvio_outstanding(PVIO_RES_DISK) > before)
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

/* Something of it that this domain has written and not yet written back. */
static void make_dirty(struct kunit *test, struct blk_disk *disk)
{
	struct pvio_bdev bdev = {};
	struct buffer_head *bh;

	KUNIT_ASSERT_EQ(test, pvio_bdev_open(&bdev, disk_devt(disk->disk),
					     true), 0);
	bh = __bread(bdev.bdev, 0, block_size(bdev.bdev));
	KUNIT_EXPECT_NOT_NULL(test, bh);
	if (bh) {
		mark_buffer_dirty(bh);
		brelse(bh);
	}
	blk_disk_hold(disk);
	/* To close it for the last time would be to write back. */
	if (!backend_opens(test)) {
		KUNIT_FAIL(test, "the backend has not opened it");
		blk_disk_release(disk);
	}
	pvio_bdev_close(&bdev);
}

static void writing_back_holds_up_nobody(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blk_disk *disk = &b->duo.disk;
	struct blkif_response rsp;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	make_dirty(test, disk);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->duo.pair.front), 0);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	expect_engine_idle(test);
	expect_other_reconnects(test);
	put(blk_guest_direct(BLKIF_OP_WRITE, 64, 1), 1);
	msleep(SETTLE_MS);
	KUNIT_EXPECT_EQ(test, blk_disk_held(disk), 1);
	blk_disk_release(disk);
	KUNIT_EXPECT_TRUE(test, blk_guest_take(0, &rsp));
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_WRITE], 2);
	blk_back_end(test);
}

/* A socket that sends from the guest's page, over a connection that is dead. */
static void page_that_somebody_has_is_unmapped_later(struct kunit *test)
{
	s64 maps = pvio_outstanding(PVIO_RES_MAP);
	struct blk_back_bench *b = test->priv;
	struct page *page = virt_to_page(blk_guest_page(0));
	unsigned int try;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.persistent = true;
	blk_back_begin_planned(test);
	blk_back_expect_serves(test);
	get_page(page);
	blk_back_end(test);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP), maps + 1);
	KUNIT_EXPECT_FALSE(test, !!b->duo.pair.back.pdev);
	put_page(page);
	for (try = 0; try < 300; try++) {
		if (pvio_outstanding(PVIO_RES_MAP) == maps)
			break;
		usleep_range(10000, 20000);
	}
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP), maps);
	blk_back_expect_heals(test);
}

static struct kunit_case stop_cases[] = {
	KUNIT_CASE(disk_that_hangs_holds_up_nobody),
	KUNIT_CASE(state_goes_on_when_it_does),
	KUNIT_CASE(data_is_not_copied_to_who_left),
	KUNIT_CASE(data_is_not_taken_from_who_left),
	KUNIT_CASE(disk_that_does_not_open_holds_up_nobody),
	KUNIT_CASE(writing_back_holds_up_nobody),
	KUNIT_CASE(page_that_somebody_has_is_unmapped_later),
	{}
};

static struct kunit_suite stop_suite = {
	.name = "pvio_blkback_stop",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = stop_cases,
};

kunit_test_suite(stop_suite);

MODULE_DESCRIPTION("Tests of what the pvio block backend waits for");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
