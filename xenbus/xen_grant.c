// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Xen's own grants of data pages: granting, copying and mapping them.
 *
 * Every operation carries a status of its own, which is preset to an error:
 * what Xen did not get to has failed.
 */
#include "xen_grant.h"

#include <linux/mm.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>
#include <xen/grant_table.h>

#include "door.h"
#include "grants.h"

/* None cannot be asked for, but the last one taken leaves an empty list. */
static int open_empty(u32 *head)
{
	int ref, err = gnttab_alloc_grant_references(1, head);

	if (err)
		return err;
	ref = gnttab_claim_grant_reference(head);
	gnttab_free_grant_reference(ref);
	return 0;
}

int pvio_xen_grefs_open(u16 nr, u32 *head)
{
	return nr ? gnttab_alloc_grant_references(nr, head) : open_empty(head);
}

void pvio_xen_grefs_close(u32 head)
{
	gnttab_free_grant_references(head);
}

int pvio_xen_grefs_grow(u16 nr, u32 *head)
{
	grant_ref_t more;
	int ref, err = gnttab_alloc_grant_references(nr, &more);

	if (err)
		return err;
	while ((ref = gnttab_claim_grant_reference(&more)) >= 0)
		gnttab_release_grant_reference(head, ref);
	return 0;
}

unsigned int pvio_xen_grefs_shrink(unsigned int nr, u32 *head)
{
	unsigned int given;
	int ref;

	for (given = 0; given < nr; given++) {
		ref = gnttab_claim_grant_reference(head);
		if (ref < 0)
			break;
		gnttab_free_grant_reference(ref);
	}
	return given;
}

u32 pvio_xen_grant(struct pvio_device *pdev, u32 *head, struct page *page,
		   bool readonly)
{
	int ref = gnttab_claim_grant_reference(head);

	if (unlikely(ref < 0))
		return PVIO_NO_GRANT;
	gnttab_page_grant_foreign_access_ref_one(ref, pdev->peer_id, page,
						 readonly);
	return ref;
}

bool pvio_xen_ungrant(u32 *head, u32 ref)
{
	if (!gnttab_end_foreign_access_ref(ref))
		return false;
	gnttab_release_grant_reference(head, ref);
	return true;
}

bool pvio_xen_ungrant_idle(u32 ref)
{
	return gnttab_try_end_foreign_access(ref);
}

/* gnttab takes a page reference of its own; ours goes with the caller's. */
void pvio_xen_ungrant_later(u32 ref, struct page *page)
{
	gnttab_end_foreign_access(ref, page);
}

u64 pvio_xen_local_gfn(struct page *page)
{
	return xen_page_to_gfn(page);
}

void pvio_xen_copy(struct gnttab_copy *ops, unsigned int nr)
{
	/* A copy is done or is not: the result of the call says no more. */
	HYPERVISOR_grant_table_op(GNTTABOP_copy, ops, nr);
}

int pvio_xen_pages_get(unsigned int nr, struct page **pages)
{
	return gnttab_alloc_pages(nr, pages);
}

void pvio_xen_pages_put(unsigned int nr, struct page **pages)
{
	gnttab_free_pages(nr, pages);
}

static unsigned long page_addr(struct page *page)
{
	return (unsigned long)pfn_to_kaddr(page_to_pfn(page));
}

static u32 map_flags(bool readonly)
{
	return GNTMAP_host_map | (readonly ? GNTMAP_readonly : 0);
}

static void set_map_op(struct pvio_device *pdev, const struct pvio_map *map,
		       struct gnttab_map_grant_ref *op)
{
	gnttab_set_map_op(op, page_addr(map->page), map_flags(map->readonly),
			  map->gref, pdev->peer_id);
	op->status = GNTST_general_error;
	op->handle = INVALID_GRANT_HANDLE;
}

static bool undo_map(const struct gnttab_map_grant_ref *op)
{
	struct gnttab_unmap_grant_ref undo = {
		.host_addr = op->host_addr,
		.handle = op->handle,
		.status = GNTST_general_error,
	};

	return !HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &undo, 1) &&
	       undo.status == GNTST_okay;
}

/*
 * After a call that failed as a whole, the kernel has not taken note of the
 * entries done before: such a page must not be used, and Xen's mapping must go.
 */
static void take_map(struct pvio_map *map,
		     const struct gnttab_map_grant_ref *op, bool failed)
{
	bool done = op->status == GNTST_okay;

	map->handle = op->handle;
	map->lost = unlikely(failed && done) && !undo_map(op);
	if (unlikely(failed || !done)) {
		map->page = NULL;
		map->handle = INVALID_GRANT_HANDLE;
	}
}

/*
 * Of devices that are gone, page by page: what a line tells may be the sum of
 * many, and is as much as is known by then.
 */
static void report_orphans(unsigned int lost, int err)
{
	static struct ratelimit_state lines =
		RATELIMIT_STATE_INIT_FLAGS(lines, DEFAULT_RATELIMIT_INTERVAL,
					   DEFAULT_RATELIMIT_BURST,
					   RATELIMIT_MSG_ON_RELEASE);
	static atomic_t all;

	atomic_add(lost, &all);
	if (__ratelimit(&lines))
		pr_err("pvio: %d pages could not be unmapped (%d)\n",
		       atomic_xchg(&all, 0), err);
}

static void report_lost(struct pvio_device *pdev, const struct pvio_map *maps,
			unsigned int nr, int err)
{
	unsigned int i, lost = 0;

	for (i = 0; i < nr; i++)
		lost += maps[i].lost;
	if (likely(!lost))
		return;
	if (pdev)
		pvio_err(pdev, "%u pages could not be unmapped (%d)", lost,
			 err);
	else
		report_orphans(lost, err);
}

int pvio_xen_map(struct pvio_device *pdev, struct pvio_map *maps,
		 unsigned int nr)
{
	struct gnttab_map_grant_ref ops[PVIO_MAP_BATCH];
	struct page *pages[PVIO_MAP_BATCH];
	unsigned int i;
	int err;

	for (i = 0; i < nr; i++) {
		pages[i] = maps[i].page;
		set_map_op(pdev, &maps[i], &ops[i]);
	}
	err = gnttab_map_refs(ops, NULL, pages, nr);
	for (i = 0; i < nr; i++)
		take_map(&maps[i], &ops[i], err);
	report_lost(pdev, maps, nr, err);
	return err;
}

static void set_unmap_op(const struct pvio_map *map,
			 struct gnttab_unmap_grant_ref *op)
{
	gnttab_set_unmap_op(op, page_addr(map->page), map_flags(map->readonly),
			    map->handle);
	op->status = GNTST_general_error;
}

/*
 * After a call that failed as a whole, the kernel holds even those pages for
 * mapped that Xen has unmapped: none of them can be mapped onto again.
 */
void pvio_xen_unmap(struct pvio_device *pdev, struct pvio_map *maps,
		    unsigned int nr)
{
	struct gnttab_unmap_grant_ref ops[PVIO_MAP_BATCH];
	struct page *pages[PVIO_MAP_BATCH];
	struct gntab_unmap_queue_data job = {
		.unmap_ops = ops,
		.pages = pages,
		.count = nr,
	};
	unsigned int i;
	int err;

	for (i = 0; i < nr; i++) {
		pages[i] = maps[i].page;
		set_unmap_op(&maps[i], &ops[i]);
	}
	err = gnttab_unmap_refs_sync(&job);
	for (i = 0; i < nr; i++)
		maps[i].lost = err || ops[i].status != GNTST_okay;
	report_lost(pdev, maps, nr, err);
}
