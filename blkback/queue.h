/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A queue: one ring, one event channel, one worker.
 *
 * The worker takes requests, plans them and submits them; completion, in soft
 * interrupt context, answers them.  They share the ring, under its lock, and
 * the pages; everything else belongs to one of the two.
 */
#ifndef PVIO_BLKBACK_QUEUE_H
#define PVIO_BLKBACK_QUEUE_H

#include <linux/blkdev.h>
#include <linux/interrupt.h>
#include <linux/llist.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "ring/blkif.h"
#include "xenbus/channel.h"
#include "xenbus/grants.h"
#include "xenbus/halt.h"

#include "copies.h"
#include "pages.h"
#include "persist.h"

struct pvio_bb_req;
struct pvio_bb_ring;
struct pvio_bb_stats;
struct pvio_bb_vbd;

/* Requests taken, submitted or answered together. */
#define PVIO_BB_BATCH	32
/* Bits of pvio_bb_queue.flags */
#define PVIO_BB_EVENT	0	/* an event came that was not yet done with */
#define PVIO_BB_TRIM	1	/* time to look for unused pages */
#define PVIO_BB_HUNGRY	2	/* the worker waits for pages to come back */
#define PVIO_BB_STOP	3	/* the worker is to end */

/**
 * struct pvio_bb_queue - a queue of a virtual disk
 * @vbd: the disk
 * @index: number of the queue
 * @abi: layout of its ring
 * @persistent: the guest's pages are mapped once and stay so
 * @stats: counters; see stats.h
 * @shared: the mapped ring
 * @event: the event channel
 * @waits: the worker's, for an event
 * @task: the worker; a reference is held
 * @flags: PVIO_BB_*; atomic
 * @lock: covers @ring; taken with bottom halves off
 * @ring: the backend's end
 * @held: an event is not yet done with; worker
 * @worked: requests were found since the last event was done; worker
 * @raced: an event may come for requests already found; worker
 * @spare: objects of answered requests; lockless
 * @idle: those of them that are next to be used; worker
 * @batch: requests at hand; worker
 * @ready: of these, planned and waiting to be submitted; worker
 * @nr_ready: how many; worker
 * @plug: gathers a batch's bios; worker
 * @plugged: it is in use; worker
 * @in: copies from the guest; worker
 * @scratch: page for indirect descriptors, NULL until needed; worker
 * @nr_objects: request objects there are, used or not
 * @room_objects: how many are reserved; worker
 * @room_large: requests with more segments than fit into an object that are
 *	reserved; worker
 * @large_begun: such requests taken; worker
 * @large_ended: of these, answered; completion
 * @persist: mapped pages; worker, except that completion counts users down
 * @pages: pages for copied data
 * @done: completed requests; lockless
 * @tasklet: answers them; runs on one CPU at a time
 * @left: completed requests that were too many for one run; tasklet
 * @ended: requests being answered; tasklet
 * @out: copies to the guest; tasklet
 * @busy: requests handed to the device or to completion and not yet answered
 * @wait: woken when @busy falls and someone waits
 */
struct pvio_bb_queue {
	struct pvio_bb_vbd *vbd;
	unsigned int index;
	enum pvio_blk_abi abi;
	bool persistent;
	struct pvio_bb_stats *stats;
	struct pvio_shared shared;
	struct pvio_event event;
	struct pvio_halt waits;
	struct task_struct *task;
	unsigned long flags;

	/* The ring. */
	spinlock_t lock;
	struct pvio_back_ring ring;

	bool held;
	bool worked;
	bool raced;
	struct llist_head spare;
	struct llist_node *idle;
	struct pvio_bb_req *batch[PVIO_BB_BATCH];
	struct pvio_bb_req *ready[PVIO_BB_BATCH];
	unsigned int nr_ready;
	struct blk_plug plug;
	bool plugged;
	struct pvio_bb_copies in;
	struct page *scratch;
	atomic_t nr_objects;
	unsigned int room_objects;
	unsigned int room_large;
	u32 large_begun;
	struct pvio_bb_persist persist;

	struct pvio_bb_pages pages;

	struct llist_head done;
	struct tasklet_struct tasklet;
	struct llist_node *left;
	struct pvio_bb_req *ended[PVIO_BB_BATCH];
	struct pvio_bb_copies out;
	u32 large_ended;
	atomic_t busy;
	wait_queue_head_t wait;
};

/**
 * pvio_bb_queues_prepare() - a disk without queues
 * @vbd: the disk
 */
void pvio_bb_queues_prepare(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_queues_start() - make the queues: rings, event channels, workers
 * @vbd: the disk; its queues and nr_queues are filled in
 * @rings: where their rings are, indexed by queue
 * @nr: how many
 *
 * Nothing is served yet.
 * Context: may sleep; device's lock held.
 * Return: 0 or a negative errno; the caller halts and stops what was started.
 */
int pvio_bb_queues_start(struct pvio_bb_vbd *vbd,
			 const struct pvio_bb_ring *rings, unsigned int nr);

/**
 * pvio_bb_queues_run() - let the workers serve the rings
 * @vbd: the disk, all its queues started
 *
 * From time to time they look for unused pages, and have the frontend told of
 * what has changed.
 * Context: may sleep; device's lock held.
 */
void pvio_bb_queues_run(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_queues_halt() - take no more requests, copy nothing any more
 * @vbd: the disk; may have no queues, or half started ones, or be halted
 *
 * From here on nothing of the guest is touched but what is mapped.  The engine
 * is asked to look again when the workers have ended and nothing is in flight.
 * Context: may sleep; device's lock held.
 */
void pvio_bb_queues_halt(struct pvio_bb_vbd *vbd);

/**
 * pvio_bb_queues_stop() - give back the queues of a disk that was halted
 * @vbd: the disk
 *
 * Context: may sleep, but waits for nothing that a device or a guest does;
 * device's lock held.
 * Return: true when everything shared is given back and the queues are freed;
 * false when something is in flight, and the engine will look again.
 */
bool pvio_bb_queues_stop(struct pvio_bb_vbd *vbd);

#endif /* PVIO_BLKBACK_QUEUE_H */
