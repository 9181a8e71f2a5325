// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and pages that a frontend has it keep mapped: packets
 * through them, beside them and partly through them, and lists that make no
 * sense.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "ring/netctrl.h"
#include "tests/loopback/net/packet.h"
#include "tests/loopback/play/netfront.h"

#define OK	XEN_NETIF_CTRL_STATUS_SUCCESS
#define NOT	XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED
#define INVALID	XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER

#define ROOM	4096

/* The page that lists lie in; one case at a time. */
static struct page *list;
static u32 list_ref;

static struct pvio_netctrl_gref *entry(unsigned int i)
{
	return (struct pvio_netctrl_gref *)page_address(list) + i;
}

static int gref_init(struct kunit *test)
{
	int err = net_bench_init(test);

	if (err)
		return err;
	list = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!list)
		return -ENOMEM;
	list_ref = pvio_loop_raw_grant(list, false);
	return 0;
}

static void gref_exit(struct kunit *test)
{
	net_param("pvio_netback", "max_static_grants", "1024");
	if (list && pvio_loop_raw_ungrant(list_ref))
		__free_page(list);
	list = NULL;
	net_bench_exit(test);
}

static struct net_front *front_of(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->front;
}

static struct net_queue *connect_with(struct kunit *test, const char *max)
{
	struct net_bench *b = test->priv;

	net_param("pvio_netback", "max_queues", "2");
	net_param("pvio_netback", "max_static_grants", max);
	if (!b->link.back.dev)
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 2, true, 0), 0);
	KUNIT_ASSERT_EQ(test, net_ctrl_make(b->front), 0);
	net_front_join(test);
	return &b->front->queue[0];
}

static u32 ask_size(struct kunit *test, u32 queue)
{
	return net_ctrl_ask(test, PVIO_NETCTRL_GET_GREF_MAPPING_SIZE, queue, 0,
			    0);
}

static u32 add(struct kunit *test, u32 queue, u32 nr)
{
	return net_ctrl_ask(test, PVIO_NETCTRL_ADD_GREF_MAPPING, queue,
			    list_ref, nr);
}

static u32 del(struct kunit *test, u32 queue, u32 nr)
{
	return net_ctrl_ask(test, PVIO_NETCTRL_DEL_GREF_MAPPING, queue,
			    list_ref, nr);
}

static u32 value(struct kunit *test)
{
	return front_of(test)->ctrl->value;
}

/* The frontend of the tests grants what it transmits read-only. */
static void list_page(unsigned int at, const struct net_queue *q,
		      enum net_dir dir, unsigned int slot)
{
	*entry(at) = (struct pvio_netctrl_gref){
		.ref = q->ring[dir].dref[slot],
		.flags = dir == NET_TX ? PVIO_NETCTRL_GREF_READONLY : 0,
		.status = 0xaaaa,
	};
}

/* Every @step-th page of a ring, from the first place of the list on. */
static unsigned int list_ring(const struct net_queue *q, enum net_dir dir,
			      unsigned int step)
{
	unsigned int i, n = 0;

	for (i = 0; i < NET_RING; i += step)
		list_page(n++, q, dir, i);
	return n;
}

static void add_ring(struct kunit *test, const struct net_queue *q,
		     enum net_dir dir, unsigned int step)
{
	unsigned int n = list_ring(q, dir, step);

	KUNIT_ASSERT_EQ(test, add(test, q - front_of(test)->queue, n), OK);
}

static void expect_statuses(struct kunit *test, unsigned int from,
			    unsigned int nr, u16 status)
{
	unsigned int i;

	for (i = from; i < from + nr; i++)
		KUNIT_EXPECT_EQ_MSG(test, entry(i)->status, status, "entry %u",
				    i);
}

static s64 mapped(void)
{
	return pvio_outstanding(PVIO_RES_MAP) + pvio_outstanding(PVIO_RES_PAGE);
}

static unsigned int copies(void)
{
	return pvio_loop_calls(LOOP_COPY);
}

static u64 counter(struct kunit *test, const char *name)
{
	char *text = kunit_kzalloc(test, ROOM, GFP_KERNEL), file[64], line[40];
	struct net_bench *b = test->priv;
	const char *at;

	KUNIT_ASSERT_NOT_NULL(test, text);
	snprintf(file, sizeof(file), "netback/%s/stats",
		 b->link.back.dev->name);
	KUNIT_ASSERT_EQ(test, pvio_loop_debugfs(file, text, ROOM), 0);
	snprintf(line, sizeof(line), "\n%s ", name);
	at = strstr(text, line);
	KUNIT_ASSERT_NOT_NULL(test, at);
	return pvio_loop_add_up(at + strlen(line) - 1);
}

/* Packets of many shapes, each way; every byte is looked at. */
static void all_shapes_pass(struct kunit *test, struct net_queue *q)
{
	static const struct net_cut cuts[] = {
		{ .nr = 1, .size = { 60 } }, { .nr = 1, .size = { 4096 } },
		{ .nr = 3, .size = { 700, 0, 814 } },
		{ .nr = 5, .size = { 100, 4096, 4096, 2000, 30 } },
		{ .nr = 3, .size = { 3000, 4096, 1 }, .tcp = true,
		  .gso = 1448 },
	};
	static const unsigned int lengths[] = { 60, 1514, 4096, 4097, 9000 };
	struct net_bench *b = test->priv;
	int before = atomic_read(&b->link.back.ear.good);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cuts); i++)
		net_put_packet(q, &cuts[i]);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear,
					  before + ARRAY_SIZE(cuts)));
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct net_shape shape = {
			.len = lengths[i], .head = min(lengths[i], 1000U),
			.frag = 3000, .offset = 3333,
		};

		KUNIT_EXPECT_EQ(test, net_send(b->link.back.dev, &shape), 0);
		KUNIT_EXPECT_EQ(test, net_receive(test, q), lengths[i]);
	}
	net_refill(q);
}

static void size_is_what_was_set(struct kunit *test)
{
	connect_with(test, "300");
	KUNIT_EXPECT_EQ(test, ask_size(test, 0), OK);
	KUNIT_EXPECT_EQ(test, value(test), 300);
	KUNIT_EXPECT_EQ(test, ask_size(test, 1), OK);
	KUNIT_EXPECT_EQ(test, value(test), 300);
	KUNIT_EXPECT_EQ(test, ask_size(test, 2), INVALID);
	KUNIT_EXPECT_EQ(test, value(test), 0);
	KUNIT_EXPECT_EQ(test, ask_size(test, ~0), INVALID);
}

static void none_is_not_supported(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "0");

	list_page(0, q, NET_TX, 0);
	KUNIT_EXPECT_EQ(test, ask_size(test, 0), NOT);
	KUNIT_EXPECT_EQ(test, value(test), 0);
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), NOT);
	KUNIT_EXPECT_EQ(test, del(test, 0, 1), NOT);
	KUNIT_EXPECT_EQ(test, entry(0)->status, 0xaaaa);
	all_shapes_pass(test, q);
}

static void packets_need_no_grant_copy(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	unsigned int before;
	u64 rx, tx;

	add_ring(test, q, NET_TX, 1);
	add_ring(test, q, NET_RX, 1);
	rx = counter(test, "rx_static_copies");
	tx = counter(test, "tx_static_copies");
	before = copies();
	all_shapes_pass(test, q);
	KUNIT_EXPECT_EQ(test, copies(), before);
	KUNIT_EXPECT_GE(test, counter(test, "rx_static_copies") - rx, 12);
	KUNIT_EXPECT_GE(test, counter(test, "tx_static_copies") - tx, 8);
}

static void both_kinds_in_one_packet(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	unsigned int before, i;
	u64 rx, tx;

	add_ring(test, q, NET_TX, 2);
	add_ring(test, q, NET_RX, 3);
	rx = counter(test, "rx_static_copies");
	tx = counter(test, "tx_static_copies");
	for (i = 0; i < 40; i++) {
		before = copies();
		all_shapes_pass(test, q);
		KUNIT_EXPECT_GT(test, copies(), before);
	}
	KUNIT_EXPECT_GT(test, counter(test, "rx_static_copies"), rx + 200);
	KUNIT_EXPECT_GT(test, counter(test, "tx_static_copies"), tx + 100);
}

/* A packet fails with its one bad page; those around it do not. */
static void c31_bad_page_among_mapped_ones(struct kunit *test)
{
	static const struct net_cut cut = {
		.nr = 3, .size = { 1000, 1000, 1000 },
	};
	struct net_bench *b = test->priv;
	struct net_queue *q = connect_with(test, "1024");
	struct net_ring *r = &q->ring[NET_TX];
	int before = atomic_read(&b->link.back.ear.good);
	u32 ref = r->dref[4], errors = 0, i;
	struct xen_netif_tx_response rsp;

	add_ring(test, q, NET_TX, 3);
	r->dref[4] = LOOP_BAD_REF;
	for (i = 0; i < 3; i++)
		net_put_packet(q, &cut);
	net_push(q, NET_TX);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, before + 2));
	r->dref[4] = ref;
	KUNIT_ASSERT_EQ(test, READ_ONCE(net_shared(q, NET_TX)->rsp_prod), 9);
	for (i = 0; i < 9; i++) {
		memcpy(&rsp, net_shared(q, NET_TX)->slots + 12 * i,
		       sizeof(rsp));
		KUNIT_EXPECT_EQ(test, rsp.id, r->id[i]);
		KUNIT_EXPECT_EQ(test, rsp.status, i / 3 == 1 ?
				XEN_NETIF_RSP_ERROR : XEN_NETIF_RSP_OKAY);
		errors += rsp.status == XEN_NETIF_RSP_ERROR;
	}
	r->cons = 9;
	KUNIT_EXPECT_EQ(test, errors, 3);
	all_shapes_pass(test, q);
}

/* The same the other way: slots of a page that is none say so, others not. */
static void c31_bad_page_to_receive_into(struct kunit *test)
{
	static const struct net_shape shape = { .len = 3 * 4096 };
	struct net_bench *b = test->priv;
	struct net_queue *q = connect_with(test, "1024");
	struct net_ring *r = &q->ring[NET_RX];
	struct xen_netif_rx_response rsp;
	struct xen_netif_rx_request bad = { .id = 1, .gref = LOOP_BAD_REF };
	unsigned int i;

	add_ring(test, q, NET_RX, 2);
	memcpy(net_shared(q, NET_RX)->slots + 8, &bad, sizeof(bad));
	KUNIT_EXPECT_EQ(test, net_send(b->link.back.dev, &shape), 0);
	for (i = 0; i < NET_WAIT_MS; i++) {
		if (READ_ONCE(net_shared(q, NET_RX)->rsp_prod) == 3)
			break;
		usleep_range(500, 1000);
	}
	for (i = 0; i < 3; i++) {
		memcpy(&rsp, net_shared(q, NET_RX)->slots + 8 * i, sizeof(rsp));
		KUNIT_EXPECT_EQ(test, rsp.id, i);
		KUNIT_EXPECT_EQ(test, rsp.status, i == 1 ? XEN_NETIF_RSP_ERROR :
							   4096);
	}
	r->cons = 3;
	net_refill(q);
	all_shapes_pass(test, q);
}

static void deleted_pages_are_ordinary_again(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	s64 before = mapped();
	unsigned int n;

	add_ring(test, q, NET_TX, 1);
	add_ring(test, q, NET_RX, 1);
	all_shapes_pass(test, q);
	n = list_ring(q, NET_TX, 1);
	*entry(n) = *entry(0);
	entry(n + 1)->ref = LOOP_BAD_REF;
	KUNIT_EXPECT_EQ(test, del(test, 0, n + 2), OK);
	KUNIT_EXPECT_EQ(test, value(test), n);
	expect_statuses(test, 0, n, OK);
	expect_statuses(test, n, 2, INVALID);
	n = list_ring(q, NET_RX, 1);
	KUNIT_EXPECT_EQ(test, del(test, 0, n), OK);
	KUNIT_EXPECT_EQ(test, value(test), n);
	KUNIT_EXPECT_EQ(test, mapped(), before);
	n = copies();
	all_shapes_pass(test, q);
	KUNIT_EXPECT_GT(test, copies(), n + 15);
}

static void take_all(struct kunit *test, struct net_queue *q)
{
	while (READ_ONCE(net_shared(q, NET_RX)->rsp_prod) !=
	       q->ring[NET_RX].cons)
		KUNIT_EXPECT_GT(test, net_receive(test, q), 0);
	net_refill(q);
}

/* Whatever is on its way: a page is given back when nobody copies any more. */
static void deleted_while_packets_flow(struct kunit *test)
{
	static const struct net_cut cut = { .nr = 2, .size = { 900, 4000 } };
	struct net_bench *b = test->priv;
	struct net_queue *q = connect_with(test, "1024");
	unsigned int turn, i, n;

	KUNIT_ASSERT_EQ(test, net_source_start(&b->source[0],
					       &b->link.pair.back), 0);
	for (turn = 0; turn < 40; turn++) {
		add_ring(test, q, NET_TX, 1 + turn % 3);
		add_ring(test, q, NET_RX, 1 + turn % 2);
		for (i = 0; i < 20; i++)
			net_put_packet(q, &cut);
		net_push(q, NET_TX);
		n = list_ring(q, NET_RX, 1 + turn % 2);
		KUNIT_EXPECT_EQ(test, del(test, 0, n), OK);
		KUNIT_EXPECT_EQ(test, value(test), n);
		n = list_ring(q, NET_TX, 1 + turn % 3);
		KUNIT_EXPECT_EQ(test, del(test, 0, n), OK);
		KUNIT_EXPECT_EQ(test, value(test), n);
		net_answers(test, q, XEN_NETIF_RSP_OKAY);
		take_all(test, q);
		take_all(test, q + 1);
	}
	net_source_stop(&b->source[0]);
	KUNIT_EXPECT_EQ(test, net_bad_packets(), 0);
}

static void c32_pages_that_are_there(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	s64 before;

	add_ring(test, q, NET_RX, 2);
	before = mapped();
	list_page(0, q, NET_RX, 1);
	list_page(1, q, NET_RX, 2);
	KUNIT_EXPECT_EQ(test, add(test, 0, 2), INVALID);
	entry(1)->flags = PVIO_NETCTRL_GREF_READONLY;
	KUNIT_EXPECT_EQ(test, add(test, 0, 2), INVALID);
	list_page(1, q, NET_RX, 3);
	list_page(2, q, NET_RX, 1);
	KUNIT_EXPECT_EQ(test, add(test, 0, 3), INVALID);
	KUNIT_EXPECT_EQ(test, mapped(), before);
	KUNIT_EXPECT_EQ(test, add(test, 0, 2), OK);
	all_shapes_pass(test, q);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "cannot map"), 0);
}

static void c33_more_than_fit(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "8");
	s64 before = mapped();

	list_ring(q, NET_RX, 1);
	KUNIT_EXPECT_EQ(test, add(test, 0, 9), INVALID);
	KUNIT_EXPECT_EQ(test, add(test, 0, 0), INVALID);
	KUNIT_EXPECT_EQ(test, add(test, 0, 513), INVALID);
	KUNIT_EXPECT_EQ(test, del(test, 0, 513), INVALID);
	KUNIT_EXPECT_EQ(test, mapped(), before);
	KUNIT_EXPECT_EQ(test, add(test, 0, 8), OK);
	list_page(0, q, NET_RX, 8);
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), INVALID);
	list_page(1, q, NET_RX, 5);
	KUNIT_EXPECT_EQ(test, del(test, 0, 2), OK);
	KUNIT_EXPECT_EQ(test, value(test), 1);
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), OK);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "cannot map"), 0);
	all_shapes_pass(test, q);
}

/* Neither is what was granted read-only mapped otherwise. */
static void c34_read_only_pages(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	unsigned int i, before, n = list_ring(q, NET_RX, 1);
	u64 tx;

	for (i = 0; i < n; i++)
		entry(i)->flags = PVIO_NETCTRL_GREF_READONLY;
	KUNIT_EXPECT_EQ(test, add(test, 0, n), OK);
	tx = counter(test, "tx_static_copies");
	before = copies();
	all_shapes_pass(test, q);
	KUNIT_EXPECT_GT(test, copies(), before);
	KUNIT_EXPECT_EQ(test, counter(test, "tx_static_copies"), tx);
	list_page(0, q, NET_TX, 0);
	entry(0)->flags = 0;
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), INVALID);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "cannot map"), 1);
}

static void c35_lists_that_are_none(struct kunit *test)
{
	static const u32 wrong[] = { 0, 99999, 0x7fffffff, 0xffffffff };
	struct net_queue *q = connect_with(test, "1024");
	struct net_ctrl *c = front_of(test)->ctrl;
	s64 before;
	unsigned int i;

	add_ring(test, q, NET_RX, 4);
	before = mapped();
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_EQ(test, net_ctrl_ask(test, 9, 0, wrong[i], 1),
				INVALID);
		KUNIT_EXPECT_EQ(test, net_ctrl_ask(test, 10, 0, wrong[i], 1),
				INVALID);
		KUNIT_EXPECT_EQ(test, value(test), 0);
	}
	KUNIT_EXPECT_EQ(test, mapped(), before);
	/* Statuses that cannot be written. */
	list_page(0, q, NET_RX, 4);
	memcpy(page_address(c->data), entry(0), sizeof(*entry(0)));
	KUNIT_EXPECT_EQ(test, net_ctrl_ask(test, 10, 0, c->dref, 1), INVALID);
	KUNIT_EXPECT_EQ(test, value(test), 1);
	all_shapes_pass(test, q);
}

static void c36_entries_that_are_none(struct kunit *test)
{
	static const u16 flags[] = { 2, 3, 0x100, 0x8000, 0xffff };
	struct net_queue *q = connect_with(test, "1024");
	s64 before = mapped();
	unsigned int i;

	list_page(0, q, NET_RX, 0);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		list_page(1, q, NET_RX, 1);
		entry(1)->flags = flags[i];
		KUNIT_EXPECT_EQ(test, add(test, 0, 2), INVALID);
	}
	entry(1)->flags = 0;
	entry(1)->ref = LOOP_BAD_REF;
	KUNIT_EXPECT_EQ(test, add(test, 0, 2), INVALID);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "cannot map"), 1);
	KUNIT_EXPECT_EQ(test, mapped(), before);
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), OK);
}

/* A grant copy is the only look that the backend ever has at it. */
static void c37_list_is_read_once(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	unsigned int n = list_ring(q, NET_RX, 1), before = copies();

	KUNIT_EXPECT_EQ(test, add(test, 0, n), OK);
	KUNIT_EXPECT_EQ(test, copies(), before + 1);
	KUNIT_EXPECT_EQ(test, entry(0)->status, 0xaaaa);
	KUNIT_EXPECT_EQ(test, del(test, 0, n), OK);
	KUNIT_EXPECT_EQ(test, copies(), before + 3);
}

static void pages_are_of_one_queue(struct kunit *test)
{
	static const struct net_cut cut = { .nr = 1, .size = { 60 } };
	struct net_queue *q = connect_with(test, "1024");
	unsigned int before;

	add_ring(test, q, NET_TX, 1);
	before = copies();
	net_put_packet(q, &cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, copies(), before);
	net_put_packet(q + 1, &cut);
	net_push(q + 1, NET_TX);
	net_answers(test, q + 1, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, copies(), before + 1);
	list_page(0, q, NET_TX, 0);
	KUNIT_EXPECT_EQ(test, del(test, 1, 1), OK);
	KUNIT_EXPECT_EQ(test, value(test), 0);
	expect_statuses(test, 0, 1, INVALID);
	KUNIT_EXPECT_EQ(test, add(test, 2, 1), INVALID);
	KUNIT_EXPECT_EQ(test, del(test, 2, 1), INVALID);
	KUNIT_EXPECT_EQ(test, add(test, ~0, 1), INVALID);
	KUNIT_EXPECT_EQ(test, add(test, 1, 1), OK);
}

static void c38_next_guest_starts_with_none(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q = connect_with(test, "1024");
	unsigned int before, n;

	add_ring(test, q, NET_TX, 1);
	add_ring(test, q, NET_RX, 1);
	all_shapes_pass(test, q);
	net_front_close(b);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_PAGE),
			b->held[PVIO_RES_PAGE]);
	q = connect_with(test, "1024");
	before = copies();
	all_shapes_pass(test, q);
	KUNIT_EXPECT_GT(test, copies(), before + 15);
	n = list_ring(q, NET_RX, 1);
	KUNIT_EXPECT_EQ(test, del(test, 0, n), OK);
	KUNIT_EXPECT_EQ(test, value(test), 0);
	expect_statuses(test, 0, n, INVALID);
}

static void c38_guest_dies(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_queue *q = connect_with(test, "1024");

	add_ring(test, q, NET_TX, 1);
	add_ring(test, q + 1, NET_RX, 1);
	net_side_unplug(&b->link.back);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP),
			b->held[PVIO_RES_MAP]);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_PAGE),
			b->held[PVIO_RES_PAGE]);
}

static void c39_only_some_can_be_mapped(struct kunit *test)
{
	struct net_queue *q = connect_with(test, "1024");
	unsigned int n = list_ring(q, NET_RX, 1);
	s64 before = mapped();

	net_log_mark(test->priv);
	pvio_loop_fail(LOOP_MAP, 100, 1);
	KUNIT_EXPECT_EQ(test, add(test, 0, n), INVALID);
	KUNIT_EXPECT_EQ(test, mapped(), before);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "cannot map"), 1);
	pvio_loop_fail(LOOP_PAGES, 2, 1);
	KUNIT_EXPECT_EQ(test, add(test, 0, n), INVALID);
	KUNIT_EXPECT_EQ(test, mapped(), before);
	pvio_loop_fail_none();
	KUNIT_EXPECT_EQ(test, add(test, 0, n / 2), OK);
	pvio_loop_fail(LOOP_MAP, 1, 1);
	list_page(0, q, NET_RX, n - 1);
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), INVALID);
	pvio_loop_fail_none();
	all_shapes_pass(test, q);
	KUNIT_EXPECT_EQ(test, add(test, 0, 1), OK);
}

static u32 next_random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static unsigned int change(struct kunit *test, const struct net_queue *q,
			   bool *there, u32 *state)
{
	bool adds = next_random(state) % 2;
	unsigned int i, n = 0, done = 0;

	for (i = 0; i < NET_RING; i++)
		if (next_random(state) % 3 && (!adds || !there[i]))
			list_page(n++, q, NET_RX, i);
	if (!n)
		return 0;
	KUNIT_EXPECT_EQ(test, adds ? add(test, 0, n) : del(test, 0, n), OK);
	for (i = 0; i < NET_RING && done < n; i++) {
		if (q->ring[NET_RX].dref[i] != entry(done)->ref)
			continue;
		if (!adds)
			KUNIT_EXPECT_EQ(test, entry(done)->status,
					there[i] ? OK : INVALID);
		there[i] = adds;
		done++;
	}
	return n;
}

/* As often as that, places of the table are used again and again. */
static void table_is_what_was_asked_for(struct kunit *test)
{
	bool *there = kunit_kcalloc(test, NET_RING, sizeof(*there), GFP_KERNEL);
	struct net_queue *q = connect_with(test, "256");
	s64 before = mapped();
	unsigned int i, n = 0;
	u32 state = 1;

	KUNIT_ASSERT_NOT_NULL(test, there);
	for (i = 0; i < 60; i++)
		change(test, q, there, &state);
	for (i = 0; i < NET_RING; i++)
		n += there[i];
	all_shapes_pass(test, q);
	list_ring(q, NET_RX, 1);
	KUNIT_EXPECT_EQ(test, del(test, 0, NET_RING), OK);
	KUNIT_EXPECT_EQ(test, value(test), n);
	KUNIT_EXPECT_EQ(test, mapped(), before);
}

static struct kunit_case netback_gref_cases[] = {
	KUNIT_CASE(size_is_what_was_set),
	KUNIT_CASE(none_is_not_supported),
	KUNIT_CASE(packets_need_no_grant_copy),
	KUNIT_CASE(both_kinds_in_one_packet),
	KUNIT_CASE(c31_bad_page_among_mapped_ones),
	KUNIT_CASE(c31_bad_page_to_receive_into),
	KUNIT_CASE(deleted_pages_are_ordinary_again),
	KUNIT_CASE(deleted_while_packets_flow),
	KUNIT_CASE(c32_pages_that_are_there),
	KUNIT_CASE(c33_more_than_fit),
	KUNIT_CASE(c34_read_only_pages),
	KUNIT_CASE(c35_lists_that_are_none),
	KUNIT_CASE(c36_entries_that_are_none),
	KUNIT_CASE(c37_list_is_read_once),
	KUNIT_CASE(pages_are_of_one_queue),
	KUNIT_CASE(c38_next_guest_starts_with_none),
	KUNIT_CASE(c38_guest_dies),
	KUNIT_CASE(c39_only_some_can_be_mapped),
	KUNIT_CASE(table_is_what_was_asked_for),
	{}
};

static struct kunit_suite netback_gref_suite = {
	.name = "pvio_netback_gref",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = gref_init,
	.exit = gref_exit,
	.test_cases = netback_gref_cases,
};

kunit_test_suite(netback_gref_suite);

MODULE_DESCRIPTION("KUnit tests of pages that netback keeps mapped");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
