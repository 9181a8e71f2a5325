// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * XDP programs at a vif: what becomes of what the guest sends.
 */
#include <linux/bpf.h>
#include <linux/module.h>

#include "tests/loopback/net/program.h"
#include "tests/loopback/play/netfront.h"

#define MANY	600
#define CUT	100

/* Sizes of packets in one slot, and the largest that needs no skb. */
static const u16 sizes[] = { 60, 256, 1514, 1728, 1729, 3500, 3520 };

static struct net_side *vif(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return &b->link.back;
}

static u64 counted(struct kunit *test, const char *name)
{
	return net_counted(test, vif(test)->dev, name);
}

static bool counts(struct kunit *test, const char *name, u64 want)
{
	return net_counts(test, vif(test)->dev, name, want);
}

static struct bpf_prog *attach(struct kunit *test, int verdict)
{
	return net_program_attach(test, vif(test)->dev, verdict, 0);
}

static void detach(struct kunit *test, struct bpf_prog *prog)
{
	net_program_detach(test, vif(test)->dev, prog);
}

/* A packet of one slot, whose answer is to be OKAY. */
static void send(struct kunit *test, struct net_queue *q, u16 size)
{
	const struct net_cut cut = { .nr = 1, .size = { size } };

	net_put_packet(q, &cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
}

/* Answered like any other, and gone. */
static void dropped_packets_leave_nothing(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct bpf_prog *prog = attach(test, XDP_DROP);
	int i;

	for (i = 0; i < MANY; i++)
		send(test, q, sizes[i % ARRAY_SIZE(sizes)]);
	KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_drop", MANY));
	KUNIT_EXPECT_EQ(test, counted(test, "rx0_packets"), MANY);
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_generic"), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&vif(test)->ear.good), 0);
	detach(test, prog);
	net_front_passes(test, q);
}

static void passed_packets_go_up(struct kunit *test)
{
	const struct net_cut parts = { .nr = 4, .size = { 100, 1000, 1, 400 } };
	struct net_queue *q = net_front_connect(test);
	struct bpf_prog *prog = attach(test, XDP_PASS);
	int i;

	for (i = 0; i < MANY; i++)
		send(test, q, sizes[i % ARRAY_SIZE(sizes)]);
	net_put_packet(q, &parts);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, net_hears(&vif(test)->ear, MANY + 1));
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_generic"), 0);
	detach(test, prog);
}

static void sent_back_packets_arrive(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct net_device *dev = vif(test)->dev;
	struct bpf_prog *prog = net_program_attach(test, dev, XDP_TX, CUT);
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		send(test, q, 1514);
		KUNIT_EXPECT_EQ(test, net_receive(test, q), 1514 - CUT);
		net_refill(q);
	}
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_tx"), MANY);
	detach(test, prog);
	net_front_passes(test, q);
}

/* Too large for a page, blank checksum, to be cut: whole, and nothing lost. */
static void others_are_left_to_the_generic_hook(struct kunit *test)
{
	static const struct net_cut cuts[] = {
		{ .nr = 1, .size = { 3521 } },
		{ .nr = 3, .size = { 4096, 4096, 3000 } },
		{ .nr = 1, .size = { 500 }, .tcp = true,
		  .flags = XEN_NETTXF_csum_blank },
		{ .nr = 2, .size = { 4000, 4000 }, .tcp = true, .gso = 1000,
		  .flags = XEN_NETTXF_csum_blank },
	};
	struct net_queue *q = net_front_connect(test);
	struct bpf_prog *prog = attach(test, XDP_PASS);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		net_put_packet(q, &cuts[i]);
		net_push(q, NET_TX);
		net_answers(test, q, XEN_NETIF_RSP_OKAY);
		KUNIT_EXPECT_TRUE(test, net_hears(&vif(test)->ear, i + 1));
	}
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_generic"), i);
	KUNIT_EXPECT_EQ(test, atomic_read(&vif(test)->ear.gso), 1);
	detach(test, prog);
	prog = attach(test, XDP_TX);
	net_put_packet(q, &cuts[1]);
	net_push(q, NET_TX);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 2 * 4096 + 3000);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	detach(test, prog);
}

/* A grant that is none: the packet is answered with an error and not shown. */
static void what_cannot_be_copied_is_not_shown(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct xen_netif_tx_request req = {
		.gref = LOOP_BAD_REF, .id = 7, .size = 100,
	};
	struct bpf_prog *prog = attach(test, XDP_DROP);

	net_put(q, &req);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_ERROR);
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_drop"), 0);
	detach(test, prog);
	net_front_passes(test, q);
}

static void a_program_outlives_frontends(struct kunit *test)
{
	struct net_queue *q = net_front_connect(test);
	struct bpf_prog *prog = attach(test, XDP_DROP);
	struct net_bench *b = test->priv;
	u64 i;

	for (i = 1; i <= 3; i++) {
		send(test, q, 60);
		KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_drop", i));
		net_front_close(b);
		q = net_front_connect(test);
	}
	detach(test, prog);
	net_front_passes(test, q);
}

static void frames_of_others_are_sent(struct kunit *test)
{
	static const u16 lens[] = { 60, 1514, 3500 };
	struct net_queue *q = net_front_connect(test);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		KUNIT_EXPECT_EQ(test, net_xmit_frames(test, vif(test)->dev,
						      lens[i], NET_FRAMES),
				NET_FRAMES);
		for (j = 0; j < NET_FRAMES; j++)
			KUNIT_EXPECT_EQ(test, net_receive(test, q), lens[i]);
		net_refill(q);
	}
}

/* A guest that offers no buffers: what waits for it is bounded. */
static void too_many_frames_are_given_back(struct kunit *test)
{
	struct net_queue *q = net_front_connect_with(test, 0);
	struct net_device *dev = vif(test)->dev;
	int i, done, taken = 0;

	for (i = 0; i < 100; i++) {
		done = net_xmit_frames(test, dev, 1514, NET_FRAMES);
		KUNIT_EXPECT_GE(test, done, 0);
		taken += done;
	}
	KUNIT_EXPECT_LT(test, taken, 100 * NET_FRAMES);
	net_refill(q);
	KUNIT_EXPECT_EQ(test, net_receive(test, q), 1514);
}

static struct kunit_case xdp_cases[] = {
	KUNIT_CASE(dropped_packets_leave_nothing),
	KUNIT_CASE(passed_packets_go_up),
	KUNIT_CASE(sent_back_packets_arrive),
	KUNIT_CASE(others_are_left_to_the_generic_hook),
	KUNIT_CASE(what_cannot_be_copied_is_not_shown),
	KUNIT_CASE(a_program_outlives_frontends),
	KUNIT_CASE(frames_of_others_are_sent),
	KUNIT_CASE(too_many_frames_are_given_back),
	{}
};

static struct kunit_suite xdp_suite = {
	.name = "pvio_netback_xdp",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = xdp_cases,
};

kunit_test_suite(xdp_suite);

MODULE_DESCRIPTION("Tests of XDP programs at the pvio network drivers");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
