// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What others do to a disk's life: the toolstack takes it away while it is in
 * use or not, a boot loader was there before, things are short while it
 * reconnects, and the next backend has another kind of cache.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/slab.h>

#include "tests/loopback/blk/blkfront_bench.h"
#include "tests/loopback/play/blkback.h"
#include "blkfront/vbd.h"

/* Longer than a glance at a disk may take. */
#define REFUSED_MS	2000

/* What xl block-detach writes, and then waits for the backend to close. */
static void detach(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_put(b->pair.back.own, "online", "0");
	pvio_loop_set_state(&b->pair.back, XenbusStateClosing);
}

static void close_disk(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_bdev_close(&b->bdev);
	b->bdev.bdev = NULL;
}

static bool error_says(struct kunit *test, const char *what)
{
	struct bench *b = test->priv;
	unsigned int len;
	char dir[80];
	bool found;
	char *text;

	snprintf(dir, sizeof(dir), "error/%s", b->pair.front.own);
	text = pvio_loop_get(dir, "error", &len);
	if (IS_ERR_OR_NULL(text))
		return false;
	found = strstr(text, what);
	kfree(text);
	return found;
}

static bool disk_is_there(void)
{
	struct pvio_bdev bdev;

	if (pvio_bdev_open(&bdev, XVDA, false))
		return false;
	pvio_bdev_close(&bdev);
	return true;
}

static void expect_gone(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateClosed, WAIT_MS));
	KUNIT_EXPECT_FALSE(test, disk_is_there());
}

/* Refused, told why, served on; and it goes when the last one closes it. */
static void open_disk_is_not_taken_away(struct kunit *test)
{
	struct bench *b = test->priv;

	bf_bench_begin(test);
	detach(test);
	msleep(REFUSED_MS);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.front),
			XenbusStateConnected);
	KUNIT_EXPECT_TRUE(test, error_says(test, "in use"));
	bf_bench_round_trip(test, 8, 65536);
	close_disk(test);
	expect_gone(test);
	bf_bench_expect_heals(test);
}

/* Its keys have gone already: that is no number, and no wrong one either. */
static void disk_without_a_number_is_none(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_remove(b->pair.front.own, "virtual-device");
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.front), -ENOENT);
	KUNIT_EXPECT_FALSE(test, error_says(test, "no disk"));
	KUNIT_EXPECT_TRUE(test, error_says(test, "not probed"));
	pvio_loop_store_clear(b->pair.front.own);
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.front), -ENODEV);
}

/* The toolstack gives up and wants it to stay: it may be opened again. */
static void refused_disk_may_stay(struct kunit *test)
{
	struct bench *b = test->priv;

	bf_bench_begin(test);
	detach(test);
	msleep(REFUSED_MS);
	pvio_loop_put(b->pair.back.own, "online", "1");
	pvio_loop_set_state(&b->pair.back, XenbusStateConnected);
	pvio_loop_settle();
	close_disk(test);
	KUNIT_EXPECT_TRUE(test, disk_is_there());
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.front),
			XenbusStateConnected);
	bf_bench_expect_heals(test);
}

/* As udev does with every new disk: nobody is told of that. */
static void glance_at_the_disk_is_no_refusal(struct kunit *test)
{
	bf_bench_begin(test);
	detach(test);
	msleep(100);
	close_disk(test);
	expect_gone(test);
	KUNIT_EXPECT_FALSE(test, error_says(test, "in use"));
	bf_bench_expect_heals(test);
}

/* xl block-detach --force: both directories go at once. */
static void forced_detach_fails_what_is_out(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *data = (u8 *)get_zeroed_page(GFP_KERNEL);
	struct io io = { .data = data, .bytes = 4096 };

	KUNIT_ASSERT_NOT_NULL(test, data);
	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	bf_bench_send(test, &io, REQ_OP_WRITE, 8);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	detach(test);
	msleep(REFUSED_MS);
	pvio_loop_store_clear(b->pair.back.own);
	pvio_loop_unplug(&b->pair.front);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_IOERR);
	free_page((unsigned long)data);
	bf_bench_expect_heals(test);
}

static void release_held(struct work_struct *work)
{
	blk_peer_release();
}

static DECLARE_DELAYED_WORK(release_work, release_held);

/* One that nobody has open any more, with a write that is still out. */
static blk_status_t close_and_detach(struct kunit *test, bool answer)
{
	u8 *data = (u8 *)get_zeroed_page(GFP_KERNEL);
	struct io io = { .data = data, .bytes = 4096 };
	blk_status_t status;

	KUNIT_ASSERT_NOT_NULL(test, data);
	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	bf_bench_send(test, &io, REQ_OP_WRITE, 8);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	close_disk(test);
	if (answer)
		schedule_delayed_work(&release_work, HZ / 5);
	detach(test);
	status = bf_bench_await(&io);
	flush_delayed_work(&release_work);
	free_page((unsigned long)data);
	return status;
}

static void detached_disk_finishes_what_is_out(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, close_and_detach(test, true), BLK_STS_OK);
	expect_gone(test);
	bf_bench_expect_heals(test);
}

static void detached_disk_waits_for_so_long(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, close_and_detach(test, false), BLK_STS_IOERR);
	expect_gone(test);
	bf_bench_expect_heals(test);
}

/* The toolstack's word cannot be read: that is no word to go. */
static void unread_word_takes_nothing_away(struct kunit *test)
{
	struct bench *b = test->priv;
	struct pvio_bf_vbd *vbd;

	bf_bench_begin(test);
	vbd = b->pair.front.pdev->priv;
	pvio_loop_fail(LOOP_READ, 1, 1000000);
	pvio_loop_set_state(&b->pair.back, XenbusStateClosing);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateClosed, WAIT_MS));
	pvio_loop_fail_none();
	KUNIT_EXPECT_FALSE(test, vbd->dead);
	KUNIT_EXPECT_EQ(test, vbd->link, PVIO_BF_LINK_HELD);
	bf_bench_expect_heals(test);
}

static const enum loop_op short_ops[] = {
	LOOP_RING_GRANT, LOOP_EVENT_OPEN, LOOP_GREFS, LOOP_TXN_END,
};

/* Something is short when the next backend comes: requests wait for it. */
static void reconnecting_is_tried_again(struct kunit *test)
{
	u8 *data = (u8 *)get_zeroed_page(GFP_KERNEL);
	struct bench *b = test->priv;
	unsigned int i;
	struct io io;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i < ARRAY_SIZE(short_ops); i++) {
		bf_bench_begin(test);
		blk_peer_plan.hold = true;
		io = (struct io){ .data = data, .bytes = 4096 };
		bf_bench_send(test, &io, REQ_OP_WRITE, 8);
		KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
		pvio_loop_unplug(&b->pair.back);
		pvio_loop_settle();
		blk_peer_plan.hold = false;
		pvio_loop_fail(short_ops[i], 1, 1000000);
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
		msleep(500);
		pvio_loop_fail_none();
		KUNIT_EXPECT_EQ_MSG(test, bf_bench_await(&io), BLK_STS_OK,
				    "%u", short_ops[i]);
		KUNIT_EXPECT_TRUE(test, bf_bench_connected(b));
		bf_bench_end(test);
	}
	free_page((unsigned long)data);
}

/* The same with a disk that is new. */
static void connecting_is_tried_again(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_settle();
	pvio_loop_fail(LOOP_GREFS, 1, 1000000);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	msleep(500);
	pvio_loop_fail_none();
	KUNIT_EXPECT_TRUE(test, bf_bench_connected(b));
	bf_bench_end(test);
}

static const char *const left_behind[] = {
	"ring-ref", "ring-ref0", "ring-ref1", "ring-page-order",
	"multi-queue-num-queues", "event-channel", "queue-0/ring-ref",
	"queue-0/event-channel", "queue-1/ring-ref", "queue-1/event-channel",
};

static bool is_written(struct kunit *test, const char *node)
{
	struct bench *b = test->priv;
	unsigned int len;
	char *text = pvio_loop_get(b->pair.front.own, node, &len);

	if (IS_ERR_OR_NULL(text))
		return false;
	kfree(text);
	return true;
}

/* B4: nothing of what another frontend wrote is there beside our own. */
static void keys_left_behind_are_removed(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;
	bool ours;

	for (i = 0; i < ARRAY_SIZE(left_behind); i++)
		pvio_loop_put(b->pair.front.own, left_behind[i], "");
	bf_bench_begin(test);
	for (i = 0; i < ARRAY_SIZE(left_behind); i++) {
		ours = !strcmp(left_behind[i], "ring-ref") ||
		       !strcmp(left_behind[i], "event-channel");
		KUNIT_EXPECT_EQ_MSG(test, is_written(test, left_behind[i]),
				    ours, "%s", left_behind[i]);
	}
	bf_bench_round_trip(test, 8, 4096);
	bf_bench_end(test);
}

/* What was to be a barrier is written, and then flushed. */
static void fua_is_kept_over_another_kind_of_cache(struct kunit *test)
{
	u8 *data = (u8 *)get_zeroed_page(GFP_KERNEL);
	struct io io = { .data = data, .bytes = 4096 };
	struct bench *b = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, data);
	blk_peer_plan_key("feature-flush-cache", "0");
	blk_peer_plan_key("feature-barrier", "1");
	blk_peer_plan_key("feature-max-indirect-segments", NULL);
	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	bf_bench_send(test, &io, REQ_OP_WRITE | REQ_FUA, 8);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	KUNIT_EXPECT_EQ(test, blk_peer_held(0)->op, BLKIF_OP_WRITE_BARRIER);
	pvio_loop_unplug(&b->pair.back);
	pvio_loop_settle();
	blk_peer_plan.hold = false;
	blk_peer_plan.nr_keys = 0;
	blk_peer_plan_key("feature-barrier", "0");
	blk_peer_forget();
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_WRITE), 1);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_FLUSH_DISKCACHE), 1);
	free_page((unsigned long)data);
}

/* Loading the module waits for that: not before programs can open it. */
static void ready_when_the_disk_is_there(struct kunit *test)
{
	struct bench *b = test->priv;
	struct pvio_device *pdev;

	blk_peer_plan.hold = true;
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_ASSERT_TRUE(test, bf_bench_connected(b));
	pdev = b->pair.front.pdev;
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	KUNIT_EXPECT_FALSE(test, pdev->drv->is_ready(pdev));
	blk_peer_release();
	bf_bench_open(test);
	msleep(100);
	KUNIT_EXPECT_TRUE(test, pdev->drv->is_ready(pdev));
	bf_bench_end(test);
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE(open_disk_is_not_taken_away),
	KUNIT_CASE(disk_without_a_number_is_none),
	KUNIT_CASE(refused_disk_may_stay),
	KUNIT_CASE(glance_at_the_disk_is_no_refusal),
	KUNIT_CASE(forced_detach_fails_what_is_out),
	KUNIT_CASE(detached_disk_finishes_what_is_out),
	KUNIT_CASE(detached_disk_waits_for_so_long),
	KUNIT_CASE(unread_word_takes_nothing_away),
	KUNIT_CASE(reconnecting_is_tried_again),
	KUNIT_CASE(connecting_is_tried_again),
	KUNIT_CASE(keys_left_behind_are_removed),
	KUNIT_CASE(fua_is_kept_over_another_kind_of_cache),
	KUNIT_CASE(ready_when_the_disk_is_there),
	{}
};

static struct kunit_suite life_suite = {
	.name = "pvio_blkfront_life",
	.init = bf_bench_init,
	.exit = bf_bench_exit,
	.test_cases = life_cases,
};

kunit_test_suite(life_suite);
