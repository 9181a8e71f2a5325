/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The hash that both ends of the network protocol agree on: for each bit that
 * is set in the input, 32 bits of the key from that bit on.
 *
 * Pure code under the rules of ring.h.  Cost per octet: two loads.
 */
#ifndef PVIO_RING_TOEPLITZ_H
#define PVIO_RING_TOEPLITZ_H

#include <linux/types.h>

/* Octets of the longest input: addresses and ports of TCP over IPv6. */
#define PVIO_TOEPLITZ_INPUT_MAX	36
/* Twice as many halves. */
#define PVIO_TOEPLITZ_HALVES	(2 * PVIO_TOEPLITZ_INPUT_MAX)
/* Octets of a key that matter to it. */
#define PVIO_TOEPLITZ_KEY	(PVIO_TOEPLITZ_INPUT_MAX + 4)

/**
 * struct pvio_toeplitz - a key, prepared
 * @part: what each half octet of the input adds to the hash
 */
struct pvio_toeplitz {
	u32 part[PVIO_TOEPLITZ_HALVES][16];
};

/**
 * pvio_toeplitz_prepare() - set the key
 * @t: filled in
 * @key: PVIO_TOEPLITZ_KEY octets
 */
void pvio_toeplitz_prepare(struct pvio_toeplitz *t, const u8 *key);

/**
 * pvio_toeplitz_hash() - hash
 * @t: the key
 * @input: what to hash
 * @len: its octets, up to PVIO_TOEPLITZ_INPUT_MAX
 */
u32 pvio_toeplitz_hash(const struct pvio_toeplitz *t, const u8 *input,
		       unsigned int len);

#endif /* PVIO_RING_TOEPLITZ_H */
