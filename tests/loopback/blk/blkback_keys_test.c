// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend against xenstore keys and states that no frontend should
 * write, and connecting that fails at every step: vectors X02 to X08.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "tests/loopback/blk/blkback_bench.h"

static char ones[4097];

/* What every key is given in turn. */
static const struct blk_guest_key values[] = {
	{ NULL, "" }, { NULL, "0" }, { NULL, "-1" }, { NULL, "1 " },
	{ NULL, "0x1" }, { NULL, "4294967295" }, { NULL, "4294967296" },
	{ NULL, "99999999999999999999" }, { NULL, "2junk" },
	{ NULL, ones, 4096 }, { NULL, "\xff\xfe\x80" }, { NULL, "1\0001", 3 },
	{ NULL, " 1" }, { NULL, "+1" }, { NULL, NULL },
};

#define EMPTY	BIT(0)
#define ZERO	BIT(1)
#define ABSENT	BIT(14)

/* Keys, and which of the values are good all the same. */
static const struct {
	const char *name;
	unsigned int good;
} keys[] = {
	{ "multi-queue-num-queues", ABSENT },
	{ "ring-page-order", ZERO | ABSENT },
	{ "ring-ref", 0 },
	{ "event-channel", 0 },
	{ "feature-persistent", ZERO | ABSENT },
	{ "protocol", EMPTY | ABSENT },
};

static_assert(ARRAY_SIZE(values) == 15);

/* The backing device is opened by a work item: it takes a moment to tell. */
static bool connects(struct blk_back_bench *b)
{
	enum xenbus_state state;
	unsigned int try;

	for (try = 0; try < 50; try++) {
		pvio_loop_settle();
		state = pvio_loop_state(&b->duo.pair.back);
		if (state >= XenbusStateConnected)
			return state == XenbusStateConnected;
		usleep_range(10000, 20000);
	}
	return false;
}

static void try_value(struct kunit *test, unsigned int key, unsigned int value)
{
	struct blk_back_bench *b = test->priv;
	bool good = keys[key].good & BIT(value);

	blk_guest_plan_anew(PVIO_BLK_ABI_32);
	blk_guest_plan.keys[0] = values[value];
	blk_guest_plan.keys[0].name = keys[key].name;
	blk_back_plug(test);
	KUNIT_EXPECT_EQ_MSG(test, connects(b), good, "%s is value %u",
			    keys[key].name, value);
	if (!good) {
		KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.back), 1);
		KUNIT_EXPECT_LE(test, blk_lines(&b->duo.pair.back), 4);
	}
	blk_duo_stop(&b->duo);
}

static void x02_every_key_malformed(struct kunit *test)
{
	unsigned int key, value;

	memset(ones, '1', sizeof(ones) - 1);
	for (key = 0; key < ARRAY_SIZE(keys); key++) {
		for (value = 0; value < ARRAY_SIZE(values); value++)
			try_value(test, key, value);
		blk_back_expect_heals(test);
	}
}

static void expect_connects(struct kunit *test, bool good)
{
	struct blk_back_bench *b = test->priv;

	blk_back_plug(test);
	KUNIT_EXPECT_EQ(test, connects(b), good);
	if (good)
		blk_back_expect_serves(test);
	else
		KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.back), 1);
	blk_duo_stop(&b->duo);
}

/* Keys that are well-formed, but not together. */
static void x03_keys_that_contradict(struct kunit *test)
{
	static const struct blk_guest_key sets[][GUEST_KEYS] = {
		{ { "ring-page-order", "1" } },
		{ { "ring-page-order", "1" }, { "ring-ref0", "9" } },
		{ { "ring-page-order", "5" } },
		{ { "ring-page-order", "31" } },
		{ { "multi-queue-num-queues", "2" } },
		{ { "multi-queue-num-queues", "3" } },
		{ { "multi-queue-num-queues", "65" } },
		{ { "multi-queue-num-queues", "2" },
		  { "queue-0/ring-ref", "9" },
		  { "queue-0/event-channel", "1" } },
		{ { "protocol", "x86_16-abi" } },
		{ { "protocol", "x86_64-abi " } },
		{ { "event-channel", "1023" } },
		{ { "event-channel", "4294967294" } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		blk_guest_plan_anew(PVIO_BLK_ABI_64);
		memcpy(blk_guest_plan.keys, sets[i], sizeof(sets[i]));
		expect_connects(test, false);
	}
	blk_back_expect_heals(test);
}

static void x03_both_names_of_a_single_page(struct kunit *test)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.numbered = true;
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.keys[0] = (struct blk_guest_key){
		"ring-page-order", "0",
	};
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.keys[0] = (struct blk_guest_key){
		"multi-queue-num-queues", "1",
	};
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.protocol = "x86_64-abi";
	expect_connects(test, true);
}

/* An earlier driver of the guest left keys behind. */
static void x03_stale_name_of_a_single_page(struct kunit *test)
{
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.keys[0] = (struct blk_guest_key){ "ring-ref0", "9" };
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.numbered = true;
	blk_guest_plan.keys[0] = (struct blk_guest_key){ "ring-ref", "9" };
	expect_connects(test, true);
}

/*
 * B4: a boot loader hands over by emptying the keys that it wrote.  They are
 * of the form that is not used, so they are not read.
 */
static void b04_empty_keys_of_a_boot_loader(struct kunit *test)
{
	static const char *const names[] = { "ring-ref", "event-channel" };
	unsigned int i;

	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.numbered = true;
	blk_guest_plan.keys[0] = (struct blk_guest_key){ "ring-ref", "" };
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.order = 1;
	blk_guest_plan.keys[0] = (struct blk_guest_key){ "ring-ref", "" };
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.keys[0] = (struct blk_guest_key){ "ring-ref0", "junk" };
	expect_connects(test, true);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.queues = 2;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		blk_guest_plan.keys[i] = (struct blk_guest_key){ names[i], "" };
	expect_connects(test, true);
}

/*
 * A new backend meets a frontend that was connected to an earlier one and is
 * giving its rings back.  It fails, which is nobody's fault, and does not tell the
 * frontend to go.
 */
static void x06_inherited_guest_is_left_alone(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_back_end(test);
	pvio_loop_set_state(&b->duo.pair.front, XenbusStateConnected);
	blk_duo_plug_back(test, &b->duo);
	blk_lines_begin(&b->duo.pair.back);
	pvio_loop_set_state(&b->duo.pair.front, XenbusStateConnected);
	KUNIT_EXPECT_FALSE(test, connects(b));
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->duo.pair.back),
			XenbusStateInitWait);
	KUNIT_EXPECT_GE(test, blk_lines(&b->duo.pair.back), 1);
	KUNIT_EXPECT_EQ(test, b->duo.pair.back.pdev->fault.nr, 0);
	/* Seen before the next one's rings, or they are taken for the last one's. */
	pvio_loop_set_state(&b->duo.pair.front, XenbusStateInitialising);
	pvio_loop_settle();
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->duo.pair.front), 0);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static unsigned int connects_of(const struct loop_pair *pair)
{
	return pair->front.pdev->connects + pair->back.pdev->connects;
}

/* A backend that waits again has the frontend begin anew, if that sees it. */
static bool come_to_rest(struct loop_pair *pair)
{
	unsigned int try, before;

	for (try = 0; try < 50; try++) {
		before = connects_of(pair);
		msleep(100);
		pvio_loop_settle();
		if (connects_of(pair) == before && pair->back.pdev->connects > 1)
			return true;
	}
	return false;
}

/*
 * A frontend that takes the rings back which the backend has just taken, and says
 * Connected again before that has looked.
 */
static void x06_guest_begins_anew_unseen(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	blk_back_begin(test, PVIO_BLK_ABI_64);
	blk_back_expect_serves(test);
	KUNIT_ASSERT_EQ(test, blk_guest_begin_anew(), 0);
	KUNIT_ASSERT_TRUE(test, come_to_rest(&b->duo.pair));
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	blk_back_expect_serves(test);
	blk_back_end(test);
}

/* More queues than were offered, though fewer than there could be. */
static void x03_more_than_was_offered(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	unsigned long most;
	char text[12];

	blk_back_begin(test, PVIO_BLK_ABI_64);
	most = pvio_loop_number(b->duo.pair.back.own,
				"multi-queue-max-queues");
	blk_back_end(test);
	snprintf(text, sizeof(text), "%lu", most + 1);
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.keys[0] = (struct blk_guest_key){
		"multi-queue-num-queues", text,
	};
	expect_connects(test, false);
	blk_back_expect_heals(test);
}

/* X02 for the toolstack's own keys: a mistake is told, and can be mended. */
static void x02_malformed_orders_of_the_toolstack(struct kunit *test)
{
	static const char *const devices[] = {
		"", "0:0", "junk", "1:2:3", "fff:fffff", "ffffffff:0", "1:",
		":1", "-1:1", "8", "123456789012345678901234567890",
	};
	struct blk_back_bench *b = test->priv;
	dev_t dev = disk_devt(b->duo.disk.disk);
	char right[24];
	unsigned int i;

	snprintf(right, sizeof(right), "%x:%x", MAJOR(dev), MINOR(dev));
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		pvio_loop_put(b->duo.pair.back.own, "physical-device",
			      devices[i]);
		blk_guest_plan_anew(PVIO_BLK_ABI_64);
		blk_back_plug(test);
		KUNIT_EXPECT_FALSE_MSG(test, connects(b), "%s", devices[i]);
		blk_duo_stop(&b->duo);
		pvio_loop_put(b->duo.pair.back.own, "physical-device", right);
		blk_back_expect_heals(test);
	}
}

/* The script writes the device when everything else is there already. */
static void waits_for_the_block_script(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	dev_t dev = disk_devt(b->duo.disk.disk);
	char right[24];

	snprintf(right, sizeof(right), "%x:%x", MAJOR(dev), MINOR(dev));
	pvio_loop_remove(b->duo.pair.back.own, "physical-device");
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_back_plug(test);
	KUNIT_EXPECT_FALSE(test, connects(b));
	KUNIT_EXPECT_EQ(test, blk_lines(&b->duo.pair.back), 0);
	pvio_loop_put(b->duo.pair.back.own, "physical-device", right);
	KUNIT_EXPECT_TRUE(test, blk_duo_connected(&b->duo));
	blk_back_expect_serves(test);
	blk_back_end(test);
}

static void put_some(void)
{
	struct blkif_request req;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		req = blk_guest_direct(i & 1, 8 * i, 3);
		blk_guest_put(0, &req);
	}
	blk_guest_push(0);
}

/* X04: the guest's state is anything, while its requests are under way. */
static void x04_states_out_of_order(struct kunit *test)
{
	static const char *const states[] = {
		"4", "1", "9", "4", "3", "6", "4", "-1", "abc", "", "5", "3",
		"2", "4294967295", "7", "8", "4", "6", "1", "3",
	};
	struct blk_back_bench *b = test->priv;
	unsigned int i;

	b->duo.disk.later = true;
	blk_back_begin(test, PVIO_BLK_ABI_64);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		put_some();
		pvio_loop_put(b->duo.pair.front.own, "state", states[i]);
		pvio_loop_settle();
	}
	blk_back_expect_heals(test);
}

static void x06_connect_and_disconnect_race(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	unsigned int i;

	b->duo.disk.later = true;
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	blk_guest_plan.queues = 2;
	blk_duo_plug_back(test, &b->duo);
	for (i = 0; i < 40; i++) {
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->duo.pair.front), 0);
		if (i % 4)
			usleep_range(i * 100, i * 100 + 50);
		if (pvio_loop_state(&b->duo.pair.back) ==
		    XenbusStateConnected && blk_guest_shared(0))
			put_some();
		if (i % 3 == 1)
			pvio_loop_set_state(&b->duo.pair.front,
					    XenbusStateClosing);
		pvio_loop_unplug(&b->duo.pair.front);
	}
	pvio_loop_unplug(&b->duo.pair.back);
	blk_back_expect_heals(test);
}

static const char *const files[] = {
	"statistics/rd_req", "statistics/wr_sect", "physical_device", "mode",
};

/* Reads the files of the device, which come and go. */
static int read_files(void *arg)
{
	char path[128], text[32];
	struct file *file;
	unsigned int i = 0;
	loff_t pos;

	while (!kthread_should_stop()) {
		snprintf(path, sizeof(path), "/sys/devices/%s/%s", (char *)arg,
			 files[i++ % ARRAY_SIZE(files)]);
		file = pvio_loop_open(path, O_RDONLY);
		if (!IS_ERR(file)) {
			pos = 0;
			kernel_read(file, text, sizeof(text), &pos);
			filp_close(file, NULL);
		}
		cond_resched();
	}
	return 0;
}

static const enum loop_op connect_ops[] = {
	LOOP_READ, LOOP_WRITE, LOOP_TXN_END, LOOP_RING_MAP, LOOP_EVENT_BIND,
	LOOP_RING_GRANT, LOOP_EVENT_OPEN,
};

/* Both ends' operations are counted; whoever fails, the other must cope. */
static void x08_every_step_of_connecting_fails(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;
	struct task_struct *reader;
	unsigned int i, nth;

	reader = kthread_run(read_files, (void *)dev_name(b->duo.pair.back.dev),
			     "reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(reader));
	for (i = 0; i < ARRAY_SIZE(connect_ops); i++) {
		for (nth = 1; nth <= 30; nth += 1 + nth) {
			blk_guest_plan_anew(PVIO_BLK_ABI_64);
			blk_guest_plan.queues = 2;
			blk_guest_plan.persistent = true;
			pvio_loop_fail(connect_ops[i], nth, 1);
			pvio_loop_plug(&b->duo.pair.back);
			pvio_loop_plug(&b->duo.pair.front);
			pvio_loop_settle();
			pvio_loop_fail_none();
			blk_duo_stop(&b->duo);
		}
		blk_back_expect_heals(test);
	}
	kthread_stop(reader);
}

static struct kunit_case keys_cases[] = {
	KUNIT_CASE(x02_every_key_malformed),
	KUNIT_CASE(x02_malformed_orders_of_the_toolstack),
	KUNIT_CASE(waits_for_the_block_script),
	KUNIT_CASE(x03_keys_that_contradict),
	KUNIT_CASE(x03_both_names_of_a_single_page),
	KUNIT_CASE(x03_stale_name_of_a_single_page),
	KUNIT_CASE(b04_empty_keys_of_a_boot_loader),
	KUNIT_CASE(x03_more_than_was_offered),
	KUNIT_CASE(x04_states_out_of_order),
	KUNIT_CASE(x06_inherited_guest_is_left_alone),
	KUNIT_CASE(x06_guest_begins_anew_unseen),
	KUNIT_CASE(x06_connect_and_disconnect_race),
	KUNIT_CASE(x08_every_step_of_connecting_fails),
	{}
};

static struct kunit_suite keys_suite = {
	.name = "pvio_blkback_keys",
	.init = blk_back_init,
	.exit = blk_back_exit,
	.test_cases = keys_cases,
};

kunit_test_suite(keys_suite);
