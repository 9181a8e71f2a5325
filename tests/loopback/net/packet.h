/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Parts of net_packet.c that only the bench itself and the played ends use.
 */
#ifndef PVIO_TESTS_NET_PACKET_H
#define PVIO_TESTS_NET_PACKET_H

#include <linux/types.h>

struct net_device;
struct net_ear;

/**
 * net_ears_open() - let ears hear
 * Context: may sleep.
 */
void net_ears_open(void);

/**
 * net_ears_close() - undo net_ears_open()
 * Context: may sleep.
 */
void net_ears_close(void);

/**
 * net_ear_listen() - begin to count
 * @ear: the ear
 * @dev: interface to listen at
 */
void net_ear_listen(struct net_ear *ear, struct net_device *dev);

/**
 * net_ear_close() - listen no more
 * @ear: the ear; may be deaf already
 */
void net_ear_close(struct net_ear *ear);

/**
 * net_fill_tcp() - write a TCPv4 frame with a blank checksum
 * @frame: where to
 * @len: its bytes, from 54 on
 * @seed: what its payload depends on
 */
void net_fill_tcp(void *frame, unsigned int len, u32 seed);

#endif /* PVIO_TESTS_NET_PACKET_H */
