// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * XDP at either end: a program sees packets before the stack does.
 *
 * Per plain packet: one page of the queue's pool, which its driver has copied it
 * into, and no skb unless it goes up or back; no lock unless it goes back (the
 * transmit queue's).  Per pass: one notification at most for all that goes
 * back, one flush for all that is redirected.
 */
#include "xdp.h"

#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "compat/pvio_page_pool.h"
#include "compat/xdp_hook.h"

static void note(struct pvio_xdp *x, enum pvio_xdp_what what)
{
	u64_stats_update_begin(&x->syncp);
	u64_stats_inc(&x->count[what]);
	u64_stats_update_end(&x->syncp);
}

/* The packet may begin and end elsewhere now. */
static struct sk_buff *wrap(const struct xdp_buff *xdp)
{
	struct sk_buff *skb = napi_build_skb(xdp->data_hard_start,
					     xdp->frame_sz);

	if (unlikely(!skb))
		return NULL;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	skb_put(skb, xdp->data_end - xdp->data);
	if (xdp->data > xdp->data_meta)
		skb_metadata_set(skb, xdp->data - xdp->data_meta);
	return skb;
}

/* True: the page is with the transmit side. */
static bool send_back(struct pvio_xdp *x, struct xdp_buff *xdp)
{
	struct xdp_frame *frame = xdp_convert_buff_to_frame(xdp);
	bool sent;

	if (unlikely(!frame))
		return false;
	__netif_tx_lock(x->txq, smp_processor_id());
	sent = pvio_xdp_send(x->rxq.dev, x->txq, &frame, 1);
	__netif_tx_unlock(x->txq);
	x->sent |= sent;
	return sent;
}

static bool redirect(struct pvio_xdp *x, struct bpf_prog *prog,
		     struct xdp_buff *xdp)
{
	if (unlikely(xdp_do_redirect(x->rxq.dev, xdp, prog)))
		return false;
	x->redirected = true;
	return true;
}

/* Where the packet goes but for up the stack; false: nowhere. */
static bool send_on(struct pvio_xdp *x, struct bpf_prog *prog,
		    struct xdp_buff *xdp, u32 verdict)
{
	bool back = verdict == XDP_TX;

	if (unlikely(!(back ? send_back(x, xdp) : redirect(x, prog, xdp)))) {
		trace_xdp_exception(x->rxq.dev, prog, verdict);
		note(x, PVIO_XDP_FAILED);
		return false;
	}
	note(x, back ? PVIO_XDP_SENT : PVIO_XDP_REDIRECTED);
	return true;
}

static void note_drop(struct pvio_xdp *x, struct bpf_prog *prog, u32 verdict)
{
	if (unlikely(verdict != XDP_DROP)) {
		if (verdict != XDP_ABORTED)
			bpf_warn_invalid_xdp_action(x->rxq.dev, prog, verdict);
		trace_xdp_exception(x->rxq.dev, prog, verdict);
	}
	note(x, PVIO_XDP_DROPPED);
}

/* True: the page is somebody else's now. */
static bool obey(struct pvio_xdp *x, struct bpf_prog *prog,
		 struct xdp_buff *xdp, struct sk_buff **up)
{
	u32 verdict = bpf_prog_run_xdp(prog, xdp);

	switch (verdict) {
	case XDP_PASS:
		*up = wrap(xdp);
		if (unlikely(!*up))
			note(x, PVIO_XDP_FAILED);
		return *up;
	case XDP_TX:
	case XDP_REDIRECT:
		return send_on(x, prog, xdp, verdict);
	default:
		note_drop(x, prog, verdict);
		return false;
	}
}

struct sk_buff *pvio_xdp_run(struct pvio_xdp *x, struct bpf_prog *prog,
			     struct page *page, unsigned int size)
{
	struct sk_buff *up = NULL;
	struct xdp_buff xdp;

	xdp_init_buff(&xdp, PAGE_SIZE, &x->rxq);
	xdp_prepare_buff(&xdp, page_address(page), XDP_PACKET_HEADROOM, size,
			 true);
	if (!obey(x, prog, &xdp, &up))
		page_pool_put_full_page(x->pool, page, true);
	return up;
}

/*
 * A program that changes a packet changes its checksum as if it were there.
 * That of a packet which is cut later cannot be.
 */
struct sk_buff *pvio_xdp_run_skb(struct pvio_xdp *x, struct bpf_prog *prog,
				 struct sk_buff *skb)
{
	note(x, PVIO_XDP_GENERIC);
	/* As the stack's own core does: what goes to another CPU is cut by it. */
	skb_reset_mac_len(skb);
	if (skb->ip_summed == CHECKSUM_PARTIAL && !skb_is_gso(skb) &&
	    unlikely(skb_checksum_help(skb))) {
		note(x, PVIO_XDP_FAILED);
		kfree_skb(skb);
		return NULL;
	}
	return pvio_xdp_run_generic(prog, &skb) == XDP_PASS ? skb : NULL;
}

bool pvio_xdp_flush(struct pvio_xdp *x)
{
	bool sent = x->sent;

	if (x->redirected)
		xdp_do_flush();
	x->redirected = false;
	x->sent = false;
	return sent;
}

static bool send_one(struct net_device *netdev, struct netdev_queue *txq,
		     struct xdp_frame *frame)
{
	struct sk_buff *skb = xdp_build_skb_from_frame(frame, netdev);

	if (unlikely(!skb))
		return false;
	__skb_push(skb, ETH_HLEN);
	skb_set_queue_mapping(skb, txq - netdev->_tx);
	/* The queue had room and is stopped now; the packet does not wait. */
	if (unlikely(netdev_start_xmit(skb, netdev, txq, true) ==
		     NETDEV_TX_BUSY))
		kfree_skb(skb);
	return true;
}

int pvio_xdp_send(struct net_device *netdev, struct netdev_queue *txq,
		  struct xdp_frame **frames, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (unlikely(netif_xmit_frozen_or_drv_stopped(txq)) ||
		    !send_one(netdev, txq, frames[i]))
			break;
	return i;
}

void pvio_xdp_init(struct pvio_xdp *x)
{
	u64_stats_init(&x->syncp);
}

int pvio_xdp_start(struct pvio_xdp *x, struct net_device *netdev, u16 index,
		   struct page_pool *pool)
{
	int err = xdp_rxq_info_reg(&x->rxq, netdev, index, 0);

	if (err)
		return err;
	x->txq = netdev_get_tx_queue(netdev, index);
	x->pool = pool;
	return xdp_rxq_info_reg_mem_model(&x->rxq, MEM_TYPE_PAGE_POOL, pool);
}

void pvio_xdp_stop(struct pvio_xdp *x)
{
	if (xdp_rxq_info_is_reg(&x->rxq))
		xdp_rxq_info_unreg(&x->rxq);
}

/* The reference is ours: the stack has taken it for us. */
int pvio_xdp_set(struct bpf_prog __rcu **prog, const struct netdev_bpf *order)
{
	struct bpf_prog *old = rtnl_dereference(*prog);

	if (order->command != XDP_SETUP_PROG)
		return -EINVAL;
	rcu_assign_pointer(*prog, order->prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

void pvio_xdp_advertise(struct net_device *netdev)
{
	pvio_xdp_set_features(netdev, NETDEV_XDP_ACT_BASIC |
				      NETDEV_XDP_ACT_REDIRECT |
				      NETDEV_XDP_ACT_NDO_XMIT |
				      NETDEV_XDP_ACT_RX_SG |
				      NETDEV_XDP_ACT_NDO_XMIT_SG);
}

void pvio_xdp_add_counts(const struct pvio_xdp *x, u64 *sum)
{
	u64 now[PVIO_XDP_WHATS];
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&x->syncp);
		for (i = 0; i < PVIO_XDP_WHATS; i++)
			now[i] = u64_stats_read(&x->count[i]);
	} while (u64_stats_fetch_retry(&x->syncp, start));
	for (i = 0; i < PVIO_XDP_WHATS; i++)
		sum[i] += now[i];
}
