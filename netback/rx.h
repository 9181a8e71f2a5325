/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the guest receives.
 *
 * What is marked "txq" is covered by the lock of the netdev queue of the same
 * number, which the stack holds when it calls ndo_start_xmit.
 */
#ifndef PVIO_NETBACK_RX_H
#define PVIO_NETBACK_RX_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "events.h"
#include "ring/netif.h"
#include "stats.h"
#include "xenbus/channel.h"

struct pvio_nb_fill_work;
struct pvio_nb_queue;

/**
 * enum pvio_nb_pace - how the guest keeps up with what is sent to it
 * @PVIO_NB_PACE_GOOD: it has offered all the slots that were needed
 * @PVIO_NB_PACE_SHORT: it has not; whoever sends is held up by it
 * @PVIO_NB_PACE_LATE: it has not for a while; nobody is held up by it, what
 *	is too much is dropped
 * @PVIO_NB_PACE_STALLED: it has not for so long that it is taken for gone
 */
enum pvio_nb_pace {
	PVIO_NB_PACE_GOOD,
	PVIO_NB_PACE_SHORT,
	PVIO_NB_PACE_LATE,
	PVIO_NB_PACE_STALLED,
};

/**
 * struct pvio_nb_rx - what the guest receives
 * @events: its events; @events.due is written under txq
 * @shared: the ring's page
 * @ring: our end of the ring; txq
 * @work: the packets of one batch; txq
 * @pending: packets not yet copied; txq
 * @bytes: memory held by @pending; txq
 * @running: packets may be queued; txq
 * @pace: how the guest keeps up; txq
 * @headroom: bytes that the guest wants free in front of each packet; txq
 * @need: slots that the first of @pending waits for; 0: @pace is good; txq
 * @since: when @pace was good last, in jiffies; txq
 * @stats: counters; written under txq
 * @did: what that took; written under txq, @did.events in NAPI
 * @unfit: packets dropped that the guest cannot take; written under txq
 * @overdue: packets dropped that were too many for a guest that is late;
 *	written under txq
 */
struct pvio_nb_rx {
	struct pvio_nb_events events;
	struct pvio_shared shared;
	struct pvio_back_ring ring;
	struct pvio_nb_fill_work *work;
	struct sk_buff_head pending;
	unsigned int bytes;
	bool running;
	enum pvio_nb_pace pace;
	u16 headroom;
	unsigned int need;
	unsigned long since;
	struct pvio_nb_rx_stats stats;
	struct pvio_nb_did did;
	u64 unfit;
	u64 overdue;
};

/**
 * pvio_nb_rx_start() - map the receive ring and get what copying needs
 * @q: the queue
 * @ref: grant reference of the ring
 * Context: may sleep. Return: 0 or a negative errno; stop it either way.
 */
int pvio_nb_rx_start(struct pvio_nb_queue *q, u32 ref);

/**
 * pvio_nb_rx_stop() - undo pvio_nb_rx_start(), however far it came
 * @q: the queue, not running
 * Context: may sleep.
 */
void pvio_nb_rx_stop(struct pvio_nb_queue *q);

/**
 * pvio_nb_rx_flush() - no more packets follow those that were sent with more
 * @q: the queue
 * Context: softirqs are off, the transmit queue's lock is held.
 */
void pvio_nb_rx_flush(struct pvio_nb_queue *q);

/**
 * pvio_nb_rx_set_headroom() - leave room in front of packets
 * @q: the queue
 * @headroom: bytes, up to PVIO_NB_HEADROOM_MAX
 *
 * All that is copied to the guest behind this has it, what waits included.
 * Context: softirqs on.
 */
void pvio_nb_rx_set_headroom(struct pvio_nb_queue *q, u16 headroom);

/**
 * pvio_nb_rx_run() - begin to accept packets
 * @q: started
 * Context: softirqs on.
 */
void pvio_nb_rx_run(struct pvio_nb_queue *q);

/**
 * pvio_nb_rx_halt() - accept no more and drop what waits
 * @q: started
 *
 * The ring is not touched by ndo_start_xmit any more when this returns.
 * Context: softirqs on.
 */
void pvio_nb_rx_halt(struct pvio_nb_queue *q);

/**
 * pvio_nb_rx_poll() - copy what waits to the guest
 * @q: the queue
 * @told: the guest sent an event: look at its ring even if nothing waits
 * @may_wait: for who holds txq; netpoll may not, whose caller may be just that
 * Context: NAPI, or any with softirqs off.
 */
void pvio_nb_rx_poll(struct pvio_nb_queue *q, bool told, bool may_wait);

/**
 * pvio_nb_rx_age() - drop what waited too long, find out about a stall
 * @q: the queue
 *
 * Context: softirqs on.
 * Return: true while the queue lacks buffers and must be looked at again.
 */
bool pvio_nb_rx_age(struct pvio_nb_queue *q);

/**
 * pvio_nb_rx_xmit() - ndo_start_xmit
 * @skb: the packet
 * @dev: the netdev
 */
netdev_tx_t pvio_nb_rx_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* PVIO_NETBACK_RX_H */
