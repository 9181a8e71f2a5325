/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The control ring of a vif, by which its guest asks for what does not fit
 * into xenstore.
 */
#ifndef PVIO_NETBACK_CTRL_H
#define PVIO_NETBACK_CTRL_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include "events.h"
#include "ring/ring.h"
#include "xenbus/channel.h"

struct pvio_nb_vif;

/**
 * struct pvio_nb_ctrl - the control ring
 * @events: its events; but for its bit @events.raised the work's
 * @shared: the ring's page; nothing when the guest has none
 * @ring: our end; the work's
 * @work: serves it
 * @stopped: it is not to be
 */
struct pvio_nb_ctrl {
	struct pvio_nb_events events;
	struct pvio_shared shared;
	struct pvio_back_ring ring;
	struct work_struct work;
	bool stopped;
};

/**
 * pvio_nb_ctrl_init() - prepare the control ring of a new vif; nothing to undo
 * @ctrl: the ring
 */
void pvio_nb_ctrl_init(struct pvio_nb_ctrl *ctrl);

/**
 * pvio_nb_ctrl_start() - map the guest's control ring if it has one, serve it
 * @vif: the vif, with all of its queues
 * @ref: grant reference of the ring; 0: there is none
 * @port: its event channel; 0: there is none
 *
 * Context: may sleep; @vif->pdev->lock held.
 * Return: 0 or a negative errno; stop it either way.
 */
int pvio_nb_ctrl_start(struct pvio_nb_vif *vif, u32 ref, u32 port);

/**
 * pvio_nb_ctrl_stop() - serve it no more, forget what the guest asked for
 * @vif: the vif
 *
 * Waits for no more than a request that is being served.
 * Context: may sleep; @vif->pdev->lock held.
 */
void pvio_nb_ctrl_stop(struct pvio_nb_vif *vif);

#endif /* PVIO_NETBACK_CTRL_H */
