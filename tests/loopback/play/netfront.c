// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A network frontend played by a test: its life.
 */
#include "tests/loopback/play/netfront.h"

#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>

static irqreturn_t hear_event(int irq, void *arg)
{
	struct pvio_event *ev = arg;
	struct net_queue *q = ev->provider;

	atomic_inc(&q->heard);
	pvio_loop_event_done(ev, true);
	return IRQ_HANDLED;
}

static int open_event(struct net_queue *q, struct pvio_event *ev)
{
	int err;

	ev->handler = hear_event;
	ev->arg = ev;
	ev->provider = q;
	err = pvio_loop_event_open(ev);
	if (err)
		ev->port = 0;
	return err;
}

static struct page *new_page(bool readonly, u32 *ref)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	if (page)
		*ref = pvio_loop_raw_grant(page, readonly);
	return page;
}

static int make_ring(struct net_ring *r, bool readonly, u32 start)
{
	struct pvio_ring_shared *s;
	unsigned int i;

	r->page = new_page(false, &r->ref);
	if (!r->page)
		return -ENOMEM;
	s = page_address(r->page);
	s->req_prod = start;
	s->rsp_prod = start;
	s->req_event = start + 1;
	s->rsp_event = start + 1;
	r->prod = start;
	r->cons = start;
	for (i = 0; i < NET_RING; i++) {
		r->data[i] = new_page(readonly, &r->dref[i]);
		if (!r->data[i])
			return -ENOMEM;
	}
	return 0;
}

static int make_queue(struct net_front *f, struct net_queue *q)
{
	int err = make_ring(&q->ring[NET_TX], true, f->start);

	if (!err)
		err = make_ring(&q->ring[NET_RX], false, f->start);
	if (!err)
		err = open_event(q, &q->ring[NET_TX].event);
	if (!err && f->split)
		err = open_event(q, &q->ring[NET_RX].event);
	return err;
}

static void put_number(const struct net_front *f, unsigned int i,
		       const char *key, u32 value)
{
	char node[48], text[12];

	if (f->nr > 1)
		snprintf(node, sizeof(node), "queue-%u/%s", i, key);
	else
		strscpy(node, key, sizeof(node));
	snprintf(text, sizeof(text), "%u", value);
	if (value)
		pvio_loop_put(f->end->own, node, text);
	else
		pvio_loop_remove(f->end->own, node);
}

static void write_queue(const struct net_front *f, unsigned int i)
{
	const struct net_ring *tx = &f->queue[i].ring[NET_TX];
	const struct net_ring *rx = &f->queue[i].ring[NET_RX];

	put_number(f, i, "tx-ring-ref", tx->ref);
	put_number(f, i, "rx-ring-ref", rx->ref);
	put_number(f, i, "event-channel", f->split ? 0 : tx->event.port);
	put_number(f, i, "event-channel-tx", f->split ? tx->event.port : 0);
	put_number(f, i, "event-channel-rx", f->split ? rx->event.port : 0);
}

static void write_keys(const struct net_front *f)
{
	static const char *const features[] = {
		"request-rx-copy", "feature-rx-notify", "feature-sg",
		"feature-gso-tcpv4", "feature-gso-tcpv6",
		"feature-ipv6-csum-offload",
	};
	unsigned int i;
	char text[12];

	for (i = 0; i < ARRAY_SIZE(features); i++)
		pvio_loop_put(f->end->own, features[i], "1");
	snprintf(text, sizeof(text), "%u", f->nr);
	pvio_loop_put(f->end->own, "multi-queue-num-queues", text);
	for (i = 0; i < f->nr; i++)
		write_queue(f, i);
}

int net_front_make(struct net_bench *b, unsigned int nr, bool split, u32 start)
{
	struct net_front *f = kvzalloc(sizeof(*f), GFP_KERNEL);
	unsigned int i;
	int err = 0;

	if (!f)
		return -ENOMEM;
	b->front = f;
	f->end = &b->link.pair.front;
	f->nr = nr;
	f->split = split;
	f->start = start;
	for (i = 0; i < nr && !err; i++)
		err = make_queue(f, &f->queue[i]);
	if (err)
		return err;
	write_keys(f);
	for (i = 0; i < nr; i++) {
		net_offer(&f->queue[i], NET_RING);
		net_shared(&f->queue[i], NET_RX)->req_prod =
			f->queue[i].ring[NET_RX].prod;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(net_front_make);

void net_front_say(struct net_bench *b, enum xenbus_state state)
{
	pvio_loop_set_state(&b->link.pair.front, state);
	pvio_loop_settle();
}
EXPORT_SYMBOL_GPL(net_front_say);

void net_front_join(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_front_say(b, XenbusStateConnected);
	KUNIT_ASSERT_TRUE(test, pvio_loop_wait(&b->link.pair.back,
					       XenbusStateConnected,
					       NET_WAIT_MS));
	KUNIT_ASSERT_TRUE(test, net_side_ready(&b->link.back));
}
EXPORT_SYMBOL_GPL(net_front_join);

struct net_queue *net_front_connect_with(struct kunit *test, unsigned int nr)
{
	struct net_bench *b = test->priv;
	struct net_queue *q;

	if (!b->link.back.dev)
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	q = &b->front->queue[0];
	q->ring[NET_RX].prod = nr;
	net_shared(q, NET_RX)->req_prod = nr;
	net_front_join(test);
	return q;
}
EXPORT_SYMBOL_GPL(net_front_connect_with);

struct net_queue *net_front_connect(struct kunit *test)
{
	return net_front_connect_with(test, NET_RING);
}
EXPORT_SYMBOL_GPL(net_front_connect);

/* A page that the backend still maps is a leak, and the book will say so. */
static void free_page_of(struct page *page, u32 ref)
{
	if (page && pvio_loop_raw_ungrant(ref))
		__free_page(page);
}

static void free_ring(struct net_ring *r)
{
	unsigned int i;

	if (r->event.port)
		pvio_loop_event_close(&r->event);
	free_page_of(r->page, r->ref);
	for (i = 0; i < NET_RING; i++)
		free_page_of(r->data[i], r->dref[i]);
}

static void free_front(struct net_front *f)
{
	unsigned int i;

	for (i = 0; i < f->nr; i++) {
		free_ring(&f->queue[i].ring[NET_TX]);
		free_ring(&f->queue[i].ring[NET_RX]);
	}
	net_ctrl_free(f);
	kvfree(f);
}

/* The pages are the frontend's again only when the backend says so. */
static void await_release(struct net_bench *b)
{
	struct loop_end *back = &b->link.pair.back;

	if (READ_ONCE(back->pdev))
		pvio_loop_wait(back, XenbusStateClosed, NET_WAIT_MS);
}

void net_front_close(struct net_bench *b)
{
	if (!b->front)
		return;
	net_front_say(b, XenbusStateClosing);
	net_front_say(b, XenbusStateClosed);
	await_release(b);
	free_front(b->front);
	b->front = NULL;
	net_front_say(b, XenbusStateInitialising);
}
EXPORT_SYMBOL_GPL(net_front_close);

struct net_queue *net_front_begin_anew(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_front *old = b->front;

	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	net_front_join(test);
	free_front(old);
	return &b->front->queue[0];
}
EXPORT_SYMBOL_GPL(net_front_begin_anew);

void net_front_broken(struct kunit *test, const char *why)
{
	struct net_bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, pvio_loop_wait(&b->link.pair.back,
					       XenbusStateClosing,
					       NET_WAIT_MS));
	KUNIT_EXPECT_EQ_MSG(test, net_log_lines(b, why), 1, "lines with '%s'",
			    why);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 1);
	net_front_close(b);
	net_log_mark(b);
}
EXPORT_SYMBOL_GPL(net_front_broken);

struct net_queue *net_front_heals(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q;

	net_front_close(b);
	q = net_front_connect(test);
	net_front_passes(test, q);
	return q;
}
EXPORT_SYMBOL_GPL(net_front_heals);
