/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Static grants: pages of the guest that stay mapped here, so that what a slot
 * names of them is copied by the CPU, without a grant operation.
 *
 * Nothing on a ring says that a page is one of these: its queue has a table of
 * them by grant reference, in which every slot is looked up.  What the header
 * of the protocol leaves open is decided as follows.
 *
 * - As many as max_static_grants, each queue; 0: not supported.  Table and
 *   mappings are made when a guest adds pages, and go with the last of them, or
 *   with the connection: who reconnects or resumes begins with none.
 * - An unknown flag, a reference that is there already or twice in the list,
 *   one that cannot be mapped, or one too many: INVALID_PARAMETER for all of
 *   them.
 * - A read-only page serves what the guest transmits.  Offered to receive into,
 *   it is not found, and the grant copy says what is to be said.
 * - DEL looks at no flags.  No page is in use: who copies has done so before he
 *   answers, and DEL waits for him.  Its answer is SUCCESS with the number of
 *   pages unmapped, which may be 0; INVALID_PARAMETER when the list could not be
 *   read, or its statuses not be written.
 */
#ifndef PVIO_NETBACK_GREF_MAP_H
#define PVIO_NETBACK_GREF_MAP_H

#include <linux/compiler.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct pvio_nb_gref_map_table;
struct pvio_nb_queue;
struct pvio_nb_vif;
struct pvio_netctrl_request;

/**
 * struct pvio_nb_gref_map - the pages of one queue that are mapped
 * @table: they; NULL: none
 *
 * Written by the control ring's work, and when that has stopped.
 */
struct pvio_nb_gref_map {
	struct pvio_nb_gref_map_table __rcu *table;
};

/**
 * pvio_nb_gref_map_serve() - do what the guest asks for
 * @vif: the vif
 * @req: the request of one of the three types, good in itself
 * @data: 0; what it asks to be told is filled in
 *
 * Waits for packets that are being copied, once for each DEL.
 * Context: may sleep; one at a time for a vif.
 * Return: XEN_NETIF_CTRL_STATUS_*.
 */
u32 pvio_nb_gref_map_serve(struct pvio_nb_vif *vif,
			   const struct pvio_netctrl_request *req, u32 *data);

/**
 * pvio_nb_gref_map_close() - the guest has gone: unmap all of its pages
 * @map: of a queue that is not running; the control ring is not served
 * Context: may sleep.
 */
void pvio_nb_gref_map_close(struct pvio_nb_gref_map *map);

/* The rest of pvio_nb_gref_map_find(). */
void *pvio_nb_gref_map_look_up(const struct pvio_nb_gref_map *map, u32 gref,
			       bool write);

/**
 * pvio_nb_gref_map_find() - is a page of the guest mapped?
 * @map: the queue's
 * @gref: the page
 * @write: it is to be written
 *
 * What is read there may change at any moment, and more than once.
 * Context: softirqs off, from here until the page is used no more.
 * Return: its first byte; NULL: it is not.
 */
static inline void *pvio_nb_gref_map_find(const struct pvio_nb_gref_map *map,
					  u32 gref, bool write)
{
	if (!rcu_access_pointer(map->table))
		return NULL;
	return pvio_nb_gref_map_look_up(map, gref, write);
}

#endif /* PVIO_NETBACK_GREF_MAP_H */
