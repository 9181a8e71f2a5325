/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the guest transmits.
 *
 * What is marked "NAPI" is used by the queue's poll function alone, or while
 * it is disabled.
 */
#ifndef PVIO_NETBACK_TX_H
#define PVIO_NETBACK_TX_H

#include <linux/types.h>

#include "events.h"
#include "ring/netif.h"
#include "stats.h"
#include "xdp/xdp.h"
#include "xenbus/channel.h"

struct page_pool;
struct pvio_nb_queue;
struct pvio_nb_tx_work;

/**
 * struct pvio_nb_tx - what the guest transmits
 * @events: its events
 * @shared: the ring's page
 * @ring: our end of the ring; NAPI
 * @pool: pages for packets; NAPI
 * @xdp: for a program that looks at packets; NAPI
 * @work: the packets of one round; NAPI
 * @stats: counters; written in NAPI
 * @did: what that took; written in NAPI
 */
struct pvio_nb_tx {
	struct pvio_nb_events events;
	struct pvio_shared shared;
	struct pvio_back_ring ring;
	struct page_pool *pool;
	struct pvio_xdp xdp;
	struct pvio_nb_tx_work *work;
	struct pvio_nb_tx_stats stats;
	struct pvio_nb_did did;
};

/**
 * pvio_nb_tx_start() - map the transmit ring and get what polling needs
 * @q: the queue
 * @ref: grant reference of the ring
 * Context: may sleep. Return: 0 or a negative errno; stop it either way.
 */
int pvio_nb_tx_start(struct pvio_nb_queue *q, u32 ref);

/**
 * pvio_nb_tx_stop() - undo pvio_nb_tx_start(), however far it came
 * @q: the queue, not running
 * Context: may sleep.
 */
void pvio_nb_tx_stop(struct pvio_nb_queue *q);

/**
 * pvio_nb_tx_poll() - pass on what the guest has transmitted
 * @q: the queue
 * @budget: most packets to take, at least 1
 *
 * Context: NAPI. Return: packets taken; less than @budget: the ring is empty
 * and will send an event, or the guest must wait, or the device is broken.
 */
int pvio_nb_tx_poll(struct pvio_nb_queue *q, int budget);

#endif /* PVIO_NETBACK_TX_H */
