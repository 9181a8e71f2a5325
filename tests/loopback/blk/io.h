/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Requests of tests to a disk: sent, awaited, and their data verified.  Every
 * sector holds its own number and a seed, so that nothing can be at the wrong
 * place or of the wrong time unnoticed.
 */
#ifndef PVIO_TESTS_BLK_IO_H
#define PVIO_TESTS_BLK_IO_H

#include <linux/bio.h>
#include <linux/completion.h>

#include "compat/bdev.h"

/* Not answered in time. */
#define BLK_IO_LATE	((blk_status_t)255)
#define BLK_IO_WAIT_MS	10000

/*
 * Where memory begins in its page that is as odd as the kernel lets it be, and what
 * becomes of memory that is odder than a sector.
 */
#ifdef PVIO_BIO_IS_ALIGNED
#define BLK_IO_ODD		512
#define BLK_IO_ODD_STEP		512
#define BLK_IO_UNALIGNED	BLK_STS_INVAL
#else
#define BLK_IO_ODD		100
#define BLK_IO_ODD_STEP		4
#define BLK_IO_UNALIGNED	BLK_STS_OK
#endif

/* What a discard comes to where there are none. */
#ifdef PVIO_DISCARD_IS_HINT
#define BLK_IO_NO_DISCARD	0
#else
#define BLK_IO_NO_DISCARD	(-EOPNOTSUPP)
#endif

/* What becomes of a polled request where none is polled for. */
#ifdef PVIO_POLL_IS_DEMAND
#define BLK_IO_NO_POLL		BLK_STS_NOTSUPP
#else
#define BLK_IO_NO_POLL		BLK_STS_OK
#endif

/**
 * struct blk_io - one request; zero before use
 * @bio: it
 * @done: it ended
 * @status: how
 * @ended: how often
 * @data: its data
 * @bytes: how much
 * @sector: where on the disk
 */
struct blk_io {
	struct bio *bio;
	struct completion done;
	blk_status_t status;
	atomic_t ended;
	u8 *data;
	unsigned int bytes;
	u64 sector;
};

/**
 * blk_io_fill() - write sector numbers and a seed into memory
 * @data: the memory
 * @bytes: how much, a multiple of 512
 * @sector: of the first byte
 * @seed: the seed
 */
void blk_io_fill(void *data, unsigned int bytes, u64 sector, u32 seed);

/**
 * blk_io_is_filled() - is that what was written?
 * @data: the memory
 * @bytes: how much
 * @sector: of the first byte
 * @seed: the seed
 */
bool blk_io_is_filled(const void *data, unsigned int bytes, u64 sector,
		      u32 seed);

/**
 * blk_io_send() - send a request with a read's or write's data
 * @io: @data, @bytes and @sector are set
 * @bdev: the disk
 * @opf: REQ_*
 */
void blk_io_send(struct blk_io *io, struct block_device *bdev, blk_opf_t opf);

/**
 * blk_io_await() - wait for the end of a request
 * @io: it was sent
 * Return: its status, or BLK_IO_LATE.
 */
blk_status_t blk_io_await(struct blk_io *io);

/**
 * blk_io_poll() - look for the end of a request sent with REQ_POLLED
 * @io: it was sent
 * Return: its status, or BLK_IO_LATE.
 */
blk_status_t blk_io_poll(struct blk_io *io);

/**
 * blk_io_do() - send a request and wait for its end
 * @bdev: the disk
 * @opf: REQ_*
 * @sector: where
 * @data: its data
 * @bytes: how much
 * Return: its status, or BLK_IO_LATE.
 */
blk_status_t blk_io_do(struct block_device *bdev, blk_opf_t opf, u64 sector,
		       void *data, unsigned int bytes);

/**
 * blk_io_round_trip() - write, read back, compare
 * @bdev: the disk
 * @sector: where
 * @bytes: how much
 * @offset: of the data in its first page
 * Return: true when all went well.
 */
bool blk_io_round_trip(struct block_device *bdev, u64 sector,
		       unsigned int bytes, unsigned int offset);

/**
 * blk_io_open() - open a disk as soon as it is there, for three seconds
 * @b: filled in
 * @dev: its number
 * @write: for writing, too
 * Return: true when it is open.
 */
bool blk_io_open(struct pvio_bdev *b, dev_t dev, bool write);

#endif /* PVIO_TESTS_BLK_IO_H */
