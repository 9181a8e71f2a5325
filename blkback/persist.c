// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
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
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "budget.h"
#include "request.h"
#include "stats.h"
#include "xenbus/unmap.h"

#define RECENT		HZ
/* Pages of the same age are in no order. */
#define SAME_AGE	(HZ / 8)
/* For more room, after there was none. */
#define ASK_AGAIN	max(HZ / 50, 1)
/* Entries looked at to find one that can go. */
#define LOOK_AT_MOST	64

void pvio_bb_persist_open(struct pvio_bb_persist *p, struct pvio_device *pdev,
			  struct pvio_bb_share *share)
{
	xa_init(&p->grants);
	INIT_LIST_HEAD(&p->lru);
	p->hints = NULL;
	p->nr_hints = 1;
	p->nr = 0;
	p->nr_fresh = 0;
	p->reserved = 0;
	p->ask_again = jiffies;
	p->pdev = pdev;
	p->share = share;
}

/* By the first page: most disks' most queues are idle. */
static bool make_tables(struct pvio_bb_persist *p)
{
	unsigned int max = p->share->max_maps;
	unsigned int nr = rounddown_pow_of_two(max);

	p->hints = kvcalloc(nr, sizeof(*p->hints), GFP_NOIO | __GFP_NOWARN);
	if (!p->hints)
		return false;
	if (pvio_mapper_open(p->pdev, &p->mapper, max)) {
		kvfree(p->hints);
		p->hints = NULL;
		return false;
	}
	p->nr_hints = nr;
	return true;
}

/* May one more page be mapped?  If not, it is copied. */
static bool can_map(struct pvio_bb_persist *p)
{
	if (likely(p->nr < p->reserved))
		return true;
	if (time_before(jiffies, p->ask_again))
		return false;
	p->ask_again = jiffies + ASK_AGAIN;
	if (!p->hints && !make_tables(p))
		return false;
	p->reserved += pvio_bb_budget_take_maps(p->share);
	if (p->nr == p->reserved)
		return false;
	p->ask_again = jiffies;
	return true;
}

/* One chunk more than needed is kept: the next one may be wanted at once. */
static void give_up_room(struct pvio_bb_persist *p)
{
	unsigned int keep = p->nr + PVIO_BB_CHUNK;

	if (p->reserved < keep + PVIO_BB_CHUNK)
		return;
	pvio_bb_budget_give_maps(p->share, p->reserved - keep);
	p->reserved = keep;
}

static struct pvio_bb_grant **hint(struct pvio_bb_persist *p, u32 gref)
{
	return &p->hints[gref & (p->nr_hints - 1)];
}

static void forget(struct pvio_bb_persist *p, struct pvio_bb_grant *g)
{
	if (*hint(p, g->kept.map.gref) == g)
		*hint(p, g->kept.map.gref) = NULL;
	xa_erase(&p->grants, g->kept.map.gref);
	list_del(&g->kept.list);
	p->nr--;
	kfree(g);
}

/* Unmaps the first @nr entries of @fresh, which serves as scratch here. */
static void unmap_some(struct pvio_bb_persist *p, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		p->maps[i] = p->fresh[i]->kept.map;
	pvio_unmap_pages(&p->mapper, p->maps, nr);
	p->stats->unmap_calls++;
	for (i = 0; i < nr; i++)
		forget(p, p->fresh[i]);
	give_up_room(p);
}

/*
 * No request uses it.  If somebody else does, a socket of the device's, it is
 * not old yet: to unmap it would be to wait for him.
 */
static bool can_go(struct pvio_bb_persist *p, struct pvio_bb_grant *g)
{
	/* Pairs with pvio_bb_persist_put(). */
	if (atomic_read_acquire(&g->users))
		return false;
	if (likely(!pvio_map_in_use(&g->kept.map)))
		return true;
	g->used = jiffies;
	list_move_tail(&g->kept.list, &p->lru);
	return false;
}

/* Collects up to a batch of old unused entries; returns how many. */
static unsigned int find_old(struct pvio_bb_persist *p, unsigned long age)
{
	unsigned int n = 0, looked = 0;
	struct pvio_bb_grant *g, *next;

	list_for_each_entry_safe(g, next, &p->lru, kept.list) {
		if (time_before(jiffies, g->used + age) || n == PVIO_MAP_BATCH ||
		    looked++ == LOOK_AT_MOST)
			break;
		if (can_go(p, g))
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

/* Sockets may have some of them until a connection is given up. */
static void give_away_used(struct pvio_bb_persist *p)
{
	struct pvio_bb_grant *g, *next;

	list_for_each_entry_safe(g, next, &p->lru, kept.list) {
		if (!pvio_map_in_use(&g->kept.map))
			continue;
		list_del(&g->kept.list);
		p->nr--;
		pvio_unmap_later(&p->mapper, &g->kept);
	}
}

void pvio_bb_persist_close(struct pvio_bb_persist *p)
{
	if (!p->share)
		return;
	give_away_used(p);
	pvio_bb_persist_trim(p, 0);
	xa_destroy(&p->grants);
	pvio_mapper_close(&p->mapper);
	kvfree(p->hints);
	p->hints = NULL;
	pvio_bb_budget_give_maps(p->share, p->reserved);
	p->share = NULL;
}

static struct pvio_bb_grant *look_up(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant **h;

	if (unlikely(!p->hints))
		return NULL;
	h = hint(p, gref);
	if (likely(*h && (*h)->kept.map.gref == gref))
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
		list_move_tail(&g->kept.list, &p->lru);
	}
	return g;
}

static struct pvio_bb_grant *new_grant(u32 gref)
{
	struct pvio_bb_grant *g = kmalloc(sizeof(*g), GFP_NOIO | __GFP_NOWARN);

	if (!g)
		return NULL;
	g->kept.map = (struct pvio_map){ .gref = gref };
	g->used = jiffies;
	atomic_set(&g->users, 0);
	return g;
}

/* A new entry, to be mapped with the others of the request; NULL: copy. */
static struct pvio_bb_grant *add_grant(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant *g;

	if (!can_map(p)) {
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
	list_add_tail(&g->kept.list, &p->lru);
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
		p->maps[i] = p->fresh[i]->kept.map;
	err = pvio_map_pages(&p->mapper, p->maps, p->nr_fresh);
	p->stats->map_calls++;
	for (i = 0; i < p->nr_fresh; i++)
		p->fresh[i]->kept.map = p->maps[i];
	return err;
}

/* Without memory to map onto, the first @nr segments' fresh pages are copied. */
static void copy_instead(struct pvio_bb_req *rq, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!rq->grant[i] || rq->grant[i]->kept.map.page)
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
		if (!p->fresh[i]->kept.map.page)
			forget(p, p->fresh[i]);
	return err == -ENOMEM ? 0 : err;
}

static struct pvio_bb_grant *find_or_add(struct pvio_bb_persist *p, u32 gref)
{
	struct pvio_bb_grant *g = find(p, gref);

	if (!g)
		g = add_grant(p, gref);
	if (g)
		atomic_inc(&g->users);
	return g;
}

int pvio_bb_persist_get(struct pvio_bb_persist *p, struct pvio_bb_req *rq)
{
	unsigned int i;
	int err = 0;

	if (unlikely(p->nr == p->reserved && p->nr && !can_map(p)))
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
