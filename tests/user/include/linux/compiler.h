/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Compiler attributes, and the two accessors of shared memory, which a test
 * can watch: see memory.h.
 */
#ifndef USER_LINUX_COMPILER_H
#define USER_LINUX_COMPILER_H

#include <linux/types.h>

#include "memory.h"

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")

#undef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))
#define __packed	__attribute__((__packed__))
#define __aligned(x)	__attribute__((__aligned__(x)))
#define __maybe_unused	__attribute__((__unused__))
#define __must_check	__attribute__((__warn_unused_result__))
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))
#define noinline	__attribute__((__noinline__))
#define fallthrough	__attribute__((__fallthrough__))

static __always_inline void user_read(void *to, const volatile void *from,
				      size_t size)
{
	if (unlikely(user_watched))
		user_load(to, (const void *)from, size);
	else if (size == 1)
		*(u8 *)to = *(const volatile u8 *)from;
	else if (size == 2)
		*(u16 *)to = *(const volatile u16 *)from;
	else if (size == 4)
		*(u32 *)to = *(const volatile u32 *)from;
	else
		*(u64 *)to = *(const volatile u64 *)from;
}

#define READ_ONCE(x) ({							\
	union {								\
		__typeof__(x) value;					\
		char bytes[sizeof(x)];					\
	} once_;							\
									\
	_Static_assert(sizeof(x) == 1 || sizeof(x) == 2 ||		\
		       sizeof(x) == 4 || sizeof(x) == 8, "one load");	\
	user_read(once_.bytes, &(x), sizeof(x));			\
	once_.value;							\
})

#define WRITE_ONCE(x, v) do {						\
	__typeof__(x) once_ = (v);					\
									\
	if (unlikely(user_watched))					\
		user_store((void *)&(x), &once_, sizeof(x));		\
	else								\
		*(volatile __typeof__(x) *)&(x) = once_;		\
} while (0)

#endif /* USER_LINUX_COMPILER_H */
