// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What an interface's packets have cost, queue by queue.  Packets themselves, and
 * what became of them, are counted by ethtool.
 *
 * The queues live as long as the interface, and the files go before it does, so a
 * reader needs no lock and meets nothing that is being taken down.
 */
#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "netdev.h"
#include "queue.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"
#include "xenbus/stats.h"

static struct dentry *root;

#define COUNTER(_name, _field) \
	{ _name, offsetof(struct pvio_nf_queue, _field) }

static const struct pvio_counter counter_list[] = {
	COUNTER("polls", polls),
	COUNTER("tx_events", events[PVIO_NF_TX]),
	COUNTER("tx_batches", tx.did.batches),
	COUNTER("tx_copied", tx.did.copied),
	COUNTER("tx_grants", tx.did.grants),
	COUNTER("tx_static", tx.stages.pool.used),
	COUNTER("tx_static_pages", tx.stages.pool.mapped),
	COUNTER("tx_stops", tx.did.stops),
	COUNTER("tx_notifies_sent", tx.did.notified),
	COUNTER("tx_notifies_suppressed", tx.did.spared),
	COUNTER("tx_dropped_no_memory", tx.did.scarce),
	COUNTER("rx_events", events[PVIO_NF_RX]),
	COUNTER("rx_batches", rx.did.batches),
	COUNTER("rx_holds", hold.times),
	COUNTER("rx_grants", rx.did.grants),
	COUNTER("rx_static", rx.fixed.used),
	COUNTER("rx_static_pages", rx.fixed.mapped),
	COUNTER("rx_notifies_sent", rx.did.notified),
	COUNTER("rx_notifies_suppressed", rx.did.spared),
};

static const struct pvio_counters counters = {
	counter_list, ARRAY_SIZE(counter_list),
};

static const struct pvio_counter latency_list[] = {
	{ "rx", offsetof(struct pvio_nf_latency, rx) },
	{ "tx", offsetof(struct pvio_nf_latency, tx) },
};

static const struct pvio_counters latencies = {
	latency_list, ARRAY_SIZE(latency_list),
};

static int nf_debugfs_stats_show(struct seq_file *m, void *unused)
{
	const struct pvio_nf *nf = m->private;

	pvio_counters_show(m, &counters, nf->queues, sizeof(*nf->queues),
			   nf->max_queues);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nf_debugfs_stats);

static int nf_debugfs_latency_show(struct seq_file *m, void *unused)
{
	const struct pvio_nf *nf = m->private;

	pvio_histograms_show(m, &latencies, &nf->queues->measured,
			     sizeof(*nf->queues), nf->max_queues);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nf_debugfs_latency);

/* Of the device: an interface is soon called something else. */
void pvio_nf_debugfs_add(struct pvio_nf *nf)
{
	nf->debugfs = debugfs_create_dir(dev_name(nf->pdev->dev), root);
	debugfs_create_file("stats", 0400, nf->debugfs, nf,
			    &nf_debugfs_stats_fops);
	debugfs_create_file("latency", 0400, nf->debugfs, nf,
			    &nf_debugfs_latency_fops);
}

void pvio_nf_debugfs_remove(struct pvio_nf *nf)
{
	debugfs_remove(nf->debugfs);
}

void pvio_nf_debugfs_init(void)
{
	root = debugfs_create_dir("netfront", pvio_debugfs());
}

void pvio_nf_debugfs_exit(void)
{
	debugfs_remove(root);
}
