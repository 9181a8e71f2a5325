// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The Toeplitz hash, half an octet at a time.
 */
#include "toeplitz.h"

#include <linux/build_bug.h>
#include <linux/export.h>

/* 32 bits of the key from a bit on; the leftmost is bit 0. */
static u32 window(const u8 *key, unsigned int bit)
{
	u64 bits = 0;
	unsigned int i;

	for (i = 0; i < 5; i++)
		bits = bits << 8 | (bit / 8 + i < PVIO_TOEPLITZ_KEY ?
				    key[bit / 8 + i] : 0);
	return bits >> (8 - bit % 8);
}

/* What half an octet adds that stands at a bit. */
static u32 share(const u8 *key, unsigned int bit, unsigned int value)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < 4; i++)
		if (value & 8 >> i)
			sum ^= window(key, bit + i);
	return sum;
}

void pvio_toeplitz_prepare(struct pvio_toeplitz *t, const u8 *key)
{
	unsigned int half, value;

	for (half = 0; half < PVIO_TOEPLITZ_HALVES; half++)
		for (value = 0; value < 16; value++)
			t->part[half][value] = share(key, 4 * half, value);
}
EXPORT_SYMBOL_GPL(pvio_toeplitz_prepare);

u32 pvio_toeplitz_hash(const struct pvio_toeplitz *t, const u8 *input,
		       unsigned int len)
{
	unsigned int i;
	u32 hash = 0;

	for (i = 0; i < len; i++)
		hash ^= t->part[2 * i][input[i] >> 4] ^
			t->part[2 * i + 1][input[i] & 15];
	return hash;
}
EXPORT_SYMBOL_GPL(pvio_toeplitz_hash);
