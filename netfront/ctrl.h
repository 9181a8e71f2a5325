/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The control ring of an interface: requests to the backend that do not fit
 * into xenstore, a handful at a time.
 */
#ifndef PVIO_NETFRONT_CTRL_H
#define PVIO_NETFRONT_CTRL_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "ring/netctrl.h"
#include "xenbus/channel.h"
#include "xenbus/grants.h"

struct pvio_nf;

/* Requests of a batch. */
#define PVIO_NF_CTRL_BATCH	5

/**
 * enum pvio_nf_ctrl_page - pages that requests refer to
 * @PVIO_NF_CTRL_KEY: octets of a key
 * @PVIO_NF_CTRL_TABLE: entries of a table
 * @PVIO_NF_CTRL_GREFS: a list of pages' grants, which the backend may write
 * @PVIO_NF_CTRL_PAGES: how many
 */
enum pvio_nf_ctrl_page {
	PVIO_NF_CTRL_KEY,
	PVIO_NF_CTRL_TABLE,
	PVIO_NF_CTRL_GREFS,
	PVIO_NF_CTRL_PAGES,
};

/**
 * struct pvio_nf_ctrl - the control ring
 * @open: the backend serves it; written under rtnl
 * @event: its channel
 * @shared: the ring's page; nothing without a control ring
 * @refs: grant references of @page
 * @page: pages that requests refer to; NULL until there is one
 * @ref: their grants
 * @lock: covers the rest, interrupts off
 * @ring: our end
 * @first: id of the batch's first request
 * @heard: takes its answers, whatever they are, under @lock; NULL: they are
 *	waited for
 * @type: of each of its requests
 * @waiting: bit for each that is not answered
 * @status: of the last that was refused; 0: none was
 * @ahead: the event of what was found may still come
 * @answered: somebody waits here for the batch, or to hear that there is none
 */
struct pvio_nf_ctrl {
	bool open;
	struct pvio_event event;
	struct pvio_shared shared;
	struct pvio_grefs refs;
	struct page *page[PVIO_NF_CTRL_PAGES];
	u32 ref[PVIO_NF_CTRL_PAGES];
	spinlock_t lock; /* see above; innermost */
	struct pvio_front_ring ring;
	u16 first;
	void (*heard)(struct pvio_nf *nf,
		      const struct xen_netif_ctrl_response *rsp);
	u16 type[PVIO_NF_CTRL_BATCH];
	unsigned long waiting;
	u32 status;
	bool ahead;
	wait_queue_head_t answered;
};

/**
 * pvio_nf_ctrl_init() - prepare what lives as long as the interface
 * @nf: the interface
 */
void pvio_nf_ctrl_init(struct pvio_nf *nf);

/**
 * pvio_nf_ctrl_start() - make a control ring if the backend takes one
 * @nf: the interface
 *
 * One that cannot be made is done without.
 * Context: may sleep; the device's lock is held.
 */
void pvio_nf_ctrl_start(struct pvio_nf *nf);

/**
 * pvio_nf_ctrl_halt() - nobody is to wait for the backend any more
 * @nf: the interface
 * Context: any.
 */
void pvio_nf_ctrl_halt(struct pvio_nf *nf);

/**
 * pvio_nf_ctrl_stop() - give the ring back
 * @nf: the interface, halted; may have no control ring
 * Context: may sleep; the device's lock is held, rtnl has been since it was
 * halted.
 */
void pvio_nf_ctrl_stop(struct pvio_nf *nf);

/**
 * pvio_nf_ctrl_page() - a page for the backend to read
 * @nf: the interface, with nothing asked for that is not answered
 * @which: what for
 * Context: may sleep; rtnl is held. Return: its content, or NULL.
 */
void *pvio_nf_ctrl_page(struct pvio_nf *nf, enum pvio_nf_ctrl_page which);

/**
 * pvio_nf_ctrl_send() - ask for something
 * @nf: the interface, its control ring open
 * @reqs: the requests; their ids are made here
 * @nr: how many, up to PVIO_NF_CTRL_BATCH
 * @heard: takes each answer, interrupts off; NULL: they are waited for, or
 *	nobody cares
 *
 * Context: any; rtnl is held.
 * Return: 0, -EBUSY while an earlier batch is not answered, or -EIO when the
 * backend cannot be talked to.
 */
int pvio_nf_ctrl_send(struct pvio_nf *nf,
		      const struct xen_netif_ctrl_request *reqs,
		      unsigned int nr,
		      void (*heard)(struct pvio_nf *nf,
				    const struct xen_netif_ctrl_response *rsp));

/**
 * pvio_nf_ctrl_wait() - wait until everything is answered
 * @nf: the interface
 *
 * Context: may sleep, for two seconds at most; rtnl is held.
 * Return: 0, -ETIMEDOUT, -EIO when the backend went away or lied, -EOPNOTSUPP
 * or -EINVAL when it refused.
 */
int pvio_nf_ctrl_wait(struct pvio_nf *nf);

#endif /* PVIO_NETFRONT_CTRL_H */
