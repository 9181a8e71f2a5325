// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backend's keys.  Ranges are in the tables; what depends on two keys is
 * checked below.  A wrong size refuses the connection, since data would go to
 * the wrong place; a wrong hint is dropped with a line.
 */
#include "offer.h"

#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/sizes.h>

#include "ring/blkif.h"
#include "xenbus/device.h"

/* A disk whose size in bytes is still a positive loff_t. */
#define SECTORS_MAX	((1ULL << 54) - 1)
#define BLOCK_MAX	4096
#define PHYSICAL_MAX	SZ_1M

#define KEY(_st, _name, _type, _field, ...) { \
	.name = (_name), .type = PVIO_KEY_##_type, \
	PVIO_KEY_FIELD(_st, _field), ##__VA_ARGS__ }

#define U32(_st, _name, _field, ...) \
	KEY(_st, _name, U32, _field, .max = U32_MAX, ##__VA_ARGS__)

#define BOOL(_st, _name, _field) \
	KEY(_st, _name, BOOL, _field, .max = 1)

static const struct pvio_key shape_keys[] = {
	KEY(struct pvio_shape, "max-ring-page-order", U32, ring_order,
	    .max = 31),
	U32(struct pvio_shape, "multi-queue-max-queues", max_queues, .def = 1),
};

static const struct pvio_key offer_keys[] = {
	KEY(struct pvio_offer, "sectors", U64, sectors, .required = true,
	    .max = SECTORS_MAX),
	U32(struct pvio_offer, "info", info, .required = true),
	KEY(struct pvio_offer, "sector-size", U32, block, .required = true,
	    .min = PVIO_BLK_SECTOR, .max = BLOCK_MAX),
	U32(struct pvio_offer, "physical-sector-size", physical_block),
	BOOL(struct pvio_offer, "feature-flush-cache", flush),
	BOOL(struct pvio_offer, "feature-barrier", barrier),
	BOOL(struct pvio_offer, "feature-discard", discard),
	BOOL(struct pvio_offer, "discard-secure", secure),
	U32(struct pvio_offer, "discard-granularity", granularity),
	U32(struct pvio_offer, "discard-alignment", alignment),
	BOOL(struct pvio_offer, "feature-persistent", persistent),
	U32(struct pvio_offer, "feature-max-indirect-segments", indirect),
};

/**
 * struct online - the toolstack's word in the backend's directory
 * @online: the device is meant to stay
 */
struct online {
	bool online;
};

static const struct pvio_key online_keys[] = {
	KEY(struct online, "online", BOOL, online, .max = 1, .def = 1),
};

static int read_keys(struct pvio_device *pdev, const struct pvio_key *keys,
		     unsigned int nr, void *values)
{
	const struct pvio_key_set set = {
		.keys = keys,
		.nr = nr,
		.values = values,
	};

	return pvio_keys_read(pdev, PVIO_PEER, &set, 1);
}

int pvio_shape_read(struct pvio_device *pdev, struct pvio_shape *shape)
{
	return read_keys(pdev, shape_keys, ARRAY_SIZE(shape_keys), shape);
}

static int check_size(struct pvio_device *pdev, const struct pvio_offer *offer)
{
	if (!is_power_of_2(offer->block)) {
		pvio_device_refuse(pdev, "sector-size %u is not a power of two",
				   offer->block);
		return -EINVAL;
	}
	if (offer->sectors & (offer->block / PVIO_BLK_SECTOR - 1)) {
		pvio_device_refuse(pdev,
				   "sectors %llu is not a multiple of sector-size %u",
				   offer->sectors, offer->block);
		return -EINVAL;
	}
	return 0;
}

static void check_physical(struct pvio_device *pdev, struct pvio_offer *offer)
{
	u32 size = offer->physical_block;

	if (size >= offer->block && size <= PHYSICAL_MAX && is_power_of_2(size))
		return;
	if (size)
		pvio_warn(pdev, "physical-sector-size %u ignored", size);
	offer->physical_block = offer->block;
}

static void check_discard(struct pvio_device *pdev, struct pvio_offer *offer)
{
	if (!offer->discard)
		return;
	if (!offer->granularity)
		offer->granularity = offer->physical_block;
	if (offer->granularity % offer->block) {
		pvio_warn(pdev, "discard-granularity %u is not a multiple of sector-size %u, no discards",
			  offer->granularity, offer->block);
		offer->discard = false;
		return;
	}
	offer->alignment %= offer->granularity;
}

int pvio_offer_read(struct pvio_device *pdev, struct pvio_offer *offer)
{
	int err;

	err = read_keys(pdev, offer_keys, ARRAY_SIZE(offer_keys), offer);
	if (err)
		return err;
	err = check_size(pdev, offer);
	if (err)
		return err;
	check_physical(pdev, offer);
	check_discard(pdev, offer);
	return 0;
}

bool pvio_offer_detached(struct pvio_device *pdev)
{
	struct online toolstack = { .online = true };

	return !read_keys(pdev, online_keys, ARRAY_SIZE(online_keys),
			  &toolstack) && !toolstack.online;
}
