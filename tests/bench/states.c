// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * states FRONTEND BACKEND SECONDS: how long a device takes to connect.  Runs
 * in Dom0, started before the device is attached; the arguments are the
 * device's directories in xenstore.
 *
 * Prints microseconds from the moment the frontend's directory has a state
 * until both ends are connected, and, of these, those after the hotplug
 * script was done.
 */

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xenstore.h>

#define CONNECTED	4
#define PATH_SIZE	160
#define SLICE_MS	1000

static struct xs_handle *xs;

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static char *read_key(const char *directory, const char *key)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", directory, key);
	return xs_read(xs, XBT_NULL, path, NULL);
}

static int read_state(const char *directory)
{
	char *text = read_key(directory, "state");
	int state = text ? atoi(text) : 0;

	free(text);
	return state;
}

static int plugged(const char *directory)
{
	char *text = read_key(directory, "hotplug-status");
	int is = text && !strcmp(text, "connected");

	free(text);
	return is;
}

static void wait_for_change(void)
{
	struct pollfd event = { .fd = xs_fileno(xs), .events = POLLIN };
	char **what;

	poll(&event, 1, SLICE_MS);
	while ((what = xs_check_watch(xs)))
		free(what);
}

int main(int argc, char **argv)
{
	uint64_t end, begin = 0, hotplug = 0, at;
	int front, back;

	xs = argc == 4 ? xs_open(0) : NULL;
	if (!xs) {
		fprintf(stderr, "usage: states FRONTEND BACKEND SECONDS\n");
		return 2;
	}
	xs_watch(xs, argv[1], "");
	xs_watch(xs, argv[2], "");
	end = now_us() + strtoull(argv[3], NULL, 10) * 1000000;
	while ((at = now_us()) < end) {
		front = read_state(argv[1]);
		back = read_state(argv[2]);
		if (front && !begin)
			begin = at;
		if (!hotplug && plugged(argv[2]))
			hotplug = at;
		if (front == CONNECTED && back == CONNECTED) {
			if (hotplug < begin)
				hotplug = begin;
			printf("%lu %lu\n", at - begin, at - hotplug);
			return 0;
		}
		wait_for_change();
	}
	fprintf(stderr, "states: not connected in time\n");
	return 1;
}
