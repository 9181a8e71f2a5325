/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters of the network frontend.
 */
#ifndef PVIO_NETFRONT_PARAMS_H
#define PVIO_NETFRONT_PARAMS_H

#include <linux/types.h>

/* Most queues an interface may be asked to have. */
#define PVIO_NF_QUEUES_MAX	64

/**
 * pvio_nf_params_queues() - most queues of an interface
 * Return: 1 to PVIO_NF_QUEUES_MAX.
 */
unsigned int pvio_nf_params_queues(void);

/**
 * pvio_nf_params_trusted() - may backends be trusted at all?
 *
 * Return: false: whatever the toolstack says, share nothing but payload.
 */
bool pvio_nf_params_trusted(void);

#endif /* PVIO_NETFRONT_PARAMS_H */
