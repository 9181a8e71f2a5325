// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the network codec, receive side: what a hostile backend may
 * answer, and what each end writes for the other to see.
 */
#include "ring_test.h"

#include <linux/bits.h>

#include "idpool.h"
#include "netif.h"

#define MORE		XEN_NETRXF_more_data
#define EXTRA		XEN_NETRXF_extra_info
#define ALL_EXTRAS	0x3e
#define GSO_ONLY	BIT(XEN_NETIF_EXTRA_TYPE_GSO)

/**
 * struct rig - a receive ring, full of offers, and the packet last taken
 * @test: the running case
 * @ring: both ends; the backend's is moved by hand
 * @pkt: what came of it
 * @taken: responses before the packet in hand
 */
struct rig {
	struct kunit *test;
	struct test_ring *ring;
	struct pvio_net_rx_packet pkt;
	u32 taken;
};

static void offer_all(struct pvio_front_ring *f)
{
	while (pvio_front_free(f))
		pvio_net_rx_offer(f, f->req_prod & (f->r.nr - 1), f->req_prod);
	pvio_front_push(f);
}

static struct rig *make_rig(struct kunit *test)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rig);
	rig->test = test;
	rig->ring = test_ring_make(test, &pvio_net_rx_ring);
	offer_all(&rig->ring->front);
	memset(&rig->pkt, 0xa5, sizeof(rig->pkt));
	return rig;
}

static void put_as(struct rig *rig, u16 id, u16 offset, u16 flags, s16 status)
{
	const struct xen_netif_rx_response rsp = {
		.id = id, .offset = offset, .flags = flags, .status = status,
	};

	test_response(rig->ring, &rsp, sizeof(rsp));
}

static void put(struct rig *rig, u16 offset, u16 flags, s16 status)
{
	put_as(rig, rig->ring->shared->rsp_prod & 0xff, offset, flags, status);
}

static void put_extra(struct rig *rig, u8 type, u8 flags, u16 gso_size)
{
	struct xen_netif_extra_info info = { .type = type, .flags = flags };

	info.u.gso.size = gso_size;
	info.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
	test_response(rig->ring, &info, sizeof(info));
}

/* @nr slots of @status bytes each. */
static void put_chain(struct rig *rig, unsigned int nr, s16 status)
{
	for (; nr > 1; nr--)
		put(rig, 0, MORE, status);
	put(rig, 0, 0, status);
}

static enum pvio_verdict take(struct rig *rig, u16 accept)
{
	struct pvio_front_ring *f = &rig->ring->front;

	rig->taken = f->rsp_cons;
	if (pvio_front_poll(f) == PVIO_BROKEN)
		return PVIO_BROKEN;
	return pvio_net_rx_take_packet(f, accept, &rig->pkt);
}

/* Each slot the packet used is in one of the two lists, and in one only. */
static void expect_accounted(struct rig *rig)
{
	u32 used = rig->ring->front.rsp_cons - rig->taken;
	u8 seen[256] = {};
	u32 i;

	KUNIT_ASSERT_EQ(rig->test, used, rig->pkt.nr_frags + rig->pkt.nr_spent);
	for (i = 0; i < rig->pkt.nr_frags; i++)
		seen[rig->pkt.frag[i].slot & 0xff]++;
	for (i = 0; i < rig->pkt.nr_spent; i++)
		seen[rig->pkt.spent[i] & 0xff]++;
	for (i = 0; i < used; i++)
		KUNIT_EXPECT_EQ(rig->test, seen[(rig->taken + i) & 0xff], 1);
}

static void expect_ok(struct rig *rig, u32 size)
{
	struct kunit *test = rig->test;
	u32 sum = 0;
	u32 i;

	KUNIT_ASSERT_EQ(test, take(rig, ALL_EXTRAS), PVIO_OK);
	KUNIT_EXPECT_NULL(test, rig->pkt.reason);
	KUNIT_EXPECT_EQ(test, rig->pkt.size, size);
	for (i = 0; i < rig->pkt.nr_frags; i++)
		sum += rig->pkt.frag[i].size;
	KUNIT_EXPECT_EQ(test, sum, size);
	expect_accounted(rig);
}

static void expect_bad(struct rig *rig, const char *reason)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig, ALL_EXTRAS), PVIO_BAD);
	KUNIT_EXPECT_STREQ(rig->test, rig->pkt.reason, reason);
	expect_accounted(rig);
}

static void expect_broken(struct rig *rig, u16 accept, const char *reason)
{
	KUNIT_ASSERT_EQ(rig->test, take(rig, accept), PVIO_BROKEN);
	KUNIT_EXPECT_STREQ(rig->test, rig->pkt.reason, reason);
}

static void plain_packets(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	KUNIT_EXPECT_EQ(test, take(rig, 0), PVIO_EMPTY);
	put(rig, 2, XEN_NETRXF_csum_blank, 1514);
	expect_ok(rig, 1514);
	KUNIT_EXPECT_TRUE(test, rig->pkt.csum_blank);
	KUNIT_EXPECT_FALSE(test, rig->pkt.csum_valid);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].offset, 2);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].slot, 0);
	put(rig, 0, MORE | XEN_NETRXF_data_validated, 4096);
	put(rig, 96, 0, 4000);
	expect_ok(rig, 8096);
	KUNIT_EXPECT_TRUE(test, rig->pkt.csum_valid);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[1].slot, 2);
	KUNIT_EXPECT_EQ(test, take(rig, 0), PVIO_EMPTY);
}

static void n33_offers_out_of_range(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_rx_ring);
	struct pvio_net_rx_slot slot;

	ring->shared->req_prod = 257;
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&ring->back), PVIO_BROKEN);
	KUNIT_EXPECT_EQ(test, pvio_net_rx_take(&ring->back, &slot), PVIO_EMPTY);
}

static void n40_short_first_part(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put(rig, 0, MORE, 6);
	put(rig, 0, 0, 60);
	expect_ok(rig, 66);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 2);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[0].size, 6);
}

static void n40_short_packets(struct kunit *test)
{
	struct rig *rig = make_rig(test);
	s16 status;

	for (status = 0; status < 14; status++) {
		put(rig, 0, 0, status);
		expect_bad(rig, "packet shorter than an Ethernet header");
	}
	put(rig, 0, 0, 14);
	expect_ok(rig, 14);
	put_chain(rig, 13, 1);
	expect_bad(rig, "packet shorter than an Ethernet header");
}

/* A transmit ring with @sent slots outstanding, of @got ids handed out. */
static struct test_ring *send_some(struct kunit *test, struct pvio_idpool *pool,
				   unsigned int got, unsigned int sent)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	u16 *mem = kunit_kzalloc(test, 256 * sizeof(*mem), GFP_KERNEL);
	struct pvio_net_frag frag = { .gref = 9, .size = 60 };
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, mem);
	pvio_idpool_init(pool, mem, 256);
	for (i = 0; i < got; i++) {
		frag.id = pvio_idpool_get(pool);
		if (i < sent)
			pvio_net_tx_put(&ring->front, &frag, 0);
	}
	pvio_front_push(&ring->front);
	return ring;
}

static void answer_with(struct test_ring *ring, u16 id, s16 status)
{
	const struct xen_netif_tx_response rsp = { .id = id, .status = status };

	test_response(ring, &rsp, sizeof(rsp));
}

/* The id as it comes out, and whether the pool knows it. */
static bool id_is_good(struct kunit *test, struct test_ring *ring,
		       struct pvio_idpool *pool)
{
	s16 status;
	u16 id;

	KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	KUNIT_ASSERT_EQ(test, pvio_net_tx_take_answer(&ring->front, &id,
						      &status), PVIO_OK);
	return pvio_idpool_put(pool, id);
}

static void n41_ids_of_answers(struct kunit *test)
{
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 8, 8);

	answer_with(ring, 3, 0);
	KUNIT_EXPECT_TRUE(test, id_is_good(test, ring, &pool));
	answer_with(ring, 3, 0);
	KUNIT_EXPECT_FALSE(test, id_is_good(test, ring, &pool));
	answer_with(ring, 0x0100, 0);
	KUNIT_EXPECT_FALSE(test, id_is_good(test, ring, &pool));
	answer_with(ring, 0xffff, 0);
	KUNIT_EXPECT_FALSE(test, id_is_good(test, ring, &pool));
	answer_with(ring, 100, 0);
	KUNIT_EXPECT_FALSE(test, id_is_good(test, ring, &pool));
	KUNIT_EXPECT_EQ(test, pool.free, 256 - 7);
}

/* Put on the ring but not published yet: no answer can be for it. */
static void n41_answer_before_publication(struct kunit *test)
{
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 2, 1);
	struct pvio_net_frag frag = { .id = 1 };
	u32 index = ring->front.req_prod;

	pvio_net_tx_put(&ring->front, &frag, 0);
	KUNIT_EXPECT_FALSE(test, pvio_front_published(&ring->front, index));
	answer_with(ring, 0, 0);
	answer_with(ring, 1, 0);
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_BROKEN);
}

static void n41_status_values(struct kunit *test)
{
	static const s16 statuses[] = { -2, -1, 0, 0x7fff, -32768 };
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 8, 8);
	s16 status;
	u16 id = 0xbeef;
	unsigned int i;

	answer_with(ring, 5, XEN_NETIF_RSP_NULL);
	KUNIT_ASSERT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
	KUNIT_ASSERT_EQ(test, pvio_net_tx_take_answer(&ring->front, &id,
						      &status), PVIO_OK);
	KUNIT_EXPECT_EQ(test, id, 0xbeef);
	KUNIT_EXPECT_EQ(test, status, XEN_NETIF_RSP_NULL);
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		answer_with(ring, i, statuses[i]);
		pvio_front_poll(&ring->front);
		pvio_net_tx_take_answer(&ring->front, &id, &status);
		KUNIT_EXPECT_EQ(test, id, i);
		KUNIT_EXPECT_EQ(test, status, statuses[i]);
	}
	KUNIT_EXPECT_EQ(test, pvio_net_tx_take_answer(&ring->front, &id,
						      &status), PVIO_EMPTY);
}

static void n41_more_answers_than_the_ring(struct kunit *test)
{
	struct pvio_idpool pool;
	struct test_ring *ring = send_some(test, &pool, 256, 256);

	ring->shared->rsp_prod = 257;
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_BROKEN);
	ring->shared->rsp_prod = 256;
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&ring->front), PVIO_OK);
}

static void n42_chains_at_the_limit(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_chain(rig, 19, 200);
	expect_ok(rig, 19 * 200);
	put_chain(rig, 20, 200);
	expect_bad(rig, "packet of too many slots");
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 19);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_spent, 1);
	put_chain(rig, 40, 200);
	expect_bad(rig, "packet of too many slots");
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_spent, 21);
	put_chain(rig, 44, 200);
	expect_bad(rig, "packet of too many slots");
	put(rig, 0, 0, 60);
	expect_ok(rig, 60);
}

static void n42_chain_without_end(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put_chain(rig, 45, 200);
	expect_broken(rig, 0, "packet without end");
	rig = make_rig(test);
	put_chain(rig, 255, 0);
	expect_broken(rig, 0, "packet without end");
	KUNIT_EXPECT_EQ(test, rig->ring->front.rsp_cons, 45);
}

static void n43_error_status(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put(rig, 0, 0, -1);
	expect_bad(rig, "backend reports an error");
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 0);
	put(rig, 0, MORE, 1000);
	put(rig, 0xffff, MORE, -32768);
	put(rig, 0, 0, 1000);
	expect_bad(rig, "backend reports an error");
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 2);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_spent, 1);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[1].slot, 3);
	put(rig, 0, MORE | EXTRA, -2);
	put_extra(rig, 1, 0, 1448);
	put(rig, 0, 0, 60);
	expect_bad(rig, "backend reports an error");
	put(rig, 0, 0, 60);
	expect_ok(rig, 60);
}

static void n43_data_outside_the_page(struct kunit *test)
{
	static const struct {
		u16 offset;
		s16 status;
	} slots[] = { { 0, 4097 }, { 4000, 200 }, { 1, 4096 }, { 4096, 1 },
		      { 0xffff, 0x7fff }, { 4097, 0 } };
	struct rig *rig;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		rig = make_rig(test);
		put(rig, slots[i].offset, 0, slots[i].status);
		expect_broken(rig, 0, "data outside the page");
		rig = make_rig(test);
		put(rig, 0, MORE, 60);
		put(rig, slots[i].offset, 0, slots[i].status);
		expect_broken(rig, 0, "data outside the page");
	}
}

static void n43_chain_past_the_producer(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put(rig, 0, MORE, 60);
	expect_broken(rig, 0, "packet goes on past the published responses");
	KUNIT_EXPECT_EQ(test, rig->ring->front.rsp_cons, 1);
	rig = make_rig(test);
	put(rig, 0, EXTRA, 60);
	expect_broken(rig, ALL_EXTRAS,
		      "extra info past the published responses");
	rig = make_rig(test);
	put(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 1, 1448);
	expect_broken(rig, ALL_EXTRAS,
		      "extra info past the published responses");
}

static void n43_extra_info(struct kunit *test)
{
	static const u8 types[] = { 0, 6, 255 };
	struct rig *rig;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		rig = make_rig(test);
		put(rig, 0, EXTRA, 60);
		put_extra(rig, types[i], 0, 1448);
		expect_broken(rig, 0xffff, "unknown type of extra info");
	}
	rig = make_rig(test);
	put(rig, 0, EXTRA, 60);
	put_extra(rig, 4, 0, 1448);
	expect_broken(rig, GSO_ONLY, "extra info that was not negotiated");
	rig = make_rig(test);
	put(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 1, 1448);
	put_extra(rig, 1, 0, 1448);
	expect_broken(rig, GSO_ONLY, "two extra-info slots of one type");
	rig = make_rig(test);
	put(rig, 0, EXTRA, 60);
	put_extra(rig, 1, 0, 0);
	expect_bad(rig, "GSO size 0");
}

static void n43_gso_packet(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put(rig, 0, MORE | EXTRA, 4096);
	put_extra(rig, 1, 0, 1448);
	put(rig, 0, 0, 904);
	expect_ok(rig, 5000);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_frags, 2);
	KUNIT_EXPECT_EQ(test, rig->pkt.nr_spent, 1);
	KUNIT_EXPECT_EQ(test, rig->pkt.spent[0], 1);
	KUNIT_EXPECT_EQ(test, rig->pkt.frag[1].slot, 2);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.gso_size, 1448);
	KUNIT_EXPECT_EQ(test, rig->pkt.extras.gso_type,
			XEN_NETIF_GSO_TYPE_TCPV4);
}

static void n43_wrong_id(struct kunit *test)
{
	static const u16 ids[] = { 0, 2, 0x0101, 0xffff };
	struct rig *rig;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		rig = make_rig(test);
		put(rig, 0, 0, 60);
		expect_ok(rig, 60);
		put_as(rig, ids[i], 0, 0, 60);
		expect_broken(rig, 0, "response in another's slot");
	}
}

static void n43_producer_goes_back(struct kunit *test)
{
	struct rig *rig = make_rig(test);

	put(rig, 0, 0, 60);
	put(rig, 0, 0, 60);
	expect_ok(rig, 60);
	expect_ok(rig, 60);
	rig->ring->shared->rsp_prod = 1;
	KUNIT_EXPECT_EQ(test, take(rig, 0), PVIO_BROKEN);
}

/* Ids go with ring slots, so they come round with them. */
static void g03_receive_ring_wraps(struct kunit *test)
{
	struct rig *rig = make_rig(test);
	u32 i;

	test_ring_move(test, rig->ring, TEST_WRAP);
	for (i = 0; i < 1000; i++) {
		offer_all(&rig->ring->front);
		put(rig, 0, MORE, 1000);
		put(rig, 0, 0, 60);
		expect_ok(rig, 1060);
	}
}

static const void *slot_at(struct test_ring *ring, u32 index)
{
	return pvio_ring_slot(&ring->front.r, index);
}

static void wire_bytes_of_requests(struct kunit *test)
{
	static const u8 data[] = { 0x78, 0x56, 0x34, 0x12, 0x34, 0x0e, 0x05,
				   0x00, 0x02, 0x01, 0x3c, 0x00 };
	static const u8 gso[] = { 0x01, 0x00, 0xa8, 0x05, 0x02, 0x00, 0x00,
				  0x00, 0x00, 0x00, 0x00, 0x00 };
	static const u8 offer[] = { 0x01, 0x00, 0x00, 0x00, 0x78, 0x56, 0x34,
				    0x12 };
	const struct pvio_net_frag frag = { .gref = 0x12345678, .id = 0x0102,
					    .offset = 0x0e34, .size = 60 };
	struct test_ring *tx = test_ring_make(test, &pvio_net_tx_ring);
	struct test_ring *rx = test_ring_make(test, &pvio_net_rx_ring);

	memset(tx->shared->slots, 0xa5, TEST_PAGE - 64);
	memset(rx->shared->slots, 0xa5, TEST_PAGE - 64);
	pvio_net_tx_put(&tx->front, &frag, MORE | XEN_NETTXF_csum_blank);
	pvio_net_tx_put_gso(&tx->front, XEN_NETIF_GSO_TYPE_TCPV6, 1448);
	pvio_net_rx_offer(&rx->front, 1, 0x12345678);
	KUNIT_EXPECT_EQ(test, memcmp(slot_at(tx, 0), data, 12), 0);
	KUNIT_EXPECT_EQ(test, memcmp(slot_at(tx, 1), gso, 12), 0);
	KUNIT_EXPECT_EQ(test, memcmp(slot_at(rx, 0), offer, 8), 0);
}

/* A backend that answers through the codec, to a slot full of old bytes. */
static void wire_bytes_of_responses(struct kunit *test)
{
	static const u8 data[] = { 0x07, 0x00, 0x00, 0x01, 0x0c, 0x00, 0x00,
				   0x10 };
	static const u8 gso[] = { 0x01, 0x01, 0xa8, 0x05, 0x01, 0x00, 0x00,
				  0x00 };
	struct test_ring *ring = test_ring_make(test, &pvio_net_rx_ring);
	struct pvio_net_rx_slot slot;

	pvio_net_rx_offer(&ring->front, 7, 0xffffffff);
	pvio_net_rx_offer(&ring->front, 8, 0xffffffff);
	pvio_front_push(&ring->front);
	pvio_back_poll(&ring->back);
	KUNIT_ASSERT_EQ(test, pvio_net_rx_take(&ring->back, &slot), PVIO_OK);
	KUNIT_EXPECT_EQ(test, slot.id, 7);
	KUNIT_EXPECT_EQ(test, slot.gref, 0xffffffff);
	KUNIT_ASSERT_EQ(test, pvio_net_rx_take(&ring->back, &slot), PVIO_OK);
	pvio_net_rx_answer(&ring->back, 7, 0x100, MORE | EXTRA, 0x1000);
	pvio_net_rx_answer_gso(&ring->back, XEN_NETIF_GSO_TYPE_TCPV4, 1448,
			       true);
	KUNIT_EXPECT_EQ(test, memcmp(slot_at(ring, 0), data, 8), 0);
	KUNIT_EXPECT_EQ(test, memcmp(slot_at(ring, 1), gso, 8), 0);
}

static struct kunit_case netif_rx_cases[] = {
	KUNIT_CASE(plain_packets),
	KUNIT_CASE(n33_offers_out_of_range),
	KUNIT_CASE(n40_short_first_part),
	KUNIT_CASE(n40_short_packets),
	KUNIT_CASE(n41_ids_of_answers),
	KUNIT_CASE(n41_answer_before_publication),
	KUNIT_CASE(n41_status_values),
	KUNIT_CASE(n41_more_answers_than_the_ring),
	KUNIT_CASE(n42_chains_at_the_limit),
	KUNIT_CASE(n42_chain_without_end),
	KUNIT_CASE(n43_error_status),
	KUNIT_CASE(n43_data_outside_the_page),
	KUNIT_CASE(n43_chain_past_the_producer),
	KUNIT_CASE(n43_extra_info),
	KUNIT_CASE(n43_gso_packet),
	KUNIT_CASE(n43_wrong_id),
	KUNIT_CASE(n43_producer_goes_back),
	KUNIT_CASE(g03_receive_ring_wraps),
	KUNIT_CASE(wire_bytes_of_requests),
	KUNIT_CASE(wire_bytes_of_responses),
	{}
};

static struct kunit_suite netif_rx_suite = {
	.name = "pvio_netif_rx",
	.test_cases = netif_rx_cases,
};

kunit_test_suite(netif_rx_suite);
