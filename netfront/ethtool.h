/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What ethtool shows of the interface.
 */
#ifndef PVIO_NETFRONT_ETHTOOL_H
#define PVIO_NETFRONT_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops pvio_nf_ethtool_ops;

#endif /* PVIO_NETFRONT_ETHTOOL_H */
