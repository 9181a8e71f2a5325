/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * As for the unit tests, but the two accessors of shared memory never touch
 * it: what a load yields is any value (a variable that nobody has set is that
 * to the checker), and each access is told to shared.h.
 */
#ifndef MODEL_LINUX_COMPILER_H
#define MODEL_LINUX_COMPILER_H

#include_next <linux/compiler.h>

void model_load(const volatile void *from, size_t size, u64 value);
void model_store(volatile void *to, size_t size, u64 value);

/* Beside it the checker overlooks __packed; to it no access is misaligned. */
#undef __aligned
#define __aligned(x)

#undef READ_ONCE
#define READ_ONCE(x) ({						\
	__typeof__(x) once_;					\
								\
	model_load(&(x), sizeof(x), (u64)once_);		\
	once_;							\
})

#undef WRITE_ONCE
#define WRITE_ONCE(x, v) model_store(&(x), sizeof(x), (u64)(v))

#endif /* MODEL_LINUX_COMPILER_H */
