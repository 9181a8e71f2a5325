// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The tracepoints themselves.
 */
#include "netdev.h"
#include "queue.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
