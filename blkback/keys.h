/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the block backend reads and writes in xenstore: every key, its range,
 * and what two of them together may be.
 */
#ifndef PVIO_BLKBACK_KEYS_H
#define PVIO_BLKBACK_KEYS_H

#include <linux/types.h>

#include "ring/blkif.h"
#include "xenbus/channel.h"

struct pvio_device;

/**
 * struct pvio_bb_wishes - what the toolstack wrote for this end
 * @device: number of the device that backs the disk, empty until it is known
 * @mode: with a 'w' in it: the guest may write
 * @name: the disk's in the guest
 * @discard: the guest may discard
 */
struct pvio_bb_wishes {
	char device[24];
	char mode[16];
	char name[32];
	bool discard;
};

/**
 * struct pvio_bb_shape - how the rings may look; offered before the frontend
 *	chooses
 * @max_queues: most queues
 * @max_order: most pages of a ring as a power of two
 * @max_segs: most segments of a request; told that early, though the other end
 *	takes it for one of the disk's keys
 */
struct pvio_bb_shape {
	u32 max_queues;
	u32 max_order;
	u32 max_segs;
};

/**
 * struct pvio_bb_choice - what the frontend chose
 * @abi: layout of its rings
 * @cdrom: the toolstack calls the disk a CD-ROM
 * @nr_queues: how many queues
 * @ring_pages: pages of each ring
 * @numbered: it wrote the order, so a single page is ring-ref0
 * @persistent: it uses the same pages again, which may stay mapped
 */
struct pvio_bb_choice {
	enum pvio_blk_abi abi;
	bool cdrom;
	unsigned int nr_queues;
	unsigned int ring_pages;
	bool numbered;
	bool persistent;
};

/**
 * struct pvio_bb_ring - what a frontend wrote about one queue
 * @port: event channel
 * @refs: one for each page, PVIO_NO_GRANT where there was none
 */
struct pvio_bb_ring {
	u32 port;
	u32 refs[PVIO_RING_PAGES_MAX];
};

/**
 * struct pvio_bb_geometry - what the disk is; written when connected, and when
 *	it changes
 * @sectors: its size in units of 512 bytes
 * @info: VDISK_* bits
 * @block: logical block in bytes
 * @physical_block: physical block in bytes
 * @flush: it takes BLKIF_OP_FLUSH_DISKCACHE
 * @barrier: it takes BLKIF_OP_WRITE_BARRIER
 * @discard: it takes BLKIF_OP_DISCARD
 * @secure: and BLKIF_DISCARD_SECURE with it
 * @granularity: of discards in bytes
 * @alignment: of discards in bytes
 * @persistent: granted pages are kept mapped
 */
struct pvio_bb_geometry {
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
};

/**
 * pvio_bb_keys_read_wishes() - read what the toolstack wrote
 * @pdev: the device
 * @wishes: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bb_keys_read_wishes(struct pvio_device *pdev,
			     struct pvio_bb_wishes *wishes);

/**
 * pvio_bb_keys_parse_device() - the number of the device that backs the disk
 * @wishes: what the toolstack wrote
 * @dev: set to it
 * Return: 0, -EINVAL or -ERANGE.
 */
int pvio_bb_keys_parse_device(const struct pvio_bb_wishes *wishes, dev_t *dev);

/**
 * pvio_bb_keys_write_shape() - offer what the frontend may choose from
 * @pdev: the device
 * @shape: the offer
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_bb_keys_write_shape(struct pvio_device *pdev,
			     struct pvio_bb_shape *shape);

/**
 * pvio_bb_keys_read_choice() - read and check what the frontend chose
 * @pdev: the device
 * @shape: what was offered
 * @choice: filled in
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bb_keys_read_choice(struct pvio_device *pdev,
			     const struct pvio_bb_shape *shape,
			     struct pvio_bb_choice *choice);

/**
 * pvio_bb_keys_read_rings() - read where the rings of all queues are
 * @pdev: the device
 * @choice: what the frontend chose; @numbered is corrected
 * @rings: filled in, one for each queue
 * Context: may sleep. Return: 0 or a negative errno, after one line.
 */
int pvio_bb_keys_read_rings(struct pvio_device *pdev,
			    struct pvio_bb_choice *choice,
			    struct pvio_bb_ring *rings);

/**
 * pvio_bb_keys_read_first_ref() - which rings does the frontend offer now?
 * @pdev: the device
 * @choice: what the frontend chose when its rings were taken
 *
 * As long as those are mapped, others have other references.  One request to
 * xenstore.  Context: may sleep.
 * Return: the reference of the first queue's first page, PVIO_NO_GRANT where it
 * is not to be read.
 */
u32 pvio_bb_keys_read_first_ref(struct pvio_device *pdev,
				const struct pvio_bb_choice *choice);

/**
 * pvio_bb_keys_write_geometry() - tell the frontend what the disk is
 * @pdev: the device
 * @geometry: what to tell
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_bb_keys_write_geometry(struct pvio_device *pdev,
				struct pvio_bb_geometry *geometry);

#endif /* PVIO_BLKBACK_KEYS_H */
