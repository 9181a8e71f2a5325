/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Copies between private and shared memory in which every shared byte is
 * loaded or stored exactly once, so that the peer cannot show two values of
 * the same field and the compiler cannot go back for another look.
 */
#ifndef PVIO_RING_COPY_H
#define PVIO_RING_COPY_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Compilers leave a loop over volatile words as it is: four in each turn. */
#define PVIO_COPY_TURN	4

/* Whether memory can be copied by words of eight bytes. */
static __always_inline bool pvio_copy_wide(const void *dst, const void *src,
					   size_t size)
{
	return sizeof(long) == sizeof(u64) &&
	       !(((unsigned long)dst | (unsigned long)src | size) &
		 (sizeof(u64) - 1));
}

static __always_inline void pvio_copy_once_u64(u64 *to, const u64 *from,
					       size_t nr)
{
	size_t i;

	for (i = 0; i + PVIO_COPY_TURN <= nr; i += PVIO_COPY_TURN) {
		to[i] = READ_ONCE(from[i]);
		to[i + 1] = READ_ONCE(from[i + 1]);
		to[i + 2] = READ_ONCE(from[i + 2]);
		to[i + 3] = READ_ONCE(from[i + 3]);
	}
	for (; i < nr; i++)
		to[i] = READ_ONCE(from[i]);
}

static __always_inline void pvio_copy_out_u64(u64 *to, const u64 *from,
					      size_t nr)
{
	size_t i;

	for (i = 0; i + PVIO_COPY_TURN <= nr; i += PVIO_COPY_TURN) {
		WRITE_ONCE(to[i], from[i]);
		WRITE_ONCE(to[i + 1], from[i + 1]);
		WRITE_ONCE(to[i + 2], from[i + 2]);
		WRITE_ONCE(to[i + 3], from[i + 3]);
	}
	for (; i < nr; i++)
		WRITE_ONCE(to[i], from[i]);
}

/**
 * pvio_copy_once() - copy shared memory in, each byte loaded once
 * @dst: private memory, 4-byte aligned
 * @src: shared memory, 4-byte aligned
 * @size: bytes, a multiple of 4; a constant
 */
static __always_inline void pvio_copy_once(void *dst, const void *src,
					   size_t size)
{
	const u32 *from = src;
	u32 *to = dst;
	size_t i;

	for (i = 0; i < size / sizeof(u32); i++)
		to[i] = READ_ONCE(from[i]);
}

/**
 * pvio_copy_out() - copy private memory out to the peer
 * @dst: shared memory, 4-byte aligned
 * @src: private memory, 4-byte aligned
 * @size: bytes, a multiple of 4; a constant
 */
static __always_inline void pvio_copy_out(void *dst, const void *src,
					  size_t size)
{
	const u32 *from = src;
	u32 *to = dst;
	size_t i;

	for (i = 0; i < size / sizeof(u32); i++)
		WRITE_ONCE(to[i], from[i]);
}

/**
 * pvio_copy_slot_once() - pvio_copy_once() for whole slots
 * @dst: private memory, 4-byte aligned
 * @src: shared memory, 4-byte aligned
 * @size: bytes, a multiple of 4; a constant
 */
static __always_inline void pvio_copy_slot_once(void *dst, const void *src,
						size_t size)
{
	if (pvio_copy_wide(dst, src, size))
		pvio_copy_once_u64(dst, src, size / sizeof(u64));
	else
		pvio_copy_once(dst, src, size);
}

/**
 * pvio_copy_slot_out() - pvio_copy_out() for whole slots
 * @dst: shared memory, 4-byte aligned
 * @src: private memory, 4-byte aligned
 * @size: bytes, a multiple of 4; a constant
 */
static __always_inline void pvio_copy_slot_out(void *dst, const void *src,
					       size_t size)
{
	if (pvio_copy_wide(dst, src, size))
		pvio_copy_out_u64(dst, src, size / sizeof(u64));
	else
		pvio_copy_out(dst, src, size);
}

#endif /* PVIO_RING_COPY_H */
