/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Counters of a queue, for each direction.  They live as long as the netdev,
 * so that they never go back when a frontend reconnects.
 */
#ifndef PVIO_NETBACK_STATS_H
#define PVIO_NETBACK_STATS_H

#include <linux/u64_stats_sync.h>

/**
 * enum pvio_nb_tx_stat - counters of what the guest transmits
 * @PVIO_NB_TX_PACKETS: passed to the stack
 * @PVIO_NB_TX_BYTES: of those
 * @PVIO_NB_TX_ERRORS: malformed, or the guest's page could not be read
 * @PVIO_NB_TX_DROPPED: out of memory
 * @PVIO_NB_TX_CSUM_FIXED: large packets whose checksum was not left blank
 * @PVIO_NB_TX_THROTTLED: times the queue waited for the rate limit
 * @PVIO_NB_TX_STATS: number of counters
 */
enum pvio_nb_tx_stat {
	PVIO_NB_TX_PACKETS,
	PVIO_NB_TX_BYTES,
	PVIO_NB_TX_ERRORS,
	PVIO_NB_TX_DROPPED,
	PVIO_NB_TX_CSUM_FIXED,
	PVIO_NB_TX_THROTTLED,
	PVIO_NB_TX_STATS,
};

/**
 * struct pvio_nb_tx_stats - those counters, with a single writer
 * @syncp: lets 32-bit readers see whole values
 * @value: per counter
 */
struct pvio_nb_tx_stats {
	struct u64_stats_sync syncp;
	u64_stats_t value[PVIO_NB_TX_STATS];
};

/**
 * enum pvio_nb_rx_stat - counters of what the guest receives
 * @PVIO_NB_RX_PACKETS: copied to the guest
 * @PVIO_NB_RX_BYTES: of those
 * @PVIO_NB_RX_ERRORS: a page of the guest could not be written
 * @PVIO_NB_RX_DROPPED: not connected, too large for the guest, or too many for
 *	one that is late
 * @PVIO_NB_RX_EXPIRED: waited too long for the guest's buffers
 * @PVIO_NB_RX_FILTERED: multicast that the guest does not listen to
 * @PVIO_NB_RX_STALLS: times the guest was found to be stalled
 * @PVIO_NB_RX_STATS: number of counters
 */
enum pvio_nb_rx_stat {
	PVIO_NB_RX_PACKETS,
	PVIO_NB_RX_BYTES,
	PVIO_NB_RX_ERRORS,
	PVIO_NB_RX_DROPPED,
	PVIO_NB_RX_EXPIRED,
	PVIO_NB_RX_FILTERED,
	PVIO_NB_RX_STALLS,
	PVIO_NB_RX_STATS,
};

/**
 * struct pvio_nb_rx_stats - those counters, with a single writer
 * @syncp: lets 32-bit readers see whole values
 * @value: per counter
 */
struct pvio_nb_rx_stats {
	struct u64_stats_sync syncp;
	u64_stats_t value[PVIO_NB_RX_STATS];
};

/**
 * struct pvio_nb_did - what packets of one direction have cost; for debugfs
 * @events: the guest's events dealt with; written in NAPI
 * @batches: times that packets were taken or put
 * @calls: hypercalls to copy
 * @copies: copies in them
 * @statics: copies from or to a page that is kept mapped, without a hypercall
 * @notified: times that the guest was sent an event
 * @spared: times that it was not, because it is at work anyway
 *
 * Each has one writer, who counts once a batch; readers take no lock.
 */
struct pvio_nb_did {
	u64 events;
	u64 batches;
	u64 calls;
	u64 copies;
	u64 statics;
	u64 notified;
	u64 spared;
};

/**
 * pvio_nb_did_copy() - a hypercall was made to copy
 * @did: of the direction
 * @copies: in that hypercall
 */
static inline void pvio_nb_did_copy(struct pvio_nb_did *did,
				    unsigned int copies)
{
	did->calls++;
	did->copies += copies;
}

/**
 * pvio_nb_did_static() - copies were made without a hypercall
 * @did: of the direction
 * @copies: how many
 */
static inline void pvio_nb_did_static(struct pvio_nb_did *did,
				      unsigned int copies)
{
	did->statics += copies;
}

/**
 * pvio_nb_did_batch() - a batch was answered
 * @did: of the direction
 * @notified: the guest was sent an event
 */
static inline void pvio_nb_did_batch(struct pvio_nb_did *did, bool notified)
{
	did->batches++;
	did->notified += notified;
	did->spared += !notified;
}

static inline void pvio_nb_stat_add(struct u64_stats_sync *syncp,
				    u64_stats_t *value, unsigned int n)
{
	u64_stats_update_begin(syncp);
	u64_stats_add(value, n);
	u64_stats_update_end(syncp);
}

static inline u64 pvio_nb_stat_read(const struct u64_stats_sync *syncp,
				    const u64_stats_t *from)
{
	unsigned int start;
	u64 value;

	do {
		start = u64_stats_fetch_begin(syncp);
		value = u64_stats_read(from);
	} while (u64_stats_fetch_retry(syncp, start));
	return value;
}

/**
 * pvio_nb_tx_count() - add to a counter; NAPI
 * @stats: the counters
 * @which: one of them
 * @n: how much
 */
static inline void pvio_nb_tx_count(struct pvio_nb_tx_stats *stats,
				    enum pvio_nb_tx_stat which, unsigned int n)
{
	pvio_nb_stat_add(&stats->syncp, &stats->value[which], n);
}

/**
 * pvio_nb_tx_stat() - read a counter of what the guest transmits
 * @stats: the counters
 * @which: one of them
 * Context: any but an interrupt.
 */
static inline u64 pvio_nb_tx_stat(const struct pvio_nb_tx_stats *stats,
				  enum pvio_nb_tx_stat which)
{
	return pvio_nb_stat_read(&stats->syncp, &stats->value[which]);
}

/**
 * pvio_nb_rx_count() - add to a counter; txq held
 * @stats: the counters
 * @which: one of them
 * @n: how much
 */
static inline void pvio_nb_rx_count(struct pvio_nb_rx_stats *stats,
				    enum pvio_nb_rx_stat which, unsigned int n)
{
	pvio_nb_stat_add(&stats->syncp, &stats->value[which], n);
}

/**
 * pvio_nb_rx_stat() - read a counter of what the guest receives
 * @stats: the counters
 * @which: one of them
 * Context: any but an interrupt.
 */
static inline u64 pvio_nb_rx_stat(const struct pvio_nb_rx_stats *stats,
				  enum pvio_nb_rx_stat which)
{
	return pvio_nb_stat_read(&stats->syncp, &stats->value[which]);
}

#endif /* PVIO_NETBACK_STATS_H */
