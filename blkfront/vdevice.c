// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Virtual device numbers, as xen-vbd-interface(7) lays them out:
 *
 *   1 << 28 | disk << 8 | partition	extended
 *   202 << 8 | disk << 4 | partition	xvd
 *   8 << 8 | disk << 4 | partition	sd, also majors 65 to 71, 128 to 135
 *   3 << 8 | disk << 6 | partition	hd, first controller; 22: second
 *
 * All of them are shown as xvd disks of the same place in the alphabet.
 */
#include "vdevice.h"

#include <linux/errno.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/major.h>
#include <linux/mutex.h>
#include <linux/string.h>

#define EXTENDED	BIT(28)
#define EXT_SHIFT	8
#define XVD_SHIFT	4
#define SD_SHIFT	4
#define HD_SHIFT	6
#define SD_PER_MAJOR	(256 >> SD_SHIFT)
#define HD_PER_MAJOR	2

static LIST_HEAD(taken);
/* Covers taken; innermost but for allocation. */
static DEFINE_MUTEX(taken_lock);

/* Place in the alphabet and partition, before it has a name. */
struct place {
	unsigned int disk;
	unsigned int part;
	unsigned int shift;
	bool emulated;
};

static void set_place(struct place *p, unsigned int base, unsigned int minor,
		      unsigned int shift)
{
	p->disk = base + (minor >> shift);
	p->part = minor & ((1 << shift) - 1);
}

static int find_legacy(struct place *p, unsigned int major, unsigned int minor)
{
	p->shift = XVD_SHIFT;
	p->emulated = major != PVIO_BF_MAJOR;
	switch (major) {
	case PVIO_BF_MAJOR:
		set_place(p, 0, minor, XVD_SHIFT);
		return 0;
	case IDE0_MAJOR:
		set_place(p, 0, minor, HD_SHIFT);
		return 0;
	case IDE1_MAJOR:
		set_place(p, HD_PER_MAJOR, minor, HD_SHIFT);
		return 0;
	case SCSI_DISK0_MAJOR:
		set_place(p, 0, minor, SD_SHIFT);
		return 0;
	case SCSI_DISK1_MAJOR ... SCSI_DISK7_MAJOR:
		set_place(p, (major - SCSI_DISK1_MAJOR + 1) * SD_PER_MAJOR,
			  minor, SD_SHIFT);
		return 0;
	case SCSI_DISK8_MAJOR ... SCSI_DISK15_MAJOR:
		set_place(p, (major - SCSI_DISK8_MAJOR + 8) * SD_PER_MAJOR,
			  minor, SD_SHIFT);
		return 0;
	default:
		return -EINVAL;
	}
}

static int find_place(struct place *p, u32 number)
{
	if (number >= EXTENDED << 1)
		return -EINVAL;
	if (!(number & EXTENDED))
		return find_legacy(p, number >> 8, number & 0xff);
	p->shift = EXT_SHIFT;
	p->emulated = false;
	set_place(p, 0, number & (EXTENDED - 1), EXT_SHIFT);
	return 0;
}

/* 0 is a, 25 is z, 26 is aa: bijective, least letter last. */
static char *put_letters(char *to, unsigned int disk)
{
	if (disk >= 26)
		to = put_letters(to, disk / 26 - 1);
	*to = 'a' + disk % 26;
	return to + 1;
}

static void set_name(struct pvio_bf_vdevice *v, const struct place *p)
{
	char *end = v->name;

	end += scnprintf(end, sizeof(v->name), "xvd");
	end = put_letters(end, p->disk);
	*end = '\0';
	if (p->part)
		snprintf(end, v->name + sizeof(v->name) - end, "%u", p->part);
}

int pvio_bf_vdevice_parse(struct pvio_bf_vdevice *v, u32 number)
{
	struct place p;
	int err = find_place(&p, number);

	if (err)
		return err;
	/* IDE numbers have room for more partitions than xvd minors. */
	if (p.part >= 1 << p.shift)
		return -EINVAL;
	v->number = number;
	v->emulated = p.emulated;
	v->minors = p.part ? 1 : 1 << p.shift;
	v->first_minor = (p.disk << p.shift) + p.part;
	if (v->first_minor + v->minors > MINORMASK + 1)
		return -EINVAL;
	set_name(v, &p);
	return 0;
}

static bool collide(const struct pvio_bf_vdevice *a,
		    const struct pvio_bf_vdevice *b)
{
	return !strcmp(a->name, b->name) ||
	       (a->first_minor < b->first_minor + b->minors &&
		b->first_minor < a->first_minor + a->minors);
}

static bool is_taken(const struct pvio_bf_vdevice *v)
{
	struct pvio_bf_vdevice *other;

	lockdep_assert_held(&taken_lock);
	list_for_each_entry(other, &taken, node)
		if (collide(v, other))
			return true;
	return false;
}

int pvio_bf_vdevice_claim(struct pvio_bf_vdevice *v)
{
	int err = -EBUSY;

	mutex_lock(&taken_lock);
	if (!is_taken(v)) {
		list_add(&v->node, &taken);
		err = 0;
	}
	mutex_unlock(&taken_lock);
	return err;
}

void pvio_bf_vdevice_release(struct pvio_bf_vdevice *v)
{
	mutex_lock(&taken_lock);
	list_del(&v->node);
	mutex_unlock(&taken_lock);
}
