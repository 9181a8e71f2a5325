// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Life of a virtual disk: it is freed when both its device and its last open
 * disk are gone.
 */
#include "vbd.h"

#include <linux/atomic.h>
#include <linux/slab.h>

#include "params.h"
#include "stats.h"

struct workqueue_struct *pvio_bf_vbd_wq;
static atomic_t nr_vbds;

int pvio_bf_vbd_init(void)
{
	pvio_bf_vbd_wq = alloc_workqueue("pvio-blkfront",
					 WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return pvio_bf_vbd_wq ? 0 : -ENOMEM;
}

void pvio_bf_vbd_exit(void)
{
	destroy_workqueue(pvio_bf_vbd_wq);
}

struct pvio_bf_vbd *pvio_bf_vbd_alloc(struct pvio_device *pdev)
{
	struct pvio_bf_vbd *vbd = kzalloc(sizeof(*vbd), GFP_KERNEL);

	if (!vbd)
		return NULL;
	vbd->poll_queues = READ_ONCE(pvio_bf_params.poll_queues);
	vbd->nr_stats = pvio_bf_params.max_queues + vbd->poll_queues;
	vbd->stats = pvio_bf_stats_alloc(vbd->nr_stats);
	if (!vbd->stats) {
		kfree(vbd);
		return NULL;
	}
	vbd->narrow = atomic_inc_return(&nr_vbds) >
		      READ_ONCE(pvio_bf_params.wide_disks);
	vbd->pdev = pdev;
	kref_init(&vbd->ref);
	return vbd;
}

void pvio_bf_vbd_get(struct pvio_bf_vbd *vbd)
{
	kref_get(&vbd->ref);
}

static void bf_vbd_release(struct kref *ref)
{
	struct pvio_bf_vbd *vbd = container_of(ref, struct pvio_bf_vbd, ref);

	atomic_dec(&nr_vbds);
	mutex_destroy(&vbd->link_lock);
	pvio_bf_stats_free(vbd->stats, vbd->nr_stats);
	kfree(vbd);
}

void pvio_bf_vbd_put(struct pvio_bf_vbd *vbd)
{
	kref_put(&vbd->ref, bf_vbd_release);
}
