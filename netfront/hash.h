/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How the administrator wants received packets spread over the queues.  The
 * backend does it, and is told by the control ring.
 */
#ifndef PVIO_NETFRONT_HASH_H
#define PVIO_NETFRONT_HASH_H

#include <linux/types.h>

#include "ring/netctrl.h"

struct pvio_nf;

/**
 * struct pvio_nf_hash - how packets are to be spread; under rtnl
 * @set: the administrator has said so; else it is up to the backend
 * @flags: XEN_NETIF_CTRL_HASH_TYPE_*, what is hashed
 * @key: of the hash
 * @table: queues; of those that are not there, modulo their number
 */
struct pvio_nf_hash {
	bool set;
	u32 flags;
	u8 key[PVIO_NETCTRL_KEY_MAX];
	u8 table[PVIO_NETCTRL_MAP_MAX];
};

/**
 * pvio_nf_hash_init() - what is to be when somebody says some of it
 * @nf: the interface
 */
void pvio_nf_hash_init(struct pvio_nf *nf);

/**
 * pvio_nf_hash_change() - have the backend spread packets otherwise
 * @nf: the interface
 * @to: how
 *
 * Context: may sleep, for some seconds at most; rtnl is held.
 * Return: 0, or a negative errno when it stays as it was.
 */
int pvio_nf_hash_change(struct pvio_nf *nf, const struct pvio_nf_hash *to);

/**
 * pvio_nf_hash_spread() - use so many queues from now on
 * @nf: the interface, connected
 * @nr: 1 to @max_queues
 *
 * Context: may sleep, for some seconds at most; rtnl is held.
 * Return: 0, or a negative errno when it stays as it was.
 */
int pvio_nf_hash_spread(struct pvio_nf *nf, unsigned int nr);

/**
 * pvio_nf_hash_renew() - the control ring is served: tell a new backend
 * @nf: the interface
 *
 * Waits for no answer. Context: may sleep, takes rtnl.
 */
void pvio_nf_hash_renew(struct pvio_nf *nf);

#endif /* PVIO_NETFRONT_HASH_H */
