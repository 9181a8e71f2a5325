/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Static grants of a queue (netback/gref_map.c): the control ring's work adds and
 * deletes lists of one or two references, each of which may be there already, or not be,
 * or fail to be mapped, while a packet after another looks one up and uses what it finds.
 *
 * Nobody uses a page that is not mapped, or another one than he asked for; a table that
 * was freed is not looked into; and a reference that is there all the time is found.
 *
 * Of memory the order of two accesses matters: without a part the two change places.
 */
#define PLACES		4
#define MAX		2
#define PAGES		4

/* Contents of a place; from FIRST on a page. */
#define NOTHING		0
#define GONE		1
#define RESERVED	2
#define FIRST		3

#define NONE		2	/* no table */

/* Two refs begin at the last place, so that they go on at the first. */
#define first_of(ref)	((ref) == 3 -> 0 : 3)
#define at(t, i)	((t) * PLACES + (i) % PLACES)

byte table = NONE;
bool alive[2];
byte page[8];
byte gref[8];
byte said[8];		/* the same, as who writes it sees it */
byte nr;
bool mapped[PAGES];
byte holds[PAGES];

bool inside;		/* a packet is */
bool awaited;		/* it was when that began which waits for it */
byte sure;		/* what it cannot miss */

/* Softirqs are off from the first look to the last use. */
proctype packets()
{
	byte ref, t, i, found, whose;

end:	do
	:: atomic {
		if
		:: ref = 1
		:: ref = 2
		:: ref = 3
		fi;
		inside = true;
		sure = 0;
		t = table;
		i = 0;
		found = 0 };
		atomic {
			if
			:: t != NONE ->
				do
				:: i < PLACES ->
					if
					:: page[at(t, i)] >= FIRST &&
					   gref[at(t, i)] == ref ->
						sure = ref
					:: else
					fi;
					i++
				:: else -> break
				od;
				i = first_of(ref)
			:: else
			fi
		};
		do
		:: t == NONE || i == first_of(ref) + PLACES -> break
		:: else ->
			assert(alive[t]);
#ifdef NO_ACQUIRE
			whose = gref[at(t, i)];
			found = page[at(t, i)];
#else
			found = page[at(t, i)];
			whose = gref[at(t, i)];
#endif
			if
			:: found == NOTHING -> break
			:: found >= FIRST && whose == ref -> break
			:: else -> found = 0; i++
			fi
		od;
		if
		:: found >= FIRST ->
			/* Twice: from its first octet to its last. */
			assert(mapped[found - FIRST] && holds[found - FIRST] == ref);
			assert(mapped[found - FIRST] && holds[found - FIRST] == ref)
		:: else -> assert(sure != ref)
		fi;
		atomic {
			inside = false;
			awaited = false;
			ref = 0; t = 0; i = 0; found = 0; whose = 0;
			sure = 0
		}
	od
}

/* place = PLACES: it is not there. */
#define look_for(ref) \
	place = PLACES; \
	i = first_of(ref); \
	do \
	:: i == first_of(ref) + PLACES || page[at(t, i)] == NOTHING -> break \
	:: else -> \
		if \
		:: page[at(t, i)] != GONE && said[at(t, i)] == ref -> \
			place = i % PLACES; \
			break \
		:: else -> i++ \
		fi \
	od

#define look_for_room(ref) \
	i = first_of(ref); \
	do \
	:: page[at(t, i)] <= GONE -> break \
	:: else -> i++ \
	od; \
	place = i % PLACES

#ifdef NO_GONE
#define EMPTY		NOTHING
#else
#define EMPTY		GONE
#endif

/* Nobody needs to go on from a place behind which nothing lies. */
#define make_empty() \
	page[at(t, place)] = EMPTY; \
	nr--; \
	if \
	:: page[at(t, place + 1)] == NOTHING -> \
		do \
		:: page[at(t, place)] == GONE -> \
			page[at(t, place)] = NOTHING; \
			place = (place + PLACES - 1) % PLACES \
		:: else -> break \
		od \
	:: else \
	fi

/* Who is inside now may have found what was there. */
#define wait_for_readers() \
	awaited = inside; \
	!awaited

#define free_table() \
	alive[t] = false; \
	atomic { \
		i = 0; \
		do \
		:: i < PLACES -> page[at(t, i)] = NOTHING; \
			gref[at(t, i)] = 0; said[at(t, i)] = 0; i++ \
		:: else -> break \
		od }

proctype control()
{
	byte list[2], got[2], size, t, i, place, n, k;
	bool fresh;

end:	do
	:: atomic {
		if
		:: size = 1
		:: size = 2
		fi;
		do
		:: n < size ->
			if
			:: list[n] = 1
			:: list[n] = 2
			:: list[n] = 3
			fi;
			n++
		:: else -> break
		od;
		n = 0;
		fresh = false;
		t = table };
		if
		:: goto add
		:: t != NONE -> goto del
		fi;
add:
		if
		:: t == NONE -> atomic {
			fresh = true;
			t = (alive[0] -> 1 : 0);
			alive[t] = true }
		:: else
		fi;
		do
		:: n < size ->
			atomic { look_for(list[n]) };
			if
			:: nr == MAX || place < PLACES -> break
			:: else ->
				atomic { look_for_room(list[n]) };
				said[at(t, place)] = list[n];
#ifndef NO_RELEASE
				gref[at(t, place)] = list[n];
#endif
				page[at(t, place)] = RESERVED;
				nr++;
				n++
			fi
		:: else -> break
		od;
		if
		:: n == size ->
			atomic {
				n = 0;
				do
				:: n < size ->
					k = 0;
					do
					:: mapped[k] -> k++
					:: else -> break
					od;
					mapped[k] = true;
					holds[k] = list[n];
					got[n] = FIRST + k;
					n++
				:: else -> break
				od;
				n = 0 };
			goto publish
		/* One was there, or the hypervisor did not map them all. */
		:: true -> goto take_back
		fi;
publish:
		do
		:: n < size ->
			atomic { look_for(list[n]) };
			page[at(t, place)] = got[n];
#ifdef NO_RELEASE
			gref[at(t, place)] = list[n];
#endif
			n++
		:: else -> break
		od;
		table = t;
		goto done;
take_back:
		do
		:: n > 0 ->
			n--;
			atomic { look_for(list[n]) };
			make_empty()
		:: else -> break
		od;
		if
		:: fresh -> free_table()
		:: else
		fi;
		goto done;
del:
		k = 0;
		do
		:: n < size ->
			atomic { look_for(list[n]) };
			if
			:: place == PLACES -> got[n] = 0
			:: else ->
				atomic {
					got[n] = page[at(t, place)];
					page[at(t, place)] = EMPTY;
					sure = (sure == list[n] -> 0 : sure)
				};
				k++;
				make_empty()
			fi;
			n++
		:: else -> break
		od;
		if
		:: k == 0 -> goto done
		:: else
		fi;
		if
		:: nr == 0 -> table = NONE
		:: else
		fi;
#ifdef NO_GRACE
		skip;
#else
		wait_for_readers();
#endif
		atomic {
			n = 0;
			do
			:: n < size ->
				if
				:: got[n] -> mapped[got[n] - FIRST] = false;
					holds[got[n] - FIRST] = 0
				:: else
				fi;
				n++
			:: else -> break
			od };
		if
		:: nr == 0 -> free_table()
		:: else
		fi;
done:
		atomic {
			list[0] = 0; list[1] = 0; got[0] = 0; got[1] = 0;
			size = 0; t = 0; i = 0; place = 0; n = 0; k = 0; fresh = false
		}
	od
}

init
{
	atomic {
		run control();
		run packets()
	}
}
