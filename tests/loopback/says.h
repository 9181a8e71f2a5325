/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the files of a device in sysfs are expected to say.
 */
#ifndef PVIO_TESTS_SAYS_H
#define PVIO_TESTS_SAYS_H

#include <kunit/test.h>
#include <linux/device.h>

#include "tests/loopback/loop.h"

/**
 * expect_says() - a file says this, or comes to say it
 * @test: the case
 * @end: the end
 * @name: of the file
 * @text: what it is to say
 */
static inline void expect_says(struct kunit *test, const struct loop_end *end,
			       const char *name, const char *text)
{
	KUNIT_EXPECT_STREQ_MSG(test, pvio_loop_comes_to_say(end, name, text),
			       text, "%s of %s", name, dev_name(end->dev));
}

#endif /* PVIO_TESTS_SAYS_H */
