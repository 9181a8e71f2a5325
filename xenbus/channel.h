/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What one queue shares with the peer: ring pages and an event channel.
 *
 * Each object is zero when closed; opening fills it, closing empties it, and
 * closing a closed one does nothing, so that a half-made queue is taken down
 * by the ordinary teardown.
 */
#ifndef PVIO_XENBUS_CHANNEL_H
#define PVIO_XENBUS_CHANNEL_H

#include <linux/interrupt.h>
#include <linux/types.h>

struct cpumask;
struct pvio_device;

#define PVIO_RING_PAGES_MAX	16

/**
 * struct pvio_shared - pages that hold a ring
 * @vaddr: where they are; NULL when closed
 * @bytes: their size
 * @nr_pages: how many of 4 KiB, 1 to PVIO_RING_PAGES_MAX
 * @refs: grant references, one a page
 * @provider: owned by the provider
 */
struct pvio_shared {
	void *vaddr;
	size_t bytes;
	unsigned int nr_pages;
	u32 refs[PVIO_RING_PAGES_MAX];
	void *provider;
};

/**
 * pvio_shared_grant() - frontend: allocate zeroed pages and grant them
 * @pdev: the device
 * @s: filled in, @refs included
 * @nr_pages: how many
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_shared_grant(struct pvio_device *pdev, struct pvio_shared *s,
		      unsigned int nr_pages);

/**
 * pvio_shared_map() - backend: map the frontend's pages
 * @pdev: the device
 * @s: filled in
 * @refs: the frontend's references
 * @nr_pages: how many
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_shared_map(struct pvio_device *pdev, struct pvio_shared *s,
		    const u32 *refs, unsigned int nr_pages);

/**
 * pvio_shared_close() - give the pages back
 * @pdev: the device
 * @s: emptied; may be empty already
 *
 * A frontend's page that the backend still maps is freed when it lets go.
 * Context: may sleep.
 */
void pvio_shared_close(struct pvio_device *pdev, struct pvio_shared *s);

/**
 * struct pvio_event - an event channel and its handler
 * @pdev: the device; NULL when closed
 * @port: frontend: the port to publish
 * @irq: Linux interrupt number; for the Xen provider
 * @handler: called in hard interrupt context, once per event until
 *	pvio_event_done()
 * @arg: for @handler
 * @name: in /proc/interrupts
 * @provider: owned by the provider of the door
 */
struct pvio_event {
	struct pvio_device *pdev;
	u32 port;
	int irq;
	irq_handler_t handler;
	void *arg;
	char name[32];
	void *provider;
};

/**
 * pvio_event_open() - frontend: make an event channel for the peer to bind
 * @pdev: the device
 * @ev: @handler, @arg and @name filled in by the caller; the rest here
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_event_open(struct pvio_device *pdev, struct pvio_event *ev);

/**
 * pvio_event_bind() - backend: bind the frontend's event channel
 * @pdev: the device
 * @ev: @handler, @arg and @name filled in by the caller; the rest here
 * @port: the frontend's port
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_event_bind(struct pvio_device *pdev, struct pvio_event *ev, u32 port);

/**
 * pvio_event_close() - no handler runs when this returns, nor ever again
 * @ev: emptied; may be empty already
 * Context: may sleep; not under a lock that the handler takes.
 */
void pvio_event_close(struct pvio_event *ev);

/**
 * pvio_event_notify() - tell the peer; one hypercall
 * @ev: the channel
 * Context: any.
 */
void pvio_event_notify(const struct pvio_event *ev);

/**
 * pvio_event_done() - the event was dealt with, the next may come
 * @ev: the channel
 * @worked: false: nothing new was found; a peer that sends many of those is
 *	held off for growing times
 *
 * Exactly one call per call of the handler; none after a fault, so that a
 * hostile peer silences itself. Context: any.
 */
void pvio_event_done(const struct pvio_event *ev, bool worked);

/**
 * pvio_event_wait() - wait for the next event in the hypervisor
 * @ev: the channel, between a call of the handler and pvio_event_done()
 *
 * Gives up the virtual CPU until the next event, for which the handler is not
 * called, or until any interrupt was handled: the caller looks for itself.  An
 * event that came before ends the wait at once; one that comes later does so
 * even before the caller waits again.  One hypercall.
 * Context: process context, interrupts on.
 */
void pvio_event_wait(const struct pvio_event *ev);

/**
 * pvio_event_spread() - say where the handler is wanted
 * @ev: the channel
 * @cpus: the CPUs that send most of what is answered by this channel's events
 *
 * A wish: the administrator may move it, and a CPU may be offline.
 * Context: may sleep.
 */
void pvio_event_spread(const struct pvio_event *ev, const struct cpumask *cpus);

#endif /* PVIO_XENBUS_CHANNEL_H */
