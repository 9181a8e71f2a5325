/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the tests of block devices have in common: a device with both ends and
 * the disk that backs it, what is held before and after, and the log lines.
 */
#ifndef PVIO_TESTS_BLK_BENCH_H
#define PVIO_TESTS_BLK_BENCH_H

#include <kunit/test.h>

#include "tests/loopback/blk/disk.h"
#include "tests/loopback/blk/io.h"
#include "tests/loopback/loop.h"
#include "xenbus/resource.h"

#define BENCH_WAIT_MS	5000

/**
 * struct blk_duo - a block device, both ends, and what backs it
 * @pair: both ends
 * @disk: what backs it
 * @bdev: the guest's disk while a test has it open
 * @number: of the virtual disk: 0 for xvda and so on
 * @queues: most queues to offer, 0: what the backend would
 * @order: log2 of the most ring pages to offer
 * @made: there is something to drop
 */
struct blk_duo {
	struct loop_pair pair;
	struct blk_disk disk;
	struct pvio_bdev bdev;
	unsigned int number;
	unsigned int queues;
	unsigned int order;
	bool made;
};

/**
 * struct blk_baseline - what was held before a test
 * @held: by kind
 * @grants: references in use
 */
struct blk_baseline {
	s64 held[PVIO_RES_NR];
	unsigned int grants;
};

/**
 * struct blk_single - a device and one request at a time, a test's own
 * @base: what was held before
 * @duo: the device
 * @io: the request
 */
struct blk_single {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_io io;
};

/**
 * blk_single_init() - of a suite: make test->priv such a device, not started
 * @test: the test
 * @sector: where the request is
 * @bytes: its size
 */
void blk_single_init(struct kunit *test, u64 sector, unsigned int bytes);

/**
 * blk_single_exit() - of a suite: remove it, expect nothing to be held
 * @test: the test
 */
void blk_single_exit(struct kunit *test);

/**
 * blk_baseline_note() - remember what is held
 * @base: filled in
 */
void blk_baseline_note(struct blk_baseline *base);

/**
 * blk_baseline_expect() - expect nothing more to be held, no event undone
 * @test: the test
 * @base: what was held
 */
void blk_baseline_expect(struct kunit *test, const struct blk_baseline *base);

/**
 * blk_duo_make() - make a device's xenstore directories and its disk
 * @test: the test
 * @duo: zero but for @number
 * @block: logical block of the disk in bytes
 */
void blk_duo_make(struct kunit *test, struct blk_duo *duo, unsigned int block);

/**
 * blk_duo_drop() - unplug both ends and remove everything
 * @duo: may have nothing to remove
 */
void blk_duo_drop(struct blk_duo *duo);

/**
 * blk_duo_plug_back() - plug the backend, as the toolstack does
 * @test: the test
 * @duo: its ends are unplugged
 */
void blk_duo_plug_back(struct kunit *test, struct blk_duo *duo);

/**
 * blk_duo_connected() - wait until both ends are connected
 * @duo: both ends are plugged
 */
bool blk_duo_connected(const struct blk_duo *duo);

/**
 * blk_duo_open() - open the disk as soon as it is there
 * @duo: both ends are plugged
 * @write: for writing
 * Return: true when it is open.
 */
bool blk_duo_open(struct blk_duo *duo, bool write);

/**
 * blk_duo_start() - plug both ends, wait, and open the disk
 * @test: the test
 * @duo: its ends are unplugged
 * @write: open it for writing
 */
void blk_duo_start(struct kunit *test, struct blk_duo *duo, bool write);

/**
 * blk_duo_stop() - close the disk and unplug both ends
 * @duo: as may be
 */
void blk_duo_stop(struct blk_duo *duo);

/**
 * blk_duo_expect_serves() - expect a write and a read of it to succeed
 * @test: the test
 * @duo: its disk is open
 */
void blk_duo_expect_serves(struct kunit *test, struct blk_duo *duo);

/**
 * blk_lines_begin() - count log lines of a device from now on
 * @end: the device's end, plugged
 */
void blk_lines_begin(const struct loop_end *end);

/**
 * blk_lines() - log lines since, shown or not, for five seconds at most
 * @end: the device's end, plugged
 */
unsigned int blk_lines(const struct loop_end *end);

/**
 * blk_lines_shown() - of these, the ones shown
 * @end: the device's end, plugged
 */
unsigned int blk_lines_shown(const struct loop_end *end);

/**
 * blk_param_set() - write a module's parameter, as an administrator does
 * @test: the test
 * @name: "module/parameters/name"
 * @value: its value
 */
void blk_param_set(struct kunit *test, const char *name, const char *value);

#endif /* PVIO_TESTS_BLK_BENCH_H */
