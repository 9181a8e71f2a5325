/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What debugfs shows of an interface: pvio/netfront/DEVICE/{stats,latency}.
 */
#ifndef PVIO_NETFRONT_DEBUGFS_H
#define PVIO_NETFRONT_DEBUGFS_H

struct pvio_nf;

/**
 * pvio_nf_debugfs_init() - make the driver's directory
 * Context: may sleep.
 */
void pvio_nf_debugfs_init(void);

/**
 * pvio_nf_debugfs_exit() - the reverse; no interface is left
 */
void pvio_nf_debugfs_exit(void);

/**
 * pvio_nf_debugfs_add() - make an interface's directory
 * @nf: the interface
 * Context: may sleep.
 */
void pvio_nf_debugfs_add(struct pvio_nf *nf);

/**
 * pvio_nf_debugfs_remove() - remove it; returns when its readers have left
 * @nf: the interface
 * Context: may sleep; readers take no lock.
 */
void pvio_nf_debugfs_remove(struct pvio_nf *nf);

#endif /* PVIO_NETFRONT_DEBUGFS_H */
