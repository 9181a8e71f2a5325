/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_MINMAX_H
#define USER_LINUX_MINMAX_H

#define min(a, b) ({				\
	__typeof__(a) min_a_ = (a);		\
	__typeof__(b) min_b_ = (b);		\
	min_a_ < min_b_ ? min_a_ : min_b_;	\
})

#define max(a, b) ({				\
	__typeof__(a) max_a_ = (a);		\
	__typeof__(b) max_b_ = (b);		\
	max_a_ > max_b_ ? max_a_ : max_b_;	\
})

#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define clamp(v, lo, hi)	min(max(v, lo), hi)

#endif /* USER_LINUX_MINMAX_H */
