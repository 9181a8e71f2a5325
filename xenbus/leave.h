/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The way out of a device.
 */
#ifndef PVIO_XENBUS_LEAVE_H
#define PVIO_XENBUS_LEAVE_H

#include "device.h"

/**
 * pvio_leave_now() - the device goes away
 * @pdev: the device; the provider's reference goes with it
 *
 * Its directory is no longer there or no longer its own: nothing is written,
 * and no peer is waited for. The Linux device is gone on return. What is still
 * in flight ends by itself, and only then the last reference is dropped.
 *
 * Context: may sleep; waits for local work only. The provider calls into the
 * engine for this device no more.
 */
void pvio_leave_now(struct pvio_device *pdev);

/**
 * pvio_leave_ask() - have a device leave that stays on its bus
 * @pdev: the device, on which the caller has a reference
 *
 * With a farewell to the peer. The Linux device is gone on return, and what is
 * in flight was waited for, for some seconds. The bus may call pvio_leave_now()
 * meanwhile, which makes it soon: so the caller holds none of the locks that the
 * bus takes a device away under.
 *
 * Context: may sleep, and not on the bus's thread. Return: whether everything
 * is given back.
 */
bool pvio_leave_ask(struct pvio_device *pdev);

/**
 * pvio_leave_unbind() - the device is its bus's no more
 * @pdev: the device, after pvio_leave_ask(); the provider's reference goes with it
 *
 * What is still in flight ends by itself.
 * Context: may sleep. The provider calls into the engine for this device no more.
 */
void pvio_leave_unbind(struct pvio_device *pdev);

/**
 * pvio_leave_run() - go as far as possible on the way out
 * @pdev: the device, its lock held
 * Return: whether the device has just left; the caller then drops the
 * reference that pvio_roll_add() took, behind the lock.
 */
bool pvio_leave_run(struct pvio_device *pdev);

/**
 * pvio_leave_all() - have all devices of a driver leave, and wait
 * @drv: the driver; it gets no devices any more
 */
void pvio_leave_all(struct pvio_driver *drv);

#endif /* PVIO_XENBUS_LEAVE_H */
