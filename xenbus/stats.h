/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Counters and latencies of queues, as debugfs shows them.
 *
 * A driver keeps one struct of u64 counters for each queue, each counter with
 * one writer at a time, and names them in a table.  Readers take no lock: they
 * see each counter as it was at some moment, not all of them as of the same.
 */
#ifndef PVIO_XENBUS_STATS_H
#define PVIO_XENBUS_STATS_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>

struct seq_file;

/* Latencies below 2^10 ns share a bucket, and so do those from 2^34 ns on. */
#define PVIO_HISTOGRAM_SHIFT	10
#define PVIO_HISTOGRAM_BUCKETS	26

/**
 * struct pvio_histogram - how often a time was how long
 * @bucket: the first is for less than 1024 ns, each further one begins at
 *	twice the beginning of the one before, the last has no end
 */
struct pvio_histogram {
	u64 bucket[PVIO_HISTOGRAM_BUCKETS];
};

/**
 * pvio_histogram_index() - which bucket a time belongs in
 * @ns: the time in nanoseconds
 */
static inline unsigned int pvio_histogram_index(u64 ns)
{
	return min_t(unsigned int, fls64(ns >> PVIO_HISTOGRAM_SHIFT),
		     PVIO_HISTOGRAM_BUCKETS - 1);
}

/**
 * pvio_histogram_floor() - shortest time of a bucket, in nanoseconds
 * @index: which, below PVIO_HISTOGRAM_BUCKETS
 */
static inline u64 pvio_histogram_floor(unsigned int index)
{
	return index ? 1ULL << (PVIO_HISTOGRAM_SHIFT + index - 1) : 0;
}

/**
 * pvio_histogram_add() - count a time
 * @h: the histogram; the caller is its only writer
 * @ns: the time in nanoseconds
 */
static inline void pvio_histogram_add(struct pvio_histogram *h, u64 ns)
{
	h->bucket[pvio_histogram_index(ns)]++;
}

/**
 * pvio_histogram_since() - count a time, if it is known
 * @h: the histogram; the caller is its only writer
 * @since: its beginning in nanoseconds; 0: not known
 * @now: its end; 0: nobody wants to know
 */
static inline void pvio_histogram_since(struct pvio_histogram *h, u64 since,
					u64 now)
{
	if (unlikely(now) && since)
		pvio_histogram_add(h, now - since);
}

/**
 * struct pvio_counter - where a queue's counter is
 * @name: its name in debugfs
 * @offset: of the u64, or of the struct pvio_histogram, in the queue's struct
 */
struct pvio_counter {
	const char *name;
	size_t offset;
};

/**
 * struct pvio_counters - a table of counters
 * @counter: what there is
 * @nr: how many
 */
struct pvio_counters {
	const struct pvio_counter *counter;
	unsigned int nr;
};

/**
 * pvio_counters_show() - print counters: one a line, queues side by side
 * @m: where to
 * @table: the counters
 * @first: the first queue's struct
 * @stride: bytes from one queue's struct to the next one's
 * @nr: how many
 * Context: may sleep; the structs stay where they are.
 */
void pvio_counters_show(struct seq_file *m, const struct pvio_counters *table,
			const void *first, size_t stride, unsigned int nr);

/**
 * pvio_histograms_show() - print histograms side by side, one bucket a line
 * @m: where to
 * @table: the histograms
 * @first: where the first queue has the pointer to its struct; NULL is what
 *	it points to as long as nothing was measured
 * @stride: bytes from one queue's pointer to the next one's
 * @nr: how many
 *
 * Buckets that are empty in all of a queue's histograms are left out.
 * Context: may sleep; the structs stay where they are.
 */
void pvio_histograms_show(struct seq_file *m, const struct pvio_counters *table,
			  const void *first, size_t stride, unsigned int nr);

#endif /* PVIO_XENBUS_STATS_H */
