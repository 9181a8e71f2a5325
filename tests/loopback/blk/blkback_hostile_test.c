// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend against requests that no frontend should send: vectors
 * B01 to B11, G01 to G07 of Documentation/testing/vectors-blk.rst, in both
 * layouts.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "tests/loopback/blk/blkback_bench.h"
#include "xenbus/channel.h"

/* Answers of queue 0 that come for what was put; none is wrong. */
static void expect_answers(struct kunit *test, unsigned int nr, s16 status)
{
	struct blkif_response rsp;

	while (nr--) {
		KUNIT_ASSERT_TRUE(test, blk_guest_take(0, &rsp));
		KUNIT_EXPECT_EQ(test, rsp.status, status);
	}
}

static void serves_both_layouts_and_all_shapes(struct kunit *test)
{
	enum pvio_blk_abi abi;
	unsigned int order;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		for (order = 0; order <= 4; order++) {
			blk_guest_plan_anew(abi);
			blk_guest_plan.order = order;
			blk_guest_plan.queues = 1 + order % 2;
			blk_guest_plan.persistent = order % 3 == 1;
			blk_back_begin_planned(test);
			blk_back_expect_serves(test);
			blk_back_end(test);
		}
	}
}

static void serves_a_guest_that_names_no_protocol(struct kunit *test)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_32);
	blk_guest_plan.protocol = "";
	blk_back_begin_planned(test);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void move_producer(u32 to)
{
	WRITE_ONCE(blk_guest_shared(0)->req_prod, to);
	pvio_event_notify(blk_guest_event(0));
}

static void b01_impossible_numbers_of_requests(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	unsigned int i, touched;
	enum pvio_blk_abi abi;
	u32 cons;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		const u32 moves[] = { 33, -1, BIT(31), 1000000, S32_MIN + 1 };

		for (i = 0; i < ARRAY_SIZE(moves); i++) {
			blk_back_begin(test, abi);
			blk_back_expect_serves(test);
			cons = READ_ONCE(blk_guest_shared(0)->req_prod);
			touched = blk_disk_touched(&b->duo.disk);
			blk_lines_begin(&b->duo.pair.back);
			move_producer(cons + moves[i]);
			blk_back_expect_broken(test);
			KUNIT_EXPECT_EQ(test, blk_disk_touched(&b->duo.disk),
					touched);
			blk_duo_stop(&b->duo);
		}
	}
	blk_back_expect_heals(test);
}

static void g03_impossible_number_when_attaching(struct kunit *test)
{
	static const u32 claims[] = { 33, BIT(31), U32_MAX };
	struct blk_back_bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(claims); i++) {
		blk_guest_plan_anew(PVIO_BLK_ABI_64);
		blk_guest_plan.claimed = claims[i];
		blk_back_plug(test);
		KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->duo.pair.front,
						       XenbusStateClosed,
						       BENCH_WAIT_MS));
		KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.back), 1);
		blk_duo_stop(&b->duo);
	}
	blk_back_expect_heals(test);
}

static void g03_indices_wrap_around(struct kunit *test)
{
	struct blkif_request req;
	enum pvio_blk_abi abi;
	unsigned int i;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_guest_plan_anew(abi);
		blk_guest_plan.first = 0xffffff80;
		blk_back_begin_planned(test);
		for (i = 0; i < 300; i++) {
			req = blk_guest_direct(BLKIF_OP_READ, 8 * i, 1);
			blk_back_expect(test, &req, BLKIF_RSP_OKAY);
		}
		blk_back_expect_serves(test);
		blk_back_end(test);
	}
}

static void b02_numbers_of_segments(struct kunit *test)
{
	static const u8 direct[] = { 0, 12, 32, 255 };
	static const u16 indirect[] = { 0, 257, 4097, 65535 };
	unsigned int i, maps, copies;
	struct blkif_request req;
	enum pvio_blk_abi abi;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		maps = pvio_loop_calls(LOOP_MAP);
		copies = pvio_loop_calls(LOOP_COPY);
		for (i = 0; i < 4; i++) {
			req = blk_guest_direct(BLKIF_OP_READ, 8, direct[i]);
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
			req = blk_guest_direct(BLKIF_OP_WRITE, 8, direct[i]);
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
			req = blk_guest_indirect(BLKIF_OP_WRITE, 8,
						 indirect[i]);
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
		}
		KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_MAP), maps);
		KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_COPY), copies);
		blk_back_expect_serves(test);
		blk_back_end(test);
	}
}

static const u8 bad_sectors[][2] = {
	{ 7, 0 }, { 8, 8 }, { 0, 8 }, { 0, 255 }, { 255, 255 }, { 5, 4 },
};

static void b03_sectors_outside_page(struct kunit *test)
{
	struct blkif_request req;
	enum pvio_blk_abi abi;
	unsigned int i;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		for (i = 0; i < ARRAY_SIZE(bad_sectors); i++) {
			req = blk_guest_direct(BLKIF_OP_WRITE, 8, 11);
			req.u.rw.seg[i].first_sect = bad_sectors[i][0];
			req.u.rw.seg[i].last_sect = bad_sectors[i][1];
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
			req = blk_guest_indirect(BLKIF_OP_READ, 8, 256);
			blk_guest_table()[255 - i].first_sect =
				bad_sectors[i][0];
			blk_guest_table()[255 - i].last_sect =
				bad_sectors[i][1];
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
		}
		blk_back_expect_serves(test);
		blk_back_end(test);
	}
}

static void b03_sectors_not_aligned_to_blocks(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blkif_request req;

	blk_guest_stop();
	blk_duo_drop(&b->duo);
	blk_duo_make(test, &b->duo, 4096);
	KUNIT_ASSERT_EQ(test, blk_guest_start(&b->duo.pair), 0);
	blk_back_begin(test, PVIO_BLK_ABI_64);
	req = blk_guest_direct(BLKIF_OP_READ, 9, 1);
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 2);
	req.u.rw.seg[0].last_sect = 3;
	req.u.rw.seg[1].last_sect = 3;
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	req = blk_guest_discard(4, 8, 0);
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void b04_beyond_the_disk(struct kunit *test)
{
	const struct {
		u64 sector;
		u64 nr;
	} places[] = {
		{ U64_MAX, 8 }, { BLK_DISK_SECTORS - 1, 8 },
		{ BLK_DISK_SECTORS, 8 }, { U64_MAX - 7, 8 },
		{ 1ULL << 55, 8 }, { 0, U64_MAX }, { 8, U64_MAX - 7 },
		{ 8, U64_MAX - 8 }, { 0, BLK_DISK_SECTORS + 8 },
	};
	struct blkif_request req;
	enum pvio_blk_abi abi;
	unsigned int i;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		for (i = 0; i < ARRAY_SIZE(places); i++) {
			req = blk_guest_discard(places[i].sector, places[i].nr,
						0);
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
			if (places[i].nr != 8)
				continue;
			req = blk_guest_direct(BLKIF_OP_READ,
					       places[i].sector, 1);
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
			req = blk_guest_indirect(BLKIF_OP_WRITE,
						 places[i].sector, 20);
			blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
		}
		req = blk_guest_discard(8, 0, 0);
		blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
		blk_back_end(test);
	}
}

static void b05_unknown_operations(struct kunit *test)
{
	static const u8 unknown[] = { 4, 7, 8, 255 };
	static const u8 inner[] = { 2, 3, 4, 5, 6, 7, 255 };
	struct blkif_request req;
	enum pvio_blk_abi abi;
	unsigned int i;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		for (i = 0; i < ARRAY_SIZE(unknown); i++) {
			req = blk_guest_direct(unknown[i], 8, 1);
			blk_back_expect_refused(test, &req,
						BLKIF_RSP_EOPNOTSUPP);
		}
		for (i = 0; i < ARRAY_SIZE(inner); i++) {
			req = blk_guest_indirect(inner[i], 8, 20);
			blk_back_expect_refused(test, &req,
						inner[i] == 4 || inner[i] > 6 ?
						BLKIF_RSP_EOPNOTSUPP :
						BLKIF_RSP_ERROR);
		}
		blk_back_expect_serves(test);
		blk_back_end(test);
	}
}

static void b05_flush_and_barrier_with_and_without_data(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	struct blkif_request req;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	req = blk_guest_direct(BLKIF_OP_FLUSH_DISKCACHE, 0, 0);
	/* What Linux has for a place where there is none. */
	req.u.rw.sector_number = U64_MAX;
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	req = blk_guest_direct(BLKIF_OP_WRITE_BARRIER, 0, 0);
	req.u.rw.sector_number = 3;
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_FLUSH], 2);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_WRITE], 0);
	req = blk_guest_direct(BLKIF_OP_FLUSH_DISKCACHE, 8, 2);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	req = blk_guest_direct(BLKIF_OP_WRITE_BARRIER, 8, 2);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_FLUSH], 4);
	KUNIT_EXPECT_EQ(test, disk->done[REQ_OP_WRITE], 2);
	req = blk_guest_direct(BLKIF_OP_FLUSH_DISKCACHE, 8, 12);
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	blk_back_end(test);
}

static void b06_read_only_disk_refuses_every_operation(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blkif_request req;
	enum pvio_blk_abi abi;
	unsigned int i;

	pvio_loop_put(b->duo.pair.back.own, "mode", "r");
	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		for (i = 0; i < 2; i++) {
			struct blkif_request refused[] = {
				blk_guest_direct(BLKIF_OP_WRITE, 8, 1),
				blk_guest_direct(BLKIF_OP_WRITE_BARRIER, 8, i),
				blk_guest_direct(BLKIF_OP_FLUSH_DISKCACHE, 8,
						 1 + i),
				blk_guest_discard(8, 8, i),
				blk_guest_indirect(BLKIF_OP_WRITE, 8, 20),
			};
			unsigned int n;

			for (n = 0; n < ARRAY_SIZE(refused); n++)
				blk_back_expect_refused(test, &refused[n],
							BLKIF_RSP_ERROR);
		}
		req = blk_guest_direct(BLKIF_OP_FLUSH_DISKCACHE, 0, 0);
		blk_back_expect(test, &req, BLKIF_RSP_OKAY);
		req = blk_guest_direct(BLKIF_OP_READ, 8, 11);
		blk_back_expect(test, &req, BLKIF_RSP_OKAY);
		blk_back_end(test);
	}
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_WRITE], 0);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_DISCARD], 0);
}

static void b06_discard_that_was_not_offered(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blkif_request req;

	pvio_loop_put(b->duo.pair.back.own, "discard-enable", "0");
	blk_back_begin(test, PVIO_BLK_ABI_64);
	req = blk_guest_discard(8, 8, 0);
	blk_back_expect_refused(test, &req, BLKIF_RSP_EOPNOTSUPP);
	req = blk_guest_discard(8, 8, BLKIF_DISCARD_SECURE);
	blk_back_expect_refused(test, &req, BLKIF_RSP_EOPNOTSUPP);
	blk_back_end(test);
	pvio_loop_put(b->duo.pair.back.own, "discard-enable", "1");
	blk_back_begin(test, PVIO_BLK_ABI_64);
	req = blk_guest_discard(8, 8, BLKIF_DISCARD_SECURE);
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, b->duo.disk.done[REQ_OP_SECURE_ERASE], 1);
	blk_back_end(test);
}

static void ask_of_odd_tables(struct kunit *test)
{
	struct blkif_request req;

	req = blk_guest_indirect(BLKIF_OP_WRITE, 8, 20);
	req.u.indirect.indirect_grefs[0] = 0;
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	req.u.indirect.indirect_grefs[0] = U32_MAX;
	blk_back_expect_refused(test, &req, BLKIF_RSP_ERROR);
	/* Its own descriptors are the data: the guest's own affair. */
	req = blk_guest_indirect(BLKIF_OP_WRITE, 8, 1);
	blk_guest_table()[0].gref = blk_guest_table_ref();
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	/* Of eight pages only the first is needed. */
	req = blk_guest_indirect(BLKIF_OP_WRITE, 8, 1);
	memset(&req.u.indirect.indirect_grefs[1], 0xff, 7 * sizeof(u32));
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	req = blk_guest_indirect(BLKIF_OP_READ, 8, 30);
	blk_guest_table()[29].gref = 0;
	KUNIT_EXPECT_EQ(test, blk_guest_ask(&req), BLKIF_RSP_ERROR);
}

static void b07_tables_of_descriptors(struct kunit *test)
{
	enum pvio_blk_abi abi;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		ask_of_odd_tables(test);
		blk_back_expect_serves(test);
		blk_back_end(test);
	}
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.persistent = true;
	blk_back_begin_planned(test);
	ask_of_odd_tables(test);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

/* The ring full of requests with one id, held by the disk. */
static void b08_ids_are_only_echoed(struct kunit *test)
{
	static const u64 ids[] = { 0, 31, U64_MAX };
	struct blk_disk *disk = blk_back_disk(test);
	struct blkif_response rsp;
	struct blkif_request req;
	enum pvio_blk_abi abi;
	unsigned int i, n;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		for (i = 0; i < ARRAY_SIZE(ids); i++) {
			blk_disk_hold(disk);
			req = blk_guest_direct(BLKIF_OP_WRITE, 8, 1);
			req.u.rw.id = ids[i];
			for (n = 0; n < 32; n++)
				blk_guest_put(0, &req);
			blk_guest_push(0);
			KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 32));
			blk_disk_release(disk);
			for (n = 0; n < 32; n++) {
				KUNIT_ASSERT_TRUE(test,
						  blk_guest_take(0, &rsp));
				KUNIT_EXPECT_EQ(test, rsp.id, ids[i]);
				KUNIT_EXPECT_EQ(test, rsp.status, 0);
			}
		}
		blk_back_end(test);
	}
}

/* The slots are full of the request's bytes when the answer is written. */
static void b10_no_stray_bytes_in_answers(struct kunit *test)
{
	u8 *slot;
	struct blkif_request req;
	enum pvio_blk_abi abi;

	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_back_begin(test, abi);
		memset(blk_guest_shared(0)->slots, 0xa5, 2048);
		req = blk_guest_direct(BLKIF_OP_READ, 8, 1);
		slot = blk_guest_shared(0)->slots;
		blk_back_expect(test, &req, BLKIF_RSP_OKAY);
		KUNIT_EXPECT_EQ(test, slot[9], 0);
		if (abi == PVIO_BLK_ABI_64)
			KUNIT_EXPECT_NULL(test, memchr_inv(slot + 12, 0, 4));
		blk_back_end(test);
	}
}

static int flip(void *arg)
{
	struct blkif_request_segment *seg = arg;

	while (!kthread_should_stop()) {
		WRITE_ONCE(seg->last_sect, 255);
		WRITE_ONCE(seg->gref, 0);
		cond_resched();
		WRITE_ONCE(seg->gref, blk_guest_ref(5));
		WRITE_ONCE(seg->last_sect, 7);
		cond_resched();
	}
	return 0;
}

/* G01, B07: descriptors change all the time; an answer comes all the same. */
static void g01_table_changes_under_the_backend(struct kunit *test)
{
	struct task_struct *task;
	struct blkif_request req;
	int i;
	s16 status;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	task = kthread_run(flip, &blk_guest_table()[5], "flip");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (i = 0; i < 200; i++) {
		req = blk_guest_indirect(BLKIF_OP_WRITE, 8, 20);
		status = blk_guest_ask(&req);
		KUNIT_EXPECT_TRUE(test, status == BLKIF_RSP_OKAY ||
				  status == BLKIF_RSP_ERROR);
	}
	kthread_stop(task);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

/* What the guest must not write, it writes; only itself has to suffer. */
static void g02_scribbled_ring(struct kunit *test)
{
	struct blk_disk *disk = blk_back_disk(test);
	struct pvio_ring_shared *ring;
	struct blkif_request req;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	ring = blk_guest_shared(0);
	blk_disk_hold(disk);
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 4);
	blk_guest_put(0, &req);
	blk_guest_push(0);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(disk, 1));
	memset(ring->slots, 0xff, 2048);
	memset(ring->pad, 0xff, sizeof(ring->pad));
	ring->req_event = 12345;
	ring->rsp_event = 1;
	ring->rsp_prod = 4711;
	blk_disk_release(disk);
	msleep(100);
	KUNIT_EXPECT_EQ(test, READ_ONCE(ring->rsp_prod), 1);
	expect_answers(test, 1, BLKIF_RSP_OKAY);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

/* A ring page that is a data page as well, and references that are none. */
static void g05_odd_ring_references(struct kunit *test)
{
	const u32 refs[] = { blk_guest_table_ref(), 7, 32767, 32768,
			     U32_MAX - 1 };
	struct blk_back_bench *b = test->priv;
	struct blkif_request req;
	unsigned int i;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	req = blk_guest_direct(BLKIF_OP_WRITE, 8, 1);
	req.u.rw.seg[0].gref = pvio_loop_number(b->duo.pair.front.own,
						"ring-ref");
	blk_back_expect(test, &req, BLKIF_RSP_OKAY);
	blk_back_end(test);
	for (i = 0; i < ARRAY_SIZE(refs); i++) {
		memset(blk_guest_table(), 0, 4096);
		blk_guest_plan_anew(PVIO_BLK_ABI_64);
		blk_guest_plan.ref = refs[i];
		blk_back_plug(test);
		pvio_loop_settle();
		blk_duo_stop(&b->duo);
	}
	blk_back_expect_heals(test);
}

static struct blkif_request random_request(struct rnd_state *rnd)
{
	static const u64 sectors[] = {
		0, 8, 7, BLK_DISK_SECTORS - 1, BLK_DISK_SECTORS, U64_MAX,
	};
	struct blkif_request req;
	u32 dice = prandom_u32_state(rnd);

	if (dice % 4 == 0)
		req = blk_guest_indirect(dice >> 8 & 1, dice >> 9 & 63,
					 dice >> 16 & 511);
	else
		req = blk_guest_direct(dice >> 8 & 7, dice >> 11 & 1023,
				       dice >> 21 & 15);
	if (dice % 3 == 0)
		req.u.rw.sector_number = sectors[(dice >> 4) % 6];
	if (dice % 5 == 0)
		((u8 *)&req)[24 + dice % 80] = dice >> 24;
	return req;
}

static void put_random(struct rnd_state *rnd, unsigned int nr)
{
	struct blkif_request req;

	while (nr--) {
		req = random_request(rnd);
		blk_guest_put(0, &req);
	}
	blk_guest_push(0);
}

static void g06_random_requests(struct kunit *test)
{
	struct blkif_response rsp;
	struct rnd_state rnd;
	enum pvio_blk_abi abi;
	unsigned int round, i;

	prandom_seed_state(&rnd, 20261120);
	for (abi = 0; abi < GUEST_ABIS; abi++) {
		blk_guest_plan_anew(abi);
		blk_guest_plan.persistent = abi == PVIO_BLK_ABI_32;
		blk_back_begin_planned(test);
		for (round = 0; round < 100; round++) {
			put_random(&rnd, 32);
			for (i = 0; i < 32; i++)
				KUNIT_ASSERT_TRUE(test,
						  blk_guest_take(0, &rsp));
		}
		blk_back_expect_serves(test);
		blk_back_end(test);
	}
}

/* G07: five thousand refusals show ten lines. */
static void g07_lines_are_bounded(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct blkif_request req;
	unsigned int round, i;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	req = blk_guest_direct(BLKIF_OP_READ, U64_MAX, 1);
	for (round = 0; round < 150; round++) {
		for (i = 0; i < 32; i++)
			blk_guest_put(0, &req);
		blk_guest_push(0);
		expect_answers(test, 32, BLKIF_RSP_ERROR);
		KUNIT_ASSERT_LE(test, blk_lines_shown(&b->duo.pair.back), 10);
	}
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static struct kunit_case hostile_cases[] = {
	KUNIT_CASE(serves_both_layouts_and_all_shapes),
	KUNIT_CASE(serves_a_guest_that_names_no_protocol),
	KUNIT_CASE(b01_impossible_numbers_of_requests),
	KUNIT_CASE(g03_impossible_number_when_attaching),
	KUNIT_CASE(g03_indices_wrap_around),
	KUNIT_CASE(b02_numbers_of_segments),
	KUNIT_CASE(b03_sectors_outside_page),
	KUNIT_CASE(b03_sectors_not_aligned_to_blocks),
	KUNIT_CASE(b04_beyond_the_disk),
	KUNIT_CASE(b05_unknown_operations),
	KUNIT_CASE(b05_flush_and_barrier_with_and_without_data),
	KUNIT_CASE(b06_read_only_disk_refuses_every_operation),
	KUNIT_CASE(b06_discard_that_was_not_offered),
	KUNIT_CASE(b07_tables_of_descriptors),
	KUNIT_CASE(b08_ids_are_only_echoed),
	KUNIT_CASE(b10_no_stray_bytes_in_answers),
	KUNIT_CASE(g01_table_changes_under_the_backend),
	KUNIT_CASE(g02_scribbled_ring),
	KUNIT_CASE(g05_odd_ring_references),
	KUNIT_CASE(g06_random_requests),
	KUNIT_CASE(g07_lines_are_bounded),
	{}
};

static struct kunit_suite hostile_suite = {
	.name = "pvio_blkback_hostile",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = hostile_cases,
};

kunit_test_suite(hostile_suite);

MODULE_DESCRIPTION("Tests of the pvio block backend against hostile guests");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
