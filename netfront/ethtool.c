// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What ethtool shows of the interface: driver, link, time stamping, and the
 * counters of each queue; and what it sets: how many queues there are and how the
 * backend spreads packets over them, how many buffers wait, and how long packets.
 */
#include "ethtool.h"

#include <linux/ethtool.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "compat/rxfh.h"
#include "hash.h"
#include "netdev.h"
#include "xenbus/device.h"

/* Counters of the whole interface, then those of each queue. */
static const char device_names[][ETH_GSTRING_LEN] = {
	"rx_gso_checksum_fixup", PVIO_XDP_NAMES,
};

static_assert(ARRAY_SIZE(device_names) == 1 + PVIO_XDP_WHATS);

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

/* Those of @device_names. */
static u64 *put_device_sums(u64 *to, const struct pvio_nf *nf)
{
	unsigned int i;

	*to++ = sum_fixups(nf);
	memset(to, 0, PVIO_XDP_WHATS * sizeof(*to));
	for (i = 0; i < nf->max_queues; i++)
		pvio_xdp_add_counts(&nf->queues[i].rx.xdp, to);
	return to + PVIO_XDP_WHATS;
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

	to = put_device_sums(to, nf);
	for (i = 0; i < nf->max_queues; i++) {
		to = put_sums(to, &nf->queues[i].tx.stats);
		to = put_sums(to, &nf->queues[i].rx.stats);
	}
}

static void nf_ethtool_get_channels(struct net_device *netdev,
				    struct ethtool_channels *channels)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	channels->max_combined = min(nf->max_queues, nf->peer.max_queues);
	channels->combined_count = pvio_nf_netdev_used(nf);
}

/*
 * All queues stay connected, so nothing is lost and the link stays: the stack
 * sends by fewer of them, and the backend is told to.
 */
static int nf_ethtool_set_channels(struct net_device *netdev,
				   struct ethtool_channels *channels)
{
	struct pvio_nf *nf = netdev_priv(netdev);
	int err = pvio_nf_hash_spread(nf, channels->combined_count);

	if (err)
		return err;
	return netif_set_real_num_tx_queues(netdev, pvio_nf_netdev_used(nf));
}

static void nf_ethtool_get_ringparam(struct net_device *netdev,
				     struct ethtool_ringparam *ring,
				     struct kernel_ethtool_ringparam *more,
				     struct netlink_ext_ack *extack)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	ring->rx_max_pending = PVIO_NF_RX_SLOTS;
	ring->tx_max_pending = PVIO_NF_TX_SLOTS;
	ring->rx_pending = nf->rx_least;
	ring->tx_pending = PVIO_NF_TX_SLOTS;
}

/* A ring is a page; what can be chosen is how many buffers wait in it. */
static int nf_ethtool_set_ringparam(struct net_device *netdev,
				    struct ethtool_ringparam *ring,
				    struct kernel_ethtool_ringparam *more,
				    struct netlink_ext_ack *extack)
{
	struct pvio_nf *nf = netdev_priv(netdev);

	if (ring->tx_pending != PVIO_NF_TX_SLOTS) {
		NL_SET_ERR_MSG(extack, "a transmit ring has 256 slots");
		return -EINVAL;
	}
	if (ring->rx_pending < PVIO_NF_RX_LEAST) {
		NL_SET_ERR_MSG(extack, "a packet may need 32 receive buffers");
		return -EINVAL;
	}
	WRITE_ONCE(nf->rx_least, ring->rx_pending);
	local_bh_disable();
	pvio_nf_netdev_poll(nf);
	local_bh_enable();
	return 0;
}

static int nf_ethtool_get_coalesce(struct net_device *netdev,
				   struct ethtool_coalesce *coal,
				   struct kernel_ethtool_coalesce *more,
				   struct netlink_ext_ack *extack)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	coal->rx_coalesce_usecs = nf->moderation.usecs;
	coal->use_adaptive_rx_coalesce = nf->moderation.adaptive;
	return 0;
}

static int nf_ethtool_set_coalesce(struct net_device *netdev,
				   struct ethtool_coalesce *coal,
				   struct kernel_ethtool_coalesce *more,
				   struct netlink_ext_ack *extack)
{
	struct pvio_nf *nf = netdev_priv(netdev);

	if (coal->rx_coalesce_usecs > PVIO_NF_USECS_MAX) {
		NL_SET_ERR_MSG(extack, "1000 microseconds are the most");
		return -EINVAL;
	}
	WRITE_ONCE(nf->moderation.usecs, coal->rx_coalesce_usecs);
	WRITE_ONCE(nf->moderation.adaptive, coal->use_adaptive_rx_coalesce);
	return 0;
}

static u32 nf_ethtool_get_rx_ring_count(struct net_device *netdev)
{
	return pvio_nf_netdev_used(netdev_priv(netdev));
}

static u32 nf_ethtool_get_rxfh_key_size(struct net_device *netdev)
{
	return PVIO_NETCTRL_KEY_MAX;
}

static u32 nf_ethtool_get_rxfh_indir_size(struct net_device *netdev)
{
	return PVIO_NETCTRL_MAP_MAX;
}

static int nf_ethtool_get_rxfh(struct net_device *netdev,
			       struct pvio_rxfh_param *param)
{
	const struct pvio_nf *nf = netdev_priv(netdev);
	const struct pvio_nf_hash *hash = &nf->hash;
	unsigned int i;

	if (!nf->ctrl.open)
		return -EOPNOTSUPP;
	for (i = 0; i < PVIO_NETCTRL_MAP_MAX && param->indir; i++)
		param->indir[i] = hash->table[i] % pvio_nf_netdev_used(nf);
	if (param->key)
		memcpy(param->key, hash->key, sizeof(hash->key));
	param->hfunc = hash->set ? ETH_RSS_HASH_TOP : ETH_RSS_HASH_UNKNOWN;
	return 0;
}

static int nf_ethtool_set_rxfh(struct net_device *netdev,
			       struct pvio_rxfh_param *param,
			       struct netlink_ext_ack *extack)
{
	struct pvio_nf *nf = netdev_priv(netdev);
	struct pvio_nf_hash to = nf->hash;
	unsigned int i;

	if (param->hfunc != ETH_RSS_HASH_NO_CHANGE &&
	    param->hfunc != ETH_RSS_HASH_TOP)
		return -EOPNOTSUPP;
	for (i = 0; i < PVIO_NETCTRL_MAP_MAX && param->indir; i++)
		to.table[i] = param->indir[i];
	if (param->key)
		memcpy(to.key, param->key, sizeof(to.key));
	to.set = true;
	return pvio_nf_hash_change(nf, &to);
}

/**
 * struct flow - what can be hashed of a kind of packets
 * @type: ethtool's number
 * @addresses: flag for addresses alone
 * @ports: flag for addresses and ports; 0: there is none
 */
struct flow {
	u32 type;
	u32 addresses;
	u32 ports;
};

#define IPV4(_type, _ports) { _type, XEN_NETIF_CTRL_HASH_TYPE_IPV4, _ports }
#define IPV6(_type, _ports) { _type, XEN_NETIF_CTRL_HASH_TYPE_IPV6, _ports }

static const struct flow flows[] = {
	IPV4(TCP_V4_FLOW, XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP),
	IPV4(UDP_V4_FLOW, 0), IPV4(SCTP_V4_FLOW, 0), IPV4(AH_ESP_V4_FLOW, 0),
	IPV4(AH_V4_FLOW, 0), IPV4(ESP_V4_FLOW, 0), IPV4(IPV4_FLOW, 0),
	IPV6(TCP_V6_FLOW, XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP),
	IPV6(UDP_V6_FLOW, 0), IPV6(SCTP_V6_FLOW, 0), IPV6(AH_ESP_V6_FLOW, 0),
	IPV6(AH_V6_FLOW, 0), IPV6(ESP_V6_FLOW, 0), IPV6(IPV6_FLOW, 0),
};

#define ADDRESSES	(RXH_IP_SRC | RXH_IP_DST)
#define PORTS		(RXH_L4_B_0_1 | RXH_L4_B_2_3)

static const struct flow *find_flow(u32 type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flows); i++)
		if (flows[i].type == type)
			return &flows[i];
	return NULL;
}

static u32 fields_of(const struct flow *flow, u32 flags)
{
	if (flags & flow->ports)
		return ADDRESSES | PORTS;
	return flags & flow->addresses ? ADDRESSES : 0;
}

static int nf_ethtool_get_rxfh_fields(struct net_device *netdev,
				      struct pvio_rxfh_fields *fields)
{
	const struct pvio_nf *nf = netdev_priv(netdev);
	const struct flow *flow = find_flow(fields->flow_type);

	if (!flow || !nf->ctrl.open)
		return -EOPNOTSUPP;
	fields->data = fields_of(flow, nf->hash.flags);
	return 0;
}

/*
 * The flag for addresses is one for all packets of its family: where others
 * need it, TCP cannot be without.
 */
static int nf_ethtool_set_rxfh_fields(struct net_device *netdev,
				      const struct pvio_rxfh_fields *fields,
				      struct netlink_ext_ack *extack)
{
	struct pvio_nf *nf = netdev_priv(netdev);
	const struct flow *flow = find_flow(fields->flow_type);
	struct pvio_nf_hash to = nf->hash;

	if (!flow)
		return -EOPNOTSUPP;
	if (fields->data & ADDRESSES)
		to.flags |= fields->data & PORTS ? 0 : flow->addresses;
	else if (!flow->ports)
		to.flags &= ~flow->addresses;
	to.flags &= ~flow->ports;
	if (fields->data & PORTS)
		to.flags |= flow->ports;
	if (fields_of(flow, to.flags) != fields->data)
		return -EINVAL;
	to.set = true;
	return pvio_nf_hash_change(nf, &to);
}

PVIO_RXFH_GET_GLUE(nf_ethtool)
PVIO_RXFH_SET_GLUE(nf_ethtool)
PVIO_RXFH_GET_RULE_GLUE(nf_ethtool)
PVIO_RXFH_SET_RULE_GLUE(nf_ethtool)

const struct ethtool_ops pvio_nf_ethtool_ops = {
	.get_drvinfo = nf_ethtool_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = nf_ethtool_get_sset_count,
	.get_strings = nf_ethtool_get_strings,
	.get_ethtool_stats = nf_ethtool_get_stats,
	.get_channels = nf_ethtool_get_channels,
	.set_channels = nf_ethtool_set_channels,
	.get_ringparam = nf_ethtool_get_ringparam,
	.set_ringparam = nf_ethtool_set_ringparam,
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS |
				     ETHTOOL_COALESCE_USE_ADAPTIVE_RX,
	.get_coalesce = nf_ethtool_get_coalesce,
	.set_coalesce = nf_ethtool_set_coalesce,
	.get_rxfh_key_size = nf_ethtool_get_rxfh_key_size,
	.get_rxfh_indir_size = nf_ethtool_get_rxfh_indir_size,
	PVIO_RXFH_TABLE_OPS(nf_ethtool),
	PVIO_RXFH_FIELDS_OPS(nf_ethtool),
};
