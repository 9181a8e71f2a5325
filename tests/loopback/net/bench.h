/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the network suites share: a pair of ends to torment and a second one
 * that must not notice, packets of which every byte is checked, the log, and
 * the book that has to balance after each case.
 */
#ifndef PVIO_TESTS_NET_BENCH_H
#define PVIO_TESTS_NET_BENCH_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/kmsg_dump.h>
#include <linux/netdevice.h>

#include "tests/loopback/loop.h"
#include "tests/loopback/net/reader.h"
#include "tests/loopback/net/traffic.h"
#include "xenbus/resource.h"

/* How long anything may take on a slow and busy machine. */
#define NET_WAIT_MS	10000
/* What the toolstack says that a vif is for. */
#define NET_SCRIPT	"/etc/xen/scripts/vif-bridge"
#define NET_BRIDGE	"xenbr0"
/* Frames: destination, a source whose last 4 bytes are a seed, a body. */
#define NET_FRAME_MAX	65535

/**
 * struct net_ear - what was received through an interface
 * @list: in the list of all ears
 * @dev: the interface; NULL: deaf
 * @good: packets with the right bytes
 * @bad: others
 * @gso: those of @good that were large, with segments to be cut
 * @queues: bit for each queue that any came through
 * @hash: of the last one
 * @truesize: memory that the last packet counts as
 * @recycled: its head is a page pool's
 * @in_softirq: it came in one, and not in a thread
 * @napi_id: by what it says that it was polled
 */
struct net_ear {
	struct list_head list;
	struct net_device *dev;
	atomic_t good;
	atomic_t bad;
	atomic_t gso;
	unsigned long queues;
	u32 hash;
	unsigned int truesize;
	bool recycled;
	bool in_softirq;
	unsigned int napi_id;
};

/**
 * struct net_side - one end with a real driver
 * @end: the end
 * @dev: its interface; NULL while there is none
 * @ear: at @dev
 * @plugs: how often a driver was bound
 */
struct net_side {
	struct loop_end *end;
	struct net_device *dev;
	struct net_ear ear;
	unsigned int plugs;
};

/**
 * struct net_link - a pair and its interfaces
 * @pair: the pair
 * @front: the guest's side
 * @back: the backend's side
 */
struct net_link {
	struct loop_pair pair;
	struct net_side front;
	struct net_side back;
};

struct net_front;
struct net_back;

/**
 * struct net_bench - what a case works with; kunit.priv
 * @link: the device under test
 * @front: frontend played by the test; NULL: none
 * @back: backend played by the test; NULL: none
 * @reader: of statistics, while a case wants one
 * @source: senders, while a case wants them
 * @held: resources before the case
 * @grants: references before the case
 * @log: where the log was then
 * @began: when that was, in jiffies
 */
struct net_bench {
	struct net_link link;
	struct net_front *front;
	struct net_back *back;
	struct net_reader reader;
	struct net_source source[2];
	s64 held[PVIO_RES_NR];
	unsigned int grants;
	struct kmsg_dump_iter log;
	unsigned long began;
};

/* .suite_init, .suite_exit, .init and .exit of every network suite. */
int net_suite_init(struct kunit_suite *suite);
void net_suite_exit(struct kunit_suite *suite);
int net_bench_init(struct kunit *test);
void net_bench_exit(struct kunit *test);

/**
 * net_side_plug() - bind the real driver, set its interface up, listen to it
 * @side: the side
 * Return: 0 or a negative errno.
 */
int net_side_plug(struct net_side *side);

/**
 * net_side_open() - set the interface up, listen to it
 * @side: the side, with a driver
 * Return: 0 or a negative errno.
 */
int net_side_open(struct net_side *side);

/**
 * net_side_unplug() - unbind the driver
 * @side: the side; may be unbound already
 */
void net_side_unplug(struct net_side *side);

/**
 * net_side_ready() - wait until packets sent from here are not just dropped
 * @side: the side, with an interface
 * Return: false when that does not come about in time.
 */
bool net_side_ready(const struct net_side *side);

/**
 * net_connected() - wait until both ends are
 * @link: the link
 * Return: false when they are not in time.
 */
bool net_connected(struct net_link *link);

/**
 * net_connect() - plug both real drivers; the case ends if they do not connect
 * @test: the case
 */
void net_connect(struct kunit *test);

/**
 * net_fill() - write a frame
 * @frame: where to
 * @len: its bytes, from 14 on
 * @seed: what its bytes depend on
 */
void net_fill(void *frame, unsigned int len, u32 seed);

/**
 * net_matches() - are these the bytes that net_fill() wrote?
 * @frame: the frame
 * @len: its bytes
 */
bool net_matches(const void *frame, unsigned int len);

/**
 * struct net_shape - how a packet lies in memory
 * @len: bytes
 * @head: of these in the linear part; 0: all
 * @frag: bytes of each fragment
 * @offset: of the data in each fragment's page
 * @gso: segment size of a TCPv4 packet; 0: no such packet
 * @queue: which queue it goes to
 */
struct net_shape {
	unsigned int len;
	unsigned int head;
	unsigned int frag;
	unsigned int offset;
	unsigned int gso;
	unsigned int queue;
};

/**
 * net_skb() - make a packet
 * @dev: interface to send it from
 * @shape: what it looks like
 * Return: the packet or NULL.
 */
struct sk_buff *net_skb(struct net_device *dev, const struct net_shape *shape);

/**
 * net_send() - make a packet and send it
 * @dev: the interface
 * @shape: what it looks like
 * Return: as dev_queue_xmit().
 */
int net_send(struct net_device *dev, const struct net_shape *shape);

/**
 * net_hears() - wait until so many good packets were heard
 * @ear: where
 * @good: how many since it listens
 * Return: false when they do not come or one is bad.
 */
bool net_hears(const struct net_ear *ear, int good);

/**
 * net_passes() - send a packet, wait until it has arrived
 * @from: the sender's side
 * @to: the receiver's
 * @shape: what it looks like
 */
bool net_passes(struct net_side *from, struct net_side *to,
		const struct net_shape *shape);

/**
 * net_ping() - a small packet each way
 * @link: connected
 */
bool net_ping(struct net_link *link);

/**
 * net_bad_packets() - packets with wrong bytes that any ear ever heard
 */
int net_bad_packets(void);

/**
 * net_bystander() - the pair that nobody torments
 */
struct net_link *net_bystander(void);

/**
 * net_log_lines() - lines about the device under test since the case began
 * @b: the bench
 * @text: that they contain; "" for all
 */
unsigned int net_log_lines(struct net_bench *b, const char *text);

/**
 * net_log_mark() - count from here
 * @b: the bench
 */
void net_log_mark(struct net_bench *b);

/**
 * net_front_count() - what the real frontend has counted in debugfs
 * @test: the case; it ends here when there is no such counter
 * @name: its name
 * Return: the sum of all queues.
 */
u64 net_front_count(struct kunit *test, const char *name);

/**
 * net_back_count() - what the real backend has
 * @test: the case; it ends here when there is no such counter
 * @name: its name
 * Return: the sum of all queues.
 */
u64 net_back_count(struct kunit *test, const char *name);

/**
 * net_param() - set a parameter of a driver
 * @module: "pvio_netback"
 * @name: its name
 * @value: its value
 * Return: 0 or a negative errno.
 */
int net_param(const char *module, const char *name, const char *value);

/**
 * net_setting() - set what sysfs has of an interface
 * @dev: the interface
 * @name: of the file
 * @value: what to write
 * Context: may sleep. Return: 0 or a negative errno.
 */
int net_setting(const struct net_device *dev, const char *name, const char *value);

/* A backend or frontend played by a test leaves; see play/ */
void net_front_close(struct net_bench *b);
void net_back_close(struct net_bench *b);

#endif /* PVIO_TESTS_NET_BENCH_H */
