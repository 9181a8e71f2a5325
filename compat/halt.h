/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Giving the hypervisor the CPU from where the kernel is not idle.
 *
 * Only x86 lets a module do it.  And something must end it: where one task has a
 * CPU to itself, the kernel stops the timer's tick (nohz_full).
 */
#ifndef PVIO_COMPAT_HALT_H
#define PVIO_COMPAT_HALT_H

#include <linux/irqflags.h>
#include <linux/kconfig.h>
#include <linux/smp.h>
#include <linux/tick.h>

/**
 * pvio_can_halt() - may this CPU be given up?
 * Context: any; a guess where the caller may be moved to another CPU.
 */
static inline bool pvio_can_halt(void)
{
	return IS_ENABLED(CONFIG_X86) &&
	       !tick_nohz_full_cpu(raw_smp_processor_id());
}

/**
 * pvio_halt() - give this CPU up until the next interrupt
 * Context: interrupts off; on return they are on.
 */
static inline void pvio_halt(void)
{
#ifdef CONFIG_X86
	safe_halt();
#else
	local_irq_enable();
#endif
}

#endif /* PVIO_COMPAT_HALT_H */
