/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A paravirtual device and its driver, as the four drivers of the suite see
 * them: what to negotiate, how to start and stop, and one way to say that the
 * peer broke the protocol.  The handshake, reconnect, suspend, removal and
 * every state change are in xenbus/device.c, once.
 */
#ifndef PVIO_XENBUS_DEVICE_H
#define PVIO_XENBUS_DEVICE_H

#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/ratelimit_types.h>
#include <linux/workqueue.h>

#include "keys.h"
#include "state.h"

struct kobj_uevent_env;
struct pvio_device;
struct pvio_watch;

/**
 * struct pvio_driver - one of the four drivers
 * @name: driver name on the bus, "pvio-netback"
 * @type: device type, "vif" or "vbd"
 * @role: which end
 * @owner: the module
 * @watches: backend: nodes of its own directory that @node_changed wants to
 *	hear of, NULL-terminated; may be NULL
 * @probe: make the device known to Linux as far as possible unconnected, and
 *	write what a backend offers; then the engine announces the device
 * @publish: frontend: make queues, rings and event channels, write the keys
 * @connect: read the peer's keys, start; on error the engine disconnects
 * @disconnect: stop the queues and give back every ring, grant and event
 *	channel; legal after a failed @publish or @connect, and twice
 * @changed: the linked peer announced new values
 * @closing: frontend: take no new work. @removing: the Linux device goes
 *	away for good, so unregister it while the queues still work
 * @ready: backend: may @connect be called? 1, 0 for not yet, or an error when
 *	that cannot be told; then it is asked again. NULL means always
 * @node_changed: one of @watches fired; the engine looks again afterwards
 * @remove: undo @probe
 * @uevent: backend: add variables for hotplug scripts
 * @provider: owned by the provider of the door
 *
 * All are called with the device's lock held and may sleep, except @uevent,
 * which holds nothing.
 */
struct pvio_driver {
	const char *name;
	const char *type;
	enum pvio_role role;
	struct module *owner;
	const char *const *watches;
	int (*probe)(struct pvio_device *pdev);
	int (*publish)(struct pvio_device *pdev);
	int (*connect)(struct pvio_device *pdev);
	void (*disconnect)(struct pvio_device *pdev);
	void (*changed)(struct pvio_device *pdev);
	void (*closing)(struct pvio_device *pdev, bool removing);
	int (*ready)(struct pvio_device *pdev);
	void (*node_changed)(struct pvio_device *pdev, const char *node);
	void (*remove)(struct pvio_device *pdev);
	int (*uevent)(struct pvio_device *pdev, struct kobj_uevent_env *env);
	void *provider;
};

/**
 * struct pvio_device - one device bound to one of the drivers
 * @dev: for messages, sysfs and as parent
 * @drv: its driver
 * @priv: the driver's own
 * @peer_id: domain of the other end
 * @lock: serialises the engine and all driver callbacks; outermost lock of
 *	the suite, taken before rtnl and before any queue lock
 * @state: own state as last written; under @lock
 * @seen: peer's state when last looked; under @lock
 * @shared: publish or connect was called since the last disconnect
 * @linked: connect has succeeded
 * @inherited: backend: the frontend has been Connected since before this one
 *	was probed, and may be taking its rings away; under @lock
 * @dead: being removed: the engine stands still; under @lock
 * @broken: the peer broke the protocol: data paths stop; set in any context,
 *	cleared by the next publish or connect
 * @reason: why; written once per fault by whoever set @broken
 * @work: runs the engine for faults and for providers in atomic context
 * @watches: backend: the driver's nodes and "online"
 * @nr_watches: entries of @watches
 * @lines: limits the log lines about this device
 * @provider: owned by the provider of the door
 */
struct pvio_device {
	struct device *dev;
	const struct pvio_driver *drv;
	void *priv;
	u16 peer_id;
	struct mutex lock; /* see above */
	enum xenbus_state state;
	enum xenbus_state seen;
	bool shared;
	bool linked;
	bool inherited;
	bool dead;
	unsigned long broken;
	char reason[96];
	struct delayed_work work;
	struct pvio_watch *watches;
	unsigned int nr_watches;
	struct ratelimit_state lines;
	void *provider;
};

/* Bits of pvio_device.broken */
#define PVIO_BROKEN_CLAIMED	0	/* someone is writing the reason */
#define PVIO_BROKEN_SET		1	/* the reason is complete */
#define PVIO_BROKEN_TOLD	2	/* the engine has acted on it */

/**
 * enum pvio_side - whose directory
 * @PVIO_OWN: this end's
 * @PVIO_PEER: the other end's
 */
enum pvio_side {
	PVIO_OWN,
	PVIO_PEER,
};

/**
 * pvio_register_driver() - start serving devices
 * @drv: the driver; only its @provider is written
 *
 * Context: may sleep; probes devices that are there.
 * Return: 0, -ENODEV where neither Xen nor the loopback is running, -EBUSY
 * when the in-tree driver for the same devices is loaded.
 */
int pvio_register_driver(struct pvio_driver *drv);

/**
 * pvio_unregister_driver() - stop serving devices
 * @drv: the driver; all its devices have been removed on return
 */
void pvio_unregister_driver(struct pvio_driver *drv);

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
 * pvio_keys_read() - read keys of one side
 * @pdev: the device
 * @side: whose
 * @sets: what, and where to put it
 * @nr: how many sets
 *
 * All sets are read in one transaction, so that values that belong together
 * are of one time. Logs one line naming the key on error.
 *
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_keys_read(struct pvio_device *pdev, enum pvio_side side,
		   const struct pvio_key_set *sets, unsigned int nr);

/**
 * pvio_keys_write() - write keys into this end's directory
 * @pdev: the device
 * @sets: what
 * @nr: how many sets
 *
 * In one transaction. Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_keys_write(struct pvio_device *pdev, const struct pvio_key_set *sets,
		    unsigned int nr);

/**
 * pvio_keys_remove() - remove one node of this end's directory
 * @pdev: the device
 * @name: its name
 */
void pvio_keys_remove(struct pvio_device *pdev, const char *name);

/**
 * pvio_device_announce() - write the own state again, unchanged
 * @pdev: the device
 *
 * Tells a linked peer that keys have new values (disk size).
 * Context: may sleep; @pdev->lock held.
 */
void pvio_device_announce(struct pvio_device *pdev);

/**
 * pvio_err() - log an error of a device: one line with device and domain
 * @pdev: the device
 * @fmt: without newline; never bytes that the peer chose
 *
 * Rate-limited for each device on its own, so that one that floods the log
 * does not silence the others. Context: any.
 */
__printf(2, 3)
void pvio_err(struct pvio_device *pdev, const char *fmt, ...);

/**
 * pvio_warn() - as pvio_err(), for what works all the same
 * @pdev: the device
 * @fmt: without newline
 */
__printf(2, 3)
void pvio_warn(struct pvio_device *pdev, const char *fmt, ...);

/**
 * pvio_info() - as pvio_err(), for what an operator wants to know
 * @pdev: the device
 * @fmt: without newline
 */
__printf(2, 3)
void pvio_info(struct pvio_device *pdev, const char *fmt, ...);

#endif /* PVIO_XENBUS_DEVICE_H */
