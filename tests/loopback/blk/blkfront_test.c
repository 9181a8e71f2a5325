// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block frontend against a backend that is played: it serves, lies, goes
 * away and comes back.  Vectors B20 to B24, M10 and M11 of
 * Documentation/testing/vectors-blk.rst carry their numbers.  At the end of
 * each test nothing is held, and a frontend that was lied to has served a disk
 * again.
 */
#include <kunit/test.h>
#include <linux/bio.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "tests/loopback/blk/blkfront_bench.h"
#include "tests/loopback/blk/io.h"
#include "tests/loopback/play/blkback.h"

static void serves_through_kept_grants(struct kunit *test)
{
	bf_bench_begin(test);
	bf_bench_all_sizes(test);
}

static void serves_from_own_pages(struct kunit *test)
{
	blk_peer_plan_key("feature-persistent", "0");
	bf_bench_begin(test);
	bf_bench_all_sizes(test);
}

static void serves_a_backend_not_trusted(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_put(b->pair.front.own, "trusted", "0");
	blk_peer_plan_key("feature-persistent", "0");
	bf_bench_begin(test);
	bf_bench_all_sizes(test);
}

static void serves_without_indirect_requests(struct kunit *test)
{
	blk_peer_plan_key("feature-max-indirect-segments", NULL);
	bf_bench_begin(test);
	bf_bench_all_sizes(test);
}

/* A piece that is not made of sectors goes through a page of the pool. */
static void unaligned_memory_is_copied(struct kunit *test)
{
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);
	u8 *back = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, page && back);
	blk_peer_plan_key("feature-persistent", "0");
	bf_bench_begin(test);
	bf_bench_fill(page, 4096, 1);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_WRITE, 9, page + 36, 512),
			BLK_IO_UNALIGNED);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_READ, 9, back + 100, 512),
			BLK_IO_UNALIGNED);
	if (BLK_IO_UNALIGNED == BLK_STS_OK)
		KUNIT_EXPECT_EQ(test, memcmp(page + 36, back + 100, 512), 0);
	KUNIT_EXPECT_EQ(test, back[99] | back[612], 0);
	free_page((unsigned long)page);
	free_page((unsigned long)back);
}

/* One write that the backend holds, to have something outstanding. */
static void hold_one(struct kunit *test, struct io *io)
{
	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	io->bytes = 4096;
	io->data = (u8 *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, io->data);
	bf_bench_send(test, io, REQ_OP_WRITE, 8);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
}

static void expect_failed(struct kunit *test, struct io *io)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_EQ(test, bf_bench_await(io), BLK_STS_IOERR);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateClosed, WAIT_MS));
	KUNIT_EXPECT_TRUE(test, pvio_device_broken(b->pair.front.pdev));
	free_page((unsigned long)io->data);
	bf_bench_expect_heals(test);
	bf_bench_end(test);
}

static void b20_impossible_numbers_of_answers(struct kunit *test)
{
	static const s32 moves[] = { 33, 2, -1, S32_MIN, 1000000 };
	unsigned int i;
	struct io io;

	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		hold_one(test, &io);
		blk_peer_move_index(moves[i]);
		expect_failed(test, &io);
	}
}

static void b21_ids_out_of_range(struct kunit *test)
{
	static const u64 ids[] = { 32, BIT(31), U32_MAX, U64_MAX };
	unsigned int i;
	struct io io;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		hold_one(test, &io);
		blk_peer_answer(ids[i], BLKIF_OP_WRITE, BLKIF_RSP_OKAY);
		expect_failed(test, &io);
	}
}

static void b22_id_that_is_idle(struct kunit *test)
{
	struct io io;

	hold_one(test, &io);
	blk_peer_answer(blk_peer_held(0)->id ^ 1, BLKIF_OP_WRITE,
			BLKIF_RSP_OKAY);
	expect_failed(test, &io);
}

static void b22_id_answered_before(struct kunit *test)
{
	struct io first, second;
	u64 id;

	hold_one(test, &first);
	second = (struct io){
		.data = (u8 *)get_zeroed_page(GFP_KERNEL),
		.bytes = 4096,
	};
	KUNIT_ASSERT_NOT_NULL(test, second.data);
	bf_bench_send(test, &second, REQ_OP_WRITE, 64);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(2));
	id = blk_peer_held(0)->id;
	blk_peer_answer(id, BLKIF_OP_WRITE, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&first), BLK_STS_OK);
	free_page((unsigned long)first.data);
	blk_peer_answer(id, BLKIF_OP_WRITE, BLKIF_RSP_OKAY);
	expect_failed(test, &second);
}

static void b23_answer_for_another_operation(struct kunit *test)
{
	static const u8 ops[] = {
		BLKIF_OP_READ, BLKIF_OP_INDIRECT, BLKIF_OP_FLUSH_DISKCACHE, 255,
	};
	unsigned int i;
	struct io io;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		hold_one(test, &io);
		blk_peer_answer(blk_peer_held(0)->id, ops[i], BLKIF_RSP_OKAY);
		expect_failed(test, &io);
	}
}

static void b23_any_other_status_is_an_error(struct kunit *test)
{
	static const s16 statuses[] = { -1, -2, -3, 1, 32767, S16_MIN };
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);
	struct bench *b = test->priv;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	bf_bench_begin(test);
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		blk_peer_plan.status[BLKIF_OP_READ] = statuses[i];
		KUNIT_EXPECT_EQ(test,
				bf_bench_transfer(test, REQ_OP_READ, 8, page, 4096),
				BLK_STS_IOERR);
	}
	KUNIT_EXPECT_FALSE(test, pvio_device_broken(b->pair.front.pdev));
	free_page((unsigned long)page);
}

static const struct blk_peer_key refused_keys[] = {
	{ "sector-size", "0" }, { "sector-size", "1" },
	{ "sector-size", "513" }, { "sector-size", "3" },
	{ "sector-size", "1536" }, { "sector-size", "65536" },
	{ "sector-size", "65537" }, { "sector-size", NULL },
	{ "sector-size", "" }, { "sector-size", "-512" },
	{ "sectors", "18446744073709551615" }, { "sectors", NULL },
	{ "sectors", "36028797018963968" }, { "sectors", "0x10" },
	{ "info", NULL }, { "info", "junk" },
	{ "feature-max-indirect-segments", "4294967296" },
	{ "feature-persistent", "2" },
};

static void b24_disks_that_cannot_be(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused_keys); i++) {
		blk_peer_plan_key(refused_keys[i].name, refused_keys[i].text);
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
		KUNIT_EXPECT_TRUE_MSG(test,
				      pvio_loop_wait(&b->pair.front,
						     XenbusStateClosed,
						     WAIT_MS),
				      "%s=%s", refused_keys[i].name,
				      refused_keys[i].text);
		bf_bench_end(test);
	}
	bf_bench_expect_heals(test);
}

static const struct blk_peer_key clamped_keys[] = {
	{ "feature-max-indirect-segments", "4294967295" },
	{ "feature-max-indirect-segments", "1" },
	{ "max-ring-page-order", "0" },
	{ "multi-queue-max-queues", "0" },
	{ "physical-sector-size", "3" },
	{ "physical-sector-size", "1" },
	{ "physical-sector-size", "4294967295" },
	{ "discard-granularity", "3" },
	{ "discard-granularity", "0" },
	{ "discard-alignment", "4294967295" },
};

/* The played backend serves 256 segments, whatever it says it can. */
static void b24_hints_that_are_clamped(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clamped_keys); i++) {
		blk_peer_plan_key("feature-discard", "1");
		blk_peer_plan_key(clamped_keys[i].name, clamped_keys[i].text);
		bf_bench_begin(test);
		bf_bench_round_trip(test, 0, 1024 * 1024);
		bf_bench_end(test);
	}
}

/* M10, M11: the page of an answered request is still mapped. */
static void m10_pages_not_let_go(struct kunit *test)
{
	struct io io;

	blk_peer_plan_key("feature-persistent", "0");
	hold_one(test, &io);
	pvio_loop_fail(LOOP_UNGRANT, 1, 1);
	blk_peer_release();
	expect_failed(test, &io);
}

#define WRITES	8

/* From one CPU after the other: the block layer keeps their requests apart. */
static void send_writes(struct kunit *test, struct io *io, unsigned int bytes)
{
	unsigned int i;

	for (i = 0; i < WRITES; i++) {
		set_cpus_allowed_ptr(current,
				     cpumask_of(i % num_online_cpus()));
		io[i].bytes = bytes;
		io[i].data = alloc_pages_exact(bytes, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, io[i].data);
		bf_bench_fill(io[i].data, bytes, i);
		bf_bench_send(test, &io[i], REQ_OP_WRITE, 512 * i);
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

static void finish_writes(struct kunit *test, struct io *io)
{
	u8 *back = alloc_pages_exact(io[0].bytes, GFP_KERNEL | __GFP_ZERO);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, back);
	for (i = 0; i < WRITES; i++) {
		KUNIT_EXPECT_EQ(test, bf_bench_await(&io[i]), BLK_STS_OK);
		KUNIT_EXPECT_EQ(test,
				bf_bench_transfer(test, REQ_OP_READ, 512 * i, back, io[i].bytes),
				BLK_STS_OK);
		KUNIT_EXPECT_EQ(test, memcmp(back, io[i].data, io[i].bytes),
				0);
		free_pages_exact(io[i].data, io[i].bytes);
	}
	free_pages_exact(back, io[0].bytes);
}

/* The backend is reloaded while it holds requests. */
static void replace_backend(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_unplug(&b->pair.back);
	blk_peer_plan.hold = false;
	pvio_loop_settle();
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_ASSERT_TRUE(test, bf_bench_connected(b));
}

static void unanswered_requests_are_sent_again(struct kunit *test)
{
	struct io io[WRITES];
	unsigned int i;

	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	send_writes(test, io, 4096);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(WRITES));
	replace_backend(test);
	KUNIT_ASSERT_TRUE(test, bf_bench_ended(&io[WRITES - 1]));
	for (i = 0; i < WRITES; i++)
		KUNIT_EXPECT_EQ(test, blk_peer_logged(i), 512 * i);
	finish_writes(test, io);
}

static void flushes_are_sent_again(struct kunit *test)
{
	struct io io = {};

	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	bf_bench_send(test, &io, REQ_OP_WRITE | REQ_PREFLUSH, 0);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	replace_backend(test);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_FLUSH_DISKCACHE), 1);
}

/* What fitted the first backend is cut for the second. */
static void smaller_backend_takes_over(struct kunit *test)
{
	struct io io[WRITES];

	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	send_writes(test, io, 256 * 1024);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(4));
	blk_peer_plan_key("feature-max-indirect-segments", NULL);
	blk_peer_plan_key("feature-persistent", "0");
	replace_backend(test);
	finish_writes(test, io);
	bf_bench_all_sizes(test);
}

/* X06: the backend comes and goes under load; no write is lost. */
static void x06_reloads_under_load(struct kunit *test)
{
	struct io io[WRITES];
	unsigned int round;

	bf_bench_begin(test);
	for (round = 0; round < 20; round++) {
		send_writes(test, io, 4096 << (round % 6));
		replace_backend(test);
		finish_writes(test, io);
	}
}

static void release_held(struct work_struct *work)
{
	blk_peer_release();
}

static DECLARE_DELAYED_WORK(release_work, release_held);

/* rmmod while a request is out: it is waited for, and it succeeds. */
static void leaving_waits_for_answers(struct kunit *test)
{
	struct bench *b = test->priv;
	struct io io;

	hold_one(test, &io);
	schedule_delayed_work(&release_work, HZ / 5);
	pvio_loop_unplug(&b->pair.front);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
	/* The disk is still open; what it leads to must be there. */
	KUNIT_EXPECT_NE(test, bf_bench_transfer(test, REQ_OP_READ, 0, io.data, 4096),
			BLK_STS_OK);
	flush_delayed_work(&release_work);
	free_page((unsigned long)io.data);
	bf_bench_expect_heals(test);
}

/* L01, L02: what the backend can see beside the payload is zero. */
static void l01_nothing_but_payload_is_shared(struct kunit *test)
{
	struct bench *b = test->priv;
	struct page *page;
	struct io io = {
		.data = (u8 *)__get_free_page(GFP_KERNEL),
		.bytes = 512,
	};

	KUNIT_ASSERT_NOT_NULL(test, io.data);
	memset(io.data, 0xa5, 4096);
	pvio_loop_put(b->pair.front.own, "trusted", "0");
	blk_peer_plan_key("feature-persistent", "0");
	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	bf_bench_send(test, &io, REQ_OP_WRITE, 0);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	page = pvio_loop_granted_page(blk_peer_held(0)->seg[0].gref);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_TRUE(test, page != virt_to_page(io.data));
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0xa5, 512));
	KUNIT_EXPECT_NOT_NULL(test, memchr(page_address(page), 0xa5, 512));
	KUNIT_EXPECT_NULL(test, memchr(page_address(page) + 512, 0xa5, 3584));
	blk_peer_release();
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
	free_page((unsigned long)io.data);
}

static void resumed_guest_goes_on(struct kunit *test)
{
	struct bench *b = test->priv;
	struct io io[WRITES];

	bf_bench_begin(test);
	blk_peer_plan.hold = true;
	send_writes(test, io, 4096);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(WRITES));
	blk_peer_plan.hold = false;
	pvio_loop_resume(&b->pair.front);
	KUNIT_ASSERT_TRUE(test, bf_bench_connected(b));
	finish_writes(test, io);
}

static void flush_that_is_no_longer_there(struct kunit *test)
{
	struct io io = {};

	bf_bench_begin(test);
	blk_peer_plan.status[BLKIF_OP_FLUSH_DISKCACHE] = BLKIF_RSP_EOPNOTSUPP;
	bf_bench_send(test, &io, REQ_OP_WRITE | REQ_PREFLUSH, 0);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
	bf_bench_send(test, &io, REQ_OP_WRITE | REQ_PREFLUSH, 0);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_FLUSH_DISKCACHE), 1);
}

/* A flush that failed must not be told as done. */
static void flush_that_fails(struct kunit *test)
{
	struct io io = {};

	bf_bench_begin(test);
	blk_peer_plan.status[BLKIF_OP_FLUSH_DISKCACHE] = BLKIF_RSP_ERROR;
	bf_bench_send(test, &io, REQ_OP_WRITE | REQ_PREFLUSH, 0);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_IOERR);
}

/* An old backend: the barrier turns out to be unknown, the data must go. */
static void barrier_that_is_no_longer_there(struct kunit *test)
{
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);
	u8 *back = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, page && back);
	blk_peer_plan_key("feature-flush-cache", "0");
	blk_peer_plan_key("feature-barrier", "1");
	blk_peer_plan_key("feature-max-indirect-segments", NULL);
	bf_bench_begin(test);
	bf_bench_fill(page, 4096, 77);
	blk_peer_plan.status[BLKIF_OP_WRITE_BARRIER] = BLKIF_RSP_EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test,
			bf_bench_transfer(test, REQ_OP_WRITE | REQ_FUA, 24, page, 4096),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_WRITE_BARRIER), 1);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_READ, 24, back, 4096),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, memcmp(page, back, 4096), 0);
	free_page((unsigned long)page);
	free_page((unsigned long)back);
}

/* 15.3: so many sectors are none in 32 bits. */
static void discard_of_a_disk_of_2_tib(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_peer_plan_key("feature-discard", "1");
	blk_peer_plan_key("sectors", "4294967296");
	bf_bench_begin(test);
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(b->bdev.bdev, 8, 64,
						   GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_DISCARD), 1);
	bf_bench_end(test);
}

static void discard_comes_and_goes(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_peer_plan_key("feature-discard", "1");
	bf_bench_begin(test);
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(b->bdev.bdev, 8, 64,
						   GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_DISCARD), 1);
	blk_peer_plan.status[BLKIF_OP_DISCARD] = BLKIF_RSP_EOPNOTSUPP;
	blkdev_issue_discard(b->bdev.bdev, 8, 64, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(b->bdev.bdev, 8, 64,
						   GFP_KERNEL),
			BLK_IO_NO_DISCARD);
	KUNIT_EXPECT_EQ(test, bdev_max_discard_sectors(b->bdev.bdev), 0);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_DISCARD), 2);
}

static void resize_is_seen(struct kunit *test)
{
	struct bench *b = test->priv;

	bf_bench_begin(test);
	pvio_loop_put(b->pair.back.own, "sectors", "4096");
	pvio_loop_set_state(&b->pair.back, XenbusStateConnected);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, bdev_nr_sectors(b->bdev.bdev), 4096);
	pvio_loop_put(b->pair.back.own, "sectors", "junk");
	pvio_loop_set_state(&b->pair.back, XenbusStateConnected);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, bdev_nr_sectors(b->bdev.bdev), 4096);
	bf_bench_round_trip(test, 4088, 4096);
}

static const enum loop_op connect_ops[] = {
	LOOP_READ, LOOP_WRITE, LOOP_RING_GRANT, LOOP_EVENT_OPEN, LOOP_GREFS,
	LOOP_GRANT,
};

/* X08: each step of connecting fails, once and for good. */
static void x08_connecting_fails_anywhere(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i, nth;

	for (i = 0; i < ARRAY_SIZE(connect_ops); i++) {
		for (nth = 1; nth <= 40; nth = nth * 2 + 1) {
			KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
			pvio_loop_settle();
			pvio_loop_fail(connect_ops[i], nth, 20);
			pvio_loop_plug(&b->pair.front);
			pvio_loop_settle();
			pvio_loop_fail_none();
			bf_bench_end(test);
		}
	}
	bf_bench_expect_heals(test);
}

static struct kunit_case front_cases[] = {
	KUNIT_CASE(serves_through_kept_grants),
	KUNIT_CASE(serves_from_own_pages),
	KUNIT_CASE(serves_a_backend_not_trusted),
	KUNIT_CASE(serves_without_indirect_requests),
	KUNIT_CASE(unaligned_memory_is_copied),
	KUNIT_CASE(b20_impossible_numbers_of_answers),
	KUNIT_CASE(b21_ids_out_of_range),
	KUNIT_CASE(b22_id_that_is_idle),
	KUNIT_CASE(b22_id_answered_before),
	KUNIT_CASE(b23_answer_for_another_operation),
	KUNIT_CASE(b23_any_other_status_is_an_error),
	KUNIT_CASE(b24_disks_that_cannot_be),
	KUNIT_CASE(b24_hints_that_are_clamped),
	KUNIT_CASE(m10_pages_not_let_go),
	KUNIT_CASE(unanswered_requests_are_sent_again),
	KUNIT_CASE(flushes_are_sent_again),
	KUNIT_CASE(smaller_backend_takes_over),
	KUNIT_CASE(x06_reloads_under_load),
	KUNIT_CASE(leaving_waits_for_answers),
	KUNIT_CASE(l01_nothing_but_payload_is_shared),
	KUNIT_CASE(resumed_guest_goes_on),
	KUNIT_CASE(flush_that_is_no_longer_there),
	KUNIT_CASE(flush_that_fails),
	KUNIT_CASE(barrier_that_is_no_longer_there),
	KUNIT_CASE(discard_comes_and_goes),
	KUNIT_CASE(discard_of_a_disk_of_2_tib),
	KUNIT_CASE(resize_is_seen),
	KUNIT_CASE(x08_connecting_fails_anywhere),
	{}
};

static struct kunit_suite front_suite = {
	.name = "pvio_blkfront",
	.init = bf_bench_init,
	.exit = bf_bench_exit,
	.test_cases = front_cases,
};

kunit_test_suite(front_suite);
