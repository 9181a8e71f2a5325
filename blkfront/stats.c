// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Latencies, for when somebody wants to know.
 *
 * A request carries the time that it was sent, 0 if that is not known, so that
 * measuring may start and stop at any moment.
 */
#include "stats.h"

#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "xenbus/params.h"

DEFINE_STATIC_KEY_FALSE(pvio_bf_latency_key);

module_param_cb(latency, &pvio_switch_ops, &pvio_bf_latency_key.key, 0644);
MODULE_PARM_DESC(latency, "Measure latencies, for debugfs (default N)");

struct pvio_bf_stats *pvio_bf_stats_alloc(unsigned int nr)
{
	return kcalloc(nr, sizeof(struct pvio_bf_stats), GFP_KERNEL);
}

void pvio_bf_stats_free(struct pvio_bf_stats *stats, unsigned int nr)
{
	unsigned int i;

	for (i = 0; stats && i < nr; i++)
		kfree(stats[i].latency);
	kfree(stats);
}

/* Without memory nothing is measured; the next request tries again. */
static bool has_room(struct pvio_bf_stats *s)
{
	struct pvio_bf_latency *l;

	if (s->latency)
		return true;
	l = kzalloc(sizeof(*l), GFP_ATOMIC | __GFP_NOWARN);
	/* Zeroed before seen; pairs with readers' dependency. */
	smp_store_release(&s->latency, l);
	return l;
}

void pvio_bf_stats_note_sent(struct pvio_bf_stats *s, struct pvio_bf_io *io)
{
	if (has_room(s))
		io->sent_at = ktime_get_ns();
}

static void note(struct pvio_bf_latency *l, const struct pvio_bf_io *io,
		 u64 now)
{
	const struct request *rq = blk_mq_rq_from_pdu((void *)io);
	enum pvio_blk_kind kind = pvio_blk_kind(io->op);

	if (!io->sent_at)
		return;
	pvio_histogram_add(&l->backend[kind], now - io->sent_at);
	if (rq->start_time_ns)
		pvio_histogram_add(&l->total[kind], now - rq->start_time_ns);
}

void pvio_bf_stats_note_answers(struct pvio_bf_stats *s,
				const struct pvio_bf_io *io)
{
	u64 now;

	if (!io || !s->latency)
		return;
	now = ktime_get_ns();
	for (; io; io = io->next)
		note(s->latency, io, now);
}
