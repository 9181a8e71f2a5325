/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/* Barriers between domains; a test can see where they stand: see memory.h. */
#ifndef USER_ASM_BARRIER_H
#define USER_ASM_BARRIER_H

#include "memory.h"

#define user_fence(kind) do {				\
	__atomic_thread_fence(__ATOMIC_SEQ_CST);	\
	if (user_watched)				\
		user_barrier(kind);			\
} while (0)

#define virt_mb()	user_fence('m')
#define virt_rmb()	user_fence('r')
#define virt_wmb()	user_fence('w')

#endif /* USER_ASM_BARRIER_H */
