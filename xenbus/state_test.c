// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of the handshake table: every cell terminates, and every interleaving
 * of two ends that both follow it leads to a connection, from a first plug, a
 * restart of either end, or a fault of either end.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "state.h"

#define STATES	(XenbusStateReconfigured + 1)

/* One end as the engine keeps it. */
struct end {
	enum pvio_role role;
	enum xenbus_state mine;
	enum xenbus_state seen;
	bool shared;
	bool linked;
};

static struct pvio_view view_of(const struct end *e, enum xenbus_state peer,
				enum pvio_cause cause)
{
	return (struct pvio_view){
		.role = e->role,
		.cause = cause,
		.mine = e->mine,
		.seen = e->seen,
		.peer = peer,
		.shared = e->shared,
		.linked = e->linked,
		.ready = e->role == PVIO_BACK,
		.online = true,
	};
}

static void apply(struct end *e, struct pvio_step step)
{
	if (step.action == PVIO_DO_PUBLISH)
		e->shared = true;
	if (step.action == PVIO_DO_CONNECT) {
		e->shared = true;
		e->linked = true;
	}
	if (step.action == PVIO_DO_DISCONNECT ||
	    step.action == PVIO_DO_UNREGISTER) {
		e->shared = false;
		e->linked = false;
	}
	e->mine = step.next;
}

/* Runs like the engine; returns how many turns it took, or one too many. */
static int run(struct end *e, enum xenbus_state peer, enum pvio_cause cause)
{
	struct pvio_view view;
	struct pvio_step step;
	int turn;

	for (turn = 0; turn < PVIO_STATE_STEPS_MAX; turn++) {
		view = view_of(e, peer, cause);
		e->seen = peer;
		step = pvio_state_step(&view);
		if (step.action == PVIO_DO_CHANGED && step.next == view.mine)
			return turn;
		apply(e, step);
		if (step.action == PVIO_DO_UNREGISTER)
			return turn;
		if (step.action == PVIO_DO_NOTHING && step.next == view.mine)
			return turn;
		cause = PVIO_CAUSE_LOOK;
	}
	return turn;
}

static void check_all_peers(struct kunit *test, struct end start)
{
	enum pvio_cause cause;
	unsigned int peer;

	for (peer = 0; peer < STATES; peer++)
		for (cause = 0; cause <= PVIO_CAUSE_RESUME; cause++) {
			struct end e = start;

			KUNIT_EXPECT_LT(test, run(&e, peer, cause),
					PVIO_STATE_STEPS_MAX);
			KUNIT_EXPECT_LT(test, (unsigned int)e.mine, STATES);
		}
}

/* X04: any state of ours against any of the peer's comes to rest. */
static void x04_every_pair_comes_to_rest(struct kunit *test)
{
	unsigned int role, mine, seen, bits;

	for (role = 0; role <= PVIO_FRONT_LATE; role++)
		for (mine = 1; mine < STATES; mine++)
			for (seen = 0; seen < STATES; seen++)
				for (bits = 0; bits < 4; bits++)
					check_all_peers(test, (struct end){
						.role = role,
						.mine = mine,
						.seen = seen,
						.shared = bits & 1,
						.linked = (bits & 3) == 3,
					});
}

static void x04_unknown_numbers_are_unknown(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pvio_state_sane(9), XenbusStateUnknown);
	KUNIT_EXPECT_EQ(test, pvio_state_sane(0xffffffff), XenbusStateUnknown);
	KUNIT_EXPECT_EQ(test, pvio_state_sane(4), XenbusStateConnected);
	KUNIT_EXPECT_STREQ(test, pvio_state_name(XenbusStateClosing),
			   "Closing");
	KUNIT_EXPECT_STREQ(test, pvio_state_name(77), "INVALID");
}

static void role_actions(struct kunit *test, const struct pvio_view *view)
{
	struct pvio_step step = pvio_state_step(view);

	if (view->role == PVIO_BACK) {
		KUNIT_EXPECT_NE(test, step.action, PVIO_DO_PUBLISH);
		KUNIT_EXPECT_NE(test, step.action, PVIO_DO_CLOSING);
	} else {
		KUNIT_EXPECT_FALSE(test, step.repeat);
		KUNIT_EXPECT_NE(test, step.action, PVIO_DO_UNREGISTER);
	}
	if (!view->ready)
		KUNIT_EXPECT_FALSE(test, view->role == PVIO_BACK &&
				   step.action == PVIO_DO_CONNECT);
}

static void each_role_keeps_to_its_actions(struct kunit *test)
{
	struct pvio_view view = { .cause = PVIO_CAUSE_LOOK };
	unsigned int bits;

	for (view.role = 0; view.role <= PVIO_FRONT_LATE; view.role++)
		for (bits = 0; bits < STATES * STATES * 8; bits++) {
			view.mine = bits / 8 % STATES;
			view.peer = bits / 8 / STATES;
			view.ready = bits & 1;
			view.shared = bits & 2;
			view.online = bits & 4;
			if (view.mine)
				role_actions(test, &view);
		}
}

static bool depends_on_online(struct pvio_view view)
{
	struct pvio_step with, without;

	view.online = true;
	with = pvio_state_step(&view);
	view.online = false;
	view.leaving = true;
	without = pvio_state_step(&view);
	return with.action != without.action || with.next != without.next ||
	       with.repeat != without.repeat;
}

/* 12.1: what the toolstack wants is asked for where it matters. */
static void online_is_asked_for_where_it_matters(struct kunit *test)
{
	struct pvio_view view = { .cause = PVIO_CAUSE_LOOK };
	unsigned int bits;

	for (view.role = 0; view.role <= PVIO_FRONT_LATE; view.role++)
		for (bits = 0; bits < STATES * STATES * 4; bits++) {
			view.mine = bits / 4 % STATES;
			view.peer = bits / 4 / STATES;
			view.ready = bits & 1;
			view.shared = bits & 2;
			if (view.mine && !pvio_state_asks_online(&view))
				KUNIT_EXPECT_FALSE(test,
						   depends_on_online(view));
		}
	view = (struct pvio_view){ .role = PVIO_BACK,
				   .mine = XenbusStateConnected,
				   .peer = XenbusStateConnected };
	KUNIT_EXPECT_FALSE(test, pvio_state_asks_online(&view));
}

/* What a fault has come of, too. */
static void rings_of_the_past_are_given_back(struct kunit *test)
{
	struct end back = { .role = PVIO_BACK, .mine = XenbusStateConnected,
			    .seen = XenbusStateConnected, .shared = true,
			    .linked = true };
	struct pvio_view view;
	struct pvio_step step;
	enum pvio_cause cause;

	for (cause = PVIO_CAUSE_LOOK; cause <= PVIO_CAUSE_FAULT; cause++) {
		view = view_of(&back, XenbusStateConnected, cause);
		KUNIT_EXPECT_TRUE(test, pvio_state_asks_rings(&view));
		view.stale = true;
		step = pvio_state_step(&view);
		KUNIT_EXPECT_EQ(test, step.action, PVIO_DO_DISCONNECT);
		KUNIT_EXPECT_EQ(test, step.next, XenbusStateInitWait);
	}
	/* Neither who has given them back asks, nor where the frontend goes. */
	view = view_of(&back, XenbusStateClosing, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_FALSE(test, pvio_state_asks_rings(&view));
	back.linked = false;
	view = view_of(&back, XenbusStateConnected, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_FALSE(test, pvio_state_asks_rings(&view));
}

/* Both ends of one device; everything that a decision depends on. */
struct pair {
	struct end front;
	struct end back;
};

/* Each end looks in turn until neither moves; true when both are linked. */
static bool settle(struct pair *p)
{
	struct pair before;
	int round;

	for (round = 0; round < 16; round++) {
		before = *p;
		run(&p->back, p->front.mine, PVIO_CAUSE_LOOK);
		run(&p->front, p->back.mine, PVIO_CAUSE_LOOK);
		if (!memcmp(&before, p, sizeof(before)))
			break;
	}
	return p->front.linked && p->back.linked;
}

static struct pair fresh(enum pvio_role role)
{
	struct pair p;

	memset(&p, 0, sizeof(p));
	p.front.role = role;
	p.front.mine = XenbusStateInitialising;
	p.back.role = PVIO_BACK;
	p.back.mine = XenbusStateInitWait;
	return p;
}

/* What may befall a pair between two looks. */
enum event {
	FRONT_LOOKS,
	BACK_LOOKS,
	FRONT_RESUMES,
	FRONT_RELOADS,
	BACK_RELOADS,
	EVENTS,
};

static void befall(struct pair *p, enum event event)
{
	struct pair new = fresh(p->front.role);

	switch (event) {
	case FRONT_LOOKS:
		run(&p->front, p->back.mine, PVIO_CAUSE_LOOK);
		break;
	case BACK_LOOKS:
		run(&p->back, p->front.mine, PVIO_CAUSE_LOOK);
		break;
	case FRONT_RESUMES:
		p->front.seen = XenbusStateUnknown;
		run(&p->front, p->back.mine, PVIO_CAUSE_RESUME);
		break;
	case FRONT_RELOADS:
		p->front = new.front;
		break;
	case BACK_RELOADS:
		/* A leaving backend says Initialising; see leave.c. */
		p->back = new.back;
		p->back.mine = XenbusStateInitialising;
		run(&p->front, p->back.mine, PVIO_CAUSE_LOOK);
		p->back = new.back;
		break;
	default:
		break;
	}
}

/* X07: every sequence of six events, in all orders, heals by itself. */
static void x07_every_order_of_events_heals(struct kunit *test)
{
	enum pvio_role role;
	unsigned int script, i, rest;

	for (role = PVIO_FRONT_EARLY; role <= PVIO_FRONT_LATE; role++)
		for (script = 0; script < 15625; script++) {
			struct pair p = fresh(role);

			for (i = 0, rest = script; i < 6; i++, rest /= EVENTS)
				befall(&p, rest % EVENTS);
			KUNIT_ASSERT_TRUE_MSG(test, settle(&p),
					      "role %d script %u: front %s back %s",
					      role, script,
					      pvio_state_name(p.front.mine),
					      pvio_state_name(p.back.mine));
		}
}

static void fault_heals(struct kunit *test, enum pvio_role role, bool front)
{
	struct pair p = fresh(role);
	struct end *bad = front ? &p.front : &p.back;

	KUNIT_ASSERT_TRUE(test, settle(&p));
	run(bad, front ? p.back.mine : p.front.mine, PVIO_CAUSE_FAULT);
	KUNIT_EXPECT_EQ(test, bad->mine, XenbusStateClosing);
	settle(&p);
	KUNIT_EXPECT_FALSE(test, p.front.shared);
	KUNIT_EXPECT_FALSE(test, p.back.shared);
	KUNIT_EXPECT_EQ(test, p.front.mine, XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, p.back.mine, XenbusStateClosed);
	/* A fresh frontend connects again. */
	p.front = fresh(role).front;
	KUNIT_EXPECT_TRUE(test, settle(&p));
}

static void r29_fault_closes_both_and_reconnect_heals(struct kunit *test)
{
	fault_heals(test, PVIO_FRONT_EARLY, true);
	fault_heals(test, PVIO_FRONT_EARLY, false);
	fault_heals(test, PVIO_FRONT_LATE, true);
	fault_heals(test, PVIO_FRONT_LATE, false);
}

/* A frontend keeps its pages until the backend has let go of them. */
static void unplug_keeps_pages_until_backend_closed(struct kunit *test)
{
	struct pair p = fresh(PVIO_FRONT_LATE);

	KUNIT_ASSERT_TRUE(test, settle(&p));
	run(&p.front, XenbusStateClosing, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_EQ(test, p.front.mine, XenbusStateClosed);
	KUNIT_EXPECT_TRUE(test, p.front.shared);
	run(&p.front, XenbusStateClosed, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_FALSE(test, p.front.shared);
}

static void gone_frontend_unregisters_backend(struct kunit *test)
{
	struct end back = { .role = PVIO_BACK, .shared = true, .linked = true };
	struct pvio_view view;

	back.mine = XenbusStateConnected;
	view = view_of(&back, XenbusStateUnknown, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action,
			PVIO_DO_UNREGISTER);
	back.mine = XenbusStateClosed;
	view = view_of(&back, XenbusStateClosed, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_NOTHING);
	view.online = false;
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action,
			PVIO_DO_UNREGISTER);
}

static void resize_is_announced_to_linked_frontend_only(struct kunit *test)
{
	struct end front = { .role = PVIO_FRONT_LATE, .shared = true };
	struct pvio_view view;

	front.mine = XenbusStateInitialised;
	front.seen = XenbusStateConnected;
	view = view_of(&front, XenbusStateConnected, PVIO_CAUSE_LOOK);
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_CONNECT);
	view.mine = XenbusStateConnected;
	view.linked = true;
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_CHANGED);
}

static void expect_step(struct kunit *test, const struct pvio_view *view,
			enum pvio_action action, enum xenbus_state next)
{
	struct pvio_step step = pvio_state_step(view);

	KUNIT_EXPECT_EQ(test, step.action, action);
	KUNIT_EXPECT_EQ(test, step.next, next);
}

/* net 24: the toolstack, which waits for Closed, may have written over it. */
static void unwanted_backend_says_closed_again(struct kunit *test)
{
	struct end back = { .role = PVIO_BACK, .mine = XenbusStateClosed,
			    .seen = XenbusStateClosed };
	struct pvio_view view = view_of(&back, XenbusStateInitialising,
					PVIO_CAUSE_LOOK);

	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateInitWait);
	KUNIT_EXPECT_FALSE(test, pvio_state_step(&view).repeat);
	view.online = false;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateClosed);
	KUNIT_EXPECT_TRUE(test, pvio_state_step(&view).repeat);
	/* This is no repetition, and one is not to follow. */
	view.mine = XenbusStateInitWait;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateClosed);
	KUNIT_EXPECT_FALSE(test, pvio_state_step(&view).repeat);
}

/* Who was loaded while the toolstack took the device away does not connect. */
static void backend_that_comes_too_late_does_not_connect(struct kunit *test)
{
	struct end back = { .role = PVIO_BACK, .mine = XenbusStateInitWait };
	struct pvio_view view = view_of(&back, XenbusStateConnected,
					PVIO_CAUSE_LOOK);

	expect_step(test, &view, PVIO_DO_CONNECT, XenbusStateConnected);
	/* Some toolstack may never say anything. */
	view.online = false;
	expect_step(test, &view, PVIO_DO_CONNECT, XenbusStateConnected);
	view.leaving = true;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateClosing);
	view.peer = XenbusStateInitialised;
	view.ready = false;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateClosing);
	view.mine = XenbusStateClosing;
	view.peer = XenbusStateClosed;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateClosed);
}

/* It was found while the device was closing down, and the guest has gone since. */
static void late_fault_hides_nothing(struct kunit *test)
{
	struct end back = { .role = PVIO_BACK, .mine = XenbusStateClosed };
	struct end front = { .role = PVIO_FRONT_EARLY, .shared = true,
			     .mine = XenbusStateClosed };
	struct pvio_view view;

	view = view_of(&back, XenbusStateUnknown, PVIO_CAUSE_FAULT);
	expect_step(test, &view, PVIO_DO_UNREGISTER, XenbusStateClosed);
	view.mine = XenbusStateClosing;
	view.peer = XenbusStateClosed;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateClosed);
	view = view_of(&front, XenbusStateClosed, PVIO_CAUSE_FAULT);
	expect_step(test, &view, PVIO_DO_DISCONNECT, XenbusStateClosed);
}

/* NB-B21: each time it is to see the answer, not that to the last time. */
static void reconfiguring_frontend_gets_an_answer(struct kunit *test)
{
	struct end back = { .role = PVIO_BACK, .mine = XenbusStateConnected,
			    .shared = true, .linked = true,
			    .seen = XenbusStateConnected };
	struct pvio_view view = view_of(&back, XenbusStateReconfiguring,
					PVIO_CAUSE_LOOK);

	expect_step(test, &view, PVIO_DO_CHANGED, XenbusStateReconfigured);
	view.mine = XenbusStateReconfigured;
	expect_step(test, &view, PVIO_DO_NOTHING, XenbusStateReconfigured);
	view.peer = XenbusStateConnected;
	expect_step(test, &view, PVIO_DO_CHANGED, XenbusStateConnected);
	view.peer = XenbusStateInitialised;
	expect_step(test, &view, PVIO_DO_DISCONNECT, XenbusStateInitWait);
	view.mine = XenbusStateInitWait;
	view.peer = XenbusStateReconfiguring;
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_NOTHING);
}

/* When the driver has waited long enough, and not for a backend begun anew. */
static void b9_backend_that_works_without_saying_so(struct kunit *test)
{
	struct end front = { .role = PVIO_FRONT_EARLY, .shared = true,
			     .mine = XenbusStateConnected,
			     .seen = XenbusStateInitWait };
	struct pvio_view view = view_of(&front, XenbusStateInitWait,
					PVIO_CAUSE_LOOK);
	struct pvio_step step;

	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_NOTHING);
	view.ready = true;
	step = pvio_state_step(&view);
	KUNIT_EXPECT_EQ(test, step.action, PVIO_DO_CONNECT);
	KUNIT_EXPECT_EQ(test, step.next, XenbusStateConnected);
	view.linked = true;
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_NOTHING);
	view.seen = XenbusStateConnected;
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action,
			PVIO_DO_DISCONNECT);
	view.linked = false;
	view.seen = XenbusStateInitWait;
	view.role = PVIO_FRONT_LATE;
	view.mine = XenbusStateInitialised;
	KUNIT_EXPECT_EQ(test, pvio_state_step(&view).action, PVIO_DO_NOTHING);
}

/* A fault found late must not hide that the peer has begun anew. */
static void r29_fault_of_a_former_life(struct kunit *test)
{
	struct end front = { .role = PVIO_FRONT_EARLY,
			     .mine = XenbusStateConnected, .shared = true,
			     .linked = true, .seen = XenbusStateConnected };
	struct end back = { .role = PVIO_BACK, .mine = XenbusStateConnected,
			    .shared = true, .linked = true,
			    .seen = XenbusStateConnected };
	struct pvio_step step;
	struct pvio_view view;

	view = view_of(&front, XenbusStateInitWait, PVIO_CAUSE_FAULT);
	step = pvio_state_step(&view);
	KUNIT_EXPECT_EQ(test, step.action, PVIO_DO_DISCONNECT);
	KUNIT_EXPECT_EQ(test, step.next, XenbusStateInitialising);
	view = view_of(&back, XenbusStateInitialised, PVIO_CAUSE_FAULT);
	step = pvio_state_step(&view);
	KUNIT_EXPECT_EQ(test, step.action, PVIO_DO_DISCONNECT);
	KUNIT_EXPECT_EQ(test, step.next, XenbusStateInitWait);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(x04_every_pair_comes_to_rest),
	KUNIT_CASE(x04_unknown_numbers_are_unknown),
	KUNIT_CASE(each_role_keeps_to_its_actions),
	KUNIT_CASE(online_is_asked_for_where_it_matters),
	KUNIT_CASE(rings_of_the_past_are_given_back),
	KUNIT_CASE(x07_every_order_of_events_heals),
	KUNIT_CASE(r29_fault_closes_both_and_reconnect_heals),
	KUNIT_CASE(b9_backend_that_works_without_saying_so),
	KUNIT_CASE(r29_fault_of_a_former_life),
	KUNIT_CASE(unplug_keeps_pages_until_backend_closed),
	KUNIT_CASE(gone_frontend_unregisters_backend),
	KUNIT_CASE(unwanted_backend_says_closed_again),
	KUNIT_CASE(late_fault_hides_nothing),
	KUNIT_CASE(backend_that_comes_too_late_does_not_connect),
	KUNIT_CASE(resize_is_announced_to_linked_frontend_only),
	KUNIT_CASE(reconfiguring_frontend_gets_an_answer),
	{}
};

static struct kunit_suite state_suite = {
	.name = "pvio_state",
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);

MODULE_DESCRIPTION("Tests of the pure parts of the pvio core");
MODULE_LICENSE("GPL");
