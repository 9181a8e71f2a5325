/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_STRING_H
#define USER_LINUX_STRING_H

#include <errno.h>
#include <string.h>

#include <linux/types.h>

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(to, from, size - 1);
		to[size - 1] = 0;
		return -E2BIG;
	}
	memcpy(to, from, len + 1);
	return len;
}

/* The first byte that is not @c, or NULL. */
static inline const void *memchr_inv(const void *p, int c, size_t size)
{
	const u8 *byte = p;

	for (; size; size--, byte++) {
		if (*byte != (u8)c)
			return byte;
	}
	return NULL;
}

#endif /* USER_LINUX_STRING_H */
