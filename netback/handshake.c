// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is negotiated: our offers, the toolstack's wishes, the frontend's keys.
 */
#include "handshake.h"

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "params.h"
#include "queue.h"
#include "vif.h"
#include "xenbus/device.h"

/**
 * struct offers - what a backend writes
 * @yes: features it has
 * @no: features it has not, where silence would mean something else
 * @split_events: one event channel for each direction
 * @max_queues: most queues
 */
struct offers {
	bool yes;
	bool no;
	bool split_events;
	u32 max_queues;
};

/**
 * struct wishes - what the toolstack wrote into our directory
 * @handle: number of the device in the guest
 * @script: hotplug script
 * @bridge: where it puts the netdev
 * @rate: limit on what the guest sends
 * @status: "connected" when the hotplug script is through
 */
struct wishes {
	u32 handle;
	char script[128];
	char bridge[64];
	char rate[32];
	char status[64];
};

/* This suite's own, see "Offloads behind a tag" in the design. */
#define VLAN_OFFLOAD	"feature-pvio-vlan-offload"

#define OFFER(_name, _type, _field) \
	{ .name = _name, .type = _type, PVIO_KEY_FIELD(struct offers, _field) }

static const struct pvio_key offer_keys[] = {
	OFFER("feature-sg", PVIO_KEY_BOOL, yes),
	OFFER("feature-gso-tcpv4", PVIO_KEY_BOOL, yes),
	OFFER("feature-gso-tcpv6", PVIO_KEY_BOOL, yes),
	OFFER("feature-ipv6-csum-offload", PVIO_KEY_BOOL, yes),
	OFFER("feature-rx-copy", PVIO_KEY_BOOL, yes),
	OFFER(VLAN_OFFLOAD, PVIO_KEY_BOOL, yes),
	OFFER("feature-rx-flip", PVIO_KEY_BOOL, no),
	OFFER("feature-split-event-channels", PVIO_KEY_BOOL, split_events),
	OFFER("multi-queue-max-queues", PVIO_KEY_U32, max_queues),
};

static const struct pvio_key handle_key = {
	.name = "handle", .type = PVIO_KEY_U32, .required = true,
	.max = U16_MAX,
	PVIO_KEY_FIELD(struct wishes, handle),
};

static const struct pvio_key script_key = {
	.name = "script", .type = PVIO_KEY_STRING,
	PVIO_KEY_FIELD(struct wishes, script),
};

static const struct pvio_key bridge_key = {
	.name = "bridge", .type = PVIO_KEY_STRING,
	PVIO_KEY_FIELD(struct wishes, bridge),
};

static const struct pvio_key rate_key = {
	.name = "rate", .type = PVIO_KEY_STRING,
	PVIO_KEY_FIELD(struct wishes, rate),
};

static const struct pvio_key status_key = {
	.name = "hotplug-status", .type = PVIO_KEY_STRING,
	PVIO_KEY_FIELD(struct wishes, status),
};

#define PEER_BOOL(_name, _field) \
	{ .name = _name, .type = PVIO_KEY_BOOL, \
	  PVIO_KEY_FIELD(struct pvio_vif_peer, _field) }

static const struct pvio_key peer_keys[] = {
	{ .name = "multi-queue-num-queues", .type = PVIO_KEY_U32,
	  .min = 1, .max = PVIO_VIF_QUEUES_MAX, .def = 1,
	  PVIO_KEY_FIELD(struct pvio_vif_peer, nr_queues) },
	PEER_BOOL("request-rx-copy", rx_copy),
	PEER_BOOL("feature-rx-notify", rx_notify),
	PEER_BOOL("feature-sg", sg),
	PEER_BOOL("feature-gso-tcpv4", gso4),
	PEER_BOOL("feature-gso-tcpv6", gso6),
	PEER_BOOL("feature-no-csum-offload", no_csum4),
	PEER_BOOL("feature-ipv6-csum-offload", csum6),
	PEER_BOOL(VLAN_OFFLOAD, vlan),
};

/* Reference 0 is the console's and port 0 is none, so both mean "absent". */
#define QUEUE_U32(_name, _required, _field) \
	{ .name = _name, .type = PVIO_KEY_U32, .required = _required, \
	  .min = 1, PVIO_KEY_FIELD(struct pvio_vif_queue_keys, _field) }

static const struct pvio_key queue_keys[] = {
	QUEUE_U32("tx-ring-ref", true, tx_ref),
	QUEUE_U32("rx-ring-ref", true, rx_ref),
	QUEUE_U32("event-channel", false, port),
	QUEUE_U32("event-channel-tx", false, tx_port),
	QUEUE_U32("event-channel-rx", false, rx_port),
};

static int read_wish(struct pvio_device *pdev, const struct pvio_key *key,
		     struct wishes *w)
{
	const struct pvio_key_set set = { .keys = key, .nr = 1, .values = w };

	*w = (struct wishes){};
	return pvio_keys_read(pdev, PVIO_OWN, &set, 1);
}

/* Covers pdev->priv against uevents, which hold no lock of the device. */
static DEFINE_SPINLOCK(uevent_lock);

static void set_vif(struct pvio_device *pdev, struct pvio_vif *vif)
{
	spin_lock(&uevent_lock);
	pdev->priv = vif;
	spin_unlock(&uevent_lock);
}

/* Never without a limit by mistake. */
static void refuse_rate(struct pvio_device *pdev)
{
	struct pvio_vif *vif = pdev->priv;

	if (vif->rate == PVIO_RATE_SET) {
		pvio_warn(pdev, "xenstore key rate is malformed, the last limit stays");
		return;
	}
	if (vif->rate != PVIO_RATE_BAD)
		pvio_device_refuse(pdev,
				   "xenstore key rate is malformed, waits for one that is not");
	vif->rate = PVIO_RATE_BAD;
}

static void read_rate(struct pvio_device *pdev)
{
	struct pvio_vif *vif = pdev->priv;
	struct wishes w;
	int err;

	err = read_wish(pdev, &rate_key, &w);
	if (!err)
		err = pvio_shaper_parse(&vif->shaper, w.rate, ktime_get_ns());
	if (!err) {
		vif->rate = PVIO_RATE_SET;
		pvio_vif_kick(vif);
	} else if (err == -EINVAL || err == -ERANGE) {
		refuse_rate(pdev);
	} else {
		vif->rate = PVIO_RATE_UNREAD;
	}
}

/* For uevents, which are sent when nothing can be read any more, too. */
static void read_names(struct pvio_device *pdev, struct pvio_vif *vif)
{
	struct wishes w;

	if (!read_wish(pdev, &script_key, &w))
		strscpy(vif->script, w.script, sizeof(vif->script));
	if (!read_wish(pdev, &bridge_key, &w))
		strscpy(vif->bridge, w.bridge, sizeof(vif->bridge));
}

static int write_offers(struct pvio_device *pdev)
{
	struct pvio_vif *vif = pdev->priv;
	struct offers offers = {
		.yes = true,
		.split_events = pvio_vif_params.split_events,
		.max_queues = vif->max_queues,
	};
	const struct pvio_key_set set = {
		.keys = offer_keys,
		.nr = ARRAY_SIZE(offer_keys),
		.values = &offers,
	};

	return pvio_keys_write(pdev, &set, 1);
}

static int probe(struct pvio_device *pdev)
{
	struct pvio_vif *vif;
	struct wishes w;
	int err;

	err = read_wish(pdev, &handle_key, &w);
	if (err)
		return err;
	vif = pvio_vif_create(pdev, w.handle);
	if (IS_ERR(vif)) {
		pvio_err(pdev, "cannot make vif%u.%u (%ld)", pdev->peer_id,
			 w.handle, PTR_ERR(vif));
		return PTR_ERR(vif);
	}
	read_names(pdev, vif);
	set_vif(pdev, vif);
	read_rate(pdev);
	err = write_offers(pdev);
	if (err) {
		set_vif(pdev, NULL);
		pvio_vif_unregister(vif);
		pvio_vif_destroy(vif);
		return err;
	}
	kobject_uevent(&pdev->dev->kobj, KOBJ_ONLINE);
	return 0;
}

static int read_peer(struct pvio_device *pdev, struct pvio_vif_peer *peer)
{
	const struct pvio_vif *vif = pdev->priv;
	const struct pvio_key_set set = {
		.keys = peer_keys,
		.nr = ARRAY_SIZE(peer_keys),
		.values = peer,
	};
	int err;

	err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	if (err)
		return err;
	if (peer->nr_queues > vif->max_queues) {
		pvio_err(pdev, "multi-queue-num-queues is %u, only %u were offered",
			 peer->nr_queues, vif->max_queues);
		return -EINVAL;
	}
	if (!peer->rx_copy) {
		pvio_err(pdev, "frontend does not ask for request-rx-copy");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Two channels for one queue, or one under either name. */
static int settle_ports(struct pvio_device *pdev, unsigned int id,
			struct pvio_vif_queue_keys *keys)
{
	if (keys->tx_port && keys->rx_port) {
		keys->port = keys->tx_port == keys->rx_port ? keys->tx_port : 0;
		return 0;
	}
	if (keys->port && !keys->tx_port && !keys->rx_port)
		return 0;
	pvio_err(pdev, "queue %u: event channel is missing", id);
	return -EINVAL;
}

static void describe_queues(struct pvio_key_set *sets, unsigned int nr,
			    struct pvio_vif_queue_keys *keys)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		sets[i].keys = queue_keys;
		sets[i].nr = ARRAY_SIZE(queue_keys);
		sets[i].values = &keys[i];
		if (nr > 1)
			snprintf(sets[i].dir, sizeof(sets[i].dir), "queue-%u",
				 i);
	}
}

static int read_queues(struct pvio_device *pdev, unsigned int nr,
		       struct pvio_vif_queue_keys *keys)
{
	struct pvio_key_set *sets = kcalloc(nr, sizeof(*sets), GFP_KERNEL);
	unsigned int i;
	int err;

	if (!sets)
		return -ENOMEM;
	describe_queues(sets, nr, keys);
	err = pvio_keys_read(pdev, PVIO_PEER, sets, nr);
	kfree(sets);
	for (i = 0; i < nr && !err; i++)
		err = settle_ports(pdev, i, &keys[i]);
	return err;
}

static int start_queues(struct pvio_device *pdev, unsigned int nr)
{
	struct pvio_vif *vif = pdev->priv;
	struct pvio_vif_queue_keys *keys;
	int err;

	keys = kcalloc(nr, sizeof(*keys), GFP_KERNEL);
	if (!keys)
		return -ENOMEM;
	err = read_queues(pdev, nr, keys);
	if (!err)
		err = pvio_vif_queues_start(vif, 0, nr, keys);
	if (!err)
		vif->nr_queues = nr;
	kfree(keys);
	return err;
}

static int connect(struct pvio_device *pdev)
{
	struct pvio_vif_peer peer = {};
	int err;

	err = read_peer(pdev, &peer);
	if (!err)
		err = start_queues(pdev, peer.nr_queues);
	if (!err)
		err = pvio_vif_connect(pdev->priv, &peer);
	return err;
}

static bool disconnect(struct pvio_device *pdev)
{
	struct pvio_vif *vif = pdev->priv;

	pvio_vif_disconnect(vif);
	pvio_vif_queues_stop(vif, 0, vif->nr_queues);
	vif->nr_queues = 0;
	return true;
}

/* The name is free again behind this, for the next device that has it. */
static void retire(struct pvio_device *pdev)
{
	disconnect(pdev);
	kobject_uevent(&pdev->dev->kobj, KOBJ_OFFLINE);
	pvio_keys_remove(pdev, "hotplug-status");
	/* Another driver that takes over here would leave it as it is. */
	pvio_keys_remove(pdev, VLAN_OFFLOAD);
	pvio_vif_unregister(pdev->priv);
}

static void remove(struct pvio_device *pdev)
{
	struct pvio_vif *vif = pdev->priv;

	set_vif(pdev, NULL);
	pvio_vif_destroy(vif);
}

/*
 * Some scripts put the netdev where packets can go and do not say so.  Then
 * somebody has set it up; while nobody has, no packet passes anyway.
 */
static bool accept_silence(struct pvio_device *pdev)
{
	struct pvio_vif *vif = pdev->priv;
	unsigned long due = READ_ONCE(vif->opened) +
			    msecs_to_jiffies(PVIO_VIF_REPORT_MS);

	if (vif->unreported || !*vif->script)
		return true;
	if (!netif_running(vif->dev))
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
static int ready(struct pvio_device *pdev)
{
	const struct pvio_vif *vif = pdev->priv;
	struct wishes w;
	int err;

	if (vif->rate == PVIO_RATE_UNREAD)
		read_rate(pdev);
	if (vif->rate != PVIO_RATE_SET)
		return vif->rate == PVIO_RATE_UNREAD ? -EAGAIN : 0;
	/* A guest may make the engine look as often as it likes. */
	if (vif->connected)
		return 1;
	err = read_wish(pdev, &status_key, &w);
	if (err)
		return err;
	return *w.status ? !strcmp(w.status, "connected") : accept_silence(pdev);
}

/* The status is looked at by ready(), which the engine asks now anyway. */
static void node_changed(struct pvio_device *pdev, const char *node)
{
	if (!strcmp(node, "rate"))
		read_rate(pdev);
}

/* By its name of today: whoever listens looks for that. */
static int add_names(const struct pvio_vif *vif, struct kobj_uevent_env *env)
{
	char name[IFNAMSIZ];

	strscpy(name, vif->dev->name, sizeof(name));
	if (*vif->script && add_uevent_var(env, "script=%s", vif->script))
		return -ENOMEM;
	if (*vif->bridge && add_uevent_var(env, "bridge=%s", vif->bridge))
		return -ENOMEM;
	return add_uevent_var(env, "vif=%s", name);
}

static int uevent(struct pvio_device *pdev, struct kobj_uevent_env *env)
{
	int err = 0;

	spin_lock(&uevent_lock);
	if (pdev->priv)
		err = add_names(pdev->priv, env);
	spin_unlock(&uevent_lock);
	return err;
}

static const char *const nodes[] = { "hotplug-status", "rate", NULL };

struct pvio_driver pvio_netback_driver = {
	.name = "pvio-netback",
	.type = "vif",
	.role = PVIO_BACK,
	.owner = THIS_MODULE,
	.nodes = nodes,
	.probe = probe,
	.connect = connect,
	.disconnect = disconnect,
	.ready = ready,
	.node_changed = node_changed,
	.retire = retire,
	.remove = remove,
	.uevent = uevent,
};
