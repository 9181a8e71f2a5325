/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * A peer's eye on shared memory.
 *
 * While memory is watched, every byte of it is poisoned for the address
 * sanitizer, so that any access but those by READ_ONCE() and WRITE_ONCE() is
 * an error; these two come here, are counted by the byte and written to a
 * trace, and a hook may change the memory after a load, as a hostile peer
 * would.
 */
#ifndef USER_MEMORY_H
#define USER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define USER_WATCH_MAX	8192
#define USER_TRACE_MAX	1024

/**
 * struct user_watch - what is being watched
 * @base: first byte
 * @size: bytes, at most USER_WATCH_MAX
 * @loads: times that each byte was loaded
 * @stores: times that each byte was stored
 * @trace: what happened in order: L load and S store of a ring slot, l and s
 *	of the ring header, m r w the barriers
 * @traced: characters in @trace so far
 * @after_load: called after each load, with the offset and size of it; the
 *	memory is open while it runs
 * @context: for the hook
 */
struct user_watch {
	unsigned char *base;
	size_t size;
	unsigned char loads[USER_WATCH_MAX];
	unsigned char stores[USER_WATCH_MAX];
	char trace[USER_TRACE_MAX];
	size_t traced;
	void (*after_load)(struct user_watch *watch, size_t offset,
			   size_t size);
	void *context;
};

extern bool user_watched;

void user_watch_start(struct user_watch *watch, void *base, size_t size);
void user_watch_stop(struct user_watch *watch);

void user_load(void *to, const void *from, size_t size);
void user_store(void *to, const void *from, size_t size);
void user_barrier(char kind);

#endif /* USER_MEMORY_H */
