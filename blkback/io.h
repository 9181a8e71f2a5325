/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carrying requests out: planning, copying, submitting (io.c) and answering
 * (complete.c).
 */
#ifndef PVIO_BLKBACK_IO_H
#define PVIO_BLKBACK_IO_H

#include <linux/blk_types.h>
#include <linux/types.h>

struct bio;
struct gnttab_copy;
struct pvio_bb_copies;
struct pvio_bb_queue;
struct pvio_bb_req;
struct pvio_vbd;
struct tasklet_struct;

/**
 * pvio_bb_io_run() - carry out a batch of requests
 * @q: the queue; its batch[] holds the requests
 * @nr: how many
 *
 * Each of them is answered sooner or later, or dropped if the queue stops.
 * Context: the worker; may sleep, as long as the device needs.
 */
void pvio_bb_io_run(struct pvio_bb_queue *q, unsigned int nr);

/**
 * pvio_bb_io_pause() - the worker waits for memory
 * @q: the queue
 * Context: the worker; sleeps for a short time.
 * Return: false when the queue is stopping: do not try again.
 */
bool pvio_bb_io_pause(struct pvio_bb_queue *q);

/**
 * pvio_bb_io_add_copy() - room for one more copy
 * @c: the batch; carried out first when it is full
 * @rq: the request it is for
 * @may_sleep: may the caller sleep?
 * Return: the operation to fill in.
 */
struct gnttab_copy *pvio_bb_io_add_copy(struct pvio_bb_copies *c,
					struct pvio_bb_req *rq, bool may_sleep);

/**
 * pvio_bb_io_copy() - carry copies out; one hypercall
 * @c: the batch; emptied
 * @may_sleep: may the caller sleep?
 *
 * A request with a copy that failed has status ERROR afterwards.
 */
void pvio_bb_io_copy(struct pvio_bb_copies *c, bool may_sleep);

/**
 * pvio_bb_complete_add() - a request has come to its end
 * @rq: the request, counted in its queue's busy; not the caller's any more
 * Context: any.
 */
void pvio_bb_complete_add(struct pvio_bb_req *rq);

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

/**
 * pvio_bb_io_prepare_bio() - make a request's bio ready but for its data
 * @rq: the request
 * @opf: operation and flags
 */
void pvio_bb_io_prepare_bio(struct pvio_bb_req *rq, blk_opf_t opf);

/**
 * pvio_bb_io_end() - the device is done with a request
 * @rq: the request, counted in its queue's busy; not the caller's any more
 * @bio: its bio, or the last of them
 * Context: any.
 */
void pvio_bb_io_end(struct pvio_bb_req *rq, struct bio *bio);

#endif /* PVIO_BLKBACK_IO_H */
