/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A network backend played by a test, against the real frontend.
 */
#ifndef PVIO_TESTS_NET_BACK_H
#define PVIO_TESTS_NET_BACK_H

#include "tests/loopback/net/bench.h"
#include "ring/netif.h"
#include "xenbus/channel.h"

#define NET_BACK_RING	256
#define NET_BACK_TX	0
#define NET_BACK_RX	1

/**
 * struct net_back_ring - one ring, mapped
 * @ref: the frontend's grant; 0: not mapped
 * @shared: where it is
 * @event: its channel
 * @bound: @event is
 * @cons: requests taken
 * @prod: answers put
 */
struct net_back_ring {
	u32 ref;
	struct pvio_ring_shared *shared;
	struct pvio_event event;
	bool bound;
	u32 cons;
	u32 prod;
};

/* Types of control requests, and slots of their ring. */
#define NET_BACK_TYPES		11
#define NET_BACK_CTRL_RING	128

/* Buffers that the suite's frontend begins with. */
#define NET_BACK_FIRST		64

/* Static grants that it takes at most. */
#define NET_BACK_FIXED		1024

/**
 * struct net_back_fixed - static grants
 * @size: how many it says that it takes
 * @sticky: DEL is answered and not done
 * @junk: what it makes of each entry's status
 * @nr: how many are mapped
 * @most: how many were
 * @ref: those
 */
struct net_back_fixed {
	u32 size;
	bool sticky;
	u16 junk;
	unsigned int nr;
	unsigned int most;
	u32 ref[NET_BACK_FIXED];
};

/**
 * struct net_back_ctrl - the control ring, served by its events
 * @r: the ring
 * @mute: requests are taken and not answered
 * @lie: added to the id of each answer
 * @status: per type what to answer
 * @seen: per type how many were taken
 * @last: per type the last of them
 * @fixed: static grants
 * @key: last key
 * @table: last table
 */
struct net_back_ctrl {
	struct net_back_ring r;
	bool mute;
	u16 lie;
	u32 status[NET_BACK_TYPES];
	unsigned int seen[NET_BACK_TYPES];
	struct xen_netif_ctrl_request last[NET_BACK_TYPES];
	struct net_back_fixed fixed;
	u8 key[40];
	u32 table[128];
};

/**
 * struct net_back - the backend, of one queue
 * @end: its end
 * @ring: its rings
 * @ctrl: its control ring, when the frontend has one
 */
struct net_back {
	struct loop_end *end;
	struct net_back_ring ring[2];
	struct net_back_ctrl ctrl;
};

/**
 * net_back_offer() - write what a backend offers
 * @b: the bench
 */
void net_back_offer(struct net_bench *b);

/**
 * net_back_connect() - connect to the real frontend, plug it if need be
 * @test: the case; it ends here when they do not connect
 * Return: the backend.
 */
struct net_back *net_back_connect(struct kunit *test);

/**
 * net_back_connect_small() - the same, as a backend without feature-sg
 * @test: the case; it ends here when they do not connect
 */
void net_back_connect_small(struct kunit *test);

/**
 * net_back_serve() - the same, without saying Connected
 * @test: its private pointer is the bench
 * Return: the backend, its rings attached.
 */
struct net_back *net_back_serve(struct kunit *test);

/**
 * net_back_ctrl_put() - put an answer as it is, publish it
 * @k: the backend
 * @rsp: the answer
 */
void net_back_ctrl_put(struct net_back *k,
		       const struct xen_netif_ctrl_response *rsp);

/**
 * net_back_has() - is this one of its static grants?
 * @k: the backend
 * @ref: the grant
 */
bool net_back_has(const struct net_back *k, u32 ref);

/**
 * net_back_ctrl_attach() - serve the frontend's control ring if it has one
 * @k: the backend
 * @front: the frontend's directory
 * Return: 0 or a negative errno.
 */
int net_back_ctrl_attach(struct net_back *k, const char *front);

/**
 * net_back_ctrl_detach() - the opposite
 * @k: the backend; may have none
 */
void net_back_ctrl_detach(struct net_back *k);

/**
 * net_back_say() - set the backend's state
 * @b: the bench
 * @state: the state
 */
void net_back_say(struct net_bench *b, enum xenbus_state state);

/**
 * net_back_push() - publish answers, send an event
 * @k: the backend
 * @dir: NET_BACK_TX or NET_BACK_RX
 */
void net_back_push(struct net_back *k, int dir);

/**
 * net_back_publish() - publish answers; send an event only if one is asked for
 * @k: the backend
 * @dir: NET_BACK_TX or NET_BACK_RX
 * Return: one was.
 */
bool net_back_publish(struct net_back *k, int dir);

/**
 * net_back_offered() - receive buffers that wait for packets
 * @k: the backend
 */
u32 net_back_offered(const struct net_back *k);

/**
 * net_back_take() - wait for a transmit request
 * @k: the backend
 * @req: filled in
 * Return: false when none comes.
 */
bool net_back_take(struct net_back *k, struct xen_netif_tx_request *req);

/**
 * net_back_answer() - put an answer to a transmit request; not published
 * @k: the backend
 * @id: of the request
 * @status: XEN_NETIF_RSP_* or a lie
 */
void net_back_answer(struct net_back *k, u16 id, s16 status);

/**
 * net_back_buffer() - the buffer of the next receive request
 * @k: the backend
 * @ref: its grant
 * Return: its page; NULL when there is none.
 */
struct page *net_back_buffer(struct net_back *k, u32 *ref);

/**
 * net_back_deliver() - put a receive answer as it is; not published
 * @k: the backend
 * @rsp: the answer; its id is added to that of the request
 */
void net_back_deliver(struct net_back *k,
		      const struct xen_netif_rx_response *rsp);

/**
 * net_back_send() - put a packet of correct bytes, publish
 * @k: the backend
 * @sizes: of its slots
 * @nr: how many slots
 */
void net_back_send(struct net_back *k, const u16 *sizes, unsigned int nr);

/**
 * net_back_receive() - take one packet, check its bytes, answer and publish
 * @test: the case
 * @k: the backend
 * @status: what to answer
 * Return: its bytes.
 */
int net_back_receive(struct kunit *test, struct net_back *k, s16 status);

/**
 * net_back_lift_limit() - the stack would hold back what is not answered
 * @dev: the frontend's interface, with nothing on its way
 */
void net_back_lift_limit(struct net_device *dev);

/**
 * net_back_passes() - a packet each way
 * @test: the case
 * @k: the backend
 */
void net_back_passes(struct kunit *test, struct net_back *k);

/**
 * net_back_broken() - the frontend is to notice a violation
 * @test: the case
 * @why: what its one line contains
 *
 * Afterwards the backend has left.
 */
void net_back_broken(struct kunit *test, const char *why);

/**
 * net_back_heals() - a new and honest backend works
 * @test: the case
 * Return: that backend.
 */
struct net_back *net_back_heals(struct kunit *test);

#endif /* PVIO_TESTS_NET_BACK_H */
