// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Grant copies: from the guest for the worker, to it for completion.  One
 * hypercall for up to 64 of them, whichever requests they are for.
 */
#include "copies.h"

#include "xenbus/device.h"

#include "queue.h"
#include "request.h"
#include "stats.h"
#include "vbd.h"

static void take_status(struct gnttab_copy *op, struct pvio_bb_req *rq)
{
	if (likely(op->status == GNTST_okay))
		return;
	if (rq->status == BLKIF_RSP_OKAY)
		pvio_warn(rq->q->vbd->pdev, "queue %u: grant copy failed (%d)",
			  rq->q->index, op->status);
	rq->status = BLKIF_RSP_ERROR;
}

void pvio_bb_copies_make(struct pvio_bb_copies *c, bool may_sleep)
{
	unsigned int i;

	pvio_copy_batch(c->op, c->nr, may_sleep);
	pvio_bb_stats_copied(c->stats, c->nr);
	for (i = 0; i < c->nr; i++)
		take_status(&c->op[i], c->owner[i]);
	c->nr = 0;
}

struct gnttab_copy *pvio_bb_copies_add(struct pvio_bb_copies *c,
				       struct pvio_bb_req *rq, bool may_sleep)
{
	if (c->nr == PVIO_BB_OPS)
		pvio_bb_copies_make(c, may_sleep);
	c->owner[c->nr] = rq;
	return &c->op[c->nr++];
}
