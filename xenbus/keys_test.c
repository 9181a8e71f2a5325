// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of parsing and formatting negotiated values: X02 of the hardening
 * vectors, every kind of malformed text for every type of key.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "keys.h"

struct values {
	bool flag;
	u32 small;
	u64 large;
	char text[8];
	u8 mac[6];
};

static const struct pvio_key flag_key =
	PVIO_KEY(BOOL, "feature-x", struct values, flag);

static const struct pvio_key small_key =
	PVIO_KEY(U32, "queues", struct values, small,
		 .min = 1, .max = 8, .def = 1, .elide = true);

static const struct pvio_key wide_key =
	PVIO_KEY(U32, "event-channel", struct values, small, .required = true);

static const struct pvio_key large_key =
	PVIO_KEY(U64, "sectors", struct values, large, .required = true);

static const struct pvio_key text_key =
	PVIO_KEY(STRING, "mode", struct values, text);

static const struct pvio_key mac_key =
	PVIO_KEY(MAC, "mac", struct values, mac, .required = true);

static int parse(const struct pvio_key *key, const char *text,
		 struct values *v)
{
	return pvio_key_parse(key, text, text ? strlen(text) : 0, v);
}

static const char *const malformed[] = {
	"", "-1", "1 ", " 1", "0x1", "2junk", "+1", "1.0", "\xff\xfe", "1\n",
};

static void x02_malformed_numbers_are_refused(struct kunit *test)
{
	struct values v = { .small = 7, .large = 7 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(malformed); i++) {
		KUNIT_EXPECT_EQ(test, parse(&wide_key, malformed[i], &v),
				-EINVAL);
		KUNIT_EXPECT_EQ(test, parse(&large_key, malformed[i], &v),
				-EINVAL);
		KUNIT_EXPECT_EQ(test, parse(&flag_key, malformed[i], &v),
				-EINVAL);
	}
	KUNIT_EXPECT_EQ(test, v.small, 7);
	KUNIT_EXPECT_EQ(test, v.large, 7);
}

static void x02_numbers_beyond_their_type_are_refused(struct kunit *test)
{
	struct values v = { .small = 7 };

	KUNIT_EXPECT_EQ(test, parse(&wide_key, "4294967295", &v), 0);
	KUNIT_EXPECT_EQ(test, v.small, U32_MAX);
	KUNIT_EXPECT_EQ(test, parse(&wide_key, "4294967296", &v), -ERANGE);
	KUNIT_EXPECT_EQ(test, parse(&wide_key, "99999999999999999999", &v),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, parse(&large_key, "18446744073709551615", &v), 0);
	KUNIT_EXPECT_EQ(test, v.large, U64_MAX);
	KUNIT_EXPECT_EQ(test, parse(&large_key, "18446744073709551616", &v),
			-ERANGE);
}

static void x02_numbers_beyond_their_range_are_refused(struct kunit *test)
{
	struct values v = { .small = 7 };

	KUNIT_EXPECT_EQ(test, parse(&small_key, "0", &v), -ERANGE);
	KUNIT_EXPECT_EQ(test, parse(&small_key, "9", &v), -ERANGE);
	KUNIT_EXPECT_EQ(test, v.small, 7);
	KUNIT_EXPECT_EQ(test, parse(&small_key, "8", &v), 0);
	KUNIT_EXPECT_EQ(test, v.small, 8);
	KUNIT_EXPECT_EQ(test, parse(&flag_key, "2", &v), -ERANGE);
}

static void x02_missing_keys(struct kunit *test)
{
	struct values v = { .small = 7, .flag = true, .text = "old" };

	KUNIT_EXPECT_EQ(test, parse(&wide_key, NULL, &v), -ENOENT);
	KUNIT_EXPECT_EQ(test, v.small, 7);
	KUNIT_EXPECT_EQ(test, parse(&small_key, NULL, &v), 0);
	KUNIT_EXPECT_EQ(test, v.small, 1);
	KUNIT_EXPECT_EQ(test, parse(&flag_key, NULL, &v), 0);
	KUNIT_EXPECT_FALSE(test, v.flag);
	KUNIT_EXPECT_EQ(test, parse(&text_key, NULL, &v), 0);
	KUNIT_EXPECT_STREQ(test, v.text, "");
	KUNIT_EXPECT_EQ(test, parse(&mac_key, NULL, &v), -ENOENT);
}

/* 4096 bytes, and text without a terminator: only len counts. */
static void x02_long_and_unterminated_text(struct kunit *test)
{
	char *big = kunit_kzalloc(test, 4096, GFP_KERNEL);
	struct values v = { .small = 7 };

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, big);
	memset(big, '1', 4096);
	KUNIT_EXPECT_EQ(test, pvio_key_parse(&wide_key, big, 4096, &v),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, pvio_key_parse(&text_key, big, 4096, &v),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, pvio_key_parse(&text_key, big, 8, &v), -ERANGE);
	KUNIT_EXPECT_EQ(test, pvio_key_parse(&text_key, big, 7, &v), 0);
	KUNIT_EXPECT_STREQ(test, v.text, "1111111");
	KUNIT_EXPECT_EQ(test, pvio_key_parse(&wide_key, big, 2, &v), 0);
	KUNIT_EXPECT_EQ(test, v.small, 11);
	KUNIT_EXPECT_EQ(test, pvio_key_parse(&wide_key, "1\0", 2, &v),
			-EINVAL);
}

static void x02_strings_are_printable(struct kunit *test)
{
	struct values v = { .text = "old" };

	KUNIT_EXPECT_EQ(test, parse(&text_key, "a\033[m", &v), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse(&text_key, "\xc3\xa9", &v), -EINVAL);
	KUNIT_EXPECT_STREQ(test, v.text, "old");
	KUNIT_EXPECT_EQ(test, parse(&text_key, "w", &v), 0);
	KUNIT_EXPECT_STREQ(test, v.text, "w");
}

static void x02_mac_addresses(struct kunit *test)
{
	static const char *const bad[] = {
		"00:16:3e:00:00", "00:16:3e:00:00:0", "00:16:3e:00:00:0g",
		"00-16-3e-00-00-01", "00:16:3e:00:00:001", "",
		" 0:16:3e:00:00:01",
	};
	static const u8 want[6] = { 0x00, 0x16, 0x3e, 0xAb, 0xcd, 0xef };
	struct values v = { .small = 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, parse(&mac_key, bad[i], &v), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse(&mac_key, "00:16:3e:Ab:cd:EF", &v), 0);
	KUNIT_EXPECT_EQ(test, memcmp(v.mac, want, 6), 0);
}

static void what_is_written_is_read_back(struct kunit *test)
{
	struct values v = { .flag = true, .small = 8, .large = U64_MAX,
			    .text = "x86", .mac = { 1, 2, 3, 4, 5, 0xff } };
	static const struct pvio_key *const keys[] = {
		&flag_key, &small_key, &large_key, &text_key, &mac_key,
	};
	char text[PVIO_KEY_TEXT_MAX];
	struct values back;
	size_t i;

	memset(&back, 0, sizeof(back));
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		KUNIT_EXPECT_TRUE(test, pvio_key_format(keys[i], &v, text,
							sizeof(text)));
		KUNIT_EXPECT_EQ(test, parse(keys[i], text, &back), 0);
	}
	KUNIT_EXPECT_EQ(test, back.flag, v.flag);
	KUNIT_EXPECT_EQ(test, back.small, v.small);
	KUNIT_EXPECT_EQ(test, back.large, v.large);
	KUNIT_EXPECT_STREQ(test, back.text, v.text);
	KUNIT_EXPECT_EQ(test, memcmp(back.mac, v.mac, 6), 0);
}

static void defaults_are_left_out_where_told(struct kunit *test)
{
	char text[PVIO_KEY_TEXT_MAX];
	struct values v = { .small = 1 };

	KUNIT_EXPECT_FALSE(test, pvio_key_format(&small_key, &v, text,
						 sizeof(text)));
	KUNIT_EXPECT_TRUE(test, pvio_key_format(&flag_key, &v, text,
						sizeof(text)));
	KUNIT_EXPECT_STREQ(test, text, "0");
}

static struct kunit_case keys_cases[] = {
	KUNIT_CASE(x02_malformed_numbers_are_refused),
	KUNIT_CASE(x02_numbers_beyond_their_type_are_refused),
	KUNIT_CASE(x02_numbers_beyond_their_range_are_refused),
	KUNIT_CASE(x02_missing_keys),
	KUNIT_CASE(x02_long_and_unterminated_text),
	KUNIT_CASE(x02_strings_are_printable),
	KUNIT_CASE(x02_mac_addresses),
	KUNIT_CASE(what_is_written_is_read_back),
	KUNIT_CASE(defaults_are_left_out_where_told),
	{}
};

static struct kunit_suite keys_suite = {
	.name = "pvio_keys",
	.test_cases = keys_cases,
};

kunit_test_suite(keys_suite);
