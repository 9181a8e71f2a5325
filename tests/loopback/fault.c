// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripted failures: every operation counts its calls and fails the ones it
 * was told to.
 */
#include "loop.h"

#include <linux/export.h>
#include <linux/spinlock.h>

static struct {
	unsigned int calls;
	unsigned int wait;	/* calls that still succeed */
	unsigned int fail;	/* calls that then fail */
} script[LOOP_OPS];

static DEFINE_RAW_SPINLOCK(script_lock);	/* covers script; innermost */

void pvio_loop_fail(enum loop_op op, unsigned int nth, unsigned int count)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&script_lock, flags);
	script[op].wait = nth ? nth - 1 : 0;
	script[op].fail = nth ? count : 0;
	raw_spin_unlock_irqrestore(&script_lock, flags);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail);

void pvio_loop_fail_none(void)
{
	enum loop_op op;

	for (op = 0; op < LOOP_OPS; op++)
		pvio_loop_fail(op, 0, 0);
}
EXPORT_SYMBOL_GPL(pvio_loop_fail_none);

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
		fails = true;
	}
	raw_spin_unlock_irqrestore(&script_lock, flags);
	return fails;
}
