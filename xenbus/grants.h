/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Grants of data pages.
 *
 * Frontend: a queue reserves its references once and then grants and ungrants
 * pages with them, which costs no hypercall and no global lock.
 * Backend: copies in batches, one hypercall a batch; or maps and unmaps in
 * batches.
 */
#ifndef PVIO_XENBUS_GRANTS_H
#define PVIO_XENBUS_GRANTS_H

#include <linux/list.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <xen/interface/grant_table.h>

struct pvio_device;

#define PVIO_NO_GRANT	((u32)-1)

/**
 * struct pvio_grefs - references that a frontend queue owns
 * @pdev: the device; NULL when closed
 * @head: the kernel's private list
 * @nr: how many it owns, in use or not
 */
struct pvio_grefs {
	struct pvio_device *pdev;
	u32 head;
	unsigned int nr;
};

/**
 * pvio_grefs_open() - reserve references
 * @pdev: the device
 * @g: filled in
 * @nr: how many, 0 to 65535
 * Context: may sleep. Return: 0 or -ENOSPC.
 */
int pvio_grefs_open(struct pvio_device *pdev, struct pvio_grefs *g,
		    unsigned int nr);

/**
 * pvio_grefs_close() - give back references none of which is in use
 * @g: emptied; may be empty already
 */
void pvio_grefs_close(struct pvio_grefs *g);

/**
 * pvio_grefs_grow() - reserve more references
 * @g: the queue's references, open; the caller's lock covers them
 * @nr: how many, 1 to 65535
 *
 * All or none of them. The kernel may ask the hypervisor for another frame of
 * the table. Context: any.
 * Return: 0, or -ENOSPC when the domain's table is full.
 */
int pvio_grefs_grow(struct pvio_grefs *g, unsigned int nr);

/**
 * pvio_grefs_shrink() - give back references that are not in use
 * @g: the queue's references, open; the caller's lock covers them
 * @nr: how many at most
 * Context: any. Return: how many there were to give back.
 */
unsigned int pvio_grefs_shrink(struct pvio_grefs *g, unsigned int nr);

/**
 * pvio_grant() - let the peer use a page
 * @g: the queue's references; the caller's lock covers them
 * @page: the page, first 4 KiB
 * @readonly: the peer must not write it
 * Context: any; no hypercall.
 * Return: the reference, or PVIO_NO_GRANT when all are in use.
 */
u32 pvio_grant(struct pvio_grefs *g, struct page *page, bool readonly);

/**
 * pvio_ungrant() - end the peer's use of a page, with one atomic try
 * @g: the queue's references
 * @ref: the grant
 * Context: any; no hypercall.
 * Return: true, @ref is free again and the page the caller's alone; false:
 * the peer still maps it, nothing has changed.
 */
bool pvio_ungrant(struct pvio_grefs *g, u32 ref);

/**
 * pvio_ungrant_idle() - see whether the peer has let go of a page
 * @g: the queue's references; the caller's lock covers them
 * @ref: the grant
 *
 * As pvio_ungrant() for pages that the peer may well keep mapped: the kernel
 * does not complain about them, but it takes a global lock.  The reference is
 * exchanged for another of the table; should the last one be snatched away at
 * that moment, @g has one fewer.
 * Context: any.
 * Return: true, @ref is free again and the page the caller's alone; false:
 * nothing has changed.
 */
bool pvio_ungrant_idle(struct pvio_grefs *g, u32 ref);

/**
 * pvio_ungrant_later() - give up a page that the peer may still map
 * @g: the queue's references; @ref leaves them for good
 * @ref: the grant
 * @page: its page; the caller's reference is kept until the peer lets go
 * Context: any.
 */
void pvio_ungrant_later(struct pvio_grefs *g, u32 ref, struct page *page);

/**
 * pvio_page_grantable() - may this page be granted as it is?
 * @page: the page
 *
 * Not a page of another domain, which is mapped here and not ours to give; nor
 * one of the slab allocator, which goes with its object however long the peer
 * keeps it. What is in such a page is copied.
 * Context: any.
 */
bool pvio_page_grantable(struct page *page);

/**
 * struct pvio_piece - bytes within one page of a peer
 * @gref: the page
 * @offset: of the first byte
 * @len: how many; they cross no 4 KiB border, nor do those they are copied to
 *	or from
 */
struct pvio_piece {
	u32 gref;
	u16 offset;
	u16 len;
};

/**
 * pvio_copy_in() - backend: describe a copy from a peer's page
 * @op: filled in
 * @pdev: the device
 * @from: the peer's bytes
 * @page: local page to copy to
 * @at: offset in it
 */
void pvio_copy_in(struct gnttab_copy *op, const struct pvio_device *pdev,
		  struct pvio_piece from, struct page *page, u16 at);

/**
 * pvio_copy_to() - backend: describe a copy into a peer's page
 * @op: filled in
 * @pdev: the device
 * @to: the peer's bytes
 * @page: local page to copy from; may itself be another domain's, mapped
 * @at: offset in it
 */
void pvio_copy_to(struct gnttab_copy *op, const struct pvio_device *pdev,
		  struct pvio_piece to, struct page *page, u16 at);

/**
 * pvio_copy_batch() - carry copies out; one hypercall
 * @ops: the copies; each status says how its own went, 0 for success
 * @nr: how many
 * @may_sleep: the caller may sleep
 *
 * A copy that the hypervisor wants retried is retried: a few times at once
 * and, with @may_sleep, for up to a quarter of a second.
 * Context: any with @may_sleep false.
 */
void pvio_copy_batch(struct gnttab_copy *ops, unsigned int nr, bool may_sleep);

/**
 * struct pvio_map - a peer's page, mapped
 * @gref: in: the peer's page
 * @readonly: in: map it read-only
 * @lost: the provider's: something is still mapped onto the page it was given,
 *	which must not be used again
 * @page: out: the page; NULL when not mapped
 * @handle: out: owned by the provider
 */
struct pvio_map {
	u32 gref;
	bool readonly;
	bool lost;
	struct page *page;
	u32 handle;
};

/**
 * pvio_map_in_use() - does somebody else have the page?
 * @map: mapped
 *
 * To unmap it would have to wait for him.  The caller uses it no more, and
 * nobody who does not have it can get it.
 * Context: any.
 */
static inline bool pvio_map_in_use(const struct pvio_map *map)
{
	return page_count(map->page) > 1;
}

/**
 * struct pvio_kept - a mapped page that may have to outlive its queue
 * @list: the owner's, then that of all pages to be unmapped later
 * @map: the mapping
 */
struct pvio_kept {
	struct list_head list;
	struct pvio_map map;
};

/* Maps or unmaps of one hypercall. */
#define PVIO_MAP_BATCH	32

/**
 * struct pvio_mapper - pages to map onto, and room for batches, of one queue
 * @pdev: the device; NULL when closed
 * @lock: covers @free, @nr_free and @nr_pages; innermost lock
 * @free: stack of unused pages
 * @nr_free: its height
 * @nr_pages: pages owned in all
 * @max: most pages to own
 */
struct pvio_mapper {
	struct pvio_device *pdev;
	spinlock_t lock; /* see above */
	struct page **free;
	unsigned int nr_free;
	unsigned int nr_pages;
	unsigned int max;
};

/**
 * pvio_mapper_open() - prepare to map
 * @pdev: the device
 * @m: filled in
 * @max: most pages mapped at a time
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_mapper_open(struct pvio_device *pdev, struct pvio_mapper *m,
		     unsigned int max);

/**
 * pvio_mapper_close() - give the pages back; nothing is mapped any more
 * @m: emptied; may be empty already
 */
void pvio_mapper_close(struct pvio_mapper *m);

/**
 * pvio_map_pages() - map a peer's pages
 * @m: the queue's mapper
 * @maps: what to map; @page is set for each that succeeded, else NULL
 * @nr: how many; one hypercall for each PVIO_MAP_BATCH
 * Context: may sleep.
 * Return: 0 when all were mapped, -EFAULT when some were not, -ENOMEM when
 * there are no pages to map onto (none mapped). What was mapped stays so:
 * the caller unmaps all of @maps either way.
 */
int pvio_map_pages(struct pvio_mapper *m, struct pvio_map *maps,
		   unsigned int nr);

/**
 * pvio_unmap_pages() - unmap what was mapped; skips entries without a page
 * @m: the queue's mapper
 * @maps: @page becomes NULL
 * @nr: how many; one hypercall for each PVIO_MAP_BATCH
 * Context: may sleep.
 */
void pvio_unmap_pages(struct pvio_mapper *m, struct pvio_map *maps,
		      unsigned int nr);

#endif /* PVIO_XENBUS_GRANTS_H */
