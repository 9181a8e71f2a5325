// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What ethtool shows of the interface: driver, link, time stamping, and the
 * counters of each queue.
 */
#include "ethtool.h"

#include <linux/ethtool.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "netdev.h"
#include "xenbus/device.h"

/* Counters of the whole interface, then those of each queue. */
static const char device_names[][ETH_GSTRING_LEN] = {
	"rx_gso_checksum_fixup",
};

static const char *const queue_names[] = {
	"tx_packets", "tx_bytes", "tx_dropped", "tx_errors",
	"rx_packets", "rx_bytes", "rx_dropped", "rx_errors",
};

static void nf_ethtool_get_drvinfo(struct net_device *netdev,
				   struct ethtool_drvinfo *info)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	strscpy(info->driver, nf->pdev->drv->name, sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version, sizeof(info->version));
	strscpy(info->bus_info, dev_name(nf->pdev->dev),
		sizeof(info->bus_info));
}

static int nf_ethtool_get_sset_count(struct net_device *netdev, int set)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(device_names) +
	       nf->max_queues * ARRAY_SIZE(queue_names);
}

static void nf_ethtool_get_strings(struct net_device *netdev, u32 set, u8 *text)
{
	const struct pvio_nf *nf = netdev_priv(netdev);
	unsigned int q, i;

	if (set != ETH_SS_STATS)
		return;
	memcpy(text, device_names, sizeof(device_names));
	text += sizeof(device_names);
	for (q = 0; q < nf->max_queues; q++)
		for (i = 0; i < ARRAY_SIZE(queue_names); i++)
			ethtool_sprintf(&text, "queue_%u_%s", q,
					queue_names[i]);
}

static u64 sum_fixups(const struct pvio_nf *nf)
{
	const struct pvio_nf_rx *rx;
	unsigned int i, start;
	u64 sum = 0, one;

	for (i = 0; i < nf->max_queues; i++) {
		rx = &nf->queues[i].rx;
		do {
			start = u64_stats_fetch_begin(&rx->stats.syncp);
			one = u64_stats_read(&rx->fixups);
		} while (u64_stats_fetch_retry(&rx->stats.syncp, start));
		sum += one;
	}
	return sum;
}

static u64 *put_sums(u64 *to, const struct pvio_nf_stats *stats)
{
	struct pvio_nf_sums sums;

	pvio_nf_stats_read(stats, &sums);
	*to++ = sums.packets;
	*to++ = sums.bytes;
	*to++ = sums.dropped;
	*to++ = sums.errors;
	return to;
}

static void nf_ethtool_get_stats(struct net_device *netdev,
				 struct ethtool_stats *stats, u64 *to)
{
	const struct pvio_nf *nf = netdev_priv(netdev);
	unsigned int i;

	*to++ = sum_fixups(nf);
	for (i = 0; i < nf->max_queues; i++) {
		to = put_sums(to, &nf->queues[i].tx.stats);
		to = put_sums(to, &nf->queues[i].rx.stats);
	}
}

const struct ethtool_ops pvio_nf_ethtool_ops = {
	.get_drvinfo = nf_ethtool_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = nf_ethtool_get_sset_count,
	.get_strings = nf_ethtool_get_strings,
	.get_ethtool_stats = nf_ethtool_get_stats,
};
