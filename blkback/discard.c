// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Discards.  One that the device takes at once is submitted like any other
 * request.  Larger ones wait in a row, one for each disk, and are cut into
 * pieces: when a piece has ended, a work item submits the next.  So a guest
 * that discards all it has in one request, or in hundreds, occupies one bio of
 * its own request and one piece of the device's time, and nothing but its own
 * other large discards waits for it.  When the disk stops, so does this, with
 * the piece that is at the device.
 */
#include "discard.h"

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/workqueue.h>

#include "complete.h"
#include "queue.h"
#include "request.h"
#include "vbd.h"

/* What fits into a bio; more does not help the device either. */
#define MOST	(UINT_MAX >> SECTOR_SHIFT)

static struct workqueue_struct *discard_wq;

static struct block_device *bdev_of(const struct pvio_bb_req *rq)
{
	return rq->q->vbd->bdev.bdev;
}

static blk_opf_t operation_of(const struct pvio_bb_req *rq)
{
	return rq->req.secure ? REQ_OP_SECURE_ERASE : REQ_OP_DISCARD;
}

/*
 * Up to a border of the device's units, where there is one within the piece:
 * a unit that is cut in two may not be discarded at all.
 */
static u32 to_border(const struct pvio_bb_req *rq, u32 most)
{
	struct block_device *bdev = bdev_of(rq);
	u32 unit = bdev_discard_granularity(bdev) >> SECTOR_SHIFT;
	u32 first = bdev_discard_alignment(bdev) >> SECTOR_SHIFT;
	u32 beyond;

	if (unit <= 1)
		return most;
	div_u64_rem(rq->next + most - first, unit, &beyond);
	return beyond < most ? most - beyond : most;
}

/* What the device does in one go. */
static u32 limit_of(const struct pvio_bb_req *rq)
{
	return rq->req.secure ? bdev_max_secure_erase_sectors(bdev_of(rq)) :
				bdev_max_discard_sectors(bdev_of(rq));
}

/* The block layer cuts discards to the limit, but not secure ones. */
static u32 next_piece(const struct pvio_bb_req *rq)
{
	u32 block = pvio_bb_vbd_block(rq->q->vbd), most = MOST;

	if (rq->req.secure)
		most = min(most, limit_of(rq));
	most = max(round_down(most, block), block);
	if (rq->left <= most)
		return rq->left;
	return rq->req.secure ? most : to_border(rq, most);
}

static void prepare(struct pvio_bb_req *rq, u32 sectors)
{
	struct bio *bio = &rq->bio;

	bio_init(bio, bdev_of(rq), NULL, 0, operation_of(rq));
	bio->bi_end_io = pvio_bb_complete_bio;
	bio->bi_iter.bi_sector = rq->next;
	bio->bi_iter.bi_size = sectors << SECTOR_SHIFT;
	rq->next += sectors;
	rq->left -= sectors;
}

static void go_on(struct pvio_bb_discards *d)
{
	queue_work(discard_wq, &d->work);
}

/* Returns what is to be done now; NULL while a piece is at the device. */
static struct pvio_bb_req *take(struct pvio_bb_discards *d)
{
	struct pvio_bb_req *rq = NULL;

	spin_lock_irq(&d->lock);
	if (!d->busy) {
		if (!d->now && !list_empty(&d->waiting)) {
			d->now = list_first_entry(&d->waiting,
						  struct pvio_bb_req, pages);
			list_del_init(&d->now->pages);
		}
		rq = d->now;
		d->busy = rq;
	}
	spin_unlock_irq(&d->lock);
	return rq;
}

/* The other side of take(). */
static void leave(struct pvio_bb_discards *d, bool finished)
{
	unsigned long flags;

	spin_lock_irqsave(&d->lock, flags);
	d->busy = false;
	if (finished)
		d->now = NULL;
	if (d->now || !list_empty(&d->waiting))
		go_on(d);
	spin_unlock_irqrestore(&d->lock, flags);
}

/* Any context. */
static void bb_discard_end_piece(struct bio *bio)
{
	struct pvio_bb_req *rq = container_of(bio, struct pvio_bb_req, bio);
	bool finished = bio->bi_status || !rq->left;
	struct pvio_bb_vbd *vbd = rq->q->vbd;

	if (!finished)
		bio_uninit(bio);
	leave(&vbd->discards, finished);
	if (finished)
		pvio_bb_complete_bio(bio);
}

static void drop(struct pvio_bb_discards *d, struct pvio_bb_req *rq)
{
	leave(d, true);
	rq->status = PVIO_BB_DROPPED;
	pvio_bb_complete_add(rq);
}

static void bb_discard_work(struct work_struct *w)
{
	struct pvio_bb_discards *d = container_of(w, struct pvio_bb_discards,
						  work);
	struct pvio_bb_req *rq = take(d);

	if (!rq)
		return;
	if (pvio_bb_vbd_is_stopping(rq->q->vbd)) {
		drop(d, rq);
		return;
	}
	prepare(rq, next_piece(rq));
	rq->bio.bi_end_io = bb_discard_end_piece;
	submit_bio(&rq->bio);
}

static void line_up(struct pvio_bb_discards *d, struct pvio_bb_req *rq)
{
	spin_lock_irq(&d->lock);
	list_add_tail(&rq->pages, &d->waiting);
	if (!d->busy)
		go_on(d);
	spin_unlock_irq(&d->lock);
}

void pvio_bb_discard_submit(struct pvio_bb_req *rq)
{
	rq->next = rq->req.sector;
	rq->left = rq->req.sectors;
	if (rq->left > min_t(u32, limit_of(rq), MOST)) {
		line_up(&rq->q->vbd->discards, rq);
		return;
	}
	prepare(rq, rq->left);
	submit_bio(&rq->bio);
}

void pvio_bb_discard_close(struct pvio_bb_discards *d)
{
	cancel_work_sync(&d->work);
}

void pvio_bb_discard_prepare(struct pvio_bb_discards *d)
{
	spin_lock_init(&d->lock);
	INIT_LIST_HEAD(&d->waiting);
	INIT_WORK(&d->work, bb_discard_work);
}

int pvio_bb_discard_init(void)
{
	/* As many as possible: each may be stuck. */
	discard_wq = alloc_workqueue("pvio-blkback-discard",
				     WQ_UNBOUND | WQ_MEM_RECLAIM | WQ_FREEZABLE,
				     WQ_UNBOUND_MAX_ACTIVE);
	return discard_wq ? 0 : -ENOMEM;
}

void pvio_bb_discard_exit(void)
{
	destroy_workqueue(discard_wq);
}
