// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Both ends of a ring against each other, with the page between them changed
 * at random times.
 *
 * The input is a script: each octet says which end does what, or that some
 * octets of the page change.  For as long as the page was left alone both ends
 * must understand each other: what is put is taken, and nothing is bad.  After a
 * change each keeps the rules that it keeps with any peer; where one finds the
 * ring broken both begin anew.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "ring/idpool.h"
#include "ring/netctrl.h"
#include "ring/oracle_test.h"

#define PAGE	4096
#define IDS	64

/* What was put and not yet taken by the backend, oldest first. */
struct put {
	u32 size;
	u16 slots;
};

struct pair {
	const struct fuzz_input *in;
	size_t at;
	const struct pvio_ring_type *type;
	struct pvio_ring_shared *page;
	struct pvio_front_ring f;
	struct pvio_back_ring b;
	struct pvio_idpool ids;
	u16 mem[IDS];
	u8 op[IDS];
	/* The page is as both ends left it. */
	bool honest;
	struct put put[256];
	u8 oldest;
	u8 newest;
	/* Pages that the backend of net rx has taken and not used. */
	u16 page_id[256];
	u8 first_page;
	u8 next_page;
};

static u8 next(struct pair *p)
{
	return p->at < p->in->size ? p->in->bytes[p->at++] : 0;
}

static u16 next16(struct pair *p)
{
	u16 low = next(p);

	return low | next(p) << 8;
}

static void begin(struct pair *p)
{
	memset(p->page, 0, PAGE);
	pvio_front_init(&p->f, p->type, p->page, PAGE);
	if (pvio_back_attach(&p->b, p->type, p->page, PAGE))
		fuzz_check("a new ring can be attached to");
	pvio_idpool_init(&p->ids, p->mem, IDS);
	p->honest = true;
	p->oldest = p->newest;
	p->first_page = p->next_page;
}

/* Only where the page was changed may anything be wrong. */
static void expect(const struct pair *p, bool holds, const char *rule)
{
	if (p->honest && !holds)
		fuzz_check(rule);
}

static void break_ring(struct pair *p)
{
	expect(p, false, "the ring of two honest ends is sound");
	begin(p);
}

/* One octet in four is of the header. */
static void change(struct pair *p)
{
	u8 *bytes = (u8 *)p->page;
	u16 where = next16(p);
	u8 n = 1 + next(p) % 8;

	where %= where & 0x3000 ? PAGE - 8 : 16;
	p->honest = false;
	while (n--)
		bytes[where + n] ^= next(p);
}

/* For a request of one slot; negative while there is no room for it. */
static int new_id(struct pair *p)
{
	return pvio_front_free(&p->f) ? pvio_idpool_get(&p->ids) : -1;
}

static void note_put(struct pair *p, u32 size, u16 slots)
{
	p->put[p->newest++] = (struct put){ size, slots };
}

static void check_taken(struct pair *p, u32 size, u16 slots)
{
	const struct put *put = &p->put[p->oldest];

	expect(p, p->oldest != p->newest, "what is taken was put");
	expect(p, put->size == size, "a packet has the size it was put with");
	expect(p, put->slots == slots, "and as many slots");
	p->oldest++;
}

/* Ids come from the peer. */
static bool take_id_back(struct pair *p, u64 id)
{
	bool was_out = pvio_idpool_put(&p->ids, id);

	expect(p, was_out, "an answer is to what was asked");
	return was_out;
}

static void check_rings(const struct pair *p)
{
	if (pvio_back_pending(&p->b) > p->b.r.nr ||
	    pvio_back_unanswered(&p->b) > p->b.r.nr)
		fuzz_check("a backend takes no more than a ring has");
	if (pvio_front_pending(&p->f) > p->f.r.nr ||
	    pvio_front_free(&p->f) > p->f.r.nr)
		fuzz_check("a frontend takes no more than it put");
}

/* False when there is nothing to take. */
static bool look_back(struct pair *p)
{
	enum pvio_verdict verdict = next(p) & 1 ? pvio_back_arm(&p->b, 1) :
						  pvio_back_poll(&p->b);

	if (verdict == PVIO_BROKEN)
		break_ring(p);
	return verdict == PVIO_OK;
}

static bool look_front(struct pair *p)
{
	enum pvio_verdict verdict = next(p) & 1 ? pvio_front_arm(&p->f, 1) :
						  pvio_front_poll(&p->f);

	if (verdict == PVIO_BROKEN)
		break_ring(p);
	return verdict == PVIO_OK;
}

/* What a pair has of its own. */
struct play {
	const struct pvio_ring_type *type;
	void (*put)(struct pair *p);
	void (*take)(struct pair *p);
	void (*take_answers)(struct pair *p);
};

static void step(struct pair *p, const struct play *play)
{
	switch (next(p) % 8) {
	case 0:
	case 1:
		play->put(p);
		break;
	case 2:
		pvio_front_push(&p->f);
		break;
	case 3:
	case 4:
		if (look_back(p))
			play->take(p);
		break;
	case 5:
		pvio_back_push(&p->b);
		break;
	case 6:
		if (look_front(p))
			play->take_answers(p);
		break;
	default:
		if (next(p) % 8 == 0)
			change(p);
		break;
	}
}

static void run_pair(const struct fuzz_input *in, const struct play *play)
{
	static struct pair pair;

	pair.in = in;
	pair.at = 0;
	pair.type = play->type;
	pair.page = fuzz_page();
	begin(&pair);
	while (pair.at < in->size) {
		step(&pair, play);
		check_rings(&pair);
	}
	free(pair.page);
}

/* A packet of any shape that a peer may send. */
static void put_tx(struct pair *p)
{
	struct pvio_net_frag frag[PVIO_NET_SLOTS_MAX];
	u32 n = 1 + next(p) % PVIO_NET_SLOTS_MAX;
	bool gso = next(p) & 1;
	u32 total = 0, i;
	u16 flags;
	int id;

	if (pvio_front_free(&p->f) < n + gso || p->ids.free < n)
		return;
	for (i = 0; i < n; i++) {
		id = pvio_idpool_get(&p->ids);
		if (id < 0)
			fuzz_check("as many ids as are free");
		frag[i].gref = next(p);
		frag[i].offset = next(p);
		frag[i].size = 14 + next16(p) % (65535 / PVIO_NET_SLOTS_MAX - 14);
		frag[i].id = id;
		total += frag[i].size;
	}
	note_put(p, total, n + gso);
	frag[0].size = total;
	for (i = 0; i < n; i++) {
		flags = i + 1 < n ? XEN_NETTXF_more_data : 0;
		if (!i && gso)
			flags |= XEN_NETTXF_extra_info;
		pvio_net_tx_put(&p->f, &frag[i], flags);
		if (!i && gso)
			pvio_net_tx_put_gso(&p->f, XEN_NETIF_GSO_TYPE_TCPV4,
					    1 + next16(p) % 1460);
	}
}

static void take_tx(struct pair *p)
{
	struct pvio_net_tx_packet pkt;
	enum pvio_verdict verdict;
	u32 from, taken;

	do {
		from = p->b.req_cons;
		verdict = pvio_net_tx_take(&p->b, p->in->accept | 2, &pkt);
		taken = p->b.req_cons - from;
		fuzz_slots += taken;
		fuzz_check(oracle_tx(&pkt, verdict, p->in->accept | 2, taken));
		if (verdict == PVIO_BROKEN) {
			break_ring(p);
			return;
		}
		if (verdict == PVIO_EMPTY)
			return;
		expect(p, verdict == PVIO_OK, "an honest packet is good");
		check_taken(p, pkt.size, taken);
		pvio_net_tx_answer(&p->b, &pkt, 0);
	} while (next(p) % 8);
}

static void take_tx_answers(struct pair *p)
{
	s16 status;
	u16 id;

	while (pvio_net_tx_take_answer(&p->f, &id, &status) == PVIO_OK) {
		fuzz_slots++;
		if (status != XEN_NETIF_RSP_NULL)
			take_id_back(p, id);
	}
}

void fuzz_pair_tx(const struct fuzz_input *in)
{
	static const struct play play = {
		.type = &pvio_net_tx_ring,
		.put = put_tx,
		.take = take_tx,
		.take_answers = take_tx_answers,
	};

	run_pair(in, &play);
}

static void offer_pages(struct pair *p)
{
	u8 n = next(p) % 32;
	u32 slot;

	while (n-- && pvio_front_free(&p->f)) {
		slot = pvio_front_next(&p->f) & (p->f.r.nr - 1);
		pvio_net_rx_offer(&p->f, slot, slot);
	}
}

static u8 pages_left(const struct pair *p)
{
	return p->next_page - p->first_page;
}

static void fill_page(struct pair *p, u16 flags, u16 size)
{
	pvio_net_rx_answer(&p->b, p->page_id[p->first_page++], next(p), flags,
			   size);
}

/* A packet with a GSO slot, which uses a page up, where the script says so. */
static void send_rx(struct pair *p)
{
	u8 n = 1 + next(p) % PVIO_NET_SLOTS_MAX;
	bool gso = next(p) & 1;
	u32 total = 0;
	u16 flags, size;
	int i;

	if (pages_left(p) < n + gso)
		return;
	for (i = 0; i < n; i++) {
		size = 14 + next16(p) % 3000;
		total += size;
		flags = i + 1 < n ? XEN_NETRXF_more_data : 0;
		if (!i && gso)
			flags |= XEN_NETRXF_extra_info;
		fill_page(p, flags, size);
		if (i || !gso)
			continue;
		p->first_page++;
		pvio_net_rx_answer_gso(&p->b, XEN_NETIF_GSO_TYPE_TCPV6,
				       1 + next16(p) % 1460, false);
	}
	note_put(p, total, n + gso);
}

static void take_pages(struct pair *p)
{
	struct pvio_net_rx_slot slot;

	while (pages_left(p) < 255 &&
	       pvio_net_rx_take(&p->b, &slot) == PVIO_OK) {
		fuzz_slots++;
		expect(p, slot.id == slot.gref, "a page is the one offered");
		p->page_id[p->next_page++] = slot.id;
	}
	send_rx(p);
}

static void take_packets(struct pair *p)
{
	struct pvio_net_rx_packet pkt;
	enum pvio_verdict verdict;
	u32 from, taken;

	for (;;) {
		from = p->f.rsp_cons;
		verdict = pvio_net_rx_take_packet(&p->f, p->in->accept | 2,
						  &pkt);
		taken = p->f.rsp_cons - from;
		fuzz_slots += taken;
		fuzz_check(oracle_rx(&pkt, verdict, p->in->accept | 2, from,
				     taken));
		if (verdict == PVIO_EMPTY)
			return;
		if (verdict == PVIO_BROKEN) {
			break_ring(p);
			return;
		}
		expect(p, verdict == PVIO_OK, "an honest packet is good");
		check_taken(p, pkt.size, taken);
	}
}

void fuzz_pair_rx(const struct fuzz_input *in)
{
	static const struct play play = {
		.type = &pvio_net_rx_ring,
		.put = offer_pages,
		.take = take_pages,
		.take_answers = take_packets,
	};

	run_pair(in, &play);
}

static void shape_blk(struct pair *p, struct pvio_blk_req *req)
{
	u8 i;

	req->sector = next16(p);
	if (req->op == BLKIF_OP_DISCARD) {
		req->sectors = 1 + next(p);
		return;
	}
	req->indirect = req->op <= BLKIF_OP_WRITE && next(p) & 1;
	if (req->indirect) {
		req->nr_segs = 1 + next(p) % PVIO_BLK_SEGS_MAX;
		req->nr_pages = 1;
		req->page[0] = next(p);
		return;
	}
	req->nr_segs = next(p) % (PVIO_BLK_DIRECT_MAX + 1);
	if (!req->nr_segs)
		req->op = BLKIF_OP_FLUSH_DISKCACHE;
	for (i = 0; i < req->nr_segs; i++) {
		req->seg[i].gref = next(p);
		req->seg[i].first = next(p) % 8;
		req->seg[i].count = 1 + next(p) % (8 - req->seg[i].first);
	}
}

static void put_blk(struct pair *p)
{
	static const u8 ops[] = {
		BLKIF_OP_READ, BLKIF_OP_WRITE, BLKIF_OP_WRITE_BARRIER,
		BLKIF_OP_FLUSH_DISKCACHE, BLKIF_OP_DISCARD,
	};
	struct pvio_blk_req req = {};
	int id;

	id = new_id(p);
	if (id < 0)
		return;
	req.op = ops[next(p) % ARRAY_SIZE(ops)];
	shape_blk(p, &req);
	req.id = id;
	p->op[id] = req.op;
	note_put(p, req.nr_segs, req.op);
	pvio_blk_put(&p->f, &req, 0);
}

static void take_blk(struct pair *p)
{
	enum pvio_verdict verdict;
	struct pvio_blk_req req;
	u32 from;

	do {
		from = p->b.req_cons;
		verdict = pvio_blk_take(&p->b, PVIO_BLK_ABI_64, &req);
		fuzz_check(oracle_blk(&req, verdict, p->b.req_cons - from));
		if (verdict == PVIO_EMPTY)
			return;
		fuzz_slots++;
		expect(p, verdict == PVIO_OK, "an honest request is good");
		check_taken(p, req.nr_segs, req.op);
		if (!pvio_blk_answer(&p->b, PVIO_BLK_ABI_64, req.id,
				     req.wire_op, 0))
			fuzz_check("what was taken can be answered");
	} while (next(p) % 8);
}

static void take_blk_answers(struct pair *p)
{
	struct pvio_blk_rsp rsp;

	while (pvio_blk_take_answer(&p->f, &rsp) == PVIO_OK) {
		fuzz_slots++;
		if (take_id_back(p, rsp.id))
			expect(p, rsp.op == p->op[rsp.id],
			       "an answer has its request's operation");
	}
}

void fuzz_pair_blk(const struct fuzz_input *in)
{
	struct play play = {
		.type = pvio_blk_ring_type(PVIO_BLK_ABI_64),
		.put = put_blk,
		.take = take_blk,
		.take_answers = take_blk_answers,
	};

	run_pair(in, &play);
}

static void put_ctrl(struct pair *p)
{
	struct xen_netif_ctrl_request req = {};
	int id;

	id = new_id(p);
	if (id < 0)
		return;
	req.id = id;
	req.type = next(p) % 12;
	req.data[0] = next(p);
	req.data[1] = next(p);
	req.data[2] = next(p);
	p->op[id] = req.type;
	note_put(p, req.type, id);
	pvio_netctrl_put(&p->f, &req);
}

static void take_ctrl(struct pair *p)
{
	struct pvio_netctrl_request req;

	do {
		if (pvio_netctrl_take(&p->b, &req) == PVIO_EMPTY)
			return;
		fuzz_slots++;
		check_taken(p, req.type, req.id);
		pvio_netctrl_answer(&p->b, &req, req.status, 0);
	} while (next(p) % 8);
}

static void take_ctrl_answers(struct pair *p)
{
	struct xen_netif_ctrl_response rsp;

	while (pvio_netctrl_take_answer(&p->f, &rsp) == PVIO_OK) {
		fuzz_slots++;
		if (take_id_back(p, rsp.id))
			expect(p, rsp.type == p->op[rsp.id],
			       "an answer has its request's type");
	}
}

void fuzz_pair_ctrl(const struct fuzz_input *in)
{
	static const struct play play = {
		.type = &pvio_netctrl_ring,
		.put = put_ctrl,
		.take = take_ctrl,
		.take_answers = take_ctrl_answers,
	};

	run_pair(in, &play);
}
