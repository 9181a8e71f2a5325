// SPDX-License-Identifier: GPL-2.0-only
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
 * Where the next sender is likely to wait for its answer itself (xenbus/wait.h),
 * the event is held: not done, so it stays masked.  The sender waits and takes
 * the answers; or it does not wait, and releases the event.
 *
 * Cost per batch of answers: one interrupt, one tasklet, and the hypercall that
 * unmasks the event.  Who waits takes neither interrupt nor tasklet.
 */
#include "events.h"

#include <linux/blk-mq.h>
#include <linux/lockdep.h>
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

bool pvio_bf_events_plan(struct pvio_bf_queue *q, const struct request *rq)
{
	lockdep_assert_held(&q->lock);
	if (q->polled)
		return false;
	pvio_wait_sent(&q->waits);
	if (q->ids.free + 1 < q->ids.nr || !READ_ONCE(pvio_bf_params.halt_us)) {
		pvio_wait_spoil(&q->waits);
		return false;
	}
	if (!q->held || q->awaited || !sender_waits(rq) ||
	    !pvio_wait_pays(&q->waits)) {
		pvio_wait_begin(&q->waits);
		return false;
	}
	q->awaited = true;
	q->stats->halted++;
	return true;
}

static void end_event(struct pvio_bf_queue *q, bool worked)
{
	q->stats->events++;
	pvio_event_done(&q->event, worked);
}

/* Where the next sender is likely to wait for its answer itself. */
static bool hold(struct pvio_bf_queue *q)
{
	if (likely(!pvio_wait_likely(&q->waits)) ||
	    !READ_ONCE(pvio_bf_params.halt_us))
		return false;
	spin_lock_bh(&q->lock);
	q->held = pvio_idpool_unused(&q->ids);
	spin_unlock_bh(&q->lock);
	return q->held;
}

bool pvio_bf_events_unhold(struct pvio_bf_queue *q)
{
	lockdep_assert_held(&q->lock);
	if (likely(!q->held) || q->awaited)
		return false;
	q->held = false;
	return true;
}

void pvio_bf_events_release(struct pvio_bf_queue *q)
{
	if (!pvio_device_broken(q->vbd->pdev))
		end_event(q, true);
}

static bool bf_events_take_next(void *arg)
{
	struct pvio_bf_queue *q = arg;

	pvio_event_wait(&q->event);
	pvio_bf_complete_poll(q);
	return pvio_idpool_unused(&q->ids);
}

void pvio_bf_events_wait(struct pvio_bf_queue *q)
{
	bool release;

	pvio_wait_halt(&q->waits, READ_ONCE(pvio_bf_params.halt_us),
		       bf_events_take_next,
		       q);
	spin_lock_bh(&q->lock);
	q->awaited = false;
	release = !pvio_idpool_unused(&q->ids) && pvio_bf_events_unhold(q);
	spin_unlock_bh(&q->lock);
	if (release)
		pvio_bf_events_release(q);
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
	if (likely(sound) && !(worked && hold(q)))
		end_event(q, worked);
}

irqreturn_t pvio_bf_events_handle(int irq, void *arg)
{
	struct pvio_bf_queue *q = arg;

	pvio_wait_event(&q->waits, READ_ONCE(pvio_bf_params.halt_us));
	tasklet_schedule(&q->answers);
	return IRQ_HANDLED;
}
