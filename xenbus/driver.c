// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A driver comes and goes: its provider stays meanwhile, and its devices leave
 * while they are still bound.
 */
#include "driver.h"

#include <linux/export.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "advert.h"
#include "door.h"
#include "leave.h"
#include "roll.h"
#include "sysfs.h"

static const char *role_of(const struct pvio_driver *drv)
{
	bool net = !strcmp(drv->type, "vif");

	if (drv->role == PVIO_BACK)
		return net ? "network backend" : "block backend";
	return net ? "network frontend" : "block frontend";
}

static int add_driver(struct pvio_driver *drv)
{
	int err = pvio_sysfs_make(drv);

	if (err)
		return err;
	drv->going = false;
	err = pvio_door()->add_driver(drv);
	if (err)
		pvio_sysfs_free(drv);
	return err;
}

int pvio_register_built(struct pvio_driver *drv, const char *build)
{
	int err;

	/* Nothing of the driver but its name, which comes first, is where we think. */
	if (strcmp(build, PVIO_BUILD)) {
		pr_err("%s: of build %s, but the core pvio is of build %s; install modules of one build\n",
		       drv->name, build, PVIO_BUILD);
		return -ENOEXEC;
	}
	err = pvio_door_hold();
	if (err)
		return err;
	err = add_driver(drv);
	if (err) {
		pvio_door_let_go();
		return err;
	}
	pr_info("%s %s (build %s): %s\n", drv->name,
		drv->owner->version ?: "without version", build, role_of(drv));
	return 0;
}
EXPORT_SYMBOL_GPL(pvio_register_built);

void pvio_unregister_driver(struct pvio_driver *drv)
{
	pvio_leave_all(drv);
	pvio_door()->del_driver(drv);
	pvio_roll_wait(drv, true);
	pvio_advert_hide(drv);
	pvio_sysfs_free(drv);
	pvio_door_let_go();
}
EXPORT_SYMBOL_GPL(pvio_unregister_driver);
