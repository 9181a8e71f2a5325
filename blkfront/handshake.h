/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the handshake engine asks of the block frontend.
 */
#ifndef PVIO_BLKFRONT_HANDSHAKE_H
#define PVIO_BLKFRONT_HANDSHAKE_H

#include "xenbus/device.h"

extern struct pvio_driver pvio_bf_driver;

#endif /* PVIO_BLKFRONT_HANDSHAKE_H */
