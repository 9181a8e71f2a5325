/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The handshake as a pure table: what one end does when it looks at its own
 * state, the peer's state and what has happened.  No calls, no memory, no
 * device: compiled into the module, into KUnit and into user-space tests.
 *
 * States are those of xen/interface/io/xenbus.h.
 */
#ifndef PVIO_XENBUS_STATE_H
#define PVIO_XENBUS_STATE_H

#include <linux/types.h>
#include <xen/interface/io/xenbus.h>

/**
 * enum pvio_role - which end, and how it announces itself
 * @PVIO_BACK: backend; connects when the frontend is Initialised or Connected
 * @PVIO_FRONT_EARLY: frontend that goes Connected as soon as its keys are
 *	written (network)
 * @PVIO_FRONT_LATE: frontend that goes Initialised, and Connected only after
 *	it has read what the connected backend wrote (block)
 */
enum pvio_role {
	PVIO_BACK,
	PVIO_FRONT_EARLY,
	PVIO_FRONT_LATE,
};

/**
 * enum pvio_cause - why the table is consulted
 * @PVIO_CAUSE_LOOK: the peer's state or a watched node may have changed
 * @PVIO_CAUSE_FAULT: the peer broke the protocol, or connecting failed
 * @PVIO_CAUSE_RESUME: this domain was restored, or has another backend;
 *	everything shared is gone
 */
enum pvio_cause {
	PVIO_CAUSE_LOOK,
	PVIO_CAUSE_FAULT,
	PVIO_CAUSE_RESUME,
};

/**
 * enum pvio_action - what the engine does before it writes the next state
 * @PVIO_DO_NOTHING: nothing
 * @PVIO_DO_PUBLISH: frontend: make queues, write keys
 * @PVIO_DO_CONNECT: both sides have published: start queues
 * @PVIO_DO_CHANGED: linked, and the peer announced new values (disk size, room
 *	for XDP); a backend says Reconfigured when it has them
 * @PVIO_DO_CLOSING: frontend: take no new work; the backend still holds pages
 * @PVIO_DO_DISCONNECT: stop queues, give everything shared back
 * @PVIO_DO_UNREGISTER: backend: the device is gone for good
 */
enum pvio_action {
	PVIO_DO_NOTHING,
	PVIO_DO_PUBLISH,
	PVIO_DO_CONNECT,
	PVIO_DO_CHANGED,
	PVIO_DO_CLOSING,
	PVIO_DO_DISCONNECT,
	PVIO_DO_UNREGISTER,
};

/**
 * struct pvio_view - all that a decision depends on
 * @role: which end
 * @cause: why now
 * @mine: own state as last written
 * @seen: peer's state when last looked
 * @peer: peer's state now; any number, straight from xenstore
 * @shared: queues, rings or grants exist on this side
 * @linked: connect has succeeded since they were made
 * @ready: backend: everything local that connecting needs is there; early
 *	frontend: a backend that still says InitWait may serve it all the same
 * @online: backend: the toolstack wants the device to stay; only where
 *	pvio_state_asks_online()
 * @leaving: backend: it has said that the device is to go, which is more than not to
 *	have said anything; likewise
 * @stale: backend: the frontend offers other rings by now than those connected to;
 *	only where pvio_state_asks_rings()
 */
struct pvio_view {
	enum pvio_role role;
	enum pvio_cause cause;
	enum xenbus_state mine;
	enum xenbus_state seen;
	enum xenbus_state peer;
	bool shared;
	bool linked;
	bool ready;
	bool online;
	bool leaving;
	bool stale;
};

/**
 * struct pvio_step - what to do
 * @action: to be done first
 * @next: state to write then; equal to view.mine when it stays
 * @repeat: it stays, and is to be written once more all the same where this is the
 *	first step of a look: someone else may have written in its place
 */
struct pvio_step {
	enum pvio_action action;
	enum xenbus_state next;
	bool repeat;
};

/**
 * pvio_state_step() - one step of the handshake
 * @view: the situation
 *
 * The engine applies the step and asks again until it gets
 * PVIO_DO_NOTHING with an unchanged state (or PVIO_DO_CHANGED), which at
 * most PVIO_STATE_STEPS_MAX turns bring about for any constant peer.
 */
struct pvio_step pvio_state_step(const struct pvio_view *view);

#define PVIO_STATE_STEPS_MAX	4

/**
 * pvio_state_asks_online() - does the next step depend on what the toolstack wants?
 * @view: the situation, without it (@online, @leaving)
 *
 * A peer may have us look as often as it likes, and to learn this takes a
 * request to xenstore.
 */
bool pvio_state_asks_online(const struct pvio_view *view);

/**
 * pvio_state_asks_rings() - does the next step depend on which rings are offered?
 * @view: the situation, without it (@stale)
 *
 * A frontend that begins anew may be where it was before a backend looks, and
 * of rings that it has given back no state tells.
 */
bool pvio_state_asks_rings(const struct pvio_view *view);

/**
 * pvio_state_name() - a state as people write it
 * @state: any number
 */
const char *pvio_state_name(enum xenbus_state state);

/**
 * pvio_state_sane() - a state as read from the peer, made one of the known
 * @value: any number
 * Return: @value, or XenbusStateUnknown when it is not a state.
 */
enum xenbus_state pvio_state_sane(u32 value);

#endif /* PVIO_XENBUS_STATE_H */
