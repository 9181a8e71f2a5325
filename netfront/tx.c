// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit side of a frontend queue: plan a packet, gather its slots, put
 * them, and take the answers.
 *
 * The linear part of a packet, a small packet and every packet for a backend
 * that is not trusted is copied into pages that stay granted; only the page
 * fragments of larger packets are granted one by one.  So no memory of the
 * slab allocator is ever shared, and nothing beside the payload of what is
 * copied.
 *
 * A packet that was copied whole is freed at once.  Nobody waits for its
 * answer, so it asks for no event: its answer is taken when something else
 * makes NAPI run, or when many have come together.
 *
 * Per packet: no hypercall, or one to notify at the end of a burst when the
 * backend sleeps; one copy of the linear part; no allocation once the pages
 * of the ids in use exist; one interlocked operation for each granted
 * fragment to end its grant; no lock beyond the stack's own.  Per batch of
 * answers: one lock, at most one event, and none for EVENT_FAR answers to
 * copied packets.
 */
#include "tx.h"

#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/netdevice.h>

#include "netdev.h"
#include "queue.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* A packet up to this size is copied whole: cheaper than any grant. */
#define COPY_MAX	512

/* Ring slots that the largest packet takes: its data and one extra. */
#define PACKET_ROOM	(PVIO_NET_SLOTS_MAX + 1)
/* A stopped queue is woken when it has room for several of those. */
#define WAKE_ROOM	(3 * PACKET_ROOM)

/* Answers that may gather while nobody waits for them: half a ring. */
#define EVENT_FAR	(PVIO_NF_TX_SLOTS / 2)

/**
 * struct plan - how a packet goes onto the ring
 * @copy: all of it through the ids' own pages
 * @gso_type: XEN_NETIF_GSO_TYPE_*, 0 for none
 * @flags: XEN_NETTXF_* of the first slot
 * @slots: data slots it takes
 * @nr: data slots gathered so far
 * @frag: those slots
 */
struct plan {
	bool copy;
	u8 gso_type;
	u16 flags;
	u8 slots;
	u8 nr;
	struct pvio_net_frag frag[PVIO_NET_SLOTS_MAX];
};

/**
 * struct held - what a packet in flight remembers, in its control block
 * @slots: granted slots not yet answered
 */
struct held {
	u8 slots;
};

static struct held *held(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct held) > sizeof(skb->cb));
	return (struct held *)skb->cb;
}

/* Bytes that count towards the stack's limit until they are answered. */
static unsigned int awaited_bytes(struct sk_buff *skb)
{
	return held(skb)->slots ? skb->len : 0;
}

/* Pages touched by @len bytes from @offset on. */
static unsigned int count_pages(unsigned int offset, unsigned int len)
{
	return DIV_ROUND_UP(offset_in_page(offset) + len, PVIO_NET_PAGE);
}

static unsigned int count_slots(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int slots = count_pages(0, skb_headlen(skb));
	int i;

	for (i = 0; i < info->nr_frags; i++)
		slots += count_pages(skb_frag_off(&info->frags[i]),
				     skb_frag_size(&info->frags[i]));
	return slots;
}

static u16 first_flags(const struct sk_buff *skb)
{
	switch (skb->ip_summed) {
	case CHECKSUM_PARTIAL:
		return XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated;
	case CHECKSUM_UNNECESSARY:
		return XEN_NETTXF_data_validated;
	default:
		return 0;
	}
}

static u8 gso_type(const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	if (!skb_is_gso(skb))
		return 0;
	return type & SKB_GSO_TCPV6 ? XEN_NETIF_GSO_TYPE_TCPV6 :
				      XEN_NETIF_GSO_TYPE_TCPV4;
}

/* False for what cannot be said on the ring. */
static bool can_send(const struct sk_buff *skb)
{
	if (skb->len < ETH_HLEN || skb->len > XEN_NETIF_MAX_TX_SIZE)
		return false;
	return !skb_is_gso(skb) || (skb_shinfo(skb)->gso_type &
				    (SKB_GSO_TCPV4 | SKB_GSO_TCPV6));
}

static bool make_plan(const struct pvio_nf_queue *q, const struct sk_buff *skb,
		      struct plan *p)
{
	unsigned int slots = count_slots(skb);
	unsigned int max = q->nf->peer.sg ? PVIO_NET_SLOTS_MAX : 1;

	if (unlikely(!can_send(skb)))
		return false;
	p->copy = q->tx.bounce || skb->len <= COPY_MAX || slots > max ||
		  skb_headlen(skb) < ETH_HLEN;
	p->slots = p->copy ? count_pages(0, skb->len) : slots;
	p->gso_type = gso_type(skb);
	p->flags = first_flags(skb);
	p->nr = 0;
	return p->slots <= max;
}

/* Take an id for the next slot; its grant is the caller's to fill in. */
static struct pvio_nf_tx_slot *next_slot(struct pvio_nf_tx *tx, struct plan *p,
					 unsigned int offset, unsigned int len)
{
	struct pvio_net_frag *frag = &p->frag[p->nr];
	int id;

	if (unlikely(p->nr == p->slots))
		return NULL;
	id = pvio_idpool_get(&tx->ids);
	if (unlikely(id < 0))
		return NULL;
	frag->id = id;
	frag->offset = offset;
	frag->size = len;
	p->nr++;
	return &tx->slot[id];
}

static bool make_stage(struct pvio_nf_tx *tx, struct pvio_nf_tx_slot *slot)
{
	struct page *page = alloc_page(GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN);

	if (!page)
		return false;
	slot->stage_ref = pvio_grant(&tx->refs, page, true);
	if (unlikely(slot->stage_ref == PVIO_NO_GRANT)) {
		__free_page(page);
		return false;
	}
	slot->stage = page;
	pvio_created(PVIO_RES_PAGE, 1);
	return true;
}

static bool add_copy(struct pvio_nf_tx *tx, struct plan *p,
		     const struct sk_buff *skb, unsigned int at,
		     unsigned int len)
{
	struct pvio_nf_tx_slot *slot = next_slot(tx, p, 0, len);
	void *to;

	if (unlikely(!slot || (!slot->stage && !make_stage(tx, slot))))
		return false;
	p->frag[p->nr - 1].gref = slot->stage_ref;
	to = page_address(slot->stage);
	if (unlikely(skb_copy_bits(skb, at, to, len)))
		return false;
	if (tx->bounce)
		memset(to + len, 0, PVIO_NET_PAGE - len);
	return true;
}

/* Copy the first @len bytes of a packet. */
static bool add_copies(struct pvio_nf_tx *tx, struct plan *p,
		       const struct sk_buff *skb, unsigned int len)
{
	unsigned int at, n;

	for (at = 0; at < len; at += n) {
		n = min_t(unsigned int, len - at, PVIO_NET_PAGE);
		if (!add_copy(tx, p, skb, at, n))
			return false;
	}
	return true;
}

static bool add_page(struct pvio_nf_tx *tx, struct plan *p,
		     struct sk_buff *skb, struct page *page,
		     struct pvio_nf_tx_slot *slot)
{
	if (unlikely(!slot))
		return false;
	slot->ref = pvio_grant(&tx->refs, page, true);
	if (unlikely(slot->ref == PVIO_NO_GRANT))
		return false;
	slot->page = page;
	slot->skb = skb;
	held(skb)->slots++;
	p->frag[p->nr - 1].gref = slot->ref;
	return true;
}

static bool add_frag(struct pvio_nf_tx *tx, struct plan *p,
		     struct sk_buff *skb, const skb_frag_t *frag)
{
	unsigned int left = skb_frag_size(frag);
	unsigned int at = skb_frag_off(frag);
	unsigned int n;

	for (; left; left -= n, at += n) {
		n = min_t(unsigned int, left,
			  PVIO_NET_PAGE - offset_in_page(at));
		if (!add_page(tx, p, skb,
			      skb_frag_page(frag) + (at >> PAGE_SHIFT),
			      next_slot(tx, p, offset_in_page(at), n)))
			return false;
	}
	return true;
}

/* On failure what was gathered so far stays for drop_plan(). */
static bool gather(struct pvio_nf_tx *tx, struct plan *p, struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	int i;

	held(skb)->slots = 0;
	if (p->copy)
		return add_copies(tx, p, skb, skb->len);
	if (!add_copies(tx, p, skb, skb_headlen(skb)))
		return false;
	for (i = 0; i < info->nr_frags; i++)
		if (!add_frag(tx, p, skb, &info->frags[i]))
			return false;
	return true;
}

/* The backend still maps the page: it stays until the backend lets go. */
static void park_page(struct pvio_nf_tx *tx, struct pvio_nf_tx_slot *slot)
{
	get_page(slot->page);
	pvio_ungrant_later(&tx->refs, slot->ref, slot->page);
}

/* The slot's share in its packet is over. */
static void let_go(struct pvio_nf_tx_slot *slot, int budget)
{
	struct sk_buff *skb = slot->skb;

	slot->page = NULL;
	slot->skb = NULL;
	if (!--held(skb)->slots)
		napi_consume_skb(skb, budget);
}

/*
 * The packet does not go out.  Its grants were never on the ring, but nothing
 * keeps a backend from guessing them.
 */
static void drop_plan(struct pvio_nf_tx *tx, const struct plan *p)
{
	struct pvio_nf_tx_slot *slot;
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		slot = &tx->slot[p->frag[i].id];
		if (slot->page && !pvio_ungrant(&tx->refs, slot->ref))
			park_page(tx, slot);
		slot->page = NULL;
		slot->skb = NULL;
		pvio_idpool_put(&tx->ids, p->frag[i].id);
	}
}

static void put_slot(struct pvio_nf_tx *tx, const struct pvio_net_frag *frag,
		     u16 flags)
{
	tx->slot[frag->id].index = pvio_front_next(&tx->ring);
	pvio_net_tx_put(&tx->ring, frag, flags);
}

static void put_first(struct pvio_nf_tx *tx, const struct plan *p,
		      struct sk_buff *skb)
{
	struct pvio_net_frag first = p->frag[0];
	u16 flags = p->flags;

	if (p->nr > 1)
		flags |= XEN_NETTXF_more_data;
	if (p->gso_type)
		flags |= XEN_NETTXF_extra_info;
	first.size = skb->len;
	tx->slot[first.id].bytes = awaited_bytes(skb);
	put_slot(tx, &first, flags);
	if (p->gso_type)
		pvio_net_tx_put_gso(&tx->ring, p->gso_type,
				    skb_shinfo(skb)->gso_size);
}

static void put_packet(struct pvio_nf_tx *tx, const struct plan *p,
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
	if (pvio_front_push(&q->tx.ring))
		pvio_event_notify(pvio_nf_queue_event(q, PVIO_NF_TX));
}

/* The end of a burst may be a packet that is dropped. */
static netdev_tx_t drop(struct pvio_nf_queue *q, struct sk_buff *skb)
{
	pvio_nf_stats_dropped(&q->tx.stats);
	dev_kfree_skb_any(skb);
	if (q->tx.live && !netdev_xmit_more() &&
	    !pvio_device_broken(q->nf->pdev))
		publish(q);
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

static void stop_queue(struct pvio_nf_queue *q)
{
	netif_tx_stop_queue(pvio_nf_queue_txq(q));
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
static void account(struct pvio_nf_queue *q, struct sk_buff *skb)
{
	struct pvio_nf_tx *tx = &q->tx;
	unsigned int bytes = awaited_bytes(skb);

	pvio_nf_stats_passed(&tx->stats, skb->len);
	skb_tx_timestamp(skb);
	tx->held += held(skb)->slots;
	if (bytes)
		hurry(q);
	else
		dev_consume_skb_any(skb);
	if (!has_room(tx, PACKET_ROOM))
		stop_queue(q);
	if (end_burst(pvio_nf_queue_txq(q), bytes))
		publish(q);
}

netdev_tx_t pvio_nf_tx_xmit(struct pvio_nf_queue *q, struct sk_buff *skb)
{
	struct pvio_nf_tx *tx = &q->tx;
	struct plan p;

	if (unlikely(!tx->live || pvio_device_broken(q->nf->pdev) ||
		     !make_plan(q, skb, &p)))
		return drop(q, skb);
	if (unlikely(!has_room(tx, PACKET_ROOM))) {
		stop_queue(q);
		publish(q);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(!gather(tx, &p, skb))) {
		drop_plan(tx, &p);
		return drop(q, skb);
	}
	put_packet(tx, &p, skb);
	account(q, skb);
	return NETDEV_TX_OK;
}

/**
 * struct batch - what a batch of answers came to
 * @packets: sent
 * @bytes: in them
 */
struct batch {
	unsigned int packets;
	unsigned int bytes;
};

static bool was_sent(const struct pvio_nf_tx *tx, u16 id)
{
	return pvio_idpool_busy(&tx->ids, id) &&
	       pvio_front_published(&tx->ring, tx->slot[id].index);
}

/* False: the backend lied, and the device is at fault now. */
static bool settle(struct pvio_nf_queue *q, u16 id, int budget,
		   struct batch *done)
{
	struct pvio_nf_tx *tx = &q->tx;
	struct pvio_nf_tx_slot *slot;

	if (unlikely(!was_sent(tx, id))) {
		pvio_device_fault(q->nf->pdev,
				  "queue %u: answer to transmit id %u, which is not outstanding",
				  q->index, id);
		return false;
	}
	slot = &tx->slot[id];
	if (slot->page && unlikely(!pvio_ungrant(&tx->refs, slot->ref))) {
		pvio_device_fault(q->nf->pdev,
				  "queue %u: answered transmit id %u but still maps its page",
				  q->index, id);
		return false;
	}
	pvio_idpool_put(&tx->ids, id);
	done->packets += !!slot->bytes;
	done->bytes += slot->bytes;
	slot->bytes = 0;
	if (slot->page) {
		tx->held--;
		let_go(slot, budget);
	}
	return true;
}

/* Answers to extra-info slots come without an id. */
static void take_answers(struct pvio_nf_queue *q, int budget,
			 struct batch *done)
{
	struct pvio_nf_tx *tx = &q->tx;
	s16 status;
	u16 id;

	while (pvio_net_tx_take_answer(&tx->ring, &id, &status) == PVIO_OK) {
		if (status == XEN_NETIF_RSP_NULL)
			continue;
		if (unlikely(!settle(q, id, budget, done)))
			return;
		if (unlikely(status < 0))
			pvio_nf_stats_failed(&tx->stats);
	}
}

static void wake(struct pvio_nf_queue *q)
{
	struct netdev_queue *txq = pvio_nf_queue_txq(q);

	if (q->tx.live && netif_tx_queue_stopped(txq) &&
	    has_room(&q->tx, WAKE_ROOM))
		netif_tx_wake_queue(txq);
}

static void fault_index(struct pvio_nf_queue *q)
{
	pvio_device_fault(q->nf->pdev,
			  "queue %u: more transmit answers than requests",
			  q->index);
}

static bool someone_waits(const struct pvio_nf_queue *q)
{
	return q->tx.held || netif_tx_queue_stopped(pvio_nf_queue_txq(q));
}

/* True when the backend has answered more in the meantime. */
static bool arm(struct pvio_nf_queue *q)
{
	struct pvio_nf_tx *tx = &q->tx;

	tx->urgent = someone_waits(q);
	switch (pvio_front_arm(&tx->ring, tx->urgent ? 1 : EVENT_FAR)) {
	case PVIO_OK:
		q->ahead |= BIT(PVIO_NF_TX);
		return true;
	case PVIO_BROKEN:
		fault_index(q);
		return false;
	default:
		return false;
	}
}

static void take_snapshot(struct pvio_nf_queue *q, int budget)
{
	struct batch done = {};

	q->found |= BIT(PVIO_NF_TX);
	take_answers(q, budget, &done);
	netdev_tx_completed_queue(pvio_nf_queue_txq(q), done.packets,
				  done.bytes);
	wake(q);
}

static bool take_batch(struct pvio_nf_queue *q, int budget)
{
	switch (pvio_front_poll(&q->tx.ring)) {
	case PVIO_OK:
		take_snapshot(q, budget);
		break;
	case PVIO_BROKEN:
		fault_index(q);
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
	struct netdev_queue *txq = pvio_nf_queue_txq(q);

	if (!__netif_tx_trylock(txq))
		return;
	take_batch(q, 0);
	__netif_tx_unlock(txq);
}

bool pvio_nf_tx_complete(struct pvio_nf_queue *q, int budget)
{
	struct netdev_queue *txq = pvio_nf_queue_txq(q);
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

int pvio_nf_tx_open(struct pvio_nf_queue *q)
{
	struct pvio_device *pdev = q->nf->pdev;
	struct pvio_nf_tx *tx = &q->tx;
	int err;

	tx->slot = kvcalloc(PVIO_NF_TX_SLOTS, sizeof(*tx->slot), GFP_KERNEL);
	if (!tx->slot)
		return -ENOMEM;
	pvio_idpool_init(&tx->ids, tx->id_mem, PVIO_NF_TX_SLOTS);
	tx->bounce = !q->nf->own.trusted;
	tx->held = 0;
	/* As pvio_front_init() leaves it. */
	tx->urgent = true;
	err = pvio_grefs_open(pdev, &tx->refs, 2 * PVIO_NF_TX_SLOTS);
	if (err)
		return err;
	err = pvio_shared_grant(pdev, &tx->shared, 1);
	if (err)
		return err;
	pvio_front_init(&tx->ring, &pvio_net_tx_ring, tx->shared.vaddr,
			tx->shared.bytes);
	return 0;
}

static void free_stage(struct pvio_nf_tx *tx, struct pvio_nf_tx_slot *slot)
{
	if (!slot->stage)
		return;
	if (pvio_ungrant(&tx->refs, slot->stage_ref))
		__free_page(slot->stage);
	else
		pvio_ungrant_later(&tx->refs, slot->stage_ref, slot->stage);
	pvio_destroyed(PVIO_RES_PAGE, 1);
}

static void free_slots(struct pvio_nf_tx *tx)
{
	struct pvio_nf_tx_slot *slot;

	for (slot = tx->slot; slot < tx->slot + PVIO_NF_TX_SLOTS; slot++) {
		if (slot->page && !pvio_ungrant(&tx->refs, slot->ref))
			park_page(tx, slot);
		if (slot->page)
			let_go(slot, 0);
		free_stage(tx, slot);
	}
	kvfree(tx->slot);
	tx->slot = NULL;
}

void pvio_nf_tx_close(struct pvio_nf_queue *q)
{
	struct pvio_nf_tx *tx = &q->tx;

	if (tx->slot)
		free_slots(tx);
	pvio_grefs_close(&tx->refs);
	pvio_shared_close(q->nf->pdev, &tx->shared);
	netdev_tx_reset_queue(pvio_nf_queue_txq(q));
}
