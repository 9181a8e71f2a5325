// SPDX-License-Identifier: GPL-2.0-only
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

/* What may change, apart from the size. */
static unsigned long state_of(const struct pvio_vbd *vbd)
{
	unsigned long state = READ_ONCE(vbd->flags);

	if (bdev_write_cache(vbd->bdev.bdev))
		__set_bit(PVIO_VBD_CACHE, &state);
	return state;
}

int pvio_vbd_write_info(struct pvio_vbd *vbd)
{
	unsigned long state = state_of(vbd);
	struct info info = {};
	const struct pvio_key_set set = {
		.keys = info_keys, .nr = ARRAY_SIZE(info_keys),
		.values = &info,
	};
	int err;

	lockdep_assert_held(&vbd->pdev->lock);
	describe(vbd, &info);
	err = pvio_keys_write(vbd->pdev, &set, 1);
	if (err)
		return err;
	vbd->sectors = info.sectors;
	vbd->announced = state;
	return 0;
}

static bool has_news(const struct pvio_vbd *vbd)
{
	return vbd->sectors != pvio_vbd_capacity(vbd) ||
	       vbd->announced != state_of(vbd);
}

/*
 * Most frontends look for a cache only when they connect.  A guest that did
 * so while there was none does not flush, so each write has to be on the disk
 * before it is answered, and what was written before goes there now.
 */
static void mind_new_cache(struct pvio_vbd *vbd)
{
	if (vbd->readonly || test_bit(PVIO_VBD_NO_FLUSH, &vbd->flags))
		return;
	WRITE_ONCE(vbd->durable, REQ_FUA);
	pvio_bb_backing_flush(vbd);
	pvio_info(vbd->pdev, "a write cache has appeared: no write is left in it");
}

static void announce(struct pvio_vbd *vbd)
{
	unsigned long known = vbd->announced;
	struct pvio_device *pdev = vbd->pdev;
	u64 before = vbd->sectors;

	if (pvio_vbd_write_info(vbd))
		return;
	if ((vbd->announced & ~known) & BIT(PVIO_VBD_CACHE))
		mind_new_cache(vbd);
	if (vbd->sectors == before)
		return;
	pvio_info(pdev, "size changed from %llu to %llu sectors", before,
		  vbd->sectors);
	pvio_device_announce(pdev);
}

/* The device's lock is only tried: whoever stops this holds it and waits. */
static void look(struct work_struct *work)
{
	struct pvio_vbd *vbd = container_of(to_delayed_work(work),
					    struct pvio_vbd, look);
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

void pvio_bb_vbd_look_soon(struct pvio_vbd *vbd)
{
	queue_delayed_work(workqueue, &vbd->look, 0);
}

void pvio_bb_vbd_prepare_look(struct pvio_vbd *vbd)
{
	INIT_DELAYED_WORK(&vbd->look, look);
}

void pvio_bb_vbd_cancel_look(struct pvio_vbd *vbd)
{
	cancel_delayed_work_sync(&vbd->look);
}
