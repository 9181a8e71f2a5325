// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * XDP programs at the network frontend: what becomes of packets, and of their
 * buffers.
 */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "tests/loopback/net/packet.h"
#include "tests/loopback/net/program.h"
#include "tests/loopback/play/netback.h"

#define MANY	1000
#define CUT	100
#define TCP_FRAME	300

static struct net_side *eth(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return &b->link.front;
}

static bool counts(struct kunit *test, const char *name, u64 want)
{
	return net_counts(test, eth(test)->dev, name, want);
}

static u64 counted(struct kunit *test, const char *name)
{
	return net_counted(test, eth(test)->dev, name);
}

static struct bpf_prog *attach_verdict(struct kunit *test, int verdict)
{
	return net_program_attach(test, eth(test)->dev, verdict, 0);
}

static struct bpf_prog *attach_cut(struct kunit *test, int verdict)
{
	return net_program_attach(test, eth(test)->dev, verdict, CUT);
}

static void detach(struct kunit *test, struct bpf_prog *prog)
{
	net_program_detach(test, eth(test)->dev, prog);
}

/* Nor does the buffer of an answer that is none go anywhere. */
static void n44_errors_reach_no_program(struct kunit *test)
{
	static const struct xen_netif_rx_response answers[] = {
		{ .status = XEN_NETIF_RSP_ERROR }, { .status = 13 },
		{ .status = XEN_NETIF_RSP_DROPPED }, { .status = 0 },
	};
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_DROP);
	int i;

	for (i = 0; i < MANY; i++) {
		net_back_deliver(k, &answers[i % ARRAY_SIZE(answers)]);
		net_back_push(k, NET_BACK_RX);
		if (i % 32 == 31)
			KUNIT_EXPECT_TRUE(test, counts(test,
						       "queue_0_rx_errors",
						       i + 1));
	}
	KUNIT_EXPECT_TRUE(test, counts(test, "queue_0_rx_errors", MANY));
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_drop"), 0);
	detach(test, prog);
	net_back_passes(test, k);
}

/* More than the ring has slots: each buffer is offered again. */
static void n45_dropped_packets_leave_nothing(struct kunit *test)
{
	static const u16 sizes[] = { 60, 256, 257, 1514, 3500 };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_DROP);
	int i;

	for (i = 0; i < MANY; i++) {
		net_back_send(k, &sizes[i % ARRAY_SIZE(sizes)], 1);
		if (i % 32 == 31)
			KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_drop",
						       i + 1));
	}
	KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_drop", MANY));
	KUNIT_EXPECT_EQ(test, atomic_read(&eth(test)->ear.good), 0);
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_generic"), 0);
	KUNIT_EXPECT_EQ(test, counted(test, "queue_0_rx_packets"), MANY);
	detach(test, prog);
	net_back_passes(test, k);
}

static void passed_packets_go_up(struct kunit *test)
{
	static const u16 sizes[] = { 60, 256, 257, 1514, 3500 };
	static const u16 parts[] = { 100, 1000, 1 };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_PASS);
	int i;

	for (i = 0; i < MANY; i++) {
		net_back_send(k, &sizes[i % ARRAY_SIZE(sizes)], 1);
		KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, i + 1));
	}
	net_back_send(k, parts, ARRAY_SIZE(parts));
	KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, MANY + 1));
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_generic"), 0);
	detach(test, prog);
}

/* No room around it in a page: the generic hook has all of it in one piece. */
static void large_packets_are_shown_whole(struct kunit *test)
{
	static const u16 large[] = { 4000, 4096, 4096, 3000 };
	static const u16 just[] = { PAGE_SIZE };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_PASS);

	net_back_send(k, large, ARRAY_SIZE(large));
	KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, 1));
	net_back_send(k, just, 1);
	KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, 2));
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_generic"), 2);
	detach(test, prog);
	prog = attach_verdict(test, XDP_DROP);
	net_back_send(k, large, ARRAY_SIZE(large));
	KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_generic", 3));
	detach(test, prog);
	prog = attach_verdict(test, XDP_TX);
	net_back_send(k, large, ARRAY_SIZE(large));
	KUNIT_EXPECT_EQ(test, net_back_receive(test, k, XEN_NETIF_RSP_OKAY),
			4000 + 4096 + 4096 + 3000);
	detach(test, prog);
	KUNIT_EXPECT_EQ(test, atomic_read(&eth(test)->ear.good), 2);
}

static void changed_packets_go_up_and_back(struct kunit *test)
{
	static const u16 size[] = { 1514 };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_cut(test, XDP_TX);
	int i;

	for (i = 0; i < MANY; i++) {
		net_back_send(k, size, 1);
		KUNIT_EXPECT_EQ(test,
				net_back_receive(test, k, XEN_NETIF_RSP_OKAY),
				1514 - CUT);
	}
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_tx"), MANY);
	detach(test, prog);
	prog = attach_cut(test, XDP_PASS);
	net_back_send(k, size, 1);
	KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, 1));
	detach(test, prog);
}

/* The ring is full, for the backend does not answer: the rest is dropped. */
static void what_cannot_go_back_is_dropped(struct kunit *test)
{
	static const u16 size[] = { 700 };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_TX);
	int i, nr = 0;

	for (i = 1; i <= 400; i++) {
		net_back_send(k, size, 1);
		if (i % 32 == 0)
			KUNIT_EXPECT_TRUE(test, counts(test,
						       "queue_0_rx_packets",
						       i));
	}
	KUNIT_EXPECT_TRUE(test, counts(test, "queue_0_rx_packets", 400));
	KUNIT_EXPECT_GT(test, counted(test, "rx_xdp_failed"), 0);
	KUNIT_EXPECT_EQ(test, counted(test, "rx_xdp_failed") +
			counted(test, "rx_xdp_tx"), 400);
	detach(test, prog);
	for (i = counted(test, "rx_xdp_tx"); i; i--)
		nr += net_back_receive(test, k, XEN_NETIF_RSP_OKAY) == 700;
	KUNIT_EXPECT_EQ(test, nr, counted(test, "rx_xdp_tx"));
	net_back_passes(test, k);
}

static void unknown_verdicts_drop(struct kunit *test)
{
	static const u16 size[] = { 60 };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_ABORTED);

	net_back_send(k, size, 1);
	KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_drop", 1));
	detach(test, prog);
	/* Nothing says where to. */
	prog = attach_verdict(test, XDP_REDIRECT);
	net_back_send(k, size, 1);
	KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_failed", 1));
	detach(test, prog);
	net_back_passes(test, k);
}

static void send_blank(struct kunit *test, struct net_back *k)
{
	const struct xen_netif_rx_response rsp = {
		.flags = XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated,
		.status = TCP_FRAME,
	};
	struct page *page;
	u32 ref;

	page = net_back_buffer(k, &ref);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	net_fill_tcp(page_address(page), TCP_FRAME, 5);
	net_back_deliver(k, &rsp);
	net_back_push(k, NET_BACK_RX);
}

static bool checksum_is_right(const void *frame)
{
	const struct iphdr *ip = frame + ETH_HLEN;
	const struct tcphdr *tcp = (const struct tcphdr *)(ip + 1);
	unsigned int len = TCP_FRAME - ETH_HLEN - sizeof(*ip);

	return !tcp_v4_check(len, ip->saddr, ip->daddr,
			     csum_partial(tcp, len, 0));
}

/* A program that changes it, or sends it elsewhere, finds it there. */
static void blank_checksums_are_filled_in(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct xen_netif_tx_request req = {};
	const struct page *page;
	struct bpf_prog *prog;

	prog = attach_verdict(test, XDP_TX);
	send_blank(test, k);
	KUNIT_ASSERT_TRUE(test, net_back_take(k, &req));
	KUNIT_EXPECT_EQ(test, req.size, TCP_FRAME);
	KUNIT_EXPECT_EQ(test, req.flags & XEN_NETTXF_csum_blank, 0);
	page = pvio_loop_granted_page(req.gref);
	KUNIT_EXPECT_TRUE(test, page && checksum_is_right(page_address(page) +
							  req.offset));
	net_back_answer(k, req.id, XEN_NETIF_RSP_OKAY);
	net_back_push(k, NET_BACK_TX);
	detach(test, prog);
	prog = attach_verdict(test, XDP_PASS);
	send_blank(test, k);
	KUNIT_EXPECT_TRUE(test, net_hears(&eth(test)->ear, 1));
	detach(test, prog);
}

static void a_program_outlives_connections(struct kunit *test)
{
	static const u16 size[] = { 60 };
	struct net_back *k = net_back_connect(test);
	struct bpf_prog *prog = attach_verdict(test, XDP_DROP);
	struct net_bench *b = test->priv;
	u64 i;

	for (i = 1; i <= 3; i++) {
		net_back_send(k, size, 1);
		KUNIT_EXPECT_TRUE(test, counts(test, "rx_xdp_drop", i));
		net_back_close(b);
		k = net_back_connect(test);
	}
	detach(test, prog);
	net_back_passes(test, k);
}

static void programs_come_and_go_under_load(struct kunit *test)
{
	static const int verdicts[] = { XDP_PASS, XDP_DROP, XDP_TX };
	const struct net_shape shape = { .len = 3000, .head = 66, .frag = 1500 };
	struct net_bench *b = test->priv;
	struct bpf_prog *prog;
	int i, j;

	net_connect(test);
	for (i = 0; i < 60; i++) {
		prog = attach_verdict(test, verdicts[i % ARRAY_SIZE(verdicts)]);
		for (j = 0; j < 20; j++) {
			net_send(b->link.back.dev, &shape);
			net_send(b->link.front.dev, &shape);
		}
		detach(test, prog);
	}
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	KUNIT_EXPECT_EQ(test, net_bad_packets(), 0);
}

static int xmit_frames(struct kunit *test, unsigned int len, int nr)
{
	return net_xmit_frames(test, eth(test)->dev, len, nr);
}

static void frames_of_others_are_sent(struct kunit *test)
{
	static const u16 sizes[] = { 60, 512, 513, 1514, 3500 };
	struct net_back *k = net_back_connect(test);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KUNIT_EXPECT_EQ(test, xmit_frames(test, sizes[i], 16), 16);
		for (j = 0; j < 16; j++)
			KUNIT_EXPECT_EQ(test,
					net_back_receive(test, k,
							 XEN_NETIF_RSP_OKAY),
					sizes[i]);
	}
}

/* Who sends them hears how many there was no room for. */
static void too_many_frames_are_given_back(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	int i, done, taken = 0;

	for (i = 0; i < 40; i++) {
		done = xmit_frames(test, 1514, 16);
		KUNIT_EXPECT_GE(test, done, 0);
		taken += done;
	}
	KUNIT_EXPECT_GT(test, taken, 100);
	KUNIT_EXPECT_LE(test, taken, NET_BACK_RING);
	for (i = 0; i < taken; i++)
		KUNIT_EXPECT_EQ(test,
				net_back_receive(test, k, XEN_NETIF_RSP_OKAY),
				1514);
	net_back_close(test->priv);
	KUNIT_EXPECT_EQ(test, xmit_frames(test, 1514, 16), 0);
	net_back_heals(test);
}

static struct kunit_case xdp_cases[] = {
	KUNIT_CASE(n44_errors_reach_no_program),
	KUNIT_CASE(n45_dropped_packets_leave_nothing),
	KUNIT_CASE(passed_packets_go_up),
	KUNIT_CASE(large_packets_are_shown_whole),
	KUNIT_CASE(changed_packets_go_up_and_back),
	KUNIT_CASE(what_cannot_go_back_is_dropped),
	KUNIT_CASE(unknown_verdicts_drop),
	KUNIT_CASE(blank_checksums_are_filled_in),
	KUNIT_CASE(a_program_outlives_connections),
	KUNIT_CASE(programs_come_and_go_under_load),
	KUNIT_CASE(frames_of_others_are_sent),
	KUNIT_CASE(too_many_frames_are_given_back),
	{}
};

static struct kunit_suite xdp_suite = {
	.name = "pvio_netfront_xdp",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = xdp_cases,
};

kunit_test_suite(xdp_suite);
