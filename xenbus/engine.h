/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the handshake engine share: device.c runs it, leave.c is
 * the way out, main.c starts and ends it, and driver.c has devices leave.
 */
#ifndef PVIO_XENBUS_ENGINE_H
#define PVIO_XENBUS_ENGINE_H

#include "device.h"

int pvio_engine_init(void);
void pvio_engine_exit(void);

/* Of device.c; pdev->lock is held. */
enum xenbus_state pvio_engine_peer(struct pvio_device *pdev);
void pvio_engine_write_state(struct pvio_device *pdev,
			     enum xenbus_state state);
bool pvio_engine_disconnect(struct pvio_device *pdev);

/**
 * pvio_engine_plan() - run a work item of a device some time later
 * @pdev: the device; the item holds a reference, which it puts
 * @work: the item
 * @delay: jiffies
 *
 * Context: any. Return: false when that is planned already.
 */
bool pvio_engine_plan(struct pvio_device *pdev, struct delayed_work *work,
		      unsigned long delay);

/**
 * pvio_engine_removed() - has the toolstack removed the own directory?
 * @pdev: the device
 * Context: may sleep. Return: false as well when that cannot be told.
 */
bool pvio_engine_removed(struct pvio_device *pdev);

/* Of leave.c: the function of pdev->minder. */
void pvio_leave_mind(struct work_struct *work);

/**
 * pvio_leave_enlist() - a device that was added
 * @pdev: the device; the reference until it has left is taken
 * Return: 0, or -ENODEV when its driver is being unloaded.
 */
int pvio_leave_enlist(struct pvio_device *pdev);

/**
 * pvio_leave_run() - go as far as possible on the way out
 * @pdev: the device, its lock held
 * Return: whether the device has just left; the caller then drops the
 * reference that pvio_leave_enlist() took, behind the lock.
 */
bool pvio_leave_run(struct pvio_device *pdev);

/**
 * pvio_leave_all() - have all devices of a driver leave, and wait
 * @drv: the driver; it gets no devices any more
 */
void pvio_leave_all(struct pvio_driver *drv);

/**
 * pvio_leave_wait() - wait until all devices of a driver are released
 * @drv: the driver
 */
void pvio_leave_wait(const struct pvio_driver *drv);

#endif /* PVIO_XENBUS_ENGINE_H */
