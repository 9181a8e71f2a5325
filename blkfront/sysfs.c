// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Files of a virtual disk in the device's group: what was negotiated, and what is
 * made of it.  The virtual disk lives as long as the files are read; its array of
 * queues does not.
 */
#include "sysfs.h"

#include <linux/sysfs.h>
#include <xen/interface/io/protocols.h>

#include "ring/blkif.h"
#include "vbd.h"
#include "xenbus/device.h"

static int bf_sysfs_protocol(struct pvio_device *pdev, char *text)
{
	return sysfs_emit(text, "%s\n", XEN_IO_PROTO_ABI_NATIVE);
}

static int bf_sysfs_ring_pages(struct pvio_device *pdev, char *text)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;

	return sysfs_emit(text, "%u\n", 1U << READ_ONCE(vbd->ring_order));
}

static int bf_sysfs_polled(struct pvio_device *pdev, char *text)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;
	unsigned int nr = READ_ONCE(vbd->nr_queues);

	return sysfs_emit(text, "%u\n",
			  nr - min(nr, READ_ONCE(vbd->first_polled)));
}

static int bf_sysfs_persistent(struct pvio_device *pdev, char *text)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;

	return sysfs_emit(text, "%u\n",
			  vbd->persistent && vbd->geometry.persistent);
}

/* Those of requests without an indirect page do not count. */
static int bf_sysfs_segments(struct pvio_device *pdev, char *text)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;
	unsigned int max = READ_ONCE(vbd->max_segs);

	return sysfs_emit(text, "%u\n", max > PVIO_BLK_DIRECT_MAX ? max : 0);
}

static int show_flush_op(const struct pvio_bf_vbd *vbd, u8 op, char *text)
{
	return sysfs_emit(text, "%u\n", READ_ONCE(vbd->flush_op) == op);
}

static int bf_sysfs_flush(struct pvio_device *pdev, char *text)
{
	return show_flush_op(pdev->priv, BLKIF_OP_FLUSH_DISKCACHE, text);
}

/* A barrier is all that makes a single write durable. */
static int bf_sysfs_fua(struct pvio_device *pdev, char *text)
{
	return show_flush_op(pdev->priv, BLKIF_OP_WRITE_BARRIER, text);
}

static int bf_sysfs_secure(struct pvio_device *pdev, char *text)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;

	return sysfs_emit(text, "%u\n",
			  READ_ONCE(vbd->discard) && vbd->geometry.secure);
}

static int bf_sysfs_mode(struct pvio_device *pdev, char *text)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;
	bool readonly = READ_ONCE(vbd->geometry.info) & VDISK_READONLY;

	return sysfs_emit(text, "%s\n", readonly ? "r" : "w");
}

#define OF_VBD(_type, _name, _field, ...)	\
	PVIO_ATTR(_type, _name, struct pvio_bf_vbd, _field, ##__VA_ARGS__)

struct pvio_attr pvio_bf_sysfs_attrs[] = {
	OF_VBD(U32, "queues", nr_queues, .without = "0"),
	PVIO_ATTR_SHOW("polled_queues", bf_sysfs_polled),
	PVIO_ATTR_SHOW("protocol", bf_sysfs_protocol),
	PVIO_ATTR_SHOW("ring_pages", bf_sysfs_ring_pages),
	PVIO_ATTR_SHOW("persistent", bf_sysfs_persistent),
	PVIO_ATTR_SHOW("indirect_segments", bf_sysfs_segments),
	PVIO_ATTR_SHOW("flush", bf_sysfs_flush),
	PVIO_ATTR_SHOW("fua", bf_sysfs_fua),
	OF_VBD(BOOL, "discard", discard),
	PVIO_ATTR_SHOW("secure_discard", bf_sysfs_secure),
	OF_VBD(BOOL, "trusted", trusted),
	PVIO_ATTR_SHOW("mode", bf_sysfs_mode),
	OF_VBD(U64, "sectors", geometry.sectors),
	OF_VBD(U32, "sector_size", geometry.block),
	OF_VBD(U32, "physical_sector_size", geometry.physical_block),
	OF_VBD(STRING, "disk", place.name, .stays = true),
	{}
};
