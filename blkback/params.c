// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Module parameters and their ranges.
 */
#include "params.h"

#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#include "ring/blkif.h"
#include "xenbus/params.h"

#define MAX_QUEUES	64
#define MAX_ORDER	4
#define MOST_PAGES	65536
#define MOST_SECONDS	86400
#define MOST_HALT_US	10000

struct pvio_bb_params pvio_bb_params = {
	.max_queues = 0,
	.max_ring_page_order = MAX_ORDER,
	.feature_persistent = true,
	.max_persistent_grants = 2112,
	.persistent_grant_unused_seconds = 60,
	.max_buffer_pages = 4096,
	.halt_us = 100,
};

PVIO_PARAM(max_queues, &pvio_bb_params.max_queues, 0, MAX_QUEUES, 0644);
MODULE_PARM_DESC(max_queues, "Most queues of a disk, 0 (CPUs, default) to 64");

PVIO_PARAM(max_ring_page_order, &pvio_bb_params.max_ring_page_order, 0,
	   MAX_ORDER, 0444);
MODULE_PARM_DESC(max_ring_page_order, "log2 of the most ring pages, 0 to 4 (default 4)");

module_param_named(feature_persistent, pvio_bb_params.feature_persistent, bool,
		   0644);
MODULE_PARM_DESC(feature_persistent, "Offer persistent grants (default Y)");

PVIO_PARAM(max_persistent_grants, &pvio_bb_params.max_persistent_grants, 0,
	   MOST_PAGES, 0644);
MODULE_PARM_DESC(max_persistent_grants,
		 "Most pages kept mapped, each disk, 0 to 65536 (default 2112)");

PVIO_PARAM(persistent_grant_unused_seconds,
	   &pvio_bb_params.persistent_grant_unused_seconds, 0, MOST_SECONDS,
	   0644);
MODULE_PARM_DESC(persistent_grant_unused_seconds,
		 "Unmap pages unused for so long, 0 (never) to 86400 (default 60)");

PVIO_PARAM(max_buffer_pages, &pvio_bb_params.max_buffer_pages,
	   PVIO_BLK_SEGS_MAX, MOST_PAGES, 0644);
MODULE_PARM_DESC(max_buffer_pages,
		 "Most pages for data, each disk, 256 to 65536 (default 4096)");

PVIO_PARAM(halt_us, &pvio_bb_params.halt_us, 0, MOST_HALT_US, 0644);
MODULE_PARM_DESC(halt_us,
		 "Microseconds to wait for a request in the hypervisor, 0 (never) to 10000 (default 100)");

unsigned int pvio_bb_params_queues(void)
{
	unsigned int nr = READ_ONCE(pvio_bb_params.max_queues);

	return nr ?: min_t(unsigned int, num_online_cpus(), MAX_QUEUES);
}
