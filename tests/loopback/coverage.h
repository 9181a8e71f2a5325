/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Which blocks of the suite's own code were run, in whatever context: the kernel's
 * kcov has each task tell of itself, but a packet is worked on in softirqs, threads
 * and work items that serve all devices.  Compiled with PVIO_COVERAGE=1 the core and
 * the drivers tell of each block; without it none is ever seen.
 */
#ifndef PVIO_TESTS_COVERAGE_H
#define PVIO_TESTS_COVERAGE_H

/**
 * pvio_coverage_fresh() - blocks seen for the first time since it was last asked
 *
 * Context: one caller at a time. Return: how many.
 */
unsigned int pvio_coverage_fresh(void);

/* What the compiler makes instrumented code call; any context. */
void __sanitizer_cov_trace_pc(void);

/**
 * pvio_coverage_blocks() - blocks that were seen at all
 */
unsigned int pvio_coverage_blocks(void);

#endif /* PVIO_TESTS_COVERAGE_H */
