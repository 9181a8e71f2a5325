// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Mapped pages that outlive their queue.
 *
 * A page may not be unmapped while somebody has it, such as a socket that
 * sends from it, and how long that takes is not for us to say: it ends when
 * a dead connection is given up.  Nobody waits for that.  Such pages are kept
 * here, where they hold the module and the provider, and looked at each second.
 */
#include "unmap.h"

#include <linux/export.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "door.h"
#include "grants.h"
#include "resource.h"

static DEFINE_SPINLOCK(kept_lock);	/* covers the list */
static LIST_HEAD(kept_pages);

static void unmap_look(struct work_struct *work);
static DECLARE_DELAYED_WORK(looking, unmap_look);

/* The page comes back in place of the guest's. */
static void unmap(struct pvio_kept *k)
{
	pvio_door()->unmap(NULL, &k->map, 1);
	if (likely(!k->map.lost)) {
		pvio_door()->pages_put(1, &k->map.page);
		pvio_destroyed(PVIO_RES_MAP, 1);
		pvio_destroyed(PVIO_RES_PAGE, 1);
	}
	kfree(k);
	module_put(pvio_door()->owner);
	module_put(THIS_MODULE);
}

static void take_unused(struct list_head *unused)
{
	struct pvio_kept *k, *next;

	spin_lock(&kept_lock);
	list_for_each_entry_safe(k, next, &kept_pages, list)
		if (!pvio_map_in_use(&k->map))
			list_move(&k->list, unused);
	if (!list_empty(&kept_pages))
		schedule_delayed_work(&looking, HZ);
	spin_unlock(&kept_lock);
}

static void unmap_look(struct work_struct *work)
{
	struct pvio_kept *k, *next;
	LIST_HEAD(unused);

	take_unused(&unused);
	list_for_each_entry_safe(k, next, &unused, list)
		unmap(k);
}

void pvio_unmap_later(struct pvio_mapper *m, struct pvio_kept *k)
{
	spin_lock(&m->lock);
	m->nr_pages--;
	spin_unlock(&m->lock);
	__module_get(THIS_MODULE);
	__module_get(pvio_door()->owner);
	spin_lock(&kept_lock);
	list_add_tail(&k->list, &kept_pages);
	schedule_delayed_work(&looking, HZ);
	spin_unlock(&kept_lock);
}
EXPORT_SYMBOL_GPL(pvio_unmap_later);

void pvio_unmap_exit(void)
{
	cancel_delayed_work_sync(&looking);
}
