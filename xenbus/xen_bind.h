/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binding of the suite's drivers to Xen's buses; for the provider in xen.c.
 */
#ifndef PVIO_XENBUS_XEN_BIND_H
#define PVIO_XENBUS_XEN_BIND_H

struct pvio_driver;

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

#endif /* PVIO_XENBUS_XEN_BIND_H */
