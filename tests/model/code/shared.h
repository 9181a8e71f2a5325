/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A shared ring whose other end is hostile: each load yields any value, even
 * of what was loaded before, or stored by this end.  The memory is not there
 * (it was freed), so any access but by READ_ONCE() and WRITE_ONCE() is an error
 * of its own.
 *
 * Seen to at each access: that it lies in the ring; that slots are loaded
 * after a read barrier, published after a write barrier; that a full barrier
 * stands between an own index and the peer's threshold, and between an own
 * threshold and the peer's index; that the peer's fields are not written.
 *
 * One byte, any, is watched: how often it was loaded, and what was there.
 */
#ifndef MODEL_SHARED_H
#define MODEL_SHARED_H

#include "model.h"
#include "ring/ring.h"

/**
 * struct model_shared - the ring, and what has happened to it
 * @ring: where it would be
 * @back: this end is a backend
 * @slots_open: slots stored, no write barrier since
 * @index_open: the own index stored, no full barrier since
 * @threshold_open: the own threshold stored, no full barrier since
 * @fresh: the peer's index loaded, no read barrier since
 * @index: what the own index was set to last
 * @threshold: and the own threshold
 * @index_stores: how often
 * @index_loads: how often the peer's index was loaded
 * @peers: the peer's index when it was loaded last
 * @event: the peer's threshold when it was loaded last
 * @event_loads: how often it was
 * @watched: offset of the watched byte
 * @loads: how often it was loaded
 * @stores: and stored
 * @byte: its value then
 */
struct model_shared {
	struct pvio_ring_shared *ring;
	bool back;
	bool slots_open;
	bool index_open;
	bool threshold_open;
	bool fresh;
	u32 index;
	u32 threshold;
	u32 index_stores;
	u32 index_loads;
	u32 peers;
	u32 event;
	u32 event_loads;
	size_t watched;
	u32 loads;
	u32 stores;
	u8 byte;
};

extern struct model_shared model;

/* The checker is fast where sizes are constants: one run for each protocol. */
#define MODEL_BYTES	4096
#define MODEL_NR	MODEL_SLOTS(MODEL_SLOT)
#define MODEL_SLOTS(size)	((size) > 63 ? 32 : (size) > 15 ? 128 : 256)

extern const struct pvio_ring_type model_type;

/**
 * model_share() - begin
 * @back: this end is the backend
 */
void model_share(bool back);

/**
 * model_slot() - offset of a slot in the ring
 * @index: free-running
 */
static inline size_t model_slot(u32 index)
{
	return 64 + (index & (MODEL_NR - 1)) * MODEL_SLOT;
}

/**
 * model_in() - is the watched byte one of those?
 * @at: the first
 * @size: how many
 */
static inline bool model_in(size_t at, size_t size)
{
	return model.watched >= at && model.watched - at < size;
}

#endif /* MODEL_SHARED_H */
