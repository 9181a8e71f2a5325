/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A request in flight: parsed, checked, then planned, carried out and
 * answered exactly once.  One slab object holds all that a direct request
 * needs, its bio included; an indirect one has one more allocation for its
 * segments.
 */
#ifndef PVIO_BLKBACK_REQUEST_H
#define PVIO_BLKBACK_REQUEST_H

#include <linux/bio.h>
#include <linux/list.h>
#include <linux/llist.h>

#include "ring/blkif.h"
#include "xenbus/grants.h"

struct pvio_bb_grant;
struct pvio_bb_queue;

/* Status of a request that is to stay unanswered: its ring goes away. */
#define PVIO_BB_DROPPED		1

/**
 * struct pvio_bb_req - one request
 * @node: on the queue's list of completed requests
 * @q: its queue
 * @req: what the guest asked for
 * @status: BLKIF_RSP_*, or PVIO_BB_DROPPED; OKAY until something fails
 * @at: indirect: offset of its descriptors in the queue's scratch page
 * @own_pages: pages in @pages
 * @begun: when it was taken, in nanoseconds, 0: not known
 * @issued: when it was submitted, likewise
 * @took: how long the device had it, likewise
 * @pages: own pages for data that is copied, in the order of the segments
 *	that have no @grant
 * @seg: the segments; after checking
 * @vec: the same as the device sees them
 * @grant: the mapped page of each segment, NULL: copied; itself NULL: all are
 * @more: memory of the three when they do not fit in here
 * @bio: the I/O
 * @vecs: @vec of a small request
 * @grants: @grant of a small request
 * @next: sector at which the rest of a discard begins
 * @left: sectors of that rest
 *
 * Belongs to the queue's worker until submitted, then to the device, then to
 * completion.
 */
struct pvio_bb_req {
	struct llist_node node;
	struct pvio_bb_queue *q;
	struct pvio_blk_req req;
	s16 status;
	u16 at;
	u16 own_pages;
	u64 begun;
	u64 issued;
	u64 took;
	struct list_head pages;
	struct pvio_blk_seg *seg;
	struct bio_vec *vec;
	struct pvio_bb_grant **grant;
	void *more;
	struct bio bio;
	union {
		struct {
			struct bio_vec vecs[PVIO_BLK_DIRECT_MAX];
			struct pvio_bb_grant *grants[PVIO_BLK_DIRECT_MAX];
		};
		struct {
			u64 next;
			u64 left;
		};
	};
};

/**
 * pvio_bb_request_grants() - memory for @grant
 * @rq: a request with segments
 */
static inline struct pvio_bb_grant **
pvio_bb_request_grants(struct pvio_bb_req *rq)
{
	return rq->more ? (void *)&rq->vec[rq->req.nr_segs] : rq->grants;
}

/**
 * pvio_bb_request_piece() - a segment as the hypervisor is told of it
 * @rq: the request
 * @i: which of its segments
 *
 * Our page holds the bytes at the same place as the guest's.
 */
static inline struct pvio_piece
pvio_bb_request_piece(const struct pvio_bb_req *rq, unsigned int i)
{
	return (struct pvio_piece){
		.gref = rq->seg[i].gref,
		.offset = rq->vec[i].bv_offset,
		.len = rq->vec[i].bv_len,
	};
}

/**
 * pvio_bb_request_take() - take a batch of requests off the ring
 * @q: the queue, polled before; its batch[] is filled in
 *
 * Context: the worker; may sleep.
 * Return: how many; 0 when there is no memory now.
 */
unsigned int pvio_bb_request_take(struct pvio_bb_queue *q);

/**
 * pvio_bb_request_prepare() - fetch what belongs to requests, and check them
 * @q: the queue; its batch[] holds the requests
 * @from: the first of them
 * @to: the one behind the last
 *
 * Every request is checked in full: status OKAY means that it may be carried
 * out.  Those before @from have been: what they hold is waited for.
 * Context: the worker; may sleep.
 * Return: the one behind the last that is prepared, more than @from.
 */
unsigned int pvio_bb_request_prepare(struct pvio_bb_queue *q, unsigned int from,
				     unsigned int to);

/**
 * pvio_bb_request_pause() - wait for what requests give back, or for memory
 * @q: the queue
 *
 * Until requests were answered, which completion tells, or for a short time.
 * Context: the worker; sleeps.
 * Return: false when the queue is stopping: do not try again.
 */
bool pvio_bb_request_pause(struct pvio_bb_queue *q);

/**
 * pvio_bb_request_free() - requests are answered
 * @q: the queue, which keeps the objects for others
 * @rqs: the requests
 * @nr: how many, at least 1
 * Context: any but hard interrupt.
 */
void pvio_bb_request_free(struct pvio_bb_queue *q, struct pvio_bb_req **rqs,
			  unsigned int nr);

/**
 * pvio_bb_request_trim() - give back objects that wait to be used again
 * @q: the queue
 * Context: any.
 */
void pvio_bb_request_trim(struct pvio_bb_queue *q);

/**
 * pvio_bb_request_rest() - give up what is reserved for large requests
 * @q: the queue; nothing happens while it has any
 * Context: the worker.
 */
void pvio_bb_request_rest(struct pvio_bb_queue *q);

/**
 * pvio_bb_request_close() - give all of them back
 * @q: the queue, its worker ended and all requests answered
 */
void pvio_bb_request_close(struct pvio_bb_queue *q);

/**
 * pvio_bb_request_must() - pages that a queue cannot do without
 */
unsigned int pvio_bb_request_must(void);

int pvio_bb_request_init(void);
void pvio_bb_request_exit(void);

#endif /* PVIO_BLKBACK_REQUEST_H */
