// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Completion: the one place where requests are answered, each once.
 *
 * Whoever ends a request puts it on a lockless list.  A tasklet takes the
 * whole list, copies read data to the guest, answers, publishes and notifies,
 * once for all of them: for a batch of up to 32, one grant copy hypercall for
 * each 64 copied segments, one lock, and one event at most.  The tasklet runs
 * behind the soft interrupt in which the block layer completes, so it costs
 * no wake-up, and it sees all that completed together.  Where a thread
 * completes (loop, device mapper) it runs in that thread.
 *
 * What the worker itself ends (a device that completes at once, a request
 * that was refused) waits until the worker has submitted its batch.
 */
#include "complete.h"

#include <linux/bio.h>
#include <linux/interrupt.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "xenbus/device.h"

#include "queue.h"
#include "request.h"
#include "stats.h"
#include "vbd.h"

/* Batches of one run; the rest is for the next, after other soft interrupts. */
#define BATCHES		4
/* Pages copied for one batch, unless a single request has more. */
#define PAGES		256

/* In a thread, to schedule it alone would wake another one to run it. */
static void run_here(struct tasklet_struct *tasklet)
{
	local_bh_disable();
	tasklet_schedule(tasklet);
	local_bh_enable();
}

/*
 * Once the request is on the list it may be answered at once, and then nothing
 * keeps the queue; pvio_bb_queues_stop() waits for readers of RCU.
 */
void pvio_bb_complete_add(struct pvio_bb_req *rq)
{
	struct pvio_bb_queue *q = rq->q;
	bool worker = in_task() && current == q->task;

	rcu_read_lock();
	llist_add(&rq->node, &q->done);
	if (!worker && in_task() && !irqs_disabled())
		run_here(&q->tasklet);
	else if (!worker)
		tasklet_schedule(&q->tasklet);
	rcu_read_unlock();
}

static s16 status_of(const struct bio *bio)
{
	if (likely(bio->bi_status == BLK_STS_OK))
		return BLKIF_RSP_OKAY;
	if (bio->bi_status == BLK_STS_NOTSUPP)
		return BLKIF_RSP_EOPNOTSUPP;
	return BLKIF_RSP_ERROR;
}

/* Not to be offered any longer. */
static void note_unsupported(struct pvio_bb_req *rq)
{
	struct pvio_bb_vbd *vbd = rq->q->vbd;

	if (rq->req.op == BLKIF_OP_FLUSH_DISKCACHE)
		set_bit(PVIO_BB_NO_FLUSH, &vbd->flags);
	if (rq->req.op == BLKIF_OP_WRITE_BARRIER)
		set_bit(PVIO_BB_NO_BARRIER, &vbd->flags);
	pvio_bb_vbd_look_soon(vbd);
}

/* The request may have been answered when this returns. */
void pvio_bb_complete_bio(struct bio *bio)
{
	struct pvio_bb_req *rq = container_of(bio, struct pvio_bb_req, bio);

	rq->status = status_of(bio);
	if (unlikely(rq->status == BLKIF_RSP_EOPNOTSUPP))
		note_unsupported(rq);
	bio_uninit(bio);
	pvio_bb_stats_end(rq);
	pvio_bb_complete_add(rq);
}

void pvio_bb_complete_kick(struct pvio_bb_queue *q)
{
	if (!llist_empty(&q->done))
		run_here(&q->tasklet);
}

static bool has_data_for_guest(const struct pvio_bb_req *rq)
{
	return rq->own_pages && rq->req.op == BLKIF_OP_READ &&
	       rq->status == BLKIF_RSP_OKAY;
}

static void add_copies_out(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	const struct bio_vec *vec;
	unsigned int i;

	for (i = 0; i < rq->req.nr_segs; i++) {
		if (rq->grant && rq->grant[i])
			continue;
		vec = &rq->vec[i];
		pvio_copy_to(pvio_bb_copies_add(&q->out, rq, false),
			     q->vbd->pdev, pvio_bb_request_piece(rq, i),
			     vec->bv_page, vec->bv_offset);
	}
}

/*
 * A reference is the request's only as long as the guest waits for its answer.
 * When the disk stops, the guest may be gone and the reference be granted
 * anew: then the data is not copied and the request not answered.
 */
static bool drop_data(struct pvio_bb_queue *q, struct pvio_bb_req *rq)
{
	if (!pvio_bb_vbd_is_stopping(q->vbd) &&
	    !pvio_device_broken(q->vbd->pdev))
		return false;
	rq->status = PVIO_BB_DROPPED;
	return true;
}

/* Takes requests for one batch, with the copies they need. */
static unsigned int gather(struct pvio_bb_queue *q, struct pvio_bb_req **rqs)
{
	unsigned int nr = 0, pages = 0;
	struct pvio_bb_req *rq;

	while (q->left && nr < PVIO_BB_BATCH && pages < PAGES) {
		rq = llist_entry(q->left, struct pvio_bb_req, node);
		q->left = q->left->next;
		rqs[nr++] = rq;
		if (!has_data_for_guest(rq) || drop_data(q, rq))
			continue;
		add_copies_out(q, rq);
		pages += rq->own_pages;
	}
	if (q->out.nr)
		pvio_bb_copies_make(&q->out, false);
	return nr;
}

/* Returns false when there was no request to answer. */
static bool put_answers(struct pvio_bb_queue *q, struct pvio_bb_req **rqs,
			unsigned int nr)
{
	const struct pvio_blk_req *req;
	bool ok = true;
	unsigned int i;

	lockdep_assert_held(&q->lock);
	for (i = 0; i < nr; i++) {
		if (rqs[i]->status == PVIO_BB_DROPPED)
			continue;
		req = &rqs[i]->req;
		ok &= pvio_blk_answer(&q->ring, q->abi, req->id, req->wire_op,
				      rqs[i]->status);
	}
	return ok;
}

static void answer(struct pvio_bb_queue *q, struct pvio_bb_req **rqs,
		   unsigned int nr)
{
	bool ok, notify;

	if (pvio_device_broken(q->vbd->pdev))
		return;
	spin_lock(&q->lock);
	ok = put_answers(q, rqs, nr);
	notify = pvio_back_push(&q->ring);
	spin_unlock(&q->lock);
	pvio_bb_stats_answers(q->stats, rqs, nr, notify);
	if (notify)
		pvio_event_notify(&q->event);
	if (unlikely(!ok))
		pvio_device_fault(q->vbd->pdev,
				  "queue %u: more answers than requests",
				  q->index);
}

static void put_grants(struct pvio_bb_req *rq)
{
	unsigned int i;

	for (i = 0; rq->grant && i < rq->req.nr_segs; i++)
		if (rq->grant[i])
			pvio_bb_persist_put(rq->grant[i]);
}

static void release(struct pvio_bb_queue *q, struct pvio_bb_req **rqs,
		    unsigned int nr)
{
	unsigned int i, nr_pages = 0;
	LIST_HEAD(pages);

	for (i = 0; i < nr; i++) {
		put_grants(rqs[i]);
		list_splice(&rqs[i]->pages, &pages);
		nr_pages += rqs[i]->own_pages;
	}
	if (nr_pages)
		pvio_bb_pages_put(&q->pages, &pages, nr_pages);
	pvio_bb_request_free(q, rqs, nr);
}

/* The worker may wait for pages, or for all requests to be answered. */
static void count_down(struct pvio_bb_queue *q, unsigned int nr)
{
	int left = atomic_sub_return(nr, &q->busy);

	/* Fully ordered behind that; pairs with pvio_bb_queues_halt(). */
	if (!left && pvio_bb_vbd_is_stopping(q->vbd))
		pvio_device_look(q->vbd->pdev);
	/* Likewise; pairs with the waiter's own barrier. */
	if (!waitqueue_active(&q->wait))
		return;
	clear_bit(PVIO_BB_HUNGRY, &q->flags);
	wake_up(&q->wait);
}

static bool has_completed(struct pvio_bb_queue *q)
{
	if (!q->left)
		q->left = llist_reverse_order(llist_del_all(&q->done));
	return q->left;
}

void pvio_bb_complete_run(struct tasklet_struct *t)
{
	struct pvio_bb_queue *q = container_of(t, struct pvio_bb_queue,
					       tasklet);
	unsigned int nr, batch;

	for (batch = 0; batch < BATCHES && has_completed(q); batch++) {
		nr = gather(q, q->ended);
		answer(q, q->ended, nr);
		release(q, q->ended, nr);
		count_down(q, nr);
	}
	if (q->left || !llist_empty(&q->done))
		tasklet_schedule(&q->tasklet);
}
