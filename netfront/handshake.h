/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the network frontend negotiates with its backend.
 */
#ifndef PVIO_NETFRONT_HANDSHAKE_H
#define PVIO_NETFRONT_HANDSHAKE_H

/**
 * pvio_nf_handshake_init() - start serving "vif" devices
 * Context: may sleep. Return: as pvio_register_driver().
 */
int pvio_nf_handshake_init(void);

/**
 * pvio_nf_handshake_exit() - stop; all interfaces are gone on return
 * Context: may sleep.
 */
void pvio_nf_handshake_exit(void);

#endif /* PVIO_NETFRONT_HANDSHAKE_H */
