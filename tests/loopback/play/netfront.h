/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A network frontend played by a test, against the real backend.  It writes
 * any slot and any index, but unless it is told to lie it keeps book: each
 * request must be answered once, in order, with its own id.
 */
#ifndef PVIO_TESTS_NET_FRONT_H
#define PVIO_TESTS_NET_FRONT_H

#include "tests/loopback/net/bench.h"
#include "ring/netif.h"
#include "xenbus/channel.h"

#define NET_RING	256
#define NET_QUEUES_MAX	4

/**
 * enum net_dir - which ring
 * @NET_TX: what the guest transmits
 * @NET_RX: what it receives
 * @NET_DIRS: how many
 */
enum net_dir {
	NET_TX,
	NET_RX,
	NET_DIRS,
};

/**
 * struct net_ring - one ring of the frontend
 * @page: its page
 * @ref: the page's grant
 * @event: its channel; unused in the rx ring when both share one
 * @prod: requests put
 * @cons: answers taken
 * @id: per slot the id of the request there
 * @extra: per slot: it was extra info, to be answered without an id
 * @data: per slot a page
 * @dref: per slot that page's grant
 */
struct net_ring {
	struct page *page;
	u32 ref;
	struct pvio_event event;
	u32 prod;
	u32 cons;
	u16 id[NET_RING];
	bool extra[NET_RING];
	struct page *data[NET_RING];
	u32 dref[NET_RING];
};

/**
 * struct net_queue - one queue
 * @ring: its rings
 * @heard: events received
 * @headroom: what the last packet said of the room in front of it
 */
struct net_queue {
	struct net_ring ring[NET_DIRS];
	atomic_t heard;
	u16 headroom;
};

/* Slots of a control ring. */
#define NET_CTRL_RING	128

/**
 * struct net_ctrl - the frontend's control ring
 * @page: its page
 * @ref: the page's grant
 * @data: page for keys and tables
 * @dref: that page's grant, read-only
 * @event: its channel
 * @prod: requests put
 * @cons: answers taken
 * @value: what the last answer said beside its status
 */
struct net_ctrl {
	struct page *page;
	u32 ref;
	struct page *data;
	u32 dref;
	struct pvio_event event;
	u32 prod;
	u32 cons;
	u32 value;
};

/**
 * struct net_front - the frontend
 * @end: its end
 * @nr: queues
 * @split: an event channel for each direction
 * @start: where indices begin
 * @queue: the queues
 * @ctrl: the control ring; NULL: none
 */
struct net_front {
	struct loop_end *end;
	unsigned int nr;
	bool split;
	u32 start;
	struct net_queue queue[NET_QUEUES_MAX];
	struct net_ctrl *ctrl;
};

/**
 * net_front_make() - rings, channels, pages, keys; not yet Connected
 * @b: the bench; @b->front is set
 * @nr: queues
 * @split: an event channel for each direction
 * @start: where the indices begin
 * Return: 0 or a negative errno.
 */
int net_front_make(struct net_bench *b, unsigned int nr, bool split,
		   u32 start);

/**
 * net_front_join() - say Connected, wait for the backend
 * @test: the case; it ends here if the backend does not connect
 */
void net_front_join(struct kunit *test);

/**
 * net_front_connect_with() - as net_front_connect(), with few buffers
 * @test: the case
 * @nr: buffers to offer
 * Return: the queue.
 */
struct net_queue *net_front_connect_with(struct kunit *test, unsigned int nr);

/**
 * net_front_connect() - make one queue, offer buffers, wait for the backend
 * @test: the case; it ends here if the backend does not connect
 * Return: the queue.
 */
struct net_queue *net_front_connect(struct kunit *test);

/**
 * net_ctrl_make() - give a frontend that is not yet Connected a control ring
 * @f: the frontend
 * Return: 0 or a negative errno.
 */
int net_ctrl_make(struct net_front *f);

/**
 * net_ctrl_free() - take it away, once the backend has let go of it
 * @f: the frontend; may have none
 */
void net_ctrl_free(struct net_front *f);

/**
 * net_ctrl_shared() - the control ring's indices
 * @c: the ring
 */
struct pvio_ring_shared *net_ctrl_shared(struct net_ctrl *c);

/**
 * net_ctrl_put() - put a request as it is, with its number for an id
 * @c: the ring
 * @type: XEN_NETIF_CTRL_TYPE_* or a lie
 * @data: its three words
 */
void net_ctrl_put(struct net_ctrl *c, u16 type, const u32 *data);

/**
 * net_ctrl_push() - publish what was put, and send an event
 * @c: the ring
 */
void net_ctrl_push(struct net_ctrl *c);

/**
 * net_ctrl_answer() - wait for the next answer, which is to have its id
 * @test: the case
 * @c: the ring
 * Return: its status.
 */
u32 net_ctrl_answer(struct kunit *test, struct net_ctrl *c);

/**
 * net_ctrl_ask() - put a request, wait for its answer
 * @test: the case
 * @type: XEN_NETIF_CTRL_TYPE_*
 * @a: first word
 * @b: second word
 * @c: third word
 * Return: its status.
 */
u32 net_ctrl_ask(struct kunit *test, u16 type, u32 a, u32 b, u32 c);

/**
 * net_front_say() - set the frontend's state
 * @b: the bench
 * @state: the state
 */
void net_front_say(struct net_bench *b, enum xenbus_state state);

/**
 * net_shared() - a ring's indices
 * @q: the queue
 * @dir: which ring
 */
struct pvio_ring_shared *net_shared(struct net_queue *q, enum net_dir dir);

/**
 * net_notify() - send an event
 * @q: the queue
 * @dir: for which ring
 */
void net_notify(struct net_queue *q, enum net_dir dir);

/**
 * net_push() - publish what was put, and send an event
 * @q: the queue
 * @dir: which ring
 */
void net_push(struct net_queue *q, enum net_dir dir);

/**
 * net_put() - put a transmit request as it is
 * @q: the queue
 * @req: the request
 */
void net_put(struct net_queue *q, const struct xen_netif_tx_request *req);

/**
 * net_put_extra() - put an extra-info slot as it is
 * @q: the queue
 * @info: the slot
 */
void net_put_extra(struct net_queue *q, const struct xen_netif_extra_info *info);

/**
 * struct net_cut - a packet to put, cut into slots
 * @nr: slots, at least 1
 * @size: bytes of each; of the first its own share
 * @total: what the first slot says is the packet's size; 0: the sum
 * @flags: of the first slot, over more_data
 * @tcp: a TCPv4 packet with a blank checksum
 * @gso: with a GSO extra of this segment size; 0: none
 * @hash: with a hash extra
 * @tags: VLAN tags in front of a TCP packet
 */
struct net_cut {
	unsigned int nr;
	u16 size[68];
	u16 total;
	u16 flags;
	bool tcp;
	u16 gso;
	bool hash;
	unsigned int tags;
};

/**
 * net_put_packet() - write a packet into data pages and put its slots
 * @q: the queue
 * @cut: what it looks like
 */
void net_put_packet(struct net_queue *q, const struct net_cut *cut);

/**
 * net_answers() - wait for all answers, check order, ids and statuses
 * @test: the case
 * @q: the queue
 * @status: what each but those for extras is to be
 */
void net_answers(struct kunit *test, struct net_queue *q, s16 status);

/**
 * net_offer() - put receive requests, do not publish
 * @q: the queue
 * @nr: how many
 */
void net_offer(struct net_queue *q, unsigned int nr);

/**
 * net_refill() - offer as many buffers as the ring holds, publish
 * @q: the queue
 */
void net_refill(struct net_queue *q);

/**
 * net_receive() - wait for one packet from the backend, and check it
 * @test: the case
 * @q: the queue
 * Return: its bytes, or a negative status of its first slot.
 */
int net_receive(struct kunit *test, struct net_queue *q);

/**
 * net_front_passes() - a packet each way
 * @test: the case
 * @q: the queue
 */
void net_front_passes(struct kunit *test, struct net_queue *q);

/**
 * net_front_broken() - the backend is to notice a violation
 * @test: the case
 * @why: what its one line contains
 *
 * Afterwards the frontend has left.
 */
void net_front_broken(struct kunit *test, const char *why);

/**
 * net_front_begin_anew() - other rings, while nobody sees a state but Connected
 * @test: the case
 * Return: the queue.
 */
struct net_queue *net_front_begin_anew(struct kunit *test);

/**
 * net_front_heals() - a new and honest frontend works
 * @test: the case
 * Return: its queue.
 */
struct net_queue *net_front_heals(struct kunit *test);

#endif /* PVIO_TESTS_NET_FRONT_H */
