// SPDX-License-Identifier: GPL-2.0-only
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

static ssize_t show_slots(char *text)
{
	return sysfs_emit(text, "%u\n", PVIO_NF_RX_SLOTS);
}

static ssize_t check_number(const char *text, size_t len)
{
	unsigned long number;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = kstrtoul(text, 0, &number);
	return err ?: len;
}

static ssize_t rxbuf_min_show(struct device *dev,
			      struct device_attribute *attr, char *text)
{
	return show_slots(text);
}

static ssize_t rxbuf_min_store(struct device *dev,
			       struct device_attribute *attr, const char *text,
			       size_t len)
{
	return check_number(text, len);
}

static ssize_t rxbuf_max_show(struct device *dev,
			      struct device_attribute *attr, char *text)
{
	return show_slots(text);
}

static ssize_t rxbuf_max_store(struct device *dev,
			       struct device_attribute *attr, const char *text,
			       size_t len)
{
	return check_number(text, len);
}

static ssize_t rxbuf_cur_show(struct device *dev,
			      struct device_attribute *attr, char *text)
{
	return show_slots(text);
}

static DEVICE_ATTR_RW(rxbuf_min);
static DEVICE_ATTR_RW(rxbuf_max);
static DEVICE_ATTR_RO(rxbuf_cur);

static struct attribute *attributes[] = {
	&dev_attr_rxbuf_min.attr,
	&dev_attr_rxbuf_max.attr,
	&dev_attr_rxbuf_cur.attr,
	NULL
};

const struct attribute_group pvio_nf_sysfs_group = {
	.attrs = attributes,
};
