// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The book of what was created and destroyed, and its debugfs page.
 */
#include "resource.h"

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

DEFINE_PER_CPU(struct pvio_tally, pvio_tally);
EXPORT_PER_CPU_SYMBOL_GPL(pvio_tally);

static struct dentry *root;

static u64 sum_created(enum pvio_resource res)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(pvio_tally.created[res], cpu);
	return sum;
}

static u64 sum_destroyed(enum pvio_resource res)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(pvio_tally.destroyed[res], cpu);
	return sum;
}

s64 pvio_outstanding(enum pvio_resource res)
{
	u64 destroyed = sum_destroyed(res);

	return sum_created(res) - destroyed;
}
EXPORT_SYMBOL_GPL(pvio_outstanding);

const char *pvio_resource_name(enum pvio_resource res)
{
	static const char *const names[PVIO_RES_NR] = {
		[PVIO_RES_DEVICE] = "device",
		[PVIO_RES_WATCH] = "watch",
		[PVIO_RES_RING] = "ring",
		[PVIO_RES_EVENT] = "event",
		[PVIO_RES_GREF] = "gref",
		[PVIO_RES_GRANT] = "grant",
		[PVIO_RES_MAP] = "map",
		[PVIO_RES_QUEUE] = "queue",
		[PVIO_RES_NETDEV] = "netdev",
		[PVIO_RES_DISK] = "disk",
		[PVIO_RES_REQUEST] = "request",
		[PVIO_RES_PAGE] = "page",
	};

	return names[res];
}
EXPORT_SYMBOL_GPL(pvio_resource_name);

static int resource_show(struct seq_file *m, void *unused)
{
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		seq_printf(m, "%s %llu %llu\n", pvio_resource_name(res),
			   sum_created(res), sum_destroyed(res));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(resource);

struct dentry *pvio_debugfs(void)
{
	return root;
}
EXPORT_SYMBOL_GPL(pvio_debugfs);

int pvio_resource_init(void)
{
	root = debugfs_create_dir("pvio", NULL);
	debugfs_create_file("resources", 0400, root, NULL, &resource_fops);
	return 0;
}

void pvio_resource_exit(void)
{
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		if (pvio_outstanding(res))
			pr_err("pvio: %lld of %s never given back\n",
			       pvio_outstanding(res), pvio_resource_name(res));
	debugfs_remove(root);
}
