/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What debugfs shows of a disk: pvio/blkfront/xvdX/{stats,latency}.
 */
#ifndef PVIO_BLKFRONT_DEBUGFS_H
#define PVIO_BLKFRONT_DEBUGFS_H

struct pvio_bf_vbd;

/**
 * pvio_bf_debugfs_init() - make the driver's directory
 * Context: may sleep.
 */
void pvio_bf_debugfs_init(void);

/**
 * pvio_bf_debugfs_exit() - the reverse; no disk is left
 */
void pvio_bf_debugfs_exit(void);

/**
 * pvio_bf_debugfs_add() - make a disk's directory
 * @vbd: the virtual disk, its place claimed
 * Context: may sleep.
 */
void pvio_bf_debugfs_add(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_debugfs_remove() - remove it; returns when its readers have left
 * @vbd: the virtual disk
 * Context: may sleep; readers take no lock.
 */
void pvio_bf_debugfs_remove(struct pvio_bf_vbd *vbd);

#endif /* PVIO_BLKFRONT_DEBUGFS_H */
