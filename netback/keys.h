/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What is negotiated through xenstore: the toolstack's wishes, our own keys,
 * the frontend's.
 */
#ifndef PVIO_NETBACK_KEYS_H
#define PVIO_NETBACK_KEYS_H

#include <linux/types.h>

#include "ring/netif.h"

struct pvio_device;

/* Of the frontend; watched. */
#define PVIO_NB_KEYS_MCAST	"request-multicast-control"

/* In front of a packet; half a page, so that what goes into the rest is sane. */
#define PVIO_NB_HEADROOM_MAX	(PVIO_NET_PAGE / 2)

/**
 * enum pvio_nb_wish - what the toolstack writes into our directory
 * @PVIO_NB_WISH_HANDLE: number of the device in the guest; required
 * @PVIO_NB_WISH_SCRIPT: hotplug script
 * @PVIO_NB_WISH_BRIDGE: where that puts the netdev
 * @PVIO_NB_WISH_RATE: limit on what the guest sends
 * @PVIO_NB_WISH_STATUS: "connected" when the hotplug script is through
 */
enum pvio_nb_wish {
	PVIO_NB_WISH_HANDLE,
	PVIO_NB_WISH_SCRIPT,
	PVIO_NB_WISH_BRIDGE,
	PVIO_NB_WISH_RATE,
	PVIO_NB_WISH_STATUS,
};

/**
 * struct pvio_nb_wishes - a value for each of them
 * @handle: 0 to U16_MAX
 * @script: like all texts, empty when there is none
 * @bridge: text
 * @rate: text
 * @status: text
 */
struct pvio_nb_wishes {
	u32 handle;
	char script[128];
	char bridge[64];
	char rate[32];
	char status[64];
};

/**
 * struct pvio_nb_peer - what the connected frontend asked for
 * @nr_queues: queues it wants, 1 to pvio_nb_vif.max_queues
 * @rx_copy: it lets us copy into its pages; the only way there is
 * @rx_notify: it sends an event when it offers receive buffers
 * @sg: it takes packets of more than one page
 * @gso4: it takes large TCP packets over IPv4
 * @gso6: it takes large TCP packets over IPv6
 * @no_csum4: it wants TCP and UDP checksums over IPv4 complete
 * @csum6: it takes blank checksums over IPv6
 * @vlan: it takes all that behind VLAN tags, too
 * @ctrl_ref: grant reference of its control ring; 0: it has none
 * @ctrl_port: event channel of that ring; 0: it has none
 * @mcast: it wants only multicast that it listens to
 * @headroom: bytes that it wants free in front of each packet, for XDP; up to
 *	PVIO_NB_HEADROOM_MAX
 */
struct pvio_nb_peer {
	u32 nr_queues;
	bool rx_copy;
	bool rx_notify;
	bool sg;
	bool gso4;
	bool gso6;
	bool no_csum4;
	bool csum6;
	bool vlan;
	u32 ctrl_ref;
	u32 ctrl_port;
	bool mcast;
	u32 headroom;
};

/**
 * struct pvio_nb_queue_keys - what a frontend writes about one queue
 * @tx_ref: grant reference of the transmit ring
 * @rx_ref: grant reference of the receive ring
 * @port: event channel for both directions; 0: separate ones
 * @tx_port: event channel of the transmit ring
 * @rx_port: event channel of the receive ring
 */
struct pvio_nb_queue_keys {
	u32 tx_ref;
	u32 rx_ref;
	u32 port;
	u32 tx_port;
	u32 rx_port;
};

/**
 * pvio_nb_keys_read_wish() - one of the toolstack's wishes
 * @pdev: the device
 * @which: the key
 * @w: its value is filled in; untouched on error
 * Context: may sleep. Return: 0, or a negative errno as pvio_keys_read().
 */
int pvio_nb_keys_read_wish(struct pvio_device *pdev, enum pvio_nb_wish which,
			   struct pvio_nb_wishes *w);

/**
 * pvio_nb_keys_write() - say what this backend can do
 * @pdev: the device
 * @max_queues: most queues it takes
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nb_keys_write(struct pvio_device *pdev, unsigned int max_queues);

/**
 * pvio_nb_keys_remove() - remove what another driver would leave as it is
 * @pdev: the device, which this driver leaves
 * Context: may sleep.
 */
void pvio_nb_keys_remove(struct pvio_device *pdev);

/**
 * pvio_nb_keys_read_peer() - what the frontend asks for
 * @pdev: the device
 * @max_queues: what it was told
 * @peer: filled in
 *
 * Context: may sleep.
 * Return: 0, or a negative errno: not read, or not acceptable.
 */
int pvio_nb_keys_read_peer(struct pvio_device *pdev, unsigned int max_queues,
			   struct pvio_nb_peer *peer);

/**
 * pvio_nb_keys_read_mcast() - what of it may change at any time
 * @pdev: the device
 * @peer: @peer->mcast is filled in; untouched on error
 * Context: may sleep. Return: 0, or a negative errno as pvio_keys_read().
 */
int pvio_nb_keys_read_mcast(struct pvio_device *pdev, struct pvio_nb_peer *peer);

/**
 * pvio_nb_keys_read_headroom() - what of it may change when the frontend says
 *	Reconfiguring
 * @pdev: the device
 * @peer: @peer->headroom is filled in; untouched on error
 * Context: may sleep. Return: 0, or a negative errno as pvio_keys_read().
 */
int pvio_nb_keys_read_headroom(struct pvio_device *pdev,
			       struct pvio_nb_peer *peer);

/**
 * pvio_nb_keys_read_queues() - where the frontend's rings are
 * @pdev: the device
 * @nr: queues it wants
 * @keys: filled in, @nr of them
 *
 * A queue has one channel or two afterwards, whatever its keys are called.
 * Context: may sleep.
 * Return: 0, or a negative errno: not read, or not acceptable.
 */
int pvio_nb_keys_read_queues(struct pvio_device *pdev, unsigned int nr,
			     struct pvio_nb_queue_keys *keys);

/**
 * pvio_nb_keys_read_first_ref() - which rings does the frontend offer now?
 * @pdev: the device
 * @nr: queues that it had when its rings were taken
 *
 * As long as those are mapped, others have other references.  One request to
 * xenstore.  Context: may sleep.
 * Return: the reference of the first queue's transmit ring, 0 where it is not to
 * be read.
 */
u32 pvio_nb_keys_read_first_ref(struct pvio_device *pdev, unsigned int nr);

#endif /* PVIO_NETBACK_KEYS_H */
