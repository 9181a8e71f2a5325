/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The handshake engine, as providers begin it.
 */
#ifndef PVIO_XENBUS_ENGINE_H
#define PVIO_XENBUS_ENGINE_H

#include "device.h"

/**
 * pvio_engine_add() - a device was found for a driver
 * @pdev: initialised, with @dev, @drv, @peer_id and @provider set
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; then nothing is left behind but the
 * provider's reference.
 */
int pvio_engine_add(struct pvio_device *pdev);

#endif /* PVIO_XENBUS_ENGINE_H */
