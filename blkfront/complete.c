// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Answers, and the way of every request out of a queue.  Whoever learns that
 * there may be answers takes them: events.c, or who polls.
 *
 * Cost per batch: two uncontended lock pairs, one pass of the block layer's
 * batch completion.  Cost per request: one answer copied, one id, its grants
 * (see pool.c), for a read through pool pages one copy of the data.  No
 * allocation, no wake-up, no hypercall.
 */
#include "complete.h"

#include <linux/blk-mq.h>
#include <linux/lockdep.h>

#include "compat/blk.h"
#include "copy.h"
#include "link.h"
#include "queue.h"
#include "ring/blkif.h"
#include "stats.h"
#include "trace.h"
#include "vbd.h"
#include "xenbus/device.h"

/* Requests that left the ring, in that order. */
struct batch {
	struct pvio_bf_io *head;
	struct pvio_bf_io **tail;
};

static void start_batch(struct batch *b)
{
	b->head = NULL;
	b->tail = &b->head;
}

static void append(struct batch *b, struct pvio_bf_io *io)
{
	io->next = NULL;
	*b->tail = io;
	b->tail = &io->next;
}

/*
 * Nothing of the answer is believed before this: the id must be of a request
 * that is in the ring and visible to the backend.
 */
static struct pvio_bf_io *look_up(struct pvio_bf_queue *q,
				  const struct pvio_blk_rsp *rsp)
{
	struct pvio_bf_io *io;

	if (unlikely(!pvio_idpool_busy(&q->ids, rsp->id)))
		return NULL;
	io = q->io[rsp->id];
	if (unlikely(!io->sent || !pvio_front_published(&q->ring, io->at)))
		return NULL;
	return io;
}

static void take_out(struct pvio_bf_queue *q, struct pvio_bf_io *io,
		     struct batch *b)
{
	io->sent = false;
	pvio_idpool_put(&q->ids, io->id);
	append(b, io);
}

static blk_status_t read_status(s16 status)
{
	switch (status) {
	case BLKIF_RSP_OKAY:
		return BLK_STS_OK;
	case BLKIF_RSP_EOPNOTSUPP:
		return BLK_STS_NOTSUPP;
	default:
		return BLK_STS_IOERR;
	}
}

static bool accept(struct pvio_bf_queue *q, const struct pvio_blk_rsp *rsp,
		   struct batch *b)
{
	struct pvio_device *pdev = q->vbd->pdev;
	struct pvio_bf_io *io = look_up(q, rsp);

	if (unlikely(!io)) {
		pvio_device_fault(pdev,
				  "queue %u: answer to request %llu, which is not outstanding",
				  q->index, rsp->id);
		return false;
	}
	if (unlikely(rsp->op != io->op)) {
		pvio_device_fault(pdev,
				  "queue %u: answer to request %llu for operation %u, sent was %u",
				  q->index, rsp->id, rsp->op, io->op);
		return false;
	}
	io->status = read_status(rsp->status);
	io->fate = PVIO_BF_FATE_END;
	trace_bf_complete(q, io);
	take_out(q, io, b);
	return true;
}

/* A link that failed has ended its requests already: answers mean nothing. */
static bool deaf(const struct pvio_bf_queue *q)
{
	return READ_ONCE(q->vbd->link) == PVIO_BF_LINK_FAILED ||
	       pvio_device_broken(q->vbd->pdev);
}

static bool take_answers(struct pvio_bf_queue *q, struct batch *b)
{
	struct pvio_blk_rsp rsp;

	lockdep_assert_held(&q->lock);
	if (unlikely(deaf(q)))
		return false;
	if (unlikely(pvio_front_poll(&q->ring) == PVIO_BROKEN)) {
		pvio_device_fault(q->vbd->pdev,
				  "queue %u: impossible number of answers",
				  q->index);
		return false;
	}
	while (pvio_blk_take_answer(&q->ring, &rsp) == PVIO_OK)
		if (!accept(q, &rsp, b))
			return false;
	return true;
}

/*
 * A backend may stop offering an operation at any time.  A flush that cannot
 * be is no error, as without the offer; a write that was sent as a barrier is
 * sent again as what it is.  Old backends call an empty barrier an error.
 */
static void drop_flush(struct pvio_bf_vbd *vbd, struct pvio_bf_io *io)
{
	if (xchg(&vbd->flush_op, 0))
		pvio_warn(vbd->pdev, "backend does not support flushes any more");
	io->status = BLK_STS_OK;
	if (io->nr)
		io->fate = PVIO_BF_FATE_AGAIN;
}

static void drop_discard(struct pvio_bf_vbd *vbd)
{
	if (xchg(&vbd->discard, false))
		pvio_warn(vbd->pdev, "backend does not support discards any more");
	pvio_blk_disable_discard(vbd->disk);
}

static void judge_error(struct pvio_bf_vbd *vbd, struct pvio_bf_io *io)
{
	bool unsupported = io->status == BLK_STS_NOTSUPP;

	switch (io->op) {
	case BLKIF_OP_FLUSH_DISKCACHE:
		if (unsupported)
			drop_flush(vbd, io);
		return;
	case BLKIF_OP_WRITE_BARRIER:
		if (unsupported || !io->nr)
			drop_flush(vbd, io);
		return;
	case BLKIF_OP_DISCARD:
		if (unsupported)
			drop_discard(vbd);
		return;
	default:
		io->status = BLK_STS_IOERR;
	}
}

static void judge(struct pvio_bf_queue *q, struct pvio_bf_io *io)
{
	if (unlikely(io->status != BLK_STS_OK))
		judge_error(q->vbd, io);
	else if (io->op == BLKIF_OP_READ && io->copied)
		pvio_bf_copy_data(io, false);
	if (unlikely(io->part | io->flush) && io->status == BLK_STS_OK &&
	    io->fate == PVIO_BF_FATE_END)
		io->fate = PVIO_BF_FATE_ON;
}

static unsigned int release_data(struct pvio_bf_queue *q, struct pvio_bf_io *io)
{
	if (!io->data.head)
		return 0;
	if (!io->copied)
		return pvio_bf_pool_put_bare(&q->pool, &io->data);
	pvio_bf_pool_put_ready(&q->pool, &io->data, io->nr);
	return 0;
}

/*
 * The backend may still write into pages of a read: sending it again would
 * let the old write land on the new data.  A write may be sent again.
 */
static void note_stuck(struct pvio_bf_io *io)
{
	if (io->fate == PVIO_BF_FATE_AGAIN && io->op != BLKIF_OP_READ)
		return;
	io->fate = PVIO_BF_FATE_END;
	io->status = BLK_STS_IOERR;
}

static unsigned int release(struct pvio_bf_queue *q, struct pvio_bf_io *io)
{
	unsigned int stuck = release_data(q, io);

	if (unlikely(stuck))
		note_stuck(io);
	if (io->table.head)
		pvio_bf_pool_put_ready(&q->pool, &io->table, 1);
	return stuck;
}

/* Of requests that are still in the backend's hands. */
static void revoke_all(struct pvio_bf_queue *q, const struct batch *b)
{
	struct pvio_bf_io *io;

	lockdep_assert_held(&q->lock);
	for (io = b->head; io; io = io->next)
		if (!io->copied && pvio_bf_pool_revoke_bare(&q->pool, &io->data))
			note_stuck(io);
}

/* Returns how many pages of requests the backend did not let go. */
static unsigned int release_all(struct pvio_bf_queue *q, const struct batch *b)
{
	unsigned int stuck = 0;
	struct pvio_bf_io *io;

	lockdep_assert_held(&q->lock);
	for (io = b->head; io; io = io->next)
		stuck += release(q, io);
	return stuck;
}

static void end_one(struct pvio_bf_io *io, struct io_comp_batch *iob)
{
	struct request *rq = blk_mq_rq_from_pdu(io);

	if (!blk_mq_add_to_batch(rq, iob, io->status != BLK_STS_OK,
				 blk_mq_end_request_batch))
		blk_mq_end_request(rq, io->status);
}

/* What was done of it is done for good. */
static void go_on(struct pvio_bf_io *io)
{
	struct request *rq = blk_mq_rq_from_pdu(io);
	struct pvio_bf_vbd *vbd = rq->q->queuedata;

	if (io->part)
		blk_update_request(rq, BLK_STS_OK,
				   io->sectors << SECTOR_SHIFT);
	else
		io->written = vbd->epoch;
}

static struct pvio_bf_io *reverse(struct pvio_bf_io *io)
{
	struct pvio_bf_io *head = NULL, *next;

	for (; io; io = next) {
		next = io->next;
		io->next = head;
		head = io;
	}
	return head;
}

/* The kick comes after the last, or an early one could overtake it. */
static void requeue_all(struct pvio_bf_io *io)
{
	struct request_queue *queue = blk_mq_rq_from_pdu(io)->q;
	struct pvio_bf_io *next;

	if (PVIO_BLK_REQUEUE_REVERSES)
		io = reverse(io);
	for (; io; io = next) {
		next = io->next;
		pvio_blk_requeue(blk_mq_rq_from_pdu(io));
	}
	blk_mq_kick_requeue_list(queue);
}

static void end_all(const struct batch *b)
{
	struct pvio_bf_io *io, *next;
	DEFINE_IO_COMP_BATCH(iob);
	struct batch again;

	start_batch(&again);
	for (io = b->head; io; io = next) {
		next = io->next;
		if (likely(io->fate == PVIO_BF_FATE_END)) {
			end_one(io, &iob);
			continue;
		}
		if (io->fate == PVIO_BF_FATE_ON)
			go_on(io);
		append(&again, io);
	}
	if (iob.complete)
		iob.complete(&iob);
	if (again.head)
		requeue_all(again.head);
}

/* Before the batch ends: while one of its requests lives, the disk does. */
static void feed_starved(struct pvio_bf_queue *q)
{
	if (likely(!READ_ONCE(q->starved)))
		return;
	WRITE_ONCE(q->starved, false);
	blk_mq_run_hw_queues(q->vbd->disk->queue, true);
	if (READ_ONCE(q->vbd->parting))
		pvio_device_look(q->vbd->pdev);
}

static void trace_answers(const struct pvio_bf_queue *q, const struct batch *b)
{
	const struct pvio_bf_io *io;

	for (io = b->head; trace_bf_respond_enabled() && io; io = io->next)
		trace_bf_respond(q, io);
}

/*
 * One pass over the ring.  Returns whether to go on: more has come, or it
 * was broken, which is then in *sound.
 */
static bool pass(struct pvio_bf_queue *q, struct batch *b, bool *sound)
{
	bool more = false;
	struct pvio_bf_io *io;

	start_batch(b);
	spin_lock_bh(&q->lock);
	*sound = take_answers(q, b);
	spin_unlock_bh(&q->lock);
	for (io = b->head; io; io = io->next)
		judge(q, io);
	spin_lock_bh(&q->lock);
	pvio_bf_stats_answers(q->stats, b->head);
	if (unlikely(release_all(q, b))) {
		pvio_device_fault(q->vbd->pdev,
				  "queue %u: pages of an answered request are still mapped",
				  q->index);
		*sound = false;
	}
	if (*sound && !q->polled)
		more = pvio_front_arm(&q->ring, 1) != PVIO_EMPTY;
	spin_unlock_bh(&q->lock);
	if (b->head)
		feed_starved(q);
	trace_answers(q, b);
	end_all(b);
	return more;
}

/*
 * Turns end: each but the last takes an answer, and no more can be taken than
 * requests are sent.
 */
bool pvio_bf_complete_take(struct pvio_bf_queue *q, bool *worked)
{
	bool sound, more;
	struct batch b;

	*worked = false;
	do {
		more = pass(q, &b, &sound);
		*worked |= !!b.head;
	} while (more);
	if (unlikely(!sound && pvio_device_broken(q->vbd->pdev)))
		pvio_bf_link_fail_soon(q->vbd);
	return sound;
}

bool pvio_bf_complete_poll(struct pvio_bf_queue *q)
{
	bool worked;

	pvio_bf_complete_take(q, &worked);
	return worked;
}

void pvio_bf_complete_drain(struct pvio_bf_queue *q)
{
	struct batch b;
	bool sound;

	pass(q, &b, &sound);
}

/* Oldest first: ring indices grow with each request sent. */
static void insert_by_age(struct batch *b, struct pvio_bf_io *io)
{
	struct pvio_bf_io **at = &b->head;

	while (*at && (s32)((*at)->at - io->at) <= 0)
		at = &(*at)->next;
	io->next = *at;
	*at = io;
}

static void take_rest(struct pvio_bf_queue *q, struct batch *b,
		      enum pvio_bf_fate fate)
{
	struct pvio_bf_io *io;
	unsigned int id;

	lockdep_assert_held(&q->lock);
	for (id = 0; id < q->ids.nr; id++) {
		if (!pvio_idpool_busy(&q->ids, id))
			continue;
		io = q->io[id];
		io->sent = false;
		io->status = BLK_STS_IOERR;
		io->fate = fate;
		q->stats->again += fate == PVIO_BF_FATE_AGAIN;
		pvio_idpool_put(&q->ids, id);
		insert_by_age(b, io);
	}
}

void pvio_bf_complete_rest(struct pvio_bf_queue *q, enum pvio_bf_fate fate)
{
	struct batch b;

	start_batch(&b);
	spin_lock_bh(&q->lock);
	take_rest(q, &b, fate);
	revoke_all(q, &b);
	release_all(q, &b);
	spin_unlock_bh(&q->lock);
	end_all(&b);
}
