// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Log lines about a device, counted against its own budget.
 */
#include "log.h"

#include <linux/export.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "device.h"
#include "door.h"

void pvio_log_init(struct pvio_device *pdev)
{
	ratelimit_state_init(&pdev->lines, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
	spin_lock_init(&pdev->fault_lock);
	/* Else the kernel says what was left out, and not about which device. */
	ratelimit_set_flags(&pdev->lines, RATELIMIT_MSG_ON_RELEASE);
}

/* No part of the budget: it comes where that lets a line through, or last. */
void pvio_log_settle(struct pvio_device *pdev)
{
	int nr = atomic_xchg(&pdev->left_out, 0);

	if (nr)
		dev_warn(pdev->dev, "domain %u: %d lines about it were left out\n",
			 pdev->peer_id, nr);
}

static void log_line(struct pvio_device *pdev, const char *level,
		     const char *fmt, va_list *args)
{
	struct va_format line = { .fmt = fmt, .va = args };

	if (!__ratelimit(&pdev->lines)) {
		atomic_inc(&pdev->left_out);
		return;
	}
	pvio_log_settle(pdev);
	dev_printk(level, pdev->dev, "domain %u: %pV\n", pdev->peer_id, &line);
}

/* Whether or not the log has room for it. */
__printf(2, 0)
static void note_fault(struct pvio_device *pdev, const char *fmt, va_list *args)
{
	struct pvio_fault *fault = &pdev->fault;
	unsigned long flags;
	va_list copy;

	va_copy(copy, *args);
	spin_lock_irqsave(&pdev->fault_lock, flags);
	fault->nr++;
	fault->at = ktime_get_seconds();
	vscnprintf(fault->text, sizeof(fault->text), fmt, copy);
	spin_unlock_irqrestore(&pdev->fault_lock, flags);
	va_end(copy);
}

void pvio_log_last(struct pvio_device *pdev, struct pvio_fault *fault)
{
	unsigned long flags;

	spin_lock_irqsave(&pdev->fault_lock, flags);
	*fault = pdev->fault;
	spin_unlock_irqrestore(&pdev->fault_lock, flags);
}

/* What comes of guessing is worth a line, and no fault. */
void pvio_err(struct pvio_device *pdev, const char *fmt, ...)
{
	bool passes = READ_ONCE(pdev->guessing);
	va_list args;

	va_start(args, fmt);
	if (!passes)
		note_fault(pdev, fmt, &args);
	log_line(pdev, passes ? KERN_INFO : KERN_ERR, fmt, &args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(pvio_err);

void pvio_warn(struct pvio_device *pdev, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note_fault(pdev, fmt, &args);
	log_line(pdev, KERN_WARNING, fmt, &args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(pvio_warn);

void pvio_info(struct pvio_device *pdev, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line(pdev, KERN_INFO, fmt, &args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(pvio_info);

/* Where toolstacks look for a reason; to be freed. */
static char *error_dir(struct pvio_device *pdev)
{
	return kasprintf(GFP_KERNEL, "error/%s",
			 pvio_door()->path(pdev, PVIO_OWN));
}

void pvio_device_refuse(struct pvio_device *pdev, const char *fmt, ...)
{
	char text[PVIO_LOG_TEXT];
	va_list args;
	char *dir;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pvio_err(pdev, "%s", text);
	if (READ_ONCE(pdev->silent))
		return;
	dir = error_dir(pdev);
	if (dir)
		pdev->refused = !pvio_door()->write(0, dir, "error", text);
	kfree(dir);
}
EXPORT_SYMBOL_GPL(pvio_device_refuse);

void pvio_log_forgive(struct pvio_device *pdev)
{
	char *dir;
	int err;

	if (!pdev->refused)
		return;
	dir = error_dir(pdev);
	if (!dir)
		return;
	err = pvio_door()->rm(0, dir, "error");
	pdev->refused = err && err != -ENOENT;
	kfree(dir);
}
