// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The choice of provider.
 */
#include "door.h"

#include <linux/export.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "xen.h"

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

int pvio_door_hold(void)
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

void pvio_door_let_go(void)
{
	mutex_lock(&door_lock);
	nr_drivers--;
	module_put(door->owner);
	mutex_unlock(&door_lock);
}
