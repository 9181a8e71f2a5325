// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What sysfs shows of a device: right at any moment, also while it connects, goes
 * or has gone; and nobody waits for who reads it, nor the reader for anybody.
 */
#include "tests/loopback/bus/toy.h"
#include "tests/loopback/says.h"

#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "xenbus/leave.h"

static const char *const files[] = {
	"state", "peer_state", "peer", "waits_for", "fault", "fault_age", "faults",
	"connects", "ref", "closings",
};

static bool says(const struct loop_end *end, const char *name, const char *text)
{
	return !strcmp(pvio_loop_says(end, name), text);
}

static void files_follow_the_handshake(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_end *back = &b->pair.back, *front = &b->pair.front;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(back), 0);
	expect_says(test, back, "waits_for", "frontend");
	expect_says(test, back, "state", "InitWait");
	expect_says(test, back, "peer_state", "Initialising");
	expect_says(test, back, "peer", "1");
	expect_says(test, back, "connects", "0");
	expect_says(test, back, "ref", "none");
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(front), 0);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	expect_says(test, back, "waits_for", "");
	expect_says(test, back, "state", "Connected");
	expect_says(test, front, "waits_for", "");
	expect_says(test, front, "peer", "0");
	expect_says(test, front, "connects", "1");
	KUNIT_EXPECT_FALSE(test, says(front, "ref", "none"));
	toy_expect_heals(test);
	expect_says(test, back, "connects", "2");
}

static void the_last_fault_is_told(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_end *back = &b->pair.back;
	char text[300];
	int i;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	expect_says(test, back, "fault", "");
	expect_says(test, back, "fault_age", "");
	expect_says(test, back, "faults", "0");
	pvio_info(back->pdev, "test: good news");
	expect_says(test, back, "faults", "0");
	/* More than the log takes. */
	for (i = 1; i < 50; i++)
		pvio_warn(back->pdev, "test: line %d", i);
	expect_says(test, back, "fault", "test: line 49");
	expect_says(test, back, "faults", "49");
	KUNIT_EXPECT_TRUE(test, says(back, "fault_age", "0") ||
			  says(back, "fault_age", "1"));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	pvio_err(back->pdev, "%s", text);
	KUNIT_EXPECT_EQ(test, strlen(pvio_loop_says(back, "fault")),
			PVIO_LOG_TEXT - 1);
	pvio_device_fault(back->pdev, "test: violation");
	KUNIT_ASSERT_TRUE(test, toy_both_closed(b));
	expect_says(test, back, "fault",
		    "test: violation; disabled until it reconnects");
}

static void what_is_in_flight_is_waited_for(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_end *back = &b->pair.back;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	WRITE_ONCE(toy_busy, true);
	pvio_loop_set_state(&b->pair.front, XenbusStateClosing);
	expect_says(test, back, "waits_for", "requests in flight");
	expect_says(test, back, "peer_state", "Closing");
	expect_says(test, back, "ref", "none");
	WRITE_ONCE(toy_busy, false);
	pvio_device_look(back->pdev);
	expect_says(test, back, "waits_for", "frontend");
}

static void what_is_short_is_tried_again(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_fail(LOOP_GREFS, 1, 1000000);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	expect_says(test, &b->pair.front, "waits_for", "another try");
	pvio_loop_fail_none();
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	expect_says(test, &b->pair.front, "waits_for", "");
}

/* Returns how many there were. */
static int read_all(const struct loop_end *end)
{
	char text[256];
	int i, found = 0;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		found += !pvio_loop_attr(end, files[i], text, sizeof(text));
	return found;
}

/**
 * struct reader - reads all files of both ends, again and again
 * @b: the pair
 * @rounds: how often it has
 */
struct reader {
	struct toy_bench *b;
	unsigned int rounds;
};

static int read_on(void *arg)
{
	struct reader *r = arg;
	int found = 0;

	while (!kthread_should_stop()) {
		found += read_all(&r->b->pair.front);
		found += read_all(&r->b->pair.back);
		WRITE_ONCE(r->rounds, r->rounds + 1);
		cond_resched();
	}
	return found;
}

static bool goes_on(struct reader *r)
{
	unsigned int began = READ_ONCE(r->rounds), ms;

	for (ms = 0; ms < TOY_WAIT_MS; ms += 20) {
		if (READ_ONCE(r->rounds) - began > 2)
			return true;
		msleep(20);
	}
	return false;
}

/* As while a driver is at something that takes its time. */
static void reading_waits_for_no_engine(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *pdev;
	struct reader r = { .b = b };
	struct task_struct *task;
	bool went;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	task = kthread_run(read_on, &r, "reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	pdev = b->pair.back.pdev;
	mutex_lock(&pdev->lock);
	went = goes_on(&r);
	mutex_unlock(&pdev->lock);
	KUNIT_EXPECT_TRUE(test, went);
	KUNIT_EXPECT_GT(test, kthread_stop(task), 0);
}

/* Its driver has freed what it had, and its files are still there. */
static void what_has_left_is_not_looked_at(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_end *back = &b->pair.back;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	expect_says(test, back, "closings", "0");
	KUNIT_EXPECT_TRUE(test, pvio_leave_ask(back->pdev));
	expect_says(test, back, "closings", "");
	expect_says(test, back, "waits_for", "");
	expect_says(test, back, "state", "Initialising");
	pvio_loop_unplug(back);
	KUNIT_EXPECT_EQ(test, read_all(back), 0);
}

static void x09_readers_while_the_device_goes(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct reader r = { .b = b };
	struct task_struct *task;
	unsigned int i;

	task = kthread_run(read_on, &r, "reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (i = 0; i < 8; i++) {
		toy_plug_both(test);
		KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
		if (i & 1)
			pvio_loop_unplug(&b->pair.front);
		else
			pvio_loop_take_away(&b->pair.front);
		pvio_loop_unplug(&b->pair.back);
	}
	KUNIT_EXPECT_GT(test, kthread_stop(task), 8);
	KUNIT_EXPECT_EQ(test, read_all(&b->pair.front), 0);
	KUNIT_EXPECT_EQ(test, read_all(&b->pair.back), 0);
}

static struct kunit_case sysfs_cases[] = {
	KUNIT_CASE(files_follow_the_handshake),
	KUNIT_CASE(the_last_fault_is_told),
	KUNIT_CASE(what_is_in_flight_is_waited_for),
	KUNIT_CASE(what_is_short_is_tried_again),
	KUNIT_CASE(reading_waits_for_no_engine),
	KUNIT_CASE(what_has_left_is_not_looked_at),
	KUNIT_CASE(x09_readers_while_the_device_goes),
	{}
};

static struct kunit_suite sysfs_suite = {
	.name = "pvio_sysfs",
	.init = toy_init,
	.exit = toy_exit,
	.test_cases = sysfs_cases,
};

kunit_test_suite(sysfs_suite);

MODULE_DESCRIPTION("Tests of what sysfs shows of pvio's devices");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
