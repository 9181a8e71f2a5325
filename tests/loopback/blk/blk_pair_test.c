// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Both block drivers joined, over a disk in memory: every shape of rings,
 * every kind of request, and every way to lose the other end under load.
 * Nothing may be lost, and at the end of each test nothing is held.
 */
#include <linux/cdrom.h>
#include <linux/delay.h>
#include <linux/hdreg.h>
#include <linux/slab.h>
#include <xen/interface/io/blkif.h>

#include "compat/blk.h"
#include "tests/loopback/blk/bench.h"
#include "tests/loopback/blk/load.h"

/**
 * struct bench - what the tests of this file use
 * @base: what was held before
 * @duo: the device
 * @other: a second one, for tests that want two
 * @load: a load on @duo
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_duo other;
	struct blk_load load;
};

static int pair_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	blk_baseline_note(&b->base);
	blk_duo_make(test, &b->duo, 512);
	return 0;
}

static void pair_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_fail_none();
	blk_disk_release(&b->duo.disk);
	/* Without the disk no request waits for ever. */
	pvio_loop_unplug(&b->duo.pair.front);
	blk_load_stop(&b->load);
	blk_duo_drop(&b->duo);
	if (b->other.made)
		blk_duo_drop(&b->other);
	blk_baseline_expect(test, &b->base);
}

static struct block_device *bdev_of(struct kunit *test)
{
	struct bench *b = test->priv;

	return b->duo.bdev.bdev;
}

static void start(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
}

static void start_load(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, blk_load_start(&b->load, bdev_of(test)), 0);
	KUNIT_ASSERT_TRUE(test, blk_load_go_on(&b->load, 1));
}

static void expect_load_unharmed(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 2));
	blk_load_stop(&b->load);
	KUNIT_EXPECT_EQ(test, blk_load_failed(&b->load), 0);
	KUNIT_EXPECT_EQ(test, blk_load_lost(&b->load), 0);
}

/* Both ends anew, whatever state the test has left them in. */
static void expect_heals(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_fail_none();
	blk_disk_release(&b->duo.disk);
	blk_duo_stop(&b->duo);
	start(test);
	blk_duo_expect_serves(test, &b->duo);
}

static const unsigned int sizes[] = {
	512, 1024, 4096, 4608, 11 * 4096, 11 * 4096 + 512, 32 * 4096,
	128 * 4096 + 512, 1020 * 1024, 1024 * 1024,
};

/* A request has 256 pages at most, so the largest one has to be aligned. */
static void expect_all_sizes(struct kunit *test)
{
	unsigned int i, offset;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KUNIT_EXPECT_TRUE_MSG(test,
				      blk_io_round_trip(bdev_of(test), i + 3,
							sizes[i], 0),
				      "%u bytes", sizes[i]);
		/* Neither on a page's border nor, where it may be, on a sector's. */
		offset = i < ARRAY_SIZE(sizes) - 1 ?
			 BLK_IO_ODD + i % 7 * BLK_IO_ODD_STEP : 0;
		KUNIT_EXPECT_TRUE_MSG(test,
				      blk_io_round_trip(bdev_of(test), i + 5,
							sizes[i], offset),
				      "%u bytes at %u", sizes[i], offset);
	}
}

static void serve_shape(struct kunit *test, unsigned int queues,
			unsigned int order)
{
	struct bench *b = test->priv;

	b->duo.queues = queues;
	b->duo.order = order;
	start(test);
	KUNIT_EXPECT_EQ(test, queues > 1 ? queues : 0,
			pvio_loop_number(b->duo.pair.front.own,
					 "multi-queue-num-queues"));
	KUNIT_EXPECT_EQ(test, order,
			pvio_loop_number(b->duo.pair.front.own,
					 "ring-page-order"));
	expect_all_sizes(test);
	blk_duo_stop(&b->duo);
}

static void serves_rings_of_every_order(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order <= 4; order++)
		serve_shape(test, 1 + order % 2, order);
}

static void serves_one_and_many_queues(struct kunit *test)
{
	serve_shape(test, 1, 1);
	serve_shape(test, 2, 0);
}

static void serves_without_persistent_grants(struct kunit *test)
{
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "0");
	serve_shape(test, 2, 1);
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
}

static void serves_a_guest_without_trust(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_put(b->duo.pair.front.own, "trusted", "0");
	serve_shape(test, 2, 1);
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "0");
	serve_shape(test, 2, 1);
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
}

static void serves_from_another_context(struct kunit *test)
{
	struct bench *b = test->priv;

	b->duo.disk.later = true;
	serve_shape(test, 2, 1);
}

static void serves_blocks_of_a_page(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_drop(&b->duo);
	blk_duo_make(test, &b->duo, 4096);
	start(test);
	KUNIT_EXPECT_EQ(test, bdev_logical_block_size(bdev_of(test)), 4096);
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(bdev_of(test), 8, 4096, 0));
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(bdev_of(test), 16,
						  256 * 1024, 512));
}

static void flush_reaches_the_disk(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	start(test);
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(bdev_of(test)), 0);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_FLUSH], 1);
	KUNIT_EXPECT_EQ(test, blk_io_do(bdev_of(test), REQ_OP_WRITE |
					REQ_PREFLUSH | REQ_FUA, 0, page, 4096),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_FLUSH], 3);
	b->duo.disk.fail[REQ_OP_FLUSH] = BLK_STS_IOERR;
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(bdev_of(test)), -EIO);
	b->duo.disk.fail[REQ_OP_FLUSH] = BLK_STS_OK;
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(bdev_of(test)), 0);
	free_page((unsigned long)page);
}

static void discard_reaches_the_disk(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	start(test);
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(bdev_of(test), 8, 4096, 0));
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(bdev_of(test), 8, 8,
						   GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_DISCARD], 1);
	KUNIT_EXPECT_EQ(test, blk_io_do(bdev_of(test), REQ_OP_READ, 8, page,
					4096), BLK_STS_OK);
	KUNIT_EXPECT_NULL(test, memchr_inv(page, 0, 4096));
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(bdev_of(test), 0,
						   BLK_DISK_SECTORS,
						   GFP_KERNEL), 0);
	free_page((unsigned long)page);
}

static void secure_erase_reaches_the_disk(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(bdev_of(test), 8, 4096, 0));
	KUNIT_EXPECT_EQ(test, blkdev_issue_secure_erase(bdev_of(test), 8, 8,
							GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_SECURE_ERASE], 1);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_DISCARD], 0);
}

static int ask_for_cd(struct kunit *test)
{
	struct gendisk *disk = bdev_of(test)->bd_disk;

	return disk->fops->ioctl(bdev_of(test), 0, CDROM_GET_CAPABILITY, 0);
}

static void cd_is_told_from_a_disk(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test, ask_for_cd(test), -EINVAL);
	blk_duo_stop(&b->duo);
	pvio_loop_put(b->duo.pair.front.own, "device-type", "cdrom");
	start(test);
	KUNIT_EXPECT_EQ(test, ask_for_cd(test), 0);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->duo.pair.back.own, "info"),
			VDISK_CDROM);
}

static void removable_disk_is_one(struct kunit *test)
{
	struct bench *b = test->priv;

	b->duo.disk.disk->flags |= GENHD_FL_REMOVABLE;
	start(test);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->duo.pair.back.own, "info"),
			VDISK_REMOVABLE);
	KUNIT_EXPECT_TRUE(test, bdev_of(test)->bd_disk->flags &
				GENHD_FL_REMOVABLE);
}

static void disk_has_a_geometry(struct kunit *test)
{
	const struct block_device_operations *ops;
	struct hd_geometry geo = {};

	start(test);
	ops = bdev_of(test)->bd_disk->fops;
	KUNIT_EXPECT_EQ(test, ops->getgeo(pvio_blk_geo_of(bdev_of(test)), &geo),
			0);
	KUNIT_EXPECT_EQ(test, geo.heads, 255);
	KUNIT_EXPECT_EQ(test, geo.sectors, 63);
	KUNIT_EXPECT_EQ(test, geo.cylinders, BLK_DISK_SECTORS / 255 / 63);
}

static void discard_is_not_offered_unless_enabled(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_put(b->duo.pair.back.own, "discard-enable", "0");
	start(test);
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(bdev_of(test), 8, 8,
						   GFP_KERNEL),
			BLK_IO_NO_DISCARD);
	KUNIT_EXPECT_EQ(test, bdev_max_discard_sectors(bdev_of(test)), 0);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_DISCARD], 0);
}

/* B06 from an honest guest: it sees that it may not write. */
static void b06_read_only_disk(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	pvio_loop_put(b->duo.pair.back.own, "mode", "r");
	blk_duo_start(test, &b->duo, false);
	KUNIT_EXPECT_TRUE(test, bdev_read_only(bdev_of(test)));
	KUNIT_EXPECT_EQ(test, blk_io_do(bdev_of(test), REQ_OP_READ, 8, page,
					4096), BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(bdev_of(test)), 0);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_WRITE], 0);
	free_page((unsigned long)page);
}

static bool cache_is_told(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int try;

	for (try = 0; try < 1500; try++) {
		if (pvio_loop_number(b->duo.pair.back.own,
				     "feature-flush-cache") == 1)
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

/* A guest that has connected without one does not flush. */
static void cache_that_appears_is_kept_empty(struct kunit *test)
{
	struct bench *b = test->priv;
	struct blk_disk *disk = &b->duo.disk;

	KUNIT_ASSERT_EQ(test, blk_disk_set_cache(disk, false), 0);
	start(test);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->duo.pair.back.own,
					       "feature-flush-cache"), 0);
	blk_duo_expect_serves(test, &b->duo);
	KUNIT_EXPECT_EQ(test, disk->fua, 0);
	KUNIT_ASSERT_EQ(test, blk_disk_set_cache(disk, true), 0);
	KUNIT_EXPECT_TRUE(test, cache_is_told(test));
	msleep(100);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_FLUSH], 1);
	blk_duo_expect_serves(test, &b->duo);
	KUNIT_EXPECT_GE(test, disk->fua, 1);
	disk->fua = 0;
	blk_duo_stop(&b->duo);
	start(test);
	blk_duo_expect_serves(test, &b->duo);
	KUNIT_EXPECT_EQ(test, disk->fua, 0);
}

static void errors_of_the_disk_are_told(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	start(test);
	b->duo.disk.fail[REQ_OP_WRITE] = BLK_STS_IOERR;
	KUNIT_EXPECT_EQ(test, blk_io_do(bdev_of(test), REQ_OP_WRITE, 8, page,
					4096), BLK_STS_IOERR);
	b->duo.disk.fail[REQ_OP_WRITE] = BLK_STS_OK;
	b->duo.disk.fail[REQ_OP_READ] = BLK_STS_MEDIUM;
	KUNIT_EXPECT_EQ(test, blk_io_do(bdev_of(test), REQ_OP_READ, 8, page,
					4096), BLK_STS_IOERR);
	b->duo.disk.fail[REQ_OP_READ] = BLK_STS_OK;
	blk_duo_expect_serves(test, &b->duo);
	free_page((unsigned long)page);
}

static void two_disks_serve_at_once(struct kunit *test)
{
	struct bench *b = test->priv;
	struct blk_load *load = kunit_kzalloc(test, sizeof(*load), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, load);
	b->other.number = 1;
	blk_duo_make(test, &b->other, 512);
	start(test);
	blk_duo_start(test, &b->other, true);
	start_load(test);
	KUNIT_ASSERT_EQ(test, blk_load_start(load, b->other.bdev.bdev), 0);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(load, 4));
	blk_load_stop(load);
	expect_load_unharmed(test);
	KUNIT_EXPECT_EQ(test, blk_load_failed(load), 0);
	KUNIT_EXPECT_EQ(test, blk_load_lost(load), 0);
}

static bool has_size(struct block_device *bdev, u64 sectors,
		     unsigned int seconds)
{
	unsigned int try;

	for (try = 0; try < seconds * 10; try++) {
		if (bdev_nr_sectors(bdev) == sectors)
			return true;
		msleep(100);
	}
	return false;
}

static void resized_disk_is_seen(struct kunit *test)
{
	struct bench *b = test->priv;

	set_capacity(b->duo.disk.disk, BLK_DISK_SECTORS / 2);
	start(test);
	KUNIT_EXPECT_EQ(test, bdev_nr_sectors(bdev_of(test)),
			BLK_DISK_SECTORS / 2);
	set_capacity_and_notify(b->duo.disk.disk, BLK_DISK_SECTORS);
	KUNIT_EXPECT_TRUE(test, has_size(bdev_of(test), BLK_DISK_SECTORS, 4));
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(bdev_of(test),
						  BLK_DISK_SECTORS - 8, 4096,
						  0));
	set_capacity_and_notify(b->duo.disk.disk, 1024);
	KUNIT_EXPECT_TRUE(test, has_size(bdev_of(test), 1024, 4));
}

/* Some disks, such as partitions, change without an event. */
static void silent_resize_is_seen_later(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	set_capacity(b->duo.disk.disk, BLK_DISK_SECTORS / 2);
	KUNIT_EXPECT_TRUE(test, has_size(bdev_of(test), BLK_DISK_SECTORS / 2,
					 12));
}

/* E04: a correct peer is never found to have sent an event for nothing. */
static void e04_no_event_is_for_nothing(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned long before;

	b->duo.queues = 1;
	start(test);
	blk_duo_expect_serves(test, &b->duo);
	before = pvio_loop_idle_events();
	start_load(test);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 10));
	expect_load_unharmed(test);
	KUNIT_EXPECT_EQ(test, pvio_loop_idle_events() - before, 0);
}

/*
 * A host that boots its guests has hundreds of devices connect, one message to
 * xenstored after the other; a transaction is two of them and copies nodes.
 */
static void connecting_asks_little_of_xenstore(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int txns = pvio_loop_calls(LOOP_TXN_START);
	unsigned int keys = pvio_loop_calls(LOOP_READ) +
			    pvio_loop_calls(LOOP_WRITE);

	b->duo.queues = 1;
	start(test);
	txns = pvio_loop_calls(LOOP_TXN_START) - txns;
	keys = pvio_loop_calls(LOOP_READ) + pvio_loop_calls(LOOP_WRITE) - keys;
	kunit_info(test, "%u transactions, %u keys", txns, keys);
	KUNIT_EXPECT_LE(test, txns, 7);
	KUNIT_EXPECT_LE(test, keys, 70);
}

static void reloaded_backend_loses_nothing(struct kunit *test)
{
	struct bench *b = test->priv;
	int i;

	b->duo.disk.later = true;
	start(test);
	start_load(test);
	for (i = 0; i < 6; i++) {
		pvio_loop_unplug(&b->duo.pair.back);
		blk_duo_plug_back(test, &b->duo);
		KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
		KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 1));
	}
	expect_load_unharmed(test);
}

/* The next backend may have other limits and another number of queues. */
static void other_backend_takes_over(struct kunit *test)
{
	struct bench *b = test->priv;
	int i;

	start(test);
	start_load(test);
	for (i = 0; i < 10; i++) {
		pvio_loop_unplug(&b->duo.pair.back);
		b->duo.queues = 1 + i % 2;
		b->duo.order = i % 5;
		blk_duo_plug_back(test, &b->duo);
		KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
		KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 1));
	}
	expect_load_unharmed(test);
}

static void resumed_guest_loses_nothing(struct kunit *test)
{
	struct bench *b = test->priv;
	int i;

	b->duo.disk.later = true;
	start(test);
	start_load(test);
	for (i = 0; i < 6; i++) {
		pvio_loop_resume(&b->duo.pair.front);
		pvio_loop_settle();
		KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
		KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 1));
	}
	expect_load_unharmed(test);
}

struct held_disk {
	struct delayed_work work;
	struct blk_disk *disk;
};

static void let_disk_go(struct work_struct *work)
{
	struct held_disk *h = container_of(to_delayed_work(work),
					   struct held_disk, work);

	blk_disk_release(h->disk);
}

/* B11: what was begun ends on the disk before the backend lets go. */
static void b11_slow_disk_outlives_the_backend(struct kunit *test)
{
	struct bench *b = test->priv;
	struct held_disk h = { .disk = &b->duo.disk };

	INIT_DELAYED_WORK_ONSTACK(&h.work, let_disk_go);
	start(test);
	start_load(test);
	blk_disk_hold(&b->duo.disk);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(&b->duo.disk,
						   BLK_LOAD_THREADS));
	schedule_delayed_work(&h.work, HZ / 5);
	pvio_loop_unplug(&b->duo.pair.back);
	KUNIT_EXPECT_FALSE(test, b->duo.disk.hold);
	flush_delayed_work(&h.work);
	destroy_delayed_work_on_stack(&h.work);
	blk_duo_plug_back(test, &b->duo);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	expect_load_unharmed(test);
}

/* Unbinding the frontend under load: an end to all requests, and no hang. */
static void unplugged_disk_ends_its_requests(struct kunit *test)
{
	struct bench *b = test->priv;

	b->duo.disk.later = true;
	start(test);
	start_load(test);
	pvio_loop_unplug(&b->duo.pair.front);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 2));
	blk_load_stop(&b->load);
	KUNIT_EXPECT_EQ(test, blk_load_lost(&b->load), 0);
	expect_heals(test);
}

/* It goes when what is in flight has ended, and nobody waits for that. */
static bool backend_is_gone(const struct loop_end *end)
{
	unsigned int try;

	for (try = 0; try < 200 && READ_ONCE(end->pdev); try++) {
		pvio_loop_settle();
		usleep_range(10000, 20000);
	}
	return !READ_ONCE(end->pdev);
}

/* xl block-detach of a disk in use: it goes when it is let go. */
static void detached_disk_serves_until_it_is_closed(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	start_load(test);
	pvio_loop_put(b->duo.pair.back.own, "online", "0");
	pvio_loop_set_state(&b->duo.pair.back, XenbusStateClosing);
	msleep(1500);
	expect_load_unharmed(test);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->duo.pair.front),
			XenbusStateConnected);
	pvio_bdev_close(&b->duo.bdev);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->duo.pair.front,
					       XenbusStateClosed,
					       BENCH_WAIT_MS));
	KUNIT_EXPECT_TRUE(test, backend_is_gone(&b->duo.pair.back));
	expect_heals(test);
}

/* xl destroy: the guest is gone in the middle of everything. */
static void destroyed_guest_takes_the_backend_along(struct kunit *test)
{
	struct bench *b = test->priv;

	b->duo.disk.later = true;
	start(test);
	start_load(test);
	pvio_loop_store_clear(b->duo.pair.front.own);
	KUNIT_EXPECT_TRUE(test, backend_is_gone(&b->duo.pair.back));
	pvio_loop_unplug(&b->duo.pair.front);
	blk_load_stop(&b->load);
	KUNIT_EXPECT_EQ(test, blk_load_lost(&b->load), 0);
}

static struct kunit_case pair_cases[] = {
	KUNIT_CASE(serves_rings_of_every_order),
	KUNIT_CASE(serves_one_and_many_queues),
	KUNIT_CASE(serves_without_persistent_grants),
	KUNIT_CASE(serves_a_guest_without_trust),
	KUNIT_CASE(serves_from_another_context),
	KUNIT_CASE(serves_blocks_of_a_page),
	KUNIT_CASE(flush_reaches_the_disk),
	KUNIT_CASE(discard_reaches_the_disk),
	KUNIT_CASE(secure_erase_reaches_the_disk),
	KUNIT_CASE(discard_is_not_offered_unless_enabled),
	KUNIT_CASE(cd_is_told_from_a_disk),
	KUNIT_CASE(removable_disk_is_one),
	KUNIT_CASE(disk_has_a_geometry),
	KUNIT_CASE(b06_read_only_disk),
	KUNIT_CASE(cache_that_appears_is_kept_empty),
	KUNIT_CASE(errors_of_the_disk_are_told),
	KUNIT_CASE(two_disks_serve_at_once),
	KUNIT_CASE(resized_disk_is_seen),
	KUNIT_CASE(silent_resize_is_seen_later),
	KUNIT_CASE(e04_no_event_is_for_nothing),
	KUNIT_CASE(connecting_asks_little_of_xenstore),
	KUNIT_CASE(reloaded_backend_loses_nothing),
	KUNIT_CASE(other_backend_takes_over),
	KUNIT_CASE(resumed_guest_loses_nothing),
	KUNIT_CASE(b11_slow_disk_outlives_the_backend),
	KUNIT_CASE(unplugged_disk_ends_its_requests),
	KUNIT_CASE(detached_disk_serves_until_it_is_closed),
	KUNIT_CASE(destroyed_guest_takes_the_backend_along),
	{}
};

static struct kunit_suite pair_suite = {
	.name = "pvio_blk_pair",
	.init = pair_init,
	.exit = pair_exit,
	.test_cases = pair_cases,
};

kunit_test_suite(pair_suite);

MODULE_DESCRIPTION("Tests of the pvio block drivers");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
