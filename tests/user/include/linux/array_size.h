/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_ARRAY_SIZE_H
#define USER_LINUX_ARRAY_SIZE_H

#include <linux/kernel.h>

#endif /* USER_LINUX_ARRAY_SIZE_H */
