// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: starting, stopping, and the worker's loop.
 *
 * Per event: one wake-up of the worker; neither interrupt nor wake-up where it
 * waits in the hypervisor (xenbus/wait.h).  It looks at the ring once for each
 * batch, which also asks for the next event, and waits when a last look finds
 * nothing.  The worker is a thread of its own, named like the disk, so that it
 * can be given a priority and a control group.
 */
#include "queue.h"

#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "xenbus/device.h"
#include "xenbus/resource.h"

#include "io.h"
#include "params.h"
#include "request.h"
#include "stats.h"
#include "vbd.h"

static irqreturn_t handle_event(int irq, void *arg)
{
	struct pvio_bb_queue *q = arg;

	pvio_wait_event(&q->waits, READ_ONCE(pvio_bb_params()->halt_us));
	set_bit(PVIO_BB_EVENT, &q->flags);
	wake_up_process(q->task);
	return IRQ_HANDLED;
}

static enum pvio_verdict arm(struct pvio_bb_queue *q)
{
	enum pvio_verdict verdict;

	spin_lock_bh(&q->lock);
	verdict = pvio_back_arm(&q->ring, 1);
	spin_unlock_bh(&q->lock);
	return verdict;
}

static void run_batch(struct pvio_bb_queue *q)
{
	unsigned int nr = pvio_bb_request_take(q);

	if (nr)
		pvio_bb_io_run(q, nr);
	else
		pvio_bb_io_pause(q);
	q->worked = true;
	cond_resched();
}

static bool is_done_for(const struct pvio_bb_queue *q)
{
	return pvio_device_broken(q->vbd->pdev) || kthread_should_stop();
}

/*
 * Serves the ring until it is empty and armed.  Every look arms it: that costs
 * one store and saves a second look, and a guest that has sent more already
 * sends no event for it.  Returns whether there was anything.
 */
static bool serve(struct pvio_bb_queue *q)
{
	enum pvio_verdict verdict = PVIO_EMPTY;
	bool again = false;

	while (!is_done_for(q) && (verdict = arm(q)) == PVIO_OK) {
		/* What comes meanwhile may raise an event, too. */
		q->raced |= again;
		run_batch(q);
		again = true;
	}
	if (unlikely(verdict == PVIO_BROKEN))
		pvio_device_fault(q->vbd->pdev,
				  "queue %u: impossible number of requests",
				  q->index);
	return again;
}

/*
 * An event that found nothing is held against the guest, unless what it was
 * sent for had been found before it came.
 */
static void finish_event(struct pvio_bb_queue *q)
{
	bool worked = q->worked || q->raced;

	if (!q->held || pvio_device_broken(q->vbd->pdev))
		return;
	q->held = false;
	if (!q->worked)
		q->raced = false;
	q->worked = false;
	q->stats->events++;
	pvio_event_done(&q->event, worked);
}

static void trim(struct pvio_bb_queue *q)
{
	unsigned int seconds =
		READ_ONCE(pvio_bb_params()->persistent_grant_unused_seconds);

	if (q->persistent && seconds)
		pvio_bb_persist_trim(&q->persist, seconds * HZ);
}

static bool has_work(const struct pvio_bb_queue *q)
{
	return READ_ONCE(q->flags) || kthread_should_stop();
}

static bool serve_next(void *arg)
{
	struct pvio_bb_queue *q = arg;

	pvio_event_wait(&q->event);
	return serve(q);
}

/* Returns whether there was work; else the worker goes to sleep. */
static bool halt_and_serve(struct pvio_bb_queue *q)
{
	unsigned int us = READ_ONCE(pvio_bb_params()->halt_us);

	if (!us || !q->held || has_work(q) || !pvio_wait_pays(&q->waits) ||
	    !pvio_wait_halt(&q->waits, us, serve_next, q))
		return false;
	q->stats->halted++;
	return true;
}

static void wait_for_work(struct pvio_bb_queue *q)
{
	if (READ_ONCE(pvio_bb_params()->halt_us))
		pvio_wait_begin(&q->waits);
	set_current_state(TASK_IDLE);
	if (!has_work(q))
		schedule();
	__set_current_state(TASK_RUNNING);
}

/* The event stays masked while the worker waits for the next one itself. */
static int work(void *arg)
{
	struct pvio_bb_queue *q = arg;

	while (!kthread_should_stop()) {
		if (test_and_clear_bit(PVIO_BB_EVENT, &q->flags))
			q->held = true;
		serve(q);
		while (halt_and_serve(q))
			;
		finish_event(q);
		if (test_and_clear_bit(PVIO_BB_TRIM, &q->flags))
			trim(q);
		wait_for_work(q);
	}
	return 0;
}

void pvio_bb_queue_trim(struct pvio_bb_queue *q)
{
	pvio_bb_pages_trim(&q->pages);
	pvio_bb_request_trim(q);
	if (!q->persistent || !READ_ONCE(q->persist.nr))
		return;
	set_bit(PVIO_BB_TRIM, &q->flags);
	wake_up_process(q->task);
}

static void init_queue(struct pvio_bb_queue *q, struct pvio_vbd *vbd,
		       unsigned int index)
{
	q->vbd = vbd;
	q->index = index;
	q->abi = vbd->abi;
	q->stats = &vbd->stats[index];
	q->in.stats = &q->stats->in;
	q->out.stats = &q->stats->out;
	q->persist.stats = q->stats;
	spin_lock_init(&q->lock);
	init_llist_head(&q->spare);
	init_llist_head(&q->done);
	tasklet_setup(&q->tasklet, pvio_bb_complete_run);
	atomic_set(&q->busy, 0);
	init_waitqueue_head(&q->wait);
}

int pvio_bb_queue_alloc(struct pvio_vbd *vbd, unsigned int nr)
{
	unsigned int i;

	vbd->queues = kvcalloc(nr, sizeof(*vbd->queues), GFP_KERNEL);
	if (!vbd->queues)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		init_queue(&vbd->queues[i], vbd, i);
	vbd->nr_queues = nr;
	pvio_created(PVIO_RES_QUEUE, nr);
	return 0;
}

void pvio_bb_queue_free(struct pvio_vbd *vbd)
{
	pvio_destroyed(PVIO_RES_QUEUE, vbd->nr_queues);
	kvfree(vbd->queues);
	vbd->queues = NULL;
	vbd->nr_queues = 0;
}

static int open_ring(struct pvio_bb_queue *q, const struct pvio_bb_ring *ring)
{
	struct pvio_device *pdev = q->vbd->pdev;
	int err;

	err = pvio_shared_map(pdev, &q->shared, ring->refs, q->vbd->ring_pages);
	if (err) {
		pvio_err(pdev, "queue %u: ring does not map (%d)", q->index,
			 err);
		return err;
	}
	err = pvio_back_attach(&q->ring, pvio_blk_ring_type(q->abi),
			       q->shared.vaddr, q->shared.bytes);
	if (err)
		pvio_err(pdev, "queue %u: ring holds too many requests",
			 q->index);
	return err;
}

static int open_memory(struct pvio_bb_queue *q)
{
	const struct pvio_bb_params *params = pvio_bb_params();
	unsigned int most = READ_ONCE(params->max_persistent_grants);
	int err;

	pvio_bb_pages_open(&q->pages, READ_ONCE(params->max_buffer_pages));
	q->scratch = alloc_page(GFP_KERNEL);
	if (!q->scratch)
		return -ENOMEM;
	pvio_created(PVIO_RES_PAGE, 1);
	if (!q->vbd->persistent || !most)
		return 0;
	err = pvio_bb_persist_open(&q->persist, q->vbd->pdev, most);
	q->persistent = !err;
	return err;
}

static int create_worker(struct pvio_bb_queue *q)
{
	struct task_struct *task;

	task = kthread_create(work, q, "%u.%s-%u", q->vbd->pdev->peer_id,
			      q->vbd->name, q->index);
	if (IS_ERR(task))
		return PTR_ERR(task);
	/* An event may come when the worker has ended, until it is unbound. */
	q->task = get_task_struct(task);
	return 0;
}

static int bind_event(struct pvio_bb_queue *q, const struct pvio_bb_ring *ring)
{
	struct pvio_device *pdev = q->vbd->pdev;
	int err;

	q->event.handler = handle_event;
	q->event.arg = q;
	snprintf(q->event.name, sizeof(q->event.name), "%s-q%u",
		 dev_name(pdev->dev), q->index);
	err = pvio_event_bind(pdev, &q->event, ring->port);
	if (err)
		pvio_err(pdev, "queue %u: event channel %u does not bind (%d)",
			 q->index, ring->port, err);
	return err;
}

static int start_queue(struct pvio_bb_queue *q, const struct pvio_bb_ring *ring)
{
	int err;

	err = open_ring(q, ring);
	if (err)
		return err;
	err = open_memory(q);
	if (err)
		return err;
	err = create_worker(q);
	if (err)
		return err;
	err = bind_event(q, ring);
	if (err)
		return err;
	wake_up_process(q->task);
	return 0;
}

int pvio_bb_queue_start(struct pvio_vbd *vbd, const struct pvio_bb_ring *rings,
			unsigned int from, unsigned int to)
{
	unsigned int i;
	int err = 0;

	for (i = from; i < to && !err; i++)
		err = start_queue(&vbd->queues[i], &rings[i]);
	return err;
}

/* Nothing is taken off the ring any more; all that was is handed over. */
static void stop_worker(struct pvio_bb_queue *q)
{
	if (q->task)
		kthread_stop(q->task);
}

static void wait_for_device(struct pvio_bb_queue *q)
{
	wait_event_idle(q->wait, !atomic_read(&q->busy));
}

/* No request is in flight and no interrupt adds one. */
static void close_queue(struct pvio_bb_queue *q)
{
	struct pvio_device *pdev = q->vbd->pdev;

	tasklet_kill(&q->tasklet);
	pvio_event_close(&q->event);
	if (q->task)
		put_task_struct(q->task);
	q->task = NULL;
	pvio_bb_request_close(q);
	pvio_bb_persist_close(&q->persist);
	pvio_bb_pages_close(&q->pages);
	if (q->scratch) {
		__free_page(q->scratch);
		pvio_destroyed(PVIO_RES_PAGE, 1);
	}
	q->scratch = NULL;
	pvio_shared_close(pdev, &q->shared);
}

void pvio_bb_queue_stop(struct pvio_vbd *vbd, unsigned int from,
			unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		stop_worker(&vbd->queues[i]);
	for (i = from; i < to; i++)
		wait_for_device(&vbd->queues[i]);
	/* pvio_bb_complete_add() may still be about to schedule a tasklet. */
	synchronize_rcu();
	for (i = from; i < to; i++)
		close_queue(&vbd->queues[i]);
}
