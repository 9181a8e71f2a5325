// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A queue's events, and doing without them.
 *
 * A polled queue asks for no events: who waits for an answer takes it, and
 * every other answer there is, out of the ring.  An event of such a queue is for
 * nothing, and must be: a polled bio does not end in an interrupt.
 *
 * An event leads to the queue's tasklet, which takes all answers there are,
 * then asks for the next event.  A tasklet and not the hard interrupt, since
 * data may have to be copied and the block layer run; and not a thread, since
 * waking one costs more than all of this.
 *
 * Where the next sender is likely to wait for its answer itself (xenbus/halt.h),
 * the event is held: not done, so it stays masked.  The sender waits and takes
 * the answers; or it does not wait, and does the event.
 *
 *            answers taken, a wait likely      it waits
 *   EVENT -----------------------------> SENDER -----> WAITER
 *     ^ ^            it does not wait     |  ^           |  |
 *     | +---------------------------------+  +-----------+  |
 *     |                                      all answered   |
 *     +-----------------------------------------------------+
 *                        something is not
 *
 * Cost per batch of answers: one interrupt, one tasklet, and the hypercall that
 * unmasks the event.  Who waits takes neither interrupt nor tasklet.
 */
#include "events.h"

#include <linux/blk-mq.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "compat/blk.h"
#include "complete.h"
#include "params.h"
#include "queue.h"
#include "stats.h"
#include "vbd.h"
#include "xenbus/device.h"

/*
 * Nothing more to send, as far as one can see: a disk above this one, striped or
 * mirrored, may have put by what is for others.
 */
static bool is_last(void)
{
	const struct bio_list *bios = current->bio_list;
	const struct blk_plug *plug = current->plug;

	return (!bios || (bio_list_empty(&bios[0]) &&
			  bio_list_empty(&bios[1]))) &&
	       (!plug || (pvio_blk_plug_empty(plug) &&
			  list_empty(&plug->cb_list)));
}

/* Only who will wait for the answer anyway, and no thread that others need. */
static bool sender_waits(const struct request *rq)
{
	return op_is_sync(rq->cmd_flags) &&
	       !(rq->cmd_flags & (REQ_NOWAIT | REQ_RAHEAD)) &&
	       !(current->flags & PF_KTHREAD) && is_last();
}

static void end_event(struct pvio_bf_queue *q, bool worked)
{
	q->stats->events++;
	pvio_event_done(&q->event, worked);
}

/*
 * The one place where it changes who takes the next answers.  Returns whether
 * that is an event again, so that the last one is to be done, without the lock.
 */
static bool hand_to(struct pvio_bf_queue *q, enum pvio_bf_taker taker)
{
	lockdep_assert_held(&q->lock);
	q->taker = taker;
	return taker == PVIO_BF_TAKER_EVENT;
}

/* To the next sender, where it is likely to wait for its answer itself. */
static bool hand_to_sender(struct pvio_bf_queue *q)
{
	bool idle;

	if (likely(!pvio_halt_likely(&q->waits)) ||
	    !READ_ONCE(pvio_bf_params.halt_us))
		return false;
	spin_lock_bh(&q->lock);
	idle = pvio_idpool_unused(&q->ids);
	if (idle)
		hand_to(q, PVIO_BF_TAKER_SENDER);
	spin_unlock_bh(&q->lock);
	return idle;
}

/* Returns whether the sender of the only request waits here for its answer. */
static bool plan_wait(struct pvio_bf_queue *q, const struct request *rq)
{
	if (q->polled)
		return false;
	pvio_halt_sent(&q->waits);
	if (q->ids.free + 1 < q->ids.nr || !READ_ONCE(pvio_bf_params.halt_us)) {
		pvio_halt_spoil(&q->waits);
		return false;
	}
	if (q->taker == PVIO_BF_TAKER_SENDER && sender_waits(rq) &&
	    pvio_halt_pays(&q->waits))
		return true;
	pvio_halt_measure(&q->waits);
	return false;
}

enum pvio_bf_duty pvio_bf_events_sent(struct pvio_bf_queue *q,
				      const struct request *rq, bool last)
{
	bool wait = last && plan_wait(q, rq);

	if (likely(q->taker != PVIO_BF_TAKER_SENDER))
		return PVIO_BF_DUTY_NONE;
	if (!wait) {
		hand_to(q, PVIO_BF_TAKER_EVENT);
		return PVIO_BF_DUTY_DONE;
	}
	hand_to(q, PVIO_BF_TAKER_WAITER);
	q->stats->halted++;
	/* Others' answers must not wait for a sender that was put aside. */
	preempt_disable();
	return PVIO_BF_DUTY_WAIT;
}

static bool bf_events_take_next(void *arg)
{
	struct pvio_bf_queue *q = arg;

	pvio_event_wait(&q->event);
	pvio_bf_complete_poll(q);
	return pvio_idpool_unused(&q->ids);
}

/*
 * Until there are no answers to come, or it takes too long.  Returns whether
 * events are to come again.
 */
static bool wait_here(struct pvio_bf_queue *q)
{
	bool done;

	pvio_halt_wait(&q->waits, READ_ONCE(pvio_bf_params.halt_us),
		       bf_events_take_next, q);
	spin_lock_bh(&q->lock);
	done = hand_to(q, pvio_idpool_unused(&q->ids) ? PVIO_BF_TAKER_SENDER :
							PVIO_BF_TAKER_EVENT);
	spin_unlock_bh(&q->lock);
	return done;
}

void pvio_bf_events_follow(struct pvio_bf_queue *q, enum pvio_bf_duty duty)
{
	bool wait = duty == PVIO_BF_DUTY_WAIT;
	bool done = !wait || wait_here(q);

	if (done && !pvio_device_broken(q->vbd->pdev))
		end_event(q, true);
	if (wait)
		preempt_enable();
}

void pvio_bf_events_answers(struct tasklet_struct *t)
{
	struct pvio_bf_queue *q = container_of(t, struct pvio_bf_queue,
					       answers);
	bool worked, sound;

	if (unlikely(READ_ONCE(q->stopped)))
		return;
	if (unlikely(q->polled)) {
		end_event(q, false);
		return;
	}
	sound = pvio_bf_complete_take(q, &worked);
	/* Otherwise the event stays masked. */
	if (likely(sound) && !(worked && hand_to_sender(q)))
		end_event(q, worked);
}

irqreturn_t pvio_bf_events_handle(int irq, void *arg)
{
	struct pvio_bf_queue *q = arg;

	pvio_halt_event(&q->waits, READ_ONCE(pvio_bf_params.halt_us));
	tasklet_schedule(&q->answers);
	return IRQ_HANDLED;
}
