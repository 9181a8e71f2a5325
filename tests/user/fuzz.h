/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The parsers as fuzz targets.  The first byte of an input chooses one, the
 * rest is what a peer has put on the ring.
 */
#ifndef USER_FUZZ_H
#define USER_FUZZ_H

#include <stddef.h>
#include <stdint.h>

extern const char *const fuzz_targets[];
extern const size_t fuzz_nr_targets;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* USER_FUZZ_H */
