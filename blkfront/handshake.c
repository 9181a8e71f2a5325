// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block frontend's answers to the handshake engine.
 *
 * The disk outlives connections: it is made by the first one, waits through
 * the gaps, and goes when its device does.
 *
 * Memory for a connection is allocated without I/O, since what would be
 * written out may be waiting for this very disk.
 */
#include "handshake.h"

#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "debugfs.h"
#include "disk.h"
#include "keys.h"
#include "link.h"
#include "params.h"
#include "queue.h"
#include "ring/blkif.h"
#include "sysfs.h"
#include "vbd.h"

/* How long a backend that closes may take to answer what it holds. */
#define PARTING_MS	2000

/* Whoever looks at a new disk, as udev does, lets go of it within that. */
#define GLANCE_MS	1000
/* When it is just being opened or closed. */
#define SOON_MS		100

/*
 * An HVM guest sees some disks emulated: CDs always, others unless they were
 * unplugged.
 */
static bool is_emulated(const struct pvio_bf_wishes *wishes,
			const struct pvio_bf_vdevice *place)
{
	if (!xen_hvm_domain())
		return false;
	if (place->emulated && xen_has_pv_and_legacy_disk_devices())
		return true;
	return !*wishes->type || !strncmp(wishes->type, "cdrom", 5);
}

static int claim_place(struct pvio_bf_vbd *vbd,
		       const struct pvio_bf_wishes *wishes)
{
	u32 number;
	int err;

	/* The toolstack may be taking it away. */
	err = pvio_bf_keys_number(wishes, &number);
	if (err)
		return err;
	err = pvio_bf_vdevice_parse(&vbd->place, number);
	if (err) {
		pvio_device_refuse(vbd->pdev,
				   "virtual device %#x is no disk that Linux can number, use an xvd name",
				   number);
		return err;
	}
	if (is_emulated(wishes, &vbd->place))
		return -ENODEV;
	err = pvio_bf_vdevice_claim(&vbd->place);
	if (err)
		pvio_device_refuse(vbd->pdev,
				   "virtual device %#x is %s, which another disk is already",
				   number, vbd->place.name);
	return err;
}

static struct pvio_bf_vbd *create_vbd(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pvio_bf_vbd_alloc(pdev);

	if (!vbd)
		return NULL;
	pvio_bf_link_init(vbd);
	pvio_bf_disk_init(vbd);
	return vbd;
}

static int bf_handshake_probe(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = create_vbd(pdev);
	struct pvio_bf_wishes wishes;
	int err;

	if (!vbd)
		return -ENOMEM;
	err = pvio_bf_keys_read_wishes(pdev, &wishes);
	if (!err)
		err = claim_place(vbd, &wishes);
	if (err) {
		pvio_bf_vbd_put(vbd);
		return err;
	}
	pdev->priv = vbd;
	pvio_bf_debugfs_add(vbd);
	return 0;
}

/*
 * Polled queues come behind those with events, as far as the backend serves
 * more. A disk keeps its division, however many CPUs there are now: with a
 * backend that serves fewer queues the last ones' requests go to others, never
 * from one with events to a polled one.
 */
static unsigned int choose_queues(struct pvio_bf_vbd *vbd)
{
	unsigned int most = max(vbd->shape.max_queues, 1U);
	unsigned int nr = min(pvio_bf_params.max_queues, num_online_cpus());

	if (vbd->narrow)
		nr = 1;
	if (vbd->disk)
		nr = vbd->first_polled;
	nr = min(nr, most);
	if (!vbd->disk)
		vbd->first_polled = nr;
	return nr + min(vbd->poll_queues, most - nr);
}

static int choose_shape(struct pvio_bf_vbd *vbd)
{
	struct pvio_bf_wishes wishes;
	int err;

	err = pvio_bf_keys_read_wishes(vbd->pdev, &wishes);
	if (err)
		return err;
	err = pvio_bf_keys_read_shape(vbd->pdev, &vbd->shape);
	if (err)
		return err;
	vbd->trusted = wishes.trusted && READ_ONCE(pvio_bf_params.trusted);
	vbd->persistent = READ_ONCE(pvio_bf_params.feature_persistent);
	vbd->ring_order = min(vbd->shape.max_order,
			      pvio_bf_params.max_ring_page_order);
	if (vbd->narrow)
		vbd->ring_order = 0;
	return 0;
}

static int start_and_publish(struct pvio_bf_vbd *vbd)
{
	int err;

	err = choose_shape(vbd);
	if (err)
		return err;
	err = pvio_bf_queues_start(vbd, choose_queues(vbd));
	if (err)
		return err;
	return pvio_bf_keys_publish(vbd);
}

static int bf_handshake_publish(struct pvio_device *pdev)
{
	unsigned int flags = memalloc_noio_save();
	int err = start_and_publish(pdev->priv);

	memalloc_noio_restore(flags);
	if (err && !pvio_error_passes(err))
		pvio_bf_link_fail(pdev->priv);
	return err;
}

static u8 choose_flush(const struct pvio_bf_geometry *g)
{
	if (g->flush)
		return BLKIF_OP_FLUSH_DISKCACHE;
	return g->barrier ? BLKIF_OP_WRITE_BARRIER : 0;
}

/* Everything is decided anew: the last backend may have been another. */
static void agree(struct pvio_bf_vbd *vbd)
{
	const struct pvio_bf_geometry *g = &vbd->geometry;

	vbd->copy = (vbd->persistent && g->persistent) || !vbd->trusted;
	vbd->max_segs = clamp_t(unsigned int, g->max_segs, PVIO_BLK_DIRECT_MAX,
				pvio_bf_params.max_indirect_segments);
	vbd->flush_op = choose_flush(g);
	vbd->discard = g->discard;
}

static const char *flush_name(u8 op)
{
	switch (op) {
	case BLKIF_OP_FLUSH_DISKCACHE:
		return "flush";
	case BLKIF_OP_WRITE_BARRIER:
		return "barrier";
	default:
		return "no";
	}
}

static const char *data_name(const struct pvio_bf_vbd *vbd)
{
	if (!vbd->copy)
		return "shared";
	return vbd->trusted ? "copied to kept grants" : "copied, not trusted";
}

static void tell(struct pvio_bf_vbd *vbd)
{
	pvio_info(vbd->pdev, "%s: %llu sectors, %u queues of %u, %u of them polled, %u segments, %s cache control, data %s",
		  vbd->place.name, vbd->geometry.sectors, vbd->nr_queues,
		  vbd->queues[0].ring.r.nr, pvio_bf_queues_polled(vbd),
		  vbd->max_segs,
		  flush_name(vbd->flush_op), data_name(vbd));
}

/* Nobody wants it to go, or not any more. */
static void stay(struct pvio_bf_vbd *vbd)
{
	WRITE_ONCE(vbd->unwanted, false);
	WRITE_ONCE(vbd->parting, false);
	vbd->refused = false;
	pvio_bf_disk_reopen(vbd);
}

static int start_disk(struct pvio_bf_vbd *vbd)
{
	bool fresh;
	int err;

	if (vbd->dead)
		pvio_bf_disk_destroy(vbd);
	fresh = !vbd->disk;
	err = fresh ? pvio_bf_disk_create(vbd) : pvio_bf_disk_refresh(vbd);
	if (err) {
		pvio_device_refuse(vbd->pdev, "%s: no disk (%d)",
				   vbd->place.name, err);
		return err;
	}
	tell(vbd);
	stay(vbd);
	pvio_bf_queues_spread(vbd);
	pvio_bf_link_run(vbd);
	if (fresh)
		pvio_bf_disk_add(vbd);
	return 0;
}

static int read_and_start(struct pvio_bf_vbd *vbd)
{
	int err;

	err = pvio_bf_keys_read_geometry(vbd->pdev, &vbd->geometry);
	if (err)
		return err;
	agree(vbd);
	err = pvio_bf_queues_fill(vbd);
	if (err)
		return err;
	return start_disk(vbd);
}

/*
 * The backend has the rings already; only what was filled into the queues is
 * taken back, for the next try.
 */
static int bf_handshake_connect(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;
	unsigned int flags = memalloc_noio_save();
	int err = read_and_start(vbd);

	memalloc_noio_restore(flags);
	if (!err)
		return 0;
	pvio_bf_queues_drain(vbd);
	if (!pvio_error_passes(err))
		pvio_bf_link_fail(vbd);
	return err;
}

/* See design/disconnect.rst. */
static bool bf_handshake_disconnect(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;

	/* 1 */
	pvio_bf_link_halt(vbd);
	/* 2 */
	pvio_bf_disk_settle(vbd);
	/* 3 to 6 */
	pvio_bf_queues_stop(vbd);
	return true;
}

/* Only the size may change under a connection; or it was not to close. */
static void bf_handshake_changed(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;
	bool parting = vbd->parting;
	struct pvio_bf_geometry geometry;

	stay(vbd);
	if (parting)
		pvio_bf_link_run(vbd);
	if (pvio_bf_keys_read_geometry(pdev, &geometry))
		return;
	vbd->geometry.sectors = geometry.sectors;
	pvio_bf_disk_resize(vbd);
}

static bool bf_handshake_is_ready(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;

	return !vbd || READ_ONCE(vbd->added);
}

/*
 * Can requests still be expected to be answered?  A backend that the toolstack
 * has told to close serves until we do.
 */
static bool served(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;

	return vbd->link == PVIO_BF_LINK_UP && !pvio_device_broken(pdev) &&
	       !pvio_device_hurried(pdev) &&
	       (pdev->seen == XenbusStateConnected ||
		pdev->seen == XenbusStateClosing);
}

static void bf_handshake_retire(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;

	WRITE_ONCE(vbd->unwanted, false);
	if (!served(pdev))
		pvio_bf_link_fail(vbd);
	pvio_bf_disk_destroy(vbd);
}

static void bf_handshake_hurry(struct pvio_device *pdev)
{
	pvio_bf_link_fail_soon(pdev->priv);
}

static void look_at(struct pvio_bf_vbd *vbd, unsigned long when)
{
	long left = when - jiffies;

	pvio_device_look_after(vbd->pdev, jiffies_to_msecs(max(left, 0L)) + 1);
}

/*
 * The toolstack wants to take away what is in use.  It is told so, and all goes
 * on; whoever closes the disk last has the engine ask again.
 */
static void refuse(struct pvio_bf_vbd *vbd)
{
	if (vbd->refused)
		return;
	if (time_before(jiffies, vbd->unwanted_at + msecs_to_jiffies(GLANCE_MS)))
		return look_at(vbd, vbd->unwanted_at +
			       msecs_to_jiffies(GLANCE_MS));
	vbd->refused = true;
	pvio_device_refuse(vbd->pdev, "%s is in use, detached when it is let go",
			   vbd->place.name);
}

/* Returns whether nobody has the disk, and nobody gets it any more. */
static bool let_go(struct pvio_bf_vbd *vbd)
{
	int err;

	if (!vbd->unwanted) {
		vbd->unwanted_at = jiffies;
		WRITE_ONCE(vbd->unwanted, true);
	}
	err = pvio_bf_disk_claim(vbd);
	if (err == -EBUSY)
		refuse(vbd);
	else if (err)
		pvio_device_look_after(vbd->pdev, SOON_MS);
	return !err;
}

/* Returns whether all is answered, or was waited for long enough. */
static bool answered(struct pvio_bf_vbd *vbd)
{
	if (!vbd->parting) {
		vbd->parting_until = jiffies + msecs_to_jiffies(PARTING_MS);
		WRITE_ONCE(vbd->parting, true);
	}
	if (pvio_bf_queues_answered(vbd) ||
	    time_after_eq(jiffies, vbd->parting_until))
		return true;
	look_at(vbd, vbd->parting_until);
	return false;
}

/* It is detached: what still waits for an answer gets none. */
static void take_away(struct pvio_bf_vbd *vbd)
{
	pvio_bf_link_fail(vbd);
	if (pvio_bf_disk_claim(vbd))
		pvio_bf_disk_kill(vbd);
	else
		pvio_bf_disk_destroy(vbd);
}

/*
 * The backend wants to close, or the toolstack wants it to.  It can do so
 * cleanly, and we get all pages back at once, when it has answered what it
 * holds; which it still does, until we say Closed.
 */
static bool part(struct pvio_device *pdev)
{
	bool detached = pvio_bf_keys_detached(pdev);
	struct pvio_bf_vbd *vbd = pdev->priv;
	bool serves = pdev->seen == XenbusStateClosing;

	if (detached && serves && !let_go(vbd))
		return false;
	pvio_bf_link_halt(vbd);
	if (serves && !answered(vbd))
		return false;
	WRITE_ONCE(vbd->parting, false);
	WRITE_ONCE(vbd->unwanted, false);
	if (detached)
		take_away(vbd);
	return true;
}

static bool bf_handshake_closing(struct pvio_device *pdev)
{
	if (!pvio_device_broken(pdev))
		return part(pdev);
	pvio_bf_link_fail(pdev->priv);
	return true;
}

static const char *bf_handshake_waits_for(struct pvio_device *pdev)
{
	const struct pvio_bf_vbd *vbd = pdev->priv;

	return vbd->unwanted && !vbd->parting ? "whoever has the disk open" :
						"requests in flight";
}

static void bf_handshake_remove(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = pdev->priv;

	pvio_bf_debugfs_remove(vbd);
	pvio_bf_link_exit(vbd);
	pvio_bf_vdevice_release(&vbd->place);
	pdev->priv = NULL;
	pvio_bf_vbd_put(vbd);
}

struct pvio_driver pvio_bf_driver = {
	.name = "pvio-blkfront",
	.type = "vbd",
	.role = PVIO_FRONT_LATE,
	.owner = THIS_MODULE,
	.rescued = true,
	.probe = bf_handshake_probe,
	.publish = bf_handshake_publish,
	.connect = bf_handshake_connect,
	.disconnect = bf_handshake_disconnect,
	.changed = bf_handshake_changed,
	.closing = bf_handshake_closing,
	.is_ready = bf_handshake_is_ready,
	.retire = bf_handshake_retire,
	.hurry = bf_handshake_hurry,
	.remove = bf_handshake_remove,
	.waits_for = bf_handshake_waits_for,
	.attrs = pvio_bf_sysfs_attrs,
};
