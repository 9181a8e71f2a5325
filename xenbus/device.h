/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A paravirtual device and its driver, as the four drivers of the suite see
 * them: what to negotiate, how to start and stop, and one way to say that the
 * peer broke the protocol.  The handshake, reconnect, suspend, removal and
 * every state change are in xenbus/engine.c, once.
 */
#ifndef PVIO_XENBUS_DEVICE_H
#define PVIO_XENBUS_DEVICE_H

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/ratelimit_types.h>
#include <linux/spinlock_types.h>
#include <linux/workqueue.h>

#include "driver.h"
#include "keys.h"
#include "log.h"
#include "state.h"
#include "sysfs.h"
#include "txn.h"

struct kobj_uevent_env;
struct pvio_device;

/**
 * struct pvio_driver - one of the four drivers
 * @name: driver name on the bus, "pvio-netback"
 * @type: device type, "vif" or "vbd"
 * @role: which end
 * @owner: the module
 * @nodes: backend: nodes of its own directory that @node_changed wants to
 *	hear of, NULL-terminated, PVIO_NODES_MAX at most; may be NULL
 * @peer_node: backend: one of @nodes, of which a change in the frontend's
 *	directory is told as well; may be NULL
 * @probe: make the device known to Linux as far as possible unconnected, and
 *	write what a backend offers; then the engine announces the device.  Until
 *	it has succeeded nothing else is called but @uevent and @is_ready
 * @publish: frontend: make queues, rings and event channels, write the keys
 * @connect: read the peer's keys, start; on error the engine disconnects,
 *	except that a frontend whose error is transient is called again as it is
 * @is_offered: backend, between @connect and @disconnect: do the frontend's keys still
 *	name the rings that @connect took? True where that cannot be told, or it
 *	would leave a frontend that removes its keys. NULL means always
 * @disconnect: stop the queues and give back every ring, grant and event
 *	channel; legal after a failed @publish or @connect. Returns false while
 *	something is still in flight; it is called again when the driver has
 *	called pvio_device_look()
 * @changed: the linked peer announced new values: a backend of a disk's size,
 *	or a frontend that says Reconfiguring and waits to see Reconfigured; may be
 *	NULL
 * @closing: frontend: the backend wants to close: take no new work. Returns
 *	false while it cannot be let go yet; called again as @disconnect is
 * @is_ready: frontend: can programs use the device? Loading the module waits
 *	for it, for a bounded time. NULL means when connected
 * @ready: backend: may @connect be called? 1, 0 for not yet, or an error when
 *	that cannot be told; then it is asked again. NULL means always. Early
 *	frontend: may it be called for a backend that goes on saying InitWait?
 *	NULL means never
 * @node_changed: one of @nodes changed; the engine looks again afterwards
 * @retire: the Linux device goes away for good; may be NULL. A frontend
 *	unregisters it while the queues still work, and may wait for answers
 *	unless pvio_device_hurried()
 * @hurry: make a @retire that runs in another thread end soon; may be NULL
 * @remove: undo @probe, after the last @disconnect
 * @uevent: backend: add variables for hotplug scripts
 * @waits_for: what a backend that is not @ready, or a frontend that is not through
 *	with @closing, waits for: some words for a person, which stay; may be NULL
 * @attrs: files of the devices in sysfs beside the core's; may be NULL
 * @groups: what they come to; owned by the core
 * @rescued: getting memory may wait for its devices, so their engines run when there
 *	is none; they wait for nobody who may be getting some
 * @going: being unloaded: no device is added; owned by the engine
 * @provider: owned by the provider of the door
 *
 * An error of -ENOMEM, -ENOSPC or -EAGAIN from @probe, @publish or @connect is
 * transient: the same step is tried again, first after a tenth of a second, then
 * more and more seldom.
 *
 * All are called with the device's lock held, from a work item of the device's
 * own, and may sleep, but wait for no device, no peer and no guest's good
 * behaviour.  @probe runs on the bus's thread at first, @is_ready on that of who
 * loads the module.  @uevent and @hurry hold no lock of the device, and @hurry
 * must not sleep.
 */
struct pvio_driver {
	const char *name;
	const char *type;
	enum pvio_role role;
	struct module *owner;
	const char *const *nodes;
	const char *peer_node;
	int (*probe)(struct pvio_device *pdev);
	int (*publish)(struct pvio_device *pdev);
	int (*connect)(struct pvio_device *pdev);
	bool (*is_offered)(struct pvio_device *pdev);
	bool (*disconnect)(struct pvio_device *pdev);
	void (*changed)(struct pvio_device *pdev);
	bool (*closing)(struct pvio_device *pdev);
	bool (*is_ready)(struct pvio_device *pdev);
	int (*ready)(struct pvio_device *pdev);
	void (*node_changed)(struct pvio_device *pdev, const char *node);
	void (*retire)(struct pvio_device *pdev);
	void (*hurry)(struct pvio_device *pdev);
	void (*remove)(struct pvio_device *pdev);
	int (*uevent)(struct pvio_device *pdev, struct kobj_uevent_env *env);
	const char *(*waits_for)(struct pvio_device *pdev);
	struct pvio_attr *attrs;
	const struct attribute_group **groups;
	bool rescued;
	bool going;
	void *provider;
};

#define PVIO_NODES_MAX	8

/**
 * enum pvio_leaving - how far a device that goes away has come
 * @PVIO_STAYS: it does not
 * @PVIO_SAID_CLOSING: frontend: the backend is to answer Closing
 * @PVIO_SAID_CLOSED: frontend: the backend is to answer Closed
 * @PVIO_LETS_GO: what is in flight comes to its end
 * @PVIO_LEFT: everything is given back
 */
enum pvio_leaving {
	PVIO_STAYS,
	PVIO_SAID_CLOSING,
	PVIO_SAID_CLOSED,
	PVIO_LETS_GO,
	PVIO_LEFT,
};

/**
 * struct pvio_device - one device bound to one of the drivers
 * @dev: for messages, sysfs and as parent
 * @drv: its driver
 * @priv: the driver's own
 * @peer_id: domain of the other end, as the bus says now: it changes when the
 *	domain is restored, or a frontend gets another backend
 * @ref: one for the provider, one until the device has left, one each for @work
 *	and @minder while it is queued or runs
 * @all: in the list of all devices
 * @lock: serialises the engine and all driver callbacks; outermost lock of
 *	the suite, taken before rtnl and before any queue lock
 * @state: own state as last written; under @lock
 * @seen: peer's state when last looked; under @lock
 * @unwritten: it could not be written yet; under @lock
 * @shared: publish or connect was called since the last disconnect
 * @linked: connect has succeeded; written under @lock
 * @connects: how often it has; written under @lock
 * @unready: backend: it was not @ready when last asked; under @lock
 * @inherited: backend: the frontend has had its rings up since before this one
 *	said InitWait, and may be taking them away; under @lock
 * @guessing: it is connecting to such a frontend, whose keys and pages may be of
 *	two times; written under @lock
 * @stopping: disconnect has begun and is not through; under @lock
 * @then: the state to write when it is; under @lock
 * @tries: times in a row that connecting was put off; under @lock
 * @leaving: how far the device has gone away; under @lock
 * @refused: a reason may stand in the error node; under @lock
 * @unprobed: something was short when it was to be probed; under @lock
 * @unwatched: backend: or to be watched; under @lock
 * @watched: backend: it is; under @lock
 * @until: when to stop waiting for the peer's answer; under @lock
 * @waits_for: what the device waits for, NULL for nothing; written under @lock
 * @asked: PVIO_ASKED_*, what the engine is to do besides looking; atomic
 * @fired: which nodes of the own directory changed, bit 0 for "online", or a
 *	frontend's "backend" and "backend-id", then the driver's; atomic
 * @hurry_lock: covers @removed, which keeps @priv for the driver's hurry() and
 *	for readers of its @attrs
 * @removed: the driver's remove() was or is about to be called, or its probe()
 *	has not succeeded yet; under @lock as well
 * @hurried: nothing is waited for any more but local work
 * @silent: the own directory is gone, or another's: nothing is written
 * @broken: the peer broke the protocol: data paths stop; set in any context,
 *	cleared by the next publish or connect
 * @reason: why; written once per fault by whoever set @broken
 * @looked: until when all looks that the peer has caused would last, if each
 *	took its time; of pvio_device_heard()
 * @work: runs the engine
 * @minder: frontend: sees to it that no retire() waits for a backend that has
 *	gone
 * @retiring: that one runs, with @lock held
 * @watch: the provider's watch on the own directory; backend
 * @lines: limits the log lines about this device
 * @left_out: of these, the ones that nobody was told of yet
 * @fault_lock: covers @fault; any context, innermost
 * @fault: the last error or warning
 * @provider: owned by the provider of the door
 */
struct pvio_device {
	struct device *dev;
	const struct pvio_driver *drv;
	void *priv;
	u16 peer_id;
	struct kref ref;
	struct list_head all;
	struct mutex lock; /* see above */
	enum xenbus_state state;
	enum xenbus_state seen;
	bool unwritten;
	bool shared;
	bool linked;
	unsigned int connects;
	bool unready;
	bool inherited;
	bool guessing;
	bool stopping;
	enum xenbus_state then;
	unsigned int tries;
	enum pvio_leaving leaving;
	bool refused;
	bool unprobed;
	bool unwatched;
	bool watched;
	unsigned long until;
	const char *waits_for;
	unsigned long asked;
	unsigned long fired;
	spinlock_t hurry_lock; /* see above; innermost */
	bool removed;
	bool hurried;
	bool silent;
	unsigned long broken;
	char reason[96];
	unsigned long looked;
	struct delayed_work work;
	struct delayed_work minder;
	bool retiring;
	void *watch;
	struct ratelimit_state lines;
	atomic_t left_out;
	spinlock_t fault_lock; /* see above */
	struct pvio_fault fault;
	void *provider;
};

/* Bits of pvio_device.asked */
#define PVIO_ASKED_RESUME	0	/* restored, or another backend */
#define PVIO_ASKED_LEAVE	1	/* the driver is being unloaded */

/* Bits of pvio_device.broken */
#define PVIO_BROKEN_CLAIMED	0	/* someone is writing the reason */
#define PVIO_BROKEN_SET		1	/* the reason is complete */
#define PVIO_BROKEN_TOLD	2	/* the engine has acted on it */

/**
 * pvio_error_passes() - was something short that may be there soon?
 * @err: what publish or connect returned
 *
 * Then the step is tried again, and nothing is given up meanwhile; see
 * &struct pvio_driver.
 */
static inline bool pvio_error_passes(int err)
{
	return err == -ENOMEM || err == -ENOSPC || err == -EAGAIN;
}

/**
 * pvio_device_broken() - has the peer broken the protocol?
 * @pdev: the device
 *
 * Context: any. Data paths ask once per batch and stop when it is so.
 */
static inline bool pvio_device_broken(const struct pvio_device *pdev)
{
	return unlikely(READ_ONCE(pdev->broken));
}

/**
 * pvio_device_fault() - the peer broke the protocol
 * @pdev: the device
 * @fmt: what it did, without device name, domain or newline
 *
 * Stops the data paths at once; a worker then logs one line, tells the peer
 * by state Closing and, in a backend, gives back everything shared. The
 * first reason wins; calls until the next connect are ignored.
 *
 * Context: any.
 */
__printf(2, 3)
void pvio_device_fault(struct pvio_device *pdev, const char *fmt, ...);

/**
 * pvio_device_look() - let the engine look at the world again
 * @pdev: the device
 *
 * Context: any; the engine runs from a worker.
 */
void pvio_device_look(struct pvio_device *pdev);

/**
 * pvio_device_look_after() - the same, some time later
 * @pdev: the device
 * @ms: milliseconds; an earlier look that is planned stays
 *
 * Context: any.
 */
void pvio_device_look_after(struct pvio_device *pdev, unsigned int ms);

/**
 * pvio_device_hurried() - must the device go without waiting for its peer?
 * @pdev: the device
 *
 * Context: any.
 */
static inline bool pvio_device_hurried(const struct pvio_device *pdev)
{
	return READ_ONCE(pdev->hurried);
}

/**
 * pvio_device_has_left() - is everything given back?
 * @pdev: the device
 *
 * Context: any.
 */
static inline bool pvio_device_has_left(const struct pvio_device *pdev)
{
	return READ_ONCE(pdev->leaving) == PVIO_LEFT;
}

/**
 * pvio_device_announce() - write the own state again, unchanged
 * @pdev: the device
 *
 * Tells a linked peer that keys have new values (disk size). Where the
 * toolstack has written another state meanwhile, that one stays.
 * Context: may sleep; @pdev->lock held.
 */
void pvio_device_announce(struct pvio_device *pdev);

/*
 * The rest is for providers and the engine.
 */

/**
 * pvio_device_init() - an object for a device that was found
 * @pdev: zeroed; its one reference is the provider's
 */
void pvio_device_init(struct pvio_device *pdev);

/**
 * pvio_device_get() - take a reference
 * @pdev: the device
 * Context: any.
 */
void pvio_device_get(struct pvio_device *pdev);

/**
 * pvio_device_put() - drop one; the last one releases
 * @pdev: the device
 * Context: any, the last one in process context.
 */
void pvio_device_put(struct pvio_device *pdev);

/**
 * pvio_device_heard() - the peer's state may have changed
 * @pdev: the device
 *
 * Looks at once, or later where the peer says a lot.
 * Context: any, one at a time for a device.
 */
void pvio_device_heard(struct pvio_device *pdev);

/**
 * pvio_device_node_fired() - a node of the own directory may have changed
 * @pdev: the device
 * @node: its name, or "" for any
 *
 * Notes it only: pvio_device_look() follows. Context: any.
 * Return: whether the engine or the driver wants to know.
 */
bool pvio_device_node_fired(struct pvio_device *pdev, const char *node);

/**
 * pvio_device_resumed() - frontend: the domain was restored
 * @pdev: the device, with the new @peer_id
 * Context: any.
 */
void pvio_device_resumed(struct pvio_device *pdev);

/**
 * pvio_device_plan() - run a work item of a device some time later
 * @pdev: the device; the item holds a reference, which it puts
 * @work: the item
 * @delay: jiffies
 *
 * Context: any. Return: false when that is planned already.
 */
bool pvio_device_plan(struct pvio_device *pdev, struct delayed_work *work,
		      unsigned long delay);

/**
 * pvio_device_look_later() - something could not be had, to look again soon
 * @pdev: the device
 *
 * For what no watch will tell of. Context: any.
 */
void pvio_device_look_later(struct pvio_device *pdev);

/**
 * pvio_device_disconnect() - have the driver give back what is shared
 * @pdev: the device, its lock held
 * Return: whether it is through; else it calls pvio_device_look().
 */
bool pvio_device_disconnect(struct pvio_device *pdev);

/**
 * pvio_devices_settle() - wait until all engines that were to run have run
 * Context: may sleep; for tests.
 */
void pvio_devices_settle(void);

/**
 * pvio_device_wq_open() - make what all engines run from
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_device_wq_open(void);

/**
 * pvio_device_wq_close() - there is no device any more
 * Context: may sleep.
 */
void pvio_device_wq_close(void);

#endif /* PVIO_XENBUS_DEVICE_H */
