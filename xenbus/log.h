/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start of a device's log budget; the lines themselves are in device.h.
 */
#ifndef PVIO_XENBUS_LOG_H
#define PVIO_XENBUS_LOG_H

struct pvio_device;

/**
 * pvio_log_init() - a fresh budget of lines
 * @pdev: the device
 */
void pvio_log_init(struct pvio_device *pdev);

/**
 * pvio_log_forgive() - what was written for the toolstack is true no more
 * @pdev: the device, connected
 * Context: may sleep; its lock is held.
 */
void pvio_log_forgive(struct pvio_device *pdev);

#endif /* PVIO_XENBUS_LOG_H */
