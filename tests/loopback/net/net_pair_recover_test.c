// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Both network drivers, from probe to removal with a reconnect in between, while
 * calls of the provider fail: each of them once, passing and for good.
 * Packets may be lost, but those after them arrive.
 */
#include <linux/delay.h>
#include <linux/module.h>

#include "tests/loopback/net/bench.h"
#include "tests/loopback/recover.h"

/* Packets sent at a time, and how often, until one of them must arrive. */
#define BURST	4
#define TRIES	20
/* How long each time waits for it. */
#define TURNS	100

static struct net_bench *bench_of(struct recover *r)
{
	return r->test->priv;
}

static bool hears_more(const struct net_ear *ear, int than)
{
	unsigned int turn;

	for (turn = 0; turn < TURNS; turn++) {
		if (atomic_read(&ear->good) > than)
			return true;
		usleep_range(500, 1000);
	}
	return false;
}

static bool reaches(struct net_side *from, struct net_side *to)
{
	static const struct net_shape shape = { .len = 600 };
	int before = atomic_read(&to->ear.good);
	unsigned int try, i;

	for (try = 0; try < TRIES; try++) {
		for (i = 0; i < BURST; i++)
			net_send(from->dev, &shape);
		if (hears_more(&to->ear, before))
			return true;
	}
	return false;
}

static bool flows(struct net_link *link)
{
	return net_connected(link) && reaches(&link->front, &link->back) &&
	       reaches(&link->back, &link->front);
}

/* The connection that the failure was for may be at its end. */
static void expect_flows(struct recover *r)
{
	struct net_link *link = &bench_of(r)->link;

	recover_connects(r);
	if (flows(link))
		return;
	recover_expect(r, r->err == -EIO && recover_has_begun(r), "flows");
	pvio_loop_resume(&link->pair.front);
	recover_connects(r);
	recover_expect(r, flows(link), "flows again");
}

static bool open_both(struct net_link *link)
{
	return !net_side_open(&link->back) && !net_side_open(&link->front);
}

static void live(struct recover *r)
{
	struct net_link *link = &bench_of(r)->link;

	pvio_loop_set_state(&link->pair.back, XenbusStateInitialising);
	pvio_loop_put(link->pair.back.own, "hotplug-status", "connected");
	recover_plug(r, &link->pair.back);
	recover_plug(r, &link->pair.front);
	recover_connects(r);
	recover_expect(r, open_both(link), "has interfaces");
	if (link->front.dev && link->back.dev) {
		expect_flows(r);
		pvio_loop_resume(&link->pair.front);
		expect_flows(r);
	}
	net_side_unplug(&link->front);
	pvio_loop_settle();
	net_side_unplug(&link->back);
	link->front.plugs++;
	link->back.plugs++;
}

static void each(struct kunit *test, unsigned long ops)
{
	struct net_bench *b = test->priv;
	struct recover r = { .test = test, .pair = &b->link.pair };

	recover_each(&r, ops, live);
}

static void reading_fails(struct kunit *test)
{
	each(test, BIT(LOOP_READ));
}

static void writing_fails(struct kunit *test)
{
	each(test, BIT(LOOP_WRITE));
}

static void removing_and_watching_fail(struct kunit *test)
{
	each(test, BIT(LOOP_RM) | BIT(LOOP_WATCH));
}

/* A case for itself: one that takes minutes is taken for a task that hangs. */
static void looking_at_states_fails(struct kunit *test)
{
	each(test, BIT(LOOP_STATE));
}

static void changing_states_fails(struct kunit *test)
{
	each(test, BIT(LOOP_SET_STATE));
}

static void transactions_fail(struct kunit *test)
{
	each(test, BIT(LOOP_TXN_START) | BIT(LOOP_TXN_END));
}

static void rings_and_channels_fail(struct kunit *test)
{
	each(test, BIT(LOOP_RING_GRANT) | BIT(LOOP_RING_MAP) |
	     BIT(LOOP_EVENT_OPEN) | BIT(LOOP_EVENT_BIND));
}

static void references_fail(struct kunit *test)
{
	each(test, BIT(LOOP_GREFS) | BIT(LOOP_PAGES));
}

static void grants_fail(struct kunit *test)
{
	each(test, BIT(LOOP_GRANT) | BIT(LOOP_UNGRANT));
}

static void copies_and_maps_fail(struct kunit *test)
{
	each(test, BIT(LOOP_COPY) | BIT(LOOP_MAP));
}

static struct kunit_case recover_cases[] = {
	KUNIT_CASE(reading_fails),
	KUNIT_CASE(writing_fails),
	KUNIT_CASE(removing_and_watching_fail),
	KUNIT_CASE(looking_at_states_fails),
	KUNIT_CASE(changing_states_fails),
	KUNIT_CASE(transactions_fail),
	KUNIT_CASE(rings_and_channels_fail),
	KUNIT_CASE(references_fail),
	KUNIT_CASE(grants_fail),
	KUNIT_CASE(copies_and_maps_fail),
	{}
};

static struct kunit_suite recover_suite = {
	.name = "pvio_net_pair_recover",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = recover_cases,
};

kunit_test_suite(recover_suite);

MODULE_DESCRIPTION("Tests of the pvio network drivers' recovery");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
