/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_BUILD_BUG_H
#define USER_LINUX_BUILD_BUG_H

#include <assert.h>

#undef static_assert
#define static_assert(expr, ...)	_Static_assert(expr, #expr)

#endif /* USER_LINUX_BUILD_BUG_H */
