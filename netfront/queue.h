/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A queue of the network frontend: one transmit and one receive ring, one
 * event channel or one for each, one NAPI context.
 *
 * The array of queues lives as long as the network device, so that the
 * stack's contexts may look at a queue at any time; what a queue owns exists
 * from pvio_nf_queues_start() to pvio_nf_queues_stop().
 */
#ifndef PVIO_NETFRONT_QUEUE_H
#define PVIO_NETFRONT_QUEUE_H

#include <linux/bits.h>
#include <linux/netdevice.h>

#include "latency.h"
#include "moderation.h"
#include "rx.h"
#include "tx.h"
#include "xenbus/channel.h"

struct pvio_nf;

/**
 * enum pvio_nf_dir - the two directions, and their event channels
 * @PVIO_NF_TX: transmit; its event channel serves both when not split
 * @PVIO_NF_RX: receive
 * @PVIO_NF_DIRS: how many
 */
enum pvio_nf_dir {
	PVIO_NF_TX,
	PVIO_NF_RX,
	PVIO_NF_DIRS,
};

/**
 * struct pvio_nf_queue - a queue
 * @nf: its interface; constant
 * @index: its number; constant
 * @txq: the stack's side of it; constant
 * @polling: @napi is added and enabled; under the device's lock
 * @split: each direction has its own event channel; under the device's lock
 * @event: the event channels
 * @fired: bit per event channel whose handler ran and that awaits
 *	pvio_event_done(); atomic
 * @found: bit per direction: responses were taken since the last
 *	pvio_event_done(); NAPI only
 * @ahead: bit per direction: responses were taken that came after the event
 *	had been asked for, so one more event for them is no lie; NAPI only
 * @polls: times that it was polled; NAPI only
 * @events: events dealt with, by event channel; NAPI only
 * @napi: polls both directions
 * @raised: when the event about received packets came that is being dealt with;
 *	0: not known
 * @hold: when no event about received packets is asked for
 * @tx: transmit side
 * @rx: receive side
 * @latency: of both
 * @measured: where that is; constant
 */
struct pvio_nf_queue {
	struct pvio_nf *nf;
	u16 index;
	struct netdev_queue *txq;
	bool polling;
	bool split;
	struct pvio_event event[PVIO_NF_DIRS];
	unsigned long fired;
	u8 found;
	u8 ahead;
	u64 polls;
	u64 events[PVIO_NF_DIRS];
	struct napi_struct napi;
	u64 raised;
	struct pvio_nf_hold hold;
	struct pvio_nf_tx tx ____cacheline_aligned_in_smp;
	struct pvio_nf_rx rx ____cacheline_aligned_in_smp;
	struct pvio_nf_latency latency;
	struct pvio_nf_latency *measured;
};

/**
 * pvio_nf_queue_event() - the event channel of a direction
 * @q: the queue
 * @dir: the direction
 */
static inline const struct pvio_event *
pvio_nf_queue_event(const struct pvio_nf_queue *q, enum pvio_nf_dir dir)
{
	return &q->event[q->split ? dir : PVIO_NF_TX];
}

/**
 * pvio_nf_queues_init() - prepare the array; nothing to undo
 * @nf: @queues and @max_queues are set
 */
void pvio_nf_queues_init(struct pvio_nf *nf);

/**
 * pvio_nf_queues_start() - make rings, buffers and event channels
 * @nf: the interface
 * @from: first queue
 * @to: queue after the last
 *
 * Context: may sleep; the device's lock is held.
 * Return: the queue after the last that could be started, @to when all were.
 */
unsigned int pvio_nf_queues_start(struct pvio_nf *nf, unsigned int from,
				  unsigned int to);

/**
 * pvio_nf_queues_run() - let the stack transmit, tell the backend
 * @nf: the interface
 * @from: first queue
 * @to: queue after the last
 */
void pvio_nf_queues_run(struct pvio_nf *nf, unsigned int from,
			unsigned int to);

/**
 * pvio_nf_queues_halt() - from now on no packet reaches the rings
 * @nf: the interface
 * @from: first queue
 * @to: queue after the last
 */
void pvio_nf_queues_halt(struct pvio_nf *nf, unsigned int from,
			 unsigned int to);

/**
 * pvio_nf_queues_stop() - give everything back, packets in flight included
 * @nf: the interface
 * @from: first queue
 * @to: queue after the last
 *
 * A stopped queue may be stopped again. Context: may sleep; the device's
 * lock is held.
 */
void pvio_nf_queues_stop(struct pvio_nf *nf, unsigned int from,
			 unsigned int to);

#endif /* PVIO_NETFRONT_QUEUE_H */
