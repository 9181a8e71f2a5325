/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Tracepoints: the stations of a request.  All of them show the same.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pvio_blkback

#if !defined(PVIO_BLKBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PVIO_BLKBACK_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "queue.h"
#include "request.h"
#include "vbd.h"

DECLARE_EVENT_CLASS(bb_request,

	TP_PROTO(const struct pvio_bb_req *rq),

	TP_ARGS(rq),

	TP_STRUCT__entry(
		__array(char, dev, 24)
		__field(u16, queue)
		__field(u8, op)
		__field(u64, id)
		__field(u64, sector)
		__field(u64, sectors)
		__field(u16, segs)
		__field(u16, copied)
		__field(s16, status)
	),

	TP_fast_assign(
		strscpy(__entry->dev, dev_name(rq->q->vbd->pdev->dev),
			sizeof(__entry->dev));
		__entry->queue = rq->q->index;
		__entry->op = rq->req.op;
		__entry->id = rq->req.id;
		__entry->sector = rq->req.sector;
		__entry->sectors = rq->req.sectors;
		__entry->segs = rq->req.nr_segs;
		__entry->copied = rq->own_pages;
		__entry->status = rq->status;
	),

	TP_printk("%s queue=%u id=%llu %s sector=%llu+%llu segs=%u copied=%u status=%d",
		  __entry->dev, __entry->queue, __entry->id,
		  __print_symbolic(__entry->op,
				   { BLKIF_OP_READ, "read" },
				   { BLKIF_OP_WRITE, "write" },
				   { BLKIF_OP_WRITE_BARRIER, "barrier" },
				   { BLKIF_OP_FLUSH_DISKCACHE, "flush" },
				   { BLKIF_OP_DISCARD, "discard" }),
		  __entry->sector, __entry->sectors, __entry->segs,
		  __entry->copied, __entry->status)
);

/* Taken off the ring and checked; a status other than 0: refused. */
DEFINE_EVENT(bb_request, bb_begin,
	     TP_PROTO(const struct pvio_bb_req *rq), TP_ARGS(rq));

/* A page is there for each segment; those not copied are the guest's own. */
DEFINE_EVENT(bb_request, bb_map,
	     TP_PROTO(const struct pvio_bb_req *rq), TP_ARGS(rq));

/* About to be given to the device. */
DEFINE_EVENT(bb_request, bb_submit,
	     TP_PROTO(const struct pvio_bb_req *rq), TP_ARGS(rq));

/* The device has ended it. */
DEFINE_EVENT(bb_request, bb_complete,
	     TP_PROTO(const struct pvio_bb_req *rq), TP_ARGS(rq));

/* The answer is in the ring. */
DEFINE_EVENT(bb_request, bb_respond,
	     TP_PROTO(const struct pvio_bb_req *rq), TP_ARGS(rq));

#endif /* PVIO_BLKBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH blkback
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
