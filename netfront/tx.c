// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Transmit side of a frontend queue: put what was gathered of a packet onto
 * the ring, and take the answers.
 *
 * A packet for which there are no references waits for the answers to others;
 * when there are no others, the references that a queue keeps are enough.
 *
 * A packet that was copied whole is freed at once.  Nobody waits for its
 * answer, so it asks for no event: its answer is taken when something else
 * makes NAPI run, or when many have come together.
 *
 * Per packet: no hypercall, or one to notify at the end of a burst when the
 * backend sleeps; one copy of the linear part; no allocation once the pages
 * that the load needs exist; one interlocked operation for each granted
 * fragment to end its grant; no lock beyond the stack's own.  Per batch of
 * answers: one lock, at most one event, and none for EVENT_FAR answers to
 * copied packets.
 */
#include "tx.h"

#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/netdevice.h>

#include "gref_map.h"
#include "netdev.h"
#include "plan.h"
#include "queue.h"
#include "trace.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* Ring slots that the largest packet takes: its data and one extra. */
#define PACKET_ROOM	(PVIO_NET_SLOTS_MAX + 1)
/* A stopped queue is woken when it has room for several of those. */
#define WAKE_ROOM	(3 * PACKET_ROOM)

/* Answers that may gather while nobody waits for them: half a ring. */
#define EVENT_FAR	(PVIO_NF_TX_SLOTS / 2)

/*
 * Bytes that count towards the stack's limit until they are answered: those of
 * packets that are ours until then, or would be without static grants.  Without
 * a limit for these a sender would not stop before the ring is full.
 */
static unsigned int awaited_bytes(const struct pvio_nf_plan *p,
				  struct sk_buff *skb)
{
	return pvio_nf_plan_held(skb)->slots || (p->large && p->fixed) ?
	       skb->len : 0;
}

/* The slot's share in its packet is over. */
static void let_go(struct pvio_nf_tx_slot *slot, int budget)
{
	struct sk_buff *skb = slot->skb;

	slot->share.page = NULL;
	slot->skb = NULL;
	if (!--pvio_nf_plan_held(skb)->slots)
		napi_consume_skb(skb, budget);
}

static void put_slot(struct pvio_nf_tx *tx, const struct pvio_net_frag *frag,
		     u16 flags)
{
	tx->slot[frag->id].index = pvio_front_next(&tx->ring);
	pvio_net_tx_put(&tx->ring, frag, flags);
}

static void put_first(struct pvio_nf_tx *tx, const struct pvio_nf_plan *p,
		      struct sk_buff *skb)
{
	struct pvio_net_frag first = p->frag[0];
	u16 flags = p->flags;

	if (p->nr > 1)
		flags |= XEN_NETTXF_more_data;
	if (p->gso_type)
		flags |= XEN_NETTXF_extra_info;
	first.size = skb->len;
	tx->slot[first.id].bytes = awaited_bytes(p, skb);
	if (tx->slot[first.id].bytes)
		tx->slot[first.id].put = pvio_nf_latency_clock();
	put_slot(tx, &first, flags);
	if (p->gso_type)
		pvio_net_tx_put_gso(&tx->ring, p->gso_type,
				    skb_shinfo(skb)->gso_size);
}

static void put_packet(struct pvio_nf_tx *tx, const struct pvio_nf_plan *p,
		       struct sk_buff *skb)
{
	unsigned int i;

	put_first(tx, p, skb);
	for (i = 1; i < p->nr; i++)
		put_slot(tx, &p->frag[i],
			 i + 1 < p->nr ? XEN_NETTXF_more_data : 0);
}

static void publish(struct pvio_nf_queue *q)
{
	bool notify = pvio_front_push(&q->tx.ring);

	if (notify)
		pvio_event_notify(pvio_nf_queue_event(q, PVIO_NF_TX));
	pvio_nf_did_push(&q->tx.did, notify);
	trace_nf_tx_burst(q, notify);
}

void pvio_nf_tx_flush(struct pvio_nf_queue *q)
{
	if (q->tx.running && !pvio_device_broken(q->nf->pdev))
		publish(q);
}

/* The end of a burst may be a packet that is dropped. */
static netdev_tx_t drop(struct pvio_nf_queue *q, struct sk_buff *skb)
{
	pvio_nf_stats_dropped(&q->tx.stats);
	dev_kfree_skb_any(skb);
	if (!netdev_xmit_more())
		pvio_nf_tx_flush(q);
	return NETDEV_TX_OK;
}

static bool has_room(const struct pvio_nf_tx *tx, unsigned int slots)
{
	return pvio_front_free(&tx->ring) >= slots;
}

/* Someone waits now: let the next answer bring an event. */
static void hurry(struct pvio_nf_queue *q)
{
	if (q->tx.urgent)
		return;
	q->tx.urgent = true;
	if (pvio_front_arm(&q->tx.ring, 1) != PVIO_EMPTY)
		napi_schedule(&q->napi);
}

static void hold_senders(struct pvio_nf_queue *q)
{
	q->tx.did.stops++;
	netif_tx_stop_queue(q->txq);
	hurry(q);
}

/* True at the end of a burst. */
static bool end_burst(struct netdev_queue *txq, unsigned int bytes)
{
	if (bytes)
		return __netdev_tx_sent_queue(txq, bytes, netdev_xmit_more());
	return !netdev_xmit_more() || netif_xmit_stopped(txq);
}

/* The packet is on the ring; it is ours no more when none of it is granted. */
static void account(struct pvio_nf_queue *q, const struct pvio_nf_plan *p,
		    struct sk_buff *skb)
{
	struct pvio_nf_tx *tx = &q->tx;
	unsigned int slots = pvio_nf_plan_held(skb)->slots;
	unsigned int bytes = awaited_bytes(p, skb);

	pvio_nf_stats_passed(&tx->stats, skb->len);
	skb_tx_timestamp(skb);
	tx->held += slots;
	tx->peak = max(tx->peak, tx->held);
	tx->did.grants += slots;
	tx->did.copied += !slots;
	tx->stages.pool.used += p->fixed;
	tx->stages.pool.missed += p->nr - p->fixed;
	if (unlikely(tx->stages.pool.missed >= PVIO_NF_GREF_STEP))
		pvio_nf_gref_map_miss(q->nf, &tx->stages.pool);
	/* Taken late an answer would say nothing about the backend. */
	if (slots || (bytes && pvio_nf_latency_wanted()))
		hurry(q);
	if (!slots)
		dev_consume_skb_any(skb);
	if (!has_room(tx, PACKET_ROOM))
		hold_senders(q);
	if (end_burst(q->txq, bytes))
		publish(q);
	if (netif_xmit_stopped(q->txq))
		hurry(q);
}

/* The packet comes again when something was answered. */
static netdev_tx_t put_off(struct pvio_nf_queue *q)
{
	hold_senders(q);
	publish(q);
	return NETDEV_TX_BUSY;
}

static bool outstanding(const struct pvio_nf_tx *tx)
{
	return pvio_front_free(&tx->ring) < PVIO_NF_TX_SLOTS;
}

netdev_tx_t pvio_nf_tx_xmit(struct pvio_nf_queue *q, struct sk_buff *skb)
{
	struct pvio_nf_tx *tx = &q->tx;
	struct pvio_nf_plan p;

	if (unlikely(!tx->running || pvio_device_broken(q->nf->pdev) ||
		     !pvio_nf_plan_make(q, skb, &p)))
		return drop(q, skb);
	if (unlikely(!has_room(tx, PACKET_ROOM)))
		return put_off(q);
	if (unlikely(!pvio_nf_plan_gather(tx, &p, skb))) {
		pvio_nf_plan_drop(tx, &p);
		if (p.scarce && outstanding(tx))
			return put_off(q);
		tx->did.scarce++;
		return drop(q, skb);
	}
	put_packet(tx, &p, skb);
	account(q, &p, skb);
	return NETDEV_TX_OK;
}

/**
 * struct batch - what a batch of answers came to
 * @packets: sent
 * @bytes: in them
 * @now: when they were taken; 0: nobody wants to know
 */
struct batch {
	unsigned int packets;
	unsigned int bytes;
	u64 now;
};

static void release(struct pvio_nf_tx *tx, struct pvio_nf_tx_slot *slot,
		    int budget)
{
	if (!slot->skb) {
		pvio_nf_stages_put(&tx->stages, slot->share);
		slot->share.page = NULL;
		return;
	}
	tx->held--;
	let_go(slot, budget);
}

/* False: the backend lied, and the device is at fault now. */
static bool settle(struct pvio_nf_queue *q, u16 id, int budget,
		   struct batch *done)
{
	struct pvio_nf_tx *tx = &q->tx;
	struct pvio_nf_tx_slot *slot;

	if (unlikely(!pvio_idpool_busy(&tx->ids, id) ||
		     !pvio_front_published(&tx->ring, tx->slot[id].index))) {
		pvio_device_fault(q->nf->pdev,
				  "queue %u: answer to transmit id %u, which is not outstanding",
				  q->index, id);
		return false;
	}
	slot = &tx->slot[id];
	if (slot->skb &&
	    unlikely(!pvio_ungrant(&tx->stages.refs, slot->share.ref))) {
		pvio_device_fault(q->nf->pdev,
				  "queue %u: answered transmit id %u but still maps its page",
				  q->index, id);
		return false;
	}
	pvio_idpool_put(&tx->ids, id);
	if (slot->bytes)
		pvio_histogram_since(&q->latency.tx, slot->put, done->now);
	done->packets += !!slot->bytes;
	done->bytes += slot->bytes;
	slot->bytes = 0;
	release(tx, slot, budget);
	return true;
}

static void note_failure(struct pvio_nf_tx *tx, u16 id)
{
	if (test_bit(id, tx->told))
		tx->refused = true;
	else
		pvio_nf_stats_failed(&tx->stats);
}

/* All there are.  Those to extra-info slots come without an id. */
static void take_answers(struct pvio_nf_queue *q, int budget)
{
	struct pvio_nf_tx *tx = &q->tx;
	struct batch done = { .now = pvio_nf_latency_clock() };
	unsigned int nr = 0;
	s16 status;
	u16 id;

	q->found |= BIT(PVIO_NF_TX);
	while (pvio_net_tx_take_answer(&tx->ring, &id, &status) == PVIO_OK) {
		if (status == XEN_NETIF_RSP_NULL)
			continue;
		nr++;
		if (unlikely(!settle(q, id, budget, &done)))
			break;
		if (unlikely(status < 0))
			note_failure(tx, id);
	}
	tx->did.batches++;
	trace_nf_tx_answers(q, nr);
	netdev_tx_completed_queue(q->txq, done.packets, done.bytes);
	if (tx->running && netif_tx_queue_stopped(q->txq) &&
	    has_room(tx, WAKE_ROOM))
		netif_tx_wake_queue(q->txq);
}

static void fault_answers(struct pvio_nf_queue *q)
{
	pvio_device_fault(q->nf->pdev,
			  "queue %u: more transmit answers than requests",
			  q->index);
}

/*
 * Asks for an event, soon when someone waits for the next answer.  True when
 * the backend has answered more in the meantime.
 */
static bool arm(struct pvio_nf_queue *q)
{
	struct pvio_nf_tx *tx = &q->tx;

	tx->urgent = tx->held || netif_xmit_stopped(q->txq) ||
		     pvio_nf_latency_wanted();
	switch (pvio_front_arm(&tx->ring, tx->urgent ? 1 : EVENT_FAR)) {
	case PVIO_OK:
		q->ahead |= BIT(PVIO_NF_TX);
		return true;
	case PVIO_BROKEN:
		fault_answers(q);
		return false;
	default:
		return false;
	}
}

static bool take_batch(struct pvio_nf_queue *q, int budget)
{
	switch (pvio_front_poll(&q->tx.ring)) {
	case PVIO_OK:
		take_answers(q, budget);
		break;
	case PVIO_BROKEN:
		fault_answers(q);
		return false;
	default:
		break;
	}
	return !pvio_device_broken(q->nf->pdev) && arm(q);
}

/* Nothing outstanding, and the backend does not say otherwise. */
static bool idle(const struct pvio_nf_queue *q)
{
	if (test_bit(PVIO_NF_TX, &q->fired))
		return false;
	/* A packet put at this moment brings its own event if it needs one. */
	return data_race(pvio_front_free(&q->tx.ring)) == PVIO_NF_TX_SLOTS;
}

/*
 * The console over the network may have interrupted, on this very CPU, who
 * holds the lock.
 */
static void try_take_batch(struct pvio_nf_queue *q)
{
	struct netdev_queue *txq = q->txq;

	if (!__netif_tx_trylock(txq))
		return;
	take_batch(q, 0);
	__netif_tx_unlock(txq);
}

bool pvio_nf_tx_complete(struct pvio_nf_queue *q, int budget)
{
	struct netdev_queue *txq = q->txq;
	bool more;

	if (idle(q))
		return false;
	if (unlikely(!budget)) {
		try_take_batch(q);
		return false;
	}
	__netif_tx_lock(txq, smp_processor_id());
	more = take_batch(q, budget);
	__netif_tx_unlock(txq);
	return more;
}

static void nf_tx_trim_work(struct work_struct *work)
{
	struct pvio_nf_queue *q = container_of(to_delayed_work(work),
					       struct pvio_nf_queue,
					       tx.stages.trim);
	struct netdev_queue *txq = q->txq;
	struct pvio_nf_tx *tx = &q->tx;
	bool more;

	__netif_tx_lock_bh(txq);
	more = tx->running && pvio_nf_stages_trim(&tx->stages, tx->peak);
	tx->peak = tx->held;
	/* What was answered without an event has stages of its own. */
	if (more && outstanding(tx))
		napi_schedule(&q->napi);
	__netif_tx_unlock_bh(txq);
	if (more)
		pvio_nf_stages_trim_later(&tx->stages);
}

/*
 * The request beside it says nothing, but it has a page like any other: then it
 * is answered like any other.
 */
static bool put_message(struct pvio_nf_tx *tx, u8 type, const u8 *addr)
{
	struct pvio_net_frag frag = { .size = ETH_ZLEN };
	struct pvio_nf_tx_slot *slot;
	struct pvio_nf_share stage;

	if (pvio_nf_stages_get(&tx->stages, &stage))
		return false;
	frag.id = pvio_idpool_get(&tx->ids);
	frag.gref = stage.ref;
	slot = &tx->slot[frag.id];
	slot->skb = NULL;
	slot->share = stage;
	slot->bytes = 0;
	put_slot(tx, &frag, XEN_NETTXF_extra_info);
	pvio_net_tx_put_mcast(&tx->ring, type, addr);
	__set_bit(frag.id, tx->told);
	tx->told_end = pvio_front_next(&tx->ring);
	return true;
}

bool pvio_nf_tx_tell(struct pvio_nf_queue *q, u8 type, const u8 *addr)
{
	struct netdev_queue *txq = q->txq;
	struct pvio_nf_tx *tx = &q->tx;
	bool told;

	__netif_tx_lock_bh(txq);
	told = tx->running && has_room(tx, PACKET_ROOM) &&
	       put_message(tx, type, addr);
	if (told) {
		hurry(q);
		publish(q);
	}
	__netif_tx_unlock_bh(txq);
	return told;
}

/*
 * Answers come in the order of requests, or the list is complete a bit later.  An
 * event that was asked for may have come with the answers to those before.
 */
bool pvio_nf_tx_told(struct pvio_nf_queue *q, bool *refused)
{
	struct netdev_queue *txq = q->txq;
	struct pvio_nf_tx *tx = &q->tx;
	bool all;

	__netif_tx_lock_bh(txq);
	all = tx->running && (bitmap_empty(tx->told, PVIO_NF_TX_SLOTS) ||
			      (s32)(pvio_front_taken(&tx->ring) -
				    tx->told_end) >= 0);
	if (all) {
		*refused = tx->refused;
		tx->refused = false;
		bitmap_zero(tx->told, PVIO_NF_TX_SLOTS);
	} else if (tx->running) {
		hurry(q);
	}
	__netif_tx_unlock_bh(txq);
	return all;
}

void pvio_nf_tx_init(struct pvio_nf_queue *q)
{
	u64_stats_init(&q->tx.stats.syncp);
	/* It ends by itself; a CPU that sleeps would keep what is idle. */
	INIT_DELAYED_WORK(&q->tx.stages.trim, nf_tx_trim_work);
}

int pvio_nf_tx_start(struct pvio_nf_queue *q)
{
	struct pvio_device *pdev = q->nf->pdev;
	struct pvio_nf_tx *tx = &q->tx;
	int err;

	tx->slot = kvcalloc(PVIO_NF_TX_SLOTS, sizeof(*tx->slot), GFP_KERNEL);
	if (!tx->slot)
		return -ENOMEM;
	pvio_idpool_init(&tx->ids, tx->id_mem, PVIO_NF_TX_SLOTS);
	tx->bounce = !q->nf->wishes.trusted;
	tx->held = 0;
	tx->peak = 0;
	/* As pvio_front_init() leaves it. */
	tx->urgent = true;
	tx->refused = false;
	bitmap_zero(tx->told, PVIO_NF_TX_SLOTS);
	err = pvio_nf_stages_start(pdev, &tx->stages);
	if (err)
		return err;
	err = pvio_shared_grant(pdev, &tx->shared, 1);
	if (err)
		return err;
	pvio_front_init(&tx->ring, &pvio_net_tx_ring, tx->shared.vaddr,
			tx->shared.bytes);
	return 0;
}

static void free_slots(struct pvio_nf_tx *tx)
{
	struct pvio_nf_tx_slot *slot;

	for (slot = tx->slot; slot < tx->slot + PVIO_NF_TX_SLOTS; slot++) {
		if (slot->skb) {
			pvio_nf_plan_park(tx, slot);
			let_go(slot, 0);
		} else if (slot->share.page) {
			pvio_nf_stages_drop(&tx->stages, &slot->share);
		}
	}
	kvfree(tx->slot);
	tx->slot = NULL;
}

void pvio_nf_tx_stop(struct pvio_nf_queue *q)
{
	struct pvio_nf_tx *tx = &q->tx;

	cancel_delayed_work_sync(&tx->stages.trim);
	if (tx->slot)
		free_slots(tx);
	pvio_nf_stages_stop(&tx->stages);
	pvio_shared_close(q->nf->pdev, &tx->shared);
	netdev_tx_reset_queue(q->txq);
}
