/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What debugfs shows of a vif: pvio/netback/vifD.H/{stats,latency}.
 */
#ifndef PVIO_NETBACK_DEBUGFS_H
#define PVIO_NETBACK_DEBUGFS_H

struct pvio_nb_vif;

/**
 * pvio_nb_debugfs_init() - make the driver's directory
 * Context: may sleep.
 */
void pvio_nb_debugfs_init(void);

/**
 * pvio_nb_debugfs_exit() - the reverse; no vif is left
 */
void pvio_nb_debugfs_exit(void);

/**
 * pvio_nb_debugfs_add() - make a vif's directory
 * @vif: the vif
 * Context: may sleep.
 */
void pvio_nb_debugfs_add(struct pvio_nb_vif *vif);

/**
 * pvio_nb_debugfs_remove() - remove it; returns when its readers have left
 * @vif: the vif
 * Context: may sleep; readers take no lock.
 */
void pvio_nb_debugfs_remove(struct pvio_nb_vif *vif);

#endif /* PVIO_NETBACK_DEBUGFS_H */
