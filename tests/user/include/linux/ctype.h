/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_CTYPE_H
#define USER_LINUX_CTYPE_H

#include <ctype.h>

#endif /* USER_LINUX_CTYPE_H */
