// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The keys.  Ranges are in the tables; what depends on two keys is checked
 * behind them.  A wrong size refuses the connection, since data would go to
 * the wrong place; a wrong hint is dropped with a line.
 *
 * One queue is written flat, several below queue-N; one ring page is
 * "ring-ref" without an order, several are "ring-ref0" and so on: some
 * backends take the order as a sign of the numbered form.
 *
 * What another frontend has left behind, a boot loader say, is removed: some
 * backends look for one form first, and take it for ours.
 */
#include "keys.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/io/protocols.h>

#include "queue.h"
#include "ring/blkif.h"
#include "vbd.h"
#include "xenbus/device.h"

/* Not a virtual device number: all bits set. */
#define NO_NUMBER	U32_MAX

/* A disk whose size in bytes is still a positive loff_t. */
#define SECTORS_MAX	((1ULL << 54) - 1)
#define BLOCK_MAX	4096
#define PHYSICAL_MAX	SZ_1M

static const struct pvio_key wishes_keys[] = {
	PVIO_KEY(U32, "virtual-device", struct pvio_bf_wishes, number,
		 .def = NO_NUMBER),
	PVIO_KEY(U32, "virtual-device-ext", struct pvio_bf_wishes, number_ext,
		 .def = NO_NUMBER),
	PVIO_KEY(STRING, "device-type", struct pvio_bf_wishes, type),
	PVIO_KEY(BOOL, "trusted", struct pvio_bf_wishes, trusted, .def = true),
};

int pvio_bf_keys_read_wishes(struct pvio_device *pdev,
			     struct pvio_bf_wishes *wishes)
{
	const struct pvio_key_set set = PVIO_KEY_SET(wishes_keys, wishes);

	return pvio_keys_read(pdev, PVIO_OWN, &set, 1);
}

int pvio_bf_keys_number(const struct pvio_bf_wishes *wishes, u32 *number)
{
	*number = wishes->number == NO_NUMBER ? wishes->number_ext :
						wishes->number;
	return *number == NO_NUMBER ? -ENOENT : 0;
}

/**
 * struct online - the toolstack's word in the backend's directory
 * @online: the device is meant to stay
 */
struct online {
	bool online;
};

static const struct pvio_key online_keys[] = {
	PVIO_KEY(BOOL, "online", struct online, online, .def = true),
};

bool pvio_bf_keys_detached(struct pvio_device *pdev)
{
	struct online toolstack = { .online = true };
	const struct pvio_key_set set = PVIO_KEY_SET(online_keys, &toolstack);

	return !pvio_keys_read(pdev, PVIO_PEER, &set, 1) && !toolstack.online;
}

static const struct pvio_key shape_keys[] = {
	PVIO_KEY(U32, "max-ring-page-order", struct pvio_bf_shape, max_order,
		 .max = 31),
	PVIO_KEY(U32, "multi-queue-max-queues", struct pvio_bf_shape,
		 max_queues, .def = 1),
};

int pvio_bf_keys_read_shape(struct pvio_device *pdev,
			    struct pvio_bf_shape *shape)
{
	const struct pvio_key_set set = PVIO_KEY_SET(shape_keys, shape);

	return pvio_keys_read(pdev, PVIO_PEER, &set, 1);
}

/**
 * struct device_values - keys of the device
 * @ring_order: pages of a ring as a power of two
 * @nr_queues: queues
 * @protocol: layout of requests
 * @persistent: grants may be kept mapped
 */
struct device_values {
	u32 ring_order;
	u32 nr_queues;
	char protocol[16];
	bool persistent;
};

/**
 * struct queue_values - keys of a queue
 * @port: event channel
 * @refs: grant references of the ring
 */
struct queue_values {
	u32 port;
	u32 refs[PVIO_RING_PAGES_MAX];
};

static const struct pvio_key device_keys[] = {
	PVIO_KEY(U32, "ring-page-order", struct device_values, ring_order,
		 .elide = true),
	PVIO_KEY(U32, "multi-queue-num-queues", struct device_values,
		 nr_queues, .elide = true, .def = 1),
	PVIO_KEY(STRING, "protocol", struct device_values, protocol),
	PVIO_KEY(BOOL, "feature-persistent", struct device_values, persistent),
};

#define PORT	PVIO_KEY(U32, "event-channel", struct queue_values, port)

#define REF(_name, _i)	PVIO_KEY(U32, _name, struct queue_values, refs[_i])

static const struct pvio_key one_page_keys[] = {
	PORT, REF("ring-ref", 0),
};

static const struct pvio_key many_page_keys[] = {
	PORT,
	REF("ring-ref0", 0), REF("ring-ref1", 1), REF("ring-ref2", 2),
	REF("ring-ref3", 3), REF("ring-ref4", 4), REF("ring-ref5", 5),
	REF("ring-ref6", 6), REF("ring-ref7", 7), REF("ring-ref8", 8),
	REF("ring-ref9", 9), REF("ring-ref10", 10), REF("ring-ref11", 11),
	REF("ring-ref12", 12), REF("ring-ref13", 13), REF("ring-ref14", 14),
	REF("ring-ref15", 15),
};

static_assert(ARRAY_SIZE(many_page_keys) == 1 + PVIO_RING_PAGES_MAX);

static void fill_device_set(const struct pvio_bf_vbd *vbd,
			    struct device_values *values,
			    struct pvio_key_set *set)
{
	*values = (struct device_values){
		.ring_order = vbd->ring_order,
		.nr_queues = vbd->nr_queues,
		.protocol = XEN_IO_PROTO_ABI_NATIVE,
		.persistent = vbd->persistent,
	};
	*set = (struct pvio_key_set)PVIO_KEY_SET(device_keys, values);
}

static void fill_queue_set(const struct pvio_bf_vbd *vbd,
			   const struct pvio_bf_queue *q,
			   struct queue_values *values,
			   struct pvio_key_set *set)
{
	bool one_page = q->shared.nr_pages == 1;

	values->port = q->event.port;
	memcpy(values->refs, q->shared.refs, sizeof(values->refs));
	set->keys = one_page ? one_page_keys : many_page_keys;
	set->nr = 1 + q->shared.nr_pages;
	set->values = values;
	pvio_key_set_queue(set, q->index, vbd->nr_queues);
}

static int write_sets(struct pvio_bf_vbd *vbd, struct pvio_key_set *sets,
		      struct queue_values *queues)
{
	struct device_values device;
	unsigned int i;

	fill_device_set(vbd, &device, &sets[0]);
	for (i = 0; i < vbd->nr_queues; i++)
		fill_queue_set(vbd, &vbd->queues[i], &queues[i], &sets[1 + i]);
	return pvio_keys_write(vbd->pdev, sets, 1 + vbd->nr_queues);
}

/* Of any form, whoever wrote it. */
static bool bf_keys_is_form(const char *node)
{
	return strstarts(node, "ring-ref") || strstarts(node, "queue-") ||
	       !strcmp(node, "ring-page-order") ||
	       !strcmp(node, "multi-queue-num-queues") ||
	       !strcmp(node, "event-channel");
}

int pvio_bf_keys_publish(struct pvio_bf_vbd *vbd)
{
	struct queue_values *queues;
	struct pvio_key_set *sets;
	int err;

	err = pvio_keys_prune(vbd->pdev, bf_keys_is_form);
	if (err)
		return err;
	err = -ENOMEM;
	sets = kcalloc(1 + vbd->nr_queues, sizeof(*sets), GFP_KERNEL);
	queues = kcalloc(vbd->nr_queues, sizeof(*queues), GFP_KERNEL);
	if (sets && queues)
		err = write_sets(vbd, sets, queues);
	kfree(queues);
	kfree(sets);
	return err;
}

static const struct pvio_key geometry_keys[] = {
	PVIO_KEY(U64, "sectors", struct pvio_bf_geometry, sectors,
		 .required = true, .max = SECTORS_MAX),
	PVIO_KEY(U32, "info", struct pvio_bf_geometry, info, .required = true),
	PVIO_KEY(U32, "sector-size", struct pvio_bf_geometry, block,
		 .required = true, .min = PVIO_BLK_SECTOR, .max = BLOCK_MAX),
	PVIO_KEY(U32, "physical-sector-size", struct pvio_bf_geometry,
		 physical_block),
	PVIO_KEY(BOOL, "feature-flush-cache", struct pvio_bf_geometry, flush),
	PVIO_KEY(BOOL, "feature-barrier", struct pvio_bf_geometry, barrier),
	PVIO_KEY(BOOL, "feature-discard", struct pvio_bf_geometry, discard),
	PVIO_KEY(BOOL, "discard-secure", struct pvio_bf_geometry, secure),
	PVIO_KEY(U32, "discard-granularity", struct pvio_bf_geometry,
		 granularity),
	PVIO_KEY(U32, "discard-alignment", struct pvio_bf_geometry, alignment),
	PVIO_KEY(BOOL, "feature-persistent", struct pvio_bf_geometry,
		 persistent),
	PVIO_KEY(U32, "feature-max-indirect-segments", struct pvio_bf_geometry,
		 max_segs),
};

static int check_size(struct pvio_device *pdev,
		      const struct pvio_bf_geometry *g)
{
	if (!is_power_of_2(g->block)) {
		pvio_device_refuse(pdev, "sector-size %u is not a power of two",
				   g->block);
		return -EINVAL;
	}
	if (g->sectors & (g->block / PVIO_BLK_SECTOR - 1)) {
		pvio_device_refuse(pdev,
				   "sectors %llu is not a multiple of sector-size %u",
				   g->sectors, g->block);
		return -EINVAL;
	}
	return 0;
}

static void check_physical(struct pvio_device *pdev,
			   struct pvio_bf_geometry *g)
{
	u32 size = g->physical_block;

	if (size >= g->block && size <= PHYSICAL_MAX && is_power_of_2(size))
		return;
	if (size)
		pvio_warn(pdev, "physical-sector-size %u ignored", size);
	g->physical_block = g->block;
}

static void check_discard(struct pvio_device *pdev, struct pvio_bf_geometry *g)
{
	if (!g->discard)
		return;
	if (!g->granularity)
		g->granularity = g->physical_block;
	if (g->granularity % g->block) {
		pvio_warn(pdev, "discard-granularity %u is not a multiple of sector-size %u, no discards",
			  g->granularity, g->block);
		g->discard = false;
		return;
	}
	g->alignment %= g->granularity;
}

int pvio_bf_keys_read_geometry(struct pvio_device *pdev,
			       struct pvio_bf_geometry *geometry)
{
	const struct pvio_key_set set = PVIO_KEY_SET(geometry_keys, geometry);
	int err;

	err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	if (err)
		return err;
	err = check_size(pdev, geometry);
	if (err)
		return err;
	check_physical(pdev, geometry);
	check_discard(pdev, geometry);
	return 0;
}
