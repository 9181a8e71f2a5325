// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend's answers to the handshake engine.
 *
 * The toolstack's block script writes "physical-device" when the device that
 * backs the disk is there; until then the engine waits.
 */
#include "handshake.h"

#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ring/blkif.h"

#include "backing.h"
#include "debugfs.h"
#include "discard.h"
#include "keys.h"
#include "params.h"
#include "queue.h"
#include "resize.h"
#include "stats.h"
#include "sysfs.h"
#include "vbd.h"

/* What the queues need to know about discards, once for each connect. */
static void settle_discard(struct pvio_bb_vbd *vbd, bool enabled)
{
	struct block_device *bdev = vbd->bdev.bdev;

	vbd->discard = enabled && !vbd->readonly &&
		       bdev_max_discard_sectors(bdev);
	vbd->secure = vbd->discard && bdev_max_secure_erase_sectors(bdev);
}

/* The threads are called after it; some toolstacks write a path. */
static void set_name(struct pvio_bb_vbd *vbd, const char *name)
{
	if (!strncmp(name, "/dev/", 5))
		name += 5;
	strscpy(vbd->name, *name ? name : "vbd", sizeof(vbd->name));
}

static void open_first(struct pvio_bb_vbd *vbd,
		       const struct pvio_bb_wishes *wishes)
{
	int err;

	vbd->open_told = false;
	err = pvio_bb_keys_parse_device(wishes, &vbd->dev);
	if (err) {
		pvio_device_refuse(vbd->pdev, "physical-device is malformed");
		vbd->open_told = true;
		vbd->open_error = err;
		return;
	}
	strscpy(vbd->mode, wishes->mode, sizeof(vbd->mode));
	set_name(vbd, wishes->name);
	pvio_bb_backing_open(vbd);
}

static void refuse_change(struct pvio_bb_vbd *vbd,
			  const struct pvio_bb_wishes *wishes)
{
	dev_t dev;

	if (pvio_bb_keys_parse_device(wishes, &dev) || dev != vbd->dev)
		pvio_warn(vbd->pdev,
			  "physical-device changed: still serving %x:%x",
			  MAJOR(vbd->dev), MINOR(vbd->dev));
}

/*
 * Every node is reported once in the beginning, "mode" before the device, and
 * a mistake is to be told once.
 */
static bool is_news(const struct pvio_bb_vbd *vbd, const char *node)
{
	return !strcmp(node, "physical-device") ||
	       (!strcmp(node, "mode") && vbd->open_error);
}

static void bb_handshake_node_changed(struct pvio_device *pdev,
				      const char *node)
{
	struct pvio_bb_vbd *vbd = pdev->priv;
	struct pvio_bb_wishes wishes = {};
	int err;

	if (!is_news(vbd, node))
		return;
	err = pvio_bb_keys_read_wishes(vbd->pdev, &wishes);
	if (!err && !*wishes.device)
		return;
	if (pvio_bb_backing_is_due(vbd) || vbd->bdev.bdev) {
		refuse_change(vbd, &wishes);
	} else if (!err) {
		open_first(vbd, &wishes);
	} else {
		vbd->open_error = err;
		vbd->open_told = true;
	}
}

static void tell_open_error(struct pvio_bb_vbd *vbd)
{
	unsigned int major = MAJOR(vbd->dev), minor = MINOR(vbd->dev);
	int err = vbd->open_error;

	if (!err || vbd->open_told)
		return;
	vbd->open_told = true;
	if (err == -EROFS)
		pvio_device_refuse(vbd->pdev, "device %x:%x is read-only: attach it with mode r",
				   major, minor);
	else if (err == -EMEDIUMTYPE)
		pvio_device_refuse(vbd->pdev, "device %x:%x has blocks of more than a page",
				   major, minor);
	else
		pvio_device_refuse(vbd->pdev, "device %x:%x does not open (%d)",
				   major, minor, err);
}

/* A device that does not open is told to the frontend by connecting, too. */
static int bb_handshake_is_ready(struct pvio_device *pdev)
{
	struct pvio_bb_vbd *vbd = pdev->priv;

	if (pvio_bb_backing_is_due(vbd))
		return 0;
	tell_open_error(vbd);
	return vbd->bdev.bdev || vbd->open_error;
}

/* Its number is what the toolstack's block script finds out. */
static const char *bb_handshake_waits_for(struct pvio_device *pdev)
{
	const struct pvio_bb_vbd *vbd = pdev->priv;

	return pvio_bb_backing_is_due(vbd) ? "backing device" : "hotplug script";
}

static int start_queues(struct pvio_bb_vbd *vbd, struct pvio_bb_choice *choice)
{
	struct pvio_bb_ring *rings;
	int err;

	rings = kcalloc(choice->nr_queues, sizeof(*rings), GFP_KERNEL);
	if (!rings)
		return -ENOMEM;
	err = pvio_bb_keys_read_rings(vbd->pdev, choice, rings);
	vbd->numbered = choice->numbered;
	if (!err)
		err = pvio_bb_queues_start(vbd, rings, choice->nr_queues);
	kfree(rings);
	return err;
}

static void settle_choice(struct pvio_bb_vbd *vbd,
			  const struct pvio_bb_choice *choice)
{
	const struct pvio_bb_params *params = &pvio_bb_params;

	vbd->abi = choice->abi;
	vbd->cdrom = choice->cdrom;
	vbd->ring_pages = choice->ring_pages;
	vbd->persistent = choice->persistent &&
			  READ_ONCE(params->feature_persistent) &&
			  READ_ONCE(params->max_persistent_grants);
}

static int negotiate(struct pvio_bb_vbd *vbd, struct pvio_bb_choice *choice)
{
	struct pvio_bb_wishes wishes = {};
	int err;

	err = pvio_bb_keys_read_wishes(vbd->pdev, &wishes);
	if (!err)
		err = pvio_bb_keys_read_choice(vbd->pdev, &vbd->shape, choice);
	if (err)
		return err;
	settle_choice(vbd, choice);
	settle_discard(vbd, wishes.discard);
	WRITE_ONCE(vbd->durable, 0);
	return 0;
}

/*
 * What was short may be there now, and what could not be read; nothing else is
 * true before it is written anew.
 */
static bool may_open(const struct pvio_bb_vbd *vbd)
{
	switch (vbd->open_error) {
	case -ENOMEM:
	case -EAGAIN:
		return true;
	case -EINVAL:
	case -ERANGE:
		return false;
	default:
		return !vbd->dev;
	}
}

/* The engine comes back. */
static int open_again(struct pvio_bb_vbd *vbd)
{
	struct pvio_bb_wishes wishes = {};
	int err;

	if (!may_open(vbd))
		return vbd->open_error;
	err = pvio_bb_keys_read_wishes(vbd->pdev, &wishes);
	if (err)
		return err;
	vbd->open_error = 0;
	if (*wishes.device)
		open_first(vbd, &wishes);
	return vbd->open_error ?: -EAGAIN;
}

static void run(struct pvio_bb_vbd *vbd)
{
	pvio_bb_queues_run(vbd);
	pvio_bb_resize_add(vbd);
	/* For what changed before it was listed. */
	pvio_bb_vbd_look_soon(vbd);
}

static int bb_handshake_connect(struct pvio_device *pdev)
{
	struct pvio_bb_vbd *vbd = pdev->priv;
	struct pvio_bb_choice choice = {};
	int err;

	if (vbd->open_error)
		return open_again(vbd);
	err = negotiate(vbd, &choice);
	if (err)
		return err;
	pvio_bb_backing_sync(vbd);
	err = start_queues(vbd, &choice);
	if (!err)
		err = pvio_bb_vbd_write_geometry(vbd);
	if (!err)
		run(vbd);
	return err;
}

static bool bb_handshake_is_offered(struct pvio_device *pdev)
{
	const struct pvio_bb_vbd *vbd = pdev->priv;
	const struct pvio_bb_choice taken = {
		.nr_queues = vbd->nr_queues,
		.numbered = vbd->numbered,
	};
	u32 ref = pvio_bb_keys_read_first_ref(pdev, &taken);

	return ref == vbd->queues[0].shared.refs[0] || ref == PVIO_NO_GRANT;
}

/* Nothing here waits for the device or the guest; see design/disconnect.rst. */
static bool bb_handshake_disconnect(struct pvio_device *pdev)
{
	struct pvio_bb_vbd *vbd = pdev->priv;

	/* 1 */
	pvio_bb_queues_halt(vbd);
	/* 2 */
	pvio_bb_resize_remove(vbd);
	/* 3 to 6 */
	if (!pvio_bb_queues_stop(vbd))
		return false;
	/* 7 */
	pvio_bb_vbd_cancel_look(vbd);
	return true;
}

static struct pvio_bb_vbd *create_vbd(struct pvio_device *pdev)
{
	const struct pvio_bb_params *params = &pvio_bb_params;
	struct pvio_bb_vbd *vbd = kzalloc(sizeof(*vbd), GFP_KERNEL);

	if (!vbd)
		return NULL;
	vbd->shape.max_queues = pvio_bb_params_queues();
	vbd->shape.max_order = params->max_ring_page_order;
	vbd->shape.max_segs = PVIO_BLK_SEGS_MAX;
	vbd->stats = pvio_bb_stats_alloc(vbd->shape.max_queues);
	if (!vbd->stats) {
		kfree(vbd);
		return NULL;
	}
	vbd->pdev = pdev;
	INIT_LIST_HEAD(&vbd->resize);
	pvio_bb_backing_prepare(vbd);
	pvio_bb_discard_prepare(&vbd->discards);
	pvio_bb_queues_prepare(vbd);
	pvio_bb_vbd_prepare_look(vbd);
	return vbd;
}

static int bb_handshake_probe(struct pvio_device *pdev)
{
	struct pvio_bb_vbd *vbd = create_vbd(pdev);
	int err;

	if (!vbd)
		return -ENOMEM;
	pdev->priv = vbd;
	err = pvio_bb_keys_write_shape(pdev, &vbd->shape);
	if (!err)
		err = pvio_bb_sysfs_add(vbd);
	if (err) {
		pdev->priv = NULL;
		pvio_bb_backing_give_up(vbd);
		return err;
	}
	pvio_bb_debugfs_add(vbd);
	return 0;
}

/* The names are free for a successor while the last requests are in flight. */
static void bb_handshake_retire(struct pvio_device *pdev)
{
	struct pvio_bb_vbd *vbd = pdev->priv;

	pvio_bb_debugfs_remove(vbd);
	pvio_bb_sysfs_remove(vbd);
}

static void bb_handshake_remove(struct pvio_device *pdev)
{
	struct pvio_bb_vbd *vbd = pdev->priv;

	pdev->priv = NULL;
	pvio_bb_backing_give_up(vbd);
}

static const char *const nodes[] = { "mode", "physical-device", NULL };

struct pvio_driver pvio_bb_driver = {
	.name = "pvio-blkback",
	.type = "vbd",
	.role = PVIO_BACK,
	.owner = THIS_MODULE,
	.nodes = nodes,
	.probe = bb_handshake_probe,
	.connect = bb_handshake_connect,
	.is_offered = bb_handshake_is_offered,
	.disconnect = bb_handshake_disconnect,
	.ready = bb_handshake_is_ready,
	.node_changed = bb_handshake_node_changed,
	.retire = bb_handshake_retire,
	.remove = bb_handshake_remove,
	.waits_for = bb_handshake_waits_for,
	.attrs = pvio_bb_sysfs_attrs,
};
