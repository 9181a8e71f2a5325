// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Planning and submitting: plan() finds each request of a batch its pages, then
 * submit_ready() has all of them copied for and submits them.
 *
 * Each segment's data goes one of two ways.
 *
 * Mapped: the guest promised to use the same pages again (feature-persistent)
 * and this one is in the cache: the device reads or writes it directly.  No
 * hypercall, no copy here; the guest has copied already.
 *
 * Copied: the hypervisor copies between the guest's page and one of ours, up
 * to 64 segments in one hypercall, of all the requests of a batch.  Mapping
 * such a page instead would save the copy, but costs two page table updates,
 * book-keeping of the frame on both sides, and, with more than one CPU, a TLB
 * flush on all of them at the unmapping.  For one 4 KiB page a copy is about
 * 500 instructions of moving data and 500 around it; a map and unmap pair is
 * several thousand.  A page that will be used again is worth mapping from its
 * second or third use on, which is what the guest's promise is for.
 *
 * Costs of a batch of copied reads or writes: one grant copy hypercall for
 * each 64 segments, one plug, one event at most.  Per request: a lock for its
 * pages, one bio that lies in the request itself.
 *
 * Locks: vbd->barrier for reading around a batch.  A barrier takes it for
 * writing, so that no queue of the disk submits while it drains all of them.
 */
#include "io.h"

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/mm.h>
#include <linux/wait.h>

#include "xenbus/device.h"

#include "complete.h"
#include "discard.h"
#include "queue.h"
#include "request.h"
#include "stats.h"
#include "vbd.h"

/* A plug gathers neighbours; a lone request goes straight to the device. */
static void plug(struct pvio_bb_queue *q, unsigned int nr)
{
	q->plugged = nr > 1;
	if (!q->plugged)
		return;
	blk_start_plug(&q->plug);
	/* Tags for all of them are taken in one go. */
	q->plug.nr_ios = nr;
}

/* From here on everything submitted makes progress without the worker. */
static void unplug(struct pvio_bb_queue *q)
{
	if (q->plugged)
		blk_finish_plug(&q->plug);
	q->plugged = false;
	pvio_bb_complete_kick(q);
}

static blk_opf_t flags_of(const struct pvio_bb_req *rq)
{
	switch (rq->req.op) {
	case BLKIF_OP_READ:
		return REQ_OP_READ;
	case BLKIF_OP_FLUSH_DISKCACHE:
		return REQ_OP_WRITE | REQ_PREFLUSH;
	case BLKIF_OP_WRITE_BARRIER:
		return REQ_OP_WRITE | REQ_SYNC | REQ_PREFLUSH | REQ_FUA;
	default:
		return REQ_OP_WRITE | REQ_SYNC | REQ_IDLE |
		       READ_ONCE(rq->q->vbd->durable);
	}
}

static void submit(struct pvio_bb_req *rq)
{
	const struct pvio_bb_vbd *vbd = rq->q->vbd;
	/* Nothing that would have to be flushed was written. */
	bool idle = rq->req.op == BLKIF_OP_FLUSH_DISKCACHE && vbd->readonly;
	struct bio *bio = &rq->bio;

	if (unlikely(rq->status != BLKIF_RSP_OKAY || idle)) {
		pvio_bb_complete_add(rq);
		return;
	}
	if (unlikely(rq->req.op == BLKIF_OP_DISCARD)) {
		pvio_bb_discard_submit(rq);
		return;
	}
	bio_init(bio, vbd->bdev.bdev, rq->vec, rq->req.nr_segs, flags_of(rq));
	bio->bi_end_io = pvio_bb_complete_bio;
	bio->bi_iter.bi_sector = rq->req.sector;
	bio->bi_vcnt = rq->req.nr_segs;
	bio->bi_iter.bi_size = rq->req.sectors << SECTOR_SHIFT;
	submit_bio(bio);
}

/*
 * When the disk stops, what was copied or mapped just now may not be what the
 * guest meant.  Nothing was answered: it is for the guest to ask again.
 */
static void drop_ready(struct pvio_bb_queue *q)
{
	unsigned int i;

	for (i = 0; i < q->nr_ready; i++)
		q->ready[i]->status = PVIO_BB_DROPPED;
}

/* Submits what was planned, after the copies it waits for. */
static void submit_ready(struct pvio_bb_queue *q)
{
	unsigned int i, nr = q->nr_ready;

	if (q->in.nr)
		pvio_bb_copies_make(&q->in, true);
	if (pvio_bb_vbd_is_stopping(q->vbd))
		drop_ready(q);
	q->nr_ready = 0;
	atomic_add(nr, &q->busy);
	pvio_bb_stats_submit(q, nr);
	for (i = 0; i < nr; i++)
		submit(q->ready[i]);
}

static bool is_mapped(const struct pvio_bb_req *rq, unsigned int i)
{
	return rq->grant && rq->grant[i];
}

static void set_vectors(struct pvio_bb_req *rq)
{
	struct page *own = list_first_entry(&rq->pages, struct page, lru);
	struct page *page;
	unsigned int i;

	for (i = 0; i < rq->req.nr_segs; i++) {
		if (is_mapped(rq, i)) {
			page = rq->grant[i]->kept.map.page;
		} else {
			page = own;
			own = list_next_entry(own, lru);
		}
		bvec_set_page(&rq->vec[i], page,
			      rq->seg[i].count << SECTOR_SHIFT,
			      rq->seg[i].first << SECTOR_SHIFT);
	}
}

static void add_copies_in(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	const struct bio_vec *vec;
	unsigned int i;

	for (i = 0; i < rq->req.nr_segs; i++) {
		if (is_mapped(rq, i))
			continue;
		vec = &rq->vec[i];
		pvio_copy_in(pvio_bb_copies_add(&q->in, rq, true),
			     q->vbd->pdev, pvio_bb_request_piece(rq, i),
			     vec->bv_page, vec->bv_offset);
	}
}

/*
 * Waits, if it must, for pages that earlier requests give back.  A request is
 * given up only when the disk stops: the guest will not miss the answer.
 */
static bool get_pages(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	do {
		if (likely(!pvio_bb_pages_get(&q->pages, &rq->pages,
					      rq->own_pages)))
			return true;
		submit_ready(q);
		unplug(q);
	} while (pvio_bb_request_pause(q));
	pvio_bb_pages_give_way(&q->pages);
	return false;
}

static int find_mapped(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	int err;

	if (!q->persistent) {
		rq->own_pages = rq->req.nr_segs;
		return 0;
	}
	rq->grant = pvio_bb_request_grants(rq);
	err = pvio_bb_persist_get(&q->persist, rq);
	if (err)
		rq->grant = NULL;
	return err;
}

/* Finds a page for each segment, and copies to be made before submitting. */
static void plan(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	if (unlikely(find_mapped(q, rq))) {
		pvio_warn(q->vbd->pdev, "queue %u: grant does not map",
			  q->index);
		rq->status = BLKIF_RSP_ERROR;
		return;
	}
	if (rq->own_pages && !get_pages(q, rq)) {
		rq->own_pages = 0;
		rq->status = PVIO_BB_DROPPED;
		return;
	}
	set_vectors(rq);
	trace_bb_map(rq);
	if (rq->own_pages && rq->req.op != BLKIF_OP_READ)
		add_copies_in(q, rq);
}

static void drain(struct pvio_bb_queue *q)
{
	wait_event_idle(q->wait, !atomic_read(&q->busy));
}

/*
 * Everything taken before, on any queue, is on the disk before the barrier;
 * everything taken later is submitted after it.  The worker waits: by the
 * barrier's own meaning there is nothing else it could do.
 */
static void run_barrier(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	struct pvio_bb_vbd *vbd = q->vbd;
	unsigned int i;

	submit_ready(q);
	unplug(q);
	up_read(&vbd->barrier);
	down_write(&vbd->barrier);
	for (i = 0; i < vbd->nr_queues; i++)
		drain(&vbd->queues[i]);
	q->ready[q->nr_ready++] = rq;
	submit_ready(q);
	unplug(q);
	drain(q);
	downgrade_write(&vbd->barrier);
}

void pvio_bb_io_run(struct pvio_bb_queue *q, unsigned int from, unsigned int to)
{
	struct pvio_bb_req *rq;

	down_read(&q->vbd->barrier);
	plug(q, to - from);
	for (; from < to; from++) {
		rq = q->batch[from];
		if (likely(rq->status == BLKIF_RSP_OKAY) && rq->req.nr_segs)
			plan(q, rq);
		if (unlikely(rq->req.op == BLKIF_OP_WRITE_BARRIER))
			run_barrier(q, rq);
		else
			q->ready[q->nr_ready++] = rq;
	}
	submit_ready(q);
	unplug(q);
	up_read(&q->vbd->barrier);
}
