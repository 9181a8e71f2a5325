// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Mistakes of toolstack, guest and administrator at the block backend: each is
 * told, ends in state Closed, holds nothing, and can be mended.
 */
#include <linux/fs.h>
#include <linux/slab.h>

#include "tests/loopback/blk/blkback_bench.h"

/* A key, whose directory it is in, and what is wrong with it. */
struct mistake {
	bool toolstack;
	const char *name;
	const char *text;
};

static const struct mistake mistakes[] = {
	{ false, "ring-ref", "none" },
	{ false, "ring-ref", "4294967290" },
	{ false, "event-channel", "-1" },
	{ false, "event-channel", "4294967290" },
	{ false, "protocol", "x86_16-abi" },
	{ false, "ring-page-order", "5" },
	{ false, "multi-queue-num-queues", "0" },
	{ false, "multi-queue-num-queues", "65" },
	{ false, "feature-persistent", "yes" },
	{ true, "physical-device", "junk" },
	{ true, "physical-device", "fff:fffff" },
	{ true, "discard-enable", "maybe" },
};

static void mend(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	dev_t dev = disk_devt(b->duo.disk.disk);
	char right[24];

	snprintf(right, sizeof(right), "%x:%x", MAJOR(dev), MINOR(dev));
	pvio_loop_put(b->duo.pair.back.own, "physical-device", right);
	pvio_loop_remove(b->duo.pair.back.own, "discard-enable");
}

static void make(struct kunit *test, const struct mistake *m)
{
	struct blk_back_bench *b = test->priv;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	if (m->toolstack)
		pvio_loop_put(b->duo.pair.back.own, m->name, m->text);
	else
		blk_guest_plan.keys[0] = (struct blk_guest_key){
			m->name, m->text,
		};
}

static void expect_refused(struct kunit *test, const struct mistake *m)
{
	struct blk_back_bench *b = test->priv;
	unsigned int lines;

	make(test, m);
	blk_back_plug(test);
	/* It may have been closed in the beginning, too. */
	pvio_loop_settle();
	KUNIT_EXPECT_TRUE_MSG(test,
			      pvio_loop_wait(&b->duo.pair.back,
					     XenbusStateClosed, BENCH_WAIT_MS),
			      "%s is %s", m->name, m->text);
	lines = blk_lines(&b->duo.pair.back);
	/* The reason, which the toolstack may have had before, and the end. */
	KUNIT_EXPECT_GE_MSG(test, lines, m->toolstack ? 1 : 2, "%s", m->name);
	KUNIT_EXPECT_LE_MSG(test, lines, 2, "%s", m->name);
	blk_duo_stop(&b->duo);
	mend(test);
}

static void refusal_is_told_and_ends_closed(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		expect_refused(test, &mistakes[i]);
		blk_back_expect_heals(test);
	}
}

/* It serves what it has, and says so. */
static void changed_device_is_refused(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_lines_begin(&b->duo.pair.back);
	pvio_loop_put(b->duo.pair.back.own, "physical-device", "1:0");
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, blk_lines(&b->duo.pair.back), 1);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->duo.pair.back),
			XenbusStateConnected);
	blk_back_expect_serves(test);
	blk_back_end(test);
	mend(test);
}

static void expect_state(struct kunit *test, enum xenbus_state state)
{
	struct blk_back_bench *b = test->priv;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_back_plug(test);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->duo.pair.back, state,
					       BENCH_WAIT_MS));
	if (state == XenbusStateClosed)
		KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.back), 1);
	blk_duo_stop(&b->duo);
}

/* Its mode is a promise; the attach can be tried again when it is kept. */
static void read_only_device_is_not_attached_for_writing(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct gendisk *disk = b->duo.disk.disk;

	set_disk_ro(disk, true);
	expect_state(test, XenbusStateClosed);
	pvio_loop_put(b->duo.pair.back.own, "mode", "r");
	expect_state(test, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->duo.pair.back.own, "info"),
			VDISK_READONLY);
	pvio_loop_put(b->duo.pair.back.own, "mode", "w");
	expect_state(test, XenbusStateClosed);
	set_disk_ro(disk, false);
	blk_back_expect_heals(test);
}

/* Who keeps nothing mapped does not ask for the same pages again. */
static void promise_is_not_asked_for_in_vain(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_param_set(test, "pvio_blkback/parameters/max_persistent_grants",
		      "0");
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.persistent = true;
	blk_back_begin_planned(test);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->duo.pair.back.own,
					       "feature-persistent"), 0);
	blk_back_expect_serves(test);
	blk_back_end(test);
	blk_param_set(test, "pvio_blkback/parameters/max_persistent_grants",
		      "2112");
}

static void serves_a_disk_without_a_name(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	pvio_loop_remove(b->duo.pair.back.own, "dev");
	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static ssize_t set_param(const char *name, const char *value)
{
	struct file *file;
	char path[96];
	loff_t pos = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/module/pvio_blkback/parameters/%s",
		 name);
	file = pvio_loop_open(path, O_WRONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_write(file, value, strlen(value), &pos);
	filp_close(file, NULL);
	return n;
}

/* The same functions refuse them when the module is loaded. */
static void parameters_out_of_range_are_refused(struct kunit *test)
{
	static const char *const wrong[] = {
		"65537", "4294967296", "-1", "many", "1 2",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_LT_MSG(test, set_param("max_persistent_grants",
						    wrong[i]), 0, "%s",
				    wrong[i]);
	KUNIT_EXPECT_EQ(test, set_param("max_buffer_pages", "255"), -ERANGE);
	KUNIT_EXPECT_EQ(test, set_param("max_buffer_pages", "65537"), -ERANGE);
	KUNIT_EXPECT_EQ(test, set_param("persistent_grant_unused_seconds",
					"86401"), -ERANGE);
	KUNIT_EXPECT_EQ(test, set_param("latency", "perhaps"), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_param("max_persistent_grants", "2112"), 4);
	KUNIT_EXPECT_EQ(test, set_param("max_buffer_pages", "4096"), 4);
}

static struct kunit_case refuse_cases[] = {
	KUNIT_CASE(refusal_is_told_and_ends_closed),
	KUNIT_CASE(changed_device_is_refused),
	KUNIT_CASE(read_only_device_is_not_attached_for_writing),
	KUNIT_CASE(promise_is_not_asked_for_in_vain),
	KUNIT_CASE(serves_a_disk_without_a_name),
	KUNIT_CASE(parameters_out_of_range_are_refused),
	{}
};

static struct kunit_suite refuse_suite = {
	.name = "pvio_blkback_refuse",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = refuse_cases,
};

kunit_test_suite(refuse_suite);

MODULE_DESCRIPTION("Tests of mistakes at the pvio block backend");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
