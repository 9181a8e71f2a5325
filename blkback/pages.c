// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue's pages.  Warm, a request costs one lock to take its pages and one
 * to give them back, and no allocation.
 */
#include "pages.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "xenbus/resource.h"

void pvio_bb_pages_open(struct pvio_bb_pages *p, unsigned int max)
{
	spin_lock_init(&p->lock);
	INIT_LIST_HEAD(&p->free);
	p->nr_free = 0;
	p->nr = 0;
	p->max = max;
	p->least = 0;
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
	if (!p->max)
		return;
	free_list(&p->free, p->nr_free);
	p->max = 0;
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

static bool reserve(struct pvio_bb_pages *p, unsigned int nr)
{
	if (nr > p->max - p->nr)
		return false;
	p->nr += nr;
	return true;
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
static unsigned int allocate(struct list_head *to, unsigned int nr)
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

int pvio_bb_pages_get(struct pvio_bb_pages *p, struct list_head *to,
		      unsigned int nr)
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
	more = missing ? allocate(&pages, missing) : 0;
	if (more < missing) {
		put_back(p, &pages, got + more, missing - more);
		return -ENOMEM;
	}
	list_splice_tail(&pages, to);
	return 0;
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
	nr = take_free(p, &pages, DIV_ROUND_UP(p->least, 2));
	p->nr -= nr;
	p->least = p->nr_free;
	spin_unlock_bh(&p->lock);
	free_list(&pages, nr);
}
