// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a guest says of a packet that it sends, as the stack says it, once the
 * packet has been copied: checksum and segments to be cut.
 *
 * Per packet: no allocation and no lock, and none of its bytes beyond headers.
 */
#include "offload.h"

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "queue.h"
#include "ring/netif.h"

/* Smaller segments only keep this domain busy; see tcp_min_snd_mss. */
#define GSO_SIZE_MIN	8

/* VLAN tags that are looked behind. */
#define TAGS_MAX	2U

/* Header bytes of a TCP packet, from the network header; 0: not one. */
static unsigned int tcp_headers(struct sk_buff *skb, u8 gso_type)
{
	bool v4 = gso_type == XEN_NETIF_GSO_TYPE_TCPV4;
	unsigned int l3 = v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	unsigned int all;

	if (skb->protocol != htons(v4 ? ETH_P_IP : ETH_P_IPV6) ||
	    skb->csum_offset != offsetof(struct tcphdr, check) ||
	    skb_transport_offset(skb) < l3 ||
	    tcp_hdrlen(skb) < sizeof(struct tcphdr))
		return 0;
	all = skb_transport_offset(skb) + tcp_hdrlen(skb);
	return pskb_may_pull(skb, all) ? all : 0;
}

/*
 * The headers are checked here, so that nobody further on needs to distrust
 * them: no SKB_GSO_DODGY.
 */
static bool set_gso(struct sk_buff *skb, const struct pvio_net_extras *gso)
{
	bool v4 = gso->gso_type == XEN_NETIF_GSO_TYPE_TCPV4;
	unsigned int headers = tcp_headers(skb, gso->gso_type);
	struct skb_shared_info *info = skb_shinfo(skb);

	if (!headers || gso->gso_size < GSO_SIZE_MIN)
		return false;
	if (skb->len <= headers + gso->gso_size)
		return true;
	info->gso_type = v4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
	if (tcp_hdr(skb)->cwr)
		info->gso_type |= SKB_GSO_TCP_ECN;
	info->gso_size = gso->gso_size;
	info->gso_segs = DIV_ROUND_UP(skb->len - headers, gso->gso_size);
	return true;
}

/* Some frontends send large packets with the checksum filled in. */
static bool set_checksum(struct pvio_nb_queue *q, struct sk_buff *skb,
			 const struct pvio_net_tx_packet *pkt)
{
	bool gso = pkt->extras.seen & BIT(XEN_NETIF_EXTRA_TYPE_GSO);
	bool redo = gso && !pkt->csum_blank;

	if (!gso && !pkt->csum_blank) {
		if (pkt->csum_valid)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		return true;
	}
	if (redo)
		pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_CSUM_FIXED, 1);
	skb->ip_summed = CHECKSUM_PARTIAL;
	if (skb_checksum_setup(skb, redo))
		return false;
	return !gso || set_gso(skb, &pkt->extras);
}

/* Bytes of the VLAN tags that the packet begins with, behind them @proto. */
static unsigned int skip_tags(const struct sk_buff *skb, __be16 *proto)
{
	const struct vlan_hdr *tag = (const struct vlan_hdr *)skb->data;
	unsigned int max = skb_headlen(skb) / sizeof(*tag), i = 0;

	max = min(max, TAGS_MAX);
	for (*proto = skb->protocol; i < max && eth_type_vlan(*proto); i++)
		*proto = tag[i].h_vlan_encapsulated_proto;
	return i * sizeof(*tag);
}

/* The tags stay in the packet; whoever takes them off keeps all the rest. */
bool pvio_nb_offload_set(struct pvio_nb_queue *q, struct sk_buff *skb,
			 const struct pvio_net_tx_packet *pkt)
{
	__be16 outer = skb->protocol;
	unsigned int tags;
	bool good;

	if (likely(!eth_type_vlan(outer)))
		return set_checksum(q, skb, pkt);
	tags = skip_tags(skb, &skb->protocol);
	__skb_pull(skb, tags);
	skb_reset_network_header(skb);
	good = set_checksum(q, skb, pkt);
	__skb_push(skb, tags);
	skb_reset_network_header(skb);
	skb->protocol = outer;
	return good;
}
