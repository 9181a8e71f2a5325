/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmit side of a frontend queue.
 *
 * Lock: the stack's transmit queue lock covers everything in here.  The stack
 * holds it when it hands over a packet, and completion takes it once a batch,
 * so that a packet costs no lock of ours.
 */
#ifndef PVIO_NETFRONT_TX_H
#define PVIO_NETFRONT_TX_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "ring/idpool.h"
#include "ring/netif.h"
#include "stats.h"
#include "xenbus/channel.h"
#include "xenbus/grants.h"

struct pvio_nf_queue;

/* Slots of a one-page transmit ring. */
#define PVIO_NF_TX_SLOTS	256

/**
 * struct pvio_nf_tx_slot - an id and what it stands for
 * @stage: page of its own that packets are copied into; granted read-only
 *	from its first use until the queue is stopped, so that a copied piece
 *	costs no grant operation
 * @stage_ref: @stage's grant
 * @ref: grant of @page
 * @page: the packet's own page that is granted now; NULL when none is
 * @skb: the packet that @page belongs to
 * @index: ring index of the request
 * @bytes: of the packet, in its first slot; 0 when nobody waits for it
 */
struct pvio_nf_tx_slot {
	struct page *stage;
	u32 stage_ref;
	u32 ref;
	struct page *page;
	struct sk_buff *skb;
	u32 index;
	u32 bytes;
};

/**
 * struct pvio_nf_tx - transmit side
 * @ring: the ring
 * @ids: ids of outstanding requests
 * @slot: per id
 * @refs: two grant references for each id
 * @stats: counters
 * @held: granted slots on the ring, whose packets wait for their answers
 * @urgent: the next answer brings an event; else only a later one does,
 *	because nobody waits
 * @live: packets may be put
 * @bounce: share nothing but payload: copy every packet
 * @id_mem: for @ids
 * @shared: the ring's page
 */
struct pvio_nf_tx {
	struct pvio_front_ring ring;
	struct pvio_idpool ids;
	struct pvio_nf_tx_slot *slot;
	struct pvio_grefs refs;
	struct pvio_nf_stats stats;
	u16 held;
	bool urgent;
	bool live;
	bool bounce;
	u16 id_mem[PVIO_NF_TX_SLOTS];
	struct pvio_shared shared;
};

/**
 * pvio_nf_tx_open() - make an empty ring
 * @q: the queue; what it got is undone by pvio_nf_tx_close() also on error
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_tx_open(struct pvio_nf_queue *q);

/**
 * pvio_nf_tx_close() - drop what is in flight and give everything back
 * @q: the queue; neither shared with the stack nor polled any more
 * Context: may sleep.
 */
void pvio_nf_tx_close(struct pvio_nf_queue *q);

/**
 * pvio_nf_tx_xmit() - hand a packet to the backend, or drop it
 * @q: the queue
 * @skb: the packet
 * Context: the transmit queue lock is held. Return: as ndo_start_xmit().
 */
netdev_tx_t pvio_nf_tx_xmit(struct pvio_nf_queue *q, struct sk_buff *skb);

/**
 * pvio_nf_tx_complete() - take answers, free packets, wake the stack
 * @q: the queue
 * @budget: NAPI's; 0 means that interrupts may be off
 * Context: NAPI. Return: true when there are more answers already.
 */
bool pvio_nf_tx_complete(struct pvio_nf_queue *q, int budget);

#endif /* PVIO_NETFRONT_TX_H */
