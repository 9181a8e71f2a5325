/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Module parameters of the network backend.
 */
#ifndef PVIO_NETBACK_PARAMS_H
#define PVIO_NETBACK_PARAMS_H

#include <linux/types.h>

/* Queues of one device: more than this no guest gains from. */
#define PVIO_NB_QUEUES_MAX	64
/* Pages kept mapped of one queue: both of its rings several times over. */
#define PVIO_NB_STATIC_GRANTS_MAX	4096

/**
 * struct pvio_nb_params - what the administrator may set
 * @max_queues: most that a guest may ask for, 1 to PVIO_NB_QUEUES_MAX; 0
 *	until the module is loaded: one a CPU, at most 8
 * @stall_msecs: a guest that offers no receive buffers for so long loses its
 *	carrier; 0: never
 * @drain_msecs: a packet that waited so long for receive buffers is dropped
 * @split_events: let guests have an event channel for each direction
 * @max_static_grants: pages of each queue that a guest may have kept mapped, up
 *	to PVIO_NB_STATIC_GRANTS_MAX; 0: that is not offered
 * @headroom: let guests have room in front of packets
 *
 * Written through sysfs at any time, within their ranges; a device samples
 * them when it is made.
 */
struct pvio_nb_params {
	unsigned int max_queues;
	unsigned int stall_msecs;
	unsigned int drain_msecs;
	bool split_events;
	unsigned int max_static_grants;
	bool headroom;
};

extern struct pvio_nb_params pvio_nb_params;

/**
 * pvio_nb_params_init() - give what was not set on loading its default
 */
void pvio_nb_params_init(void);

#endif /* PVIO_NETBACK_PARAMS_H */
