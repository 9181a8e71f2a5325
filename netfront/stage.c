// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * References and stage pages of a queue's transmit side.
 *
 * Nothing here is on the path of a packet while the load stays as it is.
 */
#include "stage.h"

#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "ring/netif.h"
#include "tx.h"
#include "xenbus/resource.h"

/* References that are never given back: the largest packet can go. */
#define REFS_MIN	(PVIO_NET_SLOTS_MAX + 1)
/* As many as the ring has slots, each of which uses one. */
#define REFS_MAX	PVIO_NF_TX_SLOTS
/* How many are taken from the table at a time. */
#define REFS_STEP	32

/* How long what is not needed any more is kept. */
#define TRIM_DELAY	HZ

/* Stages that are kept however little is sent. */
#define STAGES_MIN	4

int pvio_nf_stages_start(struct pvio_device *pdev, struct pvio_nf_stages *st)
{
	st->nr_idle = 0;
	st->nr = 0;
	st->low = 0;
	st->pool.readonly = true;
	st->idle = kvcalloc(REFS_MAX, sizeof(*st->idle), GFP_KERNEL);
	if (!st->idle)
		return -ENOMEM;
	return pvio_grefs_open(pdev, &st->refs, REFS_MIN);
}

/* Quiet, whether or not the backend still maps it. */
void pvio_nf_stages_drop(struct pvio_nf_stages *st,
			 struct pvio_nf_share *stage)
{
	if (stage->fixed) {
		pvio_nf_gref_pool_drop(&st->pool, stage);
		return;
	}
	pvio_ungrant_later(&st->refs, stage->ref, stage->page);
	pvio_destroyed(PVIO_RES_PAGE, 1);
	stage->page = NULL;
	st->nr--;
}

void pvio_nf_stages_stop(struct pvio_nf_stages *st)
{
	pvio_nf_gref_pool_stop(&st->pool);
	while (st->nr_idle)
		pvio_nf_stages_drop(st, &st->idle[--st->nr_idle]);
	pvio_grefs_close(&st->refs);
	kvfree(st->idle);
	st->idle = NULL;
}

/*
 * With interrupts off it may be the console over the network that sends, and
 * who was interrupted may hold the lock of a workqueue or of the domain's
 * table.
 */
static bool may_lock(void)
{
	return !irqs_disabled();
}

void pvio_nf_stages_trim_later(struct pvio_nf_stages *st)
{
	if (may_lock())
		schedule_delayed_work(&st->trim, TRIM_DELAY);
}

static bool grow(struct pvio_nf_stages *st)
{
	unsigned int left = REFS_MAX - min_t(unsigned int, st->refs.nr,
					     REFS_MAX);

	if (!left || !may_lock())
		return false;
	pvio_nf_stages_trim_later(st);
	return !pvio_grefs_grow(&st->refs, min_t(unsigned int, left,
						 REFS_STEP)) ||
	       !pvio_grefs_grow(&st->refs, 1);
}

/* The reference stays with the queue, unlike that of a stage that is dropped. */
static bool free_idle(struct pvio_nf_stages *st)
{
	struct pvio_nf_share *stage;

	if (!st->nr_idle)
		return false;
	stage = &st->idle[st->nr_idle - 1];
	if (!pvio_ungrant_idle(&st->refs, stage->ref))
		return false;
	__free_page(stage->page);
	pvio_destroyed(PVIO_RES_PAGE, 1);
	st->nr--;
	st->nr_idle--;
	st->low = min(st->low, st->nr_idle);
	return true;
}

u32 pvio_nf_stages_grant_more(struct pvio_nf_stages *st, struct page *page)
{
	if (!grow(st) && !(may_lock() && free_idle(st)))
		return PVIO_NO_GRANT;
	return pvio_grant(&st->refs, page, true);
}

int pvio_nf_stages_make(struct pvio_nf_stages *st,
			struct pvio_nf_share *stage)
{
	struct page *page = alloc_page(GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN);

	if (!page)
		return -ENOMEM;
	stage->ref = pvio_nf_stages_grant(st, page);
	if (unlikely(stage->ref == PVIO_NO_GRANT)) {
		__free_page(page);
		return -ENOSPC;
	}
	stage->page = page;
	stage->fixed = false;
	if (++st->nr > STAGES_MIN)
		pvio_nf_stages_trim_later(st);
	pvio_created(PVIO_RES_PAGE, 1);
	return 0;
}

static unsigned int above(unsigned int have, unsigned int need)
{
	return have > need ? have - need : 0;
}

bool pvio_nf_stages_trim(struct pvio_nf_stages *st, unsigned int held)
{
	unsigned int spare = min_t(unsigned int, st->low,
				   above(st->nr, STAGES_MIN));

	while (spare && free_idle(st))
		spare--;
	st->low = st->nr_idle;
	held = max_t(unsigned int, st->nr + held, REFS_MIN);
	pvio_grefs_shrink(&st->refs, above(st->refs.nr, held));
	return st->nr > STAGES_MIN || st->refs.nr > REFS_MIN;
}
