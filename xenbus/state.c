// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The handshake as tables: own state down, peer's state across.  A cell left
 * empty means: do nothing, stay.
 *
 * Documentation/design draws the same as a diagram.
 */
#include "state.h"

#include <linux/export.h>
#include <linux/kernel.h>

#define STATES	(XenbusStateReconfigured + 1)
/* State 0 is Unknown and never a goal, so an empty cell means "stay". */
#define STAY	XenbusStateUnknown

#define DO(_action, _next) { PVIO_DO_##_action, (_next) }

static const struct pvio_step back_table[STATES][STATES] = {
	[XenbusStateInitWait] = {
		[XenbusStateUnknown] = DO(UNREGISTER, XenbusStateClosed),
		[XenbusStateInitialised] = DO(CONNECT, XenbusStateConnected),
		[XenbusStateConnected] = DO(CONNECT, XenbusStateConnected),
		[XenbusStateClosing] = DO(NOTHING, XenbusStateClosing),
		[XenbusStateClosed] = DO(NOTHING, XenbusStateClosed),
	},
	[XenbusStateConnected] = {
		[XenbusStateUnknown] = DO(UNREGISTER, XenbusStateClosed),
		[XenbusStateInitialising] = DO(DISCONNECT, XenbusStateInitWait),
		[XenbusStateInitWait] = DO(DISCONNECT, XenbusStateInitWait),
		[XenbusStateClosing] = DO(DISCONNECT, XenbusStateClosing),
		[XenbusStateClosed] = DO(DISCONNECT, XenbusStateClosed),
		[XenbusStateReconfiguring] =
			DO(CHANGED, XenbusStateReconfigured),
	},
	/*
	 * As good as Connected; a frontend that asks again is to see it anew.
	 * Some write their values only after they have said Reconfiguring.
	 */
	[XenbusStateReconfigured] = {
		[XenbusStateUnknown] = DO(UNREGISTER, XenbusStateClosed),
		[XenbusStateInitialising] = DO(DISCONNECT, XenbusStateInitWait),
		[XenbusStateInitWait] = DO(DISCONNECT, XenbusStateInitWait),
		[XenbusStateInitialised] = DO(DISCONNECT, XenbusStateInitWait),
		[XenbusStateConnected] = DO(CHANGED, XenbusStateConnected),
		[XenbusStateClosing] = DO(DISCONNECT, XenbusStateClosing),
		[XenbusStateClosed] = DO(DISCONNECT, XenbusStateClosed),
	},
	[XenbusStateClosing] = {
		[XenbusStateUnknown] = DO(UNREGISTER, XenbusStateClosed),
		[XenbusStateInitialising] = DO(NOTHING, XenbusStateInitWait),
		[XenbusStateInitWait] = DO(NOTHING, XenbusStateInitWait),
		[XenbusStateClosed] = DO(NOTHING, XenbusStateClosed),
	},
	[XenbusStateClosed] = {
		[XenbusStateUnknown] = DO(UNREGISTER, XenbusStateClosed),
		[XenbusStateInitialising] = DO(NOTHING, XenbusStateInitWait),
		[XenbusStateInitWait] = DO(NOTHING, XenbusStateInitWait),
		[XenbusStateInitialised] = DO(NOTHING, XenbusStateInitWait),
		[XenbusStateConnected] = DO(NOTHING, XenbusStateInitWait),
	},
};

/* PUBLISH leads to what publishes() says for the role. */
static const struct pvio_step front_table[STATES][STATES] = {
	[XenbusStateInitialising] = {
		[XenbusStateInitWait] = DO(PUBLISH, STAY),
		[XenbusStateInitialised] = DO(PUBLISH, STAY),
	},
	[XenbusStateInitialised] = {
		[XenbusStateUnknown] = DO(DISCONNECT, XenbusStateInitialising),
		[XenbusStateInitialising] =
			DO(DISCONNECT, XenbusStateInitialising),
		[XenbusStateConnected] = DO(CONNECT, XenbusStateConnected),
		[XenbusStateClosing] = DO(CLOSING, XenbusStateClosed),
		[XenbusStateClosed] = DO(CLOSING, XenbusStateClosed),
	},
	[XenbusStateConnected] = {
		[XenbusStateUnknown] = DO(DISCONNECT, XenbusStateInitialising),
		[XenbusStateInitialising] =
			DO(DISCONNECT, XenbusStateInitialising),
		[XenbusStateConnected] = DO(CONNECT, XenbusStateConnected),
		[XenbusStateClosing] = DO(CLOSING, XenbusStateClosed),
		[XenbusStateClosed] = DO(CLOSING, XenbusStateClosed),
	},
	[XenbusStateClosing] = {
		[XenbusStateUnknown] = DO(NOTHING, XenbusStateClosed),
		[XenbusStateInitialising] = DO(NOTHING, XenbusStateClosed),
		[XenbusStateClosing] = DO(NOTHING, XenbusStateClosed),
		[XenbusStateClosed] = DO(NOTHING, XenbusStateClosed),
	},
};

static struct pvio_step stay(const struct pvio_view *view)
{
	return (struct pvio_step){ .next = view->mine };
}

static struct pvio_step go(enum pvio_action action, enum xenbus_state next)
{
	return (struct pvio_step){ .action = action, .next = next };
}

static struct pvio_step look_up(const struct pvio_step table[STATES][STATES],
				const struct pvio_view *view)
{
	struct pvio_step step = table[view->mine][view->peer];

	if (step.next == STAY)
		step.next = view->mine;
	return step;
}

/*
 * The peer began anew without our seeing the states between: a frontend that
 * was Connected is Initialised again.
 */
static bool front_restarted(const struct pvio_view *view)
{
	return view->linked && view->peer == XenbusStateInitialised &&
	       view->seen == XenbusStateConnected;
}

/*
 * The toolstack takes a device away whose frontend has not begun.  It waits for
 * Closed, and nobody else will bring that about.
 */
static bool is_unwanted(const struct pvio_view *view)
{
	return !view->online && !view->shared &&
	       view->peer == XenbusStateInitialising &&
	       (view->mine == XenbusStateInitWait ||
		view->mine == XenbusStateClosed);
}

/*
 * Closed is what the last frontend left behind.  The next one may begin at any
 * moment, and what it sees then must be true a moment later, too.
 */
static bool waits_for_next(const struct pvio_view *view)
{
	return view->online && view->mine == XenbusStateInitWait &&
	       view->peer == XenbusStateClosed;
}

/*
 * Where Closed was said to the last frontend, the toolstack has written Closing over
 * it.  A frontend that has not begun does nothing about Closed, so this ends.
 */
static struct pvio_step give_way(const struct pvio_view *view)
{
	return (struct pvio_step){ .next = XenbusStateClosed,
				   .repeat = view->mine == XenbusStateClosed };
}

/*
 * This driver was loaded while the toolstack took the device away, and has said
 * InitWait over its Closing.  A frontend that connects now would stay.
 */
static bool is_too_late(const struct pvio_view *view)
{
	return view->leaving && view->mine == XenbusStateInitWait &&
	       (view->peer == XenbusStateInitialised ||
		view->peer == XenbusStateConnected);
}

bool pvio_state_asks_online(const struct pvio_view *view)
{
	if (view->role != PVIO_BACK)
		return false;
	switch (view->peer) {
	case XenbusStateInitialising:
	case XenbusStateClosed:
		return view->mine == XenbusStateInitWait ||
		       view->mine == XenbusStateClosed;
	case XenbusStateInitialised:
	case XenbusStateConnected:
		return view->mine == XenbusStateInitWait;
	default:
		return false;
	}
}
EXPORT_SYMBOL_GPL(pvio_state_asks_online);

bool pvio_state_asks_rings(const struct pvio_view *view)
{
	return view->role == PVIO_BACK && view->linked &&
	       (view->peer == XenbusStateInitialised ||
		view->peer == XenbusStateConnected);
}
EXPORT_SYMBOL_GPL(pvio_state_asks_rings);

/*
 * Connected to what the frontend had before it began anew: to rings of an earlier
 * backend's time, say, which it took back when it saw this one wait.
 */
static bool is_left_behind(const struct pvio_view *view)
{
	return view->stale || front_restarted(view);
}

static struct pvio_step back_step(const struct pvio_view *view)
{
	struct pvio_step step = look_up(back_table, view);

	if (is_unwanted(view))
		return give_way(view);
	if (is_too_late(view))
		return go(PVIO_DO_NOTHING, XenbusStateClosing);
	if (waits_for_next(view))
		return stay(view);
	if (step.action == PVIO_DO_CONNECT && !view->ready)
		return stay(view);
	if (is_left_behind(view))
		return go(PVIO_DO_DISCONNECT, XenbusStateInitWait);
	if (view->mine == XenbusStateClosed &&
	    view->peer == XenbusStateClosed && !view->online)
		return go(PVIO_DO_UNREGISTER, view->mine);
	return step;
}

/* A backend waits again, having been something else: it began anew. */
static bool back_waits_anew(const struct pvio_view *view)
{
	return view->peer == XenbusStateInitWait &&
	       view->seen != XenbusStateInitWait;
}

static enum xenbus_state publishes(enum pvio_role role)
{
	return role == PVIO_FRONT_EARLY ? XenbusStateConnected :
					  XenbusStateInitialised;
}

/*
 * Closed, but the backend may still map our pages until it is closed too or
 * has begun anew; in the latter case we follow it.
 */
static struct pvio_step front_closed_step(const struct pvio_view *view)
{
	bool back_waits = back_waits_anew(view);

	if (view->shared && (back_waits || view->peer == XenbusStateClosed ||
			     view->peer == XenbusStateUnknown ||
			     view->peer == XenbusStateInitialising))
		return go(PVIO_DO_DISCONNECT,
			  back_waits ? XenbusStateInitialising : view->mine);
	if (!view->shared && back_waits)
		return go(PVIO_DO_NOTHING, XenbusStateInitialising);
	return stay(view);
}

/* It says InitWait until its hotplug script has reported, and works. */
static bool back_works_in_silence(const struct pvio_view *view)
{
	return view->role == PVIO_FRONT_EARLY && view->ready &&
	       view->mine == XenbusStateConnected && !view->linked &&
	       view->peer == XenbusStateInitWait &&
	       view->seen == XenbusStateInitWait;
}

static struct pvio_step front_step(const struct pvio_view *view)
{
	struct pvio_step step;

	if (view->mine == XenbusStateClosed ||
	    (view->mine == XenbusStateClosing && back_waits_anew(view)))
		return front_closed_step(view);
	if (view->shared && back_waits_anew(view))
		return go(PVIO_DO_DISCONNECT, XenbusStateInitialising);
	if (back_works_in_silence(view))
		return go(PVIO_DO_CONNECT, XenbusStateConnected);
	step = look_up(front_table, view);
	if (step.action == PVIO_DO_PUBLISH)
		step.next = publishes(view->role);
	if (step.action == PVIO_DO_CONNECT && view->linked)
		step.action = PVIO_DO_CHANGED;
	return step;
}

static bool closed_down(enum xenbus_state state)
{
	return state == XenbusStateClosing || state == XenbusStateClosed;
}

/*
 * A backend gives everything back at once.  A frontend cannot: the backend
 * maps its pages until it has seen Closing and answered.
 */
static struct pvio_step fault_step(const struct pvio_view *view)
{
	if (view->role == PVIO_BACK)
		return go(PVIO_DO_DISCONNECT, XenbusStateClosing);
	return go(PVIO_DO_CLOSING, XenbusStateClosing);
}

/*
 * The fault may be one of the peer's former life; and who is closed down already has
 * nothing to do about one, but still to see what else has come, such as that the peer is
 * gone.
 */
static bool is_settled(const struct pvio_view *view)
{
	if (closed_down(view->mine))
		return true;
	if (view->role == PVIO_BACK)
		return is_left_behind(view);
	return back_waits_anew(view);
}

struct pvio_step pvio_state_step(const struct pvio_view *view)
{
	if (view->cause == PVIO_CAUSE_RESUME)
		return go(PVIO_DO_DISCONNECT, XenbusStateInitialising);
	if (view->cause == PVIO_CAUSE_FAULT && !is_settled(view))
		return fault_step(view);
	if (view->role == PVIO_BACK)
		return back_step(view);
	return front_step(view);
}
EXPORT_SYMBOL_GPL(pvio_state_step);

const char *pvio_state_name(enum xenbus_state state)
{
	static const char *const names[STATES] = {
		[XenbusStateUnknown] = "Unknown",
		[XenbusStateInitialising] = "Initialising",
		[XenbusStateInitWait] = "InitWait",
		[XenbusStateInitialised] = "Initialised",
		[XenbusStateConnected] = "Connected",
		[XenbusStateClosing] = "Closing",
		[XenbusStateClosed] = "Closed",
		[XenbusStateReconfiguring] = "Reconfiguring",
		[XenbusStateReconfigured] = "Reconfigured",
	};

	return (unsigned int)state < STATES ? names[state] : "INVALID";
}
EXPORT_SYMBOL_GPL(pvio_state_name);

enum xenbus_state pvio_state_sane(u32 value)
{
	return value < STATES ? (enum xenbus_state)value : XenbusStateUnknown;
}
EXPORT_SYMBOL_GPL(pvio_state_sane);
