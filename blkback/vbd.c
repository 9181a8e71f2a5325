// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device that backs a virtual disk: opening it, saying what it can do,
 * and noticing when its size changes.
 *
 * The kernel tells nobody when a block device changes its size, so one timer
 * for each connected disk looks once a second.
 */
#include "vbd.h"

#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/string.h>
#include <linux/timer.h>

#include "xenbus/resource.h"

#include "queue.h"

/* Seconds between looks for unused pages. */
#define TRIM_EVERY	8

int pvio_vbd_open(struct pvio_vbd *vbd)
{
	bool write = strchr(vbd->mode, 'w');
	int err;

	err = pvio_bdev_open(&vbd->bdev, vbd->dev, write);
	if (err) {
		pvio_err(vbd->pdev, "device %x:%x does not open (%d)",
			 MAJOR(vbd->dev), MINOR(vbd->dev), err);
		return err;
	}
	pvio_created(PVIO_RES_DISK, 1);
	vbd->readonly = !write || bdev_read_only(vbd->bdev.bdev);
	return 0;
}

void pvio_vbd_close(struct pvio_vbd *vbd)
{
	if (!vbd->bdev.bdev)
		return;
	pvio_bdev_close(&vbd->bdev);
	pvio_destroyed(PVIO_RES_DISK, 1);
}

void pvio_vbd_sync(struct pvio_vbd *vbd)
{
	int err = sync_blockdev(vbd->bdev.bdev);

	if (err)
		pvio_warn(vbd->pdev, "writing back device %x:%x failed (%d)",
			  MAJOR(vbd->dev), MINOR(vbd->dev), err);
	invalidate_bdev(vbd->bdev.bdev);
}

/* What the frontend reads when this end is connected. */
struct info {
	u64 sectors;
	u32 info;
	u32 sector_size;
	u32 physical_sector_size;
	bool flush;
	bool barrier;
	bool discard;
	bool secure;
	u32 granularity;
	u32 alignment;
	bool persistent;
};

#define INFO(_name, _type, _field, _elide) {				\
	.name = (_name), .type = PVIO_KEY_##_type, .elide = (_elide),	\
	PVIO_KEY_FIELD(struct info, _field)				\
}

static const struct pvio_key info_keys[] = {
	INFO("sectors", U64, sectors, false),
	INFO("info", U32, info, false),
	INFO("sector-size", U32, sector_size, false),
	INFO("physical-sector-size", U32, physical_sector_size, false),
	INFO("feature-flush-cache", BOOL, flush, false),
	INFO("feature-barrier", BOOL, barrier, false),
	INFO("feature-discard", BOOL, discard, false),
	INFO("discard-granularity", U32, granularity, true),
	INFO("discard-alignment", U32, alignment, true),
	INFO("discard-secure", BOOL, secure, true),
	INFO("feature-persistent", BOOL, persistent, false),
};

static void describe_kind(const struct pvio_vbd *vbd, struct info *info)
{
	struct gendisk *disk = vbd->bdev.bdev->bd_disk;

	if (vbd->cdrom || disk_to_cdi(disk))
		info->info |= VDISK_CDROM;
	if (disk->flags & GENHD_FL_REMOVABLE)
		info->info |= VDISK_REMOVABLE;
	if (vbd->readonly)
		info->info |= VDISK_READONLY;
}

static void describe_discard(struct pvio_vbd *vbd, struct info *info)
{
	struct block_device *bdev = vbd->bdev.bdev;

	info->discard = vbd->discard;
	if (!vbd->discard)
		return;
	info->granularity = bdev_discard_granularity(bdev);
	info->alignment = bdev_discard_alignment(bdev);
	info->secure = vbd->secure;
}

static void describe(struct pvio_vbd *vbd, struct info *info)
{
	struct block_device *bdev = vbd->bdev.bdev;
	bool cache = bdev_write_cache(bdev) && !vbd->readonly;

	info->sectors = pvio_vbd_capacity(vbd);
	info->sector_size = bdev_logical_block_size(bdev);
	info->physical_sector_size = bdev_physical_block_size(bdev);
	info->flush = cache && !test_bit(PVIO_VBD_NO_FLUSH, &vbd->flags);
	info->barrier = cache && !test_bit(PVIO_VBD_NO_BARRIER, &vbd->flags);
	info->persistent = vbd->persistent;
	describe_kind(vbd, info);
	describe_discard(vbd, info);
}

int pvio_vbd_write_info(struct pvio_vbd *vbd)
{
	struct info info = {};
	const struct pvio_key_set set = {
		.keys = info_keys, .nr = ARRAY_SIZE(info_keys),
		.values = &info,
	};
	int err;

	lockdep_assert_held(&vbd->pdev->lock);
	vbd->announced = READ_ONCE(vbd->flags);
	describe(vbd, &info);
	err = pvio_keys_write(vbd->pdev, &set, 1);
	if (!err)
		vbd->sectors = info.sectors;
	return err;
}

static bool has_news(const struct pvio_vbd *vbd)
{
	return vbd->sectors != pvio_vbd_capacity(vbd) ||
	       vbd->announced != READ_ONCE(vbd->flags);
}

static void announce(struct pvio_vbd *vbd)
{
	struct pvio_device *pdev = vbd->pdev;
	u64 before = vbd->sectors;

	if (pvio_vbd_write_info(vbd) || vbd->sectors == before)
		return;
	pvio_info(pdev, "size changed from %llu to %llu sectors", before,
		  vbd->sectors);
	pvio_device_announce(pdev);
}

static void trim(struct pvio_vbd *vbd)
{
	unsigned int i;

	if (++vbd->ticks % TRIM_EVERY)
		return;
	for (i = 0; i < vbd->nr_queues; i++)
		pvio_bb_queue_trim(&vbd->queues[i]);
}

/*
 * The device's lock is only tried: whoever stops the tick holds it and waits
 * for this.
 */
static void tick(struct work_struct *work)
{
	struct pvio_vbd *vbd = container_of(to_delayed_work(work),
					    struct pvio_vbd, tick);
	struct pvio_device *pdev = vbd->pdev;

	trim(vbd);
	if (has_news(vbd) && mutex_trylock(&pdev->lock)) {
		if (pdev->linked && !pvio_device_broken(pdev))
			announce(vbd);
		mutex_unlock(&pdev->lock);
	}
	queue_delayed_work(pvio_bb_workqueue(), &vbd->tick,
			   round_jiffies_relative(HZ));
}

void pvio_vbd_init_tick(struct pvio_vbd *vbd)
{
	INIT_DELAYED_WORK(&vbd->tick, tick);
}

void pvio_vbd_start_tick(struct pvio_vbd *vbd)
{
	queue_delayed_work(pvio_bb_workqueue(), &vbd->tick,
			   round_jiffies_relative(HZ));
}

void pvio_vbd_stop_tick(struct pvio_vbd *vbd)
{
	cancel_delayed_work_sync(&vbd->tick);
}
