// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and a guest that offers no buffers, too few of them or
 * bad ones; events; rings and slots that change under its eyes.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "tests/loopback/play/netfront.h"

static struct net_side *vif(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return &b->link.back;
}

static void set_timeouts(const char *drain, const char *stall)
{
	net_param("pvio_netback", "rx_drain_timeout_msecs", drain);
	net_param("pvio_netback", "rx_stall_timeout_msecs", stall);
}

static bool loses_carrier(struct net_device *dev)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited += 10) {
		if (!netif_carrier_ok(dev))
			return true;
		msleep(20);
	}
	return false;
}

static u64 dropped(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	return stats.tx_dropped;
}

static void n30_guest_without_buffers(struct kunit *test)
{
	const struct net_shape shape = { .len = 9000 };
	struct net_queue *q;
	struct net_device *dev;
	int i;

	set_timeouts("200", "500");
	q = net_front_connect_with(test, 0);
	set_timeouts("10000", "60000");
	dev = vif(test)->dev;
	for (i = 0; i < 900; i++)
		net_send(dev, &shape);
	KUNIT_EXPECT_TRUE(test, loses_carrier(dev));
	KUNIT_EXPECT_GT(test, dropped(dev), 0);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "carrier off"), 1);
	net_refill(q);
	KUNIT_EXPECT_TRUE(test, net_side_ready(vif(test)));
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "receives again"), 1);
	KUNIT_EXPECT_EQ(test, net_send(dev, &shape), 0);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 9000);
	net_front_heals(test);
}

/* One slot is never enough for a packet that takes two. */
static void n31_one_buffer_and_a_packet_of_two(struct kunit *test)
{
	const struct net_shape large = { .len = 3000, .gso = 1448 };
	struct net_queue *q;
	struct net_device *dev;

	set_timeouts("200", "500");
	q = net_front_connect_with(test, 1);
	set_timeouts("10000", "60000");
	dev = vif(test)->dev;
	KUNIT_EXPECT_EQ(test, net_send(dev, &large), 0);
	KUNIT_EXPECT_TRUE(test, loses_carrier(dev));
	KUNIT_EXPECT_EQ(test, net_shared(q, NET_RX)->rsp_prod, 0);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "carrier off"), 1);
	net_refill(q);
	KUNIT_EXPECT_TRUE(test, net_side_ready(vif(test)));
	net_front_passes(test, q);
}

/* Console over the network, tracing: a packet dropped with interrupts off. */
static netdev_tx_t xmit_without_interrupts(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);
	unsigned long flags;
	netdev_tx_t verdict;

	skb_set_queue_mapping(skb, 0);
	local_irq_save(flags);
	__netif_tx_lock(txq, smp_processor_id());
	verdict = dev->netdev_ops->ndo_start_xmit(skb, dev);
	__netif_tx_unlock(txq);
	local_irq_restore(flags);
	return verdict;
}

static void n32_drops_with_interrupts_off(struct kunit *test)
{
	const struct net_shape small = { .len = 60 };
	struct net_bench *b = test->priv;
	struct net_device *dev;
	u64 before;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	dev = b->link.back.dev;
	before = dropped(dev);
	KUNIT_EXPECT_EQ(test, xmit_without_interrupts(net_skb(dev, &small)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, dropped(dev), before + 1);
	net_front_connect(test);
	KUNIT_EXPECT_EQ(test, xmit_without_interrupts(net_skb(dev, &small)),
			NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, net_receive(test, &b->front->queue[0]), 60);
}

static void n33_impossible_receive_producers(struct kunit *test)
{
	static const u32 ahead[] = { 257, 0x80000000, 0xffffffff };
	const struct net_shape shape = { .len = 60 };
	struct net_queue *q;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ahead); i++) {
		q = net_front_connect_with(test, 0);
		WRITE_ONCE(net_shared(q, NET_RX)->req_prod, ahead[i]);
		net_send(vif(test)->dev, &shape);
		net_front_broken(test, "receive ring: impossible request index");
	}
	net_front_heals(test);
}

/* A buffer that is not granted costs the packet, not the connection. */
static void receive_buffers_not_granted(struct kunit *test)
{
	const struct net_shape shape = { .len = 6000 };
	struct net_queue *q;
	u32 good;

	q = net_front_connect_with(test, 0);
	good = q->ring[NET_RX].dref[1];
	q->ring[NET_RX].dref[1] = LOOP_BAD_REF;
	net_refill(q);
	KUNIT_EXPECT_EQ(test, net_send(vif(test)->dev, &shape), 0);
	KUNIT_EXPECT_LT(test, net_receive(test, q), 0);
	q->ring[NET_RX].dref[1] = good;
	KUNIT_EXPECT_EQ(test, net_send(vif(test)->dev, &shape), 0);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 6000);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* What a device of another guest has granted is not there for this one. */
static void n10_references_of_another_guest(struct kunit *test)
{
	const char *other = net_bystander()->pair.front.own;
	const struct net_shape shape = { .len = 6000 };
	struct net_queue *q = net_front_connect_with(test, 0);
	struct xen_netif_tx_request req = { .size = 60 };
	u32 good = q->ring[NET_RX].dref[1];

	q->ring[NET_RX].dref[1] =
		pvio_loop_number(other, "queue-0/rx-ring-ref");
	net_refill(q);
	KUNIT_EXPECT_EQ(test, net_send(vif(test)->dev, &shape), 0);
	KUNIT_EXPECT_LT(test, net_receive(test, q), 0);
	q->ring[NET_RX].dref[1] = good;
	req.gref = pvio_loop_number(other, "queue-0/tx-ring-ref");
	KUNIT_EXPECT_GT(test, req.gref, 0);
	net_put(q, &req);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
}

static void g03_indices_wrap_around(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0xffffff80), 0);
	net_front_join(test);
	for (i = 0; i < 300; i++)
		net_front_passes(test, &b->front->queue[0]);
	KUNIT_EXPECT_LT(test, b->front->queue[0].ring[NET_TX].prod, 1000);
}

static void g03_impossible_indices_at_attach(struct kunit *test)
{
	static const u32 ahead[] = { 257, 0x80000000, 0xffffffff };
	struct net_bench *b = test->priv;
	enum net_dir dir;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	for (dir = 0; dir < NET_DIRS; dir++) {
		for (i = 0; i < ARRAY_SIZE(ahead); i++) {
			KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 5), 0);
			net_shared(&b->front->queue[0], dir)->req_prod =
				5 + ahead[i];
			net_front_say(b, XenbusStateConnected);
			KUNIT_EXPECT_EQ(test,
					pvio_loop_state(&b->link.pair.back),
					XenbusStateClosing);
			KUNIT_EXPECT_EQ(test, net_log_lines(b, "cannot start"),
					1);
			net_front_close(b);
			net_log_mark(b);
			msleep(1000);
		}
	}
	net_front_heals(test);
}

static void scribble(struct net_queue *q, enum net_dir dir, u32 noise)
{
	struct pvio_ring_shared *s = net_shared(q, dir);

	WRITE_ONCE(s->rsp_prod, q->ring[dir].cons - 1 - noise % NET_RING);
	WRITE_ONCE(s->req_event, noise);
	memset(s->pad, noise, sizeof(s->pad));
}

static void g02_scribbles_where_it_has_no_business(struct kunit *test)
{
	const struct net_cut cut = { .nr = 3, .size = { 100, 2000, 300 } };
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	u32 i;

	for (i = 0; i < 400; i++) {
		net_put_packet(q, &cut);
		scribble(q, NET_TX, i * 2654435761U);
		net_push(q, NET_TX);
		net_answers(test, q, XEN_NETIF_RSP_OKAY);
	}
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, 400));
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

struct scribbler {
	struct net_queue *q;
	struct rnd_state rnd;
};

/* Writes into slots while the backend reads them. */
static int scribble_slots(void *arg)
{
	struct scribbler *s = arg;
	u8 *slots = net_shared(s->q, NET_TX)->slots;
	u32 noise;

	while (!kthread_should_stop()) {
		noise = prandom_u32_state(&s->rnd);
		WRITE_ONCE(slots[noise % (NET_RING * 12)], noise >> 24);
		if (!(noise & 0xff000))
			cond_resched();
	}
	return 0;
}

/* Publish as long as the backend takes it. */
static bool pour(struct net_bench *b, struct net_queue *q)
{
	const struct net_cut cut = { .nr = 4, .size = { 100, 2000, 300, 70 } };
	struct net_ring *r = &q->ring[NET_TX];
	unsigned int waited = 0;

	while (r->prod - r->cons < NET_RING - 4)
		net_put_packet(q, &cut);
	net_push(q, NET_TX);
	while (READ_ONCE(net_shared(q, NET_TX)->rsp_prod) != r->prod) {
		if (pvio_loop_state(&b->link.pair.back) != XenbusStateConnected)
			return false;
		if (waited++ > NET_WAIT_MS)
			return false;
		usleep_range(500, 1000);
	}
	r->cons = r->prod;
	return true;
}

static void g01_slots_change_while_they_are_read(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct scribbler s = {};
	struct task_struct *task;
	int round, i;

	prandom_seed_state(&s.rnd, 1);
	for (round = 0; round < 8; round++) {
		s.q = net_front_connect(test);
		task = kthread_run(scribble_slots, &s, "pvio-scribble");
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
		for (i = 0; i < 20 && pour(b, s.q); i++)
			;
		kthread_stop(task);
		net_front_close(b);
	}
	/* A slot may have come to name another packet's page. */
	atomic_set(&b->link.back.ear.bad, 0);
	net_front_heals(test);
}

/* A field with a value that someone may have got wrong. */
static u16 odd_value(struct rnd_state *rnd)
{
	static const u16 odd[] = {
		0, 1, 13, 14, 60, 127, 128, 4095, 4096, 4097, 32768, 65535,
	};
	u32 noise = prandom_u32_state(rnd);

	return noise & 1 ? odd[(noise >> 1) % ARRAY_SIZE(odd)] : noise >> 20;
}

static void put_random(struct net_queue *q, struct rnd_state *rnd)
{
	struct net_ring *r = &q->ring[NET_TX];
	u32 noise = prandom_u32_state(rnd);
	struct xen_netif_tx_request req = {
		.gref = noise & 0x700 ? r->dref[noise % NET_RING] : noise,
		.offset = noise & 0x1800 ? 0 : odd_value(rnd),
		.flags = noise & 0xe000 ? 0 : odd_value(rnd),
		.id = noise,
		.size = odd_value(rnd) % (noise & 0x70000 ? 4097 : 65536),
	};

	net_put(q, &req);
}

static bool flush_random(struct net_bench *b, struct net_queue *q)
{
	struct net_ring *r = &q->ring[NET_TX];
	unsigned int waited;

	net_push(q, NET_TX);
	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (READ_ONCE(net_shared(q, NET_TX)->rsp_prod) == r->prod)
			break;
		if (pvio_loop_state(&b->link.pair.back) != XenbusStateConnected)
			return false;
		usleep_range(200, 400);
	}
	r->cons = r->prod;
	return waited < NET_WAIT_MS;
}

static void g06_random_requests(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	struct rnd_state rnd;
	int round, i, broken = 0;

	prandom_seed_state(&rnd, 6);
	for (round = 0; round < 300; round++) {
		for (i = 0; i < 24; i++)
			put_random(q, &rnd);
		if (flush_random(b, q))
			continue;
		broken++;
		net_front_close(b);
		q = net_front_connect(test);
	}
	KUNIT_EXPECT_GT(test, broken, 0);
	net_front_heals(test);
}

static void g07_log_is_bounded(struct kunit *test)
{
	const struct net_cut shorty = { .nr = 1, .size = { 13 } };
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	int i, j;

	for (i = 0; i < 40; i++) {
		for (j = 0; j < 200; j++)
			net_put_packet(q, &shorty);
		net_push(q, NET_TX);
		net_answers(test, q, XEN_NETIF_RSP_ERROR);
	}
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
	for (i = 0; i < 25; i++) {
		q->ring[NET_TX].prod += 1000;
		net_push(q, NET_TX);
		pvio_loop_wait(&b->link.pair.back, XenbusStateClosing,
			       NET_WAIT_MS);
		net_front_close(b);
		q = net_front_connect(test);
	}
	KUNIT_EXPECT_LE(test, net_log_lines(b, "disabled"), 25);
}

static void e01_events_without_work(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	int i;

	for (i = 0; i < 20; i++) {
		pvio_loop_flood(&q->ring[NET_TX].event, 1000);
		pvio_loop_flood(&q->ring[NET_RX].event, 1000);
		KUNIT_EXPECT_TRUE(test, net_ping(net_bystander()));
	}
	net_front_passes(test, q);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

/* All that were delivered are accounted for: alive, and after a violation. */
static void e02_each_event_is_done_once(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	int i;

	for (i = 0; i < 100; i++)
		net_front_passes(test, q);
	for (i = 0; i < 1000 && pvio_loop_unbalanced(); i++)
		usleep_range(500, 1000);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
	q->ring[NET_TX].prod += 1000;
	net_push(q, NET_TX);
	pvio_loop_flood(&q->ring[NET_TX].event, 1000);
	pvio_loop_flood(&q->ring[NET_RX].event, 1000);
	net_front_broken(test, "impossible request index");
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
	net_front_heals(test);
	KUNIT_EXPECT_PTR_NE(test, b->front, NULL);
}

static void e03_events_between_real_requests(struct kunit *test)
{
	const struct net_cut cut = { .nr = 1, .size = { 60 } };
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	int i;

	for (i = 0; i < 200; i++) {
		pvio_loop_flood(&q->ring[NET_TX].event, 20);
		net_put_packet(q, &cut);
		net_push(q, NET_TX);
		net_answers(test, q, XEN_NETIF_RSP_OKAY);
	}
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, 200));
}

static void e05_unbound_under_an_event_flood(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q;
	int i;

	q = net_front_connect(test);
	KUNIT_ASSERT_TRUE(test, pvio_loop_flood_on(&q->ring[NET_TX].event));
	for (i = 0; i < 8; i++) {
		net_side_unplug(&b->link.back);
		net_side_plug(&b->link.back);
		pvio_loop_settle();
	}
	pvio_loop_flood_off();
	net_front_heals(test);
}

/* What was published without an event is found with the next one. */
static void e06_events_never_sent(struct kunit *test)
{
	const struct net_cut cut = { .nr = 1, .size = { 60 } };
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	int i, j;

	for (i = 0; i < 50; i++) {
		for (j = 0; j < 5; j++)
			net_put_packet(q, &cut);
		pvio_loop_fail(LOOP_EVENT_SEND, 1, 1);
		net_push(q, NET_TX);
		pvio_loop_fail_none();
		net_put_packet(q, &cut);
		net_push(q, NET_TX);
		net_answers(test, q, XEN_NETIF_RSP_OKAY);
	}
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, 300));
}

static struct kunit_case rx_cases[] = {
	KUNIT_CASE(n30_guest_without_buffers),
	KUNIT_CASE(n31_one_buffer_and_a_packet_of_two),
	KUNIT_CASE(n32_drops_with_interrupts_off),
	KUNIT_CASE(n33_impossible_receive_producers),
	KUNIT_CASE(receive_buffers_not_granted),
	KUNIT_CASE(n10_references_of_another_guest),
	KUNIT_CASE(g03_indices_wrap_around),
	KUNIT_CASE(g03_impossible_indices_at_attach),
	KUNIT_CASE(g02_scribbles_where_it_has_no_business),
	KUNIT_CASE(g01_slots_change_while_they_are_read),
	KUNIT_CASE(g06_random_requests),
	KUNIT_CASE(g07_log_is_bounded),
	KUNIT_CASE(e01_events_without_work),
	KUNIT_CASE(e02_each_event_is_done_once),
	KUNIT_CASE(e03_events_between_real_requests),
	KUNIT_CASE(e05_unbound_under_an_event_flood),
	KUNIT_CASE(e06_events_never_sent),
	{}
};

static struct kunit_suite rx_suite = {
	.name = "pvio_netback_ring",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = rx_cases,
};

kunit_test_suite(rx_suite);
