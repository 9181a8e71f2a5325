/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A disk in memory for tests of the block backend.  It counts what it is asked
 * to do, holds it back, ends it in another context, or fails it.
 */
#ifndef PVIO_TESTS_BLK_DISK_H
#define PVIO_TESTS_BLK_DISK_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* 8 MiB. */
#define BLK_DISK_SECTORS	16384
/* Discards that are remembered. */
#define BLK_DISK_DISCARDS	32

/**
 * struct blk_discard - a discard that was ended
 * @sector: where it began
 * @sectors: how long it was
 */
struct blk_discard {
	u64 sector;
	u32 sectors;
};

/**
 * struct blk_disk - the disk
 * @disk: what the kernel sees
 * @data: its content
 * @sectors: its size
 * @work: ends what waits
 * @lock: covers @waiting, @hold and @done
 * @waiting: requests not yet begun
 * @hold: leave them there
 * @hold_discards: leave discards there, and nothing else
 * @hold_open: whoever opens the disk waits
 * @opening: woken when that ends
 * @later: end requests from @work instead of where they are submitted
 * @fail: by REQ_OP_*: what requests end with instead of being done
 * @done: by REQ_OP_*: requests ended; a flush may be part of another one
 * @flushed_after: writes that were done when the last flush was
 * @fua: writes that were to be durable
 * @discards: the first discards
 * @nr_discards: how many there were
 */
struct blk_disk {
	struct gendisk *disk;
	u8 *data;
	u64 sectors;
	struct work_struct work;
	spinlock_t lock;	/* see above */
	struct bio_list waiting;
	bool hold;
	bool hold_discards;
	bool hold_open;
	wait_queue_head_t opening;
	bool later;
	blk_status_t fail[REQ_OP_LAST];
	unsigned int done[REQ_OP_LAST];
	unsigned int flushed_after;
	unsigned int fua;
	struct blk_discard discards[BLK_DISK_DISCARDS];
	unsigned int nr_discards;
};

/**
 * blk_disk_make() - make a disk of BLK_DISK_SECTORS, with a cache
 * @d: filled in
 * @name: its name, of its own among all disks
 * @block: logical block in bytes
 * Return: 0 or a negative errno.
 */
int blk_disk_make(struct blk_disk *d, const char *name, unsigned int block);

/**
 * blk_disk_set_cache() - from now on it has a cache, or none
 * @d: the disk
 * @cache: whether it needs flushes, and takes FUA writes
 * Return: 0 or a negative errno.
 */
int blk_disk_set_cache(struct blk_disk *d, bool cache);

/**
 * blk_disk_drop() - remove it
 * @d: the disk; nothing is in flight; may be removed already
 */
void blk_disk_drop(struct blk_disk *d);

/**
 * blk_disk_hold() - begin nothing until released
 * @d: the disk
 */
void blk_disk_hold(struct blk_disk *d);

/**
 * blk_disk_hold_open() - let who opens it wait until released
 * @d: the disk
 */
void blk_disk_hold_open(struct blk_disk *d);

/**
 * blk_disk_discarded() - sectors of the discards that are remembered
 * @d: the disk
 */
u64 blk_disk_discarded(const struct blk_disk *d);

/**
 * blk_disk_release() - begin what was held, hold no more
 * @d: the disk
 */
void blk_disk_release(struct blk_disk *d);

/**
 * blk_disk_wait_held() - wait until so many requests are held
 * @d: the disk
 * @nr: how many
 * Return: false when there are not within two seconds.
 */
bool blk_disk_wait_held(struct blk_disk *d, unsigned int nr);

/**
 * blk_disk_held() - requests that are held now
 * @d: the disk
 */
unsigned int blk_disk_held(struct blk_disk *d);

/**
 * blk_disk_touched() - requests of all kinds that were ended
 * @d: the disk
 */
unsigned int blk_disk_touched(const struct blk_disk *d);

#endif /* PVIO_TESTS_BLK_DISK_H */
