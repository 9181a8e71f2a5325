// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend and the domain's one grant table: how much a queue
 * takes of it, what it does when there is nothing left, what it gives back,
 * and which pages it does not grant.
 */
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <xen/page.h>

#include "tests/loopback/play/netback.h"

/* A queue's first receive buffers, two rings, and what its largest packet takes. */
#define RX_REFS		NET_BACK_FIRST
#define TX_REFS		19
/* Fewer buffers than those. */
#define FEW		32
#define LEAST		(RX_REFS + TX_REFS + 2)
/* And once for the interface its control ring, if there is one left for it. */
#define CTRL_REFS	1
/* What the kernel's own frontend takes. */
#define MOST		514

static struct net_side *eth(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return &b->link.front;
}

static void exit_refs(struct kunit *test)
{
	pvio_loop_limit_refs(0);
	net_bench_exit(test);
	net_param("pvio_netback", "max_queues", "2");
	net_param("pvio_netfront", "max_queues", "0");
}

static void want_queues(const char *nr)
{
	net_param("pvio_netback", "max_queues", nr);
	net_param("pvio_netfront", "max_queues", nr);
}

/* A table that has so many left, and a pair that connects in it. */
static void connect_with(struct kunit *test, unsigned int left)
{
	pvio_loop_limit_refs(pvio_loop_refs_taken() + left);
	net_connect(test);
}

static void b07_idle_queue_takes_little(struct kunit *test)
{
	unsigned int before = pvio_loop_refs_taken();

	want_queues("1");
	net_connect(test);
	KUNIT_EXPECT_LE(test, pvio_loop_refs_taken() - before,
			LEAST + CTRL_REFS);
}

static void b07_eight_queues_in_a_small_table(struct kunit *test)
{
	struct net_bench *b = test->priv;

	want_queues("8");
	connect_with(test, 8 * LEAST);
	KUNIT_EXPECT_EQ(test, eth(test)->dev->real_num_tx_queues, 8);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

static void b07_fewer_queues_in_a_smaller_table(struct kunit *test)
{
	struct net_bench *b = test->priv;

	want_queues("8");
	connect_with(test, 2 * LEAST + 100);
	KUNIT_EXPECT_GE(test, eth(test)->dev->real_num_tx_queues, 2);
	KUNIT_EXPECT_LT(test, eth(test)->dev->real_num_tx_queues, 8);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
}

static const struct net_shape burst[] = {
	{ .len = 60 }, { .len = 1514 }, { .len = 600 },
	{ .len = 65000, .head = 128, .frag = 32768 },
	{ .len = 9000, .head = 54, .frag = 4096 },
	{ .len = 34800, .head = 800, .frag = 2000, .offset = 3095 },
	{ .len = 7000, .head = 54, .frag = 4096, .gso = 1448 },
};

static u64 tx_dropped(struct kunit *test)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(eth(test)->dev, &stats);
	return stats.tx_dropped;
}

/* All of them wait for each other's references, and none is lost. */
static void expect_bursts(struct kunit *test, int nr)
{
	struct net_bench *b = test->priv;
	int want = atomic_read(&b->link.back.ear.good), i, j;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < ARRAY_SIZE(burst); j++, want++)
			KUNIT_EXPECT_EQ(test, net_send(eth(test)->dev,
						       &burst[j]), 0);
		KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, want));
	}
	KUNIT_EXPECT_EQ(test, tx_dropped(test), 0);
}

static void b07_sends_with_what_it_keeps(struct kunit *test)
{
	want_queues("1");
	connect_with(test, LEAST);
	expect_bursts(test, 20);
	pvio_loop_limit_refs(0);
	expect_bursts(test, 20);
}

/* Buffers are missing as long as there are no references for them. */
static void b07_receives_with_few_buffers(struct kunit *test)
{
	struct net_bench *b = test->priv;
	const struct net_shape *shape = &burst[3];
	s64 refs;
	int i;

	want_queues("1");
	connect_with(test, TX_REFS + 2 + FEW);
	refs = pvio_outstanding(PVIO_RES_GREF);
	for (i = 0; i < 30; i++)
		KUNIT_EXPECT_TRUE(test, net_passes(&b->link.back,
						   &b->link.front, shape));
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_GREF), refs);
	pvio_loop_limit_refs(0);
	for (i = 0; i < 30; i++)
		KUNIT_EXPECT_TRUE(test, net_passes(&b->link.back,
						   &b->link.front, shape));
	KUNIT_EXPECT_GE(test, pvio_outstanding(PVIO_RES_GREF),
			refs + RX_REFS - FEW);
}

static bool come_to_offer(const struct net_back *k, u32 nr)
{
	unsigned int waited;

	for (waited = 0; waited < 1000 && net_back_offered(k) != nr; waited++)
		usleep_range(500, 1000);
	return net_back_offered(k) == nr;
}

/* Published at once; that they are errors does not matter here. */
static void burst_of(struct net_back *k, unsigned int nr)
{
	const struct xen_netif_rx_response rsp = {
		.status = XEN_NETIF_RSP_ERROR,
	};

	while (nr--)
		net_back_deliver(k, &rsp);
	net_back_push(k, NET_BACK_RX);
}

/* Buffers that wait for packets are as many as packets have come at a time. */
static void buffers_follow_the_load(struct kunit *test)
{
	struct net_back *k;
	unsigned int i;

	want_queues("1");
	k = net_back_connect(test);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, RX_REFS));
	for (i = 0; i < 2 * RX_REFS; i++) {
		burst_of(k, 1);
		KUNIT_EXPECT_TRUE(test, come_to_offer(k, RX_REFS));
	}
	burst_of(k, RX_REFS / 2);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, 2 * RX_REFS));
	burst_of(k, RX_REFS);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, 4 * RX_REFS));
	burst_of(k, 4 * RX_REFS);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, 4 * RX_REFS));
	net_back_passes(test, k);
}

static int set_rings(struct kunit *test, u32 rx, u32 tx)
{
	struct ethtool_ringparam ring = { .rx_pending = rx, .tx_pending = tx };
	struct kernel_ethtool_ringparam more = {};
	struct net_device *dev = eth(test)->dev;
	int err;

	rtnl_lock();
	err = dev->ethtool_ops->set_ringparam(dev, &ring, &more, NULL);
	rtnl_unlock();
	return err;
}

static u32 rx_pending(struct kunit *test)
{
	struct ethtool_ringparam ring = {};
	struct kernel_ethtool_ringparam more = {};
	struct net_device *dev = eth(test)->dev;

	rtnl_lock();
	dev->ethtool_ops->get_ringparam(dev, &ring, &more, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, ring.rx_max_pending, NET_BACK_RING);
	KUNIT_EXPECT_EQ(test, ring.tx_max_pending, NET_BACK_RING);
	KUNIT_EXPECT_EQ(test, ring.tx_pending, NET_BACK_RING);
	return ring.rx_pending;
}

/* ethtool -G: so many from now on, and with the next backend. */
static void more_buffers_are_asked_for(struct kunit *test)
{
	struct net_back *k;

	want_queues("1");
	k = net_back_connect(test);
	KUNIT_EXPECT_EQ(test, rx_pending(test), RX_REFS);
	KUNIT_EXPECT_EQ(test, set_rings(test, 31, NET_BACK_RING), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_rings(test, RX_REFS, 128), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_rings(test, 100, NET_BACK_RING), 0);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, 100));
	burst_of(k, 60);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, 200));
	/* Twice as many are not there. */
	burst_of(k, 100);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, NET_BACK_RING));
	net_back_close(test->priv);
	KUNIT_EXPECT_EQ(test, set_rings(test, NET_BACK_RING, NET_BACK_RING), 0);
	k = net_back_connect(test);
	KUNIT_EXPECT_TRUE(test, come_to_offer(k, NET_BACK_RING));
	KUNIT_EXPECT_EQ(test, rx_pending(test), NET_BACK_RING);
	net_back_passes(test, k);
}

static void send_many(struct kunit *test, const struct net_shape *shape,
		      int nr)
{
	while (nr--)
		KUNIT_EXPECT_EQ(test, net_send(eth(test)->dev, shape), 0);
}

/* The backend takes its time, then answers all. */
static void answer_slots(struct kunit *test, struct net_back *k,
			 unsigned int nr)
{
	struct xen_netif_tx_request req;

	while (nr--) {
		KUNIT_ASSERT_TRUE(test, net_back_take(k, &req));
		net_back_answer(k, req.id, XEN_NETIF_RSP_OKAY);
	}
	net_back_push(k, NET_BACK_TX);
}

/* Answers are taken some time after they were given. */
static bool comes_between(enum pvio_resource res, s64 least, s64 most)
{
	unsigned int waited;
	s64 now;

	for (waited = 0; waited < NET_WAIT_MS; waited += 10) {
		now = pvio_outstanding(res);
		if (now >= least && now <= most)
			return true;
		msleep(20);
	}
	return false;
}

static void b07_references_follow_the_load(struct kunit *test)
{
	const struct net_shape large = { .len = 60000, .head = 100,
					 .frag = 4096 };
	const struct net_shape small = { .len = 400 };
	unsigned int before = pvio_loop_refs_taken();
	struct net_back *k;
	s64 refs, pages;

	want_queues("1");
	k = net_back_connect(test);
	net_back_passes(test, k);
	net_back_lift_limit(eth(test)->dev);
	refs = pvio_outstanding(PVIO_RES_GREF);
	pages = pvio_outstanding(PVIO_RES_PAGE);
	send_many(test, &large, 14);
	KUNIT_EXPECT_GE(test, pvio_outstanding(PVIO_RES_GREF), refs + 180);
	KUNIT_EXPECT_LE(test, pvio_loop_refs_taken() - before, MOST);
	answer_slots(test, k, 14 * 16);
	send_many(test, &small, 230);
	KUNIT_EXPECT_TRUE(test, comes_between(PVIO_RES_PAGE, pages + 200,
					      pages + 260));
	KUNIT_EXPECT_LE(test, pvio_loop_refs_taken() - before, MOST);
	answer_slots(test, k, 230);
	send_many(test, &large, 14);
	answer_slots(test, k, 14 * 16);
	KUNIT_EXPECT_LE(test, pvio_loop_refs_taken() - before, MOST);
	KUNIT_EXPECT_TRUE(test, comes_between(PVIO_RES_GREF, 0, refs));
	KUNIT_EXPECT_TRUE(test, comes_between(PVIO_RES_PAGE, 0, pages + 4));
	net_back_passes(test, k);
}

static struct sk_buff *mark_foreign(struct sk_buff *skb, bool on)
{
	struct page *page = skb_frag_page(&skb_shinfo(skb)->frags[0]);

	if (on) {
		SetPageForeign(page);
		SetPagePrivate(page);
	} else {
		ClearPageForeign(page);
		ClearPagePrivate(page);
		set_page_private(page, 0);
	}
	return skb;
}

/* The frame of another domain's page is not ours to grant. */
static void n18_foreign_pages_are_copied(struct kunit *test)
{
	const struct net_shape shape = { .len = 5000, .head = 100,
					 .frag = 4000 };
	struct net_back *k = net_back_connect(test);
	struct net_bench *b = test->priv;
	s64 grants = pvio_outstanding(PVIO_RES_GRANT);
	s64 pages = pvio_outstanding(PVIO_RES_PAGE);
	struct sk_buff *skb = net_skb(b->link.front.dev, &shape);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_get(mark_foreign(skb, true));
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
	/* Two stages, and the one fragment that is our own. */
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_GRANT), grants + 3);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_PAGE), pages + 2);
	KUNIT_EXPECT_EQ(test, net_back_receive(test, k, XEN_NETIF_RSP_OKAY),
			5000);
	net_back_passes(test, k);
	kfree_skb(mark_foreign(skb, false));
}

/* The loud way of ending a grant is for pages that are surely ours again. */
static void n23_teardown_is_quiet(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct net_bench *b = test->priv;
	unsigned int calls;

	net_back_passes(test, k);
	send_many(test, &burst[4], 3);
	calls = pvio_loop_calls(LOOP_UNGRANT);
	net_back_say(b, XenbusStateClosed);
	net_side_unplug(&b->link.front);
	KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_UNGRANT), calls);
}

static struct kunit_case refs_cases[] = {
	KUNIT_CASE(b07_idle_queue_takes_little),
	KUNIT_CASE(b07_eight_queues_in_a_small_table),
	KUNIT_CASE(b07_fewer_queues_in_a_smaller_table),
	KUNIT_CASE(b07_sends_with_what_it_keeps),
	KUNIT_CASE(b07_receives_with_few_buffers),
	KUNIT_CASE(buffers_follow_the_load),
	KUNIT_CASE(more_buffers_are_asked_for),
	KUNIT_CASE(b07_references_follow_the_load),
	KUNIT_CASE(n18_foreign_pages_are_copied),
	KUNIT_CASE(n23_teardown_is_quiet),
	{}
};

static struct kunit_suite refs_suite = {
	.name = "pvio_netfront_refs",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = exit_refs,
	.test_cases = refs_cases,
};

kunit_test_suite(refs_suite);
