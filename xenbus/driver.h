/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A driver comes and goes.
 */
#ifndef PVIO_XENBUS_DRIVER_H
#define PVIO_XENBUS_DRIVER_H

#include <linux/stringify.h>

struct pvio_driver;

/* The sum is over the headers that drivers share with the core; see Kbuild. */
#define PVIO_BUILD	(PVIO_RELEASE "-" __stringify(PVIO_SUM))

/**
 * pvio_register_driver() - start serving devices
 * @drv: the driver; only its @provider is written
 *
 * Context: may sleep; probes devices that are there.
 * Return: 0, -ENODEV where neither Xen nor the loopback is running, -EBUSY
 * when the in-tree driver for the same devices is loaded, -ENOEXEC when the core
 * is of another build.
 */
#define pvio_register_driver(drv)	pvio_register_built(drv, PVIO_BUILD)

/**
 * pvio_register_built() - the same, for a driver that says what it was built as
 * @drv: the driver
 * @build: its PVIO_BUILD
 *
 * Where the kernel keeps no checksums of symbols nothing else would notice that
 * a module of another version has been left behind.
 * Context: may sleep. Return: as above.
 */
int pvio_register_built(struct pvio_driver *drv, const char *build);

/**
 * pvio_unregister_driver() - stop serving devices
 * @drv: the driver; all its devices have been removed on return
 *
 * Context: may sleep, as long as what is in flight needs.
 */
void pvio_unregister_driver(struct pvio_driver *drv);

#endif /* PVIO_XENBUS_DRIVER_H */
