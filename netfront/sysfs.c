// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Attributes of the interface in sysfs: the numbers of receive buffers that
 * Xen's network interfaces have always had there.  Old scripts write to them;
 * the ring is always full, so there is nothing to set.
 *
 * And files in the device's group: what was negotiated.  The interface and its
 * array of queues live as long as they are read.
 */
#include "sysfs.h"

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/netdevice.h>
#include <linux/sysfs.h>

#include "netdev.h"
#include "queue.h"
#include "rx.h"
#include "xenbus/device.h"

static ssize_t nf_sysfs_show(struct device *dev, struct device_attribute *attr,
			     char *text)
{
	return sysfs_emit(text, "%u\n", PVIO_NF_RX_SLOTS);
}

static ssize_t nf_sysfs_store(struct device *dev, struct device_attribute *attr,
			      const char *text, size_t len)
{
	unsigned long number;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = kstrtoul(text, 0, &number);
	return err ?: len;
}

static struct device_attribute rxbuf_min =
	__ATTR(rxbuf_min, 0644, nf_sysfs_show, nf_sysfs_store);
static struct device_attribute rxbuf_max =
	__ATTR(rxbuf_max, 0644, nf_sysfs_show, nf_sysfs_store);
static struct device_attribute rxbuf_cur =
	__ATTR(rxbuf_cur, 0444, nf_sysfs_show, NULL);

static struct attribute *attributes[] = {
	&rxbuf_min.attr, &rxbuf_max.attr, &rxbuf_cur.attr, NULL
};

const struct attribute_group pvio_nf_sysfs_group = {
	.attrs = attributes,
};

/* All queues have two event channels, but where there were too few. */
static int nf_sysfs_split(struct pvio_device *pdev, char *text)
{
	const struct pvio_nf *nf = pdev->priv;

	return sysfs_emit(text, "%u\n", READ_ONCE(nf->queues->split));
}

/* Every backend takes blank checksums over IPv4. */
static int nf_sysfs_csum_v4(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "1\n");
}

static bool is_there(const struct net_device *dev)
{
	/* No READ_ONCE(): a bit-field in some point releases of 6.1. */
	return dev->reg_state == NETREG_REGISTERED;
}

static int nf_sysfs_netdev(struct pvio_device *pdev, char *text)
{
	const struct pvio_nf *nf = pdev->priv;
	const struct net_device *dev = nf->netdev;

	return sysfs_emit(text, "%s\n", is_there(dev) ? dev->name : "");
}

static int nf_sysfs_mtu(struct pvio_device *pdev, char *text)
{
	const struct pvio_nf *nf = pdev->priv;

	return sysfs_emit(text, "%u\n", READ_ONCE(nf->netdev->mtu));
}

#define OF_NF(_type, _name, _field, ...)	\
	PVIO_ATTR(_type, _name, struct pvio_nf, _field, ##__VA_ARGS__)

struct pvio_attr pvio_nf_sysfs_attrs[] = {
	OF_NF(U32, "queues", nr_queues, .without = "0"),
	OF_NF(BOOL, "rx_copy", peer.rx_copy),
	OF_NF(BOOL, "sg", peer.sg),
	OF_NF(BOOL, "gso_v4", peer.gso4),
	OF_NF(BOOL, "gso_v6", peer.gso6),
	PVIO_ATTR_SHOW("csum_v4", nf_sysfs_csum_v4),
	OF_NF(BOOL, "csum_v6", peer.csum6),
	OF_NF(BOOL, "vlan_offload", peer.vlan),
	PVIO_ATTR_SHOW("split_channels", nf_sysfs_split),
	OF_NF(BOOL, "trusted", wishes.trusted),
	PVIO_ATTR_SHOW("netdev", nf_sysfs_netdev, .stays = true),
	PVIO_ATTR_SHOW("mtu", nf_sysfs_mtu, .stays = true),
	{}
};
