/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The driver as the handshake engine sees it.
 */
#ifndef PVIO_NETFRONT_HANDSHAKE_H
#define PVIO_NETFRONT_HANDSHAKE_H

struct pvio_driver;

extern struct pvio_driver pvio_nf_driver;

#endif /* PVIO_NETFRONT_HANDSHAKE_H */
