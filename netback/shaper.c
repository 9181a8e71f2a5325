// SPDX-License-Identifier: GPL-2.0-only
/*
 * The token bucket of a device's guest.
 *
 * Per packet without a limit: one load.  With one: two lock pairs and a look
 * at the clock.
 */
#include "shaper.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/string.h>

/* A burst: enough for a few large packets whatever the rate. */
#define BURST_MIN	131072U

void pvio_shaper_init(struct pvio_shaper *s)
{
	memset(s, 0, sizeof(*s));
	spin_lock_init(&s->lock);
}

static s64 burst(const struct pvio_shaper *s)
{
	return max(s->bytes, BURST_MIN);
}

static void set_rate(struct pvio_shaper *s, u32 bytes, u32 usecs, u64 now)
{
	spin_lock_bh(&s->lock);
	s->bytes = bytes;
	s->left = burst(s);
	s->filled = now;
	WRITE_ONCE(s->usecs, usecs);
	spin_unlock_bh(&s->lock);
}

int pvio_shaper_parse(struct pvio_shaper *s, const char *text, u64 now)
{
	char bytes[12] = "";
	const char *comma = strchr(text, ',');
	u32 nr_bytes, usecs;
	bool good;

	good = comma && comma - text < sizeof(bytes);
	if (good) {
		memcpy(bytes, text, comma - text);
		good = !kstrtou32(bytes, 10, &nr_bytes) && nr_bytes &&
		       !kstrtou32(comma + 1, 10, &usecs);
	}
	if (good)
		set_rate(s, nr_bytes, usecs, now);
	else
		set_rate(s, 0, 0, now);
	return good || !*text ? 0 : -EINVAL;
}

static u64 period(const struct pvio_shaper *s)
{
	return (u64)s->usecs * NSEC_PER_USEC;
}

/*
 * Adds what the time since the last refill is worth, in whole refills.  @now
 * may be older than that: it was read before the lock was taken.
 */
static void refill(struct pvio_shaper *s, u64 now)
{
	u64 enough = div_u64(burst(s) - s->left, s->bytes) + 1;
	u64 times;

	if (now <= s->filled)
		return;
	times = div64_u64(now - s->filled, period(s));
	s->filled += times * period(s);
	s->left = min_t(s64, burst(s),
			s->left + (s64)min(times, enough) * s->bytes);
}

u32 pvio_shaper_wait(struct pvio_shaper *s, u64 now)
{
	u32 wait = 0;

	spin_lock(&s->lock);
	if (s->usecs && s->left <= 0) {
		refill(s, now);
		if (s->left <= 0)
			wait = div_u64(s->filled + period(s) - now,
				       NSEC_PER_USEC) + 1;
	}
	spin_unlock(&s->lock);
	return wait;
}

void pvio_shaper_charge(struct pvio_shaper *s, u32 bytes)
{
	spin_lock(&s->lock);
	s->left -= bytes;
	spin_unlock(&s->lock);
}
