// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A device, and what may be asked of it at any time: to look at the world, to
 * act on a fault or a node that changed.  Its engine, which does so, is in
 * engine.c.
 */
#include "device.h"

#include <linux/bits.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "door.h"
#include "roll.h"
#include "trace.h"

/* Between two tries to read what could not be read. */
#define SECOND_LOOK_MS	1000

/*
 * Getting memory may wait for a disk of this domain's, so the engines of these have a
 * thread to fall back on when no other can be had.  It is one for all of them, so
 * nothing runs there that waits for who may be getting memory.  Unregistering an
 * interface does: for the network's lock, and for works of the kernel's that have no
 * such thread, which check_flush_dependency() minds.
 */
static struct workqueue_struct *rescued_wq, *device_wq;

static struct workqueue_struct *wq_of(const struct pvio_device *pdev)
{
	return pdev->drv->rescued ? rescued_wq : device_wq;
}

void pvio_device_init(struct pvio_device *pdev)
{
	kref_init(&pdev->ref);
	INIT_LIST_HEAD(&pdev->all);
	mutex_init(&pdev->lock);
	spin_lock_init(&pdev->hurry_lock);
	pvio_log_init(pdev);
	pdev->looked = jiffies;
	pdev->state = XenbusStateUnknown;
	pdev->seen = XenbusStateUnknown;
	pdev->removed = true;
}
EXPORT_SYMBOL_GPL(pvio_device_init);

void pvio_device_get(struct pvio_device *pdev)
{
	kref_get(&pdev->ref);
}
EXPORT_SYMBOL_GPL(pvio_device_get);

static void device_free(struct kref *ref)
{
	struct pvio_device *pdev = container_of(ref, struct pvio_device, ref);

	mutex_destroy(&pdev->lock);
	pvio_roll_remove(pdev);
	pvio_door()->release(pdev);
}

void pvio_device_put(struct pvio_device *pdev)
{
	kref_put(&pdev->ref, device_free);
}
EXPORT_SYMBOL_GPL(pvio_device_put);

void pvio_device_look(struct pvio_device *pdev)
{
	pvio_device_get(pdev);
	if (mod_delayed_work(wq_of(pdev), &pdev->work, 0))
		pvio_device_put(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_look);

bool pvio_device_plan(struct pvio_device *pdev, struct delayed_work *work,
		      unsigned long delay)
{
	bool planned;

	pvio_device_get(pdev);
	planned = queue_delayed_work(wq_of(pdev), work, delay);
	if (!planned)
		pvio_device_put(pdev);
	return planned;
}

void pvio_device_look_after(struct pvio_device *pdev, unsigned int ms)
{
	pvio_device_plan(pdev, &pdev->work, msecs_to_jiffies(ms));
}
EXPORT_SYMBOL_GPL(pvio_device_look_after);

void pvio_device_look_later(struct pvio_device *pdev)
{
	pvio_device_look_after(pdev, SECOND_LOOK_MS);
}

/*
 * A peer may change its state as often as it likes, and each look takes requests
 * to xenstore, which everybody waits for, and may take a try to connect.  So the
 * engine comes at once only as often as a few handshakes need (half a dozen looks
 * each), and from then on once in a while.
 */
#define LOOKS_AT_ONCE	32
#define LOOK_MS		500

void pvio_device_heard(struct pvio_device *pdev)
{
	const unsigned long step = msecs_to_jiffies(LOOK_MS);
	unsigned long limit = jiffies + LOOKS_AT_ONCE * step;

	if (time_before(pdev->looked, jiffies))
		pdev->looked = jiffies;
	if (time_before(pdev->looked, limit))
		pvio_device_look(pdev);
	else if (!pvio_device_plan(pdev, &pdev->work,
				   pdev->looked + step - limit))
		return;
	pdev->looked += step;
}
EXPORT_SYMBOL_GPL(pvio_device_heard);

void pvio_devices_settle(void)
{
	flush_workqueue(rescued_wq);
	flush_workqueue(device_wq);
}
EXPORT_SYMBOL_GPL(pvio_devices_settle);

/* What changed when all of it may have. */
static unsigned long all_nodes(const struct pvio_driver *drv)
{
	unsigned int n = 0;

	while (drv->nodes && drv->nodes[n])
		n++;
	return GENMASK(n, 0);
}

/* Is it one that the engine looks at itself? */
static bool is_engines(const struct pvio_driver *drv, const char *node)
{
	if (drv->role == PVIO_BACK)
		return !strcmp(node, "online");
	return !strcmp(node, "backend") || !strcmp(node, "backend-id");
}

static unsigned long find_node(const struct pvio_driver *drv, const char *node)
{
	unsigned int i;

	if (!*node)
		return all_nodes(drv);
	if (is_engines(drv, node))
		return BIT(0);
	for (i = 0; drv->nodes && drv->nodes[i]; i++)
		if (!strcmp(node, drv->nodes[i]))
			return BIT(i + 1);
	return 0;
}

bool pvio_device_node_fired(struct pvio_device *pdev, const char *node)
{
	unsigned long fired = find_node(pdev->drv, node);
	unsigned int i;

	for_each_set_bit(i, &fired, PVIO_NODES_MAX + 1)
		set_bit(i, &pdev->fired);
	return fired;
}
EXPORT_SYMBOL_GPL(pvio_device_node_fired);

void pvio_device_resumed(struct pvio_device *pdev)
{
	set_bit(PVIO_ASKED_RESUME, &pdev->asked);
	pvio_device_look(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_resumed);

void pvio_device_fault(struct pvio_device *pdev, const char *fmt, ...)
{
	va_list args;

	if (test_and_set_bit(PVIO_BROKEN_CLAIMED, &pdev->broken))
		return;
	va_start(args, fmt);
	vscnprintf(pdev->reason, sizeof(pdev->reason), fmt, args);
	va_end(args);
	trace_protocol_violation(pdev);
	/* The reason before the bit; pairs with take_fault(). */
	smp_mb__before_atomic();
	set_bit(PVIO_BROKEN_SET, &pdev->broken);
	pvio_device_look(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_fault);

void pvio_device_announce(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	pvio_door()->announce(pdev, pdev->state);
}
EXPORT_SYMBOL_GPL(pvio_device_announce);

bool pvio_device_disconnect(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	pdev->linked = false;
	if (pdev->shared && !pdev->drv->disconnect(pdev))
		return false;
	pdev->shared = false;
	return true;
}

int pvio_device_wq_open(void)
{
	rescued_wq = alloc_workqueue("pvio-disk", WQ_MEM_RECLAIM | WQ_UNBOUND |
				     WQ_FREEZABLE, 0);
	device_wq = alloc_workqueue("pvio", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (rescued_wq && device_wq)
		return 0;
	pvio_device_wq_close();
	return -ENOMEM;
}

void pvio_device_wq_close(void)
{
	if (rescued_wq)
		destroy_workqueue(rescued_wq);
	if (device_wq)
		destroy_workqueue(device_wq);
}
