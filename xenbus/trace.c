// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The tracepoints themselves.
 */
#include "device.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
