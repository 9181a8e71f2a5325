/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a block frontend writes for its backend.
 */
#ifndef PVIO_BLKFRONT_PUBLISH_H
#define PVIO_BLKFRONT_PUBLISH_H

struct pvio_vbd;

/**
 * pvio_publish_keys() - write rings, event channels and features
 * @vbd: the virtual disk, its queues open
 *
 * All in one transaction. Keys of an earlier connection that would now say
 * something else are removed first.
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_publish_keys(struct pvio_vbd *vbd);

#endif /* PVIO_BLKFRONT_PUBLISH_H */
