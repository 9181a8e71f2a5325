/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What sysfs shows of the interface: in its own directory, and in the device's
 * group "pvio".
 */
#ifndef PVIO_NETFRONT_SYSFS_H
#define PVIO_NETFRONT_SYSFS_H

#include "xenbus/sysfs.h"

extern const struct attribute_group pvio_nf_sysfs_group;
extern struct pvio_attr pvio_nf_sysfs_attrs[];

#endif /* PVIO_NETFRONT_SYSFS_H */
