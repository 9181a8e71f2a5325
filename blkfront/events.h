/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
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
 * enum pvio_bf_duty - what is left to a sender when the queue is unlocked
 * @PVIO_BF_DUTY_NONE: nothing
 * @PVIO_BF_DUTY_DONE: the event that was held is to be done
 * @PVIO_BF_DUTY_WAIT: the answers are to be waited for, in the hypervisor
 */
enum pvio_bf_duty {
	PVIO_BF_DUTY_NONE,
	PVIO_BF_DUTY_DONE,
	PVIO_BF_DUTY_WAIT,
};

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
 * pvio_bf_events_sent() - a request is sent
 * @q: the queue
 * @rq: the request
 * @last: the last one of a burst, and published
 *
 * Context: queue's lock held.
 * Return: what is to be followed without the lock; to wait: preemption is off
 * until then.
 */
enum pvio_bf_duty pvio_bf_events_sent(struct pvio_bf_queue *q,
				      const struct request *rq, bool last);

/**
 * pvio_bf_events_follow() - do what is left to a sender
 * @q: the queue
 * @duty: what that is, not NONE
 *
 * The requests may have ended behind this, but not the queue.
 * Context: RCU read side, the link was seen up within it; interrupts on.
 */
void pvio_bf_events_follow(struct pvio_bf_queue *q, enum pvio_bf_duty duty);

#endif /* PVIO_BLKFRONT_EVENTS_H */
