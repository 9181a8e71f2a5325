// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frontend's keys.
 *
 * One queue is written flat, several below queue-N; one ring page is
 * "ring-ref" without an order, several are "ring-ref0" and so on: some
 * backends take the order as a sign of the numbered form.
 *
 * What another frontend has left behind, a boot loader say, is removed: some
 * backends look for one form first, and take it for ours.
 */
#include "publish.h"

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/io/protocols.h>

#include "queue.h"
#include "vbd.h"
#include "xenbus/device.h"

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
	{
		.name = "ring-page-order",
		.type = PVIO_KEY_U32,
		PVIO_KEY_FIELD(struct device_values, ring_order),
		.elide = true,
	}, {
		.name = "multi-queue-num-queues",
		.type = PVIO_KEY_U32,
		PVIO_KEY_FIELD(struct device_values, nr_queues),
		.elide = true,
		.def = 1,
	}, {
		.name = "protocol",
		.type = PVIO_KEY_STRING,
		PVIO_KEY_FIELD(struct device_values, protocol),
	}, {
		.name = "feature-persistent",
		.type = PVIO_KEY_BOOL,
		PVIO_KEY_FIELD(struct device_values, persistent),
	},
};

#define REF(_name, _i) { \
	.name = (_name), .type = PVIO_KEY_U32, \
	PVIO_KEY_FIELD(struct queue_values, refs[_i]) }

#define PORT { \
	.name = "event-channel", .type = PVIO_KEY_U32, \
	PVIO_KEY_FIELD(struct queue_values, port) }

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

static void fill_device_set(const struct pvio_vbd *vbd,
			    struct device_values *values,
			    struct pvio_key_set *set)
{
	*values = (struct device_values){
		.ring_order = vbd->ring_order,
		.nr_queues = vbd->nr_queues,
		.protocol = XEN_IO_PROTO_ABI_NATIVE,
		.persistent = vbd->persistent,
	};
	*set = (struct pvio_key_set){
		.keys = device_keys,
		.nr = ARRAY_SIZE(device_keys),
		.values = values,
	};
}

static void fill_queue_set(const struct pvio_vbd *vbd,
			   const struct pvio_blkq *q,
			   struct queue_values *values,
			   struct pvio_key_set *set)
{
	bool one_page = q->shared.nr_pages == 1;

	values->port = q->event.port;
	memcpy(values->refs, q->shared.refs, sizeof(values->refs));
	set->keys = one_page ? one_page_keys : many_page_keys;
	set->nr = 1 + q->shared.nr_pages;
	set->values = values;
	if (vbd->nr_queues > 1)
		snprintf(set->dir, sizeof(set->dir), "queue-%u", q->index);
}

static int write_sets(struct pvio_vbd *vbd, struct pvio_key_set *sets,
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
static bool is_form(const char *node)
{
	return strstarts(node, "ring-ref") || strstarts(node, "queue-") ||
	       !strcmp(node, "ring-page-order") ||
	       !strcmp(node, "multi-queue-num-queues") ||
	       !strcmp(node, "event-channel");
}

int pvio_publish_keys(struct pvio_vbd *vbd)
{
	struct queue_values *queues;
	struct pvio_key_set *sets;
	int err;

	err = pvio_keys_prune(vbd->pdev, is_form);
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
