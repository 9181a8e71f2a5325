/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What suites need of KUnit, from 6.1 to 7.3.
 *
 * 6.4	hexadecimal text has a header of its own
 * 6.18	who makes the parameters of a case is told the case
 */
#ifndef PVIO_COMPAT_KUNIT_H
#define PVIO_COMPAT_KUNIT_H

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <linux/hex.h>
#endif

/* What a .generate_params takes. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define PVIO_KUNIT_GENERATE	struct kunit *test, const void *prev, char *desc
#else
#define PVIO_KUNIT_GENERATE	const void *prev, char *desc
#endif

#endif /* PVIO_COMPAT_KUNIT_H */
