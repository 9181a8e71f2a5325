/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Event channels as Xen's own provider opens them; what each operation is to
 * do is said in struct pvio_door.  None of them logs that it failed or touches the device's state.
 */
#ifndef PVIO_XENBUS_XEN_EVENT_H
#define PVIO_XENBUS_XEN_EVENT_H

#include <linux/types.h>

struct cpumask;
struct pvio_event;

/**
 * pvio_xen_event_open() - allocate a port for the peer and bind its handler
 * @ev: @pdev, @handler, @arg and @name say what; @port and @irq are filled in
 * Context: may sleep. Return: 0, or a negative errno: -ENOSPC when the domain
 * may have no more ports.
 */
int pvio_xen_event_open(struct pvio_event *ev);

/**
 * pvio_xen_event_bind() - bind the peer's port
 * @ev: as above, and @port; @irq is filled in
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_xen_event_bind(struct pvio_event *ev);

/**
 * pvio_xen_event_close() - no handler runs on return; the port is closed
 * @ev: an open event
 * Context: may sleep.
 */
void pvio_xen_event_close(struct pvio_event *ev);

/**
 * pvio_xen_event_spread() - where the handler had best run
 * @ev: an open event
 * @cpus: on one of these
 * Context: may sleep.
 */
void pvio_xen_event_spread(const struct pvio_event *ev,
			   const struct cpumask *cpus);

/* Of the data path; see pvio_event_notify() and its like. */
void pvio_xen_event_notify(const struct pvio_event *ev);
void pvio_xen_event_done(const struct pvio_event *ev, bool worked);
void pvio_xen_event_wait(const struct pvio_event *ev);

#endif /* PVIO_XENBUS_XEN_EVENT_H */
