// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters of the network frontend.
 */
#include "params.h"

#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

/* Queues of an interface when nobody asked for a number. */
#define QUEUES_DEFAULT	8

static unsigned int max_queues;
static bool trusted = true;

static int nf_params_set_max_queues(const char *text,
				    const struct kernel_param *kp)
{
	return param_set_uint_minmax(text, kp, 0, PVIO_NF_QUEUES_MAX);
}

static const struct kernel_param_ops max_queues_ops = {
	.set = nf_params_set_max_queues,
	.get = param_get_uint,
};

module_param_cb(max_queues, &max_queues_ops, &max_queues, 0644);
MODULE_PARM_DESC(max_queues,
		 "Most queues of an interface, 0 to 64 (0: one for each CPU, at most 8); counts for new interfaces");
module_param(trusted, bool, 0644);
MODULE_PARM_DESC(trusted,
		 "N: trust no backend, copy everything that is sent; counts from the next connection");

unsigned int pvio_nf_params_queues(void)
{
	unsigned int asked = READ_ONCE(max_queues);

	return asked ?: min_t(unsigned int, QUEUES_DEFAULT, num_online_cpus());
}

bool pvio_nf_params_trusted(void)
{
	return READ_ONCE(trusted);
}
