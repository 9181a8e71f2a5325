// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Grant descriptors of a queue.
 *
 * Cost per segment: a ready one is unlinked and linked again, no grant
 * operation, no allocation once the working set exists.  The kernel's lock of
 * all grant references is taken once for GROW_STEP of them.  A bare one adds one
 * grant entry written and one interlocked operation to end it.  No
 * hypercalls, no locks of its own.
 */
#include "pool.h"

#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "xenbus/device.h"
#include "xenbus/resource.h"

/* A backend that has so many idle pages mapped keeps the rest, too. */
#define TRIM_REFUSALS	32

/* References taken from the table at a time. */
#define GROW_STEP	32U
/* When the table had none left. */
#define GROW_PAUSE	(HZ / 10)

static void push_buf(struct pvio_bf_buf **list, struct pvio_bf_buf *buf)
{
	buf->next = *list;
	*list = buf;
}

static struct pvio_bf_buf *pop_buf(struct pvio_bf_buf **list)
{
	struct pvio_bf_buf *buf = *list;

	*list = buf->next;
	return buf;
}

/* Cuts the first @nr off a list that has that many. */
static void cut(struct pvio_bf_buf **list, unsigned int nr,
		struct pvio_bf_chain *chain)
{
	struct pvio_bf_buf *last = *list;

	chain->head = last;
	while (--nr)
		last = last->next;
	chain->last = last;
	*list = last->next;
	last->next = NULL;
}

/*
 * Others want references, too.  Where the table has no more, whoever asked
 * makes do with what there is, and asks again later.
 */
static bool grow_refs(struct pvio_bf_pool *pool)
{
	unsigned int nr = min(GROW_STEP, pool->max - pool->nr);

	if (!nr || time_before(jiffies, pool->later))
		return false;
	while (nr && pvio_grefs_grow(&pool->grefs, nr))
		nr /= 2;
	if (!nr)
		pool->later = jiffies + GROW_PAUSE;
	return nr;
}

static struct pvio_bf_buf *make_buf(struct pvio_bf_pool *pool, gfp_t gfp)
{
	struct pvio_bf_buf *buf;

	if (pool->nr >= pool->grefs.nr && !grow_refs(pool))
		return NULL;
	buf = kzalloc(sizeof(*buf), gfp | __GFP_NOWARN);
	if (!buf)
		return NULL;
	buf->ref = PVIO_NO_GRANT;
	pool->nr++;
	return buf;
}

static void drop_buf(struct pvio_bf_pool *pool, struct pvio_bf_buf *buf)
{
	kfree(buf);
	pool->nr--;
}

static bool make_bare(struct pvio_bf_pool *pool, gfp_t gfp)
{
	struct pvio_bf_buf *buf = make_buf(pool, gfp);

	if (!buf)
		return false;
	push_buf(&pool->bare, buf);
	pool->nr_bare++;
	return true;
}

static bool give_page(struct pvio_bf_pool *pool, struct pvio_bf_buf *buf,
		      gfp_t gfp)
{
	buf->page = alloc_page(gfp | __GFP_ZERO | __GFP_NOWARN);
	if (!buf->page)
		return false;
	buf->ref = pvio_grant(&pool->grefs, buf->page, false);
	if (buf->ref == PVIO_NO_GRANT) {
		__free_page(buf->page);
		return false;
	}
	pvio_created(PVIO_RES_PAGE, 1);
	return true;
}

static bool make_ready(struct pvio_bf_pool *pool, gfp_t gfp)
{
	struct pvio_bf_buf *buf = make_buf(pool, gfp);

	if (!buf)
		return false;
	if (!give_page(pool, buf, gfp)) {
		drop_buf(pool, buf);
		return false;
	}
	push_buf(&pool->ready, buf);
	pool->nr_ready++;
	(*pool->made)++;
	return true;
}

/*
 * Memory that is at hand, and no emergency reserve: there is a way without it.
 */
bool pvio_bf_pool_take_ready(struct pvio_bf_pool *pool, unsigned int nr,
			     struct pvio_bf_chain *chain)
{
	while (unlikely(pool->nr_ready < nr))
		if (!make_ready(pool, GFP_NOWAIT))
			return false;
	cut(&pool->ready, nr, chain);
	pool->nr_ready -= nr;
	pool->idle_ready = min(pool->idle_ready, pool->nr_ready);
	return true;
}

bool pvio_bf_pool_take_bare(struct pvio_bf_pool *pool, unsigned int nr,
			    struct pvio_bf_chain *chain)
{
	while (unlikely(pool->nr_bare < nr))
		if (!make_bare(pool, GFP_NOWAIT))
			return false;
	cut(&pool->bare, nr, chain);
	pool->nr_bare -= nr;
	pool->idle_bare = min(pool->idle_bare, pool->nr_bare);
	return true;
}

void pvio_bf_pool_put_ready(struct pvio_bf_pool *pool,
			    struct pvio_bf_chain *chain,
			    unsigned int nr)
{
	chain->last->next = pool->ready;
	pool->ready = chain->head;
	chain->head = NULL;
	pool->nr_ready += nr;
}

/* The request's owner has its reference, the deferred grant gets another. */
static void part_with(struct pvio_bf_pool *pool, struct pvio_bf_buf *buf)
{
	get_page(buf->page);
	pvio_ungrant_later(&pool->grefs, buf->ref, buf->page);
	drop_buf(pool, buf);
}

unsigned int pvio_bf_pool_put_bare(struct pvio_bf_pool *pool,
				   struct pvio_bf_chain *chain)
{
	unsigned int stuck = 0;
	struct pvio_bf_buf *buf;

	while (chain->head) {
		buf = pop_buf(&chain->head);
		if (buf->ref != PVIO_NO_GRANT &&
		    unlikely(!pvio_ungrant(&pool->grefs, buf->ref))) {
			part_with(pool, buf);
			stuck++;
			continue;
		}
		buf->ref = PVIO_NO_GRANT;
		buf->page = NULL;
		push_buf(&pool->bare, buf);
		pool->nr_bare++;
	}
	return stuck;
}

unsigned int pvio_bf_pool_revoke_bare(struct pvio_bf_pool *pool,
				      struct pvio_bf_chain *chain)
{
	unsigned int stuck = 0;
	struct pvio_bf_buf *buf;

	while (chain->head) {
		buf = pop_buf(&chain->head);
		if (buf->ref == PVIO_NO_GRANT ||
		    pvio_ungrant_idle(&pool->grefs, buf->ref)) {
			drop_buf(pool, buf);
			continue;
		}
		part_with(pool, buf);
		stuck++;
	}
	return stuck;
}

/* What is not to be had now is asked for when a request needs it. */
static int reserve_refs(struct pvio_device *pdev, struct pvio_bf_pool *pool,
			const struct pvio_bf_pool_size *size)
{
	unsigned int need = 1 + !!size->bare;
	unsigned int nr = size->ready + size->bare;
	int err;

	while ((err = pvio_grefs_open(pdev, &pool->grefs, nr))) {
		if (nr == need)
			return err;
		nr = max(nr / 2, need);
	}
	return 0;
}

/* One of each kind first: with these alone every request gets through. */
static int fill(struct pvio_bf_pool *pool)
{
	if (!make_ready(pool, GFP_KERNEL) ||
	    (pool->keep_bare && !make_bare(pool, GFP_KERNEL)))
		return -ENOMEM;
	while (pool->nr < pool->grefs.nr && pool->nr_bare < pool->keep_bare &&
	       make_bare(pool, GFP_KERNEL))
		;
	while (pool->nr < pool->grefs.nr && pool->nr_ready < pool->keep_ready &&
	       make_ready(pool, GFP_KERNEL))
		;
	return 0;
}

int pvio_bf_pool_open(struct pvio_device *pdev, struct pvio_bf_pool *pool,
		      const struct pvio_bf_pool_size *size)
{
	int err = reserve_refs(pdev, pool, size);

	if (err) {
		pvio_err(pdev, "no grant references left (%d)", err);
		return err;
	}
	pool->max = size->max;
	pool->keep_ready = size->ready;
	pool->keep_bare = size->bare;
	pool->later = jiffies;
	pool->made = size->made;
	return fill(pool);
}

/* Where in the list the first @nr end. */
static struct pvio_bf_buf **skip(struct pvio_bf_buf **list, unsigned int nr)
{
	while (nr--)
		list = &(*list)->next;
	return list;
}

/*
 * Ends the grant of a free page, unless the backend has it mapped.  The
 * reference goes straight to the table.
 */
static bool drop_ready(struct pvio_bf_pool *pool, struct pvio_bf_buf *buf)
{
	if (!pvio_ungrant_idle(&pool->grefs, buf->ref))
		return false;
	__free_page(buf->page);
	pvio_destroyed(PVIO_RES_PAGE, 1);
	pool->nr_ready--;
	drop_buf(pool, buf);
	return true;
}

static void trim_ready(struct pvio_bf_pool *pool)
{
	unsigned int keep = max(pool->nr_ready - pool->idle_ready,
				pool->keep_ready);
	unsigned int refused = 0;
	struct pvio_bf_buf **at, *buf, *next;

	if (keep >= pool->nr_ready)
		return;
	at = skip(&pool->ready, keep);
	while ((buf = *at) && refused < TRIM_REFUSALS) {
		next = buf->next;
		if (drop_ready(pool, buf)) {
			*at = next;
			continue;
		}
		at = &buf->next;
		refused++;
	}
}

static void trim_bare(struct pvio_bf_pool *pool)
{
	unsigned int keep = max(pool->nr_bare - pool->idle_bare,
				pool->keep_bare);

	while (pool->nr_bare > keep) {
		drop_buf(pool, pop_buf(&pool->bare));
		pool->nr_bare--;
	}
}

void pvio_bf_pool_trim(struct pvio_bf_pool *pool)
{
	trim_ready(pool);
	trim_bare(pool);
	if (pool->grefs.nr > pool->nr)
		pvio_grefs_shrink(&pool->grefs, pool->grefs.nr - pool->nr);
	pool->idle_ready = pool->nr_ready;
	pool->idle_bare = pool->nr_bare;
}

/*
 * Only descriptors with pages are still granted when no request is left.  The
 * backend may have them mapped, and not be asked any more.
 */
static void drain(struct pvio_bf_pool *pool)
{
	struct pvio_bf_buf *buf;

	while (pool->ready) {
		buf = pop_buf(&pool->ready);
		pvio_ungrant_later(&pool->grefs, buf->ref, buf->page);
		pvio_destroyed(PVIO_RES_PAGE, 1);
		drop_buf(pool, buf);
	}
	while (pool->bare)
		drop_buf(pool, pop_buf(&pool->bare));
}

void pvio_bf_pool_close(struct pvio_bf_pool *pool)
{
	drain(pool);
	pvio_grefs_close(&pool->grefs);
	memset(pool, 0, sizeof(*pool));
}
