// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The keys.  Ranges are in the tables; what depends on two keys, or on what
 * was offered, is checked behind them.
 */
#include "keys.h"

#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/io/protocols.h>

#include "xenbus/device.h"
#include "xenbus/grants.h"

/* A number that no frontend can write: the key is not there. */
#define ABSENT		U32_MAX

static const struct pvio_key wishes_keys[] = {
	PVIO_KEY(STRING, "physical-device", struct pvio_bb_wishes, device),
	PVIO_KEY(STRING, "mode", struct pvio_bb_wishes, mode),
	PVIO_KEY(STRING, "dev", struct pvio_bb_wishes, name),
	PVIO_KEY(BOOL, "discard-enable", struct pvio_bb_wishes, discard,
		 .def = true),
};

int pvio_bb_keys_read_wishes(struct pvio_device *pdev,
			     struct pvio_bb_wishes *wishes)
{
	const struct pvio_key_set set = PVIO_KEY_SET(wishes_keys, wishes);

	return pvio_keys_read(pdev, PVIO_OWN, &set, 1);
}

int pvio_bb_keys_parse_device(const struct pvio_bb_wishes *wishes, dev_t *dev)
{
	unsigned int major, minor;
	char end;

	if (sscanf(wishes->device, "%x:%x%c", &major, &minor, &end) != 2)
		return -EINVAL;
	if (major > (1 << (32 - MINORBITS)) - 1 || minor > MINORMASK)
		return -ERANGE;
	*dev = MKDEV(major, minor);
	return *dev ? 0 : -EINVAL;
}

static const struct pvio_key shape_keys[] = {
	PVIO_KEY(U32, "feature-max-indirect-segments", struct pvio_bb_shape,
		 max_segs),
	PVIO_KEY(U32, "multi-queue-max-queues", struct pvio_bb_shape,
		 max_queues),
	PVIO_KEY(U32, "max-ring-page-order", struct pvio_bb_shape, max_order),
};

int pvio_bb_keys_write_shape(struct pvio_device *pdev,
			     struct pvio_bb_shape *shape)
{
	const struct pvio_key_set set = PVIO_KEY_SET(shape_keys, shape);

	return pvio_keys_write(pdev, &set, 1);
}

/**
 * struct text - the frontend's choice as it wrote it
 * @protocol: layout of its rings; empty: older than the key
 * @device_type: "disk" or "cdrom"
 * @order: pages of a ring as a power of two, or ABSENT
 * @nr_queues: how many queues
 * @persistent: it uses the same pages again
 */
struct text {
	char protocol[32];
	char device_type[16];
	u32 order;
	u32 nr_queues;
	bool persistent;
};

static const struct pvio_key choice_keys[] = {
	PVIO_KEY(STRING, "protocol", struct text, protocol),
	PVIO_KEY(STRING, "device-type", struct text, device_type),
	PVIO_KEY(U32, "ring-page-order", struct text, order, .max = 4,
		 .def = ABSENT),
	PVIO_KEY(U32, "multi-queue-num-queues", struct text, nr_queues,
		 .min = 1, .def = 1),
	PVIO_KEY(BOOL, "feature-persistent", struct text, persistent),
};

/* A frontend that names no protocol is of the time when all were 32-bit. */
static int parse_protocol(const char *text, enum pvio_blk_abi *abi)
{
	if (!*text)
		*abi = IS_ENABLED(CONFIG_X86) ? PVIO_BLK_ABI_32 :
						PVIO_BLK_ABI_64;
	else if (!strcmp(text, XEN_IO_PROTO_ABI_X86_32))
		*abi = PVIO_BLK_ABI_32;
	else if (!strcmp(text, XEN_IO_PROTO_ABI_NATIVE) ||
		 !strcmp(text, XEN_IO_PROTO_ABI_X86_64))
		*abi = PVIO_BLK_ABI_64;
	else
		return -EINVAL;
	return 0;
}

static int check_choice(struct pvio_device *pdev,
			const struct pvio_bb_shape *shape,
			const struct text *text,
			struct pvio_bb_choice *choice)
{
	u32 order = text->order == ABSENT ? 0 : text->order;

	if (parse_protocol(text->protocol, &choice->abi)) {
		pvio_err(pdev, "protocol is unknown");
		return -EINVAL;
	}
	if (text->nr_queues > shape->max_queues || order > shape->max_order) {
		pvio_err(pdev,
			 "%u queues of order %u, but %u of %u were offered",
			 text->nr_queues, order, shape->max_queues,
			 shape->max_order);
		return -ERANGE;
	}
	choice->cdrom = !strcmp(text->device_type, "cdrom");
	choice->nr_queues = text->nr_queues;
	choice->ring_pages = 1 << order;
	choice->numbered = text->order != ABSENT;
	choice->persistent = text->persistent;
	return 0;
}

int pvio_bb_keys_read_choice(struct pvio_device *pdev,
			     const struct pvio_bb_shape *shape,
			     struct pvio_bb_choice *choice)
{
	struct text text = {};
	const struct pvio_key_set set = PVIO_KEY_SET(choice_keys, &text);
	int err;

	err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	if (err)
		return err;
	return check_choice(pdev, shape, &text, choice);
}

#define PORT								\
	PVIO_KEY(U32, "event-channel", struct pvio_bb_ring, port,	\
		 .required = true, .min = 1)

#define REF(_name, _i)							\
	PVIO_KEY(U32, _name, struct pvio_bb_ring, refs[_i],		\
		 .def = ABSENT, .max = ABSENT - 1)

/* The pages' names where the frontend wrote the order. */
static const struct pvio_key numbered_keys[] = {
	PORT,
	REF("ring-ref0", 0), REF("ring-ref1", 1), REF("ring-ref2", 2),
	REF("ring-ref3", 3), REF("ring-ref4", 4), REF("ring-ref5", 5),
	REF("ring-ref6", 6), REF("ring-ref7", 7), REF("ring-ref8", 8),
	REF("ring-ref9", 9), REF("ring-ref10", 10), REF("ring-ref11", 11),
	REF("ring-ref12", 12), REF("ring-ref13", 13), REF("ring-ref14", 14),
	REF("ring-ref15", 15),
};

/* The one page's name where it did not. */
static const struct pvio_key single_keys[] = {
	PORT, REF("ring-ref", 0),
};

static_assert(ARRAY_SIZE(numbered_keys) == 1 + PVIO_RING_PAGES_MAX);
static_assert(ABSENT == PVIO_NO_GRANT);

/*
 * A single queue's keys are in the frontend's directory itself.  What is not
 * asked for may have been left behind by an earlier driver, empty even.
 */
static void describe_ring(const struct pvio_bb_choice *choice,
			  struct pvio_key_set *set, struct pvio_bb_ring *ring,
			  unsigned int index)
{
	pvio_key_set_queue(set, index, choice->nr_queues);
	set->keys = choice->numbered ? numbered_keys : single_keys;
	set->nr = 1 + choice->ring_pages;
	set->values = ring;
}

static int read_sets(struct pvio_device *pdev,
		     const struct pvio_bb_choice *choice,
		     struct pvio_key_set *sets, struct pvio_bb_ring *rings)
{
	unsigned int i;

	for (i = 0; i < choice->nr_queues; i++)
		describe_ring(choice, &sets[i], &rings[i], i);
	return pvio_keys_read(pdev, PVIO_PEER, sets, choice->nr_queues);
}

static bool lacks_pages(const struct pvio_bb_choice *choice,
			const struct pvio_bb_ring *rings)
{
	unsigned int i;

	for (i = 0; i < choice->nr_queues; i++)
		if (rings[i].refs[0] == ABSENT)
			return true;
	return false;
}

/*
 * Frontends that write the order call a single page ring-ref0; the protocol
 * calls it ring-ref.  So the other name is asked for, too, where there is
 * none.
 */
static int read_either(struct pvio_device *pdev, struct pvio_bb_choice *choice,
		       struct pvio_key_set *sets, struct pvio_bb_ring *rings)
{
	int err = read_sets(pdev, choice, sets, rings);

	if (err || choice->ring_pages > 1 || !lacks_pages(choice, rings))
		return err;
	choice->numbered = !choice->numbered;
	return read_sets(pdev, choice, sets, rings);
}

static int check_ring(struct pvio_device *pdev,
		      const struct pvio_bb_choice *choice,
		      const struct pvio_bb_ring *ring, unsigned int index)
{
	unsigned int i;

	for (i = 0; i < choice->ring_pages; i++) {
		if (ring->refs[i] != ABSENT)
			continue;
		pvio_err(pdev, "queue %u: reference of page %u is missing",
			 index, i);
		return -ENOENT;
	}
	return 0;
}

int pvio_bb_keys_read_rings(struct pvio_device *pdev,
			    struct pvio_bb_choice *choice,
			    struct pvio_bb_ring *rings)
{
	struct pvio_key_set *sets;
	unsigned int i;
	int err;

	sets = kcalloc(choice->nr_queues, sizeof(*sets), GFP_KERNEL);
	if (!sets)
		return -ENOMEM;
	err = read_either(pdev, choice, sets, rings);
	for (i = 0; i < choice->nr_queues && !err; i++)
		err = check_ring(pdev, choice, &rings[i], i);
	kfree(sets);
	return err;
}

u32 pvio_bb_keys_read_first_ref(struct pvio_device *pdev,
				const struct pvio_bb_choice *choice)
{
	struct pvio_bb_ring ring = { .refs = { ABSENT } };
	struct pvio_key_set set;

	describe_ring(choice, &set, &ring, 0);
	/* The channel is the first of a queue's keys. */
	set.keys++;
	set.nr = 1;
	pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	return ring.refs[0];
}

static const struct pvio_key geometry_keys[] = {
	PVIO_KEY(U64, "sectors", struct pvio_bb_geometry, sectors),
	PVIO_KEY(U32, "info", struct pvio_bb_geometry, info),
	PVIO_KEY(U32, "sector-size", struct pvio_bb_geometry, block),
	PVIO_KEY(U32, "physical-sector-size", struct pvio_bb_geometry,
		 physical_block),
	PVIO_KEY(BOOL, "feature-flush-cache", struct pvio_bb_geometry, flush),
	PVIO_KEY(BOOL, "feature-barrier", struct pvio_bb_geometry, barrier),
	PVIO_KEY(BOOL, "feature-discard", struct pvio_bb_geometry, discard),
	PVIO_KEY(U32, "discard-granularity", struct pvio_bb_geometry,
		 granularity, .elide = true),
	PVIO_KEY(U32, "discard-alignment", struct pvio_bb_geometry, alignment,
		 .elide = true),
	PVIO_KEY(BOOL, "discard-secure", struct pvio_bb_geometry, secure,
		 .elide = true),
	PVIO_KEY(BOOL, "feature-persistent", struct pvio_bb_geometry,
		 persistent),
};

int pvio_bb_keys_write_geometry(struct pvio_device *pdev,
				struct pvio_bb_geometry *geometry)
{
	const struct pvio_key_set set = PVIO_KEY_SET(geometry_keys, geometry);

	return pvio_keys_write(pdev, &set, 1);
}
