/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The one door to the hypervisor.  Grants, event channels and xenstore are
 * reached through here and nowhere else, so that a second provider can stand
 * in for Xen: the loopback of the tests, which joins a frontend and a backend
 * inside one kernel and can fail any operation at any moment.
 *
 * The hot operations are in door_ops.h.
 */
#ifndef PVIO_XENBUS_DOOR_H
#define PVIO_XENBUS_DOOR_H

#include <linux/err.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <xen/interface/grant_table.h>

#include "device.h"

struct cpumask;
struct page;
struct pvio_event;
struct pvio_map;
struct pvio_mapper;
struct pvio_shared;

#define PVIO_NO_STATE	U32_MAX
#define PVIO_UNREAD_STATE	(U32_MAX - 1)

/**
 * struct pvio_door - what a provider provides
 *
 * @owner: the provider's module; NULL: the core itself
 * @add_driver: make @drv known; it binds devices by pvio_engine_add()
 * @del_driver: unbind its devices, which have left, and forget it
 *
 * @path: directory of one side of a device
 * @txn_start: begin a transaction, store its id
 * @txn_end: commit or abort; -EAGAIN: run it again
 * @read: kmalloc'ed text of a node with its length, or ERR_PTR; transaction 0
 *	is none
 * @write: store text
 * @rm: remove a node
 * @prune: remove the nodes of a directory that @unwanted says so of, and all
 *	below them
 * @watch: call pvio_device_node_fired() whenever a node of the device's own
 *	directory may have changed
 * @unwatch: stop; no call runs or comes afterwards
 * @move: frontend: the other end is the one of @domain and @path; the device's
 *	lock is held. 1: it was another one; 0: it is the same; or an error, after
 *	which it is called again. The provider calls pvio_device_node_fired() when
 *	"backend" or "backend-id" may have changed, unless the bus makes another
 *	device then
 * @set_state: write the own state, unless its node is gone, and only while the
 *	peer's is @peer, else -ESTALE; XenbusStateUnknown stands for any. 0 or an
 *	error, after which it is called again
 * @announce: write the own state again, unless it is another by now, so that
 *	the peer looks
 * @peer_state: read the peer's state: any number; PVIO_NO_STATE when it is not
 *	a number, XenbusStateUnknown when there is none, PVIO_UNREAD_STATE when
 *	xenstore could not tell
 * @unregister: the device is gone for good: leads to pvio_leave_now() from
 *	the bus's own thread, later
 * @release: the last reference is gone: free what holds the device
 *
 * @ring_grant: allocate, zero and grant pvio_shared.nr_pages pages
 * @ring_revoke: take them back, at once or when the peer lets go
 * @ring_map: map a peer's ring
 * @ring_unmap: unmap it
 *
 * @event_open: frontend: allocate a port, bind its handler
 * @event_bind: backend: bind the peer's port
 * @event_close: unbind; no handler runs afterwards
 * @event_notify: send
 * @event_spread: run the handler on one of these CPUs, as far as possible;
 *	may be NULL
 * @event_done: let the next event come
 * @event_wait: before @event_done: give up the CPU until the next event, for
 *	which the handler is not called, or any interrupt
 *
 * @grefs_open: reserve references, perhaps none, as a list
 * @grefs_close: give them back
 * @grefs_grow: add references to the list
 * @grefs_shrink: give back up to so many that are not in use; returns how many
 * @grant: claim a reference of @head and grant @page with it
 * @ungrant: end it; false while the peer has it mapped
 * @ungrant_idle: the same without a complaint in the log, for pages that the
 *	peer is expected to keep mapped; slower, and the reference leaves its
 *	list for the pool
 * @ungrant_later: end it when the peer lets go, then drop the page
 * @local_gfn: frame of a local page for a grant copy
 * @copy: carry out copies; statuses are final or GNTST_eagain
 *
 * @pages_get: pages to map onto
 * @pages_put: give them back
 * @map: map up to PVIO_MAP_BATCH pages onto @page of each entry, which may be
 *	replaced; sets @page to NULL where it failed, after which the page
 *	offered is unused, unless @lost is set as well
 * @unmap: unmap up to PVIO_MAP_BATCH entries; sets @lost where it failed; the
 *	device is NULL where it is gone already
 */
struct pvio_door {
	struct module *owner;
	int (*add_driver)(struct pvio_driver *drv);
	void (*del_driver)(struct pvio_driver *drv);

	const char *(*path)(struct pvio_device *pdev, enum pvio_side side);
	int (*txn_start)(u32 *txn);
	int (*txn_end)(u32 txn, bool abort);
	char *(*read)(u32 txn, const char *dir, const char *node,
		      unsigned int *len);
	int (*write)(u32 txn, const char *dir, const char *node,
		     const char *text);
	int (*rm)(u32 txn, const char *dir, const char *node);
	int (*prune)(const char *dir, bool (*unwanted)(const char *node));
	int (*watch)(struct pvio_device *pdev);
	void (*unwatch)(struct pvio_device *pdev);
	int (*move)(struct pvio_device *pdev, u16 domain, const char *path);
	int (*set_state)(struct pvio_device *pdev, enum xenbus_state state,
			 enum xenbus_state peer);
	void (*announce)(struct pvio_device *pdev, enum xenbus_state state);
	u32 (*peer_state)(struct pvio_device *pdev);
	void (*unregister)(struct pvio_device *pdev);
	void (*release)(struct pvio_device *pdev);

	int (*ring_grant)(struct pvio_device *pdev, struct pvio_shared *s);
	void (*ring_revoke)(struct pvio_device *pdev, struct pvio_shared *s);
	int (*ring_map)(struct pvio_device *pdev, struct pvio_shared *s);
	void (*ring_unmap)(struct pvio_device *pdev, struct pvio_shared *s);

	int (*event_open)(struct pvio_event *ev);
	int (*event_bind)(struct pvio_event *ev);
	void (*event_close)(struct pvio_event *ev);
	void (*event_notify)(const struct pvio_event *ev);
	void (*event_done)(const struct pvio_event *ev, bool worked);
	void (*event_wait)(const struct pvio_event *ev);
	void (*event_spread)(const struct pvio_event *ev,
			     const struct cpumask *cpus);

	int (*grefs_open)(u16 nr, u32 *head);
	void (*grefs_close)(u32 head);
	int (*grefs_grow)(u16 nr, u32 *head);
	unsigned int (*grefs_shrink)(unsigned int nr, u32 *head);
	u32 (*grant)(struct pvio_device *pdev, u32 *head, struct page *page,
		     bool readonly);
	bool (*ungrant)(u32 *head, u32 ref);
	bool (*ungrant_idle)(u32 ref);
	void (*ungrant_later)(u32 ref, struct page *page);
	u64 (*local_gfn)(struct page *page);
	void (*copy)(struct gnttab_copy *ops, unsigned int nr);

	int (*pages_get)(unsigned int nr, struct page **pages);
	void (*pages_put)(unsigned int nr, struct page **pages);
	int (*map)(struct pvio_device *pdev, struct pvio_map *maps,
		   unsigned int nr);
	void (*unmap)(struct pvio_device *pdev, struct pvio_map *maps,
		      unsigned int nr);
};

DECLARE_STATIC_KEY_FALSE(pvio_door_replaced);

/**
 * pvio_door() - the provider in charge
 * Context: any. The provider changes only while no driver is registered.
 */
const struct pvio_door *pvio_door(void);

/**
 * pvio_door_replace() - put another provider in Xen's place
 * @door: the provider; NULL: Xen again
 * Return: 0, or -EBUSY while drivers are registered.
 */
int pvio_door_replace(const struct pvio_door *door);

/**
 * pvio_door_hold() - from here on the provider stays
 * Context: may sleep. Return: 0, or -ENODEV when it is being unloaded.
 */
int pvio_door_hold(void);

/**
 * pvio_door_let_go() - for each pvio_door_hold()
 * Context: may sleep.
 */
void pvio_door_let_go(void);

/**
 * pvio_door_gone() - is it that there is no such node?
 * @text: what reading it gave, an error pointer perhaps
 *
 * Below what is gone there may be nothing that a guest may read.
 */
static inline bool pvio_door_gone(const char *text)
{
	return text == ERR_PTR(-ENOENT) || text == ERR_PTR(-EACCES);
}

/**
 * pvio_door_state() - what a node says of a state, for providers' @peer_state
 * @text: content of the node, which is freed; or an error pointer
 */
static inline u32 pvio_door_state(char *text)
{
	u32 state;

	if (pvio_door_gone(text))
		return XenbusStateUnknown;
	if (IS_ERR(text))
		return PVIO_UNREAD_STATE;
	if (kstrtou32(text, 10, &state))
		state = PVIO_NO_STATE;
	kfree(text);
	return state;
}

#endif /* PVIO_XENBUS_DOOR_H */
