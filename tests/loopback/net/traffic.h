/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Packets both ways over a link, whatever becomes of its ends meanwhile.
 */
#ifndef PVIO_TESTS_NET_TRAFFIC_H
#define PVIO_TESTS_NET_TRAFFIC_H

#include <linux/types.h>

struct loop_end;
struct net_device;
struct task_struct;

/**
 * struct net_source - one direction
 * @end: the sender; packets leave through whatever interface it has
 * @task: its thread; NULL: none
 * @sent: packets handed to the stack
 */
struct net_source {
	const struct loop_end *end;
	struct task_struct *task;
	unsigned long sent;
};

/**
 * net_source_start() - begin to send
 * @source: filled in
 * @end: the sender
 * Return: 0 or a negative errno.
 */
int net_source_start(struct net_source *source, const struct loop_end *end);

/**
 * net_source_stop() - send no more
 * @source: the source; may have stopped
 */
void net_source_stop(struct net_source *source);

#endif /* PVIO_TESTS_NET_TRAFFIC_H */
