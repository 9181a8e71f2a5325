// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The loopback provider: device pairs, drivers bound to their ends, and the
 * table of operations that replaces Xen's.
 */
#include "tests/loopback/loop.h"

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "xenbus/door.h"
#include "xenbus/engine.h"
#include "xenbus/leave.h"

#define DRIVERS	8

static struct workqueue_struct *watch_wq;	/* ordered, as xenwatch is */
static struct pvio_driver *drivers[DRIVERS];
static LIST_HEAD(ends);
static DEFINE_MUTEX(bus_lock);	/* covers drivers, ends and binding */

static struct loop_end *end_of(struct pvio_device *pdev)
{
	return pdev->provider;
}

static atomic_t fired;	/* watches, ever */

void pvio_loop_queue(struct work_struct *work)
{
	atomic_inc(&fired);
	queue_work(watch_wq, work);
}

/* Ends that talk to each other without end are not waited for. */
#define ROUNDS	64

/* What one watch brings about may make others fire. */
void pvio_loop_settle(void)
{
	int before, round = 0;

	do {
		before = atomic_read(&fired);
		flush_workqueue(watch_wq);
		pvio_devices_settle();
	} while (atomic_read(&fired) != before && ++round < ROUNDS);
}
EXPORT_SYMBOL_GPL(pvio_loop_settle);

static struct task_struct *watcher;	/* runs a watch at this moment */

void pvio_loop_watch_begin(void)
{
	WRITE_ONCE(watcher, current);
}

void pvio_loop_watch_end(void)
{
	WRITE_ONCE(watcher, NULL);
}

bool pvio_loop_in_watch(void)
{
	return READ_ONCE(watcher) == current;
}

/* Most tests say more at once than a guest would. */
static bool paced;

void pvio_loop_pace(bool on)
{
	WRITE_ONCE(paced, on);
}
EXPORT_SYMBOL_GPL(pvio_loop_pace);

static void look_work(struct work_struct *work)
{
	struct loop_end *end = container_of(work, struct loop_end, look);
	struct pvio_device *pdev = READ_ONCE(end->pdev);

	pvio_loop_watch_begin();
	if (pdev && READ_ONCE(paced))
		pvio_device_heard(pdev);
	else if (pdev)
		pvio_device_look(pdev);
	pvio_loop_watch_end();
}

static void place_work(struct work_struct *work)
{
	struct loop_end *end = container_of(work, struct loop_end, place);
	struct pvio_device *pdev = READ_ONCE(end->pdev);

	pvio_loop_watch_begin();
	if (pdev && pvio_device_node_fired(pdev, "backend"))
		pvio_device_look(pdev);
	pvio_loop_watch_end();
}

/* Covers the list for readers, and where an end's other one is. */
static DEFINE_SPINLOCK(ends_lock);

static bool is_node(const char *path, const char *dir, const char *node)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && path[len] == '/' &&
	       !strcmp(path + len + 1, node);
}

/* Does it say where a frontend's backend is? */
static bool names_backend(const struct loop_end *end, const char *path)
{
	return !end->back && (is_node(path, end->own, "backend") ||
			      is_node(path, end->own, "backend-id"));
}

/* Covers an end's device as far as somebody else may clear it. */
static DEFINE_SPINLOCK(pdev_lock);

/* Is it a node of the other end's that the driver wants to hear of? */
static bool peer_node_fired(struct loop_end *end, const char *path)
{
	struct pvio_device *pdev;
	bool fired = false;

	spin_lock(&pdev_lock);
	pdev = end->pdev;
	if (pdev && pdev->drv->peer_node &&
	    is_node(path, end->other, pdev->drv->peer_node))
		fired = pvio_device_node_fired(pdev, pdev->drv->peer_node);
	spin_unlock(&pdev_lock);
	return fired;
}

/* Whoever has this as the other end's state node looks. */
void pvio_loop_changed(const char *path)
{
	struct loop_end *end;

	spin_lock(&ends_lock);
	list_for_each_entry(end, &ends, list) {
		if (names_backend(end, path))
			pvio_loop_queue(&end->place);
		if (is_node(path, end->other, "state") ||
		    peer_node_fired(end, path))
			pvio_loop_queue(&end->look);
	}
	spin_unlock(&ends_lock);
}

static bool serves(const struct pvio_driver *drv, const struct loop_end *end)
{
	return drv && !strcmp(drv->type, end->type) &&
	       (drv->role == PVIO_BACK) == end->back;
}

/* A test's own driver takes precedence over the one that was there before. */
static struct pvio_driver *find_driver(const struct loop_end *end)
{
	int i = DRIVERS;

	while (i--)
		if (serves(drivers[i], end))
			return drivers[i];
	return NULL;
}

static int bind_end(struct loop_end *end, struct pvio_driver *drv)
{
	struct pvio_device *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);
	int err;

	if (!pdev)
		return -ENOMEM;
	pvio_device_init(pdev);
	pdev->dev = end->dev;
	pdev->drv = drv;
	pdev->peer_id = end->peer;
	pdev->provider = end;
	dev_set_drvdata(end->dev, pdev);
	err = pvio_engine_add(pdev);
	if (err) {
		dev_set_drvdata(end->dev, NULL);
		pvio_device_put(pdev);
		return err;
	}
	end->driver = drv;
	err = sysfs_create_groups(&end->dev->kobj, drv->groups);
	WRITE_ONCE(end->pdev, pdev);
	/* The watch on the other end's state fires once by itself. */
	pvio_loop_queue(&end->look);
	return err;
}

static struct pvio_device *hold_pdev(struct loop_end *end)
{
	struct pvio_device *pdev;

	spin_lock(&pdev_lock);
	pdev = end->pdev;
	if (pdev)
		pvio_device_get(pdev);
	spin_unlock(&pdev_lock);
	return pdev;
}

/* Whoever clears it owns the device's end. */
static struct pvio_device *take_pdev(struct loop_end *end)
{
	struct pvio_device *pdev;

	spin_lock(&pdev_lock);
	pdev = end->pdev;
	WRITE_ONCE(end->pdev, NULL);
	spin_unlock(&pdev_lock);
	return pdev;
}

/* As the kernel does it before its bus takes a driver off, waiting for readers. */
static void remove_files(struct loop_end *end)
{
	sysfs_remove_groups(&end->dev->kobj, end->driver->groups);
}

/*
 * Unbinding by sysfs or rmmod: from any thread but the watch worker, which may
 * take the device away meanwhile.
 */
static void unbind_end(struct loop_end *end)
{
	struct pvio_device *pdev = hold_pdev(end);

	if (pdev)
		pvio_leave_ask(pdev);
	cancel_work_sync(&end->look);
	cancel_work_sync(&end->place);
	if (!pdev)
		return;
	if (take_pdev(end)) {
		remove_files(end);
		pvio_leave_unbind(pdev);
		dev_set_drvdata(end->dev, NULL);
	}
	pvio_device_put(pdev);
	/* As the bus does for frontends. */
	if (!end->back)
		pvio_loop_set_state(end, XenbusStateClosed);
}

int pvio_loop_plug(struct loop_end *end)
{
	struct pvio_driver *drv;
	int err = -ENODEV;

	mutex_lock(&bus_lock);
	drv = find_driver(end);
	if (drv)
		err = bind_end(end, drv);
	mutex_unlock(&bus_lock);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_loop_plug);

void pvio_loop_unplug(struct loop_end *end)
{
	mutex_lock(&bus_lock);
	unbind_end(end);
	mutex_unlock(&bus_lock);
}
EXPORT_SYMBOL_GPL(pvio_loop_unplug);

/* In the watch worker. */
static void remove_work(struct work_struct *work)
{
	struct loop_end *end = container_of(work, struct loop_end, remove);
	struct pvio_device *pdev = take_pdev(end);

	pvio_loop_watch_begin();
	if (pdev) {
		remove_files(end);
		pvio_leave_now(pdev);
		dev_set_drvdata(end->dev, NULL);
	}
	pvio_loop_watch_end();
}

static void loop_unregister(struct pvio_device *pdev)
{
	pvio_loop_queue(&end_of(pdev)->remove);
}

static void loop_release(struct pvio_device *pdev)
{
	kfree(pdev);
}

void pvio_loop_take_away(struct loop_end *end)
{
	pvio_loop_queue(&end->remove);
	flush_work(&end->remove);
}
EXPORT_SYMBOL_GPL(pvio_loop_take_away);

void pvio_loop_remove_end(struct loop_end *end)
{
	pvio_loop_store_clear(end->own);
	pvio_loop_take_away(end);
}
EXPORT_SYMBOL_GPL(pvio_loop_remove_end);

static int make_end(struct loop_end *end, u16 guest, const char *type,
		    unsigned int id, bool back)
{
	char name[32];

	end->type = type;
	end->back = back;
	end->pdev = NULL;
	end->guest = guest;
	end->peer = back ? guest : LOOP_BACK_DOMAIN;
	INIT_WORK(&end->look, look_work);
	INIT_WORK(&end->place, place_work);
	INIT_WORK(&end->remove, remove_work);
	snprintf(name, sizeof(name), "pvio-loop-%s-%u-%s", type, id,
		 back ? "back" : "front");
	end->dev = root_device_register(name);
	if (IS_ERR(end->dev))
		return PTR_ERR(end->dev);
	snprintf(end->own, sizeof(end->own), "%s/%s/%u",
		 back ? "back" : "front", type, id);
	snprintf(end->other, sizeof(end->other), "%s/%s/%u",
		 back ? "front" : "back", type, id);
	spin_lock(&ends_lock);
	list_add(&end->list, &ends);
	spin_unlock(&ends_lock);
	return pvio_loop_set_state(end, XenbusStateInitialising);
}

static void drop_end(struct loop_end *end)
{
	char errors[80];

	spin_lock(&ends_lock);
	list_del(&end->list);
	spin_unlock(&ends_lock);
	pvio_loop_store_clear(end->own);
	snprintf(errors, sizeof(errors), "error/%s", end->own);
	pvio_loop_store_clear(errors);
	flush_work(&end->look);
	flush_work(&end->place);
	flush_work(&end->remove);
	root_device_unregister(end->dev);
}

int pvio_loop_make(struct loop_pair *pair, u16 guest, const char *type,
		   unsigned int id)
{
	int err;

	err = make_end(&pair->front, guest, type, id, false);
	if (err)
		return err;
	err = make_end(&pair->back, guest, type, id, true);
	if (err) {
		drop_end(&pair->front);
		return err;
	}
	return pvio_loop_put(pair->back.own, "online", "1");
}
EXPORT_SYMBOL_GPL(pvio_loop_make);

void pvio_loop_drop(struct loop_pair *pair)
{
	pvio_loop_unplug(&pair->front);
	pvio_loop_settle();
	pvio_loop_unplug(&pair->back);
	drop_end(&pair->back);
	drop_end(&pair->front);
	pvio_loop_set_backend(LOOP_BACK_DOMAIN);
}
EXPORT_SYMBOL_GPL(pvio_loop_drop);

struct resume {
	struct work_struct work;
	struct loop_end *end;
};

static void resume_work(struct work_struct *work)
{
	struct loop_end *end = container_of(work, struct resume, work)->end;

	WRITE_ONCE(end->pdev->peer_id, end->peer);
	pvio_loop_set_state(end, XenbusStateInitialising);
	pvio_device_resumed(end->pdev);
	pvio_loop_queue(&end->look);
}

/*
 * As a watch, so that no other one comes between: in a restored domain they
 * would look at a backend that is not there any more.
 */
void pvio_loop_resume(struct loop_end *end)
{
	struct resume resume = { .end = end };

	INIT_WORK_ONSTACK(&resume.work, resume_work);
	pvio_loop_queue(&resume.work);
	flush_work(&resume.work);
	destroy_work_on_stack(&resume.work);
	pvio_devices_settle();
}
EXPORT_SYMBOL_GPL(pvio_loop_resume);

/* What the old backend's domain is granted, the new one may not have. */
void pvio_loop_resume_to(struct loop_end *end, u16 domain)
{
	end->peer = domain;
	pvio_loop_set_backend(domain);
	pvio_loop_resume(end);
}
EXPORT_SYMBOL_GPL(pvio_loop_resume_to);

int pvio_loop_set_state(const struct loop_end *end, enum xenbus_state state)
{
	char text[12];

	snprintf(text, sizeof(text), "%d", state);
	return pvio_loop_put(end->own, "state", text);
}
EXPORT_SYMBOL_GPL(pvio_loop_set_state);

enum xenbus_state pvio_loop_state(const struct loop_end *end)
{
	return pvio_loop_number(end->own, "state");
}
EXPORT_SYMBOL_GPL(pvio_loop_state);

bool pvio_loop_wait(const struct loop_end *end, enum xenbus_state state,
		    unsigned int ms)
{
	unsigned int waited;

	for (waited = 0; waited <= ms; waited += 10) {
		if (pvio_loop_state(end) == state)
			return true;
		usleep_range(10000, 20000);
	}
	return false;
}
EXPORT_SYMBOL_GPL(pvio_loop_wait);

static int loop_add_driver(struct pvio_driver *drv)
{
	int i;

	mutex_lock(&bus_lock);
	for (i = 0; i < DRIVERS && drivers[i]; i++)
		;
	if (i < DRIVERS)
		drivers[i] = drv;
	mutex_unlock(&bus_lock);
	return i < DRIVERS ? 0 : -ENOSPC;
}

static void loop_del_driver(struct pvio_driver *drv)
{
	struct loop_end *end;
	int i;

	mutex_lock(&bus_lock);
	list_for_each_entry(end, &ends, list)
		if (end->pdev && end->driver == drv)
			unbind_end(end);
	for (i = 0; i < DRIVERS; i++)
		if (drivers[i] == drv)
			drivers[i] = NULL;
	mutex_unlock(&bus_lock);
}

static const char *loop_path(struct pvio_device *pdev, enum pvio_side side)
{
	struct loop_end *end = end_of(pdev);

	return side == PVIO_OWN ? end->own : end->other;
}

/* The watch on the other end's state is the new one's from here on. */
static int loop_move(struct pvio_device *pdev, u16 domain, const char *path)
{
	struct loop_end *end = end_of(pdev);

	if (domain == pdev->peer_id && !strcmp(path, end->other))
		return 0;
	spin_lock(&ends_lock);
	strscpy(end->other, path, sizeof(end->other));
	spin_unlock(&ends_lock);
	end->peer = domain;
	WRITE_ONCE(pdev->peer_id, domain);
	pvio_loop_queue(&end->look);
	return 1;
}

static int loop_txn_start(u32 *txn)
{
	*txn = 1;
	return pvio_loop_fault(LOOP_TXN_START, -EIO);
}

/* Writes are not held back: a collision makes the caller write them again. */
static int loop_txn_end(u32 txn, bool abort)
{
	return pvio_loop_fault(LOOP_TXN_END, -EAGAIN);
}

static char *loop_read(u32 txn, const char *dir, const char *node,
		       unsigned int *len)
{
	int err = pvio_loop_fault(LOOP_READ, -EIO);

	if (err)
		return ERR_PTR(err);
	return pvio_loop_get(dir, node, len);
}

static int loop_write(u32 txn, const char *dir, const char *node,
		      const char *text)
{
	int err = pvio_loop_fault(LOOP_WRITE, -EIO);

	if (err)
		return err;
	return pvio_loop_put(dir, node, text);
}

static int loop_rm(u32 txn, const char *dir, const char *node)
{
	int err = pvio_loop_fault(LOOP_RM, -EIO);

	if (err)
		return err;
	return pvio_loop_remove(dir, node);
}

static int loop_prune(const char *dir, bool (*unwanted)(const char *node))
{
	pvio_loop_prune(dir, unwanted);
	return 0;
}

static int loop_watch(struct pvio_device *pdev)
{
	int err = pvio_loop_fault(LOOP_WATCH, -ENOMEM);

	if (err)
		return err;
	return pvio_loop_store_watch(pdev, end_of(pdev)->own);
}

/* What the toolstack wrote meanwhile stays. */
static void loop_announce(struct pvio_device *pdev, enum xenbus_state state)
{
	if (pvio_loop_state(end_of(pdev)) == state)
		pvio_loop_set_state(end_of(pdev), state);
}

/*
 * A backend whose directory was just removed may still act on what its frontend
 * makes of that: a state made again would have the frontend begin anew with it.
 */
static int loop_state(struct pvio_device *pdev, enum xenbus_state state,
		      enum xenbus_state peer)
{
	int err = pvio_loop_fault(LOOP_SET_STATE, -ENOSPC);
	char text[12];

	if (err)
		return err;
	if (peer && pvio_loop_number(end_of(pdev)->other, "state") != peer)
		return -ESTALE;
	snprintf(text, sizeof(text), "%d", state);
	err = pvio_loop_put_again(end_of(pdev)->own, "state", text);
	return err == -ENOENT ? 0 : err;
}

static u32 loop_peer_state(struct pvio_device *pdev)
{
	unsigned int len;
	int err;

	err = pvio_loop_fault(LOOP_STATE, -EIO);
	if (err)
		return pvio_door_state(ERR_PTR(err));
	return pvio_door_state(pvio_loop_get(end_of(pdev)->other, "state",
					     &len));
}

static const struct pvio_door loop_door = {
	.owner = THIS_MODULE,
	.add_driver = loop_add_driver,
	.del_driver = loop_del_driver,
	.path = loop_path,
	.txn_start = loop_txn_start,
	.txn_end = loop_txn_end,
	.read = loop_read,
	.write = loop_write,
	.rm = loop_rm,
	.prune = loop_prune,
	.watch = loop_watch,
	.unwatch = pvio_loop_store_unwatch,
	.move = loop_move,
	.set_state = loop_state,
	.announce = loop_announce,
	.peer_state = loop_peer_state,
	.unregister = loop_unregister,
	.release = loop_release,
	.ring_grant = pvio_loop_ring_grant,
	.ring_revoke = pvio_loop_ring_revoke,
	.ring_map = pvio_loop_ring_map,
	.ring_unmap = pvio_loop_ring_unmap,
	.event_open = pvio_loop_event_open,
	.event_bind = pvio_loop_event_bind,
	.event_close = pvio_loop_event_close,
	.event_notify = pvio_loop_event_notify,
	.event_done = pvio_loop_event_done,
	.event_wait = pvio_loop_event_wait,
	.grefs_open = pvio_loop_grefs_open,
	.grefs_close = pvio_loop_grefs_close,
	.grefs_grow = pvio_loop_grefs_grow,
	.grefs_shrink = pvio_loop_grefs_shrink,
	.grant = pvio_loop_grant,
	.ungrant = pvio_loop_ungrant,
	.ungrant_idle = pvio_loop_ungrant_idle,
	.ungrant_later = pvio_loop_ungrant_later,
	.local_gfn = pvio_loop_local_gfn,
	.copy = pvio_loop_copy,
	.pages_get = pvio_loop_pages_get,
	.pages_put = pvio_loop_pages_put,
	.map = pvio_loop_map,
	.unmap = pvio_loop_unmap,
};

static int __init loopback_init(void)
{
	int err = pvio_loop_grants_init();

	if (err)
		return err;
	watch_wq = alloc_ordered_workqueue("pvio-loop-watch", 0);
	if (!watch_wq) {
		err = -ENOMEM;
		goto free_grants;
	}
	err = pvio_door_replace(&loop_door);
	if (!err)
		return 0;
	destroy_workqueue(watch_wq);
free_grants:
	pvio_loop_grants_exit();
	return err;
}
module_init(loopback_init);

/* Registered drivers hold this module, so none is left. */
static void __exit loopback_exit(void)
{
	if (pvio_door_replace(NULL))
		pr_err("pvio-loopback: unloaded under a registered driver\n");
	destroy_workqueue(watch_wq);
	pvio_loop_grants_exit();
}
module_exit(loopback_exit);

MODULE_DESCRIPTION("Loopback provider for tests of the pvio drivers");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
