/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue's events: the backend's, that answers are there, and whether to take
 * them without one.
 */
#ifndef PVIO_BLKFRONT_EVENTS_H
#define PVIO_BLKFRONT_EVENTS_H

#include <linux/interrupt.h>

struct pvio_bf_queue;
struct request;

/**
 * pvio_bf_events_handle() - handler of a queue's event channel
 * @irq: not used
 * @arg: the queue
 * Return: IRQ_HANDLED.
 */
irqreturn_t pvio_bf_events_handle(int irq, void *arg);

/**
 * pvio_bf_events_answers() - take all answers and finish their requests
 * @t: the queue's tasklet
 */
void pvio_bf_events_answers(struct tasklet_struct *t);

/**
 * pvio_bf_events_plan() - the last request of a burst is sent
 * @q: the queue
 * @rq: the request
 * Context: queue's lock held.
 * Return: whether to wait for its answer, by pvio_bf_events_wait().
 */
bool pvio_bf_events_plan(struct pvio_bf_queue *q, const struct request *rq);

/**
 * pvio_bf_events_wait() - wait in the hypervisor for a queue's answers
 * @q: the queue; awaited, its event held
 *
 * Until there are none to come, or it takes too long; then events come again.
 * Context: RCU read side, the link was seen up within it; interrupts on,
 * preemption off since the queue is awaited.
 */
void pvio_bf_events_wait(struct pvio_bf_queue *q);

/**
 * pvio_bf_events_unhold() - the sender of a request is not going to wait for it
 * @q: the queue
 * Context: queue's lock held.
 * Return: whether to call pvio_bf_events_release() without the lock.
 */
bool pvio_bf_events_unhold(struct pvio_bf_queue *q);

/**
 * pvio_bf_events_release() - let events come
 * @q: the queue
 * Context: any; see pvio_bf_events_unhold().
 */
void pvio_bf_events_release(struct pvio_bf_queue *q);

#endif /* PVIO_BLKFRONT_EVENTS_H */
