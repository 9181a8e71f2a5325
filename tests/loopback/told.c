// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Parameters for suites.
 */
#include "tests/loopback/told.h"

#include <linux/export.h>
#include <linux/moduleparam.h>

struct loop_told pvio_loop_told = {
	.stride = 1,
	.seconds = 4,
	.seed = 1,
};
EXPORT_SYMBOL_GPL(pvio_loop_told);

module_param_named(stride, pvio_loop_told.stride, uint, 0444);
MODULE_PARM_DESC(stride, "of the calls that a life may fail of, each so many (default 1)");

module_param_named(seconds, pvio_loop_told.seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "that each driver is fuzzed for (default 4)");

module_param_named(seed, pvio_loop_told.seed, uint, 0444);
MODULE_PARM_DESC(seed, "of what its other end does (default 1)");

module_param_named(input, pvio_loop_told.input, charp, 0444);
MODULE_PARM_DESC(input, "that it shall do this alone, as a failing case has told it");
