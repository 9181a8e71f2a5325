/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Opening a block device by number.
 *
 * 6.1: blkdev_get_by_dev() with an fmode_t.  6.5: with a blk_mode_t and holder
 * operations.  6.7: bdev_open_by_dev() returns a handle.  6.9:
 * bdev_file_open_by_dev() returns a file.
 */
#ifndef PVIO_COMPAT_BDEV_H
#define PVIO_COMPAT_BDEV_H

#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define PVIO_BDEV_FILE
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define PVIO_BDEV_HANDLE
#endif

/* A discard that cannot be had is no error for who asked. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define PVIO_DISCARD_IS_HINT
#endif

/* A polled request of a queue that polls for none is refused. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define PVIO_POLL_IS_DEMAND
#endif

/* Memory that is not aligned as the queue wants it comes to no driver. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define PVIO_BIO_IS_ALIGNED
#endif

/**
 * struct pvio_bdev - an opened block device
 * @bdev: the device; NULL when closed
 * @handle: what the kernel wants back at closing
 * @write: opened for writing
 */
struct pvio_bdev {
	struct block_device *bdev;
	void *handle;
	bool write;
};

#if defined(PVIO_BDEV_FILE)

static inline int pvio_bdev_get(struct pvio_bdev *b, dev_t dev)
{
	struct file *file;

	file = bdev_file_open_by_dev(dev, BLK_OPEN_READ |
				     (b->write ? BLK_OPEN_WRITE : 0),
				     NULL, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file);
	b->bdev = file_bdev(file);
	b->handle = file;
	return 0;
}

static inline void pvio_bdev_put(struct pvio_bdev *b)
{
	bdev_fput(b->handle);
}

#elif defined(PVIO_BDEV_HANDLE)

static inline int pvio_bdev_get(struct pvio_bdev *b, dev_t dev)
{
	struct bdev_handle *handle;

	handle = bdev_open_by_dev(dev, BLK_OPEN_READ |
				  (b->write ? BLK_OPEN_WRITE : 0), NULL, NULL);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	b->bdev = handle->bdev;
	b->handle = handle;
	return 0;
}

static inline void pvio_bdev_put(struct pvio_bdev *b)
{
	bdev_release(b->handle);
}

#elif defined(BLK_OPEN_READ)

static inline int pvio_bdev_get(struct pvio_bdev *b, dev_t dev)
{
	struct block_device *bdev;

	bdev = blkdev_get_by_dev(dev, BLK_OPEN_READ |
				 (b->write ? BLK_OPEN_WRITE : 0), NULL, NULL);
	if (IS_ERR(bdev))
		return PTR_ERR(bdev);
	b->bdev = bdev;
	return 0;
}

static inline void pvio_bdev_put(struct pvio_bdev *b)
{
	blkdev_put(b->bdev, NULL);
}

#else

static inline fmode_t pvio_bdev_mode(const struct pvio_bdev *b)
{
	return FMODE_READ | (b->write ? FMODE_WRITE : 0);
}

static inline int pvio_bdev_get(struct pvio_bdev *b, dev_t dev)
{
	struct block_device *bdev;

	bdev = blkdev_get_by_dev(dev, pvio_bdev_mode(b), NULL);
	if (IS_ERR(bdev))
		return PTR_ERR(bdev);
	b->bdev = bdev;
	return 0;
}

static inline void pvio_bdev_put(struct pvio_bdev *b)
{
	blkdev_put(b->bdev, pvio_bdev_mode(b));
}

#endif

/**
 * pvio_bdev_open() - open a block device, not exclusively
 * @b: filled in
 * @dev: its number
 * @write: for writing, too
 * Context: may sleep. Return: 0 or a negative errno.
 */
static inline int pvio_bdev_open(struct pvio_bdev *b, dev_t dev, bool write)
{
	b->write = write;
	return pvio_bdev_get(b, dev);
}

/**
 * pvio_bdev_close() - close it
 * @b: emptied; may be closed already
 * Context: may sleep.
 */
static inline void pvio_bdev_close(struct pvio_bdev *b)
{
	if (!b->bdev)
		return;
	pvio_bdev_put(b);
	b->bdev = NULL;
	b->handle = NULL;
}

#endif /* PVIO_COMPAT_BDEV_H */
