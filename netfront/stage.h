/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the transmit side of a queue shares with its backend: grant references
 * and stage pages, which follow the load.
 *
 * A packet is copied into stage pages, which stay granted from one packet to
 * the next.  References are taken from the domain's table in small groups when
 * they are needed, never more than the ring has slots, and both go back when
 * they have not been needed for a while.  A few references are kept, enough
 * for the largest packet: a queue that gets no more still sends.
 *
 * Lock: the transmit queue's lock covers everything in here.
 */
#ifndef PVIO_NETFRONT_STAGE_H
#define PVIO_NETFRONT_STAGE_H

#include <linux/minmax.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "gref_pool.h"
#include "xenbus/grants.h"

/**
 * struct pvio_nf_stages - references and stages of a queue
 * @refs: references, for stages and for packets' own pages
 * @pool: stages that the backend keeps mapped; used before others
 * @idle: stack of other stages that no slot uses; NULL when stopped
 * @nr_idle: its height
 * @nr: such stages in all
 * @low: fewest that were idle since the last trim
 * @trim: gives back what an earlier load left over; its owner's function
 */
struct pvio_nf_stages {
	struct pvio_grefs refs;
	struct pvio_nf_gref_pool pool;
	struct pvio_nf_share *idle;
	u16 nr_idle;
	u16 nr;
	u16 low;
	struct delayed_work trim;
};

/**
 * pvio_nf_stages_start() - reserve what the largest packet needs
 * @pdev: the device
 * @st: filled in; undone by pvio_nf_stages_stop() also on error
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_stages_start(struct pvio_device *pdev, struct pvio_nf_stages *st);

/**
 * pvio_nf_stages_stop() - give everything back
 * @st: no slot uses a stage or a reference any more; may be stopped already
 */
void pvio_nf_stages_stop(struct pvio_nf_stages *st);

/**
 * pvio_nf_stages_grant_more() - pvio_nf_stages_grant() when all references are
 *	in use
 * @st: the queue's
 * @page: the page
 * Context: any. Return: its reference, or PVIO_NO_GRANT.
 */
u32 pvio_nf_stages_grant_more(struct pvio_nf_stages *st, struct page *page);

/**
 * pvio_nf_stages_make() - make a stage, for when none is idle
 * @st: the queue's
 * @stage: filled in
 * Context: any. Return: 0, -ENOMEM, or -ENOSPC for want of a reference.
 */
int pvio_nf_stages_make(struct pvio_nf_stages *st,
			struct pvio_nf_share *stage);

/**
 * pvio_nf_stages_drop() - a stage is not needed any more
 * @st: the queue's
 * @stage: emptied; its page lives on while the backend maps it
 */
void pvio_nf_stages_drop(struct pvio_nf_stages *st,
			 struct pvio_nf_share *stage);

/**
 * pvio_nf_stages_trim() - give back what was not needed lately
 * @st: the queue's
 * @held: most references that packets' own pages have used since the last time
 * Return: true when there may be more to give back later.
 */
bool pvio_nf_stages_trim(struct pvio_nf_stages *st, unsigned int held);

/**
 * pvio_nf_stages_trim_later() - see after a while what is not needed any more
 * @st: the queue's
 * Context: any.
 */
void pvio_nf_stages_trim_later(struct pvio_nf_stages *st);

/**
 * pvio_nf_stages_grant() - let the backend read a packet's page
 * @st: the queue's
 * @page: the page
 * Context: any. Return: its reference, or PVIO_NO_GRANT.
 */
static inline u32 pvio_nf_stages_grant(struct pvio_nf_stages *st,
				       struct page *page)
{
	u32 ref = pvio_grant(&st->refs, page, true);

	return likely(ref != PVIO_NO_GRANT) ?
	       ref : pvio_nf_stages_grant_more(st, page);
}

/**
 * pvio_nf_stages_get() - take a stage for a slot
 * @st: the queue's
 * @stage: filled in
 * Context: any. Return: 0, -ENOMEM, or -ENOSPC for want of a reference.
 */
static inline int pvio_nf_stages_get(struct pvio_nf_stages *st,
				     struct pvio_nf_share *stage)
{
	if (pvio_nf_gref_pool_get(&st->pool, stage))
		return 0;
	if (unlikely(!st->nr_idle))
		return pvio_nf_stages_make(st, stage);
	*stage = st->idle[--st->nr_idle];
	st->low = min(st->low, st->nr_idle);
	return 0;
}

/**
 * pvio_nf_stages_put() - a slot has done with its stage
 * @st: the queue's
 * @stage: the stage
 */
static inline void pvio_nf_stages_put(struct pvio_nf_stages *st,
				      struct pvio_nf_share stage)
{
	if (stage.fixed)
		pvio_nf_gref_pool_put(&st->pool, stage);
	else
		st->idle[st->nr_idle++] = stage;
}

#endif /* PVIO_NETFRONT_STAGE_H */
