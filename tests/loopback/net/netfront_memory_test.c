// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the network frontend lets a backend see, and a backend that writes
 * where and when it has no business to.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "tests/loopback/play/netback.h"

#define POISONED	2000

/* Pages that the drivers get next have held somebody's data. */
static void poison_memory(struct kunit *test)
{
	struct page **pages;
	int i;

	pages = kunit_kcalloc(test, POISONED, sizeof(*pages), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pages);
	for (i = 0; i < POISONED; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (pages[i])
			memset(page_address(pages[i]), 0xa5, PAGE_SIZE);
	}
	while (i--)
		if (pages[i])
			__free_page(pages[i]);
}

static bool zero_from(const struct page *page, unsigned int at)
{
	return page && !memchr_inv(page_address(page) + at, 0, PAGE_SIZE - at);
}

static void check_sent(struct kunit *test, struct net_back *k,
		       unsigned int len)
{
	struct xen_netif_tx_request req = {};
	const struct page *page;
	unsigned int n;

	do {
		KUNIT_ASSERT_TRUE(test, net_back_take(k, &req));
		page = pvio_loop_granted_page(req.gref);
		n = min_t(unsigned int, len, PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, req.offset, 0);
		KUNIT_EXPECT_TRUE(test, n == PAGE_SIZE || zero_from(page, n));
		KUNIT_EXPECT_NULL(test, pvio_loop_raw_map(req.gref, false));
		net_back_answer(k, req.id, XEN_NETIF_RSP_OKAY);
		len -= n;
	} while (req.flags & XEN_NETTXF_more_data);
	KUNIT_EXPECT_EQ(test, len, 0);
	net_back_push(k, NET_BACK_TX);
}

static void l01_nothing_but_payload_is_shared(struct kunit *test)
{
	static const struct net_shape shapes[] = {
		{ .len = 60 }, { .len = 1514 }, { .len = 61 },
		{ .len = 6000, .head = 66, .frag = 1500, .offset = 100 },
		{ .len = 14 }, { .len = 300, .head = 14, .frag = 300 },
	};
	struct net_bench *b = test->priv;
	struct net_back *k;
	unsigned int i;

	poison_memory(test);
	pvio_loop_put(b->link.pair.front.own, "trusted", "0");
	k = net_back_connect(test);
	for (i = 0; i < 4 * ARRAY_SIZE(shapes); i++) {
		KUNIT_EXPECT_EQ(test, net_send(b->link.front.dev,
					       &shapes[i % ARRAY_SIZE(shapes)]),
				0);
		check_sent(test, k, shapes[i % ARRAY_SIZE(shapes)].len);
	}
}

/* Pages of a trusted backend: only whole fragments are granted as they are. */
static void l01_small_packets_are_copied(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct net_bench *b = test->priv;
	struct net_back *k;

	poison_memory(test);
	k = net_back_connect(test);
	KUNIT_EXPECT_EQ(test, net_send(b->link.front.dev, &shape), 0);
	check_sent(test, k, 60);
}

/* All buffers on offer, seen at the moment they are offered. */
static void check_buffers(struct kunit *test, struct net_back *k)
{
	struct net_back_ring *r = &k->ring[NET_BACK_RX];
	struct xen_netif_rx_request req;
	u32 i, bad = 0;

	for (i = r->cons; i != READ_ONCE(r->shared->req_prod); i++) {
		memcpy(&req, r->shared->slots + i % NET_BACK_RING * sizeof(req),
		       sizeof(req));
		bad += !zero_from(pvio_loop_granted_page(req.gref), 0);
	}
	KUNIT_EXPECT_EQ(test, i - r->cons, NET_BACK_FIRST);
	KUNIT_EXPECT_EQ(test, bad, 0);
}

static void l02_buffers_and_rings_begin_as_zeros(struct kunit *test)
{
	struct net_bench *b = test->priv;
	const struct page *ring;
	struct net_back *k;

	poison_memory(test);
	k = net_back_connect(test);
	check_buffers(test, k);
	ring = virt_to_page(k->ring[NET_BACK_TX].shared);
	KUNIT_EXPECT_TRUE(test, zero_from(ring, 4 * sizeof(u32)));
	net_back_close(b);
	net_side_unplug(&b->link.front);
	poison_memory(test);
	pvio_loop_put(b->link.pair.front.own, "trusted", "0");
	check_buffers(test, net_back_connect(test));
}

/* More was written than is said; the rest is nobody's. */
static void l03_only_the_stated_length_is_taken(struct kunit *test)
{
	static const u16 lengths[] = { 60, 100, 256, 257, 1000, 4000 };
	struct net_back *k = net_back_connect(test);
	struct net_bench *b = test->priv;
	struct page *page;
	unsigned int i;
	u32 ref;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		page = net_back_buffer(k, &ref);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
		memset(page_address(page), 0x5a, PAGE_SIZE);
		net_back_send(k, &lengths[i], 1);
		KUNIT_EXPECT_TRUE(test, net_hears(&b->link.front.ear, i + 1));
	}
}

static void g02_scribbles_where_it_has_no_business(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct pvio_ring_shared *tx = k->ring[NET_BACK_TX].shared;
	struct pvio_ring_shared *rx = k->ring[NET_BACK_RX].shared;
	u32 i, req_prod;

	for (i = 0; i < 200; i++) {
		WRITE_ONCE(tx->rsp_event, i * 2654435761U);
		memset(tx->pad, i, sizeof(tx->pad));
		memset(rx->pad, i, sizeof(rx->pad));
		req_prod = READ_ONCE(rx->req_prod);
		net_back_passes(test, k);
		/* Its own word: the frontend writes it, and does not read it. */
		if (i & 1)
			WRITE_ONCE(rx->req_prod, req_prod);
	}
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

struct scribbler {
	struct net_back *k;
	struct rnd_state rnd;
};

static int scribble_slots(void *arg)
{
	struct scribbler *s = arg;
	struct net_back_ring *r = s->k->ring;
	u32 noise;

	while (!kthread_should_stop()) {
		noise = prandom_u32_state(&s->rnd);
		WRITE_ONCE(r[noise & 1].shared->slots[noise / 2 % 2048],
			   noise >> 24);
		if (!(noise & 0xff000))
			cond_resched();
	}
	return 0;
}

/* Both directions, as long as the frontend stands it. */
static void pour(struct net_bench *b, struct net_back *k)
{
	static const struct xen_netif_rx_response rsp = { .status = 1000 };
	const struct net_shape shape = { .len = 3000, .head = 66, .frag = 1500 };
	int i;

	for (i = 0; i < 60; i++) {
		net_send(b->link.front.dev, &shape);
		net_back_deliver(k, &rsp);
		net_back_push(k, NET_BACK_RX);
		k->ring[NET_BACK_TX].prod =
			READ_ONCE(k->ring[NET_BACK_TX].shared->req_prod);
		net_back_push(k, NET_BACK_TX);
		if (pvio_loop_state(&b->link.pair.front) !=
		    XenbusStateConnected)
			return;
	}
}

static void g01_slots_change_while_they_are_read(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct scribbler s = {};
	struct task_struct *task;
	int round;

	prandom_seed_state(&s.rnd, 2);
	for (round = 0; round < 10; round++) {
		s.k = net_back_connect(test);
		task = kthread_run(scribble_slots, &s, "pvio-scribble");
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
		pour(b, s.k);
		kthread_stop(task);
		net_back_close(b);
	}
	net_back_heals(test);
}

static s16 odd_status(u32 noise)
{
	static const s16 odd[] = {
		-1, 0, 13, 14, 60, 255, 256, 257, 4096, 1514, 100, 1,
	};

	return noise & 0xf0 ? odd[noise % ARRAY_SIZE(odd)] : noise >> 16;
}

static void g06_random_answers(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct xen_netif_rx_response rsp = {};
	struct net_bench *b = test->priv;
	struct rnd_state rnd;
	int i, broken = 0;
	u32 noise;

	prandom_seed_state(&rnd, 7);
	for (i = 0; i < 400; i++) {
		noise = prandom_u32_state(&rnd);
		rsp.status = odd_status(noise);
		rsp.offset = noise & 0xf000000 ? 0 : noise >> 20;
		rsp.flags = noise & 0xf000 ? 0 : noise >> 17;
		net_back_deliver(k, &rsp);
		if (noise & 0x300)
			net_back_push(k, NET_BACK_RX);
		if (!pvio_device_broken(b->link.pair.front.pdev))
			continue;
		broken++;
		net_back_close(b);
		k = net_back_connect(test);
	}
	KUNIT_EXPECT_GT(test, broken, 0);
	net_back_heals(test);
}

static void e01_events_without_work(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	int i;

	for (i = 0; i < 20; i++) {
		pvio_loop_flood(&k->ring[NET_BACK_TX].event, 1000);
		pvio_loop_flood(&k->ring[NET_BACK_RX].event, 1000);
		KUNIT_EXPECT_TRUE(test, net_ping(net_bystander()));
	}
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void e02_each_event_is_done_once(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	int i;

	for (i = 0; i < 100; i++)
		net_back_passes(test, k);
	for (i = 0; i < 1000 && pvio_loop_unbalanced(); i++)
		usleep_range(500, 1000);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
	k->ring[NET_BACK_RX].prod += 1000;
	net_back_push(k, NET_BACK_RX);
	pvio_loop_flood(&k->ring[NET_BACK_TX].event, 1000);
	pvio_loop_flood(&k->ring[NET_BACK_RX].event, 1000);
	net_back_broken(test, "received more than there were buffers");
	net_back_heals(test);
}

static void e05_unbound_under_an_event_flood(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_back *k;
	int i;

	for (i = 0; i < 10; i++) {
		k = net_back_connect(test);
		KUNIT_ASSERT_TRUE(test, pvio_loop_flood_on(&k->ring[NET_BACK_RX].event));
		pvio_loop_set_state(&b->link.pair.back, XenbusStateClosing);
		pvio_loop_set_state(&b->link.pair.back, XenbusStateClosed);
		pvio_loop_settle();
		pvio_loop_flood_off();
		net_back_close(b);
	}
	net_back_heals(test);
}

/* Answers published without an event are found with the next one. */
static void e06_events_never_sent(struct kunit *test)
{
	static const u16 size[] = { 60 };
	struct net_back *k = net_back_connect(test);
	struct net_bench *b = test->priv;
	int i, j;

	for (i = 0; i < 50; i++) {
		for (j = 0; j < 3; j++) {
			pvio_loop_fail(LOOP_EVENT_SEND, 1, 1);
			net_back_send(k, size, 1);
			pvio_loop_fail_none();
		}
		net_back_send(k, size, 1);
		KUNIT_EXPECT_TRUE(test, net_hears(&b->link.front.ear,
						  4 * i + 4));
	}
}

static struct kunit_case leak_cases[] = {
	KUNIT_CASE(l01_nothing_but_payload_is_shared),
	KUNIT_CASE(l01_small_packets_are_copied),
	KUNIT_CASE(l02_buffers_and_rings_begin_as_zeros),
	KUNIT_CASE(l03_only_the_stated_length_is_taken),
	KUNIT_CASE(g02_scribbles_where_it_has_no_business),
	KUNIT_CASE(g01_slots_change_while_they_are_read),
	KUNIT_CASE(g06_random_answers),
	KUNIT_CASE(e01_events_without_work),
	KUNIT_CASE(e02_each_event_is_done_once),
	KUNIT_CASE(e05_unbound_under_an_event_flood),
	KUNIT_CASE(e06_events_never_sent),
	{}
};

static struct kunit_suite leak_suite = {
	.name = "pvio_netfront_memory",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = leak_cases,
};

kunit_test_suite(leak_suite);
