// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A network backend played by a test: its life and its rings.
 */
#include "tests/loopback/play/netback.h"

#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static atomic_t seeds = ATOMIC_INIT(5000000);

static irqreturn_t hear_event(int irq, void *arg)
{
	pvio_loop_event_done(arg, true);
	return IRQ_HANDLED;
}

void net_back_say(struct net_bench *b, enum xenbus_state state)
{
	pvio_loop_set_state(&b->link.pair.back, state);
	pvio_loop_settle();
}
EXPORT_SYMBOL_GPL(net_back_say);

void net_back_offer(struct net_bench *b)
{
	static const char *const features[] = {
		"feature-rx-copy", "feature-sg", "feature-gso-tcpv4",
		"feature-gso-tcpv6", "feature-ipv6-csum-offload",
		"feature-split-event-channels", "multi-queue-max-queues",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(features); i++)
		pvio_loop_put(b->link.pair.back.own, features[i], "1");
}
EXPORT_SYMBOL_GPL(net_back_offer);

static int attach(struct net_back_ring *r, const char *front, const char *ref,
		  const char *port)
{
	struct page *page;
	int err;

	r->ref = pvio_loop_number(front, ref);
	page = pvio_loop_raw_map(r->ref, false);
	if (!page) {
		r->ref = 0;
		return -EFAULT;
	}
	r->shared = page_address(page);
	r->event.handler = hear_event;
	r->event.arg = &r->event;
	r->event.port = pvio_loop_number(front, port);
	err = pvio_loop_event_bind(&r->event);
	r->bound = !err;
	return err;
}

static int attach_rings(struct net_bench *b, struct net_back *k)
{
	const char *front = b->link.pair.front.own;
	int err;

	err = attach(&k->ring[NET_BACK_TX], front, "tx-ring-ref",
		     "event-channel-tx");
	if (!err)
		err = attach(&k->ring[NET_BACK_RX], front, "rx-ring-ref",
			     "event-channel-rx");
	if (!err)
		err = net_back_ctrl_attach(k, front);
	return err;
}

static void make(struct net_bench *b, bool sg)
{
	b->back = kzalloc(sizeof(*b->back), GFP_KERNEL);
	if (!b->back)
		return;
	b->back->end = &b->link.pair.back;
	net_back_offer(b);
	if (!sg)
		pvio_loop_put(b->link.pair.back.own, "feature-sg", "0");
	net_back_say(b, XenbusStateInitWait);
}

/* Serves the rings, and still says InitWait. */
static void serve(struct kunit *test, bool sg)
{
	struct net_bench *b = test->priv;

	make(b, sg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b->back);
	if (!b->link.front.dev)
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	KUNIT_ASSERT_TRUE(test, pvio_loop_wait(&b->link.pair.front,
					       XenbusStateConnected,
					       NET_WAIT_MS));
	KUNIT_ASSERT_EQ(test, attach_rings(b, b->back), 0);
}

struct net_back *net_back_serve(struct kunit *test)
{
	serve(test, true);
	return ((struct net_bench *)test->priv)->back;
}
EXPORT_SYMBOL_GPL(net_back_serve);

static struct net_back *connect(struct kunit *test, bool sg)
{
	struct net_bench *b = test->priv;

	serve(test, sg);
	net_back_say(b, XenbusStateConnected);
	KUNIT_ASSERT_TRUE(test, net_side_ready(&b->link.front));
	return b->back;
}

struct net_back *net_back_connect(struct kunit *test)
{
	return connect(test, true);
}
EXPORT_SYMBOL_GPL(net_back_connect);

void net_back_connect_small(struct kunit *test)
{
	connect(test, false);
}
EXPORT_SYMBOL_GPL(net_back_connect_small);

static void detach(struct net_back_ring *r)
{
	if (r->bound)
		pvio_loop_event_close(&r->event);
	if (r->ref)
		pvio_loop_raw_unmap(r->ref);
}

/*
 * A frontend that was lied to leaves Connected a moment later.  Who begins anew
 * before that takes its old state for an answer.
 */
static void await_verdict(const struct loop_end *front)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (!front->pdev || !pvio_device_broken(front->pdev) ||
		    pvio_loop_state(front) != XenbusStateConnected)
			return;
		usleep_range(500, 1000);
	}
}

void net_back_close(struct net_bench *b)
{
	if (!b->back)
		return;
	await_verdict(&b->link.pair.front);
	net_back_say(b, XenbusStateClosing);
	detach(&b->back->ring[NET_BACK_TX]);
	detach(&b->back->ring[NET_BACK_RX]);
	net_back_ctrl_detach(b->back);
	kfree(b->back);
	b->back = NULL;
	net_back_say(b, XenbusStateClosed);
	net_back_say(b, XenbusStateInitialising);
}
EXPORT_SYMBOL_GPL(net_back_close);

static bool requested(struct net_back *k, int dir)
{
	struct net_back_ring *r = &k->ring[dir];
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (READ_ONCE(r->shared->req_prod) != r->cons) {
			/* Requests after their index. */
			virt_rmb();
			return true;
		}
		usleep_range(500, 1000);
	}
	return false;
}

static void *slot_of(struct net_back *k, int dir, u32 index)
{
	size_t size = dir == NET_BACK_TX ?
		      sizeof(struct xen_netif_tx_request) :
		      sizeof(struct xen_netif_rx_response);

	return k->ring[dir].shared->slots + (index % NET_BACK_RING) * size;
}

bool net_back_take(struct net_back *k, struct xen_netif_tx_request *req)
{
	struct net_back_ring *r = &k->ring[NET_BACK_TX];

	if (!requested(k, NET_BACK_TX))
		return false;
	memcpy(req, slot_of(k, NET_BACK_TX, r->cons++), sizeof(*req));
	WRITE_ONCE(r->shared->req_event, r->cons + 1);
	return true;
}
EXPORT_SYMBOL_GPL(net_back_take);

void net_back_answer(struct net_back *k, u16 id, s16 status)
{
	const struct xen_netif_tx_response rsp = {
		.id = id, .status = status,
	};
	struct net_back_ring *r = &k->ring[NET_BACK_TX];

	memcpy(slot_of(k, NET_BACK_TX, r->prod++), &rsp, sizeof(rsp));
}
EXPORT_SYMBOL_GPL(net_back_answer);

void net_back_push(struct net_back *k, int dir)
{
	struct net_back_ring *r = &k->ring[dir];

	/* Answers before their index. */
	virt_wmb();
	WRITE_ONCE(r->shared->rsp_prod, r->prod);
	pvio_loop_event_notify(&r->event);
}
EXPORT_SYMBOL_GPL(net_back_push);

bool net_back_publish(struct net_back *k, int dir)
{
	struct net_back_ring *r = &k->ring[dir];
	u32 old = READ_ONCE(r->shared->rsp_prod);
	bool asked;

	/* Answers before their index. */
	virt_wmb();
	WRITE_ONCE(r->shared->rsp_prod, r->prod);
	/* That before what is asked for; with the barrier of pvio_front_arm(). */
	virt_mb();
	asked = r->prod - READ_ONCE(r->shared->rsp_event) < r->prod - old;
	if (asked)
		pvio_loop_event_notify(&r->event);
	return asked;
}
EXPORT_SYMBOL_GPL(net_back_publish);

u32 net_back_offered(const struct net_back *k)
{
	const struct net_back_ring *r = &k->ring[NET_BACK_RX];

	return READ_ONCE(r->shared->req_prod) - r->cons;
}
EXPORT_SYMBOL_GPL(net_back_offered);

static void peek_buffer(struct net_back *k, struct xen_netif_rx_request *req)
{
	struct net_back_ring *r = &k->ring[NET_BACK_RX];

	memset(req, 0, sizeof(*req));
	if (requested(k, NET_BACK_RX))
		memcpy(req, slot_of(k, NET_BACK_RX, r->cons), sizeof(*req));
}

struct page *net_back_buffer(struct net_back *k, u32 *ref)
{
	struct xen_netif_rx_request req;

	peek_buffer(k, &req);
	*ref = req.gref;
	return pvio_loop_granted_page(req.gref);
}
EXPORT_SYMBOL_GPL(net_back_buffer);

void net_back_deliver(struct net_back *k,
		      const struct xen_netif_rx_response *rsp)
{
	struct net_back_ring *r = &k->ring[NET_BACK_RX];
	struct xen_netif_rx_response out = *rsp;
	struct xen_netif_rx_request req;

	peek_buffer(k, &req);
	out.id += req.id;
	memcpy(slot_of(k, NET_BACK_RX, r->prod++), &out, sizeof(out));
	r->cons++;
}
EXPORT_SYMBOL_GPL(net_back_deliver);

static void deliver_part(struct net_back *k, const u8 *data, u16 size,
			 bool more)
{
	const struct xen_netif_rx_response rsp = {
		.flags = more ? XEN_NETRXF_more_data : 0,
		.status = size,
	};
	struct page *page;
	u32 ref;

	page = net_back_buffer(k, &ref);
	if (page)
		memcpy(page_address(page), data, size);
	net_back_deliver(k, &rsp);
}

void net_back_send(struct net_back *k, const u16 *sizes, unsigned int nr)
{
	unsigned int i, len = 0;
	u8 *frame;

	for (i = 0; i < nr; i++)
		len += sizes[i];
	frame = kvzalloc(max(len, 14U), GFP_KERNEL);
	if (!frame)
		return;
	net_fill(frame, max(len, 14U), atomic_inc_return(&seeds));
	for (i = 0, len = 0; i < nr; len += sizes[i++])
		deliver_part(k, frame + len, sizes[i], i + 1 < nr);
	kvfree(frame);
	net_back_push(k, NET_BACK_RX);
}
EXPORT_SYMBOL_GPL(net_back_send);

void net_back_lift_limit(struct net_device *dev)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);
	const unsigned int much = 100000000;

	netdev_tx_reset_queue(txq);
	txq->dql.min_limit = much;
	txq->dql.limit = much;
	txq->dql.adj_limit = much;
}
EXPORT_SYMBOL_GPL(net_back_lift_limit);

static void take_extras(struct net_back *k)
{
	struct xen_netif_tx_request req;
	struct xen_netif_extra_info info;

	do {
		if (!net_back_take(k, &req))
			return;
		memcpy(&info, &req, sizeof(info));
		net_back_answer(k, 0, XEN_NETIF_RSP_NULL);
	} while (info.flags & XEN_NETIF_EXTRA_FLAG_MORE);
}

static int take_part(struct net_back *k, u8 *frame,
		     const struct xen_netif_tx_request *req)
{
	struct page *page = pvio_loop_granted_page(req->gref);

	if (!page || req->offset + req->size > PAGE_SIZE)
		return -EFAULT;
	memcpy(frame, page_address(page) + req->offset, req->size);
	return req->size;
}

struct slots {
	struct xen_netif_tx_request req[XEN_NETIF_NR_SLOTS_MIN];
	unsigned int nr;
};

/* All data slots; the first one's size becomes its own share. */
static bool take_slots(struct net_back *k, struct slots *s, s16 status)
{
	unsigned int others = 0;
	struct xen_netif_tx_request *req;

	s->nr = 0;
	do {
		req = &s->req[s->nr];
		if (s->nr == XEN_NETIF_NR_SLOTS_MIN || !net_back_take(k, req))
			return false;
		net_back_answer(k, req->id, status);
		if (s->nr)
			others += req->size;
		else if (req->flags & XEN_NETTXF_extra_info)
			take_extras(k);
		s->nr++;
	} while (req->flags & XEN_NETTXF_more_data);
	s->req[0].size -= others;
	return true;
}

/* Its length, or less than 0; @same: it is as it was made. */
static int receive(struct kunit *test, struct net_back *k, s16 status, bool *same)
{
	u8 *frame = kvmalloc(NET_FRAME_MAX, GFP_KERNEL);
	struct slots s = {};
	int len = 0, part = 0;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, frame && take_slots(k, &s, status));
	for (i = 0; i < s.nr && frame && part >= 0; i++) {
		part = take_part(k, frame + len, &s.req[i]);
		len += part;
	}
	KUNIT_EXPECT_GE(test, part, 0);
	*same = frame && part >= 0 && s.nr && net_matches(frame, len);
	kvfree(frame);
	net_back_push(k, NET_BACK_TX);
	return len;
}

int net_back_receive(struct kunit *test, struct net_back *k, s16 status)
{
	bool same;
	int len = receive(test, k, status, &same);

	KUNIT_EXPECT_TRUE_MSG(test, same, "%d bytes", len);
	return len;
}
EXPORT_SYMBOL_GPL(net_back_receive);

void net_back_passes(struct kunit *test, struct net_back *k)
{
	static const u16 sizes[] = { 1514 };
	const struct net_shape shape = { .len = 700 };
	struct net_bench *b = test->priv;
	int want = atomic_read(&b->link.front.ear.good) + 1;
	int len, older = 1000;
	bool same;

	net_back_send(k, sizes, 1);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.front.ear, want));
	KUNIT_EXPECT_EQ(test, net_send(b->link.front.dev, &shape), 0);
	/*
	 * What waited in the stack for a new backend comes first.  Of TCP's packets
	 * not all bytes are as others' are made.
	 */
	do {
		len = receive(test, k, XEN_NETIF_RSP_OKAY, &same);
	} while (len > 0 && len != shape.len && older--);
	KUNIT_EXPECT_EQ(test, len, shape.len);
	KUNIT_EXPECT_TRUE(test, same);
}
EXPORT_SYMBOL_GPL(net_back_passes);

void net_back_broken(struct kunit *test, const char *why)
{
	struct net_bench *b = test->priv;

	KUNIT_EXPECT_TRUE_MSG(test, pvio_loop_wait(&b->link.pair.front,
						   XenbusStateClosing,
						   NET_WAIT_MS),
			      "waiting for '%s'", why);
	KUNIT_EXPECT_EQ_MSG(test, net_log_lines(b, why), 1, "lines with '%s'",
			    why);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 1);
	net_back_close(b);
	net_log_mark(b);
}
EXPORT_SYMBOL_GPL(net_back_broken);

struct net_back *net_back_heals(struct kunit *test)
{
	struct net_back *k;

	net_back_close(test->priv);
	k = net_back_connect(test);
	net_back_passes(test, k);
	return k;
}
EXPORT_SYMBOL_GPL(net_back_heals);
