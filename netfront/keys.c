// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What is negotiated through xenstore, as tables, what must hold between two
 * keys, and what must not be left there.
 */
#include "keys.h"

#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "netdev.h"
#include "params.h"
#include "queue.h"
#include "ring/netif.h"
#include "xenbus/device.h"

static const struct pvio_key wish_keys[] = {
	PVIO_KEY(MAC, "mac", struct pvio_nf_wishes, mac, .required = true),
	PVIO_KEY(BOOL, "trusted", struct pvio_nf_wishes, trusted, .def = true),
};

static const struct pvio_key peer_keys[] = {
	PVIO_KEY(U32, "multi-queue-max-queues", struct pvio_nf_peer, max_queues,
		 .min = 1, .def = 1),
	PVIO_KEY(BOOL, "feature-split-event-channels", struct pvio_nf_peer,
		 split),
	PVIO_KEY(BOOL, "feature-rx-copy", struct pvio_nf_peer, rx_copy),
	PVIO_KEY(BOOL, "feature-sg", struct pvio_nf_peer, sg),
	PVIO_KEY(BOOL, "feature-gso-tcpv4", struct pvio_nf_peer, gso4),
	PVIO_KEY(BOOL, "feature-gso-tcpv6", struct pvio_nf_peer, gso6),
	PVIO_KEY(BOOL, "feature-ipv6-csum-offload", struct pvio_nf_peer, csum6),
	PVIO_KEY(BOOL, PVIO_NET_VLAN_OFFLOAD, struct pvio_nf_peer, vlan),
	PVIO_KEY(BOOL, "feature-ctrl-ring", struct pvio_nf_peer, ctrl),
	PVIO_KEY(BOOL, "feature-dynamic-multicast-control", struct pvio_nf_peer,
		 mcast),
};

/**
 * struct own_keys - what we write for the whole interface
 * @num_queues: queues
 * @yes: every feature that we always have
 * @ctrl_ring: grant of the control ring, 0 when there is none
 * @ctrl_port: its port
 */
struct own_keys {
	u32 num_queues;
	bool yes;
	u32 ctrl_ring;
	u32 ctrl_port;
};

static const struct pvio_key own_keys[] = {
	PVIO_KEY(U32, "multi-queue-num-queues", struct own_keys, num_queues,
		 .elide = true, .def = 1),
	PVIO_KEY(BOOL, "request-rx-copy", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-rx-notify", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-sg", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-gso-tcpv4", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-gso-tcpv6", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-ipv6-csum-offload", struct own_keys, yes),
	PVIO_KEY(BOOL, PVIO_NET_VLAN_OFFLOAD, struct own_keys, yes),
	PVIO_KEY(U32, "ctrl-ring-ref", struct own_keys, ctrl_ring,
		 .elide = true),
	PVIO_KEY(U32, "event-channel-ctrl", struct own_keys, ctrl_port,
		 .elide = true),
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

static const struct pvio_key queue_keys[] = {
	PVIO_KEY(U32, "tx-ring-ref", struct queue_keys, tx_ring),
	PVIO_KEY(U32, "rx-ring-ref", struct queue_keys, rx_ring),
	PVIO_KEY(U32, "event-channel", struct queue_keys, event,
		 .elide = true),
	PVIO_KEY(U32, "event-channel-tx", struct queue_keys, event_tx,
		 .elide = true),
	PVIO_KEY(U32, "event-channel-rx", struct queue_keys, event_rx,
		 .elide = true),
};

int pvio_nf_keys_read_wishes(struct pvio_device *pdev,
			     struct pvio_nf_wishes *wishes)
{
	const struct pvio_key_set set = PVIO_KEY_SET(wish_keys, wishes);
	int err = pvio_keys_read(pdev, PVIO_OWN, &set, 1);

	if (err)
		return err;
	if (!is_valid_ether_addr(wishes->mac)) {
		pvio_err(pdev, "mac %pM is not an interface's address",
			 wishes->mac);
		return -EINVAL;
	}
	wishes->trusted &= READ_ONCE(pvio_nf_params.trusted);
	return 0;
}

int pvio_nf_keys_read_peer(struct pvio_device *pdev, struct pvio_nf_peer *peer)
{
	const struct pvio_key_set set = PVIO_KEY_SET(peer_keys, peer);
	int err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);

	if (err)
		return err;
	if (!peer->rx_copy) {
		pvio_err(pdev, "backend does not copy (feature-rx-copy)");
		return -ENODEV;
	}
	return 0;
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

	for (i = 0; i < ARRAY_SIZE(queue_keys); i++)
		if (!strcmp(name, queue_keys[i].name))
			return true;
	return strstarts(name, "queue-") ||
	       !strcmp(name, "multi-queue-num-queues");
}

/* What an earlier connection wrote and this one leaves out would be read. */
static bool nf_keys_is_stale(const char *name)
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
		sets[i] = (struct pvio_key_set)PVIO_KEY_SET(queue_keys,
							    &keys[i]);
		pvio_key_set_queue(&sets[i], i, nf->nr_queues);
	}
}

int pvio_nf_keys_write(struct pvio_nf *nf)
{
	struct own_keys own = { .num_queues = nf->nr_queues, .yes = true };
	struct pvio_key_set *sets;
	struct queue_keys *keys;
	int err;

	if (nf->ctrl.shared.vaddr) {
		own.ctrl_ring = nf->ctrl.shared.refs[0];
		own.ctrl_port = nf->ctrl.event.port;
	}
	err = pvio_keys_prune(nf->pdev, nf_keys_is_stale);
	if (err)
		return err;
	err = -ENOMEM;
	sets = kcalloc(nf->nr_queues + 1, sizeof(*sets), GFP_KERNEL);
	keys = kcalloc(nf->nr_queues, sizeof(*keys), GFP_KERNEL);
	if (sets && keys) {
		sets[0] = (struct pvio_key_set)PVIO_KEY_SET(own_keys, &own);
		fill_sets(nf, &sets[1], keys);
		err = pvio_keys_write(nf->pdev, sets, nf->nr_queues + 1);
	}
	kfree(keys);
	kfree(sets);
	return err;
}

int pvio_nf_keys_write_mcast(struct pvio_device *pdev, bool keep)
{
	static const struct pvio_key keys[] = {
		PVIO_KEY(BOOL, "request-multicast-control", struct own_keys,
			 yes),
	};
	struct own_keys own = { .yes = keep };
	const struct pvio_key_set set = PVIO_KEY_SET(keys, &own);

	/* The directory may be gone, and is not to come back. */
	if (READ_ONCE(pdev->silent))
		return 0;
	return pvio_keys_write(pdev, &set, 1);
}

void pvio_nf_keys_remove(struct pvio_device *pdev)
{
	pvio_keys_remove(pdev, PVIO_NET_VLAN_OFFLOAD);
}
