// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Queues: rings and event channels up and down, one poll for both directions.
 *
 * Per poll: no hypercall of its own beyond the one that lets the next event
 * in, and that only after an event.
 */
#include "queue.h"

#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "compat/queues.h"
#include "keys.h"
#include "vif.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

static irqreturn_t handle_event(struct pvio_nb_queue *q,
				struct pvio_nb_events *events)
{
	set_bit(0, &events->raised);
	napi_schedule(&q->napi);
	return IRQ_HANDLED;
}

static irqreturn_t nb_queue_tx_event(int irq, void *arg)
{
	struct pvio_nb_queue *q = arg;

	WRITE_ONCE(q->raised, pvio_nb_latency_clock());
	return handle_event(q, &q->tx.events);
}

static irqreturn_t nb_queue_rx_event(int irq, void *arg)
{
	struct pvio_nb_queue *q = arg;

	return handle_event(q, &q->rx.events);
}

static bool take_rx_due(struct pvio_nb_queue *q)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);
	bool due;

	__netif_tx_lock(txq, smp_processor_id());
	due = pvio_nb_events_take_due(&q->rx.events);
	__netif_tx_unlock(txq);
	return due;
}

static bool shares_channel(const struct pvio_nb_queue *q)
{
	return !q->rx.events.channel.pdev;
}

/*
 * Lets the next events in.  Before napi_complete_done(), so that nothing else
 * polls meanwhile; an event that comes between the two makes that one
 * schedule another poll.
 */
static void finish_events(struct pvio_nb_queue *q)
{
	struct pvio_nb_events *tx = &q->tx.events, *rx = &q->rx.events;
	bool due;

	if (pvio_device_broken(q->vif->pdev))
		return;
	if (test_bit(0, &tx->raised)) {
		clear_bit(0, &tx->raised);
		q->tx.did.events++;
		due = pvio_nb_events_take_due(tx) ||
		      (shares_channel(q) && take_rx_due(q));
		pvio_event_done(&tx->channel, due);
	}
	if (test_bit(0, &rx->raised)) {
		clear_bit(0, &rx->raised);
		q->rx.did.events++;
		pvio_event_done(&rx->channel, take_rx_due(q));
	}
}

/* Did the guest send an event that may be about the receive ring? */
static bool was_told(const struct pvio_nb_queue *q)
{
	return test_bit(0, shares_channel(q) ? &q->tx.events.raised :
					       &q->rx.events.raised);
}

/*
 * Packets that the stack sends back while it is handed some need not schedule
 * another poll: @polling says that this one will look after them.
 */
static int poll_tx(struct pvio_nb_queue *q, int budget)
{
	int work;

	WRITE_ONCE(q->polling, smp_processor_id());
	work = pvio_nb_tx_poll(q, budget);
	WRITE_ONCE(q->polling, -1);
	return work;
}

static int nb_queue_poll(struct napi_struct *napi, int budget)
{
	struct pvio_nb_queue *q = container_of(napi, struct pvio_nb_queue,
					       napi);
	int work = 0;

	q->polls++;
	if (budget)
		work = poll_tx(q, budget);
	pvio_nb_rx_poll(q, was_told(q), budget);
	if (work < budget) {
		finish_events(q);
		napi_complete_done(napi, work);
	}
	return work;
}

static void init_queue(struct pvio_nb_vif *vif, unsigned int id)
{
	struct pvio_nb_queue *q = &vif->queues[id];

	q->vif = vif;
	q->id = id;
	q->polling = -1;
	q->measured = &q->latency;
	u64_stats_init(&q->tx.stats.syncp);
	u64_stats_init(&q->rx.stats.syncp);
	pvio_xdp_init(&q->tx.xdp);
	__skb_queue_head_init(&q->rx.pending);
	netif_napi_add(vif->dev, &q->napi, nb_queue_poll);
	pvio_queue_polled_by(vif->dev, id, &q->napi);
}

int pvio_nb_queues_init(struct pvio_nb_vif *vif)
{
	unsigned int i;

	vif->queues = kvcalloc(vif->max_queues, sizeof(*vif->queues),
			       GFP_KERNEL);
	if (!vif->queues)
		return -ENOMEM;
	for (i = 0; i < vif->max_queues; i++)
		init_queue(vif, i);
	return 0;
}

void pvio_nb_queues_free(struct pvio_nb_vif *vif)
{
	unsigned int i;

	if (!vif->queues)
		return;
	for (i = 0; i < vif->max_queues; i++)
		netif_napi_del(&vif->queues[i].napi);
	kvfree(vif->queues);
	vif->queues = NULL;
}

static int bind_event(struct pvio_nb_queue *q, struct pvio_nb_events *events,
		      const char *suffix, u32 port)
{
	struct pvio_event *ev = &events->channel;

	ev->arg = q;
	ev->handler = events == &q->tx.events ? nb_queue_tx_event :
						nb_queue_rx_event;
	snprintf(ev->name, sizeof(ev->name), "%s-q%u%s", q->vif->dev->name,
		 q->id, suffix);
	return pvio_event_bind(q->vif->pdev, ev, port);
}

static int bind_events(struct pvio_nb_queue *q,
		       const struct pvio_nb_queue_keys *keys)
{
	int err;

	if (keys->port)
		return bind_event(q, &q->tx.events, "", keys->port);
	err = bind_event(q, &q->tx.events, "-tx", keys->tx_port);
	if (!err)
		err = bind_event(q, &q->rx.events, "-rx", keys->rx_port);
	return err;
}

static int start_queue(struct pvio_nb_queue *q,
		       const struct pvio_nb_queue_keys *keys)
{
	int err;

	pvio_created(PVIO_RES_QUEUE, 1);
	pvio_nb_events_reset(&q->tx.events);
	pvio_nb_events_reset(&q->rx.events);
	err = pvio_nb_tx_start(q, keys->tx_ref);
	if (!err)
		err = pvio_nb_rx_start(q, keys->rx_ref);
	if (!err)
		err = bind_events(q, keys);
	if (err)
		pvio_err(q->vif->pdev, "queue %u: cannot start (%d)", q->id,
			 err);
	return err;
}

static void stop_queue(struct pvio_nb_queue *q)
{
	pvio_event_close(&q->rx.events.channel);
	pvio_event_close(&q->tx.events.channel);
	pvio_nb_gref_map_close(&q->grefs);
	pvio_nb_rx_stop(q);
	pvio_nb_tx_stop(q);
	pvio_destroyed(PVIO_RES_QUEUE, 1);
}

int pvio_nb_queues_start(struct pvio_nb_vif *vif, unsigned int from,
			 unsigned int to,
			 const struct pvio_nb_queue_keys *keys)
{
	unsigned int i;
	int err;

	for (i = from; i < to; i++) {
		err = start_queue(&vif->queues[i], &keys[i]);
		if (!err)
			continue;
		pvio_nb_queues_stop(vif, from, i + 1);
		return err;
	}
	return 0;
}

void pvio_nb_queues_stop(struct pvio_nb_vif *vif, unsigned int from,
			 unsigned int to)
{
	while (to-- > from)
		stop_queue(&vif->queues[to]);
}

void pvio_nb_queues_run(struct pvio_nb_vif *vif, unsigned int from,
			unsigned int to)
{
	unsigned int i;

	ASSERT_RTNL();
	for (i = from; i < to; i++) {
		napi_enable(&vif->queues[i].napi);
		pvio_nb_rx_run(&vif->queues[i]);
	}
}

void pvio_nb_queues_halt(struct pvio_nb_vif *vif, unsigned int from,
			 unsigned int to)
{
	unsigned int i;

	ASSERT_RTNL();
	for (i = from; i < to; i++) {
		pvio_nb_rx_halt(&vif->queues[i]);
		napi_disable(&vif->queues[i].napi);
	}
}

void pvio_nb_queues_set_headroom(struct pvio_nb_vif *vif, u16 headroom)
{
	unsigned int i;

	lockdep_assert_held(&vif->pdev->lock);
	if (headroom)
		set_bit(PVIO_NB_ASKS_HEADROOM, &vif->asks);
	for (i = 0; i < vif->nr_queues; i++)
		pvio_nb_rx_set_headroom(&vif->queues[i], headroom);
	if (!headroom)
		clear_bit(PVIO_NB_ASKS_HEADROOM, &vif->asks);
}
