// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * patience: loaded into xl, which gives a backend ten seconds of the real time,
 * be the machine emulated on a busy host or not running at all.  Its clock leaves
 * out the time that the host had something else to do than to emulate us, as far
 * as that is known (RUNDIR/stolen), takes as many of our seconds for one as dom0/lib
 * has patience, and goes on by TICK_US at most from one look at it to the next, so
 * that a machine that stood still has not waited.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define TICK_US	200000
#define LOOK_MS	100

/* In microseconds; the file is empty while it is written. */
static long long get_stolen(void)
{
	static long long stolen;
	long long told;
	FILE *file = fopen("/run/pvio/stolen", "r");

	if (!file)
		return stolen;
	if (fscanf(file, "%lld", &told) == 1)
		stolen = told * 1000;
	fclose(file);
	return stolen;
}

static long long get_time(clockid_t id)
{
	struct timespec time = { 0 };

	clock_gettime(id, &time);
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

/* How many of our seconds are one here. */
static long long get_patience(void)
{
	const char *text = getenv("patience");

	return text ? atoi(text) : 1;
}

/* Microseconds; begins as the real time. */
static long long look(void)
{
	static long long clock, last;
	long long ours = get_time(CLOCK_MONOTONIC) - get_stolen();
	long long step = (ours - last) / get_patience();

	if (!clock)
		clock = get_time(CLOCK_REALTIME);
	else if (step > 0)
		clock += step < TICK_US ? step : TICK_US;
	last = ours;
	return clock;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	long long now = look();

	(void)tz;
	tv->tv_sec = now / 1000000;
	tv->tv_usec = now % 1000000;
	return 0;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int (*real)(struct pollfd *fds, nfds_t n, int timeout) =
		dlsym(RTLD_NEXT, "poll");
	long long end = look() + timeout * 1000LL;
	int found;

	if (timeout < LOOK_MS)
		return real(fds, n, timeout);
	do {
		found = real(fds, n, LOOK_MS);
	} while (!found && look() < end);
	return found;
}
