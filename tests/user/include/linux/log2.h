/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_LOG2_H
#define USER_LINUX_LOG2_H

#include <linux/types.h>

#define ilog2(n)	(63 - __builtin_clzll(n))

static inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	return 1UL << ilog2(n);
}

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

#endif /* USER_LINUX_LOG2_H */
