// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The life of a network device with both real drivers: every operation of the
 * door fails in turn, both ends come and go in any order, and packets flow
 * all the while.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/rtnetlink.h>

#include "tests/loopback/net/bench.h"

#define FLOW	16	/* packets that prove that traffic flows */

static void start_traffic(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_source_start(&b->source[0],
					       &b->link.pair.front), 0);
	KUNIT_ASSERT_EQ(test, net_source_start(&b->source[1],
					       &b->link.pair.back), 0);
}

static void stop_traffic(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_source_stop(&b->source[0]);
	net_source_stop(&b->source[1]);
}

/* Packets sent now arrive; others of the traffic may come before them. */
static void expect_flow(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int front = atomic_read(&b->link.front.ear.good);
	int back = atomic_read(&b->link.back.ear.good);

	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.front.ear, front + FLOW));
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, back + FLOW));
}

static void replug(struct kunit *test, struct net_side *side)
{
	net_side_unplug(side);
	KUNIT_ASSERT_EQ(test, net_side_plug(side), 0);
}

/* A new frontend, and no failures any more. */
static void expect_heals(struct kunit *test)
{
	struct net_bench *b = test->priv;

	pvio_loop_fail_none();
	if (!READ_ONCE(b->link.pair.back.pdev))
		replug(test, &b->link.back);
	replug(test, &b->link.front);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
}

static void reconnects_under_traffic(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int bad = net_bad_packets(), i;

	net_connect(test);
	start_traffic(test);
	for (i = 0; i < 4; i++) {
		replug(test, &b->link.front);
		KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
		expect_flow(test);
		replug(test, &b->link.back);
		KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
		expect_flow(test);
	}
	stop_traffic(test);
	KUNIT_EXPECT_EQ(test, net_bad_packets(), bad);
}

static void resumes_under_traffic(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int bad = net_bad_packets(), i;

	net_connect(test);
	start_traffic(test);
	for (i = 0; i < 6; i++) {
		pvio_loop_resume(&b->link.pair.front);
		pvio_loop_settle();
		KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
		expect_flow(test);
	}
	stop_traffic(test);
	KUNIT_EXPECT_EQ(test, net_bad_packets(), bad);
}

static void r29_faults_under_traffic_heal(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i;

	net_connect(test);
	start_traffic(test);
	for (i = 0; i < 3; i++) {
		pvio_device_fault(b->link.pair.front.pdev, "test: front");
		pvio_loop_wait(&b->link.pair.back, XenbusStateClosed,
			       NET_WAIT_MS);
		expect_heals(test);
		expect_flow(test);
		pvio_device_fault(b->link.pair.back.pdev, "test: back");
		pvio_loop_wait(&b->link.pair.front, XenbusStateClosed,
			       NET_WAIT_MS);
		expect_heals(test);
		expect_flow(test);
	}
}

struct failure {
	enum loop_op op;
	unsigned int upto;	/* the n-th call fails, from 1 to this */
	unsigned int step;
	unsigned int in_a_row;
};

static void fail_front(struct kunit *test, const struct failure *f,
		       unsigned int nth)
{
	struct net_bench *b = test->priv;

	net_side_unplug(&b->link.front);
	pvio_loop_settle();
	pvio_loop_fail(f->op, nth, f->in_a_row);
	if (pvio_loop_plug(&b->link.pair.front))
		kunit_info(test, "not even plugged: operation %d, call %u",
			   f->op, nth);
	pvio_loop_settle();
	expect_heals(test);
	KUNIT_EXPECT_TRUE_MSG(test, net_ping(&b->link),
			      "operation %d, call %u", f->op, nth);
}

static void fail_each(struct kunit *test, const struct failure *list,
		      unsigned int nr)
{
	unsigned int i, nth;

	for (i = 0; i < nr; i++)
		for (nth = 1; nth <= list[i].upto; nth += list[i].step)
			fail_front(test, &list[i], nth);
}

static void x08_rings_and_events_fail(struct kunit *test)
{
	static const struct failure steps[] = {
		{ LOOP_RING_GRANT, 4, 1, 1 }, { LOOP_RING_MAP, 4, 1, 1 },
		{ LOOP_EVENT_OPEN, 4, 1, 1 }, { LOOP_EVENT_BIND, 4, 1, 1 },
	};
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	fail_each(test, steps, ARRAY_SIZE(steps));
}

static void x08_references_and_grants_fail(struct kunit *test)
{
	static const struct failure steps[] = {
		{ LOOP_GREFS, 4, 1, 1 }, { LOOP_GRANT, 600, 128, 1 },
		{ LOOP_EVENT_OPEN, 1, 1, 100 }, { LOOP_GRANT, 1, 1, 1000 },
	};
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	fail_each(test, steps, ARRAY_SIZE(steps));
}

static void x08_every_xenstore_call_fails(struct kunit *test)
{
	static const struct failure calls[] = {
		{ LOOP_READ, 45, 5, 1 }, { LOOP_WRITE, 20, 3, 1 },
		{ LOOP_READ, 1, 1, 1000 }, { LOOP_WRITE, 1, 1, 1000 },
	};
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	fail_each(test, calls, ARRAY_SIZE(calls));
}

static void x11_transactions_collide(struct kunit *test)
{
	static const struct failure collisions[] = {
		{ LOOP_TXN_END, 4, 1, 3 }, { LOOP_TXN_END, 1, 1, 100000 },
	};
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	fail_each(test, collisions, ARRAY_SIZE(collisions));
}

static void fail_back(struct kunit *test, enum loop_op op, unsigned int nth)
{
	struct net_bench *b = test->priv;

	net_side_unplug(&b->link.back);
	pvio_loop_fail(op, nth, 1);
	if (!pvio_loop_plug(&b->link.pair.back))
		pvio_loop_settle();
	pvio_loop_fail_none();
	replug(test, &b->link.back);
	expect_heals(test);
	KUNIT_EXPECT_TRUE_MSG(test, net_ping(&b->link),
			      "operation %d, call %u", op, nth);
}

static void x08_every_step_of_a_new_backend_fails(struct kunit *test)
{
	unsigned int nth;

	net_connect(test);
	for (nth = 1; nth <= 4; nth++)
		fail_back(test, LOOP_WATCH, nth);
	for (nth = 1; nth <= 9; nth++)
		fail_back(test, LOOP_WRITE, nth);
	for (nth = 1; nth <= 5; nth++)
		fail_back(test, LOOP_READ, nth);
}

/* While packets flow; what fails is made good, or faulted and healed. */
static void fail_in_flow(struct kunit *test, enum loop_op op)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	net_connect(test);
	start_traffic(test);
	for (i = 0; i < 6; i++) {
		pvio_loop_fail(op, 1 + i * 7, 1 + i);
		msleep(20);
		pvio_loop_fail_none();
		if (pvio_device_broken(b->link.pair.front.pdev) ||
		    pvio_device_broken(b->link.pair.back.pdev))
			expect_heals(test);
		expect_flow(test);
	}
	stop_traffic(test);
	KUNIT_EXPECT_TRUE(test, net_ping(net_bystander()));
}

static void n12_copies_fail_in_flow(struct kunit *test)
{
	fail_in_flow(test, LOOP_COPY);
}

static void grants_fail_in_flow(struct kunit *test)
{
	fail_in_flow(test, LOOP_GRANT);
}

static void m11_revokes_fail_in_flow(struct kunit *test)
{
	fail_in_flow(test, LOOP_UNGRANT);
}

static void m03_everything_fails_while_it_reconnects(struct kunit *test)
{
	struct net_bench *b = test->priv;
	enum loop_op op;

	net_connect(test);
	start_traffic(test);
	for (op = 0; op < LOOP_OPS; op++) {
		if (op == LOOP_EVENT_SEND)
			continue;
		pvio_loop_fail(op, 3, 5);
		net_side_unplug(&b->link.front);
		if (!pvio_loop_plug(&b->link.pair.front))
			pvio_loop_settle();
		expect_heals(test);
		expect_flow(test);
	}
}

static void x08_statistics_are_read_all_along(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i;

	net_connect(test);
	start_traffic(test);
	KUNIT_ASSERT_EQ(test, net_reader_start(&b->reader, b->link.back.dev),
			0);
	for (i = 0; i < 5; i++) {
		replug(test, &b->link.front);
		KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	}
	net_reader_stop(&b->reader);
	KUNIT_ASSERT_EQ(test, net_reader_start(&b->reader, b->link.front.dev),
			0);
	for (i = 0; i < 5; i++) {
		replug(test, &b->link.back);
		KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	}
	net_reader_stop(&b->reader);
	expect_flow(test);
}

static void vanished_guest_takes_the_vif_along(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_connect(test);
	start_traffic(test);
	pvio_loop_store_clear(b->link.pair.front.own);
	pvio_loop_settle();
	KUNIT_EXPECT_NULL(test, READ_ONCE(b->link.pair.back.pdev));
}

static void toolstack_detaches(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_connect(test);
	start_traffic(test);
	pvio_loop_put(b->link.pair.back.own, "online", "0");
	pvio_loop_set_state(&b->link.pair.back, XenbusStateClosing);
	pvio_loop_wait(&b->link.pair.front, XenbusStateClosed, NET_WAIT_MS);
	pvio_loop_settle();
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->link.pair.front),
			XenbusStateClosed);
	KUNIT_EXPECT_NULL(test, READ_ONCE(b->link.pair.back.pdev));
}

enum event {
	EV_PROBE,
	EV_REMOVE,
	EV_VIOLATION,
	EV_RESUME,
	EV_BACK_CLOSES,
	EV_BACK_RESTARTS,
	EV_IF_DOWN_UP,
	EVENTS,
};

static void set_link(struct net_device *dev, bool up)
{
	rtnl_lock();
	if (up)
		dev_open(dev, NULL);
	else
		dev_close(dev);
	rtnl_unlock();
}

static void bounce(struct net_side *side)
{
	if (!side->dev)
		return;
	set_link(side->dev, false);
	set_link(side->dev, true);
}

static void happen_to_front(struct net_bench *b, enum event event)
{
	struct pvio_device *pdev = b->link.pair.front.pdev;

	switch (event) {
	case EV_PROBE:
		if (!pdev)
			net_side_plug(&b->link.front);
		break;
	case EV_REMOVE:
		net_side_unplug(&b->link.front);
		break;
	case EV_VIOLATION:
		if (pdev)
			pvio_device_fault(pdev, "test: violation");
		break;
	case EV_RESUME:
		if (pdev)
			pvio_loop_resume(&b->link.pair.front);
		break;
	default:
		bounce(&b->link.front);
	}
}

static void happen(struct net_bench *b, enum event event)
{
	if (event == EV_BACK_RESTARTS) {
		net_side_unplug(&b->link.back);
		net_side_plug(&b->link.back);
	} else if (event == EV_BACK_CLOSES) {
		if (b->link.pair.back.pdev)
			pvio_device_fault(b->link.pair.back.pdev,
					  "test: back closes");
	} else {
		happen_to_front(b, event);
	}
}

static void heal_after(struct kunit *test, unsigned int order)
{
	struct net_bench *b = test->priv;

	expect_heals(test);
	KUNIT_EXPECT_TRUE_MSG(test, net_ping(&b->link), "after order %u",
			      order);
}

/* All orders of two; between them nobody waits for anything. */
static void x07_any_two_events_in_any_order(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	net_connect(test);
	for (i = 0; i < EVENTS * EVENTS; i++) {
		happen(b, i % EVENTS);
		happen(b, i / EVENTS);
		if (i % 6 == 5)
			heal_after(test, i);
	}
	heal_after(test, i);
}

/* Of the orders of more a sample, always the same one. */
static void x07_many_events_in_random_order(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 7);
	net_connect(test);
	for (i = 0; i < 90; i++) {
		happen(b, prandom_u32_state(&rnd) % EVENTS);
		if (prandom_u32_state(&rnd) % 4 == 0)
			pvio_loop_settle();
		if (i % 9 == 8)
			heal_after(test, i);
	}
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE(reconnects_under_traffic),
	KUNIT_CASE(resumes_under_traffic),
	KUNIT_CASE(r29_faults_under_traffic_heal),
	KUNIT_CASE(x08_rings_and_events_fail),
	KUNIT_CASE(x08_references_and_grants_fail),
	KUNIT_CASE(x08_every_xenstore_call_fails),
	KUNIT_CASE(x11_transactions_collide),
	KUNIT_CASE(x08_every_step_of_a_new_backend_fails),
	KUNIT_CASE(n12_copies_fail_in_flow),
	KUNIT_CASE(grants_fail_in_flow),
	KUNIT_CASE(m11_revokes_fail_in_flow),
	KUNIT_CASE(m03_everything_fails_while_it_reconnects),
	KUNIT_CASE(x08_statistics_are_read_all_along),
	KUNIT_CASE(vanished_guest_takes_the_vif_along),
	KUNIT_CASE(toolstack_detaches),
	KUNIT_CASE(x07_any_two_events_in_any_order),
	KUNIT_CASE(x07_many_events_in_random_order),
	{}
};

static struct kunit_suite life_suite = {
	.name = "pvio_net_pair_life",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = life_cases,
};

kunit_test_suite(life_suite);

MODULE_DESCRIPTION("Tests of the life of pvio network devices");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
