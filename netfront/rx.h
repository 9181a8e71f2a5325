/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Receive side of a frontend queue.
 *
 * Lock: everything in here belongs to the queue's NAPI context while the queue is
 * polled, and to the device's lock before and after; but for what others do to
 * the pages that the backend keeps mapped, for which there is a lock.
 */
#ifndef PVIO_NETFRONT_RX_H
#define PVIO_NETFRONT_RX_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "gref_pool.h"
#include "ring/netif.h"
#include "stats.h"
#include "xdp/xdp.h"
#include "xenbus/channel.h"
#include "xenbus/grants.h"

struct page_pool;
struct pvio_nf_queue;

/* Slots of a one-page receive ring, and most buffers. */
#define PVIO_NF_RX_SLOTS	256U

/* Buffers that are offered before anything is known of the load. */
#define PVIO_NF_RX_FIRST	64U

/* More buffers than any packet takes; a queue with fewer is left out. */
#define PVIO_NF_RX_LEAST	32U

/**
 * struct pvio_nf_rx - receive side
 * @ring: the ring
 * @buf: per ring slot the buffer that is offered there
 * @spare: stack of buffers that are granted but not offered
 * @nr_spare: its height; never above the number of ring slots, because a
 *	buffer comes from a slot and its slot is filled from here first
 * @vacant: slots that get no buffer, for packets have not come that fast yet
 * @refill_at: free slots at which buffers are offered within a pass
 * @refs: grant references, one for each buffer if there were so many
 * @pool: pages that are granted one by one
 * @lock: covers @fixed
 * @fixed: buffers that the backend keeps mapped; used before others
 * @accept: bit for each type of extra info that may come
 * @clear: share nothing but payload: clear a page before it is granted
 * @stats: counters
 * @did: what that took
 * @fixups: GSO packets whose backend forgot to leave the checksum blank
 * @xdp: for a program that looks at packets
 * @retry: comes back for buffers when memory was short
 * @shared: the ring's page
 */
struct pvio_nf_rx {
	struct pvio_front_ring ring;
	struct pvio_nf_share *buf;
	struct pvio_nf_share *spare;
	u16 nr_spare;
	u16 vacant;
	u16 refill_at;
	struct pvio_grefs refs;
	struct page_pool *pool;
	spinlock_t lock; /* see above; innermost */
	struct pvio_nf_gref_pool fixed;
	u16 accept;
	bool clear;
	struct pvio_nf_stats stats;
	struct pvio_nf_did did;
	u64_stats_t fixups;
	struct pvio_xdp xdp;
	struct delayed_work retry;
	struct pvio_shared shared;
};

/**
 * pvio_nf_rx_init() - prepare what lives as long as the interface
 * @q: the queue
 */
void pvio_nf_rx_init(struct pvio_nf_queue *q);

/**
 * pvio_nf_rx_start() - make a ring and offer buffers in it
 * @q: the queue; what it got is undone by pvio_nf_rx_stop() also on error
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_rx_start(struct pvio_nf_queue *q);

/**
 * pvio_nf_rx_stop() - take all buffers back
 * @q: the queue; not polled any more
 * Context: may sleep.
 */
void pvio_nf_rx_stop(struct pvio_nf_queue *q);

/**
 * pvio_nf_rx_receive() - take packets and pass them up, offer new buffers
 * @q: the queue
 * @budget: most packets
 * Context: NAPI. Return: packets taken, good or bad.
 */
int pvio_nf_rx_receive(struct pvio_nf_queue *q, int budget);

/**
 * pvio_nf_rx_arm() - ask for an event
 * @q: the queue
 * Context: NAPI. Return: true when there are more packets already.
 */
bool pvio_nf_rx_arm(struct pvio_nf_queue *q);

#endif /* PVIO_NETFRONT_RX_H */
