/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Virtual device numbers: from the toolstack's number to a name and a range
 * of minors, each given to one disk only.
 */
#ifndef PVIO_BLKFRONT_VDEVICE_H
#define PVIO_BLKFRONT_VDEVICE_H

#include <linux/blkdev.h>
#include <linux/list.h>
#include <linux/types.h>

#define PVIO_BF_MAJOR	202

/**
 * struct pvio_bf_vdevice - the place of one disk
 * @node: in the list of taken places; under that list's lock
 * @number: the toolstack's number
 * @name: "xvda", "xvdaa3"
 * @first_minor: below major PVIO_BF_MAJOR
 * @minors: how many, 1 for a number that means a partition
 * @emulated: the number is that of an IDE or SCSI disk, which an HVM guest
 *	may also see emulated
 */
struct pvio_bf_vdevice {
	struct list_head node;
	u32 number;
	char name[DISK_NAME_LEN];
	unsigned int first_minor;
	unsigned int minors;
	bool emulated;
};

/**
 * pvio_bf_vdevice_parse() - turn a number into a name and minors
 * @v: filled in
 * @number: as the toolstack writes it: major and minor, or bit 28 and minor
 *
 * Context: any. Return: 0, or -EINVAL: not a disk, or beyond the minors that
 * Linux has.
 */
int pvio_bf_vdevice_parse(struct pvio_bf_vdevice *v, u32 number);

/**
 * pvio_bf_vdevice_claim() - take the place for a disk
 * @v: parsed
 *
 * Context: may sleep. Return: 0, or -EBUSY: name or minors belong to another
 * disk (two numbers may mean the same name).
 */
int pvio_bf_vdevice_claim(struct pvio_bf_vdevice *v);

/**
 * pvio_bf_vdevice_release() - give the place back
 * @v: claimed
 * Context: may sleep.
 */
void pvio_bf_vdevice_release(struct pvio_bf_vdevice *v);

#endif /* PVIO_BLKFRONT_VDEVICE_H */
