// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Packets into the slots of the guest, in batches.
 *
 * Per batch: one hypercall to copy, one index published, at most one
 * notification.  Per byte: one copy, by the hypervisor; into a page that is
 * kept mapped, by the CPU, and no hypercall for a batch of such alone.
 */
#include "fill.h"

#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "fit.h"
#include "queue.h"
#include "ring/netif.h"
#include "trace.h"
#include "vif.h"
#include "xenbus/grants.h"

/* Copies of one batch, and about as many as one large packet takes. */
#define OPS		256
#define OPS_PACKET	64
/* Answers that can be owed: a ring's worth. */
#define ANSWERS		256

/**
 * struct answer - a slot taken and not yet answered
 * @id: of the request
 * @end: where data end in the page
 * @gso_size: for that extra info
 * @hash: for that extra info
 * @headroom: for that extra info
 * @offset: where data begin in the page
 * @flags: XEN_NETRXF_*
 * @extra: XEN_NETIF_EXTRA_TYPE_*, 0: a slot of data
 * @type: of segments, or of the hash
 * @more: another extra-info slot follows
 * @failed: a copy to the page failed
 */
struct answer {
	union {
		struct {
			u16 id;
			u16 end;
		};
		u16 gso_size;
		u32 hash;
		u16 headroom;
	};
	u16 offset;
	u16 flags;
	u8 extra;
	u8 type;
	bool more;
	bool failed;
};

/**
 * struct pvio_nb_fill_work - a batch; txq
 * @nr_answers: slots taken
 * @nr_ops: copies planned
 * @nr_statics: copies made already
 * @gref: page being filled
 * @mapped: the same where it is mapped; NULL: it is not
 * @filling: its answer
 * @done: packets planned, to be freed after the copy
 * @copied: copies made for the batch
 * @packets: of the batch
 * @bytes: of the batch
 * @answers: the slots
 * @ops: the copies
 * @op_answer: per copy the answer it is for
 */
struct pvio_nb_fill_work {
	unsigned int nr_answers;
	unsigned int nr_ops;
	unsigned int nr_statics;
	u32 gref;
	u8 *mapped;
	struct answer *filling;
	struct sk_buff_head done;
	unsigned int copied;
	unsigned int packets;
	unsigned int bytes;
	struct answer answers[ANSWERS];
	struct gnttab_copy ops[OPS];
	u16 op_answer[OPS];
};

struct pvio_nb_fill_work *pvio_nb_fill_make(void)
{
	struct pvio_nb_fill_work *work = kvzalloc(sizeof(*work), GFP_KERNEL);

	if (work)
		__skb_queue_head_init(&work->done);
	return work;
}

/* Takes the next slot.  There is one: the caller has seen to it. */
static struct answer *take_slot(struct pvio_nb_queue *q)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	struct pvio_net_rx_slot slot = { .gref = PVIO_NO_GRANT };
	struct answer *a = &work->answers[work->nr_answers++];

	pvio_net_rx_take(&q->rx.ring, &slot);
	*a = (struct answer){ .id = slot.id };
	work->gref = slot.gref;
	return a;
}

static void take_page(struct pvio_nb_queue *q)
{
	struct pvio_nb_fill_work *work = q->rx.work;

	work->filling = take_slot(q);
	work->mapped = pvio_nb_gref_map_find(&q->grefs, work->gref, true);
}

static void copy_now(struct pvio_nb_queue *q)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	unsigned int i;

	if (!work->nr_ops)
		return;
	pvio_copy_batch(work->ops, work->nr_ops, false);
	pvio_nb_did_copy(&q->rx.did, work->nr_ops);
	work->copied += work->nr_ops;
	for (i = 0; i < work->nr_ops; i++)
		if (unlikely(work->ops[i].status != GNTST_okay))
			work->answers[work->op_answer[i]].failed = true;
	work->nr_ops = 0;
}

static void add_op(struct pvio_nb_queue *q, struct page *page, u16 at, u16 len)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	struct pvio_piece to = { work->gref, work->filling->end, len };

	if (unlikely(work->nr_ops == OPS))
		copy_now(q);
	work->op_answer[work->nr_ops] = work->filling - work->answers;
	pvio_copy_to(&work->ops[work->nr_ops++], q->vif->pdev, to, page, at);
}

/* Plans a copy; to a page that is mapped it is made at once. */
static void put_bytes(struct pvio_nb_queue *q, struct page *page, u16 at,
		      u16 len)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	u16 *end = &work->filling->end;

	if (!work->mapped) {
		add_op(q, page, at, len);
	} else {
		memcpy_from_page(work->mapped + *end, page, at, len);
		work->nr_statics++;
	}
	*end += len;
}

/* A slot is filled to the brim before the next is taken. */
static void next_page(struct pvio_nb_queue *q)
{
	struct pvio_nb_fill_work *work = q->rx.work;

	work->filling->flags |= XEN_NETRXF_more_data;
	take_page(q);
}

static void plan_bytes(struct pvio_nb_queue *q, struct page *page,
		       unsigned int at, unsigned int size)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	unsigned int len;

	while (size) {
		if (work->filling->end == PVIO_NET_PAGE)
			next_page(q);
		len = min3(size, PVIO_NET_PAGE - (at & (PVIO_NET_PAGE - 1)),
			   PVIO_NET_PAGE - (unsigned int)work->filling->end);
		put_bytes(q, page + at / PAGE_SIZE, at % PAGE_SIZE, len);
		at += len;
		size -= len;
	}
}

/* All of one skb without those on its frag_list. */
static void plan_one(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	int i;

	plan_bytes(q, virt_to_page(skb->data), offset_in_page(skb->data),
		   skb_headlen(skb));
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		plan_bytes(q, skb_frag_page(frag), skb_frag_off(frag),
			   skb_frag_size(frag));
	}
}

static void plan_gso(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	struct answer *a = take_slot(q);

	a->extra = XEN_NETIF_EXTRA_TYPE_GSO;
	a->type = pvio_nb_fit_gso_type(skb);
	a->gso_size = skb_shinfo(skb)->gso_size;
	a->more = pvio_nb_fill_note(skb)->extras & (PVIO_NB_FILL_HEADROOM |
						    PVIO_NB_FILL_HASH);
}

static void plan_headroom(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	struct answer *a = take_slot(q), *first = q->rx.work->filling;

	a->extra = XEN_NETIF_EXTRA_TYPE_XDP;
	a->headroom = pvio_nb_fill_note(skb)->headroom;
	a->more = pvio_nb_fill_note(skb)->extras & PVIO_NB_FILL_HASH;
	first->offset = a->headroom;
	first->end = a->headroom;
}

static void plan_hash(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	struct answer *a = take_slot(q);

	a->extra = XEN_NETIF_EXTRA_TYPE_HASH;
	a->type = pvio_nb_fill_note(skb)->hash_type;
	a->hash = pvio_nb_fill_note(skb)->hash;
}

/* Extra info takes slots behind the first of the packet, not their pages. */
static void plan_extras(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	u32 gref = work->gref;

	work->filling->flags |= XEN_NETRXF_extra_info;
	if (pvio_nb_fill_note(skb)->extras & PVIO_NB_FILL_GSO)
		plan_gso(q, skb);
	if (pvio_nb_fill_note(skb)->extras & PVIO_NB_FILL_HEADROOM)
		plan_headroom(q, skb);
	if (pvio_nb_fill_note(skb)->extras & PVIO_NB_FILL_HASH)
		plan_hash(q, skb);
	work->gref = gref;
}

static void fill_slots(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	struct sk_buff *more;

	take_page(q);
	work->filling->flags = pvio_nb_fit_checksum_flags(skb);
	if (pvio_nb_fill_note(skb)->extras)
		plan_extras(q, skb);
	plan_one(q, skb);
	skb_walk_frags(skb, more)
		plan_one(q, more);
	work->packets++;
	work->bytes += skb->len;
	__skb_queue_tail(&work->done, skb);
}

static void answer_extra(struct pvio_nb_queue *q, const struct answer *a)
{
	if (a->extra == XEN_NETIF_EXTRA_TYPE_GSO)
		pvio_net_rx_answer_gso(&q->rx.ring, a->type, a->gso_size,
				       a->more);
	else if (a->extra == XEN_NETIF_EXTRA_TYPE_XDP)
		pvio_net_rx_answer_headroom(&q->rx.ring, a->headroom, a->more);
	else
		pvio_net_rx_answer_hash(&q->rx.ring, a->type, a->hash);
}

/* The one place where receive requests are answered. */
static void answer_slot(struct pvio_nb_queue *q, const struct answer *a)
{
	s16 status = a->end - a->offset;

	if (a->extra) {
		answer_extra(q, a);
		return;
	}
	if (unlikely(a->failed)) {
		pvio_nb_rx_count(&q->rx.stats, PVIO_NB_RX_ERRORS, 1);
		status = XEN_NETIF_RSP_ERROR;
	}
	pvio_net_rx_answer(&q->rx.ring, a->id, a->offset, a->flags, status);
}

void pvio_nb_fill_finish(struct pvio_nb_queue *q)
{
	struct pvio_nb_fill_work *work = q->rx.work;
	struct sk_buff *skb;
	unsigned int i;
	bool notify;
	u64 now;

	if (!work->nr_answers)
		return;
	copy_now(q);
	for (i = 0; i < work->nr_answers; i++)
		answer_slot(q, &work->answers[i]);
	work->nr_answers = 0;
	notify = pvio_back_push(&q->rx.ring);
	if (notify)
		pvio_nb_queue_notify(q, &q->rx.events);
	pvio_nb_did_static(&q->rx.did, work->nr_statics);
	pvio_nb_did_batch(&q->rx.did, notify);
	trace_nb_tx_batch(q, work->packets, work->copied, notify);
	now = pvio_nb_latency_clock();
	while ((skb = __skb_dequeue(&work->done))) {
		pvio_histogram_since(&q->latency.tx,
				     pvio_nb_fill_note(skb)->queued, now);
		dev_consume_skb_any(skb);
	}
	pvio_nb_rx_count(&q->rx.stats, PVIO_NB_RX_PACKETS, work->packets);
	pvio_nb_rx_count(&q->rx.stats, PVIO_NB_RX_BYTES, work->bytes);
	work->copied = 0;
	work->nr_statics = 0;
	work->packets = 0;
	work->bytes = 0;
}

void pvio_nb_fill_packet(struct pvio_nb_queue *q, struct sk_buff *skb)
{
	const struct pvio_nb_fill_work *work = q->rx.work;

	fill_slots(q, skb);
	if (work->nr_ops + work->nr_statics > OPS - OPS_PACKET)
		pvio_nb_fill_finish(q);
}
