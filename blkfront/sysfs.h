/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What sysfs shows of a virtual disk, in the device's group "pvio".
 */
#ifndef PVIO_BLKFRONT_SYSFS_H
#define PVIO_BLKFRONT_SYSFS_H

#include "xenbus/sysfs.h"

extern struct pvio_attr pvio_bf_sysfs_attrs[];

#endif /* PVIO_BLKFRONT_SYSFS_H */
