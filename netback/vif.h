/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A guest's network device as this domain sees it: the netdev vifD.H, made
 * when the toolstack adds the device and kept over any number of frontends.
 *
 * Direction words: "tx" is what the guest transmits and this domain receives,
 * "rx" the other way, as in the protocol.  The netdev's own counters say it
 * from this domain's side.
 */
#ifndef PVIO_NETBACK_VIF_H
#define PVIO_NETBACK_VIF_H

#include <linux/atomic.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include "compat/pvio_compat.h"
#include "ctrl.h"
#include "hash.h"
#include "keys.h"
#include "mcast.h"
#include "shaper.h"

struct bpf_prog;
struct dentry;
struct pvio_device;
struct pvio_nb_queue;

/* Bits of pvio_nb_vif.asks: what the guest wants of each packet. */
#define PVIO_NB_ASKS_HASH	0	/* a hash beside it */
#define PVIO_NB_ASKS_MCAST	1	/* only multicast that it listens to */
#define PVIO_NB_ASKS_HEADROOM	2	/* room in front of it */

/**
 * enum pvio_nb_rate - what is known of the toolstack's limit
 * @PVIO_NB_RATE_UNREAD: nothing, it could not be read
 * @PVIO_NB_RATE_BAD: it is no limit, and there was none before it
 * @PVIO_NB_RATE_SET: it is in force, or the last one that made sense
 */
enum pvio_nb_rate {
	PVIO_NB_RATE_UNREAD,
	PVIO_NB_RATE_BAD,
	PVIO_NB_RATE_SET,
};

/**
 * struct pvio_nb_vif - private part of the netdev
 * @pdev: the device on the bus
 * @dev: the netdev this is part of
 * @peer: what the frontend asked for; written under rtnl
 * @queues: @max_queues of them, as long as the netdev exists
 * @max_queues: most that a frontend may ask for
 * @nr_queues: queues with rings; written under @pdev->lock and rtnl
 * @max_static_grants: most pages of a queue that the guest may have kept mapped;
 *	constant
 * @asks: PVIO_NB_ASKS_*, so that there is one test for all of it; atomic
 * @connected: all @nr_queues have rings; under rtnl
 * @running: connected and up: the queues work; under rtnl
 * @stalled: running queues whose guest has offered no buffers for too long
 * @told_stalled: the log and the carrier say so; @stall_check alone, or not
 *	running
 * @mtu: what it was before a guest that takes no more than one page came; 0:
 *	none did; under rtnl
 * @drain: how long a packet may wait for buffers, in jiffies; constant
 * @stall: how long a guest may offer none, in jiffies; 0: for ever; constant
 * @patience: what is left of @drain with the connected guest
 * @check_every: how often a queue without buffers is looked at, in jiffies
 * @script: the hotplug script's name, for uevents; constant
 * @bridge: where it puts the netdev, for uevents; constant
 * @opened: when the netdev was set up, in jiffies; 0: it is down. The stack calls
 *	it running a moment before it is
 * @unreported: the script's silence has been accepted; under @pdev->lock
 * @rate: what is known of the limit; under @pdev->lock
 * @shaper: limit on what the guest sends
 * @refill: wakes the queues when @shaper lets them send again
 * @stall_check: looks after queues without buffers
 * @debugfs: its directory there; device's lock
 * @ctrl: the control ring
 * @hash: what was set by it
 * @mcast: multicast addresses that the guest listens to
 * @prog: sees what the guest sends first; NULL: there is none; written under rtnl
 */
struct pvio_nb_vif {
	struct pvio_device *pdev;
	struct net_device *dev;
	struct pvio_nb_peer peer;
	struct pvio_nb_queue *queues;
	unsigned int max_queues;
	unsigned int nr_queues;
	unsigned int max_static_grants;
	unsigned long asks;
	bool connected;
	bool running;
	atomic_t stalled;
	bool told_stalled;
	unsigned int mtu;
	unsigned long drain;
	unsigned long stall;
	unsigned long patience;
	unsigned long check_every;
	char script[128];
	char bridge[64];
	unsigned long opened;
	bool unreported;
	enum pvio_nb_rate rate;
	struct pvio_nb_shaper shaper;
	struct delayed_work refill;
	struct delayed_work stall_check;
	struct dentry *debugfs;
	struct pvio_nb_ctrl ctrl;
	struct pvio_nb_hash hash;
	struct pvio_nb_mcast mcast;
	struct bpf_prog __rcu *prog;
};

/**
 * pvio_nb_vif_create() - make and register the netdev
 * @pdev: the device
 * @handle: its number in the guest
 * Context: may sleep. Return: the vif or an error pointer.
 */
struct pvio_nb_vif *pvio_nb_vif_create(struct pvio_device *pdev, u32 handle);

/**
 * pvio_nb_vif_unregister() - take the netdev away from Linux
 * @vif: the vif, halted
 * Context: may sleep.
 */
void pvio_nb_vif_unregister(struct pvio_nb_vif *vif);

/**
 * pvio_nb_vif_destroy() - free the netdev
 * @vif: unregistered
 * Context: may sleep.
 */
void pvio_nb_vif_destroy(struct pvio_nb_vif *vif);

/**
 * pvio_nb_vif_run() - a frontend is there: let packets flow while @vif is up
 * @vif: all of its @nr_queues started
 * @peer: what the frontend asked for
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nb_vif_run(struct pvio_nb_vif *vif, const struct pvio_nb_peer *peer);

/**
 * pvio_nb_vif_halt() - no frontend is there: stop the flow of packets
 * @vif: the vif; may be halted
 *
 * No queue is used by anything when this returns.
 * Context: may sleep.
 */
void pvio_nb_vif_halt(struct pvio_nb_vif *vif);

/**
 * pvio_nb_vif_kick() - let all queues look for work
 * @vif: the vif
 * Context: any that allows softirqs.
 */
void pvio_nb_vif_kick(struct pvio_nb_vif *vif);

/**
 * pvio_nb_vif_check_soon() - see to it that a queue without buffers is looked
 * after
 * @vif: the vif
 * Context: any.
 */
static inline void pvio_nb_vif_check_soon(struct pvio_nb_vif *vif)
{
	schedule_delayed_work(&vif->stall_check, vif->check_every);
}

/**
 * pvio_nb_vif_check_now() - have the queues looked after at once
 * @vif: the vif
 * Context: any.
 */
static inline void pvio_nb_vif_check_now(struct pvio_nb_vif *vif)
{
	mod_delayed_work(system_percpu_wq, &vif->stall_check, 0);
}

#endif /* PVIO_NETBACK_VIF_H */
