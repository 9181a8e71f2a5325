/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The guest's network interface.
 *
 * Locks, outermost first: the device's lock (handshake), rtnl, a transmit
 * queue's lock.  No operation of the interface takes the device's lock.
 */
#ifndef PVIO_NETFRONT_NETDEV_H
#define PVIO_NETFRONT_NETDEV_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "ctrl.h"
#include "gref_map.h"
#include "hash.h"
#include "keys.h"
#include "mcast.h"
#include "moderation.h"
#include "queue.h"

struct bpf_prog;
struct dentry;
struct pvio_device;

/**
 * struct pvio_nf - the interface; private part of its net_device
 * @pdev: the device; constant
 * @netdev: the interface; constant
 * @queues: @max_queues of them; constant
 * @max_queues: constant
 * @nr_queues: started; written under the device's lock
 * @most_queues: used by the stack and by the hash, of those; under rtnl
 * @rx_least: receive buffers that each queue offers at least, PVIO_NF_RX_LEAST to
 *	PVIO_NF_RX_SLOTS; under rtnl, read by NAPI at any time
 * @moderation: how long received packets wait for others
 * @registered: the stack knows the interface; under the device's lock
 * @connected: the backend serves the queues; written under the device's lock
 *	and rtnl
 * @known: there was a backend whose word binds the administrator; under rtnl
 * @mtu: what the administrator wants, if the backend can; under rtnl
 * @fitting: it is not the administrator who sets the MTU now; under rtnl
 * @published: when the backend was shown the queues, in jiffies; under the
 *	device's lock
 * @silent: it has not said Connected yet; under the device's lock
 * @announce: tells the network where the interface is
 * @announcements: how many are still to come; written before @announce is
 *	scheduled, then its own
 * @peer: written under the device's lock and rtnl, read under either
 * @wishes: likewise
 * @debugfs: its directory there; device's lock
 * @ctrl: control ring
 * @mcast: multicast addresses that the backend knows
 * @gref_map: pages that the backend is to keep mapped
 * @hash: how received packets are to be spread over the queues
 * @prog: sees received packets first; NULL: there is none; written under rtnl
 */
struct pvio_nf {
	struct pvio_device *pdev;
	struct net_device *netdev;
	struct pvio_nf_queue *queues;
	unsigned int max_queues;
	unsigned int nr_queues;
	unsigned int most_queues;
	unsigned int rx_least;
	struct pvio_nf_moderation moderation;
	bool registered;
	bool connected;
	bool known;
	bool fitting;
	bool silent;
	unsigned long published;
	int mtu;
	struct delayed_work announce;
	unsigned int announcements;
	struct pvio_nf_peer peer;
	struct pvio_nf_wishes wishes;
	struct dentry *debugfs;
	struct pvio_nf_ctrl ctrl;
	struct pvio_nf_hash hash;
	struct pvio_nf_mcast mcast;
	struct pvio_nf_gref_map gref_map;
	struct bpf_prog __rcu *prog;
};

/**
 * pvio_nf_netdev_create() - make and register an interface, carrier off
 * @pdev: the device; @pdev->priv is set
 * @mac: its address, or NULL for a random one until the toolstack's is known
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_netdev_create(struct pvio_device *pdev, const u8 *mac);

/**
 * pvio_nf_netdev_unregister() - take the interface from the stack
 * @nf: the interface; may be unregistered already
 * Context: may sleep, takes rtnl.
 */
void pvio_nf_netdev_unregister(struct pvio_nf *nf);

/**
 * pvio_nf_netdev_destroy() - unregister and free
 * @nf: the interface; its queues are stopped
 * Context: may sleep, takes rtnl.
 */
void pvio_nf_netdev_destroy(struct pvio_nf *nf);

/**
 * pvio_nf_netdev_adapt() - act on what backend and toolstack said
 * @nf: the interface
 * @peer: the backend's word
 * @wishes: the toolstack's
 *
 * Features, MTU and address follow. Context: may sleep, takes rtnl.
 */
void pvio_nf_netdev_adapt(struct pvio_nf *nf, const struct pvio_nf_peer *peer,
			  const struct pvio_nf_wishes *wishes);

/**
 * pvio_nf_netdev_resize() - tell the stack how many queues there are
 * @nf: @nr_queues has been set
 * Context: may sleep, takes rtnl. Return: 0 or a negative errno.
 */
int pvio_nf_netdev_resize(struct pvio_nf *nf);

/**
 * pvio_nf_netdev_used() - how many queues the stack and the hash are to use
 * @nf: the interface
 * Context: rtnl is held. Return: 1 at least.
 */
static inline unsigned int pvio_nf_netdev_used(const struct pvio_nf *nf)
{
	return min(nf->most_queues, nf->netdev->real_num_rx_queues);
}

/**
 * pvio_nf_netdev_poll() - have NAPI look at all queues that run
 * @nf: the interface
 * Context: bottom halves are off, or interrupts.
 */
void pvio_nf_netdev_poll(struct pvio_nf *nf);

/**
 * pvio_nf_netdev_run() - the backend serves the queues: carrier on
 * @nf: the interface
 *
 * Soon afterwards the network is told where the interface is now.
 * Context: may sleep, takes rtnl.
 */
void pvio_nf_netdev_run(struct pvio_nf *nf);

/**
 * pvio_nf_netdev_announce() - tell the network where the interface is
 * @nf: with a carrier
 * Context: may sleep; under the device's lock, not under rtnl.
 */
void pvio_nf_netdev_announce(struct pvio_nf *nf);

/**
 * pvio_nf_netdev_halt() - carrier off, nothing is transmitted any more
 * @nf: the interface; may be halted already
 * Context: may sleep, takes rtnl.
 */
void pvio_nf_netdev_halt(struct pvio_nf *nf);

#endif /* PVIO_NETFRONT_NETDEV_H */
