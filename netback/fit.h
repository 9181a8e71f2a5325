/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What a packet is to the guest, and whether it can take it at all.  The stack
 * has seen to most of that, but a packet that has waited there was made for the
 * last frontend.
 */
#ifndef PVIO_NETBACK_FIT_H
#define PVIO_NETBACK_FIT_H

#include <linux/if_ether.h>
#include <linux/math.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "keys.h"
#include "ring/netif.h"

/**
 * pvio_nb_fit_slots() - slots that the data of a packet take
 * @skb: the packet
 */
static inline unsigned int pvio_nb_fit_slots(const struct sk_buff *skb)
{
	return DIV_ROUND_UP(skb->len, PVIO_NET_PAGE);
}

/**
 * pvio_nb_fit_gso_type() - what a packet is cut into
 * @skb: the packet
 * Return: XEN_NETIF_GSO_TYPE_*.
 */
static inline u8 pvio_nb_fit_gso_type(const struct sk_buff *skb)
{
	if (!skb_is_gso(skb))
		return XEN_NETIF_GSO_TYPE_NONE;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4)
		return XEN_NETIF_GSO_TYPE_TCPV4;
	return XEN_NETIF_GSO_TYPE_TCPV6;
}

/**
 * pvio_nb_fit_checksum_flags() - what is said of a packet's checksum
 * @skb: the packet
 * Return: XEN_NETRXF_*.
 */
static inline u16 pvio_nb_fit_checksum_flags(const struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated;
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		return XEN_NETRXF_data_validated;
	return 0;
}

/* Only skbs that GRO made of such that it had made have lists in lists. */
static inline bool pvio_nb_fit_lists(struct sk_buff *skb)
{
	struct sk_buff *more;

	skb_walk_frags(skb, more)
		if (skb_has_frag_list(more))
			return !skb_linearize(skb);
	return true;
}

static inline bool pvio_nb_fit_gso(const struct pvio_nb_peer *peer,
				   const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	if (type & SKB_GSO_FRAGLIST)
		return false;
	if (type & SKB_GSO_TCPV4)
		return peer->gso4;
	return (type & SKB_GSO_TCPV6) && peer->gso6;
}

/* A checksum that the guest would leave blank is completed. */
static inline bool pvio_nb_fit_checksum(const struct pvio_nb_peer *peer,
					struct sk_buff *skb)
{
	bool takes = skb->protocol == htons(ETH_P_IP) ? !peer->no_csum4 :
							peer->csum6;

	return takes || (!skb_is_gso(skb) && !skb_checksum_help(skb));
}

/**
 * pvio_nb_fit_packet() - make a packet one that the guest can take
 * @peer: what it can
 * @skb: the packet
 * Context: any. Return: false when that cannot be done.
 */
static inline bool pvio_nb_fit_packet(const struct pvio_nb_peer *peer,
				      struct sk_buff *skb)
{
	unsigned int slots = pvio_nb_fit_slots(skb);

	if (slots > PVIO_NET_SLOTS_MAX || (slots > 1 && !peer->sg) ||
	    skb->len < ETH_HLEN)
		return false;
	if (skb_is_gso(skb) && !pvio_nb_fit_gso(peer, skb))
		return false;
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    !pvio_nb_fit_checksum(peer, skb))
		return false;
	return pvio_nb_fit_lists(skb);
}

#endif /* PVIO_NETBACK_FIT_H */
