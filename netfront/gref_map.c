// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Static grants: have the backend keep pages mapped, as many as the load needs.
 *
 * The answer to each request comes by the control ring's event, which queues the
 * work again; so neither the engine nor a setting of ethtool waits for any of
 * this for longer than one request takes.  Between them rtnl is not held.
 */
#include "gref_map.h"

#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>

#include "ctrl.h"
#include "gref_pool.h"
#include "netdev.h"
#include "params.h"
#include "queue.h"
#include "xenbus/device.h"

/* When to see what is not needed any more. */
#define LOOK_DELAY	HZ
/* When to try again what failed for want of memory, references or a turn. */
#define RETRY_DELAY	HZ
/* When an operator hears that the backend does not answer. */
#define PATIENCE	(10 * HZ)

/* Of a backend's table a third at most is for what is sent. */
static void share_out(struct pvio_nf_gref_map *m, u32 size)
{
	struct pvio_nf_queue *q = m->queue;
	unsigned int most = READ_ONCE(pvio_nf_params.static_grants);
	u32 send;

	size = min_t(u32, size, 2 * PVIO_NF_STATIC_MAX);
	send = min3(size / 3, most, (u32)PVIO_NF_TX_SLOTS);
	pvio_nf_gref_pool_start(&q->tx.stages.pool, q->nf->pdev, send);
	pvio_nf_gref_pool_start(&q->rx.fixed, q->nf->pdev,
				min(size - send, most));
}

/* Sooner than planned, or as planned already. */
static void plan_next(struct pvio_nf *nf, unsigned long delay)
{
	queue_delayed_work(system_freezable_wq, &nf->gref_map.work, delay);
}

static void plan_now(struct pvio_nf *nf)
{
	if (READ_ONCE(nf->gref_map.running))
		mod_delayed_work(system_freezable_wq, &nf->gref_map.work, 0);
}

/* From the control ring's event. */
static void nf_gref_map_heard(struct pvio_nf *nf,
			      const struct xen_netif_ctrl_response *rsp)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;

	m->status = rsp->status;
	m->data = rsp->data;
	/* What it says before that it is there. */
	smp_store_release(&m->answered, true);
	plan_now(nf);
}

/* The silence is noticed when no answer has come before. */
static bool ask_about(struct pvio_nf *nf, struct pvio_nf_queue *q, u16 type,
		      u16 nr)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;
	const struct xen_netif_ctrl_request req = {
		.type = type,
		.data = { q->index, nr ? nf->ctrl.ref[PVIO_NF_CTRL_GREFS] : 0,
			  nr },
	};

	ASSERT_RTNL();
	m->queue = q;
	m->answered = false;
	m->since = jiffies;
	m->type = type;
	if (pvio_nf_ctrl_send(nf, &req, 1, nf_gref_map_heard))
		m->type = 0;
	return m->type;
}

/* Say something about the batch or the choice.  False: not now. */
static bool tell_pages(struct pvio_nf *nf, struct pvio_nf_queue *q,
		       struct pvio_nf_gref_pool *pool, u16 type)
{
	const bool add = type == PVIO_NETCTRL_ADD_GREF_MAPPING;
	struct pvio_netctrl_gref *list;
	bool told = false;
	unsigned int nr;

	rtnl_lock();
	list = pvio_nf_ctrl_page(nf, PVIO_NF_CTRL_GREFS);
	if (list) {
		nr = pvio_nf_gref_pool_list(pool, list, add);
		nf->gref_map.pool = pool;
		told = ask_about(nf, q, type, nr);
	}
	rtnl_unlock();
	return told;
}

static void with_lock(struct pvio_nf_queue *q, struct pvio_nf_gref_pool *pool,
		      void (*act)(struct pvio_nf_gref_pool *pool))
{
	if (pool == &q->rx.fixed) {
		spin_lock_bh(&q->rx.lock);
		act(pool);
		spin_unlock_bh(&q->rx.lock);
		return;
	}
	__netif_tx_lock_bh(q->txq);
	act(pool);
	__netif_tx_unlock_bh(q->txq);
}

static void postpone(struct pvio_nf_gref_pool *pool)
{
	WRITE_ONCE(pool->again, jiffies + RETRY_DELAY);
}

/* Pages that are there already, wherever they are just now. */
static bool tell_choice(struct pvio_nf *nf, struct pvio_nf_queue *q,
			struct pvio_nf_gref_pool *pool, u16 type)
{
	if (tell_pages(nf, q, pool, type))
		return true;
	pool->told = 0;
	postpone(pool);
	return false;
}

static bool grow_pool(struct pvio_nf *nf, struct pvio_nf_queue *q,
		      struct pvio_nf_gref_pool *pool)
{
	bool asked;

	if (!pool->asked) {
		rtnl_lock();
		asked = ask_about(nf, q, PVIO_NETCTRL_GET_GREF_MAPPING_SIZE, 0);
		rtnl_unlock();
		if (asked)
			return true;
	}
	/* It is wanted again when more slots have gone without. */
	WRITE_ONCE(pool->wanted, false);
	pool->cool = false;
	if (pool->max && pvio_nf_gref_pool_warm(pool))
		return tell_choice(nf, q, pool, PVIO_NETCTRL_ADD_GREF_MAPPING);
	if (!pool->asked || !pvio_nf_gref_pool_make(pool)) {
		postpone(pool);
		return false;
	}
	if (tell_pages(nf, q, pool, PVIO_NETCTRL_ADD_GREF_MAPPING))
		return true;
	postpone(pool);
	/* Nobody has heard of them. */
	if (pvio_nf_gref_pool_free(pool))
		pvio_nf_gref_pool_abandon(pool);
	return false;
}

static bool shrink_pool(struct pvio_nf *nf, struct pvio_nf_queue *q,
			struct pvio_nf_gref_pool *pool)
{
	with_lock(q, pool, pvio_nf_gref_pool_part);
	if (!pool->nr_batch)
		return false;
	if (tell_pages(nf, q, pool, PVIO_NETCTRL_DEL_GREF_MAPPING))
		return true;
	with_lock(q, pool, pvio_nf_gref_pool_join);
	pool->spare = 0;
	return false;
}

static bool cool_pool(struct pvio_nf *nf, struct pvio_nf_queue *q,
		      struct pvio_nf_gref_pool *pool)
{
	if (pvio_nf_gref_pool_chill(pool))
		return tell_choice(nf, q, pool, PVIO_NETCTRL_DEL_GREF_MAPPING);
	pool->cool = false;
	return false;
}

/* True when something was asked. */
static bool serve_pool(struct pvio_nf *nf, struct pvio_nf_queue *q,
		       struct pvio_nf_gref_pool *pool)
{
	if (READ_ONCE(pool->wanted) && grow_pool(nf, q, pool))
		return true;
	if (pool->spare && shrink_pool(nf, q, pool))
		return true;
	return pool->cool && cool_pool(nf, q, pool);
}

static bool serve_pools(struct pvio_nf *nf)
{
	struct pvio_nf_queue *q;

	for (q = nf->queues; q < nf->queues + nf->nr_queues; q++)
		if (serve_pool(nf, q, &q->tx.stages.pool) ||
		    serve_pool(nf, q, &q->rx.fixed))
			return true;
	return false;
}

static void note_refusal(struct pvio_nf *nf)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;

	if (!m->refused)
		pvio_warn(nf->pdev, "backend refuses to keep pages mapped (status %u); they are granted one by one",
			  m->status);
	m->refused = true;
}

/* Without an error: a backend that does not know of it is like most. */
static void take_size(struct pvio_nf *nf)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;

	share_out(m, m->status == XEN_NETIF_CTRL_STATUS_SUCCESS ? m->data : 0);
}

/* What a backend maps that says it does not is none of ours any more. */
static void finish_add(struct pvio_nf *nf)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;
	struct pvio_nf_gref_pool *pool = m->pool;

	if (m->status == XEN_NETIF_CTRL_STATUS_SUCCESS) {
		with_lock(m->queue, pool, pool->told ? pvio_nf_gref_pool_warmed :
						       pvio_nf_gref_pool_join);
		return;
	}
	note_refusal(nf);
	pool->told = 0;
	pool->max = 0;
	if (pvio_nf_gref_pool_free(pool))
		pvio_nf_gref_pool_abandon(pool);
}

static void finish_del(struct pvio_nf *nf)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;
	struct pvio_nf_gref_pool *pool = m->pool;
	unsigned int nr = pool->nr_batch;

	if (pool->told) {
		pool->sticky |= m->status != XEN_NETIF_CTRL_STATUS_SUCCESS;
		with_lock(m->queue, pool, pvio_nf_gref_pool_chilled);
		return;
	}
	pool->sticky = pvio_nf_gref_pool_free(pool) == nr;
	if (pool->sticky) {
		pool->spare = 0;
		pool->cool = false;
	}
	if (pool->nr_batch)
		with_lock(m->queue, pool, pvio_nf_gref_pool_join);
}

static void take_word(struct pvio_nf *nf)
{
	switch (nf->gref_map.type) {
	case PVIO_NETCTRL_GET_GREF_MAPPING_SIZE:
		take_size(nf);
		break;
	case PVIO_NETCTRL_ADD_GREF_MAPPING:
		finish_add(nf);
		break;
	case PVIO_NETCTRL_DEL_GREF_MAPPING:
		finish_del(nf);
		break;
	}
	nf->gref_map.type = 0;
}

/* What only waits on a ring, and is not mapped, costs nothing. */
static bool is_busy(const struct pvio_nf_gref_pool *pool)
{
	return pool->mapped || pool->nr_idle || pool->nr_lent;
}

/* Pages that came back without anybody noticing are noticed until the next. */
static bool look_around(struct pvio_nf *nf)
{
	struct pvio_nf_queue *q;
	bool some = false;

	for (q = nf->queues; q < nf->queues + nf->nr_queues; q++) {
		if (!is_busy(&q->tx.stages.pool) && !is_busy(&q->rx.fixed))
			continue;
		some = true;
		with_lock(q, &q->tx.stages.pool, pvio_nf_gref_pool_look);
		with_lock(q, &q->rx.fixed, pvio_nf_gref_pool_look);
		local_bh_disable();
		napi_schedule(&q->napi);
		local_bh_enable();
	}
	nf->gref_map.looked = jiffies;
	return some;
}

/* True: nothing is asked any more. */
static bool may_ask(struct pvio_nf *nf)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;

	if (!m->type)
		return true;
	/* Pairs with nf_gref_map_heard(). */
	if (smp_load_acquire(&m->answered)) {
		take_word(nf);
		return true;
	}
	if (!m->warned && time_after_eq(jiffies, m->since + PATIENCE)) {
		m->warned = true;
		pvio_warn(nf->pdev, "backend does not answer what it was asked about static grants");
	}
	return false;
}

static void nf_gref_map_work(struct work_struct *work)
{
	struct pvio_nf *nf = container_of(to_delayed_work(work), struct pvio_nf,
					  gref_map.work);
	struct pvio_nf_gref_map *m = &nf->gref_map;
	bool again = true;

	if (!READ_ONCE(m->running) || pvio_device_broken(nf->pdev))
		return;
	if (may_ask(nf)) {
		if (time_after_eq(jiffies, m->looked + LOOK_DELAY))
			again = look_around(nf);
		again |= serve_pools(nf);
	}
	if (again)
		plan_next(nf, m->type ? PATIENCE : LOOK_DELAY);
}

void pvio_nf_gref_map_init(struct pvio_nf *nf)
{
	/* A CPU that sleeps is woken: what is mapped would be so all the while. */
	INIT_DELAYED_WORK(&nf->gref_map.work, nf_gref_map_work);
}

void pvio_nf_gref_map_run(struct pvio_nf *nf)
{
	struct pvio_nf_gref_map *m = &nf->gref_map;

	m->type = 0;
	m->warned = false;
	m->refused = false;
	m->looked = jiffies;
	WRITE_ONCE(m->running, nf->ctrl.open &&
		   READ_ONCE(pvio_nf_params.static_grants));
}

void pvio_nf_gref_map_halt(struct pvio_nf *nf)
{
	WRITE_ONCE(nf->gref_map.running, false);
	cancel_delayed_work_sync(&nf->gref_map.work);
}

/*
 * Fewer than so many in a second are not worth a request.  With interrupts off it
 * may be the console over the network that sends.
 */
void pvio_nf_gref_map_miss(struct pvio_nf *nf, struct pvio_nf_gref_pool *pool)
{
	unsigned long slow = pool->slow;

	pool->missed = 0;
	pool->slow = jiffies;
	if (time_after(jiffies, slow + LOOK_DELAY) || irqs_disabled() ||
	    !READ_ONCE(nf->gref_map.running) || pool->wanted ||
	    pvio_nf_gref_pool_full(pool) ||
	    time_before(jiffies, READ_ONCE(pool->again)))
		return;
	WRITE_ONCE(pool->wanted, true);
	plan_now(nf);
}
