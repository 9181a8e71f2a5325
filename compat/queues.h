/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What later kernels tell of an interface's queues by netlink ("netdev" family):
 * who polls them, where their pages come from, what has passed.  6.8 to 6.12, bit
 * by bit; before that there is nothing to tell.
 *
 * A driver calls pvio_queue_polled_by() when it adds and removes a NAPI context,
 * has PVIO_POOL_OF() among the parameters of a page pool, and, not used on earlier
 * kernels, PREFIX_rx_passed() and PREFIX_tx_passed(), which tell the packets and
 * bytes of a queue; then PVIO_QUEUE_STATS_GLUE(PREFIX, rx) and (PREFIX, tx),
 * PVIO_BASE_STATS_GLUE(PREFIX), and pvio_queue_stats(dev, PREFIX) before the interface
 * is registered.
 */
#ifndef PVIO_COMPAT_QUEUES_H
#define PVIO_COMPAT_QUEUES_H

#include <linux/netdevice.h>
#include <linux/version.h>

#include "compat/pvio_page_pool.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)

#include <net/netdev_queues.h>
#include <net/netdev_rx_queue.h>

#define PVIO_QUEUES_ARE_TOLD_OF

/* Both directions; NULL: nobody any more. Under rtnl, once registered. */
static inline void pvio_queue_polled_by(struct net_device *dev,
					unsigned int index,
					struct napi_struct *napi)
{
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_TX, napi);
}

/* That context alone takes pages, so that some may come back without a lock. */
#define PVIO_POOL_OF(_dev, _index, _napi) \
	.netdev = (_dev), .queue_idx = (_index), .napi = (_napi)

/* What has passed by queues that are not in use now. */
static inline void
pvio_queues_past(struct net_device *dev, unsigned int from, unsigned int to,
		 void (*passed)(struct net_device *dev, int index,
				u64 *packets, u64 *bytes), u64 sum[2])
{
	u64 packets, bytes;

	for (sum[0] = 0, sum[1] = 0; from < to; from++) {
		passed(dev, from, &packets, &bytes);
		sum[0] += packets;
		sum[1] += bytes;
	}
}

#define PVIO_QUEUE_STATS_GLUE(_p, _dir)					\
static void								\
_p##_queue_stats_##_dir(struct net_device *dev, int index,		\
			struct netdev_queue_stats_##_dir *to)		\
{									\
	_p##_##_dir##_passed(dev, index, &to->packets, &to->bytes);	\
}

#define PVIO_BASE_STATS_GLUE(_p)					\
static void								\
_p##_base_stats(struct net_device *dev,					\
		struct netdev_queue_stats_rx *rx,			\
		struct netdev_queue_stats_tx *tx)			\
{									\
	u64 sum[2];							\
									\
	pvio_queues_past(dev, dev->real_num_rx_queues,			\
			 dev->num_rx_queues, _p##_rx_passed, sum);	\
	rx->packets = sum[0];						\
	rx->bytes = sum[1];						\
	pvio_queues_past(dev, dev->real_num_tx_queues,			\
			 dev->num_tx_queues, _p##_tx_passed, sum);	\
	tx->packets = sum[0];						\
	tx->bytes = sum[1];						\
}									\
static const struct netdev_stat_ops _p##_stat_ops = {			\
	.get_queue_stats_rx = _p##_queue_stats_rx,			\
	.get_queue_stats_tx = _p##_queue_stats_tx,			\
	.get_base_stats = _p##_base_stats,				\
}

#define pvio_queue_stats(_dev, _p)	((_dev)->stat_ops = &_p##_stat_ops)

#else

static inline void pvio_queue_polled_by(struct net_device *dev,
					unsigned int index,
					struct napi_struct *napi)
{
}

/* An initializer that may be empty has to stand among others. */
#define PVIO_POOL_OF(_dev, _index, _napi)	.order = 0

#define PVIO_QUEUE_STATS_GLUE(_p, _dir)
#define PVIO_BASE_STATS_GLUE(_p)	static_assert(true)
#define pvio_queue_stats(_dev, _p)	((void)(_dev))

#endif

#endif /* PVIO_COMPAT_QUEUES_H */
