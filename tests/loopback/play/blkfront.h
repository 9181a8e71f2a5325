/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A block frontend played by tests: it puts any bytes on its rings and writes
 * anything into xenstore.
 */
#ifndef PVIO_TESTS_BLK_GUEST_H
#define PVIO_TESTS_BLK_GUEST_H

#include <linux/types.h>

#include "tests/loopback/loop.h"
#include "ring/blkif.h"
#include "ring/ring.h"

#define GUEST_QUEUES	2
#define GUEST_PAGES	64
#define GUEST_KEYS	3
/* Layouts of requests. */
#define GUEST_ABIS	2
/* No answer came. */
#define GUEST_SILENCE	S16_MIN

/**
 * struct blk_guest_key - a key that the frontend writes
 * @name: its name
 * @data: its value; NULL: it is not there
 * @len: of @data in bytes; 0: it is text
 */
struct blk_guest_key {
	const char *name;
	const char *data;
	unsigned int len;
};

/**
 * struct blk_guest_plan - how the frontend connects; tests change it while it
 *	is unplugged
 * @abi: layout of requests
 * @protocol: "protocol" as written; NULL: what fits @abi; "": none
 * @queues: how many, 1 to GUEST_QUEUES
 * @order: log2 of the pages of each ring
 * @numbered: a single page is called ring-ref0
 * @persistent: promise to use the same pages again
 * @first: where the indices of the rings begin
 * @claimed: requests published before connecting that nobody put
 * @ref: of the first ring's first page instead of its own; 0: its own
 * @port: event channel instead of the own one; 0: the own one
 * @keys: written over the usual ones, last
 */
struct blk_guest_plan {
	enum pvio_blk_abi abi;
	const char *protocol;
	unsigned int queues;
	unsigned int order;
	bool numbered;
	bool persistent;
	u32 first;
	u32 claimed;
	u32 ref;
	u32 port;
	struct blk_guest_key keys[GUEST_KEYS];
};

extern struct blk_guest_plan blk_guest_plan;

/**
 * blk_guest_start() - register the frontend's driver, grant its pages
 * @pair: the pair that it is for
 * Return: 0 or a negative errno.
 */
int blk_guest_start(struct loop_pair *pair);

/**
 * blk_guest_stop() - the reverse
 * Return: how many of its pages the backend still had mapped.
 */
unsigned int blk_guest_stop(void);

/**
 * blk_guest_begin_anew() - other rings for the first queue, while nobody sees a state
 *	but Connected
 * Return: 0 or a negative errno.
 */
int blk_guest_begin_anew(void);

/**
 * blk_guest_plan_anew() - the plan of an ordinary guest
 * @abi: layout of requests
 */
void blk_guest_plan_anew(enum pvio_blk_abi abi);

/**
 * blk_guest_page() - one of the pages that are granted all the time
 * @i: which, 0 to GUEST_PAGES - 1
 */
void *blk_guest_page(unsigned int i);

/**
 * blk_guest_ref() - its reference
 * @i: which
 */
u32 blk_guest_ref(unsigned int i);

/**
 * blk_guest_regrant() - let two references change their pages
 * @a: one
 * @b: the other; both may be mapped
 */
void blk_guest_regrant(unsigned int a, unsigned int b);

/**
 * blk_guest_table() - the page of descriptors; 512 fit
 */
struct blkif_request_segment *blk_guest_table(void);

/**
 * blk_guest_table_ref() - its reference
 */
u32 blk_guest_table_ref(void);

/**
 * blk_guest_shared() - a ring
 * @q: which queue
 * Return: it, or NULL while there is none.
 */
struct pvio_ring_shared *blk_guest_shared(unsigned int q);

/**
 * blk_guest_work() - do something while the rings are there and stay
 * @work: what; it must not wait for the backend
 * @arg: handed on
 */
void blk_guest_work(void (*work)(const void *arg), const void *arg);

/**
 * blk_guest_slots() - how many slots a ring has
 */
u32 blk_guest_slots(void);

/**
 * blk_guest_event() - a queue's event channel
 * @q: which queue
 */
const struct pvio_event *blk_guest_event(unsigned int q);

/**
 * blk_guest_direct() - an ordinary request of whole pages
 * @op: BLKIF_OP_*
 * @sector: where
 * @nr: segments, pages 0 and up
 */
struct blkif_request blk_guest_direct(u8 op, u64 sector, unsigned int nr);

/**
 * blk_guest_indirect() - an ordinary indirect request of whole pages
 * @op: the operation inside
 * @sector: where
 * @nr: segments; the table is filled in for up to 512
 */
struct blkif_request blk_guest_indirect(u8 op, u64 sector, unsigned int nr);

/**
 * blk_guest_discard() - a discard
 * @sector: where
 * @sectors: how much
 * @flag: BLKIF_DISCARD_SECURE or 0
 */
struct blkif_request blk_guest_discard(u64 sector, u64 sectors, u8 flag);

/**
 * blk_guest_put() - put a request, whatever it is
 * @q: which queue
 * @req: in the 64-bit layout
 */
void blk_guest_put(unsigned int q, const struct blkif_request *req);

/**
 * blk_guest_push() - publish and notify
 * @q: which queue
 */
void blk_guest_push(unsigned int q);

/**
 * blk_guest_take() - wait for the next answer, two seconds at most
 * @q: which queue
 * @rsp: filled in
 * Return: false when there was none.
 */
bool blk_guest_take(unsigned int q, struct blkif_response *rsp);

/**
 * blk_guest_ask() - put a request on the first queue and wait for the answer
 * @req: in the 64-bit layout
 * Return: its status; GUEST_SILENCE when none came, or one to another request.
 */
s16 blk_guest_ask(const struct blkif_request *req);

/**
 * blk_guest_owed() - published requests that have no answer
 * @q: which queue
 * Return: how many; a ring that is gone owes all.
 */
u32 blk_guest_owed(unsigned int q);

#endif /* PVIO_TESTS_BLK_GUEST_H */
