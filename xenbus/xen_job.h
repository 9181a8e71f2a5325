/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What is to be done on the thread of the kernel's xenbus.
 *
 * Taking a device or a driver from the bus holds the device's lock and then waits
 * for that thread to be between two events; the thread, when it takes a device
 * away itself, wants that lock.  And the thread looks at what others change.  On
 * the thread itself there is no other to meet.
 */
#ifndef PVIO_XENBUS_XEN_JOB_H
#define PVIO_XENBUS_XEN_JOB_H

/**
 * pvio_xen_job_start() - have something done soon, after what the thread is at
 * @fn: what to do; must not wait
 * @arg: with what
 * Context: may sleep. Return: 0, or a negative errno: without memory, or a watch,
 * it is not done.
 */
int pvio_xen_job_start(void (*fn)(void *arg), void *arg);

/**
 * pvio_xen_job_run() - have something done, and wait until it is
 * @fn: what to do; must not wait
 * @arg: with what
 *
 * Without memory, or a watch, it is done by the caller, and may meet the
 * toolstack.
 *
 * Context: may sleep, but not on the thread itself, nor with a lock that it takes.
 */
void pvio_xen_job_run(void (*fn)(void *arg), void *arg);

#endif /* PVIO_XENBUS_XEN_JOB_H */
