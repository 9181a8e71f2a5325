// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the rate limit, with a clock of their own.  The unit is compiled
 * in, so that its insides can be looked at.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "shaper.c"

#define START	1000000000000ULL
#define RATE	"500000,50000"	/* 10 MB/s in steps of 50 ms */

static void n16_text_is_read_strictly(struct kunit *test)
{
	static const char *const bad[] = {
		",", "1", "1,", ",1", "0,1", "-1,1", "1,-1", "a,1", "1,a",
		"1,1,1", "1 ,1", "4294967296,1", "1,4294967296",
		"00000000000000000001,1",
	};
	struct pvio_shaper s;
	unsigned int i;

	pvio_shaper_init(&s);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, 0, pvio_shaper_parse(&s, RATE, START));
		KUNIT_EXPECT_TRUE(test, pvio_shaper_limits(&s));
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    pvio_shaper_parse(&s, bad[i], START),
				    "%s", bad[i]);
		KUNIT_EXPECT_FALSE(test, pvio_shaper_limits(&s));
	}
	KUNIT_EXPECT_EQ(test, 0, pvio_shaper_parse(&s, "", START));
	KUNIT_EXPECT_FALSE(test, pvio_shaper_limits(&s));
}

/* Sends as much as it may until @end; returns how much that was. */
static u64 send_until(struct kunit *test, struct pvio_shaper *s, u64 end,
		      u32 size)
{
	u64 now = s->filled, sent = 0;
	u32 wait;

	while (now < end) {
		wait = pvio_shaper_wait(s, now);
		if (!wait) {
			pvio_shaper_charge(s, size);
			sent += size;
			continue;
		}
		KUNIT_ASSERT_LE(test, wait, 50001U);
		now += wait * NSEC_PER_USEC;
	}
	return sent;
}

static void n16_rate_is_kept(struct kunit *test)
{
	static const u32 sizes[] = { 60, 1514, 65535 };
	struct pvio_shaper s;
	unsigned int i;
	u64 sent;

	pvio_shaper_init(&s);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		pvio_shaper_parse(&s, RATE, START);
		sent = send_until(test, &s, START + 2 * NSEC_PER_SEC,
				  sizes[i]);
		KUNIT_EXPECT_LE(test, sent, 20000000ULL + 500000 + 65535);
		KUNIT_EXPECT_GE(test, sent, 19800000ULL);
	}
}

/* Far below what one packet weighs: it is slow, but it never stops. */
static void n16_debt_is_paid(struct kunit *test)
{
	struct pvio_shaper s;
	unsigned int i;
	u64 now = START;

	pvio_shaper_init(&s);
	pvio_shaper_parse(&s, "100,1000", now);
	for (i = 0; i < 256; i++)
		pvio_shaper_charge(&s, 0xffff);
	for (i = 0; i < 200000 && pvio_shaper_wait(&s, now); i++)
		now += NSEC_PER_MSEC;
	KUNIT_EXPECT_EQ(test, 0U, pvio_shaper_wait(&s, now));
	KUNIT_EXPECT_LE(test, s.left, 100);
	KUNIT_EXPECT_GE(test, now - START,
			(256 * 0xffffULL - BURST_MIN) / 100 * NSEC_PER_MSEC);
}

static void n16_clock_jumps_give_nothing(struct kunit *test)
{
	struct pvio_shaper s;

	pvio_shaper_init(&s);
	pvio_shaper_parse(&s, RATE, START);
	pvio_shaper_charge(&s, 600000);
	KUNIT_EXPECT_NE(test, 0U, pvio_shaper_wait(&s, START - NSEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, -100000, s.left);
	KUNIT_EXPECT_EQ(test, 0U, pvio_shaper_wait(&s, U64_MAX / 2));
	KUNIT_EXPECT_EQ(test, 500000, s.left);
}

static struct kunit_case shaper_cases[] = {
	KUNIT_CASE(n16_text_is_read_strictly),
	KUNIT_CASE(n16_rate_is_kept),
	KUNIT_CASE(n16_debt_is_paid),
	KUNIT_CASE(n16_clock_jumps_give_nothing),
	{}
};

static struct kunit_suite shaper_suite = {
	.name = "pvio_shaper",
	.test_cases = shaper_cases,
};

kunit_test_suite(shaper_suite);

MODULE_LICENSE("GPL");
