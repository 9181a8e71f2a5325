// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend played by tests.
 */
#include "tests/loopback/play/blkback.h"

#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat/pvio_compat.h"
#include "ring/ring.h"
#include "xenbus/channel.h"

/**
 * struct blk_peer - the backend of the one device
 * @pdev: its device; NULL while unbound
 * @pair: both ends
 * @ring_pages: the ring
 * @event: the event channel
 * @ring: this end of the ring
 * @work: serves the ring
 * @lock: covers all that follows and @ring
 * @up: connected
 * @held: requests taken and not answered
 * @nr_held: how many
 * @log: first sectors of what was done
 * @nr_log: how many
 * @done: per operation how many
 * @data: the disk
 * @seg: room for the segments of one request
 */
struct blk_peer {
	struct pvio_device *pdev;
	struct loop_pair *pair;
	struct pvio_shared ring_pages;
	struct pvio_event event;
	struct pvio_back_ring ring;
	struct work_struct work;
	struct mutex lock;	/* what follows and the ring */
	bool up;
	struct pvio_blk_req held[PEER_HELD_MAX];
	unsigned int nr_held;
	u64 log[PEER_LOG_MAX];
	unsigned int nr_log;
	unsigned int done[8];
	u8 *data;
	struct pvio_blk_seg seg[PVIO_BLK_SEGS_MAX];
};

struct blk_peer_plan blk_peer_plan;
static struct blk_peer peer;

static const struct blk_peer_key usual_keys[] = {
	{ "sectors", __stringify(PEER_SECTORS) },
	{ "sector-size", "512" },
	{ "info", "0" },
	{ "feature-flush-cache", "1" },
	{ "feature-persistent", "1" },
	{ "feature-max-indirect-segments", "256" },
};

void blk_peer_plan_key(const char *name, const char *text)
{
	struct blk_peer_key *key;

	key = &blk_peer_plan.keys[blk_peer_plan.nr_keys++];
	key->name = name;
	key->text = text;
}

static void write_key(const struct blk_peer_key *key)
{
	if (key->text)
		pvio_loop_put(peer.pair->back.own, key->name, key->text);
	else
		pvio_loop_remove(peer.pair->back.own, key->name);
}

static void write_keys(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(usual_keys); i++)
		write_key(&usual_keys[i]);
	for (i = 0; i < blk_peer_plan.nr_keys; i++)
		write_key(&blk_peer_plan.keys[i]);
}

/*
 * Copies one segment; false when its page is not to be had.  It is mapped, or a
 * frontend that has had enough might free it meanwhile.
 */
static bool move_seg(const struct pvio_blk_seg *seg, bool write, u8 *disk)
{
	struct page *page = pvio_loop_raw_map(seg->gref, write);
	u8 *mem;

	if (!page)
		return false;
	mem = (u8 *)page_address(page) + seg->first * 512;
	if (write)
		memcpy(disk, mem, seg->count * 512);
	else
		memcpy(mem, disk, seg->count * 512);
	pvio_loop_raw_unmap(seg->gref);
	return true;
}

static const struct pvio_blk_seg *find_segs(const struct pvio_blk_req *req)
{
	struct page *page;

	if (!req->indirect)
		return req->seg;
	page = pvio_loop_granted_page(req->page[0]);
	if (!page || pvio_blk_parse_segs(page_address(page), req->nr_segs,
					 peer.seg))
		return NULL;
	return peer.seg;
}

static s16 move(const struct pvio_blk_req *req)
{
	const struct pvio_blk_seg *seg = find_segs(req);
	u64 at = req->sector;
	unsigned int i;

	for (i = 0; seg && i < req->nr_segs; i++) {
		if (at + seg[i].count > PEER_SECTORS ||
		    !move_seg(&seg[i], req->op != BLKIF_OP_READ,
			      peer.data + at * 512))
			return BLKIF_RSP_ERROR;
		at += seg[i].count;
	}
	return seg ? BLKIF_RSP_OKAY : BLKIF_RSP_ERROR;
}

static s16 execute(const struct pvio_blk_req *req)
{
	unsigned int op = req->op & 7;

	peer.done[op]++;
	if (blk_peer_plan.status[op])
		return blk_peer_plan.status[op];
	if (!req->nr_segs)
		return BLKIF_RSP_OKAY;
	if (peer.nr_log < PEER_LOG_MAX)
		peer.log[peer.nr_log++] = req->sector;
	return move(req);
}

static void answer(const struct pvio_blk_req *req)
{
	pvio_blk_answer(&peer.ring, PVIO_BLK_ABI_64, req->id, req->wire_op,
			execute(req));
}

static void publish(void)
{
	if (pvio_back_push(&peer.ring))
		pvio_event_notify(&peer.event);
}

static void take_requests(void)
{
	struct pvio_blk_req req;
	enum pvio_verdict v;

	while ((v = pvio_blk_take(&peer.ring, PVIO_BLK_ABI_64, &req)) !=
	       PVIO_EMPTY) {
		if (blk_peer_plan.hold && v == PVIO_OK &&
		    peer.nr_held < PEER_HELD_MAX)
			peer.held[peer.nr_held++] = req;
		else if (v == PVIO_OK)
			answer(&req);
		else
			pr_err("peer: bad request: %s\n", req.reason);
	}
}

static void serve(struct work_struct *work)
{
	mutex_lock(&peer.lock);
	if (peer.up) {
		do {
			pvio_back_poll(&peer.ring);
			take_requests();
		} while (pvio_back_arm(&peer.ring, 1) == PVIO_OK);
		publish();
		pvio_event_done(&peer.event, true);
	}
	mutex_unlock(&peer.lock);
}

static irqreturn_t heard(int irq, void *arg)
{
	queue_work(system_percpu_wq, &peer.work);
	return IRQ_HANDLED;
}

static int probe(struct pvio_device *pdev)
{
	peer.pdev = pdev;
	pvio_loop_put(peer.pair->back.own, "max-ring-page-order", "0");
	write_keys();
	return 0;
}

static int open_channel(struct pvio_device *pdev)
{
	const char *front = peer.pair->front.own;
	u32 ref = pvio_loop_number(front, "ring-ref");
	int err;

	err = pvio_shared_map(pdev, &peer.ring_pages, &ref, 1);
	if (err)
		return err;
	err = pvio_back_attach(&peer.ring, pvio_blk_ring_type(PVIO_BLK_ABI_64),
			       peer.ring_pages.vaddr, peer.ring_pages.bytes);
	if (err)
		return err;
	peer.event.handler = heard;
	return pvio_event_bind(pdev, &peer.event,
			       pvio_loop_number(front, "event-channel"));
}

static int connect(struct pvio_device *pdev)
{
	int err;

	write_keys();
	mutex_lock(&peer.lock);
	err = open_channel(pdev);
	peer.up = !err;
	mutex_unlock(&peer.lock);
	return err;
}

static bool disconnect(struct pvio_device *pdev)
{
	mutex_lock(&peer.lock);
	peer.up = false;
	peer.nr_held = 0;
	mutex_unlock(&peer.lock);
	cancel_work_sync(&peer.work);
	pvio_event_close(&peer.event);
	cancel_work_sync(&peer.work);
	pvio_shared_close(pdev, &peer.ring_pages);
	return true;
}

static void remove(struct pvio_device *pdev)
{
	peer.pdev = NULL;
}

static struct pvio_driver driver = {
	.name = "pvio-blk-peer",
	.type = "vbd",
	.role = PVIO_BACK,
	.owner = THIS_MODULE,
	.probe = probe,
	.connect = connect,
	.disconnect = disconnect,
	.remove = remove,
};

int blk_peer_start(struct loop_pair *pair)
{
	memset(&peer, 0, sizeof(peer));
	memset(&blk_peer_plan, 0, sizeof(blk_peer_plan));
	peer.pair = pair;
	mutex_init(&peer.lock);
	INIT_WORK(&peer.work, serve);
	peer.data = vzalloc(PEER_SECTORS * 512);
	if (!peer.data)
		return -ENOMEM;
	return pvio_register_driver(&driver);
}

void blk_peer_stop(void)
{
	pvio_unregister_driver(&driver);
	vfree(peer.data);
}

bool blk_peer_wait_held(unsigned int nr)
{
	unsigned int try;

	for (try = 0; try < 200; try++) {
		if (READ_ONCE(peer.nr_held) >= nr)
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}

const struct pvio_blk_req *blk_peer_held(unsigned int i)
{
	return &peer.held[i];
}

void blk_peer_release(void)
{
	unsigned int i;

	mutex_lock(&peer.lock);
	blk_peer_plan.hold = false;
	for (i = 0; i < peer.nr_held; i++)
		answer(&peer.held[i]);
	peer.nr_held = 0;
	if (peer.up)
		publish();
	mutex_unlock(&peer.lock);
}

/* Where the ring is gone nothing is done to it. */
void blk_peer_answer(u64 id, u8 op, s16 status)
{
	mutex_lock(&peer.lock);
	if (peer.up) {
		pvio_blk_answer(&peer.ring, PVIO_BLK_ABI_64, id, op, status);
		pvio_back_push(&peer.ring);
		pvio_event_notify(&peer.event);
	}
	mutex_unlock(&peer.lock);
}

void blk_peer_touch(void (*touch)(void *page, const void *arg), const void *arg)
{
	mutex_lock(&peer.lock);
	if (peer.up) {
		touch(peer.ring_pages.vaddr, arg);
		pvio_event_notify(&peer.event);
	}
	mutex_unlock(&peer.lock);
}

static void move_index(void *page, const void *by)
{
	struct pvio_ring_shared *shared = page;

	WRITE_ONCE(shared->rsp_prod, shared->rsp_prod + *(const s32 *)by);
}

void blk_peer_move_index(s32 by)
{
	blk_peer_touch(move_index, &by);
}

struct pvio_ring_shared *blk_peer_shared(void)
{
	return peer.ring_pages.vaddr;
}

const struct pvio_event *blk_peer_event(void)
{
	return &peer.event;
}

u64 blk_peer_logged(unsigned int i)
{
	return peer.log[i];
}

void blk_peer_forget(void)
{
	mutex_lock(&peer.lock);
	peer.nr_log = 0;
	memset(peer.done, 0, sizeof(peer.done));
	mutex_unlock(&peer.lock);
}

unsigned int blk_peer_done(u8 op)
{
	return READ_ONCE(peer.done[op & 7]);
}
