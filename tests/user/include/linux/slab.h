/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
#ifndef USER_LINUX_SLAB_H
#define USER_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL	0

#endif /* USER_LINUX_SLAB_H */
