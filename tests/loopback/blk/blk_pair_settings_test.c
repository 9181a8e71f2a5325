// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block frontend against the suite's own backend, in what a played one is
 * too kind for: blocks of 4 KiB, and several queues.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/io/protocols.h>

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/says.h"

/* References of an idle disk, rings and all. */
#define IDLE_REFS	64

/**
 * struct bench - what the tests of this file use
 * @base: what was held before
 * @duo: the device
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
};

static int front_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	blk_baseline_note(&b->base);
	return 0;
}

static void front_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_drop(&b->duo);
	blk_baseline_expect(test, &b->base);
}

/*
 * O_DIRECT takes any buffer that is aligned to 512 bytes.  The largest here is
 * one that fits into a bio where no two of its pages are neighbours.
 */
static void buffers_across_pages_of_a_4k_disk(struct kunit *test)
{
	static const unsigned int sizes[] = {
		4096, 8192, 128 * 1024, (BIO_MAX_VECS - 1) * PAGE_SIZE,
	};
	struct bench *b = test->priv;
	unsigned int i, offset;

	blk_param_set(test, "pvio_blkfront/parameters/feature_persistent", "0");
	blk_duo_make(test, &b->duo, 4096);
	blk_duo_start(test, &b->duo, true);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (offset = 0; offset < 4096; offset += 1536)
			KUNIT_EXPECT_TRUE_MSG(test,
					      blk_io_round_trip(b->duo.bdev.bdev,
								64, sizes[i],
								offset),
					      "%u at %u", sizes[i], offset);
	blk_param_set(test, "pvio_blkfront/parameters/feature_persistent", "1");
}

/* With a ring of several pages and a queue for each CPU. */
static void idle_disk_holds_little(struct kunit *test)
{
	unsigned int before = pvio_loop_refs_taken();
	struct bench *b = test->priv;

	blk_duo_make(test, &b->duo, 512);
	blk_duo_start(test, &b->duo, true);
	KUNIT_EXPECT_LE(test, pvio_loop_refs_taken() - before, IDLE_REFS);
}

static void expect_key(struct kunit *test, const char *node, bool there)
{
	struct bench *b = test->priv;
	unsigned int len;
	char *text = pvio_loop_get(b->duo.pair.front.own, node, &len);

	KUNIT_EXPECT_EQ_MSG(test, !IS_ERR_OR_NULL(text), there, "%s", node);
	if (!IS_ERR_OR_NULL(text))
		kfree(text);
}

/* B4: empty keys of a boot loader, with as many queues as there may be. */
static void keys_left_behind_are_removed(struct kunit *test, unsigned int queues)
{
	struct bench *b = test->priv;
	const char *front;

	b->duo.queues = queues;
	b->duo.order = 1;
	blk_duo_make(test, &b->duo, 512);
	front = b->duo.pair.front.own;
	pvio_loop_put(front, "ring-ref", "");
	pvio_loop_put(front, "event-channel", "");
	pvio_loop_put(front, "queue-0/ring-ref", "");
	blk_duo_start(test, &b->duo, true);
	expect_key(test, "ring-ref", false);
	expect_key(test, "event-channel", queues == 1);
	expect_key(test, "ring-ref0", queues == 1);
	expect_key(test, "queue-0/ring-ref", false);
	expect_key(test, "queue-0/ring-ref0", queues > 1);
	blk_duo_expect_serves(test, &b->duo);
}

static void boot_loader_before_one_queue(struct kunit *test)
{
	keys_left_behind_are_removed(test, 1);
}

static void boot_loader_before_two_queues(struct kunit *test)
{
	keys_left_behind_are_removed(test, 2);
}

/* B3: of many disks the last ones take little of what xenstore lets a guest have. */
static void disk_after_many_is_narrow(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_param_set(test, "pvio_blkfront/parameters/wide_disks", "0");
	b->duo.queues = 2;
	b->duo.order = 1;
	blk_duo_make(test, &b->duo, 512);
	blk_duo_start(test, &b->duo, true);
	blk_param_set(test, "pvio_blkfront/parameters/wide_disks", "32");
	expect_key(test, "ring-ref", true);
	expect_key(test, "event-channel", true);
	expect_key(test, "ring-page-order", false);
	expect_key(test, "multi-queue-num-queues", false);
	expect_key(test, "queue-0", false);
	blk_duo_expect_serves(test, &b->duo);
}

static const char *const same[][2] = {
	{ "queues", "2" }, { "ring_pages", "2" }, { "persistent", "1" },
	{ "protocol", XEN_IO_PROTO_ABI_NATIVE }, { "indirect_segments", "256" },
	{ "flush", "1" }, { "fua", "0" }, { "discard", "1" },
	{ "mode", "w" }, { "sector_size", "4096" }, { "disk", "xvda" },
};

static void sysfs_tells_what_was_negotiated(struct kunit *test)
{
	struct bench *b = test->priv;
	struct loop_end *front = &b->duo.pair.front, *back = &b->duo.pair.back;
	unsigned int i;

	b->duo.queues = 2;
	b->duo.order = 1;
	blk_duo_make(test, &b->duo, 4096);
	blk_duo_start(test, &b->duo, true);
	for (i = 0; i < ARRAY_SIZE(same); i++) {
		expect_says(test, back, same[i][0], same[i][1]);
		if (strcmp(same[i][0], "indirect_segments"))
			expect_says(test, front, same[i][0], same[i][1]);
	}
	expect_says(test, front, "trusted", "1");
	expect_says(test, front, "polled_queues", "0");
	expect_says(test, back, "backing", "/dev/pviotest0");
	KUNIT_EXPECT_NE(test, strcmp(pvio_loop_says(front, "sectors"), "0"), 0);
	blk_duo_stop(&b->duo);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(back), 0);
	expect_says(test, back, "queues", "0");
	expect_says(test, back, "persistent", "");
}

/* What is not told yet, what does not open, who does not come. */
static void sysfs_tells_what_a_backend_waits_for(struct kunit *test)
{
	struct bench *b = test->priv;
	struct loop_end *back = &b->duo.pair.back;

	blk_duo_make(test, &b->duo, 512);
	pvio_loop_remove(back->own, "physical-device");
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(back), 0);
	expect_says(test, back, "waits_for", "hotplug script");
	expect_says(test, back, "backing", "");
	/* No driver has such a device. */
	pvio_loop_put(back->own, "physical-device", "fe:fffff");
	expect_says(test, back, "fault", "device fe:fffff does not open (-6)");
}

static struct kunit_case front_cases[] = {
	KUNIT_CASE(sysfs_tells_what_was_negotiated),
	KUNIT_CASE(sysfs_tells_what_a_backend_waits_for),
	KUNIT_CASE(buffers_across_pages_of_a_4k_disk),
	KUNIT_CASE(idle_disk_holds_little),
	KUNIT_CASE(boot_loader_before_one_queue),
	KUNIT_CASE(boot_loader_before_two_queues),
	KUNIT_CASE(disk_after_many_is_narrow),
	{}
};

static struct kunit_suite front_suite = {
	.name = "pvio_blk_pair_settings",
	.init = front_init,
	.exit = front_exit,
	.test_cases = front_cases,
};

kunit_test_suite(front_suite);
