/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Mapped pages that outlive their queue.
 */
#ifndef PVIO_XENBUS_UNMAP_H
#define PVIO_XENBUS_UNMAP_H

struct pvio_kept;
struct pvio_mapper;

/**
 * pvio_unmap_later() - give up a page that somebody else still has
 * @m: the queue's mapper; the page leaves it
 * @k: the page, mapped, on no list; kmalloc'ed, and not the caller's any more
 *
 * Unmapped when it is not in use any more, whatever has become of the device.
 * Context: process.
 */
void pvio_unmap_later(struct pvio_mapper *m, struct pvio_kept *k);

/**
 * pvio_unmap_exit() - the module is unloaded: nothing is kept
 * Context: may sleep.
 */
void pvio_unmap_exit(void);

#endif /* PVIO_XENBUS_UNMAP_H */
