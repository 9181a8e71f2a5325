// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The token bucket of a device's guest.
 *
 * Per packet without a limit: one load.  With one: two lock pairs and a look
 * at the clock.
 */
#include "shaper.h"

#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/string.h>

/* What may be saved up, in time. */
#define SAVED_USECS	100000U
/* Beyond any link, and far below where the sums would overflow. */
#define DEPTH_MAX	BIT_ULL(60)

void pvio_nb_shaper_init(struct pvio_nb_shaper *s)
{
	memset(s, 0, sizeof(*s));
	spin_lock_init(&s->lock);
}

/*
 * The same text again is no new limit: a watch may fire for nothing, and
 * whoever is in debt stays so.
 */
static void set_rate(struct pvio_nb_shaper *s, u64 bytes, u32 usecs, u64 now)
{
	u32 refills = usecs ? max(SAVED_USECS / usecs, 1U) : 1;

	bytes = min(bytes, div_u64(DEPTH_MAX, refills));
	spin_lock_bh(&s->lock);
	if (bytes != s->bytes || usecs != s->usecs) {
		s->bytes = bytes;
		s->depth = bytes * refills;
		s->left = bytes;
		s->filled = now;
		WRITE_ONCE(s->usecs, usecs);
	}
	spin_unlock_bh(&s->lock);
}

static int parse(const char *text, u64 *bytes, u32 *usecs)
{
	const char *comma = strchr(text, ',');
	char first[24] = "";

	if (!comma || comma - text >= sizeof(first))
		return -EINVAL;
	memcpy(first, text, comma - text);
	/* kstrto*() take a sign. */
	if (!isdigit(*first) || !isdigit(comma[1]) ||
	    kstrtou64(first, 10, bytes) || kstrtou32(comma + 1, 10, usecs))
		return -EINVAL;
	return 0;
}

int pvio_nb_shaper_parse(struct pvio_nb_shaper *s, const char *text, u64 now)
{
	u64 bytes = 0;
	u32 usecs = 0;

	if (*text) {
		if (parse(text, &bytes, &usecs))
			return -EINVAL;
		/* Nothing passes, however often that is refilled. */
		if (!bytes)
			usecs = max(usecs, 1U);
	}
	set_rate(s, bytes, usecs, now);
	return 0;
}

void pvio_nb_shaper_get(struct pvio_nb_shaper *s, u64 *bytes, u32 *usecs)
{
	spin_lock_bh(&s->lock);
	*bytes = s->bytes;
	*usecs = s->usecs;
	spin_unlock_bh(&s->lock);
}

/*
 * Adds what the time since the last refill is worth, in whole refills.  @now
 * may be older than that: it was read before the lock was taken.
 */
static void refill(struct pvio_nb_shaper *s, u64 now)
{
	u64 period = (u64)s->usecs * NSEC_PER_USEC;
	u64 times, enough;

	if (!s->bytes || now <= s->filled)
		return;
	times = div64_u64(now - s->filled, period);
	s->filled += times * period;
	enough = div64_u64(s->depth - s->left, s->bytes) + 1;
	s->left = min_t(s64, s->depth,
			s->left + (s64)(min(times, enough) * s->bytes));
}

/* Until there is something again: all that is owed has been paid then. */
static u32 until_paid(const struct pvio_nb_shaper *s, u64 now)
{
	u64 usecs, past = 0;

	if (!s->bytes)
		return PVIO_NB_SHAPER_NEVER;
	usecs = (div64_u64(-s->left, s->bytes) + 1) * s->usecs;
	if (now > s->filled)
		past = div_u64(now - s->filled, NSEC_PER_USEC);
	return min_t(u64, usecs - past, PVIO_NB_SHAPER_NEVER - 1);
}

u32 pvio_nb_shaper_wait(struct pvio_nb_shaper *s, u64 now)
{
	u32 wait = 0;

	spin_lock(&s->lock);
	if (s->usecs && s->left <= 0) {
		refill(s, now);
		if (s->left <= 0)
			wait = until_paid(s, now);
	}
	spin_unlock(&s->lock);
	return wait;
}

void pvio_nb_shaper_pay(struct pvio_nb_shaper *s, u32 bytes)
{
	spin_lock(&s->lock);
	s->left -= bytes;
	spin_unlock(&s->lock);
}
