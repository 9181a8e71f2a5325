/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * One queue of a disk: a ring, an event channel, the ids and grants of the
 * requests in it.
 */
#ifndef PVIO_BLKFRONT_QUEUE_H
#define PVIO_BLKFRONT_QUEUE_H

#include <linux/interrupt.h>
#include <linux/spinlock.h>

#include "pool.h"
#include "ring/idpool.h"
#include "ring/ring.h"
#include "xenbus/channel.h"
#include "xenbus/halt.h"

struct pvio_bf_stats;
struct pvio_bf_io;
struct pvio_bf_vbd;

/**
 * enum pvio_bf_taker - who takes the next answers of a queue
 * @PVIO_BF_TAKER_EVENT: the tasklet, when an event tells of them
 * @PVIO_BF_TAKER_SENDER: the next sender, if it waits for them: the last event
 *	is held, so that none comes
 * @PVIO_BF_TAKER_WAITER: a sender that waits; none comes until it has ended
 */
enum pvio_bf_taker {
	PVIO_BF_TAKER_EVENT,
	PVIO_BF_TAKER_SENDER,
	PVIO_BF_TAKER_WAITER,
};

/**
 * struct pvio_bf_queue - one queue
 * @vbd: its disk
 * @index: which
 * @stats: its counters; see stats.h
 * @shared: the ring's pages
 * @event: the event channel
 * @waits: for the answer to the only request
 * @lock: covers @ring, @ids, @io, @pool, @starved; taken in tasklet context, too
 * @ring: this end of the ring
 * @ids: ids of the requests in the ring
 * @io: per id the request; meaningful while the id is busy
 * @id_mem: memory of @ids
 * @pool: grants; opened when the backend is connected
 * @starved: somebody waits for the next completion: a request that did not
 *	find an id or grants, or the engine
 * @taker: who takes the next answers; moved by events.c alone, under @lock
 * @stopped: the queue is being closed: @answers keeps off @event
 * @polled: whoever waits for an answer looks for it, the backend is not asked
 *	for events
 * @answers: takes answers out of the ring
 */
struct pvio_bf_queue {
	struct pvio_bf_vbd *vbd;
	unsigned int index;
	struct pvio_bf_stats *stats;
	struct pvio_shared shared;
	struct pvio_event event;
	struct pvio_halt waits;
	/* Ring, ids and pool; see struct pvio_bf_vbd for the order of locks. */
	spinlock_t lock;
	struct pvio_front_ring ring;
	struct pvio_idpool ids;
	struct pvio_bf_io **io;
	u16 *id_mem;
	struct pvio_bf_pool pool;
	bool starved;
	enum pvio_bf_taker taker;
	bool stopped;
	bool polled;
	struct tasklet_struct answers;
};

/**
 * pvio_bf_queues_start() - make the queues: rings and event channels
 * @vbd: the virtual disk; link not up
 * @nr: how many
 * Context: may sleep. Return: 0 or a negative errno; then stop them.
 */
int pvio_bf_queues_start(struct pvio_bf_vbd *vbd, unsigned int nr);

/**
 * pvio_bf_queues_fill() - make the pools, when the backend's wishes are known
 * @vbd: the virtual disk
 * Context: may sleep. Return: 0 or a negative errno; then drain them.
 */
int pvio_bf_queues_fill(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queues_drain() - undo pvio_bf_queues_fill(), in part or not done
 * @vbd: the virtual disk; nothing was sent
 * Context: may sleep.
 */
void pvio_bf_queues_drain(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queues_stop() - give everything back
 * @vbd: the virtual disk; link not up; may have no queues, or half started ones
 *
 * What was answered is completed; what was not goes back to the block layer,
 * in the order in which it was sent.
 * Context: may sleep.
 */
void pvio_bf_queues_stop(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queues_polled() - how many queues are polled, the last ones
 * @vbd: the virtual disk
 */
unsigned int pvio_bf_queues_polled(const struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queues_spread() - have events where a queue's requests are sent
 * @vbd: the virtual disk, its tags allocated
 * Context: may sleep.
 */
void pvio_bf_queues_spread(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queues_answered() - are all requests in the queues answered?
 * @vbd: the virtual disk; no request enters a queue
 *
 * If not, and the disk is parting, the engine looks again after each answer.
 * Context: may sleep; pdev->lock held.
 */
bool pvio_bf_queues_answered(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queues_trim() - give back memory that was idle since the last call
 * @vbd: the virtual disk
 * Context: may sleep; link lock held.
 */
void pvio_bf_queues_trim(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_queue_fail() - fail every request in a queue
 * @q: the queue; the link failed and the block layer was waited for
 * Context: may sleep; link lock held.
 */
void pvio_bf_queue_fail(struct pvio_bf_queue *q);

#endif /* PVIO_BLKFRONT_QUEUE_H */
