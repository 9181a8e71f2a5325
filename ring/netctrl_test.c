// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the control ring's codec: what a hostile frontend may ask
 * for, what is to be answered by the words of xen/interface/io/netif.h, and the
 * bytes on the wire.
 */
#include "ring_test.h"

#include "netctrl.h"

#define OK	XEN_NETIF_CTRL_STATUS_SUCCESS
#define NOT	XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED
#define INVALID	XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER
#define OVER	XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW

/**
 * struct sample - a request, and what is to come of it
 * @type: its type
 * @data: its words
 * @status: to be answered; for OK the caller goes on
 */
struct sample {
	u16 type;
	u32 data[3];
	u32 status;
};

static const struct sample samples[] = {
	{ 0, {}, NOT },
	{ XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, {}, OK },
	{ XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, { 1, 2, 3 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, { 0 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, { 0xf }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, { 0x10 }, INVALID },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS, { 0x80000001 }, INVALID },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 9, 0 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 9, 40 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 9, 40, 0xffffffff }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 9, 41 }, OVER },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 9, 0x10028 }, OVER },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 9, 0xffffffff }, OVER },
	{ XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE, {}, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, { 0 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, { 128 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, { 129 }, INVALID },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, { ~0U }, INVALID },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, 128, 0 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, 0, 128 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, 1, 127 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, 129, 0 }, OVER },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, 1, 128 }, OVER },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, 2, ~0U }, OVER },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 9, ~0U, 2 }, OVER },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM, { 0 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM, { 1 }, OK },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM, { 2 }, INVALID },
	{ XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM, { ~0U }, INVALID },
	{ PVIO_NETCTRL_GET_GREF_MAPPING_SIZE, {}, OK },
	{ PVIO_NETCTRL_GET_GREF_MAPPING_SIZE, { ~0U, 1, 2 }, OK },
	{ PVIO_NETCTRL_ADD_GREF_MAPPING, { 0, 9, 0 }, INVALID },
	{ PVIO_NETCTRL_ADD_GREF_MAPPING, { 0, 9, 1 }, OK },
	{ PVIO_NETCTRL_ADD_GREF_MAPPING, { ~0U, ~0U, 512 }, OK },
	{ PVIO_NETCTRL_ADD_GREF_MAPPING, { 0, 9, 513 }, INVALID },
	{ PVIO_NETCTRL_ADD_GREF_MAPPING, { 0, 9, 0x10001 }, INVALID },
	{ PVIO_NETCTRL_ADD_GREF_MAPPING, { 0, 9, ~0U }, INVALID },
	{ PVIO_NETCTRL_DEL_GREF_MAPPING, { 0, 9, 0 }, INVALID },
	{ PVIO_NETCTRL_DEL_GREF_MAPPING, { 0, 9, 1 }, OK },
	{ PVIO_NETCTRL_DEL_GREF_MAPPING, { 0, 9, 512 }, OK },
	{ PVIO_NETCTRL_DEL_GREF_MAPPING, { 0, 9, 513 }, INVALID },
	{ PVIO_NETCTRL_DEL_GREF_MAPPING, { 0, 9, 0x80000001 }, INVALID },
	{ 11, {}, NOT },
	{ 0xffff, {}, NOT },
};

static struct pvio_netctrl_request take(struct kunit *test,
					struct test_ring *ring,
					const struct sample *s, u16 id)
{
	const struct xen_netif_ctrl_request in = {
		.id = id, .type = s->type,
		.data = { s->data[0], s->data[1], s->data[2] },
	};
	struct pvio_netctrl_request req;
	enum pvio_verdict verdict;

	memset(&req, 0xa5, sizeof(req));
	test_request(ring, &in, sizeof(in));
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	verdict = pvio_netctrl_take(&ring->back, &req);
	KUNIT_EXPECT_EQ(test, verdict, s->status ? PVIO_BAD : PVIO_OK);
	KUNIT_EXPECT_EQ(test, req.status, s->status);
	KUNIT_EXPECT_EQ(test, req.id, id);
	KUNIT_EXPECT_EQ(test, req.type, s->type);
	return req;
}

/* More requests than the ring has slots, each answered at once. */
static void c01_every_type_and_its_borders(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_netctrl_ring);
	struct pvio_netctrl_request req;
	unsigned int turn, i;

	test_ring_move(test, ring, TEST_WRAP);
	for (turn = 0; turn < 8; turn++) {
		for (i = 0; i < ARRAY_SIZE(samples); i++) {
			req = take(test, ring, &samples[i], 1000 * turn + i);
			pvio_netctrl_answer(&ring->back, &req, req.status, 0);
			pvio_back_push(&ring->back);
		}
	}
	KUNIT_EXPECT_EQ(test, pvio_netctrl_take(&ring->back, &req), PVIO_EMPTY);
}

static void c01_fields_of_requests(struct kunit *test)
{
	static const struct sample key = {
		XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, { 77, 33, 5 }, OK
	};
	static const struct sample map = {
		XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, { 78, 60, 68 }, OK
	};
	static const struct sample size = {
		XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE, { 100 }, OK
	};
	static const struct sample grefs = {
		PVIO_NETCTRL_DEL_GREF_MAPPING, { 0x10003, 79, 300 }, OK
	};
	struct test_ring *ring = test_ring_make(test, &pvio_netctrl_ring);
	struct pvio_netctrl_request req;

	req = take(test, ring, &key, 1);
	KUNIT_EXPECT_EQ(test, req.gref, 77);
	KUNIT_EXPECT_EQ(test, req.nr, 33);
	KUNIT_EXPECT_EQ(test, req.offset, 0);
	req = take(test, ring, &map, 2);
	KUNIT_EXPECT_EQ(test, req.gref, 78);
	KUNIT_EXPECT_EQ(test, req.nr, 60);
	KUNIT_EXPECT_EQ(test, req.offset, 68);
	req = take(test, ring, &size, 3);
	KUNIT_EXPECT_EQ(test, req.value, 100);
	req = take(test, ring, &grefs, 4);
	KUNIT_EXPECT_EQ(test, req.value, 0x10003);
	KUNIT_EXPECT_EQ(test, req.gref, 79);
	KUNIT_EXPECT_EQ(test, req.nr, 300);
	KUNIT_EXPECT_EQ(test, req.offset, 0);
}

static void c01_more_requests_than_the_ring(struct kunit *test)
{
	static const u32 steps[] = test_bad_steps(128);
	struct test_ring *ring = test_ring_make(test, &pvio_netctrl_ring);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, ring->back.r.nr, 128);
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ring->shared->req_prod = steps[i];
		KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_BROKEN);
	}
}

static void answers_go_back(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_netctrl_ring);
	const struct xen_netif_ctrl_request out = {
		.id = 0x1234, .type = 4, .data = { 0x11, 0x22, 0x33 },
	};
	struct xen_netif_ctrl_response rsp;
	struct pvio_netctrl_request req;

	pvio_netctrl_put(&ring->front, &out);
	pvio_front_push(&ring->front);
	KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
	KUNIT_ASSERT_EQ(test, pvio_netctrl_take(&ring->back, &req), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_EMPTY);
	pvio_netctrl_answer(&ring->back, &req, OK, 128);
	KUNIT_EXPECT_TRUE(test, pvio_back_push(&ring->back));
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_netctrl_take_answer(&ring->front, &rsp),
			PVIO_OK);
	KUNIT_EXPECT_EQ(test, rsp.id, 0x1234);
	KUNIT_EXPECT_EQ(test, rsp.type, 4);
	KUNIT_EXPECT_EQ(test, rsp.status, OK);
	KUNIT_EXPECT_EQ(test, rsp.data, 128);
	KUNIT_EXPECT_EQ(test, pvio_netctrl_take_answer(&ring->front, &rsp),
			PVIO_EMPTY);
}

static void wire_bytes_of_control(struct kunit *test)
{
	static const u8 request[16] = {
		0x34, 0x12, 6, 0, 9, 0, 0, 0, 0x80, 0, 0, 0, 1, 0, 0, 0,
	};
	static const u8 response[12] = {
		0x34, 0x12, 6, 0, 3, 0, 0, 0, 0x78, 0x56, 0, 0,
	};
	struct test_ring *ring = test_ring_make(test, &pvio_netctrl_ring);
	const struct xen_netif_ctrl_request out = {
		.id = 0x1234, .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING,
		.data = { 9, 128, 1 },
	};
	struct pvio_netctrl_request req;

	pvio_netctrl_put(&ring->front, &out);
	pvio_front_push(&ring->front);
	KUNIT_EXPECT_EQ(test, memcmp(ring->shared->slots, request,
				     sizeof(request)), 0);
	pvio_back_poll(&ring->back);
	pvio_netctrl_take(&ring->back, &req);
	pvio_netctrl_answer(&ring->back, &req, req.status, 0x5678);
	KUNIT_EXPECT_EQ(test, memcmp(ring->shared->slots, response,
				     sizeof(response)), 0);
}

static struct kunit_case netctrl_cases[] = {
	KUNIT_CASE(c01_every_type_and_its_borders),
	KUNIT_CASE(c01_fields_of_requests),
	KUNIT_CASE(c01_more_requests_than_the_ring),
	KUNIT_CASE(answers_go_back),
	KUNIT_CASE(wire_bytes_of_control),
	{}
};

static struct kunit_suite netctrl_suite = {
	.name = "pvio_netctrl",
	.test_cases = netctrl_cases,
};

kunit_test_suite(netctrl_suite);
