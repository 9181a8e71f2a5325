// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Large discards at the block backend: one at a time, cut where the device can
 * do with the pieces, in nobody's way, and ended with the queue.
 */
#include <linux/delay.h>

#include "tests/loopback/blk/blkback_bench.h"

#define SETTLE_MS	200
#define GIB		(1ULL << (30 - SECTOR_SHIFT))
/* The disk says that it is so large; there is data for the beginning. */
#define LARGE		(64 * GIB)
#define MANY		300

static void begin_large(struct kunit *test, unsigned int unit)
{
	struct blk_disk *disk = blk_back_disk(test);

	disk->disk->queue->limits.discard_granularity = unit;
	disk->disk->queue->limits.max_discard_sectors = GIB;
	set_capacity(disk->disk, LARGE);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.order = 4;
	blk_back_begin_planned(test);
	disk->hold_discards = true;
}

static void put(u64 sector, u64 sectors, unsigned int nr)
{
	struct blkif_request req;

	while (nr--) {
		req = blk_guest_discard(sector, sectors, 0);
		blk_guest_put(0, &req);
	}
	blk_guest_push(0);
}

static void let_go(struct blk_disk *disk)
{
	disk->hold_discards = false;
	blk_disk_release(disk);
}

static void expect_answers(struct kunit *test, unsigned int nr)
{
	struct blkif_response rsp;

	while (nr--) {
		KUNIT_ASSERT_TRUE(test, blk_guest_take(0, &rsp));
		KUNIT_EXPECT_EQ(test, rsp.status, BLKIF_RSP_OKAY);
	}
}

/* The other device is told of a new size, and discards, meanwhile. */
static void expect_other_unharmed(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blk_disk *disk = &b->other.disk;
	unsigned int try;
	u64 sectors = disk->sectors / 2;

	set_capacity_and_notify(disk->disk, sectors);
	for (try = 0; try < 300; try++) {
		if (pvio_loop_number(b->other.pair.back.own, "sectors") ==
		    sectors)
			break;
		usleep_range(10000, 20000);
	}
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->other.pair.back.own,
					       "sectors"), sectors);
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(b->other.bdev.bdev, 8, 8,
						   GFP_KERNEL), 0);
	blk_duo_expect_serves(test, &b->other);
}

static void hundreds_go_one_at_a_time(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);

	begin_large(test, 512);
	put(0, 3 * GIB, MANY);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	msleep(SETTLE_MS);
	KUNIT_EXPECT_EQ(test, blk_disk_held(disk), 1);
	expect_other_unharmed(test);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_DISCARD], 0);
	let_go(disk);
	expect_answers(test, MANY);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_DISCARD], MANY);
	blk_back_end(test);
}

/* Small ones do not wait for large ones. */
static void small_one_overtakes(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);

	begin_large(test, 512);
	put(0, 3 * GIB, 2);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	put(8, 8, 1);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 2));
	let_go(disk);
	expect_answers(test, 3);
	blk_back_end(test);
}

static void pieces_end_at_the_devices_units(struct kunit *test)
{
	static const unsigned int units[] = { 4096, 1 << 20, 3 * 512 * 1024 };
	struct blk_disk *disk = blk_back_disk(test);
	unsigned int i, piece;
	u32 unit;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		unit = units[i] >> SECTOR_SHIFT;
		begin_large(test, units[i]);
		let_go(disk);
		disk->nr_discards = 0;
		put(8, 20 * GIB + 16, 1);
		expect_answers(test, 1);
		KUNIT_EXPECT_GE(test, disk->nr_discards, 5);
		KUNIT_EXPECT_EQ(test, disk->discards[0].sector, 8);
		for (piece = 1; piece < disk->nr_discards; piece++)
			KUNIT_EXPECT_EQ(test, disk->discards[piece].sector %
					unit, 0);
		KUNIT_EXPECT_EQ(test, blk_disk_discarded(disk), 20 * GIB + 16);
		blk_back_end(test);
	}
}

static void rest_is_dropped_with_the_queue(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blk_disk *disk = &b->duo.disk;
	unsigned int try;

	begin_large(test, 512);
	put(0, 40 * GIB, 20);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	pvio_loop_set_state(&b->duo.pair.front, XenbusStateClosed);
	msleep(SETTLE_MS);
	let_go(disk);
	for (try = 0; try < 200 && pvio_outstanding(PVIO_RES_REQUEST); try++)
		usleep_range(10000, 20000);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_REQUEST), 0);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_DISCARD], 1);
	blk_duo_stop(&b->duo);
	blk_back_expect_heals(test);
}

static void error_ends_it(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	struct blkif_response rsp;

	begin_large(test, 512);
	disk->fail[REQ_OP_DISCARD] = BLK_STS_IOERR;
	put(0, 40 * GIB, 1);
	let_go(disk);
	KUNIT_ASSERT_TRUE(test, blk_guest_take(0, &rsp));
	KUNIT_EXPECT_EQ(test, rsp.status, BLKIF_RSP_ERROR);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_DISCARD], 1);
	disk->fail[REQ_OP_DISCARD] = BLK_STS_OK;
	put(0, 40 * GIB, 1);
	expect_answers(test, 1);
	blk_back_end(test);
}

static struct kunit_case discard_cases[] = {
	KUNIT_CASE(hundreds_go_one_at_a_time),
	KUNIT_CASE(small_one_overtakes),
	KUNIT_CASE(pieces_end_at_the_devices_units),
	KUNIT_CASE(rest_is_dropped_with_the_queue),
	KUNIT_CASE(error_ends_it),
	{}
};

static struct kunit_suite discard_suite = {
	.name = "pvio_blkback_discard",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = discard_cases,
};

kunit_test_suite(discard_suite);
