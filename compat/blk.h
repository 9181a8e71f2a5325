/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The block layer's side for disk drivers, from 6.1 to 7.2.
 *
 * 6.5	blk_mode_t instead of fmode_t; open and release take the disk;
 *	requests given back keep their order
 * 6.9	blk_mq_alloc_disk() and blk_alloc_disk() take limits
 * 6.11	limits change as a whole; no more setters; features are limits
 * 6.13	lists of requests have a type
 * 6.14	BLK_MQ_F_SHOULD_MERGE is gone, merging is the rule
 * 6.18	getgeo takes the disk
 */
#ifndef PVIO_COMPAT_BLK_H
#define PVIO_COMPAT_BLK_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>

#include "compat/pvio_compat.h"

#ifdef BLK_OPEN_READ
#define pvio_blk_mode_t blk_mode_t
#define pvio_blk_opened	struct gendisk
#define pvio_blk_opened_disk(_of)	(_of)
#define PVIO_BLK_RELEASE(_name) \
	static void _name(struct gendisk *disk)
#else
#define pvio_blk_mode_t fmode_t
#define pvio_blk_opened	struct block_device
#define pvio_blk_opened_disk(_of)	((_of)->bd_disk)
#define PVIO_BLK_RELEASE(_name) \
	static void _name(struct gendisk *disk, fmode_t mode)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define PVIO_BLK_MERGE	BLK_MQ_F_SHOULD_MERGE
#else
#define PVIO_BLK_MERGE	0
#endif

/* What getgeo is called with, the disk that it means, and how to call it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define pvio_blk_geo	struct block_device
#define pvio_blk_geo_disk(_of)	((_of)->bd_disk)
#define pvio_blk_geo_of(_bdev)	(_bdev)
#else
#define pvio_blk_geo	struct gendisk
#define pvio_blk_geo_disk(_of)	(_of)
#define pvio_blk_geo_of(_bdev)	((_bdev)->bd_disk)
#endif

/* A macro as long as a list was a pointer; 6.13, and 6.12.y later than that. */
#ifdef rq_list_empty
#define pvio_blk_plug_empty(_plug)	rq_list_empty((_plug)->mq_list)
#else
#define pvio_blk_plug_empty(_plug)	rq_list_empty(&(_plug)->mq_list)
#endif

/**
 * struct pvio_blk_limits - what a disk can do
 * @logical: logical block in bytes
 * @physical: physical block in bytes
 * @dma_alignment: mask that addresses and lengths of buffers keep clear
 * @max_sectors: most sectors of a request
 * @max_segments: most pieces of a request
 * @max_segment_size: most bytes of a piece
 * @seg_boundary: mask of addresses that a piece does not cross
 * @discard_sectors: most sectors of a discard, 0 for no discards
 * @erase_sectors: most sectors of a secure erase, 0 for none
 * @discard_granularity: of discards in bytes
 * @discard_alignment: of discards in bytes
 * @write_cache: it needs flushes
 * @fua: it takes FUA writes
 */
struct pvio_blk_limits {
	unsigned int logical;
	unsigned int physical;
	unsigned int dma_alignment;
	unsigned int max_sectors;
	unsigned int max_segments;
	unsigned int max_segment_size;
	unsigned long seg_boundary;
	unsigned int discard_sectors;
	unsigned int erase_sectors;
	unsigned int discard_granularity;
	unsigned int discard_alignment;
	bool write_cache;
	bool fua;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)

/* 6.9 and 6.10 have the structure, and the cache beside it. */
#ifdef BLK_FEAT_WRITE_CACHE
static inline void pvio_blk_fill_cache(struct queue_limits *q,
				       const struct pvio_blk_limits *lim)
{
	q->features &= ~(BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA);
	if (lim->write_cache)
		q->features |= BLK_FEAT_WRITE_CACHE;
	if (lim->fua)
		q->features |= BLK_FEAT_FUA;
}

static inline void pvio_blk_set_cache(struct gendisk *disk,
				      const struct pvio_blk_limits *lim)
{
}
#else
static inline void pvio_blk_fill_cache(struct queue_limits *q,
				       const struct pvio_blk_limits *lim)
{
}

static inline void pvio_blk_set_cache(struct gendisk *disk,
				      const struct pvio_blk_limits *lim)
{
	blk_queue_flag_set(QUEUE_FLAG_NONROT, disk->queue);
	blk_queue_write_cache(disk->queue, lim->write_cache, lim->fua);
}
#endif

static inline void pvio_blk_fill_limits(struct queue_limits *q,
					const struct pvio_blk_limits *lim)
{
	q->logical_block_size = lim->logical;
	q->physical_block_size = lim->physical;
	q->dma_alignment = lim->dma_alignment;
	q->max_hw_sectors = lim->max_sectors;
	q->max_segments = lim->max_segments;
	q->max_segment_size = lim->max_segment_size;
	q->seg_boundary_mask = lim->seg_boundary;
	q->max_hw_discard_sectors = lim->discard_sectors;
	q->max_secure_erase_sectors = lim->erase_sectors;
	q->discard_granularity = lim->discard_granularity;
	q->discard_alignment = lim->discard_alignment;
	pvio_blk_fill_cache(q, lim);
}

static inline struct gendisk *
pvio_blk_alloc_disk(struct blk_mq_tag_set *tags,
		    const struct pvio_blk_limits *lim, void *data)
{
	struct queue_limits q = {};
	struct gendisk *disk;

	pvio_blk_fill_limits(&q, lim);
	disk = blk_mq_alloc_disk(tags, &q, data);
	if (!IS_ERR(disk))
		pvio_blk_set_cache(disk, lim);
	return disk;
}

static inline struct gendisk *
pvio_blk_alloc_bio_disk(const struct pvio_blk_limits *lim)
{
	struct queue_limits q = {};
	struct gendisk *disk;

	pvio_blk_fill_limits(&q, lim);
	disk = blk_alloc_disk(&q, NUMA_NO_NODE);
	if (!IS_ERR(disk))
		pvio_blk_set_cache(disk, lim);
	return disk;
}

/*
 * From 6.14 on, sysfs takes the lock and then waits for all requests.  So this
 * does not wait for the lock: -EAGAIN.
 */
static inline int pvio_blk_update_limits(struct gendisk *disk,
					 const struct pvio_blk_limits *lim)
{
	struct queue_limits q;
	int err;

	if (!mutex_trylock(&disk->queue->limits_lock))
		return -EAGAIN;
	q = disk->queue->limits;
	pvio_blk_fill_limits(&q, lim);
	err = queue_limits_commit_update(disk->queue, &q);
	if (!err)
		pvio_blk_set_cache(disk, lim);
	return err;
}

/* As the block layer does it: a plain write, read without a lock. */
static inline void pvio_blk_disable_discard(struct gendisk *disk)
{
	struct queue_limits *q = &disk->queue->limits;

	q->max_discard_sectors = 0;
	q->max_secure_erase_sectors = 0;
}

#else /* 6.9 */

static inline int pvio_blk_update_limits(struct gendisk *disk,
					 const struct pvio_blk_limits *lim)
{
	struct request_queue *q = disk->queue;

	blk_queue_logical_block_size(q, lim->logical);
	blk_queue_physical_block_size(q, lim->physical);
	blk_queue_dma_alignment(q, lim->dma_alignment);
	blk_queue_max_hw_sectors(q, lim->max_sectors);
	blk_queue_max_segments(q, lim->max_segments);
	blk_queue_max_segment_size(q, lim->max_segment_size);
	blk_queue_segment_boundary(q, lim->seg_boundary);
	blk_queue_max_discard_sectors(q, lim->discard_sectors);
	blk_queue_max_secure_erase_sectors(q, lim->erase_sectors);
	q->limits.discard_granularity = lim->discard_granularity;
	q->limits.discard_alignment = lim->discard_alignment;
	blk_queue_write_cache(q, lim->write_cache, lim->fua);
	return 0;
}

static inline void pvio_blk_disable_discard(struct gendisk *disk)
{
	blk_queue_max_discard_sectors(disk->queue, 0);
	blk_queue_max_secure_erase_sectors(disk->queue, 0);
}

static inline struct gendisk *
pvio_blk_alloc_disk(struct blk_mq_tag_set *tags,
		    const struct pvio_blk_limits *lim, void *data)
{
	struct gendisk *disk = blk_mq_alloc_disk(tags, data);

	if (IS_ERR(disk))
		return disk;
	blk_queue_flag_set(QUEUE_FLAG_NONROT, disk->queue);
	pvio_blk_update_limits(disk, lim);
	return disk;
}

static inline struct gendisk *
pvio_blk_alloc_bio_disk(const struct pvio_blk_limits *lim)
{
	struct gendisk *disk = blk_alloc_disk(NUMA_NO_NODE);

	if (!disk)
		return ERR_PTR(-ENOMEM);
	pvio_blk_update_limits(disk, lim);
	return disk;
}

#endif /* 6.9 */

/* Does it have queues for polled requests? */
static inline bool pvio_blk_polls(struct request_queue *q)
{
#ifdef BLK_FEAT_POLL
	return q->limits.features & BLK_FEAT_POLL;
#else
	return test_bit(QUEUE_FLAG_POLL, &q->queue_flags);
#endif
}

/*
 * Requests given back before one kick of the requeue list are sent in this
 * order, or in the reverse one.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define PVIO_BLK_REQUEUE_REVERSES	false
#else
#define PVIO_BLK_REQUEUE_REVERSES	true
#endif

/**
 * pvio_blk_requeue() - give a started request back, to be sent again
 * @rq: the request
 *
 * To the hardware queue itself: the queues of the CPUs that sent them keep no
 * order among each other. Context: any.
 */
static inline void pvio_blk_requeue(struct request *rq)
{
	rq->rq_flags |= RQF_DONTPREP;
	blk_mq_requeue_request(rq, false);
}

#endif /* PVIO_COMPAT_BLK_H */
