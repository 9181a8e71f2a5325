// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The loopback's grant table: references to pages, with the rules of the real
 * one: only what is granted is reached, read-only is read-only for copies, a
 * mapped page stays granted, a copy crosses no page.
 */
#include "tests/loopback/loop.h"

#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <xen/interface/grant_table.h>

#include "xenbus/channel.h"
#include "xenbus/grants.h"

#define REFS		32768
static_assert(REFS <= LOOP_BAD_REF);
#define FIRST_REF	8	/* the real table keeps the first few as well */
#define POOLS		512

/**
 * struct entry - one reference, in a table that all guests share
 * @page: what it grants; NULL: free
 * @owner: whose it is; nobody finds it among another guest's
 * @domain: who may use it
 * @readonly: the peer must not write
 * @abandoned: the owner has gone; free it when @mapped falls to 0
 * @mapped: how often it is mapped
 */
struct entry {
	struct page *page;
	u16 owner;
	u16 domain;
	bool readonly;
	bool abandoned;
	unsigned int mapped;
};

static struct entry *table;
static u32 next_try = FIRST_REF;
static unsigned int in_use;
static unsigned int pool_free[POOLS];	/* references left to each owner */
static bool pool_used[POOLS];
static unsigned int pooled;		/* sum of pool_free */
static unsigned int refs_max = REFS - FIRST_REF;
static DEFINE_RAW_SPINLOCK(grant_lock);	/* covers everything above */

#define ANYBODY		U16_MAX

/* Where all backends are. */
static u16 backend = LOOP_BACK_DOMAIN;

void pvio_loop_set_backend(u16 domain)
{
	WRITE_ONCE(backend, domain);
}
EXPORT_SYMBOL_GPL(pvio_loop_set_backend);

int pvio_loop_grants_init(void)
{
	table = vzalloc(array_size(REFS, sizeof(*table)));
	return table ? 0 : -ENOMEM;
}

void pvio_loop_grants_exit(void)
{
	vfree(table);
}

unsigned int pvio_loop_grants_in_use(void)
{
	return READ_ONCE(in_use);
}
EXPORT_SYMBOL_GPL(pvio_loop_grants_in_use);

unsigned int pvio_loop_refs_taken(void)
{
	return READ_ONCE(pooled) + READ_ONCE(in_use);
}
EXPORT_SYMBOL_GPL(pvio_loop_refs_taken);

void pvio_loop_limit_refs(unsigned int nr)
{
	WRITE_ONCE(refs_max, nr ? nr : REFS - FIRST_REF);
}
EXPORT_SYMBOL_GPL(pvio_loop_limit_refs);

/* Every reference is the table's, an owner's, or in use. */
static bool table_has(unsigned int nr)
{
	lockdep_assert_held(&grant_lock);
	return pooled + in_use + nr <= READ_ONCE(refs_max);
}

static u32 claim(struct page *page, u16 owner, u16 domain, bool readonly)
{
	u32 tries, ref;

	lockdep_assert_held(&grant_lock);
	for (tries = 0; tries < REFS; tries++) {
		ref = next_try++;
		if (next_try == REFS)
			next_try = FIRST_REF;
		if (table[ref].page)
			continue;
		table[ref] = (struct entry){ .page = page,
					     .owner = owner,
					     .domain = domain,
					     .readonly = readonly };
		in_use++;
		return ref;
	}
	return PVIO_NO_GRANT;
}

static void release(u32 ref)
{
	lockdep_assert_held(&grant_lock);
	table[ref].page = NULL;
	in_use--;
}

static struct entry *granted(u32 ref)
{
	lockdep_assert_held(&grant_lock);
	return ref < REFS && table[ref].page ? &table[ref] : NULL;
}

/* The same for who wants to use one of @owner's. */
static struct entry *granted_to_backend(u16 owner, u32 ref)
{
	struct entry *e = granted(ref);

	if (!e || e->owner != owner ||
	    (e->domain != ANYBODY && e->domain != READ_ONCE(backend)))
		return NULL;
	return e;
}

static u32 grant_page(struct page *page, u16 owner, u16 domain, bool readonly)
{
	unsigned long flags;
	u32 ref;

	raw_spin_lock_irqsave(&grant_lock, flags);
	ref = table_has(1) ? claim(page, owner, domain, readonly) : PVIO_NO_GRANT;
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return ref;
}

u32 pvio_loop_raw_grant(struct page *page, bool readonly)
{
	return grant_page(page, LOOP_FRONT_DOMAIN, ANYBODY, readonly);
}
EXPORT_SYMBOL_GPL(pvio_loop_raw_grant);

static bool end_access(u32 ref)
{
	struct entry *e = granted(ref);

	if (!e || e->mapped)
		return false;
	release(ref);
	return true;
}

bool pvio_loop_raw_ungrant(u32 ref)
{
	unsigned long flags;
	bool ended;

	raw_spin_lock_irqsave(&grant_lock, flags);
	ended = end_access(ref);
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return ended;
}
EXPORT_SYMBOL_GPL(pvio_loop_raw_ungrant);

struct page *pvio_loop_granted_page(u32 ref)
{
	struct page *page = NULL;
	unsigned long flags;
	struct entry *e;

	raw_spin_lock_irqsave(&grant_lock, flags);
	e = granted(ref);
	if (e)
		page = e->page;
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return page;
}
EXPORT_SYMBOL_GPL(pvio_loop_granted_page);

/* As a guest does that rewrites an entry in use: mappings keep the old page. */
struct page *pvio_loop_raw_swap(u32 ref, struct page *page)
{
	struct page *old = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&grant_lock, flags);
	if (granted(ref))
		old = xchg(&table[ref].page, page);
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return old;
}
EXPORT_SYMBOL_GPL(pvio_loop_raw_swap);

static int open_owner(u32 *head)
{
	lockdep_assert_held(&grant_lock);
	for (*head = 0; *head < POOLS; ++*head) {
		if (pool_used[*head])
			continue;
		pool_used[*head] = true;
		pool_free[*head] = 0;
		return 0;
	}
	return -ENOSPC;
}

static int add_refs(unsigned int nr, u32 head)
{
	lockdep_assert_held(&grant_lock);
	if (!table_has(nr))
		return -ENOSPC;
	pool_free[head] += nr;
	pooled += nr;
	return 0;
}

int pvio_loop_grefs_open(u16 nr, u32 *head)
{
	unsigned long flags;
	int err;

	err = pvio_loop_fault(LOOP_GREFS, -ENOSPC);
	if (err)
		return err;
	raw_spin_lock_irqsave(&grant_lock, flags);
	err = table_has(nr) ? open_owner(head) : -ENOSPC;
	if (!err)
		add_refs(nr, *head);
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return err;
}

void pvio_loop_grefs_close(u32 head)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&grant_lock, flags);
	pooled -= pool_free[head];
	pool_used[head] = false;
	raw_spin_unlock_irqrestore(&grant_lock, flags);
}

int pvio_loop_grefs_grow(u16 nr, u32 *head)
{
	unsigned long flags;
	int err;

	err = pvio_loop_fault(LOOP_GREFS, -ENOSPC);
	if (err)
		return err;
	raw_spin_lock_irqsave(&grant_lock, flags);
	err = add_refs(nr, *head);
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return err;
}

unsigned int pvio_loop_grefs_shrink(unsigned int nr, u32 *head)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&grant_lock, flags);
	nr = min(nr, pool_free[*head]);
	pool_free[*head] -= nr;
	pooled -= nr;
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return nr;
}

static u16 owner_of(const struct pvio_device *pdev)
{
	const struct loop_end *end = pdev->provider;

	return end->guest;
}

u32 pvio_loop_grant(struct pvio_device *pdev, u32 *head, struct page *page,
		    bool readonly)
{
	u32 ref = PVIO_NO_GRANT;
	unsigned long flags;

	if (pvio_loop_fails(LOOP_GRANT))
		return PVIO_NO_GRANT;
	raw_spin_lock_irqsave(&grant_lock, flags);
	if (pool_free[*head])
		ref = claim(page, owner_of(pdev), pdev->peer_id, readonly);
	if (ref != PVIO_NO_GRANT) {
		pool_free[*head]--;
		pooled--;
	}
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return ref;
}

static atomic_t complaints;

unsigned int pvio_loop_complaints(void)
{
	return atomic_read(&complaints);
}
EXPORT_SYMBOL_GPL(pvio_loop_complaints);

bool pvio_loop_ungrant(u32 *head, u32 ref)
{
	unsigned long flags;
	bool ended;

	if (pvio_loop_fails(LOOP_UNGRANT)) {
		atomic_inc(&complaints);
		return false;
	}
	raw_spin_lock_irqsave(&grant_lock, flags);
	ended = end_access(ref);
	if (ended) {
		pool_free[*head]++;
		pooled++;
	}
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	if (!ended)
		atomic_inc(&complaints);
	return ended;
}

bool pvio_loop_ungrant_idle(u32 ref)
{
	return !pvio_loop_fails(LOOP_UNGRANT) && pvio_loop_raw_ungrant(ref);
}

/* Takes over the caller's page reference. */
void pvio_loop_ungrant_later(u32 ref, struct page *page)
{
	unsigned long flags;
	bool ended;

	raw_spin_lock_irqsave(&grant_lock, flags);
	ended = end_access(ref);
	if (!ended && granted(ref))
		table[ref].abandoned = true;
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	if (ended)
		put_page(page);
}

static struct page *map_one(u16 owner, u32 ref, bool readonly)
{
	struct page *page = NULL;
	unsigned long flags;
	struct entry *e;

	raw_spin_lock_irqsave(&grant_lock, flags);
	e = granted_to_backend(owner, ref);
	if (e && (readonly || !e->readonly)) {
		e->mapped++;
		page = e->page;
	}
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return page;
}

struct page *pvio_loop_raw_map(u32 ref, bool readonly)
{
	return map_one(LOOP_FRONT_DOMAIN, ref, readonly);
}
EXPORT_SYMBOL_GPL(pvio_loop_raw_map);

static void unmap_one(u32 ref)
{
	struct page *page = NULL;
	unsigned long flags;
	struct entry *e;

	raw_spin_lock_irqsave(&grant_lock, flags);
	e = &table[ref];
	if (!--e->mapped && e->abandoned) {
		page = e->page;
		release(ref);
	}
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	if (page)
		put_page(page);
}

void pvio_loop_raw_unmap(u32 ref)
{
	unmap_one(ref);
}
EXPORT_SYMBOL_GPL(pvio_loop_raw_unmap);

int pvio_loop_ring_grant(struct pvio_device *pdev, struct pvio_shared *s)
{
	int err = pvio_loop_fault(LOOP_RING_GRANT, -ENOMEM);
	unsigned int i;

	if (err)
		return err;
	s->vaddr = alloc_pages_exact(s->bytes, GFP_KERNEL | __GFP_ZERO);
	if (!s->vaddr)
		return -ENOMEM;
	for (i = 0; i < s->nr_pages; i++) {
		s->refs[i] = grant_page(virt_to_page(s->vaddr) + i,
					owner_of(pdev), pdev->peer_id, false);
		if (s->refs[i] == PVIO_NO_GRANT)
			break;
	}
	if (i == s->nr_pages)
		return 0;
	while (i--)
		pvio_loop_raw_ungrant(s->refs[i]);
	free_pages_exact(s->vaddr, s->bytes);
	return -ENOSPC;
}

/* Pages of alloc_pages_exact() are single ones: each goes by itself. */
void pvio_loop_ring_revoke(struct pvio_device *pdev, struct pvio_shared *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_pages; i++)
		pvio_loop_ungrant_later(s->refs[i], virt_to_page(s->vaddr) + i);
	pvio_loop_ring_gone();
}

static void unmap_refs(const u32 *refs, unsigned int nr)
{
	while (nr--)
		unmap_one(refs[nr]);
}

int pvio_loop_ring_map(struct pvio_device *pdev, struct pvio_shared *s)
{
	int err = pvio_loop_fault(LOOP_RING_MAP, -EFAULT);
	struct page *pages[PVIO_RING_PAGES_MAX];
	unsigned int i;

	if (err)
		return err;
	for (i = 0; i < s->nr_pages; i++) {
		pages[i] = map_one(pdev->peer_id, s->refs[i], false);
		if (!pages[i])
			goto unmap;
	}
	s->vaddr = vmap(pages, s->nr_pages, VM_MAP, PAGE_KERNEL);
	if (s->vaddr)
		return 0;
unmap:
	unmap_refs(s->refs, i);
	return -EFAULT;
}

void pvio_loop_ring_unmap(struct pvio_device *pdev, struct pvio_shared *s)
{
	vunmap(s->vaddr);
	unmap_refs(s->refs, s->nr_pages);
}

u64 pvio_loop_local_gfn(struct page *page)
{
	return page_to_pfn(page);
}

/* The page of one side of a copy, or NULL where it is not to be reached. */
static struct page *copy_side(const struct gnttab_copy *op, bool dest)
{
	const struct gnttab_copy_ptr *side = dest ? &op->dest : &op->source;
	bool by_ref = op->flags & (dest ? GNTCOPY_dest_gref :
					  GNTCOPY_source_gref);
	struct entry *e;

	if (!by_ref)
		return pfn_to_page(side->u.gmfn);
	e = granted_to_backend(side->domid, side->u.ref);
	if (!e || (dest && e->readonly))
		return NULL;
	return e->page;
}

static s16 copy_one(const struct gnttab_copy *op)
{
	struct page *from, *to;
	unsigned long flags;
	s16 status = GNTST_bad_gntref;

	if (op->source.offset + op->len > PAGE_SIZE ||
	    op->dest.offset + op->len > PAGE_SIZE)
		return GNTST_bad_copy_arg;
	raw_spin_lock_irqsave(&grant_lock, flags);
	from = copy_side(op, false);
	to = copy_side(op, true);
	if (from && to) {
		memcpy(page_address(to) + op->dest.offset,
		       page_address(from) + op->source.offset, op->len);
		status = GNTST_okay;
	}
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return status;
}

static s16 failed_copy = GNTST_bad_gntref;

void pvio_loop_fail_copies_with(s16 status)
{
	WRITE_ONCE(failed_copy, status ? status : GNTST_bad_gntref);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail_copies_with);

void pvio_loop_copy(struct gnttab_copy *ops, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (pvio_loop_fails(LOOP_COPY))
			ops[i].status = READ_ONCE(failed_copy);
		else
			ops[i].status = copy_one(&ops[i]);
	}
}

int pvio_loop_pages_get(unsigned int nr, struct page **pages)
{
	int err = pvio_loop_fault(LOOP_PAGES, -ENOMEM);
	unsigned int i;

	if (err)
		return err;
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (pages[i])
			continue;
		pvio_loop_pages_put(i, pages);
		return -ENOMEM;
	}
	return 0;
}

void pvio_loop_pages_put(unsigned int nr, struct page **pages)
{
	while (nr--)
		put_page(pages[nr]);
}

/*
 * There is no second mapping of a page here: the entry gets the granted page
 * itself, and the page offered waits in a record that the handle names.
 */
static struct page *offered[REFS];	/* under grant_lock; NULL: free */
static u32 next_record;

static u32 keep_offered(struct page *page)
{
	unsigned long flags;
	u32 handle;

	raw_spin_lock_irqsave(&grant_lock, flags);
	do {
		next_record = (next_record + 1) % REFS;
	} while (offered[next_record]);
	handle = next_record;
	offered[handle] = page;
	raw_spin_unlock_irqrestore(&grant_lock, flags);
	return handle;
}

int pvio_loop_map(struct pvio_device *pdev, struct pvio_map *maps,
		  unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *own = maps[i].page;

		maps[i].page = NULL;
		if (!pvio_loop_fails(LOOP_MAP))
			maps[i].page = map_one(pdev->peer_id, maps[i].gref,
					       maps[i].readonly);
		if (maps[i].page)
			maps[i].handle = keep_offered(own);
	}
	return 0;
}

void pvio_loop_unmap(struct pvio_device *pdev, struct pvio_map *maps,
		     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		maps[i].page = xchg(&offered[maps[i].handle], NULL);
		unmap_one(maps[i].gref);
	}
}
