// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvio.ko: the core that the four drivers stand on.  Order of start and end,
 * and the choice of provider.
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/module.h>

#include "door.h"
#include "engine.h"
#include "resource.h"

DEFINE_STATIC_KEY_FALSE(pvio_door_replaced);

/* Changes only while no driver is registered; so readers need no lock. */
static const struct pvio_door *door = &pvio_xen_door;
static unsigned int nr_drivers;
static DEFINE_MUTEX(door_lock);	/* covers both; taken with nothing held */

const struct pvio_door *pvio_door(void)
{
	return door;
}
EXPORT_SYMBOL_GPL(pvio_door);

int pvio_door_replace(const struct pvio_door *other)
{
	int err = -EBUSY;

	mutex_lock(&door_lock);
	if (!nr_drivers) {
		door = other ? other : &pvio_xen_door;
		if (other)
			static_branch_enable(&pvio_door_replaced);
		else
			static_branch_disable(&pvio_door_replaced);
		err = 0;
	}
	mutex_unlock(&door_lock);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_door_replace);

/* From here on the provider stays. */
static int hold_door(void)
{
	int err = -ENODEV;

	mutex_lock(&door_lock);
	if (try_module_get(door->owner)) {
		nr_drivers++;
		err = 0;
	}
	mutex_unlock(&door_lock);
	return err;
}

static void let_go_of_door(void)
{
	mutex_lock(&door_lock);
	nr_drivers--;
	module_put(door->owner);
	mutex_unlock(&door_lock);
}

int pvio_register_driver(struct pvio_driver *drv)
{
	int err = hold_door();

	if (err)
		return err;
	drv->going = false;
	err = door->add_driver(drv);
	if (err)
		let_go_of_door();
	return err;
}
EXPORT_SYMBOL_GPL(pvio_register_driver);

void pvio_unregister_driver(struct pvio_driver *drv)
{
	pvio_leave_all(drv);
	door->del_driver(drv);
	pvio_leave_wait(drv);
	let_go_of_door();
}
EXPORT_SYMBOL_GPL(pvio_unregister_driver);

static int __init pvio_init(void)
{
	int err = pvio_engine_init();

	if (err)
		return err;
	err = pvio_resource_init();
	if (err)
		pvio_engine_exit();
	return err;
}
module_init(pvio_init);

static void __exit pvio_exit(void)
{
	pvio_unmap_exit();
	pvio_engine_exit();
	pvio_resource_exit();
}
module_exit(pvio_exit);

MODULE_DESCRIPTION("Core of the pvio Xen split drivers");
MODULE_VERSION(PVIO_VERSION);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
