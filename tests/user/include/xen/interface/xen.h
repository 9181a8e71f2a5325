/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What the ring and grant-table headers of Xen need from this one; the rest
 * of the hypervisor's interface has no place in user space.
 */
#ifndef USER_XEN_INTERFACE_XEN_H
#define USER_XEN_INTERFACE_XEN_H

#include <linux/types.h>

typedef u16 domid_t;
typedef unsigned long xen_pfn_t;
typedef unsigned long xen_ulong_t;

#define __DEFINE_GUEST_HANDLE(name, type) \
	typedef type *__guest_handle_ ## name
#define DEFINE_GUEST_HANDLE_STRUCT(name) \
	__DEFINE_GUEST_HANDLE(name, struct name)
#define DEFINE_GUEST_HANDLE(name)	__DEFINE_GUEST_HANDLE(name, name)
#define GUEST_HANDLE(name)		__guest_handle_ ## name

DEFINE_GUEST_HANDLE(uint64_t);
DEFINE_GUEST_HANDLE(uint32_t);
DEFINE_GUEST_HANDLE(xen_pfn_t);
DEFINE_GUEST_HANDLE(xen_ulong_t);

#endif /* USER_XEN_INTERFACE_XEN_H */
