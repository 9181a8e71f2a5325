// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The backend's end of a ring (ring/ring.h), against any frontend.
 *
 * Each model takes one step from any state in which the invariant holds, and
 * finds it to hold afterwards; that attaching brings it about is a model, too.
 * So what is shown is true after any number of steps, with indices that have
 * wrapped any number of times.
 *
 * Left out: one end used by two contexts at once (the driver's lock); what the
 * driver does with what it was given.
 */
#include "shared.h"

/* In order, and no further apart than there are slots. */
static bool holds(const struct pvio_back_ring *b)
{
	u32 taken = b->req_cons - b->rsp_prod;
	u32 known = b->req_seen - b->rsp_prod;

	return taken <= known && known <= MODEL_NR;
}

static void start(struct pvio_back_ring *b)
{
	model_share(true);
	b->r.shared = model.ring;
	b->r.type = model_type;
	b->r.nr = MODEL_NR;
	b->req_cons = nondet_u32();
	b->req_seen = nondet_u32();
	b->rsp_prod = nondet_u32();
	b->rsp_pushed = nondet_u32();
	assume(holds(b));
}

/* The sizes are constants to the code, so that copies are unrolled. */
static enum pvio_verdict take(struct pvio_back_ring *b, void *req)
{
	return pvio_back_take(b, req, MODEL_REQ);
}

static bool put(struct pvio_back_ring *b, const void *rsp)
{
	return pvio_back_put(b, rsp, MODEL_RSP);
}

/* Attaching to what any frontend has left there. */
void model_back_attach(void)
{
	struct pvio_back_ring b;
	int err;

	model_share(true);
	err = pvio_back_attach(&b, &model_type, model.ring, MODEL_BYTES);
	must(!err == (model.peers - b.rsp_prod <= MODEL_NR));
	if (err)
		return;
	must(holds(&b));
	must(b.r.nr == MODEL_NR);
	must(model_slot(b.r.nr - 1) + MODEL_SLOT <= MODEL_BYTES);
	must(b.rsp_pushed == b.rsp_prod);
}

/* One look: a snapshot of at most a ring, never less than before. */
static void check_look(const struct pvio_back_ring *b,
		       const struct pvio_back_ring *was,
		       enum pvio_verdict verdict)
{
	u32 pending = pvio_back_pending(b);

	must(model.index_loads == 1);
	must(!model.fresh || verdict == PVIO_BROKEN);
	must(holds(b));
	must(pending <= b->r.nr);
	must(pending >= pvio_back_pending(was));
	must(b->req_cons == was->req_cons && b->rsp_prod == was->rsp_prod);
	must(verdict != PVIO_BAD);
	must((verdict == PVIO_OK) == (pending && verdict != PVIO_BROKEN));
	must(verdict != PVIO_BROKEN || b->req_seen == was->req_seen);
}

void model_back_poll(void)
{
	struct pvio_back_ring b, was;

	start(&b);
	was = b;
	check_look(&b, &was, pvio_back_poll(&b));
}

void model_back_arm(void)
{
	struct pvio_back_ring b, was;
	u32 ahead = nondet_u32();
	enum pvio_verdict verdict;

	start(&b);
	was = b;
	verdict = pvio_back_arm(&b, ahead);
	check_look(&b, &was, verdict);
	must(model.threshold == b.req_cons + ahead);
}

/* One request: its slot's own bytes, each loaded once and not again. */
void model_back_take(void)
{
	u64 req[(MODEL_REQ + 7) / 8];
	struct pvio_back_ring b, was;
	enum pvio_verdict verdict;
	size_t at;

	start(&b);
	was = b;
	verdict = take(&b, req);
	must(holds(&b));
	must((verdict == PVIO_OK) == (was.req_cons != was.req_seen));
	must(verdict == PVIO_OK || verdict == PVIO_EMPTY);
	must(b.req_seen == was.req_seen && b.rsp_prod == was.rsp_prod);
	must(b.req_cons - was.req_cons == (verdict == PVIO_OK));
	at = model_slot(was.req_cons);
	must(model.loads == (verdict == PVIO_OK && model_in(at, MODEL_REQ)));
	if (model.loads)
		must(((u8 *)req)[model.watched - at] == model.byte);
}

/* One answer, of private bytes, where no request stands that is not taken. */
void model_back_put(void)
{
	u64 rsp[(MODEL_RSP + 7) / 8];
	struct pvio_back_ring b, was;
	u32 other = nondet_u32();
	bool done;
	size_t at;

	start(&b);
	was = b;
	done = put(&b, rsp);
	must(holds(&b));
	must(done == (was.rsp_prod != was.req_cons));
	must(b.rsp_prod - was.rsp_prod == done);
	must(b.req_cons == was.req_cons && b.req_seen == was.req_seen);
	must(!model.index_stores && !model.loads);
	at = model_slot(was.rsp_prod);
	must(model.stores == (done && model_in(at, MODEL_RSP)));
	if (model.stores)
		must(((u8 *)rsp)[model.watched - at] == model.byte);
	if (done && other - was.req_cons < was.req_seen - was.req_cons)
		must(model_slot(other) != at);
}

/* All that was put is published, and who asked for one of it is told. */
void model_back_push(void)
{
	struct pvio_back_ring b, was;
	bool notify;

	start(&b);
	was = b;
	/* The driver pushes before a ring's worth of answers has piled up. */
	assume(b.rsp_prod - b.rsp_pushed <= b.r.nr);
	model.slots_open = true;
	notify = pvio_back_push(&b);
	must(holds(&b));
	must(b.rsp_pushed == was.rsp_prod && b.rsp_prod == was.rsp_prod);
	must(model.index_stores == (was.rsp_pushed != was.rsp_prod));
	must(!model.index_stores || model.index == b.rsp_prod);
	must(model.event_loads == model.index_stores);
	/* The threshold is one of those between the old index and the new. */
	must(notify == (model.event_loads && was.rsp_pushed != model.event &&
			model.event - was.rsp_pushed <=
			b.rsp_prod - was.rsp_pushed));
}
