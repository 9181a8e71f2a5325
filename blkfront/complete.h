/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Answers, and the way of every request out of a queue.
 */
#ifndef PVIO_BLKFRONT_COMPLETE_H
#define PVIO_BLKFRONT_COMPLETE_H

#include <linux/types.h>

#include "request.h"

struct pvio_bf_queue;

/**
 * pvio_bf_complete_take() - take all answers, and finish their requests
 * @q: the queue
 * @worked: set to whether there was any
 *
 * Asks for the next event, where the queue is not polled.
 * Context: any but hard interrupt; the queue is not being closed.
 * Return: whether the ring is sound.
 */
bool pvio_bf_complete_take(struct pvio_bf_queue *q, bool *worked);

/**
 * pvio_bf_complete_poll() - take the answers there are
 * @q: the queue; several may look at once
 * Context: RCU read side, the link was seen up within it.
 * Return: whether there was any.
 */
bool pvio_bf_complete_poll(struct pvio_bf_queue *q);

/**
 * pvio_bf_complete_drain() - take the last answers of a ring that goes away
 * @q: the queue; event channel closed
 * Context: may sleep.
 */
void pvio_bf_complete_drain(struct pvio_bf_queue *q);

/**
 * pvio_bf_complete_rest() - take every request out of a queue
 * @q: the queue; none enters it any more
 * @fate: what becomes of them
 *
 * They end with an I/O error, or go back to the block layer to be sent again
 * in the order in which they were sent the first time.
 * Context: may sleep.
 */
void pvio_bf_complete_rest(struct pvio_bf_queue *q, enum pvio_bf_fate fate);

#endif /* PVIO_BLKFRONT_COMPLETE_H */
