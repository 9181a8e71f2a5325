/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the hypervisor knows of its domains: for probe.c, from Xen
 * (accounts_xen.c) or from Linux with KVM (accounts_kvm.c).
 */
#ifndef PVIO_BENCH_ACCOUNTS_H
#define PVIO_BENCH_ACCOUNTS_H

#include <stdint.h>

#define NAME_SIZE	64
#define MAX_COUNTS	64

struct count {
	char name[NAME_SIZE];
	uint64_t value;
};

struct counts {
	int number;
	struct count count[MAX_COUNTS];
};

void die(const char *what, const char *why);
struct count *add_count(struct counts *counts);

void open_accounts(void);
/* Nanoseconds of CPU by domain; "0" is Dom0, or the host of KVM's guests. */
void read_cpu(struct counts *counts);
/* How often the hypervisor was entered, by kind, where it counts that. */
void read_exits(struct counts *counts);

#endif
