// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend and static grants: pages that the backend keeps mapped
 * come with the load and go with it, and packets pass whether or not there are
 * any.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "ring/netctrl.h"
#include "tests/loopback/play/netback.h"

#define SIZE	PVIO_NETCTRL_GET_GREF_MAPPING_SIZE
#define ADD	PVIO_NETCTRL_ADD_GREF_MAPPING
#define DEL	PVIO_NETCTRL_DEL_GREF_MAPPING

static const struct net_shape large = { .len = 9000, .head = 66,
					.frag = 4096 };

static struct net_device *front_dev(struct kunit *test)
{
	return ((struct net_bench *)test->priv)->link.front.dev;
}

static struct net_back *connect_fixed(struct kunit *test, u32 size)
{
	struct net_bench *b = test->priv;
	struct net_back *k;

	pvio_loop_put(b->link.pair.back.own, "feature-ctrl-ring", "1");
	k = net_back_connect(test);
	KUNIT_ASSERT_TRUE(test, k->ctrl.r.bound);
	k->ctrl.fixed.size = size;
	net_back_lift_limit(b->link.front.dev);
	return k;
}

static void receive_large(struct kunit *test, struct net_back *k)
{
	KUNIT_EXPECT_EQ(test, net_back_receive(test, k, XEN_NETIF_RSP_OKAY),
			9000);
}

static void send_some(struct kunit *test, struct net_back *k, unsigned int nr)
{
	while (nr--) {
		KUNIT_EXPECT_EQ(test, net_send(front_dev(test), &large), 0);
		receive_large(test, k);
	}
}

/* So much is sent that pages would be asked for, and none more. */
static bool asks(struct kunit *test, struct net_back *k, u16 type)
{
	unsigned int was = READ_ONCE(k->ctrl.seen[type]);
	unsigned int tries, waited;

	for (tries = 0; tries < 30; tries++) {
		send_some(test, k, 22);
		for (waited = 0; waited < 200; waited++) {
			if (READ_ONCE(k->ctrl.seen[type]) != was)
				return true;
			usleep_range(500, 1000);
		}
	}
	return false;
}

static bool has_become(const unsigned int *value, unsigned int want)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (READ_ONCE(*value) == want)
			return true;
		usleep_range(500, 1000);
	}
	return false;
}

/* Some pages of the backend's are there. */
static struct net_back *warm_up(struct kunit *test, u32 size)
{
	struct net_back *k = connect_fixed(test, size);
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, asks(test, k, ADD));
	for (i = 0; i < 1000 && !k->ctrl.fixed.nr; i++)
		usleep_range(500, 1000);
	KUNIT_ASSERT_GT(test, k->ctrl.fixed.nr, 0U);
	/* The answer has been heard by then. */
	msleep(50);
	return k;
}

/* Take a packet's slots; how many of them are static? */
static unsigned int take_packet(struct kunit *test, struct net_back *k,
				struct xen_netif_tx_request *reqs,
				unsigned int *nr)
{
	unsigned int fixed = 0;

	*nr = 0;
	do {
		KUNIT_ASSERT_TRUE_MSG(test, net_back_take(k, &reqs[*nr]),
				      "slot");
		fixed += net_back_has(k, reqs[*nr].gref);
	} while (reqs[(*nr)++].flags & XEN_NETTXF_more_data);
	return fixed;
}

static void large_packets_need_no_grant(struct kunit *test)
{
	struct net_back *k = warm_up(test, 512);
	struct xen_netif_tx_request reqs[18];
	unsigned int nr, i, tries, good = 0;
	s64 grants;

	/* What is not needed may be given back at any moment. */
	for (tries = 0; tries < 20; tries++) {
		grants = pvio_outstanding(PVIO_RES_GRANT);
		KUNIT_EXPECT_EQ(test, net_send(front_dev(test), &large), 0);
		grants -= pvio_outstanding(PVIO_RES_GRANT);
		good += take_packet(test, k, reqs, &nr) == 3 && nr == 3 &&
			!grants;
		for (i = 0; i < nr; i++)
			net_back_answer(k, reqs[i].id, XEN_NETIF_RSP_OKAY);
		net_back_push(k, NET_BACK_TX);
	}
	KUNIT_EXPECT_GE(test, good, 15U);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* The pool has 64 pages, the rest goes as ever; answers come last first. */
static void mixed_with_ordinary_grants(struct kunit *test)
{
	struct xen_netif_tx_request (*reqs)[18];
	struct net_back *k = warm_up(test, 200);
	unsigned int nr[40], fixed[40], round, i, j;

	reqs = kunit_kcalloc(test, 40, sizeof(*reqs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reqs);
	for (round = 0; round < 5; round++) {
		for (i = 0; i < 40; i++)
			KUNIT_EXPECT_EQ(test, net_send(front_dev(test), &large), 0);
		for (i = 0; i < 12; i++)
			fixed[i] = take_packet(test, k, reqs[i], &nr[i]);
		while (i--)
			for (j = nr[i]; j--;)
				net_back_answer(k, reqs[i][j].id,
						XEN_NETIF_RSP_OKAY);
		net_back_push(k, NET_BACK_TX);
		for (i = 12; i < 40; i++)
			receive_large(test, k);
		KUNIT_EXPECT_GT(test, fixed[0], 0U);
	}
	KUNIT_EXPECT_LE(test, k->ctrl.fixed.most, 200U);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* A page whose slot is not answered is nobody else's. */
static void pages_are_used_again_when_answered(struct kunit *test)
{
	struct net_back *k = warm_up(test, 512);
	struct xen_netif_tx_request first[18], reqs[18];
	unsigned int nr, n, i, j, round, same = 0;

	KUNIT_EXPECT_EQ(test, net_send(front_dev(test), &large), 0);
	take_packet(test, k, first, &n);
	for (round = 0; round < 50; round++) {
		KUNIT_EXPECT_EQ(test, net_send(front_dev(test), &large), 0);
		take_packet(test, k, reqs, &nr);
		for (i = 0; i < nr; i++) {
			for (j = 0; j < n; j++)
				same += first[j].gref == reqs[i].gref;
			net_back_answer(k, reqs[i].id, XEN_NETIF_RSP_OKAY);
		}
		net_back_push(k, NET_BACK_TX);
	}
	KUNIT_EXPECT_EQ(test, same, 0);
	for (j = 0; j < n; j++)
		net_back_answer(k, first[j].id, XEN_NETIF_RSP_OKAY);
	net_back_push(k, NET_BACK_TX);
	net_back_passes(test, k);
}

static void idle_interface_gives_all_back(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 512);
	s64 pages, refs;

	net_back_passes(test, k);
	pages = pvio_outstanding(PVIO_RES_PAGE);
	refs = pvio_outstanding(PVIO_RES_GREF);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[SIZE], 0);
	KUNIT_ASSERT_TRUE(test, asks(test, k, ADD));
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[SIZE], 1);
	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.fixed.nr, 0));
	KUNIT_EXPECT_GT(test, k->ctrl.seen[DEL], 0U);
	msleep(1500);
	/* Four stages stay, and the page of the list. */
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_PAGE), pages + 5);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_GREF), refs + 4);
	send_some(test, k, 5);
	KUNIT_ASSERT_TRUE(test, asks(test, k, ADD));
	net_back_passes(test, k);
}

static void backend_that_knows_nothing_of_it(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 0);

	KUNIT_EXPECT_TRUE(test, asks(test, k, SIZE));
	send_some(test, k, 100);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[SIZE], 1);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[ADD], 0);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void none_when_the_administrator_wants_none(struct kunit *test)
{
	struct net_back *k;

	KUNIT_EXPECT_EQ(test, net_param("pvio_netfront", "static_grants", "513"),
			-ERANGE);
	net_param("pvio_netfront", "static_grants", "0");
	k = connect_fixed(test, 512);
	send_some(test, k, 100);
	KUNIT_EXPECT_EQ(test, k->ctrl.r.cons, 0);
	net_back_close(test->priv);
	net_param("pvio_netfront", "static_grants", "100");
	k = warm_up(test, 4096);
	send_some(test, k, 200);
	KUNIT_EXPECT_LE(test, k->ctrl.fixed.most, 200U);
	net_back_passes(test, k);
	net_param("pvio_netfront", "static_grants", "512");
}

static void sg01_refused(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 512);
	s64 pages;

	k->ctrl.status[ADD] = XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW;
	net_back_passes(test, k);
	pages = pvio_outstanding(PVIO_RES_PAGE);
	KUNIT_EXPECT_TRUE(test, asks(test, k, ADD));
	send_some(test, k, 100);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[ADD], 1);
	KUNIT_EXPECT_LT(test, pvio_outstanding(PVIO_RES_PAGE), pages + 40);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "refuses to keep"), 1);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 1);
	net_back_heals(test);
}

/* It waits for nobody, and goes on when at last there is an answer. */
static void sg02_no_answer(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 512);
	struct xen_netif_ctrl_response rsp = {
		.type = SIZE, .data = 512,
	};
	unsigned int waited;

	k->ctrl.mute = true;
	KUNIT_EXPECT_TRUE(test, asks(test, k, SIZE));
	send_some(test, k, 100);
	for (waited = 0; waited < 300 &&
	     !net_log_lines(test->priv, "does not answer"); waited++)
		msleep(100);
	send_some(test, k, 100);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[SIZE], 1);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "does not answer"), 1);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 1);
	k->ctrl.mute = false;
	rsp.id = k->ctrl.last[SIZE].id;
	net_back_ctrl_put(k, &rsp);
	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.seen[ADD], 1));
	net_back_passes(test, k);
}

/* With what it was asked about in its hands, whether or not it has read it. */
static void sg03_gone_without_an_answer(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 512);
	struct xen_netif_ctrl_response rsp = {
		.type = SIZE, .data = 512,
	};

	k->ctrl.mute = true;
	KUNIT_EXPECT_TRUE(test, asks(test, k, SIZE));
	rsp.id = k->ctrl.last[SIZE].id;
	net_back_ctrl_put(k, &rsp);
	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.seen[ADD], 1));
	net_back_heals(test);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

static void sg04_hostile_answers(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, U32_MAX);
	struct xen_netif_ctrl_response rsp = { .type = DEL };

	/* Nothing more is said about pages that it does not let go of. */
	k->ctrl.fixed.junk = 0xffff;
	k->ctrl.fixed.sticky = true;
	KUNIT_EXPECT_TRUE(test, asks(test, k, ADD));
	send_some(test, k, 100);
	KUNIT_EXPECT_LE(test, k->ctrl.fixed.most, 1024U);
	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.seen[DEL], 1));
	msleep(3000);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[DEL], 1);
	send_some(test, k, 100);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
	/* An answer of another type than what was asked. */
	rsp.id = k->ctrl.last[ADD].id;
	net_back_ctrl_put(k, &rsp);
	net_back_broken(test, "control ring: more answers than requests");
	k = connect_fixed(test, 512);
	k->ctrl.mute = true;
	KUNIT_EXPECT_TRUE(test, asks(test, k, SIZE));
	rsp.id = k->ctrl.last[SIZE].id;
	net_back_ctrl_put(k, &rsp);
	net_back_broken(test, "which is not outstanding");
	net_back_heals(test);
}

static void sg05_next_backend_is_told_anew(struct kunit *test)
{
	struct net_back *k = warm_up(test, 512);

	net_back_close(test->priv);
	k = warm_up(test, 300);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[SIZE], 1);
	send_some(test, k, 10);
	pvio_loop_resume(&((struct net_bench *)test->priv)->link.pair.front);
	net_back_close(test->priv);
	k = connect_fixed(test, 0);
	send_some(test, k, 10);
	net_back_passes(test, k);
}

static void sg06_unbound_while_pages_are_mapped(struct kunit *test)
{
	struct net_back *k = warm_up(test, 512);
	struct net_bench *b = test->priv;
	unsigned int calls = pvio_loop_complaints();

	KUNIT_EXPECT_EQ(test, net_send(front_dev(test), &large), 0);
	net_back_say(b, XenbusStateClosed);
	net_side_unplug(&b->link.front);
	KUNIT_EXPECT_GT(test, k->ctrl.fixed.nr, 0U);
	KUNIT_EXPECT_EQ(test, pvio_loop_complaints(), calls);
}

static void sg07_little_grant_space(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 512);

	net_back_passes(test, k);
	pvio_loop_limit_refs(pvio_loop_refs_taken() + 10);
	KUNIT_EXPECT_TRUE(test, asks(test, k, SIZE));
	send_some(test, k, 100);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[ADD], 0);
	pvio_loop_limit_refs(0);
	msleep(1100);
	KUNIT_EXPECT_TRUE(test, asks(test, k, ADD));
	net_back_passes(test, k);
}

/* What lay in a page before is not seen: only what the packet is. */
static void sg08_tails_are_cleared_for_the_untrusted(struct kunit *test)
{
	const struct net_shape small = { .len = 5000, .head = 66,
					 .frag = 4096 };
	struct net_bench *b = test->priv;
	struct xen_netif_tx_request reqs[18];
	unsigned int nr, i, end, round;
	struct net_back *k;
	struct page *page;

	pvio_loop_put(b->link.pair.front.own, "trusted", "0");
	k = warm_up(test, 512);
	for (round = 0; round < 40; round++) {
		KUNIT_EXPECT_EQ(test, net_send(front_dev(test), round & 1 ? &small :
						 &large), 0);
		KUNIT_EXPECT_GT(test, take_packet(test, k, reqs, &nr), 0U);
		end = (round & 1 ? 5000 : 9000) - (nr - 1) * PAGE_SIZE;
		page = pvio_loop_granted_page(reqs[nr - 1].gref);
		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page) + end, 0,
						   PAGE_SIZE - end));
		for (i = 0; i < nr; i++)
			net_back_answer(k, reqs[i].id, XEN_NETIF_RSP_OKAY);
		net_back_push(k, NET_BACK_TX);
	}
}

static const u16 both[] = { 4096, 3000 };

/* One packet in two pages; what the next one is to be written to. */
static struct page *hear_one(struct kunit *test, struct net_back *k, u32 *ref)
{
	struct net_bench *b = test->priv;
	int want = atomic_read(&b->link.front.ear.good) + 1;
	struct page *page = net_back_buffer(k, ref);

	net_back_send(k, both, 2);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.front.ear, want));
	return page;
}

static bool next_is_fixed(struct net_back *k)
{
	u32 ref;

	return net_back_buffer(k, &ref) && net_back_has(k, ref);
}

/* Nearly all come by such pages; a few are on their way up the stack. */
static bool becomes_warm(struct kunit *test, struct net_back *k)
{
	unsigned int tries, i, fixed;
	u32 ref;

	for (tries = 0; tries < 40; tries++) {
		fixed = 0;
		for (i = 0; i < 100; i++) {
			hear_one(test, k, &ref);
			fixed += next_is_fixed(k);
		}
		if (fixed >= 90)
			return true;
	}
	return false;
}

static struct net_back *warm_up_to_receive(struct kunit *test, u32 size)
{
	struct net_back *k = connect_fixed(test, size);

	KUNIT_ASSERT_TRUE(test, becomes_warm(test, k));
	return k;
}

/* Does a page that somebody has come back to the ring? */
static bool comes_back(struct kunit *test, struct net_back *k, u32 held)
{
	unsigned int i;
	u32 ref;

	for (i = 0; i < 700; i++) {
		hear_one(test, k, &ref);
		if (ref == held)
			return true;
	}
	return false;
}

/* A page that is only copied out of is on the ring again whoever has it. */
static void expect_copies(struct kunit *test)
{
	struct net_back *k = warm_up_to_receive(test, 1024);
	struct page *page;
	u32 held;

	page = net_back_buffer(k, &held);
	KUNIT_ASSERT_TRUE(test, page && net_back_has(k, held));
	get_page(page);
	hear_one(test, k, &held);
	KUNIT_EXPECT_TRUE(test, comes_back(test, k, held));
	put_page(page);
}

static void sg09_nothing_is_lent_of_the_untrusted(struct kunit *test)
{
	struct net_bench *b = test->priv;

	pvio_loop_put(b->link.pair.front.own, "trusted", "0");
	expect_copies(test);
}

static void sg10_nothing_is_lent_when_so_said(struct kunit *test)
{
	net_param("pvio_netfront", "static_lend", "N");
	expect_copies(test);
}

/* What waits on the ring is unmapped there, serves, and is mapped there again. */
static void quiet_ring_is_let_go_of(struct kunit *test)
{
	struct net_back *k = warm_up_to_receive(test, 1024);
	unsigned int most = k->ctrl.fixed.most, i;
	s64 pages, refs;
	u32 ref;

	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.fixed.nr, 0));
	/* What the stack had is given back. */
	msleep(2500);
	pages = pvio_outstanding(PVIO_RES_PAGE);
	refs = pvio_outstanding(PVIO_RES_GREF);
	for (i = 0; i < 20; i++)
		hear_one(test, k, &ref);
	KUNIT_EXPECT_EQ(test, k->ctrl.fixed.nr, 0);
	KUNIT_EXPECT_TRUE(test, becomes_warm(test, k));
	KUNIT_EXPECT_GE(test, k->ctrl.fixed.nr, 48U);
	KUNIT_EXPECT_LE(test, k->ctrl.fixed.nr, most + 64);
	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.fixed.nr, 0));
	msleep(2500);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_PAGE), pages + 4);
	KUNIT_EXPECT_LE(test, pvio_outstanding(PVIO_RES_GREF), refs + 4);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 0);
}

/* Few packets keep nothing mapped, however long they go on. */
static void trickle_asks_for_nothing(struct kunit *test)
{
	struct net_back *k = connect_fixed(test, 1024);
	unsigned int i;
	u32 ref;

	for (i = 0; i < 150; i++) {
		hear_one(test, k, &ref);
		msleep(40);
	}
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[ADD], 0);
}

static void sg11_refused_the_second_time(struct kunit *test)
{
	struct net_back *k = warm_up_to_receive(test, 1024);
	unsigned int asked, i;
	u32 ref;

	KUNIT_EXPECT_TRUE(test, has_become(&k->ctrl.fixed.nr, 0));
	k->ctrl.status[ADD] = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	asked = k->ctrl.seen[ADD];
	for (i = 0; i < 1000; i++)
		hear_one(test, k, &ref);
	KUNIT_EXPECT_EQ(test, k->ctrl.seen[ADD], asked + 1);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, "refuses to keep"), 1);
	KUNIT_EXPECT_EQ(test, net_log_lines(test->priv, ""), 1);
	net_back_heals(test);
}

static void exit_gref(struct kunit *test)
{
	pvio_loop_limit_refs(0);
	net_param("pvio_netfront", "static_grants", "512");
	net_param("pvio_netfront", "static_lend", "Y");
	net_bench_exit(test);
}

static struct kunit_case gref_cases[] = {
	KUNIT_CASE(large_packets_need_no_grant),
	KUNIT_CASE(mixed_with_ordinary_grants),
	KUNIT_CASE(pages_are_used_again_when_answered),
	KUNIT_CASE(idle_interface_gives_all_back),
	KUNIT_CASE(backend_that_knows_nothing_of_it),
	KUNIT_CASE(none_when_the_administrator_wants_none),
	KUNIT_CASE(sg01_refused),
	KUNIT_CASE(sg02_no_answer),
	KUNIT_CASE(sg03_gone_without_an_answer),
	KUNIT_CASE(sg04_hostile_answers),
	KUNIT_CASE(sg05_next_backend_is_told_anew),
	KUNIT_CASE(sg06_unbound_while_pages_are_mapped),
	KUNIT_CASE(sg07_little_grant_space),
	KUNIT_CASE(sg08_tails_are_cleared_for_the_untrusted),
	KUNIT_CASE(sg09_nothing_is_lent_of_the_untrusted),
	KUNIT_CASE(sg10_nothing_is_lent_when_so_said),
	KUNIT_CASE(quiet_ring_is_let_go_of),
	KUNIT_CASE(trickle_asks_for_nothing),
	KUNIT_CASE(sg11_refused_the_second_time),
	{}
};

static struct kunit_suite gref_suite = {
	.name = "pvio_netfront_gref",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = exit_gref,
	.test_cases = gref_cases,
};

kunit_test_suite(gref_suite);

MODULE_DESCRIPTION("KUnit tests of static grants in the network frontend of pvio");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
