/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Carrying requests out: planning, copying, submitting.
 */
#ifndef PVIO_BLKBACK_IO_H
#define PVIO_BLKBACK_IO_H

struct pvio_bb_queue;

/**
 * pvio_bb_io_run() - carry out requests of a batch
 * @q: the queue; its batch[] holds the requests
 * @from: the first of them
 * @to: the one behind the last
 *
 * Each of them is answered sooner or later, or dropped if the queue stops.
 * Context: the worker; may sleep, as long as the device needs.
 */
void pvio_bb_io_run(struct pvio_bb_queue *q, unsigned int from, unsigned int to);

#endif /* PVIO_BLKBACK_IO_H */
