// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for an event in the hypervisor instead of in the kernel's idle loop.
 *
 * Cost of a wait: one hypercall, which blocks, as the idle loop's does, and one
 * reading of the clock.
 */
#include "wait.h"

#include <linux/export.h>
#include <linux/kconfig.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/stat.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <linux/time64.h>

static bool is_over(u64 since, unsigned int us)
{
	return local_clock() - since > us * NSEC_PER_USEC;
}

void pvio_wait_begin(struct pvio_wait *w)
{
	w->since = local_clock();
}
EXPORT_SYMBOL_GPL(pvio_wait_begin);

void pvio_wait_event(struct pvio_wait *w, unsigned int us)
{
	w->cpu = smp_processor_id();
	if (!w->since)
		return;
	pvio_wait_judge(w, is_idle_task(current) && !is_over(w->since, us));
}
EXPORT_SYMBOL_GPL(pvio_wait_event);

bool pvio_wait_pays(const struct pvio_wait *w)
{
	unsigned int cpu = raw_smp_processor_id();

	/* A tick has to end a wait for what does not come. */
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && pvio_wait_likely(w) &&
	       w->cpu == cpu && !tick_nohz_full_cpu(cpu) &&
	       single_task_running();
}
EXPORT_SYMBOL_GPL(pvio_wait_pays);

/*
 * Who is woken on this CPU between the look and the hypercall, a few
 * instructions, has to wait for the end of it, unless the kernel preempts.
 */
bool pvio_wait_halt(struct pvio_wait *w, unsigned int us,
		    bool (*next)(void *arg), void *arg)
{
	u64 since = local_clock();
	bool found = false;

	while (!found && !need_resched()) {
		found = next(arg);
		if (!found && is_over(since, us))
			break;
	}
	/* Somebody else wants to run: that is no word on how long it takes. */
	if (!found && need_resched())
		pvio_wait_spoil(w);
	else
		pvio_wait_halted(w, found);
	return found;
}
EXPORT_SYMBOL_GPL(pvio_wait_halt);
