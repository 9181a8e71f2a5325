/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Tracepoints: batches of packets.  Both show the same.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pvio_netback

#if !defined(PVIO_NETBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PVIO_NETBACK_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "queue.h"
#include "vif.h"

DECLARE_EVENT_CLASS(nb_batch,

	TP_PROTO(const struct pvio_nb_queue *q, unsigned int packets,
		 unsigned int copies, bool notified),

	TP_ARGS(q, packets, copies, notified),

	TP_STRUCT__entry(
		__array(char, dev, IFNAMSIZ)
		__field(u16, queue)
		__field(u16, packets)
		__field(u16, copies)
		__field(bool, notified)
	),

	TP_fast_assign(
		strscpy(__entry->dev, q->vif->dev->name, IFNAMSIZ);
		__entry->queue = q->id;
		__entry->packets = packets;
		__entry->copies = copies;
		__entry->notified = notified;
	),

	TP_printk("%s queue=%u packets=%u copies=%u notified=%u", __entry->dev,
		  __entry->queue, __entry->packets, __entry->copies,
		  __entry->notified)
);

/* Requests of the guest's were copied and answered: its packets, or bad ones. */
DEFINE_EVENT(nb_batch, nb_rx_batch,
	     TP_PROTO(const struct pvio_nb_queue *q, unsigned int packets,
		      unsigned int copies, bool notified),
	     TP_ARGS(q, packets, copies, notified));

/* Packets were copied to the guest and put on its ring. */
DEFINE_EVENT(nb_batch, nb_tx_batch,
	     TP_PROTO(const struct pvio_nb_queue *q, unsigned int packets,
		      unsigned int copies, bool notified),
	     TP_ARGS(q, packets, copies, notified));

#endif /* PVIO_NETBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH netback
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
