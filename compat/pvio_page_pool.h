/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The page pool: 6.6 split <net/page_pool.h> into types and helpers.
 *
 * A pool of which some pages are cut into pieces (page_pool_alloc_frag()) and some are
 * not has PVIO_POOL_IS_CUT for its flags, and its whole pages come from
 * pvio_pool_alloc_whole(): before 6.7 the pool counts no pieces without the flag, and
 * with it counts them for whole pages as well.
 */
#ifndef PVIO_PAGE_POOL_H
#define PVIO_PAGE_POOL_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

#ifdef PP_FLAG_PAGE_FRAG
#define PVIO_POOL_IS_CUT	PP_FLAG_PAGE_FRAG
#else
#define PVIO_POOL_IS_CUT	0
#endif

static inline struct page *pvio_pool_alloc_whole(struct page_pool *pool,
						 gfp_t gfp)
{
	struct page *page = page_pool_alloc_pages(pool, gfp);

#ifdef PP_FLAG_PAGE_FRAG
	if (page)
		page_pool_fragment_page(page, 1);
#endif
	return page;
}

#endif /* PVIO_PAGE_POOL_H */
