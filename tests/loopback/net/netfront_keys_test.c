// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend and a backend that lies in xenstore, or comes and goes
 * at the worst moments.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "tests/loopback/play/netback.h"

static enum xenbus_state front_state(struct net_bench *b)
{
	return pvio_loop_state(&b->link.pair.front);
}

/* The backend waits for a frontend, and none comes. */
static void expect_refused(struct kunit *test, const char *key,
			   const char *text)
{
	struct net_bench *b = test->priv;

	net_back_say(b, XenbusStateInitWait);
	KUNIT_EXPECT_NE_MSG(test, front_state(b), XenbusStateConnected,
			    "%s is '%.24s'", key, text);
	net_back_say(b, XenbusStateClosing);
	net_back_say(b, XenbusStateClosed);
	net_back_say(b, XenbusStateInitialising);
}

static const char *const no_numbers[] = {
	"", "0", "-1", "1 ", "0x1", "4294967296", "99999999999999999999",
	"2junk", "\xff\xfe",
};

static const char *const no_flags[] = { "", "2", "-1", "yes", "1 ", "00001x" };

static void try_key(struct kunit *test, const char *dir, const char *key,
		    const char *const *texts, unsigned int nr)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	net_side_unplug(&b->link.front);
	net_back_offer(b);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	for (i = 0; i < nr; i++) {
		net_log_mark(b);
		pvio_loop_put(dir, key, texts[i]);
		expect_refused(test, key, texts[i]);
		if (!i)
			KUNIT_EXPECT_EQ_MSG(test, net_log_lines(b, key), 1,
					    "lines that name %s", key);
	}
	pvio_loop_remove(dir, key);
}

static void x02_number_of_queues(struct kunit *test)
{
	struct net_bench *b = test->priv;

	try_key(test, b->link.pair.back.own, "multi-queue-max-queues",
		no_numbers, ARRAY_SIZE(no_numbers));
	net_back_heals(test);
}

static void x02_features(struct kunit *test)
{
	static const char *const features[] = {
		"feature-rx-copy", "feature-sg", "feature-gso-tcpv4",
		"feature-gso-tcpv6", "feature-ipv6-csum-offload",
		"feature-split-event-channels",
	};
	struct net_bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(features); i++)
		try_key(test, b->link.pair.back.own, features[i], no_flags,
			ARRAY_SIZE(no_flags));
	net_back_heals(test);
}

/* Many queues are as many as the guest wants, and no more. */
static void x02_very_many_queues(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	net_back_offer(b);
	pvio_loop_put(b->link.pair.back.own, "multi-queue-max-queues",
		      "4294967295");
	net_back_say(b, XenbusStateInitWait);
	KUNIT_EXPECT_EQ(test, front_state(b), XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, b->link.front.dev->real_num_tx_queues, 2);
	net_back_say(b, XenbusStateClosed);
	net_back_heals(test);
}

static void x02_addresses(struct kunit *test)
{
	static const char *const no_macs[] = {
		"", "00:16:3e:00:00", "00:16:3e:00:00:0g", "ff:ff:ff:ff:ff:ff",
		"00:00:00:00:00:00", "01:00:5e:00:00:01",
		"00:16:3e:00:00:00:00", "00-16-3e-00-00-00",
	};
	struct net_bench *b = test->priv;
	const char *front = b->link.pair.front.own;

	try_key(test, front, "mac", no_macs, ARRAY_SIZE(no_macs));
	pvio_loop_put(front, "mac", "00:16:3e:00:00:00");
	net_back_heals(test);
	try_key(test, front, "trusted", no_flags, ARRAY_SIZE(no_flags));
	net_back_heals(test);
}

static void x01_backend_without_copies_is_refused(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	net_back_offer(b);
	pvio_loop_remove(b->link.pair.back.own, "feature-rx-copy");
	expect_refused(test, "feature-rx-copy", "(missing)");
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "feature-rx-copy"), 1);
	net_back_heals(test);
}

static void x04_states_out_of_order(struct kunit *test)
{
	static const char *const states[] = {
		"4", "1", "9", "6", "4", "-1", "abc", "", "0", "5", "3", "2",
		"4294967295", "7", "8", "4", "6", "1", "2", "4", "2",
	};
	struct net_bench *b = test->priv;
	unsigned int i;

	net_back_connect(test);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		pvio_loop_put(b->link.pair.back.own, "state", states[i]);
		pvio_loop_settle();
	}
	net_back_heals(test);
}

static void x05_watches_that_fire_without_end(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_back *k = net_back_connect(test);
	unsigned int before;
	int i;

	pvio_loop_settle();
	mutex_lock(&b->link.pair.front.pdev->lock);
	before = pvio_loop_calls(LOOP_READ);
	for (i = 0; i < 2000; i++)
		pvio_loop_set_state(&b->link.pair.back, XenbusStateConnected);
	mutex_unlock(&b->link.pair.front.pdev->lock);
	pvio_loop_settle();
	KUNIT_EXPECT_LT(test, pvio_loop_calls(LOOP_READ) - before, 20);
	net_back_passes(test, k);
}

static void x06_toggled_many_times(struct kunit *test)
{
	static const enum xenbus_state states[] = {
		XenbusStateInitWait, XenbusStateConnected, XenbusStateClosing,
		XenbusStateClosed, XenbusStateInitialising, XenbusStateInitWait,
		XenbusStateConnected, XenbusStateInitWait,
	};
	const struct net_shape shape = { .len = 100 };
	struct net_bench *b = test->priv;
	int i;

	net_back_connect(test);
	for (i = 0; i < 400; i++) {
		pvio_loop_set_state(&b->link.pair.back,
				    states[i % ARRAY_SIZE(states)]);
		net_send(b->link.front.dev, &shape);
		if (i % 5 == 4)
			pvio_loop_settle();
	}
	net_back_heals(test);
}

/* The backend never answers: the frontend leaves all the same. */
static void x06_removed_under_a_silent_backend(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned long began = jiffies;

	net_back_connect(test);
	net_side_unplug(&b->link.front);
	KUNIT_EXPECT_LT(test, jiffies - began, 60 * HZ);
	KUNIT_EXPECT_GE(test, net_log_lines(b, "did not answer"), 1);
	net_back_heals(test);
}

/* Removed right after it was resumed, before there are queues. */
static void x07_removed_after_resume(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i;

	for (i = 0; i < 10; i++) {
		net_back_connect(test);
		net_back_say(b, XenbusStateInitialising);
		pvio_loop_resume(&b->link.pair.front);
		if (i & 1)
			pvio_loop_settle();
		net_back_close(b);
		net_side_unplug(&b->link.front);
	}
	net_back_heals(test);
}

static void x08_connecting_fails_while_it_is_read(struct kunit *test)
{
	static const enum loop_op ops[] = {
		LOOP_RING_GRANT, LOOP_EVENT_OPEN, LOOP_GREFS, LOOP_GRANT,
		LOOP_READ, LOOP_WRITE,
	};
	struct net_bench *b = test->priv;
	unsigned int i;

	net_back_connect(test);
	KUNIT_ASSERT_EQ(test, net_reader_start(&b->reader, b->link.front.dev),
			0);
	for (i = 0; i < 4 * ARRAY_SIZE(ops); i++) {
		net_back_close(b);
		pvio_loop_fail(ops[i % ARRAY_SIZE(ops)],
			       1 + i / ARRAY_SIZE(ops), 5);
		net_back_say(b, XenbusStateInitWait);
		pvio_loop_fail_none();
		net_back_say(b, XenbusStateClosed);
		net_back_heals(test);
	}
	net_reader_stop(&b->reader);
}

/* Each of these would change what a backend does. */
static const char *const left_over[] = {
	"feature-no-csum-offload", "request-multicast-control",
	"xdp-headroom", "ctrl-ring-ref", "event-channel-ctrl",
	"feature-gso-tcpv4-prefix", "feature-gso-tcpv6-prefix",
	"event-channel",
};

static bool has_key(const char *dir, const char *node)
{
	unsigned int len;
	char *text = pvio_loop_get(dir, node, &len);

	if (IS_ERR_OR_NULL(text))
		return false;
	kfree(text);
	return true;
}

static void b04_keys_of_earlier_frontends_are_removed(struct kunit *test)
{
	struct net_bench *b = test->priv;
	const char *front = b->link.pair.front.own;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(left_over); i++)
		pvio_loop_put(front, left_over[i], i & 1 ? "" : "1");
	net_back_connect(test);
	for (i = 0; i < ARRAY_SIZE(left_over); i++)
		KUNIT_EXPECT_FALSE_MSG(test, has_key(front, left_over[i]),
				       "%s", left_over[i]);
}

static void b04_one_queue_then_two(struct kunit *test)
{
	struct net_bench *b = test->priv;
	const char *front = b->link.pair.front.own;

	pvio_loop_put(front, "tx-ring-ref", "");
	pvio_loop_put(front, "rx-ring-ref", "9");
	pvio_loop_put(front, "event-channel", "");
	net_connect(test);
	KUNIT_EXPECT_EQ(test, b->link.front.dev->real_num_tx_queues, 2);
	KUNIT_EXPECT_FALSE(test, has_key(front, "tx-ring-ref"));
	KUNIT_EXPECT_FALSE(test, has_key(front, "rx-ring-ref"));
	KUNIT_EXPECT_FALSE(test, has_key(front, "event-channel"));
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

/* Loading the module waits for that: not before there is a carrier. */
static void b06_ready_when_there_is_a_carrier(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct pvio_device *pdev;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	net_back_offer(b);
	net_back_say(b, XenbusStateInitWait);
	KUNIT_ASSERT_EQ(test, front_state(b), XenbusStateConnected);
	pdev = b->link.pair.front.pdev;
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(b->link.front.dev));
	KUNIT_EXPECT_FALSE(test, pdev->drv->is_ready(pdev));
	net_back_say(b, XenbusStateConnected);
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(b->link.front.dev));
	KUNIT_EXPECT_TRUE(test, pdev->drv->is_ready(pdev));
}

static struct kunit_case offer_cases[] = {
	KUNIT_CASE(b06_ready_when_there_is_a_carrier),
	KUNIT_CASE(b04_keys_of_earlier_frontends_are_removed),
	KUNIT_CASE(b04_one_queue_then_two),
	KUNIT_CASE(x02_number_of_queues),
	KUNIT_CASE(x02_features),
	KUNIT_CASE(x02_very_many_queues),
	KUNIT_CASE(x02_addresses),
	KUNIT_CASE(x01_backend_without_copies_is_refused),
	KUNIT_CASE(x04_states_out_of_order),
	KUNIT_CASE(x05_watches_that_fire_without_end),
	KUNIT_CASE(x06_toggled_many_times),
	KUNIT_CASE(x06_removed_under_a_silent_backend),
	KUNIT_CASE(x07_removed_after_resume),
	KUNIT_CASE(x08_connecting_fails_while_it_is_read),
	{}
};

static struct kunit_suite offer_suite = {
	.name = "pvio_netfront_keys",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = offer_cases,
};

kunit_test_suite(offer_suite);
