// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake engine: looks at the world, asks the table in state.c what to
 * do, does it, writes the new state.  Connect, reconnect, faults and resume
 * are all runs of this one loop; removal is in leave.c.
 *
 * Contexts: everything runs from pdev->work, a work item of the device's own,
 * under pdev->lock.  Watches, faults and drivers only queue it.  So whatever a
 * device is at, the bus's one thread and the other devices go on.  The work
 * queue is freezable: while the domain is suspended no engine runs.
 */
#include "device.h"

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "door.h"
#include "engine.h"
#include "log.h"
#include "resource.h"
#include "trace.h"

/* Between two tries to read what could not be read. */
#define SECOND_LOOK_MS	1000
/* The time until the next try to connect, and how often it doubles. */
#define TRY_MS		100
#define TRIES_DOUBLE	8

static struct workqueue_struct *engine_wq;

void pvio_device_look(struct pvio_device *pdev)
{
	pvio_device_get(pdev);
	if (mod_delayed_work(engine_wq, &pdev->work, 0))
		pvio_device_put(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_look);

bool pvio_engine_plan(struct pvio_device *pdev, struct delayed_work *work,
		      unsigned long delay)
{
	bool planned;

	pvio_device_get(pdev);
	planned = queue_delayed_work(engine_wq, work, delay);
	if (!planned)
		pvio_device_put(pdev);
	return planned;
}

void pvio_device_look_after(struct pvio_device *pdev, unsigned int ms)
{
	pvio_engine_plan(pdev, &pdev->work, msecs_to_jiffies(ms));
}
EXPORT_SYMBOL_GPL(pvio_device_look_after);

/*
 * A peer may change its state as often as it likes, and each look takes requests
 * to xenstore, which everybody waits for, and may take a try to connect.  So the
 * engine comes at once only as often as a few handshakes need (half a dozen looks
 * each), and from then on once in a while.
 */
#define LOOKS_AT_ONCE	32
#define LOOK_MS		500

void pvio_device_heard(struct pvio_device *pdev)
{
	const unsigned long step = msecs_to_jiffies(LOOK_MS);
	unsigned long limit = jiffies + LOOKS_AT_ONCE * step;

	if (time_before(pdev->looked, jiffies))
		pdev->looked = jiffies;
	if (time_before(pdev->looked, limit))
		pvio_device_look(pdev);
	else if (!pvio_engine_plan(pdev, &pdev->work,
				   pdev->looked + step - limit))
		return;
	pdev->looked += step;
}
EXPORT_SYMBOL_GPL(pvio_device_heard);

void pvio_devices_settle(void)
{
	flush_workqueue(engine_wq);
}
EXPORT_SYMBOL_GPL(pvio_devices_settle);

/* Something could not be had, and no watch will tell when it can be. */
static void look_later(struct pvio_device *pdev)
{
	pvio_device_look_after(pdev, SECOND_LOOK_MS);
}

/*
 * A node that is not there means that the peer is gone.  One that holds no
 * state, or cannot be read, says nothing: the peer is where it was.
 */
enum xenbus_state pvio_engine_peer(struct pvio_device *pdev)
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

static int put_state(struct pvio_device *pdev, enum xenbus_state state,
		     enum xenbus_state peer)
{
	int err = 0;

	if (!READ_ONCE(pdev->silent))
		err = pvio_door()->set_state(pdev, state, peer);
	if (err && err != -ESTALE)
		look_later(pdev);
	return err;
}

/* What cannot be written now is written before anything else is done. */
static void put_own_state(struct pvio_device *pdev)
{
	pdev->unwritten = put_state(pdev, pdev->state, XenbusStateUnknown);
}

static void note_state(struct pvio_device *pdev, enum xenbus_state state)
{
	trace_state_change(pdev, state);
	pdev->state = state;
}

void pvio_engine_write_state(struct pvio_device *pdev, enum xenbus_state state)
{
	lockdep_assert_held(&pdev->lock);
	if (pdev->state == state)
		return;
	note_state(pdev, state);
	put_own_state(pdev);
}

/*
 * A backend that waits answers a frontend that takes its leave.  The next one
 * may have begun by now, have seen that the backend waits, and would take the
 * answer for one to itself.  So what cannot be written now is not written later
 * either, but looked at again; what the next one says is heard anyway.
 */
static int answer(struct pvio_device *pdev, const struct pvio_view *view,
		  enum xenbus_state state)
{
	int err = put_state(pdev, state, view->peer);

	if (!err)
		note_state(pdev, state);
	return err;
}

/* -ESTALE: the peer has said something else meanwhile. */
static int write_step(struct pvio_device *pdev, const struct pvio_view *view,
		      const struct pvio_step *step)
{
	if (step->action == PVIO_DO_NOTHING && step->next != view->mine &&
	    view->role == PVIO_BACK && view->mine == XenbusStateInitWait)
		return answer(pdev, view, step->next);
	pvio_engine_write_state(pdev, step->next);
	return 0;
}

bool pvio_engine_removed(struct pvio_device *pdev)
{
	const struct pvio_door *door = pvio_door();
	unsigned int len;
	char *text;

	text = door->read(0, door->path(pdev, PVIO_OWN), "state", &len);
	if (pvio_door_gone(text))
		return true;
	if (!IS_ERR(text))
		kfree(text);
	return false;
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
	const struct pvio_driver *drv = pdev->drv;
	int ready = drv->ready ? drv->ready(pdev) : drv->role == PVIO_BACK;

	if (ready < 0)
		look_later(pdev);
	return ready > 0;
}

bool pvio_engine_disconnect(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	pdev->linked = false;
	if (pdev->shared && !pdev->drv->disconnect(pdev))
		return false;
	pdev->shared = false;
	return true;
}

/* Gives back what it can; the rest of it follows when the driver says so. */
static bool finish_stop(struct pvio_device *pdev)
{
	if (!pdev->stopping)
		return true;
	if (!pvio_engine_disconnect(pdev))
		return false;
	pdev->stopping = false;
	pvio_engine_write_state(pdev, pdev->then);
	return true;
}

/* To give everything back, then write @then; false: that takes a while. */
static bool stop(struct pvio_device *pdev, enum xenbus_state then)
{
	pdev->stopping = true;
	pdev->then = then;
	return finish_stop(pdev);
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
	pdev->tries = 0;
	pvio_log_forgive(pdev);
	return 0;
}

/* -EINPROGRESS: the driver will say when to go on. */
static int act(struct pvio_device *pdev, const struct pvio_step *step)
{
	switch (step->action) {
	case PVIO_DO_PUBLISH:
		return publish(pdev);
	case PVIO_DO_CONNECT:
		return link_up(pdev);
	case PVIO_DO_CHANGED:
		if (pdev->drv->changed)
			pdev->drv->changed(pdev);
		return 0;
	case PVIO_DO_CLOSING:
		return pdev->drv->closing(pdev) ? 0 : -EINPROGRESS;
	case PVIO_DO_DISCONNECT:
	case PVIO_DO_UNREGISTER:
		return stop(pdev, step->next) ? 0 : -EINPROGRESS;
	case PVIO_DO_NOTHING:
		return 0;
	}
	return -EINVAL;
}

static void get_view(struct pvio_device *pdev, enum pvio_cause cause,
		     struct pvio_view *view)
{
	*view = (struct pvio_view){
		.role = pdev->drv->role,
		.cause = cause,
		.mine = pdev->state,
		.seen = pdev->seen,
		.peer = pvio_engine_peer(pdev),
		.shared = pdev->shared,
		.linked = pdev->linked,
		.ready = is_ready(pdev),
	};
	view->online = pvio_state_asks_online(view) && read_online(pdev);
	pdev->seen = view->peer;
	pdev->inherited &= view->peer == XenbusStateConnected;
}

/*
 * Something was short that may be there soon.  A frontend's pages are already
 * in the backend's hands when it connects, so they stay where they are.
 */
static void try_later(struct pvio_device *pdev, enum pvio_action action, int err)
{
	bool back = pdev->drv->role == PVIO_BACK;

	pvio_warn(pdev, "not connected yet (%d), trying again", err);
	if (back || action == PVIO_DO_PUBLISH)
		stop(pdev, pdev->state);
	pvio_device_look_after(pdev, TRY_MS << pdev->tries);
	if (pdev->tries < TRIES_DOUBLE)
		pdev->tries++;
}

/*
 * Publishing or connecting failed; the driver has logged why.  Everything is
 * given back and the peer told; it may try again, or has begun to while we
 * failed.  A frontend that this backend has inherited is about to do so
 * anyway, and must not be told to go.  Returns true when the peer was told.
 */
static bool give_up(struct pvio_device *pdev, int err)
{
	enum xenbus_state then = XenbusStateClosing;

	pvio_device_refuse(pdev, "not connected (%d)", err);
	if (pdev->inherited)
		then = pdev->state;
	return stop(pdev, then) && !pdev->inherited;
}

/* Returns true when the loop is to go on. */
static bool take_error(struct pvio_device *pdev, enum pvio_action action,
		       int err)
{
	if (err == -EINPROGRESS)
		return false;
	if (!pvio_error_passes(err))
		return give_up(pdev, err);
	try_later(pdev, action, err);
	return false;
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
		err = act(pdev, &step);
		if (err && take_error(pdev, step.action, err))
			continue;
		if (err || write_step(pdev, &view, &step))
			break;
		if (step.action == PVIO_DO_UNREGISTER)
			return true;
		if (step.action == PVIO_DO_NOTHING && step.next == view.mine)
			break;
	}
	return false;
}

/* A fault not yet acted upon? */
static bool take_fault(struct pvio_device *pdev)
{
	if (!test_bit(PVIO_BROKEN_SET, &pdev->broken) ||
	    test_and_set_bit(PVIO_BROKEN_TOLD, &pdev->broken))
		return false;
	pvio_device_refuse(pdev, "%s; disabled until it reconnects",
			   pdev->reason);
	return true;
}

static enum pvio_cause find_cause(struct pvio_device *pdev)
{
	if (test_and_clear_bit(PVIO_ASKED_RESUME, &pdev->asked)) {
		pdev->seen = XenbusStateUnknown;
		return PVIO_CAUSE_RESUME;
	}
	return take_fault(pdev) ? PVIO_CAUSE_FAULT : PVIO_CAUSE_LOOK;
}

/* Bit 0 is the engine's own, "online". */
static void tell_nodes(struct pvio_device *pdev)
{
	unsigned long fired = xchg(&pdev->fired, 0) >> 1;
	unsigned int i;

	for_each_set_bit(i, &fired, PVIO_NODES_MAX)
		pdev->drv->node_changed(pdev, pdev->drv->nodes[i]);
}

/* Returns true when the device is to be unregistered. */
static bool run(struct pvio_device *pdev)
{
	tell_nodes(pdev);
	return finish_stop(pdev) && take_steps(pdev, find_cause(pdev));
}

/*
 * hurry() is called only for what probe() has made.  Where the toolstack was
 * faster there is no device, which nobody needs to be told.
 */
static int probe(struct pvio_device *pdev)
{
	int err;

	pdev->refused = false;
	err = pdev->drv->probe(pdev);
	if (err && pvio_engine_removed(pdev))
		err = -ENODEV;
	if (err && err != -ENODEV && !pvio_error_passes(err) && !pdev->refused)
		pvio_device_refuse(pdev, "not probed (%d)", err);
	if (err)
		return err;
	/* The reason that an earlier object failed may still stand there. */
	pdev->refused = true;
	spin_lock(&pdev->hurry_lock);
	pdev->removed = false;
	spin_unlock(&pdev->hurry_lock);
	return 0;
}

static int introduce(struct pvio_device *pdev)
{
	bool back = pdev->drv->role == PVIO_BACK;
	int err;

	lockdep_assert_held(&pdev->lock);
	pdev->inherited = back && pvio_engine_peer(pdev) == XenbusStateConnected;
	err = probe(pdev);
	if (!err)
		pvio_engine_write_state(pdev, back ? XenbusStateInitWait :
					      XenbusStateInitialising);
	return err;
}

static int open_watch(struct pvio_device *pdev)
{
	int err;

	lockdep_assert_held(&pdev->lock);
	err = pvio_door()->watch(pdev);
	if (err && !pvio_error_passes(err))
		pvio_device_refuse(pdev, "not watched (%d)", err);
	pdev->unwatched = err;
	pdev->watched = !err;
	if (!err)
		pvio_created(PVIO_RES_WATCH, 1);
	return err;
}

/* What was short when the device was found: nobody else would try again. */
static int make_up(struct pvio_device *pdev)
{
	int err = 0;

	if (pdev->unprobed)
		err = introduce(pdev);
	pdev->unprobed = err;
	if (!err && pdev->unwatched)
		err = open_watch(pdev);
	if (pvio_error_passes(err))
		try_later(pdev, PVIO_DO_NOTHING, err);
	return err;
}

static bool is_introduced(const struct pvio_device *pdev)
{
	return pdev->state != XenbusStateUnknown || pdev->unprobed;
}

/* Returns what it has come to: it is to be unregistered, or it has left. */
static void run_one(struct pvio_device *pdev, bool *gone, bool *left)
{
	lockdep_assert_held(&pdev->lock);
	if (!is_introduced(pdev))
		return;
	if (pdev->unwritten)
		put_own_state(pdev);
	if (pdev->unwritten)
		return;
	if (pdev->leaving || test_bit(PVIO_ASKED_LEAVE, &pdev->asked))
		*left = pvio_leave_run(pdev);
	else if (!make_up(pdev))
		*gone = run(pdev);
}

/* What would be written out to get memory may be waiting for this device. */
static void engine_work(struct work_struct *work)
{
	struct pvio_device *pdev = container_of(to_delayed_work(work),
						struct pvio_device, work);
	unsigned int flags = memalloc_noio_save();
	bool gone = false, left = false;

	mutex_lock(&pdev->lock);
	run_one(pdev, &gone, &left);
	mutex_unlock(&pdev->lock);
	if (gone)
		pvio_door()->unregister(pdev);
	if (left)
		pvio_device_put(pdev);
	pvio_device_put(pdev);
	memalloc_noio_restore(flags);
}

/* What changed when all of it may have. */
static unsigned long all_nodes(const struct pvio_driver *drv)
{
	unsigned int n = 0;

	while (drv->nodes && drv->nodes[n])
		n++;
	return GENMASK(n, 0);
}

static unsigned long find_node(const struct pvio_driver *drv, const char *node)
{
	unsigned int i;

	if (!*node)
		return all_nodes(drv);
	if (!strcmp(node, "online"))
		return BIT(0);
	for (i = 0; drv->nodes && drv->nodes[i]; i++)
		if (!strcmp(node, drv->nodes[i]))
			return BIT(i + 1);
	return 0;
}

bool pvio_device_node_fired(struct pvio_device *pdev, const char *node)
{
	unsigned long fired = find_node(pdev->drv, node);
	unsigned int i;

	for_each_set_bit(i, &fired, PVIO_NODES_MAX + 1)
		set_bit(i, &pdev->fired);
	return fired;
}
EXPORT_SYMBOL_GPL(pvio_device_node_fired);

void pvio_device_resumed(struct pvio_device *pdev)
{
	set_bit(PVIO_ASKED_RESUME, &pdev->asked);
	pvio_device_look(pdev);
}
EXPORT_SYMBOL_GPL(pvio_device_resumed);

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

void pvio_device_announce(struct pvio_device *pdev)
{
	lockdep_assert_held(&pdev->lock);
	pvio_door()->announce(pdev, pdev->state);
}
EXPORT_SYMBOL_GPL(pvio_device_announce);

void pvio_device_init(struct pvio_device *pdev)
{
	kref_init(&pdev->ref);
	INIT_LIST_HEAD(&pdev->all);
	mutex_init(&pdev->lock);
	spin_lock_init(&pdev->hurry_lock);
	INIT_DELAYED_WORK(&pdev->work, engine_work);
	INIT_DELAYED_WORK(&pdev->minder, pvio_leave_mind);
	pvio_log_init(pdev);
	pdev->looked = jiffies;
	pdev->state = XenbusStateUnknown;
	pdev->seen = XenbusStateUnknown;
	pdev->removed = true;
}
EXPORT_SYMBOL_GPL(pvio_device_init);

/* Returns 0 as well where something is to be made up for later. */
static int introduce_first(struct pvio_device *pdev)
{
	int err;

	pdev->unprobed = true;
	pdev->unwatched = pdev->drv->role == PVIO_BACK;
	err = make_up(pdev);
	if (pdev->unprobed && !pvio_error_passes(err))
		return err;
	pvio_created(PVIO_RES_DEVICE, 1);
	return 0;
}

int pvio_device_add(struct pvio_device *pdev)
{
	int err = pvio_leave_enlist(pdev);

	if (err)
		return err;
	mutex_lock(&pdev->lock);
	/* The driver may have begun to leave meanwhile. */
	err = test_bit(PVIO_ASKED_LEAVE, &pdev->asked) ? -ENODEV :
	      introduce_first(pdev);
	if (err)
		pdev->leaving = PVIO_LEFT;
	mutex_unlock(&pdev->lock);
	if (err)
		pvio_device_put(pdev);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_device_add);

int pvio_engine_init(void)
{
	engine_wq = alloc_workqueue("pvio", WQ_MEM_RECLAIM | WQ_UNBOUND |
				    WQ_FREEZABLE, 0);
	return engine_wq ? 0 : -ENOMEM;
}

void pvio_engine_exit(void)
{
	destroy_workqueue(engine_wq);
}
