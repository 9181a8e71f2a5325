// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of how Xen's own event channels are opened, on a stand-in for the
 * hypercall: ports are not lost, and nobody else's port is closed.
 */
#include <kunit/test.h>
#include <linux/interrupt.h>
#include <asm/xen/hypercall.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/xenbus.h>

#include "channel.h"
#include "device.h"
#include "door.h"
#include "xen_event.h"

static int play_event_op(int cmd, void *arg);
static int play_bind(evtchn_port_t port, irq_handler_t handler,
		     unsigned long flags, const char *name, void *arg);

#define HYPERVISOR_event_channel_op		play_event_op
#define bind_evtchn_to_irqhandler_lateeoi	play_bind
#define enable_irq(irq)				(play.enabled = (irq))

#define PEER	7
#define PORTS	4
#define IRQ	30

/**
 * struct play - the stand-in
 * @owner: of each port the peer that may bind it; 0: it is closed
 * @max: ports there may be
 * @fail_bind: binding fails: before the kernel closes the port, after it did, or
 *	even after another driver was given the port, for another domain
 * @enabled: interrupt that was enabled
 */
static struct play {
	u16 owner[PORTS];
	unsigned int max;
	enum { NEVER, BEFORE, AFTER, TO_OTHER } fail_bind;
	int enabled;
} play;

#include "xen_event.c"

void pvio_err(struct pvio_device *pdev, const char *fmt, ...)
{
}

static int play_alloc(struct evtchn_alloc_unbound *op)
{
	unsigned int i;

	for (i = 1; i < play.max; i++) {
		if (play.owner[i])
			continue;
		play.owner[i] = op->remote_dom;
		op->port = i;
		return 0;
	}
	return -ENOSPC;
}

static int play_status(struct evtchn_status *op)
{
	op->status = play.owner[op->port] ? EVTCHNSTAT_unbound :
					    EVTCHNSTAT_closed;
	op->u.unbound.dom = play.owner[op->port];
	return 0;
}

static int play_event_op(int cmd, void *arg)
{
	if (cmd == EVTCHNOP_alloc_unbound)
		return play_alloc(arg);
	if (cmd == EVTCHNOP_status)
		return play_status(arg);
	play.owner[((struct evtchn_close *)arg)->port] = 0;
	return 0;
}

static int play_bind(evtchn_port_t port, irq_handler_t handler,
		     unsigned long flags, const char *name, void *arg)
{
	if (play.fail_bind == NEVER)
		return IRQ;
	if (play.fail_bind != BEFORE)
		play.owner[port] = 0;
	if (play.fail_bind == TO_OTHER)
		play.owner[port] = PEER + 1;
	return -ENOMEM;
}

static int init_play(struct kunit *test)
{
	memset(&play, 0, sizeof(play));
	play.max = PORTS;
	return 0;
}

static int open(u16 peer)
{
	struct pvio_device pdev = { .peer_id = peer };
	struct pvio_event ev = { .pdev = &pdev };

	return pvio_xen_event_open(&ev);
}

static unsigned int count_open(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PORTS; i++)
		n += !!play.owner[i];
	return n;
}

static void opens_for_the_peer(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, open(PEER), 0);
	KUNIT_EXPECT_EQ(test, open(PEER + 1), 0);
	KUNIT_EXPECT_EQ(test, play.owner[1], PEER);
	KUNIT_EXPECT_EQ(test, play.owner[2], PEER + 1);
	KUNIT_EXPECT_EQ(test, play.enabled, IRQ);
}

static void no_more_ports(struct kunit *test)
{
	play.max = 2;
	KUNIT_EXPECT_EQ(test, open(PEER), 0);
	KUNIT_EXPECT_EQ(test, open(PEER), -ENOSPC);
	KUNIT_EXPECT_EQ(test, count_open(), 1);
}

static void port_is_closed_when_it_is_not_bound(struct kunit *test)
{
	play.fail_bind = BEFORE;
	KUNIT_EXPECT_EQ(test, open(PEER), -ENOMEM);
	KUNIT_EXPECT_EQ(test, count_open(), 0);
	play.fail_bind = AFTER;
	KUNIT_EXPECT_EQ(test, open(PEER), -ENOMEM);
	KUNIT_EXPECT_EQ(test, count_open(), 0);
	KUNIT_EXPECT_EQ(test, play.enabled, 0);
}

static void port_of_somebody_else_stays_open(struct kunit *test)
{
	play.fail_bind = TO_OTHER;
	KUNIT_EXPECT_EQ(test, open(PEER), -ENOMEM);
	KUNIT_EXPECT_EQ(test, play.owner[1], PEER + 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(opens_for_the_peer),
	KUNIT_CASE(no_more_ports),
	KUNIT_CASE(port_is_closed_when_it_is_not_bound),
	KUNIT_CASE(port_of_somebody_else_stays_open),
	{}
};

static struct kunit_suite suite = {
	.name = "pvio_xen_event",
	.init = init_play,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of Xen's own event channels");
MODULE_LICENSE("GPL");
