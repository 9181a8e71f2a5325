// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The handshake engine at its seams: a restored domain whose backend has moved,
 * disconnects that take their time, removal and unloading meanwhile, what is
 * short for a moment, and the toolstack's word.
 */
#include "tests/loopback/bus/toy.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "xenbus/door.h"
#include "xenbus/roll.h"

/* B5, net 1, blk 1: the backend is in another domain after a restore. */
static void grants_follow_the_backend(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_map map = { .readonly = false };
	struct pvio_mapper mapper;
	struct toy *front;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_resume_to(&b->pair.front, 7);
	pvio_loop_settle();
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	KUNIT_EXPECT_EQ(test, b->pair.front.pdev->peer_id, 7);
	front = b->pair.front.pdev->priv;
	map.gref = front->ref;
	KUNIT_ASSERT_EQ(test, pvio_mapper_open(b->pair.back.pdev, &mapper, 1),
			0);
	KUNIT_EXPECT_EQ(test, pvio_map_pages(&mapper, &map, 1), 0);
	pvio_unmap_pages(&mapper, &map, 1);
	pvio_mapper_close(&mapper);
}

/* A backend's domain that was started anew; @b's frontend is the guest's end. */
static void make_elsewhere(struct kunit *test, struct loop_pair *pair,
			   unsigned int id)
{
	struct toy_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_make(pair, LOOP_FRONT_DOMAIN, "vif", id), 0);
	strscpy(pair->back.other, b->pair.front.own, sizeof(pair->back.other));
	pvio_loop_put(pair->back.own, "frontend", b->pair.front.own);
	pvio_loop_set_backend(id);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&pair->back), 0);
	KUNIT_ASSERT_TRUE(test, pvio_loop_wait(&pair->back, XenbusStateInitWait,
					       TOY_WAIT_MS));
}

/* As the toolstack does it, but for the transaction. */
static void name_backend(struct toy_bench *b, const struct loop_pair *pair,
			 const char *id)
{
	pvio_loop_put(b->pair.front.own, "backend-id", id);
	pvio_loop_put(b->pair.front.own, "backend", pair->back.own);
	pvio_loop_settle();
}

/* The front's page can be mapped from the domain of the end it is connected to. */
static void expect_granted_to(struct kunit *test, struct loop_end *back)
{
	struct toy_bench *b = test->priv;
	struct pvio_map map = { .readonly = false };
	struct pvio_mapper mapper;
	struct toy *front = b->pair.front.pdev->priv;

	map.gref = front->ref;
	KUNIT_ASSERT_EQ(test, pvio_mapper_open(back->pdev, &mapper, 1), 0);
	KUNIT_EXPECT_EQ(test, pvio_map_pages(&mapper, &map, 1), 0);
	pvio_unmap_pages(&mapper, &map, 1);
	pvio_mapper_close(&mapper);
}

static bool connects_to(struct toy_bench *b, const struct loop_pair *pair)
{
	return pvio_loop_wait(&pair->back, XenbusStateConnected, TOY_WAIT_MS) &&
	       pvio_loop_wait(&b->pair.front, XenbusStateConnected, TOY_WAIT_MS);
}

/* 15.2: the toolstack names a backend in another domain; the device stays. */
static void backend_elsewhere_is_followed(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *front;
	struct loop_pair *pair;

	pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pair);
	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev;
	pvio_loop_remove_end(&b->pair.back);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateInitialising,
					       TOY_WAIT_MS));
	make_elsewhere(test, pair, 7);
	name_backend(b, pair, "7");
	KUNIT_EXPECT_TRUE(test, connects_to(b, pair));
	KUNIT_EXPECT_PTR_EQ(test, b->pair.front.pdev, front);
	KUNIT_EXPECT_EQ(test, front->peer_id, 7);
	expect_granted_to(test, &pair->back);
	pvio_loop_unplug(&b->pair.front);
	pvio_loop_drop(pair);
}

/*
 * 15.2: a toolstack removes the directory first and the device some time later;
 * meanwhile the backend sees what its frontend makes of that.
 */
static void removed_state_is_not_made_again(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_settle();
	pvio_loop_store_clear(b->pair.back.own);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateUnknown);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.front),
			XenbusStateInitialising);
	pvio_loop_take_away(&b->pair.back);
}

/* 15.2: the old one hangs, and says Connected for ever. */
static void backend_left_behind_is_not_waited_for(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct loop_pair *pair;

	pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pair);
	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	WRITE_ONCE(toy_busy, true);
	pvio_loop_set_state(&b->pair.front, XenbusStateInitialising);
	make_elsewhere(test, pair, 8);
	/* Not being able to tell is no answer. */
	pvio_loop_fail(LOOP_TXN_START, 1, 1);
	name_backend(b, pair, "8");
	KUNIT_EXPECT_TRUE(test, connects_to(b, pair));
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateConnected);
	expect_granted_to(test, &pair->back);
	WRITE_ONCE(toy_busy, false);
	pvio_loop_unplug(&b->pair.front);
	pvio_loop_drop(pair);
}

/* 15.2: what is no place, or the same one, moves nobody. */
static void backend_nowhere_is_not_followed(struct kunit *test)
{
	static const char *const ids[] = { "", "x", "-1", "65536", "0" };
	struct toy_bench *b = test->priv;
	unsigned int i, calls;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_settle();
	calls = pvio_loop_calls(LOOP_SET_STATE);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		name_backend(b, &b->pair, ids[i]);
	pvio_loop_put(b->pair.front.own, "backend", "");
	pvio_loop_settle();
	/* Somebody else's, and no backend's. */
	pvio_loop_put("back/vif/9", "frontend", "front/vif/9");
	pvio_loop_put(b->pair.front.own, "backend", "back/vif/9");
	pvio_loop_settle();
	pvio_loop_put(b->pair.front.own, "backend", "front/vif/9");
	pvio_loop_settle();
	pvio_loop_remove("back/vif/9", "frontend");
	pvio_loop_remove(b->pair.front.own, "backend-id");
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_SET_STATE), calls);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	toy_expect_heals(test);
}

/* 15.3: from 7.2 on the bus makes a device anew whose state was reset. */
static void removed_device_writes_nothing(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_set_state(&b->pair.front, XenbusStateInitialising);
	pvio_loop_take_away(&b->pair.front);
	pvio_loop_settle();
	/* It may have begun anew before; a farewell is nobody's. */
	KUNIT_EXPECT_LE(test, pvio_loop_state(&b->pair.front),
			XenbusStateConnected);
	toy_expect_heals(test);
}

/* 15.3, CVE-2026-99287: what was given back is not given back again. */
static void ring_is_given_back_once(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_shared ring = {}, map = {};
	struct pvio_device *front, *back;
	s64 held;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev;
	back = b->pair.back.pdev;
	held = pvio_outstanding(PVIO_RES_RING);
	KUNIT_ASSERT_EQ(test, pvio_shared_grant(front, &ring, 1), 0);
	KUNIT_ASSERT_EQ(test, pvio_shared_map(back, &map, ring.refs, 1), 0);
	pvio_shared_close(back, &map);
	pvio_shared_close(back, &map);
	pvio_shared_close(front, &ring);
	pvio_shared_close(front, &ring);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_RING), held);
}

/* 15.2: a module of another version was left behind when the core was renewed. */
static void driver_of_another_build_is_refused(struct kunit *test)
{
	static struct pvio_driver other = {
		.name = "pvio-other", .type = "other", .role = PVIO_BACK,
		.owner = THIS_MODULE,
	};

	KUNIT_EXPECT_EQ(test, pvio_register_built(&other, "0.0-1"), -ENOEXEC);
	KUNIT_EXPECT_EQ(test, pvio_register_built(&other, ""), -ENOEXEC);
	KUNIT_ASSERT_EQ(test, pvio_register_built(&other, PVIO_BUILD), 0);
	pvio_unregister_driver(&other);
}

/* A device beside the one that is busy; returns whether it connects. */
static bool another_connects(struct kunit *test)
{
	struct loop_pair *pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);
	bool ok;

	if (!pair || pvio_loop_make(pair, LOOP_FRONT_DOMAIN, "vif", 1))
		return false;
	ok = !pvio_loop_plug(&pair->back) && !pvio_loop_plug(&pair->front) &&
	     pvio_loop_wait(&pair->back, XenbusStateConnected, TOY_WAIT_MS) &&
	     pvio_loop_wait(&pair->front, XenbusStateConnected, TOY_WAIT_MS);
	pvio_loop_remove_end(&pair->front);
	pvio_loop_settle();
	ok &= !READ_ONCE(pair->back.pdev);
	pvio_loop_drop(pair);
	return ok;
}

/*
 * How long an engine or the bus's thread may be at one thing, beside whatever else the
 * emulator's host does.  Who waited here would wait for ever.
 */
#define SHORT	msecs_to_jiffies(500)

/* 12.1: a disconnect that takes its time is in nobody's way, and ends. */
static void slow_disconnect_goes_on_by_itself(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *back;
	unsigned long begun;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	back = b->pair.back.pdev;
	WRITE_ONCE(toy_busy, true);
	begun = jiffies;
	pvio_loop_set_state(&b->pair.front, XenbusStateClosing);
	pvio_loop_settle();
	KUNIT_EXPECT_TRUE(test, time_before_eq(jiffies, begun + SHORT));
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateConnected);
	WRITE_ONCE(toy_busy, false);
	KUNIT_EXPECT_TRUE(test, another_connects(test));
	WRITE_ONCE(toy_busy, true);
	pvio_device_look(back);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateConnected);
	WRITE_ONCE(toy_busy, false);
	pvio_device_look(back);
	KUNIT_EXPECT_TRUE(test, toy_both_closed(b));
	toy_expect_heals(test);
}

/* 12.1: the toolstack takes everything away while something is in flight. */
static void removal_waits_for_nothing(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *back;
	unsigned long begun;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	back = b->pair.back.pdev;
	pvio_device_get(back);
	WRITE_ONCE(toy_busy, true);
	begun = jiffies;
	pvio_loop_remove_end(&b->pair.front);
	pvio_loop_remove_end(&b->pair.back);
	KUNIT_EXPECT_TRUE(test, time_before_eq(jiffies, begun + SHORT));
	KUNIT_EXPECT_FALSE(test, pvio_roll_wait_left(back, 100));
	WRITE_ONCE(toy_busy, false);
	pvio_device_look(back);
	KUNIT_EXPECT_TRUE(test, pvio_roll_wait_left(back, TOY_WAIT_MS));
	pvio_device_put(back);
}

static struct task_struct *run_beside(struct kunit *test, int (*fn)(void *arg),
				      void *arg)
{
	struct task_struct *task = kthread_create(fn, arg, "pvio-beside");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	return task;
}

static void wait_for_it(struct task_struct *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

static int unload_back(void *unused)
{
	pvio_unregister_driver(&toy_back);
	return 0;
}

/* net 2, blk 32: unloading lasts as long as the last device, not less. */
static void unload_waits_for_what_is_in_flight(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct task_struct *task;
	struct pvio_device *back;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	back = b->pair.back.pdev;
	pvio_device_get(back);
	WRITE_ONCE(toy_busy, true);
	task = run_beside(test, unload_back, NULL);
	KUNIT_EXPECT_FALSE(test, pvio_roll_wait_left(back, 100));
	/* The toolstack does not wait for it. */
	pvio_loop_remove_end(&b->pair.back);
	KUNIT_EXPECT_FALSE(test, pvio_roll_wait_left(back, 100));
	WRITE_ONCE(toy_busy, false);
	pvio_device_look(back);
	KUNIT_EXPECT_TRUE(test, pvio_roll_wait_left(back, TOY_WAIT_MS));
	pvio_device_put(back);
	wait_for_it(task);
	KUNIT_EXPECT_EQ(test, pvio_register_driver(&toy_back), 0);
}

static int unbind_front(void *end)
{
	pvio_loop_unplug(end);
	return 0;
}

/*
 * 12.6: a frontend is unbound and waits for its backend when the toolstack takes
 * both away.  Unbinding holds a lock that the bus's thread is then waiting for.
 */
static void unbinding_ends_when_the_device_is_removed(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct task_struct *task;
	struct pvio_device *front;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev;
	pvio_device_get(front);
	WRITE_ONCE(toy_waits, true);
	task = run_beside(test, unbind_front, &b->pair.front);
	KUNIT_EXPECT_FALSE(test, pvio_roll_wait_left(front, 100));
	pvio_loop_remove_end(&b->pair.front);
	KUNIT_EXPECT_TRUE(test, pvio_roll_wait_left(front, TOY_WAIT_MS / 4));
	WRITE_ONCE(toy_waits, false);
	wait_for_it(task);
	pvio_device_put(front);
	pvio_loop_set_state(&b->pair.front, XenbusStateInitialising);
}

/*
 * 15.2: from an engine that memory waits for the kernel allows no wait for works that
 * themselves need some to begin, and says so in its log.
 */
static void leaving_may_wait_for_the_kernel(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	WRITE_ONCE(toy_flushes, true);
	pvio_loop_unplug(&b->pair.front);
	WRITE_ONCE(toy_flushes, false);
	toy_expect_heals(test);
}

/* 12.6: the backend's module is unloaded: nobody will answer any more. */
static void backend_that_goes_is_not_waited_for(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct task_struct *task;
	struct pvio_device *front;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev;
	pvio_device_get(front);
	WRITE_ONCE(toy_waits, true);
	task = run_beside(test, unbind_front, &b->pair.front);
	/* As long as it is there it is waited for. */
	KUNIT_EXPECT_FALSE(test, pvio_roll_wait_left(front, 300));
	pvio_loop_set_state(&b->pair.back, XenbusStateInitialising);
	KUNIT_EXPECT_TRUE(test, pvio_roll_wait_left(front, TOY_WAIT_MS / 4));
	WRITE_ONCE(toy_waits, false);
	wait_for_it(task);
	pvio_device_put(front);
}

/* 12.6: a module is loaded while a device's directory goes: there is no device. */
static void device_that_goes_is_none(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	WRITE_ONCE(toy_fails, -ENOENT);
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.back), -ENOENT);
	pvio_loop_store_clear(b->pair.back.own);
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.back), -ENODEV);
	WRITE_ONCE(toy_fails, -ENOMEM);
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.back), -ENODEV);
	WRITE_ONCE(toy_fails, 0);
}

/*
 * 12.6: a frontend takes its leave of a backend that waits; when the backend
 * comes to answer the next one has seen that it waits, and published.
 */
static void answer_is_not_for_the_next_frontend(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_settle();
	WRITE_ONCE(toy_stops, true);
	pvio_loop_set_state(&b->pair.front, XenbusStateClosing);
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&toy_stopped, HZ), 0);
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateInitialised, 1000));
	complete(&toy_goes_on);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	toy_expect_heals(test);
}

static int plug_front(void *end)
{
	return pvio_loop_plug(end);
}

/* An answer that cannot be written is not written to the next one either. */
static void answer_is_not_kept_for_the_next_frontend(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct task_struct *task;
	struct pvio_device *back;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	back = b->pair.back.pdev;
	pvio_loop_settle();
	pvio_loop_fail(LOOP_SET_STATE, 1, 1);
	pvio_loop_set_state(&b->pair.front, XenbusStateClosing);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateInitWait);
	mutex_lock(&back->lock);
	task = run_beside(test, plug_front, &b->pair.front);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateInitialised, 1000));
	mutex_unlock(&back->lock);
	wait_for_it(task);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	toy_expect_heals(test);
}

static const enum loop_op scarce_ops[] = {
	LOOP_RING_GRANT, LOOP_EVENT_OPEN, LOOP_GREFS,
};

/* blk 15: what is short for a moment is tried again, without a word to the peer. */
static void what_was_short_is_tried_again(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	for (i = 0; i < ARRAY_SIZE(scarce_ops); i++) {
		pvio_loop_fail(scarce_ops[i], 1, 1);
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
		KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
		pvio_loop_unplug(&b->pair.front);
	}
}

/* net 4: a state that could not be written is written later, not another. */
static void state_is_written_in_the_end(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int nth;

	for (nth = 1; nth <= 4; nth++) {
		pvio_loop_fail(LOOP_SET_STATE, nth, 1);
		toy_plug_both(test);
		KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
		pvio_loop_unplug(&b->pair.front);
		pvio_loop_unplug(&b->pair.back);
	}
}

/* A frontend that begins must not act on a state that is given up meanwhile. */
static void next_frontend_is_waited_for(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	pvio_loop_set_state(&b->pair.front, XenbusStateClosed);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateInitWait);
	pvio_loop_put(b->pair.back.own, "online", "0");
	pvio_loop_settle();
	KUNIT_EXPECT_NULL(test, READ_ONCE(b->pair.back.pdev));
}

/* blk 31: the toolstack's Closing is not undone by news of a size. */
static void news_leave_the_toolstack_its_word(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *back;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	back = b->pair.back.pdev;
	mutex_lock(&back->lock);
	pvio_loop_set_state(&b->pair.back, XenbusStateClosing);
	pvio_device_announce(back);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateClosing);
	mutex_unlock(&back->lock);
}

/* B17: the reason stands where a toolstack looks for it. */
static void reason_is_left_for_the_toolstack(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int len;
	char dir[80];
	char *text;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_device_refuse(b->pair.back.pdev, "test: %s", "in use");
	snprintf(dir, sizeof(dir), "error/%s", b->pair.back.own);
	text = pvio_loop_get(dir, "error", &len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	KUNIT_EXPECT_STREQ(test, text, "test: in use");
	kfree(text);
	/* And not longer than it is true; the engine says Connected first. */
	toy_expect_heals(test);
	pvio_loop_settle();
	KUNIT_EXPECT_PTR_EQ(test, pvio_loop_get(dir, "error", &len),
			    ERR_PTR(-ENOENT));
}

/* 16: a toolstack sees which driver a guest has, beside those of others. */
static void toolstack_is_told_of_the_driver(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int len;
	char *text;

	KUNIT_ASSERT_EQ(test, pvio_loop_put("drivers", "0", "Other vif 8.2.1"), 0);
	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	text = pvio_loop_get("drivers", "1", &len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	KUNIT_EXPECT_STREQ(test, text, "pvio pvio-toy-front " PVIO_RELEASE);
	kfree(text);
	/* Once, however often it connects. */
	toy_expect_heals(test);
	KUNIT_EXPECT_PTR_EQ(test, pvio_loop_get("drivers", "2", &len),
			    ERR_PTR(-ENOENT));
	pvio_loop_store_clear("drivers");
}

/* One that has no keys: each of its states is another step for the engine. */
static void flap(struct toy_bench *b, unsigned int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	unsigned int i;

	for (i = 0; time_before(jiffies, end); i++) {
		pvio_loop_set_state(&b->pair.front, i % 6 + 1);
		pvio_loop_settle();
	}
}

/* 12.1: the work that a peer causes has a limit, and one that stops is heard. */
static void peer_that_flaps_is_looked_at_now_and_then(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int looks;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_settle();
	pvio_loop_pace(true);
	looks = pvio_loop_calls(LOOP_STATE);
	flap(b, 2000);
	looks = pvio_loop_calls(LOOP_STATE) - looks;
	/* 32 at once, two a second; a look may take some steps. */
	KUNIT_EXPECT_GE(test, looks, 32);
	KUNIT_EXPECT_LE(test, looks, (32 + 5) * PVIO_STATE_STEPS_MAX);
	toy_expect_heals(test);
	pvio_loop_pace(false);
}

static struct kunit_case seam_cases[] = {
	KUNIT_CASE(peer_that_flaps_is_looked_at_now_and_then),
	KUNIT_CASE(grants_follow_the_backend),
	KUNIT_CASE(backend_elsewhere_is_followed),
	KUNIT_CASE(removed_state_is_not_made_again),
	KUNIT_CASE(backend_left_behind_is_not_waited_for),
	KUNIT_CASE(backend_nowhere_is_not_followed),
	KUNIT_CASE(driver_of_another_build_is_refused),
	KUNIT_CASE(removed_device_writes_nothing),
	KUNIT_CASE(ring_is_given_back_once),
	KUNIT_CASE(slow_disconnect_goes_on_by_itself),
	KUNIT_CASE(removal_waits_for_nothing),
	KUNIT_CASE(unload_waits_for_what_is_in_flight),
	KUNIT_CASE(unbinding_ends_when_the_device_is_removed),
	KUNIT_CASE(leaving_may_wait_for_the_kernel),
	KUNIT_CASE(backend_that_goes_is_not_waited_for),
	KUNIT_CASE(device_that_goes_is_none),
	KUNIT_CASE(answer_is_not_for_the_next_frontend),
	KUNIT_CASE(answer_is_not_kept_for_the_next_frontend),
	KUNIT_CASE(what_was_short_is_tried_again),
	KUNIT_CASE(state_is_written_in_the_end),
	KUNIT_CASE(next_frontend_is_waited_for),
	KUNIT_CASE(news_leave_the_toolstack_its_word),
	KUNIT_CASE(reason_is_left_for_the_toolstack),
	KUNIT_CASE(toolstack_is_told_of_the_driver),
	{}
};

static struct kunit_suite seam_suite = {
	.name = "pvio_seam",
	.init = toy_init,
	.exit = toy_exit,
	.test_cases = seam_cases,
};

kunit_test_suite(seam_suite);

MODULE_DESCRIPTION("Tests of the pvio handshake engine at its seams");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
