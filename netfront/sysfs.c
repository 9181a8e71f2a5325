// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Attributes of the interface in sysfs: the numbers of receive buffers that
 * Xen's network interfaces have always had there.  Old scripts write to them;
 * the ring is always full, so there is nothing to set.
 */
#include "sysfs.h"

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/kstrtox.h>

#include "rx.h"

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
