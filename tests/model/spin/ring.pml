/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The index and event protocol of a ring: both ends of ring/ring.h, honest,
 * each of which sleeps when it finds nothing to do.
 *
 * Shown: neither end sleeps for ever while there is something for it to do
 * (a lost wake-up ends the run in a state that is no valid end); what is taken
 * is what was put; neither end calls the other's index broken.
 *
 * Memory is weak: a store waits in a buffer of its own, and leaves it at any
 * time and in any order; a slot may be loaded before the index that covers
 * it.  The barriers are those of the code, and without any of them (NO_...
 * below) the model fails.  That the code has them where the model has, models
 * back.c and front.c see to.
 *
 * Assumed: a store is seen at some time; an event, once sent, is delivered; a
 * load does not pass an earlier store by way of what depends on it.  Left out:
 * hostile ends (back.c, front.c); an end that is two threads.
 */
#define SLOTS	2
#define WRAP	16	/* indices are free-running modulo this */
#define FIRST	14	/* so that they wrap */
#ifndef REQUESTS
#define REQUESTS 4
#endif
#define ANSWER	32	/* what tells an answer from its request */

#define from(a, b)	(((a) - (b)) & (WRAP - 1))
#define after(a)	(((a) + 1) & (WRAP - 1))

/* A cell of memory, and the store to it that is still in a buffer. */
typedef cell {
	byte value;
	byte stored;
	bool open;
};

cell req_prod, req_event, rsp_prod, rsp_event;
cell req_slot[SLOTS], rsp_slot[SLOTS];
byte slot[SLOTS];	/* both ends write it */
bool front_event, back_event;

#define store(c, v)	atomic { !c.open -> c.stored = v; c.open = true }
#define quiet(s)	(!s[0].open && !s[1].open)

#ifdef NO_WMB
#define wmb(s)		skip
#else
#define wmb(s)		quiet(s)
#endif
#ifdef NO_RMB
#define rmb()		skip
#else
#define rmb()		early = 0
#endif
#ifdef NO_MB_PUSH
#define mb_push(index, s) skip
#else
#define mb_push(index, s) !index.open && quiet(s)
#endif
#ifdef NO_MB_ARM
#define mb_arm(event)	skip
#else
#define mb_arm(event)	!event.open
#endif

#define load_early(at) \
	if \
	:: early = slot[(at) % SLOTS] \
	:: early = 0 \
	fi

/* A processor sees its own stores, which for indices no end looks at. */
#define poll(index, cons, seen, bound) \
	load_early(cons); \
	atomic { \
		look = index.value; \
		assert(from(look, cons) <= from(bound, cons)); \
		assert(from(look, cons) >= from(seen, cons)); \
		seen = look; \
		look = 0 \
	}; \
	rmb()

#ifdef NO_LAST_LOOK
#define arm(event, ahead, index, cons, seen, bound) \
	store(event, (cons + ahead) & (WRAP - 1)); \
	mb_arm(event)
#else
#define arm(event, ahead, index, cons, seen, bound) \
	store(event, (cons + ahead) & (WRAP - 1)); \
	mb_arm(event); \
	poll(index, cons, seen, bound)
#endif

#ifdef NO_WRAP
#define asked(new, old, event)	(event > old && event <= new)
#else
#define asked(new, old, event)	(from(new, event) < from(new, old))
#endif

#define push(index, s, pushed, prod, event, notify) \
	if \
	:: pushed == prod \
	:: else -> \
		wmb(s); \
		store(index, prod); \
		mb_push(index, s); \
		atomic { \
			if \
			:: asked(prod, pushed, event.value) -> notify = true \
			:: else \
			fi; \
			pushed = prod \
		} \
	fi

#define take(cons, what) \
	atomic { \
		if \
		:: early -> assert(early == (what)); early = 0 \
		:: else -> assert(slot[(cons) % SLOTS] == (what)) \
		fi; \
		cons = after(cons) \
	}

/* Stores leave their buffers. */
#define leaves(c)	atomic { c.open -> c.value = c.stored; c.open = false; \
				 c.stored = 0 }
#define slot_leaves(c, i) \
	atomic { c[i].open -> slot[i] = c[i].stored; c[i].open = false; \
		 c[i].stored = 0 }

active proctype memory()
{
end:	do
	:: leaves(req_prod)
	:: leaves(req_event)
	:: leaves(rsp_prod)
	:: leaves(rsp_event)
	:: slot_leaves(req_slot, 0)
	:: slot_leaves(req_slot, 1)
	:: slot_leaves(rsp_slot, 0)
	:: slot_leaves(rsp_slot, 1)
	od
}

/* Puts as many as it likes at a time, and may sleep until some are answered. */
proctype front()
{
	byte prod = FIRST, pushed = FIRST, cons = FIRST, seen = FIRST;
	byte left = REQUESTS, early, look, ahead;

	do
	:: left == 0 && cons == prod -> break
	:: else ->
		do
		:: left && from(prod, cons) < SLOTS ->
			store(req_slot[prod % SLOTS], 1 + prod);
			atomic { prod = after(prod); left-- }
		:: prod != cons -> break
		od;
		push(req_prod, req_slot, pushed, prod, req_event, back_event);
		poll(rsp_prod, cons, seen, pushed);
		if
		:: seen == cons ->
			ahead = 1;
			if
			:: from(prod, cons) > 1 -> ahead = 2
			:: true
			fi;
			arm(rsp_event, ahead, rsp_prod, cons, seen, pushed);
			if
			:: seen == cons ->
				atomic { front_event -> front_event = false }
			:: else
			fi
		:: else
		fi;
		do
		:: cons != seen -> take(cons, 1 + cons + ANSWER)
		:: else -> break
		od;
		early = 0
	od
}

/* Answers each in turn, and publishes answers whenever it likes. */
proctype back()
{
	byte cons = FIRST, seen = FIRST, prod = FIRST, pushed = FIRST;
	byte early, look;

	do
	:: poll(req_prod, cons, seen, prod + SLOTS);
		if
		:: seen == cons ->
			arm(req_event, 1, req_prod, cons, seen, prod + SLOTS);
			if
			:: seen == cons ->
end:				atomic { back_event -> back_event = false }
			:: else
			fi
		:: else
		fi;
		do
		:: cons != seen ->
			take(cons, 1 + cons);
			store(rsp_slot[prod % SLOTS], 1 + prod + ANSWER);
			prod = after(prod);
			if
			:: push(rsp_prod, rsp_slot, pushed, prod, rsp_event,
				front_event)
			:: true
			fi
		:: else -> break
		od;
		push(rsp_prod, rsp_slot, pushed, prod, rsp_event, front_event);
		early = 0
	od
}

init
{
	atomic {
		req_prod.value = FIRST;
		rsp_prod.value = FIRST;
		req_event.value = after(FIRST);
		rsp_event.value = after(FIRST);
		run front();
		run back()
	}
}
