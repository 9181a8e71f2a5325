// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the network frontend negotiates with its backend, as tables, and what
 * it does when the engine says so.
 *
 * Nothing here is on the data path.
 */
#include "handshake.h"

#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "netdev.h"
#include "params.h"
#include "xenbus/device.h"

/**
 * struct shared_keys - what we write for the whole interface
 * @num_queues: queues
 * @yes: every feature that we always have
 */
struct shared_keys {
	u32 num_queues;
	bool yes;
};

/**
 * struct queue_keys - what we write for a queue
 * @tx_ring: grant of the transmit ring
 * @rx_ring: grant of the receive ring
 * @event: port of the one event channel, 0 when there are two
 * @event_tx: port of the transmit channel, 0 when there is one for both
 * @event_rx: port of the receive channel
 */
struct queue_keys {
	u32 tx_ring;
	u32 rx_ring;
	u32 event;
	u32 event_tx;
	u32 event_rx;
};

/* As long as this suite's backend waits for a script. */
#define REPORT_MS	5000u

/* This suite's own, see "Offloads behind a tag" in the design. */
#define VLAN_OFFLOAD	"feature-pvio-vlan-offload"

#define NUMBER(st, field, lo, hi, preset) \
	.type = PVIO_KEY_U32, PVIO_KEY_FIELD(st, field), \
	.min = (lo), .max = (hi), .def = (preset)
#define FLAG(st, field, preset) \
	.type = PVIO_KEY_BOOL, PVIO_KEY_FIELD(st, field), \
	.max = 1, .def = (preset)

static const struct pvio_key peer_keys[] = {
	{ .name = "multi-queue-max-queues",
	  NUMBER(struct pvio_nf_peer, max_queues, 1, U32_MAX, 1) },
	{ .name = "feature-split-event-channels",
	  FLAG(struct pvio_nf_peer, split, 0) },
	{ .name = "feature-rx-copy", FLAG(struct pvio_nf_peer, rx_copy, 0) },
	{ .name = "feature-sg", FLAG(struct pvio_nf_peer, sg, 0) },
	{ .name = "feature-gso-tcpv4", FLAG(struct pvio_nf_peer, gso4, 0) },
	{ .name = "feature-gso-tcpv6", FLAG(struct pvio_nf_peer, gso6, 0) },
	{ .name = "feature-ipv6-csum-offload",
	  FLAG(struct pvio_nf_peer, csum6, 0) },
	{ .name = VLAN_OFFLOAD, FLAG(struct pvio_nf_peer, vlan, 0) },
};

static const struct pvio_key own_keys[] = {
	{ .name = "mac", .type = PVIO_KEY_MAC, .required = true,
	  PVIO_KEY_FIELD(struct pvio_nf_own, mac) },
	{ .name = "trusted", FLAG(struct pvio_nf_own, trusted, 1) },
};

static const struct pvio_key shared_key_table[] = {
	{ .name = "multi-queue-num-queues", .elide = true,
	  NUMBER(struct shared_keys, num_queues, 1, U32_MAX, 1) },
	{ .name = "request-rx-copy", FLAG(struct shared_keys, yes, 0) },
	{ .name = "feature-rx-notify", FLAG(struct shared_keys, yes, 0) },
	{ .name = "feature-sg", FLAG(struct shared_keys, yes, 0) },
	{ .name = "feature-gso-tcpv4", FLAG(struct shared_keys, yes, 0) },
	{ .name = "feature-gso-tcpv6", FLAG(struct shared_keys, yes, 0) },
	{ .name = "feature-ipv6-csum-offload",
	  FLAG(struct shared_keys, yes, 0) },
	{ .name = VLAN_OFFLOAD, FLAG(struct shared_keys, yes, 0) },
};

static const struct pvio_key queue_key_table[] = {
	{ .name = "tx-ring-ref",
	  NUMBER(struct queue_keys, tx_ring, 0, U32_MAX, 0) },
	{ .name = "rx-ring-ref",
	  NUMBER(struct queue_keys, rx_ring, 0, U32_MAX, 0) },
	{ .name = "event-channel", .elide = true,
	  NUMBER(struct queue_keys, event, 0, U32_MAX, 0) },
	{ .name = "event-channel-tx", .elide = true,
	  NUMBER(struct queue_keys, event_tx, 0, U32_MAX, 0) },
	{ .name = "event-channel-rx", .elide = true,
	  NUMBER(struct queue_keys, event_rx, 0, U32_MAX, 0) },
};

static int read_own(struct pvio_device *pdev, struct pvio_nf_own *own)
{
	const struct pvio_key_set set = {
		.keys = own_keys,
		.nr = ARRAY_SIZE(own_keys),
		.values = own,
	};
	int err = pvio_keys_read(pdev, PVIO_OWN, &set, 1);

	if (err)
		return err;
	if (!is_valid_ether_addr(own->mac)) {
		pvio_err(pdev, "mac %pM is not an interface's address",
			 own->mac);
		return -EINVAL;
	}
	own->trusted &= pvio_nf_param_trusted();
	return 0;
}

static int read_peer(struct pvio_device *pdev, struct pvio_nf_peer *peer)
{
	const struct pvio_key_set set = {
		.keys = peer_keys,
		.nr = ARRAY_SIZE(peer_keys),
		.values = peer,
	};
	int err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);

	if (err)
		return err;
	if (!peer->rx_copy) {
		pvio_err(pdev, "backend does not copy (feature-rx-copy)");
		return -ENODEV;
	}
	return 0;
}

/*
 * A device with a bad address still gets an interface, without a carrier: the
 * next connection reads the keys again.
 */
static int probe(struct pvio_device *pdev)
{
	struct pvio_nf_own own;
	int err = read_own(pdev, &own);

	return pvio_nf_netdev_create(pdev, err ? NULL : own.mac);
}

static void remove(struct pvio_device *pdev)
{
	pvio_nf_netdev_destroy(pdev->priv);
}

static void fill_keys(const struct pvio_nf_queue *q, struct queue_keys *keys)
{
	keys->tx_ring = q->tx.shared.refs[0];
	keys->rx_ring = q->rx.shared.refs[0];
	if (q->split) {
		keys->event_tx = q->event[PVIO_NF_TX].port;
		keys->event_rx = q->event[PVIO_NF_RX].port;
	} else {
		keys->event = q->event[PVIO_NF_TX].port;
	}
}

/* A single queue's keys stand beside the interface's own. */
static void name_dir(char *dir, size_t size, const struct pvio_nf *nf,
		     u16 index)
{
	if (nf->nr_queues == 1)
		*dir = '\0';
	else
		snprintf(dir, size, "queue-%u", index);
}

/*
 * What backends read and only others write: a boot loader that takes no blank
 * checksums, or another driver that wanted room for XDP in front of packets.
 */
static const char *const strangers[] = {
	"feature-no-csum-offload", "feature-gso-tcpv4-prefix",
	"feature-gso-tcpv6-prefix", "request-multicast-control",
	"xdp-headroom", "ctrl-ring-ref", "event-channel-ctrl",
};

static bool is_queue_key(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queue_key_table); i++)
		if (!strcmp(name, queue_key_table[i].name))
			return true;
	return strstarts(name, "queue-") ||
	       !strcmp(name, "multi-queue-num-queues");
}

/* What an earlier connection wrote and this one leaves out would be read. */
static bool is_stale(const char *name)
{
	return is_queue_key(name) ||
	       match_string(strangers, ARRAY_SIZE(strangers), name) >= 0;
}

static void fill_sets(struct pvio_nf *nf, struct pvio_key_set *sets,
		      struct queue_keys *keys)
{
	unsigned int i;

	for (i = 0; i < nf->nr_queues; i++) {
		fill_keys(&nf->queues[i], &keys[i]);
		name_dir(sets[i].dir, sizeof(sets[i].dir), nf, i);
		sets[i].keys = queue_key_table;
		sets[i].nr = ARRAY_SIZE(queue_key_table);
		sets[i].values = &keys[i];
	}
}

static int write_keys(struct pvio_nf *nf)
{
	struct shared_keys shared = { .num_queues = nf->nr_queues, .yes = true };
	struct pvio_key_set *sets;
	struct queue_keys *keys;
	int err;

	err = pvio_keys_prune(nf->pdev, is_stale);
	if (err)
		return err;
	err = -ENOMEM;
	sets = kcalloc(nf->nr_queues + 1, sizeof(*sets), GFP_KERNEL);
	keys = kcalloc(nf->nr_queues, sizeof(*keys), GFP_KERNEL);
	if (sets && keys) {
		sets[0].keys = shared_key_table;
		sets[0].nr = ARRAY_SIZE(shared_key_table);
		sets[0].values = &shared;
		fill_sets(nf, &sets[1], keys);
		err = pvio_keys_write(nf->pdev, sets, nf->nr_queues + 1);
	}
	kfree(keys);
	kfree(sets);
	return err;
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
static int publish(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;
	struct pvio_nf_peer peer;
	struct pvio_nf_own own;
	int err;

	err = read_own(pdev, &own);
	if (err)
		return err;
	err = read_peer(pdev, &peer);
	if (err)
		return err;
	pvio_nf_netdev_adapt(nf, &peer, &own);
	err = start_queues(nf);
	if (err)
		return err;
	nf->published = jiffies;
	return write_keys(nf);
}

/*
 * Other backends serve the rings while their hotplug script runs, and say so
 * when it has reported.  Some scripts never do.
 */
static int ready(struct pvio_device *pdev)
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

static int connect(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;

	nf->silent = pdev->seen == XenbusStateInitWait;
	if (nf->silent)
		pvio_warn(pdev, "backend has said InitWait for %u s, perhaps its hotplug script did not report; connected without",
			  REPORT_MS / 1000);
	pvio_nf_netdev_up(nf);
	return 0;
}

/* Now the backend's side of the wire is there as well. */
static void changed(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;

	if (nf->silent)
		pvio_nf_netdev_announce(nf);
	nf->silent = false;
}

static bool disconnect(struct pvio_device *pdev)
{
	struct pvio_nf *nf = pdev->priv;

	pvio_nf_netdev_down(nf);
	pvio_nf_queues_stop(nf, 0, nf->nr_queues);
	nf->nr_queues = 0;
	return true;
}

static bool closing(struct pvio_device *pdev)
{
	pvio_nf_netdev_down(pdev->priv);
	return true;
}

static void retire(struct pvio_device *pdev)
{
	pvio_nf_netdev_down(pdev->priv);
	/* Another driver that takes over here would leave it as it is. */
	pvio_keys_remove(pdev, VLAN_OFFLOAD);
	pvio_nf_netdev_unregister(pdev->priv);
}

static struct pvio_driver driver = {
	.name = "pvio-netfront",
	.type = "vif",
	.role = PVIO_FRONT_EARLY,
	.owner = THIS_MODULE,
	.probe = probe,
	.publish = publish,
	.ready = ready,
	.connect = connect,
	.changed = changed,
	.disconnect = disconnect,
	.closing = closing,
	.retire = retire,
	.remove = remove,
};

int pvio_nf_handshake_init(void)
{
	return pvio_register_driver(&driver);
}

void pvio_nf_handshake_exit(void)
{
	pvio_unregister_driver(&driver);
}
