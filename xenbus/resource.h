/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the suite holds, counted by kind: every creation and every
 * destruction.  The two columns of debugfs pvio/resources are equal when no
 * device exists; a test run ends by checking that.
 */
#ifndef PVIO_XENBUS_RESOURCE_H
#define PVIO_XENBUS_RESOURCE_H

#include <linux/percpu.h>
#include <linux/types.h>

struct dentry;

/**
 * enum pvio_resource - kinds of things that must be given back
 * @PVIO_RES_DEVICE: devices bound to a driver
 * @PVIO_RES_WATCH: xenstore watches
 * @PVIO_RES_RING: shared rings, granted or mapped
 * @PVIO_RES_EVENT: event channels
 * @PVIO_RES_GREF: grant references reserved from the kernel's pool
 * @PVIO_RES_GRANT: pages granted to a peer
 * @PVIO_RES_MAP: a peer's pages mapped
 * @PVIO_RES_QUEUE: queues of any driver
 * @PVIO_RES_NETDEV: network devices
 * @PVIO_RES_DISK: disks and opened backing devices
 * @PVIO_RES_REQUEST: block requests in flight in a backend
 * @PVIO_RES_PAGE: pages held for data by any driver
 * @PVIO_RES_NR: number of kinds
 */
enum pvio_resource {
	PVIO_RES_DEVICE,
	PVIO_RES_WATCH,
	PVIO_RES_RING,
	PVIO_RES_EVENT,
	PVIO_RES_GREF,
	PVIO_RES_GRANT,
	PVIO_RES_MAP,
	PVIO_RES_QUEUE,
	PVIO_RES_NETDEV,
	PVIO_RES_DISK,
	PVIO_RES_REQUEST,
	PVIO_RES_PAGE,
	PVIO_RES_NR,
};

struct pvio_tally {
	u64 created[PVIO_RES_NR];
	u64 destroyed[PVIO_RES_NR];
};

DECLARE_PER_CPU(struct pvio_tally, pvio_tally);

/**
 * pvio_created() - count things that came into being
 * @res: what kind
 * @n: how many
 *
 * Context: any. One instruction.
 */
static inline void pvio_created(enum pvio_resource res, unsigned int n)
{
	this_cpu_add(pvio_tally.created[res], n);
}

/**
 * pvio_destroyed() - count things that were given back
 * @res: what kind
 * @n: how many
 *
 * Context: any. One instruction.
 */
static inline void pvio_destroyed(enum pvio_resource res, unsigned int n)
{
	this_cpu_add(pvio_tally.destroyed[res], n);
}

/**
 * pvio_outstanding() - created less destroyed, over all CPUs
 * @res: what kind
 *
 * Exact only while nothing of that kind comes or goes.
 */
s64 pvio_outstanding(enum pvio_resource res);

/**
 * pvio_resource_name() - the kind's name in debugfs and messages
 * @res: what kind
 */
const char *pvio_resource_name(enum pvio_resource res);

/**
 * pvio_debugfs() - the suite's directory, /sys/kernel/debug/pvio
 */
struct dentry *pvio_debugfs(void);

int pvio_resource_init(void);
void pvio_resource_exit(void);

#endif /* PVIO_XENBUS_RESOURCE_H */
