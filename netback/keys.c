// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What is negotiated through xenstore, as tables, and what must hold between
 * two keys.
 */
#include "keys.h"

#include <linux/kernel.h>
#include <linux/slab.h>

#include "params.h"
#include "ring/netif.h"
#include "xenbus/device.h"

static const struct pvio_key wish_keys[] = {
	[PVIO_NB_WISH_HANDLE] =
		PVIO_KEY(U32, "handle", struct pvio_nb_wishes, handle,
			 .required = true, .max = U16_MAX),
	[PVIO_NB_WISH_SCRIPT] =
		PVIO_KEY(STRING, "script", struct pvio_nb_wishes, script),
	[PVIO_NB_WISH_BRIDGE] =
		PVIO_KEY(STRING, "bridge", struct pvio_nb_wishes, bridge),
	[PVIO_NB_WISH_RATE] =
		PVIO_KEY(STRING, "rate", struct pvio_nb_wishes, rate),
	[PVIO_NB_WISH_STATUS] =
		PVIO_KEY(STRING, "hotplug-status", struct pvio_nb_wishes,
			 status),
};

/**
 * struct own_keys - what a backend writes
 * @yes: features it has
 * @no: features it has not, where silence would mean something else
 * @split_events: one event channel for each direction
 * @headroom: room in front of packets on request
 * @max_queues: most queues
 */
struct own_keys {
	bool yes;
	bool no;
	bool split_events;
	bool headroom;
	u32 max_queues;
};

static const struct pvio_key own_keys[] = {
	PVIO_KEY(BOOL, "feature-sg", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-gso-tcpv4", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-gso-tcpv6", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-ipv6-csum-offload", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-rx-copy", struct own_keys, yes),
	PVIO_KEY(BOOL, PVIO_NET_VLAN_OFFLOAD, struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-ctrl-ring", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-multicast-control", struct own_keys, yes),
	PVIO_KEY(BOOL, "feature-dynamic-multicast-control", struct own_keys,
		 yes),
	PVIO_KEY(BOOL, "feature-rx-flip", struct own_keys, no),
	PVIO_KEY(BOOL, "feature-split-event-channels", struct own_keys,
		 split_events),
	PVIO_KEY(BOOL, "feature-xdp-headroom", struct own_keys, headroom),
	PVIO_KEY(U32, "multi-queue-max-queues", struct own_keys, max_queues),
};

/* Of @peer_keys, what may change while the frontend is connected. */
enum later_key {
	LATER_MCAST,
	LATER_HEADROOM,
};

static const struct pvio_key peer_keys[] = {
	[LATER_MCAST] =
		PVIO_KEY(BOOL, PVIO_NB_KEYS_MCAST, struct pvio_nb_peer, mcast),
	[LATER_HEADROOM] =
		PVIO_KEY(U32, "xdp-headroom", struct pvio_nb_peer, headroom,
			 .max = PVIO_NB_HEADROOM_MAX),
	PVIO_KEY(U32, "multi-queue-num-queues", struct pvio_nb_peer, nr_queues,
		 .min = 1, .max = PVIO_NB_QUEUES_MAX, .def = 1),
	PVIO_KEY(BOOL, "request-rx-copy", struct pvio_nb_peer, rx_copy),
	PVIO_KEY(BOOL, "feature-rx-notify", struct pvio_nb_peer, rx_notify),
	PVIO_KEY(BOOL, "feature-sg", struct pvio_nb_peer, sg),
	PVIO_KEY(BOOL, "feature-gso-tcpv4", struct pvio_nb_peer, gso4),
	PVIO_KEY(BOOL, "feature-gso-tcpv6", struct pvio_nb_peer, gso6),
	PVIO_KEY(BOOL, "feature-no-csum-offload", struct pvio_nb_peer,
		 no_csum4),
	PVIO_KEY(BOOL, "feature-ipv6-csum-offload", struct pvio_nb_peer, csum6),
	PVIO_KEY(BOOL, PVIO_NET_VLAN_OFFLOAD, struct pvio_nb_peer, vlan),
	PVIO_KEY(U32, "ctrl-ring-ref", struct pvio_nb_peer, ctrl_ref,
		 .min = 1),
	PVIO_KEY(U32, "event-channel-ctrl", struct pvio_nb_peer,
		 ctrl_port, .min = 1),
};

/* Reference 0 is the console's and port 0 is none, so both mean "absent". */
static const struct pvio_key queue_keys[] = {
	PVIO_KEY(U32, "tx-ring-ref", struct pvio_nb_queue_keys, tx_ref,
		 .required = true, .min = 1),
	PVIO_KEY(U32, "rx-ring-ref", struct pvio_nb_queue_keys, rx_ref,
		 .required = true, .min = 1),
	PVIO_KEY(U32, "event-channel", struct pvio_nb_queue_keys, port,
		 .min = 1),
	PVIO_KEY(U32, "event-channel-tx", struct pvio_nb_queue_keys, tx_port,
		 .min = 1),
	PVIO_KEY(U32, "event-channel-rx", struct pvio_nb_queue_keys, rx_port,
		 .min = 1),
};

/* Not read for the first time, so that it is absent is no longer a mistake. */
static const struct pvio_key first_ref_key =
	PVIO_KEY(U32, "tx-ring-ref", struct pvio_nb_queue_keys, tx_ref);

int pvio_nb_keys_read_wish(struct pvio_device *pdev, enum pvio_nb_wish which,
			   struct pvio_nb_wishes *w)
{
	const struct pvio_key_set set = {
		.keys = &wish_keys[which], .nr = 1, .values = w,
	};

	return pvio_keys_read(pdev, PVIO_OWN, &set, 1);
}

int pvio_nb_keys_write(struct pvio_device *pdev, unsigned int max_queues)
{
	struct own_keys own = {
		.yes = true,
		.split_events = pvio_nb_params.split_events,
		.headroom = pvio_nb_params.headroom,
		.max_queues = max_queues,
	};
	const struct pvio_key_set set = PVIO_KEY_SET(own_keys, &own);

	return pvio_keys_write(pdev, &set, 1);
}

void pvio_nb_keys_remove(struct pvio_device *pdev)
{
	pvio_keys_remove(pdev, "hotplug-status");
	pvio_keys_remove(pdev, PVIO_NET_VLAN_OFFLOAD);
}

int pvio_nb_keys_read_peer(struct pvio_device *pdev, unsigned int max_queues,
			   struct pvio_nb_peer *peer)
{
	const struct pvio_key_set set = PVIO_KEY_SET(peer_keys, peer);
	int err;

	err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	if (err)
		return err;
	if (peer->nr_queues > max_queues) {
		pvio_err(pdev, "multi-queue-num-queues is %u, only %u were offered",
			 peer->nr_queues, max_queues);
		return -EINVAL;
	}
	if (!peer->rx_copy) {
		pvio_err(pdev, "frontend does not ask for request-rx-copy");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int read_later(struct pvio_device *pdev, enum later_key which,
		      struct pvio_nb_peer *peer)
{
	const struct pvio_key_set set = {
		.keys = &peer_keys[which], .nr = 1, .values = peer,
	};

	return pvio_keys_read(pdev, PVIO_PEER, &set, 1);
}

int pvio_nb_keys_read_mcast(struct pvio_device *pdev, struct pvio_nb_peer *peer)
{
	return read_later(pdev, LATER_MCAST, peer);
}

int pvio_nb_keys_read_headroom(struct pvio_device *pdev,
			       struct pvio_nb_peer *peer)
{
	return read_later(pdev, LATER_HEADROOM, peer);
}

/* Two channels for one queue, or one under either name. */
static int settle_ports(struct pvio_device *pdev, unsigned int id,
			struct pvio_nb_queue_keys *keys)
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
			    struct pvio_nb_queue_keys *keys)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		sets[i] = (struct pvio_key_set)PVIO_KEY_SET(queue_keys,
							    &keys[i]);
		pvio_key_set_queue(&sets[i], i, nr);
	}
}

u32 pvio_nb_keys_read_first_ref(struct pvio_device *pdev, unsigned int nr)
{
	struct pvio_nb_queue_keys keys = {};
	struct pvio_key_set set = {
		.keys = &first_ref_key, .nr = 1, .values = &keys,
	};

	pvio_key_set_queue(&set, 0, nr);
	pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	return keys.tx_ref;
}

int pvio_nb_keys_read_queues(struct pvio_device *pdev, unsigned int nr,
			     struct pvio_nb_queue_keys *keys)
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
