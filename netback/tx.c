// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the guest transmits: parse, plan, execute, complete, in rounds.
 *
 * Per round of up to 64 packets: one hypercall to copy, one index published,
 * at most one notification.  Per packet: one skb, its head a piece of a recycled
 * page once there was load, which nobody has to clear; for packets beyond a usual
 * MTU one such page a slot.  Per byte: one copy, by the hypervisor; from a page that
 * is kept mapped, by the CPU, and no hypercall for a round of such alone.  No lock,
 * no wake-up, no mapping: a slot and its grant are free again before the poll ends,
 * however long the packet lives on here.
 *
 * Either way headers are read behind the copy, where the guest writes no more.
 *
 * Data pages are single ones: a larger block need not be contiguous for a
 * device in a PV domain and would be copied again on its way out.
 */
#include "tx.h"

#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/busy_poll.h>

#include "compat/pvio_compat.h"
#include "compat/queues.h"
#include "mcast.h"
#include "offload.h"
#include "queue.h"
#include "ring/netif.h"
#include "trace.h"
#include "vif.h"
#include "xenbus/device.h"
#include "xenbus/grants.h"

/* Packets of one round. */
#define BATCH		64
/* Copies of one round, and the most that one packet takes. */
#define OPS		256
#define OPS_PACKET	(2 * PVIO_NET_SLOTS_TAKEN + 3)
/* A packet up to this lies in one piece, in memory that crosses no page. */
#define LINEAR_MAX	(SKB_WITH_OVERHEAD(2048) - NET_SKB_PAD - NET_IP_ALIGN)
/* So much of any packet is in one piece, for whoever reads its headers. */
#define HEADERS		128
/*
 * The pool takes 64 pages at once: no packet's head is the reason, as long as there
 * were no more packets in a round.
 */
#define FEW		4

/*
 * Windows frontends put a hash beside each packet that has one, whether there
 * is a control ring or not.
 */
#define ACCEPTED_EXTRAS	(BIT(XEN_NETIF_EXTRA_TYPE_GSO) | \
			 BIT(XEN_NETIF_EXTRA_TYPE_HASH) | MESSAGES)
/* These come instead of a packet, with a request that says nothing. */
#define MESSAGES	(BIT(XEN_NETIF_EXTRA_TYPE_MCAST_ADD) | \
			 BIT(XEN_NETIF_EXTRA_TYPE_MCAST_DEL))
/* What few packets have. */
#define RARE_EXTRAS	(BIT(XEN_NETIF_EXTRA_TYPE_HASH) | MESSAGES)

/**
 * struct pvio_nb_tx_job - a packet of a round
 * @pkt: its slots
 * @skb: where it goes; NULL: to @page or nowhere, answer with an error
 * @page: where it goes when a program is to see it without an skb
 * @first_op: its first copy
 * @status: of a message, what to answer
 * @nr_ops: its copies
 */
struct pvio_nb_tx_job {
	struct pvio_net_tx_packet pkt;
	struct sk_buff *skb;
	struct page *page;
	union {
		u16 first_op;
		s16 status;
	};
	u16 nr_ops;
};

/**
 * struct pvio_nb_tx_work - a round; NAPI
 * @nr_jobs: packets taken
 * @nr_ops: copies planned
 * @nr_statics: copies made already
 * @page: page that the packet being planned fills
 * @fill: bytes used of it; PVIO_NET_PAGE: there is none
 * @dense: slots are split over pages, for lack of fragments
 * @throttled: the rate limit ended the round
 * @warm: heads are cut from pages, since there was load
 * @prog: sees the packets first; NULL: there is none
 * @jobs: the packets
 * @ops: the copies
 */
struct pvio_nb_tx_work {
	unsigned int nr_jobs;
	unsigned int nr_ops;
	unsigned int nr_statics;
	struct page *page;
	unsigned int fill;
	bool dense;
	bool throttled;
	bool warm;
	struct bpf_prog *prog;
	struct pvio_nb_tx_job jobs[BATCH];
	struct gnttab_copy ops[OPS];
};

/* Bytes of a packet to put in one piece before the fragments. */
static unsigned int linear_size(const struct pvio_net_tx_packet *pkt)
{
	if (likely(pkt->size <= LINEAR_MAX))
		return pkt->size;
	if (likely(pkt->frag[0].size <= LINEAR_MAX))
		return pkt->frag[0].size;
	return HEADERS;
}

/* Its head is a piece of a page. */
static struct sk_buff *cut_skb(struct pvio_nb_queue *q, unsigned int bytes)
{
	unsigned int at, size = SKB_DATA_ALIGN(bytes) +
				SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct page *page = page_pool_alloc_frag(q->tx.pool, &at, size,
						 GFP_ATOMIC | __GFP_NOWARN);
	struct sk_buff *skb;

	if (unlikely(!page))
		return NULL;
	skb = napi_build_skb(page_address(page) + at, size);
	if (unlikely(!skb)) {
		page_pool_put_full_page(q->tx.pool, page, true);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	return skb;
}

static struct sk_buff *alloc_skb_for(struct pvio_nb_queue *q,
				     unsigned int linear)
{
	unsigned int pad = NET_SKB_PAD + NET_IP_ALIGN;
	unsigned int bytes = pad + max_t(unsigned int, linear, HEADERS);
	struct sk_buff *skb;

	q->tx.work->warm |= q->tx.work->nr_jobs >= FEW;
	if (!q->tx.work->warm)
		skb = __alloc_skb(bytes, GFP_ATOMIC | __GFP_NOWARN,
				  SKB_ALLOC_NAPI, NUMA_NO_NODE);
	else
		skb = cut_skb(q, bytes);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, pad);
	skb->dev = q->vif->dev;
	return skb;
}

/* Plans a copy; from a page that is mapped it is made at once. */
static void plan_copy(struct pvio_nb_queue *q, const struct pvio_net_frag *src,
		      struct page *page, u16 at, u16 len)
{
	const u8 *mapped = pvio_nb_gref_map_find(&q->grefs, src->gref, false);
	struct pvio_nb_tx_work *work = q->tx.work;
	struct pvio_piece from = { src->gref, src->offset, len };

	if (mapped) {
		memcpy(page_address(page) + at, mapped + src->offset, len);
		work->nr_statics++;
		return;
	}
	pvio_copy_in(&work->ops[work->nr_ops++], q->vif->pdev, from, page, at);
}

/* Plans to copy all of @src behind what is in one piece already. */
static void copy_linear(struct pvio_nb_queue *q, struct sk_buff *skb,
			struct pvio_net_frag src)
{
	u8 *to = skb_put(skb, src.size);
	u16 len;

	while (src.size) {
		len = min_t(u16, src.size, PVIO_NET_PAGE -
			    ((unsigned long)to & (PVIO_NET_PAGE - 1)));
		plan_copy(q, &src, virt_to_page(to), offset_in_page(to), len);
		src.offset += len;
		src.size -= len;
		to += len;
	}
}

/* Makes sure that at least one byte, or all of @size, fits in work->page. */
static bool get_room(struct pvio_nb_queue *q, struct sk_buff *skb, u16 size)
{
	struct pvio_nb_tx_work *work = q->tx.work;
	unsigned int room = PVIO_NET_PAGE - work->fill;

	if (size <= room || (work->dense && room))
		return true;
	if (unlikely(skb_shinfo(skb)->nr_frags == MAX_SKB_FRAGS))
		return false;
	work->page = pvio_pool_alloc_whole(q->tx.pool,
					   GFP_ATOMIC | __GFP_NOWARN);
	work->fill = 0;
	return work->page;
}

/*
 * All of a page's memory is counted with its first bytes, for nobody else has any of
 * it; skb_coalesce_rx_frag() wants memory for each byte, and later kernels say so.
 */
static void add_to_page(struct pvio_nb_tx_work *work, struct sk_buff *skb,
			u16 len)
{
	int nr = skb_shinfo(skb)->nr_frags;

	if (work->fill) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[nr - 1], len);
		skb->len += len;
		skb->data_len += len;
	} else {
		skb_add_rx_frag(skb, nr, work->page, 0, len, PAGE_SIZE);
	}
	work->fill += len;
}

/* Plans to copy all of @src to pages. */
static bool copy_paged(struct pvio_nb_queue *q, struct sk_buff *skb,
		       struct pvio_net_frag src)
{
	struct pvio_nb_tx_work *work = q->tx.work;
	u16 len;

	while (src.size) {
		if (unlikely(!get_room(q, skb, src.size)))
			return false;
		len = min_t(u16, src.size, PVIO_NET_PAGE - work->fill);
		plan_copy(q, &src, work->page, work->fill, len);
		add_to_page(work, skb, len);
		src.offset += len;
		src.size -= len;
	}
	return true;
}

static bool plan_linear(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	unsigned int i;

	for (i = 0; i < job->pkt.nr_frags; i++)
		copy_linear(q, job->skb, job->pkt.frag[i]);
	return true;
}

/* The first slot holds @linear bytes at least. */
static bool plan_paged(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job,
		       u16 linear)
{
	struct pvio_net_frag head = job->pkt.frag[0], rest = head;
	unsigned int i, pieces = job->pkt.nr_frags;
	bool good;

	head.size = linear;
	rest.offset += linear;
	rest.size -= linear;
	q->tx.work->fill = PVIO_NET_PAGE;
	q->tx.work->dense = pieces - !rest.size > MAX_SKB_FRAGS;
	skb_mark_for_recycle(job->skb);
	copy_linear(q, job->skb, head);
	good = copy_paged(q, job->skb, rest);
	for (i = 1; i < pieces && good; i++)
		good = copy_paged(q, job->skb, job->pkt.frag[i]);
	return good;
}

static bool plan_skb(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	unsigned int linear = linear_size(&job->pkt);

	job->skb = alloc_skb_for(q, linear);
	if (unlikely(!job->skb))
		return false;
	return linear == job->pkt.size ? plan_linear(q, job) :
					 plan_paged(q, job, linear);
}

/* All of it into one page, with room in front, for a program to see. */
static bool plan_page(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	u16 at = XDP_PACKET_HEADROOM;
	unsigned int i;

	job->page = pvio_pool_alloc_whole(q->tx.pool,
					  GFP_ATOMIC | __GFP_NOWARN);
	if (unlikely(!job->page))
		return false;
	for (i = 0; i < job->pkt.nr_frags; i++) {
		plan_copy(q, &job->pkt.frag[i], job->page, at,
			  job->pkt.frag[i].size);
		at += job->pkt.frag[i].size;
	}
	return true;
}

static bool is_plain(const struct pvio_net_tx_packet *pkt)
{
	bool gso = pkt->extras.seen & BIT(XEN_NETIF_EXTRA_TYPE_GSO);

	return pvio_xdp_is_plain(pkt->size, !pkt->csum_blank && !gso);
}

/* It goes nowhere. */
static void forget(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	kfree_skb(job->skb);
	job->skb = NULL;
	if (job->page)
		page_pool_put_full_page(q->tx.pool, job->page, true);
	job->page = NULL;
}

static void plan_job(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	struct pvio_nb_tx_work *work = q->tx.work;
	bool good;

	job->first_op = work->nr_ops;
	if (unlikely(work->prog) && is_plain(&job->pkt))
		good = plan_page(q, job);
	else
		good = plan_skb(q, job);
	if (unlikely(!good)) {
		work->nr_ops = job->first_op;
		forget(q, job);
		pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_DROPPED, 1);
	}
	job->nr_ops = work->nr_ops - job->first_op;
}

/* Good for no more than spreading packets, so it may be any. */
static void set_hash(struct sk_buff *skb, const struct pvio_net_extras *extras)
{
	bool ports = extras->hash_type == _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP ||
		     extras->hash_type == _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;

	if (extras->hash_algorithm)
		skb_set_hash(skb, extras->hash, ports ? PKT_HASH_TYPE_L4 :
							PKT_HASH_TYPE_L3);
}

static bool is_message(const struct pvio_nb_tx_job *job)
{
	return job->pkt.extras.seen & MESSAGES && !job->pkt.reason;
}

static noinline void plan_rare(struct pvio_nb_queue *q,
			       struct pvio_nb_tx_job *job)
{
	if (is_message(job)) {
		job->status = pvio_nb_mcast_change(q->vif, &job->pkt.extras);
		return;
	}
	plan_job(q, job);
	if (job->skb)
		set_hash(job->skb, &job->pkt.extras);
}

/* Does the rate limit hold the queue back?  Then a refill wakes it. */
static bool throttled(struct pvio_nb_queue *q)
{
	struct pvio_nb_vif *vif = q->vif;
	u32 usecs;

	if (!pvio_nb_shaper_limits(&vif->shaper))
		return false;
	usecs = pvio_nb_shaper_wait(&vif->shaper, ktime_get_ns());
	if (!usecs)
		return false;
	if (!q->tx.work->throttled)
		pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_THROTTLED, 1);
	q->tx.work->throttled = true;
	/* An older and longer limit may have set it for much later. */
	if (usecs != PVIO_NB_SHAPER_NEVER)
		mod_delayed_work(system_percpu_wq, &vif->refill,
				 usecs_to_jiffies(usecs) + 1);
	return true;
}

static void break_down(struct pvio_nb_queue *q, const char *reason)
{
	pvio_device_fault(q->vif->pdev, "queue %u transmit ring: %s", q->id,
			  reason);
}

/* Takes one packet; false: there is none that can be taken. */
static bool take(struct pvio_nb_queue *q)
{
	struct pvio_nb_tx_work *work = q->tx.work;
	struct pvio_nb_tx_job *job = &work->jobs[work->nr_jobs];

	job->skb = NULL;
	job->page = NULL;
	job->nr_ops = 0;
	switch (pvio_net_tx_take(&q->tx.ring, ACCEPTED_EXTRAS, &job->pkt)) {
	case PVIO_EMPTY:
		return false;
	case PVIO_OK:
		if (unlikely(job->pkt.extras.seen & RARE_EXTRAS))
			plan_rare(q, job);
		else
			plan_job(q, job);
		break;
	case PVIO_BAD:
		pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_ERRORS, 1);
		break;
	case PVIO_BROKEN:
		break_down(q, job->pkt.reason);
		return false;
	}
	pvio_nb_shaper_charge(&q->vif->shaper, job->pkt.size);
	work->nr_jobs++;
	return true;
}

static bool found(struct pvio_nb_queue *q, enum pvio_verdict verdict)
{
	if (verdict == PVIO_OK)
		pvio_nb_events_met(&q->tx.events);
	else if (unlikely(verdict == PVIO_BROKEN))
		break_down(q, "impossible request index");
	return verdict == PVIO_OK;
}

/* Is there something to take?  The last look asks for an event. */
static bool requests_wait(struct pvio_nb_queue *q)
{
	struct pvio_back_ring *ring = &q->tx.ring;

	if (pvio_back_pending(ring) || found(q, pvio_back_poll(ring)))
		return true;
	if (q->tx.work->nr_jobs || pvio_device_broken(q->vif->pdev))
		return false;
	pvio_nb_events_arm(&q->tx.events);
	return found(q, pvio_back_arm(ring, 1));
}

static void gather(struct pvio_nb_queue *q, unsigned int max)
{
	struct pvio_nb_tx_work *work = q->tx.work;

	work->nr_jobs = 0;
	work->nr_ops = 0;
	work->nr_statics = 0;
	while (work->nr_jobs < max && work->nr_ops + OPS_PACKET <= OPS)
		if (throttled(q) || !requests_wait(q) || !take(q))
			break;
}

static bool is_planned(const struct pvio_nb_tx_job *job)
{
	return job->skb || job->page;
}

static bool copied(const struct pvio_nb_tx_work *work,
		   const struct pvio_nb_tx_job *job)
{
	unsigned int i;

	for (i = job->first_op; i < job->first_op + job->nr_ops; i++)
		if (unlikely(work->ops[i].status != GNTST_okay))
			return false;
	return true;
}

static bool pull_headers(struct sk_buff *skb)
{
	unsigned int want = min_t(unsigned int, skb->len, HEADERS);
	unsigned int have = skb_headlen(skb);

	return have >= want || __pskb_pull_tail(skb, want - have);
}

/* Makes a packet of what was copied; false: its headers make no sense. */
static bool finish_skb(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	struct sk_buff *skb = job->skb;

	if (unlikely(!pull_headers(skb)))
		return false;
	skb->protocol = eth_type_trans(skb, q->vif->dev);
	skb_reset_network_header(skb);
	skb_record_rx_queue(skb, q->id);
	/* So that a socket of this domain's can poll busily. */
	skb_mark_napi_id(skb, &q->napi);
	return pvio_nb_offload_set(q, skb, &job->pkt);
}

static void count_packet(struct pvio_nb_queue *q,
			 const struct pvio_nb_tx_job *job)
{
	pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_PACKETS, 1);
	pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_BYTES, job->pkt.size);
}

/* The program has seen it, or will when the packet is ready for the stack. */
static void pass_on(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job,
		    struct bpf_prog *prog, struct list_head *list)
{
	struct sk_buff *skb = job->skb;

	if (unlikely(!finish_skb(q, job))) {
		pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_ERRORS, 1);
		kfree_skb(skb);
		return;
	}
	count_packet(q, job);
	if (unlikely(prog))
		skb = pvio_xdp_run_skb(&q->tx.xdp, prog, skb);
	if (likely(skb))
		list_add_tail(&skb->list, list);
}

static void show_to(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job,
		    struct bpf_prog *prog, struct list_head *list)
{
	job->skb = pvio_xdp_run(&q->tx.xdp, prog, job->page, job->pkt.size);
	if (job->skb)
		pass_on(q, job, NULL, list);
	else
		count_packet(q, job);
}

/* The one place where transmit requests are answered. */
static void answer_job(struct pvio_nb_queue *q, struct pvio_nb_tx_job *job)
{
	s16 status = XEN_NETIF_RSP_ERROR;

	if (is_planned(job) && likely(copied(q->tx.work, job))) {
		status = XEN_NETIF_RSP_OKAY;
	} else if (is_planned(job)) {
		pvio_nb_tx_count(&q->tx.stats, PVIO_NB_TX_ERRORS, 1);
		forget(q, job);
	} else if (is_message(job)) {
		status = job->status;
	}
	pvio_net_tx_answer(&q->tx.ring, &job->pkt, status);
}

/*
 * As a list and not through GRO: guests that send much send large packets
 * already, and a bridge port would only have to cut up again what GRO joins.
 */
static void complete_round(struct pvio_nb_queue *q)
{
	struct pvio_nb_tx_work *work = q->tx.work;
	LIST_HEAD(list);
	unsigned int i;
	bool notify;

	for (i = 0; i < work->nr_jobs; i++)
		answer_job(q, &work->jobs[i]);
	notify = pvio_back_push(&q->tx.ring);
	if (notify)
		pvio_nb_queue_notify(q, &q->tx.events);
	pvio_nb_did_batch(&q->tx.did, notify);
	pvio_histogram_since(&q->latency.rx, READ_ONCE(q->raised),
			     pvio_nb_latency_clock());
	WRITE_ONCE(q->raised, 0);
	trace_nb_rx_batch(q, work->nr_jobs, work->nr_ops, notify);
	for (i = 0; i < work->nr_jobs; i++) {
		if (work->jobs[i].skb)
			pass_on(q, &work->jobs[i], work->prog, &list);
		else if (unlikely(work->jobs[i].page))
			show_to(q, &work->jobs[i], work->prog, &list);
	}
	netif_receive_skb_list(&list);
}

int pvio_nb_tx_poll(struct pvio_nb_queue *q, int budget)
{
	struct pvio_nb_tx_work *work = q->tx.work;
	int done = 0;

	work->throttled = false;
	work->prog = rcu_dereference_bh(q->vif->prog);
	while (done < budget && !pvio_device_broken(q->vif->pdev)) {
		gather(q, min(budget - done, BATCH));
		if (!work->nr_jobs)
			break;
		if (work->nr_ops) {
			pvio_copy_batch(work->ops, work->nr_ops, false);
			pvio_nb_did_copy(&q->tx.did, work->nr_ops);
		}
		pvio_nb_did_static(&q->tx.did, work->nr_statics);
		complete_round(q);
		done += work->nr_jobs;
	}
	/* What goes back is sent on by this poll, as all that the stack sends. */
	pvio_xdp_flush(&q->tx.xdp);
	return done;
}

static int make_pool(struct pvio_nb_queue *q)
{
	const struct page_pool_params params = {
		.flags = PVIO_POOL_IS_CUT,
		.pool_size = 256,
		.nid = NUMA_NO_NODE,
		PVIO_POOL_OF(q->vif->dev, q->id, &q->napi),
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	q->tx.pool = pool;
	return pvio_xdp_start(&q->tx.xdp, q->vif->dev, q->id, pool);
}

int pvio_nb_tx_start(struct pvio_nb_queue *q, u32 ref)
{
	struct pvio_nb_tx *tx = &q->tx;
	int err;

	tx->work = kvzalloc(sizeof(*tx->work), GFP_KERNEL);
	if (!tx->work)
		return -ENOMEM;
	err = make_pool(q);
	if (!err)
		err = pvio_shared_map(q->vif->pdev, &tx->shared, &ref, 1);
	if (!err)
		err = pvio_back_attach(&tx->ring, &pvio_net_tx_ring,
				       tx->shared.vaddr, tx->shared.bytes);
	return err;
}

void pvio_nb_tx_stop(struct pvio_nb_queue *q)
{
	struct pvio_nb_tx *tx = &q->tx;

	pvio_shared_close(q->vif->pdev, &tx->shared);
	pvio_xdp_stop(&tx->xdp);
	if (tx->pool)
		page_pool_destroy(tx->pool);
	tx->pool = NULL;
	kvfree(tx->work);
	tx->work = NULL;
}
