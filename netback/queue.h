/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One queue of a vif: two rings, their event channels and one NAPI that
 * serves both.
 *
 * Locks: what is marked "NAPI" is used by the poll function alone, or while
 * it is disabled.  What is marked "txq" is covered by the lock of the netdev
 * queue of the same number, which the stack holds when it calls
 * ndo_start_xmit.
 */
#ifndef PVIO_NETBACK_QUEUE_H
#define PVIO_NETBACK_QUEUE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>

#include "ring/netif.h"
#include "xenbus/channel.h"

struct page_pool;
struct pvio_device;
struct pvio_vif;
struct pvio_vif_rx_work;
struct pvio_vif_tx_work;

/**
 * enum pvio_vif_tx_stat - counters of what the guest transmits
 * @PVIO_TX_PACKETS: passed to the stack
 * @PVIO_TX_BYTES: of those
 * @PVIO_TX_ERRORS: malformed, or the guest's page could not be read
 * @PVIO_TX_DROPPED: out of memory
 * @PVIO_TX_CSUM_FIXED: large packets whose checksum was not left blank
 * @PVIO_TX_THROTTLED: times the queue waited for the rate limit
 * @PVIO_TX_STATS: number of counters
 */
enum pvio_vif_tx_stat {
	PVIO_TX_PACKETS,
	PVIO_TX_BYTES,
	PVIO_TX_ERRORS,
	PVIO_TX_DROPPED,
	PVIO_TX_CSUM_FIXED,
	PVIO_TX_THROTTLED,
	PVIO_TX_STATS,
};

/**
 * enum pvio_vif_rx_stat - counters of what the guest receives
 * @PVIO_RX_PACKETS: copied to the guest
 * @PVIO_RX_BYTES: of those
 * @PVIO_RX_ERRORS: a page of the guest could not be written
 * @PVIO_RX_DROPPED: not connected, too large for the guest, or too many for
 *	one that is late
 * @PVIO_RX_EXPIRED: waited too long for the guest's buffers
 * @PVIO_RX_STALLS: times the guest was found to be stalled
 * @PVIO_RX_STATS: number of counters
 */
enum pvio_vif_rx_stat {
	PVIO_RX_PACKETS,
	PVIO_RX_BYTES,
	PVIO_RX_ERRORS,
	PVIO_RX_DROPPED,
	PVIO_RX_EXPIRED,
	PVIO_RX_STALLS,
	PVIO_RX_STATS,
};

/**
 * struct pvio_vif_side - one direction's event channel and its balance
 * @event: the channel; in a queue with one for both, that of the rx side is
 *	closed and its notifications go through the tx side's
 * @raised: bit 0: an event awaits pvio_event_done(); set by the handler
 * @armed: the ring was asked for an event and that was not accounted for yet;
 *	owner of the ring
 * @due: events that the guest was right to send and that were not yet
 *	accounted for, 0 to PVIO_EVENTS_DUE_MAX; owner of the ring
 *
 * A guest may send one event for each time we ask for one and it then offers
 * what we asked for.  @due counts those, so that an event that comes late,
 * when polling has already found its cause, is not held against the guest.
 */
struct pvio_vif_side {
	struct pvio_event event;
	unsigned long raised;
	bool armed;
	u8 due;
};

/* One event being handled and one pending: more cannot be outstanding. */
#define PVIO_EVENTS_DUE_MAX	2

/**
 * struct pvio_vif_tx - what the guest transmits
 * @side: its event channel
 * @shared: the ring's page
 * @ring: our end of the ring; NAPI
 * @pool: pages for packets; NAPI
 * @work: the packets of one round; NAPI
 * @syncp: of @stats
 * @stats: written in NAPI
 */
struct pvio_vif_tx {
	struct pvio_vif_side side;
	struct pvio_shared shared;
	struct pvio_back_ring ring;
	struct page_pool *pool;
	struct pvio_vif_tx_work *work;
	struct u64_stats_sync syncp;
	u64_stats_t stats[PVIO_TX_STATS];
};

/**
 * struct pvio_vif_rx - what the guest receives
 * @side: its event channel; @side.due is written under txq
 * @shared: the ring's page
 * @ring: our end of the ring; txq
 * @work: the packets of one batch; txq
 * @pending: packets not yet copied; txq
 * @bytes: memory held by @pending; txq
 * @running: packets may be queued; txq
 * @need: slots that the first of @pending waits for; 0: none; txq
 * @late: the guest has offered too few for a while, so that senders are not
 *	held up by it; txq
 * @stalled: the guest has offered too few for too long; txq
 * @since: when @need was first not met, in jiffies; txq
 * @syncp: of @stats
 * @stats: written under txq
 */
struct pvio_vif_rx {
	struct pvio_vif_side side;
	struct pvio_shared shared;
	struct pvio_back_ring ring;
	struct pvio_vif_rx_work *work;
	struct sk_buff_head pending;
	unsigned int bytes;
	bool running;
	unsigned int need;
	bool late;
	bool stalled;
	unsigned long since;
	struct u64_stats_sync syncp;
	u64_stats_t stats[PVIO_RX_STATS];
};

/**
 * struct pvio_vif_queue - one queue
 * @vif: the vif; constant
 * @id: number of the queue; constant
 * @polling: CPU whose poll is handing packets to the stack and will look at
 *	@rx afterwards, or -1
 * @napi: serves both directions
 * @tx: what the guest transmits
 * @rx: what the guest receives
 */
struct pvio_vif_queue {
	struct pvio_vif *vif;
	unsigned int id;
	int polling;
	struct napi_struct napi;
	struct pvio_vif_tx tx;
	struct pvio_vif_rx rx;
};

/**
 * struct pvio_vif_queue_keys - what a frontend writes about one queue
 * @tx_ref: grant reference of the transmit ring
 * @rx_ref: grant reference of the receive ring
 * @port: event channel for both directions; 0: separate ones
 * @tx_port: event channel of the transmit ring
 * @rx_port: event channel of the receive ring
 */
struct pvio_vif_queue_keys {
	u32 tx_ref;
	u32 rx_ref;
	u32 port;
	u32 tx_port;
	u32 rx_port;
};

/**
 * pvio_vif_queues_init() - prepare all queues of a new vif
 * @vif: the vif, its netdev not yet registered
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_vif_queues_init(struct pvio_vif *vif);

/**
 * pvio_vif_queues_free() - undo pvio_vif_queues_init()
 * @vif: the vif, all queues stopped; may be half made
 * Context: may sleep.
 */
void pvio_vif_queues_free(struct pvio_vif *vif);

/**
 * pvio_vif_queues_start() - map rings and bind event channels
 * @vif: the vif
 * @from: first queue
 * @to: queue after the last
 * @keys: of the queues from 0 on
 *
 * Context: may sleep; @vif->pdev->lock held.
 * Return: 0, or a negative errno with none of them started.
 */
int pvio_vif_queues_start(struct pvio_vif *vif, unsigned int from,
			  unsigned int to,
			  const struct pvio_vif_queue_keys *keys);

/**
 * pvio_vif_queues_stop() - close event channels and unmap rings
 * @vif: the vif, not running
 * @from: first queue
 * @to: queue after the last; those not started are passed over
 * Context: may sleep; @vif->pdev->lock held.
 */
void pvio_vif_queues_stop(struct pvio_vif *vif, unsigned int from,
			  unsigned int to);

/**
 * pvio_vif_queue_run() - begin to poll
 * @q: started
 * Context: may sleep; rtnl held.
 */
void pvio_vif_queue_run(struct pvio_vif_queue *q);

/**
 * pvio_vif_queue_halt() - poll no more; waits for a poll going on
 * @q: running
 * Context: may sleep; rtnl held.
 */
void pvio_vif_queue_halt(struct pvio_vif_queue *q);

/**
 * pvio_vif_queue_notify() - tell the guest of answers
 * @q: the queue
 * @side: direction; through the other's channel when both share one
 */
void pvio_vif_queue_notify(struct pvio_vif_queue *q,
			   struct pvio_vif_side *side);

/**
 * pvio_vif_side_arm() - note that the ring was asked for an event
 * @side: the direction
 */
static inline void pvio_vif_side_arm(struct pvio_vif_side *side)
{
	side->armed = true;
}

/**
 * pvio_vif_side_met() - note that what was asked for has been offered
 * @side: the direction
 */
static inline void pvio_vif_side_met(struct pvio_vif_side *side)
{
	if (!side->armed)
		return;
	side->armed = false;
	if (side->due < PVIO_EVENTS_DUE_MAX)
		side->due++;
}

/**
 * pvio_vif_queue_txq() - the netdev queue whose lock covers @q->rx
 * @q: the queue
 */
static inline struct netdev_queue *
pvio_vif_queue_txq(const struct pvio_vif_queue *q)
{
	return netdev_get_tx_queue(q->napi.dev, q->id);
}

/**
 * pvio_vif_tx_count() - add to a counter; NAPI
 * @tx: the direction
 * @which: the counter
 * @n: how much
 */
static inline void pvio_vif_tx_count(struct pvio_vif_tx *tx,
				     enum pvio_vif_tx_stat which, unsigned int n)
{
	u64_stats_update_begin(&tx->syncp);
	u64_stats_add(&tx->stats[which], n);
	u64_stats_update_end(&tx->syncp);
}

/**
 * pvio_vif_rx_count() - add to a counter; txq held
 * @rx: the direction
 * @which: the counter
 * @n: how much
 */
static inline void pvio_vif_rx_count(struct pvio_vif_rx *rx,
				     enum pvio_vif_rx_stat which, unsigned int n)
{
	u64_stats_update_begin(&rx->syncp);
	u64_stats_add(&rx->stats[which], n);
	u64_stats_update_end(&rx->syncp);
}

/**
 * pvio_vif_tx_stat() - read a counter of what the guest transmits
 * @q: the queue
 * @which: the counter
 * Context: any but an interrupt.
 */
u64 pvio_vif_tx_stat(const struct pvio_vif_queue *q,
		     enum pvio_vif_tx_stat which);

/**
 * pvio_vif_rx_stat() - read a counter of what the guest receives
 * @q: the queue
 * @which: the counter
 * Context: any but an interrupt.
 */
u64 pvio_vif_rx_stat(const struct pvio_vif_queue *q,
		     enum pvio_vif_rx_stat which);

/**
 * pvio_vif_tx_start() - map the transmit ring and get what polling needs
 * @q: the queue
 * @ref: grant reference of the ring
 * Context: may sleep. Return: 0 or a negative errno; stop it either way.
 */
int pvio_vif_tx_start(struct pvio_vif_queue *q, u32 ref);

/**
 * pvio_vif_tx_stop() - undo pvio_vif_tx_start(), however far it came
 * @q: the queue, not running
 * Context: may sleep.
 */
void pvio_vif_tx_stop(struct pvio_vif_queue *q);

/**
 * pvio_vif_tx_poll() - pass on what the guest has transmitted
 * @q: the queue
 * @budget: most packets to take, at least 1
 *
 * Context: NAPI. Return: packets taken; less than @budget: the ring is empty
 * and will send an event, or the guest must wait, or the device is broken.
 */
int pvio_vif_tx_poll(struct pvio_vif_queue *q, int budget);

/**
 * pvio_vif_rx_start() - map the receive ring and get what copying needs
 * @q: the queue
 * @ref: grant reference of the ring
 * Context: may sleep. Return: 0 or a negative errno; stop it either way.
 */
int pvio_vif_rx_start(struct pvio_vif_queue *q, u32 ref);

/**
 * pvio_vif_rx_stop() - undo pvio_vif_rx_start(), however far it came
 * @q: the queue, not running
 * Context: may sleep.
 */
void pvio_vif_rx_stop(struct pvio_vif_queue *q);

/**
 * pvio_vif_rx_run() - begin to accept packets
 * @q: started
 * Context: softirqs on.
 */
void pvio_vif_rx_run(struct pvio_vif_queue *q);

/**
 * pvio_vif_rx_halt() - accept no more and drop what waits
 * @q: started
 *
 * The ring is not touched by ndo_start_xmit any more when this returns.
 * Context: softirqs on.
 */
void pvio_vif_rx_halt(struct pvio_vif_queue *q);

/**
 * pvio_vif_rx_poll() - copy what waits to the guest
 * @q: the queue
 * @told: the guest sent an event: look at its ring even if nothing waits
 * @may_wait: for who holds txq; netpoll may not, whose caller may be just that
 * Context: NAPI, or any with softirqs off.
 */
void pvio_vif_rx_poll(struct pvio_vif_queue *q, bool told, bool may_wait);

/**
 * pvio_vif_rx_age() - drop what waited too long, find out about a stall
 * @q: the queue
 *
 * Context: softirqs on.
 * Return: true while the queue lacks buffers and must be looked at again.
 */
bool pvio_vif_rx_age(struct pvio_vif_queue *q);

/**
 * pvio_vif_rx_xmit() - ndo_start_xmit
 * @skb: the packet
 * @dev: the netdev
 */
netdev_tx_t pvio_vif_rx_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* PVIO_NETBACK_QUEUE_H */
