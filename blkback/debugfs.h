/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What debugfs shows of a disk: pvio/blkback/vbd-D-V/{stats,latency}, and of
 * all of them: pvio/blkback/budget.
 */
#ifndef PVIO_BLKBACK_DEBUGFS_H
#define PVIO_BLKBACK_DEBUGFS_H

struct pvio_bb_vbd;

/**
 * pvio_bb_debugfs_init() - make the driver's directory
 * Context: may sleep.
 */
void pvio_bb_debugfs_init(void);

/**
 * pvio_bb_debugfs_exit() - the reverse; no disk is left
 */
void pvio_bb_debugfs_exit(void);

/**
 * pvio_bb_debugfs_add() - make a disk's directory
 * @vbd: the disk
 * Context: may sleep.
 */
void pvio_bb_debugfs_add(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_debugfs_remove() - remove it; returns when its readers have left
 * @vbd: the disk
 * Context: may sleep; readers take no lock.
 */
void pvio_bb_debugfs_remove(struct pvio_bb_vbd *vbd);

#endif /* PVIO_BLKBACK_DEBUGFS_H */
