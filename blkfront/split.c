// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests too large for a backend met later: their bios are submitted again
 * from a worker, and the block layer splits them by the new limits.  Flush and
 * FUA marks are on the bios, so no ordering is lost.
 */
#include "split.h"

#include <linux/bio.h>
#include <linux/blk-mq.h>

#include "pvio_compat.h"
#include "vbd.h"

static void submit(struct work_struct *work)
{
	struct pvio_vbd *vbd = container_of(work, struct pvio_vbd, split_work);
	struct bio_list bios;
	struct bio *bio;

	spin_lock(&vbd->split_lock);
	bios = vbd->split;
	bio_list_init(&vbd->split);
	spin_unlock(&vbd->split_lock);
	while ((bio = bio_list_pop(&bios)))
		submit_bio_noacct(bio);
}

void pvio_split_init(struct pvio_vbd *vbd)
{
	spin_lock_init(&vbd->split_lock);
	bio_list_init(&vbd->split);
	INIT_WORK(&vbd->split_work, submit);
}

blk_status_t pvio_split_request(struct pvio_vbd *vbd, struct request *rq)
{
	spin_lock(&vbd->split_lock);
	blk_steal_bios(&vbd->split, rq);
	spin_unlock(&vbd->split_lock);
	blk_mq_end_request(rq, BLK_STS_OK);
	queue_work(system_dfl_wq, &vbd->split_work);
	return BLK_STS_OK;
}
