/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limit on what a guest may send: a token bucket that all queues of a device
 * draw from.  The toolstack sets it as "BYTES,MICROSECONDS".
 */
#ifndef PVIO_NETBACK_SHAPER_H
#define PVIO_NETBACK_SHAPER_H

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct pvio_shaper - one bucket
 * @lock: covers @bytes, @left and @filled; taken in softirq and with softirqs
 *	off; innermost
 * @usecs: microseconds between two refills; 0: no limit; read without @lock
 * @bytes: of one refill
 * @left: bytes that may be sent now; below 0 after a packet larger than the
 *	rest, which the next refills pay for
 * @filled: time of the last refill in nanoseconds
 */
struct pvio_shaper {
	spinlock_t lock; /* what follows, but for the fast look at @usecs */
	u32 usecs;
	u32 bytes;
	s64 left;
	u64 filled;
};

/**
 * pvio_shaper_init() - no limit
 * @s: the bucket
 */
void pvio_shaper_init(struct pvio_shaper *s);

/**
 * pvio_shaper_parse() - set the limit from its text
 * @s: the bucket
 * @text: "BYTES,MICROSECONDS" or empty: no limit
 * @now: monotonic time in nanoseconds
 *
 * Context: process. Return: 0, or -EINVAL: malformed, now without a limit.
 */
int pvio_shaper_parse(struct pvio_shaper *s, const char *text, u64 now);

/**
 * pvio_shaper_wait() - how long until a packet may be sent?
 * @s: the bucket, with a limit
 * @now: monotonic time in nanoseconds
 * Context: softirqs off. Return: microseconds; 0: now.
 */
u32 pvio_shaper_wait(struct pvio_shaper *s, u64 now);

/**
 * pvio_shaper_charge() - account for a packet
 * @s: the bucket, with a limit
 * @bytes: its size
 * Context: softirqs off.
 */
void pvio_shaper_charge(struct pvio_shaper *s, u32 bytes);

/**
 * pvio_shaper_limits() - is there a limit at all?
 * @s: the bucket
 */
static inline bool pvio_shaper_limits(const struct pvio_shaper *s)
{
	return unlikely(READ_ONCE(s->usecs));
}

#endif /* PVIO_NETBACK_SHAPER_H */
