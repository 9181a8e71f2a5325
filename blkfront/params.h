/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Module parameters of the block frontend, checked when the module loads.
 */
#ifndef PVIO_BLKFRONT_PARAMS_H
#define PVIO_BLKFRONT_PARAMS_H

#include <linux/types.h>

/**
 * struct pvio_bf_params - what the administrator chose
 * @max_queues: most queues of a disk, 1 to 64; fewer where the guest has
 *	fewer CPUs or the backend offers less
 * @poll_queues: queues besides these whose answers are polled for, 0 to 16;
 *	fewer where the backend offers less
 * @max_ring_page_order: most pages of a ring as a power of two, 0 to 4
 * @wide_disks: a disk found after so many has one queue and one ring page, 0
 *	to 65536; may change at any time
 * @max_indirect_segments: most 4 KiB segments of a request, 11 to 512
 * @feature_persistent: keep granted pages mapped by the backend and copy
 * @trusted: false: never share the guest's own pages, whatever the toolstack
 *	says of the backend
 * @halt_us: microseconds to wait for an answer in the hypervisor, 0 (never) to
 *	10000; may change at any time
 *
 * @feature_persistent and @trusted may change at run time, each connect samples
 * them once; and so may @poll_queues, for disks found later.
 */
struct pvio_bf_params {
	unsigned int max_queues;
	unsigned int poll_queues;
	unsigned int max_ring_page_order;
	unsigned int wide_disks;
	unsigned int max_indirect_segments;
	bool feature_persistent;
	bool trusted;
	unsigned int halt_us;
};

extern struct pvio_bf_params pvio_bf_params;

#endif /* PVIO_BLKFRONT_PARAMS_H */
