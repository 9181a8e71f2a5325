// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A program that looks at packets before the stack does.
 *
 *   xdp INTERFACE native|generic filter|drop|echo
 *   xdp INTERFACE native|generic redirect OTHER
 *	Until it is killed:
 *	filter: pass on what is IPv4, IPv6 or ARP by the bytes that the packet
 *		begins with, ARP only if it is as short as it is to be, and drop
 *		the rest;
 *	drop: drop ICMP, pass on the rest;
 *	echo: answer ICMP's echo requests, pass on the rest;
 *	redirect: send everything out of OTHER.
 *	Prints "attached" when it does.
 */

#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
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
#define STORE(_size, _to, _off, _from) { .code = BPF_STX | BPF_MEM | (_size), \
	.dst_reg = (_to), .src_reg = (_from), .off = (_off) }
#define ADD_TO(_to, _from) { .code = BPF_ALU64 | BPF_ADD | BPF_X, \
	.dst_reg = (_to), .src_reg = (_from) }
#define SHIFT(_to, _imm) { .code = BPF_ALU64 | BPF_RSH | BPF_K, \
	.dst_reg = (_to), .imm = (_imm) }
#define CALL(_function) { .code = BPF_JMP | BPF_CALL, .imm = (_function) }
#define END { .code = BPF_JMP | BPF_EXIT }

#define ETHERNET	14
#define TYPE_AT		12
#define ARP_MOST	64
#define IP_AT		14
#define PROTOCOL_AT	23
#define ICMP_AT		34
#define ICMP_END	42

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load(const struct bpf_insn *code, unsigned int nr)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)code,
		.insn_cnt = nr,
		.license = (uintptr_t)"GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

#define LOAD_CODE(_code)	load(_code, sizeof(_code) / sizeof(*(_code)))

static int load_filter(void)
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

	return LOAD_CODE(code);
}

/* Leaves where the packet begins in r2 when it is ICMP, else passes it. */
#define IF_ICMP(_skip) \
	LOAD(BPF_W, 2, 1, 0), LOAD(BPF_W, 3, 1, 4), SET(0, XDP_PASS), \
	MOVE(4, 2), ADD(4, ICMP_END), IF_ABOVE(4, 3, (_skip) + 6), \
	LOAD(BPF_H, 5, 2, TYPE_AT), IF_NOT(5, htons(0x0800), (_skip) + 4), \
	LOAD(BPF_B, 5, 2, IP_AT), IF_NOT(5, 0x45, (_skip) + 2), \
	LOAD(BPF_B, 5, 2, PROTOCOL_AT), IF_NOT(5, IPPROTO_ICMP, _skip)

static int load_drop(void)
{
	const struct bpf_insn code[] = {
		IF_ICMP(1),
		SET(0, XDP_DROP),
		END,
	};

	return LOAD_CODE(code);
}

/* Two words or half words trade places. */
#define TRADE(_size, _a, _b) \
	LOAD(_size, 4, 2, _a), LOAD(_size, 5, 2, _b), \
	STORE(_size, 2, _a, 5), STORE(_size, 2, _b, 4)

static int load_echo(void)
{
	const struct bpf_insn code[] = {
		IF_ICMP(23),
		LOAD(BPF_B, 5, 2, ICMP_AT),
		IF_NOT(5, ICMP_ECHO, 21),
		TRADE(BPF_W, 0, 6),		/* addresses of Ethernet */
		TRADE(BPF_H, 4, 10),
		TRADE(BPF_W, 26, 30),		/* and of IP */
		SET(5, ICMP_ECHOREPLY),
		STORE(BPF_B, 2, ICMP_AT, 5),
		LOAD(BPF_H, 5, 2, ICMP_AT + 2),	/* that much less to sum up */
		ADD(5, htons(ICMP_ECHO << 8)),
		MOVE(4, 5),
		SHIFT(4, 16),
		ADD_TO(5, 4),
		STORE(BPF_H, 2, ICMP_AT + 2, 5),
		SET(0, XDP_TX),
		END,
	};

	return LOAD_CODE(code);
}

static int load_redirect(unsigned int to)
{
	const struct bpf_insn code[] = {
		SET(1, to),
		SET(2, 0),
		CALL(BPF_FUNC_redirect),
		END,
	};

	return LOAD_CODE(code);
}

/* Negative where @what is none of these as well. */
static int load_what(const char *what, const char *other)
{
	if (!strcmp(what, "redirect"))
		return other ? load_redirect(if_nametoindex(other)) : -1;
	if (!strcmp(what, "filter"))
		return load_filter();
	if (!strcmp(what, "drop"))
		return load_drop();
	return strcmp(what, "echo") ? -1 : load_echo();
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
	unsigned int interface = argc > 3 ? if_nametoindex(argv[1]) : 0;
	int program;

	if (!interface || argc > 5) {
		fprintf(stderr,
			"usage: xdp INTERFACE native|generic filter|drop|echo\n"
			"       xdp INTERFACE native|generic redirect OTHER\n");
		return 2;
	}
	program = load_what(argv[3], argc == 5 ? argv[4] : NULL);
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
