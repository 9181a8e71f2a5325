// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grant descriptors of a queue.
 *
 * Cost per segment: a ready one is unlinked and linked again, no grant
 * operation, no allocation once the working set exists.  A bare one adds one
 * grant entry written and one interlocked operation to end it.  No
 * hypercalls, no locks of its own.
 */
#include "pool.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "xenbus/device.h"
#include "xenbus/resource.h"

/* A backend that has so many idle pages mapped keeps the rest, too. */
#define TRIM_REFUSALS	32

static void push(struct pvio_buf **list, struct pvio_buf *buf)
{
	buf->next = *list;
	*list = buf;
}

static struct pvio_buf *pop(struct pvio_buf **list)
{
	struct pvio_buf *buf = *list;

	*list = buf->next;
	return buf;
}

/* Cuts the first @nr off a list that has that many. */
static void cut(struct pvio_buf **list, unsigned int nr,
		struct pvio_chain *chain)
{
	struct pvio_buf *last = *list;

	chain->head = last;
	while (--nr)
		last = last->next;
	chain->last = last;
	*list = last->next;
	last->next = NULL;
}

/* Turns one bare descriptor into a ready one. */
static bool make_ready(struct pvio_pool *pool, gfp_t gfp)
{
	struct page *page;
	u32 ref;

	if (pool->nr_bare <= pool->keep_bare)
		return false;
	page = alloc_page(gfp | __GFP_ZERO | __GFP_NOWARN);
	if (!page)
		return false;
	ref = pvio_grant(&pool->grefs, page, false);
	if (ref == PVIO_NO_GRANT) {
		__free_page(page);
		return false;
	}
	pvio_created(PVIO_RES_PAGE, 1);
	pool->bare->page = page;
	pool->bare->ref = ref;
	push(&pool->ready, pop(&pool->bare));
	pool->nr_bare--;
	pool->nr_ready++;
	(*pool->made)++;
	return true;
}

bool pvio_pool_take_ready(struct pvio_pool *pool, unsigned int nr,
			  struct pvio_chain *chain)
{
	while (unlikely(pool->nr_ready < nr))
		if (!make_ready(pool, GFP_ATOMIC))
			return false;
	cut(&pool->ready, nr, chain);
	pool->nr_ready -= nr;
	pool->idle = min(pool->idle, pool->nr_ready);
	return true;
}

bool pvio_pool_take_bare(struct pvio_pool *pool, unsigned int nr,
			 struct pvio_chain *chain)
{
	if (pool->nr_bare < nr)
		return false;
	cut(&pool->bare, nr, chain);
	pool->nr_bare -= nr;
	return true;
}

void pvio_pool_put_ready(struct pvio_pool *pool, struct pvio_chain *chain,
			 unsigned int nr)
{
	chain->last->next = pool->ready;
	pool->ready = chain->head;
	chain->head = NULL;
	pool->nr_ready += nr;
}

/* The request's owner has its reference, the deferred grant gets another. */
static void part_with(struct pvio_pool *pool, struct pvio_buf *buf)
{
	get_page(buf->page);
	pvio_ungrant_later(&pool->grefs, buf->ref, buf->page);
	buf->ref = PVIO_NO_GRANT;
}

unsigned int pvio_pool_put_bare(struct pvio_pool *pool,
				struct pvio_chain *chain)
{
	unsigned int stuck = 0;
	struct pvio_buf *buf;

	while (chain->head) {
		buf = pop(&chain->head);
		if (buf->ref != PVIO_NO_GRANT &&
		    unlikely(!pvio_ungrant(&pool->grefs, buf->ref))) {
			part_with(pool, buf);
			stuck++;
			continue;
		}
		buf->ref = PVIO_NO_GRANT;
		buf->page = NULL;
		push(&pool->bare, buf);
		pool->nr_bare++;
	}
	return stuck;
}

/* Other disks and the network want references, too: take what is there. */
static int reserve(struct pvio_device *pdev, struct pvio_pool *pool,
		   const struct pvio_pool_size *size)
{
	unsigned int nr = size->want;
	int err;

	while ((err = pvio_grefs_open(pdev, &pool->grefs, nr))) {
		if (nr == size->need)
			return err;
		nr = max(nr / 2, size->need);
	}
	pool->nr = nr;
	return 0;
}

static int fill(struct pvio_pool *pool, const struct pvio_pool_size *size)
{
	unsigned int i;

	for (i = pool->nr; i > 0; i--) {
		pool->bufs[i - 1].ref = PVIO_NO_GRANT;
		push(&pool->bare, &pool->bufs[i - 1]);
	}
	pool->nr_bare = pool->nr;
	pool->keep_bare = size->keep_bare;
	pool->keep_ready = size->ready;
	pool->made = size->made;
	for (i = 0; i < size->ready; i++)
		if (!make_ready(pool, GFP_KERNEL))
			return -ENOMEM;
	return 0;
}

int pvio_pool_open(struct pvio_device *pdev, struct pvio_pool *pool,
		   const struct pvio_pool_size *size)
{
	int err = reserve(pdev, pool, size);

	if (err) {
		pvio_err(pdev, "no %u grant references left (%d)", size->need,
			 err);
		return err;
	}
	pool->bufs = kvcalloc(pool->nr, sizeof(*pool->bufs), GFP_KERNEL);
	if (!pool->bufs)
		return -ENOMEM;
	return fill(pool, size);
}

/* Where in the list the first @nr end. */
static struct pvio_buf **skip(struct pvio_buf **list, unsigned int nr)
{
	while (nr--)
		list = &(*list)->next;
	return list;
}

/* Ends the grant of a free page, unless the backend has it mapped. */
static bool make_bare(struct pvio_pool *pool, struct pvio_buf *buf)
{
	if (!pvio_ungrant_idle(&pool->grefs, buf->ref))
		return false;
	__free_page(buf->page);
	pvio_destroyed(PVIO_RES_PAGE, 1);
	buf->page = NULL;
	buf->ref = PVIO_NO_GRANT;
	push(&pool->bare, buf);
	pool->nr_bare++;
	pool->nr_ready--;
	return true;
}

void pvio_pool_trim(struct pvio_pool *pool)
{
	unsigned int keep = max(pool->nr_ready - pool->idle, pool->keep_ready);
	unsigned int refused = 0;
	struct pvio_buf **at, *buf;

	if (keep < pool->nr_ready) {
		at = skip(&pool->ready, keep);
		while ((buf = *at) && refused < TRIM_REFUSALS) {
			*at = buf->next;
			if (make_bare(pool, buf))
				continue;
			*at = buf;
			at = &buf->next;
			refused++;
		}
	}
	pool->idle = pool->nr_ready;
}

/* Only descriptors with pages are still granted when no request is left. */
static void drain(struct pvio_pool *pool)
{
	struct pvio_buf *buf;

	while (pool->ready) {
		buf = pop(&pool->ready);
		if (pvio_ungrant(&pool->grefs, buf->ref))
			__free_page(buf->page);
		else
			pvio_ungrant_later(&pool->grefs, buf->ref, buf->page);
		pvio_destroyed(PVIO_RES_PAGE, 1);
	}
}

void pvio_pool_close(struct pvio_pool *pool)
{
	drain(pool);
	kvfree(pool->bufs);
	pvio_grefs_close(&pool->grefs);
	memset(pool, 0, sizeof(*pool));
}
