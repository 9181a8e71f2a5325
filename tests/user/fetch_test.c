// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Double fetch: G01 of the test vectors.  The shared memory is watched, so
 * that only READ_ONCE() and WRITE_ONCE() reach it; after each load the bytes
 * just loaded become others.  The parsers must act as if only the first
 * values had existed, and load no byte twice.
 */
#include "ring/ring_test.h"

#include "memory.h"
#include "ring/blkif.h"
#include "ring/netif.h"

/**
 * struct eye - a watched ring and what is to become of a slot once loaded
 * @test: the running case
 * @ring: the ring
 * @watch: on its page
 * @later: bytes of a slot as they are after the first load
 * @size: of them
 * @spoiled: loads after which something was changed
 */
struct eye {
	struct kunit *test;
	struct test_ring *ring;
	struct user_watch watch;
	u8 later[112];
	size_t size;
	unsigned int spoiled;
};

/* The hostile peer: the next load of these bytes gives other values. */
static void spoil(struct user_watch *watch, size_t offset, size_t size)
{
	struct eye *eye = watch->context;
	size_t in_slot;

	if (offset < 64)
		return;
	in_slot = (offset - 64) % eye->ring->back.r.type.slot_size;
	if (in_slot + size > eye->size)
		return;
	memcpy(watch->base + offset, eye->later + in_slot, size);
	eye->spoiled++;
}

static struct eye *open_eye(struct kunit *test,
			    const struct pvio_ring_type *type)
{
	struct eye *eye = kunit_kzalloc(test, sizeof(*eye), GFP_KERNEL);

	eye->test = test;
	eye->ring = test_ring_make(test, type);
	eye->watch.after_load = spoil;
	eye->watch.context = eye;
	return eye;
}

static void watch(struct eye *eye, const void *later, size_t size)
{
	memcpy(eye->later, later, size);
	eye->size = size;
	user_watch_start(&eye->watch, eye->ring->shared, TEST_PAGE);
}

/* The watch ends; each byte of the slots, and the index, was loaded once. */
static void unwatch(struct eye *eye, size_t slot_bytes)
{
	size_t total = 0;
	size_t i;

	user_watch_stop(&eye->watch);
	for (i = 0; i < TEST_PAGE; i++) {
		KUNIT_ASSERT_LE(eye->test, eye->watch.loads[i], 1);
		total += i >= 64 ? eye->watch.loads[i] : 0;
	}
	KUNIT_EXPECT_EQ(eye->test, total, slot_bytes);
	KUNIT_EXPECT_GT(eye->test, eye->spoiled, 0);
}

static void g01_double_fetch_tx(struct kunit *test)
{
	const struct xen_netif_tx_request good = { .gref = 8, .size = 0x40,
						   .id = 3 };
	const struct xen_netif_tx_request later = { .gref = 0xffffffff,
						    .offset = 0xfff,
						    .flags = 4, .id = 0xffff,
						    .size = 0xffff };
	struct eye *eye = open_eye(test, &pvio_net_tx_ring);
	struct pvio_net_tx_packet pkt;

	test_request(eye->ring, &good, sizeof(good));
	watch(eye, &later, sizeof(later));
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&eye->ring->back), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_tx_take(&eye->ring->back, 0, &pkt),
			PVIO_OK);
	unwatch(eye, sizeof(good));
	KUNIT_EXPECT_EQ(test, pkt.size, 0x40);
	KUNIT_EXPECT_EQ(test, pkt.nr_frags, 1);
	KUNIT_EXPECT_EQ(test, pkt.frag[0].size, 0x40);
	KUNIT_EXPECT_EQ(test, pkt.frag[0].offset, 0);
	KUNIT_EXPECT_EQ(test, pkt.frag[0].gref, 8);
	KUNIT_EXPECT_EQ(test, pkt.frag[0].id, 3);
}

/* All kinds of slots: first, extra info, further ones. */
static void g01_double_fetch_tx_chain(struct kunit *test)
{
	const struct xen_netif_tx_request first = { .flags = 12, .size = 3000 };
	const struct xen_netif_extra_info info = { .type = 1,
						   .u.gso = { 1448, 1, 0, 0 } };
	const struct xen_netif_tx_request mid = { .flags = 4, .size = 1000 };
	const struct xen_netif_tx_request last = { .size = 1000 };
	struct eye *eye = open_eye(test, &pvio_net_tx_ring);
	struct pvio_net_tx_packet pkt;
	u8 later[12];

	memset(later, 0xff, sizeof(later));
	test_request(eye->ring, &first, sizeof(first));
	test_request(eye->ring, &info, sizeof(info));
	test_request(eye->ring, &mid, sizeof(mid));
	test_request(eye->ring, &last, sizeof(last));
	watch(eye, later, sizeof(later));
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&eye->ring->back), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_tx_take(&eye->ring->back, 2, &pkt),
			PVIO_OK);
	unwatch(eye, 3 * 12 + 8);
	KUNIT_EXPECT_EQ(test, pkt.nr_frags, 3);
	KUNIT_EXPECT_EQ(test, pkt.frag[0].size, 1000);
	KUNIT_EXPECT_EQ(test, pkt.extras.gso_size, 1448);
	KUNIT_EXPECT_EQ(test, pkt.extras.gso_type, 1);
}

static void g01_double_fetch_tx_answer(struct kunit *test)
{
	const struct xen_netif_tx_response good = { .id = 5 };
	const struct xen_netif_tx_response later = { .id = 0xffff,
						     .status = 1 };
	struct eye *eye = open_eye(test, &pvio_net_tx_ring);
	const struct pvio_net_frag frag = { .id = 5, .size = 60 };
	s16 status;
	u16 id;

	pvio_net_tx_put(&eye->ring->front, &frag, 0);
	pvio_front_push(&eye->ring->front);
	test_response(eye->ring, &good, sizeof(good));
	watch(eye, &later, sizeof(later));
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&eye->ring->front), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_tx_take_answer(&eye->ring->front, &id,
						      &status), PVIO_OK);
	unwatch(eye, sizeof(good));
	KUNIT_EXPECT_EQ(test, id, 5);
	KUNIT_EXPECT_EQ(test, status, 0);
}

static void g01_double_fetch_rx_offer(struct kunit *test)
{
	const struct xen_netif_rx_request later = { .id = 0xffff,
						    .gref = 0xffffffff };
	struct eye *eye = open_eye(test, &pvio_net_rx_ring);
	struct pvio_net_rx_slot slot;

	pvio_net_rx_offer(&eye->ring->front, 5, 8);
	pvio_front_push(&eye->ring->front);
	watch(eye, &later, sizeof(later));
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&eye->ring->back), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_rx_take(&eye->ring->back, &slot),
			PVIO_OK);
	unwatch(eye, sizeof(later));
	KUNIT_EXPECT_EQ(test, slot.id, 5);
	KUNIT_EXPECT_EQ(test, slot.gref, 8);
}

static void g01_double_fetch_rx(struct kunit *test)
{
	const struct xen_netif_rx_response first = { .flags = 12,
						     .status = 1000 };
	const struct xen_netif_extra_info info = { .type = 1,
						   .u.gso = { 1448, 2, 0, 0 } };
	const struct xen_netif_rx_response last = { .id = 2, .offset = 96,
						    .status = 4000 };
	struct eye *eye = open_eye(test, &pvio_net_rx_ring);
	struct pvio_net_rx_packet pkt;
	u8 later[8];
	u16 i;

	for (i = 0; i < 3; i++)
		pvio_net_rx_offer(&eye->ring->front, i, 8);
	pvio_front_push(&eye->ring->front);
	memset(later, 0xff, sizeof(later));
	test_response(eye->ring, &first, sizeof(first));
	test_response(eye->ring, &info, sizeof(info));
	test_response(eye->ring, &last, sizeof(last));
	watch(eye, later, sizeof(later));
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&eye->ring->front), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_rx_take_packet(&eye->ring->front, 2,
						      &pkt), PVIO_OK);
	unwatch(eye, 3 * 8);
	KUNIT_EXPECT_EQ(test, pkt.size, 5000);
	KUNIT_EXPECT_EQ(test, pkt.nr_frags, 2);
	KUNIT_EXPECT_EQ(test, pkt.frag[1].slot, 2);
	KUNIT_EXPECT_EQ(test, pkt.frag[1].offset, 96);
	KUNIT_EXPECT_EQ(test, pkt.extras.gso_type, 2);
}

/* A read of one page that turns into anything but that. */
static void fetch_request(struct kunit *test, enum pvio_blk_abi abi, u8 later)
{
	const struct pvio_ring_type *type = pvio_blk_ring_type(abi);
	const unsigned int shift = abi == PVIO_BLK_ABI_64 ? 0 : 4;
	struct eye *eye = open_eye(test, type);
	struct pvio_blk_req req;
	u8 good[112] = { BLKIF_OP_READ, 1 };
	u8 bytes[112];

	good[8 - shift] = 9;
	good[16 - shift] = 8;
	good[24 - shift] = 5;
	good[24 - shift + 5] = 7;
	memset(bytes, later, sizeof(bytes));
	test_request(eye->ring, good, type->req_size);
	watch(eye, bytes, type->req_size);
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&eye->ring->back), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_blk_take(&eye->ring->back, abi, &req),
			PVIO_OK);
	unwatch(eye, type->req_size);
	KUNIT_EXPECT_EQ(test, req.op, BLKIF_OP_READ);
	KUNIT_EXPECT_EQ(test, req.nr_segs, 1);
	KUNIT_EXPECT_EQ(test, req.id, 9);
	KUNIT_EXPECT_EQ(test, req.sector, 8);
	KUNIT_EXPECT_EQ(test, req.seg[0].gref, 5);
	KUNIT_EXPECT_EQ(test, req.seg[0].count, 8);
}

static void g01_double_fetch_blk(struct kunit *test)
{
	fetch_request(test, PVIO_BLK_ABI_64, 6);
	fetch_request(test, PVIO_BLK_ABI_64, 0xff);
	fetch_request(test, PVIO_BLK_ABI_32, 6);
	fetch_request(test, PVIO_BLK_ABI_32, 0xff);
}

static void fetch_indirect(struct kunit *test, enum pvio_blk_abi abi)
{
	const struct pvio_ring_type *type = pvio_blk_ring_type(abi);
	const unsigned int shift = abi == PVIO_BLK_ABI_64 ? 0 : 4;
	struct eye *eye = open_eye(test, type);
	struct pvio_blk_req req;
	u8 good[112] = { BLKIF_OP_INDIRECT, BLKIF_OP_WRITE, 20, 0 };
	u8 bytes[112];

	good[28 - shift] = 77;
	memset(bytes, 0xff, sizeof(bytes));
	test_request(eye->ring, good, type->req_size);
	watch(eye, bytes, type->req_size);
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&eye->ring->back), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_blk_take(&eye->ring->back, abi, &req),
			PVIO_OK);
	unwatch(eye, type->req_size);
	KUNIT_EXPECT_TRUE(test, req.indirect);
	KUNIT_EXPECT_EQ(test, req.op, BLKIF_OP_WRITE);
	KUNIT_EXPECT_EQ(test, req.nr_segs, 20);
	KUNIT_EXPECT_EQ(test, req.page[0], 77);
}

static void g01_double_fetch_blk_indirect(struct kunit *test)
{
	fetch_indirect(test, PVIO_BLK_ABI_64);
	fetch_indirect(test, PVIO_BLK_ABI_32);
}

static void spoil_page(struct user_watch *watch, size_t offset, size_t size)
{
	memset(watch->base + offset, 0xff, size);
}

/* last_sect 7, then 255 after the check. */
static void g01_double_fetch_indirect_page(struct kunit *test)
{
	struct user_watch *watch = kunit_kzalloc(test, sizeof(*watch),
						 GFP_KERNEL);
	u8 *page = kunit_kzalloc(test, TEST_PAGE, GFP_KERNEL);
	struct pvio_blk_seg seg[512];
	unsigned int i;

	for (i = 0; i < 512; i++)
		page[8 * i + 5] = 7;
	watch->after_load = spoil_page;
	user_watch_start(watch, page, TEST_PAGE);
	KUNIT_EXPECT_NULL(test, pvio_blk_parse_segs(page, 512, seg));
	user_watch_stop(watch);
	for (i = 0; i < 512; i++) {
		KUNIT_EXPECT_EQ(test, seg[i].gref, 0);
		KUNIT_EXPECT_EQ(test, seg[i].count, 8);
	}
	for (i = 0; i < TEST_PAGE; i++)
		KUNIT_ASSERT_EQ(test, watch->loads[i], 1);
}

static void g01_double_fetch_blk_answer(struct kunit *test)
{
	const struct blkif_response good = { .id = 5, .operation = 1 };
	struct eye *eye = open_eye(test, pvio_blk_ring_type(PVIO_BLK_ABI_64));
	const struct pvio_blk_req req = { .op = 1, .id = 5, .nr_segs = 1 };
	struct pvio_blk_rsp rsp;
	u8 later[16];

	memset(later, 0xff, sizeof(later));
	pvio_blk_put(&eye->ring->front, &req, 0);
	pvio_front_push(&eye->ring->front);
	test_response(eye->ring, &good, sizeof(good));
	watch(eye, later, sizeof(later));
	KUNIT_EXPECT_EQ(test, pvio_front_poll(&eye->ring->front), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_blk_take_answer(&eye->ring->front, &rsp),
			PVIO_OK);
	unwatch(eye, sizeof(later));
	KUNIT_EXPECT_EQ(test, rsp.id, 5);
	KUNIT_EXPECT_EQ(test, rsp.op, 1);
	KUNIT_EXPECT_EQ(test, rsp.status, 0);
}

/* After the load of the index that bounds the pass, the peer publishes on. */
static void publish_more(struct user_watch *watch, size_t offset, size_t size)
{
	struct eye *eye = watch->context;

	if (offset < 64)
		eye->ring->shared->req_prod += 100;
}

static void g04_index_is_loaded_once(struct kunit *test)
{
	struct eye *eye = open_eye(test, &pvio_net_tx_ring);
	const struct xen_netif_tx_request req = { .size = 60 };
	struct pvio_net_tx_packet pkt;
	u8 nothing = 0;

	eye->watch.after_load = publish_more;
	test_request(eye->ring, &req, sizeof(req));
	watch(eye, &nothing, 0);
	KUNIT_EXPECT_EQ(test, pvio_back_poll(&eye->ring->back), PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_tx_take(&eye->ring->back, 0, &pkt),
			PVIO_OK);
	KUNIT_EXPECT_EQ(test, pvio_net_tx_take(&eye->ring->back, 0, &pkt),
			PVIO_EMPTY);
	user_watch_stop(&eye->watch);
	KUNIT_EXPECT_EQ(test, eye->watch.loads[0], 1);
}

/* Nothing that the peer may have changed is read back to write it. */
static void g02_own_index_is_never_loaded(struct kunit *test)
{
	struct eye *eye = open_eye(test, &pvio_net_rx_ring);
	struct pvio_net_rx_slot slot;

	user_watch_start(&eye->watch, eye->ring->shared, TEST_PAGE);
	pvio_net_rx_offer(&eye->ring->front, 0, 8);
	pvio_front_push(&eye->ring->front);
	user_watch_stop(&eye->watch);
	KUNIT_EXPECT_EQ(test, eye->watch.loads[0], 0);
	KUNIT_EXPECT_EQ(test, eye->watch.loads[64], 0);
	KUNIT_EXPECT_EQ(test, eye->watch.stores[64], 1);
	user_watch_start(&eye->watch, eye->ring->shared, TEST_PAGE);
	pvio_back_poll(&eye->ring->back);
	pvio_net_rx_take(&eye->ring->back, &slot);
	pvio_net_rx_answer(&eye->ring->back, slot.id, 0, 0, 60);
	pvio_back_push(&eye->ring->back);
	user_watch_stop(&eye->watch);
	KUNIT_EXPECT_EQ(test, eye->watch.loads[8], 0);
	KUNIT_EXPECT_EQ(test, eye->watch.stores[8], 1);
}

static void expect_trace(struct eye *eye, const char *want)
{
	user_watch_stop(&eye->watch);
	KUNIT_EXPECT_STREQ(eye->test, eye->watch.trace, want);
	memset(eye->watch.trace, 0, sizeof(eye->watch.trace));
	eye->watch.traced = 0;
	user_watch_start(&eye->watch, eye->ring->shared, TEST_PAGE);
}

/* r, w, m are barriers; L, S slots loaded and stored; l, s the header. */
static void barriers_stand_where_they_must(struct kunit *test)
{
	struct eye *eye = open_eye(test, &pvio_net_tx_ring);
	struct test_ring *ring = eye->ring;
	const struct pvio_net_frag frag = { .size = 60 };
	struct pvio_net_tx_packet pkt;
	s16 status;
	u16 id;

	eye->watch.after_load = NULL;
	user_watch_start(&eye->watch, ring->shared, TEST_PAGE);
	pvio_net_tx_put(&ring->front, &frag, 0);
	pvio_front_push(&ring->front);
	expect_trace(eye, "SSSwsml");
	pvio_back_poll(&ring->back);
	pvio_net_tx_take(&ring->back, 0, &pkt);
	expect_trace(eye, "lrLLL");
	pvio_net_tx_answer(&ring->back, &pkt, 0);
	pvio_back_push(&ring->back);
	expect_trace(eye, "Swsml");
	pvio_front_poll(&ring->front);
	pvio_net_tx_take_answer(&ring->front, &id, &status);
	expect_trace(eye, "lrL");
	pvio_back_arm(&ring->back, 1);
	expect_trace(eye, "smlr");
	pvio_front_arm(&ring->front, 1);
	expect_trace(eye, "smlr");
	user_watch_stop(&eye->watch);
}

static struct kunit_case fetch_cases[] = {
	KUNIT_CASE(g01_double_fetch_tx),
	KUNIT_CASE(g01_double_fetch_tx_chain),
	KUNIT_CASE(g01_double_fetch_tx_answer),
	KUNIT_CASE(g01_double_fetch_rx_offer),
	KUNIT_CASE(g01_double_fetch_rx),
	KUNIT_CASE(g01_double_fetch_blk),
	KUNIT_CASE(g01_double_fetch_blk_indirect),
	KUNIT_CASE(g01_double_fetch_indirect_page),
	KUNIT_CASE(g01_double_fetch_blk_answer),
	KUNIT_CASE(g02_own_index_is_never_loaded),
	KUNIT_CASE(g04_index_is_loaded_once),
	KUNIT_CASE(barriers_stand_where_they_must),
	{}
};

static struct kunit_suite fetch_suite = {
	.name = "pvio_fetch",
	.test_cases = fetch_cases,
};

user_test_suite(fetch_suite);
