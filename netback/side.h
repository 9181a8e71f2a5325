/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One direction's event channel, and which of the guest's events are due.
 */
#ifndef PVIO_NETBACK_SIDE_H
#define PVIO_NETBACK_SIDE_H

#include <linux/types.h>

#include "xenbus/channel.h"

/**
 * struct pvio_nb_side - one direction's event channel and its balance
 * @event: the channel; in a queue with one for both, that of the rx side is
 *	closed and its notifications go through the tx side's
 * @raised: bit 0: an event awaits pvio_event_done(); set by the handler
 * @armed: the ring was asked for an event and that was not accounted for yet;
 *	owner of the ring
 * @due: events that the guest was right to send and that were not yet
 *	accounted for, 0 to PVIO_NB_DUE_MAX; owner of the ring
 *
 * A guest may send one event for each time we ask for one and it then offers
 * what we asked for.  @due counts those, so that an event that comes late,
 * when polling has already found its cause, is not held against the guest.
 */
struct pvio_nb_side {
	struct pvio_event event;
	unsigned long raised;
	bool armed;
	u8 due;
};

/* One event being handled and one pending: more cannot be outstanding. */
#define PVIO_NB_DUE_MAX	2

/**
 * pvio_nb_side_reset() - a new ring
 * @side: the direction
 *
 * It is armed, and a frontend may send one event to say hello.
 */
static inline void pvio_nb_side_reset(struct pvio_nb_side *side)
{
	side->raised = 0;
	side->armed = true;
	side->due = 1;
}

/**
 * pvio_nb_side_arm() - note that the ring was asked for an event
 * @side: the direction
 */
static inline void pvio_nb_side_arm(struct pvio_nb_side *side)
{
	side->armed = true;
}

/**
 * pvio_nb_side_met() - note that what was asked for has been offered
 * @side: the direction
 */
static inline void pvio_nb_side_met(struct pvio_nb_side *side)
{
	if (!side->armed)
		return;
	side->armed = false;
	if (side->due < PVIO_NB_DUE_MAX)
		side->due++;
}

/**
 * pvio_nb_side_take_due() - was the guest right to send an event?
 * @side: the direction
 * Return: true for each event that is due, once.
 */
static inline bool pvio_nb_side_take_due(struct pvio_nb_side *side)
{
	if (!side->due)
		return false;
	side->due--;
	return true;
}

#endif /* PVIO_NETBACK_SIDE_H */
