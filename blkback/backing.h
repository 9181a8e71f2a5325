/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The device that backs a disk: opening it, writing back what this domain
 * caches of it, closing it.  Each of these may wait for the device, for ever
 * if it hangs, so each is done by a work item that nobody waits for.
 */
#ifndef PVIO_BLKBACK_BACKING_H
#define PVIO_BLKBACK_BACKING_H

#include <asm/barrier.h>

#include "vbd.h"

/**
 * pvio_bb_backing_open() - open the device
 * @vbd: the disk, @dev and @mode set, nothing opened
 *
 * The engine looks again when it is open, or @open_error says why it is not.
 * Context: device's lock held.
 */
void pvio_bb_backing_open(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_backing_is_due() - is it being opened?
 * @vbd: the disk
 *
 * When it is not, @bdev and @open_error say how that went.
 */
static inline bool pvio_bb_backing_is_due(const struct pvio_bb_vbd *vbd)
{
	/* Pairs with the end of open_device(). */
	return smp_load_acquire(&vbd->opening);
}

/**
 * pvio_bb_backing_sync() - write back and forget what this domain caches
 * @vbd: the disk, opened
 *
 * The guest's I/O goes past the page cache.
 * Context: device's lock held.
 */
void pvio_bb_backing_sync(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_backing_flush() - have the device empty its cache, once
 * @vbd: the disk, opened
 * Context: device's lock held.
 */
void pvio_bb_backing_flush(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_backing_wait() - wait until that is done, or the queues stop
 * @vbd: the disk
 * Context: a worker.
 */
void pvio_bb_backing_wait(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_backing_give_up() - nobody is interested in the device any more
 * @vbd: the disk, stopped; not the caller's any more
 *
 * Closed, and the disk freed, as soon as what is under way has ended.
 * Context: may sleep; device's lock may be held.
 */
void pvio_bb_backing_give_up(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_backing_prepare() - make a new disk ready for the above
 * @vbd: the disk; @refs is 1 then
 */
void pvio_bb_backing_prepare(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_backing_init() - before the first disk
 * Return: 0 or -ENOMEM.
 */
int pvio_bb_backing_init(void);

/**
 * pvio_bb_backing_exit() - returns when every device is closed
 * Context: may sleep, as long as the devices need.
 */
void pvio_bb_backing_exit(void);

#endif /* PVIO_BLKBACK_BACKING_H */
