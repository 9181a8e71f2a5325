// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend where it meets the kernel and the toolstack: the netdev
 * and who uses it, hotplug scripts, limits, and guests that are late.
 */
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "compat/pvio_compat.h"
#include "tests/loopback/play/netfront.h"

static struct net_device *vif(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return b->link.back.dev;
}

static u64 dropped(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	return stats.tx_dropped;
}

/* Puts the vif there, with no frontend. */
static struct net_device *plug(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	return vif(test);
}

/* Connects a frontend that says @text for @key. */
static struct net_queue *connect_saying(struct kunit *test, const char *key,
					const char *text)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	pvio_loop_put(b->link.pair.front.own, key, text);
	net_front_join(test);
	return &b->front->queue[0];
}

static void n10_its_packets_are_its_own(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, plug(test)->priv_flags & IFF_TX_SKB_SHARING);
}

static void b15_address_of_a_running_vif(struct kunit *test)
{
	static const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x55 };
	struct net_queue *q = net_front_connect(test);
	struct sockaddr_storage space = {};
	struct sockaddr *addr = (struct sockaddr *)&space;
	int err;

	rtnl_lock();
	addr->sa_family = vif(test)->type;
	memcpy(addr->sa_data, mac, sizeof(mac));
	/* Later kernels want the one type, earlier ones the other. */
	err = dev_set_mac_address(vif(test), (void *)addr, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, err, 0);
	net_front_passes(test, q);
}

static int set_mtu(struct net_device *dev, int mtu)
{
	int err;

	rtnl_lock();
	err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	return err;
}

static void b16_mtu_comes_back(struct kunit *test)
{
	const struct net_shape shape = { .len = 9014 };
	struct net_device *dev = plug(test);
	struct net_bench *b = test->priv;
	struct net_queue *q;
	int i;

	KUNIT_EXPECT_EQ(test, set_mtu(dev, 9000), 0);
	for (i = 0; i < 2; i++) {
		connect_saying(test, "feature-sg", "0");
		KUNIT_EXPECT_EQ(test, dev->mtu, 1500);
		KUNIT_EXPECT_NE(test, set_mtu(dev, 9000), 0);
		net_front_close(b);
	}
	q = net_front_connect(test);
	KUNIT_EXPECT_EQ(test, dev->mtu, 9000);
	KUNIT_EXPECT_EQ(test, net_send(dev, &shape), 0);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 9014);
	net_front_close(b);
	/* What is set meanwhile is the last word. */
	connect_saying(test, "feature-sg", "0");
	KUNIT_EXPECT_EQ(test, set_mtu(dev, 1400), 0);
	net_front_heals(test);
	KUNIT_EXPECT_EQ(test, dev->mtu, 1400);
}

#define VLAN_OFFLOAD	"feature-pvio-vlan-offload"

static void expect_tagged(struct kunit *test, const struct net_device *dev,
			  netdev_features_t offloads)
{
	KUNIT_EXPECT_TRUE(test, dev->vlan_features & NETIF_F_SG);
	KUNIT_EXPECT_EQ(test, dev->vlan_features &
			(NETIF_F_CSUM_MASK | NETIF_F_ALL_TSO), offloads);
}

/* In-tree frontends drop a tagged packet whose checksum is left to them. */
static void b13_tagged_packets_to_the_guest(struct kunit *test)
{
	const netdev_features_t all = NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
				      NETIF_F_TSO | NETIF_F_TSO6;
	struct net_device *dev = plug(test);
	struct net_bench *b = test->priv;
	const char *own = b->link.pair.back.own;

	expect_tagged(test, dev, 0);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(own, VLAN_OFFLOAD), 1);
	connect_saying(test, VLAN_OFFLOAD, "1");
	expect_tagged(test, dev, all);
	net_front_close(b);
	pvio_loop_remove(b->link.pair.front.own, VLAN_OFFLOAD);
	net_front_connect(test);
	expect_tagged(test, dev, 0);
	/* Who serves the device next may not know it. */
	pvio_loop_unplug(&b->link.pair.back);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(own, VLAN_OFFLOAD), 0);
}

/* Past the stack, which has looked at such a packet for the last frontend. */
static void xmit_stale(struct net_device *dev, struct sk_buff *skb)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	skb_set_queue_mapping(skb, 0);
	__netif_tx_lock_bh(txq);
	dev->netdev_ops->ndo_start_xmit(skb, dev);
	__netif_tx_unlock_bh(txq);
}

static void n19_gso_of_the_last_frontend(struct kunit *test)
{
	const struct net_shape large = { .len = 3000, .gso = 1448 };
	const struct net_shape small = { .len = 60 };
	struct net_device *dev = plug(test);
	struct net_queue *q;
	struct sk_buff *skb;
	unsigned int len;
	u64 before;

	q = connect_saying(test, "feature-gso-tcpv4", "0");
	before = dropped(dev);
	xmit_stale(dev, net_skb(dev, &large));
	KUNIT_EXPECT_EQ(test, dropped(dev), before + 1);
	for (len = 0; len < ETH_HLEN; len++) {
		skb = net_skb(dev, &small);
		skb_trim(skb, len);
		xmit_stale(dev, skb);
	}
	KUNIT_EXPECT_EQ(test, dropped(dev), before + 1 + ETH_HLEN);
	KUNIT_EXPECT_EQ(test, net_shared(q, NET_RX)->rsp_prod, 0);
	net_front_passes(test, q);
}

static void n19_checksum_of_the_last_frontend(struct kunit *test)
{
	const struct net_shape shape = { .len = 1000, .gso = 1448 };
	struct net_device *dev = plug(test);
	struct xen_netif_rx_response rsp;
	struct net_queue *q;
	struct sk_buff *skb;
	unsigned int ms;

	q = connect_saying(test, "feature-no-csum-offload", "1");
	pvio_loop_remove(((struct net_bench *)test->priv)->link.pair.front.own,
			 "feature-no-csum-offload");
	skb = net_skb(dev, &shape);
	skb_gso_reset(skb);
	xmit_stale(dev, skb);
	/* From a thread it may be copied a moment later, with what follows. */
	for (ms = 0; ms < NET_WAIT_MS && !net_shared(q, NET_RX)->rsp_prod; ms++)
		usleep_range(1000, 1100);
	KUNIT_EXPECT_EQ(test, net_shared(q, NET_RX)->rsp_prod, 1);
	memcpy(&rsp, net_shared(q, NET_RX)->slots, sizeof(rsp));
	KUNIT_EXPECT_EQ(test, rsp.status, 1000);
	KUNIT_EXPECT_FALSE(test, rsp.flags & XEN_NETRXF_csum_blank);
}

/* What a packet's sender counts. */
static atomic_t gone;

static void count_gone(struct sk_buff *skb)
{
	atomic_inc(&gone);
}

static int send_owned(struct net_device *dev, const struct net_shape *shape)
{
	struct sk_buff *skb = net_skb(dev, shape);

	if (!skb)
		return -ENOMEM;
	skb->destructor = count_gone;
	return dev_queue_xmit(skb);
}

static bool goes(int nr, unsigned int ms)
{
	for (; ms && atomic_read(&gone) < nr; ms--)
		usleep_range(1000, 1100);
	return atomic_read(&gone) >= nr;
}

/*
 * Comes back before the stack has seen that it had gone, so that what was sent
 * meanwhile still waits; true when it did.
 */
static bool comes_back_soon(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct net_bench *b = test->priv;
	struct net_queue *q;
	int unsent;

	net_front_connect(test);
	net_front_close(b);
	atomic_set(&gone, 0);
	unsent = send_owned(vif(test), &shape);
	q = net_front_connect(test);
	KUNIT_EXPECT_TRUE(test, goes(1, 2000));
	return !unsent && net_shared(q, NET_RX)->rsp_prod;
}

static void n14_what_waited_in_the_stack_goes(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i, waited = 0;

	for (i = 0; i < 10; i++) {
		waited += comes_back_soon(test);
		net_front_close(b);
	}
	KUNIT_EXPECT_GT(test, waited, 0);
}

/* A sender gets its packets back long before the guest takes any. */
static void b11_late_guest_holds_up_nobody(struct kunit *test)
{
	const struct net_shape shape = { .len = 1514 };
	struct net_queue *q = net_front_connect_with(test, 0);
	int i;

	atomic_set(&gone, 0);
	for (i = 0; i < 1000; i++)
		send_owned(vif(test), &shape);
	KUNIT_EXPECT_TRUE(test, goes(1000, 2000));
	KUNIT_EXPECT_EQ(test, net_shared(q, NET_RX)->rsp_prod, 0);
	for (i = 0; i < 1000; i++)
		send_owned(vif(test), &shape);
	KUNIT_EXPECT_TRUE(test, goes(2000, 1000));
	net_offer(q, NET_RING);
	net_push(q, NET_RX);
	net_front_passes(test, q);
}

#define PLENTY	300	/* more than may wait in the vif */

static struct sk_buff **make_plenty(struct kunit *test)
{
	const struct net_shape shape = { .len = 1514 };
	struct sk_buff **skbs = kunit_kcalloc(test, PLENTY, sizeof(*skbs),
					      GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, skbs);
	for (i = 0; i < PLENTY; i++) {
		skbs[i] = net_skb(vif(test), &shape);
		KUNIT_ASSERT_NOT_NULL(test, skbs[i]);
	}
	return skbs;
}

/*
 * A guest that is only slow gets all, and its sender waits for it.  Unless
 * this machine itself has stood still for so long that the guest was late.
 */
static void b11_busy_guest_loses_nothing(struct kunit *test)
{
	struct net_queue *q = net_front_connect_with(test, 8);
	struct net_device *dev = vif(test);
	struct sk_buff **skbs = make_plenty(test);
	unsigned long then = jiffies, worst = 0;
	int i;

	for (i = 0; i < PLENTY; i++)
		dev_queue_xmit(skbs[i]);
	KUNIT_EXPECT_TRUE(test,
			  netif_tx_queue_stopped(netdev_get_tx_queue(dev, 0)));
	for (i = 0; i < PLENTY && worst < msecs_to_jiffies(80); i++) {
		KUNIT_EXPECT_EQ(test, net_receive(test, q), 1514);
		net_offer(q, 1);
		net_push(q, NET_RX);
		worst = max(worst, jiffies - then);
		then = jiffies;
	}
	if (worst < msecs_to_jiffies(80))
		KUNIT_EXPECT_EQ(test, dropped(dev), 0);
}

static void count_back(struct sk_buff *skb, struct ubuf_info *uarg, bool ok)
{
	atomic_inc(&gone);
}

static void b11_lent_pages_are_given_back(struct kunit *test)
{
	const struct net_shape shape = {
		.len = 3000, .head = 100, .frag = 1000,
	};
	struct ubuf_info lent = {
		PVIO_UBUF_BACK(count_back),
		.flags = SKBFL_ZEROCOPY_ENABLE | SKBFL_SHARED_FRAG |
			 SKBFL_DONT_ORPHAN,
	};
	struct net_queue *q = net_front_connect_with(test, 0);
	struct net_device *dev = vif(test);
	struct sk_buff *skb;

	atomic_set(&gone, 0);
	skb = net_skb(dev, &shape);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_zcopy_init(skb, &lent);
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
	KUNIT_EXPECT_TRUE(test, goes(1, 2000));
	skb = net_skb(dev, &shape);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_zcopy_init(skb, &lent);
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
	KUNIT_EXPECT_TRUE(test, goes(2, 200));
	net_offer(q, NET_RING);
	net_push(q, NET_RX);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 3000);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 3000);
}

#define BURST	16

/* As a thread that polls a network card does it. */
static void n11_burst_of_a_thread_goes_at_once(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct net_queue *q = net_front_connect(test);
	struct sk_buff *skbs[BURST];
	u32 early;
	int i;

	for (i = 0; i < BURST; i++) {
		skbs[i] = net_skb(vif(test), &shape);
		KUNIT_ASSERT_NOT_NULL(test, skbs[i]);
	}
	local_bh_disable();
	for (i = 0; i < BURST; i++)
		dev_queue_xmit(skbs[i]);
	early = READ_ONCE(net_shared(q, NET_RX)->rsp_prod);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, early, 0U);
	for (i = 0; i < BURST; i++)
		KUNIT_EXPECT_EQ(test, net_receive(test, q), 60);
}

/* A packet that a process sends: it goes when it is copied, where that is done. */
struct parcel {
	struct work_struct work;
	struct sk_buff *skb;
	struct completion gone;
	char by[TASK_COMM_LEN];
};

static void note_who(struct sk_buff *skb)
{
	struct parcel *p = skb_shinfo(skb)->destructor_arg;

	strscpy(p->by, current->comm, sizeof(p->by));
	complete(&p->gone);
}

static void send_parcel(struct work_struct *work)
{
	dev_queue_xmit(container_of(work, struct parcel, work)->skb);
}

/* As the name of a thread of NAPI's begins. */
static bool thread_copies(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct parcel p = { .skb = net_skb(vif(test), &shape) };

	KUNIT_ASSERT_NOT_NULL(test, p.skb);
	init_completion(&p.gone);
	skb_shinfo(p.skb)->destructor_arg = &p;
	p.skb->destructor = note_who;
	INIT_WORK_ONSTACK(&p.work, send_parcel);
	schedule_work(&p.work);
	flush_work(&p.work);
	destroy_work_on_stack(&p.work);
	wait_for_completion(&p.gone);
	return strstarts(p.by, "napi/");
}

/* Which a socket polls that is told to. */
static void packets_say_who_polls_them(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	struct napi_struct *napi;

	net_front_passes(test, q);
	/* The first queue's: each is put in front of the others. */
	napi = list_last_entry(&vif(test)->napi_list, struct napi_struct, dev_list);
	KUNIT_EXPECT_GT(test, napi->napi_id, 0);
	KUNIT_EXPECT_EQ(test, b->link.back.ear.napi_id, napi->napi_id);
}

/* Who polls at that moment may still be the other. */
static bool polled_in_softirq(struct kunit *test, struct net_queue *q, bool want)
{
	struct net_bench *b = test->priv;
	int tries = 20;

	do {
		net_front_passes(test, q);
	} while (b->link.back.ear.in_softirq != want && tries--);
	return b->link.back.ear.in_softirq;
}

static void threads_poll_where_that_is_set(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	static const bool orders[] = { false, true, false };
	bool threads;
	int i;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		threads = orders[i];
		KUNIT_EXPECT_EQ(test, net_setting(vif(test), "threaded",
						  threads ? "1" : "0"), 0);
		KUNIT_EXPECT_EQ(test, polled_in_softirq(test, q, !threads),
				!threads);
		KUNIT_EXPECT_EQ(test, thread_copies(test), threads);
		KUNIT_EXPECT_EQ(test, net_receive(test, q), 60);
	}
}

/* netpoll's call from another CPU. */
struct poller {
	struct net_device *dev;
	struct completion go;
	struct completion done;
};

static int poll_without_budget(void *arg)
{
	struct poller *p = arg;
	struct napi_struct *napi;

	wait_for_completion(&p->go);
	local_bh_disable();
	list_for_each_entry(napi, &p->dev->napi_list, dev_list)
		napi->poll(napi, 0);
	local_bh_enable();
	complete(&p->done);
	return 0;
}

static bool done_soon(struct poller *p)
{
	int ms;

	for (ms = 0; ms < 1000 && !completion_done(&p->done); ms++)
		mdelay(1);
	return completion_done(&p->done);
}

static void b10_netpoll_waits_for_no_lock(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct netdev_queue *txq;
	struct task_struct *task;
	struct net_device *dev;
	struct poller p;
	bool done;

	net_front_connect_with(test, 0);
	dev = vif(test);
	KUNIT_EXPECT_EQ(test, net_send(dev, &shape), 0);
	txq = netdev_get_tx_queue(dev, 0);
	p.dev = dev;
	init_completion(&p.go);
	init_completion(&p.done);
	task = kthread_run(poll_without_budget, &p, "netpoll");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	__netif_tx_lock_bh(txq);
	complete(&p.go);
	done = done_soon(&p);
	__netif_tx_unlock_bh(txq);
	wait_for_completion(&p.done);
	KUNIT_EXPECT_TRUE(test, done);
}

/* A console that looks whether the lock is held that netconsole needs. */
static struct netdev_queue *watched;
static atomic_t lines_with_lock, lines_without;

static void look_at_lock(struct console *con, const char *text,
			 unsigned int len)
{
	if (!strnstr(text, "guest receives", len))
		return;
	if (raw_spin_is_locked(&watched->_xmit_lock.rlock))
		atomic_inc(&lines_with_lock);
	else
		atomic_inc(&lines_without);
}

static struct console onlooker = {
	.name = "onlooker",
	.write = look_at_lock,
	.flags = CON_ENABLED | CON_ANYTIME,
	.index = -1,
};

static void stall_and_recover(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct net_queue *q;
	int ms;

	net_param("pvio_netback", "rx_drain_timeout_msecs", "200");
	net_param("pvio_netback", "rx_stall_timeout_msecs", "500");
	q = net_front_connect_with(test, 0);
	net_param("pvio_netback", "rx_drain_timeout_msecs", "10000");
	net_param("pvio_netback", "rx_stall_timeout_msecs", "60000");
	watched = netdev_get_tx_queue(vif(test), 0);
	net_send(vif(test), &shape);
	for (ms = 0; ms < NET_WAIT_MS && netif_carrier_ok(vif(test)); ms += 10)
		msleep(20);
	net_offer(q, NET_RING);
	net_push(q, NET_RX);
	for (ms = 0; ms < NET_WAIT_MS && !netif_carrier_ok(vif(test)); ms += 10)
		msleep(20);
}

static void b10_nothing_is_printed_under_the_lock(struct kunit *test)
{
	int level = console_loglevel;

	atomic_set(&lines_with_lock, 0);
	atomic_set(&lines_without, 0);
	console_loglevel = CONSOLE_LOGLEVEL_DEBUG;
	register_console(&onlooker);
	stall_and_recover(test);
	unregister_console(&onlooker);
	console_loglevel = level;
	KUNIT_EXPECT_EQ(test, atomic_read(&lines_with_lock), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&lines_without), 2);
}

/* What the guest sends as one comes back to it as one, cut in the same way. */
static void b18_segments_keep_their_size(struct kunit *test)
{
	const struct net_shape shapes[] = {
		{ .len = 30054, .head = 54, .frag = 4096, .gso = 1348 },
		{ .len = 65000, .head = 54, .frag = 16384, .gso = 1348 },
	};
	struct net_queue *q = net_front_connect(test);
	struct xen_netif_extra_info info;
	struct net_ring *r = &q->ring[NET_RX];
	unsigned int i;
	u32 at;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		at = r->cons + 1;
		KUNIT_EXPECT_EQ(test, net_send(vif(test), &shapes[i]), 0);
		KUNIT_EXPECT_EQ(test, net_receive(test, q), shapes[i].len);
		memcpy(&info, net_shared(q, NET_RX)->slots + at * sizeof(info),
		       sizeof(info));
		KUNIT_EXPECT_EQ(test, info.u.gso.size, 1348);
		KUNIT_EXPECT_EQ(test, info.u.gso.type,
				XEN_NETIF_GSO_TYPE_TCPV4);
	}
}

static struct kunit_case vif_cases[] = {
	KUNIT_CASE(n10_its_packets_are_its_own),
	KUNIT_CASE(b15_address_of_a_running_vif),
	KUNIT_CASE(b16_mtu_comes_back),
	KUNIT_CASE(b13_tagged_packets_to_the_guest),
	KUNIT_CASE(n19_gso_of_the_last_frontend),
	KUNIT_CASE(n19_checksum_of_the_last_frontend),
	KUNIT_CASE(n14_what_waited_in_the_stack_goes),
	KUNIT_CASE(b11_late_guest_holds_up_nobody),
	KUNIT_CASE(b11_busy_guest_loses_nothing),
	KUNIT_CASE(b11_lent_pages_are_given_back),
	KUNIT_CASE(n11_burst_of_a_thread_goes_at_once),
	KUNIT_CASE(packets_say_who_polls_them),
	KUNIT_CASE(threads_poll_where_that_is_set),
	KUNIT_CASE(b10_netpoll_waits_for_no_lock),
	KUNIT_CASE(b10_nothing_is_printed_under_the_lock),
	KUNIT_CASE(b18_segments_keep_their_size),
	{}
};

static struct kunit_suite vif_suite = {
	.name = "pvio_netback_vif",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = vif_cases,
};

kunit_test_suite(vif_suite);
