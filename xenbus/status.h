/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The states of both ends as they stand in xenstore; for the engine.
 */
#ifndef PVIO_XENBUS_STATUS_H
#define PVIO_XENBUS_STATUS_H

#include "device.h"

/**
 * pvio_status_peer() - the peer's state
 * @pdev: the device
 *
 * What it was when last seen, where it cannot be told; then the engine looks
 * again. Context: may sleep; @pdev->seen does not change meanwhile.
 */
enum xenbus_state pvio_status_peer(struct pvio_device *pdev);

/**
 * pvio_status_write() - take on a state, and write it
 * @pdev: the device, its lock held
 * @state: the state
 *
 * What cannot be written now is written before anything else is done.
 */
void pvio_status_write(struct pvio_device *pdev, enum xenbus_state state);

/**
 * pvio_status_rewrite() - write the own state, which could not be written
 * @pdev: the device, its lock held
 */
void pvio_status_rewrite(struct pvio_device *pdev);

/**
 * pvio_status_answer() - take on a state, as an answer to the peer's
 * @pdev: the device, its lock held
 * @state: the state
 * @peer: the peer's
 *
 * What cannot be written now is not written later either, but looked at again.
 * Return: 0; -ESTALE when the peer has said something else meanwhile, which is
 * heard anyway; or another negative errno.
 */
int pvio_status_answer(struct pvio_device *pdev, enum xenbus_state state,
		       enum xenbus_state peer);

/**
 * pvio_status_removed() - has the toolstack removed the own directory?
 * @pdev: the device
 * Context: may sleep. Return: false as well when that cannot be told.
 */
bool pvio_status_removed(struct pvio_device *pdev);

#endif /* PVIO_XENBUS_STATUS_H */
