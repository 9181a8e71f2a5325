/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * One request of the block layer on its way to the backend and back.
 */
#ifndef PVIO_BLKFRONT_REQUEST_H
#define PVIO_BLKFRONT_REQUEST_H

#include <linux/blk-mq.h>
#include <linux/blk_types.h>

#include "pool.h"

struct pvio_bf_queue;

/**
 * enum pvio_bf_fate - what becomes of a request that left the ring
 * @PVIO_BF_FATE_END: it ends with its status
 * @PVIO_BF_FATE_AGAIN: it goes back to the block layer, to be sent again
 * @PVIO_BF_FATE_ON: this part of it is done, it goes back for what follows
 */
enum pvio_bf_fate {
	PVIO_BF_FATE_END,
	PVIO_BF_FATE_AGAIN,
	PVIO_BF_FATE_ON,
};

/**
 * struct pvio_bf_io - the driver's part of a request
 * @next: in a list of requests that left the ring
 * @data: descriptors of the data, in order
 * @table: descriptor of the page with the segments; empty: direct request
 * @nr: how many segments
 * @sectors: how much of the request they are, or all of it
 * @at: ring index of the request once @sent
 * @id: its id
 * @op: operation sent, for an indirect request the one inside; the answer
 *	names the same
 * @sent_at: when it was sent, in nanoseconds, 0: not known
 * @sent: it is in the ring
 * @copied: its data goes through pages of the pool
 * @part: more of it is to be sent when this was answered
 * @flush: a flush is to be sent when this was answered
 * @written: connection on which all was written that such a flush is for;
 *	meaningful in a request that was given back
 * @status: how it ends
 * @fate: whether it ends
 *
 * Written by whoever sends it until its queue's lock is dropped with @sent
 * set; then by whoever takes its id back.
 */
struct pvio_bf_io {
	struct pvio_bf_io *next;
	struct pvio_bf_chain data;
	struct pvio_bf_chain table;
	u16 nr;
	u16 id;
	u32 at;
	u32 sectors;
	u32 written;
	u64 sent_at;
	u8 op;
	bool sent;
	bool copied;
	bool part;
	bool flush;
	blk_status_t status;
	u8 fate;
};

extern const struct blk_mq_ops pvio_bf_request_ops;

#endif /* PVIO_BLKFRONT_REQUEST_H */
