/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The loopback: a second provider of the door that joins a frontend and a
 * backend inside one kernel that runs no hypervisor.  Tests make device
 * pairs, write any xenstore node, fail any operation at its n-th call, reach
 * every granted page, and drop or flood events.  Either end may be played by
 * a test instead of a driver.
 */
#ifndef PVIO_TESTS_LOOP_H
#define PVIO_TESTS_LOOP_H

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "xenbus/device.h"

struct file;
struct gnttab_copy;
struct pvio_event;
struct pvio_map;
struct pvio_shared;
struct seq_file;

#define LOOP_FRONT_DOMAIN	1
#define LOOP_BACK_DOMAIN	0
/* A guest that has nothing to do with the first, and nothing to get from it. */
#define LOOP_OTHER_DOMAIN	2

/**
 * enum loop_op - operations that can be made to fail
 * @LOOP_TXN_START: with -EIO
 * @LOOP_TXN_END: with -EAGAIN, as a collision
 * @LOOP_READ: with -EIO
 * @LOOP_WRITE: with -EIO
 * @LOOP_RM: with -EIO
 * @LOOP_STATE: the peer's state cannot be read
 * @LOOP_SET_STATE: the own state cannot be written, with -ENOSPC
 * @LOOP_WATCH: with -ENOMEM
 * @LOOP_RING_GRANT: with -ENOMEM
 * @LOOP_RING_MAP: with -EFAULT
 * @LOOP_EVENT_OPEN: with -ENOSPC
 * @LOOP_EVENT_BIND: with -EINVAL
 * @LOOP_EVENT_SEND: the event is lost
 * @LOOP_GREFS: reserving, at first or later, with -ENOSPC
 * @LOOP_GRANT: no reference
 * @LOOP_UNGRANT: still in use
 * @LOOP_COPY: one operation of a batch, with GNTST_bad_gntref
 * @LOOP_PAGES: with -ENOMEM
 * @LOOP_MAP: one operation of a batch
 * @LOOP_OPS: how many there are
 */
enum loop_op {
	LOOP_TXN_START,
	LOOP_TXN_END,
	LOOP_READ,
	LOOP_WRITE,
	LOOP_RM,
	LOOP_STATE,
	LOOP_SET_STATE,
	LOOP_WATCH,
	LOOP_RING_GRANT,
	LOOP_RING_MAP,
	LOOP_EVENT_OPEN,
	LOOP_EVENT_BIND,
	LOOP_EVENT_SEND,
	LOOP_GREFS,
	LOOP_GRANT,
	LOOP_UNGRANT,
	LOOP_COPY,
	LOOP_PAGES,
	LOOP_MAP,
	LOOP_OPS,
};

/**
 * pvio_loop_fail() - make calls of an operation fail
 * @op: which
 * @nth: the first call to fail, counted from now, 1 is the next; 0: none
 * @count: how many in a row
 */
void pvio_loop_fail(enum loop_op op, unsigned int nth, unsigned int count);

/**
 * pvio_loop_fail_copies_with() - what a copy that is made to fail reports
 * @status: its status; 0: GNTST_bad_gntref, as in the beginning
 */
void pvio_loop_fail_copies_with(s16 status);

/**
 * pvio_loop_fail_with() - with what calls fail that return an error
 * @err: a negative errno; 0: each with its own, as in the beginning
 */
void pvio_loop_fail_with(int err);

/**
 * pvio_loop_fail_every() - make a call fail, and others at regular distances
 * @op: of this operation
 * @nth: the first call to fail, counted from now, 1 is the next
 * @period: the distance
 */
void pvio_loop_fail_every(enum loop_op op, unsigned int nth,
			  unsigned int period);

/**
 * pvio_loop_failed() - calls that have failed since it was said that they shall
 * @op: of this operation
 */
unsigned int pvio_loop_failed(enum loop_op op);

/**
 * pvio_loop_fail_none() - every operation works again
 */
void pvio_loop_fail_none(void);

/**
 * pvio_loop_calls() - calls of an operation since the module was loaded
 * @op: which
 */
unsigned int pvio_loop_calls(enum loop_op op);

/**
 * pvio_loop_complaints() - lines that a guest's kernel would have printed
 *
 * Xen's provider has a loud way to end a grant, for which a page that is still
 * mapped is worth a warning, and a quiet one. Return: since the module was
 * loaded.
 */
unsigned int pvio_loop_complaints(void);

/* Used by the provider itself: is this call to fail, and with what? */
bool pvio_loop_fails(enum loop_op op);
int pvio_loop_fault(enum loop_op op, int err);

/**
 * struct loop_end - one end of a pair
 * @dev: parent of what the driver makes
 * @pdev: the engine's object while a driver is bound
 * @driver: that driver
 * @type: "vif" or "vbd"
 * @back: the backend's end
 * @peer: domain of the other end
 * @guest: that of the frontend, whichever end this is; constant
 * @own: its directory
 * @other: the other end's directory
 * @look: has the engine look, from the watch context
 * @place: frontend: the same, when the toolstack names a backend
 * @remove: takes the device away, in the watch context
 * @list: in the list of all ends
 */
struct loop_end {
	struct device *dev;
	struct pvio_device *pdev;
	struct pvio_driver *driver;
	const char *type;
	bool back;
	u16 peer;
	u16 guest;
	char own[64];
	char other[64];
	struct work_struct look;
	struct work_struct place;
	struct work_struct remove;
	struct list_head list;
};

/**
 * struct loop_pair - a device, both ends
 * @front: the guest's end
 * @back: the backend's end
 */
struct loop_pair {
	struct loop_end front;
	struct loop_end back;
};

/**
 * pvio_loop_make() - make a pair's xenstore directories, as a toolstack does
 * @pair: filled in
 * @guest: domain of the frontend; what it grants is its own, and no other's
 * @type: "vif" or "vbd"
 * @id: device number, not that of a device of another domain
 * Both states are Initialising, online is 1. Context: may sleep.
 */
int pvio_loop_make(struct loop_pair *pair, u16 guest, const char *type,
		   unsigned int id);

/**
 * pvio_loop_plug() - let the driver of one end find its device
 * @end: the end; binds now if the driver is loaded, or when it is
 * Return: 0, -ENODEV without a driver, or what its probe said.
 */
int pvio_loop_plug(struct loop_end *end);

/**
 * pvio_loop_unplug() - unbind the driver of one end, as sysfs unbind does
 * @end: the end; may be unbound already
 */
void pvio_loop_unplug(struct loop_end *end);

/**
 * pvio_loop_remove_end() - the toolstack removes an end's directory
 * @end: the end; the bus takes its device away, on its own thread
 */
void pvio_loop_remove_end(struct loop_end *end);

/**
 * pvio_loop_take_away() - the bus takes an end's device away, as that of Linux 7.2
 *	does where its directory is another device's by now
 * @end: the end
 */
void pvio_loop_take_away(struct loop_end *end);

/**
 * pvio_loop_drop() - unplug both ends and remove their directories
 * @pair: the pair
 */
void pvio_loop_drop(struct loop_pair *pair);

/**
 * pvio_loop_resume() - frontend: as after restoring a saved domain
 * @end: the end
 */
void pvio_loop_resume(struct loop_end *end);

/**
 * pvio_loop_resume_to() - the same, where the backend's domain is another
 * @end: the end
 * @domain: the backend's domain from now on, of every pair
 */
void pvio_loop_resume_to(struct loop_end *end, u16 domain);

/**
 * pvio_loop_wait() - wait until an end's state in xenstore is a given one
 * @end: the end
 * @state: the state
 * @ms: for how long
 * Return: true when it was reached.
 */
bool pvio_loop_wait(const struct loop_end *end, enum xenbus_state state,
		    unsigned int ms);

/**
 * pvio_loop_settle() - wait until all watches that were due have fired
 */
void pvio_loop_settle(void);

/**
 * pvio_loop_pace() - hear of the peers' states as on Xen, where one that says a
 *	lot is listened to once in a while
 * @on: or all of it at once, as in the beginning
 */
void pvio_loop_pace(bool on);

/**
 * pvio_loop_attr() - what a file of an end's group in sysfs says
 * @end: the end
 * @name: of the file
 * @text: filled in, without the newline that it must end with
 * @room: bytes there
 * Context: may sleep. Return: 0, or a negative errno: there is none, say.
 */
int pvio_loop_attr(const struct loop_end *end, const char *name, char *text,
		   size_t room);

/**
 * pvio_loop_says() - the same, or that it could not be read
 * @end: the end
 * @name: of the file
 * Context: the test's own thread. Return: the text, until the next call.
 */
const char *pvio_loop_says(const struct loop_end *end, const char *name);

/**
 * pvio_loop_comes_to_say() - the same, when it says what it should
 * @end: the end
 * @name: of the file
 * @text: what is waited for, 10 seconds at most
 *
 * A device is opened, and a state written to the store, before it is said.
 * Context: the test's own thread; may sleep. Return: the text, until the next call.
 */
const char *pvio_loop_comes_to_say(const struct loop_end *end, const char *name,
				   const char *text);

/**
 * pvio_loop_show_all() - all that a file says which is printed by a sequence
 * @m: of the opened file
 * @text: filled in
 * @room: bytes there
 */
void pvio_loop_show_all(struct seq_file *m, char *text, size_t room);

/**
 * pvio_loop_open() - open a file as a program does
 * @path: from the root on
 * @flags: as for open(2)
 * Return: a file to close with filp_close(), or an error pointer.
 */
struct file *pvio_loop_open(const char *path, int flags);

/**
 * pvio_loop_debugfs() - what a file below debugfs pvio says
 * @name: its path from there
 * @text: filled in
 * @room: bytes there
 * Return: 0, or a negative errno when there is no such file any more.
 */
int pvio_loop_debugfs(const char *name, char *text, size_t room);

/**
 * pvio_loop_add_up() - the sum of numbers until the end of the line
 * @at: the blank before the first
 */
u64 pvio_loop_add_up(const char *at);

/* The store; paths are whole. Tests write as the toolstack or as a peer. */
int pvio_loop_put(const char *dir, const char *node, const char *text);
/* -ENOENT: the node is gone, and not made again. */
int pvio_loop_put_again(const char *dir, const char *node, const char *text);
int pvio_loop_put_bytes(const char *dir, const char *node, const void *data,
			unsigned int len);
int pvio_loop_remove(const char *dir, const char *node);
void pvio_loop_prune(const char *dir, bool (*unwanted)(const char *node));
char *pvio_loop_get(const char *dir, const char *node, unsigned int *len);
int pvio_loop_set_state(const struct loop_end *end, enum xenbus_state state);
enum xenbus_state pvio_loop_state(const struct loop_end *end);
unsigned long pvio_loop_number(const char *dir, const char *node);
int pvio_loop_store_watch(struct pvio_device *pdev, const char *dir);
void pvio_loop_store_unwatch(struct pvio_device *pdev);
void pvio_loop_store_clear(const char *dir);
void pvio_loop_changed(const char *path);
void pvio_loop_queue(struct work_struct *work);
void pvio_loop_watch_begin(void);
void pvio_loop_watch_end(void);
bool pvio_loop_in_watch(void);

/*
 * A reference that is none and never will be. One of the table that is free now may
 * be anybody's by the time it is used: they are given out in turn.
 */
#define LOOP_BAD_REF	0x10000

/**
 * pvio_loop_limit_refs() - how large the one grant table is
 * @nr: references for all devices together; 0: as in the beginning
 */
void pvio_loop_limit_refs(unsigned int nr);

/**
 * pvio_loop_refs_taken() - references that are not the table's own any more
 *
 * Reserved by some device, or in use, as rings are.
 */
unsigned int pvio_loop_refs_taken(void);

/* Grants; a test that plays an end grants and reaches pages with these. */
int pvio_loop_grants_init(void);
void pvio_loop_set_backend(u16 domain);
void pvio_loop_grants_exit(void);
u32 pvio_loop_raw_grant(struct page *page, bool readonly);
bool pvio_loop_raw_ungrant(u32 ref);
struct page *pvio_loop_granted_page(u32 ref);
struct page *pvio_loop_raw_swap(u32 ref, struct page *page);
struct page *pvio_loop_raw_map(u32 ref, bool readonly);
void pvio_loop_raw_unmap(u32 ref);
unsigned int pvio_loop_grants_in_use(void);
int pvio_loop_ring_grant(struct pvio_device *pdev, struct pvio_shared *s);
void pvio_loop_ring_revoke(struct pvio_device *pdev, struct pvio_shared *s);
int pvio_loop_ring_map(struct pvio_device *pdev, struct pvio_shared *s);
void pvio_loop_ring_unmap(struct pvio_device *pdev, struct pvio_shared *s);
int pvio_loop_grefs_open(u16 nr, u32 *head);
void pvio_loop_grefs_close(u32 head);
int pvio_loop_grefs_grow(u16 nr, u32 *head);
unsigned int pvio_loop_grefs_shrink(unsigned int nr, u32 *head);
u32 pvio_loop_grant(struct pvio_device *pdev, u32 *head, struct page *page,
		    bool readonly);
bool pvio_loop_ungrant(u32 *head, u32 ref);
bool pvio_loop_ungrant_idle(u32 ref);
void pvio_loop_ungrant_later(u32 ref, struct page *page);
u64 pvio_loop_local_gfn(struct page *page);
void pvio_loop_copy(struct gnttab_copy *ops, unsigned int nr);
int pvio_loop_pages_get(unsigned int nr, struct page **pages);
void pvio_loop_pages_put(unsigned int nr, struct page **pages);
int pvio_loop_map(struct pvio_device *pdev, struct pvio_map *maps,
		  unsigned int nr);
void pvio_loop_unmap(struct pvio_device *pdev, struct pvio_map *maps,
		     unsigned int nr);

/* Events; a test that plays an end opens, binds and sends with these. */
int pvio_loop_event_open(struct pvio_event *ev);
int pvio_loop_event_bind(struct pvio_event *ev);
void pvio_loop_event_close(struct pvio_event *ev);
void pvio_loop_event_notify(const struct pvio_event *ev);
void pvio_loop_event_done(const struct pvio_event *ev, bool worked);
void pvio_loop_event_wait(const struct pvio_event *ev);
void pvio_loop_flood(const struct pvio_event *ev, unsigned int count);
/* A thread that does nothing else, one at a time; false on error. */
bool pvio_loop_flood_on(const struct pvio_event *ev);
/* Until then, or a pair is dropped: a case may have ended in between. */
void pvio_loop_flood_off(void);
unsigned long pvio_loop_events_sent(const struct pvio_event *ev);

/**
 * pvio_loop_idle_events() - events at whose end nothing new was found
 *
 * Of all channels since the module was loaded; Xen holds these against the
 * peer.
 */
unsigned long pvio_loop_idle_events(void);

/**
 * pvio_loop_late_events() - have an event come to each open channel whenever a
 *	frontend has given a ring back: as from a peer that goes on sending
 * @on: or none, as in the beginning
 */
void pvio_loop_late_events(bool on);

/* Used by the provider itself; may sleep. */
void pvio_loop_ring_gone(void);

/**
 * pvio_loop_unbalanced() - events delivered and not yet declared done
 */
int pvio_loop_unbalanced(void);

#endif /* PVIO_TESTS_LOOP_H */
