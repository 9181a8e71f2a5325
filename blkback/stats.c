// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Latencies and tracepoints, for when somebody wants to know.
 *
 * A request carries the times that it was begun and submitted, 0 as long as
 * they are not known, so that measuring may start and stop at any moment.
 */
#include "stats.h"

#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "xenbus/params.h"

#include "queue.h"

DEFINE_STATIC_KEY_FALSE(pvio_bb_latency_key);

module_param_cb(latency, &pvio_switch_ops, &pvio_bb_latency_key.key, 0644);
MODULE_PARM_DESC(latency, "Measure latencies, for debugfs (default N)");

struct pvio_bb_stats *pvio_bb_stats_alloc(unsigned int nr)
{
	return kcalloc(nr, sizeof(struct pvio_bb_stats), GFP_KERNEL);
}

void pvio_bb_stats_free(struct pvio_bb_stats *stats, unsigned int nr)
{
	unsigned int i;

	for (i = 0; stats && i < nr; i++)
		kfree(stats[i].latency);
	kfree(stats);
}

/* Without memory nothing is measured; the next batch tries again. */
static u64 read_clock(struct pvio_bb_stats *s)
{
	struct pvio_bb_latency *l;

	if (!static_branch_unlikely(&pvio_bb_latency_key))
		return 0;
	if (!s->latency) {
		l = kzalloc(sizeof(*l), GFP_NOIO | __GFP_NOWARN);
		if (!l)
			return 0;
		/* Zeroed before seen; pairs with readers' dependency. */
		smp_store_release(&s->latency, l);
	}
	return ktime_get_ns();
}

void pvio_bb_stats_note_begin(struct pvio_bb_queue *q, unsigned int from,
			      unsigned int to)
{
	u64 now = read_clock(q->stats);

	for (; from < to; from++) {
		q->batch[from]->begun = now;
		trace_bb_begin(q->batch[from]);
	}
}

void pvio_bb_stats_note_submit(struct pvio_bb_queue *q, unsigned int nr)
{
	u64 now = read_clock(q->stats);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		q->ready[i]->issued = now;
		trace_bb_submit(q->ready[i]);
	}
}

void pvio_bb_stats_note_end(struct pvio_bb_req *rq)
{
	if (rq->issued && static_branch_unlikely(&pvio_bb_latency_key))
		rq->took = max(ktime_get_ns() - rq->issued, 1ULL);
	trace_bb_complete(rq);
}

static void note_latency(struct pvio_bb_latency *l,
			 const struct pvio_bb_req *rq, u64 now)
{
	enum pvio_blk_kind kind = pvio_blk_kind(rq->req.op);

	if (rq->begun)
		pvio_histogram_add(&l->answer[kind], now - rq->begun);
	if (rq->took)
		pvio_histogram_add(&l->device[kind], rq->took);
}

void pvio_bb_stats_note_answers(struct pvio_bb_stats *s,
				struct pvio_bb_req **rqs, unsigned int nr)
{
	struct pvio_bb_latency *l = READ_ONCE(s->latency);
	u64 now = l ? ktime_get_ns() : 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (rqs[i]->status == PVIO_BB_DROPPED)
			continue;
		if (l)
			note_latency(l, rqs[i], now);
		trace_bb_respond(rqs[i]);
	}
}
