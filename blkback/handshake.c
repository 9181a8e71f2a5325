// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is offered, what the frontend chose, and what the toolstack ordered.
 *
 * The toolstack's block script writes "physical-device" when the device that
 * backs the disk is there; until then the engine waits.
 */
#include "handshake.h"

#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/io/protocols.h>

#include "ring/blkif.h"

#include "backing.h"
#include "debugfs.h"
#include "discard.h"
#include "params.h"
#include "queue.h"
#include "resize.h"
#include "stats.h"
#include "sysfs.h"
#include "vbd.h"

#define U32_KEY(_name, _struct, _field, ...) {				\
	.name = (_name), .type = PVIO_KEY_U32,				\
	PVIO_KEY_FIELD(_struct, _field), ## __VA_ARGS__			\
}

#define BOOL_KEY(_name, _struct, _field, _def) {			\
	.name = (_name), .type = PVIO_KEY_BOOL, .def = (_def),		\
	PVIO_KEY_FIELD(_struct, _field)					\
}

#define STRING_KEY(_name, _struct, _field) {				\
	.name = (_name), .type = PVIO_KEY_STRING,			\
	PVIO_KEY_FIELD(_struct, _field)					\
}

/* A number that no frontend can write: the key is not there. */
#define ABSENT		U32_MAX

/* Written before the frontend chooses. */
struct offer {
	u32 max_indirect;
	u32 max_queues;
	u32 max_order;
};

static const struct pvio_key offer_keys[] = {
	U32_KEY("feature-max-indirect-segments", struct offer, max_indirect),
	U32_KEY("multi-queue-max-queues", struct offer, max_queues),
	U32_KEY("max-ring-page-order", struct offer, max_order),
};

static int write_offer(struct pvio_vbd *vbd)
{
	struct offer offer = {
		.max_indirect = PVIO_BLK_SEGS_MAX,
		.max_queues = vbd->max_queues,
		.max_order = vbd->max_order,
	};
	const struct pvio_key_set set = {
		.keys = offer_keys, .nr = ARRAY_SIZE(offer_keys),
		.values = &offer,
	};

	return pvio_keys_write(vbd->pdev, &set, 1);
}

/* The toolstack's orders, in this end's directory. */
struct order {
	char device[24];
	char mode[16];
	char name[32];
	bool discard;
};

static const struct pvio_key order_keys[] = {
	STRING_KEY("physical-device", struct order, device),
	STRING_KEY("mode", struct order, mode),
	STRING_KEY("dev", struct order, name),
	BOOL_KEY("discard-enable", struct order, discard, true),
};

static int read_order(struct pvio_vbd *vbd, struct order *order)
{
	const struct pvio_key_set set = {
		.keys = order_keys, .nr = ARRAY_SIZE(order_keys),
		.values = order,
	};

	return pvio_keys_read(vbd->pdev, PVIO_OWN, &set, 1);
}

static int parse_device(const char *text, dev_t *dev)
{
	unsigned int major, minor;
	char end;

	if (sscanf(text, "%x:%x%c", &major, &minor, &end) != 2)
		return -EINVAL;
	if (major > (1 << (32 - MINORBITS)) - 1 || minor > MINORMASK)
		return -ERANGE;
	*dev = MKDEV(major, minor);
	return *dev ? 0 : -EINVAL;
}

/* What the queues need to know about discards, once for each connect. */
static void settle_discard(struct pvio_vbd *vbd, bool enabled)
{
	struct block_device *bdev = vbd->bdev.bdev;

	vbd->discard = enabled && !vbd->readonly &&
		       bdev_max_discard_sectors(bdev);
	vbd->secure = vbd->discard && bdev_max_secure_erase_sectors(bdev);
}

/* The threads are called after it; some toolstacks write a path. */
static void set_name(struct pvio_vbd *vbd, const char *name)
{
	if (!strncmp(name, "/dev/", 5))
		name += 5;
	strscpy(vbd->name, *name ? name : "vbd", sizeof(vbd->name));
}

static void open_first(struct pvio_vbd *vbd, const struct order *order)
{
	int err;

	vbd->open_told = false;
	err = parse_device(order->device, &vbd->dev);
	if (err) {
		pvio_device_refuse(vbd->pdev, "physical-device is malformed");
		vbd->open_told = true;
		vbd->open_error = err;
		return;
	}
	strscpy(vbd->mode, order->mode, sizeof(vbd->mode));
	set_name(vbd, order->name);
	pvio_bb_backing_open(vbd);
}

static void refuse_change(struct pvio_vbd *vbd, const struct order *order)
{
	dev_t dev;

	if (parse_device(order->device, &dev) || dev != vbd->dev)
		pvio_warn(vbd->pdev,
			  "physical-device changed: still serving %x:%x",
			  MAJOR(vbd->dev), MINOR(vbd->dev));
}

/*
 * Every node is reported once in the beginning, "mode" before the device, and
 * a mistake is to be told once.
 */
static bool is_news(const struct pvio_vbd *vbd, const char *node)
{
	return !strcmp(node, "physical-device") ||
	       (!strcmp(node, "mode") && vbd->open_error);
}

static void node_changed(struct pvio_device *pdev, const char *node)
{
	struct pvio_vbd *vbd = pdev->priv;
	struct order order = {};
	int err;

	if (!is_news(vbd, node))
		return;
	err = read_order(vbd, &order);
	if (!err && !*order.device)
		return;
	if (pvio_bb_backing_is_due(vbd) || vbd->bdev.bdev) {
		refuse_change(vbd, &order);
	} else if (!err) {
		open_first(vbd, &order);
	} else {
		vbd->open_error = err;
		vbd->open_told = true;
	}
}

static void tell_open_error(struct pvio_vbd *vbd)
{
	unsigned int major = MAJOR(vbd->dev), minor = MINOR(vbd->dev);
	int err = vbd->open_error;

	if (!err || vbd->open_told)
		return;
	vbd->open_told = true;
	if (err == -EROFS)
		pvio_device_refuse(vbd->pdev, "device %x:%x is read-only: attach it with mode r",
				   major, minor);
	else if (err == -EMEDIUMTYPE)
		pvio_device_refuse(vbd->pdev, "device %x:%x has blocks of more than a page",
				   major, minor);
	else
		pvio_device_refuse(vbd->pdev, "device %x:%x does not open (%d)",
				   major, minor, err);
}

/* A device that does not open is told to the frontend by connecting, too. */
static int is_ready(struct pvio_device *pdev)
{
	struct pvio_vbd *vbd = pdev->priv;

	if (pvio_bb_backing_is_due(vbd))
		return 0;
	tell_open_error(vbd);
	return vbd->bdev.bdev || vbd->open_error;
}

/* The frontend's choices. */
struct choice {
	char protocol[32];
	char device_type[16];
	u32 order;
	u32 nr_queues;
	bool persistent;
};

static const struct pvio_key choice_keys[] = {
	STRING_KEY("protocol", struct choice, protocol),
	STRING_KEY("device-type", struct choice, device_type),
	U32_KEY("ring-page-order", struct choice, order, .max = 4,
		.def = ABSENT),
	U32_KEY("multi-queue-num-queues", struct choice, nr_queues, .min = 1,
		.def = 1),
	BOOL_KEY("feature-persistent", struct choice, persistent, false),
};

static int read_choice(struct pvio_vbd *vbd, struct choice *choice)
{
	const struct pvio_key_set set = {
		.keys = choice_keys, .nr = ARRAY_SIZE(choice_keys),
		.values = choice,
	};

	return pvio_keys_read(vbd->pdev, PVIO_PEER, &set, 1);
}

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

static int check_choice(struct pvio_vbd *vbd, const struct choice *choice)
{
	u32 order = choice->order == ABSENT ? 0 : choice->order;

	if (parse_protocol(choice->protocol, &vbd->abi)) {
		pvio_err(vbd->pdev, "protocol is unknown");
		return -EINVAL;
	}
	if (choice->nr_queues > vbd->max_queues || order > vbd->max_order) {
		pvio_err(vbd->pdev,
			 "%u queues of order %u, but %u of %u were offered",
			 choice->nr_queues, order, vbd->max_queues,
			 vbd->max_order);
		return -ERANGE;
	}
	vbd->ring_pages = 1 << order;
	vbd->numbered = choice->order != ABSENT;
	vbd->persistent = choice->persistent &&
			  READ_ONCE(pvio_bb_params()->feature_persistent) &&
			  READ_ONCE(pvio_bb_params()->max_persistent_grants);
	vbd->cdrom = !strcmp(choice->device_type, "cdrom");
	return 0;
}

#define PAGE_REF(_n) \
	U32_KEY("ring-ref" #_n, struct pvio_bb_ring, refs[_n], .def = ABSENT, \
		.max = ABSENT - 1)

#define PORT \
	U32_KEY("event-channel", struct pvio_bb_ring, port, .required = true, \
		.min = 1)

/* The pages' names where the frontend wrote the order. */
static const struct pvio_key numbered_keys[] = {
	PORT,
	PAGE_REF(0), PAGE_REF(1), PAGE_REF(2), PAGE_REF(3),
	PAGE_REF(4), PAGE_REF(5), PAGE_REF(6), PAGE_REF(7),
	PAGE_REF(8), PAGE_REF(9), PAGE_REF(10), PAGE_REF(11),
	PAGE_REF(12), PAGE_REF(13), PAGE_REF(14), PAGE_REF(15),
};

/* The one page's name where it did not. */
static const struct pvio_key single_keys[] = {
	PORT,
	U32_KEY("ring-ref", struct pvio_bb_ring, refs[0], .def = ABSENT,
		.max = ABSENT - 1),
};

static_assert(ARRAY_SIZE(numbered_keys) == 1 + PVIO_RING_PAGES_MAX);
static_assert(ABSENT == PVIO_NO_GRANT);

/*
 * A single queue's keys are in the frontend's directory itself.  What is not
 * asked for may have been left behind by an earlier driver, empty even.
 */
static void describe_ring(struct pvio_vbd *vbd, struct pvio_key_set *set,
			  struct pvio_bb_ring *ring, unsigned int index)
{
	if (vbd->nr_queues > 1)
		snprintf(set->dir, sizeof(set->dir), "queue-%u", index);
	set->keys = vbd->numbered ? numbered_keys : single_keys;
	set->nr = 1 + vbd->ring_pages;
	set->values = ring;
}

static int read_sets(struct pvio_vbd *vbd, struct pvio_key_set *sets,
		     struct pvio_bb_ring *rings)
{
	unsigned int i;

	for (i = 0; i < vbd->nr_queues; i++)
		describe_ring(vbd, &sets[i], &rings[i], i);
	return pvio_keys_read(vbd->pdev, PVIO_PEER, sets, vbd->nr_queues);
}

static bool lacks_pages(const struct pvio_vbd *vbd,
			const struct pvio_bb_ring *rings)
{
	unsigned int i;

	for (i = 0; i < vbd->nr_queues; i++)
		if (rings[i].refs[0] == ABSENT)
			return true;
	return false;
}

/*
 * Frontends that write the order call a single page ring-ref0; the protocol
 * calls it ring-ref.  So the other name is asked for, too, where there is
 * none.
 */
static int read_either(struct pvio_vbd *vbd, struct pvio_key_set *sets,
		       struct pvio_bb_ring *rings)
{
	int err = read_sets(vbd, sets, rings);

	if (err || vbd->ring_pages > 1 || !lacks_pages(vbd, rings))
		return err;
	vbd->numbered = !vbd->numbered;
	return read_sets(vbd, sets, rings);
}

static int check_ring(struct pvio_vbd *vbd, const struct pvio_bb_ring *ring,
		      unsigned int index)
{
	unsigned int i;

	for (i = 0; i < vbd->ring_pages; i++) {
		if (ring->refs[i] != ABSENT)
			continue;
		pvio_err(vbd->pdev, "queue %u: reference of page %u is missing",
			 index, i);
		return -ENOENT;
	}
	return 0;
}

static int read_rings(struct pvio_vbd *vbd, struct pvio_bb_ring *rings)
{
	struct pvio_key_set *sets;
	unsigned int i;
	int err;

	sets = kcalloc(vbd->nr_queues, sizeof(*sets), GFP_KERNEL);
	if (!sets)
		return -ENOMEM;
	err = read_either(vbd, sets, rings);
	for (i = 0; i < vbd->nr_queues && !err; i++)
		err = check_ring(vbd, &rings[i], i);
	kfree(sets);
	return err;
}

static int start_queues(struct pvio_vbd *vbd)
{
	struct pvio_bb_ring *rings;
	int err;

	rings = kcalloc(vbd->nr_queues, sizeof(*rings), GFP_KERNEL);
	if (!rings)
		return -ENOMEM;
	err = read_rings(vbd, rings);
	if (!err)
		err = pvio_bb_queue_start(vbd, rings, 0, vbd->nr_queues);
	kfree(rings);
	return err;
}

static int negotiate(struct pvio_vbd *vbd)
{
	struct choice choice = {};
	struct order order = {};
	int err;

	err = read_order(vbd, &order);
	if (!err)
		err = read_choice(vbd, &choice);
	if (!err)
		err = check_choice(vbd, &choice);
	if (err)
		return err;
	settle_discard(vbd, order.discard);
	WRITE_ONCE(vbd->durable, 0);
	return pvio_bb_queue_alloc(vbd, choice.nr_queues);
}

/* What was short may be there now; the engine comes back. */
static int open_again(struct pvio_vbd *vbd)
{
	struct order order = {};
	int err = vbd->open_error;

	if (err != -ENOMEM && err != -EAGAIN)
		return err;
	err = read_order(vbd, &order);
	if (err)
		return err;
	open_first(vbd, &order);
	return -EAGAIN;
}

static void run(struct pvio_vbd *vbd)
{
	pvio_bb_resize_add(vbd);
	pvio_bb_queue_start_tick(vbd);
	/* For what changed before it was listed. */
	pvio_bb_vbd_look_soon(vbd);
}

static int connect(struct pvio_device *pdev)
{
	struct pvio_vbd *vbd = pdev->priv;
	int err;

	if (vbd->open_error)
		return open_again(vbd);
	err = negotiate(vbd);
	if (err)
		return err;
	pvio_bb_backing_sync(vbd);
	err = start_queues(vbd);
	if (!err)
		err = pvio_vbd_write_info(vbd);
	if (!err)
		run(vbd);
	return err;
}

/* Nothing here waits for the device or the guest. */
static bool disconnect(struct pvio_device *pdev)
{
	struct pvio_vbd *vbd = pdev->priv;

	pvio_bb_queue_halt(vbd);
	pvio_bb_resize_remove(vbd);
	if (!pvio_bb_queue_stop(vbd))
		return false;
	pvio_bb_vbd_cancel_look(vbd);
	return true;
}

static struct pvio_vbd *create_vbd(struct pvio_device *pdev)
{
	const struct pvio_bb_params *params = pvio_bb_params();
	struct pvio_vbd *vbd = kzalloc(sizeof(*vbd), GFP_KERNEL);

	if (!vbd)
		return NULL;
	vbd->max_queues = pvio_bb_params_queues();
	vbd->stats = pvio_bb_stats_alloc(vbd->max_queues);
	if (!vbd->stats) {
		kfree(vbd);
		return NULL;
	}
	vbd->pdev = pdev;
	vbd->max_order = params->max_ring_page_order;
	INIT_LIST_HEAD(&vbd->resize);
	pvio_bb_backing_prepare(vbd);
	pvio_bb_discard_prepare(&vbd->discards);
	pvio_bb_queue_prepare(vbd);
	pvio_bb_vbd_prepare_look(vbd);
	return vbd;
}

static int probe(struct pvio_device *pdev)
{
	struct pvio_vbd *vbd = create_vbd(pdev);
	int err;

	if (!vbd)
		return -ENOMEM;
	pdev->priv = vbd;
	err = write_offer(vbd);
	if (!err)
		err = pvio_bb_sysfs_add(vbd);
	if (err) {
		pdev->priv = NULL;
		pvio_bb_backing_give_up(vbd);
		return err;
	}
	pvio_bb_debugfs_add(vbd);
	return 0;
}

/* The names are free for a successor while the last requests are in flight. */
static void retire(struct pvio_device *pdev)
{
	struct pvio_vbd *vbd = pdev->priv;

	pvio_bb_debugfs_remove(vbd);
	pvio_bb_sysfs_remove(vbd);
}

static void remove(struct pvio_device *pdev)
{
	struct pvio_vbd *vbd = pdev->priv;

	pdev->priv = NULL;
	pvio_bb_backing_give_up(vbd);
}

static const char *const nodes[] = { "mode", "physical-device", NULL };

static struct pvio_driver driver = {
	.name = "pvio-blkback",
	.type = "vbd",
	.role = PVIO_BACK,
	.owner = THIS_MODULE,
	.nodes = nodes,
	.probe = probe,
	.connect = connect,
	.disconnect = disconnect,
	.ready = is_ready,
	.node_changed = node_changed,
	.retire = retire,
	.remove = remove,
};

struct pvio_driver *pvio_bb_driver(void)
{
	return &driver;
}
