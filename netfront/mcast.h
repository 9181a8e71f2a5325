/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Tells the backend which multicast the interface listens to, so that it keeps
 * the rest.
 */
#ifndef PVIO_NETFRONT_MCAST_H
#define PVIO_NETFRONT_MCAST_H

#include <linux/types.h>
#include <linux/workqueue.h>

struct pvio_nf;

/* What any backend takes. */
#define PVIO_NF_MCAST_MAX	64

/**
 * struct pvio_nf_mcast - what the backend knows
 * @work: tells it the rest
 * @running: it may; written under the device's lock
 * @asked: the backend is to keep what it does not know; @work's own
 * @full: it did not take an address; @work's own
 * @nr: addresses that it knows; @work's own
 * @addr: those
 */
struct pvio_nf_mcast {
	struct delayed_work work;
	bool running;
	bool asked;
	bool full;
	unsigned int nr;
	u64 addr[PVIO_NF_MCAST_MAX];
};

/**
 * pvio_nf_mcast_init() - prepare what lives as long as the interface
 * @nf: the interface
 */
void pvio_nf_mcast_init(struct pvio_nf *nf);

/**
 * pvio_nf_mcast_run() - the backend serves the queues: tell it
 * @nf: the interface, running
 * Context: may sleep; the device's lock is held.
 */
void pvio_nf_mcast_run(struct pvio_nf *nf);

/**
 * pvio_nf_mcast_halt() - say nothing more
 * @nf: the interface; may be halted already
 * Context: may sleep; the device's lock is held, not rtnl.
 */
void pvio_nf_mcast_halt(struct pvio_nf *nf);

/**
 * pvio_nf_mcast_look() - what the interface listens to has changed
 * @nf: the interface
 * Context: any.
 */
void pvio_nf_mcast_look(struct pvio_nf *nf);

#endif /* PVIO_NETFRONT_MCAST_H */
