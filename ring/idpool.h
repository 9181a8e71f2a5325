/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Ids of outstanding requests: a fixed set, handed out and taken back in
 * constant time, each known to be free or busy.  An id that comes back from
 * the peer is looked up here before it indexes anything.
 *
 * Pure code; the caller's queue lock covers every call.
 */
#ifndef PVIO_RING_IDPOOL_H
#define PVIO_RING_IDPOOL_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct pvio_idpool - a free list over the ids 0 to @nr - 1
 * @next: per id the next free one, or PVIO_ID_BUSY
 * @nr: how many ids there are, at most PVIO_ID_MAX
 * @free: how many are free
 * @head: first free id
 */
struct pvio_idpool {
	u16 *next;
	u16 nr;
	u16 free;
	u16 head;
};

#define PVIO_ID_MAX	0xfff0
#define PVIO_ID_BUSY	0xffff
#define PVIO_ID_END	0xfffe

/**
 * pvio_idpool_init() - all ids free
 * @pool: filled in
 * @mem: memory for @nr entries, owned by the caller
 * @nr: number of ids, 1 to PVIO_ID_MAX
 */
void pvio_idpool_init(struct pvio_idpool *pool, u16 *mem, u16 nr);

/**
 * pvio_idpool_get() - hand an id out
 * @pool: the pool
 * Return: the id, or -1 when all are busy.
 */
static inline int pvio_idpool_get(struct pvio_idpool *pool)
{
	u16 id = pool->head;

	if (id == PVIO_ID_END)
		return -1;
	pool->head = pool->next[id];
	pool->next[id] = PVIO_ID_BUSY;
	pool->free--;
	return id;
}

/**
 * pvio_idpool_busy() - is this an id that was handed out?
 * @pool: the pool
 * @id: any number, straight from the peer
 */
static inline bool pvio_idpool_busy(const struct pvio_idpool *pool, u64 id)
{
	return id < pool->nr && pool->next[id] == PVIO_ID_BUSY;
}

/**
 * pvio_idpool_unused() - are all ids free?
 * @pool: the pool
 * Context: without the lock the answer may be old, but not wrong.
 */
static inline bool pvio_idpool_unused(const struct pvio_idpool *pool)
{
	return READ_ONCE(pool->free) == pool->nr;
}

/**
 * pvio_idpool_put() - take an id back
 * @pool: the pool
 * @id: any number, straight from the peer
 * Return: false, with nothing changed, unless the id was busy.
 */
static inline bool pvio_idpool_put(struct pvio_idpool *pool, u64 id)
{
	if (!pvio_idpool_busy(pool, id))
		return false;
	pool->next[id] = pool->head;
	pool->head = id;
	pool->free++;
	return true;
}

#endif /* PVIO_RING_IDPOOL_H */
