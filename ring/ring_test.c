// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the shared ring.  Cases with a number are the test vectors
 * of Documentation/testing.
 */
#include "ring_test.h"

#include <linux/module.h>

#include "blkif.h"
#include "netif.h"

#define NR_TYPES	5

/* As large as those of the network's control ring. */
static const struct pvio_ring_type ctrl_ring = {
	.req_size = 16,
	.rsp_size = 12,
	.slot_size = 16,
};

static const struct pvio_ring_type *type_of(unsigned int i)
{
	switch (i) {
	case 0:
		return &pvio_net_tx_ring;
	case 1:
		return &pvio_net_rx_ring;
	case 2:
		return &ctrl_ring;
	case 3:
		return pvio_blk_ring_type(PVIO_BLK_ABI_64);
	default:
		return pvio_blk_ring_type(PVIO_BLK_ABI_32);
	}
}

static void slots_that_fit(struct kunit *test)
{
	static const u32 one[NR_TYPES] = { 256, 256, 128, 32, 32 };
	static const u32 four[NR_TYPES] = { 1024, 1024, 512, 128, 128 };
	unsigned int i;

	for (i = 0; i < NR_TYPES; i++) {
		KUNIT_EXPECT_EQ(test, pvio_ring_slots(type_of(i), 4096), one[i]);
		KUNIT_EXPECT_EQ(test, pvio_ring_slots(type_of(i), 16384),
				four[i]);
	}
}

/* One number is carried to the backend and another one back. */
static void carry(struct kunit *test, struct test_ring *ring, u32 number)
{
	u32 back = ~number;
	u32 got = 0;

	KUNIT_ASSERT_TRUE(test, pvio_front_put(&ring->front, &number, 4));
	pvio_front_push(&ring->front);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	KUNIT_ASSERT_EQ(test, pvio_back_pending(&ring->back), 1);
	KUNIT_ASSERT_EQ(test, pvio_back_take(&ring->back, &got, 4), PVIO_OK);
	KUNIT_ASSERT_EQ(test, got, number);
	KUNIT_ASSERT_TRUE(test, pvio_back_put(&ring->back, &back, 4));
	pvio_back_push(&ring->back);
	KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	KUNIT_ASSERT_EQ(test, pvio_front_take(&ring->front, &got, 4), PVIO_OK);
	KUNIT_ASSERT_EQ(test, got, back);
	KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_EMPTY);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_EMPTY);
}

static void put_stops_at_full(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 7;
	u32 i;

	for (i = 0; i < ring->front.r.nr; i++)
		KUNIT_ASSERT_TRUE(test, pvio_front_put(&ring->front, &word, 4));
	KUNIT_EXPECT_EQ(test, pvio_front_free(&ring->front), 0);
	KUNIT_EXPECT_FALSE(test, pvio_front_put(&ring->front, &word, 4));
	KUNIT_EXPECT_EQ(test, ring->front.req_prod, ring->front.r.nr);
}

static void answer_needs_a_request(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 7;

	KUNIT_EXPECT_FALSE(test, pvio_back_put(&ring->back, &word, 4));
	KUNIT_EXPECT_FALSE(test, pvio_back_push(&ring->back));
	test_request(ring, &word, 4);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	KUNIT_EXPECT_FALSE(test, pvio_back_put(&ring->back, &word, 4));
	KUNIT_ASSERT_EQ(test, pvio_back_take(&ring->back, &word, 4), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_back_unanswered(&ring->back), 1);
	KUNIT_EXPECT_TRUE(test, pvio_back_put(&ring->back, &word, 4));
	KUNIT_EXPECT_FALSE(test, pvio_back_put(&ring->back, &word, 4));
	KUNIT_EXPECT_EQ(test, pvio_back_unanswered(&ring->back), 0);
}

static void published_is_what_was_pushed(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 0;
	u32 index;

	test_ring_move(test, ring, 0xffffffff);
	index = ring->front.req_prod;
	KUNIT_EXPECT_FALSE(test, pvio_front_published(&ring->front, index));
	pvio_front_put(&ring->front, &word, 4);
	KUNIT_EXPECT_FALSE(test, pvio_front_published(&ring->front, index));
	pvio_front_push(&ring->front);
	KUNIT_EXPECT_TRUE(test, pvio_front_published(&ring->front, index));
	KUNIT_EXPECT_FALSE(test, pvio_front_published(&ring->front, index + 1));
}

/* A backend that comes back finds what its forerunner left unanswered. */
static void attach_takes_unanswered_again(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	struct pvio_back_ring later;
	u32 word = 0;
	u32 i;

	for (i = 0; i < 5; i++)
		test_request(ring, &i, 4);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	for (i = 0; i < 3; i++)
		pvio_back_take(&ring->back, &word, 4);
	pvio_back_put(&ring->back, &word, 4);
	pvio_back_push(&ring->back);
	KUNIT_ASSERT_EQ(test, pvio_back_attach(&later, &pvio_net_tx_ring,
					       ring->shared, TEST_PAGE), 0);
	KUNIT_EXPECT_EQ(test, pvio_back_pending(&later), 4);
	KUNIT_ASSERT_EQ(test, pvio_back_take(&later, &word, 4), PVIO_OK);
	KUNIT_EXPECT_EQ(test, word, 1);
}

static void e06_arming_finds_late_work(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 0;

	KUNIT_EXPECT_EQ(test, pvio_back_arm(&ring->back, 1), PVIO_EMPTY);
	pvio_front_put(&ring->front, &word, 4);
	KUNIT_EXPECT_TRUE(test, pvio_front_push(&ring->front));
	KUNIT_EXPECT_EQ(test, pvio_back_arm(&ring->back, 1), PVIO_OK);
	pvio_back_take(&ring->back, &word, 4);
	pvio_back_put(&ring->back, &word, 4);
	KUNIT_EXPECT_TRUE(test, pvio_back_push(&ring->back));
	KUNIT_EXPECT_EQ(test, pvio_front_arm(&ring->front, 1), PVIO_OK);
}

/* The event may wait for more than one: none for the first, one at the third. */
static void events_wait_for_the_threshold(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 0;
	u32 i;

	test_ring_move(test, ring, 0xfffffffe);
	pvio_back_arm(&ring->back, 3);
	for (i = 1; i < 6; i++) {
		pvio_front_put(&ring->front, &word, 4);
		KUNIT_EXPECT_EQ(test, pvio_front_push(&ring->front), i == 3);
	}
	KUNIT_EXPECT_FALSE(test, pvio_front_push(&ring->front));
}

static void scribble(struct test_ring *ring, u8 value)
{
	ring->shared->rsp_prod = value * 0x01010101u;
	memset(ring->shared->pad, value, sizeof(ring->shared->pad));
	memset(pvio_ring_slot(&ring->back.r, ring->back.req_cons - 1), value,
	       ring->back.r.type.slot_size);
}

/* All that a frontend may write, written over while a request is served. */
static void g02_backend_ignores_scribbles(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word;
	u32 i;

	for (i = 0; i < 1000; i++) {
		test_request(ring, &i, 4);
		KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
		KUNIT_ASSERT_EQ(test, pvio_back_take(&ring->back, &word, 4),
				PVIO_OK);
		KUNIT_ASSERT_EQ(test, word, i);
		scribble(ring, i);
		ring->shared->req_event = i * 0x9e3779b9u;
		ring->shared->rsp_event = i * 0x85ebca6bu;
		KUNIT_ASSERT_TRUE(test, pvio_back_put(&ring->back, &i, 4));
		pvio_back_push(&ring->back);
		KUNIT_ASSERT_EQ(test, ring->shared->rsp_prod, i + 1);
	}
}

static void g02_frontend_ignores_scribbles(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word;
	u32 i;

	for (i = 0; i < 1000; i++) {
		KUNIT_ASSERT_TRUE(test, pvio_front_put(&ring->front, &i, 4));
		pvio_front_push(&ring->front);
		KUNIT_ASSERT_EQ(test, ring->shared->req_prod, i + 1);
		ring->shared->req_prod = i * 0x9e3779b9u;
		ring->shared->rsp_event = i * 0x85ebca6bu;
		ring->shared->req_event = ~i;
		memset(ring->shared->pad, i, sizeof(ring->shared->pad));
		memset(pvio_ring_slot(&ring->front.r, i), i, 12);
		ring->shared->rsp_prod = i;
		test_response(ring, &i, 4);
		KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
		KUNIT_ASSERT_EQ(test, pvio_front_take(&ring->front, &word, 4),
				PVIO_OK);
		KUNIT_ASSERT_EQ(test, word, i);
		scribble(ring, i);
	}
}

static void refuse_requests(struct kunit *test, struct test_ring *ring,
			    u32 base)
{
	const u32 steps[] = test_bad_steps(ring->back.r.nr);
	u32 word;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		test_ring_move(test, ring, base);
		ring->shared->req_prod = base + steps[i];
		KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_BROKEN);
		KUNIT_EXPECT_EQ(test, pvio_back_arm(&ring->back, 1),
				PVIO_BROKEN);
		KUNIT_EXPECT_EQ(test, pvio_back_pending(&ring->back), 0);
		KUNIT_EXPECT_EQ(test, pvio_back_take(&ring->back, &word, 4),
				PVIO_EMPTY);
	}
}

static void refuse_responses(struct kunit *test, struct test_ring *ring,
			     u32 base)
{
	const u32 steps[] = test_bad_steps(ring->front.r.nr);
	u32 word = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		test_ring_move(test, ring, base);
		pvio_front_put(&ring->front, &word, 4);
		pvio_front_push(&ring->front);
		ring->shared->rsp_prod = base + steps[i];
		KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front),
				PVIO_BROKEN);
		KUNIT_EXPECT_EQ(test, pvio_front_arm(&ring->front, 1),
				PVIO_BROKEN);
		KUNIT_EXPECT_EQ(test, pvio_front_pending(&ring->front), 0);
		KUNIT_EXPECT_EQ(test, pvio_front_take(&ring->front, &word, 4),
				PVIO_EMPTY);
	}
}

static void g03_producer_out_of_range(struct kunit *test)
{
	struct test_ring *ring;
	unsigned int i;

	for (i = 0; i < NR_TYPES; i++) {
		ring = test_ring_make(test, type_of(i));
		refuse_requests(test, ring, 0);
		refuse_requests(test, ring, TEST_WRAP);
		refuse_responses(test, ring, 0);
		refuse_responses(test, ring, TEST_WRAP);
	}
}

/* More answers than questions, though the ring would hold them. */
static void g03_more_responses_than_requests(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 0;

	pvio_front_put(&ring->front, &word, 4);
	pvio_front_put(&ring->front, &word, 4);
	ring->shared->rsp_prod = 1;
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_BROKEN);
	pvio_front_push(&ring->front);
	ring->shared->rsp_prod = 2;
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	ring->shared->rsp_prod = 3;
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_BROKEN);
}

/* Where requests stand that were taken and have no answer yet. */
static void g03_requests_over_unanswered_ones(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word;
	u32 i;

	ring->shared->req_prod = 5;
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	for (i = 0; i < 5; i++)
		pvio_back_take(&ring->back, &word, 4);
	ring->shared->req_prod = 4;
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_BROKEN);
	ring->shared->req_prod = 256;
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	ring->shared->req_prod = 257;
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_BROKEN);
	pvio_back_put(&ring->back, &word, 4);
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
}

/* Back behind what an earlier look has shown, none of it taken yet. */
static void g03_producer_goes_back(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 0;
	u32 i;

	for (i = 0; i < 3; i++)
		pvio_front_put(&ring->front, &word, 4);
	pvio_front_push(&ring->front);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	ring->shared->req_prod = 2;
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_BROKEN);
	ring->shared->rsp_prod = 3;
	KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	ring->shared->rsp_prod = 2;
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_BROKEN);
}

static void g03_refused_at_attach(struct kunit *test)
{
	static const u32 bases[] = { 0, 1, TEST_WRAP, 0x7fffffff };
	struct pvio_back_ring back;
	struct test_ring *ring;
	unsigned int i, k;

	for (i = 0; i < NR_TYPES; i++) {
		ring = test_ring_make(test, type_of(i));
		for (k = 0; k < ARRAY_SIZE(bases); k++) {
			ring->shared->rsp_prod = bases[k];
			ring->shared->req_prod = bases[k] + ring->back.r.nr;
			KUNIT_EXPECT_EQ(test, 0,
					pvio_back_attach(&back, type_of(i),
							 ring->shared, 4096));
			ring->shared->req_prod++;
			KUNIT_EXPECT_NE(test, 0,
					pvio_back_attach(&back, type_of(i),
							 ring->shared, 4096));
			ring->shared->req_prod = bases[k] - 1;
			KUNIT_EXPECT_NE(test, 0,
					pvio_back_attach(&back, type_of(i),
							 ring->shared, 4096));
		}
	}
}

static void g03_indices_wrap(struct kunit *test)
{
	struct test_ring *ring;
	unsigned int i, n;

	for (i = 0; i < NR_TYPES; i++) {
		ring = test_ring_make(test, type_of(i));
		test_ring_move(test, ring, TEST_WRAP);
		for (n = 0; n < 1024; n++)
			carry(test, ring, n);
		KUNIT_EXPECT_EQ(test, ring->shared->rsp_prod, TEST_WRAP + 1024);
	}
}

static void g04_work_stays_within_the_snapshot(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u32 word = 0;

	test_request(ring, &word, 4);
	test_request(ring, &word, 4);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	ring->shared->req_prod = 200;
	KUNIT_EXPECT_EQ(test, pvio_back_take(&ring->back, &word, 4), PVIO_OK);
	ring->shared->req_prod = 0x80000000;
	KUNIT_EXPECT_EQ(test, pvio_back_take(&ring->back, &word, 4), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_back_take(&ring->back, &word, 4),
			PVIO_EMPTY);
	KUNIT_EXPECT_EQ(test, ring->back.req_cons, 2);
}

/* One page granted for both rings: nonsense comes out, but nothing else. */
static void g05_one_page_as_both_rings(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	struct pvio_back_ring other;
	u32 word = 0;
	u32 i;

	KUNIT_ASSERT_EQ(test, pvio_back_attach(&other, &pvio_net_rx_ring,
					       ring->shared, TEST_PAGE), 0);
	for (i = 0; i < 1000; i++) {
		ring->shared->req_prod = i + 1;
		if (pvio_back_poll(&ring->back) == PVIO_OK)
			pvio_back_take(&ring->back, &word, 4);
		if (pvio_back_poll(&other) == PVIO_OK)
			pvio_back_take(&other, &word, 4);
		pvio_back_put(&ring->back, &word, 4);
		pvio_back_push(&ring->back);
		pvio_back_put(&other, &word, 4);
		pvio_back_push(&other);
	}
	KUNIT_EXPECT_EQ(test, ring->back.rsp_prod, 1000);
	KUNIT_EXPECT_EQ(test, other.rsp_prod, 1000);
}

static void l02_new_ring_is_zero(struct kunit *test)
{
	struct pvio_front_ring front;
	u32 *page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page, 0xa5, TEST_PAGE);
	pvio_front_init(&front, &pvio_net_tx_ring, page, TEST_PAGE);
	KUNIT_EXPECT_EQ(test, page[0], 0);
	KUNIT_EXPECT_EQ(test, page[1], 1);
	KUNIT_EXPECT_EQ(test, page[2], 0);
	KUNIT_EXPECT_EQ(test, page[3], 1);
	KUNIT_EXPECT_NULL(test, memchr_inv(page + 4, 0, TEST_PAGE - 16));
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(slots_that_fit),
	KUNIT_CASE(put_stops_at_full),
	KUNIT_CASE(answer_needs_a_request),
	KUNIT_CASE(published_is_what_was_pushed),
	KUNIT_CASE(attach_takes_unanswered_again),
	KUNIT_CASE(e06_arming_finds_late_work),
	KUNIT_CASE(events_wait_for_the_threshold),
	KUNIT_CASE(g02_backend_ignores_scribbles),
	KUNIT_CASE(g02_frontend_ignores_scribbles),
	KUNIT_CASE(g03_producer_out_of_range),
	KUNIT_CASE(g03_more_responses_than_requests),
	KUNIT_CASE(g03_requests_over_unanswered_ones),
	KUNIT_CASE(g03_producer_goes_back),
	KUNIT_CASE(g03_refused_at_attach),
	KUNIT_CASE(g03_indices_wrap),
	KUNIT_CASE(g04_work_stays_within_the_snapshot),
	KUNIT_CASE(g05_one_page_as_both_rings),
	KUNIT_CASE(l02_new_ring_is_zero),
	{}
};

static struct kunit_suite ring_suite = {
	.name = "pvio_ring",
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);

MODULE_DESCRIPTION("pvio: tests of the rings and codecs");
MODULE_LICENSE("GPL");
