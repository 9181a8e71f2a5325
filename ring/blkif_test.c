// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the block codec, backend side: every request that a hostile
 * frontend may put on the ring, in every layout.
 */
#include "ring_test.h"

#include "blkif.h"

#define REQ_64	112
#define REQ_32	108
#define ID	0x1122334455667788ULL
#define SECTOR	1000

/**
 * struct rig - a block ring of one layout and the request last taken
 * @test: the running case
 * @abi: the layout
 * @ring: both ends; the frontend's is moved by hand
 * @wire: the next request, in the 64-bit layout, to be made bad
 * @req: what came of it
 */
struct rig {
	struct kunit *test;
	enum pvio_blk_abi abi;
	struct test_ring *ring;
	u8 wire[REQ_64];
	struct pvio_blk_req req;
};

static struct rig *make_rig(struct kunit *test, enum pvio_blk_abi abi)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rig);
	rig->test = test;
	rig->abi = abi;
	rig->ring = test_ring_make(test, pvio_blk_ring_type(abi));
	memset(&rig->req, 0xa5, sizeof(rig->req));
	return rig;
}

/* The body of a case, once for each layout. */
static void each_abi(struct kunit *test, void (*body)(struct rig *rig))
{
	body(make_rig(test, PVIO_BLK_ABI_64));
	body(make_rig(test, PVIO_BLK_ABI_32));
}

/* The layouts differ in the four bytes before the id. */
static void send(struct rig *rig)
{
	u8 packed[REQ_32];

	if (rig->abi == PVIO_BLK_ABI_64) {
		test_request(rig->ring, rig->wire, REQ_64);
		return;
	}
	memcpy(packed, rig->wire, 4);
	memcpy(packed + 4, rig->wire + 8, REQ_32 - 4);
	test_request(rig->ring, packed, REQ_32);
}

static void set_u16(struct rig *rig, unsigned int at, u16 value)
{
	memcpy(rig->wire + at, &value, sizeof(value));
}

static void set_u32(struct rig *rig, unsigned int at, u32 value)
{
	memcpy(rig->wire + at, &value, sizeof(value));
}

static void set_u64(struct rig *rig, unsigned int at, u64 value)
{
	memcpy(rig->wire + at, &value, sizeof(value));
}

static void set_seg(struct rig *rig, unsigned int i, u8 first, u8 last)
{
	set_u32(rig, 24 + 8 * i, 500 + i);
	rig->wire[24 + 8 * i + 4] = first;
	rig->wire[24 + 8 * i + 5] = last;
}

/* Whole pages throughout: a request without fault as long as @nr is. */
static void direct(struct rig *rig, u8 op, u8 nr)
{
	unsigned int i;

	memset(rig->wire, 0xff, REQ_64);
	rig->wire[0] = op;
	rig->wire[1] = nr;
	set_u64(rig, 8, ID);
	set_u64(rig, 16, SECTOR);
	for (i = 0; i < 11; i++)
		set_seg(rig, i, 0, 7);
}

static void indirect(struct rig *rig, u8 op, u16 nr)
{
	unsigned int i;

	memset(rig->wire, 0xff, REQ_64);
	rig->wire[0] = BLKIF_OP_INDIRECT;
	rig->wire[1] = op;
	set_u16(rig, 2, nr);
	set_u64(rig, 8, ID);
	set_u64(rig, 16, SECTOR);
	for (i = 0; i < 8; i++)
		set_u32(rig, 28 + 4 * i, 700 + i);
}

static void discard(struct rig *rig, u8 flag, u64 sector, u64 nr)
{
	memset(rig->wire, 0xff, REQ_64);
	rig->wire[0] = BLKIF_OP_DISCARD;
	rig->wire[1] = flag;
	set_u64(rig, 8, ID);
	set_u64(rig, 16, sector);
	set_u64(rig, 24, nr);
}

static enum pvio_verdict take(struct rig *rig)
{
	send(rig);
	KUNIT_ASSERT_EQ(rig->test, pvio_back_poll(&rig->ring->back), PVIO_OK);
	return pvio_blk_take(&rig->ring->back, rig->abi, &rig->req);
}

/* Answered with any status, so that the ring does not fill. */
static void finish(struct rig *rig)
{
	struct pvio_back_ring *b = &rig->ring->back;

	KUNIT_EXPECT_TRUE(rig->test, pvio_blk_answer(b, rig->abi, rig->req.id,
						     rig->req.wire_op, -1));
	KUNIT_EXPECT_EQ(rig->test, b->rsp_prod, b->req_cons);
	pvio_back_push(b);
}

static void expect_ok(struct rig *rig)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig), PVIO_OK);
	KUNIT_EXPECT_NULL(rig->test, rig->req.reason);
	KUNIT_EXPECT_EQ(rig->test, rig->req.id, ID);
	finish(rig);
}

static void expect_bad(struct rig *rig, const char *reason)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig), PVIO_BAD);
	KUNIT_EXPECT_STREQ(rig->test, rig->req.reason, reason);
	KUNIT_EXPECT_EQ(rig->test, rig->req.id, ID);
	finish(rig);
}

static void check_direct(struct rig *rig)
{
	struct kunit *test = rig->test;

	KUNIT_EXPECT_EQ(test, pvio_blk_take(&rig->ring->back, rig->abi,
					    &rig->req), PVIO_EMPTY);
	direct(rig, BLKIF_OP_WRITE, 11);
	set_seg(rig, 10, 3, 5);
	expect_ok(rig);
	KUNIT_EXPECT_EQ(test, rig->req.op, BLKIF_OP_WRITE);
	KUNIT_EXPECT_EQ(test, rig->req.wire_op, BLKIF_OP_WRITE);
	KUNIT_EXPECT_FALSE(test, rig->req.indirect);
	KUNIT_EXPECT_EQ(test, rig->req.sector, SECTOR);
	KUNIT_EXPECT_EQ(test, rig->req.nr_segs, 11);
	KUNIT_EXPECT_EQ(test, rig->req.seg[0].gref, 500);
	KUNIT_EXPECT_EQ(test, rig->req.seg[0].count, 8);
	KUNIT_EXPECT_EQ(test, rig->req.seg[10].gref, 510);
	KUNIT_EXPECT_EQ(test, rig->req.seg[10].first, 3);
	KUNIT_EXPECT_EQ(test, rig->req.seg[10].count, 3);
}

static void direct_requests(struct kunit *test)
{
	each_abi(test, check_direct);
}

static void check_indirect(struct rig *rig)
{
	struct kunit *test = rig->test;

	indirect(rig, BLKIF_OP_READ, 256);
	expect_ok(rig);
	KUNIT_EXPECT_TRUE(test, rig->req.indirect);
	KUNIT_EXPECT_EQ(test, rig->req.op, BLKIF_OP_READ);
	KUNIT_EXPECT_EQ(test, rig->req.wire_op, BLKIF_OP_READ);
	KUNIT_EXPECT_EQ(test, rig->req.sector, SECTOR);
	KUNIT_EXPECT_EQ(test, rig->req.nr_segs, 256);
	KUNIT_EXPECT_EQ(test, rig->req.nr_pages, 1);
	KUNIT_EXPECT_EQ(test, rig->req.page[0], 700);
}

static void indirect_requests(struct kunit *test)
{
	each_abi(test, check_indirect);
}

static void check_discard(struct rig *rig)
{
	struct kunit *test = rig->test;

	discard(rig, BLKIF_DISCARD_SECURE, 64, 128);
	expect_ok(rig);
	KUNIT_EXPECT_EQ(test, rig->req.op, BLKIF_OP_DISCARD);
	KUNIT_EXPECT_TRUE(test, rig->req.secure);
	KUNIT_EXPECT_EQ(test, rig->req.sector, 64);
	KUNIT_EXPECT_EQ(test, rig->req.sectors, 128);
	KUNIT_EXPECT_EQ(test, rig->req.nr_segs, 0);
	discard(rig, 0xfe, 64, 128);
	expect_ok(rig);
	KUNIT_EXPECT_FALSE(test, rig->req.secure);
}

static void discard_requests(struct kunit *test)
{
	each_abi(test, check_discard);
}

static void check_b01(struct rig *rig)
{
	static const u32 prods[] = { 33, 0xffffffff, 0x80000000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prods); i++) {
		rig->ring->shared->req_prod = prods[i];
		KUNIT_EXPECT_EQ(rig->test, pvio_back_poll(&rig->ring->back),
				PVIO_BROKEN);
		KUNIT_EXPECT_EQ(rig->test, PVIO_EMPTY,
				pvio_blk_take(&rig->ring->back, rig->abi,
					      &rig->req));
	}
}

static void b01_producer_out_of_range(struct kunit *test)
{
	each_abi(test, check_b01);
}

static void check_b02_direct(struct rig *rig)
{
	static const u8 nrs[] = { 12, 32, 255 };
	unsigned int i;

	direct(rig, BLKIF_OP_READ, 0);
	expect_bad(rig, "no segments");
	direct(rig, BLKIF_OP_WRITE, 0);
	expect_bad(rig, "no segments");
	for (i = 0; i < ARRAY_SIZE(nrs); i++) {
		direct(rig, BLKIF_OP_READ, nrs[i]);
		expect_bad(rig, "too many segments");
		KUNIT_EXPECT_EQ(rig->test, rig->req.nr_segs, 0);
	}
}

static void b02_number_of_segments(struct kunit *test)
{
	each_abi(test, check_b02_direct);
}

static void check_b02_indirect(struct rig *rig)
{
	static const u16 nrs[] = { 257, 4097, 65535 };
	unsigned int i;

	indirect(rig, BLKIF_OP_READ, 0);
	expect_bad(rig, "no segments");
	for (i = 0; i < ARRAY_SIZE(nrs); i++) {
		indirect(rig, BLKIF_OP_READ, nrs[i]);
		expect_bad(rig, "too many segments");
		KUNIT_EXPECT_EQ(rig->test, rig->req.nr_segs, 0);
		KUNIT_EXPECT_EQ(rig->test, rig->req.nr_pages, 0);
	}
}

static void b02_number_of_indirect_segments(struct kunit *test)
{
	each_abi(test, check_b02_indirect);
}

static const u8 bad_segs[][2] = { { 7, 0 }, { 8, 8 }, { 0, 8 }, { 0, 255 },
				  { 255, 255 }, { 255, 0 }, { 1, 0 } };

static void check_b03(struct rig *rig)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_segs); i++) {
		direct(rig, BLKIF_OP_READ, 1);
		set_seg(rig, 0, bad_segs[i][0], bad_segs[i][1]);
		expect_bad(rig, "segment outside its page");
		direct(rig, BLKIF_OP_WRITE, 11);
		set_seg(rig, 10, bad_segs[i][0], bad_segs[i][1]);
		expect_bad(rig, "segment outside its page");
	}
	/* What stands behind the last segment that counts is nothing. */
	direct(rig, BLKIF_OP_READ, 10);
	set_seg(rig, 10, 7, 0);
	expect_ok(rig);
}

static void b03_segment_bounds(struct kunit *test)
{
	each_abi(test, check_b03);
}

static void b03_indirect_segment_bounds(struct kunit *test)
{
	u8 *page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	struct pvio_blk_seg *seg = kunit_kcalloc(test, 512, sizeof(*seg),
						 GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_EXPECT_NULL(test, pvio_blk_parse_segs(page, 512, seg));
	KUNIT_EXPECT_EQ(test, seg[511].count, 1);
	for (i = 0; i < ARRAY_SIZE(bad_segs); i++) {
		page[511 * 8 + 4] = bad_segs[i][0];
		page[511 * 8 + 5] = bad_segs[i][1];
		KUNIT_EXPECT_STREQ(test, pvio_blk_parse_segs(page, 512, seg),
				   "segment outside its page");
		KUNIT_EXPECT_NULL(test, pvio_blk_parse_segs(page, 511, seg));
	}
}

static const char *add_up(struct rig *rig, u64 sector, u64 capacity, u32 block)
{
	rig->req.sector = sector;
	return pvio_blk_add_up(&rig->req, rig->req.seg, capacity, block);
}

static void check_b03_alignment(struct rig *rig)
{
	struct kunit *test = rig->test;
	const char *const wrong = "not aligned to the disk's blocks";

	direct(rig, BLKIF_OP_READ, 2);
	expect_ok(rig);
	KUNIT_EXPECT_NULL(test, add_up(rig, 8, 1000, 8));
	KUNIT_EXPECT_EQ(test, rig->req.sectors, 16);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 9, 1000, 8), wrong);
	KUNIT_EXPECT_NULL(test, add_up(rig, 9, 1000, 1));
	direct(rig, BLKIF_OP_READ, 2);
	set_seg(rig, 0, 0, 3);
	set_seg(rig, 1, 4, 7);
	expect_ok(rig);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 8, 1000, 8), wrong);
	KUNIT_EXPECT_NULL(test, add_up(rig, 8, 1000, 4));
}

static void b03_aligned_to_large_blocks(struct kunit *test)
{
	each_abi(test, check_b03_alignment);
}

static void check_b04(struct rig *rig)
{
	struct kunit *test = rig->test;
	const char *const wrong = "beyond the end of the disk";

	direct(rig, BLKIF_OP_READ, 1);
	expect_ok(rig);
	KUNIT_EXPECT_STREQ(test, add_up(rig, ~0ULL, 1000, 1), wrong);
	KUNIT_EXPECT_STREQ(test, add_up(rig, ~0ULL, ~0ULL, 1), wrong);
	KUNIT_EXPECT_STREQ(test, add_up(rig, ~0ULL - 7, 1000, 1), wrong);
	KUNIT_EXPECT_NULL(test, add_up(rig, 992, 1000, 1));
	KUNIT_EXPECT_STREQ(test, add_up(rig, 993, 1000, 1), wrong);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 0, 7, 1), wrong);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 0, 0, 1), wrong);
	set_seg(rig, 0, 0, 1);
	expect_ok(rig);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 999, 1000, 1), wrong);
}

static void b04_beyond_the_disk(struct kunit *test)
{
	each_abi(test, check_b04);
}

static void check_b04_discard(struct rig *rig)
{
	struct kunit *test = rig->test;

	discard(rig, 0, 8, ~0ULL);
	expect_bad(rig, "discard beyond the last sector number");
	discard(rig, 0, ~0ULL, 1);
	expect_bad(rig, "discard beyond the last sector number");
	discard(rig, 0, 8, 0);
	expect_bad(rig, "discard of nothing");
	discard(rig, 0, 0, ~0ULL);
	expect_ok(rig);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 0, 1000, 1),
			   "beyond the end of the disk");
	discard(rig, 0, 16, 984);
	expect_ok(rig);
	KUNIT_EXPECT_NULL(test, add_up(rig, 16, 1000, 8));
	KUNIT_EXPECT_EQ(test, rig->req.sectors, 984);
	KUNIT_EXPECT_STREQ(test, add_up(rig, 17, 1000, 1),
			   "beyond the end of the disk");
	KUNIT_EXPECT_STREQ(test, add_up(rig, 12, 1000, 8),
			   "not aligned to the disk's blocks");
}

static void b04_discard_beyond_the_disk(struct kunit *test)
{
	each_abi(test, check_b04_discard);
}

static void check_b05_op(struct rig *rig)
{
	static const u8 ops[] = { 4, 7, 8, 128, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		direct(rig, ops[i], 1);
		expect_bad(rig, "unknown operation");
		KUNIT_EXPECT_EQ(rig->test, rig->req.wire_op, ops[i]);
		KUNIT_EXPECT_FALSE(rig->test, pvio_blk_known_op(ops[i]));
	}
}

static void b05_unknown_operations(struct kunit *test)
{
	unsigned int op;

	each_abi(test, check_b05_op);
	for (op = 0; op < 256; op++)
		KUNIT_EXPECT_EQ(test, pvio_blk_known_op(op), op < 7 && op != 4);
}

static void check_b05_inner(struct rig *rig)
{
	static const u8 ops[] = { 2, 3, 4, 5, 6, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		indirect(rig, ops[i], 1);
		expect_bad(rig, "operation that cannot be indirect");
		KUNIT_EXPECT_EQ(rig->test, rig->req.wire_op, ops[i]);
	}
}

static void b05_inner_operations(struct kunit *test)
{
	each_abi(test, check_b05_inner);
}

/* With or without data: the in-tree frontend sends a FUA write as a flush. */
static void check_b05_flush(struct rig *rig)
{
	static const u8 ops[] = { BLKIF_OP_FLUSH_DISKCACHE,
				  BLKIF_OP_WRITE_BARRIER };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		direct(rig, ops[i], 0);
		set_u64(rig, 16, ~0ULL);
		expect_ok(rig);
		KUNIT_EXPECT_NULL(rig->test, add_up(rig, ~0ULL, 1000, 8));
		KUNIT_EXPECT_EQ(rig->test, rig->req.sectors, 0);
		direct(rig, ops[i], 3);
		expect_ok(rig);
		KUNIT_EXPECT_EQ(rig->test, rig->req.op, ops[i]);
		KUNIT_EXPECT_EQ(rig->test, rig->req.nr_segs, 3);
		direct(rig, ops[i], 12);
		expect_bad(rig, "too many segments");
	}
}

static void b05_flush_and_barrier(struct kunit *test)
{
	each_abi(test, check_b05_flush);
}

/* What a read-only disk must refuse is seen as what it is. */
static void check_b06(struct rig *rig)
{
	struct kunit *test = rig->test;

	indirect(rig, BLKIF_OP_WRITE, 5);
	expect_ok(rig);
	KUNIT_EXPECT_EQ(test, rig->req.op, BLKIF_OP_WRITE);
	direct(rig, BLKIF_OP_WRITE_BARRIER, 1);
	expect_ok(rig);
	KUNIT_EXPECT_EQ(test, rig->req.op, BLKIF_OP_WRITE_BARRIER);
	direct(rig, BLKIF_OP_FLUSH_DISKCACHE, 1);
	expect_ok(rig);
	KUNIT_EXPECT_EQ(test, rig->req.nr_segs, 1);
	discard(rig, BLKIF_DISCARD_SECURE, 0, 8);
	expect_ok(rig);
	KUNIT_EXPECT_TRUE(test, rig->req.secure);
}

static void b06_writes_are_seen_as_writes(struct kunit *test)
{
	each_abi(test, check_b06);
}

/* Eight pages for one segment: seven of them are not even looked at. */
static void check_b07(struct rig *rig)
{
	indirect(rig, BLKIF_OP_READ, 1);
	expect_ok(rig);
	KUNIT_EXPECT_EQ(rig->test, rig->req.nr_pages, 1);
}

static void b07_more_pages_than_needed(struct kunit *test)
{
	each_abi(test, check_b07);
}

static void check_b08(struct rig *rig)
{
	static const u64 ids[] = { 0, ~0ULL, 7 };
	struct kunit *test = rig->test;
	unsigned int i;
	u64 id;

	for (i = 0; i < 32; i++) {
		direct(rig, BLKIF_OP_READ, 1);
		set_u64(rig, 8, ids[i % 3]);
		send(rig);
	}
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&rig->ring->back), PVIO_OK);
	for (i = 0; i < 32; i++) {
		KUNIT_ASSERT_EQ(test, PVIO_OK,
				pvio_blk_take(&rig->ring->back, rig->abi,
					      &rig->req));
		KUNIT_EXPECT_EQ(test, rig->req.id, ids[i % 3]);
		finish(rig);
		memcpy(&id, pvio_ring_slot(&rig->ring->back.r, i), sizeof(id));
		KUNIT_EXPECT_EQ(test, id, ids[i % 3]);
	}
}

static void b08_ids_are_echoed(struct kunit *test)
{
	each_abi(test, check_b08);
}

static void check_b10(struct rig *rig)
{
	static const u8 want[16] = { 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22,
				     0x11, BLKIF_OP_WRITE, 0, 0xfe, 0xff,
				     0, 0, 0, 0 };
	const size_t size = pvio_blk_ring_type(rig->abi)->rsp_size;
	struct kunit *test = rig->test;
	u8 *slot;

	direct(rig, BLKIF_OP_WRITE, 1);
	KUNIT_ASSERT_EQ(test, take(rig), PVIO_OK);
	slot = pvio_ring_slot(&rig->ring->back.r, 0);
	memset(slot, 0xa5, REQ_32);
	pvio_blk_answer(&rig->ring->back, rig->abi, ID, BLKIF_OP_WRITE,
			BLKIF_RSP_EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, memcmp(slot, want, size), 0);
	KUNIT_EXPECT_EQ(test, slot[size], 0xa5);
	KUNIT_EXPECT_EQ(test, size, rig->abi == PVIO_BLK_ABI_64 ? 16 : 12);
	KUNIT_EXPECT_FALSE(test, pvio_blk_answer(&rig->ring->back, rig->abi,
						 ID, BLKIF_OP_WRITE, 0));
}

static void b10_response_padding_is_zero(struct kunit *test)
{
	each_abi(test, check_b10);
}

static struct kunit_case blkif_cases[] = {
	KUNIT_CASE(direct_requests),
	KUNIT_CASE(indirect_requests),
	KUNIT_CASE(discard_requests),
	KUNIT_CASE(b01_producer_out_of_range),
	KUNIT_CASE(b02_number_of_segments),
	KUNIT_CASE(b02_number_of_indirect_segments),
	KUNIT_CASE(b03_segment_bounds),
	KUNIT_CASE(b03_indirect_segment_bounds),
	KUNIT_CASE(b03_aligned_to_large_blocks),
	KUNIT_CASE(b04_beyond_the_disk),
	KUNIT_CASE(b04_discard_beyond_the_disk),
	KUNIT_CASE(b05_unknown_operations),
	KUNIT_CASE(b05_inner_operations),
	KUNIT_CASE(b05_flush_and_barrier),
	KUNIT_CASE(b06_writes_are_seen_as_writes),
	KUNIT_CASE(b07_more_pages_than_needed),
	KUNIT_CASE(b08_ids_are_echoed),
	KUNIT_CASE(b10_response_padding_is_zero),
	{}
};

static struct kunit_suite blkif_suite = {
	.name = "pvio_blkif",
	.test_cases = blkif_cases,
};

kunit_test_suite(blkif_suite);
