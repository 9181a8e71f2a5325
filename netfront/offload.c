// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a backend says of a received packet, as the stack says it: checksum,
 * segments to be cut, hash.
 *
 * Per packet: no allocation and no lock; a pass over the data only where the
 * administrator wants checksums filled in.
 */
#include "offload.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "netdev.h"
#include "queue.h"

/* Tags that a checksum is looked for behind. */
#define TAGS_MAX	2

static void set_gso(struct sk_buff *skb, const struct pvio_net_extras *extras)
{
	struct skb_shared_info *info = skb_shinfo(skb);

	if (!(extras->seen & BIT(XEN_NETIF_EXTRA_TYPE_GSO)))
		return;
	info->gso_size = extras->gso_size;
	info->gso_type = extras->gso_type == XEN_NETIF_GSO_TYPE_TCPV4 ?
			 SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
	/* The stack is to check the headers and count the segments. */
	info->gso_type |= SKB_GSO_DODGY;
	info->gso_segs = 0;
}

/* The stack believes no hash for more than spreading packets. */
static noinline void set_hash(struct sk_buff *skb,
			      const struct pvio_net_extras *extras)
{
	bool ports = extras->hash_type == _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP ||
		     extras->hash_type == _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;

	if (extras->hash_algorithm && (skb->dev->features & NETIF_F_RXHASH))
		skb_set_hash(skb, extras->hash, ports ? PKT_HASH_TYPE_L4 :
							PKT_HASH_TYPE_L3);
}

static void note_fixup(struct pvio_nf_rx *rx)
{
	u64_stats_update_begin(&rx->stats.syncp);
	u64_stats_inc(&rx->fixups);
	u64_stats_update_end(&rx->stats.syncp);
}

/*
 * Some backends send GSO packets whose checksum is not said to be blank;
 * the stack knows no such thing, so their pseudo header is summed up here.
 *
 * Where the administrator does not want checksums to be taken on trust, blank
 * ones are filled in; not those of GSO packets, which have none until they
 * are cut.
 */
static int set_checksum(struct pvio_nf_queue *q, struct sk_buff *skb,
			const struct pvio_net_rx_packet *pkt)
{
	bool trust = q->nf->netdev->features & NETIF_F_RXCSUM;
	bool fixup = skb_is_gso(skb) && !pkt->csum_blank;
	int err;

	if (fixup)
		note_fixup(&q->rx);
	if (!pkt->csum_blank && !fixup) {
		if (pkt->csum_valid && trust)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		return 0;
	}
	skb->ip_summed = CHECKSUM_PARTIAL;
	err = skb_checksum_setup(skb, fixup);
	if (err || trust || skb_is_gso(skb))
		return err;
	return skb_checksum_help(skb);
}

/* Bytes of the VLAN tags that the packet begins with, behind them @proto. */
static unsigned int skip_tags(const struct sk_buff *skb, __be16 *proto)
{
	const struct vlan_hdr *tag = (const struct vlan_hdr *)skb->data;
	unsigned int max = skb_headlen(skb) / sizeof(*tag), i = 0;

	max = min_t(unsigned int, max, TAGS_MAX);
	for (*proto = skb->protocol; i < max && eth_type_vlan(*proto); i++)
		*proto = tag[i].h_vlan_encapsulated_proto;
	return i * sizeof(*tag);
}

/* The tags stay in the packet: whoever wants them takes them off. */
static noinline int set_tagged_checksum(struct pvio_nf_queue *q,
					struct sk_buff *skb,
					const struct pvio_net_rx_packet *pkt)
{
	__be16 outer = skb->protocol;
	unsigned int tags = skip_tags(skb, &skb->protocol);
	int err;

	__skb_pull(skb, tags);
	skb_reset_network_header(skb);
	err = set_checksum(q, skb, pkt);
	__skb_push(skb, tags);
	skb_reset_network_header(skb);
	skb->protocol = outer;
	return err;
}

int pvio_nf_offload_set(struct pvio_nf_queue *q, struct sk_buff *skb,
			const struct pvio_net_rx_packet *pkt)
{
	int err;

	set_gso(skb, &pkt->extras);
	skb->protocol = eth_type_trans(skb, q->nf->netdev);
	skb_reset_network_header(skb);
	if (unlikely(eth_type_vlan(skb->protocol)))
		err = set_tagged_checksum(q, skb, pkt);
	else
		err = set_checksum(q, skb, pkt);
	if (!err && unlikely(pkt->extras.seen &
			     BIT(XEN_NETIF_EXTRA_TYPE_HASH)))
		set_hash(skb, &pkt->extras);
	return err;
}
