/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Where the headers of a packet end whose data are to stay in their page.
 *
 * With headers alone in the head, GRO puts twice as many packets into one, and who
 * reads copies one piece a packet where it were two.  That is for TCP, which is read
 * in bulk; what others have behind the headers that are known here may be further
 * headers, of a tunnel or of an option, and is better copied than fetched one by one.
 *
 * Per packet: two looks at its first bytes, no call.
 */
#ifndef PVIO_NETFRONT_SPLIT_H
#define PVIO_NETFRONT_SPLIT_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/minmax.h>
#include <linux/tcp.h>
#include <net/ip.h>

/* So many bytes hold the headers of any packet that is split. */
#define PVIO_NF_SPLIT_LOOK	(ETH_HLEN + sizeof(struct ipv6hdr) + 60)

/**
 * pvio_nf_split_at() - bytes of a packet's headers
 * @head: the packet's first bytes, PVIO_NF_SPLIT_LOOK of them at least, where the
 *	backend does not write
 * @len: how many; the answer for what is not TCP, directly behind IPv4 without
 *	options or IPv6, and no fragment
 *
 * Context: any. Return: 54 to @len.
 */
static inline unsigned int pvio_nf_split_at(const void *head, unsigned int len)
{
	const struct ethhdr *eth = head;
	const struct ipv6hdr *ip6 = head + ETH_HLEN;
	const struct iphdr *ip4 = head + ETH_HLEN;
	const struct tcphdr *tcp;

	if (eth->h_proto == htons(ETH_P_IP) && ip4->ihl == 5 &&
	    ip4->protocol == IPPROTO_TCP && !ip_is_fragment(ip4))
		tcp = (const void *)(ip4 + 1);
	else if (eth->h_proto == htons(ETH_P_IPV6) &&
		 ip6->nexthdr == IPPROTO_TCP)
		tcp = (const void *)(ip6 + 1);
	else
		return len;
	return min_t(unsigned int, len, (const void *)tcp - head +
		     max_t(unsigned int, 4 * tcp->doff, sizeof(*tcp)));
}

#endif /* PVIO_NETFRONT_SPLIT_H */
