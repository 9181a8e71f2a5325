/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual disk: the device that backs it and the queues that serve it.
 */
#ifndef PVIO_BLKBACK_VBD_H
#define PVIO_BLKBACK_VBD_H

#include <linux/blkdev.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/workqueue.h>

#include "compat/bdev.h"
#include "ring/blkif.h"
#include "xenbus/device.h"

struct dentry;
struct pvio_bb_queue;
struct pvio_bb_stats;

/* Bits of pvio_vbd.flags */
#define PVIO_VBD_NO_FLUSH	0	/* the device refused a flush */
#define PVIO_VBD_NO_BARRIER	1	/* the device refused a barrier */

/**
 * struct pvio_vbd - a virtual disk
 * @pdev: the device it is
 * @bdev: the device that backs it; device's lock
 * @dev: its number, 0 while unknown; device's lock
 * @open_error: why it could not be opened, or 0; device's lock
 * @mode: as the toolstack wrote it; device's lock, read by sysfs
 * @name: the disk's name in the guest; device's lock
 * @readonly: nothing may be written; set before queues start
 * @cdrom: the toolstack calls it a CD-ROM; device's lock
 * @discard: discards are served; set before queues start
 * @secure: secure discards are, too; set before queues start
 * @max_queues: as offered
 * @max_order: as offered
 * @abi: as negotiated; set before queues start, like the next two
 * @persistent: as negotiated
 * @ring_pages: as negotiated
 * @numbered: the frontend wrote the order, so a single page is ring-ref0
 * @queues: while connected; set before the first starts
 * @nr_queues: how many
 * @stats: one for each of @max_queues, kept over reconnects
 * @debugfs: its directory there
 * @gate: held for reading while a batch is submitted, for writing by a
 *	barrier; taken by workers only
 * @flags: PVIO_VBD_*; atomic
 * @announced: @flags as the frontend knows them; device's lock
 * @tick: trims unused pages each few seconds while connected
 * @look: tells the frontend what changed
 * @watch: in the list of disks whose size is watched; see watch.c
 * @sectors: size as last announced; device's lock
 */
struct pvio_vbd {
	struct pvio_device *pdev;
	struct pvio_bdev bdev;
	dev_t dev;
	int open_error;
	char mode[16];
	char name[32];
	bool readonly;
	bool cdrom;
	bool discard;
	bool secure;
	u32 max_queues;
	u32 max_order;
	enum pvio_blk_abi abi;
	bool persistent;
	unsigned int ring_pages;
	bool numbered;
	struct pvio_bb_queue *queues;
	unsigned int nr_queues;
	struct pvio_bb_stats *stats;
	struct dentry *debugfs;
	struct rw_semaphore gate;
	unsigned long flags;
	unsigned long announced;
	struct delayed_work tick;
	struct delayed_work look;
	struct list_head watch;
	u64 sectors;
};

/**
 * pvio_vbd_capacity() - size of the disk in sectors, as it is now
 * @vbd: the disk, opened
 */
static inline u64 pvio_vbd_capacity(const struct pvio_vbd *vbd)
{
	return bdev_nr_sectors(vbd->bdev.bdev);
}

/**
 * pvio_vbd_block() - logical block size in sectors
 * @vbd: the disk, opened
 */
static inline u32 pvio_vbd_block(const struct pvio_vbd *vbd)
{
	return bdev_logical_block_size(vbd->bdev.bdev) >> SECTOR_SHIFT;
}

/**
 * pvio_vbd_open() - open the device that backs the disk
 * @vbd: the disk, @dev and @mode set
 * Context: may sleep; device's lock held. Return: 0 or a negative errno.
 */
int pvio_vbd_open(struct pvio_vbd *vbd);

/**
 * pvio_vbd_close() - close it
 * @vbd: the disk, no queue running; may be closed already
 */
void pvio_vbd_close(struct pvio_vbd *vbd);

/**
 * pvio_vbd_sync() - write back and forget what this domain caches of it
 * @vbd: the disk, opened
 *
 * The guest's I/O goes past the page cache.
 */
void pvio_vbd_sync(struct pvio_vbd *vbd);

/**
 * pvio_vbd_write_info() - tell the frontend about the disk
 * @vbd: the disk, opened
 * Context: may sleep; device's lock held. Return: 0 or a negative errno.
 */
int pvio_vbd_write_info(struct pvio_vbd *vbd);

/**
 * pvio_vbd_init_tick() - prepare the tick
 * @vbd: the disk
 */
void pvio_vbd_init_tick(struct pvio_vbd *vbd);

/**
 * pvio_vbd_start_tick() - watch the disk's size and unused pages
 * @vbd: the disk, connected
 */
void pvio_vbd_start_tick(struct pvio_vbd *vbd);

/**
 * pvio_vbd_look_soon() - have the frontend told of what has changed, if so
 * @vbd: the disk, connected
 * Context: any.
 */
void pvio_vbd_look_soon(struct pvio_vbd *vbd);

/**
 * pvio_vbd_stop_tick() - the reverse; may be stopped already
 * @vbd: the disk
 * Context: may sleep; device's lock may be held.
 */
void pvio_vbd_stop_tick(struct pvio_vbd *vbd);

/**
 * pvio_vbd_stop_look() - no more looks either
 * @vbd: the disk, neither its tick nor a queue running
 * Context: may sleep; device's lock may be held.
 */
void pvio_vbd_stop_look(struct pvio_vbd *vbd);

/**
 * pvio_vbd_add_files() - statistics and properties in sysfs
 * @vbd: the disk
 * Return: 0 or a negative errno.
 */
int pvio_vbd_add_files(struct pvio_vbd *vbd);

/**
 * pvio_vbd_remove_files() - the reverse
 * @vbd: the disk
 */
void pvio_vbd_remove_files(struct pvio_vbd *vbd);

/**
 * pvio_bb_workqueue() - for what may block: discards, the tick, looking
 */
struct workqueue_struct *pvio_bb_workqueue(void);

#endif /* PVIO_BLKBACK_VBD_H */
