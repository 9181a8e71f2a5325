// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Opening, writing back and closing the device that backs a disk.
 *
 * A disk has one work item for these, on a work queue of their own, so that a
 * device that hangs holds up nobody but its own disk.  The work holds a
 * reference to the disk: the disk may be removed meanwhile, and goes when the
 * work has ended.
 *
 * Locks: vbd->life, innermost but for the workqueue's own.  Under it
 * vbd->pdev is either there or NULL.
 */
#include "backing.h"

#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "xenbus/resource.h"

#include "stats.h"

static struct workqueue_struct *backing_wq;

static bool wants_write(const struct pvio_bb_vbd *vbd)
{
	return strchr(vbd->mode, 'w');
}

/* To write is what the toolstack was promised. */
static int check_mode(struct pvio_bdev *b)
{
	if (!b->write || !bdev_read_only(b->bdev))
		return 0;
	pvio_bdev_close(b);
	return -EROFS;
}

/* A logical block has to fit into a segment. */
static int check_block(struct pvio_bdev *b)
{
	if (bdev_logical_block_size(b->bdev) <= PVIO_BLK_PAGE)
		return 0;
	pvio_bdev_close(b);
	return -EMEDIUMTYPE;
}

static void open_device(struct pvio_bb_vbd *vbd)
{
	struct pvio_bdev b = {};
	int err;

	err = pvio_bdev_open(&b, vbd->dev, wants_write(vbd));
	if (!err)
		err = check_mode(&b);
	if (!err)
		err = check_block(&b);
	if (!err)
		pvio_created(PVIO_RES_DISK, 1);
	mutex_lock(&vbd->life);
	vbd->readonly = !b.write;
	vbd->open_error = err;
	vbd->bdev = b;
	/* All of it before the engine, which looks without this lock. */
	smp_store_release(&vbd->opening, false);
	if (vbd->pdev)
		pvio_device_look(vbd->pdev);
	mutex_unlock(&vbd->life);
}

static void warn(struct pvio_bb_vbd *vbd, int err)
{
	mutex_lock(&vbd->life);
	if (vbd->pdev)
		pvio_warn(vbd->pdev, "writing back device %x:%x failed (%d)",
			  MAJOR(vbd->dev), MINOR(vbd->dev), err);
	mutex_unlock(&vbd->life);
}

static void write_back(struct pvio_bb_vbd *vbd)
{
	unsigned int wanted = READ_ONCE(vbd->sync_wanted);
	int err;

	if (READ_ONCE(vbd->sync_done) == wanted)
		return;
	err = sync_blockdev(vbd->bdev.bdev);
	if (err)
		warn(vbd, err);
	invalidate_bdev(vbd->bdev.bdev);
	WRITE_ONCE(vbd->sync_done, wanted);
	wake_up_all(&vbd->synced);
}

static void flush_device(struct pvio_bb_vbd *vbd)
{
	int err;

	if (!xchg(&vbd->flush_due, false))
		return;
	err = blkdev_issue_flush(vbd->bdev.bdev);
	if (err)
		warn(vbd, err);
}

static void bb_backing_bury(struct work_struct *work)
{
	struct pvio_bb_vbd *vbd = container_of(work, struct pvio_bb_vbd,
					       burial);

	if (vbd->bdev.bdev) {
		pvio_bdev_close(&vbd->bdev);
		pvio_destroyed(PVIO_RES_DISK, 1);
	}
	pvio_bb_stats_free(vbd->stats, vbd->shape.max_queues);
	kfree(vbd);
}

/* To close a device may take as long as to open it. */
static void bb_backing_release(struct kref *refs)
{
	struct pvio_bb_vbd *vbd = container_of(refs, struct pvio_bb_vbd, refs);

	INIT_WORK(&vbd->burial, bb_backing_bury);
	queue_work(backing_wq, &vbd->burial);
}

static void bb_backing_work(struct work_struct *work)
{
	struct pvio_bb_vbd *vbd = container_of(work, struct pvio_bb_vbd,
					       backing);

	if (READ_ONCE(vbd->opening))
		open_device(vbd);
	write_back(vbd);
	flush_device(vbd);
	kref_put(&vbd->refs, bb_backing_release);
}

/* What is under way sees the wish when it has ended. */
static void start_work(struct pvio_bb_vbd *vbd)
{
	kref_get(&vbd->refs);
	if (!queue_work(backing_wq, &vbd->backing))
		kref_put(&vbd->refs, bb_backing_release);
}

void pvio_bb_backing_open(struct pvio_bb_vbd *vbd)
{
	vbd->open_error = 0;
	WRITE_ONCE(vbd->opening, true);
	start_work(vbd);
}

void pvio_bb_backing_sync(struct pvio_bb_vbd *vbd)
{
	WRITE_ONCE(vbd->sync_wanted, vbd->sync_wanted + 1);
	start_work(vbd);
}

void pvio_bb_backing_flush(struct pvio_bb_vbd *vbd)
{
	WRITE_ONCE(vbd->flush_due, true);
	start_work(vbd);
}

void pvio_bb_backing_wait(struct pvio_bb_vbd *vbd)
{
	wait_event_freezable(vbd->synced,
			     READ_ONCE(vbd->sync_done) == vbd->sync_wanted ||
			     pvio_bb_vbd_is_stopping(vbd));
}

void pvio_bb_backing_give_up(struct pvio_bb_vbd *vbd)
{
	mutex_lock(&vbd->life);
	vbd->pdev = NULL;
	mutex_unlock(&vbd->life);
	kref_put(&vbd->refs, bb_backing_release);
}

void pvio_bb_backing_prepare(struct pvio_bb_vbd *vbd)
{
	kref_init(&vbd->refs);
	mutex_init(&vbd->life);
	init_waitqueue_head(&vbd->synced);
	INIT_WORK(&vbd->backing, bb_backing_work);
}

int pvio_bb_backing_init(void)
{
	/* As many as possible: each may be stuck. */
	backing_wq = alloc_workqueue("pvio-blkback-open", WQ_UNBOUND,
				     WQ_UNBOUND_MAX_ACTIVE);
	return backing_wq ? 0 : -ENOMEM;
}

void pvio_bb_backing_exit(void)
{
	destroy_workqueue(backing_wq);
}
