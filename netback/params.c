// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Module parameters and their ranges.
 */
#include "params.h"

#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#include "xenbus/params.h"

#define QUEUES_DEFAULT	8U
#define MSECS_MAX	3600000U	/* an hour */

struct pvio_nb_params pvio_nb_params = {
	.stall_msecs = 60000,
	.drain_msecs = 10000,
	.split_events = true,
	.max_static_grants = 1024,
	.headroom = true,
};

PVIO_PARAM(max_queues, &pvio_nb_params.max_queues, 1, PVIO_NB_QUEUES_MAX, 0644);
MODULE_PARM_DESC(max_queues,
		 "Queues offered to a guest, 1-64 (default: one a CPU, at most 8)");

PVIO_PARAM(rx_stall_timeout_msecs, &pvio_nb_params.stall_msecs, 0, MSECS_MAX,
	   0644);
MODULE_PARM_DESC(rx_stall_timeout_msecs,
		 "Carrier goes off when a guest offers no receive buffers for so long, 0: never (default 60000)");

PVIO_PARAM(rx_drain_timeout_msecs, &pvio_nb_params.drain_msecs, 1, MSECS_MAX,
	   0644);
MODULE_PARM_DESC(rx_drain_timeout_msecs,
		 "A packet that waited so long for receive buffers is dropped (default 10000)");

module_param_named(separate_tx_rx_irq, pvio_nb_params.split_events, bool,
		   0644);
MODULE_PARM_DESC(separate_tx_rx_irq,
		 "Offer one event channel for each direction (default Y)");

PVIO_PARAM(max_static_grants, &pvio_nb_params.max_static_grants, 0,
	   PVIO_NB_STATIC_GRANTS_MAX, 0644);
MODULE_PARM_DESC(max_static_grants,
		 "Pages of each queue that a guest may have kept mapped, 0-4096 (default 1024)");

module_param_named(provides_xdp_headroom, pvio_nb_params.headroom, bool, 0644);
MODULE_PARM_DESC(provides_xdp_headroom,
		 "Leave room in front of packets for XDP when a guest asks (default Y)");

void pvio_nb_params_init(void)
{
	if (!pvio_nb_params.max_queues)
		pvio_nb_params.max_queues = min(QUEUES_DEFAULT,
						num_online_cpus());
}
