// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and a frontend that wants room in front of packets, for
 * programs that look at them before the stack does.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "tests/loopback/play/netfront.h"

#define ROOM	"xdp-headroom"
#define MOST	2048

static void ask(struct net_bench *b, const char *bytes)
{
	pvio_loop_put(b->link.pair.front.own, ROOM, bytes);
}

/* The backend comes to it. */
static void expect_state(struct kunit *test, enum xenbus_state state)
{
	struct net_bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->link.pair.back, state,
					       NET_WAIT_MS));
}

/*
 * As Linux's frontend does when it gets a program, or loses it: the state is
 * written first.
 */
static void change(struct kunit *test, const char *bytes)
{
	struct net_bench *b = test->priv;

	net_front_say(b, XenbusStateReconfiguring);
	ask(b, bytes);
	expect_state(test, XenbusStateReconfigured);
	net_front_say(b, XenbusStateConnected);
	expect_state(test, XenbusStateConnected);
}

static void send_each(struct kunit *test, struct net_queue *q, u16 room)
{
	static const unsigned int sizes[] = {
		60, 1514, 2047, 2048, 2049, 3839, 3840, 3841, 4095, 4096, 4097,
		7935, 7936, 7937, 8192, 65000,
	};
	struct net_device *dev = ((struct net_bench *)test->priv)->link.back.dev;
	struct net_ring *r = &q->ring[NET_RX];
	unsigned int i, before;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		const struct net_shape shape = { .len = sizes[i] };

		before = r->cons;
		KUNIT_EXPECT_EQ(test, net_send(dev, &shape), 0);
		KUNIT_EXPECT_EQ(test, net_receive(test, q), (int)sizes[i]);
		KUNIT_EXPECT_EQ(test, q->headroom, room);
		KUNIT_EXPECT_EQ(test, r->cons - before, !!room +
				DIV_ROUND_UP(sizes[i] + room, PVIO_NET_PAGE));
		net_refill(q);
	}
}

static void expect_offer(struct kunit *test, const char *text)
{
	struct net_bench *b = test->priv;
	unsigned int len;
	char *value;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	value = pvio_loop_get(b->link.pair.back.own, "feature-xdp-headroom",
			      &len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(value));
	KUNIT_EXPECT_STREQ(test, value, text);
	kfree(value);
	net_side_unplug(&b->link.back);
}

static void is_offered(struct kunit *test)
{
	expect_offer(test, "1");
	net_param("pvio_netback", "provides_xdp_headroom", "0");
	expect_offer(test, "0");
	net_param("pvio_netback", "provides_xdp_headroom", "1");
}

/* N34: from none to the most there is, with ends at every side of a page's. */
static void n34_room_in_front_of_packets_of_every_size(struct kunit *test)
{
	static const u16 rooms[] = { 0, 1, 256, MOST };
	struct net_bench *b = test->priv;
	struct net_queue *q;
	unsigned int i;
	char text[8];

	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		snprintf(text, sizeof(text), "%u", rooms[i]);
		ask(b, text);
		q = net_front_connect(test);
		send_each(test, q, rooms[i]);
		net_front_close(b);
	}
	pvio_loop_remove(b->link.pair.front.own, ROOM);
	send_each(test, net_front_connect(test), 0);
}

static void beside_other_extra_info(struct kunit *test)
{
	const struct net_shape large = { .len = 9000, .gso = 1448 };
	struct net_bench *b = test->priv;
	struct net_queue *q;

	ask(b, "256");
	q = net_front_connect(test);
	KUNIT_EXPECT_EQ(test, net_send(b->link.back.dev, &large), 0);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 9000);
	KUNIT_EXPECT_EQ(test, q->headroom, 256);
	KUNIT_EXPECT_EQ(test, q->ring[NET_RX].cons, 3 + 2);
}

static void changes_while_connected(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		send_each(test, q, 0);
		change(test, "256");
		send_each(test, q, 256);
		change(test, "0");
	}
	net_front_passes(test, q);
}

/* A frontend that was told finds no packet without room behind it. */
static void what_waits_changes_too(struct kunit *test)
{
	const struct net_shape shape = { .len = 4000 };
	struct net_queue *q = net_front_connect_with(test, 0);
	struct net_bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, net_send(b->link.back.dev, &shape), 0);
	change(test, "256");
	/* Too few for one of them with room, enough for one without. */
	net_offer(q, 2);
	net_push(q, NET_RX);
	net_refill(q);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, net_receive(test, q), 4000);
		KUNIT_EXPECT_EQ(test, q->headroom, 256);
	}
	KUNIT_EXPECT_EQ(test, q->ring[NET_RX].cons, 5 * 3);
	net_refill(q);
	net_front_passes(test, q);
}

static void x02_malformed_headroom(struct kunit *test)
{
	static const char *const bad[] = { "2049", "32767", "-1", "x", "" };
	struct net_bench *b = test->priv;
	struct net_queue *q;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		q = net_front_connect(test);
		change(test, "256");
		net_log_mark(b);
		change(test, bad[i]);
		KUNIT_EXPECT_EQ_MSG(test, net_log_lines(b, ROOM), 1, "'%s'",
				    bad[i]);
		send_each(test, q, 0);
		net_front_close(b);
		pvio_loop_remove(b->link.pair.front.own, ROOM);
	}
}

/* X04: nobody waits for a frontend that goes away in the middle of it. */
static void x04_frontend_leaves_while_it_changes(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_front_connect(test);
	net_front_say(b, XenbusStateReconfiguring);
	expect_state(test, XenbusStateReconfigured);
	net_front_heals(test);
	net_front_say(b, XenbusStateReconfiguring);
	expect_state(test, XenbusStateReconfigured);
	/* The next frontend of another kernel: it is Initialised at once. */
	net_front_say(b, XenbusStateInitialised);
	expect_state(test, XenbusStateConnected);
	net_front_heals(test);
}

static void x08_backend_leaves_while_it_changes(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_front_connect(test);
	net_front_say(b, XenbusStateReconfiguring);
	expect_state(test, XenbusStateReconfigured);
	net_side_unplug(&b->link.back);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->link.pair.back),
			XenbusStateInitialising);
}

static struct kunit_case netback_headroom_cases[] = {
	KUNIT_CASE(is_offered),
	KUNIT_CASE(n34_room_in_front_of_packets_of_every_size),
	KUNIT_CASE(beside_other_extra_info),
	KUNIT_CASE(changes_while_connected),
	KUNIT_CASE(what_waits_changes_too),
	KUNIT_CASE(x02_malformed_headroom),
	KUNIT_CASE(x04_frontend_leaves_while_it_changes),
	KUNIT_CASE(x08_backend_leaves_while_it_changes),
	{}
};

static struct kunit_suite netback_headroom_suite = {
	.name = "pvio_netback_headroom",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = netback_headroom_cases,
};

kunit_test_suite(netback_headroom_suite);
