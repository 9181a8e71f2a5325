/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Pages of a queue for data that is copied: taken by the worker, given back
 * by whoever completes, kept for the next request.  Bounded; what was not
 * needed for a while goes back to the kernel, and so does what is unused when
 * the kernel runs short.
 */
#ifndef PVIO_BLKBACK_PAGES_H
#define PVIO_BLKBACK_PAGES_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct page;
struct pvio_bb_share;

/**
 * struct pvio_bb_pages - a stack of pages
 * @lock: covers all; innermost, taken with bottom halves off
 * @free: unused pages, the last one used first
 * @nr_free: how many
 * @nr: pages owned in all, at most @reserved
 * @reserved: of the disk's share
 * @share: that; NULL: closed
 * @least: fewest unused pages since last trimmed
 * @all: in the list of all stacks; that list's lock
 */
struct pvio_bb_pages {
	/* All below; innermost. */
	spinlock_t lock;
	struct list_head free;
	unsigned int nr_free;
	unsigned int nr;
	unsigned int reserved;
	struct pvio_bb_share *share;
	unsigned int least;
	struct list_head all;
};

/**
 * pvio_bb_pages_open() - start with no pages
 * @p: filled in
 * @share: the disk's, which all its stacks draw upon
 */
void pvio_bb_pages_open(struct pvio_bb_pages *p, struct pvio_bb_share *share);

/**
 * pvio_bb_pages_close() - give all pages back to the kernel
 * @p: none is in use; may be closed already
 */
void pvio_bb_pages_close(struct pvio_bb_pages *p);

/**
 * pvio_bb_pages_get() - take pages
 * @p: the stack
 * @to: list to append them to
 * @nr: how many
 * Context: may sleep for memory, does no I/O.
 * Return: 0; -EAGAIN: the share is used up, pages must come back first;
 * -ENOMEM: the kernel has none. On error none was taken.
 */
int pvio_bb_pages_get(struct pvio_bb_pages *p, struct list_head *to,
		      unsigned int nr);

/**
 * pvio_bb_pages_give_way() - who was told -EAGAIN does not want any more
 * @p: the stack
 * Context: any.
 */
void pvio_bb_pages_give_way(struct pvio_bb_pages *p);

/**
 * pvio_bb_pages_put() - give pages back
 * @p: the stack
 * @from: the pages; emptied
 * @nr: how many
 * Context: any but hard interrupt.
 */
void pvio_bb_pages_put(struct pvio_bb_pages *p, struct list_head *from,
		       unsigned int nr);

/**
 * pvio_bb_pages_trim() - let half of what was not needed lately go
 * @p: the stack
 * Context: may sleep.
 */
void pvio_bb_pages_trim(struct pvio_bb_pages *p);

/**
 * pvio_bb_pages_init() - listen to the kernel running short of memory
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_bb_pages_init(void);

/**
 * pvio_bb_pages_exit() - the reverse; no stack is open
 */
void pvio_bb_pages_exit(void);

#endif /* PVIO_BLKBACK_PAGES_H */
