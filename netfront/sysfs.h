/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Attributes of the interface in sysfs.
 */
#ifndef PVIO_NETFRONT_SYSFS_H
#define PVIO_NETFRONT_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group pvio_nf_sysfs_group;

#endif /* PVIO_NETFRONT_SYSFS_H */
