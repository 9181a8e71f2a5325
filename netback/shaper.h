/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Limit on what a guest may send: a token bucket that all queues of a device
 * draw from.  The toolstack sets it as "BYTES,MICROSECONDS".
 *
 * A packet is let through while the bucket holds anything, however large the
 * packet, and the next ones wait until it is paid for.  So a rate below a
 * packet for each refill is kept as exactly as a high one, and no refill is
 * lost because a packet does not fit.
 */
#ifndef PVIO_NETBACK_SHAPER_H
#define PVIO_NETBACK_SHAPER_H

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* What pvio_nb_shaper_wait() says when waiting does not help. */
#define PVIO_NB_SHAPER_NEVER	U32_MAX

/**
 * struct pvio_nb_shaper - one bucket
 * @lock: covers @bytes, @depth, @left and @filled; taken in softirq and with
 *	softirqs off; innermost
 * @usecs: microseconds between two refills; 0: no limit; read without @lock
 * @bytes: of one refill; 0: nothing may pass
 * @depth: most that it holds: one refill, or as many as are due while a late
 *	timer or a sender that waits for an answer let time go by
 * @left: bytes that may be sent now; below 0 after a packet larger than the
 *	rest, which the next refills pay for
 * @filled: time of the last refill in nanoseconds
 */
struct pvio_nb_shaper {
	spinlock_t lock; /* what follows, but for the fast look at @usecs */
	u32 usecs;
	u64 bytes;
	s64 depth;
	s64 left;
	u64 filled;
};

/**
 * pvio_nb_shaper_init() - no limit
 * @s: the bucket
 */
void pvio_nb_shaper_init(struct pvio_nb_shaper *s);

/**
 * pvio_nb_shaper_parse() - set the limit from its text
 * @s: the bucket
 * @text: "BYTES,MICROSECONDS" or empty: no limit.  No bytes: nothing passes,
 *	which is what toolstacks write for a rate that they round to nothing.
 *	No microseconds: no limit.
 * @now: monotonic time in nanoseconds
 *
 * Context: process. Return: 0, or -EINVAL: malformed, nothing has changed.
 */
int pvio_nb_shaper_parse(struct pvio_nb_shaper *s, const char *text, u64 now);

/**
 * pvio_nb_shaper_get() - what the limit is
 * @s: the bucket
 * @bytes: set to the bytes of one refill
 * @usecs: set to the microseconds between two; 0: no limit
 * Context: process, also with locks held.
 */
void pvio_nb_shaper_get(struct pvio_nb_shaper *s, u64 *bytes, u32 *usecs);

/**
 * pvio_nb_shaper_wait() - how long until a packet may be sent?
 * @s: the bucket, with a limit
 * @now: monotonic time in nanoseconds
 *
 * Context: softirqs off.
 * Return: microseconds; 0: now; PVIO_NB_SHAPER_NEVER: not before the limit is
 * another one.
 */
u32 pvio_nb_shaper_wait(struct pvio_nb_shaper *s, u64 now);

/**
 * pvio_nb_shaper_pay() - take a packet's bytes out of the bucket
 * @s: the bucket, with a limit
 * @bytes: its size
 * Context: softirqs off.
 */
void pvio_nb_shaper_pay(struct pvio_nb_shaper *s, u32 bytes);

/**
 * pvio_nb_shaper_limits() - is there a limit at all?
 * @s: the bucket
 */
static inline bool pvio_nb_shaper_limits(const struct pvio_nb_shaper *s)
{
	return unlikely(READ_ONCE(s->usecs));
}

/**
 * pvio_nb_shaper_charge() - account for a packet
 * @s: the bucket
 * @bytes: its size
 * Context: softirqs off.
 */
static inline void pvio_nb_shaper_charge(struct pvio_nb_shaper *s, u32 bytes)
{
	if (pvio_nb_shaper_limits(s))
		pvio_nb_shaper_pay(s, bytes);
}

#endif /* PVIO_NETBACK_SHAPER_H */
