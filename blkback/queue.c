// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Queues: start, run, halt, stop, and the worker's loop.
 *
 * Per event: one wake-up of the worker; neither interrupt nor wake-up where it
 * waits in the hypervisor (xenbus/halt.h).  It looks at the ring once for each
 * batch, which also asks for the next event, and waits when a last look finds
 * nothing.  The worker is a thread of its own, named like the disk, so that it
 * can be given a priority and a control group.
 */
#include "queue.h"

#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "xenbus/device.h"
#include "xenbus/resource.h"

#include "backing.h"
#include "complete.h"
#include "discard.h"
#include "io.h"
#include "keys.h"
#include "params.h"
#include "request.h"
#include "stats.h"
#include "vbd.h"

/* Between looks for unused pages. */
#define TICK		(8 * HZ)

/* Between two looks for the end of a grace period. */
#define GRACE_MS	5

static irqreturn_t bb_queue_event(int irq, void *arg)
{
	struct pvio_bb_queue *q = arg;

	pvio_halt_event(&q->waits, READ_ONCE(pvio_bb_params.halt_us));
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

/* In one part, unless it is short of what earlier parts give back. */
static void run_batch(struct pvio_bb_queue *q)
{
	unsigned int nr = pvio_bb_request_take(q);
	unsigned int from, to;

	for (from = 0; from < nr; from = to) {
		to = pvio_bb_request_prepare(q, from, nr);
		pvio_bb_io_run(q, from, to);
	}
	if (!nr)
		pvio_bb_request_pause(q);
	q->worked = true;
	cond_resched();
}

static bool is_done_for(const struct pvio_bb_queue *q)
{
	return pvio_device_broken(q->vbd->pdev) ||
	       pvio_bb_vbd_is_stopping(q->vbd);
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
		READ_ONCE(pvio_bb_params.persistent_grant_unused_seconds);

	if (q->persistent && seconds)
		pvio_bb_persist_trim(&q->persist, seconds * HZ);
	pvio_bb_request_rest(q);
}

static bool has_work(const struct pvio_bb_queue *q)
{
	return READ_ONCE(q->flags);
}

static bool bb_queue_serve_next(void *arg)
{
	struct pvio_bb_queue *q = arg;

	pvio_event_wait(&q->event);
	return serve(q);
}

/* Returns whether there was work; else the worker goes to sleep. */
static bool halt_and_serve(struct pvio_bb_queue *q)
{
	unsigned int us = READ_ONCE(pvio_bb_params.halt_us);

	if (!us || !q->held || has_work(q) || !pvio_halt_pays(&q->waits) ||
	    !pvio_halt_wait(&q->waits, us, bb_queue_serve_next, q))
		return false;
	q->stats->halted++;
	return true;
}

static void wait_for_work(struct pvio_bb_queue *q)
{
	if (READ_ONCE(pvio_bb_params.halt_us))
		pvio_halt_measure(&q->waits);
	set_current_state(TASK_IDLE);
	if (!has_work(q))
		schedule();
	__set_current_state(TASK_RUNNING);
}

/*
 * It waits to be stopped: who does that knows then that it has left the
 * module, and that nothing keeps it from going.  The disk stays until a grace
 * period has ended.
 */
static void end(struct pvio_bb_queue *q)
{
	struct pvio_bb_vbd *vbd = q->vbd;

	rcu_read_lock();
	if (atomic_dec_and_test(&vbd->workers))
		pvio_device_look(vbd->pdev);
	rcu_read_unlock();
	set_current_state(TASK_IDLE);
	while (!kthread_should_stop()) {
		schedule();
		try_to_freeze();
		set_current_state(TASK_IDLE);
	}
	__set_current_state(TASK_RUNNING);
}

/* The event stays masked while the worker waits for the next one itself. */
static int bb_queue_work(void *arg)
{
	struct pvio_bb_queue *q = arg;

	set_freezable();
	pvio_bb_backing_wait(q->vbd);
	while (!pvio_bb_vbd_is_stopping(q->vbd)) {
		try_to_freeze();
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
	end(q);
	return 0;
}

static void trim_soon(struct pvio_bb_queue *q)
{
	pvio_bb_pages_trim(&q->pages);
	pvio_bb_request_trim(q);
	if (!READ_ONCE(q->persist.nr) && !READ_ONCE(q->room_large))
		return;
	set_bit(PVIO_BB_TRIM, &q->flags);
	wake_up_process(q->task);
}

static void plan_tick(struct pvio_bb_vbd *vbd)
{
	queue_delayed_work(pvio_bb_vbd_workqueue(), &vbd->tick,
			   round_jiffies_relative(TICK));
}

static void bb_queue_tick(struct work_struct *work)
{
	struct pvio_bb_vbd *vbd = container_of(to_delayed_work(work),
					       struct pvio_bb_vbd, tick);
	unsigned int i;

	for (i = 0; i < vbd->nr_queues; i++)
		trim_soon(&vbd->queues[i]);
	pvio_bb_vbd_look_soon(vbd);
	plan_tick(vbd);
}

void pvio_bb_queues_prepare(struct pvio_bb_vbd *vbd)
{
	init_rwsem(&vbd->barrier);
	INIT_DELAYED_WORK(&vbd->tick, bb_queue_tick);
}

static void init_queue(struct pvio_bb_queue *q, struct pvio_bb_vbd *vbd,
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

static int open_share(struct pvio_bb_vbd *vbd, unsigned int nr)
{
	const struct pvio_bb_params *params = &pvio_bb_params;

	return pvio_bb_budget_open(&vbd->share, vbd->pdev->peer_id,
				   nr * pvio_bb_request_must(),
				   READ_ONCE(params->max_buffer_pages),
				   READ_ONCE(params->max_persistent_grants));
}

static int alloc_queues(struct pvio_bb_vbd *vbd, unsigned int nr)
{
	unsigned int i;
	int err;

	err = open_share(vbd, nr);
	if (err)
		return err;
	vbd->queues = kvcalloc(nr, sizeof(*vbd->queues), GFP_KERNEL);
	if (!vbd->queues) {
		pvio_bb_budget_close(&vbd->share);
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++)
		init_queue(&vbd->queues[i], vbd, i);
	vbd->nr_queues = nr;
	vbd->in_grace = false;
	atomic_set(&vbd->workers, 0);
	WRITE_ONCE(vbd->stopping, false);
	pvio_created(PVIO_RES_QUEUE, nr);
	return 0;
}

static void free_queues(struct pvio_bb_vbd *vbd)
{
	pvio_destroyed(PVIO_RES_QUEUE, vbd->nr_queues);
	kvfree(vbd->queues);
	vbd->queues = NULL;
	vbd->nr_queues = 0;
	pvio_bb_budget_close(&vbd->share);
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

static void open_memory(struct pvio_bb_queue *q)
{
	struct pvio_bb_vbd *vbd = q->vbd;

	pvio_bb_pages_open(&q->pages, &vbd->share);
	q->persistent = vbd->persistent && vbd->share.max_maps;
	if (q->persistent)
		pvio_bb_persist_open(&q->persist, vbd->pdev, &vbd->share);
}

static int create_worker(struct pvio_bb_queue *q)
{
	struct task_struct *task;

	task = kthread_create(bb_queue_work, q, "%u.%s-%u",
			      q->vbd->pdev->peer_id, q->vbd->name, q->index);
	if (IS_ERR(task))
		return PTR_ERR(task);
	/* An event may come when the worker has ended, until it is unbound. */
	q->task = get_task_struct(task);
	atomic_inc(&q->vbd->workers);
	return 0;
}

static int bind_event(struct pvio_bb_queue *q, const struct pvio_bb_ring *ring)
{
	struct pvio_device *pdev = q->vbd->pdev;
	int err;

	q->event.handler = bb_queue_event;
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
	open_memory(q);
	err = create_worker(q);
	if (err)
		return err;
	return bind_event(q, ring);
}

int pvio_bb_queues_start(struct pvio_bb_vbd *vbd,
			 const struct pvio_bb_ring *rings, unsigned int nr)
{
	unsigned int i;
	int err;

	err = alloc_queues(vbd, nr);
	for (i = 0; i < nr && !err; i++)
		err = start_queue(&vbd->queues[i], &rings[i]);
	return err;
}

void pvio_bb_queues_run(struct pvio_bb_vbd *vbd)
{
	unsigned int i;

	for (i = 0; i < vbd->nr_queues; i++)
		wake_up_process(vbd->queues[i].task);
	plan_tick(vbd);
}

/* One that waits for pages waits no longer; one that was not begun ends, too. */
static void halt_worker(struct pvio_bb_queue *q)
{
	set_bit(PVIO_BB_STOP, &q->flags);
	clear_bit(PVIO_BB_HUNGRY, &q->flags);
	wake_up(&q->wait);
	if (q->task)
		wake_up_process(q->task);
}

void pvio_bb_queues_halt(struct pvio_bb_vbd *vbd)
{
	unsigned int i;

	lockdep_assert_held(&vbd->pdev->lock);
	if (pvio_bb_vbd_is_stopping(vbd))
		return;
	WRITE_ONCE(vbd->stopping, true);
	/* Before looking whether anything is in flight; see count_down(). */
	smp_mb();
	for (i = 0; i < vbd->nr_queues; i++)
		halt_worker(&vbd->queues[i]);
	wake_up_all(&vbd->synced);
	cancel_delayed_work_sync(&vbd->tick);
}

/* Only workers add to what is in flight. */
static bool is_in_flight(struct pvio_bb_vbd *vbd)
{
	unsigned int i;

	/* Pairs with end(): what it had added is seen. */
	if (atomic_read_acquire(&vbd->workers))
		return true;
	for (i = 0; i < vbd->nr_queues; i++)
		if (atomic_read(&vbd->queues[i].busy))
			return true;
	return false;
}

/*
 * Who has answered the last request, or ended last, or is about to schedule a
 * tasklet, may not yet have left the disk alone.
 */
static bool is_left_alone(struct pvio_bb_vbd *vbd)
{
	if (!vbd->in_grace)
		vbd->grace = start_poll_synchronize_rcu();
	vbd->in_grace = true;
	if (poll_state_synchronize_rcu(vbd->grace))
		return true;
	pvio_device_look_after(vbd->pdev, GRACE_MS);
	return false;
}

/* It has nothing to do any more but wait for this. */
static void end_worker(struct task_struct *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

/* No request is in flight and no interrupt adds one. */
static void stop_queue(struct pvio_bb_queue *q)
{
	struct pvio_device *pdev = q->vbd->pdev;

	/* 5 */
	tasklet_kill(&q->tasklet);
	pvio_event_close(&q->event);
	if (q->task)
		end_worker(q->task);
	q->task = NULL;
	/* 6 */
	pvio_bb_request_close(q);
	pvio_bb_persist_close(&q->persist);
	pvio_bb_pages_close(&q->pages);
	pvio_shared_close(pdev, &q->shared);
}

bool pvio_bb_queues_stop(struct pvio_bb_vbd *vbd)
{
	unsigned int i;

	lockdep_assert_held(&vbd->pdev->lock);
	if (!vbd->queues)
		return true;
	/* 3, 4 */
	if (is_in_flight(vbd) || !is_left_alone(vbd))
		return false;
	/* 5, 6 */
	pvio_bb_discard_close(&vbd->discards);
	for (i = 0; i < vbd->nr_queues; i++)
		stop_queue(&vbd->queues[i]);
	free_queues(vbd);
	return true;
}
