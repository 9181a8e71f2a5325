// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What code that is compiled with -fsanitize-coverage=trace-pc calls at the
 * beginning of each block.
 */
#include "tests/loopback/coverage.h"

#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/instruction_pointer.h>
#include <linux/module.h>

#define POINT_BITS	17
#define POINTS		BIT(POINT_BITS)

/* By address; of some ten thousand few share a place. */
static DECLARE_BITMAP(seen, POINTS);
static DECLARE_BITMAP(known, POINTS);
static unsigned int blocks;

/* Runs anywhere, also with interrupts off; what is seen already is only read. */
notrace void __sanitizer_cov_trace_pc(void)
{
	u32 at = hash_long(_RET_IP_, POINT_BITS);

	if (!test_bit(at, seen))
		set_bit(at, seen);
}
EXPORT_SYMBOL_GPL(__sanitizer_cov_trace_pc);

unsigned int pvio_coverage_fresh(void)
{
	unsigned int at, fresh = 0;

	for_each_andnot_bit(at, seen, known, POINTS) {
		__set_bit(at, known);
		fresh++;
	}
	blocks += fresh;
	return fresh;
}
EXPORT_SYMBOL_GPL(pvio_coverage_fresh);

unsigned int pvio_coverage_blocks(void)
{
	return blocks;
}
EXPORT_SYMBOL_GPL(pvio_coverage_blocks);

MODULE_DESCRIPTION("Which blocks of pvio's code were run");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
