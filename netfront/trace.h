/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Tracepoints: batches of packets.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pvio_netfront

#if !defined(PVIO_NETFRONT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PVIO_NETFRONT_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "netdev.h"
#include "queue.h"

DECLARE_EVENT_CLASS(nf_batch,

	TP_PROTO(const struct pvio_nf_queue *q, unsigned int count),

	TP_ARGS(q, count),

	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__field(u16, queue)
		__field(u16, count)
	),

	TP_fast_assign(
		strscpy(__entry->dev, q->nf->netdev->name, IFNAMSIZ);
		__entry->queue = q->index;
		__entry->count = count;
	),

	TP_printk("%s queue=%u count=%u", __entry->dev, __entry->queue,
		  __entry->count)
);

/* A burst is on the ring; @count: 1 where the backend was sent an event for it. */
DEFINE_EVENT(nf_batch, nf_tx_burst,
	     TP_PROTO(const struct pvio_nf_queue *q, unsigned int count),
	     TP_ARGS(q, count));

/* So many requests were answered. */
DEFINE_EVENT(nf_batch, nf_tx_answers,
	     TP_PROTO(const struct pvio_nf_queue *q, unsigned int count),
	     TP_ARGS(q, count));

/* So many packets were received, good or bad. */
DEFINE_EVENT(nf_batch, nf_rx_batch,
	     TP_PROTO(const struct pvio_nf_queue *q, unsigned int count),
	     TP_ARGS(q, count));

#endif /* PVIO_NETFRONT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH netfront
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
