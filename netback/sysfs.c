// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Files of a vif in the device's group: what was negotiated, and where the netdev
 * is.  The vif and its array of queues live as long as the files are read.
 */
#include "sysfs.h"

#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/sysfs.h>

#include "queue.h"
#include "vif.h"
#include "xenbus/device.h"

static int nb_sysfs_csum_v4(struct pvio_device *pdev, char *text)
{
	const struct pvio_nb_vif *vif = pdev->priv;

	return sysfs_emit(text, "%u\n", !READ_ONCE(vif->peer.no_csum4));
}

/* All queues have two event channels or one. */
static int nb_sysfs_split(struct pvio_device *pdev, char *text)
{
	const struct pvio_nb_vif *vif = pdev->priv;
	const struct pvio_nb_queue *q = vif->queues;

	return sysfs_emit(text, "%u\n", !!READ_ONCE(q->rx.events.channel.pdev));
}

/* All queues have the same. */
static int nb_sysfs_headroom(struct pvio_device *pdev, char *text)
{
	const struct pvio_nb_vif *vif = pdev->priv;

	return sysfs_emit(text, "%u\n", READ_ONCE(vif->queues->rx.headroom));
}

static bool is_there(const struct net_device *dev)
{
	/* No READ_ONCE(): a bit-field in some point releases of 6.1. */
	return dev->reg_state == NETREG_REGISTERED;
}

static int nb_sysfs_netdev(struct pvio_device *pdev, char *text)
{
	const struct pvio_nb_vif *vif = pdev->priv;

	return sysfs_emit(text, "%s\n", is_there(vif->dev) ? vif->dev->name : "");
}

static int nb_sysfs_mtu(struct pvio_device *pdev, char *text)
{
	const struct pvio_nb_vif *vif = pdev->priv;

	return sysfs_emit(text, "%u\n", READ_ONCE(vif->dev->mtu));
}

/* Where it is now, whoever has put it there. */
static int nb_sysfs_bridge(struct pvio_device *pdev, char *text)
{
	const struct pvio_nb_vif *vif = pdev->priv;
	struct net_device *master;
	int len;

	rcu_read_lock();
	master = netdev_master_upper_dev_get_rcu(vif->dev);
	len = sysfs_emit(text, "%s\n", master ? master->name : "");
	rcu_read_unlock();
	return len;
}

static int nb_sysfs_rate(struct pvio_device *pdev, char *text)
{
	struct pvio_nb_vif *vif = pdev->priv;
	u32 usecs;
	u64 bytes;

	pvio_nb_shaper_get(&vif->shaper, &bytes, &usecs);
	if (!usecs)
		return sysfs_emit(text, "\n");
	return sysfs_emit(text, "%llu,%u\n", bytes, usecs);
}

#define OF_PEER(_name, _field)	\
	PVIO_ATTR(BOOL, _name, struct pvio_nb_vif, peer._field)

struct pvio_attr pvio_nb_sysfs_attrs[] = {
	PVIO_ATTR(U32, "queues", struct pvio_nb_vif, nr_queues, .without = "0"),
	OF_PEER("rx_copy", rx_copy),
	OF_PEER("rx_notify", rx_notify),
	OF_PEER("sg", sg),
	OF_PEER("gso_v4", gso4),
	OF_PEER("gso_v6", gso6),
	PVIO_ATTR_SHOW("csum_v4", nb_sysfs_csum_v4),
	OF_PEER("csum_v6", csum6),
	OF_PEER("vlan_offload", vlan),
	PVIO_ATTR_SHOW("split_channels", nb_sysfs_split),
	PVIO_ATTR_SHOW("xdp_headroom", nb_sysfs_headroom),
	PVIO_ATTR_SHOW("netdev", nb_sysfs_netdev, .stays = true),
	PVIO_ATTR_SHOW("mtu", nb_sysfs_mtu, .stays = true),
	PVIO_ATTR_SHOW("bridge", nb_sysfs_bridge, .stays = true),
	PVIO_ATTR_SHOW("rate", nb_sysfs_rate, .stays = true),
	PVIO_ATTR(STRING, "script", struct pvio_nb_vif, script, .stays = true),
	{}
};
