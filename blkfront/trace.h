/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Tracepoints: the stations of a request.  All of them show the same.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pvio_blkfront

#if !defined(PVIO_BLKFRONT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PVIO_BLKFRONT_TRACE_H

#include <linux/blk-mq.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "queue.h"
#include "request.h"
#include "vbd.h"

DECLARE_EVENT_CLASS(bf_request,

	TP_PROTO(const struct pvio_bf_queue *q, const struct pvio_bf_io *io),

	TP_ARGS(q, io),

	TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		__field(u16, queue)
		__field(u16, id)
		__field(u8, op)
		__field(bool, copied)
		__field(u64, sector)
		__field(u32, sectors)
		__field(u16, segs)
		__field(int, status)
	),

	TP_fast_assign(
		const struct request *rq = blk_mq_rq_from_pdu((void *)io);

		strscpy(__entry->disk, q->vbd->place.name,
			sizeof(__entry->disk));
		__entry->queue = q->index;
		__entry->id = io->id;
		__entry->op = io->op;
		__entry->copied = io->copied;
		__entry->sector = blk_rq_pos(rq);
		__entry->sectors = blk_rq_sectors(rq);
		__entry->segs = io->nr;
		__entry->status = blk_status_to_errno(io->status);
	),

	TP_printk("%s queue=%u id=%u %s sector=%llu+%u segs=%u%s status=%d",
		  __entry->disk, __entry->queue, __entry->id,
		  __print_symbolic(__entry->op,
				   { BLKIF_OP_READ, "read" },
				   { BLKIF_OP_WRITE, "write" },
				   { BLKIF_OP_WRITE_BARRIER, "barrier" },
				   { BLKIF_OP_FLUSH_DISKCACHE, "flush" },
				   { BLKIF_OP_DISCARD, "discard" }),
		  __entry->sector, __entry->sectors, __entry->segs,
		  __entry->copied ? " copied" : "", __entry->status)
);

/* The block layer hands it over; its id is not known yet. */
DEFINE_EVENT(bf_request, bf_begin,
	     TP_PROTO(const struct pvio_bf_queue *q,
		      const struct pvio_bf_io *io),
	     TP_ARGS(q, io));

/* It has an id, and a grant for each segment. */
DEFINE_EVENT(bf_request, bf_map,
	     TP_PROTO(const struct pvio_bf_queue *q,
		      const struct pvio_bf_io *io),
	     TP_ARGS(q, io));

/* It is in the ring; the backend hears of it at the end of the burst. */
DEFINE_EVENT(bf_request, bf_submit,
	     TP_PROTO(const struct pvio_bf_queue *q,
		      const struct pvio_bf_io *io),
	     TP_ARGS(q, io));

/* Its answer was taken. */
DEFINE_EVENT(bf_request, bf_complete,
	     TP_PROTO(const struct pvio_bf_queue *q,
		      const struct pvio_bf_io *io),
	     TP_ARGS(q, io));

/* The block layer is about to hear how it ended. */
DEFINE_EVENT(bf_request, bf_respond,
	     TP_PROTO(const struct pvio_bf_queue *q,
		      const struct pvio_bf_io *io),
	     TP_ARGS(q, io));

#endif /* PVIO_BLKFRONT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH blkfront
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
