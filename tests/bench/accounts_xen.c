// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/* What Xen accounts to its domains.  Hypercalls are counted by xentrace. */

#include <stdio.h>
#include <xenctrl.h>

#include "accounts.h"

static struct xc_interface_core *xc;

void open_accounts(void)
{
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc)
		die("Xen", "cannot be reached");
}

void read_cpu(struct counts *counts)
{
	static xc_domaininfo_t domain[MAX_COUNTS];
	struct count *count;
	int number, i;

	number = xc_domain_getinfolist(xc, 0, MAX_COUNTS, domain);
	if (number < 0)
		die("Xen", "does not list its domains");
	counts->number = 0;
	for (i = 0; i < number; i++) {
		count = add_count(counts);
		snprintf(count->name, NAME_SIZE, "%u", domain[i].domain);
		count->value = domain[i].cpu_time;
	}
}

void read_exits(struct counts *counts)
{
	counts->number = 0;
}
