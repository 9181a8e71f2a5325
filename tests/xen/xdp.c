// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A program that looks at packets before the stack does, in a guest.
 *
 *   xdp INTERFACE native|generic
 *	Until it is killed, pass on what is IPv4, IPv6 or ARP by the bytes that the
 *	packet begins with, ARP only if it is as short as it is to be, and
 *	drop the rest.  Prints "attached" when it does.
 */

#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(_size, _to, _from, _off) { .code = BPF_LDX | BPF_MEM | (_size), \
	.dst_reg = (_to), .src_reg = (_from), .off = (_off) }
#define MOVE(_to, _from) { .code = BPF_ALU64 | BPF_MOV | BPF_X, \
	.dst_reg = (_to), .src_reg = (_from) }
#define SET(_to, _imm) { .code = BPF_ALU64 | BPF_MOV | BPF_K, \
	.dst_reg = (_to), .imm = (_imm) }
#define ADD(_to, _imm) { .code = BPF_ALU64 | BPF_ADD | BPF_K, \
	.dst_reg = (_to), .imm = (_imm) }
#define SUB(_to, _from) { .code = BPF_ALU64 | BPF_SUB | BPF_X, \
	.dst_reg = (_to), .src_reg = (_from) }
#define IF_ABOVE(_a, _b, _skip) { .code = BPF_JMP | BPF_JGT | BPF_X, \
	.dst_reg = (_a), .src_reg = (_b), .off = (_skip) }
#define IF_MORE(_a, _imm, _skip) { .code = BPF_JMP | BPF_JGT | BPF_K, \
	.dst_reg = (_a), .imm = (_imm), .off = (_skip) }
#define IF_IS(_a, _imm, _skip) { .code = BPF_JMP | BPF_JEQ | BPF_K, \
	.dst_reg = (_a), .imm = (_imm), .off = (_skip) }
#define IF_NOT(_a, _imm, _skip) { .code = BPF_JMP | BPF_JNE | BPF_K, \
	.dst_reg = (_a), .imm = (_imm), .off = (_skip) }
#define END { .code = BPF_JMP | BPF_EXIT }

#define ETHERNET	14
#define TYPE_AT		12
#define ARP_MOST	64

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load(void)
{
	const struct bpf_insn code[] = {
		LOAD(BPF_W, 2, 1, 0),		/* r2: where it begins */
		LOAD(BPF_W, 3, 1, 4),		/* r3: where it ends */
		SET(0, XDP_DROP),
		MOVE(4, 2),
		ADD(4, ETHERNET),
		IF_ABOVE(4, 3, 7),
		LOAD(BPF_H, 5, 2, TYPE_AT),
		IF_IS(5, htons(0x0800), 4),
		IF_IS(5, htons(0x86dd), 3),
		IF_NOT(5, htons(0x0806), 3),
		SUB(3, 2),
		IF_MORE(3, ARP_MOST, 1),
		SET(0, XDP_PASS),
		END,
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(*code),
		.license = (uintptr_t)"GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int attach(int program, unsigned int interface, int native)
{
	union bpf_attr attr = {
		.link_create = {
			.prog_fd = program,
			.target_ifindex = interface,
			.attach_type = BPF_XDP,
			.flags = native ? XDP_FLAGS_DRV_MODE :
					  XDP_FLAGS_SKB_MODE,
		},
	};

	return bpf(BPF_LINK_CREATE, &attr);
}

int main(int argc, char **argv)
{
	unsigned int interface = argc == 3 ? if_nametoindex(argv[1]) : 0;
	int program;

	if (!interface) {
		fprintf(stderr, "usage: xdp INTERFACE native|generic\n");
		return 2;
	}
	program = load();
	if (program < 0) {
		perror("xdp: the program was not loaded");
		return 1;
	}
	if (attach(program, interface, !strcmp(argv[2], "native")) < 0) {
		perror("xdp: not attached");
		return 1;
	}
	puts("attached");
	fflush(stdout);
	/* With this process it all goes away. */
	for (;;)
		pause();
}
