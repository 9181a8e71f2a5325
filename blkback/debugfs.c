// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A disk's counters and latencies, queue by queue.
 *
 * Counters live as long as the disk, through all reconnects, and the files go
 * before it does, so a reader needs no lock and meets nothing that is being
 * taken down.
 */
#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "xenbus/resource.h"
#include "xenbus/stats.h"

#include "budget.h"
#include "stats.h"
#include "vbd.h"

static struct dentry *root;

#define COUNTER(_name, _field) \
	{ _name, offsetof(struct pvio_bb_stats, _field) }

static const struct pvio_counter counter_list[] = {
	COUNTER("reads", rd_req),
	COUNTER("writes", wr_req),
	COUNTER("flushes", f_req),
	COUNTER("discards", ds_req),
	COUNTER("sectors_read", rd_sect),
	COUNTER("sectors_written", wr_sect),
	COUNTER("indirect", indirect),
	COUNTER("refused", refused),
	COUNTER("answers", answers),
	COUNTER("errors", errors),
	COUNTER("batches", batches),
	COUNTER("waits", oo_req),
	COUNTER("events", events),
	COUNTER("halts", halted),
	COUNTER("notifies_sent", notified),
	COUNTER("notifies_suppressed", spared),
	COUNTER("copy_hypercalls_in", in.calls),
	COUNTER("copies_in", in.copies),
	COUNTER("copy_hypercalls_out", out.calls),
	COUNTER("copies_out", out.copies),
	COUNTER("map_hypercalls", map_calls),
	COUNTER("unmap_hypercalls", unmap_calls),
	COUNTER("persistent_hits", hits),
	COUNTER("persistent_misses", misses),
	COUNTER("persistent_full", full),
};

static const struct pvio_counters counters = {
	counter_list, ARRAY_SIZE(counter_list),
};

#define LATENCY(_name, _field, _kind) \
	{ _name, offsetof(struct pvio_bb_latency, _field[_kind]) }

static const struct pvio_counter latency_list[] = {
	LATENCY("read", answer, PVIO_BLK_KIND_READ),
	LATENCY("write", answer, PVIO_BLK_KIND_WRITE),
	LATENCY("flush", answer, PVIO_BLK_KIND_FLUSH),
	LATENCY("discard", answer, PVIO_BLK_KIND_DISCARD),
	LATENCY("device_read", device, PVIO_BLK_KIND_READ),
	LATENCY("device_write", device, PVIO_BLK_KIND_WRITE),
	LATENCY("device_flush", device, PVIO_BLK_KIND_FLUSH),
	LATENCY("device_discard", device, PVIO_BLK_KIND_DISCARD),
};

static const struct pvio_counters latencies = {
	latency_list, ARRAY_SIZE(latency_list),
};

static int bb_debugfs_stats_show(struct seq_file *m, void *unused)
{
	const struct pvio_bb_vbd *vbd = m->private;

	pvio_counters_show(m, &counters, vbd->stats, sizeof(*vbd->stats),
			   vbd->shape.max_queues);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bb_debugfs_stats);

static int bb_debugfs_latency_show(struct seq_file *m, void *unused)
{
	const struct pvio_bb_vbd *vbd = m->private;

	pvio_histograms_show(m, &latencies, &vbd->stats->latency,
			     sizeof(*vbd->stats), vbd->shape.max_queues);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bb_debugfs_latency);

void pvio_bb_debugfs_add(struct pvio_bb_vbd *vbd)
{
	vbd->debugfs = debugfs_create_dir(dev_name(vbd->pdev->dev), root);
	debugfs_create_file("stats", 0400, vbd->debugfs, vbd,
			    &bb_debugfs_stats_fops);
	debugfs_create_file("latency", 0400, vbd->debugfs, vbd,
			    &bb_debugfs_latency_fops);
}

void pvio_bb_debugfs_remove(struct pvio_bb_vbd *vbd)
{
	debugfs_remove(vbd->debugfs);
}

static int bb_debugfs_budget_show(struct seq_file *m, void *unused)
{
	pvio_bb_budget_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bb_debugfs_budget);

void pvio_bb_debugfs_init(void)
{
	root = debugfs_create_dir("blkback", pvio_debugfs());
	debugfs_create_file("budget", 0400, root, NULL,
			    &bb_debugfs_budget_fops);
}

void pvio_bb_debugfs_exit(void)
{
	debugfs_remove(root);
}
