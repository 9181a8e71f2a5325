// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Both block drivers, from probe to removal with a reconnect in between, while
 * calls of the provider fail: each of them once, passing and for good.
 * Every request is answered once.
 */
#include <linux/slab.h>

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/recover.h"

#define BYTES	8192
#define SECTOR	64

/**
 * struct bench - what the tests of this file use
 * @base: what was held before
 * @duo: the device
 * @r: its lives
 * @io: a request that waits while it reconnects
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct recover r;
	struct blk_io io;
};

static int recover_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	b->io.data = kunit_kzalloc(test, BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->io.data);
	b->io.bytes = BYTES;
	b->io.sector = SECTOR;
	blk_baseline_note(&b->base);
	blk_duo_make(test, &b->duo, 512);
	b->r.test = test;
	b->r.pair = &b->duo.pair;
	return 0;
}

static void recover_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_fail_none();
	blk_disk_release(&b->duo.disk);
	blk_duo_drop(&b->duo);
	blk_baseline_expect(test, &b->base);
}

static struct bench *bench_of(struct recover *r)
{
	return container_of(r, struct bench, r);
}

static void reopen(struct recover *r)
{
	struct bench *b = bench_of(r);

	if (b->duo.bdev.bdev)
		pvio_bdev_close(&b->duo.bdev);
	recover_expect(r, blk_duo_open(&b->duo, true), "the disk opens");
}

static bool serves(struct bench *b)
{
	return b->duo.bdev.bdev &&
	       blk_io_round_trip(b->duo.bdev.bdev, SECTOR, BYTES, 0);
}

/* The one request that the failure was for may fail, or the connection. */
static void expect_serves(struct recover *r)
{
	struct bench *b = bench_of(r);

	if (serves(b))
		return;
	recover_expect(r, recover_has_begun(r), "served what nothing hindered");
	if (serves(b))
		return;
	pvio_loop_resume(&b->duo.pair.front);
	recover_connects(r);
	reopen(r);
	recover_expect(r, serves(b), "serves");
}

/* With a request that the disk has not ended. */
static void reconnect(struct recover *r)
{
	struct bench *b = bench_of(r);
	blk_status_t status;

	if (!b->duo.bdev.bdev)
		return;
	blk_disk_hold(&b->duo.disk);
	blk_io_send(&b->io, b->duo.bdev.bdev, REQ_OP_READ);
	pvio_loop_resume(&b->duo.pair.front);
	blk_disk_release(&b->duo.disk);
	recover_connects(r);
	status = blk_io_await(&b->io);
	recover_expect(r, status != BLK_IO_LATE, "was answered");
	recover_expect(r, !status || recover_has_begun(r), "was carried out");
	recover_expect(r, atomic_read(&b->io.ended) == 1, "was answered once");
}

static void live(struct recover *r)
{
	struct bench *b = bench_of(r);

	pvio_loop_set_state(&b->duo.pair.back, XenbusStateInitialising);
	pvio_loop_put(b->duo.pair.back.own, "online", "1");
	recover_plug(r, &b->duo.pair.back);
	recover_plug(r, &b->duo.pair.front);
	recover_connects(r);
	reopen(r);
	expect_serves(r);
	reconnect(r);
	expect_serves(r);
	blk_duo_stop(&b->duo);
}

static void each(struct kunit *test, unsigned long ops)
{
	struct bench *b = test->priv;

	recover_each(&b->r, ops, live);
}

static void reading_fails(struct kunit *test)
{
	each(test, BIT(LOOP_READ));
}

static void writing_fails(struct kunit *test)
{
	each(test, BIT(LOOP_WRITE));
}

static void removing_and_watching_fail(struct kunit *test)
{
	each(test, BIT(LOOP_RM) | BIT(LOOP_WATCH));
}

/* A case for itself: one that takes minutes is taken for a task that hangs. */
static void looking_at_states_fails(struct kunit *test)
{
	each(test, BIT(LOOP_STATE));
}

static void changing_states_fails(struct kunit *test)
{
	each(test, BIT(LOOP_SET_STATE));
}

static void transactions_fail(struct kunit *test)
{
	each(test, BIT(LOOP_TXN_START) | BIT(LOOP_TXN_END));
}

static void rings_and_channels_fail(struct kunit *test)
{
	each(test, BIT(LOOP_RING_GRANT) | BIT(LOOP_RING_MAP) |
	     BIT(LOOP_EVENT_OPEN) | BIT(LOOP_EVENT_BIND));
}

static void grants_fail(struct kunit *test)
{
	each(test, BIT(LOOP_GREFS) | BIT(LOOP_GRANT) | BIT(LOOP_UNGRANT) |
	     BIT(LOOP_COPY) | BIT(LOOP_PAGES) | BIT(LOOP_MAP));
}

/* Where nothing stays mapped, data is copied. */
static void copies_fail(struct kunit *test)
{
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "0");
	each(test, BIT(LOOP_GREFS) | BIT(LOOP_GRANT) | BIT(LOOP_UNGRANT) |
	     BIT(LOOP_COPY));
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
}

static struct kunit_case recover_cases[] = {
	KUNIT_CASE(reading_fails),
	KUNIT_CASE(writing_fails),
	KUNIT_CASE(removing_and_watching_fail),
	KUNIT_CASE(looking_at_states_fails),
	KUNIT_CASE(changing_states_fails),
	KUNIT_CASE(transactions_fail),
	KUNIT_CASE(rings_and_channels_fail),
	KUNIT_CASE(grants_fail),
	KUNIT_CASE(copies_fail),
	{}
};

static struct kunit_suite recover_suite = {
	.name = "pvio_blk_pair_recover",
	.init = recover_init,
	.exit = recover_exit,
	.test_cases = recover_cases,
};

kunit_test_suite(recover_suite);

MODULE_DESCRIPTION("Tests of the pvio block drivers' recovery");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
