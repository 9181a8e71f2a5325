/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the block frontend reads and writes in xenstore: every key, its range,
 * and what two of them together may be; so that everything behind this file
 * can rely on the values.
 */
#ifndef PVIO_BLKFRONT_KEYS_H
#define PVIO_BLKFRONT_KEYS_H

#include <linux/types.h>

struct pvio_device;
struct pvio_bf_vbd;

/**
 * struct pvio_bf_wishes - what the toolstack wrote for this end
 * @number: virtual device number, or NO_NUMBER
 * @number_ext: another place for it
 * @type: "disk" or "cdrom"
 * @trusted: the backend may see the guest's own pages
 */
struct pvio_bf_wishes {
	u32 number;
	u32 number_ext;
	char type[16];
	bool trusted;
};

/**
 * struct pvio_bf_shape - how the rings may look; known before anything is
 *	published
 * @max_queues: most queues; 0 means 1
 * @max_order: most pages of a ring as a power of two, 0 to 31
 */
struct pvio_bf_shape {
	u32 max_queues;
	u32 max_order;
};

/**
 * struct pvio_bf_geometry - what the disk is; known when the backend is
 *	connected
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
 * @max_segs: most segments of an indirect request, 0 for none
 */
struct pvio_bf_geometry {
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
	u32 max_segs;
};

/**
 * pvio_bf_keys_read_wishes() - read what the toolstack wrote
 * @pdev: the device
 * @wishes: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bf_keys_read_wishes(struct pvio_device *pdev,
			     struct pvio_bf_wishes *wishes);

/**
 * pvio_bf_keys_number() - the disk's virtual device number
 * @wishes: what the toolstack wrote
 * @number: stored, wherever it was written
 * Return: 0 or, where it was not, -ENOENT.
 */
int pvio_bf_keys_number(const struct pvio_bf_wishes *wishes, u32 *number);

/**
 * pvio_bf_keys_detached() - does the toolstack take the device away for good?
 * @pdev: the device
 * Context: may sleep.
 */
bool pvio_bf_keys_detached(struct pvio_device *pdev);

/**
 * pvio_bf_keys_read_shape() - read what the backend can serve
 * @pdev: the device
 * @shape: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bf_keys_read_shape(struct pvio_device *pdev,
			    struct pvio_bf_shape *shape);

/**
 * pvio_bf_keys_publish() - write rings, event channels and features
 * @vbd: the virtual disk, its queues open
 *
 * All in one transaction. Keys of an earlier connection that would now say
 * something else are removed first.
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bf_keys_publish(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_keys_read_geometry() - read and check what the disk is
 * @pdev: the device
 * @geometry: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bf_keys_read_geometry(struct pvio_device *pdev,
			       struct pvio_bf_geometry *geometry);

#endif /* PVIO_BLKFRONT_KEYS_H */
