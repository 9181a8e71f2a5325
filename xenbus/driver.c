// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver comes and goes: its provider stays meanwhile, and its devices leave
 * while they are still bound.
 */
#include "driver.h"

#include <linux/export.h>

#include "door.h"
#include "leave.h"
#include "roll.h"

int pvio_register_driver(struct pvio_driver *drv)
{
	int err = pvio_door_hold();

	if (err)
		return err;
	drv->going = false;
	err = pvio_door()->add_driver(drv);
	if (err)
		pvio_door_let_go();
	return err;
}
EXPORT_SYMBOL_GPL(pvio_register_driver);

void pvio_unregister_driver(struct pvio_driver *drv)
{
	pvio_leave_all(drv);
	pvio_door()->del_driver(drv);
	pvio_roll_wait(drv, true);
	pvio_door_let_go();
}
EXPORT_SYMBOL_GPL(pvio_unregister_driver);
