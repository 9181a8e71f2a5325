/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Binding of the suite's drivers to Xen's buses; for the provider in xen.c.
 */
#ifndef PVIO_XENBUS_XEN_BIND_H
#define PVIO_XENBUS_XEN_BIND_H

#include <linux/bitops.h>

#include "device.h"

struct xenbus_device;

/**
 * struct pvio_xen_device - a device of Xen's bus
 * @pdev: the engine's object
 * @xdev: the bus's; a reference is held
 * @peer_path: the other end's directory; changes under pdev.lock when the domain
 *	is restored or has another backend, and for who comes without that lock
 *	under another one as well
 * @stands: the state in its node; pvio_xen_note_state()
 * @flags: PVIO_XEN_*; atomic
 */
struct pvio_xen_device {
	struct pvio_device pdev;
	struct xenbus_device *xdev;
	char *peer_path;
	enum xenbus_state stands;
	unsigned long flags;
};

#define PVIO_XEN_UNREGISTERING	0	/* the bus was asked to take it away */
#define PVIO_XEN_UNBINDING	1	/* it has left, and its driver goes */
#define PVIO_XEN_UNHEARD	2	/* the bus could not be told of a backend */

/**
 * pvio_xen_add_driver() - register with the kernel's frontend or backend bus
 * @drv: the driver
 * Return: 0, -ENODEV outside Xen, -EBUSY beside the in-tree driver.
 */
int pvio_xen_add_driver(struct pvio_driver *drv);

/**
 * pvio_xen_del_driver() - unregister, removing all its devices
 * @drv: the driver
 */
void pvio_xen_del_driver(struct pvio_driver *drv);

/**
 * pvio_xen_move() - a frontend's other end is another one
 * @pdev: the device, its lock held
 * @domain: where it is
 * @path: its directory
 * Return: 1, 0 when it is the same, or a negative errno.
 */
int pvio_xen_move(struct pvio_device *pdev, u16 domain, const char *path);

/**
 * pvio_xen_note_state() - give the bus its copy of the device's state
 * @xd: the device
 * @state: Initialising: about to be written to the node; another: written
 *
 * From 7.2 on the bus takes a frontend away, and makes it anew, when it finds
 * Initialising in the node and another state in its copy: then the toolstack has
 * written there.  It looks on its own thread whenever anything below the
 * directory was written, at the node first and some time later at the copy.  So
 * the copy is the first to say Initialising; and it says another state only after
 * that thread has been between two looks, the latter of which finds that state.
 *
 * Context: may sleep.
 */
void pvio_xen_note_state(struct pvio_xen_device *xd, enum xenbus_state state);

/**
 * pvio_xen_unregister() - have the bus take a device away, from its own thread
 * @pdev: the device
 */
void pvio_xen_unregister(struct pvio_device *pdev);

/**
 * pvio_xen_release() - nobody knows the device any more
 * @pdev: the device
 */
void pvio_xen_release(struct pvio_device *pdev);

#endif /* PVIO_XENBUS_XEN_BIND_H */
