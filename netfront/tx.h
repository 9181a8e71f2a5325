/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Transmit side of a frontend queue.
 *
 * Lock: the stack's transmit queue lock covers everything in here.  The stack
 * holds it when it hands over a packet, and completion takes it once a batch,
 * so that a packet costs no lock of ours.
 */
#ifndef PVIO_NETFRONT_TX_H
#define PVIO_NETFRONT_TX_H

#include <linux/bitmap.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "ring/idpool.h"
#include "ring/netif.h"
#include "stage.h"
#include "stats.h"
#include "xenbus/channel.h"

struct pvio_nf_queue;

/* Slots of a one-page transmit ring. */
#define PVIO_NF_TX_SLOTS	256

/**
 * struct pvio_nf_tx_slot - an id and what it stands for
 * @skb: the packet that @share's page belongs to; NULL: it is a stage
 * @share: what is granted; no page when the id is free
 * @index: ring index of the request
 * @put: when it was put, of a first slot with @bytes; 0: not known
 * @bytes: of the packet, in its first slot; 0 when nobody waits for it
 */
struct pvio_nf_tx_slot {
	struct sk_buff *skb;
	struct pvio_nf_share share;
	u32 index;
	u32 bytes;
	u64 put;
};

/**
 * struct pvio_nf_tx - transmit side
 * @ring: the ring
 * @ids: ids of outstanding requests
 * @slot: per id
 * @stages: grant references, and pages to copy into
 * @stats: counters
 * @did: what that took
 * @held: granted slots on the ring, whose packets wait for their answers
 * @peak: most of them since the last trim
 * @urgent: the next answer brings an event; else only a later one does,
 *	because nobody waits
 * @running: packets may be put
 * @bounce: share nothing but payload: copy every packet
 * @told: bit for each id that a message has had since all were answered
 * @told_end: ring index behind the last of those messages
 * @refused: one was
 * @id_mem: for @ids
 * @shared: the ring's page
 */
struct pvio_nf_tx {
	struct pvio_front_ring ring;
	struct pvio_idpool ids;
	struct pvio_nf_tx_slot *slot;
	struct pvio_nf_stages stages;
	struct pvio_nf_stats stats;
	struct pvio_nf_did did;
	u16 held;
	u16 peak;
	bool urgent;
	bool running;
	bool bounce;
	bool refused;
	u32 told_end;
	DECLARE_BITMAP(told, PVIO_NF_TX_SLOTS);
	u16 id_mem[PVIO_NF_TX_SLOTS];
	struct pvio_shared shared;
};

/**
 * pvio_nf_tx_init() - prepare what lives as long as the interface
 * @q: the queue
 */
void pvio_nf_tx_init(struct pvio_nf_queue *q);

/**
 * pvio_nf_tx_start() - make an empty ring
 * @q: the queue; what it got is undone by pvio_nf_tx_stop() also on error
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_tx_start(struct pvio_nf_queue *q);

/**
 * pvio_nf_tx_stop() - drop what is in flight and give everything back
 * @q: the queue; neither shared with the stack nor polled any more
 * Context: may sleep.
 */
void pvio_nf_tx_stop(struct pvio_nf_queue *q);

/**
 * pvio_nf_tx_xmit() - hand a packet to the backend, or drop it
 * @q: the queue
 * @skb: the packet
 * Context: the transmit queue lock is held. Return: as ndo_start_xmit().
 */
netdev_tx_t pvio_nf_tx_xmit(struct pvio_nf_queue *q, struct sk_buff *skb);

/**
 * pvio_nf_tx_flush() - tell the backend what was put
 * @q: the queue
 * Context: the transmit queue lock is held.
 */
void pvio_nf_tx_flush(struct pvio_nf_queue *q);

/**
 * pvio_nf_tx_tell() - add or remove a multicast address
 * @q: the queue
 * @type: XEN_NETIF_EXTRA_TYPE_MCAST_ADD or _DEL
 * @addr: the address
 * Context: process context. Return: false when there is no room for it now.
 */
bool pvio_nf_tx_tell(struct pvio_nf_queue *q, u8 type, const u8 *addr);

/**
 * pvio_nf_tx_told() - does the backend know all that it was told?
 * @q: the queue
 * @refused: true: it did not take one of them
 * Context: process context. Return: false: it has not answered yet.
 */
bool pvio_nf_tx_told(struct pvio_nf_queue *q, bool *refused);

/**
 * pvio_nf_tx_complete() - take answers, free packets, wake the stack
 * @q: the queue
 * @budget: NAPI's; 0 means that interrupts may be off
 * Context: NAPI. Return: true when there are more answers already.
 */
bool pvio_nf_tx_complete(struct pvio_nf_queue *q, int budget);

#endif /* PVIO_NETFRONT_TX_H */
