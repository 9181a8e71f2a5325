// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A disk's counters and latencies, queue by queue.
 *
 * Counters live as long as the virtual disk, through all reconnects, and the
 * files go before it does, so a reader needs no lock and meets nothing that
 * is being taken down.
 */
#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "stats.h"
#include "vbd.h"
#include "xenbus/resource.h"
#include "xenbus/stats.h"

static struct dentry *root;

#define COUNTER(_name, _field) \
	{ _name, offsetof(struct pvio_bf_stats, _field) }

static const struct pvio_counter counter_list[] = {
	COUNTER("reads", requests[PVIO_BLK_KIND_READ]),
	COUNTER("writes", requests[PVIO_BLK_KIND_WRITE]),
	COUNTER("flushes", requests[PVIO_BLK_KIND_FLUSH]),
	COUNTER("discards", requests[PVIO_BLK_KIND_DISCARD]),
	COUNTER("sectors_read", sectors_read),
	COUNTER("sectors_written", sectors_written),
	COUNTER("merged", merged),
	COUNTER("indirect", indirect),
	COUNTER("answers", answers),
	COUNTER("errors", errors),
	COUNTER("sent_again", again),
	COUNTER("waits", starved),
	COUNTER("parts", parts),
	COUNTER("batches", batches),
	COUNTER("events", events),
	COUNTER("halts", halted),
	COUNTER("notifies_sent", notified),
	COUNTER("notifies_suppressed", spared),
	COUNTER("persistent_hits", kept),
	COUNTER("persistent_misses", made),
	COUNTER("grants", granted),
};

static const struct pvio_counters counters = {
	counter_list, ARRAY_SIZE(counter_list),
};

#define LATENCY(_name, _field, _kind) \
	{ _name, offsetof(struct pvio_bf_latency, _field[_kind]) }

static const struct pvio_counter latency_list[] = {
	LATENCY("read", total, PVIO_BLK_KIND_READ),
	LATENCY("write", total, PVIO_BLK_KIND_WRITE),
	LATENCY("flush", total, PVIO_BLK_KIND_FLUSH),
	LATENCY("discard", total, PVIO_BLK_KIND_DISCARD),
	LATENCY("backend_read", backend, PVIO_BLK_KIND_READ),
	LATENCY("backend_write", backend, PVIO_BLK_KIND_WRITE),
	LATENCY("backend_flush", backend, PVIO_BLK_KIND_FLUSH),
	LATENCY("backend_discard", backend, PVIO_BLK_KIND_DISCARD),
};

static const struct pvio_counters latencies = {
	latency_list, ARRAY_SIZE(latency_list),
};

static int bf_debugfs_stats_show(struct seq_file *m, void *unused)
{
	const struct pvio_bf_vbd *vbd = m->private;

	pvio_counters_show(m, &counters, vbd->stats, sizeof(*vbd->stats),
			   vbd->nr_stats);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bf_debugfs_stats);

static int bf_debugfs_latency_show(struct seq_file *m, void *unused)
{
	const struct pvio_bf_vbd *vbd = m->private;

	pvio_histograms_show(m, &latencies, &vbd->stats->latency,
			     sizeof(*vbd->stats), vbd->nr_stats);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bf_debugfs_latency);

void pvio_bf_debugfs_add(struct pvio_bf_vbd *vbd)
{
	vbd->debugfs = debugfs_create_dir(vbd->place.name, root);
	debugfs_create_file("stats", 0400, vbd->debugfs, vbd,
			    &bf_debugfs_stats_fops);
	debugfs_create_file("latency", 0400, vbd->debugfs, vbd,
			    &bf_debugfs_latency_fops);
}

void pvio_bf_debugfs_remove(struct pvio_bf_vbd *vbd)
{
	debugfs_remove(vbd->debugfs);
}

void pvio_bf_debugfs_init(void)
{
	root = debugfs_create_dir("blkfront", pvio_debugfs());
}

void pvio_bf_debugfs_exit(void)
{
	debugfs_remove(root);
}
