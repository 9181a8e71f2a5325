// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What an administrator tunes at the network frontend while packets flow: how
 * long they wait for each other, who polls for them, and by how many queues they
 * come.
 */
#include <linux/atomic.h>
#include <linux/ethtool.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <net/busy_poll.h>

#include "compat/rxfh.h"
#include "tests/loopback/play/netback.h"

#define ROUNDS	100
/* More than a pass of a slow packet, fewer than buffers are offered. */
#define BURST	32

static struct net_device *eth(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->link.front.dev;
}

static void exit_tune(struct kunit *test)
{
	net_bench_exit(test);
	net_param("pvio_netback", "max_queues", "2");
	net_param("pvio_netfront", "max_queues", "0");
}

static int moderate(struct kunit *test, u32 usecs, bool adaptive)
{
	struct ethtool_coalesce coal = {
		.rx_coalesce_usecs = usecs,
		.use_adaptive_rx_coalesce = adaptive,
	};
	struct net_device *dev = eth(test);
	int err;

	rtnl_lock();
	err = dev->ethtool_ops->set_coalesce(dev, &coal, NULL, NULL);
	rtnl_unlock();
	return err;
}

static struct net_back *connect_one(struct kunit *test)
{
	net_param("pvio_netfront", "max_queues", "1");
	return net_back_connect(test);
}

/* That they are errors does not matter here. */
static bool publish(struct net_back *k, unsigned int nr)
{
	const struct xen_netif_rx_response rsp = {
		.status = XEN_NETIF_RSP_ERROR,
	};

	while (nr--)
		net_back_deliver(k, &rsp);
	return net_back_publish(k, NET_BACK_RX);
}

static bool is_taken(const struct net_back *k)
{
	return net_back_offered(k) >= NET_BACK_FIRST;
}

static bool is_asked(const struct net_back *k)
{
	const struct net_back_ring *r = &k->ring[NET_BACK_RX];

	return READ_ONCE(r->shared->rsp_event) == r->prod + 1;
}

static bool comes(bool (*what)(const struct net_back *k),
		  const struct net_back *k)
{
	unsigned long end = jiffies + msecs_to_jiffies(NET_WAIT_MS);

	while (!what(k) && time_before(jiffies, end))
		cond_resched();
	return what(k);
}

/* How often an event was asked for, of one packet or burst after another. */
static unsigned int events(struct kunit *test, struct net_back *k,
			   unsigned int nr)
{
	unsigned int i, asked = 0;

	for (i = 0; i < ROUNDS; i++) {
		asked += publish(k, nr);
		KUNIT_ASSERT_TRUE(test, comes(is_taken, k));
	}
	KUNIT_EXPECT_TRUE(test, comes(is_asked, k));
	return asked;
}

/* The next packet goes after an event has been asked for, as long as one is. */
static unsigned int slow_events(struct kunit *test, struct net_back *k,
				unsigned int nr)
{
	unsigned int i, asked = 0;

	for (i = 0; i < ROUNDS / 4; i++) {
		asked += publish(k, nr);
		KUNIT_ASSERT_TRUE(test, comes(is_asked, k));
	}
	return asked;
}

static void packets_wait_for_others(struct kunit *test)
{
	struct net_back *k = connect_one(test);

	KUNIT_EXPECT_EQ(test, slow_events(test, k, 1), ROUNDS / 4);
	KUNIT_EXPECT_EQ(test, moderate(test, 1001, false), -EINVAL);
	KUNIT_EXPECT_EQ(test, moderate(test, 1000, false), 0);
	KUNIT_EXPECT_LT(test, events(test, k, 1), ROUNDS / 2);
	KUNIT_EXPECT_EQ(test, moderate(test, 0, false), 0);
	KUNIT_EXPECT_EQ(test, slow_events(test, k, 1), ROUNDS / 4);
	net_back_passes(test, k);
}

/* Those that come alone are round trips, and do not. */
static void only_bursts_wait_if_adaptive(struct kunit *test)
{
	struct net_back *k = connect_one(test);

	KUNIT_EXPECT_EQ(test, moderate(test, 0, true), 0);
	KUNIT_EXPECT_EQ(test, slow_events(test, k, 1), ROUNDS / 4);
	KUNIT_EXPECT_EQ(test, net_front_count(test, "rx_holds"), 0);
	slow_events(test, k, BURST);
	KUNIT_EXPECT_GE(test, net_front_count(test, "rx_holds"), ROUNDS / 4);
	net_back_passes(test, k);
}

static void goes_while_packets_wait(struct kunit *test)
{
	struct net_back *k = connect_one(test);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, moderate(test, 1000, false), 0);
	for (i = 0; i < 10; i++) {
		publish(k, 1);
		KUNIT_EXPECT_TRUE(test, comes(is_taken, k));
		net_back_close(test->priv);
		k = net_back_heals(test);
	}
	KUNIT_EXPECT_EQ(test, moderate(test, 0, false), 0);
}

struct looker {
	struct net_back *k;
	unsigned int rounds;
	unsigned int asked;
};

static bool look_over(void *arg, unsigned long began)
{
	struct looker *l = arg;

	if (l->rounds == ROUNDS)
		return true;
	l->asked += publish(l->k, 1);
	l->rounds++;
	return false;
}

static unsigned int napi_of(struct net_device *dev)
{
	return list_first_entry(&dev->napi_list, struct napi_struct,
				dev_list)->napi_id;
}

/* Until it is over; then one has to be asked for. */
static void who_polls_busily_needs_no_events(struct kunit *test)
{
	struct looker l = { .k = connect_one(test) };

	net_back_passes(test, l.k);
	napi_busy_loop(napi_of(eth(test)), look_over, &l, false, 8);
	KUNIT_EXPECT_EQ(test, l.rounds, ROUNDS);
	KUNIT_EXPECT_LT(test, l.asked, ROUNDS / 2);
	KUNIT_EXPECT_TRUE(test, comes(is_asked, l.k));
	net_back_passes(test, l.k);
}

static int set_queues(struct kunit *test, u32 nr)
{
	struct ethtool_channels channels = { .combined_count = nr };
	struct net_device *dev = eth(test);
	int err;

	rtnl_lock();
	err = dev->ethtool_ops->set_channels(dev, &channels);
	rtnl_unlock();
	return err;
}

/* Those that packets may come by, and those that they are sent by. */
static void expect_queues(struct kunit *test, u32 nr)
{
	struct ethtool_channels channels = {};
	struct net_device *dev = eth(test);
	u32 table[128];
	int i;

	rtnl_lock();
	dev->ethtool_ops->get_channels(dev, &channels);
	KUNIT_EXPECT_EQ(test, pvio_rxfh_get(dev, table, NULL), 0);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, channels.max_combined, 4);
	KUNIT_EXPECT_EQ(test, channels.combined_count, nr);
	KUNIT_EXPECT_EQ(test, dev->real_num_tx_queues, nr);
	for (i = 0; i < ARRAY_SIZE(table); i++)
		KUNIT_EXPECT_EQ(test, table[i], i % nr);
}

static void fewer_queues_without_losing_the_link(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int nr, downs;

	net_param("pvio_netback", "max_queues", "4");
	net_param("pvio_netfront", "max_queues", "4");
	net_connect(test);
	downs = atomic_read(&eth(test)->carrier_down_count);
	for (nr = 4; nr; nr--) {
		KUNIT_EXPECT_EQ(test, set_queues(test, nr), 0);
		expect_queues(test, nr);
		KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	}
	KUNIT_EXPECT_EQ(test, set_queues(test, 3), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&eth(test)->carrier_down_count),
			downs);
	/* So many with the next backend, too. */
	net_side_unplug(&b->link.back);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
	expect_queues(test, 3);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	KUNIT_EXPECT_EQ(test, set_queues(test, 4), 0);
	expect_queues(test, 4);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

/* Nobody could tell the backend which ones are left. */
static void fewer_queues_take_a_control_ring(struct kunit *test)
{
	struct net_back *k = connect_one(test);

	KUNIT_EXPECT_EQ(test, set_queues(test, 1), -EOPNOTSUPP);
	net_back_passes(test, k);
}

static struct kunit_case tune_cases[] = {
	KUNIT_CASE(packets_wait_for_others),
	KUNIT_CASE(only_bursts_wait_if_adaptive),
	KUNIT_CASE(goes_while_packets_wait),
	KUNIT_CASE(who_polls_busily_needs_no_events),
	KUNIT_CASE(fewer_queues_without_losing_the_link),
	KUNIT_CASE(fewer_queues_take_a_control_ring),
	{}
};

static struct kunit_suite tune_suite = {
	.name = "pvio_netfront_tune",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = exit_tune,
	.test_cases = tune_cases,
};

kunit_test_suite(tune_suite);
