/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests that were built for a backend with more segments than the present
 * one takes.
 */
#ifndef PVIO_BLKFRONT_SPLIT_H
#define PVIO_BLKFRONT_SPLIT_H

#include <linux/blk_types.h>

struct pvio_vbd;
struct request;

/**
 * pvio_split_init() - nothing to split yet
 * @vbd: the virtual disk
 */
void pvio_split_init(struct pvio_vbd *vbd);

/**
 * pvio_split_request() - have the block layer cut a request anew
 * @vbd: the virtual disk
 * @rq: started; ends here, its bios do not
 *
 * Context: as queue_rq. Return: BLK_STS_OK.
 */
blk_status_t pvio_split_request(struct pvio_vbd *vbd, struct request *rq);

#endif /* PVIO_BLKFRONT_SPLIT_H */
