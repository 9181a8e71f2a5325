// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The handshake engine against itself, through the loopback: every step of
 * connecting is made to fail in turn; both ends fault, unload, resume and
 * vanish; at the end of each test nothing is held.
 */
#include "tests/loopback/bus/toy.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/mm.h>

static void connects_in_either_order(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	pvio_loop_unplug(&b->pair.front);
	pvio_loop_unplug(&b->pair.back);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	toy_expect_heals(test);
}

static const enum loop_op connect_ops[] = {
	LOOP_READ, LOOP_WRITE, LOOP_RING_GRANT, LOOP_RING_MAP,
	LOOP_EVENT_OPEN, LOOP_EVENT_BIND, LOOP_GREFS, LOOP_GRANT,
};

/* X08: connecting fails at each operation, first and second call of each. */
static void x08_every_step_of_connecting_fails(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int i, nth;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	for (i = 0; i < ARRAY_SIZE(connect_ops); i++) {
		for (nth = 1; nth <= 2; nth++) {
			pvio_loop_fail(connect_ops[i], nth, 1);
			pvio_loop_plug(&b->pair.front);
			pvio_loop_settle();
			toy_expect_heals(test);
			pvio_loop_unplug(&b->pair.front);
			pvio_loop_settle();
		}
	}
}

/* X08: nothing changes any more once it can be read again. */
static void x08_what_could_not_be_read_is_read_again(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	/* The backend may be about to read what its peer said last. */
	pvio_loop_settle();
	pvio_loop_fail(LOOP_STATE, 1, 1000000);
	pvio_device_fault(b->pair.front.pdev, "test: violation");
	KUNIT_ASSERT_TRUE(test, pvio_loop_wait(&b->pair.front,
					       XenbusStateClosing, TOY_WAIT_MS));
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateConnected);
	pvio_loop_fail_none();
	KUNIT_EXPECT_TRUE(test, toy_both_closed(b));
	toy_expect_heals(test);
}

/* X11: transactions that always collide end in an error, not in a loop. */
static void x11_endless_collisions_are_bounded(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_fail(LOOP_TXN_END, 1, 1000000);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	pvio_loop_settle();
	KUNIT_EXPECT_NE(test, pvio_loop_state(&b->pair.front),
			XenbusStateConnected);
	toy_expect_heals(test);
}

static void x11_some_collisions_are_survived(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_fail(LOOP_TXN_END, 1, 5);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
}

static void r29_fault_of_either_end_heals(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_device_fault(b->pair.back.pdev, "test: response id %d", 300);
	KUNIT_EXPECT_TRUE(test, toy_both_closed(b));
	KUNIT_EXPECT_TRUE(test, pvio_device_broken(b->pair.back.pdev));
	toy_expect_heals(test);
	KUNIT_EXPECT_FALSE(test, pvio_device_broken(b->pair.back.pdev));
	pvio_device_fault(b->pair.front.pdev, "test: request %d", 7);
	KUNIT_EXPECT_TRUE(test, toy_both_closed(b));
	toy_expect_heals(test);
}

static void first_reason_of_many_faults_wins(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	int i;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	for (i = 0; i < 1000; i++)
		pvio_device_fault(b->pair.back.pdev, "test: fault %d", i);
	KUNIT_EXPECT_STREQ(test, b->pair.back.pdev->reason, "test: fault 0");
	KUNIT_EXPECT_TRUE(test, toy_both_closed(b));
}

static void resumed_frontend_reconnects(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	int i;

	toy_plug_both(test);
	for (i = 0; i < 10; i++) {
		KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
		pvio_loop_resume(&b->pair.front);
		pvio_loop_settle();
	}
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
}

static void reloaded_backend_is_followed(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	int i;

	toy_plug_both(test);
	for (i = 0; i < 10; i++) {
		KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
		pvio_loop_unplug(&b->pair.back);
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	}
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
}

/* xl destroy: the guest's directory goes, and the backend with it. */
static void vanished_frontend_takes_backend_along(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_store_clear(b->pair.front.own);
	pvio_loop_settle();
	KUNIT_EXPECT_NULL(test, READ_ONCE(b->pair.back.pdev));
}

/* xl network-detach: offline and Closing, written by the toolstack. */
static void detach(struct toy_bench *b)
{
	pvio_loop_put(b->pair.back.own, "online", "0");
	pvio_loop_set_state(&b->pair.back, XenbusStateClosing);
}

static void toolstack_detaches(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	detach(b);
	pvio_loop_wait(&b->pair.front, XenbusStateClosed, TOY_WAIT_MS);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.front),
			XenbusStateClosed);
	KUNIT_EXPECT_NULL(test, READ_ONCE(b->pair.back.pdev));
}

/* net 24: nobody has begun to use what the toolstack takes away again. */
static void waiting_backend_is_detached(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *back;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	pvio_loop_settle();
	/* The toolstack writes both at once. */
	back = b->pair.back.pdev;
	mutex_lock(&back->lock);
	detach(b);
	mutex_unlock(&back->lock);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.back,
					       XenbusStateClosed, TOY_WAIT_MS));
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateClosed);
}

/*
 * net 24: it has said Closed to the last frontend.  Before it has seen the next one
 * the toolstack takes the device away, and writes Closing over that.
 */
static void closed_backend_is_detached(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *back;
	unsigned int writes;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	back = b->pair.back.pdev;
	pvio_device_fault(back, "test: violation");
	KUNIT_ASSERT_TRUE(test, toy_both_closed(b));
	pvio_loop_unplug(&b->pair.front);
	pvio_loop_settle();
	mutex_lock(&back->lock);
	pvio_loop_set_state(&b->pair.front, XenbusStateInitialising);
	detach(b);
	mutex_unlock(&back->lock);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.back,
					       XenbusStateClosed, TOY_WAIT_MS));
	/* Neither end answers the other for ever. */
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	pvio_loop_settle();
	writes = pvio_loop_calls(LOOP_SET_STATE);
	msleep(100);
	KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_SET_STATE), writes);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.front),
			XenbusStateInitialising);
}

/* Its driver is loaded anew meanwhile, says InitWait over Closing, and looks first. */
static void backend_comes_back_too_late(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	pvio_loop_set_state(&b->pair.front, XenbusStateConnected);
	detach(b);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.back,
					       XenbusStateClosing, TOY_WAIT_MS));
	pvio_loop_set_state(&b->pair.front, XenbusStateClosed);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.back,
					       XenbusStateClosed, TOY_WAIT_MS));
	pvio_loop_settle();
	KUNIT_EXPECT_NULL(test, READ_ONCE(b->pair.back.pdev));
}

/*
 * What it published in between would be given up at once, while a backend may be
 * connecting to it, which sees Initialised before and after.
 */
static void resumed_while_it_connects(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *front;
	struct toy *toy;

	WRITE_ONCE(toy_pauses, true);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&toy_stopped, HZ), 0);
	front = b->pair.front.pdev;
	toy = front->priv;
	pvio_loop_set_state(&b->pair.front, XenbusStateInitialising);
	pvio_device_resumed(front);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.back,
					       XenbusStateInitWait, 1000));
	complete(&toy_goes_on);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, toy->publishings, 2);
	toy_expect_heals(test);
}

/* X04: the peer's state node says anything, in any order. */
static void x04_states_out_of_order(struct kunit *test)
{
	static const char *const states[] = {
		"4", "1", "9", "6", "4", "-1", "abc", "", "0", "5", "3", "2",
		"4294967295", "7", "8", "4", "6", "1",
	};
	struct toy_bench *b = test->priv;
	unsigned int i;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pvio_loop_put(b->pair.back.own, "state", states[i]);
		pvio_loop_settle();
	}
	pvio_loop_unplug(&b->pair.back);
	pvio_loop_set_state(&b->pair.back, XenbusStateInitialising);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	toy_expect_heals(test);
}

/* X01: what is no state at all changes nothing, on either side. */
static void x01_what_is_no_state_is_ignored(struct kunit *test)
{
	static const char *const states[] = {
		"9", "-1", "abc", "", "4294967295", "4294967300", "0x6", "6 6",
	};
	struct toy_bench *b = test->priv;
	struct pvio_device *back;
	unsigned int i;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	back = b->pair.back.pdev;
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pvio_loop_put(b->pair.front.own, "state", states[i]);
		pvio_loop_settle();
		KUNIT_ASSERT_PTR_EQ(test, READ_ONCE(b->pair.back.pdev), back);
		KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
				XenbusStateConnected);
	}
	pvio_loop_set_state(&b->pair.front, XenbusStateConnected);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pvio_loop_put(b->pair.back.own, "state", states[i]);
		pvio_loop_settle();
		KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.front),
				XenbusStateConnected);
	}
	pvio_loop_set_state(&b->pair.back, XenbusStateConnected);
	pvio_loop_settle();
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	toy_expect_heals(test);
}

/* X06: toggled many times, with removal racing the changes. */
static void x06_connect_and_disconnect_race(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	for (i = 0; i < 200; i++) {
		KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
		if (i % 3 == 1)
			pvio_loop_set_state(&b->pair.front,
					    XenbusStateClosing);
		if (i % 3 == 2)
			pvio_device_fault(b->pair.front.pdev, "test: race");
		pvio_loop_unplug(&b->pair.front);
	}
	toy_expect_heals(test);
}

/* X05: a million changes while the engine is busy leave one watch pending. */
static void x05_watch_events_collapse(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	unsigned int before;
	int i;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_settle();
	mutex_lock(&b->pair.back.pdev->lock);
	before = pvio_loop_calls(LOOP_READ);
	for (i = 0; i < 10000; i++)
		pvio_loop_set_state(&b->pair.front, XenbusStateConnected);
	mutex_unlock(&b->pair.back.pdev->lock);
	pvio_loop_settle();
	KUNIT_EXPECT_LT(test, pvio_loop_calls(LOOP_READ) - before, 10);
}

/* M11, M12: the backend keeps a page mapped; it is freed when it lets go. */
static void m11_page_still_mapped_is_parked(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_map map = { .readonly = false };
	struct pvio_mapper mapper;
	struct toy *front;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev->priv;
	KUNIT_ASSERT_EQ(test, pvio_mapper_open(b->pair.back.pdev, &mapper, 1),
			0);
	map.gref = front->ref;
	KUNIT_ASSERT_EQ(test, pvio_map_pages(&mapper, &map, 1), 0);
	KUNIT_EXPECT_FALSE(test, pvio_ungrant(&front->grefs, front->ref));
	pvio_loop_unplug(&b->pair.front);
	KUNIT_EXPECT_EQ(test, page_count(map.page), 1);
	pvio_unmap_pages(&mapper, &map, 1);
	pvio_mapper_close(&mapper);
}

static const s16 want_status[] = { 0, 1, 0, 0, 1, 0, 0, 0 };

/* M01: of a batch only what failed is left out, and unmapped is the rest. */
static void m01_partly_failed_batch(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_map maps[8] = {};
	struct pvio_mapper mapper;
	struct toy *front;
	int i;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev->priv;
	KUNIT_ASSERT_EQ(test, pvio_mapper_open(b->pair.back.pdev, &mapper, 8),
			0);
	for (i = 0; i < 8; i++)
		maps[i].gref = want_status[i] ? LOOP_BAD_REF + i : front->ref;
	KUNIT_EXPECT_EQ(test, pvio_map_pages(&mapper, maps, 8), -EFAULT);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, !maps[i].page, want_status[i]);
	pvio_unmap_pages(&mapper, maps, 8);
	pvio_unmap_pages(&mapper, maps, 8);
	KUNIT_EXPECT_TRUE(test, pvio_ungrant(&front->grefs, front->ref));
	__free_page(front->page);
	front->page = NULL;
	front->ref = PVIO_NO_GRANT;
	pvio_mapper_close(&mapper);
}

/* M03: no pages to map onto, at every n-th call. */
static void m03_no_pages_to_map_onto(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_map map = {};
	struct pvio_mapper mapper;
	struct toy *front;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev->priv;
	map.gref = front->ref;
	KUNIT_ASSERT_EQ(test, pvio_mapper_open(b->pair.back.pdev, &mapper, 4),
			0);
	pvio_loop_fail(LOOP_PAGES, 1, 1);
	KUNIT_EXPECT_EQ(test, pvio_map_pages(&mapper, &map, 1), -ENOMEM);
	KUNIT_EXPECT_NULL(test, map.page);
	pvio_unmap_pages(&mapper, &map, 1);
	KUNIT_EXPECT_EQ(test, pvio_map_pages(&mapper, &map, 1), 0);
	pvio_unmap_pages(&mapper, &map, 1);
	pvio_mapper_close(&mapper);
}

static bool bind_has_failed(void)
{
	unsigned int waited;

	for (waited = 0; waited < TOY_WAIT_MS; waited++) {
		if (pvio_loop_failed(LOOP_EVENT_BIND))
			return true;
		usleep_range(1000, 2000);
	}
	return false;
}

/*
 * A backend that finds a frontend connected takes its rings, and then cannot tell
 * whether what it sees next is the same life of it.  It begins anew, meets rings
 * that go, and does not send the frontend away for that.
 */
static void frontend_that_begins_anew_is_not_sent_away(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct pvio_device *front;

	toy_plug_both(test);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	pvio_loop_settle();
	/* It does not get to look; the backend's lock is of the same class. */
	front = b->pair.front.pdev;
	mutex_lock_nested(&front->lock, SINGLE_DEPTH_NESTING);
	pvio_loop_unplug(&b->pair.back);
	pvio_loop_set_state(&b->pair.back, XenbusStateInitialising);
	KUNIT_EXPECT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->pair.back,
					       XenbusStateConnected,
					       TOY_WAIT_MS));
	/* However often it looks: it may not have ended its first look yet. */
	pvio_loop_fail(LOOP_EVENT_BIND, 1, 1000);
	pvio_loop_set_state(&b->pair.front, XenbusStateInitialised);
	KUNIT_EXPECT_TRUE(test, bind_has_failed());
	msleep(100);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->pair.back),
			XenbusStateInitWait);
	pvio_loop_fail_none();
	mutex_unlock(&front->lock);
	KUNIT_EXPECT_TRUE(test, toy_both_connected(b));
	toy_expect_heals(test);
}

static struct kunit_case engine_cases[] = {
	KUNIT_CASE(frontend_that_begins_anew_is_not_sent_away),
	KUNIT_CASE(connects_in_either_order),
	KUNIT_CASE(x08_every_step_of_connecting_fails),
	KUNIT_CASE(x08_what_could_not_be_read_is_read_again),
	KUNIT_CASE(x11_endless_collisions_are_bounded),
	KUNIT_CASE(x11_some_collisions_are_survived),
	KUNIT_CASE(r29_fault_of_either_end_heals),
	KUNIT_CASE(first_reason_of_many_faults_wins),
	KUNIT_CASE(resumed_frontend_reconnects),
	KUNIT_CASE(reloaded_backend_is_followed),
	KUNIT_CASE(vanished_frontend_takes_backend_along),
	KUNIT_CASE(toolstack_detaches),
	KUNIT_CASE(waiting_backend_is_detached),
	KUNIT_CASE(closed_backend_is_detached),
	KUNIT_CASE(backend_comes_back_too_late),
	KUNIT_CASE(resumed_while_it_connects),
	KUNIT_CASE(x01_what_is_no_state_is_ignored),
	KUNIT_CASE(x04_states_out_of_order),
	KUNIT_CASE(x06_connect_and_disconnect_race),
	KUNIT_CASE(x05_watch_events_collapse),
	KUNIT_CASE(m11_page_still_mapped_is_parked),
	KUNIT_CASE(m01_partly_failed_batch),
	KUNIT_CASE(m03_no_pages_to_map_onto),
	{}
};

static struct kunit_suite engine_suite = {
	.name = "pvio_engine",
	.init = toy_init,
	.exit = toy_exit,
	.test_cases = engine_cases,
};

kunit_test_suite(engine_suite);

MODULE_DESCRIPTION("Tests of the pvio handshake engine");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
