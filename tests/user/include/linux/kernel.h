/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_KERNEL_H
#define USER_LINUX_KERNEL_H

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include <linux/compiler.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define U8_MAX		UINT8_MAX
#define U16_MAX		UINT16_MAX
#define S16_MAX		INT16_MAX
#define S16_MIN		INT16_MIN
#define U32_MAX		UINT32_MAX
#define U64_MAX		(~0ULL)

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* As snprintf(), but returns what was written. */
static inline __printf(3, 4) int scnprintf(char *buf, size_t size,
					   const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(buf, size, format, args);
	va_end(args);
	if (size && (size_t)len >= size)
		return size - 1;
	return size ? len : 0;
}

#endif /* USER_LINUX_KERNEL_H */
