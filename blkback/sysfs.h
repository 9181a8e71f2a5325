/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What sysfs shows of a disk, in the device's directory and its group "pvio".
 */
#ifndef PVIO_BLKBACK_SYSFS_H
#define PVIO_BLKBACK_SYSFS_H

#include "xenbus/sysfs.h"

struct pvio_bb_vbd;

extern struct pvio_attr pvio_bb_sysfs_attrs[];

/**
 * pvio_bb_sysfs_add() - statistics and properties in sysfs
 * @vbd: the disk
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_bb_sysfs_add(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_sysfs_remove() - the reverse
 * @vbd: the disk
 * Context: may sleep.
 */
void pvio_bb_sysfs_remove(struct pvio_bb_vbd *vbd);

#endif /* PVIO_BLKBACK_SYSFS_H */
