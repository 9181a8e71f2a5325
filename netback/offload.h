/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What a guest says of a packet that it sends, as the stack says it.
 */
#ifndef PVIO_NETBACK_OFFLOAD_H
#define PVIO_NETBACK_OFFLOAD_H

#include <linux/types.h>

struct pvio_nb_queue;
struct pvio_net_tx_packet;
struct sk_buff;

/**
 * pvio_nb_offload_set() - make a packet ready for the stack
 * @q: the queue that it came by
 * @skb: the packet, at its network header, other headers in the linear part
 * @pkt: what the guest says of it
 * Context: NAPI. Return: false when its headers make no sense.
 */
bool pvio_nb_offload_set(struct pvio_nb_queue *q, struct sk_buff *skb,
			 const struct pvio_net_tx_packet *pkt);

#endif /* PVIO_NETBACK_OFFLOAD_H */
