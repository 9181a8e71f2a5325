/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How long packets take, measured only while the module parameter "latency" says
 * so.  While it does not, this costs a jump label a batch, and one where a packet
 * is queued for the guest.
 */
#ifndef PVIO_NETBACK_LATENCY_H
#define PVIO_NETBACK_LATENCY_H

#include <linux/jump_label.h>
#include <linux/ktime.h>

#include "xenbus/stats.h"

/**
 * struct pvio_nb_latency - of one queue
 * @rx: from the guest's event to the answer to what it was about; NAPI
 * @tx: of a packet, from the stack to the guest's ring; txq
 */
struct pvio_nb_latency {
	struct pvio_histogram rx;
	struct pvio_histogram tx;
};

DECLARE_STATIC_KEY_FALSE(pvio_nb_latency_key);

/**
 * pvio_nb_latency_clock() - what time it is
 * Return: nanoseconds, or 0 while nobody wants to know.
 */
static inline u64 pvio_nb_latency_clock(void)
{
	return static_branch_unlikely(&pvio_nb_latency_key) ? ktime_get_ns() : 0;
}

#endif /* PVIO_NETBACK_LATENCY_H */
