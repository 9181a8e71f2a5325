/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Waiting for an event in the hypervisor instead of in the kernel's idle loop.
 *
 * Who has nothing to do until the peer's next event gives up the CPU; the
 * kernel finds nobody else, goes idle, stops the tick and gives the CPU to the
 * hypervisor; the event undoes all of that.  With one request at a time that
 * is a third of all instructions.  Here the waiter leaves the last event masked,
 * has the hypervisor block the CPU until the next one (SCHEDOP_poll), and goes on
 * where it was, without an interrupt.  It burns nothing: the virtual CPU is
 * blocked, any other interrupt ends the wait, and so does anybody else who wants
 * to run.  The kernel counts the time as the waiter's, though, so who has a
 * budget or a quota does not wait.
 *
 * That pays only where the CPU would go idle and the event comes soon.  So it
 * begins after a number of waits in a row that were so, is given up after one
 * that was not, and makes room for an ordinary wait now and then, to see whether
 * it is still so.
 */
#ifndef PVIO_XENBUS_HALT_H
#define PVIO_XENBUS_HALT_H

#include <linux/minmax.h>
#include <linux/types.h>

/* Short waits in a row before the first in the hypervisor. */
#define PVIO_HALT_ENOUGH	8
/* Waits in the hypervisor between two ordinary ones. */
#define PVIO_HALT_ROUND		32
/* Short waits that make up for one in the hypervisor that was long. */
#define PVIO_HALT_PENALTY	64

/**
 * struct pvio_halt - what is known about a queue's waits
 * @since: when an ordinary wait began, in nanoseconds; 0: none to be judged
 * @streak: short waits in a row on an idle CPU; negative: what a long one costs
 * @cpu: where the last event was handled
 *
 * Written by the waiter and by the handler of its events, without a lock: a
 * wrong guess costs one wait of the other kind.
 */
struct pvio_halt {
	u64 since;
	int streak;
	unsigned int cpu;
};

/**
 * pvio_halt_measure() - an ordinary wait begins, its event will judge it
 * @w: the queue's waits
 * Context: any.
 */
void pvio_halt_measure(struct pvio_halt *w);

/**
 * pvio_halt_judge() - an ordinary wait has ended
 * @w: the queue's waits
 * @good: it was short, and the CPU idle
 * Context: any.
 */
static inline void pvio_halt_judge(struct pvio_halt *w, bool good)
{
	w->since = 0;
	w->streak = good ? min(w->streak + 1, PVIO_HALT_ENOUGH) :
			   min(w->streak, 0);
}

/**
 * pvio_halt_spoil() - somebody did not wait for the event after all
 * @w: the queue's waits
 * Context: any.
 */
static inline void pvio_halt_spoil(struct pvio_halt *w)
{
	pvio_halt_judge(w, false);
}

/**
 * pvio_halt_ended() - a wait in the hypervisor has ended
 * @w: the queue's waits
 * @good: what was waited for came
 * Context: any.
 */
static inline void pvio_halt_ended(struct pvio_halt *w, bool good)
{
	if (!good)
		w->streak = -PVIO_HALT_PENALTY;
	else if (++w->streak >= PVIO_HALT_ENOUGH + PVIO_HALT_ROUND)
		w->streak = PVIO_HALT_ENOUGH - 1;
}

/**
 * pvio_halt_event() - an event came
 * @w: the queue's waits
 * @us: microseconds that a short wait takes at most
 * Context: the event's handler, hard interrupt.
 */
void pvio_halt_event(struct pvio_halt *w, unsigned int us);

/**
 * pvio_halt_sent() - a request is sent
 * @w: the queue's waits
 *
 * Who sends to one queue and then to another, may have had more to send when it
 * waited, and does so no more.
 * Context: the sender, preemption off.
 */
void pvio_halt_sent(struct pvio_halt *w);

/**
 * pvio_halt_likely() - is the next wait one in the hypervisor, if it may be?
 * @w: the queue's waits
 * Context: any.
 */
static inline bool pvio_halt_likely(const struct pvio_halt *w)
{
	return READ_ONCE(w->streak) >= PVIO_HALT_ENOUGH;
}

/**
 * pvio_halt_pays() - is it time to wait in the hypervisor?
 * @w: the queue's waits
 * Context: the waiter, process context.
 */
bool pvio_halt_pays(const struct pvio_halt *w);

/**
 * pvio_halt_wait() - wait in the hypervisor
 * @w: the queue's waits
 * @us: microseconds to wait about, a tick of the timer more at most
 * @next: gives up the CPU once, by pvio_event_wait(), and looks: is there what is
 *	waited for?
 * @arg: for @next
 *
 * Context: process context with interrupts on, no spinlock held; may sleep if
 * @next may.
 * Return: what @next said last; if false, wait as usual.
 */
bool pvio_halt_wait(struct pvio_halt *w, unsigned int us,
		    bool (*next)(void *arg), void *arg);

#endif /* PVIO_XENBUS_HALT_H */
