// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What Linux accounts to the guest of KVM, if there is one, and to itself:
 * the guest has what the thread of its virtual CPU has spent, in the guest and
 * in KVM for it; the host all other time in which the machine's only CPU was
 * not idle.
 *
 * The file VCPU holds the name of the file with that thread's time.
 */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "accounts.h"

#define VCPU		"/run/vcpu"
#define EXITS		"/sys/kernel/debug/kvm"
#define SECOND		1000000000ull
#define PATH_SIZE	256

static char vcpu[PATH_SIZE];

void open_accounts(void)
{
	FILE *f = fopen(VCPU, "r");

	if (!f)
		return;
	if (fscanf(f, "%255s", vcpu) != 1)
		die(VCPU, "names no file");
	fclose(f);
}

static uint64_t uptime(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* To the nanosecond, which other files round to hundredths of a second. */
static uint64_t idle(void)
{
	FILE *f = fopen("/proc/timer_list", "r");
	unsigned long ns = 0;
	char line[256];

	if (!f)
		die("/proc/timer_list", "cannot be opened");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " .idle_sleeptime : %lu", &ns) == 1)
			break;
	fclose(f);
	return ns;
}

static uint64_t read_number(const char *file)
{
	FILE *f = fopen(file, "r");
	unsigned long number;

	if (!f || fscanf(f, "%lu", &number) != 1)
		die(file, "holds no number");
	fclose(f);
	return number;
}

static void put(struct counts *counts, const char *name, uint64_t value)
{
	struct count *count = add_count(counts);

	snprintf(count->name, NAME_SIZE, "%s", name);
	count->value = value;
}

void read_cpu(struct counts *counts)
{
	uint64_t busy, guest = 0;

	counts->number = 0;
	if (*vcpu)
		guest = read_number(vcpu);
	busy = uptime() - idle();
	put(counts, "0", busy - guest);
	if (*vcpu)
		put(counts, "1", guest);
}

void read_exits(struct counts *counts)
{
	static const char *const kinds[] = {
		"exits", "halt_exits", "io_exits", "mmio_exits", "irq_exits",
		"irq_window_exits", "irq_injections", "insn_emulation",
		"halt_attempted_poll", "halt_successful_poll",
	};
	char file[PATH_SIZE];
	size_t i;

	counts->number = 0;
	for (i = 0; *vcpu && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(file, sizeof(file), EXITS "/%s", kinds[i]);
		put(counts, kinds[i], read_number(file));
	}
}
