// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Xen's own provider of the door: xenstore by the kernel's interfaces.  Rings
 * are in xen_ring.c, event channels in xen_event.c, grants of data pages in
 * xen_grant.c, the binding of xenbus devices to the suite's drivers in
 * xen_bind.c.
 */
#include "xen.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <xen/xen.h>
#include <xen/xenbus.h>

#include "compat/pvio_compat.h"
#include "door.h"
#include "txn.h"
#include "xen_bind.h"
#include "xen_event.h"
#include "xen_grant.h"
#include "xen_ring.h"

static struct xenbus_transaction as_txn(u32 txn)
{
	return (struct xenbus_transaction){ .id = txn };
}

static struct xenbus_device *xdev_of(struct pvio_device *pdev)
{
	struct pvio_xen_device *xd = pdev->provider;

	return xd->xdev;
}

static const char *xen_path(struct pvio_device *pdev, enum pvio_side side)
{
	struct pvio_xen_device *xd = pdev->provider;

	return side == PVIO_OWN ? xd->xdev->nodename : xd->peer_path;
}

static int xen_txn_start(u32 *txn)
{
	struct xenbus_transaction t;
	int err = xenbus_transaction_start(&t);

	*txn = t.id;
	return err;
}

static int xen_txn_end(u32 txn, bool abort)
{
	return xenbus_transaction_end(as_txn(txn), abort);
}

static char *xen_read(u32 txn, const char *dir, const char *node,
		      unsigned int *len)
{
	return xenbus_read(as_txn(txn), dir, node, len);
}

static int xen_write(u32 txn, const char *dir, const char *node,
		     const char *text)
{
	return xenbus_write(as_txn(txn), dir, node, text);
}

static int xen_rm(u32 txn, const char *dir, const char *node)
{
	return xenbus_rm(as_txn(txn), dir, node);
}

static int xen_prune(const char *dir, bool (*unwanted)(const char *node))
{
	unsigned int i, nr;
	char **nodes = xenbus_directory(XBT_NIL, dir, "", &nr);

	if (IS_ERR(nodes))
		return PTR_ERR(nodes);
	for (i = 0; i < nr; i++)
		if (unwanted(nodes[i]))
			xenbus_rm(XBT_NIL, dir, nodes[i]);
	kfree(nodes);
	return 0;
}

/**
 * struct xen_watch - the watches of a backend
 * @own: on its own directory
 * @peer: on a node of the frontend's; without a callback where there is none
 * @pdev: the device
 * @node: that node
 */
struct xen_watch {
	struct xenbus_watch own;
	struct xenbus_watch peer;
	struct pvio_device *pdev;
	char node[];
};

static void xen_watch_fired(struct xenbus_watch *xw, const char *path,
			    const char *token)
{
	pvio_device_look(container_of(xw, struct xen_watch, own)->pdev);
}

/*
 * What has changed is noted here, from the path; then one pending event is
 * enough (XSA-349).  Most changes are our own, and nobody wants to hear of them.
 */
static bool xen_watch_wanted(struct xenbus_watch *xw, const char *path,
			     const char *token)
{
	struct xen_watch *xen = container_of(xw, struct xen_watch, own);
	size_t len = strlen(xw->node);
	const char *node = "";

	if (!strncmp(path, xw->node, len) && path[len] == '/')
		node = path + len + 1;
	return pvio_device_node_fired(xen->pdev, node) && !xw->nr_pending;
}

/* A frontend may write it as often as it likes, as its state. */
static void xen_peer_fired(struct xenbus_watch *xw, const char *path,
			   const char *token)
{
	struct xen_watch *xen = container_of(xw, struct xen_watch, peer);

	pvio_device_node_fired(xen->pdev, xen->pdev->drv->peer_node);
	pvio_device_heard(xen->pdev);
}

static bool xen_peer_wanted(struct xenbus_watch *xw, const char *path,
			    const char *token)
{
	return !xw->nr_pending;
}

static int watch_peer(struct xen_watch *xen, size_t size)
{
	const char *node = xen->pdev->drv->peer_node;

	if (!node)
		return 0;
	snprintf(xen->node, size, "%s/%s", xen_path(xen->pdev, PVIO_PEER),
		 node);
	xen->peer.callback = xen_peer_fired;
	xen->peer.will_handle = xen_peer_wanted;
	xen->peer.node = xen->node;
	return register_xenbus_watch(&xen->peer);
}

static int watch_both(struct xen_watch *xen, size_t size)
{
	int err;

	xen->own.callback = xen_watch_fired;
	xen->own.will_handle = xen_watch_wanted;
	xen->own.node = xen_path(xen->pdev, PVIO_OWN);
	err = register_xenbus_watch(&xen->own);
	if (err)
		return err;
	err = watch_peer(xen, size);
	if (err)
		unregister_xenbus_watch(&xen->own);
	return err;
}

static int xen_watch(struct pvio_device *pdev)
{
	const char *node = pdev->drv->peer_node ?: "";
	size_t size = strlen(xen_path(pdev, PVIO_PEER)) + strlen(node) + 2;
	struct xen_watch *xen = kzalloc(struct_size(xen, node, size),
					GFP_KERNEL);
	int err;

	if (!xen)
		return -ENOMEM;
	xen->pdev = pdev;
	pdev->watch = xen;
	err = watch_both(xen, size);
	if (err)
		kfree(xen);
	return err;
}

static void xen_unwatch(struct pvio_device *pdev)
{
	struct xen_watch *xen = pdev->watch;

	if (xen->peer.callback)
		unregister_xenbus_watch(&xen->peer);
	unregister_xenbus_watch(&xen->own);
	kfree(xen);
}

/**
 * struct statement - a state to be written
 * @dir: the device's directory
 * @state: the state
 * @same: only where it is this state already
 * @peer_dir: the other end's directory
 * @peer: only while the other end's state is this, Unknown for any
 */
struct statement {
	const char *dir;
	enum xenbus_state state;
	bool same;
	const char *peer_dir;
	enum xenbus_state peer;
};

static u32 read_state(u32 txn, const char *dir)
{
	return pvio_door_state(xen_read(txn, dir, "state", NULL));
}

/*
 * Not by xenbus_switch_state(): when it fails it prints, without a limit, and
 * announces Closing, of which the engine would not know.  A node that is gone
 * is not made again; and where the toolstack has written another state, the own
 * one is not to be announced again.
 */
static int xen_write_state(u32 txn, void *arg)
{
	const struct statement *s = arg;
	u32 now = read_state(txn, s->dir);
	u32 peer = s->peer ? read_state(txn, s->peer_dir) : s->peer;
	char text[12];

	if (now == PVIO_UNREAD_STATE || peer == PVIO_UNREAD_STATE)
		return -EIO;
	if (now == XenbusStateUnknown || (s->same && now != s->state))
		return -EPERM;
	if (peer != s->peer)
		return -ESTALE;
	snprintf(text, sizeof(text), "%d", s->state);
	return xen_write(txn, s->dir, "state", text);
}

static int state_it(struct statement *s)
{
	int err = pvio_txn_run(xen_write_state, s);

	return err == -EPERM ? 0 : err;
}

/*
 * The toolstack has mostly written it of a new frontend; to do so again has the
 * backend look for nothing, and takes three messages more.
 */
static bool begins_already(const struct statement *s)
{
	return s->state == XenbusStateInitialising &&
	       read_state(0, s->dir) == s->state;
}

static int xen_set_state(struct pvio_device *pdev, enum xenbus_state state,
			 enum xenbus_state peer)
{
	struct pvio_xen_device *xd = pdev->provider;
	enum xenbus_state was = xd->stands;
	struct statement s = {
		.dir = xen_path(pdev, PVIO_OWN),
		.state = state,
		.peer_dir = xen_path(pdev, PVIO_PEER),
		.peer = peer,
	};
	int err;

	if (pvio_xenbus_vanished(xd->xdev))
		return 0;
	if (state == XenbusStateInitialising)
		pvio_xen_note_state(xd, state);
	err = begins_already(&s) ? 0 : state_it(&s);
	if (err && state == XenbusStateInitialising)
		pvio_xen_note_state(xd, was);
	else if (!err && state != XenbusStateInitialising)
		pvio_xen_note_state(xd, state);
	/* Ends the kernel's wait for frontends at shutdown. */
	if (!err && state == XenbusStateClosed && pdev->drv->role != PVIO_BACK)
		complete(&xd->xdev->down);
	return err;
}

static void xen_announce(struct pvio_device *pdev, enum xenbus_state state)
{
	struct statement s = {
		.dir = xen_path(pdev, PVIO_OWN), .state = state, .same = true,
	};
	int err = state_it(&s);

	if (err)
		pvio_warn(pdev, "new values not announced (%d)", err);
}

/* A device that its bus is taking away has no peer any more. */
static u32 xen_peer_state(struct pvio_device *pdev)
{
	if (pvio_xenbus_vanished(xdev_of(pdev)))
		return XenbusStateUnknown;
	return read_state(0, xen_path(pdev, PVIO_PEER));
}

const struct pvio_door pvio_xen_door = {
	.add_driver = pvio_xen_add_driver,
	.del_driver = pvio_xen_del_driver,
	.path = xen_path,
	.txn_start = xen_txn_start,
	.txn_end = xen_txn_end,
	.read = xen_read,
	.write = xen_write,
	.rm = xen_rm,
	.prune = xen_prune,
	.watch = xen_watch,
	.unwatch = xen_unwatch,
	.move = pvio_xen_move,
	.set_state = xen_set_state,
	.announce = xen_announce,
	.peer_state = xen_peer_state,
	.unregister = pvio_xen_unregister,
	.release = pvio_xen_release,
	.ring_grant = pvio_xen_ring_grant,
	.ring_revoke = pvio_xen_ring_revoke,
	.ring_map = pvio_xen_ring_map,
	.ring_unmap = pvio_xen_ring_unmap,
	.event_open = pvio_xen_event_open,
	.event_bind = pvio_xen_event_bind,
	.event_close = pvio_xen_event_close,
	.event_notify = pvio_xen_event_notify,
	.event_done = pvio_xen_event_done,
	.event_wait = pvio_xen_event_wait,
	.event_spread = pvio_xen_event_spread,
	.grefs_open = pvio_xen_grefs_open,
	.grefs_close = pvio_xen_grefs_close,
	.grefs_grow = pvio_xen_grefs_grow,
	.grefs_shrink = pvio_xen_grefs_shrink,
	.grant = pvio_xen_grant,
	.ungrant = pvio_xen_ungrant,
	.ungrant_idle = pvio_xen_ungrant_idle,
	.ungrant_later = pvio_xen_ungrant_later,
	.local_gfn = pvio_xen_local_gfn,
	.copy = pvio_xen_copy,
	.pages_get = pvio_xen_pages_get,
	.pages_put = pvio_xen_pages_put,
	.map = pvio_xen_map,
	.unmap = pvio_xen_unmap,
};
