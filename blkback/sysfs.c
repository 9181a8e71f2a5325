// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Files in the device's directory, at the paths of the in-tree driver:
 * physical_device, mode, and statistics as sums over the queues.
 *
 * The counters live as long as the disk, so a reader never meets a queue that
 * is going away.
 */
#include "sysfs.h"

#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/sysfs.h>

#include "stats.h"
#include "vbd.h"

static struct pvio_bb_vbd *to_vbd(struct device *dev)
{
	struct pvio_device *pdev = dev_get_drvdata(dev);

	return pdev->priv;
}

static ssize_t bb_sysfs_device_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	dev_t number = READ_ONCE(to_vbd(dev)->dev);

	return sysfs_emit(buf, "%x:%x\n", MAJOR(number), MINOR(number));
}

static ssize_t bb_sysfs_mode_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_vbd(dev)->mode);
}

static struct device_attribute physical_device =
	__ATTR(physical_device, 0444, bb_sysfs_device_show, NULL);
static struct device_attribute mode =
	__ATTR(mode, 0444, bb_sysfs_mode_show, NULL);

static struct attribute *property_attrs[] = {
	&physical_device.attr,
	&mode.attr,
	NULL
};

static const struct attribute_group property_group = {
	.attrs = property_attrs,
};

/* A counter's place, in place of a function for each of them. */
struct counter {
	struct device_attribute attr;
	size_t offset;
};

static ssize_t bb_sysfs_counter_show(struct device *dev,
				     struct device_attribute *attr,
				     char *buf)
{
	const struct counter *c = container_of(attr, struct counter, attr);
	const struct pvio_bb_vbd *vbd = to_vbd(dev);
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < vbd->shape.max_queues; i++)
		sum += READ_ONCE(*(u64 *)((void *)&vbd->stats[i] + c->offset));
	return sysfs_emit(buf, "%llu\n", sum);
}

#define ATTR(_name)	__ATTR(_name, 0444, bb_sysfs_counter_show, NULL)
#define FIELD(_name)	offsetof(struct pvio_bb_stats, _name)

static struct counter oo_req = { ATTR(oo_req), FIELD(oo_req) };
static struct counter rd_req = { ATTR(rd_req), FIELD(rd_req) };
static struct counter wr_req = { ATTR(wr_req), FIELD(wr_req) };
static struct counter f_req = { ATTR(f_req), FIELD(f_req) };
static struct counter ds_req = { ATTR(ds_req), FIELD(ds_req) };
static struct counter rd_sect = { ATTR(rd_sect), FIELD(rd_sect) };
static struct counter wr_sect = { ATTR(wr_sect), FIELD(wr_sect) };

static struct attribute *counter_attrs[] = {
	&oo_req.attr.attr,
	&rd_req.attr.attr,
	&wr_req.attr.attr,
	&f_req.attr.attr,
	&ds_req.attr.attr,
	&rd_sect.attr.attr,
	&wr_sect.attr.attr,
	NULL
};

static const struct attribute_group counter_group = {
	.name = "statistics",
	.attrs = counter_attrs,
};

static const struct attribute_group *groups[] = {
	&property_group,
	&counter_group,
	NULL
};

int pvio_bb_sysfs_add(struct pvio_bb_vbd *vbd)
{
	return sysfs_create_groups(&vbd->pdev->dev->kobj, groups);
}

void pvio_bb_sysfs_remove(struct pvio_bb_vbd *vbd)
{
	sysfs_remove_groups(&vbd->pdev->dev->kobj, groups);
}
