/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies between private and shared memory in which every shared byte is
 * loaded or stored exactly once, so that the peer cannot show two values of
 * the same field and the compiler cannot go back for another look.
 */
#ifndef PVIO_RING_COPY_H
#define PVIO_RING_COPY_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * pvio_copy_once() - copy shared memory in, each byte loaded once
 * @dst: private memory, 4-byte aligned
 * @src: shared memory, 4-byte aligned
 * @size: bytes, a multiple of 4; a constant unrolls the loop
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
 * @size: bytes, a multiple of 4; a constant unrolls the loop
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

#endif /* PVIO_RING_COPY_H */
