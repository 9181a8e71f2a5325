// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * xenbus devices and drivers around the suite's own.
 */
#include "xen_bind.h"

#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <xen/xen.h>
#include <xen/xenbus.h>

#include "compat/pvio_compat.h"
#include "door.h"
#include "engine.h"
#include "leave.h"
#include "xen_job.h"

static bool beside;
module_param(beside, bool, 0444);
MODULE_PARM_DESC(beside,
		 "Load backends beside the in-tree ones, for devices that are bound by name (default N)");

/**
 * struct binding - a driver of the suite as xenbus sees it
 * @xb: the xenbus driver
 * @ids: its one device type
 * @drv: the suite's driver
 * @places: frontend: watches where the toolstack says that backends are, of all
 *	devices at once, since a guest may have 128 watches
 * @dir: what it is on
 */
struct binding {
	struct xenbus_driver xb;
	struct xenbus_device_id ids[2];
	struct pvio_driver *drv;
	struct xenbus_watch places;
	char dir[40];
};

static struct binding *binding_of(struct xenbus_device *xdev)
{
	struct xenbus_driver *xb = to_xenbus_driver(xdev->dev.driver);

	return container_of(xb, struct binding, xb);
}

/* Both are what a device's drvdata points to. */
static_assert(!offsetof(struct pvio_xen_device, pdev));

static struct pvio_device *pdev_of(struct xenbus_device *xdev)
{
	struct pvio_xen_device *xd = dev_get_drvdata(&xdev->dev);

	return xd ? &xd->pdev : NULL;
}

/*
 * Who comes without a lock must find a device with a reference, and where its
 * other end is.
 */
static DEFINE_SPINLOCK(drvdata_lock);

/* Returns the path from before, which is the caller's. */
static char *set_peer(struct pvio_xen_device *xd, char *path, u16 domain)
{
	char *old;

	spin_lock(&drvdata_lock);
	old = xd->peer_path;
	xd->peer_path = path;
	WRITE_ONCE(xd->pdev.peer_id, domain);
	spin_unlock(&drvdata_lock);
	return old;
}

static char *copy_peer(struct pvio_xen_device *xd, u16 *domain)
{
	char *path;

	spin_lock(&drvdata_lock);
	path = kstrdup(xd->peer_path, GFP_ATOMIC);
	*domain = xd->pdev.peer_id;
	spin_unlock(&drvdata_lock);
	return path;
}

/*
 * Where the other end is, as the bus says now; the bus frees its own copy while
 * a device that leaves still needs it.
 */
static int take_peer(struct pvio_xen_device *xd)
{
	char *path = kstrdup(xd->xdev->otherend, GFP_KERNEL);

	if (!path)
		return -ENOMEM;
	kfree(set_peer(xd, path, xd->xdev->otherend_id));
	clear_bit(PVIO_XEN_UNHEARD, &xd->flags);
	return 0;
}

void pvio_xen_release(struct pvio_device *pdev)
{
	struct pvio_xen_device *xd = pdev->provider;

	put_device(&xd->xdev->dev);
	kfree(xd->peer_path);
	kfree(xd);
}

static void set_drvdata(struct xenbus_device *xdev, struct pvio_xen_device *xd)
{
	spin_lock(&drvdata_lock);
	dev_set_drvdata(&xdev->dev, xd);
	spin_unlock(&drvdata_lock);
}

/* NULL, or the device with a reference. */
static struct pvio_xen_device *hold_device(const struct xenbus_device *xdev)
{
	struct pvio_xen_device *xd;

	spin_lock(&drvdata_lock);
	xd = dev_get_drvdata(&xdev->dev);
	if (xd)
		pvio_device_get(&xd->pdev);
	spin_unlock(&drvdata_lock);
	return xd;
}

static struct pvio_xen_device *alloc_device(struct xenbus_device *xdev)
{
	struct pvio_xen_device *xd = kzalloc(sizeof(*xd), GFP_KERNEL);

	if (!xd)
		return NULL;
	pvio_device_init(&xd->pdev);
	get_device(&xdev->dev);
	xd->xdev = xdev;
	xd->stands = xdev->state;
	xd->pdev.dev = &xdev->dev;
	xd->pdev.drv = binding_of(xdev)->drv;
	xd->pdev.provider = xd;
	if (!take_peer(xd))
		return xd;
	pvio_device_put(&xd->pdev);
	return NULL;
}

static int xen_bind_probe(struct xenbus_device *xdev,
			  const struct xenbus_device_id *id)
{
	struct pvio_xen_device *xd = alloc_device(xdev);
	int err;

	if (!xd)
		return -ENOMEM;
	/* Adding it makes an event, whose variables come from it. */
	set_drvdata(xdev, xd);
	err = pvio_engine_add(&xd->pdev);
	if (err) {
		set_drvdata(xdev, NULL);
		pvio_device_put(&xd->pdev);
	}
	return err;
}

/*
 * On the bus's thread, where nothing is waited for: the directory is gone, or the
 * bus is about to make another device of it, or everything has left before.
 */
static void xen_bind_remove(struct xenbus_device *xdev)
{
	struct pvio_xen_device *xd = dev_get_drvdata(&xdev->dev);
	struct pvio_device *pdev = &xd->pdev;

	pvio_device_get(pdev);
	if (test_bit(PVIO_XEN_UNBINDING, &xd->flags))
		pvio_leave_unbind(pdev);
	else
		pvio_leave_now(pdev);
	/* The device's files, which are gone now, found it by this. */
	set_drvdata(xdev, NULL);
	pvio_device_put(pdev);
}

static void xen_bind_otherend_changed(struct xenbus_device *xdev,
				      enum xenbus_state state)
{
	pvio_device_heard(pdev_of(xdev));
}

/* No engine runs: its work queue is frozen. */
static int xen_bind_resume(struct xenbus_device *xdev)
{
	struct pvio_device *pdev = pdev_of(xdev);
	int err;

	mutex_lock(&pdev->lock);
	err = take_peer(pdev->provider);
	pvio_xen_note_state(pdev->provider, XenbusStateInitialising);
	mutex_unlock(&pdev->lock);
	pvio_device_resumed(pdev);
	return err;
}

static int xen_bind_uevent(PVIO_UEVENT_CONST struct xenbus_device *xdev,
			   struct kobj_uevent_env *env)
{
	struct pvio_xen_device *xd = hold_device(xdev);
	int err = 0;

	if (!xd)
		return 0;
	if (xd->pdev.drv->uevent)
		err = xd->pdev.drv->uevent(&xd->pdev, env);
	pvio_device_put(&xd->pdev);
	return err;
}

/*
 * Who loads a module asks this again and again, without a lock of the bus's: the
 * device may be on its way out.  Whose engine is at work is not ready yet.
 */
static int xen_bind_is_ready(struct xenbus_device *xdev)
{
	struct pvio_xen_device *xd = hold_device(xdev);
	bool ready = true;

	if (!xd)
		return true;
	if (xd->pdev.drv->is_ready) {
		ready = mutex_trylock(&xd->pdev.lock);
		if (ready) {
			ready = xd->pdev.drv->is_ready(&xd->pdev);
			mutex_unlock(&xd->pdev.lock);
		}
	}
	pvio_device_put(&xd->pdev);
	return ready;
}

/*
 * On the bus's thread, with a reference that @fn gives back.  False: without
 * memory it is not done; the caller has a reference of its own.
 */
static bool start_job(struct pvio_xen_device *xd, void (*fn)(void *arg))
{
	pvio_device_get(&xd->pdev);
	if (!pvio_xen_job_start(fn, xd))
		return true;
	pvio_device_put(&xd->pdev);
	return false;
}

/* The copies that the bus has of its devices' states. */
static DEFINE_SPINLOCK(states_lock);

static void copy_state(struct pvio_xen_device *xd)
{
	spin_lock(&states_lock);
	WRITE_ONCE(xd->xdev->state, xd->stands);
	spin_unlock(&states_lock);
}

static void xen_bind_copy_state(void *arg)
{
	struct pvio_xen_device *xd = arg;

	copy_state(xd);
	pvio_device_put(&xd->pdev);
}

void pvio_xen_note_state(struct pvio_xen_device *xd, enum xenbus_state state)
{
	spin_lock(&states_lock);
	xd->stands = state;
	spin_unlock(&states_lock);
	if (PVIO_XENBUS_MAKES_ANEW && xd->pdev.drv->role != PVIO_BACK &&
	    state != XenbusStateInitialising &&
	    start_job(xd, xen_bind_copy_state))
		return;
	/* No bus that looks; or no memory, and it may look at the wrong moment. */
	copy_state(xd);
}

/* As the bus does it when the domain was restored. */
static int watch_otherend(struct xenbus_device *xdev, char *path, u16 domain)
{
	struct xenbus_watch *watch = &xdev->otherend_watch;
	const char *node = kasprintf(GFP_KERNEL, "%s/state", path);
	int err;

	if (!node) {
		kfree(path);
		return -ENOMEM;
	}
	if (watch->node) {
		unregister_xenbus_watch(watch);
		kfree(watch->node);
	}
	kfree(xdev->otherend);
	xdev->otherend = path;
	xdev->otherend_id = domain;
	watch->node = node;
	err = register_xenbus_watch(watch);
	if (!err)
		return 0;
	watch->node = NULL;
	kfree(node);
	return err;
}

/* Who has the device's lock binds it, takes it away or resumes it. */
static int tell_bus(struct pvio_xen_device *xd)
{
	struct xenbus_device *xdev = xd->xdev;
	int err = -ENOMEM;
	u16 domain;
	char *path;

	if (!device_trylock(&xdev->dev))
		return -EBUSY;
	path = copy_peer(xd, &domain);
	if (path)
		err = watch_otherend(xdev, path, domain);
	device_unlock(&xdev->dev);
	return err;
}

static void tell_later(struct pvio_xen_device *xd)
{
	set_bit(PVIO_XEN_UNHEARD, &xd->flags);
	pvio_device_node_fired(&xd->pdev, "backend");
	pvio_device_look_later(&xd->pdev);
}

/* Unless the device has left its bus. */
static void xen_bind_tell_bus(void *arg)
{
	struct pvio_xen_device *xd = arg;

	if (pdev_of(xd->xdev) == &xd->pdev && tell_bus(xd))
		tell_later(xd);
	pvio_device_put(&xd->pdev);
}

/*
 * The bus watches the state of the backend that it knows, on its own thread,
 * where a device's lock is not waited for.
 */
static void start_telling(struct pvio_xen_device *xd)
{
	if (!start_job(xd, xen_bind_tell_bus))
		tell_later(xd);
}

int pvio_xen_move(struct pvio_device *pdev, u16 domain, const char *path)
{
	struct pvio_xen_device *xd = pdev->provider;
	char *copy;

	if (domain == pdev->peer_id && !strcmp(path, xd->peer_path)) {
		if (test_and_clear_bit(PVIO_XEN_UNHEARD, &xd->flags))
			start_telling(xd);
		return 0;
	}
	copy = kstrdup(path, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	kfree(set_peer(xd, copy, domain));
	start_telling(xd);
	return 1;
}

/* Unless the toolstack was faster. */
static void xen_bind_unregister(void *arg)
{
	struct pvio_xen_device *xd = arg;

	if (pdev_of(xd->xdev) == &xd->pdev)
		device_unregister(&xd->xdev->dev);
	pvio_device_put(&xd->pdev);
}

void pvio_xen_unregister(struct pvio_device *pdev)
{
	struct pvio_xen_device *xd = pdev->provider;

	if (test_and_set_bit(PVIO_XEN_UNREGISTERING, &xd->flags))
		return;
	if (start_job(xd, xen_bind_unregister))
		return;
	clear_bit(PVIO_XEN_UNREGISTERING, &xd->flags);
	pvio_device_look_after(pdev, 1000);
}

/* Unless the toolstack was faster. */
static void xen_bind_release(void *arg)
{
	struct pvio_xen_device *xd = arg;

	if (pdev_of(xd->xdev) != &xd->pdev)
		return;
	set_bit(PVIO_XEN_UNBINDING, &xd->flags);
	device_release_driver(&xd->xdev->dev);
}

/*
 * The kernel's own file takes the driver off the device with the device's lock
 * held, and xenbus then waits for its thread, which may be waiting for that lock
 * to take the device away.
 */
static void take_off(struct pvio_xen_device *xd)
{
	if (!pvio_leave_ask(&xd->pdev))
		pvio_warn(&xd->pdev,
			  "unbound, but not everything has come back yet");
	pvio_xen_job_run(xen_bind_release, xd);
}

/* NULL, or a device that is bound to the driver, with a reference. */
static struct pvio_xen_device *find_device(const struct device_driver *driver,
					   const char *name)
{
	struct device *dev = bus_find_device_by_name(driver->bus, NULL, name);
	struct pvio_xen_device *xd = NULL;

	if (dev && dev->driver == driver)
		xd = hold_device(to_xenbus_device(dev));
	put_device(dev);
	return xd;
}

static ssize_t xen_bind_store_unbind(struct device_driver *driver,
				     const char *name, size_t count)
{
	struct pvio_xen_device *xd = find_device(driver, name);

	if (!xd)
		return -ENODEV;
	take_off(xd);
	pvio_device_put(&xd->pdev);
	return count;
}

static struct driver_attribute unbind_file =
	__ATTR(unbind, 0200, NULL, xen_bind_store_unbind);

static ssize_t xen_bind_store_bind(struct device_driver *driver, const char *name,
				   size_t count)
{
	struct binding *b = container_of(to_xenbus_driver(driver),
					 struct binding, xb);
	struct device *dev = bus_find_device_by_name(driver->bus, NULL, name);
	int err = -ENODEV;

	if (dev && !strcmp(to_xenbus_device(dev)->devicetype, b->drv->type))
		err = device_driver_attach(driver, dev);
	put_device(dev);
	return err ?: count;
}

static struct driver_attribute bind_file =
	__ATTR(bind, 0200, NULL, xen_bind_store_bind);

static int make_files(struct binding *b)
{
	int err = driver_create_file(&b->xb.driver, &unbind_file);

	return err ?: driver_create_file(&b->xb.driver, &bind_file);
}

static void remove_files(struct binding *b)
{
	driver_remove_file(&b->xb.driver, &bind_file);
	driver_remove_file(&b->xb.driver, &unbind_file);
}

/*
 * Without an owner, because xenbus would hold it for every bound device and
 * the module could not be unloaded while there is one.  Unloading has every
 * device leave first; and an open disk holds its driver by itself.
 */
static int register_xb(struct pvio_driver *drv, struct xenbus_driver *xb)
{
	const char *name = module_name(drv->owner);

	if (drv->role == PVIO_BACK)
		return __xenbus_register_backend(xb, NULL, name);
	return __xenbus_register_frontend(xb, NULL, name);
}

static const char *intree_module(const struct pvio_driver *drv)
{
	bool net = !strcmp(drv->type, "vif");

	if (drv->role == PVIO_BACK)
		return net ? "xen-netback" : "xen-blkback";
	return net ? "xen-netfront" : "xen-blkfront";
}

/* The bus offers a device to the driver that came first, the in-tree one. */
static int refuse_intree(const struct pvio_driver *drv)
{
	if (beside && drv->role == PVIO_BACK) {
		pr_info("%s: beside the in-tree driver, for devices that are bound by name\n",
			drv->name);
		return 0;
	}
	pr_err("%s: the in-tree driver serves %s devices here; unload it first: modprobe -r %s\n",
	       drv->name, drv->type, intree_module(drv));
	return -EBUSY;
}

/*
 * The in-tree drivers are named after their device type.  To learn whether one
 * is there it takes the bus, which a driver without device types, that binds
 * nothing, gets to know.
 */
static int check_intree(struct pvio_driver *drv)
{
	struct xenbus_driver *xb = kzalloc(sizeof(*xb), GFP_KERNEL);
	int err;

	if (!xb)
		return -ENOMEM;
	xb->name = drv->name;
	err = register_xb(drv, xb);
	if (err)
		goto free;
	if (driver_find(drv->type, xb->driver.bus))
		err = refuse_intree(drv);
	xenbus_unregister_driver(xb);
free:
	kfree(xb);
	return err;
}

/* For a frontend the bus waits here until its devices are ready. */
static int register_binding(struct binding *b)
{
	int err = check_intree(b->drv);

	return err ?: register_xb(b->drv, &b->xb);
}

static bool xen_bind_place_wanted(struct xenbus_watch *xw, const char *path,
				  const char *token)
{
	const char *node = strrchr(path, '/');

	return node && (!strcmp(node, "/backend") ||
			!strcmp(node, "/backend-id"));
}

/* DIR/NUMBER/NODE; what it says the device's engine reads. */
static void xen_bind_place_fired(struct xenbus_watch *xw, const char *path,
				 const char *token)
{
	struct binding *b = container_of(xw, struct binding, places);
	const char *id = path + strlen(b->dir) + 1;
	struct pvio_xen_device *xd = NULL;
	char name[48];

	snprintf(name, sizeof(name), "%s-%.*s", b->drv->type,
		 (int)strcspn(id, "/"), id);
	/* No device before the driver is registered. */
	if (READ_ONCE(b->xb.driver.bus))
		xd = find_device(&b->xb.driver, name);
	if (!xd)
		return;
	if (pvio_device_node_fired(&xd->pdev, "backend"))
		pvio_device_look(&xd->pdev);
	pvio_device_put(&xd->pdev);
}

/* Without it devices go on with the backends that they have. */
static void watch_places(struct binding *b)
{
	int err;

	if (PVIO_XENBUS_MAKES_ANEW || b->drv->role == PVIO_BACK)
		return;
	snprintf(b->dir, sizeof(b->dir), "device/%s", b->drv->type);
	b->places.node = b->dir;
	b->places.will_handle = xen_bind_place_wanted;
	b->places.callback = xen_bind_place_fired;
	err = register_xenbus_watch(&b->places);
	if (!err)
		return;
	b->places.node = NULL;
	pr_warn("%s: backends elsewhere will not be followed (%d)\n",
		b->drv->name, err);
}

static void unwatch_places(struct binding *b)
{
	if (b->places.node)
		unregister_xenbus_watch(&b->places);
}

static struct binding *make_binding(struct pvio_driver *drv)
{
	struct binding *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return NULL;
	b->drv = drv;
	strscpy(b->ids[0].devicetype, drv->type, sizeof(b->ids[0].devicetype));
	b->xb.name = drv->name;
	b->xb.ids = b->ids;
	b->xb.allow_rebind = drv->role == PVIO_BACK;
	b->xb.driver.dev_groups = drv->groups;
	/* It has files of its own for that. */
	b->xb.driver.suppress_bind_attrs = true;
	b->xb.probe = xen_bind_probe;
	b->xb.remove = xen_bind_remove;
	b->xb.otherend_changed = xen_bind_otherend_changed;
	b->xb.resume = xen_bind_resume;
	b->xb.uevent = xen_bind_uevent;
	b->xb.is_ready = xen_bind_is_ready;
	return b;
}

int pvio_xen_add_driver(struct pvio_driver *drv)
{
	struct binding *b;
	int err;

	if (!xen_domain()) {
		pr_err("%s: this machine does not run under Xen\n", drv->name);
		return -ENODEV;
	}
	b = make_binding(drv);
	if (!b)
		return -ENOMEM;
	drv->provider = b;
	watch_places(b);
	err = register_binding(b);
	if (err) {
		unwatch_places(b);
		kfree(b);
		return err;
	}
	err = make_files(b);
	if (err)
		pvio_xen_del_driver(drv);
	return err;
}

static void xen_bind_unregister_driver(void *arg)
{
	struct binding *b = arg;

	xenbus_unregister_driver(&b->xb);
}

/*
 * All devices have left.  Who writes to the files waits for the bus's thread, so
 * they go before that is asked.
 */
void pvio_xen_del_driver(struct pvio_driver *drv)
{
	struct binding *b = drv->provider;

	remove_files(b);
	unwatch_places(b);
	pvio_xen_job_run(xen_bind_unregister_driver, b);
	kfree(b);
}
