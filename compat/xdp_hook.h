/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * XDP: how the generic hook is called, and how a driver says what it can do.
 */
#ifndef PVIO_COMPAT_XDP_HOOK_H
#define PVIO_COMPAT_XDP_HOOK_H

#include <linux/netdevice.h>
#include <linux/version.h>
#include <net/xdp.h>

/* 6.9: the packet may be another one afterwards. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define pvio_xdp_run_generic(_prog, _skb)	do_xdp_generic(_prog, _skb)
#else
#define pvio_xdp_run_generic(_prog, _skb)	do_xdp_generic(_prog, *(_skb))
#endif

/* 6.3: the stack wants to know. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define pvio_xdp_set_features(_netdev, _features) \
	((_netdev)->xdp_features = (_features))
#else
#define pvio_xdp_set_features(_netdev, _features)	((void)(_netdev))
#endif

#endif /* PVIO_COMPAT_XDP_HOOK_H */
