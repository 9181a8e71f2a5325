/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Being told when a block device changes its size.
 */
#ifndef PVIO_BLKBACK_RESIZE_H
#define PVIO_BLKBACK_RESIZE_H

struct pvio_bb_vbd;

/**
 * pvio_bb_resize_init() - begin to listen
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_bb_resize_init(void);

/**
 * pvio_bb_resize_exit() - the reverse; no disk is on the list any more
 * Context: may sleep.
 */
void pvio_bb_resize_exit(void);

/**
 * pvio_bb_resize_add() - look at a disk whenever a block device has changed
 * @vbd: the disk
 * Context: may sleep.
 */
void pvio_bb_resize_add(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_resize_remove() - the reverse; may have been done already
 * @vbd: the disk
 * Context: may sleep; device's lock may be held.
 */
void pvio_bb_resize_remove(struct pvio_bb_vbd *vbd);

#endif /* PVIO_BLKBACK_RESIZE_H */
