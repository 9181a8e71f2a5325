// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and what a hostile guest transmits: shapes of packets,
 * lengths, extra info, references.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "tests/loopback/play/netfront.h"

#define MORE	XEN_NETTXF_more_data
#define EXTRA	XEN_NETTXF_extra_info

/* All slots answered with @status; the packet arrives exactly if that is 0. */
static void try_packet(struct kunit *test, struct net_queue *q,
		       const struct net_cut *cut, s16 status)
{
	const struct net_cut after = { .nr = 1, .size = { 60 } };
	struct net_bench *b = test->priv;
	struct net_ear *ear = &b->link.back.ear;
	int want = atomic_read(&ear->good) + 1 + !status;

	net_put_packet(q, cut);
	net_push(q, NET_TX);
	net_answers(test, q, status);
	net_put_packet(q, &after);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, net_hears(ear, want));
	KUNIT_EXPECT_EQ(test, atomic_read(&ear->good), want);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* Several at once: they go through one round of the backend. */
static void send_good(struct kunit *test, struct net_queue *q,
		      const struct net_cut *cut, int nr)
{
	struct net_bench *b = test->priv;
	struct net_ear *ear = &b->link.back.ear;
	int i, want = atomic_read(&ear->good) + nr;

	for (i = 0; i < nr; i++)
		net_put_packet(q, cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, net_hears(ear, want));
}

/* What was put is a violation; afterwards a new frontend works. */
static struct net_queue *breaks(struct kunit *test, struct net_queue *q,
				const char *why)
{
	net_push(q, NET_TX);
	net_front_broken(test, why);
	return net_front_heals(test);
}

/* A single request that points at the queue's next page. */
static void put_plain(struct net_queue *q, u16 flags, u16 offset, u16 size)
{
	struct net_ring *r = &q->ring[NET_TX];
	u32 at = r->prod % NET_RING;
	const struct xen_netif_tx_request req = {
		.gref = r->dref[at],
		.offset = offset,
		.flags = flags,
		.id = at,
		.size = size,
	};

	net_put(q, &req);
}

static void n01_impossible_producers(struct kunit *test)
{
	static const u32 prods[] = { 0x101, 0x80000000, 0xffffffff };
	struct net_queue *q = net_front_connect(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prods); i++) {
		q->ring[NET_TX].prod += prods[i];
		q = breaks(test, q, "transmit ring: impossible request index");
	}
}

static void n02_chain_runs_past_the_producer(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);

	put_plain(q, MORE, 0, 200);
	q = breaks(test, q, "past the published requests");
	put_plain(q, EXTRA, 0, 200);
	breaks(test, q, "extra info past the published requests");
}

static struct net_cut chain(unsigned int further, u16 size)
{
	struct net_cut cut = { .nr = further + 1 };
	unsigned int i;

	for (i = 0; i < cut.nr; i++)
		cut.size[i] = size;
	return cut;
}

static void n03_chain_of_18_19_20_21_64(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_cut cut = chain(18, 100);

	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut = chain(19, 100);
	try_packet(test, q, &cut, XEN_NETIF_RSP_ERROR);
	cut = chain(20, 100);
	try_packet(test, q, &cut, XEN_NETIF_RSP_ERROR);
	cut = chain(21, 100);
	net_put_packet(q, &cut);
	q = breaks(test, q, "packet without end");
	cut = chain(64, 100);
	net_put_packet(q, &cut);
	breaks(test, q, "packet without end");
}

static void n04_sizes_that_do_not_add_up(struct kunit *test)
{
	static const struct net_cut bad[] = {
		{ .nr = 2, .size = { 60, 101 }, .total = 100 },
		{ .nr = 3, .size = { 60, 4096, 4096 }, .total = 8191 },
		{ .nr = 1, .size = { 13 } },
		{ .nr = 2, .size = { 6, 7 } },
		{ .nr = 1 },
	};
	struct net_queue *q = net_front_connect(test);
	struct net_cut wraps = chain(16, 4096);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		try_packet(test, q, &bad[i], XEN_NETIF_RSP_ERROR);
	wraps.total = 65535;
	try_packet(test, q, &wraps, XEN_NETIF_RSP_ERROR);
	put_plain(q, 0, 4000, 200);
	q = breaks(test, q, "crosses its page");
	put_plain(q, MORE, 0, 300);
	put_plain(q, 0, 4000, 200);
	q = breaks(test, q, "crosses its page");
	put_plain(q, 0, 0xffff, 60);
	breaks(test, q, "crosses its page");
}

/* A packet of @total bytes: the given slots, then ones of @rest. */
static struct net_cut cut_up(unsigned int total, u16 first, u16 second,
			     u16 rest)
{
	struct net_cut cut = { .nr = 2, .size = { first, second } };
	unsigned int left = total - first - second;

	while (left) {
		cut.size[cut.nr] = min_t(unsigned int, left, rest);
		left -= cut.size[cut.nr++];
	}
	return cut;
}

static void n05_headers_in_pieces(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	unsigned int total;
	struct net_cut cut;

	for (total = 127; total <= 129; total++) {
		cut = cut_up(total, 1, 13, 20);
		try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
		cut = cut_up(total, 64, 1, total);
		try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	}
	cut = cut_up(4000, 1, 13, 300);
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut = chain(17, 1);
	cut.size[0] = 14;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut = chain(18, 3500);
	cut.size[0] = 1;
	cut.size[1] = 13;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
}

static void n06_many_tiny_slots(struct kunit *test)
{
	static const u16 totals[] = { 60, 127, 128, 129 };
	struct net_queue *q = net_front_connect(test);
	unsigned int i, tiny;
	struct net_cut cut;

	for (i = 0; i < ARRAY_SIZE(totals); i++) {
		for (tiny = 1; tiny <= 6; tiny++) {
			cut = chain(18, tiny);
			if (18 * tiny >= totals[i])
				continue;
			cut.size[0] = totals[i] - 18 * tiny;
			send_good(test, q, &cut, 10);
		}
	}
}

static void n07_slots_of_no_bytes(struct kunit *test)
{
	static const struct net_cut good[] = {
		{ .nr = 2, .size = { 64, 0 } },
		{ .nr = 4, .size = { 64, 0, 0, 64 } },
		{ .nr = 19, .size = { 64 } },
		{ .nr = 2, .size = { 0, 64 } },
		{ .nr = 3, .size = { 0, 0, 3000 } },
		{ .nr = 3, .size = { 3000, 0, 3000 } },
	};
	struct net_queue *q = net_front_connect(test);
	struct net_cut cut = chain(18, 2000);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		try_packet(test, q, &good[i], XEN_NETIF_RSP_OKAY);
	cut.size[18] = 0;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut = chain(19, 100);
	cut.size[19] = 0;
	try_packet(test, q, &cut, XEN_NETIF_RSP_ERROR);
}

static void n08_pieces_across_local_pages(struct kunit *test)
{
	static const u16 sizes[] = { 1777, 2048, 3000, 3409, 4095, 4096 };
	struct net_queue *q = net_front_connect(test);
	struct net_cut cut;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (n = 2; n <= 18 && n * sizes[i] <= NET_FRAME_MAX; n += 4) {
			cut = chain(n - 1, sizes[i]);
			try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
			cut.size[0] = 777;
			try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
		}
	}
	cut = chain(15, 4096);
	cut.size[15] = 4095;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
}

static void put_extra(struct net_queue *q, u8 type, u8 flags)
{
	const struct xen_netif_extra_info info = {
		.type = type,
		.flags = flags,
		.u.gso.size = 1448,
		.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4,
	};

	net_put_extra(q, &info);
}

static void n09_extra_info_of_wrong_types(struct kunit *test)
{
	static const u8 types[] = { 0, 6, 255 };
	struct net_queue *q = net_front_connect(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		put_plain(q, EXTRA, 0, 60);
		put_extra(q, types[i], 0);
		q = breaks(test, q, "unknown type of extra info");
	}
	put_plain(q, EXTRA, 0, 60);
	put_extra(q, XEN_NETIF_EXTRA_TYPE_XDP, 0);
	breaks(test, q, "not negotiated");
}

static void n09_extra_info_without_end(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	unsigned int i;

	put_plain(q, EXTRA, 0, 60);
	put_extra(q, XEN_NETIF_EXTRA_TYPE_GSO, 0);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	put_plain(q, EXTRA, 0, 60);
	for (i = 1; i < NET_RING; i++)
		put_extra(q, XEN_NETIF_EXTRA_TYPE_GSO,
			  XEN_NETIF_EXTRA_FLAG_MORE);
	q = breaks(test, q, "two extra-info slots");
	put_plain(q, EXTRA, 0, 60);
	put_extra(q, XEN_NETIF_EXTRA_TYPE_GSO, XEN_NETIF_EXTRA_FLAG_MORE);
	breaks(test, q, "extra info past the published requests");
}

static void n09_gso_of_no_size_or_type(struct kunit *test)
{
	static const struct {
		u16 size;
		u8 type;
	} gso[] = { { 0, 1 }, { 1448, 0 }, { 1448, 9 } };
	struct net_queue *q = net_front_connect(test);
	struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_GSO,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gso); i++) {
		info.u.gso.size = gso[i].size;
		info.u.gso.type = gso[i].type;
		put_plain(q, EXTRA, 0, 1000);
		net_put_extra(q, &info);
		net_push(q, NET_TX);
		net_answers(test, q, XEN_NETIF_RSP_ERROR);
	}
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
	net_front_passes(test, q);
}

static void put_refs(struct net_queue *q, u32 first, u32 second)
{
	struct xen_netif_tx_request req = {
		.gref = first, .flags = MORE, .size = 2000, .id = 5,
	};

	net_put(q, &req);
	req.gref = second;
	req.flags = 0;
	req.size = 1000;
	net_put(q, &req);
}

static void n10_references_that_are_not_granted(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_ring *r = &q->ring[NET_TX];
	u32 good = r->dref[7];

	net_fill(page_address(r->data[7]), PAGE_SIZE, 1);
	put_refs(q, good, good);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	put_refs(q, good, LOOP_BAD_REF);
	put_refs(q, LOOP_BAD_REF, good);
	put_refs(q, 0, 0xffffffff);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	pvio_loop_raw_ungrant(good);
	put_refs(q, good, r->dref[8]);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	r->dref[7] = pvio_loop_raw_grant(r->data[7], true);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void set_type(u8 *frame, u16 type)
{
	frame[12] = type >> 8;
	frame[13] = type & 0xff;
}

/* Headers that make no sense; each is answered and heard by nobody. */
static void put_nonsense(struct net_queue *q, u16 type, u8 second, bool gso)
{
	struct net_ring *r = &q->ring[NET_TX];
	u8 *frame = page_address(r->data[r->prod % NET_RING]);

	memset(frame, 0xff, 1000);
	set_type(frame, type);
	frame[14] = second;
	put_plain(q, XEN_NETTXF_csum_blank | (gso ? EXTRA : 0), 0, 1000);
	if (gso)
		put_extra(q, XEN_NETIF_EXTRA_TYPE_GSO, 0);
}

static void n11_headers_that_make_no_sense(struct kunit *test)
{
	static const u16 types[] = { ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, 0x8100 };
	static const u8 firsts[] = { 0x45, 0x4f, 0x40, 0x60, 0xff, 0 };
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (j = 0; j < ARRAY_SIZE(firsts); j++) {
			put_nonsense(q, types[i], firsts[j], false);
			put_nonsense(q, types[i], firsts[j], true);
		}
	}
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	net_front_passes(test, q);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->link.back.ear.good), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->link.back.ear.bad), 0);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

/* An IPv6 packet that is one chain of extension headers. */
static void put_ipv6_chain(struct net_queue *q)
{
	struct net_ring *r = &q->ring[NET_TX];
	u8 *frame = page_address(r->data[r->prod % NET_RING]);

	memset(frame, 0, 1000);
	set_type(frame, ETH_P_IPV6);
	frame[14] = 0x60;
	frame[18] = 0x03;
	frame[19] = 0xff;
	put_plain(q, XEN_NETTXF_csum_blank, 0, 1000);
}

static void put_ip_of_length(struct net_queue *q, u16 len)
{
	struct net_ring *r = &q->ring[NET_TX];
	u8 *frame = page_address(r->data[r->prod % NET_RING]);

	memset(frame, 0, 1000);
	set_type(frame, ETH_P_IP);
	frame[14] = 0x45;
	frame[16] = len >> 8;
	frame[17] = len & 0xff;
	frame[23] = IPPROTO_TCP;
	put_plain(q, XEN_NETTXF_csum_blank | EXTRA, 0, 1000);
	put_extra(q, XEN_NETIF_EXTRA_TYPE_GSO, 0);
}

static void n11_lengths_and_chains_of_headers(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	int i;

	for (i = 0; i < 20; i++) {
		put_ipv6_chain(q);
		put_ip_of_length(q, 65535);
		put_ip_of_length(q, 0);
	}
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	net_front_passes(test, q);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void gso_packets_arrive_whole(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	struct net_cut cut = chain(15, 4000);

	cut.tcp = true;
	cut.gso = 1448;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut = cut_up(3000, 54, 100, 700);
	cut.tcp = true;
	cut.gso = 536;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut.gso = 1;
	net_put_packet(q, &cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	net_front_passes(test, q);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->link.back.ear.gso), 2);
}

/* A hash that nobody asked for is of no use, and no harm. */
static void n7_a_hash_beside_packets(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	struct net_cut cut = chain(2, 100);

	cut.hash = true;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	cut = chain(7, 4000);
	cut.tcp = true;
	cut.gso = 1448;
	cut.hash = true;
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, atomic_read(&b->link.back.ear.gso), 1);
}

/* Checksum and segments behind one tag and behind two. */
static void b13_tagged_packets_are_no_errors(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	struct net_cut cut;
	unsigned int tags;

	for (tags = 1; tags <= 2; tags++) {
		cut = (struct net_cut){
			.nr = 1, .size = { 200 }, .tcp = true, .tags = tags,
		};
		try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
		cut = chain(7, 4000);
		cut.tcp = true;
		cut.tags = tags;
		cut.gso = 1400;
		try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
		KUNIT_EXPECT_EQ(test, atomic_read(&b->link.back.ear.gso), tags);
	}
}

/* A frame that is nothing but tags from its type on. */
static void put_tags(struct net_queue *q, unsigned int len, u16 flags)
{
	struct net_ring *r = &q->ring[NET_TX];
	u8 *frame = page_address(r->data[r->prod % NET_RING]);
	unsigned int i;

	memset(frame, 0, 12);
	for (i = 12; i < len; i++)
		frame[i] = i % 4 ? 0 : ETH_P_8021Q >> 8;
	put_plain(q, XEN_NETTXF_csum_blank | flags, 0, len);
}

static void b13_nothing_behind_the_tags(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	unsigned int len;

	for (len = 14; len < 32; len++) {
		put_tags(q, len, 0);
		put_tags(q, len, EXTRA);
		put_extra(q, XEN_NETIF_EXTRA_TYPE_GSO, 0);
	}
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	net_front_passes(test, q);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* Every copy of every shape fails in turn. */
static void n12_nth_copy_fails(struct kunit *test)
{
	struct net_cut cuts[] = {
		chain(0, 60), chain(0, 4096), chain(2, 100), chain(2, 3000),
		chain(15, 4000), chain(18, 3000),
	};
	struct net_queue *q = net_front_connect(test);
	unsigned int i, nth, before, ops;

	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		before = pvio_loop_calls(LOOP_COPY);
		send_good(test, q, &cuts[i], 1);
		ops = pvio_loop_calls(LOOP_COPY) - before;
		KUNIT_EXPECT_GE(test, ops, cuts[i].nr);
		for (nth = 1; nth <= ops; nth++) {
			pvio_loop_fail(LOOP_COPY, nth, 1);
			try_packet(test, q, &cuts[i], XEN_NETIF_RSP_ERROR);
		}
	}
}

static void m07_statuses_that_are_no_success(struct kunit *test)
{
	static const s16 statuses[] = { 1, -1, -127, 0x7fff };
	const struct net_cut cut = { .nr = 2, .size = { 1000, 1000 } };
	struct net_queue *q = net_front_connect(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		pvio_loop_fail_copies_with(statuses[i]);
		pvio_loop_fail(LOOP_COPY, 1 + i % 2, 1);
		try_packet(test, q, &cut, XEN_NETIF_RSP_ERROR);
	}
}

static void m08_copies_to_be_tried_again(struct kunit *test)
{
	const struct net_cut cut = { .nr = 1, .size = { 1000 } };
	struct net_queue *q = net_front_connect(test);

	pvio_loop_fail_copies_with(GNTST_eagain);
	pvio_loop_fail(LOOP_COPY, 1, 3);
	try_packet(test, q, &cut, XEN_NETIF_RSP_OKAY);
	pvio_loop_fail(LOOP_COPY, 1, 1000000);
	net_put_packet(q, &cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	pvio_loop_fail_none();
	net_front_passes(test, q);
}

/*
 * A usual packet takes half a page, a small one an eighth; none before there were
 * several at once.
 */
static void heads_are_recycled(struct kunit *test)
{
	static const struct {
		u16 len;
		unsigned int truesize;
	} wants[] = { { 60, 768 }, { 1514, 2304 }, { 4000, 6144 } };
	struct net_queue *q = net_front_connect(test);
	struct net_bench *b = test->priv;
	struct net_ear *ear = &b->link.back.ear;
	struct net_cut cut = { .nr = 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wants); i++) {
		cut.size[0] = wants[i].len;
		send_good(test, q, &cut, 1);
		KUNIT_EXPECT_EQ(test, ear->recycled, i > 0);
		send_good(test, q, &cut, 16);
		KUNIT_EXPECT_EQ(test, atomic_read(&ear->good), 17 * (i + 1));
		KUNIT_EXPECT_TRUE(test, ear->recycled);
		KUNIT_EXPECT_LE(test, ear->truesize, wants[i].truesize);
	}
}

static struct kunit_case tx_cases[] = {
	KUNIT_CASE(n01_impossible_producers),
	KUNIT_CASE(n02_chain_runs_past_the_producer),
	KUNIT_CASE(n03_chain_of_18_19_20_21_64),
	KUNIT_CASE(n04_sizes_that_do_not_add_up),
	KUNIT_CASE(n05_headers_in_pieces),
	KUNIT_CASE(n06_many_tiny_slots),
	KUNIT_CASE(n07_slots_of_no_bytes),
	KUNIT_CASE(n08_pieces_across_local_pages),
	KUNIT_CASE(n09_extra_info_of_wrong_types),
	KUNIT_CASE(n09_extra_info_without_end),
	KUNIT_CASE(n09_gso_of_no_size_or_type),
	KUNIT_CASE(n10_references_that_are_not_granted),
	KUNIT_CASE(n11_headers_that_make_no_sense),
	KUNIT_CASE(n11_lengths_and_chains_of_headers),
	KUNIT_CASE(gso_packets_arrive_whole),
	KUNIT_CASE(n7_a_hash_beside_packets),
	KUNIT_CASE(b13_tagged_packets_are_no_errors),
	KUNIT_CASE(b13_nothing_behind_the_tags),
	KUNIT_CASE(n12_nth_copy_fails),
	KUNIT_CASE(m07_statuses_that_are_no_success),
	KUNIT_CASE(m08_copies_to_be_tried_again),
	KUNIT_CASE(heads_are_recycled),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "pvio_netback_tx",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = tx_cases,
};

kunit_test_suite(tx_suite);

MODULE_DESCRIPTION("Tests of the pvio network backend and hostile guests");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
