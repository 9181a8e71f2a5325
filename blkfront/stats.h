/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Counters and latencies of a queue.
 *
 * The queue's lock covers the counters, which cost an addition each.
 * Latencies need the clock and are measured only while the module parameter
 * "latency" says so: the clock is then read once for each request sent and
 * once for each batch of answers.  While nothing is measured, that costs a
 * jump label at both places.
 */
#ifndef PVIO_BLKFRONT_STATS_H
#define PVIO_BLKFRONT_STATS_H

#include <linux/blk-mq.h>
#include <linux/jump_label.h>
#include <linux/types.h>

#include "request.h"
#include "ring/blkif.h"
#include "xenbus/stats.h"

/**
 * struct pvio_bf_latency - latencies of one queue
 * @total: from the block layer's beginning to the answer
 * @backend: from sending to the answer
 */
struct pvio_bf_latency {
	struct pvio_histogram total[PVIO_BLK_KINDS];
	struct pvio_histogram backend[PVIO_BLK_KINDS];
};

/**
 * struct pvio_bf_stats - counters of one queue
 * @requests: requests sent, by enum pvio_blk_kind
 * @sectors_read: sectors of reads
 * @sectors_written: sectors of writes
 * @merged: of the requests, those made of several bios
 * @indirect: of the requests, those with their segments in a page of their own
 * @kept: segments that went through pages that stay granted
 * @granted: segments whose page was granted for the request
 * @made: pages that were allocated and granted to stay
 * @starved: requests that had to wait for an id or for grants
 * @parts: parts of requests that were sent for want of grants
 * @answers: requests answered
 * @errors: requests that ended with an error
 * @again: requests given back, to be sent again
 * @batches: times that answers were found
 * @events: events dealt with; tasklet
 * @notified: times that the backend was sent an event
 * @spared: times that it was not, because it is at work anyway
 * @halted: answers waited for in the hypervisor
 * @latency: NULL until latencies are measured
 *
 * Under the queue's lock.
 */
struct pvio_bf_stats {
	u64 requests[PVIO_BLK_KINDS];
	u64 sectors_read;
	u64 sectors_written;
	u64 merged;
	u64 indirect;
	u64 kept;
	u64 granted;
	u64 made;
	u64 starved;
	u64 parts;
	u64 answers;
	u64 errors;
	u64 again;
	u64 batches;
	u64 events;
	u64 notified;
	u64 spared;
	u64 halted;
	struct pvio_bf_latency *latency;
};

DECLARE_STATIC_KEY_FALSE(pvio_bf_latency_key);

/**
 * pvio_bf_stats_alloc() - counters of a disk's queues
 * @nr: how many queues
 * Return: them, or NULL.
 */
struct pvio_bf_stats *pvio_bf_stats_alloc(unsigned int nr);

/**
 * pvio_bf_stats_free() - the reverse
 * @stats: may be NULL
 * @nr: how many queues
 */
void pvio_bf_stats_free(struct pvio_bf_stats *stats, unsigned int nr);

/* What the inline functions below do when somebody wants to know. */
void pvio_bf_stats_note_sent(struct pvio_bf_stats *s, struct pvio_bf_io *io);
void pvio_bf_stats_note_answers(struct pvio_bf_stats *s,
				const struct pvio_bf_io *io);

/**
 * pvio_bf_stats_sent() - a request is put into the ring
 * @s: the queue's counters
 * @rq: the request
 * @io: its driver's part
 */
static inline void pvio_bf_stats_sent(struct pvio_bf_stats *s,
				      const struct request *rq,
				      struct pvio_bf_io *io)
{
	s->requests[pvio_blk_kind(io->op)]++;
	if (io->op == BLKIF_OP_READ)
		s->sectors_read += io->sectors;
	else if (io->nr)
		s->sectors_written += io->sectors;
	s->merged += rq->bio != rq->biotail;
	s->indirect += io->nr > PVIO_BLK_DIRECT_MAX;
	*(io->copied ? &s->kept : &s->granted) += io->nr;
	if (static_branch_unlikely(&pvio_bf_latency_key))
		pvio_bf_stats_note_sent(s, io);
}

/**
 * pvio_bf_stats_pushed() - requests were published
 * @s: the queue's counters
 * @notified: the backend is sent an event
 */
static inline void pvio_bf_stats_pushed(struct pvio_bf_stats *s, bool notified)
{
	s->notified += notified;
	s->spared += !notified;
}

/**
 * pvio_bf_stats_answers() - answers were taken and judged
 * @s: the queue's counters
 * @io: the first of a list of requests; may be NULL
 */
static inline void pvio_bf_stats_answers(struct pvio_bf_stats *s,
					 const struct pvio_bf_io *io)
{
	s->batches += !!io;
	if (static_branch_unlikely(&pvio_bf_latency_key))
		pvio_bf_stats_note_answers(s, io);
	for (; io; io = io->next) {
		s->answers++;
		s->again += io->fate == PVIO_BF_FATE_AGAIN;
		s->errors += io->status != BLK_STS_OK;
	}
}

#endif /* PVIO_BLKFRONT_STATS_H */
