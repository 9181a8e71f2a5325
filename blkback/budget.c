// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The budget.  Disks reserve in chunks and keep what they use, so a request of
 * a disk at work touches nothing here; a chunk costs a lock of the whole
 * module.
 *
 * Nobody has to be made to give anything back for it to be fair: one half is set
 * aside for all guests alike, and of the other a guest may have no more than
 * what is free at the moment, so something is always free.
 */
#include "budget.h"

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "xenbus/params.h"

/* A sixteenth of memory, unless that is very little. */
#define PART		16
#define LITTLE		8192u
/* Of the budget, for what no disk is to have for sure. */
#define SHARED_PART	8
/* Of what no disk has for sure, for what no guest is to have either. */
#define COMMON_PART	2
#define MOST_PAGES	BIT(30)

static unsigned int budget_pages;
PVIO_PARAM(budget_pages, &budget_pages, 0, MOST_PAGES, 0644);
MODULE_PARM_DESC(budget_pages,
		 "Most pages of all disks, 0 (default): a sixteenth of memory");

/* Covers everything here and in all shares; innermost. */
static DEFINE_SPINLOCK(budget_lock);
static LIST_HEAD(guests);
static unsigned int nr_guests;
static unsigned long least;	/* of all disks */
static unsigned long extra;	/* beyond each disk's least */
static unsigned long most_extra;
static unsigned long part;	/* of that, what a guest may have for sure */
static unsigned long common;	/* beyond each guest's part */
static unsigned long divided;	/* the budget that these are made from */
static unsigned long used;
static unsigned long peak;
static u64 refused;

unsigned long pvio_bb_budget_limit(void)
{
	unsigned int wish = READ_ONCE(budget_pages);

	return wish ?: max_t(unsigned long, totalram_pages() / PART, LITTLE);
}

unsigned long pvio_bb_budget_used(void)
{
	return READ_ONCE(used);
}

static unsigned int least_of(const struct pvio_bb_share *s)
{
	return PVIO_BB_LEAST + s->max_must;
}

static struct pvio_bb_guest *find_guest(u16 domain)
{
	struct pvio_bb_guest *g;

	lockdep_assert_held(&budget_lock);
	list_for_each_entry(g, &guests, list)
		if (g->domain == domain)
			return g;
	return NULL;
}

static unsigned long beyond_part(const struct pvio_bb_guest *g)
{
	return g->extra > part ? g->extra - part : 0;
}

/*
 * Where there are too many disks for the budget, each still has its least.  One
 * part more than there are guests, so that the next finds its own.
 */
static void divide(unsigned long limit)
{
	const struct pvio_bb_guest *g;

	lockdep_assert_held(&budget_lock);
	divided = limit;
	most_extra = limit - min(least, limit - limit / SHARED_PART);
	part = most_extra / COMMON_PART / (nr_guests + 1);
	common = 0;
	list_for_each_entry(g, &guests, list)
		common += beyond_part(g);
}

/* Uses @fresh for a guest that has no disk yet. */
static void join(struct pvio_bb_share *s, u16 domain,
		 struct pvio_bb_guest **fresh)
{
	struct pvio_bb_guest *g = find_guest(domain);

	if (!g) {
		g = *fresh;
		*fresh = NULL;
		g->domain = domain;
		list_add_tail(&g->list, &guests);
		nr_guests++;
	}
	g->disks++;
	least += least_of(s);
	s->guest = g;
	divide(pvio_bb_budget_limit());
}

int pvio_bb_budget_open(struct pvio_bb_share *s, u16 domain, unsigned int must,
			unsigned int max_data, unsigned int max_maps)
{
	struct pvio_bb_guest *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);

	if (!fresh)
		return -ENOMEM;
	*s = (struct pvio_bb_share){
		.max_must = must,
		.max_data = max_data, .max_maps = max_maps,
	};
	spin_lock_bh(&budget_lock);
	join(s, domain, &fresh);
	spin_unlock_bh(&budget_lock);
	kfree(fresh);
	return 0;
}

/* Returns what is to be freed: the guest with its last disk. */
static struct pvio_bb_guest *depart(struct pvio_bb_share *s)
{
	struct pvio_bb_guest *g = s->guest;

	s->guest = NULL;
	least -= least_of(s);
	if (--g->disks) {
		g = NULL;
	} else {
		list_del(&g->list);
		nr_guests--;
	}
	divide(pvio_bb_budget_limit());
	return g;
}

void pvio_bb_budget_close(struct pvio_bb_share *s)
{
	struct pvio_bb_guest *last;

	if (!s->guest)
		return;
	spin_lock_bh(&budget_lock);
	last = depart(s);
	spin_unlock_bh(&budget_lock);
	kfree(last);
}

/* In the common part, no more than what nobody has. */
static bool is_fair(const struct pvio_bb_guest *g, unsigned int nr)
{
	unsigned long limit = pvio_bb_budget_limit(), all_common;

	if (unlikely(limit != divided))
		divide(limit);
	if (extra + nr > most_extra)
		return false;
	if (g->extra + nr <= part)
		return true;
	all_common = most_extra - part * (nr_guests + 1);
	return common < all_common &&
	       g->extra + nr - part <= all_common - common;
}

/* How far @nr pages more than @had go beyond what is set aside for them. */
static unsigned int beyond(unsigned int had, unsigned int nr, unsigned int aside)
{
	return max(had + nr, aside) - max(had, aside);
}

static void set_extra(struct pvio_bb_guest *g, unsigned int nr)
{
	common -= beyond_part(g);
	extra -= g->extra;
	g->extra = nr;
	extra += nr;
	common += beyond_part(g);
}

/* @more of the pages are beyond the least. */
static void add(struct pvio_bb_share *s, unsigned int nr, unsigned int more)
{
	set_extra(s->guest, s->guest->extra + more);
	used += nr;
	peak = max(peak, used);
}

static void sub(struct pvio_bb_share *s, unsigned int nr, unsigned int more)
{
	set_extra(s->guest, s->guest->extra - more);
	used -= nr;
}

bool pvio_bb_budget_take(struct pvio_bb_share *s, unsigned int nr)
{
	unsigned int more;
	bool ok;

	spin_lock_bh(&budget_lock);
	more = beyond(s->data, nr, PVIO_BB_LEAST);
	ok = s->data + nr <= s->max_data && (!more || is_fair(s->guest, more));
	if (ok) {
		s->data += nr;
		add(s, nr, more);
	} else {
		refused++;
	}
	spin_unlock_bh(&budget_lock);
	return ok;
}

void pvio_bb_budget_give(struct pvio_bb_share *s, unsigned int nr)
{
	spin_lock_bh(&budget_lock);
	s->data -= nr;
	sub(s, nr, beyond(s->data, nr, PVIO_BB_LEAST));
	spin_unlock_bh(&budget_lock);
}

static void take_must(struct pvio_bb_share *s, unsigned int nr)
{
	add(s, nr, beyond(s->must, nr, s->max_must));
	s->must += nr;
}

static bool take_optional(struct pvio_bb_share *s, unsigned int nr)
{
	if (!is_fair(s->guest, nr)) {
		refused++;
		return false;
	}
	s->other += nr;
	add(s, nr, nr);
	return true;
}

bool pvio_bb_budget_take_other(struct pvio_bb_share *s, unsigned int nr,
			       bool must)
{
	bool ok = true;

	spin_lock_bh(&budget_lock);
	if (must)
		take_must(s, nr);
	else
		ok = take_optional(s, nr);
	spin_unlock_bh(&budget_lock);
	return ok;
}

void pvio_bb_budget_give_other(struct pvio_bb_share *s, unsigned int nr,
			       bool must)
{
	spin_lock_bh(&budget_lock);
	if (must) {
		s->must -= nr;
		sub(s, nr, beyond(s->must, nr, s->max_must));
	} else {
		s->other -= nr;
		sub(s, nr, nr);
	}
	spin_unlock_bh(&budget_lock);
}

static unsigned int cost_of(unsigned int maps)
{
	return DIV_ROUND_UP(maps, PVIO_BB_MAPS_PER_PAGE);
}

unsigned int pvio_bb_budget_take_maps(struct pvio_bb_share *s)
{
	unsigned int nr, cost;

	spin_lock_bh(&budget_lock);
	nr = min(s->max_maps - s->maps, PVIO_BB_CHUNK);
	cost = cost_of(s->maps + nr) - cost_of(s->maps);
	if (nr && is_fair(s->guest, cost)) {
		s->maps += nr;
		s->other += cost;
		add(s, cost, cost);
	} else {
		nr = 0;
		refused++;
	}
	spin_unlock_bh(&budget_lock);
	return nr;
}

void pvio_bb_budget_give_maps(struct pvio_bb_share *s, unsigned int nr)
{
	unsigned int cost;

	spin_lock_bh(&budget_lock);
	cost = cost_of(s->maps) - cost_of(s->maps - nr);
	s->maps -= nr;
	s->other -= cost;
	sub(s, cost, cost);
	spin_unlock_bh(&budget_lock);
}

void pvio_bb_budget_show(struct seq_file *m)
{
	const struct pvio_bb_guest *g;

	spin_lock_bh(&budget_lock);
	seq_printf(m, "pages_most %lu\npages_least %lu\npages_used %lu\npages_peak %lu\n",
		   pvio_bb_budget_limit(), least, used, peak);
	seq_printf(m, "refused %llu\n", refused);
	list_for_each_entry(g, &guests, list)
		seq_printf(m, "domain %u disks %u extra %u\n", g->domain,
			   g->disks, g->extra);
	spin_unlock_bh(&budget_lock);
}
