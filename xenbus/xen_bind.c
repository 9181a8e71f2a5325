// SPDX-License-Identifier: GPL-2.0-only
/*
 * xenbus devices and drivers around the suite's own.
 */
#include "xen_bind.h"

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <xen/xen.h>
#include <xen/xenbus.h>

#include "door.h"
#include "pvio_compat.h"

/**
 * struct binding - a driver of the suite as xenbus sees it
 * @xb: the xenbus driver
 * @ids: its one device type; xb.ids points here once binding may start
 * @drv: the suite's driver
 */
struct binding {
	struct xenbus_driver xb;
	struct xenbus_device_id ids[2];
	struct pvio_driver *drv;
};

static struct binding *binding_of(struct xenbus_device *xdev)
{
	struct xenbus_driver *xb = to_xenbus_driver(xdev->dev.driver);

	return container_of(xb, struct binding, xb);
}

static int bind_probe(struct xenbus_device *xdev,
		      const struct xenbus_device_id *id)
{
	struct pvio_device *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);
	int err;

	if (!pdev)
		return -ENOMEM;
	pdev->dev = &xdev->dev;
	pdev->drv = binding_of(xdev)->drv;
	pdev->peer_id = xdev->otherend_id;
	pdev->provider = xdev;
	dev_set_drvdata(&xdev->dev, pdev);
	err = pvio_device_add(pdev);
	if (err) {
		dev_set_drvdata(&xdev->dev, NULL);
		kfree(pdev);
	}
	return err;
}

static void bind_remove(struct xenbus_device *xdev)
{
	struct pvio_device *pdev = dev_get_drvdata(&xdev->dev);

	pvio_device_del(pdev);
	dev_set_drvdata(&xdev->dev, NULL);
	kfree(pdev);
}

static void bind_otherend_changed(struct xenbus_device *xdev,
				  enum xenbus_state state)
{
	pvio_device_peer_changed(dev_get_drvdata(&xdev->dev));
}

static int bind_resume(struct xenbus_device *xdev)
{
	pvio_device_resumed(dev_get_drvdata(&xdev->dev));
	return 0;
}

static int bind_uevent(PVIO_UEVENT_CONST struct xenbus_device *xdev,
		       struct kobj_uevent_env *env)
{
	struct pvio_device *pdev = dev_get_drvdata(&xdev->dev);

	if (!pdev || !pdev->drv->uevent)
		return 0;
	return pdev->drv->uevent(pdev, env);
}

/*
 * Without an owner, because xenbus would hold it for every bound device and
 * the module could not be unloaded while there is one.  Unloading unbinds: it
 * waits in pvio_xen_del_driver() until every device is gone, and an open disk
 * holds its driver by itself.
 */
static int register_xb(struct binding *b)
{
	const char *name = module_name(b->drv->owner);

	if (b->drv->role == PVIO_BACK)
		return __xenbus_register_backend(&b->xb, NULL, name);
	return __xenbus_register_frontend(&b->xb, NULL, name);
}

/* The in-tree drivers are named after their device type. */
static bool taken_by_intree(struct binding *b)
{
	return driver_find(b->drv->type, b->xb.driver.bus);
}

static const char *intree_module(const struct pvio_driver *drv)
{
	bool net = !strcmp(drv->type, "vif");

	if (drv->role == PVIO_BACK)
		return net ? "xen-netback" : "xen-blkback";
	return net ? "xen-netfront" : "xen-blkfront";
}

/*
 * Registers without device types first, which binds nothing, to learn whether
 * the in-tree driver is there; only then lets binding start.
 */
static int register_binding(struct binding *b)
{
	int err = register_xb(b);

	if (err)
		return err;
	if (taken_by_intree(b)) {
		pr_err("%s: the in-tree driver serves %s devices here; unload it first: modprobe -r %s\n",
		       b->drv->name, b->drv->type, intree_module(b->drv));
		xenbus_unregister_driver(&b->xb);
		return -EBUSY;
	}
	b->xb.ids = b->ids;
	err = driver_attach(&b->xb.driver);
	if (err)
		xenbus_unregister_driver(&b->xb);
	return err;
}

static struct binding *make_binding(struct pvio_driver *drv)
{
	struct binding *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return NULL;
	b->drv = drv;
	strscpy(b->ids[0].devicetype, drv->type, sizeof(b->ids[0].devicetype));
	b->xb.name = drv->name;
	b->xb.allow_rebind = drv->role == PVIO_BACK;
	b->xb.probe = bind_probe;
	b->xb.remove = bind_remove;
	b->xb.otherend_changed = bind_otherend_changed;
	b->xb.resume = bind_resume;
	b->xb.uevent = bind_uevent;
	return b;
}

int pvio_xen_add_driver(struct pvio_driver *drv)
{
	struct binding *b;
	int err;

	if (!xen_domain())
		return -ENODEV;
	b = make_binding(drv);
	if (!b)
		return -ENOMEM;
	drv->provider = b;
	err = register_binding(b);
	if (err)
		kfree(b);
	return err;
}

static int stop_device(struct device *dev, void *unused)
{
	struct pvio_device *pdev = dev_get_drvdata(dev);

	if (pdev)
		pvio_device_stop(pdev);
	return 0;
}

/*
 * Unregistering holds a device's lock while it waits for the watch thread;
 * the watch thread must not want that lock, so the engine is stopped first.
 */
void pvio_xen_del_driver(struct pvio_driver *drv)
{
	struct binding *b = drv->provider;
	int err;

	err = driver_for_each_device(&b->xb.driver, NULL, NULL, stop_device);
	if (err)
		pr_warn("%s: devices not stopped (%d)\n", drv->name, err);
	xenbus_unregister_driver(&b->xb);
	kfree(b);
}
