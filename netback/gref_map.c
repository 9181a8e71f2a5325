// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Static grants: the table of a queue's mapped pages.
 *
 * While the guest has none: per copy one test.  Else per copy: a multiplication
 * and about one look into the table, 64 at most however the guest chose its
 * references; no lock.
 *
 * Open addressing, at most half full.  A place changes hands only through the
 * control ring's work, which lets all who may look at it finish in between:
 * what is said of a page is written before the page, and stays until nobody
 * can have found it.
 */
#include "gref_map.h"

#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "queue.h"
#include "ring/netctrl.h"
#include "vif.h"
#include "xenbus/device.h"
#include "xenbus/grants.h"

/* Places that are looked at for one reference. */
#define PROBES		64

/* Instead of a page: there was one; NULL: nothing lies behind this place. */
#define GONE		((struct page *)1UL)
/* Instead of a page: there will be one. */
#define RESERVED	((struct page *)2UL)

/**
 * struct pvio_nb_gref_map_table - the pages of one queue
 * @mapper: what they are mapped onto
 * @nr: how many there are, reserved ones as well
 * @max: how many there may be
 * @bits: of the number of a place
 * @place: twice @max or more; its page is NULL, GONE, RESERVED, or mapped
 */
struct pvio_nb_gref_map_table {
	struct pvio_mapper mapper;
	unsigned int nr;
	unsigned int max;
	unsigned int bits;
	struct pvio_map place[];
};

/**
 * struct gref_list - a message with a list of references
 * @q: the queue it is about
 * @req: the message
 * @page: the list as it was when it was copied, once
 * @maps: as many as it has entries
 */
struct gref_list {
	struct pvio_nb_queue *q;
	const struct pvio_netctrl_request *req;
	struct page *page;
	struct pvio_map *maps;
};

static bool is_mapped(const struct page *page)
{
	return (unsigned long)page > (unsigned long)RESERVED;
}

static struct pvio_map *place_at(struct pvio_nb_gref_map_table *t,
				 unsigned int i)
{
	return &t->place[i & (BIT(t->bits) - 1)];
}

void *pvio_nb_gref_map_look_up(const struct pvio_nb_gref_map *map, u32 gref,
			       bool write)
{
	struct pvio_nb_gref_map_table *t = rcu_dereference_bh(map->table);
	const struct pvio_map *place;
	unsigned int i, at;
	struct page *page;

	if (unlikely(!t))
		return NULL;
	at = hash_32(gref, t->bits);
	for (i = at; i < at + PROBES; i++) {
		place = place_at(t, i);
		/* The page before what is said of it. */
		page = smp_load_acquire(&place->page);
		if (!page)
			break;
		if (is_mapped(page) && place->gref == gref)
			return write && place->readonly ? NULL :
							  page_address(page);
	}
	return NULL;
}

static struct pvio_map *place_of(struct pvio_nb_gref_map_table *t, u32 gref)
{
	unsigned int i, at = hash_32(gref, t->bits);
	struct pvio_map *place;

	for (i = at; i < at + PROBES; i++) {
		place = place_at(t, i);
		if (!place->page)
			break;
		if (place->page != GONE && place->gref == gref)
			return place;
	}
	return NULL;
}

static struct pvio_map *free_place(struct pvio_nb_gref_map_table *t, u32 gref)
{
	unsigned int i, at = hash_32(gref, t->bits);

	for (i = at; i < at + PROBES; i++)
		if (!place_at(t, i)->page || place_at(t, i)->page == GONE)
			return place_at(t, i);
	return NULL;
}

static bool reserve(struct pvio_nb_gref_map_table *t,
		    const struct pvio_netctrl_gref *entry)
{
	struct pvio_map *place;

	if ((entry->flags & ~PVIO_NETCTRL_GREF_READONLY) || t->nr == t->max ||
	    place_of(t, entry->ref))
		return false;
	place = free_place(t, entry->ref);
	if (!place)
		return false;
	place->gref = entry->ref;
	place->readonly = entry->flags & PVIO_NETCTRL_GREF_READONLY;
	WRITE_ONCE(place->page, RESERVED);
	t->nr++;
	return true;
}

/* Nobody needs to go on from a place behind which nothing lies. */
static void empty(struct pvio_nb_gref_map_table *t, struct pvio_map *place)
{
	unsigned int i = place - t->place;

	WRITE_ONCE(place->page, GONE);
	t->nr--;
	if (place_at(t, i + 1)->page)
		return;
	for (; place_at(t, i)->page == GONE; i--)
		WRITE_ONCE(place_at(t, i)->page, NULL);
}

static struct pvio_nb_gref_map_table *make_table(const struct pvio_nb_vif *vif)
{
	unsigned int bits = order_base_2(2 * vif->max_static_grants);
	struct pvio_nb_gref_map_table *t;

	t = kvzalloc(struct_size(t, place, BIT(bits)), GFP_KERNEL);
	if (!t)
		return NULL;
	t->bits = bits;
	t->max = vif->max_static_grants;
	if (!pvio_mapper_open(vif->pdev, &t->mapper, t->max))
		return t;
	kvfree(t);
	return NULL;
}

static void unmap_all(struct pvio_nb_gref_map_table *t)
{
	struct pvio_map batch[PVIO_MAP_BATCH];
	unsigned int i, n = 0;

	for (i = 0; i < BIT(t->bits); i++) {
		if (is_mapped(t->place[i].page))
			batch[n++] = t->place[i];
		if (n < PVIO_MAP_BATCH && i + 1 < BIT(t->bits))
			continue;
		pvio_unmap_pages(&t->mapper, batch, n);
		n = 0;
	}
}

/* Nobody looks into it. */
static void free_table(struct pvio_nb_gref_map_table *t)
{
	if (t->nr)
		unmap_all(t);
	pvio_mapper_close(&t->mapper);
	kvfree(t);
}

static struct pvio_nb_gref_map_table *
set_table(struct pvio_nb_gref_map *map, struct pvio_nb_gref_map_table *t)
{
	return rcu_replace_pointer(map->table, t, true);
}

static const struct pvio_netctrl_gref *entries(const struct gref_list *list)
{
	return page_address(list->page);
}

static bool reserve_all(struct pvio_nb_gref_map_table *t,
			const struct gref_list *list)
{
	unsigned int i;

	for (i = 0; i < list->req->nr; i++) {
		if (!reserve(t, &entries(list)[i]))
			break;
		list->maps[i] = *place_of(t, entries(list)[i].ref);
	}
	if (i == list->req->nr)
		return true;
	while (i--)
		empty(t, place_of(t, list->maps[i].gref));
	return false;
}

static bool map_all(struct pvio_nb_gref_map_table *t,
		    const struct gref_list *list)
{
	unsigned int i, nr = list->req->nr;
	int err = pvio_map_pages(&t->mapper, list->maps, nr);

	if (!err)
		return true;
	pvio_unmap_pages(&t->mapper, list->maps, nr);
	for (i = 0; i < nr; i++)
		empty(t, place_of(t, list->maps[i].gref));
	pvio_warn(list->q->vif->pdev,
		  "queue %u: cannot map %u pages for good (%d)", list->q->id,
		  nr, err);
	return false;
}

static void publish_all(struct pvio_nb_gref_map_table *t,
			const struct gref_list *list)
{
	struct pvio_map *place;
	unsigned int i;

	for (i = 0; i < list->req->nr; i++) {
		place = place_of(t, list->maps[i].gref);
		place->handle = list->maps[i].handle;
		/* What is said of the page before it. */
		smp_store_release(&place->page, list->maps[i].page);
	}
}

static u32 add_list(const struct gref_list *list)
{
	struct pvio_nb_gref_map *map = &list->q->grefs;
	struct pvio_nb_gref_map_table *t = rcu_access_pointer(map->table);
	bool is_new = !t;

	if (is_new)
		t = make_table(list->q->vif);
	if (!t)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	if (!reserve_all(t, list) || !map_all(t, list)) {
		if (is_new)
			free_table(t);
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	}
	publish_all(t, list);
	if (is_new)
		set_table(map, t);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/* Takes them out of the table, and notes what becomes of each. */
static unsigned int take_out(struct pvio_nb_gref_map_table *t,
			     const struct gref_list *list)
{
	struct pvio_netctrl_gref *entry = page_address(list->page);
	struct pvio_map *place;
	unsigned int i, n = 0;

	for (i = 0; i < list->req->nr; i++, entry++) {
		entry->status = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
		place = t ? place_of(t, entry->ref) : NULL;
		if (!place)
			continue;
		entry->status = XEN_NETIF_CTRL_STATUS_SUCCESS;
		list->maps[n++] = *place;
		empty(t, place);
	}
	return n;
}

static unsigned int unmap_list(const struct gref_list *list)
{
	struct pvio_nb_gref_map *map = &list->q->grefs;
	struct pvio_nb_gref_map_table *t = rcu_access_pointer(map->table);
	unsigned int n = take_out(t, list);

	if (!n)
		return 0;
	if (!t->nr)
		set_table(map, NULL);
	synchronize_rcu();
	pvio_unmap_pages(&t->mapper, list->maps, n);
	if (!t->nr)
		free_table(t);
	return n;
}

/* One grant copy: what the guest writes meanwhile is not looked at. */
static bool transfer(const struct gref_list *list, bool out)
{
	const struct pvio_piece piece = {
		.gref = list->req->gref,
		.len = list->req->nr * sizeof(struct pvio_netctrl_gref),
	};
	const struct pvio_device *pdev = list->q->vif->pdev;
	struct gnttab_copy op;

	if (out)
		pvio_copy_to(&op, pdev, piece, list->page, 0);
	else
		pvio_copy_in(&op, pdev, piece, list->page, 0);
	pvio_copy_batch(&op, 1, true);
	return op.status == GNTST_okay;
}

static u32 serve_list(const struct gref_list *list, u32 *data)
{
	if (!transfer(list, false))
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	if (list->req->type == PVIO_NETCTRL_ADD_GREF_MAPPING)
		return add_list(list);
	*data = unmap_list(list);
	return transfer(list, true) ? XEN_NETIF_CTRL_STATUS_SUCCESS :
				      XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
}

static u32 serve_queue(struct pvio_nb_queue *q,
		       const struct pvio_netctrl_request *req, u32 *data)
{
	struct gref_list list = { .q = q, .req = req };
	u32 status = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;

	list.page = alloc_page(GFP_KERNEL);
	list.maps = kvmalloc_array(req->nr, sizeof(*list.maps), GFP_KERNEL);
	if (list.page && list.maps)
		status = serve_list(&list, data);
	kvfree(list.maps);
	if (list.page)
		__free_page(list.page);
	/* Some 500 pages are work enough for one go. */
	cond_resched();
	return status;
}

u32 pvio_nb_gref_map_serve(struct pvio_nb_vif *vif,
			   const struct pvio_netctrl_request *req, u32 *data)
{
	if (!vif->max_static_grants)
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	if (req->value >= vif->nr_queues)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	if (req->type != PVIO_NETCTRL_GET_GREF_MAPPING_SIZE)
		return serve_queue(&vif->queues[req->value], req, data);
	*data = vif->max_static_grants;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

void pvio_nb_gref_map_close(struct pvio_nb_gref_map *map)
{
	struct pvio_nb_gref_map_table *t = set_table(map, NULL);

	if (t)
		free_table(t);
}
