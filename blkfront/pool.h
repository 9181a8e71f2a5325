/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants of one queue, each in a buffer descriptor.
 *
 * A descriptor is either bare, to grant a page of the request itself, or
 * ready: it owns a zeroed page that stays granted for as long as the backend
 * is connected, to copy data through or to hold segment descriptors.  What
 * was used last is used next, so that the backend's kept mappings are few
 * and the memory is in the cache.
 *
 * The queue's lock covers every call but open and close.
 */
#ifndef PVIO_BLKFRONT_POOL_H
#define PVIO_BLKFRONT_POOL_H

#include <linux/types.h>

#include "xenbus/grants.h"

struct pvio_device;

/**
 * struct pvio_buf - one page that the backend may use
 * @next: in a list of the pool or of a request
 * @page: granted page
 * @ref: its grant reference, PVIO_NO_GRANT for none
 * @first: first sector used, 0 to 7
 * @count: sectors used, 1 to 8
 */
struct pvio_buf {
	struct pvio_buf *next;
	struct page *page;
	u32 ref;
	u8 first;
	u8 count;
};

/**
 * struct pvio_chain - descriptors of a request, in its order
 * @head: first, NULL for none
 * @last: last; undefined when there is none
 */
struct pvio_chain {
	struct pvio_buf *head;
	struct pvio_buf *last;
};

/**
 * struct pvio_pool - descriptors of a queue
 * @bufs: all of them; NULL when closed
 * @nr: how many
 * @ready: those with a page of their own that are free
 * @bare: those without a page that are free
 * @nr_ready: length of @ready
 * @nr_bare: length of @bare
 * @keep_bare: ready ones are not made of the last so many bare ones
 * @keep_ready: so many ready ones are kept when they are idle
 * @idle: least @nr_ready since the pool was last trimmed: so many at the end
 *	of @ready were not needed
 * @made: counts ready ones made
 * @grefs: grant references of all of them
 */
struct pvio_pool {
	struct pvio_buf *bufs;
	unsigned int nr;
	struct pvio_buf *ready;
	struct pvio_buf *bare;
	unsigned int nr_ready;
	unsigned int nr_bare;
	unsigned int keep_bare;
	unsigned int keep_ready;
	unsigned int idle;
	u64 *made;
	struct pvio_grefs grefs;
};

/**
 * struct pvio_pool_size - how large a pool is to be
 * @want: descriptors, if there are grant references enough
 * @need: descriptors without which the queue cannot work
 * @ready: ready ones to begin with and to keep, at most @need
 * @keep_bare: see struct pvio_pool; with @ready at most @need
 * @made: counter of ready ones that are made
 */
struct pvio_pool_size {
	unsigned int want;
	unsigned int need;
	unsigned int ready;
	unsigned int keep_bare;
	u64 *made;
};

/**
 * pvio_pool_open() - reserve references, allocate and grant first pages
 * @pdev: the device
 * @pool: filled in
 * @size: its size
 * Context: may sleep. Return: 0 or a negative errno; then close it.
 */
int pvio_pool_open(struct pvio_device *pdev, struct pvio_pool *pool,
		   const struct pvio_pool_size *size);

/**
 * pvio_pool_close() - end all grants, free pages as far as the backend let go
 * @pool: emptied; may be empty already. No request holds a descriptor.
 * Context: may sleep.
 */
void pvio_pool_close(struct pvio_pool *pool);

/**
 * pvio_pool_take_ready() - take descriptors with pages
 * @pool: the pool
 * @nr: how many, at least 1
 * @chain: set to them
 *
 * Makes new ones where there are too few, with memory that is at hand.
 * Context: any. Return: false, with nothing taken, when there are not enough.
 */
bool pvio_pool_take_ready(struct pvio_pool *pool, unsigned int nr,
			  struct pvio_chain *chain);

/**
 * pvio_pool_take_bare() - take descriptors without pages
 * @pool: the pool
 * @nr: how many, at least 1
 * @chain: set to them
 * Context: any. Return: false, with nothing taken, when there are not enough.
 */
bool pvio_pool_take_bare(struct pvio_pool *pool, unsigned int nr,
			 struct pvio_chain *chain);

/**
 * pvio_pool_put_ready() - give descriptors with pages back, still granted
 * @pool: the pool
 * @chain: emptied
 * @nr: how many
 */
void pvio_pool_put_ready(struct pvio_pool *pool, struct pvio_chain *chain,
			 unsigned int nr);

/**
 * pvio_pool_put_bare() - end the grants of pages that belong to a request
 * @pool: the pool
 * @chain: emptied
 *
 * A page that the backend still has mapped gets a reference of its own, and
 * its descriptor does not return.
 * Return: how many such pages there were.
 */
unsigned int pvio_pool_put_bare(struct pvio_pool *pool,
				struct pvio_chain *chain);

/**
 * pvio_pool_trim() - free pages that were not needed since the last call
 * @pool: the pool
 *
 * As far as the backend does not have them mapped.
 */
void pvio_pool_trim(struct pvio_pool *pool);

#endif /* PVIO_BLKFRONT_POOL_H */
