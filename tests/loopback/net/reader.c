// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Someone who reads all statistics of an interface, without a pause.
 */
#include "tests/loopback/net/reader.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ethtool.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

static void read_ethtool(struct net_device *dev)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	struct ethtool_stats stats = { .cmd = ETHTOOL_GSTATS };
	int nr = ops->get_sset_count(dev, ETH_SS_STATS);
	u64 *values = kvcalloc(nr, sizeof(*values), GFP_KERNEL);
	u8 *names = kvcalloc(nr, ETH_GSTRING_LEN, GFP_KERNEL);

	if (values && names) {
		ops->get_strings(dev, ETH_SS_STATS, names);
		ops->get_ethtool_stats(dev, &stats, values);
	}
	kvfree(names);
	kvfree(values);
}

static int read_all(void *arg)
{
	struct net_device *dev = arg;
	struct rtnl_link_stats64 stats;

	while (!kthread_should_stop()) {
		dev_get_stats(dev, &stats);
		rtnl_lock();
		read_ethtool(dev);
		rtnl_unlock();
		usleep_range(100, 200);
	}
	return 0;
}

int net_reader_start(struct net_reader *reader, struct net_device *dev)
{
	reader->dev = dev;
	reader->task = kthread_run(read_all, dev, "pvio-reader");
	if (!IS_ERR(reader->task))
		return 0;
	reader->task = NULL;
	return -ENOMEM;
}
EXPORT_SYMBOL_GPL(net_reader_start);

void net_reader_stop(struct net_reader *reader)
{
	if (reader->task)
		kthread_stop(reader->task);
	reader->task = NULL;
}
EXPORT_SYMBOL_GPL(net_reader_stop);
