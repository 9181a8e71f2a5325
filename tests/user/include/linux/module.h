/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_MODULE_H
#define USER_LINUX_MODULE_H

#include <linux/export.h>

#define MODULE_LICENSE(text)		_Static_assert(1, text)
#define MODULE_DESCRIPTION(text)	_Static_assert(1, text)
#define MODULE_AUTHOR(text)		_Static_assert(1, text)

#endif /* USER_LINUX_MODULE_H */
