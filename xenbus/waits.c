// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a device waits for, as an operator would say it.  It is taken down when the
 * engine stops, under the device's lock, and read at any time: a pointer to a text
 * that is there as long as the driver is.
 */
#include "waits.h"

#include <linux/compiler.h>
#include <linux/lockdep.h>

#include "device.h"

static const char in_flight[] = "requests in flight";

static const char *ask_driver(struct pvio_device *pdev, const char *otherwise)
{
	if (pdev->removed || !pdev->drv->waits_for)
		return otherwise;
	return pdev->drv->waits_for(pdev);
}

static bool is_closed(enum xenbus_state state)
{
	return state == XenbusStateClosing || state == XenbusStateClosed;
}

/* The hotplug script comes first: a guest runs only when it is through. */
static const char *back_waits(struct pvio_device *pdev)
{
	if (pdev->linked)
		return NULL;
	if (pdev->state == XenbusStateInitWait && pdev->unready)
		return ask_driver(pdev, "driver");
	return "frontend";
}

static const char *front_waits(struct pvio_device *pdev)
{
	if (pdev->shared && !is_closed(pdev->state) && is_closed(pdev->seen))
		return ask_driver(pdev, in_flight);
	return pdev->linked ? NULL : "backend";
}

static const char *leaving_waits(const struct pvio_device *pdev)
{
	switch (pdev->leaving) {
	case PVIO_SAID_CLOSING:
	case PVIO_SAID_CLOSED:
		return "backend";
	case PVIO_LEFT:
		return NULL;
	default:
		return in_flight;
	}
}

static const char *find_out(struct pvio_device *pdev)
{
	if (pdev->leaving || pdev->retiring)
		return leaving_waits(pdev);
	if (pdev->stopping)
		return in_flight;
	if (pdev->unwritten)
		return "xenstore";
	if (pdev->unprobed || pdev->unwatched || pdev->tries)
		return "another try";
	if (pdev->drv->role == PVIO_BACK)
		return back_waits(pdev);
	return front_waits(pdev);
}

void pvio_waits_note(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	WRITE_ONCE(pdev->waits_for, find_out(pdev));
}
