/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How long received packets wait for others before they cost an event, as ethtool
 * -C says.  Nothing of the wire knows of it: the backend sends no event as long as
 * none is asked for.
 */
#ifndef PVIO_NETFRONT_MODERATION_H
#define PVIO_NETFRONT_MODERATION_H

#include <linux/hrtimer.h>
#include <linux/types.h>

struct pvio_nf_queue;

/* A backend at 10 Gbit/s fills a ring in about this time. */
#define PVIO_NF_USECS_MAX	1000u

/**
 * struct pvio_nf_moderation - what the administrator wants; under rtnl, read by
 *	NAPI at any time
 * @usecs: after each pass that took packets, 0 to PVIO_NF_USECS_MAX; 0: none
 * @adaptive: for a time of our own, and only while packets come fast
 */
struct pvio_nf_moderation {
	u32 usecs;
	bool adaptive;
};

/**
 * struct pvio_nf_hold - a queue that asks for no event for a while
 * @timer: the end of that; schedules NAPI
 * @times: how often it did; NAPI only
 */
struct pvio_nf_hold {
	struct hrtimer timer;
	u64 times;
};

/**
 * pvio_nf_moderation_init() - prepare what lives as long as the interface
 * @q: the queue
 */
void pvio_nf_moderation_init(struct pvio_nf_queue *q);

/**
 * pvio_nf_moderation_hold() - is an event to be asked for later?
 * @q: the queue
 * @done: packets of this pass
 * Context: NAPI. Return: true: it is polled again by itself.
 */
bool pvio_nf_moderation_hold(struct pvio_nf_queue *q, int done);

/**
 * pvio_nf_moderation_stop() - it is not polled by itself any more
 * @q: the queue; its NAPI context is disabled, or none has been added
 * Context: may sleep.
 */
void pvio_nf_moderation_stop(struct pvio_nf_queue *q);

#endif /* PVIO_NETFRONT_MODERATION_H */
