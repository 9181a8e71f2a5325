// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The disks' major number and the driver's registration.
 */
#include <linux/blkdev.h>
#include <linux/init.h>
#include <linux/module.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "debugfs.h"
#include "handshake.h"
#include "vbd.h"
#include "vdevice.h"

static int take_major(void)
{
	int err = register_blkdev(PVIO_BF_MAJOR, "xvd");

	if (err)
		pr_err("pvio-blkfront: major %u is taken (%d); unload the in-tree driver first: modprobe -r xen-blkfront\n",
		       PVIO_BF_MAJOR, err);
	return err;
}

static int __init bf_main_init(void)
{
	int err;

	if (xen_domain() && !xen_has_pv_disk_devices()) {
		pr_err("pvio-blkfront: emulated disks serve this guest, they were not unplugged\n");
		return -ENODEV;
	}
	err = take_major();
	if (err)
		return err;
	err = pvio_bf_vbd_init();
	if (err)
		goto give_major;
	pvio_bf_debugfs_init();
	err = pvio_register_driver(&pvio_bf_driver);
	if (!err)
		return 0;
	pvio_bf_debugfs_exit();
	pvio_bf_vbd_exit();
give_major:
	unregister_blkdev(PVIO_BF_MAJOR, "xvd");
	return err;
}

static void __exit bf_main_exit(void)
{
	pvio_unregister_driver(&pvio_bf_driver);
	pvio_bf_debugfs_exit();
	pvio_bf_vbd_exit();
	unregister_blkdev(PVIO_BF_MAJOR, "xvd");
}

module_init(bf_main_init);
module_exit(bf_main_exit);

MODULE_DESCRIPTION("Xen block frontend of the pvio suite");
MODULE_VERSION(PVIO_VERSION);
MODULE_AUTHOR("pvio developers");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:vbd");
MODULE_ALIAS("xenblk");
