// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Jobs for the bus's thread: each is a watch, whose first event comes by itself
 * and is handled there, in turn.
 */
#include "xen_job.h"

#include <linux/completion.h>
#include <linux/slab.h>
#include <xen/xenbus.h>

/**
 * struct job - something to be done there
 * @xw: the watch; its node need not exist
 * @fn: what to do
 * @arg: with what
 */
struct job {
	struct xenbus_watch xw;
	void (*fn)(void *arg);
	void *arg;
};

static void xen_job_watch(struct xenbus_watch *xw, const char *path,
			  const char *token)
{
	struct job *job = container_of(xw, struct job, xw);

	unregister_xenbus_watch(xw);
	job->fn(job->arg);
	kfree(job);
}

int pvio_xen_job_start(void (*fn)(void *arg), void *arg)
{
	struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	int err;

	if (!job)
		return -ENOMEM;
	job->xw.node = "pvio";
	job->xw.callback = xen_job_watch;
	job->fn = fn;
	job->arg = arg;
	err = register_xenbus_watch(&job->xw);
	if (err)
		kfree(job);
	return err;
}

/**
 * struct awaited - what somebody waits for
 * @fn: what to do
 * @arg: with what
 * @done: it is
 */
struct awaited {
	void (*fn)(void *arg);
	void *arg;
	struct completion done;
};

static void xen_job_awaited(void *arg)
{
	struct awaited *a = arg;

	a->fn(a->arg);
	complete(&a->done);
}

void pvio_xen_job_run(void (*fn)(void *arg), void *arg)
{
	struct awaited a = { .fn = fn, .arg = arg };

	init_completion(&a.done);
	if (pvio_xen_job_start(xen_job_awaited, &a))
		xen_job_awaited(&a);
	wait_for_completion(&a.done);
}
