/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Discards, the large ones one at a time for each disk.
 */
#ifndef PVIO_BLKBACK_DISCARD_H
#define PVIO_BLKBACK_DISCARD_H

struct pvio_bb_discards;
struct pvio_bb_req;

/**
 * pvio_bb_discard_submit() - submit a discard
 * @rq: the request, counted in its queue's busy
 * Context: the worker; may sleep.
 */
void pvio_bb_discard_submit(struct pvio_bb_req *rq);

/**
 * pvio_bb_discard_close() - nothing of this runs when it returns
 * @d: a disk's, nothing in flight
 * Context: may sleep.
 */
void pvio_bb_discard_close(struct pvio_bb_discards *d);

/**
 * pvio_bb_discard_prepare() - before the first
 * @d: a disk's
 */
void pvio_bb_discard_prepare(struct pvio_bb_discards *d);

int pvio_bb_discard_init(void);
void pvio_bb_discard_exit(void);

#endif /* PVIO_BLKBACK_DISCARD_H */
