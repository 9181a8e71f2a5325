/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Counters of one direction of a queue.  They live as long as the interface,
 * so that they never go back when it reconnects.
 */
#ifndef PVIO_NETFRONT_STATS_H
#define PVIO_NETFRONT_STATS_H

#include <linux/u64_stats_sync.h>

/**
 * struct pvio_nf_stats - counters with a single writer
 * @syncp: lets 32-bit readers see whole values
 * @packets: passed on
 * @bytes: in them
 * @dropped: for lack of memory, or while there was no connection
 * @errors: not acceptable
 */
struct pvio_nf_stats {
	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t dropped;
	u64_stats_t errors;
};

/**
 * struct pvio_nf_sums - the same as plain numbers
 * @packets: passed on
 * @bytes: in them
 * @dropped: see struct pvio_nf_stats
 * @errors: not acceptable
 */
struct pvio_nf_sums {
	u64 packets;
	u64 bytes;
	u64 dropped;
	u64 errors;
};

/**
 * struct pvio_nf_did - what packets of one direction have cost; for debugfs
 * @batches: times that packets (receive) or answers (transmit) were taken
 * @grants: pages granted
 * @notified: times that the backend was sent an event
 * @spared: times that it was not, because it is at work anyway
 * @copied: transmit: packets copied whole
 * @stops: transmit: times that senders were held
 * @scarce: transmit: packets dropped for lack of memory or grants
 *
 * Each has one writer at a time; readers take no lock.
 */
struct pvio_nf_did {
	u64 batches;
	u64 grants;
	u64 notified;
	u64 spared;
	u64 copied;
	u64 stops;
	u64 scarce;
};

/**
 * pvio_nf_did_push() - something was put on the ring
 * @did: of the direction
 * @notify: the backend is to be sent an event
 */
static inline void pvio_nf_did_push(struct pvio_nf_did *did, bool notify)
{
	did->notified += notify;
	did->spared += !notify;
}

static inline void pvio_nf_stats_passed(struct pvio_nf_stats *s,
					unsigned int bytes)
{
	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->packets);
	u64_stats_add(&s->bytes, bytes);
	u64_stats_update_end(&s->syncp);
}

static inline void pvio_nf_stats_dropped(struct pvio_nf_stats *s)
{
	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->dropped);
	u64_stats_update_end(&s->syncp);
}

static inline void pvio_nf_stats_failed(struct pvio_nf_stats *s)
{
	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->errors);
	u64_stats_update_end(&s->syncp);
}

/**
 * pvio_nf_stats_read() - take a consistent look
 * @s: the counters
 * @sums: filled in
 */
static inline void pvio_nf_stats_read(const struct pvio_nf_stats *s,
				      struct pvio_nf_sums *sums)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&s->syncp);
		sums->packets = u64_stats_read(&s->packets);
		sums->bytes = u64_stats_read(&s->bytes);
		sums->dropped = u64_stats_read(&s->dropped);
		sums->errors = u64_stats_read(&s->errors);
	} while (u64_stats_fetch_retry(&s->syncp, start));
}

#endif /* PVIO_NETFRONT_STATS_H */
