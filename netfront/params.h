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
/* Most pages of a direction of a queue that the backend may be told of. */
#define PVIO_NF_STATIC_MAX	512

/**
 * struct pvio_nf_params - what the administrator chose
 * @max_queues: most queues of an interface that is found later, 0 to
 *	PVIO_NF_QUEUES_MAX; 0: one a CPU, at most 8
 * @static_grants: most pages of each direction of a queue that the backend is to
 *	keep mapped, 0 to PVIO_NF_STATIC_MAX, from the next connection on
 * @static_lend: received data goes up the stack in such pages, which the backend
 *	can still write to; else it is copied out of them; from the next
 *	connection on
 * @trusted: false: whatever the toolstack says of a backend, share nothing but
 *	payload, from the next connection on
 */
struct pvio_nf_params {
	unsigned int max_queues;
	unsigned int static_grants;
	bool static_lend;
	bool trusted;
};

extern struct pvio_nf_params pvio_nf_params;

/**
 * pvio_nf_params_queues() - most queues of an interface that is found now
 * Return: 1 to PVIO_NF_QUEUES_MAX.
 */
unsigned int pvio_nf_params_queues(void);

#endif /* PVIO_NETFRONT_PARAMS_H */
