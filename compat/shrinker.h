/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Giving memory back when the kernel asks.
 *
 * 6.1: the caller provides the struct shrinker.  6.7: shrinker_alloc() makes
 * it.
 */
#ifndef PVIO_COMPAT_SHRINKER_H
#define PVIO_COMPAT_SHRINKER_H

#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)

static inline struct shrinker *pvio_shrinker_alloc(const char *name)
{
	return shrinker_alloc(0, "%s", name);
}

static inline int pvio_shrinker_start(struct shrinker *s, const char *name)
{
	shrinker_register(s);
	return 0;
}

static inline void pvio_shrinker_stop(struct shrinker *s)
{
	shrinker_free(s);
}

#else

static inline struct shrinker *pvio_shrinker_alloc(const char *name)
{
	return kzalloc(sizeof(struct shrinker), GFP_KERNEL);
}

static inline int pvio_shrinker_start(struct shrinker *s, const char *name)
{
	int err;

	s->seeks = DEFAULT_SEEKS;
	err = register_shrinker(s, "%s", name);
	if (err)
		kfree(s);
	return err;
}

static inline void pvio_shrinker_stop(struct shrinker *s)
{
	unregister_shrinker(s);
	kfree(s);
}

#endif

/**
 * pvio_shrinker_create() - be asked to give memory back
 * @name: for debugfs
 * @count: how many objects could be given back
 * @scan: give some back
 * Context: may sleep. Return: the shrinker, or NULL without memory.
 */
static inline struct shrinker *
pvio_shrinker_create(const char *name,
		     unsigned long (*count)(struct shrinker *s,
					    struct shrink_control *sc),
		     unsigned long (*scan)(struct shrinker *s,
					   struct shrink_control *sc))
{
	struct shrinker *s = pvio_shrinker_alloc(name);

	if (!s)
		return NULL;
	s->count_objects = count;
	s->scan_objects = scan;
	return pvio_shrinker_start(s, name) ? NULL : s;
}

/**
 * pvio_shrinker_destroy() - no more
 * @s: the shrinker; may be NULL
 * Context: may sleep.
 */
static inline void pvio_shrinker_destroy(struct shrinker *s)
{
	if (s)
		pvio_shrinker_stop(s);
}

#endif /* PVIO_COMPAT_SHRINKER_H */
