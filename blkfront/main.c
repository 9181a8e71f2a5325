// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters, the disks' major number, the driver's registration.
 */
#include <linux/blkdev.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "debugfs.h"
#include "handshake.h"
#include "params.h"
#include "ring/blkif.h"
#include "vdevice.h"

#define QUEUES_LIMIT	64
#define ORDER_LIMIT	4

/*
 * One queue a CPU up to four: beyond that a backend spends more on threads
 * than a guest gains.  Two ring pages hold 64 requests a queue, twice what
 * one page does, for 4 KiB; each further page costs an in-tree backend over a
 * megabyte.  256 segments make a request of 1 MiB, the block layer's usual
 * largest, and are what in-tree backends offer; pages come when they are used.
 */
struct pvio_params pvio_params = {
	.max_queues = 4,
	.max_ring_page_order = 1,
	.max_indirect_segments = 256,
	.feature_persistent = true,
	.trusted = true,
};

module_param_named(max_queues, pvio_params.max_queues, uint, 0444);
MODULE_PARM_DESC(max_queues, "Most queues of a disk, 1 to 64 (default 4)");
module_param_named(max_ring_page_order, pvio_params.max_ring_page_order, uint,
		   0444);
MODULE_PARM_DESC(max_ring_page_order,
		 "Most pages of a ring as a power of two, 0 to 4 (default 1)");
module_param_named(max_indirect_segments, pvio_params.max_indirect_segments,
		   uint, 0444);
MODULE_PARM_DESC(max_indirect_segments,
		 "Most 4 KiB segments of a request, 11 to 512 (default 256)");
module_param_named(feature_persistent, pvio_params.feature_persistent, bool,
		   0644);
MODULE_PARM_DESC(feature_persistent,
		 "Let the backend keep pages mapped, and copy (default Y)");
module_param_named(trusted, pvio_params.trusted, bool, 0644);
MODULE_PARM_DESC(trusted,
		 "Share the guest's own pages with a backend (default Y)");

static bool allowed(const char *name, unsigned int value, unsigned int min,
		    unsigned int max)
{
	if (value >= min && value <= max)
		return true;
	pr_err("pvio-blkfront: %s=%u is out of range: %u to %u\n", name, value,
	       min, max);
	return false;
}

static bool params_valid(const struct pvio_params *p)
{
	return allowed("max_queues", p->max_queues, 1, QUEUES_LIMIT) &&
	       allowed("max_ring_page_order", p->max_ring_page_order, 0,
		       ORDER_LIMIT) &&
	       allowed("max_indirect_segments", p->max_indirect_segments,
		       PVIO_BLK_DIRECT_MAX, PVIO_BLK_SEGS_PER_PAGE);
}

static int take_major(void)
{
	int err = register_blkdev(PVIO_XVD_MAJOR, "xvd");

	if (err)
		pr_err("pvio-blkfront: major %u is taken (%d); unload the in-tree driver first: modprobe -r xen-blkfront\n",
		       PVIO_XVD_MAJOR, err);
	return err;
}

static int __init start(void)
{
	int err;

	if (!params_valid(&pvio_params))
		return -EINVAL;
	if (xen_domain() && !xen_has_pv_disk_devices())
		return -ENODEV;
	err = take_major();
	if (err)
		return err;
	pvio_bf_debugfs_init();
	err = pvio_handshake_register();
	if (err) {
		pvio_bf_debugfs_exit();
		unregister_blkdev(PVIO_XVD_MAJOR, "xvd");
	}
	return err;
}

static void __exit stop(void)
{
	pvio_handshake_unregister();
	pvio_bf_debugfs_exit();
	unregister_blkdev(PVIO_XVD_MAJOR, "xvd");
}

module_init(start);
module_exit(stop);

MODULE_DESCRIPTION("pvio: Xen block frontend");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:vbd");
MODULE_ALIAS("xenblk");
