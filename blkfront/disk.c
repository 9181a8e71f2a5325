// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The disk that Linux sees: limits, size, life.
 */
#include "disk.h"

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/cdrom.h>
#include <linux/hdreg.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <xen/interface/io/blkif.h>

#include "compat/blk.h"
#include "link.h"
#include "queue.h"
#include "request.h"
#include "ring/blkif.h"
#include "vbd.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* Between tries to give the disk its limits. */
#define REFRESH_INTERVAL	(HZ / 10)

/* What BIOSes have made of any disk since disks have no geometry. */
static int bf_disk_getgeo(pvio_blk_geo *of, struct hd_geometry *geo)
{
	struct gendisk *disk = pvio_blk_geo_disk(of);

	geo->heads = 255;
	geo->sectors = 63;
	geo->cylinders = div_u64(get_capacity(disk), 255 * 63);
	return 0;
}

/* What programs ask in order to find out whether this is a CD. */
static int bf_disk_ioctl(struct block_device *bdev, pvio_blk_mode_t mode,
			 unsigned int cmd, unsigned long arg)
{
	struct pvio_bf_vbd *vbd = bdev->bd_disk->private_data;

	switch (cmd) {
	case CDROMMULTISESSION:
		return clear_user((void __user *)arg,
				  sizeof(struct cdrom_multisession)) ?
			-EFAULT : 0;
	case CDROM_GET_CAPABILITY:
		return vbd->geometry.info & VDISK_CDROM ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

static void bf_disk_free(struct gendisk *disk)
{
	pvio_bf_vbd_put(disk->private_data);
}

static int bf_disk_open(pvio_blk_opened *of, pvio_blk_mode_t mode)
{
	struct pvio_bf_vbd *vbd = pvio_blk_opened_disk(of)->private_data;

	return READ_ONCE(vbd->claimed) ? -ENXIO : 0;
}

/*
 * The engine is asked for as long as the device is there: who takes the device
 * away clears the mark, and then waits for open_mutex, which is held here.
 */
PVIO_BLK_RELEASE(bf_disk_release)
{
	struct pvio_bf_vbd *vbd = disk->private_data;

	if (READ_ONCE(vbd->unwanted) && !disk_openers(disk))
		pvio_device_look(vbd->pdev);
}

static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.open = bf_disk_open,
	.release = bf_disk_release,
	.getgeo = bf_disk_getgeo,
	.ioctl = bf_disk_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
	.free_disk = bf_disk_free,
};

/*
 * Copied data is packed into whole pages, so only its sum counts; the guest's
 * own pages count one by one.
 */
static void set_segments(const struct pvio_bf_vbd *vbd,
			 struct pvio_blk_limits *lim)
{
	lim->max_sectors = vbd->max_segs * PVIO_BLK_PAGE_SECTORS;
	if (vbd->copy) {
		lim->max_segments = lim->max_sectors;
		lim->max_segment_size = lim->max_sectors * PVIO_BLK_SECTOR;
		lim->seg_boundary = ~0UL;
	} else {
		lim->max_segments = vbd->max_segs;
		lim->max_segment_size = PVIO_BLK_PAGE;
		lim->seg_boundary = PVIO_BLK_PAGE - 1;
	}
}

static void set_discard(const struct pvio_bf_vbd *vbd,
			struct pvio_blk_limits *lim)
{
	const struct pvio_bf_geometry *g = &vbd->geometry;

	if (!vbd->discard)
		return;
	lim->discard_sectors = UINT_MAX >> SECTOR_SHIFT;
	lim->discard_granularity = g->granularity;
	lim->discard_alignment = g->alignment;
	if (g->secure)
		lim->erase_sectors = lim->discard_sectors;
}

/*
 * A barrier can carry FUA data, but no indirect segments; where those are
 * used the block layer's flush behind the write does as well.
 */
static void set_cache(const struct pvio_bf_vbd *vbd,
		      struct pvio_blk_limits *lim)
{
	lim->write_cache = vbd->flush_op;
	lim->fua = vbd->flush_op == BLKIF_OP_WRITE_BARRIER &&
		   vbd->max_segs <= PVIO_BLK_DIRECT_MAX;
}

static void get_limits(const struct pvio_bf_vbd *vbd,
		       struct pvio_blk_limits *lim)
{
	*lim = (struct pvio_blk_limits){
		.logical = vbd->geometry.block,
		.physical = vbd->geometry.physical_block,
		.dma_alignment = PVIO_BLK_SECTOR - 1,
	};
	set_segments(vbd, lim);
	set_discard(vbd, lim);
	set_cache(vbd, lim);
}

static int create_tags(struct pvio_bf_vbd *vbd)
{
	vbd->tags = (struct blk_mq_tag_set){
		.ops = &pvio_bf_request_ops,
		.nr_hw_queues = vbd->nr_queues,
		.nr_maps = pvio_bf_queues_polled(vbd) ? HCTX_MAX_TYPES : 1,
		.queue_depth = vbd->queues[0].ring.r.nr,
		.numa_node = NUMA_NO_NODE,
		.cmd_size = sizeof(struct pvio_bf_io),
		/* The backend's disk has a scheduler where that is of use. */
		.flags = PVIO_BLK_MERGE | BLK_MQ_F_NO_SCHED_BY_DEFAULT,
		.driver_data = vbd,
	};
	return blk_mq_alloc_tag_set(&vbd->tags);
}

static void fill_in(struct pvio_bf_vbd *vbd, struct gendisk *disk)
{
	disk->major = PVIO_BF_MAJOR;
	disk->first_minor = vbd->place.first_minor;
	disk->minors = vbd->place.minors;
	disk->fops = &disk_ops;
	disk->private_data = vbd;
	strscpy(disk->disk_name, vbd->place.name, sizeof(disk->disk_name));
	if (vbd->geometry.info & VDISK_REMOVABLE)
		disk->flags |= GENHD_FL_REMOVABLE;
	set_disk_ro(disk, vbd->geometry.info & VDISK_READONLY);
	set_capacity(disk, vbd->geometry.sectors);
}

int pvio_bf_disk_create(struct pvio_bf_vbd *vbd)
{
	struct pvio_blk_limits lim;
	struct gendisk *disk;
	int err;

	err = create_tags(vbd);
	if (err)
		return err;
	get_limits(vbd, &lim);
	disk = pvio_blk_alloc_disk(&vbd->tags, &lim, vbd);
	if (IS_ERR(disk)) {
		blk_mq_free_tag_set(&vbd->tags);
		return PTR_ERR(disk);
	}
	fill_in(vbd, disk);
	mutex_lock(&vbd->link_lock);
	vbd->disk = disk;
	mutex_unlock(&vbd->link_lock);
	pvio_created(PVIO_RES_DISK, 1);
	return 0;
}

static void bf_disk_add(struct work_struct *work)
{
	struct pvio_bf_vbd *vbd = container_of(work, struct pvio_bf_vbd,
					       add_work);
	int err;

	/* The disk's own, dropped by bf_disk_free(). */
	pvio_bf_vbd_get(vbd);
	err = device_add_disk(vbd->pdev->dev, vbd->disk, NULL);
	if (!err) {
		WRITE_ONCE(vbd->added, true);
		return;
	}
	pvio_bf_vbd_put(vbd);
	pvio_device_refuse(vbd->pdev, "%s: not added as a disk (%d)",
			   vbd->place.name, err);
}

/*
 * Somebody who changes limits by sysfs holds their lock and may wait for
 * requests, which wait for us.  So these go first, under the limits of the last
 * backend: what is too large is sent in parts.
 */
static int update_limits(struct pvio_bf_vbd *vbd)
{
	struct pvio_blk_limits lim;
	int err;

	get_limits(vbd, &lim);
	err = pvio_blk_update_limits(vbd->disk, &lim);
	if (err != -EAGAIN)
		return err;
	queue_delayed_work(pvio_bf_vbd_wq, &vbd->refresh_work,
			   REFRESH_INTERVAL);
	return 0;
}

static void bf_disk_refresh(struct work_struct *work)
{
	struct pvio_bf_vbd *vbd = container_of(to_delayed_work(work),
					       struct pvio_bf_vbd,
					       refresh_work);
	int err = update_limits(vbd);

	if (err)
		pvio_err(vbd->pdev, "%s: limits not changed (%d)",
			 vbd->place.name, err);
}

void pvio_bf_disk_settle(struct pvio_bf_vbd *vbd)
{
	cancel_delayed_work_sync(&vbd->refresh_work);
}

void pvio_bf_disk_init(struct pvio_bf_vbd *vbd)
{
	INIT_WORK(&vbd->add_work, bf_disk_add);
	INIT_DELAYED_WORK(&vbd->refresh_work, bf_disk_refresh);
}

void pvio_bf_disk_add(struct pvio_bf_vbd *vbd)
{
	queue_work(pvio_bf_vbd_wq, &vbd->add_work);
}

int pvio_bf_disk_refresh(struct pvio_bf_vbd *vbd)
{
	int err = update_limits(vbd);

	if (err)
		return err;
	set_disk_ro(vbd->disk, vbd->geometry.info & VDISK_READONLY);
	set_capacity_and_notify(vbd->disk, vbd->geometry.sectors);
	return 0;
}

void pvio_bf_disk_resize(struct pvio_bf_vbd *vbd)
{
	if (!vbd->disk || vbd->dead)
		return;
	if (set_capacity_and_notify(vbd->disk, vbd->geometry.sectors))
		pvio_info(vbd->pdev, "%s: now %llu sectors", vbd->place.name,
			  vbd->geometry.sectors);
}

/* Whoever opens or closes it holds the lock, and may wait for its I/O. */
int pvio_bf_disk_claim(struct pvio_bf_vbd *vbd)
{
	struct gendisk *disk = vbd->disk;

	if (!disk || vbd->claimed)
		return 0;
	if (!mutex_trylock(&disk->open_mutex))
		return -EAGAIN;
	WRITE_ONCE(vbd->claimed, !disk_openers(disk));
	mutex_unlock(&disk->open_mutex);
	return vbd->claimed ? 0 : -EBUSY;
}

void pvio_bf_disk_reopen(struct pvio_bf_vbd *vbd)
{
	WRITE_ONCE(vbd->claimed, false);
}

void pvio_bf_disk_kill(struct pvio_bf_vbd *vbd)
{
	if (!vbd->disk || vbd->dead)
		return;
	vbd->dead = true;
	blk_mark_disk_dead(vbd->disk);
	/* Newer kernels do so themselves. */
	set_capacity(vbd->disk, 0);
}

static void drop(struct pvio_bf_vbd *vbd)
{
	struct gendisk *disk = vbd->disk;

	mutex_lock(&vbd->link_lock);
	vbd->disk = NULL;
	vbd->quiesced = false;
	mutex_unlock(&vbd->link_lock);
	put_disk(disk);
	blk_mq_free_tag_set(&vbd->tags);
	pvio_destroyed(PVIO_RES_DISK, 1);
}

void pvio_bf_disk_destroy(struct pvio_bf_vbd *vbd)
{
	if (!vbd->disk)
		return;
	WRITE_ONCE(vbd->leaving, true);
	pvio_bf_disk_settle(vbd);
	/* Its reads end: the link is up or fails them. */
	if (!cancel_work_sync(&vbd->add_work) && vbd->added)
		del_gendisk(vbd->disk);
	drop(vbd);
	WRITE_ONCE(vbd->added, false);
	vbd->dead = false;
	pvio_bf_disk_reopen(vbd);
	WRITE_ONCE(vbd->leaving, false);
}
