// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Pools of pages that the backend keeps mapped.
 *
 * Nothing here is on the path of a packet while the load stays as it is.
 */
#include "gref_pool.h"

#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "xenbus/resource.h"

/* Pages still in use that are looked at before the rest is left for later. */
#define LENT_TRIES	4
/* Slots between two looks for which nothing is kept mapped. */
#define FEW		(PVIO_NF_GREF_STEP / 2)

/* Quiet, whether or not the backend still maps it. */
void pvio_nf_gref_pool_drop(struct pvio_nf_gref_pool *pool,
			    struct pvio_nf_share *share)
{
	pvio_ungrant_later(&pool->refs, share->ref, share->page);
	pvio_destroyed(PVIO_RES_PAGE, 1);
	share->page = NULL;
}

static struct pvio_nf_share *first_lent(struct pvio_nf_gref_pool *pool)
{
	struct pvio_nf_share *share = &pool->lent[pool->lent_at];

	if (++pool->lent_at == pool->room)
		pool->lent_at = 0;
	pool->nr_lent--;
	return share;
}

/*
 * Most come back in the order in which they went; what lies in a socket that
 * nobody reads goes behind the others, a few at a time.  Who freed it has done so
 * before the count fell, and what follows here depends on the count.
 */
void pvio_nf_gref_pool_reap(struct pvio_nf_gref_pool *pool)
{
	unsigned int nr = pool->nr_lent, held = 0;
	struct pvio_nf_share share;

	while (nr-- && held < LENT_TRIES) {
		share = *first_lent(pool);
		if (page_ref_count(share.page) == 1) {
			pvio_nf_gref_pool_put(pool, share);
			continue;
		}
		pvio_nf_gref_pool_note(pool, share);
		held++;
	}
}

void pvio_nf_gref_pool_abandon(struct pvio_nf_gref_pool *pool)
{
	while (pool->nr_batch)
		pvio_nf_gref_pool_drop(pool, &pool->batch[--pool->nr_batch]);
}

void pvio_nf_gref_pool_stop(struct pvio_nf_gref_pool *pool)
{
	const bool readonly = pool->readonly;
	const u64 used = pool->used;

	pvio_nf_gref_pool_abandon(pool);
	while (pool->nr_idle)
		pvio_nf_gref_pool_drop(pool, &pool->idle[--pool->nr_idle]);
	/* The stack keeps its own references. */
	while (pool->nr_lent)
		pvio_nf_gref_pool_drop(pool, first_lent(pool));
	pvio_grefs_close(&pool->refs);
	kvfree(pool->idle);
	kvfree(pool->known);
	*pool = (struct pvio_nf_gref_pool){ .readonly = readonly,
					    .used = used };
}

int pvio_nf_gref_pool_start(struct pvio_nf_gref_pool *pool,
			    struct pvio_device *pdev, unsigned int max)
{
	int err;

	pool->asked = true;
	if (!max)
		return 0;
	pool->idle = kvcalloc(2 * max + PVIO_NF_GREF_STEP, sizeof(*pool->idle),
			      GFP_KERNEL);
	pool->known = kvcalloc(max, sizeof(*pool->known), GFP_KERNEL);
	if (!pool->idle || !pool->known)
		return -ENOMEM;
	err = pvio_grefs_open(pdev, &pool->refs, 0);
	if (err)
		return err;
	pool->lent = pool->idle + max;
	pool->batch = pool->lent + max;
	pool->room = max;
	pool->max = max;
	return 0;
}

/* What is new may hold anyone's data. */
static bool make_fixed(struct pvio_nf_gref_pool *pool)
{
	struct pvio_nf_share *share = &pool->batch[pool->nr_batch];

	share->page = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NORETRY |
				 __GFP_NOWARN);
	if (!share->page)
		return false;
	share->ref = pvio_grant(&pool->refs, share->page, pool->readonly);
	if (share->ref == PVIO_NO_GRANT) {
		__free_page(share->page);
		share->page = NULL;
		return false;
	}
	share->fixed = true;
	pvio_created(PVIO_RES_PAGE, 1);
	pool->nr_batch++;
	return true;
}

unsigned int pvio_nf_gref_pool_make(struct pvio_nf_gref_pool *pool)
{
	unsigned int nr = 0;

	if (pool->nr < pool->max)
		nr = min_t(unsigned int, pool->max - pool->nr,
			   PVIO_NF_GREF_STEP);
	if (!nr || pvio_grefs_grow(&pool->refs, nr))
		return 0;
	while (pool->nr_batch < nr && make_fixed(pool))
		;
	pvio_grefs_shrink(&pool->refs, nr - pool->nr_batch);
	return pool->nr_batch;
}

unsigned int pvio_nf_gref_pool_warm(struct pvio_nf_gref_pool *pool)
{
	pool->told = min_t(unsigned int, pool->nr - pool->mapped,
			   PVIO_NF_GREF_STEP);
	return pool->told;
}

unsigned int pvio_nf_gref_pool_chill(struct pvio_nf_gref_pool *pool)
{
	pool->told = min_t(unsigned int, pool->mapped, PVIO_NF_GREF_STEP);
	return pool->told;
}

/* What has come just now is not judged by the next look. */
static void note_new(struct pvio_nf_gref_pool *pool)
{
	pool->used_then = pool->used - FEW;
}

void pvio_nf_gref_pool_warmed(struct pvio_nf_gref_pool *pool)
{
	note_new(pool);
	pool->mapped += pool->told;
	pool->told = 0;
}

void pvio_nf_gref_pool_chilled(struct pvio_nf_gref_pool *pool)
{
	pool->mapped -= pool->told;
	pool->told = 0;
}

unsigned int pvio_nf_gref_pool_list(const struct pvio_nf_gref_pool *pool,
				    struct pvio_netctrl_gref *list, bool map)
{
	unsigned int i, nr = pool->told ?: pool->nr_batch;
	unsigned int at = pool->mapped - (map ? 0 : pool->told);

	for (i = 0; i < nr; i++)
		list[i] = (struct pvio_netctrl_gref){
			.ref = pool->told ? pool->known[at + i] :
					    pool->batch[i].ref,
			.flags = pool->readonly ? PVIO_NETCTRL_GREF_READONLY :
						  0,
		};
	return nr;
}

/*
 * The backend's word about single pages is not needed: whether it maps a page
 * can be seen.
 */
unsigned int pvio_nf_gref_pool_free(struct pvio_nf_gref_pool *pool)
{
	unsigned int i, left = 0, nr = pool->nr_batch;

	for (i = 0; i < nr; i++) {
		if (!pvio_ungrant_idle(&pool->refs, pool->batch[i].ref)) {
			pool->batch[left++] = pool->batch[i];
			continue;
		}
		__free_page(pool->batch[i].page);
		pvio_destroyed(PVIO_RES_PAGE, 1);
	}
	pool->nr_batch = left;
	/* Ending a grant that way leaves its reference with the pool. */
	pvio_grefs_shrink(&pool->refs, nr - left);
	return left;
}

/* What is not mapped comes last in the list. */
static void learn(struct pvio_nf_gref_pool *pool, u32 ref)
{
	pool->known[pool->nr++] = pool->known[pool->mapped];
	pool->known[pool->mapped++] = ref;
}

static void unlearn(struct pvio_nf_gref_pool *pool, u32 ref)
{
	unsigned int i = 0;

	while (pool->known[i] != ref)
		i++;
	if (i < pool->mapped) {
		pool->known[i] = pool->known[--pool->mapped];
		i = pool->mapped;
	}
	pool->known[i] = pool->known[--pool->nr];
}

void pvio_nf_gref_pool_join(struct pvio_nf_gref_pool *pool)
{
	unsigned int i, nr = pool->nr_batch;

	for (i = 0; i < nr; i++)
		learn(pool, pool->batch[i].ref);
	memcpy(&pool->idle[pool->nr_idle], pool->batch,
	       nr * sizeof(*pool->batch));
	pool->nr_idle += nr;
	pool->nr_batch = 0;
	note_new(pool);
}

/* Those at the bottom have been idle for longest. */
void pvio_nf_gref_pool_part(struct pvio_nf_gref_pool *pool)
{
	unsigned int i, nr = min3(pool->spare, pool->nr_idle,
				  (u16)PVIO_NF_GREF_STEP);

	for (i = 0; i < nr; i++)
		unlearn(pool, pool->idle[i].ref);
	memcpy(pool->batch, pool->idle, nr * sizeof(*pool->batch));
	pool->nr_idle -= nr;
	memmove(pool->idle, pool->idle + nr,
		pool->nr_idle * sizeof(*pool->idle));
	pool->nr_batch = nr;
	pool->spare -= nr;
	if (!nr)
		pool->spare = 0;
	pool->low = min(pool->low, pool->nr_idle);
}

void pvio_nf_gref_pool_look(struct pvio_nf_gref_pool *pool)
{
	pool->spare = pool->sticky ? 0 : pool->low;
	pool->low = pool->nr_idle;
	pool->cool = !pool->sticky && pool->used - pool->used_then < FEW;
	pool->used_then = pool->used;
}
