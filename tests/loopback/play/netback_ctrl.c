// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A network backend played by a test: its end of the control ring, which its
 * event serves at once.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "ring/netctrl.h"
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

static unsigned int find(const struct net_back_fixed *fixed, u32 ref)
{
	unsigned int i = 0;

	while (i < READ_ONCE(fixed->nr) && READ_ONCE(fixed->ref[i]) != ref)
		i++;
	return i;
}

bool net_back_has(const struct net_back *k, u32 ref)
{
	return find(&k->ctrl.fixed, ref) < READ_ONCE(k->ctrl.fixed.nr);
}
EXPORT_SYMBOL_GPL(net_back_has);

static u32 add(struct net_back_fixed *fixed,
	       const struct pvio_netctrl_gref *list, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		if (fixed->nr == NET_BACK_FIXED ||
		    find(fixed, list[i].ref) < fixed->nr ||
		    !pvio_loop_raw_map(list[i].ref, list[i].flags))
			return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
		fixed->ref[fixed->nr] = list[i].ref;
		WRITE_ONCE(fixed->nr, fixed->nr + 1);
	}
	fixed->most = max(fixed->most, fixed->nr);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

static void del(struct net_back_fixed *fixed, struct pvio_netctrl_gref *list,
		u32 nr)
{
	unsigned int at;
	u32 i;

	for (i = 0; i < nr; i++) {
		at = find(fixed, list[i].ref);
		list[i].status = fixed->junk;
		if (at == fixed->nr || fixed->sticky)
			continue;
		WRITE_ONCE(fixed->ref[at], fixed->ref[fixed->nr - 1]);
		WRITE_ONCE(fixed->nr, fixed->nr - 1);
		pvio_loop_raw_unmap(list[i].ref);
	}
}

static u32 act(struct net_back_ctrl *c,
	       const struct xen_netif_ctrl_request *req, u32 *data)
{
	struct page *page = pvio_loop_granted_page(req->data[1]);

	switch (req->type) {
	case PVIO_NETCTRL_GET_GREF_MAPPING_SIZE:
		*data = c->fixed.size;
		return c->fixed.size ? XEN_NETIF_CTRL_STATUS_SUCCESS :
				       XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	case PVIO_NETCTRL_ADD_GREF_MAPPING:
		return page ? add(&c->fixed, page_address(page), req->data[2]) :
			      XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	case PVIO_NETCTRL_DEL_GREF_MAPPING:
		if (page)
			del(&c->fixed, page_address(page), req->data[2]);
	}
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

static void serve(struct net_back *k)
{
	struct net_back_ctrl *c = &k->ctrl;
	struct xen_netif_ctrl_response rsp = {};
	struct xen_netif_ctrl_request req;

	memcpy(&req, slot_of(c, c->r.cons++), sizeof(req));
	note(c, &req);
	if (c->mute)
		return;
	rsp.id = req.id + c->lie;
	rsp.type = req.type;
	rsp.status = c->status[req.type % NET_BACK_TYPES];
	if (!rsp.status)
		rsp.status = act(c, &req, &rsp.data);
	net_back_ctrl_put(k, &rsp);
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
	while (k->ctrl.fixed.nr)
		pvio_loop_raw_unmap(k->ctrl.fixed.ref[--k->ctrl.fixed.nr]);
	if (k->ctrl.r.ref)
		pvio_loop_raw_unmap(k->ctrl.r.ref);
}
EXPORT_SYMBOL_GPL(net_back_ctrl_detach);
