// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The watch on shared memory.  Compiled like everything else; only the two
 * copies at the bottom of each access look through the poison.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sanitizer/asan_interface.h>

#include "memory.h"

#define RING_HEADER	64

bool user_watched;
static struct user_watch *current;

__attribute__((__no_sanitize__("address")))
static void copy_bare(void *to, const void *from, size_t size)
{
	volatile unsigned char *out = to;
	const volatile unsigned char *in = from;
	size_t i;

	for (i = 0; i < size; i++)
		out[i] = in[i];
}

static bool covers(const void *p, size_t size)
{
	const unsigned char *byte = p;

	return byte >= current->base &&
	       byte + size <= current->base + current->size;
}

static void trace(char kind)
{
	if (current->traced + 1 < USER_TRACE_MAX)
		current->trace[current->traced++] = kind;
}

static void count(unsigned char *counts, size_t offset, size_t size)
{
	size_t i;

	for (i = offset; i < offset + size; i++) {
		if (counts[i] < 255)
			counts[i]++;
	}
}

static void load_watched(void *to, size_t offset, size_t size)
{
	copy_bare(to, current->base + offset, size);
	count(current->loads, offset, size);
	trace(offset < RING_HEADER ? 'l' : 'L');
	if (!current->after_load)
		return;
	__asan_unpoison_memory_region(current->base, current->size);
	current->after_load(current, offset, size);
	__asan_poison_memory_region(current->base, current->size);
}

void user_load(void *to, const void *from, size_t size)
{
	if (covers(from, size))
		load_watched(to, (unsigned char *)from - current->base, size);
	else
		memcpy(to, from, size);
}

void user_store(void *to, const void *from, size_t size)
{
	size_t offset;

	if (!covers(to, size)) {
		memcpy(to, from, size);
		return;
	}
	offset = (unsigned char *)to - current->base;
	copy_bare(to, from, size);
	count(current->stores, offset, size);
	trace(offset < RING_HEADER ? 's' : 'S');
}

void user_barrier(char kind)
{
	trace(kind);
}

/* Memory must be aligned to 8 bytes at both ends, as poison is by 8. */
void user_watch_start(struct user_watch *watch, void *base, size_t size)
{
	if (size > USER_WATCH_MAX || ((size_t)base | size) % 8) {
		fprintf(stderr, "cannot watch %zu bytes at %p\n", size, base);
		abort();
	}
	watch->base = base;
	watch->size = size;
	current = watch;
	user_watched = true;
	__asan_poison_memory_region(base, size);
}

void user_watch_stop(struct user_watch *watch)
{
	user_watched = false;
	current = NULL;
	__asan_unpoison_memory_region(watch->base, watch->size);
}
