// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend faced with a frontend that tests play.
 */
#include "tests/loopback/blk/blkback_bench.h"

#include <linux/delay.h>
#include <linux/slab.h>

/* The other device first: later the frontend's driver is the played one. */
int blk_back_init(struct kunit *test)
{
	struct blk_back_bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	blk_baseline_note(&b->base);
	b->other.number = 1;
	b->other.queues = 1;
	blk_duo_make(test, &b->other, 512);
	blk_duo_start(test, &b->other, true);
	blk_duo_make(test, &b->duo, 512);
	return blk_guest_start(&b->duo.pair);
}

void blk_back_exit(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	pvio_loop_fail_none();
	blk_duo_drop(&b->duo);
	KUNIT_EXPECT_EQ(test, blk_guest_stop(), 0);
	blk_duo_expect_serves(test, &b->other);
	blk_duo_drop(&b->other);
	blk_baseline_expect(test, &b->base);
}

struct blk_disk *blk_back_disk(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	return &b->duo.disk;
}

void blk_back_plug(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_duo_plug_back(test, &b->duo);
	blk_lines_begin(&b->duo.pair.back);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->duo.pair.front), 0);
}

void blk_back_begin_planned(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_back_plug(test);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
}

void blk_back_begin(struct kunit *test, enum pvio_blk_abi abi)
{
	blk_guest_plan_anew(abi);
	blk_back_begin_planned(test);
}

static bool all_answered(unsigned int q)
{
	unsigned int try;

	for (try = 0; try < 200 && blk_guest_owed(q); try++)
		usleep_range(10000, 20000);
	return !blk_guest_owed(q);
}

void blk_back_end(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	unsigned int q;

	for (q = 0; q < blk_guest_plan.queues; q++)
		KUNIT_EXPECT_TRUE(test, all_answered(q));
	blk_duo_stop(&b->duo);
}

void blk_back_expect(struct kunit *test, const struct blkif_request *req,
		     s16 status)
{
	KUNIT_EXPECT_EQ_MSG(test, blk_guest_ask(req), status,
			    "operation %u, sector %llu, %u segments",
			    req->operation, req->u.rw.sector_number,
			    req->u.rw.nr_segments);
}

void blk_back_expect_refused(struct kunit *test,
			     const struct blkif_request *req, s16 status)
{
	struct blk_back_bench *b = test->priv;
	unsigned int touched = blk_disk_touched(&b->duo.disk);

	blk_lines_begin(&b->duo.pair.back);
	blk_back_expect(test, req, status);
	KUNIT_EXPECT_EQ(test, blk_lines(&b->duo.pair.back), 1);
	KUNIT_EXPECT_EQ(test, blk_disk_touched(&b->duo.disk), touched);
}

void blk_back_expect_broken(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct loop_pair *pair = &b->duo.pair;

	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&pair->front, XenbusStateClosed,
					       BENCH_WAIT_MS));
	KUNIT_EXPECT_TRUE(test, pvio_device_broken(pair->back.pdev));
	KUNIT_EXPECT_GE(test, blk_lines(&pair->back), 1);
	KUNIT_EXPECT_LE(test, blk_lines(&pair->back), 10);
}

static void fill_pages(unsigned int nr, u32 seed)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		blk_io_fill(blk_guest_page(i), 4096, i * 8, seed);
}

static bool pages_are_filled(unsigned int nr, u32 seed)
{
	bool good = true;
	unsigned int i;

	for (i = 0; i < nr; i++)
		good &= blk_io_is_filled(blk_guest_page(i), 4096, i * 8, seed);
	return good;
}

static void wipe_pages(unsigned int nr)
{
	while (nr--)
		memset(blk_guest_page(nr), 0, 4096);
}

static void write_and_read(struct kunit *test, const struct blkif_request *out,
			   const struct blkif_request *in, unsigned int nr)
{
	u32 seed = out->u.rw.id;

	fill_pages(nr, seed);
	blk_back_expect(test, out, BLKIF_RSP_OKAY);
	wipe_pages(nr);
	blk_back_expect(test, in, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, pages_are_filled(nr, seed));
}

void blk_back_expect_serves(struct kunit *test)
{
	struct blkif_request out = blk_guest_direct(BLKIF_OP_WRITE, 16, 11);
	struct blkif_request in = blk_guest_direct(BLKIF_OP_READ, 16, 11);

	write_and_read(test, &out, &in, 11);
	out = blk_guest_indirect(BLKIF_OP_WRITE, 8, 40);
	in = blk_guest_indirect(BLKIF_OP_READ, 8, 40);
	write_and_read(test, &out, &in, 40);
}

void blk_back_expect_heals(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	pvio_loop_fail_none();
	blk_duo_stop(&b->duo);
	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_back_expect_serves(test);
	blk_back_end(test);
}
