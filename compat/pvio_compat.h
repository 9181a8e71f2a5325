/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The one place that knows how kernels from 6.1 to 7.2 differ.
 *
 * Included by the files that need one of these; each entry says what changed
 * when.  Drivers are written for the newest form.
 */
#ifndef PVIO_COMPAT_H
#define PVIO_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "pvio needs Linux 6.1 or newer"
#endif

/* 6.3: the uevent hook of a xenbus driver gets a const device. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define PVIO_UEVENT_CONST	const
#else
#define PVIO_UEVENT_CONST
#endif

/*
 * 7.2: a device whose node was removed, or reset by the toolstack, is marked, and
 * the bus makes another one; a macro, since only who includes xenbus.h needs it.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
#define pvio_xenbus_vanished(xdev)	READ_ONCE((xdev)->vanished)
#define PVIO_XENBUS_MAKES_ANEW	true
#else
#define PVIO_XENBUS_MAKES_ANEW	false
#define pvio_xenbus_vanished(xdev)	((void)(xdev), false)
#endif

/* 6.10: who is told that lent pages are back is in a structure of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define PVIO_UBUF_BACK(_told) \
	.ops = &(const struct ubuf_info_ops){ .complete = (_told) }
#else
#define PVIO_UBUF_BACK(_told)	.callback = _told
#endif

/* 6.13: a timer gets its function with all else; 6.15: not otherwise. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define hrtimer_setup(_timer, _ring, _clock, _mode) do { \
	struct hrtimer *set_up = (_timer); \
	hrtimer_init(set_up, _clock, _mode); \
	set_up->function = _ring; \
} while (0)
#endif

/* 6.18: new names, and using the old ones is warned of. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define system_dfl_wq		system_unbound_wq
#define system_percpu_wq	system_wq
#endif

/* 6.19: kernel_bind() takes an address of any size. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define sockaddr_unsized	sockaddr
#endif

#endif /* PVIO_COMPAT_H */
