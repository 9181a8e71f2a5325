// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The ids of outstanding requests (ring/idpool.h), which the peer gives back.
 *
 * From a new pool of up to IDS ids, STEPS calls in any order, each putting
 * back any number of 64 bits; and what a call does is compared with a set.
 *
 * Left out: pools of more ids (the code does not look at how many but to
 * compare with it); two contexts at once (the queue's lock).
 */
#include "model.h"
#include "ring/idpool.h"

#define IDS	4
#define STEPS	7

/* The one load in it is of private memory. */
void model_load(const volatile void *from, size_t size, u64 value)
{
}

void model_store(volatile void *to, size_t size, u64 value)
{
}

static void check_get(struct pvio_idpool *pool, bool *out, unsigned int *nr)
{
	int id = pvio_idpool_get(pool);

	must((id < 0) == (*nr == pool->nr));
	if (id < 0)
		return;
	must(id < pool->nr);
	/* Never twice. */
	must(!out[id]);
	out[id] = true;
	(*nr)++;
}

static void check_put(struct pvio_idpool *pool, bool *out, unsigned int *nr)
{
	u64 id = nondet_u64();
	bool is_out = id < pool->nr && out[id];

	must(pvio_idpool_busy(pool, id) == is_out);
	must(pvio_idpool_put(pool, id) == is_out);
	if (!is_out)
		return;
	out[id] = false;
	(*nr)--;
}

/* No id is handed out twice, and none is taken back that is not out. */
void model_idpool(void)
{
	bool out[IDS] = {};
	struct pvio_idpool pool;
	unsigned int nr = 0, i;
	u16 mem[IDS];
	u16 ids = nondet_u16();

	assume(ids >= 1 && ids <= IDS);
	pvio_idpool_init(&pool, mem, ids);
	for (i = 0; i < STEPS; i++) {
		if (nondet_bool())
			check_get(&pool, out, &nr);
		else
			check_put(&pool, out, &nr);
		must(pool.free == pool.nr - nr);
	}
}
