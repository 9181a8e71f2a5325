// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and a frontend's control ring: packets go where the
 * frontend says, and whatever it says does no harm.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "ring/toeplitz.h"
#include "tests/loopback/net/packet.h"
#include "tests/loopback/play/netfront.h"

#define OK	XEN_NETIF_CTRL_STATUS_SUCCESS
#define NOT	XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED
#define INVALID	XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER
#define OVER	XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW

#define ASK(type, ...)	net_ctrl_ask(test, XEN_NETIF_CTRL_TYPE_##type, __VA_ARGS__)
#define QUEUES	3
#define ALL	0xf

static struct net_front *front_of(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->front;
}

/* Its pages are as good as any: each case has a ring and a key of its own. */
static void connect_ctrl(struct kunit *test, unsigned int nr)
{
	struct net_bench *b = test->priv;

	net_param("pvio_netback", "max_queues", "3");
	if (!b->link.back.dev)
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	net_param("pvio_netback", "max_queues", "2");
	KUNIT_ASSERT_EQ(test, net_front_make(b, nr, true, 0), 0);
	KUNIT_ASSERT_EQ(test, net_ctrl_make(b->front), 0);
	net_front_join(test);
}

static u8 *data_of(struct kunit *test)
{
	return page_address(front_of(test)->ctrl->data);
}

static u32 set_key(struct kunit *test, u8 seed, u32 len)
{
	unsigned int i;

	for (i = 0; i < PVIO_TOEPLITZ_KEY; i++)
		data_of(test)[i] = seed + 37 * i;
	return ASK(SET_HASH_KEY, front_of(test)->ctrl->dref, len, 0);
}

static u32 expected_hash(struct kunit *test, u8 seed, u16 port, bool ports)
{
	struct pvio_toeplitz *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	const u8 input[12] = { 10, 0, 0, 1, 10, 0, 0, 2, port >> 8, port, 0, 2 };
	u8 key[PVIO_TOEPLITZ_KEY];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	for (i = 0; i < sizeof(key); i++)
		key[i] = seed + 37 * i;
	pvio_toeplitz_prepare(t, key);
	return pvio_toeplitz_hash(t, input, ports ? 12 : 8);
}

static u32 set_table(struct kunit *test, const u32 *table, u32 nr, u32 at)
{
	memcpy(data_of(test), table, nr * sizeof(*table));
	return ASK(SET_HASH_MAPPING, front_of(test)->ctrl->dref, nr, at);
}

static void configure(struct kunit *test, u8 seed, u32 flags)
{
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_ALGORITHM, 1, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_FLAGS, flags, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, set_key(test, seed, 40), OK);
}

/* From a port of its own: TCP, unless @type is another. */
static void send_from(struct kunit *test, u16 port, u16 type)
{
	struct net_device *dev = ((struct net_bench *)test->priv)->link.back.dev;
	const struct net_shape shape = { .len = 200 };
	struct sk_buff *skb = net_skb(dev, &shape);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	net_fill_tcp(skb->data, shape.len, 7);
	skb->data[34] = port >> 8;
	skb->data[35] = port;
	eth_hdr(skb)->h_proto = htons(type);
	skb->protocol = htons(type);
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
}

static void *rx_slot(struct net_queue *q)
{
	u32 at = q->ring[NET_RX].cons++ % NET_RING;

	return net_shared(q, NET_RX)->slots + 8 * at;
}

/* Which queue has something that was not seen yet? */
static struct net_queue *queue_that_got(struct kunit *test)
{
	struct net_front *f = front_of(test);
	unsigned int waited, i;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		for (i = 0; i < f->nr; i++)
			if (READ_ONCE(net_shared(&f->queue[i], NET_RX)->rsp_prod) !=
			    f->queue[i].ring[NET_RX].cons)
				return &f->queue[i];
		usleep_range(500, 1000);
	}
	return NULL;
}

/* A packet is to come by a queue, with a hash beside it if @type is not -1. */
static void expect_on(struct kunit *test, unsigned int queue, int type,
		      u32 hash)
{
	struct xen_netif_extra_info info;
	struct xen_netif_rx_response rsp;
	struct net_queue *q = queue_that_got(test);

	KUNIT_ASSERT_NOT_NULL(test, q);
	KUNIT_EXPECT_EQ(test, (unsigned int)(q - front_of(test)->queue), queue);
	memcpy(&rsp, rx_slot(q), sizeof(rsp));
	KUNIT_EXPECT_EQ(test, rsp.status, 200);
	KUNIT_EXPECT_EQ(test, rsp.flags & XEN_NETRXF_extra_info,
			type < 0 ? 0 : XEN_NETRXF_extra_info);
	if (!(rsp.flags & XEN_NETRXF_extra_info))
		return;
	memcpy(&info, rx_slot(q), sizeof(info));
	KUNIT_EXPECT_EQ(test, info.type, XEN_NETIF_EXTRA_TYPE_HASH);
	KUNIT_EXPECT_EQ(test, info.flags, 0);
	KUNIT_EXPECT_EQ(test, info.u.hash.type, type);
	KUNIT_EXPECT_EQ(test, info.u.hash.algorithm, 1);
	KUNIT_EXPECT_EQ(test, info.u.hash.value[0], hash & 0xff);
	KUNIT_EXPECT_EQ(test, info.u.hash.value[3], hash >> 24);
}

static void statuses_are_those_of_the_header(struct kunit *test)
{
	struct net_ctrl *c;

	connect_ctrl(test, 1);
	c = front_of(test)->ctrl;
	KUNIT_EXPECT_EQ(test, ASK(GET_HASH_FLAGS, 0, 0, 0), NOT);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_FLAGS, ALL, 0, 0), INVALID);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_ALGORITHM, 2, 0, 0), INVALID);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_ALGORITHM, 1, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, ASK(GET_HASH_FLAGS, 0, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, c->value, ALL);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_FLAGS, ALL, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_FLAGS, 0x10, 0, 0), INVALID);
	KUNIT_EXPECT_EQ(test, ASK(GET_HASH_MAPPING_SIZE, 0, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, c->value, 128);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING_SIZE, 129, 0, 0), INVALID);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING_SIZE, 4, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, c->value, 0);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING, c->dref, 5, 0), INVALID);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING, c->dref, 4, 1), INVALID);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING, c->dref, 129, 0), OVER);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING, c->dref, 4, 0), OK);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_KEY, c->dref, 41, 0), OVER);
	KUNIT_EXPECT_EQ(test, set_key(test, 1, 40), OK);
	KUNIT_EXPECT_EQ(test, set_key(test, 1, 0), OK);
}

static void c01_types_that_are_none(struct kunit *test)
{
	static const u16 types[] = { 0, 11, 12, 0x7fff, 0xffff };
	unsigned int i;

	connect_ctrl(test, 1);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		KUNIT_EXPECT_EQ(test, net_ctrl_ask(test, types[i], 1, 2, 3),
				NOT);
	net_front_passes(test, &front_of(test)->queue[0]);
}

static void packets_go_where_the_table_says(struct kunit *test)
{
	static const u32 table[] = { 2, 0, 1, 1, 2 };
	u16 port;
	u32 hash;

	connect_ctrl(test, QUEUES);
	configure(test, 5, ALL);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING_SIZE, 5, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, set_table(test, table, 2, 0), OK);
	KUNIT_EXPECT_EQ(test, set_table(test, table + 2, 3, 2), OK);
	for (port = 1; port < 30; port++) {
		hash = expected_hash(test, 5, port, true);
		send_from(test, port, ETH_P_IP);
		expect_on(test, table[hash % 5], 1, hash);
	}
	/* No hash, so as if it were 0. */
	send_from(test, 1, ETH_P_ARP);
	expect_on(test, 2, -1, 0);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING_SIZE, 0, 0, 0), OK);
	for (port = 1; port < 10; port++) {
		hash = expected_hash(test, 5, port, true);
		send_from(test, port, ETH_P_IP);
		expect_on(test, hash % QUEUES, 1, hash);
	}
}

static void flags_say_what_is_hashed(struct kunit *test)
{
	u32 hash = expected_hash(test, 9, 1, false);
	u16 port;

	connect_ctrl(test, QUEUES);
	configure(test, 9, XEN_NETIF_CTRL_HASH_TYPE_IPV4);
	for (port = 1; port < 5; port++) {
		send_from(test, port, ETH_P_IP);
		expect_on(test, hash % QUEUES, 0, hash);
	}
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_FLAGS, 0xc, 0, 0), OK);
	send_from(test, 1, ETH_P_IP);
	expect_on(test, 0, -1, 0);
	/* Half a key: the rest is zero. */
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_FLAGS, ALL, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, set_key(test, 9, 0), OK);
	send_from(test, 3, ETH_P_IP);
	expect_on(test, 0, 1, 0);
}

static void c02_references_that_are_none(struct kunit *test)
{
	static const u32 wrong[] = { 0, 99999, 0x7fffffff, 0xffffffff };
	u32 hash = expected_hash(test, 3, 8, true);
	unsigned int i;

	connect_ctrl(test, QUEUES);
	configure(test, 3, ALL);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING_SIZE, 4, 0, 0), OK);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_EQ(test, ASK(SET_HASH_KEY, wrong[i], 40, 0),
				INVALID);
		KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING, wrong[i], 4, 0),
				INVALID);
	}
	/* What was set before is still in force. */
	send_from(test, 8, ETH_P_IP);
	expect_on(test, 0, 1, hash);
}

static void c03_tables_of_wrong_queues(struct kunit *test)
{
	static const u32 good[] = { 1, 1, 1, 1 };
	static const u32 wrong[][4] = {
		{ 2, 2, 2, QUEUES }, { 0xffffffff, 2, 2, 2 }, { 2, 256, 2, 2 },
		{ 2, 2, 0x10001, 2 },
	};
	u32 hash = expected_hash(test, 3, 8, true);
	unsigned int i;

	connect_ctrl(test, QUEUES);
	configure(test, 3, ALL);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING_SIZE, 4, 0, 0), OK);
	KUNIT_EXPECT_EQ(test, set_table(test, good, 4, 0), OK);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_EQ(test, set_table(test, wrong[i], 4, 0), INVALID);
		send_from(test, 8, ETH_P_IP);
		expect_on(test, 1, 1, hash);
	}
}

static void c04_impossible_producers(struct kunit *test)
{
	static const u32 steps[] = { NET_CTRL_RING + 1, 0x80000000, 0xffffffff };
	struct net_ctrl *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		connect_ctrl(test, 1);
		c = front_of(test)->ctrl;
		KUNIT_EXPECT_EQ(test, ASK(GET_HASH_MAPPING_SIZE, 0, 0, 0), OK);
		net_log_mark(test->priv);
		c->prod = c->cons + steps[i];
		net_ctrl_push(c);
		net_front_broken(test, "control ring: impossible request index");
	}
	net_front_heals(test);
}

static void expect_refused(struct kunit *test, const char *key,
			   const char *value, const char *why)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	KUNIT_ASSERT_EQ(test, net_ctrl_make(b->front), 0);
	if (value)
		pvio_loop_put(b->link.pair.front.own, key, value);
	else
		pvio_loop_remove(b->link.pair.front.own, key);
	net_log_mark(b);
	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, pvio_loop_state(&b->link.pair.back),
			XenbusStateClosing);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, why), 1);
	net_front_close(b);
}

static void c05_half_a_control_ring(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	expect_refused(test, "ctrl-ring-ref", NULL, "ctrl-ring-ref is missing");
	expect_refused(test, "event-channel-ctrl", NULL,
		       "event-channel-ctrl is missing");
	expect_refused(test, "ctrl-ring-ref", "1x", "ctrl-ring-ref");
	expect_refused(test, "event-channel-ctrl", "0", "event-channel-ctrl");
	net_side_unplug(&b->link.back);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	expect_refused(test, "ctrl-ring-ref", "99999", "control ring: cannot");
	expect_refused(test, "event-channel-ctrl", "99999",
		       "control ring: cannot");
	net_front_heals(test);
}

/* As many at a time as the ring has room for, and some the hard way. */
static void c06_floods_are_answered(struct kunit *test)
{
	static const u32 data[3];
	struct net_ctrl *c;
	unsigned int turn, i;

	connect_ctrl(test, 1);
	c = front_of(test)->ctrl;
	for (turn = 0; turn < 5; turn++) {
		for (i = 0; i < NET_CTRL_RING; i++)
			net_ctrl_put(c, i % 16 ? XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE :
				     XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE,
				     data);
		net_ctrl_push(c);
		for (i = 0; i < NET_CTRL_RING; i++)
			KUNIT_EXPECT_EQ(test, net_ctrl_answer(test, c), OK);
	}
	KUNIT_EXPECT_EQ(test, net_ctrl_shared(c)->rsp_prod, c->prod);
}

/* The backend lets go of the ring whatever is on it, and looks no more. */
static void c07_ring_goes_in_the_middle(struct kunit *test)
{
	static const u32 data[3] = { 1 };
	struct net_bench *b = test->priv;
	struct net_ctrl *c;
	u32 answered;
	unsigned int i;

	connect_ctrl(test, 1);
	c = front_of(test)->ctrl;
	for (i = 0; i < NET_CTRL_RING; i++)
		net_ctrl_put(c, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM, data);
	net_ctrl_push(c);
	net_front_say(b, XenbusStateClosing);
	answered = READ_ONCE(net_ctrl_shared(c)->rsp_prod);
	pvio_loop_event_notify(&c->event);
	msleep(50);
	KUNIT_EXPECT_EQ(test, net_ctrl_shared(c)->rsp_prod, answered);
	net_front_heals(test);
}

static void c08_next_guest_starts_afresh(struct kunit *test)
{
	struct net_bench *b = test->priv;

	connect_ctrl(test, QUEUES);
	configure(test, 3, ALL);
	net_front_close(b);
	connect_ctrl(test, QUEUES);
	KUNIT_EXPECT_EQ(test, ASK(GET_HASH_FLAGS, 0, 0, 0), NOT);
	KUNIT_EXPECT_EQ(test, ASK(SET_HASH_MAPPING, front_of(test)->ctrl->dref,
				  1, 0), INVALID);
	net_front_close(b);
	net_front_heals(test);
}

static struct kunit_case netback_ctrl_cases[] = {
	KUNIT_CASE(statuses_are_those_of_the_header),
	KUNIT_CASE(c01_types_that_are_none),
	KUNIT_CASE(packets_go_where_the_table_says),
	KUNIT_CASE(flags_say_what_is_hashed),
	KUNIT_CASE(c02_references_that_are_none),
	KUNIT_CASE(c03_tables_of_wrong_queues),
	KUNIT_CASE(c04_impossible_producers),
	KUNIT_CASE(c05_half_a_control_ring),
	KUNIT_CASE(c06_floods_are_answered),
	KUNIT_CASE(c07_ring_goes_in_the_middle),
	KUNIT_CASE(c08_next_guest_starts_afresh),
	{}
};

static struct kunit_suite netback_ctrl_suite = {
	.name = "pvio_netback_ctrl",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = netback_ctrl_cases,
};

kunit_test_suite(netback_ctrl_suite);
