/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Codec of the network protocol's control ring (xen/interface/io/netif.h): a
 * request is one slot, and so is its answer.
 *
 * Pure code under the rules of ring.h.  What can be said against a request
 * without knowing what it is for is said here.
 */
#ifndef PVIO_RING_NETCTRL_H
#define PVIO_RING_NETCTRL_H

#include <linux/types.h>
#include <xen/interface/io/netif.h>

#include "ring.h"

/* Octets of the longest key that is taken, entries of the largest table. */
#define PVIO_NETCTRL_KEY_MAX	40
#define PVIO_NETCTRL_MAP_MAX	128
/* Entries of a list of grant references: it lies in one page. */
#define PVIO_NETCTRL_GREFS_MAX	512

/*
 * Types of which the kernel's copy of the header does not know: the guest has
 * pages mapped by the backend once and for all, static grants.
 */
#define PVIO_NETCTRL_GET_GREF_MAPPING_SIZE	8
#define PVIO_NETCTRL_ADD_GREF_MAPPING		9
#define PVIO_NETCTRL_DEL_GREF_MAPPING		10

/* The peer must not write the page. */
#define PVIO_NETCTRL_GREF_READONLY	1

/**
 * struct pvio_netctrl_gref - a page in such a list, as it is on the wire
 * @ref: its grant
 * @flags: PVIO_NETCTRL_GREF_*
 * @status: DEL's answer for it, XEN_NETIF_CTRL_STATUS_*
 */
struct pvio_netctrl_gref {
	u32 ref;
	u16 flags;
	u16 status;
};

/* All that can be hashed. */
#define PVIO_NETCTRL_FLAGS	(XEN_NETIF_CTRL_HASH_TYPE_IPV4 |	\
				 XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP |	\
				 XEN_NETIF_CTRL_HASH_TYPE_IPV6 |	\
				 XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)

extern const struct pvio_ring_type pvio_netctrl_ring;

/**
 * struct pvio_netctrl_request - what a frontend asks for, checked
 * @id: echoed in the answer
 * @type: echoed in the answer
 * @value: flags, all of them known; an algorithm that is known; entries that a
 *	table is to have, up to PVIO_NETCTRL_MAP_MAX; or the number of a queue,
 *	any
 * @gref: the peer's page with a key, with part of a table, or with a list of
 *	grant references
 * @nr: octets of that key, up to PVIO_NETCTRL_KEY_MAX; entries of that part; or
 *	of that list, 1 to PVIO_NETCTRL_GREFS_MAX
 * @offset: of the part in the table; @offset + @nr is at most
 *	PVIO_NETCTRL_MAP_MAX
 * @status: for PVIO_BAD: XEN_NETIF_CTRL_STATUS_* to answer
 */
struct pvio_netctrl_request {
	u16 id;
	u16 type;
	u32 value;
	u32 gref;
	u16 nr;
	u16 offset;
	u32 status;
};

/**
 * pvio_netctrl_take() - backend: take one request
 * @b: the ring, polled before
 * @req: filled in as far as its type has it
 * Return: PVIO_EMPTY; PVIO_OK; PVIO_BAD: answer it with @req->status.
 */
enum pvio_verdict pvio_netctrl_take(struct pvio_back_ring *b,
				    struct pvio_netctrl_request *req);

/**
 * pvio_netctrl_answer() - backend: answer a request
 * @b: the ring
 * @req: as pvio_netctrl_take() filled it in
 * @status: XEN_NETIF_CTRL_STATUS_*
 * @data: what was asked for; 0 for most types
 *
 * Not published: see pvio_back_push().
 */
void pvio_netctrl_answer(struct pvio_back_ring *b,
			 const struct pvio_netctrl_request *req, u32 status,
			 u32 data);

/**
 * pvio_netctrl_put() - frontend: put a request
 * @f: the ring, known to have room
 * @req: the request
 */
void pvio_netctrl_put(struct pvio_front_ring *f,
		      const struct xen_netif_ctrl_request *req);

/**
 * pvio_netctrl_take_answer() - frontend: take one answer
 * @f: the ring, polled before
 * @rsp: the answer; its id and type are to be compared with the request's
 * Return: PVIO_EMPTY or PVIO_OK.
 */
enum pvio_verdict pvio_netctrl_take_answer(struct pvio_front_ring *f,
					   struct xen_netif_ctrl_response *rsp);

#endif /* PVIO_RING_NETCTRL_H */
