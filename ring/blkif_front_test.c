// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the block codec, frontend side: what is written for the
 * backend to see, and what a hostile backend may answer.
 */
#include "ring_test.h"

#include "blkif.h"
#include "idpool.h"

#define HANDLE	0xca01

static struct test_ring *make_ring(struct kunit *test)
{
	struct test_ring *ring;

	ring = test_ring_make(test, pvio_blk_ring_type(PVIO_BLK_ABI_64));
	memset(ring->shared->slots, 0xa5, TEST_PAGE - 64);
	return ring;
}

static const u8 *first_slot(struct test_ring *ring)
{
	return pvio_ring_slot(&ring->front.r, 0);
}

/* Through the ring and back: the backend must read what was meant. */
static void round_trip(struct kunit *test, const struct pvio_blk_req *req,
		       struct pvio_blk_req *got)
{
	struct test_ring *ring = make_ring(test);

	pvio_blk_put(&ring->front, req, HANDLE);
	KUNIT_EXPECT_TRUE(test, pvio_front_push(&ring->front));
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	KUNIT_ASSERT_EQ(test, PVIO_OK, pvio_blk_take(&ring->back,
						     PVIO_BLK_ABI_64, got));
	KUNIT_EXPECT_EQ(test, got->op, req->op);
	KUNIT_EXPECT_EQ(test, got->id, req->id);
	KUNIT_EXPECT_EQ(test, got->sector, req->sector);
	KUNIT_EXPECT_EQ(test, got->nr_segs, req->nr_segs);
	KUNIT_EXPECT_EQ(test, got->indirect, req->indirect);
	KUNIT_EXPECT_EQ(test, got->secure, req->secure);
}

static void direct_round_trip(struct kunit *test)
{
	struct pvio_blk_req req = { .op = BLKIF_OP_WRITE, .id = 31,
				    .sector = 1ULL << 40 };
	struct pvio_blk_req got;
	u8 i;

	for (i = 0; i < 11; i++) {
		req.nr_segs = i + 1;
		req.seg[i].gref = 0x80000000u + i;
		req.seg[i].first = i % 8;
		req.seg[i].count = 8 - i % 8;
		round_trip(test, &req, &got);
		KUNIT_EXPECT_EQ(test, got.seg[i].gref, req.seg[i].gref);
		KUNIT_EXPECT_EQ(test, got.seg[i].first, req.seg[i].first);
		KUNIT_EXPECT_EQ(test, got.seg[i].count, req.seg[i].count);
	}
}

static void indirect_round_trip(struct kunit *test)
{
	struct pvio_blk_req req = { .op = BLKIF_OP_READ, .indirect = true,
				    .id = 1, .sector = 8, .nr_segs = 256,
				    .nr_pages = 1 };
	struct pvio_blk_req got;

	req.page[0] = 0xffffffff;
	round_trip(test, &req, &got);
	KUNIT_EXPECT_EQ(test, got.nr_pages, 1);
	KUNIT_EXPECT_EQ(test, got.page[0], 0xffffffff);
}

static void discard_round_trip(struct kunit *test)
{
	struct pvio_blk_req req = { .op = BLKIF_OP_DISCARD, .id = 2,
				    .sector = 64, .sectors = 1ULL << 33,
				    .secure = true };
	struct pvio_blk_req got;

	round_trip(test, &req, &got);
	KUNIT_EXPECT_EQ(test, got.sectors, 1ULL << 33);
	req.secure = false;
	round_trip(test, &req, &got);
}

static void wire_bytes_of_a_read(struct kunit *test)
{
	static const u8 want[40] = {
		BLKIF_OP_READ, 2, 0x01, 0xca, 0, 0, 0, 0,
		5, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x10, 0, 0, 0, 0, 0, 0,
		0x78, 0x56, 0x34, 0x12, 0, 7, 0, 0,
		9, 0, 0, 0, 2, 4, 0, 0,
	};
	const struct pvio_blk_req req = {
		.op = BLKIF_OP_READ, .id = 5, .sector = 4096, .nr_segs = 2,
		.seg = { { 0x12345678, 0, 8 }, { 9, 2, 3 } },
	};
	struct test_ring *ring = make_ring(test);

	pvio_blk_put(&ring->front, &req, HANDLE);
	KUNIT_EXPECT_EQ(test, memcmp(first_slot(ring), want, sizeof(want)), 0);
}

static void wire_bytes_of_an_indirect_write(struct kunit *test)
{
	static const u8 want[36] = {
		BLKIF_OP_INDIRECT, BLKIF_OP_WRITE, 0x00, 0x01, 0, 0, 0, 0,
		5, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0,
		0x01, 0xca, 0, 0, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0,
	};
	struct pvio_blk_req req = {
		.op = BLKIF_OP_WRITE, .indirect = true, .id = 5, .sector = 8,
		.nr_segs = 256, .nr_pages = 1,
	};
	struct test_ring *ring = make_ring(test);

	req.page[0] = 0x12345678;
	pvio_blk_put(&ring->front, &req, HANDLE);
	KUNIT_EXPECT_EQ(test, memcmp(first_slot(ring), want, sizeof(want)), 0);
}

/* Over old bytes: all that a request does not use is zero. */
static void l02_unused_bytes_of_requests_are_zero(struct kunit *test)
{
	struct pvio_blk_req req = { .op = BLKIF_OP_READ, .nr_segs = 1,
				    .seg = { { 1, 0, 1 } } };
	struct test_ring *ring = make_ring(test);
	const u8 *slot = first_slot(ring);

	pvio_blk_put(&ring->front, &req, HANDLE);
	KUNIT_EXPECT_NULL(test, memchr_inv(slot + 32, 0, 112 - 32));
	KUNIT_EXPECT_NULL(test, memchr_inv(slot + 4, 0, 4));
	KUNIT_EXPECT_EQ(test, slot[112], 0xa5);
	ring = make_ring(test);
	slot = first_slot(ring);
	req = (struct pvio_blk_req) { .op = BLKIF_OP_DISCARD, .sectors = 8 };
	pvio_blk_put(&ring->front, &req, HANDLE);
	KUNIT_EXPECT_NULL(test, memchr_inv(slot + 32, 0, 112 - 32));
	KUNIT_EXPECT_NULL(test, memchr_inv(slot + 1, 0, 7));
}

static void l02_descriptor_padding_is_zero(struct kunit *test)
{
	static const u8 want[8] = { 0x78, 0x56, 0x34, 0x12, 2, 4, 0, 0 };
	struct pvio_blk_seg *seg = kunit_kcalloc(test, 512, sizeof(*seg),
						 GFP_KERNEL);
	u8 *page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_ASSERT_NOT_NULL(test, page);
	for (i = 0; i < 512; i++)
		seg[i] = (struct pvio_blk_seg) { 0x12345678, 2, 3 };
	memset(page, 0xa5, TEST_PAGE);
	pvio_blk_format_segs(page, 511, seg);
	for (i = 0; i < 511; i++)
		KUNIT_EXPECT_EQ(test, memcmp(page + 8 * i, want, 8), 0);
	KUNIT_EXPECT_EQ(test, page[511 * 8], 0xa5);
}

static void descriptors_round_trip(struct kunit *test)
{
	struct pvio_blk_seg *seg = kunit_kcalloc(test, 512, sizeof(*seg),
						 GFP_KERNEL);
	struct pvio_blk_seg *got = kunit_kcalloc(test, 512, sizeof(*got),
						 GFP_KERNEL);
	u8 *page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_ASSERT_NOT_NULL(test, page);
	for (i = 0; i < 512; i++) {
		seg[i].gref = i * 0x01010101;
		seg[i].first = i % 8;
		seg[i].count = 8 - i % 8;
	}
	pvio_blk_format_segs(page, 512, seg);
	KUNIT_ASSERT_NULL(test, pvio_blk_parse_segs(page, 512, got));
	for (i = 0; i < 512; i++) {
		KUNIT_EXPECT_EQ(test, got[i].gref, seg[i].gref);
		KUNIT_EXPECT_EQ(test, got[i].first, seg[i].first);
		KUNIT_EXPECT_EQ(test, got[i].count, seg[i].count);
	}
}

/* @sent reads outstanding, of @got ids handed out. */
static struct test_ring *send_some(struct kunit *test, struct pvio_idpool *pool,
				   unsigned int got, unsigned int sent)
{
	struct pvio_blk_req req = { .op = BLKIF_OP_READ, .nr_segs = 1,
				    .seg = { { 1, 0, 8 } } };
	u16 *mem = kunit_kcalloc(test, 32, sizeof(*mem), GFP_KERNEL);
	struct test_ring *ring = make_ring(test);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, mem);
	pvio_idpool_init(pool, mem, 32);
	for (i = 0; i < got; i++) {
		req.id = pvio_idpool_get(pool);
		if (i < sent)
			pvio_blk_put(&ring->front, &req, HANDLE);
	}
	pvio_front_push(&ring->front);
	return ring;
}

static void answer_with(struct test_ring *ring, u64 id, u8 op, s16 status)
{
	struct blkif_response rsp;

	memset(&rsp, 0xa5, sizeof(rsp));
	rsp.id = id;
	rsp.operation = op;
	rsp.status = status;
	test_response(ring, &rsp, sizeof(rsp));
}

static struct pvio_blk_rsp take_one(struct kunit *test, struct test_ring *ring)
{
	struct pvio_blk_rsp rsp;

	KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	KUNIT_ASSERT_EQ(test, pvio_blk_take_answer(&ring->front, &rsp),
			PVIO_OK);
	return rsp;
}

static void b20_illegal_number_of_responses(struct kunit *test)
{
	static const u32 prods[] = { 33, 0xffffffff, 32 };
	struct pvio_blk_rsp rsp;
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 31, 31);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prods); i++) {
		ring->shared->rsp_prod = prods[i];
		KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front),
				PVIO_BROKEN);
		KUNIT_EXPECT_EQ(test, pvio_blk_take_answer(&ring->front, &rsp),
				PVIO_EMPTY);
	}
}

static void b21_ids_out_of_range(struct kunit *test)
{
	static const u64 ids[] = { 32, 1ULL << 31, 0xffffffff, ~0ULL,
				   1ULL << 32, 0x10000 };
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 32, 32);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		answer_with(ring, ids[i], BLKIF_OP_READ, 0);
		KUNIT_EXPECT_EQ(test, take_one(test, ring).id, ids[i]);
		KUNIT_EXPECT_FALSE(test, pvio_idpool_put(&pool, ids[i]));
	}
	KUNIT_EXPECT_EQ(test, pool.free, 0);
}

static void b22_ids_not_outstanding(struct kunit *test)
{
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 8, 8);

	answer_with(ring, 5, BLKIF_OP_READ, 0);
	KUNIT_EXPECT_TRUE(test, pvio_idpool_put(&pool,
						take_one(test, ring).id));
	answer_with(ring, 5, BLKIF_OP_READ, 0);
	KUNIT_EXPECT_FALSE(test, pvio_idpool_put(&pool,
						 take_one(test, ring).id));
	answer_with(ring, 20, BLKIF_OP_READ, 0);
	KUNIT_EXPECT_FALSE(test, pvio_idpool_put(&pool,
						 take_one(test, ring).id));
}

/* Taken and put on the ring, but the backend cannot have seen it yet. */
static void b22_id_not_published(struct kunit *test)
{
	const struct pvio_blk_req req = { .op = BLKIF_OP_READ, .id = 1,
					  .nr_segs = 1,
					  .seg = { { 1, 0, 8 } } };
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 2, 1);
	u32 index = ring->front.req_prod;

	pvio_blk_put(&ring->front, &req, HANDLE);
	answer_with(ring, 1, BLKIF_OP_READ, 0);
	KUNIT_EXPECT_EQ(test, take_one(test, ring).id, 1);
	KUNIT_EXPECT_TRUE(test, pvio_idpool_busy(&pool, 1));
	KUNIT_EXPECT_FALSE(test, pvio_front_published(&ring->front, index));
}

static void b23_operation_and_status(struct kunit *test)
{
	static const s16 statuses[] = { 1, -3, 32767, -32768, 0, -1, -2 };
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 16, 16);
	struct pvio_blk_rsp rsp;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		answer_with(ring, i, i, statuses[i]);
		rsp = take_one(test, ring);
		KUNIT_EXPECT_EQ(test, rsp.id, i);
		KUNIT_EXPECT_EQ(test, rsp.op, i);
		KUNIT_EXPECT_EQ(test, rsp.status, statuses[i]);
	}
}

static struct kunit_case blkif_front_cases[] = {
	KUNIT_CASE(direct_round_trip),
	KUNIT_CASE(indirect_round_trip),
	KUNIT_CASE(discard_round_trip),
	KUNIT_CASE(wire_bytes_of_a_read),
	KUNIT_CASE(wire_bytes_of_an_indirect_write),
	KUNIT_CASE(l02_unused_bytes_of_requests_are_zero),
	KUNIT_CASE(l02_descriptor_padding_is_zero),
	KUNIT_CASE(descriptors_round_trip),
	KUNIT_CASE(b20_illegal_number_of_responses),
	KUNIT_CASE(b21_ids_out_of_range),
	KUNIT_CASE(b22_ids_not_outstanding),
	KUNIT_CASE(b22_id_not_published),
	KUNIT_CASE(b23_operation_and_status),
	{}
};

static struct kunit_suite blkif_front_suite = {
	.name = "pvio_blkif_front",
	.test_cases = blkif_front_cases,
};

kunit_test_suite(blkif_front_suite);
