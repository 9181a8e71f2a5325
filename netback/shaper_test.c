// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
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
		",", "1", "1,", ",1", "-1,1", "1,-1", "a,1", "1,a", "1,1,1",
		"1 ,1", "+1,1", "1,+1", "18446744073709551616,1",
		"1,4294967296", "0000000000000000000000001,1",
	};
	struct pvio_nb_shaper s;
	unsigned int i;

	pvio_nb_shaper_init(&s);
	KUNIT_EXPECT_EQ(test, -EINVAL, pvio_nb_shaper_parse(&s, "1", START));
	KUNIT_EXPECT_FALSE(test, pvio_nb_shaper_limits(&s));
	KUNIT_EXPECT_EQ(test, 0, pvio_nb_shaper_parse(&s, RATE, START));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    pvio_nb_shaper_parse(&s, bad[i], START),
				    "%s", bad[i]);
		KUNIT_EXPECT_EQ(test, s.usecs, 50000U);
		KUNIT_EXPECT_EQ(test, s.bytes, 500000ULL);
	}
	KUNIT_EXPECT_EQ(test, 0, pvio_nb_shaper_parse(&s, "", START));
	KUNIT_EXPECT_FALSE(test, pvio_nb_shaper_limits(&s));
}

/* What xl makes of 0Mb/s, of 8b/s, of 100GB/s@1s and of the largest number. */
static void b27_every_form_that_xl_writes(struct kunit *test)
{
	static const char *const none[] = { "0,50000", "0,1", "0,0" };
	static const char *const large[] = {
		"100000000000,1000000", "4294967296,50000",
		"18446744073709551615,1", "18446744073709551615,4294967295",
	};
	struct pvio_nb_shaper s;
	unsigned int i, n;

	pvio_nb_shaper_init(&s);
	for (i = 0; i < ARRAY_SIZE(none); i++) {
		KUNIT_EXPECT_EQ(test, 0, pvio_nb_shaper_parse(&s, none[i],
							      START));
		KUNIT_EXPECT_TRUE(test, pvio_nb_shaper_limits(&s));
		KUNIT_EXPECT_EQ(test, PVIO_NB_SHAPER_NEVER,
				pvio_nb_shaper_wait(&s, START + NSEC_PER_SEC));
	}
	for (i = 0; i < ARRAY_SIZE(large); i++) {
		KUNIT_EXPECT_EQ(test, 0, pvio_nb_shaper_parse(&s, large[i],
							      START));
		KUNIT_EXPECT_TRUE(test, pvio_nb_shaper_limits(&s));
		for (n = 0; n < 60000; n++) {
			KUNIT_ASSERT_EQ(test, 0U,
					pvio_nb_shaper_wait(&s, START));
			pvio_nb_shaper_charge(&s, 65535);
		}
		pvio_nb_shaper_wait(&s, START + 100 * NSEC_PER_SEC);
		KUNIT_EXPECT_GT(test, s.left, 0);
		KUNIT_EXPECT_LE(test, s.left, s.depth);
	}
	KUNIT_EXPECT_EQ(test, 0, pvio_nb_shaper_parse(&s, "1,0", START));
	KUNIT_EXPECT_FALSE(test, pvio_nb_shaper_limits(&s));
}

/* Sends as much as it may until @end; returns how much that was. */
static u64 send_until(struct kunit *test, struct pvio_nb_shaper *s, u64 end,
		      u32 size)
{
	u64 now = s->filled, sent = 0;
	u32 wait;

	while (now < end) {
		wait = pvio_nb_shaper_wait(s, now);
		if (!wait) {
			pvio_nb_shaper_charge(s, size);
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
	struct pvio_nb_shaper s;
	unsigned int i;
	u64 sent;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		pvio_nb_shaper_init(&s);
		pvio_nb_shaper_parse(&s, RATE, START);
		sent = send_until(test, &s, START + 2 * NSEC_PER_SEC,
				  sizes[i]);
		KUNIT_EXPECT_LE(test, sent, 20000000ULL + 500000 + 65535);
		KUNIT_EXPECT_GE(test, sent, 19800000ULL);
	}
}

#define TICK	(4 * NSEC_PER_MSEC)

/* When a timer for @usecs fires at 250 ticks a second, as tx.c sets it. */
static u64 wake(u64 now, u32 usecs)
{
	u64 ticks = DIV_ROUND_UP_ULL((u64)usecs * NSEC_PER_USEC, TICK) + 1;

	return (div_u64(now, TICK) + ticks) * TICK;
}

/* A sender that always has something, and a timer that is always late. */
static u64 send_by_timer(struct pvio_nb_shaper *s, u64 nsecs, u32 size)
{
	u64 now = START + 1, sent = 0;
	u32 wait;

	while (now < START + nsecs) {
		wait = pvio_nb_shaper_wait(s, now);
		if (wait) {
			now = wake(now, wait);
			continue;
		}
		pvio_nb_shaper_charge(s, size);
		sent += size;
	}
	return sent;
}

static void try_rate(struct kunit *test, u32 mbit, u32 usecs, u32 size)
{
	u64 want = 2 * (u64)mbit * 1000000 / 8, sent;
	struct pvio_nb_shaper s;
	char text[48];

	snprintf(text, sizeof(text), "%llu,%u", (u64)mbit * usecs / 8, usecs);
	pvio_nb_shaper_init(&s);
	KUNIT_ASSERT_EQ(test, 0, pvio_nb_shaper_parse(&s, text, START));
	sent = send_by_timer(&s, 2 * NSEC_PER_SEC, size);
	KUNIT_EXPECT_GE_MSG(test, sent, want - want / 20, "%s by %u", text,
			    size);
	KUNIT_EXPECT_LE_MSG(test, sent, want + want / 20, "%s by %u", text,
			    size);
}

static void b27_two_seconds_are_within_5_percent(struct kunit *test)
{
	static const u32 rates[] = { 1, 10, 50, 100, 1000 };
	static const u32 periods[] = { 1000, 20000, 50000, 1000000 };
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		for (k = 0; k < ARRAY_SIZE(periods); k++) {
			try_rate(test, rates[i], periods[k], 1500);
			try_rate(test, rates[i], periods[k], 65536);
		}
	}
}

/* A sender that waits for answers now and then gets what it left. */
static void b27_a_pause_loses_nothing(struct kunit *test)
{
	struct pvio_nb_shaper s;
	u64 sent = 0;
	int i;

	pvio_nb_shaper_init(&s);
	pvio_nb_shaper_parse(&s, "312500,50000", START);
	for (i = 0; i < 20; i++) {
		u64 now = START + i * 90 * NSEC_PER_MSEC;

		while (!pvio_nb_shaper_wait(&s, now)) {
			pvio_nb_shaper_charge(&s, 1500);
			sent += 1500;
		}
	}
	KUNIT_EXPECT_GE(test, sent, 19 * 90 * 6250ULL);
	KUNIT_EXPECT_LE(test, sent, 19 * 90 * 6250ULL + 312500 + 20 * 1500);
}

static void b27_the_same_text_changes_nothing(struct kunit *test)
{
	struct pvio_nb_shaper s;

	pvio_nb_shaper_init(&s);
	pvio_nb_shaper_parse(&s, RATE, START);
	pvio_nb_shaper_charge(&s, 700000);
	pvio_nb_shaper_parse(&s, RATE, START + 1);
	KUNIT_EXPECT_EQ(test, s.left, -200000);
	pvio_nb_shaper_parse(&s, "500000,40000", START + 1);
	KUNIT_EXPECT_EQ(test, s.left, 500000);
}

/* Far below what one packet weighs: it is slow, but it never stops. */
static void n16_debt_is_paid(struct kunit *test)
{
	struct pvio_nb_shaper s;
	unsigned int i;
	u64 now = START;

	pvio_nb_shaper_init(&s);
	pvio_nb_shaper_parse(&s, "100,1000", now);
	for (i = 0; i < 256; i++)
		pvio_nb_shaper_charge(&s, 0xffff);
	for (i = 0; i < 200000 && pvio_nb_shaper_wait(&s, now); i++)
		now += NSEC_PER_MSEC;
	KUNIT_EXPECT_EQ(test, 0U, pvio_nb_shaper_wait(&s, now));
	KUNIT_EXPECT_LE(test, s.left, 100);
	KUNIT_EXPECT_GE(test, now - START,
			(256 * 0xffffULL - 100) / 100 * NSEC_PER_MSEC);
	pvio_nb_shaper_charge(&s, 0xffff);
	now += (u64)pvio_nb_shaper_wait(&s, now) * NSEC_PER_USEC;
	KUNIT_EXPECT_EQ(test, 0U, pvio_nb_shaper_wait(&s, now));
}

static void n16_clock_jumps_give_nothing(struct kunit *test)
{
	struct pvio_nb_shaper s;

	pvio_nb_shaper_init(&s);
	pvio_nb_shaper_parse(&s, RATE, START);
	pvio_nb_shaper_charge(&s, 600000);
	KUNIT_EXPECT_NE(test, 0U,
			pvio_nb_shaper_wait(&s, START - NSEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, -100000, s.left);
	KUNIT_EXPECT_EQ(test, 0U, pvio_nb_shaper_wait(&s, U64_MAX / 2));
	KUNIT_EXPECT_EQ(test, 1000000, s.left);
}

static struct kunit_case shaper_cases[] = {
	KUNIT_CASE(n16_text_is_read_strictly),
	KUNIT_CASE(b27_every_form_that_xl_writes),
	KUNIT_CASE(n16_rate_is_kept),
	KUNIT_CASE(b27_two_seconds_are_within_5_percent),
	KUNIT_CASE(b27_a_pause_loses_nothing),
	KUNIT_CASE(b27_the_same_text_changes_nothing),
	KUNIT_CASE(n16_debt_is_paid),
	KUNIT_CASE(n16_clock_jumps_give_nothing),
	{}
};

static struct kunit_suite shaper_suite = {
	.name = "pvio_shaper",
	.test_cases = shaper_cases,
};

kunit_test_suite(shaper_suite);

MODULE_DESCRIPTION("Tests of the parts of pvio-netback");
MODULE_LICENSE("GPL");
