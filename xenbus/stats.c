// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tables of counters and histograms.  Nothing here is on the data path.
 */
#include "stats.h"

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/seq_file.h>

static u64 read_counter(const void *queue, size_t offset)
{
	return READ_ONCE(*(const u64 *)(queue + offset));
}

void pvio_counters_show(struct seq_file *m, const struct pvio_counters *table,
			const void *first, size_t stride, unsigned int nr)
{
	unsigned int i, q;

	seq_puts(m, "queue");
	for (q = 0; q < nr; q++)
		seq_printf(m, " %u", q);
	for (i = 0; i < table->nr; i++) {
		seq_printf(m, "\n%s", table->counter[i].name);
		for (q = 0; q < nr; q++)
			seq_printf(m, " %llu",
				   read_counter(first + q * stride,
						table->counter[i].offset));
	}
	seq_putc(m, '\n');
}
EXPORT_SYMBOL_GPL(pvio_counters_show);

static u64 read_bucket(const struct pvio_counters *table, const void *queue,
		       unsigned int i, unsigned int bucket)
{
	return read_counter(queue, table->counter[i].offset +
			    bucket * sizeof(u64));
}

static bool is_empty(const struct pvio_counters *table, const void *queue,
		     unsigned int bucket)
{
	unsigned int i;

	for (i = 0; i < table->nr; i++)
		if (read_bucket(table, queue, i, bucket))
			return false;
	return true;
}

static void show_bucket(struct seq_file *m, const struct pvio_counters *table,
			const void *queue, unsigned int bucket)
{
	unsigned int i;

	seq_printf(m, " %llu", pvio_histogram_floor(bucket));
	for (i = 0; i < table->nr; i++)
		seq_printf(m, " %llu", read_bucket(table, queue, i, bucket));
	seq_putc(m, '\n');
}

static void show_queue(struct seq_file *m, const struct pvio_counters *table,
		       const void *queue, unsigned int q)
{
	unsigned int bucket;

	for (bucket = 0; bucket < PVIO_HISTOGRAM_BUCKETS; bucket++) {
		if (is_empty(table, queue, bucket))
			continue;
		seq_printf(m, "%u", q);
		show_bucket(m, table, queue, bucket);
	}
}

void pvio_histograms_show(struct seq_file *m, const struct pvio_counters *table,
			  const void *first, size_t stride, unsigned int nr)
{
	const void *queue;
	unsigned int i, q;

	seq_puts(m, "queue ns");
	for (i = 0; i < table->nr; i++)
		seq_printf(m, " %s", table->counter[i].name);
	seq_putc(m, '\n');
	for (q = 0; q < nr; q++) {
		queue = READ_ONCE(*(const void *const *)(first + q * stride));
		if (queue)
			show_queue(m, table, queue, q);
	}
}
EXPORT_SYMBOL_GPL(pvio_histograms_show);
