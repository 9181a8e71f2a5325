// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvio.ko: the core that the four drivers stand on.  Order of start and end.
 */
#include <linux/module.h>

#include "engine.h"
#include "resource.h"
#include "unmap.h"

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
