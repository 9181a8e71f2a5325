/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Tracepoints of the handshake: what any device of the suite goes through.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pvio

#if !defined(PVIO_XENBUS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PVIO_XENBUS_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "device.h"

/* An end writes a new state. */
TRACE_EVENT(state_change,

	TP_PROTO(const struct pvio_device *pdev, enum xenbus_state to),

	TP_ARGS(pdev, to),

	TP_STRUCT__entry(
		__array(char, driver, 16)
		__array(char, dev, 24)
		__field(u16, peer)
		__field(u8, from)
		__field(u8, to)
		__field(u8, seen)
	),

	TP_fast_assign(
		strscpy(__entry->driver, pdev->drv->name,
			sizeof(__entry->driver));
		strscpy(__entry->dev, dev_name(pdev->dev),
			sizeof(__entry->dev));
		__entry->peer = pdev->peer_id;
		__entry->from = pdev->state;
		__entry->to = to;
		__entry->seen = pdev->seen;
	),

	TP_printk("%s %s peer=%u %u -> %u, peer in %u", __entry->driver,
		  __entry->dev, __entry->peer, __entry->from, __entry->to,
		  __entry->seen)
);

/* The peer broke the protocol; the device is disabled. */
TRACE_EVENT(protocol_violation,

	TP_PROTO(const struct pvio_device *pdev),

	TP_ARGS(pdev),

	TP_STRUCT__entry(
		__array(char, driver, 16)
		__array(char, dev, 24)
		__field(u16, peer)
		__array(char, reason, 96)
	),

	TP_fast_assign(
		strscpy(__entry->driver, pdev->drv->name,
			sizeof(__entry->driver));
		strscpy(__entry->dev, dev_name(pdev->dev),
			sizeof(__entry->dev));
		__entry->peer = pdev->peer_id;
		strscpy(__entry->reason, pdev->reason,
			sizeof(__entry->reason));
	),

	TP_printk("%s %s peer=%u %s", __entry->driver, __entry->dev,
		  __entry->peer, __entry->reason)
);

#endif /* PVIO_XENBUS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH xenbus
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
