// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Taking requests off the ring and checking them.
 *
 * Per batch: one lock, no allocation once there are objects enough, and, when
 * there are indirect requests, one grant copy hypercall that fetches the
 * descriptors of up to 16 requests of 32 segments.  Per request: one copy of
 * the slot.
 */
#include "request.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "xenbus/device.h"
#include "xenbus/resource.h"

#include "budget.h"
#include "copies.h"
#include "persist.h"
#include "queue.h"
#include "stats.h"
#include "vbd.h"

#define DESCRIPTOR	sizeof(struct blkif_request_segment)

/* All of a request's are in its first page, and the scratch page holds them. */
static_assert(PVIO_BLK_SEGS_MAX * DESCRIPTOR <= PVIO_BLK_PAGE);
static_assert(PVIO_BLK_INDIRECT_MAX == 1);

/* Large requests that room is reserved for together. */
#define LARGE_STEP	8
/* Pages for a batch of objects, and for what large requests have more. */
#define OBJECTS_COST	DIV_ROUND_UP(PVIO_BB_BATCH * \
				     sizeof(struct pvio_bb_req), PAGE_SIZE)
#define LARGE_COST	DIV_ROUND_UP(LARGE_STEP * PVIO_BLK_SEGS_MAX * MORE, \
				     PAGE_SIZE)
#define MORE		(sizeof(struct bio_vec) + \
			 sizeof(struct pvio_bb_grant *) + \
			 sizeof(struct pvio_blk_seg))

/* How long to wait for memory before asking again. */
#define PAUSE		max(HZ / 50, 1)

static struct kmem_cache *cache;

int pvio_bb_request_init(void)
{
	cache = kmem_cache_create("pvio_bb_req", sizeof(struct pvio_bb_req), 0,
				  SLAB_HWCACHE_ALIGN, NULL);
	return cache ? 0 : -ENOMEM;
}

void pvio_bb_request_exit(void)
{
	kmem_cache_destroy(cache);
}

bool pvio_bb_request_pause(struct pvio_bb_queue *q)
{
	q->stats->oo_req++;
	set_bit(PVIO_BB_HUNGRY, &q->flags);
	wait_event_idle_timeout(q->wait, !test_bit(PVIO_BB_HUNGRY, &q->flags),
				PAUSE);
	clear_bit(PVIO_BB_HUNGRY, &q->flags);
	return !pvio_bb_vbd_is_stopping(q->vbd);
}

unsigned int pvio_bb_request_must(void)
{
	return OBJECTS_COST + LARGE_COST;
}

/* The first step was reserved in any case. */
static void give_room(struct pvio_bb_queue *q, unsigned int steps,
		      unsigned int cost)
{
	struct pvio_bb_share *share = &q->vbd->share;

	if (!steps)
		return;
	pvio_bb_budget_give_other(share, cost, true);
	pvio_bb_budget_give_other(share, (steps - 1) * cost, false);
}

/* A request that may not be carried out: one line, no more than now and then. */
static void refuse(struct pvio_bb_req *rq, s16 status, const char *why)
{
	rq->status = status;
	rq->q->stats->refused++;
	pvio_warn(rq->q->vbd->pdev, "queue %u: operation %u at sector %llu: %s",
		  rq->q->index, rq->req.op, rq->req.sector, why);
}

static void refuse_bad(struct pvio_bb_req *rq)
{
	bool known = pvio_blk_known_op(rq->req.wire_op);

	refuse(rq, known ? BLKIF_RSP_ERROR : BLKIF_RSP_EOPNOTSUPP,
	       rq->req.reason);
}

static void start_request(struct pvio_bb_req *rq, struct pvio_bb_queue *q)
{
	rq->q = q;
	rq->status = BLKIF_RSP_OKAY;
	rq->own_pages = 0;
	rq->begun = 0;
	rq->issued = 0;
	rq->took = 0;
	INIT_LIST_HEAD(&rq->pages);
	rq->seg = rq->req.seg;
	rq->vec = rq->vecs;
	rq->grant = NULL;
	rq->more = NULL;
}

/* Takes objects that were used before; returns how many of @nr. */
static unsigned int reuse(struct pvio_bb_queue *q, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!q->idle)
			q->idle = llist_del_all(&q->spare);
		if (!q->idle)
			break;
		q->batch[i] = llist_entry(q->idle, struct pvio_bb_req, node);
		q->idle = q->idle->next;
	}
	return i;
}

/* For a first batch there is always room: those come back. */
static bool have_room(struct pvio_bb_queue *q, unsigned int nr)
{
	if (atomic_read(&q->nr_objects) + nr <= q->room_objects)
		return true;
	if (!pvio_bb_budget_take_other(&q->vbd->share, OBJECTS_COST,
				       !q->room_objects))
		return false;
	q->room_objects += PVIO_BB_BATCH;
	return atomic_read(&q->nr_objects) + nr <= q->room_objects;
}

static noinline unsigned int make_objects(struct pvio_bb_queue *q,
					  struct pvio_bb_req **to,
					  unsigned int nr)
{
	/* All or none; kernels differ in whether they say how many, or true. */
	if (!have_room(q, nr) ||
	    !kmem_cache_alloc_bulk(cache, GFP_NOIO | __GFP_NOWARN, nr,
				   (void **)to))
		return 0;
	atomic_add(nr, &q->nr_objects);
	return nr;
}

/* One object for each request of the snapshot, as far as a batch goes. */
static unsigned int get_objects(struct pvio_bb_queue *q)
{
	unsigned int nr = min_t(u32, pvio_back_pending(&q->ring), PVIO_BB_BATCH);
	unsigned int old = reuse(q, nr);

	if (unlikely(old < nr))
		nr = old + make_objects(q, &q->batch[old], nr - old);
	pvio_created(PVIO_RES_REQUEST, nr);
	return nr;
}

static unsigned int copy_out(struct pvio_bb_queue *q, unsigned int nr)
{
	enum pvio_verdict verdict;
	unsigned int i;

	for (i = 0; i < nr; i++)
		start_request(q->batch[i], q);
	spin_lock_bh(&q->lock);
	for (i = 0; i < nr; i++) {
		verdict = pvio_blk_take(&q->ring, q->abi, &q->batch[i]->req);
		if (verdict == PVIO_EMPTY)
			break;
		if (unlikely(verdict == PVIO_BAD))
			q->batch[i]->status = BLKIF_RSP_ERROR;
	}
	spin_unlock_bh(&q->lock);
	if (unlikely(i < nr))
		pvio_bb_request_free(q, &q->batch[i], nr - i);
	return i;
}

static bool is_large(const struct pvio_bb_req *rq)
{
	return rq->req.nr_segs > PVIO_BLK_DIRECT_MAX;
}

/*
 * Large requests are counted, not the bytes of each.  There is always room for
 * some of them, which fit as soon as those before them have ended.
 */
static bool admit_large(struct pvio_bb_queue *q)
{
	if (q->large_begun - READ_ONCE(q->large_ended) < q->room_large)
		return true;
	if (!pvio_bb_budget_take_other(&q->vbd->share, LARGE_COST,
				       !q->room_large))
		return false;
	q->room_large += LARGE_STEP;
	return true;
}

void pvio_bb_request_rest(struct pvio_bb_queue *q)
{
	if (q->large_begun != READ_ONCE(q->large_ended))
		return;
	give_room(q, q->room_large / LARGE_STEP, LARGE_COST);
	WRITE_ONCE(q->room_large, 0);
}

static void *get_more(struct pvio_bb_queue *q, unsigned int nr_segs)
{
	void *more = NULL;

	if (likely(admit_large(q)))
		more = kmalloc_array(nr_segs, MORE, GFP_NOIO | __GFP_NOWARN);
	q->large_begun += !!more;
	return more;
}

/* Room for the segments of an indirect request, in one piece. */
static bool make_room(struct pvio_bb_req *rq, bool wait)
{
	unsigned int n = rq->req.nr_segs;

	if (!is_large(rq))
		return true;
	do {
		rq->more = get_more(rq->q, n);
	} while (!rq->more && wait && pvio_bb_request_pause(rq->q));
	if (!rq->more)
		return false;
	rq->vec = rq->more;
	rq->seg = (void *)(pvio_bb_request_grants(rq) + n);
	return true;
}

static bool is_waiting(const struct pvio_bb_req *rq)
{
	return rq->req.indirect && rq->status == BLKIF_RSP_OKAY;
}

/* Reads the descriptors that were copied for requests @from to @to - 1. */
static void read_fetched(struct pvio_bb_queue *q, unsigned int from,
			 unsigned int to)
{
	const void *page = page_address(q->scratch);
	struct pvio_bb_req *rq;
	const char *wrong;

	pvio_bb_copies_make(&q->in, true);
	for (; from < to; from++) {
		rq = q->batch[from];
		if (!is_waiting(rq))
			continue;
		wrong = pvio_blk_parse_segs(page + rq->at, rq->req.nr_segs,
					    rq->seg);
		if (unlikely(wrong))
			refuse(rq, BLKIF_RSP_ERROR, wrong);
	}
}

static void add_fetch(struct pvio_bb_queue *q, struct pvio_bb_req *rq,
		      unsigned int at)
{
	struct pvio_piece from = {
		.gref = rq->req.page[0],
		.len = rq->req.nr_segs * DESCRIPTOR,
	};

	rq->at = at;
	pvio_copy_in(pvio_bb_copies_add(&q->in, rq, true), q->vbd->pdev, from,
		     q->scratch, at);
}

/* Made by the first indirect request. */
static bool have_scratch(struct pvio_bb_queue *q, bool wait)
{
	while (unlikely(!q->scratch)) {
		q->scratch = alloc_page(GFP_NOIO | __GFP_NOWARN);
		if (q->scratch)
			pvio_created(PVIO_RES_PAGE, 1);
		else if (!wait || !pvio_bb_request_pause(q))
			return false;
	}
	return true;
}

/*
 * Copies the descriptors of indirect requests, no byte more, and reads them.  Only
 * the first of the batch waits for room: what another is short of may be what
 * those before it have, and they have to be carried out for it.  Returns up to
 * which request that went.
 */
static unsigned int fetch_descriptors(struct pvio_bb_queue *q, unsigned int from,
				      unsigned int to)
{
	unsigned int i, at = 0, first = from;
	struct pvio_bb_req *rq;

	for (i = from; i < to; i++) {
		rq = q->batch[i];
		if (!is_waiting(rq))
			continue;
		if (!have_scratch(q, i == from) || !make_room(rq, i == from)) {
			if (i > from && !pvio_bb_vbd_is_stopping(q->vbd))
				break;
			rq->status = PVIO_BB_DROPPED;
			continue;
		}
		if (at + rq->req.nr_segs * DESCRIPTOR > PVIO_BLK_PAGE) {
			read_fetched(q, first, i);
			first = i;
			at = 0;
		}
		add_fetch(q, rq, at);
		at += rq->req.nr_segs * DESCRIPTOR;
	}
	if (at)
		read_fetched(q, first, i);
	return i;
}

static void check_discard(struct pvio_bb_req *rq)
{
	const struct pvio_bb_vbd *vbd = rq->q->vbd;

	if (!vbd->discard)
		refuse(rq, BLKIF_RSP_EOPNOTSUPP, "discard was not offered");
	else if (rq->req.secure && !vbd->secure)
		refuse(rq, BLKIF_RSP_EOPNOTSUPP, "secure discard was not offered");
}

/* A read-only disk has nothing to flush. */
static bool is_permitted(const struct pvio_bb_req *rq)
{
	return !rq->q->vbd->readonly || rq->req.op == BLKIF_OP_READ ||
	       (rq->req.op == BLKIF_OP_FLUSH_DISKCACHE && !rq->req.nr_segs);
}

static void check(struct pvio_bb_req *rq)
{
	const struct pvio_bb_vbd *vbd = rq->q->vbd;
	const char *wrong;

	if (unlikely(!is_permitted(rq))) {
		refuse(rq, BLKIF_RSP_ERROR, "the disk is read-only");
		return;
	}
	wrong = pvio_blk_add_up(&rq->req, rq->seg, pvio_bb_vbd_capacity(vbd),
				pvio_bb_vbd_block(vbd));
	if (unlikely(wrong))
		refuse(rq, BLKIF_RSP_ERROR, wrong);
	else if (unlikely(rq->req.op == BLKIF_OP_DISCARD))
		check_discard(rq);
}

static void count_request(struct pvio_bb_stats *s,
			  const struct pvio_blk_req *req)
{
	s->indirect += req->indirect;
	switch (req->op) {
	case BLKIF_OP_READ:
		s->rd_req++;
		s->rd_sect += req->sectors;
		break;
	case BLKIF_OP_WRITE:
		s->wr_req++;
		s->wr_sect += req->sectors;
		break;
	case BLKIF_OP_DISCARD:
		s->ds_req++;
		break;
	default:
		s->f_req++;
		s->wr_sect += req->sectors;
	}
}

static void check_all(struct pvio_bb_queue *q, unsigned int from,
		      unsigned int to)
{
	struct pvio_bb_req *rq;

	for (; from < to; from++) {
		rq = q->batch[from];
		if (unlikely(rq->req.reason))
			refuse_bad(rq);
		if (likely(rq->status == BLKIF_RSP_OKAY))
			check(rq);
		if (likely(rq->status == BLKIF_RSP_OKAY))
			count_request(q->stats, &rq->req);
	}
}

unsigned int pvio_bb_request_take(struct pvio_bb_queue *q)
{
	return copy_out(q, get_objects(q));
}

unsigned int pvio_bb_request_prepare(struct pvio_bb_queue *q, unsigned int from,
				     unsigned int to)
{
	to = fetch_descriptors(q, from, to);
	check_all(q, from, to);
	pvio_bb_stats_begin(q, q->stats, from, to);
	return to;
}

void pvio_bb_request_free(struct pvio_bb_queue *q, struct pvio_bb_req **rqs,
			  unsigned int nr)
{
	unsigned int i, large = 0;

	for (i = 0; i < nr; i++) {
		large += !!rqs[i]->more;
		kfree(rqs[i]->more);
		if (i)
			rqs[i - 1]->node.next = &rqs[i]->node;
	}
	if (large)
		WRITE_ONCE(q->large_ended, q->large_ended + large);
	llist_add_batch(&rqs[0]->node, &rqs[nr - 1]->node, &q->spare);
	pvio_destroyed(PVIO_RES_REQUEST, nr);
}

static void free_all(struct pvio_bb_queue *q, struct llist_node *first)
{
	struct pvio_bb_req *rq, *next;

	llist_for_each_entry_safe(rq, next, first, node) {
		kmem_cache_free(cache, rq);
		atomic_dec(&q->nr_objects);
	}
}

void pvio_bb_request_trim(struct pvio_bb_queue *q)
{
	free_all(q, llist_del_all(&q->spare));
}

void pvio_bb_request_close(struct pvio_bb_queue *q)
{
	pvio_bb_request_trim(q);
	free_all(q, q->idle);
	q->idle = NULL;
	if (q->scratch) {
		__free_page(q->scratch);
		pvio_destroyed(PVIO_RES_PAGE, 1);
	}
	q->scratch = NULL;
	pvio_bb_request_rest(q);
	give_room(q, q->room_objects / PVIO_BB_BATCH, OBJECTS_COST);
	q->room_objects = 0;
}
