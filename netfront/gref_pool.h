/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Pages of one direction of a queue that the backend keeps mapped: static
 * grants.  A slot that names such a page costs no grant operation at either
 * end, nor in the hypervisor.
 *
 * The pool begins empty, grows while slots go without, and shrinks when pages
 * have not been needed for a while.  Those that wait on a ring for the next packet
 * cannot go; when packets are few the backend unmaps them where they are, and they
 * are like any other page on the ring until it maps them again.  How it is told is
 * the matter of gref_map.
 *
 * Lock: that of the direction covers what the data path uses; the rest belongs to
 * the interface's gref_map.
 */
#ifndef PVIO_NETFRONT_GREF_POOL_H
#define PVIO_NETFRONT_GREF_POOL_H

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/types.h>

#include "ring/netctrl.h"
#include "xenbus/grants.h"

/* Pages that come or go at a time, and slots without one that ask for more. */
#define PVIO_NF_GREF_STEP	64

/**
 * struct pvio_nf_share - a page that the backend may use
 * @page: the page; NULL when there is none
 * @ref: its grant
 * @fixed: it is one of a pool's
 */
struct pvio_nf_share {
	struct page *page;
	u32 ref;
	bool fixed;
};

/**
 * struct pvio_nf_gref_pool - pages that the backend keeps mapped
 * @idle: stack of those that no slot uses
 * @nr_idle: its height
 * @nr: pages in all, without @batch
 * @mapped: how many of them the backend maps
 * @low: fewest that were idle since the last look
 * @missed: slots that had to do without since more were last asked for
 * @wanted: more were asked for
 * @used: slots that such a page served
 * @lent: ring of pages that went up the stack, each with a reference of ours
 * @lent_at: its first
 * @nr_lent: how many
 * @lend: pages may go up the stack
 * @room: most pages that there is room for
 *
 * @max: most pages; 0 until the backend has said, or it takes none any more
 * @asked: it has been asked how many it takes
 * @sticky: it did not let go of pages when asked to
 * @readonly: it must not write them
 * @spare: pages that were not needed and are to go
 * @cool: slots are few: the others are to be unmapped
 * @used_then: @used at the last look
 * @slow: when slots had last gone without, in jiffies
 * @known: references of all pages, those that the backend maps first
 * @told: how many of these are mapped or unmapped just now
 * @again: in jiffies: nothing more is to be had before
 * @refs: references, for these pages alone
 * @batch: pages that come or go just now
 * @nr_batch: how many
 */
struct pvio_nf_gref_pool {
	struct pvio_nf_share *idle;
	u16 nr_idle;
	u16 low;
	u16 missed;
	bool wanted;
	u64 nr;
	u64 mapped;
	u64 used;
	struct pvio_nf_share *lent;
	u16 lent_at;
	u16 nr_lent;
	bool lend;
	u16 room;

	u16 max;
	bool asked;
	bool sticky;
	bool readonly;
	u16 spare;
	bool cool;
	u64 used_then;
	unsigned long slow;
	unsigned long again;
	struct pvio_grefs refs;
	u32 *known;
	u16 told;
	struct pvio_nf_share *batch;
	u16 nr_batch;
};

/**
 * pvio_nf_gref_pool_full() - is there nothing more to be asked for?
 * @pool: the pool
 */
static inline bool pvio_nf_gref_pool_full(const struct pvio_nf_gref_pool *pool)
{
	if (!pool->asked)
		return false;
	return !pool->max ||
	       (pool->mapped == pool->nr && pool->nr >= pool->max);
}

/**
 * pvio_nf_gref_pool_has() - are so many pages idle?
 * @pool: the pool
 * @nr: how many
 */
static inline bool pvio_nf_gref_pool_has(const struct pvio_nf_gref_pool *pool,
					 unsigned int nr)
{
	return pool->nr_idle >= nr;
}

/**
 * pvio_nf_gref_pool_get() - take a page for a slot
 * @pool: the pool
 * @share: filled in
 * Return: false when none is idle.
 */
static inline bool pvio_nf_gref_pool_get(struct pvio_nf_gref_pool *pool,
					 struct pvio_nf_share *share)
{
	if (!pool->nr_idle)
		return false;
	*share = pool->idle[--pool->nr_idle];
	pool->low = min(pool->low, pool->nr_idle);
	return true;
}

/**
 * pvio_nf_gref_pool_put() - a slot has done with its page
 * @pool: the pool
 * @share: the page, one of the pool's
 */
static inline void pvio_nf_gref_pool_put(struct pvio_nf_gref_pool *pool,
					 struct pvio_nf_share share)
{
	pool->idle[pool->nr_idle++] = share;
}

/**
 * pvio_nf_gref_pool_note() - a page is in the stack's hands, behind all others
 * @pool: the pool, with room for it
 * @share: the page
 */
static inline void pvio_nf_gref_pool_note(struct pvio_nf_gref_pool *pool,
					  struct pvio_nf_share share)
{
	unsigned int at = pool->lent_at + pool->nr_lent++;

	pool->lent[at < pool->room ? at : at - pool->room] = share;
}

/**
 * pvio_nf_gref_pool_serves() - does a slot with such a page cost no operation?
 * @pool: the pool
 * @share: the page, the pool's or not
 *
 * While some pages are not mapped, none counts: few are so for long.
 */
static inline bool
pvio_nf_gref_pool_serves(const struct pvio_nf_gref_pool *pool,
			 const struct pvio_nf_share *share)
{
	return share->fixed &&
	       READ_ONCE(pool->mapped) == READ_ONCE(pool->nr);
}

/**
 * pvio_nf_gref_pool_lend() - let the stack have a page for a while
 * @pool: the pool
 * @share: the page, one of the pool's; it is the stack's as well now
 *
 * Not more than half of them, so that there are always some to receive into.
 * Return: false: it stays as it is, copy what is in it.
 */
static inline bool pvio_nf_gref_pool_lend(struct pvio_nf_gref_pool *pool,
					  struct pvio_nf_share share)
{
	if (!pool->lend || pool->nr_lent >= READ_ONCE(pool->nr) / 2)
		return false;
	get_page(share.page);
	pvio_nf_gref_pool_note(pool, share);
	return true;
}

/**
 * pvio_nf_gref_pool_reap() - take back what the stack has freed
 * @pool: the pool
 * Context: the direction's lock is held.
 */
void pvio_nf_gref_pool_reap(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_drop() - a page is not the pool's any more
 * @pool: the pool
 * @share: emptied; the page lives on while the backend maps it
 */
void pvio_nf_gref_pool_drop(struct pvio_nf_gref_pool *pool,
			    struct pvio_nf_share *share);

/**
 * pvio_nf_gref_pool_stop() - drop every page that no slot uses
 * @pool: the pool, of a queue that is stopped; may be so already
 */
void pvio_nf_gref_pool_stop(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_start() - the backend has said how much it takes
 * @pool: the pool
 * @pdev: the device
 * @max: most pages
 * Context: may sleep. Return: 0 or a negative errno: as if it took none.
 */
int pvio_nf_gref_pool_start(struct pvio_nf_gref_pool *pool,
			    struct pvio_device *pdev, unsigned int max);

/**
 * pvio_nf_gref_pool_make() - make pages that the backend does not know yet
 * @pool: the pool, with nothing in its batch, which they make up
 * Context: may sleep. Return: how many there are, as far as memory, references
 * and the limit went.
 */
unsigned int pvio_nf_gref_pool_make(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_warm() - choose pages that the backend is to map again
 * @pool: the pool, with nothing in its batch
 * Return: how many.
 */
unsigned int pvio_nf_gref_pool_warm(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_chill() - choose pages that it is to unmap where they are
 * @pool: the pool, with nothing in its batch
 * Return: how many.
 */
unsigned int pvio_nf_gref_pool_chill(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_warmed() - the backend has mapped what was chosen
 * @pool: the pool
 * Context: the direction's lock is held.
 */
void pvio_nf_gref_pool_warmed(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_chilled() - it has unmapped what was chosen
 * @pool: the pool
 * Context: the direction's lock is held.
 */
void pvio_nf_gref_pool_chilled(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_list() - write down what the batch or the choice consists of
 * @pool: the pool
 * @list: room for it
 * @map: those of a choice are to be mapped
 * Return: how many.
 */
unsigned int pvio_nf_gref_pool_list(const struct pvio_nf_gref_pool *pool,
				    struct pvio_netctrl_gref *list, bool map);

/**
 * pvio_nf_gref_pool_free() - free what the backend does not map of the batch
 * @pool: the pool
 * Context: any. Return: how many pages are left in the batch.
 */
unsigned int pvio_nf_gref_pool_free(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_abandon() - drop the batch, whoever maps it
 * @pool: the pool
 */
void pvio_nf_gref_pool_abandon(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_join() - the batch is the backend's now: let slots use it
 * @pool: the pool
 * Context: the direction's lock is held.
 */
void pvio_nf_gref_pool_join(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_part() - put spare pages into the batch
 * @pool: the pool, with nothing in its batch
 * Context: the direction's lock is held.
 */
void pvio_nf_gref_pool_part(struct pvio_nf_gref_pool *pool);

/**
 * pvio_nf_gref_pool_look() - see what was not needed lately
 * @pool: the pool
 * Context: the direction's lock is held.
 */
void pvio_nf_gref_pool_look(struct pvio_nf_gref_pool *pool);

#endif /* PVIO_NETFRONT_GREF_POOL_H */
