/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver comes and goes.
 */
#ifndef PVIO_XENBUS_DRIVER_H
#define PVIO_XENBUS_DRIVER_H

struct pvio_driver;

/**
 * pvio_register_driver() - start serving devices
 * @drv: the driver; only its @provider is written
 *
 * Context: may sleep; probes devices that are there.
 * Return: 0, -ENODEV where neither Xen nor the loopback is running, -EBUSY
 * when the in-tree driver for the same devices is loaded.
 */
int pvio_register_driver(struct pvio_driver *drv);

/**
 * pvio_unregister_driver() - stop serving devices
 * @drv: the driver; all its devices have been removed on return
 *
 * Context: may sleep, as long as what is in flight needs.
 */
void pvio_unregister_driver(struct pvio_driver *drv);

#endif /* PVIO_XENBUS_DRIVER_H */
