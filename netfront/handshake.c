// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the driver does when the engine says so.  Nothing here is on the data
 * path.
 */
#include "handshake.h"

#include <linux/minmax.h>
#include <linux/module.h>

#include "ctrl.h"
#include "debugfs.h"
#include "gref_map.h"
#include "hash.h"
#include "keys.h"
#include "netdev.h"
#include "queue.h"
#include "sysfs.h"
#include "xenbus/device.h"

/* As long as this suite's backend waits for a script. */
#define REPORT_MS	5000u

/*
 * A device with a bad address still gets an interface, without a carrier: the
 * next connection reads the keys again.
 */
static int nf_handshake_probe(struct pvio_device *pdev)
{
	struct pvio_nf_wishes wishes;
	int err = pvio_nf_keys_read_wishes(pdev, &wishes);

	if (pvio_error_passes(err))
		return err;
	err = pvio_nf_netdev_create(pdev, err ? NULL : wishes.mac);
	if (!err)
		pvio_nf_debugfs_add(pdev->priv);
	return err;
}

static void nf_handshake_remove(struct pvio_device *pdev)
{
	pvio_nf_netdev_destroy(pdev->priv);
}

/* Fewer queues than wanted still make an interface. */
static int start_queues(struct pvio_nf *nf)
{
	unsigned int want = min(nf->max_queues, nf->peer.max_queues);

	nf->nr_queues = pvio_nf_queues_start(nf, 0, want);
	if (!nf->nr_queues)
		return -ENOMEM;
	return pvio_nf_netdev_resize(nf);
}

/* On error the engine disconnects. */
static int nf_handshake_publish(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;
	struct pvio_nf_wishes wishes;
	struct pvio_nf_peer peer;
	int err;

	err = pvio_nf_keys_read_wishes(pdev, &wishes);
	if (err)
		return err;
	err = pvio_nf_keys_read_peer(pdev, &peer);
	if (err)
		return err;
	pvio_nf_netdev_adapt(nf, &peer, &wishes);
	err = start_queues(nf);
	if (err)
		return err;
	pvio_nf_ctrl_start(nf);
	nf->published = jiffies;
	return pvio_nf_keys_write(nf);
}

/*
 * Other backends serve the rings while their hotplug script runs, and say so
 * when it has reported.  Some scripts never do.
 */
static int nf_handshake_ready(struct pvio_device *pdev)
{
	const struct pvio_nf *nf = pdev->priv;
	unsigned long due = nf->published + msecs_to_jiffies(REPORT_MS);

	if (!nf->nr_queues || nf->connected)
		return 0;
	if (time_before_eq(due, jiffies))
		return 1;
	pvio_device_look_after(pdev, jiffies_to_msecs(due - jiffies) + 1);
	return 0;
}

/* Connected is what we say as soon as the keys are there, so it tells nothing. */
static bool nf_handshake_is_ready(struct pvio_device *pdev)
{
	const struct pvio_nf *nf = pdev->priv;

	return !nf || READ_ONCE(nf->connected);
}

static int nf_handshake_connect(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;

	nf->silent = pdev->seen == XenbusStateInitWait;
	/* A busy host's script may take longer; nothing is wrong then. */
	if (nf->silent)
		pvio_info(pdev, "backend has said InitWait for %u s, perhaps its hotplug script did not report; connected without",
			  REPORT_MS / 1000);
	pvio_nf_netdev_run(nf);
	pvio_nf_hash_renew(nf);
	pvio_nf_gref_map_run(nf);
	pvio_nf_mcast_run(nf);
	return 0;
}

/* Now the backend's side of the wire is there as well. */
static void nf_handshake_changed(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;

	if (nf->silent)
		pvio_nf_netdev_announce(nf);
	nf->silent = false;
}

/* Who waits for an answer of the control ring has rtnl. */
static void halt_interface(struct pvio_nf *nf)
{
	pvio_nf_ctrl_halt(nf);
	pvio_nf_gref_map_halt(nf);
	pvio_nf_mcast_halt(nf);
	pvio_nf_netdev_halt(nf);
}

/* The numbers are those of Documentation/design/disconnect.rst. */
static bool nf_handshake_disconnect(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;

	/* 1 */
	halt_interface(nf);
	/* 2 */
	pvio_nf_ctrl_stop(nf);
	/* 3 to 6 */
	pvio_nf_queues_stop(nf, 0, nf->nr_queues);
	nf->nr_queues = 0;
	/* A queue may have planned it while it was halted. */
	pvio_nf_gref_map_halt(nf);
	return true;
}

static bool nf_handshake_closing(struct pvio_device *pdev)
{
	halt_interface(pdev->priv);
	return true;
}

static void nf_handshake_retire(struct pvio_device *pdev)
{
	halt_interface(pdev->priv);
	pvio_nf_keys_remove(pdev);
	pvio_nf_debugfs_remove(pdev->priv);
	pvio_nf_netdev_unregister(pdev->priv);
}

struct pvio_driver pvio_nf_driver = {
	.name = "pvio-netfront",
	.type = "vif",
	.role = PVIO_FRONT_EARLY,
	.owner = THIS_MODULE,
	.probe = nf_handshake_probe,
	.publish = nf_handshake_publish,
	.is_ready = nf_handshake_is_ready,
	.ready = nf_handshake_ready,
	.connect = nf_handshake_connect,
	.changed = nf_handshake_changed,
	.disconnect = nf_handshake_disconnect,
	.closing = nf_handshake_closing,
	.retire = nf_handshake_retire,
	.remove = nf_handshake_remove,
	.attrs = pvio_nf_sysfs_attrs,
};
