/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What a backend says of a received packet, as the stack says it.
 */
#ifndef PVIO_NETFRONT_OFFLOAD_H
#define PVIO_NETFRONT_OFFLOAD_H

struct pvio_net_rx_packet;
struct pvio_nf_queue;
struct sk_buff;

/**
 * pvio_nf_offload_set() - make a packet ready for the stack
 * @q: the queue that it came by
 * @skb: the packet, its Ethernet header in the linear part
 * @pkt: what the backend says of it
 * Context: NAPI.
 * Return: 0, or a negative errno when its headers make no sense.
 */
int pvio_nf_offload_set(struct pvio_nf_queue *q, struct sk_buff *skb,
			const struct pvio_net_rx_packet *pkt);

#endif /* PVIO_NETFRONT_OFFLOAD_H */
