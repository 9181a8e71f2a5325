// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Plan a packet and gather its slots: what is copied, what is granted.
 *
 * The linear part of a packet, a small packet, one with a list of others and
 * every packet for a backend that is not trusted is copied into stages; only
 * the page fragments of larger packets are granted one by one, and not even
 * those while there are stages enough that the backend keeps mapped.  So no memory
 * of the slab allocator is ever shared, and nothing beside the payload of what
 * is copied.  A page that is not ours to grant is copied as well.
 */
#include "plan.h"

#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

#include "netdev.h"
#include "queue.h"

/* A packet up to this size is copied whole: cheaper than any grant. */
#define COPY_MAX	512

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

/* A packet made for an earlier backend may still sit in a queue's discipline. */
static bool takes_gso(const struct pvio_nf_peer *peer,
		      const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	return (type & SKB_GSO_TCPV4 && peer->gso4) ||
	       (type & SKB_GSO_TCPV6 && peer->gso6);
}

/* False for what cannot be said on the ring. */
static bool can_send(const struct pvio_nf_peer *peer,
		     const struct sk_buff *skb)
{
	if (skb->len < ETH_HLEN || skb->len > XEN_NETIF_MAX_TX_SIZE)
		return false;
	return !skb_is_gso(skb) || takes_gso(peer, skb);
}

/* A page of its own for each part, unless that makes too many of them. */
static void choose_slots(struct pvio_nf_plan *p, const struct sk_buff *skb,
			 unsigned int max)
{
	unsigned int slots = count_slots(skb);

	p->copy = slots > max || skb_headlen(skb) < ETH_HLEN ||
		  skb_has_frag_list(skb);
	if (!p->copy)
		p->slots = slots;
}

bool pvio_nf_plan_make(const struct pvio_nf_queue *q, const struct sk_buff *skb,
		       struct pvio_nf_plan *p)
{
	const struct pvio_nf_gref_pool *pool = &q->tx.stages.pool;
	unsigned int max = q->nf->peer.sg ? PVIO_NET_SLOTS_MAX : 1;

	if (unlikely(!can_send(&q->nf->peer, skb)))
		return false;
	p->slots = count_pages(0, skb->len);
	p->large = skb->len > COPY_MAX && skb_is_nonlinear(skb);
	p->copy = !p->large || q->tx.bounce ||
		  pvio_nf_gref_pool_has(pool, p->slots);
	if (!p->copy)
		choose_slots(p, skb, max);
	p->scarce = false;
	p->gso_type = gso_type(skb);
	p->flags = first_flags(skb);
	p->nr = 0;
	p->fixed = 0;
	return p->slots <= max;
}

/* Take an id for the next slot; its grant is the caller's to fill in. */
static struct pvio_nf_tx_slot *next_slot(struct pvio_nf_tx *tx,
					 struct pvio_nf_plan *p,
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

static bool get_stage(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
		      struct pvio_nf_tx_slot *slot)
{
	int err = pvio_nf_stages_get(&tx->stages, &slot->share);

	p->scarce = err == -ENOSPC;
	p->fixed += !err && slot->share.fixed;
	return !err;
}

/* A stage for the next @len bytes; NULL when there is none. */
static void *add_stage(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
		       unsigned int len)
{
	struct pvio_nf_tx_slot *slot = next_slot(tx, p, 0, len);
	void *to;

	if (unlikely(!slot || !get_stage(tx, p, slot)))
		return NULL;
	p->frag[p->nr - 1].gref = slot->share.ref;
	to = page_address(slot->share.page);
	if (tx->bounce)
		memset(to + len, 0, PVIO_NET_PAGE - len);
	return to;
}

static bool add_copy(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
		     const struct sk_buff *skb, unsigned int at,
		     unsigned int len)
{
	void *to = add_stage(tx, p, len);

	return likely(to) && likely(!skb_copy_bits(skb, at, to, len));
}

/**
 * struct reader - how far a packet has been copied
 * @skb: the packet, without a list of others
 * @next: number of the fragment that comes after @from
 * @from: bytes that are next
 * @left: how many lie together there
 */
struct reader {
	const struct sk_buff *skb;
	unsigned int next;
	const void *from;
	unsigned int left;
};

/* The packet has as many bytes. */
static void read_bytes(struct reader *r, void *to, unsigned int len)
{
	const skb_frag_t *frag;
	unsigned int n;

	for (; len; len -= n, to += n) {
		if (!r->left) {
			frag = &skb_shinfo(r->skb)->frags[r->next++];
			r->from = skb_frag_address(frag);
			r->left = skb_frag_size(frag);
		}
		n = min(len, r->left);
		memcpy(to, r->from, n);
		r->from += n;
		r->left -= n;
	}
}

/* Packet by packet of a list, each from its beginning: there are few of them. */
static bool add_list(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
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

/* Copy the first @len bytes of a packet. */
static bool add_copies(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
		       const struct sk_buff *skb, unsigned int len)
{
	struct reader r = { .skb = skb, .from = skb->data,
			    .left = skb_headlen(skb) };
	unsigned int at, n;
	void *to;

	if (IS_ENABLED(CONFIG_HIGHMEM) || unlikely(skb_has_frag_list(skb)))
		return add_list(tx, p, skb, len);
	for (at = 0; at < len; at += n) {
		n = min_t(unsigned int, len - at, PVIO_NET_PAGE);
		to = add_stage(tx, p, n);
		if (unlikely(!to))
			return false;
		read_bytes(&r, to, n);
	}
	return true;
}

/**
 * struct piece - a part of a packet that lies in one page
 * @page: the page
 * @offset: where in it
 * @at: where in the packet
 * @len: bytes
 * @ours: the page may be granted as it is
 */
struct piece {
	struct page *page;
	unsigned int offset;
	unsigned int at;
	unsigned int len;
	bool ours;
};

static bool add_page(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
		     struct sk_buff *skb, const struct piece *piece)
{
	struct pvio_nf_tx_slot *slot = next_slot(tx, p, piece->offset,
						 piece->len);

	if (unlikely(!slot))
		return false;
	slot->share.ref = pvio_nf_stages_grant(&tx->stages, piece->page);
	if (unlikely(slot->share.ref == PVIO_NO_GRANT)) {
		p->scarce = true;
		return false;
	}
	slot->share.page = piece->page;
	slot->share.fixed = false;
	slot->skb = skb;
	pvio_nf_plan_held(skb)->slots++;
	p->frag[p->nr - 1].gref = slot->share.ref;
	return true;
}

/* One slot either way. */
static bool add_piece(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
		      struct sk_buff *skb, const struct piece *piece)
{
	if (likely(piece->ours))
		return add_page(tx, p, skb, piece);
	return add_copy(tx, p, skb, piece->at, piece->len);
}

/*
 * @at: where in the packet the fragment begins.  A compound page is one
 * allocation, of which one page is looked at.
 */
static bool gather_frag(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
			struct sk_buff *skb, const skb_frag_t *frag,
			unsigned int at)
{
	unsigned int from = skb_frag_off(frag);
	unsigned int end = from + skb_frag_size(frag);
	struct piece piece = { .at = at };

	for (; from < end; from += piece.len, piece.at += piece.len) {
		piece.page = skb_frag_page(frag) + (from >> PAGE_SHIFT);
		if (!piece.ours || !PageCompound(piece.page))
			piece.ours = pvio_page_grantable(piece.page);
		piece.offset = offset_in_page(from);
		piece.len = min_t(unsigned int, end - from,
				  PVIO_NET_PAGE - piece.offset);
		if (!add_piece(tx, p, skb, &piece))
			return false;
	}
	return true;
}

/* On failure what was gathered so far stays for pvio_nf_plan_drop(). */
bool pvio_nf_plan_gather(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
			 struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int at = skb_headlen(skb);
	int i;

	pvio_nf_plan_held(skb)->slots = 0;
	if (p->copy)
		return add_copies(tx, p, skb, skb->len);
	if (!add_copies(tx, p, skb, at))
		return false;
	for (i = 0; i < info->nr_frags; i++) {
		if (!gather_frag(tx, p, skb, &info->frags[i], at))
			return false;
		at += skb_frag_size(&info->frags[i]);
	}
	return true;
}

/* The page stays for as long as the backend maps it; nobody complains. */
void pvio_nf_plan_park(struct pvio_nf_tx *tx,
		       const struct pvio_nf_tx_slot *slot)
{
	get_page(slot->share.page);
	pvio_ungrant_later(&tx->stages.refs, slot->share.ref,
			   slot->share.page);
}

static void take_back(struct pvio_nf_tx *tx, struct pvio_nf_tx_slot *slot)
{
	if (!pvio_ungrant(&tx->stages.refs, slot->share.ref))
		pvio_nf_plan_park(tx, slot);
}

/* What never was on the ring; the packet is somebody else's to free. */
static void drop_slot(struct pvio_nf_tx *tx, struct pvio_nf_tx_slot *slot)
{
	if (slot->skb)
		take_back(tx, slot);
	else if (slot->share.page)
		pvio_nf_stages_put(&tx->stages, slot->share);
	slot->share.page = NULL;
	slot->skb = NULL;
}

/*
 * The packet does not go out, or not now.  Its grants were never on the ring,
 * but nothing keeps a backend from guessing them.
 */
void pvio_nf_plan_drop(struct pvio_nf_tx *tx, const struct pvio_nf_plan *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		drop_slot(tx, &tx->slot[p->frag[i].id]);
		pvio_idpool_put(&tx->ids, p->frag[i].id);
	}
}
