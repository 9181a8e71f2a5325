// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * ethtool: counters of each queue, named from this domain's side.
 */
#include "ethtool.h"

#include <linux/module.h>
#include <linux/netdevice.h>

#include "queue.h"
#include "stats.h"
#include "vif.h"

/* Counters of the whole vif, then those of each queue. */
static const char vif_names[][ETH_GSTRING_LEN] = { PVIO_XDP_NAMES };

static_assert(ARRAY_SIZE(vif_names) == PVIO_XDP_WHATS);

static const char *const tx_names[PVIO_NB_TX_STATS] = {
	[PVIO_NB_TX_PACKETS] = "packets",
	[PVIO_NB_TX_BYTES] = "bytes",
	[PVIO_NB_TX_ERRORS] = "errors",
	[PVIO_NB_TX_DROPPED] = "no_memory",
	[PVIO_NB_TX_CSUM_FIXED] = "gso_checksum_fixup",
	[PVIO_NB_TX_THROTTLED] = "throttled",
};

static const char *const rx_names[PVIO_NB_RX_STATS] = {
	[PVIO_NB_RX_PACKETS] = "packets",
	[PVIO_NB_RX_BYTES] = "bytes",
	[PVIO_NB_RX_ERRORS] = "errors",
	[PVIO_NB_RX_DROPPED] = "dropped",
	[PVIO_NB_RX_EXPIRED] = "expired",
	[PVIO_NB_RX_FILTERED] = "filtered",
	[PVIO_NB_RX_STALLS] = "stalls",
};

static void nb_ethtool_get_drvinfo(struct net_device *dev,
				   struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "pvio-netback", sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version, sizeof(info->version));
	strscpy(info->bus_info, dev_name(dev->dev.parent),
		sizeof(info->bus_info));
}

static int nb_ethtool_get_sset_count(struct net_device *dev, int set)
{
	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(vif_names) + dev->real_num_tx_queues *
	       (PVIO_NB_TX_STATS + PVIO_NB_RX_STATS);
}

static u8 *put_names(u8 *to, const char *prefix, const char *const *names,
		     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++, to += ETH_GSTRING_LEN)
		snprintf(to, ETH_GSTRING_LEN, "%s_%s", prefix, names[i]);
	return to;
}

static void nb_ethtool_get_strings(struct net_device *dev, u32 set, u8 *to)
{
	char prefix[16];
	unsigned int i;

	if (set != ETH_SS_STATS)
		return;
	memcpy(to, vif_names, sizeof(vif_names));
	to += sizeof(vif_names);
	for (i = 0; i < dev->real_num_tx_queues; i++) {
		snprintf(prefix, sizeof(prefix), "rx%u", i);
		to = put_names(to, prefix, tx_names, PVIO_NB_TX_STATS);
		snprintf(prefix, sizeof(prefix), "tx%u", i);
		to = put_names(to, prefix, rx_names, PVIO_NB_RX_STATS);
	}
}

static u64 *put_queue(u64 *to, const struct pvio_nb_queue *q)
{
	unsigned int i;

	for (i = 0; i < PVIO_NB_TX_STATS; i++)
		*to++ = pvio_nb_tx_stat(&q->tx.stats, i);
	for (i = 0; i < PVIO_NB_RX_STATS; i++)
		*to++ = pvio_nb_rx_stat(&q->rx.stats, i);
	return to;
}

/* rtnl is held: there are as many queues as when the size was asked for. */
static void nb_ethtool_get_stats(struct net_device *dev,
				 struct ethtool_stats *stats, u64 *to)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);
	unsigned int i;

	memset(to, 0, PVIO_XDP_WHATS * sizeof(*to));
	for (i = 0; i < vif->max_queues; i++)
		pvio_xdp_add_counts(&vif->queues[i].tx.xdp, to);
	to += PVIO_XDP_WHATS;
	for (i = 0; i < dev->real_num_tx_queues; i++)
		to = put_queue(to, &vif->queues[i]);
}

const struct ethtool_ops pvio_nb_ethtool_ops = {
	.get_drvinfo = nb_ethtool_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = nb_ethtool_get_sset_count,
	.get_strings = nb_ethtool_get_strings,
	.get_ethtool_stats = nb_ethtool_get_stats,
};
