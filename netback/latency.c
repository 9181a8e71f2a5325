// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The switch for latencies.
 */
#include "latency.h"

#include <linux/moduleparam.h>

#include "xenbus/params.h"

DEFINE_STATIC_KEY_FALSE(pvio_nb_latency_key);

module_param_cb(latency, &pvio_switch_ops, &pvio_nb_latency_key.key, 0644);
MODULE_PARM_DESC(latency, "Measure latencies, for debugfs (default N)");
