// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The netdev: made, opened, connected, and the ways back.
 *
 * Packets flow while it is up and a frontend is connected; rtnl covers both.
 */
#include "vif.h"

#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "compat/pvio_compat.h"
#include "compat/queues.h"
#include "ethtool.h"
#include "params.h"
#include "queue.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* The largest IP packet less a tagged Ethernet header. */
#define MTU_MAX		(ETH_MAX_MTU - VLAN_ETH_HLEN)

#define OFFLOADS	(NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | \
			 NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_FRAGLIST)

/*
 * Of tagged packets, where the frontend says no more.  Most drop one with a
 * blank checksum behind a tag.
 */
#define VLAN_OFFLOADS	(NETIF_F_SG | NETIF_F_FRAGLIST)

static void run_vif(struct pvio_nb_vif *vif)
{
	atomic_set(&vif->stalled, 0);
	vif->told_stalled = false;
	pvio_nb_queues_run(vif, 0, vif->nr_queues);
	vif->running = true;
	netif_carrier_on(vif->dev);
	pvio_nb_vif_kick(vif);
}

static void halt_vif(struct pvio_nb_vif *vif)
{
	ASSERT_RTNL();
	if (!vif->running)
		return;
	pvio_nb_queues_halt(vif, 0, vif->nr_queues);
	vif->running = false;
	cancel_delayed_work_sync(&vif->stall_check);
	cancel_delayed_work_sync(&vif->refill);
}

void pvio_nb_vif_kick(struct pvio_nb_vif *vif)
{
	unsigned int i;

	local_bh_disable();
	for (i = 0; i < vif->nr_queues; i++)
		napi_schedule(&vif->queues[i].napi);
	local_bh_enable();
}

static void nb_vif_refill_work(struct work_struct *work)
{
	pvio_nb_vif_kick(container_of(to_delayed_work(work), struct pvio_nb_vif,
				      refill));
}

/* Here and not where it is found out, which is under a transmit lock. */
static void tell_stall(struct pvio_nb_vif *vif)
{
	bool stalled = atomic_read(&vif->stalled);

	if (stalled == vif->told_stalled)
		return;
	vif->told_stalled = stalled;
	if (stalled) {
		pvio_info(vif->pdev, "%s: guest receives nothing, carrier off",
			  vif->dev->name);
		netif_carrier_off(vif->dev);
	} else {
		pvio_info(vif->pdev, "%s: guest receives again",
			  vif->dev->name);
		netif_carrier_on(vif->dev);
	}
}

static void nb_vif_stall_check_work(struct work_struct *work)
{
	struct pvio_nb_vif *vif = container_of(to_delayed_work(work),
					       struct pvio_nb_vif, stall_check);
	bool waits = false;
	unsigned int i;

	for (i = 0; i < vif->nr_queues; i++)
		waits |= pvio_nb_rx_age(&vif->queues[i]);
	tell_stall(vif);
	if (waits)
		pvio_nb_vif_check_soon(vif);
}

static int nb_vif_open(struct net_device *dev)
{
	struct pvio_nb_vif *vif = netdev_priv(dev);

	if (vif->connected)
		run_vif(vif);
	WRITE_ONCE(vif->opened, jiffies | 1);
	/* From here on the script's silence counts. */
	pvio_device_look(vif->pdev);
	return 0;
}

static int nb_vif_stop(struct net_device *dev)
{
	struct pvio_nb_vif *vif = netdev_priv(dev);

	WRITE_ONCE(vif->opened, 0);
	halt_vif(vif);
	return 0;
}

static int nb_vif_change_mtu(struct net_device *dev, int mtu)
{
	struct pvio_nb_vif *vif = netdev_priv(dev);

	if (mtu > ETH_DATA_LEN && !vif->peer.sg) {
		netdev_err(dev, "the guest takes no packets beyond %u bytes\n",
			   ETH_DATA_LEN);
		return -EINVAL;
	}
	vif->mtu = 0;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static netdev_features_t nb_vif_fix_features(struct net_device *dev,
					     netdev_features_t features)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);
	const struct pvio_nb_peer *peer = &vif->peer;

	if (!peer->sg)
		features &= ~(NETIF_F_SG | NETIF_F_FRAGLIST);
	if (!peer->gso4)
		features &= ~NETIF_F_TSO;
	if (!peer->gso6)
		features &= ~NETIF_F_TSO6;
	if (peer->no_csum4)
		features &= ~NETIF_F_IP_CSUM;
	if (!peer->csum6)
		features &= ~NETIF_F_IPV6_CSUM;
	return features;
}

/* What the guest transmits is what this domain receives. */
static void add_stats(const struct pvio_nb_queue *q,
		      struct rtnl_link_stats64 *s)
{
	s->rx_packets += pvio_nb_tx_stat(&q->tx.stats, PVIO_NB_TX_PACKETS);
	s->rx_bytes += pvio_nb_tx_stat(&q->tx.stats, PVIO_NB_TX_BYTES);
	s->rx_errors += pvio_nb_tx_stat(&q->tx.stats, PVIO_NB_TX_ERRORS);
	s->rx_dropped += pvio_nb_tx_stat(&q->tx.stats, PVIO_NB_TX_DROPPED);
	s->tx_packets += pvio_nb_rx_stat(&q->rx.stats, PVIO_NB_RX_PACKETS);
	s->tx_bytes += pvio_nb_rx_stat(&q->rx.stats, PVIO_NB_RX_BYTES);
	s->tx_errors += pvio_nb_rx_stat(&q->rx.stats, PVIO_NB_RX_ERRORS);
	s->tx_dropped += pvio_nb_rx_stat(&q->rx.stats, PVIO_NB_RX_DROPPED) +
			 pvio_nb_rx_stat(&q->rx.stats, PVIO_NB_RX_EXPIRED);
}

static void __maybe_unused nb_vif_rx_passed(struct net_device *dev, int index,
					    u64 *packets, u64 *bytes)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);
	const struct pvio_nb_tx_stats *stats = &vif->queues[index].tx.stats;

	*packets = pvio_nb_tx_stat(stats, PVIO_NB_TX_PACKETS);
	*bytes = pvio_nb_tx_stat(stats, PVIO_NB_TX_BYTES);
}

static void __maybe_unused nb_vif_tx_passed(struct net_device *dev, int index,
					    u64 *packets, u64 *bytes)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);
	const struct pvio_nb_rx_stats *stats = &vif->queues[index].rx.stats;

	*packets = pvio_nb_rx_stat(stats, PVIO_NB_RX_PACKETS);
	*bytes = pvio_nb_rx_stat(stats, PVIO_NB_RX_BYTES);
}

PVIO_QUEUE_STATS_GLUE(nb_vif, rx)
PVIO_QUEUE_STATS_GLUE(nb_vif, tx)
PVIO_BASE_STATS_GLUE(nb_vif);

static void nb_vif_get_stats64(struct net_device *dev,
			       struct rtnl_link_stats64 *s)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < vif->max_queues; i++)
		add_stats(&vif->queues[i], s);
}

static int nb_vif_bpf(struct net_device *dev, struct netdev_bpf *order)
{
	struct pvio_nb_vif *vif = netdev_priv(dev);

	return pvio_xdp_set(&vif->prog, order);
}

static int nb_vif_xdp_xmit(struct net_device *dev, int nr,
			   struct xdp_frame **frames, u32 flags)
{
	struct pvio_nb_vif *vif = netdev_priv(dev);
	unsigned int cpu = smp_processor_id();
	struct netdev_queue *txq;
	struct pvio_nb_queue *q;
	int done;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	q = &vif->queues[cpu % dev->real_num_tx_queues];
	txq = pvio_nb_queue_txq(q);
	__netif_tx_lock(txq, cpu);
	done = pvio_xdp_send(dev, txq, frames, nr);
	if (flags & XDP_XMIT_FLUSH)
		pvio_nb_rx_flush(q);
	__netif_tx_unlock(txq);
	return done;
}

static const struct net_device_ops ops = {
	.ndo_open = nb_vif_open,
	.ndo_stop = nb_vif_stop,
	.ndo_start_xmit = pvio_nb_rx_xmit,
	.ndo_select_queue = pvio_nb_hash_select_queue,
	.ndo_change_mtu = nb_vif_change_mtu,
	.ndo_fix_features = nb_vif_fix_features,
	.ndo_get_stats64 = nb_vif_get_stats64,
	.ndo_bpf = nb_vif_bpf,
	.ndo_xdp_xmit = nb_vif_xdp_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

/*
 * Until a frontend has said what it can do, all is possible, so that a script
 * may set any MTU.  The address is one that no other can be below, so that a
 * bridge does not take it for its own.
 */
static void set_up(struct net_device *dev)
{
	static const u8 addr[ETH_ALEN] = {
		0xfe, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct pvio_nb_vif *vif = netdev_priv(dev);

	vif->peer = (struct pvio_nb_peer){
		.sg = true, .gso4 = true, .gso6 = true, .csum6 = true,
		.rx_notify = true,
	};
	vif->drain = msecs_to_jiffies(pvio_nb_params.drain_msecs);
	vif->stall = msecs_to_jiffies(pvio_nb_params.stall_msecs);
	vif->max_static_grants = pvio_nb_params.max_static_grants;
	pvio_nb_shaper_init(&vif->shaper);
	pvio_nb_ctrl_init(&vif->ctrl);
	pvio_nb_mcast_init(&vif->mcast);
	INIT_DELAYED_WORK(&vif->refill, nb_vif_refill_work);
	INIT_DELAYED_WORK(&vif->stall_check, nb_vif_stall_check_work);
	dev->netdev_ops = &ops;
	dev->ethtool_ops = &pvio_nb_ethtool_ops;
	pvio_queue_stats(dev, nb_vif);
	dev->hw_features = OFFLOADS;
	dev->features = OFFLOADS | NETIF_F_RXCSUM;
	dev->vlan_features = VLAN_OFFLOADS;
	/* Packets are queued and marked here; a shared one must not be. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = MTU_MAX;
	eth_hw_addr_set(dev, addr);
	pvio_xdp_advertise(dev);
	netif_carrier_off(dev);
}

static struct pvio_nb_vif *alloc(struct pvio_device *pdev, u32 handle)
{
	unsigned int queues = pvio_nb_params.max_queues;
	struct net_device *dev;
	struct pvio_nb_vif *vif;
	char name[IFNAMSIZ];

	snprintf(name, sizeof(name), "vif%u.%u", pdev->peer_id, handle);
	dev = alloc_netdev_mqs(sizeof(*vif), name, NET_NAME_UNKNOWN,
			       ether_setup, queues, queues);
	if (!dev)
		return NULL;
	SET_NETDEV_DEV(dev, pdev->dev);
	vif = netdev_priv(dev);
	vif->pdev = pdev;
	vif->dev = dev;
	vif->max_queues = queues;
	set_up(dev);
	return vif;
}

struct pvio_nb_vif *pvio_nb_vif_create(struct pvio_device *pdev, u32 handle)
{
	struct pvio_nb_vif *vif = alloc(pdev, handle);
	int err;

	if (!vif)
		return ERR_PTR(-ENOMEM);
	err = pvio_nb_queues_init(vif);
	if (!err)
		err = register_netdev(vif->dev);
	if (err) {
		pvio_nb_queues_free(vif);
		free_netdev(vif->dev);
		return ERR_PTR(err);
	}
	pvio_created(PVIO_RES_NETDEV, 1);
	return vif;
}

void pvio_nb_vif_unregister(struct pvio_nb_vif *vif)
{
	unregister_netdev(vif->dev);
}

void pvio_nb_vif_destroy(struct pvio_nb_vif *vif)
{
	pvio_nb_queues_free(vif);
	free_netdev(vif->dev);
	pvio_destroyed(PVIO_RES_NETDEV, 1);
}

/*
 * A guest that takes one page a packet makes the MTU small for as long as it
 * is there; the next one gets what the toolstack had set.
 */
static int adopt_mtu(struct pvio_nb_vif *vif)
{
	struct net_device *dev = vif->dev;
	unsigned int mtu = dev->mtu;
	int err;

	if (vif->peer.sg) {
		/* Refused by who has the vif: it stays small, and works. */
		if (vif->mtu)
			dev_set_mtu(dev, vif->mtu);
		return 0;
	}
	if (mtu <= ETH_DATA_LEN)
		return 0;
	err = dev_set_mtu(dev, ETH_DATA_LEN);
	if (!err)
		vif->mtu = mtu;
	return err;
}

/* Interfaces that stand on it follow. */
static void adopt_tags(struct net_device *dev, bool offloads)
{
	netdev_features_t tagged = offloads ? OFFLOADS : VLAN_OFFLOADS;

	if (dev->vlan_features == tagged)
		return;
	dev->vlan_features = tagged;
	netdev_features_change(dev);
}

/*
 * A guest that sends no events is looked at often, which is all that helps,
 * and nothing waits long for it; one that does, often enough to see in time
 * that it is late.
 */
static void set_times(struct pvio_nb_vif *vif)
{
	unsigned long shortest = vif->drain;

	if (!vif->peer.rx_notify) {
		vif->patience = min(vif->drain, msecs_to_jiffies(30));
		vif->check_every = msecs_to_jiffies(10);
		return;
	}
	vif->patience = vif->drain;
	if (vif->stall)
		shortest = min(shortest, vif->stall);
	vif->check_every = clamp_t(unsigned long, shortest / 4, 1, HZ / 10);
}

static int adopt_peer(struct pvio_nb_vif *vif, const struct pvio_nb_peer *peer)
{
	struct net_device *dev = vif->dev;
	int err;

	err = netif_set_real_num_queues(dev, vif->nr_queues, vif->nr_queues);
	if (err)
		return err;
	vif->peer = *peer;
	set_times(vif);
	netdev_update_features(dev);
	adopt_tags(dev, peer->vlan);
	return adopt_mtu(vif);
}

int pvio_nb_vif_run(struct pvio_nb_vif *vif, const struct pvio_nb_peer *peer)
{
	int err;

	rtnl_lock();
	err = adopt_peer(vif, peer);
	if (!err) {
		vif->connected = true;
		netif_carrier_on(vif->dev);
		if (netif_running(vif->dev))
			run_vif(vif);
	}
	rtnl_unlock();
	return err;
}

void pvio_nb_vif_halt(struct pvio_nb_vif *vif)
{
	rtnl_lock();
	if (vif->connected) {
		halt_vif(vif);
		vif->connected = false;
		netif_carrier_off(vif->dev);
	}
	rtnl_unlock();
}
