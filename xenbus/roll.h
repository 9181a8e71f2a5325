/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The roll of all devices that there are, also those that the bus has forgotten.
 */
#ifndef PVIO_XENBUS_ROLL_H
#define PVIO_XENBUS_ROLL_H

#include "device.h"

/**
 * pvio_roll_add() - a device that was added
 * @pdev: the device; the reference until it has left is taken
 * Return: 0, or -ENODEV when its driver is being unloaded.
 */
int pvio_roll_add(struct pvio_device *pdev);

/**
 * pvio_roll_remove() - a device that is being released
 * @pdev: the device
 *
 * Context: process context. Its driver may be gone on return.
 */
void pvio_roll_remove(struct pvio_device *pdev);

/**
 * pvio_roll_wake() - a device has left: who waits for that looks
 * Context: any.
 */
void pvio_roll_wake(void);

/**
 * pvio_roll_wait_left() - wait until everything is given back
 * @pdev: the device, on which the caller has a reference
 * @ms: for how long
 * Context: may sleep, and not on the bus's thread. Return: whether it is so.
 */
bool pvio_roll_wait_left(struct pvio_device *pdev, unsigned int ms);

/**
 * pvio_roll_close() - no device of a driver is added any more
 * @drv: the driver
 */
void pvio_roll_close(struct pvio_driver *drv);

/**
 * pvio_roll_next() - have another device of a driver leave
 * @drv: the driver
 * Return: one that was not asked to before, with a reference, or NULL.
 */
struct pvio_device *pvio_roll_next(const struct pvio_driver *drv);

/**
 * pvio_roll_wait() - wait until all devices of a driver have left
 * @drv: the driver, which is closed
 * @released: and until they are released
 * Context: may sleep.
 */
void pvio_roll_wait(const struct pvio_driver *drv, bool released);

#endif /* PVIO_XENBUS_ROLL_H */
