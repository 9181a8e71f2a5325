// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend and what a hostile backend sends and answers.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "tests/loopback/play/netback.h"

static struct net_side *eth(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return &b->link.front;
}

static u64 rx_errors(struct kunit *test)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(eth(test)->dev, &stats);
	return stats.rx_errors;
}

static u64 tx_errors(struct kunit *test)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(eth(test)->dev, &stats);
	return stats.tx_errors;
}

/* The packet is dropped and counted; the next one arrives. */
static void drops(struct kunit *test, struct net_back *k, const u16 *sizes,
		  unsigned int nr)
{
	int good = atomic_read(&eth(test)->ear.good);
	u64 errors = rx_errors(test);

	net_back_send(k, sizes, nr);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, atomic_read(&eth(test)->ear.good), good + 1);
	KUNIT_EXPECT_EQ(test, rx_errors(test), errors + 1);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void takes(struct kunit *test, struct net_back *k, const u16 *sizes,
		  unsigned int nr)
{
	int want = atomic_read(&eth(test)->ear.good) + 1;

	net_back_send(k, sizes, nr);
	KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, want));
}

static void n40_packets_shorter_than_their_header(struct kunit *test)
{
	static const u16 split[] = { 6, 60 }, tiny[] = { 6, 7 };
	struct net_back *k = net_back_connect(test);
	u16 size;

	for (size = 0; size < 14; size++)
		drops(test, k, &size, 1);
	takes(test, k, &size, 1);
	takes(test, k, split, 2);
	drops(test, k, tiny, 2);
}

static void send_one(struct kunit *test, struct net_back *k, u16 *id)
{
	const struct net_shape shape = { .len = 60 };
	struct xen_netif_tx_request req = {};

	KUNIT_EXPECT_EQ(test, net_send(eth(test)->dev, &shape), 0);
	KUNIT_EXPECT_TRUE(test, net_back_take(k, &req));
	*id = req.id;
}

static void n41_answers_to_what_was_not_sent(struct kunit *test)
{
	static const u16 ids[] = { 0x100, 0xffff, 200, 255 };
	struct net_back *k = net_back_connect(test);
	unsigned int i;
	u16 id;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		send_one(test, k, &id);
		net_back_answer(k, ids[i], XEN_NETIF_RSP_OKAY);
		net_back_push(k, NET_BACK_TX);
		net_back_broken(test, "which is not outstanding");
		k = net_back_heals(test);
	}
}

/* A packet in two slots, the second of them a granted page of its own. */
static void send_two(struct kunit *test, struct net_back *k,
		     struct xen_netif_tx_request *first,
		     struct xen_netif_tx_request *second)
{
	const struct net_shape shape = { .len = 2000, .head = 66,
					 .frag = 2000 };

	KUNIT_EXPECT_EQ(test, net_send(eth(test)->dev, &shape), 0);
	KUNIT_EXPECT_TRUE(test, net_back_take(k, first));
	KUNIT_EXPECT_TRUE(test, net_back_take(k, second));
}

static void n41_the_same_answer_twice(struct kunit *test)
{
	struct xen_netif_tx_request first = {}, second = {};
	struct net_back *k = net_back_connect(test);

	send_two(test, k, &first, &second);
	net_back_answer(k, first.id, XEN_NETIF_RSP_OKAY);
	net_back_answer(k, first.id, XEN_NETIF_RSP_OKAY);
	net_back_push(k, NET_BACK_TX);
	net_back_broken(test, "which is not outstanding");
	net_back_heals(test);
}

static void n41_statuses_of_answers(struct kunit *test)
{
	static const s16 statuses[] = { -2, -1, 0, 0x7fff, -32768 };
	struct net_back *k = net_back_connect(test);
	unsigned int i;
	u16 id;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		send_one(test, k, &id);
		net_back_answer(k, id, statuses[i]);
		net_back_push(k, NET_BACK_TX);
		net_back_passes(test, k);
	}
	/* The last packets' answers may not have been looked at yet. */
	send_one(test, k, &id);
	net_back_answer(k, 0xffff, XEN_NETIF_RSP_NULL);
	net_back_push(k, NET_BACK_TX);
	net_back_passes(test, k);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, tx_errors(test), 3);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void n41_more_answers_than_requests(struct kunit *test)
{
	static const u32 ahead[] = { 1, 257, 0x80000000, 0xffffffff };
	struct net_back *k = net_back_connect(test);
	unsigned int i;
	u16 id;

	for (i = 0; i < ARRAY_SIZE(ahead); i++) {
		send_one(test, k, &id);
		net_back_answer(k, id, XEN_NETIF_RSP_OKAY);
		k->ring[NET_BACK_TX].prod += ahead[i];
		/* One before the first is where it was: no answer at all. */
		if (ahead[i] == 0xffffffff)
			k->ring[NET_BACK_TX].prod--;
		net_back_push(k, NET_BACK_TX);
		net_back_broken(test, "more transmit answers than requests");
		k = net_back_heals(test);
	}
}

static void n42_chains_of_19_20_40_64(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	u16 sizes[64];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		sizes[i] = 200;
	takes(test, k, sizes, 18);
	takes(test, k, sizes, 19);
	drops(test, k, sizes, 20);
	drops(test, k, sizes, 40);
	net_back_send(k, sizes, 64);
	net_back_broken(test, "packet without end");
	net_back_heals(test);
}

static void packets_of_many_pages(struct kunit *test)
{
	static const u16 sizes[] = {
		4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096,
		4096, 4096, 4096, 4096, 4096, 3000,
	};
	static const u16 holes[] = { 100, 0, 4096, 0, 1, 2000 };
	struct net_back *k = net_back_connect(test);
	int i;

	for (i = 0; i < 60; i++) {
		takes(test, k, sizes, 1 + i % 16);
		takes(test, k, holes, ARRAY_SIZE(holes));
	}
}

static struct net_back *lie(struct kunit *test, struct net_back *k,
			    const struct xen_netif_rx_response *rsp,
			    const char *why)
{
	net_back_deliver(k, rsp);
	net_back_push(k, NET_BACK_RX);
	net_back_broken(test, why);
	return net_back_heals(test);
}

static void n43_impossible_lengths(struct kunit *test)
{
	static const struct xen_netif_rx_response lies[] = {
		{ .status = 4097 }, { .offset = 4000, .status = 200 },
		{ .status = 0x7fff }, { .offset = 0xffff, .status = 60 },
	};
	struct net_back *k = net_back_connect(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lies); i++)
		k = lie(test, k, &lies[i], "data outside the page");
}

static void n43_wrong_ids_and_ends(struct kunit *test)
{
	static const struct xen_netif_rx_response
		shifted = { .id = 1, .status = 60 },
		more = { .flags = XEN_NETRXF_more_data, .status = 60 },
		extra = { .flags = XEN_NETRXF_extra_info, .status = 60 };
	struct net_back *k = net_back_connect(test);

	k = lie(test, k, &shifted, "response in another's slot");
	k = lie(test, k, &more, "past the published responses");
	lie(test, k, &extra, "extra info past the published responses");
}

/* An error of the backend's own is a dropped packet. */
static void n43_negative_statuses(struct kunit *test)
{
	static const s16 statuses[] = { -1, -2, -32768 };
	struct net_back *k = net_back_connect(test);
	struct xen_netif_rx_response rsp = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		rsp.status = statuses[i];
		net_back_deliver(k, &rsp);
		net_back_push(k, NET_BACK_RX);
		net_back_passes(test, k);
	}
	KUNIT_EXPECT_EQ(test, rx_errors(test), ARRAY_SIZE(statuses));
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* A packet with an extra-info slot of the given type and contents. */
static void put_extra(struct net_back *k, u8 type, u16 size, u8 gso_type)
{
	const struct xen_netif_rx_response first = {
		.flags = XEN_NETRXF_extra_info, .status = 60,
	};
	const struct xen_netif_extra_info info = {
		.type = type,
		.u.gso.size = size,
		.u.gso.type = gso_type,
	};
	struct net_back_ring *r = &k->ring[NET_BACK_RX];
	u32 at = (r->prod + 1) % NET_BACK_RING;

	net_back_deliver(k, &first);
	net_back_deliver(k, &first);
	memcpy(r->shared->slots + at * sizeof(info), &info, sizeof(info));
	net_back_push(k, NET_BACK_RX);
}

static void n43_extra_info_of_wrong_types(struct kunit *test)
{
	static const u8 unknown[] = { 0, 6, 255 };
	struct net_back *k = net_back_connect(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		put_extra(k, unknown[i], 1448, 1);
		net_back_broken(test, "unknown type of extra info");
		k = net_back_heals(test);
	}
	put_extra(k, XEN_NETIF_EXTRA_TYPE_XDP, 0, 0);
	net_back_broken(test, "not negotiated");
	k = net_back_heals(test);
	put_extra(k, XEN_NETIF_EXTRA_TYPE_GSO, 0, 1);
	put_extra(k, XEN_NETIF_EXTRA_TYPE_GSO, 1448, 9);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, rx_errors(test), 2);
}

/* Headers that promise what is not there; nobody further on falls for it. */
static void n43_gso_without_headers(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct page *page;
	u32 ref;
	int i;

	for (i = 0; i < 40; i++) {
		page = net_back_buffer(k, &ref);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
		memset(page_address(page), i & 1 ? 0x45 : 0xff, 60);
		((u8 *)page_address(page))[12] = 8;
		((u8 *)page_address(page))[13] = 0;
		put_extra(k, XEN_NETIF_EXTRA_TYPE_GSO, 1448, 1 + i % 2);
	}
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void n43_producer_goes_back(struct kunit *test)
{
	static const u32 jumps[] = { 0xffffffff, 0x80000000, 257, 1000 };
	struct net_back *k = net_back_connect(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(jumps); i++) {
		net_back_passes(test, k);
		k->ring[NET_BACK_RX].prod += jumps[i];
		net_back_push(k, NET_BACK_RX);
		net_back_broken(test, "received more than there were buffers");
		k = net_back_heals(test);
	}
}

/* Received, dropped, transmitted: what is held stays the same. */
static void n45_many_cycles_hold_nothing_more(struct kunit *test)
{
	static const u16 good[] = { 1514 }, large[] = { 4096, 4000 };
	static const u16 bad[] = { 13 };
	struct net_back *k = net_back_connect(test);
	s64 pages, grants;
	int i;

	net_back_passes(test, k);
	pages = pvio_outstanding(PVIO_RES_PAGE);
	grants = pvio_outstanding(PVIO_RES_GRANT);
	for (i = 0; i < 700; i++) {
		takes(test, k, i & 1 ? good : large, 2 - i % 2);
		net_back_send(k, bad, 1);
		if (i % 8 == 0)
			net_back_passes(test, k);
	}
	net_back_passes(test, k);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_PAGE), pages + 1);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_GRANT), grants + 1);
	KUNIT_EXPECT_EQ(test, rx_errors(test), 700);
}

static void m10_answered_transmit_page_still_mapped(struct kunit *test)
{
	struct xen_netif_tx_request first = {}, second = {};
	struct net_back *k = net_back_connect(test);

	send_two(test, k, &first, &second);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test,
				     pvio_loop_raw_map(second.gref, true));
	net_back_answer(k, first.id, XEN_NETIF_RSP_OKAY);
	net_back_answer(k, second.id, XEN_NETIF_RSP_OKAY);
	net_back_push(k, NET_BACK_TX);
	net_back_broken(test, "still maps its page");
	net_back_heals(test);
	/* Only now is the page let go of; it was nobody else's so far. */
	KUNIT_EXPECT_NOT_NULL(test, pvio_loop_granted_page(second.gref));
	pvio_loop_raw_unmap(second.gref);
	KUNIT_EXPECT_NULL(test, pvio_loop_granted_page(second.gref));
}

static void m10_received_page_still_mapped(struct kunit *test)
{
	static const u16 sizes[] = { 4000 };
	struct net_back *k = net_back_connect(test);
	struct page *page;
	u32 ref;

	page = net_back_buffer(k, &ref);
	KUNIT_ASSERT_PTR_EQ(test, pvio_loop_raw_map(ref, false), page);
	net_back_send(k, sizes, 1);
	net_back_broken(test, "received page is still mapped");
	net_back_heals(test);
	KUNIT_EXPECT_PTR_EQ(test, pvio_loop_granted_page(ref), page);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	pvio_loop_raw_unmap(ref);
	KUNIT_EXPECT_NULL(test, pvio_loop_granted_page(ref));
}

/* All that was ever offered or sent is mapped while the frontend goes. */
static void m11_m12_everything_still_mapped_at_the_end(struct kunit *test)
{
	const struct net_shape shape = { .len = 2000, .head = 66,
					 .frag = 2000 };
	struct net_back *k = net_back_connect(test);
	struct xen_netif_tx_request req = {};
	struct net_bench *b = test->priv;
	u32 refs[4], i;

	KUNIT_EXPECT_EQ(test, net_send(eth(test)->dev, &shape), 0);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, net_back_take(k, &req));
		refs[i] = req.gref;
	}
	net_back_buffer(k, &refs[2]);
	refs[3] = k->ring[NET_BACK_TX].ref;
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_NOT_NULL(test, pvio_loop_raw_map(refs[i], true));
	net_back_close(b);
	net_side_unplug(&b->link.front);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_NOT_NULL(test, pvio_loop_granted_page(refs[i]));
		pvio_loop_raw_unmap(refs[i]);
		KUNIT_EXPECT_NULL(test, pvio_loop_granted_page(refs[i]));
	}
}

static struct kunit_case front_cases[] = {
	KUNIT_CASE(n40_packets_shorter_than_their_header),
	KUNIT_CASE(n41_answers_to_what_was_not_sent),
	KUNIT_CASE(n41_the_same_answer_twice),
	KUNIT_CASE(n41_statuses_of_answers),
	KUNIT_CASE(n41_more_answers_than_requests),
	KUNIT_CASE(n42_chains_of_19_20_40_64),
	KUNIT_CASE(packets_of_many_pages),
	KUNIT_CASE(n43_impossible_lengths),
	KUNIT_CASE(n43_wrong_ids_and_ends),
	KUNIT_CASE(n43_negative_statuses),
	KUNIT_CASE(n43_extra_info_of_wrong_types),
	KUNIT_CASE(n43_gso_without_headers),
	KUNIT_CASE(n43_producer_goes_back),
	KUNIT_CASE(n45_many_cycles_hold_nothing_more),
	KUNIT_CASE(m10_answered_transmit_page_still_mapped),
	KUNIT_CASE(m10_received_page_still_mapped),
	KUNIT_CASE(m11_m12_everything_still_mapped_at_the_end),
	{}
};

static struct kunit_suite front_suite = {
	.name = "pvio_netfront_ring",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = front_cases,
};

kunit_test_suite(front_suite);

MODULE_DESCRIPTION("Tests of the pvio network frontend and hostile backends");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
