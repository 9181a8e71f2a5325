// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A network frontend played by a test: its control ring.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "tests/loopback/play/netfront.h"

#define SLOT	sizeof(struct xen_netif_ctrl_request)

static irqreturn_t hear_event(int irq, void *arg)
{
	pvio_loop_event_done(arg, true);
	return IRQ_HANDLED;
}

static void write_keys(const struct net_front *f)
{
	const struct net_ctrl *c = f->ctrl;
	char text[12];

	snprintf(text, sizeof(text), "%u", c->ref);
	pvio_loop_put(f->end->own, "ctrl-ring-ref", text);
	snprintf(text, sizeof(text), "%u", c->event.port);
	pvio_loop_put(f->end->own, "event-channel-ctrl", text);
}

int net_ctrl_make(struct net_front *f)
{
	struct net_ctrl *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	f->ctrl = c;
	c->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	c->data = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!c->page || !c->data)
		return -ENOMEM;
	c->ref = pvio_loop_raw_grant(c->page, false);
	c->dref = pvio_loop_raw_grant(c->data, true);
	net_ctrl_shared(c)->req_event = 1;
	net_ctrl_shared(c)->rsp_event = 1;
	c->event.handler = hear_event;
	c->event.arg = &c->event;
	if (pvio_loop_event_open(&c->event))
		c->event.port = 0;
	write_keys(f);
	return c->event.port ? 0 : -ENOSPC;
}
EXPORT_SYMBOL_GPL(net_ctrl_make);

static void free_page_of(struct page *page, u32 ref)
{
	if (page && ref && pvio_loop_raw_ungrant(ref))
		__free_page(page);
}

void net_ctrl_free(struct net_front *f)
{
	struct net_ctrl *c = f->ctrl;

	if (!c)
		return;
	if (c->event.port)
		pvio_loop_event_close(&c->event);
	free_page_of(c->page, c->ref);
	free_page_of(c->data, c->dref);
	pvio_loop_remove(f->end->own, "ctrl-ring-ref");
	pvio_loop_remove(f->end->own, "event-channel-ctrl");
	kfree(c);
	f->ctrl = NULL;
}
EXPORT_SYMBOL_GPL(net_ctrl_free);

struct pvio_ring_shared *net_ctrl_shared(struct net_ctrl *c)
{
	return page_address(c->page);
}
EXPORT_SYMBOL_GPL(net_ctrl_shared);

static void *slot_of(struct net_ctrl *c, u32 index)
{
	return net_ctrl_shared(c)->slots + (index % NET_CTRL_RING) * SLOT;
}

void net_ctrl_put(struct net_ctrl *c, u16 type, const u32 *data)
{
	const struct xen_netif_ctrl_request req = {
		.id = c->prod, .type = type,
		.data = { data[0], data[1], data[2] },
	};

	memcpy(slot_of(c, c->prod++), &req, sizeof(req));
}
EXPORT_SYMBOL_GPL(net_ctrl_put);

void net_ctrl_push(struct net_ctrl *c)
{
	/* Requests before their index. */
	virt_wmb();
	WRITE_ONCE(net_ctrl_shared(c)->req_prod, c->prod);
	pvio_loop_event_notify(&c->event);
}
EXPORT_SYMBOL_GPL(net_ctrl_push);

static bool answered(struct net_ctrl *c)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (READ_ONCE(net_ctrl_shared(c)->rsp_prod) != c->cons) {
			/* Answers after their index. */
			virt_rmb();
			return true;
		}
		usleep_range(500, 1000);
	}
	return false;
}

u32 net_ctrl_answer(struct kunit *test, struct net_ctrl *c)
{
	struct xen_netif_ctrl_response rsp;

	if (!answered(c)) {
		KUNIT_FAIL(test, "request %u was not answered", c->cons);
		return ~0;
	}
	memcpy(&rsp, slot_of(c, c->cons), sizeof(rsp));
	KUNIT_EXPECT_EQ(test, rsp.id, (u16)c->cons);
	c->cons++;
	WRITE_ONCE(net_ctrl_shared(c)->rsp_event, c->cons + 1);
	c->value = rsp.data;
	return rsp.status;
}
EXPORT_SYMBOL_GPL(net_ctrl_answer);

u32 net_ctrl_ask(struct kunit *test, u16 type, u32 a, u32 b, u32 c)
{
	struct net_ctrl *ctrl = ((struct net_bench *)test->priv)->front->ctrl;
	const u32 data[3] = { a, b, c };

	net_ctrl_put(ctrl, type, data);
	net_ctrl_push(ctrl);
	return net_ctrl_answer(test, ctrl);
}
EXPORT_SYMBOL_GPL(net_ctrl_ask);
