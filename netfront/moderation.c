// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A queue that has taken packets asks for no event for a while, and looks by
 * itself when that is over.  A pass that finds nothing asks for one at once, so an
 * idle queue has neither events nor timers.
 *
 * Per pass with packets, where the administrator wants it: one timer instead of an
 * event, which spares the backend a hypercall, this domain an interrupt, and both
 * a change of context.
 */
#include "moderation.h"

#include <linux/netdevice.h>

#include "compat/pvio_compat.h"
#include "netdev.h"
#include "queue.h"

/* Packets come fast when a pass takes so many; then they wait so long. */
#define FAST		8
#define FAST_USECS	50

static enum hrtimer_restart nf_moderation_over(struct hrtimer *timer)
{
	struct pvio_nf_queue *q = container_of(timer, struct pvio_nf_queue,
					       hold.timer);

	napi_schedule(&q->napi);
	return HRTIMER_NORESTART;
}

void pvio_nf_moderation_init(struct pvio_nf_queue *q)
{
	hrtimer_setup(&q->hold.timer, nf_moderation_over, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED);
}

static u32 time_for(const struct pvio_nf_moderation *m, int done)
{
	if (READ_ONCE(m->adaptive))
		return done >= FAST ? FAST_USECS : 0;
	return done ? READ_ONCE(m->usecs) : 0;
}

bool pvio_nf_moderation_hold(struct pvio_nf_queue *q, int done)
{
	u32 usecs = time_for(&q->nf->moderation, done);

	if (likely(!usecs))
		return false;
	q->hold.times++;
	/* Before NAPI completes: it runs again if this is over by then. */
	hrtimer_start(&q->hold.timer, ns_to_ktime(usecs * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_PINNED);
	return true;
}

void pvio_nf_moderation_stop(struct pvio_nf_queue *q)
{
	hrtimer_cancel(&q->hold.timer);
}
