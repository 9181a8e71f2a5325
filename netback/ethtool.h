/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What ethtool shows of the netdev.
 */
#ifndef PVIO_NETBACK_ETHTOOL_H
#define PVIO_NETBACK_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops pvio_nb_ethtool_ops;

#endif /* PVIO_NETBACK_ETHTOOL_H */
