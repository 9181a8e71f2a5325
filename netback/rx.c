// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the guest receives: packets wait in a short queue until the guest has
 * offered the slots they need, and are copied there in batches: see fill.c.
 *
 * Per packet: one enqueue and one dequeue under the lock that the stack holds
 * anyway; no allocation, no thread.
 *
 * Who copies: a sender in process context does so at once, since a softirq
 * would find the same one packet a moment later.  In a softirq, or a thread
 * that polls in its place, more packets are likely to follow, and the queue's
 * own poll does it for all of them.  Where the queue has a thread to poll it
 * (/sys/class/net/vifD.H/threaded), whoever set that wants all to be done there.
 *
 * A guest that is busy holds its senders back; one that is late (paused, gone)
 * does not: what waits for it belongs to nobody any more, and what comes when
 * the queue is full is dropped.
 *
 * Nothing prints under the transmit lock: the console may be a network that
 * needs it.
 */
#include "rx.h"

#include <linux/bitops.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "fill.h"
#include "fit.h"
#include "hash.h"
#include "queue.h"
#include "ring/netif.h"
#include "vif.h"
#include "xenbus/device.h"

/* Memory that waiting packets may hold; then the stack keeps them. */
#define PENDING_MAX	(512U * 1024)
/* A guest that is not given time for so long is no reason to hold up others. */
#define LATE_MSECS	100

static bool offered(struct pvio_nb_queue *q, enum pvio_verdict verdict,
		    unsigned int need)
{
	if (unlikely(verdict == PVIO_BROKEN)) {
		pvio_device_fault(q->vif->pdev,
				  "queue %u receive ring: impossible request index",
				  q->id);
		return false;
	}
	if (pvio_back_pending(&q->rx.ring) < need)
		return false;
	pvio_nb_events_met(&q->rx.events);
	return true;
}

static struct sk_buff *dequeue(struct pvio_nb_rx *rx)
{
	struct sk_buff *skb = __skb_dequeue(&rx->pending);

	rx->bytes -= skb->truesize;
	return skb;
}

static void drop(struct pvio_nb_queue *q, struct sk_buff *skb,
		 enum pvio_nb_rx_stat why)
{
	pvio_nb_rx_count(&q->rx.stats, why, 1);
	dev_kfree_skb_any(skb);
}

static void drop_overdue(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	q->rx.overdue++;
	drop(q, skb, PVIO_NB_RX_DROPPED);
}

static void drop_pending(struct pvio_nb_queue *q, enum pvio_nb_rx_stat why)
{
	while (!skb_queue_empty(&q->rx.pending))
		drop(q, dequeue(&q->rx), why);
}

/*
 * Whoever sent this does not wait for it any longer: it counts for no socket,
 * its data are ours, and it holds no connection of the firewall's.
 */
static bool let_go(struct sk_buff *skb)
{
	skb_orphan(skb);
	nf_reset_ct(skb);
	return !skb_orphan_frags_rx(skb, GFP_ATOMIC | __GFP_NOWARN);
}

static void let_all_go(struct pvio_nb_queue *q)
{
	struct sk_buff *skb, *next;

	skb_queue_walk_safe(&q->rx.pending, skb, next) {
		if (let_go(skb))
			continue;
		__skb_unlink(skb, &q->rx.pending);
		q->rx.bytes -= skb->truesize;
		drop_overdue(q, skb);
	}
}

/* The one place that moves the pace: a step at a time, or back to good. */
static void set_pace(struct pvio_nb_queue *q, enum pvio_nb_pace pace)
{
	enum pvio_nb_pace was = q->rx.pace;

	q->rx.pace = pace;
	switch (pace) {
	case PVIO_NB_PACE_GOOD:
		q->rx.need = 0;
		if (was == PVIO_NB_PACE_STALLED &&
		    atomic_dec_and_test(&q->vif->stalled))
			pvio_nb_vif_check_now(q->vif);
		break;
	case PVIO_NB_PACE_SHORT:
		q->rx.since = jiffies;
		break;
	case PVIO_NB_PACE_LATE:
		let_all_go(q);
		break;
	case PVIO_NB_PACE_STALLED:
		drop_pending(q, PVIO_NB_RX_EXPIRED);
		pvio_nb_rx_count(&q->rx.stats, PVIO_NB_RX_STALLS, 1);
		atomic_inc(&q->vif->stalled);
		break;
	}
}

/* Has the guest offered @need slots?  If not it is asked to tell. */
static bool slots_ready(struct pvio_nb_queue *q, unsigned int need)
{
	struct pvio_back_ring *ring = &q->rx.ring;

	if (likely(pvio_back_pending(ring) >= need) ||
	    offered(q, pvio_back_poll(ring), need))
		goto ready;
	if (pvio_device_broken(q->vif->pdev))
		return false;
	pvio_nb_events_arm(&q->rx.events);
	if (offered(q, pvio_back_arm(ring, need), need))
		goto ready;
	if (q->rx.pace == PVIO_NB_PACE_GOOD)
		set_pace(q, PVIO_NB_PACE_SHORT);
	q->rx.need = need;
	pvio_nb_vif_check_soon(q->vif);
	return false;
ready:
	if (unlikely(q->rx.need))
		set_pace(q, PVIO_NB_PACE_GOOD);
	return true;
}

static void wake(struct pvio_nb_queue *q)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);

	if (unlikely(netif_tx_queue_stopped(txq)) && q->rx.running &&
	    (q->rx.bytes <= PENDING_MAX / 2 ||
	     q->rx.pace >= PVIO_NB_PACE_LATE))
		netif_tx_wake_queue(txq);
}

static void flush(struct pvio_nb_queue *q)
{
	struct pvio_nb_rx *rx = &q->rx;
	struct sk_buff *skb;

	if (pvio_device_broken(q->vif->pdev))
		return;
	if (rx->need && skb_queue_empty(&rx->pending))
		slots_ready(q, rx->need);
	while ((skb = skb_peek(&rx->pending)) &&
	       slots_ready(q, pvio_nb_fill_note(skb)->slots))
		pvio_nb_fill_packet(q, dequeue(rx));
	pvio_nb_fill_finish(q);
	wake(q);
}

static void serve(struct pvio_nb_queue *q, bool idle)
{
	if (!q->rx.running || pvio_device_broken(q->vif->pdev))
		return;
	/* What the guest tells of is looked at, whether of use or not. */
	if (idle)
		offered(q, pvio_back_poll(&q->rx.ring), 1);
	flush(q);
}

/* Netpoll may have interrupted, or be printing for, whoever holds the lock. */
static void try_serve(struct pvio_nb_queue *q, bool idle)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);

	if (!__netif_tx_trylock(txq))
		return;
	serve(q, idle);
	__netif_tx_unlock(txq);
}

void pvio_nb_rx_poll(struct pvio_nb_queue *q, bool told, bool may_wait)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);
	bool idle = skb_queue_empty_lockless(&q->rx.pending) &&
		    !READ_ONCE(q->rx.need);

	if (idle && !told)
		return;
	if (unlikely(!may_wait)) {
		try_serve(q, idle);
		return;
	}
	__netif_tx_lock(txq, smp_processor_id());
	serve(q, idle);
	__netif_tx_unlock(txq);
}

/* What the guest is taken for, by how long it has been short of slots. */
static enum pvio_nb_pace judge(const struct pvio_nb_queue *q)
{
	const struct pvio_nb_vif *vif = q->vif;
	unsigned long age = jiffies - q->rx.since;

	if (vif->stall && vif->peer.rx_notify && age > vif->stall)
		return PVIO_NB_PACE_STALLED;
	return age > msecs_to_jiffies(LATE_MSECS) ? PVIO_NB_PACE_LATE :
						    PVIO_NB_PACE_SHORT;
}

static void age(struct pvio_nb_queue *q)
{
	struct sk_buff *skb;

	flush(q);
	while ((skb = skb_peek(&q->rx.pending)) &&
	       time_after(jiffies, pvio_nb_fill_note(skb)->expires))
		drop(q, dequeue(&q->rx), PVIO_NB_RX_EXPIRED);
	flush(q);
	while (q->rx.need && q->rx.pace < judge(q))
		set_pace(q, q->rx.pace + 1);
	wake(q);
}

bool pvio_nb_rx_age(struct pvio_nb_queue *q)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);
	bool waits = false;

	__netif_tx_lock_bh(txq);
	if (q->rx.running && q->rx.need) {
		age(q);
		waits = q->rx.need;
	}
	__netif_tx_unlock_bh(txq);
	return waits;
}

/* Not what select_queue() found: not all that is sent comes from there. */
static void note_hash(const struct pvio_nb_vif *vif, struct sk_buff *skb)
{
	struct pvio_nb_fill_note *cb = pvio_nb_fill_note(skb);
	u32 hash;
	u8 type = pvio_nb_hash_packet(vif, skb, &hash);

	if (!type)
		return;
	cb->slots++;
	cb->extras |= PVIO_NB_FILL_HASH;
	cb->hash_type = type - 1;
	cb->hash = hash;
}

/* Only the first page of a packet has any. */
static void note_headroom(const struct pvio_nb_rx *rx, struct sk_buff *skb)
{
	struct pvio_nb_fill_note *note = pvio_nb_fill_note(skb);

	note->headroom = rx->headroom;
	note->extras &= ~PVIO_NB_FILL_HEADROOM;
	if (note->headroom)
		note->extras |= PVIO_NB_FILL_HEADROOM;
	note->slots = DIV_ROUND_UP(skb->len + note->headroom, PVIO_NET_PAGE) +
		      hweight8(note->extras);
}

/* What the guest asked for beside packets; false: it does not want this one. */
static noinline bool heed(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	const struct pvio_nb_vif *vif = q->vif;

	if (test_bit(PVIO_NB_ASKS_MCAST, &vif->asks) &&
	    !pvio_nb_mcast_passes(&vif->mcast, skb)) {
		drop(q, skb, PVIO_NB_RX_FILTERED);
		return false;
	}
	if (test_bit(PVIO_NB_ASKS_HASH, &vif->asks))
		note_hash(vif, skb);
	if (q->rx.headroom)
		note_headroom(&q->rx, skb);
	return true;
}

static void enqueue(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	struct pvio_nb_rx *rx = &q->rx;

	skb_tx_timestamp(skb);
	if (unlikely(rx->pace >= PVIO_NB_PACE_LATE) &&
	    (rx->bytes > PENDING_MAX || !let_go(skb))) {
		drop_overdue(q, skb);
		return;
	}
	pvio_nb_fill_note(skb)->slots = pvio_nb_fit_slots(skb) + skb_is_gso(skb);
	pvio_nb_fill_note(skb)->extras = skb_is_gso(skb);
	if (unlikely(READ_ONCE(q->vif->asks)) && !heed(q, skb))
		return;
	pvio_nb_fill_note(skb)->expires = jiffies + q->vif->patience;
	pvio_nb_fill_note(skb)->queued = pvio_nb_latency_clock();
	__skb_queue_tail(&rx->pending, skb);
	rx->bytes += skb->truesize;
	if (unlikely(rx->bytes > PENDING_MAX) && rx->pace < PVIO_NB_PACE_LATE)
		netif_tx_stop_queue(pvio_nb_queue_txq(q));
}

/*
 * Is the queue's poll to copy?  A worker has one packet at a time, as a process
 * has; a thread of NAPI not.  With interrupts off it is netpoll's, and may be the
 * last one ever.
 */
static bool is_for_poll(const struct pvio_nb_queue *q)
{
	if (irqs_disabled())
		return false;
	return in_serving_softirq() ||
	       test_bit(NAPI_STATE_THREADED, &q->napi.state) ||
	       (current->flags & (PF_KTHREAD | PF_WQ_WORKER)) == PF_KTHREAD;
}

/* See the head of this file for who copies. */
static void get_going(struct pvio_nb_queue *q)
{
	if (skb_queue_empty(&q->rx.pending) ||
	    READ_ONCE(q->polling) == smp_processor_id())
		return;
	if (is_for_poll(q))
		napi_schedule(&q->napi);
	else
		flush(q);
}

netdev_tx_t pvio_nb_rx_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct pvio_nb_vif *vif = netdev_priv(dev);
	struct pvio_nb_queue *q = &vif->queues[skb_get_queue_mapping(skb)];

	if (unlikely(!q->rx.running || pvio_device_broken(vif->pdev))) {
		drop(q, skb, PVIO_NB_RX_DROPPED);
		return NETDEV_TX_OK;
	}
	if (likely(pvio_nb_fit_packet(&vif->peer, skb))) {
		enqueue(q, skb);
	} else {
		q->rx.unfit++;
		drop(q, skb, PVIO_NB_RX_DROPPED);
	}
	if (!netdev_xmit_more() || netif_tx_queue_stopped(pvio_nb_queue_txq(q)))
		get_going(q);
	return NETDEV_TX_OK;
}

void pvio_nb_rx_flush(struct pvio_nb_queue *q)
{
	if (q->rx.running && !pvio_device_broken(q->vif->pdev))
		get_going(q);
}

void pvio_nb_rx_set_headroom(struct pvio_nb_queue *q, u16 headroom)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);
	struct sk_buff *skb;

	__netif_tx_lock_bh(txq);
	WRITE_ONCE(q->rx.headroom, headroom);
	skb_queue_walk(&q->rx.pending, skb)
		note_headroom(&q->rx, skb);
	__netif_tx_unlock_bh(txq);
}

void pvio_nb_rx_run(struct pvio_nb_queue *q)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);

	__netif_tx_lock_bh(txq);
	q->rx.need = 0;
	q->rx.pace = PVIO_NB_PACE_GOOD;
	q->rx.running = true;
	/* What the stack has kept meanwhile may be on its way at once. */
	netif_tx_wake_queue(txq);
	__netif_tx_unlock_bh(txq);
}

void pvio_nb_rx_halt(struct pvio_nb_queue *q)
{
	struct netdev_queue *txq = pvio_nb_queue_txq(q);

	__netif_tx_lock_bh(txq);
	q->rx.running = false;
	netif_tx_stop_queue(txq);
	drop_pending(q, PVIO_NB_RX_DROPPED);
	__netif_tx_unlock_bh(txq);
}

int pvio_nb_rx_start(struct pvio_nb_queue *q, u32 ref)
{
	struct pvio_nb_rx *rx = &q->rx;
	int err;

	rx->work = pvio_nb_fill_make();
	if (!rx->work)
		return -ENOMEM;
	err = pvio_shared_map(q->vif->pdev, &rx->shared, &ref, 1);
	if (!err)
		err = pvio_back_attach(&rx->ring, &pvio_net_rx_ring,
				       rx->shared.vaddr, rx->shared.bytes);
	return err;
}

void pvio_nb_rx_stop(struct pvio_nb_queue *q)
{
	struct pvio_nb_rx *rx = &q->rx;

	pvio_shared_close(q->vif->pdev, &rx->shared);
	kvfree(rx->work);
	rx->work = NULL;
}
