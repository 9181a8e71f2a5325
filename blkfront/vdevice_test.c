// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of virtual device numbers.  The unit is compiled in, so that its list
 * of taken places is the test's own.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "vdevice.c"

static const struct {
	u32 number;
	const char *name;
	unsigned int first_minor;
	unsigned int minors;
	bool emulated;
} good[] = {
	{ 202 << 8, "xvda", 0, 16, false },
	{ 202 << 8 | 16, "xvdb", 16, 16, false },
	{ 202 << 8 | 17, "xvdb1", 17, 1, false },
	{ 202 << 8 | 255, "xvdp15", 255, 1, false },
	{ 3 << 8, "xvda", 0, 16, true },
	{ 3 << 8 | 64, "xvdb", 16, 16, true },
	{ 3 << 8 | 66, "xvdb2", 18, 1, true },
	{ 22 << 8, "xvdc", 32, 16, true },
	{ 22 << 8 | 64, "xvdd", 48, 16, true },
	{ 8 << 8 | 32, "xvdc", 32, 16, true },
	{ 65 << 8, "xvdq", 256, 16, true },
	{ 71 << 8 | 240, "xvddx", 2032, 16, true },
	{ 128 << 8, "xvddy", 2048, 16, true },
	{ 135 << 8 | 241, "xvdiv1", 4081, 1, true },
	{ BIT(28), "xvda", 0, 256, false },
	{ BIT(28) | 16 << 8, "xvdq", 4096, 256, false },
	{ BIT(28) | 25 << 8 | 255, "xvdz255", 6655, 1, false },
	{ BIT(28) | 26 << 8, "xvdaa", 6656, 256, false },
	{ BIT(28) | 701 << 8, "xvdzz", 179456, 256, false },
	{ BIT(28) | 702 << 8, "xvdaaa", 179712, 256, false },
	{ BIT(28) | 4095 << 8, "xvdfan", 1048320, 256, false },
};

static void names_and_minors(struct kunit *test)
{
	struct pvio_bf_vdevice v;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_ASSERT_EQ(test, pvio_bf_vdevice_parse(&v, good[i].number),
				0);
		KUNIT_EXPECT_STREQ(test, (const char *)v.name, good[i].name);
		KUNIT_EXPECT_EQ(test, v.first_minor, good[i].first_minor);
		KUNIT_EXPECT_EQ(test, v.minors, good[i].minors);
		KUNIT_EXPECT_EQ(test, v.emulated, good[i].emulated);
	}
}

static void numbers_of_no_disk(struct kunit *test)
{
	static const u32 bad[] = {
		0, 255, 1 << 8, 9 << 8, 201 << 8, 203 << 8, 72 << 8, 127 << 8,
		136 << 8, 255 << 8, 256 << 8, 3 << 8 | 16, 22 << 8 | 127,
		BIT(28) | 4096 << 8, BIT(28) - 1, BIT(29) - 1, BIT(29),
		BIT(28) | BIT(29), U32_MAX,
	};
	struct pvio_bf_vdevice v;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, pvio_bf_vdevice_parse(&v, bad[i]),
				-EINVAL);
}

static void claim(struct kunit *test, struct pvio_bf_vdevice *v, u32 number,
		  int result)
{
	KUNIT_ASSERT_EQ(test, pvio_bf_vdevice_parse(v, number), 0);
	KUNIT_EXPECT_EQ(test, pvio_bf_vdevice_claim(v), result);
}

static void one_disk_one_place(struct kunit *test)
{
	struct pvio_bf_vdevice xvda, xvdb, other;

	claim(test, &xvda, 202 << 8, 0);
	claim(test, &xvdb, 202 << 8 | 16, 0);
	claim(test, &other, 3 << 8, -EBUSY);
	claim(test, &other, 202 << 8 | 17, -EBUSY);
	/* The same name at other minors, then another name at the same. */
	claim(test, &other, BIT(28) | 1 << 8, -EBUSY);
	claim(test, &other, BIT(28), -EBUSY);
	pvio_bf_vdevice_release(&xvda);
	claim(test, &xvda, 8 << 8, 0);
	pvio_bf_vdevice_release(&xvda);
	pvio_bf_vdevice_release(&xvdb);
	KUNIT_EXPECT_TRUE(test, list_empty(&taken));
}

static struct kunit_case vdevice_cases[] = {
	KUNIT_CASE(names_and_minors),
	KUNIT_CASE(numbers_of_no_disk),
	KUNIT_CASE(one_disk_one_place),
	{}
};

static struct kunit_suite vdevice_suite = {
	.name = "pvio_vdevice",
	.test_cases = vdevice_cases,
};

kunit_test_suite(vdevice_suite);

MODULE_DESCRIPTION("pvio: tests of the block frontend");
MODULE_LICENSE("GPL");
