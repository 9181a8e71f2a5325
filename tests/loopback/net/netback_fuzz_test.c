// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and a frontend that does anything.
 */
#include <linux/mm.h>
#include <linux/module.h>

#include "ring/netctrl.h"
#include "tests/loopback/fuzz.h"
#include "tests/loopback/net/packet.h"
#include "tests/loopback/play/netfront.h"

#define PLAN_TWO	1	/* queues */
#define PLAN_SPLIT	2	/* event channels */
#define PLAN_CTRL	4	/* and a control ring */
#define PLAN_WRAP	8	/* indices that are about to */

static const char *const names[] = {
	"request-rx-copy", "feature-rx-notify", "feature-sg",
	"feature-gso-tcpv4", "feature-gso-tcpv6", "feature-no-csum-offload",
	"feature-ipv6-csum-offload", "multi-queue-num-queues", "tx-ring-ref",
	"rx-ring-ref", "event-channel", "event-channel-tx",
	"event-channel-rx", "ctrl-ring-ref", "event-channel-ctrl",
	"request-multicast-control", "xdp-headroom", "queue-0/tx-ring-ref",
	"queue-1/rx-ring-ref", "queue-1/event-channel", "queue-7/tx-ring-ref",
};

static const char *const values[] = {
	"", "0", "1", "2", "-1", "4294967296", "0x10", "one", " 1", "1 1",
};

static const struct fuzz_words words = {
	.names = names, .nr_names = ARRAY_SIZE(names),
	.values = values, .nr_values = ARRAY_SIZE(values),
};

static struct net_front *front_of(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->front;
}

static struct net_queue *queue_of(struct kunit *test,
				  const struct fuzz_step *step)
{
	struct net_front *f = front_of(test);

	return &f->queue[step->a % f->nr];
}

/* One of the frontend's own pages, or whatever the number is. */
static u32 some_ref(const struct net_queue *q, u32 number)
{
	const struct net_ring *r = &q->ring[number >> 8 & 1];

	return number & 0xe00 ? r->dref[number % NET_RING] : number;
}

static void open(struct kunit *test, u8 plan)
{
	struct net_bench *b = test->priv;
	unsigned int nr = plan & PLAN_TWO ? 2 : 1;

	if (!b->link.back.dev)
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, nr, plan & PLAN_SPLIT,
					     plan & PLAN_WRAP ? -20 : 0), 0);
	if (plan & PLAN_CTRL)
		KUNIT_ASSERT_EQ(test, net_ctrl_make(b->front), 0);
	net_front_join(test);
}

static const struct loop_pair *pair_of(struct kunit *test)
{
	return &((struct net_bench *)test->priv)->link.pair;
}

static void close(struct kunit *test)
{
	struct net_bench *b = test->priv;

	fuzz_unwrite(b->link.pair.front.own, &words);
	net_front_close(b);
}

static void heal(struct kunit *test)
{
	struct net_bench *b = test->priv;

	/* What bytes a packet had is known of honest ones only. */
	atomic_set(&b->link.back.ear.bad, 0);
	net_front_heals(test);
}

static void put_request(struct kunit *test, const struct fuzz_step *step)
{
	struct net_queue *q = queue_of(test, step);
	const struct xen_netif_tx_request req = {
		.gref = some_ref(q, step->c),
		.offset = step->c >> 16,
		.flags = step->a >> 2,
		.id = step->c,
		.size = step->b,
	};

	net_put(q, &req);
}

static void put_extra(struct kunit *test, const struct fuzz_step *step)
{
	struct xen_netif_extra_info info = {
		.type = step->a >> 2, .flags = step->b & 3,
	};

	memcpy(&info.u, &step->c, sizeof(step->c));
	net_put_extra(queue_of(test, step), &info);
}

static void put_packet(struct kunit *test, const struct fuzz_step *step)
{
	struct net_cut cut = {
		.nr = 1 + (step->a >> 2) % 20,
		.tcp = step->c & 1,
		.gso = (step->c & 3) == 3 ? step->c >> 16 : 0,
		.hash = step->c & 4,
		.total = step->c & 8 ? step->c >> 16 : 0,
	};
	unsigned int i;

	for (i = 0; i < cut.nr; i++)
		cut.size[i] = max(step->b % 4097 / (1 + i % 3), 60U);
	net_put_packet(queue_of(test, step), &cut);
}

static void push(struct kunit *test, const struct fuzz_step *step)
{
	net_push(queue_of(test, step), step->b & 1 ? NET_RX : NET_TX);
}

static void change_word(struct kunit *test, const struct fuzz_step *step)
{
	struct net_queue *q = queue_of(test, step);
	enum net_dir dir = step->a & 2 ? NET_RX : NET_TX;

	fuzz_word(net_shared(q, dir), step);
	if (step->a & 4)
		net_notify(q, dir);
}

static void move_index(struct kunit *test, const struct fuzz_step *step)
{
	struct net_queue *q = queue_of(test, step);
	enum net_dir dir = step->a & 2 ? NET_RX : NET_TX;

	q->ring[dir].prod += (s16)step->b / 16;
	net_push(q, dir);
}

static void offer(struct kunit *test, const struct fuzz_step *step)
{
	struct net_queue *q = queue_of(test, step);
	struct net_ring *r = &q->ring[NET_RX];
	const struct xen_netif_rx_request req = {
		.id = step->b, .gref = some_ref(q, step->c),
	};

	memcpy(net_shared(q, NET_RX)->slots + r->prod++ % NET_RING * 8, &req,
	       sizeof(req));
}

static void take_answers(struct kunit *test, const struct fuzz_step *step)
{
	struct net_queue *q = queue_of(test, step);
	struct net_ring *r = &q->ring[NET_RX];
	u32 made = READ_ONCE(net_shared(q, NET_RX)->rsp_prod);

	if (made - r->cons > NET_RING)
		return;
	net_offer(q, made - r->cons);
	r->cons = made;
	net_push(q, NET_RX);
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
		net_send(b->link.back.dev, &shape);
}

static void ask(struct kunit *test, const struct fuzz_step *step)
{
	struct net_front *f = front_of(test);
	u32 data[3] = { step->b, step->c, step->c >> 16 };

	if (!f->ctrl)
		return;
	if (step->a & 0x10)
		data[1] = f->ctrl->dref;
	else if (step->a & 0x20)
		data[1] = f->queue[0].ring[NET_RX].dref[0];
	net_ctrl_put(f->ctrl, step->a & 0xf, data);
	if (step->a & 0x40)
		net_ctrl_push(f->ctrl);
}

/* Keys, tables, and lists of pages to keep mapped. */
static void fill_table(struct kunit *test, const struct fuzz_step *step)
{
	struct net_front *f = front_of(test);
	struct pvio_netctrl_gref *list =
		page_address(f->queue[0].ring[NET_RX].data[0]);

	if (f->ctrl)
		fuzz_word(page_address(f->ctrl->data), step);
	list[step->b % 16] = (struct pvio_netctrl_gref){
		.ref = some_ref(&f->queue[0], step->c),
		.flags = step->a & 3,
	};
}

static void change_ctrl_word(struct kunit *test, const struct fuzz_step *step)
{
	struct net_front *f = front_of(test);

	if (f->ctrl)
		fuzz_word(net_ctrl_shared(f->ctrl), step);
}

static void write_key(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_write(front_of(test)->end->own, &words, step);
}

static void say(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_say(front_of(test)->end, step);
}

static void wait(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_wait(step);
}

static void (*const verbs[])(struct kunit *, const struct fuzz_step *) = {
	put_request, put_request, put_extra, put_packet, put_packet, push,
	push, change_word, move_index, offer, take_answers, send, ask, ask,
	fill_table, change_ctrl_word, write_key, say, wait,
};

static void do_step(struct kunit *test, const struct fuzz_step *step)
{
	verbs[step->verb % ARRAY_SIZE(verbs)](test, step);
}

static const struct fuzz_target netback = {
	.name = "pvio-netback",
	.verbs = ARRAY_SIZE(verbs),
	.open = open,
	.pair = pair_of,
	.step = do_step,
	.close = close,
	.heal = heal,
};

static void any_frontend(struct kunit *test)
{
	fuzz_run(test, &netback);
}

static void fuzz_exit(struct kunit *test)
{
	fuzz_tell(test);
	net_bench_exit(test);
}

static struct kunit_case netback_fuzz_cases[] = {
	KUNIT_CASE_PARAM(any_frontend, fuzz_pieces),
	{}
};

static struct kunit_suite netback_fuzz_suite = {
	.name = "pvio_netback_fuzz",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = fuzz_exit,
	.test_cases = netback_fuzz_cases,
};

kunit_test_suite(netback_fuzz_suite);

MODULE_DESCRIPTION("Network drivers of pvio with ends that do anything");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
