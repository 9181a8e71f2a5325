// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The handshake engine: looks at the world, asks the table in state.c what to
 * do, does it, writes the new state.  Connect, reconnect, faults and resume
 * are all runs of this one loop; removal is in leave.c.
 *
 * Contexts: everything runs from pdev->work, a work item of the device's own,
 * under pdev->lock.  Watches, faults and drivers only queue it.  So whatever a
 * device is at, the bus's one thread and the other devices go on.  The work
 * queue is freezable: while the domain is suspended no engine runs.
 */
#include "engine.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "advert.h"
#include "door.h"
#include "leave.h"
#include "log.h"
#include "peer.h"
#include "resource.h"
#include "roll.h"
#include "status.h"
#include "waits.h"

/* The time until the next try to connect, and how often it doubles. */
#define TRY_MS		100
#define TRIES_DOUBLE	8

/*
 * A backend that waits answers a frontend that takes its leave.  The next one
 * may have begun by now, have seen that the backend waits, and would take the
 * answer for one to itself.
 */
static int write_step(struct pvio_device *pdev, const struct pvio_view *view,
		      const struct pvio_step *step)
{
	if (step->action == PVIO_DO_NOTHING && step->next != view->mine &&
	    view->role == PVIO_BACK && view->mine == XenbusStateInitWait)
		return pvio_status_answer(pdev, step->next, view->peer);
	pvio_status_write(pdev, step->next);
	return 0;
}

/*
 * The toolstack's own word; only a backend has such a key.  What cannot be
 * read takes no device away.
 */
static void read_online(struct pvio_device *pdev, struct pvio_view *view)
{
	const struct pvio_door *door = pvio_door();
	unsigned int len;
	char *text;

	text = door->read(0, door->path(pdev, PVIO_OWN), "online", &len);
	if (pvio_door_gone(text))
		return;
	if (IS_ERR(text)) {
		pvio_device_look_later(pdev);
		view->online = true;
		return;
	}
	view->online = len == 1 && *text == '1';
	view->leaving = len == 1 && *text == '0';
	kfree(text);
}

static bool is_ready(struct pvio_device *pdev)
{
	const struct pvio_driver *drv = pdev->drv;
	int ready = drv->ready ? drv->ready(pdev) : drv->role == PVIO_BACK;

	if (ready < 0)
		pvio_device_look_later(pdev);
	return ready > 0;
}

/* Gives back what it can; the rest of it follows when the driver says so. */
static bool finish_stop(struct pvio_device *pdev)
{
	if (!pdev->stopping)
		return true;
	if (!pvio_device_disconnect(pdev))
		return false;
	pdev->stopping = false;
	pvio_status_write(pdev, pdev->then);
	return true;
}

/* To give everything back, then write @then; false: that takes a while. */
static bool stop(struct pvio_device *pdev, enum xenbus_state then)
{
	pdev->stopping = true;
	pdev->then = then;
	return finish_stop(pdev);
}

static int publish(struct pvio_device *pdev)
{
	pdev->broken = 0;
	pdev->shared = true;
	pvio_advert_show(pdev->drv);
	return pdev->drv->publish(pdev);
}

static int link_up(struct pvio_device *pdev)
{
	int err;

	if (pdev->drv->role == PVIO_BACK)
		pdev->broken = 0;
	pdev->shared = true;
	WRITE_ONCE(pdev->guessing, pdev->inherited);
	err = pdev->drv->connect(pdev);
	WRITE_ONCE(pdev->guessing, false);
	if (err)
		return err;
	pdev->linked = true;
	pdev->connects++;
	pdev->inherited = false;
	pdev->tries = 0;
	return 0;
}

/* -EINPROGRESS: the driver will say when to go on. */
static int act(struct pvio_device *pdev, const struct pvio_step *step)
{
	switch (step->action) {
	case PVIO_DO_PUBLISH:
		return publish(pdev);
	case PVIO_DO_CONNECT:
		return link_up(pdev);
	case PVIO_DO_CHANGED:
		if (pdev->drv->changed)
			pdev->drv->changed(pdev);
		return 0;
	case PVIO_DO_CLOSING:
		return pdev->drv->closing(pdev) ? 0 : -EINPROGRESS;
	case PVIO_DO_DISCONNECT:
	case PVIO_DO_UNREGISTER:
		return stop(pdev, step->next) ? 0 : -EINPROGRESS;
	case PVIO_DO_NOTHING:
		return 0;
	}
	return -EINVAL;
}

static bool has_rings(enum xenbus_state peer)
{
	return peer == XenbusStateInitialised || peer == XenbusStateConnected;
}

static void get_view(struct pvio_device *pdev, enum pvio_cause cause,
		     struct pvio_view *view)
{
	*view = (struct pvio_view){
		.role = pdev->drv->role,
		.cause = cause,
		.mine = pdev->state,
		.seen = pdev->seen,
		.peer = pvio_status_peer(pdev),
		.shared = pdev->shared,
		.linked = pdev->linked,
		.ready = is_ready(pdev),
	};
	pdev->unready = !view->ready;
	/* After the state: what was published before that is in the keys. */
	view->stale = pvio_state_asks_rings(view) && pdev->drv->is_offered &&
		      !pdev->drv->is_offered(pdev);
	if (pvio_state_asks_online(view))
		read_online(pdev, view);
	pdev->seen = view->peer;
	pdev->inherited &= has_rings(view->peer);
}

/*
 * Something was short that may be there soon.  A frontend's pages are already
 * in the backend's hands when it connects, so they stay where they are.
 */
static void try_later(struct pvio_device *pdev, enum pvio_action action, int err)
{
	bool back = pdev->drv->role == PVIO_BACK;

	pvio_warn(pdev, "not connected yet (%d), trying again", err);
	if (back || action == PVIO_DO_PUBLISH)
		stop(pdev, pdev->state);
	pvio_device_look_after(pdev, TRY_MS << pdev->tries);
	if (pdev->tries < TRIES_DOUBLE)
		pdev->tries++;
}

/*
 * Publishing or connecting failed; the driver has logged why.  Everything is
 * given back and the peer told; it may try again, or has begun to while we
 * failed.  A frontend that this backend has inherited is about to do so
 * anyway, and must not be told to go: it may have published anew just before it
 * reads that, and would close for good.  Returns true when the peer was told.
 */
static bool give_up(struct pvio_device *pdev, int err)
{
	if (pdev->inherited) {
		pvio_info(pdev, "not connected (%d) to a frontend that begins anew",
			  err);
		stop(pdev, pdev->state);
		return false;
	}
	pvio_device_refuse(pdev, "not connected (%d)", err);
	return stop(pdev, XenbusStateClosing);
}

/* Returns true when the loop is to go on. */
static bool take_error(struct pvio_device *pdev, enum pvio_action action,
		       int err)
{
	if (err == -EINPROGRESS)
		return false;
	if (!pvio_error_passes(err))
		return give_up(pdev, err);
	try_later(pdev, action, err);
	return false;
}

/* Back to InitWait while the frontend has its rings up: it will give them back. */
static bool waits_anew(const struct pvio_view *view,
		       const struct pvio_step *step)
{
	return view->role == PVIO_BACK && step->action == PVIO_DO_DISCONNECT &&
	       step->next == XenbusStateInitWait && has_rings(view->peer);
}

static bool take_resume(struct pvio_device *pdev)
{
	if (!test_and_clear_bit(PVIO_ASKED_RESUME, &pdev->asked))
		return false;
	pdev->seen = XenbusStateUnknown;
	return true;
}

/*
 * Whoever is resumed between two steps is so before the next one: what that published
 * would have to be published anew at once, and a backend that is connecting to the first
 * of two sees Initialised before and after, and stays with what is gone.
 *
 * Returns true when the device is to be unregistered.
 */
static bool take_steps(struct pvio_device *pdev, enum pvio_cause cause)
{
	struct pvio_view view;
	struct pvio_step step;
	int turn, err;

	for (turn = 0; turn < PVIO_STATE_STEPS_MAX; turn++) {
		if (turn && take_resume(pdev))
			cause = PVIO_CAUSE_RESUME;
		get_view(pdev, cause, &view);
		step = pvio_state_step(&view);
		if (waits_anew(&view, &step))
			pdev->inherited = true;
		if (step.action == PVIO_DO_CHANGED && turn &&
		    step.next == view.mine)
			break;
		cause = PVIO_CAUSE_LOOK;
		err = act(pdev, &step);
		if (err && take_error(pdev, step.action, err))
			continue;
		/* The peer is not to act upon what is over already. */
		if (!err && test_bit(PVIO_ASKED_RESUME, &pdev->asked))
			continue;
		if (err || write_step(pdev, &view, &step))
			break;
		if (step.repeat && !turn)
			pvio_status_rewrite(pdev);
		/* The peer goes on meanwhile. */
		if (step.action == PVIO_DO_CONNECT)
			pvio_log_forgive(pdev);
		if (step.action == PVIO_DO_UNREGISTER)
			return true;
		if (step.action == PVIO_DO_NOTHING && step.next == view.mine)
			break;
	}
	return false;
}

/* A fault not yet acted upon? */
static bool take_fault(struct pvio_device *pdev)
{
	if (!test_bit(PVIO_BROKEN_SET, &pdev->broken) ||
	    test_and_set_bit(PVIO_BROKEN_TOLD, &pdev->broken))
		return false;
	pvio_device_refuse(pdev, "%s; disabled until it reconnects",
			   pdev->reason);
	return true;
}

static enum pvio_cause find_cause(struct pvio_device *pdev)
{
	if (take_resume(pdev))
		return PVIO_CAUSE_RESUME;
	return take_fault(pdev) ? PVIO_CAUSE_FAULT : PVIO_CAUSE_LOOK;
}

/*
 * Bit 0 is the engine's own.  A backend elsewhere shares nothing with this end,
 * as after a restore.
 */
static void tell_nodes(struct pvio_device *pdev)
{
	unsigned long fired = xchg(&pdev->fired, 0);
	unsigned int i;

	if ((fired & BIT(0)) && pdev->drv->role != PVIO_BACK &&
	    pvio_peer_moved(pdev))
		set_bit(PVIO_ASKED_RESUME, &pdev->asked);
	fired >>= 1;
	for_each_set_bit(i, &fired, PVIO_NODES_MAX)
		pdev->drv->node_changed(pdev, pdev->drv->nodes[i]);
}

/* Returns true when the device is to be unregistered. */
static bool run(struct pvio_device *pdev)
{
	tell_nodes(pdev);
	return finish_stop(pdev) && take_steps(pdev, find_cause(pdev));
}

/*
 * hurry() is called only for what probe() has made.  Where the toolstack was
 * faster there is no device, which nobody needs to be told.
 */
static int probe(struct pvio_device *pdev)
{
	int err;

	pdev->refused = false;
	err = pdev->drv->probe(pdev);
	if (err && pvio_status_removed(pdev))
		err = -ENODEV;
	if (err && err != -ENODEV && !pvio_error_passes(err) && !pdev->refused)
		pvio_device_refuse(pdev, "not probed (%d)", err);
	if (err)
		return err;
	/* The reason that an earlier object failed may still stand there. */
	pdev->refused = true;
	spin_lock(&pdev->hurry_lock);
	pdev->removed = false;
	spin_unlock(&pdev->hurry_lock);
	return 0;
}

static int introduce(struct pvio_device *pdev)
{
	bool back = pdev->drv->role == PVIO_BACK;
	int err;

	lockdep_assert_held(&pdev->lock);
	pdev->inherited = back && pvio_status_peer(pdev) == XenbusStateConnected;
	err = probe(pdev);
	if (!err)
		pvio_status_write(pdev, back ? XenbusStateInitWait :
				  XenbusStateInitialising);
	return err;
}

static int open_watch(struct pvio_device *pdev)
{
	int err;

	lockdep_assert_held(&pdev->lock);
	err = pvio_door()->watch(pdev);
	if (err && !pvio_error_passes(err))
		pvio_device_refuse(pdev, "not watched (%d)", err);
	pdev->unwatched = err;
	pdev->watched = !err;
	if (!err)
		pvio_created(PVIO_RES_WATCH, 1);
	return err;
}

/* What was short when the device was found: nobody else would try again. */
static int make_up(struct pvio_device *pdev)
{
	int err = 0;

	if (pdev->unprobed)
		err = introduce(pdev);
	pdev->unprobed = err;
	if (!err && pdev->unwatched)
		err = open_watch(pdev);
	if (pvio_error_passes(err))
		try_later(pdev, PVIO_DO_NOTHING, err);
	return err;
}

static bool is_introduced(const struct pvio_device *pdev)
{
	return pdev->state != XenbusStateUnknown || pdev->unprobed;
}

/* Returns what it has come to: it is to be unregistered, or it has left. */
static void run_one(struct pvio_device *pdev, bool *gone, bool *left)
{
	lockdep_assert_held(&pdev->lock);
	if (!is_introduced(pdev))
		return;
	if (pdev->unwritten)
		pvio_status_rewrite(pdev);
	if (pdev->unwritten)
		return;
	if (pdev->leaving || test_bit(PVIO_ASKED_LEAVE, &pdev->asked))
		*left = pvio_leave_run(pdev);
	else if (!make_up(pdev))
		*gone = run(pdev);
}

/* What would be written out to get memory may be waiting for this device. */
static void engine_work(struct work_struct *work)
{
	struct pvio_device *pdev = container_of(to_delayed_work(work),
						struct pvio_device, work);
	unsigned int flags = memalloc_noio_save();
	bool gone = false, left = false;

	mutex_lock(&pdev->lock);
	run_one(pdev, &gone, &left);
	pvio_waits_note(pdev);
	mutex_unlock(&pdev->lock);
	if (gone)
		pvio_door()->unregister(pdev);
	if (left)
		pvio_device_put(pdev);
	pvio_device_put(pdev);
	memalloc_noio_restore(flags);
}

/* Returns 0 as well where something is to be made up for later. */
static int introduce_first(struct pvio_device *pdev)
{
	int err;

	pdev->unprobed = true;
	pdev->unwatched = pdev->drv->role == PVIO_BACK;
	err = make_up(pdev);
	if (pdev->unprobed && !pvio_error_passes(err))
		return err;
	pvio_created(PVIO_RES_DEVICE, 1);
	return 0;
}

int pvio_engine_add(struct pvio_device *pdev)
{
	int err;

	INIT_DELAYED_WORK(&pdev->work, engine_work);
	err = pvio_roll_add(pdev);
	if (err)
		return err;
	mutex_lock(&pdev->lock);
	/* The driver may have begun to leave meanwhile. */
	err = test_bit(PVIO_ASKED_LEAVE, &pdev->asked) ? -ENODEV :
	      introduce_first(pdev);
	if (err)
		pdev->leaving = PVIO_LEFT;
	pvio_waits_note(pdev);
	mutex_unlock(&pdev->lock);
	if (err)
		pvio_device_put(pdev);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_engine_add);
