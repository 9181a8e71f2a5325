// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Data-page grants, copies and maps, in batches, through the door.
 *
 * Per granted page: no hypercall, no lock, one interlocked operation to end
 * it.  Per copy batch: one hypercall.  Per map batch: one hypercall, one
 * spinlock pair on the mapper's stack of pages.
 */
#include "grants.h"

#include <linux/delay.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/grant_table.h>

#include "door_ops.h"
#include "resource.h"

/* A grant is of 4096 bytes, and so are all drivers' pages. */
static_assert(PAGE_SIZE == XEN_PAGE_SIZE);

/* Retries of a copy that the hypervisor could not do yet (page paged out). */
#define COPY_TRIES	5
#define COPY_TRIES_SLEEPING	22	/* 1 + 2 + ... + 22 ms: a quarter second */

int pvio_grefs_open(struct pvio_device *pdev, struct pvio_grefs *g,
		    unsigned int nr)
{
	int err = pvio_door()->grefs_open(nr, &g->head);

	if (err)
		return err;
	g->pdev = pdev;
	g->nr = nr;
	pvio_created(PVIO_RES_GREF, nr);
	return 0;
}
EXPORT_SYMBOL_GPL(pvio_grefs_open);

void pvio_grefs_close(struct pvio_grefs *g)
{
	if (!g->pdev)
		return;
	pvio_door()->grefs_close(g->head);
	pvio_destroyed(PVIO_RES_GREF, g->nr);
	g->pdev = NULL;
	g->nr = 0;
}
EXPORT_SYMBOL_GPL(pvio_grefs_close);

int pvio_grefs_grow(struct pvio_grefs *g, unsigned int nr)
{
	int err = pvio_door()->grefs_grow(nr, &g->head);

	if (err)
		return err;
	g->nr += nr;
	pvio_created(PVIO_RES_GREF, nr);
	return 0;
}
EXPORT_SYMBOL_GPL(pvio_grefs_grow);

unsigned int pvio_grefs_shrink(struct pvio_grefs *g, unsigned int nr)
{
	unsigned int given = pvio_door()->grefs_shrink(nr, &g->head);

	g->nr -= given;
	pvio_destroyed(PVIO_RES_GREF, given);
	return given;
}
EXPORT_SYMBOL_GPL(pvio_grefs_shrink);

u32 pvio_grant(struct pvio_grefs *g, struct page *page, bool readonly)
{
	u32 ref = pvio_door_grant(g->pdev, &g->head, page, readonly);

	if (ref != PVIO_NO_GRANT)
		pvio_created(PVIO_RES_GRANT, 1);
	return ref;
}
EXPORT_SYMBOL_GPL(pvio_grant);

bool pvio_ungrant(struct pvio_grefs *g, u32 ref)
{
	if (!pvio_door_ungrant(&g->head, ref))
		return false;
	pvio_destroyed(PVIO_RES_GRANT, 1);
	return true;
}
EXPORT_SYMBOL_GPL(pvio_ungrant);

/* The quiet way gives the reference back to the kernel's pool. */
bool pvio_ungrant_idle(struct pvio_grefs *g, u32 ref)
{
	if (!pvio_door()->ungrant_idle(ref))
		return false;
	pvio_destroyed(PVIO_RES_GRANT, 1);
	pvio_destroyed(PVIO_RES_GREF, 1);
	g->nr--;
	pvio_grefs_grow(g, 1);
	return true;
}
EXPORT_SYMBOL_GPL(pvio_ungrant_idle);

/* The kernel's deferred list owns reference and page from here on. */
void pvio_ungrant_later(struct pvio_grefs *g, u32 ref, struct page *page)
{
	pvio_door()->ungrant_later(ref, page);
	pvio_destroyed(PVIO_RES_GRANT, 1);
	pvio_destroyed(PVIO_RES_GREF, 1);
	g->nr--;
}
EXPORT_SYMBOL_GPL(pvio_ungrant_later);

void pvio_copy_in(struct gnttab_copy *op, const struct pvio_device *pdev,
		  struct pvio_piece from, struct page *page, u16 at)
{
	op->source.u.ref = from.gref;
	op->source.domid = pdev->peer_id;
	op->source.offset = from.offset;
	op->dest.u.gmfn = pvio_door_local_gfn(page);
	op->dest.domid = DOMID_SELF;
	op->dest.offset = at;
	op->len = from.len;
	op->flags = GNTCOPY_source_gref;
	op->status = GNTST_general_error;
}
EXPORT_SYMBOL_GPL(pvio_copy_in);

/*
 * The flag behind xen_page_foreign() means other things of other pages, whose
 * private word is no grant: those of a file or of swap.  A page to map a grant
 * onto is private and belongs to neither.
 */
static bool may_be_foreign(struct page *page)
{
	struct folio *folio = page_folio(page);

	return folio_test_private(folio) && !folio->mapping &&
	       !folio_test_swapbacked(folio);
}

static struct xen_page_foreign *foreign_grant(struct page *page)
{
	struct xen_page_foreign *foreign = xen_page_foreign(page);

	return unlikely(foreign) && may_be_foreign(page) ? foreign : NULL;
}

/* A page that takes no references cannot outlive its owner's use of it. */
bool pvio_page_grantable(struct page *page)
{
	return !foreign_grant(page) && !PageSlab(page) && page_count(page) > 0;
}
EXPORT_SYMBOL_GPL(pvio_page_grantable);

/* A page of another guest has no frame of ours: name it by its own grant. */
static void set_source(struct gnttab_copy *op, struct page *page)
{
	struct xen_page_foreign *foreign = foreign_grant(page);

	if (foreign) {
		op->source.u.ref = foreign->gref;
		op->source.domid = foreign->domid;
		op->flags |= GNTCOPY_source_gref;
		return;
	}
	op->source.u.gmfn = pvio_door_local_gfn(page);
	op->source.domid = DOMID_SELF;
}

void pvio_copy_to(struct gnttab_copy *op, const struct pvio_device *pdev,
		  struct pvio_piece to, struct page *page, u16 at)
{
	op->dest.u.ref = to.gref;
	op->dest.domid = pdev->peer_id;
	op->dest.offset = to.offset;
	op->source.offset = at;
	op->len = to.len;
	op->flags = GNTCOPY_dest_gref;
	op->status = GNTST_general_error;
	set_source(op, page);
}
EXPORT_SYMBOL_GPL(pvio_copy_to);

static unsigned int first_unsettled(const struct gnttab_copy *ops,
				    unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && ops[i].status != GNTST_eagain)
		i++;
	return i;
}

static noinline void settle(struct gnttab_copy *ops, unsigned int nr,
			    bool may_sleep)
{
	unsigned int tries = may_sleep ? COPY_TRIES_SLEEPING : COPY_TRIES;
	unsigned int i, try;

	for (try = 1; try <= tries; try++) {
		i = first_unsettled(ops, nr);
		if (i == nr)
			return;
		if (may_sleep)
			msleep(try);
		pvio_door_copy(&ops[i], 1);
	}
}

/* GNTST_eagain left over is an error like any other: not GNTST_okay. */
void pvio_copy_batch(struct gnttab_copy *ops, unsigned int nr, bool may_sleep)
{
	pvio_door_copy(ops, nr);
	if (unlikely(first_unsettled(ops, nr) < nr))
		settle(ops, nr, may_sleep);
}
EXPORT_SYMBOL_GPL(pvio_copy_batch);

int pvio_mapper_open(struct pvio_device *pdev, struct pvio_mapper *m,
		     unsigned int max)
{
	m->free = kvcalloc(max, sizeof(*m->free), GFP_KERNEL);
	if (!m->free)
		return -ENOMEM;
	m->pdev = pdev;
	m->max = max;
	m->nr_free = 0;
	m->nr_pages = 0;
	spin_lock_init(&m->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(pvio_mapper_open);

void pvio_mapper_close(struct pvio_mapper *m)
{
	if (!m->pdev)
		return;
	if (m->nr_free)
		pvio_door()->pages_put(m->nr_free, m->free);
	pvio_destroyed(PVIO_RES_PAGE, m->nr_free);
	kvfree(m->free);
	memset(m, 0, sizeof(*m));
}
EXPORT_SYMBOL_GPL(pvio_mapper_close);

static unsigned int pop_pages(struct pvio_mapper *m, struct pvio_map *maps,
			      unsigned int nr)
{
	unsigned int i;

	spin_lock(&m->lock);
	for (i = 0; i < nr && m->nr_free; i++)
		maps[i].page = m->free[--m->nr_free];
	spin_unlock(&m->lock);
	return i;
}

static void push_pages(struct pvio_mapper *m, struct page **pages,
		       unsigned int nr)
{
	spin_lock(&m->lock);
	memcpy(&m->free[m->nr_free], pages, nr * sizeof(*pages));
	m->nr_free += nr;
	spin_unlock(&m->lock);
}

static int grow(struct pvio_mapper *m, unsigned int nr)
{
	struct page *pages[PVIO_MAP_BATCH];
	int err;

	spin_lock(&m->lock);
	if (m->nr_pages + nr > m->max)
		nr = 0;
	m->nr_pages += nr;
	spin_unlock(&m->lock);
	if (!nr)
		return -ENOMEM;
	err = pvio_door()->pages_get(nr, pages);
	if (err) {
		spin_lock(&m->lock);
		m->nr_pages -= nr;
		spin_unlock(&m->lock);
		return err;
	}
	pvio_created(PVIO_RES_PAGE, nr);
	push_pages(m, pages, nr);
	return 0;
}

/* Lost pages stay with nobody: what is still mapped there must stay alone. */
static unsigned int drop_pages(struct pvio_mapper *m, struct pvio_map *maps,
			       unsigned int nr)
{
	struct page *pages[PVIO_MAP_BATCH];
	unsigned int i, n = 0;

	for (i = 0; i < nr; i++) {
		if (likely(!maps[i].lost))
			pages[n++] = maps[i].page;
		maps[i].page = NULL;
	}
	push_pages(m, pages, n);
	return n;
}

static int offer_pages(struct pvio_mapper *m, struct pvio_map *maps,
		       unsigned int nr)
{
	unsigned int have = 0;
	int err;

	for (;;) {
		have += pop_pages(m, maps + have, nr - have);
		if (have == nr)
			return 0;
		err = grow(m, nr - have);
		if (err) {
			drop_pages(m, maps, have);
			return err;
		}
	}
}

static int map_batch(struct pvio_mapper *m, struct pvio_map *maps,
		     unsigned int nr)
{
	struct page *offered[PVIO_MAP_BATCH], *unused[PVIO_MAP_BATCH];
	unsigned int i, bad = 0, n = 0;
	int err;

	err = offer_pages(m, maps, nr);
	if (err)
		return err;
	for (i = 0; i < nr; i++)
		offered[i] = maps[i].page;
	pvio_door()->map(m->pdev, maps, nr);
	for (i = 0; i < nr; i++) {
		bad += !maps[i].page;
		if (!maps[i].page && !maps[i].lost)
			unused[n++] = offered[i];
	}
	push_pages(m, unused, n);
	pvio_created(PVIO_RES_MAP, nr - n);
	return bad ? -EFAULT : 0;
}

int pvio_map_pages(struct pvio_mapper *m, struct pvio_map *maps,
		   unsigned int nr)
{
	unsigned int done, batch;
	int err = 0;

	for (done = 0; done < nr; done++) {
		maps[done].page = NULL;
		maps[done].lost = false;
	}
	for (done = 0; done < nr && !err; done += batch) {
		batch = min_t(unsigned int, nr - done, PVIO_MAP_BATCH);
		err = map_batch(m, maps + done, batch);
	}
	return err;
}
EXPORT_SYMBOL_GPL(pvio_map_pages);

static unsigned int gather_mapped(struct pvio_map *maps, unsigned int *pos,
				  unsigned int nr, struct pvio_map *batch)
{
	unsigned int n = 0;

	while (*pos < nr && n < PVIO_MAP_BATCH) {
		struct pvio_map *map = &maps[(*pos)++];

		if (!map->page)
			continue;
		batch[n++] = *map;
		map->page = NULL;
	}
	return n;
}

void pvio_unmap_pages(struct pvio_mapper *m, struct pvio_map *maps,
		      unsigned int nr)
{
	struct pvio_map batch[PVIO_MAP_BATCH];
	unsigned int n, pos = 0;

	while ((n = gather_mapped(maps, &pos, nr, batch))) {
		pvio_door()->unmap(m->pdev, batch, n);
		pvio_destroyed(PVIO_RES_MAP, drop_pages(m, batch, n));
	}
}
EXPORT_SYMBOL_GPL(pvio_unmap_pages);
