/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The end of every request: it is answered, once, and what it held is given
 * back.
 */
#ifndef PVIO_BLKBACK_COMPLETE_H
#define PVIO_BLKBACK_COMPLETE_H

struct bio;
struct pvio_bb_queue;
struct pvio_bb_req;
struct tasklet_struct;

/**
 * pvio_bb_complete_add() - a request has come to its end
 * @rq: the request, counted in its queue's busy; not the caller's any more
 * Context: any.
 */
void pvio_bb_complete_add(struct pvio_bb_req *rq);

/**
 * pvio_bb_complete_bio() - the device is done with a request
 * @bio: its bio, the last one where there were several; may be used as the
 *	bio's own end_io
 *
 * As pvio_bb_complete_add(), with the bio's status.
 * Context: any.
 */
void pvio_bb_complete_bio(struct bio *bio);

/**
 * pvio_bb_complete_kick() - answer what the worker itself has completed
 * @q: the queue
 * Context: the worker.
 */
void pvio_bb_complete_kick(struct pvio_bb_queue *q);

/**
 * pvio_bb_complete_run() - the tasklet that answers
 * @t: the queue's
 */
void pvio_bb_complete_run(struct tasklet_struct *t);

#endif /* PVIO_BLKBACK_COMPLETE_H */
