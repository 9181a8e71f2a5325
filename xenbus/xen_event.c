// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Event channels as Xen's own provider opens and works them.
 *
 * Not by the helpers of the kernel's xenbus, for the reason that xen_ring.c
 * gives.  Binding a peer's port does not go through one of these: it returns
 * an error and leaves the device alone.
 */
#include "xen_event.h"

#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <asm/xen/hypercall.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/xenbus.h>

#include "channel.h"
#include "device.h"
#include "door.h"

/* Held while a port is nobody's yet; see drop_port(). */
static DEFINE_MUTEX(opening);

/*
 * Xen raises an event as soon as a channel is bound, and whoever handles it
 * needs @irq to say that it is done: no handler before it is known.
 */
static void start_event(struct pvio_event *ev, int irq)
{
	ev->irq = irq;
	enable_irq(irq);
}

static int alloc_port(struct pvio_event *ev)
{
	struct evtchn_alloc_unbound op = {
		.dom = DOMID_SELF,
		.remote_dom = ev->pdev->peer_id,
	};
	int err = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &op);

	if (!err)
		ev->port = op.port;
	return err;
}

static bool still_ours(const struct pvio_event *ev)
{
	struct evtchn_status op = { .dom = DOMID_SELF, .port = ev->port };

	return !HYPERVISOR_event_channel_op(EVTCHNOP_status, &op) &&
	       op.status == EVTCHNSTAT_unbound &&
	       op.u.unbound.dom == ev->pdev->peer_id;
}

/*
 * Where binding fails late, the kernel closes the port, and Xen gives it to the
 * next who asks: none of us may, before this one is known to be open or not.
 */
static void drop_port(struct pvio_event *ev)
{
	struct evtchn_close op = { .port = ev->port };

	if (still_ours(ev) &&
	    HYPERVISOR_event_channel_op(EVTCHNOP_close, &op))
		pvio_err(ev->pdev, "event channel %u is lost", ev->port);
	ev->port = 0;
}

static int open_event(struct pvio_event *ev)
{
	int irq, err = alloc_port(ev);

	if (err)
		return err;
	irq = bind_evtchn_to_irqhandler_lateeoi(ev->port, ev->handler,
						IRQF_NO_AUTOEN, ev->name,
						ev->arg);
	if (irq < 0)
		drop_port(ev);
	return irq;
}

int pvio_xen_event_open(struct pvio_event *ev)
{
	int irq;

	mutex_lock(&opening);
	irq = open_event(ev);
	mutex_unlock(&opening);
	if (irq < 0)
		return irq;
	start_event(ev, irq);
	return 0;
}

int pvio_xen_event_bind(struct pvio_event *ev)
{
	struct xenbus_device *xdev = to_xenbus_device(ev->pdev->dev);
	int irq;

	irq = bind_interdomain_evtchn_to_irqhandler_lateeoi(xdev, ev->port,
							    ev->handler,
							    IRQF_NO_AUTOEN,
							    ev->name, ev->arg);
	if (irq < 0)
		return irq;
	start_event(ev, irq);
	return 0;
}

/* Closes the port as well. */
void pvio_xen_event_close(struct pvio_event *ev)
{
	unbind_from_irqhandler(ev->irq, ev->arg);
}

void pvio_xen_event_notify(const struct pvio_event *ev)
{
	notify_remote_via_irq(ev->irq);
}

void pvio_xen_event_done(const struct pvio_event *ev, bool worked)
{
	xen_irq_lateeoi(ev->irq, worked ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

/*
 * A held event is masked: the hypervisor marks it pending and wakes who polls
 * for it.  Cleared before the caller looks, so that what comes after the look
 * ends the next wait.  A tick ends it at last, so there is no time limit.
 */
void pvio_xen_event_wait(const struct pvio_event *ev)
{
	xen_poll_irq_timeout(ev->irq, 0);
	xen_clear_irq_pending(ev->irq);
}

/* A wish, so a refusal is no error. */
void pvio_xen_event_spread(const struct pvio_event *ev,
			   const struct cpumask *cpus)
{
	int err = irq_set_affinity(ev->irq, cpus);

	if (err)
		pr_debug("pvio: %s stays on its CPU (%d)\n", ev->name, err);
}
