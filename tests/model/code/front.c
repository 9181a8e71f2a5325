// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The frontend's end of a ring (ring/ring.h), against any backend: as back.c,
 * one step from any state in which the invariant holds.
 *
 * Left out: one end used by two contexts at once (the driver's lock); what the
 * driver does with what it was given.
 */
#include "shared.h"

#include <stdlib.h>

/* Answers taken, known of, published requests, put ones: in that order. */
static bool holds(const struct pvio_front_ring *f)
{
	u32 seen = f->rsp_seen - f->rsp_cons;
	u32 pushed = f->req_pushed - f->rsp_cons;
	u32 put = f->req_prod - f->rsp_cons;

	return seen <= pushed && pushed <= put && put <= MODEL_NR;
}

static void start(struct pvio_front_ring *f)
{
	model_share(false);
	f->r.shared = model.ring;
	f->r.type = model_type;
	f->r.nr = MODEL_NR;
	f->req_prod = nondet_u32();
	f->req_pushed = nondet_u32();
	f->rsp_cons = nondet_u32();
	f->rsp_seen = nondet_u32();
	assume(holds(f));
}

/* A new ring shows the backend nothing of what was in its memory. */
void model_front_init(void)
{
	u8 *page = malloc(MODEL_BYTES);
	struct pvio_front_ring f;
	size_t at = nondet_size();

	assume(at < MODEL_BYTES);
	pvio_front_init(&f, &model_type, page, MODEL_BYTES);
	must(holds(&f));
	must(f.r.nr == MODEL_NR);
	must(pvio_front_free(&f) == MODEL_NR);
	must(page[at] == (at == 4 || at == 12));
}

static void check_look(const struct pvio_front_ring *f,
		       const struct pvio_front_ring *was,
		       enum pvio_verdict verdict)
{
	u32 pending = pvio_front_pending(f);

	must(model.index_loads == 1);
	must(!model.fresh || verdict == PVIO_BROKEN);
	must(holds(f));
	must(pending <= was->req_pushed - was->rsp_cons);
	must(pending >= pvio_front_pending(was));
	must(f->rsp_cons == was->rsp_cons && f->req_prod == was->req_prod);
	must(verdict != PVIO_BAD);
	must((verdict == PVIO_OK) == (pending && verdict != PVIO_BROKEN));
	must(verdict != PVIO_BROKEN || f->rsp_seen == was->rsp_seen);
}

/* Never more answers than requests that were published. */
void model_front_poll(void)
{
	struct pvio_front_ring f, was;

	start(&f);
	was = f;
	check_look(&f, &was, pvio_front_poll(&f));
}

void model_front_arm(void)
{
	struct pvio_front_ring f, was;
	u32 ahead = nondet_u32();
	enum pvio_verdict verdict;

	start(&f);
	was = f;
	verdict = pvio_front_arm(&f, ahead);
	check_look(&f, &was, verdict);
	must(model.threshold == f.rsp_cons + ahead);
}

/* One answer: its slot's own bytes, each loaded once and not again. */
void model_front_take(void)
{
	u64 rsp[(MODEL_RSP + 7) / 8];
	struct pvio_front_ring f, was;
	enum pvio_verdict verdict;
	size_t at;

	start(&f);
	was = f;
	verdict = pvio_front_take(&f, rsp, MODEL_RSP);
	must(holds(&f));
	must((verdict == PVIO_OK) == (was.rsp_cons != was.rsp_seen));
	must(verdict == PVIO_OK || verdict == PVIO_EMPTY);
	must(f.rsp_seen == was.rsp_seen && f.req_prod == was.req_prod);
	must(f.rsp_cons - was.rsp_cons == (verdict == PVIO_OK));
	at = model_slot(was.rsp_cons);
	must(model.loads == (verdict == PVIO_OK && model_in(at, MODEL_RSP)));
	if (model.loads)
		must(((u8 *)rsp)[model.watched - at] == model.byte);
}

/* One request, of private bytes, where none stands that is not answered. */
void model_front_put(void)
{
	u64 req[(MODEL_REQ + 7) / 8];
	struct pvio_front_ring f, was;
	u32 other = nondet_u32();
	bool done;
	size_t at;

	start(&f);
	was = f;
	done = pvio_front_put(&f, req, MODEL_REQ);
	must(holds(&f));
	must(done == (was.req_prod - was.rsp_cons < MODEL_NR));
	must(f.req_prod - was.req_prod == done);
	must(f.rsp_cons == was.rsp_cons && f.req_pushed == was.req_pushed);
	must(!model.index_stores && !model.loads);
	at = model_slot(was.req_prod);
	must(model.stores == (done && model_in(at, MODEL_REQ)));
	if (model.stores)
		must(((u8 *)req)[model.watched - at] == model.byte);
	if (done && other - was.rsp_cons < was.req_prod - was.rsp_cons)
		must(model_slot(other) != at);
}

/* All that was put is published, and who asked for one of it is told. */
void model_front_push(void)
{
	struct pvio_front_ring f, was;
	bool notify;

	start(&f);
	was = f;
	model.slots_open = true;
	notify = pvio_front_push(&f);
	must(holds(&f));
	must(f.req_pushed == was.req_prod && f.req_prod == was.req_prod);
	must(model.index_stores == (was.req_pushed != was.req_prod));
	must(!model.index_stores || model.index == f.req_prod);
	must(model.event_loads == model.index_stores);
	/* The threshold is one of those between the old index and the new. */
	must(notify == (model.event_loads && was.req_pushed != model.event &&
			model.event - was.req_pushed <=
			f.req_prod - was.req_pushed));
}

/* What can be answered is what was published, among what is outstanding. */
void model_front_published(void)
{
	u32 index = nondet_u32();
	struct pvio_front_ring f;

	start(&f);
	assume(index - f.rsp_cons < f.req_prod - f.rsp_cons);
	must(pvio_front_published(&f, index) ==
	     (index - f.rsp_cons < f.req_pushed - f.rsp_cons));
}
