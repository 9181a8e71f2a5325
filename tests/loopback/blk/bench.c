// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What the tests of block devices have in common.
 */
#include "tests/loopback/blk/bench.h"

#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/slab.h>

#include "compat/ratelimit.h"

#define XVD_MAJOR	202

void blk_baseline_note(struct blk_baseline *base)
{
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		base->held[res] = pvio_outstanding(res);
	base->grants = pvio_loop_grants_in_use();
}

/* A backing device is closed by a work item, when everything else is gone. */
static void wait_for_disks(const struct blk_baseline *base)
{
	unsigned int try;

	for (try = 0; try < 200; try++) {
		if (pvio_outstanding(PVIO_RES_DISK) <= base->held[PVIO_RES_DISK])
			return;
		usleep_range(10000, 20000);
	}
}

void blk_baseline_expect(struct kunit *test, const struct blk_baseline *base)
{
	enum pvio_resource res;

	wait_for_disks(base);
	for (res = 0; res < PVIO_RES_NR; res++)
		KUNIT_EXPECT_EQ_MSG(test, pvio_outstanding(res),
				    base->held[res], "%s",
				    pvio_resource_name(res));
	KUNIT_EXPECT_EQ(test, pvio_loop_grants_in_use(), base->grants);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
}

static dev_t number_of(const struct blk_duo *duo)
{
	return MKDEV(XVD_MAJOR, duo->number * 16);
}

/* The toolstack's words about the device. */
static void write_orders(struct blk_duo *duo)
{
	dev_t dev = disk_devt(duo->disk.disk);
	char text[32];

	snprintf(text, sizeof(text), "%u", new_encode_dev(number_of(duo)));
	pvio_loop_put(duo->pair.front.own, "virtual-device", text);
	snprintf(text, sizeof(text), "%x:%x", MAJOR(dev), MINOR(dev));
	pvio_loop_put(duo->pair.back.own, "physical-device", text);
	pvio_loop_put(duo->pair.back.own, "mode", "w");
	snprintf(text, sizeof(text), "xvd%c", 'a' + duo->number);
	pvio_loop_put(duo->pair.back.own, "dev", text);
}

void blk_duo_make(struct kunit *test, struct blk_duo *duo, unsigned int block)
{
	unsigned int id = (XVD_MAJOR << 8) + duo->number * 16;
	char name[16];

	snprintf(name, sizeof(name), "pviotest%u", duo->number);
	KUNIT_ASSERT_EQ(test, blk_disk_make(&duo->disk, name, block), 0);
	KUNIT_ASSERT_EQ(test, pvio_loop_make(&duo->pair, LOOP_FRONT_DOMAIN, "vbd", id), 0);
	duo->made = true;
	write_orders(duo);
}

static void close_disk(struct blk_duo *duo)
{
	if (duo->bdev.bdev)
		pvio_bdev_close(&duo->bdev);
}

void blk_duo_drop(struct blk_duo *duo)
{
	blk_disk_release(&duo->disk);
	close_disk(duo);
	if (duo->made)
		pvio_loop_drop(&duo->pair);
	duo->made = false;
	blk_disk_drop(&duo->disk);
}

static void offer_less(struct blk_duo *duo)
{
	const char *back = duo->pair.back.own;
	char text[12];

	if (!duo->queues)
		return;
	snprintf(text, sizeof(text), "%u", duo->queues);
	pvio_loop_put(back, "multi-queue-max-queues", text);
	snprintf(text, sizeof(text), "%u", duo->order);
	pvio_loop_put(back, "max-ring-page-order", text);
}

void blk_duo_plug_back(struct kunit *test, struct blk_duo *duo)
{
	pvio_loop_set_state(&duo->pair.back, XenbusStateInitialising);
	pvio_loop_put(duo->pair.back.own, "online", "1");
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&duo->pair.back), 0);
	offer_less(duo);
}

bool blk_duo_connected(const struct blk_duo *duo)
{
	return pvio_loop_wait(&duo->pair.back, XenbusStateConnected,
			      BENCH_WAIT_MS) &&
	       pvio_loop_wait(&duo->pair.front, XenbusStateConnected,
			      BENCH_WAIT_MS);
}

bool blk_duo_open(struct blk_duo *duo, bool write)
{
	return blk_io_open(&duo->bdev, number_of(duo), write);
}

/* The kernel looks for partitions first, and its reads count like any other. */
static void wait_for_scan(const struct blk_duo *duo)
{
	struct pvio_device *front = duo->pair.front.pdev;
	unsigned int waited;

	for (waited = 0; waited < BLK_IO_WAIT_MS; waited += 10) {
		if (front->drv->is_ready(front))
			return;
		usleep_range(10000, 20000);
	}
}

void blk_duo_start(struct kunit *test, struct blk_duo *duo, bool write)
{
	blk_duo_plug_back(test, duo);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&duo->pair.front), 0);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(duo));
	KUNIT_ASSERT_TRUE(test, blk_duo_open(duo, write));
	wait_for_scan(duo);
}

void blk_duo_stop(struct blk_duo *duo)
{
	close_disk(duo);
	pvio_loop_unplug(&duo->pair.front);
	pvio_loop_settle();
	pvio_loop_unplug(&duo->pair.back);
}

void blk_duo_expect_serves(struct kunit *test, struct blk_duo *duo)
{
	bool serves = blk_io_round_trip(duo->bdev.bdev, 64, 8192, 0);

	KUNIT_EXPECT_TRUE_MSG(test, serves, "front in state %u, back in %u",
			      pvio_loop_state(&duo->pair.front),
			      pvio_loop_state(&duo->pair.back));
}

void blk_single_init(struct kunit *test, u64 sector, unsigned int bytes)
{
	struct blk_single *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	b->io.bytes = bytes;
	b->io.sector = sector;
	b->io.data = kunit_kzalloc(test, bytes, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->io.data);
	blk_baseline_note(&b->base);
	blk_duo_make(test, &b->duo, 512);
}

void blk_single_exit(struct kunit *test)
{
	struct blk_single *b = test->priv;

	blk_disk_release(&b->duo.disk);
	blk_duo_drop(&b->duo);
	blk_baseline_expect(test, &b->base);
}

void blk_lines_begin(const struct loop_end *end)
{
	pvio_ratelimit_restart(&end->pdev->lines);
}

unsigned int blk_lines_shown(const struct loop_end *end)
{
	return pvio_ratelimit_shown(&end->pdev->lines);
}

unsigned int blk_lines(const struct loop_end *end)
{
	return blk_lines_shown(end) + pvio_ratelimit_missed(&end->pdev->lines);
}

void blk_param_set(struct kunit *test, const char *name, const char *value)
{
	struct file *file;
	char path[96];
	loff_t pos = 0;

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	file = pvio_loop_open(path, O_WRONLY);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	KUNIT_EXPECT_GT(test, kernel_write(file, value, strlen(value), &pos),
			0);
	filp_close(file, NULL);
}
