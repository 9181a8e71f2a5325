// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Of a received packet of TCP's that fills a page the head has the headers alone;
 * whatever it is, all of it arrives.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "netfront/split.h"
#include "tests/loopback/play/netback.h"
#include "tests/loopback/net/packet.h"

#define FRAME	1400
#define COPIED	256

/**
 * struct tap - the last packet that came
 * @type: registered with the stack
 * @nr: how many came
 * @sent: what was sent
 * @head: bytes in the head, with the Ethernet header
 * @frags: pieces behind it
 * @same: all is as it was sent
 */
static struct tap {
	struct packet_type type;
	atomic_t nr;
	u8 sent[FRAME];
	unsigned int head;
	unsigned int frags;
	bool same;
} tap;

/**
 * struct kind - a packet to send
 * @name: of it
 * @proto: ETH_P_*
 * @transport: IPPROTO_*
 * @doff: words of a TCP header
 * @ihl: words of an IPv4 header
 * @frag: its fragment field
 * @head: bytes that are to be in the head
 */
struct kind {
	const char *name;
	u16 proto;
	u8 transport;
	u8 doff;
	u8 ihl;
	u16 frag;
	unsigned int head;
};

static const struct kind kinds[] = {
	{ "tcp", ETH_P_IP, IPPROTO_TCP, 5, 5, 0, 54 },
	{ "tcp with time stamps", ETH_P_IP, IPPROTO_TCP, 8, 5, IP_DF, 66 },
	{ "tcp with all options", ETH_P_IP, IPPROTO_TCP, 15, 5, 0, 94 },
	{ "tcp with a lie", ETH_P_IP, IPPROTO_TCP, 0, 5, 0, 54 },
	{ "tcp over ipv6", ETH_P_IPV6, IPPROTO_TCP, 8, 5, 0, 86 },
	{ "udp", ETH_P_IP, IPPROTO_UDP, 5, 5, 0, COPIED },
	{ "udp over ipv6", ETH_P_IPV6, IPPROTO_UDP, 5, 5, 0, COPIED },
	{ "ip options", ETH_P_IP, IPPROTO_TCP, 5, 6, 0, COPIED },
	{ "first fragment", ETH_P_IP, IPPROTO_TCP, 5, 5, IP_MF, COPIED },
	{ "later fragment", ETH_P_IP, IPPROTO_TCP, 5, 5, 8, COPIED },
	{ "something else", 0x88b5, IPPROTO_TCP, 5, 5, 0, COPIED },
};

static void build(const struct kind *kind)
{
	struct ethhdr *eth = (struct ethhdr *)tap.sent;
	struct ipv6hdr *ip6 = (struct ipv6hdr *)(eth + 1);
	struct iphdr *ip4 = (struct iphdr *)(eth + 1);
	struct tcphdr *tcp = (struct tcphdr *)(ip4 + 1);

	net_fill_tcp(tap.sent, FRAME, 5);
	eth->h_proto = htons(kind->proto);
	if (kind->proto == ETH_P_IPV6) {
		memset(ip6, 0, sizeof(*ip6));
		ip6->version = 6;
		ip6->nexthdr = kind->transport;
		tcp = (struct tcphdr *)(ip6 + 1);
	} else {
		ip4->ihl = kind->ihl;
		ip4->protocol = kind->transport;
		ip4->frag_off = htons(kind->frag);
	}
	tcp->doff = kind->doff;
}

static bool is_same(const struct sk_buff *skb)
{
	unsigned int at, n, len = skb->len + ETH_HLEN;
	u8 part[128];

	for (at = 0; at < skb->len; at += n) {
		n = min_t(unsigned int, skb->len - at, sizeof(part));
		if (skb_copy_bits(skb, at, part, n) ||
		    memcmp(part, tap.sent + ETH_HLEN + at, n))
			return false;
	}
	return len == FRAME;
}

static int hear(struct sk_buff *skb, struct net_device *dev,
		struct packet_type *pt, struct net_device *orig)
{
	if (skb->pkt_type != PACKET_OUTGOING &&
	    skb->protocol == ((struct ethhdr *)tap.sent)->h_proto) {
		tap.head = skb_headlen(skb) + ETH_HLEN;
		tap.frags = skb_shinfo(skb)->nr_frags;
		tap.same = is_same(skb);
		atomic_inc(&tap.nr);
	}
	kfree_skb(skb);
	return NET_RX_SUCCESS;
}

static void listen(struct kunit *test)
{
	struct net_bench *b = test->priv;

	memset(&tap, 0, sizeof(tap));
	tap.type.type = htons(ETH_P_ALL);
	tap.type.dev = b->link.front.dev;
	tap.type.func = hear;
	dev_add_pack(&tap.type);
}

static void exit_split(struct kunit *test)
{
	if (tap.type.func)
		dev_remove_pack(&tap.type);
	tap.type.func = NULL;
	net_bench_exit(test);
}

/* In pieces of these sizes, and wait until it has come. */
static void send(struct kunit *test, struct net_back *k, const u16 *sizes)
{
	int waited, nr = atomic_read(&tap.nr);
	struct xen_netif_rx_response rsp = {};
	struct page *page;
	u16 at = 0;
	u32 ref;

	for (; *sizes; sizes++) {
		page = net_back_buffer(k, &ref);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
		memcpy(page_address(page), tap.sent + at, *sizes);
		at += *sizes;
		rsp.status = *sizes;
		rsp.flags = at < FRAME ? XEN_NETRXF_more_data : 0;
		net_back_deliver(k, &rsp);
	}
	net_back_push(k, NET_BACK_RX);
	for (waited = 0; waited < NET_WAIT_MS && atomic_read(&tap.nr) == nr;
	     waited++)
		usleep_range(500, 1000);
	KUNIT_EXPECT_EQ(test, atomic_read(&tap.nr), nr + 1);
	KUNIT_EXPECT_TRUE(test, tap.same);
}

static void head_has_the_headers(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	const u16 whole[] = { FRAME, 0 };
	unsigned int i;

	listen(test);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		build(&kinds[i]);
		send(test, k, whole);
		KUNIT_EXPECT_EQ_MSG(test, tap.head, kinds[i].head, "%s",
				    kinds[i].name);
		KUNIT_EXPECT_EQ(test, tap.frags, 1);
	}
}

/* Nothing is gained where the first page is used up by the head. */
static void short_first_pieces_stay(struct kunit *test)
{
	static const u16 shapes[][4] = {
		{ 20, FRAME - 20 }, { 60, 100, FRAME - 160 },
		{ COPIED, FRAME - COPIED },
	};
	struct net_back *k = net_back_connect(test);
	unsigned int i;

	listen(test);
	build(&kinds[0]);
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		send(test, k, shapes[i]);
		KUNIT_EXPECT_EQ(test, tap.head, COPIED);
		KUNIT_EXPECT_EQ(test, tap.frags, 1);
	}
}

static void headers_beyond_what_is_known(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		build(&kinds[i]);
		KUNIT_EXPECT_EQ_MSG(test, pvio_nf_split_at(tap.sent, COPIED),
				    kinds[i].head, "%s", kinds[i].name);
	}
	build(&kinds[2]);
	KUNIT_EXPECT_EQ(test, pvio_nf_split_at(tap.sent, 94), 94);
}

static struct kunit_case netfront_split_cases[] = {
	KUNIT_CASE(head_has_the_headers),
	KUNIT_CASE(short_first_pieces_stay),
	KUNIT_CASE(headers_beyond_what_is_known),
	{}
};

static struct kunit_suite netfront_split_suite = {
	.name = "pvio_netfront_split",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = exit_split,
	.test_cases = netfront_split_cases,
};

kunit_test_suite(netfront_split_suite);
