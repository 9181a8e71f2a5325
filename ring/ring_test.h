/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the tests of this directory share: a ring with both its ends, and the
 * hand of a peer that keeps to no rule.
 */
#ifndef PVIO_RING_RING_TEST_H
#define PVIO_RING_RING_TEST_H

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ring.h"

#define TEST_PAGE	4096
/* Just before free-running indices wrap. */
#define TEST_WRAP	0xffffff80u

/* Slots of a random run: as many as there is time for. */
#ifdef PVIO_USER_TEST
#include <stdlib.h>

#define TEST_SLOTS	10000000

static inline u64 test_seed(void)
{
	const char *seed = getenv("PVIO_SEED");

	return seed ? strtoull(seed, NULL, 0) : 1;
}
#else
#define TEST_SLOTS	20000

static inline u64 test_seed(void)
{
	return 1;
}
#endif

/* Producer indices that must not be believed: the consumer plus these. */
#define test_bad_steps(nr) { (nr) + 1, 0xffffffffu, 0x80000000u, 0xffffff00u }

/**
 * struct test_ring - shared memory and both ends of it
 * @shared: the memory
 * @front: frontend's end
 * @back: backend's end
 */
struct test_ring {
	struct pvio_ring_shared *shared;
	struct pvio_front_ring front;
	struct pvio_back_ring back;
};

/* Move both ends, and what is shared, to a free-running index. */
static inline void test_ring_move(struct kunit *test, struct test_ring *ring,
				  u32 index)
{
	ring->shared->req_prod = index;
	ring->shared->rsp_prod = index;
	ring->shared->req_event = index + 1;
	ring->shared->rsp_event = index + 1;
	ring->front.req_prod = index;
	ring->front.req_pushed = index;
	ring->front.rsp_cons = index;
	ring->front.rsp_seen = index;
	KUNIT_ASSERT_EQ(test, pvio_back_attach(&ring->back, &ring->back.r.type,
					       ring->shared, TEST_PAGE), 0);
}

static inline struct test_ring *test_ring_make(struct kunit *test,
					       const struct pvio_ring_type *type)
{
	struct test_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ring);
	ring->shared = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring->shared);
	pvio_front_init(&ring->front, type, ring->shared, TEST_PAGE);
	KUNIT_ASSERT_EQ(test, pvio_back_attach(&ring->back, type, ring->shared,
					       TEST_PAGE), 0);
	return ring;
}

/* A hostile frontend: any bytes as the next request, at once published. */
static inline void test_request(struct test_ring *ring, const void *bytes,
				size_t size)
{
	u32 prod = ring->shared->req_prod;

	memcpy(pvio_ring_slot(&ring->back.r, prod), bytes, size);
	ring->shared->req_prod = prod + 1;
}

/* A hostile backend: any bytes as the next response, at once published. */
static inline void test_response(struct test_ring *ring, const void *bytes,
				 size_t size)
{
	u32 prod = ring->shared->rsp_prod;

	memcpy(pvio_ring_slot(&ring->front.r, prod), bytes, size);
	ring->shared->rsp_prod = prod + 1;
}

/* A plain generator: the same seed, the same run, wherever it runs. */
static inline u32 test_random(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

/* One of @values as a rule, any number now and then. */
static inline u32 test_pick(u64 *state, const u32 *values, u32 nr)
{
	u32 random = test_random(state);

	return random % 8 ? values[(random >> 3) % nr] : test_random(state);
}

#endif /* PVIO_RING_RING_TEST_H */
