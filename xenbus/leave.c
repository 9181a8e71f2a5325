// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The way out: a device that its bus takes away, or whose driver is unloaded.
 *
 *  1. Its Linux device goes: retire().
 *  2. A frontend says Closing, then Closed, and gives the backend some time to
 *     answer each: it gets its pages back when the backend has let go of them.
 *  3. What is in flight comes to its end: disconnect().
 *  4. remove(); the last reference goes, and with it the object.
 *
 * Nothing of this waits on the bus's thread.  What takes longer than a look
 * goes on from the device's own work, after the bus has forgotten the device:
 * the object keeps alive what it needs of it until then.  A module being
 * unloaded has all its devices leave in this way before it unregisters, and
 * waits for them, so that unregistering finds nothing left to wait for.
 */
#include "leave.h"

#include <linux/bits.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/sched/mm.h>

#include "door.h"
#include "log.h"
#include "resource.h"
#include "roll.h"
#include "status.h"
#include "waits.h"

/* How long a leaving frontend waits for each of the peer's two answers. */
#define FAREWELL_MS	5000
#define FAREWELL_POLL_MS	10
/* How long whoever unbinds a device by hand waits for its end. */
#define UNBIND_MS	15000
/* How often it is seen to that there is a backend to wait for. */
#define MIND_MS	100

#define GONE_STATES	(BIT(XenbusStateUnknown) | BIT(XenbusStateClosed) | \
			 BIT(XenbusStateInitialising))

static bool peer_is_one_of(struct pvio_device *pdev, unsigned long states)
{
	return BIT(pvio_status_peer(pdev)) & states;
}

static void expect_answer(struct pvio_device *pdev)
{
	pdev->until = jiffies + msecs_to_jiffies(FAREWELL_MS);
}

/*
 * The provider may have stopped to report the peer's changes, so this polls.
 * Returns false when it is not yet time to go on.
 */
static bool is_answered(struct pvio_device *pdev, unsigned long states)
{
	if (pdev->silent || peer_is_one_of(pdev, states))
		return true;
	if (time_before(jiffies, pdev->until)) {
		pvio_device_look_after(pdev, FAREWELL_POLL_MS);
		return false;
	}
	pvio_warn(pdev, "backend did not answer %s",
		  pvio_state_name(pdev->state));
	return true;
}

static void say_closing(struct pvio_device *pdev)
{
	if (!peer_is_one_of(pdev, GONE_STATES))
		pvio_status_write(pdev, XenbusStateClosing);
	expect_answer(pdev);
	WRITE_ONCE(pdev->leaving, PVIO_SAID_CLOSING);
}

/* Makes a retire() that waits for the peer, in another thread, end soon. */
static void hurry(struct pvio_device *pdev)
{
	WRITE_ONCE(pdev->hurried, true);
	spin_lock(&pdev->hurry_lock);
	if (pdev->drv->hurry && !pdev->removed)
		pdev->drv->hurry(pdev);
	spin_unlock(&pdev->hurry_lock);
}

/*
 * Has the backend dropped what it was asked?  One that began anew says InitWait,
 * as does one that works in silence; then it said so before as well.
 */
static bool peer_has_dropped(struct pvio_device *pdev)
{
	unsigned long states = GONE_STATES;

	if (pdev->seen != XenbusStateInitWait)
		states |= BIT(XenbusStateInitWait);
	return peer_is_one_of(pdev, states);
}

static void plan_minder(struct pvio_device *pdev)
{
	pvio_device_plan(pdev, &pdev->minder, msecs_to_jiffies(MIND_MS));
}

/*
 * While retire() holds the lock nobody else sees that the backend has gone.
 * What would be written out to get memory may be waiting for this device.
 */
static void leave_mind(struct work_struct *work)
{
	struct pvio_device *pdev = container_of(to_delayed_work(work),
						struct pvio_device, minder);
	unsigned int flags = memalloc_noio_save();

	if (READ_ONCE(pdev->retiring)) {
		if (peer_has_dropped(pdev))
			hurry(pdev);
		else
			plan_minder(pdev);
	}
	pvio_device_put(pdev);
	memalloc_noio_restore(flags);
}

static void retire(struct pvio_device *pdev)
{
	INIT_DELAYED_WORK(&pdev->minder, leave_mind);
	WRITE_ONCE(pdev->retiring, true);
	pvio_waits_note(pdev);
	if (pdev->drv->role != PVIO_BACK)
		plan_minder(pdev);
	pdev->drv->retire(pdev);
	WRITE_ONCE(pdev->retiring, false);
	if (cancel_delayed_work(&pdev->minder))
		pvio_device_put(pdev);
}

static void begin(struct pvio_device *pdev)
{
	bool back = pdev->drv->role == PVIO_BACK;

	/* A toolstack in a hurry takes both ends away at once. */
	if (!back)
		pdev->seen = pvio_status_peer(pdev);
	if (pdev->drv->retire && !pdev->removed)
		retire(pdev);
	if (!back && pdev->shared && !pdev->silent)
		say_closing(pdev);
	else
		WRITE_ONCE(pdev->leaving, PVIO_LETS_GO);
}

/* Nobody calls hurry() any more then. */
static void remove(struct pvio_device *pdev)
{
	bool removed;

	spin_lock(&pdev->hurry_lock);
	removed = pdev->removed;
	pdev->removed = true;
	spin_unlock(&pdev->hurry_lock);
	if (!removed)
		pdev->drv->remove(pdev);
}

/*
 * A frontend closes for good.  A backend whose driver leaves while it is
 * connected goes back to the beginning, so that the frontend waits for the
 * next one instead of for answers.
 */
static bool let_go(struct pvio_device *pdev)
{
	if (!pvio_device_disconnect(pdev))
		return false;
	if (pdev->drv->role == PVIO_BACK &&
	    (pdev->state == XenbusStateConnected ||
	     pdev->state == XenbusStateReconfigured))
		pvio_status_write(pdev, XenbusStateInitialising);
	remove(pdev);
	pvio_log_settle(pdev);
	WRITE_ONCE(pdev->leaving, PVIO_LEFT);
	pvio_destroyed(PVIO_RES_DEVICE, 1);
	pvio_roll_wake();
	return true;
}

bool pvio_leave_run(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	if (pdev->leaving == PVIO_STAYS)
		begin(pdev);
	if (pdev->leaving == PVIO_SAID_CLOSING) {
		if (!is_answered(pdev, GONE_STATES | BIT(XenbusStateClosing)))
			return false;
		pvio_status_write(pdev, XenbusStateClosed);
		expect_answer(pdev);
		pdev->leaving = PVIO_SAID_CLOSED;
	}
	if (pdev->leaving == PVIO_SAID_CLOSED) {
		if (!is_answered(pdev, GONE_STATES | BIT(XenbusStateInitWait)))
			return false;
		pdev->leaving = PVIO_LETS_GO;
	}
	return pdev->leaving == PVIO_LETS_GO && let_go(pdev);
}

/* There is nothing to write to, and nobody to wait for. */
static void cut_short(struct pvio_device *pdev)
{
	WRITE_ONCE(pdev->silent, true);
	hurry(pdev);
}

static void close_watch(struct pvio_device *pdev)
{
	bool watched;

	mutex_lock(&pdev->lock);
	watched = pdev->watched;
	pdev->watched = false;
	pdev->unwatched = false;
	mutex_unlock(&pdev->lock);
	if (!watched)
		return;
	pvio_door()->unwatch(pdev);
	pvio_destroyed(PVIO_RES_WATCH, 1);
}

/* Without the peer, once hurried; what is in flight ends by itself. */
static void run_now(struct pvio_device *pdev)
{
	bool left;

	mutex_lock(&pdev->lock);
	left = pvio_leave_run(pdev);
	mutex_unlock(&pdev->lock);
	if (left)
		pvio_device_put(pdev);
}

void pvio_leave_now(struct pvio_device *pdev)
{
	/* A retire() that runs holds the lock that closing the watch takes. */
	cut_short(pdev);
	close_watch(pdev);
	run_now(pdev);
	pvio_device_put(pdev);
}
EXPORT_SYMBOL_GPL(pvio_leave_now);

bool pvio_leave_ask(struct pvio_device *pdev)
{
	bool left;

	set_bit(PVIO_ASKED_LEAVE, &pdev->asked);
	pvio_device_look(pdev);
	do {
		left = pvio_roll_wait_left(pdev, UNBIND_MS);
	} while (!left && !READ_ONCE(pdev->leaving));
	return left;
}
EXPORT_SYMBOL_GPL(pvio_leave_ask);

void pvio_leave_unbind(struct pvio_device *pdev)
{
	close_watch(pdev);
	pvio_device_put(pdev);
}
EXPORT_SYMBOL_GPL(pvio_leave_unbind);

void pvio_leave_all(struct pvio_driver *drv)
{
	struct pvio_device *pdev;

	pvio_roll_close(drv);
	while ((pdev = pvio_roll_next(drv))) {
		pvio_device_look(pdev);
		pvio_device_put(pdev);
	}
	pvio_roll_wait(drv, false);
}
