// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Packets for the network suites: made so that each byte can be predicted,
 * and compared with that when they are received.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "tests/loopback/net/bench.h"
#include "tests/loopback/net/packet.h"

#define FRAME_TYPE	0x88b5	/* for experiments */
#define TCP_HEADERS	(sizeof(struct iphdr) + sizeof(struct tcphdr))

static LIST_HEAD(ears);
static DEFINE_SPINLOCK(ears_lock);	/* covers the list; softirqs use it */
static atomic_t seeds;
static atomic_t bad_packets;

int net_bad_packets(void)
{
	return atomic_read(&bad_packets);
}
EXPORT_SYMBOL_GPL(net_bad_packets);

static u8 body_byte(u32 seed, unsigned int i)
{
	return seed * 31 + i + (i >> 8) * 7;
}

static void fill_body(u8 *body, unsigned int len, u32 seed)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		body[i] = body_byte(seed, i);
}

static bool body_matches(const u8 *body, unsigned int at, unsigned int len,
			 u32 seed)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		if (body[i] != body_byte(seed, at + i))
			return false;
	return true;
}

static void fill_header(struct ethhdr *eth, u16 type, u32 seed)
{
	static const u8 nobody[ETH_ALEN] = { 2, 0xff, 0, 0, 0, 1 };

	ether_addr_copy(eth->h_dest, nobody);
	eth->h_source[0] = 2;
	eth->h_source[1] = 0;
	memcpy(eth->h_source + 2, &seed, sizeof(seed));
	eth->h_proto = htons(type);
}

static u32 seed_of(const struct ethhdr *eth)
{
	u32 seed;

	memcpy(&seed, eth->h_source + 2, sizeof(seed));
	return seed;
}

void net_fill(void *frame, unsigned int len, u32 seed)
{
	fill_header(frame, FRAME_TYPE, seed);
	fill_body(frame + ETH_HLEN, len - ETH_HLEN, seed);
}
EXPORT_SYMBOL_GPL(net_fill);

bool net_matches(const void *frame, unsigned int len)
{
	return len >= ETH_HLEN &&
	       body_matches(frame + ETH_HLEN, 0, len - ETH_HLEN,
			    seed_of(frame));
}
EXPORT_SYMBOL_GPL(net_matches);

/* What follows the Ethernet header, and its own headers of @skip bytes. */
static bool skb_matches(const struct sk_buff *skb, unsigned int skip)
{
	u32 seed = seed_of(eth_hdr(skb));
	unsigned int at, n;
	u8 part[128];

	for (at = skip; at < skb->len; at += n) {
		n = min_t(unsigned int, skb->len - at, sizeof(part));
		if (skb_copy_bits(skb, at, part, n) ||
		    !body_matches(part, at - skip, n, seed))
			return false;
	}
	return true;
}

/* Nobody further on looks for headers beyond the linear part. */
static bool headers_linear(const struct sk_buff *skb)
{
	unsigned int all = skb->len + ETH_HLEN;

	return skb_headlen(skb) + ETH_HLEN >= min(all, 128U);
}

static struct net_ear *find_ear(const struct net_device *dev)
{
	struct net_ear *ear;

	lockdep_assert_held(&ears_lock);
	list_for_each_entry(ear, &ears, list)
		if (ear->dev == dev)
			return ear;
	return NULL;
}

static void note(const struct sk_buff *skb, bool good)
{
	struct net_ear *ear;

	spin_lock_bh(&ears_lock);
	ear = find_ear(skb->dev);
	if (ear) {
		atomic_inc(good ? &ear->good : &ear->bad);
		atomic_add(!good, &bad_packets);
		if (skb_is_gso(skb))
			atomic_inc(&ear->gso);
		if (skb_rx_queue_recorded(skb))
			ear->queues |= BIT(skb_get_rx_queue(skb));
		ear->hash = skb->l4_hash && !skb->sw_hash ? skb->hash : 0;
		ear->truesize = skb->truesize;
		ear->recycled = skb->pp_recycle && skb->head_frag;
		ear->in_softirq = in_serving_softirq();
		ear->napi_id = skb_napi_id(skb);
	}
	spin_unlock_bh(&ears_lock);
}

static int hear_frame(struct sk_buff *skb, struct net_device *dev,
		      struct packet_type *pt, struct net_device *orig)
{
	note(skb, headers_linear(skb) && skb_matches(skb, 0));
	kfree_skb(skb);
	return NET_RX_SUCCESS;
}

/* A blank checksum is the one of TCP, whatever lay in front of IP. */
static bool blank_is_tcp(const struct sk_buff *skb)
{
	return skb->ip_summed != CHECKSUM_PARTIAL ||
	       (skb_checksum_start_offset(skb) == sizeof(struct iphdr) &&
		skb->csum_offset == offsetof(struct tcphdr, check));
}

static int hear_ip(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *pt, struct net_device *orig)
{
	bool good = skb->len >= TCP_HEADERS && skb_matches(skb, TCP_HEADERS);

	note(skb, good && blank_is_tcp(skb));
	kfree_skb(skb);
	return NET_RX_SUCCESS;
}

static struct packet_type frame_type = {
	.type = htons(FRAME_TYPE),
	.func = hear_frame,
};

static struct packet_type ip_type = {
	.type = htons(ETH_P_IP),
	.func = hear_ip,
};

void net_ears_open(void)
{
	dev_add_pack(&frame_type);
	dev_add_pack(&ip_type);
}

void net_ears_close(void)
{
	dev_remove_pack(&frame_type);
	dev_remove_pack(&ip_type);
}

void net_ear_listen(struct net_ear *ear, struct net_device *dev)
{
	atomic_set(&ear->good, 0);
	atomic_set(&ear->bad, 0);
	atomic_set(&ear->gso, 0);
	ear->queues = 0;
	ear->dev = dev;
	spin_lock_bh(&ears_lock);
	list_add(&ear->list, &ears);
	spin_unlock_bh(&ears_lock);
}

void net_ear_close(struct net_ear *ear)
{
	if (!ear->dev)
		return;
	spin_lock_bh(&ears_lock);
	list_del(&ear->list);
	spin_unlock_bh(&ears_lock);
	ear->dev = NULL;
}

bool net_hears(const struct net_ear *ear, int good)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (atomic_read(&ear->bad))
			return false;
		if (atomic_read(&ear->good) >= good)
			return true;
		usleep_range(500, 1000);
	}
	return false;
}
EXPORT_SYMBOL_GPL(net_hears);

static bool add_frag(struct sk_buff *skb, const void *data, unsigned int len,
		     unsigned int offset)
{
	unsigned int order = get_order(offset + len);
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);

	if (!page)
		return false;
	memcpy(page_address(page) + offset, data, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, offset, len,
			PAGE_SIZE << order);
	return true;
}

static bool add_frags(struct sk_buff *skb, const struct net_shape *shape,
		      const u8 *frame)
{
	unsigned int at, n;

	for (at = skb->len; at < shape->len; at += n) {
		n = min(shape->len - at, shape->frag);
		if (!add_frag(skb, frame + at, n, shape->offset))
			return false;
	}
	return true;
}

static struct sk_buff *wrap(const struct net_shape *shape, const u8 *frame)
{
	unsigned int head = shape->head ? shape->head : shape->len;
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + head, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, frame, head);
	if (add_frags(skb, shape, frame))
		return skb;
	kfree_skb(skb);
	return NULL;
}

static void fill_ip(struct iphdr *ip, unsigned int len)
{
	*ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.tot_len = htons(len),
		.ttl = 64,
		.protocol = IPPROTO_TCP,
		.saddr = htonl(0x0a000001),
		.daddr = htonl(0x0a000002),
	};
	ip_send_check(ip);
}

static void fill_tcp(struct tcphdr *tcp, const struct iphdr *ip,
		     unsigned int len)
{
	*tcp = (struct tcphdr){
		.source = htons(1),
		.dest = htons(2),
		.doff = 5,
		.ack = 1,
		.window = htons(1000),
	};
	tcp->check = ~tcp_v4_check(len, ip->saddr, ip->daddr, 0);
}

void net_fill_tcp(void *frame, unsigned int len, u32 seed)
{
	struct iphdr *ip = frame + ETH_HLEN;
	unsigned int all = len - ETH_HLEN;

	fill_header(frame, ETH_P_IP, seed);
	fill_body(frame + ETH_HLEN + TCP_HEADERS, all - TCP_HEADERS, seed);
	fill_ip(ip, all);
	fill_tcp((struct tcphdr *)(ip + 1), ip, all - sizeof(*ip));
}
EXPORT_SYMBOL_GPL(net_fill_tcp);

static void set_gso(struct sk_buff *skb, const struct net_shape *shape)
{
	unsigned int payload = shape->len - ETH_HLEN - TCP_HEADERS;

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = shape->gso;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(payload, shape->gso);
}

static void address(struct sk_buff *skb, struct net_device *dev,
		    const struct net_shape *shape)
{
	skb_reset_mac_header(skb);
	skb->dev = dev;
	skb->protocol = eth_hdr(skb)->h_proto;
	skb_set_network_header(skb, ETH_HLEN);
	skb_record_rx_queue(skb, shape->queue);
	if (shape->gso)
		set_gso(skb, shape);
}

struct sk_buff *net_skb(struct net_device *dev, const struct net_shape *shape)
{
	u8 *frame = kvmalloc(shape->len, GFP_KERNEL);
	u32 seed = atomic_inc_return(&seeds);
	struct sk_buff *skb;

	if (!frame)
		return NULL;
	if (shape->gso)
		net_fill_tcp(frame, shape->len, seed);
	else
		net_fill(frame, shape->len, seed);
	skb = wrap(shape, frame);
	kvfree(frame);
	if (skb)
		address(skb, dev, shape);
	return skb;
}
EXPORT_SYMBOL_GPL(net_skb);

/* The queue of the packet is taken from the one it is said to have come by. */
int net_send(struct net_device *dev, const struct net_shape *shape)
{
	struct sk_buff *skb = net_skb(dev, shape);

	if (!skb)
		return -ENOMEM;
	return dev_queue_xmit(skb);
}
EXPORT_SYMBOL_GPL(net_send);

bool net_passes(struct net_side *from, struct net_side *to,
		const struct net_shape *shape)
{
	int before = atomic_read(&to->ear.good);

	return !net_send(from->dev, shape) && net_hears(&to->ear, before + 1);
}
EXPORT_SYMBOL_GPL(net_passes);

bool net_ping(struct net_link *link)
{
	const struct net_shape shape = { .len = 60 };

	return net_passes(&link->front, &link->back, &shape) &&
	       net_passes(&link->back, &link->front, &shape);
}
EXPORT_SYMBOL_GPL(net_ping);
