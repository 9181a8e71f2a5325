// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network frontend, a guest's interface to the backend: loading and
 * unloading.
 */
#include <linux/module.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "debugfs.h"
#include "handshake.h"
#include "xenbus/device.h"

/* A guest may have been told to keep its emulated network cards. */
static bool unwanted(void)
{
	return xen_domain() && !xen_has_pv_nic_devices();
}

static int __init nf_main_init(void)
{
	int err;

	if (unwanted()) {
		pr_err("pvio-netfront: emulated interfaces serve this guest, they were not unplugged\n");
		return -ENODEV;
	}
	pvio_nf_debugfs_init();
	err = pvio_register_driver(&pvio_nf_driver);
	if (err)
		pvio_nf_debugfs_exit();
	return err;
}

static void __exit nf_main_exit(void)
{
	pvio_unregister_driver(&pvio_nf_driver);
	pvio_nf_debugfs_exit();
}

module_init(nf_main_init);
module_exit(nf_main_exit);

MODULE_DESCRIPTION("Xen network frontend of the pvio suite");
MODULE_VERSION(PVIO_VERSION);
MODULE_AUTHOR("pvio developers");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:vif");
