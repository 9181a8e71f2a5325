// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The loopback's event channels.  A sent event runs the other end's handler
 * in hard interrupt context; until that end is done, further events collapse
 * into one, as in Xen.
 */
#include "tests/loopback/loop.h"

#include <linux/delay.h>
#include <linux/export.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "xenbus/channel.h"

#define PORTS	1024

/**
 * struct port - one end of a channel
 * @irq_work: runs the handler
 * @handler: the owner's
 * @arg: its argument
 * @peer: number of the other end, 0 when unbound
 * @pending: an event came while @busy
 * @busy: the handler ran and has not said done
 * @sent: events sent from here
 */
struct port {
	struct irq_work irq_work;
	irq_handler_t handler;
	void *arg;
	u32 peer;
	bool pending;
	bool busy;
	unsigned long sent;
};

static struct port *ports[PORTS];
static int unbalanced;
static unsigned long idle;
static DEFINE_RAW_SPINLOCK(port_lock);	/* covers ports and their fields */

static void run_handler(struct irq_work *work)
{
	struct port *p = container_of(work, struct port, irq_work);

	p->handler(0, p->arg);
}

static void raise_port(struct port *p)
{
	lockdep_assert_held(&port_lock);
	if (p->busy) {
		p->pending = true;
		return;
	}
	p->busy = true;
	unbalanced++;
	irq_work_queue(&p->irq_work);
}

static u32 install_port(struct port *p)
{
	unsigned long flags;
	u32 i, found = 0;

	raw_spin_lock_irqsave(&port_lock, flags);
	for (i = 1; i < PORTS && !found; i++)
		if (!ports[i])
			found = i;
	if (found)
		ports[found] = p;
	raw_spin_unlock_irqrestore(&port_lock, flags);
	return found;
}

static int new_port(struct pvio_event *ev, u32 *number)
{
	struct port *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	init_irq_work(&p->irq_work, run_handler);
	p->handler = ev->handler;
	p->arg = ev->arg;
	*number = install_port(p);
	if (*number)
		return 0;
	kfree(p);
	return -ENOSPC;
}

/* ev->irq is the port's own number at either end. */
int pvio_loop_event_open(struct pvio_event *ev)
{
	u32 number;
	int err;

	err = pvio_loop_fault(LOOP_EVENT_OPEN, -ENOSPC);
	if (err)
		return err;
	err = new_port(ev, &number);
	if (err)
		return err;
	ev->irq = number;
	ev->port = number;
	return 0;
}
EXPORT_SYMBOL_GPL(pvio_loop_event_open);

static int join(u32 mine, u32 theirs)
{
	unsigned long flags;
	int err = -EINVAL;

	raw_spin_lock_irqsave(&port_lock, flags);
	if (theirs && theirs < PORTS && theirs != mine && ports[theirs] &&
	    !ports[theirs]->peer) {
		ports[mine]->peer = theirs;
		ports[theirs]->peer = mine;
		/* A bound port is told at once that it is. */
		raise_port(ports[mine]);
		err = 0;
	}
	raw_spin_unlock_irqrestore(&port_lock, flags);
	return err;
}

static void remove_port(u32 number)
{
	unsigned long flags;
	struct port *p;

	raw_spin_lock_irqsave(&port_lock, flags);
	p = ports[number];
	ports[number] = NULL;
	if (p->peer && ports[p->peer])
		ports[p->peer]->peer = 0;
	if (p->busy)
		unbalanced--;
	raw_spin_unlock_irqrestore(&port_lock, flags);
	irq_work_sync(&p->irq_work);
	kfree(p);
}

int pvio_loop_event_bind(struct pvio_event *ev)
{
	u32 number;
	int err;

	err = pvio_loop_fault(LOOP_EVENT_BIND, -EINVAL);
	if (err)
		return err;
	err = new_port(ev, &number);
	if (err)
		return err;
	ev->irq = number;
	err = join(number, ev->port);
	if (err)
		remove_port(number);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_loop_event_bind);

void pvio_loop_event_close(struct pvio_event *ev)
{
	remove_port(ev->irq);
}
EXPORT_SYMBOL_GPL(pvio_loop_event_close);

static void send_from(u32 number)
{
	unsigned long flags;
	struct port *p;

	raw_spin_lock_irqsave(&port_lock, flags);
	p = ports[number];
	if (p) {
		p->sent++;
		if (p->peer && ports[p->peer])
			raise_port(ports[p->peer]);
	}
	raw_spin_unlock_irqrestore(&port_lock, flags);
}

void pvio_loop_event_notify(const struct pvio_event *ev)
{
	if (!pvio_loop_fails(LOOP_EVENT_SEND))
		send_from(ev->irq);
}
EXPORT_SYMBOL_GPL(pvio_loop_event_notify);

void pvio_loop_flood(const struct pvio_event *ev, unsigned int count)
{
	while (count--)
		send_from(ev->irq);
}
EXPORT_SYMBOL_GPL(pvio_loop_flood);

static struct task_struct *flooder;

/* What the others do must be done, too, where there are few CPUs. */
static int flood_on(void *arg)
{
	set_user_nice(current, MAX_NICE);
	while (!kthread_should_stop()) {
		pvio_loop_flood(arg, 50);
		cond_resched();
	}
	return 0;
}

bool pvio_loop_flood_on(const struct pvio_event *ev)
{
	struct task_struct *task = kthread_run(flood_on, (void *)ev,
					       "pvio-flood");

	if (IS_ERR(task))
		return false;
	flooder = task;
	return true;
}
EXPORT_SYMBOL_GPL(pvio_loop_flood_on);

void pvio_loop_flood_off(void)
{
	if (flooder)
		kthread_stop(flooder);
	flooder = NULL;
}
EXPORT_SYMBOL_GPL(pvio_loop_flood_off);

void pvio_loop_event_done(const struct pvio_event *ev, bool worked)
{
	unsigned long flags;
	struct port *p;

	raw_spin_lock_irqsave(&port_lock, flags);
	p = ports[ev->irq];
	if (p && p->busy) {
		idle += !worked;
		p->busy = false;
		unbalanced--;
		if (p->pending) {
			p->pending = false;
			raise_port(p);
		}
	}
	raw_spin_unlock_irqrestore(&port_lock, flags);
}
EXPORT_SYMBOL_GPL(pvio_loop_event_done);

static bool late;	/* events come when a ring has been given back */

void pvio_loop_late_events(bool on)
{
	WRITE_ONCE(late, on);
}
EXPORT_SYMBOL_GPL(pvio_loop_late_events);

void pvio_loop_ring_gone(void)
{
	unsigned long flags;
	unsigned int i;

	if (!READ_ONCE(late))
		return;
	raw_spin_lock_irqsave(&port_lock, flags);
	for (i = 0; i < PORTS; i++)
		if (ports[i])
			raise_port(ports[i]);
	raw_spin_unlock_irqrestore(&port_lock, flags);
	/* What the handlers leave to others runs here. */
	msleep(20);
}

static bool take_pending(const struct pvio_event *ev)
{
	unsigned long flags;
	bool taken = false;
	struct port *p;

	raw_spin_lock_irqsave(&port_lock, flags);
	p = ports[ev->irq];
	if (p && p->busy) {
		taken = p->pending;
		p->pending = false;
	}
	raw_spin_unlock_irqrestore(&port_lock, flags);
	return taken;
}

/* Like Xen's: until an event, or the next tick. */
void pvio_loop_event_wait(const struct pvio_event *ev)
{
	unsigned long end = jiffies + 1;

	while (!take_pending(ev) && !need_resched() && time_before(jiffies, end))
		cpu_relax();
}
EXPORT_SYMBOL_GPL(pvio_loop_event_wait);

unsigned long pvio_loop_events_sent(const struct pvio_event *ev)
{
	struct port *p = ports[ev->irq];

	return p ? READ_ONCE(p->sent) : 0;
}
EXPORT_SYMBOL_GPL(pvio_loop_events_sent);

unsigned long pvio_loop_idle_events(void)
{
	return READ_ONCE(idle);
}
EXPORT_SYMBOL_GPL(pvio_loop_idle_events);

int pvio_loop_unbalanced(void)
{
	return READ_ONCE(unbalanced);
}
EXPORT_SYMBOL_GPL(pvio_loop_unbalanced);
