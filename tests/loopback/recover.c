// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Lives of a device with one failure in each.
 *
 * What an engine waits for is not waited for here: that it has planned to look
 * again is as good as time passing.
 */
#include "tests/loopback/recover.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <xen/interface/grant_table.h>

#include "tests/loopback/told.h"

/* Turns of a few milliseconds until something is said not to come about. */
#define TURNS		400
/* Without a plan for so many in a row, nothing happens to who has given up. */
#define STILL		30
/* Then it is known well enough what is wrong. */
#define WRONG_MOST	6

void recover_expect(struct recover *r, bool ok, const char *what)
{
	r->wrong += !ok;
	KUNIT_EXPECT_TRUE_MSG(r->test, ok, "%s: operation %d, call %u, error %d",
			      what, r->op, r->nth, r->err);
}

bool recover_has_begun(const struct recover *r)
{
	return pvio_loop_failed(r->op);
}

static bool has_reason(const struct loop_end *end)
{
	unsigned int len;
	char dir[80];
	char *text;

	snprintf(dir, sizeof(dir), "error/%s", end->own);
	text = pvio_loop_get(dir, "error", &len);
	if (IS_ERR(text))
		return false;
	kfree(text);
	return true;
}

static bool have_reason(const struct loop_pair *pair)
{
	return has_reason(&pair->front) || has_reason(&pair->back);
}

/* Returns whether the engine wants to look again by itself. */
static bool hasten(struct loop_end *end)
{
	struct pvio_device *pdev = READ_ONCE(end->pdev);

	if (!pdev || !delayed_work_pending(&pdev->work))
		return false;
	pvio_device_look(pdev);
	return true;
}

static bool is_connected(const struct loop_pair *pair)
{
	return pvio_loop_state(&pair->front) == XenbusStateConnected &&
	       pvio_loop_state(&pair->back) == XenbusStateConnected;
}

static bool is_closed(const struct loop_end *end)
{
	return !READ_ONCE(end->pdev) ||
	       pvio_loop_state(end) == XenbusStateClosing ||
	       pvio_loop_state(end) == XenbusStateClosed;
}

/* Who has given up says why; who has not may be opening a device, say. */
static bool has_given_up(const struct loop_pair *pair)
{
	return (is_closed(&pair->front) || is_closed(&pair->back)) &&
	       have_reason(pair);
}

static bool settles_connected(struct loop_pair *pair)
{
	unsigned int turn, still = 0;
	bool planned;

	for (turn = 0; turn < TURNS && still < STILL; turn++) {
		pvio_loop_settle();
		if (is_connected(pair))
			return true;
		planned = hasten(&pair->front);
		planned |= hasten(&pair->back);
		if (planned)
			continue;
		if (has_given_up(pair))
			still++;
		else
			still = 0;
		usleep_range(2000, 4000);
	}
	return is_connected(pair);
}

static void plug_again(struct recover *r, struct loop_end *end)
{
	if (!READ_ONCE(end->pdev))
		recover_expect(r, !pvio_loop_plug(end), "is plugged again");
}

void recover_plug(struct recover *r, struct loop_end *end)
{
	int err = pvio_loop_plug(end);

	if (!err)
		return;
	recover_expect(r, r->err == -EIO, "what passes is made up for");
	recover_expect(r, has_reason(end), "has a reason not to be probed");
	plug_again(r, end);
}

/* What a guest's owner or the toolstack does about it. */
static void connect_anew(struct recover *r)
{
	recover_expect(r, r->err == -EIO, "connects by itself");
	recover_expect(r, have_reason(r->pair), "has a reason not to connect");
	plug_again(r, &r->pair->back);
	plug_again(r, &r->pair->front);
	pvio_loop_resume(&r->pair->front);
}

void recover_connects(struct recover *r)
{
	bool ok = settles_connected(r->pair);

	if (!ok) {
		connect_anew(r);
		ok = settles_connected(r->pair);
	}
	recover_expect(r, ok, "connects");
	/* One that could not be removed stays until the next connection. */
	if (ok && r->op != LOOP_RM)
		recover_expect(r, !have_reason(r->pair), "has no reason left");
}

static void note(struct recover *r)
{
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		r->held[res] = pvio_outstanding(res);
	r->grants = pvio_loop_grants_in_use();
}

/* Some things are given back by work items, a moment later. */
static bool is_given_back(const struct recover *r, enum pvio_resource res)
{
	unsigned int turn;

	for (turn = 0; turn < TURNS; turn++) {
		if (pvio_outstanding(res) == r->held[res])
			return true;
		usleep_range(1000, 2000);
	}
	return false;
}

static void expect_nothing_held(struct recover *r)
{
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		recover_expect(r, is_given_back(r, res),
			       pvio_resource_name(res));
	recover_expect(r, pvio_loop_grants_in_use() == r->grants, "grants");
	recover_expect(r, !pvio_loop_unbalanced(), "events");
}

static void forget_reasons(const struct loop_pair *pair)
{
	char dir[80];

	snprintf(dir, sizeof(dir), "error/%s", pair->front.own);
	pvio_loop_remove(dir, "error");
	snprintf(dir, sizeof(dir), "error/%s", pair->back.own);
	pvio_loop_remove(dir, "error");
}

/*
 * What passes fails again and again, so far apart that what is done in one go,
 * keys that are read together say, is through when it is tried again.  0: a
 * single call fails.
 */
static unsigned int period_of(const struct recover *r)
{
	if (r->err == -EIO)
		return 0;
	switch (r->op) {
	case LOOP_READ:
	case LOOP_WRITE:
		/* The keys of two rings of 16 pages, for one. */
		return 61;
	case LOOP_RM:
	case LOOP_STATE:
	/* Five of two queues and the control ring, of each. */
	case LOOP_RING_GRANT:
	case LOOP_RING_MAP:
	case LOOP_EVENT_OPEN:
	case LOOP_EVENT_BIND:
		return 7;
	case LOOP_TXN_START:
	case LOOP_TXN_END:
		return 5;
	case LOOP_SET_STATE:
	case LOOP_WATCH:
		return 3;
	default:
		return 0;
	}
}

static void begin_failing(struct recover *r)
{
	unsigned int period = period_of(r);

	pvio_loop_fail_with(r->err);
	pvio_loop_fail_copies_with(r->err == -EIO ? 0 : GNTST_eagain);
	if (period)
		pvio_loop_fail_every(r->op, r->nth, period);
	else
		pvio_loop_fail(r->op, r->nth, 1);
}

/* Returns whether there was a call that could fail. */
static bool live_once(struct recover *r, void (*live)(struct recover *r))
{
	bool met;

	note(r);
	forget_reasons(r->pair);
	begin_failing(r);
	live(r);
	met = recover_has_begun(r);
	pvio_loop_fail_none();
	pvio_loop_fail_with(0);
	pvio_loop_fail_copies_with(0);
	expect_nothing_held(r);
	r->lives++;
	return met;
}

/*
 * Keys are read and written several at a time, and it does not matter which of
 * them fails.  Calls of the data path are many, and most of them alike; of others
 * the first ones differ.
 */
static unsigned int step_of(const struct recover *r)
{
	switch (r->op) {
	case LOOP_READ:
	case LOOP_WRITE:
		return 8;
	case LOOP_RM:
		return period_of(r) ? 2 : 8;
	case LOOP_GRANT:
	case LOOP_UNGRANT:
	case LOOP_COPY:
	case LOOP_MAP:
		return 1 + r->nth / 2;
	default:
		return period_of(r) ? 2 : 1 + r->nth / 4;
	}
}

/*
 * What is short passes, and a transaction that collides; a grant that does not
 * map or does not end says nothing of the kind.
 */
static int passing(enum loop_op op)
{
	switch (op) {
	case LOOP_TXN_END:
		return -EAGAIN;
	case LOOP_MAP:
	case LOOP_UNGRANT:
		return 0;
	default:
		return -ENOMEM;
	}
}

static void each_call(struct recover *r, enum loop_op op, int err,
		      void (*live)(struct recover *r))
{
	unsigned int last;

	r->op = op;
	r->err = err;
	last = period_of(r) ?: UINT_MAX;
	for (r->nth = 1; r->nth <= last; r->nth += max(pvio_loop_told.stride, 1u) * step_of(r))
		if (r->wrong >= WRONG_MOST || !live_once(r, live))
			break;
}

void recover_each(struct recover *r, unsigned long ops,
		  void (*live)(struct recover *r))
{
	enum loop_op op;

	for_each_set_bit(op, &ops, BITS_PER_LONG) {
		if (passing(op))
			each_call(r, op, passing(op), live);
		each_call(r, op, -EIO, live);
	}
	kunit_info(r->test, "%u lives", r->lives);
}
