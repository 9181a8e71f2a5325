// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A network backend played by a test: its end of the control ring, which its
 * event serves at once.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "tests/loopback/play/netback.h"

#define SLOT	sizeof(struct xen_netif_ctrl_request)

static void *slot_of(struct net_back_ctrl *c, u32 index)
{
	return c->r.shared->slots + (index % NET_BACK_CTRL_RING) * SLOT;
}

static void fetch(u32 ref, void *to, size_t size)
{
	struct page *page = pvio_loop_granted_page(ref);

	if (page)
		memcpy(to, page_address(page), size);
}

static void note(struct net_back_ctrl *c,
		 const struct xen_netif_ctrl_request *req)
{
	u16 type = req->type % NET_BACK_TYPES;

	if (type == XEN_NETIF_CTRL_TYPE_SET_HASH_KEY)
		fetch(req->data[0], c->key, sizeof(c->key));
	if (type == XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING)
		fetch(req->data[0], c->table, sizeof(c->table));
	c->last[type] = *req;
	c->seen[type]++;
}

void net_back_ctrl_put(struct net_back *k,
		       const struct xen_netif_ctrl_response *rsp)
{
	struct net_back_ctrl *c = &k->ctrl;

	memcpy(slot_of(c, c->r.prod++), rsp, sizeof(*rsp));
	/* Answers before their index. */
	virt_wmb();
	WRITE_ONCE(c->r.shared->rsp_prod, c->r.prod);
	pvio_loop_event_notify(&c->r.event);
}
EXPORT_SYMBOL_GPL(net_back_ctrl_put);

static void serve(struct net_back *k)
{
	struct net_back_ctrl *c = &k->ctrl;
	struct xen_netif_ctrl_request req;

	memcpy(&req, slot_of(c, c->r.cons++), sizeof(req));
	note(c, &req);
	if (!c->mute)
		net_back_ctrl_put(k, &(struct xen_netif_ctrl_response){
			.id = req.id + c->lie,
			.type = req.type,
			.status = c->status[req.type % NET_BACK_TYPES],
		});
}

static irqreturn_t hear_request(int irq, void *arg)
{
	struct net_back *k = arg;
	struct net_back_ctrl *c = &k->ctrl;

	while (READ_ONCE(c->r.shared->req_prod) != c->r.cons)
		serve(k);
	WRITE_ONCE(c->r.shared->req_event, c->r.cons + 1);
	pvio_loop_event_done(&c->r.event, true);
	return IRQ_HANDLED;
}

int net_back_ctrl_attach(struct net_back *k, const char *front)
{
	struct net_back_ring *r = &k->ctrl.r;
	struct page *page;
	int err;

	r->ref = pvio_loop_number(front, "ctrl-ring-ref");
	if (!r->ref)
		return 0;
	page = pvio_loop_raw_map(r->ref, false);
	if (!page) {
		r->ref = 0;
		return -EFAULT;
	}
	r->shared = page_address(page);
	r->event.handler = hear_request;
	r->event.arg = k;
	r->event.port = pvio_loop_number(front, "event-channel-ctrl");
	err = pvio_loop_event_bind(&r->event);
	r->bound = !err;
	return err;
}
EXPORT_SYMBOL_GPL(net_back_ctrl_attach);

void net_back_ctrl_detach(struct net_back *k)
{
	if (k->ctrl.r.bound)
		pvio_loop_event_close(&k->ctrl.r.event);
	if (k->ctrl.r.ref)
		pvio_loop_raw_unmap(k->ctrl.r.ref);
}
EXPORT_SYMBOL_GPL(net_back_ctrl_detach);
