// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the driver does when the engine says so.  Nothing here is on the data
 * path.
 */
#include "handshake.h"

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "ctrl.h"
#include "debugfs.h"
#include "keys.h"
#include "mcast.h"
#include "queue.h"
#include "sysfs.h"
#include "vif.h"
#include "xenbus/device.h"

/* A script that has set the netdev up is given so long to say so. */
#define REPORT_MS	5000

/* Covers pdev->priv against uevents, which hold no lock of the device. */
static DEFINE_SPINLOCK(uevent_lock);

static void set_vif(struct pvio_device *pdev, struct pvio_nb_vif *vif)
{
	spin_lock(&uevent_lock);
	pdev->priv = vif;
	spin_unlock(&uevent_lock);
}

/*
 * The one place that moves @rate of the vif.  A text that makes no sense is
 * never taken for no limit.
 */
static void read_rate(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif = pdev->priv;
	struct pvio_nb_wishes w;
	int err;

	err = pvio_nb_keys_read_wish(pdev, PVIO_NB_WISH_RATE, &w);
	if (!err)
		err = pvio_nb_shaper_parse(&vif->shaper, w.rate,
					   ktime_get_ns());
	if (!err) {
		vif->rate = PVIO_NB_RATE_SET;
		pvio_nb_vif_kick(vif);
	} else if (err != -EINVAL && err != -ERANGE) {
		vif->rate = PVIO_NB_RATE_UNREAD;
	} else if (vif->rate == PVIO_NB_RATE_SET) {
		pvio_warn(pdev, "xenstore key rate is malformed, the last limit stays");
	} else if (vif->rate == PVIO_NB_RATE_UNREAD) {
		vif->rate = PVIO_NB_RATE_BAD;
		pvio_device_refuse(pdev,
				   "xenstore key rate is malformed, waits for one that is not");
	}
}

/* For uevents, which are sent when nothing can be read any more, too. */
static int read_names(struct pvio_device *pdev, struct pvio_nb_vif *vif)
{
	struct pvio_nb_wishes w;
	int err;

	err = pvio_nb_keys_read_wish(pdev, PVIO_NB_WISH_SCRIPT, &w);
	if (err)
		return err;
	strscpy(vif->script, w.script, sizeof(vif->script));
	err = pvio_nb_keys_read_wish(pdev, PVIO_NB_WISH_BRIDGE, &w);
	if (!err)
		strscpy(vif->bridge, w.bridge, sizeof(vif->bridge));
	return err;
}

static int nb_handshake_probe(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif;
	struct pvio_nb_wishes w;
	int err;

	err = pvio_nb_keys_read_wish(pdev, PVIO_NB_WISH_HANDLE, &w);
	if (err)
		return err;
	vif = pvio_nb_vif_create(pdev, w.handle);
	if (IS_ERR(vif)) {
		pvio_err(pdev, "cannot make vif%u.%u (%ld)", pdev->peer_id,
			 w.handle, PTR_ERR(vif));
		return PTR_ERR(vif);
	}
	err = read_names(pdev, vif);
	set_vif(pdev, vif);
	if (!err) {
		read_rate(pdev);
		err = pvio_nb_keys_write(pdev, vif->max_queues);
	}
	if (err) {
		set_vif(pdev, NULL);
		pvio_nb_vif_unregister(vif);
		pvio_nb_vif_destroy(vif);
		return err;
	}
	pvio_nb_debugfs_add(vif);
	kobject_uevent(&pdev->dev->kobj, KOBJ_ONLINE);
	return 0;
}

static int start_queues(struct pvio_device *pdev, unsigned int nr)
{
	struct pvio_nb_vif *vif = pdev->priv;
	struct pvio_nb_queue_keys *keys;
	int err;

	keys = kcalloc(nr, sizeof(*keys), GFP_KERNEL);
	if (!keys)
		return -ENOMEM;
	err = pvio_nb_keys_read_queues(pdev, nr, keys);
	if (!err)
		err = pvio_nb_queues_start(vif, 0, nr, keys);
	if (!err)
		vif->nr_queues = nr;
	kfree(keys);
	return err;
}

static int nb_handshake_connect(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif = pdev->priv;
	struct pvio_nb_peer peer = {};
	int err;

	err = pvio_nb_keys_read_peer(pdev, vif->max_queues, &peer);
	if (!err)
		err = start_queues(pdev, peer.nr_queues);
	if (!err)
		err = pvio_nb_ctrl_start(vif, peer.ctrl_ref, peer.ctrl_port);
	if (err)
		return err;
	pvio_nb_mcast_ask(vif, peer.mcast);
	pvio_nb_queues_set_headroom(vif, peer.headroom);
	return pvio_nb_vif_run(vif, &peer);
}

static bool nb_handshake_is_offered(struct pvio_device *pdev)
{
	const struct pvio_nb_vif *vif = pdev->priv;
	u32 ref = pvio_nb_keys_read_first_ref(pdev, vif->nr_queues);

	return ref == vif->queues[0].tx.shared.refs[0] || !ref;
}

/* A frontend whose wish cannot be told gets packets as without one. */
static void nb_handshake_changed(struct pvio_device *pdev)
{
	struct pvio_nb_peer peer = {};

	pvio_nb_keys_read_headroom(pdev, &peer);
	pvio_nb_queues_set_headroom(pdev->priv, peer.headroom);
}

/* The numbers are those of Documentation/design/disconnect.rst. */
static bool nb_handshake_disconnect(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif = pdev->priv;

	/* 1 */
	pvio_nb_vif_halt(vif);
	/* 2 */
	pvio_nb_ctrl_stop(vif);
	/* 3, 4 */
	pvio_nb_queues_stop(vif, 0, vif->nr_queues);
	vif->nr_queues = 0;
	pvio_nb_mcast_reset(vif);
	return true;
}

/* The name is free again behind this, for the next device that has it. */
static void nb_handshake_retire(struct pvio_device *pdev)
{
	nb_handshake_disconnect(pdev);
	kobject_uevent(&pdev->dev->kobj, KOBJ_OFFLINE);
	pvio_nb_keys_remove(pdev);
	pvio_nb_debugfs_remove(pdev->priv);
	pvio_nb_vif_unregister(pdev->priv);
}

static void nb_handshake_remove(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif = pdev->priv;

	set_vif(pdev, NULL);
	pvio_nb_vif_destroy(vif);
}

/*
 * Some scripts put the netdev where packets can go and do not say so.  Then
 * somebody has set it up; while nobody has, no packet passes anyway.
 */
static bool accept_silence(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif = pdev->priv;
	unsigned long opened = READ_ONCE(vif->opened);
	unsigned long due = opened + msecs_to_jiffies(REPORT_MS);

	if (vif->unreported || !*vif->script)
		return true;
	if (!opened)
		return false;
	if (time_before(jiffies, due)) {
		pvio_device_look_after(pdev,
				       jiffies_to_msecs(due - jiffies) + 1);
		return false;
	}
	vif->unreported = true;
	pvio_warn(pdev, "%s is up, but its script did not write \"connected\" to hotplug-status; connected without",
		  vif->dev->name);
	return true;
}

/* The hotplug script has put the netdev where packets can go. */
static int nb_handshake_ready(struct pvio_device *pdev)
{
	const struct pvio_nb_vif *vif = pdev->priv;
	struct pvio_nb_wishes w;
	int err;

	if (vif->rate == PVIO_NB_RATE_UNREAD)
		read_rate(pdev);
	if (vif->rate != PVIO_NB_RATE_SET)
		return vif->rate == PVIO_NB_RATE_UNREAD ? -EAGAIN : 0;
	/* A guest may make the engine look as often as it likes. */
	if (vif->connected)
		return 1;
	err = pvio_nb_keys_read_wish(pdev, PVIO_NB_WISH_STATUS, &w);
	if (err)
		return err;
	return *w.status ? !strcmp(w.status, "connected") : accept_silence(pdev);
}

static const char *nb_handshake_waits_for(struct pvio_device *pdev)
{
	const struct pvio_nb_vif *vif = pdev->priv;

	return vif->rate == PVIO_NB_RATE_SET ? "hotplug script" : "rate limit";
}

/* While nobody is connected, connecting reads it. */
static void read_mcast(struct pvio_device *pdev)
{
	struct pvio_nb_vif *vif = pdev->priv;
	struct pvio_nb_peer peer;

	if (vif->connected && !pvio_nb_keys_read_mcast(pdev, &peer))
		pvio_nb_mcast_ask(vif, peer.mcast);
}

/* The engine asks nb_handshake_ready() now, which looks at the status. */
static void nb_handshake_node_changed(struct pvio_device *pdev,
				      const char *node)
{
	if (!strcmp(node, "rate"))
		read_rate(pdev);
	else if (!strcmp(node, PVIO_NB_KEYS_MCAST))
		read_mcast(pdev);
}

/* By its name of today: whoever listens looks for that. */
static int add_names(const struct pvio_nb_vif *vif, struct kobj_uevent_env *env)
{
	char name[IFNAMSIZ];

	strscpy(name, vif->dev->name, sizeof(name));
	if (*vif->script && add_uevent_var(env, "script=%s", vif->script))
		return -ENOMEM;
	if (*vif->bridge && add_uevent_var(env, "bridge=%s", vif->bridge))
		return -ENOMEM;
	return add_uevent_var(env, "vif=%s", name);
}

static int nb_handshake_uevent(struct pvio_device *pdev,
			       struct kobj_uevent_env *env)
{
	int err = 0;

	spin_lock(&uevent_lock);
	if (pdev->priv)
		err = add_names(pdev->priv, env);
	spin_unlock(&uevent_lock);
	return err;
}

static const char *const nodes[] = {
	"hotplug-status", "rate", PVIO_NB_KEYS_MCAST, NULL
};

struct pvio_driver pvio_nb_driver = {
	.name = "pvio-netback",
	.type = "vif",
	.role = PVIO_BACK,
	.owner = THIS_MODULE,
	.nodes = nodes,
	.peer_node = PVIO_NB_KEYS_MCAST,
	.probe = nb_handshake_probe,
	.connect = nb_handshake_connect,
	.is_offered = nb_handshake_is_offered,
	.changed = nb_handshake_changed,
	.disconnect = nb_handshake_disconnect,
	.ready = nb_handshake_ready,
	.node_changed = nb_handshake_node_changed,
	.retire = nb_handshake_retire,
	.remove = nb_handshake_remove,
	.uevent = nb_handshake_uevent,
	.waits_for = nb_handshake_waits_for,
	.attrs = pvio_nb_sysfs_attrs,
};
