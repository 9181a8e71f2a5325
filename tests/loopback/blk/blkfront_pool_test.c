// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the block frontend holds of the guest's grant references and memory:
 * little while it is idle, more under load, and little again; and whatever
 * others take, every request gets through.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/slab.h>

#include "compat/pvio_compat.h"
#include "tests/loopback/blk/blkfront_bench.h"
#include "tests/loopback/blk/io.h"
#include "tests/loopback/play/blkback.h"
#include "blkfront/queue.h"
#include "blkfront/stats.h"
#include "blkfront/vbd.h"

/* References of an idle disk, rings and all. */
#define IDLE_REFS	64
#define LARGE		(1024 * 1024)

static struct pvio_bf_vbd *vbd_of(struct kunit *test)
{
	struct bench *b = test->priv;

	return b->pair.front.pdev->priv;
}

static struct pvio_bf_queue *queue_of(struct kunit *test)
{
	return &vbd_of(test)->queues[0];
}

static void begin(struct kunit *test, bool kept)
{
	if (!kept)
		blk_peer_plan_key("feature-persistent", "0");
	bf_bench_begin(test);
}

/* Nobody else gets anything, and nor does the disk. */
static void take_all_refs(void)
{
	pvio_loop_limit_refs(pvio_loop_refs_taken());
}

static void expect_little_is_held(struct kunit *test, unsigned int before)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_LE(test, pvio_loop_refs_taken() - before, IDLE_REFS);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_PAGE) -
			b->held[PVIO_RES_PAGE], 16);
}

static void idle_disk_holds_little(struct kunit *test)
{
	unsigned int before = pvio_loop_refs_taken();
	unsigned int kept;

	for (kept = 0; kept < 2; kept++) {
		begin(test, kept);
		expect_little_is_held(test, before);
		bf_bench_end(test);
	}
}

/* Twice: what was not used between the first time and the second goes. */
static void trim(struct kunit *test)
{
	struct pvio_bf_vbd *vbd = vbd_of(test);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		mod_delayed_work(system_dfl_wq, &vbd->trim_work, 0);
		flush_delayed_work(&vbd->trim_work);
	}
}

static void send_large(struct kunit *test, struct io *io, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		io[i].bytes = LARGE;
		io[i].data = alloc_pages_exact(LARGE, GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, io[i].data);
		bf_bench_send(test, &io[i], REQ_OP_WRITE, 0);
	}
}

static void finish_large(struct kunit *test, struct io *io, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ(test, bf_bench_await(&io[i]), BLK_STS_OK);
		free_pages_exact(io[i].data, LARGE);
	}
}

/*
 * A disk is taken away while its backend has everything mapped: the kernel ends
 * these grants later, and there is nothing to warn of.
 */
static void what_is_mapped_at_the_end_is_no_news(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int before;
	struct io io;

	begin(test, false);
	blk_peer_plan.hold = true;
	send_large(test, &io, 1);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	before = pvio_loop_complaints();
	pvio_loop_fail(LOOP_UNGRANT, 1, UINT_MAX);
	pvio_loop_remove_end(&b->pair.front);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_IOERR);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_complaints(), before);
	pvio_loop_fail_none();
	free_pages_exact(io.data, LARGE);
	bf_bench_end(test);
}

/* Several of the largest requests at a time, and nothing kept of that. */
static void pool_follows_the_load(struct kunit *test)
{
	unsigned int before = pvio_loop_refs_taken();
	unsigned int kept;
	struct io io[4];

	for (kept = 0; kept < 2; kept++) {
		begin(test, kept);
		blk_peer_plan.hold = true;
		send_large(test, io, ARRAY_SIZE(io));
		KUNIT_EXPECT_TRUE(test, blk_peer_wait_held(ARRAY_SIZE(io)));
		blk_peer_release();
		finish_large(test, io, ARRAY_SIZE(io));
		trim(test);
		expect_little_is_held(test, before);
		bf_bench_all_sizes(test);
		bf_bench_end(test);
	}
}

/* The references go back even when nobody could take another. */
static void pool_shrinks_when_the_table_is_empty(struct kunit *test)
{
	unsigned int before = pvio_loop_refs_taken();
	struct io io[4];

	begin(test, true);
	send_large(test, io, ARRAY_SIZE(io));
	finish_large(test, io, ARRAY_SIZE(io));
	take_all_refs();
	trim(test);
	pvio_loop_limit_refs(0);
	expect_little_is_held(test, before);
}

static void expect_parts(struct kunit *test)
{
	KUNIT_EXPECT_GT(test, queue_of(test)->stats->parts, 0);
}

/* Unaligned memory, which is copied even where pages are shared. */
static void expect_bounces(struct kunit *test, unsigned int bytes)
{
	u8 *out = alloc_pages_exact(bytes + 4096, GFP_KERNEL | __GFP_ZERO);
	u8 *in = alloc_pages_exact(bytes + 4096, GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_TRUE(test, out && in);
	bf_bench_fill(out, bytes + 4096, 3);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_WRITE, 8,
						out + BLK_IO_ODD, bytes),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_READ, 8,
						in + 3 * BLK_IO_ODD, bytes),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, memcmp(out + BLK_IO_ODD, in + 3 * BLK_IO_ODD,
				     bytes), 0);
	free_pages_exact(in, bytes + 4096);
	free_pages_exact(out, bytes + 4096);
}

static void everything_gets_through_what_is_kept(struct kunit *test)
{
	unsigned int kept;

	for (kept = 0; kept < 2; kept++) {
		begin(test, kept);
		take_all_refs();
		bf_bench_all_sizes(test);
		expect_bounces(test, 64 * 1024);
		expect_parts(test);
		pvio_loop_limit_refs(0);
		bf_bench_end(test);
	}
}

/* No more than the ring and one page of each kind. */
static void disk_connects_with_next_to_nothing(struct kunit *test)
{
	unsigned int kept;

	for (kept = 0; kept < 2; kept++) {
		pvio_loop_limit_refs(pvio_loop_refs_taken() + 3);
		begin(test, kept);
		bf_bench_all_sizes(test);
		expect_bounces(test, 64 * 1024);
		expect_parts(test);
		pvio_loop_limit_refs(0);
		bf_bench_end(test);
	}
}

/* What others of the queue hold is waited for, not for ever. */
static void many_requests_get_through_what_is_kept(struct kunit *test)
{
	struct io io[8];

	begin(test, true);
	take_all_refs();
	blk_peer_plan.hold = true;
	send_large(test, io, ARRAY_SIZE(io));
	KUNIT_EXPECT_TRUE(test, blk_peer_wait_held(1));
	blk_peer_release();
	finish_large(test, io, ARRAY_SIZE(io));
}

/* The table is empty, and then is not: requests are whole again. */
static void references_given_back_are_used(struct kunit *test)
{
	begin(test, true);
	take_all_refs();
	bf_bench_round_trip(test, 0, LARGE);
	KUNIT_EXPECT_GT(test, blk_peer_done(BLKIF_OP_WRITE), 20);
	pvio_loop_limit_refs(0);
	msleep(200);
	blk_peer_forget();
	bf_bench_round_trip(test, 0, LARGE);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_WRITE), 1);
}

/* As with a kernel that has no memory to spare. */
static void no_page_to_be_had(struct kunit *test)
{
	begin(test, true);
	pvio_loop_fail(LOOP_GRANT, 1, 1000000);
	bf_bench_all_sizes(test);
	expect_parts(test);
}

/* A part that was sent when its backend went is sent again, alone. */
static void part_is_sent_again(struct kunit *test)
{
	struct bench *b = test->priv;
	struct io io;

	begin(test, true);
	take_all_refs();
	blk_peer_plan.hold = true;
	send_large(test, &io, 1);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	pvio_loop_unplug(&b->pair.back);
	blk_peer_plan.hold = false;
	pvio_loop_limit_refs(0);
	pvio_loop_settle();
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_ASSERT_TRUE(test, bf_bench_connected(b));
	finish_large(test, &io, 1);
	bf_bench_all_sizes(test);
}

/* A part that fails is all that fails: the request does, once. */
static void part_that_fails(struct kunit *test)
{
	struct io io;

	begin(test, true);
	take_all_refs();
	blk_peer_plan.status[BLKIF_OP_WRITE] = BLKIF_RSP_ERROR;
	send_large(test, &io, 1);
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_IOERR);
	free_pages_exact(io.data, LARGE);
	KUNIT_EXPECT_EQ(test, blk_peer_done(BLKIF_OP_WRITE), 1);
}

static void expect_copied(struct kunit *test, u8 *data)
{
	struct io io = { .data = data, .bytes = 512 };
	u32 ref;

	blk_peer_plan.hold = true;
	bf_bench_send(test, &io, REQ_OP_WRITE, 8);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	ref = blk_peer_held(0)->seg[0].gref;
	KUNIT_EXPECT_TRUE(test, pvio_loop_granted_page(ref) !=
			  virt_to_page(data));
	blk_peer_release();
	KUNIT_EXPECT_EQ(test, bf_bench_await(&io), BLK_STS_OK);
}

/* Memory of an object cannot outlive the object for the backend's sake. */
static void slab_memory_is_copied(struct kunit *test)
{
	u8 *data = kzalloc(512, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	begin(test, false);
	expect_copied(test, data);
	kfree(data);
}

/* A disk passed on: the page is another domain's, and not ours to grant. */
static void foreign_page_is_copied(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, page);
	SetPageForeign(page);
	SetPagePrivate(page);
	begin(test, false);
	expect_copied(test, page_address(page));
	ClearPagePrivate(page);
	ClearPageForeign(page);
	__free_page(page);
}

static void pool_exit(struct kunit *test)
{
	pvio_loop_limit_refs(0);
	bf_bench_exit(test);
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(idle_disk_holds_little),
	KUNIT_CASE(pool_follows_the_load),
	KUNIT_CASE(what_is_mapped_at_the_end_is_no_news),
	KUNIT_CASE(pool_shrinks_when_the_table_is_empty),
	KUNIT_CASE(everything_gets_through_what_is_kept),
	KUNIT_CASE(disk_connects_with_next_to_nothing),
	KUNIT_CASE(many_requests_get_through_what_is_kept),
	KUNIT_CASE(references_given_back_are_used),
	KUNIT_CASE(no_page_to_be_had),
	KUNIT_CASE(part_is_sent_again),
	KUNIT_CASE(part_that_fails),
	KUNIT_CASE(slab_memory_is_copied),
	KUNIT_CASE(foreign_page_is_copied),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "pvio_blkfront_pool",
	.init = bf_bench_init,
	.exit = pool_exit,
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);
