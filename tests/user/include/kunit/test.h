/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The part of the kernel's KUnit interface that the tests of the pure layers
 * use, for user space.  A skipped case counts as failed.
 */
#ifndef USER_KUNIT_TEST_H
#define USER_KUNIT_TEST_H

#include <setjmp.h>

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit_memory;

struct kunit {
	const char *name;
	const void *param_value;
	void *priv;
	bool failed;
	jmp_buf leave;
	struct kunit_memory *memory;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *previous, char *text);
};

struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(function) \
	{ .run_case = function, .name = #function }
#define KUNIT_CASE_PARAM(function, generate) \
	{ .run_case = function, .name = #function, .generate_params = generate }

#define KUNIT_ARRAY_PARAM(label, array, describe)			\
static const void *label##_gen_params(const void *previous, char *text)	\
{									\
	__typeof__((array)[0]) *next = (array);				\
									\
	if (previous)							\
		next = (__typeof__(next))previous + 1;			\
	if (next >= (array) + ARRAY_SIZE(array))			\
		return NULL;						\
	describe(next, text);						\
	return next;							\
}

void user_register(struct kunit_suite *const *suites, size_t nr);

/* Suites of files that are compiled for the kernel as well. */
#define kunit_test_suites(...)						\
static void __attribute__((__constructor__)) register_suites(void)	\
{									\
	struct kunit_suite *const suites[] = { __VA_ARGS__ };		\
									\
	user_register(suites, ARRAY_SIZE(suites));			\
}									\
_Static_assert(1, "")

#define kunit_test_suite(suite)	kunit_test_suites(&(suite))

/* Suites that only user space has. */
#define user_test_suite(suite)	kunit_test_suites(&(suite))

void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t flags);

static inline void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t flags)
{
	return kunit_kzalloc(test, size, flags);
}

static inline void *kunit_kcalloc(struct kunit *test, size_t n, size_t size,
				  gfp_t flags)
{
	return kunit_kzalloc(test, n * size, flags);
}

void __printf(2, 3) user_fail(struct kunit *test, const char *format, ...);
void __attribute__((__noreturn__)) user_leave(struct kunit *test);

#define kunit_info(test, format, ...) \
	printf("   %s: " format "\n", (test)->name, ##__VA_ARGS__)

#define kunit_skip(test, format, ...) do {				\
	user_fail(test, "skipped: " format, ##__VA_ARGS__);		\
	user_leave(test);						\
} while (0)

#define KUNIT_SUCCEED(test)	do {} while (0)
#define KUNIT_FAIL(test, format, ...) \
	user_fail(test, "%s:%d: " format, __FILE__, __LINE__, ##__VA_ARGS__)

#define USER_STOP_expect(test)	do {} while (0)
#define USER_STOP_assert(test)	user_leave(test)

#define USER_NUMBER(test, a, op, b, stop, format, ...) do {		\
	const long long left_ = (long long)(a);				\
	const long long right_ = (long long)(b);			\
									\
	if (!(left_ op right_)) {					\
		user_fail(test, "%s:%d: want %s " #op " %s; they are %lld "	\
			  "(0x%llx) and %lld (0x%llx) " format,		\
			  __FILE__, __LINE__, #a, #b, left_, left_,	\
			  right_, right_, ##__VA_ARGS__);		\
		USER_STOP_##stop(test);					\
	}								\
} while (0)

#define USER_POINTER(test, a, op, b, stop, format, ...) do {		\
	const void *const left_ = (const void *)(a);			\
	const void *const right_ = (const void *)(b);			\
									\
	if (!(left_ op right_)) {					\
		user_fail(test, "%s:%d: want %s " #op " %s " format,	\
			  __FILE__, __LINE__, #a, #b, ##__VA_ARGS__);	\
		USER_STOP_##stop(test);					\
	}								\
} while (0)

#define USER_STRING(test, a, op, b, stop, format, ...) do {		\
	const char *const left_ = (a);					\
	const char *const right_ = (b);					\
									\
	if (!left_ || !right_ || !(strcmp(left_, right_) op 0)) {	\
		user_fail(test, "%s:%d: want %s " #op " %s; they are "	\
			  "\"%s\" and \"%s\" " format,			\
			  __FILE__, __LINE__, #a, #b,			\
			  left_ ? left_ : "(null)",			\
			  right_ ? right_ : "(null)", ##__VA_ARGS__);	\
		USER_STOP_##stop(test);					\
	}								\
} while (0)

#define KUNIT_EXPECT_EQ(t, a, b)	USER_NUMBER(t, a, ==, b, expect, "")
#define KUNIT_EXPECT_NE(t, a, b)	USER_NUMBER(t, a, !=, b, expect, "")
#define KUNIT_EXPECT_LT(t, a, b)	USER_NUMBER(t, a, <, b, expect, "")
#define KUNIT_EXPECT_LE(t, a, b)	USER_NUMBER(t, a, <=, b, expect, "")
#define KUNIT_EXPECT_GT(t, a, b)	USER_NUMBER(t, a, >, b, expect, "")
#define KUNIT_EXPECT_GE(t, a, b)	USER_NUMBER(t, a, >=, b, expect, "")
#define KUNIT_EXPECT_TRUE(t, a)		USER_NUMBER(t, !!(a), !=, 0, expect, "")
#define KUNIT_EXPECT_FALSE(t, a)	USER_NUMBER(t, !!(a), ==, 0, expect, "")
#define KUNIT_ASSERT_EQ(t, a, b)	USER_NUMBER(t, a, ==, b, assert, "")
#define KUNIT_ASSERT_NE(t, a, b)	USER_NUMBER(t, a, !=, b, assert, "")
#define KUNIT_ASSERT_LT(t, a, b)	USER_NUMBER(t, a, <, b, assert, "")
#define KUNIT_ASSERT_LE(t, a, b)	USER_NUMBER(t, a, <=, b, assert, "")
#define KUNIT_ASSERT_GT(t, a, b)	USER_NUMBER(t, a, >, b, assert, "")
#define KUNIT_ASSERT_GE(t, a, b)	USER_NUMBER(t, a, >=, b, assert, "")
#define KUNIT_ASSERT_TRUE(t, a)		USER_NUMBER(t, !!(a), !=, 0, assert, "")
#define KUNIT_ASSERT_FALSE(t, a)	USER_NUMBER(t, !!(a), ==, 0, assert, "")

#define KUNIT_EXPECT_EQ_MSG(t, a, b, ...) \
	USER_NUMBER(t, a, ==, b, expect, ": " __VA_ARGS__)
#define KUNIT_EXPECT_NE_MSG(t, a, b, ...) \
	USER_NUMBER(t, a, !=, b, expect, ": " __VA_ARGS__)
#define KUNIT_EXPECT_LE_MSG(t, a, b, ...) \
	USER_NUMBER(t, a, <=, b, expect, ": " __VA_ARGS__)
#define KUNIT_EXPECT_TRUE_MSG(t, a, ...) \
	USER_NUMBER(t, !!(a), !=, 0, expect, ": " __VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(t, a, ...) \
	USER_NUMBER(t, !!(a), ==, 0, expect, ": " __VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(t, a, b, ...) \
	USER_NUMBER(t, a, ==, b, assert, ": " __VA_ARGS__)
#define KUNIT_ASSERT_TRUE_MSG(t, a, ...) \
	USER_NUMBER(t, !!(a), !=, 0, assert, ": " __VA_ARGS__)

#define KUNIT_EXPECT_PTR_EQ(t, a, b)	USER_POINTER(t, a, ==, b, expect, "")
#define KUNIT_EXPECT_PTR_NE(t, a, b)	USER_POINTER(t, a, !=, b, expect, "")
#define KUNIT_EXPECT_NULL(t, a)		USER_POINTER(t, a, ==, NULL, expect, "")
#define KUNIT_EXPECT_NOT_NULL(t, a)	USER_POINTER(t, a, !=, NULL, expect, "")
#define KUNIT_ASSERT_PTR_EQ(t, a, b)	USER_POINTER(t, a, ==, b, assert, "")
#define KUNIT_ASSERT_NULL(t, a)		USER_POINTER(t, a, ==, NULL, assert, "")
#define KUNIT_ASSERT_NOT_NULL(t, a)	USER_POINTER(t, a, !=, NULL, assert, "")
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(t, a)	KUNIT_EXPECT_NOT_NULL(t, a)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(t, a)	KUNIT_ASSERT_NOT_NULL(t, a)

#define KUNIT_EXPECT_STREQ(t, a, b)	USER_STRING(t, a, ==, b, expect, "")
#define KUNIT_EXPECT_STRNEQ(t, a, b)	USER_STRING(t, a, !=, b, expect, "")
#define KUNIT_ASSERT_STREQ(t, a, b)	USER_STRING(t, a, ==, b, assert, "")
#define KUNIT_EXPECT_STREQ_MSG(t, a, b, ...) \
	USER_STRING(t, a, ==, b, expect, ": " __VA_ARGS__)

#define KUNIT_EXPECT_MEMEQ(t, a, b, size) \
	USER_NUMBER(t, memcmp(a, b, size), ==, 0, expect, "")
#define KUNIT_ASSERT_MEMEQ(t, a, b, size) \
	USER_NUMBER(t, memcmp(a, b, size), ==, 0, assert, "")

#endif /* USER_KUNIT_TEST_H */
