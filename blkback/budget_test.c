// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The budget by itself: nobody gets more than he should, and nobody less.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "budget.h"

#define HOSTILE		8
#define DISKS		4
#define ALL		(HOSTILE * DISKS)
#define NO_BOUND	65536u
/* What each disk must have besides its data. */
#define MUST		200u
#define LEAST		(PVIO_BB_LEAST + MUST)

/**
 * struct bench - what each test has in test->priv
 * @shares: disks, DISKS of each guest
 * @honest: the disk of another guest
 */
struct bench {
	struct pvio_bb_share shares[ALL];
	struct pvio_bb_share honest;
};

static int budget_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	for (i = 0; i < ALL; i++)
		KUNIT_ASSERT_EQ(test, pvio_bb_budget_open(&b->shares[i],
							  1 + i / DISKS, MUST,
							  NO_BOUND, NO_BOUND),
				0);
	return pvio_bb_budget_open(&b->honest, 100, MUST, NO_BOUND, 1056);
}

static void give_all(struct pvio_bb_share *s)
{
	if (!s->guest)
		return;
	pvio_bb_budget_give_maps(s, s->maps);
	pvio_bb_budget_give(s, s->data);
	pvio_bb_budget_give_other(s, s->must, true);
	pvio_bb_budget_give_other(s, s->other, false);
	pvio_bb_budget_close(s);
}

static void budget_exit(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ALL; i++)
		give_all(&b->shares[i]);
	give_all(&b->honest);
	KUNIT_EXPECT_EQ(test, pvio_bb_budget_used(), 0);
}

static void part_with_most(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < ALL; i++)
		if (i % DISKS)
			give_all(&b->shares[i]);
}

/* Takes what it gets; returns how much that is. */
static unsigned int take_all(struct pvio_bb_share *s)
{
	while (pvio_bb_budget_take(s, PVIO_BB_CHUNK))
		;
	return s->data;
}

/* What is left when each disk's least is set aside. */
static unsigned long all_extra(void)
{
	unsigned long limit = pvio_bb_budget_limit();

	return limit - min(limit - limit / 8, (ALL + 1ul) * LEAST);
}

/* The most that can be reserved. */
static unsigned long bound(void)
{
	return (ALL + 1) * LEAST + all_extra();
}

/* What is set aside for the others is theirs while they have a disk. */
static void part_with_others(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < ALL; i++)
		give_all(&b->shares[i]);
}

static void one_guest_gets_half(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned long half;

	part_with_others(b);
	half = (pvio_bb_budget_limit() - LEAST) / 2 + PVIO_BB_LEAST;
	KUNIT_EXPECT_LE(test, take_all(&b->honest), half + PVIO_BB_CHUNK);
	KUNIT_EXPECT_GE(test, b->honest.data, half - PVIO_BB_CHUNK);
}

/* Half of what is common, and its part. */
static void one_at_work_gets_a_quarter(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_GE(test, take_all(&b->honest), PVIO_BB_LEAST +
			round_down(all_extra() / 4, PVIO_BB_CHUNK));
}

static void disk_gets_what_it_may(struct kunit *test)
{
	struct bench *b = test->priv;

	part_with_most(b);
	b->honest.max_data = 1000;
	KUNIT_EXPECT_EQ(test, take_all(&b->honest), 960);
	KUNIT_EXPECT_TRUE(test, pvio_bb_budget_take(&b->honest, 40));
	KUNIT_EXPECT_FALSE(test, pvio_bb_budget_take(&b->honest, 1));
}

static void take_everything(struct pvio_bb_share *s)
{
	take_all(s);
	while (pvio_bb_budget_take_other(s, 8, false))
		;
	while (pvio_bb_budget_take_maps(s))
		;
}

/* Last of all what nobody can refuse. */
static void take_for_hostile(struct bench *b, unsigned int rounds)
{
	unsigned int i;

	while (rounds--)
		for (i = 0; i < ALL; i++)
			if (b->shares[i].guest)
				take_everything(&b->shares[i]);
	for (i = 0; i < ALL; i++)
		if (b->shares[i].guest)
			pvio_bb_budget_take_other(&b->shares[i], MUST, true);
}

/* The budget is enough for the least of so few disks, and is kept to. */
static void budget_is_never_exceeded(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned long limit = pvio_bb_budget_limit();

	part_with_most(b);
	KUNIT_ASSERT_LT(test, (HOSTILE + 1) * LEAST, limit - limit / 8);
	take_for_hostile(b, 100);
	take_everything(&b->honest);
	pvio_bb_budget_take_other(&b->honest, MUST, true);
	KUNIT_EXPECT_LE(test, pvio_bb_budget_used(), limit);
}

/*
 * That is the budget, unless so many disks' least is more, as it may be where
 * the tests run.
 */
static void hostile_guests_stay_within(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	take_for_hostile(b, 3);
	KUNIT_EXPECT_LE(test, pvio_bb_budget_used(), bound());
	for (i = 0; i < ALL; i++)
		KUNIT_EXPECT_GE(test, b->shares[i].data, PVIO_BB_LEAST);
}

/* He comes last, and finds something free, and more as they go on. */
static void late_guest_gets_its_part(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i, round;

	take_for_hostile(b, 3);
	KUNIT_EXPECT_GE(test, take_all(&b->honest), PVIO_BB_LEAST);
	for (round = 0; round < 200; round++) {
		for (i = 0; i < ALL; i++) {
			if (b->shares[i].data < PVIO_BB_CHUNK)
				continue;
			pvio_bb_budget_give(&b->shares[i], PVIO_BB_CHUNK);
			take_all(&b->shares[i]);
		}
		take_all(&b->honest);
	}
	/* In whole chunks, as it is taken. */
	KUNIT_EXPECT_GE(test, b->honest.data, PVIO_BB_LEAST +
			round_down(all_extra() / (HOSTILE + 2) * 8 / 10,
				   PVIO_BB_CHUNK));
	KUNIT_EXPECT_LE(test, pvio_bb_budget_used(), bound());
}

/* One after the other took all it got, and nobody gives anything back. */
static void last_guest_finds_its_part(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i, round;

	for (i = 0; i < ALL; i += DISKS)
		for (round = 0; round < 100; round++)
			take_everything(&b->shares[i]);
	KUNIT_EXPECT_GE(test, take_all(&b->honest), PVIO_BB_LEAST +
			round_down(all_extra() / 2 / (HOSTILE + 2),
				   PVIO_BB_CHUNK));
	KUNIT_EXPECT_LE(test, pvio_bb_budget_used(), bound());
}

/* So does one that had no disk when they took it. */
static void new_guest_finds_its_part(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	pvio_bb_budget_close(&b->honest);
	for (i = 0; i < ALL; i += DISKS)
		take_everything(&b->shares[i]);
	KUNIT_ASSERT_EQ(test, pvio_bb_budget_open(&b->honest, 100, MUST,
						  NO_BOUND, NO_BOUND), 0);
	KUNIT_EXPECT_GE(test, take_all(&b->honest), PVIO_BB_LEAST +
			round_down(all_extra() / 2 / (HOSTILE + 2),
				   PVIO_BB_CHUNK));
}

/* The budget is gone, and every disk still makes progress. */
static void least_is_always_there(struct kunit *test)
{
	struct bench *b = test->priv;

	unsigned long limit = pvio_bb_budget_limit();

	KUNIT_EXPECT_TRUE(test, pvio_bb_budget_take_other(&b->shares[0], limit,
							  true));
	KUNIT_EXPECT_EQ(test, take_all(&b->honest), PVIO_BB_LEAST);
	KUNIT_EXPECT_TRUE(test, pvio_bb_budget_take_other(&b->honest, MUST,
							  true));
	KUNIT_EXPECT_FALSE(test, pvio_bb_budget_take_other(&b->honest, 8,
							   false));
	KUNIT_EXPECT_EQ(test, pvio_bb_budget_take_maps(&b->honest), 0);
}

static void maps_are_bounded(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int nr, sum = 0;

	while ((nr = pvio_bb_budget_take_maps(&b->honest)))
		sum += nr;
	KUNIT_EXPECT_EQ(test, sum, 1056);
	KUNIT_EXPECT_EQ(test, b->honest.other, 1056 / PVIO_BB_MAPS_PER_PAGE);
	pvio_bb_budget_give_maps(&b->honest, 1050);
	KUNIT_EXPECT_EQ(test, b->honest.other, 1);
	pvio_bb_budget_give_maps(&b->honest, 6);
	KUNIT_EXPECT_EQ(test, b->honest.other, 0);
}

static struct kunit_case budget_cases[] = {
	KUNIT_CASE(one_guest_gets_half),
	KUNIT_CASE(one_at_work_gets_a_quarter),
	KUNIT_CASE(disk_gets_what_it_may),
	KUNIT_CASE(budget_is_never_exceeded),
	KUNIT_CASE(hostile_guests_stay_within),
	KUNIT_CASE(late_guest_gets_its_part),
	KUNIT_CASE(last_guest_finds_its_part),
	KUNIT_CASE(new_guest_finds_its_part),
	KUNIT_CASE(least_is_always_there),
	KUNIT_CASE(maps_are_bounded),
	{}
};

static struct kunit_suite budget_suite = {
	.name = "pvio_budget",
	.init = budget_init,
	.exit = budget_exit,
	.test_cases = budget_cases,
};

kunit_test_suite(budget_suite);

MODULE_DESCRIPTION("Tests of the budget of the pvio block backend");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
