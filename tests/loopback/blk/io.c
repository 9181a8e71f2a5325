// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Requests of tests to a disk.
 */
#include "tests/loopback/blk/io.h"

#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

/* A sector's words: its number, the seed, and a mix of both that changes. */
static u64 word_of(u64 sector, u32 seed, unsigned int i)
{
	return (sector << 32 | seed) * (2 * i + 1);
}

void blk_io_fill(void *data, unsigned int bytes, u64 sector, u32 seed)
{
	unsigned int i;
	u64 word;

	for (i = 0; i < bytes; i += sizeof(word)) {
		word = word_of(sector + i / 512, seed, i % 512);
		memcpy(data + i, &word, sizeof(word));
	}
}

bool blk_io_is_filled(const void *data, unsigned int bytes, u64 sector,
		      u32 seed)
{
	unsigned int i;
	u64 word;

	for (i = 0; i < bytes; i += sizeof(word)) {
		word = word_of(sector + i / 512, seed, i % 512);
		if (memcmp(data + i, &word, sizeof(word)))
			return false;
	}
	return true;
}

static void end_io(struct bio *bio)
{
	struct blk_io *io = bio->bi_private;

	io->status = bio->bi_status;
	atomic_inc(&io->ended);
	complete(&io->done);
}

/* Memory of vmalloc() is in scattered pages, as a request's usually is. */
static struct page *page_of(const void *at)
{
	return is_vmalloc_addr(at) ? vmalloc_to_page(at) : virt_to_page(at);
}

static void add_data(struct blk_io *io)
{
	unsigned int at, n;

	for (at = 0; at < io->bytes; at += n) {
		n = min_t(unsigned int, io->bytes - at,
			  PAGE_SIZE - offset_in_page(io->data + at));
		WARN_ON(bio_add_page(io->bio, page_of(io->data + at), n,
				     offset_in_page(io->data + at)) != n);
	}
}

void blk_io_send(struct blk_io *io, struct block_device *bdev, blk_opf_t opf)
{
	io->status = BLK_IO_LATE;
	atomic_set(&io->ended, 0);
	init_completion(&io->done);
	io->bio = bio_alloc(bdev, min_t(unsigned int, BIO_MAX_VECS,
					io->bytes / PAGE_SIZE + 2),
			    opf, GFP_KERNEL);
	io->bio->bi_private = io;
	io->bio->bi_end_io = end_io;
	io->bio->bi_iter.bi_sector = io->sector;
	add_data(io);
	submit_bio(io->bio);
}

blk_status_t blk_io_await(struct blk_io *io)
{
	if (!wait_for_completion_timeout(&io->done,
					 msecs_to_jiffies(BLK_IO_WAIT_MS)))
		return BLK_IO_LATE;
	bio_put(io->bio);
	return atomic_read(&io->ended) == 1 ? io->status : BLK_IO_LATE;
}

blk_status_t blk_io_poll(struct blk_io *io)
{
	unsigned long end = jiffies + msecs_to_jiffies(BLK_IO_WAIT_MS);

	while (!completion_done(&io->done) && time_before(jiffies, end)) {
		bio_poll(io->bio, NULL, BLK_POLL_ONESHOT);
		cond_resched();
	}
	return blk_io_await(io);
}

blk_status_t blk_io_do(struct block_device *bdev, blk_opf_t opf, u64 sector,
		       void *data, unsigned int bytes)
{
	struct blk_io io = {
		.data = data, .bytes = bytes, .sector = sector,
	};

	blk_io_send(&io, bdev, opf);
	return blk_io_await(&io);
}

static bool write_and_read(struct block_device *bdev, u64 sector, void *data,
			   unsigned int bytes)
{
	blk_io_fill(data, bytes, sector, bytes);
	if (blk_io_do(bdev, REQ_OP_WRITE, sector, data, bytes))
		return false;
	memset(data, 0, bytes);
	return !blk_io_do(bdev, REQ_OP_READ, sector, data, bytes) &&
	       blk_io_is_filled(data, bytes, sector, bytes);
}

bool blk_io_round_trip(struct block_device *bdev, u64 sector,
		       unsigned int bytes, unsigned int offset)
{
	void *data = vmalloc(bytes + offset);
	bool good;

	if (!data)
		return false;
	good = write_and_read(bdev, sector, data + offset, bytes);
	vfree(data);
	return good;
}

bool blk_io_open(struct pvio_bdev *b, dev_t dev, bool write)
{
	unsigned int waited;

	for (waited = 0; waited < BLK_IO_WAIT_MS; waited += 10) {
		if (!pvio_bdev_open(b, dev, write))
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}
