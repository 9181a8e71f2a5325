// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Files in the device's directory, at the paths of the in-tree driver:
 * physical_device, mode, and statistics as sums over the queues.
 *
 * The counters live as long as the disk, so a reader never meets a queue that
 * is going away.
 *
 * And files in the device's group: what was negotiated.  Who reads one of those
 * holds the disk, but not its array of queues.
 */
#include "sysfs.h"

#include <linux/device.h>
#include <linux/kdev_t.h>
#include <linux/sysfs.h>
#include <xen/interface/io/protocols.h>

#include "xenbus/device.h"

#include "backing.h"
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

static int bb_sysfs_protocol(struct pvio_device *pdev, char *text)
{
	const struct pvio_bb_vbd *vbd = pdev->priv;

	return sysfs_emit(text, "%s\n", vbd->abi == PVIO_BLK_ABI_32 ?
			  XEN_IO_PROTO_ABI_X86_32 : XEN_IO_PROTO_ABI_NATIVE);
}

/* What the frontend was told, of a device with a write cache. */
static int show_cache(const struct pvio_bb_vbd *vbd, unsigned int lacks,
		      char *text)
{
	unsigned long told = READ_ONCE(vbd->announced);

	return sysfs_emit(text, "%u\n", !vbd->readonly &&
			  (told & BIT(PVIO_BB_CACHE)) && !(told & BIT(lacks)));
}

static int bb_sysfs_flush(struct pvio_device *pdev, char *text)
{
	return show_cache(pdev->priv, PVIO_BB_NO_FLUSH, text);
}

static int bb_sysfs_barrier(struct pvio_device *pdev, char *text)
{
	return show_cache(pdev->priv, PVIO_BB_NO_BARRIER, text);
}

/* Every write, since the frontend does not know of the cache. */
static int bb_sysfs_fua(struct pvio_device *pdev, char *text)
{
	const struct pvio_bb_vbd *vbd = pdev->priv;

	return sysfs_emit(text, "%u\n", !!READ_ONCE(vbd->durable));
}

/* NULL before it is open. */
static struct block_device *opened(const struct pvio_bb_vbd *vbd)
{
	return pvio_bb_backing_is_due(vbd) ? NULL : READ_ONCE(vbd->bdev.bdev);
}

static int bb_sysfs_backing(struct pvio_device *pdev, char *text)
{
	const struct pvio_bb_vbd *vbd = pdev->priv;
	struct block_device *bdev = opened(vbd);
	dev_t number = READ_ONCE(vbd->dev);

	if (bdev)
		return sysfs_emit(text, "/dev/%pg\n", bdev);
	if (!number)
		return sysfs_emit(text, "\n");
	return sysfs_emit(text, "%u:%u\n", MAJOR(number), MINOR(number));
}

static int bb_sysfs_sector(struct pvio_device *pdev, char *text)
{
	struct block_device *bdev = opened(pdev->priv);

	if (!bdev)
		return sysfs_emit(text, "\n");
	return sysfs_emit(text, "%u\n", bdev_logical_block_size(bdev));
}

static int bb_sysfs_physical(struct pvio_device *pdev, char *text)
{
	struct block_device *bdev = opened(pdev->priv);

	if (!bdev)
		return sysfs_emit(text, "\n");
	return sysfs_emit(text, "%u\n", bdev_physical_block_size(bdev));
}

#define OF_VBD(_type, _name, _field, ...)	\
	PVIO_ATTR(_type, _name, struct pvio_bb_vbd, _field, ##__VA_ARGS__)

struct pvio_attr pvio_bb_sysfs_attrs[] = {
	OF_VBD(U32, "queues", nr_queues, .without = "0"),
	PVIO_ATTR_SHOW("protocol", bb_sysfs_protocol),
	OF_VBD(U32, "ring_pages", ring_pages),
	OF_VBD(BOOL, "persistent", persistent),
	OF_VBD(U32, "indirect_segments", shape.max_segs),
	PVIO_ATTR_SHOW("flush", bb_sysfs_flush),
	PVIO_ATTR_SHOW("barrier", bb_sysfs_barrier),
	PVIO_ATTR_SHOW("fua", bb_sysfs_fua),
	OF_VBD(BOOL, "discard", discard),
	OF_VBD(BOOL, "secure_discard", secure),
	OF_VBD(STRING, "mode", mode, .stays = true),
	PVIO_ATTR_SHOW("backing", bb_sysfs_backing, .stays = true),
	OF_VBD(U64, "sectors", sectors),
	PVIO_ATTR_SHOW("sector_size", bb_sysfs_sector, .stays = true),
	PVIO_ATTR_SHOW("physical_sector_size", bb_sysfs_physical,
		       .stays = true),
	OF_VBD(STRING, "disk", name, .stays = true),
	{}
};
