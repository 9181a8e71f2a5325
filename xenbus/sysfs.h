/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The attribute group "pvio" of a device that is bound to a driver of the suite:
 * what it is at, what went wrong last, and what was negotiated, a file each.
 *
 * The kernel makes the group when a device was probed and removes it before the
 * bus takes the driver off; either waits for readers.  So readers must not wait:
 * not for the engine, whose lock may be held by who waits for a peer.
 */
#ifndef PVIO_XENBUS_SYSFS_H
#define PVIO_XENBUS_SYSFS_H

#include <linux/device.h>

#include "keys.h"

struct pvio_device;
struct pvio_driver;

/**
 * struct pvio_attr - a file in the group
 * @file: as sysfs knows it
 * @key: what it shows: a value in the struct that the device's @priv points to
 * @show: or what prints the line, and returns how many bytes; it must not sleep
 * @stays: it is shown without a connection, too
 * @without: what else is shown then; NULL: an empty line
 *
 * A driver has an array of them, which ends with one that has no name.
 */
struct pvio_attr {
	struct device_attribute file;
	struct pvio_key key;
	int (*show)(struct pvio_device *pdev, char *text);
	bool stays;
	const char *without;
};

/**
 * PVIO_ATTR() - a file that shows a value
 * @_type: BOOL, U32, U64, STRING or MAC
 * @_name: of the file
 * @_st: what the device's @priv points to
 * @_field: the value
 *
 * What follows are further fields of struct pvio_attr.
 */
#define PVIO_ATTR(_type, _name, _st, _field, ...) {			\
	.file = PVIO_ATTR_FILE(_name),					\
	.key = PVIO_KEY(_type, NULL, _st, _field), ##__VA_ARGS__	\
}

/**
 * PVIO_ATTR_SHOW() - a file whose text a function makes
 * @_name: of the file
 * @_show: the function
 *
 * What follows are further fields of struct pvio_attr.
 */
#define PVIO_ATTR_SHOW(_name, _show, ...) {				\
	.file = PVIO_ATTR_FILE(_name), .show = (_show), ##__VA_ARGS__	\
}

#define PVIO_ATTR_FILE(_name) {						\
	.attr = { .name = (_name), .mode = 0444 },			\
	.show = pvio_sysfs_show,					\
}

/* How the files of drivers are shown; for PVIO_ATTR_FILE() alone. */
ssize_t pvio_sysfs_show(struct device *dev, struct device_attribute *file,
			char *text);

/**
 * pvio_sysfs_make() - the group of a driver's devices
 * @drv: the driver; its @groups is set, for the bus it registers with
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_sysfs_make(struct pvio_driver *drv);

/**
 * pvio_sysfs_free() - the reverse; no device has it any more
 * @drv: the driver
 */
void pvio_sysfs_free(struct pvio_driver *drv);

#endif /* PVIO_XENBUS_SYSFS_H */
