/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What who runs the suites has to say to them.  A module of suites cannot be told by
 * parameters of its own: Linux 6.1 runs them before it has looked at those.
 */
#ifndef PVIO_TESTS_TOLD_H
#define PVIO_TESTS_TOLD_H

/**
 * struct loop_told - parameters of pvio-loopback that are for suites
 * @stride: of the calls that a life may fail of, each so many
 * @seconds: that each driver is fuzzed for
 * @seed: of what its other end does
 * @input: that it shall do this alone; NULL: anything
 */
struct loop_told {
	unsigned int stride;
	unsigned int seconds;
	unsigned int seed;
	char *input;
};

extern struct loop_told pvio_loop_told;

#endif /* PVIO_TESTS_TOLD_H */
