/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * XDP programs for the suites, frames as other interfaces' programs send them,
 * and the counters that tell what became of packets.
 *
 * The programs are built here and see the kernel's own structure: no verifier
 * has translated them.
 */
#ifndef PVIO_TESTS_NET_PROGRAM_H
#define PVIO_TESTS_NET_PROGRAM_H

#include <kunit/test.h>
#include <linux/netdevice.h>

struct bpf_prog;

/* Most frames that are sent in one go. */
#define NET_FRAMES	16

/**
 * net_program_attach() - give an interface a program, in place of another
 * @test: the case
 * @dev: the interface
 * @verdict: XDP_*, what it says of each packet
 * @cut: bytes that it takes off the packet's end
 * Return: the program, for net_program_detach().
 */
struct bpf_prog *net_program_attach(struct kunit *test, struct net_device *dev,
				    int verdict, unsigned int cut);

/**
 * net_program_detach() - take it away
 * @test: the case
 * @dev: the interface
 * @prog: its program
 */
void net_program_detach(struct kunit *test, struct net_device *dev,
			struct bpf_prog *prog);

/**
 * net_counted() - a counter of ethtool's
 * @test: the case
 * @dev: the interface
 * @name: of the counter
 * Return: its value; U64_MAX: there is none.
 */
u64 net_counted(struct kunit *test, struct net_device *dev, const char *name);

/**
 * net_counts() - wait until a counter has a value
 * @test: the case
 * @dev: the interface
 * @name: of the counter
 * @want: the value
 * Return: false when it does not come to that, or went beyond.
 */
bool net_counts(struct kunit *test, struct net_device *dev, const char *name,
		u64 want);

/**
 * net_xmit_frames() - send what another interface's program would
 * @test: the case
 * @dev: the interface
 * @len: bytes of each
 * @nr: how many, up to NET_FRAMES
 * Return: how many it took; the others are freed.
 */
int net_xmit_frames(struct kunit *test, struct net_device *dev,
		    unsigned int len, int nr);

#endif /* PVIO_TESTS_NET_PROGRAM_H */
