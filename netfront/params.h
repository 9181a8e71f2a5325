/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Module parameters of the network frontend.
 */
#ifndef PVIO_NETFRONT_PARAMS_H
#define PVIO_NETFRONT_PARAMS_H

#include <linux/types.h>

/* Most queues an interface may be asked to have. */
#define PVIO_NF_QUEUES_MAX	64

/**
 * struct pvio_nf_params - what the administrator chose
 * @max_queues: most queues of an interface that is found later, 0 to
 *	PVIO_NF_QUEUES_MAX; 0: one a CPU, at most 8
 * @trusted: false: whatever the toolstack says of a backend, share nothing but
 *	payload, from the next connection on
 */
struct pvio_nf_params {
	unsigned int max_queues;
	bool trusted;
};

extern struct pvio_nf_params pvio_nf_params;

/**
 * pvio_nf_params_queues() - most queues of an interface that is found now
 * Return: 1 to PVIO_NF_QUEUES_MAX.
 */
unsigned int pvio_nf_params_queues(void);

#endif /* PVIO_NETFRONT_PARAMS_H */
