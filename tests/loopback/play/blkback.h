/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A block backend played by tests: it serves a disk in memory, holds answers
 * back, or tells whatever lies a test wants.
 */
#ifndef PVIO_TESTS_BLK_PEER_H
#define PVIO_TESTS_BLK_PEER_H

#include <linux/types.h>

#include "tests/loopback/loop.h"
#include "ring/blkif.h"

#define PEER_SECTORS	8192
#define PEER_HELD_MAX	64
#define PEER_LOG_MAX	64

/**
 * struct blk_peer_key - a key that the backend writes when it connects
 * @name: its name
 * @text: its value; NULL: it is not written
 */
struct blk_peer_key {
	const char *name;
	const char *text;
};

/**
 * struct blk_peer_plan - how the backend behaves; a test may change it while
 *	nothing is in flight
 * @keys: over the usual ones
 * @nr_keys: how many
 * @hold: take requests, do not answer
 * @status: per operation, what is answered instead of doing it; 0: do it
 */
struct blk_peer_plan {
	struct blk_peer_key keys[8];
	unsigned int nr_keys;
	bool hold;
	s16 status[8];
};

extern struct blk_peer_plan blk_peer_plan;

/**
 * blk_peer_start() - register the backend's driver; all plans are off
 * @pair: the pair that it is for
 * Return: 0 or a negative errno.
 */
int blk_peer_start(struct loop_pair *pair);

/**
 * blk_peer_stop() - unregister it
 */
void blk_peer_stop(void);

/**
 * blk_peer_plan_key() - plan a key
 * @name: its name
 * @text: its value or NULL; not copied
 */
void blk_peer_plan_key(const char *name, const char *text);

/**
 * blk_peer_wait_held() - wait until so many requests are held
 * @nr: how many
 * Return: false when there are not within two seconds.
 */
bool blk_peer_wait_held(unsigned int nr);

/**
 * blk_peer_held() - one of the requests held
 * @i: which, oldest first
 */
const struct pvio_blk_req *blk_peer_held(unsigned int i);

/**
 * blk_peer_release() - do and answer what is held; hold no more
 */
void blk_peer_release(void);

/**
 * blk_peer_answer() - answer anything and notify
 * @id: of the answer
 * @op: of the answer
 * @status: of the answer
 */
void blk_peer_answer(u64 id, u8 op, s16 status);

/**
 * blk_peer_move_index() - move the published answers' index and notify
 * @by: how far, in either direction
 */
void blk_peer_move_index(s32 by);

/**
 * blk_peer_touch() - do something to the ring while there is one, and notify
 * @touch: what; @page is the ring
 * @arg: handed on
 */
void blk_peer_touch(void (*touch)(void *page, const void *arg), const void *arg);

/**
 * blk_peer_shared() - the ring; NULL while there is none
 */
struct pvio_ring_shared *blk_peer_shared(void);

/**
 * blk_peer_event() - the event channel
 */
const struct pvio_event *blk_peer_event(void);

/**
 * blk_peer_logged() - first sectors of reads and writes done, in order
 * @i: which, counted from the last blk_peer_forget()
 */
u64 blk_peer_logged(unsigned int i);

/**
 * blk_peer_forget() - begin the log anew
 */
void blk_peer_forget(void);

/**
 * blk_peer_done() - how many requests of an operation were done or refused
 * @op: BLKIF_OP_*
 */
unsigned int blk_peer_done(u8 op);

#endif /* PVIO_TESTS_BLK_PEER_H */
