/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers, and the way of every request out of a queue.
 */
#ifndef PVIO_BLKFRONT_COMPLETE_H
#define PVIO_BLKFRONT_COMPLETE_H

#include <linux/interrupt.h>

#include "request.h"

struct pvio_blkq;

/**
 * pvio_complete_event() - handler of a queue's event channel
 * @irq: not used
 * @arg: the queue
 * Return: IRQ_HANDLED.
 */
irqreturn_t pvio_complete_event(int irq, void *arg);

/**
 * pvio_complete_answers() - take all answers and finish their requests
 * @t: the queue's tasklet
 */
void pvio_complete_answers(struct tasklet_struct *t);

/**
 * pvio_complete_poll() - take the answers there are
 * @q: the queue; several may look at once
 * Context: RCU read side, the link was seen up within it.
 * Return: whether there was any.
 */
bool pvio_complete_poll(struct pvio_blkq *q);

/**
 * pvio_complete_wait() - wait in the hypervisor for a queue's answers
 * @q: the queue; awaited, its event held
 *
 * Until there are none to come, or it takes too long; then events come again.
 * Context: RCU read side, the link was seen up within it; interrupts on,
 * preemption off since the queue is awaited.
 */
void pvio_complete_wait(struct pvio_blkq *q);

/**
 * pvio_complete_unhold() - the sender of a request is not going to wait for it
 * @q: the queue
 * Context: queue's lock held.
 * Return: whether to call pvio_complete_release() without the lock.
 */
bool pvio_complete_unhold(struct pvio_blkq *q);

/**
 * pvio_complete_release() - let events come
 * @q: the queue
 * Context: any; see pvio_complete_unhold().
 */
void pvio_complete_release(struct pvio_blkq *q);

/**
 * pvio_complete_drain() - take the last answers of a ring that goes away
 * @q: the queue; event channel closed
 * Context: may sleep.
 */
void pvio_complete_drain(struct pvio_blkq *q);

/**
 * pvio_complete_rest() - take every request out of a queue
 * @q: the queue; none enters it any more
 * @fate: what becomes of them
 *
 * They end with an I/O error, or go back to the block layer to be sent again
 * in the order in which they were sent the first time.
 * Context: may sleep.
 */
void pvio_complete_rest(struct pvio_blkq *q, enum pvio_fate fate);

#endif /* PVIO_BLKFRONT_COMPLETE_H */
