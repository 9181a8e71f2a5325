/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Being told when a block device changes its size.
 */
#ifndef PVIO_BLKBACK_WATCH_H
#define PVIO_BLKBACK_WATCH_H

struct pvio_vbd;

/**
 * pvio_bb_watch_init() - begin to listen
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_bb_watch_init(void);

/**
 * pvio_bb_watch_exit() - the reverse; no disk is on the list any more
 * Context: may sleep.
 */
void pvio_bb_watch_exit(void);

/**
 * pvio_bb_watch_add() - look at a disk whenever a block device has changed
 * @vbd: the disk
 * Context: may sleep.
 */
void pvio_bb_watch_add(struct pvio_vbd *vbd);

/**
 * pvio_bb_watch_remove() - the reverse; may have been done already
 * @vbd: the disk
 * Context: may sleep.
 */
void pvio_bb_watch_remove(struct pvio_vbd *vbd);

#endif /* PVIO_BLKBACK_WATCH_H */
