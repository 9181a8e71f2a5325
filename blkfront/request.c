// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * From the block layer into the ring.
 *
 * Cost per request: one uncontended lock pair, one id, one slot of 112 bytes,
 * its grants (see pool.c), for a write through pool pages one copy of the data,
 * outside the lock, and one lock pair more.  Above 11 segments one page of
 * descriptors, 8 bytes a segment, which is always granted.  No allocation once
 * the pool has grown, no wake-up.  Cost per burst: at most one hypercall, to
 * notify; none while the backend is at work anyway.
 *
 * A request that is too large for what can be had of grants, or for a backend
 * that takes less than the last one, is sent in parts, one after the other.
 *
 * Who sends one request at a time and sleeps until it is answered waits for the
 * answer here, in the hypervisor: one hypercall, instead of two changes of
 * tasks, two settings of the timer, an interrupt and that hypercall.
 */
#include "request.h"

#include <linux/blk-mq.h>
#include <linux/build_bug.h>
#include <linux/mm.h>

#include "compat/blk.h"
#include "complete.h"
#include "copy.h"
#include "events.h"
#include "link.h"
#include "queue.h"
#include "ring/blkif.h"
#include "stats.h"
#include "trace.h"
#include "vbd.h"
#include "xenbus/device.h"
#include "xenbus/grants.h"

/* Descriptors are written in portions of so many, for a small stack. */
#define PORTION	16

/* A part of fewer segments is sent only when there is no other way. */
#define PART_WORTH	6U

static_assert(PAGE_SIZE == PVIO_BLK_PAGE);

/*
 * A segment begins at a sector, and is made of whole blocks of the backend's
 * disk; its page may be granted.
 */
static bool can_share(const struct pvio_bf_vbd *vbd, const struct bio_vec *bv)
{
	return !(bv->bv_offset & (PVIO_BLK_SECTOR - 1)) &&
	       !(bv->bv_len & (vbd->geometry.block - 1)) &&
	       pvio_page_grantable(bv->bv_page);
}

/* Returns 0 when a piece cannot be a segment as it is. */
static unsigned int count_pieces(const struct pvio_bf_vbd *vbd,
				 struct request *rq)
{
	struct req_iterator iter;
	struct bio_vec bv;
	unsigned int nr = 0;

	rq_for_each_segment(bv, rq, iter) {
		if (!can_share(vbd, &bv))
			return 0;
		nr++;
	}
	return nr;
}

static unsigned int sectors_of(struct request *rq, unsigned int pieces)
{
	struct req_iterator iter;
	unsigned int sum = 0;
	struct bio_vec bv;

	rq_for_each_segment(bv, rq, iter) {
		if (!pieces--)
			break;
		sum += bv.bv_len / PVIO_BLK_SECTOR;
	}
	return sum;
}

/* Only the first @nr segments now; the rest when these were answered. */
static noinline void cut_short(struct request *rq, struct pvio_bf_io *io,
			       unsigned int nr)
{
	io->part = true;
	io->nr = nr;
	io->sectors = io->copied ? nr * PVIO_BLK_PAGE_SECTORS :
				   sectors_of(rq, nr);
}

/* Copied data is packed, however many pieces it is in. */
static void plan_data(struct pvio_bf_vbd *vbd, struct request *rq,
		      struct pvio_bf_io *io)
{
	io->nr = vbd->copy ? 0 : count_pieces(vbd, rq);
	io->copied = !io->nr;
	if (io->copied)
		io->nr = DIV_ROUND_UP(blk_rq_bytes(rq), PVIO_BLK_PAGE);
	if (unlikely(io->nr > vbd->max_segs))
		cut_short(rq, io, vbd->max_segs);
}

/*
 * The block layer leaves FUA to a backend with barriers only.  Where such a
 * request meets the next backend, which has flushes, one follows when the data
 * was written; and is for nothing when that was at yet another backend.
 */
static noinline void plan_fua(struct pvio_bf_vbd *vbd, struct request *rq,
			      struct pvio_bf_io *io)
{
	u8 flush = READ_ONCE(vbd->flush_op);

	/* Not given back yet: what is there is another request's. */
	if (!(rq->rq_flags & RQF_DONTPREP))
		io->written = 0;
	if (flush == BLKIF_OP_WRITE_BARRIER) {
		io->op = flush;
	} else if (flush && io->written == vbd->epoch) {
		io->op = flush;
		io->nr = 0;
		io->sectors = 0;
		io->copied = false;
		io->part = false;
	} else {
		io->flush = flush;
	}
}

static void plan_write(struct pvio_bf_vbd *vbd, struct request *rq,
		       struct pvio_bf_io *io)
{
	io->op = BLKIF_OP_WRITE;
	plan_data(vbd, rq, io);
	if (unlikely(rq->cmd_flags & REQ_FUA))
		plan_fua(vbd, rq, io);
}

static bool choose_op(struct pvio_bf_vbd *vbd, struct request *rq,
		      struct pvio_bf_io *io)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
		io->op = BLKIF_OP_READ;
		plan_data(vbd, rq, io);
		return true;
	case REQ_OP_WRITE:
		plan_write(vbd, rq, io);
		return true;
	case REQ_OP_FLUSH:
		io->op = READ_ONCE(vbd->flush_op);
		return true;
	case REQ_OP_DISCARD:
	case REQ_OP_SECURE_ERASE:
		io->op = BLKIF_OP_DISCARD;
		return READ_ONCE(vbd->discard);
	default:
		return false;
	}
}

static void lay_out_copy(struct pvio_bf_io *io)
{
	unsigned int left = io->sectors;
	struct pvio_bf_buf *buf;

	for (buf = io->data.head; buf; buf = buf->next) {
		buf->first = 0;
		buf->count = min_t(unsigned int, left, PVIO_BLK_PAGE_SECTORS);
		left -= buf->count;
	}
}

static void grant_pieces(struct pvio_bf_queue *q, struct request *rq,
			 struct pvio_bf_io *io)
{
	struct pvio_bf_buf *buf = io->data.head;
	struct req_iterator iter;
	struct bio_vec bv;

	rq_for_each_segment(bv, rq, iter) {
		if (unlikely(!buf))
			break;
		buf->page = bv.bv_page;
		buf->first = bv.bv_offset / PVIO_BLK_SECTOR;
		buf->count = bv.bv_len / PVIO_BLK_SECTOR;
		buf->ref = pvio_grant(&q->pool.grefs, bv.bv_page,
				      io->op != BLKIF_OP_READ);
		buf = buf->next;
	}
}

static bool take_data(struct pvio_bf_queue *q, struct pvio_bf_io *io)
{
	if (io->nr > PVIO_BLK_DIRECT_MAX &&
	    !pvio_bf_pool_take_ready(&q->pool, 1, &io->table))
		return false;
	if (io->copied ?
	    pvio_bf_pool_take_ready(&q->pool, io->nr, &io->data) :
	    pvio_bf_pool_take_bare(&q->pool, io->nr, &io->data))
		return true;
	if (io->table.head)
		pvio_bf_pool_put_ready(&q->pool, &io->table, 1);
	return false;
}

/* The most segments of a request for which there are descriptors now. */
static unsigned int affordable(const struct pvio_bf_pool *pool, bool copied)
{
	unsigned int direct = PVIO_BLK_DIRECT_MAX;

	if (copied)
		return pool->nr_ready <= direct + 1 ?
			min(pool->nr_ready, direct) : pool->nr_ready - 1;
	return pool->nr_ready ? pool->nr_bare : min(pool->nr_bare, direct);
}

/*
 * There are no more grants to be had.  What others of this queue hold comes
 * back; but if that is little, or nothing, a part of the request gets on.
 */
static noinline bool take_part(struct pvio_bf_queue *q, struct request *rq,
			       struct pvio_bf_io *io)
{
	unsigned int nr = affordable(&q->pool, io->copied);
	bool alone = q->ids.free + 1 == q->ids.nr;

	if (!nr || nr >= io->nr)
		return false;
	if (!alone && (nr < PART_WORTH || pvio_bf_pool_is_full(&q->pool)))
		return false;
	cut_short(rq, io, nr);
	q->stats->parts++;
	return take_data(q, io);
}

static bool reserve_data(struct pvio_bf_queue *q, struct request *rq,
			 struct pvio_bf_io *io)
{
	if (!io->nr || likely(take_data(q, io)))
		return true;
	return take_part(q, rq, io);
}

/* An id and grants, or nothing; then the next completion tries again. */
static bool reserve(struct pvio_bf_queue *q, struct request *rq,
		    struct pvio_bf_io *io)
{
	int id;

	lockdep_assert_held(&q->lock);
	id = pvio_idpool_get(&q->ids);
	if (unlikely(id < 0))
		goto starved;
	if (unlikely(!reserve_data(q, rq, io)))
		goto put_id;
	if (io->copied)
		lay_out_copy(io);
	else if (io->nr)
		grant_pieces(q, rq, io);
	io->id = id;
	q->io[id] = io;
	return true;
put_id:
	pvio_idpool_put(&q->ids, id);
starved:
	q->stats->starved++;
	WRITE_ONCE(q->starved, true);
	return false;
}

static struct pvio_blk_seg segment(const struct pvio_bf_buf *buf)
{
	return (struct pvio_blk_seg){
		.gref = buf->ref,
		.first = buf->first,
		.count = buf->count,
	};
}

static void list_directly(const struct pvio_bf_io *io, struct pvio_blk_req *req)
{
	const struct pvio_bf_buf *buf = io->data.head;
	unsigned int i;

	for (i = 0; i < io->nr; i++) {
		req->seg[i] = segment(buf);
		buf = buf->next;
	}
}

static void list_in_table(const struct pvio_bf_io *io, struct pvio_blk_req *req)
{
	char *table = page_address(io->table.head->page);
	const struct pvio_bf_buf *buf = io->data.head;
	struct pvio_blk_seg seg[PORTION];
	unsigned int n;

	req->indirect = true;
	req->nr_pages = 1;
	req->page[0] = io->table.head->ref;
	while (buf) {
		for (n = 0; buf && n < PORTION; n++) {
			seg[n] = segment(buf);
			buf = buf->next;
		}
		pvio_blk_format_segs(table, n, seg);
		table += n * (PVIO_BLK_PAGE / PVIO_BLK_SEGS_PER_PAGE);
	}
}

static void describe(struct request *rq, const struct pvio_bf_io *io,
		     struct pvio_blk_req *req)
{
	req->op = io->op;
	req->indirect = false;
	req->secure = req_op(rq) == REQ_OP_SECURE_ERASE;
	req->id = io->id;
	req->sector = io->sectors ? blk_rq_pos(rq) : 0;
	req->sectors = io->sectors;
	req->nr_segs = io->nr;
	if (io->nr > PVIO_BLK_DIRECT_MAX)
		list_in_table(io, req);
	else
		list_directly(io, req);
}

static void push(struct pvio_bf_queue *q)
{
	bool notify;

	spin_lock_bh(&q->lock);
	notify = pvio_front_push(&q->ring);
	pvio_bf_stats_pushed(q->stats, notify);
	spin_unlock_bh(&q->lock);
	if (notify)
		pvio_event_notify(&q->event);
}

/* Returns whether to notify. */
static bool put(struct pvio_bf_queue *q, struct request *rq,
		struct pvio_bf_io *io,
		bool last)
{
	struct pvio_blk_req req;
	bool notify;

	lockdep_assert_held(&q->lock);
	describe(rq, io, &req);
	io->at = pvio_front_index(&q->ring);
	io->sent = true;
	pvio_blk_put(&q->ring, &req, q->vbd->place.number);
	pvio_bf_stats_sent(q->stats, rq, io);
	trace_bf_submit(q, io);
	if (!last)
		return false;
	notify = pvio_front_push(&q->ring);
	pvio_bf_stats_pushed(q->stats, notify);
	return notify;
}

/* Data is copied outside the lock, which answers need. */
static void copy_out(struct pvio_bf_queue *q, struct pvio_bf_io *io)
{
	spin_unlock_bh(&q->lock);
	pvio_bf_copy_data(io, true);
	spin_lock_bh(&q->lock);
}

/* Returns false, with nothing sent, when the queue has no id or no grants. */
static bool transmit(struct pvio_bf_queue *q, struct request *rq,
		     struct pvio_bf_io *io, bool last)
{
	enum pvio_bf_duty duty = PVIO_BF_DUTY_NONE;
	bool ok, notify = false;

	spin_lock_bh(&q->lock);
	ok = reserve(q, rq, io);
	if (likely(ok)) {
		trace_bf_map(q, io);
		if (io->copied && io->op != BLKIF_OP_READ)
			copy_out(q, io);
		notify = put(q, rq, io, last);
		duty = pvio_bf_events_sent(q, rq, last);
	}
	spin_unlock_bh(&q->lock);
	if (notify)
		pvio_event_notify(&q->event);
	if (unlikely(duty))
		pvio_bf_events_follow(q, duty);
	return ok;
}

static void begin(struct request *rq, struct pvio_bf_io *io)
{
	io->nr = 0;
	io->sectors = blk_rq_sectors(rq);
	io->copied = false;
	io->part = false;
	io->flush = false;
	io->sent = false;
	io->sent_at = 0;
	io->status = BLK_STS_OK;
	io->data.head = NULL;
	io->table.head = NULL;
	blk_mq_start_request(rq);
}

static blk_status_t end_flush(struct request *rq)
{
	blk_mq_end_request(rq, BLK_STS_OK);
	return BLK_STS_OK;
}

/*
 * A backend met later has no queue for what was to be polled for: it ends like
 * any other request, where a bio of a task's own cache must not be freed.
 */
static noinline void clear_polled(struct request *rq)
{
	struct bio *bio;

	rq->cmd_flags &= ~REQ_POLLED;
	__rq_for_each_bio(bio, rq)
		bio_clear_polled(bio);
}

/*
 * Returns true when the request is to be transmitted; else *st is what the
 * block layer gets to hear.
 */
static bool prepare(struct pvio_bf_queue *q, struct request *rq,
		    blk_status_t *st)
{
	struct pvio_bf_io *io = blk_mq_rq_to_pdu(rq);

	begin(rq, io);
	if (unlikely(rq->cmd_flags & REQ_POLLED) && !q->polled)
		clear_polled(rq);
	*st = BLK_STS_NOTSUPP;
	if (unlikely(!choose_op(q->vbd, rq, io)))
		return false;
	trace_bf_begin(q, io);
	if (unlikely(req_op(rq) == REQ_OP_FLUSH && !io->op)) {
		*st = end_flush(rq);
		return false;
	}
	*st = BLK_STS_RESOURCE;
	return true;
}

static struct pvio_bf_queue *pick(struct pvio_bf_vbd *vbd,
				  struct blk_mq_hw_ctx *hctx)
{
	unsigned int i = hctx->queue_num;

	/* A backend met later may serve fewer queues than the first one. */
	if (unlikely(i >= vbd->nr_queues))
		i %= vbd->nr_queues;
	return &vbd->queues[i];
}

static blk_status_t bf_request_queue_rq(struct blk_mq_hw_ctx *hctx,
					const struct blk_mq_queue_data *bd)
{
	struct pvio_bf_vbd *vbd = hctx->queue->queuedata;
	enum pvio_bf_link link = pvio_bf_link_seen(vbd);
	struct pvio_bf_queue *q;
	blk_status_t st;

	if (unlikely(link == PVIO_BF_LINK_FAILED))
		return BLK_STS_IOERR;
	if (unlikely(link != PVIO_BF_LINK_UP || pvio_device_broken(vbd->pdev)))
		return BLK_STS_RESOURCE;
	q = pick(vbd, hctx);
	if (likely(prepare(q, bd->rq, &st) &&
		   transmit(q, bd->rq, blk_mq_rq_to_pdu(bd->rq), bd->last)))
		return BLK_STS_OK;
	if (bd->last)
		push(q);
	return st;
}

static void bf_request_commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	struct pvio_bf_vbd *vbd = hctx->queue->queuedata;

	if (likely(pvio_bf_link_seen(vbd) == PVIO_BF_LINK_UP))
		push(pick(vbd, hctx));
}

static unsigned int look_for_answers(struct blk_mq_hw_ctx *hctx)
{
	struct pvio_bf_vbd *vbd = hctx->queue->queuedata;

	struct pvio_bf_queue *q;

	if (unlikely(pvio_bf_link_seen(vbd) != PVIO_BF_LINK_UP))
		return 0;
	q = pick(vbd, hctx);
	/* Its answers are told by events, which must not find them gone. */
	return likely(q->polled) ? pvio_bf_complete_poll(q) : 0;
}

/*
 * The block layer's wait for whoever saw the link up, before queues are
 * closed, is one for RCU readers; a poller is none by itself.
 */
static int bf_request_poll(struct blk_mq_hw_ctx *hctx,
			   struct io_comp_batch *iob)
{
	unsigned int nr;

	rcu_read_lock();
	nr = look_for_answers(hctx);
	rcu_read_unlock();
	return nr;
}

static void map_kind(struct blk_mq_queue_map *map, unsigned int from,
		     unsigned int to)
{
	map->queue_offset = from;
	map->nr_queues = to - from;
	if (map->nr_queues)
		blk_mq_map_queues(map);
}

static void bf_request_map_queues(struct blk_mq_tag_set *set)
{
	struct pvio_bf_vbd *vbd = set->driver_data;
	unsigned int polled = min(vbd->first_polled, set->nr_hw_queues);

	map_kind(&set->map[HCTX_TYPE_DEFAULT], 0, polled);
	if (set->nr_maps > HCTX_TYPE_POLL)
		map_kind(&set->map[HCTX_TYPE_POLL], polled, set->nr_hw_queues);
}

/* A polled request that nobody waits for any more has nobody to find it. */
static bool answered_meanwhile(struct request *rq)
{
	if (rq->mq_hctx->type != HCTX_TYPE_POLL)
		return false;
	bf_request_poll(rq->mq_hctx, NULL);
	return !blk_mq_request_started(rq);
}

/*
 * Nothing can be taken back from a backend that may still write to it, so
 * this only tells; unless the disk is leaving, which must come to an end.
 */
static enum blk_eh_timer_return bf_request_timeout(struct request *rq)
{
	struct pvio_bf_vbd *vbd = rq->q->queuedata;
	struct pvio_bf_io *io = blk_mq_rq_to_pdu(rq);

	if (answered_meanwhile(rq))
		return BLK_EH_DONE;
	pvio_warn(vbd->pdev, "%s: no answer for %u s to operation %u of %u sectors at %llu",
		  vbd->place.name, rq->timeout / HZ, io->op, blk_rq_sectors(rq),
		  (u64)blk_rq_pos(rq));
	if (READ_ONCE(vbd->leaving))
		pvio_bf_link_fail_soon(vbd);
	return BLK_EH_RESET_TIMER;
}

const struct blk_mq_ops pvio_bf_request_ops = {
	.queue_rq = bf_request_queue_rq,
	.commit_rqs = bf_request_commit_rqs,
	.poll = bf_request_poll,
	.map_queues = bf_request_map_queues,
	.timeout = bf_request_timeout,
};
