// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The bench of the block frontend's tests: a played backend, requests, and
 * the book of what was held.
 */
#include "tests/loopback/blk/blkfront_bench.h"

#include <linux/delay.h>
#include <linux/slab.h>

#include "blkfront/vbd.h"
#include "tests/loopback/play/blkback.h"

int bf_bench_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	enum pvio_resource res;
	int err;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	for (res = 0; res < PVIO_RES_NR; res++)
		b->held[res] = pvio_outstanding(res);
	b->grants = pvio_loop_grants_in_use();
	err = blk_peer_start(&b->pair);
	if (!err)
		err = pvio_loop_make(&b->pair, LOOP_FRONT_DOMAIN, "vbd", 51712);
	if (!err)
		err = pvio_loop_put(b->pair.front.own, "virtual-device",
				    "51712");
	return err;
}

void bf_bench_exit(struct kunit *test)
{
	struct bench *b = test->priv;
	enum pvio_resource res;

	pvio_loop_flood_off();
	pvio_loop_fail_none();
	if (b->bdev.bdev)
		pvio_bdev_close(&b->bdev);
	pvio_loop_drop(&b->pair);
	blk_peer_stop();
	for (res = 0; res < PVIO_RES_NR; res++)
		KUNIT_EXPECT_EQ_MSG(test, pvio_outstanding(res), b->held[res],
				    "%s", pvio_resource_name(res));
	KUNIT_EXPECT_EQ(test, pvio_loop_grants_in_use(), b->grants);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
}

bool bf_bench_connected(struct bench *b)
{
	return pvio_loop_wait(&b->pair.front, XenbusStateConnected, WAIT_MS) &&
	       pvio_loop_wait(&b->pair.back, XenbusStateConnected, WAIT_MS);
}

static bool disk_appears(struct bench *b)
{
	unsigned int waited;

	for (waited = 0; waited < WAIT_MS; waited += 10) {
		if (!pvio_bdev_open(&b->bdev, XVDA, true))
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

void bf_bench_open(struct kunit *test)
{
	KUNIT_ASSERT_TRUE(test, disk_appears(test->priv));
}

/* The scan for partitions may outlast the first open, and is a reader. */
static bool disk_is_scanned(struct bench *b)
{
	const struct pvio_bf_vbd *vbd = b->pair.front.pdev->priv;
	unsigned int waited;

	for (waited = 0; waited < WAIT_MS; waited += 10) {
		if (READ_ONCE(vbd->added))
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

/* Both ends anew, and the disk opened. */
void bf_bench_begin(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_ASSERT_TRUE(test, bf_bench_connected(b));
	bf_bench_open(test);
	KUNIT_ASSERT_TRUE(test, disk_is_scanned(b));
	blk_peer_forget();
}

void bf_bench_end(struct kunit *test)
{
	struct bench *b = test->priv;

	if (b->bdev.bdev)
		pvio_bdev_close(&b->bdev);
	b->bdev.bdev = NULL;
	pvio_loop_unplug(&b->pair.front);
	pvio_loop_settle();
	pvio_loop_unplug(&b->pair.back);
	pvio_loop_set_state(&b->pair.back, XenbusStateInitialising);
	pvio_loop_put(b->pair.back.own, "online", "1");
	blk_peer_plan.nr_keys = 0;
	blk_peer_plan.hold = false;
}

static void io_ended(struct bio *bio)
{
	struct io *io = bio->bi_private;

	io->status = bio->bi_status;
	complete(&io->done);
}

static void set_up_io(struct kunit *test, struct io *io, unsigned int bytes,
		      blk_opf_t opf)
{
	struct bench *b = test->priv;
	unsigned int at, n;

	io->bytes = bytes;
	io->status = FAILED_LATE;
	init_completion(&io->done);
	io->bio = bio_alloc(b->bdev.bdev, BIO_MAX_VECS, opf,
			    GFP_KERNEL);
	io->bio->bi_private = io;
	io->bio->bi_end_io = io_ended;
	for (at = 0; at < bytes; at += n) {
		n = min(4096U, bytes - at);
		WARN_ON(bio_add_page(io->bio, virt_to_page(io->data + at), n,
				     offset_in_page(io->data + at)) != n);
	}
}

/* Sends a request of @bytes from @data, which is contiguous. */
void bf_bench_send(struct kunit *test, struct io *io, blk_opf_t opf, u64 sector)
{
	set_up_io(test, io, io->bytes, opf);
	io->bio->bi_iter.bi_sector = sector;
	submit_bio(io->bio);
}

/* Waits, and leaves it to be awaited again. */
bool bf_bench_ended(struct io *io)
{
	if (!wait_for_completion_timeout(&io->done, msecs_to_jiffies(WAIT_MS)))
		return false;
	complete(&io->done);
	return true;
}

blk_status_t bf_bench_await(struct io *io)
{
	if (!wait_for_completion_timeout(&io->done, msecs_to_jiffies(WAIT_MS)))
		return FAILED_LATE;
	bio_put(io->bio);
	return io->status;
}

blk_status_t bf_bench_transfer(struct kunit *test, blk_opf_t opf, u64 sector,
			       u8 *data, unsigned int bytes)
{
	struct io io = { .data = data, .bytes = bytes };

	bf_bench_send(test, &io, opf, sector);
	return bf_bench_await(&io);
}

void bf_bench_fill(u8 *data, unsigned int bytes, u8 seed)
{
	unsigned int i;

	for (i = 0; i < bytes; i++)
		data[i] = seed + i * 7 + i / 509;
}

/* Writes and reads back @bytes at @sector. */
void bf_bench_round_trip(struct kunit *test, u64 sector, unsigned int bytes)
{
	u8 *out = alloc_pages_exact(bytes, GFP_KERNEL);
	u8 *in = alloc_pages_exact(bytes, GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_TRUE(test, out && in);
	bf_bench_fill(out, bytes, sector);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_WRITE, sector, out, bytes),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, bf_bench_transfer(test, REQ_OP_READ, sector, in, bytes),
			BLK_STS_OK);
	KUNIT_EXPECT_EQ(test, memcmp(in, out, bytes), 0);
	free_pages_exact(in, bytes);
	free_pages_exact(out, bytes);
}

void bf_bench_all_sizes(struct kunit *test)
{
	static const unsigned int sizes[] = {
		512, 1024, 4096, 4608, 11 * 4096, 11 * 4096 + 512, 128 * 1024,
		1024 * 1024, 2 * 1024 * 1024,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		bf_bench_round_trip(test, i * 8 + 3, sizes[i]);
}

/* A disk that was refused or broken comes back and serves. */
void bf_bench_expect_heals(struct kunit *test)
{
	bf_bench_end(test);
	memset(blk_peer_plan.status, 0, sizeof(blk_peer_plan.status));
	pvio_loop_fail_none();
	bf_bench_begin(test);
	bf_bench_round_trip(test, 100, 8192);
}
