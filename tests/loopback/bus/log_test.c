// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Log lines about a device: few, and each of them names it, those about lines
 * that were left out, too.
 */
#include "tests/loopback/bus/toy.h"

#include <linux/kmsg_dump.h>
#include <linux/ratelimit.h>
#include <linux/string.h>

#define FLOOD	50

/* From here on. */
static void mark(struct kmsg_dump_iter *log)
{
	char line[256];
	size_t len;

	kmsg_dump_rewind(log);
	while (kmsg_dump_get_line(log, false, line, sizeof(line), &len))
		;
}

/* Lines since the mark, of those about @about, NULL for whatever. */
static unsigned int lines(struct kmsg_dump_iter log, const struct device *about,
			  const char *text)
{
	unsigned int nr = 0;
	char line[256];
	size_t len;

	while (kmsg_dump_get_line(&log, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		if (about && !strstr(line, dev_name(about)))
			continue;
		nr += !!strstr(line, text);
	}
	return nr;
}

static void flood(struct pvio_device *pdev)
{
	unsigned int i;

	for (i = 0; i < FLOOD; i++)
		pvio_warn(pdev, "test: line");
}

/* As if the time of one budget were over. */
static void let_pass(struct pvio_device *pdev)
{
	pdev->lines.begin = jiffies - DEFAULT_RATELIMIT_INTERVAL - 1;
}

static void what_was_left_out_is_counted_with_its_name(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_end *end = &b->pair.back;
	struct kmsg_dump_iter log;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(end), 0);
	mark(&log);
	flood(end->pdev);
	KUNIT_EXPECT_EQ(test, lines(log, end->dev, "test: line"),
			DEFAULT_RATELIMIT_BURST);
	KUNIT_EXPECT_EQ(test, lines(log, end->dev, "left out"), 0);
	let_pass(end->pdev);
	pvio_warn(end->pdev, "test: another");
	KUNIT_EXPECT_EQ(test, lines(log, end->dev, "test: another"), 1);
	KUNIT_EXPECT_EQ(test, lines(log, end->dev,
				    "40 lines about it were left out"), 1);
	/* The kernel's own word on it names no device. */
	KUNIT_EXPECT_EQ(test, lines(log, NULL, "suppressed"), 0);
	let_pass(end->pdev);
	pvio_warn(end->pdev, "test: one more");
	KUNIT_EXPECT_EQ(test, lines(log, end->dev, "left out"), 1);
}

static void last_word_is_what_was_left_out(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_end *end = &b->pair.back;
	struct kmsg_dump_iter log;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(end), 0);
	mark(&log);
	flood(end->pdev);
	pvio_loop_unplug(end);
	KUNIT_EXPECT_EQ(test, lines(log, end->dev,
				    "40 lines about it were left out"), 1);
	KUNIT_EXPECT_EQ(test, lines(log, NULL, "suppressed"), 0);
}

/* What is loaded tells which one it is, and what for. */
static void a_driver_says_what_it_is(struct kunit *test)
{
	struct kmsg_dump_iter log;
	char text[96];

	snprintf(text, sizeof(text),
		 "pvio-toy-front 1.2.3 (build %s): network frontend", PVIO_BUILD);
	pvio_unregister_driver(&toy_front);
	mark(&log);
	KUNIT_EXPECT_EQ(test, pvio_register_driver(&toy_front), 0);
	KUNIT_EXPECT_EQ(test, lines(log, NULL, text), 1);
}

static struct kunit_case log_cases[] = {
	KUNIT_CASE(a_driver_says_what_it_is),
	KUNIT_CASE(what_was_left_out_is_counted_with_its_name),
	KUNIT_CASE(last_word_is_what_was_left_out),
	{}
};

static struct kunit_suite log_suite = {
	.name = "pvio_log",
	.init = toy_init,
	.exit = toy_exit,
	.test_cases = log_cases,
};

kunit_test_suite(log_suite);

MODULE_DESCRIPTION("Tests of the pvio log lines");
MODULE_VERSION("1.2.3");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
