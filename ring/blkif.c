// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Codec of the block protocol.
 *
 * The two layouts differ in one thing: after the first four bytes of a
 * request the 64-bit one has four bytes of padding, which align the id, and
 * the 32-bit one has not.  So a 32-bit request is copied out with its tail
 * moved by one word, and is a 64-bit request from then on.
 */
#include "blkif.h"

#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/string.h>

/* What x86_32 guests put on the ring, where u64 is aligned to 4 bytes. */
struct rw_32 {
	u8 operation;
	u8 nr_segments;
	u16 handle;
	u64 id;
	u64 sector_number;
	struct blkif_request_segment seg[BLKIF_MAX_SEGMENTS_PER_REQUEST];
} __packed __aligned(4);

struct discard_32 {
	u8 operation;
	u8 flag;
	u16 pad;
	u64 id;
	u64 sector_number;
	u64 nr_sectors;
} __packed __aligned(4);

struct indirect_32 {
	u8 operation;
	u8 indirect_op;
	u16 nr_segments;
	u64 id;
	u64 sector_number;
	u16 handle;
	u16 pad;
	u32 indirect_grefs[BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST];
} __packed __aligned(4);

struct response_32 {
	u64 id;
	u8 operation;
	u8 pad;
	s16 status;
} __packed __aligned(4);

/* The same on x86_64, with the padding that the compiler would leave open. */
struct response_64 {
	u64 id;
	u8 operation;
	u8 pad;
	s16 status;
	u32 pad_end;
};

#define wire(member) offsetof(struct blkif_request, u.member)

static_assert(sizeof(struct blkif_request) == 112);
static_assert(sizeof(struct blkif_request_segment) == 8);
static_assert(offsetof(struct blkif_request_segment, first_sect) == 4);
static_assert(offsetof(struct blkif_request_segment, last_sect) == 5);
static_assert(wire(rw.nr_segments) == 1);
static_assert(wire(rw.handle) == 2);
static_assert(wire(rw.id) == 8);
static_assert(wire(rw.sector_number) == 16);
static_assert(wire(rw.seg) == 24);
static_assert(wire(discard.flag) == 1);
static_assert(wire(discard.id) == 8);
static_assert(wire(discard.sector_number) == 16);
static_assert(wire(discard.nr_sectors) == 24);
static_assert(wire(indirect.indirect_op) == 1);
static_assert(wire(indirect.nr_segments) == 2);
static_assert(wire(indirect.id) == 8);
static_assert(wire(indirect.sector_number) == 16);
static_assert(wire(indirect.handle) == 24);
static_assert(wire(indirect.indirect_grefs) == 28);
static_assert(wire(other.id) == 8);

static_assert(sizeof(struct rw_32) == 108);
static_assert(offsetof(struct rw_32, id) == wire(rw.id) - 4);
static_assert(offsetof(struct rw_32, sector_number) ==
	      wire(rw.sector_number) - 4);
static_assert(offsetof(struct rw_32, seg) == wire(rw.seg) - 4);
static_assert(offsetof(struct discard_32, id) == wire(discard.id) - 4);
static_assert(offsetof(struct discard_32, sector_number) ==
	      wire(discard.sector_number) - 4);
static_assert(offsetof(struct discard_32, nr_sectors) ==
	      wire(discard.nr_sectors) - 4);
static_assert(offsetof(struct indirect_32, id) == wire(indirect.id) - 4);
static_assert(offsetof(struct indirect_32, sector_number) ==
	      wire(indirect.sector_number) - 4);
static_assert(offsetof(struct indirect_32, handle) ==
	      wire(indirect.handle) - 4);
static_assert(offsetof(struct indirect_32, indirect_grefs) ==
	      wire(indirect.indirect_grefs) - 4);

static_assert(sizeof(struct response_32) == 12);
static_assert(sizeof(struct response_64) == sizeof(struct blkif_response));
static_assert(offsetof(struct response_64, operation) ==
	      offsetof(struct blkif_response, operation));
static_assert(offsetof(struct response_64, status) ==
	      offsetof(struct blkif_response, status));
static_assert(offsetof(struct response_32, status) ==
	      offsetof(struct response_64, status));

static_assert(offsetof(struct pvio_ring_shared, slots) ==
	      offsetof(struct blkif_sring, ring));
static_assert(offsetof(struct pvio_ring_shared, req_event) ==
	      offsetof(struct blkif_sring, req_event));
static_assert(offsetof(struct pvio_ring_shared, rsp_prod) ==
	      offsetof(struct blkif_sring, rsp_prod));
static_assert(offsetof(struct pvio_ring_shared, rsp_event) ==
	      offsetof(struct blkif_sring, rsp_event));
static_assert(sizeof(union blkif_sring_entry) == sizeof(struct blkif_request));
static_assert(PVIO_BLK_INDIRECT_MAX <= BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST);

static const struct pvio_ring_type ring_types[] = {
	[PVIO_BLK_ABI_64] = {
		.req_size = sizeof(struct blkif_request),
		.rsp_size = sizeof(struct response_64),
		.slot_size = sizeof(struct blkif_request),
	},
	[PVIO_BLK_ABI_32] = {
		.req_size = sizeof(struct rw_32),
		.rsp_size = sizeof(struct response_32),
		.slot_size = sizeof(struct rw_32),
	},
};

const struct pvio_ring_type *pvio_blk_ring_type(enum pvio_blk_abi abi)
{
	return &ring_types[abi];
}
EXPORT_SYMBOL_GPL(pvio_blk_ring_type);

/*
 * A request of the 64-bit layout.  The words, for copying, come first so that
 * an empty initialiser clears the padding too.
 */
union request {
	u64 wide[sizeof(struct blkif_request) / sizeof(u64)];
	u32 word[sizeof(struct blkif_request) / sizeof(u32)];
	struct blkif_request wire;
};

union segment {
	u32 word[sizeof(struct blkif_request_segment) / sizeof(u32)];
	struct blkif_request_segment wire;
};

static const char *read_seg(struct pvio_blk_seg *seg,
			    const struct blkif_request_segment *wire)
{
	if (unlikely(wire->last_sect >= PVIO_BLK_PAGE_SECTORS ||
		     wire->first_sect > wire->last_sect))
		return "segment outside its page";
	seg->gref = wire->gref;
	seg->first = wire->first_sect;
	seg->count = wire->last_sect - wire->first_sect + 1;
	return NULL;
}

static const char *read_segs(struct pvio_blk_req *req,
			     const struct blkif_request_rw *rw)
{
	const char *wrong = NULL;
	u16 i;

	for (i = 0; i < req->nr_segs && !wrong; i++)
		wrong = read_seg(&req->seg[i], &rw->seg[i]);
	return wrong;
}

/*
 * One that only flushes has no place, and guests leave anything there: Linux all
 * ones, which is the beginning of no block of 4 KiB.  From 6.12 on the kernel
 * refuses such a bio, and with it the flush.
 */
static const char *read_empty(struct pvio_blk_req *req)
{
	if (req->op != BLKIF_OP_FLUSH_DISKCACHE &&
	    req->op != BLKIF_OP_WRITE_BARRIER)
		return "no segments";
	req->sector = 0;
	return NULL;
}

static const char *read_rw(struct pvio_blk_req *req,
			   const struct blkif_request_rw *rw)
{
	if (unlikely(rw->nr_segments > PVIO_BLK_DIRECT_MAX))
		return "too many segments";
	if (unlikely(!rw->nr_segments))
		return read_empty(req);
	req->nr_segs = rw->nr_segments;
	return read_segs(req, rw);
}

static const char *read_discard(struct pvio_blk_req *req,
				const struct blkif_request_discard *discard)
{
	req->secure = discard->flag & BLKIF_DISCARD_SECURE;
	req->sectors = discard->nr_sectors;
	if (unlikely(!req->sectors))
		return "discard of nothing";
	if (unlikely(req->sector + req->sectors < req->sector))
		return "discard beyond the last sector number";
	return NULL;
}

static const char *read_indirect(struct pvio_blk_req *req,
				 const struct blkif_request_indirect *indirect)
{
	u8 i;

	req->indirect = true;
	req->op = indirect->indirect_op;
	req->wire_op = indirect->indirect_op;
	if (unlikely(req->op != BLKIF_OP_READ && req->op != BLKIF_OP_WRITE))
		return "operation that cannot be indirect";
	if (unlikely(!indirect->nr_segments))
		return "no segments";
	if (unlikely(indirect->nr_segments > PVIO_BLK_SEGS_MAX))
		return "too many segments";
	req->nr_segs = indirect->nr_segments;
	req->nr_pages = DIV_ROUND_UP(req->nr_segs, PVIO_BLK_SEGS_PER_PAGE);
	for (i = 0; i < req->nr_pages; i++)
		req->page[i] = indirect->indirect_grefs[i];
	return NULL;
}

static const char *read_request(struct pvio_blk_req *req,
				const struct blkif_request *wire)
{
	switch (wire->operation) {
	case BLKIF_OP_READ:
	case BLKIF_OP_WRITE:
	case BLKIF_OP_WRITE_BARRIER:
	case BLKIF_OP_FLUSH_DISKCACHE:
		return read_rw(req, &wire->u.rw);
	case BLKIF_OP_DISCARD:
		return read_discard(req, &wire->u.discard);
	case BLKIF_OP_INDIRECT:
		return read_indirect(req, &wire->u.indirect);
	default:
		return "unknown operation";
	}
}

/* Id and sector have the same place in every kind of request. */
static void start_request(struct pvio_blk_req *req,
			  const struct blkif_request *wire)
{
	req->op = wire->operation;
	req->wire_op = wire->operation;
	req->indirect = false;
	req->secure = false;
	req->id = wire->u.rw.id;
	req->sector = wire->u.rw.sector_number;
	req->sectors = 0;
	req->nr_segs = 0;
	req->nr_pages = 0;
}

static enum pvio_verdict copy_request(struct pvio_back_ring *b,
				      enum pvio_blk_abi abi, union request *in)
{
	if (abi == PVIO_BLK_ABI_64)
		return pvio_back_take(b, in, sizeof(*in));
	if (!pvio_back_take(b, &in->word[1], sizeof(struct rw_32)))
		return PVIO_EMPTY;
	in->word[0] = in->word[1];
	return PVIO_OK;
}

enum pvio_verdict pvio_blk_take(struct pvio_back_ring *b, enum pvio_blk_abi abi,
				struct pvio_blk_req *req)
{
	union request in;

	if (copy_request(b, abi, &in) == PVIO_EMPTY)
		return PVIO_EMPTY;
	start_request(req, &in.wire);
	req->reason = read_request(req, &in.wire);
	return unlikely(req->reason) ? PVIO_BAD : PVIO_OK;
}
EXPORT_SYMBOL_GPL(pvio_blk_take);

bool pvio_blk_known_op(u8 op)
{
	switch (op) {
	case BLKIF_OP_READ:
	case BLKIF_OP_WRITE:
	case BLKIF_OP_WRITE_BARRIER:
	case BLKIF_OP_FLUSH_DISKCACHE:
	case BLKIF_OP_DISCARD:
	case BLKIF_OP_INDIRECT:
		return true;
	default:
		return false;
	}
}
EXPORT_SYMBOL_GPL(pvio_blk_known_op);

const char *pvio_blk_parse_segs(const void *page, u16 n,
				struct pvio_blk_seg *seg)
{
	const struct blkif_request_segment *from = page;
	const char *wrong = NULL;
	union segment in;
	u16 i;

	for (i = 0; i < n && !wrong; i++) {
		pvio_copy_once(&in, &from[i], sizeof(in));
		wrong = read_seg(&seg[i], &in.wire);
	}
	return wrong;
}
EXPORT_SYMBOL_GPL(pvio_blk_parse_segs);

/* All lengths in one word: a bit below @block in any of them shows in it. */
static u32 sum_segs(struct pvio_blk_req *req, const struct pvio_blk_seg *seg)
{
	u32 lengths = 0;
	u16 i;

	req->sectors = 0;
	for (i = 0; i < req->nr_segs; i++) {
		req->sectors += seg[i].count;
		lengths |= seg[i].count;
	}
	return lengths;
}

const char *pvio_blk_add_up(struct pvio_blk_req *req,
			    const struct pvio_blk_seg *seg, u64 capacity,
			    u32 block)
{
	u64 lengths = req->sectors;

	if (req->op != BLKIF_OP_DISCARD)
		lengths = sum_segs(req, seg);
	if (!req->sectors)
		return NULL;
	if (unlikely(req->sectors > capacity ||
		     req->sector > capacity - req->sectors))
		return "beyond the end of the disk";
	if (unlikely((req->sector | lengths) & (block - 1)))
		return "not aligned to the disk's blocks";
	return NULL;
}
EXPORT_SYMBOL_GPL(pvio_blk_add_up);

bool pvio_blk_answer(struct pvio_back_ring *b, enum pvio_blk_abi abi, u64 id,
		     u8 wire_op, s16 status)
{
	const struct response_64 rsp = {
		.id = id,
		.operation = wire_op,
		.status = status,
	};

	if (abi == PVIO_BLK_ABI_64)
		return pvio_back_put(b, &rsp, sizeof(rsp));
	return pvio_back_put(b, &rsp, sizeof(struct response_32));
}
EXPORT_SYMBOL_GPL(pvio_blk_answer);

/* Member by member: an assignment as a whole may bring padding with it. */
static void write_seg(struct blkif_request_segment *wire,
		      const struct pvio_blk_seg *seg)
{
	wire->gref = seg->gref;
	wire->first_sect = seg->first;
	wire->last_sect = seg->first + seg->count - 1;
}

static void write_rw(struct blkif_request *wire, const struct pvio_blk_req *req,
		     u16 handle)
{
	u16 i;

	wire->operation = req->op;
	wire->u.rw.nr_segments = req->nr_segs;
	wire->u.rw.handle = handle;
	for (i = 0; i < req->nr_segs; i++)
		write_seg(&wire->u.rw.seg[i], &req->seg[i]);
}

static void write_discard(struct blkif_request *wire,
			  const struct pvio_blk_req *req)
{
	wire->operation = BLKIF_OP_DISCARD;
	wire->u.discard.flag = req->secure ? BLKIF_DISCARD_SECURE : 0;
	wire->u.discard.nr_sectors = req->sectors;
}

static void write_indirect(struct blkif_request *wire,
			   const struct pvio_blk_req *req, u16 handle)
{
	u8 i;

	wire->operation = BLKIF_OP_INDIRECT;
	wire->u.indirect.indirect_op = req->op;
	wire->u.indirect.nr_segments = req->nr_segs;
	wire->u.indirect.handle = handle;
	for (i = 0; i < req->nr_pages; i++)
		wire->u.indirect.indirect_grefs[i] = req->page[i];
}

void pvio_blk_put(struct pvio_front_ring *f, const struct pvio_blk_req *req,
		  u16 handle)
{
	union request out = {};

	if (req->op == BLKIF_OP_DISCARD)
		write_discard(&out.wire, req);
	else if (req->indirect)
		write_indirect(&out.wire, req, handle);
	else
		write_rw(&out.wire, req, handle);
	out.wire.u.rw.id = req->id;
	out.wire.u.rw.sector_number = req->sector;
	pvio_front_put(f, &out, sizeof(out));
}
EXPORT_SYMBOL_GPL(pvio_blk_put);

void pvio_blk_format_segs(void *page, u16 n, const struct pvio_blk_seg *seg)
{
	struct blkif_request_segment *to = page;
	union segment out = {};
	u16 i;

	for (i = 0; i < n; i++) {
		write_seg(&out.wire, &seg[i]);
		pvio_copy_out(&to[i], &out, sizeof(out));
	}
}
EXPORT_SYMBOL_GPL(pvio_blk_format_segs);

enum pvio_verdict pvio_blk_take_answer(struct pvio_front_ring *f,
				       struct pvio_blk_rsp *rsp)
{
	struct response_64 in;

	if (pvio_front_take(f, &in, sizeof(in)) == PVIO_EMPTY)
		return PVIO_EMPTY;
	rsp->id = in.id;
	rsp->op = in.operation;
	rsp->status = in.status;
	return PVIO_OK;
}
EXPORT_SYMBOL_GPL(pvio_blk_take_answer);
