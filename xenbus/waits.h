/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What a device waits for, in words for a person.
 */
#ifndef PVIO_XENBUS_WAITS_H
#define PVIO_XENBUS_WAITS_H

struct pvio_device;

/**
 * pvio_waits_note() - take down what the device waits for from now on
 * @pdev: the device, its lock held; the engine has gone as far as it can
 */
void pvio_waits_note(struct pvio_device *pdev);

#endif /* PVIO_XENBUS_WAITS_H */
