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

/* Queues of an interface when nobody asked for a number. */
#define QUEUES_DEFAULT	8

struct pvio_nf_params pvio_nf_params = {
	.static_grants = PVIO_NF_STATIC_MAX,
	.static_lend = true,
	.trusted = true,
};

PVIO_PARAM(max_queues, &pvio_nf_params.max_queues, 0, PVIO_NF_QUEUES_MAX, 0644);
MODULE_PARM_DESC(max_queues,
		 "Most queues of an interface, 0 to 64 (default 0: one for each CPU, at most 8); counts for new interfaces");
PVIO_PARAM(static_grants, &pvio_nf_params.static_grants, 0, PVIO_NF_STATIC_MAX,
	   0644);
MODULE_PARM_DESC(static_grants,
		 "Most pages of each direction of a queue that the backend keeps mapped while there is load, 0 (none) to 512 (default); counts from the next connection");
module_param_named(static_lend, pvio_nf_params.static_lend, bool, 0644);
MODULE_PARM_DESC(static_lend,
		 "N (default Y): copy what is received out of pages that the backend keeps mapped, so that it cannot change afterwards; counts from the next connection");
module_param_named(trusted, pvio_nf_params.trusted, bool, 0644);
MODULE_PARM_DESC(trusted,
		 "N (default Y): trust no backend, copy everything that is sent; counts from the next connection");

unsigned int pvio_nf_params_queues(void)
{
	unsigned int asked = READ_ONCE(pvio_nf_params.max_queues);

	return asked ?: min_t(unsigned int, QUEUES_DEFAULT, num_online_cpus());
}
