// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The guest's network interface: operations, features, life.
 */
#include "netdev.h"

#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/sch_generic.h>

#include "compat/queues.h"
#include "ethtool.h"
#include "params.h"
#include "sysfs.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* What depends on the backend; the administrator may turn it off. */
#define NEGOTIATED	(NETIF_F_SG | NETIF_F_IPV6_CSUM | \
			 NETIF_F_TSO | NETIF_F_TSO6)
/* Only of received packets, tagged or not. */
#define RECEIVED	NETIF_F_RXHASH
/* What every backend takes or gives. */
#define ALWAYS	(NETIF_F_IP_CSUM | NETIF_F_RXCSUM | NETIF_F_FRAGLIST)
/*
 * Of tagged packets, where the backend says no more.  Most drop one with a
 * blank checksum behind a tag.
 */
#define TAGGED	(NETIF_F_SG | NETIF_F_FRAGLIST)

/*
 * Bridges learn from the first announcement.  Backends whose own link is not
 * up so soon, and switches behind them, learn from the second.
 */
#define ANNOUNCEMENTS	2
#define ANNOUNCE_SOON	(HZ / 50)
#define ANNOUNCE_AGAIN	HZ

/* The stack starts the transmit queues; without a backend they stay still. */
static int nf_netdev_open(struct net_device *netdev)
{
	struct pvio_nf *nf = netdev_priv(netdev);

	if (nf->connected)
		netif_tx_start_all_queues(netdev);
	return 0;
}

static int nf_netdev_stop(struct net_device *netdev)
{
	netif_tx_stop_all_queues(netdev);
	return 0;
}

static netdev_tx_t nf_netdev_start_xmit(struct sk_buff *skb,
					struct net_device *netdev)
{
	struct pvio_nf *nf = netdev_priv(netdev);

	return pvio_nf_tx_xmit(&nf->queues[skb_get_queue_mapping(skb)], skb);
}

static void nf_netdev_set_rx_mode(struct net_device *netdev)
{
	pvio_nf_mcast_look(netdev_priv(netdev));
}

/* Larger packets need several slots. */
static int mtu_that_fits(const struct pvio_nf *nf, netdev_features_t features)
{
	return features & NETIF_F_SG ? nf->mtu : min(nf->mtu, ETH_DATA_LEN);
}

/*
 * Before the first backend has come nobody knows; what it cannot do is seen
 * to then, and comes back with one that can.
 */
static int nf_netdev_change_mtu(struct net_device *netdev, int mtu)
{
	struct pvio_nf *nf = netdev_priv(netdev);

	if (!nf->fitting) {
		if (nf->known && mtu > ETH_DATA_LEN &&
		    !(netdev->features & NETIF_F_SG))
			return -EINVAL;
		nf->mtu = mtu;
	}
	WRITE_ONCE(netdev->mtu, mtu);
	return 0;
}

static void fit_mtu(struct pvio_nf *nf, netdev_features_t features)
{
	struct net_device *netdev = nf->netdev;
	int mtu = mtu_that_fits(nf, features);

	if (!nf->known || mtu == netdev->mtu)
		return;
	netdev_info(netdev, "%s: MTU is %d now\n",
		    features & NETIF_F_SG ? "scatter-gather" :
					    "no scatter-gather", mtu);
	nf->fitting = true;
	dev_set_mtu(netdev, mtu);
	nf->fitting = false;
}

static void add_tx_stats(const struct pvio_nf_tx *tx,
			 struct rtnl_link_stats64 *total)
{
	struct pvio_nf_sums sums;

	pvio_nf_stats_read(&tx->stats, &sums);
	total->tx_packets += sums.packets;
	total->tx_bytes += sums.bytes;
	total->tx_dropped += sums.dropped;
	total->tx_errors += sums.errors;
}

static void add_rx_stats(const struct pvio_nf_rx *rx,
			 struct rtnl_link_stats64 *total)
{
	struct pvio_nf_sums sums;

	pvio_nf_stats_read(&rx->stats, &sums);
	total->rx_packets += sums.packets;
	total->rx_bytes += sums.bytes;
	total->rx_dropped += sums.dropped;
	total->rx_errors += sums.errors;
}

static void read_passed(const struct pvio_nf_stats *stats, u64 *packets, u64 *bytes)
{
	struct pvio_nf_sums sums;

	pvio_nf_stats_read(stats, &sums);
	*packets = sums.packets;
	*bytes = sums.bytes;
}

static void __maybe_unused nf_netdev_tx_passed(struct net_device *netdev,
					       int index, u64 *packets,
					       u64 *bytes)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	read_passed(&nf->queues[index].tx.stats, packets, bytes);
}

static void __maybe_unused nf_netdev_rx_passed(struct net_device *netdev,
					       int index, u64 *packets,
					       u64 *bytes)
{
	const struct pvio_nf *nf = netdev_priv(netdev);

	read_passed(&nf->queues[index].rx.stats, packets, bytes);
}

PVIO_QUEUE_STATS_GLUE(nf_netdev, rx)
PVIO_QUEUE_STATS_GLUE(nf_netdev, tx)
PVIO_BASE_STATS_GLUE(nf_netdev);

static void nf_netdev_get_stats64(struct net_device *netdev,
				  struct rtnl_link_stats64 *total)
{
	struct pvio_nf *nf = netdev_priv(netdev);
	unsigned int i;

	for (i = 0; i < nf->max_queues; i++) {
		add_tx_stats(&nf->queues[i].tx, total);
		add_rx_stats(&nf->queues[i].rx, total);
	}
}

static netdev_features_t nf_netdev_fix_features(struct net_device *netdev,
						netdev_features_t features)
{
	const struct pvio_nf *nf = netdev_priv(netdev);
	const struct pvio_nf_peer *peer = &nf->peer;

	if (!peer->sg)
		features &= ~NETIF_F_SG;
	if (!peer->csum6)
		features &= ~NETIF_F_IPV6_CSUM;
	if (!peer->gso4)
		features &= ~NETIF_F_TSO;
	if (!peer->gso6)
		features &= ~NETIF_F_TSO6;
	if (!peer->ctrl)
		features &= ~NETIF_F_RXHASH;
	return features;
}

static int nf_netdev_set_features(struct net_device *netdev,
				  netdev_features_t features)
{
	fit_mtu(netdev_priv(netdev), features);
	return 0;
}

void pvio_nf_netdev_poll(struct pvio_nf *nf)
{
	unsigned int i;

	for (i = 0; i < nf->netdev->real_num_rx_queues; i++)
		if (READ_ONCE(nf->queues[i].tx.running))
			napi_schedule(&nf->queues[i].napi);
}

#ifdef CONFIG_NET_POLL_CONTROLLER
/* What is scheduled here is polled by the caller. */
static void nf_netdev_poll_controller(struct net_device *netdev)
{
	pvio_nf_netdev_poll(netdev_priv(netdev));
}
#endif

static int nf_netdev_bpf(struct net_device *netdev, struct netdev_bpf *order)
{
	struct pvio_nf *nf = netdev_priv(netdev);

	return pvio_xdp_set(&nf->prog, order);
}

static int nf_netdev_xdp_xmit(struct net_device *netdev, int nr,
			      struct xdp_frame **frames, u32 flags)
{
	unsigned int cpu = smp_processor_id();
	struct pvio_nf *nf = netdev_priv(netdev);
	struct pvio_nf_queue *q;
	int done;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	q = &nf->queues[cpu % netdev->real_num_tx_queues];
	__netif_tx_lock(q->txq, cpu);
	done = pvio_xdp_send(netdev, q->txq, frames, nr);
	if (flags & XDP_XMIT_FLUSH)
		pvio_nf_tx_flush(q);
	__netif_tx_unlock(q->txq);
	return done;
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = nf_netdev_open,
	.ndo_stop = nf_netdev_stop,
	.ndo_start_xmit = nf_netdev_start_xmit,
	.ndo_change_mtu = nf_netdev_change_mtu,
	.ndo_set_rx_mode = nf_netdev_set_rx_mode,
	.ndo_get_stats64 = nf_netdev_get_stats64,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_fix_features = nf_netdev_fix_features,
	.ndo_set_features = nf_netdev_set_features,
	.ndo_bpf = nf_netdev_bpf,
	.ndo_xdp_xmit = nf_netdev_xdp_xmit,
#ifdef CONFIG_NET_POLL_CONTROLLER
	.ndo_poll_controller = nf_netdev_poll_controller,
#endif
};

/*
 * What the administrator wants is remembered when the interface registers,
 * so that has to name every feature; nf_netdev_fix_features() takes away what
 * the backend of the day does not have.
 */
static void set_up(struct pvio_nf *nf)
{
	struct net_device *netdev = nf->netdev;

	netdev->netdev_ops = &netdev_ops;
	netdev->ethtool_ops = &pvio_nf_ethtool_ops;
	pvio_queue_stats(netdev, nf_netdev);
	netdev->sysfs_groups[0] = &pvio_nf_sysfs_group;
	netdev->features = NETIF_F_GSO_ROBUST | ALWAYS | NEGOTIATED | RECEIVED;
	netdev->hw_features = ALWAYS | NEGOTIATED | RECEIVED;
	netdev->vlan_features = TAGGED;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = XEN_NETIF_MAX_TX_SIZE;
	netif_set_tso_max_size(netdev, XEN_NETIF_MAX_TX_SIZE);
	/* A packet in flight is described in its own control block. */
	netdev->priv_flags &= ~IFF_TX_SKB_SHARING;
	/* Nothing depends on the address but the stack. */
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	SET_NETDEV_DEV(netdev, nf->pdev->dev);
	pvio_xdp_advertise(netdev);
	netif_carrier_off(netdev);
}

static void set_first_address(struct pvio_nf *nf, const u8 *mac)
{
	if (!mac) {
		eth_hw_addr_random(nf->netdev);
		return;
	}
	eth_hw_addr_set(nf->netdev, mac);
	ether_addr_copy(nf->wishes.mac, mac);
}

static int add_queues(struct pvio_nf *nf)
{
	nf->queues = kvcalloc(nf->max_queues, sizeof(*nf->queues), GFP_KERNEL);
	if (!nf->queues)
		return -ENOMEM;
	pvio_nf_queues_init(nf);
	return 0;
}

static int enlist(struct pvio_nf *nf)
{
	int err = register_netdev(nf->netdev);

	nf->registered = !err;
	return err;
}

/*
 * The stack drops everything until it has seen to the carrier, which it does
 * some time after it was turned on.
 */
static bool link_is_settled(const struct net_device *netdev)
{
	return netif_carrier_ok(netdev) && !qdisc_tx_is_noop(netdev);
}

static void nf_netdev_announce_work(struct work_struct *work)
{
	struct pvio_nf *nf = container_of(to_delayed_work(work), struct pvio_nf,
					  announce);

	if (!READ_ONCE(nf->connected) || !netif_running(nf->netdev))
		return;
	if (!link_is_settled(nf->netdev)) {
		schedule_delayed_work(&nf->announce, ANNOUNCE_SOON);
		return;
	}
	netdev_notify_peers(nf->netdev);
	if (--nf->announcements)
		schedule_delayed_work(&nf->announce, ANNOUNCE_AGAIN);
}

int pvio_nf_netdev_create(struct pvio_device *pdev, const u8 *mac)
{
	unsigned int max = pvio_nf_params_queues();
	struct net_device *netdev;
	struct pvio_nf *nf;
	int err;

	netdev = alloc_etherdev_mq(sizeof(*nf), max);
	if (!netdev)
		return -ENOMEM;
	nf = netdev_priv(netdev);
	nf->pdev = pdev;
	nf->netdev = netdev;
	nf->max_queues = max;
	nf->most_queues = max;
	nf->rx_least = PVIO_NF_RX_FIRST;
	nf->mtu = netdev->mtu;
	pvio_nf_ctrl_init(nf);
	pvio_nf_hash_init(nf);
	pvio_nf_mcast_init(nf);
	pvio_nf_gref_map_init(nf);
	INIT_DELAYED_WORK(&nf->announce, nf_netdev_announce_work);
	pdev->priv = nf;
	pvio_created(PVIO_RES_NETDEV, 1);
	set_up(nf);
	set_first_address(nf, mac);
	err = add_queues(nf);
	if (!err)
		err = enlist(nf);
	if (err)
		pvio_nf_netdev_destroy(nf);
	return err;
}

void pvio_nf_netdev_unregister(struct pvio_nf *nf)
{
	if (!nf->registered)
		return;
	nf->registered = false;
	cancel_delayed_work_sync(&nf->announce);
	unregister_netdev(nf->netdev);
	/* Until then the stack may have told of its addresses. */
	pvio_nf_mcast_halt(nf);
}

void pvio_nf_netdev_destroy(struct pvio_nf *nf)
{
	pvio_nf_netdev_unregister(nf);
	nf->pdev->priv = NULL;
	kvfree(nf->queues);
	free_netdev(nf->netdev);
	pvio_destroyed(PVIO_RES_NETDEV, 1);
}

/*
 * The administrator's own address stays unless the toolstack's changed, of
 * which everything on top of the interface is told and may refuse it.
 */
static void set_address(struct pvio_nf *nf, const struct pvio_nf_wishes *wishes)
{
	struct net_device *netdev = nf->netdev;
	struct sockaddr_storage to = { .ss_family = netdev->type };
	int err;

	if (ether_addr_equal(nf->wishes.mac, wishes->mac) ||
	    ether_addr_equal(netdev->dev_addr, wishes->mac))
		return;
	ether_addr_copy(((struct sockaddr *)&to)->sa_data, wishes->mac);
	/* Which of the two types it takes depends on the kernel. */
	err = dev_set_mac_address(netdev, (void *)&to, NULL);
	if (err)
		pvio_warn(nf->pdev, "address %pM was refused (%d)", wishes->mac,
			  err);
	else
		netdev->addr_assign_type = NET_ADDR_PERM;
}

/* Interfaces that stand on it follow. */
static void adapt_tags(struct net_device *netdev, bool offloads)
{
	netdev_features_t tagged = TAGGED;

	if (offloads)
		tagged |= NEGOTIATED | NETIF_F_IP_CSUM;
	if (netdev->vlan_features == tagged)
		return;
	netdev->vlan_features = tagged;
	netdev_features_change(netdev);
}

void pvio_nf_netdev_adapt(struct pvio_nf *nf, const struct pvio_nf_peer *peer,
			  const struct pvio_nf_wishes *wishes)
{
	rtnl_lock();
	set_address(nf, wishes);
	nf->peer = *peer;
	nf->wishes = *wishes;
	nf->known = true;
	netdev_update_features(nf->netdev);
	adapt_tags(nf->netdev, peer->vlan);
	fit_mtu(nf, nf->netdev->features);
	rtnl_unlock();
}

int pvio_nf_netdev_resize(struct pvio_nf *nf)
{
	int err;

	rtnl_lock();
	err = netif_set_real_num_rx_queues(nf->netdev, nf->nr_queues);
	if (!err)
		err = netif_set_real_num_tx_queues(nf->netdev,
						   pvio_nf_netdev_used(nf));
	rtnl_unlock();
	return err;
}

void pvio_nf_netdev_run(struct pvio_nf *nf)
{
	rtnl_lock();
	WRITE_ONCE(nf->connected, true);
	pvio_nf_queues_run(nf, 0, nf->nr_queues);
	netif_carrier_on(nf->netdev);
	rtnl_unlock();
	pvio_nf_netdev_announce(nf);
}

void pvio_nf_netdev_announce(struct pvio_nf *nf)
{
	/* The count is its own while it may run. */
	cancel_delayed_work_sync(&nf->announce);
	nf->announcements = ANNOUNCEMENTS;
	schedule_delayed_work(&nf->announce, ANNOUNCE_SOON);
}

void pvio_nf_netdev_halt(struct pvio_nf *nf)
{
	rtnl_lock();
	WRITE_ONCE(nf->connected, false);
	netif_carrier_off(nf->netdev);
	pvio_nf_queues_halt(nf, 0, nf->nr_queues);
	rtnl_unlock();
	/* It waits for nobody but who has rtnl. */
	cancel_delayed_work_sync(&nf->announce);
}
