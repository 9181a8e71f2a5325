/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Counters, latencies and tracepoints of a queue.
 *
 * The counters cost an addition each, some of them one for a whole batch, and
 * no lock: each has one writer at a time.  Latencies need the clock and are
 * measured only while the module parameter "latency" says so; then the clock
 * is read once for a batch that is taken, submitted or answered, and once for
 * each request that the device ends.  While nothing is measured or traced,
 * what is below costs a jump label a batch, and one where a request ends.
 */
#ifndef PVIO_BLKBACK_STATS_H
#define PVIO_BLKBACK_STATS_H

#include <linux/cache.h>
#include <linux/jump_label.h>
#include <linux/types.h>

#include "xenbus/stats.h"

#include "request.h"
#include "trace.h"

struct pvio_bb_queue;

/**
 * struct pvio_bb_latency - latencies of one queue; completion
 * @answer: from the ring to the answer
 * @device: from submitting to the device's end
 */
struct pvio_bb_latency {
	struct pvio_histogram answer[PVIO_BLK_KINDS];
	struct pvio_histogram device[PVIO_BLK_KINDS];
};

/**
 * struct pvio_bb_copied - grant copies of one direction
 * @calls: hypercalls
 * @copies: copies in them
 */
struct pvio_bb_copied {
	u64 calls;
	u64 copies;
};

/**
 * struct pvio_bb_stats - counters of one queue
 * @oo_req: times the worker had to wait for memory
 * @rd_req: reads
 * @wr_req: writes
 * @f_req: flushes and barriers
 * @ds_req: discards
 * @rd_sect: sectors read
 * @wr_sect: sectors written
 * @indirect: of the requests, those with their segments in a page of their own
 * @refused: requests that may not be carried out
 * @batches: times that requests were taken off the ring
 * @events: events dealt with
 * @halted: waits for requests in the hypervisor, where no event is dealt with
 * @in: copies from the guest
 * @hits: segments whose page was mapped already
 * @misses: segments whose page was mapped for them, to stay
 * @full: segments copied because the cache had no room
 * @map_calls: hypercalls that map
 * @unmap_calls: hypercalls that unmap
 * @answers: requests answered
 * @errors: of these, the ones that did not succeed
 * @notified: times that the guest was sent an event
 * @spared: times that it was not, because it is at work anyway
 * @out: copies to the guest
 * @latency: NULL until latencies are measured; set by the worker
 *
 * Up to @unmap_calls written by the worker, the rest by completion.
 */
struct pvio_bb_stats {
	u64 oo_req;
	u64 rd_req;
	u64 wr_req;
	u64 f_req;
	u64 ds_req;
	u64 rd_sect;
	u64 wr_sect;
	u64 indirect;
	u64 refused;
	u64 batches;
	u64 events;
	u64 halted;
	struct pvio_bb_copied in;
	u64 hits;
	u64 misses;
	u64 full;
	u64 map_calls;
	u64 unmap_calls;

	u64 answers ____cacheline_aligned_in_smp;
	u64 errors;
	u64 notified;
	u64 spared;
	struct pvio_bb_copied out;
	struct pvio_bb_latency *latency;
};

DECLARE_STATIC_KEY_FALSE(pvio_bb_latency_key);

/**
 * pvio_bb_stats_alloc() - counters of a disk's queues
 * @nr: how many queues
 * Return: them, or NULL.
 */
struct pvio_bb_stats *pvio_bb_stats_alloc(unsigned int nr);

/**
 * pvio_bb_stats_free() - the reverse
 * @stats: may be NULL
 * @nr: how many queues
 */
void pvio_bb_stats_free(struct pvio_bb_stats *stats, unsigned int nr);

/* What the inline functions below do when somebody wants to know. */
void pvio_bb_stats_note_begin(struct pvio_bb_queue *q, unsigned int from,
			      unsigned int to);
void pvio_bb_stats_note_submit(struct pvio_bb_queue *q, unsigned int nr);
void pvio_bb_stats_note_end(struct pvio_bb_req *rq);
void pvio_bb_stats_note_answers(struct pvio_bb_stats *s,
				struct pvio_bb_req **rqs, unsigned int nr);

/**
 * pvio_bb_stats_begin() - requests were taken off the ring and checked
 * @q: the queue; its batch[] holds them
 * @s: its counters
 * @from: the first of them
 * @to: the one behind the last
 */
static inline void pvio_bb_stats_begin(struct pvio_bb_queue *q,
				       struct pvio_bb_stats *s,
				       unsigned int from, unsigned int to)
{
	s->batches++;
	if (static_branch_unlikely(&pvio_bb_latency_key) ||
	    trace_bb_begin_enabled())
		pvio_bb_stats_note_begin(q, from, to);
}

/**
 * pvio_bb_stats_submit() - requests are about to be submitted
 * @q: the queue; its ready[] holds them
 * @nr: how many
 */
static inline void pvio_bb_stats_submit(struct pvio_bb_queue *q,
					unsigned int nr)
{
	if (static_branch_unlikely(&pvio_bb_latency_key) ||
	    trace_bb_submit_enabled())
		pvio_bb_stats_note_submit(q, nr);
}

/**
 * pvio_bb_stats_end() - the device has ended a request
 * @rq: the request, its status set
 * Context: any.
 */
static inline void pvio_bb_stats_end(struct pvio_bb_req *rq)
{
	if (static_branch_unlikely(&pvio_bb_latency_key) ||
	    trace_bb_complete_enabled())
		pvio_bb_stats_note_end(rq);
}

/**
 * pvio_bb_stats_copied() - a hypercall was made to copy
 * @c: the direction's counters
 * @copies: in that hypercall
 */
static inline void pvio_bb_stats_copied(struct pvio_bb_copied *c,
					unsigned int copies)
{
	c->calls++;
	c->copies += copies;
}

/**
 * pvio_bb_stats_answers() - requests were answered
 * @s: the queue's counters
 * @rqs: the requests; those that were dropped do not count
 * @nr: how many
 * @notified: the guest was sent an event
 */
static inline void pvio_bb_stats_answers(struct pvio_bb_stats *s,
					 struct pvio_bb_req **rqs,
					 unsigned int nr, bool notified)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		s->answers += rqs[i]->status != PVIO_BB_DROPPED;
		s->errors += rqs[i]->status < 0;
	}
	s->notified += notified;
	s->spared += !notified;
	if (static_branch_unlikely(&pvio_bb_latency_key) ||
	    trace_bb_respond_enabled())
		pvio_bb_stats_note_answers(s, rqs, nr);
}

#endif /* PVIO_BLKBACK_STATS_H */
