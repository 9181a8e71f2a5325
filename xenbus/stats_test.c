// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Histograms and how counters are printed.
 */
#include <kunit/test.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "stats.h"

static void every_time_has_its_bucket(struct kunit *test)
{
	unsigned int i;
	u64 floor;

	KUNIT_EXPECT_EQ(test, pvio_histogram_floor(0), 0);
	KUNIT_EXPECT_EQ(test, pvio_histogram_floor(1), 1024);
	KUNIT_EXPECT_EQ(test, pvio_histogram_index(0), 0);
	KUNIT_EXPECT_EQ(test, pvio_histogram_index(1023), 0);
	for (i = 1; i < PVIO_HISTOGRAM_BUCKETS; i++) {
		floor = pvio_histogram_floor(i);
		KUNIT_EXPECT_EQ(test, pvio_histogram_index(floor - 1), i - 1);
		KUNIT_EXPECT_EQ(test, pvio_histogram_index(floor), i);
		KUNIT_EXPECT_EQ(test, pvio_histogram_index(floor + 1), i);
	}
}

static void longest_times_share_a_bucket(struct kunit *test)
{
	unsigned int last = PVIO_HISTOGRAM_BUCKETS - 1;

	KUNIT_EXPECT_EQ(test, pvio_histogram_floor(last), 1ULL << 34);
	KUNIT_EXPECT_EQ(test, pvio_histogram_index(1ULL << 35), last);
	KUNIT_EXPECT_EQ(test, pvio_histogram_index(1ULL << 63), last);
	KUNIT_EXPECT_EQ(test, pvio_histogram_index(U64_MAX), last);
}

static void each_time_counts_once(struct kunit *test)
{
	struct pvio_histogram h = {};
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < 64; i++)
		pvio_histogram_add(&h, 1ULL << i);
	for (i = 0; i < PVIO_HISTOGRAM_BUCKETS; i++)
		sum += h.bucket[i];
	KUNIT_EXPECT_EQ(test, sum, 64);
	KUNIT_EXPECT_EQ(test, h.bucket[0], PVIO_HISTOGRAM_SHIFT);
	KUNIT_EXPECT_EQ(test, h.bucket[1], 1);
}

struct queue {
	u64 apples;
	u64 pears;
	struct pvio_histogram slow;
	struct pvio_histogram fast;
};

static const struct pvio_counter fruits[] = {
	{ "apples", offsetof(struct queue, apples) },
	{ "pears", offsetof(struct queue, pears) },
};

static const struct pvio_counter times[] = {
	{ "slow", offsetof(struct queue, slow) },
	{ "fast", offsetof(struct queue, fast) },
};

static void counters_are_a_table(struct kunit *test)
{
	static const struct pvio_counters table = { fruits, 2 };
	const struct queue queues[] = {
		{ .apples = 1, .pears = U64_MAX }, { .apples = 30 },
	};
	char text[128] = "";
	struct seq_file m = { .buf = text, .size = sizeof(text) };

	pvio_counters_show(&m, &table, queues, sizeof(*queues), 2);
	KUNIT_EXPECT_STREQ(test, text,
			   "queue 0 1\n"
			   "apples 1 30\n"
			   "pears 18446744073709551615 0\n");
}

static void histograms_leave_out_what_is_empty(struct kunit *test)
{
	static const struct pvio_counters table = { times, 2 };
	struct queue one = {}, two = {};
	const void *const queues[] = { &one, NULL, &two };
	char text[128] = "";
	struct seq_file m = { .buf = text, .size = sizeof(text) };

	pvio_histogram_add(&one.fast, 5000);
	pvio_histogram_add(&two.slow, 5000);
	pvio_histogram_add(&two.slow, 3);
	pvio_histogram_add(&two.fast, 4096);
	pvio_histograms_show(&m, &table, queues, sizeof(*queues), 3);
	KUNIT_EXPECT_STREQ(test, text,
			   "queue ns slow fast\n"
			   "0 4096 0 1\n"
			   "2 0 1 0\n"
			   "2 4096 1 1\n");
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(every_time_has_its_bucket),
	KUNIT_CASE(longest_times_share_a_bucket),
	KUNIT_CASE(each_time_counts_once),
	KUNIT_CASE(counters_are_a_table),
	KUNIT_CASE(histograms_leave_out_what_is_empty),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "pvio_stats",
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
