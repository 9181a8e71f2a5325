/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A virtual disk: the device that backs it and the queues that serve it.
 */
#ifndef PVIO_BLKBACK_VBD_H
#define PVIO_BLKBACK_VBD_H

#include <linux/blkdev.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "compat/bdev.h"
#include "ring/blkif.h"
#include "xenbus/device.h"

#include "budget.h"
#include "keys.h"

struct dentry;
struct pvio_bb_queue;
struct pvio_bb_req;
struct pvio_bb_stats;

/* Bits of pvio_bb_vbd.flags */
#define PVIO_BB_NO_FLUSH	0	/* the device refused a flush */
#define PVIO_BB_NO_BARRIER	1	/* the device refused a barrier */
/* A bit of pvio_bb_vbd.announced besides */
#define PVIO_BB_CACHE		2	/* the device has a write cache */

/**
 * struct pvio_bb_discards - large discards of a disk, one at a time
 * @lock: covers the next three; taken with interrupts off
 * @waiting: requests not yet begun, by their @pages
 * @now: the one being carried out
 * @busy: a piece of it is at the device
 * @work: submits the next piece
 */
struct pvio_bb_discards {
	spinlock_t lock; /* see above */
	struct list_head waiting;
	struct pvio_bb_req *now;
	bool busy;
	struct work_struct work;
};

/**
 * struct pvio_bb_vbd - a virtual disk
 * @pdev: the device it is; NULL, under @life, when that is gone
 * @refs: the device's and those of work on its behalf; see backing.c
 * @life: covers @pdev against its end; backing.c
 * @backing: opens the device and writes it back
 * @burial: closes it
 * @opening: it is being opened
 * @sync_wanted: counts the wishes to write it back; device's lock
 * @sync_done: the one fulfilled last
 * @synced: woken when that changes
 * @bdev: the device that backs it; set once while @opening
 * @dev: its number, 0 while unknown; device's lock
 * @open_error: why it could not be opened, or 0; set while @opening
 * @open_told: that was said; device's lock
 * @mode: as the toolstack wrote it; device's lock, read by sysfs
 * @name: the disk's name in the guest; device's lock
 * @readonly: nothing may be written; set before queues start
 * @cdrom: the toolstack calls it a CD-ROM; device's lock
 * @discard: discards are served; set before queues start
 * @secure: secure discards are, too; set before queues start
 * @shape: as offered
 * @abi: as negotiated; set before queues start, like the next two
 * @persistent: as negotiated
 * @ring_pages: as negotiated
 * @numbered: the frontend calls a ring's first page ring-ref0; device's lock
 * @queues: while connected; set before the first starts
 * @nr_queues: how many
 * @stopping: no request is taken any more, and nothing copied; set by the
 *	engine, read everywhere
 * @workers: how many have not ended
 * @grace: cookie of the grace period behind the last use; device's lock
 * @in_grace: that has begun; device's lock
 * @discards: large discards
 * @share: of the budget, while there are queues
 * @stats: one for each of the most queues, kept over reconnects
 * @debugfs: its directory there
 * @barrier: held for reading while a batch is submitted, for writing by a
 *	barrier; taken by workers only
 * @flags: PVIO_BB_NO_*; atomic
 * @announced: @flags, and PVIO_BB_CACHE, as the frontend knows them;
 *	device's lock
 * @durable: REQ_FUA if the frontend connected before there was a cache, so
 *	that it does not flush; set by the engine
 * @flush_due: the device is to be flushed once; backing.c
 * @tick: trims unused pages each few seconds while connected; queue.c
 * @look: tells the frontend what changed
 * @resize: in the list of disks whose size may change; see resize.c
 * @sectors: size as last announced; device's lock
 */
struct pvio_bb_vbd {
	struct pvio_device *pdev;
	struct kref refs;
	struct mutex life; /* see above */
	struct work_struct backing;
	struct work_struct burial;
	bool opening;
	unsigned int sync_wanted;
	unsigned int sync_done;
	wait_queue_head_t synced;
	struct pvio_bdev bdev;
	dev_t dev;
	int open_error;
	bool open_told;
	char mode[16];
	char name[32];
	bool readonly;
	bool cdrom;
	bool discard;
	bool secure;
	struct pvio_bb_shape shape;
	enum pvio_blk_abi abi;
	bool persistent;
	unsigned int ring_pages;
	bool numbered;
	struct pvio_bb_queue *queues;
	unsigned int nr_queues;
	bool stopping;
	atomic_t workers;
	unsigned long grace;
	bool in_grace;
	struct pvio_bb_discards discards;
	struct pvio_bb_share share;
	struct pvio_bb_stats *stats;
	struct dentry *debugfs;
	struct rw_semaphore barrier;
	unsigned long flags;
	unsigned long announced;
	blk_opf_t durable;
	bool flush_due;
	struct delayed_work tick;
	struct delayed_work look;
	struct list_head resize;
	u64 sectors;
};

/**
 * pvio_bb_vbd_capacity() - size of the disk in sectors, as it is now
 * @vbd: the disk, opened
 */
static inline u64 pvio_bb_vbd_capacity(const struct pvio_bb_vbd *vbd)
{
	return bdev_nr_sectors(vbd->bdev.bdev);
}

/**
 * pvio_bb_vbd_block() - logical block size in sectors
 * @vbd: the disk, opened
 */
static inline u32 pvio_bb_vbd_block(const struct pvio_bb_vbd *vbd)
{
	return bdev_logical_block_size(vbd->bdev.bdev) >> SECTOR_SHIFT;
}

/**
 * pvio_bb_vbd_is_stopping() - is the disk being disconnected?
 * @vbd: the disk
 *
 * What the guest granted may be granted anew, for something else: nothing is
 * copied, mapped for, or submitted any more.
 * Context: any.
 */
static inline bool pvio_bb_vbd_is_stopping(const struct pvio_bb_vbd *vbd)
{
	return unlikely(READ_ONCE(vbd->stopping));
}

/**
 * pvio_bb_vbd_write_geometry() - tell the frontend about the disk
 * @vbd: the disk, opened
 * Context: may sleep; device's lock held. Return: 0 or a negative errno.
 */
int pvio_bb_vbd_write_geometry(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_vbd_prepare_look() - before the first look
 * @vbd: the disk
 */
void pvio_bb_vbd_prepare_look(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_vbd_look_soon() - have the frontend told of what has changed, if so
 * @vbd: the disk, connected
 * Context: any.
 */
void pvio_bb_vbd_look_soon(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_vbd_cancel_look() - no more looks
 * @vbd: the disk, neither listed for its size nor a queue running
 * Context: may sleep; device's lock may be held.
 */
void pvio_bb_vbd_cancel_look(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_vbd_workqueue() - for what does not wait: ticks, looks
 */
struct workqueue_struct *pvio_bb_vbd_workqueue(void);

/**
 * pvio_bb_vbd_init() - before the first disk
 * Return: 0 or -ENOMEM.
 */
int pvio_bb_vbd_init(void);

/**
 * pvio_bb_vbd_exit() - the reverse; there are no disks
 * Context: may sleep.
 */
void pvio_bb_vbd_exit(void);

#endif /* PVIO_BLKBACK_VBD_H */
