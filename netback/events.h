/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * One direction's event channel, and which of the guest's events are due.
 */
#ifndef PVIO_NETBACK_EVENTS_H
#define PVIO_NETBACK_EVENTS_H

#include <linux/types.h>

#include "xenbus/channel.h"

/**
 * struct pvio_nb_events - one direction's event channel and its balance
 * @channel: the event channel; in a queue with one for both, the receive
 *	ring's is closed and its notifications go through the transmit ring's
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
struct pvio_nb_events {
	struct pvio_event channel;
	unsigned long raised;
	bool armed;
	u8 due;
};

/* One event being handled and one pending: more cannot be outstanding. */
#define PVIO_NB_DUE_MAX	2

/**
 * pvio_nb_events_reset() - a new ring
 * @events: the direction
 *
 * It is armed, and a frontend may send one event to say hello.
 */
static inline void pvio_nb_events_reset(struct pvio_nb_events *events)
{
	events->raised = 0;
	events->armed = true;
	events->due = 1;
}

/**
 * pvio_nb_events_arm() - note that the ring was asked for an event
 * @events: the direction
 */
static inline void pvio_nb_events_arm(struct pvio_nb_events *events)
{
	events->armed = true;
}

/**
 * pvio_nb_events_met() - note that what was asked for has been offered
 * @events: the direction
 */
static inline void pvio_nb_events_met(struct pvio_nb_events *events)
{
	if (!events->armed)
		return;
	events->armed = false;
	if (events->due < PVIO_NB_DUE_MAX)
		events->due++;
}

/**
 * pvio_nb_events_take_due() - was the guest right to send an event?
 * @events: the direction
 * Return: true for each event that is due, once.
 */
static inline bool pvio_nb_events_take_due(struct pvio_nb_events *events)
{
	if (!events->due)
		return false;
	events->due--;
	return true;
}

#endif /* PVIO_NETBACK_EVENTS_H */
