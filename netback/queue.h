/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * One queue of a vif: two rings, their event channels and one NAPI that
 * serves both.
 *
 * Locks: "NAPI" and "txq", as tx.h and rx.h say.
 */
#ifndef PVIO_NETBACK_QUEUE_H
#define PVIO_NETBACK_QUEUE_H

#include <linux/netdevice.h>

#include "events.h"
#include "gref_map.h"
#include "latency.h"
#include "rx.h"
#include "tx.h"

struct pvio_nb_queue_keys;
struct pvio_nb_vif;

/**
 * struct pvio_nb_queue - one queue
 * @vif: the vif; constant
 * @id: number of the queue; constant
 * @polling: CPU whose poll is handing packets to the stack and will look at
 *	@rx afterwards, or -1
 * @polls: times that it was polled; NAPI
 * @napi: serves both directions
 * @raised: when the guest's event came that is being dealt with; 0: not known
 * @tx: what the guest transmits
 * @rx: what the guest receives
 * @grefs: pages of the guest that are kept mapped, for both
 * @latency: of both
 * @measured: where that is; constant
 */
struct pvio_nb_queue {
	struct pvio_nb_vif *vif;
	unsigned int id;
	int polling;
	u64 polls;
	struct napi_struct napi;
	u64 raised;
	struct pvio_nb_tx tx;
	struct pvio_nb_rx rx;
	struct pvio_nb_gref_map grefs;
	struct pvio_nb_latency latency;
	struct pvio_nb_latency *measured;
};

/**
 * pvio_nb_queue_notify() - tell the guest of answers
 * @q: the queue
 * @events: of its direction; through the other's channel when both share one
 */
static inline void pvio_nb_queue_notify(struct pvio_nb_queue *q,
					struct pvio_nb_events *events)
{
	if (!events->channel.pdev)
		events = &q->tx.events;
	pvio_event_notify(&events->channel);
}

/**
 * pvio_nb_queue_txq() - the netdev queue whose lock covers @q->rx
 * @q: the queue
 */
static inline struct netdev_queue *
pvio_nb_queue_txq(const struct pvio_nb_queue *q)
{
	return netdev_get_tx_queue(q->napi.dev, q->id);
}

/**
 * pvio_nb_queues_init() - prepare all queues of a new vif
 * @vif: the vif, its netdev not yet registered
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_nb_queues_init(struct pvio_nb_vif *vif);

/**
 * pvio_nb_queues_free() - undo pvio_nb_queues_init()
 * @vif: the vif, all queues stopped; may be half made
 * Context: may sleep.
 */
void pvio_nb_queues_free(struct pvio_nb_vif *vif);

/**
 * pvio_nb_queues_start() - map rings and bind event channels
 * @vif: the vif
 * @from: first queue
 * @to: queue after the last
 * @keys: of the queues from 0 on
 *
 * Context: may sleep; @vif->pdev->lock held.
 * Return: 0, or a negative errno with none of them started.
 */
int pvio_nb_queues_start(struct pvio_nb_vif *vif, unsigned int from,
			 unsigned int to,
			 const struct pvio_nb_queue_keys *keys);

/**
 * pvio_nb_queues_run() - begin to poll, and to accept packets
 * @vif: the vif
 * @from: first queue
 * @to: queue after the last; all started
 * Context: may sleep; rtnl held.
 */
void pvio_nb_queues_run(struct pvio_nb_vif *vif, unsigned int from,
			unsigned int to);

/**
 * pvio_nb_queues_halt() - accept and poll no more; waits for a poll going on
 * @vif: the vif
 * @from: first queue
 * @to: queue after the last; all running
 * Context: may sleep; rtnl held.
 */
void pvio_nb_queues_halt(struct pvio_nb_vif *vif, unsigned int from,
			 unsigned int to);

/**
 * pvio_nb_queues_stop() - close event channels and unmap rings
 * @vif: the vif, not running
 * @from: first queue
 * @to: queue after the last; those not started are passed over
 * Context: may sleep; @vif->pdev->lock held.
 */
void pvio_nb_queues_stop(struct pvio_nb_vif *vif, unsigned int from,
			 unsigned int to);

/**
 * pvio_nb_queues_set_headroom() - leave room in front of packets
 * @vif: the vif, its queues started
 * @headroom: bytes, up to PVIO_NB_HEADROOM_MAX
 * Context: may sleep; the device's lock is held.
 */
void pvio_nb_queues_set_headroom(struct pvio_nb_vif *vif, u16 headroom);

#endif /* PVIO_NETBACK_QUEUE_H */
