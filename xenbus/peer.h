/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Where a frontend's backend is.
 */
#ifndef PVIO_XENBUS_PEER_H
#define PVIO_XENBUS_PEER_H

#include "device.h"

/**
 * pvio_peer_moved() - has the toolstack given a frontend another backend?
 * @pdev: the device, its lock held; a node that says so may have changed
 *
 * If so, everything that reads the peer or grants to it means the new one from
 * here on. What could not be told is asked again later.
 * Context: may sleep.
 */
bool pvio_peer_moved(struct pvio_device *pdev);

#endif /* PVIO_XENBUS_PEER_H */
