// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Loading and unloading, in order.
 */
#include <linux/module.h>

#include "backing.h"
#include "debugfs.h"
#include "discard.h"
#include "handshake.h"
#include "pages.h"
#include "request.h"
#include "resize.h"
#include "vbd.h"

static int __init bb_main_init(void)
{
	int err;

	err = pvio_bb_vbd_init();
	if (err)
		return err;
	err = pvio_bb_backing_init();
	if (err)
		goto exit_vbds;
	err = pvio_bb_discard_init();
	if (err)
		goto exit_backing;
	err = pvio_bb_request_init();
	if (err)
		goto exit_discards;
	err = pvio_bb_pages_init();
	if (err)
		goto exit_requests;
	err = pvio_bb_resize_init();
	if (err)
		goto exit_pages;
	pvio_bb_debugfs_init();
	err = pvio_register_driver(&pvio_bb_driver);
	if (err)
		goto exit_debugfs;
	return 0;

exit_debugfs:
	pvio_bb_debugfs_exit();
	pvio_bb_resize_exit();
exit_pages:
	pvio_bb_pages_exit();
exit_requests:
	pvio_bb_request_exit();
exit_discards:
	pvio_bb_discard_exit();
exit_backing:
	pvio_bb_backing_exit();
exit_vbds:
	pvio_bb_vbd_exit();
	return err;
}

static void __exit bb_main_exit(void)
{
	pvio_unregister_driver(&pvio_bb_driver);
	pvio_bb_debugfs_exit();
	pvio_bb_resize_exit();
	pvio_bb_backing_exit();
	pvio_bb_discard_exit();
	pvio_bb_vbd_exit();
	pvio_bb_pages_exit();
	pvio_bb_request_exit();
}

module_init(bb_main_init);
module_exit(bb_main_exit);

MODULE_DESCRIPTION("Xen block backend of the pvio suite");
MODULE_VERSION(PVIO_VERSION);
MODULE_AUTHOR("pvio developers");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:vbd");
