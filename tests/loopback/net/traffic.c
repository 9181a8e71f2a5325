// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Packets both ways over a link, whatever becomes of its ends meanwhile.
 */
#include "tests/loopback/net/traffic.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>

#include "tests/loopback/net/bench.h"

#define BURST	8

static const struct net_shape mix[] = {
	{ .len = 60 }, { .len = 14 }, { .len = 1514 }, { .len = 600 },
	{ .len = 4500, .head = 66, .frag = 4096, .queue = 1 },
	{ .len = 3001, .head = 20, .frag = 700, .offset = 3999 },
	{ .len = 7000, .head = 54, .frag = 4096, .gso = 1448, .queue = 1 },
	{ .len = 257, .queue = 1 },
};

/* The interface of the moment, held; NULL when there is none. */
static struct net_device *hold_dev(const struct loop_end *end)
{
	struct net_device *dev, *found = NULL;

	rcu_read_lock();
	for_each_netdev_rcu(&init_net, dev)
		if (dev->dev.parent == end->dev)
			found = dev;
	if (found)
		dev_hold(found);
	rcu_read_unlock();
	return found;
}

static void send_burst(struct net_source *source, struct net_device *dev)
{
	int i;

	for (i = 0; i < BURST && (dev->flags & IFF_UP); i++)
		net_send(dev, &mix[source->sent++ % ARRAY_SIZE(mix)]);
}

static int run_source(void *arg)
{
	struct net_source *source = arg;
	struct net_device *dev;

	while (!kthread_should_stop()) {
		dev = hold_dev(source->end);
		if (dev) {
			send_burst(source, dev);
			dev_put(dev);
		}
		usleep_range(5000, 6000);
	}
	return 0;
}

int net_source_start(struct net_source *source, const struct loop_end *end)
{
	source->end = end;
	source->sent = 0;
	source->task = kthread_run(run_source, source, "pvio-source");
	if (!IS_ERR(source->task))
		return 0;
	source->task = NULL;
	return -ENOMEM;
}
EXPORT_SYMBOL_GPL(net_source_start);

void net_source_stop(struct net_source *source)
{
	if (source->task)
		kthread_stop(source->task);
	source->task = NULL;
}
EXPORT_SYMBOL_GPL(net_source_stop);
