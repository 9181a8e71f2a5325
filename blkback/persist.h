/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Persistent grants of a queue: the guest's pages that stay mapped because
 * the guest promised to use the same ones again.
 */
#ifndef PVIO_BLKBACK_PERSIST_H
#define PVIO_BLKBACK_PERSIST_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/list.h>
#include <linux/xarray.h>

#include "xenbus/grants.h"

struct pvio_bb_req;
struct pvio_bb_share;
struct pvio_bb_stats;

/**
 * struct pvio_bb_grant - a page of the guest that stays mapped
 * @kept: the mapping, and its place in the cache's list, the longest unused
 *	first; worker
 * @used: jiffies when last looked up; worker
 * @users: requests that use it; the worker adds, completion takes away
 */
struct pvio_bb_grant {
	struct pvio_kept kept;
	unsigned long used;
	atomic_t users;
};

/* It may be given away as such; see pvio_unmap_later(). */
static_assert(!offsetof(struct pvio_bb_grant, kept));

/**
 * struct pvio_bb_persist - the cache; all fields belong to the worker
 * @grants: mapped pages by grant reference
 * @hints: of these, the one last looked up with the same low bits, or NULL;
 *	itself NULL until there are any
 * @nr_hints: entries of @hints, a power of two
 * @lru: the same by last use
 * @nr: how many
 * @reserved: how many may be, of the disk's share
 * @ask_again: jiffies before which there is no more to be had
 * @share: that; NULL: closed
 * @pdev: the device
 * @mapper: pages to map onto
 * @fresh: entries of the request at hand, not mapped yet
 * @nr_fresh: how many
 * @maps: room for one batch of maps or unmaps
 * @stats: the queue's counters
 */
struct pvio_bb_persist {
	struct xarray grants;
	struct pvio_bb_grant **hints;
	unsigned int nr_hints;
	struct list_head lru;
	unsigned int nr;
	unsigned int reserved;
	unsigned long ask_again;
	struct pvio_bb_share *share;
	struct pvio_device *pdev;
	struct pvio_mapper mapper;
	struct pvio_bb_grant *fresh[PVIO_MAP_BATCH];
	unsigned int nr_fresh;
	struct pvio_map maps[PVIO_MAP_BATCH];
	struct pvio_bb_stats *stats;
};

/**
 * pvio_bb_persist_open() - start with nothing mapped
 * @p: filled in
 * @pdev: the device
 * @share: the disk's, which all its caches draw upon
 */
void pvio_bb_persist_open(struct pvio_bb_persist *p, struct pvio_device *pdev,
			  struct pvio_bb_share *share);

/**
 * pvio_bb_persist_close() - unmap everything
 * @p: no request uses it; may be closed already
 *
 * What somebody else has, such as a socket, is unmapped later.
 * Context: may sleep.
 */
void pvio_bb_persist_close(struct pvio_bb_persist *p);

/**
 * pvio_bb_persist_get() - find or map the pages of a request
 * @p: the cache
 * @rq: its grant[] is filled in; NULL, and counted in own_pages, where the
 *	page has to be copied because the cache has no room
 *
 * Context: the worker. Return: 0, or -EFAULT when the guest's reference does
 * not map; then nothing is held.
 */
int pvio_bb_persist_get(struct pvio_bb_persist *p, struct pvio_bb_req *rq);

/**
 * pvio_bb_persist_put() - a request is done with its page
 * @g: the page
 * Context: any.
 */
static inline void pvio_bb_persist_put(struct pvio_bb_grant *g)
{
	/* All use of the page before; pairs with find_old(). */
	smp_mb__before_atomic();
	atomic_dec(&g->users);
}

/**
 * pvio_bb_persist_trim() - unmap what was not used for some time
 * @p: the cache
 * @age: for how long, in jiffies
 * Context: the worker.
 */
void pvio_bb_persist_trim(struct pvio_bb_persist *p, unsigned long age);

#endif /* PVIO_BLKBACK_PERSIST_H */
