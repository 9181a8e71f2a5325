/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A device's whole life with calls of the provider failing in it: each kind of
 * call, and so often that each of them has failed once.
 */
#ifndef PVIO_TESTS_RECOVER_H
#define PVIO_TESTS_RECOVER_H

#include <kunit/test.h>
#include <linux/types.h>

#include "tests/loopback/loop.h"
#include "xenbus/resource.h"

/**
 * struct recover - one such life
 * @test: the case
 * @pair: the device
 * @op: what fails
 * @nth: the first call that does
 * @err: with what; what passes must heal by itself, another error need not
 * @lives: lives so far
 * @wrong: what was wrong so far
 * @held: resources before
 * @grants: references before
 */
struct recover {
	struct kunit *test;
	struct loop_pair *pair;
	enum loop_op op;
	unsigned int nth;
	int err;
	unsigned int lives;
	unsigned int wrong;
	s64 held[PVIO_RES_NR];
	unsigned int grants;
};

/**
 * recover_each() - live with each failure of some operations
 * @r: its @test and @pair are set
 * @ops: the operations, BIT(LOOP_...) of each
 * @live: from probe to removal, with traffic and a reconnect
 */
void recover_each(struct recover *r, unsigned long ops,
		  void (*live)(struct recover *r));

/**
 * recover_plug() - have a driver find its end
 * @r: the life
 * @end: the end; a probe that failed for good is repeated, as rebinding does
 */
void recover_plug(struct recover *r, struct loop_end *end);

/**
 * recover_connects() - expect the pair to connect
 * @r: the life
 *
 * By itself, however late; what failed for good has left a reason for the
 * toolstack, and connects when the frontend does so anew.
 */
void recover_connects(struct recover *r);

/**
 * recover_has_begun() - has anything failed yet?
 * @r: the life
 */
bool recover_has_begun(const struct recover *r);

/**
 * recover_expect() - expect something
 * @r: the life
 * @ok: whether it is so
 * @what: what it is
 */
void recover_expect(struct recover *r, bool ok, const char *what);

#endif /* PVIO_TESTS_RECOVER_H */
