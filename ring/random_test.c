// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests with random slots: G06 of the test vectors.  What a slot holds
 * leans towards the limits; after each packet or request the oracle is asked.
 */
#include "ring_test.h"

#include "oracle_test.h"

#define ALL_EXTRAS	0x3e
#define ROUND_MAX	64

static const u32 sizes[] = { 0, 1, 6, 13, 14, 60, 64, 128, 1000, 1514, 4095,
			     4096, 4097, 0x7fff, 0x8000, 0xffff };
static const u32 offsets[] = { 0, 0, 0, 0, 0, 1, 2, 96, 4000, 4095, 4096, 4097,
			       0xffff };
static const u32 flags[] = { 0, 0, 0, 1, 2, 4, 4, 4, 4, 4, 4, 8, 12, 12, 15 };
static const u32 types[] = { 1, 1, 1, 2, 3, 4, 5, 0, 6, 255 };
static const u32 ops[] = { 0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 6, 6, 6, 7, 255 };
static const u32 counts[] = { 0, 1, 2, 10, 11, 12, 32, 255 };
static const u32 wide_counts[] = { 0, 1, 11, 255, 256, 257, 512, 4097, 65535 };
static const u32 sects[] = { 0, 0, 0, 1, 3, 6, 7, 7, 7, 8, 255 };

/**
 * struct tally - what a random run came to, so that it cannot be all of a kind
 * @slots: taken by the parser
 * @by: packets by verdict
 */
struct tally {
	u32 slots;
	u32 by[PVIO_BROKEN + 1];
};

#define pick(seed, list)	test_pick(seed, list, ARRAY_SIZE(list))

/**
 * struct dice - random slots that keep to the rules often enough to get far
 * @seed: state of the generator
 * @extra_due: the slot before announced extra info
 */
struct dice {
	u64 seed;
	bool extra_due;
};

static u16 roll_size(struct dice *dice, u16 offset)
{
	u32 size = pick(&dice->seed, sizes);

	if (offset > 4096 || test_random(&dice->seed) % 32 == 0)
		return size;
	return min_t(u32, size, 4096 - offset);
}

static u16 roll_offset(struct dice *dice)
{
	return test_random(&dice->seed) % 4 ? 0 : pick(&dice->seed, offsets);
}

/* True when the next slot is to be extra info, right or wrong. */
static bool roll_extra(struct dice *dice, struct xen_netif_extra_info *info)
{
	bool extra = dice->extra_due;

	if (test_random(&dice->seed) % 64 == 0)
		extra = !extra;
	if (!extra)
		return false;
	memset(info, 0, sizeof(*info));
	info->type = 1;
	if (test_random(&dice->seed) % 4 == 0)
		info->type = pick(&dice->seed, types);
	info->flags = test_random(&dice->seed) % 8 == 0;
	info->u.gso.size = pick(&dice->seed, sizes);
	info->u.gso.type = 1 + test_random(&dice->seed) % 32 % 3;
	dice->extra_due = info->flags;
	return true;
}

static u16 roll_flags(struct dice *dice)
{
	u16 value = pick(&dice->seed, flags);

	dice->extra_due = value & XEN_NETTXF_extra_info;
	return value;
}

static void random_tx_slot(struct test_ring *ring, struct dice *dice)
{
	struct xen_netif_tx_request req = { .id = test_random(&dice->seed) };
	struct xen_netif_extra_info info;

	if (roll_extra(dice, &info)) {
		memcpy(&req, &info, sizeof(info));
	} else {
		req.gref = test_random(&dice->seed);
		req.flags = roll_flags(dice);
		req.offset = roll_offset(dice);
		req.size = roll_size(dice, req.offset);
	}
	test_request(ring, &req, sizeof(req));
}

static void expect_mixed(struct kunit *test, const struct tally *tally)
{
	u32 i;

	kunit_info(test, "%u slots: %u good, %u bad, %u broken", tally->slots,
		   tally->by[PVIO_OK], tally->by[PVIO_BAD],
		   tally->by[PVIO_BROKEN]);
	for (i = PVIO_OK; i <= PVIO_BROKEN; i++)
		KUNIT_EXPECT_GT(test, tally->by[i], TEST_SLOTS / 1000);
}

/* Take and answer all that is published; false when the ring is broken. */
static bool drain_tx(struct kunit *test, struct test_ring *ring,
		     struct tally *tally)
{
	struct pvio_back_ring *b = &ring->back;
	struct pvio_net_tx_packet pkt;
	enum pvio_verdict verdict;
	const char *wrong;
	u32 from;

	KUNIT_ASSERT_EQ(test, pvio_back_poll(b), PVIO_OK);
	do {
		from = b->req_cons;
		verdict = pvio_net_tx_take(b, ALL_EXTRAS, &pkt);
		wrong = oracle_tx(&pkt, verdict, ALL_EXTRAS,
				  b->req_cons - from);
		KUNIT_ASSERT_STREQ(test, wrong ? wrong : "", "");
		tally->slots += b->req_cons - from;
		tally->by[verdict]++;
		if (verdict == PVIO_OK || verdict == PVIO_BAD)
			pvio_net_tx_answer(b, &pkt, verdict == PVIO_OK ? 0 : -1);
	} while (verdict == PVIO_OK || verdict == PVIO_BAD);
	pvio_back_push(b);
	if (verdict == PVIO_EMPTY)
		KUNIT_ASSERT_EQ(test, pvio_back_unanswered(b), 0);
	return verdict == PVIO_EMPTY;
}

static void g06_random_transmit_slots(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	struct dice dice = { .seed = test_seed() };
	struct tally tally = {};
	u32 n;

	kunit_info(test, "seed %llu", dice.seed);
	while (tally.slots < TEST_SLOTS) {
		for (n = 1 + test_random(&dice.seed) % ROUND_MAX; n; n--)
			random_tx_slot(ring, &dice);
		if (!drain_tx(test, ring, &tally))
			test_ring_move(test, ring, test_random(&dice.seed));
	}
	expect_mixed(test, &tally);
}

static void random_rx_slot(struct test_ring *ring, struct dice *dice)
{
	struct xen_netif_rx_response rsp = {};
	struct xen_netif_extra_info info;

	if (roll_extra(dice, &info)) {
		memcpy(&rsp, &info, sizeof(info));
	} else {
		rsp.id = ring->shared->rsp_prod & 0xff;
		rsp.flags = roll_flags(dice);
		rsp.offset = roll_offset(dice);
		rsp.status = roll_size(dice, rsp.offset);
		if (test_random(&dice->seed) % 256 == 0)
			rsp.id = test_random(&dice->seed);
	}
	test_response(ring, &rsp, sizeof(rsp));
}

static bool drain_rx(struct kunit *test, struct test_ring *ring,
		     struct tally *tally)
{
	struct pvio_front_ring *f = &ring->front;
	struct pvio_net_rx_packet pkt;
	enum pvio_verdict verdict;
	const char *wrong;
	u32 from;

	KUNIT_ASSERT_EQ(test, pvio_front_poll(f), PVIO_OK);
	do {
		from = f->rsp_cons;
		verdict = pvio_net_rx_take_packet(f, ALL_EXTRAS, &pkt);
		wrong = oracle_rx(&pkt, verdict, ALL_EXTRAS, from,
				  f->rsp_cons - from);
		KUNIT_ASSERT_STREQ(test, wrong ? wrong : "", "");
		tally->slots += f->rsp_cons - from;
		tally->by[verdict]++;
	} while (verdict == PVIO_OK || verdict == PVIO_BAD);
	return verdict == PVIO_EMPTY;
}

/* All slots offered; what stands in the requests does not matter here. */
static void offer_all(struct pvio_front_ring *f)
{
	f->req_prod = f->rsp_cons + f->r.nr;
	f->req_pushed = f->req_prod;
}

static void g06_random_receive_slots(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_rx_ring);
	struct dice dice = { .seed = test_seed() };
	struct tally tally = {};
	u32 n;

	kunit_info(test, "seed %llu", dice.seed);
	while (tally.slots < TEST_SLOTS) {
		offer_all(&ring->front);
		for (n = 1 + test_random(&dice.seed) % ROUND_MAX; n; n--)
			random_rx_slot(ring, &dice);
		if (!drain_rx(test, ring, &tally))
			test_ring_move(test, ring, test_random(&dice.seed));
	}
	expect_mixed(test, &tally);
}

/* The 64-bit layout; the other one only has less room before the id. */
static void fill_request(struct blkif_request *req, u64 *seed)
{
	u32 i;

	req->operation = pick(seed, ops);
	req->u.rw.nr_segments = pick(seed, counts);
	req->u.rw.handle = test_random(seed);
	req->u.rw.id = test_random(seed);
	req->u.rw.sector_number = ((u64)test_random(seed) << 33) +
				  test_random(seed);
	for (i = 0; i < 11; i++) {
		req->u.rw.seg[i].gref = test_random(seed);
		req->u.rw.seg[i].first_sect = pick(seed, sects);
		req->u.rw.seg[i].last_sect = pick(seed, sects);
	}
	if (req->operation == BLKIF_OP_INDIRECT) {
		req->u.indirect.indirect_op = pick(seed, ops);
		req->u.indirect.nr_segments = pick(seed, wide_counts);
	}
}

static void random_blk_slot(struct test_ring *ring, enum pvio_blk_abi abi,
			    u64 *seed)
{
	struct blkif_request req = {};
	u8 *bytes = (u8 *)&req;

	fill_request(&req, seed);
	if (abi == PVIO_BLK_ABI_32)
		memmove(bytes + 4, bytes + 8, sizeof(req) - 8);
	test_request(ring, &req, ring->back.r.type.req_size);
}

static void drain_blk(struct kunit *test, struct test_ring *ring,
		      enum pvio_blk_abi abi)
{
	struct pvio_back_ring *b = &ring->back;
	enum pvio_verdict verdict;
	struct pvio_blk_req req;
	const char *wrong;
	u32 from;

	KUNIT_ASSERT_EQ(test, pvio_back_poll(b), PVIO_OK);
	do {
		from = b->req_cons;
		verdict = pvio_blk_take(b, abi, &req);
		wrong = oracle_blk(&req, verdict, b->req_cons - from);
		KUNIT_ASSERT_STREQ(test, wrong ? wrong : "", "");
		if (verdict != PVIO_EMPTY)
			pvio_blk_answer(b, abi, req.id, req.wire_op, 0);
	} while (verdict != PVIO_EMPTY);
	KUNIT_ASSERT_EQ(test, pvio_back_unanswered(b), 0);
	pvio_back_push(b);
}

static void random_blk(struct kunit *test, enum pvio_blk_abi abi)
{
	struct test_ring *ring = test_ring_make(test, pvio_blk_ring_type(abi));
	u64 seed = test_seed();
	u32 done, n, i;

	kunit_info(test, "seed %llu", seed);
	for (done = 0; done < TEST_SLOTS / 2; done += n) {
		n = 1 + test_random(&seed) % 32;
		for (i = 0; i < n; i++)
			random_blk_slot(ring, abi, &seed);
		drain_blk(test, ring, abi);
	}
}

static void g06_random_block_requests_64(struct kunit *test)
{
	random_blk(test, PVIO_BLK_ABI_64);
}

static void g06_random_block_requests_32(struct kunit *test)
{
	random_blk(test, PVIO_BLK_ABI_32);
}

/* A packet that keeps every rule, and how it must come out. */
static void make_sound(struct pvio_net_tx_packet *pkt, u64 *seed)
{
	u32 i;

	memset(pkt, 0, sizeof(*pkt));
	pkt->nr_frags = 1 + test_random(seed) % PVIO_NET_SLOTS_TAKEN;
	pkt->nr_extras = test_random(seed) & 1;
	pkt->extras.gso_size = 1 + test_random(seed) % 0xffff;
	pkt->extras.gso_type = 1 + test_random(seed) % 2;
	for (i = 0; i < pkt->nr_frags; i++) {
		struct pvio_net_frag *frag = &pkt->frag[i];

		frag->gref = test_random(seed);
		frag->id = test_random(seed);
		frag->size = test_random(seed) % 3400;
		frag->offset = test_random(seed) % (4097 - frag->size);
		pkt->size += frag->size;
	}
	if (pkt->size < 14) {
		pkt->frag[0].offset = 0;
		pkt->frag[0].size += 14;
		pkt->size += 14;
	}
}

static void send_sound(struct pvio_front_ring *f,
		       const struct pvio_net_tx_packet *pkt)
{
	struct pvio_net_frag first = pkt->frag[0];
	u16 more = pkt->nr_frags > 1 ? XEN_NETTXF_more_data : 0;
	u32 i;

	first.size = pkt->size;
	pvio_net_tx_put(f, &first, more | (pkt->nr_extras ?
					   XEN_NETTXF_extra_info : 0));
	if (pkt->nr_extras)
		pvio_net_tx_put_gso(f, pkt->extras.gso_type,
				    pkt->extras.gso_size);
	for (i = 1; i < pkt->nr_frags; i++)
		pvio_net_tx_put(f, &pkt->frag[i], i + 1 < pkt->nr_frags ?
				XEN_NETTXF_more_data : 0);
	pvio_front_push(f);
}

static void expect_same(struct kunit *test, const struct pvio_net_tx_packet *got,
			const struct pvio_net_tx_packet *want)
{
	KUNIT_ASSERT_EQ(test, got->size, want->size);
	KUNIT_ASSERT_EQ(test, got->nr_frags, want->nr_frags);
	KUNIT_ASSERT_EQ(test, got->nr_extras, want->nr_extras);
	KUNIT_ASSERT_EQ(test, 0, memcmp(got->frag, want->frag, want->nr_frags *
					sizeof(want->frag[0])));
	if (!want->nr_extras)
		return;
	KUNIT_ASSERT_EQ(test, got->extras.gso_size, want->extras.gso_size);
	KUNIT_ASSERT_EQ(test, got->extras.gso_type, want->extras.gso_type);
}

static void collect_answers(struct kunit *test, struct pvio_front_ring *f,
			    u32 expected)
{
	s16 status;
	u32 n = 0;
	u16 id;

	KUNIT_ASSERT_EQ(test, pvio_front_poll(f), PVIO_OK);
	while (pvio_net_tx_take_answer(f, &id, &status) == PVIO_OK)
		n++;
	KUNIT_ASSERT_EQ(test, n, expected);
}

static void g06_random_sound_packets(struct kunit *test)
{
	struct test_ring *ring = test_ring_make(test, &pvio_net_tx_ring);
	struct pvio_net_tx_packet *want, *got;
	u64 seed = test_seed();
	u32 i;

	want = kunit_kzalloc(test, sizeof(*want), GFP_KERNEL);
	got = kunit_kzalloc(test, sizeof(*got), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, want);
	KUNIT_ASSERT_NOT_NULL(test, got);
	test_ring_move(test, ring, TEST_WRAP);
	for (i = 0; i < TEST_SLOTS / 100; i++) {
		make_sound(want, &seed);
		send_sound(&ring->front, want);
		KUNIT_ASSERT_EQ(test, pvio_back_poll(&ring->back), PVIO_OK);
		KUNIT_ASSERT_EQ(test, PVIO_OK, pvio_net_tx_take(&ring->back,
								2, got));
		expect_same(test, got, want);
		pvio_net_tx_answer(&ring->back, got, XEN_NETIF_RSP_OKAY);
		pvio_back_push(&ring->back);
		collect_answers(test, &ring->front,
				want->nr_frags + want->nr_extras);
	}
}

static struct kunit_case random_cases[] = {
	KUNIT_CASE(g06_random_transmit_slots),
	KUNIT_CASE(g06_random_receive_slots),
	KUNIT_CASE(g06_random_block_requests_64),
	KUNIT_CASE(g06_random_block_requests_32),
	KUNIT_CASE(g06_random_sound_packets),
	{}
};

static struct kunit_suite random_suite = {
	.name = "pvio_random",
	.test_cases = random_cases,
};

kunit_test_suite(random_suite);
