// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Set-up of the two ring ends; everything hot is inline in ring.h.
 */
#include "ring.h"

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/string.h>

u32 pvio_ring_slots(const struct pvio_ring_type *type, size_t bytes)
{
	size_t room = bytes - offsetof(struct pvio_ring_shared, slots);

	return rounddown_pow_of_two(room / type->slot_size);
}
EXPORT_SYMBOL_GPL(pvio_ring_slots);

static void set_geometry(struct pvio_ring *r, const struct pvio_ring_type *type,
			 void *shared, size_t bytes)
{
	r->shared = shared;
	r->nr = pvio_ring_slots(type, bytes);
	r->type = *type;
}

int pvio_back_attach(struct pvio_back_ring *b, const struct pvio_ring_type *type,
		     void *shared, size_t bytes)
{
	u32 answered;

	set_geometry(&b->r, type, shared, bytes);
	answered = READ_ONCE(b->r.shared->rsp_prod);
	b->rsp_prod = answered;
	b->rsp_pushed = answered;
	b->req_cons = answered;
	b->req_seen = answered;
	return pvio_back_poll(b) == PVIO_BROKEN ? -EIO : 0;
}
EXPORT_SYMBOL_GPL(pvio_back_attach);

void pvio_front_init(struct pvio_front_ring *f,
		     const struct pvio_ring_type *type, void *shared,
		     size_t bytes)
{
	set_geometry(&f->r, type, shared, bytes);
	memset(shared, 0, bytes);
	f->r.shared->req_event = 1;
	f->r.shared->rsp_event = 1;
	f->req_prod = 0;
	f->req_pushed = 0;
	f->rsp_cons = 0;
	f->rsp_seen = 0;
}
EXPORT_SYMBOL_GPL(pvio_front_init);
