/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The bench of the block frontend's tests: a played backend, requests, and
 * the book of what was held.
 */
#ifndef PVIO_TESTS_BF_BENCH_H
#define PVIO_TESTS_BF_BENCH_H

#include <kunit/test.h>
#include <linux/bio.h>
#include <linux/completion.h>

#include "compat/bdev.h"
#include "tests/loopback/loop.h"
#include "xenbus/resource.h"

#define XVDA		MKDEV(202, 0)
#define WAIT_MS		5000
#define FAILED_LATE	((blk_status_t)255)

/* What the bench holds for one test. */
struct bench {
	struct loop_pair pair;
	struct pvio_bdev bdev;
	s64 held[PVIO_RES_NR];
	unsigned int grants;
};

/* One request of a test. */
struct io {
	struct bio *bio;
	struct completion done;
	blk_status_t status;
	u8 *data;
	unsigned int bytes;
};

/* Of a suite: what is held at the end must be what was held before. */
int bf_bench_init(struct kunit *test);
void bf_bench_exit(struct kunit *test);

/* The disk of one connection, from its appearance to its removal. */
bool bf_bench_connected(struct bench *b);
void bf_bench_begin(struct kunit *test);
void bf_bench_open(struct kunit *test);
void bf_bench_end(struct kunit *test);

/* Requests, one by one. */
void bf_bench_send(struct kunit *test, struct io *io, blk_opf_t opf,
		   u64 sector);
bool bf_bench_ended(struct io *io);
blk_status_t bf_bench_await(struct io *io);
blk_status_t bf_bench_transfer(struct kunit *test, blk_opf_t opf, u64 sector,
			       u8 *data, unsigned int bytes);

/* Data written, read back and compared. */
void bf_bench_fill(u8 *data, unsigned int bytes, u8 seed);
void bf_bench_round_trip(struct kunit *test, u64 sector, unsigned int bytes);
void bf_bench_all_sizes(struct kunit *test);
void bf_bench_expect_heals(struct kunit *test);

#endif /* PVIO_TESTS_BF_BENCH_H */
