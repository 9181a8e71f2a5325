// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and a frontend that listens to some multicast addresses,
 * or says so.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>

#include "tests/loopback/play/netfront.h"

#define ADD	XEN_NETIF_EXTRA_TYPE_MCAST_ADD
#define DEL	XEN_NETIF_EXTRA_TYPE_MCAST_DEL
#define ASKS	"request-multicast-control"

static void put_extra(struct net_queue *q, u8 type, u8 flags, u8 last)
{
	const struct xen_netif_extra_info info = {
		.type = type, .flags = flags,
		.u.mcast.addr = { 1, 0, 0x5e, 0, 0, last },
	};

	net_put_extra(q, &info);
}

/* The request itself is rubbish, which nobody is to look at. */
static void put_message(struct net_queue *q, u8 type, u8 last)
{
	const struct xen_netif_tx_request req = {
		.gref = 0xffffff, .offset = 4095, .size = 65535,
		.flags = XEN_NETTXF_extra_info, .id = 1000 + last,
	};

	net_put(q, &req);
	put_extra(q, type, 0, last);
}

static void tell(struct kunit *test, struct net_queue *q, u8 type, u8 last,
		 s16 status)
{
	put_message(q, type, last);
	net_push(q, NET_TX);
	net_answers(test, q, status);
}

static void ask(struct kunit *test, const char *text)
{
	struct net_bench *b = test->priv;

	pvio_loop_put(b->link.pair.front.own, ASKS, text);
	pvio_loop_settle();
}

static void send_to(struct kunit *test, const u8 *dest, unsigned int len)
{
	struct net_device *dev = ((struct net_bench *)test->priv)->link.back.dev;
	const struct net_shape shape = { .len = len };
	struct sk_buff *skb = net_skb(dev, &shape);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	ether_addr_copy(eth_hdr(skb)->h_dest, dest);
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
}

/* What comes behind it tells whether it was let through. */
static bool passes(struct kunit *test, struct net_queue *q, u8 last)
{
	const u8 dest[ETH_ALEN] = { 1, 0, 0x5e, 0, 0, last };
	const u8 unicast[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	int len;

	send_to(test, dest, 100);
	send_to(test, unicast, 200);
	len = net_receive(test, q);
	if (len == 100)
		KUNIT_EXPECT_EQ(test, net_receive(test, q), 200);
	else
		KUNIT_EXPECT_EQ(test, len, 200);
	net_refill(q);
	return len == 100;
}

static void only_what_is_listened_to(struct kunit *test)
{
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct net_queue *q = net_front_connect(test);

	tell(test, q, ADD, 1, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, passes(test, q, 1));
	KUNIT_EXPECT_TRUE(test, passes(test, q, 2));
	ask(test, "1");
	KUNIT_EXPECT_TRUE(test, passes(test, q, 1));
	KUNIT_EXPECT_FALSE(test, passes(test, q, 2));
	tell(test, q, ADD, 2, XEN_NETIF_RSP_OKAY);
	tell(test, q, DEL, 1, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_FALSE(test, passes(test, q, 1));
	KUNIT_EXPECT_TRUE(test, passes(test, q, 2));
	send_to(test, all, 300);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 300);
	/* Promiscuous. */
	ask(test, "0");
	KUNIT_EXPECT_TRUE(test, passes(test, q, 1));
	ask(test, "1");
	KUNIT_EXPECT_FALSE(test, passes(test, q, 1));
	KUNIT_EXPECT_TRUE(test, passes(test, q, 2));
	net_front_passes(test, q);
}

/* A frontend that cannot change its mind says so before it connects. */
static void asked_before_it_connects(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q;

	pvio_loop_put(b->link.pair.front.own, ASKS, "1");
	q = net_front_connect(test);
	KUNIT_EXPECT_FALSE(test, passes(test, q, 1));
	tell(test, q, ADD, 1, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, passes(test, q, 1));
	/* The next one starts with an empty list, and asks for nothing. */
	net_front_close(b);
	q = net_front_connect(test);
	KUNIT_EXPECT_FALSE(test, passes(test, q, 1));
	net_front_close(b);
	pvio_loop_remove(b->link.pair.front.own, ASKS);
	q = net_front_connect(test);
	KUNIT_EXPECT_TRUE(test, passes(test, q, 1));
}

static void n09_many_multicast_addresses(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	unsigned int i;

	for (i = 0; i < 64; i++)
		put_message(q, ADD, i);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	for (i = 64; i < 128; i++)
		put_message(q, ADD, i);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	KUNIT_EXPECT_LE(test, net_log_lines(test->priv, "more than 64"), 10);
	KUNIT_EXPECT_GE(test, net_log_lines(test->priv, "more than 64"), 1);
	tell(test, q, ADD, 63, XEN_NETIF_RSP_OKAY);
	tell(test, q, DEL, 200, XEN_NETIF_RSP_OKAY);
	tell(test, q, DEL, 5, XEN_NETIF_RSP_OKAY);
	tell(test, q, ADD, 64, XEN_NETIF_RSP_OKAY);
	tell(test, q, ADD, 5, XEN_NETIF_RSP_ERROR);
	ask(test, "1");
	KUNIT_EXPECT_TRUE(test, passes(test, q, 64));
	KUNIT_EXPECT_TRUE(test, passes(test, q, 63));
	KUNIT_EXPECT_FALSE(test, passes(test, q, 5));
	net_front_passes(test, q);
}

static void n09_messages_that_make_no_sense(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	const struct xen_netif_tx_request req = {
		.flags = XEN_NETTXF_extra_info, .id = 5,
	};
	const struct xen_netif_extra_info unicast = {
		.type = ADD, .u.mcast.addr = { 2, 0, 0, 0, 0, 1 },
	};

	net_put(q, &req);
	net_put_extra(q, &unicast);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	net_put(q, &req);
	put_extra(q, ADD, XEN_NETIF_EXTRA_FLAG_MORE, 1);
	put_extra(q, DEL, 0, 1);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	ask(test, "1");
	KUNIT_EXPECT_FALSE(test, passes(test, q, 1));
	net_front_passes(test, q);
}

static void x02_malformed_request(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);

	ask(test, "1");
	ask(test, "2");
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ASKS), 1);
	KUNIT_EXPECT_FALSE(test, passes(test, q, 1));
	pvio_loop_remove(((struct net_bench *)test->priv)->link.pair.front.own,
			 ASKS);
	pvio_loop_settle();
	KUNIT_EXPECT_TRUE(test, passes(test, q, 1));
}

static struct kunit_case netback_mcast_cases[] = {
	KUNIT_CASE(only_what_is_listened_to),
	KUNIT_CASE(asked_before_it_connects),
	KUNIT_CASE(n09_many_multicast_addresses),
	KUNIT_CASE(n09_messages_that_make_no_sense),
	KUNIT_CASE(x02_malformed_request),
	{}
};

static struct kunit_suite netback_mcast_suite = {
	.name = "pvio_netback_mcast",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = netback_mcast_cases,
};

kunit_test_suite(netback_mcast_suite);
