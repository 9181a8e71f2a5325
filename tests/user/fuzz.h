/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The parsers as fuzz targets, and both ends against each other.  The first byte
 * of an input chooses one, the rest is what a peer has put on the ring, or, for
 * a pair, what happens to it.
 */
#ifndef USER_FUZZ_H
#define USER_FUZZ_H

#include <stddef.h>
#include <stdint.h>

extern const char *const fuzz_targets[];
extern const size_t fuzz_nr_targets;

/* Slots that either end has taken off a ring so far. */
extern uint64_t fuzz_slots;

/**
 * struct fuzz_input - what a target is run with
 * @accept: bit mask of extra types that were negotiated
 * @published: slots that the peer has published
 * @bytes: all that follows
 * @size: how many
 */
struct fuzz_input {
	uint16_t accept;
	uint8_t published;
	const uint8_t *bytes;
	size_t size;
};

/* Ends the program where @wrong says that a rule is broken. */
void fuzz_check(const char *wrong);
struct pvio_ring_shared;

/* A zeroed page, to be freed. */
struct pvio_ring_shared *fuzz_page(void);

void fuzz_pair_tx(const struct fuzz_input *in);
void fuzz_pair_rx(const struct fuzz_input *in);
void fuzz_pair_blk(const struct fuzz_input *in);
void fuzz_pair_ctrl(const struct fuzz_input *in);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* USER_FUZZ_H */
