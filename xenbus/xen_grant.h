/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Grants of data pages as Xen's own provider carries them out; what each
 * operation is to do is said in struct pvio_door.
 */
#ifndef PVIO_XENBUS_XEN_GRANT_H
#define PVIO_XENBUS_XEN_GRANT_H

#include <linux/types.h>

struct gnttab_copy;
struct page;
struct pvio_device;
struct pvio_map;

/**
 * pvio_xen_grefs_open() - reserve references from the kernel's pool
 * @nr: how many, perhaps none
 * @head: filled in: the kernel's private list
 * Context: any. Return: 0 or -ENOSPC.
 */
int pvio_xen_grefs_open(u16 nr, u32 *head);

/**
 * pvio_xen_grefs_close() - give references back to the pool
 * @head: the list; none of it is in use
 * Context: any.
 */
void pvio_xen_grefs_close(u32 head);

/**
 * pvio_xen_grefs_grow() - reserve more references
 * @nr: how many, not none
 * @head: the list, perhaps empty, that they are added to
 * Context: any. Return: 0 or -ENOSPC.
 */
int pvio_xen_grefs_grow(u16 nr, u32 *head);

/**
 * pvio_xen_grefs_shrink() - give back what is not in use
 * @nr: how many at most
 * @head: the list
 * Context: any. Return: how many there were.
 */
unsigned int pvio_xen_grefs_shrink(unsigned int nr, u32 *head);

/**
 * pvio_xen_ungrant_idle() - end a grant unless the peer maps it
 * @ref: the grant, which goes back to the kernel's pool
 * Context: any. Return: false when it is mapped; nothing has changed.
 */
bool pvio_xen_ungrant_idle(u32 ref);

/**
 * pvio_xen_ungrant_later() - leave a grant to the kernel's deferred list
 * @ref: the grant, which goes back to the kernel's pool
 * @page: dropped when the peer has let go
 * Context: any.
 */
void pvio_xen_ungrant_later(u32 ref, struct page *page);

/**
 * pvio_xen_pages_get() - page frames without memory of their own
 * @nr: how many
 * @pages: filled in
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_xen_pages_get(unsigned int nr, struct page **pages);

/**
 * pvio_xen_pages_put() - give such page frames back
 * @nr: how many
 * @pages: nothing is mapped onto them
 * Context: may sleep.
 */
void pvio_xen_pages_put(unsigned int nr, struct page **pages);

/**
 * pvio_xen_map() - map a peer's pages, one hypercall
 * @pdev: the device
 * @maps: what to map, and the pages to map onto
 * @nr: how many, 1 to PVIO_MAP_BATCH
 * Context: may sleep. Return: what the hypercall as a whole came to.
 */
int pvio_xen_map(struct pvio_device *pdev, struct pvio_map *maps,
		 unsigned int nr);

/**
 * pvio_xen_unmap() - unmap them, one hypercall
 * @pdev: the device
 * @maps: what to unmap
 * @nr: how many, 1 to PVIO_MAP_BATCH
 * Context: may sleep, until nobody else, such as a network socket, holds the
 * pages.
 */
void pvio_xen_unmap(struct pvio_device *pdev, struct pvio_map *maps,
		    unsigned int nr);

/* Of the data path; see pvio_grant() and its like. */
u32 pvio_xen_grant(struct pvio_device *pdev, u32 *head, struct page *page,
		   bool readonly);
bool pvio_xen_ungrant(u32 *head, u32 ref);
u64 pvio_xen_local_gfn(struct page *page);
void pvio_xen_copy(struct gnttab_copy *ops, unsigned int nr);

#endif /* PVIO_XENBUS_XEN_GRANT_H */
