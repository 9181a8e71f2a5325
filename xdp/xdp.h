/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * XDP at either end: a program sees what an interface receives before the stack
 * does, and what programs of other interfaces send goes out here.
 *
 * A plain packet, one that fits into a page with the room that programs may
 * want in front and whose checksum is there, lies in a page of its own, where
 * the other domain writes no more.  All others (larger ones, such as are cut
 * later, such whose checksum is blank) become an skb and are shown to the
 * program by the kernel's generic hook, which knows what may become of them.
 * So no packet is lost because there is a program, the MTU has no other limit,
 * and nothing is asked of the other end.
 */
#ifndef PVIO_XDP_H
#define PVIO_XDP_H

#include <linux/filter.h>
#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>
#include <net/xdp.h>

struct net_device;
struct netdev_bpf;
struct netdev_queue;
struct page_pool;

/* Bytes of a packet that fit into a page with what surrounds it. */
#define PVIO_XDP_MAX	SKB_WITH_OVERHEAD(PAGE_SIZE - XDP_PACKET_HEADROOM)

/**
 * enum pvio_xdp_what - what has become of packets, beside going up the stack
 * @PVIO_XDP_DROPPED: the program did not want it, or failed
 * @PVIO_XDP_SENT: went back to where it came from
 * @PVIO_XDP_REDIRECTED: went to another interface, CPU or socket
 * @PVIO_XDP_FAILED: was to go somewhere and could not
 * @PVIO_XDP_GENERIC: was left to the generic hook, whatever came of it
 * @PVIO_XDP_WHATS: how many
 */
enum pvio_xdp_what {
	PVIO_XDP_DROPPED,
	PVIO_XDP_SENT,
	PVIO_XDP_REDIRECTED,
	PVIO_XDP_FAILED,
	PVIO_XDP_GENERIC,
	PVIO_XDP_WHATS,
};

/* ethtool's names for these, in their order. */
#define PVIO_XDP_NAMES	"rx_xdp_drop", "rx_xdp_tx", "rx_xdp_redirect", \
			"rx_xdp_failed", "rx_xdp_generic"

/**
 * struct pvio_xdp - the program's side of a queue
 * @rxq: what a program and those who free its packets know of the queue
 * @txq: where packets go back to
 * @pool: where plain packets' pages come from
 * @sent: something went back in this pass; NAPI only
 * @redirected: something waits for xdp_do_flush(); NAPI only
 * @syncp: lets 32-bit readers see whole values
 * @count: packets, as long as the interface lives; written by NAPI
 */
struct pvio_xdp {
	struct xdp_rxq_info rxq;
	struct netdev_queue *txq;
	struct page_pool *pool;
	bool sent;
	bool redirected;
	struct u64_stats_sync syncp;
	u64_stats_t count[PVIO_XDP_WHATS];
};

/**
 * pvio_xdp_is_plain() - can a program see a packet without an skb?
 * @size: its bytes
 * @whole: its checksum is there, and it is not to be cut
 */
static inline bool pvio_xdp_is_plain(unsigned int size, bool whole)
{
	return whole && size <= PVIO_XDP_MAX;
}

/**
 * pvio_xdp_init() - prepare what lives as long as the interface
 * @x: the queue's
 */
void pvio_xdp_init(struct pvio_xdp *x);

/**
 * pvio_xdp_start() - make a queue known
 * @x: the queue's
 * @netdev: its interface
 * @index: its number
 * @pool: its pages
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_xdp_start(struct pvio_xdp *x, struct net_device *netdev, u16 index,
		   struct page_pool *pool);

/**
 * pvio_xdp_stop() - forget it, before its pool is destroyed
 * @x: the queue's, which is not polled any more; may be stopped already
 * Context: may sleep.
 */
void pvio_xdp_stop(struct pvio_xdp *x);

/**
 * pvio_xdp_run() - show a plain packet to a program
 * @x: the queue's
 * @prog: the program
 * @page: of the queue's pool, ours alone; the packet lies XDP_PACKET_HEADROOM
 *	bytes behind its beginning
 * @size: of the packet in bytes, up to PVIO_XDP_MAX
 * Context: NAPI.
 * Return: what goes up the stack, an Ethernet header in front; NULL: nothing.
 */
struct sk_buff *pvio_xdp_run(struct pvio_xdp *x, struct bpf_prog *prog,
			     struct page *page, unsigned int size);

/**
 * pvio_xdp_run_skb() - show any packet to a program
 * @x: the queue's
 * @prog: the program
 * @skb: the packet, ready for the stack
 * Context: NAPI. Return: what goes up; NULL: nothing.
 */
struct sk_buff *pvio_xdp_run_skb(struct pvio_xdp *x, struct bpf_prog *prog,
				 struct sk_buff *skb);

/**
 * pvio_xdp_flush() - at the end of a pass let go what is redirected
 * @x: the queue's
 * Context: NAPI. Return: true when the other end is to be told of packets.
 */
bool pvio_xdp_flush(struct pvio_xdp *x);

/**
 * pvio_xdp_send() - send frames as if the stack did, with more to come
 * @netdev: the interface
 * @txq: its queue
 * @frames: those that are taken are the queue's, and freed
 * @nr: how many
 * Context: softirqs are off, @txq's lock is held.
 * Return: how many were taken, from the first on: fewer when there is no room.
 */
int pvio_xdp_send(struct net_device *netdev, struct netdev_queue *txq,
		  struct xdp_frame **frames, int nr);

/**
 * pvio_xdp_set() - what ndo_bpf asks for
 * @prog: where the interface has its program; written under rtnl
 * @order: what is asked for
 * Context: rtnl. Return: 0 or -EINVAL.
 */
int pvio_xdp_set(struct bpf_prog __rcu **prog, const struct netdev_bpf *order);

/**
 * pvio_xdp_advertise() - tell the stack what programs can do here
 * @netdev: the interface; not registered yet
 */
void pvio_xdp_advertise(struct net_device *netdev);

/**
 * pvio_xdp_add_counts() - add up what has become of packets
 * @x: the queue's
 * @sum: PVIO_XDP_WHATS numbers
 * Context: any.
 */
void pvio_xdp_add_counts(const struct pvio_xdp *x, u64 *sum);

#endif /* PVIO_XDP_H */
