/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How the guest wants what is sent to it spread over its queues: by a hash of
 * addresses and ports, which it can tell us, and be told of each packet.
 */
#ifndef PVIO_NETBACK_HASH_H
#define PVIO_NETBACK_HASH_H

#include <linux/types.h>

struct net_device;
struct pvio_nb_hash_set;
struct pvio_nb_vif;
struct pvio_netctrl_request;
struct sk_buff;

/**
 * struct pvio_nb_hash - what the connected guest has set
 * @set: in use; NULL: it has set nothing
 * @spare: the one in use before, to make the next one of; NULL: none was
 * @grace: until when somebody may look at @spare, for the kernel's RCU
 *
 * Written by the control ring's work, and when that has stopped.
 */
struct pvio_nb_hash {
	struct pvio_nb_hash_set __rcu *set;
	struct pvio_nb_hash_set *spare;
	unsigned long grace;
};

/**
 * pvio_nb_hash_serve() - do what the guest asks for
 * @vif: the vif
 * @req: the request, good in itself
 * @data: 0; what it asks to be told is filled in
 *
 * Waits for packets that are on their way, no more than once a call, so that
 * a guest that asks without end takes its time.
 * Context: may sleep; one at a time for a vif.
 * Return: XEN_NETIF_CTRL_STATUS_*.
 */
u32 pvio_nb_hash_serve(struct pvio_nb_vif *vif,
		       const struct pvio_netctrl_request *req, u32 *data);

/**
 * pvio_nb_hash_reset() - the guest has gone, and what it has set
 * @vif: the vif; its control ring is not served
 * Context: any.
 */
void pvio_nb_hash_reset(struct pvio_nb_vif *vif);

/**
 * pvio_nb_hash_packet() - hash a packet if the guest wants it
 * @vif: the vif
 * @skb: the packet, from its Ethernet header on
 * @hash: filled in
 *
 * Context: any.
 * Return: 1 + _XEN_NETIF_CTRL_HASH_TYPE_*; 0: it has none.
 */
u8 pvio_nb_hash_packet(const struct pvio_nb_vif *vif, const struct sk_buff *skb,
		       u32 *hash);

/**
 * pvio_nb_hash_select_queue() - ndo_select_queue
 * @dev: the netdev
 * @skb: the packet
 * @sb_dev: who sends through it
 */
u16 pvio_nb_hash_select_queue(struct net_device *dev, struct sk_buff *skb,
			      struct net_device *sb_dev);

#endif /* PVIO_NETBACK_HASH_H */
