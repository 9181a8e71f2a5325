// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A load on a disk.
 */
#include "tests/loopback/blk/load.h"

#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/vmalloc.h>

/* Sizes go round from half a KiB; the largest is an indirect request. */
#define LARGEST		(96 * 1024)
#define SHARE		(LARGEST / 512 * BLK_LOAD_DEPTH)

static unsigned int size_of(unsigned int round, unsigned int i)
{
	static const unsigned int sizes[] = { 512, 4096, 6144, 65536, LARGEST };

	return sizes[(round + i) % ARRAY_SIZE(sizes)];
}

static void set_up(struct blk_load_thread *t, unsigned int i)
{
	struct blk_io *io = &t->io[i];

	io->data = t->data + i * LARGEST;
	io->bytes = size_of(t->rounds, i);
	io->sector = t->first + i * (LARGEST / 512);
}

static void send_all(struct blk_load_thread *t, blk_opf_t opf)
{
	unsigned int i;

	for (i = 0; i < BLK_LOAD_DEPTH; i++) {
		set_up(t, i);
		if (op_is_write(opf))
			blk_io_fill(t->io[i].data, t->io[i].bytes,
				    t->io[i].sector, t->rounds);
		else
			memset(t->io[i].data, 0, t->io[i].bytes);
		blk_io_send(&t->io[i], t->bdev, opf);
	}
}

/* Returns which of the requests succeeded, as bits. */
static unsigned int await_all(struct blk_load_thread *t)
{
	unsigned int i, good = 0;
	blk_status_t status;

	for (i = 0; i < BLK_LOAD_DEPTH; i++) {
		status = blk_io_await(&t->io[i]);
		if (status == BLK_STS_OK)
			good |= BIT(i);
		else if (status == BLK_IO_LATE)
			t->late++;
		else
			t->failed++;
	}
	return good;
}

static void compare_all(struct blk_load_thread *t, unsigned int good)
{
	unsigned int i;

	for (i = 0; i < BLK_LOAD_DEPTH; i++) {
		if (good & BIT(i) &&
		    !blk_io_is_filled(t->io[i].data, t->io[i].bytes,
				      t->io[i].sector, t->rounds))
			t->wrong++;
	}
}

static int run(void *arg)
{
	struct blk_load_thread *t = arg;
	unsigned int written, read;

	/* One that is never answered would be written to when we are gone. */
	while (!kthread_should_stop() && !t->late) {
		send_all(t, REQ_OP_WRITE);
		written = await_all(t);
		send_all(t, REQ_OP_READ);
		read = await_all(t);
		compare_all(t, written & read);
		WRITE_ONCE(t->rounds, t->rounds + 1);
	}
	while (!kthread_should_stop())
		usleep_range(10000, 20000);
	return 0;
}

static int launch(struct blk_load_thread *t, struct block_device *bdev,
		  unsigned int i)
{
	t->bdev = bdev;
	t->first = i * SHARE;
	t->data = vmalloc(BLK_LOAD_DEPTH * LARGEST);
	if (!t->data)
		return -ENOMEM;
	t->task = kthread_run(run, t, "blk-load-%u", i);
	if (!IS_ERR(t->task))
		return 0;
	vfree(t->data);
	t->data = NULL;
	return PTR_ERR(t->task);
}

int blk_load_start(struct blk_load *load, struct block_device *bdev)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < BLK_LOAD_THREADS && !err; i++)
		err = launch(&load->threads[i], bdev, i);
	return err;
}

void blk_load_stop(struct blk_load *load)
{
	struct blk_load_thread *t = load->threads;

	for (; t < load->threads + BLK_LOAD_THREADS; t++) {
		if (!t->data)
			continue;
		kthread_stop(t->task);
		if (!t->late)
			vfree(t->data);
		t->data = NULL;
	}
}

static bool wait_for(const struct blk_load_thread *t, unsigned int rounds)
{
	unsigned int waited;

	for (waited = 0; waited < BLK_IO_WAIT_MS; waited += 10) {
		if (READ_ONCE(t->rounds) >= rounds)
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

bool blk_load_go_on(const struct blk_load *load, unsigned int rounds)
{
	unsigned int i, goal[BLK_LOAD_THREADS];
	bool good = true;

	for (i = 0; i < BLK_LOAD_THREADS; i++)
		goal[i] = READ_ONCE(load->threads[i].rounds) + rounds;
	for (i = 0; i < BLK_LOAD_THREADS; i++)
		good &= wait_for(&load->threads[i], goal[i]);
	return good;
}

unsigned int blk_load_failed(const struct blk_load *load)
{
	unsigned int i, sum = 0;

	for (i = 0; i < BLK_LOAD_THREADS; i++)
		sum += READ_ONCE(load->threads[i].failed);
	return sum;
}

unsigned int blk_load_lost(const struct blk_load *load)
{
	unsigned int i, sum = 0;

	for (i = 0; i < BLK_LOAD_THREADS; i++)
		sum += READ_ONCE(load->threads[i].late) +
		       READ_ONCE(load->threads[i].wrong);
	return sum;
}
