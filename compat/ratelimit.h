/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What a limit of lines has counted.
 *
 * 6.1: the lines that it let through.  6.16: how many more it would.
 */
#ifndef PVIO_COMPAT_RATELIMIT_H
#define PVIO_COMPAT_RATELIMIT_H

#include <linux/ratelimit.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)

static inline void pvio_ratelimit_restart(struct ratelimit_state *rs)
{
	ratelimit_state_reset_interval(rs, rs->interval);
}

static inline unsigned int pvio_ratelimit_shown(struct ratelimit_state *rs)
{
	return rs->burst - max(atomic_read(&rs->rs_n_left), 0);
}

static inline unsigned int pvio_ratelimit_missed(struct ratelimit_state *rs)
{
	return ratelimit_state_get_miss(rs);
}

#else

/**
 * pvio_ratelimit_restart() - count from 0, with all of the budget
 * @rs: the limit
 * Context: any.
 */
static inline void pvio_ratelimit_restart(struct ratelimit_state *rs)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&rs->lock, flags);
	rs->begin = 0;
	rs->printed = 0;
	rs->missed = 0;
	raw_spin_unlock_irqrestore(&rs->lock, flags);
}

/**
 * pvio_ratelimit_shown() - lines that it let through, for an interval
 * @rs: the limit
 */
static inline unsigned int pvio_ratelimit_shown(struct ratelimit_state *rs)
{
	return READ_ONCE(rs->printed);
}

/**
 * pvio_ratelimit_missed() - lines that it did not let through, for an interval
 * @rs: the limit
 */
static inline unsigned int pvio_ratelimit_missed(struct ratelimit_state *rs)
{
	return READ_ONCE(rs->missed);
}

#endif

#endif /* PVIO_COMPAT_RATELIMIT_H */
