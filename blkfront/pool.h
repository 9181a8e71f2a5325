/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Grants of one queue, each in a buffer descriptor.
 *
 * A descriptor is either bare, to grant a page of the request itself, or
 * ready: it owns a zeroed page that stays granted for as long as the backend
 * is connected, to copy data through or to hold segment descriptors.  What
 * was used last is used next, so that the backend's kept mappings are few
 * and the memory is in the cache.
 *
 * There are as many as the load takes, and a few more for a time; each comes
 * with its reference from the guest's one table and goes back there.  A few are
 * kept always, with which every request gets through, if need be in parts.
 *
 * The queue's lock covers every call but open and close.
 */
#ifndef PVIO_BLKFRONT_POOL_H
#define PVIO_BLKFRONT_POOL_H

#include <linux/types.h>

#include "xenbus/grants.h"

struct pvio_device;

/**
 * struct pvio_bf_buf - one page that the backend may use
 * @next: in a list of the pool or of a request
 * @page: granted page
 * @ref: its grant reference, PVIO_NO_GRANT for none
 * @first: first sector used, 0 to 7
 * @count: sectors used, 1 to 8
 */
struct pvio_bf_buf {
	struct pvio_bf_buf *next;
	struct page *page;
	u32 ref;
	u8 first;
	u8 count;
};

/**
 * struct pvio_bf_chain - descriptors of a request, in its order
 * @head: first, NULL for none
 * @last: last; undefined when there is none
 */
struct pvio_bf_chain {
	struct pvio_bf_buf *head;
	struct pvio_bf_buf *last;
};

/**
 * struct pvio_bf_pool - descriptors of a queue
 * @ready: those with a page of their own that are free
 * @bare: those without a page that are free
 * @nr_ready: length of @ready
 * @nr_bare: length of @bare
 * @nr: all there are, free and in use; each has a reference
 * @max: most there may be
 * @keep_ready: so many ready ones are kept when they are idle
 * @keep_bare: likewise
 * @idle_ready: least @nr_ready since the pool was last trimmed: so many at the
 *	end of @ready were not needed
 * @idle_bare: likewise
 * @later: the table had no more references, not asked again before this time
 * @made: counts ready ones made
 * @grefs: grant references; what is above @nr is spare
 */
struct pvio_bf_pool {
	struct pvio_bf_buf *ready;
	struct pvio_bf_buf *bare;
	unsigned int nr_ready;
	unsigned int nr_bare;
	unsigned int nr;
	unsigned int max;
	unsigned int keep_ready;
	unsigned int keep_bare;
	unsigned int idle_ready;
	unsigned int idle_bare;
	unsigned long later;
	u64 *made;
	struct pvio_grefs grefs;
};

/**
 * struct pvio_bf_pool_size - how large a pool is to be
 * @max: most descriptors
 * @ready: ready ones to begin with and to keep, at least 1
 * @bare: bare ones likewise; 0: they are never asked for
 * @made: counter of ready ones that are made
 */
struct pvio_bf_pool_size {
	unsigned int max;
	unsigned int ready;
	unsigned int bare;
	u64 *made;
};

/**
 * pvio_bf_pool_open() - reserve references, allocate and grant first pages
 * @pdev: the device
 * @pool: filled in
 * @size: its size
 *
 * Begins with less where the table has no more, at least one of each kind.
 * Context: may sleep. Return: 0 or a negative errno; then close it.
 */
int pvio_bf_pool_open(struct pvio_device *pdev, struct pvio_bf_pool *pool,
		      const struct pvio_bf_pool_size *size);

/**
 * pvio_bf_pool_close() - end all grants, free the pages that are let go
 * @pool: emptied; may be empty already. No request holds a descriptor.
 * Context: may sleep.
 */
void pvio_bf_pool_close(struct pvio_bf_pool *pool);

/**
 * pvio_bf_pool_take_ready() - take descriptors with pages
 * @pool: the pool
 * @nr: how many, at least 1
 * @chain: set to them
 *
 * Makes new ones where there are too few, with memory and references that are
 * at hand.
 * Context: any. Return: false, with nothing taken, when there are not enough.
 */
bool pvio_bf_pool_take_ready(struct pvio_bf_pool *pool, unsigned int nr,
			     struct pvio_bf_chain *chain);

/**
 * pvio_bf_pool_take_bare() - take descriptors without pages
 * @pool: the pool
 * @nr: how many, at least 1
 * @chain: set to them
 * Context: any; makes new ones likewise.
 * Return: false, with nothing taken, when there are not enough.
 */
bool pvio_bf_pool_take_bare(struct pvio_bf_pool *pool, unsigned int nr,
			    struct pvio_bf_chain *chain);

/**
 * pvio_bf_pool_put_ready() - give descriptors with pages back, still granted
 * @pool: the pool
 * @chain: emptied
 * @nr: how many
 */
void pvio_bf_pool_put_ready(struct pvio_bf_pool *pool,
			    struct pvio_bf_chain *chain,
			    unsigned int nr);

/**
 * pvio_bf_pool_put_bare() - end the grants of pages that belong to a request
 * @pool: the pool
 * @chain: emptied
 *
 * A page that the backend still has mapped gets a reference of its own, and
 * its descriptor does not return.
 * Return: how many such pages there were.
 */
unsigned int pvio_bf_pool_put_bare(struct pvio_bf_pool *pool,
				   struct pvio_bf_chain *chain);

/**
 * pvio_bf_pool_revoke_bare() - the same, of a request that was not answered
 * @pool: of the queue
 * @chain: the descriptors
 *
 * The backend may well have the pages mapped, which is no reason for a warning.
 *
 * Return: how many it does not let go.
 */
unsigned int pvio_bf_pool_revoke_bare(struct pvio_bf_pool *pool,
				      struct pvio_bf_chain *chain);

/**
 * pvio_bf_pool_is_full() - is nothing to be had but what others bring back?
 * @pool: the pool
 */
static inline bool pvio_bf_pool_is_full(const struct pvio_bf_pool *pool)
{
	return pool->nr >= pool->max;
}

/**
 * pvio_bf_pool_trim() - give back what was not needed since the last call
 * @pool: the pool
 *
 * Pages as far as the backend does not have them mapped.
 */
void pvio_bf_pool_trim(struct pvio_bf_pool *pool);

#endif /* PVIO_BLKFRONT_POOL_H */
