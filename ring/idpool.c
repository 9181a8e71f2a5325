// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Set-up of an id pool; everything hot is inline in idpool.h.
 */
#include "idpool.h"

#include <linux/export.h>

void pvio_idpool_init(struct pvio_idpool *pool, u16 *mem, u16 nr)
{
	u16 id;

	for (id = 0; id + 1 < nr; id++)
		mem[id] = id + 1;
	mem[nr - 1] = PVIO_ID_END;
	pool->next = mem;
	pool->nr = nr;
	pool->free = nr;
	pool->head = 0;
}
EXPORT_SYMBOL_GPL(pvio_idpool_init);
