// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Scripted failures: every operation counts its calls and fails the ones it
 * was told to.
 */
#include "tests/loopback/loop.h"

#include <linux/export.h>
#include <linux/spinlock.h>

static struct {
	unsigned int calls;
	unsigned int wait;	/* calls that still succeed */
	unsigned int fail;	/* calls that then fail */
	unsigned int period;	/* of this: again and again */
	unsigned int failed;	/* calls that have */
} script[LOOP_OPS];

static DEFINE_RAW_SPINLOCK(script_lock);	/* covers script; innermost */

static int error;	/* of failing calls; 0: each operation's own */

static void set(enum loop_op op, unsigned int nth, unsigned int count,
		unsigned int period)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&script_lock, flags);
	script[op].wait = nth ? nth - 1 : 0;
	script[op].fail = nth ? count : 0;
	script[op].period = period;
	script[op].failed = 0;
	raw_spin_unlock_irqrestore(&script_lock, flags);
}

void pvio_loop_fail(enum loop_op op, unsigned int nth, unsigned int count)
{
	set(op, nth, count, 0);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail);

void pvio_loop_fail_every(enum loop_op op, unsigned int nth,
			  unsigned int period)
{
	set(op, nth, 1, period);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail_every);

void pvio_loop_fail_none(void)
{
	enum loop_op op;

	for (op = 0; op < LOOP_OPS; op++)
		pvio_loop_fail(op, 0, 0);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail_none);

void pvio_loop_fail_with(int err)
{
	WRITE_ONCE(error, err);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail_with);

unsigned int pvio_loop_failed(enum loop_op op)
{
	return READ_ONCE(script[op].failed);
}
EXPORT_SYMBOL_GPL(pvio_loop_failed);

unsigned int pvio_loop_calls(enum loop_op op)
{
	return READ_ONCE(script[op].calls);
}
EXPORT_SYMBOL_GPL(pvio_loop_calls);

bool pvio_loop_fails(enum loop_op op)
{
	unsigned long flags;
	bool fails = false;

	raw_spin_lock_irqsave(&script_lock, flags);
	script[op].calls++;
	if (script[op].wait) {
		script[op].wait--;
	} else if (script[op].fail) {
		script[op].fail--;
		script[op].failed++;
		fails = true;
		if (script[op].period) {
			script[op].fail = 1;
			script[op].wait = script[op].period - 1;
		}
	}
	raw_spin_unlock_irqrestore(&script_lock, flags);
	return fails;
}

int pvio_loop_fault(enum loop_op op, int err)
{
	return pvio_loop_fails(op) ? READ_ONCE(error) ?: err : 0;
}
