// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Our ring against the macros of xen/interface/io/ring.h, which every other
 * driver is made of.  The same random run is made with each of the two
 * implementations at each of the two ends; after every step the shared memory
 * and the wish to notify must be the same in all four.
 */
#include "ring_test.h"

#include <xen/interface/io/ring.h>

struct toy_request {
	u32 number;
	u32 check;
	u32 more;
};

struct toy_response {
	u32 number;
	u32 check;
};

DEFINE_RING_TYPES(toy, struct toy_request, struct toy_response);

static const struct pvio_ring_type toy_type = {
	.req_size = sizeof(struct toy_request),
	.rsp_size = sizeof(struct toy_response),
	.slot_size = sizeof(union toy_sring_entry),
};

#define NR_PAIRS	4
#define NR_STEPS	20000

/**
 * struct pair - one ring and who works its ends
 * @ours_front: the frontend is ours, else of macros
 * @ours_back: the backend is ours, else of macros
 * @page: what they share
 * @ring: ours
 * @front: frontend of macros
 * @back: backend of macros
 * @sent: number of the next request
 * @answered: number of the next response expected
 */
struct pair {
	bool ours_front;
	bool ours_back;
	struct toy_sring *page;
	struct test_ring ring;
	struct toy_front_ring front;
	struct toy_back_ring back;
	u32 sent;
	u32 answered;
};

static struct pair *make_pair(struct kunit *test, unsigned int which)
{
	struct pair *pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pair);
	pair->ours_front = which & 1;
	pair->ours_back = which & 2;
	pair->page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pair->page);
	if (pair->ours_front)
		pvio_front_init(&pair->ring.front, &toy_type, pair->page,
				TEST_PAGE);
	else
		SHARED_RING_INIT(pair->page);
	FRONT_RING_INIT(&pair->front, pair->page, TEST_PAGE);
	BACK_RING_INIT(&pair->back, pair->page, TEST_PAGE);
	KUNIT_ASSERT_EQ(test, pvio_back_attach(&pair->ring.back, &toy_type,
					       pair->page, TEST_PAGE), 0);
	return pair;
}

static u32 room(const struct pair *pair)
{
	return pair->ours_front ? pvio_front_free(&pair->ring.front) :
				  RING_FREE_REQUESTS(&pair->front);
}

static void put_request(struct pair *pair, const struct toy_request *req)
{
	if (pair->ours_front)
		pvio_front_put(&pair->ring.front, req, sizeof(*req));
	else
		*RING_GET_REQUEST(&pair->front, pair->front.req_prod_pvt++) =
			*req;
}

static bool push_requests(struct pair *pair)
{
	bool notify;

	if (pair->ours_front)
		return pvio_front_push(&pair->ring.front);
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&pair->front, notify);
	return notify;
}

static bool send(struct pair *pair, u32 n)
{
	u32 i;

	for (i = 0; i < n && room(pair); i++) {
		struct toy_request req = {
			.number = pair->sent,
			.check = ~pair->sent,
			.more = pair->sent * 3,
		};

		put_request(pair, &req);
		pair->sent++;
	}
	return i && push_requests(pair);
}

static bool take_request(struct pair *pair, struct toy_request *req)
{
	if (pair->ours_back)
		return pvio_back_poll(&pair->ring.back) == PVIO_OK &&
		       pvio_back_take(&pair->ring.back, req, sizeof(*req)) ==
		       PVIO_OK;
	if (!RING_HAS_UNCONSUMED_REQUESTS(&pair->back))
		return false;
	RING_COPY_REQUEST(&pair->back, pair->back.req_cons, req);
	pair->back.req_cons++;
	return true;
}

static void put_response(struct pair *pair, const struct toy_response *rsp)
{
	if (pair->ours_back)
		pvio_back_put(&pair->ring.back, rsp, sizeof(*rsp));
	else
		*RING_GET_RESPONSE(&pair->back, pair->back.rsp_prod_pvt++) =
			*rsp;
}

static bool push_responses(struct pair *pair)
{
	bool notify;

	if (pair->ours_back)
		return pvio_back_push(&pair->ring.back);
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&pair->back, notify);
	return notify;
}

static void arm_back(struct kunit *test, struct pair *pair)
{
	bool more;

	if (pair->ours_back)
		more = pvio_back_arm(&pair->ring.back, 1) != PVIO_EMPTY;
	else
		RING_FINAL_CHECK_FOR_REQUESTS(&pair->back, more);
	KUNIT_ASSERT_FALSE(test, more);
}

static bool serve(struct kunit *test, struct pair *pair, u32 n)
{
	struct toy_request req;
	u32 i;

	for (i = 0; i < n && take_request(pair, &req); i++) {
		struct toy_response rsp = {
			.number = req.number,
			.check = req.number ^ 0x5a5a5a5a,
		};

		KUNIT_ASSERT_EQ(test, req.check, ~req.number);
		KUNIT_ASSERT_EQ(test, req.more, req.number * 3);
		put_response(pair, &rsp);
	}
	if (i < n)
		arm_back(test, pair);
	return i && push_responses(pair);
}

static bool take_response(struct pair *pair, struct toy_response *rsp)
{
	if (pair->ours_front)
		return pvio_front_poll(&pair->ring.front) == PVIO_OK &&
		       pvio_front_take(&pair->ring.front, rsp, sizeof(*rsp)) ==
		       PVIO_OK;
	if (!RING_HAS_UNCONSUMED_RESPONSES(&pair->front))
		return false;
	RING_COPY_RESPONSE(&pair->front, pair->front.rsp_cons, rsp);
	pair->front.rsp_cons++;
	return true;
}

static void arm_front(struct kunit *test, struct pair *pair)
{
	bool more;

	if (pair->ours_front)
		more = pvio_front_arm(&pair->ring.front, 1) != PVIO_EMPTY;
	else
		RING_FINAL_CHECK_FOR_RESPONSES(&pair->front, more);
	KUNIT_ASSERT_FALSE(test, more);
}

static bool collect(struct kunit *test, struct pair *pair, u32 n)
{
	struct toy_response rsp;
	u32 i;

	for (i = 0; i < n && take_response(pair, &rsp); i++) {
		KUNIT_ASSERT_EQ(test, rsp.number, pair->answered);
		KUNIT_ASSERT_EQ(test, rsp.check, rsp.number ^ 0x5a5a5a5a);
		pair->answered++;
	}
	if (i < n)
		arm_front(test, pair);
	return i;
}

static bool step(struct kunit *test, struct pair *pair, u32 what, u32 n)
{
	switch (what) {
	case 0:
		return send(pair, n);
	case 1:
		return serve(test, pair, n);
	default:
		return collect(test, pair, n);
	}
}

static void step_all(struct kunit *test, struct pair **pairs, u64 *seed)
{
	u32 what = test_random(seed) % 3;
	u32 n = test_random(seed) % 400;
	bool said, expected;
	unsigned int i;

	expected = step(test, pairs[0], what, n);
	for (i = 1; i < NR_PAIRS; i++) {
		said = step(test, pairs[i], what, n);
		KUNIT_ASSERT_EQ(test, said, expected);
		KUNIT_ASSERT_EQ(test, 0, memcmp(pairs[i]->page, pairs[0]->page,
						TEST_PAGE));
	}
}

static void same_memory_and_events(struct kunit *test)
{
	struct pair *pairs[NR_PAIRS];
	u64 seed = 20240229;
	unsigned int i;

	for (i = 0; i < NR_PAIRS; i++)
		pairs[i] = make_pair(test, i);
	for (i = 0; i < NR_STEPS; i++)
		step_all(test, pairs, &seed);
	KUNIT_EXPECT_GT(test, pairs[0]->answered, NR_STEPS);
	KUNIT_EXPECT_EQ(test, pairs[0]->answered, pairs[3]->answered);
}

static void same_number_of_slots(struct kunit *test)
{
	struct toy_sring *page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	size_t size;

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (size = TEST_PAGE; size <= 16 * TEST_PAGE; size += TEST_PAGE)
		KUNIT_EXPECT_EQ(test, pvio_ring_slots(&toy_type, size),
				__RING_SIZE(page, size));
}

static struct kunit_case ring_macros_cases[] = {
	KUNIT_CASE(same_number_of_slots),
	KUNIT_CASE(same_memory_and_events),
	{}
};

static struct kunit_suite ring_macros_suite = {
	.name = "pvio_ring_macros",
	.test_cases = ring_macros_cases,
};

kunit_test_suite(ring_macros_suite);
