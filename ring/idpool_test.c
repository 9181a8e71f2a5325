// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the id pool.
 */
#include "ring_test.h"

#include "idpool.h"

static struct pvio_idpool *make_pool(struct kunit *test, u16 nr)
{
	struct pvio_idpool *pool;
	u16 *mem;

	pool = kunit_kzalloc(test, sizeof(*pool), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	mem = kunit_kzalloc(test, nr * sizeof(*mem), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mem);
	pvio_idpool_init(pool, mem, nr);
	KUNIT_ASSERT_EQ(test, pool->free, nr);
	return pool;
}

static void hands_out_each_id_once(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 256);
	u8 *seen = kunit_kzalloc(test, 256, GFP_KERNEL);
	int i, id;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	for (i = 0; i < 256; i++) {
		id = pvio_idpool_get(pool);
		KUNIT_ASSERT_GE(test, id, 0);
		KUNIT_ASSERT_LT(test, id, 256);
		KUNIT_ASSERT_EQ(test, seen[id], 0);
		seen[id] = 1;
	}
	KUNIT_EXPECT_EQ(test, pool->free, 0);
	KUNIT_EXPECT_EQ(test, pvio_idpool_get(pool), -1);
	KUNIT_EXPECT_EQ(test, pvio_idpool_get(pool), -1);
}

static void pool_of_one(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 1);

	KUNIT_EXPECT_EQ(test, pvio_idpool_get(pool), 0);
	KUNIT_EXPECT_EQ(test, pvio_idpool_get(pool), -1);
	KUNIT_EXPECT_TRUE(test, pvio_idpool_put(pool, 0));
	KUNIT_EXPECT_EQ(test, pvio_idpool_get(pool), 0);
}

static void pool_of_the_greatest_size(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, PVIO_ID_MAX);
	u32 i;

	for (i = 0; i < PVIO_ID_MAX; i++)
		KUNIT_ASSERT_EQ(test, pvio_idpool_get(pool), i);
	KUNIT_EXPECT_EQ(test, pvio_idpool_get(pool), -1);
	for (i = 0; i < PVIO_ID_MAX; i++)
		KUNIT_ASSERT_TRUE(test, pvio_idpool_put(pool, i));
	KUNIT_EXPECT_EQ(test, pool->free, PVIO_ID_MAX);
}

static void refuse(struct kunit *test, struct pvio_idpool *pool, u64 id)
{
	struct pvio_idpool before = *pool;

	KUNIT_EXPECT_FALSE(test, pvio_idpool_busy(pool, id));
	KUNIT_EXPECT_FALSE(test, pvio_idpool_put(pool, id));
	KUNIT_EXPECT_EQ(test, pool->free, before.free);
	KUNIT_EXPECT_EQ(test, pool->head, before.head);
}

static void b21_id_out_of_range(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 32);
	int i;

	for (i = 0; i < 32; i++)
		pvio_idpool_get(pool);
	refuse(test, pool, 32);
	refuse(test, pool, 1ULL << 16);
	refuse(test, pool, 1ULL << 31);
	refuse(test, pool, 0xffffffff);
	refuse(test, pool, 1ULL << 32);
	refuse(test, pool, ~0ULL);
	refuse(test, pool, PVIO_ID_BUSY);
	refuse(test, pool, PVIO_ID_END);
}

static void b22_id_that_is_idle(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 32);
	int id = pvio_idpool_get(pool);

	refuse(test, pool, id + 1);
	KUNIT_EXPECT_TRUE(test, pvio_idpool_busy(pool, id));
	KUNIT_EXPECT_TRUE(test, pvio_idpool_put(pool, id));
	refuse(test, pool, id);
}

/* The last free one holds no next, yet it is free all the same. */
static void b22_last_of_the_free_list(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 4);

	refuse(test, pool, 3);
	pvio_idpool_get(pool);
	pvio_idpool_get(pool);
	pvio_idpool_get(pool);
	refuse(test, pool, 3);
}

static void n41_id_0x0100_and_0xffff(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 256);
	int i;

	for (i = 0; i < 256; i++)
		pvio_idpool_get(pool);
	refuse(test, pool, 0x0100);
	refuse(test, pool, 0xffff);
	KUNIT_EXPECT_TRUE(test, pvio_idpool_put(pool, 255));
	refuse(test, pool, 255);
}

static void random_step(struct kunit *test, struct pvio_idpool *pool, u8 *busy,
			u64 *seed)
{
	u32 id = test_random(seed) % 80;
	int got;

	if (test_random(seed) & 1) {
		KUNIT_ASSERT_EQ(test, pvio_idpool_put(pool, id),
				id < 64 && busy[id]);
		if (id < 64)
			busy[id] = 0;
		return;
	}
	got = pvio_idpool_get(pool);
	if (got < 0)
		return;
	KUNIT_ASSERT_LT(test, got, 64);
	KUNIT_ASSERT_EQ(test, busy[got], 0);
	busy[got] = 1;
}

static void random_use_against_a_model(struct kunit *test)
{
	struct pvio_idpool *pool = make_pool(test, 64);
	u8 *busy = kunit_kzalloc(test, 64, GFP_KERNEL);
	u64 seed = 17;
	u32 free = 0;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, busy);
	for (i = 0; i < 100000; i++)
		random_step(test, pool, busy, &seed);
	for (i = 0; i < 64; i++)
		free += !busy[i];
	KUNIT_EXPECT_EQ(test, pool->free, free);
}

static struct kunit_case idpool_cases[] = {
	KUNIT_CASE(hands_out_each_id_once),
	KUNIT_CASE(pool_of_one),
	KUNIT_CASE(pool_of_the_greatest_size),
	KUNIT_CASE(b21_id_out_of_range),
	KUNIT_CASE(b22_id_that_is_idle),
	KUNIT_CASE(b22_last_of_the_free_list),
	KUNIT_CASE(n41_id_0x0100_and_0xffff),
	KUNIT_CASE(random_use_against_a_model),
	{}
};

static struct kunit_suite idpool_suite = {
	.name = "pvio_idpool",
	.test_cases = idpool_cases,
};

kunit_test_suite(idpool_suite);
