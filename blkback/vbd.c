// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Saying what the device that backs a virtual disk can do, and noticing when
 * that changes.
 *
 * resize.c says when a size may have changed.  A few changes it does not hear
 * of, such as one of a partition, so each tick of the queues looks, too.
 */
#include "vbd.h"

#include "backing.h"

/* Until the next try when the device's lock is taken. */
#define LOOK_AGAIN	(HZ / 20)

static struct workqueue_struct *workqueue;

int pvio_bb_vbd_init(void)
{
	workqueue = alloc_workqueue("pvio-blkback",
				    WQ_UNBOUND | WQ_MEM_RECLAIM | WQ_FREEZABLE,
				    0);
	return workqueue ? 0 : -ENOMEM;
}

void pvio_bb_vbd_exit(void)
{
	destroy_workqueue(workqueue);
}

struct workqueue_struct *pvio_bb_vbd_workqueue(void)
{
	return workqueue;
}

static void describe_kind(const struct pvio_bb_vbd *vbd,
			  struct pvio_bb_geometry *g)
{
	struct gendisk *disk = vbd->bdev.bdev->bd_disk;

	if (vbd->cdrom || disk_to_cdi(disk))
		g->info |= VDISK_CDROM;
	if (disk->flags & GENHD_FL_REMOVABLE)
		g->info |= VDISK_REMOVABLE;
	if (vbd->readonly)
		g->info |= VDISK_READONLY;
}

static void describe_discard(struct pvio_bb_vbd *vbd,
			     struct pvio_bb_geometry *g)
{
	struct block_device *bdev = vbd->bdev.bdev;

	g->discard = vbd->discard;
	if (!vbd->discard)
		return;
	g->granularity = bdev_discard_granularity(bdev);
	g->alignment = bdev_discard_alignment(bdev);
	g->secure = vbd->secure;
}

static void describe(struct pvio_bb_vbd *vbd, struct pvio_bb_geometry *g)
{
	struct block_device *bdev = vbd->bdev.bdev;
	bool cache = bdev_write_cache(bdev) && !vbd->readonly;

	g->sectors = pvio_bb_vbd_capacity(vbd);
	g->block = bdev_logical_block_size(bdev);
	g->physical_block = bdev_physical_block_size(bdev);
	g->flush = cache && !test_bit(PVIO_BB_NO_FLUSH, &vbd->flags);
	g->barrier = cache && !test_bit(PVIO_BB_NO_BARRIER, &vbd->flags);
	g->persistent = vbd->persistent;
	describe_kind(vbd, g);
	describe_discard(vbd, g);
}

/* What may change, apart from the size. */
static unsigned long state_of(const struct pvio_bb_vbd *vbd)
{
	unsigned long state = READ_ONCE(vbd->flags);

	if (bdev_write_cache(vbd->bdev.bdev))
		__set_bit(PVIO_BB_CACHE, &state);
	return state;
}

int pvio_bb_vbd_write_geometry(struct pvio_bb_vbd *vbd)
{
	unsigned long state = state_of(vbd);
	struct pvio_bb_geometry geometry = {};
	int err;

	lockdep_assert_held(&vbd->pdev->lock);
	describe(vbd, &geometry);
	err = pvio_bb_keys_write_geometry(vbd->pdev, &geometry);
	if (err)
		return err;
	vbd->sectors = geometry.sectors;
	vbd->announced = state;
	return 0;
}

static bool has_news(const struct pvio_bb_vbd *vbd)
{
	return vbd->sectors != pvio_bb_vbd_capacity(vbd) ||
	       vbd->announced != state_of(vbd);
}

/*
 * Most frontends look for a cache only when they connect.  A guest that did
 * so while there was none does not flush, so each write has to be on the disk
 * before it is answered, and what was written before goes there now.
 */
static void mind_new_cache(struct pvio_bb_vbd *vbd)
{
	if (vbd->readonly || test_bit(PVIO_BB_NO_FLUSH, &vbd->flags))
		return;
	WRITE_ONCE(vbd->durable, REQ_FUA);
	pvio_bb_backing_flush(vbd);
	pvio_info(vbd->pdev, "a write cache has appeared: no write is left in it");
}

static void announce(struct pvio_bb_vbd *vbd)
{
	unsigned long known = vbd->announced;
	struct pvio_device *pdev = vbd->pdev;
	u64 before = vbd->sectors;

	if (pvio_bb_vbd_write_geometry(vbd))
		return;
	if ((vbd->announced & ~known) & BIT(PVIO_BB_CACHE))
		mind_new_cache(vbd);
	if (vbd->sectors == before)
		return;
	pvio_info(pdev, "size changed from %llu to %llu sectors", before,
		  vbd->sectors);
	pvio_device_announce(pdev);
}

/* The device's lock is only tried: whoever stops this holds it and waits. */
static void bb_vbd_look(struct work_struct *work)
{
	struct pvio_bb_vbd *vbd = container_of(to_delayed_work(work),
					       struct pvio_bb_vbd, look);
	struct pvio_device *pdev = vbd->pdev;

	if (!has_news(vbd))
		return;
	if (!mutex_trylock(&pdev->lock)) {
		queue_delayed_work(workqueue, &vbd->look, LOOK_AGAIN);
		return;
	}
	if (pdev->linked && !pvio_device_broken(pdev))
		announce(vbd);
	mutex_unlock(&pdev->lock);
}

void pvio_bb_vbd_look_soon(struct pvio_bb_vbd *vbd)
{
	queue_delayed_work(workqueue, &vbd->look, 0);
}

void pvio_bb_vbd_prepare_look(struct pvio_bb_vbd *vbd)
{
	INIT_DELAYED_WORK(&vbd->look, bb_vbd_look);
}

void pvio_bb_vbd_cancel_look(struct pvio_bb_vbd *vbd)
{
	cancel_delayed_work_sync(&vbd->look);
}
