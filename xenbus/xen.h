/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Xen's own provider.
 */
#ifndef PVIO_XENBUS_XEN_H
#define PVIO_XENBUS_XEN_H

struct pvio_door;

extern const struct pvio_door pvio_xen_door;

#endif /* PVIO_XENBUS_XEN_H */
