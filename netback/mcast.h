/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Multicast addresses that the guest listens to, where it wants the others
 * kept from it.
 */
#ifndef PVIO_NETBACK_MCAST_H
#define PVIO_NETBACK_MCAST_H

#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct pvio_nb_vif;
struct pvio_net_extras;

/* As many as in-tree. */
#define PVIO_NB_MCAST_MAX	64

/**
 * struct pvio_nb_mcast - the list of the connected guest
 * @lock: covers changes, which any queue's poll makes; softirqs off; innermost
 * @nr: entries of @addr that may be in use
 * @addr: addresses, 0: none; read without a lock
 */
struct pvio_nb_mcast {
	spinlock_t lock; /* see above */
	unsigned int nr;
	u64 addr[PVIO_NB_MCAST_MAX];
};

/**
 * pvio_nb_mcast_init() - prepare the list of a new vif; nothing to undo
 * @mcast: the list
 */
void pvio_nb_mcast_init(struct pvio_nb_mcast *mcast);

/**
 * pvio_nb_mcast_reset() - the guest has gone, and its list
 * @vif: the vif, halted
 * Context: any.
 */
void pvio_nb_mcast_reset(struct pvio_nb_vif *vif);

/**
 * pvio_nb_mcast_ask() - whether the guest wants the others kept from it
 * @vif: the vif
 * @wants: it does
 * Context: any.
 */
void pvio_nb_mcast_ask(struct pvio_nb_vif *vif, bool wants);

/**
 * pvio_nb_mcast_change() - add or remove an address
 * @vif: the vif
 * @extras: with one of the two messages
 *
 * One that is there already may be added, and one that is not there removed.
 * Context: NAPI.
 * Return: XEN_NETIF_RSP_OKAY, or _ERROR when it is no multicast address, or one
 * too many.
 */
s16 pvio_nb_mcast_change(struct pvio_nb_vif *vif,
			 const struct pvio_net_extras *extras);

/**
 * pvio_nb_mcast_passes() - is a packet one that the guest wants?
 * @mcast: its list
 * @skb: the packet, from its Ethernet header on
 * Context: any.
 */
bool pvio_nb_mcast_passes(const struct pvio_nb_mcast *mcast,
			  const struct sk_buff *skb);

#endif /* PVIO_NETBACK_MCAST_H */
