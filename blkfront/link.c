// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The gate between the block layer and the queues.  It closes in two steps:
 * the state first, then a wait for whoever saw the old one.
 */
#include "link.h"

#include <linux/blk-mq.h>
#include <linux/lockdep.h>

#include "queue.h"
#include "vbd.h"
#include "xenbus/device.h"

/* Memory that was not needed for so long is given back. */
#define TRIM_INTERVAL	(10 * HZ)

static void quiesce(struct pvio_bf_vbd *vbd)
{
	lockdep_assert_held(&vbd->link_lock);
	if (!vbd->disk || vbd->quiesced)
		return;
	blk_mq_quiesce_queue(vbd->disk->queue);
	vbd->quiesced = true;
}

static void unquiesce(struct pvio_bf_vbd *vbd)
{
	lockdep_assert_held(&vbd->link_lock);
	if (!vbd->disk || !vbd->quiesced)
		return;
	blk_mq_unquiesce_queue(vbd->disk->queue);
	vbd->quiesced = false;
}

static void plan_trim(struct pvio_bf_vbd *vbd)
{
	queue_delayed_work(pvio_bf_vbd_wq, &vbd->trim_work, TRIM_INTERVAL);
}

static void bf_link_trim(struct work_struct *work)
{
	struct pvio_bf_vbd *vbd = container_of(to_delayed_work(work),
					       struct pvio_bf_vbd, trim_work);

	mutex_lock(&vbd->link_lock);
	if (vbd->link == PVIO_BF_LINK_UP) {
		pvio_bf_queues_trim(vbd);
		plan_trim(vbd);
	}
	mutex_unlock(&vbd->link_lock);
}

void pvio_bf_link_run(struct pvio_bf_vbd *vbd)
{
	mutex_lock(&vbd->link_lock);
	vbd->epoch++;
	/* The queues before the link; pairs with pvio_bf_link_seen(). */
	smp_store_release(&vbd->link, PVIO_BF_LINK_UP);
	unquiesce(vbd);
	plan_trim(vbd);
	mutex_unlock(&vbd->link_lock);
}

void pvio_bf_link_halt(struct pvio_bf_vbd *vbd)
{
	mutex_lock(&vbd->link_lock);
	if (vbd->link == PVIO_BF_LINK_UP) {
		WRITE_ONCE(vbd->link, PVIO_BF_LINK_HELD);
		quiesce(vbd);
	}
	mutex_unlock(&vbd->link_lock);
}

void pvio_bf_link_fail(struct pvio_bf_vbd *vbd)
{
	unsigned int i;

	mutex_lock(&vbd->link_lock);
	WRITE_ONCE(vbd->link, PVIO_BF_LINK_FAILED);
	quiesce(vbd);
	for (i = 0; i < vbd->nr_queues; i++)
		pvio_bf_queue_fail(&vbd->queues[i]);
	unquiesce(vbd);
	mutex_unlock(&vbd->link_lock);
}

/* The reason may be gone: a new backend may have connected meanwhile. */
static void bf_link_fail(struct work_struct *work)
{
	struct pvio_bf_vbd *vbd = container_of(work, struct pvio_bf_vbd,
					       fail_work);

	if (pvio_device_broken(vbd->pdev) || READ_ONCE(vbd->leaving) ||
	    pvio_device_hurried(vbd->pdev))
		pvio_bf_link_fail(vbd);
}

void pvio_bf_link_init(struct pvio_bf_vbd *vbd)
{
	mutex_init(&vbd->link_lock);
	vbd->link = PVIO_BF_LINK_HELD;
	INIT_WORK(&vbd->fail_work, bf_link_fail);
	INIT_DEFERRABLE_WORK(&vbd->trim_work, bf_link_trim);
}

void pvio_bf_link_exit(struct pvio_bf_vbd *vbd)
{
	pvio_bf_link_halt(vbd);
	cancel_work_sync(&vbd->fail_work);
	cancel_delayed_work_sync(&vbd->trim_work);
}
