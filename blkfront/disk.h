/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The disk that Linux sees.
 */
#ifndef PVIO_BLKFRONT_DISK_H
#define PVIO_BLKFRONT_DISK_H

struct pvio_bf_vbd;

/**
 * pvio_bf_disk_init() - no disk yet
 * @vbd: the virtual disk
 */
void pvio_bf_disk_init(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_create() - make the disk, not yet known to anyone
 * @vbd: the virtual disk: queues, geometry and limits agreed
 * Context: may sleep; pdev->lock held. Return: 0 or a negative errno.
 */
int pvio_bf_disk_create(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_add() - make the disk known, from a worker
 * @vbd: the virtual disk; link up
 *
 * A worker, since this reads the partition table, which must not keep the
 * device's lock if the backend goes away meanwhile.
 */
void pvio_bf_disk_add(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_refresh() - give the disk the limits and size of a new backend
 * @vbd: the virtual disk: geometry and limits agreed; link not up
 * Context: may sleep; pdev->lock held. Return: 0 or a negative errno.
 */
int pvio_bf_disk_refresh(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_settle() - no limits are to be given to the disk any more
 * @vbd: the virtual disk
 * Context: may sleep; pdev->lock held.
 */
void pvio_bf_disk_settle(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_claim() - let nobody open the disk if nobody has it open
 * @vbd: the virtual disk
 *
 * A partition, a file system, swap and a disk stacked on it count.
 * Context: may sleep; pdev->lock held.
 * Return: 0, also when there is no disk or it was claimed before; -EBUSY: it is
 * open; -EAGAIN: it is just being opened or closed.
 */
int pvio_bf_disk_claim(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_reopen() - the disk may be opened again
 * @vbd: the virtual disk
 * Context: pdev->lock held.
 */
void pvio_bf_disk_reopen(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_resize() - give the disk the size it has now, and tell users
 * @vbd: the virtual disk
 * Context: may sleep; pdev->lock held.
 */
void pvio_bf_disk_resize(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_kill() - the disk was pulled: no new I/O, it will not come back
 * @vbd: the virtual disk
 * Context: may sleep; pdev->lock held.
 */
void pvio_bf_disk_kill(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_disk_destroy() - take the disk away
 * @vbd: the virtual disk
 *
 * While the link is up what is dirty is written. There may be no disk.
 * Context: may sleep; pdev->lock held, not the link's.
 */
void pvio_bf_disk_destroy(struct pvio_bf_vbd *vbd);

#endif /* PVIO_BLKFRONT_DISK_H */
