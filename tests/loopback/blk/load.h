/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A load on a disk: two threads that write and read back, many requests at a
 * time, and compare.
 */
#ifndef PVIO_TESTS_BLK_LOAD_H
#define PVIO_TESTS_BLK_LOAD_H

#include <linux/types.h>

#include "tests/loopback/blk/io.h"

struct block_device;
struct task_struct;

#define BLK_LOAD_THREADS	2
#define BLK_LOAD_DEPTH		16

/**
 * struct blk_load_thread - one of the threads
 * @bdev: the disk
 * @first: sector where its share begins
 * @io: its requests
 * @data: their data
 * @task: the thread
 * @rounds: of writing and reading so far
 * @failed: requests that failed
 * @wrong: reads that found something else than was written
 * @late: requests without an answer
 */
struct blk_load_thread {
	struct block_device *bdev;
	u64 first;
	struct blk_io io[BLK_LOAD_DEPTH];
	u8 *data;
	struct task_struct *task;
	unsigned int rounds;
	unsigned int failed;
	unsigned int wrong;
	unsigned int late;
};

/**
 * struct blk_load - the load; zero before use
 * @threads: the threads
 */
struct blk_load {
	struct blk_load_thread threads[BLK_LOAD_THREADS];
};

/**
 * blk_load_start() - start it
 * @load: zero
 * @bdev: the disk, open for writing
 * Return: 0 or a negative errno.
 */
int blk_load_start(struct blk_load *load, struct block_device *bdev);

/**
 * blk_load_stop() - stop it when the requests at hand have ended
 * @load: started; zeroed except for the counters; may be stopped already
 */
void blk_load_stop(struct blk_load *load);

/**
 * blk_load_go_on() - wait until each thread has done some more rounds
 * @load: running
 * @rounds: how many
 * Return: false when they have not within ten seconds.
 */
bool blk_load_go_on(const struct blk_load *load, unsigned int rounds);

/**
 * blk_load_failed() - requests that failed
 * @load: the load
 */
unsigned int blk_load_failed(const struct blk_load *load);

/**
 * blk_load_lost() - requests unanswered or with wrong data
 * @load: the load
 */
unsigned int blk_load_lost(const struct blk_load *load);

#endif /* PVIO_TESTS_BLK_LOAD_H */
