// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A frontend that expects the next sender to wait for its answer leaves the
 * last event undone.  Whatever comes instead of such a sender, the event has
 * to be done: nothing may hang, and no event be left behind.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "tests/loopback/blk/bench.h"
#include "blkfront/queue.h"
#include "blkfront/vbd.h"

#define BYTES	4096
#define AT	8

static int held_init(struct kunit *test)
{
	struct blk_single *b;

	blk_single_init(test, AT, BYTES);
	b = test->priv;
	b->duo.queues = 1;
	blk_duo_start(test, &b->duo, true);
	return 0;
}

static struct pvio_bf_queue *queue_of(struct blk_single *b)
{
	struct pvio_bf_vbd *vbd = b->duo.pair.front.pdev->priv;

	return &vbd->queues[0];
}

/* And nothing else: the backend may still be busy with its own event. */
static bool comes_to_be_held(struct pvio_bf_queue *q)
{
	unsigned int waited;

	for (waited = 0; waited < BENCH_WAIT_MS; waited++) {
		if (READ_ONCE(q->taker) == PVIO_BF_TAKER_SENDER &&
		    pvio_loop_unbalanced() == 1)
			return true;
		usleep_range(1000, 2000);
	}
	return false;
}

/* No CPU is idle here when an event comes: the wait is not left to be judged. */
static void expect_short_waits(struct pvio_bf_queue *q)
{
	q->waits.since = 0;
	q->waits.streak = PVIO_HALT_ENOUGH;
}

/* One request, after whose answer the event is held. */
static void hold_event(struct kunit *test)
{
	struct blk_single *b = test->priv;
	struct pvio_bf_queue *q = queue_of(b);

	blk_disk_hold(&b->duo.disk);
	blk_io_send(&b->io, b->duo.bdev.bdev, REQ_OP_READ);
	KUNIT_ASSERT_TRUE(test, blk_disk_wait_held(&b->duo.disk, 1));
	expect_short_waits(q);
	blk_disk_release(&b->duo.disk);
	KUNIT_ASSERT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	KUNIT_ASSERT_TRUE(test, comes_to_be_held(q));
}

static void sender_that_does_not_wait_ends_it(struct kunit *test)
{
	struct blk_single *b = test->priv;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		hold_event(test);
		blk_duo_expect_serves(test, &b->duo);
		KUNIT_EXPECT_EQ(test, READ_ONCE(queue_of(b)->taker),
				PVIO_BF_TAKER_EVENT);
	}
}

/* Its answer comes after the event was done, in an event of its own. */
static void late_answer_is_told(struct kunit *test)
{
	struct blk_single *b = test->priv;

	b->duo.disk.later = true;
	hold_event(test);
	blk_duo_expect_serves(test, &b->duo);
}

static void one_is_not_held_for_many(struct kunit *test)
{
	struct blk_single *b = test->priv;
	struct pvio_bf_queue *q = queue_of(b);
	struct blk_io other = { .bytes = BYTES, .sector = 2 * AT };

	other.data = kunit_kzalloc(test, BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other.data);
	hold_event(test);
	blk_disk_hold(&b->duo.disk);
	blk_io_send(&b->io, b->duo.bdev.bdev, REQ_OP_READ);
	blk_io_send(&other, b->duo.bdev.bdev, REQ_OP_READ);
	KUNIT_ASSERT_TRUE(test, blk_disk_wait_held(&b->duo.disk, 2));
	KUNIT_EXPECT_EQ(test, READ_ONCE(q->taker), PVIO_BF_TAKER_EVENT);
	expect_short_waits(q);
	blk_disk_release(&b->duo.disk);
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blk_io_await(&other), BLK_STS_OK);
	blk_duo_expect_serves(test, &b->duo);
}

static void none_is_held_when_nobody_may_wait(struct kunit *test)
{
	struct blk_single *b = test->priv;
	struct pvio_bf_queue *q = queue_of(b);

	hold_event(test);
	blk_param_set(test, "pvio_blkfront/parameters/halt_us", "0");
	expect_short_waits(q);
	blk_duo_expect_serves(test, &b->duo);
	KUNIT_EXPECT_EQ(test, READ_ONCE(q->taker), PVIO_BF_TAKER_EVENT);
	KUNIT_EXPECT_LT(test, q->waits.streak, PVIO_HALT_ENOUGH);
	blk_param_set(test, "pvio_blkfront/parameters/halt_us", "100");
}

static void expect_comes_back(struct kunit *test)
{
	struct blk_single *b = test->priv;

	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	blk_duo_expect_serves(test, &b->duo);
}

static void guest_resumes(struct kunit *test)
{
	struct blk_single *b = test->priv;

	hold_event(test);
	pvio_loop_resume(&b->duo.pair.front);
	expect_comes_back(test);
}

static void backend_is_replaced(struct kunit *test)
{
	struct blk_single *b = test->priv;

	hold_event(test);
	pvio_loop_unplug(&b->duo.pair.back);
	blk_duo_plug_back(test, &b->duo);
	expect_comes_back(test);
}

static void disk_is_pulled(struct kunit *test)
{
	struct blk_single *b = test->priv;

	hold_event(test);
	pvio_loop_unplug(&b->duo.pair.front);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
}

static struct kunit_case held_cases[] = {
	KUNIT_CASE(sender_that_does_not_wait_ends_it),
	KUNIT_CASE(late_answer_is_told),
	KUNIT_CASE(one_is_not_held_for_many),
	KUNIT_CASE(none_is_held_when_nobody_may_wait),
	KUNIT_CASE(guest_resumes),
	KUNIT_CASE(backend_is_replaced),
	KUNIT_CASE(disk_is_pulled),
	{}
};

static struct kunit_suite held_suite = {
	.name = "pvio_blk_pair_held",
	.init = held_init,
	.exit = blk_single_exit,
	.test_cases = held_cases,
};

kunit_test_suite(held_suite);
