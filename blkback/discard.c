// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discards.  One that fits in a bio is submitted like any other request; a
 * larger one is cut into bios by a work item, so that the ring's other
 * requests go on meanwhile.  The request's own bio is the last one and ends
 * when all have ended.
 */
#include "io.h"

#include <linux/bio.h>
#include <linux/bits.h>
#include <linux/blkdev.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "queue.h"
#include "request.h"
#include "vbd.h"

/* Sectors of one bio: far below its limit, a multiple of any granularity. */
#define PIECE	BIT(22)

static blk_opf_t flags_of(const struct pvio_bb_req *rq)
{
	return rq->req.secure ? REQ_OP_SECURE_ERASE : REQ_OP_DISCARD;
}

/* The block layer itself cuts discards to the device's limit. */
static u32 piece_of(const struct pvio_bb_req *rq)
{
	struct block_device *bdev = rq->q->vbd->bdev.bdev;
	u32 most;

	if (!rq->req.secure)
		return PIECE;
	most = round_down(bdev_max_secure_erase_sectors(bdev),
			  pvio_vbd_block(rq->q->vbd));
	return clamp_t(u32, most, pvio_vbd_block(rq->q->vbd), PIECE);
}

static void prepare_last(struct pvio_bb_req *rq, u64 sector, u64 sectors)
{
	pvio_bb_io_prepare_bio(rq, flags_of(rq));
	rq->bio.bi_iter.bi_sector = sector;
	rq->bio.bi_iter.bi_size = sectors << SECTOR_SHIFT;
}

static void submit_piece(struct pvio_bb_req *rq, u64 sector, u32 sectors)
{
	struct bio *bio = bio_alloc(rq->q->vbd->bdev.bdev, 0, flags_of(rq),
				    GFP_NOIO);

	bio->bi_iter.bi_sector = sector;
	bio->bi_iter.bi_size = sectors << SECTOR_SHIFT;
	bio_chain(bio, &rq->bio);
	submit_bio(bio);
}

static void work(struct work_struct *w)
{
	struct pvio_bb_req *rq = container_of(w, struct pvio_bb_req, work);
	u32 piece = piece_of(rq);
	u64 left = rq->req.sectors;
	u64 sector = rq->req.sector;
	u32 last;

	div_u64_rem(left, piece, &last);
	if (!last)
		last = piece;
	prepare_last(rq, sector + left - last, last);
	for (; left > last; left -= piece, sector += piece) {
		submit_piece(rq, sector, piece);
		cond_resched();
	}
	submit_bio(&rq->bio);
}

void pvio_bb_discard_submit(struct pvio_bb_req *rq)
{
	if (rq->req.sectors > piece_of(rq)) {
		INIT_WORK(&rq->work, work);
		queue_work(pvio_bb_workqueue(), &rq->work);
		return;
	}
	prepare_last(rq, rq->req.sector, rq->req.sectors);
	submit_bio(&rq->bio);
}
