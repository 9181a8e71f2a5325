// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A queue's pages.  Warm, a request costs one lock to take its pages and one
 * to give them back, and no allocation.
 *
 * When the disk's share is used up, what the guest's other queues keep unused
 * is taken from them, and who did not get what it wants is the next: the
 * disk's other queues wait meanwhile, so that a large request comes to its
 * turn beside many small ones.
 */
#include "pages.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "compat/shrinker.h"
#include "xenbus/resource.h"

#include "budget.h"

static struct shrinker *shrinker;
/* Stacks that are open, the one that shrank longest ago first. */
static LIST_HEAD(stacks);
/* Covers the list; taken before a stack's own. */
static DEFINE_SPINLOCK(stacks_lock);

void pvio_bb_pages_open(struct pvio_bb_pages *p, struct pvio_bb_share *share)
{
	spin_lock_init(&p->lock);
	INIT_LIST_HEAD(&p->free);
	p->nr_free = 0;
	p->nr = 0;
	p->reserved = 0;
	p->share = share;
	p->least = 0;
	spin_lock(&stacks_lock);
	list_add_tail(&p->all, &stacks);
	spin_unlock(&stacks_lock);
}

static void free_list(struct list_head *list, unsigned int nr)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru)
		__free_page(page);
	pvio_destroyed(PVIO_RES_PAGE, nr);
}

void pvio_bb_pages_close(struct pvio_bb_pages *p)
{
	if (!p->share)
		return;
	spin_lock(&stacks_lock);
	list_del(&p->all);
	spin_unlock(&stacks_lock);
	free_list(&p->free, p->nr_free);
	pvio_bb_budget_give(p->share, p->reserved);
	p->share = NULL;
}

/* Moves up to @nr unused pages to @to. */
static unsigned int take_free(struct pvio_bb_pages *p, struct list_head *to,
			      unsigned int nr)
{
	unsigned int i;

	lockdep_assert_held(&p->lock);
	nr = min(nr, p->nr_free);
	for (i = 0; i < nr; i++)
		list_move_tail(p->free.next, to);
	p->nr_free -= nr;
	p->least = min(p->least, p->nr_free);
	return nr;
}

/* In chunks as long as there are any, at last no more than needed. */
static bool reserve_more(struct pvio_bb_pages *p, unsigned int nr)
{
	unsigned int chunk = round_up(nr, PVIO_BB_CHUNK);

	if (pvio_bb_budget_take(p->share, chunk))
		p->reserved += chunk;
	else if (chunk > nr && pvio_bb_budget_take(p->share, nr))
		p->reserved += nr;
	else
		return false;
	return true;
}

static bool reserve(struct pvio_bb_pages *p, unsigned int nr)
{
	unsigned int total = p->nr + nr;

	lockdep_assert_held(&p->lock);
	if (unlikely(total > p->reserved) &&
	    !reserve_more(p, total - p->reserved))
		return false;
	p->nr = total;
	return true;
}

static void shrink_reserve(struct pvio_bb_pages *p)
{
	unsigned int keep = round_up(p->nr, PVIO_BB_CHUNK);

	lockdep_assert_held(&p->lock);
	if (p->reserved <= keep)
		return;
	pvio_bb_budget_give(p->share, p->reserved - keep);
	p->reserved = keep;
}

static void put_back(struct pvio_bb_pages *p, struct list_head *from,
		     unsigned int nr, unsigned int unreserve)
{
	spin_lock_bh(&p->lock);
	list_splice(from, &p->free);
	p->nr_free += nr;
	p->nr -= unreserve;
	spin_unlock_bh(&p->lock);
	INIT_LIST_HEAD(from);
}

/* Appends new pages to @to; returns how many. */
static unsigned int make_pages(struct list_head *to, unsigned int nr)
{
	struct page *page;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		page = alloc_page(GFP_NOIO | __GFP_NOWARN);
		if (!page)
			break;
		list_add_tail(&page->lru, to);
	}
	pvio_created(PVIO_RES_PAGE, i);
	return i;
}

/* Moves up to @nr unused pages to @to, to be owned no longer. */
static unsigned int give_up(struct pvio_bb_pages *p, struct list_head *to,
			    unsigned int nr)
{
	lockdep_assert_held(&p->lock);
	nr = take_free(p, to, nr);
	p->nr -= nr;
	return nr;
}

/* All that one stack keeps unused, and its reservation. */
static unsigned int empty(struct pvio_bb_pages *p, struct list_head *to)
{
	unsigned int nr;

	spin_lock_bh(&p->lock);
	nr = give_up(p, to, p->nr_free);
	if (p->reserved > p->nr) {
		pvio_bb_budget_give(p->share, p->reserved - p->nr);
		p->reserved = p->nr;
	}
	spin_unlock_bh(&p->lock);
	return nr;
}

/* What other queues of the same guest keep unused. */
static noinline void take_from_others(const struct pvio_bb_pages *who)
{
	struct pvio_bb_pages *p;
	unsigned int nr = 0;
	LIST_HEAD(pages);

	spin_lock(&stacks_lock);
	list_for_each_entry(p, &stacks, all)
		if (p != who && p->share->guest == who->share->guest)
			nr += empty(p, &pages);
	spin_unlock(&stacks_lock);
	free_list(&pages, nr);
}

static bool is_anothers_turn(const struct pvio_bb_pages *p)
{
	const void *hungry = READ_ONCE(p->share->hungry);

	return unlikely(hungry && hungry != p);
}

void pvio_bb_pages_give_way(struct pvio_bb_pages *p)
{
	cmpxchg(&p->share->hungry, (const void *)p, NULL);
}

static int get(struct pvio_bb_pages *p, struct list_head *to, unsigned int nr)
{
	unsigned int got, more, missing;
	LIST_HEAD(pages);
	bool ok;

	spin_lock_bh(&p->lock);
	got = take_free(p, &pages, nr);
	missing = nr - got;
	ok = reserve(p, missing);
	spin_unlock_bh(&p->lock);
	if (!ok) {
		put_back(p, &pages, got, 0);
		return -EAGAIN;
	}
	more = missing ? make_pages(&pages, missing) : 0;
	if (more < missing) {
		put_back(p, &pages, got + more, missing - more);
		return -ENOMEM;
	}
	list_splice_tail(&pages, to);
	return 0;
}

int pvio_bb_pages_get(struct pvio_bb_pages *p, struct list_head *to,
		      unsigned int nr)
{
	int err;

	if (is_anothers_turn(p))
		return -EAGAIN;
	err = get(p, to, nr);
	if (unlikely(err == -EAGAIN)) {
		take_from_others(p);
		err = get(p, to, nr);
	}
	if (unlikely(err == -EAGAIN))
		cmpxchg(&p->share->hungry, NULL, (const void *)p);
	else if (unlikely(READ_ONCE(p->share->hungry)))
		pvio_bb_pages_give_way(p);
	return err;
}

void pvio_bb_pages_put(struct pvio_bb_pages *p, struct list_head *from,
		       unsigned int nr)
{
	put_back(p, from, nr, 0);
}

void pvio_bb_pages_trim(struct pvio_bb_pages *p)
{
	LIST_HEAD(pages);
	unsigned int nr;

	spin_lock_bh(&p->lock);
	nr = give_up(p, &pages, DIV_ROUND_UP(p->least, 2));
	p->least = p->nr_free;
	shrink_reserve(p);
	spin_unlock_bh(&p->lock);
	free_list(&pages, nr);
}

static unsigned long bb_pages_count(struct shrinker *s,
				    struct shrink_control *sc)
{
	struct pvio_bb_pages *p;
	unsigned long sum = 0;

	spin_lock(&stacks_lock);
	list_for_each_entry(p, &stacks, all)
		sum += READ_ONCE(p->nr_free);
	spin_unlock(&stacks_lock);
	return sum ?: SHRINK_EMPTY;
}

/* From one stack at a time, so that all of them have their turn. */
static unsigned long bb_pages_scan(struct shrinker *s,
				   struct shrink_control *sc)
{
	struct pvio_bb_pages *p;
	unsigned int nr = 0;
	LIST_HEAD(pages);

	spin_lock(&stacks_lock);
	p = list_first_entry_or_null(&stacks, struct pvio_bb_pages, all);
	if (p) {
		list_move_tail(&p->all, &stacks);
		spin_lock_bh(&p->lock);
		nr = give_up(p, &pages, sc->nr_to_scan);
		shrink_reserve(p);
		spin_unlock_bh(&p->lock);
	}
	spin_unlock(&stacks_lock);
	free_list(&pages, nr);
	return p ? nr : SHRINK_STOP;
}

int pvio_bb_pages_init(void)
{
	shrinker = pvio_shrinker_create("pvio-blkback", bb_pages_count,
					bb_pages_scan);
	return shrinker ? 0 : -ENOMEM;
}

void pvio_bb_pages_exit(void)
{
	pvio_shrinker_destroy(shrinker);
}
