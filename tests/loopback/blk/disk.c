// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The disk in memory for tests of the block backend.
 */
#include "tests/loopback/blk/disk.h"

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "compat/blk.h"

static u8 *place_of(const struct blk_disk *d, const struct bvec_iter *iter)
{
	return d->data + (iter->bi_sector << SECTOR_SHIFT);
}

static void move_data(struct blk_disk *d, struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		if (bio_op(bio) == REQ_OP_READ)
			memcpy_to_bvec(&bv, place_of(d, &iter));
		else
			memcpy_from_bvec(place_of(d, &iter), &bv);
	}
}

/* An empty write is what carries a flush. */
static unsigned int op_of(const struct bio *bio)
{
	if (bio_op(bio) == REQ_OP_WRITE && !bio->bi_iter.bi_size)
		return REQ_OP_FLUSH;
	return bio_op(bio);
}

static void count(struct blk_disk *d, const struct bio *bio)
{
	unsigned long flags;

	spin_lock_irqsave(&d->lock, flags);
	if (op_of(bio) == REQ_OP_FLUSH || (bio->bi_opf & REQ_PREFLUSH))
		d->flushed_after = d->done[REQ_OP_WRITE];
	d->done[op_of(bio)]++;
	d->fua += !!(bio->bi_opf & REQ_FUA);
	if (op_of(bio) != REQ_OP_FLUSH && (bio->bi_opf & REQ_PREFLUSH))
		d->done[REQ_OP_FLUSH]++;
	spin_unlock_irqrestore(&d->lock, flags);
}

static void remember(struct blk_disk *d, const struct bio *bio)
{
	if (d->nr_discards < BLK_DISK_DISCARDS)
		d->discards[d->nr_discards] = (struct blk_discard){
			.sector = bio->bi_iter.bi_sector,
			.sectors = bio_sectors(bio),
		};
	d->nr_discards++;
}

/* A disk may say that it is larger than its data. */
static void clear(struct blk_disk *d, const struct bio *bio)
{
	u64 at = bio->bi_iter.bi_sector;

	if (bio_op(bio) == REQ_OP_DISCARD)
		remember(d, bio);
	if (at < d->sectors)
		memset(place_of(d, &bio->bi_iter), 0,
		       min_t(u64, d->sectors - at, bio_sectors(bio)) <<
		       SECTOR_SHIFT);
}

/* As queues do from 6.12 on, where it is not the beginning of a block. */
static bool is_astray(const struct bio *bio)
{
	return !bio->bi_iter.bi_size && bio->bi_iter.bi_sector;
}

static void execute(struct blk_disk *d, struct bio *bio)
{
	bio->bi_status = is_astray(bio) ? BLK_STS_IOERR : d->fail[op_of(bio)];
	count(d, bio);
	if (bio->bi_status)
		return;
	if (op_of(bio) == REQ_OP_READ || op_of(bio) == REQ_OP_WRITE)
		move_data(d, bio);
	else if (bio->bi_iter.bi_size)
		clear(d, bio);
}

static void finish(struct blk_disk *d, struct bio *bio)
{
	execute(d, bio);
	bio_endio(bio);
}

static bool is_held(const struct blk_disk *d, const struct bio *bio)
{
	return d->hold || (d->hold_discards && bio_op(bio) == REQ_OP_DISCARD);
}

static bool defer(struct blk_disk *d, struct bio *bio)
{
	unsigned long flags;
	bool wait;

	spin_lock_irqsave(&d->lock, flags);
	wait = is_held(d, bio) || d->later;
	if (wait)
		bio_list_add(&d->waiting, bio);
	if (wait && !is_held(d, bio))
		queue_work(system_dfl_wq, &d->work);
	spin_unlock_irqrestore(&d->lock, flags);
	return wait;
}

static void submit(struct bio *bio)
{
	struct blk_disk *d = bio->bi_bdev->bd_disk->private_data;

	if (!defer(d, bio))
		finish(d, bio);
}

static int open(pvio_blk_opened *opened, pvio_blk_mode_t mode)
{
	struct blk_disk *d = pvio_blk_opened_disk(opened)->private_data;

	wait_event(d->opening, !READ_ONCE(d->hold_open));
	return 0;
}

static const struct block_device_operations operations = {
	.owner = THIS_MODULE,
	.open = open,
	.submit_bio = submit,
};

static struct bio *next_waiting(struct blk_disk *d)
{
	struct bio *bio = NULL;

	spin_lock_irq(&d->lock);
	if (!d->hold)
		bio = bio_list_pop(&d->waiting);
	spin_unlock_irq(&d->lock);
	return bio;
}

static void finish_waiting(struct work_struct *work)
{
	struct blk_disk *d = container_of(work, struct blk_disk, work);
	struct bio *bio;

	while ((bio = next_waiting(d)))
		finish(d, bio);
}

static struct pvio_blk_limits limits_of(unsigned int block, bool cache)
{
	return (struct pvio_blk_limits){
		.logical = block,
		.physical = block,
		.dma_alignment = SECTOR_SIZE - 1,
		.max_sectors = BLK_SAFE_MAX_SECTORS,
		.max_segments = BLK_MAX_SEGMENTS,
		.max_segment_size = BLK_MAX_SEGMENT_SIZE,
		.seg_boundary = BLK_SEG_BOUNDARY_MASK,
		.discard_sectors = UINT_MAX,
		.erase_sectors = UINT_MAX,
		.discard_granularity = block,
		.write_cache = cache,
		.fua = cache,
	};
}

int blk_disk_set_cache(struct blk_disk *d, bool cache)
{
	struct pvio_blk_limits lim =
		limits_of(queue_logical_block_size(d->disk->queue), cache);

	return pvio_blk_update_limits(d->disk, &lim);
}

static struct gendisk *alloc_disk(unsigned int block)
{
	struct pvio_blk_limits lim = limits_of(block, true);
	struct gendisk *disk = pvio_blk_alloc_bio_disk(&lim);

	return IS_ERR(disk) ? NULL : disk;
}

int blk_disk_make(struct blk_disk *d, const char *name, unsigned int block)
{
	int err;

	spin_lock_init(&d->lock);
	bio_list_init(&d->waiting);
	init_waitqueue_head(&d->opening);
	d->nr_discards = 0;
	INIT_WORK(&d->work, finish_waiting);
	d->sectors = BLK_DISK_SECTORS;
	d->data = vzalloc(d->sectors << SECTOR_SHIFT);
	d->disk = alloc_disk(block);
	if (!d->data || !d->disk)
		return -ENOMEM;
	strscpy(d->disk->disk_name, name, sizeof(d->disk->disk_name));
	d->disk->fops = &operations;
	d->disk->private_data = d;
	d->disk->flags |= GENHD_FL_NO_PART;
	set_capacity(d->disk, d->sectors);
	err = add_disk(d->disk);
	if (!err)
		return 0;
	put_disk(d->disk);
	vfree(d->data);
	d->disk = NULL;
	return err;
}

void blk_disk_drop(struct blk_disk *d)
{
	if (!d->disk)
		return;
	blk_disk_release(d);
	del_gendisk(d->disk);
	flush_work(&d->work);
	put_disk(d->disk);
	vfree(d->data);
	d->disk = NULL;
}

void blk_disk_hold(struct blk_disk *d)
{
	spin_lock_irq(&d->lock);
	d->hold = true;
	spin_unlock_irq(&d->lock);
}

void blk_disk_hold_open(struct blk_disk *d)
{
	WRITE_ONCE(d->hold_open, true);
}

u64 blk_disk_discarded(const struct blk_disk *d)
{
	unsigned int i, nr = min(d->nr_discards, BLK_DISK_DISCARDS + 0u);
	u64 sum = 0;

	for (i = 0; i < nr; i++)
		sum += d->discards[i].sectors;
	return sum;
}

void blk_disk_release(struct blk_disk *d)
{
	spin_lock_irq(&d->lock);
	d->hold = false;
	spin_unlock_irq(&d->lock);
	WRITE_ONCE(d->hold_open, false);
	wake_up_all(&d->opening);
	queue_work(system_dfl_wq, &d->work);
}

unsigned int blk_disk_held(struct blk_disk *d)
{
	unsigned int nr;

	spin_lock_irq(&d->lock);
	nr = bio_list_size(&d->waiting);
	spin_unlock_irq(&d->lock);
	return nr;
}

bool blk_disk_wait_held(struct blk_disk *d, unsigned int nr)
{
	unsigned int try;

	for (try = 0; try < 200; try++) {
		if (blk_disk_held(d) >= nr)
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

unsigned int blk_disk_touched(const struct blk_disk *d)
{
	unsigned int op, sum = 0;

	for (op = 0; op < REQ_OP_LAST; op++)
		sum += READ_ONCE(d->done[op]);
	return sum;
}
