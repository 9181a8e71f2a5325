// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block frontend against a backend that scribbles, floods, keeps pages
 * and writes anything into xenstore: vectors E01 to E06, G02, L03, M11, M12,
 * X02, X04 of Documentation/testing/vectors-blk.rst.  A device with both drivers
 * beside it must not notice.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/play/blkback.h"
#include "ring/ring.h"
#include "xenbus/channel.h"

/**
 * struct bench - what each test has
 * @base: what was held before
 * @duo: the device whose backend is played
 * @other: a device with both drivers, which serves all the time
 * @io: one request
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_duo other;
	struct blk_io io;
};

/* The other device first: later the backend's driver is the played one. */
static int hostile_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	blk_baseline_note(&b->base);
	b->other.number = 1;
	b->other.queues = 1;
	blk_duo_make(test, &b->other, 512);
	blk_duo_start(test, &b->other, true);
	blk_duo_make(test, &b->duo, 512);
	b->io.data = (u8 *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->io.data);
	return blk_peer_start(&b->duo.pair);
}

static void hostile_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_flood_off();
	pvio_loop_fail_none();
	blk_duo_drop(&b->duo);
	blk_peer_stop();
	free_page((unsigned long)b->io.data);
	blk_duo_expect_serves(test, &b->other);
	blk_duo_drop(&b->other);
	blk_baseline_expect(test, &b->base);
}

static void start(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	blk_lines_begin(&b->duo.pair.front);
}

static void stop(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_stop(&b->duo);
	memset(&blk_peer_plan, 0, sizeof(blk_peer_plan));
}

static void expect_serves(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(b->duo.bdev.bdev, 64, 8192,
						  0));
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(b->duo.bdev.bdev, 8,
						  40 * 4096, BLK_IO_ODD));
}

static void expect_heals(struct kunit *test)
{
	pvio_loop_fail_none();
	stop(test);
	start(test);
	expect_serves(test);
}

static void send_held(struct kunit *test, blk_opf_t opf)
{
	struct bench *b = test->priv;

	blk_peer_plan.hold = true;
	b->io.bytes = 4096;
	b->io.sector = 8;
	blk_io_fill(b->io.data, 4096, 8, 5);
	blk_io_send(&b->io, b->duo.bdev.bdev, opf);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
}

static void g02_scribbled_ring(struct kunit *test)
{
	struct bench *b = test->priv;
	struct pvio_ring_shared *ring;

	start(test);
	send_held(test, REQ_OP_WRITE);
	ring = blk_peer_shared();
	memset(ring->slots, 0xff, 2048);
	memset(ring->pad, 0xff, sizeof(ring->pad));
	ring->rsp_event = ring->rsp_prod + 1;
	blk_peer_release();
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	KUNIT_EXPECT_FALSE(test, pvio_device_broken(b->duo.pair.front.pdev));
	expect_serves(test);
	stop(test);
}

/* The frontend's own index is overwritten: it does not look at it. */
static void g02_scribbled_index(struct kunit *test)
{
	struct bench *b = test->priv;
	struct pvio_ring_shared *ring;
	u32 prod;

	start(test);
	send_held(test, REQ_OP_WRITE);
	ring = blk_peer_shared();
	prod = ring->req_prod;
	WRITE_ONCE(ring->req_prod, 4711);
	blk_peer_answer(blk_peer_held(0)->id, BLKIF_OP_WRITE, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	WRITE_ONCE(ring->req_prod, prod);
	blk_peer_plan.hold = false;
	expect_serves(test);
	stop(test);
}

static void e01_flood_without_answers(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	pvio_loop_flood(blk_peer_event(), 100000);
	expect_serves(test);
	KUNIT_EXPECT_EQ(test, blk_lines(&b->duo.pair.front), 0);
	stop(test);
}

static void e01_events_for_nothing_are_told(struct kunit *test)
{
	unsigned long before;
	unsigned int i;

	start(test);
	expect_serves(test);
	before = pvio_loop_idle_events();
	for (i = 0; i < 20; i++) {
		pvio_loop_flood(blk_peer_event(), 1);
		msleep(20);
	}
	KUNIT_EXPECT_GE(test, pvio_loop_idle_events() - before, 15);
	expect_serves(test);
	stop(test);
}

static void e02_flood_of_a_broken_device(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	send_held(test, REQ_OP_WRITE);
	blk_peer_answer(4711, BLKIF_OP_WRITE, BLKIF_RSP_OKAY);
	pvio_loop_flood(blk_peer_event(), 1000);
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_IOERR);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->duo.pair.front,
					       XenbusStateClosed,
					       BENCH_WAIT_MS));
	KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.front), 1);
	KUNIT_EXPECT_LE(test, blk_lines(&b->duo.pair.front), 10);
	expect_heals(test);
}

/* E05: events do not stop while the frontend takes channel, ring and ids away. */
static void e05_events_while_the_channel_closes(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	start(test);
	KUNIT_ASSERT_TRUE(test, pvio_loop_flood_on(blk_peer_event()));
	for (i = 0; i < 16; i++) {
		send_held(test, REQ_OP_WRITE);
		blk_peer_plan.hold = false;
		pvio_loop_resume(&b->duo.pair.front);
		KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	}
	pvio_loop_flood_off();
	expect_serves(test);
	pvio_loop_late_events(true);
	expect_heals(test);
	pvio_loop_late_events(false);
	stop(test);
}

/* The event of one answer is lost; the next one's brings both. */
static void e06_lost_event(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	start(test);
	send_held(test, REQ_OP_WRITE);
	pvio_loop_fail(LOOP_EVENT_SEND, 1, 1);
	blk_peer_release();
	msleep(50);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->io.ended), 0);
	pvio_loop_flood(blk_peer_event(), 1);
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, blk_io_do(b->duo.bdev.bdev, REQ_OP_READ, 8, page,
					4096), BLK_STS_OK);
	KUNIT_EXPECT_TRUE(test, blk_io_is_filled(page, 4096, 8, 5));
	free_page((unsigned long)page);
	stop(test);
}

/* Where the guest's own page is shared, a write's may only be read. */
static void l03_data_of_writes_is_read_only(struct kunit *test)
{
	struct bench *b = test->priv;
	u32 ref;

	blk_peer_plan_key("feature-persistent", "0");
	start(test);
	send_held(test, REQ_OP_WRITE);
	ref = blk_peer_held(0)->seg[0].gref;
	KUNIT_EXPECT_PTR_EQ(test, pvio_loop_granted_page(ref),
			    virt_to_page(b->io.data));
	KUNIT_EXPECT_NULL(test, pvio_loop_raw_map(ref, false));
	KUNIT_EXPECT_NOT_NULL(test, pvio_loop_raw_map(ref, true));
	pvio_loop_raw_unmap(ref);
	blk_peer_release();
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	KUNIT_EXPECT_NULL(test, pvio_loop_granted_page(ref));
	stop(test);
}

/* M11: what is kept mapped is parked, and goes when the backend lets go. */
static void keep_and_leave(struct kunit *test, u32 ref)
{
	struct page *page = pvio_loop_raw_map(ref, true);

	KUNIT_ASSERT_NOT_NULL(test, page);
	stop(test);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_PTR_EQ(test, pvio_loop_granted_page(ref), page);
	pvio_loop_raw_unmap(ref);
	KUNIT_EXPECT_NULL(test, pvio_loop_granted_page(ref));
}

static void m11_ring_page_kept(struct kunit *test)
{
	struct bench *b = test->priv;

	start(test);
	keep_and_leave(test, pvio_loop_number(b->duo.pair.front.own,
					      "ring-ref"));
	start(test);
	expect_serves(test);
	stop(test);
}

static void m11_pool_page_kept(struct kunit *test)
{
	struct bench *b = test->priv;
	u32 ref;

	start(test);
	send_held(test, REQ_OP_WRITE);
	ref = blk_peer_held(0)->seg[0].gref;
	blk_peer_release();
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
	keep_and_leave(test, ref);
	start(test);
	expect_serves(test);
	stop(test);
}

/* The page of descriptors of a request that is never answered. */
static void m11_table_page_kept(struct kunit *test)
{
	struct bench *b = test->priv;
	u8 *data = alloc_pages_exact(64 * 4096, GFP_KERNEL);
	struct blk_io io = { .data = data, .bytes = 64 * 4096, .sector = 8 };
	struct page *page;
	u32 ref;

	KUNIT_ASSERT_NOT_NULL(test, data);
	blk_io_fill(data, 64 * 4096, 8, 9);
	start(test);
	blk_peer_plan.hold = true;
	blk_io_send(&io, b->duo.bdev.bdev, REQ_OP_WRITE);
	KUNIT_ASSERT_TRUE(test, blk_peer_wait_held(1));
	KUNIT_ASSERT_TRUE(test, blk_peer_held(0)->indirect);
	ref = blk_peer_held(0)->page[0];
	page = pvio_loop_raw_map(ref, true);
	KUNIT_ASSERT_NOT_NULL(test, page);
	blk_peer_answer(4711, BLKIF_OP_WRITE, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, blk_io_await(&io), BLK_STS_IOERR);
	stop(test);
	KUNIT_EXPECT_PTR_EQ(test, pvio_loop_granted_page(ref), page);
	pvio_loop_raw_unmap(ref);
	free_pages_exact(data, 64 * 4096);
	start(test);
	expect_serves(test);
	stop(test);
}

#define STUCK	20

/* M12: every connection leaves one page behind; all come back in the end. */
static void m12_many_pages_kept(struct kunit *test)
{
	struct bench *b = test->priv;
	u32 refs[STUCK];
	unsigned int i;

	for (i = 0; i < STUCK; i++) {
		start(test);
		refs[i] = pvio_loop_number(b->duo.pair.front.own, "ring-ref");
		KUNIT_EXPECT_NOT_NULL(test, pvio_loop_raw_map(refs[i], true));
		stop(test);
	}
	for (i = 0; i < STUCK; i++)
		pvio_loop_raw_unmap(refs[i]);
	start(test);
	expect_serves(test);
	stop(test);
}

static const char *const numbers[] = {
	"sectors", "sector-size", "info", "physical-sector-size",
	"feature-max-indirect-segments", "max-ring-page-order",
	"multi-queue-max-queues", "discard-granularity", "discard-alignment",
	"feature-flush-cache", "feature-barrier", "feature-discard",
	"discard-secure", "feature-persistent",
};

static const char *const malformed[] = {
	"-1", "1 ", " 1", "+1", "0x1", "18446744073709551616",
	"99999999999999999999", "2junk", "\xff\xfe", "1\n",
};

/* Whatever it is, it is refused with a line, and no disk appears. */
static void x02_every_number_malformed(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int key, i;

	for (key = 0; key < ARRAY_SIZE(numbers); key++) {
		for (i = key % 2; i < ARRAY_SIZE(malformed); i += 2) {
			blk_peer_plan_key(numbers[key], malformed[i]);
			blk_duo_plug_back(test, &b->duo);
			pvio_loop_put(b->duo.pair.back.own, numbers[key],
				      malformed[i]);
			pvio_loop_plug(&b->duo.pair.front);
			KUNIT_EXPECT_TRUE_MSG(test,
					      pvio_loop_wait(&b->duo.pair.front,
							     XenbusStateClosed,
							     BENCH_WAIT_MS),
					      "%s=%s", numbers[key],
					      malformed[i]);
			KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.front), 1);
			pvio_loop_remove(b->duo.pair.back.own, numbers[key]);
			stop(test);
		}
	}
	start(test);
	expect_serves(test);
	stop(test);
}

static void x04_states_out_of_order(struct kunit *test)
{
	static const char *const states[] = {
		"4", "2", "9", "4", "3", "6", "4", "-1", "abc", "", "5", "3",
		"2", "4294967295", "7", "8", "4", "6", "1", "4",
	};
	struct bench *b = test->priv;
	unsigned int i;

	start(test);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pvio_loop_put(b->duo.pair.back.own, "state", states[i]);
		pvio_loop_settle();
	}
	expect_heals(test);
	stop(test);
}

static struct kunit_case hostile_cases[] = {
	KUNIT_CASE(g02_scribbled_ring),
	KUNIT_CASE(g02_scribbled_index),
	KUNIT_CASE(e01_flood_without_answers),
	KUNIT_CASE(e01_events_for_nothing_are_told),
	KUNIT_CASE(e02_flood_of_a_broken_device),
	KUNIT_CASE(e05_events_while_the_channel_closes),
	KUNIT_CASE(e06_lost_event),
	KUNIT_CASE(l03_data_of_writes_is_read_only),
	KUNIT_CASE(m11_ring_page_kept),
	KUNIT_CASE(m11_pool_page_kept),
	KUNIT_CASE(m11_table_page_kept),
	KUNIT_CASE(m12_many_pages_kept),
	KUNIT_CASE(x02_every_number_malformed),
	KUNIT_CASE(x04_states_out_of_order),
	{}
};

static struct kunit_suite hostile_suite = {
	.name = "pvio_blkfront_hostile",
	.init = hostile_init,
	.exit = hostile_exit,
	.test_cases = hostile_cases,
};

kunit_test_suite(hostile_suite);

MODULE_DESCRIPTION("Tests of the pvio block frontend against hostile backends");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
