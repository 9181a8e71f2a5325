// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * pvio.ko: the core that the four drivers stand on.  Order of start and end.
 */
#include <linux/module.h>

#include "device.h"
#include "resource.h"
#include "unmap.h"

static int __init main_init(void)
{
	int err = pvio_device_wq_open();

	if (err)
		return err;
	err = pvio_resource_init();
	if (err)
		pvio_device_wq_close();
	return err;
}
module_init(main_init);

static void __exit main_exit(void)
{
	pvio_unmap_exit();
	pvio_device_wq_close();
	pvio_resource_exit();
}
module_exit(main_exit);

MODULE_DESCRIPTION("Core of the pvio Xen split drivers");
MODULE_VERSION(PVIO_VERSION);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
