/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How long packets take, measured only while the module parameter "latency" says
 * so.  While it does not, this costs a jump label a batch, and one where a packet
 * with pages of its own is put on the ring.
 */
#ifndef PVIO_NETFRONT_LATENCY_H
#define PVIO_NETFRONT_LATENCY_H

#include <linux/jump_label.h>
#include <linux/ktime.h>

#include "xenbus/stats.h"

/**
 * struct pvio_nf_latency - of one queue
 * @rx: from the backend's event to when what it was about has gone up; NAPI
 * @tx: of a large packet, from the ring to its answer, which is waited for while
 *	somebody wants to know; under the transmit queue lock
 */
struct pvio_nf_latency {
	struct pvio_histogram rx;
	struct pvio_histogram tx;
};

DECLARE_STATIC_KEY_FALSE(pvio_nf_latency_key);

/**
 * pvio_nf_latency_wanted() - does anybody want to know?
 */
static inline bool pvio_nf_latency_wanted(void)
{
	return static_branch_unlikely(&pvio_nf_latency_key);
}

/**
 * pvio_nf_latency_clock() - what time it is
 * Return: nanoseconds, or 0 while nobody wants to know.
 */
static inline u64 pvio_nf_latency_clock(void)
{
	return pvio_nf_latency_wanted() ? ktime_get_ns() : 0;
}

#endif /* PVIO_NETFRONT_LATENCY_H */
