// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What packets have cost, read from debugfs as an operator does, and the
 * tracepoints of batches.
 */
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace_events.h>

#include "compat/queues.h"
#include "tests/loopback/net/bench.h"

#define ROOM	4096
#define TRACES	65536
#define PACKETS	300

static void send_some(struct kunit *test, struct net_side *from,
		      struct net_side *to)
{
	const struct net_shape shape = { .len = 100 };
	int i, want = atomic_read(&to->ear.good) + PACKETS;

	for (i = 0; i < PACKETS; i++)
		KUNIT_EXPECT_EQ(test, net_send(from->dev, &shape), 0);
	KUNIT_EXPECT_TRUE(test, net_hears(&to->ear, want));
}

/* By the hypervisor or, where the frontend has its pages kept mapped, not. */
static u64 back_copies(struct kunit *test, const char *how, const char *other)
{
	return net_back_count(test, how) + net_back_count(test, other);
}

static void copies_of_the_backend_count(struct kunit *test)
{
	struct net_bench *b = test->priv;
	u64 rx, tx;

	net_connect(test);
	rx = back_copies(test, "rx_copies", "rx_static_copies");
	tx = back_copies(test, "tx_copies", "tx_static_copies");
	send_some(test, &b->link.front, &b->link.back);
	KUNIT_EXPECT_GE(test, back_copies(test, "rx_copies",
					  "rx_static_copies") - rx, PACKETS);
	KUNIT_EXPECT_GT(test, net_back_count(test, "rx_copy_hypercalls"), 0);
	KUNIT_EXPECT_LE(test, net_back_count(test, "rx_copy_hypercalls"),
			net_back_count(test, "rx_copies"));
	send_some(test, &b->link.back, &b->link.front);
	KUNIT_EXPECT_GE(test, back_copies(test, "tx_copies",
					  "tx_static_copies") - tx, PACKETS);
	KUNIT_EXPECT_GT(test, net_back_count(test, "tx_copy_hypercalls"), 0);
}

static void notifications_count_each_batch(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_connect(test);
	send_some(test, &b->link.front, &b->link.back);
	send_some(test, &b->link.back, &b->link.front);
	KUNIT_EXPECT_GT(test, net_back_count(test, "polls"), 0);
	KUNIT_EXPECT_GT(test, net_back_count(test, "rx_batches"), 0);
	KUNIT_EXPECT_EQ(test, net_back_count(test, "rx_batches"),
			net_back_count(test, "rx_notifies_sent") +
			net_back_count(test, "rx_notifies_suppressed"));
	KUNIT_EXPECT_GT(test, net_back_count(test, "tx_batches"), 0);
	KUNIT_EXPECT_EQ(test, net_back_count(test, "tx_batches"),
			net_back_count(test, "tx_notifies_sent") +
			net_back_count(test, "tx_notifies_suppressed"));
	/* An event each, at least, told of the first packet and of the first slot. */
	KUNIT_EXPECT_GT(test, net_front_count(test, "tx_notifies_sent"), 0);
	KUNIT_EXPECT_GT(test, net_back_count(test, "rx_events"), 0);
	KUNIT_EXPECT_GT(test, net_back_count(test, "tx_notifies_sent"), 0);
	KUNIT_EXPECT_GT(test, net_front_count(test, "rx_events"), 0);
	KUNIT_EXPECT_GT(test, net_front_count(test, "polls"), 0);
}

static void pages_of_the_frontend_count(struct kunit *test)
{
	struct net_bench *b = test->priv;
	u64 grants;

	net_connect(test);
	grants = net_front_count(test, "rx_grants");
	KUNIT_EXPECT_GT(test, grants, 0);
	send_some(test, &b->link.front, &b->link.back);
	KUNIT_EXPECT_GE(test, net_front_count(test, "tx_copied"), PACKETS);
	KUNIT_EXPECT_GT(test, net_front_count(test, "tx_batches"), 0);
	send_some(test, &b->link.back, &b->link.front);
	KUNIT_EXPECT_GT(test, net_front_count(test, "rx_batches"), 0);
	/* Small ones are copied, and their buffers offered again. */
	KUNIT_EXPECT_LT(test, net_front_count(test, "rx_grants") - grants, PACKETS);
	KUNIT_EXPECT_EQ(test, net_front_count(test, "tx_dropped_no_memory"), 0);
}

/* How many times a latency file has of one direction, 0: rx, 1: tx. */
static u64 times_of(struct kunit *test, const char *file, unsigned int dir)
{
	char *text = kunit_kzalloc(test, ROOM, GFP_KERNEL), *line;
	unsigned long long nr[2];
	u64 sum = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_EQ(test, pvio_loop_debugfs(file, text, ROOM), 0);
	KUNIT_EXPECT_STREQ(test, strsep(&text, "\n"), "queue ns rx tx");
	while ((line = strsep(&text, "\n")) && *line)
		if (sscanf(line, "%*u %*u %llu %llu", &nr[0], &nr[1]) == 2)
			sum += nr[dir];
	return sum;
}

static void measure(struct kunit *test, const char *value)
{
	KUNIT_EXPECT_EQ(test, net_param("pvio_netback", "latency", value), 0);
	KUNIT_EXPECT_EQ(test, net_param("pvio_netfront", "latency", value), 0);
}

static void latencies_while_somebody_wants_to_know(struct kunit *test)
{
	const struct net_shape shared = {
		.len = 4000, .head = 100, .frag = 1000,
	};
	struct net_bench *b = test->priv;
	char back[64], front[64];

	net_connect(test);
	snprintf(back, sizeof(back), "netback/%s/latency",
		 b->link.back.dev->name);
	snprintf(front, sizeof(front), "netfront/%s/latency",
		 dev_name(b->link.pair.front.dev));
	send_some(test, &b->link.back, &b->link.front);
	KUNIT_EXPECT_EQ(test, times_of(test, back, 1), 0);
	KUNIT_EXPECT_EQ(test, times_of(test, front, 0), 0);
	measure(test, "1");
	send_some(test, &b->link.back, &b->link.front);
	send_some(test, &b->link.front, &b->link.back);
	KUNIT_EXPECT_TRUE(test, net_passes(&b->link.front, &b->link.back,
					   &shared));
	measure(test, "0");
	KUNIT_EXPECT_EQ(test, times_of(test, back, 1), PACKETS);
	KUNIT_EXPECT_GT(test, times_of(test, back, 0), 0);
	KUNIT_EXPECT_GT(test, times_of(test, front, 0), 0);
	KUNIT_EXPECT_GT(test, times_of(test, front, 1), 0);
}

static void trace_all(bool on)
{
	trace_set_clr_event("pvio_netback", NULL, on);
	trace_set_clr_event("pvio_netfront", NULL, on);
}

static struct file *open_traces(struct kunit *test, int flags)
{
	struct file *file = pvio_loop_open("/sys/kernel/tracing/trace", flags);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	return file;
}

static const char *const events[] = {
	"nf_tx_burst:", "nf_tx_answers:", "nf_rx_batch:", "nb_rx_batch:",
	"nb_tx_batch:",
};

/* Those to packets that nobody waits for are taken much later. */
static void pass_answered(struct kunit *test)
{
	const struct net_shape shared = {
		.len = 4000, .head = 100, .frag = 1000,
	};
	u64 before = net_front_count(test, "tx_batches");
	struct net_bench *b = test->priv;
	unsigned int ms;

	KUNIT_EXPECT_TRUE(test, net_passes(&b->link.front, &b->link.back,
					   &shared));
	for (ms = 0; ms < NET_WAIT_MS; ms += 20) {
		if (net_front_count(test, "tx_batches") != before)
			return;
		msleep(20);
	}
}

static void trace_shows_batches(struct kunit *test)
{
	const struct net_shape small = { .len = 100 };
	struct net_bench *b = test->priv;
	char *text = kunit_kzalloc(test, TRACES, GFP_KERNEL);
	struct file *file;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	net_connect(test);
	filp_close(open_traces(test, O_WRONLY | O_TRUNC), NULL);
	trace_all(true);
	pass_answered(test);
	KUNIT_EXPECT_TRUE(test, net_passes(&b->link.back, &b->link.front,
					   &small));
	trace_all(false);
	file = open_traces(test, O_RDONLY);
	pvio_loop_show_all(file->private_data, text, TRACES);
	filp_close(file, NULL);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(text, events[i]), "%s",
					  events[i]);
}

/* Of all queues, "tx" or "rx". */
static u64 ethtool_sum(struct kunit *test, struct net_device *dev, const char *dir)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	struct ethtool_stats stats = {};
	u64 sum = 0, *value;
	int i, nr;
	u8 *name;

	rtnl_lock();
	nr = ops->get_sset_count(dev, ETH_SS_STATS);
	name = kunit_kcalloc(test, nr, ETH_GSTRING_LEN, GFP_KERNEL);
	value = kunit_kcalloc(test, nr, sizeof(*value), GFP_KERNEL);
	if (name && value) {
		ops->get_strings(dev, ETH_SS_STATS, name);
		ops->get_ethtool_stats(dev, &stats, value);
	}
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_ASSERT_NOT_NULL(test, value);
	for (i = 0; i < nr; i++, name += ETH_GSTRING_LEN)
		if (strstr(name, dir) && strstr(name, "_packets"))
			sum += value[i];
	return sum;
}

#ifdef PVIO_QUEUES_ARE_TOLD_OF
/* The same by netlink, with the past of queues that are not used now. */
static void expect_told(struct kunit *test, struct net_device *dev,
			const struct rtnl_link_stats64 *whole)
{
	struct netdev_queue_stats_rx rx, rx_sum = {};
	struct netdev_queue_stats_tx tx, tx_sum = {};
	struct napi_struct *napi;
	unsigned int i;

	rtnl_lock();
	dev->stat_ops->get_base_stats(dev, &rx_sum, &tx_sum);
	for (i = 0; i < dev->real_num_rx_queues; i++) {
		dev->stat_ops->get_queue_stats_rx(dev, i, &rx);
		dev->stat_ops->get_queue_stats_tx(dev, i, &tx);
		rx_sum.packets += rx.packets;
		rx_sum.bytes += rx.bytes;
		tx_sum.packets += tx.packets;
		tx_sum.bytes += tx.bytes;
		napi = __netif_get_rx_queue(dev, i)->napi;
		KUNIT_EXPECT_NOT_NULL(test, napi);
		KUNIT_EXPECT_PTR_EQ(test, netdev_get_tx_queue(dev, i)->napi, napi);
	}
	KUNIT_EXPECT_FALSE(test, hlist_empty(&dev->page_pools));
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, rx_sum.packets, whole->rx_packets);
	KUNIT_EXPECT_EQ(test, rx_sum.bytes, whole->rx_bytes);
	KUNIT_EXPECT_EQ(test, tx_sum.packets, whole->tx_packets);
	KUNIT_EXPECT_EQ(test, tx_sum.bytes, whole->tx_bytes);
}
#else
static void expect_told(struct kunit *test, struct net_device *dev,
			const struct rtnl_link_stats64 *whole)
{
}
#endif

static void expect_sums(struct kunit *test, struct net_device *dev)
{
	struct rtnl_link_stats64 whole;

	dev_get_stats(dev, &whole);
	KUNIT_EXPECT_GE(test, whole.rx_packets, PACKETS);
	KUNIT_EXPECT_GE(test, whole.tx_packets, PACKETS);
	KUNIT_EXPECT_EQ(test, ethtool_sum(test, dev, "rx"), whole.rx_packets);
	KUNIT_EXPECT_EQ(test, ethtool_sum(test, dev, "tx"), whole.tx_packets);
	expect_told(test, dev, &whole);
}

/* Quiet: nothing passes between two looks. */
static void queues_add_up(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_connect(test);
	send_some(test, &b->link.front, &b->link.back);
	send_some(test, &b->link.back, &b->link.front);
	expect_sums(test, b->link.front.dev);
	expect_sums(test, b->link.back.dev);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(copies_of_the_backend_count),
	KUNIT_CASE(notifications_count_each_batch),
	KUNIT_CASE(pages_of_the_frontend_count),
	KUNIT_CASE(latencies_while_somebody_wants_to_know),
	KUNIT_CASE(trace_shows_batches),
	KUNIT_CASE(queues_add_up),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "pvio_net_pair_stats",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);

MODULE_DESCRIPTION("Tests of what pvio counts of packets");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
