// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Module parameters and their ranges.
 */
#include "params.h"

#include <linux/module.h>

#include "ring/blkif.h"
#include "xenbus/params.h"

#define QUEUES_LIMIT	64
#define POLL_LIMIT	16
#define ORDER_LIMIT	4
#define HALT_LIMIT	10000
#define DISKS_LIMIT	65536

/*
 * One queue a CPU up to four: beyond that a backend spends more on threads
 * than a guest gains.  Two ring pages hold 64 requests a queue, twice what
 * one page does, for 4 KiB; each further page costs an in-tree backend over a
 * megabyte.  256 segments make a request of 1 MiB, the block layer's usual
 * largest, and are what in-tree backends offer; pages come when they are used.
 * xenstore lets a guest have 1000 nodes, and each queue takes up to four of them.
 */
struct pvio_bf_params pvio_bf_params = {
	.max_queues = 4,
	.max_ring_page_order = 1,
	.wide_disks = 32,
	.max_indirect_segments = 256,
	.feature_persistent = true,
	.trusted = true,
	.halt_us = 100,
};

PVIO_PARAM(max_queues, &pvio_bf_params.max_queues, 1, QUEUES_LIMIT, 0444);
MODULE_PARM_DESC(max_queues, "Most queues of a disk, 1 to 64 (default 4)");

PVIO_PARAM(poll_queues, &pvio_bf_params.poll_queues, 0, POLL_LIMIT, 0644);
MODULE_PARM_DESC(poll_queues,
		 "Most queues of a disk for polled I/O, 0 to 16 (default 0)");

PVIO_PARAM(max_ring_page_order, &pvio_bf_params.max_ring_page_order, 0,
	   ORDER_LIMIT, 0444);
MODULE_PARM_DESC(max_ring_page_order,
		 "Most pages of a ring as a power of two, 0 to 4 (default 1)");

PVIO_PARAM(wide_disks, &pvio_bf_params.wide_disks, 0, DISKS_LIMIT, 0644);
MODULE_PARM_DESC(wide_disks,
		 "Further disks have one queue and one ring page, 0 to 65536 (default 32)");

PVIO_PARAM(max_indirect_segments, &pvio_bf_params.max_indirect_segments,
	   PVIO_BLK_DIRECT_MAX, PVIO_BLK_SEGS_PER_PAGE, 0444);
MODULE_PARM_DESC(max_indirect_segments,
		 "Most 4 KiB segments of a request, 11 to 512 (default 256)");

PVIO_PARAM(halt_us, &pvio_bf_params.halt_us, 0, HALT_LIMIT, 0644);
MODULE_PARM_DESC(halt_us,
		 "Microseconds to wait for an answer in the hypervisor, 0 (never) to 10000 (default 100)");

module_param_named(feature_persistent, pvio_bf_params.feature_persistent, bool,
		   0644);
MODULE_PARM_DESC(feature_persistent,
		 "Let the backend keep pages mapped, and copy (default Y)");
module_param_named(trusted, pvio_bf_params.trusted, bool, 0644);
MODULE_PARM_DESC(trusted,
		 "Share the guest's own pages with a backend (default Y)");
