/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What guests may make this domain spend on their disks, in pages: for a disk,
 * for a guest, and in all.
 */
#ifndef PVIO_BLKBACK_BUDGET_H
#define PVIO_BLKBACK_BUDGET_H

#include <linux/list.h>
#include <linux/types.h>

struct seq_file;

/* Data that a disk may have whatever others do: its largest request's. */
#define PVIO_BB_LEAST	256u
/* Reserved at a time, so that few requests touch what is shared. */
#define PVIO_BB_CHUNK	64u
/* Mapped pages that are counted as one: they cost no memory of their own. */
#define PVIO_BB_MAPS_PER_PAGE	16

/**
 * struct pvio_bb_guest - a domain with disks; budget.c
 * @list: in the list of all
 * @domain: its number
 * @disks: how many shares it has
 * @extra: pages of all of them, beyond each disk's least
 */
struct pvio_bb_guest {
	struct list_head list;
	u16 domain;
	unsigned int disks;
	unsigned int extra;
};

/**
 * struct pvio_bb_share - a disk's share; all but @hungry under budget.c's lock
 * @guest: whose disk it is; NULL: closed
 * @max_must: pages for @must that are set aside
 * @must: pages without which it does not work
 * @max_data: most pages for data
 * @data: pages for data, in use or kept
 * @other: pages for everything else
 * @max_maps: most pages of the guest kept mapped
 * @maps: how many those are
 * @hungry: who could not have what it wants, and has it next; only compared
 */
struct pvio_bb_share {
	struct pvio_bb_guest *guest;
	unsigned int max_must;
	unsigned int must;
	unsigned int max_data;
	unsigned int data;
	unsigned int other;
	unsigned int max_maps;
	unsigned int maps;
	const void *hungry;
};

/**
 * pvio_bb_budget_open() - a disk gets its share
 * @s: filled in
 * @domain: whose disk it is
 * @must: pages that will be taken as such
 * @max_data: most pages for data
 * @max_maps: most pages of the guest kept mapped
 * Context: may sleep. Return: 0 or -ENOMEM.
 */
int pvio_bb_budget_open(struct pvio_bb_share *s, u16 domain, unsigned int must,
			unsigned int max_data, unsigned int max_maps);

/**
 * pvio_bb_budget_close() - the reverse
 * @s: everything was given back; may be closed already
 * Context: any but hard interrupt.
 */
void pvio_bb_budget_close(struct pvio_bb_share *s);

/**
 * pvio_bb_budget_take() - reserve pages for data
 * @s: the disk's share
 * @nr: how many
 *
 * Up to PVIO_BB_LEAST a disk may always have, and that is set aside from the
 * budget, as is what it must have besides.  Of the rest, an eighth of the
 * budget at least, one half is set aside for the guests in equal parts, one of
 * them for a guest that comes later.  Of the other half a guest may have as
 * much as nobody has: so one guest alone gets half of all, and who comes last
 * finds its part even if nobody gives anything back.
 * Context: any but hard interrupt.
 * Return: true when all of them are reserved; false when none is.
 */
bool pvio_bb_budget_take(struct pvio_bb_share *s, unsigned int nr);

/**
 * pvio_bb_budget_give() - the reverse
 * @s: the disk's share
 * @nr: how many
 * Context: any but hard interrupt.
 */
void pvio_bb_budget_give(struct pvio_bb_share *s, unsigned int nr);

/**
 * pvio_bb_budget_take_other() - reserve pages for what goes with requests
 * @s: the disk's share
 * @nr: how many
 * @must: the disk does not work without: cannot fail, and is set aside as long
 *	as these are no more than pvio_bb_budget_open() was told
 * Context: any but hard interrupt. Return: true when they are reserved.
 */
bool pvio_bb_budget_take_other(struct pvio_bb_share *s, unsigned int nr,
			       bool must);

/**
 * pvio_bb_budget_give_other() - the reverse
 * @s: the disk's share
 * @nr: how many
 * @must: as they were taken
 * Context: any but hard interrupt.
 */
void pvio_bb_budget_give_other(struct pvio_bb_share *s, unsigned int nr,
			       bool must);

/**
 * pvio_bb_budget_take_maps() - reserve some mappings
 * @s: the disk's share
 * Context: any but hard interrupt. Return: how many, 0 when there are no more.
 */
unsigned int pvio_bb_budget_take_maps(struct pvio_bb_share *s);

/**
 * pvio_bb_budget_give_maps() - the reverse
 * @s: the disk's share
 * @nr: how many
 * Context: any but hard interrupt.
 */
void pvio_bb_budget_give_maps(struct pvio_bb_share *s, unsigned int nr);

/**
 * pvio_bb_budget_show() - the budget, its use, and each guest's part
 * @m: where to
 */
void pvio_bb_budget_show(struct seq_file *m);

/**
 * pvio_bb_budget_used() - pages reserved in all
 */
unsigned long pvio_bb_budget_used(void);

/**
 * pvio_bb_budget_limit() - pages that may be
 */
unsigned long pvio_bb_budget_limit(void);

#endif /* PVIO_BLKBACK_BUDGET_H */
