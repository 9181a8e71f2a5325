/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The gate between the block layer and the queues: open, held, or failing.
 */
#ifndef PVIO_BLKFRONT_LINK_H
#define PVIO_BLKFRONT_LINK_H

#include "vbd.h"

/**
 * pvio_bf_link_seen() - what happens to a request now
 * @vbd: the virtual disk
 *
 * Whoever sees the link up sees the queues that it leads to; pairs with
 * pvio_bf_link_run().
 * Context: any.
 */
static inline enum pvio_bf_link pvio_bf_link_seen(const struct pvio_bf_vbd *vbd)
{
	/* Pairs with pvio_bf_link_run(). */
	return smp_load_acquire(&vbd->link);
}

/**
 * pvio_bf_link_init() - held, without queues
 * @vbd: the virtual disk
 */
void pvio_bf_link_init(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_link_exit() - stop its workers
 * @vbd: the virtual disk, its queues closed and its disk gone
 * Context: may sleep.
 */
void pvio_bf_link_exit(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_link_run() - let requests through, those that waited first
 * @vbd: the virtual disk, its queues connected
 * Context: may sleep.
 */
void pvio_bf_link_run(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_link_halt() - let requests wait
 * @vbd: the virtual disk; may be halted already
 *
 * No request enters a queue when this returns; those inside go on. A link
 * that fails requests goes on failing them.
 * Context: may sleep.
 */
void pvio_bf_link_halt(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_link_fail() - fail every request, those inside the queues, too
 * @vbd: the virtual disk
 * Context: may sleep; neither the link's nor a queue's lock held.
 */
void pvio_bf_link_fail(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_link_fail_soon() - the same from a worker
 * @vbd: the virtual disk, its device broken or hurried, or it leaving
 * Context: any.
 */
static inline void pvio_bf_link_fail_soon(struct pvio_bf_vbd *vbd)
{
	queue_work(pvio_bf_vbd_wq, &vbd->fail_work);
}

#endif /* PVIO_BLKFRONT_LINK_H */
