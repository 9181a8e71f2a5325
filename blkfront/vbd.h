/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * One virtual disk as the frontend holds it: the device on the bus, what was
 * agreed with the backend, the queues, and the disk that Linux sees.
 *
 * Locks, outermost first:
 *   pdev->lock		the engine and every driver callback
 *   vbd->link_lock	who may use the queues; taken by workers, too
 *   q->lock		one queue's ring, ids and pool
 */
#ifndef PVIO_BLKFRONT_VBD_H
#define PVIO_BLKFRONT_VBD_H

#include <linux/blk-mq.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "keys.h"
#include "vdevice.h"

struct dentry;
struct pvio_bf_stats;
struct pvio_bf_queue;
struct pvio_device;

/**
 * enum pvio_bf_link - what happens to a request of the block layer
 * @PVIO_BF_LINK_HELD: it waits: no backend now, one is expected
 * @PVIO_BF_LINK_UP: it goes to the backend
 * @PVIO_BF_LINK_FAILED: it fails: the backend broke the protocol, or is gone
 *	for good
 */
enum pvio_bf_link {
	PVIO_BF_LINK_HELD,
	PVIO_BF_LINK_UP,
	PVIO_BF_LINK_FAILED,
};

/**
 * struct pvio_bf_vbd - one virtual disk
 * @pdev: its device on the bus, not to be used once that is gone
 * @ref: one for the device, one for the disk while it is added
 * @place: number, name and minors
 * @shape: what the backend can serve; pdev->lock
 * @narrow: it has one queue and one ring page, since there are many disks
 * @ring_order: pages of each ring as a power of two; pdev->lock
 * @geometry: what the backend's disk is; written by connect under pdev->lock,
 *	before the link goes up
 * @persistent: own feature-persistent as published; pdev->lock
 * @trusted: the backend may see the guest's own pages; pdev->lock
 * @copy: data always goes through pages of the pools; set while the link is
 *	down
 * @max_segs: most segments of a request; set while the link is down
 * @flush_op: what a flush is sent as, 0 when the backend has none; cleared by
 *	any completion that learns so
 * @discard: discards are sent; cleared likewise
 * @queues: array of @nr_queues
 * @nr_queues: 0 while there are none; both change under @link_lock with the
 *	link not up
 * @poll_queues: most polled queues
 * @first_polled: queues from this one on are polled; pdev->lock, the same for
 *	as long as there is a disk
 * @stats: one for each of the most queues there can be, kept over reconnects
 * @nr_stats: how many that are
 * @debugfs: its directory there; device's lock
 * @link_lock: covers @link and @quiesced
 * @link: written under @link_lock and, when going down, before the block
 *	layer has been waited for; read anywhere
 * @epoch: counts connections; changes while no request is in a queue
 * @quiesced: the block layer was told to hold requests back
 * @leaving: the disk is being removed; a time-out then ends in failure
 * @unwanted: the toolstack wants to take the disk away while it is in use;
 *	written under pdev->lock
 * @unwanted_at: since when, in jiffies; pdev->lock
 * @refused: the toolstack was told; pdev->lock
 * @parting: the backend closes when the queues are answered; written under
 *	pdev->lock
 * @parting_until: or at this time, in jiffies; pdev->lock
 * @fail_work: fails everything after a fault, without pdev->lock
 * @trim_work: gives idle memory of the queues back while the link is up
 * @tags: requests
 * @disk: NULL while there is none; pdev->lock
 * @added: the disk was made known to Linux; written by @add_work
 * @dead: the disk was marked dead and must be made anew to be used again;
 *	pdev->lock
 * @claimed: nobody may open it any more; written under the disk's open_mutex
 * @refresh_work: gives the disk its limits when somebody else was at them
 * @add_work: makes the disk known, which reads its partition table
 */
struct pvio_bf_vbd {
	struct pvio_device *pdev;
	struct kref ref;
	struct pvio_bf_vdevice place;

	bool narrow;
	struct pvio_bf_shape shape;
	unsigned int ring_order;
	struct pvio_bf_geometry geometry;
	bool persistent;
	bool trusted;
	bool copy;
	unsigned int max_segs;
	u8 flush_op;
	bool discard;

	struct pvio_bf_queue *queues;
	unsigned int nr_queues;
	unsigned int poll_queues;
	unsigned int first_polled;
	struct pvio_bf_stats *stats;
	unsigned int nr_stats;
	struct dentry *debugfs;

	/* Link and array of queues. */
	struct mutex link_lock;
	enum pvio_bf_link link;
	u32 epoch;
	bool quiesced;
	bool leaving;
	bool unwanted;
	unsigned long unwanted_at;
	bool refused;
	bool parting;
	unsigned long parting_until;
	struct work_struct fail_work;
	struct delayed_work trim_work;

	struct blk_mq_tag_set tags;
	struct gendisk *disk;
	bool added;
	bool dead;
	bool claimed;
	struct delayed_work refresh_work;
	struct work_struct add_work;
};

/* The module's own works; they have a thread when there is no memory for one. */
extern struct workqueue_struct *pvio_bf_vbd_wq;

/**
 * pvio_bf_vbd_init() - make what all disks share
 * Return: 0 or -ENOMEM.
 */
int pvio_bf_vbd_init(void);

/**
 * pvio_bf_vbd_exit() - the reverse; there are no disks
 */
void pvio_bf_vbd_exit(void);

/**
 * pvio_bf_vbd_alloc() - a virtual disk without queues and disk
 * @pdev: its device
 *
 * The caller prepares its link and its disk.
 * Context: may sleep. Return: it, with one reference, or NULL.
 */
struct pvio_bf_vbd *pvio_bf_vbd_alloc(struct pvio_device *pdev);

/**
 * pvio_bf_vbd_get() - take a reference
 * @vbd: the virtual disk
 */
void pvio_bf_vbd_get(struct pvio_bf_vbd *vbd);

/**
 * pvio_bf_vbd_put() - drop a reference; the last one frees
 * @vbd: the virtual disk
 */
void pvio_bf_vbd_put(struct pvio_bf_vbd *vbd);

#endif /* PVIO_BLKFRONT_VBD_H */
