// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake engine: looks at the world, asks the table in state.c what to
 * do, does it, writes the new state.  Connect, reconnect, faults, resume and
 * removal are all runs of this one loop.
 *
 * Contexts: providers call in from their watch thread, one at a time for a
 * device; faults come through pdev->work.  pdev->lock serialises them all.
 * Nothing here waits for a watch or a worker while it holds that lock.
 */
#include "device.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "door.h"
#include "engine.h"
#include "log.h"
#include "resource.h"
#include "trace.h"

/* How long a leaving frontend waits for each of the peer's two answers. */
#define FAREWELL_MS	5000
#define FAREWELL_POLL_MS	10

/* Between two tries to read what could not be read. */
#define SECOND_LOOK_MS	1000

static struct workqueue_struct *engine_wq;

/* Something could not be read, and no watch will tell when it can be. */
static void look_later(struct pvio_device *pdev)
{
	queue_delayed_work(engine_wq, &pdev->work,
			   msecs_to_jiffies(SECOND_LOOK_MS));
}

/*
 * A node that is not there means that the peer is gone.  One that holds no
 * state, or cannot be read, says nothing: the peer is where it was.
 */
static enum xenbus_state read_peer(struct pvio_device *pdev)
{
	u32 state = pvio_door()->peer_state(pdev);

	if (pvio_state_sane(state) == state)
		return state;
	if (state == PVIO_UNREAD_STATE)
		look_later(pdev);
	else
		pvio_warn(pdev, "its state is none, ignored");
	return pdev->seen ? pdev->seen : XenbusStateInitialising;
}

static void write_state(struct pvio_device *pdev, enum xenbus_state state)
{
	lockdep_assert_held(&pdev->lock);
	if (pdev->state == state)
		return;
	trace_state_change(pdev, state);
	pdev->state = state;
	pvio_door()->set_state(pdev, state);
}

/*
 * The toolstack's own word; only a backend has such a key.  What cannot be
 * read takes no device away.
 */
static bool read_online(struct pvio_device *pdev)
{
	const struct pvio_door *door = pvio_door();
	unsigned int len;
	bool online;
	char *text;

	text = door->read(0, door->path(pdev, PVIO_OWN), "online", &len);
	if (pvio_door_gone(text))
		return false;
	if (IS_ERR(text)) {
		look_later(pdev);
		return true;
	}
	online = len == 1 && *text == '1';
	kfree(text);
	return online;
}

static bool is_ready(struct pvio_device *pdev)
{
	int ready = pdev->drv->ready ? pdev->drv->ready(pdev) : 1;

	if (ready < 0)
		look_later(pdev);
	return ready > 0;
}

static void disconnect(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	if (!pdev->shared)
		return;
	pdev->drv->disconnect(pdev);
	pdev->shared = false;
	pdev->linked = false;
}

static int publish(struct pvio_device *pdev)
{
	pdev->broken = 0;
	pdev->shared = true;
	return pdev->drv->publish(pdev);
}

static int link_up(struct pvio_device *pdev)
{
	int err;

	if (pdev->drv->role == PVIO_BACK)
		pdev->broken = 0;
	pdev->shared = true;
	err = pdev->drv->connect(pdev);
	if (err)
		return err;
	pdev->linked = true;
	pdev->inherited = false;
	return 0;
}

static int act(struct pvio_device *pdev, enum pvio_action action)
{
	switch (action) {
	case PVIO_DO_PUBLISH:
		return publish(pdev);
	case PVIO_DO_CONNECT:
		return link_up(pdev);
	case PVIO_DO_CHANGED:
		if (pdev->drv->changed)
			pdev->drv->changed(pdev);
		return 0;
	case PVIO_DO_CLOSING:
		pdev->drv->closing(pdev, false);
		return 0;
	case PVIO_DO_DISCONNECT:
	case PVIO_DO_UNREGISTER:
		disconnect(pdev);
		return 0;
	case PVIO_DO_NOTHING:
		return 0;
	}
	return -EINVAL;
}

static void get_view(struct pvio_device *pdev, enum pvio_cause cause,
		     struct pvio_view *view)
{
	const struct pvio_driver *drv = pdev->drv;
	bool back = drv->role == PVIO_BACK;

	*view = (struct pvio_view){
		.role = drv->role,
		.cause = cause,
		.mine = pdev->state,
		.seen = pdev->seen,
		.peer = read_peer(pdev),
		.shared = pdev->shared,
		.linked = pdev->linked,
		.ready = is_ready(pdev),
		.online = back && read_online(pdev),
	};
	pdev->seen = view->peer;
	pdev->inherited &= view->peer == XenbusStateConnected;
}

/*
 * Publishing or connecting failed; the driver has logged why.  Everything is
 * given back and the peer told; it may try again, or has begun to while we
 * failed.  A frontend that this backend has inherited is about to do so
 * anyway, and must not be told to go.  Returns true when the peer was told.
 */
static bool give_up(struct pvio_device *pdev, int err)
{
	pvio_err(pdev, "not connected (%d)", err);
	disconnect(pdev);
	if (pdev->inherited)
		return false;
	write_state(pdev, XenbusStateClosing);
	return true;
}

/* Returns true when the device is to be unregistered. */
static bool take_steps(struct pvio_device *pdev, enum pvio_cause cause)
{
	struct pvio_view view;
	struct pvio_step step;
	int turn, err;

	for (turn = 0; turn < PVIO_STATE_STEPS_MAX; turn++) {
		get_view(pdev, cause, &view);
		step = pvio_state_step(&view);
		if (step.action == PVIO_DO_CHANGED && turn)
			break;
		cause = PVIO_CAUSE_LOOK;
		err = act(pdev, step.action);
		if (err && give_up(pdev, err))
			continue;
		if (err)
			break;
		write_state(pdev, step.next);
		if (step.action == PVIO_DO_UNREGISTER)
			return true;
		if (step.action == PVIO_DO_NOTHING && step.next == view.mine)
			break;
	}
	return false;
}

static bool run_engine(struct pvio_device *pdev, enum pvio_cause cause)
{
	bool gone = false;

	mutex_lock(&pdev->lock);
	if (!pdev->dead)
		gone = take_steps(pdev, cause);
	mutex_unlock(&pdev->lock);
	return gone;
}

void pvio_device_peer_changed(struct pvio_device *pdev)
{
	if (run_engine(pdev, PVIO_CAUSE_LOOK))
		pvio_door()->unregister(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_peer_changed);

void pvio_device_node_changed(struct pvio_watch *w)
{
	struct pvio_device *pdev = w->pdev;

	mutex_lock(&pdev->lock);
	if (!pdev->dead && pdev->drv->node_changed)
		pdev->drv->node_changed(pdev, w->node);
	mutex_unlock(&pdev->lock);
	pvio_device_peer_changed(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_node_changed);

void pvio_device_resumed(struct pvio_device *pdev)
{
	mutex_lock(&pdev->lock);
	pdev->seen = XenbusStateUnknown;
	mutex_unlock(&pdev->lock);
	run_engine(pdev, PVIO_CAUSE_RESUME);
}
EXPORT_SYMBOL_GPL(pvio_device_resumed);

void pvio_device_look(struct pvio_device *pdev)
{
	mod_delayed_work(engine_wq, &pdev->work, 0);
}
EXPORT_SYMBOL_GPL(pvio_device_look);

void pvio_device_fault(struct pvio_device *pdev, const char *fmt, ...)
{
	va_list args;

	if (test_and_set_bit(PVIO_BROKEN_CLAIMED, &pdev->broken))
		return;
	va_start(args, fmt);
	vscnprintf(pdev->reason, sizeof(pdev->reason), fmt, args);
	va_end(args);
	trace_protocol_violation(pdev);
	/* The reason before the bit; pairs with take_fault(). */
	smp_mb__before_atomic();
	set_bit(PVIO_BROKEN_SET, &pdev->broken);
	pvio_device_look(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_fault);

/* A fault not yet acted upon? */
static bool take_fault(struct pvio_device *pdev)
{
	return test_bit(PVIO_BROKEN_SET, &pdev->broken) &&
	       !test_and_set_bit(PVIO_BROKEN_TOLD, &pdev->broken);
}

/*
 * Unregistering is left to the provider's own context: what this worker sees
 * a watch has reported or is about to.
 */
static void engine_work(struct work_struct *work)
{
	struct pvio_device *pdev = container_of(to_delayed_work(work),
						struct pvio_device, work);

	if (!take_fault(pdev)) {
		run_engine(pdev, PVIO_CAUSE_LOOK);
		return;
	}
	pvio_err(pdev, "%s; disabled until it reconnects", pdev->reason);
	run_engine(pdev, PVIO_CAUSE_FAULT);
}

void pvio_device_announce(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	pvio_door()->announce(pdev, pdev->state);
}
EXPORT_SYMBOL_GPL(pvio_device_announce);

static unsigned int count_watches(const struct pvio_driver *drv)
{
	unsigned int n = 0;

	while (drv->watches && drv->watches[n])
		n++;
	return n;
}

static int open_watch(struct pvio_device *pdev, struct pvio_watch *w,
		      const char *node)
{
	int err;

	w->pdev = pdev;
	w->node = node;
	err = pvio_door()->watch(w);
	if (err)
		w->pdev = NULL;
	else
		pvio_created(PVIO_RES_WATCH, 1);
	return err;
}

static void close_watches(struct pvio_device *pdev)
{
	unsigned int i;

	for (i = 0; i < pdev->nr_watches; i++) {
		if (!pdev->watches[i].pdev)
			continue;
		pvio_door()->unwatch(&pdev->watches[i]);
		pvio_destroyed(PVIO_RES_WATCH, 1);
	}
	kfree(pdev->watches);
	pdev->watches = NULL;
	pdev->nr_watches = 0;
}

/* The driver's nodes and, in a backend, the toolstack's "online". */
static int open_watches(struct pvio_device *pdev)
{
	unsigned int i, n = count_watches(pdev->drv);
	int err;

	if (pdev->drv->role != PVIO_BACK)
		return 0;
	pdev->watches = kcalloc(n + 1, sizeof(*pdev->watches), GFP_KERNEL);
	if (!pdev->watches)
		return -ENOMEM;
	pdev->nr_watches = n + 1;
	err = open_watch(pdev, &pdev->watches[n], "online");
	for (i = 0; i < n && !err; i++)
		err = open_watch(pdev, &pdev->watches[i],
				 pdev->drv->watches[i]);
	return err;
}

static int introduce(struct pvio_device *pdev)
{
	bool back = pdev->drv->role == PVIO_BACK;
	enum xenbus_state first = back ? XenbusStateInitWait :
					 XenbusStateInitialising;
	int err;

	mutex_lock(&pdev->lock);
	pdev->inherited = back && read_peer(pdev) == XenbusStateConnected;
	err = pdev->drv->probe(pdev);
	if (!err)
		write_state(pdev, first);
	mutex_unlock(&pdev->lock);
	return err;
}

int pvio_device_add(struct pvio_device *pdev)
{
	int err;

	mutex_init(&pdev->lock);
	INIT_DELAYED_WORK(&pdev->work, engine_work);
	pvio_log_init(pdev);
	pdev->state = XenbusStateUnknown;
	pdev->seen = XenbusStateUnknown;
	err = introduce(pdev);
	if (err) {
		cancel_delayed_work_sync(&pdev->work);
		return err;
	}
	pvio_created(PVIO_RES_DEVICE, 1);
	err = open_watches(pdev);
	if (err)
		pvio_device_del(pdev);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_device_add);

void pvio_device_stop(struct pvio_device *pdev)
{
	mutex_lock(&pdev->lock);
	pdev->dead = true;
	mutex_unlock(&pdev->lock);
}
EXPORT_SYMBOL_GPL(pvio_device_stop);

static bool peer_is_one_of(struct pvio_device *pdev, unsigned long states)
{
	return BIT(read_peer(pdev)) & states;
}

/* Polls: the provider has already stopped reporting the peer's changes. */
static void wait_for_peer(struct pvio_device *pdev, unsigned long states)
{
	unsigned long end = jiffies + msecs_to_jiffies(FAREWELL_MS);

	while (!peer_is_one_of(pdev, states)) {
		if (time_after(jiffies, end)) {
			pvio_warn(pdev, "backend did not answer %s",
				  pvio_state_name(pdev->state));
			return;
		}
		msleep(FAREWELL_POLL_MS);
	}
}

#define GONE_STATES	(BIT(XenbusStateUnknown) | BIT(XenbusStateClosed) | \
			 BIT(XenbusStateInitialising))

/*
 * A frontend that leaves gets its pages back only after the backend has let
 * go of them, so it says Closing, waits, says Closed, waits.
 */
static void say_farewell(struct pvio_device *pdev)
{
	if (!pdev->shared)
		return;
	if (!peer_is_one_of(pdev, GONE_STATES)) {
		write_state(pdev, XenbusStateClosing);
		wait_for_peer(pdev, GONE_STATES | BIT(XenbusStateClosing));
	}
	write_state(pdev, XenbusStateClosed);
	wait_for_peer(pdev, GONE_STATES | BIT(XenbusStateInitWait));
}

/*
 * A frontend closes for good.  A backend whose driver leaves while it is
 * connected goes back to the beginning, so that the frontend waits for the
 * next one instead of for answers.
 */
static void leave(struct pvio_device *pdev)
{
	bool back = pdev->drv->role == PVIO_BACK;

	if (!back) {
		/* A toolstack in a hurry takes both ends away at once. */
		pdev->seen = read_peer(pdev);
		pdev->drv->closing(pdev, true);
		say_farewell(pdev);
	}
	disconnect(pdev);
	if (back && pdev->state == XenbusStateConnected)
		write_state(pdev, XenbusStateInitialising);
	pdev->drv->remove(pdev);
}

void pvio_device_del(struct pvio_device *pdev)
{
	pvio_device_stop(pdev);
	close_watches(pdev);
	cancel_delayed_work_sync(&pdev->work);
	mutex_lock(&pdev->lock);
	leave(pdev);
	mutex_unlock(&pdev->lock);
	/* A fault may have queued it between; the queues are stopped now. */
	cancel_delayed_work_sync(&pdev->work);
	mutex_destroy(&pdev->lock);
	pvio_destroyed(PVIO_RES_DEVICE, 1);
}
EXPORT_SYMBOL_GPL(pvio_device_del);

int pvio_engine_init(void)
{
	engine_wq = alloc_workqueue("pvio", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return engine_wq ? 0 : -ENOMEM;
}

void pvio_engine_exit(void)
{
	destroy_workqueue(engine_wq);
}
