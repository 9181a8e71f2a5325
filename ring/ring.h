/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The shared ring, both ends, as an opaque object.
 *
 * A ring is one page or more that both domains write.  What the other side
 * can write is loaded exactly once into private memory, checked there, and
 * never looked at again.  Drivers get private copies and verdicts; indices,
 * event thresholds and barriers stay inside this directory.
 *
 * Pure code: it allocates nothing, sleeps never, prints nothing and knows
 * neither grants nor devices.  One ring end is used by one context at a time;
 * where several contexts share it the driver's lock covers every call here.
 *
 * Cost per slot: one copy of the slot, no locked instruction.  Cost per
 * batch: one load of the peer's index and one read barrier to take, one write
 * barrier, one store, one full barrier and one load to publish.
 */
#ifndef PVIO_RING_RING_H
#define PVIO_RING_RING_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include "copy.h"

/**
 * enum pvio_verdict - what looking at a ring or parsing a slot came to
 * @PVIO_EMPTY: nothing to take now; arm the ring and wait for an event
 * @PVIO_OK: a slot (or packet, or request) was taken and is well-formed
 * @PVIO_BAD: it was taken but is not acceptable: answer it with an error and
 *	go on; the ring itself is sound
 * @PVIO_BROKEN: the peer broke the ring protocol: touch the ring no more,
 *	report a fault, wait for a reconnect
 */
enum pvio_verdict {
	PVIO_EMPTY,
	PVIO_OK,
	PVIO_BAD,
	PVIO_BROKEN,
};

/**
 * struct pvio_ring_type - the sizes that make a ring of one protocol
 * @req_size: bytes of a request, a multiple of 4
 * @rsp_size: bytes of a response, a multiple of 4
 * @slot_size: bytes of the union of both as laid out in the ring
 */
struct pvio_ring_type {
	u8 req_size;
	u8 rsp_size;
	u8 slot_size;
};

/* The ring header: two indices and two event thresholds, then padding. */
struct pvio_ring_shared {
	u32 req_prod;
	u32 req_event;
	u32 rsp_prod;
	u32 rsp_event;
	u8 pad[48];
	u8 slots[];
};

/**
 * struct pvio_ring - what both ends of a ring keep privately
 * @shared: the memory shared with the peer
 * @nr: slots, a power of two
 * @type: sizes of this protocol's slots
 */
struct pvio_ring {
	struct pvio_ring_shared *shared;
	u32 nr;
	struct pvio_ring_type type;
};

/**
 * struct pvio_back_ring - the backend's end: takes requests, puts responses
 * @r: memory and sizes
 * @req_cons: next request to take
 * @req_seen: requests below this were published when last looked
 * @rsp_prod: next response to put
 * @rsp_pushed: responses below this are published
 */
struct pvio_back_ring {
	struct pvio_ring r;
	u32 req_cons;
	u32 req_seen;
	u32 rsp_prod;
	u32 rsp_pushed;
};

/**
 * struct pvio_front_ring - the frontend's end: puts requests, takes responses
 * @r: memory and sizes
 * @req_prod: next request to put
 * @req_pushed: requests below this are published
 * @rsp_cons: next response to take
 * @rsp_seen: responses below this were published when last looked
 */
struct pvio_front_ring {
	struct pvio_ring r;
	u32 req_prod;
	u32 req_pushed;
	u32 rsp_cons;
	u32 rsp_seen;
};

/**
 * pvio_ring_slots() - slots that fit in a ring of a given size
 * @type: the protocol's sizes
 * @bytes: shared memory, at least one page
 *
 * Return: the largest power of two that fits.
 */
u32 pvio_ring_slots(const struct pvio_ring_type *type, size_t bytes);

/**
 * pvio_back_attach() - take over a ring that a frontend has prepared
 * @b: filled in
 * @type: the protocol's sizes
 * @shared: the mapped ring
 * @bytes: its size
 *
 * Goes on where an earlier backend stopped: responses start at the published
 * response index, and requests that were published but never answered are
 * taken (again).
 *
 * Return: 0, or -EIO when the frontend claims more requests than fit.
 */
int pvio_back_attach(struct pvio_back_ring *b, const struct pvio_ring_type *type,
		     void *shared, size_t bytes);

/**
 * pvio_front_init() - prepare an empty ring for a backend
 * @f: filled in
 * @type: the protocol's sizes
 * @shared: the ring's memory; zeroed here so that nothing leaks in it
 * @bytes: its size
 */
void pvio_front_init(struct pvio_front_ring *f,
		     const struct pvio_ring_type *type, void *shared,
		     size_t bytes);

/* Address of the slot that a free-running index selects. */
static inline void *pvio_ring_slot(const struct pvio_ring *r, u32 index)
{
	return r->shared->slots + (index & (r->nr - 1)) * r->type.slot_size;
}

/**
 * pvio_back_poll() - look for requests once
 * @b: the ring
 *
 * Takes the snapshot that bounds everything taken until the next poll, so
 * the peer cannot keep one pass going by publishing more.
 *
 * Return: PVIO_OK when there is something to take, PVIO_EMPTY, or
 * PVIO_BROKEN when the peer's index went back or beyond the ring.
 */
static inline enum pvio_verdict pvio_back_poll(struct pvio_back_ring *b)
{
	u32 prod = READ_ONCE(b->r.shared->req_prod);

	if (unlikely(prod - b->rsp_prod > b->r.nr ||
		     prod - b->req_cons > b->r.nr ||
		     prod - b->req_cons < b->req_seen - b->req_cons))
		return PVIO_BROKEN;
	b->req_seen = prod;
	/* Slots are read after the index; pairs with pvio_front_push(). */
	virt_rmb();
	return prod == b->req_cons ? PVIO_EMPTY : PVIO_OK;
}

/**
 * pvio_back_pending() - requests of the current snapshot not yet taken
 * @b: the ring
 */
static inline u32 pvio_back_pending(const struct pvio_back_ring *b)
{
	return b->req_seen - b->req_cons;
}

/**
 * pvio_back_take() - copy one request of the current snapshot out
 * @b: the ring
 * @req: private memory for it
 * @size: bytes to copy, the protocol's request size (a constant, so that the
 *	copy is unrolled)
 *
 * Return: PVIO_OK, or PVIO_EMPTY at the end of the snapshot.
 */
static __always_inline enum pvio_verdict
pvio_back_take(struct pvio_back_ring *b, void *req, size_t size)
{
	if (b->req_cons == b->req_seen)
		return PVIO_EMPTY;
	pvio_copy_slot_once(req, pvio_ring_slot(&b->r, b->req_cons), size);
	b->req_cons++;
	return PVIO_OK;
}

/**
 * pvio_back_put() - put one response, not yet published
 * @b: the ring
 * @rsp: the response, every byte of it meant for the peer
 * @size: its bytes, the protocol's response size
 *
 * Return: false when there is no request left to answer: the caller counted
 * wrongly, and the ring was not touched.
 */
static __always_inline bool
pvio_back_put(struct pvio_back_ring *b, const void *rsp, size_t size)
{
	if (unlikely(b->rsp_prod == b->req_cons))
		return false;
	pvio_copy_slot_out(pvio_ring_slot(&b->r, b->rsp_prod), rsp, size);
	b->rsp_prod++;
	return true;
}

/**
 * pvio_back_push() - publish the responses put so far
 * @b: the ring
 *
 * Return: true when the frontend asked to be notified of one of them.
 */
static inline bool pvio_back_push(struct pvio_back_ring *b)
{
	u32 old = b->rsp_pushed;
	u32 new = b->rsp_prod;

	if (old == new)
		return false;
	/* Responses before the index; pairs with pvio_front_poll(). */
	virt_wmb();
	WRITE_ONCE(b->r.shared->rsp_prod, new);
	b->rsp_pushed = new;
	/* Index before the threshold; pairs with pvio_front_arm(). */
	virt_mb();
	return new - READ_ONCE(b->r.shared->rsp_event) < new - old;
}

/**
 * pvio_back_arm() - ask for an event and look a last time
 * @b: the ring
 * @ahead: how many further requests the event may wait for, at least 1
 *
 * Return: as pvio_back_poll(); on PVIO_OK an event may not come for what is
 * already there, so go on taking.
 */
static inline enum pvio_verdict pvio_back_arm(struct pvio_back_ring *b,
					      u32 ahead)
{
	WRITE_ONCE(b->r.shared->req_event, b->req_cons + ahead);
	/* Threshold before the index; pairs with pvio_front_push(). */
	virt_mb();
	return pvio_back_poll(b);
}

/**
 * pvio_back_unanswered() - requests taken and not yet answered
 * @b: the ring
 */
static inline u32 pvio_back_unanswered(const struct pvio_back_ring *b)
{
	return b->req_cons - b->rsp_prod;
}

/**
 * pvio_front_free() - requests that can still be put
 * @f: the ring
 */
static inline u32 pvio_front_free(const struct pvio_front_ring *f)
{
	return f->r.nr - (f->req_prod - f->rsp_cons);
}

/**
 * pvio_front_put() - put one request, not yet published
 * @f: the ring
 * @req: the request, every byte of it meant for the peer
 * @size: its bytes, the protocol's request size
 *
 * Return: false when the ring is full.
 */
static __always_inline bool
pvio_front_put(struct pvio_front_ring *f, const void *req, size_t size)
{
	if (unlikely(!pvio_front_free(f)))
		return false;
	pvio_copy_slot_out(pvio_ring_slot(&f->r, f->req_prod), req, size);
	f->req_prod++;
	return true;
}

/**
 * pvio_front_push() - publish the requests put so far
 * @f: the ring
 *
 * Return: true when the backend asked to be notified of one of them.
 */
static inline bool pvio_front_push(struct pvio_front_ring *f)
{
	u32 old = f->req_pushed;
	u32 new = f->req_prod;

	if (old == new)
		return false;
	/* Requests before the index; pairs with pvio_back_poll(). */
	virt_wmb();
	WRITE_ONCE(f->r.shared->req_prod, new);
	f->req_pushed = new;
	/* Index before the threshold; pairs with pvio_back_arm(). */
	virt_mb();
	return new - READ_ONCE(f->r.shared->req_event) < new - old;
}

/**
 * pvio_front_poll() - look for responses once
 * @f: the ring
 *
 * Return: PVIO_OK, PVIO_EMPTY, or PVIO_BROKEN when the peer answers more
 * than was asked or its index went back.
 */
static inline enum pvio_verdict pvio_front_poll(struct pvio_front_ring *f)
{
	u32 prod = READ_ONCE(f->r.shared->rsp_prod);

	if (unlikely(prod - f->rsp_cons > f->req_pushed - f->rsp_cons))
		return PVIO_BROKEN;
	if (unlikely(prod - f->rsp_cons < f->rsp_seen - f->rsp_cons))
		return PVIO_BROKEN;
	f->rsp_seen = prod;
	/* Responses are read after the index; pairs with pvio_back_push(). */
	virt_rmb();
	return prod == f->rsp_cons ? PVIO_EMPTY : PVIO_OK;
}

/**
 * pvio_front_pending() - responses of the current snapshot not yet taken
 * @f: the ring
 */
static inline u32 pvio_front_pending(const struct pvio_front_ring *f)
{
	return f->rsp_seen - f->rsp_cons;
}

/**
 * pvio_front_take() - copy one response of the current snapshot out
 * @f: the ring
 * @rsp: private memory for it
 * @size: bytes to copy, the protocol's response size
 *
 * Return: PVIO_OK, or PVIO_EMPTY at the end of the snapshot.
 */
static __always_inline enum pvio_verdict
pvio_front_take(struct pvio_front_ring *f, void *rsp, size_t size)
{
	if (f->rsp_cons == f->rsp_seen)
		return PVIO_EMPTY;
	pvio_copy_slot_once(rsp, pvio_ring_slot(&f->r, f->rsp_cons), size);
	f->rsp_cons++;
	return PVIO_OK;
}

/**
 * pvio_front_arm() - ask for an event and look a last time
 * @f: the ring
 * @ahead: how many further responses the event may wait for, at least 1
 *
 * Return: as pvio_front_poll(); on PVIO_OK go on taking.
 */
static inline enum pvio_verdict pvio_front_arm(struct pvio_front_ring *f,
					       u32 ahead)
{
	WRITE_ONCE(f->r.shared->rsp_event, f->rsp_cons + ahead);
	/* Threshold before the index; pairs with pvio_back_push(). */
	virt_mb();
	return pvio_front_poll(f);
}

/**
 * pvio_front_slot() - ring slot of the response that comes next
 * @f: the ring
 *
 * Protocols whose responses keep the slot of their request (netif rx) find
 * the request by this number.
 */
static inline u32 pvio_front_slot(const struct pvio_front_ring *f)
{
	return f->rsp_cons & (f->r.nr - 1);
}

/**
 * pvio_front_next() - free-running index of the request that is put next
 * @f: the ring
 */
static inline u32 pvio_front_next(const struct pvio_front_ring *f)
{
	return f->req_prod;
}

/**
 * pvio_front_taken() - free-running index of the answer that is taken next
 * @f: the ring
 */
static inline u32 pvio_front_taken(const struct pvio_front_ring *f)
{
	return f->rsp_cons;
}

/**
 * pvio_front_index() - number of the request that is put next
 * @f: the ring
 */
static inline u32 pvio_front_index(const struct pvio_front_ring *f)
{
	return f->req_prod;
}

/**
 * pvio_front_published() - was a request already visible to the backend?
 * @f: the ring
 * @index: pvio_front_next() just before the request was put
 *
 * A response for a request that was put but never published is a lie.
 */
static inline bool pvio_front_published(const struct pvio_front_ring *f,
					u32 index)
{
	return (s32)(f->req_pushed - index) > 0;
}

#endif /* PVIO_RING_RING_H */
