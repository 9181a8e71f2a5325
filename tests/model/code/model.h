/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/* What the checker offers to a model. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <linux/types.h>

void __CPROVER_assume(_Bool holds);
void __CPROVER_assert(_Bool holds, const char *rule);

/* A case that is left out. */
#define assume(holds)	__CPROVER_assume(holds)
/* A property: the checker looks for values under which it does not hold. */
#define must(holds)	__CPROVER_assert(holds, #holds)

/* Any value: the checker takes functions of that name for it. */
_Bool nondet_bool(void);
u8 nondet_u8(void);
u16 nondet_u16(void);
u32 nondet_u32(void);
u64 nondet_u64(void);
size_t nondet_size(void);

#endif /* MODEL_MODEL_H */
