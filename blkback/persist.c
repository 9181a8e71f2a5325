// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistent grants.  A hit costs a look into a table, since a guest's
 * references are mostly neighbours, sometimes a walk of two or three tree
 * levels, and now and then a move in a list: no hypercall, no lock, no
 * allocation.  A miss is mapped together with the other misses of its request,
 * one hypercall for 32.
 *
 * When the cache is full, a page that was not used for RECENT makes room;
 * otherwise the new page is copied instead.  A guest that cycles through more
 * pages than fit would else have each of them mapped and unmapped every time,
 * which costs more than copying it.
 *
 * The cache belongs to the queue's worker.  Completion only counts users down.
 */
#include "persist.h"

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "request.h"
#include "stats.h"

#define RECENT		HZ
/* Pages of the same age are in no order. */
#define SAME_AGE	(HZ / 8)
/* Entries looked at to find one that can go. */
#define LOOK_AT_MOST	64

int pvio_bb_persist_open(struct pvio_bb_persist *p, struct pvio_device *pdev,
			 unsigned int max)
{
	int err;

	p->nr_hints = rounddown_pow_of_two(max);
	p->hints = kvcalloc(p->nr_hints, sizeof(*p->hints), GFP_KERNEL);
	if (!p->hints)
		return -ENOMEM;
	err = pvio_mapper_open(pdev, &p->mapper, max);
	if (err) {
		kvfree(p->hints);
		return err;
	}
	xa_init(&p->grants);
	INIT_LIST_HEAD(&p->lru);
	p->nr = 0;
	p->nr_fresh = 0;
	p->max = max;
	return 0;
}

static struct pvio_bb_grant **hint(struct pvio_bb_persist *p, u32 gref)
{
	return &p->hints[gref & (p->nr_hints - 1)];
}

static void forget(struct pvio_bb_persist *p, struct pvio_bb_grant *g)
{
	if (*hint(p, g->map.gref) == g)
		*hint(p, g->map.gref) = NULL;
	xa_erase(&p->grants, g->map.gref);
	list_del(&g->lru);
	p->nr--;
	kfree(g);
}

/* Unmaps the first @nr entries of @fresh, which serves as scratch here. */
static void unmap_some(struct pvio_bb_persist *p, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		p->maps[i] = p->fresh[i]->map;
	pvio_unmap_pages(&p->mapper, p->maps, nr);
	p->stats->unmap_calls++;
	for (i = 0; i < nr; i++)
		forget(p, p->fresh[i]);
}

/* Collects up to a batch of old unused entries; returns how many. */
static unsigned int find_old(struct pvio_bb_persist *p, unsigned long age)
{
	unsigned int n = 0, looked = 0;
	struct pvio_bb_grant *g;

	list_for_each_entry(g, &p->lru, lru) {
		if (time_before(jiffies, g->used + age) || n == PVIO_MAP_BATCH ||
		    looked++ == LOOK_AT_MOST)
			break;
		/* Pairs with pvio_bb_persist_put(). */
		if (!atomic_read_acquire(&g->users))
			p->fresh[n++] = g;
	}
	return n;
}

static void unmap_old(struct pvio_bb_persist *p, unsigned long age)
{
	unsigned int nr = find_old(p, age);

	if (nr)
		unmap_some(p, nr);
}

void pvio_bb_persist_trim(struct pvio_bb_persist *p, unsigned long age)
{
	unsigned int before;

	do {
		before = p->nr;
		unmap_old(p, age);
	} while (p->nr && p->nr < before);
}

void pvio_bb_persist_close(struct pvio_bb_persist *p)
{
	if (!p->max)
		return;
	pvio_bb_persist_trim(p, 0);
	xa_destroy(&p->grants);
	pvio_mapper_close(&p->mapper);
	kvfree(p->hints);
	p->max = 0;
}

static struct pvio_bb_grant *look_up(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant **h = hint(p, gref);

	if (likely(*h && (*h)->map.gref == gref))
		return *h;
	*h = xa_load(&p->grants, gref);
	return *h;
}

static struct pvio_bb_grant *find(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant *g = look_up(p, gref);

	if (!g)
		return NULL;
	p->stats->hits++;
	if (time_after(jiffies, g->used + SAME_AGE)) {
		g->used = jiffies;
		list_move_tail(&g->lru, &p->lru);
	}
	return g;
}

static struct pvio_bb_grant *new_grant(u32 gref)
{
	struct pvio_bb_grant *g = kmalloc(sizeof(*g), GFP_NOIO | __GFP_NOWARN);

	if (!g)
		return NULL;
	g->map = (struct pvio_map){ .gref = gref };
	g->used = jiffies;
	atomic_set(&g->users, 0);
	return g;
}

/* A new entry, to be mapped with the others of the request; NULL: copy. */
static struct pvio_bb_grant *add(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant *g;

	if (p->nr == p->max) {
		p->stats->full++;
		return NULL;
	}
	g = new_grant(gref);
	if (!g)
		return NULL;
	if (xa_err(xa_store(&p->grants, gref, g, GFP_NOIO))) {
		kfree(g);
		return NULL;
	}
	list_add_tail(&g->lru, &p->lru);
	p->nr++;
	p->fresh[p->nr_fresh++] = g;
	p->stats->misses++;
	return g;
}

static int map_fresh(struct pvio_bb_persist *p)
{
	unsigned int i;
	int err;

	for (i = 0; i < p->nr_fresh; i++)
		p->maps[i] = p->fresh[i]->map;
	err = pvio_map_pages(&p->mapper, p->maps, p->nr_fresh);
	p->stats->map_calls++;
	for (i = 0; i < p->nr_fresh; i++)
		p->fresh[i]->map = p->maps[i];
	return err;
}

/* Without memory to map onto, the first @nr segments' fresh pages are copied. */
static void copy_instead(struct pvio_bb_req *rq, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!rq->grant[i] || rq->grant[i]->map.page)
			continue;
		rq->grant[i] = NULL;
		rq->own_pages++;
	}
}

static void put_all(struct pvio_bb_req *rq, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (rq->grant[i])
			pvio_bb_persist_put(rq->grant[i]);
		rq->grant[i] = NULL;
	}
	rq->own_pages = 0;
}

/* Maps what the first @nr segments lack. */
static int settle(struct pvio_bb_persist *p, struct pvio_bb_req *rq,
		  unsigned int nr)
{
	unsigned int i, fresh = p->nr_fresh;
	int err;

	err = map_fresh(p);
	p->nr_fresh = 0;
	if (!err)
		return 0;
	if (err == -ENOMEM)
		copy_instead(rq, nr);
	else
		put_all(rq, nr);
	for (i = 0; i < fresh; i++)
		if (!p->fresh[i]->map.page)
			forget(p, p->fresh[i]);
	return err == -ENOMEM ? 0 : err;
}

static struct pvio_bb_grant *find_or_add(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant *g = find(p, gref);

	if (!g)
		g = add(p, gref);
	if (g)
		atomic_inc(&g->users);
	return g;
}

int pvio_bb_persist_get(struct pvio_bb_persist *p, struct pvio_bb_req *rq)
{
	unsigned int i;
	int err = 0;

	if (p->nr == p->max)
		unmap_old(p, RECENT);
	for (i = 0; i < rq->req.nr_segs && !err; i++) {
		rq->grant[i] = find_or_add(p, rq->seg[i].gref);
		if (!rq->grant[i])
			rq->own_pages++;
		if (p->nr_fresh == PVIO_MAP_BATCH)
			err = settle(p, rq, i + 1);
	}
	if (!err && p->nr_fresh)
		err = settle(p, rq, i);
	return err;
}
