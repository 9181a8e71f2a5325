/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a block backend offers: its keys, read together and checked, so that
 * everything behind this file can rely on the values.
 */
#ifndef PVIO_BLKFRONT_OFFER_H
#define PVIO_BLKFRONT_OFFER_H

#include <linux/types.h>

struct pvio_device;

/**
 * struct pvio_shape - what a backend can serve; known before anything is
 *	published
 * @ring_order: most ring pages as a power of two, 0 to 31
 * @max_queues: most queues; 0 means 1
 */
struct pvio_shape {
	u32 ring_order;
	u32 max_queues;
};

/**
 * struct pvio_offer - the disk; known when the backend is connected
 * @sectors: its size in units of 512 bytes
 * @info: VDISK_* bits
 * @block: logical block in bytes, a power of two, 512 to 4096
 * @physical_block: physical block in bytes, a power of two, at least @block
 * @flush: it takes BLKIF_OP_FLUSH_DISKCACHE
 * @barrier: it takes BLKIF_OP_WRITE_BARRIER
 * @discard: it takes BLKIF_OP_DISCARD
 * @secure: and BLKIF_DISCARD_SECURE with it
 * @granularity: of discards in bytes, 0 or a multiple of @block
 * @alignment: of discards in bytes, below @granularity
 * @persistent: it keeps granted pages mapped
 * @indirect: most segments of an indirect request, 0 for none
 */
struct pvio_offer {
	u64 sectors;
	u32 info;
	u32 block;
	u32 physical_block;
	bool flush;
	bool barrier;
	bool discard;
	bool secure;
	u32 granularity;
	u32 alignment;
	bool persistent;
	u32 indirect;
};

/**
 * pvio_shape_read() - read what the backend can serve
 * @pdev: the device
 * @shape: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_shape_read(struct pvio_device *pdev, struct pvio_shape *shape);

/**
 * pvio_offer_read() - read and check what the disk is
 * @pdev: the device
 * @offer: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_offer_read(struct pvio_device *pdev, struct pvio_offer *offer);

/**
 * pvio_offer_detached() - does the toolstack take the device away for good?
 * @pdev: the device
 * Context: may sleep.
 */
bool pvio_offer_detached(struct pvio_device *pdev);

#endif /* PVIO_BLKFRONT_OFFER_H */
