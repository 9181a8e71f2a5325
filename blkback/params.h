/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Module parameters, as read by the rest of the driver.  All are range-checked
 * when set; those that may change at run time count from the next connect on.
 */
#ifndef PVIO_BLKBACK_PARAMS_H
#define PVIO_BLKBACK_PARAMS_H

#include <linux/types.h>

/**
 * struct pvio_bb_params - what the administrator chose
 * @max_queues: most queues a frontend may ask for; 0: one for each CPU
 * @max_ring_page_order: log2 of the most pages of a ring
 * @feature_persistent: offer persistent grants
 * @max_persistent_grants: most pages kept mapped, for each disk
 * @persistent_grant_unused_seconds: unmap those unused for so long; 0: never
 * @max_buffer_pages: most pages for data, in use or kept, for each disk
 * @halt_us: microseconds to wait for a request in the hypervisor; 0: never
 */
struct pvio_bb_params {
	unsigned int max_queues;
	unsigned int max_ring_page_order;
	bool feature_persistent;
	unsigned int max_persistent_grants;
	unsigned int persistent_grant_unused_seconds;
	unsigned int max_buffer_pages;
	unsigned int halt_us;
};

extern struct pvio_bb_params pvio_bb_params;

/**
 * pvio_bb_params_queues() - most queues of a disk that is found now
 */
unsigned int pvio_bb_params_queues(void);

#endif /* PVIO_BLKBACK_PARAMS_H */
