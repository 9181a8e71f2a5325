/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The page pool: 6.6 split <net/page_pool.h> into types and helpers.
 */
#ifndef PVIO_PAGE_POOL_H
#define PVIO_PAGE_POOL_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

#endif /* PVIO_PAGE_POOL_H */
