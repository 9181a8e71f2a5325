/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The handshake of two ends, of which one at least is the suite's, while MOVES
 * things happen to them: a driver is unloaded and loaded, an end breaks the
 * protocol, cannot connect, or vanishes, the guest is restored elsewhere, the
 * backend's domain is started anew, the toolstack takes the device away.
 *
 * A backend that is about to say InitWait or Connected does not see that the toolstack has
 * just said Closing in its place, neither the kernel's nor the suite's; that
 * is told apart (undone).
 *
 * The suite's end asks xenbus/state.c itself (step.c), so the table is no
 * copy.  The engine around it is that of xenbus/engine.c and leave.c by hand:
 * looks that are put together, a peer that goes on between look and answer, at
 * most four steps in one run, what is in flight when a device stops, farewells.
 * The kernel's own ends are those of Linux 6.1, by hand: netback_changed(),
 * blkback_changed(), the two frontend_changed(), set_backend_state(),
 * xennet_bus_close() and the bus's removal.
 *
 * Shown: whatever comes, all comes to rest (no dead lock; with -DNP that it
 * does not go in circles); it rests with both ends connected, or the device
 * gone where that was asked for, or, after a fault, closed; and from
 * there loading the frontend's driver anew, or else both, connects it.  No
 * frontend publishes what it has published, no end connects twice, none stops
 * what it has not started, and the suite's backend is connected to what the
 * frontend has published last.
 *
 * The kernel's backends act at once on what they have read.  In truth they may be
 * slow: then they take Closed, of a frontend's former life, for the next one's,
 * and close that.  It is their own race, with the kernel's frontends as well.
 *
 * Left out: what time-outs are for, but that a leaving frontend may be tired of
 * waiting at any time; errors of xenstore; values of keys; a frontend whose
 * backend works in silence (hotplug script); states that no end writes here.
 *
 * The pairs are net and blk of the suite with the suite and, with -DKERNELS, with
 * the kernel, either way round: one run for all of them.
 */
#define suite		1
#define early		2	/* the suite's, as PVIO_FRONT_EARLY */
#define late		3
#define netback		4
#define blkback		5
#define netfront	6
#define blkfront	7

#ifndef MOVES
#define MOVES 2
#endif

/* As in xen/interface/io/xenbus.h; Unknown is a node that is not there. */
#define Unknown		0
#define Initialising	1
#define InitWait	2
#define Initialised	3
#define Connected	4
#define Closing		5
#define Closed		6

/* As in xenbus/state.h. */
#define LOOK		0
#define FAULT		1
#define RESUME		2

#define NOTHING		0
#define PUBLISH		1
#define CONNECT		2
#define CHANGED		3
#define CLOSING		4
#define DISCONNECT	5
#define UNREGISTER	6

#define BACKEND		0
#define FRONTEND	1

/* Which drivers, by end. */
byte kind[2];

/* What stands in xenstore, by end. */
byte node[2];
bool online = true;

typedef side {
	bool there;	/* the driver has the device */
	bool look;	/* something has changed */
	bool load;	/* it is to be probed */
	bool leave;	/* it is to be unloaded */
	bool fault;
	bool resume;
	bool shared;
	bool linked;
	bool stopping;
	byte then;
	byte mine;
	byte seen;
};

side ends[2];
byte moves = MOVES;
bool slow = true;	/* one stop takes its time */
bool hurt;		/* an end may be closed for good */
bool heard;		/* the backend has said Closed to the toolstack */
bool undone;		/* the toolstack's Closing was written over */
bool ready;		/* the backend's hotplug script has reported */
bool busy;		/* the frontend is, and is not suspended then */
bool current;		/* the backend has read of the rings that the keys name */

c_decl {
	int model_step(int role, int cause, int mine, int seen, int peer,
		       int flags);
};

#define kernels(end)	(kind[end] >= netback)
#define me_end		ends[me]
/* A backend elsewhere is not looked at before the frontend has moved. */
#define peer_node \
	(me == FRONTEND && me_end.resume -> Unknown : node[1 - me])

/* The peer hears of each. */
#define put(state) \
	if \
	:: node[me] != Unknown -> \
		undone = undone || \
			(!online && node[me] == Closing && \
			 ((state) == Connected || (state) == InitWait)); \
		heard = heard || (!online && me == BACKEND && \
				  (state) == Closed); \
		node[me] = state; \
		ends[1 - me].look = true \
	:: else \
	fi

#define say(state) \
	atomic { \
		if \
		:: me_end.mine != (state) -> \
			me_end.mine = state; \
			put(state) \
		:: else \
		fi \
	}

#define forget() \
	me_end.look = false; \
	me_end.fault = false; \
	me_end.resume = false; \
	me_end.shared = false; \
	me_end.linked = false; \
	me_end.stopping = false; \
	me_end.leave = false; \
	me_end.mine = Unknown; \
	me_end.seen = Unknown

/* What is in flight ends at some time, and the driver says so. */
#define stop(state) \
	atomic { \
		me_end.linked = false; \
		if \
		:: !me_end.shared -> skip \
		:: me_end.shared -> me_end.shared = false \
		:: me_end.shared && slow -> slow = false; \
			me_end.stopping = true; \
			me_end.then = state \
		fi \
	}; \
	if \
	:: me_end.stopping -> goto rest \
	:: else -> say(state) \
	fi

/*
 * Its domain, or the place to which the guest was restored, has a new backend;
 * the frontend's directory is a new one, too.
 */
#define begin_anew() \
	atomic { me == BACKEND && node[me] == Unknown -> \
		forget(); \
		me_end.there = false; \
		me_end.load = true; \
		node[me] = Initialising; \
		ends[FRONTEND].resume = ends[FRONTEND].there; \
		ends[FRONTEND].look = true; \
		if \
		:: node[FRONTEND] != Unknown -> node[FRONTEND] = Initialising \
		:: else \
		fi }

/* After five seconds; the kernel's backends are slow, but not so slow. */
#define tired	(!kernels(BACKEND) || !ends[BACKEND].there)

#define gone(state) \
	((state) == Unknown || (state) == Closed || (state) == Initialising)

proctype pvio(byte me; byte role)
{
	byte peer, action, next, cause, turn, was;
	bool repeat;

rest:
	busy = busy && me != FRONTEND;
	peer = 0; action = 0; next = 0; cause = 0; turn = 0; was = 0;
	repeat = false;
end:	do
	:: atomic { !me_end.there && me_end.load && node[me] != Unknown ->
			forget();
			me_end.load = false;
			me_end.there = true;
			me_end.look = true };
		if
		:: me == BACKEND -> say(InitWait)
		:: else -> say(Initialising)
		fi
	:: atomic { !me_end.there && me_end.leave -> me_end.leave = false }
	:: me_end.there && me_end.leave -> goto leaving
	:: atomic { me_end.there && !me_end.leave && me_end.look ->
			me_end.look = false;
			busy = busy || me == FRONTEND };
		if
		:: me_end.stopping ->
			me_end.shared = false;
			me_end.stopping = false;
			say(me_end.then)
		:: else
		fi;
		atomic {
			cause = LOOK;
			if
			:: me_end.resume -> cause = RESUME;
				me_end.resume = false;
				me_end.seen = Unknown
			:: !me_end.resume && me_end.fault -> cause = FAULT;
				me_end.fault = false
			:: else
			fi
		};
		turn = 0;
		goto step
	:: atomic { me_end.there && me_end.stopping && !me_end.leave &&
		    !me_end.look -> me_end.look = true }
	:: begin_anew()
	od;
step:
	atomic {
		peer = peer_node;
		was = me_end.mine;
		c_code {
			struct side *e = &now.ends[Ppvio->me];
			int got = model_step(Ppvio->role, Ppvio->cause, e->mine,
					     e->seen, Ppvio->peer,
					     e->shared | e->linked << 1 |
					     (Ppvio->me ? 0 : now.ready << 2) |
					     now.online << 3 |
					     !now.current << 4);

			Ppvio->repeat = got >> 16;
			Ppvio->action = got >> 8 & 255;
			Ppvio->next = got & 255;
		};
		me_end.seen = peer;
		cause = LOOK
	};
	turn++;
	if
	:: action == PUBLISH ->
		assert(!me_end.shared);
		atomic { me_end.shared = true; current = false };
		say(next)
	:: action == CONNECT ->
		assert(!me_end.linked);
		assert(me == FRONTEND || !me_end.shared);
		if
		:: atomic { me_end.shared = true; me_end.linked = true;
				current = current || me == BACKEND };
			say(next)
		:: atomic { moves > 0 -> moves--; hurt = true;
				me_end.shared = true };
			stop(Closing)
		fi
	:: action == CHANGED -> goto rest
	:: action == CLOSING -> say(next)
	:: action == DISCONNECT -> stop(next)
	:: action == UNREGISTER ->
		stop(next);
		atomic { forget(); me_end.there = false };
		goto rest
	:: action == NOTHING && next == was ->
		if
		:: atomic { repeat && turn == 1 -> put(next) }
		:: else
		fi;
		goto rest
	:: action == NOTHING && next != was && me == BACKEND &&
	   was == InitWait ->
		/* Only while the peer is still where it was. */
		if
		:: atomic { node[1 - me] == peer ->
				me_end.mine = next;
				put(next) }
		:: else -> goto rest
		fi
	:: else -> say(next)
	fi;
	if
	:: turn == 4 -> goto rest
	:: else -> goto step
	fi;
leaving:
	if
	:: me == FRONTEND && me_end.shared ->
		if
		:: gone(peer_node)
		:: else -> say(Closing)
		fi;
		if
		:: gone(peer_node) || peer_node == Closing
		:: tired
		fi;
		say(Closed);
		if
		:: gone(peer_node) || peer_node == InitWait
		:: tired
		fi
	:: else
	fi;
	if
	:: me == BACKEND && me_end.mine == Connected -> say(Initialising)
	:: else
	fi;
	atomic { forget(); me_end.there = false };
	goto rest
}

/* The kernel's frontends: Linux 6.1.  That of the network waits for ever. */
proctype kernels_front()
{
	byte me = FRONTEND;
	byte peer;

rest:	peer = 0;
end:	do
	:: atomic { !me_end.there && me_end.load && node[me] != Unknown ->
			forget();
			me_end.load = false };
		say(Initialising);
		if
		:: kind[me] == netfront ->
end_probe:		peer_node != Closed && peer_node != Unknown
		:: else
		fi;
		atomic { me_end.there = true; me_end.look = true }
	:: atomic { !me_end.there && me_end.leave -> me_end.leave = false }
	:: me_end.there && me_end.leave -> break
	:: atomic { me_end.there && !me_end.leave && me_end.resume ->
			me_end.resume = false;
			busy = true;
			me_end.mine = Initialising };
		if
		:: kind[me] == blkfront -> current = false; say(Initialised)
		:: else
		fi;
		atomic { me_end.look = true; busy = false }
	:: atomic { me_end.there && !me_end.leave && me_end.look &&
		    !me_end.resume ->
			me_end.look = false;
			busy = true;
			peer = peer_node };
		if
		:: peer == InitWait && me_end.mine == Initialising ->
			current = false;
			if
			:: kind[me] == netfront -> say(Connected)
			:: else -> say(Initialised)
			fi
		:: peer == Connected && kind[me] == blkfront ->
			if
			:: me_end.mine != Initialised && me_end.mine != Connected ->
				current = false;
				say(Initialised)
			:: else
			fi;
			say(Connected)
		:: peer == Closing && me_end.mine != Closing -> say(Closed)
		:: peer == Closed && me_end.mine != Closed ->
			/* It has not begun, and closes for its former life. */
			hurt = hurt || me_end.mine == Initialising;
			say(Closed)
		:: else
		fi;
		atomic { peer = 0; busy = false }
	od;
	if
	:: kind[me] == netfront && peer_node != Closed ->
		say(Closing);
end_closing:	peer_node == Closing || peer_node == Closed ||
			peer_node == Unknown;
		if
		:: peer_node == Closed
		:: else -> say(Closed);
end_closed:		peer_node == Closed || peer_node == Unknown
		fi
	:: else
	fi;
	say(Closed);
	atomic { forget(); me_end.there = false };
	goto rest
}

/* What set_backend_state() comes to, one write after the other. */
#define netback_to(state) \
	do \
	:: me_end.mine == (state) -> break \
	:: else -> \
		if \
		:: me_end.mine == Initialising && (state) != Closed -> \
			say(InitWait) \
		:: me_end.mine == Initialising && (state) == Closed -> \
			say(Closed) \
		:: me_end.mine == Closed && (state) != Closing -> say(InitWait) \
		:: me_end.mine == Closed && (state) == Closing -> say(Closing) \
		:: me_end.mine == InitWait && (state) == Connected -> \
			me_end.linked = true; \
			say(Connected) \
		:: me_end.mine == InitWait && (state) != Connected -> \
			say(Closing) \
		:: me_end.mine == Connected -> me_end.linked = false; \
			say(Closing) \
		:: me_end.mine == Closing -> say(Closed) \
		fi \
	od

proctype kernels_back()
{
	byte me = BACKEND;
	byte peer;

end:	do
	:: begin_anew()
	:: atomic { !me_end.there && me_end.load && node[me] != Unknown ->
			forget();
			me_end.load = false;
			me_end.there = true;
			me_end.look = true };
		say(InitWait)
	:: atomic { !me_end.there && me_end.leave -> me_end.leave = false }
	:: atomic { me_end.there && me_end.leave ->
			forget();
			me_end.there = false;
			/* The bus: where the toolstack has said Closing. */
			if
			:: node[me] == Closing -> node[me] = Closed;
				ends[FRONTEND].look = true
			:: else
			fi }
	:: atomic { me_end.there && !me_end.leave && me_end.look ->
			me_end.look = false;
			peer = peer_node;
		if
		:: peer == Initialising && kind[me] == netback ->
			netback_to(InitWait)
		:: peer == Initialising && kind[me] == blkback &&
		   me_end.mine == Closed -> say(InitWait)
		:: peer == Connected && kind[me] == netback ->
			netback_to(Connected)
		:: (peer == Initialised || peer == Connected) &&
		   kind[me] == blkback && me_end.mine != Connected ->
			me_end.linked = true;
			say(Connected)
		:: peer == Closing && kind[me] == netback -> netback_to(Closing)
		:: peer == Closing && kind[me] == blkback -> say(Closing)
		:: peer == Closed || peer == Unknown ->
			if
			:: kind[me] == netback -> netback_to(Closed)
			:: else -> me_end.linked = false
			fi;
			if
			:: kind[me] == blkback && peer == Closed -> say(Closed)
			:: else
			fi;
			if
			:: !online || peer == Unknown ->
				atomic { forget(); me_end.there = false;
					if
					:: node[me] == Closing ->
						node[me] = Closed
					:: else
					fi;
					ends[FRONTEND].look = true }
			:: else
			fi
		:: else
		fi;
		peer = 0 }
	od
}

#define up(x)		(ends[x].there && !ends[x].leave)

/* What may happen at any time. */
proctype fate()
{
end:	do
	:: atomic { moves > 0 && up(FRONTEND) -> moves--;
			ends[FRONTEND].leave = true;
			if
			:: ends[FRONTEND].load = true
			:: true
			fi }
	:: atomic { moves > 0 && up(BACKEND) -> moves--;
			ends[BACKEND].leave = true;
			if
			:: ends[BACKEND].load = true
			:: true
			fi }
	:: atomic { moves > 0 && !kernels(FRONTEND) && up(FRONTEND) &&
		    ends[FRONTEND].linked -> moves--; hurt = true;
			ends[FRONTEND].fault = true;
			ends[FRONTEND].look = true }
	:: atomic { moves > 0 && !kernels(BACKEND) && up(BACKEND) &&
		    ends[BACKEND].linked -> moves--; hurt = true;
			ends[BACKEND].fault = true;
			ends[BACKEND].look = true }
	:: atomic { moves > 0 && online && up(FRONTEND) &&
		    (!busy || (!kernels(FRONTEND) && !kernels(BACKEND))) &&
		    node[BACKEND] != Unknown -> moves--;
			node[BACKEND] = Unknown;
			ends[FRONTEND].look = true }
	:: atomic { moves > 0 && node[FRONTEND] != Unknown -> moves--;
			node[FRONTEND] = Unknown;
			ends[BACKEND].look = true }
	:: atomic { moves > 0 && online && node[BACKEND] != Unknown ->
			moves--;
			/* What libxl does. */
			online = false;
			node[BACKEND] = Closing;
			ends[BACKEND].look = true;
			ends[FRONTEND].look = true }
	od
}

#define both_connected \
	(node[0] == Connected && node[1] == Connected && \
	 (kernels(BACKEND) || current) && \
	 (kernels(BACKEND) || ends[0].linked) && (kernels(FRONTEND) || ends[1].linked))
#define rests_well \
	(!online || !ends[0].there || !ends[1].there || both_connected || \
	 node[FRONTEND] == Unknown)

/* All has come to rest. */
proctype judge()
{
	byte tries;

	timeout;
	assert(hurt || rests_well);
	/*
	 * The toolstack waits for Closed; for 10 s, then it uses force, as where
	 * a frontend that has not begun leaves the kernel's backend waiting.
	 */
	assert(online || heard || undone || !ends[0].there || !ends[1].there ||
	       (kernels(BACKEND) && node[FRONTEND] == Initialising));
	assert(node[FRONTEND] != Unknown || !ends[0].there);
	/*
	 * What is honest: load what is not loaded, or load it anew; the kernel's
	 * blkfront once more, which closes for what it sees of its former life.
	 */
	do
	:: online && !both_connected && node[FRONTEND] != Unknown ->
		assert(tries < 3);
		atomic {
			moves = 0;
			ends[FRONTEND].leave = ends[FRONTEND].there;
			ends[FRONTEND].load = true;
			ends[BACKEND].leave = ends[BACKEND].there && tries == 1;
			ends[BACKEND].load = !ends[BACKEND].there || tries == 1;
			tries++
		};
		timeout
	:: else -> break
	od
}

init
{
	atomic {
		node[0] = Initialising;
		node[1] = Initialising;
		ends[0].load = true;
		ends[1].load = true;
		ready = true;
		if
		:: kind[FRONTEND] = early; kind[BACKEND] = suite
		:: kind[FRONTEND] = late; kind[BACKEND] = suite
#ifdef KERNELS
		:: kind[FRONTEND] = early; kind[BACKEND] = netback
		:: kind[FRONTEND] = late; kind[BACKEND] = blkback
		:: kind[FRONTEND] = netfront; kind[BACKEND] = suite
		:: kind[FRONTEND] = blkfront; kind[BACKEND] = suite
#endif
		fi;
		if
		:: kernels(BACKEND) -> run kernels_back()
		:: else -> run pvio(BACKEND, 0)
		fi;
		if
		:: kernels(FRONTEND) -> run kernels_front()
		:: else -> run pvio(FRONTEND, kind[FRONTEND] - 1)
		fi;
		run fate();
		run judge()
	}
}
