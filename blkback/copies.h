/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Grant copies of a queue, in one direction, gathered so that one hypercall
 * serves several requests.
 */
#ifndef PVIO_BLKBACK_COPIES_H
#define PVIO_BLKBACK_COPIES_H

#include "xenbus/grants.h"

struct pvio_bb_copied;
struct pvio_bb_req;

/* Grant copies of one hypercall. */
#define PVIO_BB_OPS	64

/**
 * struct pvio_bb_copies - grant copies gathered for one hypercall
 * @nr: how many
 * @stats: the direction's counters
 * @op: the copies
 * @owner: the request of each; a failed copy becomes its status
 */
struct pvio_bb_copies {
	unsigned int nr;
	struct pvio_bb_copied *stats;
	struct gnttab_copy op[PVIO_BB_OPS];
	struct pvio_bb_req *owner[PVIO_BB_OPS];
};

/**
 * pvio_bb_copies_add() - room for one more copy
 * @c: the batch; carried out first when it is full
 * @rq: the request it is for
 * @may_sleep: may the caller sleep?
 * Return: the operation to fill in.
 */
struct gnttab_copy *pvio_bb_copies_add(struct pvio_bb_copies *c,
				       struct pvio_bb_req *rq, bool may_sleep);

/**
 * pvio_bb_copies_make() - carry copies out; one hypercall
 * @c: the batch; emptied
 * @may_sleep: may the caller sleep?
 *
 * A request with a copy that failed has status ERROR afterwards.
 */
void pvio_bb_copies_make(struct pvio_bb_copies *c, bool may_sleep);

#endif /* PVIO_BLKBACK_COPIES_H */
