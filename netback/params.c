// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters, each checked against its range when it is set.
 */
#include "params.h"

#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#define QUEUES_DEFAULT	8U
#define MSECS_MAX	3600000U	/* an hour */

struct pvio_nb_params pvio_nb_params = {
	.stall_msecs = 60000,
	.drain_msecs = 10000,
	.split_events = true,
};

static int nb_params_set_queues(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 1, PVIO_NB_QUEUES_MAX);
}

static int nb_params_set_stall(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, MSECS_MAX);
}

static int nb_params_set_drain(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 1, MSECS_MAX);
}

static const struct kernel_param_ops queues_ops = {
	.set = nb_params_set_queues,
	.get = param_get_uint,
};

static const struct kernel_param_ops stall_ops = {
	.set = nb_params_set_stall,
	.get = param_get_uint,
};

static const struct kernel_param_ops drain_ops = {
	.set = nb_params_set_drain,
	.get = param_get_uint,
};

module_param_cb(max_queues, &queues_ops, &pvio_nb_params.max_queues, 0644);
MODULE_PARM_DESC(max_queues,
		 "Queues offered to a guest, 1-64 (default: one a CPU, at most 8)");

module_param_cb(rx_stall_timeout_msecs, &stall_ops,
		&pvio_nb_params.stall_msecs, 0644);
MODULE_PARM_DESC(rx_stall_timeout_msecs,
		 "Carrier goes off when a guest offers no receive buffers for so long, 0: never (default 60000)");

module_param_cb(rx_drain_timeout_msecs, &drain_ops,
		&pvio_nb_params.drain_msecs, 0644);
MODULE_PARM_DESC(rx_drain_timeout_msecs,
		 "A packet that waited so long for receive buffers is dropped (default 10000)");

module_param_named(separate_tx_rx_irq, pvio_nb_params.split_events, bool,
		   0644);
MODULE_PARM_DESC(separate_tx_rx_irq,
		 "Offer one event channel for each direction (default Y)");

void pvio_nb_params_init(void)
{
	if (!pvio_nb_params.max_queues)
		pvio_nb_params.max_queues = min(QUEUES_DEFAULT,
						num_online_cpus());
}
