/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The only transaction loop of the suite, and reading and writing tables of keys
 * in it.
 */
#ifndef PVIO_XENBUS_TXN_H
#define PVIO_XENBUS_TXN_H

#include <linux/types.h>

#include "keys.h"

struct pvio_device;

/**
 * enum pvio_side - whose directory
 * @PVIO_OWN: this end's
 * @PVIO_PEER: the other end's
 */
enum pvio_side {
	PVIO_OWN,
	PVIO_PEER,
};

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

/**
 * pvio_keys_read() - read keys of one side
 * @pdev: the device
 * @side: whose
 * @sets: what, and where to put it
 * @nr: how many sets
 *
 * All sets of the other end are read in one transaction, so that values that
 * belong together are of one time; those of this end are the toolstack's, who
 * has written them before. Logs one line naming the key on error.
 *
 * Context: may sleep. Return: 0, -EAGAIN when somebody kept changing them, or
 * another negative errno.
 */
int pvio_keys_read(struct pvio_device *pdev, enum pvio_side side,
		   const struct pvio_key_set *sets, unsigned int nr);

/**
 * pvio_keys_write() - write keys into this end's directory
 * @pdev: the device
 * @sets: what
 * @nr: how many sets
 *
 * In one transaction. Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_keys_write(struct pvio_device *pdev, const struct pvio_key_set *sets,
		    unsigned int nr);

/**
 * pvio_keys_remove() - remove a node of this end's directory, and all below it
 * @pdev: the device
 * @name: its name
 * Context: may sleep. Return: 0, -ENOENT or another negative errno.
 */
int pvio_keys_remove(struct pvio_device *pdev, const char *name);

/**
 * pvio_keys_prune() - remove nodes of this end's directory, and all below them
 * @pdev: the device
 * @unwanted: is it one of them?
 * Context: may sleep. Return: 0, or a negative errno when nothing was removed.
 */
int pvio_keys_prune(struct pvio_device *pdev,
		    bool (*unwanted)(const char *name));

#endif /* PVIO_XENBUS_TXN_H */
