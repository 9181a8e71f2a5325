// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend and a backend that does anything.
 */
#include <linux/mm.h>
#include <linux/module.h>

#include "tests/loopback/fuzz.h"
#include "tests/loopback/net/packet.h"
#include "tests/loopback/play/netback.h"

#define PLAN_CTRL	1	/* a control ring */
#define PLAN_FIXED	2	/* that takes pages to keep mapped */

static const char *const names[] = {
	"feature-rx-copy", "feature-sg", "feature-gso-tcpv4",
	"feature-gso-tcpv6", "feature-ipv6-csum-offload",
	"feature-split-event-channels", "multi-queue-max-queues",
	"feature-ctrl-ring", "feature-multicast-control",
	"feature-dynamic-multicast-control", "feature-xdp-headroom",
	"feature-rx-flip", "feature-no-csum-offload",
	"max-mtu", "hotplug-status", "online",
};

static const char *const values[] = {
	"", "0", "1", "2", "-1", "4294967296", "0x10", "one", " 1", "1 1",
};

static const struct fuzz_words words = {
	.names = names, .nr_names = ARRAY_SIZE(names),
	.values = values, .nr_values = ARRAY_SIZE(values),
};

static struct net_back *back_of(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->back;
}

static int direction(const struct fuzz_step *step)
{
	return step->a & 1 ? NET_BACK_RX : NET_BACK_TX;
}

static void open(struct kunit *test, u8 plan)
{
	struct net_bench *b = test->priv;
	const char *own = b->link.pair.back.own;

	if (plan & PLAN_CTRL)
		pvio_loop_put(own, "feature-ctrl-ring", "1");
	net_back_connect(test);
	if (plan & PLAN_FIXED)
		b->back->ctrl.fixed.size = NET_BACK_FIXED;
}

static const struct loop_pair *pair_of(struct kunit *test)
{
	return &((struct net_bench *)test->priv)->link.pair;
}

static void close(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_back_close(b);
	fuzz_unwrite(b->link.pair.back.own, &words);
	pvio_loop_put(b->link.pair.back.own, "online", "1");
}

static void heal(struct kunit *test)
{
	struct net_bench *b = test->priv;

	/* What bytes a packet had is known of honest ones only. */
	atomic_set(&b->link.front.ear.bad, 0);
	net_back_heals(test);
}

/* How many requests wait; the frontend is honest. */
static u32 waiting(const struct net_back_ring *r)
{
	return READ_ONCE(r->shared->req_prod) - r->cons;
}

static void lie_about_packet(struct kunit *test, const struct fuzz_step *step)
{
	net_back_answer(back_of(test), step->b, (s16)step->c);
	if (step->a & 2)
		net_back_push(back_of(test), NET_BACK_TX);
}

static void take_packets(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back *k = back_of(test);
	struct xen_netif_tx_request req;
	unsigned int nr = 1 + step->a % 32;

	while (nr-- && waiting(&k->ring[NET_BACK_TX]) - 1 < NET_BACK_RING &&
	       net_back_take(k, &req))
		net_back_answer(k, req.id, step->b & 3 ? XEN_NETIF_RSP_OKAY :
							 XEN_NETIF_RSP_ERROR);
	net_back_push(k, NET_BACK_TX);
}

static void deliver(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back *k = back_of(test);
	const struct xen_netif_rx_response rsp = {
		.id = step->a & 0xf0 ? 0 : step->a,
		.flags = step->a & 0xf,
		.offset = step->c & 0x700 ? 0 : step->c,
		.status = (s16)step->b,
	};

	if (waiting(&k->ring[NET_BACK_RX]) - 1 < NET_BACK_RING)
		net_back_deliver(k, &rsp);
	if (step->c & 0x1000)
		net_back_push(k, NET_BACK_RX);
}

/* Mapped, or a frontend that has had enough might free it meanwhile. */
static void fill_buffer(struct net_back *k, unsigned int len)
{
	struct page *page;
	u32 ref;

	net_back_buffer(k, &ref);
	page = pvio_loop_raw_map(ref, false);
	if (!page)
		return;
	net_fill(page_address(page), max(len, 14U), ref);
	pvio_loop_raw_unmap(ref);
}

static void send_packet(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back *k = back_of(test);
	unsigned int nr = 1 + step->a % 19;
	struct xen_netif_rx_response rsp = { .status = step->b % 4097 };

	if (waiting(&k->ring[NET_BACK_RX]) - nr >= NET_BACK_RING)
		return;
	while (nr--) {
		fill_buffer(k, rsp.status);
		rsp.flags = nr ? XEN_NETRXF_more_data : 0;
		net_back_deliver(k, &rsp);
	}
	net_back_push(k, NET_BACK_RX);
}

/* What says more of the packet before it takes a slot of the ring. */
static void deliver_extra(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back_ring *r = &back_of(test)->ring[NET_BACK_RX];
	struct xen_netif_extra_info info = {
		.type = step->a >> 2, .flags = step->b & 3,
	};

	memcpy(&info.u, &step->c, sizeof(step->c));
	memcpy(r->shared->slots + r->prod++ % NET_BACK_RING * 8, &info,
	       sizeof(info));
	r->cons++;
}

static void push(struct kunit *test, const struct fuzz_step *step)
{
	net_back_push(back_of(test), direction(step));
}

static void change_word(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back_ring *r = &back_of(test)->ring[direction(step)];

	fuzz_word(r->shared, step);
	if (step->a & 2)
		pvio_loop_event_notify(&r->event);
}

static void move_index(struct kunit *test, const struct fuzz_step *step)
{
	back_of(test)->ring[direction(step)].prod += (s16)step->b / 16;
	net_back_push(back_of(test), direction(step));
}

static void answer_control(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back *k = back_of(test);
	const struct xen_netif_ctrl_response rsp = {
		.id = step->a & 0xf, .type = step->a >> 4,
		.status = step->b & 7, .data = step->c,
	};

	if (k->ctrl.r.bound)
		net_back_ctrl_put(k, &rsp);
}

static void misjudge(struct kunit *test, const struct fuzz_step *step)
{
	struct net_back_ctrl *c = &back_of(test)->ctrl;

	c->status[step->b % NET_BACK_TYPES] = step->c % 8;
	c->mute = step->a & 1;
	c->fixed.junk = step->c;
	c->lie = (step->a & 6) == 6;
}

static void send(struct kunit *test, const struct fuzz_step *step)
{
	struct net_bench *b = test->priv;
	unsigned int len = 60 + step->b % 60000;
	const struct net_shape shape = {
		.len = len,
		.head = step->c & 1 ? 0 : min(60 + step->c % 1000, len),
		.frag = 1 + (step->c >> 8) % 4096,
		.gso = step->c & 2 ? 1448 : 0,
	};

	if (len / shape.frag < MAX_SKB_FRAGS - 1)
		net_send(b->link.front.dev, &shape);
}

static void write_key(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_write(back_of(test)->end->own, &words, step);
}

static void say(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_say(back_of(test)->end, step);
}

static void wait(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_wait(step);
}

static void (*const verbs[])(struct kunit *, const struct fuzz_step *) = {
	lie_about_packet, take_packets, take_packets, deliver, deliver,
	send_packet, send_packet, deliver_extra, push, push, change_word,
	move_index, answer_control, misjudge, send, send, write_key, say, wait,
};

static void do_step(struct kunit *test, const struct fuzz_step *step)
{
	verbs[step->verb % ARRAY_SIZE(verbs)](test, step);
}

static const struct fuzz_target netfront = {
	.name = "pvio-netfront",
	.verbs = ARRAY_SIZE(verbs),
	.open = open,
	.pair = pair_of,
	.step = do_step,
	.close = close,
	.heal = heal,
};

static void any_backend(struct kunit *test)
{
	fuzz_run(test, &netfront);
}

static void fuzz_exit(struct kunit *test)
{
	fuzz_tell(test);
	net_bench_exit(test);
}

static struct kunit_case netfront_fuzz_cases[] = {
	KUNIT_CASE_PARAM(any_backend, fuzz_pieces),
	{}
};

static struct kunit_suite netfront_fuzz_suite = {
	.name = "pvio_netfront_fuzz",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = fuzz_exit,
	.test_cases = netfront_fuzz_cases,
};

kunit_test_suite(netfront_fuzz_suite);
