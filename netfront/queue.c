// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Queues of the network frontend: start and stop over a range, events, NAPI.
 *
 * One NAPI context serves both directions, whichever channel the event came
 * through.  Per event: one interrupt that only schedules NAPI, and when
 * nothing is left to do one unmask of the channel.  No lock but the transmit
 * queue's, once a pass, and only while something is outstanding there.
 *
 * Why stopping is safe: halting a queue under its transmit lock keeps the
 * stack out of the rings; then NAPI is disabled, after which nothing takes
 * responses, unmasks or notifies; then the event channels close, which waits
 * for their handlers; then nobody is left who could look at what is freed.
 */
#include "queue.h"

#include <linux/interrupt.h>
#include <linux/rtnetlink.h>

#include "compat/queues.h"
#include "netdev.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

static irqreturn_t note_event(struct pvio_nf_queue *q, enum pvio_nf_dir dir)
{
	set_bit(dir, &q->fired);
	napi_schedule(&q->napi);
	return IRQ_HANDLED;
}

static irqreturn_t nf_queue_tx_event(int irq, void *arg)
{
	return note_event(arg, PVIO_NF_TX);
}

static irqreturn_t nf_queue_rx_event(int irq, void *arg)
{
	struct pvio_nf_queue *q = arg;

	WRITE_ONCE(q->raised, pvio_nf_latency_clock());
	return note_event(q, PVIO_NF_RX);
}

/* Directions that an event channel speaks of. */
static u8 directions(const struct pvio_nf_queue *q, enum pvio_nf_dir dir)
{
	return q->split ? BIT(dir) : BIT(PVIO_NF_TX) | BIT(PVIO_NF_RX);
}

/*
 * An event is no lie when something was found since the last one, or when
 * what it speaks of had been found before it came.
 */
static void finish_event(struct pvio_nf_queue *q, enum pvio_nf_dir dir)
{
	u8 dirs = directions(q, dir);
	bool worked = q->found & dirs;

	q->found = (q->found & ~dirs) | (q->ahead & dirs);
	q->ahead &= ~dirs;
	q->events[dir]++;
	pvio_event_done(&q->event[dir], worked);
}

static void finish_events(struct pvio_nf_queue *q)
{
	unsigned long fired = xchg(&q->fired, 0);

	if (fired & BIT(PVIO_NF_TX))
		finish_event(q, PVIO_NF_TX);
	if (fired & BIT(PVIO_NF_RX))
		finish_event(q, PVIO_NF_RX);
}

/* After a fault the channels stay masked: a hostile peer silences itself. */
static int give_up_polling(struct napi_struct *napi)
{
	napi_complete_done(napi, 0);
	return 0;
}

/* Who polls busily ends with a pass of its own, and that one asks for an event. */
static bool does_without_event(struct pvio_nf_queue *q, int done)
{
	return unlikely(test_bit(NAPI_STATE_IN_BUSY_POLL, &q->napi.state)) ||
	       pvio_nf_moderation_hold(q, done);
}

/*
 * Everything up to napi_complete_done() is done by one context at a time, and
 * napi_disable() waits for it.  An event that comes after its channel was
 * unmasked there makes NAPI run again.
 */
static int nf_queue_poll(struct napi_struct *napi, int budget)
{
	struct pvio_nf_queue *q = container_of(napi, struct pvio_nf_queue,
					       napi);
	struct pvio_device *pdev = q->nf->pdev;
	bool more;
	int done;

	q->polls++;
	if (pvio_device_broken(pdev))
		return budget ? give_up_polling(napi) : 0;
	more = pvio_nf_tx_complete(q, budget);
	/* The kernel's console over the network wants room to transmit. */
	if (unlikely(!budget))
		return 0;
	done = pvio_nf_rx_receive(q, budget);
	if (pvio_device_broken(pdev))
		return give_up_polling(napi);
	if (done == budget || more)
		return budget;
	if (!does_without_event(q, done) && pvio_nf_rx_arm(q))
		return budget;
	finish_events(q);
	napi_complete_done(napi, done);
	return done;
}

static int open_event(struct pvio_nf_queue *q, enum pvio_nf_dir dir,
		      irq_handler_t handler)
{
	static const char *const suffix[PVIO_NF_DIRS] = { "tx", "rx" };
	struct pvio_event *ev = &q->event[dir];
	struct device *dev = q->nf->pdev->dev;

	ev->handler = handler;
	ev->arg = q;
	if (q->split)
		snprintf(ev->name, sizeof(ev->name), "%s-q%u-%s",
			 dev_name(dev), q->index, suffix[dir]);
	else
		snprintf(ev->name, sizeof(ev->name), "%s-q%u", dev_name(dev),
			 q->index);
	return pvio_event_open(q->nf->pdev, ev);
}

static int open_split(struct pvio_nf_queue *q)
{
	int err;

	q->split = true;
	err = open_event(q, PVIO_NF_TX, nf_queue_tx_event);
	if (err)
		return err;
	err = open_event(q, PVIO_NF_RX, nf_queue_rx_event);
	if (err)
		pvio_event_close(&q->event[PVIO_NF_TX]);
	return err;
}

/* One channel is what every backend takes, and all there may be left. */
static int open_events(struct pvio_nf_queue *q)
{
	q->fired = 0;
	q->found = 0;
	q->ahead = 0;
	if (q->nf->peer.split && !open_split(q))
		return 0;
	q->split = false;
	return open_event(q, PVIO_NF_TX, nf_queue_tx_event);
}

/* The interface's list of NAPI contexts is under rtnl. */
static void add_napi(struct pvio_nf_queue *q)
{
	rtnl_lock();
	netif_napi_add(q->nf->netdev, &q->napi, nf_queue_poll);
	pvio_queue_polled_by(q->nf->netdev, q->index, &q->napi);
	rtnl_unlock();
	napi_enable(&q->napi);
	q->polling = true;
	pvio_created(PVIO_RES_QUEUE, 1);
}

static void remove_napi(struct pvio_nf_queue *q)
{
	if (!q->polling)
		return;
	napi_disable(&q->napi);
	pvio_event_close(&q->event[PVIO_NF_TX]);
	pvio_event_close(&q->event[PVIO_NF_RX]);
	/* They schedule NAPI, which must still be known then. */
	cancel_delayed_work_sync(&q->rx.retry);
	pvio_nf_moderation_stop(q);
	rtnl_lock();
	pvio_queue_polled_by(q->nf->netdev, q->index, NULL);
	netif_napi_del(&q->napi);
	rtnl_unlock();
	q->polling = false;
	pvio_destroyed(PVIO_RES_QUEUE, 1);
}

static void stop_queue(struct pvio_nf_queue *q)
{
	remove_napi(q);
	pvio_nf_rx_stop(q);
	pvio_nf_tx_stop(q);
}

/* NAPI comes last but for the events that need it. */
static int start_queue(struct pvio_nf_queue *q)
{
	int err = pvio_nf_tx_start(q);

	if (!err)
		err = pvio_nf_rx_start(q);
	if (!err) {
		add_napi(q);
		err = open_events(q);
	}
	if (err)
		stop_queue(q);
	return err;
}

void pvio_nf_queues_init(struct pvio_nf *nf)
{
	struct pvio_nf_queue *q;
	unsigned int i;

	for (i = 0; i < nf->max_queues; i++) {
		q = &nf->queues[i];
		q->nf = nf;
		q->index = i;
		q->measured = &q->latency;
		q->txq = netdev_get_tx_queue(nf->netdev, i);
		pvio_nf_tx_init(q);
		pvio_nf_rx_init(q);
		pvio_nf_moderation_init(q);
	}
}

unsigned int pvio_nf_queues_start(struct pvio_nf *nf, unsigned int from,
				  unsigned int to)
{
	unsigned int i;
	int err;

	lockdep_assert_held(&nf->pdev->lock);
	for (i = from; i < to; i++) {
		err = start_queue(&nf->queues[i]);
		if (!err)
			continue;
		pvio_warn(nf->pdev, "queue %u not started (%d)", i, err);
		break;
	}
	return i;
}

void pvio_nf_queues_stop(struct pvio_nf *nf, unsigned int from,
			 unsigned int to)
{
	unsigned int i;

	lockdep_assert_held(&nf->pdev->lock);
	for (i = from; i < to; i++)
		stop_queue(&nf->queues[i]);
}

static void set_running(struct pvio_nf_queue *q, bool running)
{
	struct netdev_queue *txq = q->txq;

	__netif_tx_lock_bh(txq);
	q->tx.running = running;
	if (!running)
		netif_tx_stop_queue(txq);
	else if (netif_running(q->nf->netdev))
		netif_tx_wake_queue(txq);
	__netif_tx_unlock_bh(txq);
}

/* The backend may have looked at the rings before they were filled. */
static void kick(struct pvio_nf_queue *q)
{
	pvio_event_notify(&q->event[PVIO_NF_TX]);
	if (q->split)
		pvio_event_notify(&q->event[PVIO_NF_RX]);
}

void pvio_nf_queues_run(struct pvio_nf *nf, unsigned int from,
			unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++) {
		set_running(&nf->queues[i], true);
		kick(&nf->queues[i]);
	}
}

void pvio_nf_queues_halt(struct pvio_nf *nf, unsigned int from,
			 unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		set_running(&nf->queues[i], false);
}
