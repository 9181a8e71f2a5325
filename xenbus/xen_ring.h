/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Pages of rings as Xen's own provider shares them; what each operation is to
 * do is said in struct pvio_door.  None of them logs that it failed or touches
 * the device's state.
 */
#ifndef PVIO_XENBUS_XEN_RING_H
#define PVIO_XENBUS_XEN_RING_H

struct pvio_device;
struct pvio_shared;

/**
 * pvio_xen_ring_grant() - allocate zeroed pages and grant them
 * @pdev: the device, whose peer of this moment may map them
 * @s: @nr_pages and @bytes say how many; @vaddr and @refs are filled in
 * Context: may sleep. Return: 0, -ENOMEM, or -ENOSPC when there are no
 * references left.
 */
int pvio_xen_ring_grant(struct pvio_device *pdev, struct pvio_shared *s);

/**
 * pvio_xen_ring_revoke() - end the grants
 * @pdev: the device
 * @s: a granted ring; each page is freed, at once or when the peer lets go
 * Context: may sleep.
 */
void pvio_xen_ring_revoke(struct pvio_device *pdev, struct pvio_shared *s);

/**
 * pvio_xen_ring_map() - map a peer's pages to addresses in a row
 * @pdev: the device, to whose peer of this moment the references belong
 * @s: @nr_pages and @refs say what; @vaddr and @provider are filled in
 *
 * Context: may sleep, not for the peer. Return: 0; -EFAULT when one of the
 * references is none; -EAGAIN, -ENOSPC or -ENOMEM when it may work later.
 */
int pvio_xen_ring_map(struct pvio_device *pdev, struct pvio_shared *s);

/**
 * pvio_xen_ring_unmap() - unmap them
 * @pdev: the device
 * @s: a mapped ring; what does not go is logged and never used again
 * Context: may sleep.
 */
void pvio_xen_ring_unmap(struct pvio_device *pdev, struct pvio_shared *s);

#endif /* PVIO_XENBUS_XEN_RING_H */
