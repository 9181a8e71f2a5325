// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a vif's packets have cost, queue by queue.  Packets themselves, and what
 * became of them, are counted by ethtool.  Named from this domain's side, as there.
 *
 * The queues live as long as the netdev, and the files go before it does, so a
 * reader needs no lock and meets nothing that is being taken down.
 */
#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "queue.h"
#include "vif.h"
#include "xenbus/resource.h"
#include "xenbus/stats.h"

static struct dentry *root;

#define COUNTER(_name, _field) \
	{ _name, offsetof(struct pvio_nb_queue, _field) }

static const struct pvio_counter counter_list[] = {
	COUNTER("polls", polls),
	COUNTER("rx_events", tx.did.events),
	COUNTER("rx_batches", tx.did.batches),
	COUNTER("rx_copy_hypercalls", tx.did.calls),
	COUNTER("rx_copies", tx.did.copies),
	COUNTER("rx_static_copies", tx.did.statics),
	COUNTER("rx_notifies_sent", tx.did.notified),
	COUNTER("rx_notifies_suppressed", tx.did.spared),
	COUNTER("tx_events", rx.did.events),
	COUNTER("tx_batches", rx.did.batches),
	COUNTER("tx_copy_hypercalls", rx.did.calls),
	COUNTER("tx_copies", rx.did.copies),
	COUNTER("tx_static_copies", rx.did.statics),
	COUNTER("tx_notifies_sent", rx.did.notified),
	COUNTER("tx_notifies_suppressed", rx.did.spared),
	COUNTER("tx_dropped_unfit", rx.unfit),
	COUNTER("tx_dropped_late", rx.overdue),
};

static const struct pvio_counters counters = {
	counter_list, ARRAY_SIZE(counter_list),
};

static const struct pvio_counter latency_list[] = {
	{ "rx", offsetof(struct pvio_nb_latency, rx) },
	{ "tx", offsetof(struct pvio_nb_latency, tx) },
};

static const struct pvio_counters latencies = {
	latency_list, ARRAY_SIZE(latency_list),
};

static int nb_debugfs_stats_show(struct seq_file *m, void *unused)
{
	const struct pvio_nb_vif *vif = m->private;

	pvio_counters_show(m, &counters, vif->queues, sizeof(*vif->queues),
			   vif->max_queues);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nb_debugfs_stats);

static int nb_debugfs_latency_show(struct seq_file *m, void *unused)
{
	const struct pvio_nb_vif *vif = m->private;

	pvio_histograms_show(m, &latencies, &vif->queues->measured,
			     sizeof(*vif->queues), vif->max_queues);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nb_debugfs_latency);

void pvio_nb_debugfs_add(struct pvio_nb_vif *vif)
{
	vif->debugfs = debugfs_create_dir(vif->dev->name, root);
	debugfs_create_file("stats", 0400, vif->debugfs, vif,
			    &nb_debugfs_stats_fops);
	debugfs_create_file("latency", 0400, vif->debugfs, vif,
			    &nb_debugfs_latency_fops);
}

void pvio_nb_debugfs_remove(struct pvio_nb_vif *vif)
{
	debugfs_remove(vif->debugfs);
}

void pvio_nb_debugfs_init(void)
{
	root = debugfs_create_dir("netback", pvio_debugfs());
}

void pvio_nb_debugfs_exit(void)
{
	debugfs_remove(root);
}
