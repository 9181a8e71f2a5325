// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * pvio-netback: network devices for guests.
 */
#include <linux/module.h>

#include "debugfs.h"
#include "handshake.h"
#include "params.h"
#include "xenbus/device.h"

static int __init nb_main_init(void)
{
	int err;

	pvio_nb_params_init();
	pvio_nb_debugfs_init();
	err = pvio_register_driver(&pvio_nb_driver);
	if (err)
		pvio_nb_debugfs_exit();
	return err;
}
module_init(nb_main_init);

static void __exit nb_main_exit(void)
{
	pvio_unregister_driver(&pvio_nb_driver);
	pvio_nb_debugfs_exit();
}
module_exit(nb_main_exit);

MODULE_DESCRIPTION("Xen network backend of the pvio suite");
MODULE_VERSION(PVIO_VERSION);
MODULE_AUTHOR("pvio developers");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:vif");
