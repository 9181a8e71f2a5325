/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the block backend negotiates, for the handshake engine.
 */
#ifndef PVIO_BLKBACK_HANDSHAKE_H
#define PVIO_BLKBACK_HANDSHAKE_H

#include "xenbus/device.h"

extern struct pvio_driver pvio_bb_driver;

#endif /* PVIO_BLKBACK_HANDSHAKE_H */
