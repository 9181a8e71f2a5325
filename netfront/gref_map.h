/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Static grants: what is said to the backend about the pages that it is to keep
 * mapped, by the control ring, one request at a time and nobody waiting.
 *
 * While nothing moves nothing is said, not even how many pages the backend would
 * take: a queue asks when enough slots have gone without such a page.
 */
#ifndef PVIO_NETFRONT_GREF_MAP_H
#define PVIO_NETFRONT_GREF_MAP_H

#include <linux/types.h>
#include <linux/workqueue.h>

struct pvio_nf;
struct pvio_nf_gref_pool;
struct pvio_nf_queue;

/**
 * struct pvio_nf_gref_map - what is being said about an interface's pages
 * @work: says the next thing; everything else but @running and the answer is
 *	its own
 * @running: it may
 * @warned: the administrator has heard that the backend is silent
 * @refused: or that it refuses
 * @looked: when it was last seen what was not needed, in jiffies
 * @type: of the request that is outstanding; 0: none
 * @queue: it is about this queue
 * @pool: and this pool of it, except for the question how many it takes
 * @since: when it was sent, in jiffies
 * @answered: there is an answer: @status and @data
 * @status: XEN_NETIF_CTRL_STATUS_*
 * @data: number that was asked for
 */
struct pvio_nf_gref_map {
	struct delayed_work work;
	bool running;
	bool warned;
	bool refused;
	unsigned long looked;
	u16 type;
	struct pvio_nf_queue *queue;
	struct pvio_nf_gref_pool *pool;
	unsigned long since;
	bool answered;
	u32 status;
	u32 data;
};

/**
 * pvio_nf_gref_map_init() - prepare what lives as long as the interface
 * @nf: the interface
 */
void pvio_nf_gref_map_init(struct pvio_nf *nf);

/**
 * pvio_nf_gref_map_run() - the control ring is served, if there is one
 * @nf: the interface
 * Context: may sleep; the device's lock is held.
 */
void pvio_nf_gref_map_run(struct pvio_nf *nf);

/**
 * pvio_nf_gref_map_halt() - say nothing more
 * @nf: the interface, whose control ring is halted; may be halted already
 *
 * Queues may still ask, so it is called once more when they have stopped.
 * Context: may sleep, until rtnl is to be had, which is not held.
 */
void pvio_nf_gref_map_halt(struct pvio_nf *nf);

/**
 * pvio_nf_gref_map_miss() - PVIO_NF_GREF_STEP slots have done without a page
 * @nf: the interface
 * @pool: the pool
 * Context: any; the direction's lock is held.
 */
void pvio_nf_gref_map_miss(struct pvio_nf *nf, struct pvio_nf_gref_pool *pool);

#endif /* PVIO_NETFRONT_GREF_MAP_H */
