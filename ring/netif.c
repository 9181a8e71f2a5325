// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Codec of the network protocol.
 *
 * While a packet is parsed its @reason is NULL for as long as nothing is
 * wrong.  What makes the packet unacceptable is noted there and parsing goes
 * on, so that every slot is accounted for; what breaks the ring ends it.
 */
#include "netif.h"

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/string.h>

#define same_layout(name)						\
	static_assert(offsetof(struct pvio_ring_shared, slots) ==	\
		      offsetof(struct name##_sring, ring) &&		\
		      offsetof(struct pvio_ring_shared, req_prod) ==	\
		      offsetof(struct name##_sring, req_prod) &&	\
		      offsetof(struct pvio_ring_shared, req_event) ==	\
		      offsetof(struct name##_sring, req_event) &&	\
		      offsetof(struct pvio_ring_shared, rsp_prod) ==	\
		      offsetof(struct name##_sring, rsp_prod) &&	\
		      offsetof(struct pvio_ring_shared, rsp_event) ==	\
		      offsetof(struct name##_sring, rsp_event))

same_layout(xen_netif_tx);
same_layout(xen_netif_rx);

static_assert(sizeof(struct xen_netif_tx_request) == 12);
static_assert(offsetof(struct xen_netif_tx_request, gref) == 0);
static_assert(offsetof(struct xen_netif_tx_request, offset) == 4);
static_assert(offsetof(struct xen_netif_tx_request, flags) == 6);
static_assert(offsetof(struct xen_netif_tx_request, id) == 8);
static_assert(offsetof(struct xen_netif_tx_request, size) == 10);
static_assert(sizeof(struct xen_netif_tx_response) == 4);
static_assert(offsetof(struct xen_netif_tx_response, status) == 2);
static_assert(sizeof(struct xen_netif_rx_request) == 8);
static_assert(offsetof(struct xen_netif_rx_request, gref) == 4);
static_assert(sizeof(struct xen_netif_rx_response) == 8);
static_assert(offsetof(struct xen_netif_rx_response, offset) == 2);
static_assert(offsetof(struct xen_netif_rx_response, flags) == 4);
static_assert(offsetof(struct xen_netif_rx_response, status) == 6);
static_assert(sizeof(struct xen_netif_extra_info) == 8);
static_assert(offsetof(struct xen_netif_extra_info, u) == 2);
static_assert(PVIO_NET_RX_SPENT_MAX >= PVIO_NET_EXTRAS_MAX);

#define ring_type(name, req, rsp) {				\
	.req_size = sizeof(struct req),				\
	.rsp_size = sizeof(struct rsp),				\
	.slot_size = sizeof(union name##_sring_entry),		\
}

const struct pvio_ring_type pvio_net_tx_ring =
	ring_type(xen_netif_tx, xen_netif_tx_request, xen_netif_tx_response);
EXPORT_SYMBOL_GPL(pvio_net_tx_ring);

const struct pvio_ring_type pvio_net_rx_ring =
	ring_type(xen_netif_rx, xen_netif_rx_request, xen_netif_rx_response);
EXPORT_SYMBOL_GPL(pvio_net_rx_ring);

/*
 * An extra-info slot, padded to a transmit request.  The words, for copying,
 * come first so that an empty initialiser clears the padding too.
 */
union extra_slot {
	u32 word[sizeof(struct xen_netif_tx_request) / sizeof(u32)];
	struct xen_netif_extra_info info;
};

static_assert(sizeof(union extra_slot) == sizeof(struct xen_netif_tx_request));

/* The first thing that is wrong with a packet is the one reported. */
static void note_bad(const char **reason, const char *what)
{
	if (!*reason)
		*reason = what;
}

/* What breaks the ring outweighs what is wrong with a packet. */
static bool break_ring(const char **reason, const char *what)
{
	*reason = what;
	return false;
}

static bool outside_page(u32 offset, u32 size)
{
	return offset + size > PVIO_NET_PAGE;
}

static void read_gso(struct pvio_net_extras *extras,
		     const struct xen_netif_extra_info *info,
		     const char **reason)
{
	extras->gso_type = info->u.gso.type;
	extras->gso_size = info->u.gso.size;
	if (unlikely(!extras->gso_size))
		note_bad(reason, "GSO size 0");
	if (unlikely(extras->gso_type != XEN_NETIF_GSO_TYPE_TCPV4 &&
		     extras->gso_type != XEN_NETIF_GSO_TYPE_TCPV6))
		note_bad(reason, "unknown GSO type");
}

static void read_hash(struct pvio_net_extras *extras,
		      const struct xen_netif_extra_info *info,
		      const char **reason)
{
	extras->hash_type = info->u.hash.type;
	extras->hash_algorithm = info->u.hash.algorithm;
	extras->hash = info->u.hash.value[0] | info->u.hash.value[1] << 8 |
		       info->u.hash.value[2] << 16 |
		       (u32)info->u.hash.value[3] << 24;
	if (unlikely(extras->hash_type > _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP ||
		     extras->hash_algorithm >
		     XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ))
		note_bad(reason, "unknown hash type");
}

static void read_headroom(struct pvio_net_extras *extras,
			  const struct xen_netif_extra_info *info,
			  const char **reason)
{
	extras->headroom = info->u.xdp.headroom;
	if (unlikely(extras->headroom > PVIO_NET_PAGE))
		note_bad(reason, "headroom beyond a page");
}

static void read_mcast(struct pvio_net_extras *extras,
		       const struct xen_netif_extra_info *info,
		       const char **reason)
{
	const u16 both = BIT(XEN_NETIF_EXTRA_TYPE_MCAST_ADD) |
			 BIT(XEN_NETIF_EXTRA_TYPE_MCAST_DEL);

	memcpy(extras->mcast, info->u.mcast.addr, sizeof(extras->mcast));
	if (unlikely((extras->seen & both) == both))
		note_bad(reason, "multicast address added and deleted at once");
}

static void read_extra(struct pvio_net_extras *extras,
		       const struct xen_netif_extra_info *info,
		       const char **reason)
{
	switch (info->type) {
	case XEN_NETIF_EXTRA_TYPE_GSO:
		read_gso(extras, info, reason);
		break;
	case XEN_NETIF_EXTRA_TYPE_HASH:
		read_hash(extras, info, reason);
		break;
	case XEN_NETIF_EXTRA_TYPE_XDP:
		read_headroom(extras, info, reason);
		break;
	default:
		read_mcast(extras, info, reason);
		break;
	}
}

/* False when the slot breaks the ring. */
static bool add_extra(struct pvio_net_extras *extras, u16 accept,
		      const struct xen_netif_extra_info *info,
		      const char **reason)
{
	if (unlikely(!info->type || info->type >= XEN_NETIF_EXTRA_TYPE_MAX))
		return break_ring(reason, "unknown type of extra info");
	if (unlikely(!(accept & BIT(info->type))))
		return break_ring(reason, "extra info that was not negotiated");
	if (unlikely(extras->seen & BIT(info->type)))
		return break_ring(reason, "two extra-info slots of one type");
	extras->seen |= BIT(info->type);
	read_extra(extras, info, reason);
	return true;
}

static void set_tx_frag(struct pvio_net_frag *frag,
			const struct xen_netif_tx_request *req)
{
	frag->gref = req->gref;
	frag->offset = req->offset;
	frag->size = req->size;
	frag->id = req->id;
}

static void start_tx(struct pvio_net_tx_packet *pkt,
		     const struct xen_netif_tx_request *first)
{
	set_tx_frag(&pkt->frag[0], first);
	pkt->nr_frags = 1;
	pkt->nr_extras = 0;
	pkt->dropped = 0;
	pkt->size = first->size;
	pkt->csum_blank = first->flags & XEN_NETTXF_csum_blank;
	pkt->csum_valid = first->flags & XEN_NETTXF_data_validated;
	pkt->extras = (struct pvio_net_extras){};
	pkt->reason = NULL;
}

static bool take_tx_extras(struct pvio_back_ring *b, u16 accept,
			   struct pvio_net_tx_packet *pkt)
{
	union extra_slot slot;

	do {
		if (unlikely(!pvio_back_take(b, &slot, sizeof(slot.info))))
			return break_ring(&pkt->reason,
					  "extra info past the published requests");
		pkt->nr_extras++;
		if (!add_extra(&pkt->extras, accept, &slot.info, &pkt->reason))
			return false;
	} while (slot.info.flags & XEN_NETIF_EXTRA_FLAG_MORE);
	return true;
}

static bool drop_tx_slot(struct pvio_net_tx_packet *pkt, u16 id)
{
	if (pkt->dropped == PVIO_NET_TX_OVER_MAX)
		return break_ring(&pkt->reason, "packet without end");
	pkt->over[pkt->dropped++] = id;
	note_bad(&pkt->reason, "packet of too many slots");
	return true;
}

static bool add_tx_slot(struct pvio_net_tx_packet *pkt,
			const struct xen_netif_tx_request *req)
{
	if (unlikely(outside_page(req->offset, req->size)))
		return break_ring(&pkt->reason, "slot crosses its page");
	if (unlikely(pkt->nr_frags == PVIO_NET_SLOTS_TAKEN))
		return drop_tx_slot(pkt, req->id);
	set_tx_frag(&pkt->frag[pkt->nr_frags++], req);
	return true;
}

/* The wire has the packet's size where the first slot's own belongs. */
static void shrink_first(struct pvio_net_tx_packet *pkt, u32 others)
{
	if (unlikely(others > pkt->size))
		note_bad(&pkt->reason, "slots are longer than their packet");
	else
		pkt->frag[0].size = pkt->size - others;
}

static bool take_tx_slots(struct pvio_back_ring *b,
			  struct pvio_net_tx_packet *pkt)
{
	struct xen_netif_tx_request req;
	u32 others = 0;

	do {
		if (unlikely(!pvio_back_take(b, &req, sizeof(req))))
			return break_ring(&pkt->reason,
					  "packet goes on past the published requests");
		if (!add_tx_slot(pkt, &req))
			return false;
		others += req.size;
	} while (req.flags & XEN_NETTXF_more_data);
	shrink_first(pkt, others);
	return true;
}

static bool carries_mcast(const struct pvio_net_extras *extras)
{
	return extras->seen & (BIT(XEN_NETIF_EXTRA_TYPE_MCAST_ADD) |
			       BIT(XEN_NETIF_EXTRA_TYPE_MCAST_DEL));
}

/* What can be said only once the whole packet is known. */
static enum pvio_verdict judge_tx(struct pvio_net_tx_packet *pkt)
{
	if (!carries_mcast(&pkt->extras) && pkt->size < PVIO_NET_PACKET_MIN)
		note_bad(&pkt->reason, "packet shorter than an Ethernet header");
	if (unlikely(pkt->reason))
		return PVIO_BAD;
	if (carries_mcast(&pkt->extras))
		return PVIO_OK;
	if (likely(!outside_page(pkt->frag[0].offset, pkt->frag[0].size)))
		return PVIO_OK;
	pkt->reason = "first slot crosses its page";
	return PVIO_BROKEN;
}

enum pvio_verdict pvio_net_tx_take(struct pvio_back_ring *b, u16 accept,
				   struct pvio_net_tx_packet *pkt)
{
	struct xen_netif_tx_request first;

	if (!pvio_back_take(b, &first, sizeof(first)))
		return PVIO_EMPTY;
	start_tx(pkt, &first);
	if ((first.flags & XEN_NETTXF_extra_info) &&
	    unlikely(!take_tx_extras(b, accept, pkt)))
		return PVIO_BROKEN;
	if ((first.flags & XEN_NETTXF_more_data) &&
	    unlikely(!take_tx_slots(b, pkt)))
		return PVIO_BROKEN;
	return judge_tx(pkt);
}
EXPORT_SYMBOL_GPL(pvio_net_tx_take);

static void answer_tx_slot(struct pvio_back_ring *b, u16 id, s16 status)
{
	const union {
		struct xen_netif_tx_response rsp;
		u32 word;
	} out = { .rsp = { .id = id, .status = status } };

	pvio_back_put(b, &out, sizeof(out));
}

void pvio_net_tx_answer(struct pvio_back_ring *b,
			const struct pvio_net_tx_packet *pkt, s16 status)
{
	u8 i;

	answer_tx_slot(b, pkt->frag[0].id, status);
	for (i = 0; i < pkt->nr_extras; i++)
		answer_tx_slot(b, 0, XEN_NETIF_RSP_NULL);
	for (i = 1; i < pkt->nr_frags; i++)
		answer_tx_slot(b, pkt->frag[i].id, status);
	for (i = 0; i < pkt->dropped; i++)
		answer_tx_slot(b, pkt->over[i], status);
}
EXPORT_SYMBOL_GPL(pvio_net_tx_answer);

void pvio_net_tx_put(struct pvio_front_ring *f, const struct pvio_net_frag *frag,
		     u16 flags)
{
	const struct xen_netif_tx_request req = {
		.gref = frag->gref,
		.offset = frag->offset,
		.flags = flags,
		.id = frag->id,
		.size = frag->size,
	};

	pvio_front_put(f, &req, sizeof(req));
}
EXPORT_SYMBOL_GPL(pvio_net_tx_put);

void pvio_net_tx_put_gso(struct pvio_front_ring *f, u8 gso_type, u16 gso_size)
{
	union extra_slot slot = {};

	slot.info.type = XEN_NETIF_EXTRA_TYPE_GSO;
	slot.info.u.gso.type = gso_type;
	slot.info.u.gso.size = gso_size;
	pvio_front_put(f, &slot, sizeof(slot));
}
EXPORT_SYMBOL_GPL(pvio_net_tx_put_gso);

void pvio_net_tx_put_mcast(struct pvio_front_ring *f, u8 type, const u8 *addr)
{
	union extra_slot slot = {};

	slot.info.type = type;
	memcpy(slot.info.u.mcast.addr, addr, sizeof(slot.info.u.mcast.addr));
	pvio_front_put(f, &slot, sizeof(slot));
}
EXPORT_SYMBOL_GPL(pvio_net_tx_put_mcast);

enum pvio_verdict pvio_net_tx_take_answer(struct pvio_front_ring *f, u16 *id,
					  s16 *status)
{
	union {
		struct xen_netif_tx_response rsp;
		u32 word;
	} in;

	if (!pvio_front_take(f, &in, sizeof(in)))
		return PVIO_EMPTY;
	*status = in.rsp.status;
	if (in.rsp.status != XEN_NETIF_RSP_NULL)
		*id = in.rsp.id;
	return PVIO_OK;
}
EXPORT_SYMBOL_GPL(pvio_net_tx_take_answer);

enum pvio_verdict pvio_net_rx_take(struct pvio_back_ring *b,
				   struct pvio_net_rx_slot *slot)
{
	struct xen_netif_rx_request req;

	if (!pvio_back_take(b, &req, sizeof(req)))
		return PVIO_EMPTY;
	slot->id = req.id;
	slot->gref = req.gref;
	return PVIO_OK;
}
EXPORT_SYMBOL_GPL(pvio_net_rx_take);

/* A response by words, for copying. */
union rx_response {
	struct xen_netif_rx_response rsp;
	u32 word[sizeof(struct xen_netif_rx_response) / sizeof(u32)];
};

void pvio_net_rx_answer(struct pvio_back_ring *b, u16 id, u16 offset, u16 flags,
			s16 status)
{
	const union rx_response out = { .rsp = {
		.id = id,
		.offset = offset,
		.flags = flags,
		.status = status,
	} };

	pvio_back_put(b, &out, sizeof(out));
}
EXPORT_SYMBOL_GPL(pvio_net_rx_answer);

void pvio_net_rx_answer_gso(struct pvio_back_ring *b, u8 gso_type, u16 gso_size,
			    bool more)
{
	union extra_slot slot = {};

	slot.info.type = XEN_NETIF_EXTRA_TYPE_GSO;
	slot.info.flags = more ? XEN_NETIF_EXTRA_FLAG_MORE : 0;
	slot.info.u.gso.type = gso_type;
	slot.info.u.gso.size = gso_size;
	pvio_back_put(b, &slot, sizeof(slot.info));
}
EXPORT_SYMBOL_GPL(pvio_net_rx_answer_gso);

void pvio_net_rx_answer_headroom(struct pvio_back_ring *b, u16 headroom,
				 bool more)
{
	union extra_slot slot = {};

	slot.info.type = XEN_NETIF_EXTRA_TYPE_XDP;
	slot.info.flags = more ? XEN_NETIF_EXTRA_FLAG_MORE : 0;
	slot.info.u.xdp.headroom = headroom;
	pvio_back_put(b, &slot, sizeof(slot.info));
}
EXPORT_SYMBOL_GPL(pvio_net_rx_answer_headroom);

/* The lowest octet first, on whatever machine. */
void pvio_net_rx_answer_hash(struct pvio_back_ring *b, u8 type, u32 hash)
{
	union extra_slot slot = {};
	unsigned int i;

	slot.info.type = XEN_NETIF_EXTRA_TYPE_HASH;
	slot.info.u.hash.type = type;
	slot.info.u.hash.algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ;
	for (i = 0; i < sizeof(hash); i++)
		slot.info.u.hash.value[i] = hash >> (8 * i);
	pvio_back_put(b, &slot, sizeof(slot.info));
}
EXPORT_SYMBOL_GPL(pvio_net_rx_answer_hash);

void pvio_net_rx_offer(struct pvio_front_ring *f, u16 id, u32 gref)
{
	const struct xen_netif_rx_request req = { .id = id, .gref = gref };

	pvio_front_put(f, &req, sizeof(req));
}
EXPORT_SYMBOL_GPL(pvio_net_rx_offer);

static void start_rx(struct pvio_net_rx_packet *pkt, u16 flags)
{
	pkt->nr_frags = 0;
	pkt->nr_spent = 0;
	pkt->size = 0;
	pkt->csum_blank = flags & XEN_NETRXF_csum_blank;
	pkt->csum_valid = flags & XEN_NETRXF_data_validated;
	pkt->extras = (struct pvio_net_extras){};
	pkt->reason = NULL;
}

static bool spend_slot(struct pvio_net_rx_packet *pkt, u16 slot)
{
	if (unlikely(pkt->nr_spent == PVIO_NET_RX_SPENT_MAX))
		return break_ring(&pkt->reason, "packet without end");
	pkt->spent[pkt->nr_spent++] = slot;
	return true;
}

static bool take_rx_extras(struct pvio_front_ring *f, u16 accept,
			   struct pvio_net_rx_packet *pkt)
{
	union extra_slot slot;
	u16 number;

	do {
		number = pvio_front_slot(f);
		if (unlikely(!pvio_front_take(f, &slot, sizeof(slot.info))))
			return break_ring(&pkt->reason,
					  "extra info past the published responses");
		if (!spend_slot(pkt, number) ||
		    !add_extra(&pkt->extras, accept, &slot.info, &pkt->reason))
			return false;
	} while (slot.info.flags & XEN_NETIF_EXTRA_FLAG_MORE);
	return true;
}

static bool drop_rx_slot(struct pvio_net_rx_packet *pkt, u16 slot,
			 const char *why)
{
	note_bad(&pkt->reason, why);
	return spend_slot(pkt, slot);
}

static bool add_rx_slot(struct pvio_net_rx_packet *pkt,
			const struct xen_netif_rx_response *rsp, u16 slot)
{
	struct pvio_net_rx_frag *frag;

	if (unlikely(rsp->id != slot))
		return break_ring(&pkt->reason, "response in another's slot");
	if (unlikely(rsp->status < 0))
		return drop_rx_slot(pkt, slot, "backend reports an error");
	if (unlikely(outside_page(rsp->offset, rsp->status)))
		return break_ring(&pkt->reason, "data outside the page");
	if (unlikely(pkt->nr_frags == PVIO_NET_SLOTS_TAKEN))
		return drop_rx_slot(pkt, slot, "packet of too many slots");
	frag = &pkt->frag[pkt->nr_frags++];
	frag->slot = slot;
	frag->offset = rsp->offset;
	frag->size = rsp->status;
	pkt->size += frag->size;
	return true;
}

static bool take_rx_slots(struct pvio_front_ring *f,
			  struct pvio_net_rx_packet *pkt)
{
	union rx_response in;
	u16 slot;

	do {
		slot = pvio_front_slot(f);
		if (unlikely(!pvio_front_take(f, &in, sizeof(in))))
			return break_ring(&pkt->reason,
					  "packet goes on past the published responses");
		if (!add_rx_slot(pkt, &in.rsp, slot))
			return false;
	} while (in.rsp.flags & XEN_NETRXF_more_data);
	return true;
}

static enum pvio_verdict judge_rx(struct pvio_net_rx_packet *pkt)
{
	if (unlikely(pkt->size < PVIO_NET_PACKET_MIN))
		note_bad(&pkt->reason, "packet shorter than an Ethernet header");
	return unlikely(pkt->reason) ? PVIO_BAD : PVIO_OK;
}

enum pvio_verdict pvio_net_rx_take_packet(struct pvio_front_ring *f, u16 accept,
					  struct pvio_net_rx_packet *pkt)
{
	union rx_response first;
	u16 slot = pvio_front_slot(f);

	if (!pvio_front_take(f, &first, sizeof(first)))
		return PVIO_EMPTY;
	start_rx(pkt, first.rsp.flags);
	if (unlikely(!add_rx_slot(pkt, &first.rsp, slot)))
		return PVIO_BROKEN;
	if ((first.rsp.flags & XEN_NETRXF_extra_info) &&
	    unlikely(!take_rx_extras(f, accept, pkt)))
		return PVIO_BROKEN;
	if ((first.rsp.flags & XEN_NETRXF_more_data) &&
	    unlikely(!take_rx_slots(f, pkt)))
		return PVIO_BROKEN;
	return judge_rx(pkt);
}
EXPORT_SYMBOL_GPL(pvio_net_rx_take_packet);
