// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The attribute group of a device.
 *
 * Locks: pdev->hurry_lock alone, which keeps what the driver's probe() has made;
 * pvio_device.lock never, since a driver may wait for its peer under it, and who
 * removes the files waits for their readers.  What is read beside the engine is
 * one value a file, as it was at some moment.
 */
#include "sysfs.h"

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/timekeeping.h>

#include "device.h"
#include "log.h"
#include "state.h"

/**
 * struct family - the group, as the bus takes it, of one driver's devices
 * @groups: that one
 * @group: its name and files
 * @files: the core's, then the driver's
 */
struct family {
	const struct attribute_group *groups[2];
	struct attribute_group group;
	struct attribute *files[];
};

static int sysfs_show_state(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "%s\n", pvio_state_name(READ_ONCE(pdev->state)));
}

static int sysfs_show_peer_state(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "%s\n", pvio_state_name(READ_ONCE(pdev->seen)));
}

static int sysfs_show_peer(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "%u\n", READ_ONCE(pdev->peer_id));
}

static int sysfs_show_waits_for(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "%s\n", READ_ONCE(pdev->waits_for) ?: "");
}

static int sysfs_show_connects(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "%u\n", READ_ONCE(pdev->connects));
}

static int sysfs_show_fault(struct pvio_device *pdev, char *text)
{
	struct pvio_fault fault;

	pvio_log_last(pdev, &fault);
	return sysfs_emit(text, "%s\n", fault.text);
}

static int sysfs_show_fault_age(struct pvio_device *pdev, char *text)
{
	struct pvio_fault fault;

	pvio_log_last(pdev, &fault);
	if (!fault.nr)
		return sysfs_emit(text, "\n");
	return sysfs_emit(text, "%lld\n", ktime_get_seconds() - fault.at);
}

static int sysfs_show_faults(struct pvio_device *pdev, char *text)
{
	struct pvio_fault fault;

	pvio_log_last(pdev, &fault);
	return sysfs_emit(text, "%u\n", fault.nr);
}

/* Every provider has the device's object there for as long as the files are. */
static struct pvio_device *device_of(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static const struct pvio_attr *attr_of(const struct device_attribute *file)
{
	return container_of(file, struct pvio_attr, file);
}

static ssize_t sysfs_show_core(struct device *dev,
			       struct device_attribute *file, char *text)
{
	return attr_of(file)->show(device_of(dev), text);
}

static int print_value(const struct pvio_attr *attr, struct pvio_device *pdev,
		       char *text)
{
	int len;

	if (attr->show)
		return attr->show(pdev, text);
	pvio_key_format(&attr->key, pdev->priv, text, PVIO_KEY_TEXT_MAX);
	len = strlen(text);
	return len + sysfs_emit_at(text, len, "\n");
}

ssize_t pvio_sysfs_show(struct device *dev, struct device_attribute *file,
			char *text)
{
	const struct pvio_attr *attr = attr_of(file);
	struct pvio_device *pdev = device_of(dev);
	int len;

	spin_lock(&pdev->hurry_lock);
	if (!pdev->removed && (attr->stays || READ_ONCE(pdev->linked)))
		len = print_value(attr, pdev, text);
	else
		len = sysfs_emit(text, "%s\n", attr->without ?: "");
	spin_unlock(&pdev->hurry_lock);
	return len;
}
EXPORT_SYMBOL_GPL(pvio_sysfs_show);

#define CORE(_name) {							\
	.file = __ATTR(_name, 0444, sysfs_show_core, NULL),		\
	.show = sysfs_show_##_name,					\
}

static struct pvio_attr core_attrs[] = {
	CORE(state),
	CORE(peer_state),
	CORE(peer),
	CORE(waits_for),
	CORE(fault),
	CORE(fault_age),
	CORE(faults),
	CORE(connects),
};

static unsigned int count_own(const struct pvio_driver *drv)
{
	unsigned int n = 0;

	while (drv->attrs && drv->attrs[n].file.attr.name)
		n++;
	return n;
}

int pvio_sysfs_make(struct pvio_driver *drv)
{
	unsigned int i, own = count_own(drv), n = 0;
	struct family *family;

	family = kzalloc(struct_size(family, files,
				     ARRAY_SIZE(core_attrs) + own + 1),
			 GFP_KERNEL);
	if (!family)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(core_attrs); i++)
		family->files[n++] = &core_attrs[i].file.attr;
	for (i = 0; i < own; i++)
		family->files[n++] = &drv->attrs[i].file.attr;
	family->group.name = "pvio";
	family->group.attrs = family->files;
	family->groups[0] = &family->group;
	drv->groups = family->groups;
	return 0;
}

void pvio_sysfs_free(struct pvio_driver *drv)
{
	kfree(container_of(drv->groups, struct family, groups[0]));
	drv->groups = NULL;
}
