// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and a frontend that lies in xenstore, or comes and goes
 * at the worst moments.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "tests/loopback/play/netfront.h"

static enum xenbus_state back_state(struct net_bench *b)
{
	return pvio_loop_state(&b->link.pair.back);
}

/* The frontend says Connected, and the backend does not believe it. */
static void expect_refused(struct kunit *test, const char *key,
			   const char *text)
{
	struct net_bench *b = test->priv;

	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_EQ_MSG(test, back_state(b), XenbusStateClosing,
			    "%s is '%.24s'", key, text);
	net_front_say(b, XenbusStateInitialising);
	KUNIT_EXPECT_EQ(test, back_state(b), XenbusStateInitWait);
}

/* Wrong for any number that must not be 0. */
static const char *const no_numbers[] = {
	"", "0", "-1", "1 ", " 1", "+1", "0x1", "4294967296",
	"99999999999999999999", "2junk", "\xff\xfe", "1\n",
};

static void try_texts(struct kunit *test, const char *key,
		      const char *const *texts, unsigned int nr)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		net_log_mark(b);
		pvio_loop_put(b->link.pair.front.own, key, texts[i]);
		expect_refused(test, key, texts[i]);
		if (!i)
			KUNIT_EXPECT_EQ_MSG(test, net_log_lines(b, key), 1,
					    "lines that name %s", key);
	}
}

static void try_long_text(struct kunit *test, const char *key)
{
	static char text[4097];
	struct net_bench *b = test->priv;

	memset(text, '1', sizeof(text) - 1);
	pvio_loop_put(b->link.pair.front.own, key, text);
	expect_refused(test, key, "1111... (4096 bytes)");
}

/* A new backend for each key, so that its lines are not held back. */
static void try_key(struct kunit *test, const char *key, bool required)
{
	struct net_bench *b = test->priv;

	if (b->link.back.dev)
		net_side_unplug(&b->link.back);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	try_texts(test, key, no_numbers, ARRAY_SIZE(no_numbers));
	try_long_text(test, key);
	pvio_loop_remove(b->link.pair.front.own, key);
	if (required)
		expect_refused(test, key, "(missing)");
	net_front_heals(test);
	net_front_close(b);
}

static void x02_numbers_of_the_queue(struct kunit *test)
{
	try_key(test, "tx-ring-ref", true);
	try_key(test, "rx-ring-ref", true);
	try_key(test, "event-channel-tx", true);
	try_key(test, "event-channel-rx", true);
}

static void x02_number_of_queues(struct kunit *test)
{
	static const char *const too_many[] = { "65", "4294967295" };
	struct net_bench *b = test->priv;

	try_key(test, "multi-queue-num-queues", false);
	net_side_unplug(&b->link.back);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	try_texts(test, "multi-queue-num-queues", too_many,
		  ARRAY_SIZE(too_many));
	net_front_heals(test);
}

static void x02_features(struct kunit *test)
{
	static const char *const features[] = {
		"request-rx-copy", "feature-rx-notify", "feature-sg",
		"feature-gso-tcpv4", "feature-gso-tcpv6",
		"feature-no-csum-offload", "feature-ipv6-csum-offload",
	};
	static const char *const wrong[] = { "2", "", "-1", "yes", "1 " };
	struct net_bench *b = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	for (i = 0; i < ARRAY_SIZE(features); i++) {
		KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
		if (i) {
			net_side_unplug(&b->link.back);
			net_side_plug(&b->link.back);
		}
		try_texts(test, features[i], wrong, ARRAY_SIZE(wrong));
		net_front_close(b);
		pvio_loop_remove(b->link.pair.front.own, features[i]);
	}
	net_front_heals(test);
}

/* What the toolstack wrote may be wrong as well; the device works. */
static void x02_keys_of_the_toolstack(struct kunit *test)
{
	static const char *const rates[] = { "junk", "1,", ",1", "1,1,", "-1,5" };
	struct net_bench *b = test->priv;
	unsigned int i;

	pvio_loop_put(b->link.pair.back.own, "handle", "65536");
	KUNIT_EXPECT_NE(test, pvio_loop_plug(&b->link.pair.back), 0);
	pvio_loop_put(b->link.pair.back.own, "handle", "x");
	KUNIT_EXPECT_NE(test, pvio_loop_plug(&b->link.pair.back), 0);
	pvio_loop_put(b->link.pair.back.own, "handle", "0");
	net_log_mark(b);
	net_front_connect(test);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		pvio_loop_put(b->link.pair.back.own, "rate", rates[i]);
		pvio_loop_settle();
		net_front_passes(test, &b->front->queue[0]);
	}
	KUNIT_EXPECT_GE(test, net_log_lines(b, "rate is malformed"), 1);
}

/* Names of others in the guest's own directory mean nothing. */
static void x01_foreign_names_are_ignored(struct kunit *test)
{
	struct net_bench *b = test->priv;
	const char *front = b->link.pair.front.own;

	pvio_loop_put(front, "backend", "back/vif/1");
	pvio_loop_put(front, "backend-id", "7");
	pvio_loop_put(front, "frontend", "front/vif/1");
	pvio_loop_put(front, "frontend-id", "0");
	pvio_loop_put(front, "handle", "99");
	net_front_passes(test, net_front_connect(test));
	KUNIT_EXPECT_TRUE(test, net_ping(net_bystander()));
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

static void set_port(struct net_bench *b, unsigned int q, const char *key,
		     u32 port)
{
	char node[48], text[12];

	snprintf(node, sizeof(node), "queue-%u/%s", q, key);
	snprintf(text, sizeof(text), "%u", port);
	if (port)
		pvio_loop_put(b->link.pair.front.own, node, text);
	else
		pvio_loop_remove(b->link.pair.front.own, node);
}

/* One queue with a channel for both directions, one with two. */
static void x03_split_and_shared_events_mixed(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 2, true, 0), 0);
	set_port(b, 0, "event-channel",
		 b->front->queue[0].ring[NET_TX].event.port);
	set_port(b, 0, "event-channel-tx", 0);
	set_port(b, 0, "event-channel-rx", 0);
	net_front_join(test);
	pvio_loop_event_close(&b->front->queue[0].ring[NET_RX].event);
	b->front->queue[0].ring[NET_RX].event.port = 0;
	KUNIT_EXPECT_EQ(test, b->link.back.dev->real_num_tx_queues, 2);
	net_front_heals(test);
}

static void x03_fewer_queues_than_promised(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	pvio_loop_put(b->link.pair.front.own, "multi-queue-num-queues", "2");
	expect_refused(test, "multi-queue-num-queues", "2");
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "tx-ring-ref is missing"), 1);
	pvio_loop_put(b->link.pair.front.own, "queue-0/tx-ring-ref", "9");
	expect_refused(test, "multi-queue-num-queues", "2");
	net_front_heals(test);
}

static void x03_only_half_of_split_events(struct kunit *test)
{
	struct net_bench *b = test->priv;
	const char *front = b->link.pair.front.own;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	pvio_loop_put(front, "event-channel", "5");
	pvio_loop_remove(front, "event-channel-rx");
	expect_refused(test, "event-channel-rx", "(missing)");
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "event channel is missing"), 1);
	net_front_heals(test);
}

static void put_ref(struct net_bench *b, const char *key, u32 ref)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", ref);
	pvio_loop_put(b->link.pair.front.own, key, text);
}

static void g05_ring_references_that_are_none(struct kunit *test)
{
	static const u32 bad[] = { 0, 1, 40000, 0xffffffff };
	static const char *const keys[] = { "tx-ring-ref", "rx-ring-ref" };
	struct net_bench *b = test->priv;
	struct net_queue *q;
	unsigned int i, k;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	for (k = 0; k < ARRAY_SIZE(keys); k++) {
		KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
		q = &b->front->queue[0];
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			put_ref(b, keys[k], bad[i]);
			expect_refused(test, keys[k], "no ring");
		}
		/* Guests' transmit pages are read-only: no ring either. */
		put_ref(b, keys[k], q->ring[NET_TX].dref[0]);
		expect_refused(test, keys[k], "a read-only page");
		net_front_close(b);
	}
	net_front_heals(test);
}

/* Both rings in one page, and a ring that is its own data: O is all. */
static void g05_one_page_for_two_rings(struct kunit *test)
{
	const struct net_cut cut = { .nr = 2, .size = { 1000, 1000 } };
	const struct net_shape shape = { .len = 1514 };
	struct net_bench *b = test->priv;
	struct net_queue *q;
	int i;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	q = &b->front->queue[0];
	put_ref(b, "rx-ring-ref", q->ring[NET_TX].ref);
	net_front_say(b, XenbusStateConnected);
	for (i = 0; i < 20; i++) {
		net_put_packet(q, &cut);
		net_push(q, NET_TX);
		net_send(b->link.back.dev, &shape);
		usleep_range(1000, 2000);
	}
	net_front_heals(test);
}

static void x04_states_out_of_order(struct kunit *test)
{
	static const char *const states[] = {
		"4", "1", "9", "6", "4", "-1", "abc", "", "0x4", "5", "3", "2",
		"4294967295", "7", "8", "4", "3", "6", "1",
	};
	struct net_bench *b = test->priv;
	unsigned int i;

	net_front_connect(test);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pvio_loop_put(b->link.pair.front.own, "state", states[i]);
		pvio_loop_settle();
		if (READ_ONCE(b->link.pair.back.pdev))
			continue;
		/* No state is no frontend, and the device is gone. */
		net_side_unplug(&b->link.back);
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	}
	net_front_heals(test);
}

static void x05_watches_that_fire_without_end(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int before;
	int i;

	net_front_connect(test);
	pvio_loop_settle();
	mutex_lock(&b->link.pair.back.pdev->lock);
	before = pvio_loop_calls(LOOP_READ);
	for (i = 0; i < 2000; i++) {
		pvio_loop_set_state(&b->link.pair.front, XenbusStateConnected);
		pvio_loop_put(b->link.pair.back.own, "rate", "");
	}
	mutex_unlock(&b->link.pair.back.pdev->lock);
	pvio_loop_settle();
	KUNIT_EXPECT_LT(test, pvio_loop_calls(LOOP_READ) - before, 20);
	net_front_passes(test, &b->front->queue[0]);
}

/*
 * A frontend that takes the rings back which the backend has just taken, and says
 * Connected again before that has looked.
 */
static void x06_guest_begins_anew_unseen(struct kunit *test)
{
	net_front_passes(test, net_front_connect(test));
	net_front_passes(test, net_front_begin_anew(test));
	net_front_heals(test);
}

/* Toggled faster than the backend can follow, its rings under traffic. */
static void x06_toggled_many_times(struct kunit *test)
{
	static const enum xenbus_state states[] = {
		XenbusStateConnected, XenbusStateClosing, XenbusStateClosed,
		XenbusStateInitialising, XenbusStateConnected,
		XenbusStateInitialising, XenbusStateConnected,
	};
	const struct net_cut cut = { .nr = 1, .size = { 100 } };
	struct net_bench *b = test->priv;
	struct net_queue *q = net_front_connect(test);
	int i;

	for (i = 0; i < 400; i++) {
		pvio_loop_set_state(&b->link.pair.front,
				    states[i % ARRAY_SIZE(states)]);
		net_put_packet(q, &cut);
		net_push(q, NET_TX);
		if (i % 5 == 4)
			pvio_loop_settle();
	}
	net_front_heals(test);
}

/* Where connecting can be made to fail from outside. */
static const char *const bad_keys[] = {
	"queue-0/tx-ring-ref", "queue-0/rx-ring-ref", "queue-0/event-channel-tx",
	"queue-0/event-channel-rx", "queue-2/tx-ring-ref",
	"queue-2/rx-ring-ref", "queue-2/event-channel-tx",
	"queue-3/event-channel-rx",
};

static void x08_fails_in_any_queue_while_it_is_read(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	net_param("pvio_netback", "max_queues", "4");
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	net_param("pvio_netback", "max_queues", "2");
	KUNIT_ASSERT_EQ(test, net_reader_start(&b->reader, b->link.back.dev),
			0);
	for (i = 0; i < 2 * ARRAY_SIZE(bad_keys); i++) {
		KUNIT_EXPECT_EQ(test, net_front_make(b, 4, true, 0), 0);
		pvio_loop_put(b->link.pair.front.own,
			      bad_keys[i % ARRAY_SIZE(bad_keys)], "40000");
		net_front_say(b, XenbusStateConnected);
		KUNIT_EXPECT_EQ(test, back_state(b), XenbusStateClosing);
		net_front_close(b);
		if (i % 4 == 3)
			net_front_heals(test);
		net_front_close(b);
	}
	net_reader_stop(&b->reader);
	net_front_heals(test);
}

static void x08_violations_while_it_is_read(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q;
	int i;

	q = net_front_connect(test);
	KUNIT_ASSERT_EQ(test, net_reader_start(&b->reader, b->link.back.dev),
			0);
	for (i = 0; i < 20; i++) {
		q->ring[NET_TX].prod += 1000;
		net_push(q, NET_TX);
		pvio_loop_wait(&b->link.pair.back, XenbusStateClosing,
			       NET_WAIT_MS);
		q = net_front_heals(test);
	}
	net_reader_stop(&b->reader);
}

/* Violated, torn down by a worker, connected again, many times. */
static void n13_n14_violated_and_connected_again(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q = net_front_connect(test);
	int i;

	for (i = 0; i < 40; i++) {
		q->ring[NET_TX].prod += 300;
		net_push(q, NET_TX);
		if (i % 2)
			pvio_loop_wait(&b->link.pair.back, XenbusStateClosing,
				       NET_WAIT_MS);
		net_front_close(b);
		q = net_front_connect(test);
	}
	net_front_heals(test);
}

/* Packets as large as the burst, then no limit at all: none is lost. */
static void n16_rate_limit_delays_only(struct kunit *test)
{
	struct net_cut cut = { .nr = 16 };
	struct net_bench *b = test->priv;
	struct net_queue *q;
	int i;

	for (i = 0; i < 16; i++)
		cut.size[i] = i ? 4096 : 4095;
	pvio_loop_put(b->link.pair.back.own, "rate", "100000,50000");
	q = net_front_connect(test);
	for (i = 0; i < 12; i++)
		net_put_packet(q, &cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	for (i = 0; i < 12; i++)
		net_put_packet(q, &cut);
	net_push(q, NET_TX);
	pvio_loop_put(b->link.pair.back.own, "rate", "4294967295,4294967295");
	pvio_loop_settle();
	pvio_loop_put(b->link.pair.back.own, "rate", "");
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, 24));
}

static struct kunit_case keys_cases[] = {
	KUNIT_CASE(x01_foreign_names_are_ignored),
	KUNIT_CASE(x02_numbers_of_the_queue),
	KUNIT_CASE(x02_number_of_queues),
	KUNIT_CASE(x02_features),
	KUNIT_CASE(x02_keys_of_the_toolstack),
	KUNIT_CASE(x03_split_and_shared_events_mixed),
	KUNIT_CASE(x03_fewer_queues_than_promised),
	KUNIT_CASE(x03_only_half_of_split_events),
	KUNIT_CASE(g05_ring_references_that_are_none),
	KUNIT_CASE(g05_one_page_for_two_rings),
	KUNIT_CASE(x04_states_out_of_order),
	KUNIT_CASE(x05_watches_that_fire_without_end),
	KUNIT_CASE(x06_guest_begins_anew_unseen),
	KUNIT_CASE(x06_toggled_many_times),
	KUNIT_CASE(x08_fails_in_any_queue_while_it_is_read),
	KUNIT_CASE(x08_violations_while_it_is_read),
	KUNIT_CASE(n13_n14_violated_and_connected_again),
	KUNIT_CASE(n16_rate_limit_delays_only),
	{}
};

static struct kunit_suite keys_suite = {
	.name = "pvio_netback_keys",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = keys_cases,
};

kunit_test_suite(keys_suite);
