/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How a packet goes onto the transmit ring.
 *
 * Lock: the transmit queue's lock, as for everything of the transmit side.
 */
#ifndef PVIO_NETFRONT_PLAN_H
#define PVIO_NETFRONT_PLAN_H

#include <linux/build_bug.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "ring/netif.h"
#include "tx.h"

struct pvio_nf_queue;

/**
 * struct pvio_nf_plan - how a packet goes onto the ring
 * @copy: all of it through stages
 * @large: it has pages that would be granted otherwise
 * @scarce: there were not enough references
 * @gso_type: XEN_NETIF_GSO_TYPE_*, 0 for none
 * @flags: XEN_NETTXF_* of the first slot
 * @slots: data slots it takes
 * @nr: data slots gathered so far
 * @fixed: those of them whose stage the backend keeps mapped
 * @frag: those slots
 */
struct pvio_nf_plan {
	bool copy;
	bool large;
	bool scarce;
	u8 gso_type;
	u16 flags;
	u8 slots;
	u8 nr;
	u8 fixed;
	struct pvio_net_frag frag[PVIO_NET_SLOTS_MAX];
};

/**
 * struct pvio_nf_held - what a packet in flight remembers
 * @slots: granted slots not yet answered
 */
struct pvio_nf_held {
	u8 slots;
};

/**
 * pvio_nf_plan_held() - what a packet in flight remembers, in its control block
 * @skb: the packet
 */
static inline struct pvio_nf_held *pvio_nf_plan_held(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct pvio_nf_held) > sizeof(skb->cb));
	return (struct pvio_nf_held *)skb->cb;
}

/**
 * pvio_nf_plan_make() - decide how a packet is sent
 * @q: the queue
 * @skb: the packet
 * @p: filled in
 * Return: false for what cannot be said on the ring.
 */
bool pvio_nf_plan_make(const struct pvio_nf_queue *q, const struct sk_buff *skb,
		       struct pvio_nf_plan *p);

/**
 * pvio_nf_plan_gather() - copy and grant
 * @tx: the transmit side, which has room for the packet
 * @p: its slots are filled in
 * @skb: the packet
 * Return: false when memory or, as @p->scarce says, references are short: what
 * was gathered so far stays for pvio_nf_plan_drop().
 */
bool pvio_nf_plan_gather(struct pvio_nf_tx *tx, struct pvio_nf_plan *p,
			 struct sk_buff *skb);

/**
 * pvio_nf_plan_drop() - the packet does not go out, or not now
 * @tx: the transmit side
 * @p: a plan that was not put on the ring
 */
void pvio_nf_plan_drop(struct pvio_nf_tx *tx, const struct pvio_nf_plan *p);

/**
 * pvio_nf_plan_park() - end the grant of a packet's page at some time
 * @tx: the transmit side
 * @slot: the page's slot; a reference to the page is kept until the backend
 *	lets go of it, about which nobody complains
 */
void pvio_nf_plan_park(struct pvio_nf_tx *tx,
		       const struct pvio_nf_tx_slot *slot);

#endif /* PVIO_NETFRONT_PLAN_H */
