// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend and its control ring: what ethtool sets reaches the
 * backend, and a backend that lies or is silent does no harm.
 */
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "compat/rxfh.h"
#include "tests/loopback/play/netback.h"

#define TYPE(_type)	XEN_NETIF_CTRL_TYPE_SET_HASH_##_type
#define ADDRESSES	(RXH_IP_SRC | RXH_IP_DST)
#define PORTS		(RXH_L4_B_0_1 | RXH_L4_B_2_3)

static struct net_back *connect_ctrl(struct kunit *test)
{
	struct net_bench *b = test->priv;

	pvio_loop_put(b->link.pair.back.own, "feature-ctrl-ring", "1");
	net_back_connect(test);
	KUNIT_ASSERT_TRUE(test, b->back->ctrl.r.bound);
	return b->back;
}

static struct net_device *dev_of(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->link.front.dev;
}

/* All to the one queue, with a key that is told from others. */
static int set(struct kunit *test, u8 seed)
{
	u32 table[128] = {};
	u8 key[40];
	int err;

	memset(key, seed, sizeof(key));
	rtnl_lock();
	err = pvio_rxfh_set(dev_of(test), table, key);
	rtnl_unlock();
	return err;
}

static int get(struct kunit *test, u8 *key)
{
	int err;

	rtnl_lock();
	err = pvio_rxfh_get(dev_of(test), NULL, key);
	rtnl_unlock();
	return err;
}

static int set_fields(struct kunit *test, u32 flow, u32 data)
{
	int err;

	rtnl_lock();
	err = pvio_rxfh_set_fields(dev_of(test), flow, data);
	rtnl_unlock();
	return err;
}

static u32 get_fields(struct kunit *test, u32 flow)
{
	u32 data = 0;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, pvio_rxfh_get_fields(dev_of(test), flow, &data), 0);
	rtnl_unlock();
	return data;
}

static void expect_told(struct kunit *test, const struct net_back_ctrl *c,
			u8 seed, unsigned int times)
{
	KUNIT_EXPECT_EQ(test, c->seen[TYPE(ALGORITHM)], times);
	KUNIT_EXPECT_EQ(test, c->last[TYPE(ALGORITHM)].data[0], 1);
	KUNIT_EXPECT_EQ(test, c->seen[TYPE(KEY)], times);
	KUNIT_EXPECT_EQ(test, c->last[TYPE(KEY)].data[1], 40);
	KUNIT_EXPECT_EQ(test, c->key[0], seed);
	KUNIT_EXPECT_EQ(test, c->key[39], seed);
	KUNIT_EXPECT_EQ(test, c->last[TYPE(MAPPING_SIZE)].data[0], 128);
	KUNIT_EXPECT_EQ(test, c->last[TYPE(MAPPING)].data[1], 128);
	KUNIT_EXPECT_EQ(test, c->table[127], 0);
	KUNIT_EXPECT_EQ(test, c->seen[TYPE(FLAGS)], times);
}

static void settings_reach_the_backend(struct kunit *test)
{
	struct net_back *k = connect_ctrl(test);
	u8 key[40];

	KUNIT_EXPECT_EQ(test, k->ctrl.r.cons, 0);
	memset(k->ctrl.table, 0xff, sizeof(k->ctrl.table));
	KUNIT_EXPECT_EQ(test, set(test, 0x5a), 0);
	expect_told(test, &k->ctrl, 0x5a, 1);
	KUNIT_EXPECT_EQ(test, k->ctrl.last[TYPE(FLAGS)].data[0], 0xf);
	KUNIT_EXPECT_EQ(test, set(test, 0xa5), 0);
	expect_told(test, &k->ctrl, 0xa5, 2);
	KUNIT_EXPECT_EQ(test, get(test, key), 0);
	KUNIT_EXPECT_EQ(test, key[0], 0xa5);
	net_back_passes(test, k);
}

static void fields_are_flags(struct kunit *test)
{
	struct net_back *k = connect_ctrl(test);
	const u32 *flags = &k->ctrl.last[TYPE(FLAGS)].data[0];

	KUNIT_EXPECT_EQ(test, get_fields(test, TCP_V4_FLOW), ADDRESSES | PORTS);
	KUNIT_EXPECT_EQ(test, get_fields(test, UDP_V6_FLOW), ADDRESSES);
	KUNIT_EXPECT_EQ(test, set_fields(test, TCP_V4_FLOW, ADDRESSES), 0);
	KUNIT_EXPECT_EQ(test, *flags, 0xd);
	KUNIT_EXPECT_EQ(test, get_fields(test, TCP_V4_FLOW), ADDRESSES);
	KUNIT_EXPECT_EQ(test, set_fields(test, IPV6_FLOW, 0), 0);
	KUNIT_EXPECT_EQ(test, *flags, 0x9);
	KUNIT_EXPECT_EQ(test, get_fields(test, TCP_V6_FLOW), ADDRESSES | PORTS);
	KUNIT_EXPECT_EQ(test, set_fields(test, TCP_V6_FLOW, 0), 0);
	KUNIT_EXPECT_EQ(test, *flags, 0x1);
	KUNIT_EXPECT_EQ(test, set_fields(test, TCP_V4_FLOW, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_fields(test, TCP_V4_FLOW, RXH_IP_SRC),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, set_fields(test, UDP_V4_FLOW, ADDRESSES | PORTS),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, set_fields(test, ETHER_FLOW, 0), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, *flags, 0x1);
}

/* It stays as it was, for the backend as well. */
static void refused_settings_are_taken_back(struct kunit *test)
{
	struct net_back *k = connect_ctrl(test);
	struct net_back_ctrl *c = &k->ctrl;
	u8 key[40];

	c->status[TYPE(MAPPING)] = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	KUNIT_EXPECT_EQ(test, set(test, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, c->last[TYPE(ALGORITHM)].data[0], 0);
	c->status[TYPE(MAPPING)] = 0;
	KUNIT_EXPECT_EQ(test, set(test, 2), 0);
	c->status[TYPE(FLAGS)] = XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	KUNIT_EXPECT_EQ(test, set(test, 3), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, c->key[0], 2);
	KUNIT_EXPECT_EQ(test, get(test, key), 0);
	KUNIT_EXPECT_EQ(test, key[0], 2);
}

static void next_backend_is_told_again(struct kunit *test)
{
	struct net_bench *b = test->priv;

	connect_ctrl(test);
	KUNIT_EXPECT_EQ(test, set(test, 7), 0);
	net_back_close(b);
	/* It is told before the frontend knows that it listens. */
	net_back_serve(test);
	b->back->ctrl.mute = true;
	net_back_say(b, XenbusStateConnected);
	KUNIT_ASSERT_TRUE(test, net_side_ready(&b->link.front));
	pvio_loop_settle();
	expect_told(test, &b->back->ctrl, 7, 1);
	net_back_passes(test, b->back);
	net_back_close(b);
	/* And one that cannot is done without. */
	pvio_loop_put(b->link.pair.back.own, "feature-ctrl-ring", "0");
	net_back_heals(test);
	KUNIT_EXPECT_EQ(test, set(test, 8), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "no control ring"), 1);
}

static void c11_backend_does_not_answer(struct kunit *test)
{
	struct net_back *k = connect_ctrl(test);
	unsigned long began = jiffies;
	struct xen_netif_ctrl_response rsp = {};
	u16 type;

	k->ctrl.mute = true;
	KUNIT_EXPECT_EQ(test, set(test, 1), -ETIMEDOUT);
	KUNIT_EXPECT_LT(test, jiffies_to_msecs(jiffies - began), 4000U);
	KUNIT_EXPECT_EQ(test, set(test, 2), -EBUSY);
	KUNIT_EXPECT_EQ(test, k->ctrl.key[0], 1);
	/* At last, and the last first. */
	k->ctrl.mute = false;
	for (type = 1; type < NET_BACK_TYPES; type++) {
		if (!k->ctrl.seen[type])
			continue;
		rsp.type = type;
		rsp.id = k->ctrl.last[type].id;
		net_back_ctrl_put(k, &rsp);
	}
	KUNIT_EXPECT_EQ(test, set(test, 3), 0);
	net_back_passes(test, k);
}

static void c12_answers_to_what_was_not_asked(struct kunit *test)
{
	struct xen_netif_ctrl_response rsp = { .id = 5, .type = 7 };
	struct net_back *k = connect_ctrl(test);

	k->ctrl.lie = 1;
	KUNIT_EXPECT_EQ(test, set(test, 1), -EIO);
	net_back_broken(test, "which is not outstanding");
	k = connect_ctrl(test);
	k->ctrl.lie = 0x8000;
	KUNIT_EXPECT_EQ(test, set(test, 1), -EIO);
	net_back_broken(test, "which is not outstanding");
	k = connect_ctrl(test);
	net_back_ctrl_put(k, &rsp);
	net_back_broken(test, "more answers than requests");
	net_back_heals(test);
}

static void c13_answered_twice(struct kunit *test)
{
	struct xen_netif_ctrl_response rsp = {};
	struct net_back *k = connect_ctrl(test);

	k->ctrl.mute = true;
	KUNIT_EXPECT_EQ(test, set(test, 1), -ETIMEDOUT);
	rsp.type = TYPE(KEY);
	rsp.id = k->ctrl.last[TYPE(KEY)].id;
	net_back_ctrl_put(k, &rsp);
	net_back_ctrl_put(k, &rsp);
	net_back_broken(test, "which is not outstanding");
	net_back_heals(test);
}

struct setter {
	struct work_struct work;
	struct kunit *test;
	int err;
};

static void set_work(struct work_struct *work)
{
	struct setter *s = container_of(work, struct setter, work);

	s->err = set(s->test, 1);
}

/* Who waits has what the engine needs, and lets it go. */
static void c14_backend_goes_while_somebody_waits(struct kunit *test)
{
	struct setter *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	struct net_back *k = connect_ctrl(test);
	unsigned long began;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->test = test;
	k->ctrl.mute = true;
	INIT_WORK(&s->work, set_work);
	schedule_work(&s->work);
	msleep(200);
	KUNIT_EXPECT_GT(test, k->ctrl.r.cons, 0);
	began = jiffies;
	net_back_close(test->priv);
	KUNIT_EXPECT_LT(test, jiffies_to_msecs(jiffies - began), 1000U);
	flush_work(&s->work);
	KUNIT_EXPECT_EQ(test, s->err, -EIO);
	net_back_heals(test);
}

static void deliver_hashed(struct net_back *k)
{
	u32 slot = k->ring[NET_BACK_RX].cons % NET_BACK_RING;
	struct xen_netif_rx_response rsp = {
		.flags = XEN_NETRXF_extra_info, .status = 60,
	};
	struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_HASH,
		.u.hash.type = _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP,
		.u.hash.algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
		.u.hash.value = { 0x78, 0x56, 0x34, 0x12 },
	};
	struct page *page;
	u32 ref;

	page = net_back_buffer(k, &ref);
	net_fill(page_address(page), 60, 77);
	net_back_deliver(k, &rsp);
	memcpy(&rsp, &info, sizeof(rsp));
	/* It is added again. */
	rsp.id -= slot + 1;
	net_back_deliver(k, &rsp);
	net_back_push(k, NET_BACK_RX);
}

static void hash_is_the_packets(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_back *k = connect_ctrl(test);
	int want = atomic_read(&b->link.front.ear.good) + 1;

	deliver_hashed(k);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.front.ear, want));
	KUNIT_EXPECT_EQ(test, b->link.front.ear.hash, 0x12345678);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, b->link.front.ear.hash, 0);
}

static void c15_hash_that_was_not_negotiated(struct kunit *test)
{
	deliver_hashed(net_back_connect(test));
	net_back_broken(test, "not negotiated");
	net_back_heals(test);
}

/* Nothing of it is needed for packets. */
static void c16_no_event_channel_is_left(struct kunit *test)
{
	struct net_bench *b = test->priv;

	pvio_loop_put(b->link.pair.back.own, "feature-ctrl-ring", "1");
	pvio_loop_fail(LOOP_EVENT_OPEN, 3, 1);
	net_back_connect(test);
	KUNIT_EXPECT_FALSE(test, b->back->ctrl.r.bound);
	KUNIT_EXPECT_EQ(test, set(test, 1), -EOPNOTSUPP);
	net_back_passes(test, b->back);
	net_back_heals(test);
	/* Nor is there a reference for what is to be said. */
	pvio_loop_fail(LOOP_GREFS, 1, 1);
	KUNIT_EXPECT_EQ(test, set(test, 1), -ENOMEM);
	KUNIT_EXPECT_EQ(test, set(test, 2), 0);
}

static struct kunit_case netfront_ctrl_cases[] = {
	KUNIT_CASE(settings_reach_the_backend),
	KUNIT_CASE(fields_are_flags),
	KUNIT_CASE(refused_settings_are_taken_back),
	KUNIT_CASE(next_backend_is_told_again),
	KUNIT_CASE(c11_backend_does_not_answer),
	KUNIT_CASE(c12_answers_to_what_was_not_asked),
	KUNIT_CASE(c13_answered_twice),
	KUNIT_CASE(c14_backend_goes_while_somebody_waits),
	KUNIT_CASE(hash_is_the_packets),
	KUNIT_CASE(c15_hash_that_was_not_negotiated),
	KUNIT_CASE(c16_no_event_channel_is_left),
	{}
};

static struct kunit_suite netfront_ctrl_suite = {
	.name = "pvio_netfront_ctrl",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = netfront_ctrl_cases,
};

kunit_test_suite(netfront_ctrl_suite);
