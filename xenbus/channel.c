// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Ring pages and event channels of a queue, opened and closed through the
 * door and entered into the resource book.
 */
#include "channel.h"

#include <linux/export.h>
#include <linux/string.h>
#include <xen/page.h>

#include "door_ops.h"
#include "resource.h"

static void set_size(struct pvio_shared *s, unsigned int nr_pages)
{
	s->nr_pages = nr_pages;
	s->bytes = nr_pages * XEN_PAGE_SIZE;
}

static int note_ring(struct pvio_shared *s, int err)
{
	if (err)
		memset(s, 0, sizeof(*s));
	else
		pvio_created(PVIO_RES_RING, 1);
	return err;
}

int pvio_shared_grant(struct pvio_device *pdev, struct pvio_shared *s,
		      unsigned int nr_pages)
{
	if (!nr_pages || nr_pages > PVIO_RING_PAGES_MAX)
		return -EINVAL;
	set_size(s, nr_pages);
	return note_ring(s, pvio_door()->ring_grant(pdev, s));
}
EXPORT_SYMBOL_GPL(pvio_shared_grant);

int pvio_shared_map(struct pvio_device *pdev, struct pvio_shared *s,
		    const u32 *refs, unsigned int nr_pages)
{
	if (!nr_pages || nr_pages > PVIO_RING_PAGES_MAX)
		return -EINVAL;
	set_size(s, nr_pages);
	memcpy(s->refs, refs, nr_pages * sizeof(*refs));
	return note_ring(s, pvio_door()->ring_map(pdev, s));
}
EXPORT_SYMBOL_GPL(pvio_shared_map);

void pvio_shared_close(struct pvio_device *pdev, struct pvio_shared *s)
{
	if (!s->vaddr)
		return;
	if (pdev->drv->role == PVIO_BACK)
		pvio_door()->ring_unmap(pdev, s);
	else
		pvio_door()->ring_revoke(pdev, s);
	memset(s, 0, sizeof(*s));
	pvio_destroyed(PVIO_RES_RING, 1);
}
EXPORT_SYMBOL_GPL(pvio_shared_close);

static int note_event(struct pvio_event *ev, int err)
{
	if (err)
		ev->pdev = NULL;
	else
		pvio_created(PVIO_RES_EVENT, 1);
	return err;
}

int pvio_event_open(struct pvio_device *pdev, struct pvio_event *ev)
{
	ev->pdev = pdev;
	return note_event(ev, pvio_door()->event_open(ev));
}
EXPORT_SYMBOL_GPL(pvio_event_open);

int pvio_event_bind(struct pvio_device *pdev, struct pvio_event *ev, u32 port)
{
	ev->pdev = pdev;
	ev->port = port;
	return note_event(ev, pvio_door()->event_bind(ev));
}
EXPORT_SYMBOL_GPL(pvio_event_bind);

void pvio_event_close(struct pvio_event *ev)
{
	if (!ev->pdev)
		return;
	pvio_door()->event_close(ev);
	ev->pdev = NULL;
	ev->port = 0;
	pvio_destroyed(PVIO_RES_EVENT, 1);
}
EXPORT_SYMBOL_GPL(pvio_event_close);

void pvio_event_notify(const struct pvio_event *ev)
{
	pvio_door_event_notify(ev);
}
EXPORT_SYMBOL_GPL(pvio_event_notify);

void pvio_event_done(const struct pvio_event *ev, bool worked)
{
	pvio_door_event_done(ev, worked);
}
EXPORT_SYMBOL_GPL(pvio_event_done);

void pvio_event_wait(const struct pvio_event *ev)
{
	pvio_door_event_wait(ev);
}
EXPORT_SYMBOL_GPL(pvio_event_wait);

void pvio_event_spread(const struct pvio_event *ev, const struct cpumask *cpus)
{
	const struct pvio_door *door = pvio_door();

	if (door->event_spread)
		door->event_spread(ev, cpus);
}
EXPORT_SYMBOL_GPL(pvio_event_spread);
