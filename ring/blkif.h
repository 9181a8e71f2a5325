/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Codec of the block protocol (xen/interface/io/blkif.h): one private request
 * for three wire layouts, direct and indirect.
 *
 * Pure code under the rules of ring.h.  All sector quantities are in units of
 * 512 bytes: since 2024, and in Xen's headers from 4.20 on, blkif.h has sector_number,
 * first_sect, last_sect and "sectors" so "despite the 'sector-size' xenstore node
 * possibly having a value greater than 512", and aligned to that.  Linux always did
 * so.  "feature-large-sector-size", by which a frontend said otherwise, is deprecated
 * there; nothing here writes or reads it.
 */
#ifndef PVIO_RING_BLKIF_H
#define PVIO_RING_BLKIF_H

#include <linux/math.h>
#include <linux/types.h>
#include <xen/interface/io/blkif.h>

#include "ring.h"

#define PVIO_BLK_SECTOR		512
#define PVIO_BLK_PAGE		4096
#define PVIO_BLK_PAGE_SECTORS	(PVIO_BLK_PAGE / PVIO_BLK_SECTOR)
#define PVIO_BLK_DIRECT_MAX	BLKIF_MAX_SEGMENTS_PER_REQUEST
/* Segments whose descriptors fit in one indirect page. */
#define PVIO_BLK_SEGS_PER_PAGE	(PVIO_BLK_PAGE / 8)
/* What this backend offers, and so the most a request may carry. */
#define PVIO_BLK_SEGS_MAX	256
#define PVIO_BLK_INDIRECT_MAX	\
	DIV_ROUND_UP(PVIO_BLK_SEGS_MAX, PVIO_BLK_SEGS_PER_PAGE)

/**
 * enum pvio_blk_kind - requests as statistics tell them apart
 * @PVIO_BLK_KIND_READ: reads
 * @PVIO_BLK_KIND_WRITE: writes
 * @PVIO_BLK_KIND_FLUSH: flushes and barriers
 * @PVIO_BLK_KIND_DISCARD: discards
 * @PVIO_BLK_KINDS: how many
 */
enum pvio_blk_kind {
	PVIO_BLK_KIND_READ,
	PVIO_BLK_KIND_WRITE,
	PVIO_BLK_KIND_FLUSH,
	PVIO_BLK_KIND_DISCARD,
	PVIO_BLK_KINDS,
};

/**
 * pvio_blk_kind() - which kind an operation is of
 * @op: BLKIF_OP_*, not indirect
 */
static inline enum pvio_blk_kind pvio_blk_kind(u8 op)
{
	switch (op) {
	case BLKIF_OP_READ:
		return PVIO_BLK_KIND_READ;
	case BLKIF_OP_WRITE:
		return PVIO_BLK_KIND_WRITE;
	case BLKIF_OP_DISCARD:
		return PVIO_BLK_KIND_DISCARD;
	default:
		return PVIO_BLK_KIND_FLUSH;
	}
}

/**
 * enum pvio_blk_abi - wire layouts, named by the guest's word size
 * @PVIO_BLK_ABI_64: x86_64 and arm64 (also native here)
 * @PVIO_BLK_ABI_32: x86_32, packed to 4 bytes
 */
enum pvio_blk_abi {
	PVIO_BLK_ABI_64,
	PVIO_BLK_ABI_32,
};

/**
 * pvio_blk_ring_type() - slot sizes of a layout
 * @abi: the layout
 */
const struct pvio_ring_type *pvio_blk_ring_type(enum pvio_blk_abi abi);

/**
 * struct pvio_blk_seg - one piece of a request, within one page
 * @gref: the guest's page
 * @first: first sector in it, 0 to 7
 * @count: sectors, 1 to 8
 */
struct pvio_blk_seg {
	u32 gref;
	u8 first;
	u8 count;
};

/**
 * struct pvio_blk_req - a request, decoded and checked for shape
 * @op: BLKIF_OP_READ, _WRITE, _WRITE_BARRIER, _FLUSH_DISKCACHE, _DISCARD; for
 *	indirect requests the operation inside
 * @wire_op: the operation to echo in the answer; for indirect requests the
 *	operation inside, which is what frontends compare it with
 * @indirect: segments are in the pages @page[]
 * @secure: discard: BLKIF_DISCARD_SECURE
 * @id: echoed in the answer
 * @sector: first sector on the disk
 * @sectors: discard: how many; else filled in by pvio_blk_add_up()
 * @nr_segs: segments in all
 * @nr_pages: indirect: pages that hold their descriptors
 * @seg: direct: the segments
 * @page: indirect: the descriptor pages' grant references
 * @reason: for PVIO_BAD: what is wrong, a constant string
 */
struct pvio_blk_req {
	u8 op;
	u8 wire_op;
	bool indirect;
	bool secure;
	u64 id;
	u64 sector;
	u64 sectors;
	u16 nr_segs;
	u8 nr_pages;
	union {
		struct pvio_blk_seg seg[PVIO_BLK_DIRECT_MAX];
		u32 page[BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST];
	};
	const char *reason;
};

/**
 * pvio_blk_take() - backend: take one request
 * @b: the ring, polled before
 * @abi: the guest's layout
 * @req: filled in; on PVIO_BAD @id and @wire_op are valid for the answer
 *
 * Return: PVIO_EMPTY, PVIO_OK, or PVIO_BAD: answer with BLKIF_RSP_ERROR, or
 * with BLKIF_RSP_EOPNOTSUPP when pvio_blk_known_op() says no.
 */
enum pvio_verdict pvio_blk_take(struct pvio_back_ring *b, enum pvio_blk_abi abi,
				struct pvio_blk_req *req);

/**
 * pvio_blk_known_op() - is this an operation the protocol defines here?
 * @op: operation from the wire
 */
bool pvio_blk_known_op(u8 op);

/**
 * pvio_blk_parse_segs() - backend: decode descriptors of an indirect page
 * @page: the guest's page as mapped or copied; each byte is loaded once
 * @n: descriptors in it, at most PVIO_BLK_SEGS_PER_PAGE
 * @seg: filled in
 *
 * Return: NULL, or what is wrong with one of them.
 */
const char *pvio_blk_parse_segs(const void *page, u16 n,
				struct pvio_blk_seg *seg);

/**
 * pvio_blk_add_up() - sum the segments' sectors and check them on the disk
 * @req: @sectors is set for reads and writes
 * @seg: @req->nr_segs segments
 * @capacity: the disk in sectors
 * @block: logical block size in sectors, a power of two
 *
 * Return: NULL, or what is wrong: beyond the disk, not aligned to @block.
 */
const char *pvio_blk_add_up(struct pvio_blk_req *req,
			    const struct pvio_blk_seg *seg, u64 capacity,
			    u32 block);

/**
 * pvio_blk_answer() - backend: answer one request, not yet published
 * @b: the ring
 * @abi: the guest's layout
 * @id: the request's id
 * @wire_op: the request's operation
 * @status: BLKIF_RSP_*
 *
 * Padding bytes are written as zero.
 * Return: false when there was no request left to answer.
 */
bool pvio_blk_answer(struct pvio_back_ring *b, enum pvio_blk_abi abi, u64 id,
		     u8 wire_op, s16 status);

/**
 * pvio_blk_put() - frontend: put one request, 64-bit layout
 * @f: the ring, known to have room
 * @req: the request; @wire_op is not looked at
 * @handle: the virtual device's number
 */
void pvio_blk_put(struct pvio_front_ring *f, const struct pvio_blk_req *req,
		  u16 handle);

/**
 * pvio_blk_format_segs() - frontend: write descriptors into an indirect page
 * @page: the granted page
 * @n: how many, at most PVIO_BLK_SEGS_PER_PAGE
 * @seg: the segments
 */
void pvio_blk_format_segs(void *page, u16 n, const struct pvio_blk_seg *seg);

/**
 * struct pvio_blk_rsp - an answer, copied out but not yet believed
 * @id: to be looked up before use
 * @op: must be the operation that was sent
 * @status: BLKIF_RSP_*; any other value is an I/O error
 */
struct pvio_blk_rsp {
	u64 id;
	u8 op;
	s16 status;
};

/**
 * pvio_blk_take_answer() - frontend: take one answer
 * @f: the ring, polled before
 * @rsp: filled in
 * Return: PVIO_EMPTY or PVIO_OK.
 */
enum pvio_verdict pvio_blk_take_answer(struct pvio_front_ring *f,
				       struct pvio_blk_rsp *rsp);

#endif /* PVIO_RING_BLKIF_H */
