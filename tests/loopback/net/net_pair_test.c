// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The two network drivers joined: connecting, packets of every size and
 * shape, floods, interface settings, statistics.
 */
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>

#include "tests/loopback/net/bench.h"
#include "tests/loopback/says.h"

static void both_pass(struct kunit *test, const struct net_shape *shape)
{
	struct net_bench *b = test->priv;

	KUNIT_EXPECT_TRUE_MSG(test, net_passes(&b->link.front, &b->link.back,
					       shape),
			      "%u bytes, fragments of %u, to the backend",
			      shape->len, shape->frag);
	KUNIT_EXPECT_TRUE_MSG(test, net_passes(&b->link.back, &b->link.front,
					       shape),
			      "%u bytes, fragments of %u, to the guest",
			      shape->len, shape->frag);
}

static void connects_in_either_order(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_connect(test);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	net_side_unplug(&b->link.front);
	net_side_unplug(&b->link.back);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

static void each_queue_passes(struct kunit *test, unsigned int nr)
{
	struct net_shape shape = { .len = 200 };
	struct net_bench *b = test->priv;

	KUNIT_EXPECT_EQ(test, b->link.front.dev->real_num_tx_queues, nr);
	KUNIT_EXPECT_EQ(test, b->link.back.dev->real_num_tx_queues, nr);
	for (shape.queue = 0; shape.queue < nr; shape.queue++)
		both_pass(test, &shape);
	KUNIT_EXPECT_EQ(test, b->link.front.ear.queues, BIT(nr) - 1);
	KUNIT_EXPECT_EQ(test, b->link.back.ear.queues, BIT(nr) - 1);
}

/* Numbers of queues that the two ends offer, and what comes of it. */
static void several_queues(struct kunit *test)
{
	static const char *const counts[][3] = {
		{ "1", "4", "\x01" }, { "4", "1", "\x01" },
		{ "4", "4", "\x04" }, { "3", "4", "\x03" },
	};
	struct net_bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		net_param("pvio_netback", "max_queues", counts[i][0]);
		net_param("pvio_netfront", "max_queues", counts[i][1]);
		net_connect(test);
		each_queue_passes(test, counts[i][2][0]);
		net_side_unplug(&b->link.front);
		net_side_unplug(&b->link.back);
	}
	net_param("pvio_netback", "max_queues", "2");
	net_param("pvio_netfront", "max_queues", "0");
}

static void shared_events(struct kunit *test)
{
	struct net_bench *b = test->priv;
	char *front = b->link.pair.front.own;

	KUNIT_ASSERT_EQ(test, net_param("pvio_netfront", "max_queues", "1"), 0);
	net_param("pvio_netback", "separate_tx_rx_irq", "N");
	net_connect(test);
	net_param("pvio_netback", "separate_tx_rx_irq", "Y");
	net_param("pvio_netfront", "max_queues", "0");
	KUNIT_EXPECT_NE(test, pvio_loop_number(front, "event-channel"), 0);
	both_pass(test, &(struct net_shape){ .len = 60 });
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	net_side_unplug(&b->link.back);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	KUNIT_EXPECT_EQ(test, pvio_loop_number(front, "event-channel"), 0);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

static void packets_of_all_sizes(struct kunit *test)
{
	static const u16 sizes[] = {
		14, 15, 59, 60, 61, 127, 128, 129, 255, 256, 257, 511, 512,
		513, 1513, 1514, 1783, 2049, 4095, 4096, 4097, 8191, 8192,
		8193, 12289, 16384, 32767, 40961, 61441, 65000, 65001,
	};
	struct net_shape shape = {};
	unsigned int i;

	net_connect(test);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		shape.len = sizes[i];
		both_pass(test, &shape);
	}
}

static const struct net_shape odd_shapes[] = {
	{ .len = 60, .head = 14, .frag = 46, .offset = 4050 },
	{ .len = 600, .head = 14, .frag = 600, .offset = 4000 },
	{ .len = 1514, .head = 54, .frag = 86, .offset = 4051 },
	{ .len = 3000, .head = 13, .frag = 3000, .offset = 1 },
	{ .len = 4000, .head = 66, .frag = 999, .offset = 3999 },
	{ .len = 9000, .head = 1, .frag = 4096, .offset = 0 },
	{ .len = 17000, .head = 1000, .frag = 1000, .offset = 3600 },
	{ .len = 34800, .head = 800, .frag = 2000, .offset = 3095 },
	{ .len = 60000, .head = 128, .frag = 4096, .offset = 0 },
	{ .len = 65000, .head = 128, .frag = 32768, .offset = 0 },
	{ .len = 65226, .head = 202, .frag = 32512, .offset = 255 },
};

static void packets_in_fragments(struct kunit *test)
{
	unsigned int i;

	net_connect(test);
	for (i = 0; i < ARRAY_SIZE(odd_shapes); i++)
		both_pass(test, &odd_shapes[i]);
}

static const struct net_shape large_shapes[] = {
	{ .len = 3000, .gso = 1448 },
	{ .len = 9000, .gso = 536, .head = 54, .frag = 4096 },
	{ .len = 65226, .gso = 1448, .head = 66, .frag = 4096, .offset = 0 },
	{ .len = 65226, .gso = 1448, .head = 66, .frag = 32768 },
	{ .len = 65226, .gso = 8, .head = 2000, .frag = 21077, .offset = 3 },
};

static void large_tcp_packets_stay_whole(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	net_connect(test);
	for (i = 0; i < ARRAY_SIZE(large_shapes); i++)
		both_pass(test, &large_shapes[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->link.front.ear.gso), i);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->link.back.ear.gso), i);
}

#define FLOOD	600	/* less than a qdisc holds, more than two rings */

static void flood(struct kunit *test, struct net_side *from,
		  struct net_side *to, unsigned int len)
{
	const struct net_shape shape = { .len = len };
	int i, want = atomic_read(&to->ear.good) + FLOOD;

	for (i = 0; i < FLOOD; i++)
		KUNIT_EXPECT_EQ(test, net_send(from->dev, &shape), 0);
	KUNIT_EXPECT_TRUE_MSG(test, net_hears(&to->ear, want),
			      "%d of %d packets of %u bytes",
			      atomic_read(&to->ear.good), want, len);
}

static void floods_beyond_the_ring(struct kunit *test)
{
	static const unsigned int sizes[] = { 60, 1514, 9000 };
	struct net_bench *b = test->priv;
	unsigned int i;

	net_connect(test);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		flood(test, &b->link.front, &b->link.back, sizes[i]);
		flood(test, &b->link.back, &b->link.front, sizes[i]);
	}
}

static int set_mtu(struct net_side *side, int mtu)
{
	int err;

	rtnl_lock();
	err = dev_set_mtu(side->dev, mtu);
	rtnl_unlock();
	return err;
}

static void mtu_is_bounded(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_connect(test);
	KUNIT_EXPECT_EQ(test, set_mtu(&b->link.front, 65000), 0);
	KUNIT_EXPECT_EQ(test, set_mtu(&b->link.back, 65000), 0);
	KUNIT_EXPECT_EQ(test, set_mtu(&b->link.front, 68), 0);
	KUNIT_EXPECT_EQ(test, set_mtu(&b->link.back, 68), 0);
	KUNIT_EXPECT_NE(test, set_mtu(&b->link.front, 65536), 0);
	KUNIT_EXPECT_NE(test, set_mtu(&b->link.back, 65536), 0);
	KUNIT_EXPECT_NE(test, set_mtu(&b->link.front, 67), 0);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

static void carrier_follows_the_peer(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(b->link.back.dev));
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	pvio_loop_settle();
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(b->link.back.dev));
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(b->link.front.dev));
	net_side_unplug(&b->link.front);
	pvio_loop_settle();
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(b->link.back.dev));
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	net_side_unplug(&b->link.back);
	pvio_loop_settle();
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(b->link.front.dev));
}

static void set_link(struct net_side *side, bool up)
{
	rtnl_lock();
	if (up)
		dev_open(side->dev, NULL);
	else
		dev_close(side->dev);
	rtnl_unlock();
}

static void interfaces_go_down_and_up(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct net_bench *b = test->priv;
	int i;

	net_connect(test);
	for (i = 0; i < 5; i++) {
		set_link(&b->link.front, false);
		net_send(b->link.back.dev, &shape);
		set_link(&b->link.front, true);
		KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
		set_link(&b->link.back, false);
		net_send(b->link.front.dev, &shape);
		set_link(&b->link.back, true);
		KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	}
}

static void statistics_count_once(struct kunit *test)
{
	struct rtnl_link_stats64 front, back;
	struct net_bench *b = test->priv;

	net_connect(test);
	flood(test, &b->link.front, &b->link.back, 100);
	flood(test, &b->link.back, &b->link.front, 5000);
	dev_get_stats(b->link.front.dev, &front);
	dev_get_stats(b->link.back.dev, &back);
	KUNIT_EXPECT_EQ(test, front.tx_packets, FLOOD);
	KUNIT_EXPECT_EQ(test, back.rx_packets, FLOOD);
	KUNIT_EXPECT_EQ(test, front.tx_bytes, 100 * FLOOD);
	KUNIT_EXPECT_EQ(test, back.rx_bytes, 100 * FLOOD);
	KUNIT_EXPECT_EQ(test, back.tx_packets, FLOOD);
	KUNIT_EXPECT_EQ(test, front.rx_packets, FLOOD);
	KUNIT_EXPECT_EQ(test, back.tx_bytes, 5000 * FLOOD);
	KUNIT_EXPECT_EQ(test, front.rx_bytes, 5000 * FLOOD);
	KUNIT_EXPECT_EQ(test, front.rx_errors + front.tx_errors, 0);
	KUNIT_EXPECT_EQ(test, back.rx_errors + back.tx_errors, 0);
}

static void untrusted_backend_gets_the_same_packets(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int i;

	pvio_loop_put(b->link.pair.front.own, "trusted", "0");
	net_connect(test);
	for (i = 0; i < ARRAY_SIZE(odd_shapes); i++)
		both_pass(test, &odd_shapes[i]);
	flood(test, &b->link.front, &b->link.back, 9000);
}

static void expect_queues(struct kunit *test, const struct net_side *side)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", side->dev->real_num_tx_queues);
	expect_says(test, side->end, "queues", text);
	expect_says(test, side->end, "netdev", side->dev->name);
}

static void sysfs_tells_what_was_negotiated(struct kunit *test)
{
	static const char *const yes[] = {
		"rx_copy", "sg", "gso_v4", "gso_v6", "csum_v4", "csum_v6",
		"vlan_offload", "split_channels",
	};
	struct net_bench *b = test->priv;
	struct loop_end *front = &b->link.pair.front, *back = &b->link.pair.back;
	unsigned int i;

	pvio_loop_put(back->own, "rate", "100000000,50000");
	net_connect(test);
	for (i = 0; i < ARRAY_SIZE(yes); i++) {
		expect_says(test, front, yes[i], "1");
		expect_says(test, back, yes[i], "1");
	}
	expect_queues(test, &b->link.front);
	expect_queues(test, &b->link.back);
	expect_says(test, front, "trusted", "1");
	expect_says(test, front, "mtu", "1500");
	expect_says(test, back, "rate", "100000000,50000");
	expect_says(test, back, "bridge", "");
	expect_says(test, back, "script", NET_SCRIPT);
	net_side_unplug(&b->link.front);
	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(back, XenbusStateInitWait,
					       NET_WAIT_MS) ||
			  pvio_loop_wait(back, XenbusStateClosed, 0));
	expect_says(test, back, "queues", "0");
	expect_says(test, back, "sg", "");
	expect_says(test, back, "mtu", "1500");
}

static void ethtool_tells_the_version(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_device *devs[2];
	struct ethtool_drvinfo info;
	unsigned int i;

	net_connect(test);
	devs[0] = b->link.front.dev;
	devs[1] = b->link.back.dev;
	for (i = 0; i < ARRAY_SIZE(devs); i++) {
		info = (struct ethtool_drvinfo){};
		devs[i]->ethtool_ops->get_drvinfo(devs[i], &info);
		KUNIT_EXPECT_TRUE_MSG(test, strstarts(info.version, PVIO_RELEASE),
				      "%s of %s", info.version, info.driver);
	}
}

static struct kunit_case pair_cases[] = {
	KUNIT_CASE(ethtool_tells_the_version),
	KUNIT_CASE(sysfs_tells_what_was_negotiated),
	KUNIT_CASE(connects_in_either_order),
	KUNIT_CASE(several_queues),
	KUNIT_CASE(shared_events),
	KUNIT_CASE(packets_of_all_sizes),
	KUNIT_CASE(packets_in_fragments),
	KUNIT_CASE(large_tcp_packets_stay_whole),
	KUNIT_CASE(floods_beyond_the_ring),
	KUNIT_CASE(mtu_is_bounded),
	KUNIT_CASE(carrier_follows_the_peer),
	KUNIT_CASE(interfaces_go_down_and_up),
	KUNIT_CASE(statistics_count_once),
	KUNIT_CASE(untrusted_backend_gets_the_same_packets),
	{}
};

static struct kunit_suite pair_suite = {
	.name = "pvio_net_pair",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = pair_cases,
};

kunit_test_suite(pair_suite);

MODULE_DESCRIPTION("Tests of the pvio network drivers, joined");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
