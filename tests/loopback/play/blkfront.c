// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block frontend played by tests.
 */
#include "tests/loopback/play/blkfront.h"

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <xen/interface/io/protocols.h>

#include "xenbus/channel.h"
#include "xenbus/grants.h"

/**
 * struct guest_queue - one queue
 * @shared: the ring's pages
 * @event: the event channel
 * @heard: an event came
 * @req_prod: next request to put
 * @rsp_cons: next answer to take
 */
struct guest_queue {
	struct pvio_shared shared;
	struct pvio_event event;
	struct completion heard;
	u32 req_prod;
	u32 rsp_cons;
};

/**
 * struct guest - the one frontend
 * @pair: both ends
 * @queues: its queues
 * @pages: pages for data, and one for descriptors
 * @refs: their references
 * @next_id: of the next request
 */
static struct guest {
	struct loop_pair *pair;
	struct guest_queue queues[GUEST_QUEUES];
	struct page *pages[GUEST_PAGES + 1];
	u32 refs[GUEST_PAGES + 1];
	u64 next_id;
} guest;

struct blk_guest_plan blk_guest_plan;

/* Held by who works on a ring that may go meanwhile, and by who takes it away. */
static DEFINE_MUTEX(rings);

static irqreturn_t hear(int irq, void *arg)
{
	struct guest_queue *q = arg;

	complete(&q->heard);
	pvio_event_done(&q->event, true);
	return IRQ_HANDLED;
}

static int probe(struct pvio_device *pdev)
{
	return 0;
}

/* With several queues each has a directory of its own. */
static void write_number(unsigned int queue, const char *name, u32 value)
{
	const char *own = guest.pair->front.own;
	char dir[80], text[12];

	if (blk_guest_plan.queues > 1)
		snprintf(dir, sizeof(dir), "%s/queue-%u", own, queue);
	else
		strscpy(dir, own, sizeof(dir));
	snprintf(text, sizeof(text), "%u", value);
	pvio_loop_put(dir, name, text);
}

static void write_refs(unsigned int i, const struct guest_queue *q)
{
	unsigned int page;
	char name[16];
	u32 ref;

	for (page = 0; page < q->shared.nr_pages; page++) {
		ref = q->shared.refs[page];
		if (!i && !page && blk_guest_plan.ref)
			ref = blk_guest_plan.ref;
		snprintf(name, sizeof(name), "ring-ref%u", page);
		if (q->shared.nr_pages == 1 && !blk_guest_plan.numbered)
			strscpy(name, "ring-ref", sizeof(name));
		write_number(i, name, ref);
	}
}

static int open_queue(struct pvio_device *pdev, unsigned int i)
{
	struct guest_queue *q = &guest.queues[i];
	struct pvio_ring_shared *ring;
	int err;

	err = pvio_shared_grant(pdev, &q->shared, 1 << blk_guest_plan.order);
	if (err)
		return err;
	ring = q->shared.vaddr;
	q->req_prod = blk_guest_plan.first;
	q->rsp_cons = blk_guest_plan.first;
	ring->req_prod = blk_guest_plan.first + blk_guest_plan.claimed;
	ring->rsp_prod = blk_guest_plan.first;
	ring->req_event = blk_guest_plan.first + 1;
	ring->rsp_event = blk_guest_plan.first + 1;
	init_completion(&q->heard);
	q->event.handler = hear;
	q->event.arg = q;
	err = pvio_event_open(pdev, &q->event);
	if (err)
		return err;
	write_refs(i, q);
	write_number(i, "event-channel", blk_guest_plan.port ?: q->event.port);
	return 0;
}

static const char *protocol(void)
{
	if (blk_guest_plan.protocol)
		return blk_guest_plan.protocol;
	return blk_guest_plan.abi == PVIO_BLK_ABI_32 ?
		XEN_IO_PROTO_ABI_X86_32 : XEN_IO_PROTO_ABI_X86_64;
}

/* What an earlier guest left behind does not count. */
static void clear_keys(void)
{
	static const char *const names[] = {
		"ring-ref", "ring-ref0", "ring-ref1", "event-channel",
		"ring-page-order", "multi-queue-num-queues", "protocol",
		"feature-persistent", "queue-0/ring-ref", "queue-1/ring-ref",
		"queue-0/event-channel", "queue-1/event-channel",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		pvio_loop_remove(guest.pair->front.own, names[i]);
}

static void write_number_if(bool wanted, const char *name, u32 value)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", value);
	if (wanted)
		pvio_loop_put(guest.pair->front.own, name, text);
}

static void write_planned(const struct blk_guest_key *key)
{
	const char *own = guest.pair->front.own;

	if (!key->name)
		return;
	if (key->data)
		pvio_loop_put_bytes(own, key->name, key->data,
				    key->len ?: strlen(key->data));
	else
		pvio_loop_remove(own, key->name);
}

static void write_device_keys(void)
{
	const struct blk_guest_plan *plan = &blk_guest_plan;
	unsigned int i;

	write_number_if(plan->queues > 1, "multi-queue-num-queues",
			plan->queues);
	write_number_if(plan->order || plan->numbered, "ring-page-order",
			plan->order);
	write_number_if(true, "feature-persistent", plan->persistent);
	if (*protocol())
		pvio_loop_put(guest.pair->front.own, "protocol", protocol());
	for (i = 0; i < GUEST_KEYS; i++)
		write_planned(&plan->keys[i]);
}

static int publish(struct pvio_device *pdev)
{
	unsigned int i;
	int err = 0;

	clear_keys();
	for (i = 0; i < blk_guest_plan.queues && !err; i++)
		err = open_queue(pdev, i);
	write_device_keys();
	return err;
}

static int connect(struct pvio_device *pdev)
{
	return 0;
}

static bool disconnect(struct pvio_device *pdev)
{
	unsigned int i;

	mutex_lock(&rings);
	for (i = 0; i < GUEST_QUEUES; i++) {
		pvio_event_close(&guest.queues[i].event);
		pvio_shared_close(pdev, &guest.queues[i].shared);
	}
	mutex_unlock(&rings);
	return true;
}

static bool closing(struct pvio_device *pdev)
{
	return true;
}

static void remove(struct pvio_device *pdev)
{
}

static struct pvio_driver driver = {
	.name = "pvio-blk-guest",
	.type = "vbd",
	.role = PVIO_FRONT_LATE,
	.owner = THIS_MODULE,
	.probe = probe,
	.publish = publish,
	.connect = connect,
	.disconnect = disconnect,
	.closing = closing,
	.remove = remove,
};

void blk_guest_plan_anew(enum pvio_blk_abi abi)
{
	blk_guest_plan = (struct blk_guest_plan){ .abi = abi, .queues = 1 };
}

int blk_guest_start(struct loop_pair *pair)
{
	unsigned int i;

	memset(&guest, 0, sizeof(guest));
	guest.pair = pair;
	blk_guest_plan_anew(PVIO_BLK_ABI_64);
	for (i = 0; i <= GUEST_PAGES; i++) {
		guest.pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!guest.pages[i])
			return -ENOMEM;
		guest.refs[i] = pvio_loop_raw_grant(guest.pages[i], false);
	}
	return pvio_register_driver(&driver);
}

unsigned int blk_guest_stop(void)
{
	unsigned int i, stuck = 0;

	pvio_unregister_driver(&driver);
	for (i = 0; i <= GUEST_PAGES; i++) {
		if (!guest.pages[i])
			continue;
		if (pvio_loop_raw_ungrant(guest.refs[i]))
			__free_page(guest.pages[i]);
		else
			stuck++;
	}
	return stuck;
}

int blk_guest_begin_anew(void)
{
	struct pvio_device *pdev = guest.pair->front.pdev;
	struct guest_queue old;
	int err;

	mutex_lock(&rings);
	old = guest.queues[0];
	memset(&guest.queues[0], 0, sizeof(old));
	err = open_queue(pdev, 0);
	pvio_event_close(&old.event);
	pvio_shared_close(pdev, &old.shared);
	mutex_unlock(&rings);
	pvio_loop_set_state(&guest.pair->front, XenbusStateConnected);
	return err;
}

void *blk_guest_page(unsigned int i)
{
	return page_address(guest.pages[i]);
}

u32 blk_guest_ref(unsigned int i)
{
	return guest.refs[i % GUEST_PAGES];
}

struct blkif_request_segment *blk_guest_table(void)
{
	return page_address(guest.pages[GUEST_PAGES]);
}

u32 blk_guest_table_ref(void)
{
	return guest.refs[GUEST_PAGES];
}

struct pvio_ring_shared *blk_guest_shared(unsigned int q)
{
	return guest.queues[q].shared.vaddr;
}

static const struct pvio_ring_type *ring_type(void)
{
	return pvio_blk_ring_type(blk_guest_plan.abi);
}

u32 blk_guest_slots(void)
{
	return pvio_ring_slots(ring_type(),
			       PVIO_BLK_PAGE << blk_guest_plan.order);
}

const struct pvio_event *blk_guest_event(unsigned int q)
{
	return &guest.queues[q].event;
}

static void fill_seg(struct blkif_request_segment *seg, unsigned int i)
{
	*seg = (struct blkif_request_segment){
		.gref = blk_guest_ref(i), .first_sect = 0, .last_sect = 7,
	};
}

struct blkif_request blk_guest_direct(u8 op, u64 sector, unsigned int nr)
{
	struct blkif_request req = { .operation = op };
	unsigned int i;

	req.u.rw.nr_segments = nr;
	req.u.rw.id = guest.next_id++;
	req.u.rw.sector_number = sector;
	for (i = 0; i < min_t(unsigned int, nr, PVIO_BLK_DIRECT_MAX); i++)
		fill_seg(&req.u.rw.seg[i], i);
	return req;
}

struct blkif_request blk_guest_indirect(u8 op, u64 sector, unsigned int nr)
{
	struct blkif_request req = { .operation = BLKIF_OP_INDIRECT };
	unsigned int i;

	req.u.indirect.indirect_op = op;
	req.u.indirect.nr_segments = nr;
	req.u.indirect.id = guest.next_id++;
	req.u.indirect.sector_number = sector;
	for (i = 0; i < BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST; i++)
		req.u.indirect.indirect_grefs[i] = blk_guest_table_ref();
	for (i = 0; i < PVIO_BLK_SEGS_PER_PAGE; i++)
		fill_seg(&blk_guest_table()[i], i);
	return req;
}

struct blkif_request blk_guest_discard(u64 sector, u64 sectors, u8 flag)
{
	struct blkif_request req = { .operation = BLKIF_OP_DISCARD };

	req.u.discard.flag = flag;
	req.u.discard.id = guest.next_id++;
	req.u.discard.sector_number = sector;
	req.u.discard.nr_sectors = sectors;
	return req;
}

static void *slot_of(unsigned int q, u32 index)
{
	return blk_guest_shared(q)->slots +
	       (index & (blk_guest_slots() - 1)) * ring_type()->slot_size;
}

/*
 * Where the ring is gone nothing is put, and no answer comes.  The 32-bit
 * layout lacks the word of padding before the id.
 */
void blk_guest_put(unsigned int q, const struct blkif_request *req)
{
	const u8 *bytes = (const u8 *)req;
	u8 *slot;

	if (!blk_guest_shared(q))
		return;
	slot = slot_of(q, guest.queues[q].req_prod++);
	if (blk_guest_plan.abi == PVIO_BLK_ABI_64) {
		memcpy(slot, bytes, sizeof(*req));
		return;
	}
	memcpy(slot, bytes, 4);
	memcpy(slot + 4, bytes + 8, sizeof(*req) - 8);
}

void blk_guest_push(unsigned int q)
{
	if (!blk_guest_shared(q))
		return;
	/* Requests before the index. */
	virt_wmb();
	WRITE_ONCE(blk_guest_shared(q)->req_prod, guest.queues[q].req_prod);
	pvio_event_notify(&guest.queues[q].event);
}

static bool wait_for_answer(struct guest_queue *q)
{
	struct pvio_ring_shared *ring = q->shared.vaddr;
	unsigned int try;

	if (!ring)
		return false;
	WRITE_ONCE(ring->rsp_event, q->rsp_cons + 1);
	/* The threshold before the last look. */
	virt_mb();
	for (try = 0; try < 100; try++) {
		if (READ_ONCE(ring->rsp_prod) != q->rsp_cons)
			return true;
		wait_for_completion_timeout(&q->heard,
					    msecs_to_jiffies(20));
	}
	return false;
}

bool blk_guest_take(unsigned int q, struct blkif_response *rsp)
{
	memset(rsp, 0, sizeof(*rsp));
	if (!wait_for_answer(&guest.queues[q]))
		return false;
	/* The index before the answer. */
	virt_rmb();
	memcpy(rsp, slot_of(q, guest.queues[q].rsp_cons++),
	       ring_type()->rsp_size);
	return true;
}

/* Answers name the operation inside an indirect request. */
static u8 echo_of(const struct blkif_request *req)
{
	return req->operation == BLKIF_OP_INDIRECT ?
		req->u.indirect.indirect_op : req->operation;
}

s16 blk_guest_ask(const struct blkif_request *req)
{
	struct blkif_response rsp;

	blk_guest_put(0, req);
	blk_guest_push(0);
	if (!blk_guest_take(0, &rsp))
		return GUEST_SILENCE;
	if (rsp.id != req->u.rw.id || rsp.operation != echo_of(req))
		return GUEST_SILENCE;
	return rsp.status;
}

u32 blk_guest_owed(unsigned int q)
{
	if (!blk_guest_shared(q))
		return blk_guest_slots();
	return guest.queues[q].req_prod -
	       READ_ONCE(blk_guest_shared(q)->rsp_prod);
}

void blk_guest_work(void (*work)(const void *arg), const void *arg)
{
	mutex_lock(&rings);
	if (blk_guest_shared(0))
		work(arg);
	mutex_unlock(&rings);
}

void blk_guest_regrant(unsigned int a, unsigned int b)
{
	pvio_loop_raw_swap(guest.refs[a], guest.pages[b]);
	pvio_loop_raw_swap(guest.refs[b], guest.pages[a]);
	swap(guest.pages[a], guest.pages[b]);
}
