// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The suite's own table (xenbus/state.c), for handshake.pml to ask.
 */
#include "xenbus/state.h"

/**
 * model_step() - one step of the handshake
 * @role: enum pvio_role
 * @cause: enum pvio_cause
 * @mine: own state
 * @seen: peer's state when last looked
 * @peer: peer's state
 * @flags: shared, linked, ready, online, stale, from the lowest bit on
 * Return: the next state in the lowest octet, the action in the one above, and
 *	above that whether the state is to be written although it stays.
 */
int model_step(int role, int cause, int mine, int seen, int peer, int flags)
{
	const struct pvio_view view = {
		.role = role,
		.cause = cause,
		.mine = mine,
		.seen = seen,
		.peer = peer,
		.shared = flags & 1,
		.linked = flags & 2,
		.ready = flags & 4,
	};
	struct pvio_view asked = view;
	bool asks = pvio_state_asks_online(&view);
	struct pvio_step step;

	asked.online = asks && (flags & 8);
	asked.leaving = asks && !(flags & 8);
	asked.stale = pvio_state_asks_rings(&view) && (flags & 16);
	step = pvio_state_step(&asked);
	return step.repeat << 16 | step.action << 8 | step.next;
}
