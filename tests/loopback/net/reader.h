/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Someone who reads all statistics of an interface, without a pause.
 */
#ifndef PVIO_TESTS_NET_READER_H
#define PVIO_TESTS_NET_READER_H

struct net_device;
struct task_struct;

/**
 * struct net_reader - the reader
 * @dev: what it reads
 * @task: its thread; NULL: none
 */
struct net_reader {
	struct net_device *dev;
	struct task_struct *task;
};

/**
 * net_reader_start() - begin to read
 * @reader: filled in
 * @dev: an interface that outlives the reader
 * Return: 0 or a negative errno.
 */
int net_reader_start(struct net_reader *reader, struct net_device *dev);

/**
 * net_reader_stop() - read no more
 * @reader: the reader; may have stopped
 */
void net_reader_stop(struct net_reader *reader);

#endif /* PVIO_TESTS_NET_READER_H */
