/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The door's hot operations, for channel.c and grants.c only.  On a Xen host they
 * are direct calls behind a static branch that is never taken: one no-op each.
 */
#ifndef PVIO_XENBUS_DOOR_OPS_H
#define PVIO_XENBUS_DOOR_OPS_H

#include "door.h"
#include "xen_event.h"
#include "xen_grant.h"

static inline bool pvio_door_is_xen(void)
{
	return !static_branch_unlikely(&pvio_door_replaced);
}

static inline void pvio_door_event_notify(const struct pvio_event *ev)
{
	if (pvio_door_is_xen())
		pvio_xen_event_notify(ev);
	else
		pvio_door()->event_notify(ev);
}

static inline void pvio_door_event_done(const struct pvio_event *ev,
					bool worked)
{
	if (pvio_door_is_xen())
		pvio_xen_event_done(ev, worked);
	else
		pvio_door()->event_done(ev, worked);
}

static inline void pvio_door_event_wait(const struct pvio_event *ev)
{
	if (pvio_door_is_xen())
		pvio_xen_event_wait(ev);
	else
		pvio_door()->event_wait(ev);
}

static inline u32 pvio_door_grant(struct pvio_device *pdev, u32 *head,
				  struct page *page, bool readonly)
{
	if (pvio_door_is_xen())
		return pvio_xen_grant(pdev, head, page, readonly);
	return pvio_door()->grant(pdev, head, page, readonly);
}

static inline bool pvio_door_ungrant(u32 *head, u32 ref)
{
	if (pvio_door_is_xen())
		return pvio_xen_ungrant(head, ref);
	return pvio_door()->ungrant(head, ref);
}

static inline u64 pvio_door_local_gfn(struct page *page)
{
	if (pvio_door_is_xen())
		return pvio_xen_local_gfn(page);
	return pvio_door()->local_gfn(page);
}

static inline void pvio_door_copy(struct gnttab_copy *ops, unsigned int nr)
{
	if (pvio_door_is_xen())
		pvio_xen_copy(ops, nr);
	else
		pvio_door()->copy(ops, nr);
}

#endif /* PVIO_XENBUS_DOOR_OPS_H */
