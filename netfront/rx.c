// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Receive side of a frontend queue: take packets, build what the stack wants,
 * offer buffers again.
 *
 * A buffer whose content is copied, or that carried none, stays granted and
 * is offered again; only a page that goes up the stack costs an end of its
 * grant and a new one for its successor.  Not even those do that the backend
 * keeps mapped: they go up as they are, with a reference of ours by which it is
 * seen when the stack has freed them, and come back still granted.
 *
 * Few buffers are offered at first, more when many are used in one go: an idle
 * queue holds a quarter of what a busy one does.
 *
 * Per packet of up to COPY_MAX bytes: one allocation, of the packet's head,
 * and one copy.  Per larger packet: the same for its first COPY_MAX bytes, of
 * which a packet of TCP's keeps its headers (split.h), and for each page one
 * interlocked operation to end its grant and one page from the pool, where the
 * stack's used pages come back to; or neither for a page that stays mapped.  Per
 * batch: at most one event, no hypercall or one to notify a backend that ran out
 * of buffers, and a lock that nobody else wants while the load stays as it is.
 */
#include "rx.h"

#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "gref_map.h"
#include "netdev.h"
#include "offload.h"
#include "params.h"
#include "compat/queues.h"
#include "queue.h"
#include "split.h"
#include "trace.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* Bytes that are copied from the front of each packet, headers included. */
#define COPY_MAX	256
static_assert(COPY_MAX >= PVIO_NF_SPLIT_LOOK);

/* Offer buffers within a pass as soon as so many have been used, or half. */
#define REFILL_BATCH	64

/* When to look for memory or references again. */
#define RETRY_DELAY	(HZ / 10)

/* References are taken from the domain's table so many at a time. */
#define REFS_STEP	32

/* Extra info that we asked for, the hash only where there is a control ring. */
#define ACCEPT		BIT(XEN_NETIF_EXTRA_TYPE_GSO)
#define ACCEPT_HASH	BIT(XEN_NETIF_EXTRA_TYPE_HASH)

/* A page leaves our hands: to the stack, to the pool, or parked. */
static void forget_page(struct pvio_nf_share *buf)
{
	buf->page = NULL;
	pvio_destroyed(PVIO_RES_PAGE, 1);
}

static struct page *alloc_page_for(const struct pvio_nf_rx *rx, gfp_t gfp)
{
	struct page *page;

	/* What is new from the allocator may hold anyone's data. */
	if (!rx->clear)
		return page_pool_alloc_pages(rx->pool, gfp | __GFP_ZERO);
	page = page_pool_alloc_pages(rx->pool, gfp);
	if (page)
		clear_page(page_address(page));
	return page;
}

/* Other devices may have taken what there was, and give some back later. */
static u32 grant_buf(struct pvio_nf_rx *rx, struct page *page)
{
	u32 ref = pvio_grant(&rx->refs, page, false);

	if (likely(ref != PVIO_NO_GRANT) || rx->refs.nr >= PVIO_NF_RX_SLOTS ||
	    pvio_grefs_grow(&rx->refs, REFS_STEP))
		return ref;
	return pvio_grant(&rx->refs, page, false);
}

static bool make_buf(struct pvio_nf_rx *rx, struct pvio_nf_share *buf,
		     gfp_t gfp)
{
	struct page *page = alloc_page_for(rx, gfp);

	if (unlikely(!page))
		return false;
	buf->ref = grant_buf(rx, page);
	if (unlikely(buf->ref == PVIO_NO_GRANT)) {
		page_pool_put_full_page(rx->pool, page, false);
		return false;
	}
	buf->page = page;
	buf->fixed = false;
	rx->did.grants++;
	pvio_created(PVIO_RES_PAGE, 1);
	return true;
}

/*
 * The backend may still map the page, about which nobody complains.  A page
 * with a second reference is let go by the pool for good, and that reference
 * is what the grant keeps.
 */
static void free_buf(struct pvio_nf_rx *rx, struct pvio_nf_share *buf)
{
	if (!buf->page)
		return;
	if (buf->fixed) {
		pvio_nf_gref_pool_drop(&rx->fixed, buf);
		return;
	}
	get_page(buf->page);
	page_pool_put_full_page(rx->pool, buf->page, false);
	pvio_ungrant_later(&rx->refs, buf->ref, buf->page);
	forget_page(buf);
}

/* The buffer of an answered slot is not needed: offer it again later. */
static void keep_buf(struct pvio_nf_rx *rx, u16 slot)
{
	struct pvio_nf_share *buf = &rx->buf[slot];

	if (unlikely(!buf->page || rx->nr_spare == PVIO_NF_RX_SLOTS))
		return;
	rx->spare[rx->nr_spare++] = *buf;
	buf->page = NULL;
}

static void keep_all(struct pvio_nf_rx *rx,
		     const struct pvio_net_rx_packet *pkt)
{
	unsigned int i;

	for (i = 0; i < pkt->nr_frags; i++)
		keep_buf(rx, pkt->frag[i].slot);
	for (i = 0; i < pkt->nr_spent; i++)
		keep_buf(rx, pkt->spent[i]);
}

/* A spare one that is not kept mapped makes room for one that is. */
static bool find_buf(struct pvio_nf_rx *rx, struct pvio_nf_share *buf,
		     gfp_t gfp)
{
	struct pvio_nf_share spare;

	if (!rx->nr_spare)
		return pvio_nf_gref_pool_get(&rx->fixed, buf) ||
		       make_buf(rx, buf, gfp);
	spare = rx->spare[--rx->nr_spare];
	if (spare.fixed || likely(!pvio_nf_gref_pool_get(&rx->fixed, buf)))
		*buf = spare;
	else
		free_buf(rx, &spare);
	return true;
}

static bool fill_slot(struct pvio_nf_rx *rx, gfp_t gfp)
{
	u32 slot = pvio_front_next(&rx->ring) & (PVIO_NF_RX_SLOTS - 1);
	struct pvio_nf_share *buf = &rx->buf[slot];

	if (!find_buf(rx, buf, gfp))
		return false;
	rx->fixed.missed += !pvio_nf_gref_pool_serves(&rx->fixed, buf);
	pvio_net_rx_offer(&rx->ring, slot, buf->ref);
	return true;
}

static void set_target(struct pvio_nf_rx *rx, unsigned int target)
{
	rx->vacant = PVIO_NF_RX_SLOTS - target;
	rx->refill_at = rx->vacant + min_t(unsigned int, target / 2,
					   REFILL_BATCH);
}

/* Half of them used in one go: twice as many from now on. */
static void adapt(struct pvio_nf_rx *rx, unsigned int least)
{
	unsigned int target = PVIO_NF_RX_SLOTS - rx->vacant;

	if (unlikely(target < least))
		set_target(rx, least);
	else if (unlikely(rx->vacant &&
			  pvio_front_free(&rx->ring) >= rx->refill_at))
		set_target(rx, min(2 * target, PVIO_NF_RX_SLOTS));
}

/* Returns false when memory ran out before enough were offered. */
static bool refill(struct pvio_nf_queue *q, gfp_t gfp)
{
	struct pvio_nf_rx *rx = &q->rx;
	bool full = true, notify;

	adapt(rx, READ_ONCE(q->nf->rx_least));
	spin_lock(&rx->lock);
	pvio_nf_gref_pool_reap(&rx->fixed);
	while (full && pvio_front_free(&rx->ring) > rx->vacant)
		full = fill_slot(rx, gfp);
	if (unlikely(rx->fixed.missed >= PVIO_NF_GREF_STEP))
		pvio_nf_gref_map_miss(q->nf, &rx->fixed);
	spin_unlock(&rx->lock);
	notify = pvio_front_push(&rx->ring);
	if (notify)
		pvio_event_notify(pvio_nf_queue_event(q, PVIO_NF_RX));
	pvio_nf_did_push(&rx->did, notify);
	return full;
}

static void refill_now(struct pvio_nf_queue *q)
{
	if (unlikely(!refill(q, GFP_ATOMIC | __GFP_NOWARN)))
		schedule_delayed_work(&q->rx.retry, RETRY_DELAY);
}

static void nf_rx_retry_work(struct work_struct *work)
{
	struct pvio_nf_queue *q = container_of(to_delayed_work(work),
					       struct pvio_nf_queue, rx.retry);

	local_bh_disable();
	napi_schedule(&q->napi);
	local_bh_enable();
}

/*
 * Bytes to copy into the head: the headers, and the first fragments whole
 * when there are more than a packet can hold as pages.
 */
static unsigned int head_size(const struct pvio_net_rx_packet *pkt)
{
	unsigned int size = 0;
	int i;

	for (i = 0; i < pkt->nr_frags - (int)MAX_SKB_FRAGS; i++)
		size += pkt->frag[i].size;
	return max_t(unsigned int, size, min_t(u32, pkt->size, COPY_MAX));
}

/*
 * Where the backend must not change what has been checked, or too many of its
 * pages have not come back.
 */
static noinline bool copy_page_out(struct pvio_nf_queue *q, struct sk_buff *skb,
				   const struct pvio_net_rx_frag *frag,
				   unsigned int skip)
{
	struct pvio_nf_rx *rx = &q->rx;
	const struct pvio_nf_share *buf = &rx->buf[frag->slot];
	unsigned int at = frag->offset + skip, len = frag->size - skip;
	struct page *page;

	/* It may be granted when it has come back. */
	page = page_pool_alloc_pages(rx->pool, GFP_ATOMIC | __GFP_NOWARN |
					       __GFP_ZERO);
	if (unlikely(!page))
		return false;
	memcpy(page_address(page) + at, page_address(buf->page) + at, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, at, len,
			PAGE_SIZE);
	keep_buf(rx, frag->slot);
	return true;
}

/* The same for a page that stays granted and comes back. */
static bool give_fixed(struct pvio_nf_queue *q, struct sk_buff *skb,
		       const struct pvio_net_rx_frag *frag, unsigned int skip)
{
	struct pvio_nf_rx *rx = &q->rx;
	struct pvio_nf_share *buf = &rx->buf[frag->slot];

	if (!pvio_nf_gref_pool_lend(&rx->fixed, *buf))
		return copy_page_out(q, skb, frag, skip);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, buf->page,
			frag->offset + skip, frag->size - skip, PAGE_SIZE);
	buf->page = NULL;
	return true;
}

/* Hand the page to the packet, except for the first @skip bytes. */
static bool give_page(struct pvio_nf_queue *q, struct sk_buff *skb,
		      const struct pvio_net_rx_frag *frag, unsigned int skip)
{
	struct pvio_nf_rx *rx = &q->rx;
	struct pvio_nf_share *buf = &rx->buf[frag->slot];

	if (likely(buf->fixed))
		return give_fixed(q, skb, frag, skip);
	if (unlikely(!pvio_ungrant(&rx->refs, buf->ref))) {
		pvio_device_fault(q->nf->pdev,
				  "queue %u: received page is still mapped",
				  q->index);
		return false;
	}
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, buf->page,
			frag->offset + skip, frag->size - skip, PAGE_SIZE);
	forget_page(buf);
	return true;
}

/*
 * Of a page that goes up the stack anyway only the packet's headers are put into the
 * head, as the copy has them: the backend may change the page.
 */
static unsigned int put_front(struct sk_buff *skb, const void *from,
			      unsigned int n, bool goes_up)
{
	void *to = skb_tail_pointer(skb);

	memcpy(to, from, n);
	/* It is the first one then, and there are COPY_MAX bytes of it. */
	if (goes_up && !skb->len)
		n = pvio_nf_split_at(to, n);
	skb_put(skb, n);
	return n;
}

/* Copies as much of the fragment as is still room for in the head. */
static bool add_frag(struct pvio_nf_queue *q, struct sk_buff *skb,
		     const struct pvio_net_rx_frag *frag, unsigned int *head)
{
	const struct pvio_nf_share *buf = &q->rx.buf[frag->slot];
	unsigned int n = min_t(unsigned int, *head, frag->size);

	*head -= n;
	if (n)
		n = put_front(skb, page_address(buf->page) + frag->offset, n,
			      n < frag->size);
	q->rx.fixed.used += pvio_nf_gref_pool_serves(&q->rx.fixed, buf);
	if (n < frag->size)
		return give_page(q, skb, frag, n);
	keep_buf(&q->rx, frag->slot);
	return true;
}

/*
 * The page may be granted when it has come back, and the backend must not
 * write meanwhile.
 */
static struct page *copy_packet(struct pvio_nf_rx *rx,
				const struct pvio_net_rx_packet *pkt)
{
	struct page *page = page_pool_alloc_pages(rx->pool, GFP_ATOMIC |
						  __GFP_NOWARN | __GFP_ZERO);
	const struct pvio_net_rx_frag *frag = pkt->frag;
	const struct pvio_nf_share *buf;
	void *to;

	if (unlikely(!page))
		return NULL;
	to = page_address(page) + XDP_PACKET_HEADROOM;
	for (; frag < pkt->frag + pkt->nr_frags; frag++) {
		buf = &rx->buf[frag->slot];
		memcpy(to, page_address(buf->page) + frag->offset, frag->size);
		to += frag->size;
		rx->fixed.used += pvio_nf_gref_pool_serves(&rx->fixed, buf);
	}
	return page;
}

static struct sk_buff *build(struct pvio_nf_queue *q,
			     const struct pvio_net_rx_packet *pkt)
{
	unsigned int head = head_size(pkt);
	struct sk_buff *skb = napi_alloc_skb(&q->napi, head);
	unsigned int i;

	if (unlikely(!skb))
		return NULL;
	skb_mark_for_recycle(skb);
	for (i = 0; i < pkt->nr_frags; i++) {
		if (unlikely(!add_frag(q, skb, &pkt->frag[i], &head))) {
			kfree_skb(skb);
			return NULL;
		}
	}
	return skb;
}

/*
 * The head holds an Ethernet header: no packet is shorter.  @prog, if any, has
 * not seen it.
 */
static void pass_up(struct pvio_nf_queue *q, struct sk_buff *skb,
		    const struct pvio_net_rx_packet *pkt, struct bpf_prog *prog)
{
	if (unlikely(pvio_nf_offload_set(q, skb, pkt))) {
		pvio_nf_stats_failed(&q->rx.stats);
		kfree_skb(skb);
		return;
	}
	skb_record_rx_queue(skb, q->index);
	pvio_nf_stats_passed(&q->rx.stats, pkt->size);
	if (unlikely(prog))
		skb = pvio_xdp_run_skb(&q->rx.xdp, prog, skb);
	if (likely(skb))
		napi_gro_receive(&q->napi, skb);
}

static bool is_plain(const struct pvio_net_rx_packet *pkt)
{
	bool gso = pkt->extras.seen & BIT(XEN_NETIF_EXTRA_TYPE_GSO);

	return pvio_xdp_is_plain(pkt->size, !pkt->csum_blank && !gso);
}

static void show_to(struct pvio_nf_queue *q, struct bpf_prog *prog,
		    const struct pvio_net_rx_packet *pkt)
{
	struct page *page = copy_packet(&q->rx, pkt);
	struct sk_buff *skb;

	if (unlikely(!page)) {
		pvio_nf_stats_dropped(&q->rx.stats);
		return;
	}
	skb = pvio_xdp_run(&q->rx.xdp, prog, page, pkt->size);
	if (skb)
		pass_up(q, skb, pkt, NULL);
	else
		pvio_nf_stats_passed(&q->rx.stats, pkt->size);
}

static void take_up(struct pvio_nf_queue *q,
		    const struct pvio_net_rx_packet *pkt, struct bpf_prog *prog)
{
	struct sk_buff *skb = build(q, pkt);

	if (likely(skb))
		pass_up(q, skb, pkt, prog);
	else
		pvio_nf_stats_dropped(&q->rx.stats);
}

/* What is left of a packet's buffers afterwards is kept. */
static void deliver(struct pvio_nf_queue *q,
		    const struct pvio_net_rx_packet *pkt)
{
	struct bpf_prog *prog = rcu_dereference_bh(q->nf->prog);

	if (unlikely(!netif_running(q->nf->netdev)))
		pvio_nf_stats_dropped(&q->rx.stats);
	else if (unlikely(prog) && is_plain(pkt))
		show_to(q, prog, pkt);
	else
		take_up(q, pkt, prog);
	if (!pvio_device_broken(q->nf->pdev))
		keep_all(&q->rx, pkt);
}

static void discard(struct pvio_nf_queue *q,
		    const struct pvio_net_rx_packet *pkt)
{
	pvio_nf_stats_failed(&q->rx.stats);
	keep_all(&q->rx, pkt);
}

/* False at the end of the snapshot, or when the ring is broken. */
static bool receive_one(struct pvio_nf_queue *q)
{
	struct pvio_net_rx_packet pkt;

	switch (pvio_net_rx_take_packet(&q->rx.ring, q->rx.accept, &pkt)) {
	case PVIO_OK:
		deliver(q, &pkt);
		break;
	case PVIO_BAD:
		discard(q, &pkt);
		break;
	case PVIO_BROKEN:
		pvio_device_fault(q->nf->pdev, "queue %u: received %s",
				  q->index, pkt.reason);
		return false;
	case PVIO_EMPTY:
		return false;
	}
	return !pvio_device_broken(q->nf->pdev);
}

static void fault_packets(struct pvio_nf_queue *q)
{
	pvio_device_fault(q->nf->pdev,
			  "queue %u: received more than there were buffers",
			  q->index);
}

static void tell_of_frames(struct pvio_nf_queue *q)
{
	__netif_tx_lock(q->txq, smp_processor_id());
	pvio_nf_tx_flush(q);
	__netif_tx_unlock(q->txq);
}

int pvio_nf_rx_receive(struct pvio_nf_queue *q, int budget)
{
	struct pvio_nf_rx *rx = &q->rx;
	int done = 0;

	if (unlikely(pvio_front_poll(&rx->ring) == PVIO_BROKEN)) {
		fault_packets(q);
		return 0;
	}
	if (pvio_front_pending(&rx->ring))
		q->found |= BIT(PVIO_NF_RX);
	while (done < budget && receive_one(q)) {
		done++;
		if (pvio_front_free(&rx->ring) >= rx->refill_at)
			refill_now(q);
	}
	if (unlikely(pvio_xdp_flush(&rx->xdp)))
		tell_of_frames(q);
	if (!pvio_device_broken(q->nf->pdev))
		refill_now(q);
	if (done) {
		rx->did.batches++;
		pvio_histogram_since(&q->latency.rx, READ_ONCE(q->raised),
				     pvio_nf_latency_clock());
		WRITE_ONCE(q->raised, 0);
		trace_nf_rx_batch(q, done);
	}
	return done;
}

bool pvio_nf_rx_arm(struct pvio_nf_queue *q)
{
	switch (pvio_front_arm(&q->rx.ring, 1)) {
	case PVIO_OK:
		q->ahead |= BIT(PVIO_NF_RX);
		return true;
	case PVIO_BROKEN:
		fault_packets(q);
		return false;
	default:
		return false;
	}
}

void pvio_nf_rx_init(struct pvio_nf_queue *q)
{
	u64_stats_init(&q->rx.stats.syncp);
	pvio_xdp_init(&q->rx.xdp);
	spin_lock_init(&q->rx.lock);
	INIT_DELAYED_WORK(&q->rx.retry, nf_rx_retry_work);
}

static int make_pool(struct pvio_nf_queue *q)
{
	const struct page_pool_params params = {
		.pool_size = PVIO_NF_RX_SLOTS,
		.nid = NUMA_NO_NODE,
		.dev = q->nf->pdev->dev,
		PVIO_POOL_OF(q->nf->netdev, q->index, &q->napi),
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	q->rx.pool = pool;
	return pvio_xdp_start(&q->rx.xdp, q->nf->netdev, q->index, pool);
}

static int make_bufs(struct pvio_nf_queue *q)
{
	struct pvio_nf_rx *rx = &q->rx;

	rx->clear = !q->nf->wishes.trusted;
	rx->accept = ACCEPT | (q->nf->peer.ctrl ? ACCEPT_HASH : 0);
	rx->nr_spare = 0;
	rx->fixed.lend = !rx->clear && READ_ONCE(pvio_nf_params.static_lend);
	rx->buf = kvcalloc(2 * PVIO_NF_RX_SLOTS, sizeof(*rx->buf), GFP_KERNEL);
	if (!rx->buf)
		return -ENOMEM;
	rx->spare = rx->buf + PVIO_NF_RX_SLOTS;
	return pvio_grefs_open(q->nf->pdev, &rx->refs, PVIO_NF_RX_LEAST);
}

static unsigned int fill_ring(struct pvio_nf_rx *rx, unsigned int least)
{
	unsigned int n = 0;

	set_target(rx, least);
	while (pvio_front_free(&rx->ring) > rx->vacant &&
	       fill_slot(rx, GFP_KERNEL))
		n++;
	return n;
}

/*
 * The backend is not there yet, so nobody is notified.  What is missing of
 * buffers is made up for whenever something was received.
 */
static int make_ring(struct pvio_nf_queue *q)
{
	struct pvio_nf_rx *rx = &q->rx;
	int err = pvio_shared_grant(q->nf->pdev, &rx->shared, 1);

	if (err)
		return err;
	pvio_front_init(&rx->ring, &pvio_net_rx_ring, rx->shared.vaddr,
			rx->shared.bytes);
	if (fill_ring(rx, READ_ONCE(q->nf->rx_least)) < PVIO_NF_RX_LEAST)
		return -ENOMEM;
	pvio_front_push(&rx->ring);
	rx->fixed.missed = 0;
	return 0;
}

int pvio_nf_rx_start(struct pvio_nf_queue *q)
{
	int err = make_pool(q);

	if (!err)
		err = make_bufs(q);
	if (!err)
		err = make_ring(q);
	return err;
}

static void free_bufs(struct pvio_nf_rx *rx)
{
	unsigned int i;

	for (i = 0; i < PVIO_NF_RX_SLOTS; i++)
		free_buf(rx, &rx->buf[i]);
	while (rx->nr_spare)
		free_buf(rx, &rx->spare[--rx->nr_spare]);
	kvfree(rx->buf);
	rx->buf = NULL;
	rx->spare = NULL;
}

void pvio_nf_rx_stop(struct pvio_nf_queue *q)
{
	struct pvio_nf_rx *rx = &q->rx;

	cancel_delayed_work_sync(&rx->retry);
	if (rx->buf)
		free_bufs(rx);
	pvio_nf_gref_pool_stop(&rx->fixed);
	pvio_grefs_close(&rx->refs);
	pvio_shared_close(q->nf->pdev, &rx->shared);
	pvio_xdp_stop(&rx->xdp);
	/* Pages that the stack still holds keep the pool alive by themselves. */
	page_pool_destroy(rx->pool);
	rx->pool = NULL;
}
