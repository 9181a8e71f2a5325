/* SPDX-License-Identifier: GPL-2.0-only */
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
 *	is restored
 * @flags: PVIO_XEN_*; atomic
 */
struct pvio_xen_device {
	struct pvio_device pdev;
	struct xenbus_device *xdev;
	char *peer_path;
	unsigned long flags;
};

#define PVIO_XEN_UNREGISTERING	0	/* the bus was asked to take it away */
#define PVIO_XEN_UNBINDING	1	/* it has left, and its driver goes */

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
