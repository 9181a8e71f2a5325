// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend when grants, copies and events do not work as they should:
 * vectors B09, B11, E01 to E06, M01 to M08 of
 * Documentation/testing/vectors-blk.rst.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "tests/loopback/blk/blkback_bench.h"
#include "xenbus/channel.h"

static void begin_persistent(struct kunit *test)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.persistent = true;
	blk_back_begin_planned(test);
}

/* Every copy of a request fails in its turn; M01 for copies. */
static void m01_every_copy_fails_once(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	struct blkif_request req;
	unsigned int nth, writes;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	for (nth = 1; nth <= 11; nth++) {
		writes = disk->done[REQ_OP_WRITE];
		pvio_loop_fail(LOOP_COPY, nth, 1);
		req = blk_guest_direct(BLKIF_OP_WRITE, 8, 11);
		blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
		KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_WRITE], writes);
		pvio_loop_fail(LOOP_COPY, nth, 1);
		req = blk_guest_direct(BLKIF_OP_READ, 8, 11);
		blk_back_expect(test, &req, BLKIF_RSP_ERROR);
	}
	for (nth = 1; nth <= 3; nth++) {
		pvio_loop_fail(LOOP_COPY, nth * nth, 1);
		req = blk_guest_indirect(BLKIF_OP_WRITE, 8, 100);
		blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	}
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void m03_no_pages_to_map_onto(struct kunit *test)
{
	s64 maps = pvio_outstanding(PVIO_RES_MAP);
	unsigned int nth;

	begin_persistent(test);
	for (nth = 1; nth <= 4; nth++) {
		pvio_loop_fail(LOOP_PAGES, nth, 1);
		blk_back_expect_serves(test);
	}
	pvio_loop_fail_none();
	blk_back_expect_serves(test);
	blk_back_end(test);
	begin_persistent(test);
	pvio_loop_fail(LOOP_PAGES, 1, 1000000);
	blk_back_expect_serves(test);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP), maps);
	pvio_loop_fail_none();
	blk_back_end(test);
}

/* 64 references in two batches: the success of one does not hide the other. */
static void m04_one_batch_of_a_request_fails(struct kunit *test)
{
	static const unsigned int nths[] = { 1, 16, 32, 33, 64 };
	struct blkif_request req;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nths); i++) {
		begin_persistent(test);
		pvio_loop_fail(LOOP_MAP, nths[i], 1);
		req = blk_guest_indirect(BLKIF_OP_WRITE, 8, 64);
		blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
		blk_back_expect_serves(test);
		blk_back_expect(test, &req, BLKIF_RSP_OKAY);
		blk_back_end(test);
	}
}

static void m05_five_hits_then_a_miss_that_fails(struct kunit *test)
{
	s64 maps = pvio_outstanding(PVIO_RES_MAP);
	struct blkif_request req;
	unsigned int i;

	begin_persistent(test);
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 5);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	for (i = 0; i < 20; i++) {
		req = blk_guest_direct(BLKIF_OP_READ, 8, 6);
		req.u.rw.seg[5].gref = 0;
		blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	}
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP), maps + 5);
	blk_back_end(test);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP), maps);
}

static void m06_bad_requests_hold_nothing(struct kunit *test)
{
	struct blkif_request bad, unknown;
	struct blkif_response rsp;
	unsigned int round, i;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	bad = blk_guest_direct(BLKIF_OP_WRITE, 8, 3);
	bad.u.rw.seg[2].gref = 0;
	unknown = blk_guest_direct(200, 8, 3);
	for (round = 0; round < 100; round++) {
		for (i = 0; i < 32; i++)
			blk_guest_put(0, i & 1 ? &bad : &unknown);
		blk_guest_push(0);
		for (i = 0; i < 32; i++)
			KUNIT_ASSERT_TRUE(test, blk_guest_take(0, &rsp));
	}
	msleep(20);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_REQUEST), 0);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void m08_copies_to_be_retried(struct kunit *test)
{
	unsigned long start;
	struct blkif_request req;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	pvio_loop_fail_copies_with(GNTST_eagain);
	pvio_loop_fail(LOOP_COPY, 1, 10);
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 1);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	pvio_loop_fail(LOOP_COPY, 1, 3);
	req = blk_guest_direct(BLKIF_OP_READ, 8, 1);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	pvio_loop_fail(LOOP_COPY, 1, 1000000);
	start = jiffies;
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 1);
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	req = blk_guest_direct(BLKIF_OP_READ, 8, 1);
	blk_back_expect(test, &req, BLKIF_RSP_ERROR);
	KUNIT_EXPECT_TRUE(test, time_before(jiffies, start + 4 * HZ));
	pvio_loop_fail_none();
	pvio_loop_fail_copies_with(0);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void b09_more_references_than_are_kept(struct kunit *test)
{
	s64 maps = pvio_outstanding(PVIO_RES_MAP);
	unsigned int i;

	blk_param_set(test, "pvio_blkback/parameters/max_persistent_grants",
		      "8");
	begin_persistent(test);
	for (i = 0; i < 10; i++)
		blk_back_expect_serves(test);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_MAP), maps + 8);
	blk_back_end(test);
	blk_param_set(test, "pvio_blkback/parameters/max_persistent_grants",
		      "2112");
}

static void b09_a_reference_in_two_rings(struct kunit *test)
{
	struct blkif_response rsp;
	struct blkif_request req;
	unsigned int i, q;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.persistent = true;
	blk_guest_plan.queues = 2;
	blk_back_begin_planned(test);
	for (i = 0; i < 20; i++) {
		req = blk_guest_direct(i % 2, 8 * i, 11);
		for (q = 0; q < 2; q++) {
			blk_guest_put(q, &req);
			blk_guest_push(q);
		}
		for (q = 0; q < 2; q++) {
			KUNIT_ASSERT_TRUE(test, blk_guest_take(q, &rsp));
			KUNIT_EXPECT_EQ(test, rsp.status, BLKIF_RSP_OKAY);
		}
	}
	blk_back_end(test);
}

/* Data goes to the page that was mapped: the guest's own loss. */
static void b09_a_reference_that_changes_its_page(struct kunit *test)
{
	struct blkif_request req;

	begin_persistent(test);
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 2);
	blk_io_fill(blk_guest_page(0), 4096, 8, 1);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	blk_guest_regrant(0, 40);
	memset(blk_guest_page(0), 0, 4096);
	memset(blk_guest_page(40), 0, 4096);
	req = blk_guest_direct(BLKIF_OP_READ, 8, 1);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_NULL(test, memchr_inv(blk_guest_page(0), 0, 4096));
	KUNIT_EXPECT_TRUE(test, blk_io_is_filled(blk_guest_page(40), 4096, 8,
						 1));
	blk_guest_regrant(0, 40);
	blk_back_end(test);
}

static void put_writes(unsigned int nr)
{
	struct blkif_request req;

	while (nr--) {
		req = blk_guest_direct(BLKIF_OP_WRITE, 8 * nr, 2);
		blk_guest_put(0, &req);
	}
	blk_guest_push(0);
}

/* The guest says goodbye while the disk has its requests. */
static void b11_disk_ends_after_the_guest_left(struct kunit *test)
{
	static const enum xenbus_state states[] = {
		XenbusStateClosing, XenbusStateClosed, XenbusStateInitialising,
		XenbusStateUnknown,
	};
	struct blk_back_bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		blk_guest_plan_anew(PVIO_BLK_ABI_64);
		blk_guest_plan.persistent = i & 1;
		blk_back_begin_planned(test);
		blk_disk_hold(&b->duo.disk);
		put_writes(16);
		KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(&b->duo.disk, 16));
		pvio_loop_set_state(&b->duo.pair.front, states[i]);
		msleep(50);
		blk_disk_release(&b->duo.disk);
		pvio_loop_settle();
		blk_duo_stop(&b->duo);
		KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_REQUEST), 0);
	}
	blk_back_expect_heals(test);
}

/* At any point of taking, mapping, copying and answering. */
static void b11_guest_leaves_in_the_middle(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	unsigned int i;

	b->duo.disk.later = true;
	for (i = 0; i < 24; i++) {
		blk_guest_plan_anew(i & 1);
		blk_guest_plan.persistent = i & 2;
		blk_back_begin_planned(test);
		put_writes(32);
		udelay(i * 37 % 500);
		pvio_loop_set_state(&b->duo.pair.front, XenbusStateClosing);
		pvio_loop_settle();
		blk_duo_stop(&b->duo);
	}
	blk_back_expect_heals(test);
}

static void e01_flood_without_requests(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_lines_begin(&b->duo.pair.back);
	pvio_loop_flood(blk_guest_event(0), 100000);
	blk_back_expect_serves(test);
	KUNIT_EXPECT_EQ(test, blk_lines(&b->duo.pair.back), 0);
	blk_back_end(test);
}

/* E01: what is found to be for nothing is told to Xen as such. */
static void e01_events_for_nothing_are_told(struct kunit *test)
{
	unsigned long before;
	unsigned int i;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_back_expect_serves(test);
	before = pvio_loop_idle_events();
	for (i = 0; i < 20; i++) {
		pvio_loop_flood(blk_guest_event(0), 1);
		msleep(20);
	}
	KUNIT_EXPECT_GE(test, pvio_loop_idle_events() - before, 15);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void e02_flood_of_a_broken_device(struct kunit *test)
{
	blk_back_begin(test, PVIO_BLK_ABI_64);
	WRITE_ONCE(blk_guest_shared(0)->req_prod, 1000);
	pvio_loop_flood(blk_guest_event(0), 1000);
	blk_back_expect_broken(test);
	pvio_loop_flood(blk_guest_event(0), 1000);
	KUNIT_EXPECT_LE(test, pvio_loop_unbalanced(), 1);
	blk_back_expect_heals(test);
}

static void e03_events_with_little_work(struct kunit *test)
{
	struct blkif_request req;
	unsigned int i;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	for (i = 0; i < 100; i++) {
		pvio_loop_flood(blk_guest_event(0), 10);
		req = blk_guest_direct(BLKIF_OP_READ, 8, 1);
		blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	}
	blk_back_end(test);
}

static int flood(void *arg)
{
	while (!kthread_should_stop()) {
		pvio_loop_flood(blk_guest_event(0), 10);
		cond_resched();
	}
	return 0;
}

static void e05_events_while_the_channel_closes(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct task_struct *task;
	unsigned int i;

	task = kthread_run(flood, NULL, "flood");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (i = 0; i < 16; i++) {
		blk_back_begin(test, PVIO_BLK_ABI_64);
		put_writes(8);
		blk_duo_stop(&b->duo);
	}
	kthread_stop(task);
	blk_back_expect_heals(test);
}

static void e06_lost_event(struct kunit *test)
{
	struct blkif_response rsp;
	unsigned int i;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	for (i = 0; i < 5; i++) {
		pvio_loop_fail(LOOP_EVENT_SEND, 1, 1);
		put_writes(1);
		msleep(20);
		put_writes(1);
		KUNIT_EXPECT_TRUE(test, blk_guest_take(0, &rsp));
		KUNIT_EXPECT_TRUE(test, blk_guest_take(0, &rsp));
	}
	blk_back_end(test);
}

static struct kunit_case grants_cases[] = {
	KUNIT_CASE(m01_every_copy_fails_once),
	KUNIT_CASE(m03_no_pages_to_map_onto),
	KUNIT_CASE(m04_one_batch_of_a_request_fails),
	KUNIT_CASE(m05_five_hits_then_a_miss_that_fails),
	KUNIT_CASE(m06_bad_requests_hold_nothing),
	KUNIT_CASE(m08_copies_to_be_retried),
	KUNIT_CASE(b09_more_references_than_are_kept),
	KUNIT_CASE(b09_a_reference_in_two_rings),
	KUNIT_CASE(b09_a_reference_that_changes_its_page),
	KUNIT_CASE(b11_disk_ends_after_the_guest_left),
	KUNIT_CASE(b11_guest_leaves_in_the_middle),
	KUNIT_CASE(e01_flood_without_requests),
	KUNIT_CASE(e01_events_for_nothing_are_told),
	KUNIT_CASE(e02_flood_of_a_broken_device),
	KUNIT_CASE(e03_events_with_little_work),
	KUNIT_CASE(e05_events_while_the_channel_closes),
	KUNIT_CASE(e06_lost_event),
	{}
};

static struct kunit_suite grants_suite = {
	.name = "pvio_blkback_grants",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = grants_cases,
};

kunit_test_suite(grants_suite);
