// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Queues: start, fill, stop.  Between these requests run, and are halted, in
 * link.c.  Nothing here is on the data path.
 */
#include "queue.h"

#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/slab.h>

#include "complete.h"
#include "events.h"
#include "params.h"
#include "ring/blkif.h"
#include "stats.h"
#include "vbd.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/*
 * Grants of a queue under load.  An in-tree backend keeps 1056 pages mapped for
 * a queue and starts to unmap beyond that; and a guest has 32768 references for
 * everything.
 */
#define GRANTS_PER_QUEUE	1056
#define GRANTS_PER_DISK		(4 * GRANTS_PER_QUEUE)

/* Of a disk that is idle: for each queue a request and a page to spare. */
#define KEPT_PER_QUEUE		(PVIO_BLK_DIRECT_MAX + 1)
#define KEPT_PER_DISK		(4 * KEPT_PER_QUEUE)

static int alloc_queues(struct pvio_bf_vbd *vbd, unsigned int nr)
{
	struct pvio_bf_queue *queues = kcalloc(nr, sizeof(*queues), GFP_KERNEL);
	unsigned int i;

	if (!queues)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		queues[i].vbd = vbd;
		queues[i].index = i;
		queues[i].stats = &vbd->stats[i];
		queues[i].polled = i >= vbd->first_polled;
		spin_lock_init(&queues[i].lock);
		tasklet_setup(&queues[i].answers, pvio_bf_events_answers);
	}
	mutex_lock(&vbd->link_lock);
	vbd->queues = queues;
	vbd->nr_queues = nr;
	mutex_unlock(&vbd->link_lock);
	pvio_created(PVIO_RES_QUEUE, nr);
	return 0;
}

static void free_queues(struct pvio_bf_vbd *vbd)
{
	struct pvio_bf_queue *queues = vbd->queues;
	unsigned int nr = vbd->nr_queues;

	mutex_lock(&vbd->link_lock);
	vbd->queues = NULL;
	vbd->nr_queues = 0;
	mutex_unlock(&vbd->link_lock);
	kfree(queues);
	pvio_destroyed(PVIO_RES_QUEUE, nr);
}

unsigned int pvio_bf_queues_polled(const struct pvio_bf_vbd *vbd)
{
	return vbd->nr_queues - min(vbd->nr_queues, vbd->first_polled);
}

static int open_ids(struct pvio_bf_queue *q)
{
	q->io = kcalloc(q->ring.r.nr, sizeof(*q->io), GFP_KERNEL);
	q->id_mem = kcalloc(q->ring.r.nr, sizeof(*q->id_mem), GFP_KERNEL);
	if (!q->io || !q->id_mem)
		return -ENOMEM;
	pvio_idpool_init(&q->ids, q->id_mem, q->ring.r.nr);
	return 0;
}

static void close_ids(struct pvio_bf_queue *q)
{
	kfree(q->id_mem);
	kfree(q->io);
	q->id_mem = NULL;
	q->io = NULL;
	memset(&q->ids, 0, sizeof(q->ids));
}

static int open_event(struct pvio_bf_queue *q)
{
	struct pvio_bf_vbd *vbd = q->vbd;

	q->event.handler = pvio_bf_events_handle;
	q->event.arg = q;
	snprintf(q->event.name, sizeof(q->event.name), "%.16s-q%u",
		 vbd->place.name, q->index);
	return pvio_event_open(vbd->pdev, &q->event);
}

static int start_queue(struct pvio_bf_queue *q)
{
	struct pvio_bf_vbd *vbd = q->vbd;
	int err;

	err = pvio_shared_grant(vbd->pdev, &q->shared, 1 << vbd->ring_order);
	if (err)
		return err;
	pvio_front_init(&q->ring, pvio_blk_ring_type(PVIO_BLK_ABI_64),
			q->shared.vaddr, q->shared.bytes);
	err = open_ids(q);
	if (err)
		return err;
	return open_event(q);
}

int pvio_bf_queues_start(struct pvio_bf_vbd *vbd, unsigned int nr)
{
	unsigned int i;
	int err;

	err = alloc_queues(vbd, nr);
	for (i = 0; i < nr && !err; i++)
		err = start_queue(&vbd->queues[i]);
	return err;
}

/* The last answers count, unless the backend was caught lying. */
static void empty(struct pvio_bf_queue *q)
{
	if (!q->ids.nr || pvio_idpool_unused(&q->ids))
		return;
	pvio_bf_complete_drain(q);
	pvio_bf_complete_rest(q, PVIO_BF_FATE_AGAIN);
}

/*
 * A tasklet that runs now may still use the event channel; one that the
 * handler schedules from here on sees that it must not.
 */
static void stop_answers(struct pvio_bf_queue *q)
{
	WRITE_ONCE(q->stopped, true);
	tasklet_kill(&q->answers);
	pvio_event_close(&q->event);
	tasklet_kill(&q->answers);
}

static void stop_queue(struct pvio_bf_queue *q)
{
	/* 3 */
	stop_answers(q);
	/* 4 */
	empty(q);
	/* 5 */
	pvio_bf_pool_close(&q->pool);
	close_ids(q);
	pvio_shared_close(q->vbd->pdev, &q->shared);
}

void pvio_bf_queues_stop(struct pvio_bf_vbd *vbd)
{
	unsigned int i;

	/* No worker fails requests while they are taken out here. */
	mutex_lock(&vbd->link_lock);
	for (i = 0; i < vbd->nr_queues; i++)
		stop_queue(&vbd->queues[i]);
	mutex_unlock(&vbd->link_lock);
	/* 6 */
	free_queues(vbd);
}

static unsigned int most_grants(const struct pvio_bf_vbd *vbd)
{
	unsigned int share = min_t(unsigned int, GRANTS_PER_QUEUE,
				   GRANTS_PER_DISK / vbd->nr_queues);

	return max(share, vbd->max_segs + 1);
}

static unsigned int kept_grants(const struct pvio_bf_vbd *vbd)
{
	return clamp_t(unsigned int, KEPT_PER_DISK / vbd->nr_queues, 2,
		       KEPT_PER_QUEUE);
}

/*
 * When nothing is in flight, what is kept is in the pool: so every request gets
 * through, whatever memory and references others take, in parts where it must.
 */
int pvio_bf_queues_fill(struct pvio_bf_vbd *vbd)
{
	unsigned int kept = kept_grants(vbd);
	struct pvio_bf_pool_size size = {
		.max = most_grants(vbd),
		.ready = vbd->copy ? kept : 1,
		.bare = vbd->copy ? 0 : kept - 1,
	};
	unsigned int i;
	int err = 0;

	for (i = 0; i < vbd->nr_queues && !err; i++) {
		size.made = &vbd->queues[i].stats->made;
		err = pvio_bf_pool_open(vbd->pdev, &vbd->queues[i].pool, &size);
	}
	return err;
}

void pvio_bf_queues_drain(struct pvio_bf_vbd *vbd)
{
	unsigned int i;

	for (i = 0; i < vbd->nr_queues; i++)
		pvio_bf_pool_close(&vbd->queues[i].pool);
}

/* The CPUs whose requests go to queue @index; see pick() in request.c. */
static void find_cpus(const struct pvio_bf_vbd *vbd, unsigned int index,
		      struct cpumask *cpus)
{
	const unsigned int *map = vbd->tags.map[HCTX_TYPE_DEFAULT].mq_map;
	unsigned int cpu;

	cpumask_clear(cpus);
	for_each_online_cpu(cpu)
		if (map[cpu] % vbd->nr_queues == index)
			cpumask_set_cpu(cpu, cpus);
}

void pvio_bf_queues_spread(struct pvio_bf_vbd *vbd)
{
	cpumask_var_t cpus;
	unsigned int i;

	if (!alloc_cpumask_var(&cpus, GFP_KERNEL))
		return;
	for (i = 0; i < vbd->nr_queues; i++) {
		find_cpus(vbd, i, cpus);
		if (!cpumask_empty(cpus))
			pvio_event_spread(&vbd->queues[i].event, cpus);
	}
	free_cpumask_var(cpus);
}

/* Whoever empties it later has seen that he is to tell. */
static bool is_answered(struct pvio_bf_queue *q)
{
	bool empty;

	WRITE_ONCE(q->starved, true);
	spin_lock_bh(&q->lock);
	empty = pvio_idpool_unused(&q->ids);
	spin_unlock_bh(&q->lock);
	return empty;
}

bool pvio_bf_queues_answered(struct pvio_bf_vbd *vbd)
{
	unsigned int i;
	bool all = true;

	lockdep_assert_held(&vbd->pdev->lock);
	for (i = 0; i < vbd->nr_queues; i++)
		all &= is_answered(&vbd->queues[i]);
	return all || pvio_device_broken(vbd->pdev);
}

void pvio_bf_queues_trim(struct pvio_bf_vbd *vbd)
{
	struct pvio_bf_queue *q;

	lockdep_assert_held(&vbd->link_lock);
	for (q = vbd->queues; q < vbd->queues + vbd->nr_queues; q++) {
		spin_lock_bh(&q->lock);
		pvio_bf_pool_trim(&q->pool);
		spin_unlock_bh(&q->lock);
	}
}

void pvio_bf_queue_fail(struct pvio_bf_queue *q)
{
	lockdep_assert_held(&q->vbd->link_lock);
	if (q->ids.nr)
		pvio_bf_complete_rest(q, PVIO_BF_FATE_END);
}
