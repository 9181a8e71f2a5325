/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start and end of the handshake engine; for main.c.
 */
#ifndef PVIO_XENBUS_ENGINE_H
#define PVIO_XENBUS_ENGINE_H

int pvio_engine_init(void);
void pvio_engine_exit(void);

#endif /* PVIO_XENBUS_ENGINE_H */
