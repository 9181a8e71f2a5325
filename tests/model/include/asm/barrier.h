/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/* Barriers between domains, told to shared.h. */
#ifndef MODEL_ASM_BARRIER_H
#define MODEL_ASM_BARRIER_H

void model_barrier(bool loads, bool stores, bool both);

#define virt_mb()	model_barrier(true, true, true)
#define virt_rmb()	model_barrier(true, false, false)
#define virt_wmb()	model_barrier(false, true, false)

#endif /* MODEL_ASM_BARRIER_H */
