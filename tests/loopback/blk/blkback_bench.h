/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The block backend faced with a frontend that tests play, beside a device
 * with both drivers that must not notice.
 */
#ifndef PVIO_TESTS_BLK_BACK_BENCH_H
#define PVIO_TESTS_BLK_BACK_BENCH_H

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/play/blkfront.h"

/**
 * struct blk_back_bench - what each test has in test->priv
 * @base: what was held before
 * @duo: the device whose frontend is played
 * @other: a device with both drivers, which serves all the time
 */
struct blk_back_bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_duo other;
};

/* Of a suite: before and after each test. */
int blk_back_init(struct kunit *test);
void blk_back_exit(struct kunit *test);

/**
 * blk_back_disk() - the disk that backs the device
 * @test: the test
 */
struct blk_disk *blk_back_disk(struct kunit *test);

/**
 * blk_back_plug() - plug both ends according to blk_guest_plan
 * @test: the test
 */
void blk_back_plug(struct kunit *test);

/**
 * blk_back_begin() - connect an ordinary guest
 * @test: the test
 * @abi: layout of its requests
 */
void blk_back_begin(struct kunit *test, enum pvio_blk_abi abi);

/**
 * blk_back_begin_planned() - connect according to blk_guest_plan
 * @test: the test
 */
void blk_back_begin_planned(struct kunit *test);

/**
 * blk_back_end() - unplug both ends; every request must have been answered
 * @test: the test
 */
void blk_back_end(struct kunit *test);

/**
 * blk_back_expect_serves() - expect a write and a read to succeed
 * @test: the test
 */
void blk_back_expect_serves(struct kunit *test);

/**
 * blk_back_expect() - expect an answer
 * @test: the test
 * @req: what to ask
 * @status: the answer
 */
void blk_back_expect(struct kunit *test, const struct blkif_request *req,
		     s16 status);

/**
 * blk_back_expect_refused() - the same, with a line and without any I/O
 * @test: the test
 * @req: what to ask
 * @status: the answer
 */
void blk_back_expect_refused(struct kunit *test,
			     const struct blkif_request *req, s16 status);

/**
 * blk_back_expect_broken() - expect the device to be disabled, with a line
 * @test: the test
 */
void blk_back_expect_broken(struct kunit *test);

/**
 * blk_back_expect_heals() - expect an ordinary guest to be served now
 * @test: the test
 */
void blk_back_expect_heals(struct kunit *test);

#endif /* PVIO_TESTS_BLK_BACK_BENCH_H */
