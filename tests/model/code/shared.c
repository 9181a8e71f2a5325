// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Shared memory as a hostile peer makes it: see shared.h.
 */
#include "shared.h"

#include <stdlib.h>

#define REQ_PROD	offsetof(struct pvio_ring_shared, req_prod)
#define REQ_EVENT	offsetof(struct pvio_ring_shared, req_event)
#define RSP_PROD	offsetof(struct pvio_ring_shared, rsp_prod)
#define RSP_EVENT	offsetof(struct pvio_ring_shared, rsp_event)
#define SLOTS		offsetof(struct pvio_ring_shared, slots)

struct model_shared model;

void model_share(bool back)
{
	const struct model_shared none = {};

	model = none;
	model.back = back;
	model.ring = malloc(MODEL_BYTES);
	free(model.ring);
	model.watched = nondet_size();
	assume(model.watched < MODEL_BYTES);
}

const struct pvio_ring_type model_type = {
	.req_size = MODEL_REQ,
	.rsp_size = MODEL_RSP,
	.slot_size = MODEL_SLOT,
};

static size_t own_index(void)
{
	return model.back ? RSP_PROD : REQ_PROD;
}

static size_t own_threshold(void)
{
	return model.back ? REQ_EVENT : RSP_EVENT;
}

static size_t peers_index(void)
{
	return model.back ? REQ_PROD : RSP_PROD;
}

static size_t peers_threshold(void)
{
	return model.back ? RSP_EVENT : REQ_EVENT;
}

/* The offset in the ring, all of which the access must be in. */
static size_t place(const volatile void *p, size_t size)
{
	size_t at = __CPROVER_POINTER_OFFSET(p);

	must(__CPROVER_same_object(p, model.ring));
	must(at + size <= MODEL_BYTES);
	must(!(at & 3));
	must(at >= SLOTS || size == sizeof(u32));
	return at;
}

void model_load(const volatile void *from, size_t size, u64 value)
{
	size_t at = place(from, size);

	if (at == peers_index()) {
		must(!model.threshold_open);
		model.fresh = true;
		model.index_loads++;
		model.peers = value;
	}
	if (at == peers_threshold()) {
		must(!model.index_open);
		model.event = value;
		model.event_loads++;
	}
	if (at >= SLOTS)
		must(!model.fresh);
	if (model_in(at, size)) {
		model.loads++;
		model.byte = value >> 8 * (model.watched - at);
	}
}

void model_store(volatile void *to, size_t size, u64 value)
{
	size_t at = place(to, size);

	must(at != peers_index() && at != peers_threshold());
	if (at == own_index()) {
		must(!model.slots_open);
		model.index_open = true;
		model.index = value;
		model.index_stores++;
	}
	if (at == own_threshold()) {
		model.threshold_open = true;
		model.threshold = value;
	}
	if (at >= SLOTS)
		model.slots_open = true;
	if (model_in(at, size)) {
		model.stores++;
		model.byte = value >> 8 * (model.watched - at);
	}
}

void model_barrier(bool loads, bool stores, bool both)
{
	if (loads)
		model.fresh = false;
	if (stores)
		model.slots_open = false;
	if (both) {
		model.index_open = false;
		model.threshold_open = false;
	}
}
