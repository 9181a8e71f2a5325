// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The roll of all devices, and waiting for those of a driver to be off it.
 */
#include "roll.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/* Every device there is, also those that the bus has forgotten. */
static LIST_HEAD(devices);
static DEFINE_SPINLOCK(devices_lock);	/* covers it and drv->going */
/* Woken when a device has left, and when one is released. */
static DECLARE_WAIT_QUEUE_HEAD(devices_wait);

int pvio_roll_add(struct pvio_device *pdev)
{
	int err = -ENODEV;

	spin_lock(&devices_lock);
	if (!pdev->drv->going) {
		kref_get(&pdev->ref);
		list_add(&pdev->all, &devices);
		err = 0;
	}
	spin_unlock(&devices_lock);
	return err;
}

void pvio_roll_remove(struct pvio_device *pdev)
{
	spin_lock(&devices_lock);
	list_del_init(&pdev->all);
	/* Under the lock: the driver may be gone as soon as it is not listed. */
	wake_up_all(&devices_wait);
	spin_unlock(&devices_lock);
}

bool pvio_roll_wait_left(struct pvio_device *pdev, unsigned int ms)
{
	return wait_event_timeout(devices_wait, pvio_device_has_left(pdev),
				  msecs_to_jiffies(ms));
}
EXPORT_SYMBOL_GPL(pvio_roll_wait_left);

/* Have all devices of @drv left, by name only or altogether? */
static bool all_gone(const struct pvio_driver *drv, bool released)
{
	struct pvio_device *pdev;
	bool all = true;

	spin_lock(&devices_lock);
	list_for_each_entry(pdev, &devices, all)
		if (pdev->drv == drv)
			all &= !released && pvio_device_has_left(pdev);
	spin_unlock(&devices_lock);
	return all;
}

struct pvio_device *pvio_roll_next(const struct pvio_driver *drv)
{
	struct pvio_device *pdev, *found = NULL;

	spin_lock(&devices_lock);
	list_for_each_entry(pdev, &devices, all) {
		if (pdev->drv != drv ||
		    test_and_set_bit(PVIO_ASKED_LEAVE, &pdev->asked))
			continue;
		/* Whose last reference is being dropped has left. */
		if (!kref_get_unless_zero(&pdev->ref))
			continue;
		found = pdev;
		break;
	}
	spin_unlock(&devices_lock);
	return found;
}

void pvio_roll_wake(void)
{
	wake_up_all(&devices_wait);
}

void pvio_roll_close(struct pvio_driver *drv)
{
	spin_lock(&devices_lock);
	drv->going = true;
	spin_unlock(&devices_lock);
}

void pvio_roll_wait(const struct pvio_driver *drv, bool released)
{
	wait_event_idle(devices_wait, all_gone(drv, released));
}
