// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A QEMU plugin that counts every instruction the machine executes, by
 * address: each translated block adds its length to a counter of its own, so
 * the profile is exact and costs the emulator little.
 *
 * SIGUSR1 starts counting anew, SIGUSR2 writes the counts to the file given
 * as out=FILE, one line a block: executions, instructions, guest address,
 * host address.  The host address tells apart what different domains run at
 * the same guest address: it stands for a page of the machine.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

#define BLOCKS	(1 << 22)

struct block {
	uint64_t runs;
	uint64_t vaddr;
	uint64_t haddr;
	uint64_t insns;
};

static struct block *blocks;
static unsigned int nr_blocks;
static char *out, *unfinished;

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	struct block *b;

	(void)id;
	if (nr_blocks == BLOCKS)
		return;
	b = &blocks[nr_blocks++];
	b->vaddr = qemu_plugin_tb_vaddr(tb);
	b->haddr = (uint64_t)qemu_plugin_insn_haddr(qemu_plugin_tb_get_insn(tb, 0));
	b->insns = qemu_plugin_tb_n_insns(tb);
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &b->runs, 1);
}

static void reset(void)
{
	unsigned int i;

	for (i = 0; i < nr_blocks; i++)
		blocks[i].runs = 0;
}

/* The file appears when it is complete. */
static void dump(void)
{
	FILE *f = fopen(unfinished, "w");
	unsigned int i;

	if (!f)
		return;
	for (i = 0; i < nr_blocks; i++)
		if (blocks[i].runs)
			fprintf(f, "%lu %lu %lx %lx\n", blocks[i].runs,
				blocks[i].insns, blocks[i].vaddr,
				blocks[i].haddr);
	fclose(f);
	rename(unfinished, out);
}

static void *wait_for_signals(void *set)
{
	int signal;

	for (;;) {
		sigwait(set, &signal);
		if (signal == SIGUSR1)
			reset();
		else
			dump();
	}
	return NULL;
}

__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc,
			char **argv)
{
	static sigset_t set;
	pthread_t thread;

	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = strdup(argv[0] + 4);
	if (asprintf(&unfinished, "%s.part", out) < 0)
		return -1;
	blocks = calloc(BLOCKS, sizeof(*blocks));
	if (!blocks)
		return -1;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	/* Threads made from here on inherit it. */
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, wait_for_signals, &set))
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
