/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only transaction loop of the suite.
 */
#ifndef PVIO_XENBUS_TXN_H
#define PVIO_XENBUS_TXN_H

#include <linux/types.h>

/**
 * pvio_txn_run() - run a body inside a xenstore transaction
 * @body: reads and writes with transaction @txn; on error it is aborted
 * @arg: for @body
 *
 * Runs @body again when the transaction collided with another, a bounded
 * number of times, so @body must be repeatable.
 *
 * Context: may sleep.
 * Return: 0, the body's error, or -EAGAIN when every run collided.
 */
int pvio_txn_run(int (*body)(u32 txn, void *arg), void *arg);

#endif /* PVIO_XENBUS_TXN_H */
