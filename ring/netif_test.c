// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the network codec, transmit side: what a hostile frontend
 * may put on the ring, byte by byte, and what must come of it.
 */
#include "ring_test.h"

#include <linux/bits.h>

#include "netif.h"

#define MORE		XEN_NETTXF_more_data
#define EXTRA		XEN_NETTXF_extra_info
#define ALL_EXTRAS	0x3e
#define GSO_ONLY	BIT(XEN_NETIF_EXTRA_TYPE_GSO)
#define FIRST_ID	100

/**
 * struct rig - a transmit ring and the packet last taken from it
 * @test: the running case
 * @ring: both ends; the frontend's is moved by hand
 * @pkt: what came of it
 * @id: of the next request
 */
struct rig {
	struct kunit *test;
	struct test_ring *ring;
	struct pvio_net_tx_packet pkt;
	u16 id;
};

static struct rig *make_rig(struct kunit *test)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rig);
	rig->test = test;
	rig->ring = test_ring_make(test, &pvio_net_tx_ring);
	rig->id = FIRST_ID;
	memset(&rig->pkt, 0xa5, sizeof(rig->pkt));
	return rig;
}

static void put_slot(struct rig *rig, u16 offset, u16 flags, u16 size)
{
	const struct xen_netif_tx_request req = {
		.gref = 1000 + rig->id,
		.offset = offset,
		.flags = flags,
		.id = rig->id++,
		.size = size,
	};

	test_request(rig->ring, &req, sizeof(req));
}

/* Slots of the given sizes; all but the last say that more follows. */
static void put_chain(struct rig *rig, u16 total, const u16 *sizes,
		      unsigned int nr)
{
	unsigned int i;

	put_slot(rig, 0, nr ? MORE : 0, total);
	for (i = 0; i < nr; i++)
		put_slot(rig, 0, i + 1 < nr ? MORE : 0, sizes[i]);
}

static void put_same(struct rig *rig, u16 total, u16 size, unsigned int nr)
{
	unsigned int i;

	put_slot(rig, 0, nr ? MORE : 0, total);
	for (i = 1; i <= nr; i++)
		put_slot(rig, 0, i < nr ? MORE : 0, size);
}

static void put_extra(struct rig *rig, u8 type, u8 flags, u16 gso_size,
		      u8 gso_type)
{
	struct xen_netif_extra_info info = { .type = type, .flags = flags };

	info.u.gso.size = gso_size;
	info.u.gso.type = gso_type;
	test_request(rig->ring, &info, sizeof(info));
}

static enum pvio_verdict take(struct rig *rig, u16 accept)
{
	if (pvio_back_poll(&rig->ring->back) == PVIO_BROKEN)
		return PVIO_BROKEN;
	return pvio_net_tx_take(&rig->ring->back, accept, &rig->pkt);
}

static const struct xen_netif_tx_response *answer_at(struct rig *rig, u32 index)
{
	return pvio_ring_slot(&rig->ring->back.r, index);
}

/* Answers of data slots have their ids in order; extras are in between. */
static void expect_answers(struct rig *rig, u32 from, u16 id, s16 status)
{
	struct kunit *test = rig->test;
	struct pvio_back_ring *b = &rig->ring->back;
	u32 extras = rig->pkt.nr_extras;
	u32 i;

	for (i = from; i != b->rsp_prod; i++) {
		const struct xen_netif_tx_response *rsp = answer_at(rig, i);

		if (i != from && extras) {
			extras--;
			KUNIT_EXPECT_EQ(test, rsp->status, XEN_NETIF_RSP_NULL);
			continue;
		}
		KUNIT_EXPECT_EQ(test, rsp->id, id++);
		KUNIT_EXPECT_EQ(test, rsp->status, status);
	}
	KUNIT_EXPECT_EQ(test, extras, 0);
}

/* Answer the packet in hand; each slot that was taken has one response. */
static void answer(struct rig *rig, s16 status)
{
	struct pvio_back_ring *b = &rig->ring->back;
	u32 from = b->rsp_prod;
	u16 id = rig->pkt.frag[0].id;

	pvio_net_tx_answer(b, &rig->pkt, status);
	KUNIT_EXPECT_EQ(rig->test, b->rsp_prod, b->req_cons);
	expect_answers(rig, from, id, status);
	pvio_back_push(b);
}

/* The rule for every packet that may be used. */
static void expect_sound(struct rig *rig, u32 total)
{
	struct kunit *test = rig->test;
	u32 sum = 0;
	u8 i;

	KUNIT_EXPECT_NULL(test, rig->pkt.reason);
	KUNIT_EXPECT_EQ(test, rig->pkt.size, total);
	KUNIT_EXPECT_EQ(test, rig->pkt.dropped, 0);
	for (i = 0; i < rig->pkt.nr_frags; i++) {
		const struct pvio_net_frag *frag = &rig->pkt.frag[i];

		KUNIT_EXPECT_EQ(test, frag->gref, 1000u + frag->id);
		KUNIT_EXPECT_LE(test, frag->offset + frag->size, 4096);
		sum += frag->size;
	}
	KUNIT_EXPECT_EQ(test, sum, total);
}

static void expect_bad(struct rig *rig, const char *reason)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig, ALL_EXTRAS), PVIO_BAD);
	KUNIT_EXPECT_STREQ(rig->test, rig->pkt.reason, reason);
	answer(rig, XEN_NETIF_RSP_ERROR);
}

static void expect_broken(struct rig *rig, u16 accept, const char *reason)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig, accept), PVIO_BROKEN);
	KUNIT_EXPECT_STREQ(rig->test, rig->pkt.reason, reason);
}

static void expect_ok(struct rig *rig, u32 total)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig, GSO_ONLY), PVIO_OK);
	expect_sound(rig, total);
	answer(rig, XEN_NETIF_RSP_OKAY);
}

static void plain_packets(struct kunit *test)
{
	static const u16 rest[] = { 4096, 1000, 4 };
	struct rig *rig = make_rig(test);

	KUNIT_EXPECT_EQ(test, take(rig, 0), PVIO_EMPTY);
	put_slot(rig, 4036, XEN_NETTXF_csum_blank, 60);
	expect_ok(rig, 60);
	KUNIT_EXPECT_TRUE(test, rig->pkt.csum_blank);
	KUNIT_EXPECT_FALSE(test, rig->pkt.csum_valid);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].offset, 4036);
	put_chain(rig, 6000, rest, 3);
	expect_ok(rig, 6000);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 4);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].size, 900);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[3].size, 4);
	put_slot(rig, 0, XEN_NETTXF_data_validated, 4096);
	expect_ok(rig, 4096);
	KUNIT_EXPECT_TRUE(test, rig->pkt.csum_valid);
	KUNIT_EXPECT_EQ(test, take(rig, 0), PVIO_EMPTY);
}

static void n01_producer_out_of_range(struct kunit *test)
{
	static const u32 prods[] = { 0x101, 0x80000000, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prods); i++) {
		struct rig *rig = make_rig(test);

		rig->ring->shared->req_prod = prods[i];
		KUNIT_EXPECT_EQ(test, take(rig, 0), PVIO_BROKEN);
		KUNIT_EXPECT_EQ(test, rig->ring->back.req_cons, 0);
	}
}

static void n02_chain_past_the_producer(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_slot(rig, 0, 0, 60);
	put_slot(rig, 0, MORE, 60);
	expect_ok(rig, 60);
	expect_broken(rig, 0, "packet goes on past the published requests");
	KUNIT_EXPECT_EQ(test, rig->ring->back.req_cons, 2);
}

static void n02_extras_past_the_producer(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_slot(rig, 0, EXTRA, 60);
	expect_broken(rig, ALL_EXTRAS,
		      "extra info past the published requests");
	rig = make_rig(test);
	put_slot(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 1, 1448, 1);
	expect_broken(rig, ALL_EXTRAS,
		      "extra info past the published requests");
	KUNIT_EXPECT_EQ(test, rig->ring->back.req_cons, 2);
}

static void n03_18_more_are_accepted(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_same(rig, 18 * 100 + 14, 100, 18);
	expect_ok(rig, 18 * 100 + 14);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 19);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].size, 14);
}

static void n03_19_and_20_more_are_dropped(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_same(rig, 4000, 100, 19);
	expect_bad(rig, "packet of too many slots");
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 19);
	KUNIT_EXPECT_EQ(test, rig->pkt.dropped, 1);
	put_same(rig, 4000, 100, 20);
	expect_bad(rig, "packet of too many slots");
	KUNIT_EXPECT_EQ(test, rig->pkt.dropped, 2);
	put_slot(rig, 0, 0, 60);
	expect_ok(rig, 60);
}

static void n03_21_and_64_more_break_the_ring(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_same(rig, 4000, 100, 21);
	expect_broken(rig, 0, "packet without end");
	rig = make_rig(test);
	put_same(rig, 10000, 100, 64);
	expect_broken(rig, 0, "packet without end");
	KUNIT_EXPECT_LE(test, rig->ring->back.req_cons, 22);
}

static void n04_sizes_do_not_add_up(struct kunit *test)
{
	static const u16 second[] = { 101 };
	static const u16 wrap[] = { 4096, 4096, 4096, 4096, 4096, 4096, 4096,
				    4096, 4096, 4096, 4096, 4096, 4096, 4096,
				    4096, 4096, 4096, 4096 };
	struct rig *rig = make_rig(test);

	put_chain(rig, 100, second, 1);
	expect_bad(rig, "slots are longer than their packet");
	put_chain(rig, 60, wrap, 18);
	expect_bad(rig, "slots are longer than their packet");
	put_chain(rig, 0xffff, wrap, 18);
	expect_bad(rig, "slots are longer than their packet");
	put_slot(rig, 0, 0, 60);
	expect_ok(rig, 60);
}

static void n04_slot_crosses_its_page(struct kunit *test)
{
	static const struct {
		u16 offset;
		u16 size;
	} slots[] = { { 4000, 200 }, { 4096, 60 }, { 0xffff, 60 },
		      { 0, 4097 }, { 1, 4096 }, { 0xffff, 0xffff } };
	struct rig *rig;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		rig = make_rig(test);
		put_slot(rig, slots[i].offset, 0, slots[i].size);
		expect_broken(rig, 0, "first slot crosses its page");
		rig = make_rig(test);
		put_slot(rig, 0, MORE, 0xffff);
		put_slot(rig, slots[i].offset, 0, slots[i].size);
		expect_broken(rig, 0, "slot crosses its page");
	}
}

/* The total is more than a page; what is left for the first slot decides. */
static void n04_first_share_decides(struct kunit *test)
{
	static const u16 rest[] = { 4000 };
	struct rig *rig = make_rig(test);

	put_slot(rig, 96, MORE, 8000);
	put_slot(rig, 0, 0, 4000);
	expect_ok(rig, 8000);
	put_chain(rig, 8096, rest, 1);
	expect_ok(rig, 8096);
	put_slot(rig, 97, MORE, 8000);
	put_slot(rig, 0, 0, 4000);
	expect_broken(rig, 0, "first slot crosses its page");
}

static void n04_short_packets(struct kunit *test)
{
	struct rig *rig = make_rig(test);
	u16 size;

	for (size = 0; size < 14; size++) {
		put_slot(rig, 0, 0, size);
		expect_bad(rig, "packet shorter than an Ethernet header");
	}
	put_slot(rig, 0, 0, 14);
	expect_ok(rig, 14);
	put_same(rig, 13, 1, 12);
	expect_bad(rig, "packet shorter than an Ethernet header");
}

/* The header in any number of slots is the driver's business, not a fault. */
static void n05_header_cut(struct kunit *test)
{
	static const u16 cut[] = { 13, 20, 20, 74 };
	struct rig *rig = make_rig(test);
	u16 total;

	put_chain(rig, 128, cut, 4);
	expect_ok(rig, 128);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].size, 1);
	for (total = 127; total <= 129; total++) {
		put_same(rig, total, 1, 18);
		expect_ok(rig, total);
		KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].size, total - 18);
	}
}

static void n06_many_tiny_slots(struct kunit *test)
{
	static const u16 totals[] = { 60, 127, 128, 129 };
	struct rig *rig = make_rig(test);
	unsigned int i;
	u16 size;

	for (i = 0; i < ARRAY_SIZE(totals); i++) {
		for (size = 1; size <= 6; size++) {
			if (18 * size > totals[i])
				continue;
			put_same(rig, totals[i], size, 18);
			expect_ok(rig, totals[i]);
			KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 19);
		}
	}
}

static void n07_zero_length_slots(struct kunit *test)
{
	static const u16 one[] = { 0 };
	static const u16 three[] = { 0, 0, 64 };
	static const u16 last[] = { 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
				    10, 10, 10, 10, 10, 10, 0 };
	struct rig *rig = make_rig(test);

	put_chain(rig, 64, one, 1);
	expect_ok(rig, 64);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 2);
	put_chain(rig, 128, three, 3);
	expect_ok(rig, 128);
	put_same(rig, 64, 0, 18);
	expect_ok(rig, 64);
	put_chain(rig, 234, last, 18);
	expect_ok(rig, 234);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 19);
	put_same(rig, 64, 0, 19);
	expect_bad(rig, "packet of too many slots");
	put_same(rig, 0, 0, 18);
	expect_bad(rig, "packet shorter than an Ethernet header");
}

/* Nothing left for the first slot: all of the packet is in the others. */
static void n07_zero_first_share(struct kunit *test)
{
	static const u16 all[] = { 64 };
	struct rig *rig = make_rig(test);

	put_chain(rig, 64, all, 1);
	expect_ok(rig, 64);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].size, 0);
}

static void n09_gso(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_slot(rig, 0, EXTRA | MORE, 5000);
	put_extra(rig, 1, 0, 1448, XEN_NETIF_GSO_TYPE_TCPV6);
	put_slot(rig, 0, 0, 4000);
	KUNIT_ASSERT_EQ(test, take(rig, GSO_ONLY), PVIO_OK);
	expect_sound(rig, 5000);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_extras, 1);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.seen, GSO_ONLY);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.gso_size, 1448);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.gso_type,
			XEN_NETIF_GSO_TYPE_TCPV6);
	answer(rig, XEN_NETIF_RSP_OKAY);
}

static void n09_unknown_types(struct kunit *test)
{
	static const u8 types[] = { 0, 6, 7, 16, 32, 64, 255 };
	struct rig *rig;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		rig = make_rig(test);
		put_slot(rig, 0, EXTRA, 60);
		put_extra(rig, types[i], 0, 1448, 1);
		expect_broken(rig, 0xffff, "unknown type of extra info");
	}
}

static void n09_not_negotiated(struct kunit *test)
{
	struct rig *rig;
	u8 type;

	for (type = 1; type < XEN_NETIF_EXTRA_TYPE_MAX; type++) {
		rig = make_rig(test);
		put_slot(rig, 0, EXTRA, 60);
		put_extra(rig, type, 0, 1448, 1);
		expect_broken(rig, ALL_EXTRAS & ~BIT(type),
			      "extra info that was not negotiated");
	}
}

static void n09_endless_extras(struct kunit *test)
{
	struct rig *rig = make_rig(test);
	unsigned int i;

	put_slot(rig, 0, EXTRA, 60);
	for (i = 0; i < 255; i++)
		put_extra(rig, 1 + i % 5, 1, 1, 1);
	expect_broken(rig, ALL_EXTRAS, "two extra-info slots of one type");
	KUNIT_EXPECT_LE(test, rig->ring->back.req_cons, 7);
}

static void n09_two_of_one_type(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_slot(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 1, 1448, 1);
	put_extra(rig, 1, 0, 1448, 1);
	expect_broken(rig, ALL_EXTRAS, "two extra-info slots of one type");
}

static void n09_bad_gso(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_slot(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 0, 0, 1);
	expect_bad(rig, "GSO size 0");
	put_slot(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 0, 1448, 0);
	expect_bad(rig, "unknown GSO type");
	put_slot(rig, 0, EXTRA | MORE, 60);
	put_extra(rig, 1, 0, 1448, 9);
	put_slot(rig, 0, 0, 6);
	expect_bad(rig, "unknown GSO type");
	put_slot(rig, 0, 0, 60);
	expect_ok(rig, 60);
}

/* A packet that only carries a multicast message need not be a packet. */
static void n09_multicast(struct kunit *test)
{
	static const u8 mac[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };
	struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_MCAST_ADD,
	};
	struct rig *rig = make_rig(test);

	memcpy(info.u.mcast.addr, mac, sizeof(mac));
	put_slot(rig, 0, EXTRA, 0);
	test_request(rig->ring, &info, sizeof(info));
	KUNIT_ASSERT_EQ(test, take(rig, ALL_EXTRAS), PVIO_OK);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.seen,
			BIT(XEN_NETIF_EXTRA_TYPE_MCAST_ADD));
	KUNIT_EXPECT_EQ(test, memcmp(rig->pkt.extras.mcast, mac, 6), 0);
	answer(rig, XEN_NETIF_RSP_OKAY);
	put_slot(rig, 4095, EXTRA, 100);
	put_extra(rig, XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, take(rig, ALL_EXTRAS), PVIO_OK);
	answer(rig, XEN_NETIF_RSP_OKAY);
	put_slot(rig, 0, EXTRA, 60);
	put_extra(rig, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 1, 0, 0);
	put_extra(rig, XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 0, 0, 0);
	expect_bad(rig, "multicast address added and deleted at once");
}

static void n09_hash_and_headroom(struct kunit *test)
{
	struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_HASH,
		.flags = XEN_NETIF_EXTRA_FLAG_MORE,
	};
	struct rig *rig = make_rig(test);

	info.u.hash.type = 3;
	info.u.hash.algorithm = 1;
	info.u.hash.value[0] = 0x78;
	put_slot(rig, 0, EXTRA, 60);
	test_request(rig->ring, &info, sizeof(info));
	put_extra(rig, XEN_NETIF_EXTRA_TYPE_XDP, 0, 256, 0);
	KUNIT_ASSERT_EQ(test, take(rig, ALL_EXTRAS), PVIO_OK);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_extras, 2);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.hash_type, 3);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.hash_algorithm, 1);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.hash, 0x78);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.headroom, 256);
	answer(rig, XEN_NETIF_RSP_OKAY);
	info.flags = 0;
	info.u.hash.type = 4;
	put_slot(rig, 0, EXTRA, 60);
	test_request(rig->ring, &info, sizeof(info));
	expect_bad(rig, "unknown hash type");
	put_slot(rig, 0, EXTRA, 60);
	put_extra(rig, XEN_NETIF_EXTRA_TYPE_XDP, 0, 4097, 0);
	expect_bad(rig, "headroom beyond a page");
}

/* One grant reference in all slots is the guest's own business. */
static void n10_same_gref_everywhere(struct kunit *test)
{
	const struct xen_netif_tx_request req = {
		.gref = 0xffffffff, .flags = MORE, .id = 7, .size = 0xffff,
	};
	const struct xen_netif_tx_request last = {
		.gref = 0xffffffff, .id = 7, .offset = 0xfff, .size = 1,
	};
	struct rig *rig = make_rig(test);

	test_request(rig->ring, &req, sizeof(req));
	test_request(rig->ring, &last, sizeof(last));
	expect_broken(rig, 0, "first slot crosses its page");
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].gref, 0xffffffff);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[1].gref, 0xffffffff);
}

static void reason_is_the_first_found(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_slot(rig, 0, EXTRA | MORE, 60);
	put_extra(rig, 1, 0, 0, 9);
	put_slot(rig, 0, 0, 61);
	expect_bad(rig, "GSO size 0");
	put_slot(rig, 0, EXTRA | MORE, 60);
	put_extra(rig, 1, 0, 0, 9);
	put_slot(rig, 4095, 0, 61);
	expect_broken(rig, ALL_EXTRAS, "slot crosses its page");
}

static struct kunit_case netif_cases[] = {
	KUNIT_CASE(plain_packets),
	KUNIT_CASE(n01_producer_out_of_range),
	KUNIT_CASE(n02_chain_past_the_producer),
	KUNIT_CASE(n02_extras_past_the_producer),
	KUNIT_CASE(n03_18_more_are_accepted),
	KUNIT_CASE(n03_19_and_20_more_are_dropped),
	KUNIT_CASE(n03_21_and_64_more_break_the_ring),
	KUNIT_CASE(n04_sizes_do_not_add_up),
	KUNIT_CASE(n04_slot_crosses_its_page),
	KUNIT_CASE(n04_first_share_decides),
	KUNIT_CASE(n04_short_packets),
	KUNIT_CASE(n05_header_cut),
	KUNIT_CASE(n06_many_tiny_slots),
	KUNIT_CASE(n07_zero_length_slots),
	KUNIT_CASE(n07_zero_first_share),
	KUNIT_CASE(n09_gso),
	KUNIT_CASE(n09_unknown_types),
	KUNIT_CASE(n09_not_negotiated),
	KUNIT_CASE(n09_endless_extras),
	KUNIT_CASE(n09_two_of_one_type),
	KUNIT_CASE(n09_bad_gso),
	KUNIT_CASE(n09_multicast),
	KUNIT_CASE(n09_hash_and_headroom),
	KUNIT_CASE(n10_same_gref_everywhere),
	KUNIT_CASE(reason_is_the_first_found),
	{}
};

static struct kunit_suite netif_suite = {
	.name = "pvio_netif",
	.test_cases = netif_cases,
};

kunit_test_suite(netif_suite);
