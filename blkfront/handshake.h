/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the handshake engine asks of the block frontend.
 */
#ifndef PVIO_BLKFRONT_HANDSHAKE_H
#define PVIO_BLKFRONT_HANDSHAKE_H

/**
 * pvio_handshake_register() - start serving virtual disks
 * Return: 0 or a negative errno, see pvio_register_driver().
 */
int pvio_handshake_register(void);

/**
 * pvio_handshake_unregister() - stop; all disks are gone on return
 */
void pvio_handshake_unregister(void);

#endif /* PVIO_BLKFRONT_HANDSHAKE_H */
