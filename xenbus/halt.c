// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Waiting for an event in the hypervisor instead of in the kernel's idle loop.
 *
 * Cost of a wait: one hypercall, which blocks, as the idle loop's does, and one
 * reading of the clock.
 */
#include "halt.h"

#include <linux/cgroup.h>
#include <linux/export.h>
#include <linux/kconfig.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/prio.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <linux/time64.h>

static bool halt_groups;
module_param(halt_groups, bool, 0644);
MODULE_PARM_DESC(halt_groups,
		 "Wait in the hypervisor in CPU control groups, too: it counts against their quotas (default N)");

/* The queue that a sender on this CPU used last; never followed. */
static DEFINE_PER_CPU(const struct pvio_halt *, last_sent);

/* Does anybody else want this CPU? */
static bool is_wanted(void)
{
	return need_resched() || !single_task_running();
}

static bool is_fair(struct task_struct *task)
{
	return task->policy == SCHED_NORMAL && task->prio >= MAX_RT_PRIO;
}

#ifdef CONFIG_CGROUP_SCHED
static bool in_root_group(struct task_struct *task)
{
	bool root;

	rcu_read_lock();
	root = !task_css(task, cpu_cgrp_id)->parent;
	rcu_read_unlock();
	return root;
}
#else
static bool in_root_group(struct task_struct *task)
{
	return true;
}
#endif

static bool is_over(u64 since, unsigned int us)
{
	return local_clock() - since > us * NSEC_PER_USEC;
}

void pvio_halt_measure(struct pvio_halt *w)
{
	w->since = local_clock();
}
EXPORT_SYMBOL_GPL(pvio_halt_measure);

void pvio_halt_event(struct pvio_halt *w, unsigned int us)
{
	w->cpu = smp_processor_id();
	if (!w->since)
		return;
	pvio_halt_judge(w, is_idle_task(current) && !is_over(w->since, us));
}
EXPORT_SYMBOL_GPL(pvio_halt_event);

/*
 * The kernel takes a wait for work.  So nobody waits whose work somebody limits
 * or counts: real-time tasks have a budget, and a control group may have a quota,
 * which a module cannot see, and is what people are billed by.
 */
static bool is_limited(void)
{
	return !is_fair(current) || rlimit(RLIMIT_CPU) != RLIM_INFINITY ||
	       !(in_root_group(current) || READ_ONCE(halt_groups));
}

bool pvio_halt_pays(const struct pvio_halt *w)
{
	unsigned int cpu = raw_smp_processor_id();

	/* A tick has to end a wait for what does not come. */
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && pvio_halt_likely(w) &&
	       w->cpu == cpu && !tick_nohz_full_cpu(cpu) &&
	       single_task_running() && !is_limited();
}
EXPORT_SYMBOL_GPL(pvio_halt_pays);

void pvio_halt_sent(struct pvio_halt *w)
{
	if (likely(__this_cpu_read(last_sent) == w))
		return;
	__this_cpu_write(last_sent, w);
	if (pvio_halt_likely(w))
		pvio_halt_ended(w, false);
	else
		pvio_halt_spoil(w);
}
EXPORT_SYMBOL_GPL(pvio_halt_sent);

/*
 * Not everybody who wants to run preempts: neither SCHED_BATCH does, nor who has
 * just run.  So the loop asks whether there is anybody else at all.  Who is
 * woken on this CPU between that look and the hypercall, a few instructions, has to
 * wait for the end of it, unless the kernel preempts.
 */
bool pvio_halt_wait(struct pvio_halt *w, unsigned int us,
		    bool (*next)(void *arg), void *arg)
{
	u64 since = local_clock();
	bool found = false;

	while (!found && !is_wanted()) {
		found = next(arg);
		if (!found && is_over(since, us))
			break;
	}
	/* Somebody else wants to run: that is no word on how long it takes. */
	if (!found && is_wanted())
		pvio_halt_spoil(w);
	else
		pvio_halt_ended(w, found);
	return found;
}
EXPORT_SYMBOL_GPL(pvio_halt_wait);
